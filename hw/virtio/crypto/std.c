/*
 * virtio-crypto: requests of the virtio standard
 *
 * The readable half of the buffer holds a fixed part and then the key, or IV,
 * source and AAD; the writable half holds the result.  The status of a data
 * request is the very last writable byte: drivers may leave room between the
 * result and it.
 *
 * Without VIRTIO_CRYPTO_F_REVISION_1, as Linux and DPDK work, every fixed part
 * is padded to 72 bytes.  With it, it ends where the service's fields end, and
 * data requests may bring their session along (stateless mode).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "format.h"
#include "standard-headers/linux/virtio_crypto.h"
#include "std.h"

QEMU_BUILD_BUG_ON(sizeof(struct virtio_crypto_op_ctrl_req) != 72);
QEMU_BUILD_BUG_ON(sizeof(struct virtio_crypto_op_data_req) != 72);
QEMU_BUILD_BUG_ON(sizeof(struct virtio_crypto_op_data_req) >
                  VIRTIO_CRYPTO_HEADER_MAX);

/* Of the fields that Linux's header does not know */
#define STD_FLAG_SESSION_MODE   1
#define STD_AEAD_TAG_LEN        40      /* offset into the request */

/**
 * StdFormat: the lengths that tell one form of the standard from the other
 *
 * @create_len, @data_len: of the fixed parts, by service, in bytes; 0 where
 *     the service is not known
 * @stateless: whether data requests without the session flag are stateless
 * @has_tag_len: whether data requests of AEAD have a field for the tag length
 */
typedef struct StdFormat {
    VirtIOCryptoFormat base;
    uint8_t create_len[CRYPTODEV_SERVICE__MAX];
    uint8_t destroy_len;
    uint8_t data_len[CRYPTODEV_SERVICE__MAX];
    bool stateless;
    bool has_tag_len;
} StdFormat;

