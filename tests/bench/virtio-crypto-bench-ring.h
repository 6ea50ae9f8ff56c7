/*
 * virtio-crypto benchmark: the driver's side of a virtqueue
 *
 * The rings are in memory that is shared with QEMU.  Interrupts are disabled,
 * and the device is kicked only when it asks for it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_BENCH_VIRTIO_CRYPTO_BENCH_RING_H
#define TESTS_BENCH_VIRTIO_CRYPTO_BENCH_RING_H

#include "standard-headers/linux/virtio_ring.h"

/* Entries that a request needs at most. */
#define BENCH_CHAIN_MAX     8

/**
 * BenchRing: a queue
 *
 * @desc: of each request its entry in the ring; of a packed ring, to which it
 *     is copied each time, in the client's own memory
 * @avail, @used: of a split ring
 * @packed, @driver_event, @device_event: of a packed ring, else NULL
 * @avail_wrap, @used_wrap: packed: the wrap counters
 * @first_flags: packed: flags of the first request that is not published yet
 * @kick: called with @opaque
 * @next_avail: where the next request goes
 * @published: how far the device has been told of requests
 * @next_used: where the device puts the next answer
 */
typedef struct BenchRing BenchRing;
struct BenchRing {
    struct vring_desc *desc;
    struct vring_avail *avail;
    struct vring_used *used;
    struct vring_packed_desc *packed;
    struct vring_packed_desc_event *driver_event, *device_event;
    bool avail_wrap, used_wrap;
    uint16_t first_flags;
    uint16_t size;
    bool event_idx;
    uint16_t next_avail, published, next_used;
    unsigned index;
    uint64_t kicks;
    void (*kick)(BenchRing *ring);
    void *opaque;
    int kick_fd;
};

/* Put a request into the ring, unknown to the device yet. */
void bench_ring_put(BenchRing *ring, uint16_t head);

/* Let the device know of all requests that were put. */
void bench_ring_publish(BenchRing *ring);

/* Take an answer, if there is one. */
bool bench_ring_get(BenchRing *ring, uint16_t *head, uint32_t *len);

#endif
