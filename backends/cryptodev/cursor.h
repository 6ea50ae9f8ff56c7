/*
 * Positions in the scattered memory of an operation
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_CURSOR_H
#define BACKENDS_CRYPTODEV_CURSOR_H

#include "system/cryptodev.h"

/* A position in a span. */
typedef struct Cursor {
    const struct iovec *iov;
    size_t offset;                      /* into iov[0] */
    size_t left;                        /* bytes to the end of the span */
} Cursor;

static inline void cursor_normalise(Cursor *c)
{
    while (c->left && c->offset >= c->iov->iov_len) {
        c->offset -= c->iov->iov_len;
        c->iov++;
    }
}

static inline Cursor cursor_at(const CryptoDevSpan *span, size_t skip, size_t len)
{
    Cursor c = { span->iov, span->offset + skip, len };

    cursor_normalise(&c);
    return c;
}

static inline Cursor cursor_of(const CryptoDevSpan *span)
{
    return cursor_at(span, 0, span->len);
}

static inline uint8_t *cursor_ptr(const Cursor *c)
{
    return c->left ? (uint8_t *)c->iov->iov_base + c->offset : NULL;
}

/* Contiguous bytes from here on. */
static inline size_t cursor_run(const Cursor *c)
{
    return c->left ? MIN(c->left, c->iov->iov_len - c->offset) : 0;
}

/* All bytes, if they are in one piece and not none, else NULL. */
static inline uint8_t *cursor_flat(const Cursor *c)
{
    return cursor_run(c) == c->left ? cursor_ptr(c) : NULL;
}

static inline bool bytes_overlap(const uint8_t *a, size_t a_len,
                                 const uint8_t *b, size_t b_len)
{
    return a < b + b_len && b < a + a_len;
}

static inline void cursor_skip(Cursor *c, size_t n)
{
    c->offset += n;
    c->left -= n;
    cursor_normalise(c);
}

static inline void cursor_read(Cursor *c, uint8_t *buf, size_t n)
{
    while (n) {
        size_t run = MIN(n, cursor_run(c));

        memcpy(buf, cursor_ptr(c), run);
        cursor_skip(c, run);
        buf += run;
        n -= run;
    }
}

static inline void cursor_write(Cursor *c, const uint8_t *buf, size_t n)
{
    while (n) {
        size_t run = MIN(n, cursor_run(c));

        memcpy(cursor_ptr(c), buf, run);
        cursor_skip(c, run);
        buf += run;
        n -= run;
    }
}

static inline void cursor_zero(Cursor c)
{
    while (c.left) {
        size_t run = cursor_run(&c);

        memset(cursor_ptr(&c), 0, run);
        cursor_skip(&c, run);
    }
}

/* Copy @n bytes; where source and destination are the same nothing moves. */
static inline void cursor_copy(Cursor dst, Cursor src, size_t n)
{
    while (n) {
        size_t run = MIN(n, MIN(cursor_run(&dst), cursor_run(&src)));

        if (cursor_ptr(&dst) != cursor_ptr(&src)) {
            memmove(cursor_ptr(&dst), cursor_ptr(&src), run);
        }
        cursor_skip(&dst, run);
        cursor_skip(&src, run);
        n -= run;
    }
}

#endif /* BACKENDS_CRYPTODEV_CURSOR_H */
