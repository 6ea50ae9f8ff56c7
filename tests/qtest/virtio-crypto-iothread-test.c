/*
 * QTest testcases for virtio-crypto: IOThreads
 *
 * All other tests run with IOThreads as well, see
 * virtio-crypto-iothreads-system-x86_64.  These set up their own.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "standard-headers/linux/virtio_config.h"
#include "standard-headers/linux/virtio_pci.h"
#include "standard-headers/linux/virtio_ring.h"
#include "libqos/virtio-crypto-inflight.h"
#include "libqos/virtio-crypto-registry.h"
#include "libqos/virtio-crypto-samples.h"

#define THREAD      " -object iothread,id=iothread0"

/* A queue more than there are bits in a word, to be served by one thread */
#define QUEUES      65

static void test_many_queues(const VCTest *t, VCClient *vc)
{
    uint64_t session = vc_sample_session(vc, t->format);
    g_autofree VCMessage **messages = g_new0(VCMessage *, QUEUES);

    g_assert_cmpuint(vc->n_queues, ==, QUEUES);
    for (int round = 0; round < 2; round++) {
        for (unsigned i = 0; i < QUEUES; i++) {
            messages[i] = vc_request_start(&(VCRequest) {
                .vc = vc, .format = t->format, .queue = i, .session = session,
                VC_SAMPLE_ENCRYPT,
            });
        }
        for (unsigned i = 0; i < QUEUES; i++) {
            vc_finish(messages[i]);
        }
        vc_check_alive(vc, t->format);
    }
}

static void object_del(QTestState *qts, const char *id)
{
    qtest_qmp_assert_success(qts, "{ 'execute': 'object-del',"
                             " 'arguments': { 'id': %s } }", id);
}

/* What is in flight in a thread ends before the device goes. */
static void test_unplug(const VCTest *t, VCClient *vc)
{
    QVirtioPCIDevice *dev;
    VCClient *vc1;
    VCInflight b;

    if (vc->pci->pdev->bus->not_hotpluggable) {
        g_test_skip("the PCI bus does not support hotplug");
        return;
    }
    qtest_qmp_assert_success(vc->qts, "{ 'execute': 'object-add',"
                             " 'arguments': { 'qom-type': 'iothread',"
                             " 'id': 'iothread1' } }");
    qtest_qmp_assert_success(vc->qts, "{ 'execute': 'object-add',"
                             " 'arguments': { 'id': 'cryptodev1', 'qom-type':"
                             " 'cryptodev-backend-builtin', 'queues': 3 } }");
    qtest_qmp_device_add(vc->qts, "virtio-crypto-pci", "crypto1",
                         "{ 'addr': '6.0', 'cryptodev': 'cryptodev1',"
                         "  'iothread-vq-mapping': ["
                         "  { 'iothread': 'iothread1', 'vqs': [ 1 ] },"
                         "  { 'iothread': 'iothread0', 'vqs': [ 0, 2 ] } ] }");
    vc1 = vc_open_pci(vc->pci->pdev->bus, QPCI_DEVFN(6, 0), vc->alloc);
    dev = vc1->pci;
    vc_check_alive(vc1, t->format);

    vc_inflight_start(&b, vc1, t->format, VC_LARGE, "cryptodev1");
    qpci_unplug_acpi_device_test(vc->qts, "crypto1", 6);
    vc_inflight_settle(&b);
    object_del(vc->qts, "cryptodev1");
    object_del(vc->qts, "iothread1");
    vc_check_alive(vc, t->format);
    vc_inflight_forget(&b);
    vc_abandon(vc1);
    qos_object_destroy(&dev->obj);
}

/* Registers of the device, where nothing of a request has to be */

static uint64_t register_addr(VCClient *vc, size_t offset)
{
    return vc->pci->bar.addr + vc->pci->common_cfg_offset + offset;
}

#define REGISTER(vc, name) \
    register_addr(vc, offsetof(struct virtio_pci_common_cfg, name))

/* A status of 0 would be written to the device status: a reset. */
static void send_to_registers(VCClient *vc, QVirtQueue *vq)
{
    uint32_t head = qvirtqueue_add(vc->qts, vq, vc->mem, 72, false, true);
    gint64 start = g_get_monotonic_time();
    uint32_t used, len;

    qtest_writew(vc->qts, vq->desc + head * sizeof(struct vring_desc) +
                 offsetof(struct vring_desc, next), head + 1);
    qvirtqueue_add(vc->qts, vq, REGISTER(vc, device_status), 1, true, false);
    qvirtqueue_kick(vc->qts, vc->vdev, vq, head);
    while (!qvirtqueue_get_buf(vc->qts, vq, &used, &len)) {
        vc_give_up(vc, start, "the buffer is meant to come back");
    }
    g_assert_cmpuint(used, ==, head);
    g_assert_cmpuint(len, ==, 0);
}

static void test_buffer_in_registers(const VCTest *t, VCClient *vc)
{
    uint64_t session = vc_sample_session(vc, t->format);

    for (unsigned i = 0; i <= vc->n_queues; i++) {
        vc_check_alive(vc, t->format);
        qtest_memset(vc->qts, vc->mem, 0, 72);
        send_to_registers(vc, vc->vq[i]);
    }
    vc_sample_request(vc, t->format, session, VC_OK);
}

static const VCTestEntry tests[] = {
    { VC_FOR_SESSIONS, "iothread/many-queues",
      { test_many_queues, .backend = ",queues=65" THREAD,
        .device = "iothread=iothread0" } },
    { VC_FOR_STD, "iothread/unplug",
      { test_unplug, .backend = THREAD, .device = "iothread=iothread0",
        .pci = true } },
    { VC_FOR_STD, "buffer-in-registers",
      { test_buffer_in_registers, .pci = true } },
    { VC_FOR_STD, "iothread/buffer-in-registers",
      { test_buffer_in_registers, .backend = THREAD,
        .device = "iothread=iothread0", .pci = true } },
    { }
};

static void register_virtio_crypto_iothread_test(void)
{
    vc_add_tests(tests);
}

libqos_init(register_virtio_crypto_iothread_test);
