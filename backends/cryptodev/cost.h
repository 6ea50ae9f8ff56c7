/*
 * How long an operation takes, roughly
 *
 * What a guest sends must not hold up others, so it is known beforehand which
 * operations are long.  The numbers are those of one machine and a slow
 * implementation; nothing but the choice of a thread, and when a queue takes a
 * rest, depends on them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_COST_H
#define BACKENDS_CRYPTODEV_COST_H

#include "system/cryptodev.h"

/**
 * crypto_op_cost: estimate the nanoseconds that @op takes alone.
 *
 * @op: validated
 *
 * Context: any thread
 */
uint64_t crypto_op_cost(const CryptoDevOp *op);

#endif /* BACKENDS_CRYPTODEV_COST_H */
