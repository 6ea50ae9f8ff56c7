/*
 * virtio-crypto: stateless data requests, which bring their session along
 *
 * Known with VIRTIO_CRYPTO_F_REVISION_1 only.  The fixed part holds what a
 * session would; the keys follow it, then the parts as in a session's request
 * but for the additional data of a chain, which stand before its source.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "standard-headers/linux/virtio_crypto.h"
#include "std.h"

typedef struct StatelessCipher {
    struct virtio_crypto_op_header header;
    uint32_t algo, key_len, op;
    uint32_t iv_len, src_data_len, dst_data_len;
    uint8_t padding[48];
    uint32_t op_type;
} StatelessCipher;

typedef struct StatelessChain {
    struct virtio_crypto_op_header header;
    uint32_t alg_chain_order, session_aad_len;
    uint32_t cipher_algo, key_len, op;
    uint32_t hash_algo, auth_key_len, hash_mode;
    uint32_t iv_len, src_data_len, dst_data_len;
    uint32_t cipher_start_src_offset, len_to_cipher;
    uint32_t hash_start_src_offset, len_to_hash;
    uint32_t aad_len, hash_result_len, reserved;
    uint32_t op_type;
} StatelessChain;

typedef struct StatelessHash {
    struct virtio_crypto_op_header header;
    uint32_t algo, src_data_len, hash_result_len, reserved;
} StatelessHash;

typedef struct StatelessMac {
    struct virtio_crypto_op_header header;
    uint32_t algo, auth_key_len, src_data_len, hash_result_len;
} StatelessMac;

typedef struct StatelessAead {
    struct virtio_crypto_op_header header;
    uint32_t algo, key_len, op;
    uint32_t iv_len, tag_len, aad_len, src_data_len, dst_data_len;
} StatelessAead;

typedef struct StatelessAkcipher {
    struct virtio_crypto_op_header header;
    struct virtio_crypto_akcipher_session_para para;
    uint32_t src_data_len, dst_data_len;
} StatelessAkcipher;

/* The header's 64-bit session id would pad the structures to 8 bytes. */
#define STATELESS_SYM_LEN       100
#define STATELESS_AKCIPHER_LEN  52

QEMU_BUILD_BUG_ON(offsetof(StatelessCipher, op_type) != 96);
QEMU_BUILD_BUG_ON(offsetof(StatelessChain, op_type) != 96);
QEMU_BUILD_BUG_ON(offsetof(StatelessAkcipher, dst_data_len) != 48);
QEMU_BUILD_BUG_ON(sizeof(StatelessChain) > VIRTIO_CRYPTO_HEADER_MAX);

const uint8_t virtio_crypto_stateless_len[CRYPTODEV_SERVICE__MAX] = {
    [CRYPTODEV_SERVICE_CIPHER] = STATELESS_SYM_LEN,
    [CRYPTODEV_SERVICE_HASH] = sizeof(StatelessHash),
    [CRYPTODEV_SERVICE_MAC] = sizeof(StatelessMac),
    [CRYPTODEV_SERVICE_AEAD] = sizeof(StatelessAead),
    [CRYPTODEV_SERVICE_AKCIPHER] = STATELESS_AKCIPHER_LEN,
};

/* The session that a request describes */

static CryptoDevStatus chain_params(VirtIOCryptoCursor *c,
                                    const CryptoDevCaps *caps,
                                    const StatelessChain *req,
                                    VirtIOCryptoSessionSpec *spec)
{
    CryptoDevService hash_service;
    CryptoDevStatus status;

    status = virtio_crypto_chain_mode(caps, le32_to_cpu(req->alg_chain_order),
                                      le32_to_cpu(req->hash_mode),
                                      le32_to_cpu(req->hash_algo),
                                      &spec->params.chain, &hash_service);
    if (status == CRYPTODEV_OK) {
        status = virtio_crypto_std_cipher(c, caps, spec->params.service,
                                          le32_to_cpu(req->cipher_algo),
                                          le32_to_cpu(req->key_len),
                                          le32_to_cpu(req->op), spec);
    }
    if (status == CRYPTODEV_OK) {
        status = virtio_crypto_std_hash(c, caps, hash_service,
                                        le32_to_cpu(req->hash_algo),
                                        le32_to_cpu(req->auth_key_len), 0,
                                        spec);
    }
    return status;
}

