/*
 * virtio-crypto client: the driver's view of a device
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qobject/qlist.h"
#include "../libqtest-single.h"
#include "standard-headers/linux/virtio_config.h"
#include "standard-headers/linux/virtio_pci.h"
#include "virtio-crypto-ring.h"

#define TIMEOUT_US              (30 * G_USEC_PER_SEC)

#define CONFIG_MAX_DATAQUEUES   4

/* Bits of the device type, accepted only on demand */
#define CRYPTO_FEATURES         0x3full

void vc_fail(const VCClient *vc, const char *fmt, ...)
{
    g_autofree char *text = NULL;
    va_list ap;

    va_start(ap, fmt);
    text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    g_error("%s%s%s", vc->context ?: "", vc->context ? ": " : "", text);
}

void vc_give_up(const VCClient *vc, gint64 start, const char *what)
{
    if (g_get_monotonic_time() - start > TIMEOUT_US) {
        vc_fail(vc, "timeout: %s (device status 0x%x)", what,
                vc->vdev->bus->get_status(vc->vdev));
    }
}

/* A reset has taken the vectors away. */
static void set_up_vectors(VCClient *vc)
{
    qvirtio_pci_set_msix_configuration_vector(vc->pci, vc->alloc, 0);
    for (int i = 0; i <= vc->n_queues; i++) {
        qvirtqueue_pci_msix_setup(vc->pci, (QVirtQueuePCI *)vc->vq[i],
                                  vc->alloc, i + 1);
    }
}

/*
 * Memory for the rings, as qvring_init() would lay it out.  Packed ones are
 * smaller: events of the driver and of the device take the places of the other
 * two parts.
 */
static void allocate_rings(VCClient *vc, QVirtQueue *vq)
{
    uint32_t size = qvring_size(vq->size, vq->align);

    vq->desc = guest_alloc(vc->alloc, size);
    vq->avail = vq->desc + vq->size * sizeof(struct vring_desc);
    vq->used = ROUND_UP(vq->avail + sizeof(uint16_t) * (3 + vq->size),
                        vq->align);
    qtest_memset(vc->qts, vq->desc, 0, size);
}

static void set_common(VCClient *vc, size_t offset, uint16_t value)
{
    qpci_io_writew(vc->pci->pdev, vc->pci->bar,
                   vc->pci->common_cfg_offset + offset, value);
}

static void tell_rings(VCClient *vc, const QVirtQueue *vq)
{
    QVirtQueue told = *vq;

    if (vc->place) {
        vc->place(&told, vc->place_opaque);
    }
    vc->vdev->bus->set_queue_address(vc->vdev, &told);
}

/*
 * qvring_init() writes 1024 descriptors one by one, which would take most of
 * the time of a short test.  vc_send() fills in all of a descriptor.
 */
static QVirtQueue *pci_queue_setup(VCClient *vc, unsigned index)
{
    QVirtioDevice *d = vc->vdev;
    QVirtQueuePCI *q = g_new0(QVirtQueuePCI, 1);
    uint64_t common = vc->pci->common_cfg_offset;
    uint16_t notify_off;

    d->bus->queue_select(d, index);
    if (vc->ring_size) {
        set_common(vc, offsetof(struct virtio_pci_common_cfg, queue_size),
                   vc->ring_size);
    }
    q->vq.vdev = d;
    q->vq.index = index;
    q->vq.size = q->vq.num_free = d->bus->get_queue_size(d);
    q->vq.align = VIRTIO_PCI_VRING_ALIGN;
    q->vq.indirect = d->features & 1ull << VIRTIO_RING_F_INDIRECT_DESC;
    q->vq.event = d->features & 1ull << VIRTIO_RING_F_EVENT_IDX;
    q->msix_entry = -1;
    q->msix_data = 0x12345678;
    allocate_rings(vc, &q->vq);
    tell_rings(vc, &q->vq);

    notify_off = qpci_io_readw(vc->pci->pdev, vc->pci->bar, common +
                               offsetof(struct virtio_pci_common_cfg,
                                        queue_notify_off));
    q->notify_offset = vc->pci->notify_cfg_offset +
                       notify_off * vc->pci->notify_off_multiplier;
    set_common(vc, offsetof(struct virtio_pci_common_cfg, queue_enable), 1);
    return &q->vq;
}

QVirtQueue *vc_queue_setup(VCClient *vc, unsigned index)
{
    QVirtQueue *vq = vc->pci ? pci_queue_setup(vc, index) :
                     qvirtqueue_setup(vc->vdev, vc->alloc, index);

    vc_ring_start(vc, vq);
    return vq;
}

