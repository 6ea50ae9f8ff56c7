/*
 * Crypto provider nettle: RSA
 *
 * Private operations are blinded, take constant time and check their result
 * (rsa_compute_root_tr).  nettle requires consistent keys, so all numbers of a
 * guest's key are checked before nettle gets it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <nettle/rsa.h>
#include "akcipher.h"
#include "nettle-internal.h"
#include "nettle-bignum.h"
#include "pkcs1.h"

/*
 * The self-test of some Linux kernels uses a key of 512 bits; if that fails,
 * the driver offers no RSA at all.  Keys above the maximum are too easy for a
 * guest to send, and too slow to compute with.
 */
#define RSA_BITS_MIN        512
#define RSA_BITS_MAX        8192
#define RSA_BYTES_MAX       (RSA_BITS_MAX / 8)

/*
 * A private operation raises two numbers to the public exponent, for blinding
 * and to check its result.  The first limit is that of FIPS 186-5.  The second
 * limit applies to long moduli, where this would take much time.
 */
#define RSA_EXPONENT_BITS_MAX       256
#define RSA_LONG_BITS               3072
#define RSA_LONG_EXPONENT_BITS_MAX  64

QEMU_BUILD_BUG_ON(RSA_BYTES_MAX > CRYPTO_AKCIPHER_RESULT_MAX);

typedef struct RsaKey {
    struct rsa_public_key pub;
    struct rsa_private_key priv;
    CryptoDevRsaPadding padding;
    CryptoDevAlgo hash;
} RsaKey;

static void rsa_key_free(void *opaque)
{
    RsaKey *key = opaque;

    rsa_public_key_clear(&key->pub);
    rsa_private_key_clear(&key->priv);
    g_free(key);
}

/* RSAPublicKey ::= SEQUENCE { modulus, publicExponent } */
static bool rsa_decode_public(RsaKey *key, CryptoDer der)
{
    CryptoDer seq, n, e;

    return crypto_der_take(&der, CRYPTO_DER_SEQUENCE, &seq) && !der.len &&
           crypto_der_take_rsa_number(&seq, &n) &&
           crypto_der_take_rsa_number(&seq, &e) && !seq.len &&
           crypto_mpz_set_der(key->pub.n, &n, RSA_BYTES_MAX) &&
           crypto_mpz_set_der(key->pub.e, &e, RSA_BYTES_MAX);
}

/*
 * RSAPrivateKey ::= SEQUENCE { version (0: two primes), modulus,
 *     publicExponent, privateExponent, prime1, prime2, exponent1, exponent2,
 *     coefficient }
 */
static bool rsa_decode_private(RsaKey *key, CryptoDer der)
{
    mpz_ptr numbers[] = { key->pub.e, key->priv.d, key->priv.p, key->priv.q,
                          key->priv.a, key->priv.b, key->priv.c };
    CryptoDer seq, value;

    if (!crypto_der_take(&der, CRYPTO_DER_SEQUENCE, &seq) || der.len ||
        !crypto_der_take_uint(&seq, &value) || value.len ||
        !crypto_der_take_rsa_number(&seq, &value) ||
        !crypto_mpz_set_der(key->pub.n, &value, RSA_BYTES_MAX)) {
        return false;
    }
    for (int i = 0; i < ARRAY_SIZE(numbers); i++) {
        if (!crypto_der_take_rsa_number(&seq, &value) ||
            !crypto_mpz_set_der(numbers[i], &value, RSA_BYTES_MAX)) {
            return false;
        }
    }
    return !seq.len;
}

static bool rsa_public_ok(const struct rsa_public_key *pub)
{
    size_t bits = mpz_sizeinbase(pub->n, 2);
    size_t exponent_max = bits > RSA_LONG_BITS ? RSA_LONG_EXPONENT_BITS_MAX :
                                                 RSA_EXPONENT_BITS_MAX;

    return bits >= RSA_BITS_MIN && bits <= RSA_BITS_MAX &&
           mpz_odd_p(pub->n) && mpz_odd_p(pub->e) &&
           mpz_cmp_ui(pub->e, 3) >= 0 &&
           mpz_sizeinbase(pub->e, 2) <= exponent_max;
}

/* Whether 0 < @x < @limit */
static bool mpz_in_range(const mpz_t x, const mpz_t limit)
{
    return mpz_sgn(x) > 0 && mpz_cmp(x, limit) < 0;
}

