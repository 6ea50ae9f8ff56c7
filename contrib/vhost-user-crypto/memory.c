/*
 * vhost-user-crypto: guest memory, as the front end shares it
 *
 * This is the other half of system/ram-window.h: where the device looks into
 * QEMU's memory map, here it is the list of regions that libvhost-user has
 * mapped.
 *
 * Memory that a request in flight needs is held by waiting: regions change
 * only when nothing is in flight.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/vfs.h>
#include "vhost-user-crypto.h"

/* The table of regions */

static bool range_wraps(uint64_t addr, uint64_t size)
{
    return addr > UINT64_MAX - size;
}

/* A mapping of huge pages ends with one, or it cannot be unmapped. */
static bool ends_with_page(int fd, uint64_t end)
{
    struct statfs fs;

    return !fstatfs(fd, &fs) &&
           (fs.f_type != HUGETLBFS_MAGIC || !(end % fs.f_bsize));
}

bool vu_crypto_memory_fits(int fd, uint64_t offset, uint64_t size)
{
    struct stat st;

    return size && !range_wraps(offset, size) && !fstat(fd, &st) &&
           S_ISREG(st.st_mode) && st.st_size >= 0 &&
           offset + size <= st.st_size && ends_with_page(fd, offset + size);
}

bool vu_crypto_region_ok(const VhostUserMemoryRegion *r, int fd)
{
    uint64_t page = qemu_real_host_page_size();

    return !(r->guest_phys_addr % page) && !(r->userspace_addr % page) &&
           !range_wraps(r->guest_phys_addr, r->memory_size) &&
           !range_wraps(r->userspace_addr, r->memory_size) &&
           vu_crypto_memory_fits(fd, r->mmap_offset, r->memory_size);
}

void vu_crypto_memory_changed(VuCrypto *s)
{
    s->memory_generation++;
}

bool vu_crypto_user_to_guest(const VuCrypto *s, uint64_t user, uint64_t len,
                             hwaddr *guest)
{
    for (uint32_t i = 0; i < s->vu.nregions; i++) {
        const VuDevRegion *r = &s->vu.regions[i];
        uint64_t offset = user - r->qva;

        if (offset < r->size && len <= r->size - offset) {
            *guest = r->gpa + offset;
            return true;
        }
    }
    return false;
}

static uint8_t *region_host(const VuDevRegion *r)
{
    return (uint8_t *)(uintptr_t)(r->mmap_addr + r->mmap_offset);
}

/* The window */

static VuCrypto *server_of(const RAMWindow *window)
{
    return container_of(window->as, VuCrypto, as);
}

void ram_window_start(void)
{
}

void ram_window_enter(RAMWindow *window, AddressSpace *as)
{
    unsigned now = container_of(as, VuCrypto, as)->memory_generation;

    if (window->as != as || window->generation != now) {
        memset(window->range, 0, sizeof(window->range));
        window->as = as;
        window->generation = now;
    }
}

void *ram_window_miss(RAMWindow *window, hwaddr addr, hwaddr *len,
                      bool is_write)
{
    const VuDev *vu = &server_of(window)->vu;

    for (uint32_t i = 0; i < vu->nregions; i++) {
        const VuDevRegion *r = &vu->regions[i];
        hwaddr offset = addr - r->gpa;

        if (offset < r->size) {
            window->range[0] = (RAMWindowRange) {
                .base = r->gpa,
                .size = r->size,
                .host = region_host(r),
                .writable = true,
            };
            *len = MIN(*len, r->size - offset);
            return region_host(r) + offset;
        }
    }
    return NULL;
}

/* Migration: the log of pages that were written */

bool ram_window_is_logged(const RAMWindow *window)
{
    const VuDev *vu = &server_of(window)->vu;

    return vu->log_table && (vu->features & BIT_ULL(VHOST_F_LOG_ALL));
}

/* A log that is too short for a page is the front end's loss. */
static void log_pages(const VuDev *vu, uint64_t addr, uint64_t len)
{
    uint64_t page = addr / VHOST_LOG_PAGE;
    uint64_t last = (addr + len - 1) / VHOST_LOG_PAGE;

    for (; page <= last && page / 8 < vu->log_size; page++) {
        qatomic_or(&vu->log_table[page / 8], 1 << page % 8);
    }
}

void ram_window_written(RAMWindow *window, void *host, size_t len)
{
    const VuDev *vu = &server_of(window)->vu;

    if (!len || !ram_window_is_logged(window)) {
        return;
    }
    for (uint32_t i = 0; i < vu->nregions; i++) {
        const VuDevRegion *r = &vu->regions[i];
        uint64_t offset = (uint8_t *)host - region_host(r);

        if (offset < r->size) {
            log_pages(vu, r->gpa + offset, MIN(len, r->size - offset));
            return;
        }
    }
}

/* Held memory */

struct RAMHold {
    bool unused;
};

RAMHold *ram_hold_new(void)
{
    static RAMHold hold;

    return &hold;
}

void ram_hold_add(RAMHold *hold, const void *host)
{
}

void ram_hold_free(RAMHold *hold)
{
}

/* Memory that goes */

static VuCrypto *guarded;
static volatile sig_atomic_t lost;

/*
 * Put zeroes where a file was mapped, if @addr is there.  All of it at once: a
 * part must be whole pages of a size that is not ours to choose, and each part
 * takes one of the mappings that a process may have.
 */
static bool put_zeroes(uintptr_t addr, uintptr_t start, size_t size)
{
    return addr - start < size &&
           mmap((void *)start, size, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED,
                -1, 0) != MAP_FAILED;
}

static bool replace_memory(const VuDev *vu, uintptr_t addr)
{
    for (uint32_t i = 0; i < vu->nregions; i++) {
        const VuDevRegion *r = &vu->regions[i];

        if (put_zeroes(addr, r->mmap_addr, r->mmap_offset + r->size)) {
            return true;
        }
    }
    return vu->log_table &&
           put_zeroes(addr, (uintptr_t)vu->log_table, vu->log_size);
}

/* Go on for now, without the memory that has gone. */
static void memory_gone(int signum, siginfo_t *info, void *context)
{
    if (guarded->connected &&
        replace_memory(&guarded->vu, (uintptr_t)info->si_addr)) {
        lost = true;
        return;
    }
    signal(SIGBUS, SIG_DFL);    /* it happens again, and ends the process */
}

void vu_crypto_memory_guard(VuCrypto *s)
{
    struct sigaction action = {
        .sa_sigaction = memory_gone,
        .sa_flags = SA_SIGINFO,
    };

    sigset_t bus;

    guarded = s;
    sigaction(SIGBUS, &action, NULL);
    /* the main loop has blocked it */
    sigemptyset(&bus);
    sigaddset(&bus, SIGBUS);
    pthread_sigmask(SIG_UNBLOCK, &bus, NULL);
}

bool vu_crypto_memory_lost(void)
{
    bool was_lost = lost;

    lost = false;
    return was_lost;
}
