/*
 * QTest testcases for virtio-crypto: the requirements of the v11 draft, one
 * by one
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "qobject/qdict.h"
#include "libqos/virtio-crypto-known.h"

#define F   VC_V11

/* Known answer @i in one direction, alone */
static void known(VCClient *vc, CryptoDevAlgo algo, int i, uint32_t op)
{
    g_autoptr(VCCall) c = vc_call_known(vc, F, algo, i, op);

    vc_call_once(c, VC_OK);
}

static void all_known(VCClient *vc, VCKind kind, uint32_t op)
{
    for (int algo = 1; algo < CRYPTODEV_ALGO__MAX; algo++) {
        if (vc_algos[algo].name && vc_algos[algo].kind == kind &&
            vc_offers(vc, algo)) {
            vc->context = vc_algos[algo].name;
            for (int i = 0; i < vc_known_answers(algo); i++) {
                known(vc, algo, i, op);
            }
        }
    }
    vc->context = NULL;
}

static void expect_error(QDict *response)
{
    g_assert_true(qdict_haskey(response, "error"));
    qobject_unref(response);
}

static void set_ready(VCClient *vc, bool ready)
{
    qtest_qmp_assert_success(vc->qts, "{ 'execute': 'qom-set', 'arguments': {"
                             " 'path': '/objects/cryptodev0', 'property':"
                             " 'ready', 'value': %i } }", ready);
}

static void d11_01(const VCTest *t, VCClient *vc)
{
    QVirtioPCIDevice *pci = vc->pci;

    g_assert_cmpuint(vc->n_queues, ==, 3);
    /* num_queues of the common configuration */
    g_assert_cmpuint(qpci_io_readw(pci->pdev, pci->bar,
                                   pci->common_cfg_offset + 18), ==, 4);
    for (int queues = 0; queues <= 1024; queues += 1024) {
        expect_error(qtest_qmp(vc->qts, "{ 'execute': 'object-add',"
                               " 'arguments': { 'id': 'b', 'qom-type':"
                               " 'cryptodev-backend-builtin', 'queues': %i } }",
                               queues));
    }
}

static void d11_02(const VCTest *t, VCClient *vc)
{
    for (int ready = 1; ready >= 0; ready--) {
        set_ready(vc, ready);
        g_assert_cmpuint(qvirtio_config_readl(vc->vdev, 0), ==, ready);
        if (!ready) {
            qvirtio_wait_config_isr(vc->vdev, 10 * G_USEC_PER_SEC);
        }
    }
    set_ready(vc, true);
    g_assert_cmpuint(qvirtio_config_readl(vc->vdev, 0), ==, 1);
}

static void d11_03(const VCTest *t, VCClient *vc)
{
    g_assert_cmpuint(qvirtio_config_readl(vc->vdev, 0), ==, 1);
    vc_driver_ok(vc);
    vc_check_alive(vc, F);
}

/* Make a session of an algorithm that tests may not know. */
static void create_number(VCClient *vc, VCKind kind, uint32_t number,
                          VCStatus expect)
{
    static const uint8_t key[32];
    VCSession s = {
        .vc = vc, .format = F, .opcode = vc_create_opcode(kind),
        .algo = number, .key = key, .key_len = 16, .expect = expect,
    };

    for (int i = 1; i < CRYPTODEV_ALGO__MAX; i++) {
        if (vc_algos[i].kind == kind && vc_algos[i].number == number) {
            s.key_len = vc_algos[i].key_len;
        }
    }
    /* XTS takes no two equal keys */
    if (kind == VC_KIND_CIPHER && number == VC_AES_XTS) {
        s.key = vc_sample_in;
    }
    vc_create_session(&s);
}

