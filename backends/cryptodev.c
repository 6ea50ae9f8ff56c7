/*
 * Cryptodev backends: the abstract base
 *
 * What all backends share: the properties, sessions and their checks, the
 * checks of operations, limits and the claim by one device.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "qemu/lockable.h"
#include "qom/object_interfaces.h"
#include "hw/virtio/virtio-crypto-compat.h"
#include "system/cryptodev.h"
#include "system/qtest.h"
#include "trace.h"

/* Sessions */

/* What an algorithm of the guest's choice must meet to be used. */
static CryptoDevStatus check_algo(const CryptoDevBackend *b,
                                  CryptoDevService service,
                                  CryptoDevAlgo algo, size_t key_len,
                                  size_t max_key_len)
{
    const CryptoDevAlgoInfo *info;

    if (algo == CRYPTODEV_ALGO_NONE) {
        return CRYPTODEV_NOTSUPP;
    }
    info = cryptodev_algo_info(algo);
    if (!(b->caps.algos[info->service] & BIT_ULL(info->number)) ||
        !b->caps.algos[service]) {
        return CRYPTODEV_NOTSUPP;
    }
    if (key_len > max_key_len || !cryptodev_algo_key_len_ok(info, key_len)) {
        return CRYPTODEV_ERR;
    }
    return CRYPTODEV_OK;
}

/* Whether the session makes a digest or tag, and with which algorithm. */
static CryptoDevAlgo digest_algo(const CryptoDevSessionParams *p)
{
    return p->service == CRYPTODEV_SERVICE_AEAD ? p->cipher : p->hash;
}

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
    CryptoDevStatus status = CRYPTODEV_OK;

    if (has_cipher) {
        status = check_algo(b, p->service, p->cipher, p->cipher_key_len,
                            p->service == CRYPTODEV_SERVICE_AKCIPHER ?
                            CRYPTODEV_AKCIPHER_KEY_MAX :
                            b->caps.max_cipher_key_len);
    }
    if (status == CRYPTODEV_OK && has_hash) {
        status = check_algo(b, p->service, p->hash, p->auth_key_len,
                            b->caps.max_auth_key_len);
    }
    if (status == CRYPTODEV_OK && !has_cipher && !has_hash) {
        status = CRYPTODEV_NOTSUPP;
    }
    if (status == CRYPTODEV_OK && digest != CRYPTODEV_ALGO_NONE &&
        p->digest_len &&
        !cryptodev_algo_digest_len_ok(cryptodev_algo_info(digest),
                                      p->digest_len)) {
        status = CRYPTODEV_ERR;
    }
    return status;
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

