/*
 * vhost-user-crypto: the life of a queue
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "qemu/main-loop.h"
#include "qemu/timer.h"
#include "vhost-user-crypto.h"

/* Messages wait no longer than this. */
#define VU_CRYPTO_BUDGET_NS     (1 * SCALE_MS)

static VuCrypto *server_of(const VirtIOCryptoQueue *q)
{
    return container_of(q->sessions, VuCrypto, sessions);
}

/* Functions that the code for requests calls */

void virtio_crypto_queue_suppress_kicks(VirtIOCryptoQueue *q)
{
    virtqueue_batch_set_notification(&q->batch, false);
}

void virtio_crypto_queue_allow_kicks(VirtIOCryptoQueue *q)
{
    if (server_of(q)->stock) {
        vu_crypto_ring_want_kick(&q->batch);
    }
    virtqueue_batch_set_notification(&q->batch, true);
}

void virtio_crypto_queue_watch(VirtIOCryptoQueue *q, bool watch)
{
}

/*
 * A guest has broken its ring, which does not affect others.  Stop the ring
 * until the front end sets it up again, and tell the front end.
 */
void virtio_crypto_queue_break(VirtIOCryptoQueue *q, const char *why)
{
    VuCrypto *s = server_of(q);

    if (!q->error && vu_crypto_may_tell(s)) {
        warn_report("queue %u: %s; it rests until it is reset", q->index, why);
    }
    q->error = why;
    vu_crypto_signal(s, s->vu.vq[q->index].err_fd);
}

/* Turns */

void vu_crypto_queue_schedule(VuCrypto *s, unsigned index)
{
    qatomic_set(&s->queues[index].scheduled, true);
    qemu_bh_schedule(s->bh);
}

static void queue_notify(VirtIOCryptoQueue *q)
{
    if (q->notify) {
        q->notify = false;
        virtqueue_batch_notify(&q->batch);
    }
}

/* Returns: whether there is more to do */
static bool queue_run(VuCrypto *s, VirtIOCryptoQueue *q, int64_t deadline)
{
    bool more = virtio_crypto_is_control(q) ?
                virtio_crypto_ctrlq_run(q, deadline) :
                virtio_crypto_dataq_run(q, deadline);

    queue_notify(q);
    return more;
}

void vu_crypto_queues_run(VuCrypto *s)
{
    int64_t deadline = get_clock() + VU_CRYPTO_BUDGET_NS;
    unsigned num = s->num_queues + 1, first = s->next;

    for (unsigned i = 0; i < num && !s->failed; i++) {
        unsigned index = (first + i) % num;
        VirtIOCryptoQueue *q = &s->queues[index];

        if (q->stopped || q->error || !qatomic_xchg(&q->scheduled, false)) {
            continue;
        }
        if (get_clock() > deadline) {
            s->next = index;
            vu_crypto_queue_schedule(s, index);
            return;
        }
        if (queue_run(s, q, deadline)) {
            vu_crypto_queue_schedule(s, index);
        }
    }
}

/* Life */

static void throttle_resume(void *opaque)
{
    VirtIOCryptoQueue *q = opaque;

    vu_crypto_queue_schedule(server_of(q), q->index);
}

void vu_crypto_queue_init(VuCrypto *s, unsigned index)
{
    VirtIOCryptoQueue *q = &s->queues[index];

    q->index = index;
    q->cryptodev = s->backend;
    q->sessions = &s->sessions;
    q->stopped = true;
    virtqueue_batch_init(&q->batch, vu_crypto_ring_new(s, index));
    virtio_crypto_ram_init(&q->ram, &q->batch.window);
    cryptodev_throttle_timers_init(&q->throttle_timers, qemu_get_aio_context(),
                                   throttle_resume, q);
    if (index == s->num_queues) {
        q->ctrl = g_new(VirtIOCryptoCtrl, 1);
    }
}

void vu_crypto_queue_cleanup(VirtIOCryptoQueue *q)
{
    throttle_timers_destroy(&q->throttle_timers);
    virtio_crypto_requests_cleanup(q);
    g_free(q->spec);
    g_free(q->ctrl);
    vu_crypto_ring_free(q->batch.vq);
}

static void queue_start(VuCrypto *s, VirtIOCryptoQueue *q)
{
    uint64_t features = s->vdev.guest_features;

    if (!vu_crypto_ring_start(q->batch.vq)) {
        vu_crypto_fail(s, "the ring of queue %u is not in shared memory",
                       q->index);
        return;
    }
    q->revision_1 = virtio_has_feature(features, VIRTIO_CRYPTO_F_REVISION_1);
    q->draft_v11 = true;
    q->buf = (VirtIOCryptoBuffer) {
        .dma = &q->ram.dma,
        .caps = &s->caps,
        .stateless = features >> VIRTIO_CRYPTO_F_STATELESS_MODE(0),
        .chain_aad_first = s->conf.chain_aad_first,
        .aead_aad_first = s->conf.aead_aad_first,
    };
    q->stopped = false;
    virtio_crypto_queue_allow_kicks(q);
    vu_crypto_queue_schedule(s, q->index);
}

static bool may_run(const VuCrypto *s, const VirtIOCryptoQueue *q)
{
    const VuVirtq *set = &s->vu.vq[q->index];

    return set->started && (set->enable || s->stock) &&
           set->vra.desc_user_addr;
}

void vu_crypto_queue_update(VuCrypto *s, VirtIOCryptoQueue *q)
{
    if (q->stopped && !q->error && may_run(s, q)) {
        queue_start(s, q);
    }
}

static void queue_stop(VirtIOCryptoQueue *q)
{
    q->stopped = true;
    virtio_crypto_data_forget_session(q);
    vu_crypto_ring_stop(q->batch.vq);
}

static void queue_poll(VirtIOCryptoQueue *q)
{
    if (virtio_crypto_is_control(q)) {
        virtio_crypto_ctrlq_poll(q);
    } else {
        virtio_crypto_dataq_poll(q);
    }
}

void vu_crypto_queue_settle(VuCrypto *s, VirtIOCryptoQueue *q)
{
    while (q->num_kept) {
        qemu_event_reset(&s->woken);
        queue_poll(q);
        if (q->num_kept && q->batch.error) {
            vu_crypto_queue_drop(s, q);
        } else if (q->num_kept) {
            qemu_event_wait(&s->woken);
        }
    }
    queue_notify(q);
}

void vu_crypto_queue_pause(VuCrypto *s, VirtIOCryptoQueue *q)
{
    if (!q->stopped) {
        vu_crypto_queue_settle(s, q);
        queue_stop(q);
    }
}

void vu_crypto_queue_drop(VuCrypto *s, VirtIOCryptoQueue *q)
{
    cryptodev_backend_cancel(s->backend, q->index);
    virtio_crypto_requests_drop(q);
    q->notify = false;
    q->error = NULL;
    queue_stop(q);
}
