/*
 * virtio-crypto device: configuration, features, and life
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/main-loop.h"
#include "qemu/module.h"
#include "qemu/error-report.h"
#include "qemu/log.h"
#include "system/cryptodev-compat.h"
#include COMPAT_QDEV_PROPERTIES_H
#include COMPAT_QDEV_PROPERTIES_SYSTEM_H
#include "system/xen.h"
#include "migration/vmstate.h"
#include "standard-headers/linux/virtio_crypto.h"
#include "standard-headers/linux/virtio_ids.h"
#include "trace.h"
#include "virtio-crypto-internal.h"

/* Config space */

/* Set what the device offers to a driver with @features. */
static void virtio_crypto_set_caps(VirtIOCrypto *vcrypto, uint64_t features)
{
    vcrypto->caps = virtio_crypto_driver_caps(&vcrypto->offered, features);
}

/* Offer what the backend has. */
static void virtio_crypto_reset_caps(VirtIOCrypto *vcrypto)
{
    vcrypto->offered = vcrypto->conf.cryptodev->caps;
    virtio_crypto_set_caps(vcrypto, 0);
}

static void virtio_crypto_get_config(VirtIODevice *vdev, uint8_t *config)
{
    VirtIOCrypto *vcrypto = VIRTIO_CRYPTO(vdev);

    virtio_crypto_fill_config((struct virtio_crypto_config *)config,
                              &vcrypto->caps, vcrypto->num_queues,
                              cryptodev_backend_ready(vcrypto->conf.cryptodev));
}

static VirtIOCrypto *virtio_crypto_of_client(CryptoDevClient *client)
{
    return container_of(client, VirtIOCrypto, client);
}

static bool virtio_crypto_ready_changed(const VirtIOCrypto *vcrypto)
{
    return cryptodev_backend_ready(vcrypto->conf.cryptodev) != vcrypto->ready;
}

/*
 * Call this last: the interrupt can be a write to any device register, and one
 * of those unplugs the device.  The main loop still uses it then.
 */
static void virtio_crypto_notify_config(VirtIOCrypto *vcrypto)
{
    DeviceState *transport = virtio_crypto_hold(vcrypto);

    virtio_notify_config(VIRTIO_DEVICE(vcrypto));
    virtio_crypto_release(transport);
}

static void virtio_crypto_tell_ready(VirtIOCrypto *vcrypto)
{
    if (virtio_crypto_ready_changed(vcrypto)) {
        vcrypto->ready = !vcrypto->ready;
        virtio_crypto_notify_config(vcrypto);
    }
}

/* After a migration the backend's readiness can differ. */
static void virtio_crypto_ready_bh(void *opaque)
{
    VirtIOCrypto *vcrypto = opaque;

    if (VIRTIO_DEVICE(vcrypto)->vm_running) {
        virtio_crypto_tell_ready(vcrypto);
    }
}

static void virtio_crypto_backend_wake(CryptoDevClient *client, unsigned queue)
{
    virtio_crypto_worker_schedule(
        &virtio_crypto_of_client(client)->queues[queue]);
}

static void virtio_crypto_forget_sessions(CryptoDevClient *client)
{
    virtio_crypto_sessions_clear(virtio_crypto_of_client(client)->sessions);
}

static bool virtio_crypto_has_driver(CryptoDevClient *client)
{
    VirtIODevice *vdev = VIRTIO_DEVICE(virtio_crypto_of_client(client));

    return vdev->status & VIRTIO_CONFIG_S_DRIVER_OK;
}

/* Features */

/* The bits of the device type */
static uint64_t virtio_crypto_own_features(VirtIOCrypto *vcrypto)
{
    /* a driver of the draft knows no feature */
    return vcrypto->conf.draft_v11 == ON_OFF_AUTO_ON ? 0 :
           virtio_crypto_possible_features(vcrypto->conf.features,
                                           &vcrypto->conf.cryptodev->caps);
}

