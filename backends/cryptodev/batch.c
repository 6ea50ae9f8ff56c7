/*
 * Batches of cryptodev-backend-builtin
 *
 * As in the engine, nothing is decided on guest memory, and the results of an
 * operation are as if all its input had been read before the first byte is
 * written.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/atomic.h"
#include "qemu/bswap.h"
#include "batch.h"
#include "cursor.h"
#include "engine.h"

/* Memory for what must be brought together; a full one ends a batch. */
#define ARENA_SIZE  (1 * MiB)

#define AAD_MAX     64
#define DIGEST_MAX  64

/* Texts side by side, of this length at least, that are staggered */
#define STAGGER_MAX     8
#define STAGGER_MIN_LEN (1 * KiB)
/* Of a first-level cache: addresses this far apart go to the same places. */
#define CACHE_LINE      64
#define CACHE_STRIDE    4096

/* Bytes that a message of no bytes is worth. */
#define WEIGHT      64

const uint32_t crypto_batch_class_len[CRYPTO_BATCH_CLASSES] = {
    32, 128, 512, 2048, UINT32_MAX
};

/**
 * Item: an operation to be done
 *
 * @len: of its longer part
 * @hash, @hash_ctx: of a chain whose hash is done alone, else NULL
 */
typedef struct Item {
    CryptoDevOp *op;
    CryptoBatchKey *key;
    uint32_t len;
    const CryptoProviderAlgo *hash;
    void *hash_ctx;
} Item;

/**
 * Slot: what becomes of a job
 *
 * @out: result that goes to @out_to afterwards, NULL if it is there already
 * @left: bytes of text behind this round
 * @ok: of all rounds
 * @msg, @msg_len, @hashed: of a hash that is done alone
 * @expected: tag to compare with
 */
typedef struct Slot {
    const Item *item;
    CryptoDevOp *op;
    const uint8_t *out;
    Cursor out_to;
    size_t left;
    bool ok;
    bool hashed;
    const uint8_t *msg;
    size_t msg_len;
    uint8_t next_iv[CRYPTODEV_IV_MAX];
    uint8_t aad[AAD_MAX];
    uint8_t expected[CRYPTODEV_IV_MAX];
    uint8_t digest[DIGEST_MAX];
} Slot;

/**
 * CryptoBatch:
 *
 * @order: the items to be, by group and then the longest first; the index of
 *     the item is the low byte
 * @jobs, @slots: the jobs of the group at hand
 */
struct CryptoBatch {
    unsigned num_items;
    unsigned num_jobs;
    Item items[CRYPTO_BATCH_MAX];
    uint64_t order[CRYPTO_BATCH_MAX];
    CryptoProviderJob jobs[CRYPTO_BATCH_MAX];
    Slot slots[CRYPTO_BATCH_MAX];
    uint8_t *arena;
    size_t arena_used;
};

CryptoBatch *crypto_batch_new(void)
{
    return g_new0(CryptoBatch, 1);
}

void crypto_batch_free(CryptoBatch *b)
{
    if (b) {
        g_free(b->arena);
        g_free(b);
    }
}

/* Keys */

static bool serves(const CryptoProviderBatch *row,
                   const CryptoDevSessionParams *p)
{
    return row->cipher == p->cipher && row->hash == p->hash &&
           row->chain == p->chain && row->kind == p->kind;
}

static unsigned least_count(const CryptoBatchRow *row)
{
    unsigned least = UINT_MAX;

    for (unsigned i = 0; i < CRYPTO_BATCH_CLASSES; i++) {
        if (row->min_count[i]) {
            least = MIN(least, row->min_count[i]);
        }
    }
    return least;
}

void crypto_batch_key_init(CryptoBatchKey *key, CryptoBatchRow *rows,
                           unsigned num_rows,
                           const CryptoDevSessionParams *params)
{
    *key = (CryptoBatchKey) { };
    for (unsigned i = 0; i < num_rows && !key->row; i++) {
        if (serves(rows[i].row, params) && crypto_batch_row_usable(&rows[i])) {
            key->row = &rows[i];
            key->group = i << 9 | params->cipher_key_len;
            key->least = least_count(&rows[i]);
        }
    }
}

void crypto_batch_key_cleanup(CryptoBatchKey *key)
{
    if (key->key) {
        key->row->row->ops->key_free(key->key);
    }
}

