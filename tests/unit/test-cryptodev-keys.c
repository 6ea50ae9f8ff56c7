/*
 * Encoded keys: DER, PKCS#1 padding, and keys that must be refused
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "cryptodev-akcipher-keys.h"
#include "cryptodev-akcipher-test.h"
#include "backends/cryptodev/der.h"
#include "backends/cryptodev/pkcs1.h"

#define RSA_ANY(_private) \
    rsa_params(CRYPTODEV_RSA_RAW, CRYPTODEV_ALGO_NONE, _private)

/* DER */

typedef struct DerCase {
    const char *hex;
    bool uint_ok;
    bool rsa_ok;
    const char *value;
} DerCase;

static const DerCase der_cases[] = {
    { "020100", true, true, "" },
    { "02017f", true, true, "7f" },
    { "02020080", true, true, "80" },
    { "020180", false, true, "80" },            /* negative */
    { "0200" },                                 /* no content */
    { "02020001" },                             /* not the shortest */
    { "0203000080" },
    { "030100" },                               /* a bit string */
    { "0202" "01" },                            /* cut */
    { "02" },
    { "" },
    { "02810101" },                             /* long form for a short one */
    { "0280" "01" "0000" },                     /* indefinite */
    { "0282000101" },
    { "028300000101" },
    { "02ff01" },
    { "0284ffffffff01" },
    { "0288ffffffffffffffff01" },
};

static void test_integers(void)
{
    for (int i = 0; i < ARRAY_SIZE(der_cases); i++) {
        const DerCase *c = &der_cases[i];
        g_auto(Bytes) in = bytes_unhex(c->hex);
        g_auto(Bytes) wanted = bytes_unhex(c->value ?: "");
        CryptoDer der = { in.data, in.len }, again = der, value;

        g_test_message("%s", c->hex);
        g_assert_cmpint(crypto_der_take_uint(&der, &value), ==, c->uint_ok);
        g_assert_cmpuint(der.len, ==, c->uint_ok ? 0 : in.len);
        g_assert_cmpint(crypto_der_take_rsa_number(&again, &value), ==,
                        c->rsa_ok);
        if (c->rsa_ok) {
            g_assert_cmpmem(value.data, value.len, wanted.data, wanted.len);
        }
    }
}

static void test_lengths(void)
{
    static const size_t lens[] = { 0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff };

    for (int i = 0; i < ARRAY_SIZE(lens); i++) {
        size_t len = lens[i];
        unsigned octets = len < 0x80 ? 0 : len < 0x100 ? 1 : 2;
        g_auto(Bytes) in = bytes_random(2 + octets + len);
        CryptoDer der = { in.data, in.len }, content;

        in.data[0] = CRYPTO_DER_SEQUENCE;
        in.data[1] = octets ? 0x80 + octets : len;
        for (int n = octets; n; n--) {
            in.data[1 + n] = len >> (8 * (octets - n));
        }
        g_assert_true(crypto_der_next_is(&der, CRYPTO_DER_SEQUENCE));
        g_assert_true(crypto_der_take(&der, CRYPTO_DER_SEQUENCE, &content));
        g_assert_cmpuint(content.len, ==, len);
        g_assert_cmpuint(der.len, ==, 0);
        der = (CryptoDer) { in.data, in.len - 1 };
        g_assert_false(crypto_der_take(&der, CRYPTO_DER_SEQUENCE, &content));
    }
}

static void test_put(void)
{
    static const struct {
        const char *value, *wanted;
    } cases[] = {
        { "", "020100" }, { "00", "020100" }, { "0000", "020100" },
        { "7f", "02017f" }, { "0080", "02020080" }, { "00017f", "0202017f" },
    };

    for (int i = 0; i < ARRAY_SIZE(cases); i++) {
        g_auto(Bytes) value = bytes_unhex(cases[i].value);
        g_auto(Bytes) wanted = bytes_unhex(cases[i].wanted);
        g_auto(Bytes) out = bytes_random(value.len + 4);
        size_t len = crypto_der_put_uint(out.data, value.data, value.len);

        g_assert_cmpmem(out.data, len, wanted.data, wanted.len);
    }
}

