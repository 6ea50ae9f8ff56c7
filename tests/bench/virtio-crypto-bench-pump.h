/*
 * virtio-crypto benchmark: keep requests in flight
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_BENCH_VIRTIO_CRYPTO_BENCH_PUMP_H
#define TESTS_BENCH_VIRTIO_CRYPTO_BENCH_PUMP_H

#include "virtio-crypto-bench-device.h"
#include "virtio-crypto-bench-ping.h"

/**
 * BenchPump: requests that are sent again as soon as they are answered
 *
 * @rings: @num_rings queues with @depth slots each
 * @stride: from the head of one slot to the next
 * @pause_ns: rest between an answer and the next request, with one slot
 * @ping: asks the monitor meanwhile, or NULL
 * @done: an answer to slot @slot of all has come, with this used length.
 *     Returns whether to send it again, if not @stopping.
 * @opaque: for @done
 *
 * @sent: room for the time at which each slot was sent
 * @latencies: what the answers took, in ns, up to a number; or NULL
 * @ops: answers
 * @stopping: the time is over
 */
typedef struct BenchPump BenchPump;
struct BenchPump {
    BenchDevice *dev;
    BenchRing *rings;
    unsigned num_rings, depth, stride;
    int64_t pause_ns;
    BenchPing *ping;
    bool (*done)(BenchPump *pump, unsigned slot, uint32_t used_len);
    void *opaque;
    int64_t *sent;
    GArray *latencies;
    uint64_t ops;
    unsigned in_flight;
    bool stopping;
};

/* Answers, kicks, time, and CPU time of QEMU, until it was stopping */
typedef struct BenchWindow {
    uint64_t ops, kicks;
    double seconds, cpu_seconds;
} BenchWindow;

/**
 * bench_pump: send all slots, and again for @seconds, then wait for the rest.
 *
 * Fails if nothing happens for a while.
 */
BenchWindow bench_pump(BenchPump *pump, double seconds);

#endif
