/*
 * virtio-crypto: guest memory that requests name by DMA address
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "exec/ramlist.h"
#include "qemu/rcu.h"
#include "system/dma.h"
#include "virtio-crypto-dma.h"

/* RAM only: a guest must not reach registers, its own device's least of all */
static const MemTxAttrs ram_attrs = { .memory = 1 };

static bool range_wraps(uint64_t addr, uint64_t len)
{
    return len && addr > UINT64_MAX - (len - 1);
}

static bool space_read(VirtIOCryptoDma *dma, uint64_t addr, void *buf,
                       size_t len)
{
    VirtIOCryptoAddressSpace *space =
        container_of(dma, VirtIOCryptoAddressSpace, dma);

    return !range_wraps(addr, len) &&
           dma_memory_read(space->vdev->dma_as, addr, buf, len, ram_attrs) == MEMTX_OK;
}

/*
 * Whether all of a range is in memory that can be mapped.  Mapping anything
 * else would go through a bounce buffer, with a read of a register to fill it.
 */
static bool is_ram(AddressSpace *as, uint64_t addr, uint64_t len,
                   bool writable)
{
    RCU_READ_LOCK_GUARD();
    while (len) {
        hwaddr xlat, piece = len;
        MemoryRegion *mr = address_space_translate(as, addr, &xlat, &piece,
                                                   writable, ram_attrs);

        if (!memory_access_is_direct(mr, writable, ram_attrs)) {
            return false;
        }
        addr += piece;
        len -= piece;
    }
    return true;
}

static bool is_ring_ram(VirtIODevice *vdev, hwaddr addr, hwaddr len)
{
    return is_ram(vdev->dma_as, addr, len, true);
}

bool virtio_crypto_ring_in_ram(VirtIODevice *vdev, unsigned index)
{
    return is_ring_ram(vdev, virtio_queue_get_desc_addr(vdev, index),
                       virtio_queue_get_desc_size(vdev, index)) &&
           is_ring_ram(vdev, virtio_queue_get_avail_addr(vdev, index),
                       virtio_queue_get_avail_size(vdev, index)) &&
           is_ring_ram(vdev, virtio_queue_get_used_addr(vdev, index),
                       virtio_queue_get_used_size(vdev, index));
}

/* The block of RAM that @host lies in, if any, becomes space->ram. */
static bool find_ram(VirtIOCryptoAddressSpace *space, uintptr_t host)
{
    unsigned version = qatomic_load_acquire(&ram_list.version);
    ram_addr_t offset;
    MemoryRegion *mr;

    RCU_READ_LOCK_GUARD();
    mr = memory_region_from_host((void *)host, &offset);
    if (!mr) {
        return false;
    }
    space->ram = host - offset;
    space->ram_size = memory_region_size(mr);
    space->ram_version = version;
    return true;
}

bool virtio_crypto_in_ram(VirtIOCryptoAddressSpace *space,
                          const VirtQueueElement *elem)
{
    for (unsigned i = 0; i < elem->in_num; i++) {
        uintptr_t host = (uintptr_t)elem->in_sg[i].iov_base;

        if ((host - space->ram >= space->ram_size ||
             space->ram_version != qatomic_read(&ram_list.version)) &&
            !find_ram(space, host)) {
            return false;
        }
    }
    return true;
}

static void map_add(VirtIOCryptoMap *map, void *base, size_t len,
                    bool writable)
{
    assert(writable || map->num == map->num_readable);
    if (map->num == map->alloc) {
        map->alloc = MAX(8, map->alloc * 2);
        map->iov = g_renew(struct iovec, map->iov, map->alloc);
    }
    map->iov[map->num++] = (struct iovec) { base, len };
    map->num_readable += !writable;
}

static DMADirection direction(bool writable)
{
    return writable ? DMA_DIRECTION_FROM_DEVICE : DMA_DIRECTION_TO_DEVICE;
}

static bool space_map(VirtIOCryptoDma *dma, VirtIOCryptoMap *map,
                      uint64_t addr, size_t len, bool writable)
{
    VirtIOCryptoAddressSpace *space =
        container_of(dma, VirtIOCryptoAddressSpace, dma);

    if (range_wraps(addr, len)) {
        return false;
    }
    while (len) {
        dma_addr_t piece = len;
        void *p = NULL;

        if (is_ram(space->vdev->dma_as, addr, 1, writable)) {
            p = dma_memory_map(space->vdev->dma_as, addr, &piece, direction(writable),
                               ram_attrs);
        }
        if (!p) {
            return false;
        }
        map_add(map, p, piece, writable);
        addr += piece;
        len -= piece;
    }
    return true;
}

void virtio_crypto_address_space_init(VirtIOCryptoAddressSpace *space,
                                      VirtIODevice *vdev)
{
    *space = (VirtIOCryptoAddressSpace) {
        .dma = { .read = space_read, .map = space_map }, .vdev = vdev,
    };
}

void virtio_crypto_unmap(VirtIOCryptoAddressSpace *space,
                         VirtIOCryptoMap *map, bool dirty)
{
    for (unsigned i = 0; i < map->num; i++) {
        bool writable = i >= map->num_readable;
        size_t len = map->iov[i].iov_len;

        dma_memory_unmap(space->vdev->dma_as, map->iov[i].iov_base, len,
                         direction(writable), writable && dirty ? len : 0);
    }
    g_free(map->iov);
    *map = (VirtIOCryptoMap) { };
}
