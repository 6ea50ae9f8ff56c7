/*
 * virtio-crypto client: QEMU with a test's own command line
 *
 * For command lines that the graph of libqos cannot make: a Q35 machine, and
 * devices at fixed PCI addresses.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_LIBQOS_VIRTIO_CRYPTO_MACHINE_H
#define TESTS_LIBQOS_VIRTIO_CRYPTO_MACHINE_H

#include "virtio-crypto-driver.h"

/**
 * VCMachine:
 *
 * @ram: guest memory from address 0 on, NULL unless it is shared
 */
typedef struct VCMachine {
    QTestState *qts;
    QGuestAllocator alloc;
    QPCIBus *bus;
    QTestState *outer;
    uint8_t *ram;
} VCMachine;

/* Start QEMU.  Paired with vc_machine_end(). */
void vc_machine_start(VCMachine *m, const char *options);

/*
 * The same with guest memory that is shared with the test: QEMU's test server
 * would keep copies of all data that it transfers.
 */
void vc_machine_start_shared(VCMachine *m, const char *options);

/* Part of the name of that memory in /proc/PID/maps */
#define VC_SHARED_RAM   "virtio-crypto-ram"
void vc_machine_end(VCMachine *m);

/* The devfn of a device that is not on bus 0 */
#define VC_BUS_DEVFN(bus, slot, fn)  ((bus) << 8 | QPCI_DEVFN(slot, fn))

/**
 * vc_machine_bridge: give a PCI bridge its buses.
 *
 * @secondary: the bus behind it; @subordinate: the last bus behind that
 *
 * It forwards all memory of PCI devices, so a test can have only one device.
 */
void vc_machine_bridge(VCMachine *m, int devfn, uint8_t secondary,
                       uint8_t subordinate);

/* Open the virtio-crypto-pci at @devfn.  Paired with vc_machine_close(). */
VCClient *vc_machine_open(VCMachine *m, int devfn);
void vc_machine_close(VCClient *vc);

#endif
