/*
 * Modes of operation block by block, as in their standards
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_UNIT_CRYPTODEV_REFERENCE_H
#define TESTS_UNIT_CRYPTODEV_REFERENCE_H

#include "backends/cryptodev/provider.h"

/**
 * RefCipher: a block cipher, from the ECB row of any provider
 *
 * @len: bytes of a block
 */
typedef struct RefCipher {
    const CryptoRow *row;
    void *ctx;
    size_t len;
} RefCipher;

/* @ecb: CRYPTODEV_ALGO_*_ECB */
RefCipher ref_cipher(CryptoDevAlgo ecb, const uint8_t *key, size_t key_len);
void ref_cipher_cleanup(RefCipher *c);

/* dst = E(src) */
void ref_encrypt(const RefCipher *c, uint8_t *dst, const uint8_t *src);

/* Counter mode from block @ctr on, of which the last @width bytes count. */
void ref_ctr(const RefCipher *c, const uint8_t *ctr, size_t width,
             uint8_t *dst, const uint8_t *src, size_t len);

/* IEEE 1619: @data with the key @c, @tweak with the key @t */
void ref_xts(const RefCipher *c, const RefCipher *t, const uint8_t *tweak,
             uint8_t *dst, const uint8_t *src, size_t len);

/* NIST SP 800-38D from the pre-counter block @j0 on; @tag has 16 bytes */
void ref_gcm(const RefCipher *c, const uint8_t *j0,
             const uint8_t *aad, size_t aad_len,
             uint8_t *dst, const uint8_t *src, size_t len, uint8_t *tag);

/* NIST SP 800-38C, with AAD of less than 65280 bytes */
void ref_ccm(const RefCipher *c, const uint8_t *nonce, size_t nonce_len,
             const uint8_t *aad, size_t aad_len,
             uint8_t *dst, const uint8_t *src, size_t len,
             uint8_t *tag, size_t tag_len);

/*
 * 3GPP TS 35.215 (UIA2) and TS 35.221 (EIA3) on key stream of the ciphers of
 * the same family; @mac has 4 bytes
 */
void ref_uia2(const uint8_t *key, const uint8_t *iv, const uint8_t *src,
              size_t len, uint8_t *mac);
void ref_eia3(const uint8_t *key, const uint8_t *iv, const uint8_t *src,
              size_t len, uint8_t *mac);

#endif /* TESTS_UNIT_CRYPTODEV_REFERENCE_H */
