/*
 * Cryptodev backends: sessions, and the checks of what guests ask for
 *
 * What does not depend on the request format is checked here, once for all
 * formats and backends.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/atomic.h"
#include "qemu/timer.h"
#include "system/cryptodev.h"
#include "trace.h"

/* Sessions */

static bool algo_offered(const CryptoDevBackend *b, CryptoDevAlgo algo)
{
    const CryptoDevAlgoInfo *info;

    if (algo == CRYPTODEV_ALGO_NONE) {
        return false;
    }
    info = cryptodev_algo_info(algo);
    return b->caps.algos[info->service] & BIT_ULL(info->number);
}

static bool key_len_ok(CryptoDevAlgo algo, size_t len, size_t max)
{
    return len <= max &&
           cryptodev_algo_key_len_ok(cryptodev_algo_info(algo), len);
}

/* Whether the session makes a digest or tag, and with which algorithm. */
static CryptoDevAlgo digest_algo(const CryptoDevSessionParams *p)
{
    return p->service == CRYPTODEV_SERVICE_AEAD ? p->cipher : p->hash;
}

/* What is not offered is not supported, whatever else is wrong with it. */
static CryptoDevStatus check_params(const CryptoDevBackend *b,
                                    const CryptoDevSessionParams *p)
{
    bool has_cipher = p->service == CRYPTODEV_SERVICE_CIPHER ||
                      p->service == CRYPTODEV_SERVICE_AEAD ||
                      p->service == CRYPTODEV_SERVICE_AKCIPHER;
    bool has_hash = p->service == CRYPTODEV_SERVICE_HASH ||
                    p->service == CRYPTODEV_SERVICE_MAC ||
                    p->chain != CRYPTODEV_CHAIN_NONE;
    CryptoDevAlgo digest = digest_algo(p);

    if ((!has_cipher && !has_hash) ||
        (has_cipher && !algo_offered(b, p->cipher)) ||
        (has_hash && !algo_offered(b, p->hash))) {
        return CRYPTODEV_NOTSUPP;
    }
    if (p->cipher == CRYPTODEV_ALGO_ECDSA &&
        p->curve == CRYPTODEV_CURVE_UNKNOWN) {
        return CRYPTODEV_NOTSUPP;
    }
    if ((has_cipher && !key_len_ok(p->cipher, p->cipher_key_len,
                                   p->service == CRYPTODEV_SERVICE_AKCIPHER ?
                                   CRYPTODEV_AKCIPHER_KEY_MAX :
                                   b->caps.max_cipher_key_len)) ||
        (has_hash && !key_len_ok(p->hash, p->auth_key_len,
                                 b->caps.max_auth_key_len))) {
        return CRYPTODEV_ERR;
    }
    if (digest != CRYPTODEV_ALGO_NONE && p->digest_len &&
        !cryptodev_algo_digest_len_ok(cryptodev_algo_info(digest),
                                      p->digest_len)) {
        return CRYPTODEV_ERR;
    }
    return CRYPTODEV_OK;
}

CryptoDevStatus cryptodev_session_new(CryptoDevBackend *b,
                                      const CryptoDevSessionParams *params,
                                      CryptoDevSession **session)
{
    CryptoDevStatus status = check_params(b, params);
    CryptoDevAlgo digest = digest_algo(params);
    CryptoDevSession *s;

    if (status == CRYPTODEV_OK) {
        status = CRYPTODEV_BACKEND_GET_CLASS(b)->session_new(b, params, &s);
    }
    trace_cryptodev_session_new(params->service,
                                cryptodev_algo_name(params->cipher),
                                cryptodev_algo_name(params->hash), status);
    if (status != CRYPTODEV_OK) {
        return status;
    }
    s->backend = b;
    s->refcount = 1;
    s->id = 0;
    if (!s->params.digest_len && digest != CRYPTODEV_ALGO_NONE) {
        s->params.digest_len = cryptodev_algo_info(digest)->digest_len;
    }
    *session = s;
    return CRYPTODEV_OK;
}

