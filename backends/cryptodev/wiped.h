/*
 * Calls that leave nothing on the stack
 *
 * Libraries keep parts of keys, nonces and plaintexts in local variables and
 * do not overwrite them.  What a thread of the pool left on its stack would
 * stay until the thread ends.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_WIPED_H
#define BACKENDS_CRYPTODEV_WIPED_H

#include "qemu/units.h"

/*
 * Bytes beneath the caller that are overwritten.  Public-key code takes less
 * than half of it, which a test checks; the rest is for other versions of the
 * libraries, and for the frame of a signal that interrupts them.
 */
#define CRYPTO_WIPED_STACK  (64 * KiB)

/* Call @fn, then overwrite the stack that it used.  Context: any thread. */
void crypto_wiped_call(void (*fn)(void *opaque), void *opaque);

#endif /* BACKENDS_CRYPTODEV_WIPED_H */
