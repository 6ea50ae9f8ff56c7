/*
 * cryptodev-backend-builtin: crypto in software, by the libraries that QEMU
 * was built with
 *
 * Short operations run at once in the thread of their queue, together where a
 * library is faster so.  Operations that would hold the queue up go to a few
 * threads of the backend.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "block/aio.h"
#include "qapi/error.h"
#include "qapi/util.h"
#include "qemu/error-report.h"
#include "qemu/lockable.h"
#include "qemu/main-loop.h"
#include "qemu/module.h"
#include "qemu/units.h"
#include "system/cryptodev-compat.h"
#include "system/cryptodev.h"
#include "cryptodev-op-copy.h"
#include "cryptodev-pool.h"
#include "cryptodev/akcipher.h"
#include "cryptodev/batch.h"
#include "cryptodev/contexts.h"
#include "cryptodev/pkcs1.h"
#include "cryptodev/provider.h"
#include "trace.h"

#define TYPE_CRYPTODEV_BACKEND_BUILTIN "cryptodev-backend-builtin"
OBJECT_DECLARE_SIMPLE_TYPE(CryptoDevBuiltin, CRYPTODEV_BACKEND_BUILTIN)

/* Longest request; Linux counts source, destination, IV and status. */
#define BUILTIN_MAX_SIZE        (1 * MiB)

/*
 * An operation whose estimate is longer leaves the queue's thread: what a
 * guest can do must not be felt by the monitor or by another queue.
 */
#define BUILTIN_INLINE_NS       (100 * 1000)

/* The most threads: what a guest may do to the host's processors. */
#define BUILTIN_THREADS_MAX     16

typedef struct BuiltinSession BuiltinSession;

/* A context that a queue has taken from a session. */
typedef struct BuiltinHeld {
    BuiltinSession *session;
    CryptoEngineCtx *ctx;
} BuiltinHeld;

/**
 * BuiltinQueue: what belongs to the thread of a queue
 *
 * @batch: NULL without batches
 * @rest: what a batch leaves over
 * @held, @num_held: contexts that the operations at hand use
 */
typedef struct BuiltinQueue {
    CryptoEngineBounce bounce;
    CryptoBatch *batch;
    CryptoDevOp *rest[CRYPTO_BATCH_MAX];
    BuiltinHeld held[CRYPTO_BATCH_MAX];
    unsigned num_held;
} BuiltinQueue;

/**
 * CryptoDevBuiltin:
 *
 * @rows: for each algorithm the rows that passed their self-test, in the
 *     order of preference, NULL at the end
 * @akciphers: the same for public-key algorithms, the first one only
 * @serving: for each algorithm the library whose row is the first
 * @batches, @num_batches: what can be done in batches
 * @pool: for long operations
 */
struct CryptoDevBuiltin {
    CryptoDevBackend parent_obj;

    CryptodevProvider provider;
    const CryptoProviderAlgo *rows[CRYPTODEV_ALGO__MAX]
                                   [CRYPTODEV_PROVIDERS_MAX + 1];
    const CryptoProviderAkcipher *akciphers[CRYPTODEV_ALGO__MAX];
    const CryptoProvider *serving[CRYPTODEV_ALGO__MAX];
    CryptoBatchRow *batches;
    unsigned num_batches;
    BuiltinQueue *queue;
    CryptoDevPool *pool;
};

/**
 * BuiltinSession: keys, and what the libraries make of them
 *
 * @lock: protects @akcipher_key and @import_status until the import is done;
 *     a decoded key serves all threads
 * @import_status: CRYPTODEV_PENDING until then
 */
struct BuiltinSession {
    CryptoDevSession base;

    CryptoEngineRows rows;
    CryptoBatchKey batch;
    CryptoBatchKey cipher_batch;        /* for the cipher of a chain alone */
    CryptoContexts contexts;
    const CryptoProviderAkcipher *akcipher;     /* NULL for other services */
    QemuMutex lock;
    CryptoDevStatus import_status;
    void *akcipher_key;
    uint8_t *keys;                      /* cipher key, then auth key */
    size_t keys_len;
};

