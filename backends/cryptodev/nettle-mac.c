/*
 * Crypto provider nettle: hashes and MACs
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <nettle/cmac.h>
#include <nettle/hmac.h>
#include <nettle/memxor.h>
#include <nettle/sha3.h>
#include "nettle-internal.h"
#include "system/cryptodev-util.h"

/* SHAKE is a hash whose digest may have any length. */
static const struct nettle_hash lib_shake256 = {
    .name = "shake256",
    .context_size = sizeof(struct sha3_256_ctx),
    .init = (nettle_hash_init_func *)sha3_256_init,
    .update = (nettle_hash_update_func *)sha3_256_update,
    .digest = (nettle_hash_digest_func *)sha3_256_shake,
};

#if NETTLE_HAS_SHAKE128
static const struct nettle_hash lib_shake128 = {
    .name = "shake128",
    .context_size = sizeof(struct sha3_128_ctx),
    .init = (nettle_hash_init_func *)sha3_128_init,
    .update = (nettle_hash_update_func *)sha3_128_update,
    .digest = (nettle_hash_digest_func *)sha3_128_shake,
};
#endif

static const struct nettle_hash *const hashes[CRYPTODEV_ALGO__MAX] = {
    [CRYPTODEV_ALGO_MD5] = &nettle_md5,
    [CRYPTODEV_ALGO_SHA1] = &nettle_sha1,
    [CRYPTODEV_ALGO_SHA_224] = &nettle_sha224,
    [CRYPTODEV_ALGO_SHA_256] = &nettle_sha256,
    [CRYPTODEV_ALGO_SHA_384] = &nettle_sha384,
    [CRYPTODEV_ALGO_SHA_512] = &nettle_sha512,
    [CRYPTODEV_ALGO_SHA3_224] = &nettle_sha3_224,
    [CRYPTODEV_ALGO_SHA3_256] = &nettle_sha3_256,
    [CRYPTODEV_ALGO_SHA3_384] = &nettle_sha3_384,
    [CRYPTODEV_ALGO_SHA3_512] = &nettle_sha3_512,
#if NETTLE_HAS_SHAKE128
    [CRYPTODEV_ALGO_SHAKE128] = &lib_shake128,
#endif
    [CRYPTODEV_ALGO_SHAKE256] = &lib_shake256,
    [CRYPTODEV_ALGO_HMAC_MD5] = &nettle_md5,
    [CRYPTODEV_ALGO_HMAC_SHA1] = &nettle_sha1,
    [CRYPTODEV_ALGO_HMAC_SHA_224] = &nettle_sha224,
    [CRYPTODEV_ALGO_HMAC_SHA_256] = &nettle_sha256,
    [CRYPTODEV_ALGO_HMAC_SHA_384] = &nettle_sha384,
    [CRYPTODEV_ALGO_HMAC_SHA_512] = &nettle_sha512,
};

/* HMAC has three states: the outer and inner key, and the message's. */
typedef struct NettleHash {
    const struct nettle_hash *lib;
    size_t size;
    void *outer;
    void *inner;
    void *state;
} NettleHash;

static void *hash_new(const CryptoRow *row, const uint8_t *key,
                      size_t key_len, bool encrypt)
{
    const struct nettle_hash *lib = hashes[row->algo];
    size_t head = QEMU_ALIGN_UP(sizeof(NettleHash), 16);
    size_t step = QEMU_ALIGN_UP(lib->context_size, 16);
    NettleHash *c = g_malloc0(head + 3 * step);

    c->lib = lib;
    c->size = head + 3 * step;
    c->outer = (char *)c + head;
    c->inner = (char *)c->outer + step;
    c->state = (char *)c->inner + step;
    return c;
}

static void hash_free(void *ctx)
{
    NettleHash *c = ctx;

    cryptodev_wipe(c, c->size);
    g_free(c);
}

static bool hash_start(void *ctx, const CryptoMessage *m)
{
    NettleHash *c = ctx;

    c->lib->init(c->state);
    return true;
}

static bool hash_auth(void *ctx, const uint8_t *src, size_t len)
{
    NettleHash *c = ctx;

    c->lib->update(c->state, len, src);
    return true;
}

static bool hash_final(void *ctx, uint8_t *digest, size_t len)
{
    NettleHash *c = ctx;

    c->lib->digest(c->state, len, digest);
    return true;
}

const CryptoRowOps cryptodev_nettle_hash_ops = {
    .ctx_new = hash_new,
    .ctx_free = hash_free,
    .start = hash_start,
    .auth = hash_auth,
    .final = hash_final,
};

static void *hmac_new(const CryptoRow *row, const uint8_t *key,
                      size_t key_len, bool encrypt)
{
    NettleHash *c = hash_new(row, key, key_len, encrypt);

    hmac_set_key(c->outer, c->inner, c->state, c->lib, key_len, key);
    return c;
}

/* Reset the state: an earlier message may be unfinished. */
static bool hmac_start(void *ctx, const CryptoMessage *m)
{
    NettleHash *c = ctx;

    memcpy(c->state, c->inner, c->lib->context_size);
    return true;
}

