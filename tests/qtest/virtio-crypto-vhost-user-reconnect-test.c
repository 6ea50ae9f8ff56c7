/*
 * QTest testcases for virtio-crypto: vhost-user servers that come, go, and lie
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "libqtest.h"
#include "qobject/qdict.h"
#include "libqos/virtio-crypto-move.h"
#include "libqos/virtio-crypto-served.h"

#define SESSIONS    3

/* For servers that never answer; others take much less. */
#define IMPATIENT   ",timeout-ms=100"

static void destroy(VCServed *d, uint64_t session, VCStatus expect)
{
    vc_destroy_session(&(VCDestroy) {
        .vc = d->vc, .session = session, .expect = expect,
    });
}

static void refused_session(VCServed *d, VCStatus expect)
{
    vc_create_session(&(VCSession) {
        .vc = d->vc, VC_SAMPLE_SESSION, .expect = expect,
    });
}

/* End the connection, and wait for the next one. */
static void reconnect(VCServed *d)
{
    unsigned before = vc_server_connections(d->server);
    gint64 start = g_get_monotonic_time();

    vc_server_drop(d->server);
    while (vc_server_connections(d->server) == before) {
        vc_give_up(d->vc, start, "QEMU does not connect again");
        vc_served_ready(d);
    }
}

/* Late */

/* A request waits in the ring for somebody who serves it. */
static void check_late(VCServed *d, void (*come)(VCServer *s))
{
    VCMessage *m;

    g_assert_false(vc_served_ready(d));
    refused_session(d, VC_ERR);
    m = vc_served_request_start(d, 0, 1);
    come(d->server);
    vc_finish(m);
    vc_served_wait(d, true);
    vc_served_check_alive(d);
    g_assert_cmpuint(vc_server_served(d->server), ==, 2);
}

static void start_to_listen(VCServer *s)
{
    vc_server_listen(s, true);
}

static void test_late_server(void)
{
    VCServed d;

    vc_served_start(&d, &(VCServedOptions) {
        .chardev = VC_RECONNECT, .absent = true,
    });
    check_late(&d, start_to_listen);
    vc_served_end(&d);
}

static void test_late_client(void)
{
    VCServed d;

    vc_served_start(&d, &(VCServedOptions) {
        .chardev = ",server=on,wait=off", .absent = true,
    });
    check_late(&d, vc_server_connect);
    /* it may go, and another one may come */
    vc_server_drop(d.server);
    vc_served_wait(&d, false);
    vc_server_connect(d.server);
    vc_served_wait(&d, true);
    vc_served_check_alive(&d);
    vc_served_end(&d);
}

/* Sessions */

static void make_sessions(VCServed *d, uint64_t *sessions)
{
    for (int i = 0; i < SESSIONS; i++) {
        sessions[i] = vc_sample_session(d->vc, VC_STD);
    }
}

static void test_replay(void)
{
    uint64_t sessions[SESSIONS];
    VCServed d;

    vc_served_start(&d, &(VCServedOptions) {
        .server.keeps_ids = true, .chardev = VC_RECONNECT,
    });
    vc_served_wait(&d, true);
    make_sessions(&d, sessions);
    destroy(&d, sessions[1], VC_OK);
    reconnect(&d);
    vc_server_wait(d.server, VC_VHOST_CREATE_SESSION, SESSIONS + 2);
    vc_served_wait(&d, true);
    g_assert_cmpuint(vc_server_count(d.server, VC_VHOST_CREATE_SESSION), ==,
                     SESSIONS + 2);
    vc_served_request(&d, 0, sessions[0]);
    destroy(&d, sessions[0], VC_OK);
    destroy(&d, sessions[1], VC_ERR);
    destroy(&d, sessions[2], VC_OK);
    vc_server_wait(d.server, VC_VHOST_CLOSE_SESSION, SESSIONS);
    vc_served_end(&d);
}

