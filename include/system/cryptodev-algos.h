/*
 * Algorithms of the virtio crypto services, and the lengths that each allows
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef SYSTEM_CRYPTODEV_ALGOS_H
#define SYSTEM_CRYPTODEV_ALGOS_H

/*
 * Services, numbered as in the virtio specification: the number is the high
 * byte of an opcode and the bit in the crypto_services field.
 */
typedef enum CryptoDevService {
    CRYPTODEV_SERVICE_CIPHER,
    CRYPTODEV_SERVICE_HASH,
    CRYPTODEV_SERVICE_MAC,
    CRYPTODEV_SERVICE_AEAD,
    CRYPTODEV_SERVICE_AKCIPHER,
    CRYPTODEV_SERVICE__MAX,
} CryptoDevService;

/* Index into the algorithm table; no wire number. */
typedef enum CryptoDevAlgo {
    CRYPTODEV_ALGO_NONE,

    CRYPTODEV_ALGO_ARC4,
    CRYPTODEV_ALGO_AES_ECB,
    CRYPTODEV_ALGO_AES_CBC,
    CRYPTODEV_ALGO_AES_CTR,
    CRYPTODEV_ALGO_DES_ECB,
    CRYPTODEV_ALGO_DES_CBC,
    CRYPTODEV_ALGO_3DES_ECB,
    CRYPTODEV_ALGO_3DES_CBC,
    CRYPTODEV_ALGO_3DES_CTR,
    CRYPTODEV_ALGO_KASUMI_F8,
    CRYPTODEV_ALGO_SNOW3G_UEA2,
    CRYPTODEV_ALGO_AES_F8,
    CRYPTODEV_ALGO_AES_XTS,
    CRYPTODEV_ALGO_ZUC_EEA3,

    CRYPTODEV_ALGO_MD5,
    CRYPTODEV_ALGO_SHA1,
    CRYPTODEV_ALGO_SHA_224,
    CRYPTODEV_ALGO_SHA_256,
    CRYPTODEV_ALGO_SHA_384,
    CRYPTODEV_ALGO_SHA_512,
    CRYPTODEV_ALGO_SHA3_224,
    CRYPTODEV_ALGO_SHA3_256,
    CRYPTODEV_ALGO_SHA3_384,
    CRYPTODEV_ALGO_SHA3_512,
    CRYPTODEV_ALGO_SHAKE128,
    CRYPTODEV_ALGO_SHAKE256,

    CRYPTODEV_ALGO_HMAC_MD5,
    CRYPTODEV_ALGO_HMAC_SHA1,
    CRYPTODEV_ALGO_HMAC_SHA_224,
    CRYPTODEV_ALGO_HMAC_SHA_256,
    CRYPTODEV_ALGO_HMAC_SHA_384,
    CRYPTODEV_ALGO_HMAC_SHA_512,
    CRYPTODEV_ALGO_CMAC_3DES,
    CRYPTODEV_ALGO_CMAC_AES,
    CRYPTODEV_ALGO_KASUMI_F9,
    CRYPTODEV_ALGO_SNOW3G_UIA2,
    CRYPTODEV_ALGO_GMAC_AES,
    CRYPTODEV_ALGO_GMAC_TWOFISH,
    CRYPTODEV_ALGO_CBCMAC_AES,
    CRYPTODEV_ALGO_CBCMAC_KASUMI_F9,
    CRYPTODEV_ALGO_XCBC_AES,
    CRYPTODEV_ALGO_ZUC_EIA3,

    CRYPTODEV_ALGO_AES_GCM,
    CRYPTODEV_ALGO_AES_CCM,
    CRYPTODEV_ALGO_CHACHA20_POLY1305,

    CRYPTODEV_ALGO_RSA,
    CRYPTODEV_ALGO_ECDSA,

    CRYPTODEV_ALGO__MAX,
} CryptoDevAlgo;

