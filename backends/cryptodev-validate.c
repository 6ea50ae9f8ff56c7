/*
 * Cryptodev backends: checks of operations
 *
 * These checks are the same for all request formats and all backends.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "system/cryptodev.h"
#include "cryptodev/cost.h"

static CryptoDevStatus
check_akcipher_opcode(const CryptoDevSessionParams *p, CryptoDevOpcode opcode)
{
    bool is_signature = opcode == CRYPTODEV_SIGN || opcode == CRYPTODEV_VERIFY;

    if (opcode == CRYPTODEV_IMPORT) {
        return CRYPTODEV_OK;
    }
    if (p->cipher == CRYPTODEV_ALGO_ECDSA ? !is_signature :
        is_signature && p->padding == CRYPTODEV_RSA_RAW) {
        return CRYPTODEV_NOTSUPP;
    }
    if (!p->is_private &&
        (opcode == CRYPTODEV_DECRYPT || opcode == CRYPTODEV_SIGN)) {
        return CRYPTODEV_ERR;
    }
    return CRYPTODEV_OK;
}

CryptoDevStatus
cryptodev_session_check_opcode(const CryptoDevSessionParams *params,
                               CryptoDevOpcode opcode)
{
    if (params->service == CRYPTODEV_SERVICE_AKCIPHER) {
        return check_akcipher_opcode(params, opcode);
    }
    return opcode == params->opcode ? CRYPTODEV_OK : CRYPTODEV_ERR;
}

static bool window_ok(const CryptoDevRange *w, size_t len)
{
    return (uint64_t)w->offset + w->len <= len;
}

static CryptoDevStatus check_cipher(const CryptoDevOp *op, size_t len)
{
    const CryptoDevSessionParams *p = &op->session->params;
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(p->cipher);

    if (!cryptodev_algo_iv_len_ok(info, op->iv_len) ||
        !cryptodev_algo_data_len_ok(info, len)) {
        return CRYPTODEV_ERR;
    }
    return CRYPTODEV_OK;
}

static CryptoDevStatus check_digest(const CryptoDevOp *op, size_t len)
{
    const CryptoDevSessionParams *p = &op->session->params;
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(p->hash);

    if (!cryptodev_algo_digest_len_ok(info, op->digest.len) ||
        len < info->nonce_len ||
        !cryptodev_algo_data_len_ok(info, len - info->nonce_len)) {
        return CRYPTODEV_ERR;
    }
    return CRYPTODEV_OK;
}

static CryptoDevStatus check_aead(const CryptoDevOp *op)
{
    const CryptoDevAlgoInfo *info =
        cryptodev_algo_info(op->session->params.cipher);

    if (op->dst.len < op->src.len ||
        !cryptodev_algo_digest_len_ok(info, op->digest.len)) {
        return CRYPTODEV_ERR;
    }
    /* CCM counts the text in the 15 - iv_len bytes that the nonce leaves */
    if (op->session->params.cipher == CRYPTODEV_ALGO_AES_CCM &&
        op->iv_len == 13 && op->src.len > UINT16_MAX) {
        return CRYPTODEV_ERR;
    }
    return check_cipher(op, op->src.len);
}

static CryptoDevStatus check_chain(const CryptoDevOp *op)
{
    size_t image = MIN(op->src.len, op->dst.len);
    bool hash_first =
        op->session->params.chain == CRYPTODEV_CHAIN_HASH_THEN_CIPHER;
    CryptoDevStatus status;

    if (!window_ok(&op->cipher_window, image) ||
        !window_ok(&op->hash_window, hash_first ? op->src.len : image)) {
        return CRYPTODEV_ERR;
    }
    status = check_cipher(op, op->cipher_window.len);
    if (status == CRYPTODEV_OK) {
        status = check_digest(op, op->aad.len + op->hash_window.len);
    }
    return status;
}

static CryptoDevStatus check_lengths(const CryptoDevOp *op)
{
    const CryptoDevSessionParams *p = &op->session->params;

    if (p->chain != CRYPTODEV_CHAIN_NONE) {
        return check_chain(op);
    }
    switch (p->service) {
    case CRYPTODEV_SERVICE_CIPHER:
        return op->dst.len < op->src.len ? CRYPTODEV_ERR :
                                           check_cipher(op, op->src.len);
    case CRYPTODEV_SERVICE_HASH:
    case CRYPTODEV_SERVICE_MAC:
        return check_digest(op, op->src.len);
    case CRYPTODEV_SERVICE_AEAD:
        return check_aead(op);
    case CRYPTODEV_SERVICE_AKCIPHER:
        /* the provider, which knows the key, checks the lengths */
        return CRYPTODEV_OK;
    default:
        return CRYPTODEV_NOTSUPP;
    }
}

CryptoDevStatus cryptodev_op_validate(CryptoDevOp *op)
{
    CryptoDevStatus status =
        cryptodev_session_check_opcode(&op->session->params, op->opcode);

    if (status == CRYPTODEV_OK) {
        status = check_lengths(op);
    }
    if (status == CRYPTODEV_OK) {
        op->cost = MIN(crypto_op_cost(op), UINT32_MAX);
    }
    return status;
}

uint64_t cryptodev_op_bytes(const CryptoDevOp *op)
{
    return (uint64_t)op->src.len + op->aad.len;
}

bool cryptodev_op_is_long(const CryptoDevOp *op)
{
    uint32_t inline_ns = op->session->inline_ns;

    return !inline_ns || op->cost > inline_ns;
}
