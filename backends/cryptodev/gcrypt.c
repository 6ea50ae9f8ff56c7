/*
 * Crypto provider: libgcrypt
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "gcrypt-internal.h"
#include "system/cryptodev-util.h"

/* IEEE 1619 and libgcrypt limit a data unit to 2^20 blocks. */
#define XTS_MAX_LEN (16 * MiB)

/* libgcrypt has an algorithm per length of AES keys; rows name the first. */
static int cipher_algo(int algo, int mode, size_t key_len)
{
    static const int aes[] = {
        [16] = GCRY_CIPHER_AES128,
        [24] = GCRY_CIPHER_AES192,
        [32] = GCRY_CIPHER_AES256,
    };
    size_t keys = mode == GCRY_CIPHER_MODE_XTS ? 2 : 1;

    return algo == GCRY_CIPHER_AES128 ? aes[key_len / keys] : algo;
}

/*
 * The guest can choose any DES key, even a weak one.  With weak keys allowed,
 * libgcrypt sets the key, but still returns an error.  Algorithms without weak
 * keys reject the request to allow them; ignore that.
 */
static bool set_key(gcry_cipher_hd_t hd, const uint8_t *key, size_t key_len)
{
    gcry_error_t err;

    gcry_cipher_ctl(hd, GCRYCTL_SET_ALLOW_WEAK_KEY, NULL, 1);
    err = gcry_cipher_setkey(hd, key, key_len);
    return !err || gcry_err_code(err) == GPG_ERR_WEAK_KEY;
}

gcry_cipher_hd_t cryptodev_gcrypt_open(int algo, int mode, unsigned flags,
                                       const uint8_t *key, size_t key_len)
{
    gcry_cipher_hd_t hd;

    if (gcry_cipher_open(&hd, cipher_algo(algo, mode, key_len), mode, flags)) {
        return NULL;
    }
    if (!set_key(hd, key, key_len)) {
        gcry_cipher_close(hd);
        return NULL;
    }
    return hd;
}

bool cryptodev_gcrypt_block(void *opaque, uint8_t *dst, const uint8_t *src,
                            size_t len)
{
    return !gcry_cipher_encrypt(opaque, dst, len, src, len);
}

/*
 * Contexts that hand data to a handle of libgcrypt begin with this.
 *
 * @ended: text was taken that must be the only piece of a message
 * @open: an AEAD message has begun and is not finished
 */
typedef struct GcryptCipher {
    gcry_cipher_hd_t hd;
    const CryptoRow *row;
    bool encrypt;
    bool ended;
    bool open;
} GcryptCipher;

static void *cipher_new_sized(size_t size, const CryptoRow *row,
                              const uint8_t *key, size_t key_len, bool encrypt)
{
    gcry_cipher_hd_t hd = cryptodev_gcrypt_open(row->lib_algo, row->lib_mode, 0,
                                                key, key_len);
    GcryptCipher *c;

    if (!hd) {
        return NULL;
    }
    c = g_malloc0(size);
    c->hd = hd;
    c->row = row;
    c->encrypt = encrypt;
    return c;
}

static void *cipher_new(const CryptoRow *row, const uint8_t *key,
                        size_t key_len, bool encrypt)
{
    return cipher_new_sized(sizeof(GcryptCipher), row, key, key_len, encrypt);
}

/* libgcrypt wipes what it frees. */
static void cipher_free(void *ctx)
{
    GcryptCipher *c = ctx;

    gcry_cipher_close(c->hd);
    g_free(c);
}

static bool cipher_begin(GcryptCipher *c, const uint8_t *iv, size_t iv_len)
{
    c->ended = false;
    if (c->open) {
        /* setiv alone would keep a partial block of input */
        gcry_cipher_reset(c->hd);
    }
    c->open = c->row->ops->final;
    if (c->row->lib_mode == GCRY_CIPHER_MODE_CTR) {
        return !gcry_cipher_setctr(c->hd, iv, iv_len);
    }
    if (iv_len) {
        return !gcry_cipher_setiv(c->hd, iv, iv_len);
    }
    /* ARC4: back to the state after setkey */
    return !gcry_cipher_reset(c->hd);
}

static bool cipher_start(void *ctx, const CryptoMessage *m)
{
    return cipher_begin(ctx, m->iv, m->iv_len);
}

static bool cipher_crypt(void *ctx, uint8_t *dst, const uint8_t *src,
                         size_t len)
{
    GcryptCipher *c = ctx;

    if (!len) {
        return true;
    }
    if (c->ended) {
        return false;
    }
    c->ended = c->row->crypt_split == CRYPTO_SPLIT_NONE;
    if (c->encrypt) {
        return !gcry_cipher_encrypt(c->hd, dst, len, src, len);
    }
    return !gcry_cipher_decrypt(c->hd, dst, len, src, len);
}

static const CryptoRowOps cipher_ops = {
    .ctx_new = cipher_new,
    .ctx_free = cipher_free,
    .start = cipher_start,
    .crypt = cipher_crypt,
};

/* f8 on top of ECB: libgcrypt does not have it. */
typedef struct GcryptF8 {
    gcry_cipher_hd_t hd;
    gcry_cipher_hd_t iv_hd;
    CryptoF8 f8;
} GcryptF8;

