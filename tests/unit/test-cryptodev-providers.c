/*
 * Crypto providers: known answers, all ways to pass a message, and the
 * providers against each other
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "cryptodev-message-fixture.h"
#include "backends/cryptodev/selftest.h"

typedef struct Case {
    const CryptoRow *row;
    const CryptoRow *other;
} Case;

static Message msg_a, msg_b;
static Result res_a, res_b;

static unsigned count(unsigned quick)
{
    const char *env = g_getenv("CRYPTODEV_TEST_COUNT");

    return env ? atoi(env) : g_test_slow() ? 50 * quick : quick;
}

static const char *name_of(const CryptoRow *row)
{
    for (int i = 0; cryptodev_providers[i]; i++) {
        for (const CryptoRow *r = cryptodev_providers[i]->rows; r->algo; r++) {
            if (r == row) {
                return cryptodev_providers[i]->name;
            }
        }
    }
    g_assert_not_reached();
}

/* Keys that a library does not take, although the algorithm does */
static bool may_refuse(const CryptoRow *row, size_t key_len)
{
    static const struct {
        const char *provider;
        CryptoDevAlgo algo;
        size_t min, max;
    } refused[] = {
        { "gcrypt", CRYPTODEV_ALGO_ARC4, 1, 4 },
        { "gcrypt", CRYPTODEV_ALGO_GMAC_TWOFISH, 24, 24 },
        { "ipsec-mb", CRYPTODEV_ALGO_AES_CCM, 24, 24 },
        { "ipsec-mb", CRYPTODEV_ALGO_HMAC_MD5, 65, CRYPTODEV_AUTH_KEY_MAX },
    };

    for (int i = 0; i < ARRAY_SIZE(refused); i++) {
        if (row->algo == refused[i].algo && key_len >= refused[i].min &&
            key_len <= refused[i].max &&
            g_str_equal(name_of(row), refused[i].provider)) {
            return true;
        }
    }
    return false;
}

/* A context for @m; NULL only where that is known. */
static void *new_ctx(const Message *m, const CryptoRow *row,
                     bool encrypt)
{
    void *ctx = message_ctx_new(m, row, encrypt);

    if (!ctx) {
        g_assert_true(may_refuse(row, m->key_len));
    }
    return ctx;
}

static void check_vector(const CryptoRow *row,
                         const CryptoDevVector *v, bool encrypt)
{
    CryptoDevVectorData d;
    void *ctx;

    cryptodev_vector_load(v, &d);
    message_from_vector(&msg_a, v, encrypt);
    if (row->digest_len) {
        msg_a.tag_len = MIN(msg_a.tag_len, row->digest_len);
    }
    ctx = new_ctx(&msg_a, row, encrypt);
    if (!ctx || !row_takes(row, &msg_a)) {
        g_clear_pointer(&ctx, row->ops->ctx_free);
        return;
    }
    for (size_t first = 0; first <= msg_a.in_len; first++) {
        for (int variant = 0; variant < 4; variant++) {
            Handover how = { first, variant & 1 ? 0 : 17, variant & 2 };

            g_assert_true(message_run(&msg_a, row, ctx, how, &res_a));
            message_assert_equal(&msg_a, row,
                                 encrypt ? d.out.data : d.in.data,
                                 d.tag.data, &res_a);
        }
    }
    row->ops->ctx_free(ctx);
}

/* Each vector, both ways, cut at every byte, in place and not */
static void test_vectors(gconstpointer opaque)
{
    const CryptoRow *row = ((const Case *)opaque)->row;
    unsigned found = 0;

    for (const CryptoDevVector *v = cryptodev_vectors; v->algo; v++) {
        for (int encrypt = 0; v->algo == row->algo && encrypt < 2; encrypt++) {
            if (row_goes(row, encrypt)) {
                found++;
                check_vector(row, v, encrypt);
            }
        }
    }
    g_assert_cmpuint(found, >, 0);
    g_assert_cmpint(cryptodev_selftest(row, NULL), ==, CRYPTO_VERDICT_PASSED);
}

static Handover random_handover(size_t len)
{
    return (Handover) {
        .first = g_test_rand_int_range(0, len + 2),
        .rest = g_test_rand_int_range(0, MIN(len, 100) + 2),
        .in_place = g_test_rand_int_range(0, 2),
    };
}

