/*
 * Tests of the threads of cryptodev backends: turns, bound, cancelling
 *
 * The jobs only wait until the test lets them continue.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/lockable.h"
#include "qemu/thread.h"
#include "backends/cryptodev-pool.h"

#define QUEUES      3
#define JOBS_MAX    16

/* A job, and what has become of it */
typedef struct TestJob {
    CryptoDevJob job;
    bool may_end;
    bool discarded;
    bool orphan;
} TestJob;

/**
 * Test: everything is protected by @lock; @changed tells of all changes
 *
 * @begun, @num_begun: the jobs in the order in which they began
 * @wakes: of each queue
 * @free_run: jobs need not wait for may_end
 */
typedef struct Test {
    QemuMutex lock;
    QemuCond changed;
    CryptoDevPool *pool;
    TestJob jobs[JOBS_MAX];
    unsigned num_jobs;
    TestJob *begun[JOBS_MAX];
    unsigned num_begun;
    unsigned running, most_running;
    unsigned wakes[QUEUES];
    bool free_run;
} Test;

/* Wait, holding the lock, until a condition is true. */
#define WAIT_UNTIL(_t, _cond)                               \
    while (!(_cond)) {                                      \
        qemu_cond_wait(&(_t)->changed, &(_t)->lock);        \
    }

static void run_job(CryptoDevJob *job, void *opaque)
{
    TestJob *j = container_of(job, TestJob, job);
    Test *t = opaque;

    QEMU_LOCK_GUARD(&t->lock);
    t->begun[t->num_begun++] = j;
    t->most_running = MAX(t->most_running, ++t->running);
    qemu_cond_broadcast(&t->changed);
    WAIT_UNTIL(t, j->may_end || t->free_run);
    t->running--;
}

static void discard_job(CryptoDevJob *job, bool orphan, void *opaque)
{
    TestJob *j = container_of(job, TestJob, job);
    Test *t = opaque;

    QEMU_LOCK_GUARD(&t->lock);
    g_assert_false(j->discarded);
    j->discarded = true;
    j->orphan = orphan;
    qemu_cond_broadcast(&t->changed);
}

static void wake_queue(unsigned queue, void *opaque)
{
    Test *t = opaque;

    QEMU_LOCK_GUARD(&t->lock);
    t->wakes[queue]++;
    qemu_cond_broadcast(&t->changed);
}

static const CryptoDevPoolOps test_ops = {
    .run = run_job, .discard = discard_job, .wake = wake_queue,
};

static void test_start(Test *t, unsigned threads)
{
    *t = (Test) { };
    qemu_mutex_init(&t->lock);
    qemu_cond_init(&t->changed);
    t->pool = cryptodev_pool_new(QUEUES, threads, &test_ops, t);
}

static void test_end(Test *t)
{
    cryptodev_pool_free(t->pool);
    qemu_cond_destroy(&t->changed);
    qemu_mutex_destroy(&t->lock);
}

static TestJob *submit(Test *t, unsigned queue)
{
    TestJob *j = &t->jobs[t->num_jobs++];

    cryptodev_pool_submit(t->pool, queue, &j->job);
    return j;
}

static void wait_begun(Test *t, unsigned num)
{
    QEMU_LOCK_GUARD(&t->lock);
    WAIT_UNTIL(t, t->num_begun == num);
}

static void wait_wakes(Test *t, unsigned queue, unsigned num)
{
    QEMU_LOCK_GUARD(&t->lock);
    WAIT_UNTIL(t, t->wakes[queue] == num);
}

static void let_end(Test *t, TestJob *j)
{
    QEMU_LOCK_GUARD(&t->lock);
    j->may_end = true;
    qemu_cond_broadcast(&t->changed);
}

static void let_all_end(Test *t)
{
    QEMU_LOCK_GUARD(&t->lock);
    t->free_run = true;
    qemu_cond_broadcast(&t->changed);
}

static void assert_collected(Test *t, unsigned queue, const TestJob *j)
{
    g_assert_true(cryptodev_pool_collect(t->pool, queue) == &j->job);
}

static void assert_none(Test *t, unsigned queue)
{
    g_assert_null(cryptodev_pool_collect(t->pool, queue));
}

static void assert_load(Test *t, unsigned waiting, unsigned running)
{
    CryptoDevPoolLoad load = cryptodev_pool_load(t->pool);

    g_assert_cmpuint(load.waiting, ==, waiting);
    g_assert_cmpuint(load.running, ==, running);
}

/* A queue with much to do does not hold up the others. */
static void test_turns(void)
{
    static const unsigned queues[] = { 0, 0, 0, 0, 1, 1, 2 };
    static const unsigned order[] = { 0, 1, 4, 6, 2, 5, 3 };
    Test t;

    test_start(&t, 1);
    for (int i = 0; i < ARRAY_SIZE(queues); i++) {
        submit(&t, queues[i]);
        wait_begun(&t, 1);              /* the first one keeps the thread */
    }
    assert_load(&t, 6, 1);
    let_all_end(&t);
    wait_wakes(&t, 0, 4);
    wait_wakes(&t, 1, 2);
    wait_wakes(&t, 2, 1);
    for (int i = 0; i < ARRAY_SIZE(order); i++) {
        TestJob *j = &t.jobs[order[i]];

        g_assert_true(t.begun[i] == j);
        assert_collected(&t, queues[order[i]], j);
    }
    test_end(&t);
}

