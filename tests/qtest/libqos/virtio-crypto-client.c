/*
 * virtio-crypto client: sessions
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../libqtest.h"
#include "virtio-crypto-client-internal.h"

static void apply_pokes(VCMessage *m, const VCPoke *poke)
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

static void move_buffer(VCMessage *m, const VCMove *move)
{
    uint64_t from = vc_part(m, move->part);
    bool found = false;

    for (int i = 0; i < m->descs->len; i++) {
        VCDesc *d = &g_array_index(m->descs, VCDesc, i);

        if (d->addr == from) {
            d->addr = move->addr + (move->relative ? from : 0);
            found = true;
        }
    }
    g_assert_true(found);
}

void vc_shape_message(VCMessage *m, const VCShape *shape)
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
    g_assert(!shape->desc_max || (!shape->readable && !shape->writable));
    if (shape->readable) {
        vc_desc_gather(m, false, shape->readable);
    }
    if (shape->writable) {
        vc_desc_gather(m, true, shape->writable);
    }
    if (shape->desc_max) {
        vc_desc_scatter(m, shape->desc_max);
    }
    for (const VCMove *move = shape->move; move && move->part; move++) {
        move_buffer(m, move);
    }
}

/* Control requests */

VCService vc_service_of(uint32_t opcode, bool chain)
{
    g_assert_cmpuint(opcode >> 8, <=, VC_SERVICE_AKCIPHER);
    g_assert(!chain || opcode >> 8 == VC_SERVICE_CIPHER);
    return chain ? VC_SERVICE_CHAIN : opcode >> 8;
}

void vc_set_field(VCMessage *m, uint64_t header, uint8_t offset, uint32_t value)
{
    if (offset) {
        vc_set(m, header + offset, 4, value);
    }
}

void vc_set_params(VCMessage *m, uint64_t header, const VCParamFields *at,
                   const VCSession *s)
{
    vc_set_field(m, header, at->algo, s->algo);
    vc_set_field(m, header, at->key_len, s->key_len);
    vc_set_field(m, header, at->op, s->op ?: VC_OP_ENCRYPT);
    vc_set_field(m, header, at->digest_len, s->digest_len);
    vc_set_field(m, header, at->aad_len, s->aad_len);
    vc_set_field(m, header, at->order, s->order);
    vc_set_field(m, header, at->hash_mode, s->hash_mode);
    vc_set_field(m, header, at->hash_algo, s->hash_algo);
    if (s->hash_mode != VC_HASH_PLAIN) {
        vc_set_field(m, header, at->auth_key_len, s->auth_key_len);
    }
    vc_set_field(m, header, at->key_type, s->key_type ?: VC_PUBLIC);
    vc_set_field(m, header, at->padding, s->padding);
    vc_set_field(m, header, at->rsa_hash, s->rsa_hash);
}

static uint64_t put_ctrl_header(VCMessage *m, VCFormat format, uint32_t opcode,
                                uint32_t size)
{
    uint64_t header = vc_put(m, "header", NULL, size);

    vc_set(m, header, 4, opcode);
    vc_desc(m, header, size, format == VC_V11);
    return header;
}

static void send_ctrl(VCMessage *m, VCFormat format, const VCShape *shape)
{
    uint32_t most = format == VC_V11 ? 104 : 16;
    VCExpect *expect = m->expect;

    vc_shape_message(m, shape);
    expect->used_ok = expect->status_size == 1 ? 1 :
                      MIN(vc_desc_total(m, true), most);
    expect->used_failed = expect->used_ok;
    vc_send(m, m->vc->n_queues, shape->indirect);
}

/* The part of the padding after an outcome that a cut leaves */
static uint32_t padding_len(const VCSession *s, const VCCreateLayout *layout)
{
    uint32_t end = layout->size - s->shape.writable_cut;

    return s->format != VC_V11 ? 4 :
           MIN(4, MAX(end, layout->outcome + 12) - layout->outcome - 12);
}

static void describe_create(VCMessage *m, const VCSession *s,
                            const VCCreateLayout *layout, uint64_t header)
{
    uint64_t key = vc_put(m, "key", s->key, s->key_len);
    uint64_t auth = vc_put(m, "auth", s->auth_key, s->auth_key_len);
    uint64_t outcome = header + layout->outcome;

    if (s->format != VC_V11) {
        vc_desc(m, key, s->key_len, false);
        vc_desc(m, auth, s->auth_key_len, false);
        outcome = vc_put(m, "outcome", NULL, 16 + s->slack);
        vc_desc(m, outcome, 16 + s->slack, true);
    }
    if (layout->key_addr) {
        vc_set(m, header + layout->key_addr, 8, key);
    }
    if (layout->auth_key_addr && s->hash_mode != VC_HASH_PLAIN) {
        vc_set(m, header + layout->auth_key_addr, 8, auth);
    }
    if (s->format != VC_V11 && s->shape.writable_cut) {
        /* no room for the outcome: the status takes the first byte */
        m->expect->status_addr = outcome;
        m->expect->status_size = 1;
    } else {
        m->expect->status_addr = outcome + 8;
        m->expect->status_size = 4;
        m->expect->id_addr = outcome;
        m->expect->pad_addr = outcome + 12;
        m->expect->pad_len = padding_len(s, layout);
    }
}

VCMessage *vc_create_session_start(const VCSession *s)
{
    VCMessage *m = vc_message_expecting(s->vc, s->expect);
    uint32_t opcode = s->opcode ?: VC_CIPHER_CREATE;
    VCService service = vc_service_of(opcode, s->order);
    const VCCreateLayout *layout = &vc_create_layouts[s->format][service];
    uint64_t header = put_ctrl_header(m, s->format, opcode, layout->size);

    vc_set_params(m, header, &vc_create_fields[service], s);
    vc_set_field(m, header, layout->op_type,
                 service == VC_SERVICE_CHAIN ? VC_SYM_CHAINING : VC_SYM_CIPHER);
    describe_create(m, s, layout, header);
    send_ctrl(m, s->format, &s->shape);
    return m;
}

uint64_t vc_create_session_finish(VCMessage *m)
{
    uint64_t id;

    vc_check(m);
    id = m->expect->id;
    vc_forget(m);
    return id;
}

uint64_t vc_create_session(const VCSession *s)
{
    return vc_create_session_finish(vc_create_session_start(s));
}

void vc_destroy_session(const VCDestroy *d)
{
    VCMessage *m = vc_message_expecting(d->vc, d->expect);
    uint64_t header = put_ctrl_header(m, d->format,
                                      d->opcode ?: VC_CIPHER_DESTROY,
                                      vc_destroy_sizes[d->format]);

    vc_set(m, header + 16, 8, d->session);
    if (d->format == VC_V11) {
        m->expect->status_addr = header + 24;
        m->expect->status_size = 4;
        m->expect->pad_addr = header + 28;
        m->expect->pad_len = 4;
    } else {
        m->expect->status_addr = vc_put(m, "status", NULL, 1 + d->slack);
        m->expect->status_size = 1;
        vc_desc(m, m->expect->status_addr, 1 + d->slack, true);
    }
    send_ctrl(m, d->format, &d->shape);
    vc_finish(m);
}
