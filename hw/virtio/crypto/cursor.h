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
 * VirtIOCryptoCursor: a position, and the bytes that can be taken from there
 *
 * @iov, @num: the piece with the next byte, and those after it
 * @offset: into @iov[0]
 * @left: bytes that can still be taken
 */
typedef struct VirtIOCryptoCursor {
    const struct iovec *iov;
    unsigned num;
    size_t offset;
    uint64_t left;
} VirtIOCryptoCursor;

/* Skip @len bytes, at most @left. */
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

/* Start at byte @offset of @sg; the last @reserved bytes cannot be taken. */
static inline void virtio_crypto_cursor_init(VirtIOCryptoCursor *c,
                                             const VirtIOCryptoSg *sg,
                                             size_t offset, size_t reserved)
{
    c->iov = sg->iov;
    c->num = sg->num;
    c->offset = 0;
    c->left = sg->len - reserved;
    virtio_crypto_cursor_skip(c, offset);
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

/*
 * Copy a few guest bytes, each once; later code uses only the copy.  If the
 * compiler does not know the length, it turns memcpy() into a string
 * instruction, which takes 100 ns to start.
 */
static inline void virtio_crypto_copy(uint8_t *to, const uint8_t *from,
                                      size_t len)
{
    for (; len >= 16; len -= 16, to += 16, from += 16) {
        memcpy(to, from, 16);
    }
    if (len & 8) {
        memcpy(to, from, 8);
        to += 8;
        from += 8;
    }
    if (len & 4) {
        memcpy(to, from, 4);
        to += 4;
        from += 4;
    }
    for (len &= 3; len; len--) {
        *to++ = *from++;
    }
    barrier();
}

/* Take @len bytes as a copy; @buf must have room for them. */
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
