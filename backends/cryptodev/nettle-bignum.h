/*
 * Crypto provider nettle: big numbers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_NETTLE_BIGNUM_H
#define BACKENDS_CRYPTODEV_NETTLE_BIGNUM_H

#include <nettle/bignum.h>
#include "der.h"
#include "system/cryptodev-util.h"

/**
 * crypto_gmp_wipe_freed: make GMP wipe all memory that it frees or moves, in
 * the whole process.  nettle gets its numbers and scratch memory from GMP.
 *
 * Memory that was allocated earlier can be freed and moved later.  A second
 * call changes nothing.  Context: BQL held.
 *
 * Returns: false if GMP uses another heap than malloc()'s, whose block sizes
 * are unknown; then nothing has changed
 */
bool crypto_gmp_wipe_freed(void);

/**
 * crypto_mpz_set_der: set @z to the value of an INTEGER.
 *
 * Returns: false if it is longer than @max_len bytes
 */
static inline bool crypto_mpz_set_der(mpz_t z, const CryptoDer *value,
                                      size_t max_len)
{
    if (value->len > max_len) {
        return false;
    }
    nettle_mpz_set_str_256_u(z, value->len, value->data);
    return true;
}

/* A nettle_random_func */
static inline void crypto_nettle_random(void *opaque, size_t len, uint8_t *dst)
{
    cryptodev_random(dst, len);
}

#endif /* BACKENDS_CRYPTODEV_NETTLE_BIGNUM_H */
