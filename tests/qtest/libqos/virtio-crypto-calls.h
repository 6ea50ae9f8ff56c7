/*
 * virtio-crypto client: algorithms, and calls whose answer is known
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_LIBQOS_VIRTIO_CRYPTO_CALLS_H
#define TESTS_LIBQOS_VIRTIO_CRYPTO_CALLS_H

#include "virtio-crypto-samples.h"
#include "system/cryptodev-algos.h"

/**
 * VCAlgo: what tests know of an algorithm; lengths in bytes
 *
 * @service: the service
 * @number: in the service
 * @key_len, @iv_len: valid lengths
 * @digest_len: length of the full digest or tag, or the usual one
 * @nonce_len: length of the nonce at the head of a MAC's input
 * @block: input has to be a multiple of this
 */
typedef struct VCAlgo {
    const char *name;
    VCService service;
    uint32_t number;
    uint32_t key_len, iv_len;
    uint32_t digest_len;
    uint32_t nonce_len;
    uint32_t block;
} VCAlgo;

extern const VCAlgo vc_algos[CRYPTODEV_ALGO__MAX];

/* Whether the format has the service: the draft has no AKCIPHER. */
bool vc_has_service(VCFormat format, VCService service);

/* Get the format of requests with sessions, for a driver that uses @format. */
VCFormat vc_session_format(VCFormat format);

/* Whether the device announces the algorithm. */
bool vc_offers(VCClient *vc, CryptoDevAlgo algo);

/* Whether the device announces the service. */
bool vc_offers_service(VCClient *vc, VCService service);

/* Opcodes of a service; @op is one of VC_OP_*. */
uint32_t vc_create_opcode(VCService service);
uint32_t vc_data_opcode(VCService service, uint32_t op);

/**
 * VCCall: a session and a request in it
 *
 * @session, @request: may be changed
 * @owned: memory that is freed with the call
 */
typedef struct VCCall {
    VCSession session;
    VCRequest request;
    GPtrArray *owned;
} VCCall;

/* Make a call without input and parameters. */
VCCall *vc_call_new(VCClient *vc, VCFormat format, VCService service,
                    uint32_t op);
void vc_call_free(VCCall *c);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(VCCall, vc_call_free)

/* Free @memory with the call.  Returns: @memory */
void *vc_call_own(VCCall *c, void *memory);

/* Count the known answers; make a call from number @i of them. */
int vc_known_answers(CryptoDevAlgo algo);
VCCall *vc_call_known(VCClient *vc, VCFormat format, CryptoDevAlgo algo,
                      int i, uint32_t op);

/*
 * Make a call with @len bytes of random input, and @aad_len of additional data.
 * The nonce of a MAC counts as input.
 */
VCCall *vc_call_random(VCClient *vc, VCFormat format, CryptoDevAlgo algo,
                       uint32_t len, uint32_t aad_len, uint32_t op);

/*
 * Make a call from the sample: a chain of AES-CBC with HMAC-SHA1 (@auth) or
 * SHA-256, with "abc" as additional data.
 */
VCCall *vc_call_chain(VCClient *vc, VCFormat format, uint32_t order,
                      uint32_t op, bool auth);

/**
 * vc_call_sample: make a call of a service that the format has.  For AKCIPHER
 * it is a decryption.
 *
 * Returns: NULL if the build has no AKCIPHER; then marks the test as skipped.
 * Fails if another service is not offered.
 */
VCCall *vc_call_sample(VCClient *vc, VCFormat format, VCService service);

/* Call @check with a sample of each service that the format has. */
void vc_each_service(VCClient *vc, VCFormat format, void (*check)(VCCall *c));

/* Create the session.  Without sessions, put it into the request. */
void vc_call_open(VCCall *c);

/* Send the request, which should end with @expect. */
VCStatus vc_call_send(VCCall *c, VCStatus expect);

/* Destroy the session, if any. */
void vc_call_close(VCCall *c);

/* All three */
void vc_call_once(VCCall *c, VCStatus expect);

/* Check the known answers of all algorithms of a service, in one direction. */
void vc_check_known(VCClient *vc, VCFormat format, VCService service,
                    uint32_t op);

/*
 * Create a session that must be refused with @expect.  Without sessions, send
 * the request, which must be refused.
 */
void vc_call_refused(VCCall *c, VCStatus expect);

/* Send a call, which must end with OK.  Expect its result from now on. */
void vc_call_learn(VCCall *c);

/* Split @len bytes into up to four odd pieces. */
const uint32_t *vc_call_split(VCCall *c, uint32_t len);

/* Send a request in other buffers: in pieces, in place, with more room. */
void vc_call_shapes(VCCall *c);

/* Make a call that decrypts what @c encrypts.  The result of @c is known. */
VCCall *vc_call_reverse(const VCCall *c);

#endif
