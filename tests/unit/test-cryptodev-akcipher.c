/*
 * RSA and ECDSA, against openssl, libgcrypt and themselves
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "cryptodev-akcipher-keys.h"
#include "cryptodev-akcipher-test.h"
#include "backends/cryptodev/selftest.h"
#ifdef CONFIG_CRYPTODEV_GCRYPT
#include <gcrypt.h>
#endif

#define RSA     CRYPTODEV_ALGO_RSA
#define ECDSA   CRYPTODEV_ALGO_ECDSA

/* "QEMU" */
#define MESSAGE "51454d55"

static void key_free(CryptoDevAlgo algo, void *key)
{
    find_akcipher(algo)->key_free(key);
}

/* The digest that the openssl fixtures sign with SHA-256 */
static Bytes fixture_digest(void)
{
    for (int i = 0; i < ARRAY_SIZE(rsa_signatures); i++) {
        if (rsa_signatures[i].hash == CRYPTODEV_ALGO_SHA_256) {
            return bytes_unhex(rsa_signatures[i].digest);
        }
    }
    g_assert_not_reached();
}

static void assert_result(CryptoDevAlgo algo, const void *key,
                          CryptoDevOpcode opcode, const Bytes *src,
                          const Bytes *expected)
{
    g_auto(Bytes) result = { };

    g_assert_cmpint(run_op(algo, key, opcode, src, NULL, &result), ==,
                    CRYPTODEV_OK);
    g_assert_cmpmem(result.data, result.len, expected->data, expected->len);
}

static void assert_fails(CryptoDevAlgo algo, const void *key,
                         CryptoDevOpcode opcode, const Bytes *src)
{
    g_assert_cmpint(run_op(algo, key, opcode, src, NULL, NULL), ==,
                    CRYPTODEV_ERR);
}

static void assert_verifies(CryptoDevAlgo algo, const void *key,
                            const Bytes *signature, const Bytes *data,
                            CryptoDevStatus expected)
{
    g_assert_cmpint(run_op(algo, key, CRYPTODEV_VERIFY, signature, data, NULL),
                    ==, expected);
}

static void test_selftest(void)
{
    int64_t start = get_clock();

    g_assert_true(cryptodev_akcipher_selftest(find_akcipher(RSA)));
    g_assert_true(cryptodev_akcipher_selftest(find_akcipher(ECDSA)));
    g_test_message("%" PRId64 " us", (get_clock() - start) / 1000);
}

/* RSA */

static void *fixture_key(int i, CryptoDevRsaPadding padding,
                         CryptoDevAlgo hash, bool is_private)
{
    g_auto(Bytes) der = bytes_unhex(is_private ? rsa_fixtures[i].private_key :
                                                 rsa_fixtures[i].public_key);

    return key_good(rsa_params(padding, hash, is_private), &der);
}

static void test_rsa_openssl(void)
{
    g_auto(Bytes) message = bytes_unhex(MESSAGE);
    g_auto(Bytes) digest = fixture_digest();

    for (int i = 0; i < ARRAY_SIZE(rsa_fixtures); i++) {
        g_auto(Bytes) ciphertext = bytes_unhex(rsa_fixtures[i].ciphertext);
        g_auto(Bytes) signature = bytes_unhex(rsa_fixtures[i].signature);
        void *priv = fixture_key(i, CRYPTODEV_RSA_PKCS1,
                                 CRYPTODEV_ALGO_SHA_256, true);
        void *pub = fixture_key(i, CRYPTODEV_RSA_PKCS1,
                                CRYPTODEV_ALGO_SHA_256, false);

        assert_result(RSA, priv, CRYPTODEV_DECRYPT, &ciphertext, &message);
        assert_result(RSA, priv, CRYPTODEV_SIGN, &digest, &signature);
        assert_verifies(RSA, pub, &signature, &digest, CRYPTODEV_OK);
        assert_verifies(RSA, priv, &signature, &digest, CRYPTODEV_OK);
        key_free(RSA, priv);
        key_free(RSA, pub);
    }
}

