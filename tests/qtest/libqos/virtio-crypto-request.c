/*
 * virtio-crypto client: data requests
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../libqtest.h"
#include "virtio-crypto-client-internal.h"

/* draft: struct virtio_crypto_iovec */
#define IOVEC_SIZE      24
#define IOVEC_NEXT      1

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
static GArray *put_pieces(VCMessage *m, const char *name, const uint8_t *data,
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

/* Where the parts of a request are; those that its service lacks are NULL. */
typedef struct Places {
    VCService service;
    const VCDataLayout *layout;
    bool verify;                /* the digest, or signed data, is input */
    uint64_t header, key, auth_key, iv;
    GArray *src, *aad, *dst, *digest;
    uint64_t tail;              /* slack and status of the standard format */
} Places;

static uint32_t iv_field_len(const VCRequest *r)
{
    return r->iv_skip + r->iv_len + r->iv_slack;
}

static uint32_t dst_len(const VCRequest *r)
{
    return r->dst_len ?: r->src_len;
}

/* Put all readable bytes in a row, and all writable ones. */
static void place_joined(VCMessage *m, const VCRequest *r, Places *p)
{
    uint32_t size = p->layout->size;
    uint32_t dst_room = dst_len(r) + r->slack + 1;
    uint64_t src, dst;

    g_assert(p->service == VC_SERVICE_CIPHER);
    g_assert(r->format != VC_V11 && !r->params);
    g_assert(!r->src_split && !r->dst_split);
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

/* The destination begins dst_shift bytes after the source. */
static void place_overlap(VCMessage *m, const VCRequest *r, Places *p)
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

static void place_data(VCMessage *m, const VCRequest *r, Places *p)
{
    bool has_digest = p->service == VC_SERVICE_AKCIPHER ? p->verify :
                      p->service != VC_SERVICE_CIPHER;

    if (p->service == VC_SERVICE_AEAD || p->service == VC_SERVICE_CHAIN) {
        p->aad = put_pieces(m, "aad", r->aad, r->aad_len, r->aad_split);
    }
    if (has_digest) {
        p->digest = one_piece(vc_put(m, "digest",
                                     p->verify ? r->digest : NULL,
                                     r->digest_len), r->digest_len);
    }
    if (r->dst_shift) {
        place_overlap(m, r, p);
        return;
    }
    p->src = put_pieces(m, "src", r->src, r->src_len, r->src_split);
    if (p->service == VC_SERVICE_HASH || p->service == VC_SERVICE_MAC ||
        (p->service == VC_SERVICE_AKCIPHER && p->verify)) {
        return;
    }
    if (r->in_place) {
        g_assert(!r->dst_split && dst_len(r) == r->src_len);
        p->dst = g_array_copy(p->src);
    } else {
        p->dst = put_pieces(m, "dst", NULL, dst_len(r), r->dst_split);
    }
}

static void place(VCMessage *m, const VCRequest *r, Places *p)
{
    if (r->shape.joined) {
        place_joined(m, r, p);
        return;
    }
    p->header = vc_put(m, "header", NULL, p->layout->size +
                       (r->format == VC_V11 ? r->slack : 0));
    if (r->params) {
        p->key = vc_put(m, "key", r->params->key, r->params->key_len);
        p->auth_key = vc_put(m, "auth", r->params->auth_key,
                             r->params->auth_key_len);
    }
    p->iv = vc_put(m, "iv", NULL, iv_field_len(r));
    vc_store(m, p->iv + r->iv_skip, r->iv, r->iv_len);
    place_data(m, r, p);
    if (r->format != VC_V11) {
        p->tail = vc_put(m, "status", NULL, r->slack + 1);
    }
}

static void describe_pieces(VCMessage *m, GArray *pieces, bool write)
{
    for (int i = 0; pieces && i < pieces->len; i++) {
        const VCDesc *piece = &g_array_index(pieces, VCDesc, i);

        vc_desc(m, piece->addr, piece->len, write);
    }
}

/* The parts of a request in the order of the standard. */
static void describe_parts(VCMessage *m, const VCRequest *r, const Places *p)
{
    bool aad_first = r->aad_first ||
                     (p->service == VC_SERVICE_CHAIN && r->params);

    vc_desc(m, p->header, p->layout->size, false);
    if (r->params) {
        vc_desc(m, p->key, r->params->key_len, false);
        vc_desc(m, p->auth_key, r->params->auth_key_len, false);
    }
    vc_desc(m, p->iv, iv_field_len(r), false);
    describe_pieces(m, aad_first ? p->aad : NULL, false);
    describe_pieces(m, p->src, false);
    describe_pieces(m, p->verify ? p->digest : NULL, false);
    describe_pieces(m, aad_first ? NULL : p->aad, false);
    describe_pieces(m, p->dst, true);
    describe_pieces(m, p->verify ? NULL : p->digest, true);
    vc_desc(m, p->tail, r->slack + 1, true);
}

static void describe_std(VCMessage *m, const VCRequest *r, const Places *p)
{
    if (r->shape.joined) {
        vc_desc(m, p->header, p->layout->size + r->iv_len + r->src_len, false);
        vc_desc(m, p->tail - dst_len(r), dst_len(r) + r->slack + 1, true);
    } else {
        describe_parts(m, r, p);
    }
    m->expect->status_addr = p->tail + r->slack;
    m->expect->status_size = 1;
    m->expect->used_ok = m->expect->data.len + m->expect->digest.len + 1;
    m->expect->used_failed = 1;
}

/* Make @pieces a chain of iovecs, the first of which is at @entry. */
static void put_chain(VCMessage *m, const char *name, GArray *pieces,
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

static void describe_v11(VCMessage *m, const VCRequest *r, const Places *p)
{
    const VCDataLayout *layout = p->layout;
    g_autoptr(GArray) src = g_array_copy(p->src);

    if (r->tag_in_src) {
        g_array_append_vals(src, p->digest->data, p->digest->len);
    } else if (p->digest) {
        vc_set(m, p->header + layout->digest_addr, 8,
               g_array_index(p->digest, VCDesc, 0).addr);
    }
    if (layout->iv_addr) {
        vc_set(m, p->header + layout->iv_addr, 8, p->iv);
    }
    put_chain(m, "src-iov", src, p->header + layout->src, r->iov_flags);
    if (p->aad) {
        put_chain(m, "aad-iov", p->aad, p->header + layout->aad, r->iov_flags);
    }
    if (p->dst) {
        put_chain(m, "dst-iov", p->dst, p->header + layout->dst, r->iov_flags);
    }
    vc_desc(m, p->header, layout->size + r->slack, true);
    m->expect->status_addr = p->header + (r->status_offset ?: layout->status);
    m->expect->status_size = 4;
}

/* The standard counts an AEAD tag as a part of the text on its side. */
static void set_lengths(VCMessage *m, const VCRequest *r, const Places *p)
{
    const VCDataLayout *layout = p->layout;
    bool inline_tag = p->service == VC_SERVICE_AEAD && r->format != VC_V11;
    bool tag_in_src = p->service == VC_SERVICE_AEAD && p->verify &&
                      (inline_tag || r->tag_in_src);
    bool no_dst = p->service == VC_SERVICE_AKCIPHER && p->verify;
    uint32_t dst = no_dst ? 0 : dst_len(r);

    vc_set_field(m, p->header, layout->src_len,
                 r->src_len + (tag_in_src ? r->digest_len : 0));
    vc_set_field(m, p->header, layout->dst_len,
                 dst + (p->service == VC_SERVICE_AKCIPHER ||
                        (inline_tag && !p->verify) ? r->digest_len : 0));
}

static void set_data_header(VCMessage *m, const VCRequest *r, const Places *p)
{
    const VCDataLayout *layout = p->layout;
    const uint32_t all[] = { 0, r->src_len, 0, r->src_len };

    vc_set(m, p->header, 4, r->opcode);
    if (r->format == VC_REV1 || r->format == VC_STATELESS) {
        vc_set(m, p->header + 16, 4, !r->params);
    }
    if (r->params) {
        vc_set_params(m, p->header, &layout->params, r->params);
        vc_set_field(m, p->header, layout->params.aad_len, r->aad_len);
    } else {
        vc_set(m, p->header + 8, 8, r->session);
    }
    vc_set_field(m, p->header, layout->iv_len, r->iv_len);
    set_lengths(m, r, p);
    vc_set_field(m, p->header, layout->aad_len, r->aad_len);
    vc_set_field(m, p->header, layout->digest_len,
                 r->digest_of_session ? 0 : r->digest_len);
    for (int i = 0; layout->window && i < ARRAY_SIZE(all); i++) {
        vc_set_field(m, p->header, layout->window + 4 * i,
                     (r->window ?: all)[i]);
    }
    vc_set_field(m, p->header, layout->op_type,
                 p->service == VC_SERVICE_CHAIN ? VC_SYM_CHAINING :
                                                  VC_SYM_CIPHER);
}

/* The tag of the standard follows the text, wherever the pieces end. */
static void join_outputs(VCExpect *expect)
{
    VCOutput *data = &expect->data, *digest = &expect->digest;

    g_assert(!data->len || !data->bytes == !digest->bytes);
    g_assert(!data->result && !digest->result);
    if (digest->bytes) {
        data->bytes = g_realloc(data->bytes, data->len + digest->len);
        memcpy(data->bytes + data->len, digest->bytes, digest->len);
    }
    data->len += digest->len;
    g_array_append_vals(data->pieces, digest->pieces->data,
                        digest->pieces->len);
    g_array_free(digest->pieces, true);
    g_free(digest->bytes);
    *digest = (VCOutput) { };
}

static void set_expected(VCExpect *expect, const VCRequest *r, const Places *p)
{
    uint32_t out_len = p->service == VC_SERVICE_AKCIPHER ? r->out_len :
                                                           r->src_len;

    expect->data_len_result = r->out_len_result;
    if (p->dst) {
        expect->data = (VCOutput) {
            .pieces = g_array_copy(p->dst),
            .len = MIN(out_len, dst_len(r)),
            .bytes = r->out ? g_memdup2(r->out, out_len) : NULL,
            .result = r->result,
        };
    }
    if (p->digest && !p->verify) {
        expect->digest = (VCOutput) {
            .pieces = g_array_copy(p->digest),
            .len = r->digest_len,
            .bytes = r->digest ? g_memdup2(r->digest, r->digest_len) : NULL,
            .result = r->digest_result,
        };
        if (p->service == VC_SERVICE_AEAD && r->format != VC_V11 &&
            dst_len(r) > r->src_len) {
            join_outputs(expect);
        }
    }
}

static void free_places(Places *p)
{
    GArray *lists[] = { p->src, p->aad, p->dst, p->digest };

    for (int i = 0; i < ARRAY_SIZE(lists); i++) {
        if (lists[i]) {
            g_array_free(lists[i], true);
        }
    }
}

VCMessage *vc_request_start(const VCRequest *r)
{
    VCMessage *m = vc_message_expecting(r->vc, r->expect);
    Places p = {
        .service = vc_service_of(r->opcode,
                                 r->chain || (r->params && r->params->order)),
        .verify = r->opcode == VC_AEAD_DECRYPT ||
                  r->opcode == VC_AKCIPHER_VERIFY,
    };

    g_assert(!r->params == (r->format != VC_STATELESS));
    p.layout = &vc_data_layouts[r->format][p.service];
    place(m, r, &p);
    set_data_header(m, r, &p);
    set_expected(m->expect, r, &p);
    if (r->format == VC_V11) {
        describe_v11(m, r, &p);
    } else {
        describe_std(m, r, &p);
    }
    free_places(&p);

    vc_shape_message(m, &r->shape);
    if (r->format == VC_V11) {
        m->expect->used_ok = MIN(vc_desc_total(m, true), 144);
        m->expect->used_failed = m->expect->used_ok;
    }
    vc_send(m, r->queue, r->shape.indirect);
    return m;
}

VCStatus vc_request(const VCRequest *r)
{
    return vc_finish(vc_request_start(r));
}
