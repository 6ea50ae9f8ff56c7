/*
 * Tests of batches: against each operation alone, by another library
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <sys/mman.h>
#include "qemu/units.h"
#include "cryptodev-batch-fixture.h"
#include "backends/cryptodev/selftest.h"

/* What a batch row does not take, whatever its length */
static bool qualifies(const Twin *t)
{
    const CryptoRow *row = t->row;
    const CryptoDevOp *op = &t->op[TWIN_BATCH];

    return (!row->digest_len || op->digest.len <= row->digest_len) &&
           op->aad.len <= row->max_aad &&
           !(row->algo == CRYPTODEV_ALGO_AES_CCM &&
             t->params.cipher_key_len == 24) &&
           !(row->algo == CRYPTODEV_ALGO_HMAC_MD5 &&
             t->params.auth_key_len > 64);
}

/* An operation that is done in a batch, unless its length forbids */
static void init_qualified(Twin *t, const CryptoRow *row, size_t len,
                           Shape shape)
{
    twin_init(t, row, twin_random_kind(row), len, shape);
    while (!qualifies(t)) {
        for (int a = 0; a < TWIN_BOTH; a++) {
            cryptodev_route_free(t->route[a]);
        }
        twin_init(t, row, twin_random_kind(row), len, shape);
    }
    if (row->chaining == CRYPTO_CHAINING_CTR32) {
        twin_set_counter(t, 0x1234);
    }
}

/* Tests of a row */

/* Keys, lengths and places are all different. */
static void test_random(const void *opaque)
{
    const CryptoRow *row = opaque;
    size_t max = MIN(row->max_len + 100, TWIN_LEN_MAX);
    unsigned together = 0;

    if (!row->chaining && row->takes_empty) {
        /* nobody else does what is too long */
        max = MIN(row->max_len, 9000);
    }
    for (unsigned i = 0; i < twin_count(12); i++) {
        unsigned n = 1 + twin_upto(i % 3 ? 40 : CRYPTO_BATCH_MAX - 1);

        twins_begin();
        for (unsigned j = 0; j < n; j++) {
            twin_init(&twins[j], row, twin_random_kind(row),
                      twin_random_len(max), twin_upto(SHAPE__MAX - 1));
        }
        together += twins_run(n);
        twins_end(n);
    }
    g_assert_cmpuint(together, >, 0);
}

/* What qualifies is in the batch, each length from the shortest on. */
static void test_lengths(const void *opaque)
{
    const CryptoRow *row = opaque;
    size_t block = cryptodev_algo_info(row->algo)->block_len;

    for (unsigned first = 1; first < twin_count(200);
         first += CRYPTO_BATCH_MAX) {
        twins_begin();
        for (unsigned j = 0; j < CRYPTO_BATCH_MAX; j++) {
            init_qualified(&twins[j], row, MAX(first + j, block),
                           j & 1 ? SHAPE_PLAIN : SHAPE_IN_PLACE);
        }
        g_assert_cmpuint(twins_run(CRYPTO_BATCH_MAX), ==, CRYPTO_BATCH_MAX);
        twins_end(CRYPTO_BATCH_MAX);
    }
}

/* Memory that ends where a page begins that cannot be touched */

#define GUARDED_MAX     0x2000
#define GUARDED_OPS     17