static void test_rsa_hashes(void)
{
    for (int i = 0; i < ARRAY_SIZE(rsa_signatures); i++) {
        CryptoDevAlgo hash = rsa_signatures[i].hash;
        g_auto(Bytes) digest = bytes_unhex(rsa_signatures[i].digest);
        g_auto(Bytes) signature = bytes_unhex(rsa_signatures[i].signature);
        void *key = fixture_key(0, CRYPTODEV_RSA_PKCS1, hash, true);
        g_auto(Bytes) wrong = bytes_new(digest.data, digest.len - 1);

        assert_result(RSA, key, CRYPTODEV_SIGN, &digest, &signature);
        assert_verifies(RSA, key, &signature, &digest, CRYPTODEV_OK);
        digest.data[0] ^= 1;
        assert_verifies(RSA, key, &signature, &digest, CRYPTODEV_KEY_REJECTED);
        if (hash != CRYPTODEV_ALGO_NONE) {
            assert_fails(RSA, key, CRYPTODEV_SIGN, &wrong);
            assert_verifies(RSA, key, &signature, &wrong, CRYPTODEV_ERR);
        }
        key_free(RSA, key);
    }
}

/* Any length that fits comes back; one byte more does not fit. */
static void test_rsa_pkcs1_lengths(void)
{
    for (int i = 0; i < ARRAY_SIZE(rsa_fixtures); i++) {
        size_t most = rsa_fixtures[i].bits / 8 - 11;
        void *priv = fixture_key(i, CRYPTODEV_RSA_PKCS1, CRYPTODEV_ALGO_NONE,
                                 true);
        void *pub = fixture_key(i, CRYPTODEV_RSA_PKCS1, CRYPTODEV_ALGO_NONE,
                                false);
        g_auto(Bytes) too_long = bytes_random(most + 1);

        for (size_t len = 0; len <= most; len += i ? most : 1) {
            g_auto(Bytes) message = bytes_random(len), ciphertext = { };
            g_auto(Bytes) signature = { };

            g_assert_cmpint(run_op(RSA, pub, CRYPTODEV_ENCRYPT, &message, NULL,
                                   &ciphertext), ==, CRYPTODEV_OK);
            g_assert_cmpint(ciphertext.len, ==, rsa_fixtures[i].bits / 8);
            assert_result(RSA, priv, CRYPTODEV_DECRYPT, &ciphertext, &message);
            g_assert_cmpint(run_op(RSA, priv, CRYPTODEV_SIGN, &message, NULL,
                                   &signature), ==, CRYPTODEV_OK);
            assert_verifies(RSA, pub, &signature, &message, CRYPTODEV_OK);
        }
        assert_fails(RSA, pub, CRYPTODEV_ENCRYPT, &too_long);
        assert_fails(RSA, priv, CRYPTODEV_SIGN, &too_long);
        assert_verifies(RSA, pub, &too_long, &too_long, CRYPTODEV_ERR);
        key_free(RSA, priv);
        key_free(RSA, pub);
    }
}

/* The modulus of a fixture, which stands in RSAPublicKey at a known place */
static Bytes fixture_modulus(int i)
{
    g_auto(Bytes) der = bytes_unhex(rsa_fixtures[i].public_key);
    size_t len = rsa_fixtures[i].bits / 8;

    /* what follows is the exponent 65537, 5 bytes */
    return bytes_new(der.data + der.len - 5 - len, len);
}

