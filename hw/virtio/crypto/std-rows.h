/*
 * virtio-crypto: the fixed parts of the virtio standard's data requests
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_VIRTIO_CRYPTO_STD_ROWS_H
#define HW_VIRTIO_CRYPTO_STD_ROWS_H

#include "fields.h"

/* Offset of the end of a member */
#define STD_END(_type, _member) \
    (offsetof(_type, _member) + sizeof_field(_type, _member))

/**
 * StdRow: the fixed part of a data request
 *
 * @len: in bytes
 * @op_type: offset of that field, 0 if there is none
 * @session: of stateless requests only
 */
typedef struct StdRow {
    uint8_t len;
    uint8_t op_type;
    VirtIOCryptoSessionFields session;
    VirtIOCryptoPartFields parts;
} StdRow;

/* With a session, without and with VIRTIO_CRYPTO_F_REVISION_1 */
extern const StdRow std_revision_0_rows[VIRTIO_CRYPTO_ROWS];
extern const StdRow std_revision_1_rows[VIRTIO_CRYPTO_ROWS];

/* Stateless */
extern const StdRow std_stateless_rows[VIRTIO_CRYPTO_ROWS];

#endif /* HW_VIRTIO_CRYPTO_STD_ROWS_H */
