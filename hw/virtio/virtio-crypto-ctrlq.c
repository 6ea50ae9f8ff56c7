/*
 * virtio-crypto: the control queue, which makes and destroys sessions
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/iov.h"
#include "qemu/main-loop.h"
#include "trace.h"
#include "virtio-crypto-internal.h"

static CryptoDevStatus virtio_crypto_create(VirtIOCrypto *vcrypto,
                                            const VirtIOCryptoCtrl *ctrl,
                                            uint64_t *session_id)
{
    CryptoDevSession *session;
    CryptoDevStatus status;

    status = cryptodev_session_new(vcrypto->conf.cryptodev,
                                   &ctrl->spec.params, &session);
    if (status != CRYPTODEV_OK) {
        return status;
    }
    if (!virtio_crypto_sessions_add(&vcrypto->sessions, session)) {
        cryptodev_session_put(session);
        return CRYPTODEV_NOSPC;
    }
    *session_id = session->id;
    return CRYPTODEV_OK;
}

static CryptoDevStatus virtio_crypto_ctrl_execute(VirtIOCrypto *vcrypto,
                                                  const VirtIOCryptoCtrl *ctrl,
                                                  uint64_t *session_id)
{
    if (ctrl->op == VIRTIO_CRYPTO_CTRL_CREATE) {
        return cryptodev_backend_ready(vcrypto->conf.cryptodev) ?
               virtio_crypto_create(vcrypto, ctrl, session_id) : CRYPTODEV_ERR;
    }
    /* a driver may clean up whether the backend is ready or not */
    return virtio_crypto_sessions_remove(&vcrypto->sessions, ctrl->session_id,
                                         ctrl->service) ?
           CRYPTODEV_OK : CRYPTODEV_ERR;
}

/* Returns the used length. */
static size_t virtio_crypto_handle_ctrl_elem(VirtIOCrypto *vcrypto,
                                             const VirtQueueElement *elem,
                                             const VirtIOCryptoFormat *format)
{
    VirtIODevice *vdev = VIRTIO_DEVICE(vcrypto);
    VirtIOCryptoBuffer buf = virtio_crypto_buffer(vcrypto, elem, format);
    VirtIOCryptoCtrl *ctrl = vcrypto->ctrl;
    CryptoDevStatus status;
    uint64_t session_id = 0;

    buf.dma = &vcrypto->ctrl_space.dma;
    status = format->parse_ctrl(&buf, ctrl);
    if (status == CRYPTODEV_OK) {
        status = virtio_crypto_ctrl_execute(vcrypto, ctrl, &session_id);
    }
    virtio_crypto_spec_wipe(&ctrl->spec);
    trace_virtio_crypto_ctrl(vcrypto, format->name,
                             ctrl->op == VIRTIO_CRYPTO_CTRL_CREATE ?
                             "create" : "destroy",
                             session_id | ctrl->session_id, status);
    return virtio_crypto_write_reply(vdev, elem, &ctrl->reply, status,
                                     session_id, 0);
}

static void virtio_crypto_ctrl_bh(void *opaque)
{
    VirtIOCrypto *vcrypto = opaque;
    VirtIODevice *vdev = VIRTIO_DEVICE(vcrypto);
    unsigned n;

    if (!virtio_crypto_can_run(vcrypto)) {
        return;
    }
    for (n = 0; n < VIRTIO_CRYPTO_BATCH; n++) {
        VirtQueueElement *elem = virtio_crypto_pop(vcrypto->ctrl_vq,
                                                   sizeof(*elem));
        const VirtIOCryptoFormat *format;
        size_t used;

        if (!elem) {
            break;
        }
        format = virtio_crypto_format_of(vcrypto, elem);
        if (!format || !virtio_crypto_in_ram(&vcrypto->ctrl_space, elem)) {
            virtio_crypto_bad_element(vdev, vcrypto->ctrl_vq, elem);
            break;
        }
        used = virtio_crypto_handle_ctrl_elem(vcrypto, elem, format);
        virtqueue_fill(vcrypto->ctrl_vq, elem, used, n);
        g_free(elem);
    }
    virtio_crypto_flush(vdev, vcrypto->ctrl_vq, n);
    if (n == VIRTIO_CRYPTO_BATCH) {
        qemu_bh_schedule(vcrypto->ctrl_bh);
    }
}

static void virtio_crypto_handle_ctrl(VirtIODevice *vdev, VirtQueue *vq)
{
    qemu_bh_schedule(VIRTIO_CRYPTO(vdev)->ctrl_bh);
}

void virtio_crypto_ctrlq_init(VirtIOCrypto *vcrypto)
{
    vcrypto->ctrl_vq = virtio_add_queue(VIRTIO_DEVICE(vcrypto),
                                        VIRTIO_CRYPTO_QUEUE_SIZE,
                                        virtio_crypto_handle_ctrl);
    virtio_crypto_address_space_init(&vcrypto->ctrl_space,
                                     VIRTIO_DEVICE(vcrypto));
    vcrypto->ctrl = g_new(VirtIOCryptoCtrl, 1);
    vcrypto->ctrl_bh = virtio_bh_new_guarded(DEVICE(vcrypto),
                                             virtio_crypto_ctrl_bh, vcrypto);
}

void virtio_crypto_ctrlq_cleanup(VirtIOCrypto *vcrypto)
{
    qemu_bh_delete(vcrypto->ctrl_bh);
    g_free(vcrypto->ctrl);
    virtio_delete_queue(vcrypto->ctrl_vq);
}
