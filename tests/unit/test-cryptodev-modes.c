/*
 * Crypto providers: edge cases of modes of operation, against references
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "cryptodev-message-fixture.h"
#include "cryptodev-reference.h"

static Message msg, back;
static Result res, res_back;
static uint8_t expected[MESSAGE_MAX];
static uint8_t expected_tag[16];

/* Encrypt to the expected result, decrypt to the message. */
static void check(const CryptoRow *row)
{
    void *enc = message_ctx_new(&msg, row, true);
    void *dec = message_ctx_new(&msg, row, false);

    g_assert_true(message_run(&msg, row, enc, (Handover) { }, &res));
    message_assert_equal(&msg, row, expected, expected_tag, &res);
    message_copy(&back, &msg, res.out);
    g_assert_true(message_run(&back, row, dec, (Handover) { }, &res_back));
    message_assert_equal(&msg, row, msg.in, expected_tag, &res_back);
    row->ops->ctx_free(enc);
    row->ops->ctx_free(dec);
}

static void set_lens(const CryptoRow *row, size_t key_len,
                     size_t iv_len, size_t aad_len, size_t in_len,
                     size_t tag_len)
{
    message_set_lens(&msg, cryptodev_algo_info(row->algo), key_len, iv_len,
                     aad_len, in_len, tag_len);
    message_fill(&msg);
}

/* All bytes of the counter count, wherever the carry begins and ends. */
static void test_ctr_wrap(gconstpointer opaque)
{
    const CryptoRow *row = opaque;
    bool aes = row->algo == CRYPTODEV_ALGO_AES_CTR;
    size_t iv_len = aes ? 16 : 8;

    for (size_t ones = 0; ones <= iv_len; ones++) {
        for (int before = 1; before < 40; before += 3) {
            RefCipher c;

            set_lens(row, aes ? 16 : 24, iv_len, 0, 45 * iv_len + 5, 0);
            memset(msg.iv + iv_len - ones, 0xff, ones);
            msg.iv[iv_len - 1] -= ones ? before : 0;
            c = ref_cipher(aes ? CRYPTODEV_ALGO_AES_ECB :
                           CRYPTODEV_ALGO_3DES_ECB,
                           msg.key, msg.key_len);
            ref_ctr(&c, msg.iv, iv_len, expected, msg.in, msg.in_len);
            ref_cipher_cleanup(&c);
            check(row);
        }
    }
}

/* Ciphertext stealing, with different and with equal halves of the key */
static void test_xts_lens(gconstpointer opaque)
{
    const CryptoRow *row = opaque;

    for (size_t key_len = 32; key_len <= 64; key_len += 32) {
        for (size_t len = 16; len <= 80; len++) {
            size_t half = key_len / 2;
            RefCipher c, t;

            set_lens(row, key_len, 16, 0, len, 0);
            if (len % 8 == 5) {
                memcpy(msg.key, msg.key + half, half);
            }
            c = ref_cipher(CRYPTODEV_ALGO_AES_ECB, msg.key, half);
            t = ref_cipher(CRYPTODEV_ALGO_AES_ECB, msg.key + half, half);
            ref_xts(&c, &t, msg.iv, expected, msg.in, len);
            ref_cipher_cleanup(&c);
            ref_cipher_cleanup(&t);
            check(row);
        }
    }
}

/* MACs of every short length, that of nothing among them */
static void test_3gpp_mac(gconstpointer opaque)
{
    const CryptoRow *row = opaque;
    void (*ref)(const uint8_t *key, const uint8_t *iv, const uint8_t *src,
                size_t len, uint8_t *mac) =
        row->algo == CRYPTODEV_ALGO_ZUC_EIA3 ? ref_eia3 : ref_uia2;

    for (size_t len = 0; len <= 40; len++) {
        void *ctx;

        set_lens(row, 16, 16, 0, len, 4);
        ref(msg.key, msg.iv, msg.in, len, expected_tag);
        ctx = message_ctx_new(&msg, row, true);
        g_assert_true(message_run(&msg, row, ctx, (Handover) { }, &res));
        message_assert_equal(&msg, row, NULL, expected_tag, &res);
        row->ops->ctx_free(ctx);
    }
}

static void check_gcm(const CryptoRow *row, const uint8_t *j0)
{
    RefCipher c = ref_cipher(CRYPTODEV_ALGO_AES_ECB, msg.key, msg.key_len);

    ref_gcm(&c, j0, msg.aad, msg.aad_len, expected, msg.in, msg.in_len,
            expected_tag);
    ref_cipher_cleanup(&c);
    check(row);
}

/* IVs, and pre-counter blocks from all of which the 32-bit counter wraps */
static void test_gcm_j0(gconstpointer opaque)
{
    const CryptoRow *row = opaque;
    uint8_t j0[16];

    for (size_t key_len = 16; key_len <= 32; key_len += 8) {
        for (uint32_t before = 0; before < 70; before++) {
            set_lens(row, key_len, 16, before, 16 * 72 + before % 16, 16);
            stl_be_p(msg.iv + 12, -before);
            check_gcm(row, msg.iv);

            set_lens(row, key_len, 12, before, 3 * before, 16);
            memcpy(j0, msg.iv, 12);
            stl_be_p(j0 + 12, 1);
            check_gcm(row, j0);
        }
    }
}

