/*
 * virtio-crypto: the state of the device in a migration stream
 *
 * Big-endian numbers, each at its place whatever the version of QEMU.  On the
 * way in all of them are as hostile as a guest: a number is checked as it is
 * read, and a count before memory is taken for it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_VIRTIO_CRYPTO_MIGRATION_H
#define HW_VIRTIO_CRYPTO_MIGRATION_H

#include "migration/vmstate.h"
#include "virtio-crypto-internal.h"

/**
 * VirtIOCryptoStreamField: a number in the stream
 *
 * @name: for messages
 * @size: bytes: 1, 4, or 8
 * @min, @max: what it may be
 */
typedef struct VirtIOCryptoStreamField {
    const char *name;
    uint8_t size;
    uint64_t min, max;
} VirtIOCryptoStreamField;

/* Write @n numbers at @values. */
void virtio_crypto_stream_put(QEMUFile *f,
                              const VirtIOCryptoStreamField *fields,
                              unsigned n, const uint64_t *values);

/**
 * virtio_crypto_stream_get: read @n numbers into @values.
 *
 * Returns: 0; a negative errno, reported, if the stream ends or one of them is
 * not what it may be
 */
int virtio_crypto_stream_get(QEMUFile *f,
                             const VirtIOCryptoStreamField *fields,
                             unsigned n, uint64_t *values);

/* Report what is wrong with the stream.  Returns: a negative errno */
int virtio_crypto_stream_corrupt(const char *fmt, ...) G_GNUC_PRINTF(1, 2);

/* A subsection of one field, which @info reads and writes. */
#define VIRTIO_CRYPTO_VMSTATE(_name, _info)                             \
    .name = _name,                                                      \
    .version_id = 1,                                                    \
    .minimum_version_id = 1,                                            \
    .fields = (const VMStateField[]) {                                  \
        { .name = "state", .info = &(_info), .flags = VMS_SINGLE },     \
        VMSTATE_END_OF_LIST()                                           \
    }

/* virtio-crypto-migration-sessions.c */
extern const VMStateDescription virtio_crypto_vmstate_sessions;

/* virtio-crypto-migration-requests.c */
extern const VMStateDescription virtio_crypto_vmstate_requests;

/**
 * virtio_crypto_requests_loaded: the rings are set up: tell them what was
 * taken.  Returns: 0, or a negative errno, reported
 */
int virtio_crypto_requests_loaded(VirtIOCryptoQueue *q);

#endif /* HW_VIRTIO_CRYPTO_MIGRATION_H */
