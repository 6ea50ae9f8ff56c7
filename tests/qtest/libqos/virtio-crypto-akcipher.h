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
 * @src: input; for VC_OP_VERIFY the signature
 * @out: result; for VC_OP_VERIFY the signed data, which are input as well
 */
typedef struct VCAkOp {
    CryptoDevAlgo algo;
    uint32_t op;
    uint32_t key_type, padding, rsa_hash;
    const char *key;
    const char *src, *out;
} VCAkOp;

/* Get known answer number @i, NULL after the last. */
const VCAkOp *vc_ak_known(int i);

/* Find the first known answer like this; that of RSA has a 1024 bit key. */
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
 * @room: bytes for the result.  If @o has no result, the device decides how
 *     many it fills: see the request's result and out_len_result.
 */
VCCall *vc_call_ak(VCClient *vc, VCFormat format, const VCAkOp *o,
                   uint32_t room);

/* Make a call of the private operation of RSA key number @i, on some number. */
VCCall *vc_call_rsa(VCClient *vc, VCFormat format, int i);

/* Modulus of an RSA key, in hexadecimal. */
char *vc_rsa_modulus(int i);

/* Check that the device still serves an operation after a bad one. */
void vc_check_ak_alive(VCClient *vc, VCFormat format);

/* Send an operation, and return its result in hexadecimal. */
char *vc_ak_result(VCClient *vc, VCFormat format, const VCAkOp *o,
                   uint32_t room);

/* Send an operation that should end with @expect, and then a good one. */
void vc_ak_expect(VCClient *vc, VCFormat format, const VCAkOp *o,
                  uint32_t room, VCStatus expect);

/* An entry of a table of tests, which ends with one that has no name */
typedef struct VCAkTest {
    const char *name;
    void (*run)(VCFormat f, VCClient *vc);
} VCAkTest;

/*
 * Register tests for each format that has the service, as "@prefix/NAME", and
 * again with provider=nettle.
 */
void vc_add_ak_tests(const char *prefix, const VCAkTest *tests);

#endif
