/*
 * QTest testcases for virtio-crypto: migration
 *
 * The client moves with the machine: it continues with its memory, sessions and
 * requests in flight in another QEMU.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "qobject/qdict.h"
#include "qemu/timer.h"
#include "libqos/virtio-crypto-akcipher.h"
#include "libqos/virtio-crypto-inflight.h"
#include "libqos/virtio-crypto-move.h"
#include "libqos/virtio-crypto-ring.h"
#include "libqos/virtio-crypto-samples.h"
#include "libqos/virtio-crypto-slow.h"

#define PLAIN       VC_TRIP_MACHINE " -only-migratable" VC_TRIP_BACKEND    \
                    VC_TRIP_DEVICE
#define REVISION_1  PLAIN ",revision-1=on"
#define IN_ORDER    ",in_order=on"
#define PACKED      PLAIN ",packed=on"
#define THREADS     VC_TRIP_THREADS("")
#define NO_THREADS  VC_TRIP_NO_THREADS

/* Names of subsections, as they stand in a stream and in its description */
#define SESSIONS    "virtio-crypto-device/sessions"
#define REQUESTS    "virtio-crypto-device/requests"

static void destroy(VCClient *vc, VCFormat format, uint64_t session,
                    VCStatus expect)
{
    vc_destroy_session(&(VCDestroy) {
        .vc = vc, .format = format, .session = session, .expect = expect,
    });
}

/* Sessions */

#define CALLS_MAX   64

typedef struct Calls {
    VCCall *call[CALLS_MAX];
    unsigned num;
} Calls;

static void add_call(Calls *c, VCCall *call)
{
    if (!call) {
        return;
    }
    g_assert_cmpuint(c->num, <, CALLS_MAX);
    vc_call_open(call);
    vc_call_send(call, VC_OK);
    c->call[c->num++] = call;
}

static bool any_rsa(VCClient *vc)
{
    return vc_offers(vc, CRYPTODEV_ALGO_RSA);
}

/* A session of each service in each direction, both orders of a chain */
static void open_all(Calls *c, VCClient *vc, VCFormat format)
{
    for (VCService service = 0; service < VC_SERVICES; service++) {
        if (!vc_has_service(format, service) ||
            (service == VC_SERVICE_AKCIPHER && !any_rsa(vc))) {
            continue;
        }
        add_call(c, vc_call_sample(vc, format, service));
    }
    for (int op = VC_OP_ENCRYPT; op <= VC_OP_DECRYPT; op++) {
        add_call(c, vc_call_known(vc, format, CRYPTODEV_ALGO_AES_CBC, 0, op));
        add_call(c, vc_call_known(vc, format, CRYPTODEV_ALGO_AES_GCM, 0, op));
        add_call(c, vc_call_known(vc, format, CRYPTODEV_ALGO_AES_XTS, 0, op));
        for (int auth = 0; auth < 2; auth++) {
            add_call(c, vc_call_chain(vc, format, VC_CIPHER_THEN_HASH, op,
                                      auth));
            add_call(c, vc_call_chain(vc, format, VC_HASH_THEN_CIPHER, op,
                                      auth));
        }
    }
    if (!vc_has_service(format, VC_SERVICE_AKCIPHER) || !any_rsa(vc)) {
        return;
    }
    for (int i = 0; i < 8 && vc_ak_known(i); i++) {
        const VCAkOp *o = vc_ak_known(i);

        if (o->algo == CRYPTODEV_ALGO_RSA) {
            add_call(c, vc_call_ak(vc, format, o, VC_RSA_ROOM_MAX));
        }
    }
}

static void use_all(Calls *c)
{
    for (unsigned i = 0; i < c->num; i++) {
        vc_call_send(c->call[i], VC_OK);
    }
}

static void close_all(Calls *c)
{
    while (c->num) {
        VCCall *call = c->call[--c->num];

        vc_call_close(call);
        vc_call_free(call);
    }
}

/*
 * Sessions stay, in all that they are; one that is gone stays gone, and a new
 * one gets an id that none had before.
 */
