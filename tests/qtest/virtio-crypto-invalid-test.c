/*
 * QTest testcases for virtio-crypto: requests of all services with one error
 *
 * Each gets its status, in one piece and in odd pieces.  The device writes
 * nothing else, and serves the next request in the queue.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-akcipher.h"
#include "libqos/virtio-crypto-registry.h"

#define ODD { .indirect = true, .desc_max = 11 }

/* Fields of a request */

/**
 * BadField: a value that a request of @service must not have
 *
 * @param: of a session, or of what a stateless request brings along
 * @field: in VCDataLayout or, if @param, in VCParamFields
 * @decrypt: in a decryption
 */
typedef struct BadField {
    VCService service;
    const char *name;
    bool param;
    size_t field;
    uint32_t value;
    VCStatus expect;
    bool decrypt;
} BadField;

#define DATA(_service, _field, _value, _expect)                         \
    { VC_SERVICE_##_service, #_field, false,                            \
      offsetof(VCDataLayout, _field), _value, _expect }
#define DECRYPT(_service, _field, _value, _expect)                      \
    { VC_SERVICE_##_service, #_field " of a decryption", false,         \
      offsetof(VCDataLayout, _field), _value, _expect, true }
#define PARAM(_service, _field, _value, _expect)                        \
    { VC_SERVICE_##_service, #_field, true,                             \
      offsetof(VCParamFields, _field), _value, _expect }

