/*
 * virtio-crypto: requests of the virtio standard without
 * VIRTIO_CRYPTO_F_REVISION_1, as Linux and DPDK send them
 *
 * The readable half of the buffer holds a fixed part of 72 bytes and then the
 * key, or IV, source and AAD; the writable half holds the result.  The status
 * of a data request is the very last writable byte: drivers may leave room
 * between the result and it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "hw/virtio/virtio-crypto-format.h"
#include "standard-headers/linux/virtio_crypto.h"

QEMU_BUILD_BUG_ON(sizeof(struct virtio_crypto_op_ctrl_req) != 72);
QEMU_BUILD_BUG_ON(sizeof(struct virtio_crypto_op_data_req) != 72);
QEMU_BUILD_BUG_ON(sizeof(struct virtio_crypto_op_data_req) >
                  VIRTIO_CRYPTO_HEADER_MAX);

/* A position in the variable part of a request, or in its result. */
typedef struct StdCursor {
    const VirtIOCryptoSg *sg;
    uint64_t offset;
    uint64_t end;
} StdCursor;

/* Take @len bytes as a span; false if there are not so many. */
static bool std_take(StdCursor *c, uint64_t len, CryptoDevSpan *span)
{
    if (len > c->end - c->offset) {
        return false;
    }
    *span = (CryptoDevSpan) {
        .iov = c->sg->iov, .niov = c->sg->num, .offset = c->offset, .len = len,
    };
    c->offset += len;
    return true;
}

/* Take @len bytes as a copy; the caller has checked that @buf holds them. */
static bool std_take_copy(StdCursor *c, uint64_t len, void *buf)
{
    CryptoDevSpan span;

    if (!std_take(c, len, &span)) {
        return false;
    }
    iov_to_buf(span.iov, span.niov, span.offset, buf, len);
    return true;
}

/* Control requests */

static VirtIOCryptoReply std_session_reply(const VirtIOCryptoSg *in)
{
    size_t size = sizeof(struct virtio_crypto_session_input);

    if (in->len >= size) {
        return (VirtIOCryptoReply) {
            .kind = VIRTIO_CRYPTO_REPLY_SESSION, .used = size,
        };
    }
    return (VirtIOCryptoReply) { .kind = VIRTIO_CRYPTO_REPLY_BYTE, .used = 1 };
}

static CryptoDevStatus std_take_key(StdCursor *c, uint32_t len, uint32_t max,
                                    uint8_t *key)
{
    return len <= max && std_take_copy(c, len, key) ? CRYPTODEV_OK :
                                                      CRYPTODEV_ERR;
}

/* The cipher or AEAD half of a session. */
static CryptoDevStatus
std_cipher_half(StdCursor *c, const CryptoDevCaps *caps, uint32_t algo,
                uint32_t key_len, uint32_t direction, VirtIOCryptoCtrl *ctrl)
{
    CryptoDevSessionParams *p = &ctrl->params;

    p->cipher = cryptodev_algo_find(ctrl->service, le32_to_cpu(algo));
    p->cipher_key = ctrl->keys;
    p->cipher_key_len = le32_to_cpu(key_len);
    if (p->cipher == CRYPTODEV_ALGO_NONE) {
        return CRYPTODEV_NOTSUPP;
    }
    if (!virtio_crypto_direction(le32_to_cpu(direction), &p->kind)) {
        return CRYPTODEV_ERR;
    }
    return std_take_key(c, p->cipher_key_len,
                        MIN(caps->max_cipher_key_len, CRYPTODEV_CIPHER_KEY_MAX),
                        ctrl->keys);
}

/* The hash or MAC half of a session; the key counts for a MAC only. */
static CryptoDevStatus
std_hash_half(StdCursor *c, const CryptoDevCaps *caps,
              CryptoDevService service,
              const struct virtio_crypto_mac_session_para *para,
              VirtIOCryptoCtrl *ctrl)
{
    CryptoDevSessionParams *p = &ctrl->params;

    p->hash = cryptodev_algo_find(service, le32_to_cpu(para->algo));
    p->digest_len = le32_to_cpu(para->hash_result_len);
    if (p->hash == CRYPTODEV_ALGO_NONE) {
        return CRYPTODEV_NOTSUPP;
    }
    if (service != CRYPTODEV_SERVICE_MAC) {
        return CRYPTODEV_OK;
    }
    p->auth_key = ctrl->keys + CRYPTODEV_CIPHER_KEY_MAX;
    p->auth_key_len = le32_to_cpu(para->auth_key_len);
    return std_take_key(c, p->auth_key_len,
                        MIN(caps->max_auth_key_len, CRYPTODEV_AUTH_KEY_MAX),
                        ctrl->keys + CRYPTODEV_CIPHER_KEY_MAX);
}

