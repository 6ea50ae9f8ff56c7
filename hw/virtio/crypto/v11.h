/*
 * virtio-crypto: what the parsers of the v11 draft share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_VIRTIO_CRYPTO_V11_H
#define HW_VIRTIO_CRYPTO_V11_H

#include "format.h"

/* le64 session id, le32 status, le32 padding */
#define V11_OUTCOME_LEN     16

#define V11_END(type, member) \
    (offsetof(type, member) + sizeof_field(type, member))

/* Bytes that a request needs, and where its outcome goes. */
typedef struct V11Layout {
    uint16_t needed;
    uint16_t outcome;
} V11Layout;

/**
 * v11_reply: a reply of @kind at @offset, or none if the buffer ends before.
 *
 * @struct_len: of the whole structure; drivers expect it as used length
 */
VirtIOCryptoReply v11_reply(const VirtIOCryptoSg *in, size_t offset,
                            VirtIOCryptoReplyKind kind, size_t struct_len);

/* See VirtIOCryptoFormat. */
CryptoDevStatus v11_parse_ctrl(const VirtIOCryptoBuffer *buf,
                               VirtIOCryptoCtrl *ctrl);
CryptoDevStatus v11_parse_head(const VirtIOCryptoBuffer *buf,
                               VirtIOCryptoData *data);
CryptoDevStatus v11_parse_body(const VirtIOCryptoBuffer *buf,
                               const VirtIOCryptoData *data, CryptoDevOp *op);

#endif /* HW_VIRTIO_CRYPTO_V11_H */
