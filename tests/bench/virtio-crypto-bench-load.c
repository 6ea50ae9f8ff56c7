/*
 * virtio-crypto benchmark: data requests
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "qobject/qdict.h"
#include "virtio-crypto-bench-bare.h"
#include "virtio-crypto-bench-chain.h"
#include "virtio-crypto-bench-load.h"
#include "virtio-crypto-bench-stat.h"

/* One answer in so many is looked at while others are in flight. */
#define SAMPLE      1021

/* Time spent before that, as a fraction of the time that is measured */
#define WARM_UP     0.2

/* Between unaligned buffers, so that each begins somewhere else in its page */
#define GAP         29

#define POISON      0xa5
#define NO_STATUS   0xff

#define MIGRATION_NS    (20 * NANOSECONDS_PER_SECOND)

/* A request that is sent again and again; @n is its key's number. */
typedef struct LoadSlot {
    uint8_t *header, *keys, *status;
    BenchMsg msg;
    BenchChain chain;
    unsigned n;
} LoadSlot;

typedef struct Load {
    const BenchLoad *conf;
    BenchDevice *dev;
    BenchSessions *sessions;
    LoadSlot *slots;
    unsigned num_slots;
    size_t out_len;
    unsigned next_key;
    uint64_t answers;
    BenchRef *ref;
    unsigned ref_key;
    uint8_t *expected;
} Load;

static void verify(Load *l, LoadSlot *slot)
{
    BenchMsg expected = slot->msg;

    if (l->ref_key != slot->n) {
        uint8_t keys[BENCH_KEY_MAX];

        bench_keys(l->conf->algo, slot->n, keys);
        bench_ref_set_keys(l->ref, keys);
        l->ref_key = slot->n;
    }
    expected.out = l->expected;
    bench_ref_run(l->ref, &expected);
    if (memcmp(slot->msg.out, l->expected, l->out_len)) {
        bench_fail("wrong output of %s, %zu bytes", l->conf->algo->name,
                   l->conf->size);
    }
    memset(slot->msg.out, POISON, l->out_len);
}

/* Prepare a slot for its next turn. */
static void set_key(Load *l, LoadSlot *slot)
{
    if (l->sessions) {
        slot->n = l->next_key++ % l->sessions->num;
        bench_put_session(slot->header, l->sessions->ids[slot->n]);
    } else if (l->conf->rekey) {
        slot->n = l->next_key++;
        bench_keys(l->conf->algo, slot->n, slot->keys);
    }
}

/* Header and descriptors */
static void write_request(Load *l, LoadSlot *slot)
{
    const BenchLoad *conf = l->conf;
    const BenchAlgo *algo = conf->algo;
    VCFormat format = l->sessions ? l->dev->format : VC_STATELESS;
    size_t keys = algo->key_len + algo->auth_key_len;
    BenchChain *chain = &slot->chain;

    bench_chain_start(chain);
    bench_chain_add(chain, slot->header,
                    bench_put_data(algo, format, conf->decrypt, conf->size,
                                   slot->header), false);
    bench_chain_add(chain, slot->keys, l->sessions ? 0 : keys, false);
    bench_chain_add(chain, slot->msg.iv, algo->iv_len, false);
    bench_chain_add(chain, slot->msg.src, conf->size, false);
    bench_chain_add(chain, slot->msg.aad, algo->aad_len, false);
    bench_chain_add(chain, slot->msg.out, l->out_len, true);
    bench_chain_add(chain, slot->status, 1, true);
    bench_chain_end(chain);
}

static bool load_done(BenchPump *pump, unsigned n, uint32_t used_len)
{
    Load *l = pump->opaque;
    LoadSlot *slot = &l->slots[n];

    if (*slot->status || used_len != l->out_len + 1) {
        bench_fail("%s, %zu bytes: status %d, %u bytes used",
                   l->conf->algo->name, l->conf->size, *slot->status,
                   used_len);
    }
    if (pump->stopping || l->answers++ % SAMPLE == 0) {
        verify(l, slot);
    }
    *slot->status = NO_STATUS;
    if (l->conf->rewrite) {
        write_request(l, slot);
    }
    set_key(l, slot);
    return true;
}

static void *alloc(Load *l, size_t size)
{
    if (l->conf->unaligned) {
        return bench_alloc(l->dev, size + GAP, 1);
    }
    return bench_alloc(l->dev, size, size < 4096 ? 64 : 4096);
}