/* PKCS#1: a zero at any place, and the lengths of the moduli and others */
static void test_unpad(void)
{
    for (size_t em_len = 11; em_len <= 270; em_len++) {
        g_autofree uint8_t *em = g_malloc(em_len);
        g_autofree uint8_t *copy = g_malloc(em_len);

        for (size_t zero = 2; zero <= em_len; zero++) {
            size_t len;
            bool ok;

            for (size_t i = 0; i < em_len; i++) {
                em[i] = i % 255 + 1;
            }
            em[0] = 0;
            em[1] = 2;
            if (zero < em_len) {
                em[zero] = 0;
            }
            memcpy(copy, em, em_len);
            ok = crypto_pkcs1_unpad_encryption(em, em_len, &len);
            g_assert_cmpint(ok, ==, zero >= 10 && zero < em_len);
            if (ok) {
                g_assert_cmpmem(em, len, copy + zero + 1, em_len - zero - 1);
            }
            for (int i = 0; i < 2; i++) {
                memcpy(em, copy, em_len);
                em[i] ^= 1 << zero % 8;
                g_assert_false(crypto_pkcs1_unpad_encryption(em, em_len,
                                                             &len));
            }
        }
    }
}

static void test_pad(void)
{
    uint8_t em[64], message[64];
    size_t len;

    memset(message, 0x5a, sizeof(message));
    for (size_t n = 0; n <= sizeof(message); n++) {
        bool fits = n + CRYPTO_PKCS1_OVERHEAD <= sizeof(em);

        g_assert_cmpint(crypto_pkcs1_pad_signature(em, sizeof(em),
                                                   CRYPTODEV_ALGO_NONE,
                                                   message, n), ==, fits);
        g_assert_cmpint(crypto_pkcs1_pad_encryption(em, sizeof(em), message,
                                                    n), ==, fits);
        if (fits) {
            g_assert_true(crypto_pkcs1_unpad_encryption(em, sizeof(em), &len));
            g_assert_cmpmem(em, len, message, n);
        }
    }
    g_assert_false(crypto_pkcs1_pad_signature(em, sizeof(em),
                                              CRYPTODEV_ALGO_SHA_512,
                                              message, 64));
    g_assert_false(crypto_pkcs1_pad_signature(em, 10, CRYPTODEV_ALGO_NONE,
                                              message, 0));
    g_assert_false(crypto_pkcs1_pad_encryption(em, 10, message, 0));
    g_assert_false(crypto_pkcs1_unpad_encryption(em, 10, &len));
    g_assert_false(crypto_pkcs1_hash_ok(CRYPTODEV_ALGO_SHA3_256));
}

/* RSA keys */

static RsaNumbers fixture_numbers(void)
{
    g_auto(Bytes) der = bytes_unhex(rsa_fixtures[0].private_key);
    CryptoDer in = { der.data, der.len }, seq, value;
    RsaNumbers n;

    g_assert_true(crypto_der_take(&in, CRYPTO_DER_SEQUENCE, &seq));
    for (int i = 0; i < RSA_NUMBERS; i++) {
        g_assert_true(crypto_der_take_uint(&seq, &value));
        n.v[i] = bytes_new(value.data, value.len);
    }
    return n;
}

static void set_number(RsaNumbers *n, int i, const char *hex)
{
    bytes_free(&n->v[i]);
    n->v[i] = bytes_unhex(hex);
}

static void assert_private(const RsaNumbers *n, CryptoDevStatus expected)
{
    g_auto(Bytes) der = rsa_encode(n, VERSION, QINV, true);

    g_assert_cmpint(key_new(RSA_ANY(true), &der, NULL), ==, expected);
}

static void assert_public(const RsaNumbers *n, CryptoDevStatus expected)
{
    g_auto(Bytes) der = rsa_encode(n, N, E, true);

    g_assert_cmpint(key_new(RSA_ANY(false), &der, NULL), ==, expected);
}

/* Each number but for its last bits, and with special values. */
static void test_rsa_numbers(void)
{
    static const char *const values[] = { "", "01", "02", "03", "010001ff" };

    for (int i = 0; i < RSA_NUMBERS; i++) {
        g_auto(RsaNumbers) n = fixture_numbers();

        assert_private(&n, CRYPTODEV_OK);
        for (int bit = 0; n.v[i].len && bit < 8; bit++) {
            n.v[i].data[n.v[i].len - 1] ^= 1 << bit;
            assert_private(&n, CRYPTODEV_ERR);
            n.v[i].data[n.v[i].len - 1] ^= 1 << bit;
        }
        for (int v = i == VERSION; v < ARRAY_SIZE(values); v++) {
            set_number(&n, i, values[v]);
            assert_private(&n, CRYPTODEV_ERR);
        }
        bytes_free(&n.v[i]);
        n.v[i] = bytes_random(1025);
        n.v[i].data[0] = 1;
        assert_private(&n, CRYPTODEV_ERR);
    }
}

