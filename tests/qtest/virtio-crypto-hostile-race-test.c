/*
 * QTest testcases for virtio-crypto: changes while a thread is busy
 *
 * Each change is repeated often enough to hit the race in a device that is not
 * prepared for it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "hw/pci/pci_regs.h"
#include "libqos/virtio-crypto-akcipher.h"
#include "libqos/virtio-crypto-hostile.h"

/*
 * A byte of the output is in the memory of a VGA, which lies over the device's
 * own registers, and is switched off and on while a thread is busy: what is
 * memory when it is checked may be the device status when it is mapped.
 */

#define ROUNDS      3000
#define REQUESTS    1000    /* in the ring */

typedef struct MapRace {
    VCClient *vc;
    QPCIDevice *vga;
    uint64_t memory;
    uint16_t command;       /* of the VGA while it is on */
} MapRace;

static void switch_vga(const MapRace *r, bool on)
{
    qpci_config_writew(r->vga, PCI_COMMAND,
                       on ? r->command : r->command & ~PCI_COMMAND_MEMORY);
}

/* A request that stays in the ring, to be sent again and again */
static VCMessage *prepare_request(MapRace *r)
{
    VCClient *vc = r->vc;
    const VCPoke poke[] = {
        { 8, .offset = vc_data_layouts[VC_V11][VC_SERVICE_CIPHER].dst,
          .value = VC_REGISTER(vc->pci, device_status) }, { },
    };
    VCRequest request = {
        .vc = vc, .format = VC_V11, .iv = vc_sample_iv,
        .iv_len = sizeof(vc_sample_iv), .src = vc_sample_in, .src_len = 1,
        .shape.poke = poke,
    };
    VCMessage *m;

    request.session = vc_create_session(&(VCSession) {
        .vc = vc, .format = VC_V11, .algo = VC_AES_CTR, .key = vc_sample_key,
        .key_len = sizeof(vc_sample_key),
    });
    vc_hold_kicks(vc, true);
    m = vc_request_start(&request);
    vc_hold_kicks(vc, false);
    vc_fill_ring(&m, 1, 0);
    return m;
}

/* The thread never runs out of requests. */
static void map_race(const MapRace *r)
{
    VCClient *vc = r->vc;
    uint16_t idx = 0;

    for (int i = 0; i < ROUNDS; i++) {
        idx = vc_used_idx(vc, 0) + REQUESTS;
        vc_repeat(vc, 0, idx);
        vc_kick(vc, 0);
        switch_vga(r, true);
        switch_vga(r, false);
    }
    while (vc_used_idx(vc, 0) != idx) {
        /* as the test's time is limited */
    }
}

static void test_map_race(const VCTest *t, VCClient *vc)
{
    uint64_t home = vc->pci->bar.addr;
    uint8_t status = vc->vdev->bus->get_status(vc->vdev);
    MapRace r = { .vc = vc };
    VCMessage *m;

    r.vga = vc_vga_open(vc->pci->pdev->bus, &r.memory);
    r.command = qpci_config_readw(r.vga, PCI_COMMAND);
    switch_vga(&r, false);
    vc_move_registers(vc->pci, r.memory);
    m = prepare_request(&r);
    map_race(&r);
    g_assert_cmphex(vc->vdev->bus->get_status(vc->vdev), ==, status);
    vc_move_registers(vc->pci, home);
    vc_restart(vc);
    vc_forget(m);
    vc_check_alive(vc, VC_V11);
    g_free(r.vga);
}

/*
 * The size of the queue is changed, there and back.  It is in use, and keeps
 * the one that it has.
 */

#define SIZE_ROUNDS     5000
#define HALF            512

static void set_queue_size(VCClient *vc, uint16_t size)
{
    qtest_writew(vc->qts, VC_REGISTER(vc->pci, queue_size), size);
}

static void test_size_race(const VCTest *t, VCClient *vc)
{
    uint8_t status = vc->vdev->bus->get_status(vc->vdev);
    uint16_t size = vc->vq[0]->size;
    uint16_t idx = 0;
    VCMessage *m = vc_fill_ring_slowly(vc);

    vc->vdev->bus->queue_select(vc->vdev, 0);
    for (int i = 0; i < SIZE_ROUNDS; i++) {
        /* never more than the smaller size has room for */
        idx = vc_used_idx(vc, 0) + HALF / 2;
        vc_repeat(vc, 0, idx);
        vc_kick(vc, 0);
        set_queue_size(vc, HALF);
        set_queue_size(vc, size);
    }
    do {
        g_assert_cmphex(vc->vdev->bus->get_status(vc->vdev), ==, status);
    } while (vc_used_idx(vc, 0) != idx);
    vc_restart(vc);
    vc_forget(m);
    vc_check_alive(vc, VC_STD);
}

/*
 * A reset in a stop: operations are in flight and the machine is stopped.  A
 * disk answers meanwhile, whose used ring lies on the device status: a reset.
 */

#define LONG_COUNT      32

static void prepare_operations(VCMessage *m[LONG_COUNT], VCCall *c)
{
    vc_hold_kicks(c->request.vc, true);
    for (int i = 0; i < LONG_COUNT; i++) {
        m[i] = vc_request_start(&c->request);
    }
    vc_hold_kicks(c->request.vc, false);
}

static void check_nested(VCClient *vc, VCDisk *disk)
{
    g_autoptr(VCCall) c = vc_call_rsa(vc, VC_STD, VC_RSA_4096);
    VCMessage *m[LONG_COUNT];

    vc_disk_restart(disk, vc_register(vc->pci, 0) +
                          vc_ring_offset(VC_RING_USED, 0));
    vc_call_open(c);
    prepare_operations(m, c);
    vc_disk_start(disk);
    vc_kick(vc, 0);
    qtest_qmp_assert_success(vc->qts, "{ 'execute': 'stop' }");
    qtest_qmp_assert_success(vc->qts, "{ 'execute': 'cont' }");
    vc_disk_restart(disk, 0);
    vc_restart(vc);
    for (int i = 0; i < LONG_COUNT; i++) {
        vc_forget(m[i]);
    }
    vc_check_alive(vc, VC_STD);
}

static void test_nested_reset(const VCTest *t, VCClient *vc)
{
    VCDisk *disk;

    if (!vc_require_akcipher(vc)) {
        return;
    }
    disk = vc_disk_open(vc->pci->pdev->bus, vc->alloc);
    for (int i = 0; i < 4; i++) {
        check_nested(vc, disk);
    }
    vc_disk_close(disk);
}

static const VCTestEntry nested_tests[] = {
    { VC_FOR_STD, "nested-reset", { test_nested_reset, .backend = VC_DISK } },
    { }
};

static const VCTestEntry tests[] = {
    { VC_FOR_V11, "map", { test_map_race, .backend = VC_VGA } },
    { VC_FOR_STD, "queue-size", { test_size_race } },
    { }
};

static void register_virtio_crypto_hostile_race_test(void)
{
    vc_add_hostile_tests("race", tests, VC_IN_THREAD);
    vc_add_hostile_tests("race", nested_tests, VC_IN_BOTH);
}

libqos_init(register_virtio_crypto_hostile_race_test);