static BuiltinSession *builtin_session(CryptoDevSession *session)
{
    return container_of(session, BuiltinSession, base);
}

/* Sessions */

static void builtin_session_take_keys(BuiltinSession *s,
                                      const CryptoDevSessionParams *params)
{
    s->base.params = *params;
    s->keys_len = (size_t)params->cipher_key_len + params->auth_key_len;
    s->keys = g_malloc(s->keys_len);
    if (params->cipher_key_len) {
        memcpy(s->keys, params->cipher_key, params->cipher_key_len);
    }
    if (params->auth_key_len) {
        memcpy(s->keys + params->cipher_key_len, params->auth_key,
               params->auth_key_len);
    }
    s->base.params.cipher_key = s->keys;
    s->base.params.auth_key = s->keys + params->cipher_key_len;
}

static void builtin_session_free(CryptoDevSession *session)
{
    BuiltinSession *s = builtin_session(session);

    crypto_batch_key_cleanup(&s->batch);
    crypto_batch_key_cleanup(&s->cipher_batch);
    crypto_contexts_cleanup(&s->contexts, &s->rows);
    if (s->akcipher_key) {
        s->akcipher->key_free(s->akcipher_key);
    }
    cryptodev_wipe(s->keys, s->keys_len);
    g_free(s->keys);
    qemu_mutex_destroy(&s->lock);
}

/* A context of the first library that has @algo and accepts the key. */
static void *builtin_new_ctx(CryptoDevBuiltin *builtin, CryptoDevAlgo algo,
                             const uint8_t *key, uint32_t key_len,
                             bool encrypt, const CryptoProviderAlgo **row)
{
    void *ctx = NULL;

    for (unsigned i = 0; !ctx && builtin->rows[algo][i]; i++) {
        *row = builtin->rows[algo][i];
        ctx = (*row)->ops->ctx_new(*row, key, key_len, encrypt);
    }
    return ctx;
}

/* Choose the rows.  The contexts that proved them are the first ones. */
static bool builtin_session_choose(CryptoDevBuiltin *builtin,
                                   BuiltinSession *s)
{
    const CryptoDevSessionParams *p = &s->base.params;
    bool encrypt = p->kind == CRYPTODEV_ENCRYPT;
    CryptoEngineCtx *ctx = g_new0(CryptoEngineCtx, 1);

    s->contexts.slot[0] = ctx;
    if (p->cipher != CRYPTODEV_ALGO_NONE) {
        ctx->cipher = builtin_new_ctx(builtin, p->cipher, p->cipher_key,
                                      p->cipher_key_len, encrypt,
                                      &s->rows.cipher);
        if (!ctx->cipher) {
            return false;
        }
    }
    if (p->hash != CRYPTODEV_ALGO_NONE) {
        ctx->hash = builtin_new_ctx(builtin, p->hash, p->auth_key,
                                    p->auth_key_len, encrypt, &s->rows.hash);
        if (!ctx->hash) {
            return false;
        }
    }
    return true;
}

/* Batches that serve the session, and for a chain those of its cipher */
static void builtin_session_find_batches(CryptoDevBuiltin *builtin,
                                         BuiltinSession *s)
{
    const CryptoDevSessionParams *p = &s->base.params;
    CryptoDevSessionParams cipher = *p;

    crypto_batch_key_init(&s->batch, builtin->batches, builtin->num_batches,
                          p);
    if (p->chain != CRYPTODEV_CHAIN_NONE &&
        !cryptodev_algo_info(p->hash)->nonce_len) {
        cipher.chain = CRYPTODEV_CHAIN_NONE;
        cipher.hash = CRYPTODEV_ALGO_NONE;
        crypto_batch_key_init(&s->cipher_batch, builtin->batches,
                              builtin->num_batches, &cipher);
    }
}