/* The messages of a replay have the keys, and the ids that are wanted. */
static void test_replay_message(void)
{
    g_autofree uint8_t *first = NULL, *again = NULL;
    uint32_t first_size, size;
    VCServed d;

    vc_served_start(&d, &(VCServedOptions) {
        .server.keeps_ids = true, .server.first_id = 77,
        .chardev = VC_RECONNECT,
    });
    vc_served_wait(&d, true);
    g_assert_cmpuint(vc_sample_session(d.vc, VC_STD), ==, 77);
    first = vc_server_last(d.server, VC_VHOST_CREATE_SESSION, &first_size);
    g_assert_cmpuint(ldq_he_p(first + VC_VHOST_CREATE_SIZE - 8), ==, 0);
    reconnect(&d);
    vc_server_wait(d.server, VC_VHOST_CREATE_SESSION, 2);
    again = vc_server_last(d.server, VC_VHOST_CREATE_SESSION, &size);
    stq_he_p(first + VC_VHOST_CREATE_SIZE - 8, 77);
    g_assert_cmpmem(again, size, first, first_size);
    vc_served_end(&d);
}

/* A server that has other ids in mind: what it made is closed again. */
static void test_lost_sessions(void)
{
    uint64_t sessions[SESSIONS];
    VCServed d;

    vc_served_start(&d, &(VCServedOptions) { .chardev = VC_RECONNECT });
    vc_served_wait(&d, true);
    make_sessions(&d, sessions);
    vc_server_change(d.server, &(VCServerOptions) { .first_id = 100 });
    reconnect(&d);
    vc_server_wait(d.server, VC_VHOST_CLOSE_SESSION, 1);
    vc_served_wait(&d, true);
    for (int i = 0; i < SESSIONS; i++) {
        destroy(&d, sessions[i], VC_ERR);
    }
    g_assert_cmpuint(vc_server_count(d.server, VC_VHOST_CLOSE_SESSION), ==, 1);
    vc_served_check_alive(&d);
    vc_served_end(&d);
}

/* Requests */

static void check_waiting_request(uint64_t protocol)
{
    VCServerOptions server = {
        .protocol = VC_VHOST_P_MQ | VC_VHOST_P_SESSION | protocol,
        .keeps_ids = true, .lazy = true,
    };
    uint64_t session;
    VCMessage *m;
    VCServed d;

    vc_served_start(&d, &(VCServedOptions) {
        .server = server, .chardev = VC_RECONNECT,
    });
    vc_served_wait(&d, true);
    session = vc_sample_session(d.vc, VC_STD);
    m = vc_served_request_start(&d, 0, session);
    server.lazy = false;
    vc_server_change(d.server, &server);
    reconnect(&d);
    vc_finish(m);
    g_assert_cmpuint(vc_server_served(d.server), ==, 1);
    vc_served_check_alive(&d);
    if (protocol) {
        g_assert_cmpuint(vc_server_count(d.server, VC_VHOST_GET_INFLIGHT_FD),
                         ==, 1);
        g_assert_cmpuint(vc_server_count(d.server, VC_VHOST_SET_INFLIGHT_FD),
                         ==, 2);
    }
    vc_served_end(&d);
}

static void test_waiting_request(void)
{
    check_waiting_request(0);
}

static void test_inflight(void)
{
    check_waiting_request(VC_VHOST_P_INFLIGHT);
}

/* Migration */

#define LOGS_WRITES                                                     \
    .features = VC_VHOST_USUAL | VC_VHOST_LOG_ALL,                      \
    .protocol = VC_VHOST_P_MQ | VC_VHOST_P_SESSION | VC_VHOST_P_LOG_SHMFD

