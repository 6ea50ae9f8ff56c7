/*
 * QTest testcases for virtio-crypto: the requirements that the v11 draft
 * alone has, one by one
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "qobject/qdict.h"
#include "libqos/virtio-crypto-registry.h"
#include "libqos/virtio-crypto-samples.h"

#define F   VC_V11

static void d11_06(const VCTest *t, VCClient *vc)
{
    QDict *response = qtest_qmp(vc->qts, "{ 'execute': 'device_add',"
                                " 'arguments': {"
                                " 'driver': 'virtio-crypto-pci' } }");

    g_assert_true(qdict_haskey(response, "error"));
    qobject_unref(response);
}

static void d11_08(const VCTest *t, VCClient *vc)
{
    uint64_t a = vc_sample_session(vc, F), b = vc_sample_session(vc, F);

    g_assert_cmphex(a, !=, b);
    vc_sample_request(vc, F, b, VC_OK);
    vc_sample_request(vc, F, a, VC_OK);
}

static void d11_09(const VCTest *t, VCClient *vc)
{
    VCSession s = { .vc = vc, .format = F, VC_SAMPLE_SESSION };

    vc_create_session(&s);
    s.key_len = 15;
    s.expect = VC_ERR;
    vc_create_session(&s);
    s.key_len = 16;
    s.shape.poke = (VCPoke []) {
        { .size = 8, .offset = 32, .value = 0x7f0000000000 }, { },
    };
    vc_create_session(&s);
    s.shape.poke = NULL;
    s.algo = 15;
    s.expect = VC_NOTSUPP;
    vc_create_session(&s);
}

static void d11_10(const VCTest *t, VCClient *vc)
{
    VCDestroy d = {
        .vc = vc, .format = F, .session = vc_sample_session(vc, F),
    };

    vc_destroy_session(&d);
    d.expect = VC_ERR;
    vc_destroy_session(&d);
    d.session = vc_sample_session(vc, F);
    d.opcode = VC_HASH_DESTROY;
    vc_destroy_session(&d);
    vc_sample_request(vc, F, d.session, VC_OK);
}

static void d11_11(const VCTest *t, VCClient *vc)
{
    static const uint32_t split_64[] = { [0 ... 62] = 1, VC_END };
    const uint32_t *splits[] = {
        NULL, VC_SPLIT(7), VC_SPLIT(16, 17), VC_SPLIT(0, 5, 0), split_64,
    };
    VCRequest r = {
        .vc = vc, .format = F, VC_SAMPLE_ENCRYPT,
        .session = vc_sample_session(vc, F), .iov_flags = 0xfffffffe,
    };

    for (int i = 0; i < ARRAY_SIZE(splits) * ARRAY_SIZE(splits); i++) {
        r.src_split = splits[i % ARRAY_SIZE(splits)];
        r.dst_split = splits[i / ARRAY_SIZE(splits)];
        vc_request(&r);
    }
}

static void d11_17(const VCTest *t, VCClient *vc)
{
    const VCPoke poke[] = {
        /* digest address and length, and what a chain would have behind */
        { .size = 8, .offset = 96, .value_part = "src-0" },
        { .size = 4, .offset = 104, .value = UINT32_MAX },
        { .size = 8, .offset = 112, .value = UINT64_MAX },
        { .size = 8, .offset = 120, .value = UINT64_MAX },
        { .size = 8, .offset = 128, .value = UINT64_MAX },
        { },
    };

    vc_request(&(VCRequest) {
        .vc = vc, .format = F, VC_SAMPLE_ENCRYPT, .shape.poke = poke,
        .session = vc_sample_session(vc, F),
    });
}

#define REQ(_number, _run, ...)                                         \
    { 0, "D11-" _number,                                                \
      { .run = _run, .format = VC_V11, .group = "req", __VA_ARGS__ } }

/* Those that the standard has, too: virtio-crypto-conformance-test.c */
static void register_virtio_crypto_conformance_v11_test(void)
{
    const VCTestEntry tests[] = {
        REQ("06", d11_06, .pci = true), REQ("08", d11_08), REQ("09", d11_09),
        REQ("10", d11_10), REQ("11", d11_11), REQ("17", d11_17),
        { }
    };

    vc_add_tests(tests);
}

libqos_init(register_virtio_crypto_conformance_v11_test);
