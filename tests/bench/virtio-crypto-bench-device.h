/*
 * virtio-crypto benchmark: the device under test
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_BENCH_VIRTIO_CRYPTO_BENCH_DEVICE_H
#define TESTS_BENCH_VIRTIO_CRYPTO_BENCH_DEVICE_H

#include "libqtest.h"
#include "standard-headers/linux/virtio_config.h"
#include "libqos/virtio-crypto-driver.h"
#include "libqos/virtio-crypto-ring.h"
#include "libqos/virtio-crypto-wire.h"
#include "virtio-crypto-bench-ring.h"

/**
 * BenchDevice: a QEMU process with a started device
 *
 * @format: what its driver has agreed to speak: VC_STD or VC_REV1
 * @ram: its memory
 * @ping: a monitor of its own, see virtio-crypto-bench-ping.h
 * @eventfd: whether kicks go to the eventfds that QEMU would let KVM signal
 * @served: whether a vhost-user server has the data queues
 * @rings: of the data queues; the last one is the control queue's
 */
typedef struct BenchDevice {
    VCClient *vc;
    VCFormat format;
    uint8_t *ram;
    uint64_t arena, arena_used;
    int ping;
    bool eventfd;
    bool served;
    unsigned n_queues;
    BenchRing *rings;
} BenchDevice;

/**
 * bench_device_open: start QEMU under qtest and the driver of its device.
 *
 * @args: the options that define backend and device.  The device is a PCI
 *     function at address 04.0.
 * @features: VC_F_* to accept
 */
BenchDevice *bench_device_open(const char *args, uint64_t features);
void bench_device_close(BenchDevice *dev);

/* CPU time that QEMU has used in all of its threads */
int64_t bench_device_cpu_ns(BenchDevice *dev);

/* Guest memory: taken in pieces, given back all at once */
void *bench_alloc(BenchDevice *dev, size_t size, size_t align);
void bench_free_all(BenchDevice *dev);
uint64_t bench_addr(const BenchDevice *dev, const void *ptr);

/* Print why this cannot go on, and end the program and QEMU. */
G_NORETURN void bench_fail(const char *fmt, ...) G_GNUC_PRINTF(1, 2);

#endif
