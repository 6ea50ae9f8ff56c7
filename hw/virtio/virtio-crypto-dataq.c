/*
 * virtio-crypto: the data queues
 *
 * A queue is processed in batches: pop, parse, find the session, submit all
 * to the backend, then answer what is final with one update of the used ring
 * and one notification.  Operations that the backend holds are answered one
 * by one when it is done with them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/iov.h"
#include "qemu/log.h"
#include "qemu/main-loop.h"
#include "qemu/timer.h"
#include "qemu/units.h"
#include "block/aio-wait.h"
#include "trace.h"
#include "virtio-crypto-int.h"

/* Bytes of input after which a batch is full. */
#define VIRTIO_CRYPTO_BATCH_BYTES   (256 * KiB)

/* After so long a busy queue lets the rest of the event loop run. */
#define VIRTIO_CRYPTO_BUDGET_NS     (1 * SCALE_MS)

/*
 * With so many operations in the backend a queue starts no batch: the host's
 * threads, and the memory behind the operations, are not the guest's to use
 * up.
 */
#define VIRTIO_CRYPTO_IN_FLIGHT_MAX 8

/* A data request, from the ring and back. */
typedef struct VirtIOCryptoReq {
    VirtQueueElement elem;              /* first: allocated by virtqueue_pop */
    VirtIOCryptoQueue *q;
    VirtIOCryptoReply reply;
    VirtIOCryptoMap map;
    CryptoDevOp op;                     /* its session is NULL if refused */
} VirtIOCryptoReq;

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

static void virtio_crypto_op_done(CryptoDevOp *op)
{
    VirtIOCryptoReq *req = container_of(op, VirtIOCryptoReq, op);
    VirtIOCryptoQueue *q = req->q;

    virtio_crypto_req_finish(req, 0);
    virtio_crypto_flush(VIRTIO_DEVICE(q->vcrypto), q->vq, 1);
    q->in_flight--;
    qemu_bh_schedule(q->bh);
    aio_wait_kick();
}

static void virtio_crypto_forget_stateless(VirtIOCryptoQueue *q)
{
    if (q->stateless) {
        cryptodev_session_put(q->stateless);
        q->stateless = NULL;
    }
}

/*
 * The session of a stateless request.  Requests with the same key tend to
 * come in a row: the queue keeps the last session, and with it the key
 * schedule.
 */
static CryptoDevStatus
virtio_crypto_stateless_session(VirtIOCryptoQueue *q,
                                const VirtIOCryptoFormat *format,
                                const VirtIOCryptoSg *out,
                                VirtIOCryptoData *data,
                                CryptoDevSession **session)
{
    VirtIODevice *vdev = VIRTIO_DEVICE(q->vcrypto);
    CryptoDevBackend *b = q->vcrypto->conf.cryptodev;
    g_autofree VirtIOCryptoCtrl *ctrl = NULL;
    CryptoDevStatus status;

    if (!virtio_vdev_has_feature(vdev, VIRTIO_CRYPTO_F_STATELESS_MODE(
                                           data->service))) {
        return CRYPTODEV_NOTSUPP;
    }
    ctrl = g_new(VirtIOCryptoCtrl, 1);
    status = format->parse_params(out, &b->caps, data, ctrl);
    if (status == CRYPTODEV_OK &&
        !(q->stateless &&
          cryptodev_session_serves(q->stateless, &ctrl->params))) {
        virtio_crypto_forget_stateless(q);
        status = virtio_crypto_session_new(q->vcrypto, &ctrl->params,
                                           &q->stateless);
    }
    virtio_crypto_ctrl_wipe(ctrl);
    if (status == CRYPTODEV_OK) {
        *session = q->stateless;
        cryptodev_session_get(*session);
    }
    return status;
}

static CryptoDevStatus
virtio_crypto_find_session(VirtIOCryptoQueue *q,
                           const VirtIOCryptoFormat *format,
                           const VirtIOCryptoSg *out, VirtIOCryptoData *data,
                           CryptoDevSession **session)
{
    if (data->stateless) {
        return virtio_crypto_stateless_session(q, format, out, data, session);
    }
    *session = virtio_crypto_sessions_get(&q->vcrypto->sessions,
                                          data->session_id, data->service);
    return *session ? CRYPTODEV_OK : CRYPTODEV_INVSESS;
}

static CryptoDevStatus
virtio_crypto_req_parse_op(VirtIOCryptoReq *req,
                           const VirtIOCryptoFormat *format,
                           const VirtIOCryptoSg *out,
                           const VirtIOCryptoSg *in, VirtIOCryptoData *data)
{
    VirtIOCryptoQueue *q = req->q;
    CryptoDevBackend *b = q->vcrypto->conf.cryptodev;
    CryptoDevOp *op = &req->op;
    CryptoDevStatus status;

    if (!virtio_crypto_algos(q->vcrypto, data->service)) {
        return CRYPTODEV_NOTSUPP;
    }
    if (!cryptodev_backend_ready(b)) {
        return CRYPTODEV_ERR;
    }
    status = virtio_crypto_find_session(q, format, out, data, &op->session);
    if (status != CRYPTODEV_OK) {
        return status;
    }
    op->kind = data->kind;
    op->done = virtio_crypto_op_done;
    status = cryptodev_session_check_kind(&op->session->params, op->kind);
    if (status != CRYPTODEV_OK) {
        return status;
    }
    status = format->parse_body(format, out, in, &q->space.dma, &b->caps,
                                &op->session->params, data, &req->map, op);
    return status == CRYPTODEV_OK ? cryptodev_op_validate(op) : status;
}

/* Turn a popped buffer into an operation to submit, or a refused request. */
static void virtio_crypto_req_parse(VirtIOCryptoReq *req,
                                    const VirtIOCryptoFormat *format)
{
    VirtIOCryptoQueue *q = req->q;
    VirtIOCryptoSg out = virtio_crypto_out_sg(&req->elem);
    VirtIOCryptoSg in = virtio_crypto_in_sg(&req->elem);
    VirtIOCryptoData data = {
        .service = CRYPTODEV_SERVICE__MAX,
        .chain_aad_first = q->vcrypto->conf.chain_aad_first,
    };
    CryptoDevStatus status = format->parse_head(format, &out, &in, &data);

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

/* Whether something that will schedule the bottom half must happen first. */
static bool virtio_crypto_must_wait(VirtIOCryptoQueue *q)
{
    return q->in_flight >= VIRTIO_CRYPTO_IN_FLIGHT_MAX ||
           cryptodev_throttled(q->vcrypto->conf.cryptodev,
                               &q->throttle_timers);
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

        req = virtio_crypto_must_wait(q) ? NULL : virtio_crypto_req_pop(q);
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
        if (virtio_queue_empty(q->vq) || virtio_crypto_must_wait(q)) {
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

void virtio_crypto_dataq_init(VirtIOCrypto *vcrypto, unsigned index)
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

void virtio_crypto_dataq_drain(VirtIOCryptoQueue *q)
{
    AIO_WAIT_WHILE_UNLOCKED(NULL, q->in_flight);
    virtio_crypto_forget_stateless(q);
}

void virtio_crypto_dataq_cleanup(VirtIOCryptoQueue *q)
{
    throttle_timers_destroy(&q->throttle_timers);
    qemu_bh_delete(q->bh);
    virtio_delete_queue(q->vq);
}
