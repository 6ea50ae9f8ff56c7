/*
 * Crypto provider: nettle
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <nettle/aes.h>
#include <nettle/arcfour.h>
#include <nettle/cbc.h>
#include <nettle/chacha-poly1305.h>
#include <nettle/ctr.h>
#include <nettle/des.h>
#include <nettle/version.h>
#include <nettle/xts.h>
#include "nettle-bignum.h"
#include "nettle-internal.h"
#include "system/cryptodev-util.h"

/*
 * nettle's own list of ciphers lacks DES.  The function casts here and in the
 * other files are those of nettle's list.
 */

/* Weak keys are set as well, whatever these return. */
static void set_des_key(void *ctx, const uint8_t *key)
{
    des_set_key(ctx, key);
}

static void set_des3_key(void *ctx, const uint8_t *key)
{
    des3_set_key(ctx, key);
}

static const struct nettle_cipher lib_des = {
    .name = "des",
    .context_size = sizeof(struct des_ctx),
    .block_size = DES_BLOCK_SIZE,
    .key_size = DES_KEY_SIZE,
    .set_encrypt_key = set_des_key,
    .set_decrypt_key = set_des_key,
    .encrypt = (nettle_cipher_func *)des_encrypt,
    .decrypt = (nettle_cipher_func *)des_decrypt,
};

static const struct nettle_cipher lib_des3 = {
    .name = "des3",
    .context_size = sizeof(struct des3_ctx),
    .block_size = DES3_BLOCK_SIZE,
    .key_size = DES3_KEY_SIZE,
    .set_encrypt_key = set_des3_key,
    .set_decrypt_key = set_des3_key,
    .encrypt = (nettle_cipher_func *)des3_encrypt,
    .decrypt = (nettle_cipher_func *)des3_decrypt,
};

static const NettleCipher ciphers[] = {
    { NETTLE_AES, &nettle_aes128, (NettleCbcFn *)cbc_aes128_encrypt },
    { NETTLE_AES, &nettle_aes192, (NettleCbcFn *)cbc_aes192_encrypt },
    { NETTLE_AES, &nettle_aes256, (NettleCbcFn *)cbc_aes256_encrypt },
    { NETTLE_TWOFISH, &nettle_twofish128 },
    { NETTLE_TWOFISH, &nettle_twofish192 },
    { NETTLE_TWOFISH, &nettle_twofish256 },
    { NETTLE_DES, &lib_des },
    { NETTLE_3DES, &lib_des3 },
};

static const NettleCipher *find_cipher(int family, size_t key_len)
{
    for (int i = 0; i < ARRAY_SIZE(ciphers); i++) {
        if (ciphers[i].family == family &&
            ciphers[i].lib->key_size == key_len) {
            return &ciphers[i];
        }
    }
    g_assert_not_reached();
}

/* A context of @size bytes, followed by @keys schedules, not set yet */
static void *block_new_unset(size_t size, int family, size_t key_len,
                             unsigned keys)
{
    const NettleCipher *cipher = find_cipher(family, key_len);
    size_t head = QEMU_ALIGN_UP(size, 16);
    size_t schedule = QEMU_ALIGN_UP(cipher->lib->context_size, 16);
    NettleBlock *b = g_malloc0(head + keys * schedule);

    b->cipher = cipher;
    b->size = head + keys * schedule;
    for (int i = 0; i < keys; i++) {
        b->keys[i] = (char *)b + head + i * schedule;
    }
    return b;
}

void *cryptodev_nettle_block_new(size_t size, const CryptoRow *row,
                                 const uint8_t *key, size_t key_len)
{
    NettleBlock *b = block_new_unset(size, row->lib_algo, key_len, 1);

    b->cipher->lib->set_encrypt_key(b->keys[0], key);
    return b;
}

void cryptodev_nettle_block_free(void *ctx)
{
    NettleBlock *b = ctx;

    cryptodev_wipe(b, b->size);
    g_free(b);
}

