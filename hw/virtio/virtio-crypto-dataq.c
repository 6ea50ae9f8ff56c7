/*
 * virtio-crypto: the data queues
 *
 * A queue is processed in batches: pop, parse, find the session, submit all
 * to the backend, then answer what is final with one update of the used ring
 * and one notification.  Operations that the backend holds are answered one
 * by one when it is done with them.
 *
 * A queue belongs to one AioContext.  Whatever touches its ring or its
 * requests runs there; it is started, stopped and moved by the main thread.
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

/*
 * A batch is full when the operations in it would keep a processor busy for
 * so long, one by one.  Large ones must come in numbers to fill the lanes of
 * a multi-buffer library.
 */
#define VIRTIO_CRYPTO_BATCH_NS      (1 * SCALE_MS)

/*
 * After so long the busy queues of a device let the rest of the event loop
 * run: the monitor is served in less than a millisecond.
 */
#define VIRTIO_CRYPTO_BUDGET_NS     (100 * SCALE_US)

/*
 * With so many operations in the backend a queue starts no batch: the host's
 * threads, and the memory behind the operations, are not the guest's to use
 * up.
 */
#define VIRTIO_CRYPTO_IN_FLIGHT_MAX 8

/*
 * A driver that polls sends its next request right after an answer.  To look
 * out for it so long is cheaper than to be woken; where that was in vain, it
 * is not tried for a growing number of times.
 */
#define VIRTIO_CRYPTO_LINGER_NS     (2 * SCALE_US)
#define VIRTIO_CRYPTO_LINGER_SKIP   64

/**
 * VirtIOCryptoReq: a data request, from the ring and back
 *
 * @elem: allocated by virtqueue_pop
 * @op: its session is NULL if the request was refused before it was found
 * @owns_session: whether the reference to the session is the request's.  One
 *     request of a batch has it for all with the same session.
 */
