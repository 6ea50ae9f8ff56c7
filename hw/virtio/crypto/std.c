/*
 * virtio-crypto: requests of the virtio standard
 *
 * Virtual I/O Device (VIRTIO) Version 1.3, 5.9.7, "Crypto Device / Device
 * Operation"; section numbers in this file are those of that version.
 *
 * The readable half of the buffer holds a fixed part and then the keys, or IV,
 * source and AAD; the writable half holds the result.  The status of a data
 * request is the last writable byte: drivers may leave room between the result
 * and the status.
 *
 * There are three forms.  Without VIRTIO_CRYPTO_F_REVISION_1, as Linux and
 * DPDK work, every fixed part is padded to 72 bytes.  With this feature, the
 * fixed part ends after the fields of its service, and data requests without
 * the session flag are stateless: the parameters of the session are in the
 * fixed part, and its keys follow.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bitops.h"
#include "qemu/bswap.h"
#include "cursor.h"
#include "std-rows.h"
#include "standard-headers/linux/virtio_crypto.h"

#define CTRL_HEADER_LEN         sizeof(struct virtio_crypto_ctrl_header)
#define DATA_HEADER_LEN         sizeof(struct virtio_crypto_op_header)

/* 5.9.7.3, with REVISION_1: a bit of the header's flag */
#define FLAG_SESSION_MODE       1

/* Control requests: 5.9.7.2.1 */

#define CTRL(_member)       offsetof(struct virtio_crypto_op_ctrl_req, \
                                     u._member)
#define CTRL_END(_member)   STD_END(struct virtio_crypto_op_ctrl_req, u._member)
#define CTRL_LEN            sizeof(struct virtio_crypto_op_ctrl_req)
#define CTRL_OP_TYPE        CTRL(sym_create_session.op_type)

QEMU_BUILD_BUG_ON(CTRL_LEN != 72);

/**
 * StdFormat: one revision of the standard
 *
 * @create_len, @destroy_len: of the fixed parts, in bytes
 * @session: data requests with a session
 * @stateless: those without, NULL if there are none
 */
typedef struct StdFormat {
    VirtIOCryptoFormat base;
    uint8_t create_len[CRYPTODEV_SERVICE__MAX];
    uint8_t destroy_len;
    const StdRow *session;
    const StdRow *stateless;
} StdFormat;

static const StdFormat *std_format(const VirtIOCryptoBuffer *buf)
{
    return container_of(buf->format, StdFormat, base);
}

static const StdRow *std_rows(const VirtIOCryptoBuffer *buf,
                              const VirtIOCryptoData *data)
{
    const StdFormat *std = std_format(buf);

    return data->stateless ? std->stateless : std->session;
}

/* Copy bytes [@from, @to) of the fixed part to their places in @raw. */
static bool read_fixed(const VirtIOCryptoSg *sg, size_t from, size_t to,
                       uint8_t *raw)
{
    if (sg->num && to <= sg->iov->iov_len) {
        virtio_crypto_copy(raw + from, sg->iov->iov_base + from, to - from);
        return true;
    }
    return iov_to_buf(sg->iov, sg->num, from, raw + from, to - from) ==
           to - from;
}

static CryptoDevStatus take_keys(VirtIOCryptoCursor *c,
                                 VirtIOCryptoSessionSpec *spec)
{
    const CryptoDevSessionParams *p = &spec->params;

    return virtio_crypto_cursor_copy(c, p->cipher_key_len, spec->keys) &&
           virtio_crypto_cursor_copy(c, p->auth_key_len,
                                     spec->keys + CRYPTODEV_CIPHER_KEY_MAX) ?
           CRYPTODEV_OK : CRYPTODEV_ERR;
}

static CryptoDevStatus std_parse_create(const VirtIOCryptoBuffer *buf,
                                        uint8_t *raw, VirtIOCryptoCtrl *ctrl)
{
    size_t len = std_format(buf)->create_len[ctrl->service];
    VirtIOCryptoCursor c;
    CryptoDevStatus status;
    unsigned row;

    /* without its id, the driver could never destroy the session */
    if (!read_fixed(&buf->out, CTRL_HEADER_LEN, len, raw) ||
        ctrl->reply.kind != VIRTIO_CRYPTO_REPLY_SESSION) {
        return CRYPTODEV_ERR;
    }
    if (!virtio_crypto_find_row(ctrl->service, raw, CTRL_OP_TYPE, &row)) {
        return CRYPTODEV_NOTSUPP;
    }
    ctrl->spec.params.service = ctrl->service;
    status = virtio_crypto_read_params(&virtio_crypto_create_fields[row], raw,
                                       buf->caps, &ctrl->spec);
    if (status != CRYPTODEV_OK) {
        return status;
    }
    virtio_crypto_cursor_init(&c, &buf->out, len, 0);
    return take_keys(&c, &ctrl->spec);
}