/*
 * DPDK's driver writes all numbers without their sign octets, the self-tests
 * of Linux the public modulus.
 */
static void test_rsa_sign_octets(void)
{
    g_auto(RsaNumbers) n = fixture_numbers();
    g_auto(Bytes) private_key = rsa_encode(&n, VERSION, QINV, false);
    g_auto(Bytes) public_key = rsa_encode(&n, N, E, false);

    g_assert_cmpuint(n.v[N].data[0], >=, 0x80);
    g_assert_cmpuint(n.v[P].data[0], >=, 0x80);
    g_assert_cmpint(key_new(RSA_ANY(true), &private_key, NULL), ==,
                    CRYPTODEV_OK);
    g_assert_cmpint(key_new(RSA_ANY(false), &public_key, NULL), ==,
                    CRYPTODEV_OK);
    set_number(&n, VERSION, "80");
    bytes_free(&private_key);
    private_key = rsa_encode(&n, VERSION, QINV, false);
    g_assert_cmpint(key_new(RSA_ANY(true), &private_key, NULL), ==,
                    CRYPTODEV_ERR);
}

static void test_rsa_factors(void)
{
    g_auto(RsaNumbers) swapped = fixture_numbers(), trivial = fixture_numbers();
    Bytes p = swapped.v[P];

    swapped.v[P] = swapped.v[Q];
    swapped.v[Q] = p;
    assert_private(&swapped, CRYPTODEV_ERR);
    set_number(&trivial, P, "01");
    bytes_free(&trivial.v[Q]);
    trivial.v[Q] = bytes_new(trivial.v[N].data, trivial.v[N].len);
    assert_private(&trivial, CRYPTODEV_ERR);
}

static void test_rsa_sizes(void)
{
    static const struct {
        unsigned bits;
        CryptoDevStatus expected;
    } sizes[] = {
        { 8, CRYPTODEV_ERR }, { 511, CRYPTODEV_ERR }, { 512, CRYPTODEV_OK },
        { 1024, CRYPTODEV_OK }, { 1025, CRYPTODEV_OK }, { 8192, CRYPTODEV_OK },
        { 8193, CRYPTODEV_ERR }, { 16384, CRYPTODEV_ERR },
    };
    g_auto(RsaNumbers) n = fixture_numbers();

    for (int i = 0; i < ARRAY_SIZE(sizes); i++) {
        unsigned top = (sizes[i].bits - 1) % 8;

        bytes_free(&n.v[N]);
        n.v[N] = bytes_random(DIV_ROUND_UP(sizes[i].bits, 8));
        n.v[N].data[0] = 1 << top;
        n.v[N].data[n.v[N].len - 1] |= 1;
        assert_public(&n, sizes[i].expected);
    }
}

static void test_rsa_public_numbers(void)
{
    static const char *const exponents[] = { "", "01", "02", "010000" };
    g_auto(RsaNumbers) n = fixture_numbers();

    assert_public(&n, CRYPTODEV_OK);
    for (int i = 0; i < ARRAY_SIZE(exponents); i++) {
        set_number(&n, E, exponents[i]);
        assert_public(&n, CRYPTODEV_ERR);
    }
    set_number(&n, E, "03");
    assert_public(&n, CRYPTODEV_OK);
    bytes_free(&n.v[E]);
    n.v[E] = bytes_new(n.v[N].data, n.v[N].len);
    assert_public(&n, CRYPTODEV_ERR);
    set_number(&n, E, "010001");
    n.v[N].data[n.v[N].len - 1] ^= 1;
    assert_public(&n, CRYPTODEV_ERR);
}

/* Mutations */

static void check_refused(const Bytes *bad, void *opaque)
{
    CryptoDevSessionParams *params = opaque;

    g_assert_cmpint(key_new(*params, bad, NULL), ==, CRYPTODEV_ERR);
}

/* Another modulus or exponent may be as good, another length is not. */
static void check_public(const Bytes *bad, void *opaque)
{
    const Bytes *good = opaque;
    CryptoDevStatus status = key_new(RSA_ANY(false), bad, NULL);

    g_assert_true(status == CRYPTODEV_ERR ||
                  (status == CRYPTODEV_OK && bad->len == good->len));
}

