/*
 * vhost-user-crypto: sessions by message
 *
 * A message describes a session with the fields of a request of the control
 * queue.  It is made such a request, and parsed as one: what is refused there
 * is refused here.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "hw/virtio/crypto/fields.h"
#include "vhost-user-crypto.h"

/* Ids that a front end may want: after them there are as many for us. */
#define WANTED_GENERATION_MAX   (1ULL << 42)

typedef struct virtio_crypto_op_ctrl_req CtrlRequest;

/**
 * SessionRequest: a request of the control queue
 *
 * @fixed: its fixed part; the keys follow, @num_keys of them
 */
typedef struct SessionRequest {
    CtrlRequest fixed;
    struct iovec keys[2];
    unsigned num_keys;
} SessionRequest;

/* Returns: false if the key is longer than the field it is in */
static bool add_key(SessionRequest *r, uint8_t *key, uint32_t len, size_t max)
{
    if (len > max) {
        return false;
    }
    if (len) {
        r->keys[r->num_keys++] = (struct iovec) { key, len };
    }
    return true;
}

static bool add_cipher_key(SessionRequest *r, CryptoDevVhostSym *m)
{
    return add_key(r, m->key, m->key_len, sizeof(m->key));
}

static bool add_auth_key(SessionRequest *r, CryptoDevVhostSym *m)
{
    return add_key(r, m->auth_key, m->auth_key_len, sizeof(m->auth_key));
}

static bool make_chain(SessionRequest *r, CryptoDevVhostSym *m)
{
    struct virtio_crypto_alg_chain_session_para *p =
        &r->fixed.u.sym_create_session.u.chain.para;

    p->alg_chain_order = cpu_to_le32(m->chain_order);
    p->hash_mode = cpu_to_le32(m->hash_mode);
    p->cipher_param.algo = cpu_to_le32(m->cipher_alg);
    p->cipher_param.keylen = cpu_to_le32(m->key_len);
    p->cipher_param.op = cpu_to_le32(m->direction);
    p->aad_len = cpu_to_le32(m->aad_len);
    if (m->hash_mode == VIRTIO_CRYPTO_SYM_HASH_MODE_PLAIN) {
        p->u.hash_param.algo = cpu_to_le32(m->hash_alg);
        p->u.hash_param.hash_result_len = cpu_to_le32(m->hash_result_len);
        return add_cipher_key(r, m);
    }
    p->u.mac_param.algo = cpu_to_le32(m->hash_alg);
    p->u.mac_param.hash_result_len = cpu_to_le32(m->hash_result_len);
    p->u.mac_param.auth_key_len = cpu_to_le32(m->auth_key_len);
    return add_cipher_key(r, m) && add_auth_key(r, m);
}

static bool make_cipher(SessionRequest *r, VuCryptoSession *m)
{
    CryptoDevVhostSym *sym = &m->base.u.sym;
    struct virtio_crypto_cipher_session_para *p =
        &r->fixed.u.sym_create_session.u.cipher.para;

    r->fixed.u.sym_create_session.op_type = cpu_to_le32(sym->op_type);
    if (sym->op_type == VIRTIO_CRYPTO_SYM_OP_ALGORITHM_CHAINING) {
        return make_chain(r, sym);
    }
    p->algo = cpu_to_le32(sym->cipher_alg);
    p->keylen = cpu_to_le32(sym->key_len);
    p->op = cpu_to_le32(sym->direction);
    return add_cipher_key(r, sym);
}

static bool make_hash(SessionRequest *r, VuCryptoSession *m)
{
    struct virtio_crypto_hash_session_para *p =
        &r->fixed.u.hash_create_session.para;

    p->algo = cpu_to_le32(m->base.u.sym.hash_alg);
    p->hash_result_len = cpu_to_le32(m->base.u.sym.hash_result_len);
    return true;
}

static bool make_mac(SessionRequest *r, VuCryptoSession *m)
{
    struct virtio_crypto_mac_session_para *p =
        &r->fixed.u.mac_create_session.para;

    p->algo = cpu_to_le32(m->base.u.sym.hash_alg);
    p->hash_result_len = cpu_to_le32(m->base.u.sym.hash_result_len);
    p->auth_key_len = cpu_to_le32(m->base.u.sym.auth_key_len);
    return add_auth_key(r, &m->base.u.sym);
}

static bool make_aead(SessionRequest *r, VuCryptoSession *m)
{
    struct virtio_crypto_aead_session_para *p =
        &r->fixed.u.aead_create_session.para;

    p->algo = cpu_to_le32(m->base.u.sym.cipher_alg);
    p->key_len = cpu_to_le32(m->base.u.sym.key_len);
    p->hash_result_len = cpu_to_le32(m->base.u.sym.hash_result_len);
    p->aad_len = cpu_to_le32(m->base.u.sym.aad_len);
    p->op = cpu_to_le32(m->base.u.sym.direction);
    return add_cipher_key(r, &m->base.u.sym);
}

