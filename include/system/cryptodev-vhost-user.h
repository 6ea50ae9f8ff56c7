/*
 * Session parameters that QEMU's vhost-user code sends to a crypto server
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CRYPTODEV_VHOST_USER_H
#define CRYPTODEV_VHOST_USER_H

#include "standard-headers/linux/virtio_crypto.h"

/*
 * These structures go over the socket as they are in memory, with pointers and
 * padding: existing servers expect this layout.  The server ignores the
 * pointers; keys follow in fields of their own.  hw/virtio/vhost-user.c uses
 * these type names.
 */
typedef struct CryptoDevBackendSymSessionInfo {
    uint32_t cipher_alg;
    uint32_t key_len;           /* bytes at cipher_key */
    uint32_t hash_alg;
    uint32_t hash_result_len;
    uint32_t auth_key_len;      /* bytes at auth_key */
    uint32_t add_len;           /* bytes of additional authenticated data */
    uint8_t op_type;
    uint8_t direction;
    uint8_t hash_mode;
    uint8_t alg_chain_order;
    uint8_t *cipher_key;
    uint8_t *auth_key;
} CryptoDevBackendSymSessionInfo;

typedef struct CryptoDevBackendAsymSessionInfo {
    uint32_t algo;
    uint32_t keytype;
    uint32_t keylen;            /* bytes at key */
    uint8_t *key;
    union {
        struct {
            uint32_t padding_algo;
            uint32_t hash_algo;
        } rsa;
    } u;
} CryptoDevBackendAsymSessionInfo;

/* Argument of vhost_crypto_create_session(); op_code selects the member of u */
typedef struct CryptoDevBackendSessionInfo {
    uint32_t op_code;
    union {
        CryptoDevBackendSymSessionInfo sym_sess_info;
        CryptoDevBackendAsymSessionInfo asym_sess_info;
    } u;
    uint64_t session_id;
} CryptoDevBackendSessionInfo;

#endif