/* The key is checked by builtin_import(). */
static bool builtin_akcipher_init(CryptoDevBuiltin *builtin, BuiltinSession *s)
{
    const CryptoDevSessionParams *p = &s->base.params;

    s->akcipher = builtin->akciphers[p->cipher];
    s->import_status = CRYPTODEV_PENDING;
    s->base.needs_import = true;
    return p->cipher != CRYPTODEV_ALGO_RSA || crypto_pkcs1_hash_ok(p->hash);
}

static CryptoDevStatus
builtin_session_new(CryptoDevBackend *b, const CryptoDevSessionParams *params,
                    CryptoDevSession **session)
{
    CryptoDevBuiltin *builtin = CRYPTODEV_BACKEND_BUILTIN(b);
    BuiltinSession *s = g_new0(BuiltinSession, 1);
    CryptoDevStatus status = CRYPTODEV_OK;

    qemu_mutex_init(&s->lock);
    builtin_session_take_keys(s, params);
    if (params->service == CRYPTODEV_SERVICE_AKCIPHER) {
        if (!builtin_akcipher_init(builtin, s)) {
            status = CRYPTODEV_NOTSUPP;
        }
    } else if (builtin_session_choose(builtin, s)) {
        builtin_session_find_batches(builtin, s);
    } else {
        status = CRYPTODEV_ERR;
    }
    if (status != CRYPTODEV_OK) {
        builtin_session_free(&s->base);
        g_free(s);
        return status;
    }
    *session = &s->base;
    return CRYPTODEV_OK;
}

/* Decode and check the key, once.  Context: any thread */
static CryptoDevStatus builtin_import(BuiltinSession *s)
{
    if (!cryptodev_session_needs_import(&s->base)) {
        return s->import_status;
    }
    QEMU_LOCK_GUARD(&s->lock);
    if (s->import_status == CRYPTODEV_PENDING) {
        s->import_status = s->akcipher->key_new(&s->base.params,
                                                &s->akcipher_key);
        trace_cryptodev_builtin_import(s->base.id, s->import_status);
        qatomic_store_release(&s->base.needs_import, false);
    }
    return s->import_status;
}

/* Long operations: in a thread of the pool */

static void builtin_run_akcipher(BuiltinSession *s, CryptoDevOp *op)
{
    op->status = builtin_import(s);
    if (op->status == CRYPTODEV_OK && op->kind != CRYPTODEV_IMPORT) {
        op->status = crypto_akcipher_run(op, s->akcipher, s->akcipher_key,
                                         &op->written);
    }
}

static void builtin_run_symmetric(BuiltinSession *s, CryptoDevOp *op,
                                  unsigned queue)
{
    CryptoEngineBounce bounce = { };
    CryptoEngineCtx *ctx;

    ctx = crypto_contexts_acquire(&s->contexts, &s->rows, &s->base.params,
                                  queue);
    if (!ctx) {
        op->status = CRYPTODEV_ERR;
        return;
    }
    op->status = crypto_engine_run(op, &s->base.params, &s->rows, ctx,
                                   &bounce, &op->written);
    crypto_contexts_release(&s->contexts, &s->rows, ctx, queue);
    crypto_engine_bounce_cleanup(&bounce);
}

static void builtin_job_run(CryptoDevJob *job, void *opaque)
{
    CryptoDevOpCopy *copy = container_of(job, CryptoDevOpCopy, job);
    BuiltinSession *s = builtin_session(copy->op.session);

    if (s->akcipher) {
        builtin_run_akcipher(s, &copy->op);
    } else {
        builtin_run_symmetric(s, &copy->op, job->queue);
    }
}

static void builtin_unref_bh(void *opaque)
{
    object_unref(opaque);
}

/* An orphan has a reference from builtin_cancel(). */
static void builtin_job_discard(CryptoDevJob *job, bool orphan, void *opaque)
{
    cryptodev_op_copy_free(container_of(job, CryptoDevOpCopy, job));
    if (orphan) {
        aio_bh_schedule_oneshot(qemu_get_aio_context(), builtin_unref_bh,
                                opaque);
    }
}

