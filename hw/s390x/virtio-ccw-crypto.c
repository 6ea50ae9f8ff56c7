/*
 * virtio-crypto on channel I/O
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/module.h"
#include "hw/virtio/virtio-crypto.h"
#include "system/cryptodev-compat.h"
#include COMPAT_QDEV_PROPERTIES_H
#include "virtio-ccw.h"

#define TYPE_VIRTIO_CRYPTO_CCW "virtio-crypto-ccw"
OBJECT_DECLARE_SIMPLE_TYPE(VirtIOCryptoCcw, VIRTIO_CRYPTO_CCW)

struct VirtIOCryptoCcw {
    VirtioCcwDevice parent_obj;
    VirtIOCrypto vdev;
};

static const Property virtio_crypto_ccw_properties[] = {
    DEFINE_PROP_BIT("ioeventfd", VirtioCcwDevice, flags,
                    VIRTIO_CCW_FLAG_USE_IOEVENTFD_BIT, true),
    DEFINE_PROP_UINT32("max_revision", VirtioCcwDevice, max_rev,
                       VIRTIO_CCW_MAX_REV),
};

static void virtio_crypto_ccw_realize(VirtioCcwDevice *ccw_dev, Error **errp)
{
    VirtIOCryptoCcw *vcrypto = VIRTIO_CRYPTO_CCW(ccw_dev);

    ccw_dev->force_revision_1 = true;
    qdev_realize(DEVICE(&vcrypto->vdev), BUS(&ccw_dev->bus), errp);
}

static void virtio_crypto_ccw_class_init(ObjectClass *klass,
                                         CompatClassData data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    VIRTIO_CCW_DEVICE_CLASS(klass)->realize = virtio_crypto_ccw_realize;
    set_bit(DEVICE_CATEGORY_MISC, dc->categories);
    device_class_set_props(dc, virtio_crypto_ccw_properties);
}

static void virtio_crypto_ccw_instance_init(Object *obj)
{
    VirtIOCryptoCcw *vcrypto = VIRTIO_CRYPTO_CCW(obj);

    virtio_instance_init_common(obj, &vcrypto->vdev, sizeof(vcrypto->vdev),
                                TYPE_VIRTIO_CRYPTO);
}

static const TypeInfo virtio_crypto_ccw_info = {
    .name = TYPE_VIRTIO_CRYPTO_CCW,
    .parent = TYPE_VIRTIO_CCW_DEVICE,
    .instance_size = sizeof(VirtIOCryptoCcw),
    .instance_init = virtio_crypto_ccw_instance_init,
    .class_init = virtio_crypto_ccw_class_init,
};

static void virtio_crypto_ccw_register_types(void)
{
    type_register_static(&virtio_crypto_ccw_info);
}

type_init(virtio_crypto_ccw_register_types);