/* Numbers at the edges, with and without leading zeros */
static void test_rsa_raw_edges(void)
{
    g_auto(Bytes) modulus = fixture_modulus(0);
    size_t len = modulus.len;
    void *key = fixture_key(0, CRYPTODEV_RSA_RAW, CRYPTODEV_ALGO_NONE, true);
    g_auto(Bytes) empty = { }, zero = bytes_random(len);
    g_auto(Bytes) one = bytes_unhex("01"), padded_one = bytes_random(len);
    g_auto(Bytes) minus_one = bytes_new(modulus.data, len);
    g_auto(Bytes) longer = bytes_random(len + 3);

    memset(zero.data, 0, len);
    memset(padded_one.data, 0, len);
    padded_one.data[len - 1] = 1;
    minus_one.data[len - 1] ^= 1;       /* the modulus is odd */
    memset(longer.data, 0, 3);
    memcpy(longer.data + 3, minus_one.data, len);

    for (int opcode = CRYPTODEV_ENCRYPT; opcode <= CRYPTODEV_DECRYPT;
         opcode++) {
        assert_result(RSA, key, opcode, &empty, &zero);
        assert_result(RSA, key, opcode, &zero, &zero);
        assert_result(RSA, key, opcode, &one, &padded_one);
        assert_result(RSA, key, opcode, &padded_one, &padded_one);
        assert_result(RSA, key, opcode, &minus_one, &minus_one);
        assert_result(RSA, key, opcode, &longer, &minus_one);
        assert_fails(RSA, key, opcode, &modulus);
        longer.data[0] = 1;
        assert_fails(RSA, key, opcode, &longer);
        longer.data[0] = 0;
    }
    key_free(RSA, key);
}

static void test_rsa_signature_lengths(void)
{
    g_auto(Bytes) signature = bytes_unhex(rsa_fixtures[0].signature);
    g_auto(Bytes) digest = fixture_digest();
    g_auto(Bytes) modulus = fixture_modulus(0);
    g_auto(Bytes) empty = { };
    g_auto(Bytes) shorter = bytes_new(signature.data, signature.len - 1);
    g_auto(Bytes) longer = bytes_random(signature.len + 1);
    void *key = fixture_key(0, CRYPTODEV_RSA_PKCS1, CRYPTODEV_ALGO_SHA_256,
                            false);

    longer.data[0] = 0;
    memcpy(longer.data + 1, signature.data, signature.len);
    assert_verifies(RSA, key, &empty, &digest, CRYPTODEV_KEY_REJECTED);
    assert_verifies(RSA, key, &shorter, &digest, CRYPTODEV_KEY_REJECTED);
    assert_verifies(RSA, key, &longer, &digest, CRYPTODEV_KEY_REJECTED);
    assert_verifies(RSA, key, &modulus, &digest, CRYPTODEV_KEY_REJECTED);
    key_free(RSA, key);
}

static void test_rsa_ciphertext_lengths(void)
{
    g_auto(Bytes) good = bytes_unhex(rsa_fixtures[0].ciphertext);
    g_auto(Bytes) message = bytes_unhex(MESSAGE);
    g_auto(Bytes) longer = bytes_random(good.len + 1);
    g_auto(Bytes) shorter = bytes_new(good.data, good.len - 1);
    void *key = fixture_key(0, CRYPTODEV_RSA_PKCS1, CRYPTODEV_ALGO_NONE, true);

    longer.data[0] = 0;
    memcpy(longer.data + 1, good.data, good.len);
    assert_result(RSA, key, CRYPTODEV_DECRYPT, &good, &message);
    assert_fails(RSA, key, CRYPTODEV_DECRYPT, &longer);
    assert_fails(RSA, key, CRYPTODEV_DECRYPT, &shorter);
    for (size_t i = 0; i < good.len; i++) {
        CryptoDevStatus status;

        good.data[i] ^= 1;
        status = run_op(RSA, key, CRYPTODEV_DECRYPT, &good, NULL, NULL);
        g_assert_true(status == CRYPTODEV_ERR || status == CRYPTODEV_OK);
        good.data[i] ^= 1;
    }
    key_free(RSA, key);
}

