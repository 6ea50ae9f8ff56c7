/*
 * QTest testcases for virtio-crypto: what a monitor sees and changes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "qobject/qdict.h"
#include "qobject/qlist.h"
#include "qobject/qstring.h"
#include "qemu/timer.h"
#include "libqos/virtio-crypto-calls.h"
#include "libqos/virtio-crypto-inflight.h"
#include "libqos/virtio-crypto-registry.h"
#include "libqos/virtio-crypto-samples.h"

#define CONFIG_STATUS   0
#define TIMEOUT_US      (30 * G_USEC_PER_SEC)
#define BACKEND         "/objects/cryptodev0"

/* query-cryptodev, query-stats */

/* Whether a string of the list begins with @prefix */
static bool has_prefix(const QList *list, const char *prefix)
{
    const QListEntry *e;

    QLIST_FOREACH_ENTRY(list, e) {
        if (g_str_has_prefix(qstring_get_str(qobject_to(QString, e->value)),
                             prefix)) {
            return true;
        }
    }
    return false;
}

static void test_query(const VCTest *t, VCClient *vc)
{
    QDict *response = qtest_qmp(vc->qts, "{ 'execute': 'query-cryptodev' }");
    QList *list = qdict_get_qlist(response, "return");
    QDict *info = qobject_to(QDict, qlist_peek(list));
    QList *clients = qdict_get_qlist(info, "client");
    const QListEntry *e;
    unsigned queue = 0;

    g_assert_cmpuint(qlist_size(list), ==, 1);
    g_assert_cmpstr(qdict_get_str(info, "id"), ==, "cryptodev0");
    g_assert_true(has_prefix(qdict_get_qlist(info, "service"), "cipher"));
    QLIST_FOREACH_ENTRY(clients, e) {
        QDict *client = qobject_to(QDict, e->value);

        g_assert_cmpint(qdict_get_int(client, "queue"), ==, queue++);
        g_assert_cmpstr(qdict_get_str(client, "type"), ==, "builtin");
    }
    g_assert_cmpuint(queue, ==, vc->n_queues);
    qobject_unref(response);
}

static void test_info(const VCTest *t, VCClient *vc)
{
    g_autofree char *text = qtest_hmp(vc->qts, "info cryptodev");
    g_autofree char *stats = qtest_hmp(vc->qts, "info stats cryptodev");

    g_assert_nonnull(strstr(text, "cryptodev0: service=["));
    g_assert_nonnull(strstr(text, "cipher"));
    g_assert_nonnull(strstr(text, "queue 0: type=builtin"));
    g_assert_nonnull(strstr(stats, "sym-encrypt-ops"));
}

/* The features of the driver, by name */
static void test_features(const VCTest *t, VCClient *vc)
{
    static const char *const services[] = {
        "CIPHER", "HASH", "MAC", "AEAD", "AKCIPHER",
    };
    QDict *devices = qtest_qmp(vc->qts, "{ 'execute': 'x-query-virtio' }");
    QDict *device = qobject_to(QDict, qlist_peek(
                                   qdict_get_qlist(devices, "return")));
    QDict *response = qtest_qmp(vc->qts,
        "{ 'execute': 'x-query-virtio-status', 'arguments': { 'path': %s } }",
        qdict_get_str(device, "path"));
    QDict *features = qdict_get_qdict(qdict_get_qdict(response, "return"),
                                      "guest-features");
    QList *names = qdict_get_qlist(features, "dev-features");

    g_assert_false(qdict_haskey(features, "unknown-dev-features"));
    g_assert_true(has_prefix(names, "VIRTIO_CRYPTO_F_REVISION_1: "));
    for (int i = 0; i < ARRAY_SIZE(services); i++) {
        g_autofree char *name =
            g_strdup_printf("VIRTIO_CRYPTO_F_%s_STATELESS_MODE: ",
                            services[i]);

        g_assert_cmpint(has_prefix(names, name), ==, vc_offers_service(vc, i));
    }
    qobject_unref(devices);
    qobject_unref(response);
}

static int64_t counter(VCClient *vc, const char *name)
{
    QDict *response = qtest_qmp(vc->qts, "{ 'execute': 'query-stats',"
                                " 'arguments': { 'target': 'cryptodev' } }");
    QDict *result = qobject_to(QDict, qlist_peek(
                                   qdict_get_qlist(response, "return")));
    const QListEntry *e;
    int64_t value = -1;

    g_assert_cmpstr(qdict_get_str(result, "provider"), ==, "cryptodev");
    QLIST_FOREACH_ENTRY(qdict_get_qlist(result, "stats"), e) {
        QDict *stat = qobject_to(QDict, e->value);

        if (g_str_equal(qdict_get_str(stat, "name"), name)) {
            value = qdict_get_int(stat, "value");
        }
    }
    qobject_unref(response);
    return value;
}

