/*
 * virtio-crypto client: sessions and requests
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * This page explains the whole client, which the tests use in place of a
 * guest driver.  Its names begin with vc_, VC and VC_.
 *
 * Files, from the device upwards:
 *
 *  driver       VCClient: a started device, with its queues and features
 *  message      VCMessage: guest memory and descriptors of one message
 *  ring         rings, split and packed
 *  expect       VCExpect: the expected end of a message; checks it
 *  wire         offsets and opcodes of the four request formats (VCFormat)
 *  client       VCSession, VCDestroy: requests of the control queue
 *  request      VCRequest: requests of data queues
 *  samples      bytes, and one sample that every device serves
 *  calls        VCCall: a session with a request whose answer is known
 *  akcipher     the same for public-key operations
 *  inflight     VCInflight: requests that are not done yet
 *  slow         VCSlow: requests that take seconds, on all queues
 *  machine      QEMU with a test's own command line
 *  move         migration of a machine to another QEMU (VCTrip)
 *  hostile      other devices, rings in odd places, requests sent again
 *  attacker     random steps of a hostile guest
 *  secrets, nonce   search for keys in QEMU's memory
 *  registry     tables of tests and of requirements (VCTest, VCRequirement)
 *
 * VCSession, VCRequest and the like are options structs.  Zero is the default
 * of each field, so a compound literal names only what matters to the test.
 * Each also says how the message should end (expect).
 *
 * Tests need not compare results themselves.  Each call checks the status, the
 * used length and the output, and that the device wrote nothing else: the parts
 * of a message are separated by a pattern that must not change, and all of its
 * memory is compared.  Fields that the device has to ignore are filled with the
 * pattern.  A failure ends the test program, with vc->context in its message.
 *
 * An example: an IV that is too short is an error, in every format, and the
 * next request is served.
 *
 *  static void test_short_iv(const VCTest *t, VCClient *vc)
 *  {
 *      g_autoptr(VCCall) c = vc_call_sample(vc, t->format,
 *                                           VC_SERVICE_CIPHER);
 *
 *      vc_call_open(c);
 *      c->request.iv_len--;
 *      vc_call_send(c, VC_ERR);
 *      c->request.iv_len++;
 *      vc_call_send(c, VC_OK);
 *      vc_call_close(c);
 *  }
 *
 * A line in a table of the file registers it, once for each format:
 *
 *  { VC_FOR_ALL, "invalid-cipher/short-iv", { test_short_iv } },
 *
 * "scripts/check qtest/short-iv" builds and runs it.  To change one field of a
 * valid message, use VCPoke; to cut the message into other
 * descriptors, VCShape; for another command line, the fields of VCTest.
 *
 * A requirement of a specification is a row of a conformance test: see
 * VCRequirement.  A new file ends with libqos_init(), and has a line in
 * scripts/graft.d/tests-qtest-meson.build.toml.
 */

#ifndef TESTS_LIBQOS_VIRTIO_CRYPTO_CLIENT_H
#define TESTS_LIBQOS_VIRTIO_CRYPTO_CLIENT_H

#include "virtio-crypto-wire.h"
#include "virtio-crypto-expect.h"

/* Directions of a session, and what else AKCIPHER does */
#define VC_OP_ENCRYPT           1
#define VC_OP_DECRYPT           2
#define VC_OP_SIGN              3
#define VC_OP_VERIFY            4

/* Values of op_type */
#define VC_SYM_CIPHER           1
#define VC_SYM_CHAINING         2

/* Orders of a chain */
#define VC_HASH_THEN_CIPHER     1
#define VC_CIPHER_THEN_HASH     2

/* Hash modes of a chain */
#define VC_HASH_PLAIN           1
#define VC_HASH_AUTH            2
#define VC_HASH_NESTED          3

/* AKCIPHER: types of keys, and paddings of RSA */
#define VC_PUBLIC               1
#define VC_PRIVATE              2
#define VC_RSA_RAW              0
#define VC_RSA_PKCS1            1

/**
 * VCPoke: a change to a valid message
 *
 * @size: bytes; 0 ends a list
 * @part: what to change, "header" by default.  There are also "key", "auth";
 *     "iv"; "digest"; "src-N", "aad-N", "dst-N" (pieces of data), "src-iov-N",
 *     "aad-iov-N", "dst-iov-N" (entries of draft iovec chains, from 1; entry 0
 *     is in the header)
 * @offset: where in the part
 * @value: what to write, little endian
 * @value_part: a part whose address is added to @value
 */
typedef struct VCPoke {
    uint8_t size;
    const char *part;
    uint32_t offset;
    uint64_t value;
    const char *value_part;
} VCPoke;

/**
 * VCMove: give the device another address for a buffer
 *
 * @part: the part at the start of the buffer, see VCPoke.  NULL ends a list.
 * @addr: the address
 * @relative: add this to the real address instead
 */
typedef struct VCMove {
    const char *part;
    uint64_t addr;
    bool relative;
} VCMove;

