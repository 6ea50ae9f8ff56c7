/*
 * virtio-crypto benchmark: how long the monitor takes to answer
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_BENCH_VIRTIO_CRYPTO_BENCH_PING_H
#define TESTS_BENCH_VIRTIO_CRYPTO_BENCH_PING_H

/**
 * BenchPing: query-status, again and again
 *
 * @fd: the monitor, which takes commands
 * @asked: when the last question was sent, and whether it is @open
 * @latencies: of answers, in ns
 */
typedef struct BenchPing {
    int fd;
    int64_t asked;
    bool open;
    GArray *latencies;
} BenchPing;

BenchPing *bench_ping_new(int fd);

/* Ask, or look for an answer, without waiting. */
void bench_ping_poll(BenchPing *ping, int64_t now);

/* Wait for the answer to the last question; sort the latencies. */
void bench_ping_stop(BenchPing *ping);

#endif
