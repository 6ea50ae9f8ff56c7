/*
 * virtio-crypto benchmark: keep requests in flight
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/processor.h"
#include "qemu/timer.h"
#include "virtio-crypto-bench-pump.h"

#define STALL_NS        (20 * NANOSECONDS_PER_SECOND)
#define LATENCIES_MAX   1000000

static void send_slot(BenchPump *pump, BenchRing *ring, unsigned slot, int64_t now)
{
    pump->sent[slot] = now;
    pump->in_flight++;
    bench_ring_put(ring, slot % pump->depth * pump->stride);
}

static void send_all(BenchPump *pump)
{
    int64_t now = get_clock();

    for (unsigned i = 0; i < pump->num_rings * pump->depth; i++) {
        send_slot(pump, &pump->rings[i / pump->depth], i, now);
    }
    for (unsigned q = 0; q < pump->num_rings; q++) {
        bench_ring_publish(&pump->rings[q]);
    }
}

static void answered(BenchPump *pump, unsigned slot, int64_t now)
{
    int64_t latency = now - pump->sent[slot];

    pump->in_flight--;
    pump->ops++;
    if (pump->latencies && pump->latencies->len < LATENCIES_MAX) {
        g_array_append_val(pump->latencies, latency);
    }
}

/* As a guest that is not always there at once; for a depth of one. */
static int64_t rest(const BenchPump *pump, int64_t now)
{
    int64_t end = now + pump->pause_ns;

    while (now < end) {
        cpu_relax();
        now = get_clock();
    }
    return now;
}

/* Returns the number of answers. */
static unsigned reap(BenchPump *pump, unsigned q, int64_t *now)
{
    BenchRing *ring = &pump->rings[q];
    unsigned n = 0;
    uint16_t head;
    uint32_t len;

    while (n < pump->depth && bench_ring_get(ring, &head, &len)) {
        unsigned slot = q * pump->depth + head / pump->stride;

        if (head % pump->stride || head / pump->stride >= pump->depth) {
            bench_fail("answer to a request %u that does not exist", head);
        }
        if (!n++) {
            *now = get_clock();
        }
        answered(pump, slot, *now);
        if (pump->done(pump, slot, len) && !pump->stopping) {
            send_slot(pump, ring, slot, rest(pump, *now));
        }
    }
    bench_ring_publish(ring);
    return n;
}

static uint64_t kicks(const BenchPump *pump)
{
    uint64_t n = 0;

    for (unsigned q = 0; q < pump->num_rings; q++) {
        n += pump->rings[q].kicks;
    }
    return n;
}

BenchWindow bench_pump(BenchPump *pump, double seconds)
{
    int64_t cpu = bench_device_cpu_ns(pump->dev);
    uint64_t kicks_before = kicks(pump);
    int64_t start = get_clock(), now = start, heard = start;
    int64_t end = start + seconds * NANOSECONDS_PER_SECOND;
    BenchWindow w = { };

    pump->ops = 0;
    pump->stopping = false;
    send_all(pump);
    while (pump->in_flight) {
        unsigned n = 0;

        for (unsigned q = 0; q < pump->num_rings; q++) {
            n += reap(pump, q, &now);
        }
        if (n) {
            heard = now;
        } else {
            cpu_relax();
            now = get_clock();
        }
        if (pump->ping) {
            bench_ping_poll(pump->ping, now);
        }
        if (now >= end && !pump->stopping) {
            pump->stopping = true;
            w.seconds = (now - start) / 1e9;
            w.cpu_seconds = (bench_device_cpu_ns(pump->dev) - cpu) / 1e9;
            w.kicks = kicks(pump) - kicks_before;
            w.ops = pump->ops;
        }
        if (now - heard > STALL_NS) {
            bench_fail("the device has not answered for %d s",
                       (int)(STALL_NS / NANOSECONDS_PER_SECOND));
        }
    }
    return w;
}
