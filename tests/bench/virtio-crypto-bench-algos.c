/*
 * virtio-crypto benchmark: algorithms, and the messages that name them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <gcrypt.h>
#include "qemu/bswap.h"
#include "standard-headers/linux/virtio_crypto.h"
#include "libqos/virtio-crypto-client.h"
#include "virtio-crypto-bench-algos.h"
#include "virtio-crypto-bench-rsa.h"

static const BenchAlgo algos[] = {
    { .name = "aes-128-ecb", .service = VC_SERVICE_CIPHER,
      .algo = VIRTIO_CRYPTO_CIPHER_AES_ECB, .key_len = 16,
      .gcry_cipher = GCRY_CIPHER_AES128, .gcry_mode = GCRY_CIPHER_MODE_ECB },
    { .name = "aes-128-cbc", .service = VC_SERVICE_CIPHER,
      .algo = VIRTIO_CRYPTO_CIPHER_AES_CBC, .key_len = 16, .iv_len = 16,
      .gcry_cipher = GCRY_CIPHER_AES128, .gcry_mode = GCRY_CIPHER_MODE_CBC },
    { .name = "aes-256-cbc", .service = VC_SERVICE_CIPHER,
      .algo = VIRTIO_CRYPTO_CIPHER_AES_CBC, .key_len = 32, .iv_len = 16,
      .gcry_cipher = GCRY_CIPHER_AES256, .gcry_mode = GCRY_CIPHER_MODE_CBC },
    { .name = "aes-128-ctr", .service = VC_SERVICE_CIPHER,
      .algo = VIRTIO_CRYPTO_CIPHER_AES_CTR, .key_len = 16, .iv_len = 16,
      .gcry_cipher = GCRY_CIPHER_AES128, .gcry_mode = GCRY_CIPHER_MODE_CTR },
    { .name = "aes-128-xts", .service = VC_SERVICE_CIPHER,
      .algo = VIRTIO_CRYPTO_CIPHER_AES_XTS, .key_len = 32, .iv_len = 16,
      .gcry_cipher = GCRY_CIPHER_AES128, .gcry_mode = GCRY_CIPHER_MODE_XTS },
    { .name = "3des-cbc", .service = VC_SERVICE_CIPHER,
      .algo = VIRTIO_CRYPTO_CIPHER_3DES_CBC, .key_len = 24, .iv_len = 8,
      .gcry_cipher = GCRY_CIPHER_3DES, .gcry_mode = GCRY_CIPHER_MODE_CBC },
    { .name = "sha-256", .service = VC_SERVICE_HASH,
      .algo = VIRTIO_CRYPTO_HASH_SHA_256, .digest_len = 32,
      .gcry_md = GCRY_MD_SHA256 },
    { .name = "hmac-sha-256", .service = VC_SERVICE_MAC,
      .algo = VIRTIO_CRYPTO_MAC_HMAC_SHA_256, .key_len = 32, .digest_len = 32,
      .gcry_mac = GCRY_MAC_HMAC_SHA256 },
    { .name = "aes-128-gcm", .service = VC_SERVICE_AEAD,
      .algo = VIRTIO_CRYPTO_AEAD_GCM, .key_len = 16, .iv_len = 12,
      .aad_len = 8, .digest_len = 16,
      .gcry_cipher = GCRY_CIPHER_AES128, .gcry_mode = GCRY_CIPHER_MODE_GCM },
    { .name = "aes-128-cbc-hmac-sha-1", .service = VC_SERVICE_CHAIN,
      .algo = VIRTIO_CRYPTO_CIPHER_AES_CBC, .key_len = 16, .iv_len = 16,
      .hash_algo = VIRTIO_CRYPTO_MAC_HMAC_SHA1, .auth_key_len = 20,
      .digest_len = 20,
      .gcry_cipher = GCRY_CIPHER_AES128, .gcry_mode = GCRY_CIPHER_MODE_CBC,
      .gcry_mac = GCRY_MAC_HMAC_SHA1 },
    { .name = "rsa-2048", .service = VC_SERVICE_AKCIPHER,
      .algo = VIRTIO_CRYPTO_AKCIPHER_RSA, .key_len = BENCH_RSA_KEY_LEN },
};

/* The high byte of opcodes */
static const uint32_t services[] = {
    [VC_SERVICE_CIPHER] = VIRTIO_CRYPTO_SERVICE_CIPHER << 8,
    [VC_SERVICE_HASH] = VIRTIO_CRYPTO_SERVICE_HASH << 8,
    [VC_SERVICE_MAC] = VIRTIO_CRYPTO_SERVICE_MAC << 8,
    [VC_SERVICE_AEAD] = VIRTIO_CRYPTO_SERVICE_AEAD << 8,
    [VC_SERVICE_CHAIN] = VIRTIO_CRYPTO_SERVICE_CIPHER << 8,
    [VC_SERVICE_AKCIPHER] = VIRTIO_CRYPTO_SERVICE_AKCIPHER << 8,
};

/* AKCIPHER, which the client library of the tests does not speak */
enum {
    RSA_SIZE = 72, RSA_KEY_TYPE = 20, RSA_KEY_LEN = 24, RSA_PADDING = 28,
    RSA_SRC_LEN = 24, RSA_DST_LEN = 28, RSA_REV1_DATA_SIZE = 32,
};

