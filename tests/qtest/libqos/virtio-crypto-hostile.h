/*
 * virtio-crypto client: tools of a hostile guest
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_LIBQOS_VIRTIO_CRYPTO_HOSTILE_H
#define TESTS_LIBQOS_VIRTIO_CRYPTO_HOSTILE_H

#include "standard-headers/linux/virtio_pci.h"
#include "virtio-crypto-registry.h"
#include "virtio-crypto-samples.h"

/*
 * Options of QEMU, for VCTest.backend: a thread, and devices besides the one
 * under test.  The disk reads zeroes, and takes its time.
 */
#define VC_THREAD       " -object iothread,id=iothread0"
#define VC_OTHER_SLOT   5
#define VC_OTHER_PROPERTIES "cryptodev=cryptodev1,addr=05.0"
#define VC_OTHER_CRYPTO                                                 \
    " -object cryptodev-backend-builtin,id=cryptodev1"                  \
    " -device virtio-crypto-pci," VC_OTHER_PROPERTIES
#define VC_DISK_SLOT    6
#define VC_DISK                                                         \
    " -blockdev null-co,node-name=disk0,read-zeroes=on,latency-ns=50000000" \
    " -device virtio-blk-pci,drive=disk0,addr=06.0,disable-legacy=on"
#define VC_VGA_SLOT     7
#define VC_VGA          " -device secondary-vga,addr=07.0,vgamem_mb=1"

/* End of the machine's memory by default */
#define VC_RAM_END      (128 * MiB)

/* Addresses where a PC has nothing: below 4 GiB, and far above */
#define VC_HOLE         0xd0000000ull
#define VC_FAR_HOLE     (1ull << 39)

/* The firmware, in memory that is read-only */
#define VC_ROM          0xffff0000ull

/* Where the data queues are processed */
#define VC_IN_MAIN_LOOP 1u
#define VC_IN_THREAD    2u
#define VC_IN_BOTH      (VC_IN_MAIN_LOOP | VC_IN_THREAD)

/**
 * vc_add_hostile_tests: register tests for PCI, which must not take long.
 *
 * @where: VC_IN_*; with both, each test is registered twice.  The names are
 *     "hostile/@group/NAME", and "hostile/@group/NAME-iothread" in a thread.
 */
void vc_add_hostile_tests(const char *group, const VCTestEntry *entries,
                          unsigned where);

/* Whether messages that are sent from now on wait for vc_kick(). */
void vc_hold_kicks(VCClient *vc, bool hold);
void vc_kick(VCClient *vc, unsigned queue);

/* Registers */

/* The address of a field of struct virtio_pci_common_cfg */
#define VC_REGISTER(dev, field) \
    vc_register(dev, offsetof(struct virtio_pci_common_cfg, field))

uint64_t vc_register(const QVirtioPCIDevice *dev, size_t offset);

/**
 * VCRegisters: all of a device's common configuration
 *
 * That the device has asked for a reset is not part of it.
 */
typedef struct VCRegisters {
    QVirtioPCIDevice *dev;
    uint32_t values[sizeof(struct virtio_pci_common_cfg) / 2];
} VCRegisters;

void vc_registers_save(VCRegisters *r, QVirtioPCIDevice *dev);

/* Check that no register has changed. */
void vc_registers_check(const VCRegisters *r);

/* PCI memory */

/* The first memory of the VC_VGA on @bus, enabled. */
QPCIDevice *vc_vga_open(QPCIBus *bus, uint64_t *ram);

/* Switch all memory of a device on or off. */
void vc_pci_memory(QPCIDevice *dev, bool on);

/* Move the registers of a device. */
void vc_move_registers(QVirtioPCIDevice *dev, uint64_t addr);

/* A disk with one request at a time */

typedef struct VCDisk {
    QVirtioPCIDevice *dev;
    QGuestAllocator *alloc;
    QVirtQueue *vq;
    uint64_t request;
} VCDisk;

VCDisk *vc_disk_open(QPCIBus *bus, QGuestAllocator *alloc);
void vc_disk_close(VCDisk *disk);

/* Reset the disk, and set it up with its used ring at @used; 0 = in memory. */
void vc_disk_restart(VCDisk *disk, uint64_t used);

/* Read the first sector, into memory of the disk's own. */
void vc_disk_start(VCDisk *disk);
bool vc_disk_done(VCDisk *disk);

/* Wait for the read, which must succeed. */
void vc_disk_finish(VCClient *vc, VCDisk *disk);

/* All of these devices, whose registers must stay as they are */
typedef struct VCDevices {
    VCClient *vc, *other;
    QVirtioPCIDevice *other_dev;
    VCDisk *disk;
    VCRegisters own, others, disks;
} VCDevices;

/* Needs VC_OTHER_CRYPTO and VC_DISK. */
void vc_devices_open(VCDevices *d, VCClient *vc);

/* Check that all devices still work. */
void vc_devices_close(VCDevices *d);

void vc_devices_save(VCDevices *d);
void vc_devices_check(const VCDevices *d);

/* Rings in odd places */

typedef enum VCRingPart {
    VC_RING_USED,
    VC_RING_AVAIL,
    VC_RING_DESC,
    VC_RING_PARTS,
} VCRingPart;

extern const char *const vc_ring_part_names[VC_RING_PARTS];

uint64_t *vc_ring_part(QVirtQueue *vq, VCRingPart part);

/**
 * vc_ring_offset: offset into the registers of a device where part of a ring
 * does harm: the used ring's element number @used_idx is then the device status
 * register, and buffer number 0 in it is a reset.
 */
uint64_t vc_ring_offset(VCRingPart part, uint16_t used_idx);

/* Reset the device, and set it up with part of a ring somewhere else. */
void vc_restart_misplaced(VCClient *vc, unsigned queue, VCRingPart part,
                          uint64_t addr);

/* As vc_driver_ok(), for a device that can be broken immediately. */
void vc_try_driver_ok(VCClient *vc);

/* Send a buffer that is not a valid request; every queue answers it. */
VCMessage *vc_send_rubbish(VCClient *vc, unsigned queue);

/*
 * Fill the whole ring of a queue with messages that were sent without a kick,
 * in turn; vc_repeat() then makes @avail_idx of them available.
 */
void vc_fill_ring(VCMessage *const *m, unsigned n, unsigned queue);
void vc_repeat(VCClient *vc, unsigned queue, uint16_t avail_idx);

/*
 * Send the only message that a queue has served, or one that it shares with
 * another queue, @num times more.  Its memory must not have been reused.
 */
void vc_send_again(VCClient *vc, unsigned queue, uint16_t num);

/* Copy the descriptors of queue @from to queue @to. */
void vc_share_messages(VCClient *vc, unsigned from, unsigned to);

/*
 * The same in queue 0, with a valid request that takes long: each byte has a
 * descriptor of its own.
 */
VCMessage *vc_fill_ring_slowly(VCClient *vc);

/* How many buffers of a queue were used, since it was set up */
uint16_t vc_used_idx(VCClient *vc, unsigned queue);

#endif
