/*
 * Tests of the cryptodev engine with the real providers
 *
 * The providers are asked with each message in one piece, from buffer to
 * buffer; the engine must come to the same result however the message lies
 * in memory.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "cryptodev-engine-job.h"
#include "cryptodev-message.h"

#define TEXT_MAX 1100

static Message msg_a, msg_b;
static Result res_a, res_b;

static unsigned count(unsigned quick)
{
    return g_test_slow() ? 10 * quick : quick;
}

static bool job_start(Job *job)
{
    return crypto_engine_ctx_init(&job->ctx, &job->rows, &job->params);
}

static void job_end(Job *job)
{
    crypto_engine_ctx_cleanup(&job->ctx, &job->rows);
}

/* Single operations */

static void job_params(Job *job, const Message *m,
                       const CryptoProviderAlgo *row, bool encrypt)
{
    bool cipher = row->ops->crypt;

    job->params = (CryptoDevSessionParams) {
        .service = m->info->service,
        .kind = !cipher ? CRYPTODEV_DIGEST :
                encrypt ? CRYPTODEV_ENCRYPT : CRYPTODEV_DECRYPT,
        .digest_len = m->tag_len,
    };
    if (cipher) {
        job->rows.cipher = row;
        job->params.cipher = row->algo;
        job->params.cipher_key = m->key;
        job->params.cipher_key_len = m->key_len;
    } else {
        job->rows.hash = row;
        job->params.hash = row->algo;
        job->params.auth_key = m->key;
        job->params.auth_key_len = m->key_len;
    }
}

/* The job that turns the input of @m into the result @r. */
static void job_of_message(Job *job, const Message *m, const Result *r,
                           const CryptoProviderAlgo *row, bool encrypt)
{
    bool cipher = row->ops->crypt;
    size_t nonce_len = m->info->nonce_len;

    *job = (Job) { };
    job_params(job, m, row, encrypt);
    /* the nonce of a MAC is the head of its input */
    memcpy(job->src, m->iv, nonce_len);
    memcpy(job->src + nonce_len, m->in, m->in_len);
    job->src_len = nonce_len + m->in_len;
    memcpy(job->aad, m->aad, m->aad_len);
    job->aad_len = m->aad_len;
    memcpy(job->digest, r->tag, m->tag_len);
    job->digest_len = m->tag_len;
    if (cipher) {
        memcpy(job->iv, m->iv, m->iv_len);
        job->iv_len = m->iv_len;
        memcpy(job->out, r->out, m->in_len);
        job->out_len = m->in_len;
        job->dst_len = m->in_len + (g_test_rand_bit() ? 7 : 0);
    }
    job->written = job->out_len + (job_verifies(job) ? 0 : job->digest_len);
}

/* Run a message through provider and engine; false if the key is refused. */
static bool run_message(Job *job, const Message *m,
                        const CryptoProviderAlgo *row, bool encrypt)
{
    void *ctx = message_ctx_new(m, row, encrypt);
    bool ok;

    if (!ctx) {
        return false;
    }
    ok = message_run(m, row, ctx, (Handover) { }, &res_a);
    g_assert_true(ok);
    row->ops->ctx_free(ctx);
    job_of_message(job, m, &res_a, row, encrypt);
    job->status = ok ? CRYPTODEV_OK : CRYPTODEV_ERR;
    g_assert_true(job_start(job));
    for (int shape = 0; shape < JOB_SHAPE__MAX; shape++) {
        job_run(job, shape);
    }
    return true;
}

static void run_known(const CryptoProviderAlgo *row, const CryptoDevVector *v,
                      bool encrypt)
{
    CryptoDevVectorData d;
    Job job;

    cryptodev_vector_load(v, &d);
    message_from_vector(&msg_a, v, encrypt);
    if (!run_message(&job, &msg_a, row, encrypt)) {
        return;
    }
    g_assert_cmpmem(job.digest, job.digest_len, d.tag.data, d.tag.len);
    if (row->ops->crypt) {
        const CryptoDevBytes *out = encrypt ? &d.out : &d.in;

        g_assert_cmpmem(job.out, job.out_len, out->data, out->len);
    }
    job_end(&job);
}