/* The largest lengths that any row of the table allows, in bytes. */
#define CRYPTODEV_IV_MAX            16
#define CRYPTODEV_CIPHER_KEY_MAX    256
#define CRYPTODEV_AUTH_KEY_MAX      512
/* Longest encoded public or private key; no real key is that long. */
#define CRYPTODEV_AKCIPHER_KEY_MAX  (16 * 1024)
/* Longest digest: the cap that this device puts on SHAKE output. */
#define CRYPTODEV_DIGEST_MAX        1024

/**
 * CryptoDevAlgoInfo: one row of the algorithm table, the only place that
 * defines lengths.  All lengths are in bytes.
 *
 * @name: as printed in documents, traces and test names
 * @service: the service it belongs to
 * @number: its number within the service (virtio specification)
 * @key_min, @key_max, @key_step: allowed key lengths are
 *     key_min, key_min + key_step, ..., key_max
 * @iv_min, @iv_max: length of the IV, counter, tweak or nonce of a request;
 *     0 if requests have none
 * @iv_step: allowed IV lengths are iv_min, iv_min + iv_step, ..., iv_max
 * @nonce_len: length of the nonce at the head of a MAC's input, 0 for most
 * @block_len: input lengths must be a multiple of this
 * @min_len: shortest input that is allowed, besides an empty one
 * @digest_len: length of the full digest or tag; for an extendable output
 *     function, the default length
 * @tag_lens: AEAD only, a bit for each allowed tag length (bit n: n bytes);
 *     other services can truncate a digest to any length from 1 byte
 * @cost: rough nanoseconds per byte of a slow implementation; tells long
 *     operations from short ones
 * @is_xof: a request can ask for up to CRYPTODEV_DIGEST_MAX bytes of digest
 */
typedef struct CryptoDevAlgoInfo {
    const char *name;
    CryptoDevService service;
    uint8_t number;
    uint16_t key_min, key_max, key_step;
    uint8_t iv_min, iv_max, iv_step;
    uint8_t nonce_len;
    uint8_t block_len;
    uint8_t min_len;
    uint8_t digest_len;
    uint32_t tag_lens;
    uint16_t cost;
    bool is_xof;
} CryptoDevAlgoInfo;

/**
 * cryptodev_algo_info: the row of @algo, which must not be
 * CRYPTODEV_ALGO_NONE.
 */
const CryptoDevAlgoInfo *cryptodev_algo_info(CryptoDevAlgo algo);

/**
 * cryptodev_algo_find: look an algorithm up by its wire number.
 *
 * @service: service of the number
 * @number: any value, from the guest
 *
 * Returns: the algorithm, or CRYPTODEV_ALGO_NONE if @number names none
 */
CryptoDevAlgo cryptodev_algo_find(CryptoDevService service, uint32_t number);

/**
 * cryptodev_algo_name: printable name of @algo, "none" for
 * CRYPTODEV_ALGO_NONE.
 */
const char *cryptodev_algo_name(CryptoDevAlgo algo);

/*
 * The hash with number @number in an RSA session (VIRTIO_CRYPTO_RSA_*), any
 * value from the guest, or CRYPTODEV_ALGO_NONE; and the number of a hash, or
 * VIRTIO_CRYPTO_RSA_NO_HASH
 */
CryptoDevAlgo cryptodev_rsa_hash(uint32_t number);
uint32_t cryptodev_rsa_hash_number(CryptoDevAlgo algo);

/* Whether a key, an IV, an input or a digest can have @len bytes */
bool cryptodev_algo_key_len_ok(const CryptoDevAlgoInfo *info, size_t len);
bool cryptodev_algo_iv_len_ok(const CryptoDevAlgoInfo *info, size_t len);
bool cryptodev_algo_data_len_ok(const CryptoDevAlgoInfo *info, uint64_t len);
bool cryptodev_algo_digest_len_ok(const CryptoDevAlgoInfo *info, size_t len);

#endif /* SYSTEM_CRYPTODEV_ALGOS_H */
