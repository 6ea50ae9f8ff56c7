/*
 * QTest testcases for virtio-crypto: the CIPHER service
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-registry.h"
#include "libqos/virtio-crypto-samples.h"
#include "backends/cryptodev/vectors.h"

#define CONFIG_CIPHER_ALGO              12
#define CONFIG_MAX_CIPHER_KEY_LEN       36

/* All lengths in bytes.  @key_lens ends with 0. */
static const struct {
    const char *name;
    CryptoDevAlgo algo;
    uint32_t key_lens[4];
    uint32_t iv_len, block, min_len;
    uint32_t max_len;           /* longer ones may be refused; 0 = none */
} ciphers[VC_CIPHERS] = {
    [VC_ARC4] = { "arc4", CRYPTODEV_ALGO_ARC4, { 5, 16, 32 }, 0, 1 },
    [VC_AES_ECB] = { "aes-ecb", CRYPTODEV_ALGO_AES_ECB, { 16, 24, 32 }, 0, 16 },
    [VC_AES_CBC] = { "aes-cbc", CRYPTODEV_ALGO_AES_CBC, { 16, 24, 32 },
                     16, 16 },
    [VC_AES_CTR] = { "aes-ctr", CRYPTODEV_ALGO_AES_CTR, { 16, 24, 32 }, 16, 1 },
    [VC_DES_ECB] = { "des-ecb", CRYPTODEV_ALGO_DES_ECB, { 8 }, 0, 8 },
    [VC_DES_CBC] = { "des-cbc", CRYPTODEV_ALGO_DES_CBC, { 8 }, 8, 8 },
    [VC_3DES_ECB] = { "3des-ecb", CRYPTODEV_ALGO_3DES_ECB, { 24 }, 0, 8 },
    [VC_3DES_CBC] = { "3des-cbc", CRYPTODEV_ALGO_3DES_CBC, { 24 }, 8, 8 },
    [VC_3DES_CTR] = { "3des-ctr", CRYPTODEV_ALGO_3DES_CTR, { 24 }, 8, 1 },
    [VC_KASUMI_F8] = { "kasumi-f8", CRYPTODEV_ALGO_KASUMI_F8, { 16 }, 8, 1 },
    [VC_SNOW3G_UEA2] = { "snow3g-uea2", CRYPTODEV_ALGO_SNOW3G_UEA2, { 16 },
                         16, 1 },
    [VC_AES_F8] = { "aes-f8", CRYPTODEV_ALGO_AES_F8, { 32 }, 16, 1 },
    [VC_AES_XTS] = { "aes-xts", CRYPTODEV_ALGO_AES_XTS, { 32, 64 }, 16, 1, 16 },
    [VC_ZUC_EEA3] = { "zuc-eea3", CRYPTODEV_ALGO_ZUC_EEA3, { 16 },
                      16, 1, 0, 8188 },
};

/* One message in one direction: a session of its own, and what it gives. */
typedef struct Case {
    uint32_t algo;
    uint32_t op;
    uint8_t *key, *iv, *in, *out;
    uint32_t key_len, iv_len, len;
} Case;

static uint64_t case_session(VCClient *vc, VCFormat format, const Case *c)
{
    return vc_create_session(&(VCSession) {
        .vc = vc, .format = format, .algo = c->algo, .op = c->op,
        .key = c->key, .key_len = c->key_len,
    });
}

static VCRequest case_request(VCClient *vc, VCFormat format, const Case *c,
                              uint64_t session)
{
    return (VCRequest) {
        .vc = vc, .format = format, .session = session,
        .opcode = c->op == VC_OP_DECRYPT ? VC_CIPHER_DECRYPT :
                                           VC_CIPHER_ENCRYPT,
        .iv = c->iv, .iv_len = c->iv_len,
        .src = c->in, .src_len = c->len, .out = c->out,
    };
}

static void destroy(VCClient *vc, VCFormat format, uint64_t session)
{
    vc_destroy_session(&(VCDestroy) {
        .vc = vc, .format = format, .session = session,
    });
}

/* The same message in the other direction. */
static Case reverse(const Case *c)
{
    Case r = *c;

    r.op = VC_OP_ENCRYPT + VC_OP_DECRYPT - c->op;
    r.in = c->out;
    r.out = c->in;
    return r;
}

