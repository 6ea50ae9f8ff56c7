/*
 * Crypto provider nettle: ECDSA
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <nettle/ecc-curve.h>
#include <nettle/ecdsa.h>
#include "akcipher.h"
#include "nettle-internal.h"
#include "nettle-bignum.h"
#include "system/cryptodev-util.h"

/* Bytes of a coordinate, or of the order, of the largest curve */
#define EC_BYTES_MAX 66

typedef struct EcCurve {
    CryptoDevCurve curve;
    const struct ecc_curve *(*get)(void);
    size_t len;                         /* bytes of a coordinate */
    const uint8_t *oid;
    size_t oid_len;
} EcCurve;

#define OID(...) \
    .oid = (const uint8_t[]) { __VA_ARGS__ }, \
    .oid_len = sizeof((const uint8_t[]) { __VA_ARGS__ })

/* RFC 5480 section 2.1.1.1 */
static const EcCurve ec_curves[] = {
    { CRYPTODEV_CURVE_P192, nettle_get_secp_192r1, 24,
      OID(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x01) },
    { CRYPTODEV_CURVE_P224, nettle_get_secp_224r1, 28,
      OID(0x2b, 0x81, 0x04, 0x00, 0x21) },
    { CRYPTODEV_CURVE_P256, nettle_get_secp_256r1, 32,
      OID(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07) },
    { CRYPTODEV_CURVE_P384, nettle_get_secp_384r1, 48,
      OID(0x2b, 0x81, 0x04, 0x00, 0x22) },
    { CRYPTODEV_CURVE_P521, nettle_get_secp_521r1, 66,
      OID(0x2b, 0x81, 0x04, 0x00, 0x23) },
};

typedef struct EcKey {
    const EcCurve *curve;
    const struct ecc_curve *lib;
    struct ecc_point pub;
    struct ecc_scalar priv;
} EcKey;

static const EcCurve *ec_find_curve(CryptoDevCurve curve)
{
    for (int i = 0; i < ARRAY_SIZE(ec_curves); i++) {
        if (ec_curves[i].curve == curve) {
            return &ec_curves[i];
        }
    }
    return NULL;
}

static void ec_key_free(void *opaque)
{
    EcKey *key = opaque;

    ecc_scalar_clear(&key->priv);
    ecc_point_clear(&key->pub);
    g_free(key);
}

/* An uncompressed point, SEC 1 section 2.3.4; it must be on the curve. */
static bool ec_decode_point(EcKey *key, const CryptoDer *point)
{
    size_t len = key->curve->len;
    bool ok;
    mpz_t x, y;

    if (point->len != 1 + 2 * len || point->data[0] != 4) {
        return false;
    }
    nettle_mpz_init_set_str_256_u(x, len, point->data + 1);
    nettle_mpz_init_set_str_256_u(y, len, point->data + 1 + len);
    ok = ecc_point_set(&key->pub, x, y);
    mpz_clear(x);
    mpz_clear(y);
    return ok;
}

static bool ec_point_is(const EcKey *key, const CryptoDer *point)
{
    size_t len = key->curve->len;
    uint8_t own[1 + 2 * EC_BYTES_MAX];
    mpz_t x, y;

    mpz_init(x);
    mpz_init(y);
    ecc_point_get(&key->pub, x, y);
    own[0] = 4;
    nettle_mpz_get_str_256(len, own + 1, x);
    nettle_mpz_get_str_256(len, own + 1 + len, y);
    mpz_clear(x);
    mpz_clear(y);
    return point->len == 1 + 2 * len &&
           cryptodev_equal(own, point->data, point->len);
}

/* The scalar, between 0 and the order; also computes the public key. */
static bool ec_decode_scalar(EcKey *key, const CryptoDer *scalar)
{
    bool ok;
    mpz_t z;

    if (scalar->len != key->curve->len) {
        return false;
    }
    nettle_mpz_init_set_str_256_u(z, scalar->len, scalar->data);
    ok = ecc_scalar_set(&key->priv, z);
    mpz_clear(z);
    if (ok) {
        ecc_point_mul_g(&key->pub, &key->priv);
    }
    return ok;
}

/* parameters [0] of a private key: the name of the session's curve */
static bool ec_parameters_ok(const EcKey *key, CryptoDer *seq)
{
    CryptoDer params, oid;

    if (!crypto_der_next_is(seq, CRYPTO_DER_EXPLICIT(0))) {
        return true;
    }
    return crypto_der_take(seq, CRYPTO_DER_EXPLICIT(0), &params) &&
           crypto_der_take(&params, CRYPTO_DER_OID, &oid) && !params.len &&
           oid.len == key->curve->oid_len &&
           cryptodev_equal(oid.data, key->curve->oid, oid.len);
}

/* publicKey [1] of a private key: must match the private key */
static bool ec_public_ok(const EcKey *key, CryptoDer *seq)
{
    CryptoDer public, point;

    if (!crypto_der_next_is(seq, CRYPTO_DER_EXPLICIT(1))) {
        return true;
    }
    if (!crypto_der_take(seq, CRYPTO_DER_EXPLICIT(1), &public) ||
        !crypto_der_take(&public, CRYPTO_DER_BIT_STRING, &point) ||
        public.len || !point.len || point.data[0]) {
        return false;
    }
    point.data++;                       /* the number of unused bits, 0 */
    point.len--;
    return ec_point_is(key, &point);
}

