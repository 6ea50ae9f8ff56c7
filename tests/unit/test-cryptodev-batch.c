/*
 * Tests of batches: against each operation alone, by another library
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "cryptodev-batch-fixture.h"

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
            twin_init(&twins[j], row, twin_random_opcode(row),
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
            twin_init_qualified(&twins[j], row, MAX(first + j, block),
                                j & 1 ? SHAPE_PLAIN : SHAPE_IN_PLACE);
        }
        g_assert_cmpuint(twins_run(CRYPTO_BATCH_MAX), ==, CRYPTO_BATCH_MAX);
        twins_end(CRYPTO_BATCH_MAX);
    }
}

/* Text that is scattered is in the batch only where a copy of it pays. */
static void test_scattered(const void *opaque)
{
    const CryptoRow *row = opaque;
    unsigned n = 12;

    twins_begin();
    for (unsigned j = 0; j < n; j++) {
        twin_init_qualified(&twins[j], row, 512, SHAPE_SCATTERED);
    }
    g_assert_cmpuint(twins_run(n), ==, row->gather ? n : 0);
    twins_end(n);
}

/* Texts that go in rounds, and messages that the library calls too long */

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

            twin_init_qualified(&twins[j], row, len,
                                row->gather ? twin_upto(SHAPE__MAX - 1) :
                                              j & 1);
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
        twin_init_qualified(&twins[j], row, 131072 + 16 * (j & 1), SHAPE_PLAIN);
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

            twin_init_qualified(&twins[j], row, MAX(len, 16), SHAPE_IN_PLACE);
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
    twin_init_chain(t, row, twin_random_opcode(row),
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
                twin_init(&twins[j], row, twin_random_opcode(row),
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
        twins_begin();
        for (unsigned j = 0; j < n; j++) {
            Twin *t = &twins[j];
            size_t len = long_lens[j / 2];

            twin_init_chain(t, row, twin_random_opcode(row), order,
                            CRYPTODEV_ALGO_HMAC_SHA1, len,
                            j & 1 ? SHAPE_PLAIN : SHAPE_IN_PLACE);
            twin_set_counter(t, 0x1234);
            for (int a = 0; a < TWIN_BOTH; a++) {
                t->op[a].aad.len = 0;
                t->op[a].cipher_window = (CryptoDevRange) { 0, len };
                t->op[a].hash_window = (CryptoDevRange) { 0, len };
            }
        }
        g_assert_cmpuint(twins_run(n), ==, 2 * n);
        twins_end(n);
    }
}

/* Tests across rows */

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
                twin_init(&twins[j], row, twin_random_opcode(row),
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
    const CryptoRow *row = twin_find_row(CRYPTODEV_ALGO_AES_CBC,
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
    const CryptoRow *row = twin_find_row(CRYPTODEV_ALGO_AES_CTR,
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

static void add_row(const CryptoRow *row)
{
    static const struct {
        const char *name;
        GTestDataFunc fn;
        bool cipher, rounds, is_long;
    } tests[] = {
        { "random", test_random },
        { "lengths", test_lengths },
        { "scattered", test_scattered },
        { "chain", test_chain, .cipher = true },
        { "rounds", test_rounds, .is_long = true },
        { "too-long", test_too_long, .is_long = true },
        { "aligned", test_aligned, .rounds = true },
        { "chain-long", test_chain_long, .rounds = true },
    };
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(row->algo);
    bool cipher = info->service == CRYPTODEV_SERVICE_CIPHER;

    for (unsigned i = 0; i < ARRAY_SIZE(tests); i++) {
        g_autofree char *path = g_strdup_printf(
            "/cryptodev/batch/%s%s/%s", info->name, !row->opcodes ? "" :
            cryptodev_row_serves(row, CRYPTODEV_ENCRYPT) ? "-encrypt" :
            "-decrypt", tests[i].name);

        if (row->ops->is_batch && (cipher || !tests[i].cipher) &&
            (row->chaining || !tests[i].rounds) &&
            (row->chaining || row->long_len || !tests[i].is_long)) {
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
    ret = g_test_run();
    twins_cleanup();
    return ret;
}
