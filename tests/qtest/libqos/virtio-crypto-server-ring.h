/*
 * virtio-crypto client: the rings of a vhost-user server
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_LIBQOS_VIRTIO_CRYPTO_SERVER_RING_H
#define TESTS_LIBQOS_VIRTIO_CRYPTO_SERVER_RING_H

#define VC_SERVER_RINGS_MAX     8
#define VC_SERVER_REGIONS_MAX   8

/* @next: of the available ring; @desc, @avail, @used: NULL until placed */
typedef struct VCServerRing {
    uint32_t num;
    uint16_t next;
    bool enabled;
    int kick, call;
    uint8_t *desc, *avail, *used;
} VCServerRing;

/* Guest memory, as QEMU sees it and as the guest does */
typedef struct VCServerRegion {
    uint64_t guest, size, user;
    uint8_t *bytes;
    void *map;
    size_t map_len;
} VCServerRegion;

typedef struct VCServerRings {
    VCServerRing ring[VC_SERVER_RINGS_MAX];
    VCServerRegion region[VC_SERVER_REGIONS_MAX];
    unsigned num_regions;
} VCServerRings;

/* Payloads of SET_MEM_TABLE and SET_VRING_ADDR */
void vc_server_map(VCServerRings *r, const uint8_t *payload, const int *fds,
                   unsigned num_fds);
void vc_server_ring_place(VCServerRings *r, unsigned index,
                          const uint8_t *payload);

/* Close what @fd was, and replace it. */
void vc_server_ring_fd(int *fd, int with);

/*
 * Answer all that is in the rings that are enabled.  Returns: how many requests
 */
unsigned vc_server_rings_serve(VCServerRings *r);

void vc_server_rings_init(VCServerRings *r);

/* Forget all. */
void vc_server_rings_clear(VCServerRings *r);

#endif
