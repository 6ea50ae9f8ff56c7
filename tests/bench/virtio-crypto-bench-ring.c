/*
 * virtio-crypto benchmark: the driver's side of a virtqueue
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/atomic.h"
#include "qemu/bswap.h"
#include "virtio-crypto-bench-ring.h"

/* As far as possible from what the device does next: no interrupt. */
#define NO_EVENT    0x8000

/* Split rings */

static bool split_wants_kick(BenchRing *ring)
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

static void split_publish(BenchRing *ring)
{
    if (ring->event_idx) {
        ring->avail->ring[ring->size] =
            cpu_to_le16(ring->next_used + NO_EVENT);
    } else {
        ring->avail->flags = cpu_to_le16(VRING_AVAIL_F_NO_INTERRUPT);
    }
    qatomic_store_release(&ring->avail->idx, cpu_to_le16(ring->next_avail));
}

static bool split_get(BenchRing *ring, uint16_t *head, uint32_t *len)
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

/* Packed rings: each request is one entry, with an indirect table. */

#define PACKED_AVAIL    (1 << VRING_PACKED_DESC_F_AVAIL)
#define PACKED_USED     (1 << VRING_PACKED_DESC_F_USED)

/* The first of several is seen last, and all of them at once. */
static void packed_put(BenchRing *ring, uint16_t head)
{
    const struct vring_desc *from = &ring->desc[head];
    uint16_t at = ring->next_avail % ring->size;
    struct vring_packed_desc *desc = &ring->packed[at];
    uint16_t flags = from->flags | cpu_to_le16(ring->avail_wrap ?
                                               PACKED_AVAIL : PACKED_USED);

    desc->addr = from->addr;
    desc->len = from->len;
    desc->id = cpu_to_le16(head);
    if (ring->published == ring->next_avail) {
        ring->first_flags = flags;
    } else {
        qatomic_store_release(&desc->flags, flags);
    }
    ring->next_avail++;
    ring->avail_wrap ^= at == ring->size - 1;
}

static bool packed_wants_kick(BenchRing *ring)
{
    const struct vring_packed_desc_event *event = ring->device_event;
    uint16_t flags = le16_to_cpu(qatomic_read(&event->flags));
    uint16_t at = ring->next_avail % ring->size;
    uint16_t off_wrap, want;

    if (flags != VRING_PACKED_EVENT_FLAG_DESC) {
        return flags == VRING_PACKED_EVENT_FLAG_ENABLE;
    }
    off_wrap = le16_to_cpu(qatomic_read(&event->off_wrap));
    want = off_wrap & ~(1 << VRING_PACKED_EVENT_F_WRAP_CTR);
    if (off_wrap >> VRING_PACKED_EVENT_F_WRAP_CTR != ring->avail_wrap) {
        want -= ring->size;
    }
    return vring_need_event(want, at,
                            at - (ring->next_avail - ring->published));
}

static void packed_publish(BenchRing *ring)
{
    ring->driver_event->flags = cpu_to_le16(VRING_PACKED_EVENT_FLAG_DISABLE);
    qatomic_store_release(&ring->packed[ring->published % ring->size].flags,
                          ring->first_flags);
}

static bool packed_get(BenchRing *ring, uint16_t *head, uint32_t *len)
{
    uint16_t at = ring->next_used % ring->size;
    const struct vring_packed_desc *desc = &ring->packed[at];
    uint16_t flags = le16_to_cpu(qatomic_load_acquire(&desc->flags));

    if (!!(flags & PACKED_AVAIL) != ring->used_wrap ||
        !!(flags & PACKED_USED) != ring->used_wrap) {
        return false;
    }
    *head = le16_to_cpu(desc->id);
    *len = le32_to_cpu(desc->len);
    ring->next_used++;
    ring->used_wrap ^= at == ring->size - 1;
    return true;
}

/* Both */

void bench_ring_put(BenchRing *ring, uint16_t head)
{
    if (ring->packed) {
        packed_put(ring, head);
    } else {
        ring->avail->ring[ring->next_avail++ % ring->size] = cpu_to_le16(head);
    }
}

void bench_ring_publish(BenchRing *ring)
{
    bool wants_kick;

    if (ring->published == ring->next_avail) {
        return;
    }
    if (ring->packed) {
        packed_publish(ring);
    } else {
        split_publish(ring);
    }
    smp_mb();                           /* the request before the question */
    wants_kick = ring->packed ? packed_wants_kick(ring) :
                                split_wants_kick(ring);
    if (wants_kick) {
        ring->kicks++;
        ring->kick(ring);
    }
    ring->published = ring->next_avail;
}

bool bench_ring_get(BenchRing *ring, uint16_t *head, uint32_t *len)
{
    return ring->packed ? packed_get(ring, head, len) :
                          split_get(ring, head, len);
}
