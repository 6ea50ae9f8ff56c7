/*
 * virtio-crypto: control requests of the v11 draft
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "standard-headers/linux/virtio_crypto.h"
#include "v11.h"

/* Wire structures; all fields little endian, naturally aligned. */

typedef struct V11CipherPara {
    uint32_t algo, keylen, op, padding;
} V11CipherPara;

typedef struct V11MacPara {
    uint32_t algo, hash_result_len, auth_key_len, padding;
} V11MacPara;

typedef struct V11Outcome {
    uint64_t session_id;
    uint32_t status, padding;
} V11Outcome;

typedef struct V11CipherSession {
    V11CipherPara para;
    uint64_t key_addr;
    V11Outcome input;
} V11CipherSession;

typedef struct V11ChainSession {
    uint32_t alg_chain_order, hash_mode;
    V11CipherPara cipher;
    V11MacPara hash;                    /* plain mode uses its first half */
    uint32_t aad_len, padding;
    uint64_t key_addr, auth_key_addr;
    V11Outcome input;
} V11ChainSession;

typedef struct V11HashSession {
    uint32_t algo, hash_result_len;
    V11Outcome input;
} V11HashSession;

typedef struct V11MacSession {
    V11MacPara para;
    uint64_t auth_key_addr;
    V11Outcome input;
} V11MacSession;

typedef struct V11AeadSession {
    uint32_t algo, key_len, digest_result_len, aad_len, op, padding;
    uint64_t key_addr;
    V11Outcome input;
} V11AeadSession;

typedef struct V11CtrlReq {
    struct virtio_crypto_ctrl_header header;
    union {
        struct {
            union {
                V11CipherSession cipher;
                V11ChainSession chain;
            } u;
            uint32_t op_type, padding;
        } sym;
        V11HashSession hash;
        V11MacSession mac;
        V11AeadSession aead;
        struct {
            uint64_t session_id;
            uint32_t status, padding;
        } destroy;
    } u;
} V11CtrlReq;

QEMU_BUILD_BUG_ON(offsetof(V11CtrlReq, u.sym.u.cipher.input) != 40);
QEMU_BUILD_BUG_ON(offsetof(V11CtrlReq, u.sym.u.chain.input) != 80);
QEMU_BUILD_BUG_ON(offsetof(V11CtrlReq, u.sym.op_type) != 96);
QEMU_BUILD_BUG_ON(sizeof(V11CtrlReq) != 104);
QEMU_BUILD_BUG_ON(sizeof(V11Outcome) != V11_OUTCOME_LEN);

static const V11Layout v11_create_layouts[CRYPTODEV_SERVICE__MAX] = {
    [CRYPTODEV_SERVICE_CIPHER] = {
        sizeof(V11CtrlReq), offsetof(V11CtrlReq, u.sym.u.cipher.input) },
    [CRYPTODEV_SERVICE_HASH] = {
        V11_END(V11CtrlReq, u.hash), offsetof(V11CtrlReq, u.hash.input) },
    [CRYPTODEV_SERVICE_MAC] = {
        V11_END(V11CtrlReq, u.mac), offsetof(V11CtrlReq, u.mac.input) },
    [CRYPTODEV_SERVICE_AEAD] = {
        V11_END(V11CtrlReq, u.aead), offsetof(V11CtrlReq, u.aead.input) },
};

static CryptoDevStatus v11_read_key(VirtIOCryptoDma *dma, uint64_t addr,
                                    uint32_t len, uint32_t max, uint8_t *key)
{
    if (len > max || (len && !dma->read(dma, addr, key, len))) {
        return CRYPTODEV_ERR;
    }
    return CRYPTODEV_OK;
}

