/*
 * Calls that leave nothing on the stack
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "wiped.h"
#include "system/cryptodev-util.h"

/*
 * @fn runs this much deeper than its caller.  So all of its frame is within
 * the array of wipe_stack(), even if that function has other variables above
 * the array.
 */
#define GAP 512

static __attribute__((noinline)) void call_deeper(void (*fn)(void *opaque),
                                                  void *opaque)
{
    char gap[GAP];

    asm volatile("" : : "r"(gap) : "memory");
    fn(opaque);
    /* keeps the gap, and prevents a tail call */
    asm volatile("" : : "r"(gap) : "memory");
}

static __attribute__((noinline)) void wipe_stack(void)
{
    char stack[CRYPTO_WIPED_STACK];

    cryptodev_wipe(stack, sizeof(stack));
}

void crypto_wiped_call(void (*fn)(void *opaque), void *opaque)
{
    call_deeper(fn, opaque);
    wipe_stack();
}