static bool make_akcipher(SessionRequest *r, VuCryptoSession *m)
{
    CryptoDevVhostAsym *asym = &m->base.u.asym;
    struct virtio_crypto_akcipher_session_para *p =
        &r->fixed.u.akcipher_create_session.para;

    if (m->more_len && asym->keylen != sizeof(asym->key) + m->more_len) {
        return false;
    }
    p->algo = cpu_to_le32(asym->algo);
    p->keytype = cpu_to_le32(asym->keytype);
    p->keylen = cpu_to_le32(asym->keylen);
    /* for ECDSA the curve is in the same place */
    p->u.rsa.padding_algo = cpu_to_le32(asym->padding);
    p->u.rsa.hash_algo = cpu_to_le32(asym->hash);
    return add_key(r, asym->key, asym->keylen - m->more_len,
                   sizeof(asym->key)) &&
           add_key(r, m->more_key, m->more_len, sizeof(m->more_key));
}

static bool (*const make_request[CRYPTODEV_SERVICE__MAX])
    (SessionRequest *r, VuCryptoSession *m) = {
    [CRYPTODEV_SERVICE_CIPHER] = make_cipher,
    [CRYPTODEV_SERVICE_HASH] = make_hash,
    [CRYPTODEV_SERVICE_MAC] = make_mac,
    [CRYPTODEV_SERVICE_AEAD] = make_aead,
    [CRYPTODEV_SERVICE_AKCIPHER] = make_akcipher,
};

static CryptoDevStatus parse(VuCrypto *s, SessionRequest *r,
                             VirtIOCryptoCtrl *ctrl)
{
    struct virtio_crypto_session_input outcome;
    struct iovec out[] = {
        { &r->fixed, sizeof(r->fixed) }, r->keys[0], r->keys[1],
    };
    struct iovec in = { &outcome, sizeof(outcome) };
    VirtIOCryptoBuffer buf = {
        .format = virtio_crypto_format_std,
        .out = { out, 1 + r->num_keys },
        .in = { &in, 1, sizeof(outcome) },
        .caps = &s->caps,
    };

    buf.out.len = iov_size(buf.out.iov, buf.out.num);
    return buf.format->parse_ctrl(&buf, ctrl);
}

/* The control queue has nothing pending: what comes back is ours. */
static CryptoDevStatus import_key(VuCrypto *s, CryptoDevSession *session)
{
    CryptoDevOp op = { .session = session, .opcode = CRYPTODEV_IMPORT };
    CryptoDevOp *ops[] = { &op };

    vu_crypto_queue_settle(s, &s->queues[s->num_queues]);
    op.status = CRYPTODEV_PENDING;
    cryptodev_backend_submit(s->backend, s->num_queues, ops, 1);
    while (op.status == CRYPTODEV_PENDING) {
        qemu_event_reset(&s->woken);
        if (!cryptodev_backend_poll(s->backend, s->num_queues, ops, 1)) {
            qemu_event_wait(&s->woken);
        }
    }
    return op.status;
}

/* Under the id that the front end wants, if it wants one. */
static bool add_session(VuCrypto *s, CryptoDevSession *session, int64_t id)
{
    VirtIOCryptoSessions *t = &s->sessions;
    uint64_t generation = virtio_crypto_session_generation(id);

    if (id <= 0) {
        return !id && virtio_crypto_sessions_add(t, session);
    }
    if (generation > WANTED_GENERATION_MAX ||
        !virtio_crypto_sessions_add_at(t, session, id)) {
        return false;
    }
    virtio_crypto_sessions_index(t);
    t->generation = MAX(t->generation, generation);
    return true;
}

static CryptoDevStatus create(VuCrypto *s, VirtIOCryptoCtrl *ctrl,
                              CryptoDevSession **session)
{
    CryptoDevStatus status;

    status = cryptodev_session_new(s->backend, &ctrl->spec.params, session);
    if (status != CRYPTODEV_OK) {
        return status;
    }
    if (cryptodev_session_needs_import(*session)) {
        status = import_key(s, *session);
    }
    if (status == CRYPTODEV_OK &&
        !add_session(s, *session, s->session.base.session_id)) {
        status = CRYPTODEV_NOSPC;
    }
    if (status != CRYPTODEV_OK) {
        cryptodev_session_put(*session);
    }
    return status;
}

int64_t vu_crypto_create_session(VuCrypto *s)
{
    g_autofree VirtIOCryptoCtrl *ctrl = g_new(VirtIOCryptoCtrl, 1);
    VuCryptoSession *m = &s->session;
    uint64_t op_code = m->base.op_code;
    SessionRequest r = { };
    CryptoDevSession *session;
    CryptoDevService service;
    VirtIOCryptoCtrlOp op;
    CryptoDevStatus status = CRYPTODEV_ERR;

    if (op_code > UINT32_MAX ||
        !virtio_crypto_ctrl_opcode(op_code, &service, &op) ||
        op != VIRTIO_CRYPTO_CTRL_CREATE) {
        return -CRYPTODEV_NOTSUPP;
    }
    r.fixed.header.opcode = cpu_to_le32(op_code);
    if ((service == CRYPTODEV_SERVICE_AKCIPHER || !m->more_len) &&
        make_request[service](&r, m)) {
        status = parse(s, &r, ctrl);
        if (status == CRYPTODEV_OK) {
            status = create(s, ctrl, &session);
        }
        virtio_crypto_spec_wipe(&ctrl->spec);
    }
    return status == CRYPTODEV_OK ? session->id : -(int64_t)status;
}

bool vu_crypto_close_session(VuCrypto *s, uint64_t id)
{
    for (int service = 0; service < CRYPTODEV_SERVICE__MAX; service++) {
        if (virtio_crypto_sessions_remove(&s->sessions, id, service)) {
            return true;
        }
    }
    return false;
}
