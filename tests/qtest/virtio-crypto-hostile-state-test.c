/*
 * QTest testcases for virtio-crypto: a driver that does things at the wrong
 * time
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "libqtest.h"
#include "qobject/qdict.h"
#include "qobject/qlist.h"
#include "standard-headers/linux/virtio_config.h"
#include "standard-headers/linux/virtio_ring.h"
#include "libqos/virtio-crypto-akcipher.h"
#include "libqos/virtio-crypto-hostile.h"

/* Features */

#define STATELESS   (VC_F_REVISION_1 | VC_F_STATELESS_ALL)
#define LONG_COUNT  6

/* Operations that take long */
static VCCall *long_call(VCClient *vc, VCFormat format)
{
    VCCall *c = vc_call_rsa(vc, format, VC_RSA_4096);

    c->session.shape.indirect = true;
    vc_call_open(c);
    return c;
}

static void start_long(VCMessage *m[LONG_COUNT], VCCall *c)
{
    for (int i = 0; i < LONG_COUNT; i++) {
        m[i] = vc_request_start(&c->request);
    }
}

/* Another device, in the same thread */
typedef struct Other {
    VCClient *vc;
    QVirtioPCIDevice *dev;
    VCCall *call;
} Other;

static void open_other(Other *other, VCClient *vc)
{
    other->vc = vc_open_pci(vc->pci->pdev->bus, QPCI_DEVFN(VC_OTHER_SLOT, 0),
                            vc->alloc);
    other->dev = other->vc->pci;
    other->call = long_call(other->vc, VC_STD);
}

static void close_other(Other *other)
{
    vc_call_free(other->call);
    vc_close(other->vc);
    qos_object_destroy(&other->dev->obj);
}

/*
 * What was sent before has been seen, and has ended if it was to be served:
 * so much has been done for the other device since, twice.
 */
static void pass_time(Other *other)
{
    for (int round = 0; round < 2; round++) {
        VCMessage *m[LONG_COUNT];

        start_long(m, other->call);
        for (int i = 0; i < LONG_COUNT; i++) {
            vc_finish(m[i]);
        }
    }
}

static void want_packed_rings(VCClient *vc)
{
    const QVirtioBus *bus = vc->vdev->bus;

    bus->set_features(vc->vdev, bus->get_guest_features(vc->vdev) |
                                1ull << VIRTIO_F_RING_PACKED);
}

/* The driver has given up, and starts again as it should. */
static void start_again(VCClient *vc, Other *other, VCCall *c,
                        VCMessage *m[LONG_COUNT])
{
    vc_restart(vc);
    for (int i = 0; i < LONG_COUNT; i++) {
        vc_forget(m[i]);
    }
    vc_call_send(c, VC_OK);
    vc_call_free(c);
    close_other(other);
}

/*
 * The driver sets DRIVER_OK without FEATURES_OK, sends stateless requests and
 * one that is nonsense to the control queue, and changes the form of the rings
 * meanwhile.  Nothing is processed, before or after that.
 */
static void test_no_features_ok(const VCTest *t, VCClient *vc)
{
    VCMessage *m[LONG_COUNT], *control;
    VCCall *c;
    Other other;

    if (!vc_require_akcipher(vc)) {
        return;
    }
    open_other(&other, vc);
    c = long_call(vc, VC_STATELESS);
    vc_stop(vc);
    vc->no_features_ok = true;
    vc_prepare(vc);
    vc->no_features_ok = false;
    vc_try_driver_ok(vc);
    start_long(m, c);
    control = vc_send_rubbish(vc, vc->n_queues);
    want_packed_rings(vc);
    pass_time(&other);
    for (int i = 0; i < LONG_COUNT; i++) {
        vc_check_image(m[i]);
    }
    vc_check_image(control);
    g_assert_cmpuint(vc_used_idx(vc, 0), ==, 0);
    g_assert_cmpuint(vc_used_idx(vc, vc->n_queues), ==, 0);
    start_again(vc, &other, c, m);
    vc_forget(control);
}