static void clear_case(Case *c)
{
    g_free(c->key);
    g_free(c->iv);
    g_free(c->in);
    g_free(c->out);
}

/*
 * A message whose result the device computes, in one piece.  Known answers are
 * too short for some tests, but have verified this.
 */
static Case make_case(VCClient *vc, VCFormat format, uint32_t algo,
                      uint32_t key_len, uint32_t len, VCStatus expect)
{
    Case c = {
        .algo = algo, .op = VC_OP_ENCRYPT,
        .key = vc_bytes(algo, key_len), .key_len = key_len,
        .iv = vc_bytes(algo + 100, ciphers[algo].iv_len),
        .iv_len = ciphers[algo].iv_len,
        .in = vc_bytes(algo + 200, len), .len = len,
    };
    uint64_t session = case_session(vc, format, &c);
    VCRequest r = case_request(vc, format, &c, session);

    c.out = r.result = g_malloc0(len + 1);
    r.expect = expect;
    vc_request(&r);
    destroy(vc, format, session);
    return c;
}

static bool offered(VCClient *vc, uint32_t algo)
{
    return qvirtio_config_readl(vc->vdev, CONFIG_CIPHER_ALGO) & 1u << algo;
}

/* Known answers */

static void check_case(VCClient *vc, VCFormat format, const Case *c)
{
    uint64_t session = case_session(vc, format, c);
    VCRequest r = case_request(vc, format, c, session);

    vc_request(&r);
    r.in_place = true;
    vc_request(&r);
    destroy(vc, format, session);
}

static bool check_vector(VCClient *vc, VCFormat format, uint32_t algo,
                         const CryptoDevVector *v, uint32_t key_len)
{
    Case c = { .algo = algo, .op = VC_OP_ENCRYPT }, back;
    uint32_t out_len;
    bool is_key_len;

    c.key = vc_hex(v->key, &c.key_len);
    c.iv = vc_hex(v->iv, &c.iv_len);
    c.in = vc_hex(v->in, &c.len);
    c.out = vc_hex(v->out, &out_len);
    g_assert_cmpuint(out_len, ==, c.len);
    is_key_len = c.key_len == key_len;
    if (is_key_len) {
        back = reverse(&c);
        check_case(vc, format, &c);
        check_case(vc, format, &back);
    }
    clear_case(&c);
    return is_key_len;
}

static void check_known(VCClient *vc, VCFormat format, uint32_t algo)
{
    for (const uint32_t *len = ciphers[algo].key_lens; *len; len++) {
        bool found = false;

        for (const CryptoDevVector *v = cryptodev_vectors; v->algo; v++) {
            if (v->algo == ciphers[algo].algo) {
                found |= check_vector(vc, format, algo, v, *len);
            }
        }
        g_assert_true(found);
    }
}

/* From NIST SP 800-38A, independent of the table of vectors */
static void test_sp800_38a(const VCTest *t, VCClient *vc)
{
    static const struct {
        const char *section;
        uint32_t algo;
        const char *iv, *in, *out;
    } samples[] = {
        { "F.1.1", VC_AES_ECB, NULL,
          "6bc1bee22e409f96e93d7e117393172a",
          "3ad77bb40d7a3660a89ecaf32466ef97" },
        { "F.2.1", VC_AES_CBC, "000102030405060708090a0b0c0d0e0f",
          "6bc1bee22e409f96e93d7e117393172a",
          "7649abac8119b246cee98e9b12e9197d" },
        { "F.5.1", VC_AES_CTR, "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
          "6bc1bee22e409f96e93d7e117393172a",
          "874d6191b620e3261bef6864990db6ce" },
    };

    for (int i = 0; i < ARRAY_SIZE(samples); i++) {
        const CryptoDevVector v = {
            .key = "2b7e151628aed2a6abf7158809cf4f3c", .iv = samples[i].iv,
            .in = samples[i].in, .out = samples[i].out,
        };

        g_test_message("%s", samples[i].section);
        g_assert_true(check_vector(vc, t->format, samples[i].algo, &v, 16));
    }
}

