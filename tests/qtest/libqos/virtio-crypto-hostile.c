/*
 * virtio-crypto client: tools of a hostile guest
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "../libqtest.h"
#include "hw/pci/pci_regs.h"
#include "standard-headers/linux/virtio_blk.h"
#include "standard-headers/linux/virtio_config.h"
#include "standard-headers/linux/virtio_ring.h"
#include "virtio-crypto-hostile.h"

/* Far more than any of these tests needs */
#define SECONDS         100

/* Registration */

/* Let the thread process the other device's queues, too. */
static char *share_thread(const char *options)
{
    g_auto(GStrv) parts = g_strsplit(options, VC_OTHER_PROPERTIES, -1);
    g_autofree char *all = g_strjoinv(VC_OTHER_PROPERTIES
                                      ",iothread=iothread0", parts);

    return g_strconcat(all, VC_THREAD, NULL);
}

static void add_hostile_test(const char *group, const VCTestEntry *entry,
                             bool in_thread)
{
    g_autofree char *name = g_strdup_printf("hostile/%s/%s%s", group,
                                            entry->name,
                                            in_thread ? "-iothread" : "");
    VCTestEntry copy[] = { *entry, { } };
    VCTest *test = &copy[0].test;

    copy[0].name = name;
    test->pci = true;
    test->seconds = SECONDS;
    if (in_thread) {
        test->backend = share_thread(test->backend ?: "");
        test->device = g_strconcat(test->device ?: "",
                                   test->device ? "," : "",
                                   "iothread=iothread0", NULL);
    }
    vc_add_tests(copy);
}

void vc_add_hostile_tests(const char *group, const VCTestEntry *entries,
                          unsigned where)
{
    for (const VCTestEntry *e = entries; e->name; e++) {
        if (where & VC_IN_MAIN_LOOP) {
            add_hostile_test(group, e, false);
        }
        if (where & VC_IN_THREAD) {
            add_hostile_test(group, e, true);
        }
    }
}

/* Kicks */

static void no_kick(QVirtioDevice *d, QVirtQueue *vq)
{
}

void vc_hold_kicks(VCClient *vc, bool hold)
{
    static const QVirtioBus *bus;
    static QVirtioBus quiet;

    if (hold) {
        bus = vc->vdev->bus;
        quiet = *bus;
        quiet.virtqueue_kick = no_kick;
    }
    vc->vdev->bus = hold ? &quiet : bus;
}

void vc_kick(VCClient *vc, unsigned queue)
{
    vc->vdev->bus->virtqueue_kick(vc->vdev, vc->vq[queue]);
}

/* Registers */

uint64_t vc_register(const QVirtioPCIDevice *dev, size_t offset)
{
    return dev->bar.addr + dev->common_cfg_offset + offset;
}

/* One field of two or four bytes, or what is in the middle of one */
static uint32_t read_register(QVirtioPCIDevice *dev, size_t offset)
{
    QTestState *qts = dev->pdev->bus->qts;
    uint64_t addr = vc_register(dev, offset);

    return offset % 4 ? qtest_readw(qts, addr) : qtest_readl(qts, addr);
}

static void read_registers(VCRegisters *r)
{
    size_t status = offsetof(struct virtio_pci_common_cfg, device_status);

    for (int i = 0; i < ARRAY_SIZE(r->values); i++) {
        r->values[i] = read_register(r->dev, 2 * i);
    }
    r->values[status / 2] &= ~VIRTIO_CONFIG_S_NEEDS_RESET;
}

void vc_registers_save(VCRegisters *r, QVirtioPCIDevice *dev)
{
    r->dev = dev;
    read_registers(r);
}

void vc_registers_check(const VCRegisters *r)
{
    VCRegisters now = { .dev = r->dev };

    read_registers(&now);
    for (int i = 0; i < ARRAY_SIZE(now.values); i++) {
        if (now.values[i] != r->values[i]) {
            g_error("register %d is 0x%x, not 0x%x", 2 * i, now.values[i],
                    r->values[i]);
        }
    }
}

/* PCI memory */

QPCIDevice *vc_vga_open(QPCIBus *bus, uint64_t *ram)
{
    QPCIDevice *vga = qpci_device_find(bus, QPCI_DEVFN(VC_VGA_SLOT, 0));

    g_assert_nonnull(vga);
    qpci_device_enable(vga);
    *ram = qpci_iomap(vga, 0, NULL).addr;
    return vga;
}

void vc_pci_memory(QPCIDevice *dev, bool on)
{
    uint16_t command = qpci_config_readw(dev, PCI_COMMAND);

    qpci_config_writew(dev, PCI_COMMAND, on ? command | PCI_COMMAND_MEMORY :
                                              command & ~PCI_COMMAND_MEMORY);
}

void vc_move_registers(QVirtioPCIDevice *dev, uint64_t addr)
{
    qpci_config_writel(dev->pdev, PCI_BASE_ADDRESS_0 + 4 * dev->bar_idx, addr);
    dev->bar.addr = addr;
}