/* The samples: see vc_call_sample(). */
static const BadField bad_fields[] = {
    /* 56 bytes of source */
    DATA(HASH, src_len, 57, VC_ERR),
    DATA(HASH, src_len, 1u << 31, VC_ERR),
    DATA(HASH, src_len, UINT32_MAX, VC_ERR),
    DATA(HASH, digest_len, 33, VC_ERR),
    DATA(HASH, digest_len, UINT32_MAX, VC_ERR),
    PARAM(HASH, algo, 0, VC_NOTSUPP),
    PARAM(HASH, algo, 13, VC_NOTSUPP),
    PARAM(HASH, algo, 64 + 4, VC_NOTSUPP),
    PARAM(HASH, algo, UINT32_MAX, VC_NOTSUPP),

    /* a key of 4 bytes, 28 bytes of source */
    DATA(MAC, src_len, 29, VC_ERR),
    DATA(MAC, src_len, UINT32_MAX - 71, VC_ERR),
    DATA(MAC, digest_len, 33, VC_ERR),
    DATA(MAC, digest_len, UINT32_MAX, VC_ERR),
    PARAM(MAC, algo, 0, VC_NOTSUPP),
    PARAM(MAC, algo, 7, VC_NOTSUPP),
    PARAM(MAC, algo, 32, VC_NOTSUPP),
    PARAM(MAC, algo, 64 + 4, VC_NOTSUPP),
    PARAM(MAC, key_len, 5, VC_ERR),
    PARAM(MAC, key_len, 513, VC_ERR),
    PARAM(MAC, key_len, UINT32_MAX, VC_ERR),

    /* 12 bytes of nonce, 20 of additional data, 60 of text, 16 of tag */
    DATA(AEAD, iv_len, 0, VC_ERR),
    DATA(AEAD, iv_len, 11, VC_ERR),
    DATA(AEAD, iv_len, 13, VC_ERR),
    DATA(AEAD, iv_len, 16, VC_ERR),
    DATA(AEAD, iv_len, UINT32_MAX, VC_ERR),
    DATA(AEAD, aad_len, 21, VC_ERR),
    DATA(AEAD, aad_len, 19, VC_ERR),
    DATA(AEAD, aad_len, UINT32_MAX, VC_ERR),
    DATA(AEAD, src_len, 61, VC_ERR),
    DATA(AEAD, src_len, 59, VC_ERR),
    DATA(AEAD, src_len, UINT32_MAX - 15, VC_ERR),
    DATA(AEAD, dst_len, 75, VC_ERR),
    DATA(AEAD, dst_len, 60, VC_ERR),
    DATA(AEAD, dst_len, 0, VC_ERR),
    DATA(AEAD, dst_len, 77, VC_ERR),
    DATA(AEAD, dst_len, UINT32_MAX, VC_ERR),
    DATA(AEAD, digest_len, 5, VC_ERR),
    DATA(AEAD, digest_len, 17, VC_ERR),
    DATA(AEAD, digest_len, UINT32_MAX, VC_ERR),
    DECRYPT(AEAD, src_len, 75, VC_ERR),
    DECRYPT(AEAD, src_len, 15, VC_ERR),
    DECRYPT(AEAD, src_len, 0, VC_ERR),
    DECRYPT(AEAD, dst_len, 59, VC_ERR),
    DECRYPT(AEAD, dst_len, 0, VC_ERR),
    DECRYPT(AEAD, digest_len, 5, VC_ERR),
    DECRYPT(AEAD, digest_len, UINT32_MAX, VC_ERR),
    PARAM(AEAD, algo, 0, VC_NOTSUPP),
    PARAM(AEAD, algo, 4, VC_NOTSUPP),
    PARAM(AEAD, algo, UINT32_MAX, VC_NOTSUPP),
    PARAM(AEAD, key_len, 0, VC_ERR),
    PARAM(AEAD, key_len, 15, VC_ERR),
    PARAM(AEAD, key_len, 33, VC_ERR),
    PARAM(AEAD, key_len, UINT32_MAX, VC_ERR),
    PARAM(AEAD, op, 0, VC_ERR),
    PARAM(AEAD, op, 3, VC_ERR),
    PARAM(AEAD, op, UINT32_MAX, VC_ERR),

    /* two keys of 16 bytes; 16, 3, 64 and 20 bytes */
    DATA(CHAIN, iv_len, 15, VC_ERR),
    DATA(CHAIN, iv_len, UINT32_MAX, VC_ERR),
    DATA(CHAIN, src_len, 63, VC_ERR),
    DATA(CHAIN, src_len, 68, VC_ERR),
    DATA(CHAIN, src_len, UINT32_MAX, VC_ERR),
    DATA(CHAIN, dst_len, 63, VC_ERR),
    DATA(CHAIN, dst_len, 65, VC_ERR),
    DATA(CHAIN, dst_len, UINT32_MAX - 19, VC_ERR),
    DATA(CHAIN, aad_len, 4, VC_ERR),
    DATA(CHAIN, aad_len, UINT32_MAX, VC_ERR),
    DATA(CHAIN, digest_len, 21, VC_ERR),
    DATA(CHAIN, digest_len, UINT32_MAX, VC_ERR),
    DATA(CHAIN, op_type, 3, VC_NOTSUPP),
    DATA(CHAIN, op_type, VC_SYM_CIPHER, VC_ERR),
    PARAM(CHAIN, order, 0, VC_ERR),
    PARAM(CHAIN, order, 3, VC_ERR),
    PARAM(CHAIN, order, UINT32_MAX, VC_ERR),
    PARAM(CHAIN, hash_mode, 0, VC_NOTSUPP),
    PARAM(CHAIN, hash_mode, VC_HASH_NESTED, VC_NOTSUPP),
    PARAM(CHAIN, hash_mode, UINT32_MAX, VC_NOTSUPP),
    PARAM(CHAIN, algo, 0, VC_NOTSUPP),
    PARAM(CHAIN, algo, 15, VC_NOTSUPP),
    PARAM(CHAIN, hash_algo, 0, VC_NOTSUPP),
    PARAM(CHAIN, hash_algo, 7, VC_NOTSUPP),
    PARAM(CHAIN, hash_algo, 64 + 2, VC_NOTSUPP),
    PARAM(CHAIN, key_len, 0, VC_ERR),
    PARAM(CHAIN, key_len, 17, VC_ERR),
    PARAM(CHAIN, key_len, UINT32_MAX, VC_ERR),
    PARAM(CHAIN, auth_key_len, 513, VC_ERR),
    PARAM(CHAIN, auth_key_len, UINT32_MAX, VC_ERR),
    PARAM(CHAIN, op, 0, VC_ERR),
    PARAM(CHAIN, op, 3, VC_ERR),
};

