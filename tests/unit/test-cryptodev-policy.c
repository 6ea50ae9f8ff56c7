/*
 * Tests of the choice of libraries on a host in FIPS mode
 *
 * libgcrypt can be told to behave as on such a host.  The algorithms that it
 * then refuses depend on its version, so the test asks the library.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "backends/cryptodev/route.h"
#include "backends/cryptodev/selftest.h"

#ifdef CONFIG_CRYPTODEV_GCRYPT

/* Of provider=gcrypt and of provider=auto, both in FIPS mode */
static CryptoRoutes *gcrypt, *all;

static void make_routes(void)
{
    gcrypt = gcrypt ?: cryptodev_routes_new("gcrypt");
    all = all ?: cryptodev_routes_new(NULL);
}

static const CryptoRow *gcrypt_row(CryptoDevAlgo algo)
{
    const CryptoRow *row = cryptodev_provider_gcrypt.rows;

    while (row->algo && row->algo != algo) {
        row++;
    }
    return row;
}

static bool is_in_gcrypt(CryptoDevAlgo algo)
{
    return gcrypt_row(algo)->algo;
}

static const char *provider_of[CRYPTODEV_ALGO__MAX];

static void note_provider(const CryptoRouteInfo *info, void *opaque)
{
    provider_of[info->algo] = info->provider;
}

/* MD5 is forbidden, and no reason to forbid the rest. */
static void test_refused(void)
{
    static const CryptoDevAlgo permitted[] = {
        CRYPTODEV_ALGO_AES_CBC, CRYPTODEV_ALGO_SHA_256,
        CRYPTODEV_ALGO_HMAC_SHA_256,
    };

    make_routes();
    g_assert_false(cryptodev_routes_offer(gcrypt, CRYPTODEV_ALGO_MD5));
    g_assert_false(cryptodev_routes_offer(all, CRYPTODEV_ALGO_MD5));
    for (int i = 0; i < ARRAY_SIZE(permitted); i++) {
        g_assert_true(cryptodev_routes_offer(gcrypt, permitted[i]));
        g_assert_true(cryptodev_routes_offer(all, permitted[i]));
    }
}

/* Nobody serves what libgcrypt refuses, and it serves what it does not. */
static void test_auto(void)
{
    unsigned refused = 0;

    make_routes();
    cryptodev_routes_list(all, note_provider, NULL);
    for (CryptoDevAlgo algo = CRYPTODEV_ALGO_NONE + 1;
         algo < CRYPTODEV_ALGO__MAX; algo++) {
        bool offered = cryptodev_routes_offer(gcrypt, algo);

        if (!is_in_gcrypt(algo)) {
            continue;
        }
        g_assert_cmpint(cryptodev_routes_offer(all, algo), ==, offered);
        if (offered) {
            g_assert_cmpstr(provider_of[algo], ==, "gcrypt");
        }
        refused += !offered;
    }
    g_assert_cmpuint(refused, >, 0);
}

/* What libgcrypt does not have is not its business. */
static void test_others(void)
{
    unsigned others = 0;

    make_routes();
    for (int i = 0; cryptodev_providers[i]; i++) {
        const CryptoProvider *p = cryptodev_providers[i];

        for (const CryptoRow *row = p->init() ? p->rows : NULL;
             row && row->algo; row++) {
            if (!is_in_gcrypt(row->algo)) {
                g_assert_true(cryptodev_routes_offer(all, row->algo));
                others++;
            }
        }
    }
    if (!others) {
        g_test_skip("no other library has more");
    }
}

static bool takes_key(CryptoRoutes *r, CryptoDevAlgo algo, size_t len)
{
    static const uint8_t key[CRYPTODEV_AUTH_KEY_MAX] = "a key";
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(algo);
    bool is_mac = info->service == CRYPTODEV_SERVICE_MAC;
    CryptoDevSessionParams params = {
        .service = info->service,
        .opcode = is_mac ? CRYPTODEV_DIGEST : CRYPTODEV_ENCRYPT,
        .cipher = is_mac ? CRYPTODEV_ALGO_NONE : algo,
        .hash = is_mac ? algo : CRYPTODEV_ALGO_NONE,
        .cipher_key = key, .cipher_key_len = is_mac ? 0 : len,
        .auth_key = key, .auth_key_len = is_mac ? len : 0,
        .digest_len = is_mac ? info->digest_len : 0,
    };
    CryptoRoute *route = cryptodev_route_new(r, &params);

    if (route) {
        cryptodev_route_free(route);
    }
    return route;
}