static uint64_t virtio_crypto_get_features(VirtIODevice *vdev,
                                           uint64_t features, Error **errp)
{
    VirtIOCrypto *vcrypto = VIRTIO_CRYPTO(vdev);

    vcrypto->core_features = features;
    return virtio_crypto_rings_features(vcrypto, features |
                                        virtio_crypto_own_features(vcrypto));
}

/*
 * Another server may offer something else.  A driver that has accepted an offer
 * keeps it.
 */
static void virtio_crypto_server_changed(VirtIOCrypto *vcrypto)
{
    VirtIODevice *vdev = VIRTIO_DEVICE(vcrypto);
    /* the transport decides on this one when the device is plugged */
    uint64_t iommu = vdev->host_features & BIT_ULL(VIRTIO_F_IOMMU_PLATFORM);

    if (vdev->status & VIRTIO_CONFIG_S_FEATURES_OK) {
        return;
    }
    virtio_crypto_reset_caps(vcrypto);
    vdev->host_features =
        iommu | virtio_crypto_get_features(vdev, vcrypto->core_features, NULL);
}

static void virtio_crypto_backend_changed(CryptoDevClient *client)
{
    VirtIOCrypto *vcrypto = virtio_crypto_of_client(client);

    if (vcrypto->first_queue) {
        virtio_crypto_migration_changed(vcrypto);
        virtio_crypto_server_changed(vcrypto);
    }
    for (uint32_t i = 0; i < vcrypto->num_queues; i++) {
        virtio_crypto_worker_schedule(&vcrypto->queues[i]);
    }
    virtio_crypto_tell_ready(vcrypto);
}

static void virtio_crypto_set_features(VirtIODevice *vdev, uint64_t features)
{
    virtio_crypto_set_caps(VIRTIO_CRYPTO(vdev), features);
}

static int virtio_crypto_validate_features(VirtIODevice *vdev)
{
    return virtio_crypto_features_agree(vdev->guest_features) ? 0 : -EINVAL;
}

/* Life of the device */

/* Before FEATURES_OK, the driver can still change the layout of the rings. */
bool virtio_crypto_can_run(VirtIOCrypto *vcrypto, uint8_t status)
{
    VirtIODevice *vdev = VIRTIO_DEVICE(vcrypto);
    bool legacy = !virtio_host_has_feature(vdev, VIRTIO_F_VERSION_1);

    return vdev->vm_running && (status & VIRTIO_CONFIG_S_DRIVER_OK) &&
           (legacy || (status & VIRTIO_CONFIG_S_FEATURES_OK));
}

static void virtio_crypto_start(VirtIOCrypto *vcrypto)
{
    if (virtio_crypto_ready_changed(vcrypto)) {
        qemu_bh_schedule(vcrypto->ready_bh);
    }
    for (uint32_t i = vcrypto->first_queue; i <= vcrypto->num_queues; i++) {
        virtio_crypto_queue_start(&vcrypto->queues[i]);
    }
    virtio_crypto_rings_start(vcrypto);
}

static void virtio_crypto_stop(VirtIOCrypto *vcrypto)
{
    virtio_crypto_rings_stop(vcrypto);
    for (uint32_t i = 0; i <= vcrypto->num_queues; i++) {
        virtio_crypto_queue_stop(&vcrypto->queues[i]);
    }
}

static void virtio_crypto_reset_queues(VirtIOCrypto *vcrypto)
{
    virtio_crypto_rings_stop(vcrypto);
    for (uint32_t i = 0; i <= vcrypto->num_queues; i++) {
        virtio_crypto_queue_reset(&vcrypto->queues[i]);
    }
}

/*
 * Called when the driver sets the status, and when the VM stops or runs.  When
 * the VM runs again, so do pending requests.
 */
