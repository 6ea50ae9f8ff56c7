/*
 * virtio-crypto: the control queue, which makes and destroys sessions
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/iov.h"
#include "qemu/main-loop.h"
#include "system/cryptodev-compat.h"
#include "trace.h"
#include "virtio-crypto-internal.h"

/**
 * VirtIOCryptoCreate: a request for a session whose key is imported
 *
 * @op: the import, with the reference to the session
 */
struct VirtIOCryptoCreate {
    VirtQueueElement *elem;
    VirtIOCryptoReply reply;
    CryptoDevOp op;
    QLIST_ENTRY(VirtIOCryptoCreate) next;
};

/* Give a session that is good, with the caller's reference, to the driver. */
static CryptoDevStatus virtio_crypto_add(VirtIOCrypto *vcrypto,
                                         CryptoDevSession *session,
                                         uint64_t *session_id)
{
    if (!virtio_crypto_sessions_add(&vcrypto->sessions, session)) {
        cryptodev_session_put(session);
        return CRYPTODEV_NOSPC;
    }
    *session_id = session->id;
    return CRYPTODEV_OK;
}

static void virtio_crypto_import(VirtIOCrypto *vcrypto, VirtQueueElement *elem,
                                 CryptoDevSession *session)
{
    VirtIOCryptoCreate *create = g_new0(VirtIOCryptoCreate, 1);
    CryptoDevOp *op = &create->op;

    create->elem = elem;
    create->reply = vcrypto->ctrl->reply;
    op->session = session;
    op->kind = CRYPTODEV_IMPORT;
    op->status = cryptodev_op_validate(op);
    assert(op->status == CRYPTODEV_OK);
    QLIST_INSERT_HEAD(&vcrypto->creates, create, next);
    cryptodev_backend_submit(vcrypto->conf.cryptodev, vcrypto->num_queues,
                             &op, 1);
    assert(op->status == CRYPTODEV_PENDING);
}

/* Returns CRYPTODEV_PENDING if the key is imported first. */
static CryptoDevStatus virtio_crypto_create(VirtIOCrypto *vcrypto,
                                            VirtQueueElement *elem,
                                            uint64_t *session_id)
{
    CryptoDevSession *session;
    CryptoDevStatus status;

    status = cryptodev_session_new(vcrypto->conf.cryptodev,
                                   &vcrypto->ctrl->params, &session);
    if (status != CRYPTODEV_OK) {
        return status;
    }
    if (cryptodev_session_needs_import(session)) {
        virtio_crypto_import(vcrypto, elem, session);
        return CRYPTODEV_PENDING;
    }
    return virtio_crypto_add(vcrypto, session, session_id);
}

static CryptoDevStatus virtio_crypto_ctrl_execute(VirtIOCrypto *vcrypto,
                                                  VirtQueueElement *elem,
                                                  uint64_t *session_id)
{
    const VirtIOCryptoCtrl *ctrl = vcrypto->ctrl;

    if (ctrl->op == VIRTIO_CRYPTO_CTRL_CREATE) {
        return cryptodev_backend_ready(vcrypto->conf.cryptodev) ?
               virtio_crypto_create(vcrypto, elem, session_id) : CRYPTODEV_ERR;
    }
    /* a driver may clean up whether the backend is ready or not */
    return virtio_crypto_sessions_remove(&vcrypto->sessions, ctrl->session_id,
                                         ctrl->service) ?
           CRYPTODEV_OK : CRYPTODEV_ERR;
}

/* Answer and free @elem. */
static void virtio_crypto_ctrl_finish(VirtIOCrypto *vcrypto,
                                      VirtQueueElement *elem,
                                      const VirtIOCryptoReply *reply,
                                      CryptoDevStatus status,
                                      uint64_t session_id)
{
    VirtIODevice *vdev = VIRTIO_DEVICE(vcrypto);
    size_t used = virtio_crypto_write_reply(vdev, elem, reply, status,
                                            session_id, 0);

    virtqueue_push(vcrypto->ctrl_vq, elem, used);
    compat_virtio_notify(vdev, vcrypto->ctrl_vq);
    g_free(elem);
}

