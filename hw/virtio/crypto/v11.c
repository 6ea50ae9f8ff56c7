/*
 * virtio-crypto: requests of the v11 draft of the device specification
 *
 * "[PATCH v11 1/2] virtio-crypto: Add virtio crypto device specification" by
 * Gonglei, sent to the mailing lists qemu-devel and virtio-dev on 28 September
 * 2016; archived at https://lore.kernel.org/qemu-devel/ and
 * https://lists.oasis-open.org/archives/virtio-dev/201609/.  Section names in
 * this file are those of that text, below "Crypto Device / Device Operation".
 *
 * A request is one device-writable buffer that holds the whole structure: the
 * input of the device as well as the outcome.  It has the DMA addresses of keys
 * and IVs; data are described by chains of virtio_crypto_iovec in guest memory.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "v11-rows.h"

/* The most entries in a chain of iovecs: the limit of a virtqueue element */
#define V11_IOVEC_MAX       1024
/* "Data Virtqueue / Scatter-Gather Support" */
#define V11_IOVEC_F_NEXT    1

/*
 * A reply of @kind at @offset, or none if it does not fit into the buffer.
 * Drivers expect the length of the whole structure as used length.
 */
static VirtIOCryptoReply v11_reply(const VirtIOCryptoSg *in, size_t offset,
                                   VirtIOCryptoReplyKind kind,
                                   size_t struct_len)
{
    /* the buffer can end before the padding of the outcome */
    size_t size = kind == VIRTIO_CRYPTO_REPLY_SESSION ?
                  offsetof(V11Outcome, padding) : sizeof(uint32_t);

    if (in->len < offset + size) {
        return (VirtIOCryptoReply) { .kind = VIRTIO_CRYPTO_REPLY_NONE };
    }
    return (VirtIOCryptoReply) {
        .kind = kind, .offset = offset, .used = MIN(in->len, struct_len),
    };
}

/* Control requests */

static bool v11_read_key(VirtIOCryptoDma *dma, const uint8_t *raw,
                         uint8_t addr, uint32_t len, uint8_t *key)
{
    return !len || dma->read(dma, ldq_le_p(raw + addr), key, len);
}

static CryptoDevStatus v11_parse_create(const VirtIOCryptoBuffer *buf,
                                        const uint8_t *raw,
                                        VirtIOCryptoCtrl *ctrl)
{
    const CryptoDevSessionParams *p = &ctrl->spec.params;
    CryptoDevStatus status;
    unsigned n;
    /* the offset of the outcome depends on op_type, which follows it */
    bool known = virtio_crypto_find_row(ctrl->service, raw, V11_CTRL_OP_TYPE,
                                        &n);
    const V11CtrlRow *row = &v11_ctrl_rows[n];

    ctrl->reply = v11_reply(&buf->in, row->outcome,
                            VIRTIO_CRYPTO_REPLY_SESSION, sizeof(V11CtrlReq));
    if (buf->in.len < row->needed) {
        return CRYPTODEV_ERR;
    }
    if (!known) {
        return CRYPTODEV_NOTSUPP;
    }
    ctrl->spec.params.service = ctrl->service;
    status = virtio_crypto_read_params(&virtio_crypto_create_fields[n], raw,
                                       buf->caps, &ctrl->spec);
    if (status != CRYPTODEV_OK) {
        return status;
    }
    return v11_read_key(buf->dma, raw, row->key_addr, p->cipher_key_len,
                        ctrl->spec.keys) &&
           v11_read_key(buf->dma, raw, row->auth_key_addr, p->auth_key_len,
                        ctrl->spec.keys + CRYPTODEV_CIPHER_KEY_MAX) ?
           CRYPTODEV_OK : CRYPTODEV_ERR;
}

static CryptoDevStatus v11_parse_ctrl(const VirtIOCryptoBuffer *buf,
                                      VirtIOCryptoCtrl *ctrl)
{
    const VirtIOCryptoSg *in = &buf->in;
    uint8_t raw[sizeof(V11CtrlReq)] = { };

    virtio_crypto_ctrl_init(ctrl);
    iov_to_buf(in->iov, in->num, 0, raw, sizeof(raw));
    if (in->len < sizeof(struct virtio_crypto_ctrl_header) ||
        !virtio_crypto_ctrl_opcode(ldl_le_p(raw), &ctrl->service, &ctrl->op) ||
        !v11_ctrl_rows[ctrl->service].needed) {
        return CRYPTODEV_NOTSUPP;
    }
    if (ctrl->op == VIRTIO_CRYPTO_CTRL_CREATE) {
        return v11_parse_create(buf, raw, ctrl);
    }
    ctrl->reply = v11_reply(in, offsetof(V11CtrlReq, u.destroy.status),
                            VIRTIO_CRYPTO_REPLY_LE32, sizeof(V11CtrlReq));
    ctrl->session_id = ldq_le_p(raw + offsetof(V11CtrlReq,
                                             u.destroy.session_id));
    return in->len < V11_DESTROY_LEN ? CRYPTODEV_ERR : CRYPTODEV_OK;
}

