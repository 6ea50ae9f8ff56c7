/*
 * libqos driver: virtio-crypto
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../libqtest.h"
#include "qemu/module.h"
#include "standard-headers/linux/virtio_ids.h"
#include "qgraph.h"
#include "virtio-crypto.h"

static void *qvirtio_crypto_get_driver(QVirtioCrypto *crypto,
                                       const char *interface)
{
    if (!g_strcmp0(interface, "virtio-crypto")) {
        return crypto;
    }
    if (!g_strcmp0(interface, "virtio")) {
        return crypto->vdev;
    }

    fprintf(stderr, "%s not present in virtio-crypto-device\n", interface);
    g_assert_not_reached();
}

/* virtio-crypto-device */
static void *qvirtio_crypto_device_get_driver(void *object,
                                              const char *interface)
{
    QVirtioCryptoDevice *dev = object;

    return qvirtio_crypto_get_driver(&dev->crypto, interface);
}

static void *virtio_crypto_device_create(void *virtio_dev,
                                         QGuestAllocator *alloc, void *addr)
{
    QVirtioCryptoDevice *dev = g_new0(QVirtioCryptoDevice, 1);

    dev->crypto.vdev = virtio_dev;
    dev->obj.get_driver = qvirtio_crypto_device_get_driver;
    return &dev->obj;
}

/* virtio-crypto-pci */
static void *qvirtio_crypto_pci_get_driver(void *object, const char *interface)
{
    QVirtioCryptoPCI *dev = object;

    if (!g_strcmp0(interface, "pci-device")) {
        return dev->pci_vdev.pdev;
    }
    if (!g_strcmp0(interface, "virtio-crypto-only-pci")) {
        return &dev->crypto;
    }
    return qvirtio_crypto_get_driver(&dev->crypto, interface);
}

static void *virtio_crypto_pci_create(void *pci_bus, QGuestAllocator *alloc,
                                      void *addr)
{
    QVirtioCryptoPCI *dev = g_new0(QVirtioCryptoPCI, 1);
    QOSGraphObject *obj = &dev->pci_vdev.obj;

    virtio_pci_init(&dev->pci_vdev, pci_bus, addr);
    dev->crypto.vdev = &dev->pci_vdev.vdev;
    dev->crypto.pci = &dev->pci_vdev;
    g_assert_cmphex(dev->crypto.vdev->device_type, ==, VIRTIO_ID_CRYPTO);

    obj->get_driver = qvirtio_crypto_pci_get_driver;
    return obj;
}

static void virtio_crypto_register_nodes(void)
{
    QPCIAddress addr = {
        .devfn = QPCI_DEVFN(4, 0),
    };
    QOSGraphEdgeOptions opts = { };

    opts.extra_device_opts = "cryptodev=cryptodev0";
    qos_node_create_driver("virtio-crypto-device",
                           virtio_crypto_device_create);
    qos_node_consumes("virtio-crypto-device", "virtio-bus", &opts);
    qos_node_produces("virtio-crypto-device", "virtio-crypto");

    opts.extra_device_opts = "cryptodev=cryptodev0,addr=04.0";
    add_qpci_address(&opts, &addr);
    qos_node_create_driver("virtio-crypto-pci", virtio_crypto_pci_create);
    qos_node_consumes("virtio-crypto-pci", "pci-bus", &opts);
    qos_node_produces("virtio-crypto-pci", "virtio-crypto");
    qos_node_produces("virtio-crypto-pci", "virtio-crypto-only-pci");
}

libqos_init(virtio_crypto_register_nodes);
