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
 * VirtIOCryptoRam: VirtIOCryptoDma that knows nothing but RAM: an address in
 * the registers of a device is a fault.
 *
 * @window: in use, that is, in an RCU read section, whenever a parser runs
 */
typedef struct VirtIOCryptoRam {
    VirtIOCryptoDma dma;
    RAMWindow *window;
} VirtIOCryptoRam;

void virtio_crypto_ram_init(VirtIOCryptoRam *ram, RAMWindow *window);

#endif /* HW_VIRTIO_CRYPTO_DMA_H */