/* Data requests */

static CryptoDevStatus v11_parse_head(const VirtIOCryptoBuffer *buf,
                                      VirtIOCryptoData *data)
{
    const VirtIOCryptoSg *in = &buf->in;
    const struct virtio_crypto_op_header *header = (const void *)data->raw;
    const V11DataRow *row;
    unsigned n;
    bool known;

    virtio_crypto_data_init(data);
    memset(data->raw, 0, sizeof(V11DataReq));
    data->raw_len = iov_to_buf(in->iov, in->num, 0, data->raw,
                               sizeof(V11DataReq));
    if (in->len < sizeof(*header) ||
        !virtio_crypto_opcode(le32_to_cpu(header->opcode), &data->service,
                              &data->opcode) ||
        !v11_data_rows[data->service].needed) {
        return CRYPTODEV_NOTSUPP;
    }
    data->session_id = le64_to_cpu(header->session_id);
    known = virtio_crypto_find_row(data->service, data->raw,
                                   V11_DATA_OP_TYPE, &n);
    row = &v11_data_rows[n];
    data->reply = v11_reply(in, row->status, VIRTIO_CRYPTO_REPLY_LE32,
                            sizeof(V11DataReq));
    if (!buf->caps->algos[data->service]) {
        return CRYPTODEV_NOTSUPP;
    }
    if (in->len < row->needed) {
        return CRYPTODEV_ERR;
    }
    return known ? CRYPTODEV_OK : CRYPTODEV_NOTSUPP;
}

/**
 * V11Walk: state while the addresses of a request are mapped
 *
 * @raw: private copy of the request
 * @left: bytes until max_size is exceeded
 * @spans: the spans so far, and the numbers of their first pieces
 */
typedef struct V11Walk {
    const uint8_t *raw;
    VirtIOCryptoDma *dma;
    VirtIOCryptoMap *map;
    uint64_t left;
    unsigned num_spans;
    struct {
        CryptoDevSpan *span;
        unsigned first;
    } spans[4];
} V11Walk;

/* The list of pieces can still move, so spans get their vector at the end. */
static void v11_walk_add_span(V11Walk *walk, CryptoDevSpan *span,
                              unsigned first, uint64_t len)
{
    *span = (CryptoDevSpan) { .niov = walk->map->num - first, .len = len };
    walk->spans[walk->num_spans].span = span;
    walk->spans[walk->num_spans].first = first;
    walk->num_spans++;
}

static void v11_walk_end(V11Walk *walk)
{
    for (unsigned i = 0; i < walk->num_spans; i++) {
        CryptoDevSpan *span = walk->spans[i].span;

        span->iov = walk->map->iov + walk->spans[i].first;
        while (span->len && span->offset >= span->iov->iov_len) {
            span->offset -= span->iov->iov_len;
            span->iov++;
            span->niov--;
        }
    }
}

static bool v11_walk_take(V11Walk *walk, uint64_t len)
{
    if (len > walk->left) {
        return false;
    }
    walk->left -= len;
    return true;
}

static bool v11_map(V11Walk *walk, uint64_t addr, uint64_t len, bool writable)
{
    return v11_walk_take(walk, len) &&
           (!len || walk->dma->map(walk->dma, walk->map, addr, len, writable));
}

/* As @len of v11_map_chain: the whole chain */
#define V11_WHOLE_CHAIN UINT64_MAX

/*
 * Map the first @len bytes of the chain that begins at @offset; the rest of the
 * chain is not read.
 */
static bool v11_map_chain(V11Walk *walk, uint8_t offset, uint64_t len,
                          bool writable, CryptoDevSpan *span)
{
    unsigned first = walk->map->num;
    uint64_t done = 0;
    V11Iovec e;

    memcpy(&e, walk->raw + offset, sizeof(e));
    for (unsigned n = 1; done < len; n++) {
        uint64_t piece = MIN(le32_to_cpu(e.len), len - done);

        if (!v11_map(walk, le64_to_cpu(e.addr), piece, writable)) {
            return false;
        }
        done += piece;
        if (!(le32_to_cpu(e.flags) & V11_IOVEC_F_NEXT)) {
            break;
        }
        if (done < len &&
            (n == V11_IOVEC_MAX ||
             !walk->dma->read(walk->dma, le64_to_cpu(e.next), &e, sizeof(e)))) {
            return false;
        }
    }
    v11_walk_add_span(walk, span, first, done);
    return done == len || len == V11_WHOLE_CHAIN;
}

static bool v11_map_digest(V11Walk *walk, uint8_t offset, uint32_t len,
                           bool writable, CryptoDevSpan *span)
{
    unsigned first = walk->map->num;

    if (len > CRYPTODEV_DIGEST_MAX ||
        !v11_map(walk, ldq_le_p(walk->raw + offset), len, writable)) {
        return false;
    }
    v11_walk_add_span(walk, span, first, len);
    return true;
}

