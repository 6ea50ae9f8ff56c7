/*
 * QTest testcases for virtio-crypto: limits of the time that a guest can take,
 * also from others that wait for it
 *
 * These tests do not measure time, but the order of events: how many requests
 * are done when another event happens.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "libqtest.h"
#include "qobject/qdict.h"
#include "libqos/virtio-crypto-akcipher.h"
#include "libqos/virtio-crypto-hostile.h"
#include "libqos/virtio-crypto-slow-key.h"

/* Long operations, and who does not wait for them */

#define LONG_COUNT  64

typedef struct Long {
    VCCall *call;
    VCMessage *messages[LONG_COUNT];
    uint16_t used_idx;
} Long;

/* Operations that take long, all at once; some have ended then. */
static void start_long(Long *l, VCClient *vc)
{
    gint64 start = g_get_monotonic_time();

    l->call = vc_call_rsa(vc, VC_STD, VC_RSA_4096);
    vc_call_open(l->call);
    vc_hold_kicks(vc, true);
    for (int i = 0; i < LONG_COUNT; i++) {
        l->messages[i] = vc_request_start(&l->call->request);
    }
    vc_hold_kicks(vc, false);
    vc_kick(vc, 0);
    while (!vc_used_idx(vc, 0)) {
        vc_give_up(vc, start, "nothing is answered");
    }
}

/* Without waiting for them something has happened. */
static void settle_long(Long *l, VCClient *vc)
{
    l->used_idx = vc_used_idx(vc, 0);
    g_assert_cmpuint(l->used_idx, <, LONG_COUNT);
    for (int i = 0; i < LONG_COUNT; i++) {
        vc_take_image(l->messages[i]);
    }
}

/* As many have begun and ended since then: the old ones never did. */
static void forget_long(Long *l)
{
    for (int i = 0; i < LONG_COUNT; i++) {
        vc_check_image(l->messages[i]);
        vc_forget(l->messages[i]);
    }
    vc_call_free(l->call);
}

/* The device must work at once, and as before. */
static void check_again(VCClient *vc, Long *old)
{
    Long now;

    vc_check_alive(vc, VC_STD);
    start_long(&now, vc);
    for (int i = 0; i < LONG_COUNT; i++) {
        vc_finish(now.messages[i]);
    }
    vc_call_free(now.call);
    forget_long(old);
}

/*
 * The driver resets the device, or the queue, while the operations are in
 * flight.  The reset ends before they do; none of them is answered any more.
 */
static void test_reset(const VCTest *t, VCClient *vc)
{
    Long l;

    if (!vc_require_akcipher(vc)) {
        return;
    }
    start_long(&l, vc);
    vc_stop(vc);
    settle_long(&l, vc);
    vc_start(vc);
    check_again(vc, &l);
}

static void test_queue_reset(const VCTest *t, VCClient *vc)
{
    Long l;

    if (!vc_require_akcipher(vc)) {
        return;
    }
    start_long(&l, vc);
    vc_stop_queue(vc, 0);
    settle_long(&l, vc);
    vc_start_queue(vc, 0);
    check_again(vc, &l);
}

/* The machine is stopped: later, when it goes on, they are answered. */
static void test_stop(const VCTest *t, VCClient *vc)
{
    Long l;

    if (!vc_require_akcipher(vc)) {
        return;
    }
    start_long(&l, vc);
    qtest_qmp_assert_success(vc->qts, "{ 'execute': 'stop' }");
    settle_long(&l, vc);
    qtest_qmp_assert_success(vc->qts, "{ 'execute': 'query-status' }");
    for (int i = 0; i < LONG_COUNT; i++) {
        vc_check_image(l.messages[i]);
    }
    g_assert_cmpuint(vc_used_idx(vc, 0), ==, l.used_idx);
    qtest_qmp_assert_success(vc->qts, "{ 'execute': 'cont' }");
    for (int i = 0; i < LONG_COUNT; i++) {
        vc_finish(l.messages[i]);
    }
    vc_call_free(l.call);
    vc_check_alive(vc, VC_STD);
}

