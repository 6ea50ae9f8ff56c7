/*
 * virtio-crypto: meaning of the fields of requests
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bitops.h"
#include "qemu/bswap.h"
#include "fields.h"
#include "standard-headers/linux/virtio_crypto.h"

static inline uint32_t get(const uint8_t *raw, uint8_t offset)
{
    return offset ? ldl_le_p(raw + offset) : 0;
}

/*
 * Virtual I/O Device (VIRTIO) Version 1.3: 5.9.7.2 has the header, 5.9.7.2.1.1
 * (HASH), .2 (MAC), .3 (CIPHER and chains), .4 (AEAD) and .5 (AKCIPHER) what
 * follows it.
 */
#define CTRL(_member)   offsetof(struct virtio_crypto_op_ctrl_req, u._member)
#define SYM(_member)    CTRL(sym_create_session.u._member)
#define AKCIPHER(_member) CTRL(akcipher_create_session.para._member)

const VirtIOCryptoSessionFields
virtio_crypto_create_fields[VIRTIO_CRYPTO_ROWS] = {
    [CRYPTODEV_SERVICE_CIPHER] = {
        .cipher = SYM(cipher.para.algo),
        .cipher_key_len = SYM(cipher.para.keylen),
        .direction = SYM(cipher.para.op),
    },
    [CRYPTODEV_SERVICE_HASH] = {
        .hash = CTRL(hash_create_session.para.algo),
        .digest_len = CTRL(hash_create_session.para.hash_result_len),
    },
    [CRYPTODEV_SERVICE_MAC] = {
        .hash = CTRL(mac_create_session.para.algo),
        .auth_key_len = CTRL(mac_create_session.para.auth_key_len),
        .digest_len = CTRL(mac_create_session.para.hash_result_len),
    },
    [CRYPTODEV_SERVICE_AEAD] = {
        .cipher = CTRL(aead_create_session.para.algo),
        .cipher_key_len = CTRL(aead_create_session.para.key_len),
        .direction = CTRL(aead_create_session.para.op),
        .digest_len = CTRL(aead_create_session.para.hash_result_len),
        .aad_len = CTRL(aead_create_session.para.aad_len),
    },
    [CRYPTODEV_SERVICE_AKCIPHER] = {
        .cipher = AKCIPHER(algo),
        .cipher_key_len = AKCIPHER(keylen),
        .key_type = AKCIPHER(keytype),
        .padding = AKCIPHER(u.rsa.padding_algo),
        .rsa_hash = AKCIPHER(u.rsa.hash_algo),
        .curve = AKCIPHER(u.ecdsa.curve_id),
    },
    [VIRTIO_CRYPTO_ROW_CHAIN] = {
        .chain = SYM(chain.para.alg_chain_order),
        .hash_mode = SYM(chain.para.hash_mode),
        .cipher = SYM(chain.para.cipher_param.algo),
        .cipher_key_len = SYM(chain.para.cipher_param.keylen),
        .direction = SYM(chain.para.cipher_param.op),
        .hash = SYM(chain.para.u.mac_param.algo),
        .digest_len = SYM(chain.para.u.mac_param.hash_result_len),
        .auth_key_len = SYM(chain.para.u.mac_param.auth_key_len),
        .aad_len = SYM(chain.para.aad_len),
    },
};

/* A plain hash has the layout of a MAC without a key. */
QEMU_BUILD_BUG_ON(SYM(chain.para.u.hash_param.algo) !=
                  SYM(chain.para.u.mac_param.algo));
QEMU_BUILD_BUG_ON(SYM(chain.para.u.hash_param.hash_result_len) !=
                  SYM(chain.para.u.mac_param.hash_result_len));

