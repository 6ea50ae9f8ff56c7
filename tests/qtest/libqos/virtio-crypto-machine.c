/*
 * virtio-crypto client: QEMU with a test's own command line
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <sys/mman.h>
#include "qemu/units.h"
#include "../libqtest-single.h"
#include "hw/pci/pci_regs.h"
#include "malloc-pc.h"
#include "pci-pc.h"
#include "virtio-crypto-machine.h"

/* Where libqos puts the memory of devices, in units of 64 KiB */
#define MEMORY_BASE     0xe000
#define MEMORY_LIMIT    0xfdf0

/* What QEMU has without -m */
#define RAM_SIZE        (128 * MiB)

void vc_machine_start(VCMachine *m, const char *options)
{
    m->ram = NULL;
    m->outer = global_qtest;
    m->qts = global_qtest = qtest_init(options);
    pc_alloc_init(&m->alloc, m->qts, ALLOC_NO_FLAGS);
    m->bus = qpci_new_pc(m->qts, &m->alloc);
}

void vc_machine_start_shared(VCMachine *m, const char *options)
{
    g_autofree char *path = g_strdup_printf("%s/" VC_SHARED_RAM "-XXXXXX",
                                            g_get_tmp_dir());
    g_autofree char *all = NULL;
    int fd = g_mkstemp(path);
    void *ram;

    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(ftruncate(fd, RAM_SIZE), ==, 0);
    ram = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    g_assert(ram != MAP_FAILED);
    close(fd);
    all = g_strdup_printf("%s -machine memory-backend=ram -object "
                          "memory-backend-file,id=ram,share=on,mem-path=%s,"
                          "size=%" PRId64, options, path, RAM_SIZE);
    vc_machine_start(m, all);
    unlink(path);
    m->ram = ram;
}

void vc_machine_end(VCMachine *m)
{
    qpci_free_pc(m->bus);
    alloc_destroy(&m->alloc);
    qtest_quit(m->qts);
    if (m->ram) {
        munmap(m->ram, RAM_SIZE);
    }
    global_qtest = m->outer;
}

void vc_machine_bridge(VCMachine *m, int devfn, uint8_t secondary,
                       uint8_t subordinate)
{
    QPCIDevice *bridge = qpci_device_find(m->bus, devfn);

    g_assert_nonnull(bridge);
    qpci_device_enable(bridge);
    qpci_config_writeb(bridge, PCI_PRIMARY_BUS, devfn >> 8);
    qpci_config_writeb(bridge, PCI_SECONDARY_BUS, secondary);
    qpci_config_writeb(bridge, PCI_SUBORDINATE_BUS, subordinate);
    qpci_config_writew(bridge, PCI_MEMORY_BASE, MEMORY_BASE);
    qpci_config_writew(bridge, PCI_MEMORY_LIMIT, MEMORY_LIMIT);
    g_free(bridge);
}

VCClient *vc_machine_open(VCMachine *m, int devfn)
{
    VCClient *vc = vc_open_pci(m->bus, devfn, &m->alloc);

    vc->ram = m->ram;
    return vc;
}

void vc_machine_close(VCClient *vc)
{
    QVirtioPCIDevice *dev = vc->pci;

    vc_close(vc);
    qos_object_destroy(&dev->obj);
}
