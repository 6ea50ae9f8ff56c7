/*
 * virtio-crypto: the life of a queue
 *
 * A queue belongs to one worker.  Only this worker accesses its ring and its
 * requests.  The main thread starts, stops, resets and moves the queue.
 *
 * Nothing blocks on the backend.  If a queue is stopped, its pending operations
 * stay in the backend until the queue is started again, maybe in another
 * thread.  If a queue is reset, they are forgotten.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/main-loop.h"
#include "virtio-crypto-internal.h"

/* Kicks */

static VirtIOCryptoQueue *queue_of_notifier(EventNotifier *n)
{
    unsigned index;
    VirtIODevice *vdev = virtqueue_host_notifier_device(n, &index);

    return &container_of(vdev, VirtIOCrypto, parent_obj)->queues[index];
}

static void queue_kicked(VirtIOCryptoQueue *q)
{
    qatomic_set(&q->scheduled, true);
    virtio_crypto_worker_run(q->worker);
}

static void queue_notifier_read(EventNotifier *n)
{
    if (event_notifier_test_and_clear(n)) {
        queue_kicked(queue_of_notifier(n));
    }
}

static bool queue_notifier_poll(void *opaque)
{
    VirtIOCryptoQueue *q = queue_of_notifier(opaque);

    return !q->worker->resting && !virtqueue_batch_empty(&q->batch);
}

static void queue_notifier_poll_ready(EventNotifier *n)
{
    queue_kicked(queue_of_notifier(n));
}

static void queue_notifier_poll_begin(EventNotifier *n)
{
    virtqueue_batch_set_notification(&queue_of_notifier(n)->batch, false);
}

static void queue_notifier_poll_end(EventNotifier *n)
{
    virtqueue_batch_set_notification(&queue_of_notifier(n)->batch, true);
}

void virtio_crypto_queue_watch(VirtIOCryptoQueue *q, bool watch)
{
    EventNotifier *n = virtio_queue_get_host_notifier(q->batch.vq);
    AioContext *ctx = q->worker->ctx;

    if (watch == q->watched || !virtio_crypto_in_iothread(q)) {
        return;
    }
    q->watched = watch;
    if (watch) {
        /* a thread that stopped polling may have left kicks disabled */
        if (!virtio_queue_get_notification(q->batch.vq)) {
            virtqueue_batch_set_notification(&q->batch, true);
        }
        aio_set_event_notifier(ctx, n, queue_notifier_read,
                               queue_notifier_poll,
                               queue_notifier_poll_ready);
        aio_set_event_notifier_poll(ctx, n, queue_notifier_poll_begin,
                                    queue_notifier_poll_end);
        /* for requests that came before */
        event_notifier_set(n);
    } else {
        aio_set_event_notifier(ctx, n, NULL, NULL, NULL);
    }
}

void virtio_crypto_queue_suppress_kicks(VirtIOCryptoQueue *q)
{
    /* a thread that polls has disabled them, and will enable them again */
    if (virtio_queue_get_notification(q->batch.vq)) {
        q->suppressing = true;
        virtqueue_batch_set_notification(&q->batch, false);
    }
}

void virtio_crypto_queue_allow_kicks(VirtIOCryptoQueue *q)
{
    if (q->suppressing) {
        q->suppressing = false;
        virtqueue_batch_set_notification(&q->batch, true);
    }
}

/* The driver kicks a queue that no IOThread watches. */
static void virtio_crypto_handle_output(VirtIODevice *vdev, VirtQueue *vq)
{
    VirtIOCrypto *vcrypto = VIRTIO_CRYPTO(vdev);

    virtio_crypto_worker_schedule(&vcrypto->queues[virtio_get_queue_index(vq)]);
}

/* Life */

static void virtio_crypto_throttle_resume(void *opaque)
{
    virtio_crypto_worker_schedule(opaque);
}

