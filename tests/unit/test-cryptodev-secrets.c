/*
 * Secrets that public-key code leaves on the stack and in the heap
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <gmp.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/mman.h>
#include "cryptodev-akcipher-keys.h"
#include "cryptodev-akcipher-test.h"
#include "backends/cryptodev/wiped.h"

/* Stack */

#define STACK_SIZE      (1 * MiB)
#define PAINT           0xa5
/* Above this many bytes beneath its own frame a function does not paint. */
#define OWN_FRAME       256

static uint8_t *stack;
static size_t deepest;

/* Paint all of the stack that is not in use. */
static __attribute__((noinline, no_sanitize_address)) void paint(void)
{
    uint8_t *end = __builtin_frame_address(0);

    end -= OWN_FRAME;
    for (uint8_t *p = stack; p < end; p++) {
        /* volatile: memset() would paint over its own frame */
        *(volatile uint8_t *)p = PAINT;
    }
}

static uint8_t *first_unpainted(void)
{
    uint8_t *p = stack;

    while (*p == PAINT) {
        p++;
    }
    return p;
}

void __wrap_crypto_wiped_call(void (*fn)(void *opaque), void *opaque)
{
    uint8_t *top = __builtin_frame_address(0);

    if (!stack) {
        __real_crypto_wiped_call(fn, opaque);
        return;
    }
    paint();
    fn(opaque);
    deepest = MAX(deepest, top - first_unpainted());
}

static void run_on_stack(void *(*fn)(void *opaque), void *opaque)
{
    pthread_attr_t attr;
    pthread_t thread;

    stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    g_assert(stack != MAP_FAILED);
    g_assert_cmpint(pthread_attr_init(&attr), ==, 0);
    g_assert_cmpint(pthread_attr_setstack(&attr, stack, STACK_SIZE), ==, 0);
    g_assert_cmpint(pthread_create(&thread, &attr, fn, opaque), ==, 0);
    g_assert_cmpint(pthread_join(thread, NULL), ==, 0);
    pthread_attr_destroy(&attr);
    munmap(stack, STACK_SIZE);
    stack = NULL;
}

/* The depth of what was run since the last time */
static void check_depth(const char *what)
{
    g_test_message("%s: %zu bytes", what, deepest);
    g_assert_cmpuint(deepest, >, 0);
    g_assert_cmpuint(deepest, <=, CRYPTO_WIPED_STACK / 2);
    deepest = 0;
}

static void *run_rsa(void *opaque)
{
    const RsaFixture *rsa = opaque;
    g_auto(Bytes) der = bytes_unhex(rsa->private_key), result = { };
    g_auto(Bytes) message = bytes_random(20), again = { }, signature = { };
    void *key = key_good(rsa_params(CRYPTODEV_RSA_PKCS1, CRYPTODEV_ALGO_NONE,
                                    true), &der);

    run_op(CRYPTODEV_ALGO_RSA, key, CRYPTODEV_ENCRYPT, &message, NULL,
           &result);
    run_op(CRYPTODEV_ALGO_RSA, key, CRYPTODEV_DECRYPT, &result, NULL, &again);
    g_assert_cmpmem(again.data, again.len, message.data, message.len);
    run_op(CRYPTODEV_ALGO_RSA, key, CRYPTODEV_SIGN, &message, NULL,
           &signature);
    g_assert_cmpint(run_op(CRYPTODEV_ALGO_RSA, key, CRYPTODEV_VERIFY,
                           &signature, &message, NULL), ==, CRYPTODEV_OK);
    find_akcipher(CRYPTODEV_ALGO_RSA)->key_free(key);
    return NULL;
}

static void *run_ecdsa(void *opaque)
{
    const EcFixture *ec = opaque;
    g_auto(Bytes) der = bytes_unhex(ec->private_key), signature = { };
    g_auto(Bytes) digest = bytes_random(64);
    void *key = key_good(ec_params(ec->curve, true), &der);

    run_op(CRYPTODEV_ALGO_ECDSA, key, CRYPTODEV_SIGN, &digest, NULL,
           &signature);
    g_assert_cmpint(run_op(CRYPTODEV_ALGO_ECDSA, key, CRYPTODEV_VERIFY,
                           &signature, &digest, NULL), ==, CRYPTODEV_OK);
    find_akcipher(CRYPTODEV_ALGO_ECDSA)->key_free(key);
    return NULL;
}

