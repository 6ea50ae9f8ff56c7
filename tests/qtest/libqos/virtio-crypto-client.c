/*
 * virtio-crypto client: sessions and requests
 *
 * Offsets are those of the specifications, as plain numbers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../libqtest.h"
#include "virtio-crypto-client.h"
#include "virtio-crypto-want.h"

const char *const vc_format_names[VC_FORMATS] = {
    [VC_STD] = "std",
    [VC_V11] = "v11",
};

/* Offsets and sizes that differ; those in the first part of headers do not. */
static const struct {
    uint32_t ctrl_size, ctrl_op_type;
    uint32_t data_size, data_op_type;
} layouts[VC_FORMATS] = {
    [VC_STD] = { 72, 64, 72, 64 },
    [VC_V11] = { 104, 96, 144, 136 },
};

/* draft: struct virtio_crypto_iovec */
#define IOVEC_SIZE      24
#define IOVEC_NEXT      1

static void apply_pokes(VCMsg *m, const VCPoke *poke)
{
    for (; poke && poke->size; poke++) {
        uint64_t value = poke->value;

        if (poke->value_part) {
            value += vc_part(m, poke->value_part);
        }
        vc_set(m, vc_part(m, poke->part ?: "header") + poke->offset,
               poke->size, value);
    }
}

static void shape_message(VCMsg *m, const VCShape *shape)
{
    apply_pokes(m, shape->poke);
    if (shape->readable_cut) {
        vc_desc_trim(m, false, 0,
                     vc_desc_total(m, false) - shape->readable_cut);
    }
    if (shape->writable_cut || shape->writable_skip) {
        vc_desc_trim(m, true, shape->writable_skip, vc_desc_total(m, true) -
                     shape->writable_skip - shape->writable_cut);
    }
    if (shape->desc_max) {
        vc_desc_scatter(m, shape->desc_max);
    }
}

/* Control requests */

static uint64_t put_ctrl_header(VCMsg *m, VCFormat format, uint32_t opcode)
{
    uint64_t header = vc_put(m, "header", NULL, layouts[format].ctrl_size);

    vc_set(m, header, 4, opcode);
    vc_desc(m, header, layouts[format].ctrl_size, format == VC_V11);
    return header;
}

static void send_ctrl(VCMsg *m, const VCShape *shape)
{
    VCWant *want = m->want;

    shape_message(m, shape);
    want->used_ok = vc_desc_total(m, true);
    want->used_failed = want->status_size == 1 ? 1 : want->used_ok;
    vc_send(m, m->vc->n_queues, shape->indirect);
}

uint64_t vc_create_session(const VCSession *s)
{
    VCMsg *m = vc_msg_expecting(s->vc, s->expect);
    uint64_t header = put_ctrl_header(m, s->format,
                                      s->opcode ?: VC_CIPHER_CREATE);
    uint64_t key = vc_put(m, "key", s->key, s->key_len);
    uint64_t outcome = header + 40;
    uint64_t id;

    vc_set(m, header + 16, 4, s->algo);
    vc_set(m, header + 20, 4, s->key_len);
    vc_set(m, header + 24, 4, s->op ?: VC_OP_ENCRYPT);
    vc_set(m, header + layouts[s->format].ctrl_op_type, 4, VC_SYM_CIPHER);
    if (s->format == VC_V11) {
        vc_set(m, header + 32, 8, key);
    } else {
        vc_desc(m, key, s->key_len, false);
        outcome = vc_put(m, "outcome", NULL, 16);
        vc_desc(m, outcome, 16, true);
    }
    if (s->format == VC_STD && s->shape.writable_cut) {
        /* no room for the outcome: the status takes the first byte */
        m->want->status_addr = outcome;
        m->want->status_size = 1;
    } else {
        m->want->status_addr = outcome + 8;
        m->want->status_size = 4;
        m->want->id_addr = outcome;
        m->want->pad_addr = outcome + 12;
    }
    send_ctrl(m, &s->shape);
    vc_check(m);
    id = m->want->id;
    vc_forget(m);
    return id;
}

