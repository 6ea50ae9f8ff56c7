/*
 * virtio-crypto benchmark: sessions
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_BENCH_VIRTIO_CRYPTO_BENCH_CONTROL_H
#define TESTS_BENCH_VIRTIO_CRYPTO_BENCH_CONTROL_H

#include "virtio-crypto-bench-algos.h"
#include "virtio-crypto-bench-pump.h"

/**
 * BenchSessions: sessions number 0 to @num - 1, each with its own keys
 *
 * @num: fewer than asked for if the device has refused one
 */
typedef struct BenchSessions {
    const BenchAlgo *algo;
    bool decrypt;
    unsigned num;
    uint64_t *ids;
} BenchSessions;

BenchSessions *bench_sessions_new(BenchDevice *dev, const BenchAlgo *algo,
                                  bool decrypt, unsigned num);
void bench_sessions_free(BenchDevice *dev, BenchSessions *s);

/* Create sessions and destroy them, @depth at a time */
BenchWindow bench_control(BenchDevice *dev, const BenchAlgo *algo,
                          unsigned depth, double seconds);

#endif
