/*
 * Tests of the estimates of how long an operation takes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "backends/cryptodev/cost.h"

#define PIECES_MAX 1024

/* Symmetric operations */

static struct iovec pieces[PIECES_MAX];

/* The cost of an operation whose spans have the given lengths and pieces */
static uint64_t symmetric(CryptoDevSessionParams params, CryptoDevOp op)
{
    CryptoDevSession session = { .params = params };

    op.session = &session;
    op.src.iov = op.dst.iov = op.aad.iov = pieces;
    return crypto_op_cost(&op);
}

static uint64_t cipher(CryptoDevAlgo algo, size_t len, unsigned niov)
{
    CryptoDevSessionParams params = {
        .service = CRYPTODEV_SERVICE_CIPHER, .cipher = algo,
    };
    CryptoDevOp op = {
        .src = { .len = len, .niov = niov },
        .dst = { .len = len, .niov = niov },
    };

    return symmetric(params, op);
}

static void test_bytes(void)
{
    uint64_t des = cipher(CRYPTODEV_ALGO_3DES_CBC, 1 << 20, 1);
    uint64_t aes = cipher(CRYPTODEV_ALGO_AES_CTR, 1 << 20, 1);

    g_assert_cmpuint(cipher(CRYPTODEV_ALGO_AES_CTR, 0, 0), >, 0);
    g_assert_cmpuint(cipher(CRYPTODEV_ALGO_AES_CTR, 16, 1), <, 1 * SCALE_US);
    g_assert_cmpuint(aes, >=, 100 * SCALE_US);
    g_assert_cmpuint(des, >=, 10 * SCALE_MS);
    g_assert_cmpuint(des, <, 100 * SCALE_MS);
    /* a vector may be longer than the span */
    g_assert_cmpuint(cipher(CRYPTODEV_ALGO_AES_CTR, 16, PIECES_MAX), <,
                     2 * SCALE_US);
}

static void test_pieces(void)
{
    uint64_t flat = cipher(CRYPTODEV_ALGO_AES_CTR, 1000, 1);
    uint64_t scattered = cipher(CRYPTODEV_ALGO_AES_CTR, 1000, 1000);

    g_assert_cmpuint(scattered - flat, >=, 20 * SCALE_US);
}

static void test_aad(void)
{
    CryptoDevSessionParams params = {
        .service = CRYPTODEV_SERVICE_AEAD, .cipher = CRYPTODEV_ALGO_AES_GCM,
    };
    CryptoDevOp op = { .src = { .len = 16, .niov = 1 } };
    uint64_t without = symmetric(params, op), with;

    op.aad = (CryptoDevSpan) { .len = 1 << 19, .niov = 1 };
    with = symmetric(params, op);
    g_assert_cmpuint(with, >, without + 100 * SCALE_US);
    op.src.len = 1 << 19;
    g_assert_cmpuint(symmetric(params, op), >, with + 100 * SCALE_US);
}

/* The parts of a chain take as long as their windows. */
static void test_chain(void)
{
    CryptoDevSessionParams params = {
        .service = CRYPTODEV_SERVICE_CIPHER,
        .chain = CRYPTODEV_CHAIN_CIPHER_THEN_HASH,
        .cipher = CRYPTODEV_ALGO_3DES_CBC, .hash = CRYPTODEV_ALGO_HMAC_SHA1,
    };
    CryptoDevOp op = { .src = { .len = 1 << 20, .niov = 1 } };
    uint64_t none = symmetric(params, op), text;

    g_assert_cmpuint(none, <, 1 * SCALE_US);
    op.cipher_window.len = 1 << 20;
    text = symmetric(params, op);
    g_assert_cmpuint(text, >, none + 10 * SCALE_MS);
    op.hash_window.len = 1 << 20;
    g_assert_cmpuint(symmetric(params, op), >, text + 100 * SCALE_US);
}

/* Public-key operations */

static void append(GByteArray *key, const void *data, size_t len)
{
    g_byte_array_append(key, data, len);
}

static void append_header(GByteArray *key, uint8_t tag, size_t len)
{
    uint8_t form[] = { tag, 0x82, len >> 8, len };
    uint8_t short_form[] = { tag, 0x81, len };

    if (len > 255) {
        append(key, form, sizeof(form));
    } else {
        g_assert_cmpuint(len, >, 127);
        append(key, short_form, sizeof(short_form));
    }
}

/* A number with all bits set, and before it the sign octet */
static void append_number(GByteArray *key, unsigned bits)
{
    static const uint8_t zero = 0, ones[1024] = { [0 ... 1023] = 0xff };

    append_header(key, 2, bits / 8 + 1);
    append(key, &zero, 1);
    append(key, ones, bits / 8);
}

/* The head of an encoded key, which is all that counts */
static GByteArray *new_key(unsigned n_bits, unsigned e_bits, bool is_private)
{
    static const uint8_t version[] = { 2, 1, 0 }, f4[] = { 2, 3, 1, 0, 1 };
    g_autoptr(GByteArray) body = g_byte_array_new();
    GByteArray *key = g_byte_array_new();

    if (is_private) {
        append(body, version, sizeof(version));
    }
    append_number(body, n_bits);
    if (e_bits == 17) {
        append(body, f4, sizeof(f4));
    } else {
        append_number(body, e_bits);
    }
    append_header(key, 0x30, body->len);
    append(key, body->data, body->len);
    return key;
}

