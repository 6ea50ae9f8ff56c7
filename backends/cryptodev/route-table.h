/*
 * Choice of the library that computes a request: the tables
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_ROUTE_TABLE_H
#define BACKENDS_CRYPTODEV_ROUTE_TABLE_H

#include "provider.h"

/* The shortest length of each class of lengths; a class has one count */
#define CRYPTO_ROUTE_LENS 5
static const uint32_t cryptodev_route_len[CRYPTO_ROUTE_LENS] = {
    0, 64, 256, 1024, 4096
};

/* Whether @provider precedes all others for @algo, against their order. */
bool cryptodev_route_comes_first(const CryptoProvider *provider,
                                 CryptoDevAlgo algo);

/**
 * cryptodev_route_counts: from how many requests on a batch pays.
 *
 * @row: one with is_batch
 *
 * Returns: the number of requests for each of cryptodev_route_len; 0: never,
 * 1: even one alone
 */
const uint8_t *cryptodev_route_counts(const CryptoRow *row, CryptoCpu cpu);

/* The index of the greatest cryptodev_route_len that is not above @len */
unsigned cryptodev_route_class(size_t len);

/*
 * Whether it is clear from the longest and shortest length alone that all of
 * @n messages should be served together
 */
bool cryptodev_route_all(const uint8_t *counts, uint32_t longest,
                         uint32_t shortest, unsigned n);

/**
 * cryptodev_route_alone: how many of the first of @n messages, sorted by
 * descending length @len, should be served alone.
 */
unsigned cryptodev_route_alone(const uint8_t *counts, const uint32_t *len,
                               unsigned n);

#endif /* BACKENDS_CRYPTODEV_ROUTE_TABLE_H */
