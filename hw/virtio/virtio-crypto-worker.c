/*
 * virtio-crypto: the threads that process the queues
 *
 * A worker runs in the main loop or an IOThread, with a budget of time.  Its
 * queues run one after the other and share the budget.  So 64 busy queues
 * delay the rest of the event loop no longer than one.
 *
 * The driver is notified last.  In the main loop an MSI is a write to an
 * address that the driver chooses: it can reset this device or another one,
 * run a nested event loop, or even unplug the device.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/main-loop.h"
#include "qemu/timer.h"
#include "virtio-crypto-internal.h"

/* Short enough to serve the monitor within a millisecond */
#define VIRTIO_CRYPTO_BUDGET_NS     (100 * SCALE_US)

void virtio_crypto_worker_schedule(VirtIOCryptoQueue *q)
{
    qatomic_set(&q->scheduled, true);
    /* a stopped queue is scheduled when it starts */
    if (!qatomic_read(&q->stopped)) {
        qemu_bh_schedule(qatomic_read(&q->worker)->bh);
    }
}

static bool worker_takes(VirtIOCryptoWorker *w, VirtIOCryptoQueue *q)
{
    return qatomic_read(&q->scheduled) && qatomic_read(&q->worker) == w &&
           !qatomic_load_acquire(&q->stopped) && !qatomic_read(&q->error) &&
           qatomic_xchg(&q->scheduled, false);
}

static bool worker_run_queue(VirtIOCryptoQueue *q, int64_t deadline)
{
    return virtio_crypto_is_control(q) ?
           virtio_crypto_ctrlq_run(q, deadline) :
           virtio_crypto_dataq_run(q, deadline);
}

/* Returns: false if the budget was spent before all queues had their turn */
static bool worker_run_queues(VirtIOCryptoWorker *w)
{
    int64_t deadline = get_clock() + VIRTIO_CRYPTO_BUDGET_NS;
    unsigned num = w->vcrypto->num_queues + 1, first = w->next;

    for (unsigned i = 0; i < num; i++) {
        unsigned index = first + i < num ? first + i : first + i - num;
        VirtIOCryptoQueue *q = &w->vcrypto->queues[index];

        if (!worker_takes(w, q)) {
            continue;
        }
        w->next = index + 1 < num ? index + 1 : 0;
        if (worker_run_queue(q, deadline)) {
            qatomic_set(&q->scheduled, true);
            return false;
        }
        if (get_clock() > deadline) {
            return false;
        }
    }
    return true;
}

/* The device is a part of its transport, which is what may go. */
DeviceState *virtio_crypto_hold(VirtIOCrypto *vcrypto)
{
    DeviceState *transport = qdev_get_parent_bus(DEVICE(vcrypto))->parent;

    object_ref(transport);
    return transport;
}

static void drop_reference(void *opaque)
{
    object_unref(opaque);
}

void virtio_crypto_release(DeviceState *transport)
{
    if (transport->realized) {
        object_unref(transport);
    } else {
        aio_bh_schedule_oneshot(qemu_get_aio_context(), drop_reference,
                                transport);
    }
}

static void worker_notify_drivers(VirtIOCryptoWorker *w)
{
    VirtIOCrypto *vcrypto = w->vcrypto;
    DeviceState *transport = virtio_crypto_hold(vcrypto);
    unsigned num = vcrypto->num_queues + 1;

    for (unsigned i = 0; i < num && transport->realized; i++) {
        VirtIOCryptoQueue *q = &vcrypto->queues[i];

        if (qatomic_read(&q->worker) == w && q->notify) {
            q->notify = false;
            virtqueue_batch_notify(&q->batch);
        }
    }
    virtio_crypto_release(transport);
}

void virtio_crypto_worker_run(VirtIOCryptoWorker *w)
{
    if (w->resting) {
        return;
    }
    if (w->running) {
        qemu_bh_schedule(w->bh);
        return;
    }
    w->running = true;
    if (!worker_run_queues(w)) {
        w->resting = true;
        qemu_bh_schedule(w->bh);
    }
    w->running = false;
    worker_notify_drivers(w);
}

static void virtio_crypto_worker_bh(void *opaque)
{
    VirtIOCryptoWorker *w = opaque;

    w->resting = false;
    virtio_crypto_worker_run(w);
}

/* Calls in a worker's thread */

typedef struct WorkerCall {
    QEMUBHFunc *fn;
    void *opaque;
    QemuEvent done;
} WorkerCall;

static void worker_do_call(void *opaque)
{
    WorkerCall *call = opaque;

    call->fn(call->opaque);
    qemu_event_set(&call->done);
}

void virtio_crypto_worker_call(VirtIOCryptoWorker *w, QEMUBHFunc *fn,
                               void *opaque)
{
    WorkerCall call = { .fn = fn, .opaque = opaque };

    if (w->ctx == qemu_get_aio_context()) {
        fn(opaque);
        return;
    }
    qemu_event_init(&call.done, false);
    aio_bh_schedule_oneshot(w->ctx, worker_do_call, &call);
    qemu_event_wait(&call.done);
    qemu_event_destroy(&call.done);
}

/* MemReentrancyGuard is not thread-safe: use it in the main loop only. */
void virtio_crypto_worker_init(VirtIOCryptoWorker *w, VirtIOCrypto *vcrypto,
                               AioContext *ctx)
{
    bool is_main = ctx == qemu_get_aio_context();

    *w = (VirtIOCryptoWorker) { .vcrypto = vcrypto, .ctx = ctx };
    w->bh = is_main ?
            virtio_bh_new_guarded(DEVICE(vcrypto), virtio_crypto_worker_bh, w) :
            aio_bh_new(ctx, virtio_crypto_worker_bh, w);
}

static void worker_delete_bh(void *opaque)
{
    VirtIOCryptoWorker *w = opaque;

    qemu_bh_delete(w->bh);
}

void virtio_crypto_worker_cleanup(VirtIOCryptoWorker *w)
{
    /* it may still be scheduled, for a queue that is stopped by now */
    virtio_crypto_worker_call(w, worker_delete_bh, w);
}
