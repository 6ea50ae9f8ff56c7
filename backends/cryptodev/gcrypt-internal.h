/*
 * Crypto provider libgcrypt: what its files share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_GCRYPT_H
#define BACKENDS_CRYPTODEV_GCRYPT_H

#include <gcrypt.h>
#include "modes.h"
#include "provider.h"

/**
 * cryptodev_gcrypt_open: open a handle and set its key
 *
 * @algo: algorithm of libgcrypt; GCRY_CIPHER_AES128 for AES of any key
 *     length
 * @mode, @flags: as of gcry_cipher_open
 *
 * Returns: NULL if the library refuses
 */
gcry_cipher_hd_t cryptodev_gcrypt_open(int algo, int mode, unsigned flags,
                                       const uint8_t *key, size_t key_len);

/* Encrypt a block with an ECB handle; a CryptoBlockFn. */
bool cryptodev_gcrypt_block(void *opaque, uint8_t *dst, const uint8_t *src,
                            size_t len);

extern const CryptoRowOps cryptodev_gcrypt_hash_ops;
extern const CryptoRowOps cryptodev_gcrypt_mac_ops;
extern const CryptoRowOps cryptodev_gcrypt_cbcmac_ops;
extern const CryptoRowOps cryptodev_gcrypt_mask_mac_ops;

#endif /* BACKENDS_CRYPTODEV_GCRYPT_H */
