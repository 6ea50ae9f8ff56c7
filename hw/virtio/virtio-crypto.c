/*
 * virtio-crypto device
 *
 * A data queue is processed in batches: pop, parse, find the session, submit
 * all to the backend, then answer what is final with one update of the used
 * ring and one notification.  Operations that the backend holds are answered
 * one by one when it is done with them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/bswap.h"
#include "qemu/iov.h"
#include "qemu/log.h"
#include "qemu/main-loop.h"
#include "qemu/module.h"
#include "qemu/timer.h"
#include "qemu/units.h"
#include "block/aio-wait.h"
#include "hw/qdev-properties.h"
#include "hw/qdev-properties-system.h"
#include "hw/virtio/virtio-crypto.h"
#include "hw/virtio/virtio-crypto-compat.h"
#include "hw/virtio/virtio-crypto-format.h"
#include "migration/vmstate.h"
#include "standard-headers/linux/virtio_crypto.h"
#include "standard-headers/linux/virtio_ids.h"
#include "system/dma.h"
#include "trace.h"

#define VIRTIO_CRYPTO_QUEUE_SIZE    1024

/* Requests, and bytes of input, that are answered together. */
#define VIRTIO_CRYPTO_BATCH         64
#define VIRTIO_CRYPTO_BATCH_BYTES   (256 * KiB)

/* After so long a busy queue lets the rest of the event loop run. */
#define VIRTIO_CRYPTO_BUDGET_NS     (1 * SCALE_MS)

/* A data request, from the ring and back. */
typedef struct VirtIOCryptoReq {
    VirtQueueElement elem;              /* first: allocated by virtqueue_pop */
    VirtIOCryptoQueue *q;
    VirtIOCryptoReply reply;
    VirtIOCryptoMap map;
    CryptoDevOp op;                     /* its session is NULL if refused */
} VirtIOCryptoReq;

static VirtIOCryptoSg sg_of(const struct iovec *iov, unsigned num)
{
    return (VirtIOCryptoSg) { iov, num, iov_size(iov, num) };
}

/* The format of a buffer; NULL if it has room for no request of any. */
static const VirtIOCryptoFormat *
virtio_crypto_format_of(VirtIOCrypto *vcrypto, const VirtQueueElement *elem)
{
    if (!elem->in_num) {
        return NULL;
    }
    if (elem->out_num) {
        return &virtio_crypto_format_std;
    }
    return vcrypto->conf.draft_v11 == ON_OFF_AUTO_OFF ?
           NULL : &virtio_crypto_format_v11;
}

/* A buffer without a place for a status: the driver must reset the device. */
static void virtio_crypto_bad_element(VirtIODevice *vdev, VirtQueue *vq,
                                      VirtQueueElement *elem)
{
    virtio_error(vdev, "virtio-crypto: request without %s part",
                 elem->in_num ? "a readable" : "a writable");
    virtqueue_detach_element(vq, elem, 0);
    g_free(elem);
}

/* Outcomes */

static uint32_t wire_status(CryptoDevStatus status)
{
    /* NOSPC came with VIRTIO_CRYPTO_F_REVISION_1 */
    return status == CRYPTODEV_NOSPC ? CRYPTODEV_ERR : status;
}

/*
 * The status byte of a data request stands at the very end of the buffer.  If
 * the used length stops short of it, the core does not log it as dirty.
 */
static void virtio_crypto_write_last_byte(VirtIODevice *vdev,
                                          const VirtQueueElement *elem,
                                          uint8_t byte)
{
    unsigned last = elem->in_num - 1;

    dma_memory_write(vdev->dma_as,
                     elem->in_addr[last] + elem->in_sg[last].iov_len - 1,
                     &byte, 1, (MemTxAttrs) { .memory = 1 });
}

/* Write the outcome.  Returns the used length. */
static size_t virtio_crypto_write_reply(VirtIODevice *vdev,
                                        const VirtQueueElement *elem,
                                        const VirtIOCryptoReply *reply,
                                        CryptoDevStatus status,
                                        uint64_t session_id, size_t result)
{
    struct virtio_crypto_session_input input = {
        .session_id = cpu_to_le64(session_id),
        .status = cpu_to_le32(wire_status(status)),
    };
    size_t used = reply->used + (reply->counts_result ? result : 0);
    uint8_t byte = wire_status(status);

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
            virtio_crypto_write_last_byte(vdev, elem, byte);
        }
        break;
    case VIRTIO_CRYPTO_REPLY_NONE:
        qemu_log_mask(LOG_GUEST_ERROR,
                      "virtio-crypto: no place for status %d\n", status);
        break;
    }
    return used;
}

