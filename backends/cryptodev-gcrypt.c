/*
 * Crypto provider: libgcrypt
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <gcrypt.h>
#include "qemu/units.h"
#include "cryptodev-provider.h"
#include "system/cryptodev-util.h"

/* IEEE 1619 ends a data unit at 2^20 blocks, and so does libgcrypt. */
#define XTS_MAX_LEN (16 * MiB)

typedef struct GcryptCipher {
    gcry_cipher_hd_t hd;
    const CryptoProviderAlgo *row;
    bool encrypt;
} GcryptCipher;

/* libgcrypt has an algorithm per key length; rows name the shortest. */
static int cipher_algo(int algo, size_t key_len)
{
    static const int aes[] = {
        [16] = GCRY_CIPHER_AES128,
        [24] = GCRY_CIPHER_AES192,
        [32] = GCRY_CIPHER_AES256,
    };

    return algo == GCRY_CIPHER_AES128 ? aes[key_len] : algo;
}

static bool cipher_set_key(gcry_cipher_hd_t hd, const uint8_t *key,
                           size_t key_len)
{
    gcry_error_t err;

    /*
     * DES keys are the guest's choice, weak ones too.  Even with leave to
     * use them libgcrypt returns an error, but the key is set.  Algorithms
     * without weak keys do not know the request, which does not matter.
     */
    gcry_cipher_ctl(hd, GCRYCTL_SET_ALLOW_WEAK_KEY, NULL, 1);
    err = gcry_cipher_setkey(hd, key, key_len);
    return !err || gcry_err_code(err) == GPG_ERR_WEAK_KEY;
}

static gcry_cipher_hd_t cipher_open(int algo, int mode, unsigned flags,
                                    const uint8_t *key, size_t key_len)
{
    gcry_cipher_hd_t hd;

    if (gcry_cipher_open(&hd, algo, mode, flags)) {
        return NULL;
    }
    if (!cipher_set_key(hd, key, key_len)) {
        gcry_cipher_close(hd);
        return NULL;
    }
    return hd;
}

static void *cipher_ctx_new(const CryptoProviderAlgo *row, const uint8_t *key,
                            size_t key_len, bool encrypt)
{
    bool xts = row->lib_mode == GCRY_CIPHER_MODE_XTS;
    int algo = cipher_algo(row->lib_algo, xts ? key_len / 2 : key_len);
    gcry_cipher_hd_t hd = cipher_open(algo, row->lib_mode, 0, key, key_len);
    GcryptCipher *c;

    if (!hd) {
        return NULL;
    }
    c = g_new0(GcryptCipher, 1);
    c->hd = hd;
    c->row = row;
    c->encrypt = encrypt;
    return c;
}

static void cipher_ctx_free(void *ctx)
{
    GcryptCipher *c = ctx;

    gcry_cipher_close(c->hd);
    g_free(c);
}

static bool cipher_start(void *ctx, const CryptoProviderMsg *msg)
{
    GcryptCipher *c = ctx;

    if (c->row->lib_mode == GCRY_CIPHER_MODE_CTR) {
        return !gcry_cipher_setctr(c->hd, msg->iv, msg->iv_len);
    }
    if (msg->iv_len) {
        return !gcry_cipher_setiv(c->hd, msg->iv, msg->iv_len);
    }
    /* back to the state behind setkey: the key stream starts afresh */
    return !gcry_cipher_reset(c->hd);
}

static bool cipher_crypt(void *ctx, uint8_t *dst, const uint8_t *src,
                         size_t len)
{
    GcryptCipher *c = ctx;

    if (!len) {
        return true;
    }
    if (c->encrypt) {
        return !gcry_cipher_encrypt(c->hd, dst, len, src, len);
    }
    return !gcry_cipher_decrypt(c->hd, dst, len, src, len);
}

static const CryptoProviderOps cipher_ops = {
    .ctx_new = cipher_ctx_new,
    .ctx_free = cipher_ctx_free,
    .start = cipher_start,
    .crypt = cipher_crypt,
};

#define CIPHER(_algo, _lib_algo, _mode, _split, ...)                    \
    { .algo = CRYPTODEV_ALGO_##_algo,                                   \
      .lib_algo = GCRY_CIPHER_##_lib_algo,                              \
      .lib_mode = GCRY_CIPHER_MODE_##_mode,                             \
      .crypt_split = _split, .ops = &cipher_ops, __VA_ARGS__ }

static const CryptoProviderAlgo gcrypt_algos[] = {
    CIPHER(ARC4, ARCFOUR, STREAM, CRYPTO_SPLIT_ANY),
    CIPHER(AES_ECB, AES128, ECB, 16),
    CIPHER(AES_CBC, AES128, CBC, 16),
    CIPHER(AES_CTR, AES128, CTR, CRYPTO_SPLIT_ANY),
    CIPHER(DES_ECB, DES, ECB, 8),
    CIPHER(DES_CBC, DES, CBC, 8),
    CIPHER(3DES_ECB, 3DES, ECB, 8),
    CIPHER(3DES_CBC, 3DES, CBC, 8),
    CIPHER(3DES_CTR, 3DES, CTR, CRYPTO_SPLIT_ANY),
    /* each call is a data unit: a second one would count the tweak up */
    CIPHER(AES_XTS, AES128, XTS, CRYPTO_SPLIT_NONE, .max_len = XTS_MAX_LEN),
    { },
};

static bool gcrypt_init(void)
{
    if (!gcry_check_version(GCRYPT_VERSION)) {
        return false;
    }
    /* QEMU's own crypto code may have been here already: no harm */
    gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
    return true;
}

const CryptoProvider cryptodev_provider_gcrypt = {
    .name = "gcrypt",
    .algos = gcrypt_algos,
    .init = gcrypt_init,
};
