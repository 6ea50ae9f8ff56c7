/*
 * QTest testcases for virtio-crypto: how this device reads the v11 draft
 * where that is silent or contradicts itself
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-calls.h"
#include "libqos/virtio-crypto-registry.h"

#define F   VC_V11

static VCRequest sample(VCClient *vc)
{
    return (VCRequest) {
        .vc = vc, .format = F, VC_SAMPLE_ENCRYPT,
        .session = vc_sample_session(vc, F),
    };
}

/* One writable buffer; the status where op_type says */
static void one_buffer(const VCTest *t, VCClient *vc)
{
    for (int op = VC_OP_ENCRYPT; op <= VC_OP_DECRYPT; op++) {
        g_autoptr(VCCall) c = vc_call_chain(vc, F, 1, op, true);

        vc_call_once(c, VC_OK);
        vc_check_alive(vc, F);
    }
}

/* The outcome of a hash is behind four hidden bytes. */
static void hash_layout(const VCTest *t, VCClient *vc)
{
    g_autoptr(VCCall) c = vc_call_known(vc, F, CRYPTODEV_ALGO_MD5, 1,
                                        VC_OP_ENCRYPT);

    vc_call_open(c);
    /* the structure may end with what the service uses */
    c->request.shape.writable_cut = 144 - 96;
    vc_call_send(c, VC_OK);
    c->request.shape.writable_cut = 144 - 92;
    vc_call_send(c, VC_UNANSWERED);
}

/* queue_id means nothing, and neither do flags and repeated algorithms. */
static void ignored_fields(const VCTest *t, VCClient *vc)
{
    static const uint32_t values[] = { 0, 1, 2, UINT32_MAX };

    for (int i = 0; i < ARRAY_SIZE(values); i++) {
        const VCPoke create[] = {
            { .size = 4, .offset = 4, .value = values[i] },
            { .size = 4, .offset = 8, .value = values[i] },
            { .size = 4, .offset = 12, .value = values[i] },
            { },
        };
        const VCPoke data[] = {
            { .size = 4, .offset = 4, .value = values[i] },
            { .size = 8, .offset = 16, .value = values[i] },
            { },
        };
        uint64_t session = vc_create_session(&(VCSession) {
            .vc = vc, .format = F, VC_SAMPLE_SESSION, .shape.poke = create,
        });

        for (unsigned q = 0; q < vc->n_queues; q++) {
            vc_request(&(VCRequest) {
                .vc = vc, .format = F, VC_SAMPLE_ENCRYPT, .queue = q,
                .session = session, .shape.poke = data,
            });
        }
    }
}

/* Failure writes the status at its place, and nowhere else. */
static void failure(const VCTest *t, VCClient *vc)
{
    VCRequest r = sample(vc);

    r.iv_len = 15;
    r.expect = VC_ERR;
    vc_request(&r);
}

static void digest_length(const VCTest *t, VCClient *vc)
{
    g_autoptr(VCCall) c = vc_call_known(vc, F, CRYPTODEV_ALGO_SHA1, 0,
                                        VC_OP_ENCRYPT);

    c->session.digest_len = 12;
    vc_call_open(c);
    vc_call_send(c, VC_OK);
    c->request.digest_len = 12;
    c->request.digest_of_session = true;
    vc_call_send(c, VC_OK);
    c->request.digest_of_session = false;
    c->request.digest_len = 5;
    vc_call_send(c, VC_OK);
    c->request.digest_len = 21;
    c->request.digest = NULL;
    vc_call_send(c, VC_ERR);
}

static void no_s_started(const VCTest *t, VCClient *vc)
{
    g_assert_cmpuint(qvirtio_config_readl(vc->vdev, 0), ==, 1);
    vc_driver_ok(vc);
    g_assert_cmpuint(qvirtio_config_readl(vc->vdev, 0), ==, 1);
}

/* Entries whose chain never ends, in front of bytes that are needed */
static void loop(const VCTest *t, VCClient *vc)
{
    static const char *const entries[] = { "src-iov-1", "dst-iov-1" };
    VCRequest r = sample(vc);

    r.src_split = r.dst_split = VC_SPLIT(16);
    r.expect = VC_ERR;
    for (int i = 0; i < ARRAY_SIZE(entries); i++) {
        const VCPoke poke[] = {
            { .size = 4, .part = entries[i], .offset = 8, .value = 0 },
            { .size = 4, .part = entries[i], .offset = 12, .value = 1 },
            { .size = 8, .part = entries[i], .offset = 16,
              .value_part = entries[i] },
            { },
        };

        r.shape.poke = poke;
        vc_request(&r);
    }
}

