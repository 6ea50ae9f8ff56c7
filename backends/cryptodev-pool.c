/*
 * Threads of a cryptodev backend
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/lockable.h"
#include "qemu/thread.h"
#include "cryptodev-pool.h"

typedef QSIMPLEQ_HEAD(, CryptoDevJob) JobList;

/**
 * PoolQueue:
 *
 * @waiting: jobs that have not started
 * @done: jobs to collect
 * @num_done: their number; read without the lock
 * @turn: in the pool's list of queues; an entry iff @waiting is not empty
 */
typedef struct PoolQueue {
    JobList waiting;
    JobList done;
    unsigned num_done;
    QSIMPLEQ_ENTRY(PoolQueue) turn;
} PoolQueue;

/**
 * CryptoDevPool:
 *
 * @lock: protects all that follows
 * @work: signalled when a job waits, or @quit is set
 * @turns: the queues with waiting jobs; the first one is next
 * @running: jobs that run
 */
struct CryptoDevPool {
    const CryptoDevPoolOps *ops;
    void *opaque;
    unsigned num_threads;
    unsigned num_queues;
    QemuThread *threads;

    QemuMutex lock;
    QemuCond work;
    bool quit;
    PoolQueue *queues;
    QSIMPLEQ_HEAD(, PoolQueue) turns;
    QLIST_HEAD(, CryptoDevJob) running;
};

/* Take the first job of the next queue; the queue goes to the end of turns. */
static CryptoDevJob *pool_next(CryptoDevPool *pool)
{
    PoolQueue *q = QSIMPLEQ_FIRST(&pool->turns);
    CryptoDevJob *job;

    if (!q) {
        return NULL;
    }
    job = QSIMPLEQ_FIRST(&q->waiting);
    QSIMPLEQ_REMOVE_HEAD(&q->waiting, next);
    QSIMPLEQ_REMOVE_HEAD(&pool->turns, turn);
    if (!QSIMPLEQ_EMPTY(&q->waiting)) {
        QSIMPLEQ_INSERT_TAIL(&pool->turns, q, turn);
    }
    return job;
}

static void pool_put_done(CryptoDevPool *pool, CryptoDevJob *job)
{
    PoolQueue *q = &pool->queues[job->queue];

    QSIMPLEQ_INSERT_TAIL(&q->done, job, next);
    qatomic_set(&q->num_done, q->num_done + 1);
    pool->ops->wake(job->queue, pool->opaque);
}

/* Called with the lock held; releases it while the job runs. */
static void pool_run(CryptoDevPool *pool, CryptoDevJob *job)
{
    QLIST_INSERT_HEAD(&pool->running, job, run_next);
    qemu_mutex_unlock(&pool->lock);
    pool->ops->run(job, pool->opaque);
    qemu_mutex_lock(&pool->lock);
    QLIST_REMOVE(job, run_next);
    if (!job->cancelled) {
        pool_put_done(pool, job);
        return;
    }
    qemu_mutex_unlock(&pool->lock);
    pool->ops->discard(job, true, pool->opaque);
    qemu_mutex_lock(&pool->lock);
}

static void *pool_thread(void *opaque)
{
    CryptoDevPool *pool = opaque;

    QEMU_LOCK_GUARD(&pool->lock);
    while (!pool->quit) {
        CryptoDevJob *job = pool_next(pool);

        if (job) {
            pool_run(pool, job);
        } else {
            qemu_cond_wait(&pool->work, &pool->lock);
        }
    }
    return NULL;
}

CryptoDevPool *cryptodev_pool_new(unsigned queues, unsigned threads,
                                  const CryptoDevPoolOps *ops, void *opaque)
{
    CryptoDevPool *pool = g_new0(CryptoDevPool, 1);

    pool->ops = ops;
    pool->opaque = opaque;
    qemu_mutex_init(&pool->lock);
    qemu_cond_init(&pool->work);
    QSIMPLEQ_INIT(&pool->turns);
    QLIST_INIT(&pool->running);
    pool->num_queues = queues;
    pool->queues = g_new0(PoolQueue, queues);
    for (unsigned i = 0; i < queues; i++) {
        QSIMPLEQ_INIT(&pool->queues[i].waiting);
        QSIMPLEQ_INIT(&pool->queues[i].done);
    }
    pool->num_threads = threads;
    pool->threads = g_new0(QemuThread, threads);
    for (unsigned i = 0; i < threads; i++) {
        qemu_thread_create(&pool->threads[i], "cryptodev", pool_thread, pool,
                           QEMU_THREAD_JOINABLE);
    }
    return pool;
}

