/*
 * virtio-crypto benchmark: a key, and RSA without a device
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#ifdef CONFIG_CRYPTODEV_NETTLE
#include <nettle/bignum.h>
#include <nettle/rsa.h>
#endif
#include "../unit/cryptodev-akcipher-keys.h"
#include "virtio-crypto-bench-device.h"
#include "virtio-crypto-bench-rsa.h"

void bench_rsa_key(uint8_t *der)
{
    const RsaFixture *key = rsa_fixtures;

    while (key->bits != BENCH_RSA_LEN * 8) {
        key++;
    }
    for (int i = 0; i < BENCH_RSA_KEY_LEN; i++) {
        const char *hex = key->private_key + 2 * i;

        der[i] = g_ascii_xdigit_value(hex[0]) << 4 |
                 g_ascii_xdigit_value(hex[1]);
    }
}

#ifdef CONFIG_CRYPTODEV_NETTLE

/* For blinding; nobody attacks this. */
static void no_random(void *opaque, size_t len, uint8_t *dst)
{
    memset(dst, 42, len);
}

void bench_rsa_private(const uint8_t *src, uint8_t *dst)
{
    static struct rsa_public_key pub;
    static struct rsa_private_key priv;
    mpz_t x, m;

    if (!pub.size) {
        uint8_t der[BENCH_RSA_KEY_LEN];

        bench_rsa_key(der);
        rsa_public_key_init(&pub);
        rsa_private_key_init(&priv);
        if (!rsa_keypair_from_der(&pub, &priv, 0, sizeof(der), der)) {
            bench_fail("nettle refuses the RSA key");
        }
    }
    nettle_mpz_init_set_str_256_u(m, BENCH_RSA_LEN, src);
    mpz_init(x);
    if (!rsa_compute_root_tr(&pub, &priv, NULL, no_random, x, m)) {
        bench_fail("nettle's RSA fails");
    }
    nettle_mpz_get_str_256(BENCH_RSA_LEN, dst, x);
    mpz_clear(x);
    mpz_clear(m);
}

#else

void bench_rsa_private(const uint8_t *src, uint8_t *dst)
{
    bench_fail("RSA is compared with nettle's, which is not there");
}

#endif