void virtio_crypto_queue_init(VirtIOCrypto *vcrypto, unsigned index)
{
    VirtIOCryptoQueue *q = &vcrypto->queues[index];

    q->vcrypto = vcrypto;
    q->cryptodev = vcrypto->conf.cryptodev;
    q->sessions = vcrypto->sessions;
    q->index = index;
    q->stopped = true;
    q->worker = &vcrypto->workers[0];
    virtqueue_batch_init(&q->batch,
                         virtio_add_queue(VIRTIO_DEVICE(vcrypto),
                                          VIRTIO_CRYPTO_QUEUE_SIZE,
                                          virtio_crypto_handle_output));
    virtio_crypto_ram_init(&q->ram, &q->batch.window);
    cryptodev_throttle_timers_init(&q->throttle_timers,
                                   qemu_get_aio_context(),
                                   virtio_crypto_throttle_resume, q);
    if (index == vcrypto->num_queues) {
        q->ctrl = g_new(VirtIOCryptoCtrl, 1);
    }
}

/* Tell the parser which features were negotiated. */
static void queue_prepare_parser(VirtIOCryptoQueue *q)
{
    VirtIOCrypto *vcrypto = q->vcrypto;

    q->revision_1 = virtio_vdev_has_feature(VIRTIO_DEVICE(vcrypto),
                                            VIRTIO_CRYPTO_F_REVISION_1);
    q->draft_v11 = vcrypto->conf.draft_v11 != ON_OFF_AUTO_OFF;
    q->buf = (VirtIOCryptoBuffer) {
        .dma = &q->ram.dma,
        .caps = &vcrypto->caps,
        .stateless = VIRTIO_DEVICE(vcrypto)->guest_features >>
                     VIRTIO_CRYPTO_F_STATELESS_MODE(0),
        .chain_aad_first = vcrypto->conf.chain_aad_first,
        .aead_aad_first = vcrypto->conf.aead_aad_first,
    };
}

void virtio_crypto_queue_start(VirtIOCryptoQueue *q)
{
    VirtIODevice *vdev = VIRTIO_DEVICE(q->vcrypto);

    if (!q->stopped || !virtio_queue_get_desc_addr(vdev, q->index)) {
        return;
    }
    if (!virtio_queue_get_notification(q->batch.vq)) {
        virtqueue_batch_set_notification(&q->batch, true);
    }
    queue_prepare_parser(q);
    virtio_crypto_queue_watch(q, true);
    /* from here on the queue belongs to the worker */
    qatomic_store_release(&q->stopped, false);
    virtio_crypto_worker_schedule(q);
}

static void queue_leave(void *opaque)
{
    VirtIOCryptoQueue *q = opaque;

    virtio_crypto_queue_watch(q, false);
    q->suppressing = false;
    virtio_crypto_data_forget_session(q);
}

void virtio_crypto_queue_stop(VirtIOCryptoQueue *q)
{
    if (q->stopped) {
        return;
    }
    qatomic_set(&q->stopped, true);
    virtio_crypto_worker_call(q->worker, queue_leave, q);
    qatomic_set(&q->error, NULL);
}

void virtio_crypto_queue_reset(VirtIOCryptoQueue *q)
{
    virtio_crypto_queue_stop(q);
    cryptodev_backend_cancel(q->cryptodev, q->index);
    virtio_crypto_requests_drop(q);
    q->notify = false;
}

void virtio_crypto_queue_move(VirtIOCryptoQueue *q, VirtIOCryptoWorker *worker)
{
    assert(q->stopped);
    qatomic_set(&q->worker, worker);
}

void virtio_crypto_queue_break(VirtIOCryptoQueue *q, const char *why)
{
    qemu_log_mask(LOG_GUEST_ERROR, "virtio-crypto: queue %u: %s\n", q->index,
                  why);
    qatomic_set(&q->error, why);
    virtio_crypto_queue_watch(q, false);
    qemu_bh_schedule(q->vcrypto->error_bh);
}

void virtio_crypto_queue_cleanup(VirtIOCryptoQueue *q)
{
    throttle_timers_destroy(&q->throttle_timers);
    virtio_crypto_requests_cleanup(q);
    g_free(q->spec);
    g_free(q->ctrl);
    virtio_delete_queue(q->batch.vq);
}
