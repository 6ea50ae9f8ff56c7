/*
 * Contexts of a session
 *
 * A library context serves one thread at a time: acquire one, use it, release
 * it.  A session keeps a few, for any number of queues.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_CONTEXTS_H
#define BACKENDS_CRYPTODEV_CONTEXTS_H

#include "provider.h"

/* Contexts that a session keeps; more users make and free one each time. */
#define CRYPTO_CONTEXTS_MAX 4

/**
 * CryptoContext: contexts that serve a session in one thread
 *
 * @ctx: for the cipher [0] and the hash [1]; NULL if the session has no such
 *     step, or uses a shared context for it
 */
typedef struct CryptoContext {
    void *ctx[2];
} CryptoContext;

/**
 * CryptoContexts: of one session; pairs are for its cipher [0] and hash [1]
 *
 * @params: of the session, with its keys
 * @own_row: rows whose contexts serve one thread, or NULL
 * @slot: contexts of @own_row that are free, or NULL; exchanged atomically
 * @shared_row: rows whose contexts serve all threads, or NULL
 * @shared: contexts of @shared_row; the first thread that needs one makes it;
 *     atomic
 * @refused: the shared row does not accept the key; atomic
 */
typedef struct CryptoContexts {
    const CryptoDevSessionParams *params;
    const CryptoRow *own_row[2];
    const CryptoRow *shared_row[2];
    CryptoContext *slot[CRYPTO_CONTEXTS_MAX];
    void *shared[2];
    bool refused[2];
} CryptoContexts;

/**
 * cryptodev_context_new: make a context of any row for a session.
 *
 * @hash: for its hash, not its cipher
 *
 * Returns: NULL if the library refuses the key
 */
void *cryptodev_context_new(const CryptoRow *row,
                            const CryptoDevSessionParams *params, bool hash);

/* The context of shared_row[hash], or NULL.  Context: any thread */
void *cryptodev_contexts_shared(CryptoContexts *contexts, bool hash);

/**
 * cryptodev_contexts_acquire: take a free context, or make one.
 *
 * @home: number of the user, who with the same number mostly gets the same
 *     context again
 *
 * Context: any thread.  Returns: NULL if a library refuses a key
 */
CryptoContext *cryptodev_contexts_acquire(CryptoContexts *contexts,
                                          unsigned home);

/* Return @context; frees it if enough are kept.  Context: any thread */
void cryptodev_contexts_release(CryptoContexts *contexts,
                                CryptoContext *context, unsigned home);

/* Wipe and free all contexts, which must have been released. */
void cryptodev_contexts_cleanup(CryptoContexts *contexts);

#endif /* BACKENDS_CRYPTODEV_CONTEXTS_H */
