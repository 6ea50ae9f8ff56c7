/*
 * virtio-crypto: the outcome of a request, in the buffer
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/iov.h"
#include "qemu/log.h"
#include "standard-headers/linux/virtio_crypto.h"
#include "virtio-crypto-internal.h"

static uint32_t wire_status(const VirtIOCryptoRequest *req)
{
    /* NOSPC came with VIRTIO_CRYPTO_F_REVISION_1 */
    return req->op.status == CRYPTODEV_NOSPC && !req->q->revision_1 ?
           CRYPTODEV_ERR : req->op.status;
}

size_t virtio_crypto_write_reply(const VirtIOCryptoRequest *req,
                                 uint64_t session_id)
{
    const VirtQueueElement *elem = &req->elem;
    const VirtIOCryptoReply *reply = &req->reply;
    struct virtio_crypto_session_input input = {
        .session_id = cpu_to_le64(session_id),
        .status = cpu_to_le32(wire_status(req)),
    };
    size_t used = reply->used + (reply->counts_result ? req->op.written : 0);
    uint8_t byte = wire_status(req);

    switch (reply->kind) {
    case VIRTIO_CRYPTO_REPLY_SESSION:
        iov_from_buf(elem->in_sg, elem->in_num, reply->offset, &input,
                     sizeof(input));
        break;
    case VIRTIO_CRYPTO_REPLY_LE32:
        iov_from_buf(elem->in_sg, elem->in_num, reply->offset, &input.status,
                     sizeof(input.status));
        break;
    case VIRTIO_CRYPTO_REPLY_BYTE:
        iov_from_buf(elem->in_sg, elem->in_num, reply->offset, &byte, 1);
        break;
    case VIRTIO_CRYPTO_REPLY_NONE:
        qemu_log_mask(LOG_GUEST_ERROR,
                      "virtio-crypto: no place for status %d\n",
                      req->op.status);
        break;
    }
    return used;
}
