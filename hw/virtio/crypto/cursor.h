/*
 * virtio-crypto: a position in one half of a virtqueue buffer
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_VIRTIO_CRYPTO_CURSOR_H
#define HW_VIRTIO_CRYPTO_CURSOR_H

#include "qemu/atomic.h"
#include "format.h"

/**
 * VirtIOCryptoCursor: a position, and how far it may go
 *
 * @iov, @num: the piece that holds the next byte, and those after it
 * @offset: into @iov[0]
 * @left: bytes that may still be taken
 */
typedef struct VirtIOCryptoCursor {
    const struct iovec *iov;
    unsigned num;
    size_t offset;
    uint64_t left;
} VirtIOCryptoCursor;

/* Go on by @len bytes, of which the caller knows that they are there. */
static inline void virtio_crypto_cursor_skip(VirtIOCryptoCursor *c,
                                             size_t len)
{
    c->left -= len;
    c->offset += len;
    while (c->num && c->offset >= c->iov->iov_len) {
        c->offset -= c->iov->iov_len;
        c->iov++;
        c->num--;
    }
}

/* At byte @offset of @sg; the last @reserved bytes are not to be taken. */
static inline VirtIOCryptoCursor
virtio_crypto_cursor_at(const VirtIOCryptoSg *sg, size_t offset,
                        size_t reserved)
{
    VirtIOCryptoCursor c = {
        .iov = sg->iov, .num = sg->num, .left = sg->len - reserved,
    };

    virtio_crypto_cursor_skip(&c, offset);
    return c;
}

/* Take @len bytes as a span, which begins in its first piece. */
static inline bool virtio_crypto_cursor_take(VirtIOCryptoCursor *c,
                                             uint64_t len,
                                             CryptoDevSpan *span)
{
    if (len > c->left) {
        return false;
    }
    span->iov = c->iov;
    span->niov = c->num;
    span->offset = c->offset;
    span->len = len;
    virtio_crypto_cursor_skip(c, len);
    return true;
}

/* Copy guest bytes: from here on only the copy is looked at. */
static inline void virtio_crypto_copy(void *to, const void *from, size_t len)
{
    if (len == 16) {
        memcpy(to, from, 16);
    } else {
        memcpy(to, from, len);
    }
    barrier();
}

/* Take @len bytes as a copy; the caller knows that @buf holds them. */
static inline bool virtio_crypto_cursor_copy(VirtIOCryptoCursor *c,
                                             uint64_t len, void *buf)
{
    CryptoDevSpan s;

    if (!virtio_crypto_cursor_take(c, len, &s)) {
        return false;
    }
    if (s.niov && len <= s.iov->iov_len - s.offset) {
        virtio_crypto_copy(buf, s.iov->iov_base + s.offset, len);
    } else {
        iov_to_buf(s.iov, s.niov, s.offset, buf, len);
    }
    return true;
}

#endif /* HW_VIRTIO_CRYPTO_CURSOR_H */