static CryptoDevStatus std_parse_destroy(const VirtIOCryptoBuffer *buf,
                                         uint8_t *raw, VirtIOCryptoCtrl *ctrl)
{
    ctrl->reply = (VirtIOCryptoReply) {
        .kind = VIRTIO_CRYPTO_REPLY_BYTE, .used = 1,
    };
    if (buf->out.len < std_format(buf)->destroy_len ||
        !read_fixed(&buf->out, CTRL_HEADER_LEN,
                    CTRL_END(destroy_session.session_id), raw)) {
        return CRYPTODEV_ERR;
    }
    ctrl->session_id = ldq_le_p(raw + CTRL(destroy_session.session_id));
    return CRYPTODEV_OK;
}

static CryptoDevStatus std_parse_ctrl(const VirtIOCryptoBuffer *buf,
                                      VirtIOCryptoCtrl *ctrl)
{
    size_t outcome_len = sizeof(struct virtio_crypto_session_input);
    /* only the fixed part is copied: keys may follow it */
    uint8_t raw[CTRL_LEN];

    virtio_crypto_ctrl_init(ctrl);
    if (buf->in.len >= outcome_len) {
        ctrl->reply.kind = VIRTIO_CRYPTO_REPLY_SESSION;
        ctrl->reply.used = outcome_len;
    } else if (buf->in.len) {
        ctrl->reply.kind = VIRTIO_CRYPTO_REPLY_BYTE;
        ctrl->reply.used = 1;
    }
    if (!buf->in.len || !read_fixed(&buf->out, 0, CTRL_HEADER_LEN, raw)) {
        return CRYPTODEV_ERR;
    }
    if (!virtio_crypto_ctrl_opcode(ldl_le_p(raw), &ctrl->service, &ctrl->op)) {
        return CRYPTODEV_NOTSUPP;
    }
    return ctrl->op == VIRTIO_CRYPTO_CTRL_DESTROY ?
           std_parse_destroy(buf, raw, ctrl) :
           std_parse_create(buf, raw, ctrl);
}

/* Data requests */

static uint32_t op_type(const StdRow *row, const VirtIOCryptoData *data)
{
    return row->op_type ? ldl_le_p(data->raw + row->op_type) :
                          VIRTIO_CRYPTO_SYM_OP_NONE;
}

static CryptoDevStatus std_parse_head(const VirtIOCryptoBuffer *buf,
                                      VirtIOCryptoData *data)
{
    const struct virtio_crypto_op_header *header = (const void *)data->raw;
    const StdRow *row;

    virtio_crypto_data_init(data);
    if (!buf->in.len) {
        return CRYPTODEV_ERR;
    }
    data->reply = (VirtIOCryptoReply) {
        .kind = VIRTIO_CRYPTO_REPLY_BYTE, .offset = buf->in.len - 1, .used = 1,
        .counts_result = true,
    };
    if (!read_fixed(&buf->out, 0, DATA_HEADER_LEN, data->raw)) {
        return CRYPTODEV_ERR;
    }
    if (!virtio_crypto_opcode(le32_to_cpu(header->opcode), &data->service,
                              &data->opcode)) {
        return CRYPTODEV_NOTSUPP;
    }
    data->session_id = le64_to_cpu(header->session_id);
    data->stateless = std_format(buf)->stateless &&
                      !(le32_to_cpu(header->flag) & FLAG_SESSION_MODE);
    /* NOTSUPP even if the request is too short */
    if (!buf->caps->algos[data->service] ||
        (data->stateless && !(buf->stateless & BIT(data->service)))) {
        return CRYPTODEV_NOTSUPP;
    }
    row = &std_rows(buf, data)[data->service];
    data->raw_len = row->len;
    /* the header stays as it was read first */
    if (!read_fixed(&buf->out, DATA_HEADER_LEN, row->len, data->raw)) {
        return CRYPTODEV_ERR;
    }
    return op_type(row, data) <= VIRTIO_CRYPTO_SYM_OP_ALGORITHM_CHAINING ?
           CRYPTODEV_OK : CRYPTODEV_NOTSUPP;
}

