/*
 * virtio-crypto benchmark: the driver's side of a split virtqueue
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/atomic.h"
#include "qemu/bswap.h"
#include "virtio-crypto-bench-ring.h"

/* As far as possible from what the device does next: no interrupt. */
#define NO_EVENT    0x8000

void bench_ring_put(BenchRing *ring, uint16_t head)
{
    ring->avail->ring[ring->next_avail++ % ring->size] = cpu_to_le16(head);
}

static bool wants_kick(BenchRing *ring)
{
    uint16_t event;

    if (!ring->event_idx) {
        return !(le16_to_cpu(qatomic_read(&ring->used->flags)) &
                 VRING_USED_F_NO_NOTIFY);
    }
    event = qatomic_read((uint16_t *)&ring->used->ring[ring->size]);
    return vring_need_event(le16_to_cpu(event), ring->next_avail,
                            ring->published);
}

void bench_ring_publish(BenchRing *ring)
{
    if (ring->published == ring->next_avail) {
        return;
    }
    if (ring->event_idx) {
        ring->avail->ring[ring->size] =
            cpu_to_le16(ring->next_used + NO_EVENT);
    } else {
        ring->avail->flags = cpu_to_le16(VRING_AVAIL_F_NO_INTERRUPT);
    }
    qatomic_store_release(&ring->avail->idx, cpu_to_le16(ring->next_avail));
    smp_mb();                           /* the index before the question */
    if (wants_kick(ring)) {
        ring->kicks++;
        ring->kick(ring);
    }
    ring->published = ring->next_avail;
}

bool bench_ring_get(BenchRing *ring, uint16_t *head, uint32_t *len)
{
    const struct vring_used_elem *elem;
    uint16_t idx = qatomic_load_acquire(&ring->used->idx);

    if (le16_to_cpu(idx) == ring->next_used) {
        return false;
    }
    elem = &ring->used->ring[ring->next_used++ % ring->size];
    *head = le32_to_cpu(elem->id);
    *len = le32_to_cpu(elem->len);
    return true;
}