/* However a message is cut, the result is that of the whole message. */
static void test_splits(gconstpointer opaque)
{
    const CryptoRow *row = ((const Case *)opaque)->row;

    for (unsigned i = 0; i < count(40); i++) {
        bool encrypt = row_goes(row, i & 1) ? i & 1 : !(i & 1);
        void *ctx;

        message_random_for(&msg_a, row, row_max_len(row));
        ctx = new_ctx(&msg_a, row, encrypt);
        if (!ctx || !msg_a.in_len) {
            g_clear_pointer(&ctx, row->ops->ctx_free);
            continue;
        }
        g_assert_true(message_run(&msg_a, row, ctx, (Handover) { }, &res_a));
        for (int j = 0; j < 6; j++) {
            g_assert_true(message_run(&msg_a, row, ctx,
                                      random_handover(msg_a.in_len), &res_b));
            message_assert_equal(&msg_a, row, res_a.out, res_a.tag, &res_b);
        }
        row->ops->ctx_free(ctx);
    }
}

/* Begin a message and leave it. */
static void abandon(const Message *m, const CryptoRow *row, void *ctx)
{
    CryptoMessage start = {
        .iv_len = m->iv_len, .aad_len = m->aad_len,
        .len = m->in_len, .digest_len = m->tag_len,
    };

    if (!row->ops->start) {
        return;
    }
    memcpy(start.iv, m->iv, m->iv_len);
    g_assert_true(row->ops->start(ctx, &start));
    if (row->ops->auth && row->ops->crypt) {
        row->ops->auth(ctx, m->aad, m->aad_len);
    } else if (row->ops->auth) {
        row->ops->auth(ctx, m->in, m->in_len);
    }
    if (row->ops->crypt) {
        row->ops->crypt(ctx, res_b.mem[0].start, m->in, m->in_len);
    }
}

/* What a context did before, to the end or not, leaves no trace. */
static void test_reuse(gconstpointer opaque)
{
    const CryptoRow *row = ((const Case *)opaque)->row;
    unsigned compared = 0;

    for (unsigned i = 0; i < count(20); i++) {
        void *ctx;

        message_random_for(&msg_a, row, row_max_len(row));
        message_random_for(&msg_b, row, row_max_len(row));
        ctx = new_ctx(&msg_a, row, row_goes(row, i & 1) ? i & 1 : !(i & 1));
        if (!ctx || !msg_a.in_len || !msg_b.in_len) {
            g_clear_pointer(&ctx, row->ops->ctx_free);
            continue;
        }
        g_assert_true(message_run(&msg_a, row, ctx, (Handover) { }, &res_a));
        g_assert_true(message_run(&msg_b, row, ctx, (Handover) { }, &res_b));
        g_assert_true(message_run(&msg_a, row, ctx, (Handover) { }, &res_b));
        message_assert_equal(&msg_a, row, res_a.out, res_a.tag, &res_b);
        abandon(&msg_b, row, ctx);
        g_assert_true(message_run(&msg_a, row, ctx, (Handover) { }, &res_b));
        message_assert_equal(&msg_a, row, res_a.out, res_a.tag, &res_b);
        row->ops->ctx_free(ctx);
        compared++;
    }
    g_assert_cmpuint(compared, >, 0);
}

/*
 * Nothing to do is done, with a call for no bytes and without one, and after
 * a message that was not empty.
 */
static void test_empty(gconstpointer opaque)
{
    const CryptoRow *row = ((const Case *)opaque)->row;
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(row->algo);
    CryptoMessage start = { };
    uint8_t tag[CRYPTODEV_DIGEST_MAX];
    void *ctx;

    if (row->ops->is_batch && !row->takes_empty) {
        g_test_skip("another row takes empty messages");
        return;
    }
    message_set_lens(&msg_a, info, info->key_max,
                     info->nonce_len ?: info->iv_max, 0, 0, info->digest_len);
    message_fill(&msg_a);
    ctx = message_ctx_new(&msg_a, row, true);
    g_assert_nonnull(ctx);
    g_assert_true(message_run(&msg_a, row, ctx, (Handover) { }, &res_a));
    message_set_lens(&msg_b, info, info->key_max, msg_a.iv_len, 0, 32,
                     info->digest_len);
    message_fill(&msg_b);
    g_assert_true(message_run(&msg_b, row, ctx, (Handover) { }, &res_b));
    if (row->auth_split != CRYPTO_SPLIT_NONE && row->ops->final) {
        memcpy(start.iv, msg_a.iv, msg_a.iv_len);
        start.iv_len = msg_a.iv_len;
        start.digest_len = msg_a.tag_len;
        g_assert_true(row->ops->start(ctx, &start));
        g_assert_true(row->ops->final(ctx, tag, msg_a.tag_len));
        g_assert_cmpmem(tag, msg_a.tag_len, res_a.tag, msg_a.tag_len);
    }
    row->ops->ctx_free(ctx);
}

