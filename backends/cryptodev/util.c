/*
 * Handling of secrets in the cryptodev backends and their providers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <sys/random.h>
#include "qemu/error-report.h"
#include "system/cryptodev-util.h"

void cryptodev_wipe(void *buf, size_t len)
{
    if (len) {
        memset(buf, 0, len);
    }
    /* The compiler must assume that this reads the zeros. */
    asm volatile("" : : "r"(buf) : "memory");
}

bool cryptodev_equal(const void *a, const void *b, size_t len)
{
    const uint8_t *pa = a, *pb = b;
    /* volatile: the compiler must not leave the loop at a difference */
    volatile uint8_t diff = 0;

    for (size_t i = 0; i < len; i++) {
        diff |= pa[i] ^ pb[i];
    }
    return diff == 0;
}

/* The most that getentropy() gives at a time. */
#define ENTROPY_MAX 256

void cryptodev_random(void *buf, size_t len)
{
    uint8_t *p = buf;

    while (len) {
        size_t n = MIN(len, ENTROPY_MAX);

        /* fails only if the kernel does not have this system call */
        if (getentropy(p, n)) {
            error_report("cryptodev: no random numbers: %s", strerror(errno));
            abort();
        }
        p += n;
        len -= n;
    }
}