static bool v11_read_iv(V11Walk *walk, uint8_t offset, uint32_t len,
                        CryptoDevAlgo algo, CryptoDevOp *op)
{
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(algo);
    uint64_t addr = ldq_le_p(walk->raw + offset);

    /* some drivers give an IV to algorithms that have none */
    if (!info->iv_max) {
        return v11_walk_take(walk, len);
    }
    if (!cryptodev_algo_iv_len_ok(info, len) || !v11_walk_take(walk, len)) {
        return false;
    }
    op->iv_len = len;
    /* the nonce of CCM leaves the first byte for its flags */
    return walk->dma->read(walk->dma, addr + (algo == CRYPTODEV_ALGO_AES_CCM),
                           op->iv, len);
}

/* The tag to compare is at the end of the source. */
static void v11_tag_in_src(V11Walk *walk, uint32_t tag_len, CryptoDevOp *op)
{
    op->src.len -= tag_len;
    v11_walk_add_span(walk, &op->digest, walk->spans[0].first, tag_len);
    op->digest.offset = op->src.len;
}

/*
 * Map readable parts first, as VirtIOCryptoDma requires.  The tag of an AEAD
 * decryption is at the address of the digest.  If the source is longer than the
 * destination by exactly the tag, it is at the end of the source.
 */
static bool v11_map_parts(V11Walk *walk, const V11DataRow *row,
                          const VirtIOCryptoParts *p, CryptoDevOp *op)
{
    const CryptoDevSessionParams *params = &op->session->params;
    bool compares = params->service == CRYPTODEV_SERVICE_AEAD &&
                    op->opcode == CRYPTODEV_DECRYPT;
    bool tag_in_src = compares &&
                      p->src_len == (uint64_t)p->dst_len + p->digest_len;
    uint32_t text_len = tag_in_src ? p->dst_len : p->src_len;
    uint64_t aad_len = p->aad_len;

    if (params->chain != CRYPTODEV_CHAIN_NONE) {
        aad_len = params->aad_len ? params->aad_len : V11_WHOLE_CHAIN;
    }
    if (row->dst && (p->dst_len < text_len ||
                     !v11_walk_take(walk, p->dst_len - text_len))) {
        return false;
    }
    if ((row->iv_addr && !v11_read_iv(walk, row->iv_addr, p->iv_len,
                                      params->cipher, op)) ||
        !v11_map_chain(walk, row->src, row->dst ? p->src_len : V11_WHOLE_CHAIN,
                       false, &op->src)) {
        return false;
    }
    if (tag_in_src) {
        v11_tag_in_src(walk, p->digest_len, op);
    }
    if ((row->aad && !v11_map_chain(walk, row->aad, aad_len, false,
                                    &op->aad)) ||
        (compares && !tag_in_src &&
         !v11_map_digest(walk, row->digest_addr, p->digest_len, false,
                         &op->digest)) ||
        (row->dst && !v11_map_chain(walk, row->dst, text_len, true,
                                    &op->dst))) {
        return false;
    }
    return compares || !row->digest_addr ||
           v11_map_digest(walk, row->digest_addr, p->digest_len, true,
                          &op->digest);
}

static CryptoDevStatus v11_parse_body(const VirtIOCryptoBuffer *buf,
                                      const VirtIOCryptoData *data,
                                      CryptoDevOp *op)
{
    const CryptoDevSessionParams *params = &op->session->params;
    unsigned n, expected = virtio_crypto_row(params);
    const V11DataRow *row = &v11_data_rows[expected];
    V11Walk walk = {
        .raw = data->raw, .dma = buf->dma, .map = buf->map,
        .left = buf->caps->max_size,
    };
    VirtIOCryptoParts parts;

    op->src = op->dst = op->aad = op->digest = (CryptoDevSpan) { };
    op->iv_len = 0;
    if (!virtio_crypto_find_row(data->service, data->raw, V11_DATA_OP_TYPE,
                                &n) || n != expected ||
        !virtio_crypto_read_parts(&row->parts, data->raw, params, &parts) ||
        !v11_map_parts(&walk, row, &parts, op)) {
        return CRYPTODEV_ERR;
    }
    v11_walk_end(&walk);
    /* a chain covers all of the source */
    op->cipher_window = (CryptoDevRange) { 0, op->src.len };
    op->hash_window = op->cipher_window;
    return CRYPTODEV_OK;
}

static const VirtIOCryptoFormat v11_format = {
    .name = "v11",
    .parse_ctrl = v11_parse_ctrl,
    .parse_head = v11_parse_head,
    .parse_body = v11_parse_body,
};

const VirtIOCryptoFormat *const virtio_crypto_format_v11 = &v11_format;