static void builtin_job_wake(unsigned queue, void *opaque)
{
    cryptodev_backend_wake(opaque, queue);
}

static const CryptoDevPoolOps builtin_pool_ops = {
    .run = builtin_job_run,
    .discard = builtin_job_discard,
    .wake = builtin_job_wake,
};

static void builtin_submit_long(CryptoDevBuiltin *builtin, unsigned queue,
                                CryptoDevOp *op)
{
    CryptoDevOpCopy *copy = cryptodev_op_copy_new(op);

    op->status = CRYPTODEV_PENDING;
    trace_cryptodev_builtin_long(queue, op->session->id, op->kind,
                                 op->src.len, op->cost);
    cryptodev_pool_submit(builtin->pool, queue, &copy->job);
}

static unsigned builtin_poll(CryptoDevBackend *b, unsigned queue,
                             CryptoDevOp **ops, unsigned max)
{
    CryptoDevBuiltin *builtin = CRYPTODEV_BACKEND_BUILTIN(b);
    CryptoDevJob *job;
    unsigned n = 0;

    while (n < max && (job = cryptodev_pool_collect(builtin->pool, queue))) {
        CryptoDevOpCopy *copy = container_of(job, CryptoDevOpCopy, job);

        ops[n++] = copy->origin;
        cryptodev_op_copy_finish(copy);
        cryptodev_op_copy_free(copy);
    }
    return n;
}

/* A job that goes on keeps the backend: its session is made of rows of that. */
static void builtin_cancel(CryptoDevBackend *b, unsigned queue)
{
    CryptoDevBuiltin *builtin = CRYPTODEV_BACKEND_BUILTIN(b);
    unsigned n = cryptodev_pool_cancel(builtin->pool, queue);

    while (n--) {
        object_ref(OBJECT(b));
    }
}

/* Monitor */

static void builtin_query_algo(CryptoDevBuiltin *builtin, CryptoDevAlgo algo,
                               QCryptodevInfo *info)
{
    QCryptodevAlgo *a;

    if (!builtin->serving[algo]) {
        return;
    }
    a = g_new0(QCryptodevAlgo, 1);
    a->service = (QCryptodevBackendServiceType)
        cryptodev_algo_info(algo)->service;
    a->name = g_strdup(cryptodev_algo_name(algo));
    a->provider = qapi_enum_parse(&CryptodevProvider_lookup,
                                  builtin->serving[algo]->name, -1,
                                  &error_abort);
    QAPI_LIST_PREPEND(info->algorithms, a);
}

static void builtin_query(CryptoDevBackend *b, QCryptodevInfo *info)
{
    CryptoDevBuiltin *builtin = CRYPTODEV_BACKEND_BUILTIN(b);
    CryptoDevPoolLoad load = cryptodev_pool_load(builtin->pool);

    info->waiting = load.waiting;
    info->running = load.running;
    for (CryptoDevAlgo algo = CRYPTODEV_ALGO__MAX - 1;
         algo > CRYPTODEV_ALGO_NONE; algo--) {
        builtin_query_algo(builtin, algo, info);
    }
    info->has_algorithms = true;
}

/* Short operations: at once */

static bool builtin_is_long(const BuiltinSession *s, const CryptoDevOp *op)
{
    return s->akcipher || op->cost > BUILTIN_INLINE_NS;
}

/* A context of @s until builtin_give_back(), or NULL */
static CryptoEngineCtx *builtin_take_ctx(BuiltinQueue *q, unsigned queue,
                                         BuiltinSession *s)
{
    BuiltinHeld *held = &q->held[q->num_held];

    for (unsigned i = q->num_held; i; i--) {
        if (q->held[i - 1].session == s) {
            return q->held[i - 1].ctx;
        }
    }
    assert(q->num_held < ARRAY_SIZE(q->held));
    held->session = s;
    held->ctx = crypto_contexts_acquire(&s->contexts, &s->rows,
                                        &s->base.params, queue);
    q->num_held += !!held->ctx;
    return held->ctx;
}

