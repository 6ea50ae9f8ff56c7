/*
 * virtio-crypto: the data queues
 *
 * A queue is processed in batches: pop, parse, find the session, submit all to
 * the backend, then answer all final requests with one update of the used ring
 * and one notification.  Pending operations are answered when the backend
 * returns them from poll.
 *
 * Context: the queue's worker
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "qemu/units.h"
#include "virtio-crypto-internal.h"

/*
 * A batch is full when its operations keep a processor busy for about this
 * long: enough for several large ones, which fill the lanes of a multi-buffer
 * library.
 */
#define VIRTIO_CRYPTO_BATCH_NS      (1 * SCALE_MS)

/* Read the clock after this much estimated work. */
#define VIRTIO_CRYPTO_CLOCK_NS      (20 * SCALE_US)

/* Cost besides the cryptography, per operation and per piece of memory */
#define VIRTIO_CRYPTO_REQUEST_NS    200
#define VIRTIO_CRYPTO_PIECE_NS      30

/* Also read the clock after this many pieces: some take long to look up. */
#define VIRTIO_CRYPTO_CLOCK_PIECES  256

/* A long operation is copied. */
#define VIRTIO_CRYPTO_COPY_NS_PER_KIB   200

/*
 * A driver that polls sends its next request right after an answer.  Busy
 * polling for this time is cheaper than a wake-up.  After a failure it is
 * skipped a number of times, which grows with each failure up to the maximum.
 */
#define VIRTIO_CRYPTO_POLL_NS       (2 * SCALE_US)
#define VIRTIO_CRYPTO_BACKOFF_MAX   64

/* Whether to take no more requests; an event will schedule the queue again. */
static bool dataq_must_wait(VirtIOCryptoQueue *q, unsigned more,
                            uint64_t bytes)
{
    return q->num_kept + more >= VIRTIO_CRYPTO_KEPT_MAX ||
           (q->kept_bytes + bytes) * q->cryptodev->queues >=
           VIRTIO_CRYPTO_KEPT_BYTES ||
           cryptodev_throttled(q->cryptodev, &q->throttle_timers);
}

static bool request_is_long(const VirtIOCryptoRequest *req)
{
    const CryptoDevOp *op = &req->op;

    return op->status == CRYPTODEV_PENDING && cryptodev_op_is_long(op);
}

static unsigned request_pieces(const VirtIOCryptoRequest *req)
{
    return req->elem.out_num + req->elem.in_num + req->map.num;
}

/* Estimated time of a request in the queue's thread, in ns */
static uint64_t request_cost(const VirtIOCryptoRequest *req, bool is_long)
{
    const CryptoDevOp *op = &req->op;
    uint64_t cost = VIRTIO_CRYPTO_REQUEST_NS +
                    (uint64_t)VIRTIO_CRYPTO_PIECE_NS * request_pieces(req);

    if (op->status != CRYPTODEV_PENDING) {
        return cost;
    }
    if (is_long) {
        return cost + virtio_crypto_request_copied(req) / KiB *
                      VIRTIO_CRYPTO_COPY_NS_PER_KIB;
    }
    return cost + op->cost / MAX(op->session->lanes, 1);
}

/*
 * Fill the queue's batch.  Sets @cost to the estimated time of the batch in ns.
 * Returns: the number of operations to submit, in q->ops
 */
static unsigned dataq_gather(VirtIOCryptoQueue *q, int64_t deadline,
                             uint64_t *cost)
{
    CryptoDevBackend *b = q->cryptodev;
    unsigned num_ops = 0, num_long = 0, pieces = 0;
    uint64_t long_bytes = 0;

    *cost = 0;
    q->num_requests = 0;
    q->last_session = NULL;
    virtio_crypto_memo_reset(&q->memo);
    while (q->num_requests < VIRTIO_CRYPTO_BATCH &&
           *cost < VIRTIO_CRYPTO_BATCH_NS &&
           !dataq_must_wait(q, num_long, long_bytes)) {
        VirtIOCryptoRequest *req = virtio_crypto_request_pop(q);
        bool is_long;

        if (!req) {
            break;
        }
        q->requests[q->num_requests++] = req;
        if (req->op.status == CRYPTODEV_PENDING) {
            virtio_crypto_data_parse(req);
        }
        is_long = request_is_long(req);
        if (is_long) {
            num_long++;
            long_bytes += virtio_crypto_request_copied(req);
        }
        if (req->op.status == CRYPTODEV_PENDING) {
            q->ops[num_ops++] = &req->op;
            cryptodev_throttle_account(b, req->op.src.len + req->op.aad.len);
        }
        *cost += request_cost(req, is_long);
        pieces += request_pieces(req);
        if (pieces >= VIRTIO_CRYPTO_CLOCK_PIECES) {
            if (get_clock() > deadline) {
                break;
            }
            pieces = 0;
        }
    }
    return num_ops;
}

