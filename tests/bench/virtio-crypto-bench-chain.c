/*
 * virtio-crypto benchmark: descriptor chains
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "virtio-crypto-bench-chain.h"

unsigned bench_chain_stride(bool indirect)
{
    return indirect ? 1 : BENCH_CHAIN_MAX;
}

void bench_chain_init(BenchChain *chain, BenchDevice *dev, BenchRing *ring,
                      unsigned slot, bool indirect)
{
    unsigned head = slot * bench_chain_stride(indirect);

    if (ring->packed && !indirect) {
        bench_fail("direct descriptors are for split rings");
    }
    if (head + bench_chain_stride(indirect) > ring->size) {
        bench_fail("%u requests do not fit into a ring of %u", slot + 1,
                   ring->size);
    }
    *chain = (BenchChain) {
        .dev = dev,
        .head = &ring->desc[head],
        .desc = &ring->desc[head],
        .first = head,
        .indirect = indirect,
        .packed = ring->packed,
    };
    if (indirect) {
        chain->desc = bench_alloc(dev, sizeof(struct vring_desc) *
                                  BENCH_CHAIN_MAX, 64);
        chain->first = 0;
    }
}

void bench_chain_start(BenchChain *chain)
{
    chain->num = 0;
}

static void packed_add(BenchChain *chain, uint64_t addr, size_t len,
                       bool write)
{
    struct vring_packed_desc *table = (void *)chain->desc;

    g_assert_cmpuint(chain->num, <, BENCH_CHAIN_MAX);
    table[chain->num++] = (struct vring_packed_desc) {
        .addr = cpu_to_le64(addr),
        .len = cpu_to_le32(len),
        .flags = cpu_to_le16(write ? VRING_DESC_F_WRITE : 0),
    };
}

void bench_chain_add(BenchChain *chain, const void *buf, size_t len,
                     bool write)
{
    struct vring_desc *desc = &chain->desc[chain->num];

    if (!len) {
        return;
    }
    if (chain->packed) {
        packed_add(chain, bench_addr(chain->dev, buf), len, write);
        return;
    }
    if (chain->num) {
        desc[-1].flags |= cpu_to_le16(VRING_DESC_F_NEXT);
        desc[-1].next = cpu_to_le16(chain->first + chain->num);
    }
    g_assert_cmpuint(chain->num++, <, BENCH_CHAIN_MAX);
    *desc = (struct vring_desc) {
        .addr = cpu_to_le64(bench_addr(chain->dev, buf)),
        .len = cpu_to_le32(len),
        .flags = cpu_to_le16(write ? VRING_DESC_F_WRITE : 0),
    };
}

void bench_chain_end(BenchChain *chain)
{
    if (chain->indirect) {
        *chain->head = (struct vring_desc) {
            .addr = cpu_to_le64(bench_addr(chain->dev, chain->desc)),
            .len = cpu_to_le32(chain->num * sizeof(struct vring_desc)),
            .flags = cpu_to_le16(VRING_DESC_F_INDIRECT),
        };
    }
}
