/*
 * virtio-crypto: guest memory that requests name by address
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_VIRTIO_CRYPTO_DMA_H
#define HW_VIRTIO_CRYPTO_DMA_H

#include "system/ram-window.h"
#include "crypto/format.h"

/**
 * VirtIOCryptoRam: VirtIOCryptoDma that accesses RAM only: the address of a
 * device register is a fault.
 *
 * @window: must be in an RCU read section when a parser runs
 */
typedef struct VirtIOCryptoRam {
    VirtIOCryptoDma dma;
    RAMWindow *window;
} VirtIOCryptoRam;

void virtio_crypto_ram_init(VirtIOCryptoRam *ram, RAMWindow *window);

#endif /* HW_VIRTIO_CRYPTO_DMA_H */