void vc_destroy_session(const VCDestroy *d)
{
    VCMsg *m = vc_msg_expecting(d->vc, d->expect);
    uint64_t header = put_ctrl_header(m, d->format,
                                      d->opcode ?: VC_CIPHER_DESTROY);

    vc_set(m, header + 16, 8, d->session);
    if (d->format == VC_V11) {
        m->want->status_addr = header + 24;
        m->want->status_size = 4;
        m->want->pad_addr = header + 28;
    } else {
        m->want->status_addr = vc_put(m, "status", NULL, 1);
        m->want->status_size = 1;
        vc_desc(m, m->want->status_addr, 1, true);
    }
    send_ctrl(m, &d->shape);
    vc_finish(m);
}

/* Data requests */

/* Lengths of the pieces that @split makes of @len bytes. */
static GArray *split_lengths(const uint32_t *split, uint32_t len)
{
    GArray *lengths = g_array_new(false, false, sizeof(uint32_t));

    for (; split && *split != VC_END; split++) {
        g_assert_cmpuint(*split, <=, len);
        g_array_append_val(lengths, *split);
        len -= *split;
    }
    if (len || !lengths->len) {
        g_array_append_val(lengths, len);
    }
    return lengths;
}

/* Put each piece of @len bytes at a place of its own. */
static GArray *put_pieces(VCMsg *m, const char *name, const uint8_t *data,
                          uint32_t len, const uint32_t *split)
{
    g_autoptr(GArray) lengths = split_lengths(split, len);
    GArray *pieces = g_array_new(false, false, sizeof(VCDesc));

    for (int i = 0; i < lengths->len; i++) {
        g_autofree char *numbered = g_strdup_printf("%s-%d", name, i);
        VCDesc piece = { .len = g_array_index(lengths, uint32_t, i) };

        piece.addr = vc_put(m, numbered, data, piece.len);
        g_array_append_val(pieces, piece);
        data += data ? piece.len : 0;
    }
    return pieces;
}

static GArray *one_piece(uint64_t addr, uint32_t len)
{
    GArray *pieces = g_array_new(false, false, sizeof(VCDesc));
    VCDesc piece = { .addr = addr, .len = len };

    g_array_append_val(pieces, piece);
    return pieces;
}

/* Addresses of what a request names. */
typedef struct Places {
    uint64_t header, iv;
    GArray *src, *dst;
    uint64_t tail;              /* slack and status of the standard format */
} Places;

static uint32_t dst_len(const VCRequest *r)
{
    return r->dst_len ?: r->src_len;
}

/* Everything readable in one run, and everything writable. */
static void place_joined(VCMsg *m, const VCRequest *r, Places *p)
{
    uint32_t size = layouts[VC_STD].data_size;
    uint32_t dst_room = dst_len(r) + r->slack + 1;
    uint64_t src, dst;

    g_assert(r->format == VC_STD && !r->src_split && !r->dst_split);
    p->header = vc_put(m, "header", NULL, size + r->iv_len + r->src_len +
                       (r->in_place ? dst_room : 0));
    p->iv = p->header + size;
    src = p->iv + r->iv_len;
    dst = r->in_place ? src : vc_put(m, "dst-0", NULL, dst_room);
    vc_store(m, p->iv, r->iv, r->iv_len);
    vc_store(m, src, r->src, r->src_len);
    p->src = one_piece(src, r->src_len);
    p->dst = one_piece(dst, dst_len(r));
    p->tail = dst + dst_len(r);
}

/* The destination begins dst_shift bytes behind the source. */
static void place_overlap(VCMsg *m, const VCRequest *r, Places *p)
{
    uint32_t distance = ABS(r->dst_shift);
    uint64_t both = vc_put(m, "src-0", NULL,
                           MAX(r->src_len, dst_len(r)) + distance);
    uint64_t src = both + (r->dst_shift < 0 ? distance : 0);

    g_assert(!r->src_split && !r->dst_split);
    vc_store(m, src, r->src, r->src_len);
    p->src = one_piece(src, r->src_len);
    p->dst = one_piece(src + r->dst_shift, dst_len(r));
}

static void place_data(VCMsg *m, const VCRequest *r, Places *p)
{
    if (r->dst_shift) {
        place_overlap(m, r, p);
        return;
    }
    p->src = put_pieces(m, "src", r->src, r->src_len, r->src_split);
    if (r->in_place) {
        g_assert(!r->dst_split && dst_len(r) == r->src_len);
        p->dst = g_array_copy(p->src);
    } else {
        p->dst = put_pieces(m, "dst", NULL, dst_len(r), r->dst_split);
    }
}