static uint8_t field_offset(const BadField *b, VCFormat f)
{
    const void *layout = !b->param ? (void *)&vc_data_layouts[f][b->service] :
                         f == VC_STATELESS ?
                         (void *)&vc_data_layouts[f][b->service].params :
                         (void *)&vc_create_fields[b->service];

    return ((const uint8_t *)layout)[b->field];
}

static void check_field(VCClient *vc, VCFormat f, const BadField *b)
{
    uint8_t offset = field_offset(b, f);
    const VCPoke poke[] = {
        { .size = 4, .offset = offset, .value = b->value }, { },
    };
    g_autoptr(VCCall) encrypt = vc_call_sample(vc, f, b->service);
    g_autoptr(VCCall) decrypt = vc_call_reverse(encrypt);
    VCCall *c = b->decrypt ? decrypt : encrypt;
    const VCShape shapes[] = { { }, ODD };

    if (!offset) {
        return;
    }
    for (int i = 0; i < ARRAY_SIZE(shapes); i++) {
        VCShape bad = shapes[i];

        bad.poke = poke;
        if (b->param) {
            c->session.shape = c->request.shape = bad;
            vc_call_refused(c, b->expect);
            c->session.shape = c->request.shape = (VCShape) { };
            vc_call_once(c, VC_OK);
        } else {
            vc_call_open(c);
            c->request.shape = bad;
            vc_call_send(c, b->expect);
            c->request.shape = (VCShape) { };
            vc_call_send(c, VC_OK);
            vc_call_close(c);
        }
    }
}

static void test_fields(const VCTest *t, VCClient *vc)
{
    for (int i = 0; i < ARRAY_SIZE(bad_fields); i++) {
        g_autofree char *context = NULL;

        if (bad_fields[i].service == GPOINTER_TO_UINT(t->arg)) {
            context = g_strdup_printf("%s is %u", bad_fields[i].name,
                                      bad_fields[i].value);
            vc->context = context;
            check_field(vc, t->format, &bad_fields[i]);
            vc->context = NULL;
        }
    }
}

/* The source is shorter than its tag, and the buffer holds no more. */
static void test_short_source(const VCTest *t, VCClient *vc)
{
    g_autoptr(VCCall) c = vc_call_sample(vc, t->format, VC_SERVICE_AEAD);
    g_autoptr(VCCall) back = vc_call_reverse(c);
    /* where there is no session to tell it */
    const VCPoke tag_len[] = {
        { .size = t->format == VC_STATELESS ? 4 : 0, .offset = 40,
          .value = 16 },
        { },
    };
    VCRequest *r = &back->request;
    VCRequest good;

    vc_call_open(back);
    good = *r;
    for (uint32_t len = 0; len < 16; len++) {
        /* all that the buffer has for the source is a piece of a tag */
        r->src_len = 0;
        r->digest_len = len;
        r->digest_of_session = t->format != VC_STATELESS;
        r->dst_len = 64;
        r->out = NULL;
        r->shape.poke = tag_len;
        vc_call_send(back, VC_ERR);
        *r = good;
        vc_call_send(back, VC_OK);
    }
    vc_call_close(back);
}

