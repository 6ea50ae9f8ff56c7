/*
 * Choice of the library that computes a request: the tables
 *
 * The counts come from tests/bench/cryptodev-counts on an Intel Xeon of the
 * fifth generation, with libipsec-mb 1.3 and libgcrypt 1.10; for processors
 * with fewer instructions, both libraries were told not to use the others.
 * From the count on, a batch is faster by an eighth at least.  An exception are
 * ciphers where the AVX-512 code of libipsec-mb gains nothing and loses nothing
 * there, but is twice as fast on a processor of AMD: these use batches.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "route-table.h"

/* Overhead of a message, as a number of bytes */
#define WEIGHT      64

/* Providers that come first, whatever the order of cryptodev_providers */
static const struct {
    CryptoDevAlgo algo;
    const char *provider;
} preferred[] = {
    { CRYPTODEV_ALGO_AES_GCM, "ipsec-mb" },
    { CRYPTODEV_ALGO_GMAC_AES, "ipsec-mb" },
};

/* The least number of requests of cryptodev_route_len bytes; 0: never */
typedef uint8_t Counts[CRYPTO_CPU__MAX][CRYPTO_ROUTE_LENS];

static const Counts aes_ecb = {
    [CRYPTO_CPU_SSE ... CRYPTO_CPU_AVX512_VAES] = { 0, 5, 2, 1, 1 },
};

static const Counts aes_cbc_encrypt = {
    [CRYPTO_CPU_SSE ... CRYPTO_CPU_SSE_SHA] = { 6, 3, 2, 2, 2 },
    [CRYPTO_CPU_AVX2 ... CRYPTO_CPU_AVX512] = { 12, 4, 3, 3, 3 },
    [CRYPTO_CPU_AVX512_VAES] = { 0, 8, 3, 3, 2 },
};

static const Counts aes_cbc_decrypt = {
    [CRYPTO_CPU_SSE ... CRYPTO_CPU_AVX2] = { 4, 4, 4, 0, 0 },
    [CRYPTO_CPU_AVX2_SHA] = { 4, 4, 0, 0, 0 },
    [CRYPTO_CPU_AVX512] = { 4, 4, 4, 0, 0 },
    [CRYPTO_CPU_AVX512_VAES] = { 4, 4, 4, 4, 4 },
};

static const Counts aes_ccm = {
    [CRYPTO_CPU_SSE ... CRYPTO_CPU_SSE_SHA] = { 4, 3, 2, 2, 2 },
    [CRYPTO_CPU_AVX2 ... CRYPTO_CPU_AVX512] = { 6, 5, 3, 3, 3 },
    [CRYPTO_CPU_AVX512_VAES] = { 0, 0, 24, 3, 2 },
};

static const Counts aes_xcbc = {
    [CRYPTO_CPU_SSE ... CRYPTO_CPU_SSE_SHA] = { 0, 4, 2, 2, 2 },
    [CRYPTO_CPU_AVX2 ... CRYPTO_CPU_AVX512] = { 0, 8, 3, 3, 3 },
    [CRYPTO_CPU_AVX512_VAES] = { 0, 8, 3, 2, 2 },
};

static const Counts sha1 = {
    [CRYPTO_CPU_SSE] = { 0, 12, 8, 6, 6 },
    [CRYPTO_CPU_AVX2] = { 12, 5, 4, 3, 3 },
    [CRYPTO_CPU_AVX2_SHA] = { 0, 16, 12, 12, 12 },
    [CRYPTO_CPU_AVX512] = { 16, 5, 4, 3, 3 },
    [CRYPTO_CPU_AVX512_VAES] = { 0, 10, 6, 5, 5 },
};

/* SHA-224 and SHA-256 */
static const Counts sha256 = {
    [CRYPTO_CPU_SSE] = { 6, 3, 3, 3, 3 },
    [CRYPTO_CPU_SSE_SHA] = { 0, 6, 6, 6, 6 },
    [CRYPTO_CPU_AVX2] = { 4, 4, 3, 3, 3 },
    [CRYPTO_CPU_AVX2_SHA] = { 0, 8, 6, 6, 6 },
    [CRYPTO_CPU_AVX512] = { 4, 3, 3, 3, 3 },
    [CRYPTO_CPU_AVX512_VAES] = { 0, 32, 12, 10, 10 },
};

/* SHA-384 and SHA-512, for which there are no instructions */
static const Counts sha512 = {
    [CRYPTO_CPU_AVX2 ... CRYPTO_CPU_AVX2_SHA] = { 8, 8, 6, 6, 6 },
    [CRYPTO_CPU_AVX512 ... CRYPTO_CPU_AVX512_VAES] = { 3, 3, 3, 2, 2 },
};

static const Counts hmac_md5 = {
    [CRYPTO_CPU_SSE ... CRYPTO_CPU_AVX512_VAES] = { 3, 3, 3, 2, 2 },
};

static const Counts hmac_sha1 = {
    [CRYPTO_CPU_SSE] = { 3, 3, 3, 6, 6 },
    [CRYPTO_CPU_SSE_SHA] = { 1, 1, 1, 2, 0 },
    [CRYPTO_CPU_AVX2] = { 3, 3, 3, 3, 3 },
    [CRYPTO_CPU_AVX2_SHA] = { 3, 4, 4, 5, 5 },
    [CRYPTO_CPU_AVX512] = { 3, 3, 3, 3, 3 },
    [CRYPTO_CPU_AVX512_VAES] = { 4, 4, 5, 5, 5 },
};

