/*
 * Algorithms of the virtio crypto services: the table
 *
 * Numbers are those of Virtual I/O Device (VIRTIO) Version 1.3, 5.9.4,
 * "Supported crypto services"; lengths are those of the algorithms' own
 * standards.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bitops.h"
#include "standard-headers/linux/virtio_crypto.h"
#include "system/cryptodev-algos.h"

/* Numbers of the standard that Linux's header lacks or defines differently */
#define VIRTIO_CRYPTO_MAC_ZUC_EIA3              54
#define VIRTIO_CRYPTO_AKCIPHER_STANDARD_ECDSA   2

#define CIPHER(_name, _number, _block, _cost, ...)                      \
    { .name = _name, .service = CRYPTODEV_SERVICE_CIPHER,               \
      .number = VIRTIO_CRYPTO_CIPHER_ ## _number, .block_len = _block,  \
      .cost = _cost, __VA_ARGS__ }
#define HASH(_name, _number, _digest, _cost, ...)                       \
    { .name = _name, .service = CRYPTODEV_SERVICE_HASH,                 \
      .number = VIRTIO_CRYPTO_HASH_ ## _number, .block_len = 1,         \
      .digest_len = _digest, .cost = _cost, __VA_ARGS__ }
#define MAC(_name, _number, _digest, _block, _cost, ...)                \
    { .name = _name, .service = CRYPTODEV_SERVICE_MAC,                  \
      .number = VIRTIO_CRYPTO_MAC_ ## _number, .digest_len = _digest,   \
      .block_len = _block, .cost = _cost, __VA_ARGS__ }
#define AEAD(_name, _number, _cost, ...)                                \
    { .name = _name, .service = CRYPTODEV_SERVICE_AEAD,                 \
      .number = VIRTIO_CRYPTO_AEAD_ ## _number, .block_len = 1,         \
      .digest_len = 16, .cost = _cost, __VA_ARGS__ }
#define AKCIPHER(_name, _number, ...)                                   \
    { .name = _name, .service = CRYPTODEV_SERVICE_AKCIPHER,             \
      .number = VIRTIO_CRYPTO_AKCIPHER_ ## _number, .block_len = 1,     \
      __VA_ARGS__ }

#define KEY(_min, _max, _step)                                          \
    .key_min = _min, .key_max = _max, .key_step = _step
#define KEY_ONE(_len)       KEY(_len, _len, 1)
#define KEY_AES             KEY(16, 32, 8)
#define KEY_HMAC            KEY(0, CRYPTODEV_AUTH_KEY_MAX, 1)
#define IV(_min, _max, _step)                                           \
    .iv_min = _min, .iv_max = _max, .iv_step = _step
#define IV_ONE(_len)        IV(_len, _len, 1)

