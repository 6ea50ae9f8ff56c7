/*
 * virtio-crypto device
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_VIRTIO_CRYPTO_H
#define HW_VIRTIO_CRYPTO_H

#include "hw/virtio/virtio.h"
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

/**
 * VirtIOCryptoConf: properties
 *
 * @cryptodev: the backend, mandatory
 * @draft_v11: whether requests of the v11 draft are served
 * @max_sessions: how many sessions can exist at a time
 * @chain_aad_first: whether the additional data of a chain precede its source,
 *     as in other implementations, or follow it, as in the specification
 * @aead_aad_first: the same for AEAD
 * @features: feature bits of the device type to offer
 * @iothread: the thread of all data queues, NULL for the main loop
 * @iothread_vq_mapping_list: threads of the data queues, NULL if not given;
 *     excludes @iothread
 */
typedef struct VirtIOCryptoConf {
    CryptoDevBackend *cryptodev;
    OnOffAuto draft_v11;
    uint32_t max_sessions;
    bool chain_aad_first;
    bool aead_aad_first;
    uint64_t features;
    IOThread *iothread;
    IOThreadVirtQueueMappingList *iothread_vq_mapping_list;
} VirtIOCryptoConf;

typedef struct VirtIOCryptoQueue VirtIOCryptoQueue;
typedef struct VirtIOCryptoSessions VirtIOCryptoSessions;
typedef struct VirtIOCryptoWorker VirtIOCryptoWorker;

/**
 * VirtIOCrypto: the device
 *
 * @caps: what the device offers to the driver
 * @offered: the same before feature negotiation: the caps of the backend, or,
 *     from an incoming migration to the next reset, those of the source
 * @queues: @num_queues data queues, then the control queue
 * @first_queue: the first queue that the device processes: 0, or @num_queues
 *     where a server has the data queues
 * @core_features: what QEMU's core offers, whatever a server has
 * @workers: @num_workers threads that process queues, the main loop first
 * @error_bh: reports a broken ring, in the main loop
 * @error_told: whether the user has seen an error about a broken ring
 * @ready: whether the backend is ready, as last told to the driver
 * @ready_bh: tells the driver if that has changed
 * @migration_blocker: why the device cannot be migrated, NULL if it can
 * @in_iothreads: whether data queues are processed by the threads that the
 *     user has chosen
 */
struct VirtIOCrypto {
    VirtIODevice parent_obj;

    VirtIOCryptoConf conf;
    CryptoDevCaps caps;
    CryptoDevCaps offered;
    VirtIOCryptoQueue *queues;
    uint32_t num_queues;
    uint32_t first_queue;
    uint64_t core_features;
    VirtIOCryptoWorker *workers;
    uint32_t num_workers;
    VirtIOCryptoSessions *sessions;
    CryptoDevClient client;
    QEMUBH *error_bh;
    bool error_told;
    bool ready;
    QEMUBH *ready_bh;
    Error *migration_blocker;
    bool in_iothreads;
};

#endif /* HW_VIRTIO_CRYPTO_H */
