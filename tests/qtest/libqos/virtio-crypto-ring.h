/*
 * virtio-crypto client: rings, split and packed
 *
 * Which of them a queue has follows from the features: the client uses packed
 * ones if VIRTIO_F_RING_PACKED was accepted, and event indices on either if
 * VIRTIO_RING_F_EVENT_IDX was.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_LIBQOS_VIRTIO_CRYPTO_RING_H
#define TESTS_LIBQOS_VIRTIO_CRYPTO_RING_H

#include "virtio-crypto-message.h"

/* Features for a client with packed rings, see VCOpen and VCTest */
#define VC_F_PACKED     (1ull << VIRTIO_F_RING_PACKED)
#define VC_F_EVENT_IDX  (1ull << VIRTIO_RING_F_EVENT_IDX)

/* Begin with the ring of a queue, in @vq's memory, which is all zeroes. */
void vc_ring_start(VCClient *vc, const QVirtQueue *vq);

/*
 * Put a message into the ring of its queue, and kick if the device wants it.
 * @table: where its descriptors are, if they are not to be in the ring itself
 */
void vc_ring_add(VCMessage *m, uint64_t table);

/* As many bytes as there are in the table of a message */
size_t vc_ring_table_size(const VCMessage *m);

/* Write the table of a message for vc_ring_add() into @buf. */
void vc_ring_table(const VCMessage *m, uint8_t *buf);

/**
 * vc_ring_take: take the next used buffer.
 *
 * Returns: its message; NULL if there is none
 */
VCMessage *vc_ring_take(VCClient *vc, unsigned queue);

/*
 * With event indices: ask for an interrupt when so many more descriptors have
 * been used; each indirect message has one.  After that each used buffer is to
 * interrupt again, as by default.
 */
void vc_want_interrupt(VCClient *vc, unsigned queue, unsigned more);

#endif
