/*
 * cryptodev-backend-builtin: crypto in software, by the libraries that QEMU
 * was built with
 *
 * Short operations run at once in the thread of their queue, as cryptodev/
 * route.c says.  Operations that would hold the queue up go to a few
 * threads of the backend.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/util.h"
#include "qemu/lockable.h"
#include "qemu/main-loop.h"
#include "qemu/module.h"
#include "qemu/timer.h"
#include "qemu/units.h"
#include "system/cryptodev-compat.h"
#include COMPAT_AIO_H
#include "system/cryptodev.h"
#include "cryptodev-op-copy.h"
#include "cryptodev-pool.h"
#include "cryptodev/akcipher.h"
#include "cryptodev/batch.h"
#include "cryptodev/choice.h"
#include "cryptodev/pkcs1.h"
#include "cryptodev/route.h"
#include "trace.h"

#define TYPE_CRYPTODEV_BACKEND_BUILTIN "cryptodev-backend-builtin"
OBJECT_DECLARE_SIMPLE_TYPE(CryptoDevBuiltin, CRYPTODEV_BACKEND_BUILTIN)

/* Longest request; Linux counts source, destination, IV and status. */
#define BUILTIN_MAX_SIZE        (1 * MiB)

/*
 * An operation with a higher cost leaves the queue's thread, so that a guest
 * cannot delay the monitor or another queue.  The limit is higher for batches:
 * up to a chain of 64 KiB they are faster than a thread of the pool.
 */
#define BUILTIN_INLINE_NS       (100 * SCALE_US)
#define BUILTIN_INLINE_BATCH_NS (250 * SCALE_US)

/* How many operations of a batch run in parallel, at least */
#define BUILTIN_LANES           2

/* The most threads: limits the host processors that a guest can use. */
#define BUILTIN_THREADS_MAX     16

/**
 * CryptoDevBuiltin:
 *
 * @algos: the "algos" property, NULL to offer all algorithms
 * @offered: the algorithms that are offered
 * @batch: one for each queue, used by its thread only
 * @pool: for long operations
 */
struct CryptoDevBuiltin {
    CryptoDevBackend parent_obj;

    CryptodevProvider provider;
    char *algos;
    CryptoChoice offered;
    CryptoRoutes *routes;
    CryptoBatch **batch;
    CryptoDevPool *pool;
};

/**
 * BuiltinSession: keys, and contexts of the libraries
 *
 * @route: NULL for AKCIPHER, whose members are:
 *
 * @akcipher: NULL for all other services
 * @lock: protects @akcipher_key and @import_status until the import is done;
 *     after that they are constant
 * @import_status: CRYPTODEV_PENDING until the import is done
 */
typedef struct BuiltinSession {
    CryptoDevSession base;

    CryptoRoute *route;
    const CryptoProviderAkcipher *akcipher;
    QemuMutex lock;
    CryptoDevStatus import_status;
    void *akcipher_key;
} BuiltinSession;

static BuiltinSession *builtin_session(CryptoDevSession *session)
{
    return container_of(session, BuiltinSession, base);
}

/* Sessions */

static void builtin_session_free(CryptoDevSession *session)
{
    BuiltinSession *s = builtin_session(session);

    if (s->route) {
        cryptodev_route_free(s->route);
    }
    if (s->akcipher_key) {
        s->akcipher->key_free(s->akcipher_key);
    }
    cryptodev_session_wipe_params(session);
    qemu_mutex_destroy(&s->lock);
}

/* The key is checked by builtin_import(). */
static bool builtin_akcipher_init(CryptoDevBuiltin *builtin, BuiltinSession *s)
{
    const CryptoDevSessionParams *p = &s->base.params;

    s->akcipher = cryptodev_routes_akcipher(builtin->routes, p->cipher);
    s->import_status = CRYPTODEV_PENDING;
    s->base.needs_import = true;
    return p->cipher != CRYPTODEV_ALGO_RSA || crypto_pkcs1_hash_ok(p->hash);
}

static bool builtin_route_init(CryptoDevBuiltin *builtin, BuiltinSession *s)
{
    bool batches;

    s->route = cryptodev_route_new(builtin->routes, &s->base.params);
    if (!s->route) {
        return false;
    }
    batches = cryptodev_route_has_batches(s->route);
    s->base.inline_ns = batches ? BUILTIN_INLINE_BATCH_NS : BUILTIN_INLINE_NS;
    s->base.lanes = batches ? BUILTIN_LANES : 1;
    return true;
}

