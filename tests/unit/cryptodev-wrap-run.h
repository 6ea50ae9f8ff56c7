/*
 * A linker wrapper of cryptodev_row_run(), for tests that check which messages
 * are run together
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_UNIT_CRYPTODEV_WRAP_RUN_H
#define TESTS_UNIT_CRYPTODEV_WRAP_RUN_H

#include "backends/cryptodev/provider.h"

/* What is called instead of it: defined by the test */
void __wrap_cryptodev_row_run(const CryptoRow *row, CryptoMessage *const *m,
                              unsigned n);

/* The function itself */
void __real_cryptodev_row_run(const CryptoRow *row, CryptoMessage *const *m,
                              unsigned n);

#endif /* TESTS_UNIT_CRYPTODEV_WRAP_RUN_H */