/* Data queues */

/* Answer a request as number @idx of a batch, and free it. */
static void virtio_crypto_req_finish(VirtIOCryptoReq *req, unsigned idx)
{
    VirtIOCryptoQueue *q = req->q;
    CryptoDevOp *op = &req->op;
    size_t used;

    assert(op->status != CRYPTODEV_PENDING);
    trace_virtio_crypto_req_finish(q->vcrypto, q->index, req, op->status,
                                   op->written);
    virtio_crypto_unmap(&q->space, &req->map, op->status == CRYPTODEV_OK);
    used = virtio_crypto_write_reply(VIRTIO_DEVICE(q->vcrypto), &req->elem,
                                     &req->reply, op->status, 0, op->written);
    if (op->session) {
        cryptodev_session_put(op->session);
    }
    virtqueue_fill(q->vq, &req->elem, used, idx);
    g_free(req);
}

static void virtio_crypto_flush(VirtIODevice *vdev, VirtQueue *vq, unsigned n)
{
    if (n) {
        virtqueue_flush(vq, n);
        virtio_notify(vdev, vq);
    }
}

static void virtio_crypto_op_done(CryptoDevOp *op)
{
    VirtIOCryptoReq *req = container_of(op, VirtIOCryptoReq, op);
    VirtIOCryptoQueue *q = req->q;

    virtio_crypto_req_finish(req, 0);
    virtio_crypto_flush(VIRTIO_DEVICE(q->vcrypto), q->vq, 1);
    q->in_flight--;
    aio_wait_kick();
}

static CryptoDevStatus
virtio_crypto_req_parse_op(VirtIOCryptoReq *req,
                           const VirtIOCryptoFormat *format,
                           const VirtIOCryptoSg *out,
                           const VirtIOCryptoSg *in, VirtIOCryptoData *data)
{
    VirtIOCrypto *vcrypto = req->q->vcrypto;
    CryptoDevBackend *b = vcrypto->conf.cryptodev;
    CryptoDevOp *op = &req->op;
    CryptoDevStatus status;

    if (!b->caps.algos[data->service]) {
        return CRYPTODEV_NOTSUPP;
    }
    if (!cryptodev_backend_ready(b)) {
        return CRYPTODEV_ERR;
    }
    op->session = virtio_crypto_sessions_get(&vcrypto->sessions,
                                             data->session_id, data->service);
    if (!op->session) {
        return CRYPTODEV_INVSESS;
    }
    op->kind = data->kind;
    op->done = virtio_crypto_op_done;
    if (op->kind != op->session->params.kind) {
        return CRYPTODEV_ERR;
    }
    status = format->parse_body(out, in, &req->q->space.dma, &b->caps,
                                &op->session->params, data, &req->map, op);
    return status == CRYPTODEV_OK ? cryptodev_op_validate(op) : status;
}

/* Turn a popped buffer into an operation to submit, or a refused request. */
static void virtio_crypto_req_parse(VirtIOCryptoReq *req,
                                    const VirtIOCryptoFormat *format)
{
    VirtIOCryptoQueue *q = req->q;
    VirtIOCryptoSg out = sg_of(req->elem.out_sg, req->elem.out_num);
    VirtIOCryptoSg in = sg_of(req->elem.in_sg, req->elem.in_num);
    VirtIOCryptoData data = { .service = CRYPTODEV_SERVICE__MAX };
    CryptoDevStatus status = format->parse_head(&out, &in, &data);

    req->reply = data.reply;
    if (status == CRYPTODEV_OK) {
        status = virtio_crypto_req_parse_op(req, format, &out, &in, &data);
    }
    trace_virtio_crypto_req_parse(q->vcrypto, q->index, req, format->name,
                                  data.service, data.kind, data.session_id,
                                  status);
    if (status == CRYPTODEV_OK) {
        req->op.status = CRYPTODEV_PENDING;
        return;
    }
    req->op.status = status;
    qemu_log_mask(LOG_GUEST_ERROR, "virtio-crypto: %s request refused with "
                  "status %d\n", format->name, status);
    if (data.service < CRYPTODEV_SERVICE__MAX) {
        cryptodev_backend_count_error(q->vcrypto->conf.cryptodev, q->index,
                                      data.service, data.kind);
    }
}