/* Another server has the sessions, and the request that was not answered. */
static void test_migration(void)
{
    const VCServerOptions there = { LOGS_WRITES, .keeps_ids = true };
    VCServer *server = vc_server_new(&there);
    g_autofree char *options = g_strdup_printf(
        "-machine q35,memory-backend=ram -nodefaults"
        " -object memory-backend-memfd,id=ram,share=on,size=128M"
        " -chardev socket,id=ch0,path=%s"
        " -object cryptodev-vhost-user,id=cryptodev0,chardev=ch0"
        " -device virtio-crypto-pci,cryptodev=cryptodev0,addr=04.0",
        vc_server_path(server));
    g_autofree uint8_t *last = NULL;
    uint64_t session;
    uint32_t size;
    VCMessage *m;
    VCServed d;

    vc_served_start(&d, &(VCServedOptions) {
        .server = { LOGS_WRITES, .keeps_ids = true, .lazy = true },
    });
    session = vc_sample_session(d.vc, VC_STD);
    m = vc_served_request_start(&d, 0, session);
    vc_machine_move(&d.m, d.vc, options);
    d.vc->ram = NULL;
    vc_finish(m);
    last = vc_server_last(server, VC_VHOST_CREATE_SESSION, &size);
    g_assert_cmpuint(ldq_he_p(last + VC_VHOST_CREATE_SIZE - 8), ==, session);
    vc_served_request(&d, 0, session);
    destroy(&d, session, VC_OK);
    vc_served_check_alive(&d);
    vc_served_end(&d);
    vc_server_free(server);
}

/* A server that gives other ids, or does not log, keeps the VM here. */
static void test_stays(void)
{
    static const VCServerOptions servers[] = {
        { LOGS_WRITES }, { .keeps_ids = true },
    };

    for (int i = 0; i < ARRAY_SIZE(servers); i++) {
        QDict *response;
        const char *why;
        VCServed d;

        vc_served_start(&d, &(VCServedOptions) { .server = servers[i] });
        response = qtest_qmp(d.vc->qts, "{ 'execute': 'migrate', 'arguments': {"
                             " 'uri': 'exec:cat > /dev/null' } }");
        why = qdict_get_str(qdict_get_qdict(response, "error"), "desc");
        g_assert_nonnull(strstr(why, "cryptodev 'cryptodev0': "));
        qobject_unref(response);
        vc_served_end(&d);
    }
}

/* Unfit servers */

static const VCServerOptions unfit[] = {
    { .features = VC_VHOST_USUAL & ~VC_VHOST_VERSION_1 },
    { .features = VC_VHOST_USUAL & ~VC_VHOST_PROTOCOL },
    { .protocol = VC_VHOST_P_MQ },
    /* the driver has accepted more */
    { .features = VC_VHOST_USUAL & ~VC_VHOST_INDIRECT },
    /* there are two queues */
    { .queues = 1 },
    { .protocol = VC_VHOST_P_SESSION },
};

static void test_unfit(void)
{
    const VCServerOptions fit = { .queues = 2, .keeps_ids = true };
    uint64_t session;
    VCServed d;

    vc_served_start(&d, &(VCServedOptions) {
        .server = fit, .chardev = VC_RECONNECT, .backend = ",queues=2",
    });
    vc_served_wait(&d, true);
    session = vc_sample_session(d.vc, VC_STD);
    for (int i = 0; i < ARRAY_SIZE(unfit); i++) {
        VCServerOptions options = unfit[i];

        options.queues = options.queues ?: 2;
        options.keeps_ids = true;
        vc_server_change(d.server, &options);
        reconnect(&d);
        /* it is refused, and comes again */
        reconnect(&d);
        g_assert_false(vc_served_ready(&d));
        refused_session(&d, VC_ERR);
        vc_server_change(d.server, &fit);
        vc_served_wait(&d, true);
        vc_served_request(&d, 1, session);
    }
    vc_served_end(&d);
}

/* Lies */

typedef struct Lie {
    const char *name;
    VCLie lie;
} Lie;

static const Lie lies[] = {
    { "close", VC_LIE_CLOSE },
    { "mute", VC_LIE_MUTE },
    { "short", VC_LIE_SHORT },
    { "long", VC_LIE_LONG },
    { "huge", VC_LIE_HUGE },
    { "flags", VC_LIE_FLAGS },
    { "number", VC_LIE_REQUEST },
    { "cut", VC_LIE_CUT },
};

/* The answers that QEMU waits for when a server comes */
static const unsigned greetings[] = {
    VC_VHOST_GET_FEATURES, VC_VHOST_GET_PROTOCOL_FEATURES,
    VC_VHOST_GET_QUEUE_NUM, VC_VHOST_GET_CONFIG,
};

