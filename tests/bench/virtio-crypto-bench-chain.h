/*
 * virtio-crypto benchmark: descriptor chains
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_BENCH_VIRTIO_CRYPTO_BENCH_CHAIN_H
#define TESTS_BENCH_VIRTIO_CRYPTO_BENCH_CHAIN_H

#include "virtio-crypto-bench-device.h"

/**
 * BenchChain: the descriptors of a request
 *
 * @head: the request's entry in the ring
 * @desc, @first: an indirect table, or the request's own part of the ring
 * @packed: the table is one of a packed ring
 */
typedef struct BenchChain {
    BenchDevice *dev;
    struct vring_desc *head;
    struct vring_desc *desc;
    uint16_t first, num;
    bool indirect, packed;
} BenchChain;

/* Entries of the ring from one slot to the next */
unsigned bench_chain_stride(bool indirect);

/* The chain of slot @slot of a queue */
void bench_chain_init(BenchChain *chain, BenchDevice *dev, BenchRing *ring,
                      unsigned slot, bool indirect);

/* Begin anew, add buffers unless they are empty, and put it into the ring. */
void bench_chain_start(BenchChain *chain);
void bench_chain_add(BenchChain *chain, const void *buf, size_t len,
                     bool write);
void bench_chain_end(BenchChain *chain);

#endif
