/*
 * virtio-crypto: the interface of the request format parsers
 *
 * A format turns the bytes of a virtqueue buffer into a session description or
 * a CryptoDevOp, and says where the outcome goes.  Parsers know neither
 * virtqueues nor QOM nor address spaces, and write nothing to the guest.  If a
 * decision depends on a guest byte, they read it exactly once.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_VIRTIO_CRYPTO_FORMAT_H
#define HW_VIRTIO_CRYPTO_FORMAT_H

#include "system/cryptodev.h"

/* One half of a virtqueue buffer. */
typedef struct VirtIOCryptoSg {
    const struct iovec *iov;
    unsigned num;
    size_t len;                         /* bytes, the sum of @iov */
} VirtIOCryptoSg;

/**
 * VirtIOCryptoMap: mapped guest memory that a request refers to by address
 *
 * Readable pieces come first, writable pieces after them.  The implementation
 * of VirtIOCryptoDma owns the list.
 */
typedef struct VirtIOCryptoMap {
    struct iovec *iov;
    unsigned num, num_readable, alloc;
} VirtIOCryptoMap;

/**
 * VirtIOCryptoDma: access to the guest by DMA address
 *
 * @read: copy @len bytes; false on any fault
 * @map: append the pieces of @len bytes at @addr to @map; false on any fault,
 *     then pieces that were appended stay valid.  Readable ranges must be
 *     mapped before the first writable one.
 *
 * Context: RCU read section of the parser's caller.
 */
typedef struct VirtIOCryptoDma VirtIOCryptoDma;
struct VirtIOCryptoDma {
    bool (*read)(VirtIOCryptoDma *dma, uint64_t addr, void *buf, size_t len);
    bool (*map)(VirtIOCryptoDma *dma, VirtIOCryptoMap *map, uint64_t addr,
                size_t len, bool writable);
};

typedef struct VirtIOCryptoFormat VirtIOCryptoFormat;

/**
 * VirtIOCryptoBuffer: a virtqueue buffer with a request, and all other input
 * of its parser
 *
 * @format: of the request
 * @out, @in: the readable and the writable half; either may be empty
 * @map: output: memory that a request of the draft refers to by address
 * @dma: access to such addresses
 * @caps: what the device offers to the driver, and limits of the backend
 * @stateless: services whose stateless mode was negotiated, a bit for each
 * @chain_aad_first: whether the additional data of a chain precede its source
 *     in a request of the standard with a session
 * @aead_aad_first: the same for AEAD, in any request of the standard
 *
 * Those from @dma on are the same for all requests of a queue.
 */
typedef struct VirtIOCryptoBuffer {
    const VirtIOCryptoFormat *format;
    VirtIOCryptoSg out, in;
    VirtIOCryptoMap *map;
    VirtIOCryptoDma *dma;
    const CryptoDevCaps *caps;
    uint32_t stateless;
    bool chain_aad_first;
    bool aead_aad_first;
} VirtIOCryptoBuffer;

/* How an outcome is written into the writable half of the buffer. */
typedef enum VirtIOCryptoReplyKind {
    VIRTIO_CRYPTO_REPLY_NONE,           /* there is no place for it */
    VIRTIO_CRYPTO_REPLY_BYTE,           /* status as u8 */
    VIRTIO_CRYPTO_REPLY_LE32,           /* status as le32 */
    VIRTIO_CRYPTO_REPLY_SESSION,        /* le64 id, le32 status, le32 zero; */
                                        /* the latter if it fits */
} VirtIOCryptoReplyKind;

/**
 * VirtIOCryptoReply: where the outcome of a request goes
 *
 * @offset: into the writable half, which has room for @kind there
 * @used: used length to report, in bytes
 * @counts_result: whether to add the bytes of the result to @used
 */
typedef struct VirtIOCryptoReply {
    VirtIOCryptoReplyKind kind;
    size_t offset;
    size_t used;
    bool counts_result;
} VirtIOCryptoReply;

typedef enum VirtIOCryptoCtrlOp {
    VIRTIO_CRYPTO_CTRL_CREATE,
    VIRTIO_CRYPTO_CTRL_DESTROY,
} VirtIOCryptoCtrlOp;

