/*
 * virtio-crypto: what the files of the device share
 *
 * A request goes through them like this:
 *
 *   kick --> worker --> queue: gather --> request: pop --> format: parse
 *        --> queue: submit --> backend
 *   backend --> worker --> queue: poll --> request: finish --> reply
 *        --> queue: flush --> worker: notify
 *
 * Rings and buffers are reached through a VirtQueueBatch only: they are RAM,
 * and nothing that a queue does needs the BQL.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_VIRTIO_CRYPTO_INTERNAL_H
#define HW_VIRTIO_CRYPTO_INTERNAL_H

#include "qemu/units.h"
#include "block/aio.h"
#include "hw/virtio/virtio-crypto.h"
#include "hw/virtio/virtqueue-batch.h"
#include "standard-headers/linux/virtio_crypto.h"
#include "crypto/format.h"
#include "crypto/memo.h"
#include "virtio-crypto-dma.h"
#include "virtio-crypto-sessions.h"

/* Requests that are handled, and answered, together. */
#define VIRTIO_CRYPTO_BATCH         VIRTQUEUE_BATCH_MAX

QEMU_BUILD_BUG_ON(VIRTIO_CRYPTO_BATCH != CRYPTODEV_BATCH_MAX);

/*
 * With so many requests in the backend a queue takes no more: the host's
 * threads, and the memory behind the operations, are not the guest's to use
 * up.  Those of a batch are taken together, so there may be as many more.
 */
#define VIRTIO_CRYPTO_KEPT_MAX      16
/* Nor with its part of so many bytes of copies, which all queues share */
#define VIRTIO_CRYPTO_KEPT_BYTES    (64 * MiB)
#define VIRTIO_CRYPTO_TAKEN_MAX     (VIRTIO_CRYPTO_KEPT_MAX + \
                                     VIRTIO_CRYPTO_BATCH)

/* Pieces of most requests; longer ones bring memory of their own. */
#define VIRTIO_CRYPTO_REQUEST_IOV   24

/**
 * VirtIOCryptoRequest: a request, from the ring and back
 *
 * @q: its queue
 * @elem: the buffer; its pieces are in @iov and @addr, or in @long_iov and
 *     @long_addr
 * @reply: where the outcome goes
 * @map: what a request of the draft names by address
 * @op: its session is NULL if the request was refused before it was found
 * @owns_session: whether the reference to the session is the request's.  One
 *     request of a batch has it for all with the same session.
 * @hold: the memory of a request that the backend holds, else NULL
 * @next: in q->kept, or in q->spare
 */
typedef struct VirtIOCryptoRequest VirtIOCryptoRequest;
struct VirtIOCryptoRequest {
    VirtIOCryptoQueue *q;
    VirtQueueElement elem;
    VirtIOCryptoReply reply;
    VirtIOCryptoMap map;
    CryptoDevOp op;
    bool owns_session;
    RAMHold *hold;
    QLIST_ENTRY(VirtIOCryptoRequest) next;
    struct iovec *long_iov;
    hwaddr *long_addr;
    struct iovec iov[VIRTIO_CRYPTO_REQUEST_IOV];
    hwaddr addr[VIRTIO_CRYPTO_REQUEST_IOV];
};

