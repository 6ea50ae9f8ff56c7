/*
 * virtio-crypto client: the rings of a vhost-user server
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <sys/eventfd.h>
#include <sys/mman.h>
#include "qemu/atomic.h"
#include "qemu/bswap.h"
#include "standard-headers/linux/virtio_ring.h"
#include "virtio-crypto-server-ring.h"

void vc_server_ring_fd(int *fd, int with)
{
    if (*fd >= 0) {
        close(*fd);
    }
    *fd = with;
}

/* Memory */

static void unmap(VCServerRings *r)
{
    for (unsigned i = 0; i < r->num_regions; i++) {
        munmap(r->region[i].map, r->region[i].map_len);
    }
    r->num_regions = 0;
}

/* Four numbers of 64 bits for each region follow the count. */
void vc_server_map(VCServerRings *r, const uint8_t *payload, const int *fds,
                   unsigned num_fds)
{
    unmap(r);
    g_assert_cmpuint(ldl_he_p(payload), ==, num_fds);
    for (unsigned i = 0; i < num_fds; i++) {
        const uint8_t *p = payload + 8 + 32 * i;
        uint64_t offset = ldq_he_p(p + 24);
        VCServerRegion *region = &r->region[r->num_regions++];

        region->guest = ldq_he_p(p);
        region->size = ldq_he_p(p + 8);
        region->user = ldq_he_p(p + 16);
        region->map_len = region->size + offset;
        region->map = mmap(NULL, region->map_len, PROT_READ | PROT_WRITE,
                           MAP_SHARED, fds[i], 0);
        g_assert(region->map != MAP_FAILED);
        region->bytes = (uint8_t *)region->map + offset;
    }
}

static uint8_t *find(VCServerRings *r, uint64_t addr, bool user)
{
    for (unsigned i = 0; i < r->num_regions; i++) {
        uint64_t base = user ? r->region[i].user : r->region[i].guest;

        if (addr - base < r->region[i].size) {
            return r->region[i].bytes + (addr - base);
        }
    }
    g_error("address 0x%" PRIx64 " is in no region", addr);
}

/* index, flags; descriptors, used, available, as QEMU sees them */
void vc_server_ring_place(VCServerRings *r, unsigned index,
                          const uint8_t *payload)
{
    r->ring[index].desc = find(r, ldq_he_p(payload + 8), true);
    r->ring[index].used = find(r, ldq_he_p(payload + 16), true);
    r->ring[index].avail = find(r, ldq_he_p(payload + 24), true);
}

/* Requests */

#define DESC_SIZE       sizeof(struct vring_desc)

/*
 * The status is the last byte of what may be written.
 *
 * Returns: how many bytes that is
 */
static uint32_t answer_request(VCServerRings *r, const uint8_t *table,
                               uint16_t head)
{
    const uint8_t *desc = table + head * DESC_SIZE;
    uint8_t *status = NULL;
    uint32_t used = 0;
    uint16_t flags;

    if (lduw_le_p(desc + 12) & VRING_DESC_F_INDIRECT) {
        desc = table = find(r, ldq_le_p(desc), false);
    }
    do {
        uint32_t len = ldl_le_p(desc + 8);

        flags = lduw_le_p(desc + 12);
        if (flags & VRING_DESC_F_WRITE) {
            used += len;
            status = find(r, ldq_le_p(desc), false) + len - 1;
        }
        desc = table + lduw_le_p(desc + 14) * DESC_SIZE;
    } while (flags & VRING_DESC_F_NEXT);
    g_assert_nonnull(status);
    *status = 0;
    return used;
}

static unsigned serve_ring(VCServerRings *r, VCServerRing *ring)
{
    unsigned n = 0;

    while (ring->next != (uint16_t)lduw_le_p(ring->avail + 2)) {
        unsigned slot = ring->next++ % ring->num;
        uint16_t head, used_index;

        /* the index before the entry */
        smp_rmb();
        head = lduw_le_p(ring->avail + 4 + 2 * slot);
        used_index = lduw_le_p(ring->used + 2);
        stl_le_p(ring->used + 4 + 8 * (used_index % ring->num), head);
        stl_le_p(ring->used + 8 + 8 * (used_index % ring->num),
                 answer_request(r, ring->desc, head));
        /* the entry before the index */
        smp_wmb();
        stw_le_p(ring->used + 2, used_index + 1);
        n++;
    }
    if (n && ring->call >= 0) {
        eventfd_write(ring->call, 1);
    }
    return n;
}

unsigned vc_server_rings_serve(VCServerRings *r)
{
    unsigned n = 0;

    for (unsigned i = 0; i < VC_SERVER_RINGS_MAX; i++) {
        VCServerRing *ring = &r->ring[i];
        uint64_t value;

        if (ring->kick >= 0 && ring->enabled && ring->used &&
            read(ring->kick, &value, sizeof(value)) == sizeof(value)) {
            n += serve_ring(r, ring);
        }
    }
    return n;
}

void vc_server_rings_clear(VCServerRings *r)
{
    unmap(r);
    for (unsigned i = 0; i < VC_SERVER_RINGS_MAX; i++) {
        vc_server_ring_fd(&r->ring[i].kick, -1);
        vc_server_ring_fd(&r->ring[i].call, -1);
        r->ring[i] = (VCServerRing) { .kick = -1, .call = -1 };
    }
}

void vc_server_rings_init(VCServerRings *r)
{
    for (unsigned i = 0; i < VC_SERVER_RINGS_MAX; i++) {
        r->ring[i] = (VCServerRing) { .kick = -1, .call = -1 };
    }
}