/* Whether @x * @y = 1 modulo @m */
static bool mpz_are_inverse(const mpz_t x, const mpz_t y, const mpz_t m)
{
    bool ok;
    mpz_t t;

    mpz_init(t);
    mpz_mul(t, x, y);
    mpz_mod(t, t, m);
    ok = mpz_cmp_ui(t, 1) == 0;
    mpz_clear(t);
    return ok;
}

/* Check @prime and @exponent = @d modulo @prime - 1, with @e its inverse. */
static bool rsa_factor_ok(const struct rsa_public_key *pub, const mpz_t d,
                          const mpz_t prime, const mpz_t exponent)
{
    bool ok;
    mpz_t order;

    /*
     * nettle needs odd factors.  A short factor is easy to find, and makes the
     * other one long, which makes operations slow.
     */
    if (mpz_even_p(prime) || mpz_cmp(prime, pub->n) >= 0 ||
        mpz_sizeinbase(prime, 2) < mpz_sizeinbase(pub->n, 2) / 4) {
        return false;
    }
    mpz_init(order);
    mpz_sub_ui(order, prime, 1);
    ok = mpz_in_range(exponent, order) &&
         mpz_congruent_p(d, exponent, order) &&
         mpz_are_inverse(exponent, pub->e, order);
    mpz_clear(order);
    return ok;
}

static bool rsa_private_ok(const struct rsa_public_key *pub,
                           const struct rsa_private_key *priv)
{
    bool ok;
    mpz_t n;

    if (!mpz_in_range(priv->d, pub->n) ||
        !rsa_factor_ok(pub, priv->d, priv->p, priv->a) ||
        !rsa_factor_ok(pub, priv->d, priv->q, priv->b)) {
        return false;
    }
    mpz_init(n);
    mpz_mul(n, priv->p, priv->q);
    ok = mpz_cmp(n, pub->n) == 0;
    mpz_clear(n);
    return ok && mpz_in_range(priv->c, priv->p) &&
           mpz_are_inverse(priv->c, priv->q, priv->p);
}

static CryptoDevStatus rsa_import(const CryptoDevSessionParams *params,
                                  void **opaque)
{
    CryptoDer der = { params->cipher_key, params->cipher_key_len };
    RsaKey *key;
    bool ok;

    if (!crypto_pkcs1_hash_ok(params->hash)) {
        return CRYPTODEV_NOTSUPP;
    }
    key = g_new0(RsaKey, 1);
    rsa_public_key_init(&key->pub);
    rsa_private_key_init(&key->priv);
    key->padding = params->padding;
    key->hash = params->hash;
    ok = params->is_private ? rsa_decode_private(key, der) :
                              rsa_decode_public(key, der);
    ok = ok && rsa_public_ok(&key->pub) && rsa_public_key_prepare(&key->pub);
    if (params->is_private) {
        ok = ok && rsa_private_ok(&key->pub, &key->priv) &&
             rsa_private_key_prepare(&key->priv);
    }
    if (!ok) {
        rsa_key_free(key);
        return CRYPTODEV_ERR;
    }
    *opaque = key;
    return CRYPTODEV_OK;
}

static CryptoDevStatus rsa_key_new(const CryptoDevSessionParams *params,
                                   void **key)
{
    return crypto_wiped_key_new(rsa_import, params, key);
}

/* Set @x to a number below the modulus; false if it is not. */
static bool rsa_get_input(const RsaKey *key, mpz_t x, const uint8_t *src,
                          size_t len)
{
    while (len && !*src) {
        src++;
        len--;
    }
    if (len > key->pub.size) {
        return false;
    }
    nettle_mpz_init_set_str_256_u(x, len, src);
    if (mpz_cmp(x, key->pub.n) < 0) {
        return true;
    }
    mpz_clear(x);
    return false;
}

/* Write @x, as long as the modulus. */
static void rsa_put_result(const RsaKey *key, uint8_t *dst, mpz_t x)
{
    nettle_mpz_get_str_256(key->pub.size, dst, x);
    mpz_clear(x);
}

/* @dst: as long as the modulus, may be @src */
static bool rsa_public_op(const RsaKey *key, uint8_t *dst, const uint8_t *src,
                          size_t len)
{
    mpz_t x;

    if (!rsa_get_input(key, x, src, len)) {
        return false;
    }
    mpz_powm(x, x, key->pub.e, key->pub.n);
    rsa_put_result(key, dst, x);
    return true;
}