static bool block_start(void *ctx, const CryptoMessage *m)
{
    NettleBlock *b = ctx;

    memcpy(b->iv, m->iv, m->iv_len);
    b->ended = false;
    return true;
}

static void set_key(NettleBlock *b, const uint8_t *key, bool encrypt)
{
    const struct nettle_cipher *lib = b->cipher->lib;

    b->encrypt = encrypt;
    (encrypt ? lib->set_encrypt_key : lib->set_decrypt_key)(b->keys[0], key);
}

/* ECB and CBC have a schedule for their direction, CTR only encrypts. */

static void *block_new(const CryptoRow *row, const uint8_t *key,
                       size_t key_len, bool encrypt)
{
    NettleBlock *b = block_new_unset(sizeof(*b), row->lib_algo, key_len, 1);

    set_key(b, key, encrypt);
    return b;
}

static void *count_new(const CryptoRow *row, const uint8_t *key,
                       size_t key_len, bool encrypt)
{
    return cryptodev_nettle_block_new(sizeof(NettleBlock), row, key, key_len);
}

static bool ecb_crypt(void *ctx, uint8_t *dst, const uint8_t *src, size_t len)
{
    NettleBlock *b = ctx;
    const struct nettle_cipher *lib = b->cipher->lib;

    if (len % lib->block_size) {
        return false;
    }
    (b->encrypt ? lib->encrypt : lib->decrypt)(b->keys[0], len, dst, src);
    return true;
}

static bool cbc_crypt(void *ctx, uint8_t *dst, const uint8_t *src, size_t len)
{
    NettleBlock *b = ctx;
    const struct nettle_cipher *lib = b->cipher->lib;

    if (len % lib->block_size) {
        return false;
    }
    if (!b->encrypt) {
        cbc_decrypt(b->keys[0], lib->decrypt, lib->block_size, b->iv,
                    len, dst, src);
    } else if (b->cipher->cbc_encrypt) {
        b->cipher->cbc_encrypt(b->keys[0], b->iv, len, dst, src);
    } else {
        cbc_encrypt(b->keys[0], lib->encrypt, lib->block_size, b->iv,
                    len, dst, src);
    }
    return true;
}

/* Each call begins with a new block of key stream. */
static bool count_crypt(void *ctx, uint8_t *dst, const uint8_t *src, size_t len)
{
    NettleBlock *b = ctx;
    const struct nettle_cipher *lib = b->cipher->lib;

    if (!cryptodev_nettle_take(&b->ended, len, lib->block_size)) {
        return false;
    }
    ctr_crypt(b->keys[0], lib->encrypt, lib->block_size, b->iv, len, dst, src);
    return true;
}

static void *xts_new(const CryptoRow *row, const uint8_t *key,
                     size_t key_len, bool encrypt)
{
    size_t half = key_len / 2;
    NettleBlock *b = block_new_unset(sizeof(*b), row->lib_algo, half, 2);

    set_key(b, key, encrypt);
    b->cipher->lib->set_encrypt_key(b->keys[1], key + half);
    return b;
}

/* Each call is one data unit. */
static bool xts_crypt(void *ctx, uint8_t *dst, const uint8_t *src, size_t len)
{
    NettleBlock *b = ctx;
    const struct nettle_cipher *lib = b->cipher->lib;

    if (!len) {
        return true;
    }
    if (b->ended || len < XTS_BLOCK_SIZE) {
        return false;
    }
    b->ended = true;
    if (b->encrypt) {
        xts_encrypt_message(b->keys[0], b->keys[1], lib->encrypt,
                            b->iv, len, dst, src);
    } else {
        xts_decrypt_message(b->keys[0], b->keys[1], lib->decrypt, lib->encrypt,
                            b->iv, len, dst, src);
    }
    return true;
}

typedef struct NettleF8 {
    NettleBlock block;
    CryptoF8 f8;
} NettleF8;