/* Flags but for bit 0, lists of both sides, empty entries, more room */
static void lists(const VCTest *t, VCClient *vc)
{
    VCRequest r = sample(vc);

    r.iov_flags = 0xfffffffe;
    vc_request(&r);
    r.src_split = VC_SPLIT(0, 16, 0, 7);
    r.dst_split = VC_SPLIT(1, 0, 0);
    vc_request(&r);
    r.dst_len = 100;
    vc_request(&r);
    r.dst_len = 63;
    r.dst_split = NULL;
    r.expect = VC_ERR;
    vc_request(&r);
}

/* The request's length counts, not that of the entries. */
static void lengths(const VCTest *t, VCClient *vc)
{
    const VCPoke longer[] = {
        { .size = 4, .offset = 56, .value = 200 },
        { .size = 4, .offset = 80, .value = 200 },
        { },
    };
    const VCPoke shorter[] = {
        { .size = 4, .offset = 56, .value = 63 }, { },
    };
    VCRequest r = sample(vc);

    r.shape.poke = longer;
    vc_request(&r);
    r.shape.poke = shorter;
    r.expect = VC_ERR;
    vc_request(&r);
}

static void chain_aad(const VCTest *t, VCClient *vc)
{
    g_autoptr(VCCall) c = vc_call_chain(vc, F, 1, 1, true);

    vc_call_once(c, VC_OK);
    c->request.aad = (const uint8_t *)"abcdef";
    c->request.aad_len = 6;
    c->session.aad_len = 3;
    vc_call_once(c, VC_OK);
    c->session.aad_len = 7;
    vc_call_once(c, VC_ERR);
}

/* IVs are read, and no more than needed: they may end where RAM ends. */
static void iv_at_end(const VCTest *t, VCClient *vc)
{
    const uint64_t end = 128 * MiB;
    const VCPoke poke[] = {
        { .size = 8, .offset = 40, .value = end - sizeof(vc_sample_iv) }, { },
    };
    VCRequest r = sample(vc);
    uint8_t now[sizeof(vc_sample_iv)];

    r.shape.poke = poke;
    qtest_memwrite(vc->qts, end - sizeof(now), vc_sample_iv, sizeof(now));
    vc_request(&r);
    qtest_memread(vc->qts, end - sizeof(now), now, sizeof(now));
    g_assert_cmpmem(now, sizeof(now), vc_sample_iv, sizeof(vc_sample_iv));
}

/* All known answers of an AEAD: J0, and the first byte of CCM's field */
static void aead_nonces(const VCTest *t, VCClient *vc)
{
    CryptoDevAlgo algo = GPOINTER_TO_UINT(t->arg);

    for (int i = 0; i < vc_known_answers(algo); i++) {
        g_autoptr(VCCall) c = vc_call_known(vc, F, algo, i, VC_OP_ENCRYPT);
        const VCPoke poke[] = {
            { .size = 1, .part = c->request.iv_skip ? "iv" : "src-0",
              .value = c->request.iv_skip ? 0xff :
                       c->request.src_len ? c->request.src[0] : 0 },
            { },
        };

        c->request.shape.poke = poke;
        vc_call_once(c, VC_OK);
    }
}

/* The tag's place: never in the destination, unless the source brings it */
static void aead_tag(const VCTest *t, VCClient *vc)
{
    g_autoptr(VCCall) c = vc_call_known(vc, F, CRYPTODEV_ALGO_AES_GCM, 0,
                                        VC_OP_ENCRYPT);
    g_autoptr(VCCall) back = vc_call_reverse(c);

    c->request.dst_len = c->request.src_len + 16;
    vc_call_once(c, VC_OK);
    vc_call_open(back);
    vc_call_send(back, VC_OK);
    back->request.tag_in_src = true;
    vc_call_send(back, VC_OK);
    back->request.src_split = VC_SPLIT(3, 20);
    vc_call_send(back, VC_OK);
}

static void chain_hashed(const VCTest *t, VCClient *vc)
{
    for (int i = 0; i < 8; i++) {
        g_autoptr(VCCall) c = vc_call_chain(vc, F, (i >> 1 & 1) + 1,
                                            (i >> 2) + 1, i & 1);

        /* twice: the digest that is there already means nothing */
        vc_call_open(c);
        vc_call_send(c, VC_OK);
        vc_call_send(c, VC_OK);
    }
}

static void nested(const VCTest *t, VCClient *vc)
{
    g_autoptr(VCCall) c = vc_call_chain(vc, F, 1, 1, true);

    c->session.hash_mode = VC_HASH_NESTED;
    vc_call_refused(c, VC_NOTSUPP);
}

static void services(const VCTest *t, VCClient *vc)
{
    g_autoptr(VCCall) c = vc_call_chain(vc, F, 1, 1, true);
    VCRequest r = sample(vc);

    vc_call_open(c);
    vc_sample_request(vc, F, c->request.session, VC_ERR);
    r.opcode = VC_CIPHER_DECRYPT;
    r.expect = VC_ERR;
    vc_request(&r);
    r.opcode = VC_HASH;
    r.expect = VC_INVSESS;
    vc_request(&r);
}

