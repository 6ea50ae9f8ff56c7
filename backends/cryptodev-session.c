/*
 * Cryptodev backends: sessions
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/atomic.h"
#include "system/cryptodev.h"
#include "trace.h"

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

/* The algorithm of the session's digest or tag; NONE if it has no digest */
static CryptoDevAlgo digest_algo(const CryptoDevSessionParams *p)
{
    return p->service == CRYPTODEV_SERVICE_AEAD ? p->cipher : p->hash;
}

/* NOTSUPP for an algorithm that is not offered, even if lengths are wrong */
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

    if (b->caps.chain_only & BIT(p->service)) {
        return CRYPTODEV_NOTSUPP;
    }
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

/* @id: that of a session that is not new, else NULL */
static CryptoDevStatus make_session(CryptoDevBackend *b,
                                    const CryptoDevSessionParams *params,
                                    const uint64_t *id,
                                    CryptoDevSession **session)
{
    CryptoDevBackendClass *bc = CRYPTODEV_BACKEND_GET_CLASS(b);
    CryptoDevStatus status = check_params(b, params);
    CryptoDevAlgo digest = digest_algo(params);
    CryptoDevSession *s;

    if (status == CRYPTODEV_OK) {
        status = id && bc->session_renew ?
                 bc->session_renew(b, params, *id, &s) :
                 bc->session_new(b, params, &s);
    }
    trace_cryptodev_session_new(params->service,
                                cryptodev_algo_name(params->cipher),
                                cryptodev_algo_name(params->hash), status);
    if (status != CRYPTODEV_OK) {
        return status;
    }
    qatomic_inc(&b->num_sessions);
    s->backend = b;
    s->refcount = 1;
    if (!s->params.digest_len && digest != CRYPTODEV_ALGO_NONE) {
        s->params.digest_len = cryptodev_algo_info(digest)->digest_len;
    }
    *session = s;
    return CRYPTODEV_OK;
}

CryptoDevStatus cryptodev_session_new(CryptoDevBackend *b,
                                      const CryptoDevSessionParams *params,
                                      CryptoDevSession **session)
{
    return make_session(b, params, NULL, session);
}

CryptoDevStatus cryptodev_session_renew(CryptoDevBackend *b,
                                        const CryptoDevSessionParams *params,
                                        uint64_t id,
                                        CryptoDevSession **session)
{
    return make_session(b, params, &id, session);
}

void cryptodev_session_take_params(CryptoDevSession *session,
                                   const CryptoDevSessionParams *params)
{
    uint8_t *keys = g_malloc((size_t)params->cipher_key_len +
                             params->auth_key_len);

    session->params = *params;
    session->params.cipher_key = keys;
    session->params.auth_key = keys + params->cipher_key_len;
    if (params->cipher_key_len) {
        memcpy(keys, params->cipher_key, params->cipher_key_len);
    }
    if (params->auth_key_len) {
        memcpy(keys + params->cipher_key_len, params->auth_key,
               params->auth_key_len);
    }
}

void cryptodev_session_wipe_params(CryptoDevSession *session)
{
    const CryptoDevSessionParams *p = &session->params;
    uint8_t *keys = (uint8_t *)p->cipher_key;

    cryptodev_wipe(keys, (size_t)p->cipher_key_len + p->auth_key_len);
    g_free(keys);
}

bool cryptodev_session_serves(const CryptoDevSession *session,
                              const CryptoDevSessionParams *params)
{
    const CryptoDevSessionParams *p = &session->params;

    return p->service == params->service && p->opcode == params->opcode &&
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
        qatomic_dec(&session->backend->num_sessions);
        CRYPTODEV_BACKEND_GET_CLASS(session->backend)->session_free(session);
        g_free_rcu(session, rcu);
    }
}