/* A disk */

#define SECTOR          512
#define DISK_RING       16

typedef struct DiskRequest {
    struct virtio_blk_outhdr header;
    uint8_t data[SECTOR];
    uint8_t status;
} DiskRequest;

VCDisk *vc_disk_open(QPCIBus *bus, QGuestAllocator *alloc)
{
    VCDisk *disk = g_new0(VCDisk, 1);

    disk->dev = virtio_pci_new(bus, &(QPCIAddress) {
        .devfn = QPCI_DEVFN(VC_DISK_SLOT, 0),
    });
    g_assert_nonnull(disk->dev);
    disk->alloc = alloc;
    disk->request = guest_alloc(alloc, sizeof(DiskRequest));
    qvirtio_pci_device_enable(disk->dev);
    vc_disk_restart(disk, 0);
    return disk;
}

static void clean_up_disk(VCDisk *disk)
{
    if (disk->vq) {
        qvirtqueue_cleanup(disk->dev->vdev.bus, disk->vq, disk->alloc);
    }
}

/* As a disk's bus does it, but with the used ring somewhere else */
static const QVirtioBus *disk_bus;
static uint64_t disk_used;

static void set_disk_queue(QVirtioDevice *d, QVirtQueue *vq)
{
    QVirtQueue told = *vq;

    told.used = disk_used;
    disk_bus->set_queue_address(d, &told);
}

void vc_disk_restart(VCDisk *disk, uint64_t used)
{
    QVirtioDevice *d = &disk->dev->vdev;
    QVirtioBus bus = *d->bus;

    disk_bus = d->bus;
    disk_used = used;
    if (used) {
        bus.set_queue_address = set_disk_queue;
    }
    qvirtio_start_device(d);
    clean_up_disk(disk);
    qvirtio_set_features(d, 1ull << VIRTIO_F_VERSION_1);
    d->bus->queue_select(d, 0);
    qtest_writew(disk->dev->pdev->bus->qts, VC_REGISTER(disk->dev, queue_size),
                 DISK_RING);
    d->bus = &bus;
    disk->vq = qvirtqueue_setup(d, disk->alloc, 0);
    d->bus = disk_bus;
    qvirtio_set_driver_ok(d);
}

void vc_disk_close(VCDisk *disk)
{
    qvirtio_reset(&disk->dev->vdev);
    clean_up_disk(disk);
    guest_free(disk->alloc, disk->request);
    qos_object_destroy(&disk->dev->obj);
    g_free(disk);
}

void vc_disk_start(VCDisk *disk)
{
    QTestState *qts = disk->dev->pdev->bus->qts;
    DiskRequest request = {
        .header.type = cpu_to_le32(VIRTIO_BLK_T_IN), .status = 0xff,
    };
    uint32_t head;

    memset(request.data, 0xff, sizeof(request.data));
    qtest_memwrite(qts, disk->request, &request, sizeof(request));
    head = qvirtqueue_add(qts, disk->vq, disk->request,
                          sizeof(request.header), false, true);
    qvirtqueue_add(qts, disk->vq, disk->request +
                   offsetof(DiskRequest, data), SECTOR + 1, true, false);
    qvirtqueue_kick(qts, &disk->dev->vdev, disk->vq, head);
}

bool vc_disk_done(VCDisk *disk)
{
    return qvirtqueue_get_buf(disk->dev->pdev->bus->qts, disk->vq, NULL, NULL);
}

void vc_disk_finish(VCClient *vc, VCDisk *disk)
{
    gint64 start = g_get_monotonic_time();
    DiskRequest request;

    while (!vc_disk_done(disk)) {
        vc_give_up(vc, start, "the disk does not answer");
    }
    qtest_memread(vc->qts, disk->request, &request, sizeof(request));
    g_assert_cmpuint(request.status, ==, VIRTIO_BLK_S_OK);
    g_assert_cmphex(request.data[0], !=, 0xff);
}

/* All devices */

void vc_devices_open(VCDevices *d, VCClient *vc)
{
    QPCIBus *bus = vc->pci->pdev->bus;

    d->vc = vc;
    d->other = vc_open_pci(bus, QPCI_DEVFN(VC_OTHER_SLOT, 0), vc->alloc);
    d->other_dev = d->other->pci;
    d->disk = vc_disk_open(bus, vc->alloc);
}

void vc_devices_close(VCDevices *d)
{
    vc_check_alive(d->other, VC_STD);
    vc_disk_start(d->disk);
    vc_disk_finish(d->vc, d->disk);
    vc_disk_close(d->disk);
    vc_close(d->other);
    qos_object_destroy(&d->other_dev->obj);
    vc_check_alive(d->vc, VC_STD);
}

void vc_devices_save(VCDevices *d)
{
    vc_registers_save(&d->own, d->vc->pci);
    vc_registers_save(&d->others, d->other->pci);
    vc_registers_save(&d->disks, d->disk->dev);
}

void vc_devices_check(const VCDevices *d)
{
    vc_registers_check(&d->own);
    vc_registers_check(&d->others);
    vc_registers_check(&d->disks);
}

