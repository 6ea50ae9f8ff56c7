/*
 * Run messages with the functions of a row
 *
 * Pieces are cut to multiples of auth_split or crypt_split.  Bytes that are
 * left at the end of a piece are joined with the next one in a small buffer.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "stream.h"
#include "system/cryptodev-compat.h"

static bool run_whole(const CryptoRowOps *ops, const CryptoMessage *m)
{
    void *ctx = m->ctx;

    if (!ops->start(ctx, m)) {
        return false;
    }
    if (!ops->auth) {
        return ops->crypt(ctx, m->dst, m->src, m->len);
    }
    if (!ops->crypt) {
        return ops->auth(ctx, m->src, m->len) &&
               ops->final(ctx, m->digest, m->digest_len);
    }
    return ops->auth(ctx, m->aad, m->aad_len) &&
           ops->crypt(ctx, m->dst, m->src, m->len) &&
           ops->final(ctx, m->digest, m->digest_len);
}

void cryptodev_row_run_one(const CryptoRow *row, CryptoMessage *m)
{
    if (row->ops->run) {
        row->ops->run(row, &m, 1);
    } else {
        m->ok = run_whole(row->ops, m);
    }
}

void cryptodev_row_run(const CryptoRow *row, CryptoMessage *const *m,
                       unsigned n)
{
    if (row->ops->run) {
        row->ops->run(row, m, n);
        return;
    }
    for (unsigned i = 0; i < n; i++) {
        m[i]->ok = run_whole(row->ops, m[i]);
    }
}

/* How many of @run contiguous bytes a row takes if @left bytes are left */
static size_t cut(size_t run, size_t left, uint8_t split)
{
    return run == left ? run : run - run % split;
}

/* Returns: the number of bytes taken, 0 if the library failed */
static size_t auth_across(const CryptoRow *row, void *ctx,
                          CryptoDevSpanIter *a, CryptoDevSpanIter *b)
{
    uint8_t QEMU_UNINITIALIZED buf[CRYPTO_SPLIT_MAX];
    size_t len = MIN(a->left + b->left, row->auth_split);
    size_t head = MIN(len, a->left);
    bool ok;

    span_iter_read(a, buf, head);
    span_iter_read(b, buf + head, len - head);
    ok = row->ops->auth(ctx, buf, len);
    cryptodev_wipe(buf, len);
    return ok ? len : 0;
}

static size_t crypt_across(const CryptoRow *row, void *ctx,
                           CryptoDevSpanIter *dst, CryptoDevSpanIter *src)
{
    uint8_t QEMU_UNINITIALIZED buf[CRYPTO_SPLIT_MAX];
    size_t len = MIN(src->left, row->crypt_split);
    bool ok;

    span_iter_read(src, buf, len);
    ok = row->ops->crypt(ctx, buf, buf, len);
    if (ok) {
        span_iter_write(dst, buf, len);
    }
    cryptodev_wipe(buf, len);
    return ok ? len : 0;
}

static bool feed_auth(const CryptoRow *row, void *ctx, CryptoDevSpanIter a,
                      CryptoDevSpanIter b)
{
    size_t left = a.left + b.left;

    while (left) {
        CryptoDevSpanIter *it = a.left ? &a : &b;
        size_t n = cut(span_iter_run(it), left, row->auth_split);

        if (!n) {
            n = auth_across(row, ctx, &a, &b);
        } else if (row->ops->auth(ctx, span_iter_ptr(it), n)) {
            span_iter_skip(it, n);
        } else {
            n = 0;
        }
        if (!n) {
            return false;
        }
        left -= n;
    }
    return true;
}

static bool feed_crypt(const CryptoRow *row, void *ctx, CryptoDevSpanIter dst,
                       CryptoDevSpanIter src)
{
    while (src.left) {
        size_t n = cut(MIN(span_iter_run(&src), span_iter_run(&dst)), src.left,
                       row->crypt_split);

        if (!n) {
            n = crypt_across(row, ctx, &dst, &src);
        } else if (row->ops->crypt(ctx, span_iter_ptr(&dst),
                                   span_iter_ptr(&src), n)) {
            span_iter_skip(&src, n);
            span_iter_skip(&dst, n);
        } else {
            n = 0;
        }
        if (!n) {
            return false;
        }
    }
    return true;
}

void cryptodev_stream_cipher(const CryptoRow *row, CryptoMessage *m,
                             CryptoDevSpanIter dst, CryptoDevSpanIter src)
{
    const CryptoRowOps *ops = row->ops;

    m->ok = ops->start(m->ctx, m) &&
            (!ops->auth || ops->auth(m->ctx, m->aad, m->aad_len)) &&
            feed_crypt(row, m->ctx, dst, src) &&
            (!ops->final || ops->final(m->ctx, m->digest, m->digest_len));
}

void cryptodev_stream_hash(const CryptoRow *row, CryptoMessage *m,
                           CryptoDevSpanIter a, CryptoDevSpanIter b)
{
    m->ok = row->ops->start(m->ctx, m) &&
            feed_auth(row, m->ctx, a, b) &&
            row->ops->final(m->ctx, m->digest, m->digest_len);
}
