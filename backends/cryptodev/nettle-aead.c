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

static void *gcm_new(const CryptoRow *row, const uint8_t *key,
                     size_t key_len, bool encrypt)
{
    NettleGcm *c = cryptodev_nettle_block_new(sizeof(*c), row, key, key_len);

    c->block.encrypt = encrypt;
    gcm_set_key(&c->key, c->block.keys[0], c->block.cipher->lib->encrypt);
    return c;
}

/* Set the state as gcm_set_iv does, but with the given J0. */
static void set_gcm_j0(struct gcm_ctx *ctx, const uint8_t *j0)
{
    memset(ctx, 0, sizeof(*ctx));
    memcpy(ctx->iv.b, j0, GCM_BLOCK_SIZE);
    memcpy(ctx->ctr.b, j0, GCM_BLOCK_SIZE);
    stl_be_p(ctx->ctr.b + GCM_IV_SIZE, ldl_be_p(j0 + GCM_IV_SIZE) + 1);
}

static bool gcm_start(void *ctx, const CryptoMessage *m)
{
    NettleGcm *c = ctx;

    c->aad_ended = false;
    c->block.ended = false;
    if (m->iv_len == GCM_BLOCK_SIZE) {
        set_gcm_j0(&c->ctx, m->iv);
    } else {
        gcm_set_iv(&c->ctx, &c->key, m->iv_len, m->iv);
    }
    return true;
}

static bool gcm_auth(void *ctx, const uint8_t *src, size_t len)
{
    NettleGcm *c = ctx;

    if (!len) {
        return true;
    }
    if (!cryptodev_nettle_take(&c->aad_ended, len, GCM_BLOCK_SIZE)) {
        return false;
    }
    gcm_update(&c->ctx, &c->key, len, src);
    return true;
}

static bool gcm_crypt(void *ctx, uint8_t *dst, const uint8_t *src, size_t len)
{
    NettleGcm *c = ctx;
    nettle_cipher_func *fn = c->block.cipher->lib->encrypt;

    if (!len) {
        return true;
    }
    if (!cryptodev_nettle_take(&c->block.ended, len, GCM_BLOCK_SIZE)) {
        return false;
    }
    c->aad_ended = true;
    (c->block.encrypt ? gcm_encrypt : gcm_decrypt)(&c->ctx, &c->key,
                                                   c->block.keys[0], fn,
                                                   len, dst, src);
    return true;
}

static bool gcm_final(void *ctx, uint8_t *digest, size_t len)
{
    NettleGcm *c = ctx;

    gcm_digest(&c->ctx, &c->key, c->block.keys[0],
               c->block.cipher->lib->encrypt, len, digest);
    return true;
}

const CryptoRowOps cryptodev_nettle_gcm_ops = {
    .ctx_new = gcm_new,
    .ctx_free = cryptodev_nettle_block_free,
    .start = gcm_start,
    .auth = gcm_auth,
    .crypt = gcm_crypt,
    .final = gcm_final,
};

const CryptoRowOps cryptodev_nettle_gmac_ops = {
    .ctx_new = gcm_new,
    .ctx_free = cryptodev_nettle_block_free,
    .start = gcm_start,
    .auth = gcm_auth,
    .final = gcm_final,
};

typedef struct NettleCcm {
    NettleBlock block;
    struct ccm_ctx ctx;
} NettleCcm;

static void *ccm_new(const CryptoRow *row, const uint8_t *key,
                     size_t key_len, bool encrypt)
{
    NettleCcm *c = cryptodev_nettle_block_new(sizeof(*c), row, key, key_len);

    c->block.encrypt = encrypt;
    return c;
}

