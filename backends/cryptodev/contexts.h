/*
 * Contexts of a session
 *
 * A library context serves one thread at a time.  Who needs one takes it away
 * and brings it back: a session keeps a few, however many queues use it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_CONTEXTS_H
#define BACKENDS_CRYPTODEV_CONTEXTS_H

#include "engine.h"

/* Contexts that a session keeps; with more users some are made each time. */
#define CRYPTO_CONTEXTS_MAX 4

/* The contexts that nobody uses now, or NULL; exchanged atomically */
typedef struct CryptoContexts {
    CryptoEngineCtx *slot[CRYPTO_CONTEXTS_MAX];
} CryptoContexts;

/**
 * crypto_contexts_acquire: take a context away, or make one.
 *
 * @home: number of the user; who takes and brings back under the same number
 *     mostly gets the same context
 *
 * Context: any thread.  Returns: NULL if a library refuses a key
 */
CryptoEngineCtx *crypto_contexts_acquire(CryptoContexts *contexts,
                                         const CryptoEngineRows *rows,
                                         const CryptoDevSessionParams *params,
                                         unsigned home);

/* Bring @ctx back, or free it if enough are kept.  Context: any thread */
void crypto_contexts_release(CryptoContexts *contexts,
                             const CryptoEngineRows *rows,
                             CryptoEngineCtx *ctx, unsigned home);

/* Wipe and free the contexts; all have been brought back. */
void crypto_contexts_cleanup(CryptoContexts *contexts,
                             const CryptoEngineRows *rows);

#endif /* BACKENDS_CRYPTODEV_CONTEXTS_H */
