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

#include "provider.h"

/* Contexts that a session keeps; with more users some are made each time. */
#define CRYPTO_CONTEXTS_MAX 4

/**
 * CryptoContext: what a thread needs to serve a session
 *
 * @ctx: for the cipher [0] and the hash [1]; NULL for what the session does
 *     not do, or does with a context that serves all threads
 */
typedef struct CryptoContext {
    void *ctx[2];
} CryptoContext;

/**
 * CryptoContexts: of one session; pairs are for its cipher [0] and hash [1]
 *
 * @params: of the session, with its keys
 * @own_row: rows whose contexts serve one thread, or NULL
 * @slot: those of them that nobody uses now, or NULL; exchanged atomically
 * @shared_row: rows whose contexts serve all threads, or NULL
 * @shared: atomic; these, made when they are first needed, by any thread
 * @refused: atomic; the row does not take the key
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
 * cryptodev_contexts_acquire: take a context away, or make one.
 *
 * @home: number of the user; who takes and brings back under the same number
 *     mostly gets the same context
 *
 * Context: any thread.  Returns: NULL if a library refuses a key
 */
CryptoContext *cryptodev_contexts_acquire(CryptoContexts *contexts,
                                          unsigned home);

/* Bring @context back, or free it if enough are kept.  Context: any thread */
void cryptodev_contexts_release(CryptoContexts *contexts,
                                CryptoContext *context, unsigned home);

/* Wipe and free all contexts, which have been brought back. */
void cryptodev_contexts_cleanup(CryptoContexts *contexts);

#endif /* BACKENDS_CRYPTODEV_CONTEXTS_H */