static void unknown_opcodes(const VCTest *t, VCClient *vc)
{
    static const uint32_t opcodes[] = { 4, 0x404, 0x602, 0x10002, UINT32_MAX };
    VCRequest r = sample(vc);

    r.expect = VC_UNANSWERED;
    for (int i = 0; i < ARRAY_SIZE(opcodes); i++) {
        const VCPoke poke[] = { { .size = 4, .value = opcodes[i] }, { } };

        vc_create_session(&(VCSession) {
            .vc = vc, .format = F, VC_SAMPLE_SESSION, .shape.poke = poke,
            .expect = VC_UNANSWERED,
        });
        r.shape.poke = poke;
        vc_request(&r);
    }
}

static void nothing(const VCTest *t, VCClient *vc)
{
    g_autoptr(VCCall) hash = vc_call_known(vc, F, CRYPTODEV_ALGO_MD5, 0,
                                           VC_OP_ENCRYPT);
    g_autoptr(VCCall) mac = vc_call_known(vc, F, CRYPTODEV_ALGO_CMAC_AES, 0,
                                          VC_OP_ENCRYPT);
    g_autoptr(VCCall) aead = vc_call_known(vc, F, CRYPTODEV_ALGO_AES_GCM, 6,
                                           VC_OP_ENCRYPT);
    VCCall *calls[] = { hash, mac, aead };
    VCRequest r = sample(vc);

    r.src_len = 0;
    vc_request(&r);
    for (int i = 0; i < ARRAY_SIZE(calls); i++) {
        g_assert_cmpuint(calls[i]->request.src_len, ==, 0);
        vc_call_once(calls[i], VC_OK);
    }
}

static void key_limits(const VCTest *t, VCClient *vc)
{
    uint32_t max_cipher = qvirtio_config_readl(vc->vdev, 36);
    uint32_t max_auth = qvirtio_config_readl(vc->vdev, 40);
    g_autofree uint8_t *key = vc_bytes(0, MAX(max_cipher, max_auth) + 1);
    VCSession s = {
        .vc = vc, .format = F, .algo = VC_ARC4, .key = key,
        .key_len = max_cipher,
    };

    vc_create_session(&s);
    s.key_len++;
    s.expect = VC_ERR;
    vc_create_session(&s);
    s.opcode = VC_MAC_CREATE;
    s.algo = vc_algos[CRYPTODEV_ALGO_HMAC_SHA1].number;
    s.key_len = max_auth + 1;
    vc_create_session(&s);
    s.key_len--;
    s.expect = VC_OK;
    vc_create_session(&s);
}

static void not_ready(const VCTest *t, VCClient *vc)
{
    vc_create_session(&(VCSession) {
        .vc = vc, .format = F, VC_SAMPLE_SESSION, .expect = VC_ERR,
    });
    vc_sample_request(vc, F, 1, VC_ERR);
}

#define READING(_name, _run, ...)                                       \
    { 0, _name,                                                         \
      { .run = _run, .format = VC_V11, .group = "reading", __VA_ARGS__ } }
#define ARG(_value) .arg = GUINT_TO_POINTER(_value)

/* Not to be seen from outside: A11, A25, A32 (the same structures), A35. */
static void register_virtio_crypto_v11_interpretation_test(void)
{
    const VCTestEntry tests[] = {
        READING("A1", one_buffer), READING("A2", one_buffer),
        READING("A3", hash_layout),
        READING("A4", ignored_fields, .backend = ",queues=2"),
        READING("A5", ignored_fields, .backend = ",queues=2"),
        READING("A6", failure), READING("A7", digest_length),
        READING("A8", no_s_started, .no_driver_ok = true),
        READING("A9", loop), READING("A10", lists), READING("A12", lists),
        READING("A13", lengths), READING("A14", lists),
        READING("A15", chain_aad), READING("A16", iv_at_end),
        READING("A17", aead_nonces, ARG(CRYPTODEV_ALGO_AES_GCM)),
        READING("A18", aead_nonces, ARG(CRYPTODEV_ALGO_AES_CCM)),
        READING("A19", iv_at_end), READING("A20", aead_tag),
        READING("A21", aead_tag), READING("A22", chain_hashed),
        READING("A23", chain_hashed), READING("A24", nested),
        READING("A26", services), READING("A27", ignored_fields),
        READING("A28", unknown_opcodes), READING("A29", unknown_opcodes),
        READING("A30", nothing), READING("A31", lists),
        READING("A33", key_limits),
        READING("A34", not_ready, .backend = ",ready=off"),
        { }
    };

    vc_add_tests(tests);
}

libqos_init(register_virtio_crypto_v11_interpretation_test);
