/*
 * Who computes a request: the tables
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_ROUTE_TABLE_H
#define BACKENDS_CRYPTODEV_ROUTE_TABLE_H

#include "provider.h"

/* Lengths from which on requests are treated alike, up to the next of them */
#define CRYPTO_ROUTE_LENS 5
static const uint32_t cryptodev_route_len[CRYPTO_ROUTE_LENS] = {
    0, 64, 256, 1024, 4096
};

/* Whether @provider serves @algo before those that are listed earlier. */
bool cryptodev_route_comes_first(const CryptoProvider *provider,
                                 CryptoDevAlgo algo);

/**
 * cryptodev_route_counts: when several requests go to a row together.
 *
 * @row: one with is_batch
 *
 * Returns: for each of cryptodev_route_len the number of requests from which
 * on that pays; 0: never, 1: even one alone
 */
const uint8_t *cryptodev_route_counts(const CryptoRow *row, CryptoCpu cpu);

/* The index of the greatest cryptodev_route_len that @len reaches */
unsigned cryptodev_route_class(size_t len);

/*
 * Whether, with such counts, none of @n messages is better served alone, as
 * far as their longest and shortest length tell
 */
bool cryptodev_route_all(const uint8_t *counts, uint32_t longest,
                         uint32_t shortest, unsigned n);

/**
 * cryptodev_route_alone: how many of @n messages, whose lengths @len descend,
 * are better served alone; the first ones are.
 */
unsigned cryptodev_route_alone(const uint8_t *counts, const uint32_t *len,
                               unsigned n);

#endif /* BACKENDS_CRYPTODEV_ROUTE_TABLE_H */
