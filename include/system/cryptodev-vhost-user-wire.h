/*
 * Sessions in vhost-user messages
 *
 * Messages about sessions between a vhost-user front end (QEMU's
 * cryptodev-vhost-user) and a crypto server.  The layout is that of QEMU 8.1
 * and later, and of DPDK 25.03 and later, on x86-64.  Numbers have the byte
 * order of the host, as in all of vhost-user.
 *
 * A message is a header of 12 bytes and a payload.  Session messages are
 * allowed once both sides have CRYPTODEV_VHOST_PROTOCOL_F_SESSION.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef SYSTEM_CRYPTODEV_VHOST_USER_WIRE_H
#define SYSTEM_CRYPTODEV_VHOST_USER_WIRE_H

#include "qemu/compiler.h"

/* Bits of GET_PROTOCOL_FEATURES */
#define CRYPTODEV_VHOST_PROTOCOL_F_SESSION      7
#define CRYPTODEV_VHOST_PROTOCOL_F_CONFIG       9

/* Bit of GET_FEATURES: the server knows protocol features */
#define CRYPTODEV_VHOST_F_PROTOCOL_FEATURES     30

/* Numbers of messages */
#define CRYPTODEV_VHOST_GET_FEATURES            1
#define CRYPTODEV_VHOST_GET_PROTOCOL_FEATURES   15
#define CRYPTODEV_VHOST_CREATE_SESSION          26
#define CRYPTODEV_VHOST_CLOSE_SESSION           27

/* CryptoDevVhostHeader.flags */
#define CRYPTODEV_VHOST_VERSION                 1
#define CRYPTODEV_VHOST_REPLY                   (1 << 2)
#define CRYPTODEV_VHOST_NEED_REPLY              (1 << 3)

/* Longest keys, in bytes: the sizes of their fields */
#define CRYPTODEV_VHOST_CIPHER_KEY_MAX          64
#define CRYPTODEV_VHOST_AUTH_KEY_MAX            512
#define CRYPTODEV_VHOST_ASYM_KEY_MAX            1024

/* CryptoDevVhostHeader: @size: bytes of payload */
typedef struct CryptoDevVhostHeader {
    uint32_t request;
    uint32_t flags;
    uint32_t size;
} CryptoDevVhostHeader;

/**
 * CryptoDevVhostSym: session of a cipher, hash, MAC, AEAD or chain
 *
 * Numbers are those of the virtio specification.  Other front ends create
 * ciphers and chains only, with the op_code of a cipher, and do not initialise
 * the fields for other services.
 *
 * @cipher_alg: cipher or AEAD algorithm, 0 for hash and MAC
 * @key_len: bytes of @key
 * @hash_alg: hash or MAC algorithm, 0 for cipher and AEAD
 * @hash_result_len: bytes of digest or tag
 * @auth_key_len: bytes of @auth_key
 * @aad_len: bytes of additional authenticated data of each request
 * @op_type: of a cipher session: 1 cipher, 2 chain; 0 for the other services
 * @direction: 1 encrypt, 2 decrypt, 0 for hash and MAC
 * @hash_mode: of a chain: 1 hash, 2 MAC
 * @chain_order: of a chain: 1 hash then cipher, 2 cipher then hash
 * @key_pointer, @auth_key_pointer: no meaning; stock QEMU sends addresses, we
 *     send 0
 */
typedef struct CryptoDevVhostSym {
    uint32_t cipher_alg;
    uint32_t key_len;
    uint32_t hash_alg;
    uint32_t hash_result_len;
    uint32_t auth_key_len;
    uint32_t aad_len;
    uint8_t op_type;
    uint8_t direction;
    uint8_t hash_mode;
    uint8_t chain_order;
    uint32_t pad;
    uint64_t key_pointer;
    uint64_t auth_key_pointer;
    uint8_t key[CRYPTODEV_VHOST_CIPHER_KEY_MAX];
    uint8_t auth_key[CRYPTODEV_VHOST_AUTH_KEY_MAX];
} CryptoDevVhostSym;

/**
 * CryptoDevVhostAsym: session of a public-key algorithm
 *
 * @algo: algorithm, a number of the virtio specification (1 RSA)
 * @keytype: 1 public, 2 private
 * @keylen: bytes of @key
 * @key_pointer: no meaning
 * @padding: RSA: 0 raw, 1 PKCS#1; ECDSA: the number of the curve
 * @hash: RSA: the number of the hash, as in the virtio specification
 */
typedef struct CryptoDevVhostAsym {
    uint32_t algo;
    uint32_t keytype;
    uint32_t keylen;
    uint32_t pad;
    uint64_t key_pointer;
    uint32_t padding;
    uint32_t hash;
    uint8_t key[CRYPTODEV_VHOST_ASYM_KEY_MAX];
} CryptoDevVhostAsym;

/**
 * CryptoDevVhostSession: payload of CREATE_SESSION, and of its reply
 *
 * @op_code: VIRTIO_CRYPTO_..._CREATE_SESSION of the control queue; selects the
 *     member of @u
 * @session_id: request: the id that the front end proposes, 0 for any.  A
 *     server can ignore it.  One that does not answers -1 if the id is in use.
 *     Reply: the id that the driver will use, 0 or more; a negative number if
 *     the server refuses the session
 *
 * The reply has the size of the request; ignore its other fields.
 */
typedef struct CryptoDevVhostSession {
    uint64_t op_code;
    union {
        CryptoDevVhostSym sym;
        CryptoDevVhostAsym asym;
    } u;
    int64_t session_id;
} CryptoDevVhostSession;

/*
 * A private RSA key of 2048 bits does not fit.  A server that has the feature
 * VIRTIO_CRYPTO_F_REVISION_1 takes a longer key: what CryptoDevVhostAsym.key
 * has no room for comes behind the CryptoDevVhostSession, and counts in
 * CryptoDevVhostHeader.size.  The reply is a CryptoDevVhostSession.
 */

/*
 * The payload of CLOSE_SESSION is the id, a uint64_t.  There is no reply unless
 * CRYPTODEV_VHOST_NEED_REPLY is set; then it is a uint64_t, 0 for success.
 */

QEMU_BUILD_BUG_ON(sizeof(CryptoDevVhostHeader) != 12);
QEMU_BUILD_BUG_ON(sizeof(CryptoDevVhostSym) != 624);
QEMU_BUILD_BUG_ON(offsetof(CryptoDevVhostSym, op_type) != 24);
QEMU_BUILD_BUG_ON(offsetof(CryptoDevVhostSym, key) != 48);
QEMU_BUILD_BUG_ON(offsetof(CryptoDevVhostSym, auth_key) != 112);
QEMU_BUILD_BUG_ON(sizeof(CryptoDevVhostAsym) != 1056);
QEMU_BUILD_BUG_ON(offsetof(CryptoDevVhostAsym, padding) != 24);
QEMU_BUILD_BUG_ON(offsetof(CryptoDevVhostAsym, key) != 32);
QEMU_BUILD_BUG_ON(sizeof(CryptoDevVhostSession) != 1072);
QEMU_BUILD_BUG_ON(offsetof(CryptoDevVhostSession, u) != 8);
QEMU_BUILD_BUG_ON(offsetof(CryptoDevVhostSession, session_id) != 1064);

#endif /* SYSTEM_CRYPTODEV_VHOST_USER_WIRE_H */