static void check_services(VCClient *vc, uint32_t expected)
{
    static const uint32_t masks[] = { 12, 20, 24, 32 };
    uint32_t services = qvirtio_config_readl(vc->vdev, 8);

    g_assert_cmphex(services & 0xf, ==, expected);
    for (VCKind kind = 0; kind < VC_KIND_CHAIN; kind++) {
        bool wide = kind == VC_KIND_CIPHER || kind == VC_KIND_MAC;
        uint64_t mask = qvirtio_config_readl(vc->vdev, masks[kind]);

        if (wide) {
            mask |= (uint64_t)qvirtio_config_readl(vc->vdev, masks[kind] + 4)
                    << 32;
        }
        g_assert_cmpint(!mask, ==, !(services & 1u << kind));
        g_assert_cmphex(mask & 1, ==, 0);
        for (int number = 0; number < 64; number++) {
            create_number(vc, kind, number, mask >> number & 1 ? VC_OK :
                                                                 VC_NOTSUPP);
        }
    }
}

static void d11_04(const VCTest *t, VCClient *vc)
{
    check_services(vc, 0xf);
}

static void d11_06(const VCTest *t, VCClient *vc)
{
    expect_error(qtest_qmp(vc->qts, "{ 'execute': 'device_add', 'arguments':"
                           " { 'driver': 'virtio-crypto-pci' } }"));
}

/* A library of ciphers and MACs only */
static void d11_07(const VCTest *t, VCClient *vc)
{
    check_services(vc, 0x5);
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
    create_number(vc, VC_KIND_CIPHER, 15, VC_NOTSUPP);
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

/* Answers of a service go where @t->arg's kind has its place for them. */
static void all_known_answers(const VCTest *t, VCClient *vc)
{
    all_known(vc, GPOINTER_TO_UINT(t->arg), VC_OP_ENCRYPT);
}

/* Each status of a service, at its place */
static void statuses(const VCTest *t, VCClient *vc)
{
    CryptoDevAlgo algo = GPOINTER_TO_UINT(t->arg);
    g_autoptr(VCCall) c = vc_call_known(vc, F, algo, 0, VC_OP_ENCRYPT);

    create_number(vc, vc_algos[algo].kind, 24, VC_NOTSUPP);
    vc_call_open(c);
    vc_call_send(c, VC_OK);
    c->request.digest_len = 65;
    c->request.digest = NULL;
    vc_call_send(c, VC_ERR);
    c->request.digest_len = 16;
    c->request.session ^= 1ull << 40;
    vc_call_send(c, VC_INVSESS);
    c->request.session = vc_sample_session(vc, F);
    vc_call_send(c, VC_INVSESS);
}

static void d11_14(const VCTest *t, VCClient *vc)
{
    static const uint32_t lens[] = { 1, 63, 64, 65, 200 };

    all_known(vc, VC_KIND_MAC, VC_OP_ENCRYPT);
    for (int i = 0; i < ARRAY_SIZE(lens); i++) {
        g_autoptr(VCCall) c = vc_call_random(vc, F, CRYPTODEV_ALGO_HMAC_SHA1,
                                             50, 0, VC_OP_ENCRYPT);
        g_autofree uint8_t *key = vc_bytes(i, lens[i]);
        g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA1, key, lens[i]);

        g_hmac_update(hmac, c->request.src, 50);
        c->session.key = key;
        c->session.key_len = lens[i];
        c->request.digest = vc_call_own(c, vc_hex(g_hmac_get_string(hmac),
                                                  &c->request.digest_len));
        vc_call_once(c, VC_OK);
    }
}

