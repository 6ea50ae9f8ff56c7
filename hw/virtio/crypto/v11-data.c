/*
 * virtio-crypto: data requests of the v11 draft
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "standard-headers/linux/virtio_crypto.h"
#include "v11.h"

/* Entries in a chain of iovecs: as many as a virtqueue element may have. */
#define V11_IOVEC_MAX           1024
#define V11_IOVEC_F_NEXT        1

/* Wire structures; all fields little endian, naturally aligned. */

typedef struct V11Iovec {
    uint64_t addr;
    uint32_t len;
    uint32_t flags;
    uint64_t next;
} V11Iovec;

typedef struct V11Result {
    V11Iovec dst;
    uint64_t digest_result_addr;
    uint32_t digest_result_len, status;
} V11Result;

typedef struct V11SymPara {
    uint32_t iv_len, src_data_len, dst_data_len, padding;
} V11SymPara;

typedef struct V11DataReq {
    struct virtio_crypto_op_header header;
    union {
        struct {
            union {
                struct {
                    V11SymPara para;
                    uint64_t iv_addr;
                    V11Iovec src;
                    V11Result idata;
                } cipher;
                struct {
                    V11SymPara para;
                    uint64_t iv_addr;
                    V11Iovec src, aad;
                    V11Result idata;
                } chain;
            } u;
            uint32_t op_type, padding;
        } sym;
        struct {
            V11Iovec src;
            uint32_t padding;
            V11Result idata;
        } hash;
        struct {
            uint32_t iv_len, aad_len, src_data_len, dst_data_len;
            uint64_t iv_addr;
            V11Iovec src, aad;
            V11Result idata;
        } aead;
    } u;
} V11DataReq;

QEMU_BUILD_BUG_ON(offsetof(V11DataReq, u.sym.u.cipher.idata.status) != 108);
QEMU_BUILD_BUG_ON(offsetof(V11DataReq, u.sym.u.chain.idata.status) != 132);
QEMU_BUILD_BUG_ON(offsetof(V11DataReq, u.sym.op_type) != 136);
QEMU_BUILD_BUG_ON(offsetof(V11DataReq, u.hash.idata.status) != 92);
QEMU_BUILD_BUG_ON(offsetof(V11DataReq, u.aead.idata.status) != 132);
QEMU_BUILD_BUG_ON(sizeof(V11DataReq) != 144);
QEMU_BUILD_BUG_ON(sizeof(V11DataReq) > VIRTIO_CRYPTO_HEADER_MAX);

static const V11Layout v11_data_layouts[CRYPTODEV_SERVICE__MAX] = {
    [CRYPTODEV_SERVICE_CIPHER] = {
        sizeof(V11DataReq),
        offsetof(V11DataReq, u.sym.u.cipher.idata.status) },
    [CRYPTODEV_SERVICE_HASH] = {
        V11_END(V11DataReq, u.hash),
        offsetof(V11DataReq, u.hash.idata.status) },
    [CRYPTODEV_SERVICE_MAC] = {
        V11_END(V11DataReq, u.hash),
        offsetof(V11DataReq, u.hash.idata.status) },
    [CRYPTODEV_SERVICE_AEAD] = {
        V11_END(V11DataReq, u.aead),
        offsetof(V11DataReq, u.aead.idata.status) },
};

static bool v11_is_chain(const V11DataReq *req)
{
    return le32_to_cpu(req->u.sym.op_type) ==
           VIRTIO_CRYPTO_SYM_OP_ALGORITHM_CHAINING;
}

CryptoDevStatus v11_parse_head(const VirtIOCryptoBuffer *buf,
                               VirtIOCryptoData *data)
{
    const VirtIOCryptoSg *in = &buf->in;
    V11DataReq *req = (V11DataReq *)data->raw;
    V11Layout layout;

    memset(req, 0, sizeof(*req));
    data->service = CRYPTODEV_SERVICE__MAX;
    data->kind = CRYPTODEV_ENCRYPT;
    data->session_id = 0;
    data->keys_len = 0;
    data->raw_len = iov_to_buf(in->iov, in->num, 0, req, sizeof(*req));
    data->reply = (VirtIOCryptoReply) { };
    data->stateless = false;
    if (in->len < sizeof(req->header) ||
        !virtio_crypto_opcode(le32_to_cpu(req->header.opcode),
                              &data->service, &data->kind) ||
        !v11_data_layouts[data->service].needed) {
        return CRYPTODEV_NOTSUPP;
    }
    data->session_id = le64_to_cpu(req->header.session_id);
    layout = v11_data_layouts[data->service];
    if (data->service == CRYPTODEV_SERVICE_CIPHER && v11_is_chain(req)) {
        layout.outcome = offsetof(V11DataReq, u.sym.u.chain.idata.status);
    }
    data->reply = v11_reply(in, layout.outcome, VIRTIO_CRYPTO_REPLY_LE32,
                            sizeof(*req));
    if (in->len < layout.needed) {
        return CRYPTODEV_ERR;
    }
    return data->service != CRYPTODEV_SERVICE_CIPHER ||
           virtio_crypto_op_type_ok(le32_to_cpu(req->u.sym.op_type)) ?
           CRYPTODEV_OK : CRYPTODEV_NOTSUPP;
}

