/*
 * virtio-crypto: the state of the device in a migration stream
 *
 * All numbers are big-endian, and their layout is the same in all versions of
 * QEMU.  An incoming stream is not trusted: each number is checked when it is
 * read, and each count before memory is allocated for it.
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
 * @min, @max: valid values
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
 * Returns: 0; a negative errno, after a report, if the stream ends or a number
 * is not valid
 */
int virtio_crypto_stream_get(QEMUFile *f,
                             const VirtIOCryptoStreamField *fields,
                             unsigned n, uint64_t *values);

/* Report what is wrong with the stream.  Returns: a negative errno */
int virtio_crypto_stream_corrupt(const char *fmt, ...) G_GNUC_PRINTF(1, 2);

/* A subsection with one field, which @info reads and writes. */
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
 * virtio_crypto_requests_loaded: tell the ring of @q, which is set up now,
 * which buffers were taken.  Returns: 0, or a negative errno after a report
 */
int virtio_crypto_requests_loaded(VirtIOCryptoQueue *q);

#endif /* HW_VIRTIO_CRYPTO_MIGRATION_H */