void cryptodev_pool_free(CryptoDevPool *pool)
{
    if (!pool) {
        return;
    }
    WITH_QEMU_LOCK_GUARD(&pool->lock) {
        pool->quit = true;
        qemu_cond_broadcast(&pool->work);
    }
    for (unsigned i = 0; i < pool->num_threads; i++) {
        qemu_thread_join(&pool->threads[i]);
    }
    assert(QSIMPLEQ_EMPTY(&pool->turns));
    for (unsigned i = 0; i < pool->num_queues; i++) {
        assert(!pool->queues[i].num_done);
    }
    qemu_cond_destroy(&pool->work);
    qemu_mutex_destroy(&pool->lock);
    g_free(pool->threads);
    g_free(pool->queues);
    g_free(pool);
}

void cryptodev_pool_submit(CryptoDevPool *pool, unsigned queue,
                           CryptoDevJob *job)
{
    PoolQueue *q = &pool->queues[queue];

    job->queue = queue;
    job->cancelled = false;
    QEMU_LOCK_GUARD(&pool->lock);
    if (QSIMPLEQ_EMPTY(&q->waiting)) {
        QSIMPLEQ_INSERT_TAIL(&pool->turns, q, turn);
    }
    QSIMPLEQ_INSERT_TAIL(&q->waiting, job, next);
    qemu_cond_signal(&pool->work);
}

CryptoDevJob *cryptodev_pool_collect(CryptoDevPool *pool, unsigned queue)
{
    PoolQueue *q = &pool->queues[queue];
    CryptoDevJob *job;

    if (!qatomic_read(&q->num_done)) {
        return NULL;
    }
    QEMU_LOCK_GUARD(&pool->lock);
    job = QSIMPLEQ_FIRST(&q->done);
    if (job) {
        QSIMPLEQ_REMOVE_HEAD(&q->done, next);
        qatomic_set(&q->num_done, q->num_done - 1);
    }
    return job;
}

unsigned cryptodev_pool_cancel(CryptoDevPool *pool, unsigned queue)
{
    PoolQueue *q = &pool->queues[queue];
    JobList dropped = QSIMPLEQ_HEAD_INITIALIZER(dropped);
    CryptoDevJob *job, *next;
    unsigned running = 0;

    WITH_QEMU_LOCK_GUARD(&pool->lock) {
        if (!QSIMPLEQ_EMPTY(&q->waiting)) {
            QSIMPLEQ_REMOVE(&pool->turns, q, PoolQueue, turn);
        }
        QSIMPLEQ_CONCAT(&dropped, &q->waiting);
        QSIMPLEQ_CONCAT(&dropped, &q->done);
        qatomic_set(&q->num_done, 0);
        QLIST_FOREACH(job, &pool->running, run_next) {
            if (job->queue == queue && !job->cancelled) {
                job->cancelled = true;
                running++;
            }
        }
    }
    QSIMPLEQ_FOREACH_SAFE(job, &dropped, next, next) {
        pool->ops->discard(job, false, pool->opaque);
    }
    return running;
}

CryptoDevPoolLoad cryptodev_pool_load(CryptoDevPool *pool)
{
    CryptoDevPoolLoad load = { };
    CryptoDevJob *job;

    QEMU_LOCK_GUARD(&pool->lock);
    for (unsigned i = 0; i < pool->num_queues; i++) {
        QSIMPLEQ_FOREACH(job, &pool->queues[i].waiting, next) {
            load.waiting++;
        }
    }
    QLIST_FOREACH(job, &pool->running, run_next) {
        load.running++;
    }
    return load;
}
