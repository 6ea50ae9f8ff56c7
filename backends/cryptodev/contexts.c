/*
 * Contexts of a session
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/atomic.h"
#include "contexts.h"

void *cryptodev_context_new(const CryptoRow *row,
                            const CryptoDevSessionParams *params, bool hash)
{
    return row->ops->ctx_new(row, hash ? params->auth_key : params->cipher_key,
                             hash ? params->auth_key_len :
                                    params->cipher_key_len,
                             params->opcode == CRYPTODEV_ENCRYPT);
}

static void context_free(CryptoContexts *contexts, CryptoContext *context)
{
    for (unsigned i = 0; i < ARRAY_SIZE(context->ctx); i++) {
        if (context->ctx[i]) {
            contexts->own_row[i]->ops->ctx_free(context->ctx[i]);
        }
    }
    g_free(context);
}

static CryptoContext *context_new(CryptoContexts *contexts)
{
    CryptoContext *context = g_new0(CryptoContext, 1);

    for (unsigned i = 0; i < ARRAY_SIZE(context->ctx); i++) {
        const CryptoRow *row = contexts->own_row[i];

        if (row) {
            context->ctx[i] = cryptodev_context_new(row, contexts->params, i);
        }
        if (row && !context->ctx[i]) {
            context_free(contexts, context);
            return NULL;
        }
    }
    return context;
}

/* Make the shared context once; if the library refuses the key, never again. */
static void *shared_new(CryptoContexts *contexts, bool hash)
{
    const CryptoRow *row = contexts->shared_row[hash];
    void *ctx = cryptodev_context_new(row, contexts->params, hash);
    void *other;

    if (!ctx) {
        qatomic_set(&contexts->refused[hash], true);
        return NULL;
    }
    other = qatomic_cmpxchg(&contexts->shared[hash], NULL, ctx);
    if (other) {
        row->ops->ctx_free(ctx);
        ctx = other;
    }
    return ctx;
}

void *cryptodev_contexts_shared(CryptoContexts *contexts, bool hash)
{
    void *ctx = qatomic_load_acquire(&contexts->shared[hash]);

    return ctx || qatomic_read(&contexts->refused[hash]) ?
           ctx : shared_new(contexts, hash);
}

CryptoContext *cryptodev_contexts_acquire(CryptoContexts *contexts,
                                          unsigned home)
{
    for (unsigned i = 0; i < CRYPTO_CONTEXTS_MAX; i++) {
        CryptoContext **slot =
            &contexts->slot[(home + i) % CRYPTO_CONTEXTS_MAX];
        CryptoContext *context = qatomic_read(slot) ?
                                 qatomic_xchg(slot, NULL) : NULL;

        if (context) {
            return context;
        }
    }
    return context_new(contexts);
}

void cryptodev_contexts_release(CryptoContexts *contexts,
                                CryptoContext *context, unsigned home)
{
    for (unsigned i = 0; i < CRYPTO_CONTEXTS_MAX; i++) {
        CryptoContext **slot =
            &contexts->slot[(home + i) % CRYPTO_CONTEXTS_MAX];

        if (!qatomic_read(slot) && !qatomic_cmpxchg(slot, NULL, context)) {
            return;
        }
    }
    context_free(contexts, context);
}

void cryptodev_contexts_cleanup(CryptoContexts *contexts)
{
    for (unsigned i = 0; i < CRYPTO_CONTEXTS_MAX; i++) {
        if (contexts->slot[i]) {
            context_free(contexts, contexts->slot[i]);
            contexts->slot[i] = NULL;
        }
    }
    for (unsigned i = 0; i < ARRAY_SIZE(contexts->shared); i++) {
        if (contexts->shared[i]) {
            contexts->shared_row[i]->ops->ctx_free(contexts->shared[i]);
        }
    }
}
