/*
 * Trials of batch rows: whether they are right, and when they are fast
 *
 * Both are told by the rows that serve the same algorithms one message at a
 * time, which have passed known-answer tests.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/cutils.h"
#include "qemu/error-report.h"
#include "qemu/lockable.h"
#include "qemu/timer.h"
#include "qemu/units.h"
#include "batch.h"
#include "system/cryptodev-util.h"
#include "backends/trace.h"

/* More messages than a library has lanes, some of them in a second round */
#define LANES       20
#define LEN_MAX     2048

/* Messages of a measurement: as many as the widest registers take */
#define FULL        16
/* A batch must win by this much, so that noise does not decide: 1 in 8 */
#define MARGIN_NUM  7
#define MARGIN_DEN  8
/* What it takes to collect a message and to place it in a batch, about */
#define COLLECT_NS  20
/*
 * A measurement is repeated, and the best one counts: what disturbs adds.
 * Long ones are repeated less often.
 */
#define REPEAT      8
#define REPEAT_MIN  4
#define REPEAT_NS   (20 * 1000)
/* A message that takes longer than this is too long to be measured. */
#define MESSAGE_NS  (20 * 1000)
/*
 * The message of a contest: short ones take about as long with all libraries,
 * and what they differ by is less than what they differ by here.
 */
#define CONTEST_LEN (4 * KiB)
/* What is measured for each class of lengths */
static const uint32_t class_sample[CRYPTO_BATCH_CLASSES] = {
    16, 64, 256, 1024, LEN_MAX
};

/**
 * Lane: a message with keys of its own
 *
 * @key: for the batch; @part_key: for that of the cipher alone
 * @cipher, @hash: contexts for the message alone
 * @want, @want_tag: what the message alone gives
 */
typedef struct Lane {
    CryptoDevSessionParams params;
    CryptoProviderJob job;
    void *key, *part_key;
    void *cipher, *hash;
    uint8_t cipher_key[32], auth_key[32], aad[32];
    uint8_t tag[64], want_tag[64];
    uint8_t src[LEN_MAX], dst[LEN_MAX], want[LEN_MAX];
} Lane;

/* @bytes: text, keys and IVs are taken from here, @next is where */
typedef struct Trial {
    const CryptoProviderBatch *row, *part;
    const CryptoProviderAlgo *cipher, *hash;
    unsigned next;
    uint8_t bytes[2 * LEN_MAX];
    Lane lane[LANES];
    CryptoProviderJob jobs[LANES];
} Trial;

static Trial *trial_new(void)
{
    Trial *t = g_new0(Trial, 1);
    uint32_t x = 1;

    /* they need not be good random bytes, only different ones */
    for (unsigned i = 0; i < sizeof(t->bytes); i++) {
        x = x * 1664525 + 1013904223;
        t->bytes[i] = x >> 24;
    }
    return t;
}

static void fill(Trial *t, uint8_t *buf, size_t len)
{
    t->next = (t->next + 61) % (sizeof(t->bytes) - LEN_MAX);
    memcpy(buf, t->bytes + t->next, len);
}

static const CryptoDevAlgoInfo *info_of(const CryptoProviderAlgo *row)
{
    return row ? cryptodev_algo_info(row->algo) : NULL;
}

/* Keys */

static void *single_new(const CryptoProviderAlgo *row, const uint8_t *key,
                        size_t key_len, const CryptoDevSessionParams *p)
{
    return row ? row->ops->ctx_new(row, key, key_len,
                                   p->kind == CRYPTODEV_ENCRYPT) : NULL;
}

static void single_free(const CryptoProviderAlgo *row, void *ctx)
{
    if (ctx) {
        row->ops->ctx_free(ctx);
    }
}

static void *batch_new(const CryptoProviderBatch *row,
                       const CryptoDevSessionParams *p)
{
    return row ? row->ops->key_new(row, p) : NULL;
}

static void batch_free(const CryptoProviderBatch *row, void *key)
{
    if (key) {
        row->ops->key_free(key);
    }
}

static void lane_cleanup(Trial *t, Lane *l)
{
    single_free(t->cipher, l->cipher);
    single_free(t->hash, l->hash);
    batch_free(t->row, l->key);
    batch_free(t->part, l->part_key);
    l->cipher = l->hash = l->key = l->part_key = NULL;
}