static void d11_16(const VCTest *t, VCClient *vc)
{
    VCRequest r = {
        .vc = vc, .format = F, VC_SAMPLE_ENCRYPT,
        .session = vc_sample_session(vc, F),
    };

    vc_request(&r);
    r.opcode = VC_CIPHER_DECRYPT;
    r.expect = VC_ERR;
    vc_request(&r);
    r.opcode = VC_HASH;
    r.expect = VC_INVSESS;
    vc_request(&r);
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

static void d11_18(const VCTest *t, VCClient *vc)
{
    for (int i = 0; i < 8; i++) {
        g_autoptr(VCCall) c = vc_call_chain(vc, F, (i >> 1 & 1) + 1,
                                            (i >> 2) + 1, i & 1);

        vc_call_once(c, VC_OK);
    }
}

static void d11_19(const VCTest *t, VCClient *vc)
{
    VCRequest r = {
        .vc = vc, .format = F, VC_SAMPLE_ENCRYPT,
        .session = vc_sample_session(vc, F),
    };

    all_known(vc, VC_KIND_CIPHER, VC_OP_ENCRYPT);
    all_known(vc, VC_KIND_CIPHER, VC_OP_DECRYPT);
    vc_request(&r);
    r.in_place = true;
    vc_request(&r);
}

static void d11_21(const VCTest *t, VCClient *vc)
{
    g_autoptr(VCCall) c = vc_call_chain(vc, F, 1, 1, true);
    VCRequest r = {
        .vc = vc, .format = F, VC_SAMPLE_ENCRYPT,
        .session = vc_sample_session(vc, F),
    };

    vc_request(&r);
    r.iv_len = 15;
    r.expect = VC_ERR;
    vc_request(&r);
    r.shape.poke = (VCPoke []) { { .size = 4, .offset = 136 }, { } };
    r.expect = VC_NOTSUPP;
    vc_request(&r);
    vc_call_open(c);
    vc_call_send(c, VC_OK);
    c->request.iv_len = 15;
    vc_call_send(c, VC_ERR);
}

static void d11_23(const VCTest *t, VCClient *vc)
{
    all_known(vc, VC_KIND_AEAD, VC_OP_ENCRYPT);
    all_known(vc, VC_KIND_AEAD, VC_OP_DECRYPT);
}

static void d11_22(const VCTest *t, VCClient *vc)
{
    g_autoptr(VCCall) c = vc_call_known(vc, F, CRYPTODEV_ALGO_AES_GCM, 0,
                                        VC_OP_ENCRYPT);

    vc_call_open(c);
    vc_call_send(c, VC_OK);
    c->request.opcode = VC_AEAD_DECRYPT;
    vc_call_send(c, VC_ERR);
}

static void d11_26(const VCTest *t, VCClient *vc)
{
    static const char *const parts[] = { "src-0", "aad-0", "digest", "iv" };
    g_autoptr(VCCall) c = vc_call_known(vc, F, CRYPTODEV_ALGO_AES_GCM, 0,
                                        VC_OP_DECRYPT);
    const uint8_t *bytes[] = {
        c->request.src, c->request.aad, c->request.digest, c->request.iv,
    };

    vc_call_open(c);
    for (int i = 0; i < ARRAY_SIZE(parts); i++) {
        VCPoke poke[] = {
            { .size = 1, .part = parts[i], .value = bytes[i][0] ^ 1 }, { },
        };

        c->request.shape.poke = poke;
        vc_call_send(c, VC_BADMSG);
    }
    c->request.shape.poke = NULL;
    vc_call_send(c, VC_OK);
}

#define REQ(_number, _run, ...)                                         \
    { 0, "D11-" _number,                                                \
      { .run = _run, .format = VC_V11, .group = "req", __VA_ARGS__ } }
#define ARG(_value) .arg = GUINT_TO_POINTER(_value)

static void register_virtio_crypto_d11_test(void)
{
    const VCTestEntry tests[] = {
        REQ("01", d11_01, .pci = true, .backend = ",queues=3"),
        REQ("02", d11_02), REQ("03", d11_03, .no_driver_ok = true),
        REQ("04", d11_04), REQ("05", d11_04),
        REQ("06", d11_06, .pci = true),
        REQ("07", d11_07, .provider = "tomcrypt"),
        REQ("08", d11_08), REQ("09", d11_09), REQ("10", d11_10),
        REQ("11", d11_11), REQ("12", all_known_answers, ARG(VC_KIND_HASH)),
        REQ("13", statuses, ARG(CRYPTODEV_ALGO_MD5)), REQ("14", d11_14),
        REQ("15", statuses, ARG(CRYPTODEV_ALGO_HMAC_MD5)),
        REQ("16", d11_16), REQ("17", d11_17), REQ("18", d11_18),
        REQ("19", d11_19), REQ("20", d11_18), REQ("21", d11_21),
        REQ("22", d11_22), REQ("23", d11_23), REQ("24", d11_23),
        REQ("25", statuses, ARG(CRYPTODEV_ALGO_AES_GCM)),
        REQ("26", d11_26),
        { }
    };

    vc_add_tests(tests);
}

libqos_init(register_virtio_crypto_d11_test);