static void test_known(const void *opaque)
{
    const CryptoProviderAlgo *row = opaque;

    for (int i = 0; i < ARRAY_SIZE(cryptodev_vectors); i++) {
        if (cryptodev_vectors[i].algo == row->algo) {
            run_known(row, &cryptodev_vectors[i], true);
            if (row->ops->crypt) {
                run_known(row, &cryptodev_vectors[i], false);
            }
        }
    }
}

static void test_shapes(const void *opaque)
{
    const CryptoProviderAlgo *row = opaque;
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(row->algo);

    for (unsigned n = count(24); n; n--) {
        Job job;

        message_random(&msg_a, info, TEXT_MAX);
        if (n % 6 == 1) {
            message_set_lens(&msg_a, info, msg_a.key_len, msg_a.iv_len,
                             n % 4 ? 0 : msg_a.aad_len, 0, msg_a.tag_len);
        }
        if (!run_message(&job, &msg_a, row, true)) {
            continue;
        }
        if (row->ops->crypt) {
            Job back;

            message_copy(&msg_b, &msg_a, job.out);
            g_assert_true(run_message(&back, &msg_b, row, false));
            g_assert_cmpmem(back.out, back.out_len, job.src, job.src_len);
            g_assert_cmpmem(back.digest, back.digest_len, job.digest,
                            job.digest_len);
            job_end(&back);
        }
        job_end(&job);
    }
}

static void flip_bit(uint8_t *bytes, size_t len)
{
    bytes[g_test_rand_int_range(0, len)] ^= 1 << g_test_rand_int_range(0, 8);
}

/* One wrong bit, and nothing is left of the text. */
static void run_badmsg(const Job *good, int part)
{
    Job job = *good;

    job.status = CRYPTODEV_BADMSG;
    memset(job.out, 0, job.out_len);
    if (part == 0) {
        flip_bit(job.digest, job.digest_len);
    } else if (part == 1 && job.src_len) {
        flip_bit(job.src, job.src_len);
    } else if (job.aad_len) {
        flip_bit(job.aad, job.aad_len);
    } else {
        return;
    }
    for (int shape = 0; shape < JOB_SHAPE__MAX; shape++) {
        job_run(&job, shape);
    }
}

static void test_badmsg(const void *opaque)
{
    const CryptoProviderAlgo *row = opaque;
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(row->algo);

    for (unsigned n = count(20); n; n--) {
        Job job;

        message_random(&msg_a, info, TEXT_MAX);
        if (!run_message(&job, &msg_a, row, true)) {
            continue;
        }
        message_copy(&msg_b, &msg_a, job.out);
        job_end(&job);
        g_assert_true(run_message(&job, &msg_b, row, false));
        for (int part = 0; part < 3; part++) {
            run_badmsg(&job, part);
        }
        job_end(&job);
    }
}

/* Algorithm chains */

typedef struct ChainPair {
    const CryptoProviderAlgo *cipher, *hash;
} ChainPair;

/* A window of @len bytes of an algorithm somewhere in @max bytes. */
static CryptoDevRange random_window(const CryptoDevAlgoInfo *info, size_t max,
                                    size_t other)
{
    uint32_t offset = g_test_rand_int_range(0, max + 1);
    uint32_t len = g_test_rand_int_range(0, max - offset + 1);

    /* @other bytes come on top of what the algorithm takes */
    while (len && (len + other < info->nonce_len ||
                   !cryptodev_algo_data_len_ok(info, len + other -
                                               info->nonce_len))) {
        len--;
    }
    return (CryptoDevRange) { offset, len };
}

static bool hash_len_ok(const CryptoDevAlgoInfo *info, size_t len)
{
    return len >= info->nonce_len &&
           cryptodev_algo_data_len_ok(info, len - info->nonce_len);
}

/* Run @m through @row alone, into res_b; false if the library refuses. */
static bool run_alone(const Message *m, const CryptoProviderAlgo *row,
                      bool encrypt)
{
    void *ctx = message_ctx_new(m, row, encrypt);
    bool ok = ctx && message_run(m, row, ctx, (Handover) { }, &res_b);

    g_assert_true(ok || !ctx);
    if (ctx) {
        row->ops->ctx_free(ctx);
    }
    return ok;
}