/* The keys of a session, made once; a session that has none stays without. */
static const void *get_key(CryptoBatchKey *key,
                           const CryptoDevSessionParams *params)
{
    const CryptoProviderBatch *row = key->row->row;
    void *k = qatomic_load_acquire(&key->key);
    void *other;

    if (k) {
        return k;
    }
    k = row->ops->key_new(row, params);
    if (!k) {
        qatomic_set(&key->refused, true);
        return NULL;
    }
    other = qatomic_cmpxchg(&key->key, NULL, k);
    if (other) {
        row->ops->key_free(k);
        k = other;
    }
    return k;
}

/* Which operations qualify */

static bool in_range(const CryptoProviderBatch *row, size_t len)
{
    return len && len <= (row->carry ? CRYPTO_BATCH_LEN_MAX : row->max_len);
}

static bool counter_overflows(const CryptoProviderBatch *row,
                              const uint8_t *iv, size_t len)
{
    uint64_t blocks = DIV_ROUND_UP(len, 16);

    return row->carry == CRYPTO_CARRY_COUNTER &&
           (uint32_t)ldl_be_p(iv + 12) + blocks - 1 > UINT32_MAX;
}

/*
 * What a batch would do for @op: the bytes of its longer part, or 0 if it
 * cannot be in a batch.
 */
static size_t batch_len(const CryptoProviderBatch *row, const CryptoDevOp *op)
{
    const CryptoDevRange *cw = &op->cipher_window, *hw = &op->hash_window;
    size_t len = op->src.len;

    if (row->chain != CRYPTODEV_CHAIN_NONE) {
        len = MAX(cw->len, hw->len + op->aad.len);
        if (!cw->len || !hw->len) {
            return 0;
        }
    } else if (row->hash != CRYPTODEV_ALGO_NONE) {
        len -= cryptodev_algo_info(row->hash)->nonce_len;
    } else if (op->aad.len > row->max_aad ||
               counter_overflows(row, op->iv, len)) {
        return 0;
    }
    if (row->digest_len && op->digest.len > row->digest_len) {
        return 0;
    }
    return in_range(row, len) ? len : 0;
}

static unsigned class_of(uint32_t len)
{
    unsigned class = 0;

    while (len > crypto_batch_class_len[class]) {
        class++;
    }
    return class;
}

QEMU_BUILD_BUG_ON(CRYPTO_BATCH_LEN_MAX > UINT32_MAX >> 8);

/* Returns: an item for an operation of @len bytes, or NULL */
static Item *new_item(CryptoBatch *b, CryptoDevOp *op, CryptoBatchKey *key,
                      uint32_t len)
{
    unsigned i = b->num_items;
    Item *item = &b->items[i];

    if (i == CRYPTO_BATCH_MAX || !len ||
        !key->row->min_count[class_of(len)] || qatomic_read(&key->refused)) {
        return NULL;
    }
    item->op = op;
    item->key = key;
    item->len = len;
    b->order[i] = (uint64_t)key->group << 32 |
                  ((UINT32_MAX >> 8) - len) << 8 | i;
    b->num_items++;
    return item;
}

bool crypto_batch_add(CryptoBatch *b, CryptoDevOp *op, CryptoBatchKey *key)
{
    Item *item = key->row ?
        new_item(b, op, key, batch_len(key->row->row, op)) : NULL;

    if (item) {
        item->hash = NULL;
    }
    return item;
}

/* As batch_len() for the cipher of a chain alone */
static size_t cipher_len(const CryptoProviderBatch *row, const CryptoDevOp *op)
{
    size_t len = op->cipher_window.len;

    if (!op->hash_window.len || op->digest.len > DIGEST_MAX ||
        counter_overflows(row, op->iv, len)) {
        return 0;
    }
    return in_range(row, len) ? len : 0;
}

bool crypto_batch_add_cipher(CryptoBatch *b, CryptoDevOp *op,
                             CryptoBatchKey *key,
                             const CryptoProviderAlgo *hash, void *ctx)
{
    Item *item = key->row ?
        new_item(b, op, key, cipher_len(key->row->row, op)) : NULL;

    if (item) {
        item->hash = hash;
        item->hash_ctx = ctx;
    }
    return item;
}

/* Memory for copies */

static uint8_t *arena_get(CryptoBatch *b, size_t len)
{
    size_t start = QEMU_ALIGN_UP(b->arena_used, 64);

    if (len > ARENA_SIZE || start > ARENA_SIZE - len) {
        return NULL;
    }
    if (!b->arena) {
        b->arena = g_malloc(ARENA_SIZE);
    }
    b->arena_used = start + len;
    return b->arena + start;
}

