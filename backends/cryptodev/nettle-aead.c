/*
 * Crypto provider nettle: AEAD, and GMAC, which is GCM without text
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <nettle/ccm.h>
#include <nettle/chacha-poly1305.h>
#include <nettle/gcm.h>
#include "qemu/bswap.h"
#include "nettle-internal.h"
#include "system/cryptodev-util.h"

typedef struct NettleGcm {
    NettleBlock block;                  /* @ended is about the text */
    bool aad_ended;
    struct gcm_key key;
    struct gcm_ctx ctx;
} NettleGcm;

static void *new_gcm(const CryptoProviderAlgo *row, const uint8_t *key,
                         size_t key_len, bool encrypt)
{
    NettleGcm *c = crypto_nettle_new(sizeof(*c), row, key, key_len);

    c->block.encrypt = encrypt;
    gcm_set_key(&c->key, c->block.keys[0], c->block.cipher->lib->encrypt);
    return c;
}

/* The state that gcm_set_iv makes of an IV, with the J0 that was given. */
static void set_gcm_j0(struct gcm_ctx *ctx, const uint8_t *j0)
{
    memset(ctx, 0, sizeof(*ctx));
    memcpy(ctx->iv.b, j0, GCM_BLOCK_SIZE);
    memcpy(ctx->ctr.b, j0, GCM_BLOCK_SIZE);
    stl_be_p(ctx->ctr.b + GCM_IV_SIZE, ldl_be_p(j0 + GCM_IV_SIZE) + 1);
}

static bool start_gcm(void *ctx, const CryptoProviderMsg *msg)
{
    NettleGcm *c = ctx;

    c->aad_ended = false;
    c->block.ended = false;
    if (msg->iv_len == GCM_BLOCK_SIZE) {
        set_gcm_j0(&c->ctx, msg->iv);
    } else {
        gcm_set_iv(&c->ctx, &c->key, msg->iv_len, msg->iv);
    }
    return true;
}

static bool auth_gcm(void *ctx, const uint8_t *src, size_t len)
{
    NettleGcm *c = ctx;

    if (!len) {
        return true;
    }
    if (!crypto_nettle_take(&c->aad_ended, len, GCM_BLOCK_SIZE)) {
        return false;
    }
    gcm_update(&c->ctx, &c->key, len, src);
    return true;
}

static bool crypt_gcm(void *ctx, uint8_t *dst, const uint8_t *src, size_t len)
{
    NettleGcm *c = ctx;
    nettle_cipher_func *fn = c->block.cipher->lib->encrypt;

    if (!len) {
        return true;
    }
    if (!crypto_nettle_take(&c->block.ended, len, GCM_BLOCK_SIZE)) {
        return false;
    }
    c->aad_ended = true;
    (c->block.encrypt ? gcm_encrypt : gcm_decrypt)(&c->ctx, &c->key,
                                                   c->block.keys[0], fn,
                                                   len, dst, src);
    return true;
}

static bool final_gcm(void *ctx, uint8_t *digest, size_t len)
{
    NettleGcm *c = ctx;

    gcm_digest(&c->ctx, &c->key, c->block.keys[0],
               c->block.cipher->lib->encrypt, len, digest);
    return true;
}

const CryptoProviderOps crypto_nettle_gcm_ops = {
    .ctx_new = new_gcm,
    .ctx_free = crypto_nettle_free,
    .start = start_gcm,
    .auth = auth_gcm,
    .crypt = crypt_gcm,
    .final = final_gcm,
};

const CryptoProviderOps crypto_nettle_gmac_ops = {
    .ctx_new = new_gcm,
    .ctx_free = crypto_nettle_free,
    .start = start_gcm,
    .auth = auth_gcm,
    .final = final_gcm,
};

typedef struct NettleCcm {
    NettleBlock block;
    struct ccm_ctx ctx;
} NettleCcm;

static void *new_ccm(const CryptoProviderAlgo *row, const uint8_t *key,
                         size_t key_len, bool encrypt)
{
    NettleCcm *c = crypto_nettle_new(sizeof(*c), row, key, key_len);

    c->block.encrypt = encrypt;
    return c;
}