/* A server lies when it comes; the next one does not. */
static void test_greeting(const void *data)
{
    const Lie *lie = data;
    const uint8_t config[56] = { [4] = 1 };
    const VCServerOptions honest = {
        .features = VC_VHOST_USUAL | VC_F_REVISION_1,
        .protocol = VC_VHOST_P_MQ | VC_VHOST_P_SESSION | VC_VHOST_P_CONFIG,
        .config = config,
    };
    VCServed d;

    vc_served_start(&d, &(VCServedOptions) {
        .chardev = VC_RECONNECT, .backend = IMPATIENT,
    });
    vc_served_wait(&d, true);
    for (int i = 0; i < ARRAY_SIZE(greetings); i++) {
        VCServerOptions liar = honest;

        liar.lie = lie->lie;
        liar.lie_at = greetings[i];
        vc_server_change(d.server, &liar);
        reconnect(&d);
        vc_server_wait(d.server, greetings[i],
                       vc_server_count(d.server, greetings[i]) + 2);
        vc_server_change(d.server, &(VCServerOptions) { });
        vc_served_wait(&d, true);
        vc_served_check_alive(&d);
    }
    vc_served_end(&d);
}

/* A server lies when a session is asked for: that costs an error. */
static void test_session_lie(const void *data)
{
    const Lie *lie = data;
    uint64_t session;
    VCServed d;

    vc_served_start(&d, &(VCServedOptions) {
        .server = {
            .lie = lie->lie, .lie_at = VC_VHOST_CREATE_SESSION,
            .lie_after = 1, .keeps_ids = true,
        },
        .chardev = VC_RECONNECT, .backend = IMPATIENT,
    });
    vc_served_wait(&d, true);
    session = vc_sample_session(d.vc, VC_STD);
    vc_server_change(d.server, &(VCServerOptions) { .keeps_ids = true });
    refused_session(&d, VC_ERR);
    /* the one that was good is so again */
    vc_server_wait(d.server, VC_VHOST_CREATE_SESSION, 3);
    vc_served_wait(&d, true);
    vc_served_request(&d, 0, session);
    vc_served_check_alive(&d);
    g_assert_cmpuint(vc_server_connections(d.server), ==, 2);
    vc_served_end(&d);
}

/* A server does not give the rings back. */
static void test_ring_lie(const void *data)
{
    const Lie *lie = data;
    VCServed d;

    vc_served_start(&d, &(VCServedOptions) {
        .server = {
            .lie = lie->lie, .lie_at = VC_VHOST_GET_VRING_BASE,
        },
        .chardev = VC_RECONNECT, .backend = IMPATIENT,
    });
    vc_served_wait(&d, true);
    vc_served_check_alive(&d);
    vc_server_change(d.server, &(VCServerOptions) { });
    qtest_qmp_assert_success(d.vc->qts, "{ 'execute': 'stop' }");
    qtest_qmp_assert_success(d.vc->qts, "{ 'execute': 'cont' }");
    reconnect(&d);
    vc_served_wait(&d, true);
    vc_served_check_alive(&d);
    vc_served_end(&d);
}

/* A server that refuses is not to blame. */
static void test_refusals(void)
{
    static const struct {
        int64_t answer;
        VCStatus status;
    } refusals[] = {
        { -1, VC_ERR }, { -2, VC_BADMSG }, { -3, VC_NOTSUPP }, { -4, VC_ERR },
        /* that of -5 is for drivers with REVISION_1 */
        { -5, VC_ERR }, { -6, VC_KEY_REJECTED }, { -7, VC_ERR },
        { INT32_MIN, VC_ERR }, { INT64_MIN, VC_ERR },
        { INT64_MIN + 2, VC_ERR },
    };
    VCServed d;

    vc_served_start(&d, &(VCServedOptions) { .chardev = VC_RECONNECT });
    vc_served_wait(&d, true);
    for (int i = 0; i < ARRAY_SIZE(refusals); i++) {
        vc_server_change(d.server, &(VCServerOptions) {
            .refusal = refusals[i].answer,
        });
        reconnect(&d);
        vc_served_wait(&d, true);
        refused_session(&d, refusals[i].status);
        g_assert_true(vc_served_ready(&d));
        g_assert_cmpuint(vc_server_connections(d.server), ==, i + 2);
    }
    vc_served_end(&d);
}