static void test_rsa_mutations(void)
{
    CryptoDevSessionParams params = RSA_ANY(true);

    for (int i = 0; i < ARRAY_SIZE(rsa_fixtures); i++) {
        g_auto(Bytes) priv = bytes_unhex(rsa_fixtures[i].private_key);
        g_auto(Bytes) pub = bytes_unhex(rsa_fixtures[i].public_key);

        for_each_mutation(&priv, check_refused, &params);
        for_each_mutation(&pub, check_public, &pub);
        /* one kind of key instead of the other */
        g_assert_cmpint(key_new(RSA_ANY(true), &pub, NULL), ==, CRYPTODEV_ERR);
        g_assert_cmpint(key_new(RSA_ANY(false), &priv, NULL), ==,
                        CRYPTODEV_ERR);
    }
}

static void test_ec_mutations(void)
{
    for (int i = 0; i < ARRAY_SIZE(ec_fixtures); i++) {
        g_auto(Bytes) priv = bytes_unhex(ec_fixtures[i].private_key);
        g_auto(Bytes) pub = bytes_unhex(ec_fixtures[i].public_key);
        CryptoDevSessionParams secret = ec_params(ec_fixtures[i].curve, true);
        CryptoDevSessionParams public = ec_params(ec_fixtures[i].curve, false);

        for_each_mutation(&priv, check_refused, &secret);
        for_each_mutation(&pub, check_refused, &public);
        check_refused(&pub, &secret);
        check_refused(&priv, &public);
        secret.curve = ec_fixtures[(i + 1) % ARRAY_SIZE(ec_fixtures)].curve;
        check_refused(&priv, &secret);
        secret.curve = CRYPTODEV_CURVE_UNKNOWN;
        g_assert_cmpint(key_new(secret, &priv, NULL), ==, CRYPTODEV_NOTSUPP);
    }
}

/* 1 and the order of P-256 less 1 are private keys; 0 and the order are not. */
static void test_ec_scalars(void)
{
    static const struct {
        const char *scalar;
        CryptoDevStatus expected;
    } cases[] = {
        { "0000000000000000000000000000000000000000000000000000000000000000",
          CRYPTODEV_ERR },
        { "0000000000000000000000000000000000000000000000000000000000000001",
          CRYPTODEV_OK },
        { "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550",
          CRYPTODEV_OK },
        { "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
          CRYPTODEV_ERR },
        { "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
          CRYPTODEV_ERR },
    };

    for (int i = 0; i < ARRAY_SIZE(cases); i++) {
        g_autofree char *hex = g_strconcat("30250201010420", cases[i].scalar,
                                           NULL);
        g_auto(Bytes) der = bytes_unhex(hex);

        g_assert_cmpint(key_new(ec_params(CRYPTODEV_CURVE_P256, true), &der,
                                NULL), ==, cases[i].expected);
    }
}

static void test_garbage(void)
{
    CryptoDevSessionParams params[] = {
        RSA_ANY(false), RSA_ANY(true),
        ec_params(CRYPTODEV_CURVE_P521, false),
        ec_params(CRYPTODEV_CURVE_P521, true),
    };
    g_auto(Bytes) der = bytes_random(CRYPTODEV_AKCIPHER_KEY_MAX);
    size_t len = der.len - 4;

    for (int i = 0; i < ARRAY_SIZE(params); i++) {
        check_refused(&der, &params[i]);
        memcpy(der.data, (uint8_t[]) { 0x30, 0x82, len >> 8, len }, 4);
        check_refused(&der, &params[i]);
        len -= 4;
        memcpy(der.data + 4, (uint8_t[]) { 0x02, 0x82, len >> 8, len, 1 }, 5);
        check_refused(&der, &params[i]);
        len += 4;
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } tests[] = {
        { "der/integers", test_integers },
        { "der/lengths", test_lengths },
        { "der/put", test_put },
        { "pkcs1/pad", test_pad },
        { "pkcs1/unpad", test_unpad },
        { "rsa/numbers", test_rsa_numbers },
        { "rsa/sign-octets", test_rsa_sign_octets },
        { "rsa/factors", test_rsa_factors },
        { "rsa/sizes", test_rsa_sizes },
        { "rsa/public-numbers", test_rsa_public_numbers },
        { "rsa/mutations", test_rsa_mutations },
        { "ecdsa/mutations", test_ec_mutations },
        { "ecdsa/scalars", test_ec_scalars },
        { "garbage", test_garbage },
    };

    g_test_init(&argc, &argv, NULL);
    for (int i = 0; i < ARRAY_SIZE(tests); i++) {
        g_autofree char *path = g_strconcat("/cryptodev/keys/", tests[i].name,
                                            NULL);

        g_test_add_func(path, tests[i].run);
    }
    return g_test_run();
}