static CryptoDevStatus std_parse_params(const VirtIOCryptoBuffer *buf,
                                        VirtIOCryptoData *data,
                                        VirtIOCryptoSessionSpec *spec)
{
    const StdRow *rows = std_rows(buf, data);
    VirtIOCryptoCursor c;
    CryptoDevStatus status;
    unsigned n;

    spec->params = (CryptoDevSessionParams) { .service = data->service };
    if (!virtio_crypto_find_row(data->service, data->raw,
                                rows[data->service].op_type, &n)) {
        return CRYPTODEV_NOTSUPP;
    }
    status = virtio_crypto_read_params(&rows[n].session, data->raw, buf->caps,
                                       spec);
    if (status == CRYPTODEV_OK) {
        virtio_crypto_cursor_init(&c, &buf->out, data->raw_len, 0);
        status = take_keys(&c, spec);
        data->keys_len = buf->out.len - data->raw_len - c.left;
    }
    return status;
}

/*
 * 5.9.7.7: the nonce of AEAD has a field of its own length or of 16 bytes; for
 * CCM, a byte for flags can precede it.  @rest, the length of the parts after
 * it, tells which.
 */
static bool take_nonce(VirtIOCryptoCursor *c, uint32_t len, uint64_t rest,
                       CryptoDevAlgo algo, CryptoDevOp *op)
{
    uint64_t field = c->left < rest ? 0 : c->left - rest;
    bool flags_byte = algo == CRYPTODEV_ALGO_AES_CCM && field > len;
    CryptoDevSpan skipped;

    if (!cryptodev_algo_iv_len_ok(cryptodev_algo_info(algo), len) ||
        (field != len && field != CRYPTODEV_IV_MAX &&
         !(flags_byte && field == len + 1))) {
        return false;
    }
    op->iv_len = len;
    return virtio_crypto_cursor_take(c, flags_byte, &skipped) &&
           virtio_crypto_cursor_copy(c, len, op->iv) &&
           virtio_crypto_cursor_take(c, field - flags_byte - len, &skipped);
}

/* Hashes and AKCIPHER have no IV; ciphers without IV ignore one. */
static bool take_iv(VirtIOCryptoCursor *c, const VirtIOCryptoParts *parts,
                    const CryptoDevSessionParams *params, CryptoDevOp *op)
{
    const CryptoDevAlgoInfo *info;
    CryptoDevSpan skipped;

    op->iv_len = 0;
    if (params->service == CRYPTODEV_SERVICE_AEAD) {
        return take_nonce(c, parts->iv_len,
                          (uint64_t)parts->src_len + parts->aad_len,
                          params->cipher, op);
    }
    if (params->service != CRYPTODEV_SERVICE_CIPHER) {
        return true;
    }
    info = cryptodev_algo_info(params->cipher);
    if (!info->iv_max) {
        return virtio_crypto_cursor_take(c, parts->iv_len, &skipped);
    }
    if (!cryptodev_algo_iv_len_ok(info, parts->iv_len)) {
        return false;
    }
    op->iv_len = parts->iv_len;
    return virtio_crypto_cursor_copy(c, parts->iv_len, op->iv);
}

static bool aad_is_first(const VirtIOCryptoBuffer *buf,
                         const VirtIOCryptoData *data)
{
    return data->service == CRYPTODEV_SERVICE_AEAD ? buf->aead_aad_first :
           data->stateless || buf->chain_aad_first;
}

/*
 * The readable parts are IV, source and AAD, the writable ones destination and
 * digest, in this order.  There are two exceptions.  In an AEAD decryption, the
 * tag to compare follows the ciphertext.  In a verification, the signed data
 * follow the signature, and nothing is written.
 */
static bool take_parts(const VirtIOCryptoParts *parts, bool aad_first,
                       VirtIOCryptoCursor *out, VirtIOCryptoCursor *in,
                       CryptoDevOp *op)
{
    const CryptoDevSessionParams *params = &op->session->params;
    bool aead = params->service == CRYPTODEV_SERVICE_AEAD;
    bool tag_in_src = aead && op->opcode == CRYPTODEV_DECRYPT;
    uint32_t tag_len = tag_in_src ? parts->digest_len : 0;
    uint64_t text_len = (uint64_t)parts->src_len - tag_len;
    uint64_t dst_len = aead ? text_len : parts->dst_len;

    return parts->src_len >= tag_len &&
           take_iv(out, parts, params, op) &&
           (!aad_first ||
            virtio_crypto_cursor_take(out, parts->aad_len, &op->aad)) &&
           virtio_crypto_cursor_take(out, text_len, &op->src) &&
           (!tag_in_src ||
            virtio_crypto_cursor_take(out, tag_len, &op->digest)) &&
           (aad_first ||
            virtio_crypto_cursor_take(out, parts->aad_len, &op->aad)) &&
           virtio_crypto_cursor_take(op->opcode == CRYPTODEV_VERIFY ? out : in,
                                     dst_len, &op->dst) &&
           (tag_in_src ||
            virtio_crypto_cursor_take(in, parts->digest_len, &op->digest));
}

