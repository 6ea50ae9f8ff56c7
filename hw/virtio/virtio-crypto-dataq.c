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
#include "qemu/main-loop.h"
#include "qemu/timer.h"
#include "block/aio-wait.h"
#include "virtio-crypto-internal.h"

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
        req->op.done = virtio_crypto_op_done;
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
            virtio_crypto_req_keep(container_of(q->ops[i], VirtIOCryptoReq,
                                                op));
            q->in_flight++;
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
    virtio_crypto_req_forget_session(q);
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
    g_free(q->spec);
    virtio_delete_queue(q->vq);
}