/* Encrypt and decrypt with key lengths that have no vectors. */
static void test_arc4_keys(const VCTest *t, VCClient *vc)
{
    static const uint32_t key_lens[] = { 1, 2, 4, 5, 17, 64, 255, 256 };
    uint32_t max = qvirtio_config_readl(vc->vdev, CONFIG_MAX_CIPHER_KEY_LEN);

    for (int i = 0; i < ARRAY_SIZE(key_lens); i++) {
        if (key_lens[i] <= max) {
            Case c = make_case(vc, t->format, VC_ARC4, key_lens[i], 100,
                               VC_OK);
            Case back = reverse(&c);

            check_case(vc, t->format, &back);
            clear_case(&c);
        }
    }
}

/* Shapes: the same message in other buffers */

/* 63 pieces and a rest */
static const uint32_t split_64[] = { [0 ... 62] = 3, VC_END };

#define SHAPE_LEN   208

static const struct {
    const char *name;
    const uint32_t *src, *dst;
    bool in_place;
    int dst_shift;
    uint32_t slack, dst_extra, iov_flags;
    VCShape shape;
    bool only_std;
} shapes[] = {
    { "one byte first", VC_SPLIT(1) },
    { "one byte last", VC_SPLIT(SHAPE_LEN - 1), VC_SPLIT(SHAPE_LEN - 1) },
    { "blocks", VC_SPLIT(16, 32), VC_SPLIT(64, 16) },
    { "odd source", VC_SPLIT(7, 30, 1) },
    { "odd destination", NULL, VC_SPLIT(5, 29, 2) },
    { "odd both", VC_SPLIT(17, 1, 33), VC_SPLIT(1, 2, 47) },
    { "64 entries", split_64, split_64 },
    { "64 to 1", split_64, NULL },
    { "1 to 64", NULL, split_64 },
    { "empty first", VC_SPLIT(0, 5), VC_SPLIT(0, 0, 16) },
    { "empty between", VC_SPLIT(16, 0, 0, 3, 0), VC_SPLIT(5, 0, 5) },
    { "empty last", VC_SPLIT(64, SHAPE_LEN - 64, 0),
                    VC_SPLIT(SHAPE_LEN, 0, 0) },
    { "flags", VC_SPLIT(20, 20), VC_SPLIT(99), .iov_flags = 0xfffffffe },
    { "one entry, flags", .iov_flags = 0xfffffffe },
    { "in place", .in_place = true },
    { "in place, split", VC_SPLIT(3, 50, 16), .in_place = true },
    { "in place, joined", .in_place = true, .shape.joined = true,
      .only_std = true },
    { "1 after source", .dst_shift = 1 },
    { "16 after source", .dst_shift = 16 },
    { "100 after source", .dst_shift = 100 },
    { "1 before source", .dst_shift = -1 },
    { "16 before source", .dst_shift = -16 },
    { "100 before source", .dst_shift = -100 },
    { "slack", .slack = 13 },
    { "more room", .dst_extra = 48 },
    { "more room, split", NULL, VC_SPLIT(SHAPE_LEN, 10), .dst_extra = 48 },
    { "indirect", .shape.indirect = true },
    { "indirect, split", VC_SPLIT(1, 2), VC_SPLIT(2, 1),
      .shape.indirect = true },
    { "joined", .shape.joined = true, .only_std = true },
    { "joined, slack", .slack = 5, .shape.joined = true, .only_std = true },
    { "descriptors of 1 byte", .shape.desc_max = 1 },
    { "descriptors of 7 bytes", .shape.desc_max = 7 },
    { "descriptors of 72 bytes", .shape.desc_max = 72 },
    { "indirect, 1 byte each", .shape.desc_max = 1, .shape.indirect = true },
    { "joined, 11 bytes each", .shape.desc_max = 11, .shape.joined = true,
      .only_std = true },
};

static void check_shapes(VCClient *vc, VCFormat format, const Case *c)
{
    uint64_t session = case_session(vc, format, c);

    for (int i = 0; i < ARRAY_SIZE(shapes); i++) {
        VCRequest r = case_request(vc, format, c, session);

        if (shapes[i].only_std && format != VC_STD) {
            continue;
        }
        vc->context = shapes[i].name;
        r.src_split = shapes[i].src;
        r.dst_split = shapes[i].dst;
        r.in_place = shapes[i].in_place;
        r.dst_shift = shapes[i].dst_shift;
        r.slack = shapes[i].slack;
        r.dst_len = c->len + shapes[i].dst_extra;
        r.iov_flags = shapes[i].iov_flags;
        r.shape = shapes[i].shape;
        vc_request(&r);
    }
    vc->context = NULL;
    destroy(vc, format, session);
}