/**
 * VirtIOCryptoQueue: a data queue, or the control queue
 *
 * Requests are served with what stands here: the files of their way, from the
 * ring to the backend and back, know nothing else of the device.
 *
 * @vcrypto: the device
 * @cryptodev, @sessions: the device's
 * @index: of the virtqueue, and of the backend's queue
 * @home: who processes it while ioeventfds are in use
 * @worker: who processes it now: @home, or the main loop.  Written by the
 *     main thread only, while stopped; atomic
 * @stopped: whether it rests.  Written by the main thread only, atomic
 * @scheduled: whether it is to be looked at; atomic
 * @error: what is wrong with its ring, to be reported by the main loop; then
 *     it rests until it is stopped.  Atomic
 * @throttle_timers: of the main loop
 * @revision_1: whether VIRTIO_CRYPTO_F_REVISION_1 was negotiated
 * @draft_v11: whether requests of the v11 draft are served
 *
 * The rest is touched by the worker only, or by the main thread while
 * stopped:
 *
 * @batch: the ring
 * @ram: memory that requests of the draft name by address
 * @watched: whether the worker's thread waits for kicks; unused in the main
 *     loop
 * @suppressing: whether it is us who have turned kicks off
 * @notify: whether the driver is to be notified
 * @poll_backoff: how many times not to wait for more
 * @poll_failed: how many times that will be after the next failure
 * @kept, @num_kept: requests that the backend holds
 * @kept_bytes: what the backend has copied of them, about
 * @taken, @num_taken: requests that were taken on the other side of a
 *     migration, and are to be taken first; NULL if there is none
 * @order, @num_order: of a ring that is used in order, while it is loaded
 * @spare, @num_spare: requests that are free for use
 * @stateless: session of the last stateless request, NULL if there was none
 * @buf, @data: the request at hand, for its parser
 * @memo: how the last request of this batch was parsed
 * @spec: session of the stateless request at hand, NULL before the first one
 * @ctrl: the request at hand of the control queue, NULL for a data queue
 * @last_session: session of the last request of this batch, NULL if none
 * @requests, @num_requests: the batch: all its requests
 * @ops: what to submit of it
 */
struct VirtIOCryptoQueue {
    VirtIOCrypto *vcrypto;
    CryptoDevBackend *cryptodev;
    VirtIOCryptoSessions *sessions;
    unsigned index;
    VirtIOCryptoWorker *home;
    VirtIOCryptoWorker *worker;
    bool stopped;
    bool scheduled;
    const char *error;
    ThrottleTimers throttle_timers;
    bool revision_1;
    bool draft_v11;

    VirtQueueBatch batch;
    VirtIOCryptoRam ram;
    bool watched;
    bool suppressing;
    bool notify;
    unsigned poll_backoff;
    unsigned poll_failed;
    QLIST_HEAD(, VirtIOCryptoRequest) kept;
    unsigned num_kept;
    uint64_t kept_bytes;
    VirtQueueTaken **taken;
    unsigned num_taken;
    VirtQueueOrder *order;
    unsigned num_order;
    QLIST_HEAD(, VirtIOCryptoRequest) spare;
    unsigned num_spare;
    CryptoDevSession *stateless;
    VirtIOCryptoBuffer buf;
    VirtIOCryptoData data;
    VirtIOCryptoMemo memo;
    VirtIOCryptoSessionSpec *spec;
    VirtIOCryptoCtrl *ctrl;
    CryptoDevSession *last_session;
    unsigned num_requests;
    VirtIOCryptoRequest *requests[VIRTIO_CRYPTO_BATCH];
    CryptoDevOp *ops[VIRTIO_CRYPTO_BATCH];
};

/* virtio-crypto.c */

/* Whether queues may be processed: the driver is up and the VM runs. */
bool virtio_crypto_can_run(VirtIOCrypto *vcrypto, uint8_t status);

/* virtio-crypto-request.c.  Context: the worker, during a batch */

/**
 * virtio_crypto_request_pop: take a buffer from the ring; it is at q->buf for
 * its parser then.
 *
 * Returns: NULL if there is none, or if the ring is broken, see
 * q->batch.error.  A buffer that is not all in RAM, or has no room for a
 * request, is refused: its op.status is final already.
 */
VirtIOCryptoRequest *virtio_crypto_request_pop(VirtIOCryptoQueue *q);

/* The lengths of the halves of the buffer at hand, for q->buf. */
void virtio_crypto_request_measure(VirtIOCryptoQueue *q);

/* About how many bytes a backend copies of a long request */
uint64_t virtio_crypto_request_copied(const VirtIOCryptoRequest *req);

/* Keep a request, and all that it needs, beyond the batch. */
void virtio_crypto_request_keep(VirtIOCryptoRequest *req);

/**
 * virtio_crypto_request_finish: write the outcome of a request, and fill its
 * buffer.  It must be freed after the flush.
 *
 * @session_id: of a session that was made, else 0
 */
void virtio_crypto_request_finish(VirtIOCryptoRequest *req,
                                  uint64_t session_id);

/* Give a request back to its queue's spare ones.  Context: also stopped */
void virtio_crypto_request_free(VirtIOCryptoRequest *req);