static void builtin_give_back(BuiltinQueue *q, unsigned queue)
{
    while (q->num_held) {
        BuiltinHeld *held = &q->held[--q->num_held];

        crypto_contexts_release(&held->session->contexts,
                                &held->session->rows, held->ctx, queue);
    }
}

static void builtin_submit_one(CryptoDevBuiltin *builtin, unsigned queue,
                               CryptoDevOp *op)
{
    BuiltinQueue *q = &builtin->queue[queue];
    BuiltinSession *s = builtin_session(op->session);
    CryptoEngineCtx *ctx;

    op->written = 0;
    if (builtin_is_long(s, op)) {
        builtin_submit_long(builtin, queue, op);
        return;
    }
    ctx = builtin_take_ctx(q, queue, s);
    if (!ctx) {
        op->status = CRYPTODEV_ERR;
        return;
    }
    op->status = crypto_engine_run(op, &s->base.params, &s->rows, ctx,
                                   &q->bounce, &op->written);
    if (op->status != CRYPTODEV_OK) {
        op->written = 0;
    }
}

static bool builtin_batch_pays(const CryptoBatchKey *key, unsigned n)
{
    return key->least && n >= key->least;
}

/* The hash, which is done alone, must not be long for itself. */
static bool builtin_batch_cipher(BuiltinQueue *q, unsigned queue,
                                 BuiltinSession *s, CryptoDevOp *op)
{
    const CryptoDevAlgoInfo *hash = cryptodev_algo_info(s->base.params.hash);
    uint64_t len = (uint64_t)op->hash_window.len + op->aad.len;
    CryptoEngineCtx *ctx;

    if (len * hash->cost > BUILTIN_INLINE_NS) {
        return false;
    }
    ctx = builtin_take_ctx(q, queue, s);
    return ctx && crypto_batch_add_cipher(q->batch, op, &s->cipher_batch,
                                          s->rows.hash, ctx->hash);
}

/* Returns: whether @op, one of @n, waits for the batch to be run */
static bool builtin_batch(BuiltinQueue *q, unsigned queue, CryptoDevOp *op,
                          unsigned n)
{
    BuiltinSession *s = builtin_session(op->session);

    return (builtin_batch_pays(&s->batch, n) &&
            crypto_batch_add(q->batch, op, &s->batch)) ||
           (builtin_batch_pays(&s->cipher_batch, n) &&
            builtin_batch_cipher(q, queue, s, op));
}

/* At most CRYPTO_BATCH_MAX operations */
static void builtin_submit_some(CryptoDevBuiltin *builtin, unsigned queue,
                                CryptoDevOp *const *ops, unsigned n)
{
    BuiltinQueue *q = &builtin->queue[queue];
    unsigned num_rest;

    for (unsigned i = 0; i < n; i++) {
        if (!builtin_batch(q, queue, ops[i], n)) {
            builtin_submit_one(builtin, queue, ops[i]);
        }
    }
    num_rest = q->batch ? crypto_batch_run(q->batch, q->rest) : 0;
    builtin_give_back(q, queue);
    for (unsigned i = 0; i < num_rest; i++) {
        builtin_submit_one(builtin, queue, q->rest[i]);
    }
    builtin_give_back(q, queue);
}

static void builtin_submit(CryptoDevBackend *b, unsigned queue,
                           CryptoDevOp *const *ops, unsigned n)
{
    while (n) {
        unsigned some = MIN(n, CRYPTO_BATCH_MAX);

        builtin_submit_some(CRYPTODEV_BACKEND_BUILTIN(b), queue, ops, some);
        ops += some;
        n -= some;
    }
}

/* Set-up */

static void builtin_offer(CryptoDevBuiltin *builtin,
                          const CryptoProvider *provider, CryptoDevAlgo algo)
{
    CryptoDevBackend *b = CRYPTODEV_BACKEND(builtin);
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(algo);

    b->caps.algos[info->service] |= BIT_ULL(info->number);
    trace_cryptodev_builtin_algo(provider->name, info->name);
}

