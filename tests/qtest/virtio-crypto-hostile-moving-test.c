/*
 * QTest testcases for virtio-crypto: rings in memory that goes away
 *
 * A guest can have its rings in the memory of a PCI device, or in memory that
 * the chipset can hide, and remove that memory while the queue is in use.
 * Then registers can be at the same address.  The device must not write there.
 * It asks for a reset, and works after it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "standard-headers/linux/virtio_ring.h"
#include "libqos/virtio-crypto-akcipher.h"
#include "libqos/virtio-crypto-hostile.h"

/* So few that each part of a ring fits into a device's registers */
#define RING_SIZE       16

/* Rings that move: in memory that the guest can take away */

typedef struct Moving {
    VCDevices d;
    QPCIDevice *owner;          /* of the memory */
    uint64_t memory;
} Moving;

/* Kinds of memory, and how to take it away, or give it back */
typedef struct MemoryKind {
    QPCIDevice *(*open)(QPCIBus *bus, uint64_t *memory);
    void (*set)(QPCIDevice *owner, bool there);
} MemoryKind;

static const MemoryKind vga = { vc_vga_open, vc_pci_memory };

/* The chipset lets a guest choose between memory and PCI for each 16 KiB. */
#define PAM_MEMORY      0xd0000
#define PAM_REGISTER    0x5c
#define PAM_READ_WRITE  0x33

static void set_pam(QPCIDevice *chipset, bool there)
{
    qpci_config_writeb(chipset, PAM_REGISTER, there ? PAM_READ_WRITE : 0);
}

static QPCIDevice *open_pam(QPCIBus *bus, uint64_t *memory)
{
    QPCIDevice *chipset = qpci_device_find(bus, QPCI_DEVFN(0, 0));

    *memory = PAM_MEMORY;
    set_pam(chipset, true);
    return chipset;
}

static const MemoryKind pam = { open_pam, set_pam };

/*
 * Start with a part in that memory, where registers will be: @offset is that
 * of a field.  It is memory, and serves a request.
 */
static void start_moving(Moving *m, VCRingPart part, uint64_t offset)
{
    VCClient *vc = m->d.vc;
    uint64_t addr = m->memory + vc->pci->common_cfg_offset + offset;
    uint64_t in_memory, *mine;

    qtest_memset(vc->qts, m->memory, 0, 8 * KiB);
    vc_restart_misplaced(vc, 0, part, addr);
    mine = vc_ring_part(vc->vq[0], part);
    in_memory = *mine;
    *mine = addr;
    vc_driver_ok(vc);
    vc_check_alive(vc, VC_STD);
    *mine = in_memory;
}

/* Take the memory away, and put the registers of @dev there, if any. */
static void check_moved(Moving *m, const MemoryKind *kind, VCRingPart part,
                        QVirtioPCIDevice *dev)
{
    VCClient *vc = m->d.vc;
    uint64_t home = dev ? dev->bar.addr : 0;
    VCMessage *message;

    start_moving(m, part, vc_ring_offset(part, 1));
    kind->set(m->owner, false);
    if (dev) {
        vc_move_registers(dev, m->memory);
    }
    vc_devices_save(&m->d);
    message = vc_send_rubbish(vc, 0);
    vc_wait_broken(vc);
    vc_devices_check(&m->d);
    if (dev) {
        vc_move_registers(dev, home);
    }
    kind->set(m->owner, true);
    vc_restart(vc);
    vc_forget(message);
    vc_check_alive(vc, VC_STD);
}

/*
 * A part of a ring is in memory of a VGA, or of the chipset's.  One request
 * later that memory goes away: nothing, or the registers of a device, are
 * there now.  The next request finds a device that asks for a reset, and no
 * register is touched.
 */