static void f8_free(void *ctx)
{
    GcryptF8 *c = ctx;

    gcry_cipher_close(c->hd);
    gcry_cipher_close(c->iv_hd);
    cryptodev_wipe(c, sizeof(*c));
    g_free(c);
}

static void *f8_new(const CryptoRow *row, const uint8_t *key,
                    size_t key_len, bool encrypt)
{
    GcryptF8 *c = g_new0(GcryptF8, 1);
    size_t half = key_len / 2;
    uint8_t masked[32];

    crypto_f8_masked_key(masked, key, key_len);
    c->hd = cryptodev_gcrypt_open(row->lib_algo, row->lib_mode, 0, key, half);
    c->iv_hd = cryptodev_gcrypt_open(row->lib_algo, row->lib_mode, 0,
                                     masked, half);
    cryptodev_wipe(masked, sizeof(masked));
    if (!c->hd || !c->iv_hd) {
        f8_free(c);
        return NULL;
    }
    return c;
}

static bool f8_start(void *ctx, const CryptoMessage *m)
{
    GcryptF8 *c = ctx;

    return crypto_f8_start(&c->f8, cryptodev_gcrypt_block, c->iv_hd, m->iv);
}

static bool f8_crypt(void *ctx, uint8_t *dst, const uint8_t *src, size_t len)
{
    GcryptF8 *c = ctx;

    return crypto_f8_crypt(&c->f8, cryptodev_gcrypt_block, c->hd, dst, src,
                           len);
}

static const CryptoRowOps f8_ops = {
    .ctx_new = f8_new,
    .ctx_free = f8_free,
    .start = f8_start,
    .crypt = f8_crypt,
};

typedef struct GcryptAead {
    GcryptCipher cipher;
    CryptoGcmIv gcm_iv;
} GcryptAead;

static void *aead_new(const CryptoRow *row, const uint8_t *key,
                      size_t key_len, bool encrypt)
{
    return cipher_new_sized(sizeof(GcryptAead), row, key, key_len, encrypt);
}

static void aead_free(void *ctx)
{
    GcryptAead *c = ctx;

    cryptodev_wipe(&c->gcm_iv, sizeof(c->gcm_iv));
    cipher_free(c);
}

static bool aead_auth(void *ctx, const uint8_t *src, size_t len)
{
    GcryptCipher *c = ctx;

    return !len || !gcry_cipher_authenticate(c->hd, src, len);
}

static bool aead_final(void *ctx, uint8_t *digest, size_t len)
{
    GcryptCipher *c = ctx;

    c->open = false;
    return !gcry_cipher_gettag(c->hd, digest, len);
}

/* libgcrypt truncates a length that is too long; the counter would repeat. */
static bool ccm_start(void *ctx, const CryptoMessage *m)
{
    GcryptAead *c = ctx;
    uint64_t lens[] = { m->len, m->aad_len, m->digest_len };

    return crypto_ccm_len_ok(m->iv_len, m->len) &&
           cipher_start(c, m) &&
           !gcry_cipher_ctl(c->cipher.hd, GCRYCTL_SET_CCM_LENGTHS, lens,
                            sizeof(lens));
}

static void *gcm_new(const CryptoRow *row, const uint8_t *key,
                     size_t key_len, bool encrypt)
{
    GcryptAead *c = aead_new(row, key, key_len, encrypt);
    gcry_cipher_hd_t ecb = cryptodev_gcrypt_open(row->lib_algo,
                                                 GCRY_CIPHER_MODE_ECB, 0,
                                                 key, key_len);
    uint8_t h[CRYPTO_BLOCK_MAX] = { };
    bool ok = c && ecb && cryptodev_gcrypt_block(ecb, h, h, sizeof(h));

    if (ok) {
        crypto_gcm_iv_init(&c->gcm_iv, h);
        cryptodev_wipe(h, sizeof(h));
    } else if (c) {
        aead_free(c);
    }
    gcry_cipher_close(ecb);
    return ok ? c : NULL;
}

/*
 * An IV of 16 bytes is the pre-counter block itself.  libgcrypt cannot set that
 * block: it hashes an IV of this length.
 */
static bool gcm_start(void *ctx, const CryptoMessage *m)
{
    GcryptAead *c = ctx;
    uint8_t iv[CRYPTO_BLOCK_MAX];

    if (m->iv_len != sizeof(iv)) {
        return cipher_start(c, m);
    }
    crypto_gcm_iv_from_j0(&c->gcm_iv, iv, m->iv);
    return cipher_begin(&c->cipher, iv, sizeof(iv));
}

#define AEAD_OPS(_new, _start)                                          \
    { .ctx_new = _new, .ctx_free = aead_free, .start = _start,      \
      .auth = aead_auth, .crypt = cipher_crypt, .final = aead_final }

static const CryptoRowOps gcm_ops = AEAD_OPS(gcm_new, gcm_start);
static const CryptoRowOps ccm_ops = AEAD_OPS(aead_new, ccm_start);
static const CryptoRowOps aead_ops = AEAD_OPS(aead_new, cipher_start);

