/*
 * virtio-crypto: from a virtqueue buffer to its format, and the outcome back
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/iov.h"
#include "qemu/log.h"
#include "system/cryptodev-compat.h"
#include "standard-headers/linux/virtio_crypto.h"
#include "system/dma.h"
#include "virtio-crypto-internal.h"

static VirtIOCryptoSg sg_of(const struct iovec *iov, unsigned num)
{
    return (VirtIOCryptoSg) { iov, num, iov_size(iov, num) };
}

VirtIOCryptoBuffer virtio_crypto_buffer(VirtIOCrypto *vcrypto,
                                        const VirtQueueElement *elem,
                                        const VirtIOCryptoFormat *format)
{
    return (VirtIOCryptoBuffer) {
        .format = format,
        .out = sg_of(elem->out_sg, elem->out_num),
        .in = sg_of(elem->in_sg, elem->in_num),
        .caps = &vcrypto->caps,
        .stateless = VIRTIO_DEVICE(vcrypto)->guest_features >>
                     VIRTIO_CRYPTO_F_STATELESS_MODE(0),
        .chain_aad_first = vcrypto->conf.chain_aad_first,
    };
}

bool virtio_crypto_can_run(VirtIOCrypto *vcrypto)
{
    VirtIODevice *vdev = VIRTIO_DEVICE(vcrypto);

    return vdev->vm_running && (vdev->status & VIRTIO_CONFIG_S_DRIVER_OK);
}

static bool has_revision_1(VirtIODevice *vdev)
{
    return virtio_vdev_has_feature(vdev, VIRTIO_CRYPTO_F_REVISION_1);
}

/* A driver that knows VIRTIO_CRYPTO_F_REVISION_1 is none of the draft. */
const VirtIOCryptoFormat *virtio_crypto_format_of(VirtIOCrypto *vcrypto,
                                                  const VirtQueueElement *elem)
{
    VirtIODevice *vdev = VIRTIO_DEVICE(vcrypto);

    if (!elem->in_num) {
        return NULL;
    }
    if (has_revision_1(vdev)) {
        return elem->out_num ? virtio_crypto_format_revision_1 : NULL;
    }
    if (elem->out_num) {
        return virtio_crypto_format_std;
    }
    return vcrypto->conf.draft_v11 == ON_OFF_AUTO_OFF ?
           NULL : virtio_crypto_format_v11;
}

void *virtio_crypto_pop(VirtQueue *vq, size_t size)
{
    /* some compilers let virtqueue_pop clear 24 KiB before it looks */
    return virtio_queue_empty(vq) ? NULL : virtqueue_pop(vq, size);
}

void virtio_crypto_bad_element(VirtIODevice *vdev, VirtQueue *vq,
                               VirtQueueElement *elem)
{
    virtio_error(vdev, "virtio-crypto: request without %s part",
                 elem->in_num ? "a readable" : "a writable");
    virtqueue_detach_element(vq, elem, 0);
    g_free(elem);
}

static uint32_t wire_status(VirtIODevice *vdev, CryptoDevStatus status)
{
    /* NOSPC came with VIRTIO_CRYPTO_F_REVISION_1 */
    return status == CRYPTODEV_NOSPC && !has_revision_1(vdev) ?
           CRYPTODEV_ERR : status;
}

/*
 * The status byte of a data request stands at the very end of the buffer.  If
 * the used length stops short of it, the core does not log it as dirty.
 */
static void write_last_byte(VirtIODevice *vdev, const VirtQueueElement *elem,
                            uint8_t byte)
{
    unsigned last = elem->in_num - 1;

    dma_memory_write(vdev->dma_as,
                     elem->in_addr[last] + elem->in_sg[last].iov_len - 1,
                     &byte, 1, (MemTxAttrs) { .memory = 1 });
}

size_t virtio_crypto_write_reply(VirtIODevice *vdev,
                                 const VirtQueueElement *elem,
                                 const VirtIOCryptoReply *reply,
                                 CryptoDevStatus status, uint64_t session_id,
                                 size_t result)
{
    struct virtio_crypto_session_input input = {
        .session_id = cpu_to_le64(session_id),
        .status = cpu_to_le32(wire_status(vdev, status)),
    };
    size_t used = reply->used + (reply->counts_result ? result : 0);
    uint8_t byte = wire_status(vdev, status);

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
        if (reply->offset < used) {
            iov_from_buf(elem->in_sg, elem->in_num, reply->offset, &byte, 1);
        } else {
            write_last_byte(vdev, elem, byte);
        }
        break;
    case VIRTIO_CRYPTO_REPLY_NONE:
        qemu_log_mask(LOG_GUEST_ERROR,
                      "virtio-crypto: no place for status %d\n", status);
        break;
    }
    return used;
}

void virtio_crypto_flush(VirtIODevice *vdev, VirtQueue *vq, unsigned n)
{
    if (n) {
        virtqueue_flush(vq, n);
        compat_virtio_notify(vdev, vq);
    }
}
