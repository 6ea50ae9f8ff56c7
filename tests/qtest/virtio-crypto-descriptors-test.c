/*
 * QTest testcases for virtio-crypto: requests that are cut into descriptors
 * at each of their bytes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-calls.h"

/* Cuts behind this are made at some bytes only. */
#define ALL_CUTS    160

/* All of a direction in one descriptor, and in two */
static void check_cuts(VCCall *c, const uint32_t **cut, uint32_t len)
{
    const uint32_t one[] = { VC_END };

    *cut = one;
    vc_call_send(c, VC_OK);
    for (uint32_t at = 1; at < len; at += at < ALL_CUTS ? 1 : 61) {
        const uint32_t two[] = { at, VC_END };

        *cut = two;
        c->request.shape.indirect = at & 1;
        vc_call_send(c, VC_OK);
    }
    *cut = NULL;
}

static uint32_t readable_len(const VCCall *c, VCKind kind)
{
    const VCRequest *r = &c->request;
    uint32_t len = vc_data_layouts[r->format][kind].size + r->iv_len +
                   r->src_len + r->aad_len;

    return r->params ? len + r->params->key_len + r->params->auth_key_len :
                       len;
}

static uint32_t writable_len(const VCCall *c, VCKind kind)
{
    const VCRequest *r = &c->request;

    if (r->format == VC_V11) {
        return vc_data_layouts[VC_V11][kind].size;
    }
    return kind == VC_KIND_HASH || kind == VC_KIND_MAC ? r->digest_len + 1 :
           (r->dst_len ?: r->src_len) + r->digest_len + 1;
}

static void check_both_cut(VCCall *c, uint32_t readable, uint32_t writable)
{
    for (uint32_t step = 1; step < 80; step += step < 10 ? 1 : 7) {
        uint32_t third = readable / 3;
        const uint32_t r[] = { 1 + step % third, third, 1, VC_END };
        const uint32_t w[] = { writable - 1, VC_END };
        const uint32_t w3[] = { 1, (writable - 2) / 3, VC_END };

        c->request.shape = (VCShape) {
            .readable = r, .writable = step & 2 ? w3 : w,
            .indirect = step & 1,
        };
        vc_call_send(c, VC_OK);
    }
    /* as small as the queue, or an indirect table, has room for */
    c->request.shape = (VCShape) {
        .desc_max = readable + writable > 500 ? 3 : 1,
    };
    vc_call_send(c, VC_OK);
    c->request.shape.indirect = true;
    vc_call_send(c, VC_OK);
    c->request.shape = (VCShape) { };
}

static void test_kind(const VCTest *t, VCClient *vc)
{
    VCKind kind = GPOINTER_TO_UINT(t->arg);
    g_autoptr(VCCall) c = vc_call_sample(vc, t->format, kind);
    uint32_t readable, writable;

    if (!c) {
        g_test_skip("the service is not offered");
        return;
    }
    vc_call_open(c);
    readable = readable_len(c, kind);
    writable = writable_len(c, kind);
    check_cuts(c, &c->request.shape.writable, writable);
    if (t->format != VC_V11) {
        check_cuts(c, &c->request.shape.readable, readable);
        check_both_cut(c, readable, writable);
    }
    vc_call_close(c);
}

/* Creation and destruction in the draft, whose buffer has one direction */
static void test_v11_control(const VCTest *t, VCClient *vc)
{
    for (VCKind kind = 0; kind < VC_KINDS; kind++) {
        g_autoptr(VCCall) c = vc_call_sample(vc, VC_V11, kind);

        for (uint32_t at = 1; c && at < 104; at++) {
            const uint32_t two[] = { at, VC_END };

            c->session.shape.writable = two;
            vc_call_open(c);
            vc_destroy_session(&(VCDestroy) {
                .vc = vc, .format = VC_V11, .opcode = c->session.opcode + 1,
                .session = c->request.session, .shape.writable = two,
            });
        }
    }
}

/* Destruction in the standard: header and id cut at each byte */
static void test_destroy(const VCTest *t, VCClient *vc)
{
    for (uint32_t at = 1; at < vc_destroy_sizes[t->format]; at++) {
        const uint32_t two[] = { at, VC_END };

        vc_destroy_session(&(VCDestroy) {
            .vc = vc, .format = t->format,
            .session = vc_sample_session(vc, t->format),
            .shape.readable = two, .shape.indirect = at & 1,
        });
    }
}

static void register_virtio_crypto_descriptors_test(void)
{
    static const struct {
        const char *name;
        VCKind kind;
        unsigned formats;
    } kinds[] = {
        { "split/cipher", VC_KIND_CIPHER, VC_FOR_ALL },
        { "split/hash", VC_KIND_HASH, VC_FOR_ALL },
        { "split/mac", VC_KIND_MAC, VC_FOR_ALL },
        { "split/aead", VC_KIND_AEAD, VC_FOR_ALL },
        { "split/akcipher", VC_KIND_AKCIPHER, VC_FOR_STANDARD },
        { "split/chain", VC_KIND_CHAIN, VC_FOR_ALL },
    };
    static const VCTestEntry control[] = {
        { VC_FOR_V11, "split/control",
          { test_v11_control, .group = "services" } },
        { VC_FOR_STD | VC_FOR_REV1, "split/destroy",
          { test_destroy, .group = "services" } },
        { }
    };

    for (int i = 0; i < ARRAY_SIZE(kinds); i++) {
        const VCTestEntry entries[] = {
            { kinds[i].formats, kinds[i].name,
              { .run = test_kind, .group = "services",
                .arg = GUINT_TO_POINTER(kinds[i].kind) } },
            { }
        };

        vc_add_tests(entries);
    }
    vc_add_tests(control);
}

libqos_init(register_virtio_crypto_descriptors_test);