/* The destination of AEAD must have room for text and tag; can be longer. */
static bool take_room(const VirtIOCryptoParts *parts, VirtIOCryptoCursor *in,
                      const CryptoDevOp *op)
{
    uint64_t result = (uint64_t)op->dst.len +
        (op->opcode == CRYPTODEV_ENCRYPT ? op->digest.len : 0);
    CryptoDevSpan room;

    return op->session->params.service != CRYPTODEV_SERVICE_AEAD ||
           (parts->dst_len >= result &&
            virtio_crypto_cursor_take(in, parts->dst_len - result, &room));
}

static CryptoDevStatus std_parse_body(const VirtIOCryptoBuffer *buf,
                                      const VirtIOCryptoData *data,
                                      CryptoDevOp *op)
{
    const CryptoDevSessionParams *params = &op->session->params;
    const StdRow *row = &std_rows(buf, data)[virtio_crypto_row(params)];
    uint32_t type = op_type(row, data);
    VirtIOCryptoCursor out, in;
    VirtIOCryptoParts parts;
    uint64_t left;

    /* some drivers leave the type to the session */
    if (type != VIRTIO_CRYPTO_SYM_OP_NONE &&
        type != (params->chain == CRYPTODEV_CHAIN_NONE ?
                 VIRTIO_CRYPTO_SYM_OP_CIPHER :
                 VIRTIO_CRYPTO_SYM_OP_ALGORITHM_CHAINING)) {
        return CRYPTODEV_ERR;
    }
    virtio_crypto_cursor_init(&out, &buf->out, data->raw_len + data->keys_len,
                              0);
    virtio_crypto_cursor_init(&in, &buf->in, 0, 1);
    if (!virtio_crypto_read_parts(&row->parts, data->raw, params, &parts) ||
        !take_parts(&parts, aad_is_first(buf, data), &out, &in, op) ||
        !take_room(&parts, &in, op)) {
        return CRYPTODEV_ERR;
    }
    /* the sum of all parts, including keys */
    left = out.left + in.left;
    if (buf->out.len - data->raw_len + buf->in.len - 1 - left >
        buf->caps->max_size) {
        return CRYPTODEV_ERR;
    }
    op->cipher_window = parts.cipher_window;
    op->hash_window = parts.hash_window;
    return CRYPTODEV_OK;
}

#define STD_FORMAT(_name)                                               \
    .base = {                                                           \
        .name = _name,                                                  \
        .parse_ctrl = std_parse_ctrl,                                   \
        .parse_head = std_parse_head,                                   \
        .parse_params = std_parse_params,                               \
        .parse_body = std_parse_body,                                   \
    }

static const StdFormat std_revision_0 = {
    STD_FORMAT("standard"),
    .create_len = { CTRL_LEN, CTRL_LEN, CTRL_LEN, CTRL_LEN, CTRL_LEN },
    .destroy_len = CTRL_LEN,
    .session = std_revision_0_rows,
};

static const StdFormat std_revision_1 = {
    STD_FORMAT("revision-1"),
    .create_len = {
        [CRYPTODEV_SERVICE_CIPHER] = CTRL_LEN,
        [CRYPTODEV_SERVICE_HASH] =
            CTRL_END(hash_create_session.para.hash_result_len),
        [CRYPTODEV_SERVICE_MAC] = CTRL_END(mac_create_session.para),
        [CRYPTODEV_SERVICE_AEAD] = CTRL_END(aead_create_session.para),
        [CRYPTODEV_SERVICE_AKCIPHER] = CTRL_LEN,
    },
    .destroy_len = CTRL_END(destroy_session.session_id),
    .session = std_revision_1_rows,
    .stateless = std_stateless_rows,
};

const VirtIOCryptoFormat *const virtio_crypto_format_std =
    &std_revision_0.base;
const VirtIOCryptoFormat *const virtio_crypto_format_revision_1 =
    &std_revision_1.base;
