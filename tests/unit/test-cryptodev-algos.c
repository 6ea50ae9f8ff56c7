/*
 * Tests of the algorithm table: every length of every algorithm
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "system/cryptodev-algos.h"

#define LEN_MAX 1100

/* What the specifications say; sets of lengths are text: "16,24,32-64". */
typedef struct Lengths {
    CryptoDevService service;
    unsigned number;
    const char *name, *keys, *ivs, *digests;
    unsigned nonce, block, min;
} Lengths;

#define AES     "16,24,32"
#define HMAC    "0-512"

static const Lengths lengths[] = {
    { CRYPTODEV_SERVICE_CIPHER, 1, "arc4", "1-256", "0", NULL, 0, 1 },
    { CRYPTODEV_SERVICE_CIPHER, 2, "aes-ecb", AES, "0", NULL, 0, 16 },
    { CRYPTODEV_SERVICE_CIPHER, 3, "aes-cbc", AES, "16", NULL, 0, 16 },
    { CRYPTODEV_SERVICE_CIPHER, 4, "aes-ctr", AES, "16", NULL, 0, 1 },
    { CRYPTODEV_SERVICE_CIPHER, 5, "des-ecb", "8", "0", NULL, 0, 8 },
    { CRYPTODEV_SERVICE_CIPHER, 6, "des-cbc", "8", "8", NULL, 0, 8 },
    { CRYPTODEV_SERVICE_CIPHER, 7, "3des-ecb", "24", "0", NULL, 0, 8 },
    { CRYPTODEV_SERVICE_CIPHER, 8, "3des-cbc", "24", "8", NULL, 0, 8 },
    { CRYPTODEV_SERVICE_CIPHER, 9, "3des-ctr", "24", "8", NULL, 0, 1 },
    { CRYPTODEV_SERVICE_CIPHER, 10, "kasumi-f8", "16", "8", NULL, 0, 1 },
    { CRYPTODEV_SERVICE_CIPHER, 11, "snow3g-uea2", "16", "16", NULL, 0, 1 },
    { CRYPTODEV_SERVICE_CIPHER, 12, "aes-f8", "32,48,64", "16", NULL, 0, 1 },
    { CRYPTODEV_SERVICE_CIPHER, 13, "aes-xts", "32,64", "16", NULL, 0, 1, 16 },
    { CRYPTODEV_SERVICE_CIPHER, 14, "zuc-eea3", "16", "16", NULL, 0, 1 },

    { CRYPTODEV_SERVICE_HASH, 1, "md5", "0", "0", "1-16", 0, 1 },
    { CRYPTODEV_SERVICE_HASH, 2, "sha1", "0", "0", "1-20", 0, 1 },
    { CRYPTODEV_SERVICE_HASH, 3, "sha224", "0", "0", "1-28", 0, 1 },
    { CRYPTODEV_SERVICE_HASH, 4, "sha256", "0", "0", "1-32", 0, 1 },
    { CRYPTODEV_SERVICE_HASH, 5, "sha384", "0", "0", "1-48", 0, 1 },
    { CRYPTODEV_SERVICE_HASH, 6, "sha512", "0", "0", "1-64", 0, 1 },
    { CRYPTODEV_SERVICE_HASH, 7, "sha3-224", "0", "0", "1-28", 0, 1 },
    { CRYPTODEV_SERVICE_HASH, 8, "sha3-256", "0", "0", "1-32", 0, 1 },
    { CRYPTODEV_SERVICE_HASH, 9, "sha3-384", "0", "0", "1-48", 0, 1 },
    { CRYPTODEV_SERVICE_HASH, 10, "sha3-512", "0", "0", "1-64", 0, 1 },
    { CRYPTODEV_SERVICE_HASH, 11, "shake128", "0", "0", "1-1024", 0, 1 },
    { CRYPTODEV_SERVICE_HASH, 12, "shake256", "0", "0", "1-1024", 0, 1 },

    { CRYPTODEV_SERVICE_MAC, 1, "hmac-md5", HMAC, "0", "1-16", 0, 1 },
    { CRYPTODEV_SERVICE_MAC, 2, "hmac-sha1", HMAC, "0", "1-20", 0, 1 },
    { CRYPTODEV_SERVICE_MAC, 3, "hmac-sha224", HMAC, "0", "1-28", 0, 1 },
    { CRYPTODEV_SERVICE_MAC, 4, "hmac-sha256", HMAC, "0", "1-32", 0, 1 },
    { CRYPTODEV_SERVICE_MAC, 5, "hmac-sha384", HMAC, "0", "1-48", 0, 1 },
    { CRYPTODEV_SERVICE_MAC, 6, "hmac-sha512", HMAC, "0", "1-64", 0, 1 },
    { CRYPTODEV_SERVICE_MAC, 25, "cmac-3des", "24", "0", "1-8", 0, 1 },
    { CRYPTODEV_SERVICE_MAC, 26, "cmac-aes", AES, "0", "1-16", 0, 1 },
    { CRYPTODEV_SERVICE_MAC, 27, "kasumi-f9", "16", "0", "1-4", 0, 8 },
    { CRYPTODEV_SERVICE_MAC, 28, "snow3g-uia2", "16", "0", "1-4", 16, 1 },
    { CRYPTODEV_SERVICE_MAC, 41, "gmac-aes", AES, "0", "1-16", 12, 1 },
    { CRYPTODEV_SERVICE_MAC, 42, "gmac-twofish", AES, "0", "1-16", 12, 1 },
    { CRYPTODEV_SERVICE_MAC, 49, "cbcmac-aes", AES, "0", "1-16", 0, 16 },
    { CRYPTODEV_SERVICE_MAC, 50, "cbcmac-kasumi-f9", "16", "0", "1-4", 0, 8 },
    { CRYPTODEV_SERVICE_MAC, 53, "xcbc-aes", "16", "0", "1-16", 0, 1 },
    { CRYPTODEV_SERVICE_MAC, 54, "zuc-eia3", "16", "0", "1-4", 16, 1 },

    { CRYPTODEV_SERVICE_AEAD, 1, "aes-gcm", AES, "12,16", "4,8,12-16", 0, 1 },
    { CRYPTODEV_SERVICE_AEAD, 2, "aes-ccm", AES, "7-13", "4,6,8,10,12,14,16",
      0, 1 },
    { CRYPTODEV_SERVICE_AEAD, 3, "chacha20-poly1305", "32", "12", "16", 0, 1 },

    { CRYPTODEV_SERVICE_AKCIPHER, 1, "rsa", "1-16384", "0", "", 0, 1 },
    { CRYPTODEV_SERVICE_AKCIPHER, 2, "ecdsa", "1-16384", "0", "", 0, 1 },
};

