/*
 * virtio-crypto: the fixed parts of the virtio standard's data requests
 *
 * Virtual I/O Device (VIRTIO) Version 1.3: the header is defined in 5.9.7.3,
 * the fields after it in 5.9.7.4 (HASH), 5.9.7.5 (MAC), 5.9.7.6 (CIPHER and
 * chains), 5.9.7.7 (AEAD) and 5.9.7.8 (AKCIPHER).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "std-rows.h"
#include "standard-headers/linux/virtio_crypto.h"

/* Data requests with a session: 5.9.7.4 to 5.9.7.8 */

/* 5.9.7.7: with REVISION_1 the struct is longer than in Linux's header. */
typedef struct AeadData {
    struct virtio_crypto_op_header header;
    struct virtio_crypto_aead_para para;
    uint32_t tag_len, reserved;
} AeadData;

#define DATA(_member)       offsetof(struct virtio_crypto_op_data_req, \
                                     u._member)
#define DATA_END(_member)   STD_END(struct virtio_crypto_op_data_req, u._member)
#define DATA_LEN            sizeof(struct virtio_crypto_op_data_req)
#define CIPHER(_member)     DATA(sym_req.u.cipher.para._member)
#define CHAIN(_member)      DATA(sym_req.u.chain.para._member)

#define CIPHER_ROW {                                                    \
    .len = DATA_LEN, .op_type = DATA(sym_req.op_type),                  \
    .parts = { .iv_len = CIPHER(iv_len),                                \
               .src_len = CIPHER(src_data_len),                         \
               .dst_len = CIPHER(dst_data_len) } }
#define CHAIN_ROW {                                                     \
    .len = DATA_LEN, .op_type = DATA(sym_req.op_type),                  \
    .parts = { .iv_len = CHAIN(iv_len),                                 \
               .src_len = CHAIN(src_data_len),                          \
               .dst_len = CHAIN(dst_data_len),                          \
               .cipher_start = CHAIN(cipher_start_src_offset),          \
               .cipher_len = CHAIN(len_to_cipher),                      \
               .hash_start = CHAIN(hash_start_src_offset),              \
               .hash_len = CHAIN(len_to_hash),                          \
               .aad_len = CHAIN(aad_len),                               \
               .digest_len = CHAIN(hash_result_len) } }
#define HASH_ROW(_len) {                                                \
    .len = _len,                                                        \
    .parts = { .src_len = DATA(hash_req.para.src_data_len),             \
               .digest_len = DATA(hash_req.para.hash_result_len) } }
#define AEAD_ROW(_len, _tag_len) {                                      \
    .len = _len,                                                        \
    .parts = { .iv_len = DATA(aead_req.para.iv_len),                    \
               .aad_len = DATA(aead_req.para.aad_len),                  \
               .src_len = DATA(aead_req.para.src_data_len),             \
               .dst_len = DATA(aead_req.para.dst_data_len),             \
               .tag_len = _tag_len } }
#define AKCIPHER_ROW(_len) {                                            \
    .len = _len,                                                        \
    .parts = { .src_len = DATA(akcipher_req.para.src_data_len),         \
               .dst_len = DATA(akcipher_req.para.dst_data_len) } }

QEMU_BUILD_BUG_ON(DATA(hash_req.para) != DATA(mac_req.para));
QEMU_BUILD_BUG_ON(DATA_LEN != 72);

const StdRow std_revision_0_rows[VIRTIO_CRYPTO_ROWS] = {
    [CRYPTODEV_SERVICE_CIPHER] = CIPHER_ROW,
    [CRYPTODEV_SERVICE_HASH] = HASH_ROW(DATA_LEN),
    [CRYPTODEV_SERVICE_MAC] = HASH_ROW(DATA_LEN),
    [CRYPTODEV_SERVICE_AEAD] = AEAD_ROW(DATA_LEN, 0),
    [CRYPTODEV_SERVICE_AKCIPHER] = AKCIPHER_ROW(DATA_LEN),
    [VIRTIO_CRYPTO_ROW_CHAIN] = CHAIN_ROW,
};

const StdRow std_revision_1_rows[VIRTIO_CRYPTO_ROWS] = {
    [CRYPTODEV_SERVICE_CIPHER] = CIPHER_ROW,
    [CRYPTODEV_SERVICE_HASH] = HASH_ROW(DATA_END(hash_req.para)),
    [CRYPTODEV_SERVICE_MAC] = HASH_ROW(DATA_END(mac_req.para)),
    [CRYPTODEV_SERVICE_AEAD] = AEAD_ROW(sizeof(AeadData),
                                        offsetof(AeadData, tag_len)),
    [CRYPTODEV_SERVICE_AKCIPHER] = AKCIPHER_ROW(DATA_END(akcipher_req.para)),
    [VIRTIO_CRYPTO_ROW_CHAIN] = CHAIN_ROW,
};

/* Stateless data requests */

