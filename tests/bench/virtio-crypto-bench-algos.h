/*
 * virtio-crypto benchmark: algorithms, and the messages that name them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_BENCH_VIRTIO_CRYPTO_BENCH_ALGOS_H
#define TESTS_BENCH_VIRTIO_CRYPTO_BENCH_ALGOS_H

#include "libqos/virtio-crypto-wire.h"

/* One more than the client library of the tests has a layout for */

#define BENCH_KEY_MAX       2048
#define BENCH_IV_MAX        16
#define BENCH_AAD_MAX       16
#define BENCH_DIGEST_MAX    64
#define BENCH_HEADER_MAX    128

/**
 * BenchAlgo: an algorithm of the device
 *
 * @algo, @hash_algo: the device's numbers; the latter is the MAC of a chain
 * @key_len, @auth_key_len: stand in this order in requests
 * @result_len: fixed size of the output, 0: that of the input
 * @digest_len: of a digest or tag, behind the output
 * @gcry_cipher, @gcry_mode, @gcry_mac, @gcry_md: libgcrypt's numbers, or 0
 */
typedef struct BenchAlgo {
    const char *name;
    unsigned service;
    uint32_t algo, hash_algo;
    uint16_t key_len;
    uint8_t auth_key_len, iv_len, aad_len, digest_len;
    int gcry_cipher, gcry_mode, gcry_mac, gcry_md;
} BenchAlgo;

/* NULL if there is none */
const BenchAlgo *bench_algo(const char *name);

/* Key and authentication key number @n, one after the other */
size_t bench_keys(const BenchAlgo *algo, unsigned n, uint8_t *keys);

/* Bytes of output for @size bytes of input, digest or tag included */
size_t bench_output_len(const BenchAlgo *algo, size_t size);

/* The fixed part of a request, up to its keys.  Returns the size. */
size_t bench_put_create(const BenchAlgo *algo, VCFormat format, bool decrypt,
                        uint8_t *header);
size_t bench_put_destroy(const BenchAlgo *algo, VCFormat format,
                         uint64_t session, uint8_t *header);
size_t bench_put_data(const BenchAlgo *algo, VCFormat format, bool decrypt,
                      size_t size, uint8_t *header);
void bench_put_session(uint8_t *header, uint64_t session);

#endif