/* A stateless request says something twice, and differently. */
static void test_disagree(const VCTest *t, VCClient *vc)
{
    static const struct {
        VCService service;
        uint8_t offset;
        uint32_t value;
        VCStatus expect;
        bool plain;             /* with the hash mode of no key */
    } bad[] = {
        /* direction and opcode */
        { VC_SERVICE_CIPHER, 32, VC_OP_DECRYPT, VC_ERR },
        { VC_SERVICE_AEAD, 32, VC_OP_DECRYPT, VC_ERR },
        { VC_SERVICE_CHAIN, 40, VC_OP_DECRYPT, VC_ERR },
        { VC_SERVICE_CIPHER, 0, VC_CIPHER_DECRYPT, VC_ERR },
        { VC_SERVICE_AEAD, 0, VC_AEAD_DECRYPT, VC_ERR },
        { VC_SERVICE_CHAIN, 0, VC_CIPHER_DECRYPT, VC_ERR },
        /* opcodes of the other queue */
        { VC_SERVICE_CIPHER, 0, VC_CIPHER_CREATE, VC_NOTSUPP },
        { VC_SERVICE_HASH, 0, VC_HASH_CREATE, VC_NOTSUPP },
        { VC_SERVICE_MAC, 0, VC_MAC_DESTROY, VC_NOTSUPP },
        { VC_SERVICE_AEAD, 0, VC_AEAD_CREATE, VC_NOTSUPP },
        { VC_SERVICE_AKCIPHER, 0, VC_AKCIPHER_CREATE, VC_NOTSUPP },
        /* length of the additional data */
        { VC_SERVICE_CHAIN, 28, 0, VC_ERR },
        { VC_SERVICE_CHAIN, 28, 4, VC_ERR },
        { VC_SERVICE_CHAIN, 84, 2, VC_ERR },
        /* a plain hash by a number that only MACs have */
        { VC_SERVICE_CHAIN, 44, 25, VC_NOTSUPP, true },
        /* a private operation with a public key; a type that is none */
        { VC_SERVICE_AKCIPHER, 28, VC_PUBLIC, VC_ERR },
        { VC_SERVICE_AKCIPHER, 28, 3, VC_ERR },
        { VC_SERVICE_AKCIPHER, 24, 3, VC_NOTSUPP },
        { VC_SERVICE_AKCIPHER, 36, 2, VC_NOTSUPP },
        { VC_SERVICE_AKCIPHER, 40, 1, VC_NOTSUPP },
    };

    for (int i = 0; i < ARRAY_SIZE(bad); i++) {
        g_autoptr(VCCall) c = vc_call_sample(vc, VC_STATELESS, bad[i].service);
        const VCPoke poke[] = {
            { .size = 4, .offset = bad[i].offset, .value = bad[i].value },
            { .size = bad[i].plain ? 4 : 0, .offset = 52,
              .value = VC_HASH_PLAIN },
            { },
        };
        const VCShape shapes[] = { { .poke = poke }, ODD };

        if (!c) {
            continue;
        }
        vc_call_open(c);
        for (int j = 0; j < ARRAY_SIZE(shapes); j++) {
            c->request.shape = shapes[j];
            c->request.shape.poke = poke;
            vc_call_send(c, bad[i].expect);
        }
        c->request.shape = (VCShape) { };
        vc_call_send(c, VC_OK);
    }
}

/* Algorithms that the backend lacks are NOTSUPP, whatever their key is. */
static void test_not_offered(const VCTest *t, VCClient *vc)
{
    static const CryptoDevAlgo missing[] = {
        CRYPTODEV_ALGO_KASUMI_F8, CRYPTODEV_ALGO_SNOW3G_UEA2,
        CRYPTODEV_ALGO_KASUMI_F9, CRYPTODEV_ALGO_SNOW3G_UIA2,
    };
    static const uint32_t key_lens[] = { 0, 15, 16, 513, 4096 };
    g_autofree uint8_t *key = vc_bytes(0, 4096);

    for (int i = 0; i < ARRAY_SIZE(missing) * ARRAY_SIZE(key_lens); i++) {
        CryptoDevAlgo algo = missing[i % ARRAY_SIZE(missing)];
        g_autoptr(VCCall) c = vc_call_random(vc, t->format, algo, 64, 0,
                                             VC_OP_ENCRYPT);

        g_assert_false(vc_offers(vc, algo));
        c->session.key = key;
        c->session.key_len = key_lens[i / ARRAY_SIZE(missing)];
        vc_call_refused(c, VC_NOTSUPP);
    }
    /* the MAC of a chain, after a cipher with a bad key */
    for (int i = 0; i < ARRAY_SIZE(key_lens); i++) {
        g_autoptr(VCCall) c = vc_call_sample(vc, t->format, VC_SERVICE_CHAIN);

        c->session.hash_algo = vc_algos[CRYPTODEV_ALGO_SNOW3G_UIA2].number;
        c->session.key = key;
        c->session.key_len = key_lens[i];
        vc_call_refused(c, VC_NOTSUPP);
    }
    vc_check_alive(vc, t->format);
}