static void test_ids(void)
{
    static const int64_t ids[] = { 1, INT32_MAX, 1ll << 32, INT64_MAX - 1,
                                   INT64_MAX };
    VCServed d;

    vc_served_start(&d, &(VCServedOptions) { .chardev = VC_RECONNECT });
    vc_served_wait(&d, true);
    for (int i = 0; i < ARRAY_SIZE(ids); i++) {
        vc_server_change(d.server, &(VCServerOptions) { .first_id = ids[i] });
        reconnect(&d);
        vc_served_wait(&d, true);
        g_assert_cmpint(vc_sample_session(d.vc, VC_STD), ==, ids[i]);
        vc_served_request(&d, 0, ids[i]);
        destroy(&d, ids[i], VC_OK);
        g_assert_cmpuint(vc_server_connections(d.server), ==, i + 2);
    }
    vc_served_end(&d);
}

/* Two sessions with one id would be one. */
static void test_same_id(void)
{
    uint64_t session;
    VCServed d;

    vc_served_start(&d, &(VCServedOptions) {
        .server.same_id = true, .server.first_id = 9,
        .server.keeps_ids = true, .chardev = VC_RECONNECT,
    });
    vc_served_wait(&d, true);
    session = vc_sample_session(d.vc, VC_STD);
    g_assert_cmpuint(session, ==, 9);
    refused_session(&d, VC_ERR);
    vc_served_wait(&d, true);
    g_assert_cmpuint(vc_server_connections(d.server), ==, 2);
    vc_served_request(&d, 0, session);
    destroy(&d, session, VC_OK);
    vc_served_end(&d);
}

/* A server that goes after any message */
static void test_gone(void)
{
    VCServerOptions server = { .keeps_ids = true };
    uint64_t session;
    VCServed d;

    vc_served_start(&d, &(VCServedOptions) {
        .server = server, .chardev = VC_RECONNECT, .backend = IMPATIENT,
    });
    vc_served_wait(&d, true);
    session = vc_sample_session(d.vc, VC_STD);
    for (server.close_after = 1; server.close_after <= 24;
         server.close_after++) {
        vc_server_change(d.server, &server);
        reconnect(&d);
        vc_server_change(d.server, &(VCServerOptions) { .keeps_ids = true });
        reconnect(&d);
        vc_served_wait(&d, true);
        vc_served_request(&d, 0, session);
    }
    destroy(&d, session, VC_OK);
    vc_served_end(&d);
}

static void add_lies(const char *name, void (*run)(const void *data))
{
    for (int i = 0; i < ARRAY_SIZE(lies); i++) {
        g_autofree char *path =
            g_strdup_printf("virtio-crypto/vhost-user-lies/%s-%s", name,
                            lies[i].name);

        qtest_add_data_func(path, &lies[i], run);
    }
}

static void register_virtio_crypto_vhost_user_reconnect_test(void)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } tests[] = {
        { "late-server", test_late_server },
        { "late-client", test_late_client },
        { "replay-sessions", test_replay },
        { "replay-message", test_replay_message },
        { "lost-sessions", test_lost_sessions },
        { "waiting-request", test_waiting_request },
        { "inflight", test_inflight },
        { "migration", test_migration },
        { "stays", test_stays },
        { "unfit", test_unfit },
        { "refusals", test_refusals },
        { "ids", test_ids },
        { "same-id", test_same_id },
        { "gone", test_gone },
    };

    for (int i = 0; i < ARRAY_SIZE(tests); i++) {
        g_autofree char *path =
            g_strdup_printf("virtio-crypto/vhost-user-reconnect/%s",
                            tests[i].name);

        qtest_add_func(path, tests[i].run);
    }
    add_lies("greeting", test_greeting);
    add_lies("session", test_session_lie);
    add_lies("ring", test_ring_lie);
}

libqos_init(register_virtio_crypto_vhost_user_reconnect_test);
