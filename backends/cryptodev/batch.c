/*
 * Batches: the operations that a queue submits at a time
 *
 * The steps of all operations run in two turns: first ciphers, hashes, and the
 * first steps of chains; then the second steps of chains.  So a chain can
 * share a batch with any operation that uses one of its algorithms.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/units.h"
#include "batch.h"
#include "stream.h"
#include "system/cryptodev-compat.h"

/* How many texts are staggered, and from which length on; see must_stagger() */
#define STAGGER_MAX     8
#define STAGGER_MIN_LEN (1 * KiB)
/* First-level cache: addresses CACHE_STRIDE apart use the same set of lines. */
#define CACHE_LINE      64
#define CACHE_STRIDE    4096

QEMU_BUILD_BUG_ON(CRYPTO_BATCH_MAX > CRYPTO_RUN_MAX);

/**
 * Round: state of a message that is run in several rounds, because it is longer
 * than max_len or is staggered
 *
 * @left: bytes of text after this round
 * @ok: whether all rounds so far succeeded
 * @next_iv: IV of the next round, saved before the text is overwritten
 */
typedef struct Round {
    size_t left;
    bool ok;
    uint8_t next_iv[CRYPTODEV_IV_MAX];
} Round;

/**
 * CryptoBatch:
 *
 * @home: number of this batch; see cryptodev_contexts_acquire()
 * @steps: the kinds of steps in the first and second turn
 * @reserved: bytes of @scratch that the operations can take
 * @held, @held_route: context in use, and its route
 * @routes, @works: the operations
 * @rows: row of each operation's current step
 * @order: steps that go to batch rows in this turn; see order_word()
 * @m, @num_m, @rounds: messages of the current run
 */
struct CryptoBatch {
    unsigned home;
    unsigned n;
    CryptoStep steps[2];
    size_t reserved;
    CryptoScratch scratch;
    CryptoContext *held;
    CryptoRoute *held_route;
    CryptoRoute *routes[CRYPTO_BATCH_MAX];
    CryptoWork works[CRYPTO_BATCH_MAX];
    const CryptoBatchRow *rows[CRYPTO_BATCH_MAX];
    uint64_t order[CRYPTO_BATCH_MAX];
    unsigned num_order;
    CryptoMessage *m[CRYPTO_BATCH_MAX];
    unsigned num_m;
    Round rounds[CRYPTO_BATCH_MAX];
};

CryptoBatch *cryptodev_batch_new(void)
{
    static unsigned batches;
    CryptoBatch *b = g_new0(CryptoBatch, 1);

    b->home = qatomic_fetch_inc(&batches);
    return b;
}

void cryptodev_batch_free(CryptoBatch *b)
{
    if (b) {
        cryptodev_scratch_cleanup(&b->scratch);
        g_free(b);
    }
}

/* One at a time */

/* Consecutive operations of a session share a context. */
static void hold(CryptoBatch *b, CryptoRoute *route)
{
    if (b->held_route == route) {
        return;
    }
    if (b->held) {
        cryptodev_contexts_release(cryptodev_route_contexts(b->held_route),
                                   b->held, b->home);
    }
    b->held = route ? cryptodev_contexts_acquire(
                          cryptodev_route_contexts(route), b->home) : NULL;
    b->held_route = b->held ? route : NULL;
}

static void run_alone(CryptoBatch *b, unsigned i, bool hash)
{
    CryptoWork *w = &b->works[i];

    hold(b, b->routes[i]);
    if (b->held) {
        cryptodev_route_run(b->routes[i], w, &b->scratch, b->held, hash);
    } else {
        w->failed = true;
    }
}

/* Rounds */

/* CBC decryption in place overwrites the IV of the next round: save it. */
static void begin_round(const CryptoRow *row, CryptoMessage *m, Round *r,
                        size_t most)
{
    m->len = MIN(r->left, most);
    r->left -= m->len;
    if (r->left && row->chaining == CRYPTO_CHAINING_CBC &&
        !cryptodev_row_serves(row, CRYPTODEV_ENCRYPT)) {
        memcpy(r->next_iv, m->src + m->len - m->iv_len, m->iv_len);
    }
}

static void end_round(const CryptoRow *row, CryptoMessage *m, Round *r)
{
    r->ok = r->ok && m->ok;
    if (!r->left) {
        m->ok = r->ok;
        return;
    }
    if (row->chaining == CRYPTO_CHAINING_CTR32) {
        stl_be_p(m->iv + 12, ldl_be_p(m->iv + 12) + m->len / 16);
    } else if (row->chaining == CRYPTO_CHAINING_CBC) {
        memcpy(m->iv, cryptodev_row_serves(row, CRYPTODEV_ENCRYPT) ?
               m->dst + m->len - m->iv_len : r->next_iv, m->iv_len);
    }
    m->src += m->len;
    m->dst += m->len;
}