/* Progress through the addresses of one request. */
typedef struct V11Walk {
    VirtIOCryptoDma *dma;
    VirtIOCryptoMap *map;
    uint64_t left;                      /* bytes until max_size is exceeded */
    unsigned num_spans;
    struct {
        CryptoDevSpan *span;
        unsigned first;
    } spans[4];
} V11Walk;

/* The pieces may still move: spans get their vector when all are mapped. */
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
        walk->spans[i].span->iov = walk->map->iov + walk->spans[i].first;
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

static bool v11_map_flat(V11Walk *walk, uint64_t addr, uint64_t len,
                         bool writable, CryptoDevSpan *span)
{
    unsigned first = walk->map->num;

    if (!v11_walk_take(walk, len) ||
        (len && !walk->dma->map(walk->dma, walk->map, le64_to_cpu(addr), len,
                                writable))) {
        return false;
    }
    v11_walk_add_span(walk, span, first, len);
    return true;
}

/* As @len of v11_map_chain: all that the chain holds. */
#define V11_WHOLE_CHAIN UINT64_MAX

/* Map the first @len bytes of a chain; the rest of it is never looked at. */
static bool v11_map_chain(V11Walk *walk, const V11Iovec *head, uint64_t len,
                          bool writable, CryptoDevSpan *span)
{
    unsigned first = walk->map->num;
    uint64_t done = 0;
    V11Iovec e = *head;

    for (unsigned n = 1; done < len; n++) {
        uint64_t piece = MIN(le32_to_cpu(e.len), len - done);

        if (!v11_walk_take(walk, piece) ||
            (piece && !walk->dma->map(walk->dma, walk->map,
                                      le64_to_cpu(e.addr), piece, writable))) {
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

static bool v11_read_iv(V11Walk *walk, uint64_t addr, uint32_t len,
                        CryptoDevAlgo algo, CryptoDevOp *op)
{
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(algo);

    /* some drivers give an IV to algorithms that have none */
    if (!info->iv_max) {
        return v11_walk_take(walk, len);
    }
    if (!cryptodev_algo_iv_len_ok(info, len) || !v11_walk_take(walk, len)) {
        return false;
    }
    op->iv_len = len;
    return walk->dma->read(walk->dma, addr, op->iv, len);
}

static bool v11_map_digest(V11Walk *walk, const V11Result *idata,
                           const CryptoDevSessionParams *params,
                           CryptoDevOp *op)
{
    uint32_t len = virtio_crypto_digest_len(
        le32_to_cpu(idata->digest_result_len), params);

    return len <= CRYPTODEV_DIGEST_MAX &&
           v11_map_flat(walk, idata->digest_result_addr, len,
                        op->kind != CRYPTODEV_DECRYPT ||
                        params->service != CRYPTODEV_SERVICE_AEAD,
                        &op->digest);
}

/* What ciphers and chains begin with: the lengths, the IV, the source. */
static bool v11_map_text(V11Walk *walk, const V11SymPara *para,
                         uint64_t iv_addr, const V11Iovec *src,
                         const CryptoDevSessionParams *params, CryptoDevOp *op)
{
    uint32_t src_len = le32_to_cpu(para->src_data_len);
    uint32_t dst_len = le32_to_cpu(para->dst_data_len);

    return dst_len >= src_len && v11_walk_take(walk, dst_len - src_len) &&
           v11_read_iv(walk, le64_to_cpu(iv_addr), le32_to_cpu(para->iv_len),
                       params->cipher, op) &&
           v11_map_chain(walk, src, src_len, false, &op->src);
}

static bool v11_body_cipher(const V11DataReq *req, V11Walk *walk,
                            const CryptoDevSessionParams *params,
                            CryptoDevOp *op)
{
    return v11_map_text(walk, &req->u.sym.u.cipher.para,
                        req->u.sym.u.cipher.iv_addr, &req->u.sym.u.cipher.src,
                        params, op) &&
           v11_map_chain(walk, &req->u.sym.u.cipher.idata.dst, op->src.len,
                         true, &op->dst);
}

/* The whole source is ciphered; the hash covers the AAD and all of it. */
static bool v11_body_chain(const V11DataReq *req, V11Walk *walk,
                           const CryptoDevSessionParams *params,
                           CryptoDevOp *op)
{
    uint32_t src_len = le32_to_cpu(req->u.sym.u.chain.para.src_data_len);
    uint64_t aad_len = params->aad_len ? params->aad_len : V11_WHOLE_CHAIN;

    op->cipher_window = (CryptoDevRange) { 0, src_len };
    op->hash_window = op->cipher_window;
    return v11_map_text(walk, &req->u.sym.u.chain.para,
                        req->u.sym.u.chain.iv_addr, &req->u.sym.u.chain.src,
                        params, op) &&
           v11_map_chain(walk, &req->u.sym.u.chain.aad, aad_len, false,
                         &op->aad) &&
           v11_map_chain(walk, &req->u.sym.u.chain.idata.dst, src_len, true,
                         &op->dst) &&
           v11_map_digest(walk, &req->u.sym.u.chain.idata, params, op);
}

static bool v11_body_sym(const V11DataReq *req, V11Walk *walk,
                         const CryptoDevSessionParams *params,
                         CryptoDevOp *op)
{
    if (v11_is_chain(req) != (params->chain != CRYPTODEV_CHAIN_NONE)) {
        return false;
    }
    return v11_is_chain(req) ? v11_body_chain(req, walk, params, op) :
                               v11_body_cipher(req, walk, params, op);
}

static bool v11_body_hash(const V11DataReq *req, V11Walk *walk,
                          const CryptoDevSessionParams *params,
                          CryptoDevOp *op)
{
    return v11_map_chain(walk, &req->u.hash.src, V11_WHOLE_CHAIN, false,
                         &op->src) &&
           v11_map_digest(walk, &req->u.hash.idata, params, op);
}

/* The tag that a decryption compares with is the end of the source. */
static bool v11_tag_in_src(V11Walk *walk, uint32_t tag_len, CryptoDevOp *op)
{
    op->src.len -= tag_len;
    v11_walk_add_span(walk, &op->digest, walk->spans[0].first, tag_len);
    op->digest.offset = op->src.len;
    return true;
}

/*
 * A decryption finds the tag at digest_result_addr, or at the end of the
 * source if that is longer than the destination by just the tag.
 */
static bool v11_body_aead(const V11DataReq *req, V11Walk *walk,
                          const CryptoDevSessionParams *params,
                          CryptoDevOp *op)
{
    uint32_t src_len = le32_to_cpu(req->u.aead.src_data_len);
    uint32_t dst_len = le32_to_cpu(req->u.aead.dst_data_len);
    uint32_t tag_len = virtio_crypto_digest_len(
        le32_to_cpu(req->u.aead.idata.digest_result_len), params);
    bool decrypt = op->kind == CRYPTODEV_DECRYPT;
    bool tag_in_src = decrypt && src_len == (uint64_t)dst_len + tag_len;
    uint32_t text_len = tag_in_src ? dst_len : src_len;
    /* the nonce of CCM leaves the first byte for its flags */
    uint64_t iv_addr = le64_to_cpu(req->u.aead.iv_addr) +
                       (params->cipher == CRYPTODEV_ALGO_AES_CCM);

    if (dst_len < text_len || !v11_walk_take(walk, dst_len - text_len) ||
        !v11_read_iv(walk, iv_addr, le32_to_cpu(req->u.aead.iv_len),
                     params->cipher, op) ||
        !v11_map_chain(walk, &req->u.aead.src, src_len, false, &op->src) ||
        (tag_in_src && !v11_tag_in_src(walk, tag_len, op)) ||
        !v11_map_chain(walk, &req->u.aead.aad, le32_to_cpu(req->u.aead.aad_len),
                       false, &op->aad) ||
        (decrypt && !tag_in_src &&
         !v11_map_digest(walk, &req->u.aead.idata, params, op)) ||
        !v11_map_chain(walk, &req->u.aead.idata.dst, text_len, true,
                       &op->dst)) {
        return false;
    }
    return decrypt || v11_map_digest(walk, &req->u.aead.idata, params, op);
}

static bool (*const v11_bodies[CRYPTODEV_SERVICE__MAX])
    (const V11DataReq *req, V11Walk *walk,
     const CryptoDevSessionParams *params, CryptoDevOp *op) = {
    [CRYPTODEV_SERVICE_CIPHER] = v11_body_sym,
    [CRYPTODEV_SERVICE_HASH] = v11_body_hash,
    [CRYPTODEV_SERVICE_MAC] = v11_body_hash,
    [CRYPTODEV_SERVICE_AEAD] = v11_body_aead,
};

CryptoDevStatus v11_parse_body(const VirtIOCryptoBuffer *buf,
                               const VirtIOCryptoData *data, CryptoDevOp *op)
{
    V11Walk walk = {
        .dma = buf->dma, .map = buf->map, .left = buf->caps->max_size,
    };

    op->src = op->dst = op->aad = op->digest = (CryptoDevSpan) { };
    op->iv_len = 0;
    if (!v11_bodies[data->service]((const V11DataReq *)data->raw, &walk,
                                   &op->session->params, op)) {
        return CRYPTODEV_ERR;
    }
    v11_walk_end(&walk);
    return CRYPTODEV_OK;
}