/* Answer and free the final ones of @n requests, and keep the others. */
static void dataq_answer(VirtIOCryptoQueue *q, VirtIOCryptoRequest **requests,
                         unsigned n)
{
    unsigned final = 0;

    for (unsigned i = 0; i < n; i++) {
        if (requests[i]->op.status == CRYPTODEV_PENDING) {
            virtio_crypto_request_keep(requests[i]);
        } else {
            virtio_crypto_request_finish(requests[i], 0);
            requests[final++] = requests[i];
        }
    }
    if (virtqueue_batch_flush(&q->batch)) {
        q->notify = true;
    }
    for (unsigned i = 0; i < final; i++) {
        virtio_crypto_request_free(requests[i]);
    }
}

/* Returns: the estimated time of the batch, 0 if there was nothing to do */
static uint64_t dataq_run_batch(VirtIOCryptoQueue *q, int64_t deadline)
{
    VirtQueueResult result = virtqueue_batch_begin(&q->batch);
    uint64_t cost = 0;
    unsigned num_ops;

    if (result == VIRTQUEUE_READY) {
        num_ops = dataq_gather(q, deadline, &cost);
        if (num_ops) {
            cryptodev_backend_submit(q->cryptodev, q->index, q->ops, num_ops);
        }
        dataq_answer(q, q->requests, q->num_requests);
        virtqueue_batch_end(&q->batch);
    }
    if (result != VIRTQUEUE_EMPTY && q->batch.error) {
        virtio_crypto_queue_break(q, q->batch.error);
        return 0;
    }
    return cost;
}

/*
 * Answer all operations that the backend has finished: it wakes the queue only
 * once for each.  If the ring cannot be used any more, they stay in q->kept
 * until the reset.
 */
void virtio_crypto_dataq_poll(VirtIOCryptoQueue *q)
{
    VirtIOCryptoRequest *requests[VIRTIO_CRYPTO_KEPT_MAX];
    VirtQueueResult result;
    unsigned n;

    if (!q->num_kept) {
        return;
    }
    result = virtqueue_batch_begin(&q->batch);
    if (result == VIRTQUEUE_READY) {
        do {
            n = cryptodev_backend_poll(q->cryptodev, q->index, q->ops,
                                       ARRAY_SIZE(requests));
            for (unsigned i = 0; i < n; i++) {
                requests[i] = container_of(q->ops[i], VirtIOCryptoRequest, op);
            }
            dataq_answer(q, requests, n);
        } while (n == ARRAY_SIZE(requests));
        virtqueue_batch_end(&q->batch);
    }
    if (result != VIRTQUEUE_EMPTY && q->batch.error) {
        virtio_crypto_queue_break(q, q->batch.error);
    }
}

/* Poll the ring for a moment.  Returns: whether there is a request */
static bool dataq_busy_poll(VirtIOCryptoQueue *q)
{
    int64_t end;

    if (q->error || dataq_must_wait(q, 0, 0)) {
        return false;
    }
    if (q->poll_backoff) {
        q->poll_backoff--;
        return false;
    }
    end = get_clock() + VIRTIO_CRYPTO_POLL_NS;
    do {
        if (!virtqueue_batch_empty(&q->batch)) {
            q->poll_failed = 0;
            return true;
        }
        cpu_relax();
    } while (get_clock() < end);
    q->poll_failed = MIN(2 * q->poll_failed + 1, VIRTIO_CRYPTO_BACKOFF_MAX);
    q->poll_backoff = q->poll_failed;
    return false;
}

/* Run batches while there is work.  Returns: false if the time is up */
static bool dataq_run_batches(VirtIOCryptoQueue *q, int64_t deadline)
{
    uint64_t cost, sum = 0;

    do {
        cost = dataq_run_batch(q, deadline);
        sum += cost;
        if (sum > VIRTIO_CRYPTO_CLOCK_NS) {
            if (get_clock() > deadline) {
                return false;
            }
            sum = 0;
        }
    } while (cost || dataq_busy_poll(q));
    return true;
}

/* Whether there is a request.  Kicks are on, so the next one will kick. */
static bool dataq_has_more(VirtIOCryptoQueue *q)
{
    return q->num_taken ? !virtio_device_disabled(&q->vcrypto->parent_obj) :
                          !virtqueue_batch_empty(&q->batch);
}

bool virtio_crypto_dataq_run(VirtIOCryptoQueue *q, int64_t deadline)
{
    virtio_crypto_dataq_poll(q);
    if (q->error) {
        return false;
    }
    while (true) {
        virtio_crypto_queue_suppress_kicks(q);
        if (!dataq_run_batches(q, deadline)) {
            return true;
        }
        if (q->error || dataq_must_wait(q, 0, 0)) {
            virtio_crypto_queue_watch(q, false);
            return false;
        }
        virtio_crypto_queue_allow_kicks(q);
        /* check again: the driver may have skipped a kick */
        if (!dataq_has_more(q)) {
            break;
        }
        if (get_clock() > deadline) {
            return true;
        }
    }
    virtio_crypto_queue_watch(q, true);
    return false;
}