static void builtin_warn_selftest(const CryptoProvider *provider,
                                  CryptoDevAlgo algo)
{
    warn_report("cryptodev: %s of %s fails its self-test and is not used",
                cryptodev_algo_name(algo), provider->name);
}

static void builtin_add_row(CryptoDevBuiltin *builtin,
                            const CryptoProvider *provider,
                            const CryptoProviderAlgo *row)
{
    const CryptoProviderAlgo **slots = builtin->rows[row->algo];
    unsigned at = 0, end = 0;

    if (!cryptodev_selftest(row)) {
        builtin_warn_selftest(provider, row->algo);
        return;
    }
    while (slots[end]) {
        end++;
    }
    if (!row->contends || !end || !crypto_row_faster(row, slots[0])) {
        at = end;
    }
    memmove(&slots[at + 1], &slots[at], (end - at) * sizeof(*slots));
    slots[at] = row;
    if (!at) {
        builtin->serving[row->algo] = provider;
    }
    builtin_offer(builtin, provider, row->algo);
}

static void builtin_add_akcipher(CryptoDevBuiltin *builtin,
                                 const CryptoProvider *provider,
                                 const CryptoProviderAkcipher *akcipher)
{
    if (builtin->akciphers[akcipher->algo]) {
        return;
    }
    if (!cryptodev_akcipher_selftest(akcipher)) {
        builtin_warn_selftest(provider, akcipher->algo);
        return;
    }
    builtin->akciphers[akcipher->algo] = akcipher;
    builtin->serving[akcipher->algo] = provider;
    builtin_offer(builtin, provider, akcipher->algo);
}

static bool builtin_add_provider(CryptoDevBuiltin *builtin,
                                 const CryptoProvider *provider)
{
    if (!provider->init()) {
        return false;
    }
    for (const CryptoProviderAlgo *row = provider->algos;
         row->algo != CRYPTODEV_ALGO_NONE; row++) {
        builtin_add_row(builtin, provider, row);
    }
    for (const CryptoProviderAkcipher *const *akcipher = provider->akciphers;
         akcipher && *akcipher; akcipher++) {
        builtin_add_akcipher(builtin, provider, *akcipher);
    }
    return true;
}

/*
 * What a provider only has batches of, another one has to serve where they do
 * not: requests that are too long for them, or of no bytes.
 */
static void builtin_add_substitute(CryptoDevBuiltin *builtin,
                                   CryptoDevAlgo algo)
{
    for (const CryptoProvider *const *p = cryptodev_providers; *p; p++) {
        const CryptoProviderAlgo *row = (*p)->algos;

        while (row->algo != CRYPTODEV_ALGO_NONE && row->algo != algo) {
            row++;
        }
        if (row->algo == algo && !builtin->rows[algo][0] && (*p)->init()) {
            builtin_add_row(builtin, *p, row);
        }
    }
}

static void builtin_add_substitutes(CryptoDevBuiltin *builtin,
                                    const CryptoProvider *provider)
{
    for (const CryptoProviderBatch *row = provider->batches;
         row && row->ops; row++) {
        if (row->chain == CRYPTODEV_CHAIN_NONE) {
            builtin_add_substitute(builtin, row->cipher ?: row->hash);
        }
    }
}

static void builtin_add_batches(CryptoDevBuiltin *builtin,
                                const CryptoProvider *provider, bool always)
{
    const CryptoProviderAlgo *single[CRYPTODEV_ALGO__MAX];

    if (!provider->batches || builtin->batches) {
        return;
    }
    for (unsigned i = 0; i < CRYPTODEV_ALGO__MAX; i++) {
        single[i] = builtin->rows[i][0];
    }
    builtin->batches = crypto_batch_rows(provider, single, always,
                                         &builtin->num_batches);
}