/**
 * VCShape: how a message is put into descriptors
 *
 * @indirect: in an indirect table
 * @joined: standard format: one readable and one writable descriptor
 * @readable, @writable: gather the bytes of that direction, and split them into
 *     descriptors of these lengths, see VC_SPLIT
 * @desc_max: cut all descriptors to this size, 0 = do not
 * @readable_cut, @writable_cut: bytes left out at the end
 * @writable_skip: bytes left out at the beginning
 * @poke: changes, ended by an entry of size 0
 * @move: changed addresses of buffers; excludes @desc_max.  The memory at the
 *     real addresses must not change.
 */
typedef struct VCShape {
    bool indirect;
    bool joined;
    const uint32_t *readable, *writable;
    uint32_t desc_max;
    uint32_t readable_cut, writable_cut;
    uint32_t writable_skip;
    const VCPoke *poke;
    const VCMove *move;
} VCShape;

/* Ends a list of piece lengths; the bytes that are left are one more piece. */
#define VC_END  UINT32_MAX
#define VC_SPLIT(...) ((const uint32_t []) { __VA_ARGS__, VC_END })

typedef struct VCSession {
    /* mandatory */
    VCClient *vc;
    /* optional, standard by default */
    VCFormat format;
    /* optional, VC_CIPHER_CREATE by default */
    uint32_t opcode;
    uint32_t algo;
    /* of ciphers, AEAD and MACs */
    const uint8_t *key;
    uint32_t key_len;
    /* optional, VC_OP_ENCRYPT by default */
    uint32_t op;
    /* of the digest or tag, and of the AAD; optional */
    uint32_t digest_len;
    uint32_t aad_len;
    /* a chain if not 0; all but the key is mandatory then */
    uint32_t order;
    uint32_t hash_mode;
    uint32_t hash_algo;
    const uint8_t *auth_key;
    uint32_t auth_key_len;
    /* AKCIPHER: VC_PUBLIC by default; the padding, or ECDSA's curve */
    uint32_t key_type;
    uint32_t padding;
    uint32_t rsa_hash;
    /* standard: more writable bytes */
    uint32_t slack;
    VCShape shape;
    VCStatus expect;
} VCSession;

/* Create a session.  Returns its id, 0 if that failed as expected. */
uint64_t vc_create_session(const VCSession *s);

/* The same in two steps */
VCMessage *vc_create_session_start(const VCSession *s);
uint64_t vc_create_session_finish(VCMessage *m);

typedef struct VCDestroy {
    VCClient *vc;
    VCFormat format;
    /* optional, VC_CIPHER_DESTROY by default */
    uint32_t opcode;
    uint64_t session;
    /* standard: more writable bytes */
    uint32_t slack;
    VCShape shape;
    VCStatus expect;
} VCDestroy;

void vc_destroy_session(const VCDestroy *d);

typedef struct VCRequest {
    /* mandatory */
    VCClient *vc;
    VCFormat format;
    unsigned queue;
    /* default: VC_CIPHER_ENCRYPT */
    uint32_t opcode;
    uint64_t session;
    /* a request of a chain; default: it is one if @params is */
    bool chain;
    /* what a stateless request brings along, mandatory there */
    const VCSession *params;
    const uint8_t *iv;
    uint32_t iv_len;
    /* more bytes in the field of the IV, before it and after it */
    uint32_t iv_skip, iv_slack;
    const uint8_t *src;
    uint32_t src_len;
    const uint8_t *aad;
    uint32_t aad_len;
    /* room for the result, @src_len by default */
    uint32_t dst_len;
    /* expected result of @src_len bytes; NULL: not checked */
    const uint8_t *out;
    /* AKCIPHER: bytes of the result; may be left to the device */
    uint32_t out_len;
    uint32_t *out_len_result;
    /* receives the result of an OK, optional */
    uint8_t *result;
    /* bytes of the digest or tag */
    uint32_t digest_len;
    /* leave that field 0: the session has the length */
    bool digest_of_session;
    /* expected, NULL: not checked; the tag to decrypt with, data to verify */
    const uint8_t *digest;
    /* receives the digest of an OK, optional */
    uint8_t *digest_result;
    /* draft: a decryption's tag is the end of the source */
    bool tag_in_src;
    /* standard, chain: offset and length to cipher, to hash; default: all */
    const uint32_t *window;
    /* standard: the AAD before the source, as in a stateless chain */
    bool aad_first;
    /* see VC_SPLIT; one piece by default */
    const uint32_t *src_split, *aad_split, *dst_split;
    /* dst is src, or begins this many bytes after (before, if negative) it */
    bool in_place;
    int dst_shift;
    /* writable bytes between dst and status; draft: after the structure */
    uint32_t slack;
    /* draft: more bits for the flags of iovec entries */
    uint32_t iov_flags;
    /* draft: offset of the status; default: as of @opcode and @chain */
    uint32_t status_offset;
    VCShape shape;
    VCStatus expect;
} VCRequest;

/* Send a request and wait for it.  Returns the status. */
VCStatus vc_request(const VCRequest *r);

/* Only send it.  The result is checked by vc_finish(). */
VCMessage *vc_request_start(const VCRequest *r);

#endif
