/*
 * QTest testcases for virtio-crypto: reset, stop and unplug, with requests in
 * flight
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "qobject/qdict.h"
#include "qobject/qlist.h"
#include "libqos/virtio-crypto-akcipher.h"
#include "libqos/virtio-crypto-inflight.h"
#include "libqos/virtio-crypto-registry.h"
#include "libqos/virtio-crypto-samples.h"

#define BACKEND     "cryptodev0"

static void destroy(VCClient *vc, VCFormat format, uint64_t session,
                    VCStatus expect)
{
    vc_destroy_session(&(VCDestroy) {
        .vc = vc, .format = format, .session = session, .expect = expect,
    });
}

static VCInflightKind inflight_kind(const VCTest *t)
{
    return g_str_equal(t->arg, "large") ? VC_LARGE : VC_HELD;
}

/* Reset */

#define SESSIONS    4

static void test_reset(const VCTest *t, VCClient *vc)
{
    uint64_t before[SESSIONS], after;

    for (int i = 0; i < SESSIONS; i++) {
        before[i] = vc_sample_session(vc, t->format);
    }
    vc_restart(vc);
    for (int i = 0; i < SESSIONS; i++) {
        vc_sample_request(vc, t->format, before[i], VC_INVSESS);
        destroy(vc, t->format, before[i], VC_ERR);
    }
    for (int i = 0; i < SESSIONS; i++) {
        after = vc_sample_session(vc, t->format);
        vc_sample_request(vc, t->format, after, VC_OK);
        vc_sample_request(vc, t->format, before[i], VC_INVSESS);
    }
}

/* Requests that are in flight at a reset do nothing after it. */
static void test_reset_in_flight(const VCTest *t, VCClient *vc)
{
    VCInflight b;

    vc_inflight_start(&b, vc, t->format, inflight_kind(t), BACKEND);
    vc_stop(vc);
    vc_inflight_settle(&b);
    vc_start(vc);
    vc_inflight_lift(&b);
    vc_sample_request(vc, t->format, b.request.session, VC_INVSESS);
    vc_check_alive(vc, t->format);
    vc_inflight_forget(&b);
}

/* The reset of a queue is not one of the device: sessions stay. */
static void test_queue_reset(const VCTest *t, VCClient *vc)
{
    VCInflight b;

    vc_inflight_start(&b, vc, t->format, inflight_kind(t), BACKEND);
    vc_stop_queue(vc, 0);
    vc_inflight_settle(&b);
    vc_start_queue(vc, 0);
    vc_inflight_lift(&b);
    vc_request(&b.request);
    vc_check_alive(vc, t->format);
    vc_inflight_forget(&b);
}

static void test_destroy_in_flight(const VCTest *t, VCClient *vc)
{
    VCInflight b;
    uint64_t session;

    vc_inflight_start(&b, vc, t->format, inflight_kind(t), BACKEND);
    session = b.request.session;
    vc_inflight_destroy_session(&b);
    vc_inflight_finish(&b);
    vc_sample_request(vc, t->format, session, VC_INVSESS);
    vc_check_alive(vc, t->format);
}

/* Stop and start */

/* While the machine is stopped nothing is done; no kick gets lost. */
static void test_stop_cont(const VCTest *t, VCClient *vc)
{
    VCMessage *stopped;
    VCInflight b;

    vc_inflight_start(&b, vc, t->format, inflight_kind(t), BACKEND);
    qtest_qmp_assert_success(vc->qts, "{ 'execute': 'stop' }");
    stopped = vc_request_start(&b.request);
    qtest_qmp_assert_success(vc->qts, "{ 'execute': 'query-status' }");
    vc_check_image(stopped);
    qtest_qmp_assert_success(vc->qts, "{ 'execute': 'cont' }");
    vc_inflight_finish(&b);
    vc_finish(stopped);
    vc_check_alive(vc, t->format);
}

/* The power of one is one. */
static VCCall *call_rsa(VCClient *vc, VCFormat f, int key, uint32_t op)
{
    uint32_t room = vc_rsa_bits(key) / 8;
    g_autofree char *one = g_strdup_printf("%0*d", 2 * room, 1);
    VCAkOp o = {
        CRYPTODEV_ALGO_RSA, op, VC_PRIVATE, VC_RSA_RAW, VC_RSA_NO_HASH,
        vc_rsa_key(key, VC_PRIVATE), "01", one,
    };
    VCCall *c = vc_call_ak(vc, f, &o, room);

    vc_call_open(c);
    return c;
}

static bool backend_is_busy(VCClient *vc)
{
    QDict *info = vc_query_backend(vc);
    bool busy = qdict_get_int(info, "waiting") ||
                qdict_get_int(info, "running");

    qobject_unref(info);
    return busy;
}

#define LONG_CALLS      16
#define SHORT_CALLS     64