static CryptoDevStatus cipher_params(VirtIOCryptoCursor *c,
                                     const CryptoDevCaps *caps,
                                     const VirtIOCryptoData *data,
                                     VirtIOCryptoSessionSpec *spec)
{
    const StatelessCipher *req = (const void *)data->raw;

    switch (le32_to_cpu(req->op_type)) {
    case VIRTIO_CRYPTO_SYM_OP_CIPHER:
        return virtio_crypto_std_cipher(c, caps, spec->params.service,
                                        le32_to_cpu(req->algo),
                                        le32_to_cpu(req->key_len),
                                        le32_to_cpu(req->op), spec);
    case VIRTIO_CRYPTO_SYM_OP_ALGORITHM_CHAINING:
        return chain_params(c, caps, (const void *)data->raw, spec);
    default:
        return CRYPTODEV_NOTSUPP;
    }
}

static CryptoDevStatus hash_params(VirtIOCryptoCursor *c,
                                   const CryptoDevCaps *caps,
                                   const VirtIOCryptoData *data,
                                   VirtIOCryptoSessionSpec *spec)
{
    const StatelessHash *req = (const void *)data->raw;

    spec->params.kind = CRYPTODEV_DIGEST;
    return virtio_crypto_std_hash(c, caps, spec->params.service,
                                  le32_to_cpu(req->algo), 0, 0, spec);
}

static CryptoDevStatus mac_params(VirtIOCryptoCursor *c,
                                  const CryptoDevCaps *caps,
                                  const VirtIOCryptoData *data,
                                  VirtIOCryptoSessionSpec *spec)
{
    const StatelessMac *req = (const void *)data->raw;

    spec->params.kind = CRYPTODEV_DIGEST;
    return virtio_crypto_std_hash(c, caps, spec->params.service,
                                  le32_to_cpu(req->algo),
                                  le32_to_cpu(req->auth_key_len), 0, spec);
}

static CryptoDevStatus aead_params(VirtIOCryptoCursor *c,
                                   const CryptoDevCaps *caps,
                                   const VirtIOCryptoData *data,
                                   VirtIOCryptoSessionSpec *spec)
{
    const StatelessAead *req = (const void *)data->raw;

    return virtio_crypto_std_cipher(c, caps, spec->params.service,
                                    le32_to_cpu(req->algo),
                                    le32_to_cpu(req->key_len),
                                    le32_to_cpu(req->op), spec);
}

static CryptoDevStatus akcipher_params(VirtIOCryptoCursor *c,
                                       const CryptoDevCaps *caps,
                                       const VirtIOCryptoData *data,
                                       VirtIOCryptoSessionSpec *spec)
{
    const StatelessAkcipher *req = (const void *)data->raw;

    return virtio_crypto_std_akcipher(c, caps, &req->para, spec);
}

static CryptoDevStatus (*const stateless_params[CRYPTODEV_SERVICE__MAX])
    (VirtIOCryptoCursor *c, const CryptoDevCaps *caps,
     const VirtIOCryptoData *data, VirtIOCryptoSessionSpec *spec) = {
    [CRYPTODEV_SERVICE_CIPHER] = cipher_params,
    [CRYPTODEV_SERVICE_HASH] = hash_params,
    [CRYPTODEV_SERVICE_MAC] = mac_params,
    [CRYPTODEV_SERVICE_AEAD] = aead_params,
    [CRYPTODEV_SERVICE_AKCIPHER] = akcipher_params,
};

