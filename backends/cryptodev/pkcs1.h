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

/* The shortest padding, in bytes */
#define CRYPTO_PKCS1_OVERHEAD 11

/* Whether a signature can name @hash, which may be CRYPTODEV_ALGO_NONE. */
bool crypto_pkcs1_hash_ok(CryptoDevAlgo hash);

/**
 * crypto_pkcs1_pad_signature: encode the message of a signature.
 *
 * @em, @em_len: the encoded message, written
 * @hash: algorithm of @data, written before it as DigestInfo; nothing is
 *     written for CRYPTODEV_ALGO_NONE
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
 * crypto_pkcs1_unpad_encryption: get the message from a decrypted block.
 *
 * The time and the memory accesses depend on @em_len only, until the outcome:
 * if the kinds of bad padding differed, they would help to decrypt
 * (Bleichenbacher).
 *
 * @em: private; on success begins with the message, else it is garbage
 * @len: length of the message
 */
bool crypto_pkcs1_unpad_encryption(uint8_t *em, size_t em_len, size_t *len);

#endif /* BACKENDS_CRYPTODEV_PKCS1_H */