static void *f8_new(const CryptoRow *row, const uint8_t *key,
                    size_t key_len, bool encrypt)
{
    NettleF8 *c = block_new_unset(sizeof(*c), row->lib_algo, key_len / 2, 2);
    const struct nettle_cipher *lib = c->block.cipher->lib;
    uint8_t masked[AES_MAX_KEY_SIZE];

    crypto_f8_masked_key(masked, key, key_len);
    lib->set_encrypt_key(c->block.keys[0], key);
    lib->set_encrypt_key(c->block.keys[1], masked);
    cryptodev_wipe(masked, sizeof(masked));
    return c;
}

typedef struct NettleKey {
    const struct nettle_cipher *lib;
    const void *schedule;
} NettleKey;

static bool encrypt_block(void *opaque, uint8_t *dst, const uint8_t *src,
                          size_t len)
{
    NettleKey *key = opaque;

    key->lib->encrypt(key->schedule, len, dst, src);
    return true;
}

static bool f8_start(void *ctx, const CryptoMessage *m)
{
    NettleF8 *c = ctx;
    NettleKey key = { c->block.cipher->lib, c->block.keys[1] };

    return crypto_f8_start(&c->f8, encrypt_block, &key, m->iv);
}

static bool f8_crypt(void *ctx, uint8_t *dst, const uint8_t *src, size_t len)
{
    NettleF8 *c = ctx;
    NettleKey key = { c->block.cipher->lib, c->block.keys[0] };

    return crypto_f8_crypt(&c->f8, encrypt_block, &key, dst, src, len);
}

typedef struct NettleArc4 {
    struct arcfour_ctx keyed;
    struct arcfour_ctx now;
} NettleArc4;

static void *arc4_new(const CryptoRow *row, const uint8_t *key,
                      size_t key_len, bool encrypt)
{
    NettleArc4 *c = g_new0(NettleArc4, 1);

    arcfour_set_key(&c->keyed, key_len, key);
    return c;
}

static void arc4_free(void *ctx)
{
    cryptodev_wipe(ctx, sizeof(NettleArc4));
    g_free(ctx);
}

static bool arc4_start(void *ctx, const CryptoMessage *m)
{
    NettleArc4 *c = ctx;

    c->now = c->keyed;
    return true;
}

static bool arc4_crypt(void *ctx, uint8_t *dst, const uint8_t *src, size_t len)
{
    NettleArc4 *c = ctx;

    arcfour_crypt(&c->now, len, dst, src);
    return true;
}

#define CIPHER_OPS(_new, _free, _start, _crypt)                         \
    { .ctx_new = _new, .ctx_free = _free, .start = _start, .crypt = _crypt }
#define BLOCK_OPS(_new, _crypt)                                         \
    CIPHER_OPS(_new, cryptodev_nettle_block_free, block_start, _crypt)

static const CryptoRowOps ecb_ops = BLOCK_OPS(block_new, ecb_crypt);
static const CryptoRowOps cbc_ops = BLOCK_OPS(block_new, cbc_crypt);
static const CryptoRowOps ctr_ops = BLOCK_OPS(count_new, count_crypt);
static const CryptoRowOps xts_ops = BLOCK_OPS(xts_new, xts_crypt);
static const CryptoRowOps f8_ops =
    CIPHER_OPS(f8_new, cryptodev_nettle_block_free, f8_start, f8_crypt);
static const CryptoRowOps arc4_ops =
    CIPHER_OPS(arc4_new, arc4_free, arc4_start, arc4_crypt);

#define ROW(_algo, _family, _ops, _auth_split, _crypt_split)            \
    { .algo = CRYPTODEV_ALGO_##_algo, .lib_algo = _family,              \
      .ops = &_ops, .auth_split = _auth_split, .crypt_split = _crypt_split }
#define CIPHER(_algo, _family, _ops, _split)                            \
    ROW(_algo, _family, _ops, 0, _split)
#define DIGEST(_algo, _family, _ops, _split)                            \
    ROW(_algo, _family, _ops, _split, 0)
