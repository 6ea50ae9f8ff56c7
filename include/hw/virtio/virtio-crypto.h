/*
 * virtio-crypto device
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_VIRTIO_CRYPTO_H
#define HW_VIRTIO_CRYPTO_H

#include "hw/virtio/virtio.h"
#include "hw/virtio/virtio-crypto-dma.h"
#include "hw/virtio/virtio-crypto-sessions.h"
#include "qapi/qapi-types-common.h"
#include "qom/object.h"
#include "system/cryptodev.h"

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
 * @max_sessions: how many sessions may be alive at a time
 * @chain_aad_first: whether additional data stand before the source of a
 *     chain, as other implementations have it, or after it, as the text says
 * @features: bits of the device type to offer
 */
typedef struct VirtIOCryptoConf {
    CryptoDevBackend *cryptodev;
    OnOffAuto draft_v11;
    uint32_t max_sessions;
    bool chain_aad_first;
    uint64_t features;
} VirtIOCryptoConf;

/**
 * VirtIOCryptoQueue: a data queue
 *
 * @bh: processes the queue; every wake-up goes through it
 * @in_flight: requests that the backend holds
 * @stateless: session of the last stateless request, NULL if there was none
 */
typedef struct VirtIOCryptoQueue {
    VirtIOCrypto *vcrypto;
    VirtQueue *vq;
    unsigned index;
    QEMUBH *bh;
    ThrottleTimers throttle_timers;
    VirtIOCryptoAddressSpace space;
    unsigned in_flight;
    CryptoDevSession *stateless;
} VirtIOCryptoQueue;

struct VirtIOCrypto {
    VirtIODevice parent_obj;

    VirtIOCryptoConf conf;

    VirtIOCryptoQueue *queues;          /* one for each of the backend's */
    uint32_t num_queues;
    VirtQueue *ctrl_vq;                 /* at index num_queues */
    QEMUBH *ctrl_bh;
    VirtIOCryptoSessions sessions;
    Notifier ready_notifier;
};

#endif /* HW_VIRTIO_CRYPTO_H */
