/*
 * Self-test of the crypto providers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_SELFTEST_H
#define BACKENDS_CRYPTODEV_SELFTEST_H

#include "provider.h"

/**
 * CryptoVerdict: what came of a self-test, from bad to good
 *
 * @CRYPTO_VERDICT_NONE: not known yet
 * @CRYPTO_VERDICT_FAILED: wrong answers, or none where there should be some
 * @CRYPTO_VERDICT_REFUSED: in some direction no answer at all, and no wrong one
 * @CRYPTO_VERDICT_PASSED: right answers, but for keys that are not taken
 */
typedef enum CryptoVerdict {
    CRYPTO_VERDICT_NONE,
    CRYPTO_VERDICT_FAILED,
    CRYPTO_VERDICT_REFUSED,
    CRYPTO_VERDICT_PASSED,
} CryptoVerdict;

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
 * Returns: the verdict; an algorithm without a known answer fails
 */
CryptoVerdict cryptodev_selftest(const CryptoRow *row, const CryptoRow *alone);

/**
 * cryptodev_selftest_long: whether a row of a hash or MAC comes to what @alone
 * makes of messages that are longer than its max_len.
 *
 * @row: has long_len
 * @alone: another row of the same algorithm that has passed
 */
bool cryptodev_selftest_long(const CryptoRow *row, const CryptoRow *alone);

/* The known-answer tests of a public-key algorithm */
bool cryptodev_akcipher_selftest(const CryptoProviderAkcipher *akcipher);

/*
 * The verdict about a row of @provider, whose self-test is run once in this
 * process.  One that fails is reported; only a library with a policy may
 * refuse.  Context: BQL
 */
CryptoVerdict cryptodev_row_verdict(const CryptoProvider *provider,
                                    const CryptoRow *row,
                                    const CryptoRow *alone);

/* Whether cryptodev_selftest_long() has passed, once.  Context: BQL */
bool cryptodev_row_does_long(const CryptoRow *row, const CryptoRow *alone);

CryptoVerdict
cryptodev_akcipher_verdict(const CryptoProvider *provider,
                           const CryptoProviderAkcipher *akcipher);

#endif /* BACKENDS_CRYPTODEV_SELFTEST_H */
