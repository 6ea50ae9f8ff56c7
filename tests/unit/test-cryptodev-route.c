/*
 * Tests of the choice of libraries
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "cryptodev-wrap-run.h"
#include "backends/cryptodev/batch.h"

#define LEN_MAX 8192

static CryptoRoutes *routes;            /* of provider=auto */
static unsigned together;               /* messages that batch rows have run */

/* The linker brings the calls of cryptodev_row_run() here. */
void __wrap_cryptodev_row_run(const CryptoRow *row, CryptoMessage *const *m,
                              unsigned n)
{
    together += row->ops->is_batch ? n : 0;
    __real_cryptodev_row_run(row, m, n);
}

static const CryptoProvider *find_provider(const char *name)
{
    for (int i = 0; cryptodev_providers[i]; i++) {
        if (g_str_equal(cryptodev_providers[i]->name, name)) {
            return cryptodev_providers[i];
        }
    }
    return NULL;
}

/* Whether @provider has a row of @algo, one with is_batch or not */
static bool has_row(const char *provider, CryptoDevAlgo algo, bool is_batch)
{
    const CryptoProvider *p = find_provider(provider);

    for (const CryptoRow *row = p->rows; row->algo; row++) {
        if (row->algo == algo && row->ops->is_batch == is_batch) {
            return true;
        }
    }
    return false;
}

static bool is_akcipher(CryptoDevAlgo algo)
{
    return cryptodev_algo_info(algo)->service == CRYPTODEV_SERVICE_AKCIPHER;
}

/* The list */

static unsigned listed[CRYPTODEV_ALGO__MAX];

static void check_info(const CryptoRouteInfo *info, void *opaque)
{
    const CryptoRoutes *r = opaque;
    bool any = false;

    listed[info->algo]++;
    g_assert_true(cryptodev_routes_offer(r, info->algo));
    g_assert_nonnull(find_provider(info->provider));
    g_assert_cmpint(!!cryptodev_routes_akcipher(r, info->algo), ==,
                    is_akcipher(info->algo));
    for (unsigned i = 0; i < CRYPTO_ROUTE_LENS; i++) {
        g_assert_cmpuint(info->batch_count[i], <=, CRYPTO_BATCH_MAX);
        any = any || info->batch_count[i];
    }
    g_assert_cmpint(any, ==, !!info->batch_provider);
    if (any) {
        g_assert_true(has_row(info->batch_provider, info->algo, true));
    }
}

/* Everything that is offered is in the list, and nothing else. */
static void test_list(void)
{
    memset(listed, 0, sizeof(listed));
    cryptodev_routes_list(routes, check_info, routes);
    for (CryptoDevAlgo a = CRYPTODEV_ALGO_NONE + 1; a < CRYPTODEV_ALGO__MAX;
         a++) {
        g_assert_cmpint(listed[a] > 0, ==, cryptodev_routes_offer(routes, a));
        g_assert_cmpuint(listed[a], <=, 2);
    }
}

static void print_info(const CryptoRouteInfo *info, void *opaque)
{
    g_string_append_printf(opaque, "%d %d %s %s", info->algo, info->opcode,
                           info->provider, info->batch_provider ?: "");
    for (unsigned i = 0; i < CRYPTO_ROUTE_LENS; i++) {
        g_string_append_printf(opaque, " %u", info->batch_count[i]);
    }
}

/* On one machine the choice is always the same. */
static void test_same(void)
{
    CryptoRoutes *again = cryptodev_routes_new(NULL);
    g_autoptr(GString) first = g_string_new(NULL);
    g_autoptr(GString) second = g_string_new(NULL);

    cryptodev_routes_list(routes, print_info, first);
    cryptodev_routes_list(again, print_info, second);
    g_assert_cmpstr(first->str, ==, second->str);
    cryptodev_routes_free(again);
}

static void check_forced(const CryptoRouteInfo *info, void *opaque)
{
    const char *name = opaque;

    if (is_akcipher(info->algo)) {
        g_assert_cmpstr(info->provider, ==, name);
    } else if (has_row(name, info->algo, false)) {
        g_assert_cmpstr(info->provider, ==, name);
    } else {
        /* a substitute, for what cannot be in a batch */
        g_assert_cmpstr(info->batch_provider, ==, name);
    }
    for (unsigned i = 0; info->batch_provider && i < CRYPTO_ROUTE_LENS; i++) {
        g_assert_cmpuint(info->batch_count[i], ==, 1);
    }
}

