/*
 * virtio-crypto benchmark: data requests
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_BENCH_VIRTIO_CRYPTO_BENCH_LOAD_H
#define TESTS_BENCH_VIRTIO_CRYPTO_BENCH_LOAD_H

#include "virtio-crypto-bench-control.h"

/**
 * BenchLoad: what to keep the device busy with
 *
 * @size: of the input
 * @depth: requests in flight, on each of @queues queues
 * @sessions: taken in turns; 0: stateless requests
 * @rekey: stateless requests have a new key each time
 * @direct: descriptors in the ring, not in indirect tables
 * @unaligned: buffers lie anywhere, not at the beginning of a page
 * @rewrite: header and descriptors are written anew for each request
 * @migrating: while the VM migrates, slowly
 * @pause_ns: see BenchPump
 * @ping: see BenchPump
 */
typedef struct BenchLoad {
    const BenchAlgo *algo;
    bool decrypt;
    size_t size;
    unsigned depth, queues, sessions;
    bool rekey, direct, unaligned, rewrite, migrating;
    int64_t pause_ns;
    BenchPing *ping;
    double seconds;
} BenchLoad;

/**
 * bench_load: run it.
 *
 * Some of the outputs are compared with libgcrypt's while it runs, and all
 * that are there at the end.
 *
 * @latencies: of requests, sorted; for the caller to free
 *
 * Returns: false if the device has not got this
 */
bool bench_load(BenchDevice *dev, const BenchLoad *load, BenchWindow *window,
                GArray **latencies);

#endif