/*
 * A piece that the row does not allow, with more to follow: an error, not a
 * wrong result and not an abort.
 */
static void test_misuse(gconstpointer opaque)
{
    const CryptoRow *row = ((const Case *)opaque)->row;
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(row->algo);
    const CryptoRowOps *ops = row->ops;
    bool text = ops->crypt && row->crypt_split != CRYPTO_SPLIT_ANY;
    uint8_t *buf = res_a.mem[0].start;
    size_t odd = 17;
    CryptoMessage start = { .len = 64 + odd, .digest_len = 16 };
    void *ctx;
    bool ok;

    if (!ops->start) {
        g_test_skip("takes no pieces");
        return;
    }
    if (!text && (!ops->auth || row->auth_split == CRYPTO_SPLIT_ANY)) {
        g_test_skip("takes pieces of any length");
        return;
    }
    message_set_lens(&msg_a, info, info->key_min,
                     info->nonce_len ?: info->iv_max, 0, 0, 0);
    message_fill(&msg_a);
    memcpy(start.iv, msg_a.iv, msg_a.iv_len);
    start.iv_len = msg_a.iv_len;
    ctx = message_ctx_new(&msg_a, row, true);
    g_assert_true(ops->start(ctx, &start));
    ok = text ? ops->crypt(ctx, buf, buf, odd) : ops->auth(ctx, buf, odd);
    ok = ok && (text ? ops->crypt(ctx, buf, buf, 64) :
                ops->auth(ctx, buf, 64));
    g_assert_false(ok);
    ops->ctx_free(ctx);
}

/* The algorithm table stands between the guest and the libraries. */
static void test_key_lens(gconstpointer opaque)
{
    const CryptoRow *row = ((const Case *)opaque)->row;
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(row->algo);
    bool sized[CRYPTODEV_AUTH_KEY_MAX + 2] = { };

    for (size_t len = info->key_min; len <= info->key_max;
         len += info->key_step ?: 1) {
        void *ctx;

        sized[len] = true;
        message_set_lens(&msg_a, info, len, 0, 0, 0, 0);
        message_fill(&msg_a);
        ctx = new_ctx(&msg_a, row, row_goes(row, true));
        g_clear_pointer(&ctx, row->ops->ctx_free);
    }
    for (size_t len = 0; len < ARRAY_SIZE(sized); len++) {
        g_assert_cmpint(cryptodev_algo_key_len_ok(info, len), ==, sized[len]);
    }
}

#define N_WORKERS 3

static int workers_ready;

typedef struct Worker {
    const CryptoRow *row;
    Result res;
} Worker;

static gpointer run_worker(gpointer opaque)
{
    Worker *w = opaque;
    void *ctx = message_ctx_new(&msg_a, w->row, row_goes(w->row, true));

    /* at the same time, not one after the other */
    g_atomic_int_inc(&workers_ready);
    while (g_atomic_int_get(&workers_ready) < N_WORKERS) {
        g_thread_yield();
    }
    for (int i = 0; i < 1000; i++) {
        g_assert_true(message_run(&msg_a, w->row, ctx, (Handover) { },
                                  &w->res));
        message_assert_equal(&msg_a, w->row, res_a.out, res_a.tag, &w->res);
    }
    return ctx;
}

/* Contexts in different threads; freed in another one than made */
static void test_threads(gconstpointer opaque)
{
    const CryptoRow *row = ((const Case *)opaque)->row;
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(row->algo);
    Worker workers[N_WORKERS];
    GThread *threads[N_WORKERS];
    void *ctx;

    message_set_lens(&msg_a, info, info->key_max,
                     info->nonce_len ?: info->iv_max,
                     info->service == CRYPTODEV_SERVICE_AEAD ? 40 : 0, 160,
                     row->digest_len ?: info->digest_len);
    if (row->algo == CRYPTODEV_ALGO_HMAC_MD5) {
        msg_a.key_len = 64;
    }
    do {
        message_fill(&msg_a);
    } while (!row_takes(row, &msg_a));
    ctx = message_ctx_new(&msg_a, row, row_goes(row, true));
    g_assert_true(message_run(&msg_a, row, ctx, (Handover) { }, &res_a));
    row->ops->ctx_free(ctx);
    workers_ready = 0;
    for (int i = 0; i < N_WORKERS; i++) {
        workers[i].row = row;
        result_init(&workers[i].res);
        threads[i] = g_thread_new("worker", run_worker, &workers[i]);
    }
    for (int i = 0; i < N_WORKERS; i++) {
        row->ops->ctx_free(g_thread_join(threads[i]));
        result_cleanup(&workers[i].res);
    }
}

