/*
 * virtio-crypto: memo of the last request
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "cursor.h"
#include "memo.h"

static bool same_lengths(const VirtIOCryptoMemo *memo,
                         const VirtIOCryptoBuffer *buf)
{
    const size_t *length = memo->lengths;
    size_t differ = 0;

    if (buf->out.num != memo->num_out || buf->in.num != memo->num_in ||
        buf->format != memo->format) {
        return false;
    }
    for (unsigned i = 0; i < memo->num_out; i++) {
        differ |= *length++ ^ buf->out.iov[i].iov_len;
    }
    for (unsigned i = 0; i < memo->num_in; i++) {
        differ |= *length++ ^ buf->in.iov[i].iov_len;
    }
    return !differ;
}

/* Compare the header, and read each word of it only once. */
static bool same_header(const VirtIOCryptoMemo *memo, const uint8_t *header)
{
    uint64_t differ = 0;

    for (unsigned i = 0; i < memo->header_len / sizeof(uint64_t); i++) {
        differ |= memo->header[i] ^ ldq_he_p(header + i * sizeof(uint64_t));
    }
    return !differ;
}

static void put_span(CryptoDevSpan *span, VirtIOCryptoMemoPlace place,
                     const VirtIOCryptoBuffer *buf)
{
    span->iov = (place.in ? buf->in.iov : buf->out.iov) + place.piece;
}

bool virtio_crypto_memo_match(VirtIOCryptoMemo *memo,
                              const VirtIOCryptoBuffer *buf, CryptoDevOp *op,
                              VirtIOCryptoReply *reply)
{
    /* the header is in the first piece, whose length is the same */
    if (!memo->valid || !same_lengths(memo, buf) ||
        !same_header(memo, buf->out.iov->iov_base)) {
        memo->valid = false;
        return false;
    }
    *op = memo->op;
    put_span(&op->src, memo->src, buf);
    put_span(&op->dst, memo->dst, buf);
    put_span(&op->aad, memo->aad, buf);
    put_span(&op->digest, memo->digest, buf);
    if (op->iv_len) {
        virtio_crypto_copy(op->iv, buf->out.iov[memo->iv_piece].iov_base +
                                   memo->iv_offset, op->iv_len);
    }
    *reply = memo->reply;
    return true;
}

static bool can_be_stored(const VirtIOCryptoBuffer *buf,
                          const VirtIOCryptoData *data, const CryptoDevOp *op)
{
    return buf->format != virtio_crypto_format_v11 && !data->stateless &&
           op->session->params.cipher != CRYPTODEV_ALGO_AES_CCM &&
           buf->out.num + buf->in.num <= VIRTIO_CRYPTO_MEMO_IOV &&
           data->raw_len <= VIRTIO_CRYPTO_MEMO_HEADER &&
           data->raw_len % sizeof(uint64_t) == 0 &&
           data->raw_len <= buf->out.iov->iov_len;
}

/* The IV follows the fixed part.  Returns: false if it is not contiguous */
static bool store_iv(VirtIOCryptoMemo *memo, const VirtIOCryptoBuffer *buf,
                     const VirtIOCryptoData *data, const CryptoDevOp *op)
{
    VirtIOCryptoCursor c;

    if (!op->iv_len) {
        return true;
    }
    virtio_crypto_cursor_init(&c, &buf->out, data->raw_len, 0);
    memo->iv_piece = c.iov - buf->out.iov;
    memo->iv_offset = c.offset;
    return op->iv_len <= c.iov->iov_len - c.offset;
}

static void store_lengths(VirtIOCryptoMemo *memo,
                          const VirtIOCryptoBuffer *buf)
{
    size_t *length = memo->lengths;

    memo->num_out = buf->out.num;
    memo->num_in = buf->in.num;
    for (unsigned i = 0; i < buf->out.num; i++) {
        *length++ = buf->out.iov[i].iov_len;
    }
    for (unsigned i = 0; i < buf->in.num; i++) {
        *length++ = buf->in.iov[i].iov_len;
    }
}

static VirtIOCryptoMemoPlace place_of(const CryptoDevSpan *span,
                                      const VirtIOCryptoBuffer *buf)
{
    VirtIOCryptoMemoPlace place = { };

    /* an empty span can point anywhere */
    if (span->len) {
        place.in = span->iov < buf->out.iov ||
                   span->iov >= buf->out.iov + buf->out.num;
        place.piece = span->iov - (place.in ? buf->in.iov : buf->out.iov);
    }
    return place;
}

void virtio_crypto_memo_store(VirtIOCryptoMemo *memo,
                              const VirtIOCryptoBuffer *buf,
                              const VirtIOCryptoData *data,
                              const CryptoDevOp *op)
{
    memo->valid = can_be_stored(buf, data, op) &&
                  store_iv(memo, buf, data, op);
    if (!memo->valid) {
        return;
    }
    memo->format = buf->format;
    memo->header_len = data->raw_len;
    memcpy(memo->header, data->raw, data->raw_len);
    store_lengths(memo, buf);
    memo->src = place_of(&op->src, buf);
    memo->dst = place_of(&op->dst, buf);
    memo->aad = place_of(&op->aad, buf);
    memo->digest = place_of(&op->digest, buf);
    memo->reply = data->reply;
    memo->op = *op;
}
