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
 * All accesses to rings and buffers go through a VirtQueueBatch, which finds
 * only RAM: so a queue never needs the BQL.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_VIRTIO_CRYPTO_INTERNAL_H
#define HW_VIRTIO_CRYPTO_INTERNAL_H

#include "qemu/units.h"
#include "hw/virtio/virtio-crypto.h"
#include "hw/virtio/virtqueue-batch.h"
#include "system/cryptodev-compat.h"
#include COMPAT_AIO_H
#include "standard-headers/linux/virtio_crypto.h"
#include "crypto/format.h"
#include "crypto/memo.h"
#include "virtio-crypto-dma.h"
#include "virtio-crypto-sessions.h"

/* The most requests of a batch */
#define VIRTIO_CRYPTO_BATCH         VIRTQUEUE_BATCH_MAX

QEMU_BUILD_BUG_ON(VIRTIO_CRYPTO_BATCH != CRYPTODEV_BATCH_MAX);

/*
 * A queue with this many requests pending in the backend takes no more, so that
 * a guest cannot use up threads and memory of the host.  The requests of a
 * batch are taken together, so up to a batch more can be taken.
 */
#define VIRTIO_CRYPTO_KEPT_MAX      16
/* Also limits the copies of pending requests, in bytes for all queues */
#define VIRTIO_CRYPTO_KEPT_BYTES    (64 * MiB)
#define VIRTIO_CRYPTO_TAKEN_MAX     (VIRTIO_CRYPTO_KEPT_MAX + \
                                     VIRTIO_CRYPTO_BATCH)

/* Enough pieces for most requests; others allocate memory. */
#define VIRTIO_CRYPTO_REQUEST_IOV   24

/**
 * VirtIOCryptoRequest: a request, from the ring and back
 *
 * @q: its queue
 * @elem: the buffer; its pieces are in @iov and @addr, or in @long_iov and
 *     @long_addr
 * @reply: where the outcome goes
 * @map: memory that a request of the draft refers to by address
 * @op: the operation; its session is NULL if the request was refused before
 *     the session was found
 * @owns_session: whether the request holds a reference to the session.  One
 *     request of a batch holds it for all that follow with the same session.
 * @hold: the memory of a request that is pending, else NULL
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
 * The files that serve requests, from the ring to the backend and back, use
 * only this struct, and no other state of the device.
 *
 * @vcrypto: the device
 * @cryptodev, @sessions: backend and session table of the device
 * @index: of the virtqueue, and of the backend's queue
 * @home: worker while ioeventfds are in use
 * @worker: current worker: @home, or that of the main loop.  Written by the
 *     main thread only, while stopped; atomic
 * @stopped: written by the main thread only; atomic
 * @scheduled: whether the worker must run the queue; atomic
 * @error: why its ring is broken, reported by the main loop; NULL if it is not.
 *     A broken queue does nothing until it is stopped.  Atomic
 * @throttle_timers: run in the main loop
 * @revision_1: whether VIRTIO_CRYPTO_F_REVISION_1 was negotiated
 * @draft_v11: whether requests of the v11 draft are served
 *
 * The rest is used by the worker only, or by the main thread while stopped:
 *
 * @batch: the ring
 * @ram: access to memory by address, for requests of the draft
 * @watched: whether the worker's thread waits for kicks; unused in the main
 *     loop
 * @suppressing: whether virtio_crypto_queue_suppress_kicks() disabled kicks
 * @notify: whether the driver must be notified
 * @poll_backoff: how many more times to skip busy polling
 * @poll_failed: initial @poll_backoff after the last failure
 * @kept, @num_kept: requests that are pending in the backend
 * @kept_bytes: roughly the bytes of them that the backend has copied
 * @taken, @num_taken: requests that the source of a migration has taken, which
 *     come first; NULL if there is none
 * @order, @num_order: with VIRTIO_F_IN_ORDER, order of the ring while loading
 * @spare, @num_spare: requests that are free for use
 * @stateless: session of the last stateless request, NULL if there was none
 * @buf, @data: current request, for its parser
 * @memo: how the last request of this batch was parsed
 * @spec: session of the current stateless request, NULL before the first one
 * @ctrl: current request of the control queue, NULL for a data queue
 * @last_session: session of the last request of this batch, NULL if none
 * @requests, @num_requests: all requests of the batch
 * @ops: operations of the batch to submit
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

/* Whether queues can be processed: the driver is up and the VM runs. */
bool virtio_crypto_can_run(VirtIOCrypto *vcrypto, uint8_t status);

