/*
 * QTest testcases for virtio-crypto: random steps of a hostile guest
 *
 * Each step is something that a guest can do to a device: status and features
 * in any order, queues and interrupts at any address, rings and requests that
 * change, registers that move.  There are two crypto devices and a disk, which
 * must work at the end.
 *
 * VIRTIO_CRYPTO_ATTACKER_SEED=N repeats the run that printed N, and
 * VIRTIO_CRYPTO_ATTACKER_STEPS=N sets the number of steps.  With an IOThread
 * the steps are the same, but not when the thread sees them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/cutils.h"
#include "libqtest.h"
#include "hw/pci/pci_regs.h"
#include "standard-headers/linux/virtio_config.h"
#include "libqos/virtio-crypto-attacker.h"

#define STEPS_QUICK     6000
#define STEPS_SLOW      100000

/* A step takes less than a millisecond; more is a device that hangs. */
#define HANG_SECONDS    60

#define CONTROL         2       /* of two data queues */

#define REGISTER(_name) offsetof(struct virtio_pci_common_cfg, _name)

typedef void StepFn(VCAttack *a, VCTarget *t);

static void step_status(VCAttack *a, VCTarget *t)
{
    static const uint8_t values[] = {
        0, 1, 3, 4, 7, 8, 11, 15, 15, 15, 0x40, 0x4f, 0x80, 0x8f, 0xff,
    };

    vc_attack_write(a, t, REGISTER(device_status), 1,
                    values[vc_attack_below(a, ARRAY_SIZE(values))]);
}

static void step_features(VCAttack *a, VCTarget *t)
{
    uint32_t word = vc_attack_below(a, 2);
    uint32_t value = vc_attack_below(a, 2) ? g_rand_int(a->rand) :
                     1u << vc_attack_below(a, 32);

    vc_attack_write(a, t, REGISTER(guest_feature_select), 4, word);
    vc_attack_write(a, t, REGISTER(guest_feature), 4, value);
}

static void step_queue_place(VCAttack *a, VCTarget *t)
{
    static const unsigned parts[] = {
        REGISTER(queue_desc_lo), REGISTER(queue_avail_lo),
        REGISTER(queue_used_lo),
    };
    unsigned part = parts[vc_attack_below(a, ARRAY_SIZE(parts))];
    uint64_t addr = vc_attack_address(a);

    vc_attack_write(a, t, REGISTER(queue_select), 2, vc_attack_below(a, 4));
    if (vc_attack_below(a, 2)) {
        /* that a driver may do, if it does it before it enables the queue */
        vc_attack_write(a, t, VIRTIO_PCI_COMMON_Q_RESET, 2, 1);
    }
    vc_attack_write(a, t, part, 4, addr);
    vc_attack_write(a, t, part + 4, 4, addr >> 32);
    vc_attack_write(a, t, REGISTER(queue_enable), 2, 1);
}

static void step_queue_register(VCAttack *a, VCTarget *t)
{
    static const unsigned registers[] = {
        REGISTER(queue_size), REGISTER(queue_msix_vector),
        REGISTER(queue_enable), VIRTIO_PCI_COMMON_Q_RESET,
        REGISTER(msix_config), REGISTER(queue_select),
    };
    static const uint16_t values[] = {
        0, 1, 1, 2, 3, 4, 16, 256, 1024, 1025, 0x8000, 0xffff,
    };

    vc_attack_write(a, t, REGISTER(queue_select), 2, vc_attack_below(a, 6));
    vc_attack_write(a, t, registers[vc_attack_below(a, ARRAY_SIZE(registers))],
                    2, values[vc_attack_below(a, ARRAY_SIZE(values))]);
}

/* Mostly with sessions, so that there is something to do */
static void step_set_up(VCAttack *a, VCTarget *t)
{
    vc_attack_go_home(a);
    vc_attack_set_up(a, t);
    for (int i = vc_attack_below(a, 6); i; i--) {
        vc_attack_send(a, t, CONTROL);
        vc_attack_kick(a, t, CONTROL);
    }
}

static unsigned any_queue(VCAttack *a)
{
    return vc_attack_below(a, 16) ? vc_attack_below(a, CONTROL + 1) :
                                    CONTROL + 1;
}

static void step_send(VCAttack *a, VCTarget *t)
{
    unsigned queue = any_queue(a);

    for (unsigned n = 1 + vc_attack_below(a, 6); n; n--) {
        vc_attack_send(a, t, queue);
    }
    if (vc_attack_below(a, 4)) {
        vc_attack_kick(a, t, queue);
    }
}

static void step_kick(VCAttack *a, VCTarget *t)
{
    vc_attack_kick(a, t, vc_attack_below(a, 5));
}

/* Mostly while the device looks at it */
static void step_spoil(VCAttack *a, VCTarget *t)
{
    unsigned queue = any_queue(a);

    vc_attack_send(a, t, queue);
    if (vc_attack_below(a, 2)) {
        vc_attack_kick(a, t, queue);
    }
    vc_attack_spoil(a, t, queue);
    vc_attack_kick(a, t, queue);
}

static void step_read(VCAttack *a, VCTarget *t)
{
    uint64_t addr = t->dev->bar.addr + 4 * vc_attack_below(a, 0x1000);

    if (vc_attack_below(a, 2)) {
        addr = t->dev->bar.addr + t->dev->device_cfg_offset +
               vc_attack_below(a, 80);
    }
    qtest_readl(a->machine.qts, addr);
    qtest_readb(a->machine.qts, addr);
}

