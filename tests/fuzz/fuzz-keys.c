/*
 * Fuzzing of DER, of PKCS#1 padding, and of keys of RSA and ECDSA
 *
 * A key that is accepted must work: the public key must verify or decrypt what
 * the private key has signed or encrypted.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "backends/cryptodev/der.h"
#include "backends/cryptodev/pkcs1.h"
#include "backends/cryptodev/provider.h"
#include "tests/unit/cryptodev-akcipher-test.h"
#include "tests/unit/cryptodev-akcipher-keys.h"
#include "fuzz.h"

/* What an input is; it follows the byte that tells, and another one. */
enum {
    DER, UNPAD, PAD, RSA_PUBLIC, RSA_PRIVATE, EC_PUBLIC, EC_PRIVATE, SIGNATURE,
    KINDS,
};

/* Operations of longer keys take too long. */
#define KEY_LEN_MAX     800

static const CryptoDevAlgo hashes[] = {
    CRYPTODEV_ALGO_NONE, CRYPTODEV_ALGO_MD5, CRYPTODEV_ALGO_SHA1,
    CRYPTODEV_ALGO_SHA_224, CRYPTODEV_ALGO_SHA_256, CRYPTODEV_ALGO_SHA_384,
    CRYPTODEV_ALGO_SHA_512,
};

/* DER */

static void check_uint(CryptoDer der)
{
    CryptoDer rest = der, value;
    uint8_t again[128 + 4];
    size_t len;

    if (!crypto_der_take_uint(&rest, &value)) {
        return;
    }
    g_assert(!value.len || value.data[0]);
    if (value.len < 128) {
        len = crypto_der_put_uint(again, value.data, value.len);
        g_assert_cmpuint(len, ==, der.len - rest.len);
        g_assert(!memcmp(again, der.data, len));
    }
    rest = der;
    g_assert(crypto_der_take_rsa_number(&rest, &value));
}

/* Go through all elements, and what is in them. */
static void check_der(CryptoDer der, unsigned depth)
{
    while (der.len) {
        CryptoDer before = der, content;
        uint8_t tag = der.data[0], head[3];

        g_assert(crypto_der_next_is(&der, tag));
        if (!crypto_der_take(&der, tag, &content)) {
            g_assert(der.data == before.data && der.len == before.len);
            return;
        }
        g_assert(content.data > before.data &&
                 content.data + content.len == der.data &&
                 der.data + der.len == before.data + before.len);
        if (content.len < 256) {
            size_t len = crypto_der_put_header(head, tag, content.len);

            g_assert_cmpuint(len, ==, content.data - before.data);
            g_assert(!memcmp(head, before.data, len));
        }
        check_uint(before);
        if (depth < 10) {
            check_der(content, depth + 1);
        }
    }
}

/* Padding */

static bool unpad_simply(const uint8_t *em, size_t len, size_t *start)
{
    size_t i = 2;

    while (i < len && em[i]) {
        i++;
    }
    *start = i + 1;
    return len >= CRYPTO_PKCS1_OVERHEAD && em[0] == 0 && em[1] == 2 &&
           i < len && i >= 10;
}

static void check_unpad(const uint8_t *data, size_t len)
{
    g_autofree uint8_t *em = g_memdup2(len ? data : (uint8_t *)"", len ?: 1);
    size_t start, got = SIZE_MAX;
    bool ok = len && unpad_simply(data, len, &start);

    g_assert_cmpint(crypto_pkcs1_unpad_encryption(em, len, &got), ==, ok);
    if (ok) {
        g_assert_cmpuint(got, ==, len - start);
        g_assert(!memcmp(em, data + start, got));
    }
}

static void check_pad(const uint8_t *data, size_t len, uint8_t how)
{
    size_t em_len = 11 + how * 3, got;
    g_autofree uint8_t *em = g_malloc(em_len);
    CryptoDevAlgo hash = hashes[how % ARRAY_SIZE(hashes)];

    if (crypto_pkcs1_pad_encryption(em, em_len, data, len)) {
        g_assert(crypto_pkcs1_unpad_encryption(em, em_len, &got));
        g_assert_cmpuint(got, ==, len);
        g_assert(!memcmp(em, data, len));
    } else {
        g_assert_cmpuint(len + 11, >, em_len);
    }
    if (crypto_pkcs1_pad_signature(em, em_len, hash, data, len)) {
        g_assert(em[0] == 0 && em[1] == 1);
        g_assert(!memcmp(em + em_len - len, data, len));
    }
}

/* Keys */

static void check_pair(CryptoDevAlgo algo, const void *key,
                       CryptoDevOpcode there, CryptoDevOpcode back)
{
    g_auto(Bytes) text = bytes_new("\1QEMU", 5);
    g_auto(Bytes) made = { };
    g_auto(Bytes) result = { };
    bool verify = back == CRYPTODEV_VERIFY;

    g_assert_cmpint(run_op(algo, key, there, &text, NULL, &made), ==,
                    CRYPTODEV_OK);
    g_assert_cmpint(run_op(algo, key, back, &made, verify ? &text : NULL,
                           &result), ==, CRYPTODEV_OK);
    if (!verify) {
        g_assert_cmpuint(result.len, >=, text.len);
        g_assert(!memcmp(result.data + result.len - text.len, text.data,
                         text.len));
    }
}

