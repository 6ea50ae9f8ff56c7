/*
 * virtio-crypto: location and meaning of the fields of requests
 *
 * All forms of requests have the same fields at different offsets.  A form is
 * described by tables of offsets, which the functions below use.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_VIRTIO_CRYPTO_FIELDS_H
#define HW_VIRTIO_CRYPTO_FIELDS_H

#include "format.h"

/*
 * Tables have a row for each service, and one for algorithm chaining, which
 * belongs to the service CIPHER.
 */
#define VIRTIO_CRYPTO_ROW_CHAIN     CRYPTODEV_SERVICE__MAX
#define VIRTIO_CRYPTO_ROWS          (CRYPTODEV_SERVICE__MAX + 1)

/**
 * VirtIOCryptoSessionFields: location of the parameters of a session
 *
 * Each is the offset of a 32-bit little-endian field in the request, 0 if there
 * is no such field.  All but @hash_mode, which only chains have, are named
 * after the member of CryptoDevSessionParams that they set.
 *
 * @direction: sets opcode
 * @key_type: sets is_private
 */
typedef struct VirtIOCryptoSessionFields {
    uint8_t cipher, cipher_key_len, direction;
    uint8_t hash, auth_key_len, digest_len, aad_len;
    uint8_t chain, hash_mode;
    uint8_t key_type, padding, rsa_hash, curve;
} VirtIOCryptoSessionFields;

/* For requests that create a session, of the draft and of the standard */
extern const VirtIOCryptoSessionFields
virtio_crypto_create_fields[VIRTIO_CRYPTO_ROWS];

/**
 * virtio_crypto_read_params: read the parameters of a session without its keys.
 *
 * @fields: row of the request
 * @raw: private copy of the request, with all of @fields
 * @spec: in: params.service; out: all of params, where the keys point into
 *     @spec->keys, to be filled by the caller
 *
 * Returns: CRYPTODEV_OK; CRYPTODEV_NOTSUPP for anything that is not offered,
 * even if other fields are wrong; CRYPTODEV_ERR for unknown values and keys
 * that are too long
 */
CryptoDevStatus
virtio_crypto_read_params(const VirtIOCryptoSessionFields *fields,
                          const uint8_t *raw, const CryptoDevCaps *caps,
                          VirtIOCryptoSessionSpec *spec);

/**
 * VirtIOCryptoPartFields: location of the lengths of a data request's parts;
 * offsets as in VirtIOCryptoSessionFields
 *
 * @tag_len: repeats the length of the session, or is 0
 * @session_aad_len: repeats @aad_len
 */
typedef struct VirtIOCryptoPartFields {
    uint8_t iv_len, src_len, dst_len, aad_len, digest_len;
    uint8_t cipher_start, cipher_len, hash_start, hash_len;
    uint8_t tag_len, session_aad_len;
} VirtIOCryptoPartFields;

/**
 * VirtIOCryptoParts: the lengths of the parts, in bytes, 0 for parts that the
 * request does not have
 *
 * @digest_len: of the digest or tag that the operation makes or compares, from
 *     the request or the session
 */
typedef struct VirtIOCryptoParts {
    uint32_t iv_len, src_len, dst_len, aad_len, digest_len;
    CryptoDevRange cipher_window, hash_window;
} VirtIOCryptoParts;

/**
 * virtio_crypto_read_parts: read the lengths of a request's parts.
 *
 * @fields: row of the request
 * @raw: private copy of the request, with all of @fields
 * @params: of its session
 *
 * Returns: false if lengths that must agree do not
 */
bool virtio_crypto_read_parts(const VirtIOCryptoPartFields *fields,
                              const uint8_t *raw,
                              const CryptoDevSessionParams *params,
                              VirtIOCryptoParts *parts);

/**
 * virtio_crypto_find_row: the row of a request.
 *
 * @op_type: offset of that field, which tells chains from other requests of
 *     the service CIPHER
 *
 * Returns: false if the field has an unknown value
 */
bool virtio_crypto_find_row(CryptoDevService service, const uint8_t *raw,
                            uint8_t op_type, unsigned *row);

/* The row of a request with such a session. */
static inline unsigned virtio_crypto_row(const CryptoDevSessionParams *params)
{
    return params->chain != CRYPTODEV_CHAIN_NONE ? VIRTIO_CRYPTO_ROW_CHAIN :
                                                   params->service;
}

/**
 * virtio_crypto_opcode: split @wire, the opcode of a data request.
 *
 * Returns: false if there is no such operation
 */
bool virtio_crypto_opcode(uint32_t wire, CryptoDevService *service,
                          CryptoDevOpcode *opcode);

/**
 * virtio_crypto_ctrl_opcode: split the opcode of a control request.
 *
 * Returns: false if there is no such operation
 */
bool virtio_crypto_ctrl_opcode(uint32_t opcode, CryptoDevService *service,
                               VirtIOCryptoCtrlOp *op);

/* Initialise: no field is known, and the outcome has no place. */
void virtio_crypto_ctrl_init(VirtIOCryptoCtrl *ctrl);
void virtio_crypto_data_init(VirtIOCryptoData *data);

#endif /* HW_VIRTIO_CRYPTO_FIELDS_H */
