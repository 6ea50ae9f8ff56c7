/*
 * Crypto provider: libtomcrypt, for KASUMI and f8
 *
 * KASUMI here uses tables, so it does not take constant time; no other suitable
 * library has it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <tomcrypt.h>
#include "provider.h"
#include "system/cryptodev-util.h"

/* Indices of the library's table of ciphers, set by init; -1: not there */
static int aes_index;
static int kasumi_index;

/*
 * The library cannot start a second message with the same key:
 * f8_setiv encrypts the IV with the wrong key and does not reset the counter,
 * f9_done overwrites the key schedule.  So the key stays here.
 */
typedef struct TomcryptCtx {
    int cipher;
    uint8_t key[32];
    uint8_t mask[32];
    size_t key_len;
    size_t mask_len;
    union {
        symmetric_F8 f8;
        f9_state f9;
    };
} TomcryptCtx;

static void *kasumi_new(const CryptoRow *row, const uint8_t *key,
                        size_t key_len, bool encrypt)
{
    TomcryptCtx *c = g_new0(TomcryptCtx, 1);

    c->cipher = kasumi_index;
    c->key_len = key_len;
    memcpy(c->key, key, key_len);
    return c;
}

static void *aes_f8_new(const CryptoRow *row, const uint8_t *key,
                        size_t key_len, bool encrypt)
{
    TomcryptCtx *c = g_new0(TomcryptCtx, 1);

    c->cipher = aes_index;
    c->key_len = key_len / 2;
    c->mask_len = key_len / 2;
    memcpy(c->key, key, c->key_len);
    memcpy(c->mask, key + c->key_len, c->mask_len);
    return c;
}

static void context_free(void *ctx)
{
    cryptodev_wipe(ctx, sizeof(TomcryptCtx));
    g_free(ctx);
}

/* The library pads the mask with 0x55; for KASUMI the mask is all padding. */
static bool stream_start(void *ctx, const CryptoMessage *m)
{
    TomcryptCtx *c = ctx;

    return f8_start(c->cipher, m->iv, c->key, c->key_len,
                    c->mask, c->mask_len, 0, &c->f8) == CRYPT_OK;
}

static bool stream_crypt(void *ctx, uint8_t *dst, const uint8_t *src,
                         size_t len)
{
    TomcryptCtx *c = ctx;

    return !len || f8_encrypt(src, dst, len, &c->f8) == CRYPT_OK;
}

static const CryptoRowOps aes_f8_ops = {
    .ctx_new = aes_f8_new,
    .ctx_free = context_free,
    .start = stream_start,
    .crypt = stream_crypt,
};

static const CryptoRowOps kasumi_f8_ops = {
    .ctx_new = kasumi_new,
    .ctx_free = context_free,
    .start = stream_start,
    .crypt = stream_crypt,
};

static bool mac_start(void *ctx, const CryptoMessage *m)
{
    TomcryptCtx *c = ctx;

    return f9_init(&c->f9, c->cipher, c->key, c->key_len) == CRYPT_OK;
}

/* COUNT, FRESH, DIRECTION and the padding are part of the input. */
static bool mac_auth(void *ctx, const uint8_t *src, size_t len)
{
    TomcryptCtx *c = ctx;

    return !len || f9_process(&c->f9, src, len) == CRYPT_OK;
}

static bool mac_final(void *ctx, uint8_t *digest, size_t len)
{
    TomcryptCtx *c = ctx;
    unsigned long mac_len = len;

    return f9_done(&c->f9, digest, &mac_len) == CRYPT_OK && mac_len == len;
}

static const CryptoRowOps kasumi_f9_ops = {
    .ctx_new = kasumi_new,
    .ctx_free = context_free,
    .start = mac_start,
    .auth = mac_auth,
    .final = mac_final,
};

#define CIPHER(_algo, _ops)                                             \
    { .algo = CRYPTODEV_ALGO_##_algo, .ops = &_ops,                     \
      .crypt_split = CRYPTO_SPLIT_ANY }
#define MAC(_algo, _ops)                                                \
    { .algo = CRYPTODEV_ALGO_##_algo, .ops = &_ops,                     \
      .auth_split = CRYPTO_SPLIT_ANY }

static const CryptoRow provider_rows[] = {
    CIPHER(KASUMI_F8, kasumi_f8_ops),
    CIPHER(AES_F8, aes_f8_ops),
    MAC(KASUMI_F9, kasumi_f9_ops),
    MAC(CBCMAC_KASUMI_F9, kasumi_f9_ops),
    { },
};

static bool provider_init(void)
{
    aes_index = register_cipher(&aes_desc);
    kasumi_index = register_cipher(&kasumi_desc);
    return aes_index >= 0 && kasumi_index >= 0;
}

const CryptoProvider cryptodev_provider_tomcrypt = {
    .name = "tomcrypt",
    .rows = provider_rows,
    .init = provider_init,
};