/* Where an interrupt goes is the guest's to say. */
static void step_msix(VCAttack *a, VCTarget *t)
{
    QPCIDevice *dev = t->dev->pdev;
    uint64_t entry = dev->msix_table_off + 16 * vc_attack_below(a, 5);
    uint64_t addr = vc_attack_address(a);

    qpci_io_writel(dev, dev->msix_table_bar, entry, addr);
    qpci_io_writel(dev, dev->msix_table_bar, entry + 4, addr >> 32);
    qpci_io_writel(dev, dev->msix_table_bar, entry + 8,
                   vc_attack_below(a, 16));
    qpci_io_writel(dev, dev->msix_table_bar, entry + 12,
                   !vc_attack_below(a, 4));
}

static void step_command(VCAttack *a, VCTarget *t)
{
    static const uint16_t values[] = {
        0, PCI_COMMAND_MEMORY, PCI_COMMAND_MASTER,
        PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER,
    };

    qpci_config_writew(t->dev->pdev, PCI_COMMAND,
                       values[vc_attack_below(a, ARRAY_SIZE(values))]);
    if (vc_attack_below(a, 2)) {
        vc_pci_memory(a->vga, vc_attack_below(a, 2));
    }
}

static void step_move(VCAttack *a, VCTarget *t)
{
    const uint64_t places[] = {
        t->home, VC_HOLE, a->vga_mem, a->targets[0].home, a->targets[1].home,
        t->mem & ~0xffffull, 0,
    };

    vc_move_registers(t->dev, places[vc_attack_below(a, ARRAY_SIZE(places))]);
}

static void step_home(VCAttack *a, VCTarget *t)
{
    vc_attack_go_home(a);
}

static void step_clock(VCAttack *a, VCTarget *t)
{
    qtest_clock_step(a->machine.qts, 1 + vc_attack_below(a, 100000));
}

/* A disk answers into the registers, a while after that. */
static void step_disk(VCAttack *a, VCTarget *t)
{
    uint64_t used = vc_register(t->dev, 0) +
                    vc_ring_offset(VC_RING_USED, vc_attack_below(a, 2));

    vc_attack_go_home(a);
    vc_disk_restart(a->disk, vc_attack_below(a, 3) ? used : 0);
    vc_disk_start(a->disk);
    qtest_clock_step(a->machine.qts, (1 + vc_attack_below(a, 60)) * 1000000);
}

static void step_monitor(VCAttack *a, VCTarget *t)
{
    switch (vc_attack_below(a, 3)) {
    case 0:
        qtest_qmp_assert_success(a->machine.qts,
                                 "{ 'execute': 'query-cryptodev' }");
        break;
    case 1:
        qtest_qmp_assert_success(a->machine.qts, "{ 'execute': 'stop' }");
        vc_attack_kick(a, t, vc_attack_below(a, 3));
        qtest_qmp_assert_success(a->machine.qts, "{ 'execute': 'cont' }");
        break;
    default:
        vc_set_ready(a->own, vc_attack_below(a, 3));
    }
}

static const struct {
    StepFn *fn;
    unsigned weight;
} steps[] = {
    { step_send, 120 }, { step_spoil, 12 }, { step_kick, 20 },
    { step_set_up, 8 }, { step_status, 6 }, { step_features, 4 },
    { step_queue_place, 8 }, { step_queue_register, 8 }, { step_read, 4 },
    { step_msix, 6 }, { step_command, 2 }, { step_move, 2 },
    { step_home, 6 }, { step_clock, 6 }, { step_disk, 2 },
    { step_monitor, 2 },
};

static StepFn *any_step(VCAttack *a)
{
    unsigned sum = 0, n;
    int i = 0;

    for (int j = 0; j < ARRAY_SIZE(steps); j++) {
        sum += steps[j].weight;
    }
    n = vc_attack_below(a, sum);
    while (n >= steps[i].weight) {
        n -= steps[i++].weight;
    }
    return steps[i].fn;
}

static unsigned number_from(const char *variable, unsigned otherwise)
{
    const char *text = g_getenv(variable);
    unsigned number;

    if (!text) {
        return otherwise;
    }
    if (qemu_strtoui(text, NULL, 0, &number) < 0) {
        g_error("%s is no number", variable);
    }
    return number;
}

static void test_attack(const void *data)
{
    bool iothread = *(const bool *)data;
    uint32_t seed = number_from("VIRTIO_CRYPTO_ATTACKER_SEED",
                                g_test_slow() ? g_random_int() : 1);
    unsigned count = number_from("VIRTIO_CRYPTO_ATTACKER_STEPS",
                                 g_test_slow() ? STEPS_SLOW : STEPS_QUICK);
    VCAttack a;

    g_test_message("VIRTIO_CRYPTO_ATTACKER_SEED=%u", seed);
    vc_attack_start(&a, seed, iothread);
    for (unsigned i = 0; i < count; i++) {
        if (i % 500 == 0) {
            g_test_message("step %u", i);
            alarm(HANG_SECONDS);
        }
        any_step(&a)(&a, &a.targets[vc_attack_below(&a, 4) == 0]);
    }
    vc_attack_end(&a);
    alarm(0);
}

static void register_virtio_crypto_attacker_test(void)
{
    static const bool in_thread[] = { false, true };

    qtest_add_data_func("virtio-crypto/attacker/main-loop", &in_thread[0],
                        test_attack);
    qtest_add_data_func("virtio-crypto/attacker/iothread", &in_thread[1],
                        test_attack);
}

libqos_init(register_virtio_crypto_attacker_test);
