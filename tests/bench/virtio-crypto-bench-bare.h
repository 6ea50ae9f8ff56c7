/*
 * virtio-crypto benchmark: the same operations without a device
 *
 * Outputs of the device are compared with results of libgcrypt.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_BENCH_VIRTIO_CRYPTO_BENCH_BARE_H
#define TESTS_BENCH_VIRTIO_CRYPTO_BENCH_BARE_H

#include "virtio-crypto-bench-algos.h"

/* One message; @out has room for bench_output_len() bytes. */
typedef struct BenchMsg {
    const uint8_t *iv, *aad, *src;
    size_t size;
    uint8_t *out;
} BenchMsg;

/* An operation with libgcrypt */
typedef struct BenchRef BenchRef;

BenchRef *bench_ref_new(const BenchAlgo *algo, bool decrypt);
void bench_ref_set_keys(BenchRef *ref, const uint8_t *keys);
void bench_ref_run(BenchRef *ref, const BenchMsg *msg);
void bench_ref_free(BenchRef *ref);

/* What to measure: @jobs messages of @size bytes, again and again */
typedef struct BenchBare {
    const BenchAlgo *algo;
    bool decrypt;
    size_t size;
    unsigned jobs;
    bool rekey;
    double seconds;
} BenchBare;

/* Nanoseconds of CPU time per message: libgcrypt (nettle for RSA), one by one */
double bench_bare_single(const BenchBare *b);

/* The same with ipsec-mb and many jobs; 0 if it has not got that */
double bench_bare_multi(const BenchBare *b);

/* Messages from one look at the clock to the next, at least */
#define BENCH_BARE_BATCH    64

/* Arbitrary, but always the same bytes */
void bench_fill(uint8_t *buf, size_t len, uint32_t seed);

/* @jobs messages with input and separate output */
BenchMsg *bench_msgs_new(const BenchAlgo *algo, size_t size, unsigned jobs);
void bench_msgs_free(BenchMsg *msgs, unsigned jobs);

#endif
