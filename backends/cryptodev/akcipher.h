/*
 * Public-key operations of cryptodev-backend-builtin
 *
 * They are long and their data is short: each runs at once on private copies,
 * in whatever thread can wait for it.
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

#endif /* BACKENDS_CRYPTODEV_AKCIPHER_H */