static void virtio_crypto_handle_ctrl_elem(VirtIOCrypto *vcrypto,
                                           VirtQueueElement *elem,
                                           const VirtIOCryptoFormat *format)
{
    VirtIOCryptoSg out = virtio_crypto_out_sg(elem);
    VirtIOCryptoSg in = virtio_crypto_in_sg(elem);
    VirtIOCryptoCtrl *ctrl = vcrypto->ctrl;
    CryptoDevStatus status;
    uint64_t session_id = 0;

    ctrl->op = VIRTIO_CRYPTO_CTRL_CREATE;
    ctrl->session_id = 0;
    status = format->parse_ctrl(format, &out, &in, &vcrypto->ctrl_space.dma,
                                &vcrypto->caps, ctrl);
    if (status == CRYPTODEV_OK) {
        status = virtio_crypto_ctrl_execute(vcrypto, elem, &session_id);
    }
    virtio_crypto_ctrl_wipe(ctrl);
    trace_virtio_crypto_ctrl(vcrypto, format->name,
                             ctrl->op == VIRTIO_CRYPTO_CTRL_CREATE ?
                             "create" : "destroy",
                             session_id | ctrl->session_id, status);
    if (status != CRYPTODEV_PENDING) {
        virtio_crypto_ctrl_finish(vcrypto, elem, &ctrl->reply, status,
                                  session_id);
    }
}

static void virtio_crypto_poll_imports(VirtIOCrypto *vcrypto)
{
    CryptoDevOp *op;

    while (cryptodev_backend_poll(vcrypto->conf.cryptodev, vcrypto->num_queues,
                                  &op, 1)) {
        VirtIOCryptoCreate *create = container_of(op, VirtIOCryptoCreate, op);
        CryptoDevStatus status = op->status;
        uint64_t session_id = 0;

        QLIST_REMOVE(create, next);
        if (status == CRYPTODEV_OK) {
            status = virtio_crypto_add(vcrypto, op->session, &session_id);
        } else {
            cryptodev_session_put(op->session);
        }
        virtio_crypto_ctrl_finish(vcrypto, create->elem, &create->reply,
                                  status, session_id);
        g_free(create);
    }
}

void virtio_crypto_ctrlq_cancel(VirtIOCrypto *vcrypto)
{
    VirtIOCryptoCreate *create, *next;

    cryptodev_backend_cancel(vcrypto->conf.cryptodev, vcrypto->num_queues);
    QLIST_FOREACH_SAFE(create, &vcrypto->creates, next, next) {
        cryptodev_session_put(create->op.session);
        virtqueue_detach_element(vcrypto->ctrl_vq, create->elem, 0);
        g_free(create->elem);
        g_free(create);
    }
    QLIST_INIT(&vcrypto->creates);
}

static void virtio_crypto_ctrl_bh(void *opaque)
{
    VirtIOCrypto *vcrypto = opaque;
    VirtIODevice *vdev = VIRTIO_DEVICE(vcrypto);
    unsigned n;

    if (!virtio_crypto_can_run(vcrypto)) {
        return;
    }
    virtio_crypto_poll_imports(vcrypto);
    for (n = 0; n < VIRTIO_CRYPTO_BATCH; n++) {
        VirtQueueElement *elem = virtio_crypto_pop(vcrypto->ctrl_vq,
                                                   sizeof(*elem));
        const VirtIOCryptoFormat *format;

        if (!elem) {
            break;
        }
        format = virtio_crypto_format_of(vcrypto, elem);
        if (!format || !virtio_crypto_in_ram(&vcrypto->ctrl_space, elem)) {
            virtio_crypto_bad_element(vdev, vcrypto->ctrl_vq, elem);
            break;
        }
        virtio_crypto_handle_ctrl_elem(vcrypto, elem, format);
    }
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
    QLIST_INIT(&vcrypto->creates);
    vcrypto->ctrl_bh = virtio_bh_new_guarded(DEVICE(vcrypto),
                                             virtio_crypto_ctrl_bh, vcrypto);
}

void virtio_crypto_ctrlq_cleanup(VirtIOCrypto *vcrypto)
{
    qemu_bh_delete(vcrypto->ctrl_bh);
    g_free(vcrypto->ctrl);
    virtio_delete_queue(vcrypto->ctrl_vq);
}