static const StdFormat *std_format(const VirtIOCryptoFormat *format)
{
    return container_of(format, StdFormat, base);
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

static CryptoDevStatus take_key(VirtIOCryptoCursor *c, uint32_t len,
                                uint32_t max, uint8_t *key)
{
    return len <= max && virtio_crypto_cursor_copy(c, len, key) ?
           CRYPTODEV_OK : CRYPTODEV_ERR;
}

CryptoDevStatus virtio_crypto_std_cipher(VirtIOCryptoCursor *c,
                                         const CryptoDevCaps *caps,
                                         CryptoDevService service,
                                         uint32_t algo, uint32_t key_len,
                                         uint32_t direction,
                                         VirtIOCryptoSessionSpec *spec)
{
    CryptoDevSessionParams *p = &spec->params;

    p->cipher = virtio_crypto_find_algo(caps, service, algo);
    p->cipher_key = spec->keys;
    p->cipher_key_len = key_len;
    if (p->cipher == CRYPTODEV_ALGO_NONE) {
        return CRYPTODEV_NOTSUPP;
    }
    if (!virtio_crypto_direction(direction, &p->kind)) {
        return CRYPTODEV_ERR;
    }
    return take_key(c, key_len,
                    MIN(caps->max_cipher_key_len, CRYPTODEV_CIPHER_KEY_MAX),
                    spec->keys);
}

CryptoDevStatus virtio_crypto_std_hash(VirtIOCryptoCursor *c,
                                       const CryptoDevCaps *caps,
                                       CryptoDevService service,
                                       uint32_t algo, uint32_t key_len,
                                       uint32_t digest_len,
                                       VirtIOCryptoSessionSpec *spec)
{
    CryptoDevSessionParams *p = &spec->params;

    p->hash = virtio_crypto_find_algo(caps, service, algo);
    p->digest_len = digest_len;
    if (p->hash == CRYPTODEV_ALGO_NONE) {
        return CRYPTODEV_NOTSUPP;
    }
    /* a plain hash has no key, whatever the field says */
    if (service != CRYPTODEV_SERVICE_MAC) {
        return CRYPTODEV_OK;
    }
    p->auth_key = spec->keys + CRYPTODEV_CIPHER_KEY_MAX;
    p->auth_key_len = key_len;
    return take_key(c, key_len,
                    MIN(caps->max_auth_key_len, CRYPTODEV_AUTH_KEY_MAX),
                    spec->keys + CRYPTODEV_CIPHER_KEY_MAX);
}

CryptoDevStatus virtio_crypto_std_akcipher(
    VirtIOCryptoCursor *c, const CryptoDevCaps *caps,
    const struct virtio_crypto_akcipher_session_para *para,
    VirtIOCryptoSessionSpec *spec)
{
    CryptoDevSessionParams *p = &spec->params;
    CryptoDevStatus status = virtio_crypto_akcipher_params(caps, para, p);

    p->cipher_key = spec->keys;
    return status == CRYPTODEV_OK ?
           take_key(c, p->cipher_key_len, CRYPTODEV_AKCIPHER_KEY_MAX,
                    spec->keys) : status;
}

static CryptoDevStatus
std_create_chain(const struct virtio_crypto_alg_chain_session_para *para,
                 VirtIOCryptoCursor *c, const CryptoDevCaps *caps,
                 VirtIOCryptoSessionSpec *spec)
{
    CryptoDevService hash_service;
    CryptoDevStatus status;

    status = virtio_crypto_chain_mode(caps, le32_to_cpu(para->alg_chain_order),
                                      le32_to_cpu(para->hash_mode),
                                      le32_to_cpu(para->u.mac_param.algo),
                                      &spec->params.chain, &hash_service);
    spec->params.aad_len = le32_to_cpu(para->aad_len);
    if (status == CRYPTODEV_OK) {
        status = virtio_crypto_std_cipher(c, caps, spec->params.service,
            le32_to_cpu(para->cipher_param.algo),
            le32_to_cpu(para->cipher_param.keylen),
            le32_to_cpu(para->cipher_param.op), spec);
    }
    if (status == CRYPTODEV_OK) {
        status = virtio_crypto_std_hash(c, caps, hash_service,
            le32_to_cpu(para->u.mac_param.algo),
            le32_to_cpu(para->u.mac_param.auth_key_len),
            le32_to_cpu(para->u.mac_param.hash_result_len), spec);
    }
    return status;
}

static CryptoDevStatus
std_create_cipher(const struct virtio_crypto_op_ctrl_req *req,
                  VirtIOCryptoCursor *c, const CryptoDevCaps *caps,
                  VirtIOCryptoSessionSpec *spec)
{
    const struct virtio_crypto_sym_create_session_req *sym =
        &req->u.sym_create_session;
    const struct virtio_crypto_cipher_session_para *para =
        &sym->u.cipher.para;

    switch (le32_to_cpu(sym->op_type)) {
    case VIRTIO_CRYPTO_SYM_OP_CIPHER:
        return virtio_crypto_std_cipher(c, caps, spec->params.service,
                                        le32_to_cpu(para->algo),
                                        le32_to_cpu(para->keylen),
                                        le32_to_cpu(para->op), spec);
    case VIRTIO_CRYPTO_SYM_OP_ALGORITHM_CHAINING:
        return std_create_chain(&sym->u.chain.para, c, caps, spec);
    default:
        return CRYPTODEV_NOTSUPP;
    }
}

static CryptoDevStatus
std_create_hash(const struct virtio_crypto_op_ctrl_req *req,
                VirtIOCryptoCursor *c, const CryptoDevCaps *caps,
                VirtIOCryptoSessionSpec *spec)
{
    const struct virtio_crypto_hash_session_para *para =
        &req->u.hash_create_session.para;

    spec->params.kind = CRYPTODEV_DIGEST;
    return virtio_crypto_std_hash(c, caps, spec->params.service,
                                  le32_to_cpu(para->algo), 0,
                                  le32_to_cpu(para->hash_result_len), spec);
}

static CryptoDevStatus
std_create_mac(const struct virtio_crypto_op_ctrl_req *req,
               VirtIOCryptoCursor *c, const CryptoDevCaps *caps,
               VirtIOCryptoSessionSpec *spec)
{
    const struct virtio_crypto_mac_session_para *para =
        &req->u.mac_create_session.para;

    spec->params.kind = CRYPTODEV_DIGEST;
    return virtio_crypto_std_hash(c, caps, spec->params.service,
                                  le32_to_cpu(para->algo),
                                  le32_to_cpu(para->auth_key_len),
                                  le32_to_cpu(para->hash_result_len), spec);
}

static CryptoDevStatus
std_create_aead(const struct virtio_crypto_op_ctrl_req *req,
                VirtIOCryptoCursor *c, const CryptoDevCaps *caps,
                VirtIOCryptoSessionSpec *spec)
{
    const struct virtio_crypto_aead_session_para *para =
        &req->u.aead_create_session.para;

    spec->params.digest_len = le32_to_cpu(para->hash_result_len);
    spec->params.aad_len = le32_to_cpu(para->aad_len);
    return virtio_crypto_std_cipher(c, caps, spec->params.service,
                                    le32_to_cpu(para->algo),
                                    le32_to_cpu(para->key_len),
                                    le32_to_cpu(para->op), spec);
}

static CryptoDevStatus
std_create_akcipher(const struct virtio_crypto_op_ctrl_req *req,
                    VirtIOCryptoCursor *c, const CryptoDevCaps *caps,
                    VirtIOCryptoSessionSpec *spec)
{
    return virtio_crypto_std_akcipher(
        c, caps, &req->u.akcipher_create_session.para, spec);
}

static CryptoDevStatus (*const std_creators[CRYPTODEV_SERVICE__MAX])
    (const struct virtio_crypto_op_ctrl_req *req, VirtIOCryptoCursor *c,
     const CryptoDevCaps *caps, VirtIOCryptoSessionSpec *spec) = {
    [CRYPTODEV_SERVICE_CIPHER] = std_create_cipher,
    [CRYPTODEV_SERVICE_HASH] = std_create_hash,
    [CRYPTODEV_SERVICE_MAC] = std_create_mac,
    [CRYPTODEV_SERVICE_AEAD] = std_create_aead,
    [CRYPTODEV_SERVICE_AKCIPHER] = std_create_akcipher,
};

static CryptoDevStatus std_parse_ctrl(const VirtIOCryptoBuffer *buf,
                                      VirtIOCryptoCtrl *ctrl)
{
    const StdFormat *std = std_format(buf->format);
    struct virtio_crypto_op_ctrl_req req = { };
    VirtIOCryptoCursor c = { .sg = &buf->out, .end = buf->out.len };
    size_t fixed;

    iov_to_buf(buf->out.iov, buf->out.num, 0, &req, sizeof(req));
    ctrl->op = VIRTIO_CRYPTO_CTRL_CREATE;
    ctrl->service = CRYPTODEV_SERVICE__MAX;
    ctrl->session_id = 0;
    ctrl->spec.params = (CryptoDevSessionParams) { };
    ctrl->reply = std_session_reply(&buf->in);
    if (buf->out.len < sizeof(req.header)) {
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
        return buf->out.len < std->destroy_len ? CRYPTODEV_ERR : CRYPTODEV_OK;
    }
    fixed = std->create_len[ctrl->service];
    if (!fixed) {
        return CRYPTODEV_NOTSUPP;
    }
    /* an outcome without the id would leave a session behind */
    if (buf->out.len < fixed ||
        ctrl->reply.kind != VIRTIO_CRYPTO_REPLY_SESSION) {
        return CRYPTODEV_ERR;
    }
    c.offset = fixed;
    ctrl->spec.params.service = ctrl->service;
    return std_creators[ctrl->service](&req, &c, buf->caps, &ctrl->spec);
}

/* Data requests */

/* Whether a request can be of a kind at all, not yet that of its session. */
static bool std_kind_known(const VirtIOCryptoData *data)
{
    const struct virtio_crypto_op_data_req *req = (const void *)data->raw;

    /* a stateless one is looked at with its parameters */
    return data->service != CRYPTODEV_SERVICE_CIPHER || data->stateless ||
           virtio_crypto_op_type_ok(le32_to_cpu(req->u.sym_req.op_type));
}

static CryptoDevStatus std_parse_head(const VirtIOCryptoBuffer *buf,
                                      VirtIOCryptoData *data)
{
    const StdFormat *std = std_format(buf->format);
    const VirtIOCryptoSg *out = &buf->out;
    const struct virtio_crypto_op_header *header = (const void *)data->raw;

    data->service = CRYPTODEV_SERVICE__MAX;
    data->kind = CRYPTODEV_ENCRYPT;
    data->session_id = 0;
    data->reply = (VirtIOCryptoReply) {
        .kind = VIRTIO_CRYPTO_REPLY_BYTE, .offset = buf->in.len - 1, .used = 1,
        .counts_result = true,
    };
    data->stateless = false;
    data->raw_len = sizeof(*header);
    data->keys_len = 0;
    if (iov_to_buf(out->iov, out->num, 0, data->raw, sizeof(*header)) <
        sizeof(*header)) {
        return CRYPTODEV_ERR;
    }
    if (!virtio_crypto_opcode(le32_to_cpu(header->opcode), &data->service,
                              &data->kind) || !std->data_len[data->service]) {
        return CRYPTODEV_NOTSUPP;
    }
    data->session_id = le64_to_cpu(header->session_id);
    data->stateless = std->stateless &&
        !(le32_to_cpu(header->flag) & STD_FLAG_SESSION_MODE);
    /* what is not supported is never anything else, however short it is */
    if (data->stateless && !(buf->stateless & BIT(data->service))) {
        return CRYPTODEV_NOTSUPP;
    }
    data->raw_len = data->stateless ?
                    virtio_crypto_stateless_len[data->service] :
                    std->data_len[data->service];
    /* the header stays as it was read first */
    if (iov_to_buf(out->iov, out->num, sizeof(*header),
                   data->raw + sizeof(*header),
                   data->raw_len - sizeof(*header)) !=
        data->raw_len - sizeof(*header)) {
        return CRYPTODEV_ERR;
    }
    return std_kind_known(data) ? CRYPTODEV_OK : CRYPTODEV_NOTSUPP;
}

static bool std_sym_parts(const struct virtio_crypto_op_data_req *req,
                          const CryptoDevSessionParams *params,
                          VirtIOCryptoParts *parts)
{
    const struct virtio_crypto_sym_data_req *sym = &req->u.sym_req;
    const struct virtio_crypto_alg_chain_data_para *para = &sym->u.chain.para;
    bool chain = params->chain != CRYPTODEV_CHAIN_NONE;

    /* both structures begin with the same three lengths */
    parts->iv_len = le32_to_cpu(para->iv_len);
    parts->src_len = le32_to_cpu(para->src_data_len);
    parts->dst_len = le32_to_cpu(para->dst_data_len);
    if (chain) {
        parts->cipher_window = (CryptoDevRange) {
            le32_to_cpu(para->cipher_start_src_offset),
            le32_to_cpu(para->len_to_cipher),
        };
        parts->hash_window = (CryptoDevRange) {
            le32_to_cpu(para->hash_start_src_offset),
            le32_to_cpu(para->len_to_hash),
        };
        parts->aad_len = le32_to_cpu(para->aad_len);
        parts->digest_len = le32_to_cpu(para->hash_result_len);
    }
    return le32_to_cpu(sym->op_type) ==
           (chain ? VIRTIO_CRYPTO_SYM_OP_ALGORITHM_CHAINING :
                    VIRTIO_CRYPTO_SYM_OP_CIPHER);
}

static bool std_hash_parts(const struct virtio_crypto_op_data_req *req,
                           const CryptoDevSessionParams *params,
                           VirtIOCryptoParts *parts)
{
    const struct virtio_crypto_hash_para *para = &req->u.hash_req.para;

    parts->src_len = le32_to_cpu(para->src_data_len);
    parts->digest_len = le32_to_cpu(para->hash_result_len);
    return true;
}

static bool std_aead_parts(const struct virtio_crypto_op_data_req *req,
                           const CryptoDevSessionParams *params,
                           VirtIOCryptoParts *parts)
{
    const struct virtio_crypto_aead_para *para = &req->u.aead_req.para;

    parts->iv_len = le32_to_cpu(para->iv_len);
    parts->aad_len = le32_to_cpu(para->aad_len);
    parts->src_len = le32_to_cpu(para->src_data_len);
    parts->dst_len = le32_to_cpu(para->dst_data_len);
    return true;
}

static bool std_akcipher_parts(const struct virtio_crypto_op_data_req *req,
                               const CryptoDevSessionParams *params,
                               VirtIOCryptoParts *parts)
{
    const struct virtio_crypto_akcipher_para *para = &req->u.akcipher_req.para;

    parts->src_len = le32_to_cpu(para->src_data_len);
    parts->dst_len = le32_to_cpu(para->dst_data_len);
    return true;
}

static bool (*const std_parts[CRYPTODEV_SERVICE__MAX])
    (const struct virtio_crypto_op_data_req *req,
     const CryptoDevSessionParams *params, VirtIOCryptoParts *parts) = {
    [CRYPTODEV_SERVICE_CIPHER] = std_sym_parts,
    [CRYPTODEV_SERVICE_HASH] = std_hash_parts,
    [CRYPTODEV_SERVICE_MAC] = std_hash_parts,
    [CRYPTODEV_SERVICE_AEAD] = std_aead_parts,
    [CRYPTODEV_SERVICE_AKCIPHER] = std_akcipher_parts,
};

/* The request repeats the tag length of its session, or leaves it 0. */
static bool std_tag_len_ok(const VirtIOCryptoData *data,
                           const CryptoDevSessionParams *params)
{
    uint32_t tag_len = ldl_le_p(data->raw + STD_AEAD_TAG_LEN);

    return !tag_len || tag_len == params->digest_len;
}

static CryptoDevStatus std_parse_body(const VirtIOCryptoBuffer *buf,
                                      const VirtIOCryptoData *data,
                                      CryptoDevOp *op)
{
    const CryptoDevSessionParams *params = &op->session->params;
    VirtIOCryptoCursor from = {
        .sg = &buf->out, .offset = data->raw_len + data->keys_len,
        .end = buf->out.len,
    };
    VirtIOCryptoCursor to = { .sg = &buf->in, .end = buf->in.len - 1 };
    VirtIOCryptoParts parts = { .aad_first = buf->chain_aad_first };
    bool ok = data->stateless ?
              virtio_crypto_stateless_parts(data, params, &parts) :
              std_parts[data->service]((const void *)data->raw, params,
                                       &parts);

    if (data->service == CRYPTODEV_SERVICE_AEAD && !data->stateless &&
        std_format(buf->format)->has_tag_len) {
        ok = ok && std_tag_len_ok(data, params);
    }
    if (!ok || !virtio_crypto_std_body(&parts, params, &from, &to, op) ||
        from.offset - data->raw_len + to.offset > buf->caps->max_size) {
        return CRYPTODEV_ERR;
    }
    return CRYPTODEV_OK;
}

#define STD_FORMAT(_name)                                               \
    .base = {                                                           \
        .name = _name,                                                  \
        .parse_ctrl = std_parse_ctrl,                                   \
        .parse_head = std_parse_head,                                   \
        .parse_params = virtio_crypto_stateless_params,                 \
        .parse_body = std_parse_body,                                   \
    }

static const StdFormat std_revision_0 = {
    STD_FORMAT("standard"),
    .create_len = {
        [CRYPTODEV_SERVICE_CIPHER] = 72,
        [CRYPTODEV_SERVICE_HASH] = 72,
        [CRYPTODEV_SERVICE_MAC] = 72,
        [CRYPTODEV_SERVICE_AEAD] = 72,
        [CRYPTODEV_SERVICE_AKCIPHER] = 72,
    },
    .destroy_len = 72,
    .data_len = {
        [CRYPTODEV_SERVICE_CIPHER] = 72,
        [CRYPTODEV_SERVICE_HASH] = 72,
        [CRYPTODEV_SERVICE_MAC] = 72,
        [CRYPTODEV_SERVICE_AEAD] = 72,
        [CRYPTODEV_SERVICE_AKCIPHER] = 72,
    },
};

static const StdFormat std_revision_1 = {
    STD_FORMAT("revision-1"),
    .create_len = {
        [CRYPTODEV_SERVICE_CIPHER] = 72,
        [CRYPTODEV_SERVICE_HASH] = 24,
        [CRYPTODEV_SERVICE_MAC] = 32,
        [CRYPTODEV_SERVICE_AEAD] = 40,
        [CRYPTODEV_SERVICE_AKCIPHER] = 72,
    },
    .destroy_len = 24,
    .data_len = {
        [CRYPTODEV_SERVICE_CIPHER] = 72,
        [CRYPTODEV_SERVICE_HASH] = 32,
        [CRYPTODEV_SERVICE_MAC] = 32,
        [CRYPTODEV_SERVICE_AEAD] = 48,
        [CRYPTODEV_SERVICE_AKCIPHER] = 32,
    },
    .stateless = true,
    .has_tag_len = true,
};

const VirtIOCryptoFormat *const virtio_crypto_format_std =
    &std_revision_0.base;
const VirtIOCryptoFormat *const virtio_crypto_format_revision_1 =
    &std_revision_1.base;