static CryptoDevStatus
builtin_session_new(CryptoDevBackend *b, const CryptoDevSessionParams *params,
                    CryptoDevSession **session)
{
    CryptoDevBuiltin *builtin = CRYPTODEV_BACKEND_BUILTIN(b);
    BuiltinSession *s = g_new0(BuiltinSession, 1);
    CryptoDevStatus status = CRYPTODEV_OK;

    qemu_mutex_init(&s->lock);
    cryptodev_session_take_params(&s->base, params);
    if (params->service == CRYPTODEV_SERVICE_AKCIPHER) {
        if (!builtin_akcipher_init(builtin, s)) {
            status = CRYPTODEV_NOTSUPP;
        }
    } else if (!builtin_route_init(builtin, s)) {
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
    if (op->status == CRYPTODEV_OK && op->opcode != CRYPTODEV_IMPORT) {
        op->status = crypto_akcipher_run(op, s->akcipher, s->akcipher_key,
                                         &op->written);
    }
}

static void builtin_job_run(CryptoDevJob *job, void *opaque)
{
    CryptoDevOpCopy *copy = container_of(job, CryptoDevOpCopy, job);
    BuiltinSession *s = builtin_session(copy->op.session);

    if (s->akcipher) {
        builtin_run_akcipher(s, &copy->op);
    } else {
        cryptodev_batch_run_one(s->route, &copy->op);
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
    trace_cryptodev_builtin_long(queue, op->session->id, op->opcode,
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

/* A job that continues needs the backend: its session uses the routes. */
static void builtin_cancel(CryptoDevBackend *b, unsigned queue)
{
    CryptoDevBuiltin *builtin = CRYPTODEV_BACKEND_BUILTIN(b);
    unsigned n = cryptodev_pool_cancel(builtin->pool, queue);

    while (n--) {
        object_ref(OBJECT(b));
    }
}

/* Monitor */

typedef struct BuiltinQuery {
    const CryptoDevBuiltin *builtin;
    QCryptodevAlgoList **tail;
} BuiltinQuery;

static void builtin_query_algo(const CryptoRouteInfo *route, void *opaque)
{
    BuiltinQuery *query = opaque;
    QCryptodevAlgo *a;

    /* the entry of encryption has the same provider */
    if (route->opcode == CRYPTODEV_DECRYPT ||
        !query->builtin->offered.has[route->algo]) {
        return;
    }
    a = g_new0(QCryptodevAlgo, 1);
    a->service = (QCryptodevBackendServiceType)
        cryptodev_algo_info(route->algo)->service;
    a->name = g_strdup(cryptodev_algo_name(route->algo));
    a->provider = qapi_enum_parse(&CryptodevProvider_lookup, route->provider,
                                  -1, &error_abort);
    QAPI_LIST_APPEND(query->tail, a);
}

static void builtin_query(CryptoDevBackend *b, QCryptodevInfo *info)
{
    CryptoDevBuiltin *builtin = CRYPTODEV_BACKEND_BUILTIN(b);
    CryptoDevPoolLoad load = cryptodev_pool_load(builtin->pool);
    BuiltinQuery query = { builtin, &info->algorithms };

    info->waiting = load.waiting;
    info->running = load.running;
    cryptodev_routes_list(builtin->routes, builtin_query_algo, &query);
    info->has_algorithms = true;
}

/* Short operations: at once */

static void builtin_submit(CryptoDevBackend *b, unsigned queue,
                           CryptoDevOp *const *ops, unsigned n)
{
    CryptoDevBuiltin *builtin = CRYPTODEV_BACKEND_BUILTIN(b);
    CryptoBatch *batch = builtin->batch[queue];

    for (unsigned i = 0; i < n; i++) {
        BuiltinSession *s = builtin_session(ops[i]->session);

        ops[i]->written = 0;
        if (cryptodev_op_is_long(ops[i])) {
            builtin_submit_long(builtin, queue, ops[i]);
        } else {
            cryptodev_batch_add(batch, s->route, ops[i]);
        }
    }
    cryptodev_batch_run(batch);
}

/* Set-up */

/* Offer all algorithms, or those of "algos", which must all be available. */
static bool builtin_choose(CryptoDevBuiltin *builtin, Error **errp)
{
    CryptoChoice here = { }, missing = { };
    g_autofree char *missing_names = NULL;
    g_autofree char *names = NULL;

    for (int i = CRYPTODEV_ALGO_NONE + 1; i < CRYPTODEV_ALGO__MAX; i++) {
        here.has[i] = cryptodev_routes_offer(builtin->routes, i);
    }
    builtin->offered = here;
    if (!builtin->algos) {
        return true;
    }
    if (!crypto_choice_parse(builtin->algos, &builtin->offered, errp)) {
        return false;
    }
    for (int i = CRYPTODEV_ALGO_NONE + 1; i < CRYPTODEV_ALGO__MAX; i++) {
        missing.has[i] = builtin->offered.has[i] && !here.has[i];
    }
    missing_names = crypto_choice_names(&missing);
    if (*missing_names) {
        names = crypto_choice_names(&here);
        error_setg(errp, "'algos' wants %s, which no crypto library here has; "
                   "there are %s", missing_names, names);
        return false;
    }
    return true;
}

static void builtin_set_caps(CryptoDevBackend *b, const CryptoChoice *offered)
{
    for (CryptoDevAlgo algo = CRYPTODEV_ALGO_NONE + 1;
         algo < CRYPTODEV_ALGO__MAX; algo++) {
        const CryptoDevAlgoInfo *info = cryptodev_algo_info(algo);

        if (offered->has[algo]) {
            b->caps.algos[info->service] |= BIT_ULL(info->number);
        }
    }
    b->caps.max_cipher_key_len = CRYPTODEV_CIPHER_KEY_MAX;
    b->caps.max_auth_key_len = CRYPTODEV_AUTH_KEY_MAX;
    b->caps.max_size = BUILTIN_MAX_SIZE;
}

static bool builtin_complete(CryptoDevBackend *b, Error **errp)
{
    CryptoDevBuiltin *builtin = CRYPTODEV_BACKEND_BUILTIN(b);
    const char *provider = CryptodevProvider_str(builtin->provider);

    builtin->routes = cryptodev_routes_new(
        builtin->provider == CRYPTODEV_PROVIDER_AUTO ? NULL : provider);
    if (!builtin->routes) {
        error_setg(errp, "crypto provider '%s' is not available in this "
                   "build or on this host, try provider=auto", provider);
        return false;
    }
    if (!builtin_choose(builtin, errp)) {
        return false;
    }
    builtin_set_caps(b, &builtin->offered);
    builtin->pool = cryptodev_pool_new(b->queues + 1,
                                       MIN(g_get_num_processors(),
                                           BUILTIN_THREADS_MAX),
                                       &builtin_pool_ops, b);
    /* the control queue's operations are all long */
    builtin->batch = g_new0(CryptoBatch *, b->queues + 1);
    for (uint32_t i = 0; i <= b->queues; i++) {
        builtin->batch[i] = cryptodev_batch_new();
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

static char *builtin_get_algos(Object *obj, Error **errp)
{
    return g_strdup(CRYPTODEV_BACKEND_BUILTIN(obj)->algos ?: "");
}

static void builtin_set_algos(Object *obj, const char *algos, Error **errp)
{
    CryptoDevBuiltin *builtin = CRYPTODEV_BACKEND_BUILTIN(obj);

    if (CRYPTODEV_BACKEND(obj)->complete) {
        error_setg(errp, "'algos' cannot be changed after creation");
        return;
    }
    g_free(builtin->algos);
    builtin->algos = g_strdup(algos);
}

static void builtin_finalize(Object *obj)
{
    CryptoDevBuiltin *builtin = CRYPTODEV_BACKEND_BUILTIN(obj);

    cryptodev_pool_free(builtin->pool);
    for (uint32_t i = 0; builtin->batch &&
         i <= CRYPTODEV_BACKEND(obj)->queues; i++) {
        cryptodev_batch_free(builtin->batch[i]);
    }
    g_free(builtin->batch);
    cryptodev_routes_free(builtin->routes);
    g_free(builtin->algos);
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
    object_class_property_add_str(oc, "algos", builtin_get_algos,
                                  builtin_set_algos);
    object_class_property_set_description(oc, "algos",
        "Algorithms to offer, separated by commas, or \"portable\"");
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
