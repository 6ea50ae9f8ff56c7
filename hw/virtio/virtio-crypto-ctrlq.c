/*
 * virtio-crypto: the control queue, which creates and destroys sessions
 *
 * The check of a public or private key takes long, so a thread of the backend
 * does it.  Until it is done, the queue takes no further request.
 *
 * Context: the main loop
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "trace.h"
#include "virtio-crypto-internal.h"

/* Returns: the id of the session; 0 with the status of @req changed */
static uint64_t ctrlq_add_session(VirtIOCryptoRequest *req)
{
    CryptoDevOp *op = &req->op;

    if (!virtio_crypto_sessions_add(req->q->sessions, op->session)) {
        op->status = CRYPTODEV_NOSPC;
        return 0;
    }
    req->owns_session = false;          /* the table has the reference now */
    return op->session->id;
}

/* Answer a request.  If it made a session, add that to the table. */
static void ctrlq_finish(VirtIOCryptoRequest *req)
{
    uint64_t id = 0;

    if (req->op.session && req->op.status == CRYPTODEV_OK) {
        id = ctrlq_add_session(req);
    }
    if (req->op.status != CRYPTODEV_OK) {
        cryptodev_backend_count_error(req->q->cryptodev, req->q->index,
                                      CRYPTODEV_SERVICE__MAX,
                                      req->op.opcode);
    }
    virtio_crypto_request_finish(req, id);
}

static CryptoDevStatus ctrlq_create(VirtIOCryptoRequest *req,
                                    const VirtIOCryptoCtrl *ctrl)
{
    VirtIOCryptoQueue *q = req->q;
    CryptoDevOp *op = &req->op;
    CryptoDevStatus status;

    if (!cryptodev_backend_ready(q->cryptodev)) {
        return CRYPTODEV_ERR;
    }
    status = cryptodev_session_new(q->cryptodev, &ctrl->spec.params,
                                   &op->session);
    if (status != CRYPTODEV_OK) {
        op->session = NULL;
        return status;
    }
    req->owns_session = true;
    if (!cryptodev_session_needs_import(op->session)) {
        return CRYPTODEV_OK;
    }
    op->opcode = CRYPTODEV_IMPORT;
    cryptodev_backend_submit(q->cryptodev, q->index, &op, 1);
    return op->status;
}

static void ctrlq_execute(VirtIOCryptoRequest *req)
{
    VirtIOCryptoQueue *q = req->q;
    VirtIOCryptoCtrl *ctrl = q->ctrl;
    CryptoDevStatus status;

    virtio_crypto_request_measure(q);
    status = q->buf.format->parse_ctrl(&q->buf, ctrl);
    req->op = (CryptoDevOp) { };
    req->reply = ctrl->reply;
    if (status == CRYPTODEV_OK && ctrl->op == VIRTIO_CRYPTO_CTRL_CREATE) {
        status = ctrlq_create(req, ctrl);
    } else if (status == CRYPTODEV_OK) {
        /* a driver may clean up whether the backend is ready or not */
        status = virtio_crypto_sessions_remove(q->sessions, ctrl->session_id,
                                               ctrl->service) ?
                 CRYPTODEV_OK : CRYPTODEV_ERR;
    }
    virtio_crypto_spec_wipe(&ctrl->spec);
    trace_virtio_crypto_ctrl(q->vcrypto, q->buf.format->name,
                             ctrl->op == VIRTIO_CRYPTO_CTRL_CREATE ?
                             "create" : "destroy", ctrl->session_id, status);
    req->op.status = status;
}

static void ctrlq_flush(VirtIOCryptoQueue *q)
{
    if (virtqueue_batch_flush(&q->batch)) {
        q->notify = true;
    }
    for (unsigned i = 0; i < q->num_requests; i++) {
        virtio_crypto_request_free(q->requests[i]);
    }
    q->num_requests = 0;
}

/*
 * Handle requests until the ring is empty, one has to wait, or the deadline has
 * passed; at least one request.
 *
 * Returns: whether there may be more to do
 */
static bool ctrlq_run_batch(VirtIOCryptoQueue *q, int64_t deadline)
{
    VirtIOCryptoRequest *req;

    q->num_requests = 0;
    do {
        req = virtio_crypto_request_pop(q);
        if (!req) {
            break;
        }
        if (req->op.status == CRYPTODEV_PENDING) {
            ctrlq_execute(req);
        }
        if (req->op.status == CRYPTODEV_PENDING) {
            virtio_crypto_request_keep(req);
        } else {
            ctrlq_finish(req);
            q->requests[q->num_requests++] = req;
        }
    } while (!q->num_kept && q->num_requests < VIRTIO_CRYPTO_BATCH &&
             get_clock() < deadline);
    ctrlq_flush(q);
    return req && !q->num_kept;
}

/* The import of a key is done. */
static void ctrlq_poll_backend(VirtIOCryptoQueue *q)
{
    q->num_requests = 0;
    if (q->num_kept &&
        cryptodev_backend_poll(q->cryptodev, q->index, q->ops, 1)) {
        VirtIOCryptoRequest *req = container_of(q->ops[0],
                                                VirtIOCryptoRequest, op);

        ctrlq_finish(req);
        q->requests[q->num_requests++] = req;
    }
    ctrlq_flush(q);
}

/* Returns: whether there may be more to do, but the time is up */
static bool ctrlq_run_batches(VirtIOCryptoQueue *q, int64_t deadline)
{
    ctrlq_poll_backend(q);
    while (!q->num_kept && ctrlq_run_batch(q, deadline)) {
        if (get_clock() >= deadline) {
            return true;
        }
    }
    return false;
}

void virtio_crypto_ctrlq_poll(VirtIOCryptoQueue *q)
{
    if (virtqueue_batch_begin(&q->batch) == VIRTQUEUE_READY) {
        ctrlq_poll_backend(q);
        virtqueue_batch_end(&q->batch);
    }
}

bool virtio_crypto_ctrlq_run(VirtIOCryptoQueue *q, int64_t deadline)
{
    do {
        VirtQueueResult result;
        bool more = false;

        virtio_crypto_queue_suppress_kicks(q);
        result = virtqueue_batch_begin(&q->batch);
        if (result == VIRTQUEUE_READY) {
            more = ctrlq_run_batches(q, deadline);
            virtqueue_batch_end(&q->batch);
        }
        if (result != VIRTQUEUE_EMPTY && q->batch.error) {
            virtio_crypto_queue_break(q, q->batch.error);
            return false;
        }
        if (more || q->num_kept) {
            return more;
        }
        virtio_crypto_queue_allow_kicks(q);
        /* check again: the driver may have skipped a kick */
    } while (!virtqueue_batch_empty(&q->batch));
    return false;
}
