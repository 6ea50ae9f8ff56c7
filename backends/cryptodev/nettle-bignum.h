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

/* Wipe what mpz_clear() would leave in the heap, then clear. */
static inline void crypto_mpz_clear(mpz_t z)
{
    cryptodev_wipe(z->_mp_d, z->_mp_alloc * sizeof(mp_limb_t));
    mpz_clear(z);
}

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

/* Random bytes as nettle asks for them, a nettle_random_func. */
static inline void crypto_nettle_random(void *opaque, size_t len, uint8_t *dst)
{
    cryptodev_random(dst, len);
}

#endif /* BACKENDS_CRYPTODEV_NETTLE_BIGNUM_H */
