/*
 * virtio-crypto: common code of the request formats
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "fields.h"
#include "standard-headers/linux/virtio_crypto.h"

/*
 * Our numbers that are equal to those of the wire: status, service (also a bit
 * number of crypto_services and of the stateless features), order of a chain,
 * elliptic curve.
 */
#define SAME(_ours, _wire)  QEMU_BUILD_BUG_ON((int)(_ours) != (int)(_wire))

SAME(CRYPTODEV_OK, VIRTIO_CRYPTO_OK);
SAME(CRYPTODEV_ERR, VIRTIO_CRYPTO_ERR);
SAME(CRYPTODEV_BADMSG, VIRTIO_CRYPTO_BADMSG);
SAME(CRYPTODEV_NOTSUPP, VIRTIO_CRYPTO_NOTSUPP);
SAME(CRYPTODEV_INVSESS, VIRTIO_CRYPTO_INVSESS);
SAME(CRYPTODEV_NOSPC, VIRTIO_CRYPTO_NOSPC);
SAME(CRYPTODEV_KEY_REJECTED, VIRTIO_CRYPTO_KEY_REJECTED);
SAME(CRYPTODEV_SERVICE_CIPHER, VIRTIO_CRYPTO_SERVICE_CIPHER);
SAME(CRYPTODEV_SERVICE_HASH, VIRTIO_CRYPTO_SERVICE_HASH);
SAME(CRYPTODEV_SERVICE_MAC, VIRTIO_CRYPTO_SERVICE_MAC);
SAME(CRYPTODEV_SERVICE_AEAD, VIRTIO_CRYPTO_SERVICE_AEAD);
SAME(CRYPTODEV_SERVICE_AKCIPHER, VIRTIO_CRYPTO_SERVICE_AKCIPHER);
SAME(CRYPTODEV_CHAIN_HASH_THEN_CIPHER,
     VIRTIO_CRYPTO_SYM_ALG_CHAIN_ORDER_HASH_THEN_CIPHER);
SAME(CRYPTODEV_CHAIN_CIPHER_THEN_HASH,
     VIRTIO_CRYPTO_SYM_ALG_CHAIN_ORDER_CIPHER_THEN_HASH);
SAME(CRYPTODEV_CURVE_P192, VIRTIO_CRYPTO_CURVE_NIST_P192);
SAME(CRYPTODEV_CURVE_P224, VIRTIO_CRYPTO_CURVE_NIST_P224);
SAME(CRYPTODEV_CURVE_P256, VIRTIO_CRYPTO_CURVE_NIST_P256);
SAME(CRYPTODEV_CURVE_P384, VIRTIO_CRYPTO_CURVE_NIST_P384);
SAME(CRYPTODEV_CURVE_P521, VIRTIO_CRYPTO_CURVE_NIST_P521);

void virtio_crypto_spec_wipe(VirtIOCryptoSessionSpec *spec)
{
    const CryptoDevSessionParams *p = &spec->params;

    cryptodev_wipe(spec->keys, MIN(p->cipher_key_len, sizeof(spec->keys)));
    cryptodev_wipe(spec->keys + CRYPTODEV_CIPHER_KEY_MAX,
                   MIN(p->auth_key_len, CRYPTODEV_AUTH_KEY_MAX));
}

/* Opcodes: the service in the high byte, the operation in the low byte */

#define LOW(_opcode)    ((_opcode) & 0xff)
#define OPS_MAX         6

typedef uint8_t OpTable[CRYPTODEV_SERVICE__MAX][OPS_MAX];