/* Forget all requests that were taken.  Context: stopped */
void virtio_crypto_requests_drop(VirtIOCryptoQueue *q);

/* Forget what was loaded.  Context: stopped */
void virtio_crypto_requests_forget(VirtIOCryptoQueue *q);

/* Free the spare requests.  Context: stopped */
void virtio_crypto_requests_cleanup(VirtIOCryptoQueue *q);

/* virtio-crypto-dataq.c: what data requests do.  Context: the worker */

/**
 * virtio_crypto_dataq_run: process a data queue.
 *
 * Returns: whether there is more to do, and it is somebody else's turn
 */
bool virtio_crypto_dataq_run(VirtIOCryptoQueue *q, int64_t deadline);

/* Answer what the backend hands back, and take nothing. */
void virtio_crypto_dataq_poll(VirtIOCryptoQueue *q);

/* virtio-crypto-parse.c: from the bytes of a data request to an operation */

/**
 * virtio_crypto_data_parse: turn the request at hand into an operation to
 * submit, with the status CRYPTODEV_PENDING, or a refused one that has its
 * status.
 */
void virtio_crypto_data_parse(VirtIOCryptoRequest *req);

/* Forget the session of the last stateless request.  Context: also stopped */
void virtio_crypto_data_forget_session(VirtIOCryptoQueue *q);

/* virtio-crypto-ctrlq.c */

/* As virtio_crypto_dataq_run(), for the control queue. */
bool virtio_crypto_ctrlq_run(VirtIOCryptoQueue *q, int64_t deadline);

/* As virtio_crypto_dataq_poll(). */
void virtio_crypto_ctrlq_poll(VirtIOCryptoQueue *q);

/* virtio-crypto-queue.c: the life of a queue */

/**
 * virtio_crypto_queue_init: add queue @index to the device: a data queue, or
 * the control queue.  Paired with virtio_crypto_queue_cleanup.
 */
void virtio_crypto_queue_init(VirtIOCrypto *vcrypto, unsigned index);
void virtio_crypto_queue_cleanup(VirtIOCryptoQueue *q);

/**
 * virtio_crypto_queue_start: begin to process a queue.  Does nothing if it is
 * processed already, or if the driver has not set it up.  Context: BQL held.
 */
void virtio_crypto_queue_start(VirtIOCryptoQueue *q);

/**
 * virtio_crypto_queue_stop: stop to process a queue.  What the backend holds
 * of it stays there, and comes back when the queue is started again.
 * Context: BQL held, main AioContext.
 */
void virtio_crypto_queue_stop(VirtIOCryptoQueue *q);

/**
 * virtio_crypto_queue_reset: stop a queue, and forget all that is in flight.
 * Waits for nothing.  Context: BQL held, main AioContext.
 */
void virtio_crypto_queue_reset(VirtIOCryptoQueue *q);

/* Process a queue, which is stopped, in @worker.  Context: BQL held. */
void virtio_crypto_queue_move(VirtIOCryptoQueue *q,
                              VirtIOCryptoWorker *worker);

/* Stop to process a queue until it is reset.  Context: the worker */
void virtio_crypto_queue_break(VirtIOCryptoQueue *q, const char *why);

/*
 * Let the worker's thread wait for kicks, or not: a thread that polls would
 * see a queue that has to wait as filled, and spin.  Context: the worker
 */
void virtio_crypto_queue_watch(VirtIOCryptoQueue *q, bool watch);

/* Turn kicks off and on again.  Context: the worker, between batches */
void virtio_crypto_queue_suppress_kicks(VirtIOCryptoQueue *q);
void virtio_crypto_queue_allow_kicks(VirtIOCryptoQueue *q);

/* virtio-crypto-worker.c: who processes the queues */

/**
 * VirtIOCryptoWorker: queues that are processed in the same thread, one after
 * the other, within one budget of time
 *
 * @ctx: where; the main loop or an IOThread
 * @bh: processes the queues that are scheduled
 * @next: the queue whose turn is first
 * @running: whether a turn is under way; in the main loop turns may nest
 * @resting: whether the budget is spent, and @bh will go on
 */
struct VirtIOCryptoWorker {
    VirtIOCrypto *vcrypto;
    AioContext *ctx;
    QEMUBH *bh;
    unsigned next;
    bool running;
    bool resting;
};