/* One provider's answer, which the other one must give and undo. */
static bool compare(const CryptoRow *row,
                    const CryptoRow *other)
{
    bool digests = cryptodev_row_digests(row);
    void *ctx = new_ctx(&msg_a, row, true);
    void *back = new_ctx(&msg_a, other, digests);
    bool possible = ctx && back;

    if (possible) {
        g_assert_true(message_run(&msg_a, row, ctx,
                                  random_handover(msg_a.in_len), &res_a));
        message_copy(&msg_b, &msg_a, digests ? msg_a.in : res_a.out);
        g_assert_true(message_run(&msg_b, other, back,
                                  random_handover(msg_a.in_len), &res_b));
        message_assert_equal(&msg_a, row, msg_a.in, res_a.tag, &res_b);
    }
    g_clear_pointer(&ctx, row->ops->ctx_free);
    g_clear_pointer(&back, other->ops->ctx_free);
    return possible;
}

static void test_differential(gconstpointer opaque)
{
    const Case *c = opaque;
    size_t max_len = MIN(row_max_len(c->row), row_max_len(c->other));
    const CryptoRow *rows[] = { c->row, c->other };
    unsigned compared = 0;

    for (unsigned i = 0; i < count(200); i++) {
        /* each encrypts or digests first in half of the cases, if it can */
        unsigned first = row_goes(rows[i & 1], true) &&
                         (cryptodev_row_digests(c->row) ||
                          row_goes(rows[!(i & 1)], false)) ? i & 1 : !(i & 1);

        do {
            message_random_for(&msg_a, c->row, max_len);
        } while (!row_takes(c->other, &msg_a));
        compared += compare(rows[first], rows[!first]);
    }
    g_test_message("%u compared", compared);
    g_assert_cmpuint(compared, >, count(200) / 4);
}

static void add(const char *path, const CryptoRow *row,
                const CryptoRow *other, GTestDataFunc fn)
{
    Case *c = g_new0(Case, 1);

    c->row = row;
    c->other = other;
    g_test_add_data_func_full(path, c, fn, g_free);
}

/* Rows for one direction only say so. */
static char *row_name(const CryptoRow *row)
{
    return g_strdup_printf("%s%s", cryptodev_algo_name(row->algo),
                           !row->opcodes ? "" :
                           row_goes(row, true) ? "-encrypt" : "-decrypt");
}

static void add_row(const CryptoProvider *provider, const CryptoRow *row)
{
    static const struct {
        const char *name;
        GTestDataFunc fn;
    } tests[] = {
        { "vectors", test_vectors },
        { "splits", test_splits },
        { "reuse", test_reuse },
        { "empty", test_empty },
        { "misuse", test_misuse },
        { "key-lens", test_key_lens },
        { "threads", test_threads },
    };
    g_autofree char *name = row_name(row);

    for (int i = 0; i < ARRAY_SIZE(tests); i++) {
        g_autofree char *path = g_strdup_printf("/cryptodev/%s/%s/%s",
                                                provider->name, name,
                                                tests[i].name);

        add(path, row, NULL, tests[i].fn);
    }
}

/* Two rows for one direction each have nothing to say to each other. */
static bool comparable(const CryptoRow *a, const CryptoRow *b)
{
    return a->algo == b->algo &&
           (cryptodev_row_digests(a) ||
            (row_goes(a, true) && row_goes(b, false)) ||
            (row_goes(b, true) && row_goes(a, false)));
}

static void add_pairs(const CryptoProvider *provider, const CryptoRow *row,
                      unsigned next)
{
    for (; cryptodev_providers[next]; next++) {
        const CryptoProvider *other = cryptodev_providers[next];

        for (const CryptoRow *r = other->rows; r->algo; r++) {
            g_autofree char *name = row_name(r);
            g_autofree char *path = g_strdup_printf("/cryptodev/%s/%s-vs-%s",
                                                    name, provider->name,
                                                    other->name);

            if (comparable(row, r)) {
                add(path, row, r, test_differential);
            }
        }
    }
}

int main(int argc, char **argv)
{
    const CryptoProvider *provider;
    unsigned i = 0;

    g_test_init(&argc, &argv, NULL);
    message_init(&msg_a);
    message_init(&msg_b);
    result_init(&res_a);
    result_init(&res_b);
    while ((provider = next_provider(&i))) {
        for (const CryptoRow *row = provider->rows; row->algo;
             row++) {
            add_row(provider, row);
            add_pairs(provider, row, i);
        }
    }
    return g_test_run();
}