static const CryptoDevAlgoInfo cryptodev_algos[CRYPTODEV_ALGO__MAX] = {
    [CRYPTODEV_ALGO_NONE] = { .name = "none" },

    /* number, input block, cost, lengths */
    [CRYPTODEV_ALGO_ARC4] =
        CIPHER("arc4", ARC4, 1, 2, KEY(1, CRYPTODEV_CIPHER_KEY_MAX, 1)),
    [CRYPTODEV_ALGO_AES_ECB] = CIPHER("aes-ecb", AES_ECB, 16, 1, KEY_AES),
    [CRYPTODEV_ALGO_AES_CBC] =
        CIPHER("aes-cbc", AES_CBC, 16, 1, KEY_AES, IV_ONE(16)),
    [CRYPTODEV_ALGO_AES_CTR] =
        CIPHER("aes-ctr", AES_CTR, 1, 1, KEY_AES, IV_ONE(16)),
    [CRYPTODEV_ALGO_DES_ECB] = CIPHER("des-ecb", DES_ECB, 8, 10, KEY_ONE(8)),
    [CRYPTODEV_ALGO_DES_CBC] =
        CIPHER("des-cbc", DES_CBC, 8, 10, KEY_ONE(8), IV_ONE(8)),
    [CRYPTODEV_ALGO_3DES_ECB] =
        CIPHER("3des-ecb", 3DES_ECB, 8, 30, KEY_ONE(24)),
    [CRYPTODEV_ALGO_3DES_CBC] =
        CIPHER("3des-cbc", 3DES_CBC, 8, 30, KEY_ONE(24), IV_ONE(8)),
    [CRYPTODEV_ALGO_3DES_CTR] =
        CIPHER("3des-ctr", 3DES_CTR, 1, 30, KEY_ONE(24), IV_ONE(8)),
    [CRYPTODEV_ALGO_KASUMI_F8] =
        CIPHER("kasumi-f8", KASUMI_F8, 1, 16, KEY_ONE(16), IV_ONE(8)),
    [CRYPTODEV_ALGO_SNOW3G_UEA2] =
        CIPHER("snow3g-uea2", SNOW3G_UEA2, 1, 60, KEY_ONE(16), IV_ONE(16)),
    /* AES key, then the key mask of the same length */
    [CRYPTODEV_ALGO_AES_F8] =
        CIPHER("aes-f8", AES_F8, 1, 3, KEY(32, 64, 16), IV_ONE(16)),
    /* two AES keys; partial blocks by ciphertext stealing (IEEE 1619) */
    [CRYPTODEV_ALGO_AES_XTS] =
        CIPHER("aes-xts", AES_XTS, 1, 1, KEY(32, 64, 32), IV_ONE(16),
               .min_len = 16),
    [CRYPTODEV_ALGO_ZUC_EEA3] =
        CIPHER("zuc-eea3", ZUC_EEA3, 1, 4, KEY_ONE(16), IV_ONE(16)),

    /* number, digest, cost */
    [CRYPTODEV_ALGO_MD5] = HASH("md5", MD5, 16, 2),
    [CRYPTODEV_ALGO_SHA1] = HASH("sha1", SHA1, 20, 1),
    [CRYPTODEV_ALGO_SHA_224] = HASH("sha224", SHA_224, 28, 1),
    [CRYPTODEV_ALGO_SHA_256] = HASH("sha256", SHA_256, 32, 1),
    [CRYPTODEV_ALGO_SHA_384] = HASH("sha384", SHA_384, 48, 1),
    [CRYPTODEV_ALGO_SHA_512] = HASH("sha512", SHA_512, 64, 1),
    [CRYPTODEV_ALGO_SHA3_224] = HASH("sha3-224", SHA3_224, 28, 2),
    [CRYPTODEV_ALGO_SHA3_256] = HASH("sha3-256", SHA3_256, 32, 2),
    [CRYPTODEV_ALGO_SHA3_384] = HASH("sha3-384", SHA3_384, 48, 3),
    [CRYPTODEV_ALGO_SHA3_512] = HASH("sha3-512", SHA3_512, 64, 4),
    [CRYPTODEV_ALGO_SHAKE128] =
        HASH("shake128", SHA3_SHAKE128, 32, 2, .is_xof = true),
    [CRYPTODEV_ALGO_SHAKE256] =
        HASH("shake256", SHA3_SHAKE256, 64, 2, .is_xof = true),

    /* number, digest, input block, cost, lengths */
    [CRYPTODEV_ALGO_HMAC_MD5] = MAC("hmac-md5", HMAC_MD5, 16, 1, 2, KEY_HMAC),
    [CRYPTODEV_ALGO_HMAC_SHA1] =
        MAC("hmac-sha1", HMAC_SHA1, 20, 1, 1, KEY_HMAC),
    [CRYPTODEV_ALGO_HMAC_SHA_224] =
        MAC("hmac-sha224", HMAC_SHA_224, 28, 1, 1, KEY_HMAC),
    [CRYPTODEV_ALGO_HMAC_SHA_256] =
        MAC("hmac-sha256", HMAC_SHA_256, 32, 1, 1, KEY_HMAC),
    [CRYPTODEV_ALGO_HMAC_SHA_384] =
        MAC("hmac-sha384", HMAC_SHA_384, 48, 1, 1, KEY_HMAC),
    [CRYPTODEV_ALGO_HMAC_SHA_512] =
        MAC("hmac-sha512", HMAC_SHA_512, 64, 1, 1, KEY_HMAC),
    [CRYPTODEV_ALGO_CMAC_3DES] =
        MAC("cmac-3des", CMAC_3DES, 8, 1, 30, KEY_ONE(24)),
    [CRYPTODEV_ALGO_CMAC_AES] = MAC("cmac-aes", CMAC_AES, 16, 1, 1, KEY_AES),
    /* the input is the padded bit string of TS 35.201, whole blocks */
    [CRYPTODEV_ALGO_KASUMI_F9] =
        MAC("kasumi-f9", KASUMI_F9, 4, 8, 16, KEY_ONE(16)),
    [CRYPTODEV_ALGO_SNOW3G_UIA2] =
        MAC("snow3g-uia2", SNOW3G_UIA2, 4, 1, 60, KEY_ONE(16), .nonce_len = 16),
    [CRYPTODEV_ALGO_GMAC_AES] =
        MAC("gmac-aes", GMAC_AES, 16, 1, 1, KEY_AES, .nonce_len = 12),
    [CRYPTODEV_ALGO_GMAC_TWOFISH] =
        MAC("gmac-twofish", GMAC_TWOFISH, 16, 1, 1, KEY_AES, .nonce_len = 12),
    [CRYPTODEV_ALGO_CBCMAC_AES] =
        MAC("cbcmac-aes", CBCMAC_AES, 16, 16, 1, KEY_AES),
    [CRYPTODEV_ALGO_CBCMAC_KASUMI_F9] =
        MAC("cbcmac-kasumi-f9", CBCMAC_KASUMI_F9, 4, 8, 16, KEY_ONE(16)),
    [CRYPTODEV_ALGO_XCBC_AES] =
        MAC("xcbc-aes", XCBC_AES, 16, 1, 1, KEY_ONE(16)),
    [CRYPTODEV_ALGO_ZUC_EIA3] =
        MAC("zuc-eia3", ZUC_EIA3, 4, 1, 4, KEY_ONE(16), .nonce_len = 16),

    /* a 16-byte IV of GCM is the pre-counter block J0 itself */
    [CRYPTODEV_ALGO_AES_GCM] =
        AEAD("aes-gcm", GCM, 1, KEY_AES, IV(12, 16, 4),
             .tag_lens = BIT(4) | BIT(8) | MAKE_64BIT_MASK(12, 5)),
    [CRYPTODEV_ALGO_AES_CCM] =
        AEAD("aes-ccm", CCM, 1, KEY_AES, IV(7, 13, 1),
             .tag_lens = BIT(4) | BIT(6) | BIT(8) | BIT(10) | BIT(12) |
                         BIT(14) | BIT(16)),
    [CRYPTODEV_ALGO_CHACHA20_POLY1305] =
        AEAD("chacha20-poly1305", CHACHA20_POLY1305, 3, KEY_ONE(32), IV_ONE(12),
             .tag_lens = BIT(16)),

    /* keys are encoded; the provider checks their content */
    [CRYPTODEV_ALGO_RSA] =
        AKCIPHER("rsa", RSA, KEY(1, CRYPTODEV_AKCIPHER_KEY_MAX, 1)),
    [CRYPTODEV_ALGO_ECDSA] =
        AKCIPHER("ecdsa", STANDARD_ECDSA,
                 KEY(1, CRYPTODEV_AKCIPHER_KEY_MAX, 1)),
};

