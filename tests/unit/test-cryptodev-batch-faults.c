/*
 * Tests of batches: memory that must not be touched, failures, threads
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <sys/mman.h>
#include "cryptodev-batch-fixture.h"
#include "backends/cryptodev/selftest.h"

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
        twin_init_qualified(&twins[i], row, 16 + twin_upto(i % 4 ? 150 : 4096),
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
        twin_init_qualified(&twins[i], row, 16 + i, SHAPE_PLAIN);
    }
    g_assert_cmpuint(twins_run(GUARDED_OPS), ==, GUARDED_OPS);
    twins_end(GUARDED_OPS);
}

/* Rows that are not as they should be */

/* Encryption with a key of 16 bytes: all of these are one group. */
static void init_with_key(Twin *t, const CryptoRow *row, size_t len,
                          Shape shape)
{
    twin_init_qualified(t, row, len, shape);
    while (t->params.cipher_key_len != 16 ||
           t->params.opcode != CRYPTODEV_ENCRYPT) {
        twin_end(t);
        twin_init_qualified(t, row, len, shape);
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
        const CryptoRow *row = twin_find_row(algos[i], CRYPTODEV_ENCRYPT);

        g_assert_cmpint(cryptodev_selftest(row, NULL), ==,
                        CRYPTO_VERDICT_PASSED);
        for (twin_spoil = SPOIL_TEXT; twin_spoil <= SPOIL_STATUS;
             twin_spoil++) {
            if (twin_spoil != SPOIL_TEXT || !cryptodev_row_digests(row)) {
                g_assert_cmpint(cryptodev_selftest(row, NULL), ==,
                                CRYPTO_VERDICT_FAILED);
            }
        }
        twin_spoil = SPOIL_NOTHING;
    }
}

/* One that fails ends with an error, the others as if nothing had been. */
static void test_failure(void)
{
    const CryptoRow *row = twin_find_row(CRYPTODEV_ALGO_AES_CCM,
                                         CRYPTODEV_ENCRYPT);
    CryptoBatch *b = cryptodev_batch_new();
    unsigned n = 9, failed = 0;

    twins_begin();
    for (unsigned i = 0; i < n; i++) {
        init_with_key(&twins[i], row, 100, SHAPE_SCATTERED);
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

/* So does one of which the first round fails. */
static void test_failed_round(void)
{
    const CryptoRow *row = twin_find_row(CRYPTODEV_ALGO_AES_CTR,
                                         CRYPTODEV_ENCRYPT);
    CryptoBatch *b = cryptodev_batch_new();
    unsigned n = 3, failed = 0;

    twins_begin();
    for (unsigned i = 0; i < n; i++) {
        init_with_key(&twins[i], row, 2 * 65520, SHAPE_PLAIN);
        cryptodev_batch_add(b, twins[i].route[TWIN_BATCH],
                            &twins[i].op[TWIN_BATCH]);
    }
    twin_spoil = SPOIL_STATUS;
    twin_spoil_runs = 1;
    cryptodev_batch_run(b);
    g_assert_cmpuint(twin_spoil_runs, ==, 0);
    twin_spoil = SPOIL_NOTHING;
    twin_spoil_runs = UINT_MAX;
    cryptodev_batch_free(b);
    for (unsigned i = 0; i < n; i++) {
        failed += twins[i].op[TWIN_BATCH].status == CRYPTODEV_ERR;
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
    const CryptoRow *row = twin_find_row(CRYPTODEV_ALGO_HMAC_SHA1,
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

static void test_skipped(void)
{
    g_test_skip("no library of this build has batches");
}

int main(int argc, char **argv)
{
    int ret;

    g_test_init(&argc, &argv, NULL);
    if (!twins_init()) {
        g_test_add_func("/cryptodev/batch-faults/all", test_skipped);
        return g_test_run();
    }
    for (const CryptoRow *row = twin_provider->rows; row->algo; row++) {
        g_autofree char *path = g_strdup_printf(
            "/cryptodev/batch-faults/guard/%s%s",
            cryptodev_algo_name(row->algo), !row->opcodes ? "" :
            cryptodev_row_serves(row, CRYPTODEV_ENCRYPT) ? "-encrypt" :
            "-decrypt");

        if (row->ops->is_batch) {
            g_test_add_data_func(path, row, test_guard);
        }
    }
    g_test_add_func("/cryptodev/batch-faults/selftest", test_selftest);
    g_test_add_func("/cryptodev/batch-faults/failure", test_failure);
    g_test_add_func("/cryptodev/batch-faults/failed-round", test_failed_round);
    g_test_add_func("/cryptodev/batch-faults/threads", test_threads);
    ret = g_test_run();
    twins_cleanup();
    return ret;
}