static void init_slot(Load *l, unsigned n)
{
    const BenchLoad *conf = l->conf;
    const BenchAlgo *algo = conf->algo;
    LoadSlot *slot = &l->slots[n];
    uint8_t *iv = alloc(l, BENCH_IV_MAX);
    uint8_t *aad = alloc(l, BENCH_AAD_MAX);
    uint8_t *src = alloc(l, conf->size);

    slot->header = alloc(l, BENCH_HEADER_MAX);
    slot->keys = alloc(l, BENCH_KEY_MAX);
    slot->status = alloc(l, 1);
    slot->msg = (BenchMsg) {
        .iv = iv, .aad = aad, .src = src, .size = conf->size,
        .out = alloc(l, l->out_len),
    };
    bench_fill(iv, BENCH_IV_MAX, 3 * n);
    bench_fill(aad, BENCH_AAD_MAX, 3 * n + 1);
    bench_fill(src, conf->size, 3 * n + 2);
    if (algo->service == VC_SERVICE_AKCIPHER) {
        src[0] = 0;                     /* less than the modulus */
    }
    memset(slot->msg.out, POISON, l->out_len);
    *slot->status = NO_STATUS;

    bench_keys(algo, 0, slot->keys);
    bench_chain_init(&slot->chain, l->dev, &l->dev->rings[n / conf->depth],
                     n % conf->depth, !conf->direct);
    write_request(l, slot);
    set_key(l, slot);
}

static void load_init(Load *l)
{
    const BenchLoad *conf = l->conf;

    l->num_slots = conf->queues * conf->depth;
    l->out_len = bench_output_len(conf->algo, conf->size);
    l->slots = g_new0(LoadSlot, l->num_slots);
    l->expected = g_malloc(l->out_len);
    l->ref = bench_ref_new(conf->algo, conf->decrypt);
    l->ref_key = UINT_MAX;
    for (unsigned i = 0; i < l->num_slots; i++) {
        init_slot(l, i);
    }
}

static void load_free(Load *l)
{
    bench_ref_free(l->ref);
    g_free(l->expected);
    g_free(l->slots);
    bench_free_all(l->dev);
    if (l->sessions) {
        bench_sessions_free(l->dev, l->sessions);
    }
}

/* Once to warm up, then for the record. */
static BenchWindow run(Load *l, GArray *latencies)
{
    const BenchLoad *conf = l->conf;
    g_autofree int64_t *sent = g_new0(int64_t, l->num_slots);
    BenchPump pump = {
        .dev = l->dev,
        .rings = l->dev->rings,
        .num_rings = conf->queues,
        .depth = conf->depth,
        .stride = bench_chain_stride(!conf->direct),
        .pause_ns = conf->pause_ns,
        .done = load_done,
        .opaque = l,
        .sent = sent,
    };

    bench_pump(&pump, conf->seconds * WARM_UP);
    pump.ping = conf->ping;
    pump.latencies = latencies;
    return bench_pump(&pump, conf->seconds);
}

static void wait_for_migration(BenchDevice *dev, const char *status)
{
    int64_t end = get_clock() + MIGRATION_NS;
    bool reached;

    do {
        QDict *answer = qtest_qmp_assert_success_ref(
            dev->vc->qts, "{ 'execute': 'query-migrate' }");

        reached = !g_strcmp0(qdict_get_try_str(answer, "status"), status);
        qobject_unref(answer);
        if (get_clock() > end) {
            bench_fail("the migration is not %s", status);
        }
    } while (!reached);
}

/* So slow that it does not end, and takes no CPU time to speak of */
static void start_migration(BenchDevice *dev)
{
    qtest_qmp_assert_success(dev->vc->qts,
        "{ 'execute': 'migrate-set-parameters', 'arguments': "
        "{ 'max-bandwidth': 4096 } }");
    qtest_qmp_assert_success(dev->vc->qts,
        "{ 'execute': 'migrate', 'arguments': "
        "{ 'uri': 'exec:cat > /dev/null' } }");
    wait_for_migration(dev, "active");
}

static void stop_migration(BenchDevice *dev)
{
    qtest_qmp_assert_success(dev->vc->qts, "{ 'execute': 'migrate_cancel' }");
    wait_for_migration(dev, "cancelled");
}

bool bench_load(BenchDevice *dev, const BenchLoad *conf, BenchWindow *window,
                GArray **latencies)
{
    Load l = { .conf = conf, .dev = dev };

    if (conf->queues > dev->n_queues) {
        return false;
    }
    if (conf->sessions) {
        l.sessions = bench_sessions_new(dev, conf->algo, conf->decrypt,
                                        conf->sessions);
        if (l.sessions->num < conf->sessions) {
            bench_sessions_free(dev, l.sessions);
            return false;
        }
    }
    *latencies = g_array_new(false, false, sizeof(int64_t));
    load_init(&l);
    if (conf->migrating) {
        start_migration(dev);
    }
    *window = run(&l, *latencies);
    if (conf->migrating) {
        stop_migration(dev);
    }
    load_free(&l);
    bench_sort_latencies(*latencies);
    return true;
}
