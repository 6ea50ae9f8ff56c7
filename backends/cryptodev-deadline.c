/*
 * A limit of time for what blocks on a socket
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/lockable.h"
#include "qemu/main-loop.h"
#include "qemu/thread.h"
#include "qemu/timer.h"
#include "cryptodev-deadline.h"

/**
 * CryptoDevDeadline:
 *
 * @depth: how many sections are open
 * @began: when the outermost one did, in nanoseconds of QEMU_CLOCK_REALTIME
 * @waited: how long sections have taken in this turn of the main loop
 * @turn_bh: begins the next turn
 *
 * These are protected by the BQL.
 *
 * The rest is protected by @lock:
 *
 * @cond: the other members have changed
 * @ioc: what to shut down, with a reference; NULL while there is no deadline
 * @at: when, in milliseconds of QEMU_CLOCK_REALTIME
 * @passed: whether it was shut down
 * @quit: the thread is to end
 */
struct CryptoDevDeadline {
    QemuThread thread;
    unsigned depth;
    int64_t began;
    int64_t waited;
    QEMUBH *turn_bh;
    QemuMutex lock;
    QemuCond cond;
    QIOChannel *ioc;
    int64_t at;
    bool passed;
    bool quit;
};

/* Context: lock held, which is released while waiting */
static void deadline_wait(CryptoDevDeadline *d)
{
    int64_t left = d->at - qemu_clock_get_ms(QEMU_CLOCK_REALTIME);

    if (!d->ioc || d->passed) {
        qemu_cond_wait(&d->cond, &d->lock);
    } else if (left > 0) {
        qemu_cond_timedwait(&d->cond, &d->lock, left);
    } else {
        d->passed = true;
        qio_channel_shutdown(d->ioc, QIO_CHANNEL_SHUTDOWN_BOTH, NULL);
    }
}

static void *deadline_thread(void *opaque)
{
    CryptoDevDeadline *d = opaque;

    QEMU_LOCK_GUARD(&d->lock);
    while (!d->quit) {
        deadline_wait(d);
    }
    return NULL;
}

static void deadline_turn(void *opaque)
{
    CryptoDevDeadline *d = opaque;

    d->waited = 0;
}

CryptoDevDeadline *cryptodev_deadline_new(void)
{
    CryptoDevDeadline *d = g_new0(CryptoDevDeadline, 1);

    d->turn_bh = qemu_bh_new(deadline_turn, d);
    qemu_mutex_init(&d->lock);
    qemu_cond_init(&d->cond);
    qemu_thread_create(&d->thread, "cryptodev-wait", deadline_thread, d,
                       QEMU_THREAD_JOINABLE);
    return d;
}

void cryptodev_deadline_free(CryptoDevDeadline *d)
{
    if (!d) {
        return;
    }
    WITH_QEMU_LOCK_GUARD(&d->lock) {
        d->quit = true;
        qemu_cond_signal(&d->cond);
    }
    qemu_thread_join(&d->thread);
    qemu_bh_delete(d->turn_bh);
    qemu_cond_destroy(&d->cond);
    qemu_mutex_destroy(&d->lock);
    g_free(d);
}

void cryptodev_deadline_begin(CryptoDevDeadline *d, QIOChannel *ioc,
                              unsigned ms)
{
    int64_t left;

    if (d->depth++) {
        return;
    }
    qemu_bh_schedule(d->turn_bh);
    left = MAX((int64_t)ms * SCALE_MS - d->waited, 0);
    d->began = qemu_clock_get_ns(QEMU_CLOCK_REALTIME);
    QEMU_LOCK_GUARD(&d->lock);
    object_ref(ioc);
    d->ioc = ioc;
    d->at = (d->began + left) / SCALE_MS;
    d->passed = false;
    qemu_cond_signal(&d->cond);
}

bool cryptodev_deadline_end(CryptoDevDeadline *d)
{
    QIOChannel *ioc;
    bool passed;

    if (--d->depth) {
        return false;
    }
    WITH_QEMU_LOCK_GUARD(&d->lock) {
        ioc = g_steal_pointer(&d->ioc);
        passed = d->passed;
    }
    d->waited += qemu_clock_get_ns(QEMU_CLOCK_REALTIME) - d->began;
    object_unref(ioc);
    return passed;
}