const CryptoDevAlgoInfo *cryptodev_algo_info(CryptoDevAlgo algo)
{
    assert(algo > CRYPTODEV_ALGO_NONE && algo < CRYPTODEV_ALGO__MAX);
    return &cryptodev_algos[algo];
}

CryptoDevAlgo cryptodev_algo_find(CryptoDevService service, uint32_t number)
{
    for (int i = CRYPTODEV_ALGO_NONE + 1; i < CRYPTODEV_ALGO__MAX; i++) {
        if (cryptodev_algos[i].service == service &&
            cryptodev_algos[i].number == number) {
            return i;
        }
    }
    return CRYPTODEV_ALGO_NONE;
}

const char *cryptodev_algo_name(CryptoDevAlgo algo)
{
    return cryptodev_algos[algo].name;
}

static bool in_steps(size_t len, size_t min, size_t max, size_t step)
{
    return len == min ||
           (len > min && len <= max && (len - min) % step == 0);
}

bool cryptodev_algo_key_len_ok(const CryptoDevAlgoInfo *info, size_t len)
{
    return in_steps(len, info->key_min, info->key_max, info->key_step);
}

bool cryptodev_algo_iv_len_ok(const CryptoDevAlgoInfo *info, size_t len)
{
    return in_steps(len, info->iv_min, info->iv_max, info->iv_step);
}

bool cryptodev_algo_data_len_ok(const CryptoDevAlgoInfo *info, uint64_t len)
{
    /* the length of a block is a power of two */
    return !(len & (info->block_len - 1)) && (!len || len >= info->min_len);
}

bool cryptodev_algo_digest_len_ok(const CryptoDevAlgoInfo *info, size_t len)
{
    if (info->service == CRYPTODEV_SERVICE_AEAD) {
        return len <= info->digest_len && (info->tag_lens & BIT(len));
    }
    return len >= 1 &&
           len <= (info->is_xof ? CRYPTODEV_DIGEST_MAX : info->digest_len);
}

/* Hashes of RSA signatures; NONE for those that are not supported */
static const CryptoDevAlgo rsa_hashes[] = {
    [VIRTIO_CRYPTO_RSA_MD5] = CRYPTODEV_ALGO_MD5,
    [VIRTIO_CRYPTO_RSA_SHA1] = CRYPTODEV_ALGO_SHA1,
    [VIRTIO_CRYPTO_RSA_SHA256] = CRYPTODEV_ALGO_SHA_256,
    [VIRTIO_CRYPTO_RSA_SHA384] = CRYPTODEV_ALGO_SHA_384,
    [VIRTIO_CRYPTO_RSA_SHA512] = CRYPTODEV_ALGO_SHA_512,
    [VIRTIO_CRYPTO_RSA_SHA224] = CRYPTODEV_ALGO_SHA_224,
};

CryptoDevAlgo cryptodev_rsa_hash(uint32_t number)
{
    return number < ARRAY_SIZE(rsa_hashes) ? rsa_hashes[number] :
                                             CRYPTODEV_ALGO_NONE;
}

uint32_t cryptodev_rsa_hash_number(CryptoDevAlgo algo)
{
    for (uint32_t i = 0; i < ARRAY_SIZE(rsa_hashes); i++) {
        if (rsa_hashes[i] == algo) {
            return i;
        }
    }
    return VIRTIO_CRYPTO_RSA_NO_HASH;
}