static void test_ccm_lens(gconstpointer opaque)
{
    const CryptoRow *row = opaque;

    for (size_t nonce_len = 7; nonce_len <= 13; nonce_len++) {
        for (size_t tag_len = 4; tag_len <= 16; tag_len += 2) {
            for (size_t len = 0; len < 70; len += 7) {
                RefCipher c;

                set_lens(row, 16 + len % 3 * 8, nonce_len, len * tag_len / 4,
                         len, tag_len);
                c = ref_cipher(CRYPTODEV_ALGO_AES_ECB, msg.key, msg.key_len);
                ref_ccm(&c, msg.iv, nonce_len, msg.aad, msg.aad_len,
                        expected, msg.in, len, expected_tag, tag_len);
                ref_cipher_cleanup(&c);
                check(row);
            }
        }
    }
}

/* A nonce of 13 bytes leaves 16 bits for the length of the text. */
static void test_ccm_too_long(gconstpointer opaque)
{
    const CryptoRow *row = opaque;

    for (size_t len = 0xffff; len <= 0x10000; len++) {
        void *ctx;

        set_lens(row, 16, 13, 0, len, 16);
        ctx = message_ctx_new(&msg, row, true);
        g_assert_cmpint(message_run(&msg, row, ctx, (Handover) { }, &res),
                        ==, len == 0xffff);
        row->ops->ctx_free(ctx);
    }
}

/* Keys whose rounds are all the same: encryption undoes itself. */
static void test_weak_keys(gconstpointer opaque)
{
    static const char *const weak[] = {
        "\x01\x01\x01\x01\x01\x01\x01\x01", "\xfe\xfe\xfe\xfe\xfe\xfe\xfe\xfe",
        "\xe0\xe0\xe0\xe0\xf1\xf1\xf1\xf1", "\x1f\x1f\x1f\x1f\x0e\x0e\x0e\x0e",
    };
    const CryptoRow *row = opaque;
    size_t key_len = cryptodev_algo_info(row->algo)->key_max;

    for (int i = 0; i < ARRAY_SIZE(weak); i++) {
        void *ctx;

        set_lens(row, key_len, 0, 0, 24, 0);
        for (size_t n = 0; n < key_len; n += 8) {
            memcpy(msg.key + n, weak[i], 8);
        }
        ctx = message_ctx_new(&msg, row, true);
        g_assert_nonnull(ctx);
        g_assert_true(message_run(&msg, row, ctx, (Handover) { }, &res));
        g_assert_cmpint(memcmp(res.out, msg.in, 24), !=, 0);
        message_copy(&back, &msg, res.out);
        g_assert_true(message_run(&back, row, ctx, (Handover) { }, &res_back));
        g_assert_cmpmem(res_back.out, 24, msg.in, 24);
        row->ops->ctx_free(ctx);
    }
}

/* The subkeys of CMAC make no difference between weak keys and others. */
static void test_weak_cmac(gconstpointer opaque)
{
    const CryptoRow *row = opaque;
    uint8_t l[8] = { }, block[8];
    RefCipher c;
    void *ctx;

    set_lens(row, 24, 0, 0, 8, 8);
    memset(msg.key, 0x01, 24);
    c = ref_cipher(CRYPTODEV_ALGO_3DES_ECB, msg.key, 24);
    ref_encrypt(&c, l, l);
    stq_be_p(block, ldq_be_p(l) << 1 ^ (l[0] & 0x80 ? 0x1b : 0) ^
             ldq_be_p(msg.in));
    ref_encrypt(&c, expected_tag, block);
    ref_cipher_cleanup(&c);
    ctx = message_ctx_new(&msg, row, true);
    g_assert_nonnull(ctx);
    g_assert_true(message_run(&msg, row, ctx, (Handover) { }, &res));
    g_assert_cmpmem(res.tag, 8, expected_tag, 8);
    row->ops->ctx_free(ctx);
}

static const struct {
    CryptoDevAlgo algo;
    const char *name;
    GTestDataFunc fn;
} tests[] = {
    { CRYPTODEV_ALGO_AES_CTR, "wrap", test_ctr_wrap },
    { CRYPTODEV_ALGO_3DES_CTR, "wrap", test_ctr_wrap },
    { CRYPTODEV_ALGO_AES_XTS, "lens", test_xts_lens },
    { CRYPTODEV_ALGO_AES_GCM, "j0", test_gcm_j0 },
    { CRYPTODEV_ALGO_AES_CCM, "lens", test_ccm_lens },
    { CRYPTODEV_ALGO_AES_CCM, "too-long", test_ccm_too_long },
    { CRYPTODEV_ALGO_SNOW3G_UIA2, "lens", test_3gpp_mac },
    { CRYPTODEV_ALGO_ZUC_EIA3, "lens", test_3gpp_mac },
    { CRYPTODEV_ALGO_DES_ECB, "weak-keys", test_weak_keys },
    { CRYPTODEV_ALGO_3DES_ECB, "weak-keys", test_weak_keys },
    { CRYPTODEV_ALGO_CMAC_3DES, "weak-keys", test_weak_cmac },
};

static void add_tests(const CryptoProvider *provider)
{
    for (int i = 0; i < ARRAY_SIZE(tests); i++) {
        const CryptoRow *row = provider_row(provider, tests[i].algo);
        g_autofree char *path =
            g_strdup_printf("/cryptodev/%s/%s/%s", provider->name,
                            cryptodev_algo_name(tests[i].algo), tests[i].name);

        if (row) {
            g_test_add_data_func(path, row, tests[i].fn);
        }
    }
}

int main(int argc, char **argv)
{
    const CryptoProvider *provider;
    unsigned i = 0;

    g_test_init(&argc, &argv, NULL);
    message_init(&msg);
    message_init(&back);
    result_init(&res);
    result_init(&res_back);
    while ((provider = next_provider(&i))) {
        add_tests(provider);
    }
    return g_test_run();
}