static void check_algo_shapes(VCClient *vc, VCFormat format, uint32_t algo)
{
    Case c = make_case(vc, format, algo, ciphers[algo].key_lens[0],
                       SHAPE_LEN, VC_OK);
    Case back = reverse(&c);

    check_shapes(vc, format, &c);
    check_shapes(vc, format, &back);
    clear_case(&c);
}

/* Lengths: nothing, and around blocks; what is not whole blocks must fail. */
static bool too_long(uint32_t algo, uint32_t len)
{
    return ciphers[algo].max_len && len > ciphers[algo].max_len;
}

static void check_lengths(VCClient *vc, VCFormat format, uint32_t algo)
{
    static const uint32_t lens[] = {
        0, 1, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 63, 65, 127, 129, 144,
        255, 256, 257, 1023, 1024, 4095, 4096, 4097, 8192 + 3,
    };

    for (int i = 0; i < ARRAY_SIZE(lens) && !too_long(algo, lens[i]); i++) {
        bool good = lens[i] % ciphers[algo].block == 0 &&
                    (!lens[i] || lens[i] >= ciphers[algo].min_len);
        Case c = make_case(vc, format, algo, ciphers[algo].key_lens[0],
                           lens[i], good ? VC_OK : VC_ERR);
        Case back = reverse(&c);

        if (good) {
            check_case(vc, format, &back);
        }
        clear_case(&c);
    }
}

/* Long messages in odd pieces */
static void check_long(VCClient *vc, VCFormat format, uint32_t algo)
{
    uint32_t len = ciphers[algo].max_len ?: 100000;
    Case c = make_case(vc, format, algo, ciphers[algo].key_lens[0], len,
                       VC_OK);
    uint64_t session = case_session(vc, format, &c);
    VCRequest r = case_request(vc, format, &c, session);

    r.src_split = VC_SPLIT(1, 4097, len / 3, 15);
    r.dst_split = VC_SPLIT(len / 3, 77, 0, 4096);
    vc_request(&r);
    r.dst_split = NULL;
    r.in_place = true;
    vc_request(&r);
    r.src_split = NULL;
    r.in_place = false;
    r.dst_shift = 4095;
    vc_request(&r);
    destroy(vc, format, session);
    clear_case(&c);
}

static void check_algo(VCClient *vc, VCFormat format, uint32_t algo)
{
    check_known(vc, format, algo);
    check_algo_shapes(vc, format, algo);
    check_lengths(vc, format, algo);
    check_long(vc, format, algo);
}

static void test_algo(const VCTest *t, VCClient *vc)
{
    uint32_t algo = GPOINTER_TO_UINT(t->arg);

    if (offered(vc, algo)) {
        check_algo(vc, t->format, algo);
    } else {
        g_test_skip("this QEMU has no provider of the algorithm");
    }
}

static void test_provider(const VCTest *t, VCClient *vc)
{
    for (uint32_t algo = 1; algo < VC_CIPHERS; algo++) {
        if (offered(vc, algo)) {
            g_test_message("%s", ciphers[algo].name);
            check_algo(vc, t->format, algo);
        }
    }
}

static void register_virtio_crypto_cipher_test(void)
{
    static const char *const providers[] = {
        "gcrypt", "nettle", "ipsec-mb", "tomcrypt",
    };

    vc_add_test_formats("cipher/sp800-38a", &(VCTest) { test_sp800_38a });
    vc_add_test_formats("cipher/arc4-keys", &(VCTest) { test_arc4_keys });
    for (int algo = 1; algo < VC_CIPHERS; algo++) {
        g_autofree char *name = g_strdup_printf("cipher/%s",
                                                ciphers[algo].name);

        vc_add_test_formats(name, &(VCTest) {
            .run = test_algo, .arg = GUINT_TO_POINTER(algo),
        });
    }
    for (int i = 0; i < ARRAY_SIZE(providers); i++) {
        g_autofree char *name = g_strdup_printf("cipher/provider-%s",
                                                providers[i]);

        vc_add_test_formats(name, &(VCTest) {
            .run = test_provider, .provider = providers[i],
        });
    }
}

libqos_init(register_virtio_crypto_cipher_test);
