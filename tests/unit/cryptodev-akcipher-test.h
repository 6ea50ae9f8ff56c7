/*
 * Public-key operations for tests: buffers and keys
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_UNIT_CRYPTODEV_AKCIPHER_TEST_H
#define TESTS_UNIT_CRYPTODEV_AKCIPHER_TEST_H

#include "backends/cryptodev/provider.h"

/* Bytes of which each was allocated: a read behind the end is seen by ASan. */
typedef struct Bytes {
    uint8_t *data;
    size_t len;
} Bytes;

Bytes bytes_new(const void *data, size_t len);
Bytes bytes_unhex(const char *hex);
Bytes bytes_random(size_t len);
void bytes_free(Bytes *b);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Bytes, bytes_free)

/* The provider's row of @algo */
const CryptoProviderAkcipher *find_akcipher(CryptoDevAlgo algo);

/* Parameters without a key */
CryptoDevSessionParams rsa_params(CryptoDevRsaPadding padding,
                                  CryptoDevAlgo hash, bool is_private);
CryptoDevSessionParams ec_params(CryptoDevCurve curve, bool is_private);

/**
 * key_new: decode a key; @params says all but the key.
 *
 * @key: NULL to free it at once
 */
CryptoDevStatus key_new(CryptoDevSessionParams params, const Bytes *encoded,
                        void **key);

/* A key that must be good */
void *key_good(CryptoDevSessionParams params, const Bytes *encoded);

/**
 * run_op: run an operation on copies of its input.
 *
 * @data: of VERIFY, else NULL
 * @result: set if the outcome is CRYPTODEV_OK, else empty
 */
CryptoDevStatus run_op(CryptoDevAlgo algo, const void *key,
                       CryptoDevOpcode opcode, const Bytes *src,
                       const Bytes *data, Bytes *result);

/* All ways to cut or change @good, which @check gets in turn. */
void for_each_mutation(const Bytes *good,
                       void (*check)(const Bytes *bad, void *opaque),
                       void *opaque);

/* The numbers of an RSA private key in the order of their encoding */
enum { VERSION, N, E, D, P, Q, DP, DQ, QINV, RSA_NUMBERS };

/* Each most significant byte first, without leading zeros */
typedef struct RsaNumbers {
    Bytes v[RSA_NUMBERS];
} RsaNumbers;

void rsa_numbers_free(RsaNumbers *n);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RsaNumbers, rsa_numbers_free)

/* A sequence of the numbers from @first on, right with @sign_octets only */
Bytes rsa_encode(const RsaNumbers *n, int first, int last, bool sign_octets);

/*
 * A test that is linked with --wrap=crypto_wiped_call gets all calls in the
 * first function; the second one is the real one.
 */
void __wrap_crypto_wiped_call(void (*fn)(void *opaque), void *opaque);
void __real_crypto_wiped_call(void (*fn)(void *opaque), void *opaque);

#endif /* TESTS_UNIT_CRYPTODEV_AKCIPHER_TEST_H */