/* The device is unplugged, and its backend with it. */
static void test_unplug(const VCTest *t, VCClient *vc)
{
    QVirtioPCIDevice *dev;
    VCClient *other;
    Long l;

    if (!vc_require_akcipher(vc)) {
        return;
    }
    if (vc->pci->pdev->bus->not_hotpluggable) {
        g_test_skip("the PCI bus does not support hotplug");
        return;
    }
    qtest_qmp_assert_success(vc->qts, "{ 'execute': 'object-add',"
                             " 'arguments': { 'id': 'cryptodev1',"
                             " 'qom-type': 'cryptodev-backend-builtin' } }");
    qtest_qmp_device_add(vc->qts, "virtio-crypto-pci", "crypto1",
                         "{ 'addr': '6.0', 'cryptodev': 'cryptodev1' }");
    other = vc_open_pci(vc->pci->pdev->bus, QPCI_DEVFN(6, 0), vc->alloc);
    dev = other->pci;
    start_long(&l, other);
    qpci_unplug_acpi_device_test(vc->qts, "crypto1", 6);
    settle_long(&l, other);
    qtest_qmp_assert_success(vc->qts, "{ 'execute': 'object-del',"
                             " 'arguments': { 'id': 'cryptodev1' } }");
    check_again(vc, &l);
    vc_abandon(other);
    qos_object_destroy(&dev->obj);
}

/* Keys with which a single operation would take long */
static void test_slow_key(const VCTest *t, VCClient *vc)
{
    const VCAkOp op = {
        CRYPTODEV_ALGO_RSA, VC_OP_DECRYPT, VC_PRIVATE, VC_RSA_RAW,
        VC_RSA_NO_HASH, vc_slow_rsa_key, "01",
    };
    g_autoptr(VCCall) c = vc_call_ak(vc, t->format, &op, 512);

    if (vc_require_akcipher(vc)) {
        vc_call_refused(c, VC_ERR);
        vc_check_alive(vc, t->format);
    }
}

/* A disk */

#define DISK_QUEUES     16

/* On threads that all of QEMU's files share */
#define FILE_DISK(_more)                                                    \
    ",queues=16 -blockdev file,node-name=disk0,filename=/proc/self/exe,"    \
    "read-only=on,locking=off,aio=threads"                                  \
    " -device virtio-blk-pci,drive=disk0,addr=06.0,disable-legacy=on" _more

static unsigned count_used(VCClient *vc)
{
    unsigned sum = 0;

    for (unsigned i = 0; i < vc->n_queues; i++) {
        sum += vc_used_idx(vc, i);
    }
    return sum;
}

/* Many queues are full of long operations, and then a disk is read. */
static void test_disk(const VCTest *t, VCClient *vc)
{
    g_autoptr(VCCall) c = NULL;
    VCDisk *disk;

    if (!vc_require_akcipher(vc)) {
        return;
    }
    disk = vc_disk_open(vc->pci->pdev->bus, vc->alloc);
    c = vc_call_rsa(vc, VC_STD, VC_RSA_4096);
    vc_call_open(c);
    vc_call_send(c, VC_OK);
    for (unsigned i = 0; i < DISK_QUEUES; i++) {
        if (i) {
            vc_share_messages(vc, 0, i);
        }
        vc_send_again(vc, i, LONG_COUNT);
    }
    vc_disk_start(disk);
    vc_disk_finish(vc, disk);
    g_assert_cmpuint(count_used(vc), <, DISK_QUEUES * LONG_COUNT / 2);
    vc_restart(vc);
    vc_disk_close(disk);
    vc_check_alive(vc, VC_STD);
}

/* The monitor */

/*
 * So many times at least the monitor answers while hundreds of requests are
 * worked on.  It did so once or twice where each queue had a turn of 64
 * requests, whatever they took.
 */
#define ANSWERS         10

/* Ask the monitor until each of these queues has given back so much. */
static void check_monitor(VCClient *vc, unsigned first, unsigned num_queues,
                          uint16_t used_idx)
{
    unsigned answers = 0;

    for (unsigned i = 0; i < num_queues; i++) {
        while (vc_used_idx(vc, first + i) < used_idx) {
            qtest_qmp_assert_success(vc->qts,
                                     "{ 'execute': 'query-status' }");
            answers++;
        }
    }
    g_test_message("%u answers", answers);
    g_assert_cmpuint(answers, >=, ANSWERS);
    vc_restart(vc);
}