/*
 * ECPrivateKey ::= SEQUENCE { version (1), privateKey OCTET STRING,
 *     parameters [0] OPTIONAL, publicKey [1] BIT STRING OPTIONAL }
 */
static bool ec_decode_private(EcKey *key, CryptoDer der)
{
    CryptoDer seq, version, scalar;

    return crypto_der_take(&der, CRYPTO_DER_SEQUENCE, &seq) && !der.len &&
           crypto_der_take_uint(&seq, &version) &&
           version.len == 1 && version.data[0] == 1 &&
           crypto_der_take(&seq, CRYPTO_DER_OCTET_STRING, &scalar) &&
           ec_decode_scalar(key, &scalar) &&
           ec_parameters_ok(key, &seq) && ec_public_ok(key, &seq) && !seq.len;
}

static CryptoDevStatus ec_import(const CryptoDevSessionParams *params,
                                 void **opaque)
{
    CryptoDer der = { params->cipher_key, params->cipher_key_len };
    const EcCurve *curve = ec_find_curve(params->curve);
    EcKey *key;

    if (!curve) {
        return CRYPTODEV_NOTSUPP;
    }
    key = g_new0(EcKey, 1);
    key->curve = curve;
    key->lib = curve->get();
    ecc_point_init(&key->pub, key->lib);
    ecc_scalar_init(&key->priv, key->lib);
    if (!(params->is_private ? ec_decode_private(key, der) :
                               ec_decode_point(key, &der))) {
        ec_key_free(key);
        return CRYPTODEV_ERR;
    }
    *opaque = key;
    return CRYPTODEV_OK;
}

static CryptoDevStatus ec_key_new(const CryptoDevSessionParams *params,
                                  void **key)
{
    return crypto_wiped_key_new(ec_import, params, key);
}

/* Ecdsa-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER } (RFC 3279) */
static size_t ec_encode_signature(const EcKey *key, uint8_t *dst,
                                  const struct dsa_signature *sig)
{
    uint8_t value[EC_BYTES_MAX], numbers[2 * (EC_BYTES_MAX + 4)];
    size_t len = 0, head;

    nettle_mpz_get_str_256(key->curve->len, value, sig->r);
    len += crypto_der_put_uint(numbers, value, key->curve->len);
    nettle_mpz_get_str_256(key->curve->len, value, sig->s);
    len += crypto_der_put_uint(numbers + len, value, key->curve->len);
    head = crypto_der_put_header(dst, CRYPTO_DER_SEQUENCE, len);
    memcpy(dst + head, numbers, len);
    return head + len;
}

static bool ec_decode_signature(const EcKey *key, CryptoDer der,
                                struct dsa_signature *sig)
{
    size_t max = key->curve->len;
    CryptoDer seq, r, s;

    return crypto_der_take(&der, CRYPTO_DER_SEQUENCE, &seq) && !der.len &&
           crypto_der_take_uint(&seq, &r) && crypto_der_take_uint(&seq, &s) &&
           !seq.len && crypto_mpz_set_der(sig->r, &r, max) &&
           crypto_mpz_set_der(sig->s, &s, max);
}

static CryptoDevStatus ec_sign(const EcKey *key,
                               CryptoProviderAkcipherRun *run)
{
    struct dsa_signature sig;

    dsa_signature_init(&sig);
    ecdsa_sign(&key->priv, NULL, crypto_nettle_random, run->src_len, run->src,
               &sig);
    run->dst_len = ec_encode_signature(key, run->dst, &sig);
    dsa_signature_clear(&sig);
    return CRYPTODEV_OK;
}

static CryptoDevStatus ec_verify(const EcKey *key,
                                 CryptoProviderAkcipherRun *run)
{
    CryptoDer der = { run->src, run->src_len };
    struct dsa_signature sig;
    bool ok;

    dsa_signature_init(&sig);
    ok = ec_decode_signature(key, der, &sig) &&
         ecdsa_verify(&key->pub, run->data_len, run->data, &sig);
    dsa_signature_clear(&sig);
    run->dst_len = 0;
    return ok ? CRYPTODEV_OK : CRYPTODEV_KEY_REJECTED;
}

static CryptoDevStatus ec_run_opcode(const void *key,
                                     CryptoProviderAkcipherRun *run)
{
    bool sign = run->opcode == CRYPTODEV_SIGN;

    if (!(sign ? run->src_len : run->data_len)) {
        return CRYPTODEV_ERR;           /* no hash has an empty digest */
    }
    return sign ? ec_sign(key, run) : ec_verify(key, run);
}

static CryptoDevStatus ec_run(const void *key, CryptoProviderAkcipherRun *run)
{
    return crypto_wiped_run(ec_run_opcode, key, run);
}

const CryptoProviderAkcipher crypto_nettle_ecdsa = {
    .algo = CRYPTODEV_ALGO_ECDSA,
    .key_new = ec_key_new,
    .key_free = ec_key_free,
    .run = ec_run,
};