/* The operation, plus 1 */
static const OpTable data_ops = {
    [CRYPTODEV_SERVICE_CIPHER] = {
        [LOW(VIRTIO_CRYPTO_CIPHER_ENCRYPT)] = CRYPTODEV_ENCRYPT + 1,
        [LOW(VIRTIO_CRYPTO_CIPHER_DECRYPT)] = CRYPTODEV_DECRYPT + 1,
    },
    [CRYPTODEV_SERVICE_HASH] = {
        [LOW(VIRTIO_CRYPTO_HASH)] = CRYPTODEV_DIGEST + 1,
    },
    [CRYPTODEV_SERVICE_MAC] = {
        [LOW(VIRTIO_CRYPTO_MAC)] = CRYPTODEV_DIGEST + 1,
    },
    [CRYPTODEV_SERVICE_AEAD] = {
        [LOW(VIRTIO_CRYPTO_AEAD_ENCRYPT)] = CRYPTODEV_ENCRYPT + 1,
        [LOW(VIRTIO_CRYPTO_AEAD_DECRYPT)] = CRYPTODEV_DECRYPT + 1,
    },
    [CRYPTODEV_SERVICE_AKCIPHER] = {
        [LOW(VIRTIO_CRYPTO_AKCIPHER_ENCRYPT)] = CRYPTODEV_ENCRYPT + 1,
        [LOW(VIRTIO_CRYPTO_AKCIPHER_DECRYPT)] = CRYPTODEV_DECRYPT + 1,
        [LOW(VIRTIO_CRYPTO_AKCIPHER_SIGN)] = CRYPTODEV_SIGN + 1,
        [LOW(VIRTIO_CRYPTO_AKCIPHER_VERIFY)] = CRYPTODEV_VERIFY + 1,
    },
};

#define SESSION_OPS(_service) { \
    [LOW(VIRTIO_CRYPTO_ ## _service ## _CREATE_SESSION)] = \
        VIRTIO_CRYPTO_CTRL_CREATE + 1, \
    [LOW(VIRTIO_CRYPTO_ ## _service ## _DESTROY_SESSION)] = \
        VIRTIO_CRYPTO_CTRL_DESTROY + 1 }

/* What to do with a session, plus 1 */
static const OpTable ctrl_ops = {
    [CRYPTODEV_SERVICE_CIPHER] = SESSION_OPS(CIPHER),
    [CRYPTODEV_SERVICE_HASH] = SESSION_OPS(HASH),
    [CRYPTODEV_SERVICE_MAC] = SESSION_OPS(MAC),
    [CRYPTODEV_SERVICE_AEAD] = SESSION_OPS(AEAD),
    [CRYPTODEV_SERVICE_AKCIPHER] = SESSION_OPS(AKCIPHER),
};

/* Returns the operation, or -1 if there is none. */
static int find_op(const OpTable ops, uint32_t opcode,
                   CryptoDevService *service)
{
    uint32_t row = opcode >> 8, column = opcode & 0xff;

    if (row >= CRYPTODEV_SERVICE__MAX || column >= OPS_MAX ||
        !ops[row][column]) {
        return -1;
    }
    *service = row;
    return ops[row][column] - 1;
}

bool virtio_crypto_opcode(uint32_t wire, CryptoDevService *service,
                          CryptoDevOpcode *opcode)
{
    int op = find_op(data_ops, wire, service);

    if (op >= 0) {
        *opcode = op;
    }
    return op >= 0;
}

bool virtio_crypto_ctrl_opcode(uint32_t opcode, CryptoDevService *service,
                               VirtIOCryptoCtrlOp *ctrl_op)
{
    int op = find_op(ctrl_ops, opcode, service);

    if (op >= 0) {
        *ctrl_op = op;
    }
    return op >= 0;
}

void virtio_crypto_ctrl_init(VirtIOCryptoCtrl *ctrl)
{
    ctrl->op = VIRTIO_CRYPTO_CTRL_CREATE;
    ctrl->service = CRYPTODEV_SERVICE__MAX;
    ctrl->session_id = 0;
    ctrl->reply = (VirtIOCryptoReply) { };
    ctrl->spec.params = (CryptoDevSessionParams) { };
}

void virtio_crypto_data_init(VirtIOCryptoData *data)
{
    data->service = CRYPTODEV_SERVICE__MAX;
    data->opcode = CRYPTODEV_ENCRYPT;
    data->session_id = 0;
    data->stateless = false;
    data->reply = (VirtIOCryptoReply) { };
    data->raw_len = 0;
    data->keys_len = 0;
}
