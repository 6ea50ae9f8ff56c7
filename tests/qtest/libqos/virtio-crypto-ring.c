/*
 * virtio-crypto client: rings, split and packed
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "../libqtest.h"
#include "virtio-crypto-ring.h"

#define DESC_SIZE   16

#define AVAIL       (1 << VRING_PACKED_DESC_F_AVAIL)
#define USED        (1 << VRING_PACKED_DESC_F_USED)
#define WRAP        (1 << VRING_PACKED_EVENT_F_WRAP_CTR)

/**
 * VCLayout: what differs between the two kinds of rings
 *
 * @link: in a descriptor of @index: its last four bytes
 * @add: show the device @m, whose descriptors in the ring are at @descs
 * @take: find the next used buffer, and step over it
 * @arm: ask for an interrupt at the buffer @more descriptors ahead
 */
typedef struct VCLayout {
    void (*link)(uint8_t *desc, uint16_t flags, unsigned index);
    void (*add)(VCMessage *m, QVirtQueue *vq, VCRing *ring, uint8_t *descs);
    VCMessage *(*take)(VCClient *vc, QVirtQueue *vq, VCRing *ring);
    void (*arm)(VCClient *vc, QVirtQueue *vq, VCRing *ring, unsigned more);
} VCLayout;

/* The device has used a buffer; there must be a message with it. */
static VCMessage *used_message(VCClient *vc, unsigned queue, uint32_t id,
                               uint32_t len)
{
    for (int i = 0; i < vc->sent->len; i++) {
        VCMessage *m = g_ptr_array_index(vc->sent, i);

        if (m->queue == queue && m->head == id && !m->done) {
            m->done = true;
            m->used_len = len;
            return m;
        }
    }
    vc_fail(vc, "used buffer %u of queue %u was not sent", id, queue);
}

/* Split */

static void split_link(uint8_t *desc, uint16_t flags, unsigned index)
{
    stw_le_p(desc + 12, flags);
    stw_le_p(desc + 14, index + 1);
}

/* Descriptors are handed out in order, and again when none is in use. */
static void split_recycle(VCClient *vc, QVirtQueue *vq)
{
    for (int i = 0; i < vc->sent->len; i++) {
        if (((VCMessage *)g_ptr_array_index(vc->sent, i))->queue == vq->index) {
            return;
        }
    }
    vq->free_head = 0;
    vq->num_free = vq->size;
}

static void split_add(VCMessage *m, QVirtQueue *vq, VCRing *ring,
                      uint8_t *descs)
{
    m->head = vq->free_head;
    qtest_memwrite(m->vc->qts, vq->desc + DESC_SIZE * m->head, descs,
                   DESC_SIZE * m->ndescs);
    vq->free_head += m->ndescs;
    vq->num_free -= m->ndescs;
    qvirtqueue_kick(m->vc->qts, m->vc->vdev, vq, m->head);
}

/* qvirtqueue_get_buf() cuts lengths to 16 bits. */
static VCMessage *split_take(VCClient *vc, QVirtQueue *vq, VCRing *ring)
{
    struct vring_used_elem elem;
    uint16_t idx;

    qtest_memread(vc->qts, vq->used + offsetof(struct vring_used, idx), &idx,
                  sizeof(idx));
    if (le16_to_cpu(idx) == vq->last_used_idx) {
        return NULL;
    }
    qtest_memread(vc->qts, vq->used + offsetof(struct vring_used, ring) +
                  vq->last_used_idx++ % vq->size * sizeof(elem),
                  &elem, sizeof(elem));
    ring->used++;
    return used_message(vc, vq->index, le32_to_cpu(elem.id),
                        le32_to_cpu(elem.len));
}

static void split_arm(VCClient *vc, QVirtQueue *vq, VCRing *ring,
                      unsigned more)
{
    uint16_t event = cpu_to_le16(vq->last_used_idx + more);

    qtest_memwrite(vc->qts, vq->avail + offsetof(struct vring_avail, ring) +
                   sizeof(uint16_t) * vq->size, &event, sizeof(event));
}

