/*
 * Batches: the operations that a queue submits at a time
 *
 * If route.c says so, steps of the same algorithm run together in a row that
 * is fast with several; all others run one by one.  Knows neither QOM nor
 * threads.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_BATCH_H
#define BACKENDS_CRYPTODEV_BATCH_H

#include "route.h"

/* The most operations of a batch */
#define CRYPTO_BATCH_MAX CRYPTODEV_BATCH_MAX

/* CryptoBatch: operations that wait to be run; one for each queue */
typedef struct CryptoBatch CryptoBatch;

CryptoBatch *cryptodev_batch_new(void);
void cryptodev_batch_free(CryptoBatch *b);

/**
 * cryptodev_batch_add: add a validated operation.
 *
 * Runs the batch if it is full.
 *
 * @route: of the session of @op, which must live until @op is done
 */
void cryptodev_batch_add(CryptoBatch *b, CryptoRoute *route, CryptoDevOp *op);

/**
 * cryptodev_batch_run: run all.
 *
 * Status and bytes written of each are final afterwards; the batch is empty.
 */
void cryptodev_batch_run(CryptoBatch *b);

/* Run a validated operation without a batch.  Context: any thread */
void cryptodev_batch_run_one(CryptoRoute *route, CryptoDevOp *op);

#endif /* BACKENDS_CRYPTODEV_BATCH_H */