static bool ccm_start(void *ctx, const CryptoMessage *m)
{
    NettleCcm *c = ctx;

    /* nettle aborts if the text is too long */
    if (!crypto_ccm_len_ok(m->iv_len, m->len)) {
        return false;
    }
    c->block.ended = false;
    ccm_set_nonce(&c->ctx, c->block.keys[0], c->block.cipher->lib->encrypt,
                  m->iv_len, m->iv,
                  m->aad_len, m->len, m->digest_len);
    return true;
}

static bool ccm_auth(void *ctx, const uint8_t *src, size_t len)
{
    NettleCcm *c = ctx;

    ccm_update(&c->ctx, c->block.keys[0], c->block.cipher->lib->encrypt,
               len, src);
    return true;
}

static bool ccm_crypt(void *ctx, uint8_t *dst, const uint8_t *src, size_t len)
{
    NettleCcm *c = ctx;
    nettle_cipher_func *fn = c->block.cipher->lib->encrypt;

    if (!cryptodev_nettle_take(&c->block.ended, len, CCM_BLOCK_SIZE)) {
        return false;
    }
    (c->block.encrypt ? ccm_encrypt : ccm_decrypt)(&c->ctx, c->block.keys[0],
                                                   fn, len, dst, src);
    return true;
}

static bool ccm_final(void *ctx, uint8_t *digest, size_t len)
{
    NettleCcm *c = ctx;

    ccm_digest(&c->ctx, c->block.keys[0], c->block.cipher->lib->encrypt,
               len, digest);
    return true;
}

const CryptoRowOps cryptodev_nettle_ccm_ops = {
    .ctx_new = ccm_new,
    .ctx_free = cryptodev_nettle_block_free,
    .start = ccm_start,
    .auth = ccm_auth,
    .crypt = ccm_crypt,
    .final = ccm_final,
};

typedef struct NettleChapoly {
    struct chacha_poly1305_ctx ctx;
    bool encrypt;
    bool aad_ended;
    bool ended;
} NettleChapoly;

static void *chapoly_new(const CryptoRow *row, const uint8_t *key,
                         size_t key_len, bool encrypt)
{
    NettleChapoly *c = g_new0(NettleChapoly, 1);

    c->encrypt = encrypt;
    chacha_poly1305_set_key(&c->ctx, key);
    return c;
}

static void chapoly_free(void *ctx)
{
    cryptodev_wipe(ctx, sizeof(NettleChapoly));
    g_free(ctx);
}

static bool chapoly_start(void *ctx, const CryptoMessage *m)
{
    NettleChapoly *c = ctx;

    c->aad_ended = false;
    c->ended = false;
    chacha_poly1305_set_nonce(&c->ctx, m->iv);
    return true;
}

static bool chapoly_auth(void *ctx, const uint8_t *src, size_t len)
{
    NettleChapoly *c = ctx;

    if (!cryptodev_nettle_take(&c->aad_ended, len, CRYPTO_SPLIT_ANY)) {
        return false;
    }
    chacha_poly1305_update(&c->ctx, len, src);
    return true;
}

static bool chapoly_crypt(void *ctx, uint8_t *dst, const uint8_t *src,
                          size_t len)
{
    NettleChapoly *c = ctx;

    if (!len) {
        return true;
    }
    if (!cryptodev_nettle_take(&c->ended, len, CHACHA_POLY1305_BLOCK_SIZE)) {
        return false;
    }
    c->aad_ended = true;
    (c->encrypt ? chacha_poly1305_encrypt : chacha_poly1305_decrypt)
        (&c->ctx, len, dst, src);
    return true;
}

static bool chapoly_final(void *ctx, uint8_t *digest, size_t len)
{
    NettleChapoly *c = ctx;

    chacha_poly1305_digest(&c->ctx, len, digest);
    return true;
}

const CryptoRowOps cryptodev_nettle_chapoly_ops = {
    .ctx_new = chapoly_new,
    .ctx_free = chapoly_free,
    .start = chapoly_start,
    .auth = chapoly_auth,
    .crypt = chapoly_crypt,
    .final = chapoly_final,
};
