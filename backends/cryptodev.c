/*
 * Cryptodev backends: the abstract base
 *
 * Shared by all backends: properties, counters, limits, and attachment to one
 * device.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "qemu/lockable.h"
#include "qom/object_interfaces.h"
#include "system/cryptodev-compat.h"
#include "system/cryptodev.h"
#include "system/qtest.h"

/* Operations */

/* Only the queue's thread writes; the store is atomic for the readers. */
static void count(uint64_t *counter, uint64_t n)
{
    qatomic_set_u64(counter, *counter + n);
}

void cryptodev_backend_count_error(CryptoDevBackend *b, unsigned queue,
                                   CryptoDevService service,
                                   CryptoDevOpcode opcode)
{
    count(&b->queue[queue].refused, 1);
    if (service < CRYPTODEV_SERVICE__MAX) {
        count(&b->queue[queue].stats[service][opcode].errors, 1);
    }
}

static void count_op(CryptoDevBackend *b, unsigned queue,
                     const CryptoDevOp *op)
{
    CryptoDevService service = op->session->params.service;
    CryptoDevCounter *c = &b->queue[queue].stats[service][op->opcode];

    if (op->status == CRYPTODEV_OK) {
        count(&c->ops, 1);
        count(&c->bytes, cryptodev_op_bytes(op));
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

unsigned cryptodev_backend_poll(CryptoDevBackend *b, unsigned queue,
                                CryptoDevOp **ops, unsigned max)
{
    CryptoDevBackendClass *bc = CRYPTODEV_BACKEND_GET_CLASS(b);
    unsigned n = bc->poll ? bc->poll(b, queue, ops, max) : 0;

    for (unsigned i = 0; i < n; i++) {
        count_op(b, queue, ops[i]);
    }
    return n;
}

void cryptodev_backend_cancel(CryptoDevBackend *b, unsigned queue)
{
    CryptoDevBackendClass *bc = CRYPTODEV_BACKEND_GET_CLASS(b);

    if (bc->cancel) {
        bc->cancel(b, queue);
    }
}

void cryptodev_backend_wake(CryptoDevBackend *b, unsigned queue)
{
    b->client->wake(b->client, queue);
}

static void notify_client(CryptoDevBackend *b)
{
    if (b->client) {
        b->client->changed(b->client);
    }
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
    if (CRYPTODEV_BACKEND_GET_CLASS(b)->rings) {
        error_setg(errp, "'%s' is not for %s: limit the server that it "
                   "connects to", name, object_get_typename(obj));
        return;
    }
    config.buckets[bucket].avg = limit;
    if (!throttle_is_valid(&config, errp)) {
        return;
    }
    b->throttle_config = config;
    WITH_QEMU_LOCK_GUARD(&b->throttle_lock) {
        throttle_config(&b->throttle, throttle_clock(), &config);
        qatomic_set(&b->throttle_enabled, throttle_enabled(&config));
    }
    notify_client(b);
}

/* Life of a backend */

const char *cryptodev_backend_id(const CryptoDevBackend *b)
{
    return object_get_canonical_path_component(OBJECT(b));
}

const char *cryptodev_backend_migration_blocker(CryptoDevBackend *b)
{
    CryptoDevBackendClass *bc = CRYPTODEV_BACKEND_GET_CLASS(b);

    return bc->migration_blocker ? bc->migration_blocker(b) : NULL;
}

bool cryptodev_backend_attach(CryptoDevBackend *b, CryptoDevClient *client,
                              Error **errp)
{
    if (b->client) {
        error_setg(errp, "cryptodev backend '%s' is already used by another "
                   "device, give each device its own",
                   cryptodev_backend_id(b));
        return false;
    }
    b->client = client;
    return true;
}

void cryptodev_backend_detach(CryptoDevBackend *b, CryptoDevClient *client)
{
    assert(b->client == client);
    b->client = NULL;
}

bool cryptodev_backend_ready(const CryptoDevBackend *b)
{
    return b->complete && qatomic_read(&b->ready) &&
           qatomic_read(&b->available);
}

void cryptodev_backend_set_available(CryptoDevBackend *b, bool available)
{
    if (available != b->available) {
        qatomic_set(&b->available, available);
        notify_client(b);
    }
}

void cryptodev_backend_forget_sessions(CryptoDevBackend *b)
{
    if (b->client) {
        b->client->forget_sessions(b->client);
    }
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
    notify_client(b);
}

static void cryptodev_backend_complete(UserCreatable *uc, Error **errp)
{
    CryptoDevBackend *b = CRYPTODEV_BACKEND(uc);

    b->queue = g_new0(CryptoDevQueue, b->queues + 1);
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
    b->available = true;
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
