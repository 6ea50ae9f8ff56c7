/*
 * virtio-crypto client: messages, their memory and descriptors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "../libqtest.h"
#include "standard-headers/linux/virtio_pci.h"
#include "virtio-crypto-ring.h"

/* Odd, so that parts are not aligned. */
#define GAP             37

typedef struct VCPart {
    char name[16];
    uint64_t addr;
    size_t len;
} VCPart;

typedef struct VCMoved {
    uint64_t from, to;
    uint32_t len;
} VCMoved;

/* Memory of messages */

static void read_memory(VCClient *vc, uint64_t addr, void *data, size_t len)
{
    if (vc->ram) {
        memcpy(data, vc->ram + addr, len);
    } else {
        qtest_bufread(vc->qts, addr, data, len);
    }
}

static void write_memory(VCClient *vc, uint64_t addr, const void *data,
                         size_t len)
{
    if (vc->ram) {
        memcpy(vc->ram + addr, data, len);
    } else {
        qtest_bufwrite(vc->qts, addr, data, len);
    }
}

static void fill(VCMessage *m, size_t from)
{
    for (size_t i = from; i < m->image->len; i++) {
        m->image->data[i] = (i * 0x9d) ^ (i >> 8) ^ m->vc->salt;
    }
}

static uint64_t append(VCMessage *m, size_t len)
{
    size_t offset = m->image->len;

    g_assert_cmpuint(m->base - m->vc->mem + offset + len, <=, VC_MEM_SIZE);
    g_byte_array_set_size(m->image, offset + len);
    fill(m, offset);
    return m->base + offset;
}

VCMessage *vc_message_new(VCClient *vc)
{
    VCMessage *m = g_new0(VCMessage, 1);

    /* different each time: what an earlier message left is a change, too */
    vc->salt += 0x35;
    m->vc = vc;
    m->base = vc->mem + vc->mem_used;
    m->image = g_byte_array_new();
    m->parts = g_array_new(false, false, sizeof(VCPart));
    m->descs = g_array_new(false, false, sizeof(VCDesc));
    m->moved = g_array_new(false, false, sizeof(VCMoved));
    vc->in_flight++;
    return m;
}

void vc_message_free(VCMessage *m)
{
    VCClient *vc = m->vc;

    g_ptr_array_remove(vc->sent, m);
    if (--vc->in_flight == 0) {
        vc->mem_used = 0;
    }
    g_byte_array_free(m->image, true);
    g_array_free(m->parts, true);
    g_array_free(m->descs, true);
    g_array_free(m->moved, true);
    g_free(m);
}

uint64_t vc_put(VCMessage *m, const char *name, const void *data, size_t len)
{
    VCPart part = { .len = len };

    append(m, GAP);
    part.addr = append(m, len);
    g_strlcpy(part.name, name, sizeof(part.name));
    g_array_append_val(m->parts, part);
    if (data) {
        vc_store(m, part.addr, data, len);
    }
    return part.addr;
}

uint64_t vc_part(const VCMessage *m, const char *name)
{
    for (int i = 0; i < m->parts->len; i++) {
        const VCPart *part = &g_array_index(m->parts, VCPart, i);

        if (g_str_equal(part->name, name)) {
            return part->addr;
        }
    }
    vc_fail(m->vc, "the message has no part '%s'", name);
}

static uint8_t *image_at(VCMessage *m, uint64_t addr, size_t len)
{
    g_assert_cmphex(addr, >=, m->base);
    g_assert_cmphex(addr + len, <=, m->base + m->image->len);
    return m->image->data + (addr - m->base);
}

/*
 * Find where @addr is now, and set *@len to how many of the *@len bytes are
 * together there.
 */
static uint64_t find_moved(VCMessage *m, uint64_t addr, size_t *len)
{
    for (int i = 0; i < m->moved->len; i++) {
        const VCMoved *moved = &g_array_index(m->moved, VCMoved, i);

        if (addr >= moved->from && addr < moved->from + moved->len) {
            *len = MIN(*len, moved->from + moved->len - addr);
            return moved->to + (addr - moved->from);
        }
    }
    return addr;
}

void vc_store(VCMessage *m, uint64_t addr, const void *data, size_t len)
{
    for (size_t done = 0, n; done < len; done += n) {
        uint64_t at;

        n = len - done;
        at = find_moved(m, addr + done, &n);
        memcpy(image_at(m, at, n), data + done, n);
    }
}

