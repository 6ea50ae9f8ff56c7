/*
 * virtio-crypto: what is remembered of the last request
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_VIRTIO_CRYPTO_MEMO_H
#define HW_VIRTIO_CRYPTO_MEMO_H

#include "format.h"

/* Requests of more pieces, or with a longer fixed part, are not remembered. */
#define VIRTIO_CRYPTO_MEMO_IOV      24
#define VIRTIO_CRYPTO_MEMO_HEADER   72

/* Where a span begins: piece @piece of the readable or the writable half */
typedef struct VirtIOCryptoMemoPlace {
    bool in;
    uint8_t piece;
} VirtIOCryptoMemoPlace;

/**
 * VirtIOCryptoMemo: the last data request of a queue, and what became of it
 *
 * Requests that come in a row tend to differ in nothing but their data.  What
 * a parser makes out depends on the bytes of the fixed part and the lengths of
 * the pieces alone, but for the IV, which is copied.  So a request that has
 * the same ones is the same operation, in other memory.
 *
 * Not remembered are requests of the draft, stateless ones, those of AES-CCM,
 * and those whose fixed part or IV is in more than one piece.
 *
 * The session is remembered without a reference: a memo is reset before the
 * session, or what the parser was told in VirtIOCryptoBuffer, may change.
 * Opaque to users; may begin uninitialized.
 */
typedef struct VirtIOCryptoMemo {
    bool valid;
    uint8_t num_out, num_in;
    uint8_t header_len;
    uint8_t iv_piece;
    VirtIOCryptoMemoPlace src, dst, aad, digest;
    const VirtIOCryptoFormat *format;
    size_t iv_offset;
    uint64_t header[VIRTIO_CRYPTO_MEMO_HEADER / sizeof(uint64_t)];
    size_t lengths[VIRTIO_CRYPTO_MEMO_IOV];
    VirtIOCryptoReply reply;
    CryptoDevOp op;
} VirtIOCryptoMemo;

/* Remember nothing. */
static inline void virtio_crypto_memo_reset(VirtIOCryptoMemo *memo)
{
    memo->valid = false;
}

/**
 * virtio_crypto_memo_match: recognize a request.
 *
 * @buf: as for its parser; the lengths of the halves are not looked at
 *
 * Returns: true if it is like the one remembered.  Then *@op, all of it, is
 * what it was when that was stored, with the data and the IV of this request,
 * and *@reply is where the outcome goes.  Else nothing is remembered any more.
 */
bool virtio_crypto_memo_match(VirtIOCryptoMemo *memo,
                              const VirtIOCryptoBuffer *buf, CryptoDevOp *op,
                              VirtIOCryptoReply *reply);

/**
 * virtio_crypto_memo_store: remember a request, if it can be.
 *
 * @data, @op: as parsed, and found valid
 */
void virtio_crypto_memo_store(VirtIOCryptoMemo *memo,
                              const VirtIOCryptoBuffer *buf,
                              const VirtIOCryptoData *data,
                              const CryptoDevOp *op);

#endif /* HW_VIRTIO_CRYPTO_MEMO_H */