static void test_forced(void)
{
    unsigned any = 0;

    for (int i = 0; cryptodev_providers[i]; i++) {
        const char *name = cryptodev_providers[i]->name;
        CryptoRoutes *r = cryptodev_routes_new(name);

        if (r) {
            any++;
            cryptodev_routes_list(r, check_forced, (void *)name);
            cryptodev_routes_free(r);
        }
    }
    g_assert_cmpuint(any, >, 0);
    g_assert_null(cryptodev_routes_new("none"));
}

/* What a session gets */

static void set_params(CryptoDevSessionParams *p, CryptoDevAlgo algo,
                       CryptoDevOpcode opcode, size_t key_len)
{
    static const uint8_t key[CRYPTODEV_AUTH_KEY_MAX] = { 1, 2, 3 };
    CryptoDevService service = cryptodev_algo_info(algo)->service;
    bool hash = service == CRYPTODEV_SERVICE_HASH ||
                service == CRYPTODEV_SERVICE_MAC;

    *p = (CryptoDevSessionParams) {
        .service = service, .opcode = hash ? CRYPTODEV_DIGEST : opcode,
        .cipher = hash ? CRYPTODEV_ALGO_NONE : algo,
        .hash = hash ? algo : CRYPTODEV_ALGO_NONE,
        .cipher_key = key, .auth_key = key,
        .cipher_key_len = hash ? 0 : key_len,
        .auth_key_len = hash ? key_len : 0,
    };
}

/* A key that one library refuses goes to the next. */
static void test_refused(void)
{
    CryptoDevSessionParams p;
    CryptoRoute *route;

    if (!find_provider("gcrypt") || !find_provider("nettle")) {
        g_test_skip("needs gcrypt and nettle");
        return;
    }
    set_params(&p, CRYPTODEV_ALGO_ARC4, CRYPTODEV_ENCRYPT, 4);
    route = cryptodev_route_new(routes, &p);
    g_assert_nonnull(route);
    g_assert_true(cryptodev_route_contexts(route)->own_row[0]->ops !=
                  find_provider("gcrypt")->rows[0].ops);
    cryptodev_route_free(route);
    for (int i = 0; i < 2; i++) {
        CryptoRoutes *r = cryptodev_routes_new(i ? "nettle" : "gcrypt");

        route = cryptodev_route_new(r, &p);
        g_assert_cmpint(!!route, ==, i);
        g_clear_pointer(&route, cryptodev_route_free);
        cryptodev_routes_free(r);
    }
}

/* How many of @n operations of @len bytes are done in a batch */
static unsigned count_together(CryptoBatch *b, CryptoRoute *route, unsigned n,
                               size_t len)
{
    static uint8_t text[CRYPTO_BATCH_MAX][LEN_MAX];
    static uint8_t tag[CRYPTO_BATCH_MAX][CRYPTODEV_DIGEST_MAX];
    const CryptoDevSessionParams *p = cryptodev_route_contexts(route)->params;
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(p->cipher ?: p->hash);
    struct iovec iov[CRYPTO_BATCH_MAX], digest[CRYPTO_BATCH_MAX];
    CryptoDevOp op[CRYPTO_BATCH_MAX];
    /* of XCBC, batches give no more */
    size_t digest_len = p->service == CRYPTODEV_SERVICE_AEAD ?
                        info->digest_len : MIN(info->digest_len, 12);

    len = QEMU_ALIGN_UP(MAX(len, info->min_len), info->block_len) +
          info->nonce_len;
    together = 0;
    for (unsigned i = 0; i < n; i++) {
        iov[i] = (struct iovec) { text[i], len };
        digest[i] = (struct iovec) { tag[i], sizeof(tag[i]) };
        op[i] = (CryptoDevOp) {
            .opcode = p->opcode, .iv_len = info->iv_min,
            .src = { &iov[i], 1, 0, len }, .dst = { &iov[i], 1, 0, len },
            .digest = { &digest[i], 1, 0, digest_len },
        };
        cryptodev_batch_add(b, route, &op[i]);
    }
    cryptodev_batch_run(b);
    for (unsigned i = 0; i < n; i++) {
        g_assert_cmpint(op[i].status, !=, CRYPTODEV_ERR);
    }
    return together;
}