/* Never more at a time than there are threads, and no fewer. */
static void test_bound(void)
{
    Test t;

    test_start(&t, 3);
    for (int i = 0; i < JOBS_MAX; i++) {
        submit(&t, i % QUEUES);
    }
    wait_begun(&t, 3);
    let_all_end(&t);
    for (int q = 0; q < QUEUES; q++) {
        unsigned num = JOBS_MAX / QUEUES + (q < JOBS_MAX % QUEUES);

        wait_wakes(&t, q, num);
        for (unsigned i = 0; i < num; i++) {
            g_assert_nonnull(cryptodev_pool_collect(t.pool, q));
        }
        assert_none(&t, q);
    }
    g_assert_cmpuint(t.most_running, ==, 3);
    test_end(&t);
}

/* Jobs come back when they are done, whichever began first. */
static void test_collect(void)
{
    TestJob *slow, *fast;
    Test t;

    test_start(&t, 2);
    assert_none(&t, 1);
    slow = submit(&t, 1);
    fast = submit(&t, 1);
    wait_begun(&t, 2);
    assert_none(&t, 1);
    let_end(&t, fast);
    wait_wakes(&t, 1, 1);
    assert_collected(&t, 1, fast);
    assert_none(&t, 1);
    let_end(&t, slow);
    wait_wakes(&t, 1, 2);
    assert_none(&t, 0);
    assert_collected(&t, 1, slow);
    g_assert_cmpuint(t.wakes[0], ==, 0);
    test_end(&t);
}

/* What has not begun never does; what is done is gone at once. */
static void test_cancel_idle(void)
{
    TestJob *done, *other, *waiting;
    Test t;

    test_start(&t, 1);
    done = submit(&t, 0);
    let_end(&t, done);
    wait_wakes(&t, 0, 1);
    other = submit(&t, 1);
    wait_begun(&t, 2);
    waiting = submit(&t, 0);
    assert_load(&t, 1, 1);
    g_assert_cmpuint(cryptodev_pool_cancel(t.pool, 0), ==, 0);
    assert_load(&t, 0, 1);
    g_assert_true(done->discarded && !done->orphan);
    g_assert_true(waiting->discarded && !waiting->orphan);
    assert_none(&t, 0);
    let_end(&t, other);
    wait_wakes(&t, 1, 1);
    assert_collected(&t, 1, other);
    g_assert_false(other->discarded);
    g_assert_cmpuint(cryptodev_pool_cancel(t.pool, 2), ==, 0);
    test_end(&t);
    g_assert_cmpuint(t.num_begun, ==, 2);
    g_assert_cmpuint(t.wakes[0], ==, 1);
}

/* What runs goes on, on its own; the queue is as good as new meanwhile. */
static void test_cancel_running(void)
{
    TestJob *orphan, *next;
    Test t;

    test_start(&t, 2);
    orphan = submit(&t, 0);
    wait_begun(&t, 1);
    g_assert_cmpuint(cryptodev_pool_cancel(t.pool, 0), ==, 1);
    g_assert_cmpuint(cryptodev_pool_cancel(t.pool, 0), ==, 0);
    g_assert_false(orphan->discarded);
    assert_load(&t, 0, 1);

    next = submit(&t, 0);
    let_end(&t, next);
    wait_wakes(&t, 0, 1);
    assert_collected(&t, 0, next);

    let_end(&t, orphan);
    WITH_QEMU_LOCK_GUARD(&t.lock) {
        WAIT_UNTIL(&t, orphan->discarded);
    }
    g_assert_true(orphan->orphan);
    assert_none(&t, 0);
    test_end(&t);
    g_assert_cmpuint(t.wakes[0], ==, 1);
}

/* Cancelled jobs leave the turns of the other queues as they are. */
static void test_cancel_turns(void)
{
    TestJob *first, *a, *b, *c;
    Test t;

    test_start(&t, 1);
    first = submit(&t, 0);
    wait_begun(&t, 1);
    a = submit(&t, 0);
    b = submit(&t, 1);
    c = submit(&t, 2);
    cryptodev_pool_cancel(t.pool, 1);
    g_assert_true(b->discarded);
    let_all_end(&t);
    wait_wakes(&t, 0, 2);
    wait_wakes(&t, 2, 1);
    g_assert_true(t.begun[1] == a && t.begun[2] == c);
    assert_collected(&t, 0, first);
    assert_collected(&t, 0, a);
    assert_collected(&t, 2, c);
    test_end(&t);
}

static void test_none(void)
{
    Test t;

    cryptodev_pool_free(NULL);
    test_start(&t, 4);
    test_end(&t);
    g_assert_cmpuint(t.num_begun, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cryptodev/pool/none", test_none);
    g_test_add_func("/cryptodev/pool/turns", test_turns);
    g_test_add_func("/cryptodev/pool/bound", test_bound);
    g_test_add_func("/cryptodev/pool/collect", test_collect);
    g_test_add_func("/cryptodev/pool/cancel-idle", test_cancel_idle);
    g_test_add_func("/cryptodev/pool/cancel-running", test_cancel_running);
    g_test_add_func("/cryptodev/pool/cancel-turns", test_cancel_turns);
    return g_test_run();
}