bool cryptodev_session_serves(const CryptoDevSession *session,
                              const CryptoDevSessionParams *params)
{
    const CryptoDevSessionParams *p = &session->params;

    return p->service == params->service && p->kind == params->kind &&
           p->chain == params->chain && p->cipher == params->cipher &&
           p->hash == params->hash && p->is_private == params->is_private &&
           p->padding == params->padding && p->curve == params->curve &&
           p->cipher_key_len == params->cipher_key_len &&
           p->auth_key_len == params->auth_key_len &&
           cryptodev_equal(p->cipher_key, params->cipher_key,
                           p->cipher_key_len) &&
           cryptodev_equal(p->auth_key, params->auth_key, p->auth_key_len);
}

bool cryptodev_session_needs_import(const CryptoDevSession *session)
{
    return qatomic_load_acquire(&session->needs_import);
}

void cryptodev_session_get(CryptoDevSession *session)
{
    qatomic_inc(&session->refcount);
}

bool cryptodev_session_tryget(CryptoDevSession *session)
{
    unsigned old = qatomic_read(&session->refcount);

    while (old) {
        unsigned seen = qatomic_cmpxchg(&session->refcount, old, old + 1);

        if (seen == old) {
            return true;
        }
        old = seen;
    }
    return false;
}

void cryptodev_session_put(CryptoDevSession *session)
{
    if (qatomic_fetch_dec(&session->refcount) == 1) {
        trace_cryptodev_session_free(session->id);
        CRYPTODEV_BACKEND_GET_CLASS(session->backend)->session_free(session);
        g_free_rcu(session, rcu);
    }
}

static CryptoDevStatus
check_akcipher_kind(const CryptoDevSessionParams *p, CryptoDevKind kind)
{
    bool is_signature = kind == CRYPTODEV_SIGN || kind == CRYPTODEV_VERIFY;

    if (kind == CRYPTODEV_IMPORT) {
        return CRYPTODEV_OK;
    }
    if (p->cipher == CRYPTODEV_ALGO_ECDSA ? !is_signature :
        is_signature && p->padding == CRYPTODEV_RSA_RAW) {
        return CRYPTODEV_NOTSUPP;
    }
    if (!p->is_private &&
        (kind == CRYPTODEV_DECRYPT || kind == CRYPTODEV_SIGN)) {
        return CRYPTODEV_ERR;
    }
    return CRYPTODEV_OK;
}

CryptoDevStatus
cryptodev_session_check_kind(const CryptoDevSessionParams *params,
                             CryptoDevKind kind)
{
    if (params->service == CRYPTODEV_SERVICE_AKCIPHER) {
        return check_akcipher_kind(params, kind);
    }
    return kind == params->kind ? CRYPTODEV_OK : CRYPTODEV_ERR;
}

/* Operations */

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
        /* lengths are for the provider to check, which knows the key */
        return CRYPTODEV_OK;
    default:
        return CRYPTODEV_NOTSUPP;
    }
}

static uint64_t algo_cost(CryptoDevAlgo algo, uint64_t len)
{
    return algo == CRYPTODEV_ALGO_NONE ? 0 :
           len * cryptodev_algo_info(algo)->cost;
}

/* A private operation with a long key, roughly */
#define AKCIPHER_COST (1 * SCALE_MS)

static uint64_t op_cost(const CryptoDevOp *op)
{
    const CryptoDevSessionParams *p = &op->session->params;
    uint64_t len = cryptodev_op_bytes(op);

    return p->service == CRYPTODEV_SERVICE_AKCIPHER ? AKCIPHER_COST :
           algo_cost(p->cipher, len) + algo_cost(p->hash, len);
}

CryptoDevStatus cryptodev_op_validate(CryptoDevOp *op)
{
    CryptoDevStatus status =
        cryptodev_session_check_kind(&op->session->params, op->kind);

    if (status == CRYPTODEV_OK) {
        status = check_lengths(op);
    }
    op->cost = MIN(op_cost(op), UINT32_MAX);
    return status;
}

uint64_t cryptodev_op_bytes(const CryptoDevOp *op)
{
    return (uint64_t)op->src.len + op->aad.len;
}