static bool start_ccm(void *ctx, const CryptoProviderMsg *msg)
{
    NettleCcm *c = ctx;

    /* nettle aborts on what is too long */
    if (!crypto_ccm_len_ok(msg->iv_len, msg->text_len)) {
        return false;
    }
    c->block.ended = false;
    ccm_set_nonce(&c->ctx, c->block.keys[0], c->block.cipher->lib->encrypt,
                  msg->iv_len, msg->iv,
                  msg->aad_len, msg->text_len, msg->tag_len);
    return true;
}

static bool auth_ccm(void *ctx, const uint8_t *src, size_t len)
{
    NettleCcm *c = ctx;

    ccm_update(&c->ctx, c->block.keys[0], c->block.cipher->lib->encrypt,
               len, src);
    return true;
}

static bool crypt_ccm(void *ctx, uint8_t *dst, const uint8_t *src, size_t len)
{
    NettleCcm *c = ctx;
    nettle_cipher_func *fn = c->block.cipher->lib->encrypt;

    if (!crypto_nettle_take(&c->block.ended, len, CCM_BLOCK_SIZE)) {
        return false;
    }
    (c->block.encrypt ? ccm_encrypt : ccm_decrypt)(&c->ctx, c->block.keys[0],
                                                   fn, len, dst, src);
    return true;
}

static bool final_ccm(void *ctx, uint8_t *digest, size_t len)
{
    NettleCcm *c = ctx;

    ccm_digest(&c->ctx, c->block.keys[0], c->block.cipher->lib->encrypt,
               len, digest);
    return true;
}

const CryptoProviderOps crypto_nettle_ccm_ops = {
    .ctx_new = new_ccm,
    .ctx_free = crypto_nettle_free,
    .start = start_ccm,
    .auth = auth_ccm,
    .crypt = crypt_ccm,
    .final = final_ccm,
};

typedef struct NettleChacha {
    struct chacha_poly1305_ctx ctx;
    bool encrypt;
    bool aad_ended;
    bool ended;
} NettleChacha;

static void *new_chacha(const CryptoProviderAlgo *row, const uint8_t *key,
                            size_t key_len, bool encrypt)
{
    NettleChacha *c = g_new0(NettleChacha, 1);

    c->encrypt = encrypt;
    chacha_poly1305_set_key(&c->ctx, key);
    return c;
}

static void free_chacha(void *ctx)
{
    cryptodev_wipe(ctx, sizeof(NettleChacha));
    g_free(ctx);
}

static bool start_chacha(void *ctx, const CryptoProviderMsg *msg)
{
    NettleChacha *c = ctx;

    c->aad_ended = false;
    c->ended = false;
    chacha_poly1305_set_nonce(&c->ctx, msg->iv);
    return true;
}

static bool auth_chacha(void *ctx, const uint8_t *src, size_t len)
{
    NettleChacha *c = ctx;

    if (!crypto_nettle_take(&c->aad_ended, len, CRYPTO_SPLIT_ANY)) {
        return false;
    }
    chacha_poly1305_update(&c->ctx, len, src);
    return true;
}

static bool crypt_chacha(void *ctx, uint8_t *dst, const uint8_t *src,
                         size_t len)
{
    NettleChacha *c = ctx;

    if (!len) {
        return true;
    }
    if (!crypto_nettle_take(&c->ended, len, CHACHA_POLY1305_BLOCK_SIZE)) {
        return false;
    }
    c->aad_ended = true;
    (c->encrypt ? chacha_poly1305_encrypt : chacha_poly1305_decrypt)
        (&c->ctx, len, dst, src);
    return true;
}

static bool final_chacha(void *ctx, uint8_t *digest, size_t len)
{
    NettleChacha *c = ctx;

    chacha_poly1305_digest(&c->ctx, len, digest);
    return true;
}

const CryptoProviderOps crypto_nettle_chacha_ops = {
    .ctx_new = new_chacha,
    .ctx_free = free_chacha,
    .start = start_chacha,
    .auth = auth_chacha,
    .crypt = crypt_chacha,
    .final = final_chacha,
};