/* Returns: false if a library refuses keys of this length */
static bool lane_init(Trial *t, Lane *l, size_t cipher_key_len)
{
    const CryptoDevAlgoInfo *hash = info_of(t->hash);

    fill(t, l->cipher_key, sizeof(l->cipher_key));
    fill(t, l->auth_key, sizeof(l->auth_key));
    fill(t, l->aad, sizeof(l->aad));
    l->params = (CryptoDevSessionParams) {
        .kind = t->row->kind, .chain = t->row->chain,
        .cipher = t->row->cipher, .hash = t->row->hash,
        .cipher_key = l->cipher_key, .cipher_key_len = cipher_key_len,
        .auth_key = l->auth_key,
        .auth_key_len = hash ? MIN(hash->key_max, sizeof(l->auth_key)) : 0,
    };
    if (hash && hash->key_max == 16) {
        l->params.auth_key_len = 16;
    }
    l->cipher = single_new(t->cipher, l->cipher_key, cipher_key_len,
                           &l->params);
    l->hash = single_new(t->hash, l->auth_key, l->params.auth_key_len,
                         &l->params);
    l->key = batch_new(t->row, &l->params);
    l->part_key = batch_new(t->part, &l->params);
    return !l->cipher == !t->cipher && !l->hash == !t->hash && l->key &&
           !l->part_key == !t->part;
}

static void trial_cleanup(Trial *t)
{
    for (unsigned i = 0; i < LANES; i++) {
        lane_cleanup(t, &t->lane[i]);
    }
}

static bool trial_init(Trial *t, size_t cipher_key_len)
{
    for (unsigned i = 0; i < LANES; i++) {
        if (!lane_init(t, &t->lane[i], cipher_key_len)) {
            trial_cleanup(t);
            return false;
        }
    }
    return true;
}

/* Messages */

static bool is_aead(const Trial *t)
{
    return t->cipher && t->cipher->ops->final;
}

static void lane_set(Trial *t, Lane *l, size_t len, bool in_place)
{
    const CryptoDevAlgoInfo *cipher = info_of(t->cipher);
    const CryptoDevAlgoInfo *hash = info_of(t->hash);
    bool hash_first = t->row->chain != CRYPTODEV_CHAIN_CIPHER_THEN_HASH;
    CryptoProviderJob *job = &l->job;

    *job = (CryptoProviderJob) {
        .key = l->key, .digest = l->tag, .digest_len = t->row->digest_len,
        .iv_len = cipher ? cipher->iv_min : hash->nonce_len,
    };
    fill(t, job->iv, job->iv_len);
    /* far from a carry out of 32 bits */
    job->iv[sizeof(job->iv) - 4] = 0;
    if (cipher) {
        job->src = l->src;
        job->dst = in_place ? l->src : l->dst;
        job->len = QEMU_ALIGN_DOWN(len, cipher->block_len);
    }
    if (hash) {
        job->msg = hash_first ? l->src : job->dst;
        job->msg_len = QEMU_ALIGN_DOWN(len, cipher ? cipher->block_len : 1);
    }
    if (is_aead(t)) {
        job->aad = l->aad;
        job->aad_len = sizeof(l->aad) - 3;
        job->digest_len = cipher->digest_len;
    }
}

static bool run_cipher(Trial *t, Lane *l)
{
    CryptoProviderRun run = {
        .iv = l->job.iv, .iv_len = l->job.iv_len,
        .aad = l->job.aad, .aad_len = l->job.aad_len,
        .in = l->src, .in_len = l->job.len, .out = l->want,
        .tag = l->want_tag, .tag_len = l->job.digest_len,
    };

    return cryptodev_provider_run(t->cipher, l->cipher, &run);
}

static bool run_hash(Trial *t, Lane *l)
{
    bool hash_first = t->row->chain != CRYPTODEV_CHAIN_CIPHER_THEN_HASH;
    CryptoProviderRun run = {
        .iv = l->job.iv, .iv_len = t->cipher ? 0 : l->job.iv_len,
        .in = hash_first ? l->src : l->want, .in_len = l->job.msg_len,
        .tag = l->want_tag, .tag_len = l->job.digest_len,
    };

    return cryptodev_provider_run(t->hash, l->hash, &run);
}

static bool run_single(Trial *t, Lane *l)
{
    return (!t->cipher || run_cipher(t, l)) && (!t->hash || run_hash(t, l));
}

static void run_batch(Trial *t, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        t->jobs[i] = t->lane[i].job;
    }
    t->row->ops->run(t->row, t->jobs, n);
}

/* Test */

static bool lane_passed(const Lane *l, const CryptoProviderJob *job)
{
    return job->ok &&
           cryptodev_equal(job->dst ?: l->want, l->want, job->len) &&
           cryptodev_equal(l->tag, l->want_tag, job->digest_len);
}