static CryptoDevStatus
std_create_chain(const struct virtio_crypto_alg_chain_session_para *para,
                 StdCursor *c, const CryptoDevCaps *caps,
                 VirtIOCryptoCtrl *ctrl)
{
    CryptoDevService hash_service;
    CryptoDevStatus status;

    status = virtio_crypto_chain_mode(le32_to_cpu(para->alg_chain_order),
                                      le32_to_cpu(para->hash_mode),
                                      &ctrl->params.chain, &hash_service);
    ctrl->params.aad_len = le32_to_cpu(para->aad_len);
    if (status == CRYPTODEV_OK) {
        status = std_cipher_half(c, caps, para->cipher_param.algo,
                                 para->cipher_param.keylen,
                                 para->cipher_param.op, ctrl);
    }
    if (status == CRYPTODEV_OK) {
        status = std_hash_half(c, caps, hash_service, &para->u.mac_param,
                               ctrl);
    }
    return status;
}

static CryptoDevStatus
std_create_cipher(const struct virtio_crypto_op_ctrl_req *req, StdCursor *c,
                  const CryptoDevCaps *caps, VirtIOCryptoCtrl *ctrl)
{
    const struct virtio_crypto_sym_create_session_req *sym =
        &req->u.sym_create_session;

    switch (le32_to_cpu(sym->op_type)) {
    case VIRTIO_CRYPTO_SYM_OP_CIPHER:
        return std_cipher_half(c, caps, sym->u.cipher.para.algo,
                               sym->u.cipher.para.keylen,
                               sym->u.cipher.para.op, ctrl);
    case VIRTIO_CRYPTO_SYM_OP_ALGORITHM_CHAINING:
        return std_create_chain(&sym->u.chain.para, c, caps, ctrl);
    default:
        return CRYPTODEV_NOTSUPP;
    }
}

static CryptoDevStatus
std_create_hash(const struct virtio_crypto_op_ctrl_req *req, StdCursor *c,
                const CryptoDevCaps *caps, VirtIOCryptoCtrl *ctrl)
{
    struct virtio_crypto_mac_session_para para = {
        .algo = req->u.hash_create_session.para.algo,
        .hash_result_len = req->u.hash_create_session.para.hash_result_len,
    };

    ctrl->params.kind = CRYPTODEV_DIGEST;
    return std_hash_half(c, caps, ctrl->service, &para, ctrl);
}

static CryptoDevStatus
std_create_mac(const struct virtio_crypto_op_ctrl_req *req, StdCursor *c,
               const CryptoDevCaps *caps, VirtIOCryptoCtrl *ctrl)
{
    ctrl->params.kind = CRYPTODEV_DIGEST;
    return std_hash_half(c, caps, ctrl->service,
                         &req->u.mac_create_session.para, ctrl);
}

static CryptoDevStatus
std_create_aead(const struct virtio_crypto_op_ctrl_req *req, StdCursor *c,
                const CryptoDevCaps *caps, VirtIOCryptoCtrl *ctrl)
{
    const struct virtio_crypto_aead_session_para *para =
        &req->u.aead_create_session.para;

    ctrl->params.digest_len = le32_to_cpu(para->hash_result_len);
    ctrl->params.aad_len = le32_to_cpu(para->aad_len);
    return std_cipher_half(c, caps, para->algo, para->key_len, para->op, ctrl);
}

static CryptoDevStatus (*const std_creators[CRYPTODEV_SERVICE__MAX])
    (const struct virtio_crypto_op_ctrl_req *req, StdCursor *c,
     const CryptoDevCaps *caps, VirtIOCryptoCtrl *ctrl) = {
    [CRYPTODEV_SERVICE_CIPHER] = std_create_cipher,
    [CRYPTODEV_SERVICE_HASH] = std_create_hash,
    [CRYPTODEV_SERVICE_MAC] = std_create_mac,
    [CRYPTODEV_SERVICE_AEAD] = std_create_aead,
};

static CryptoDevStatus std_parse_ctrl(const VirtIOCryptoSg *out,
                                      const VirtIOCryptoSg *in,
                                      VirtIOCryptoDma *dma,
                                      const CryptoDevCaps *caps,
                                      VirtIOCryptoCtrl *ctrl)
{
    struct virtio_crypto_op_ctrl_req req = { };
    StdCursor c = { .sg = out, .offset = sizeof(req), .end = out->len };

    iov_to_buf(out->iov, out->num, 0, &req, sizeof(req));
    ctrl->params = (CryptoDevSessionParams) { };
    ctrl->reply = std_session_reply(in);
    if (out->len < sizeof(req.header)) {
        return CRYPTODEV_ERR;
    }
    if (!virtio_crypto_ctrl_opcode(le32_to_cpu(req.header.opcode),
                                   &ctrl->service, &ctrl->op)) {
        return CRYPTODEV_NOTSUPP;
    }
    if (ctrl->op == VIRTIO_CRYPTO_CTRL_DESTROY) {
        ctrl->reply = (VirtIOCryptoReply) {
            .kind = VIRTIO_CRYPTO_REPLY_BYTE, .used = 1,
        };
        ctrl->session_id = le64_to_cpu(req.u.destroy_session.session_id);
        return out->len < sizeof(req) ? CRYPTODEV_ERR : CRYPTODEV_OK;
    }
    if (!std_creators[ctrl->service]) {
        return CRYPTODEV_NOTSUPP;
    }
    /* an outcome without the id would leave a session behind */
    if (out->len < sizeof(req) ||
        ctrl->reply.kind != VIRTIO_CRYPTO_REPLY_SESSION) {
        return CRYPTODEV_ERR;
    }
    ctrl->params.service = ctrl->service;
    return std_creators[ctrl->service](&req, &c, caps, ctrl);
}