/*
 * The texts of guests mostly begin at the same offset in a page.  A library
 * that goes through them block by block in parallel then uses the same set of
 * cache lines for all of them.
 */
static bool must_stagger(const CryptoBatch *b, const CryptoBatchRow *batch)
{
    CryptoMessage *const *m = b->m;

    return batch->stagger && b->num_m > 2 && m[2]->len >= STAGGER_MIN_LEN &&
           ((uintptr_t)m[1]->src - (uintptr_t)m[2]->src) % CACHE_STRIDE <
           CACHE_LINE;
}

/* Put each text a cache line ahead of the previous one; it stays ahead. */
static void stagger(CryptoBatch *b, const CryptoRow *row)
{
    unsigned n = 1;

    while (n < MIN(b->num_m, STAGGER_MAX) &&
           b->m[n]->len >= STAGGER_MIN_LEN) {
        begin_round(row, b->m[n], &b->rounds[n], n * CACHE_LINE);
        n++;
    }
    cryptodev_row_run(row, b->m + 1, n - 1);
    for (unsigned i = 1; i < n; i++) {
        end_round(row, b->m[i], &b->rounds[i]);
    }
}

/*
 * Run one round of the messages from @first on, up to the first one without
 * text left.  Returns: their number
 */
static unsigned run_round(CryptoBatch *b, const CryptoRow *row, unsigned first)
{
    CryptoMessage **m = b->m + first;
    Round *r = b->rounds + first;
    unsigned n = 0;

    for (; first + n < b->num_m && r[n].left; n++) {
        begin_round(row, m[n], &r[n], row->max_len);
    }
    if (n) {
        cryptodev_row_run(row, m, n);
    }
    for (unsigned i = 0; i < n; i++) {
        end_round(row, m[i], &r[i]);
    }
    return n;
}

static void run_rounds(CryptoBatch *b, const CryptoRow *row, bool staggered)
{
    bool any = true;

    for (unsigned i = 0; i < b->num_m; i++) {
        b->rounds[i].left = b->m[i]->len;
        b->rounds[i].ok = true;
    }
    if (staggered) {
        stagger(b, row);
    }
    while (any) {
        any = false;
        for (unsigned i = 0; i < b->num_m; i++) {
            unsigned n = run_round(b, row, i);

            any = any || n;
            i += n;
        }
    }
}

/* Groups */

#define INDEX_BITS  8
#define LEN_BITS    24
#define LEN_MAX     ((1u << LEN_BITS) - 1)

QEMU_BUILD_BUG_ON(CRYPTO_BATCH_MAX > 1 << INDEX_BITS);

/*
 * Sort key of a step: first its group, which is the row and the length of the
 * cipher key; then its length, longest first; then the index of its work.
 */
static uint64_t order_word(const CryptoBatchRow *batch, const CryptoWork *w,
                           bool hash, size_t len, unsigned i)
{
    uint64_t group = batch->group << 16 |
                     (hash ? 0 : w->params->cipher_key_len);

    QEMU_BUILD_BUG_ON(CRYPTODEV_CIPHER_KEY_MAX > UINT16_MAX);
    return group << 32 | (LEN_MAX - MIN(len, LEN_MAX)) << INDEX_BITS | i;
}

static unsigned index_of(uint64_t word)
{
    return word & ((1 << INDEX_BITS) - 1);
}

static uint32_t len_of(uint64_t word)
{
    return LEN_MAX - (word >> INDEX_BITS & LEN_MAX);
}

/* Insertion sort: few words, mostly in order already */
static void sort(uint64_t *v, unsigned n)
{
    for (unsigned i = 1; i < n; i++) {
        uint64_t x = v[i];
        unsigned j = i;

        for (; j && v[j - 1] > x; j--) {
            v[j] = v[j - 1];
        }
        v[j] = x;
    }
}

static void run_messages(CryptoBatch *b, const CryptoBatchRow *batch)
{
    const CryptoRow *row = batch->row;
    bool staggered = must_stagger(b, batch);

    if (staggered || (row->chaining && b->m[0]->len > row->max_len)) {
        run_rounds(b, row, staggered);
    } else {
        cryptodev_row_run(row, b->m, b->num_m);
    }
}

/* How many of the longest steps of a sorted group should run alone */
static unsigned count_alone(const CryptoBatchRow *batch, const uint64_t *order,
                            unsigned n)
{
    uint32_t QEMU_UNINITIALIZED len[CRYPTO_BATCH_MAX];

    if (cryptodev_route_all(batch->count, len_of(order[0]),
                            len_of(order[n - 1]), n)) {
        return 0;
    }
    for (unsigned i = 0; i < n; i++) {
        len[i] = len_of(order[i]);
    }
    return cryptodev_route_alone(batch->count, len, n);
}

