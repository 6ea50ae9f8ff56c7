/*
 * QTest testcases for virtio-crypto: monitor commands
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

/* Whether the list has @s, or something that begins with it and ": " */
static bool has_name(const QList *list, const char *s)
{
    const QListEntry *e;

    QLIST_FOREACH_ENTRY(list, e) {
        const char *found = qstring_get_str(qobject_to(QString, e->value));

        if (g_str_has_prefix(found, s) &&
            (!found[strlen(s)] || g_str_has_prefix(found + strlen(s), ": "))) {
            return true;
        }
    }
    return false;
}

static void test_query(const VCTest *t, VCClient *vc)
{
    QDict *info = vc_query_backend(vc);
    QList *clients = qdict_get_qlist(info, "client");
    const QListEntry *e;
    unsigned queue = 0;

    g_assert_cmpstr(qdict_get_str(info, "id"), ==, "cryptodev0");
    g_assert_true(has_name(qdict_get_qlist(info, "service"), "cipher"));
    QLIST_FOREACH_ENTRY(clients, e) {
        QDict *client = qobject_to(QDict, e->value);

        g_assert_cmpint(qdict_get_int(client, "queue"), ==, queue++);
        g_assert_cmpstr(qdict_get_str(client, "type"), ==, "builtin");
    }
    g_assert_cmpuint(queue, ==, vc->n_queues);
    qobject_unref(info);
}

static int64_t query_int(VCClient *vc, const char *name)
{
    QDict *info = vc_query_backend(vc);
    int64_t value = qdict_get_int(info, name);

    qobject_unref(info);
    return value;
}

/* Whether there are sessions, and for whom */
static void test_query_sessions(const VCTest *t, VCClient *vc)
{
    int64_t before = query_int(vc, "sessions");
    uint64_t session = vc_sample_session(vc, t->format);

    vc_sample_session(vc, t->format);
    g_assert_cmpint(query_int(vc, "sessions") - before, ==, 2);
    vc_destroy_session(&(VCDestroy) {
        .vc = vc, .format = t->format, .session = session,
    });
    g_assert_cmpint(query_int(vc, "sessions") - before, ==, 1);
    vc_restart(vc);
    g_assert_cmpint(query_int(vc, "sessions"), ==, 0);
}

/* A bad request counts once, on whichever queue, and a good one does not. */
static void test_query_refused(const VCTest *t, VCClient *vc)
{
    static const VCPoke no_opcode[] = { { 4, NULL, 0, UINT32_MAX }, { } };
    uint64_t session = vc_sample_session(vc, t->format);
    int64_t before = query_int(vc, "refused");

    vc_sample_request(vc, t->format, session, VC_OK);
    g_assert_cmpint(query_int(vc, "refused"), ==, before);
    vc_sample_request(vc, t->format, 0, VC_INVSESS);
    g_assert_cmpint(query_int(vc, "refused"), ==, before + 1);
    vc_request(&(VCRequest) {
        .vc = vc, .format = t->format, .session = session, VC_SAMPLE_ENCRYPT,
        .shape.poke = no_opcode,
        .expect = t->format == VC_V11 ? VC_UNANSWERED : VC_NOTSUPP,
    });
    g_assert_cmpint(query_int(vc, "refused"), ==, before + 2);
    vc_destroy_session(&(VCDestroy) {
        .vc = vc, .format = t->format, .session = 0, .expect = VC_ERR,
    });
    g_assert_cmpint(query_int(vc, "refused"), ==, before + 3);
}

static void assert_device(QDict *info, const char *path, bool driver,
                          bool ready)
{
    g_assert_cmpstr(qdict_get_try_str(info, "device"), ==, path);
    g_assert_cmpint(qdict_haskey(info, "driver"), ==, !!path);
    g_assert_cmpint(qdict_get_try_bool(info, "driver", false), ==, driver);
    g_assert_cmpint(qdict_get_bool(info, "ready"), ==, ready);
}

/* Who uses the backend */
static void test_query_device(const VCTest *t, VCClient *vc)
{
    g_autofree char *path = NULL;
    QDict *info = vc_query_backend(vc);

    path = g_strdup(qdict_get_str(info, "device"));
    g_assert_nonnull(strstr(path, "/virtio-backend"));
    assert_device(info, path, true, true);
    qobject_unref(info);

    qvirtio_reset(vc->vdev);
    info = vc_query_backend(vc);
    assert_device(info, path, false, true);
    qobject_unref(info);

    qtest_qom_set_bool(vc->qts, BACKEND, "ready", false);
    info = vc_query_backend(vc);
    assert_device(info, path, false, false);
    qobject_unref(info);
    qtest_qom_set_bool(vc->qts, BACKEND, "ready", true);
}

/* Each algorithm that the device announces is somebody's. */
static void test_query_algorithms(const VCTest *t, VCClient *vc)
{
    QDict *info = vc_query_backend(vc);
    QList *algorithms = qdict_get_qlist(info, "algorithms");
    const QListEntry *e;
    unsigned num = 0;

    QLIST_FOREACH_ENTRY(algorithms, e) {
        QDict *algo = qobject_to(QDict, e->value);

        g_assert_cmpstr(qdict_get_str(algo, "provider"), ==, t->provider);
        g_assert_nonnull(qdict_get_try_str(algo, "name"));
        g_assert_true(has_name(qdict_get_qlist(info, "service"),
                                 qdict_get_str(algo, "service")));
    }
    for (CryptoDevAlgo algo = 1; algo < CRYPTODEV_ALGO__MAX; algo++) {
        num += vc_offers(vc, algo);
    }
    g_assert_cmpuint(num, >, 0);
    /* ECDSA is not for every driver */
    g_assert_cmpuint(qlist_size(algorithms), >=, num);
    g_assert_cmpuint(qlist_size(algorithms), <=, num + 1);
    qobject_unref(info);
}