/*
 * While the machine is stopped many public-key operations come to their end.
 * All are answered when it goes on, though nothing else happens then.  Short
 * ones queue up behind as many long ones as the backend may have threads.
 */
static void test_many_done(const VCTest *t, VCClient *vc)
{
    g_autoptr(VCCall) slow = NULL;
    g_autoptr(VCCall) quick = NULL;
    VCMessage *messages[LONG_CALLS + SHORT_CALLS];
    int n = 0;

    if (!vc_require_akcipher(vc)) {
        return;
    }
    slow = call_rsa(vc, t->format, VC_RSA_4096, VC_OP_DECRYPT);
    quick = call_rsa(vc, t->format, VC_RSA_1024, VC_OP_ENCRYPT);
    vc_set_backend(vc, BACKEND, "throttle-ops", 1);
    vc_call_send(quick, VC_OK);
    while (n < LONG_CALLS) {
        slow->request.queue = 1 + n % 2;
        messages[n++] = vc_request_start(&slow->request);
    }
    while (n < ARRAY_SIZE(messages)) {
        messages[n++] = vc_request_start(&quick->request);
    }
    vc_set_backend(vc, BACKEND, "throttle-ops", 0);
    qtest_qmp_assert_success(vc->qts, "{ 'execute': 'stop' }");
    while (backend_is_busy(vc)) {
        /* each look is a round trip */
    }
    qtest_qmp_assert_success(vc->qts, "{ 'execute': 'cont' }");
    for (int i = 0; i < n; i++) {
        vc_finish(messages[i]);
    }
    vc_check_alive(vc, t->format);
}

/* A request from before DRIVER_OK is served after it, without a kick. */
static void test_before_driver_ok(const VCTest *t, VCClient *vc)
{
    VCMessage *early = vc_request_start(&(VCRequest) {
        .vc = vc, .format = t->format, .session = 12345, VC_SAMPLE_ENCRYPT,
        .expect = VC_INVSESS,
    });

    qtest_qmp_assert_success(vc->qts, "{ 'execute': 'query-status' }");
    vc_check_image(early);
    vc_driver_ok(vc);
    vc_finish(early);
    vc_check_alive(vc, t->format);
}

/* Coming and going */

#define HP_SLOT     0x06

static void backend_add(QTestState *qts)
{
    qtest_qmp_assert_success(qts, "{ 'execute': 'object-add', 'arguments': {"
                             " 'qom-type': 'cryptodev-backend-builtin',"
                             " 'id': 'cryptodev1', 'queues': 2 } }");
}

/* The error of a command, as its message. */
static char *take_error(QDict *response)
{
    char *message = g_strdup(qdict_get_str(qdict_get_qdict(response, "error"),
                                           "desc"));

    qobject_unref(response);
    return message;
}

static void backend_del_in_use(QTestState *qts)
{
    g_autofree char *message = take_error(qtest_qmp(qts,
        "{ 'execute': 'object-del', 'arguments': { 'id': 'cryptodev1' } }"));

    g_assert_nonnull(strstr(message, "cryptodev1"));
    g_assert_nonnull(strstr(message, "in use"));
}

static void device_add_in_use(QTestState *qts)
{
    g_autofree char *message = take_error(qtest_qmp(qts,
        "{ 'execute': 'device_add', 'arguments': {"
        " 'driver': 'virtio-crypto-pci', 'cryptodev': 'cryptodev1' } }"));

    g_assert_nonnull(strstr(message, "cryptodev1"));
    g_assert_null(strchr(message, '\n'));
}

static VCClient *plug(VCClient *vc)
{
    qtest_qmp_device_add(vc->qts, "virtio-crypto-pci", "crypto1",
                         "{ 'addr': %s, 'cryptodev': 'cryptodev1' }",
                         stringify(HP_SLOT) ".0");
    return vc_open_pci(vc->pci->pdev->bus, QPCI_DEVFN(HP_SLOT, 0), vc->alloc);
}

static void test_hotplug(const VCTest *t, VCClient *vc)
{
    QVirtioPCIDevice *dev;
    VCClient *vc1;

    if (vc->pci->pdev->bus->not_hotpluggable) {
        g_test_skip("the PCI bus does not support hotplug");
        return;
    }
    backend_add(vc->qts);
    for (int i = 0; i < 3; i++) {
        vc1 = plug(vc);
        dev = vc1->pci;
        vc_check_alive(vc1, t->format);
        vc_sample_session(vc1, t->format);
        backend_del_in_use(vc->qts);
        device_add_in_use(vc->qts);
        vc_close(vc1);
        qos_object_destroy(&dev->obj);
        qpci_unplug_acpi_device_test(vc->qts, "crypto1", HP_SLOT);
    }
    qtest_qmp_assert_success(vc->qts, "{ 'execute': 'object-del',"
                             " 'arguments': { 'id': 'cryptodev1' } }");
    vc_check_alive(vc, t->format);
}

