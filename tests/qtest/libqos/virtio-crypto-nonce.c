/*
 * virtio-crypto client: the nonce of an ECDSA signature
 *
 * A signature of a digest h with private key d and nonce k is (r, s), where
 * k * s = h + r * d modulo the order of the curve.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "virtio-crypto-akcipher.h"
#include "virtio-crypto-nonce.h"

#define DIGEST_LEN  32
#define LIMBS       (DIV_ROUND_UP(VC_NONCE_MAX, 4) + 1)

/* Little endian, less than 2^(32 * LIMBS - 32) */
typedef struct Number {
    uint32_t limb[LIMBS];
} Number;

static const char *order_of(uint32_t curve)
{
    return curve == VC_CURVE_P256 ?
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551" :
        "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
        "fffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e9138"
        "6409";
}

static Number from_bytes(const uint8_t *bytes, size_t len)
{
    Number x = { };

    for (size_t i = 0; i < len; i++) {
        x.limb[i / 4] |= (uint32_t)bytes[len - 1 - i] << i % 4 * 8;
    }
    return x;
}

static void to_bytes(const Number *x, uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bytes[len - 1 - i] = x->limb[i / 4] >> i % 4 * 8;
    }
}

static bool bit(const Number *x, int i)
{
    return x->limb[i / 32] >> i % 32 & 1;
}

/* x + y, or x - y if @sign is -1; the result is not negative */
static Number add(const Number *x, const Number *y, int sign)
{
    int64_t carry = 0;
    Number sum;

    for (int i = 0; i < LIMBS; i++) {
        carry += (int64_t)x->limb[i] + sign * (int64_t)y->limb[i];
        sum.limb[i] = carry;
        carry >>= 32;
    }
    return sum;
}

static bool less(const Number *x, const Number *y)
{
    for (int i = LIMBS - 1; i >= 0; i--) {
        if (x->limb[i] != y->limb[i]) {
            return x->limb[i] < y->limb[i];
        }
    }
    return false;
}

/* x + y modulo @m, both less than it */
static Number add_mod(const Number *x, const Number *y, const Number *m)
{
    Number sum = add(x, y, 1);

    return less(&sum, m) ? sum : add(&sum, m, -1);
}

static Number mul_mod(const Number *x, const Number *y, const Number *m)
{
    Number product = { };

    for (int i = 32 * LIMBS - 1; i >= 0; i--) {
        product = add_mod(&product, &product, m);
        if (bit(y, i)) {
            product = add_mod(&product, x, m);
        }
    }
    return product;
}

/* For a prime @m, x^(m - 2) */
static Number invert(const Number *x, const Number *m)
{
    const Number two = { { 2 } };
    Number exponent = add(m, &two, -1), power = { { 1 } };

    for (int i = 32 * LIMBS - 1; i >= 0; i--) {
        power = mul_mod(&power, &power, m);
        if (bit(&exponent, i)) {
            power = mul_mod(&power, x, m);
        }
    }
    return power;
}

/* An INTEGER of less than 128 bytes; *@der is moved behind it. */
static Number take_integer(const uint8_t **der)
{
    const uint8_t *at = *der;

    g_assert_cmpint(at[0], ==, 0x02);
    *der += 2 + at[1];
    return from_bytes(at + 2, at[1]);
}

size_t vc_nonce(uint32_t curve, const uint8_t *key, const uint8_t *digest,
                const uint8_t *signature, uint8_t *nonce, uint8_t *inverse)
{
    uint32_t len;
    g_autofree uint8_t *order = vc_hex(order_of(curve), &len);
    Number m = from_bytes(order, len), d = from_bytes(key, len);
    Number h = from_bytes(digest, DIGEST_LEN), r, s, k, reciprocal;

    /* a sequence of less or more than 128 bytes */
    signature += signature[1] < 0x80 ? 2 : 3;
    r = take_integer(&signature);
    s = take_integer(&signature);
    if (!less(&h, &m)) {
        h = add(&h, &m, -1);
    }
    k = mul_mod(&r, &d, &m);
    k = add_mod(&k, &h, &m);
    reciprocal = invert(&k, &m);
    reciprocal = mul_mod(&reciprocal, &s, &m);
    s = invert(&s, &m);
    k = mul_mod(&k, &s, &m);
    to_bytes(&k, nonce, len);
    to_bytes(&reciprocal, inverse, len);
    return len;
}