#ifdef CONFIG_CRYPTODEV_GCRYPT
/* The public operation, done by libgcrypt */
static Bytes gcrypt_encrypt(const Bytes *modulus, const Bytes *message)
{
    Bytes result = bytes_random(modulus->len);
    gcry_mpi_t n, a;
    gcry_sexp_t pub, data, enc, token;
    size_t len;

    memset(result.data, 0, result.len);
    g_assert_false(gcry_mpi_scan(&n, GCRYMPI_FMT_USG, modulus->data,
                                 modulus->len, NULL));
    g_assert_false(gcry_sexp_build(&pub, NULL,
                                   "(public-key (rsa (n %M) (e #010001#)))",
                                   n));
    g_assert_false(gcry_sexp_build(&data, NULL,
                                   "(data (flags raw) (value %b))",
                                   (int)message->len, message->data));
    g_assert_false(gcry_pk_encrypt(&enc, data, pub));
    token = gcry_sexp_find_token(enc, "a", 0);
    a = gcry_sexp_nth_mpi(token, 1, GCRYMPI_FMT_USG);
    len = DIV_ROUND_UP(gcry_mpi_get_nbits(a), 8);
    g_assert_false(gcry_mpi_print(GCRYMPI_FMT_USG,
                                  result.data + result.len - len, len, NULL,
                                  a));
    gcry_mpi_release(a);
    gcry_mpi_release(n);
    gcry_sexp_release(token);
    gcry_sexp_release(enc);
    gcry_sexp_release(data);
    gcry_sexp_release(pub);
    return result;
}

static void test_rsa_gcrypt(void)
{
    for (int i = 0; i < ARRAY_SIZE(rsa_fixtures); i++) {
        g_auto(Bytes) modulus = fixture_modulus(i);
        void *key = fixture_key(i, CRYPTODEV_RSA_RAW, CRYPTODEV_ALGO_NONE,
                                true);

        for (int n = 0; n < 8; n++) {
            g_auto(Bytes) message = bytes_random(modulus.len);
            g_auto(Bytes) wanted = { };

            message.data[0] = 0;
            wanted = gcrypt_encrypt(&modulus, &message);
            assert_result(RSA, key, CRYPTODEV_ENCRYPT, &message, &wanted);
            assert_result(RSA, key, CRYPTODEV_DECRYPT, &wanted, &message);
        }
        key_free(RSA, key);
    }
}
#endif

/* ECDSA */

static void *ec_key(int i, bool is_private)
{
    g_auto(Bytes) encoded = bytes_unhex(is_private ?
                                        ec_fixtures[i].private_key :
                                        ec_fixtures[i].public_key);

    return key_good(ec_params(ec_fixtures[i].curve, is_private), &encoded);
}

static void test_ecdsa_openssl(void)
{
    g_auto(Bytes) digest = fixture_digest();

    for (int i = 0; i < ARRAY_SIZE(ec_fixtures); i++) {
        g_auto(Bytes) signature = bytes_unhex(ec_fixtures[i].signature);
        void *pub = ec_key(i, false), *priv = ec_key(i, true);

        assert_verifies(ECDSA, pub, &signature, &digest, CRYPTODEV_OK);
        assert_verifies(ECDSA, priv, &signature, &digest, CRYPTODEV_OK);
        digest.data[0] ^= 1;
        assert_verifies(ECDSA, pub, &signature, &digest,
                        CRYPTODEV_KEY_REJECTED);
        digest.data[0] ^= 1;
        key_free(ECDSA, pub);
        key_free(ECDSA, priv);
    }
}

/* Digests shorter and longer than the curve */
static void test_ecdsa_round_trip(void)
{
    for (int i = 0; i < ARRAY_SIZE(ec_fixtures); i++) {
        void *pub = ec_key(i, false), *priv = ec_key(i, true);
        g_auto(Bytes) empty = { };

        for (size_t len = 1; len <= 128; len += 9) {
            g_auto(Bytes) digest = bytes_random(len), signature = { };

            g_assert_cmpint(run_op(ECDSA, priv, CRYPTODEV_SIGN, &digest, NULL,
                                   &signature), ==, CRYPTODEV_OK);
            assert_verifies(ECDSA, pub, &signature, &digest, CRYPTODEV_OK);
            digest.data[0] ^= 0x80;
            assert_verifies(ECDSA, pub, &signature, &digest,
                            CRYPTODEV_KEY_REJECTED);
        }
        assert_fails(ECDSA, priv, CRYPTODEV_SIGN, &empty);
        assert_verifies(ECDSA, pub, &empty, &empty, CRYPTODEV_ERR);
        key_free(ECDSA, pub);
        key_free(ECDSA, priv);
    }
}

typedef struct BadSignature {
    void *key;
    Bytes digest;
} BadSignature;

