/*
 * Crypto provider nettle: what its files share
 *
 * nettle calls assert() on misuse, which a guest must never cause.  So contexts
 * do not trust their callers: the function returns false for a piece on which
 * the library would abort.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_NETTLE_H
#define BACKENDS_CRYPTODEV_NETTLE_H

#include <nettle/nettle-meta.h>
#include <nettle/version.h>
#include "modes.h"
#include "provider.h"

#define NETTLE_HAS_SHAKE128 \
    (NETTLE_VERSION_MAJOR > 3 || NETTLE_VERSION_MINOR >= 10)

/* lib_algo of the rows with a block cipher, together with the key length */
enum {
    NETTLE_AES,
    NETTLE_TWOFISH,
    NETTLE_DES,
    NETTLE_3DES,
};

typedef void NettleCbcFn(const void *key, uint8_t *iv, size_t len,
                         uint8_t *dst, const uint8_t *src);

typedef struct NettleCipher {
    int family;
    const struct nettle_cipher *lib;
    NettleCbcFn *cbc_encrypt;           /* faster than nettle's generic one */
} NettleCipher;

/**
 * NettleBlock: contexts of a block cipher begin with this
 *
 * @size: bytes of the whole context
 * @keys: key schedules, stored after the context; NULL if there is none
 * @iv: IV, counter or chaining value
 * @ended: a piece with a partial unit was taken: it must be the last one
 */
typedef struct NettleBlock {
    const NettleCipher *cipher;
    size_t size;
    void *keys[2];
    uint8_t iv[CRYPTO_BLOCK_MAX];
    bool encrypt;
    bool ended;
} NettleBlock;

/**
 * cryptodev_nettle_block_new: a context with one key schedule, for encryption
 *
 * @size: bytes of the context, which begins with a NettleBlock
 */
void *cryptodev_nettle_block_new(size_t size, const CryptoRow *row,
                                 const uint8_t *key, size_t key_len);

/* Wipe and free; a CryptoRowOps.ctx_free. */
void cryptodev_nettle_block_free(void *ctx);

/**
 * cryptodev_nettle_take: whether another piece of @len bytes can follow
 *
 * @ended: false at the start of a message
 * @unit: all pieces but the last must be multiples of this
 */
static inline bool cryptodev_nettle_take(bool *ended, size_t len, size_t unit)
{
    bool ok = !*ended;

    *ended = *ended || len % unit;
    return ok;
}

extern const CryptoProviderAkcipher crypto_nettle_rsa;
extern const CryptoProviderAkcipher crypto_nettle_ecdsa;

extern const CryptoRowOps cryptodev_nettle_hash_ops;
extern const CryptoRowOps cryptodev_nettle_hmac_ops;
extern const CryptoRowOps cryptodev_nettle_cmac_ops;
extern const CryptoRowOps cryptodev_nettle_cbcmac_ops;
extern const CryptoRowOps cryptodev_nettle_gcm_ops;
extern const CryptoRowOps cryptodev_nettle_gmac_ops;
extern const CryptoRowOps cryptodev_nettle_ccm_ops;
extern const CryptoRowOps cryptodev_nettle_chapoly_ops;

#endif /* BACKENDS_CRYPTODEV_NETTLE_H */
