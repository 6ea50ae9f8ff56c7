/*
 * virtio-crypto on PCI
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/module.h"
#include "hw/virtio/virtio-crypto.h"
#include "system/cryptodev-compat.h"
#include COMPAT_QDEV_PROPERTIES_H
#include "hw/virtio/virtio-pci.h"

#define TYPE_VIRTIO_CRYPTO_PCI "virtio-crypto-pci"
OBJECT_DECLARE_SIMPLE_TYPE(VirtIOCryptoPCI, VIRTIO_CRYPTO_PCI)

struct VirtIOCryptoPCI {
    VirtIOPCIProxy parent_obj;
    VirtIOCrypto vdev;
};

static const Property virtio_crypto_pci_properties[] = {
    DEFINE_PROP_BIT("ioeventfd", VirtIOPCIProxy, flags,
                    VIRTIO_PCI_FLAG_USE_IOEVENTFD_BIT, true),
    DEFINE_PROP_UINT32("vectors", VirtIOPCIProxy, nvectors,
                       DEV_NVECTORS_UNSPECIFIED),
};

static void virtio_crypto_pci_realize(VirtIOPCIProxy *vpci_dev, Error **errp)
{
    VirtIOCryptoPCI *vcrypto = VIRTIO_CRYPTO_PCI(vpci_dev);
    CryptoDevBackend *backend = vcrypto->vdev.conf.cryptodev;

    if (vpci_dev->nvectors == DEV_NVECTORS_UNSPECIFIED) {
        /* one for each data queue, the control queue, and the configuration */
        vpci_dev->nvectors = (backend ? backend->queues : 1) + 2;
    }
    virtio_pci_force_virtio_1(vpci_dev);
    qdev_realize(DEVICE(&vcrypto->vdev), BUS(&vpci_dev->bus), errp);
}

static void virtio_crypto_pci_class_init(ObjectClass *klass,
                                         CompatClassData data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    VirtioPCIClass *k = VIRTIO_PCI_CLASS(klass);
    PCIDeviceClass *pcidev_k = PCI_DEVICE_CLASS(klass);

    k->realize = virtio_crypto_pci_realize;
    dc->desc = "Virtio crypto device";
    set_bit(DEVICE_CATEGORY_MISC, dc->categories);
    device_class_set_props(dc, virtio_crypto_pci_properties);
    pcidev_k->class_id = PCI_CLASS_OTHERS;
}

static void virtio_crypto_pci_instance_init(Object *obj)
{
    VirtIOCryptoPCI *vcrypto = VIRTIO_CRYPTO_PCI(obj);

    virtio_instance_init_common(obj, &vcrypto->vdev, sizeof(vcrypto->vdev),
                                TYPE_VIRTIO_CRYPTO);
}

static const VirtioPCIDeviceTypeInfo virtio_crypto_pci_info = {
    .generic_name = TYPE_VIRTIO_CRYPTO_PCI,
    .instance_size = sizeof(VirtIOCryptoPCI),
    .instance_init = virtio_crypto_pci_instance_init,
    .class_init = virtio_crypto_pci_class_init,
};

static void virtio_crypto_pci_register_types(void)
{
    virtio_pci_types_register(&virtio_crypto_pci_info);
}

type_init(virtio_crypto_pci_register_types);