/* Packed: the header's 64-bit session id would cause padding at the end. */
typedef union QEMU_PACKED StatelessReq {
    struct QEMU_PACKED {
        struct virtio_crypto_op_header header;
        uint32_t algo, key_len, op;
        uint32_t iv_len, src_data_len, dst_data_len;
        uint8_t padding[48];
        uint32_t op_type;
    } cipher;                           /* 5.9.7.6 */
    struct QEMU_PACKED {
        struct virtio_crypto_op_header header;
        uint32_t alg_chain_order, aad_len;
        struct { uint32_t algo, key_len, op; } cipher;
        struct { uint32_t algo, auth_key_len, hash_mode; } hash;
        struct virtio_crypto_alg_chain_data_para para;
        uint32_t op_type;
    } chain;                            /* 5.9.7.6 */
    struct {
        struct virtio_crypto_op_header header;
        uint32_t algo, src_data_len, hash_result_len, reserved;
    } hash;                             /* 5.9.7.4 */
    struct {
        struct virtio_crypto_op_header header;
        uint32_t algo, auth_key_len, src_data_len, hash_result_len;
    } mac;                              /* 5.9.7.5 */
    struct {
        struct virtio_crypto_op_header header;
        uint32_t algo, key_len, op;
        uint32_t iv_len, tag_len, aad_len, src_data_len, dst_data_len;
    } aead;                             /* 5.9.7.7 */
    struct QEMU_PACKED {
        struct virtio_crypto_op_header header;
        struct virtio_crypto_akcipher_session_para para;
        uint32_t src_data_len, dst_data_len;
    } akcipher;                         /* 5.9.7.8 */
} StatelessReq;

#define AT(_member)     offsetof(StatelessReq, _member)
#define LEN(_member)    sizeof_field(StatelessReq, _member)

QEMU_BUILD_BUG_ON(LEN(cipher) != LEN(chain));
QEMU_BUILD_BUG_ON(AT(cipher.op_type) != AT(chain.op_type));
QEMU_BUILD_BUG_ON(sizeof(StatelessReq) > VIRTIO_CRYPTO_HEADER_MAX);

const StdRow std_stateless_rows[VIRTIO_CRYPTO_ROWS] = {
    [CRYPTODEV_SERVICE_CIPHER] = {
        .len = LEN(cipher), .op_type = AT(cipher.op_type),
        .session = { .cipher = AT(cipher.algo),
                     .cipher_key_len = AT(cipher.key_len),
                     .direction = AT(cipher.op) },
        .parts = { .iv_len = AT(cipher.iv_len),
                   .src_len = AT(cipher.src_data_len),
                   .dst_len = AT(cipher.dst_data_len) } },
    [CRYPTODEV_SERVICE_HASH] = {
        .len = LEN(hash),
        .session = { .hash = AT(hash.algo) },
        .parts = { .src_len = AT(hash.src_data_len),
                   .digest_len = AT(hash.hash_result_len) } },
    [CRYPTODEV_SERVICE_MAC] = {
        .len = LEN(mac),
        .session = { .hash = AT(mac.algo),
                     .auth_key_len = AT(mac.auth_key_len) },
        .parts = { .src_len = AT(mac.src_data_len),
                   .digest_len = AT(mac.hash_result_len) } },
    [CRYPTODEV_SERVICE_AEAD] = {
        .len = LEN(aead),
        .session = { .cipher = AT(aead.algo),
                     .cipher_key_len = AT(aead.key_len),
                     .direction = AT(aead.op) },
        .parts = { .iv_len = AT(aead.iv_len),
                   .digest_len = AT(aead.tag_len),
                   .aad_len = AT(aead.aad_len),
                   .src_len = AT(aead.src_data_len),
                   .dst_len = AT(aead.dst_data_len) } },
    [CRYPTODEV_SERVICE_AKCIPHER] = {
        .len = LEN(akcipher),
        .session = { .cipher = AT(akcipher.para.algo),
                     .cipher_key_len = AT(akcipher.para.keylen),
                     .key_type = AT(akcipher.para.keytype),
                     .padding = AT(akcipher.para.u.rsa.padding_algo),
                     .rsa_hash = AT(akcipher.para.u.rsa.hash_algo),
                     .curve = AT(akcipher.para.u.ecdsa.curve_id) },
        .parts = { .src_len = AT(akcipher.src_data_len),
                   .dst_len = AT(akcipher.dst_data_len) } },
    [VIRTIO_CRYPTO_ROW_CHAIN] = {
        .len = LEN(chain), .op_type = AT(chain.op_type),
        .session = { .chain = AT(chain.alg_chain_order),
                     .hash_mode = AT(chain.hash.hash_mode),
                     .cipher = AT(chain.cipher.algo),
                     .cipher_key_len = AT(chain.cipher.key_len),
                     .direction = AT(chain.cipher.op),
                     .hash = AT(chain.hash.algo),
                     .auth_key_len = AT(chain.hash.auth_key_len) },
        .parts = { .iv_len = AT(chain.para.iv_len),
                   .src_len = AT(chain.para.src_data_len),
                   .dst_len = AT(chain.para.dst_data_len),
                   .cipher_start = AT(chain.para.cipher_start_src_offset),
                   .cipher_len = AT(chain.para.len_to_cipher),
                   .hash_start = AT(chain.para.hash_start_src_offset),
                   .hash_len = AT(chain.para.len_to_hash),
                   .aad_len = AT(chain.para.aad_len),
                   .digest_len = AT(chain.para.hash_result_len),
                   .session_aad_len = AT(chain.aad_len) } },
};
