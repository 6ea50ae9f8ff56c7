/*
 * virtio-crypto benchmark: sessions
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "virtio-crypto-bench-chain.h"
#include "virtio-crypto-bench-control.h"

#define DEPTH_MAX   64

/* Outcome of a creation; that of a destruction is its first byte. */
typedef struct QEMU_PACKED Outcome {
    uint64_t id;
    uint32_t status;
    uint32_t padding;
} Outcome;

QEMU_BUILD_BUG_ON(sizeof(Outcome) != 16);

/* A request, which creates a session or destroys the one it has created. */
typedef struct ControlSlot {
    BenchChain chain;
    uint8_t *header, *keys;
    Outcome *outcome;
    unsigned n;
    bool destroy;
} ControlSlot;

typedef struct Control {
    BenchDevice *dev;
    BenchSessions *s;
    ControlSlot slots[DEPTH_MAX];
    unsigned next, num;
} Control;

static void fill_create(Control *c, ControlSlot *slot, unsigned n)
{
    const BenchAlgo *algo = c->s->algo;
    size_t size = bench_put_create(algo, c->dev->format, c->s->decrypt,
                                   slot->header);

    slot->n = n;
    slot->destroy = false;
    memset(slot->outcome, 0xff, sizeof(*slot->outcome));
    bench_chain_start(&slot->chain);
    bench_chain_add(&slot->chain, slot->header, size, false);
    bench_chain_add(&slot->chain, slot->keys,
                    bench_keys(algo, n, slot->keys), false);
    bench_chain_add(&slot->chain, slot->outcome, sizeof(*slot->outcome),
                    true);
    bench_chain_end(&slot->chain);
}

static void fill_destroy(Control *c, ControlSlot *slot, uint64_t id)
{
    size_t size = bench_put_destroy(c->s->algo, c->dev->format, id,
                                    slot->header);

    slot->destroy = true;
    memset(slot->outcome, 0xff, sizeof(*slot->outcome));
    bench_chain_start(&slot->chain);
    bench_chain_add(&slot->chain, slot->header, size, false);
    bench_chain_add(&slot->chain, slot->outcome, 1, true);
    bench_chain_end(&slot->chain);
}

static Control *control_new(BenchDevice *dev, BenchSessions *s)
{
    Control *c = g_new0(Control, 1);

    c->dev = dev;
    c->s = s;
    for (int i = 0; i < DEPTH_MAX; i++) {
        ControlSlot *slot = &c->slots[i];

        bench_chain_init(&slot->chain, dev, &dev->rings[dev->n_queues], i,
                         true);
        slot->header = bench_alloc(dev, BENCH_HEADER_MAX, 64);
        slot->keys = bench_alloc(dev, BENCH_KEY_MAX, 64);
        slot->outcome = bench_alloc(dev, sizeof(Outcome), 64);
    }
    return c;
}

static BenchWindow run(Control *c, unsigned depth, double seconds,
                       bool (*done)(BenchPump *, unsigned, uint32_t))
{
    g_autofree int64_t *sent = g_new0(int64_t, depth);
    BenchPump pump = {
        .dev = c->dev,
        .rings = &c->dev->rings[c->dev->n_queues],
        .num_rings = 1,
        .depth = depth,
        .stride = 1,
        .done = done,
        .opaque = c,
        .sent = sent,
    };

    return bench_pump(&pump, seconds);
}

static bool created(const ControlSlot *slot)
{
    return slot->outcome->status == 0;
}

static void check_destroyed(const ControlSlot *slot)
{
    uint8_t status = *(const uint8_t *)slot->outcome;

    if (status) {
        bench_fail("status %d of the destruction of a session", status);
    }
}

/* Sessions that stay */

static bool created_one(BenchPump *pump, unsigned n, uint32_t used_len)
{
    Control *c = pump->opaque;
    ControlSlot *slot = &c->slots[n];

    if (!created(slot)) {
        c->next = c->num;               /* no more of this */
        return false;
    }
    c->s->ids[slot->n] = le64_to_cpu(slot->outcome->id);
    c->s->num++;
    if (c->next == c->num) {
        return false;
    }
    fill_create(c, slot, c->next++);
    return true;
}

static bool destroyed_one(BenchPump *pump, unsigned n, uint32_t used_len)
{
    Control *c = pump->opaque;
    ControlSlot *slot = &c->slots[n];

    check_destroyed(slot);
    if (c->next == c->num) {
        return false;
    }
    fill_destroy(c, slot, c->s->ids[c->next++]);
    return true;
}

BenchSessions *bench_sessions_new(BenchDevice *dev, const BenchAlgo *algo,
                                  bool decrypt, unsigned num)
{
    BenchSessions *s = g_new0(BenchSessions, 1);
    g_autofree Control *c = control_new(dev, s);
    unsigned depth = MIN(num, DEPTH_MAX);

    s->algo = algo;
    s->decrypt = decrypt;
    s->ids = g_new0(uint64_t, num);
    c->num = num;
    while (c->next < depth) {
        fill_create(c, &c->slots[c->next], c->next);
        c->next++;
    }
    run(c, depth, INT_MAX, created_one);
    bench_free_all(dev);
    return s;
}

void bench_sessions_free(BenchDevice *dev, BenchSessions *s)
{
    g_autofree Control *c = control_new(dev, s);
    unsigned depth = MIN(s->num, DEPTH_MAX);

    c->num = s->num;
    while (c->next < depth) {
        fill_destroy(c, &c->slots[c->next], s->ids[c->next]);
        c->next++;
    }
    if (depth) {
        run(c, depth, INT_MAX, destroyed_one);
    }
    bench_free_all(dev);
    g_free(s->ids);
    g_free(s);
}

/* Sessions that come and go */

static bool turn(BenchPump *pump, unsigned n, uint32_t used_len)
{
    Control *c = pump->opaque;
    ControlSlot *slot = &c->slots[n];

    if (slot->destroy) {
        check_destroyed(slot);
        fill_create(c, slot, c->next++);
    } else if (created(slot)) {
        fill_destroy(c, slot, le64_to_cpu(slot->outcome->id));
    } else {
        bench_fail("status %d of the creation of a session",
                   le32_to_cpu(slot->outcome->status));
    }
    return true;
}

static bool clean_up(BenchPump *pump, unsigned n, uint32_t used_len)
{
    Control *c = pump->opaque;
    ControlSlot *slot = &c->slots[n];

    if (slot->destroy) {
        check_destroyed(slot);
        return false;
    }
    fill_destroy(c, slot, le64_to_cpu(slot->outcome->id));
    return true;
}

/* Slots are left with their next request in them: it ends the last session. */
BenchWindow bench_control(BenchDevice *dev, const BenchAlgo *algo,
                          unsigned depth, double seconds)
{
    BenchSessions s = { .algo = algo };
    g_autofree Control *c = control_new(dev, &s);
    BenchWindow w;

    depth = MIN(depth, DEPTH_MAX);
    while (c->next < depth) {
        fill_create(c, &c->slots[c->next], c->next);
        c->next++;
    }
    w = run(c, depth, seconds, turn);
    run(c, depth, INT_MAX, clean_up);
    bench_free_all(dev);
    return w;
}