CryptoDevStatus cryptodev_op_validate(const CryptoDevOp *op)
{
    const CryptoDevSessionParams *p = &op->session->params;
    CryptoDevStatus status = cryptodev_session_check_kind(p, op->kind);

    if (status != CRYPTODEV_OK) {
        return status;
    }
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

/* One writer, the queue's thread; readers want whole values. */
static void count(uint64_t *counter, uint64_t n)
{
    qatomic_set_u64(counter, *counter + n);
}

void cryptodev_backend_count_error(CryptoDevBackend *b, unsigned queue,
                                   CryptoDevService service,
                                   CryptoDevKind kind)
{
    count(&b->queue[queue].stats[service][kind].errors, 1);
}

static void count_op(CryptoDevBackend *b, unsigned queue,
                     const CryptoDevOp *op)
{
    CryptoDevService service = op->session->params.service;
    CryptoDevCounter *c = &b->queue[queue].stats[service][op->kind];

    if (op->status == CRYPTODEV_OK) {
        count(&c->ops, 1);
        count(&c->bytes, op->src.len);
    } else {
        count(&c->errors, 1);
    }
}

void cryptodev_backend_submit(CryptoDevBackend *b, unsigned queue,
                              CryptoDevOp *const *ops, unsigned n)
{
    CRYPTODEV_BACKEND_GET_CLASS(b)->submit(b, queue, ops, n);
    for (unsigned i = 0; i < n; i++) {
        if (ops[i]->status != CRYPTODEV_PENDING) {
            count_op(b, queue, ops[i]);
        }
    }
}

void cryptodev_op_complete(CryptoDevOp *op, unsigned queue,
                           CryptoDevStatus status, size_t written)
{
    op->status = status;
    op->written = status == CRYPTODEV_OK ? written : 0;
    count_op(op->session->backend, queue, op);
    op->done(op);
}

/* Limits */

static QEMUClockType throttle_clock(void)
{
    return qtest_enabled() ? QEMU_CLOCK_VIRTUAL : QEMU_CLOCK_REALTIME;
}

void cryptodev_throttle_timers_init(ThrottleTimers *timers, AioContext *ctx,
                                    QEMUTimerCB *resume, void *opaque)
{
    throttle_timers_init(timers, ctx, throttle_clock(), resume, NULL, opaque);
}

bool cryptodev_throttled(CryptoDevBackend *b, ThrottleTimers *timers)
{
    if (!qatomic_read(&b->throttle_enabled)) {
        return false;
    }
    QEMU_LOCK_GUARD(&b->throttle_lock);
    return throttle_schedule_timer(&b->throttle, timers, THROTTLE_READ);
}

void cryptodev_throttle_account(CryptoDevBackend *b, uint64_t bytes)
{
    if (!qatomic_read(&b->throttle_enabled)) {
        return;
    }
    QEMU_LOCK_GUARD(&b->throttle_lock);
    throttle_account(&b->throttle, THROTTLE_READ, bytes);
}

static void get_limit(Object *obj, Visitor *v, const char *name, void *opaque,
                      Error **errp)
{
    CryptoDevBackend *b = CRYPTODEV_BACKEND(obj);
    BucketType bucket = GPOINTER_TO_INT(opaque);
    uint64_t limit = b->throttle_config.buckets[bucket].avg;

    visit_type_uint64(v, name, &limit, errp);
}

static void set_limit(Object *obj, Visitor *v, const char *name, void *opaque,
                      Error **errp)
{
    CryptoDevBackend *b = CRYPTODEV_BACKEND(obj);
    BucketType bucket = GPOINTER_TO_INT(opaque);
    ThrottleConfig config = b->throttle_config;
    uint64_t limit;

    if (!visit_type_uint64(v, name, &limit, errp)) {
        return;
    }
    config.buckets[bucket].avg = limit;
    if (!throttle_is_valid(&config, errp)) {
        return;
    }
    b->throttle_config = config;
    QEMU_LOCK_GUARD(&b->throttle_lock);
    throttle_config(&b->throttle, throttle_clock(), &config);
    qatomic_set(&b->throttle_enabled, throttle_enabled(&config));
}

/* Life of a backend */

bool cryptodev_backend_attach(CryptoDevBackend *b, Notifier *ready,
                              Error **errp)
{
    if (b->client) {
        error_setg(errp, "cryptodev backend '%s' is already used by another "
                   "device, give each device its own",
                   object_get_canonical_path_component(OBJECT(b)));
        return false;
    }
    b->client = ready;
    return true;
}

void cryptodev_backend_detach(CryptoDevBackend *b, Notifier *ready)
{
    assert(b->client == ready);
    b->client = NULL;
}

bool cryptodev_backend_ready(const CryptoDevBackend *b)
{
    return b->complete && qatomic_read(&b->ready);
}

static void get_queues(Object *obj, Visitor *v, const char *name,
                       void *opaque, Error **errp)
{
    CryptoDevBackend *b = CRYPTODEV_BACKEND(obj);

    visit_type_uint32(v, name, &b->queues, errp);
}

static void set_queues(Object *obj, Visitor *v, const char *name,
                       void *opaque, Error **errp)
{
    CryptoDevBackend *b = CRYPTODEV_BACKEND(obj);
    uint32_t queues;

    if (b->complete) {
        error_setg(errp, "'%s' cannot be changed after creation", name);
        return;
    }
    if (!visit_type_uint32(v, name, &queues, errp)) {
        return;
    }
    if (queues < 1 || queues > CRYPTODEV_MAX_QUEUES) {
        error_setg(errp, "'%s' must be between 1 and %d", name,
                   CRYPTODEV_MAX_QUEUES);
        return;
    }
    b->queues = queues;
}

static bool get_ready(Object *obj, Error **errp)
{
    return CRYPTODEV_BACKEND(obj)->ready;
}

static void set_ready(Object *obj, bool ready, Error **errp)
{
    CryptoDevBackend *b = CRYPTODEV_BACKEND(obj);

    if (ready == b->ready) {
        return;
    }
    qatomic_set(&b->ready, ready);
    if (b->client) {
        b->client->notify(b->client, b);
    }
}

static void cryptodev_backend_complete(UserCreatable *uc, Error **errp)
{
    CryptoDevBackend *b = CRYPTODEV_BACKEND(uc);

    b->queue = g_new0(CryptoDevQueue, b->queues);
    b->complete = CRYPTODEV_BACKEND_GET_CLASS(b)->complete(b, errp);
}

static bool cryptodev_backend_can_be_deleted(UserCreatable *uc)
{
    return !CRYPTODEV_BACKEND(uc)->client;
}

static void cryptodev_backend_instance_init(Object *obj)
{
    CryptoDevBackend *b = CRYPTODEV_BACKEND(obj);

    b->queues = 1;
    b->ready = true;
    qemu_mutex_init(&b->throttle_lock);
    throttle_init(&b->throttle);
    throttle_config_init(&b->throttle_config);
}

static void cryptodev_backend_finalize(Object *obj)
{
    CryptoDevBackend *b = CRYPTODEV_BACKEND(obj);

    g_free(b->queue);
    qemu_mutex_destroy(&b->throttle_lock);
}

static void cryptodev_backend_add_limit(ObjectClass *oc, const char *name,
                                        BucketType bucket,
                                        const char *description)
{
    object_class_property_add(oc, name, "uint64", get_limit, set_limit, NULL,
                              GINT_TO_POINTER(bucket));
    object_class_property_set_description(oc, name, description);
}

static void cryptodev_backend_class_init(ObjectClass *oc, CompatClassData data)
{
    UserCreatableClass *ucc = USER_CREATABLE_CLASS(oc);

    ucc->complete = cryptodev_backend_complete;
    ucc->can_be_deleted = cryptodev_backend_can_be_deleted;

    object_class_property_add(oc, "queues", "uint32", get_queues, set_queues,
                              NULL, NULL);
    object_class_property_set_description(oc, "queues",
                                          "Number of data queues");
    object_class_property_add_bool(oc, "ready", get_ready, set_ready);
    object_class_property_set_description(oc, "ready",
        "Whether requests are accepted; the guest sees it as HW_READY");
    cryptodev_backend_add_limit(oc, "throttle-bps", THROTTLE_BPS_TOTAL,
                                "Limit of bytes per second, 0 for none");
    cryptodev_backend_add_limit(oc, "throttle-ops", THROTTLE_OPS_TOTAL,
                                "Limit of operations per second, 0 for none");
}

static const TypeInfo cryptodev_backend_info = {
    .name = TYPE_CRYPTODEV_BACKEND,
    .parent = TYPE_OBJECT,
    .abstract = true,
    .instance_size = sizeof(CryptoDevBackend),
    .instance_init = cryptodev_backend_instance_init,
    .instance_finalize = cryptodev_backend_finalize,
    .class_size = sizeof(CryptoDevBackendClass),
    .class_init = cryptodev_backend_class_init,
    .interfaces = (CompatInterfaceInfo[]) {
        { TYPE_USER_CREATABLE },
        { }
    }
};

static void cryptodev_backend_register_types(void)
{
    type_register_static(&cryptodev_backend_info);
}

type_init(cryptodev_backend_register_types);