/* Packed */

static void packed_link(uint8_t *desc, uint16_t flags, unsigned index)
{
    stw_le_p(desc + 14, flags);
}

/* An id that no other message of the queue has */
static uint16_t packed_id(VCClient *vc, const QVirtQueue *vq, VCRing *ring)
{
    uint16_t id = ring->next_id;

    for (int i = 0; i < vc->sent->len; i++) {
        const VCMessage *m = g_ptr_array_index(vc->sent, i);

        if (m->queue == vq->index && !m->done && m->head == id) {
            id = (id + 1) % vq->size;
            i = -1;
        }
    }
    ring->next_id = (id + 1) % vq->size;
    return id;
}

static void packed_kick(VCClient *vc, QVirtQueue *vq, const VCRing *ring,
                        unsigned added)
{
    struct vring_packed_desc_event event;
    uint16_t off_wrap, flags, offset;

    qtest_memread(vc->qts, vq->used, &event, sizeof(event));
    off_wrap = le16_to_cpu(event.off_wrap);
    flags = le16_to_cpu(event.flags);
    offset = off_wrap & ~WRAP;
    if (!(off_wrap & WRAP) != !ring->avail_wrap) {
        offset -= vq->size;
    }
    if (flags == VRING_PACKED_EVENT_FLAG_ENABLE ||
        (flags == VRING_PACKED_EVENT_FLAG_DESC &&
         vring_need_event(offset, vq->free_head, vq->free_head - added))) {
        vc->vdev->bus->virtqueue_kick(vc->vdev, vq);
    }
}

/* The flags of the first descriptor are last to be written. */
static void packed_add(VCMessage *m, QVirtQueue *vq, VCRing *ring,
                       uint8_t *descs)
{
    VCClient *vc = m->vc;
    unsigned first = vq->free_head, until_end = MIN(m->ndescs,
                                                    vq->size - first);
    uint16_t flags;

    m->head = packed_id(vc, vq, ring);
    for (unsigned i = 0; i < m->ndescs; i++) {
        uint8_t *desc = descs + DESC_SIZE * i;
        bool wrap = ring->avail_wrap == (i < until_end);

        stw_le_p(desc + 12, m->head);
        stw_le_p(desc + 14, lduw_le_p(desc + 14) | (wrap ? AVAIL : USED));
    }
    flags = lduw_le_p(descs + 14);
    stw_le_p(descs + 14, 0);
    qtest_memwrite(vc->qts, vq->desc + DESC_SIZE * first, descs,
                   DESC_SIZE * until_end);
    qtest_memwrite(vc->qts, vq->desc, descs + DESC_SIZE * until_end,
                   DESC_SIZE * (m->ndescs - until_end));
    qtest_writew(vc->qts, vq->desc + DESC_SIZE * first + 14, flags);

    vq->num_free -= m->ndescs;
    vq->free_head += m->ndescs;
    if (vq->free_head >= vq->size) {
        vq->free_head -= vq->size;
        ring->avail_wrap = !ring->avail_wrap;
    }
    packed_kick(vc, vq, ring, m->ndescs);
}

static VCMessage *packed_take(VCClient *vc, QVirtQueue *vq, VCRing *ring)
{
    uint8_t desc[DESC_SIZE];
    uint16_t flags;
    VCMessage *m;

    qtest_memread(vc->qts, vq->desc + DESC_SIZE * vq->last_used_idx, desc,
                  sizeof(desc));
    flags = lduw_le_p(desc + 14);
    if ((flags & (AVAIL | USED)) != (ring->used_wrap ? AVAIL | USED : 0)) {
        return NULL;
    }
    m = used_message(vc, vq->index, lduw_le_p(desc + 12),
                     ldl_le_p(desc + 8));
    vq->num_free += m->ndescs;
    vq->last_used_idx += m->ndescs;
    ring->used += m->ndescs;
    if (vq->last_used_idx >= vq->size) {
        vq->last_used_idx -= vq->size;
        ring->used_wrap = !ring->used_wrap;
    }
    return m;
}