static CompatSetStatusResult virtio_crypto_set_status(VirtIODevice *vdev,
                                                      uint8_t status)
{
    VirtIOCrypto *vcrypto = VIRTIO_CRYPTO(vdev);

    if (virtio_crypto_can_run(vcrypto, status)) {
        virtio_crypto_start(vcrypto);
    } else if (vdev->vm_running) {
        virtio_crypto_reset_queues(vcrypto);
    } else {
        virtio_crypto_stop(vcrypto);
    }
    return COMPAT_SET_STATUS_OK;
}

static void virtio_crypto_reset(VirtIODevice *vdev)
{
    VirtIOCrypto *vcrypto = VIRTIO_CRYPTO(vdev);

    trace_virtio_crypto_reset(vcrypto);
    virtio_crypto_reset_queues(vcrypto);
    virtio_crypto_rings_reset(vcrypto);
    virtio_crypto_sessions_clear(vcrypto->sessions);
    virtio_crypto_reset_caps(vcrypto);
}

static void virtio_crypto_queue_was_reset(VirtIODevice *vdev, uint32_t index)
{
    VirtIOCrypto *vcrypto = VIRTIO_CRYPTO(vdev);

    if (!virtio_crypto_rings_queue_reset(vcrypto, index) &&
        index <= vcrypto->num_queues) {
        virtio_crypto_queue_reset(&vcrypto->queues[index]);
    }
}

/* If the driver is up, it has reset the queue before. */
static void virtio_crypto_queue_enabled(VirtIODevice *vdev, uint32_t index)
{
    VirtIOCrypto *vcrypto = VIRTIO_CRYPTO(vdev);

    if (virtio_crypto_can_run(vcrypto, vdev->status) &&
        !virtio_crypto_rings_queue_start(vcrypto, index) &&
        index <= vcrypto->num_queues) {
        virtio_crypto_queue_start(&vcrypto->queues[index]);
    }
}

/*
 * Report an error that a worker found in a ring.  virtio_error() can send a
 * configuration interrupt, which needs the BQL.  A driver can cause any number
 * of errors, so the user sees only the first one.
 */
static void virtio_crypto_error_bh(void *opaque)
{
    VirtIOCrypto *vcrypto = opaque;
    VirtIODevice *vdev = VIRTIO_DEVICE(vcrypto);
    const char *why = NULL;
    uint32_t index;

    for (index = 0; index <= vcrypto->num_queues && !why; index++) {
        why = qatomic_read(&vcrypto->queues[index].error);
    }
    if (!why || vdev->broken) {
        return;
    }
    if (!vcrypto->error_told) {
        vcrypto->error_told = true;
        error_report("virtio-crypto: queue %u: %s; the driver must reset the "
                     "device (further errors are logged with -d guest_errors)",
                     index - 1, why);
    }
    vdev->broken = true;
    if (virtio_vdev_has_feature(vdev, VIRTIO_F_VERSION_1)) {
        vdev->status |= VIRTIO_CONFIG_S_NEEDS_RESET;
        virtio_crypto_notify_config(vcrypto);
    }
}

