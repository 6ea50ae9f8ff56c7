/*
 * Tests of the names of algorithms that a user gives
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "backends/cryptodev/choice.h"
#include "backends/cryptodev/provider.h"

static void check(const char *text, const char *names)
{
    g_autofree char *result = NULL;
    CryptoChoice choice;

    g_assert_true(crypto_choice_parse(text, &choice, &error_abort));
    result = crypto_choice_names(&choice);
    g_assert_cmpstr(result, ==, names);
}

static void check_unknown(const char *text, const char *message)
{
    g_autofree char *start = g_strdup_printf("there is no algorithm '%s'; "
                                             "there are portable, arc4, ",
                                             message);
    Error *err = NULL;
    CryptoChoice choice;

    g_assert_false(crypto_choice_parse(text, &choice, &err));
    g_assert_true(g_str_has_prefix(error_get_pretty(err), start));
    g_assert_nonnull(strstr(error_get_pretty(err), ", ecdsa"));
    error_free(err);
}

static void test_names(void)
{
    check("aes-cbc", "aes-cbc");
    check("rsa,aes-cbc,rsa", "aes-cbc, rsa");
    check_unknown("", "");
    check_unknown("aes-cbc,", "");
    check_unknown("aes-cbc, rsa", " rsa");
    check_unknown("AES-CBC", "AES-CBC");
    check_unknown("aes-cbcs", "aes-cbcs");
    check_unknown("none", "none");
}

/* Hosts rely on what it is. */
#define PORTABLE                                                            \
    "aes-ecb, aes-cbc, aes-ctr, des-ecb, des-cbc, 3des-ecb, 3des-cbc, "     \
    "3des-ctr, aes-f8, aes-xts, md5, sha1, sha224, sha256, sha384, sha512, " \
    "sha3-224, sha3-256, sha3-384, sha3-512, shake256, hmac-md5, "          \
    "hmac-sha1, hmac-sha224, hmac-sha256, hmac-sha384, hmac-sha512, "       \
    "cmac-3des, cmac-aes, gmac-aes, cbcmac-aes, xcbc-aes, aes-gcm, "        \
    "aes-ccm, chacha20-poly1305"

static bool provider_has(const CryptoProvider *provider, CryptoDevAlgo algo)
{
    const CryptoRow *row = provider->rows;

    while (row->algo != CRYPTODEV_ALGO_NONE && row->algo != algo) {
        row++;
    }
    return row->algo == algo;
}

/* Either of the libraries that a build must have has all of it. */
static void test_portable(void)
{
    unsigned found = 0;
    CryptoChoice choice;

    check("portable", PORTABLE);
    check("portable,rsa", PORTABLE ", rsa");
    g_assert_true(crypto_choice_parse("portable", &choice, &error_abort));
    for (const CryptoProvider *const *p = cryptodev_providers; *p; p++) {
        if (!g_str_equal((*p)->name, "gcrypt") &&
            !g_str_equal((*p)->name, "nettle")) {
            continue;
        }
        found++;
        for (int i = 0; i < CRYPTODEV_ALGO__MAX; i++) {
            if (choice.has[i] && !provider_has(*p, i)) {
                g_error("%s lacks %s", (*p)->name, cryptodev_algo_name(i));
            }
        }
    }
    g_assert_cmpuint(found, >, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cryptodev/choice/names", test_names);
    g_test_add_func("/cryptodev/choice/portable", test_portable);
    return g_test_run();
}
