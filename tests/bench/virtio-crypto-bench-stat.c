/*
 * virtio-crypto benchmark: times
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "virtio-crypto-bench-stat.h"

int64_t bench_cpu_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * NANOSECONDS_PER_SECOND + now.tv_nsec;
}

static gint compare(gconstpointer a, gconstpointer b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

void bench_sort_latencies(GArray *latencies)
{
    g_array_sort(latencies, compare);
}

double bench_percentile(GArray *latencies, double p)
{
    unsigned i = latencies->len ? (latencies->len - 1) * p : 0;

    return latencies->len ? g_array_index(latencies, int64_t, i) / 1e3 : 0;
}
