/*
 * vhost-user-crypto: the rings
 *
 * The code that accesses the rings is shared with the device.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/host-utils.h"
#include "hw/virtio/trace.h"
#include "standard-headers/linux/virtio_ring.h"
#include "vhost-user-crypto.h"

/* What virtqueue-batch.c.inc finds in virtio.c: layouts, and byte order */

typedef struct vring_desc VRingDesc;
typedef struct vring_packed_desc VRingPackedDesc;
typedef struct vring_packed_desc_event VRingPackedDescEvent;
typedef struct vring_avail VRingAvail;
typedef struct vring_used VRingUsed;
typedef struct vring_used_elem VRingUsedElem;

typedef struct VRing {
    unsigned num;
    hwaddr desc, avail, used;
} VRing;

/**
 * VirtQueue: a ring; see struct VirtQueue of virtio.c
 *
 * @server: whose it is; @queue_index is its number there
 */
struct VirtQueue {
    VuCrypto *server;
    VirtIODevice *vdev;
    unsigned queue_index;
    VRing vring;
    VirtQueueElement *used_elems;
    uint16_t last_avail_idx, shadow_avail_idx, used_idx, signalled_used;
    bool last_avail_wrap_counter, shadow_avail_wrap_counter;
    bool used_wrap_counter, signalled_used_valid;
    bool notification;
    unsigned inuse;
};

static uint16_t virtio_lduw_p(VirtIODevice *vdev, const void *p)
{
    return lduw_le_p(p);
}

static uint32_t virtio_ldl_p(VirtIODevice *vdev, const void *p)
{
    return ldl_le_p(p);
}

static uint64_t virtio_ldq_p(VirtIODevice *vdev, const void *p)
{
    return ldq_le_p(p);
}

static void virtio_stw_p(VirtIODevice *vdev, void *p, uint16_t v)
{
    stw_le_p(p, v);
}

static void virtio_stl_p(VirtIODevice *vdev, void *p, uint32_t v)
{
    stl_le_p(p, v);
}

static bool is_desc_avail(uint16_t flags, bool wrap_counter)
{
    return (flags >> VRING_PACKED_DESC_F_AVAIL & 1) == wrap_counter &&
           (flags >> VRING_PACKED_DESC_F_USED & 1) != wrap_counter;
}

/* @off_wrap: an index, and the wrap counter that it belongs to in bit 15 */
static bool vring_packed_need_event(VirtQueue *vq, bool wrap_counter,
                                    uint16_t off_wrap, uint16_t new,
                                    uint16_t old)
{
    uint16_t event = off_wrap & 0x7fff;

    if (wrap_counter != off_wrap >> 15) {
        event -= vq->vring.num;
    }
    return vring_need_event(event, new, old);
}

#include "hw/virtio/virtqueue-batch.c.inc"
#include "hw/virtio/virtqueue-batch-fill.c.inc"

VirtQueue *vu_crypto_ring_new(VuCrypto *s, unsigned index)
{
    VirtQueue *vq = g_new0(VirtQueue, 1);

    vq->server = s;
    vq->vdev = &s->vdev;
    vq->queue_index = index;
    vq->used_elems = g_new0(VirtQueueElement, VIRTQUEUE_MAX_SIZE);
    return vq;
}

void vu_crypto_ring_free(VirtQueue *vq)
{
    g_free(vq->used_elems);
    g_free(vq);
}

bool vu_crypto_ring_start(VirtQueue *vq)
{
    VuCrypto *s = vq->server;
    const VuVirtq *set = &s->vu.vq[vq->queue_index];
    const struct vhost_vring_addr *addr = &set->vra;
    unsigned num = set->vring.num;
    VRing ring = { .num = num };
    RAMWindow window = { };
    uint16_t used_idx;

    if (!num ||
        !vu_crypto_user_to_guest(s, addr->desc_user_addr,
                                 num * sizeof(VRingDesc), &ring.desc) ||
        !vu_crypto_user_to_guest(s, addr->avail_user_addr,
                                 offsetof(VRingAvail, ring[num]) + 2,
                                 &ring.avail) ||
        !vu_crypto_user_to_guest(s, addr->used_user_addr,
                                 offsetof(VRingUsed, ring[num]) + 2,
                                 &ring.used)) {
        return false;
    }
    ram_window_enter(&window, &s->as);
    if (!ram_window_read(&window, ring.used + offsetof(VRingUsed, idx),
                         &used_idx, sizeof(used_idx))) {
        return false;
    }
    vq->vring = ring;
    vq->used_idx = le16_to_cpu(used_idx);
    vq->last_avail_idx = vq->shadow_avail_idx = vq->used_idx;
    vq->signalled_used_valid = false;
    vq->notification = true;
    vq->inuse = 0;
    return true;
}

void vu_crypto_ring_stop(VirtQueue *vq)
{
    if (vq->vring.desc) {
        vq->server->vu.vq[vq->queue_index].last_avail_idx = vq->used_idx;
        vq->vring = (VRing) { };
    }
}

void vu_crypto_ring_want_kick(VirtQueueBatch *b)
{
    if (virtqueue_batch_begin(b) == VIRTQUEUE_READY) {
        area_stw(b, &b->used, offsetof(VRingUsed, ring[b->num]),
                 b->vq->last_avail_idx);
        virtqueue_batch_end(b);
    }
}

void virtqueue_batch_notify(VirtQueueBatch *b)
{
    VuCrypto *s = b->vq->server;

    vu_crypto_signal(s, s->vu.vq[b->vq->queue_index].call_fd);
}