static uint8_t *arena_copy(CryptoBatch *b, Cursor c)
{
    uint8_t *p = arena_get(b, c.left);

    if (p) {
        cursor_read(&c, p, c.left);
    }
    return p;
}

static void arena_reset(CryptoBatch *b)
{
    if (b->arena_used) {
        cryptodev_wipe(b->arena, b->arena_used);
        b->arena_used = 0;
    }
}

/* Jobs from operations */

typedef enum Placed {
    PLACED,
    NO_ROOM,                            /* try again with an empty arena */
    NOT_HERE,                           /* the engine has to do it */
} Placed;

static bool overlap(const uint8_t *a, const uint8_t *b, size_t len)
{
    return a != b && bytes_overlap(a, len, b, len);
}

/* Text from @src to @dst, through the arena where they are scattered. */
static Placed place_text(CryptoBatch *b, const CryptoProviderBatch *row,
                         CryptoProviderJob *job, Slot *slot,
                         Cursor src, Cursor dst)
{
    size_t len = src.left;
    uint8_t *s = cursor_flat(&src), *d = cursor_flat(&dst);
    bool copied = false;

    if (!row->gather && (!s || !d || overlap(s, d, len))) {
        return NOT_HERE;
    }
    if (!s || (d && overlap(s, d, len))) {
        s = arena_copy(b, src);
        copied = true;
    }
    slot->out = NULL;
    if (!d) {
        d = copied ? s : arena_get(b, len);
        slot->out = d;
        slot->out_to = dst;
    }
    if (!s || !d) {
        return NO_ROOM;
    }
    job->src = s;
    job->dst = d;
    job->len = len;
    return PLACED;
}

static void set_iv(CryptoProviderJob *job, const CryptoDevOp *op)
{
    memcpy(job->iv, op->iv, sizeof(job->iv));
    job->iv_len = op->iv_len;
}

static Placed place_cipher(CryptoBatch *b, const CryptoProviderBatch *row,
                           CryptoProviderJob *job, Slot *slot)
{
    const CryptoDevOp *op = slot->op;

    set_iv(job, op);
    return place_text(b, row, job, slot, cursor_of(&op->src),
                      cursor_at(&op->dst, 0, op->src.len));
}

static Placed place_aead(CryptoBatch *b, const CryptoProviderBatch *row,
                         CryptoProviderJob *job, Slot *slot)
{
    const CryptoDevOp *op = slot->op;
    Cursor aad = cursor_of(&op->aad), tag = cursor_of(&op->digest);

    cursor_read(&aad, slot->aad, op->aad.len);
    job->aad = slot->aad;
    job->aad_len = op->aad.len;
    job->digest_len = op->digest.len;
    if (op->kind == CRYPTODEV_DECRYPT) {
        cursor_read(&tag, slot->expected, op->digest.len);
    }
    return place_cipher(b, row, job, slot);
}

static Placed place_digest(CryptoBatch *b, const CryptoProviderBatch *row,
                           CryptoProviderJob *job, Slot *slot)
{
    Cursor src = cursor_of(&slot->op->src);
    size_t nonce_len = cryptodev_algo_info(row->hash)->nonce_len;

    cursor_read(&src, job->iv, nonce_len);
    job->iv_len = nonce_len;
    job->msg_len = src.left;
    job->msg = cursor_flat(&src) ?: arena_copy(b, src);
    return job->msg ? PLACED : NO_ROOM;
}

static bool is_hash_first(const CryptoDevOp *op)
{
    return op->session->params.chain == CRYPTODEV_CHAIN_HASH_THEN_CIPHER;
}

/* A chain in the guest's memory: source and image of the destination at hand */
static void chain_in_place(CryptoProviderJob *job, const CryptoDevOp *op,
                           const uint8_t *src, uint8_t *dst, bool hash_first)
{
    const CryptoDevRange *w = &op->cipher_window;
    size_t end = (size_t)w->offset + w->len;
    size_t image = MIN(op->src.len, op->dst.len);

    if (src != dst) {
        memcpy(dst, src, w->offset);
        memcpy(dst + end, src + end, image - end);
    }
    job->src = src + w->offset;
    job->dst = dst + w->offset;
    job->msg = (hash_first ? src : dst) + op->hash_window.offset;
}