/* Sessions of other services, and lengths */

static void test_other_service(const VCTest *t, VCClient *vc)
{
    static const CryptoDevAlgo algos[] = {
        CRYPTODEV_ALGO_AES_CBC, CRYPTODEV_ALGO_MD5, CRYPTODEV_ALGO_HMAC_MD5,
        CRYPTODEV_ALGO_AES_GCM,
    };

    for (int i = 0; i < ARRAY_SIZE(algos) * ARRAY_SIZE(algos); i++) {
        g_autoptr(VCCall) a = vc_call_known(vc, t->format, algos[i / 4], 0,
                                            VC_OP_ENCRYPT);
        g_autoptr(VCCall) b = vc_call_known(vc, t->format, algos[i % 4], 0,
                                            VC_OP_ENCRYPT);
        uint64_t session;

        vc_call_open(a);
        vc_call_open(b);
        session = b->request.session;
        b->request.session = a->request.session;
        vc_call_send(b, i / 4 == i % 4 ? VC_OK : VC_INVSESS);
        b->request.session = session;
        vc_call_close(a);
        vc_call_close(b);
    }
}

/* Lengths that the buffers do not hold, and the wrong direction */
static void test_aead_lengths(const VCTest *t, VCClient *vc)
{
    static const char *const names[] = { "iv", "src", "aad", "dst" };
    g_autoptr(VCCall) c = vc_call_known(vc, t->format, CRYPTODEV_ALGO_AES_GCM,
                                        0, VC_OP_ENCRYPT);
    const VCDataLayout *at = &vc_data_layouts[t->format][VC_SERVICE_AEAD];
    const uint8_t fields[] = {
        at->iv_len, at->src_len, at->aad_len, at->dst_len,
    };

    vc_call_open(c);
    for (int i = 0; i < ARRAY_SIZE(fields); i++) {
        const VCPoke poke[] = {
            { .size = 4, .offset = fields[i],
              .value = g_str_equal(names[i], "dst") ? 5 : UINT32_MAX - 3 },
            { },
        };

        vc->context = names[i];
        c->request.shape.poke = poke;
        vc_call_send(c, VC_ERR);
    }
    vc->context = NULL;
    c->request.shape.poke = NULL;
    c->request.opcode = VC_AEAD_DECRYPT;
    vc_call_send(c, VC_ERR);
    c->request.opcode = VC_AEAD_ENCRYPT;
    vc_call_send(c, VC_OK);
    vc_call_close(c);
}

#define INVALID(_formats, _name, _run, ...)                             \
    { _formats, "invalid/" _name,                                       \
      { .run = _run, __VA_ARGS__ } }
#define FIELDS(_name, _service)                                         \
    INVALID(VC_FOR_STANDARD, "fields/" _name, test_fields,              \
            .arg = GUINT_TO_POINTER(_service))

static void register_virtio_crypto_invalid_test(void)
{
    const VCTestEntry tests[] = {
        FIELDS("hash", VC_SERVICE_HASH), FIELDS("mac", VC_SERVICE_MAC),
        FIELDS("aead", VC_SERVICE_AEAD), FIELDS("chain", VC_SERVICE_CHAIN),
        INVALID(VC_FOR_STANDARD, "short-source", test_short_source),
        INVALID(VC_FOR_STATELESS, "disagree", test_disagree),
        INVALID(VC_FOR_ALL, "not-offered", test_not_offered,
                .provider = "nettle"),
        INVALID(VC_FOR_SESSIONS, "other-service", test_other_service),
        INVALID(VC_FOR_ALL, "aead-lengths", test_aead_lengths),
        { }
    };

    vc_add_tests(tests);
}

libqos_init(register_virtio_crypto_invalid_test);
