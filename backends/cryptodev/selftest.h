/*
 * Self-test of the crypto providers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_SELFTEST_H
#define BACKENDS_CRYPTODEV_SELFTEST_H

#include "provider.h"

/**
 * CryptoVerdict: result of a self-test, from bad to good
 *
 * @CRYPTO_VERDICT_NONE: not known yet
 * @CRYPTO_VERDICT_FAILED: wrong answers, or some answers are missing
 * @CRYPTO_VERDICT_REFUSED: in some direction no answer at all, and no wrong one
 * @CRYPTO_VERDICT_PASSED: right answers, for all keys that are not refused
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
 * Each test runs in every direction that the row serves, with the message in
 * one piece and in many.  A row with is_batch also runs many messages at a
 * time, and must give the same results as @alone.
 *
 * @alone: a row of the same algorithm that has passed; NULL to use @row with
 *     one message at a time
 *
 * Returns: the verdict; an algorithm without a known answer fails
 */
CryptoVerdict cryptodev_selftest(const CryptoRow *row, const CryptoRow *alone);

/**
 * cryptodev_selftest_long: whether a row of a hash or MAC gives the same
 * results as @alone for messages that are longer than its max_len.
 *
 * @row: has long_len
 * @alone: another row of the same algorithm that has passed
 */
bool cryptodev_selftest_long(const CryptoRow *row, const CryptoRow *alone);

/* The known-answer tests of a public-key algorithm */
bool cryptodev_akcipher_selftest(const CryptoProviderAkcipher *akcipher);

/*
 * The verdict about a row of @provider; its self-test runs once in this
 * process.  Reports a failure.  CRYPTO_VERDICT_REFUSED becomes
 * CRYPTO_VERDICT_FAILED unless the library has a policy.  Context: BQL
 */
CryptoVerdict cryptodev_row_verdict(const CryptoProvider *provider,
                                    const CryptoRow *row,
                                    const CryptoRow *alone);

/* Whether cryptodev_selftest_long() passes; it runs once.  Context: BQL */
bool cryptodev_row_does_long(const CryptoRow *row, const CryptoRow *alone);

CryptoVerdict
cryptodev_akcipher_verdict(const CryptoProvider *provider,
                           const CryptoProviderAkcipher *akcipher);

#endif /* BACKENDS_CRYPTODEV_SELFTEST_H */
