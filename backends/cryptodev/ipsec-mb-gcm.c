/*
 * Crypto provider libipsec-mb: AES-GCM and GMAC
 *
 * The library's direct functions take one message at a time, also in pieces,
 * and need no manager.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/memalign.h"
#include "ipsec-mb-internal.h"
#include "modes.h"
#include "system/cryptodev-util.h"

/* The library's functions for a key length; index 1 encrypts */
typedef struct GcmFns {
    aes_gcm_pre_t pre;
    aes_gcm_enc_dec_t whole[2];
    aes_gcm_init_t init;
    aes_gcm_init_var_iv_t init_var_iv;
    aes_gcm_enc_dec_update_t update[2];
    aes_gcm_enc_dec_finalize_t finalize[2];
    aes_gmac_init_t gmac_init;
    aes_gmac_update_t gmac_update;
    aes_gmac_finalize_t gmac_finalize;
} GcmFns;

#define GCM_FNS(_mgr, _bits)                                            \
    (GcmFns) {                                                          \
        .pre = (_mgr)->gcm##_bits##_pre,                                \
        .whole = { (_mgr)->gcm##_bits##_dec, (_mgr)->gcm##_bits##_enc }, \
        .init = (_mgr)->gcm##_bits##_init,                              \
        .init_var_iv = (_mgr)->gcm##_bits##_init_var_iv,                \
        .update = { (_mgr)->gcm##_bits##_dec_update,                    \
                    (_mgr)->gcm##_bits##_enc_update },                  \
        .finalize = { (_mgr)->gcm##_bits##_dec_finalize,                \
                      (_mgr)->gcm##_bits##_enc_finalize },              \
        .gmac_init = (_mgr)->gmac##_bits##_init,                        \
        .gmac_update = (_mgr)->gmac##_bits##_update,                    \
        .gmac_finalize = (_mgr)->gmac##_bits##_finalize,                \
    }

static GcmFns gcm_fns(const IMB_MGR *mgr, size_t key_len)
{
    return key_len == 16 ? GCM_FNS(mgr, 128) :
           key_len == 24 ? GCM_FNS(mgr, 192) : GCM_FNS(mgr, 256);
}

/**
 * Gcm: context of a GCM or GMAC session
 *
 * @j0: for requests that give a pre-counter block; valid if @has_j0
 * @encrypt: index into functions
 * @begun: AAD was taken, which must be a single piece
 */
typedef struct Gcm {
    struct gcm_key_data key;
    struct gcm_context_data state;
    GcmFns lib;
    CryptoGcmIv j0;
    uint8_t iv[CRYPTODEV_IV_MAX];
    uint8_t iv_len;
    uint8_t key_len;
    bool encrypt;
    bool has_j0;
    bool begun;
} Gcm;

static void *gcm_new(const CryptoRow *row, const uint8_t *key, size_t key_len,
                     bool encrypt)
{
    Gcm *c = qemu_memalign(__alignof__(*c), sizeof(*c));

    c->lib = gcm_fns(cryptodev_ipsec_mb_thread()->mgr, key_len);
    c->key_len = key_len;
    c->encrypt = encrypt;
    c->has_j0 = false;
    c->lib.pre(key, &c->key);
    return c;
}

static void gcm_free(void *ctx)
{
    cryptodev_wipe(ctx, sizeof(Gcm));
    qemu_vfree(ctx);
}

/* The hash subkey is a block of zeros, encrypted. */
static bool gcm_prepare_j0(Gcm *c)
{
    uint8_t h[CRYPTO_BLOCK_MAX] = { };
    IMB_JOB job = {
        .cipher_mode = IMB_CIPHER_ECB,
        .hash_alg = IMB_AUTH_NULL,
        .chain_order = IMB_ORDER_CIPHER_HASH,
        .cipher_direction = IMB_DIR_ENCRYPT,
        .enc_keys = c->key.expanded_keys,
        .dec_keys = c->key.expanded_keys,
        .key_len_in_bytes = c->key_len,
        .src = h,
        .dst = h,
        .msg_len_to_cipher_in_bytes = sizeof(h),
    };

    c->has_j0 = cryptodev_ipsec_mb_run_job(&job);
    if (c->has_j0) {
        crypto_gcm_iv_init(&c->j0, h);
    }
    cryptodev_wipe(h, sizeof(h));
    return c->has_j0;
}

/* As with libgcrypt: 16 bytes are J0, which the library cannot set. */
static bool gcm_start(void *ctx, const CryptoMessage *m)
{
    Gcm *c = ctx;

    c->begun = false;
    c->iv_len = m->iv_len;
    if (m->iv_len != sizeof(c->iv)) {
        memcpy(c->iv, m->iv, sizeof(c->iv));
        return true;
    }
    if (!c->has_j0 && !gcm_prepare_j0(c)) {
        return false;
    }
    crypto_gcm_iv_from_j0(&c->j0, c->iv, m->iv);
    return true;
}

static bool gcm_auth(void *ctx, const uint8_t *src, size_t len)
{
    Gcm *c = ctx;

    if (c->begun) {
        return false;
    }
    c->begun = true;
    if (c->iv_len == IMB_GCM_IV_DATA_LEN) {
        c->lib.init(&c->key, &c->state, c->iv, src, len);
    } else {
        c->lib.init_var_iv(&c->key, &c->state, c->iv, c->iv_len, src, len);
    }
    return true;
}

static bool gcm_crypt(void *ctx, uint8_t *dst, const uint8_t *src, size_t len)
{
    Gcm *c = ctx;

    if (len) {
        c->lib.update[c->encrypt](&c->key, &c->state, dst, src, len);
    }
    return true;
}

static bool gcm_final(void *ctx, uint8_t *digest, size_t len)
{
    Gcm *c = ctx;

    c->lib.finalize[c->encrypt](&c->key, &c->state, digest, len);
    return true;
}

/* One call for a whole message instead of three, if there is one */
static void gcm_run(const CryptoRow *row, CryptoMessage *const *m, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        CryptoMessage *one = m[i];
        Gcm *c = one->ctx;

        if (one->iv_len == IMB_GCM_IV_DATA_LEN) {
            c->lib.whole[c->encrypt](&c->key, &c->state, one->dst, one->src,
                                     one->len, one->iv, one->aad,
                                     one->aad_len, one->digest,
                                     one->digest_len);
            one->ok = true;
        } else {
            one->ok = gcm_start(c, one) &&
                      gcm_auth(c, one->aad, one->aad_len) &&
                      gcm_crypt(c, one->dst, one->src, one->len) &&
                      gcm_final(c, one->digest, one->digest_len);
        }
    }
}

const CryptoRowOps cryptodev_ipsec_mb_gcm_ops = {
    .ctx_new = gcm_new,
    .ctx_free = gcm_free,
    .start = gcm_start,
    .auth = gcm_auth,
    .crypt = gcm_crypt,
    .final = gcm_final,
    .run = gcm_run,
};

static bool gmac_start(void *ctx, const CryptoMessage *m)
{
    Gcm *c = ctx;

    c->lib.gmac_init(&c->key, &c->state, m->iv, m->iv_len);
    return true;
}

static bool gmac_auth(void *ctx, const uint8_t *src, size_t len)
{
    Gcm *c = ctx;

    if (len) {
        c->lib.gmac_update(&c->key, &c->state, src, len);
    }
    return true;
}

static bool gmac_final(void *ctx, uint8_t *digest, size_t len)
{
    Gcm *c = ctx;

    c->lib.gmac_finalize(&c->key, &c->state, digest, len);
    return true;
}

const CryptoRowOps cryptodev_ipsec_mb_gmac_ops = {
    .ctx_new = gcm_new,
    .ctx_free = gcm_free,
    .start = gmac_start,
    .auth = gmac_auth,
    .final = gmac_final,
};
