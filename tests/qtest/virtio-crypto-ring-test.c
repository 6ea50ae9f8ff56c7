/*
 * QTest testcases for virtio-crypto: features of the rings
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/timer.h"
#include "libqtest.h"
#include "standard-headers/linux/virtio_config.h"
#include "standard-headers/linux/virtio_pci.h"
#include "libqos/virtio-crypto-inflight.h"
#include "libqos/virtio-crypto-registry.h"
#include "libqos/virtio-crypto-ring.h"
#include "libqos/virtio-crypto-samples.h"

#define BACKEND     "cryptodev0"
#define IN_FLIGHT   12

static bool negotiated(const VCClient *vc, unsigned feature)
{
    return vc->vdev->features & 1ull << feature;
}

/* Requests for the thread pool, and one that is served at once */

#define LONG_LEN    (64 * KiB)

/* @data: LONG_LEN bytes */
static VCRequest long_request(const VCTest *t, VCClient *vc, uint8_t *data)
{
    return (VCRequest) {
        .vc = vc, .format = t->format, .iv = vc_sample_iv, .iv_len = 8,
        .src = data, .src_len = LONG_LEN,
        .session = vc_create_session(&(VCSession) {
            .vc = vc, .format = t->format, .algo = VC_3DES_CBC,
            .key = vc_sample_in, .key_len = 24,
        }),
    };
}

/* VIRTIO_F_IN_ORDER */

/*
 * Held back until all are there, long requests end after those behind them:
 * their buffers must not.
 */
static void test_in_order(const VCTest *t, VCClient *vc)
{
    g_autofree uint8_t *data = vc_bytes(4, LONG_LEN);
    VCRequest kinds[] = {
        long_request(t, vc, data), vc_sample_in_session(vc, t->format),
        vc_sample_in_session(vc, t->format),
    };
    VCMessage *messages[IN_FLIGHT];

    g_assert_true(negotiated(vc, VIRTIO_F_IN_ORDER));
    kinds[2].session = 12345;
    kinds[2].expect = VC_INVSESS;
    vc_set_backend(vc, BACKEND, "throttle-ops", 1);
    vc_request(&kinds[1]);
    for (int i = 0; i < IN_FLIGHT; i++) {
        messages[i] = vc_request_start(&kinds[i % ARRAY_SIZE(kinds)]);
    }
    vc_set_backend(vc, BACKEND, "throttle-ops", 0);
    qtest_clock_step(vc->qts, NANOSECONDS_PER_SECOND);
    for (int i = 0; i < IN_FLIGHT; i++) {
        g_assert_true(vc_wait_any(vc, 0) == messages[i]);
    }
    for (int i = 0; i < IN_FLIGHT; i++) {
        vc_finish(messages[i]);
    }
    vc_check_alive(vc, t->format);
}

/* More buffers than the ring has places */
static void test_in_order_wrap(const VCTest *t, VCClient *vc)
{
    VCRequest request = vc_sample_in_session(vc, t->format);
    unsigned todo = vc->vq[0]->size + IN_FLIGHT;

    for (; todo >= IN_FLIGHT; todo -= IN_FLIGHT) {
        VCMessage *messages[IN_FLIGHT];

        for (int i = 0; i < IN_FLIGHT; i++) {
            messages[i] = vc_request_start(&request);
        }
        for (int i = 0; i < IN_FLIGHT; i++) {
            g_assert_true(vc_wait_any(vc, 0) == messages[i]);
            vc_finish(messages[i]);
        }
    }
}

/* VIRTIO_F_NOTIFICATION_DATA */

static void kick_with_data(QVirtioDevice *d, QVirtQueue *vq)
{
    QVirtioPCIDevice *dev = container_of(d, QVirtioPCIDevice, vdev);
    QVirtQueuePCI *vqpci = container_of(vq, QVirtQueuePCI, vq);
    uint16_t next = qtest_readw(dev->pdev->bus->qts, vq->avail + 2);

    qpci_io_writel(dev->pdev, dev->bar, vqpci->notify_offset,
                   (uint32_t)next << 16 | vq->index);
}

static void test_notification_data(const VCTest *t, VCClient *vc)
{
    const QVirtioBus *bus = vc->vdev->bus;
    QVirtioBus with_data = *bus;

    g_assert_true(negotiated(vc, VIRTIO_F_NOTIFICATION_DATA));
    with_data.virtqueue_kick = kick_with_data;
    vc->vdev->bus = &with_data;
    vc_check_alive(vc, t->format);
    vc->vdev->bus = bus;
}

/* VIRTIO_RING_F_EVENT_IDX */

/* Requests demand an interrupt themselves, unless others are in flight. */
static void test_event_idx(const VCTest *t, VCClient *vc)
{
    VCRequest request = vc_sample_in_session(vc, t->format);
    VCMessage *messages[IN_FLIGHT];

    request.shape.indirect = true;
    vc_request(&request);
    for (int round = 0; round < 3; round++) {
        vc_want_interrupt(vc, 0, IN_FLIGHT + 1);
        for (int i = 0; i < IN_FLIGHT; i++) {
            messages[i] = vc_request_start(&request);
        }
        for (int i = 0; i < IN_FLIGHT; i++) {
            vc_wait(messages[i]);
        }
        g_assert_false(vc->vdev->bus->get_queue_isr_status(vc->vdev,
                                                           vc->vq[0]));
        for (int i = 0; i < IN_FLIGHT; i++) {
            vc_finish(messages[i]);
        }
        vc_want_interrupt(vc, 0, 1);
        vc_request(&request);
    }
}