CryptoDevStatus virtio_crypto_stateless_params(const VirtIOCryptoBuffer *buf,
                                               VirtIOCryptoData *data,
                                               VirtIOCryptoSessionSpec *spec)
{
    VirtIOCryptoCursor c = {
        .sg = &buf->out, .offset = data->raw_len, .end = buf->out.len,
    };
    CryptoDevStatus status;

    spec->params = (CryptoDevSessionParams) { .service = data->service };
    status = stateless_params[data->service](&c, buf->caps, data, spec);
    data->keys_len = c.offset - data->raw_len;
    return status;
}

/* The parts of the request */

static bool cipher_parts(const VirtIOCryptoData *data,
                         VirtIOCryptoParts *parts)
{
    const StatelessCipher *req = (const void *)data->raw;

    parts->iv_len = le32_to_cpu(req->iv_len);
    parts->src_len = le32_to_cpu(req->src_data_len);
    parts->dst_len = le32_to_cpu(req->dst_data_len);
    return true;
}

static bool chain_parts(const VirtIOCryptoData *data,
                        VirtIOCryptoParts *parts)
{
    const StatelessChain *req = (const void *)data->raw;

    *parts = (VirtIOCryptoParts) {
        .iv_len = le32_to_cpu(req->iv_len),
        .src_len = le32_to_cpu(req->src_data_len),
        .dst_len = le32_to_cpu(req->dst_data_len),
        .aad_len = le32_to_cpu(req->aad_len),
        .digest_len = le32_to_cpu(req->hash_result_len),
        .cipher_window = { le32_to_cpu(req->cipher_start_src_offset),
                           le32_to_cpu(req->len_to_cipher) },
        .hash_window = { le32_to_cpu(req->hash_start_src_offset),
                         le32_to_cpu(req->len_to_hash) },
        .aad_first = true,
    };
    /* the length stands in the request twice */
    return req->session_aad_len == req->aad_len;
}

static bool hash_parts(const VirtIOCryptoData *data, VirtIOCryptoParts *parts)
{
    const StatelessHash *req = (const void *)data->raw;

    parts->src_len = le32_to_cpu(req->src_data_len);
    parts->digest_len = le32_to_cpu(req->hash_result_len);
    return true;
}

static bool mac_parts(const VirtIOCryptoData *data, VirtIOCryptoParts *parts)
{
    const StatelessMac *req = (const void *)data->raw;

    parts->src_len = le32_to_cpu(req->src_data_len);
    parts->digest_len = le32_to_cpu(req->hash_result_len);
    return true;
}

static bool aead_parts(const VirtIOCryptoData *data, VirtIOCryptoParts *parts)
{
    const StatelessAead *req = (const void *)data->raw;

    parts->iv_len = le32_to_cpu(req->iv_len);
    parts->digest_len = le32_to_cpu(req->tag_len);
    parts->aad_len = le32_to_cpu(req->aad_len);
    parts->src_len = le32_to_cpu(req->src_data_len);
    parts->dst_len = le32_to_cpu(req->dst_data_len);
    return true;
}

static bool akcipher_parts(const VirtIOCryptoData *data,
                           VirtIOCryptoParts *parts)
{
    const StatelessAkcipher *req = (const void *)data->raw;

    parts->src_len = le32_to_cpu(req->src_data_len);
    parts->dst_len = le32_to_cpu(req->dst_data_len);
    return true;
}

static bool (*const stateless_parts[CRYPTODEV_SERVICE__MAX])
    (const VirtIOCryptoData *data, VirtIOCryptoParts *parts) = {
    [CRYPTODEV_SERVICE_CIPHER] = cipher_parts,
    [CRYPTODEV_SERVICE_HASH] = hash_parts,
    [CRYPTODEV_SERVICE_MAC] = mac_parts,
    [CRYPTODEV_SERVICE_AEAD] = aead_parts,
    [CRYPTODEV_SERVICE_AKCIPHER] = akcipher_parts,
};

bool virtio_crypto_stateless_parts(const VirtIOCryptoData *data,
                                   const CryptoDevSessionParams *params,
                                   VirtIOCryptoParts *parts)
{
    return params->chain != CRYPTODEV_CHAIN_NONE ?
           chain_parts(data, parts) :
           stateless_parts[data->service](data, parts);
}