static bool in_set(const char *set, unsigned len)
{
    while (*set) {
        char *end;
        unsigned from = g_ascii_strtoull(set, &end, 10);
        unsigned to = *end == '-' ? g_ascii_strtoull(end + 1, &end, 10) : from;

        if (len >= from && len <= to) {
            return true;
        }
        set = *end ? end + 1 : end;
    }
    return false;
}

static void check_row(const Lengths *l, const CryptoDevAlgoInfo *info)
{
    g_assert_cmpstr(info->name, ==, l->name);
    g_assert_cmpint(info->service, ==, l->service);
    g_assert_cmpuint(info->number, ==, l->number);
    g_assert_cmpuint(info->nonce_len, ==, l->nonce);
    /* public-key operations are long whatever their data */
    g_assert_cmpint(info->cost > 0, ==,
                    info->service != CRYPTODEV_SERVICE_AKCIPHER);
    for (unsigned len = 0; len <= LEN_MAX; len++) {
        g_assert_cmpint(cryptodev_algo_key_len_ok(info, len), ==,
                        in_set(l->keys, len));
        g_assert_cmpint(cryptodev_algo_iv_len_ok(info, len), ==,
                        in_set(l->ivs, len));
        g_assert_cmpint(cryptodev_algo_data_len_ok(info, len), ==,
                        len % l->block == 0 && (!len || len >= l->min));
        if (l->digests) {
            g_assert_cmpint(cryptodev_algo_digest_len_ok(info, len), ==,
                            in_set(l->digests, len));
        }
    }
}

/* Lengths that are right in their low bits only. */
static void check_huge(const Lengths *l, const CryptoDevAlgoInfo *info)
{
    static const uint64_t high[] = { 1ull << 16, 1ull << 32, 1ull << 63 };

    for (int i = 0; i < ARRAY_SIZE(high); i++) {
        for (unsigned low = 0; low <= 64; low++) {
            uint64_t len = high[i] + low;

            g_assert_false(cryptodev_algo_key_len_ok(info, len));
            g_assert_false(cryptodev_algo_iv_len_ok(info, len));
            g_assert_false(cryptodev_algo_digest_len_ok(info, len));
            g_assert_cmpint(cryptodev_algo_data_len_ok(info, len), ==,
                            low % l->block == 0);
        }
    }
}

static void test_lengths(void)
{
    for (int i = 0; i < ARRAY_SIZE(lengths); i++) {
        CryptoDevAlgo algo = cryptodev_algo_find(lengths[i].service,
                                                 lengths[i].number);

        g_test_message("%s", lengths[i].name);
        g_assert_cmpint(algo, !=, CRYPTODEV_ALGO_NONE);
        g_assert_cmpstr(cryptodev_algo_name(algo), ==, lengths[i].name);
        check_row(&lengths[i], cryptodev_algo_info(algo));
        check_huge(&lengths[i], cryptodev_algo_info(algo));
    }
    g_assert_cmpint(ARRAY_SIZE(lengths), ==, CRYPTODEV_ALGO__MAX - 1);
}

/* Every number that names an algorithm is in the list above. */
static void test_find(void)
{
    static const uint32_t high[] = { 0, 0x100, 0x10000, 0x80000000 };
    unsigned found = 0;

    for (int service = 0; service <= CRYPTODEV_SERVICE__MAX; service++) {
        for (unsigned low = 0; low < 256; low++) {
            for (int i = 0; i < ARRAY_SIZE(high); i++) {
                CryptoDevAlgo algo = cryptodev_algo_find(service,
                                                         high[i] | low);

                g_assert_true(!algo || !high[i]);
                found += algo != CRYPTODEV_ALGO_NONE;
            }
        }
    }
    g_assert_cmpuint(found, ==, ARRAY_SIZE(lengths));
    g_assert_cmpstr(cryptodev_algo_name(CRYPTODEV_ALGO_NONE), ==, "none");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cryptodev/algos/lengths", test_lengths);
    g_test_add_func("/cryptodev/algos/find", test_find);
    return g_test_run();
}