static const Counts hmac_sha256 = {
    [CRYPTO_CPU_SSE] = { 3, 3, 3, 3, 3 },
    [CRYPTO_CPU_SSE_SHA] = { 1, 1, 2, 2, 2 },
    [CRYPTO_CPU_AVX2] = { 3, 3, 3, 3, 3 },
    [CRYPTO_CPU_AVX2_SHA] = { 1, 1, 2, 2, 2 },
    [CRYPTO_CPU_AVX512] = { 3, 3, 3, 3, 3 },
    [CRYPTO_CPU_AVX512_VAES] = { 10, 10, 10, 10, 8 },
};

static const Counts hmac_sha512 = {
    [CRYPTO_CPU_SSE ... CRYPTO_CPU_SSE_SHA] = { 6, 6, 6, 0, 0 },
    [CRYPTO_CPU_AVX2 ... CRYPTO_CPU_AVX2_SHA] = { 3, 3, 3, 6, 6 },
    [CRYPTO_CPU_AVX512 ... CRYPTO_CPU_AVX512_VAES] = { 3, 3, 3, 2, 2 },
};

static const struct {
    CryptoDevAlgo algo;
    CryptoDevOpcode opcode;                 /* of ciphers */
    const Counts *counts;
} batches[] = {
    { CRYPTODEV_ALGO_AES_ECB, CRYPTODEV_ENCRYPT, &aes_ecb },
    { CRYPTODEV_ALGO_AES_CBC, CRYPTODEV_ENCRYPT, &aes_cbc_encrypt },
    { CRYPTODEV_ALGO_AES_CBC, CRYPTODEV_DECRYPT, &aes_cbc_decrypt },
    { CRYPTODEV_ALGO_AES_CTR, CRYPTODEV_ENCRYPT, &aes_cbc_decrypt },
    { CRYPTODEV_ALGO_AES_CCM, CRYPTODEV_ENCRYPT, &aes_ccm },
    { CRYPTODEV_ALGO_SHA1, .counts = &sha1 },
    { CRYPTODEV_ALGO_SHA_224, .counts = &sha256 },
    { CRYPTODEV_ALGO_SHA_256, .counts = &sha256 },
    { CRYPTODEV_ALGO_SHA_384, .counts = &sha512 },
    { CRYPTODEV_ALGO_SHA_512, .counts = &sha512 },
    { CRYPTODEV_ALGO_HMAC_MD5, .counts = &hmac_md5 },
    { CRYPTODEV_ALGO_HMAC_SHA1, .counts = &hmac_sha1 },
    { CRYPTODEV_ALGO_HMAC_SHA_224, .counts = &hmac_sha256 },
    { CRYPTODEV_ALGO_HMAC_SHA_256, .counts = &hmac_sha256 },
    { CRYPTODEV_ALGO_HMAC_SHA_384, .counts = &hmac_sha512 },
    { CRYPTODEV_ALGO_HMAC_SHA_512, .counts = &hmac_sha512 },
    { CRYPTODEV_ALGO_XCBC_AES, .counts = &aes_xcbc },
};

bool cryptodev_route_comes_first(const CryptoProvider *provider,
                                 CryptoDevAlgo algo)
{
    for (unsigned i = 0; i < ARRAY_SIZE(preferred); i++) {
        if (preferred[i].algo == algo) {
            return !strcmp(preferred[i].provider, provider->name);
        }
    }
    return false;
}

const uint8_t *cryptodev_route_counts(const CryptoRow *row, CryptoCpu cpu)
{
    static const uint8_t never[CRYPTO_ROUTE_LENS];

    for (unsigned i = 0; i < ARRAY_SIZE(batches); i++) {
        if (batches[i].algo == row->algo &&
            cryptodev_row_serves(row, batches[i].opcode)) {
            return (*batches[i].counts)[cpu];
        }
    }
    return never;
}

unsigned cryptodev_route_class(size_t len)
{
    unsigned class = 0;

    for (unsigned i = 1; i < CRYPTO_ROUTE_LENS; i++) {
        class += len >= cryptodev_route_len[i];
    }
    return class;
}

/*
 * A batch takes at least the time of its longest message.  So it pays if the
 * sum of the lengths is count times the longest length or more.  If not, serve
 * the longest message alone.
 */
static bool pays(const uint8_t *counts, uint64_t sum, uint32_t longest)
{
    uint64_t count = counts[cryptodev_route_class(longest)];

    return count && sum >= count * (longest + WEIGHT);
}

bool cryptodev_route_all(const uint8_t *counts, uint32_t longest,
                         uint32_t shortest, unsigned n)
{
    return pays(counts, (uint64_t)n * (shortest + WEIGHT), longest);
}

unsigned cryptodev_route_alone(const uint8_t *counts, const uint32_t *len,
                               unsigned n)
{
    uint64_t sum = 0;
    unsigned i;

    for (i = 0; i < n; i++) {
        sum += len[i] + WEIGHT;
    }
    for (i = 0; i < n && !pays(counts, sum, len[i]); i++) {
        sum -= len[i] + WEIGHT;
    }
    return i;
}