/*
 * The driver takes FEATURES_OK back while requests are in flight, and changes
 * the form of the rings.  From then on nothing is answered.
 */
static void test_features_ok_gone(const VCTest *t, VCClient *vc)
{
    const QVirtioBus *bus = vc->vdev->bus;
    VCMessage *m[LONG_COUNT];
    uint16_t used_idx;
    VCCall *c;
    Other other;

    if (!vc_require_akcipher(vc)) {
        return;
    }
    open_other(&other, vc);
    c = long_call(vc, VC_STATELESS);
    start_long(m, c);
    bus->set_status(vc->vdev, bus->get_status(vc->vdev) &
                              ~VIRTIO_CONFIG_S_FEATURES_OK);
    want_packed_rings(vc);
    used_idx = vc_used_idx(vc, 0);
    for (int i = 0; i < LONG_COUNT; i++) {
        vc_take_image(m[i]);
    }
    pass_time(&other);
    g_assert_cmpuint(vc_used_idx(vc, 0), ==, used_idx);
    for (int i = 0; i < LONG_COUNT; i++) {
        vc_check_image(m[i]);
    }
    start_again(vc, &other, c, m);
}

/* The driver accepts features after it has said that it is done with that. */
static void test_late_features(const VCTest *t, VCClient *vc)
{
    uint64_t session = vc_sample_session(vc, VC_STD);

    want_packed_rings(vc);
    vc_sample_request(vc, VC_STD, session, VC_OK);
    vc_check_alive(vc, VC_STD);
}

/* The size of a queue that is enabled */

#define SMALL       16
#define LARGE       1024

static void set_queue_size(VCClient *vc, uint16_t size)
{
    qtest_writew(vc->qts, VC_REGISTER(vc->pci, queue_size), size);
}

/*
 * The driver changes the size of queues that are enabled.  They keep theirs:
 * more requests than the small one has room for go round it.
 */
static void test_queue_size(const VCTest *t, VCClient *vc)
{
    static const uint16_t sizes[][2] = { { SMALL, LARGE }, { LARGE, SMALL } };

    for (int i = 0; i < ARRAY_SIZE(sizes); i++) {
        uint64_t session;

        vc->ring_size = sizes[i][0];
        vc_restart(vc);
        for (unsigned queue = 0; queue <= vc->n_queues; queue++) {
            vc->vdev->bus->queue_select(vc->vdev, queue);
            set_queue_size(vc, sizes[i][1]);
            g_assert_cmpuint(vc->vdev->bus->get_queue_size(vc->vdev), ==,
                             sizes[i][0]);
        }
        session = vc_sample_session(vc, VC_STD);
        for (int n = 0; n < 2 * SMALL; n++) {
            vc_sample_request(vc, VC_STD, session, VC_OK);
            vc_check_alive(vc, VC_STD);
        }
    }
}

/* Errors, and a reset at once */

/*
 * Descriptors that no driver must make.  Without a virtqueue to trust in, the
 * device asks for a reset.
 */
typedef struct Malformed {
    const char *name;
    struct {
        uint32_t len;
        uint16_t flags, next;
    } desc[2];
    uint16_t head;
    uint16_t more;              /* added to the index of available buffers */
} Malformed;

#define NEXT        VRING_DESC_F_NEXT
#define WRITE       VRING_DESC_F_WRITE
#define INDIRECT    VRING_DESC_F_INDIRECT

static const Malformed malformed[] = {
    { "a loop", { { 72, NEXT, 1 }, { 72, NEXT, 0 } } },
    { "no such next entry", { { 72, NEXT, LARGE }, { 1, WRITE } } },
    { "no such head", { { 72, NEXT, 1 }, { 1, WRITE } }, .head = LARGE },
    { "an empty buffer", { { 0, NEXT, 1 }, { 1, WRITE } } },
    { "writable before readable", { { 1, WRITE | NEXT, 1 }, { 72 } } },
    { "an empty indirect table", { { 0, INDIRECT } } },
    { "half an entry in an indirect table", { { 24, INDIRECT } } },
    { "an index that jumps", { { 72, NEXT, 1 }, { 1, WRITE } },
      .more = LARGE },
};