static uint8_t *guarded_end(unsigned i)
{
    static uint8_t *end[2 * GUARDED_OPS];
    size_t page = qemu_real_host_page_size();
    size_t size = QEMU_ALIGN_UP(GUARDED_MAX, page);

    if (!end[i]) {
        uint8_t *p = mmap(NULL, size + page, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        g_assert_true(p != MAP_FAILED);
        end[i] = p + size;
        g_assert_cmpint(mprotect(end[i], page, PROT_NONE), ==, 0);
    }
    return end[i];
}

/* Where it was, nothing may be touched: it is cleared for both. */
static void guard(Place *p, unsigned i)
{
    uint8_t *at = guarded_end(i) - p->len;

    memcpy(at, p->iov[TWIN_BATCH][0].iov_base, p->len);
    memset(p->iov[TWIN_BATCH][0].iov_base, 0, p->len);
    p->iov[TWIN_BATCH][0].iov_base = at;
}

static void unguard(Place *p, void *base)
{
    memcpy(base, p->iov[TWIN_BATCH][0].iov_base, p->len);
    p->iov[TWIN_BATCH][0].iov_base = base;
}

/* The library reads and writes nothing past the end. */
static unsigned run_guarded(const CryptoRow *row, unsigned n)
{
    CryptoBatch *b = cryptodev_batch_new();
    void *src[GUARDED_OPS], *dst[GUARDED_OPS];

    twins_begin();
    for (unsigned i = 0; i < n; i++) {
        init_qualified(&twins[i], row, 16 + twin_upto(i % 4 ? 150 : 4096),
                       SHAPE_PLAIN);
    }
    twins_fill(n);
    for (unsigned i = 0; i < n; i++) {
        Twin *t = &twins[i];

        twin_run_alone(t, TWIN_ALONE);
        src[i] = t->src.iov[TWIN_BATCH][0].iov_base;
        dst[i] = t->dst.iov[TWIN_BATCH][0].iov_base;
        guard(&t->src, 2 * i);
        guard(&t->dst, 2 * i + 1);
        cryptodev_batch_add(b, t->route[TWIN_BATCH], &t->op[TWIN_BATCH]);
    }
    cryptodev_batch_run(b);
    cryptodev_batch_free(b);
    for (unsigned i = 0; i < n; i++) {
        Twin *t = &twins[i];

        unguard(&t->src, src[i]);
        unguard(&t->dst, dst[i]);
        g_assert_cmpint(t->op[TWIN_BATCH].status, ==,
                        t->op[TWIN_ALONE].status);
        g_assert_cmpmem(t->dst.iov[TWIN_BATCH][0].iov_base, t->dst.len,
                        t->dst.iov[TWIN_ALONE][0].iov_base, t->dst.len);
        g_assert_cmpmem(t->digest.iov[TWIN_BATCH][0].iov_base, t->digest.len,
                        t->digest.iov[TWIN_ALONE][0].iov_base, t->digest.len);
    }
    twins_end(n);
    return n;
}

static void test_guard(const void *opaque)
{
    const CryptoRow *row = opaque;

    for (unsigned i = 0; i < twin_count(60); i++) {
        run_guarded(row, i & 1 ? GUARDED_OPS : 1 + twin_upto(3));
    }
    /* what qualifies as those above do is done by the library itself */
    twins_begin();
    for (unsigned i = 0; i < GUARDED_OPS; i++) {
        init_qualified(&twins[i], row, 16 + i, SHAPE_PLAIN);
    }
    g_assert_cmpuint(twins_run(GUARDED_OPS), ==, GUARDED_OPS);
    twins_end(GUARDED_OPS);
}

/* Texts that go in rounds */

static const size_t long_lens[] = {
    65504, 65520, 65536, 65552, 131024, 131040, 131056, 131072
};

/* The longer ones have others next to them, or are among themselves. */
static void test_rounds(const void *opaque)
{
    const CryptoRow *row = opaque;
    unsigned n = 19;

    for (unsigned i = 0; i < twin_count(4); i++) {
        twins_begin();
        for (unsigned j = 0; j < n; j++) {
            size_t len = twin_upto(i) ?
                         long_lens[twin_upto(ARRAY_SIZE(long_lens) - 1)] :
                         16 + twin_upto(2000);

            init_qualified(&twins[j], row, len,
                           row->gather ? twin_upto(SHAPE__MAX - 1) : j & 1);
        }
        g_assert_cmpuint(twins_run(n), ==, n);
        twins_end(n);
    }
}

static void test_too_long(const void *opaque)
{
    const CryptoRow *row = opaque;

    twins_begin();
    for (unsigned j = 0; j < 4; j++) {
        init_qualified(&twins[j], row, 131072 + 16 * (j & 1), SHAPE_PLAIN);
    }
    g_assert_cmpuint(twins_run(4), ==, 2);
    twins_end(4);
}

/* As on a processor where texts at the same place of a page get in the way */
static void set_stagger(const Twin *t, bool stagger)
{
    CryptoWork w;
    void *ctx;
    const CryptoBatchRow *batch;

    cryptodev_work_init(&w, (CryptoDevOp *)&t->op[TWIN_BATCH], &t->params);
    batch = cryptodev_route_batch(t->route[TWIN_BATCH], &w, false,
                                  cryptodev_work_len(&w, false), 64, &ctx);
    g_assert_nonnull(batch);
    ((CryptoBatchRow *)batch)->stagger = stagger;
}

/* Texts that begin at the same place of a page; each gets an own start. */
static void test_aligned(const void *opaque)
{
    const CryptoRow *row = opaque;
    unsigned staggered = 0, plain = 0;

    for (unsigned i = 0; i < twin_count(12); i++) {
        unsigned n = 3 + twin_upto(17);

        twins_begin();
        for (unsigned j = 0; j < n; j++) {
            size_t len = i & 1 ? 65504 : j < MAX(i, 3) ?
                         1024 + twin_upto(2000) : twin_upto(500);

            init_qualified(&twins[j], row, MAX(len, 16), SHAPE_IN_PLACE);
            twin_align(&twins[j]);
        }
        set_stagger(&twins[0], true);
        g_assert_cmpuint(twins_run(n), ==, n);
        staggered += twin_num_runs;
        set_stagger(&twins[0], false);
        g_assert_cmpuint(twins_run(n), ==, n);
        plain += twin_num_runs;
        twins_end(n);
    }
    g_assert_cmpuint(staggered, >, plain);
}

/* Chains */

/* One of them has no batches, and some have a nonce. */
static const CryptoDevAlgo chain_hashes[] = {
    CRYPTODEV_ALGO_HMAC_MD5, CRYPTODEV_ALGO_HMAC_SHA1,
    CRYPTODEV_ALGO_HMAC_SHA_512, CRYPTODEV_ALGO_SHA_256,
    CRYPTODEV_ALGO_XCBC_AES, CRYPTODEV_ALGO_GMAC_AES, CRYPTODEV_ALGO_ZUC_EIA3,
};

static void init_random_chain(Twin *t, const CryptoRow *row)
{
    twin_init_chain(t, row, twin_random_kind(row),
                    twin_upto(1) ? CRYPTODEV_CHAIN_HASH_THEN_CIPHER :
                                   CRYPTODEV_CHAIN_CIPHER_THEN_HASH,
                    chain_hashes[twin_upto(ARRAY_SIZE(chain_hashes) - 1)],
                    64 + twin_random_len(2000), twin_upto(SHAPE__MAX - 1));
}

static void test_chain(const void *opaque)
{
    const CryptoRow *row = opaque;
    unsigned together = 0;

    for (unsigned i = 0; i < twin_count(10); i++) {
        unsigned n = 1 + twin_upto(40);

        twins_begin();
        for (unsigned j = 0; j < n; j++) {
            if (twin_upto(3)) {
                init_random_chain(&twins[j], row);
            } else {
                twin_init(&twins[j], row, twin_random_kind(row),
                          twin_random_len(2000), SHAPE_PLAIN);
            }
        }
        together += twins_run(n);
        twins_end(n);
    }
    g_assert_cmpuint(together, >, 0);
}

/* Both steps are in a batch, also where the cipher's text goes in rounds. */
static void test_chain_long(const void *opaque)
{
    const CryptoRow *row = opaque;
    unsigned n = 2 * ARRAY_SIZE(long_lens);

    for (CryptoDevChain order = CRYPTODEV_CHAIN_HASH_THEN_CIPHER;
         order <= CRYPTODEV_CHAIN_CIPHER_THEN_HASH; order++) {
        unsigned hashes = 0;

        twins_begin();
        for (unsigned j = 0; j < n; j++) {
            Twin *t = &twins[j];
            size_t len = long_lens[j / 2];

            twin_init_chain(t, row, twin_random_kind(row), order,
                            CRYPTODEV_ALGO_HMAC_SHA1, len,
                            j & 1 ? SHAPE_PLAIN : SHAPE_IN_PLACE);
            twin_set_counter(t, 0x1234);
            for (int a = 0; a < TWIN_BOTH; a++) {
                t->op[a].aad.len = 0;
                t->op[a].cipher_window = (CryptoDevRange) { 0, len };
                t->op[a].hash_window = (CryptoDevRange) { 0, len };
            }
            hashes += len <= 65520;
        }
        g_assert_cmpuint(twins_run(n), ==, n + hashes);
        twins_end(n);
    }
}

/* Tests across rows */

static const CryptoRow *find_row(CryptoDevAlgo algo, CryptoDevKind kind)
{
    const CryptoRow *row = twin_provider->rows;

    while (row->algo && (row->algo != algo || !row->ops->is_batch ||
                         !cryptodev_row_serves(row, kind))) {
        row++;
    }
    g_assert_cmpint(row->algo, ==, algo);
    return row;
}

static const CryptoRow *random_row(void)
{
    const CryptoRow *rows = twin_provider->rows;
    unsigned n = 0, i;

    while (rows[n].algo) {
        n++;
    }
    do {
        i = twin_upto(n - 1);
    } while (!rows[i].ops->is_batch);
    return &rows[i];
}

static void test_mixed(void)
{
    unsigned together = 0;

    for (unsigned i = 0; i < twin_count(20); i++) {
        unsigned n = 1 + twin_upto(CRYPTO_BATCH_MAX - 1);

        twins_begin();
        for (unsigned j = 0; j < n; j++) {
            const CryptoRow *row = random_row();

            if (cryptodev_algo_info(row->algo)->service ==
                CRYPTODEV_SERVICE_CIPHER && twin_upto(1)) {
                init_random_chain(&twins[j], row);
            } else {
                twin_init(&twins[j], row, twin_random_kind(row),
                          twin_random_len(2000), twin_upto(SHAPE__MAX - 1));
            }
        }
        together += twins_run(n);
        twins_end(n);
    }
    g_assert_cmpuint(together, >, 0);
}

/* More scattered bytes than are brought together at a time */
static void test_large(void)
{
    const CryptoRow *row = find_row(CRYPTODEV_ALGO_AES_CBC,
                                    CRYPTODEV_ENCRYPT);

    twins_begin();
    for (unsigned j = 0; j < CRYPTO_BATCH_MAX; j++) {
        twin_init(&twins[j], row, CRYPTODEV_ENCRYPT, TWIN_LEN_MAX,
                  SHAPE_SCATTERED);
    }
    g_assert_cmpuint(twins_run(CRYPTO_BATCH_MAX), ==, CRYPTO_BATCH_MAX);
    twins_end(CRYPTO_BATCH_MAX);
}

/* A counter that overflows its last 32 bits is not for the batch. */
static void test_counter(void)
{
    const CryptoRow *row = find_row(CRYPTODEV_ALGO_AES_CTR,
                                    CRYPTODEV_ENCRYPT);
    unsigned overflows = 0;

    twins_begin();
    for (unsigned j = 0; j < CRYPTO_BATCH_MAX; j++) {
        twin_init(&twins[j], row, CRYPTODEV_ENCRYPT, 1 + j, SHAPE_PLAIN);
        twin_set_counter(&twins[j], -1 - j % 8);
        overflows += DIV_ROUND_UP(1 + j, 16) > 1 + j % 8;
    }
    g_assert_cmpuint(overflows, >, 0);
    g_assert_cmpuint(twins_run(CRYPTO_BATCH_MAX), ==,
                     CRYPTO_BATCH_MAX - overflows);
    twins_end(CRYPTO_BATCH_MAX);
}

/* Rows that are not as they should be */

static const CryptoRowOps *good;

static void spoilt_run(const CryptoRow *row, CryptoMessage *const *m,
                       unsigned n)
{
    good->run(row, m, n);
    if (n > 1) {
        twin_spoil_one(row, m, n);
    }
}

/* Only what is wrong with several at a time is to be found. */
static void test_selftest(void)
{
    static const CryptoDevAlgo algos[] = {
        CRYPTODEV_ALGO_AES_CCM, CRYPTODEV_ALGO_HMAC_SHA1,
        CRYPTODEV_ALGO_SNOW3G_UIA2,
    };

    for (unsigned i = 0; i < ARRAY_SIZE(algos); i++) {
        CryptoRow row = *find_row(algos[i], CRYPTODEV_ENCRYPT);
        CryptoRowOps ops = *row.ops;

        good = row.ops;
        ops.run = spoilt_run;
        row.ops = &ops;
        twin_spoil = SPOIL_NOTHING;
        g_assert_true(cryptodev_selftest(&row, NULL));
        twin_spoil = SPOIL_TAG;
        g_assert_false(cryptodev_selftest(&row, NULL));
        twin_spoil = SPOIL_STATUS;
        g_assert_false(cryptodev_selftest(&row, NULL));
        twin_spoil = SPOIL_TEXT;
        if (!cryptodev_row_digests(&row)) {
            g_assert_false(cryptodev_selftest(&row, NULL));
        }
    }
    twin_spoil = SPOIL_NOTHING;
}

/* One that fails ends with an error, the others as if nothing had been. */
static void test_failure(void)
{
    const CryptoRow *row = find_row(CRYPTODEV_ALGO_AES_CCM,
                                    CRYPTODEV_ENCRYPT);
    CryptoBatch *b = cryptodev_batch_new();
    unsigned n = 9, failed = 0;

    twins_begin();
    for (unsigned i = 0; i < n; i++) {
        do {
            init_qualified(&twins[i], row, 100, SHAPE_SCATTERED);
        } while (twins[i].params.cipher_key_len != 16 ||
                 twins[i].params.kind != CRYPTODEV_ENCRYPT);
    }
    twins_fill(n);
    for (unsigned i = 0; i < n; i++) {
        cryptodev_batch_add(b, twins[i].route[TWIN_BATCH],
                            &twins[i].op[TWIN_BATCH]);
    }
    twin_spoil = SPOIL_STATUS;
    cryptodev_batch_run(b);
    twin_spoil = SPOIL_NOTHING;
    cryptodev_batch_free(b);
    for (unsigned i = 0; i < n; i++) {
        Twin *t = &twins[i];
        uint8_t got[2][128], want[2][128];
        CryptoDevOp *op = t->op;

        iov_to_buf(op[TWIN_ALONE].digest.iov, op[TWIN_ALONE].digest.niov, 0,
                   want[1], op->digest.len);
        twin_run_alone(t, TWIN_ALONE);
        if (op[TWIN_BATCH].status == CRYPTODEV_ERR) {
            failed++;
            g_assert_cmpuint(op[TWIN_BATCH].written, ==, 0);
            memset(want[0], 0, sizeof(want[0]));
        } else {
            g_assert_cmpint(op[TWIN_BATCH].status, ==, CRYPTODEV_OK);
            iov_to_buf(op[TWIN_ALONE].dst.iov, op[TWIN_ALONE].dst.niov, 0,
                       want[0], op->dst.len);
            iov_to_buf(op[TWIN_ALONE].digest.iov, op[TWIN_ALONE].digest.niov,
                       0, want[1], op->digest.len);
        }
        iov_to_buf(op[TWIN_BATCH].dst.iov, op[TWIN_BATCH].dst.niov, 0, got[0],
                   op->dst.len);
        iov_to_buf(op[TWIN_BATCH].digest.iov, op[TWIN_BATCH].digest.niov, 0,
                   got[1], op->digest.len);
        g_assert_cmpmem(got[0], op->dst.len, want[0], op->dst.len);
        g_assert_cmpmem(got[1], op->digest.len, want[1], op->digest.len);
    }
    g_assert_cmpuint(failed, ==, 1);
    twins_end(n);
}

/* Threads */

#define N_THREADS 3

typedef struct Worker {
    Twin *t;
    uint8_t mac[CRYPTO_BATCH_MAX][20];
} Worker;

static int ready;

/* Each thread has a batch, all have the session. */
static gpointer run_worker(gpointer opaque)
{
    Worker *w = opaque;
    CryptoBatch *own = cryptodev_batch_new();
    CryptoDevOp ops[CRYPTO_BATCH_MAX];
    struct iovec digest[CRYPTO_BATCH_MAX];

    g_atomic_int_inc(&ready);
    while (g_atomic_int_get(&ready) < N_THREADS) {
        g_thread_yield();
    }
    for (unsigned i = 0; i < CRYPTO_BATCH_MAX; i++) {
        digest[i] = (struct iovec) { w->mac[i], sizeof(w->mac[i]) };
        ops[i] = w->t->op[TWIN_BATCH];
        ops[i].digest = (CryptoDevSpan) { &digest[i], 1, 0, 20 };
        cryptodev_batch_add(own, w->t->route[TWIN_BATCH], &ops[i]);
    }
    cryptodev_batch_run(own);
    cryptodev_batch_free(own);
    return NULL;
}

static void test_threads(void)
{
    const CryptoRow *row = find_row(CRYPTODEV_ALGO_HMAC_SHA1,
                                    CRYPTODEV_ENCRYPT);
    Twin *t = &twins[0];

    for (unsigned i = 0; i < twin_count(10); i++) {
        g_autofree Worker *w = g_new0(Worker, N_THREADS);
        GThread *threads[N_THREADS];

        twins_begin();
        twin_init(t, row, CRYPTODEV_DIGEST, 300, SHAPE_PLAIN);
        twins_fill(1);
        ready = 0;
        for (unsigned j = 0; j < N_THREADS; j++) {
            w[j].t = t;
            threads[j] = g_thread_new(NULL, run_worker, &w[j]);
        }
        for (unsigned j = 0; j < N_THREADS; j++) {
            g_thread_join(threads[j]);
        }
        twin_run_alone(t, TWIN_ALONE);
        for (unsigned j = 0; j < N_THREADS * CRYPTO_BATCH_MAX; j++) {
            g_assert_cmpmem(w[j / CRYPTO_BATCH_MAX].mac[j % CRYPTO_BATCH_MAX],
                            t->digest.len,
                            t->digest.iov[TWIN_ALONE][0].iov_base,
                            t->digest.len);
        }
        twins_end(1);
    }
}

static void add_row(const CryptoRow *row)
{
    static const struct {
        const char *name;
        GTestDataFunc fn;
        bool cipher, rounds;
    } tests[] = {
        { "random", test_random },
        { "lengths", test_lengths },
        { "guard", test_guard },
        { "chain", test_chain, .cipher = true },
        { "rounds", test_rounds, .rounds = true },
        { "too-long", test_too_long, .rounds = true },
        { "aligned", test_aligned, .rounds = true },
        { "chain-long", test_chain_long, .rounds = true },
    };
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(row->algo);
    bool cipher = info->service == CRYPTODEV_SERVICE_CIPHER;

    for (unsigned i = 0; i < ARRAY_SIZE(tests); i++) {
        g_autofree char *path = g_strdup_printf(
            "/cryptodev/batch/%s%s/%s", info->name, !row->kinds ? "" :
            cryptodev_row_serves(row, CRYPTODEV_ENCRYPT) ? "-encrypt" :
            "-decrypt", tests[i].name);

        if (row->ops->is_batch && (cipher || !tests[i].cipher) &&
            (row->chaining || !tests[i].rounds)) {
            g_test_add_data_func(path, row, tests[i].fn);
        }
    }
}

static void test_skipped(void)
{
    g_test_skip("no library of this build has batches");
}

int main(int argc, char **argv)
{
    int ret;

    g_test_init(&argc, &argv, NULL);
    if (!twins_init()) {
        g_test_add_func("/cryptodev/batch/all", test_skipped);
        return g_test_run();
    }
    for (const CryptoRow *row = twin_provider->rows; row->algo; row++) {
        add_row(row);
    }
    g_test_add_func("/cryptodev/batch/mixed", test_mixed);
    g_test_add_func("/cryptodev/batch/large", test_large);
    g_test_add_func("/cryptodev/batch/counter", test_counter);
    g_test_add_func("/cryptodev/batch/selftest", test_selftest);
    g_test_add_func("/cryptodev/batch/failure", test_failure);
    g_test_add_func("/cryptodev/batch/threads", test_threads);
    ret = g_test_run();
    twins_cleanup();
    return ret;
}