bool virtio_crypto_find_row(CryptoDevService service, const uint8_t *raw,
                            uint8_t op_type, unsigned *row)
{
    uint32_t type = service == CRYPTODEV_SERVICE_CIPHER ?
                    get(raw, op_type) : VIRTIO_CRYPTO_SYM_OP_CIPHER;

    *row = type == VIRTIO_CRYPTO_SYM_OP_ALGORITHM_CHAINING ?
           VIRTIO_CRYPTO_ROW_CHAIN : service;
    return type == VIRTIO_CRYPTO_SYM_OP_ALGORITHM_CHAINING ||
           type == VIRTIO_CRYPTO_SYM_OP_CIPHER;
}

/* Sessions */

static bool find_algo(const CryptoDevCaps *caps, CryptoDevService service,
                      uint32_t number, CryptoDevAlgo *algo)
{
    *algo = cryptodev_algo_find(service, number);
    return *algo != CRYPTODEV_ALGO_NONE &&
           caps->algos[service] & BIT_ULL(number);
}

/* The service of a session's hash.  Returns: false for an unknown mode */
static bool hash_service(const VirtIOCryptoSessionFields *f,
                         const uint8_t *raw, CryptoDevService *service)
{
    if (f->hash_mode) {
        uint32_t mode = get(raw, f->hash_mode);

        /* no form of requests has fields for the nested mode */
        *service = mode == VIRTIO_CRYPTO_SYM_HASH_MODE_AUTH ?
                   CRYPTODEV_SERVICE_MAC : CRYPTODEV_SERVICE_HASH;
        return mode == VIRTIO_CRYPTO_SYM_HASH_MODE_PLAIN ||
               mode == VIRTIO_CRYPTO_SYM_HASH_MODE_AUTH;
    }
    return true;
}

/* Read algorithms and key lengths.  Returns: false if one is not offered */
static bool read_algos(const VirtIOCryptoSessionFields *f, const uint8_t *raw,
                       const CryptoDevCaps *caps,
                       VirtIOCryptoSessionSpec *spec)
{
    CryptoDevSessionParams *p = &spec->params;
    CryptoDevService service = p->service;

    if (f->hash) {
        if (!hash_service(f, raw, &service) ||
            !find_algo(caps, service, get(raw, f->hash), &p->hash)) {
            return false;
        }
        /* a plain hash has no key, even if the field is not 0 */
        if (service == CRYPTODEV_SERVICE_MAC) {
            p->auth_key = spec->keys + CRYPTODEV_CIPHER_KEY_MAX;
            p->auth_key_len = get(raw, f->auth_key_len);
        }
    }
    if (f->cipher) {
        p->cipher_key = spec->keys;
        p->cipher_key_len = get(raw, f->cipher_key_len);
        return find_algo(caps, p->service, get(raw, f->cipher), &p->cipher);
    }
    return true;
}

/* Read padding, hash or curve.  Returns: false if one is not supported */
static bool read_akcipher(const VirtIOCryptoSessionFields *f,
                          const uint8_t *raw, CryptoDevSessionParams *p)
{
    uint32_t padding = get(raw, f->padding);
    uint32_t hash = get(raw, f->rsa_hash);

    if (p->cipher == CRYPTODEV_ALGO_ECDSA) {
        p->curve = get(raw, f->curve);
        return p->curve >= CRYPTODEV_CURVE_P192 &&
               p->curve <= CRYPTODEV_CURVE_P521;
    }
    /* raw padding has no place for a hash */
    if (padding == VIRTIO_CRYPTO_RSA_RAW_PADDING) {
        p->padding = CRYPTODEV_RSA_RAW;
        return true;
    }
    p->padding = CRYPTODEV_RSA_PKCS1;
    p->hash = cryptodev_rsa_hash(hash);
    return padding == VIRTIO_CRYPTO_RSA_PKCS1_PADDING &&
           (p->hash != CRYPTODEV_ALGO_NONE ||
            hash == VIRTIO_CRYPTO_RSA_NO_HASH);
}

