/*
 * virtio-crypto client: rings, split and packed
 *
 * The client uses packed rings if VIRTIO_F_RING_PACKED was accepted, and event
 * indices if VIRTIO_RING_F_EVENT_IDX was accepted.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_LIBQOS_VIRTIO_CRYPTO_RING_H
#define TESTS_LIBQOS_VIRTIO_CRYPTO_RING_H

#include "standard-headers/linux/virtio_config.h"
#include "standard-headers/linux/virtio_ring.h"
#include "virtio-crypto-message.h"

/* Features for a client with packed rings, see VCOpen and VCTest */
#define VC_F_PACKED     (1ull << VIRTIO_F_RING_PACKED)
#define VC_F_EVENT_IDX  (1ull << VIRTIO_RING_F_EVENT_IDX)

/* Start to use the ring of a queue, in @vq's memory, which is all zeroes. */
void vc_ring_start(VCClient *vc, const QVirtQueue *vq);

/*
 * Put a message into the ring of its queue, and kick if the device wants it.
 * @table: address of an indirect table for its descriptors, 0 for none
 */
void vc_ring_add(VCMessage *m, uint64_t table);

/* Bytes of the indirect table of a message */
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
 * With event indices: ask for an interrupt when @more descriptors have been
 * used; an indirect message has one.  After that each used buffer interrupts
 * again, as by default.
 */
void vc_want_interrupt(VCClient *vc, unsigned queue, unsigned more);

#endif