static void write_malformed(VCClient *vc, unsigned queue, const Malformed *bad)
{
    QVirtQueue *vq = vc->vq[queue];
    struct vring_desc desc[ARRAY_SIZE(bad->desc)];
    const uint16_t avail[] = {
        0, cpu_to_le16(1 + bad->more), cpu_to_le16(bad->head),
    };

    for (int i = 0; i < ARRAY_SIZE(desc); i++) {
        desc[i] = (struct vring_desc) {
            .addr = cpu_to_le64(vc->mem + KiB * i),
            .len = cpu_to_le32(bad->desc[i].len),
            .flags = cpu_to_le16(bad->desc[i].flags),
            .next = cpu_to_le16(bad->desc[i].next),
        };
    }
    qtest_memwrite(vc->qts, vq->desc, desc, sizeof(desc));
    qtest_memwrite(vc->qts, vq->avail, avail, sizeof(avail));
}

/*
 * Let changes of the configuration interrupt a processor: the client library
 * has put plain memory there.
 */
static void use_apic(VCClient *vc)
{
    const uint32_t message[] = { 0xfee00000, 0, 0x40 };
    QPCIDevice *dev = vc->pci->pdev;

    for (int i = 0; i < ARRAY_SIZE(message); i++) {
        qpci_io_writel(dev, dev->msix_table_bar, dev->msix_table_off + 4 * i,
                       message[i]);
    }
}

/* @wait: until the device has noticed */
static void check_malformed(VCClient *vc, unsigned queue, const Malformed *bad,
                            bool wait)
{
    vc_restart(vc);
    if (vc->msix) {
        use_apic(vc);
    }
    write_malformed(vc, queue, bad);
    vc_kick(vc, queue);
    if (wait) {
        vc_wait_broken(vc);
    }
    vc_restart(vc);
    vc_check_alive(vc, VC_STD);
}

/*
 * The driver makes an invalid buffer available, and resets the device: at
 * once, or when the device has asked for that.  Both end.
 */
static void test_malformed(const VCTest *t, VCClient *vc)
{
    for (int i = 0; i < ARRAY_SIZE(malformed); i++) {
        vc->context = malformed[i].name;
        for (unsigned queue = 0; queue <= vc->n_queues; queue++) {
            check_malformed(vc, queue, &malformed[i], false);
            check_malformed(vc, queue, &malformed[i], true);
        }
    }
    vc->context = NULL;
}

/* The same with a buffer that is only of no use: it has no place to write. */
static void test_unwritable_reset(const VCTest *t, VCClient *vc)
{
    static const Malformed bad = { "unwritable", { { 72 } } };

    for (int i = 0; i < 20; i++) {
        check_malformed(vc, i % (vc->n_queues + 1), &bad, false);
    }
}

/*
 * A buffer without a writable part is given back, with nothing written; the
 * next one is served.
 */
static void test_unwritable(const VCTest *t, VCClient *vc)
{
    const VCSession params = { .vc = vc, VC_SAMPLE_SESSION };
    bool stateless = t->format == VC_STATELESS;
    uint64_t session = stateless ? 0 : vc_sample_session(vc, t->format);

    for (int i = 0; i < 3; i++) {
        if (!stateless) {
            vc_create_session(&(VCSession) {
                .vc = vc, .format = t->format, VC_SAMPLE_SESSION,
                .shape.writable_cut = 16, .expect = VC_UNANSWERED,
            });
            vc_destroy_session(&(VCDestroy) {
                .vc = vc, .format = t->format, .session = session,
                .shape.writable_cut = 1, .expect = VC_UNANSWERED,
            });
        }
        vc_request(&(VCRequest) {
            .vc = vc, .format = t->format, .session = session,
            .params = stateless ? &params : NULL, VC_SAMPLE_ENCRYPT,
            .shape.writable_cut = VC_SAMPLE_LEN + 1, .expect = VC_UNANSWERED,
        });
        vc_check_alive(vc, t->format);
    }
}

