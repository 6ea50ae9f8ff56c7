/*
 * Contexts of a session
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/atomic.h"
#include "contexts.h"

CryptoEngineCtx *crypto_contexts_acquire(CryptoContexts *contexts,
                                         const CryptoEngineRows *rows,
                                         const CryptoDevSessionParams *params,
                                         unsigned home)
{
    CryptoEngineCtx *ctx;

    for (unsigned i = 0; i < CRYPTO_CONTEXTS_MAX; i++) {
        CryptoEngineCtx **slot =
            &contexts->slot[(home + i) % CRYPTO_CONTEXTS_MAX];

        ctx = qatomic_read(slot) ? qatomic_xchg(slot, NULL) : NULL;
        if (ctx) {
            return ctx;
        }
    }
    ctx = g_new0(CryptoEngineCtx, 1);
    if (!crypto_engine_ctx_init(ctx, rows, params)) {
        g_clear_pointer(&ctx, g_free);
    }
    return ctx;
}

static void free_ctx(CryptoEngineCtx *ctx, const CryptoEngineRows *rows)
{
    crypto_engine_ctx_cleanup(ctx, rows);
    g_free(ctx);
}

void crypto_contexts_release(CryptoContexts *contexts,
                             const CryptoEngineRows *rows,
                             CryptoEngineCtx *ctx, unsigned home)
{
    for (unsigned i = 0; i < CRYPTO_CONTEXTS_MAX; i++) {
        CryptoEngineCtx **slot =
            &contexts->slot[(home + i) % CRYPTO_CONTEXTS_MAX];

        if (!qatomic_read(slot) && !qatomic_cmpxchg(slot, NULL, ctx)) {
            return;
        }
    }
    free_ctx(ctx, rows);
}

void crypto_contexts_cleanup(CryptoContexts *contexts,
                             const CryptoEngineRows *rows)
{
    for (unsigned i = 0; i < CRYPTO_CONTEXTS_MAX; i++) {
        if (contexts->slot[i]) {
            free_ctx(contexts->slot[i], rows);
            contexts->slot[i] = NULL;
        }
    }
}
