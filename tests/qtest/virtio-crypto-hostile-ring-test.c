/*
 * QTest testcases for virtio-crypto: rings that are not in RAM
 *
 * A guest can give the address of registers, of this device or another one, or
 * an unused address for its rings.  The device must not write there.  It asks
 * for a reset, and works after it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "standard-headers/linux/virtio_config.h"
#include "libqos/virtio-crypto-hostile.h"

/* So few that each part of a ring fits into a device's registers */
#define RING_SIZE       16

/* Rings that are misplaced from the beginning */

typedef enum PlaceKind {
    OWN,            /* the registers of the device itself */
    OTHER,          /* those of another crypto device */
    DISK,           /* those of a disk */
    NOWHERE,        /* an address, where there is no memory */
} PlaceKind;

static const struct {
    const char *name;
    PlaceKind kind;
    uint64_t addr;
    bool read_only;
} places[] = {
    { "own registers", OWN },
    { "registers of another crypto device", OTHER },
    { "registers of a disk", DISK },
    { "a hole", NOWHERE, VC_HOLE },
    { "a hole far above", NOWHERE, VC_FAR_HOLE },
    { "beyond the end of memory", NOWHERE, VC_RAM_END },
    { "across the end of memory", NOWHERE, VC_RAM_END - 16 },
    { "read-only memory", NOWHERE, VC_ROM, .read_only = true },
};

static uint64_t place_address(const VCDevices *d, int i, VCRingPart part)
{
    QVirtioPCIDevice *const devices[] = {
        [OWN] = d->vc->pci, [OTHER] = d->other->pci, [DISK] = d->disk->dev,
    };

    return places[i].kind == NOWHERE ? places[i].addr :
           vc_register(devices[places[i].kind], vc_ring_offset(part, 0));
}

static void check_misplaced(VCDevices *d, unsigned queue, VCRingPart part,
                            uint64_t addr)
{
    VCClient *vc = d->vc;
    size_t status = offsetof(struct virtio_pci_common_cfg, device_status);
    VCMessage *m;

    vc_restart_misplaced(vc, queue, part, addr);
    vc_devices_save(d);
    vc_try_driver_ok(vc);
    d->own.values[status / 2] |= VIRTIO_CONFIG_S_DRIVER_OK;
    m = vc_send_rubbish(vc, queue);
    vc_wait_broken(vc);
    vc_devices_check(d);
    vc_restart(vc);
    vc_forget(m);
    vc_check_alive(vc, VC_STD);
}

static void check_misplaced_at(VCDevices *d, int i, VCRingPart part)
{
    for (unsigned queue = 0; queue <= d->vc->n_queues; queue++) {
        g_autofree char *context =
            g_strdup_printf("%s of queue %u in %s", vc_ring_part_names[part],
                            queue, places[i].name);

        d->vc->context = context;
        check_misplaced(d, queue, part, place_address(d, i, part));
        d->vc->context = NULL;
    }
}

/*
 * The guest starts the device with one part of one ring misplaced, and puts a
 * request into it.  The device asks for a reset, and has not touched a
 * register; after the reset, and with good rings, it works.
 */
static void test_misplaced(const VCTest *t, VCClient *vc)
{
    VCDevices d;

    vc_devices_open(&d, vc);
    vc->ring_size = RING_SIZE;
    for (VCRingPart part = 0; part < VC_RING_PARTS; part++) {
        for (int i = 0; i < ARRAY_SIZE(places); i++) {
            if (part == VC_RING_USED || !places[i].read_only) {
                check_misplaced_at(&d, i, part);
            }
        }
    }
    vc_devices_close(&d);
}

/* Rings of a queue that is in use, which the guest sets up again */

static void check_set_again(VCDevices *d, VCRingPart part, uint64_t base)
{
    VCClient *vc = d->vc;
    QVirtQueue told;
    uint64_t session;

    vc_restart(vc);
    session = vc_sample_session(vc, VC_STD);
    told = *vc->vq[0];
    *vc_ring_part(&told, part) = base + vc_ring_offset(part, 0);
    vc->vdev->bus->queue_select(vc->vdev, 0);
    vc->vdev->bus->set_queue_address(vc->vdev, &told);
    qtest_writew(vc->qts, VC_REGISTER(vc->pci, queue_enable), 1);
    vc_devices_save(d);
    vc_sample_request(vc, VC_STD, session, VC_OK);
    vc_devices_check(d);
}

/*
 * The driver writes other addresses to a queue that is enabled, and enables
 * it again: part of the ring would be on registers of the device itself, or
 * of another one, or nowhere.  Nothing of this has an effect.
 */
static void test_set_again(const VCTest *t, VCClient *vc)
{
    VCDevices d;

    vc_devices_open(&d, vc);
    vc->ring_size = RING_SIZE;
    for (VCRingPart part = 0; part < VC_RING_PARTS; part++) {
        const uint64_t bases[] = {
            vc_register(vc->pci, 0), vc_register(d.other->pci, 0),
            vc_register(d.disk->dev, 0), VC_HOLE,
        };

        for (int i = 0; i < ARRAY_SIZE(bases); i++) {
            check_set_again(&d, part, bases[i]);
        }
    }
    vc_devices_close(&d);
}

static const VCTestEntry tests[] = {
    { VC_FOR_STD, "misplaced",
      { test_misplaced, .backend = VC_OTHER_CRYPTO VC_DISK } },
    { VC_FOR_STD, "set-again",
      { test_set_again, .backend = VC_OTHER_CRYPTO VC_DISK } },
    { }
};

static void register_virtio_crypto_hostile_ring_test(void)
{
    vc_add_hostile_tests("ring", tests, VC_IN_BOTH);
}

libqos_init(register_virtio_crypto_hostile_ring_test);
