/*
 * Positions in the scattered memory of an operation
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_SPAN_H
#define BACKENDS_CRYPTODEV_SPAN_H

#include "system/cryptodev.h"

/**
 * CryptoDevSpanIter: a position in a span, and the bytes from there to its end
 *
 * @offset: into iov[0]
 * @left: bytes to the end
 */
typedef struct CryptoDevSpanIter {
    const struct iovec *iov;
    size_t offset;
    size_t left;
} CryptoDevSpanIter;

static inline void span_iter_normalise(CryptoDevSpanIter *it)
{
    while (it->left && it->offset >= it->iov->iov_len) {
        it->offset -= it->iov->iov_len;
        it->iov++;
    }
}

/* @len bytes of @span after the first @skip */
static inline CryptoDevSpanIter span_iter_at(const CryptoDevSpan *span,
                                             size_t skip, size_t len)
{
    CryptoDevSpanIter it = { span->iov, span->offset + skip, len };

    span_iter_normalise(&it);
    return it;
}

static inline CryptoDevSpanIter span_iter_of(const CryptoDevSpan *span)
{
    return span_iter_at(span, 0, span->len);
}

static inline uint8_t *span_iter_ptr(const CryptoDevSpanIter *it)
{
    return it->left ? (uint8_t *)it->iov->iov_base + it->offset : NULL;
}

/* Contiguous bytes from here on */
static inline size_t span_iter_run(const CryptoDevSpanIter *it)
{
    return it->left ? MIN(it->left, it->iov->iov_len - it->offset) : 0;
}

static inline void span_iter_skip(CryptoDevSpanIter *it, size_t n)
{
    it->offset += n;
    it->left -= n;
    span_iter_normalise(it);
}

static inline void span_iter_read(CryptoDevSpanIter *it, uint8_t *buf,
                                  size_t n)
{
    while (n) {
        size_t run = MIN(n, span_iter_run(it));

        memcpy(buf, span_iter_ptr(it), run);
        span_iter_skip(it, run);
        buf += run;
        n -= run;
    }
}

static inline void span_iter_write(CryptoDevSpanIter *it, const uint8_t *buf,
                                   size_t n)
{
    while (n) {
        size_t run = MIN(n, span_iter_run(it));

        memcpy(span_iter_ptr(it), buf, run);
        span_iter_skip(it, run);
        buf += run;
        n -= run;
    }
}

static inline void span_iter_zero(CryptoDevSpanIter it)
{
    while (it.left) {
        size_t run = span_iter_run(&it);

        memset(span_iter_ptr(&it), 0, run);
        span_iter_skip(&it, run);
    }
}

/* Copy all of @src; skips bytes whose source and destination are the same. */
static inline void span_iter_copy(CryptoDevSpanIter dst, CryptoDevSpanIter src)
{
    while (src.left) {
        size_t run = MIN(span_iter_run(&dst), span_iter_run(&src));

        if (span_iter_ptr(&dst) != span_iter_ptr(&src)) {
            memmove(span_iter_ptr(&dst), span_iter_ptr(&src), run);
        }
        span_iter_skip(&dst, run);
        span_iter_skip(&src, run);
    }
}

/* The first @len bytes of @span if they are in one piece, else NULL */
static inline uint8_t *span_flat(const CryptoDevSpan *span, size_t len)
{
    CryptoDevSpanIter it;

    if (!len) {
        /* not NULL, which means scattered */
        return (uint8_t *)"";
    }
    if (span->offset + len <= span->iov->iov_len) {
        return (uint8_t *)span->iov->iov_base + span->offset;
    }
    it = span_iter_at(span, 0, len);
    return span_iter_run(&it) == len ? span_iter_ptr(&it) : NULL;
}

/* Read or write the first @len bytes of @span. */

static inline void span_read(const CryptoDevSpan *span, uint8_t *buf,
                             size_t len)
{
    CryptoDevSpanIter it = span_iter_at(span, 0, len);

    span_iter_read(&it, buf, len);
}

static inline void span_write(const CryptoDevSpan *span, const uint8_t *buf,
                              size_t len)
{
    CryptoDevSpanIter it = span_iter_at(span, 0, len);

    span_iter_write(&it, buf, len);
}

static inline bool bytes_overlap(const uint8_t *a, size_t a_len,
                                 const uint8_t *b, size_t b_len)
{
    return a < b + b_len && b < a + a_len;
}

#endif /* BACKENDS_CRYPTODEV_SPAN_H */
