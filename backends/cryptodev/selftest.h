/*
 * Self-test of the crypto providers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_SELFTEST_H
#define BACKENDS_CRYPTODEV_SELFTEST_H

#include "provider.h"

/**
 * cryptodev_selftest: run the known-answer tests of a row.
 *
 * Each answer is asked for in every direction that the row serves, with the
 * message in one piece and in many.  A row with is_batch is also given many
 * messages at a time, which must come to what @alone makes of each.
 *
 * @alone: a row of the same algorithm that has passed, or NULL: @row, one
 *     message at a time
 *
 * Returns: whether all passed; an algorithm without an answer fails
 */
bool cryptodev_selftest(const CryptoRow *row, const CryptoRow *alone);

/* The known-answer tests of a public-key algorithm */
bool cryptodev_akcipher_selftest(const CryptoProviderAkcipher *akcipher);

/*
 * Whether a row of @provider has passed its self-test, which is run once in
 * this process.  One that has not is reported.  Context: BQL
 */
bool cryptodev_row_passes(const CryptoProvider *provider,
                          const CryptoRow *row, const CryptoRow *alone);
bool cryptodev_akcipher_passes(const CryptoProvider *provider,
                               const CryptoProviderAkcipher *akcipher);

#endif /* BACKENDS_CRYPTODEV_SELFTEST_H */
