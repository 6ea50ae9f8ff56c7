/*
 * virtio-crypto: guest memory that requests name by DMA address
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_VIRTIO_CRYPTO_DMA_H
#define HW_VIRTIO_CRYPTO_DMA_H

#include "hw/virtio/virtio.h"
#include "hw/virtio/virtio-crypto-format.h"

/**
 * VirtIOCryptoAddressSpace: VirtIOCryptoDma for the address space of a
 * device.  Only RAM is accepted: an address in a device's registers is a
 * fault.  Context: a queue's AioContext.
 */
typedef struct VirtIOCryptoAddressSpace {
    VirtIOCryptoDma dma;
    VirtIODevice *vdev;
} VirtIOCryptoAddressSpace;

void virtio_crypto_address_space_init(VirtIOCryptoAddressSpace *space,
                                      VirtIODevice *vdev);

/**
 * virtio_crypto_unmap: release what was mapped, and free the list.
 *
 * @dirty: whether the writable pieces have been written
 */
void virtio_crypto_unmap(VirtIOCryptoAddressSpace *space,
                         VirtIOCryptoMap *map, bool dirty);

#endif /* HW_VIRTIO_CRYPTO_DMA_H */