static void test_moved(const VCTest *t, VCClient *vc)
{
    const MemoryKind *kind = t->arg;
    Moving m = { };

    vc_devices_open(&m.d, vc);
    m.owner = kind->open(vc->pci->pdev->bus, &m.memory);
    vc->ring_size = RING_SIZE;
    for (VCRingPart part = 0; part < VC_RING_PARTS; part++) {
        QVirtioPCIDevice *const to[] = {
            vc->pci, m.d.other->pci, m.d.disk->dev, NULL,
        };

        for (int i = 0; i < ARRAY_SIZE(to); i++) {
            g_autofree char *context =
                g_strdup_printf("%s, device %d", vc_ring_part_names[part], i);

            vc->context = context;
            check_moved(&m, kind, part, to[i]);
            vc->context = NULL;
        }
    }
    g_free(m.owner);
    vc_devices_close(&m.d);
}

/*
 * The used ring moves onto the status of a device that has a request in
 * flight, which a reset waits for: another crypto device, or a disk.  The ring
 * is full.  A device that wrote there would wait in the middle of its batch,
 * and an operation that ends meanwhile would begin another batch.
 */

#define BUSY            150     /* requests: more than two batches */
#define BUSY_RING       256
#define IN_FLIGHT       8       /* of another crypto device */

/* The second one takes long. */
static GPtrArray *fill_ring(VCClient *vc, VCCall *slow, VCRequest *quick)
{
    GPtrArray *messages = g_ptr_array_new();

    vc_hold_kicks(vc, true);
    for (int i = 0; i < BUSY; i++) {
        VCRequest *r = i == 1 ? &slow->request : quick;

        r->shape.indirect = true;
        g_ptr_array_add(messages, vc_request_start(r));
    }
    vc_hold_kicks(vc, false);
    return messages;
}

/* A device that is busy itself, and onto whose status the ring moves */
typedef struct Neighbour {
    QVirtioPCIDevice *dev;
    void (*start)(VCDevices *d, struct Neighbour *n);
    void (*finish)(VCDevices *d, struct Neighbour *n);
    VCCall *call;
    VCMessage *messages[IN_FLIGHT];
} Neighbour;

static void start_disk(VCDevices *d, Neighbour *n)
{
    vc_disk_start(d->disk);
}

static void finish_disk(VCDevices *d, Neighbour *n)
{
    vc_disk_finish(d->vc, d->disk);
}

static void start_other(VCDevices *d, Neighbour *n)
{
    for (int i = 0; i < IN_FLIGHT; i++) {
        n->messages[i] = vc_request_start(&n->call->request);
    }
}

static void finish_other(VCDevices *d, Neighbour *n)
{
    for (int i = 0; i < IN_FLIGHT; i++) {
        vc_finish(n->messages[i]);
    }
}

static void check_busy(Moving *m, Neighbour *n)
{
    VCClient *vc = m->d.vc;
    uint64_t home = n->dev->bar.addr;
    g_autoptr(VCCall) slow = NULL;
    g_autoptr(GPtrArray) messages = NULL;
    VCRequest quick;

    start_moving(m, VC_RING_USED, vc_ring_offset(VC_RING_USED, 1));
    slow = vc_call_rsa(vc, VC_STD, VC_RSA_1024);
    vc_call_open(slow);
    quick = (VCRequest) {
        .vc = vc, .format = VC_STD, VC_SAMPLE_ENCRYPT,
        .session = vc_sample_session(vc, VC_STD),
    };
    messages = fill_ring(vc, slow, &quick);
    vc_pci_memory(m->owner, false);
    vc_move_registers(n->dev, m->memory);
    vc_devices_save(&m->d);
    n->start(&m->d, n);
    vc_kick(vc, 0);
    vc_wait_broken(vc);
    vc_devices_check(&m->d);
    n->finish(&m->d, n);
    vc_move_registers(n->dev, home);
    vc_pci_memory(m->owner, true);
    vc_restart(vc);
    g_ptr_array_foreach(messages, (GFunc)vc_forget, NULL);
    vc_check_alive(vc, VC_STD);
}

