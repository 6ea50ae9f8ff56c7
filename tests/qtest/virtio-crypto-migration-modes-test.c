/*
 * QTest testcases for virtio-crypto: ways to migrate, and ways to fail
 *
 * In all of them the device has requests in flight on each of four queues, and
 * one side answers all of them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <sys/socket.h>
#include "libqtest.h"
#include "qobject/qdict.h"
#include "libqos/virtio-crypto-move.h"
#include "libqos/virtio-crypto-ring.h"
#include "libqos/virtio-crypto-samples.h"
#include "libqos/virtio-crypto-slow.h"

#define OPTIONS     VC_TRIP_THREADS(", \"packed\": true")
#define FEATURES    (VC_F_PACKED | VC_F_EVENT_IDX)
#define SNAPSHOTS   VC_TRIP_MACHINE VC_TRIP_BACKEND VC_TRIP_DEVICE

/* Memory that is not zeroes, so that it takes a while to copy */
#define FILLED      (16 * MiB)

static bool open_trip(VCTrip *t, VCSlow *slow)
{
    uint64_t filled;

    vc_trip_start(t, OPTIONS, FEATURES);
    filled = guest_alloc(&t->m.alloc, FILLED);
    for (uint64_t at = 0; at < FILLED; at += MiB) {
        qtest_memset(t->m.qts, filled + at, 1 + at / MiB, MiB);
    }
    return vc_slow_start(slow, t->vc);
}

static void close_trip(VCTrip *t)
{
    vc_check_alive(t->vc, VC_STD);
    vc_trip_end(t);
}

static void migrate(QTestState *qts, const char *uri)
{
    qtest_qmp_assert_success(qts, "{ 'execute': 'migrate',"
                             " 'arguments': { 'uri': %s } }", uri);
}

static void set_bandwidth(QTestState *qts, int64_t bytes)
{
    qtest_qmp_assert_success(qts, "{ 'execute': 'migrate-set-parameters',"
                             " 'arguments': { 'max-bandwidth': %" PRId64
                             " } }", bytes);
}

static char *unix_uri(void)
{
    return g_strdup_printf("unix:%s", vc_move_path("socket"));
}

/* Transports.  Another test moves through a file. */

static void test_unix(void)
{
    g_autofree char *uri = unix_uri();
    QTestState *qts;
    VCSlow slow;
    VCTrip t;

    if (open_trip(&t, &slow)) {
        qts = vc_destination_start(OPTIONS);
        vc_migrate_incoming(qts, uri);
        migrate(t.m.qts, uri);
        vc_wait_migration(t.m.qts, "completed");
        vc_wait_running(qts);
        vc_machine_adopt(&t.m, t.vc, qts);
        vc_slow_finish(&slow);
        vc_slow_end(&slow);
    }
    close_trip(&t);
}

static void give_fd(QTestState *qts, int fd)
{
    qtest_qmp_fds_assert_success(qts, &fd, 1, "{ 'execute': 'getfd',"
                                 " 'arguments': { 'fdname': 'stream' } }");
    close(fd);
}

static void test_fd(void)
{
    int pair[2];
    QTestState *qts;
    VCSlow slow;
    VCTrip t;

    if (open_trip(&t, &slow)) {
        g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), ==, 0);
        qts = vc_destination_start(OPTIONS);
        give_fd(qts, pair[0]);
        give_fd(t.m.qts, pair[1]);
        vc_migrate_incoming(qts, "fd:stream");
        migrate(t.m.qts, "fd:stream");
        vc_wait_migration(t.m.qts, "completed");
        vc_wait_running(qts);
        vc_machine_adopt(&t.m, t.vc, qts);
        vc_slow_finish(&slow);
        vc_slow_end(&slow);
    }
    close_trip(&t);
}

/*
 * Postcopy: the destination runs, and answers requests, before it has all of
 * the memory.
 */

/* Returns: false, and the test is skipped, where the host has no userfaultfd */
static bool allow_postcopy(QTestState *qts)
{
    QDict *response = qtest_qmp(qts, "{ 'execute': 'migrate-set-capabilities',"
                                " 'arguments': { 'capabilities': [ {"
                                "   'capability': 'postcopy-ram',"
                                "   'state': true } ] } }");
    bool allowed = !qdict_haskey(response, "error");

    if (!allowed) {
        QDict *error = qdict_get_qdict(response, "error");

        g_test_skip(qdict_get_str(error, "desc"));
    }
    qobject_unref(response);
    return allowed;
}