/* A key that libgcrypt refuses is not given to another library. */
static void test_keys(void)
{
    unsigned taken = 0;

    make_routes();
    for (CryptoDevAlgo algo = CRYPTODEV_ALGO_NONE + 1;
         algo < CRYPTODEV_ALGO__MAX; algo++) {
        const CryptoDevAlgoInfo *info = cryptodev_algo_info(algo);

        if (!is_in_gcrypt(algo) || !cryptodev_routes_offer(all, algo) ||
            info->service == CRYPTODEV_SERVICE_HASH) {
            continue;
        }
        for (size_t len = info->key_min; len <= info->key_max;
             len += info->key_step) {
            bool takes = takes_key(gcrypt, algo, len);

            g_assert_cmpint(takes_key(all, algo, len), ==, takes);
            taken += takes;
        }
    }
    g_assert_cmpuint(taken, >, 0);
}

/* Who is asked for serves; what it lacks does not come by the back door. */
static void test_named(void)
{
    make_routes();
    for (int i = 0; cryptodev_providers[i]; i++) {
        const CryptoProvider *p = cryptodev_providers[i];
        CryptoRoutes *r = p == &cryptodev_provider_gcrypt ? NULL :
                          cryptodev_routes_new(p->name);

        if (!r) {
            continue;
        }
        memset(provider_of, 0, sizeof(provider_of));
        cryptodev_routes_list(r, note_provider, NULL);
        for (const CryptoRow *row = p->rows; row->algo; row++) {
            g_assert_true(cryptodev_routes_offer(r, row->algo));
            if (is_in_gcrypt(row->algo) &&
                !cryptodev_routes_offer(gcrypt, row->algo)) {
                g_assert_cmpstr(provider_of[row->algo], ==, p->name);
            }
        }
        cryptodev_routes_free(r);
    }
}

/* All that is refused is in one line, and nothing fails. */
static void test_report(void)
{
    if (g_test_subprocess()) {
        cryptodev_routes_free(cryptodev_routes_new(NULL));
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_passed();
    g_test_trap_assert_stderr("*the policy of gcrypt*md5*not offered*");
    g_test_trap_assert_stderr_unmatched("*not offered*not offered*");
    g_test_trap_assert_stderr_unmatched("*self-test*");
}

/* One that forbids something: versions differ, but if any does, then MD5 */
static bool has_fips_mode(void)
{
    const CryptoRow *md5 = gcrypt_row(CRYPTODEV_ALGO_MD5);
    void *ctx;

    g_setenv("LIBGCRYPT_FORCE_FIPS_MODE", "1", true);
    if (!cryptodev_provider_gcrypt.init() ||
        !cryptodev_provider_gcrypt.has_policy()) {
        return false;
    }
    ctx = md5->ops->ctx_new(md5, NULL, 0, false);
    if (ctx) {
        md5->ops->ctx_free(ctx);
    }
    return !ctx;
}

static void add_tests(void)
{
    g_test_add_func("/cryptodev/policy/refused", test_refused);
    g_test_add_func("/cryptodev/policy/auto", test_auto);
    g_test_add_func("/cryptodev/policy/others", test_others);
    g_test_add_func("/cryptodev/policy/keys", test_keys);
    g_test_add_func("/cryptodev/policy/named", test_named);
    g_test_add_func("/cryptodev/policy/report", test_report);
}

#else

static bool has_fips_mode(void)
{
    return false;
}

static void add_tests(void)
{
    g_assert_not_reached();
}

#endif

static void test_skipped(void)
{
    g_test_skip("no libgcrypt with a FIPS mode");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (has_fips_mode()) {
        add_tests();
    } else {
        g_test_add_func("/cryptodev/policy/none", test_skipped);
    }
    return g_test_run();
}
