/*
 * virtio-crypto: the structures of the v11 draft
 *
 * See v11.c for the title of the draft; section names are those of the draft.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_VIRTIO_CRYPTO_V11_ROWS_H
#define HW_VIRTIO_CRYPTO_V11_ROWS_H

#include "fields.h"
#include "standard-headers/linux/virtio_crypto.h"

/*
 * Wire structures; all fields little endian, naturally aligned.  The
 * parameters of sessions have the same offsets as in the standard.
 */

/* "Control Virtqueue / Session operation": session id, status, padding */
typedef struct V11Outcome {
    uint64_t session_id;
    uint32_t status, padding;
} V11Outcome;

/* "Control Virtqueue"; a section "Session operation: ..." has each session */
typedef struct V11CtrlReq {
    struct virtio_crypto_ctrl_header header;
    union {
        struct {
            union {
                struct {
                    struct virtio_crypto_cipher_session_para para;
                    uint64_t key_addr;
                    V11Outcome input;
                } cipher;
                struct {
                    struct virtio_crypto_alg_chain_session_para para;
                    uint64_t key_addr, auth_key_addr;
                    V11Outcome input;
                } chain;
            } u;
            uint32_t op_type, padding;
        } sym;                          /* "Symmetric algorithms session" */
        struct {
            uint32_t algo, hash_result_len;
            V11Outcome input;
        } hash;                         /* "HASH session" */
        struct {
            struct virtio_crypto_mac_session_para para;
            uint64_t auth_key_addr;
            V11Outcome input;
        } mac;                          /* "MAC session" */
        struct {
            struct virtio_crypto_aead_session_para para;
            uint64_t key_addr;
            V11Outcome input;
        } aead;                         /* "AEAD session" */
        struct {
            uint64_t session_id;
            uint32_t status, padding;
        } destroy;
    } u;
} V11CtrlReq;

/* "Data Virtqueue / Scatter-Gather Support": virtio_crypto_iovec */
typedef struct V11Iovec {
    uint64_t addr;
    uint32_t len;
    uint32_t flags;
    uint64_t next;
} V11Iovec;

/* "Data Virtqueue": virtio_crypto_sym_input */
typedef struct V11Result {
    V11Iovec dst;
    uint64_t digest_addr;
    uint32_t digest_len, status;
} V11Result;

/* "Data Virtqueue"; a section "... Operation" has each request */
typedef struct V11DataReq {
    struct virtio_crypto_op_header header;
    union {
        struct {
            struct virtio_crypto_cipher_para para;
            uint64_t iv_addr;
            V11Iovec src;
            V11Result idata;
        } cipher;
        struct {
            struct virtio_crypto_cipher_para para;
            uint64_t iv_addr;
            V11Iovec src, aad;
            V11Result idata;
        } chain;
        struct {
            uint8_t cipher_or_chain[112];
            uint32_t op_type, padding;
        } sym;                          /* "Symmetric algorithms Operation" */
        struct {
            V11Iovec src;
            uint32_t padding[2];        /* one field, and alignment */
            V11Result idata;
        } hash;                         /* "HASH ...", "MAC Service ..." */
        struct {
            struct virtio_crypto_aead_para para;
            uint64_t iv_addr;
            V11Iovec src, aad;
            V11Result idata;
        } aead;                         /* "AEAD Service Operation" */
    } u;
} V11DataReq;

#define V11_DESTROY_LEN     (offsetof(V11CtrlReq, u.destroy) + \
                             sizeof_field(V11CtrlReq, u.destroy))
#define V11_CTRL_OP_TYPE    offsetof(V11CtrlReq, u.sym.op_type)
#define V11_DATA_OP_TYPE    offsetof(V11DataReq, u.sym.op_type)

/**
 * V11CtrlRow: creation of a session; offsets are 0 if there is no such field
 *
 * @needed: the shortest request that can be parsed, in bytes; 0 for services
 *     that the draft does not have
 * @outcome: of a V11Outcome
 */
typedef struct V11CtrlRow {
    uint8_t needed, outcome;
    uint8_t key_addr, auth_key_addr;
} V11CtrlRow;

/**
 * V11DataRow: a data request; offsets are 0 if there is no such field
 *
 * @needed: as in V11CtrlRow
 * @status, @iv_addr, @digest_addr: offsets of numbers
 * @src, @aad, @dst: offsets of a V11Iovec
 */
typedef struct V11DataRow {
    uint8_t needed, status;
    uint8_t iv_addr, src, aad, dst, digest_addr;
    VirtIOCryptoPartFields parts;
} V11DataRow;

extern const V11CtrlRow v11_ctrl_rows[VIRTIO_CRYPTO_ROWS];
extern const V11DataRow v11_data_rows[VIRTIO_CRYPTO_ROWS];

#endif /* HW_VIRTIO_CRYPTO_V11_ROWS_H */