/* More buffers than the ring has entries */

#define TINY        2
#define TRIES       20

static bool is_running(VCClient *vc)
{
    QDict *info = vc_query_backend(vc);
    bool running = qdict_get_int(info, "running");

    qobject_unref(info);
    return running;
}

/* The slow request is in flight: one entry is left, and two are filled. */
static bool overfill(VCClient *vc, VCRequest *slow, VCRequest *quick)
{
    VCMessage *first = vc_request_start(slow), *second;
    uint8_t status;

    while (!is_running(vc)) {
        if (vc_used_idx(vc, 0) == 1) {
            vc_finish(first);
            return false;               /* the slow one was too quick */
        }
    }
    vc_hold_kicks(vc, true);
    second = vc_request_start(quick);
    vc_hold_kicks(vc, false);
    qtest_writew(vc->qts, vc->vq[0]->avail +
                 offsetof(struct vring_avail, ring), second->head);
    vc_repeat(vc, 0, 3);
    vc_kick(vc, 0);
    do {
        status = vc->vdev->bus->get_status(vc->vdev);
        if (vc_used_idx(vc, 0) == 3) {
            vc_stop(vc);
            vc_forget(first);
            vc_forget(second);
            return false;               /* the slow one was too quick */
        }
    } while (!(status & VIRTIO_CONFIG_S_NEEDS_RESET));
    vc_finish(second);
    vc_stop(vc);
    vc_forget(first);
    return true;
}

/*
 * With one request in flight the driver makes two more available, in a ring of
 * two.  The good one is answered; then the device asks for a reset.
 */
static void test_overfill(const VCTest *t, VCClient *vc)
{
    bool done = false;

    if (!vc_require_akcipher(vc)) {
        return;
    }
    vc->ring_size = TINY;
    for (int i = 0; i < TRIES && !done; i++) {
        g_autoptr(VCCall) slow = NULL;
        VCRequest quick = {
            .vc = vc, .format = VC_STD, VC_SAMPLE_ENCRYPT,
            .shape.indirect = true,
        };

        vc_restart(vc);
        slow = long_call(vc, VC_STD);
        slow->request.shape.indirect = true;
        quick.session = vc_create_session(&(VCSession) {
            .vc = vc, .format = VC_STD, VC_SAMPLE_SESSION,
            .shape.indirect = true,
        });
        done = overfill(vc, &slow->request, &quick);
    }
    g_assert_true(done);
    vc->ring_size = 0;
    vc_restart(vc);
    vc_check_alive(vc, VC_STD);
}

#define FEATURES    .features = STATELESS, .device = "packed=on",           \
                    .backend = VC_OTHER_CRYPTO

static const VCTestEntry tests[] = {
    { 0, "no-features-ok", { test_no_features_ok, FEATURES } },
    { 0, "features-ok-gone", { test_features_ok_gone, FEATURES } },
    { VC_FOR_STD, "late-features",
      { test_late_features, .device = "packed=on" } },
    { VC_FOR_STD, "queue-size", { test_queue_size } },
    { VC_FOR_STD, "malformed", { test_malformed } },
    { VC_FOR_STD, "malformed-msix", { test_malformed, .msix = true } },
    { VC_FOR_STD, "unwritable-reset", { test_unwritable_reset, .msix = true } },
    { VC_FOR_STANDARD, "unwritable", { test_unwritable } },
    { VC_FOR_STD, "overfill", { test_overfill } },
    { }
};

static void register_virtio_crypto_hostile_state_test(void)
{
    vc_add_hostile_tests("state", tests, VC_IN_BOTH);
}

libqos_init(register_virtio_crypto_hostile_state_test);
