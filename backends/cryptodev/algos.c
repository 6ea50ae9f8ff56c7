/*
 * Algorithms of the virtio crypto services: the table
 *
 * Numbers are those of the virtio specification, "Crypto Device / Device
 * configuration layout"; lengths are those of the algorithms' own standards.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bitops.h"
#include "system/cryptodev-algos.h"

#define CIPHER(_name, _number, _block, _cost, ...)                      \
    { .name = _name, .service = CRYPTODEV_SERVICE_CIPHER,               \
      .number = _number, .block_len = _block, .cost = _cost, __VA_ARGS__ }
#define HASH(_name, _number, _digest, _cost, ...)                       \
    { .name = _name, .service = CRYPTODEV_SERVICE_HASH,                 \
      .number = _number, .block_len = 1, .digest_len = _digest,         \
      .cost = _cost, __VA_ARGS__ }
#define MAC(_name, _number, _digest, _block, _cost, ...)                \
    { .name = _name, .service = CRYPTODEV_SERVICE_MAC,                  \
      .number = _number, .digest_len = _digest, .block_len = _block,    \
      .cost = _cost, __VA_ARGS__ }
#define AEAD(_name, _number, _cost, ...)                                \
    { .name = _name, .service = CRYPTODEV_SERVICE_AEAD,                 \
      .number = _number, .block_len = 1, .digest_len = 16,              \
      .cost = _cost, __VA_ARGS__ }
#define AKCIPHER(_name, _number, ...)                                   \
    { .name = _name, .service = CRYPTODEV_SERVICE_AKCIPHER,             \
      .number = _number, .block_len = 1, __VA_ARGS__ }

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
        CIPHER("arc4", 1, 1, 2, KEY(1, CRYPTODEV_CIPHER_KEY_MAX, 1)),
    [CRYPTODEV_ALGO_AES_ECB] = CIPHER("aes-ecb", 2, 16, 1, KEY_AES),
    [CRYPTODEV_ALGO_AES_CBC] = CIPHER("aes-cbc", 3, 16, 1, KEY_AES, IV_ONE(16)),
    [CRYPTODEV_ALGO_AES_CTR] = CIPHER("aes-ctr", 4, 1, 1, KEY_AES, IV_ONE(16)),
    [CRYPTODEV_ALGO_DES_ECB] = CIPHER("des-ecb", 5, 8, 10, KEY_ONE(8)),
    [CRYPTODEV_ALGO_DES_CBC] =
        CIPHER("des-cbc", 6, 8, 10, KEY_ONE(8), IV_ONE(8)),
    [CRYPTODEV_ALGO_3DES_ECB] = CIPHER("3des-ecb", 7, 8, 30, KEY_ONE(24)),
    [CRYPTODEV_ALGO_3DES_CBC] =
        CIPHER("3des-cbc", 8, 8, 30, KEY_ONE(24), IV_ONE(8)),
    [CRYPTODEV_ALGO_3DES_CTR] =
        CIPHER("3des-ctr", 9, 1, 30, KEY_ONE(24), IV_ONE(8)),
    [CRYPTODEV_ALGO_KASUMI_F8] =
        CIPHER("kasumi-f8", 10, 1, 16, KEY_ONE(16), IV_ONE(8)),
    [CRYPTODEV_ALGO_SNOW3G_UEA2] =
        CIPHER("snow3g-uea2", 11, 1, 60, KEY_ONE(16), IV_ONE(16)),
    /* AES key, then the key mask of the same length */
    [CRYPTODEV_ALGO_AES_F8] =
        CIPHER("aes-f8", 12, 1, 3, KEY(32, 64, 16), IV_ONE(16)),
    /* two AES keys; partial blocks by ciphertext stealing (IEEE 1619) */
    [CRYPTODEV_ALGO_AES_XTS] =
        CIPHER("aes-xts", 13, 1, 1, KEY(32, 64, 32), IV_ONE(16),
               .min_len = 16),
    [CRYPTODEV_ALGO_ZUC_EEA3] =
        CIPHER("zuc-eea3", 14, 1, 4, KEY_ONE(16), IV_ONE(16)),

    /* number, digest, cost */
    [CRYPTODEV_ALGO_MD5] = HASH("md5", 1, 16, 2),
    [CRYPTODEV_ALGO_SHA1] = HASH("sha1", 2, 20, 1),
    [CRYPTODEV_ALGO_SHA_224] = HASH("sha224", 3, 28, 1),
    [CRYPTODEV_ALGO_SHA_256] = HASH("sha256", 4, 32, 1),
    [CRYPTODEV_ALGO_SHA_384] = HASH("sha384", 5, 48, 1),
    [CRYPTODEV_ALGO_SHA_512] = HASH("sha512", 6, 64, 1),
    [CRYPTODEV_ALGO_SHA3_224] = HASH("sha3-224", 7, 28, 2),
    [CRYPTODEV_ALGO_SHA3_256] = HASH("sha3-256", 8, 32, 2),
    [CRYPTODEV_ALGO_SHA3_384] = HASH("sha3-384", 9, 48, 3),
    [CRYPTODEV_ALGO_SHA3_512] = HASH("sha3-512", 10, 64, 4),
    [CRYPTODEV_ALGO_SHAKE128] = HASH("shake128", 11, 32, 2, .is_xof = true),
    [CRYPTODEV_ALGO_SHAKE256] = HASH("shake256", 12, 64, 2, .is_xof = true),

    /* number, digest, input block, cost, lengths */
    [CRYPTODEV_ALGO_HMAC_MD5] = MAC("hmac-md5", 1, 16, 1, 2, KEY_HMAC),
    [CRYPTODEV_ALGO_HMAC_SHA1] = MAC("hmac-sha1", 2, 20, 1, 1, KEY_HMAC),
    [CRYPTODEV_ALGO_HMAC_SHA_224] = MAC("hmac-sha224", 3, 28, 1, 1, KEY_HMAC),
    [CRYPTODEV_ALGO_HMAC_SHA_256] = MAC("hmac-sha256", 4, 32, 1, 1, KEY_HMAC),
    [CRYPTODEV_ALGO_HMAC_SHA_384] = MAC("hmac-sha384", 5, 48, 1, 1, KEY_HMAC),
    [CRYPTODEV_ALGO_HMAC_SHA_512] = MAC("hmac-sha512", 6, 64, 1, 1, KEY_HMAC),
    [CRYPTODEV_ALGO_CMAC_3DES] = MAC("cmac-3des", 25, 8, 1, 30, KEY_ONE(24)),
    [CRYPTODEV_ALGO_CMAC_AES] = MAC("cmac-aes", 26, 16, 1, 1, KEY_AES),
    /* the input is the padded bit string of TS 35.201, whole blocks */
    [CRYPTODEV_ALGO_KASUMI_F9] = MAC("kasumi-f9", 27, 4, 8, 16, KEY_ONE(16)),
    [CRYPTODEV_ALGO_SNOW3G_UIA2] =
        MAC("snow3g-uia2", 28, 4, 1, 60, KEY_ONE(16), .nonce_len = 16),
    [CRYPTODEV_ALGO_GMAC_AES] =
        MAC("gmac-aes", 41, 16, 1, 1, KEY_AES, .nonce_len = 12),
    [CRYPTODEV_ALGO_GMAC_TWOFISH] =
        MAC("gmac-twofish", 42, 16, 1, 1, KEY_AES, .nonce_len = 12),
    [CRYPTODEV_ALGO_CBCMAC_AES] = MAC("cbcmac-aes", 49, 16, 16, 1, KEY_AES),
    [CRYPTODEV_ALGO_CBCMAC_KASUMI_F9] =
        MAC("cbcmac-kasumi-f9", 50, 4, 8, 16, KEY_ONE(16)),
    [CRYPTODEV_ALGO_XCBC_AES] = MAC("xcbc-aes", 53, 16, 1, 1, KEY_ONE(16)),
    [CRYPTODEV_ALGO_ZUC_EIA3] =
        MAC("zuc-eia3", 54, 4, 1, 4, KEY_ONE(16), .nonce_len = 16),

    /* a 16-byte IV of GCM is the pre-counter block J0 itself */
    [CRYPTODEV_ALGO_AES_GCM] =
        AEAD("aes-gcm", 1, 1, KEY_AES, IV(12, 16, 4),
             .tag_lens = BIT(4) | BIT(8) | MAKE_64BIT_MASK(12, 5)),
    [CRYPTODEV_ALGO_AES_CCM] =
        AEAD("aes-ccm", 2, 1, KEY_AES, IV(7, 13, 1),
             .tag_lens = BIT(4) | BIT(6) | BIT(8) | BIT(10) | BIT(12) |
                         BIT(14) | BIT(16)),
    [CRYPTODEV_ALGO_CHACHA20_POLY1305] =
        AEAD("chacha20-poly1305", 3, 3, KEY_ONE(32), IV_ONE(12),
             .tag_lens = BIT(16)),

    /* keys are encoded; what is in them is for the provider to check */
    [CRYPTODEV_ALGO_RSA] =
        AKCIPHER("rsa", 1, KEY(1, CRYPTODEV_AKCIPHER_KEY_MAX, 1)),
    [CRYPTODEV_ALGO_ECDSA] =
        AKCIPHER("ecdsa", 2, KEY(1, CRYPTODEV_AKCIPHER_KEY_MAX, 1)),
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
    return len % info->block_len == 0 && (!len || len >= info->min_len);
}

bool cryptodev_algo_digest_len_ok(const CryptoDevAlgoInfo *info, size_t len)
{
    if (info->service == CRYPTODEV_SERVICE_AEAD) {
        return len <= info->digest_len && (info->tag_lens & BIT(len));
    }
    return len >= 1 &&
           len <= (info->is_xof ? CRYPTODEV_DIGEST_MAX : info->digest_len);
}