static bool hmac_final(void *ctx, uint8_t *digest, size_t len)
{
    NettleHash *c = ctx;

    hmac_digest(c->outer, c->inner, c->state, c->lib, len, digest);
    return true;
}

const CryptoRowOps cryptodev_nettle_hmac_ops = {
    .ctx_new = hmac_new,
    .ctx_free = hash_free,
    .start = hmac_start,
    .auth = hash_auth,
    .final = hmac_final,
};

/* CMAC of ciphers with blocks of 8 and of 16 bytes */
typedef struct NettleCmac {
    NettleBlock block;
    union {
        struct cmac64_key key64;
        struct cmac128_key key128;
    };
    union {
        struct cmac64_ctx ctx64;
        struct cmac128_ctx ctx128;
    };
} NettleCmac;

static bool is_cmac64(const NettleCmac *c)
{
    return c->block.cipher->lib->block_size == 8;
}

/* XCBC is CMAC with keys that are derived differently. */
static void set_xcbc_key(NettleCmac *c)
{
    const struct nettle_cipher *lib = c->block.cipher->lib;
    uint8_t keys[3][16];

    for (int i = 0; i < ARRAY_SIZE(keys); i++) {
        memset(keys[i], i + 1, sizeof(keys[i]));
    }
    lib->encrypt(c->block.keys[0], sizeof(keys), keys[0], keys[0]);
    lib->set_encrypt_key(c->block.keys[0], keys[0]);
    memcpy(c->key128.K1.b, keys[1], sizeof(keys[1]));
    memcpy(c->key128.K2.b, keys[2], sizeof(keys[2]));
    cryptodev_wipe(keys, sizeof(keys));
}

static void *cmac_new(const CryptoRow *row, const uint8_t *key,
                      size_t key_len, bool encrypt)
{
    NettleCmac *c = cryptodev_nettle_block_new(sizeof(*c), row, key, key_len);
    nettle_cipher_func *fn = c->block.cipher->lib->encrypt;

    if (row->algo == CRYPTODEV_ALGO_XCBC_AES) {
        set_xcbc_key(c);
    } else if (is_cmac64(c)) {
        cmac64_set_key(&c->key64, c->block.keys[0], fn);
    } else {
        cmac128_set_key(&c->key128, c->block.keys[0], fn);
    }
    return c;
}

static bool cmac_start(void *ctx, const CryptoMessage *m)
{
    NettleCmac *c = ctx;

    if (is_cmac64(c)) {
        cmac64_init(&c->ctx64);
    } else {
        cmac128_init(&c->ctx128);
    }
    return true;
}

static bool cmac_auth(void *ctx, const uint8_t *src, size_t len)
{
    NettleCmac *c = ctx;
    nettle_cipher_func *fn = c->block.cipher->lib->encrypt;

    if (is_cmac64(c)) {
        cmac64_update(&c->ctx64, c->block.keys[0], fn, len, src);
    } else {
        cmac128_update(&c->ctx128, c->block.keys[0], fn, len, src);
    }
    return true;
}

static bool cmac_final(void *ctx, uint8_t *digest, size_t len)
{
    NettleCmac *c = ctx;
    nettle_cipher_func *fn = c->block.cipher->lib->encrypt;

    if (is_cmac64(c)) {
        cmac64_digest(&c->ctx64, &c->key64, c->block.keys[0], fn, len, digest);
    } else {
        cmac128_digest(&c->ctx128, &c->key128, c->block.keys[0], fn,
                       len, digest);
    }
    return true;
}

const CryptoRowOps cryptodev_nettle_cmac_ops = {
    .ctx_new = cmac_new,
    .ctx_free = cryptodev_nettle_block_free,
    .start = cmac_start,
    .auth = cmac_auth,
    .final = cmac_final,
};

static void *cbcmac_new(const CryptoRow *row, const uint8_t *key,
                        size_t key_len, bool encrypt)
{
    return cryptodev_nettle_block_new(sizeof(NettleBlock), row, key, key_len);
}

static bool cbcmac_start(void *ctx, const CryptoMessage *m)
{
    NettleBlock *b = ctx;

    memset(b->iv, 0, sizeof(b->iv));
    return true;
}

static bool cbcmac_auth(void *ctx, const uint8_t *src, size_t len)
{
    NettleBlock *b = ctx;
    size_t block_len = b->cipher->lib->block_size;

    if (len % block_len) {
        return false;
    }
    for (; len; len -= block_len, src += block_len) {
        memxor(b->iv, src, block_len);
        b->cipher->lib->encrypt(b->keys[0], block_len, b->iv, b->iv);
    }
    return true;
}

static bool cbcmac_final(void *ctx, uint8_t *digest, size_t len)
{
    NettleBlock *b = ctx;

    memcpy(digest, b->iv, len);
    return true;
}

const CryptoRowOps cryptodev_nettle_cbcmac_ops = {
    .ctx_new = cbcmac_new,
    .ctx_free = cryptodev_nettle_block_free,
    .start = cbcmac_start,
    .auth = cbcmac_auth,
    .final = cbcmac_final,
};