static void virtio_crypto_device_realize(DeviceState *dev, Error **errp)
{
    VirtIODevice *vdev = VIRTIO_DEVICE(dev);
    VirtIOCrypto *vcrypto = VIRTIO_CRYPTO(dev);
    VirtIOCryptoConf *conf = &vcrypto->conf;

    if (!conf->cryptodev) {
        error_setg(errp, "'cryptodev' must name a backend, for example one "
                   "made with -object cryptodev-backend-builtin,id=ID");
        return;
    }
    if (conf->max_sessions < 1 ||
        conf->max_sessions > VIRTIO_CRYPTO_SESSIONS_MAX) {
        error_setg(errp, "'max-sessions' must be between 1 and %d",
                   VIRTIO_CRYPTO_SESSIONS_MAX);
        return;
    }
    if (xen_enabled()) {
        error_setg(errp, "virtio-crypto does not work with Xen, which has no "
                   "lasting view of the guest's memory");
        return;
    }
    if (!virtio_crypto_rings_check(vcrypto, errp)) {
        return;
    }
    vcrypto->client = (CryptoDevClient) {
        .changed = virtio_crypto_backend_changed,
        .wake = virtio_crypto_backend_wake,
        .forget_sessions = virtio_crypto_forget_sessions,
        .has_driver = virtio_crypto_has_driver,
        .device = OBJECT(dev),
    };
    if (!cryptodev_backend_attach(conf->cryptodev, &vcrypto->client, errp)) {
        return;
    }
    if (!virtio_crypto_migration_init(vcrypto, errp)) {
        cryptodev_backend_detach(conf->cryptodev, &vcrypto->client);
        return;
    }
    vcrypto->ready = cryptodev_backend_ready(conf->cryptodev);
    virtio_crypto_reset_caps(vcrypto);
    QEMU_BUILD_BUG_ON(CRYPTODEV_MAX_QUEUES + 1 > VIRTIO_QUEUE_MAX);
    vcrypto->num_queues = conf->cryptodev->queues;
    vcrypto->queues = g_new0(VirtIOCryptoQueue, vcrypto->num_queues + 1);
    if (!virtio_crypto_iothreads_init(vcrypto, errp)) {
        g_clear_pointer(&vcrypto->queues, g_free);
        virtio_crypto_migration_cleanup(vcrypto);
        cryptodev_backend_detach(conf->cryptodev, &vcrypto->client);
        return;
    }
    virtio_init(vdev, VIRTIO_ID_CRYPTO, sizeof(struct virtio_crypto_config));
    vcrypto->sessions = g_new0(VirtIOCryptoSessions, 1);
    virtio_crypto_sessions_init(vcrypto->sessions, conf->max_sessions);
    virtio_crypto_rings_init(vcrypto);
    for (uint32_t i = 0; i <= vcrypto->num_queues; i++) {
        virtio_crypto_queue_init(vcrypto, i);
    }
    vcrypto->error_bh = virtio_bh_new_guarded(DEVICE(vcrypto),
                                              virtio_crypto_error_bh, vcrypto);
    vcrypto->ready_bh = virtio_bh_new_guarded(DEVICE(vcrypto),
                                              virtio_crypto_ready_bh, vcrypto);
}

static void virtio_crypto_device_unrealize(DeviceState *dev)
{
    VirtIODevice *vdev = VIRTIO_DEVICE(dev);
    VirtIOCrypto *vcrypto = VIRTIO_CRYPTO(dev);

    vdev->status = 0;
    virtio_crypto_reset_queues(vcrypto);
    for (uint32_t i = 0; i <= vcrypto->num_queues; i++) {
        virtio_crypto_queue_cleanup(&vcrypto->queues[i]);
    }
    virtio_crypto_iothreads_cleanup(vcrypto);
    qemu_bh_delete(vcrypto->error_bh);
    qemu_bh_delete(vcrypto->ready_bh);
    g_free(vcrypto->queues);
    virtio_crypto_sessions_cleanup(vcrypto->sessions);
    g_free(vcrypto->sessions);
    virtio_cleanup(vdev);
    virtio_crypto_migration_cleanup(vcrypto);
    cryptodev_backend_detach(vcrypto->conf.cryptodev, &vcrypto->client);
}

static const VMStateDescription vmstate_virtio_crypto = {
    .name = "virtio-crypto",
    .minimum_version_id = 1,
    .version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_VIRTIO_DEVICE,
        VMSTATE_END_OF_LIST()
    },
};

#define DEFINE_PROP_STATELESS(_name, _service)                          \
    DEFINE_PROP_BIT64(_name, VirtIOCrypto, conf.features,               \
                      VIRTIO_CRYPTO_F_STATELESS_MODE(_service), false)

