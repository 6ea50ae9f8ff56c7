/*
 * libqos driver: virtio-crypto
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_LIBQOS_VIRTIO_CRYPTO_H
#define TESTS_LIBQOS_VIRTIO_CRYPTO_H

#include "qgraph.h"
#include "virtio.h"
#include "virtio-pci.h"

/*
 * The nodes only find and start the device.  Features, queues and requests
 * are the business of the client library (virtio-crypto-client.h).
 *
 * The command line lacks the backend object "cryptodev0": each test adds it,
 * see virtio-crypto-registry.c.
 */

typedef struct QVirtioCrypto {
    QVirtioDevice *vdev;
    QVirtioPCIDevice *pci;      /* NULL on other transports */
} QVirtioCrypto;

typedef struct QVirtioCryptoPCI {
    QVirtioPCIDevice pci_vdev;
    QVirtioCrypto crypto;
} QVirtioCryptoPCI;

typedef struct QVirtioCryptoDevice {
    QOSGraphObject obj;
    QVirtioCrypto crypto;
} QVirtioCryptoDevice;

#endif