static void test_unplug_in_flight(const VCTest *t, VCClient *vc)
{
    QVirtioPCIDevice *dev;
    VCClient *vc1;
    VCInflight b;

    if (vc->pci->pdev->bus->not_hotpluggable) {
        g_test_skip("the PCI bus does not support hotplug");
        return;
    }
    backend_add(vc->qts);
    vc1 = plug(vc);
    dev = vc1->pci;
    vc_inflight_start(&b, vc1, t->format, inflight_kind(t), "cryptodev1");
    qpci_unplug_acpi_device_test(vc->qts, "crypto1", HP_SLOT);
    vc_inflight_settle(&b);
    vc_inflight_lift(&b);
    qtest_qmp_assert_success(vc->qts, "{ 'execute': 'object-del',"
                             " 'arguments': { 'id': 'cryptodev1' } }");
    vc_check_alive(vc, t->format);
    vc_inflight_forget(&b);
    vc_abandon(vc1);
    qos_object_destroy(&dev->obj);
}

/* What still computes needs neither the thread of the queue nor the backend. */
static void test_unplug_iothread(const VCTest *t, VCClient *vc)
{
    QVirtioPCIDevice *dev;
    VCClient *vc1;
    VCInflight b;

    if (vc->pci->pdev->bus->not_hotpluggable) {
        g_test_skip("the PCI bus does not support hotplug");
        return;
    }
    backend_add(vc->qts);
    qtest_qmp_assert_success(vc->qts, "{ 'execute': 'object-add', 'arguments':"
                             " { 'qom-type': 'iothread', 'id': 'unplug0' } }");
    qtest_qmp_device_add(vc->qts, "virtio-crypto-pci", "crypto1",
                         "{ 'addr': %s, 'cryptodev': 'cryptodev1',"
                         " 'iothread': 'unplug0' }", stringify(HP_SLOT) ".0");
    vc1 = vc_open_pci(vc->pci->pdev->bus, QPCI_DEVFN(HP_SLOT, 0), vc->alloc);
    dev = vc1->pci;
    vc_inflight_start(&b, vc1, t->format, VC_LARGE, "cryptodev1");
    qpci_unplug_acpi_device_test(vc->qts, "crypto1", HP_SLOT);
    vc_inflight_settle(&b);
    qtest_qmp_assert_success(vc->qts, "{ 'execute': 'object-del',"
                             " 'arguments': { 'id': 'cryptodev1' } }");
    qtest_qmp_assert_success(vc->qts, "{ 'execute': 'object-del',"
                             " 'arguments': { 'id': 'unplug0' } }");
    vc_check_alive(vc, t->format);
    vc_inflight_forget(&b);
    vc_abandon(vc1);
    qos_object_destroy(&dev->obj);
}

static const VCTestEntry tests[] = {
    { VC_FOR_SESSIONS, "reset/sessions", { test_reset } },
    { VC_FOR_BOTH, "before-driver-ok",
      { test_before_driver_ok, .no_driver_ok = true } },
    { VC_FOR_BOTH, "before-driver-ok-no-ioeventfd",
      { test_before_driver_ok, .no_driver_ok = true,
        .device = "ioeventfd=off" } },
    { VC_FOR_STD, "many-done", { test_many_done, .backend = ",queues=3" } },
    { VC_FOR_BOTH, "hotplug", { test_hotplug, .pci = true } },
    { VC_FOR_BOTH, "unplug-iothread", { test_unplug_iothread, .pci = true } },
    { }
};

/* Each with requests that are held back, and with large ones. */
static const VCTestEntry in_flight_tests[] = {
    { VC_FOR_BOTH, "destroy", { test_destroy_in_flight } },
    { VC_FOR_BOTH, "reset", { test_reset_in_flight } },
    { VC_FOR_BOTH, "stop-cont", { test_stop_cont } },
    { VC_FOR_BOTH, "stop-cont-no-ioeventfd",
      { test_stop_cont, .device = "ioeventfd=off" } },
    { VC_FOR_BOTH, "queue-reset", { test_queue_reset, .pci = true } },
    { VC_FOR_BOTH, "unplug", { test_unplug_in_flight, .pci = true } },
    { }
};

static void add_in_flight_tests(const char *kind)
{
    for (const VCTestEntry *e = in_flight_tests; e->name; e++) {
        g_autofree char *name = g_strdup_printf("in-flight/%s/%s", kind,
                                                e->name);
        VCTestEntry copy[] = { *e, { } };

        copy[0].name = name;
        copy[0].test.arg = kind;
        vc_add_tests(copy);
    }
}

static void register_virtio_crypto_lifecycle_test(void)
{
    vc_add_tests(tests);
    add_in_flight_tests("held");
    add_in_flight_tests("large");
}

libqos_init(register_virtio_crypto_lifecycle_test);