static void check_sessions(VCFormat format, const char *options,
                           uint64_t features)
{
    uint64_t gone, kept, new;
    Calls calls = { };
    VCTrip s;

    vc_trip_start(&s, options, features);
    open_all(&calls, s.vc, format);
    gone = vc_sample_session(s.vc, format);
    destroy(s.vc, format, gone, VC_OK);
    kept = vc_sample_session(s.vc, format);
    for (int i = 0; i < 2; i++) {
        vc_trip_move(&s, options);
        use_all(&calls);
        vc_sample_request(s.vc, format, kept, VC_OK);
        vc_sample_request(s.vc, format, gone, VC_INVSESS);
        destroy(s.vc, format, gone, VC_ERR);
        new = vc_sample_session(s.vc, format);
        g_assert_cmphex(new, !=, gone);
        g_assert_cmphex(new, !=, kept);
        vc_sample_request(s.vc, format, new, VC_OK);
        destroy(s.vc, format, new, VC_OK);
        gone = new;
    }
    destroy(s.vc, format, kept, VC_OK);
    close_all(&calls);
    vc_trip_end(&s);
}

static void test_sessions_std(void)
{
    check_sessions(VC_STD, PLAIN, 0);
}

static void test_sessions_v11(void)
{
    check_sessions(VC_V11, PLAIN, 0);
}

static void test_sessions_rev1(void)
{
    check_sessions(VC_REV1, REVISION_1, VC_F_REVISION_1);
}

/* After a reset nothing of the device is left but its last id. */
static void test_reset(void)
{
    const char *path = vc_move_path("state");
    uint64_t before, after;
    VCTrip s;

    vc_trip_start(&s, PLAIN, 0);
    before = vc_sample_session(s.vc, VC_STD);
    vc_restart(s.vc);
    vc_trip_move(&s, PLAIN);
    g_assert_cmpuint(vc_count_in_file(path, "virtio-crypto-device"), ==, 0);
    g_assert_cmpuint(vc_count_in_file(path, SESSIONS), ==, 0);
    g_assert_cmpuint(vc_count_in_file(path, REQUESTS), ==, 0);
    vc_sample_request(s.vc, VC_STD, before, VC_INVSESS);
    after = vc_sample_session(s.vc, VC_STD);
    g_assert_cmphex(after, !=, before);
    vc_restart(s.vc);
    vc_check_alive(s.vc, VC_STD);
    vc_trip_end(&s);
}

/* Requests in flight, in the ring or in threads of the backend */

typedef struct Flight {
    const char *name;
    VCInflightKind kind;
    VCFormat format;
    const char *source, *destination;
    bool stop;                          /* one is kicked while stopped */
    uint64_t features;
} Flight;

static const Flight flights[] = {
    { "held", VC_HELD, VC_STD, PLAIN, PLAIN },
    { "held-v11", VC_HELD, VC_V11, PLAIN, PLAIN, .stop = true },
    { "held-packed", VC_HELD, VC_STD, PACKED, PACKED, .stop = true,
      .features = VC_F_PACKED },
    { "held-event", VC_HELD, VC_STD, PLAIN, PLAIN, .stop = true,
      .features = VC_F_EVENT_IDX },
    { "held-packed-event", VC_HELD, VC_V11, PACKED, PACKED, .stop = true,
      .features = VC_F_PACKED | VC_F_EVENT_IDX },
    { "held-from-thread", VC_HELD, VC_STD, THREADS, NO_THREADS },
    { "held-to-thread", VC_HELD, VC_STD, NO_THREADS, THREADS },
    { "large", VC_LARGE, VC_STD, PLAIN, PLAIN, .stop = true },
    { "large-v11", VC_LARGE, VC_V11, PLAIN, PLAIN },
    { "large-packed", VC_LARGE, VC_V11, PACKED, PACKED, .stop = true,
      .features = VC_F_PACKED | VC_F_EVENT_IDX },
    { "large-from-thread", VC_LARGE, VC_V11, THREADS, NO_THREADS },
    { "large-to-thread", VC_LARGE, VC_V11, NO_THREADS, THREADS },
};

static void test_in_flight(const void *data)
{
    const Flight *f = data;
    VCMessage *stopped = NULL;
    VCInflight b;
    VCTrip s;

    vc_trip_start(&s, f->source, f->features);
    vc_inflight_start(&b, s.vc, f->format, f->kind, "c0");
    vc_trip_stop(&s);
    if (f->stop) {
        stopped = vc_request_start(&b.request);
    }
    /* what was stopped does not run on the other side */
    vc_machine_move(&s.m, s.vc, f->destination);
    if (stopped) {
        vc_check_image(stopped);
    }
    vc_trip_cont(&s);
    if (stopped) {
        vc_finish(stopped);
    }
    vc_inflight_finish(&b);
    vc_check_alive(s.vc, f->format);
    vc_trip_end(&s);
}

/* Requests that take seconds, on all queues */

typedef struct Journey {
    const char *name;
    const char *source, *destination;
    bool running;                       /* stopped by the migration */
    bool twice;                         /* moved on before it runs */
    bool reset;                         /* queue 0 is reset there */
    uint64_t features;
} Journey;

