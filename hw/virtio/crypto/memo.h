/*
 * virtio-crypto: memo of the last request
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
 * VirtIOCryptoMemo: the last data request of a queue, and its operation
 *
 * Consecutive requests often differ only in their data.  The result of the
 * parser depends only on the bytes of the fixed part and the lengths of the
 * pieces, apart from the IV, which is copied.  So if these are the same, the
 * operation is the same with other memory.
 *
 * Requests of the draft, stateless ones, those of AES-CCM, and those whose
 * fixed part or IV is in more than one piece are not stored.
 *
 * A memo has no reference to the session: reset it before the session, or the
 * parser's input in VirtIOCryptoBuffer, can change.  Opaque to users; need not
 * be initialized.
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

/* Make the memo empty. */
static inline void virtio_crypto_memo_reset(VirtIOCryptoMemo *memo)
{
    memo->valid = false;
}

/**
 * virtio_crypto_memo_match: compare a request with the stored one.
 *
 * @buf: as for the parser; the lengths of the halves are not used
 *
 * Returns: true if they are alike.  Then *@op is the stored operation with the
 * data and the IV of this request, and *@reply says where the outcome goes.
 * Else the memo is empty afterwards.
 */
bool virtio_crypto_memo_match(VirtIOCryptoMemo *memo,
                              const VirtIOCryptoBuffer *buf, CryptoDevOp *op,
                              VirtIOCryptoReply *reply);

/**
 * virtio_crypto_memo_store: store a request, if possible.
 *
 * @data, @op: as parsed, and found valid
 */
void virtio_crypto_memo_store(VirtIOCryptoMemo *memo,
                              const VirtIOCryptoBuffer *buf,
                              const VirtIOCryptoData *data,
                              const CryptoDevOp *op);

#endif /* HW_VIRTIO_CRYPTO_MEMO_H */