static void run_group(CryptoBatch *b, const uint64_t *order, unsigned n,
                      bool hash)
{
    const CryptoBatchRow *batch = b->rows[index_of(order[0])];
    unsigned alone = count_alone(batch, order, n);

    for (unsigned i = 0; i < alone; i++) {
        run_alone(b, index_of(order[i]), hash);
    }
    b->num_m = 0;
    for (unsigned i = alone; i < n; i++) {
        CryptoWork *w = &b->works[index_of(order[i])];

        cryptodev_work_place(w, &b->scratch, batch->row, hash);
        b->m[b->num_m++] = &w->m;
    }
    if (b->num_m) {
        run_messages(b, batch);
    }
    for (unsigned i = alone; i < n; i++) {
        CryptoWork *w = &b->works[index_of(order[i])];

        w->failed |= !w->m.ok;
    }
}

/* All groups of hashes, or all of ciphers */
static void run_groups(CryptoBatch *b, bool hash)
{
    unsigned n;

    sort(b->order, b->num_order);
    for (unsigned i = 0; i < b->num_order; i += n) {
        uint32_t group = b->order[i] >> 32;

        for (n = 1; i + n < b->num_order && b->order[i + n] >> 32 == group;) {
            n++;
        }
        run_group(b, &b->order[i], n, hash);
    }
}

/* The hashes, or the ciphers, of turn @turn */
static void run_steps(CryptoBatch *b, unsigned turn, CryptoStep step)
{
    bool hash = step == CRYPTO_STEP_HASH;

    b->num_order = 0;
    for (unsigned i = 0; i < b->n; i++) {
        CryptoWork *w = &b->works[i];
        size_t len;

        if (w->failed || w->steps[turn] != step) {
            continue;
        }
        len = cryptodev_work_len(w, hash);
        b->rows[i] = cryptodev_route_batch(b->routes[i], w, hash, len, b->n,
                                           &w->m.ctx);
        if (b->rows[i]) {
            b->order[b->num_order++] = order_word(b->rows[i], w, hash, len, i);
        } else {
            run_alone(b, i, hash);
        }
    }
    run_groups(b, hash);
}

void cryptodev_batch_run(CryptoBatch *b)
{
    for (unsigned turn = 0; turn < ARRAY_SIZE(b->steps); turn++) {
        if (b->steps[turn] & CRYPTO_STEP_CIPHER) {
            run_steps(b, turn, CRYPTO_STEP_CIPHER);
        }
        if (b->steps[turn] & CRYPTO_STEP_HASH) {
            run_steps(b, turn, CRYPTO_STEP_HASH);
        }
        b->steps[turn] = CRYPTO_STEP_NONE;
    }
    for (unsigned i = 0; i < b->n; i++) {
        cryptodev_work_finish(&b->works[i]);
    }
    hold(b, NULL);
    cryptodev_scratch_reset(&b->scratch);
    b->n = 0;
    b->reserved = 0;
}

/* Make room for @most bytes of scratch memory; this can run the batch. */
static void make_room(CryptoBatch *b, size_t most)
{
    if (b->reserved && b->reserved + most > CRYPTO_SCRATCH_KEEP) {
        cryptodev_batch_run(b);
    }
    if (!b->reserved) {
        cryptodev_scratch_reserve(&b->scratch, most);
    }
    b->reserved += most;
}

void cryptodev_batch_add(CryptoBatch *b, CryptoRoute *route, CryptoDevOp *op)
{
    const CryptoDevSessionParams *params =
        cryptodev_route_contexts(route)->params;
    CryptoWork *w = &b->works[b->n];
    size_t most = cryptodev_work_init(w, op, params);

    if (most) {
        make_room(b, most);
        w = &b->works[b->n];
        cryptodev_work_init(w, op, params);
    }
    if (most || params->service == CRYPTODEV_SERVICE_AEAD) {
        cryptodev_work_load(w, &b->scratch);
    }
    b->steps[0] |= w->steps[0];
    b->steps[1] |= w->steps[1];
    b->routes[b->n++] = route;
    if (b->n == CRYPTO_BATCH_MAX) {
        cryptodev_batch_run(b);
    }
}

void cryptodev_batch_run_one(CryptoRoute *route, CryptoDevOp *op)
{
    CryptoBatch *b = cryptodev_batch_new();

    cryptodev_batch_add(b, route, op);
    cryptodev_batch_run(b);
    cryptodev_batch_free(b);
}