const BenchAlgo *bench_algo(const char *name)
{
    for (int i = 0; i < ARRAY_SIZE(algos); i++) {
        if (!g_strcmp0(algos[i].name, name)) {
            return &algos[i];
        }
    }
    return NULL;
}

size_t bench_keys(const BenchAlgo *algo, unsigned n, uint8_t *keys)
{
    size_t len = algo->key_len + algo->auth_key_len;

    if (algo->service == VC_SERVICE_AKCIPHER) {
        bench_rsa_key(keys);
        return len;
    }
    for (int i = 0; i < len; i++) {
        keys[i] = i * 37 + 11;
    }
    if (len) {
        stl_le_p(keys, ldl_le_p(keys) ^ n << 1);    /* bit 0: DES's parity */
    }
    return len;
}

size_t bench_output_len(const BenchAlgo *algo, size_t size)
{
    bool digest = algo->service == VC_SERVICE_HASH || algo->service == VC_SERVICE_MAC;

    return (digest ? 0 : size) + algo->digest_len;
}

static void put(uint8_t *header, uint8_t offset, uint32_t value)
{
    if (offset) {
        stl_le_p(header + offset, value);
    }
}

static void put_params(const BenchAlgo *algo, const VCParamFields *f,
                       bool decrypt, uint8_t *header)
{
    put(header, f->algo, algo->algo);
    put(header, f->key_len, algo->key_len);
    put(header, f->op, decrypt ? VC_OP_DECRYPT : VC_OP_ENCRYPT);
    put(header, f->digest_len, algo->digest_len);
    put(header, f->aad_len, algo->aad_len);
    put(header, f->order, VC_CIPHER_THEN_HASH);
    put(header, f->hash_mode, VC_HASH_AUTH);
    put(header, f->hash_algo, algo->hash_algo);
    put(header, f->auth_key_len, algo->auth_key_len);
}

static uint32_t op_type(const BenchAlgo *algo)
{
    return algo->service == VC_SERVICE_CHAIN ? VC_SYM_CHAINING : VC_SYM_CIPHER;
}

size_t bench_put_create(const BenchAlgo *algo, VCFormat format, bool decrypt,
                        uint8_t *header)
{
    const VCCreateLayout *layout;

    memset(header, 0, BENCH_HEADER_MAX);
    if (algo->service == VC_SERVICE_AKCIPHER) {
        stl_le_p(header, VIRTIO_CRYPTO_AKCIPHER_CREATE_SESSION);
        stl_le_p(header + 16, algo->algo);
        stl_le_p(header + RSA_KEY_TYPE,
                 VIRTIO_CRYPTO_AKCIPHER_KEY_TYPE_PRIVATE);
        stl_le_p(header + RSA_KEY_LEN, algo->key_len);
        stl_le_p(header + RSA_PADDING, VIRTIO_CRYPTO_RSA_RAW_PADDING);
        return RSA_SIZE;
    }
    layout = &vc_create_layouts[format][algo->service];
    stl_le_p(header, services[algo->service] | VC_CIPHER_CREATE);
    put_params(algo, &vc_create_fields[algo->service], decrypt, header);
    put(header, layout->op_type, op_type(algo));
    return layout->size;
}

size_t bench_put_destroy(const BenchAlgo *algo, VCFormat format,
                         uint64_t session, uint8_t *header)
{
    memset(header, 0, BENCH_HEADER_MAX);
    stl_le_p(header, algo->service == VC_SERVICE_AKCIPHER ?
             VIRTIO_CRYPTO_AKCIPHER_DESTROY_SESSION :
             services[algo->service] | VC_CIPHER_DESTROY);
    stq_le_p(header + 16, session);
    return vc_destroy_sizes[format];
}

/* The flag of session mode has a meaning only with REVISION_1. */
static void put_data_head(const BenchAlgo *algo, VCFormat format, bool decrypt,
                          uint8_t *header)
{
    memset(header, 0, BENCH_HEADER_MAX);
    stl_le_p(header, services[algo->service] | decrypt);
    stl_le_p(header + 4, algo->algo);
    stl_le_p(header + 16, format != VC_STATELESS);
}

size_t bench_put_data(const BenchAlgo *algo, VCFormat format, bool decrypt,
                      size_t size, uint8_t *header)
{
    size_t out = bench_output_len(algo, size);
    const VCDataLayout *layout;

    put_data_head(algo, format, decrypt, header);
    if (algo->service == VC_SERVICE_AKCIPHER) {
        stl_le_p(header + RSA_SRC_LEN, size);
        stl_le_p(header + RSA_DST_LEN, out);
        return format == VC_STD ? RSA_SIZE : RSA_REV1_DATA_SIZE;
    }
    layout = &vc_data_layouts[format][algo->service];
    if (format == VC_STATELESS) {
        put_params(algo, &layout->params, decrypt, header);
    }
    put(header, layout->iv_len, algo->iv_len);
    put(header, layout->src_len, size);
    put(header, layout->dst_len, algo->service == VC_SERVICE_AEAD ? out : size);
    put(header, layout->aad_len, algo->aad_len);
    put(header, layout->digest_len, algo->digest_len);
    if (layout->window) {
        put(header, layout->window + 4, size);
        put(header, layout->window + 12, size);
    }
    put(header, layout->op_type, op_type(algo));
    return layout->size;
}

void bench_put_session(uint8_t *header, uint64_t session)
{
    stq_le_p(header + 8, session);
}
