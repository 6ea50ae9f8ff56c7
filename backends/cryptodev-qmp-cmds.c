/*
 * Cryptodev backends: the monitor's view
 *
 * query-cryptodev, and the cryptodev provider of query-stats.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/qapi-commands-cryptodev.h"
#include "qapi/util.h"
#include "qemu/module.h"
#include "system/cryptodev-compat.h"
#include "system/cryptodev.h"
#include "system/stats.h"

/* The groups of counters: each has operations, bytes and errors. */
static const struct {
    const char *prefix;
    CryptoDevService service;
    CryptoDevOpcode opcode;
} stats_groups[] = {
    { "sym-encrypt", CRYPTODEV_SERVICE_CIPHER, CRYPTODEV_ENCRYPT },
    { "sym-decrypt", CRYPTODEV_SERVICE_CIPHER, CRYPTODEV_DECRYPT },
    { "hash", CRYPTODEV_SERVICE_HASH, CRYPTODEV_DIGEST },
    { "mac", CRYPTODEV_SERVICE_MAC, CRYPTODEV_DIGEST },
    { "aead-encrypt", CRYPTODEV_SERVICE_AEAD, CRYPTODEV_ENCRYPT },
    { "aead-decrypt", CRYPTODEV_SERVICE_AEAD, CRYPTODEV_DECRYPT },
    { "asym-encrypt", CRYPTODEV_SERVICE_AKCIPHER, CRYPTODEV_ENCRYPT },
    { "asym-decrypt", CRYPTODEV_SERVICE_AKCIPHER, CRYPTODEV_DECRYPT },
    { "asym-sign", CRYPTODEV_SERVICE_AKCIPHER, CRYPTODEV_SIGN },
    { "asym-verify", CRYPTODEV_SERVICE_AKCIPHER, CRYPTODEV_VERIFY },
};

static const struct {
    const char *suffix;
    size_t offset;
    StatsUnit unit;
    bool has_unit;
} stats_counters[] = {
    { "ops", offsetof(CryptoDevCounter, ops) },
    { "bytes", offsetof(CryptoDevCounter, bytes), STATS_UNIT_BYTES, true },
    { "errors", offsetof(CryptoDevCounter, errors) },
};

#define N_STATS (ARRAY_SIZE(stats_groups) * ARRAY_SIZE(stats_counters))

static char *stat_name(unsigned i)
{
    return g_strdup_printf("%s-%s",
        stats_groups[i / ARRAY_SIZE(stats_counters)].prefix,
        stats_counters[i % ARRAY_SIZE(stats_counters)].suffix);
}

/* Sum of counter @i over the queues of @b. */
static uint64_t stat_value(const CryptoDevBackend *b, unsigned i)
{
    CryptoDevService service =
        stats_groups[i / ARRAY_SIZE(stats_counters)].service;
    CryptoDevOpcode opcode =
        stats_groups[i / ARRAY_SIZE(stats_counters)].opcode;
    size_t offset = stats_counters[i % ARRAY_SIZE(stats_counters)].offset;
    uint64_t sum = 0;

    for (uint32_t q = 0; q < b->queues; q++) {
        const CryptoDevCounter *c = &b->queue[q].stats[service][opcode];

        sum += qatomic_read_u64((uint64_t *)((uintptr_t)c + offset));
    }
    return sum;
}

static bool stat_offered(const CryptoDevBackend *b, unsigned i)
{
    return b->caps.algos[stats_groups[i / ARRAY_SIZE(stats_counters)].service];
}

typedef struct StatsQuery {
    StatsResultList **result;
    strList *names;
    strList *targets;
} StatsQuery;

static int query_stats_one(Object *obj, void *opaque)
{
    StatsQuery *query = opaque;
    CryptoDevBackend *b = (CryptoDevBackend *)
        object_dynamic_cast(obj, TYPE_CRYPTODEV_BACKEND);
    g_autofree char *path = NULL;
    StatsList *list = NULL;

    if (!b) {
        return 0;
    }
    path = object_get_canonical_path(obj);
    if (!apply_str_list_filter(path, query->targets)) {
        return 0;
    }
    for (int i = N_STATS - 1; i >= 0; i--) {
        g_autofree char *name = stat_name(i);
        Stats *stat;

        if (!stat_offered(b, i) ||
            !apply_str_list_filter(name, query->names)) {
            continue;
        }
        stat = g_new0(Stats, 1);
        stat->name = g_steal_pointer(&name);
        stat->value = g_new0(StatsValue, 1);
        stat->value->type = QTYPE_QNUM;
        stat->value->u.scalar = stat_value(b, i);
        QAPI_LIST_PREPEND(list, stat);
    }
    if (list) {
        add_stats_entry(query->result, STATS_PROVIDER_CRYPTODEV, path, list);
    }
    return 0;
}