static void place(VCMsg *m, const VCRequest *r, Places *p)
{
    if (r->shape.joined) {
        place_joined(m, r, p);
        return;
    }
    p->header = vc_put(m, "header", NULL, layouts[r->format].data_size +
                       (r->format == VC_V11 ? r->slack : 0));
    p->iv = vc_put(m, "iv", r->iv, r->iv_len);
    place_data(m, r, p);
    if (r->format == VC_STD) {
        p->tail = vc_put(m, "status", NULL, r->slack + 1);
    }
}

static void describe_pieces(VCMsg *m, GArray *pieces, bool write)
{
    for (int i = 0; i < pieces->len; i++) {
        const VCDesc *piece = &g_array_index(pieces, VCDesc, i);

        vc_desc(m, piece->addr, piece->len, write);
    }
}

static void describe_std(VCMsg *m, const VCRequest *r, const Places *p)
{
    uint32_t size = layouts[VC_STD].data_size;

    if (r->shape.joined) {
        vc_desc(m, p->header, size + r->iv_len + r->src_len, false);
        vc_desc(m, p->tail - dst_len(r), dst_len(r) + r->slack + 1, true);
    } else {
        vc_desc(m, p->header, size, false);
        vc_desc(m, p->iv, r->iv_len, false);
        describe_pieces(m, p->src, false);
        describe_pieces(m, p->dst, true);
        vc_desc(m, p->tail, r->slack + 1, true);
    }
    m->want->status_addr = p->tail + r->slack;
    m->want->status_size = 1;
    m->want->used_ok = r->src_len + 1;
    m->want->used_failed = 1;
}

/* Make @pieces a chain of iovecs, the first of which is at @entry. */
static void put_chain(VCMsg *m, const char *name, GArray *pieces,
                      uint64_t entry, uint32_t flags)
{
    for (int i = 0; i < pieces->len; i++) {
        const VCDesc *piece = &g_array_index(pieces, VCDesc, i);
        bool last = i + 1 == pieces->len;

        vc_set(m, entry, 8, piece->addr);
        vc_set(m, entry + 8, 4, piece->len);
        vc_set(m, entry + 12, 4, flags | (last ? 0 : IOVEC_NEXT));
        if (!last) {
            g_autofree char *numbered = g_strdup_printf("%s-%d", name, i + 1);
            uint64_t next = vc_put(m, numbered, NULL, IOVEC_SIZE);

            vc_set(m, entry + 16, 8, next);
            entry = next;
        }
    }
}

static void describe_v11(VCMsg *m, const VCRequest *r, const Places *p)
{
    vc_set(m, p->header + 40, 8, p->iv);
    put_chain(m, "src-iov", p->src, p->header + 48, r->iov_flags);
    put_chain(m, "dst-iov", p->dst, p->header + 72, r->iov_flags);
    vc_desc(m, p->header, layouts[VC_V11].data_size + r->slack, true);
    m->want->status_addr = p->header + (r->status_offset ?: 108);
    m->want->status_size = 4;
}

VCMsg *vc_request_start(const VCRequest *r)
{
    VCMsg *m = vc_msg_expecting(r->vc, r->expect);
    Places p = { };

    place(m, r, &p);
    vc_set(m, p.header, 4, r->opcode);
    vc_set(m, p.header + 8, 8, r->session);
    vc_set(m, p.header + 24, 4, r->iv_len);
    vc_set(m, p.header + 28, 4, r->src_len);
    vc_set(m, p.header + 32, 4, dst_len(r));
    vc_set(m, p.header + layouts[r->format].data_op_type, 4, VC_SYM_CIPHER);

    m->want->also = r->also;
    m->want->out = r->out ? g_memdup2(r->out, r->src_len) : NULL;
    m->want->out_len = r->src_len;
    m->want->result = r->result;
    m->want->dst = p.dst;
    if (r->format == VC_V11) {
        describe_v11(m, r, &p);
    } else {
        describe_std(m, r, &p);
    }
    g_array_free(p.src, true);

    shape_message(m, &r->shape);
    if (r->format == VC_V11) {
        m->want->used_ok = MIN(vc_desc_total(m, true),
                               layouts[VC_V11].data_size);
        m->want->used_failed = m->want->used_ok;
    }
    vc_send(m, r->queue, r->shape.indirect);
    return m;
}

VCStatus vc_request(const VCRequest *r)
{
    return vc_finish(vc_request_start(r));
}
