/*
 * Fuzzing of the migration stream: stubs for the device's own code
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_FUZZ_MIGRATION_FAKE_H
#define TESTS_FUZZ_MIGRATION_FAKE_H

#include "hw/virtio/virtio-crypto-migration.h"

#define FAKE_QUEUES     2
#define FAKE_SESSIONS   4

/* A stream in memory; @out is NULL while it is read. */
struct QEMUFile {
    const uint8_t *data;
    size_t len, at;
    int error;
    GByteArray *out;
};

/* A device of its own, with nothing in it */
VirtIOCrypto *fake_device(bool in_order);

/* Forget all that was loaded into it. */
void fake_device_clear(VirtIOCrypto *vcrypto);

/* How many errors were reported since fake_device() */
unsigned fake_errors(void);

#endif