/* Read order, direction and type of key.  Returns: false for unknown values */
static bool read_modes(const VirtIOCryptoSessionFields *f, const uint8_t *raw,
                       CryptoDevSessionParams *p)
{
    uint32_t direction = get(raw, f->direction);
    uint32_t chain = get(raw, f->chain);
    uint32_t key_type = get(raw, f->key_type);

    if (f->key_type) {
        p->is_private = key_type == VIRTIO_CRYPTO_AKCIPHER_KEY_TYPE_PRIVATE;
        return p->is_private ||
               key_type == VIRTIO_CRYPTO_AKCIPHER_KEY_TYPE_PUBLIC;
    }
    if (!f->direction) {
        p->opcode = CRYPTODEV_DIGEST;
        return true;
    }
    p->opcode = direction == VIRTIO_CRYPTO_OP_ENCRYPT ? CRYPTODEV_ENCRYPT :
                                                      CRYPTODEV_DECRYPT;
    p->chain = chain;
    return (direction == VIRTIO_CRYPTO_OP_ENCRYPT ||
            direction == VIRTIO_CRYPTO_OP_DECRYPT) &&
           (!f->chain || chain == CRYPTODEV_CHAIN_HASH_THEN_CIPHER ||
            chain == CRYPTODEV_CHAIN_CIPHER_THEN_HASH);
}

static bool keys_fit(const CryptoDevSessionParams *p,
                     const CryptoDevCaps *caps)
{
    uint32_t max = p->service == CRYPTODEV_SERVICE_AKCIPHER ?
        CRYPTODEV_AKCIPHER_KEY_MAX :
        MIN(caps->max_cipher_key_len, CRYPTODEV_CIPHER_KEY_MAX);

    return p->cipher_key_len <= max &&
           p->auth_key_len <= MIN(caps->max_auth_key_len,
                                  CRYPTODEV_AUTH_KEY_MAX);
}

CryptoDevStatus
virtio_crypto_read_params(const VirtIOCryptoSessionFields *f,
                          const uint8_t *raw, const CryptoDevCaps *caps,
                          VirtIOCryptoSessionSpec *spec)
{
    CryptoDevSessionParams *p = &spec->params;

    *p = (CryptoDevSessionParams) {
        .service = p->service,
        .digest_len = get(raw, f->digest_len),
        .aad_len = get(raw, f->aad_len),
    };
    if (!read_algos(f, raw, caps, spec) ||
        (f->key_type && !read_akcipher(f, raw, p))) {
        return CRYPTODEV_NOTSUPP;
    }
    return read_modes(f, raw, p) && keys_fit(p, caps) ? CRYPTODEV_OK :
                                                        CRYPTODEV_ERR;
}

/* Data requests */

static bool has_digest(const CryptoDevSessionParams *p)
{
    return p->service == CRYPTODEV_SERVICE_AEAD ||
           (p->service != CRYPTODEV_SERVICE_AKCIPHER &&
            p->hash != CRYPTODEV_ALGO_NONE);
}

bool virtio_crypto_read_parts(const VirtIOCryptoPartFields *f,
                              const uint8_t *raw,
                              const CryptoDevSessionParams *params,
                              VirtIOCryptoParts *parts)
{
    uint32_t tag_len = get(raw, f->tag_len);

    parts->iv_len = get(raw, f->iv_len);
    parts->src_len = get(raw, f->src_len);
    parts->dst_len = get(raw, f->dst_len);
    parts->aad_len = get(raw, f->aad_len);
    parts->digest_len = get(raw, f->digest_len);
    parts->cipher_window.offset = get(raw, f->cipher_start);
    parts->cipher_window.len = get(raw, f->cipher_len);
    parts->hash_window.offset = get(raw, f->hash_start);
    parts->hash_window.len = get(raw, f->hash_len);
    if (!parts->digest_len && has_digest(params)) {
        parts->digest_len = params->digest_len;
    }
    return (!tag_len || tag_len == params->digest_len) &&
           (!f->session_aad_len ||
            get(raw, f->session_aad_len) == parts->aad_len);
}
