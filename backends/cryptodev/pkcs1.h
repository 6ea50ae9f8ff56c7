/*
 * Padding of PKCS#1 v1.5 (RFC 8017): no big numbers, no library
 *
 * An encoded message is as long as the modulus; see section 7.2 for
 * encryption, 8.2 for signatures.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_PKCS1_H
#define BACKENDS_CRYPTODEV_PKCS1_H

#include "system/cryptodev-algos.h"

/* Bytes that padding takes at least. */
#define CRYPTO_PKCS1_OVERHEAD 11

/* Whether a signature can name @hash, which may be CRYPTODEV_ALGO_NONE. */
bool crypto_pkcs1_hash_ok(CryptoDevAlgo hash);

/**
 * crypto_pkcs1_pad_signature: encode what a signature is made of.
 *
 * @em, @em_len: the encoded message, written
 * @hash: algorithm of @data, put before it as DigestInfo; with
 *     CRYPTODEV_ALGO_NONE @data stands alone
 * @data, @len: a digest, or anything if @hash is CRYPTODEV_ALGO_NONE
 *
 * Returns: false if @len is not that of a digest of @hash, or the key too
 * short for it
 */
bool crypto_pkcs1_pad_signature(uint8_t *em, size_t em_len, CryptoDevAlgo hash,
                                const uint8_t *data, size_t len);

/**
 * crypto_pkcs1_pad_encryption: encode a message, with random padding.
 *
 * Returns: false if the message is too long
 */
bool crypto_pkcs1_pad_encryption(uint8_t *em, size_t em_len,
                                 const uint8_t *data, size_t len);

/**
 * crypto_pkcs1_unpad_encryption: take the message out of what was decrypted.
 *
 * The time and the memory accesses depend on @em_len only, until the outcome:
 * who can tell bad paddings apart can decrypt (Bleichenbacher).
 *
 * @em: private; on success the message stands at its head, else it is garbage
 * @len: length of the message
 */
bool crypto_pkcs1_unpad_encryption(uint8_t *em, size_t em_len, size_t *len);

#endif /* BACKENDS_CRYPTODEV_PKCS1_H */
