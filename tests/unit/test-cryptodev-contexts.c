/*
 * Tests of the contexts of a session: their number and their users
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/atomic.h"
#include "backends/cryptodev/contexts.h"

#define THREADS     8
#define ROUNDS      20000

/* The library: contexts made and not freed, and the most of them at a time */
static unsigned made, alive;
static bool refuse;

static void *fake_new(const CryptoRow *row, const uint8_t *key,
                      size_t key_len, bool encrypt)
{
    if (refuse) {
        return NULL;
    }
    qatomic_inc(&made);
    qatomic_inc(&alive);
    return g_new0(unsigned, 1);
}

static void fake_free(void *ctx)
{
    g_assert_cmpuint(*(unsigned *)ctx, ==, 0);
    qatomic_dec(&alive);
    g_free(ctx);
}

static const CryptoRowOps fake_ops = {
    .ctx_new = fake_new, .ctx_free = fake_free,
};
static const CryptoRow fake_row = {
    .algo = CRYPTODEV_ALGO_AES_CTR, .ops = &fake_ops,
};
static const CryptoDevSessionParams params = {
    .service = CRYPTODEV_SERVICE_CIPHER, .cipher = CRYPTODEV_ALGO_AES_CTR,
};

static CryptoContexts own_contexts(void)
{
    return (CryptoContexts) { .params = &params, .own_row[0] = &fake_row };
}

static CryptoContext *acquire(CryptoContexts *contexts, unsigned home)
{
    return cryptodev_contexts_acquire(contexts, home);
}

static void release(CryptoContexts *contexts, CryptoContext *ctx,
                    unsigned home)
{
    cryptodev_contexts_release(contexts, ctx, home);
}

static void start(void)
{
    made = 0;
    alive = 0;
}

/* Queues that use a session in turn share one context. */
static void test_in_turn(void)
{
    CryptoContexts contexts = own_contexts();

    start();
    for (unsigned home = 0; home < 1023; home++) {
        CryptoContext *ctx = acquire(&contexts, home);

        g_assert_nonnull(ctx->ctx[0]);
        g_assert_null(ctx->ctx[1]);
        release(&contexts, ctx, home);
    }
    g_assert_cmpuint(made, ==, 1);
    cryptodev_contexts_cleanup(&contexts);
    g_assert_cmpuint(alive, ==, 0);
}

/* However many are used at a time, no more than some stay. */
static void test_bound(void)
{
    CryptoContexts contexts = own_contexts();
    CryptoContext *ctx[64];

    start();
    for (unsigned i = 0; i < ARRAY_SIZE(ctx); i++) {
        ctx[i] = acquire(&contexts, i);
        for (unsigned j = 0; j < i; j++) {
            g_assert_true(ctx[i] != ctx[j]);
        }
    }
    g_assert_cmpuint(made, ==, 64);
    for (unsigned i = 0; i < ARRAY_SIZE(ctx); i++) {
        release(&contexts, ctx[i], i);
    }
    g_assert_cmpuint(alive, ==, CRYPTO_CONTEXTS_MAX);
    cryptodev_contexts_cleanup(&contexts);
    g_assert_cmpuint(alive, ==, 0);
}

/* Each of a few users finds its own again. */
static void test_home(void)
{
    CryptoContext *ctx[CRYPTO_CONTEXTS_MAX];
    CryptoContexts contexts = own_contexts();

    start();
    for (unsigned i = 0; i < CRYPTO_CONTEXTS_MAX; i++) {
        ctx[i] = acquire(&contexts, i);
    }
    for (unsigned i = 0; i < CRYPTO_CONTEXTS_MAX; i++) {
        release(&contexts, ctx[i], i);
    }
    for (unsigned i = CRYPTO_CONTEXTS_MAX; i--;) {
        g_assert_true(acquire(&contexts, i) == ctx[i]);
        release(&contexts, ctx[i], i);
    }
    g_assert_cmpuint(made, ==, CRYPTO_CONTEXTS_MAX);
    cryptodev_contexts_cleanup(&contexts);
}

static void test_refused(void)
{
    CryptoContexts contexts = own_contexts();

    start();
    refuse = true;
    g_assert_null(acquire(&contexts, 0));
    refuse = false;
    cryptodev_contexts_cleanup(&contexts);
    g_assert_cmpuint(alive, ==, 0);
}

static void *use_context(void *opaque)
{
    static unsigned next_home;
    unsigned home = qatomic_fetch_inc(&next_home);

    for (unsigned i = 0; i < ROUNDS; i++) {
        CryptoContext *ctx = acquire(opaque, home);
        unsigned *users = ctx->ctx[0];

        g_assert_cmpuint(qatomic_fetch_inc(users), ==, 0);
        qatomic_dec(users);
        release(opaque, ctx, home);
    }
    return NULL;
}

/* A context never has two users. */
static void test_threads(void)
{
    CryptoContexts contexts = own_contexts();
    QemuThread threads[THREADS];

    start();
    for (int i = 0; i < THREADS; i++) {
        qemu_thread_create(&threads[i], "user", use_context, &contexts,
                           QEMU_THREAD_JOINABLE);
    }
    for (int i = 0; i < THREADS; i++) {
        qemu_thread_join(&threads[i]);
    }
    g_assert_cmpuint(alive, <=, CRYPTO_CONTEXTS_MAX);
    g_assert_cmpuint(alive, >=, 1);
    cryptodev_contexts_cleanup(&contexts);
    g_assert_cmpuint(alive, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cryptodev/contexts/in-turn", test_in_turn);
    g_test_add_func("/cryptodev/contexts/bound", test_bound);
    g_test_add_func("/cryptodev/contexts/home", test_home);
    g_test_add_func("/cryptodev/contexts/refused", test_refused);
    g_test_add_func("/cryptodev/contexts/threads", test_threads);
    return g_test_run();
}
