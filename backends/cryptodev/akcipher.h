/*
 * Public-key operations of cryptodev-backend-builtin
 *
 * They are long and their data is short: each runs on private copies, in any
 * thread that can block.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_AKCIPHER_H
#define BACKENDS_CRYPTODEV_AKCIPHER_H

#include "provider.h"

/**
 * crypto_akcipher_run: run one validated operation.
 *
 * @key: made by @akcipher
 * @written: set to the bytes written to dst
 *
 * Returns: what @akcipher->run says; CRYPTODEV_ERR if the result does not fit
 */
CryptoDevStatus crypto_akcipher_run(const CryptoDevOp *op,
                                    const CryptoProviderAkcipher *akcipher,
                                    const void *key, size_t *written);

typedef CryptoDevStatus CryptoKeyNewFn(const CryptoDevSessionParams *params,
                                       void **key);
typedef CryptoDevStatus CryptoAkcipherFn(const void *key,
                                         CryptoProviderAkcipherRun *run);

/* Wrap key_new and run of a provider: wipe the secrets left on the stack. */
CryptoDevStatus crypto_wiped_key_new(CryptoKeyNewFn *fn,
                                     const CryptoDevSessionParams *params,
                                     void **key);
CryptoDevStatus crypto_wiped_run(CryptoAkcipherFn *fn, const void *key,
                                 CryptoProviderAkcipherRun *run);

#endif /* BACKENDS_CRYPTODEV_AKCIPHER_H */