#define HASH(_algo)                                                     \
    DIGEST(_algo, 0, cryptodev_nettle_hash_ops, CRYPTO_SPLIT_ANY)
#define HMAC(_algo)                                                     \
    DIGEST(_algo, 0, cryptodev_nettle_hmac_ops, CRYPTO_SPLIT_ANY)

static const CryptoRow provider_rows[] = {
    CIPHER(ARC4, 0, arc4_ops, CRYPTO_SPLIT_ANY),
    CIPHER(AES_ECB, NETTLE_AES, ecb_ops, 16),
    CIPHER(AES_CBC, NETTLE_AES, cbc_ops, 16),
    CIPHER(AES_CTR, NETTLE_AES, ctr_ops, 16),
    CIPHER(AES_F8, NETTLE_AES, f8_ops, CRYPTO_SPLIT_ANY),
    CIPHER(AES_XTS, NETTLE_AES, xts_ops, CRYPTO_SPLIT_NONE),
    CIPHER(DES_ECB, NETTLE_DES, ecb_ops, 8),
    CIPHER(DES_CBC, NETTLE_DES, cbc_ops, 8),
    CIPHER(3DES_ECB, NETTLE_3DES, ecb_ops, 8),
    CIPHER(3DES_CBC, NETTLE_3DES, cbc_ops, 8),
    CIPHER(3DES_CTR, NETTLE_3DES, ctr_ops, 8),

    HASH(MD5),
    HASH(SHA1),
    HASH(SHA_224),
    HASH(SHA_256),
    HASH(SHA_384),
    HASH(SHA_512),
    HASH(SHA3_224),
    HASH(SHA3_256),
    HASH(SHA3_384),
    HASH(SHA3_512),
#if NETTLE_HAS_SHAKE128
    HASH(SHAKE128),
#endif
    HASH(SHAKE256),

    HMAC(HMAC_MD5),
    HMAC(HMAC_SHA1),
    HMAC(HMAC_SHA_224),
    HMAC(HMAC_SHA_256),
    HMAC(HMAC_SHA_384),
    HMAC(HMAC_SHA_512),
    DIGEST(CMAC_3DES, NETTLE_3DES, cryptodev_nettle_cmac_ops, CRYPTO_SPLIT_ANY),
    DIGEST(CMAC_AES, NETTLE_AES, cryptodev_nettle_cmac_ops, CRYPTO_SPLIT_ANY),
    DIGEST(XCBC_AES, NETTLE_AES, cryptodev_nettle_cmac_ops, CRYPTO_SPLIT_ANY),
    DIGEST(CBCMAC_AES, NETTLE_AES, cryptodev_nettle_cbcmac_ops, 16),
    DIGEST(GMAC_AES, NETTLE_AES, cryptodev_nettle_gmac_ops, 16),
    DIGEST(GMAC_TWOFISH, NETTLE_TWOFISH, cryptodev_nettle_gmac_ops, 16),

    ROW(AES_GCM, NETTLE_AES, cryptodev_nettle_gcm_ops, 16, 16),
    ROW(AES_CCM, NETTLE_AES, cryptodev_nettle_ccm_ops, CRYPTO_SPLIT_ANY, 16),
    ROW(CHACHA20_POLY1305, 0, cryptodev_nettle_chapoly_ops, CRYPTO_SPLIT_ANY,
        CHACHA_POLY1305_BLOCK_SIZE),
    { },
};

static bool provider_init(void)
{
    return nettle_version_major() == NETTLE_VERSION_MAJOR &&
           crypto_gmp_wipe_freed();
}

static const CryptoProviderAkcipher *const provider_akciphers[] = {
    &crypto_nettle_rsa,
    &crypto_nettle_ecdsa,
    NULL
};

const CryptoProvider cryptodev_provider_nettle = {
    .name = "nettle",
    .rows = provider_rows,
    .akciphers = provider_akciphers,
    .init = provider_init,
};