/* virtio-crypto-request.c.  Context: the worker, during a batch */

/**
 * virtio_crypto_request_pop: take a buffer from the ring, and set up q->buf for
 * its parser.
 *
 * Returns: NULL if there is none, or if the ring is broken, see
 * q->batch.error.  A buffer that is not all in RAM, or is too short for a
 * request, is refused: its op.status is final already.
 */
VirtIOCryptoRequest *virtio_crypto_request_pop(VirtIOCryptoQueue *q);

/* Set the lengths of both halves of q->buf. */
void virtio_crypto_request_measure(VirtIOCryptoQueue *q);

/* About how many bytes a backend copies of a long request */
uint64_t virtio_crypto_request_copied(const VirtIOCryptoRequest *req);

/* Keep a request and its memory after the batch. */
void virtio_crypto_request_keep(VirtIOCryptoRequest *req);

/**
 * virtio_crypto_request_finish: write the outcome of a request, and fill its
 * buffer.  It must be freed after the flush.
 *
 * @session_id: of a session that was made, else 0
 */
void virtio_crypto_request_finish(VirtIOCryptoRequest *req,
                                  uint64_t session_id);

/* Return a request to its queue's spare ones.  Context: also stopped */
void virtio_crypto_request_free(VirtIOCryptoRequest *req);

/* Forget all requests that were taken.  Context: stopped */
void virtio_crypto_requests_drop(VirtIOCryptoQueue *q);

/* Forget the requests of an incoming migration.  Context: stopped */
void virtio_crypto_requests_forget(VirtIOCryptoQueue *q);

/* Free the spare requests.  Context: stopped */
void virtio_crypto_requests_cleanup(VirtIOCryptoQueue *q);

/* virtio-crypto-dataq.c: data queues.  Context: the worker */

/**
 * virtio_crypto_dataq_run: process a data queue.
 *
 * Returns: whether there is more to do, but the time is up
 */
bool virtio_crypto_dataq_run(VirtIOCryptoQueue *q, int64_t deadline);

/* Answer the operations that the backend has finished; take no requests. */
void virtio_crypto_dataq_poll(VirtIOCryptoQueue *q);

/* virtio-crypto-parse.c: from the bytes of a data request to an operation */

/**
 * virtio_crypto_data_parse: turn the current request into an operation.  Its
 * status is CRYPTODEV_PENDING if it must be submitted, else final.
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
 * virtio_crypto_queue_start: begin to process a queue.  Does nothing if it was
 * started already, or if the driver has not set it up.  Context: BQL held.
 */
void virtio_crypto_queue_start(VirtIOCryptoQueue *q);

/**
 * virtio_crypto_queue_stop: stop processing a queue.  Its pending operations
 * stay in the backend until the queue is started again.
 * Context: BQL held, main AioContext.
 */
void virtio_crypto_queue_stop(VirtIOCryptoQueue *q);

/**
 * virtio_crypto_queue_reset: stop a queue, and forget all its requests.  Does
 * not wait for them.  Context: BQL held, main AioContext.
 */
void virtio_crypto_queue_reset(VirtIOCryptoQueue *q);

/* Assign a stopped queue to @worker.  Context: BQL held. */
void virtio_crypto_queue_move(VirtIOCryptoQueue *q,
                              VirtIOCryptoWorker *worker);

/* Mark the ring of a queue as broken until a reset.  Context: the worker */
void virtio_crypto_queue_break(VirtIOCryptoQueue *q, const char *why);

/*
 * Add the queue to the event loop of its IOThread, or remove it.  A queue that
 * takes no more requests must be removed: a thread that polls would find the
 * ring not empty, and spin.  Context: the worker
 */
void virtio_crypto_queue_watch(VirtIOCryptoQueue *q, bool watch);

/* Disable or enable kicks.  Context: the worker, between batches */
void virtio_crypto_queue_suppress_kicks(VirtIOCryptoQueue *q);
void virtio_crypto_queue_allow_kicks(VirtIOCryptoQueue *q);

/* virtio-crypto-worker.c: the threads that process the queues */

/**
 * VirtIOCryptoWorker: runs the queues of one thread, one after the other,
 * within one budget of time
 *
 * @ctx: the main loop or an IOThread
 * @bh: runs the scheduled queues
 * @next: the queue that runs first
 * @running: whether queues are being run; in the main loop calls can nest
 * @resting: whether the budget is spent, and @bh will continue
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
 * The wait runs no event loop, where the driver could, for example, reset or
 * unplug the device while the caller does just that.  An IOThread never needs
 * the BQL to run a queue, so the wait takes one budget of time at most.
 *
 * Context: BQL held, main AioContext
 */