/* Paired with virtio_crypto_worker_cleanup.  Context: BQL held. */
void virtio_crypto_worker_init(VirtIOCryptoWorker *w, VirtIOCrypto *vcrypto,
                               AioContext *ctx);
void virtio_crypto_worker_cleanup(VirtIOCryptoWorker *w);

/**
 * virtio_crypto_worker_call: call @fn in the worker's thread, and wait.
 *
 * The wait runs no event loop: in one the driver could do anything, such as
 * reset or unplug the device, while the caller is in the middle of that.  An
 * IOThread never needs the BQL for a queue, so the wait takes no longer than
 * its turn.
 *
 * Context: BQL held, main AioContext
 */
void virtio_crypto_worker_call(VirtIOCryptoWorker *w, QEMUBHFunc *fn,
                               void *opaque);

/* Look at a queue soon, unless it is stopped.  Context: any thread */
void virtio_crypto_worker_schedule(VirtIOCryptoQueue *q);

/* Process what is scheduled now, if the budget permits.  Context: w->ctx */
void virtio_crypto_worker_run(VirtIOCryptoWorker *w);

static inline bool virtio_crypto_is_control(const VirtIOCryptoQueue *q)
{
    return q->ctrl;
}

static inline bool virtio_crypto_in_iothread(const VirtIOCryptoQueue *q)
{
    return q->worker != &q->vcrypto->workers[0];
}

/* virtio-crypto-iothread.c: the threads of the data queues */

/**
 * virtio_crypto_iothreads_init: make the workers, and find the home of each
 * data queue.
 *
 * Returns: false with @errp set if the properties or the transport do not
 * permit it.  Paired with virtio_crypto_iothreads_cleanup.
 */
bool virtio_crypto_iothreads_init(VirtIOCrypto *vcrypto, Error **errp);
void virtio_crypto_iothreads_cleanup(VirtIOCrypto *vcrypto);

/* VirtioDeviceClass.start_ioeventfd and stop_ioeventfd.  Context: BQL held. */
int virtio_crypto_start_ioeventfd(VirtIODevice *vdev);
void virtio_crypto_stop_ioeventfd(VirtIODevice *vdev);

/* virtio-crypto-migration.c */

/**
 * virtio_crypto_migration_init: block migration where the backend cannot move.
 *
 * Returns: false with @errp set if QEMU must not be blocked.  Paired with
 * virtio_crypto_migration_cleanup.  Context: BQL held.
 */
bool virtio_crypto_migration_init(VirtIOCrypto *vcrypto, Error **errp);
void virtio_crypto_migration_cleanup(VirtIOCrypto *vcrypto);

/* VirtioDeviceClass.vmsd and post_load */
extern const VMStateDescription virtio_crypto_vmstate;
int virtio_crypto_post_load(VirtIODevice *vdev);

/* virtio-crypto-config.c: what is offered; knows no device */

/**
 * virtio_crypto_driver_caps: what of @offered a driver gets that has accepted
 * @features.
 */
CryptoDevCaps virtio_crypto_driver_caps(const CryptoDevCaps *offered,
                                        uint64_t features);

/**
 * virtio_crypto_fill_config: the config space of a device.
 *
 * @caps: of virtio_crypto_driver_caps()
 * @queues: data queues
 * @ready: whether requests are served now
 */
void virtio_crypto_fill_config(struct virtio_crypto_config *config,
                               const CryptoDevCaps *caps, uint32_t queues,
                               bool ready);

/**
 * virtio_crypto_possible_features: those of the bits @features of the device
 * type that can be offered together, by a backend that offers @caps.
 */
uint64_t virtio_crypto_possible_features(uint64_t features,
                                         const CryptoDevCaps *caps);

/* Whether a driver may accept just these bits of the device type. */
bool virtio_crypto_features_agree(uint64_t features);

/* virtio-crypto-reply.c */

/**
 * virtio_crypto_write_reply: write the outcome of a request.
 *
 * @session_id: of a session that was made, else 0
 *
 * Returns: the used length
 */
size_t virtio_crypto_write_reply(const VirtIOCryptoRequest *req,
                                 uint64_t session_id);

#endif /* HW_VIRTIO_CRYPTO_INTERNAL_H */