/* Data requests */

static CryptoDevStatus std_parse_head(const VirtIOCryptoSg *out,
                                      const VirtIOCryptoSg *in,
                                      VirtIOCryptoData *data)
{
    struct virtio_crypto_op_data_req *req = (void *)data->raw;

    data->reply = (VirtIOCryptoReply) {
        .kind = VIRTIO_CRYPTO_REPLY_BYTE, .offset = in->len - 1, .used = 1,
        .counts_result = true,
    };
    data->raw_len = iov_to_buf(out->iov, out->num, 0, req, sizeof(*req));
    if (data->raw_len < sizeof(req->header)) {
        return CRYPTODEV_ERR;
    }
    if (!virtio_crypto_opcode(le32_to_cpu(req->header.opcode),
                              &data->service, &data->kind)) {
        return CRYPTODEV_NOTSUPP;
    }
    data->session_id = le64_to_cpu(req->header.session_id);
    return data->raw_len < sizeof(*req) ? CRYPTODEV_ERR : CRYPTODEV_OK;
}

/* The halves of a data request behind the fixed part. */
typedef struct StdBody {
    StdCursor out, in;
} StdBody;

static bool std_take_iv(StdCursor *c, uint32_t len, CryptoDevAlgo algo,
                        CryptoDevOp *op)
{
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(algo);
    CryptoDevSpan skipped;

    /* some drivers give an IV to algorithms that have none */
    if (!info->iv_max) {
        return std_take(c, len, &skipped);
    }
    if (!cryptodev_algo_iv_len_ok(info, len)) {
        return false;
    }
    op->iv_len = len;
    return std_take_copy(c, len, op->iv);
}

static bool std_body_cipher(const struct virtio_crypto_cipher_para *para,
                            StdBody *body,
                            const CryptoDevSessionParams *params,
                            CryptoDevOp *op)
{
    return std_take_iv(&body->out, le32_to_cpu(para->iv_len), params->cipher,
                       op) &&
           std_take(&body->out, le32_to_cpu(para->src_data_len), &op->src) &&
           std_take(&body->in, le32_to_cpu(para->dst_data_len), &op->dst);
}

static bool std_body_chain(const struct virtio_crypto_alg_chain_data_para *para,
                           StdBody *body,
                           const CryptoDevSessionParams *params,
                           CryptoDevOp *op)
{
    uint32_t digest_len =
        virtio_crypto_digest_len(le32_to_cpu(para->hash_result_len), params);

    op->cipher_window.offset = le32_to_cpu(para->cipher_start_src_offset);
    op->cipher_window.len = le32_to_cpu(para->len_to_cipher);
    op->hash_window.offset = le32_to_cpu(para->hash_start_src_offset);
    op->hash_window.len = le32_to_cpu(para->len_to_hash);
    return std_take_iv(&body->out, le32_to_cpu(para->iv_len), params->cipher,
                       op) &&
           std_take(&body->out, le32_to_cpu(para->src_data_len), &op->src) &&
           std_take(&body->out, le32_to_cpu(para->aad_len), &op->aad) &&
           std_take(&body->in, le32_to_cpu(para->dst_data_len), &op->dst) &&
           std_take(&body->in, digest_len, &op->digest);
}

static bool std_body_sym(const struct virtio_crypto_op_data_req *req,
                         StdBody *body, const CryptoDevSessionParams *params,
                         CryptoDevOp *op)
{
    const struct virtio_crypto_sym_data_req *sym = &req->u.sym_req;
    bool chain = params->chain != CRYPTODEV_CHAIN_NONE;

    if (le32_to_cpu(sym->op_type) !=
        (chain ? VIRTIO_CRYPTO_SYM_OP_ALGORITHM_CHAINING :
                 VIRTIO_CRYPTO_SYM_OP_CIPHER)) {
        return false;
    }
    return chain ? std_body_chain(&sym->u.chain.para, body, params, op) :
                   std_body_cipher(&sym->u.cipher.para, body, params, op);
}

