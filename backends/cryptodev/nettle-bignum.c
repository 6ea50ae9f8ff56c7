/*
 * Crypto provider nettle: big numbers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <malloc.h>
#include "nettle-bignum.h"

/* GMP's functions; a process has one set of them */
static void *(*lib_alloc)(size_t size);
static void (*lib_free)(void *p, size_t size);

/*
 * Callers do not always pass the size of the block: nettle passes a number of
 * limbs instead of bytes.
 */
static void wiping_free(void *p, size_t size)
{
    cryptodev_wipe(p, malloc_usable_size(p));
    lib_free(p, size);
}

static void *wiping_realloc(void *p, size_t old_size, size_t new_size)
{
    void *copy = lib_alloc(new_size);

    memcpy(copy, p, MIN(malloc_usable_size(p), new_size));
    wiping_free(p, old_size);
    return copy;
}

bool crypto_gmp_wipe_freed(void)
{
    void *(*default_alloc)(size_t size);
    void *(*lib_realloc)(void *p, size_t old_size, size_t new_size);
    void (*now)(void *p, size_t size);

    mp_get_memory_functions(NULL, NULL, &now);
    if (now == wiping_free) {
        return true;
    }
    mp_get_memory_functions(&lib_alloc, &lib_realloc, &lib_free);
    mp_set_memory_functions(NULL, NULL, NULL);
    mp_get_memory_functions(&default_alloc, NULL, NULL);
    if (lib_alloc != default_alloc) {
        mp_set_memory_functions(lib_alloc, lib_realloc, lib_free);
        return false;
    }
    mp_set_memory_functions(lib_alloc, wiping_realloc, wiping_free);
    return true;
}
