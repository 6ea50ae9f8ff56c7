/*
 * Crypto providers: the self-test, its vectors, and the handling of secrets
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/cutils.h"
#include "cryptodev-message-fixture.h"
#include "backends/cryptodev/selftest.h"
#include "system/cryptodev-util.h"

static bool has_vector(CryptoDevAlgo algo, size_t key_len)
{
    for (const CryptoDevVector *v = cryptodev_vectors; v->algo; v++) {
        if (v->algo == algo && strlen(v->key ?: "") == 2 * key_len) {
            return true;
        }
    }
    return false;
}

/*
 * An answer for each algorithm, and each key length where these are few;
 * public keys have tests of their own
 */
static void test_coverage(void)
{
    for (CryptoDevAlgo algo = CRYPTODEV_ALGO_NONE + 1;
         algo < CRYPTODEV_ALGO__MAX; algo++) {
        const CryptoDevAlgoInfo *info = cryptodev_algo_info(algo);
        bool few = info->key_step > 1 || info->key_min == info->key_max;
        bool any = false, all = true;

        if (info->service == CRYPTODEV_SERVICE_AKCIPHER) {
            continue;
        }
        for (size_t len = info->key_min; len <= info->key_max;
             len += info->key_step ?: 1) {
            bool found = has_vector(algo, len);

            any |= found;
            all &= found;
        }
        if (!(few ? all : any)) {
            g_test_message("%s: no vector", info->name);
            g_test_fail();
        }
    }
}

/* What the next call shall spoil */
enum {
    SPOIL_NOTHING,
    SPOIL_START,
    SPOIL_ENCRYPTION,
    SPOIL_SOME,
    SPOIL_TEXT,
    SPOIL_TAG,
    SPOIL_FINAL,
} spoil;

static const CryptoRowOps *good;

static bool encrypts;                   /* the last context */

static void *note_ctx_new(const CryptoRow *row, const uint8_t *key,
                          size_t key_len, bool encrypt)
{
    encrypts = encrypt;
    return good->ctx_new(row, key, key_len, encrypt);
}

static bool spoilt_start(void *ctx, const CryptoMessage *m)
{
    static unsigned calls;

    calls++;
    return good->start(ctx, m) && spoil != SPOIL_START &&
           !(spoil == SPOIL_ENCRYPTION && encrypts) &&
           !(spoil == SPOIL_SOME && calls % 2);
}

static bool spoilt_crypt(void *ctx, uint8_t *dst, const uint8_t *src,
                         size_t len)
{
    bool ok = good->crypt(ctx, dst, src, len);

    if (spoil == SPOIL_TEXT && len) {
        dst[len - 1] ^= 1;
    }
    return ok;
}

static bool spoilt_final(void *ctx, uint8_t *digest, size_t len)
{
    bool ok = good->final(ctx, digest, len);

    if (spoil == SPOIL_TAG) {
        digest[len - 1] ^= 1;
    }
    return ok && spoil != SPOIL_FINAL;
}

static void *refuse_ctx_new(const CryptoRow *row, const uint8_t *key,
                            size_t key_len, bool encrypt)
{
    return NULL;
}

/* A row that gives wrong answers, fails or refuses is found out. */
static void test_spoilt(void)
{
    static const CryptoVerdict verdicts[] = {
        [SPOIL_NOTHING] = CRYPTO_VERDICT_PASSED,
        [SPOIL_START] = CRYPTO_VERDICT_REFUSED,
        [SPOIL_ENCRYPTION] = CRYPTO_VERDICT_REFUSED,
        [SPOIL_SOME] = CRYPTO_VERDICT_FAILED,
        [SPOIL_TEXT] = CRYPTO_VERDICT_FAILED,
        [SPOIL_TAG] = CRYPTO_VERDICT_FAILED,
        [SPOIL_FINAL] = CRYPTO_VERDICT_REFUSED,
    };
    unsigned i = 0;
    CryptoRow row;
    CryptoRowOps ops;

    g_assert_nonnull(next_provider(&i));
    i = 0;
    row = *next_row(&i, CRYPTODEV_ALGO_AES_GCM);
    good = row.ops;
    ops = *good;
    ops.ctx_new = note_ctx_new;
    ops.start = spoilt_start;
    ops.crypt = spoilt_crypt;
    ops.final = spoilt_final;
    row.ops = &ops;

    for (spoil = 0; spoil < ARRAY_SIZE(verdicts); spoil++) {
        g_test_message("%d", spoil);
        g_assert_cmpint(cryptodev_selftest(&row, NULL), ==, verdicts[spoil]);
    }
    ops.ctx_new = refuse_ctx_new;
    g_assert_cmpint(cryptodev_selftest(&row, NULL), ==,
                    CRYPTO_VERDICT_REFUSED);
}

static void test_equal(void)
{
    uint8_t a[40] = { }, b[40] = { };

    for (size_t len = 0; len <= sizeof(a); len++) {
        g_assert_true(cryptodev_equal(a, b, len));
        for (size_t bit = 0; bit < 8 * sizeof(a); bit++) {
            b[bit / 8] ^= 1 << bit % 8;
            g_assert_cmpint(cryptodev_equal(a, b, len), ==, bit / 8 >= len);
            b[bit / 8] = 0;
        }
    }
}

static void test_wipe(void)
{
    uint8_t buf[40];

    memset(buf, 0xaa, sizeof(buf));
    cryptodev_wipe(buf + 1, sizeof(buf) - 2);
    g_assert_true(buffer_is_zero(buf + 1, sizeof(buf) - 2));
    g_assert_cmpint(buf[0], ==, 0xaa);
    g_assert_cmpint(buf[sizeof(buf) - 1], ==, 0xaa);
    cryptodev_wipe(NULL, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cryptodev/selftest/coverage", test_coverage);
    g_test_add_func("/cryptodev/selftest/spoilt", test_spoilt);
    g_test_add_func("/cryptodev/util/equal", test_equal);
    g_test_add_func("/cryptodev/util/wipe", test_wipe);
    return g_test_run();
}