static void set_up_queues(VCClient *vc)
{
    uint64_t features = qvirtio_get_features(vc->vdev);
    uint64_t crypto = vc->features;

    /* some builds have no public-key algorithms */
    crypto &= features | ~VC_F_STATELESS_AKCIPHER;
    g_assert_cmphex(crypto & ~features, ==, 0);
    features &= ~(QVIRTIO_F_BAD_FEATURE | CRYPTO_FEATURES |
                  1ull << VIRTIO_RING_F_EVENT_IDX |
                  1ull << VIRTIO_F_RING_PACKED);
    features |= crypto;
    if (vc->no_features_ok) {
        vc->vdev->bus->set_features(vc->vdev, features);
        vc->vdev->features_negotiated = true;   /* or so libqos believes */
    } else {
        qvirtio_set_features(vc->vdev, features);
    }

    vc->n_queues = qvirtio_config_readl(vc->vdev, CONFIG_MAX_DATAQUEUES);
    vc->vq = g_new0(QVirtQueue *, vc->n_queues + 1);
    vc->rings = g_new0(VCRing, vc->n_queues + 1);
    for (int i = 0; i <= vc->n_queues; i++) {
        vc->vq[i] = vc_queue_setup(vc, i);
    }
    if (vc->msix) {
        set_up_vectors(vc);
    }
}

static void tear_down_queues(VCClient *vc)
{
    for (int i = 0; i <= vc->n_queues; i++) {
        qvirtqueue_cleanup(vc->vdev->bus, vc->vq[i], vc->alloc);
    }
    g_clear_pointer(&vc->vq, g_free);
    g_clear_pointer(&vc->rings, g_free);
}

VCClient *vc_open(QVirtioCrypto *crypto, QGuestAllocator *alloc,
                  const VCOpen *how)
{
    VCClient *vc = g_new0(VCClient, 1);

    vc->qts = global_qtest;
    vc->vdev = crypto->vdev;
    vc->alloc = alloc;
    vc->mem = guest_alloc(alloc, VC_MEM_SIZE);
    vc->sent = g_ptr_array_new();
    vc->pci = crypto->pci;
    vc->msix = how->msix;
    vc->features = how->features;
    if (vc->msix) {
        qpci_msix_enable(vc->pci->pdev);
    }
    set_up_queues(vc);
    if (!how->no_driver_ok) {
        vc_driver_ok(vc);
    }
    return vc;
}

VCClient *vc_open_pci(QPCIBus *bus, int devfn, QGuestAllocator *alloc)
{
    QVirtioPCIDevice *dev = virtio_pci_new(bus, &(QPCIAddress) {
        .devfn = devfn,
    });
    QVirtioCrypto crypto;

    g_assert_nonnull(dev);
    crypto = (QVirtioCrypto) { &dev->vdev, dev };
    qos_object_start_hw(&dev->obj);
    return vc_open(&crypto, alloc, &(VCOpen) { });
}

void vc_driver_ok(VCClient *vc)
{
    qvirtio_set_driver_ok(vc->vdev);
}

void vc_abandon(VCClient *vc)
{
    g_assert_cmpuint(vc->in_flight, ==, 0);
    tear_down_queues(vc);
    g_ptr_array_free(vc->sent, true);
    guest_free(vc->alloc, vc->mem);
    g_free(vc);
}

void vc_close(VCClient *vc)
{
    qvirtio_reset(vc->vdev);
    if (vc->msix) {
        qpci_msix_disable(vc->pci->pdev);
    }
    vc_abandon(vc);
}

void vc_stop(VCClient *vc)
{
    qvirtio_start_device(vc->vdev);
    g_ptr_array_set_size(vc->sent, 0);
}

void vc_prepare(VCClient *vc)
{
    tear_down_queues(vc);
    set_up_queues(vc);
}

void vc_start(VCClient *vc)
{
    vc_prepare(vc);
    vc_driver_ok(vc);
}

void vc_restart(VCClient *vc)
{
    vc_stop(vc);
    vc_start(vc);
}

void vc_wait_broken(VCClient *vc)
{
    gint64 start = g_get_monotonic_time();

    while (!(vc->vdev->bus->get_status(vc->vdev) &
             VIRTIO_CONFIG_S_NEEDS_RESET)) {
        vc_give_up(vc, start, "the device is meant to ask for a reset");
    }
}

void vc_expect_broken(VCClient *vc)
{
    vc_wait_broken(vc);
    vc_restart(vc);
}

QDict *vc_query_backend(VCClient *vc)
{
    QDict *response = qtest_qmp(vc->qts, "{ 'execute': 'query-cryptodev' }");
    QList *list = qdict_get_qlist(response, "return");
    QDict *info;

    g_assert_cmpuint(qlist_size(list), ==, 1);
    info = qobject_ref(qobject_to(QDict, qlist_peek(list)));
    qobject_unref(response);
    return info;
}
