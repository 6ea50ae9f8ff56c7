/*
 * virtio-crypto benchmark: times
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_BENCH_VIRTIO_CRYPTO_BENCH_STAT_H
#define TESTS_BENCH_VIRTIO_CRYPTO_BENCH_STAT_H

/* CPU time of this thread: others that use the machine do not count. */
int64_t bench_cpu_ns(void);

/* Arrays of int64_t, in ns */

void bench_sort_latencies(GArray *latencies);

/* What the fraction @p of the sorted latencies does not exceed, in us */
double bench_percentile(GArray *latencies, double p);

#endif