/* First step of the composition: the image of the destination. */
static bool chain_cipher(Job *job, Message *m)
{
    const CryptoDevRange *w = &job->cipher_window;

    message_set_lens(m, m->info, m->key_len, m->iv_len, 0, w->len, 0);
    memcpy(m->key, job->params.cipher_key, m->key_len);
    memcpy(m->iv, job->iv, m->iv_len);
    memcpy(m->in, job->src + w->offset, w->len);
    if (!run_alone(m, job->rows.cipher,
                   job->params.kind == CRYPTODEV_ENCRYPT)) {
        return false;
    }
    job->out_len = MIN(job->src_len, job->dst_len);
    memcpy(job->out, job->src, job->out_len);
    memcpy(job->out + w->offset, res_b.out, w->len);
    return true;
}

/* Second step: AAD and window of source or image, the nonce at its head. */
static bool chain_hash(Job *job, Message *m)
{
    const CryptoDevRange *w = &job->hash_window;
    const CryptoDevAlgoInfo *info = m->info;
    bool first = job->params.chain == CRYPTODEV_CHAIN_HASH_THEN_CIPHER;
    size_t len = job->aad_len + w->len;
    uint8_t all[2 * JOB_MAX];

    memcpy(all, job->aad, job->aad_len);
    memcpy(all + job->aad_len, (first ? job->src : job->out) + w->offset,
           w->len);
    message_set_lens(m, info, m->key_len, info->nonce_len, 0,
                     len - info->nonce_len, m->tag_len);
    memcpy(m->key, job->params.auth_key, m->key_len);
    memcpy(m->iv, all, info->nonce_len);
    memcpy(m->in, all + info->nonce_len, m->in_len);
    if (!run_alone(m, job->rows.hash, true)) {
        return false;
    }
    job->digest_len = m->tag_len;
    memcpy(job->digest, res_b.tag, m->tag_len);
    return true;
}

static void job_random_chain(Job *job, const ChainPair *pair)
{
    const CryptoDevAlgoInfo *cipher = cryptodev_algo_info(pair->cipher->algo);
    const CryptoDevAlgoInfo *hash = cryptodev_algo_info(pair->hash->algo);
    size_t image;

    message_random(&msg_a, cipher, TEXT_MAX);
    message_random(&msg_b, hash, TEXT_MAX);
    job->rows = (CryptoEngineRows) { pair->cipher, pair->hash };
    job->src_len = g_test_rand_int_range(0, 300);
    job->dst_len = job->src_len;
    if (g_test_rand_int_range(0, 4) == 0) {
        job->dst_len = g_test_rand_int_range(0, 300);
    }
    image = MIN(job->src_len, job->dst_len);
    for (size_t i = 0; i < job->src_len; i++) {
        job->src[i] = g_test_rand_int();
    }
    job->cipher_window = random_window(cipher, image, 0);
    /* so little AAD that the nonce may lie on both sides of its end */
    do {
        job->aad_len = g_test_rand_int_range(0, 40);
        job->hash_window = random_window(hash, image, job->aad_len);
    } while (!hash_len_ok(hash, job->aad_len + job->hash_window.len));
    for (size_t i = 0; i < job->aad_len; i++) {
        job->aad[i] = g_test_rand_int();
    }
    memcpy(job->iv, msg_a.iv, msg_a.iv_len);
    job->iv_len = msg_a.iv_len;
}

static void run_chain(const ChainPair *pair, CryptoDevChain order,
                      CryptoDevKind kind)
{
    uint8_t cipher_key[CRYPTODEV_CIPHER_KEY_MAX];
    uint8_t auth_key[CRYPTODEV_AUTH_KEY_MAX];
    Job job = { };

    job_random_chain(&job, pair);
    memcpy(cipher_key, msg_a.key, msg_a.key_len);
    memcpy(auth_key, msg_b.key, msg_b.key_len);
    job.params = (CryptoDevSessionParams) {
        .service = CRYPTODEV_SERVICE_CIPHER, .kind = kind, .chain = order,
        .cipher = pair->cipher->algo, .hash = pair->hash->algo,
        .cipher_key = cipher_key, .cipher_key_len = msg_a.key_len,
        .auth_key = auth_key, .auth_key_len = msg_b.key_len,
        .digest_len = msg_b.tag_len,
    };
    if (!chain_cipher(&job, &msg_a) || !chain_hash(&job, &msg_b)) {
        return;
    }
    job.written = job.out_len + job.digest_len;
    g_assert_true(job_start(&job));
    for (int shape = 0; shape < JOB_SHAPE__MAX; shape++) {
        job_run(&job, shape);
    }
    job_end(&job);
}