#define ROW(_algo, _lib_algo, _mode, _ops, _split, ...)                 \
    { .algo = CRYPTODEV_ALGO_##_algo,                                   \
      .lib_algo = GCRY_CIPHER_##_lib_algo,                              \
      .lib_mode = GCRY_CIPHER_MODE_##_mode,                             \
      .ops = &_ops, .crypt_split = _split, __VA_ARGS__ }
#define CIPHER(_algo, _lib_algo, _mode, ...)                            \
    ROW(_algo, _lib_algo, _mode, cipher_ops, __VA_ARGS__)
#define AEAD(_algo, _lib_algo, _mode, _ops)                             \
    ROW(_algo, _lib_algo, _mode, _ops, CRYPTO_SPLIT_ANY,                \
        .auth_split = CRYPTO_SPLIT_ANY)
#define DIGEST(_algo, _lib_algo, _split, _ops)                          \
    { .algo = CRYPTODEV_ALGO_##_algo, .lib_algo = GCRY_##_lib_algo,     \
      .auth_split = _split, .ops = &cryptodev_gcrypt_##_ops }
#define HASH(_algo, _lib_algo)                                          \
    DIGEST(_algo, MD_##_lib_algo, CRYPTO_SPLIT_ANY, hash_ops)
#define MAC(_algo, _lib_algo)                                           \
    DIGEST(_algo, MAC_##_lib_algo, CRYPTO_SPLIT_ANY, mac_ops)

static const CryptoRow provider_rows[] = {
    CIPHER(ARC4, ARCFOUR, STREAM, CRYPTO_SPLIT_ANY),
    CIPHER(AES_ECB, AES128, ECB, 16),
    CIPHER(AES_CBC, AES128, CBC, 16),
    CIPHER(AES_CTR, AES128, CTR, CRYPTO_SPLIT_ANY),
    ROW(AES_F8, AES128, ECB, f8_ops, CRYPTO_SPLIT_ANY),
    CIPHER(DES_ECB, DES, ECB, 8),
    CIPHER(DES_CBC, DES, CBC, 8),
    CIPHER(3DES_ECB, 3DES, ECB, 8),
    CIPHER(3DES_CBC, 3DES, CBC, 8),
    CIPHER(3DES_CTR, 3DES, CTR, CRYPTO_SPLIT_ANY),
    /* a second call would begin another data unit, with the next tweak */
    CIPHER(AES_XTS, AES128, XTS, CRYPTO_SPLIT_NONE, .max_len = XTS_MAX_LEN),

    HASH(MD5, MD5),
    HASH(SHA1, SHA1),
    HASH(SHA_224, SHA224),
    HASH(SHA_256, SHA256),
    HASH(SHA_384, SHA384),
    HASH(SHA_512, SHA512),
    HASH(SHA3_224, SHA3_224),
    HASH(SHA3_256, SHA3_256),
    HASH(SHA3_384, SHA3_384),
    HASH(SHA3_512, SHA3_512),
    HASH(SHAKE128, SHAKE128),
    HASH(SHAKE256, SHAKE256),

    MAC(HMAC_MD5, HMAC_MD5),
    MAC(HMAC_SHA1, HMAC_SHA1),
    MAC(HMAC_SHA_224, HMAC_SHA224),
    MAC(HMAC_SHA_256, HMAC_SHA256),
    MAC(HMAC_SHA_384, HMAC_SHA384),
    MAC(HMAC_SHA_512, HMAC_SHA512),
    MAC(CMAC_AES, CMAC_AES),
    MAC(GMAC_AES, GMAC_AES),
    MAC(GMAC_TWOFISH, GMAC_TWOFISH),
    /* a gcry_mac handle cannot allow weak keys */
    DIGEST(CMAC_3DES, CIPHER_3DES, CRYPTO_SPLIT_ANY, mask_mac_ops),
    DIGEST(CBCMAC_AES, CIPHER_AES128, 16, cbcmac_ops),
    DIGEST(XCBC_AES, CIPHER_AES128, CRYPTO_SPLIT_ANY, mask_mac_ops),

    AEAD(AES_GCM, AES128, GCM, gcm_ops),
    AEAD(AES_CCM, AES128, CCM, ccm_ops),
    AEAD(CHACHA20_POLY1305, CHACHA20, POLY1305, aead_ops),
    { },
};

static bool provider_init(void)
{
    if (!gcry_check_version(GCRYPT_VERSION)) {
        return false;
    }
    /*
     * If memory cannot be locked, the library would warn on the first long
     * HMAC key, which is in the self-test.  It still wipes that memory, and
     * other keys, here and in guest memory, are not locked anyway.
     */
    gcry_control(GCRYCTL_DISABLE_SECMEM_WARN);
    /* harmless if QEMU's own crypto code did this before */
    gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
    return true;
}

static bool provider_has_policy(void)
{
    return gcry_fips_mode_active();
}

const CryptoProvider cryptodev_provider_gcrypt = {
    .name = "gcrypt",
    .rows = provider_rows,
    .init = provider_init,
    .has_policy = provider_has_policy,
};