void virtio_crypto_worker_call(VirtIOCryptoWorker *w, QEMUBHFunc *fn,
                               void *opaque);

/**
 * virtio_crypto_hold: keep a device that a driver may unplug while it is told
 * something, for a caller that still has to do with it.
 *
 * Returns: to be given to virtio_crypto_release(), which drops the reference
 * when that caller is done if the device has gone.  Context: its AioContext
 */
DeviceState *virtio_crypto_hold(VirtIOCrypto *vcrypto);
void virtio_crypto_release(DeviceState *transport);

/* Run a queue soon, unless it is stopped.  Context: any thread */
void virtio_crypto_worker_schedule(VirtIOCryptoQueue *q);

/* Run the scheduled queues, unless the budget is spent.  Context: w->ctx */
void virtio_crypto_worker_run(VirtIOCryptoWorker *w);

static inline bool virtio_crypto_is_control(const VirtIOCryptoQueue *q)
{
    return q->ctrl;
}

static inline bool virtio_crypto_in_iothread(const VirtIOCryptoQueue *q)
{
    return q->worker != &q->vcrypto->workers[0];
}

/* virtio-crypto-rings.c: data queues of a server; else these do nothing */

/* Whether the properties permit it.  Returns: false with @errp set if not */
bool virtio_crypto_rings_check(VirtIOCrypto *vcrypto, Error **errp);

/* Before the queues are made, and after the session table is */
void virtio_crypto_rings_init(VirtIOCrypto *vcrypto);

/* Those of @features that the server has as well */
uint64_t virtio_crypto_rings_features(VirtIOCrypto *vcrypto,
                                      uint64_t features);

/* VirtioDeviceClass.get_vhost */
struct vhost_dev *virtio_crypto_rings_vhost_dev(VirtIODevice *vdev);

/* The data queues start, stop, and forget what is in flight. */
void virtio_crypto_rings_start(VirtIOCrypto *vcrypto);
void virtio_crypto_rings_stop(VirtIOCrypto *vcrypto);
void virtio_crypto_rings_reset(VirtIOCrypto *vcrypto);

/* The driver resets a queue.  Returns: whether it is one of the server's */
bool virtio_crypto_rings_queue_reset(VirtIOCrypto *vcrypto, unsigned queue);
bool virtio_crypto_rings_queue_start(VirtIOCrypto *vcrypto, unsigned queue);

/* virtio-crypto-iothread.c: the threads of the data queues */

/**
 * virtio_crypto_iothreads_init: make the workers, and set the home of each
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
 * virtio_crypto_migration_init: block migration if the backend requires it.
 *
 * Returns: false with @errp set if QEMU does not allow a blocker.  Paired with
 * virtio_crypto_migration_cleanup.  Context: BQL held.
 */
bool virtio_crypto_migration_init(VirtIOCrypto *vcrypto, Error **errp);
void virtio_crypto_migration_cleanup(VirtIOCrypto *vcrypto);

/* Now it may be otherwise. */
void virtio_crypto_migration_changed(VirtIOCrypto *vcrypto);

/* VirtioDeviceClass.vmsd and post_load */
extern const VMStateDescription virtio_crypto_vmstate;
int virtio_crypto_post_load(VirtIODevice *vdev);

/* virtio-crypto-config.c: what a device offers; independent of VirtIOCrypto */

/**
 * virtio_crypto_driver_caps: the part of @offered for a driver that has
 * accepted @features.
 */
CryptoDevCaps virtio_crypto_driver_caps(const CryptoDevCaps *offered,
                                        uint64_t features);

/**
 * virtio_crypto_fill_config: the config space of a device.
 *
 * @caps: of virtio_crypto_driver_caps()
 * @queues: data queues
 * @ready: whether requests are accepted now
 */
void virtio_crypto_fill_config(struct virtio_crypto_config *config,
                               const CryptoDevCaps *caps, uint32_t queues,
                               bool ready);

/**
 * virtio_crypto_possible_features: the bits of @features that can be offered
 * together with a backend that offers @caps.  All are of the device type.
 */
uint64_t virtio_crypto_possible_features(uint64_t features,
                                         const CryptoDevCaps *caps);

/* Whether a driver may accept this combination of bits of the device type */
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
