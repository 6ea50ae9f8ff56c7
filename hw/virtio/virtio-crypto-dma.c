/*
 * virtio-crypto: guest memory that requests name by address
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "virtio-crypto-dma.h"

static bool range_wraps(uint64_t addr, uint64_t len)
{
    return len && addr > UINT64_MAX - (len - 1);
}

/* Append a piece; the writable ones come last. */
static void map_add(VirtIOCryptoMap *map, void *base, size_t len,
                    bool writable)
{
    assert(writable || map->num == map->num_readable);
    if (map->num == map->alloc) {
        map->alloc = MAX(2 * map->alloc, 16);
        map->iov = g_renew(struct iovec, map->iov, map->alloc);
    }
    map->iov[map->num++] = (struct iovec) { base, len };
    map->num_readable += !writable;
}

static RAMWindow *window_of(VirtIOCryptoDma *dma)
{
    return container_of(dma, VirtIOCryptoRam, dma)->window;
}

static bool ram_read(VirtIOCryptoDma *dma, uint64_t addr, void *buf,
                     size_t len)
{
    return !range_wraps(addr, len) &&
           ram_window_read(window_of(dma), addr, buf, len);
}

static bool ram_map(VirtIOCryptoDma *dma, VirtIOCryptoMap *map, uint64_t addr,
                    size_t len, bool writable)
{
    if (range_wraps(addr, len)) {
        return false;
    }
    while (len) {
        hwaddr piece = len;
        void *p = ram_window_lookup(window_of(dma), addr, &piece, writable);

        if (!p) {
            return false;
        }
        map_add(map, p, piece, writable);
        addr += piece;
        len -= piece;
    }
    return true;
}

void virtio_crypto_ram_init(VirtIOCryptoRam *ram, RAMWindow *window)
{
    *ram = (VirtIOCryptoRam) {
        .dma = { .read = ram_read, .map = ram_map },
        .window = window,
    };
}