/* What is hashed is AAD and window: a copy if there is AAD. */
static Placed chain_msg(CryptoBatch *b, CryptoProviderJob *job,
                        const CryptoDevOp *op)
{
    Cursor aad = cursor_of(&op->aad);
    Cursor window = cursor_at(&op->src, op->hash_window.offset,
                              op->hash_window.len);
    uint8_t *p;

    if (!op->aad.len) {
        return PLACED;
    }
    p = arena_get(b, op->aad.len + op->hash_window.len);
    if (!p) {
        return NO_ROOM;
    }
    job->msg = p;
    cursor_read(&aad, p, op->aad.len);
    cursor_read(&window, p + op->aad.len, op->hash_window.len);
    return PLACED;
}

/* A chain in a copy of the source, with the AAD right before it. */
static Placed chain_in_arena(CryptoBatch *b, CryptoProviderJob *job,
                             Slot *slot, bool hash_first)
{
    const CryptoDevOp *op = slot->op;
    Cursor aad = cursor_of(&op->aad), src = cursor_of(&op->src);
    uint8_t *p = arena_get(b, op->aad.len + op->src.len);

    if (!p) {
        return NO_ROOM;
    }
    cursor_read(&aad, p, op->aad.len);
    p += op->aad.len;
    cursor_read(&src, p, op->src.len);
    job->src = job->dst = p + op->cipher_window.offset;
    job->msg = p + op->hash_window.offset - op->aad.len;
    slot->out = p;
    slot->out_to = cursor_at(&op->dst, 0, MIN(op->src.len, op->dst.len));
    return PLACED;
}

static Placed place_chain(CryptoBatch *b, const CryptoProviderBatch *row,
                          CryptoProviderJob *job, Slot *slot)
{
    const CryptoDevOp *op = slot->op;
    bool hash_first = is_hash_first(op);
    size_t image = MIN(op->src.len, op->dst.len);
    Cursor src = cursor_of(&op->src), dst = cursor_at(&op->dst, 0, image);
    const uint8_t *s = cursor_flat(&src);
    uint8_t *d = cursor_flat(&dst);
    bool flat = s && d && !overlap(s, d, op->src.len);

    set_iv(job, op);
    job->len = op->cipher_window.len;
    job->msg_len = op->aad.len + op->hash_window.len;
    slot->out = NULL;
    if (flat && (hash_first || !op->aad.len)) {
        Placed placed = hash_first ? chain_msg(b, job, op) : PLACED;
        const uint8_t *msg = job->msg;

        if (placed == PLACED) {
            chain_in_place(job, op, s, d, hash_first);
            job->msg = op->aad.len ? msg : job->msg;
        }
        return placed;
    }
    if (!row->gather || (op->aad.len && op->hash_window.offset)) {
        return NOT_HERE;
    }
    return chain_in_arena(b, job, slot, hash_first);
}

static void hash_alone(Slot *slot)
{
    CryptoProviderRun run = {
        .in = slot->msg, .in_len = slot->msg_len,
        .tag = slot->digest, .tag_len = slot->op->digest.len,
    };

    slot->hashed = cryptodev_provider_run(slot->item->hash,
                                          slot->item->hash_ctx, &run);
}

/* A chain of which the library gets the cipher */
static Placed place_split(CryptoBatch *b, const CryptoProviderBatch *row,
                          CryptoProviderJob *job, Slot *slot)
{
    Placed placed = place_chain(b, row, job, slot);

    slot->msg = job->msg;
    slot->msg_len = job->msg_len;
    job->msg = NULL;
    job->msg_len = 0;
    if (placed == PLACED && is_hash_first(slot->op)) {
        hash_alone(slot);
    }
    return placed;
}

static Placed place(CryptoBatch *b, const CryptoProviderBatch *lib,
                    const Item *item, const void *key)
{
    const CryptoDevSessionParams *params = &item->op->session->params;
    CryptoProviderJob *job = &b->jobs[b->num_jobs];
    Slot *slot = &b->slots[b->num_jobs];

    slot->item = item;
    slot->op = item->op;
    job->key = key;
    job->src = job->dst = NULL;
    job->msg = job->aad = NULL;
    job->len = job->msg_len = job->aad_len = 0;
    job->digest = slot->digest;
    job->digest_len = lib->digest_len;
    slot->out = NULL;
    if (item->hash) {
        return place_split(b, lib, job, slot);
    }
    if (lib->chain != CRYPTODEV_CHAIN_NONE) {
        return place_chain(b, lib, job, slot);
    }
    if (lib->hash != CRYPTODEV_ALGO_NONE) {
        return place_digest(b, lib, job, slot);
    }
    return params->service == CRYPTODEV_SERVICE_AEAD ?
           place_aead(b, lib, job, slot) : place_cipher(b, lib, job, slot);
}

