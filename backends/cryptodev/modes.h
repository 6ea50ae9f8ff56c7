/*
 * Modes of operation that crypto libraries lack
 *
 * Built on single blocks or a CBC chain of the library.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_MODES_H
#define BACKENDS_CRYPTODEV_MODES_H

#define CRYPTO_BLOCK_MAX 16

/* Encrypt a block of @len bytes from @src to @dst, which may be the same. */
typedef bool CryptoBlockFn(void *opaque, uint8_t *dst, const uint8_t *src,
                           size_t len);

/**
 * CryptoF8: f8 mode of AES as in RFC 3711 section 4.1.2, one message
 */
typedef struct CryptoF8 {
    uint8_t iv[CRYPTO_BLOCK_MAX];           /* IV' of the RFC */
    uint8_t stream[CRYPTO_BLOCK_MAX];
    uint64_t block;                         /* j of the RFC, the next one */
    unsigned used;                          /* bytes of @stream */
} CryptoF8;

/**
 * crypto_f8_masked_key: the key that encrypts IVs
 *
 * @masked: @key_len / 2 bytes, written
 * @key: AES key, then key mask of the same length
 */
void crypto_f8_masked_key(uint8_t *masked, const uint8_t *key, size_t key_len);

/* Begin a message; @encrypt and @opaque are the masked key. */
bool crypto_f8_start(CryptoF8 *f8, CryptoBlockFn *encrypt, void *opaque,
                     const uint8_t *iv);

/* Encrypt or decrypt; @encrypt and @opaque are the AES key. */
bool crypto_f8_crypt(CryptoF8 *f8, CryptoBlockFn *encrypt, void *opaque,
                     uint8_t *dst, const uint8_t *src, size_t len);

/* Take @len bytes, whole blocks, into a CBC-MAC. */
typedef bool CryptoCbcFn(void *opaque, const uint8_t *src, size_t len);

/**
 * CryptoMaskMac: CBC-MAC whose last block is masked (CMAC, XCBC)
 *
 * @block_len: bytes
 * @masks: added to a whole last block [0], or to a padded one [1]
 * @tail, @tail_len: the last block so far, kept until its mask is known
 */
typedef struct CryptoMaskMac {
    unsigned block_len;
    uint8_t masks[2][CRYPTO_BLOCK_MAX];
    uint8_t tail[CRYPTO_BLOCK_MAX];
    unsigned tail_len;
} CryptoMaskMac;

/**
 * crypto_xcbc_init: masks of AES-XCBC-MAC (RFC 3566)
 *
 * @encrypt, @opaque: AES with the MAC's key
 * @cbc_key: 16 bytes, written: the key of the CBC-MAC
 */
bool crypto_xcbc_init(CryptoMaskMac *mac, CryptoBlockFn *encrypt,
                      void *opaque, uint8_t *cbc_key);

/* Masks of CMAC with a 64-bit block cipher (NIST SP 800-38B). */
bool crypto_cmac64_init(CryptoMaskMac *mac, CryptoBlockFn *encrypt,
                        void *opaque);

bool crypto_mask_mac_auth(CryptoMaskMac *mac, CryptoCbcFn *cbc, void *opaque,
                          const uint8_t *src, size_t len);

/* Take the last block; the state of the CBC-MAC is then the result. */
bool crypto_mask_mac_final(CryptoMaskMac *mac, CryptoCbcFn *cbc, void *opaque);

/* Whether CCM with a nonce of @nonce_len bytes can count @len bytes of text */
bool crypto_ccm_len_ok(size_t nonce_len, uint64_t len);

/* An element of GF(2^128) as GCM writes it, in host words. */
typedef struct CryptoGf128 {
    uint64_t hi, lo;
} CryptoGf128;

/**
 * CryptoGcmIv: pre-counter blocks for libraries that only take IVs
 *
 * GHASH turns an IV of 16 bytes into J0 = IV * H^2 + L * H, where L is a
 * constant; so the IV for a given J0 is (J0 + L * H) * H^-2.
 */
typedef struct CryptoGcmIv {
    CryptoGf128 h;
    CryptoGf128 lh;                     /* L * H */
    CryptoGf128 h_inv2;                 /* H^-2, 0 until it is needed */
} CryptoGcmIv;

/* @h: the hash subkey, a block of zeros encrypted */
void crypto_gcm_iv_init(CryptoGcmIv *g, const uint8_t *h);

/* The 16-byte IV that GCM turns into @j0. */
void crypto_gcm_iv_from_j0(CryptoGcmIv *g, uint8_t *iv, const uint8_t *j0);

#endif /* BACKENDS_CRYPTODEV_MODES_H */
