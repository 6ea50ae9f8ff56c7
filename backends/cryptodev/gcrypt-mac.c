/*
 * Crypto provider libgcrypt: hashes and MACs
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "gcrypt-internal.h"
#include "system/cryptodev-util.h"

typedef struct GcryptHash {
    gcry_md_hd_t hd;
    const CryptoRow *row;
} GcryptHash;

static void *hash_new(const CryptoRow *row, const uint8_t *key,
                      size_t key_len, bool encrypt)
{
    gcry_md_hd_t hd;
    GcryptHash *c;

    if (gcry_md_open(&hd, row->lib_algo, 0)) {
        return NULL;
    }
    c = g_new0(GcryptHash, 1);
    c->hd = hd;
    c->row = row;
    return c;
}

static void hash_free(void *ctx)
{
    GcryptHash *c = ctx;

    gcry_md_close(c->hd);
    g_free(c);
}

static bool hash_start(void *ctx, const CryptoMessage *m)
{
    GcryptHash *c = ctx;

    gcry_md_reset(c->hd);
    return true;
}

static bool hash_auth(void *ctx, const uint8_t *src, size_t len)
{
    GcryptHash *c = ctx;

    gcry_md_write(c->hd, src, len);
    return true;
}

static bool hash_final(void *ctx, uint8_t *digest, size_t len)
{
    GcryptHash *c = ctx;
    const uint8_t *full;

    if (cryptodev_algo_info(c->row->algo)->is_xof) {
        return !gcry_md_extract(c->hd, c->row->lib_algo, digest, len);
    }
    full = gcry_md_read(c->hd, c->row->lib_algo);
    if (full) {
        memcpy(digest, full, len);
    }
    return full;
}

const CryptoRowOps cryptodev_gcrypt_hash_ops = {
    .ctx_new = hash_new,
    .ctx_free = hash_free,
    .start = hash_start,
    .auth = hash_auth,
    .final = hash_final,
};

/* The context of these is the library's handle. */
static void *mac_new(const CryptoRow *row, const uint8_t *key,
                     size_t key_len, bool encrypt)
{
    gcry_mac_hd_t hd;

    if (gcry_mac_open(&hd, row->lib_algo, 0, NULL)) {
        return NULL;
    }
    if (gcry_mac_setkey(hd, key, key_len)) {
        gcry_mac_close(hd);
        return NULL;
    }
    return hd;
}

static void mac_free(void *ctx)
{
    gcry_mac_close(ctx);
}

static bool mac_start(void *ctx, const CryptoMessage *m)
{
    return !gcry_mac_reset(ctx) &&
           (!m->iv_len || !gcry_mac_setiv(ctx, m->iv, m->iv_len));
}

static bool mac_auth(void *ctx, const uint8_t *src, size_t len)
{
    return !len || !gcry_mac_write(ctx, src, len);
}

/* GMAC supports only some tag lengths: read the full tag, then truncate. */
static bool mac_final(void *ctx, uint8_t *digest, size_t len)
{
    uint8_t full[64];
    size_t full_len = sizeof(full);
    bool ok = !gcry_mac_read(ctx, full, &full_len);

    if (ok) {
        memcpy(digest, full, len);
    }
    cryptodev_wipe(full, sizeof(full));
    return ok;
}

const CryptoRowOps cryptodev_gcrypt_mac_ops = {
    .ctx_new = mac_new,
    .ctx_free = mac_free,
    .start = mac_start,
    .auth = mac_auth,
    .final = mac_final,
};

/* CBC-MAC, with or without a mask for the last block */
typedef struct GcryptCbcMac {
    gcry_cipher_hd_t hd;
    CryptoMaskMac mask;
    uint8_t mac[CRYPTO_BLOCK_MAX];
} GcryptCbcMac;

static void cbcmac_free(void *ctx)
{
    GcryptCbcMac *c = ctx;

    gcry_cipher_close(c->hd);
    cryptodev_wipe(c, sizeof(*c));
    g_free(c);
}

static void *cbcmac_new(const CryptoRow *row, const uint8_t *key,
                        size_t key_len, bool encrypt)
{
    gcry_cipher_hd_t hd = cryptodev_gcrypt_open(row->lib_algo,
                                                GCRY_CIPHER_MODE_CBC,
                                                GCRY_CIPHER_CBC_MAC,
                                                key, key_len);
    GcryptCbcMac *c;

    if (!hd) {
        return NULL;
    }
    c = g_new0(GcryptCbcMac, 1);
    c->hd = hd;
    return c;
}

static bool cbcmac_start(void *ctx, const CryptoMessage *m)
{
    GcryptCbcMac *c = ctx;

    memset(c->mac, 0, sizeof(c->mac));
    c->mask.tail_len = 0;
    return !gcry_cipher_reset(c->hd);
}

static bool cbcmac_auth(void *ctx, const uint8_t *src, size_t len)
{
    GcryptCbcMac *c = ctx;

    return !len ||
           !gcry_cipher_encrypt(c->hd, c->mac, sizeof(c->mac), src, len);
}

static bool cbcmac_final(void *ctx, uint8_t *digest, size_t len)
{
    GcryptCbcMac *c = ctx;

    memcpy(digest, c->mac, len);
    return true;
}

const CryptoRowOps cryptodev_gcrypt_cbcmac_ops = {
    .ctx_new = cbcmac_new,
    .ctx_free = cbcmac_free,
    .start = cbcmac_start,
    .auth = cbcmac_auth,
    .final = cbcmac_final,
};

static bool derive_masks(CryptoMaskMac *mask, const CryptoRow *row,
                         gcry_cipher_hd_t ecb, uint8_t *cbc_key)
{
    if (row->algo == CRYPTODEV_ALGO_XCBC_AES) {
        return crypto_xcbc_init(mask, cryptodev_gcrypt_block, ecb, cbc_key);
    }
    return crypto_cmac64_init(mask, cryptodev_gcrypt_block, ecb);
}

static void *mask_mac_new(const CryptoRow *row,
                          const uint8_t *key, size_t key_len, bool encrypt)
{
    gcry_cipher_hd_t ecb = cryptodev_gcrypt_open(row->lib_algo,
                                                 GCRY_CIPHER_MODE_ECB, 0,
                                                 key, key_len);
    CryptoMaskMac mask = { };
    GcryptCbcMac *c = NULL;
    uint8_t cbc_key[24];

    memcpy(cbc_key, key, key_len);
    if (ecb && derive_masks(&mask, row, ecb, cbc_key)) {
        c = cbcmac_new(row, cbc_key, key_len, encrypt);
    }
    if (c) {
        c->mask = mask;
    }
    gcry_cipher_close(ecb);
    cryptodev_wipe(&mask, sizeof(mask));
    cryptodev_wipe(cbc_key, sizeof(cbc_key));
    return c;
}

static bool mask_mac_auth(void *ctx, const uint8_t *src, size_t len)
{
    GcryptCbcMac *c = ctx;

    return crypto_mask_mac_auth(&c->mask, cbcmac_auth, c, src, len);
}

static bool mask_mac_final(void *ctx, uint8_t *digest, size_t len)
{
    GcryptCbcMac *c = ctx;

    return crypto_mask_mac_final(&c->mask, cbcmac_auth, c) &&
           cbcmac_final(c, digest, len);
}

const CryptoRowOps cryptodev_gcrypt_mask_mac_ops = {
    .ctx_new = mask_mac_new,
    .ctx_free = cbcmac_free,
    .start = cbcmac_start,
    .auth = mask_mac_auth,
    .final = mask_mac_final,
};
