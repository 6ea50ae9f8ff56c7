/*
 * virtio-crypto device
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_VIRTIO_CRYPTO_H
#define HW_VIRTIO_CRYPTO_H

#include "block/aio.h"
#include "hw/virtio/virtio.h"
#include "hw/virtio/virtio-crypto-dma.h"
#include "hw/virtio/virtio-crypto-sessions.h"
#include "qapi/qapi-types-common.h"
#include "qapi/qapi-types-virtio.h"
#include "qom/object.h"
#include "system/cryptodev.h"
#include "system/iothread.h"

#define TYPE_VIRTIO_CRYPTO "virtio-crypto-device"
OBJECT_DECLARE_SIMPLE_TYPE(VirtIOCrypto, VIRTIO_CRYPTO)

/* Feature bits; newer than the header that is shared with Linux. */
#define VIRTIO_CRYPTO_F_REVISION_1                  0
/* VIRTIO_CRYPTO_F_CIPHER_STATELESS_MODE and those of the other services */
#define VIRTIO_CRYPTO_F_STATELESS_MODE(service)     (1 + (service))

#define VIRTIO_CRYPTO_QUEUE_SIZE                    1024

/* Buffers that are handled, and answered, together. */
#define VIRTIO_CRYPTO_BATCH                         64

/**
 * VirtIOCryptoConf: properties
 *
 * @cryptodev: the backend, mandatory
 * @draft_v11: whether requests of the v11 draft are served
 * @max_sessions: how many sessions may be alive at a time
 * @chain_aad_first: whether additional data stand before the source of a
 *     chain, as other implementations have it, or after it, as the text says
 * @features: bits of the device type to offer
 * @iothread: the thread of all data queues, NULL for the main loop
 * @iothread_vq_mapping_list: threads of the data queues, NULL if not given;
 *     excludes @iothread
 */
typedef struct VirtIOCryptoConf {
    CryptoDevBackend *cryptodev;
    OnOffAuto draft_v11;
    uint32_t max_sessions;
    bool chain_aad_first;
    uint64_t features;
    IOThread *iothread;
    IOThreadVirtQueueMappingList *iothread_vq_mapping_list;
} VirtIOCryptoConf;

typedef struct VirtIOCryptoReq VirtIOCryptoReq;

/**
 * VirtIOCryptoQueue: a data queue
 *
 * @home: where it is processed while ioeventfds are in use
 * @ctx: where it is processed now: @home, or the main loop
 * @stopped: whether it rests: not processed, nothing in flight.  Written by
 *     the main thread only, atomic.
 * @bh: processes the queue, in @ctx
 * @throttle_timers: of the main loop
 *
 * The rest is touched in @ctx only, or by the main thread while stopped:
 *
 * @watched: whether @ctx waits for kicks; unused in the main loop
 * @suppressing: whether it is us who have turned kicks off
 * @linger_skip: how many times not to wait for more
 * @linger_failed: how many times that will be after the next failure
 * @in_flight: requests that the backend holds; read atomically by all
 * @stateless: session of the last stateless request, NULL if there was none
 * @spec: of the stateless request at hand, NULL before the first one
 * @last_session: session of the last request of this batch, NULL if none
 * @reqs, @ops: the batch: all its requests, and what to submit
 */
typedef struct VirtIOCryptoQueue {
    VirtIOCrypto *vcrypto;
    VirtQueue *vq;
    unsigned index;
    AioContext *home;
    AioContext *ctx;
    bool stopped;
    QEMUBH *bh;
    ThrottleTimers throttle_timers;
    VirtIOCryptoAddressSpace space;

    bool watched;
    bool suppressing;
    unsigned linger_skip;
    unsigned linger_failed;
    unsigned in_flight;
    CryptoDevSession *stateless;
    VirtIOCryptoSessionSpec *spec;
    CryptoDevSession *last_session;
    VirtIOCryptoReq *reqs[VIRTIO_CRYPTO_BATCH];
    CryptoDevOp *ops[VIRTIO_CRYPTO_BATCH];
} VirtIOCryptoQueue;

struct VirtIOCrypto {
    VirtIODevice parent_obj;

    VirtIOCryptoConf conf;

    CryptoDevCaps caps;                 /* what the driver is offered */
    VirtIOCryptoQueue *queues;          /* one for each of the backend's */
    uint32_t num_queues;                /* at least 1 */
    VirtQueue *ctrl_vq;                 /* at index num_queues */
    QEMUBH *ctrl_bh;
    VirtIOCryptoAddressSpace ctrl_space;
    VirtIOCryptoCtrl *ctrl;             /* the request at hand */
    VirtIOCryptoSessions sessions;
    Notifier backend_notifier;
    bool ready;                         /* as the driver has been told */
    bool in_iothreads;                  /* whether queues are at home */
};

#endif /* HW_VIRTIO_CRYPTO_H */
