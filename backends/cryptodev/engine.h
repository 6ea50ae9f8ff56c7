/*
 * Engine of cryptodev-backend-builtin: runs one operation on the contexts of
 * crypto providers
 *
 * The engine walks the guest's scattered buffers and hands the providers
 * plain pieces, cut as each algorithm's row asks; what cannot be cut so goes
 * through a bounce buffer.  It knows neither QOM nor threads.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_ENGINE_H
#define BACKENDS_CRYPTODEV_ENGINE_H

#include "system/cryptodev.h"
#include "provider.h"

/**
 * CryptoEngineRows: the provider rows that serve a session
 *
 * @cipher: row of params->cipher, NULL if that is CRYPTODEV_ALGO_NONE
 * @hash: row of params->hash, likewise
 */
typedef struct CryptoEngineRows {
    const CryptoProviderAlgo *cipher;
    const CryptoProviderAlgo *hash;
} CryptoEngineRows;

/* Contexts of one session for one thread; all zero = none made yet. */
typedef struct CryptoEngineCtx {
    void *cipher;
    void *hash;
} CryptoEngineCtx;

/**
 * CryptoEngineBounce: memory for what must be bounced; one for each thread,
 * kept from operation to operation.  All zero = empty.
 */
typedef struct CryptoEngineBounce {
    uint8_t *buf;
    size_t size;
    size_t used;
} CryptoEngineBounce;

/**
 * crypto_engine_ctx_init: make the contexts that @params needs from @rows.
 *
 * Returns: false if a library refuses a key; then @ctx is empty
 */
bool crypto_engine_ctx_init(CryptoEngineCtx *ctx,
                            const CryptoEngineRows *rows,
                            const CryptoDevSessionParams *params);

/* Wipe and free the contexts of @ctx, made from @rows. */
void crypto_engine_ctx_cleanup(CryptoEngineCtx *ctx,
                               const CryptoEngineRows *rows);

void crypto_engine_bounce_cleanup(CryptoEngineBounce *bounce);

/**
 * crypto_engine_run: run one validated operation.
 *
 * @params: of the operation's session
 * @written: set to the bytes written to dst and digest if the result is
 *     CRYPTODEV_OK
 *
 * Returns: CRYPTODEV_OK; CRYPTODEV_BADMSG if a tag does not match, then dst
 * is zeroed; CRYPTODEV_ERR if the library failed
 */
CryptoDevStatus crypto_engine_run(const CryptoDevOp *op,
                                  const CryptoDevSessionParams *params,
                                  const CryptoEngineRows *rows,
                                  const CryptoEngineCtx *ctx,
                                  CryptoEngineBounce *bounce,
                                  size_t *written);

/* Bytes that @op writes to its destination and digest when it succeeds. */
size_t crypto_engine_written(const CryptoDevOp *op,
                             const CryptoDevSessionParams *params);

#endif /* BACKENDS_CRYPTODEV_ENGINE_H */