static bool std_body_hash(const struct virtio_crypto_op_data_req *req,
                          StdBody *body, const CryptoDevSessionParams *params,
                          CryptoDevOp *op)
{
    const struct virtio_crypto_hash_para *para = &req->u.hash_req.para;
    uint32_t digest_len =
        virtio_crypto_digest_len(le32_to_cpu(para->hash_result_len), params);

    return std_take(&body->out, le32_to_cpu(para->src_data_len), &op->src) &&
           std_take(&body->in, digest_len, &op->digest);
}

/*
 * The nonce of AEAD stands alone, or in a field of 16 bytes; CCM may leave
 * the byte before it for flags.  The lengths of the rest tell which.
 */
static bool std_take_nonce(StdCursor *c, uint32_t len, uint64_t rest,
                           CryptoDevAlgo algo, CryptoDevOp *op)
{
    uint64_t room = c->end - c->offset;
    uint64_t field = room < rest ? 0 : room - rest;
    bool ccm = algo == CRYPTODEV_ALGO_AES_CCM;
    uint8_t buf[CRYPTODEV_IV_MAX];
    unsigned skip = 0;

    if (!cryptodev_algo_iv_len_ok(cryptodev_algo_info(algo), len)) {
        return false;
    }
    if (ccm && (field == len + 1 || (field == sizeof(buf) && field > len))) {
        skip = 1;
    } else if (field != sizeof(buf)) {
        field = len;
    }
    if (!std_take_copy(c, field, buf)) {
        return false;
    }
    op->iv_len = len;
    memcpy(op->iv, buf + skip, len);
    return true;
}

/* The tag stands right behind the text, in either direction. */
static bool std_body_aead(const struct virtio_crypto_op_data_req *req,
                          StdBody *body, const CryptoDevSessionParams *params,
                          CryptoDevOp *op)
{
    const struct virtio_crypto_aead_para *para = &req->u.aead_req.para;
    uint32_t src_len = le32_to_cpu(para->src_data_len);
    uint32_t dst_len = le32_to_cpu(para->dst_data_len);
    uint32_t aad_len = le32_to_cpu(para->aad_len);
    uint32_t tag_len = params->digest_len;
    bool encrypt = op->kind == CRYPTODEV_ENCRYPT;
    uint32_t text_len = encrypt ? src_len : src_len - tag_len;
    uint64_t result_len = (uint64_t)text_len + (encrypt ? tag_len : 0);
    CryptoDevSpan slack;

    if ((!encrypt && src_len < tag_len) || dst_len < result_len ||
        !std_take_nonce(&body->out, le32_to_cpu(para->iv_len),
                        (uint64_t)src_len + aad_len, params->cipher, op) ||
        !std_take(&body->out, text_len, &op->src) ||
        (!encrypt && !std_take(&body->out, tag_len, &op->digest)) ||
        !std_take(&body->out, aad_len, &op->aad) ||
        !std_take(&body->in, text_len, &op->dst) ||
        (encrypt && !std_take(&body->in, tag_len, &op->digest))) {
        return false;
    }
    return std_take(&body->in, dst_len - result_len, &slack);
}

static bool (*const std_bodies[CRYPTODEV_SERVICE__MAX])
    (const struct virtio_crypto_op_data_req *req, StdBody *body,
     const CryptoDevSessionParams *params, CryptoDevOp *op) = {
    [CRYPTODEV_SERVICE_CIPHER] = std_body_sym,
    [CRYPTODEV_SERVICE_HASH] = std_body_hash,
    [CRYPTODEV_SERVICE_MAC] = std_body_hash,
    [CRYPTODEV_SERVICE_AEAD] = std_body_aead,
};

static CryptoDevStatus std_parse_body(const VirtIOCryptoSg *out,
                                      const VirtIOCryptoSg *in,
                                      VirtIOCryptoDma *dma,
                                      const CryptoDevCaps *caps,
                                      const CryptoDevSessionParams *params,
                                      VirtIOCryptoData *data,
                                      VirtIOCryptoMap *map, CryptoDevOp *op)
{
    const struct virtio_crypto_op_data_req *req = (const void *)data->raw;
    StdBody body = {
        .out = { .sg = out, .offset = sizeof(*req), .end = out->len },
        .in = { .sg = in, .end = in->len - 1 },
    };

    if (!std_bodies[data->service](req, &body, params, op) ||
        body.out.offset - sizeof(*req) + body.in.offset > caps->max_size) {
        return CRYPTODEV_ERR;
    }
    return CRYPTODEV_OK;
}

const VirtIOCryptoFormat virtio_crypto_format_std = {
    .name = "standard",
    .parse_ctrl = std_parse_ctrl,
    .parse_head = std_parse_head,
    .parse_body = std_parse_body,
};
