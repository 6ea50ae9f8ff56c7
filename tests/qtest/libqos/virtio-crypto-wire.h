/*
 * virtio-crypto client: location of the fields of requests
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_LIBQOS_VIRTIO_CRYPTO_WIRE_H
#define TESTS_LIBQOS_VIRTIO_CRYPTO_WIRE_H

typedef enum VCFormat {
    VC_STD,             /* virtio standard, without REVISION_1 */
    VC_V11,             /* draft v11 of 2016 */
    VC_REV1,            /* virtio standard, with REVISION_1: sessions */
    VC_STATELESS,       /* the same, data requests without a session */
    VC_FORMATS,
} VCFormat;

extern const char *const vc_format_names[VC_FORMATS];

/* Opcodes: the service's number is the high byte. */
#define VC_CIPHER_ENCRYPT       0x0000
#define VC_CIPHER_DECRYPT       0x0001
#define VC_CIPHER_CREATE        0x0002
#define VC_CIPHER_DESTROY       0x0003
#define VC_HASH                 0x0100
#define VC_HASH_CREATE          0x0102
#define VC_HASH_DESTROY         0x0103
#define VC_MAC                  0x0200
#define VC_MAC_CREATE           0x0202
#define VC_MAC_DESTROY          0x0203
#define VC_AEAD_ENCRYPT         0x0300
#define VC_AEAD_DECRYPT         0x0301
#define VC_AEAD_CREATE          0x0302
#define VC_AEAD_DESTROY         0x0303
#define VC_AKCIPHER_ENCRYPT     0x0400
#define VC_AKCIPHER_DECRYPT     0x0401
#define VC_AKCIPHER_SIGN        0x0402
#define VC_AKCIPHER_VERIFY      0x0403
#define VC_AKCIPHER_CREATE      0x0404
#define VC_AKCIPHER_DESTROY     0x0405

/*
 * Services, by their numbers.  A chain is a request of the CIPHER service, but
 * has structures of its own.
 */
typedef enum VCService {
    VC_SERVICE_CIPHER,
    VC_SERVICE_HASH,
    VC_SERVICE_MAC,
    VC_SERVICE_AEAD,
    VC_SERVICE_AKCIPHER,
    VC_SERVICE_CHAIN,
    VC_SERVICES,
} VCService;

/* Offsets into a request; 0 if it has no such field. */

typedef struct VCParamFields {
    uint8_t algo, key_len, op, digest_len, aad_len;
    uint8_t order, hash_mode, hash_algo, auth_key_len;
    uint8_t key_type, padding, rsa_hash;
} VCParamFields;

/* @outcome: only if it is in the same structure */
typedef struct VCCreateLayout {
    uint8_t size, op_type;
    uint8_t key_addr, auth_key_addr, outcome;
} VCCreateLayout;

/**
 * VCDataLayout: a data request
 *
 * @window: four lengths: offset and length to cipher, to hash
 * @iv_addr, @src, @aad, @dst, @digest_addr, @status: draft
 * @params: stateless
 */
typedef struct VCDataLayout {
    uint8_t size, op_type;
    uint8_t iv_len, src_len, dst_len, aad_len, digest_len, window;
    uint8_t iv_addr, src, aad, dst, digest_addr, status;
    VCParamFields params;
} VCDataLayout;

/* Parameters of a creation, the same in all formats */
extern const VCParamFields vc_create_fields[VC_SERVICES];

extern const VCCreateLayout vc_create_layouts[VC_FORMATS][VC_SERVICES];
extern const uint8_t vc_destroy_sizes[VC_FORMATS];
extern const VCDataLayout vc_data_layouts[VC_FORMATS][VC_SERVICES];

#endif