static uint64_t akcipher(CryptoDevSessionParams params, CryptoDevOpcode opcode,
                         bool needs_import)
{
    CryptoDevSession session = {
        .params = params, .needs_import = needs_import,
    };
    CryptoDevOp op = { .session = &session, .opcode = opcode };

    session.params.service = CRYPTODEV_SERVICE_AKCIPHER;
    return crypto_op_cost(&op);
}

static uint64_t rsa(unsigned n_bits, unsigned e_bits, bool is_private,
                    CryptoDevOpcode opcode)
{
    g_autoptr(GByteArray) key = new_key(n_bits, e_bits, is_private);
    CryptoDevSessionParams params = {
        .cipher = CRYPTODEV_ALGO_RSA,
        .is_private = is_private,
        .cipher_key = key->data,
        .cipher_key_len = key->len,
    };

    return akcipher(params, opcode, false);
}

static void assert_between(uint64_t cost, uint64_t min, uint64_t max)
{
    g_assert_cmpuint(cost, >=, min);
    g_assert_cmpuint(cost, <=, max);
}

static void test_rsa(void)
{
    static const unsigned bits[] = { 1024, 2048, 3072, 4096, 8192 };
    uint64_t last_private = 0, last_public = 0;

    for (int i = 0; i < ARRAY_SIZE(bits); i++) {
        uint64_t public = rsa(bits[i], 17, false, CRYPTODEV_ENCRYPT);
        uint64_t private = rsa(bits[i], 17, true, CRYPTODEV_SIGN);

        g_assert_cmpuint(public, >, last_public);
        g_assert_cmpuint(private, >, last_private);
        g_assert_cmpuint(private, >, 10 * public);
        /* the key may be a private one */
        g_assert_cmpuint(rsa(bits[i], 17, true, CRYPTODEV_VERIFY), ==, public);
        g_assert_cmpuint(rsa(bits[i], 17, true, CRYPTODEV_DECRYPT), ==,
                         private);
        last_public = public;
        last_private = private;
    }
    assert_between(rsa(2048, 17, false, CRYPTODEV_VERIFY), 10 * SCALE_US,
                   100 * SCALE_US);
    assert_between(rsa(2048, 17, true, CRYPTODEV_SIGN), 500 * SCALE_US,
                   5 * SCALE_MS);
    /* a modulus between two sizes is not cheaper than the smaller one */
    assert_between(rsa(2056, 17, true, CRYPTODEV_SIGN),
                   rsa(2048, 17, true, CRYPTODEV_SIGN),
                   rsa(3072, 17, true, CRYPTODEV_SIGN));
}

/* A long exponent is no quick way to keep a thread. */
static void test_rsa_exponent(void)
{
    g_assert_cmpuint(rsa(4096, 4088, false, CRYPTODEV_ENCRYPT), >=,
                     10 * SCALE_MS);
    g_assert_cmpuint(rsa(4096, 4088, true, CRYPTODEV_SIGN), >=,
                     100 * SCALE_MS);
}

/* Whatever it is, it is not read beyond its end, and costs something finite. */
static void test_rsa_bad(void)
{
    g_autoptr(GByteArray) key = new_key(2048, 17, true);

    for (size_t n = 1; n < key->len; n++) {
        g_autofree uint8_t *cut = g_malloc(n);
        CryptoDevSessionParams params = {
            .cipher = CRYPTODEV_ALGO_RSA,
            .is_private = true,
            .cipher_key = cut,
            .cipher_key_len = n,
        };

        memcpy(cut, key->data, n);
        assert_between(akcipher(params, CRYPTODEV_SIGN, false), 1 * SCALE_US,
                       1 * NANOSECONDS_PER_SECOND);
        assert_between(akcipher(params, CRYPTODEV_IMPORT, true), 1 * SCALE_US,
                       1 * NANOSECONDS_PER_SECOND);
    }
}

static void test_ecdsa(void)
{
    for (CryptoDevCurve curve = CRYPTODEV_CURVE_P192;
         curve <= CRYPTODEV_CURVE_P521; curve++) {
        CryptoDevSessionParams params = {
            .cipher = CRYPTODEV_ALGO_ECDSA, .curve = curve,
        };
        uint64_t sign = akcipher(params, CRYPTODEV_SIGN, false);
        uint64_t import = akcipher(params, CRYPTODEV_IMPORT, true);

        assert_between(sign, 10 * SCALE_US, 1 * SCALE_MS);
        g_assert_cmpuint(akcipher(params, CRYPTODEV_VERIFY, false), >, sign);
        assert_between(import, 1 * SCALE_US, sign);
        /* what comes first does the import */
        g_assert_cmpuint(akcipher(params, CRYPTODEV_SIGN, true), ==,
                         sign + import);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cryptodev/cost/bytes", test_bytes);
    g_test_add_func("/cryptodev/cost/pieces", test_pieces);
    g_test_add_func("/cryptodev/cost/aad", test_aad);
    g_test_add_func("/cryptodev/cost/chain", test_chain);
    g_test_add_func("/cryptodev/cost/rsa", test_rsa);
    g_test_add_func("/cryptodev/cost/rsa-exponent", test_rsa_exponent);
    g_test_add_func("/cryptodev/cost/rsa-bad", test_rsa_bad);
    g_test_add_func("/cryptodev/cost/ecdsa", test_ecdsa);
    return g_test_run();
}
