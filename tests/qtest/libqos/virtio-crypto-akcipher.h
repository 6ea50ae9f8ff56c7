/*
 * virtio-crypto client: public-key operations whose answer is known
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_LIBQOS_VIRTIO_CRYPTO_AKCIPHER_H
#define TESTS_LIBQOS_VIRTIO_CRYPTO_AKCIPHER_H

#include "virtio-crypto-calls.h"

/* Hashes of RSA */
#define VC_RSA_NO_HASH      0
#define VC_RSA_MD5          4
#define VC_RSA_SHA1         5
#define VC_RSA_SHA256       6
#define VC_RSA_SHA384       7
#define VC_RSA_SHA512       8
#define VC_RSA_SHA224       9

/**
 * VCAkOp: an operation; bytes are in hexadecimal
 *
 * @op: VC_OP_*
 * @key_type, @padding, @rsa_hash: as in VCSession
 * @src: input; of VC_OP_VERIFY the signature
 * @out: result; of VC_OP_VERIFY what was signed, which is input as well
 */
typedef struct VCAkOp {
    CryptoDevAlgo algo;
    uint32_t op;
    uint32_t key_type, padding, rsa_hash;
    const char *key;
    const char *src, *out;
} VCAkOp;

/* Known answer number @i, NULL behind the last. */
const VCAkOp *vc_ak_known(int i);

/* The first one like this; of RSA, it has a key of 1024 bits. */
const VCAkOp *vc_ak_find(CryptoDevAlgo algo, uint32_t op, uint32_t key_type,
                         uint32_t padding);

/* RSA keys, from 1024 to 8192 bits */
enum {
    VC_RSA_1024,
    VC_RSA_2048,
    VC_RSA_3000,
    VC_RSA_3072,
    VC_RSA_4096,
    VC_RSA_8192,
    VC_RSA_KEYS,
};

/* Bytes of the longest result */
#define VC_RSA_ROOM_MAX     1024

unsigned vc_rsa_bits(int i);
const char *vc_rsa_key(int i, uint32_t key_type);

/* ECDSA keys, for each curve from number 1 on */
#define VC_CURVES           5
#define VC_CURVE_P256       3
#define VC_CURVE_P521       5

const char *vc_ec_key(uint32_t curve, uint32_t key_type);

/* Whether this QEMU has the service.  If not, the test is marked as skipped. */
bool vc_require_akcipher(VCClient *vc);

/**
 * vc_call_ak: a call of an operation.
 *
 * @room: bytes for the result.  Where @o knows none the device may fill them
 *     as far as it likes, and the request's result and out_len_result tell.
 */
VCCall *vc_call_ak(VCClient *vc, VCFormat format, const VCAkOp *o,
                   uint32_t room);

/*
 * The private operation of RSA on some number: @key, in hexadecimal, is of so
 * many bits.
 */
VCCall *vc_call_rsa(VCClient *vc, VCFormat format, const char *key,
                    unsigned bits);

#endif
