/*
 * Choice of the library that computes a request
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_ROUTE_H
#define BACKENDS_CRYPTODEV_ROUTE_H

#include "contexts.h"
#include "message.h"
#include "route-table.h"

/* CryptoRoutes: the rows that serve each algorithm of a backend */
typedef struct CryptoRoutes CryptoRoutes;

/**
 * cryptodev_routes_new: test all rows, and choose for each algorithm.
 *
 * Each row is tested once per process.  One that fails is reported and not
 * used.
 *
 * @provider: the provider that the user has chosen, or NULL for the best
 *     provider of each algorithm
 *
 * Returns: NULL if no such provider can be used.  Context: BQL
 */
CryptoRoutes *cryptodev_routes_new(const char *provider);
void cryptodev_routes_free(CryptoRoutes *routes);

/* Whether @algo is served. */
bool cryptodev_routes_offer(const CryptoRoutes *routes, CryptoDevAlgo algo);

/* The implementation of the public-key algorithm @algo, or NULL */
const CryptoProviderAkcipher *
cryptodev_routes_akcipher(const CryptoRoutes *routes, CryptoDevAlgo algo);

/**
 * CryptoRouteInfo: which libraries compute an algorithm
 *
 * @opcode: the opcode that this describes if opcodes differ, else the first one
 * @provider: library that serves one request at a time
 * @batch_provider: library that serves several together, or NULL
 * @batch_count: for each of cryptodev_route_len, the least number of requests
 *     that are served together; 0: never, 1: even one alone
 */
typedef struct CryptoRouteInfo {
    CryptoDevAlgo algo;
    CryptoDevOpcode opcode;
    const char *provider;
    const char *batch_provider;
    uint8_t batch_count[CRYPTO_ROUTE_LENS];
} CryptoRouteInfo;

typedef void CryptoRouteListFn(const CryptoRouteInfo *info, void *opaque);

/* Call @fn for each algorithm and, where they differ, each opcode. */
void cryptodev_routes_list(const CryptoRoutes *routes, CryptoRouteListFn *fn,
                           void *opaque);

/**
 * CryptoBatchRow: a row that serves several requests together
 *
 * @group: requests with the same value can share a batch
 * @max_len: longest text; with chaining, several rounds of row->max_len bytes
 * @count: as CryptoRouteInfo.batch_count
 * @least: the smallest of @count that is not 0
 * @stagger: see batch.c
 */
typedef struct CryptoBatchRow {
    const CryptoRow *row;
    uint8_t group;
    uint32_t max_len;
    uint8_t count[CRYPTO_ROUTE_LENS];
    uint8_t least;
    bool stagger;
} CryptoBatchRow;

/* CryptoRoute: the rows that serve a session, and its keys for them */
typedef struct CryptoRoute CryptoRoute;

/**
 * cryptodev_route_new: choose rows for a session.
 *
 * @params: must outlive the route, with its keys; not of AKCIPHER
 *
 * Returns: NULL if the libraries refuse the key.  Context: any thread
 */
CryptoRoute *cryptodev_route_new(const CryptoRoutes *routes,
                                 const CryptoDevSessionParams *params);

/* Wipe and free.  Context: any thread; nobody uses @route */
void cryptodev_route_free(CryptoRoute *route);

/* Whether there is a row with is_batch for each step of the session */
bool cryptodev_route_has_batches(const CryptoRoute *route);

/* The contexts of the session, for cryptodev_contexts_acquire(); its params */
CryptoContexts *cryptodev_route_contexts(CryptoRoute *route);

/* Serve the cipher or hash of @w alone, with @context of its session. */
void cryptodev_route_run(CryptoRoute *route, CryptoWork *w,
                         CryptoScratch *scratch, CryptoContext *context,
                         bool hash);

/**
 * cryptodev_route_batch: find the row that serves the cipher or hash of @w
 * together with others.
 *
 * @len: of the text, see cryptodev_work_len()
 * @n: the most requests that could share the batch
 * @ctx: set to the context for the row
 *
 * Returns: NULL if @w should be served alone
 */
const CryptoBatchRow *cryptodev_route_batch(CryptoRoute *route,
                                            const CryptoWork *w, bool hash,
                                            size_t len, unsigned n, void **ctx);

#endif /* BACKENDS_CRYPTODEV_ROUTE_H */