/* A cipher with every hash and MAC of every provider. */
static void test_chain(const void *opaque)
{
    const CryptoProvider *provider;
    ChainPair pair = { .cipher = opaque };

    for (unsigned i = 0; (provider = next_provider(&i));) {
        for (pair.hash = provider->algos; pair.hash->algo; pair.hash++) {
            if (pair.hash->ops->crypt) {
                continue;
            }
            for (unsigned n = 0; n < count(4); n++) {
                run_chain(&pair, n & 1 ? CRYPTODEV_CHAIN_CIPHER_THEN_HASH :
                                         CRYPTODEV_CHAIN_HASH_THEN_CIPHER,
                          n & 2 ? CRYPTODEV_ENCRYPT : CRYPTODEV_DECRYPT);
            }
        }
    }
}

/* Bounce memory of a large operation is not kept. */
static void test_large(const void *opaque)
{
    const CryptoProviderAlgo *row = opaque;
    size_t len = 128 * 1024;
    g_autofree uint8_t *buf = g_malloc0(len + 1);
    struct iovec src = { buf, len }, dst = { buf + 1, len };
    CryptoEngineBounce bounce = { };
    CryptoDevOp op = {
        .kind = CRYPTODEV_ENCRYPT, .iv_len = 16,
        .src = { &src, 1, 0, len }, .dst = { &dst, 1, 0, len },
    };
    size_t written;
    Job job = { };

    message_random(&msg_a, cryptodev_algo_info(row->algo), 0);
    job_params(&job, &msg_a, row, true);
    g_assert_true(job_start(&job));
    g_assert_cmpint(crypto_engine_run(&op, &job.params, &job.rows, &job.ctx,
                                      &bounce, &written), ==, CRYPTODEV_OK);
    g_assert_cmpuint(written, ==, len);
    g_assert_cmpuint(bounce.size, ==, 0);
    g_assert_null(bounce.buf);
    job_end(&job);
}

static void add_row(const CryptoProvider *provider,
                    const CryptoProviderAlgo *row)
{
    static const struct {
        const char *name;
        GTestDataFunc func;
        CryptoDevService first, last;
    } tests[] = {
        { "known", test_known, CRYPTODEV_SERVICE_CIPHER,
          CRYPTODEV_SERVICE_AEAD },
        { "shapes", test_shapes, CRYPTODEV_SERVICE_CIPHER,
          CRYPTODEV_SERVICE_AEAD },
        { "badmsg", test_badmsg, CRYPTODEV_SERVICE_AEAD,
          CRYPTODEV_SERVICE_AEAD },
        { "chain", test_chain, CRYPTODEV_SERVICE_CIPHER,
          CRYPTODEV_SERVICE_CIPHER },
    };
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(row->algo);

    for (int i = 0; i < ARRAY_SIZE(tests); i++) {
        g_autofree char *path = g_strdup_printf(
            "/cryptodev/engine/%s/%s/%s", provider->name, info->name,
            tests[i].name);

        if (info->service >= tests[i].first &&
            info->service <= tests[i].last) {
            g_test_add_data_func(path, row, tests[i].func);
        }
    }
}

int main(int argc, char **argv)
{
    const CryptoProvider *provider;
    unsigned i = 0;
    int ret;

    g_test_init(&argc, &argv, NULL);
    message_init(&msg_a);
    message_init(&msg_b);
    result_init(&res_a);
    result_init(&res_b);
    while ((provider = next_provider(&i))) {
        for (const CryptoProviderAlgo *row = provider->algos; row->algo;
             row++) {
            add_row(provider, row);
        }
    }
    i = 0;
    g_test_add_data_func("/cryptodev/engine/large",
                         next_row(&i, CRYPTODEV_ALGO_AES_CTR), test_large);
    ret = g_test_run();
    job_cleanup();
    result_cleanup(&res_b);
    result_cleanup(&res_a);
    message_cleanup(&msg_b);
    message_cleanup(&msg_a);
    return ret;
}