/*
 * Let these queues serve the only message of the first one so many times, all
 * of them at once.
 */
static void serve_again(VCClient *vc, unsigned first, unsigned num_queues,
                        uint16_t num)
{
    qtest_qmp_assert_success(vc->qts, "{ 'execute': 'stop' }");
    for (unsigned i = 0; i < num_queues; i++) {
        if (i) {
            vc_share_messages(vc, first, first + i);
        }
        vc_send_again(vc, first + i, num);
    }
    qtest_qmp_assert_success(vc->qts, "{ 'execute': 'cont' }");
    check_monitor(vc, first, num_queues, num);
}

/* Requests of nearly as many descriptors as there may be */

#define PIECES_REQUESTS 128
#define PIECES_LEN      448

static void test_pieces(const VCTest *t, VCClient *vc)
{
    g_autofree uint8_t *text = vc_bytes(1, PIECES_LEN);
    VCRequest request = {
        .vc = vc, .format = VC_STD, .iv = vc_sample_iv, .iv_len = 16,
        .src = text, .src_len = PIECES_LEN, .shape.indirect = true,
        .shape.desc_max = 1, .session = vc_sample_session(vc, VC_STD),
    };

    vc_request(&request);
    serve_again(vc, 0, vc->n_queues, PIECES_REQUESTS);
    vc_check_alive(vc, VC_STD);
}

/* Requests of the draft whose three lists are as long as lists may be */

#define LIST_REQUESTS   32
#define LIST_LEN        1023

static const uint32_t *single_bytes(VCCall *c)
{
    uint32_t *lens = vc_call_own(c, g_new(uint32_t, LIST_LEN));

    for (int i = 0; i < LIST_LEN - 1; i++) {
        lens[i] = 1;
    }
    lens[LIST_LEN - 1] = VC_END;
    return lens;
}

static void test_lists(const VCTest *t, VCClient *vc)
{
    g_autoptr(VCCall) c = vc_call_random(vc, VC_V11, CRYPTODEV_ALGO_AES_GCM,
                                         LIST_LEN, LIST_LEN, VC_OP_ENCRYPT);

    c->request.src_split = single_bytes(c);
    c->request.aad_split = single_bytes(c);
    c->request.dst_split = single_bytes(c);
    vc_call_open(c);
    vc_call_send(c, VC_OK);
    serve_again(vc, 0, vc->n_queues, LIST_REQUESTS);
    vc_check_alive(vc, VC_V11);
}

/* Keys that are imported one after the other */

#define KEYS            256

static void test_control(const VCTest *t, VCClient *vc)
{
    g_autoptr(VCCall) c = NULL;

    if (vc_require_akcipher(vc)) {
        c = vc_call_rsa(vc, VC_STD, VC_RSA_4096);
        vc_create_session(&c->session);
        serve_again(vc, vc->n_queues, 1, KEYS);
        vc_check_alive(vc, VC_STD);
    }
}

/* Stateless requests with two keys in turn: each is imported again and again */

#define KEY_QUEUES      16
#define KEY_REQUESTS    16

/* What is no signature needs no time once there is a key. */
static VCCall *quick_call(VCClient *vc, const char *key)
{
    const VCAkOp op = {
        CRYPTODEV_ALGO_ECDSA, VC_OP_VERIFY, VC_PRIVATE, VC_CURVE_P521,
        VC_RSA_NO_HASH, key, "00", "51454d55",
    };
    VCCall *c = vc_call_ak(vc, VC_STATELESS, &op, 0);

    vc_call_open(c);
    return c;
}