static void packed_arm(VCClient *vc, QVirtQueue *vq, VCRing *ring,
                       unsigned more)
{
    unsigned at = vq->last_used_idx + more;
    bool wrap = ring->used_wrap == (at < vq->size);
    struct vring_packed_desc_event event = {
        .off_wrap = cpu_to_le16(at % vq->size | (wrap ? WRAP : 0)),
        .flags = cpu_to_le16(VRING_PACKED_EVENT_FLAG_DESC),
    };

    qtest_memwrite(vc->qts, vq->avail, &event, sizeof(event));
}

/* Both */

static const VCLayout split = {
    split_link, split_add, split_take, split_arm
};

static const VCLayout packed = {
    packed_link, packed_add, packed_take, packed_arm
};

static const VCLayout *layout_of(const VCClient *vc)
{
    return vc->vdev->features & VC_F_PACKED ? &packed : &split;
}

static void arm(VCClient *vc, unsigned queue, unsigned more)
{
    VCRing *ring = &vc->rings[queue];

    if (vc->vdev->features & VC_F_EVENT_IDX) {
        ring->wanted = ring->used + more;
        layout_of(vc)->arm(vc, vc->vq[queue], ring, more - 1);
    }
}

void vc_want_interrupt(VCClient *vc, unsigned queue, unsigned more)
{
    g_assert_true(vc->vdev->features & VC_F_EVENT_IDX);
    arm(vc, queue, more);
}

void vc_ring_start(VCClient *vc, const QVirtQueue *vq)
{
    g_assert_true(vc->pci || layout_of(vc) == &split);
    vc->rings[vq->index] = (VCRing) { .avail_wrap = true, .used_wrap = true };
}

size_t vc_ring_table_size(const VCMessage *m)
{
    return m->descs->len * DESC_SIZE;
}

static void make_table(const VCMessage *m, uint8_t *buf, unsigned first)
{
    unsigned n = m->descs->len;

    for (unsigned i = 0; i < n; i++) {
        const VCDesc *desc = &g_array_index(m->descs, VCDesc, i);

        stq_le_p(buf + DESC_SIZE * i, desc->addr);
        stl_le_p(buf + DESC_SIZE * i + 8, desc->len);
        layout_of(m->vc)->link(buf + DESC_SIZE * i,
                               (desc->write ? VRING_DESC_F_WRITE : 0) |
                               (i + 1 < n ? VRING_DESC_F_NEXT : 0), first + i);
    }
}

void vc_ring_table(const VCMessage *m, uint8_t *buf)
{
    make_table(m, buf, 0);
}

void vc_ring_add(VCMessage *m, uint64_t table)
{
    const VCLayout *layout = layout_of(m->vc);
    QVirtQueue *vq = m->vc->vq[m->queue];
    g_autofree uint8_t *descs = g_malloc0(vc_ring_table_size(m));

    if (layout == &split) {
        split_recycle(m->vc, vq);
    }
    if (table) {
        g_assert_true(vq->indirect);
        stq_le_p(descs, table);
        stl_le_p(descs + 8, vc_ring_table_size(m));
        layout->link(descs, VRING_DESC_F_INDIRECT, 0);
    } else {
        make_table(m, descs, vq->free_head);
    }
    m->ndescs = table ? 1 : m->descs->len;
    g_assert_cmpuint(m->ndescs, <=, vq->num_free);
    layout->add(m, vq, &m->vc->rings[m->queue], descs);
}

VCMessage *vc_ring_take(VCClient *vc, unsigned queue)
{
    VCRing *ring = &vc->rings[queue];
    VCMessage *m = layout_of(vc)->take(vc, vc->vq[queue], ring);

    if (m && (int32_t)(ring->used - ring->wanted) >= 0) {
        arm(vc, queue, 1);
    }
    return m;
}
