/*
 * Batches of cryptodev-backend-builtin: operations of one queue that a
 * provider runs together
 *
 * Of what a queue submits at a time, operations of the same algorithms are
 * brought together and go to the provider's batch functions if there are
 * enough of them for that to be faster.  All others are left to the caller.
 * Like the engine, this knows neither QOM nor threads.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_BATCH_H
#define BACKENDS_CRYPTODEV_BATCH_H

#include "qemu/units.h"
#include "system/cryptodev.h"
#include "provider.h"

/* The longest text that goes in rounds where a library does not take it all */
#define CRYPTO_BATCH_LEN_MAX (128 * KiB)

/* Classes of lengths, each with a threshold of its own. */
#define CRYPTO_BATCH_CLASSES 5

/* The longest length of each class; the last one has no end. */
extern const uint32_t crypto_batch_class_len[CRYPTO_BATCH_CLASSES];

/**
 * CryptoBatchRow: a batch row that may be used
 *
 * @provider: its name
 * @part: for a chain, the row of its cipher alone, or NULL
 * @cipher, @hash: the rows that serve one message at a time; NULL for none
 * @always: use what is right even where it is slower
 * @decided: atomic; see crypto_batch_row_usable(), for all that follows
 * @min_count: for each class of lengths how many messages it takes until a
 *     batch is faster than one message after the other; 0: never, or a batch
 *     of @part is faster
 */
typedef struct CryptoBatchRow {
    const CryptoProviderBatch *row;
    const CryptoProviderBatch *part;
    const char *provider;
    const CryptoProviderAlgo *cipher, *hash;
    bool always;
    bool decided;
    uint8_t min_count[CRYPTO_BATCH_CLASSES];
} CryptoBatchRow;

/**
 * CryptoBatchKey: what a session needs for batches
 *
 * @row: NULL if there are no batches for the session
 * @key: atomic; the provider's, made at the first batch, by any thread
 * @group: operations that may be in a batch together have the same
 * @least: as many messages it takes at least, whatever their lengths; 0 if
 *     there are no batches
 * @refused: atomic; the provider has no batches with the session's keys
 */
typedef struct CryptoBatchKey {
    const CryptoBatchRow *row;
    void *key;
    uint32_t group;
    unsigned least;
    bool refused;
} CryptoBatchKey;

/**
 * crypto_batch_key_init: choose the row for a session.
 *
 * @rows, @num_rows: what there is; must outlive @key
 *
 * Context: any thread
 */
void crypto_batch_key_init(CryptoBatchKey *key, CryptoBatchRow *rows,
                           unsigned num_rows,
                           const CryptoDevSessionParams *params);

/* Wipe and free the keys of @key.  Context: any thread. */
void crypto_batch_key_cleanup(CryptoBatchKey *key);

/* CryptoBatch: operations being collected; one for each queue */
typedef struct CryptoBatch CryptoBatch;

CryptoBatch *crypto_batch_new(void);
void crypto_batch_free(CryptoBatch *batch);

/**
 * crypto_batch_add: collect a validated operation.
 *
 * @key: of the session of @op
 *
 * Returns: false if @op cannot be part of a batch, or there are
 * CRYPTO_BATCH_MAX already; the caller keeps it then
 */
bool crypto_batch_add(CryptoBatch *batch, CryptoDevOp *op,
                      CryptoBatchKey *key);

/**
 * crypto_batch_add_cipher: collect the cipher of a validated chain.
 *
 * @key: for the cipher of the session of @op alone
 * @hash, @ctx: hash or MAC without a nonce, and its context; used by
 *     crypto_batch_run() for one message at a time
 *
 * Returns: as crypto_batch_add()
 */
bool crypto_batch_add_cipher(CryptoBatch *batch, CryptoDevOp *op,
                             CryptoBatchKey *key,
                             const CryptoProviderAlgo *hash, void *ctx);

/**
 * crypto_batch_run: run what was collected, if that pays.
 *
 * The status of each operation that was run is final afterwards; the batch is
 * empty.
 *
 * @rest: CRYPTO_BATCH_MAX entries, set to the operations that were not run
 *
 * Returns: their number
 */
unsigned crypto_batch_run(CryptoBatch *batch, CryptoDevOp **rest);

/**
 * crypto_row_faster: whether @row is faster than @other, one message at a time.
 *
 * For AEAD and MACs with a digest of at most CRYPTODEV_IV_MAX bytes.
 */
bool crypto_row_faster(const CryptoProviderAlgo *row,
                       const CryptoProviderAlgo *other);

/**
 * crypto_batch_rows: rows of @provider that may be used.
 *
 * @single: for each algorithm its row, or NULL: then there are no batches
 * @always: use what is right even where it is slower
 * @num_rows: set to the number of rows
 */
CryptoBatchRow *crypto_batch_rows(const CryptoProvider *provider,
                                  const CryptoProviderAlgo *const *single,
                                  bool always, unsigned *num_rows);

/**
 * crypto_batch_row_usable: whether @row is right and worth to be used.
 *
 * Each row of a provider is tested and measured once per process, when this
 * asks for it: that takes about a millisecond.
 *
 * Context: any thread
 */
bool crypto_batch_row_usable(CryptoBatchRow *row);

#endif /* BACKENDS_CRYPTODEV_BATCH_H */
