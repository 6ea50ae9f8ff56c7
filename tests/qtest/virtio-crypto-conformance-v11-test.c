/*
 * QTest testcases for virtio-crypto: the requirements of the v11 draft alone
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "qobject/qdict.h"
#include "libqos/virtio-crypto-registry.h"
#include "libqos/virtio-crypto-samples.h"

static void no_backend(VCFormat f, VCClient *vc)
{
    QDict *response = qtest_qmp(vc->qts, "{ 'execute': 'device_add',"
                                " 'arguments': {"
                                " 'driver': 'virtio-crypto-pci' } }");

    g_assert_true(qdict_haskey(response, "error"));
    qobject_unref(response);
}

static void check_new_id(GHashTable *seen, uint64_t id)
{
    g_assert_true(g_hash_table_add(seen, g_memdup2(&id, sizeof(id))));
}

/* No id is used again, not even that of a session that was destroyed. */
static void session_ids(VCFormat f, VCClient *vc)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash,
                                                       g_int64_equal,
                                                       g_free, NULL);
    uint64_t older = vc_sample_session(vc, f), id;

    check_new_id(seen, older);
    for (int i = 0; i < 100; i++) {
        id = vc_sample_session(vc, f);
        check_new_id(seen, id);
        vc_sample_request(vc, f, id, VC_OK);
        vc_sample_request(vc, f, older, VC_OK);
        vc_destroy_session(&(VCDestroy) {
            .vc = vc, .format = f, .session = older,
        });
        older = id;
    }
}

static void create_statuses(VCFormat f, VCClient *vc)
{
    VCSession s = { .vc = vc, .format = f, VC_SAMPLE_SESSION };

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

static void destroy_statuses(VCFormat f, VCClient *vc)
{
    VCDestroy d = {
        .vc = vc, .format = f, .session = vc_sample_session(vc, f),
    };

    vc_destroy_session(&d);
    vc_sample_request(vc, f, d.session, VC_INVSESS);
    d.expect = VC_ERR;
    vc_destroy_session(&d);
    d.session = vc_sample_session(vc, f);
    d.opcode = VC_HASH_DESTROY;
    vc_destroy_session(&d);
    vc_sample_request(vc, f, d.session, VC_OK);
}

static void lists(VCFormat f, VCClient *vc)
{
    static const uint32_t split_64[] = { [0 ... 62] = 1, VC_END };
    const uint32_t *splits[] = {
        NULL, VC_SPLIT(7), VC_SPLIT(16, 17), VC_SPLIT(0, 5, 0), split_64,
    };
    VCRequest r = {
        .vc = vc, .format = f, VC_SAMPLE_ENCRYPT,
        .session = vc_sample_session(vc, f), .iov_flags = 0xfffffffe,
    };

    for (int i = 0; i < ARRAY_SIZE(splits) * ARRAY_SIZE(splits); i++) {
        r.src_split = splits[i % ARRAY_SIZE(splits)];
        r.dst_split = splits[i / ARRAY_SIZE(splits)];
        vc_request(&r);
    }
}

static void cipher_part_only(VCFormat f, VCClient *vc)
{
    const VCPoke poke[] = {
        /* digest address and length, and what a chain has after them */
        { .size = 8, .offset = 96, .value_part = "src-0" },
        { .size = 4, .offset = 104, .value = UINT32_MAX },
        { .size = 8, .offset = 112, .value = UINT64_MAX },
        { .size = 8, .offset = 120, .value = UINT64_MAX },
        { .size = 8, .offset = 128, .value = UINT64_MAX },
        { },
    };

    vc_request(&(VCRequest) {
        .vc = vc, .format = f, VC_SAMPLE_ENCRYPT, .shape.poke = poke,
        .session = vc_sample_session(vc, f),
    });
}

/* virtio-crypto-conformance-test.c has those that the standard shares. */
static const VCRequirement requirements[] = {
    { "D11-06", "a device has a backend that does the work",
      VC_DRAFT("Device Initialization"), VC_FOR_V11, no_backend,
      { .pci = true } },
    { "D11-08", "a created session has an id, which can be used at once",
      VC_DRAFT("Session operation: create session"), VC_FOR_V11, session_ids },
    { "D11-09", "a creation ends with OK, NOTSUPP or ERR, by cause",
      VC_DRAFT("Session operation: create session"), VC_FOR_V11,
      create_statuses },
    { "D11-10", "a destruction ends with OK or ERR, by cause",
      VC_DRAFT("Session operation: destroy session"), VC_FOR_V11,
      destroy_statuses },
    { "D11-11", "data may be in one buffer, or in a list of "
      "virtio_crypto_iovec",
      VC_DRAFT("Scatter-Gather Support"), VC_FOR_V11, lists },
    { "D11-17", "a request in a session of a cipher is read as one, whatever a "
      "chain has there",
      VC_DRAFT("Symmetric algorithms Operation"), VC_FOR_V11,
      cipher_part_only },
    { }
};

static void register_virtio_crypto_conformance_v11_test(void)
{
    vc_add_requirements("conformance", requirements);
}

libqos_init(register_virtio_crypto_conformance_v11_test);