/* Switch over when little of the memory has been copied. */
static void switch_to_postcopy(VCTrip *t, QTestState *qts)
{
    g_autofree char *uri = unix_uri();
    QTestState *source;

    vc_migrate_incoming(qts, uri);
    set_bandwidth(t->m.qts, 4 * KiB);
    migrate(t->m.qts, uri);
    vc_wait_migration(t->m.qts, "active");
    qtest_qmp_assert_success(t->m.qts,
                             "{ 'execute': 'migrate-start-postcopy' }");
    vc_wait_running(qts);
    source = vc_machine_switch(&t->m, t->vc, qts);
    /* pages come one by one, as they are asked for */
    vc_sample_request(t->vc, VC_STD, vc_sample_session(t->vc, VC_STD), VC_OK);
    set_bandwidth(source, GiB);
    vc_wait_migration(source, "completed");
    vc_wait_migration(qts, "completed");
    qtest_quit(source);
}

static void test_postcopy(void)
{
    QTestState *qts;
    VCSlow slow;
    VCTrip t;

    if (open_trip(&t, &slow)) {
        qts = vc_destination_start(OPTIONS);
        if (allow_postcopy(qts) && allow_postcopy(t.m.qts)) {
            switch_to_postcopy(&t, qts);
        } else {
            qtest_quit(qts);
        }
        vc_slow_finish(&slow);
        vc_slow_end(&slow);
    }
    close_trip(&t);
}

/* The source goes on */

/* The other side has died, or nobody wanted it. */
static void test_goes_on(void)
{
    VCSlow slow;
    VCTrip t;

    if (open_trip(&t, &slow)) {
        vc_machine_save(&t.m, vc_move_path("state"));
        vc_trip_cont(&t);
        vc_slow_finish(&slow);
        vc_slow_end(&slow);
    }
    close_trip(&t);
}

/* Returns: whether the migration was cancelled before it was complete */
static bool wait_end(QTestState *qts)
{
    while (true) {
        QDict *response = qtest_qmp_assert_success_ref(
            qts, "{ 'execute': 'query-migrate' }");
        const char *status = qdict_get_str(response, "status");
        bool cancelled = g_str_equal(status, "cancelled");
        bool completed = g_str_equal(status, "completed");

        g_assert_cmpstr(status, !=, "failed");
        qobject_unref(response);
        if (cancelled || completed) {
            return cancelled;
        }
        g_usleep(1000);
    }
}

/*
 * Cancelled at some moment: before the first byte, or when all is over.  The
 * destination is told not to run, so the source may always go on.
 */
static bool cancel_once(VCTrip *t)
{
    g_autofree char *uri = unix_uri();
    QTestState *qts = vc_destination_start(OPTIONS " -S");
    bool cancelled;

    vc_migrate_incoming(qts, uri);
    set_bandwidth(t->m.qts, 64 * MiB);
    migrate(t->m.qts, uri);
    g_usleep(g_test_rand_int_range(0, 600) * 1000);
    qtest_qmp_assert_success(t->m.qts, "{ 'execute': 'migrate_cancel' }");
    cancelled = wait_end(t->m.qts);
    if (!cancelled) {
        vc_trip_cont(t);
    }
    vc_wait_running(t->m.qts);
    qtest_quit(qts);
    return cancelled;
}

static void test_cancel(void)
{
    unsigned rounds = g_test_slow() ? 100 : 5, cancelled = 0;
    VCSlow slow;
    VCTrip t;
    bool opened = open_trip(&t, &slow);

    for (unsigned i = 0; opened && i < rounds; i++) {
        cancelled += cancel_once(&t);
        vc_slow_finish(&slow);
        vc_slow_end(&slow);
        vc_slow_start(&slow, t.vc);
    }
    if (opened) {
        g_test_message("%u of %u were cancelled before they were complete",
                       cancelled, rounds);
        vc_slow_finish(&slow);
        vc_slow_end(&slow);
    }
    close_trip(&t);
}

/* The destination */

