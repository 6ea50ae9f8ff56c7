/*
 * virtio-crypto: what the request formats have in common
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bitops.h"
#include "qemu/bswap.h"
#include "format.h"
#include "standard-headers/linux/virtio_crypto.h"

void virtio_crypto_spec_wipe(VirtIOCryptoSessionSpec *spec)
{
    const CryptoDevSessionParams *p = &spec->params;

    cryptodev_wipe(spec->keys, MIN(p->cipher_key_len, sizeof(spec->keys)));
    cryptodev_wipe(spec->keys + CRYPTODEV_CIPHER_KEY_MAX,
                   MIN(p->auth_key_len, CRYPTODEV_AUTH_KEY_MAX));
}

static const struct {
    CryptoDevService service;
    CryptoDevKind kind;
    uint32_t opcode;
} data_opcodes[] = {
    { CRYPTODEV_SERVICE_CIPHER, CRYPTODEV_ENCRYPT,
      VIRTIO_CRYPTO_CIPHER_ENCRYPT },
    { CRYPTODEV_SERVICE_CIPHER, CRYPTODEV_DECRYPT,
      VIRTIO_CRYPTO_CIPHER_DECRYPT },
    { CRYPTODEV_SERVICE_HASH, CRYPTODEV_DIGEST, VIRTIO_CRYPTO_HASH },
    { CRYPTODEV_SERVICE_MAC, CRYPTODEV_DIGEST, VIRTIO_CRYPTO_MAC },
    { CRYPTODEV_SERVICE_AEAD, CRYPTODEV_ENCRYPT, VIRTIO_CRYPTO_AEAD_ENCRYPT },
    { CRYPTODEV_SERVICE_AEAD, CRYPTODEV_DECRYPT, VIRTIO_CRYPTO_AEAD_DECRYPT },
    { CRYPTODEV_SERVICE_AKCIPHER, CRYPTODEV_ENCRYPT,
      VIRTIO_CRYPTO_AKCIPHER_ENCRYPT },
    { CRYPTODEV_SERVICE_AKCIPHER, CRYPTODEV_DECRYPT,
      VIRTIO_CRYPTO_AKCIPHER_DECRYPT },
    { CRYPTODEV_SERVICE_AKCIPHER, CRYPTODEV_SIGN,
      VIRTIO_CRYPTO_AKCIPHER_SIGN },
    { CRYPTODEV_SERVICE_AKCIPHER, CRYPTODEV_VERIFY,
      VIRTIO_CRYPTO_AKCIPHER_VERIFY },
};

bool virtio_crypto_opcode(uint32_t opcode, CryptoDevService *service,
                          CryptoDevKind *kind)
{
    for (int i = 0; i < ARRAY_SIZE(data_opcodes); i++) {
        if (data_opcodes[i].opcode == opcode) {
            *service = data_opcodes[i].service;
            *kind = data_opcodes[i].kind;
            return true;
        }
    }
    return false;
}

static const struct {
    uint32_t create, destroy;
} ctrl_opcodes[CRYPTODEV_SERVICE__MAX] = {
    [CRYPTODEV_SERVICE_CIPHER] = { VIRTIO_CRYPTO_CIPHER_CREATE_SESSION,
                                   VIRTIO_CRYPTO_CIPHER_DESTROY_SESSION },
    [CRYPTODEV_SERVICE_HASH] = { VIRTIO_CRYPTO_HASH_CREATE_SESSION,
                                 VIRTIO_CRYPTO_HASH_DESTROY_SESSION },
    [CRYPTODEV_SERVICE_MAC] = { VIRTIO_CRYPTO_MAC_CREATE_SESSION,
                                VIRTIO_CRYPTO_MAC_DESTROY_SESSION },
    [CRYPTODEV_SERVICE_AEAD] = { VIRTIO_CRYPTO_AEAD_CREATE_SESSION,
                                 VIRTIO_CRYPTO_AEAD_DESTROY_SESSION },
    [CRYPTODEV_SERVICE_AKCIPHER] = { VIRTIO_CRYPTO_AKCIPHER_CREATE_SESSION,
                                     VIRTIO_CRYPTO_AKCIPHER_DESTROY_SESSION },
};

bool virtio_crypto_ctrl_opcode(uint32_t opcode, CryptoDevService *service,
                               VirtIOCryptoCtrlOp *op)
{
    for (int i = 0; i < CRYPTODEV_SERVICE__MAX; i++) {
        if (opcode == ctrl_opcodes[i].create ||
            opcode == ctrl_opcodes[i].destroy) {
            *service = i;
            *op = opcode == ctrl_opcodes[i].create ?
                  VIRTIO_CRYPTO_CTRL_CREATE : VIRTIO_CRYPTO_CTRL_DESTROY;
            return true;
        }
    }
    return false;
}

bool virtio_crypto_op_type_ok(uint32_t op_type)
{
    return op_type == VIRTIO_CRYPTO_SYM_OP_CIPHER ||
           op_type == VIRTIO_CRYPTO_SYM_OP_ALGORITHM_CHAINING;
}

bool virtio_crypto_direction(uint32_t op, CryptoDevKind *kind)
{
    *kind = op == VIRTIO_CRYPTO_OP_ENCRYPT ? CRYPTODEV_ENCRYPT :
                                             CRYPTODEV_DECRYPT;
    return op == VIRTIO_CRYPTO_OP_ENCRYPT || op == VIRTIO_CRYPTO_OP_DECRYPT;
}

CryptoDevAlgo virtio_crypto_find_algo(const CryptoDevCaps *caps,
                                      CryptoDevService service,
                                      uint32_t number)
{
    CryptoDevAlgo algo = cryptodev_algo_find(service, number);

    return algo != CRYPTODEV_ALGO_NONE &&
           caps->algos[service] & BIT_ULL(number) ? algo : CRYPTODEV_ALGO_NONE;
}

CryptoDevStatus virtio_crypto_chain_mode(const CryptoDevCaps *caps,
                                         uint32_t order, uint32_t hash_mode,
                                         uint32_t hash_algo,
                                         CryptoDevChain *chain,
                                         CryptoDevService *hash_service)
{
    if (hash_mode != VIRTIO_CRYPTO_SYM_HASH_MODE_PLAIN &&
        hash_mode != VIRTIO_CRYPTO_SYM_HASH_MODE_AUTH) {
        return CRYPTODEV_NOTSUPP;
    }
    *hash_service = hash_mode == VIRTIO_CRYPTO_SYM_HASH_MODE_AUTH ?
                    CRYPTODEV_SERVICE_MAC : CRYPTODEV_SERVICE_HASH;
    if (virtio_crypto_find_algo(caps, *hash_service, hash_algo) ==
        CRYPTODEV_ALGO_NONE) {
        return CRYPTODEV_NOTSUPP;
    }
    switch (order) {
    case VIRTIO_CRYPTO_SYM_ALG_CHAIN_ORDER_HASH_THEN_CIPHER:
        *chain = CRYPTODEV_CHAIN_HASH_THEN_CIPHER;
        return CRYPTODEV_OK;
    case VIRTIO_CRYPTO_SYM_ALG_CHAIN_ORDER_CIPHER_THEN_HASH:
        *chain = CRYPTODEV_CHAIN_CIPHER_THEN_HASH;
        return CRYPTODEV_OK;
    default:
        return CRYPTODEV_ERR;
    }
}

uint32_t virtio_crypto_digest_len(uint32_t asked,
                                  const CryptoDevSessionParams *params)
{
    return asked ? asked : params->digest_len;
}

/* Hashes of RSA signatures; those of the standard that are missing are NONE. */
static const CryptoDevAlgo rsa_hashes[] = {
    [VIRTIO_CRYPTO_RSA_MD5] = CRYPTODEV_ALGO_MD5,
    [VIRTIO_CRYPTO_RSA_SHA1] = CRYPTODEV_ALGO_SHA1,
    [VIRTIO_CRYPTO_RSA_SHA256] = CRYPTODEV_ALGO_SHA_256,
    [VIRTIO_CRYPTO_RSA_SHA384] = CRYPTODEV_ALGO_SHA_384,
    [VIRTIO_CRYPTO_RSA_SHA512] = CRYPTODEV_ALGO_SHA_512,
    [VIRTIO_CRYPTO_RSA_SHA224] = CRYPTODEV_ALGO_SHA_224,
};

