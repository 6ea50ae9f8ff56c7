/*
 * cryptodev-vhost-user: the rings of a device
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/log.h"
#include "hw/virtio/virtio-crypto.h"
#include "system/cryptodev-rings.h"
#include "cryptodev-vhost-user.h"
#include "trace.h"

/* Features that change what is in the rings: driver and server must agree. */
#define RING_FEATURES                                                   \
    (BIT_ULL(VIRTIO_F_NOTIFY_ON_EMPTY) |                                \
     BIT_ULL(VIRTIO_RING_F_INDIRECT_DESC) |                             \
     BIT_ULL(VIRTIO_RING_F_EVENT_IDX) |                                 \
     BIT_ULL(VIRTIO_F_VERSION_1) |                                      \
     BIT_ULL(VIRTIO_F_IOMMU_PLATFORM) |                                 \
     BIT_ULL(VIRTIO_F_RING_PACKED) |                                    \
     BIT_ULL(VIRTIO_F_IN_ORDER) |                                       \
     BIT_ULL(VIRTIO_F_ORDER_PLATFORM) |                                 \
     BIT_ULL(VIRTIO_F_NOTIFICATION_DATA) |                              \
     BIT_ULL(VIRTIO_F_RING_RESET))

/* The same of the device type: the server parses the requests. */
#define CRYPTO_FEATURES                                                 \
    (BIT_ULL(VIRTIO_CRYPTO_F_STATELESS_MODE(CRYPTODEV_SERVICE__MAX)) - 1)

#define SERVER_FEATURES         (RING_FEATURES | CRYPTO_FEATURES)

/*
 * What is offered before there was a server: every one has these, or is
 * refused when it comes.
 */
#define COMMON_FEATURES                                                 \
    (BIT_ULL(VIRTIO_RING_F_INDIRECT_DESC) | BIT_ULL(VIRTIO_F_VERSION_1))

static uint64_t vhost_user_features(CryptoDevBackend *b, uint64_t offered)
{
    CryptoDevVhostUser *vu = CRYPTODEV_VHOST_USER(b);

    return offered & (~SERVER_FEATURES | (vu->features ?: COMMON_FEATURES));
}

/* The driver has accepted what it was offered when it came. */
static bool check_accepted(CryptoDevVhostUser *vu)
{
    uint64_t missing = vu->vdev->guest_features & SERVER_FEATURES &
                       ~vu->features;

    if (missing) {
        cryptodev_vhost_user_fail(vu, "the server lacks the features 0x%"
                                  PRIx64 " that the driver uses", missing);
    }
    return !missing;
}

/* Returns: whether it is the driver's fault that a ring does not start */
static bool ring_is_bad(int ret)
{
    if (ret == -ENOMEM) {
        qemu_log_mask(LOG_GUEST_ERROR, "cryptodev-vhost-user: a ring is not "
                      "in RAM\n");
    }
    return ret == -ENOMEM;
}

void cryptodev_vhost_user_start_rings(CryptoDevVhostUser *vu)
{
    Error *err = NULL;
    int ret;

    if (!vu->vdev || vu->state != CRYPTODEV_VHOST_OPEN || vu->vhost.vdev ||
        !check_accepted(vu)) {
        return;
    }
    cryptodev_vhost_user_begin(vu);
    ret = cryptodev_vhost_start(&vu->vhost, vu->vdev, &err);
    if (ring_is_bad(ret)) {
        error_free(err);
    } else if (ret < 0) {
        cryptodev_vhost_user_fail_err(vu, err);
    }
    cryptodev_vhost_user_end(vu);
    trace_cryptodev_vhost_rings(vu, ret);
}

static void vhost_user_start(CryptoDevBackend *b, VirtIODevice *vdev)
{
    CryptoDevVhostUser *vu = CRYPTODEV_VHOST_USER(b);

    vu->vdev = vdev;
    cryptodev_vhost_user_start_rings(vu);
}

static void vhost_user_stop(CryptoDevBackend *b)
{
    CryptoDevVhostUser *vu = CRYPTODEV_VHOST_USER(b);

    vu->vdev = NULL;
    if (vu->vhost.vdev) {
        cryptodev_vhost_user_begin(vu);
        cryptodev_vhost_stop(&vu->vhost);
        cryptodev_vhost_user_end(vu);
    }
}

static void vhost_user_reset(CryptoDevBackend *b)
{
    vhost_dev_free_inflight(&CRYPTODEV_VHOST_USER(b)->vhost.inflight);
}

static void vhost_user_queue_stop(CryptoDevBackend *b, unsigned queue)
{
    CryptoDevVhostUser *vu = CRYPTODEV_VHOST_USER(b);

    if (vu->vhost.vdev) {
        cryptodev_vhost_user_begin(vu);
        cryptodev_vhost_stop_queue(&vu->vhost, queue);
        cryptodev_vhost_user_end(vu);
    }
}

static void vhost_user_queue_start(CryptoDevBackend *b, unsigned queue)
{
    CryptoDevVhostUser *vu = CRYPTODEV_VHOST_USER(b);
    int ret;

    if (vu->vhost.vdev) {
        cryptodev_vhost_user_begin(vu);
        ret = cryptodev_vhost_start_queue(&vu->vhost, queue);
        if (ret < 0 && !ring_is_bad(ret)) {
            cryptodev_vhost_user_fail(vu, "the server does not take ring %u "
                                      "again", queue);
        }
        cryptodev_vhost_user_end(vu);
    }
}

static struct vhost_dev *vhost_user_vhost_dev(CryptoDevBackend *b)
{
    CryptoDevVhost *v = &CRYPTODEV_VHOST_USER(b)->vhost;

    return v->vdev ? &v->dev : NULL;
}

const CryptoDevRings cryptodev_vhost_user_rings = {
    .features = vhost_user_features,
    .start = vhost_user_start,
    .stop = vhost_user_stop,
    .reset = vhost_user_reset,
    .queue_stop = vhost_user_queue_stop,
    .queue_start = vhost_user_queue_start,
    .vhost_dev = vhost_user_vhost_dev,
};