/* The source ends in the middle: the destination says so, and ends or stays. */
static void check_source_dies(bool stays)
{
    const char *stderr_path = vc_move_path("stderr");
    g_autofree char *options = g_strdup_printf("%s 2>%s", OPTIONS,
                                               stderr_path);
    g_autofree char *uri = unix_uri();
    QTestState *qts = vc_destination_start(options);
    VCSlow slow;
    VCTrip t;

    if (!open_trip(&t, &slow)) {
        qtest_quit(qts);
        close_trip(&t);
        return;
    }
    if (stays) {
        vc_migrate_incoming(qts, uri);
    } else {
        qtest_qmp_assert_success(qts, "{ 'execute': 'migrate-incoming',"
                                 " 'arguments': { 'uri': %s } }", uri);
        qtest_set_expected_status(qts, EXIT_FAILURE);
    }
    set_bandwidth(t.m.qts, MiB);
    migrate(t.m.qts, uri);
    vc_wait_migration(qts, "active");
    vc_slow_forget(&slow);
    vc_call_free(slow.call);
    vc_abandon(t.vc);
    vc_machine_end(&t.m);
    if (stays) {
        vc_wait_migration(qts, "failed");
    } else {
        qtest_wait_qemu(qts);
    }
    qtest_quit(qts);
}

static void test_source_dies(void)
{
    check_source_dies(false);
}

static void test_stream_dies(void)
{
    check_source_dies(true);
}

/* A machine that runs takes none in. */
static void test_busy(void)
{
    VCSlow slow;
    VCTrip t;

    if (open_trip(&t, &slow)) {
        QDict *response = qtest_qmp(t.m.qts, "{ 'execute': 'migrate-incoming',"
                                    " 'arguments': { 'uri': 'fd:none' } }");

        g_assert_true(qdict_haskey(response, "error"));
        qobject_unref(response);
        vc_slow_finish(&slow);
        vc_slow_end(&slow);
    }
    close_trip(&t);
}

/*
 * A machine that runs goes back to a snapshot: what has happened since, has
 * not.
 */
static void test_loadvm(void)
{
    g_autofree char *options = g_strdup_printf(
        "%s -drive if=none,id=d0,file=%s", SNAPSHOTS, vc_snapshot_image());
    g_autofree char *said = NULL, *said_again = NULL;
    uint64_t kept, later;
    QVirtQueue data, ctrl;
    VCRing rings[2];
    VCSlow slow;
    VCTrip t;

    vc_trip_start(&t, options, 0);
    kept = vc_sample_session(t.vc, VC_STD);
    said = qtest_hmp(t.m.qts, "savevm s0");
    g_assert_cmpstr(said, ==, "");
    data = *t.vc->vq[0];
    ctrl = *t.vc->vq[1];
    memcpy(rings, t.vc->rings, sizeof(rings));

    vc_destroy_session(&(VCDestroy) { .vc = t.vc, .session = kept });
    later = vc_sample_session(t.vc, VC_STD);
    if (vc_slow_start(&slow, t.vc)) {
        said_again = qtest_hmp(t.m.qts, "loadvm s0");
        g_assert_cmpstr(said_again, ==, "");
        vc_wait_running(t.m.qts);
        *t.vc->vq[0] = data;
        *t.vc->vq[1] = ctrl;
        memcpy(t.vc->rings, rings, sizeof(rings));
        g_ptr_array_set_size(t.vc->sent, 0);
        vc_slow_forget(&slow);
        vc_call_free(slow.call);
        vc_sample_request(t.vc, VC_STD, kept, VC_OK);
        vc_sample_request(t.vc, VC_STD, later, VC_INVSESS);
    }
    vc_check_alive(t.vc, VC_STD);
    vc_trip_end(&t);
}

static void register_virtio_crypto_migration_modes_test(void)
{
    qtest_add_func("virtio-crypto/migration/mode/unix", test_unix);
    qtest_add_func("virtio-crypto/migration/mode/fd", test_fd);
    qtest_add_func("virtio-crypto/migration/mode/postcopy", test_postcopy);
    qtest_add_func("virtio-crypto/migration/mode/loadvm", test_loadvm);
    qtest_add_func("virtio-crypto/migration/fail/goes-on", test_goes_on);
    qtest_add_func("virtio-crypto/migration/fail/cancel", test_cancel);
    qtest_add_func("virtio-crypto/migration/fail/source-dies",
                   test_source_dies);
    qtest_add_func("virtio-crypto/migration/fail/stream-dies",
                   test_stream_dies);
    qtest_add_func("virtio-crypto/migration/fail/busy", test_busy);
}

libqos_init(register_virtio_crypto_migration_modes_test);