struct VirtIOCryptoReq {
    VirtQueueElement elem;
    VirtIOCryptoQueue *q;
    VirtIOCryptoReply reply;
    VirtIOCryptoMap map;
    CryptoDevOp op;
    bool owns_session;
};

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
    if (req->owns_session) {
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
    virtio_crypto_dataq_kick(q);
    qatomic_store_release(&q->in_flight, q->in_flight - 1);
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
virtio_crypto_stateless_session(VirtIOCryptoReq *req,
                                const VirtIOCryptoFormat *format,
                                const VirtIOCryptoSg *out,
                                VirtIOCryptoData *data)
{
    VirtIOCryptoQueue *q = req->q;
    VirtIODevice *vdev = VIRTIO_DEVICE(q->vcrypto);
    CryptoDevBackend *b = q->vcrypto->conf.cryptodev;
    CryptoDevStatus status;

    if (!virtio_vdev_has_feature(vdev, VIRTIO_CRYPTO_F_STATELESS_MODE(
                                           data->service))) {
        return CRYPTODEV_NOTSUPP;
    }
    if (!q->ctrl) {
        q->ctrl = g_new(VirtIOCryptoCtrl, 1);
    }
    status = format->parse_params(out, &q->vcrypto->caps, data, q->ctrl);
    if (status == CRYPTODEV_OK &&
        !(q->stateless &&
          cryptodev_session_serves(q->stateless, &q->ctrl->params))) {
        virtio_crypto_forget_stateless(q);
        status = cryptodev_session_new(b, &q->ctrl->params, &q->stateless);
    }
    virtio_crypto_ctrl_wipe(q->ctrl);
    if (status == CRYPTODEV_OK) {
        cryptodev_session_get(q->stateless);
        req->op.session = q->stateless;
        req->owns_session = true;
    }
    return status;
}

/*
 * A session counts its references for all queues: requests of a batch that
 * come in a row with the same one share what the first of them took.
 */
static CryptoDevStatus virtio_crypto_find_session(VirtIOCryptoReq *req,
                                                  const VirtIOCryptoData *data)
{
    VirtIOCryptoQueue *q = req->q;
    CryptoDevSession *last = q->last_session;

    if (!last || last->id != data->session_id ||
        last->params.service != data->service) {
        last = virtio_crypto_sessions_get(&q->vcrypto->sessions,
                                          data->session_id, data->service);
        if (!last) {
            return CRYPTODEV_INVSESS;
        }
        q->last_session = last;
        req->owns_session = true;
    }
    req->op.session = last;
    return CRYPTODEV_OK;
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

    if (!q->vcrypto->caps.algos[data->service]) {
        return CRYPTODEV_NOTSUPP;
    }
    if (!cryptodev_backend_ready(b)) {
        return CRYPTODEV_ERR;
    }
    status = data->stateless ?
             virtio_crypto_stateless_session(req, format, out, data) :
             virtio_crypto_find_session(req, data);
    if (status != CRYPTODEV_OK) {
        return status;
    }
    op->kind = data->kind;
    op->done = virtio_crypto_op_done;
    status = cryptodev_session_check_kind(&op->session->params, op->kind);
    if (status != CRYPTODEV_OK) {
        return status;
    }
    status = format->parse_body(format, out, in, &q->space.dma,
                                &q->vcrypto->caps, &op->session->params,
                                data, &req->map, op);
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
    VirtIOCryptoReq *req = virtio_crypto_pop(q->vq, sizeof(*req));
    const VirtIOCryptoFormat *format;

    if (!req) {
        return NULL;
    }
    format = virtio_crypto_format_of(q->vcrypto, &req->elem);
    if (!format || !virtio_crypto_in_ram(&q->space, &req->elem)) {
        virtio_crypto_bad_element(VIRTIO_DEVICE(q->vcrypto), q->vq,
                                  &req->elem);
        return NULL;
    }
    req->q = q;
    req->map = (VirtIOCryptoMap) { };
    req->op = (CryptoDevOp) { };
    req->owns_session = false;
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

/* Whether a batch of @n requests that take about @cost ns has enough. */
static bool virtio_crypto_batch_full(unsigned n, uint64_t cost)
{
    return n == VIRTIO_CRYPTO_BATCH || cost >= VIRTIO_CRYPTO_BATCH_NS;
}

/*
 * Fill the queue's batch.  Returns the number of requests in it; the first
 * @num_ops of q->ops are to be submitted, and take about @cost ns.
 */
static unsigned virtio_crypto_gather(VirtIOCryptoQueue *q, unsigned *num_ops,
                                     uint64_t *cost)
{
    unsigned n = 0;

    *num_ops = 0;
    *cost = 0;
    q->last_session = NULL;
    while (!virtio_crypto_batch_full(n, *cost) &&
           !virtio_crypto_must_wait(q)) {
        VirtIOCryptoReq *req = virtio_crypto_req_pop(q);

        if (!req) {
            break;
        }
        q->reqs[n++] = req;
        if (req->op.status == CRYPTODEV_PENDING) {
            q->ops[(*num_ops)++] = &req->op;
            *cost += cryptodev_op_cost(&req->op);
            cryptodev_throttle_account(q->vcrypto->conf.cryptodev,
                                       req->op.src.len);
        }
    }
    return n;
}

/* What the backend keeps must keep its session. */
static void virtio_crypto_req_in_flight(VirtIOCryptoReq *req)
{
    if (!req->owns_session) {
        cryptodev_session_get(req->op.session);
        req->owns_session = true;
    }
    req->q->in_flight++;
}

/* Returns the number of requests, and whether that was a full batch. */
static unsigned virtio_crypto_run_batch(VirtIOCryptoQueue *q, bool *full)
{
    uint64_t cost;
    unsigned num_ops, n = virtio_crypto_gather(q, &num_ops, &cost);
    unsigned finished = 0;

    *full = virtio_crypto_batch_full(n, cost);
    if (!n) {
        return 0;
    }
    cryptodev_backend_submit(q->vcrypto->conf.cryptodev, q->index, q->ops,
                             num_ops);
    for (unsigned i = 0; i < num_ops; i++) {
        if (q->ops[i]->status == CRYPTODEV_PENDING) {
            virtio_crypto_req_in_flight(container_of(q->ops[i],
                                                     VirtIOCryptoReq, op));
        }
    }
    for (unsigned i = 0; i < n; i++) {
        if (q->reqs[i]->op.status != CRYPTODEV_PENDING) {
            virtio_crypto_req_finish(q->reqs[i], finished++);
        }
    }
    virtio_crypto_flush(VIRTIO_DEVICE(q->vcrypto), q->vq, finished);
    return n;
}

/* Wait a moment for more.  Returns whether it has come. */
static bool virtio_crypto_linger(VirtIOCryptoQueue *q)
{
    int64_t end;

    if (virtio_crypto_must_wait(q)) {
        return false;
    }
    if (q->linger_skip) {
        q->linger_skip--;
        return false;
    }
    end = get_clock() + VIRTIO_CRYPTO_LINGER_NS;
    do {
        if (!virtio_queue_empty(q->vq)) {
            q->linger_failed = 0;
            return true;
        }
        cpu_relax();
    } while (get_clock() < end);
    q->linger_failed = MIN(2 * q->linger_failed + 1,
                           VIRTIO_CRYPTO_LINGER_SKIP);
    q->linger_skip = q->linger_failed;
    return false;
}

/*
 * Run batches until there is nothing to do.  Returns false when others should
 * have a turn; the clock is read now and then only.
 */
static bool virtio_crypto_run_batches(VirtIOCryptoQueue *q)
{
    int64_t deadline = get_clock() +
                       VIRTIO_CRYPTO_BUDGET_NS / q->vcrypto->num_queues;
    unsigned n, sum = 0;
    bool full;

    do {
        n = virtio_crypto_run_batch(q, &full);
        sum += n;
        if (!full && sum < VIRTIO_CRYPTO_BATCH) {
            continue;
        }
        if (get_clock() > deadline) {
            return false;
        }
        sum = 0;
    } while (n || virtio_crypto_linger(q));
    return true;
}

static bool virtio_crypto_in_iothread(const VirtIOCryptoQueue *q)
{
    return q->ctx != qemu_get_aio_context();
}

/*
 * A queue that has to wait is not watched: a thread that polls would see it
 * filled, and spin.
 */
static void virtio_crypto_watch(VirtIOCryptoQueue *q, bool watch)
{
    if (watch == q->watched || !virtio_crypto_in_iothread(q)) {
        return;
    }
    q->watched = watch;
    if (watch) {
        virtio_queue_aio_attach_host_notifier(q->vq, q->ctx);
    } else {
        virtio_queue_aio_detach_host_notifier(q->vq, q->ctx);
    }
}

static void virtio_crypto_suppress_kicks(VirtIOCryptoQueue *q)
{
    /* a thread that polls has them off already, and will turn them on */
    if (virtio_queue_get_notification(q->vq)) {
        q->suppressing = true;
        virtio_queue_set_notification(q->vq, 0);
    }
}

static void virtio_crypto_allow_kicks(VirtIOCryptoQueue *q)
{
    if (q->suppressing) {
        q->suppressing = false;
        virtio_queue_set_notification(q->vq, 1);
    }
}

static void virtio_crypto_dataq_run(VirtIOCryptoQueue *q)
{
    if (qatomic_read(&q->stopped)) {
        return;
    }
    do {
        virtio_crypto_suppress_kicks(q);
        if (!virtio_crypto_run_batches(q)) {
            qemu_bh_schedule(q->bh);
            return;
        }
        if (virtio_crypto_must_wait(q)) {
            virtio_crypto_watch(q, false);
            return;
        }
        virtio_crypto_allow_kicks(q);
        /* look again: a kick may have been suppressed */
    } while (!virtio_queue_empty(q->vq));
    virtio_crypto_watch(q, true);
}

static void virtio_crypto_dataq_bh(void *opaque)
{
    virtio_crypto_dataq_run(opaque);
}

static void virtio_crypto_dataq_resume(void *opaque)
{
    virtio_crypto_dataq_kick(opaque);
}

void virtio_crypto_dataq_kick(VirtIOCryptoQueue *q)
{
    if (!qatomic_read(&q->stopped)) {
        qemu_bh_schedule(q->bh);
    }
}

static void virtio_crypto_handle_data(VirtIODevice *vdev, VirtQueue *vq)
{
    VirtIOCrypto *vcrypto = VIRTIO_CRYPTO(vdev);
    VirtIOCryptoQueue *q = &vcrypto->queues[virtio_get_queue_index(vq)];

    if (virtio_crypto_in_iothread(q)) {
        virtio_crypto_dataq_run(q);
    } else {
        virtio_crypto_dataq_kick(q);
    }
}

/*
 * The guard of the transport against a device that reaches its own registers
 * is for the main thread only.
 */
static QEMUBH *virtio_crypto_dataq_bh_new(VirtIOCryptoQueue *q)
{
    return virtio_crypto_in_iothread(q) ?
           aio_bh_new(q->ctx, virtio_crypto_dataq_bh, q) :
           virtio_bh_new_guarded(DEVICE(q->vcrypto), virtio_crypto_dataq_bh,
                                 q);
}

void virtio_crypto_dataq_init(VirtIOCrypto *vcrypto, unsigned index)
{
    VirtIODevice *vdev = VIRTIO_DEVICE(vcrypto);
    VirtIOCryptoQueue *q = &vcrypto->queues[index];

    q->vcrypto = vcrypto;
    q->index = index;
    q->vq = virtio_add_queue(vdev, VIRTIO_CRYPTO_QUEUE_SIZE,
                             virtio_crypto_handle_data);
    q->stopped = true;
    q->ctx = qemu_get_aio_context();
    q->bh = virtio_crypto_dataq_bh_new(q);
    virtio_crypto_address_space_init(&q->space, vdev);
    cryptodev_throttle_timers_init(&q->throttle_timers,
                                   qemu_get_aio_context(),
                                   virtio_crypto_dataq_resume, q);
}

void virtio_crypto_dataq_start(VirtIOCryptoQueue *q)
{
    VirtIODevice *vdev = VIRTIO_DEVICE(q->vcrypto);

    if (!q->stopped || !virtio_queue_get_desc_addr(vdev, q->index)) {
        return;
    }
    if (virtio_crypto_in_iothread(q) &&
        !virtio_crypto_ring_in_ram(vdev, q->index)) {
        virtio_error(vdev, "virtio-crypto: ring %u is not in memory",
                     q->index);
        return;
    }
    if (!virtio_queue_get_notification(q->vq)) {
        virtio_queue_set_notification(q->vq, 1);
    }
    qatomic_set(&q->stopped, false);
    virtio_crypto_watch(q, true);
    qemu_bh_schedule(q->bh);
}

static void virtio_crypto_dataq_leave(void *opaque)
{
    VirtIOCryptoQueue *q = opaque;

    virtio_crypto_watch(q, false);
    qemu_bh_cancel(q->bh);
    q->suppressing = false;
}

void virtio_crypto_dataq_stop(VirtIOCryptoQueue *q)
{
    if (q->stopped) {
        return;
    }
    qatomic_set(&q->stopped, true);
    aio_wait_bh_oneshot(q->ctx, virtio_crypto_dataq_leave, q);
    AIO_WAIT_WHILE_UNLOCKED(NULL, qatomic_load_acquire(&q->in_flight));
    virtio_crypto_forget_stateless(q);
}

void virtio_crypto_dataq_move(VirtIOCryptoQueue *q, AioContext *ctx)
{
    assert(q->stopped);
    qemu_bh_delete(q->bh);
    q->ctx = ctx;
    q->bh = virtio_crypto_dataq_bh_new(q);
}

void virtio_crypto_dataq_cleanup(VirtIOCryptoQueue *q)
{
    throttle_timers_destroy(&q->throttle_timers);
    qemu_bh_delete(q->bh);
    g_free(q->ctrl);
    virtio_delete_queue(q->vq);
}