/* The cipher or AEAD half of a session. */
static CryptoDevStatus v11_cipher_half(VirtIOCryptoDma *dma,
                                       const CryptoDevCaps *caps,
                                       const V11CipherPara *para,
                                       uint64_t key_addr,
                                       VirtIOCryptoSessionSpec *spec)
{
    CryptoDevSessionParams *p = &spec->params;

    p->cipher = virtio_crypto_find_algo(caps, spec->params.service,
                                        le32_to_cpu(para->algo));
    p->cipher_key = spec->keys;
    p->cipher_key_len = le32_to_cpu(para->keylen);
    if (p->cipher == CRYPTODEV_ALGO_NONE) {
        return CRYPTODEV_NOTSUPP;
    }
    if (!virtio_crypto_direction(le32_to_cpu(para->op), &p->kind)) {
        return CRYPTODEV_ERR;
    }
    return v11_read_key(dma, le64_to_cpu(key_addr), p->cipher_key_len,
                        MIN(caps->max_cipher_key_len, CRYPTODEV_CIPHER_KEY_MAX),
                        spec->keys);
}

/* The hash or MAC half of a session. */
static CryptoDevStatus v11_hash_half(VirtIOCryptoDma *dma,
                                     const CryptoDevCaps *caps,
                                     CryptoDevService service,
                                     const V11MacPara *para, uint64_t key_addr,
                                     VirtIOCryptoSessionSpec *spec)
{
    CryptoDevSessionParams *p = &spec->params;

    p->hash = virtio_crypto_find_algo(caps, service, le32_to_cpu(para->algo));
    p->digest_len = le32_to_cpu(para->hash_result_len);
    if (p->hash == CRYPTODEV_ALGO_NONE) {
        return CRYPTODEV_NOTSUPP;
    }
    if (service != CRYPTODEV_SERVICE_MAC) {
        return CRYPTODEV_OK;
    }
    p->auth_key = spec->keys + CRYPTODEV_CIPHER_KEY_MAX;
    p->auth_key_len = le32_to_cpu(para->auth_key_len);
    return v11_read_key(dma, le64_to_cpu(key_addr), p->auth_key_len,
                        MIN(caps->max_auth_key_len, CRYPTODEV_AUTH_KEY_MAX),
                        spec->keys + CRYPTODEV_CIPHER_KEY_MAX);
}

static CryptoDevStatus v11_create_cipher(const V11CtrlReq *req,
                                         VirtIOCryptoDma *dma,
                                         const CryptoDevCaps *caps,
                                         VirtIOCryptoSessionSpec *spec)
{
    const V11CipherSession *cipher = &req->u.sym.u.cipher;
    const V11ChainSession *chain = &req->u.sym.u.chain;
    CryptoDevService hash_service;
    CryptoDevStatus status;

    switch (le32_to_cpu(req->u.sym.op_type)) {
    case VIRTIO_CRYPTO_SYM_OP_CIPHER:
        return v11_cipher_half(dma, caps, &cipher->para, cipher->key_addr,
                               spec);
    case VIRTIO_CRYPTO_SYM_OP_ALGORITHM_CHAINING:
        status = virtio_crypto_chain_mode(caps,
                                          le32_to_cpu(chain->alg_chain_order),
                                          le32_to_cpu(chain->hash_mode),
                                          le32_to_cpu(chain->hash.algo),
                                          &spec->params.chain, &hash_service);
        if (status == CRYPTODEV_OK) {
            spec->params.aad_len = le32_to_cpu(chain->aad_len);
            status = v11_cipher_half(dma, caps, &chain->cipher,
                                     chain->key_addr, spec);
        }
        if (status == CRYPTODEV_OK) {
            status = v11_hash_half(dma, caps, hash_service, &chain->hash,
                                   chain->auth_key_addr, spec);
        }
        return status;
    default:
        return CRYPTODEV_NOTSUPP;
    }
}

static CryptoDevStatus v11_create_hash(const V11CtrlReq *req,
                                       VirtIOCryptoDma *dma,
                                       const CryptoDevCaps *caps,
                                       VirtIOCryptoSessionSpec *spec)
{
    V11MacPara para = {
        .algo = req->u.hash.algo,
        .hash_result_len = req->u.hash.hash_result_len,
    };

    spec->params.kind = CRYPTODEV_DIGEST;
    return v11_hash_half(dma, caps, spec->params.service, &para, 0, spec);
}