static void test_depth(void)
{
    for (int i = 0; i < ARRAY_SIZE(rsa_fixtures); i++) {
        g_autofree char *what = g_strdup_printf("RSA, %u bits",
                                                rsa_fixtures[i].bits);

        run_on_stack(run_rsa, (void *)&rsa_fixtures[i]);
        check_depth(what);
    }
    for (int i = 0; i < ARRAY_SIZE(ec_fixtures); i++) {
        g_autofree char *what = g_strdup_printf("ECDSA, curve %u",
                                                ec_fixtures[i].curve);

        run_on_stack(run_ecdsa, (void *)&ec_fixtures[i]);
        check_depth(what);
    }
}

/* What a function leaves that takes as much stack as it may */

static void leave_secrets(void *opaque)
{
    uint8_t secrets[CRYPTO_WIPED_STACK / 2];

    memset(secrets, PAINT, sizeof(secrets));
    asm volatile("" : : "r"(secrets) : "memory");
}

static size_t count_painted(void)
{
    size_t n = 0;

    for (uint8_t *p = stack; p < stack + STACK_SIZE; p++) {
        n += *p == PAINT;
    }
    return n;
}

static void *run_leave_secrets(void *opaque)
{
    size_t before = count_painted();

    leave_secrets(NULL);
    g_assert_cmpuint(count_painted(), >=, before + CRYPTO_WIPED_STACK / 4);
    __real_crypto_wiped_call(leave_secrets, NULL);
    g_assert_cmpuint(count_painted(), <, before + 16);
    return NULL;
}

static void test_stack(void)
{
    run_on_stack(run_leave_secrets, NULL);
}

/* GMP's heap */

static unsigned blocks_freed;

static void expect_wiped(void *p, size_t size)
{
    for (size_t i = 0; i < malloc_usable_size(p); i++) {
        g_assert_cmphex(((uint8_t *)p)[i], ==, 0);
    }
    blocks_freed++;
    free(p);
}

static void *unexpected_realloc(void *p, size_t old_size, size_t new_size)
{
    g_assert_not_reached();
}

static void set_number(mpz_t x, unsigned limbs)
{
    mpz_set_ui(x, 1);
    mpz_mul_2exp(x, x, limbs * GMP_NUMB_BITS);
    mpz_sub_ui(x, x, 1);
}

static void *other_alloc(size_t size)
{
    return malloc(size);
}

/* Somebody else's functions for GMP are called, unless they have a heap. */
static void test_heap(void)
{
    void *(*now)(size_t size);
    mpz_t before, after;

    mp_set_memory_functions(other_alloc, NULL, NULL);
    g_assert_false(cryptodev_provider_nettle.init());
    mp_get_memory_functions(&now, NULL, NULL);
    g_assert(now == other_alloc);

    mp_set_memory_functions(NULL, NULL, NULL);
    mpz_init(before);
    set_number(before, 20);
    mp_set_memory_functions(NULL, unexpected_realloc, expect_wiped);
    g_assert_true(cryptodev_provider_nettle.init());
    g_assert_true(cryptodev_provider_nettle.init());
    mpz_init(after);
    set_number(after, 20);
    g_assert_cmpint(mpz_cmp(before, after), ==, 0);
    blocks_freed = 0;
    set_number(before, 60);
    g_assert_cmpuint(blocks_freed, >, 0);
    mpz_tdiv_r_2exp(before, before, 20 * GMP_NUMB_BITS);
    g_assert_cmpint(mpz_cmp(before, after), ==, 0);
    blocks_freed = 0;
    mpz_clear(before);
    mpz_clear(after);
    g_assert_cmpuint(blocks_freed, ==, 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cryptodev/secrets/heap", test_heap);
    g_assert_true(cryptodev_provider_nettle.init());
    g_test_add_func("/cryptodev/secrets/stack", test_stack);
    g_test_add_func("/cryptodev/secrets/depth", test_depth);
    return g_test_run();
}