static void query_stats(StatsResultList **result, StatsTarget target,
                        strList *names, strList *targets, Error **errp)
{
    StatsQuery query = { result, names, targets };

    if (target == STATS_TARGET_CRYPTODEV) {
        object_child_foreach(object_get_objects_root(), query_stats_one,
                             &query);
    }
}

static void query_stats_schemas(StatsSchemaList **result, Error **errp)
{
    StatsSchemaValueList *list = NULL;

    for (int i = N_STATS - 1; i >= 0; i--) {
        unsigned counter = i % ARRAY_SIZE(stats_counters);
        StatsSchemaValue *value = g_new0(StatsSchemaValue, 1);

        value->name = stat_name(i);
        value->type = STATS_TYPE_CUMULATIVE;
        value->has_unit = stats_counters[counter].has_unit;
        value->unit = stats_counters[counter].unit;
        QAPI_LIST_PREPEND(list, value);
    }
    add_stats_schema(result, STATS_PROVIDER_CRYPTODEV, STATS_TARGET_CRYPTODEV,
                     list);
}

static uint64_t sum_refused(const CryptoDevBackend *b)
{
    uint64_t sum = 0;

    for (uint32_t q = 0; q <= b->queues; q++) {
        sum += qatomic_read_u64(&b->queue[q].refused);
    }
    return sum;
}

static void query_queues(const CryptoDevBackend *b, QCryptodevInfo *info)
{
    for (int q = b->queues - 1; q >= 0; q--) {
        QCryptodevBackendClient *client = g_new0(QCryptodevBackendClient, 1);

        client->queue = q;
        client->type = CRYPTODEV_BACKEND_GET_CLASS(b)->type;
        QAPI_LIST_PREPEND(info->client, client);
    }
}

static void query_client(CryptoDevClient *client, QCryptodevInfo *info)
{
    if (client) {
        info->device = object_get_canonical_path(client->device);
        info->has_driver = true;
        info->driver = client->has_driver(client);
    }
}

static QCryptodevInfo *query_backend(CryptoDevBackend *b)
{
    CryptoDevBackendClass *bc = CRYPTODEV_BACKEND_GET_CLASS(b);
    QCryptodevInfo *info = g_new0(QCryptodevInfo, 1);

    info->id = g_strdup(object_get_canonical_path_component(OBJECT(b)));
    for (int s = CRYPTODEV_SERVICE__MAX - 1; s >= 0; s--) {
        QEMU_BUILD_BUG_ON((int)CRYPTODEV_SERVICE_AKCIPHER !=
                          (int)QCRYPTODEV_BACKEND_SERVICE_TYPE_AKCIPHER);
        if (b->caps.algos[s]) {
            QAPI_LIST_PREPEND(info->service, (QCryptodevBackendServiceType)s);
        }
    }
    query_queues(b, info);
    query_client(b->client, info);
    info->ready = cryptodev_backend_ready(b);
    info->sessions = qatomic_read(&b->num_sessions);
    info->refused = sum_refused(b);
    if (bc->query) {
        bc->query(b, info);
    }
    return info;
}

static int query_cryptodev_one(Object *obj, void *opaque)
{
    QCryptodevInfoList **list = opaque;
    CryptoDevBackend *b = (CryptoDevBackend *)
        object_dynamic_cast(obj, TYPE_CRYPTODEV_BACKEND);

    if (b) {
        QAPI_LIST_PREPEND(*list, query_backend(b));
    }
    return 0;
}

QCryptodevInfoList *qmp_query_cryptodev(Error **errp)
{
    QCryptodevInfoList *list = NULL;

    object_child_foreach(object_get_objects_root(), query_cryptodev_one,
                         &list);
    return list;
}

static void cryptodev_register_stats(void)
{
    add_stats_callbacks(STATS_PROVIDER_CRYPTODEV, query_stats,
                        query_stats_schemas);
}

opts_init(cryptodev_register_stats);