static bool builtin_add_providers(CryptoDevBuiltin *builtin)
{
    bool is_auto = builtin->provider == CRYPTODEV_PROVIDER_AUTO;
    const char *wanted = CryptodevProvider_str(builtin->provider);
    bool any = false;

    for (const CryptoProvider *const *p = cryptodev_providers; *p; p++) {
        if ((is_auto || !strcmp(wanted, (*p)->name)) &&
            builtin_add_provider(builtin, *p)) {
            any = true;
            if (!is_auto) {
                builtin_add_substitutes(builtin, *p);
            }
            builtin_add_batches(builtin, *p, !is_auto);
        }
    }
    return any;
}

static bool builtin_complete(CryptoDevBackend *b, Error **errp)
{
    CryptoDevBuiltin *builtin = CRYPTODEV_BACKEND_BUILTIN(b);

    if (!builtin_add_providers(builtin)) {
        error_setg(errp, "crypto provider '%s' is not available in this "
                   "build or on this host, try provider=auto",
                   CryptodevProvider_str(builtin->provider));
        return false;
    }
    b->caps.max_cipher_key_len = CRYPTODEV_CIPHER_KEY_MAX;
    b->caps.max_auth_key_len = CRYPTODEV_AUTH_KEY_MAX;
    b->caps.max_size = BUILTIN_MAX_SIZE;
    builtin->pool = cryptodev_pool_new(b->queues + 1,
                                       MIN(g_get_num_processors(),
                                           BUILTIN_THREADS_MAX),
                                       &builtin_pool_ops, b);
    builtin->queue = g_new0(BuiltinQueue, b->queues + 1);
    for (uint32_t i = 0; builtin->batches && i < b->queues; i++) {
        builtin->queue[i].batch = crypto_batch_new();
    }
    return true;
}

static int builtin_get_provider(Object *obj, Error **errp)
{
    return CRYPTODEV_BACKEND_BUILTIN(obj)->provider;
}

static void builtin_set_provider(Object *obj, int provider, Error **errp)
{
    if (CRYPTODEV_BACKEND(obj)->complete) {
        error_setg(errp, "'provider' cannot be changed after creation");
        return;
    }
    CRYPTODEV_BACKEND_BUILTIN(obj)->provider = provider;
}

static void builtin_finalize(Object *obj)
{
    CryptoDevBuiltin *builtin = CRYPTODEV_BACKEND_BUILTIN(obj);

    cryptodev_pool_free(builtin->pool);
    for (uint32_t i = 0; builtin->queue &&
         i < CRYPTODEV_BACKEND(obj)->queues; i++) {
        crypto_engine_bounce_cleanup(&builtin->queue[i].bounce);
        crypto_batch_free(builtin->queue[i].batch);
    }
    g_free(builtin->queue);
    g_free(builtin->batches);
}

static void builtin_class_init(ObjectClass *oc, CompatClassData data)
{
    CryptoDevBackendClass *bc = CRYPTODEV_BACKEND_CLASS(oc);

    bc->type = QCRYPTODEV_BACKEND_TYPE_BUILTIN;
    bc->complete = builtin_complete;
    bc->session_new = builtin_session_new;
    bc->session_free = builtin_session_free;
    bc->submit = builtin_submit;
    bc->poll = builtin_poll;
    bc->cancel = builtin_cancel;
    bc->query = builtin_query;

    object_class_property_add_enum(oc, "provider", "CryptodevProvider",
                                   &CryptodevProvider_lookup,
                                   builtin_get_provider, builtin_set_provider);
    object_class_property_set_description(oc, "provider",
        "Crypto library: auto, gcrypt, nettle, ipsec-mb or tomcrypt");
}

static const TypeInfo builtin_info = {
    .name = TYPE_CRYPTODEV_BACKEND_BUILTIN,
    .parent = TYPE_CRYPTODEV_BACKEND,
    .instance_size = sizeof(CryptoDevBuiltin),
    .instance_finalize = builtin_finalize,
    .class_init = builtin_class_init,
};

static void builtin_register_types(void)
{
    type_register_static(&builtin_info);
}

type_init(builtin_register_types);
