/*
 * QTest testcases for virtio-crypto: drivers that deviate from the standard,
 * and requests of a mode that was not negotiated
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-calls.h"
#include "libqos/virtio-crypto-registry.h"

/* op_type 0 is that of the session, where there is one to tell it. */
static void test_op_type(const VCTest *t, VCClient *vc)
{
    static const VCService services[] = { VC_SERVICE_CIPHER, VC_SERVICE_CHAIN };
    bool told = t->format == VC_STD || t->format == VC_REV1;

    for (int i = 0; i < ARRAY_SIZE(services); i++) {
        const VCPoke poke[] = {
            { .size = 4,
              .offset = vc_data_layouts[t->format][services[i]].op_type },
            { },
        };
        g_autoptr(VCCall) c = vc_call_sample(vc, t->format, services[i]);
        /* the draft's status is where op_type says: where a cipher has it */
        uint32_t status_offset = t->format == VC_V11 ? 108 : 0;

        vc_call_open(c);
        c->request.shape.poke = poke;
        c->request.status_offset = status_offset;
        vc_call_send(c, told ? VC_OK : VC_NOTSUPP);
        c->request.shape.poke = NULL;
        c->request.status_offset = 0;
        vc_call_send(c, VC_OK);
        vc_call_close(c);
    }
}

/* The additional data of AEAD before the text, and those of chains after it */
static void test_aead_aad_first(const VCTest *t, VCClient *vc)
{
    static const CryptoDevAlgo algos[] = {
        CRYPTODEV_ALGO_AES_GCM, CRYPTODEV_ALGO_AES_CCM,
        CRYPTODEV_ALGO_CHACHA20_POLY1305,
    };
    g_autoptr(VCCall) chain = vc_call_sample(vc, t->format, VC_SERVICE_CHAIN);

    for (int i = 0; i < ARRAY_SIZE(algos); i++) {
        for (int op = VC_OP_ENCRYPT; op <= VC_OP_DECRYPT; op++) {
            for (int n = 0; n < vc_known_answers(algos[i]); n++) {
                g_autoptr(VCCall) c = vc_call_known(vc, t->format, algos[i], n,
                                                    op);

                c->request.aad_first = true;
                vc_call_once(c, VC_OK);
            }
        }
    }
    vc_call_once(chain, VC_OK);
}

/* The property for chains is for chains. */
static void test_chain_aad_first(const VCTest *t, VCClient *vc)
{
    g_autoptr(VCCall) c = vc_call_sample(vc, t->format, VC_SERVICE_AEAD);

    vc_call_once(c, VC_OK);
}

/* A stateless request without its feature, cut at each length */
static void test_not_negotiated(const VCTest *t, VCClient *vc)
{
    for (VCService service = 0; service < VC_SERVICES; service++) {
        g_autoptr(VCCall) c = vc_call_sample(vc, VC_STATELESS, service);
        uint32_t whole;

        if (!c) {
            continue;
        }
        vc_call_open(c);
        vc_call_send(c, VC_NOTSUPP);
        whole = vc_data_layouts[VC_STATELESS][service].size +
                c->request.params->key_len + c->request.params->auth_key_len +
                c->request.iv_len + c->request.aad_len + c->request.src_len;
        for (uint32_t len = 24; len < whole; len++) {
            c->request.shape.readable_cut = whole - len;
            vc_call_send(c, VC_NOTSUPP);
        }
    }
}

#define TEST(_formats, _name, _run, ...)                                \
    { _formats, "deviations/" _name,                                    \
      { .run = _run, __VA_ARGS__ } }

static void register_virtio_crypto_deviations_test(void)
{
    const VCTestEntry tests[] = {
        TEST(VC_FOR_ALL, "op-type", test_op_type),
        TEST(VC_FOR_STANDARD, "aead-aad-first", test_aead_aad_first,
             .device = "aead-aad-first=on"),
        TEST(VC_FOR_STANDARD, "chain-aad-first", test_chain_aad_first,
             .device = "chain-aad-first=on"),
        TEST(VC_FOR_REV1, "not-negotiated", test_not_negotiated,
             .features = VC_F_REVISION_1),
        { }
    };

    vc_add_tests(tests);
}

libqos_init(register_virtio_crypto_deviations_test);
