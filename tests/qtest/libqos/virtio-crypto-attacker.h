/*
 * virtio-crypto client: random steps of a hostile guest
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_LIBQOS_VIRTIO_CRYPTO_ATTACKER_H
#define TESTS_LIBQOS_VIRTIO_CRYPTO_ATTACKER_H

#include "virtio-crypto-hostile.h"
#include "virtio-crypto-machine.h"

/* Queues of a device that the attacker uses; there may be fewer. */
#define VC_ATTACK_QUEUES    4

/* Guest memory of one of them: rings, then messages */
#define VC_ATTACK_QUEUE_MEM (256 * KiB)

/**
 * VCTarget: a crypto device under attack
 *
 * @home: initial address of its registers
 * @mem: guest memory of its queues
 * @packed: whether the rings that were set up last are packed
 * @size, @next, @wrap: of each ring: entries, index of the next descriptor, and
 *     wrap counter of a packed ring
 * @avail: index of the next available buffer of a split ring
 */
typedef struct VCTarget {
    QVirtioPCIDevice *dev;
    uint64_t home;
    uint64_t mem;
    bool packed;
    uint16_t size[VC_ATTACK_QUEUES];
    uint16_t next[VC_ATTACK_QUEUES];
    uint16_t avail[VC_ATTACK_QUEUES];
    bool wrap[VC_ATTACK_QUEUES];
} VCTarget;

/**
 * VCAttack: two crypto devices, a disk and a VGA
 *
 * @key: of RSA, slow to use
 */
typedef struct VCAttack {
    VCMachine machine;
    VCClient *own, *other;
    VCDisk *disk;
    QPCIDevice *vga;
    uint64_t vga_mem;
    VCTarget targets[2];
    GRand *rand;
    uint8_t *key;
    size_t key_len;
} VCAttack;

/* Start QEMU.  @iothread: data queues are processed in a thread. */
void vc_attack_start(VCAttack *a, uint32_t seed, bool iothread);

/* Restore all devices, and check that they work.  End QEMU. */
void vc_attack_end(VCAttack *a);

/* Move all registers back to their addresses, and enable memory. */
void vc_attack_go_home(VCAttack *a);

/* A number below @n */
unsigned vc_attack_below(VCAttack *a, unsigned n);

/* An address that is interesting in any way */
uint64_t vc_attack_address(VCAttack *a);

/* Write to the common configuration at its current address. */
void vc_attack_write(VCAttack *a, VCTarget *t, unsigned offset, unsigned size,
                     uint32_t value);

/* Reset a device and set it up, with the queues in its memory. */
void vc_attack_set_up(VCAttack *a, VCTarget *t);

/* Write a message into a ring, mostly a good one, and maybe kick. */
void vc_attack_send(VCAttack *a, VCTarget *t, unsigned queue);
void vc_attack_kick(VCAttack *a, VCTarget *t, unsigned queue);

/* Change something in the memory of a queue. */
void vc_attack_spoil(VCAttack *a, VCTarget *t, unsigned queue);

#endif
