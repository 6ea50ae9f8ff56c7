/*
 * How long an operation takes, roughly
 *
 * A long operation must not delay other queues, so its time is estimated
 * before it runs.  The numbers are those of one machine and a slow
 * implementation.  They only decide in which thread an operation runs, and
 * when a queue yields to others.
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
