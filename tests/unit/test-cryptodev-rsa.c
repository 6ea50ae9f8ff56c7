/*
 * RSA keys of unusual shapes, and the time of a private operation
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <gmp.h>
#include "qemu/timer.h"
#include "cryptodev-akcipher-keys.h"
#include "cryptodev-akcipher-test.h"

#define RSA     CRYPTODEV_ALGO_RSA

/* Primes of so many bits, and an exponent that is prime to what they need */
typedef struct Shape {
    unsigned p_bits, q_bits, e_bits;
    CryptoDevStatus expected;
} Shape;

static gmp_randstate_t random_state;

static Bytes bytes_of(const mpz_t x)
{
    Bytes b = bytes_random(DIV_ROUND_UP(mpz_sizeinbase(x, 2), 8));

    mpz_export(b.data, NULL, 1, 1, 1, 0, x);
    return b;
}

/* The two highest bits are set, so that a product is as long as it may be. */
static void set_prime(mpz_t x, unsigned bits)
{
    do {
        mpz_urandomb(x, random_state, bits);
        mpz_setbit(x, bits - 1);
        mpz_setbit(x, bits - 2);
        mpz_nextprime(x, x);
    } while (mpz_sizeinbase(x, 2) != bits);
}

static RsaNumbers make_key(const Shape *shape)
{
    mpz_t v[RSA_NUMBERS], p1, q1;
    RsaNumbers key = { };

    for (int i = 0; i < RSA_NUMBERS; i++) {
        mpz_init(v[i]);
    }
    set_prime(v[P], shape->p_bits);
    set_prime(v[Q], shape->q_bits);
    set_prime(v[E], shape->e_bits);
    mpz_mul(v[N], v[P], v[Q]);
    mpz_inits(p1, q1, NULL);
    mpz_sub_ui(p1, v[P], 1);
    mpz_sub_ui(q1, v[Q], 1);
    mpz_lcm(v[D], p1, q1);
    g_assert_true(mpz_invert(v[D], v[E], v[D]));
    mpz_mod(v[DP], v[D], p1);
    mpz_mod(v[DQ], v[D], q1);
    g_assert_true(mpz_invert(v[QINV], v[Q], v[P]));
    for (int i = 0; i < RSA_NUMBERS; i++) {
        key.v[i] = i == VERSION ? bytes_new("", 0) : bytes_of(v[i]);
        mpz_clear(v[i]);
    }
    mpz_clears(p1, q1, NULL);
    return key;
}

static void check_shape(const Shape *shape)
{
    g_auto(RsaNumbers) key = make_key(shape);
    g_auto(Bytes) private_key = rsa_encode(&key, VERSION, QINV, true);
    g_auto(Bytes) public_key = rsa_encode(&key, N, E, true);
    g_auto(Bytes) message = bytes_random(40), cipher = { }, again = { };
    CryptoDevSessionParams params = rsa_params(CRYPTODEV_RSA_PKCS1,
                                               CRYPTODEV_ALGO_NONE, true);
    void *opaque;

    g_test_message("primes of %u and %u bits, exponent of %u",
                   shape->p_bits, shape->q_bits, shape->e_bits);
    g_assert_cmpint(key_new(params, &private_key, &opaque), ==,
                    shape->expected);
    if (shape->expected == CRYPTODEV_OK) {
        g_assert_cmpint(run_op(RSA, opaque, CRYPTODEV_ENCRYPT, &message, NULL,
                               &cipher), ==, CRYPTODEV_OK);
        g_assert_cmpint(run_op(RSA, opaque, CRYPTODEV_DECRYPT, &cipher, NULL,
                               &again), ==, CRYPTODEV_OK);
        g_assert_cmpmem(again.data, again.len, message.data, message.len);
        find_akcipher(RSA)->key_free(opaque);
    }
    /* the modulus of a public key tells nothing of its factors */
    params.is_private = false;
    g_assert_cmpint(key_new(params, &public_key, NULL), ==,
                    shape->p_bits == shape->q_bits ? shape->expected :
                                                     CRYPTODEV_OK);
}

static const Shape exponents[] = {
    { 512, 512, 17, CRYPTODEV_OK },
    { 512, 512, 65, CRYPTODEV_OK },
    { 512, 512, 256, CRYPTODEV_OK },
    { 512, 512, 257, CRYPTODEV_ERR },
    { 512, 512, 1023, CRYPTODEV_ERR },
    { 1536, 1536, 256, CRYPTODEV_OK },
    { 1536, 1536, 257, CRYPTODEV_ERR },
    { 1537, 1537, 64, CRYPTODEV_OK },
    { 1537, 1537, 65, CRYPTODEV_ERR },
    { }
};

/* Primes that differ in length, with limbs that are not full */
static const Shape primes[] = {
    { 500, 524, 17, CRYPTODEV_OK },
    { 524, 500, 17, CRYPTODEV_OK },
    { 256, 768, 17, CRYPTODEV_OK },
    { 768, 256, 17, CRYPTODEV_OK },
    { 255, 769, 17, CRYPTODEV_ERR },
    { 769, 255, 17, CRYPTODEV_ERR },
    { }
};

static void test_shapes(const void *shapes)
{
    gmp_randinit_mt(random_state);
    gmp_randseed_ui(random_state, g_test_rand_int());
    for (const Shape *shape = shapes; shape->p_bits; shape++) {
        check_shape(shape);
    }
    gmp_randclear(random_state);
}

/* The fastest of some operations, which fails for nothing but a wrong answer */
static void test_time(void)
{
    unsigned rounds = g_test_slow() ? 100 : 1;

    for (int i = 0; i < ARRAY_SIZE(rsa_fixtures); i++) {
        g_auto(Bytes) der = bytes_unhex(rsa_fixtures[i].private_key);
        g_auto(Bytes) ciphertext = bytes_unhex(rsa_fixtures[i].ciphertext);
        void *key = key_good(rsa_params(CRYPTODEV_RSA_PKCS1,
                                        CRYPTODEV_ALGO_NONE, true), &der);
        int64_t best = INT64_MAX;

        for (unsigned n = 0; n < rounds; n++) {
            int64_t start = get_clock();

            g_assert_cmpint(run_op(RSA, key, CRYPTODEV_DECRYPT, &ciphertext,
                                   NULL, NULL), ==, CRYPTODEV_OK);
            best = MIN(best, get_clock() - start);
        }
        g_test_message("%u bits: %" PRId64 " us", rsa_fixtures[i].bits,
                       best / 1000);
        find_akcipher(RSA)->key_free(key);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_true(cryptodev_provider_nettle.init());
    g_test_add_data_func("/cryptodev/rsa/exponents", exponents, test_shapes);
    g_test_add_data_func("/cryptodev/rsa/primes", primes, test_shapes);
    g_test_add_func("/cryptodev/rsa/time", test_time);
    return g_test_run();
}
