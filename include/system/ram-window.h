/*
 * A window on guest RAM, for devices that do DMA many times in a row
 *
 * address_space_map() looks an address up each time, takes a reference to its
 * memory region, and hands out a bounce buffer for what is not RAM: reading
 * the buffer reads registers of some device, and giving it back writes them.
 * A window remembers where RAM is while the memory map stays the same, takes
 * no references, and knows nothing but RAM.  A device that reaches the guest
 * only through a window cannot touch a register, its own or another's, and so
 * never needs the BQL.
 *
 *     rcu_read_lock();
 *     ram_window_enter(&window, as);
 *     p = ram_window_lookup(&window, addr, &len, true);   ... write to p ...
 *     ram_window_written(&window, p, len);
 *     rcu_read_unlock();
 *
 * Pointers are valid until the end of the RCU read section.  What is needed
 * for longer is held with a RAMHold.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef SYSTEM_RAM_WINDOW_H
#define SYSTEM_RAM_WINDOW_H

#include "system/dma.h"

/* Ranges of RAM that a window remembers: below and above 4 GiB, and two. */
#define RAM_WINDOW_RANGES 4

/**
 * RAMWindowRange: a range of an address space that is all in one RAM region
 *
 * @base, @size: guest addresses, bytes; @size 0: unused
 * @host: where @base is in host memory
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
 * @forgot: whether in this RCU read section something was found that is not
 *     in @range any more
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
 * ram_window_enter: see the memory map of @as as it is now.  To be called at
 * the start of each RCU read section in which @window is used.
 */
void ram_window_enter(RAMWindow *window, AddressSpace *as);

/* The slow path of ram_window_lookup(). */
void *ram_window_miss(RAMWindow *window, hwaddr addr, hwaddr *len,
                      bool is_write);

/**
 * ram_window_lookup: find guest RAM.
 *
 * @len: bytes that are wanted, not 0; set to as many of them as lie in one
 *     piece of host memory, which may be less
 *
 * Behind an emulated IOMMU each look-up is a translation: Context: BQL held.
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
 * ram_window_written: tell migration, and TCG, that @len bytes at @host have
 * been written.  To be called after the write, so that logging which begins
 * meanwhile does not miss it.
 *
 * @host: what ram_window_lookup() returned in this RCU read section, or is
 *     held by a RAMHold
 */
void ram_window_written(RAMWindow *window, void *host, size_t len);

/**
 * ram_window_is_logged: whether ram_window_written() has anything to do for
 * what was found in this RCU read section.  It may say yes in vain.  To be
 * called after the writes.
 */
bool ram_window_is_logged(const RAMWindow *window);

/**
 * RAMHold: memory regions that are held beyond an RCU read section, so that
 * pointers into them stay valid when they leave the memory map
 */
typedef struct RAMHold RAMHold;

/* Make one that holds nothing yet. */
RAMHold *ram_hold_new(void);

/* Hold the region of @host, a pointer that is valid now. */
void ram_hold_add(RAMHold *hold, const void *host);

/**
 * ram_hold_free: let go of everything.  The last reference to a region may
 * take a device with it, so without the BQL the main loop does it, soon.
 * Context: any thread.
 */
void ram_hold_free(RAMHold *hold);

#endif /* SYSTEM_RAM_WINDOW_H */
