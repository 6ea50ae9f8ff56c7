/*
 * QTest testcases for virtio-crypto: what the sessions of a migration cost
 *
 * With -m slow as many as the manual's table has; it is made of what these
 * print.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "qobject/qdict.h"
#include "libqos/virtio-crypto-akcipher.h"
#include "libqos/virtio-crypto-move.h"
#include "libqos/virtio-crypto-samples.h"

#define OPTIONS     VC_TRIP_MACHINE VC_TRIP_BACKEND VC_TRIP_DEVICE
#define SESSIONS    "virtio-crypto-device/sessions"

/* Bytes: of a device without sessions, and of one besides its keys */
#define STATE_LEN   69
#define SESSION_LEN 39

typedef struct Cost {
    const char *name;
    bool rsa;
    unsigned sessions, sessions_slow;
} Cost;

static const Cost costs[] = {
    { "none", false, 0, 0 },
    { "aes", false, 50, 1000 },
    { "many-aes", false, 100, 16384 },
    { "rsa", true, 5, 1000 },
};

/* Returns: bytes of state, by what there is to save */
static size_t make_sessions(VCClient *vc, const Cost *c, unsigned n)
{
    g_autoptr(VCCall) rsa = c->rsa ? vc_call_rsa(vc, VC_STD, VC_RSA_2048) :
                                     NULL;
    VCSession aes = { .vc = vc, VC_SAMPLE_SESSION };
    VCSession *s = c->rsa ? &rsa->session : &aes;

    for (unsigned i = 0; i < n; i++) {
        g_assert_cmphex(vc_create_session(s), !=, 0);
    }
    /* the header of the section, and a count */
    return STATE_LEN + (n ? 2 + strlen(SESSIONS) + 4 + 4 : 0) +
           n * (SESSION_LEN + s->key_len);
}

/* Bytes in a file from the state of the device on, up to that of the core */
static size_t count_state(const char *path)
{
    g_autofree char *data = NULL;
    const char *begin, *end;
    size_t len;

    g_assert_true(g_file_get_contents(path, &data, &len, NULL));
    begin = memmem(data, len, SESSIONS, strlen(SESSIONS));
    if (!begin) {
        return STATE_LEN;
    }
    end = memmem(begin, len - (begin - data), "virtio/", 7);
    return end - begin + STATE_LEN;
}

static bool is_running(QTestState *qts)
{
    QDict *response = qtest_qmp_assert_success_ref(
        qts, "{ 'execute': 'query-status' }");
    bool running = qdict_get_bool(response, "running");

    qobject_unref(response);
    return running;
}

/* Returns: for how long neither side ran, in ms, one or two too many */
static double move_live(VCTrip *t)
{
    g_autofree char *uri = g_strdup_printf("unix:%s", vc_move_path("socket"));
    QTestState *qts = vc_destination_start(OPTIONS);
    gint64 stopped;

    vc_migrate_incoming(qts, uri);
    qtest_qmp_assert_success(t->m.qts, "{ 'execute': 'migrate',"
                             " 'arguments': { 'uri': %s } }", uri);
    do {
        stopped = g_get_monotonic_time();
    } while (is_running(t->m.qts));
    while (!is_running(qts)) {
        /* look again at once */
    }
    stopped = g_get_monotonic_time() - stopped;
    vc_wait_migration(t->m.qts, "completed");
    vc_machine_adopt(&t->m, t->vc, qts);
    return stopped / 1000.0;
}

static void test_cost(const void *data)
{
    const Cost *c = data;
    unsigned n = g_test_slow() ? c->sessions_slow : c->sessions;
    size_t bytes;
    double ms;
    VCTrip t;

    vc_trip_start(&t, OPTIONS, 0);
    if (!c->rsa || vc_require_akcipher(t.vc)) {
        bytes = make_sessions(t.vc, c, n);
        ms = move_live(&t);
        vc_machine_save(&t.m, vc_move_path("state"));
        vc_trip_cont(&t);
        g_assert_cmpuint(count_state(vc_move_path("state")), ==, bytes);
        g_test_message("%s: %u sessions, %zu bytes, %.1f ms", c->name, n,
                       bytes, ms);
        vc_restart(t.vc);
    }
    vc_check_alive(t.vc, VC_STD);
    vc_trip_end(&t);
}

static void register_virtio_crypto_migration_cost_test(void)
{
    for (int i = 0; i < ARRAY_SIZE(costs); i++) {
        g_autofree char *path = g_strdup_printf(
            "virtio-crypto/migration/cost/%s", costs[i].name);

        qtest_add_data_func(path, &costs[i], test_cost);
    }
}

libqos_init(register_virtio_crypto_migration_cost_test);