/* Results */

static CryptoDevStatus verify(const CryptoProviderJob *job, const Slot *slot)
{
    const CryptoDevOp *op = slot->op;

    if (!job->ok || (slot->item->hash && !slot->hashed)) {
        return CRYPTODEV_ERR;
    }
    if (job->aad && op->kind == CRYPTODEV_DECRYPT &&
        !cryptodev_equal(slot->digest, slot->expected, op->digest.len)) {
        return CRYPTODEV_BADMSG;
    }
    return CRYPTODEV_OK;
}

static void finish(const CryptoProviderJob *job, Slot *slot)
{
    CryptoDevOp *op = slot->op;
    bool aead = job->aad, split = slot->item->hash;

    if (split && job->ok && !is_hash_first(op)) {
        hash_alone(slot);
    }
    op->status = verify(job, slot);
    op->written = 0;
    if (op->status != CRYPTODEV_OK) {
        if (aead) {
            cursor_zero(cursor_at(&op->dst, 0, op->src.len));
        }
        return;
    }
    if (slot->out) {
        cursor_write(&slot->out_to, slot->out, slot->out_to.left);
    }
    if ((job->digest_len || split) && !(aead && op->kind == CRYPTODEV_DECRYPT)) {
        Cursor digest = cursor_of(&op->digest);

        cursor_write(&digest, slot->digest, op->digest.len);
    }
    op->written = crypto_engine_written(op, &op->session->params);
}

/* Rounds */

/* Decryption in place is about to overwrite what the next round begins with. */
static void begin_round(const CryptoProviderBatch *row, CryptoProviderJob *job,
                        Slot *slot, size_t most)
{
    job->len = MIN(slot->left, most);
    slot->left -= job->len;
    if (slot->left && row->carry == CRYPTO_CARRY_BLOCK &&
        row->kind == CRYPTODEV_DECRYPT) {
        memcpy(slot->next_iv, job->src + job->len - job->iv_len, job->iv_len);
    }
}

static void end_round(const CryptoProviderBatch *row, CryptoProviderJob *job,
                      Slot *slot)
{
    slot->ok = slot->ok && job->ok;
    if (!slot->left) {
        job->ok = slot->ok;
        return;
    }
    if (row->carry == CRYPTO_CARRY_COUNTER) {
        stl_be_p(job->iv + 12, ldl_be_p(job->iv + 12) + job->len / 16);
    } else if (row->carry == CRYPTO_CARRY_BLOCK) {
        memcpy(job->iv, row->kind == CRYPTODEV_DECRYPT ? slot->next_iv :
               job->dst + job->len - job->iv_len, job->iv_len);
    }
    job->src += job->len;
    job->dst += job->len;
}

/*
 * Texts that begin at the same place of a page, as those of guests do, compete
 * for the same lines of the cache all the time that a library goes through
 * them side by side.
 */
static bool must_stagger(const CryptoBatch *b, const CryptoProviderBatch *row)
{
    const CryptoProviderJob *jobs = b->jobs;

    return row->lanes && b->num_jobs > 2 && jobs[2].len >= STAGGER_MIN_LEN &&
           ((uintptr_t)jobs[1].src - (uintptr_t)jobs[2].src) %
           CACHE_STRIDE < CACHE_LINE;
}

/* Each is a line ahead of the one before, and so they stay. */
static void stagger(CryptoBatch *b, const CryptoProviderBatch *row)
{
    unsigned n = 1;

    while (n < MIN(b->num_jobs, STAGGER_MAX) &&
           b->jobs[n].len >= STAGGER_MIN_LEN) {
        begin_round(row, &b->jobs[n], &b->slots[n], n * CACHE_LINE);
        n++;
    }
    row->ops->run(row, b->jobs + 1, n - 1);
    for (unsigned i = 1; i < n; i++) {
        end_round(row, &b->jobs[i], &b->slots[i]);
    }
}

/*
 * One round of the jobs from @first on that have text left, up to one that
 * has none.  Returns: their number
 */