static const Property virtio_crypto_properties[] = {
    DEFINE_PROP_LINK("cryptodev", VirtIOCrypto, conf.cryptodev,
                     TYPE_CRYPTODEV_BACKEND, CryptoDevBackend *),
    DEFINE_PROP_ON_OFF_AUTO("draft-v11", VirtIOCrypto, conf.draft_v11,
                            ON_OFF_AUTO_AUTO),
    DEFINE_PROP_UINT32("max-sessions", VirtIOCrypto, conf.max_sessions,
                       16384),
    DEFINE_PROP_BOOL("chain-aad-first", VirtIOCrypto, conf.chain_aad_first,
                     false),
    DEFINE_PROP_BOOL("aead-aad-first", VirtIOCrypto, conf.aead_aad_first,
                     false),
    DEFINE_PROP_LINK("iothread", VirtIOCrypto, conf.iothread, TYPE_IOTHREAD,
                     IOThread *),
    DEFINE_PROP_IOTHREAD_VQ_MAPPING_LIST("iothread-vq-mapping", VirtIOCrypto,
                                         conf.iothread_vq_mapping_list),
    /* off: some drivers accept all bits, but send requests as without them */
    DEFINE_PROP_BIT64("revision-1", VirtIOCrypto, conf.features,
                      VIRTIO_CRYPTO_F_REVISION_1, false),
    /* the virtio core refuses it with ioeventfd=on */
    DEFINE_PROP_BIT64("notification_data", VirtIOCrypto,
                      parent_obj.host_features, VIRTIO_F_NOTIFICATION_DATA,
                      false),
    DEFINE_PROP_STATELESS("stateless-cipher", CRYPTODEV_SERVICE_CIPHER),
    DEFINE_PROP_STATELESS("stateless-hash", CRYPTODEV_SERVICE_HASH),
    DEFINE_PROP_STATELESS("stateless-mac", CRYPTODEV_SERVICE_MAC),
    DEFINE_PROP_STATELESS("stateless-aead", CRYPTODEV_SERVICE_AEAD),
    DEFINE_PROP_STATELESS("stateless-akcipher", CRYPTODEV_SERVICE_AKCIPHER),
};

static void virtio_crypto_class_init(ObjectClass *klass, CompatClassData data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    VirtioDeviceClass *vdc = VIRTIO_DEVICE_CLASS(klass);

    dc->desc = "Virtio crypto device";
    dc->vmsd = &vmstate_virtio_crypto;
    set_bit(DEVICE_CATEGORY_MISC, dc->categories);
    device_class_set_props(dc, virtio_crypto_properties);
    vdc->vmsd = &virtio_crypto_vmstate;
    vdc->post_load = virtio_crypto_post_load;
    vdc->realize = virtio_crypto_device_realize;
    vdc->unrealize = virtio_crypto_device_unrealize;
    vdc->get_config = virtio_crypto_get_config;
    vdc->get_features = virtio_crypto_get_features;
    vdc->set_features = virtio_crypto_set_features;
    vdc->validate_features = virtio_crypto_validate_features;
    vdc->set_status = virtio_crypto_set_status;
    vdc->reset = virtio_crypto_reset;
    vdc->queue_reset = virtio_crypto_queue_was_reset;
    vdc->queue_enable = virtio_crypto_queue_enabled;
    vdc->start_ioeventfd = virtio_crypto_start_ioeventfd;
    vdc->stop_ioeventfd = virtio_crypto_stop_ioeventfd;
    vdc->get_vhost = virtio_crypto_rings_vhost_dev;
}

static const TypeInfo virtio_crypto_info = {
    .name = TYPE_VIRTIO_CRYPTO,
    .parent = TYPE_VIRTIO_DEVICE,
    .instance_size = sizeof(VirtIOCrypto),
    .class_init = virtio_crypto_class_init,
};

static void virtio_crypto_register_types(void)
{
    type_register_static(&virtio_crypto_info);
}

type_init(virtio_crypto_register_types);