static void test_info(const VCTest *t, VCClient *vc)
{
    g_autofree char *text = qtest_hmp(vc->qts, "info cryptodev");
    g_autofree char *stats = qtest_hmp(vc->qts, "info stats cryptodev");

    g_assert_nonnull(strstr(text, "cryptodev0: service=["));
    g_assert_nonnull(strstr(text, "cipher"));
    g_assert_nonnull(strstr(text, "queue 0: type=builtin"));
    g_assert_nonnull(strstr(text, "ready, used by /machine/"));
    g_assert_nonnull(strstr(text, "with a driver"));
    g_assert_nonnull(strstr(text, "sessions=0 refused=0 waiting=0 running=0"));
    g_assert_nonnull(strstr(text, " aes-cbc"));
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
    g_assert_true(has_name(names, "VIRTIO_CRYPTO_F_REVISION_1"));
    for (int i = 0; i < ARRAY_SIZE(services); i++) {
        g_autofree char *name =
            g_strdup_printf("VIRTIO_CRYPTO_F_%s_STATELESS_MODE",
                            services[i]);

        g_assert_cmpint(has_name(names, name), ==, vc_offers_service(vc, i));
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

/* Bytes are all that is processed: additional data, too. */
static void test_stats_aad(const VCTest *t, VCClient *vc)
{
    g_autoptr(VCCall) aead = vc_call_random(vc, t->format,
                                            CRYPTODEV_ALGO_AES_GCM, 48, 100,
                                            VC_OP_ENCRYPT);
    g_autoptr(VCCall) chain = vc_call_chain(vc, t->format, VC_HASH_THEN_CIPHER,
                                            VC_OP_ENCRYPT, true);
    int64_t aead_bytes = counter(vc, "aead-encrypt-bytes");
    int64_t chain_bytes = counter(vc, "sym-encrypt-bytes");

    g_assert_cmpuint(chain->request.aad_len, >, 0);
    vc_call_once(aead, VC_OK);
    vc_call_once(chain, VC_OK);
    g_assert_cmpint(counter(vc, "aead-encrypt-bytes") - aead_bytes, ==, 148);
    g_assert_cmpint(counter(vc, "sym-encrypt-bytes") - chain_bytes, ==,
                    chain->request.src_len + chain->request.aad_len);
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
    vc->step_ns = NANOSECONDS_PER_SECOND;
    for (int i = 0; i < ARRAY_SIZE(messages); i++) {
        vc_finish(messages[i]);
    }
}

/* Additional data count for the limit: what comes next has to wait. */
static void test_throttle_aad(const VCTest *t, VCClient *vc)
{
    g_autoptr(VCCall) c = vc_call_random(vc, t->format, CRYPTODEV_ALGO_AES_GCM,
                                         16, 1000, VC_OP_ENCRYPT);
    uint64_t session = vc_sample_session(vc, t->format);
    VCMessage *large, *small;

    vc_call_open(c);
    large = vc_request_start(&c->request);
    small = vc_request_start(&(VCRequest) {
        .vc = vc, .format = t->format, .session = session, VC_SAMPLE_ENCRYPT,
    });
    vc_finish(large);
    /* each is a round trip, in which the device would go on */
    for (int i = 0; i < 50; i++) {
        vc_check_image(small);
    }
    vc_call_close(c);
    qtest_clock_step(vc->qts, NANOSECONDS_PER_SECOND);
    vc_finish(small);
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
    { 0, "monitor/query/queues", { test_query, .backend = ",queues=3" } },
    { VC_FOR_BOTH, "monitor/query/sessions", { test_query_sessions } },
    { VC_FOR_BOTH, "monitor/query/refused", { test_query_refused } },
    { 0, "monitor/query/device", { test_query_device } },
    { 0, "monitor/query/algorithms",
      { test_query_algorithms, .provider = "gcrypt" } },
    /* a QEMU of its own, whose counters are new */
    { 0, "monitor/info", { test_info, .backend = ",throttle-ops=0" } },
    { VC_FOR_STATELESS, "monitor/features", { test_features } },
    { VC_FOR_BOTH, "monitor/stats", { test_stats } },
    { VC_FOR_BOTH, "monitor/stats-aad", { test_stats_aad } },
    { VC_FOR_BOTH, "ready/requests", { test_ready } },
    { VC_FOR_BOTH, "ready/reset", { test_not_ready_reset } },
    { VC_FOR_BOTH, "throttle/lift", { test_throttle_lift } },
    { VC_FOR_BOTH, "throttle/ops",
      { test_throttle, .backend = ",throttle-ops=10" } },
    { VC_FOR_BOTH, "throttle/bps",
      { test_throttle, .backend = ",throttle-bps=640" } },
    { VC_FOR_BOTH, "throttle/aad",
      { test_throttle_aad, .backend = ",throttle-bps=1000" } },
    { }
};

static void register_virtio_crypto_monitor_test(void)
{
    vc_add_tests(tests);
}

libqos_init(register_virtio_crypto_monitor_test);