#define PACKED_EVENT    .features = VC_F_PACKED | VC_F_EVENT_IDX
#define THREADS_PACKED  VC_TRIP_THREADS(", \"packed\": true")
#define THREADS_ORDER   VC_TRIP_THREADS(", \"packed\": true,"            \
                                        " \"in_order\": true")

static const Journey journeys[] = {
    { "plain", PLAIN, PLAIN },
    { "running", PLAIN, PLAIN, .running = true },
    { "twice", PLAIN, PLAIN, .twice = true },
    { "reset", PLAIN, PLAIN, .reset = true },
    { "in-order", PLAIN IN_ORDER, PLAIN IN_ORDER },
    { "in-order-twice", PLAIN IN_ORDER, PLAIN IN_ORDER, .twice = true },
    { "packed", PACKED, PACKED, .twice = true, .features = VC_F_PACKED },
    { "packed-event", PACKED, PACKED, .running = true, PACKED_EVENT },
    { "packed-reset", PACKED, PACKED, .reset = true, PACKED_EVENT },
    { "packed-in-order", PACKED IN_ORDER, PACKED IN_ORDER, .twice = true,
      PACKED_EVENT },
    { "from-threads", THREADS, NO_THREADS },
    { "to-threads", NO_THREADS, THREADS },
    { "threads", THREADS, THREADS, .running = true },
    { "threads-packed", THREADS_PACKED, THREADS_PACKED, .running = true,
      PACKED_EVENT },
    { "threads-in-order", THREADS_ORDER, THREADS_ORDER, .running = true,
      PACKED_EVENT },
};

static void settle_slow(const Journey *j, VCSlow *slow, VCTrip *s)
{
    if (j->running) {
        vc_wait_running(s->m.qts);
    } else {
        vc_trip_cont(s);
    }
    if (j->reset) {
        vc_stop_queue(s->vc, 0);
        vc_start_queue(s->vc, 0);
        vc_slow_forget(slow);
    } else {
        vc_slow_finish(slow);
    }
    vc_slow_end(slow);
}

static void test_slow(const void *data)
{
    const Journey *j = data;
    const char *path = vc_move_path("state");
    VCSlow slow;
    VCTrip s;

    vc_trip_start(&s, j->source, j->features);
    if (vc_slow_start(&slow, s.vc)) {
        if (!j->running) {
            vc_trip_stop(&s);
        }
        for (int i = 0; i < 1 + j->twice; i++) {
            vc_machine_move(&s.m, s.vc, j->destination);
            g_assert_cmpuint(vc_count_in_file(path, REQUESTS), >, 0);
        }
        settle_slow(j, &slow, &s);
    }
    vc_check_alive(s.vc, VC_STD);
    vc_trip_end(&s);
}

/* Again and again, with requests in flight on each of four queues */
static void test_often(void)
{
    unsigned moves = g_test_slow() ? 100 : 3;
    VCSlow slow;
    VCTrip s;

    vc_trip_start(&s, THREADS_PACKED, VC_F_PACKED | VC_F_EVENT_IDX);
    for (unsigned i = 0; i < moves && vc_slow_start(&slow, s.vc); i++) {
        vc_trip_move(&s, THREADS_PACKED);
        vc_slow_finish(&slow);
        vc_slow_end(&slow);
    }
    vc_check_alive(s.vc, VC_STD);
    vc_trip_end(&s);
}

/*
 * A key whose check has to wait for a thread: the driver gets its session on
 * the other side, and what it sends meanwhile is not lost.
 */
static void test_import(void)
{
    VCMessage *create, *behind;
    VCSession sample;
    VCSlow slow;
    VCTrip s;

    vc_trip_start(&s, PLAIN, 0);
    if (vc_slow_start(&slow, s.vc)) {
        VCRequest again = slow.call->request;

        sample = (VCSession) { .vc = s.vc, VC_SAMPLE_SESSION };
        create = vc_create_session_start(&slow.call->session);
        behind = vc_create_session_start(&sample);
        vc_trip_move(&s, PLAIN);
        again.session = vc_create_session_finish(create);
        vc_sample_request(s.vc, VC_STD, vc_create_session_finish(behind),
                          VC_OK);
        vc_slow_finish(&slow);
        vc_request(&again);
        vc_slow_end(&slow);
    }
    vc_trip_end(&s);
}

/*
 * What the device writes behind the copy goes over once more, also where a
 * request fails: the zeroes that a decryption leaves if the tag is wrong.
 */

