/*
 * virtio-crypto: guest memory that requests name by DMA address
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_VIRTIO_CRYPTO_DMA_H
#define HW_VIRTIO_CRYPTO_DMA_H

#include "hw/virtio/virtio.h"
#include "crypto/format.h"

/**
 * VirtIOCryptoAddressSpace: VirtIOCryptoDma for the address space of a
 * device.  Only RAM is accepted: an address in a device's registers is a
 * fault.  Context: a queue's AioContext.
 *
 * @ram, @ram_size: host memory where something was found to be in RAM, as long
 *     as the list of RAM blocks is @ram_version
 */
typedef struct VirtIOCryptoAddressSpace {
    VirtIOCryptoDma dma;
    VirtIODevice *vdev;
    uintptr_t ram;
    size_t ram_size;
    unsigned ram_version;
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

/**
 * virtio_crypto_ring_in_ram: whether ring @index is in RAM, as far as no
 * IOMMU moves it.  Context: BQL held.
 */
bool virtio_crypto_ring_in_ram(VirtIODevice *vdev, unsigned index);

/**
 * virtio_crypto_in_ram: whether what the device writes to @elem goes to RAM.
 * A buffer in the registers of a device would reset this one, or another,
 * while a queue is at work.
 */
bool virtio_crypto_in_ram(VirtIOCryptoAddressSpace *space,
                          const VirtQueueElement *elem);

#endif /* HW_VIRTIO_CRYPTO_DMA_H */