void vc_load(VCMessage *m, uint64_t addr, void *data, size_t len)
{
    for (size_t done = 0, n; done < len; done += n) {
        uint64_t at;

        n = len - done;
        at = find_moved(m, addr + done, &n);
        read_memory(m->vc, at, data + done, n);
    }
}

void vc_set(VCMessage *m, uint64_t addr, size_t size, uint64_t value)
{
    uint64_t le = cpu_to_le64(value);

    vc_store(m, addr, &le, size);
}

uint64_t vc_get(VCMessage *m, uint64_t addr, size_t size)
{
    uint64_t le = 0;

    vc_load(m, addr, &le, size);
    return le64_to_cpu(le);
}

static void report_difference(VCMessage *m, size_t offset, uint8_t is)
{
    uint64_t addr = m->base + offset;
    const char *name = "head";
    int64_t distance = offset;

    for (int i = 0; i < m->parts->len; i++) {
        const VCPart *part = &g_array_index(m->parts, VCPart, i);

        if (part->addr <= addr) {
            name = part->name;
            distance = addr - part->addr;
        }
    }
    vc_fail(m->vc, "byte %" PRId64 " of '%s' is 0x%02x, not 0x%02x", distance,
            name, is, m->image->data[offset]);
}

void vc_check_image(VCMessage *m)
{
    g_autofree uint8_t *now = g_malloc(m->image->len);

    read_memory(m->vc, m->base, now, m->image->len);
    for (size_t i = 0; i < m->image->len; i++) {
        if (now[i] != m->image->data[i]) {
            report_difference(m, i, now[i]);
        }
    }
}

void vc_take_image(VCMessage *m)
{
    read_memory(m->vc, m->base, m->image->data, m->image->len);
}

/* Descriptors */

void vc_desc(VCMessage *m, uint64_t addr, uint32_t len, bool write)
{
    VCDesc desc = { .addr = addr, .len = len, .write = write };

    if (len) {
        g_array_append_val(m->descs, desc);
    }
}

uint32_t vc_desc_total(const VCMessage *m, bool write)
{
    uint32_t total = 0;

    for (int i = 0; i < m->descs->len; i++) {
        const VCDesc *desc = &g_array_index(m->descs, VCDesc, i);

        total += desc->write == write ? desc->len : 0;
    }
    return total;
}

/* Replace the chain; returns the old one, which is the caller's. */
static GArray *renew_descs(VCMessage *m)
{
    GArray *old = m->descs;

    m->descs = g_array_new(false, false, sizeof(VCDesc));
    return old;
}

void vc_desc_trim(VCMessage *m, bool write, uint32_t skip, uint32_t len)
{
    g_autoptr(GArray) old = renew_descs(m);

    for (int i = 0; i < old->len; i++) {
        VCDesc d = g_array_index(old, VCDesc, i);

        if (d.write == write) {
            uint32_t head = MIN(skip, d.len);

            skip -= head;
            d.addr += head;
            d.len = MIN(d.len - head, len);
            len -= d.len;
        }
        vc_desc(m, d.addr, d.len, d.write);
    }
}

/* Move a piece, unless a buffer of the other direction has moved it. */
static uint64_t move_piece(VCMessage *m, uint64_t from, uint32_t len)
{
    size_t together = len;
    VCMoved moved = { .from = from, .len = len };

    moved.to = find_moved(m, from, &together);
    if (moved.to == from) {
        g_autofree uint8_t *copy = g_memdup2(image_at(m, from, len), len);

        moved.to = vc_put(m, "piece", copy, len);
        g_array_append_val(m->moved, moved);
    }
    g_assert_cmpuint(together, ==, len);
    return moved.to;
}

/* Move a piece to the end of the image. */
static void gather_piece(VCMessage *m, const VCDesc *d)
{
    g_autofree uint8_t *copy = g_memdup2(image_at(m, d->addr, d->len), d->len);
    VCMoved moved = { .from = d->addr, .to = append(m, d->len), .len = d->len };

    memcpy(image_at(m, moved.to, d->len), copy, d->len);
    g_array_append_val(m->moved, moved);
}

