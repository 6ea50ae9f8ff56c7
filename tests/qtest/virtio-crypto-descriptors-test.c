/*
 * QTest testcases for virtio-crypto: requests that are cut into descriptors
 * at each of their bytes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-calls.h"
#include "libqos/virtio-crypto-registry.h"

/* Cut at every byte up to here, and at some after it. */
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

static uint32_t readable_len(const VCCall *c, VCService service)
{
    const VCRequest *r = &c->request;
    uint32_t len = vc_data_layouts[r->format][service].size + r->iv_len +
                   r->src_len + r->aad_len;

    return r->params ? len + r->params->key_len + r->params->auth_key_len :
                       len;
}

static uint32_t writable_len(const VCCall *c, VCService service)
{
    const VCRequest *r = &c->request;

    if (r->format == VC_V11) {
        return vc_data_layouts[VC_V11][service].size;
    }
    if (service == VC_SERVICE_HASH || service == VC_SERVICE_MAC) {
        return r->digest_len + 1;
    }
    return (r->dst_len ?: r->src_len) + r->digest_len + 1;
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

static void test_service(const VCTest *t, VCClient *vc)
{
    VCService service = GPOINTER_TO_UINT(t->arg);
    g_autoptr(VCCall) c = vc_call_sample(vc, t->format, service);
    uint32_t readable, writable;

    if (!c) {
        return;
    }
    vc_call_open(c);
    readable = readable_len(c, service);
    writable = writable_len(c, service);
    check_cuts(c, &c->request.shape.writable, writable);
    if (t->format != VC_V11) {
        check_cuts(c, &c->request.shape.readable, readable);
        check_both_cut(c, readable, writable);
    }
    vc_call_close(c);
}

static void check_v11_control(VCCall *c)
{
    for (uint32_t at = 1; at < 104; at++) {
        const uint32_t two[] = { at, VC_END };

        c->session.shape.writable = two;
        vc_call_open(c);
        vc_destroy_session(&(VCDestroy) {
            .vc = c->session.vc, .format = VC_V11,
            .opcode = c->session.opcode + 1,
            .session = c->request.session, .shape.writable = two,
        });
    }
}

/* Creation and destruction in the draft, whose buffer has one direction */
static void test_v11_control(const VCTest *t, VCClient *vc)
{
    vc_each_service(vc, VC_V11, check_v11_control);
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
        VCService service;
        unsigned formats;
    } services[] = {
        { "descriptors/cipher", VC_SERVICE_CIPHER, VC_FOR_ALL },
        { "descriptors/hash", VC_SERVICE_HASH, VC_FOR_ALL },
        { "descriptors/mac", VC_SERVICE_MAC, VC_FOR_ALL },
        { "descriptors/aead", VC_SERVICE_AEAD, VC_FOR_ALL },
        { "descriptors/akcipher", VC_SERVICE_AKCIPHER, VC_FOR_STANDARD },
        { "descriptors/chain", VC_SERVICE_CHAIN, VC_FOR_ALL },
    };
    static const VCTestEntry control[] = {
        { VC_FOR_V11, "descriptors/control",
          { test_v11_control } },
        { VC_FOR_STD | VC_FOR_REV1, "descriptors/destroy",
          { test_destroy } },
        { }
    };

    for (int i = 0; i < ARRAY_SIZE(services); i++) {
        const VCTestEntry entries[] = {
            { services[i].formats, services[i].name,
              { .run = test_service,
                .arg = GUINT_TO_POINTER(services[i].service) } },
            { }
        };

        vc_add_tests(entries);
    }
    vc_add_tests(control);
}

libqos_init(register_virtio_crypto_descriptors_test);
