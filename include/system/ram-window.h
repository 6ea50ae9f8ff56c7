/*
 * A window on guest RAM, for devices that do DMA many times in a row
 *
 * address_space_map() looks up each address, and takes a reference to its
 * memory region.  If the address is not RAM, it uses a bounce buffer: map reads
 * the registers of some device, and unmap writes them.
 *
 * A window finds RAM only.  It caches where RAM is until the memory map
 * changes, and takes no references.  A device that does all DMA through a
 * window never accesses a device register, and so does not need the BQL.
 *
 *     rcu_read_lock();
 *     ram_window_enter(&window, as);
 *     p = ram_window_lookup(&window, addr, &len, true);   ... write to p ...
 *     ram_window_written(&window, p, len);
 *     rcu_read_unlock();
 *
 * Pointers are valid until the end of the RCU read section.  Use a RAMHold to
 * keep them longer.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef SYSTEM_RAM_WINDOW_H
#define SYSTEM_RAM_WINDOW_H

#include "system/dma.h"

/* Ranges of RAM that a window caches: below and above 4 GiB, and two more */
#define RAM_WINDOW_RANGES 4

/**
 * RAMWindowRange: a range of an address space within one RAM region
 *
 * @base, @size: guest addresses, bytes; @size 0: unused
 * @host: host address of @base
 * @region: to mark pages as written
 * @writable: false for ROM
 */
typedef struct RAMWindowRange {
    hwaddr base, size;
    uint8_t *host;
    MemoryRegion *region;
    bool writable;
} RAMWindowRange;

/**
 * RAMWindow: for use by one thread at a time.  Initialise with zeroes.
 *
 * @as: the address space
 * @view, @generation: the memory map that the ranges were taken from
 * @forgot: whether a lookup of this RCU read section found RAM that is not in
 *     @range now
 * @range: most recently used first
 */
typedef struct RAMWindow {
    AddressSpace *as;
    const FlatView *view;
    unsigned generation;
    bool forgot;
    RAMWindowRange range[RAM_WINDOW_RANGES];
} RAMWindow;

/**
 * ram_window_start: prepare windows for use.  Any number of calls.
 * Context: BQL held.
 */
void ram_window_start(void);

/**
 * ram_window_enter: use the current memory map of @as.  Call this at the start
 * of each RCU read section that uses @window.
 */
void ram_window_enter(RAMWindow *window, AddressSpace *as);

/* The slow path of ram_window_lookup(). */
void *ram_window_miss(RAMWindow *window, hwaddr addr, hwaddr *len,
                      bool is_write);

/**
 * ram_window_lookup: find guest RAM.
 *
 * @len: bytes to find, not 0; set to the number of them that are contiguous in
 *     host memory, which can be less
 *
 * Context: any; BQL held if @as has an emulated IOMMU, which each lookup calls.
 *
 * Returns: NULL if the byte at @addr is not in RAM, or is in ROM and
 * @is_write is set
 */
static inline void *ram_window_lookup(RAMWindow *window, hwaddr addr,
                                      hwaddr *len, bool is_write)
{
    const RAMWindowRange *r = &window->range[0];
    hwaddr offset = addr - r->base;

    if (likely(offset < r->size && *len <= r->size - offset &&
               (r->writable || !is_write))) {
        return r->host + offset;
    }
    return ram_window_miss(window, addr, len, is_write);
}

/**
 * ram_window_read: copy @len bytes out of guest RAM.
 *
 * Returns: false if not all of them are in RAM; then @buf is undefined
 */
bool ram_window_read(RAMWindow *window, hwaddr addr, void *buf, size_t len);

/**
 * ram_window_write: copy @len bytes into guest RAM, and mark them as written.
 *
 * Returns: false if not all of them are in RAM; then some may be written
 */
bool ram_window_write(RAMWindow *window, hwaddr addr, const void *buf,
                      size_t len);

/**
 * ram_window_written: tell migration and TCG that @len bytes at @host have
 * been written.  Call this after the write: if dirty logging starts during the
 * write, it must not miss it.
 *
 * @host: returned by ram_window_lookup() in this RCU read section, or held by
 *     a RAMHold
 */
void ram_window_written(RAMWindow *window, void *host, size_t len);

/**
 * ram_window_is_logged: whether ram_window_written() is needed for pointers
 * that were found in this RCU read section.  Can be true without need.  Call
 * this after the writes.
 */
bool ram_window_is_logged(const RAMWindow *window);

/**
 * RAMHold: references to memory regions.  Pointers into them stay valid after
 * the RCU read section, even if a region leaves the memory map.
 */
typedef struct RAMHold RAMHold;

/* Returns: an empty one, to be freed with ram_hold_free() */
RAMHold *ram_hold_new(void);

/* Hold the region of @host, a pointer that is valid now. */
void ram_hold_add(RAMHold *hold, const void *host);

/**
 * ram_hold_free: drop the references and free @hold.  The last reference to a
 * region can finalize a device, which needs the BQL: a caller without it leaves
 * that to the main loop.  Context: any thread.
 */
void ram_hold_free(RAMHold *hold);

#endif /* SYSTEM_RAM_WINDOW_H */
