/*
 * Calls that leave nothing on the stack
 *
 * Libraries keep parts of keys, nonces and plaintexts in local variables and
 * do not overwrite them.  On the stack of a pool thread they would stay until
 * the thread ends.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_WIPED_H
#define BACKENDS_CRYPTODEV_WIPED_H

#include "qemu/units.h"

/*
 * Bytes of stack below the caller that are overwritten.  Public-key code uses
 * less than half of them, which a test checks; the rest is for other versions
 * of the libraries, and for a signal frame.
 */
#define CRYPTO_WIPED_STACK  (64 * KiB)

/* Call @fn, then overwrite the stack that it used.  Context: any thread. */
void crypto_wiped_call(void (*fn)(void *opaque), void *opaque);

#endif /* BACKENDS_CRYPTODEV_WIPED_H */