/**
 * VirtIOCryptoSessionSpec: description of a session
 *
 * @params: parameters; their keys point into @keys
 */
typedef struct VirtIOCryptoSessionSpec {
    CryptoDevSessionParams params;
    uint8_t keys[MAX_CONST(CRYPTODEV_AKCIPHER_KEY_MAX,
                           CRYPTODEV_CIPHER_KEY_MAX + CRYPTODEV_AUTH_KEY_MAX)];
} VirtIOCryptoSessionSpec;

/* Wipe the keys in @spec, after the parser returned any status. */
void virtio_crypto_spec_wipe(VirtIOCryptoSessionSpec *spec);

/**
 * VirtIOCryptoCtrl: a parsed control request
 *
 * @op, @service: from the opcode, VIRTIO_CRYPTO_CTRL_CREATE and
 *     CRYPTODEV_SERVICE__MAX if that is unknown
 * @session_id: the session to destroy, else 0
 * @spec: the session to create
 */
typedef struct VirtIOCryptoCtrl {
    VirtIOCryptoCtrlOp op;
    CryptoDevService service;
    uint64_t session_id;
    VirtIOCryptoReply reply;
    VirtIOCryptoSessionSpec spec;
} VirtIOCryptoCtrl;

#define VIRTIO_CRYPTO_HEADER_MAX 144

/**
 * VirtIOCryptoData: the head of a data request
 *
 * @service, @opcode: from the header; CRYPTODEV_SERVICE__MAX if that is unknown
 * @session_id: any value, from the guest; 0 if there is none
 * @stateless: whether the request describes its own session
 * @raw, @raw_len: private copy of the fixed part
 * @keys_len: bytes of keys after the fixed part of a stateless request
 */
typedef struct VirtIOCryptoData {
    CryptoDevService service;
    CryptoDevOpcode opcode;
    uint64_t session_id;
    bool stateless;
    VirtIOCryptoReply reply;
    size_t raw_len;
    size_t keys_len;
    uint8_t raw[VIRTIO_CRYPTO_HEADER_MAX] QEMU_ALIGNED(8);
} VirtIOCryptoData;

/**
 * VirtIOCryptoFormat: a request format
 *
 * All functions return CRYPTODEV_OK or the status that the request ends with.
 * Their output need not be initialized.
 *
 * @parse_ctrl: parse a control request; sets all of @ctrl but the keys, even
 *     on failure
 * @parse_head: parse the fixed part of a data request; sets all of @data but
 *     @raw, even on failure
 * @parse_params: parse the session of a stateless request; sets
 *     data->keys_len.  NULL if the format has no such requests
 * @parse_body: parse the rest, once op->session and op->opcode are set.  Sets
 *     only the spans, the IV and, for a chain, the windows of @op.  The spans
 *     point into the buffer or its map.
 */
struct VirtIOCryptoFormat {
    const char *name;
    CryptoDevStatus (*parse_ctrl)(const VirtIOCryptoBuffer *buf,
                                  VirtIOCryptoCtrl *ctrl);
    CryptoDevStatus (*parse_head)(const VirtIOCryptoBuffer *buf,
                                  VirtIOCryptoData *data);
    CryptoDevStatus (*parse_params)(const VirtIOCryptoBuffer *buf,
                                    VirtIOCryptoData *data,
                                    VirtIOCryptoSessionSpec *spec);
    CryptoDevStatus (*parse_body)(const VirtIOCryptoBuffer *buf,
                                  const VirtIOCryptoData *data,
                                  CryptoDevOp *op);
};

/*
 * The v11 draft of the device specification: one device-writable buffer that
 * holds the whole request, everything else by address.
 */
extern const VirtIOCryptoFormat *const virtio_crypto_format_v11;

/* The virtio standard without VIRTIO_CRYPTO_F_REVISION_1: Linux, DPDK. */
extern const VirtIOCryptoFormat *const virtio_crypto_format_std;

/* The virtio standard with VIRTIO_CRYPTO_F_REVISION_1. */
extern const VirtIOCryptoFormat *const virtio_crypto_format_revision_1;

#endif /* HW_VIRTIO_CRYPTO_FORMAT_H */
