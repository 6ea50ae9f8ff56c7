/*
 * An operation on private memory
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "cryptodev-op-copy.h"
#include "cryptodev/provider.h"

static bool is_akcipher(const CryptoDevOp *op)
{
    return op->session->params.service == CRYPTODEV_SERVICE_AKCIPHER;
}

static bool is_aead(const CryptoDevOp *op)
{
    return op->session->params.service == CRYPTODEV_SERVICE_AEAD;
}

/* Bytes of the destination that the operation reads or can write. */
static size_t dst_len(const CryptoDevOp *op)
{
    if (!is_akcipher(op)) {
        return MIN(op->src.len, op->dst.len);
    }
    return op->opcode == CRYPTODEV_VERIFY ? op->dst.len :
           MIN(op->dst.len, CRYPTO_AKCIPHER_RESULT_MAX);
}

/* Make @span refer to @len bytes at @p.  Returns: their end */
static uint8_t *place(CryptoDevSpan *span, struct iovec *iov, uint8_t *p,
                      size_t len)
{
    *iov = (struct iovec) { .iov_base = p, .iov_len = len };
    *span = (CryptoDevSpan) { .iov = iov, .niov = 1, .len = len };
    return p + len;
}

static void read_span(const CryptoDevSpan *copy, const CryptoDevSpan *guest)
{
    if (copy->len) {
        iov_to_buf(guest->iov, guest->niov, guest->offset,
                   copy->iov->iov_base, copy->len);
    }
}

static void write_span(const CryptoDevSpan *guest, const CryptoDevSpan *copy,
                       size_t len)
{
    if (len) {
        iov_from_buf(guest->iov, guest->niov, guest->offset,
                     copy->iov->iov_base, len);
    }
}

CryptoDevOpCopy *cryptodev_op_copy_new(CryptoDevOp *op)
{
    CryptoDevOpCopy *copy = g_new0(CryptoDevOpCopy, 1);
    /* ciphers work in place */
    size_t dst_room = is_akcipher(op) ? dst_len(op) : 0;
    uint8_t *p;

    copy->origin = op;
    copy->op = *op;
    cryptodev_session_get(op->session);
    copy->size = op->src.len + dst_room + op->aad.len + op->digest.len;
    copy->buf = p = g_malloc(copy->size);
    place(&copy->op.dst, &copy->iov[0],
          is_akcipher(op) ? p + op->src.len : p, dst_len(op));
    p = place(&copy->op.src, &copy->iov[1], p, op->src.len) + dst_room;
    p = place(&copy->op.aad, &copy->iov[2], p, op->aad.len);
    place(&copy->op.digest, &copy->iov[3], p, op->digest.len);

    read_span(&copy->op.src, &op->src);
    read_span(&copy->op.aad, &op->aad);
    if (op->opcode == CRYPTODEV_VERIFY) {
        read_span(&copy->op.dst, &op->dst);
    }
    if (is_aead(op) && op->opcode == CRYPTODEV_DECRYPT) {
        read_span(&copy->op.digest, &op->digest);
    }
    return copy;
}

static void write_results(const CryptoDevOp *op, const CryptoDevOp *copy)
{
    if (is_akcipher(op)) {
        write_span(&op->dst, &copy->dst, copy->written);
        return;
    }
    if (op->opcode != CRYPTODEV_DIGEST) {
        write_span(&op->dst, &copy->dst, copy->dst.len);
    }
    if (!is_aead(op) || op->opcode == CRYPTODEV_ENCRYPT) {
        write_span(&op->digest, &copy->digest, copy->digest.len);
    }
}

void cryptodev_op_copy_finish(CryptoDevOpCopy *copy)
{
    CryptoDevOp *op = copy->origin;

    op->status = copy->op.status;
    op->written = op->status == CRYPTODEV_OK ? copy->op.written : 0;
    if (op->status == CRYPTODEV_OK) {
        write_results(op, &copy->op);
    } else if (is_aead(op) && op->src.len) {
        /* without a valid tag show no plaintext, and no earlier data */
        iov_memset(op->dst.iov, op->dst.niov, op->dst.offset, 0, op->src.len);
    }
}

void cryptodev_op_copy_free(CryptoDevOpCopy *copy)
{
    cryptodev_session_put(copy->op.session);
    cryptodev_wipe(copy->buf, copy->size);
    g_free(copy->buf);
    g_free(copy);
}
