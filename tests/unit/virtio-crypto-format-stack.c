/*
 * Tests of the virtio-crypto request formats: no key stays on the stack
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <pthread.h>
#include "virtio-crypto-format-fixture.h"

#define STACK_LEN   (512 * 1024)
/* So far down the end of a thread does not reach. */
#define DEPTH       (128 * 1024)
/* So many bytes in a row are not there by chance. */
#define PIECE_LEN   8

typedef struct StackTest {
    FormatTest *t;
    bool leave;
    void *stack;
} StackTest;

static const CryptoDevSessionParams *params_of(const FormatTest *t)
{
    return t->ctrl ? &t->c.spec.params : &t->spec.params;
}

/* A parser that leaves the first bytes of the key behind. */
static void leave_key(const FormatTest *t)
{
    const CryptoDevSessionParams *p = params_of(t);
    const uint8_t *key = p->cipher_key_len ? p->cipher_key : p->auth_key;
    uint8_t copy[PIECE_LEN];

    memcpy(copy, key, sizeof(copy));
    asm volatile("" : : "r" (copy) : "memory");
}

static void *run_thread(void *opaque)
{
    StackTest *s = opaque;
    char room[DEPTH];

    asm volatile("" : : "r" (room) : "memory");
    format_test_parse(s->t);
    if (s->leave) {
        leave_key(s->t);
    }
    asm volatile("" : : "r" (room) : "memory");
    return NULL;
}

/* Run the parser on a stack that stays as it was left. */
static void stack_run(StackTest *s)
{
    pthread_attr_t attr;
    pthread_t thread;

    s->stack = mmap(NULL, STACK_LEN, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    g_assert(s->stack != MAP_FAILED);
    g_assert_cmpint(pthread_attr_init(&attr), ==, 0);
    g_assert_cmpint(pthread_attr_setstack(&attr, s->stack, STACK_LEN), ==, 0);
    g_assert_cmpint(pthread_create(&thread, &attr, run_thread, s), ==, 0);
    g_assert_cmpint(pthread_join(thread, NULL), ==, 0);
    pthread_attr_destroy(&attr);
}

static bool stack_holds(const StackTest *s, const uint8_t *key, size_t len)
{
    for (size_t i = 0; i + PIECE_LEN <= len; i++) {
        if (memmem(s->stack, STACK_LEN, key + i, PIECE_LEN)) {
            return true;
        }
    }
    return false;
}

/* Whether a key of the request is on the stack; *@len its length. */
static bool run_and_search(FormatTest *t, bool leave, size_t *len)
{
    StackTest s = { .t = t, .leave = leave };
    const CryptoDevSessionParams *p = params_of(t);
    bool found;

    format_test_lay(t);
    stack_run(&s);
    g_assert_cmpint(t->status, ==, CRYPTODEV_OK);
    *len = p->cipher_key_len + p->auth_key_len;
    found = stack_holds(&s, p->cipher_key, p->cipher_key_len) ||
            stack_holds(&s, p->auth_key, p->auth_key_len);
    munmap(s.stack, STACK_LEN);
    return found;
}

static void test_keys(const void *opaque)
{
    const FormatForm *form = opaque;
    FormatTest *t = format_test_new(form);
    unsigned count = 0;

    for (const FormatCase *c = form->cases; c->name; c++) {
        size_t len;

        format_test_load(t, c);
        if (c->ctrl ? strstr(c->name, "/destroy") != NULL :
                      form != &format_stateless) {
            continue;
        }
        g_test_message("%s", c->name);
        g_assert_false(run_and_search(t, false, &len));
        if (len >= PIECE_LEN) {
            g_assert_true(run_and_search(t, true, &len));
            count++;
        }
    }
    g_assert_cmpuint(count, >, 0);
    format_test_free(t);
}

void format_stack_test_add(const FormatForm *form)
{
    format_test_add(form->name, "any", "stack", form, test_keys);
}