/* Rings in odd places */

const char *const vc_ring_part_names[VC_RING_PARTS] = {
    [VC_RING_USED] = "used",
    [VC_RING_AVAIL] = "avail",
    [VC_RING_DESC] = "desc",
};

uint64_t *vc_ring_part(QVirtQueue *vq, VCRingPart part)
{
    uint64_t *const parts[VC_RING_PARTS] = {
        [VC_RING_USED] = &vq->used,
        [VC_RING_AVAIL] = &vq->avail,
        [VC_RING_DESC] = &vq->desc,
    };

    return parts[part];
}

uint64_t vc_ring_offset(VCRingPart part, uint16_t used_idx)
{
    uint64_t status = offsetof(struct virtio_pci_common_cfg, device_status);

    switch (part) {
    case VC_RING_USED:
        return status - offsetof(struct vring_used, ring[used_idx]);
    case VC_RING_AVAIL:
        return status;
    default:
        return 0;
    }
}

/* Of one part of one queue */
typedef struct Placement {
    unsigned queue;
    VCRingPart part;
    uint64_t addr;
} Placement;

static void place(QVirtQueue *vq, void *opaque)
{
    const Placement *p = opaque;

    if (vq->index == p->queue) {
        *vc_ring_part(vq, p->part) = p->addr;
    }
}

void vc_restart_misplaced(VCClient *vc, unsigned queue, VCRingPart part,
                          uint64_t addr)
{
    Placement p = { queue, part, addr };

    vc_stop(vc);
    vc->place = place;
    vc->place_opaque = &p;
    vc_prepare(vc);
    vc->place = NULL;
}

void vc_try_driver_ok(VCClient *vc)
{
    const QVirtioBus *bus = vc->vdev->bus;

    bus->set_status(vc->vdev, bus->get_status(vc->vdev) |
                    VIRTIO_CONFIG_S_DRIVER_OK);
}

VCMessage *vc_send_rubbish(VCClient *vc, unsigned queue)
{
    VCMessage *m = vc_message_expecting(vc, VC_NOTSUPP);

    vc_desc(m, vc_put(m, "rubbish", NULL, 72), 72, false);
    vc_desc(m, vc_put(m, "status", NULL, 1), 1, true);
    vc_send(m, queue, false);
    return m;
}

/* Place number i of the ring gets @heads[i % @n]. */
static void fill_avail(VCClient *vc, unsigned queue, const uint16_t *heads,
                       unsigned n)
{
    QVirtQueue *vq = vc->vq[queue];
    g_autofree uint16_t *ring = g_new(uint16_t, vq->size);

    for (int i = 0; i < vq->size; i++) {
        ring[i] = cpu_to_le16(heads[i % n]);
    }
    qtest_memwrite(vc->qts, vq->avail + offsetof(struct vring_avail, ring),
                   ring, vq->size * sizeof(*ring));
}

void vc_fill_ring(VCMessage *const *m, unsigned n, unsigned queue)
{
    g_autofree uint16_t *heads = g_new(uint16_t, n);

    for (int i = 0; i < n; i++) {
        heads[i] = m[i]->head;
    }
    fill_avail(m[0]->vc, queue, heads, n);
}

void vc_repeat(VCClient *vc, unsigned queue, uint16_t avail_idx)
{
    qtest_writew(vc->qts, vc->vq[queue]->avail +
                 offsetof(struct vring_avail, idx), avail_idx);
}

void vc_send_again(VCClient *vc, unsigned queue, uint16_t num)
{
    const uint16_t head = 0;            /* of the first message */
    uint16_t used_idx = vc_used_idx(vc, queue);

    g_assert_cmpuint(used_idx, <=, 1);
    fill_avail(vc, queue, &head, 1);
    vc_repeat(vc, queue, used_idx + num);
    vc_kick(vc, queue);
}

void vc_share_messages(VCClient *vc, unsigned from, unsigned to)
{
    const QVirtQueue *vq = vc->vq[from];
    size_t len = vq->free_head * sizeof(struct vring_desc);
    g_autofree uint8_t *desc = g_malloc(len);

    qtest_memread(vc->qts, vq->desc, desc, len);
    qtest_memwrite(vc->qts, vc->vq[to]->desc, desc, len);
}

VCMessage *vc_fill_ring_slowly(VCClient *vc)
{
    VCRequest request = {
        .vc = vc, .format = VC_STD, .session = vc_sample_session(vc, VC_STD),
        VC_SAMPLE_ENCRYPT, .shape.indirect = true, .shape.desc_max = 1,
    };
    VCMessage *m;

    vc_hold_kicks(vc, true);
    m = vc_request_start(&request);
    vc_hold_kicks(vc, false);
    vc_fill_ring(&m, 1, 0);
    return m;
}

uint16_t vc_used_idx(VCClient *vc, unsigned queue)
{
    return qtest_readw(vc->qts, vc->vq[queue]->used +
                       offsetof(struct vring_used, idx));
}