static void test_stateless_keys(const VCTest *t, VCClient *vc)
{
    const char *const keys[] = {
        vc_ec_key(VC_CURVE_P521, VC_PRIVATE), vc_slow_ec_key,
    };
    VCMessage *m[KEY_QUEUES][ARRAY_SIZE(keys)];
    VCCall *calls[ARRAY_SIZE(keys)];

    if (!vc_require_akcipher(vc)) {
        return;
    }
    for (int j = 0; j < ARRAY_SIZE(calls); j++) {
        calls[j] = quick_call(vc, keys[j]);
        vc_call_send(calls[j], VC_KEY_REJECTED);
    }
    vc_restart(vc);
    qtest_qmp_assert_success(vc->qts, "{ 'execute': 'stop' }");
    for (unsigned i = 0; i < KEY_QUEUES; i++) {
        for (int j = 0; j < ARRAY_SIZE(calls); j++) {
            calls[j]->request.queue = i;
            m[i][j] = vc_request_start(&calls[j]->request);
        }
        vc_fill_ring(m[i], ARRAY_SIZE(m[i]), i);
        vc_repeat(vc, i, KEY_REQUESTS);
    }
    qtest_qmp_assert_success(vc->qts, "{ 'execute': 'cont' }");
    check_monitor(vc, 0, KEY_QUEUES, KEY_REQUESTS);
    for (unsigned i = 0; i < KEY_QUEUES; i++) {
        vc_forget(m[i][0]);
        vc_forget(m[i][1]);
    }
    vc_call_free(calls[0]);
    vc_call_free(calls[1]);
    vc_check_alive(vc, VC_STATELESS);
}

/* Copies are bounded, too: a queue of 64 has two of these at the most. */

#define COPIES      8
#define COPY_SIZE   (384 * KiB)

static int64_t count_long(VCClient *vc)
{
    QDict *info = vc_query_backend(vc);
    int64_t n = qdict_get_int(info, "waiting") + qdict_get_int(info, "running");

    qobject_unref(info);
    return n;
}

static void test_copies(const VCTest *t, VCClient *vc)
{
    g_autoptr(VCCall) call = vc_call_random(vc, t->format,
                                            CRYPTODEV_ALGO_3DES_CBC,
                                            COPY_SIZE, 0, VC_OP_ENCRYPT);
    VCMessage *messages[COPIES];

    vc_call_open(call);
    vc_hold_kicks(vc, true);
    for (int i = 0; i < COPIES; i++) {
        messages[i] = vc_request_start(&call->request);
    }
    vc_hold_kicks(vc, false);
    vc_kick(vc, 0);
    while (vc_used_idx(vc, 0) < COPIES) {
        g_assert_cmpint(count_long(vc), <=, 2);
    }
    for (int i = 0; i < COPIES; i++) {
        vc_finish(messages[i]);
    }
    vc_check_alive(vc, t->format);
}

static const VCTestEntry tests[] = {
    { VC_FOR_STD, "copies", { test_copies, .backend = ",queues=64" } },
    { VC_FOR_STD, "reset", { test_reset } },
    { VC_FOR_STD, "queue-reset", { test_queue_reset } },
    { VC_FOR_STD, "stop", { test_stop } },
    { VC_FOR_STD, "unplug", { test_unplug } },
    { VC_FOR_STANDARD, "slow-key", { test_slow_key } },
    { }
};

static const VCTestEntry main_loop_tests[] = {
    { VC_FOR_STD, "disk", { test_disk, .backend = FILE_DISK("") } },
    { VC_FOR_STD, "pieces", { test_pieces, .backend = ",queues=64" } },
    { VC_FOR_V11, "lists", { test_lists, .backend = ",queues=64" } },
    { VC_FOR_STD, "control", { test_control } },
    { VC_FOR_STATELESS, "stateless-keys",
      { test_stateless_keys, .backend = ",queues=16" } },
    { }
};

static const VCTestEntry thread_tests[] = {
    { VC_FOR_STD, "disk",
      { test_disk, .backend = FILE_DISK(",iothread=iothread0") } },
    { }
};

static void register_virtio_crypto_hostile_time_test(void)
{
    vc_add_hostile_tests("time", tests, VC_IN_BOTH);
    vc_add_hostile_tests("time", main_loop_tests, VC_IN_MAIN_LOOP);
    vc_add_hostile_tests("time", thread_tests, VC_IN_THREAD);
}

libqos_init(register_virtio_crypto_hostile_time_test);