static void check_rsa(const Bytes *encoded, bool is_private)
{
    CryptoDevSessionParams params = rsa_params(CRYPTODEV_RSA_RAW,
                                               CRYPTODEV_ALGO_NONE,
                                               is_private);
    g_auto(Bytes) one = bytes_new("\1", 1);
    g_auto(Bytes) result = { };
    void *key;

    if (key_new(params, encoded, &key) != CRYPTODEV_OK) {
        return;
    }
    if (encoded->len < KEY_LEN_MAX && is_private) {
        check_pair(CRYPTODEV_ALGO_RSA, key, CRYPTODEV_ENCRYPT,
                   CRYPTODEV_DECRYPT);
    }
    g_assert_cmpint(run_op(CRYPTODEV_ALGO_RSA, key, CRYPTODEV_ENCRYPT, &one,
                           NULL, &result), ==, CRYPTODEV_OK);
    find_akcipher(CRYPTODEV_ALGO_RSA)->key_free(key);
}

static void check_ec(const Bytes *encoded, bool is_private, uint8_t curve)
{
    CryptoDevSessionParams params =
        ec_params(curve % (CRYPTODEV_CURVE_P521 + 1), is_private);
    g_auto(Bytes) text = bytes_new("QEMU", 4);
    g_auto(Bytes) result = { };
    void *key;

    if (key_new(params, encoded, &key) != CRYPTODEV_OK) {
        return;
    }
    if (is_private) {
        check_pair(CRYPTODEV_ALGO_ECDSA, key, CRYPTODEV_SIGN,
                   CRYPTODEV_VERIFY);
    }
    run_op(CRYPTODEV_ALGO_ECDSA, key, CRYPTODEV_VERIFY, encoded, &text,
           &result);
    find_akcipher(CRYPTODEV_ALGO_ECDSA)->key_free(key);
}

/* A signature of ECDSA, for a good key */
static void check_signature(const Bytes *signature, uint8_t how)
{
    static void *keys[ARRAY_SIZE(ec_fixtures)];
    unsigned i = how % ARRAY_SIZE(ec_fixtures);
    g_auto(Bytes) text = bytes_new("QEMU", 4);
    g_auto(Bytes) result = { };

    if (!keys[i]) {
        g_auto(Bytes) point = bytes_unhex(ec_fixtures[i].public_key);

        keys[i] = key_good(ec_params(ec_fixtures[i].curve, false), &point);
    }
    run_op(CRYPTODEV_ALGO_ECDSA, keys[i], CRYPTODEV_VERIFY, signature, &text,
           &result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    FuzzInput in = { data, MIN(len, FUZZ_INPUT_MAX) };
    uint8_t kind = fuzz_take(&in, 1) % KINDS;
    uint8_t how = fuzz_take(&in, 1);
    Bytes bytes = { (uint8_t *)in.data, in.len };

    switch (kind) {
    case DER:
        check_der((CryptoDer) { in.data, in.len }, 0);
        break;
    case UNPAD:
        check_unpad(in.data, in.len);
        break;
    case PAD:
        check_pad(in.data, in.len, how);
        break;
    case RSA_PUBLIC:
    case RSA_PRIVATE:
        check_rsa(&bytes, kind == RSA_PRIVATE);
        break;
    case EC_PUBLIC:
    case EC_PRIVATE:
        check_ec(&bytes, kind == EC_PRIVATE, how);
        break;
    default:
        check_signature(&bytes, how);
    }
    return 0;
}

static void add_seed(FuzzSeedFn *fn, void *opaque, uint8_t kind, uint8_t how,
                     const char *hex)
{
    g_auto(Bytes) bytes = bytes_unhex(hex);
    g_autoptr(GByteArray) a = g_byte_array_new();

    g_byte_array_append(a, &kind, 1);
    g_byte_array_append(a, &how, 1);
    g_byte_array_append(a, bytes.data, bytes.len);
    fn(a->data, a->len, opaque);
}

void fuzz_seeds(FuzzSeedFn *fn, void *opaque)
{
    for (int i = 0; i < 2; i++) {
        add_seed(fn, opaque, RSA_PUBLIC, 0, rsa_fixtures[i].public_key);
        add_seed(fn, opaque, RSA_PRIVATE, 0, rsa_fixtures[i].private_key);
        add_seed(fn, opaque, DER, 0, rsa_fixtures[i].private_key);
    }
    for (int i = 0; i < ARRAY_SIZE(ec_fixtures); i++) {
        const EcFixture *f = &ec_fixtures[i];

        add_seed(fn, opaque, EC_PUBLIC, f->curve, f->public_key);
        add_seed(fn, opaque, EC_PRIVATE, f->curve, f->private_key);
        add_seed(fn, opaque, DER, 0, f->private_key);
        add_seed(fn, opaque, SIGNATURE, i, f->signature);
    }
    for (int i = 0; i < ARRAY_SIZE(rsa_signatures); i++) {
        add_seed(fn, opaque, PAD, i + 35, rsa_signatures[i].digest);
    }
    add_seed(fn, opaque, UNPAD, 0, "0002a1a2a3a4a5a6a7a8a90051454d55");
    add_seed(fn, opaque, UNPAD, 0, "0002a1a2a3a4a5a6a70051454d55a8a9");
}