static bool rsa_private_op(const RsaKey *key, uint8_t *dst, const uint8_t *src,
                           size_t len)
{
    bool ok = true;
    mpz_t x;

    if (!rsa_get_input(key, x, src, len)) {
        return false;
    }
    /* the blinding uses mpn_sec_mul(), which needs at least one limb */
    if (mpz_sgn(x)) {
        ok = rsa_compute_root_tr(&key->pub, &key->priv, NULL,
                                 crypto_nettle_random, x, x);
    }
    rsa_put_result(key, dst, x);
    return ok;
}

static CryptoDevStatus rsa_encrypt_one(const RsaKey *key,
                                       CryptoProviderAkcipherRun *run)
{
    const uint8_t *src = run->src;
    size_t len = run->src_len;

    if (key->padding == CRYPTODEV_RSA_PKCS1) {
        if (!crypto_pkcs1_pad_encryption(run->dst, key->pub.size, src, len)) {
            return CRYPTODEV_ERR;
        }
        src = run->dst;
        len = key->pub.size;
    }
    run->dst_len = key->pub.size;
    return rsa_public_op(key, run->dst, src, len) ? CRYPTODEV_OK :
                                                    CRYPTODEV_ERR;
}

static CryptoDevStatus rsa_decrypt_one(const RsaKey *key,
                                       CryptoProviderAkcipherRun *run)
{
    bool pkcs1 = key->padding == CRYPTODEV_RSA_PKCS1;

    if ((pkcs1 && run->src_len != key->pub.size) ||
        !rsa_private_op(key, run->dst, run->src, run->src_len)) {
        return CRYPTODEV_ERR;
    }
    run->dst_len = key->pub.size;
    if (pkcs1 && !crypto_pkcs1_unpad_encryption(run->dst, key->pub.size,
                                                &run->dst_len)) {
        return CRYPTODEV_ERR;
    }
    return CRYPTODEV_OK;
}

static CryptoDevStatus rsa_sign_one(const RsaKey *key,
                                    CryptoProviderAkcipherRun *run)
{
    if (!crypto_pkcs1_pad_signature(run->dst, key->pub.size, key->hash,
                                    run->src, run->src_len) ||
        !rsa_private_op(key, run->dst, run->dst, key->pub.size)) {
        return CRYPTODEV_ERR;
    }
    run->dst_len = key->pub.size;
    return CRYPTODEV_OK;
}

static CryptoDevStatus rsa_verify_one(const RsaKey *key,
                                      CryptoProviderAkcipherRun *run)
{
    uint8_t wanted[RSA_BYTES_MAX], em[RSA_BYTES_MAX];

    if (!crypto_pkcs1_pad_signature(wanted, key->pub.size, key->hash,
                                    run->data, run->data_len)) {
        return CRYPTODEV_ERR;
    }
    run->dst_len = 0;
    return run->src_len == key->pub.size &&
           rsa_public_op(key, em, run->src, run->src_len) &&
           cryptodev_equal(em, wanted, key->pub.size) ?
           CRYPTODEV_OK : CRYPTODEV_KEY_REJECTED;
}

static CryptoDevStatus rsa_run_opcode(const void *key,
                                      CryptoProviderAkcipherRun *run)
{
    static CryptoDevStatus (*const ops[CRYPTODEV_OPCODE__MAX])
        (const RsaKey *key, CryptoProviderAkcipherRun *run) = {
        [CRYPTODEV_ENCRYPT] = rsa_encrypt_one,
        [CRYPTODEV_DECRYPT] = rsa_decrypt_one,
        [CRYPTODEV_SIGN] = rsa_sign_one,
        [CRYPTODEV_VERIFY] = rsa_verify_one,
    };

    return ops[run->opcode](key, run);
}

static CryptoDevStatus rsa_run(const void *key, CryptoProviderAkcipherRun *run)
{
    return crypto_wiped_run(rsa_run_opcode, key, run);
}

const CryptoProviderAkcipher crypto_nettle_rsa = {
    .algo = CRYPTODEV_ALGO_RSA,
    .key_new = rsa_key_new,
    .key_free = rsa_key_free,
    .run = rsa_run,
};