/* Pop and parse one buffer.  Returns NULL if there is none. */
static VirtIOCryptoReq *virtio_crypto_req_pop(VirtIOCryptoQueue *q)
{
    VirtIOCryptoReq *req = virtqueue_pop(q->vq, sizeof(*req));
    const VirtIOCryptoFormat *format;

    if (!req) {
        return NULL;
    }
    format = virtio_crypto_format_of(q->vcrypto, &req->elem);
    if (!format) {
        virtio_crypto_bad_element(VIRTIO_DEVICE(q->vcrypto), q->vq,
                                  &req->elem);
        return NULL;
    }
    req->q = q;
    req->map = (VirtIOCryptoMap) { };
    req->op = (CryptoDevOp) { };
    virtio_crypto_req_parse(req, format);
    return req;
}

/* Returns whether there may be more to do now. */
static bool virtio_crypto_run_batch(VirtIOCryptoQueue *q)
{
    CryptoDevBackend *b = q->vcrypto->conf.cryptodev;
    VirtIOCryptoReq *reqs[VIRTIO_CRYPTO_BATCH];
    CryptoDevOp *ops[VIRTIO_CRYPTO_BATCH];
    unsigned n = 0, num_ops = 0, finished = 0;
    size_t bytes = 0;
    bool more = true;

    while (n < VIRTIO_CRYPTO_BATCH && bytes < VIRTIO_CRYPTO_BATCH_BYTES) {
        VirtIOCryptoReq *req;

        q->throttled = cryptodev_throttled(b, &q->throttle_timers);
        req = q->throttled ? NULL : virtio_crypto_req_pop(q);
        if (!req) {
            more = false;
            break;
        }
        reqs[n++] = req;
        if (req->op.status == CRYPTODEV_PENDING) {
            ops[num_ops++] = &req->op;
            bytes += req->op.src.len + req->op.aad.len;
            cryptodev_throttle_account(b, req->op.src.len);
        }
    }
    cryptodev_backend_submit(b, q->index, ops, num_ops);
    for (unsigned i = 0; i < n; i++) {
        if (reqs[i]->op.status == CRYPTODEV_PENDING) {
            q->in_flight++;
        } else {
            virtio_crypto_req_finish(reqs[i], finished++);
        }
    }
    virtio_crypto_flush(VIRTIO_DEVICE(q->vcrypto), q->vq, finished);
    return more;
}

static bool virtio_crypto_can_run(VirtIOCrypto *vcrypto)
{
    VirtIODevice *vdev = VIRTIO_DEVICE(vcrypto);

    return vdev->vm_running && (vdev->status & VIRTIO_CONFIG_S_DRIVER_OK);
}

static void virtio_crypto_queue_bh(void *opaque)
{
    VirtIOCryptoQueue *q = opaque;
    int64_t deadline = get_clock() + VIRTIO_CRYPTO_BUDGET_NS;

    if (!virtio_crypto_can_run(q->vcrypto)) {
        return;
    }
    virtio_queue_set_notification(q->vq, 0);
    for (;;) {
        if (virtio_crypto_run_batch(q)) {
            if (get_clock() > deadline) {
                qemu_bh_schedule(q->bh);
                return;
            }
            continue;
        }
        /* look again: a kick may have been suppressed */
        virtio_queue_set_notification(q->vq, 1);
        if (virtio_queue_empty(q->vq) || q->throttled) {
            return;
        }
        virtio_queue_set_notification(q->vq, 0);
    }
}

static void virtio_crypto_queue_resume(void *opaque)
{
    VirtIOCryptoQueue *q = opaque;

    qemu_bh_schedule(q->bh);
}

static void virtio_crypto_handle_data(VirtIODevice *vdev, VirtQueue *vq)
{
    VirtIOCrypto *vcrypto = VIRTIO_CRYPTO(vdev);

    qemu_bh_schedule(vcrypto->queues[virtio_get_queue_index(vq)].bh);
}