/* VIRTIO_F_RING_RESET */

/* libqos can do it on PCI only. */
static bool skip_reset(VCClient *vc)
{
    if (!vc->pci) {
        g_test_skip("the transport does not reset queues");
        return true;
    }
    g_assert_true(negotiated(vc, VIRTIO_F_RING_RESET));
    return false;
}

static uint16_t read_common(VCClient *vc, size_t offset)
{
    return qpci_io_readw(vc->pci->pdev, vc->pci->bar,
                         vc->pci->common_cfg_offset + offset);
}

static void reset_queue(VCClient *vc, unsigned queue)
{
    vc_stop_queue(vc, queue);
    g_assert_cmpuint(read_common(vc, offsetof(struct virtio_pci_common_cfg,
                                              queue_enable)), ==, 0);
    g_assert_cmpuint(read_common(vc, offsetof(
        struct virtio_pci_modern_common_cfg, queue_reset)), ==, 0);
}

/* Two queues are busy, and one is reset: all of the other's requests end. */
static void test_reset_one(const VCTest *t, VCClient *vc)
{
    g_autofree uint8_t *data = vc_bytes(4, LONG_LEN);
    VCRequest others[] = {
        long_request(t, vc, data), vc_sample_in_session(vc, t->format),
    };
    VCMessage *messages[IN_FLIGHT];
    VCInflight b;

    if (skip_reset(vc)) {
        return;
    }
    vc_inflight_start(&b, vc, t->format, VC_LARGE, BACKEND);
    for (int i = 0; i < IN_FLIGHT; i++) {
        VCRequest *other = &others[i % ARRAY_SIZE(others)];

        other->queue = 1;
        messages[i] = vc_request_start(other);
    }
    reset_queue(vc, 0);
    vc_inflight_settle(&b);
    for (int i = 0; i < IN_FLIGHT; i++) {
        vc_finish(messages[i]);
    }
    vc_start_queue(vc, 0);
    vc_request(&b.request);
    vc_request(&others[1]);
    vc_inflight_forget(&b);
}

/* Again and again, each time with requests in flight */
static void test_reset_often(const VCTest *t, VCClient *vc)
{
    if (skip_reset(vc)) {
        return;
    }
    for (int i = 0; i < 10; i++) {
        VCInflight b;

        vc_inflight_start(&b, vc, t->format, VC_HELD, BACKEND);
        reset_queue(vc, 0);
        vc_inflight_settle(&b);
        vc_start_queue(vc, 0);
        vc_inflight_lift(&b);
        vc_request(&b.request);
        vc_inflight_forget(&b);
    }
}

/* The control queue: sessions stay, and are served meanwhile. */
static void test_reset_control(const VCTest *t, VCClient *vc)
{
    VCRequest request = vc_sample_in_session(vc, t->format);

    if (skip_reset(vc)) {
        return;
    }
    reset_queue(vc, vc->n_queues);
    vc_request(&request);
    vc_start_queue(vc, vc->n_queues);
    vc_request(&request);
    vc_destroy_session(&(VCDestroy) {
        .vc = vc, .format = t->format, .session = request.session,
    });
    vc_check_alive(vc, t->format);
}

static const VCTestEntry notification_data[] = {
    { VC_FOR_BOTH, "ring/notification-data",
      { test_notification_data, .pci = true,
        .device = "notification_data=on,ioeventfd=off" } },
    { }
};

/* On each kind of ring */
static const VCTestEntry tests[] = {
    { VC_FOR_BOTH, "in-order", { test_in_order, .device = ",in_order=on" } },
    { VC_FOR_BOTH, "in-order-wrap",
      { test_in_order_wrap, .device = ",in_order=on" } },
    { VC_FOR_BOTH, "event-idx",
      { test_event_idx, .features = VC_F_EVENT_IDX } },
    { VC_FOR_BOTH, "reset-one", { test_reset_one, .backend = ",queues=2" } },
    { VC_FOR_BOTH, "reset-often", { test_reset_often } },
    { VC_FOR_BOTH, "reset-control", { test_reset_control } },
    { }
};

static const struct {
    const char *prefix, *device;
    uint64_t features;
} kinds[] = {
    { "ring", "notify_on_empty=off", 0 },
    { "ring-packed", "notify_on_empty=off,packed=on", VC_F_PACKED },
    { "ring-packed-event", "notify_on_empty=off,packed=on",
      VC_F_PACKED | VC_F_EVENT_IDX },
};

static void add_tests_of_kind(int kind)
{
    for (const VCTestEntry *e = tests; e->name; e++) {
        g_autofree char *name = g_strdup_printf("%s/%s", kinds[kind].prefix,
                                                e->name);
        g_autofree char *device = g_strconcat(kinds[kind].device,
                                              e->test.device, NULL);
        VCTestEntry table[2] = { *e };

        table[0].name = name;
        table[0].test.device = device;
        table[0].test.features |= kinds[kind].features;
        /* where the client has packed rings */
        table[0].test.pci = kinds[kind].features;
        vc_add_tests(table);
    }
}

static void register_virtio_crypto_ring_test(void)
{
    vc_add_tests(notification_data);
    for (int kind = 0; kind < ARRAY_SIZE(kinds); kind++) {
        add_tests_of_kind(kind);
    }
}

libqos_init(register_virtio_crypto_ring_test);