static unsigned run_round(CryptoBatch *b, const CryptoProviderBatch *row,
                          unsigned first)
{
    CryptoProviderJob *jobs = b->jobs + first;
    Slot *slots = b->slots + first;
    unsigned n = 0;

    for (; first + n < b->num_jobs && slots[n].left; n++) {
        begin_round(row, &jobs[n], &slots[n], row->max_len);
    }
    if (n) {
        row->ops->run(row, jobs, n);
    }
    for (unsigned i = 0; i < n; i++) {
        end_round(row, &jobs[i], &slots[i]);
    }
    return n;
}

static void run_rounds(CryptoBatch *b, const CryptoProviderBatch *row,
                       bool staggered)
{
    bool any = true;

    for (unsigned i = 0; i < b->num_jobs; i++) {
        b->slots[i].left = b->jobs[i].len;
        b->slots[i].ok = true;
    }
    if (staggered) {
        stagger(b, row);
    }
    while (any) {
        any = false;
        for (unsigned i = 0; i < b->num_jobs; i++) {
            unsigned n = run_round(b, row, i);

            any = any || n;
            i += n;
        }
    }
}

static void run_jobs(CryptoBatch *b, const CryptoProviderBatch *row)
{
    bool staggered = must_stagger(b, row);

    if (staggered || (b->num_jobs && b->jobs[0].len > row->max_len)) {
        run_rounds(b, row, staggered);
    } else if (b->num_jobs) {
        row->ops->run(row, b->jobs, b->num_jobs);
    }
    for (unsigned i = 0; i < b->num_jobs; i++) {
        finish(&b->jobs[i], &b->slots[i]);
    }
    b->num_jobs = 0;
    arena_reset(b);
}

/* Returns: false if @item has to be done alone. */
static bool add_job(CryptoBatch *b, const CryptoProviderBatch *row,
                    const Item *item)
{
    const void *key = get_key(item->key, &item->op->session->params);
    Placed placed;

    if (!key) {
        return false;
    }
    placed = place(b, row, item, key);
    if (placed == NO_ROOM) {
        run_jobs(b, row);
        placed = place(b, row, item, key);
    }
    b->num_jobs += placed == PLACED;
    return placed == PLACED;
}

/* Groups */

static Item *item_at(CryptoBatch *b, unsigned i)
{
    return &b->items[b->order[i] & 0xff];
}

/*
 * A batch takes as long as its longest message, or as long as its lanes have
 * to go round: it pays when all messages together are min_count times as long
 * as the longest.  Until that is so, the longest is better off alone.
 *
 * Returns: how many of the @n items from @first on are
 */
static unsigned loners(CryptoBatch *b, const CryptoBatchRow *row,
                       unsigned first, unsigned n)
{
    uint64_t sum = 0;
    unsigned i;

    for (i = 0; i < n; i++) {
        sum += item_at(b, first + i)->len + WEIGHT;
    }
    for (i = 0; i < n; i++) {
        uint32_t len = item_at(b, first + i)->len;
        uint64_t min_count = row->min_count[class_of(len)];

        if (min_count && sum >= min_count * (len + WEIGHT)) {
            break;
        }
        sum -= len + WEIGHT;
    }
    return i;
}

/* Returns: the number of operations left over, which are at @rest. */
static unsigned run_group(CryptoBatch *b, unsigned first, unsigned n,
                          CryptoDevOp **rest)
{
    const CryptoBatchRow *row = item_at(b, first)->key->row;
    unsigned alone = loners(b, row, first, n);
    unsigned num_rest = 0;

    for (unsigned i = 0; i < n; i++) {
        Item *item = item_at(b, first + i);

        if (i < alone || !add_job(b, row->row, item)) {
            rest[num_rest++] = item->op;
        }
    }
    run_jobs(b, row->row);
    return num_rest;
}

/* Mostly in order already, and never many. */
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

unsigned crypto_batch_run(CryptoBatch *b, CryptoDevOp **rest)
{
    unsigned num_rest = 0, n;

    sort(b->order, b->num_items);
    for (unsigned i = 0; i < b->num_items; i += n) {
        uint32_t group = b->order[i] >> 32;

        for (n = 1; i + n < b->num_items && b->order[i + n] >> 32 == group;) {
            n++;
        }
        num_rest += run_group(b, i, n, rest + num_rest);
    }
    b->num_items = 0;
    return num_rest;
}