static void check_bad_signature(const Bytes *bad, void *opaque)
{
    BadSignature *b = opaque;

    assert_verifies(ECDSA, b->key, bad, &b->digest, CRYPTODEV_KEY_REJECTED);
}

static void test_ecdsa_bad_signatures(void)
{
    for (int i = 0; i < ARRAY_SIZE(ec_fixtures); i++) {
        g_auto(Bytes) signature = bytes_unhex(ec_fixtures[i].signature);
        g_auto(Bytes) zeros = bytes_unhex("3006020100020100");
        BadSignature b = { ec_key(i, false), fixture_digest() };

        check_bad_signature(&zeros, &b);
        for_each_mutation(&signature, check_bad_signature, &b);
        bytes_free(&b.digest);
        key_free(ECDSA, b.key);
    }
}

/* Threads, with a key of all of them and with keys of their own */

#define THREADS         4
#define ROUNDS          20

static void *run_thread(void *opaque)
{
    g_auto(Bytes) digest = fixture_digest();

    for (int round = 0; round < ROUNDS; round++) {
        int i = round % ARRAY_SIZE(ec_fixtures);
        g_auto(Bytes) wanted = bytes_unhex(rsa_fixtures[0].signature);
        g_auto(Bytes) signature = { };
        void *rsa = fixture_key(0, CRYPTODEV_RSA_PKCS1,
                                CRYPTODEV_ALGO_SHA_256, true);
        void *ec = ec_key(i, true);

        assert_result(RSA, rsa, CRYPTODEV_SIGN, &digest, &wanted);
        assert_result(RSA, opaque, CRYPTODEV_SIGN, &digest, &wanted);
        g_assert_cmpint(run_op(ECDSA, ec, CRYPTODEV_SIGN, &digest, NULL,
                               &signature), ==, CRYPTODEV_OK);
        assert_verifies(ECDSA, ec, &signature, &digest, CRYPTODEV_OK);
        key_free(RSA, rsa);
        key_free(ECDSA, ec);
    }
    return NULL;
}

static void test_threads(void)
{
    void *shared = fixture_key(0, CRYPTODEV_RSA_PKCS1, CRYPTODEV_ALGO_SHA_256,
                               true);
    GThread *threads[THREADS];

    for (int i = 0; i < THREADS; i++) {
        threads[i] = g_thread_new(NULL, run_thread, shared);
    }
    for (int i = 0; i < THREADS; i++) {
        g_thread_join(threads[i]);
    }
    key_free(RSA, shared);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_true(cryptodev_provider_nettle.init());
#ifdef CONFIG_CRYPTODEV_GCRYPT
    g_assert_true(cryptodev_provider_gcrypt.init());
    g_test_add_func("/cryptodev/akcipher/rsa/gcrypt", test_rsa_gcrypt);
#endif
    g_test_add_func("/cryptodev/akcipher/selftest", test_selftest);
    g_test_add_func("/cryptodev/akcipher/rsa/openssl", test_rsa_openssl);
    g_test_add_func("/cryptodev/akcipher/rsa/hashes", test_rsa_hashes);
    g_test_add_func("/cryptodev/akcipher/rsa/pkcs1-lengths",
                    test_rsa_pkcs1_lengths);
    g_test_add_func("/cryptodev/akcipher/rsa/raw-edges", test_rsa_raw_edges);
    g_test_add_func("/cryptodev/akcipher/rsa/signature-lengths",
                    test_rsa_signature_lengths);
    g_test_add_func("/cryptodev/akcipher/rsa/ciphertext-lengths",
                    test_rsa_ciphertext_lengths);
    g_test_add_func("/cryptodev/akcipher/ecdsa/openssl", test_ecdsa_openssl);
    g_test_add_func("/cryptodev/akcipher/ecdsa/round-trip",
                    test_ecdsa_round_trip);
    g_test_add_func("/cryptodev/akcipher/ecdsa/bad-signatures",
                    test_ecdsa_bad_signatures);
    g_test_add_func("/cryptodev/akcipher/threads", test_threads);
    return g_test_run();
}