/* Below the number in the list each is done alone, then all together. */
static void check_counts(const CryptoRouteInfo *info, void *opaque)
{
    CryptoBatch *b = cryptodev_batch_new();
    CryptoDevSessionParams p;
    CryptoRoute *route;

    if (is_akcipher(info->algo)) {
        cryptodev_batch_free(b);
        return;
    }
    set_params(&p, info->algo, info->opcode,
               cryptodev_algo_info(info->algo)->key_min);
    route = cryptodev_route_new(routes, &p);
    g_assert_nonnull(route);
    for (unsigned i = 0; i < CRYPTO_ROUTE_LENS; i++) {
        size_t len = MAX(cryptodev_route_len[i], 1);
        unsigned count = info->batch_count[i];

        if (count > 1) {
            g_assert_cmpuint(count_together(b, route, count - 1, len), ==, 0);
        }
        g_assert_cmpuint(count_together(b, route, count ?: CRYPTO_BATCH_MAX,
                                        len), ==, count);
        *(unsigned *)opaque += count;
    }
    cryptodev_route_free(route);
    cryptodev_batch_free(b);
}

static void test_counts(void)
{
    unsigned any = 0;

    cryptodev_routes_list(routes, check_counts, &any);
    if (!any) {
        g_test_skip("no library of this build has batches");
    }
}

/* Which of several are better served alone */
static unsigned alone(const uint8_t *count, const uint32_t *len, unsigned n)
{
    if (cryptodev_route_all(count, len[0], len[n - 1], n)) {
        g_assert_cmpuint(cryptodev_route_alone(count, len, n), ==, 0);
    }
    return cryptodev_route_alone(count, len, n);
}

static void test_alone(void)
{
    static const uint8_t long_ones[CRYPTO_ROUTE_LENS] = { 0, 0, 0, 0, 1 };
    static const uint8_t four[CRYPTO_ROUTE_LENS] = { 4, 4, 4, 4, 4 };
    static const uint8_t mixed[CRYPTO_ROUTE_LENS] = { 0, 3, 0, 0, 2 };
    static const uint32_t equal[] = { 64, 64, 64, 64 };
    static const uint32_t one_long[] = { 4096, 64, 64, 64, 64, 64 };
    static const uint32_t one_short[] = { 4096, 64, 64, 64, 16 };
    static const uint32_t two_long[] = { 4096, 4096, 256, 16 };

    g_assert_cmpuint(alone(long_ones, equal, 4), ==, 4);
    g_assert_cmpuint(alone(four, equal, 3), ==, 3);
    g_assert_cmpuint(alone(four, equal, 4), ==, 0);
    /* a lane that goes on alone is no gain */
    g_assert_cmpuint(alone(four, one_long, 6), ==, 1);
    g_assert_cmpuint(alone(mixed, one_short, 5), ==, 1);
    g_assert_cmpuint(alone(mixed, two_long, 4), ==, 0);
    g_assert_cmpuint(alone(mixed, two_long + 2, 2), ==, 2);
    g_assert_cmpuint(alone(mixed, one_long + 1, 5), ==, 0);
}

int main(int argc, char **argv)
{
    int ret;

    g_test_init(&argc, &argv, NULL);
    routes = cryptodev_routes_new(NULL);
    g_assert_nonnull(routes);
    g_test_add_func("/cryptodev/route/list", test_list);
    g_test_add_func("/cryptodev/route/same", test_same);
    g_test_add_func("/cryptodev/route/forced", test_forced);
    g_test_add_func("/cryptodev/route/refused", test_refused);
    g_test_add_func("/cryptodev/route/counts", test_counts);
    g_test_add_func("/cryptodev/route/alone", test_alone);
    ret = g_test_run();
    cryptodev_routes_free(routes);
    return ret;
}
