/*
 * A window on guest RAM
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/main-loop.h"
#include "qemu/rcu.h"
#include "system/ram-window.h"

/*
 * Number of completed changes of memory maps.  A new map can have the address
 * of a freed one, so the address alone does not identify a map.  Between two
 * maps of an address space a change is completed, so address and number
 * together do.
 */
static unsigned generation;

static void memory_map_changed(MemoryListener *listener)
{
    qatomic_store_release(&generation, generation + 1);
}

static MemoryListener map_listener = {
    .name = "ram-window",
    .commit = memory_map_changed,
};

void ram_window_start(void)
{
    if (!map_listener.address_space) {
        memory_listener_register(&map_listener, &address_space_memory);
    }
}

void ram_window_enter(RAMWindow *window, AddressSpace *as)
{
    const FlatView *view = address_space_to_flatview(as);
    unsigned now;

    smp_rmb();              /* an older number would miss the last change */
    now = qatomic_load_acquire(&generation);

    window->forgot = false;
    if (likely(window->view == view && window->generation == now &&
               window->as == as)) {
        return;
    }
    memset(window->range, 0, sizeof(window->range));
    window->as = as;
    window->generation = now;
    window->view = address_space_to_flatview(as);
}

/* State of find_range() */
typedef struct RangeSearch {
    hwaddr addr;
    RAMWindowRange found;
} RangeSearch;

static bool find_range(Int128 start, Int128 size, const MemoryRegion *region,
                       hwaddr offset, void *opaque)
{
    RangeSearch *s = opaque;
    hwaddr base = int128_get64(start);
    MemoryRegion *mr = (MemoryRegion *)region;
    Int128 end = int128_add(start, size);

    if (s->addr < base || int128_ge(int128_make64(s->addr), end)) {
        return false;
    }
    if (memory_access_is_direct(mr, false, MEMTXATTRS_UNSPECIFIED)) {
        s->found = (RAMWindowRange) {
            .base = base,
            .size = int128_get64(size),
            .host = (uint8_t *)memory_region_get_ram_ptr(mr) + offset,
            .region = mr,
            .writable = memory_access_is_direct(mr, true,
                                                MEMTXATTRS_UNSPECIFIED),
        };
    } else if (memory_region_is_iommu(mr)) {
        s->found.region = mr;
    }
    return true;
}

/* Remove the range at @index, and put @r first. */
static void remember(RAMWindow *window, RAMWindowRange r, unsigned index)
{
    memmove(&window->range[1], &window->range[0], index * sizeof(r));
    window->range[0] = r;
}

/* An IOMMU mapping is not cached: the guest can change it at any time. */
static void *translate(RAMWindow *window, hwaddr addr, hwaddr *len,
                       bool is_write)
{
    hwaddr offset, piece = *len;
    MemoryRegion *mr;

    window->forgot = true;
    mr = address_space_translate(window->as, addr, &offset, &piece, is_write,
                                 MEMTXATTRS_UNSPECIFIED);

    if (!piece ||
        !memory_access_is_direct(mr, is_write, MEMTXATTRS_UNSPECIFIED)) {
        return NULL;
    }
    *len = piece;
    return (uint8_t *)memory_region_get_ram_ptr(mr) + offset;
}

void *ram_window_miss(RAMWindow *window, hwaddr addr, hwaddr *len,
                      bool is_write)
{
    RangeSearch s = { .addr = addr };
    RAMWindowRange *r = &s.found;
    unsigned i;

    for (i = 0; i < RAM_WINDOW_RANGES; i++) {
        if (addr - window->range[i].base < window->range[i].size) {
            *r = window->range[i];
            break;
        }
    }
    if (!r->size) {
        flatview_for_each_range((FlatView *)window->view, find_range, &s);
        if (r->region && !r->size) {
            return translate(window, addr, len, is_write);
        }
        i = RAM_WINDOW_RANGES - 1;
        window->forgot |= window->range[i].size && r->size;
    }
    if (!r->size) {
        return NULL;
    }
    remember(window, *r, i);
    if (is_write && !r->writable) {
        return NULL;
    }
    *len = MIN(*len, r->size - (addr - r->base));
    return r->host + (addr - r->base);
}

static MemoryRegion *region_of(const RAMWindow *window, const void *host)
{
    ram_addr_t offset;

    for (unsigned i = 0; i < RAM_WINDOW_RANGES; i++) {
        const RAMWindowRange *r = &window->range[i];

        if ((uintptr_t)host - (uintptr_t)r->host < r->size) {
            return r->region;
        }
    }
    return memory_region_from_host((void *)host, &offset);
}

void ram_window_written(RAMWindow *window, void *host, size_t len)
{
    MemoryRegion *mr = region_of(window, host);

    if (len && memory_region_get_dirty_log_mask(mr)) {
        /* unmap marks the bytes as written, and drops a reference */
        memory_region_ref(mr);
        address_space_unmap(window->as, host, len, true, len);
    }
}

bool ram_window_is_logged(const RAMWindow *window)
{
    if (window->forgot) {
        return true;
    }
    for (unsigned i = 0; i < RAM_WINDOW_RANGES && window->range[i].size; i++) {
        if (memory_region_get_dirty_log_mask(window->range[i].region)) {
            return true;
        }
    }
    return false;
}

/* Held memory */

struct RAMHold {
    GPtrArray *regions;
};

RAMHold *ram_hold_new(void)
{
    RAMHold *hold = g_new(RAMHold, 1);

    hold->regions = g_ptr_array_new();
    return hold;
}

void ram_hold_add(RAMHold *hold, const void *host)
{
    GPtrArray *regions = hold->regions;
    ram_addr_t offset;
    MemoryRegion *mr;

    RCU_READ_LOCK_GUARD();
    mr = memory_region_from_host((void *)host, &offset);
    assert(mr);
    /* mostly in the same region as the previous one */
    if (!regions->len || g_ptr_array_index(regions, regions->len - 1) != mr) {
        memory_region_ref(mr);
        g_ptr_array_add(regions, mr);
    }
}

static void ram_hold_drop(void *opaque)
{
    RAMHold *hold = opaque;

    for (guint i = 0; i < hold->regions->len; i++) {
        memory_region_unref(g_ptr_array_index(hold->regions, i));
    }
    g_ptr_array_free(hold->regions, true);
    g_free(hold);
}

void ram_hold_free(RAMHold *hold)
{
    if (bql_locked()) {
        ram_hold_drop(hold);
    } else {
        aio_bh_schedule_oneshot(qemu_get_aio_context(), ram_hold_drop, hold);
    }
}