static void test_busy(const VCTest *t, VCClient *vc)
{
    bool disk = g_str_equal(t->arg, "disk");
    Neighbour n = {
        .start = disk ? start_disk : start_other,
        .finish = disk ? finish_disk : finish_other,
    };
    Moving m = { };

    if (!vc_require_akcipher(vc)) {
        return;
    }
    vc_devices_open(&m.d, vc);
    m.owner = vc_vga_open(vc->pci->pdev->bus, &m.memory);
    vc->ring_size = BUSY_RING;
    n.dev = disk ? m.d.disk->dev : m.d.other->pci;
    n.call = vc_call_rsa(m.d.other, VC_STD, VC_RSA_4096);
    vc_call_open(n.call);
    check_busy(&m, &n);
    vc_call_free(n.call);
    g_free(m.owner);
    vc_devices_close(&m.d);
}

/*
 * The memory that a used ring is in is replaced by the registers of another
 * device while the queue is busy.
 */

#define RACE_ROUNDS     30
#define RACE_RING       256

/*
 * The VGA is in front of the registers while it is on.  Behind it is a device
 * status, where the ring has the number of answers.
 */
static void race_round(Moving *m, const VCRegisters *others)
{
    uint64_t status = offsetof(struct virtio_pci_common_cfg, device_status);
    VCClient *vc = m->d.vc;
    VCMessage *message;

    start_moving(m, VC_RING_USED, status - offsetof(struct vring_used, idx));
    message = vc_fill_ring_slowly(vc);
    vc_repeat(vc, 0, RACE_RING / 2);
    vc_kick(vc, 0);
    vc_pci_memory(m->owner, false);
    vc_repeat(vc, 0, RACE_RING);
    vc_kick(vc, 0);
    vc_wait_broken(vc);
    vc_registers_check(others);
    vc_pci_memory(m->owner, true);
    vc_restart(vc);
    vc_forget(message);
}

static void test_race(const VCTest *t, VCClient *vc)
{
    Moving m = { };
    VCRegisters others;
    uint64_t home;

    vc_devices_open(&m.d, vc);
    m.owner = vc_vga_open(vc->pci->pdev->bus, &m.memory);
    vc->ring_size = RACE_RING;
    home = m.d.other->pci->bar.addr;
    vc_pci_memory(m.owner, false);
    vc_move_registers(m.d.other->pci, m.memory);
    vc_registers_save(&others, m.d.other->pci);
    vc_pci_memory(m.owner, true);
    for (int i = 0; i < RACE_ROUNDS; i++) {
        race_round(&m, &others);
    }
    vc_pci_memory(m.owner, false);
    vc_move_registers(m.d.other->pci, home);
    g_free(m.owner);
    vc_devices_close(&m.d);
}

static const VCTestEntry tests[] = {
    { VC_FOR_STD, "vga",
      { test_moved, .backend = VC_OTHER_CRYPTO VC_DISK VC_VGA,
        .arg = &vga } },
    { VC_FOR_STD, "chipset",
      { test_moved, .backend = VC_OTHER_CRYPTO VC_DISK, .arg = &pam } },
    { VC_FOR_STD, "busy-disk",
      { test_busy, .backend = VC_OTHER_CRYPTO VC_DISK VC_VGA,
        .arg = "disk" } },
    { VC_FOR_STD, "busy-crypto",
      { test_busy, .backend = VC_OTHER_CRYPTO VC_DISK VC_VGA,
        .arg = "crypto" } },
    { VC_FOR_STD, "race",
      { test_race, .backend = VC_OTHER_CRYPTO VC_DISK VC_VGA } },
    { }
};

static void register_virtio_crypto_hostile_moving_test(void)
{
    vc_add_hostile_tests("moving-ring", tests, VC_IN_BOTH);
}

libqos_init(register_virtio_crypto_hostile_moving_test);
