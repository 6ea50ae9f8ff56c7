/*
 * virtio-crypto: requests of the v11 draft specification (2016)
 *
 * A request is one device-writable buffer that holds the whole structure:
 * what the device reads as well as the outcome.  Keys, IVs and data are named
 * by DMA address, data by chains of virtio_crypto_iovec in guest memory.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "v11.h"

VirtIOCryptoReply v11_reply(const VirtIOCryptoSg *in, size_t offset,
                            VirtIOCryptoReplyKind kind, size_t struct_len)
{
    /* an outcome may lack its padding */
    size_t size = kind == VIRTIO_CRYPTO_REPLY_SESSION ?
                  V11_OUTCOME_LEN - sizeof(uint32_t) : sizeof(uint32_t);

    if (in->len < offset + size) {
        return (VirtIOCryptoReply) { .kind = VIRTIO_CRYPTO_REPLY_NONE };
    }
    return (VirtIOCryptoReply) {
        .kind = kind, .offset = offset, .used = MIN(in->len, struct_len),
    };
}

static const VirtIOCryptoFormat v11_format = {
    .name = "v11",
    .parse_ctrl = v11_parse_ctrl,
    .parse_head = v11_parse_head,
    .parse_body = v11_parse_body,
};

const VirtIOCryptoFormat *const virtio_crypto_format_v11 = &v11_format;