/* Messages of all kinds of lengths, from the shortest to several blocks */
static bool test_messages(Trial *t)
{
    for (unsigned i = 0; i < LANES; i++) {
        Lane *l = &t->lane[i];

        fill(t, l->src, sizeof(l->src));
        lane_set(t, l, 16 + i * 53 % 1024, i & 1);
        if (!run_single(t, l)) {
            return false;
        }
    }
    run_batch(t, LANES);
    for (unsigned i = 0; i < LANES; i++) {
        if (!lane_passed(&t->lane[i], &t->jobs[i])) {
            return false;
        }
    }
    return true;
}

/* Key lengths that a library refuses are not tested, but one must be. */
static bool trial_test(Trial *t)
{
    const CryptoDevAlgoInfo *info = info_of(t->cipher);
    unsigned run = 0;

    for (size_t len = info ? info->key_min : 0;
         len <= (info ? info->key_max : 0); len += info ? info->key_step : 1) {
        bool ok = true;

        if (trial_init(t, len)) {
            ok = test_messages(t);
            trial_cleanup(t);
            run++;
        }
        if (!ok) {
            return false;
        }
    }
    return run;
}

/* Measurement */

typedef void TrialRun(Trial *t, unsigned n);

static void run_singles(Trial *t, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        run_single(t, &t->lane[i]);
    }
}

/* The alternative for a chain */
static void run_parts(Trial *t, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        t->jobs[i] = t->lane[i].job;
        t->jobs[i].key = t->lane[i].part_key;
        t->jobs[i].msg = NULL;
        t->jobs[i].digest_len = 0;
    }
    t->part->ops->run(t->part, t->jobs, n);
    for (unsigned i = 0; i < n; i++) {
        run_hash(t, &t->lane[i]);
    }
}

static int64_t measure(Trial *t, TrialRun *run, unsigned n)
{
    int64_t start = get_clock(), begin = start, best = INT64_MAX;

    for (unsigned i = 0; i < REPEAT_MIN ||
         (i < REPEAT && begin - start < REPEAT_NS); i++) {
        int64_t end;

        run(t, n);
        end = get_clock();
        best = MIN(best, end - begin);
        begin = end;
    }
    return best;
}

/*
 * Between one message and many a batch takes a fixed time and a time for each
 * message.  Returns: from how many messages on it is faster than one after the
 * other, 0: never, or a batch of the cipher alone is faster still
 */
static unsigned min_count(Trial *t, uint32_t len)
{
    unsigned singles = len <= 256 ? FULL : 2;
    int64_t single, one, full, each, fixed;

    for (unsigned i = 0; i < FULL; i++) {
        lane_set(t, &t->lane[i], len, false);
    }
    single = measure(t, run_singles, singles) * MARGIN_NUM / MARGIN_DEN /
             singles;
    one = measure(t, run_batch, 1) + COLLECT_NS;
    full = measure(t, run_batch, FULL);
    if (t->part && full > measure(t, run_parts, FULL)) {
        return 0;
    }
    full += FULL * COLLECT_NS;
    each = MAX(full - one, 0) / (FULL - 1);
    fixed = one - each;
    if (full >= single * FULL || each >= single) {
        return 0;
    }
    return MAX(DIV_ROUND_UP(fixed, single - each), 1);
}

static void trial_measure(Trial *t, uint8_t *counts)
{
    const CryptoDevAlgoInfo *cipher = info_of(t->cipher);
    unsigned cost = MAX(cipher ? cipher->cost : 0,
                        t->hash ? info_of(t->hash)->cost : 0);
    uint32_t longest = MIN(MESSAGE_NS / cost, t->row->max_len);

    if (!trial_init(t, cipher ? cipher->key_min : 0)) {
        return;
    }
    for (unsigned i = 0; i < CRYPTO_BATCH_CLASSES; i++) {
        counts[i] = min_count(t, MIN(class_sample[i], longest));
    }
    trial_cleanup(t);
}

/* The best time of a message with @row, which has no batch */
static int64_t message_time(const CryptoProviderAlgo *row)
{
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(row->algo);
    static uint8_t text[CONTEST_LEN], key[CRYPTODEV_AUTH_KEY_MAX];
    uint8_t nonce[CRYPTODEV_IV_MAX], tag[CRYPTODEV_IV_MAX];
    CryptoProviderRun run = {
        .iv = nonce, .iv_len = info->nonce_len ?: info->iv_min, .aad = nonce,
        .aad_len = info->service == CRYPTODEV_SERVICE_AEAD ? 16 : 0,
        .in = text, .in_len = sizeof(text), .out = text,
        .tag = tag, .tag_len = info->digest_len,
    };
    void *ctx = row->ops->ctx_new(row, key, info->key_max, true);
    int64_t best = INT64_MAX;

    for (unsigned i = 0; ctx && i < 2 * REPEAT; i++) {
        int64_t start = get_clock();

        cryptodev_provider_run(row, ctx, &run);
        best = MIN(best, get_clock() - start);
    }
    if (ctx) {
        row->ops->ctx_free(ctx);
    }
    return best;
}