static CryptoDevStatus v11_create_mac(const V11CtrlReq *req,
                                      VirtIOCryptoDma *dma,
                                      const CryptoDevCaps *caps,
                                      VirtIOCryptoSessionSpec *spec)
{
    spec->params.kind = CRYPTODEV_DIGEST;
    return v11_hash_half(dma, caps, spec->params.service, &req->u.mac.para,
                         req->u.mac.auth_key_addr, spec);
}

static CryptoDevStatus v11_create_aead(const V11CtrlReq *req,
                                       VirtIOCryptoDma *dma,
                                       const CryptoDevCaps *caps,
                                       VirtIOCryptoSessionSpec *spec)
{
    const V11AeadSession *aead = &req->u.aead;
    V11CipherPara para = {
        .algo = aead->algo, .keylen = aead->key_len, .op = aead->op,
    };

    spec->params.digest_len = le32_to_cpu(aead->digest_result_len);
    spec->params.aad_len = le32_to_cpu(aead->aad_len);
    return v11_cipher_half(dma, caps, &para, aead->key_addr, spec);
}

static CryptoDevStatus (*const v11_creators[CRYPTODEV_SERVICE__MAX])
    (const V11CtrlReq *req, VirtIOCryptoDma *dma, const CryptoDevCaps *caps,
     VirtIOCryptoSessionSpec *spec) = {
    [CRYPTODEV_SERVICE_CIPHER] = v11_create_cipher,
    [CRYPTODEV_SERVICE_HASH] = v11_create_hash,
    [CRYPTODEV_SERVICE_MAC] = v11_create_mac,
    [CRYPTODEV_SERVICE_AEAD] = v11_create_aead,
};

static CryptoDevStatus v11_parse_create(const VirtIOCryptoBuffer *buf,
                                        const V11CtrlReq *req,
                                        VirtIOCryptoCtrl *ctrl)
{
    V11Layout layout = v11_create_layouts[ctrl->service];

    /* op_type stands behind the outcomes that it chooses from */
    if (ctrl->service == CRYPTODEV_SERVICE_CIPHER &&
        le32_to_cpu(req->u.sym.op_type) ==
        VIRTIO_CRYPTO_SYM_OP_ALGORITHM_CHAINING) {
        layout.outcome = offsetof(V11CtrlReq, u.sym.u.chain.input);
    }
    ctrl->reply = v11_reply(&buf->in, layout.outcome,
                            VIRTIO_CRYPTO_REPLY_SESSION, sizeof(*req));
    if (buf->in.len < layout.needed) {
        return CRYPTODEV_ERR;
    }
    ctrl->spec.params.service = ctrl->service;
    return v11_creators[ctrl->service](req, buf->dma, buf->caps, &ctrl->spec);
}

CryptoDevStatus v11_parse_ctrl(const VirtIOCryptoBuffer *buf,
                               VirtIOCryptoCtrl *ctrl)
{
    const VirtIOCryptoSg *in = &buf->in;
    V11CtrlReq req = { };

    iov_to_buf(in->iov, in->num, 0, &req, sizeof(req));
    ctrl->op = VIRTIO_CRYPTO_CTRL_CREATE;
    ctrl->service = CRYPTODEV_SERVICE__MAX;
    ctrl->session_id = 0;
    ctrl->spec.params = (CryptoDevSessionParams) { };
    ctrl->reply = (VirtIOCryptoReply) { };
    if (in->len < sizeof(req.header) ||
        !virtio_crypto_ctrl_opcode(le32_to_cpu(req.header.opcode),
                                   &ctrl->service, &ctrl->op) ||
        !v11_creators[ctrl->service]) {
        return CRYPTODEV_NOTSUPP;
    }
    if (ctrl->op == VIRTIO_CRYPTO_CTRL_CREATE) {
        return v11_parse_create(buf, &req, ctrl);
    }
    ctrl->reply = v11_reply(in, offsetof(V11CtrlReq, u.destroy.status),
                            VIRTIO_CRYPTO_REPLY_LE32, sizeof(req));
    ctrl->session_id = le64_to_cpu(req.u.destroy.session_id);
    return in->len < V11_END(V11CtrlReq, u.destroy) ? CRYPTODEV_ERR :
                                                      CRYPTODEV_OK;
}
