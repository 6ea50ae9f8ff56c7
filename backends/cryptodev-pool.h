/*
 * Threads of a cryptodev backend
 *
 * Jobs of many queues wait here for a few threads.  The queues take turns, so
 * no queue delays another one.  Nothing blocks on a job; even cancel does not.
 * The backend has its own threads: the thread pool of the block layer is left
 * to its own work, and an IOThread can go away while jobs of its queues run.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_POOL_H
#define BACKENDS_CRYPTODEV_POOL_H

#include "qemu/queue.h"

typedef struct CryptoDevPool CryptoDevPool;

/**
 * CryptoDevJob: base of the jobs.  All members belong to the pool.
 *
 * @queue: queue that the job belongs to
 * @cancelled: the result is not needed any more
 * @next: in the list of jobs that wait or are done
 * @run_next: in the list of jobs that run
 */
typedef struct CryptoDevJob {
    unsigned queue;
    bool cancelled;
    QSIMPLEQ_ENTRY(CryptoDevJob) next;
    QLIST_ENTRY(CryptoDevJob) run_next;
} CryptoDevJob;

/**
 * CryptoDevPoolOps: what the owner of a pool implements
 *
 * @run: do the job.  Context: a thread of the pool
 * @discard: free a job that was cancelled; @orphan: it was running then, and
 *     has ended now.  Context: a thread of the pool for an orphan, else the
 *     caller of cryptodev_pool_cancel()
 * @wake: queue @queue has a job to collect.  Context: a thread of the pool with
 *     the pool's lock held: must not call the pool, and must not block
 */
typedef struct CryptoDevPoolOps {
    void (*run)(CryptoDevJob *job, void *opaque);
    void (*discard)(CryptoDevJob *job, bool orphan, void *opaque);
    void (*wake)(unsigned queue, void *opaque);
} CryptoDevPoolOps;

/**
 * cryptodev_pool_new: start a pool of @threads threads for @queues queues.
 *
 * Context: a thread whose CPU affinity suits the pool, such as the main thread.
 * Paired with cryptodev_pool_free.
 */
CryptoDevPool *cryptodev_pool_new(unsigned queues, unsigned threads,
                                  const CryptoDevPoolOps *ops, void *opaque);

/**
 * cryptodev_pool_free: end the threads, which must be idle: all jobs have been
 * collected or discarded.  @pool may be NULL.
 */
void cryptodev_pool_free(CryptoDevPool *pool);

/* Run @job of @queue soon.  Context: any thread */
void cryptodev_pool_submit(CryptoDevPool *pool, unsigned queue,
                           CryptoDevJob *job);

/**
 * cryptodev_pool_collect: take back a job of @queue that is done, in the order
 * in which they finished.  Cheap if there is none.  Context: any thread
 *
 * Returns: the job, or NULL
 */
CryptoDevJob *cryptodev_pool_collect(CryptoDevPool *pool, unsigned queue);

/**
 * cryptodev_pool_cancel: discard the jobs of @queue that wait or are done now,
 * and those that run when they end.  Does not wait.  On return no job of @queue
 * wakes it any more.  Context: any thread
 *
 * Returns: how many jobs of the queue still run
 */
unsigned cryptodev_pool_cancel(CryptoDevPool *pool, unsigned queue);

/* CryptoDevPoolLoad: how many jobs wait for a thread, and how many run */
typedef struct CryptoDevPoolLoad {
    unsigned waiting;
    unsigned running;
} CryptoDevPoolLoad;

/* Cancelled jobs that still run count as well.  Context: any thread */
CryptoDevPoolLoad cryptodev_pool_load(CryptoDevPool *pool);

#endif /* BACKENDS_CRYPTODEV_POOL_H */