bool crypto_row_faster(const CryptoProviderAlgo *row,
                       const CryptoProviderAlgo *other)
{
    return message_time(row) < message_time(other);
}

/* Rows */

/* What came of a row in this process. */
typedef struct Verdict {
    bool passed;
    uint8_t min_count[CRYPTO_BATCH_CLASSES];
} Verdict;

static void try_row(const CryptoBatchRow *row, Verdict *v)
{
    const CryptoProviderBatch *lib = row->row;
    const char *cipher = cryptodev_algo_name(lib->cipher);
    const char *hash = cryptodev_algo_name(lib->hash);
    g_autofree Trial *t = trial_new();

    t->row = lib;
    t->part = row->part;
    t->cipher = row->cipher;
    t->hash = row->hash;
    v->passed = trial_test(t);
    if (!v->passed) {
        warn_report("cryptodev: batches of %s (cipher %s, hash %s) fail their "
                    "self-test and are not used", row->provider, cipher, hash);
        return;
    }
    trial_measure(t, v->min_count);
    trace_cryptodev_batch_row(row->provider, cipher, hash, lib->kind,
                              lib->chain, v->min_count[0], v->min_count[1],
                              v->min_count[2], v->min_count[3],
                              v->min_count[4]);
}

/* Verdicts by CryptoProviderBatch */
static GHashTable *verdicts;
static QemuMutex verdicts_lock;

static void __attribute__((constructor)) init_verdicts(void)
{
    qemu_mutex_init(&verdicts_lock);
    verdicts = g_hash_table_new(NULL, NULL);
}

/* Context: verdicts_lock held */
static const Verdict *verdict(const CryptoBatchRow *row)
{
    Verdict *v = g_hash_table_lookup(verdicts, row->row);

    if (!v) {
        v = g_new0(Verdict, 1);
        try_row(row, v);
        g_hash_table_insert(verdicts, (gpointer)row->row, v);
    }
    return v;
}

static void decide(CryptoBatchRow *row)
{
    const Verdict *v = verdict(row);

    if (row->always) {
        memset(row->min_count, v->passed, sizeof(row->min_count));
    } else {
        memcpy(row->min_count, v->min_count, sizeof(row->min_count));
    }
    qatomic_store_release(&row->decided, true);
}

bool crypto_batch_row_usable(CryptoBatchRow *row)
{
    if (!qatomic_load_acquire(&row->decided)) {
        QEMU_LOCK_GUARD(&verdicts_lock);
        if (!row->decided) {
            decide(row);
        }
    }
    return !buffer_is_zero(row->min_count, sizeof(row->min_count));
}

static const CryptoProviderBatch *find_part(const CryptoProvider *provider,
                                            const CryptoProviderBatch *chain)
{
    for (const CryptoProviderBatch *row = provider->batches;
         row->ops && chain->chain != CRYPTODEV_CHAIN_NONE; row++) {
        if (row->cipher == chain->cipher && row->kind == chain->kind &&
            row->chain == CRYPTODEV_CHAIN_NONE) {
            return row;
        }
    }
    return NULL;
}

static bool is_single(const CryptoProviderAlgo *const *single,
                      CryptoDevAlgo algo)
{
    return algo == CRYPTODEV_ALGO_NONE || single[algo];
}

CryptoBatchRow *crypto_batch_rows(const CryptoProvider *provider,
                                  const CryptoProviderAlgo *const *single,
                                  bool always, unsigned *num_rows)
{
    g_autoptr(GArray) rows = g_array_new(false, false, sizeof(CryptoBatchRow));

    for (const CryptoProviderBatch *row = provider->batches;
         row && row->ops; row++) {
        CryptoBatchRow use = {
            .row = row, .part = find_part(provider, row),
            .provider = provider->name, .always = always,
            .cipher = single[row->cipher], .hash = single[row->hash],
        };

        if (is_single(single, row->cipher) && is_single(single, row->hash)) {
            g_array_append_val(rows, use);
        }
    }
    *num_rows = rows->len;
    return (CryptoBatchRow *)g_array_free(g_steal_pointer(&rows), false);
}