static void test_stats(const VCTest *t, VCClient *vc)
{
    static const struct {
        const char *name;
        int64_t value;
    } expected[] = {
        { "sym-encrypt-ops", 3 },
        { "sym-encrypt-bytes", 3 * VC_SAMPLE_LEN },
        { "sym-encrypt-errors", 2 },
        { "sym-decrypt-ops", 2 },
        { "sym-decrypt-bytes", 2 * VC_SAMPLE_LEN },
        { "sym-decrypt-errors", 0 },
    };
    uint64_t encrypt = vc_sample_session(vc, t->format);
    uint64_t decrypt = vc_create_session(&(VCSession) {
        .vc = vc, .format = t->format, VC_SAMPLE_SESSION, .op = VC_OP_DECRYPT,
    });
    int64_t before[ARRAY_SIZE(expected)];

    for (int i = 0; i < ARRAY_SIZE(expected); i++) {
        before[i] = counter(vc, expected[i].name);
        g_assert_cmpint(before[i], >=, 0);
    }
    for (int i = 0; i < 3; i++) {
        vc_sample_request(vc, t->format, encrypt, VC_OK);
    }
    vc_sample_request(vc, t->format, 0, VC_INVSESS);
    vc_sample_request(vc, t->format, decrypt, VC_ERR);
    for (int i = 0; i < 2; i++) {
        vc_request(&(VCRequest) {
            .vc = vc, .format = t->format, .opcode = VC_CIPHER_DECRYPT,
            .session = decrypt, .iv = vc_sample_iv, .iv_len = 16,
            .src = vc_sample_out, .src_len = VC_SAMPLE_LEN,
            .out = vc_sample_in,
        });
    }
    for (int i = 0; i < ARRAY_SIZE(expected); i++) {
        vc->context = expected[i].name;
        g_assert_cmpint(counter(vc, expected[i].name) - before[i], ==,
                        expected[i].value);
    }
}

/* HW_READY */

static void set_ready(VCClient *vc, bool ready)
{
    qtest_qom_set_bool(vc->qts, BACKEND, "ready", ready);
    qvirtio_wait_config_isr(vc->vdev, TIMEOUT_US);
    g_assert_cmphex(qvirtio_config_readl(vc->vdev, CONFIG_STATUS), ==, ready);
}

static void test_ready(const VCTest *t, VCClient *vc)
{
    uint64_t session = vc_sample_session(vc, t->format);

    for (int i = 0; i < 2; i++) {
        set_ready(vc, false);
        vc_sample_request(vc, t->format, session, VC_ERR);
        vc_create_session(&(VCSession) {
            .vc = vc, .format = t->format, VC_SAMPLE_SESSION, .expect = VC_ERR,
        });
        set_ready(vc, true);
        vc_sample_request(vc, t->format, session, VC_OK);
        vc_check_alive(vc, t->format);
    }
}

/* It is a state of the backend: a reset does not change it. */
static void test_not_ready_reset(const VCTest *t, VCClient *vc)
{
    set_ready(vc, false);
    vc_restart(vc);
    g_assert_cmphex(qvirtio_config_readl(vc->vdev, CONFIG_STATUS), ==, 0);
    set_ready(vc, true);
    vc_check_alive(vc, t->format);
}

/* Limits */

/* As time goes by all is served. */
static void test_throttle(const VCTest *t, VCClient *vc)
{
    uint64_t session = vc_sample_session(vc, t->format);
    VCMessage *messages[20];

    for (int i = 0; i < ARRAY_SIZE(messages); i++) {
        messages[i] = vc_request_start(&(VCRequest) {
            .vc = vc, .format = t->format, .session = session,
            VC_SAMPLE_ENCRYPT,
        });
    }
    vc_check_image(messages[ARRAY_SIZE(messages) - 1]);
    for (int i = 0; i < ARRAY_SIZE(messages); i++) {
        qtest_clock_step(vc->qts, NANOSECONDS_PER_SECOND);
    }
    for (int i = 0; i < ARRAY_SIZE(messages); i++) {
        vc_finish(messages[i]);
    }
}

/* Lifting the limit lets the queue go on, with no kick and at no other time. */
static void test_throttle_lift(const VCTest *t, VCClient *vc)
{
    VCInflight b;

    for (int i = 0; i < 2; i++) {
        vc_inflight_start(&b, vc, t->format, VC_HELD, "cryptodev0");
        vc_set_backend(vc, "cryptodev0", "throttle-ops", 0);
        for (int j = 0; j < b.num; j++) {
            vc_wait(b.messages[j]);
        }
        vc_inflight_finish(&b);
    }
}

static const VCTestEntry tests[] = {
    { 0, "monitor/query", { test_query, .backend = ",queues=3" } },
    { 0, "monitor/info", { test_info } },
    { VC_FOR_STATELESS, "monitor/features", { test_features } },
    { VC_FOR_BOTH, "monitor/stats", { test_stats } },
    { VC_FOR_BOTH, "ready/requests", { test_ready } },
    { VC_FOR_BOTH, "ready/reset", { test_not_ready_reset } },
    { VC_FOR_BOTH, "throttle/lift", { test_throttle_lift } },
    { VC_FOR_BOTH, "throttle/ops",
      { test_throttle, .backend = ",throttle-ops=10" } },
    { VC_FOR_BOTH, "throttle/bps",
      { test_throttle, .backend = ",throttle-bps=640" } },
    { }
};

static void register_virtio_crypto_monitor_test(void)
{
    vc_add_tests(tests);
}

libqos_init(register_virtio_crypto_monitor_test);