/* Gather a buffer of @len bytes from @d on, without its first @skip bytes. */
static void gather_buffer(VCMessage *m, GArray *old, bool write, uint32_t len)
{
    uint64_t addr = vc_put(m, "piece", NULL, 0);
    uint32_t left = len;

    for (int i = 0; left; i++) {
        VCDesc *d = &g_array_index(old, VCDesc, i);
        VCDesc piece = { d->addr, MIN(d->len, left) };

        g_assert_cmpint(i, <, old->len);
        if (d->write != write || !piece.len) {
            continue;
        }
        gather_piece(m, &piece);
        d->addr += piece.len;
        d->len -= piece.len;
        left -= piece.len;
    }
    vc_desc(m, addr, len, write);
}

static void gather_all(VCMessage *m, GArray *old, bool write, uint32_t total,
                       const uint32_t *lens)
{
    for (; *lens != UINT32_MAX; lens++) {
        g_assert_cmpuint(*lens, <=, total);
        gather_buffer(m, old, write, *lens);
        total -= *lens;
    }
    gather_buffer(m, old, write, total);
}

static void keep_buffers(VCMessage *m, const GArray *old, bool write)
{
    for (int i = 0; i < old->len; i++) {
        const VCDesc *d = &g_array_index(old, VCDesc, i);

        if (d->write == write) {
            vc_desc(m, d->addr, d->len, write);
        }
    }
}

void vc_desc_gather(VCMessage *m, bool write, const uint32_t *lens)
{
    uint32_t total = vc_desc_total(m, write);
    g_autoptr(GArray) old = renew_descs(m);

    /* what is readable comes first */
    if (write) {
        keep_buffers(m, old, false);
    }
    gather_all(m, old, write, total, lens);
    if (!write) {
        keep_buffers(m, old, true);
    }
}

void vc_desc_scatter(VCMessage *m, uint32_t max)
{
    g_autoptr(GArray) old = renew_descs(m);

    for (int i = 0; i < old->len; i++) {
        const VCDesc *d = &g_array_index(old, VCDesc, i);

        for (uint32_t done = 0, n; done < d->len; done += n) {
            n = MIN(max, d->len - done);
            vc_desc(m, move_piece(m, d->addr + done, n), n, d->write);
        }
    }
}

/* Hand over, and get back */

static uint64_t put_table(VCMessage *m)
{
    size_t size = vc_ring_table_size(m);
    g_autofree uint8_t *table = g_malloc0(size);

    vc_ring_table(m, table);
    return vc_put(m, "table", table, size);
}

void vc_send(VCMessage *m, unsigned queue, bool indirect)
{
    VCClient *vc = m->vc;
    uint64_t table = indirect ? put_table(m) : 0;

    g_assert_cmpuint(queue, <=, vc->n_queues);
    append(m, GAP);
    write_memory(vc, m->base, m->image->data, m->image->len);
    vc->mem_used = m->base + m->image->len - vc->mem;

    m->queue = queue;
    vc_ring_add(m, table);
    g_ptr_array_add(vc->sent, m);
}

void vc_stop_queue(VCClient *vc, unsigned queue)
{
    vc->vdev->bus->queue_select(vc->vdev, queue);
    qpci_io_writew(vc->pci->pdev, vc->pci->bar, vc->pci->common_cfg_offset +
                   offsetof(struct virtio_pci_modern_common_cfg, queue_reset),
                   1);
    for (int i = vc->sent->len - 1; i >= 0; i--) {
        if (((VCMessage *)g_ptr_array_index(vc->sent, i))->queue == queue) {
            g_ptr_array_remove_index(vc->sent, i);
        }
    }
}

void vc_start_queue(VCClient *vc, unsigned queue)
{
    qvirtqueue_cleanup(vc->vdev->bus, vc->vq[queue], vc->alloc);
    vc->vq[queue] = vc_queue_setup(vc, queue);
}

VCMessage *vc_wait_any(VCClient *vc, unsigned queue)
{
    gint64 start = g_get_monotonic_time();
    VCMessage *m;

    while (!(m = vc_ring_take(vc, queue))) {
        if (vc->step_ns) {
            qtest_clock_step(vc->qts, vc->step_ns);
        }
        vc_give_up(vc, start, "no used buffer");
    }
    /*
     * One interrupt may stand for several messages and queues, and reading
     * it clears it: it must be there at the latest with the last message.
     */
    if (vc->in_flight == 1) {
        while (!vc->vdev->bus->get_queue_isr_status(vc->vdev, vc->vq[queue])) {
            vc_give_up(vc, start, "no interrupt");
        }
    }
    return m;
}

void vc_wait(VCMessage *m)
{
    while (!m->done) {
        vc_wait_any(m->vc, m->queue);
    }
}