#define COMPARED        (1 * MiB)
#define BUSY            (1 * MiB)       /* so much changes all the time */

static int64_t dirty_syncs(QTestState *qts)
{
    QDict *response = qtest_qmp_assert_success_ref(qts, "{ 'execute':"
                                                   " 'query-migrate' }");
    QDict *ram = qdict_get_qdict(response, "ram");
    int64_t n = ram ? qdict_get_int(ram, "dirty-sync-count") : 0;

    qobject_unref(response);
    return n;
}

static void set_bandwidth(QTestState *qts, int64_t bytes)
{
    qtest_qmp_assert_success(qts, "{ 'execute': 'migrate-set-parameters',"
                             " 'arguments': { 'max-bandwidth': %" PRId64
                             ", 'downtime-limit': 1 } }", bytes);
}

/* Start to migrate, and return when all memory has been copied once. */
static QTestState *copy_once(VCTrip *s)
{
    g_autofree char *uri = g_strdup_printf("unix:%s", vc_move_path("socket"));
    uint64_t busy = guest_alloc(&s->m.alloc, BUSY);
    QTestState *qts = vc_destination_start(PLAIN);
    uint8_t value = 0;

    vc_migrate_incoming(qts, uri);
    set_bandwidth(s->m.qts, 400 * KiB);
    qtest_qmp_assert_success(s->m.qts, "{ 'execute': 'migrate',"
                             " 'arguments': { 'uri': %s } }", uri);
    while (dirty_syncs(s->m.qts) < 2) {
        qtest_memset(s->m.qts, busy, ++value, BUSY);
    }
    return qts;
}

static VCMessage *start_bad_tag(VCCall *c)
{
    static const uint8_t wrong[16];
    VCRequest r = c->request;

    r.digest = wrong;
    r.out = NULL;
    r.expect = VC_BADMSG;
    return vc_request_start(&r);
}

static void test_dirty(void)
{
    g_autofree uint8_t *before = g_malloc(COMPARED);
    g_autofree uint8_t *after = g_malloc(COMPARED);
    g_autoptr(VCCall) aead = NULL;
    VCMessage *bad_tag;
    QTestState *qts;
    VCInflight b;
    VCTrip s;

    vc_trip_start(&s, PLAIN, 0);
    aead = vc_call_known(s.vc, VC_STD, CRYPTODEV_ALGO_AES_GCM, 1,
                         VC_OP_DECRYPT);
    vc_call_open(aead);
    vc_inflight_start(&b, s.vc, VC_STD, VC_HELD, "c0");
    bad_tag = start_bad_tag(aead);
    qts = copy_once(&s);
    vc_inflight_finish(&b);
    vc_finish(bad_tag);
    g_assert_cmpuint(s.vc->mem_used, <=, COMPARED);
    vc_trip_stop(&s);
    set_bandwidth(s.m.qts, GiB);
    vc_wait_migration(s.m.qts, "completed");
    vc_wait_migration(qts, "completed");
    qtest_memread(s.m.qts, s.vc->mem, before, COMPARED);
    qtest_memread(qts, s.vc->mem, after, COMPARED);
    g_assert_cmpmem(before, COMPARED, after, COMPARED);
    vc_machine_adopt(&s.m, s.vc, qts);
    vc_trip_cont(&s);
    vc_call_send(aead, VC_OK);
    vc_call_close(aead);
    vc_trip_end(&s);
}

static void register_virtio_crypto_migration_test(void)
{
    qtest_add_func("virtio-crypto/migration/std/sessions", test_sessions_std);
    qtest_add_func("virtio-crypto/migration/v11/sessions", test_sessions_v11);
    qtest_add_func("virtio-crypto/migration/revision-1/sessions",
                   test_sessions_rev1);
    qtest_add_func("virtio-crypto/migration/reset", test_reset);
    qtest_add_func("virtio-crypto/migration/dirty", test_dirty);
    for (int i = 0; i < ARRAY_SIZE(flights); i++) {
        g_autofree char *path = g_strdup_printf(
            "virtio-crypto/migration/in-flight/%s", flights[i].name);

        qtest_add_data_func(path, &flights[i], test_in_flight);
    }
    for (int i = 0; i < ARRAY_SIZE(journeys); i++) {
        g_autofree char *path = g_strdup_printf(
            "virtio-crypto/migration/slow/%s", journeys[i].name);

        qtest_add_data_func(path, &journeys[i], test_slow);
    }
    qtest_add_func("virtio-crypto/migration/often", test_often);
    qtest_add_func("virtio-crypto/migration/import", test_import);
}

libqos_init(register_virtio_crypto_migration_test);