/* Control queue */

static CryptoDevStatus virtio_crypto_create(VirtIOCrypto *vcrypto,
                                            const VirtIOCryptoCtrl *ctrl,
                                            uint64_t *session_id)
{
    CryptoDevSession *session;
    CryptoDevStatus status;

    status = cryptodev_session_new(vcrypto->conf.cryptodev, &ctrl->params,
                                   &session);
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
    if (!cryptodev_backend_ready(vcrypto->conf.cryptodev)) {
        return CRYPTODEV_ERR;
    }
    if (ctrl->op == VIRTIO_CRYPTO_CTRL_CREATE) {
        return virtio_crypto_create(vcrypto, ctrl, session_id);
    }
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
    VirtIOCryptoSg out = sg_of(elem->out_sg, elem->out_num);
    VirtIOCryptoSg in = sg_of(elem->in_sg, elem->in_num);
    VirtIOCryptoAddressSpace space;
    VirtIOCryptoCtrl ctrl;
    CryptoDevStatus status;
    uint64_t session_id = 0;

    virtio_crypto_address_space_init(&space, vdev);
    ctrl.op = VIRTIO_CRYPTO_CTRL_CREATE;
    ctrl.session_id = 0;
    status = format->parse_ctrl(&out, &in, &space.dma,
                                &vcrypto->conf.cryptodev->caps, &ctrl);
    if (status == CRYPTODEV_OK) {
        status = virtio_crypto_ctrl_execute(vcrypto, &ctrl, &session_id);
    }
    cryptodev_wipe(ctrl.keys, sizeof(ctrl.keys));
    trace_virtio_crypto_ctrl(vcrypto, format->name,
                             ctrl.op == VIRTIO_CRYPTO_CTRL_CREATE ?
                             "create" : "destroy",
                             session_id | ctrl.session_id, status);
    return virtio_crypto_write_reply(vdev, elem, &ctrl.reply, status,
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
        VirtQueueElement *elem = virtqueue_pop(vcrypto->ctrl_vq,
                                               sizeof(*elem));
        const VirtIOCryptoFormat *format;
        size_t used;

        if (!elem) {
            break;
        }
        format = virtio_crypto_format_of(vcrypto, elem);
        if (!format) {
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

/* Config space */

static void virtio_crypto_get_config(VirtIODevice *vdev, uint8_t *config)
{
    VirtIOCrypto *vcrypto = VIRTIO_CRYPTO(vdev);
    CryptoDevBackend *b = vcrypto->conf.cryptodev;
    const uint64_t *algos = b->caps.algos;
    uint32_t services = 0;
    struct virtio_crypto_config conf = {
        .status = cpu_to_le32(cryptodev_backend_ready(b) ?
                              VIRTIO_CRYPTO_S_HW_READY : 0),
        .max_dataqueues = cpu_to_le32(vcrypto->num_queues),
        .cipher_algo_l = cpu_to_le32(algos[CRYPTODEV_SERVICE_CIPHER]),
        .cipher_algo_h = cpu_to_le32(algos[CRYPTODEV_SERVICE_CIPHER] >> 32),
        .hash_algo = cpu_to_le32(algos[CRYPTODEV_SERVICE_HASH]),
        .mac_algo_l = cpu_to_le32(algos[CRYPTODEV_SERVICE_MAC]),
        .mac_algo_h = cpu_to_le32(algos[CRYPTODEV_SERVICE_MAC] >> 32),
        .aead_algo = cpu_to_le32(algos[CRYPTODEV_SERVICE_AEAD]),
        .max_cipher_key_len = cpu_to_le32(b->caps.max_cipher_key_len),
        .max_auth_key_len = cpu_to_le32(b->caps.max_auth_key_len),
        .akcipher_algo = cpu_to_le32(algos[CRYPTODEV_SERVICE_AKCIPHER]),
        .max_size = cpu_to_le64(b->caps.max_size),
    };

    for (int i = 0; i < CRYPTODEV_SERVICE__MAX; i++) {
        services |= algos[i] ? 1u << i : 0;
    }
    conf.crypto_services = cpu_to_le32(services);
    memcpy(config, &conf, sizeof(conf));
}

static void virtio_crypto_ready_changed(Notifier *notifier, void *data)
{
    VirtIOCrypto *vcrypto = container_of(notifier, VirtIOCrypto,
                                         ready_notifier);

    virtio_notify_config(VIRTIO_DEVICE(vcrypto));
}

static uint64_t virtio_crypto_get_features(VirtIODevice *vdev,
                                           uint64_t features, Error **errp)
{
    return features;
}

/* Life of the device */

/* On return the backend holds no operation of the queue. */
static void virtio_crypto_drain_queue(VirtIOCryptoQueue *q)
{
    AIO_WAIT_WHILE_UNLOCKED(NULL, q->in_flight);
}

static void virtio_crypto_drain(VirtIOCrypto *vcrypto)
{
    for (uint32_t i = 0; i < vcrypto->num_queues; i++) {
        virtio_crypto_drain_queue(&vcrypto->queues[i]);
    }
}

static void virtio_crypto_kick_all(VirtIOCrypto *vcrypto)
{
    for (uint32_t i = 0; i < vcrypto->num_queues; i++) {
        qemu_bh_schedule(vcrypto->queues[i].bh);
    }
    qemu_bh_schedule(vcrypto->ctrl_bh);
}

/* Called when the driver sets the status, and when the VM stops or runs. */
static CompatSetStatusResult virtio_crypto_set_status(VirtIODevice *vdev,
                                                      uint8_t status)
{
    VirtIOCrypto *vcrypto = VIRTIO_CRYPTO(vdev);

    if (vdev->vm_running && (status & VIRTIO_CONFIG_S_DRIVER_OK)) {
        /* buffers that were made available before must not wait for a kick */
        virtio_crypto_kick_all(vcrypto);
    } else {
        /* bottom halves that run meanwhile must not start anything */
        vdev->status = status;
        virtio_crypto_drain(vcrypto);
    }
    return COMPAT_SET_STATUS_OK;
}

static void virtio_crypto_reset(VirtIODevice *vdev)
{
    VirtIOCrypto *vcrypto = VIRTIO_CRYPTO(vdev);

    /* virtio_reset() has set the status to 0: nothing is in flight */
    trace_virtio_crypto_reset(vcrypto);
    virtio_crypto_sessions_clear(&vcrypto->sessions);
}

static void virtio_crypto_queue_reset(VirtIODevice *vdev, uint32_t index)
{
    VirtIOCrypto *vcrypto = VIRTIO_CRYPTO(vdev);

    if (index < vcrypto->num_queues) {
        virtio_crypto_drain_queue(&vcrypto->queues[index]);
    }
}

static void virtio_crypto_init_queue(VirtIOCrypto *vcrypto, unsigned index)
{
    VirtIODevice *vdev = VIRTIO_DEVICE(vcrypto);
    VirtIOCryptoQueue *q = &vcrypto->queues[index];

    q->vcrypto = vcrypto;
    q->index = index;
    q->vq = virtio_add_queue(vdev, VIRTIO_CRYPTO_QUEUE_SIZE,
                             virtio_crypto_handle_data);
    q->bh = virtio_bh_new_guarded(DEVICE(vcrypto), virtio_crypto_queue_bh, q);
    virtio_crypto_address_space_init(&q->space, vdev);
    cryptodev_throttle_timers_init(&q->throttle_timers,
                                   qemu_get_aio_context(),
                                   virtio_crypto_queue_resume, q);
}

static void virtio_crypto_cleanup_queue(VirtIOCryptoQueue *q)
{
    throttle_timers_destroy(&q->throttle_timers);
    qemu_bh_delete(q->bh);
    virtio_delete_queue(q->vq);
}

static void virtio_crypto_device_realize(DeviceState *dev, Error **errp)
{
    VirtIODevice *vdev = VIRTIO_DEVICE(dev);
    VirtIOCrypto *vcrypto = VIRTIO_CRYPTO(dev);
    VirtIOCryptoConf *conf = &vcrypto->conf;

    if (!conf->cryptodev) {
        error_setg(errp, "'cryptodev' must name a backend, for example one "
                   "made with -object cryptodev-backend-builtin,id=ID");
        return;
    }
    if (conf->max_sessions < 1 ||
        conf->max_sessions > VIRTIO_CRYPTO_SESSIONS_MAX) {
        error_setg(errp, "'max-sessions' must be between 1 and %d",
                   VIRTIO_CRYPTO_SESSIONS_MAX);
        return;
    }
    vcrypto->ready_notifier.notify = virtio_crypto_ready_changed;
    if (!cryptodev_backend_attach(conf->cryptodev, &vcrypto->ready_notifier,
                                  errp)) {
        return;
    }
    QEMU_BUILD_BUG_ON(CRYPTODEV_MAX_QUEUES + 1 > VIRTIO_QUEUE_MAX);
    virtio_init(vdev, VIRTIO_ID_CRYPTO, sizeof(struct virtio_crypto_config));
    virtio_crypto_sessions_init(&vcrypto->sessions, conf->max_sessions);
    vcrypto->num_queues = conf->cryptodev->queues;
    vcrypto->queues = g_new0(VirtIOCryptoQueue, vcrypto->num_queues);
    for (uint32_t i = 0; i < vcrypto->num_queues; i++) {
        virtio_crypto_init_queue(vcrypto, i);
    }
    vcrypto->ctrl_vq = virtio_add_queue(vdev, VIRTIO_CRYPTO_QUEUE_SIZE,
                                        virtio_crypto_handle_ctrl);
    vcrypto->ctrl_bh = virtio_bh_new_guarded(dev, virtio_crypto_ctrl_bh,
                                             vcrypto);
}

static void virtio_crypto_device_unrealize(DeviceState *dev)
{
    VirtIODevice *vdev = VIRTIO_DEVICE(dev);
    VirtIOCrypto *vcrypto = VIRTIO_CRYPTO(dev);

    vdev->status = 0;
    virtio_crypto_drain(vcrypto);
    for (uint32_t i = 0; i < vcrypto->num_queues; i++) {
        virtio_crypto_cleanup_queue(&vcrypto->queues[i]);
    }
    qemu_bh_delete(vcrypto->ctrl_bh);
    virtio_delete_queue(vcrypto->ctrl_vq);
    g_free(vcrypto->queues);
    virtio_crypto_sessions_cleanup(&vcrypto->sessions);
    virtio_cleanup(vdev);
    cryptodev_backend_detach(vcrypto->conf.cryptodev,
                             &vcrypto->ready_notifier);
}

static const VMStateDescription vmstate_virtio_crypto = {
    .name = "virtio-crypto",
    .unmigratable = 1,                  /* sessions hold keys of the guest */
    .minimum_version_id = 1,
    .version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_VIRTIO_DEVICE,
        VMSTATE_END_OF_LIST()
    },
};

static const Property virtio_crypto_properties[] = {
    DEFINE_PROP_LINK("cryptodev", VirtIOCrypto, conf.cryptodev,
                     TYPE_CRYPTODEV_BACKEND, CryptoDevBackend *),
    DEFINE_PROP_ON_OFF_AUTO("draft-v11", VirtIOCrypto, conf.draft_v11,
                            ON_OFF_AUTO_AUTO),
    DEFINE_PROP_UINT32("max-sessions", VirtIOCrypto, conf.max_sessions,
                       16384),
};

static void virtio_crypto_class_init(ObjectClass *klass, CompatClassData data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    VirtioDeviceClass *vdc = VIRTIO_DEVICE_CLASS(klass);

    dc->desc = "Virtio crypto device";
    dc->vmsd = &vmstate_virtio_crypto;
    set_bit(DEVICE_CATEGORY_MISC, dc->categories);
    device_class_set_props(dc, virtio_crypto_properties);
    vdc->realize = virtio_crypto_device_realize;
    vdc->unrealize = virtio_crypto_device_unrealize;
    vdc->get_config = virtio_crypto_get_config;
    vdc->get_features = virtio_crypto_get_features;
    vdc->set_status = virtio_crypto_set_status;
    vdc->reset = virtio_crypto_reset;
    vdc->queue_reset = virtio_crypto_queue_reset;
}

static const TypeInfo virtio_crypto_info = {
    .name = TYPE_VIRTIO_CRYPTO,
    .parent = TYPE_VIRTIO_DEVICE,
    .instance_size = sizeof(VirtIOCrypto),
    .class_init = virtio_crypto_class_init,
};

static void virtio_crypto_register_types(void)
{
    type_register_static(&virtio_crypto_info);
}

type_init(virtio_crypto_register_types);
