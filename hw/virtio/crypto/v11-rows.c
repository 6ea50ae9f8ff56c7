/*
 * virtio-crypto: location of the fields of the v11 draft
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "v11-rows.h"

#define CTRL(_member)   offsetof(V11CtrlReq, u._member)
#define DATA(_member)   offsetof(V11DataReq, u._member)
#define CTRL_END(_member) \
    (CTRL(_member) + sizeof_field(V11CtrlReq, u._member))
#define DATA_END(_member) \
    (DATA(_member) + sizeof_field(V11DataReq, u._member))

#define SAME_PLACE(_v11, _std) \
    QEMU_BUILD_BUG_ON(CTRL(_v11) != \
                      offsetof(struct virtio_crypto_op_ctrl_req, u._std))

SAME_PLACE(sym.u.cipher.para, sym_create_session.u.cipher.para);
SAME_PLACE(sym.u.chain.para, sym_create_session.u.chain.para);
SAME_PLACE(hash.algo, hash_create_session.para.algo);
SAME_PLACE(hash.hash_result_len, hash_create_session.para.hash_result_len);
SAME_PLACE(mac.para, mac_create_session.para);
SAME_PLACE(aead.para, aead_create_session.para);

QEMU_BUILD_BUG_ON(sizeof(V11CtrlReq) != 104);
QEMU_BUILD_BUG_ON(DATA(sym.op_type) != DATA_END(chain.idata));
QEMU_BUILD_BUG_ON(DATA(hash.idata.status) != 92);
QEMU_BUILD_BUG_ON(sizeof(V11DataReq) != 144);
QEMU_BUILD_BUG_ON(sizeof(V11DataReq) > VIRTIO_CRYPTO_HEADER_MAX);

const V11CtrlRow v11_ctrl_rows[VIRTIO_CRYPTO_ROWS] = {
    [CRYPTODEV_SERVICE_CIPHER] = {
        sizeof(V11CtrlReq), CTRL(sym.u.cipher.input),
        .key_addr = CTRL(sym.u.cipher.key_addr) },
    [CRYPTODEV_SERVICE_HASH] = { CTRL_END(hash), CTRL(hash.input) },
    [CRYPTODEV_SERVICE_MAC] = {
        CTRL_END(mac), CTRL(mac.input),
        .auth_key_addr = CTRL(mac.auth_key_addr) },
    [CRYPTODEV_SERVICE_AEAD] = {
        CTRL_END(aead), CTRL(aead.input),
        .key_addr = CTRL(aead.key_addr) },
    [VIRTIO_CRYPTO_ROW_CHAIN] = {
        sizeof(V11CtrlReq), CTRL(sym.u.chain.input),
        .key_addr = CTRL(sym.u.chain.key_addr),
        .auth_key_addr = CTRL(sym.u.chain.auth_key_addr) },
};

#define HASH_ROW {                                                      \
    DATA_END(hash), DATA(hash.idata.status),                            \
    .src = DATA(hash.src),                                              \
    .digest_addr = DATA(hash.idata.digest_addr),                        \
    .parts = { .digest_len = DATA(hash.idata.digest_len) } }

const V11DataRow v11_data_rows[VIRTIO_CRYPTO_ROWS] = {
    [CRYPTODEV_SERVICE_CIPHER] = {
        sizeof(V11DataReq), DATA(cipher.idata.status),
        .iv_addr = DATA(cipher.iv_addr), .src = DATA(cipher.src),
        .dst = DATA(cipher.idata.dst),
        .parts = { .iv_len = DATA(cipher.para.iv_len),
                   .src_len = DATA(cipher.para.src_data_len),
                   .dst_len = DATA(cipher.para.dst_data_len) } },
    [CRYPTODEV_SERVICE_HASH] = HASH_ROW,
    [CRYPTODEV_SERVICE_MAC] = HASH_ROW,
    [CRYPTODEV_SERVICE_AEAD] = {
        DATA_END(aead), DATA(aead.idata.status),
        .iv_addr = DATA(aead.iv_addr), .src = DATA(aead.src),
        .aad = DATA(aead.aad), .dst = DATA(aead.idata.dst),
        .digest_addr = DATA(aead.idata.digest_addr),
        .parts = { .iv_len = DATA(aead.para.iv_len),
                   .aad_len = DATA(aead.para.aad_len),
                   .src_len = DATA(aead.para.src_data_len),
                   .dst_len = DATA(aead.para.dst_data_len),
                   .digest_len = DATA(aead.idata.digest_len) } },
    [VIRTIO_CRYPTO_ROW_CHAIN] = {
        sizeof(V11DataReq), DATA(chain.idata.status),
        .iv_addr = DATA(chain.iv_addr), .src = DATA(chain.src),
        .aad = DATA(chain.aad), .dst = DATA(chain.idata.dst),
        .digest_addr = DATA(chain.idata.digest_addr),
        .parts = { .iv_len = DATA(chain.para.iv_len),
                   .src_len = DATA(chain.para.src_data_len),
                   .dst_len = DATA(chain.para.dst_data_len),
                   .digest_len = DATA(chain.idata.digest_len) } },
};
