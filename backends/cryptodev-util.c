/*
 * Handling of secrets in the cryptodev backends and their providers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "system/cryptodev-util.h"

void cryptodev_wipe(void *buf, size_t len)
{
    if (len) {
        memset(buf, 0, len);
    }
    /* As far as the compiler knows, somebody reads the zeros here. */
    asm volatile("" : : "r"(buf) : "memory");
}

bool cryptodev_equal(const void *a, const void *b, size_t len)
{
    const uint8_t *pa = a, *pb = b;
    /* volatile: the compiler must not leave the loop at the first bit set */
    volatile uint8_t diff = 0;

    for (size_t i = 0; i < len; i++) {
        diff |= pa[i] ^ pb[i];
    }
    return diff == 0;
}