static CryptoDevStatus
rsa_params(const struct virtio_crypto_rsa_session_para *para,
           CryptoDevSessionParams *p)
{
    uint32_t hash = le32_to_cpu(para->hash_algo);

    switch (le32_to_cpu(para->padding_algo)) {
    case VIRTIO_CRYPTO_RSA_RAW_PADDING:
        /* there is nothing that a hash could be named in */
        p->padding = CRYPTODEV_RSA_RAW;
        return CRYPTODEV_OK;
    case VIRTIO_CRYPTO_RSA_PKCS1_PADDING:
        p->padding = CRYPTODEV_RSA_PKCS1;
        break;
    default:
        return CRYPTODEV_NOTSUPP;
    }
    if (hash < ARRAY_SIZE(rsa_hashes)) {
        p->hash = rsa_hashes[hash];
    }
    return p->hash != CRYPTODEV_ALGO_NONE || hash == VIRTIO_CRYPTO_RSA_NO_HASH ?
           CRYPTODEV_OK : CRYPTODEV_NOTSUPP;
}

static CryptoDevStatus
ecdsa_params(const struct virtio_crypto_ecdsa_session_para *para,
             CryptoDevSessionParams *p)
{
    uint32_t curve = le32_to_cpu(para->curve_id);

    QEMU_BUILD_BUG_ON((int)CRYPTODEV_CURVE_P192 !=
                      VIRTIO_CRYPTO_CURVE_NIST_P192);
    QEMU_BUILD_BUG_ON((int)CRYPTODEV_CURVE_P521 !=
                      VIRTIO_CRYPTO_CURVE_NIST_P521);
    if (curve < VIRTIO_CRYPTO_CURVE_NIST_P192 ||
        curve > VIRTIO_CRYPTO_CURVE_NIST_P521) {
        return CRYPTODEV_NOTSUPP;
    }
    p->curve = curve;
    return CRYPTODEV_OK;
}

CryptoDevStatus virtio_crypto_akcipher_params(
    const CryptoDevCaps *caps,
    const struct virtio_crypto_akcipher_session_para *para,
    CryptoDevSessionParams *p)
{
    uint32_t keytype = le32_to_cpu(para->keytype);
    CryptoDevStatus status;

    p->cipher = virtio_crypto_find_algo(caps, CRYPTODEV_SERVICE_AKCIPHER,
                                        le32_to_cpu(para->algo));
    p->cipher_key_len = le32_to_cpu(para->keylen);
    p->is_private = keytype == VIRTIO_CRYPTO_AKCIPHER_KEY_TYPE_PRIVATE;
    if (p->cipher == CRYPTODEV_ALGO_NONE) {
        return CRYPTODEV_NOTSUPP;
    }
    status = p->cipher == CRYPTODEV_ALGO_RSA ?
             rsa_params(&para->u.rsa, p) : ecdsa_params(&para->u.ecdsa, p);
    if (status == CRYPTODEV_OK && !p->is_private &&
        keytype != VIRTIO_CRYPTO_AKCIPHER_KEY_TYPE_PUBLIC) {
        return CRYPTODEV_ERR;
    }
    return status;
}
