/*
 * Tests of operations with the real providers
 *
 * The providers run each message in one piece, from buffer to buffer; an
 * operation must have the same result for any layout in memory.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "cryptodev-op-fixture.h"
#include "cryptodev-message-fixture.h"

#define TEXT_MAX 1100

static Message msg_a, msg_b;
static Result res_a, res_b;

static unsigned count(unsigned quick)
{
    return g_test_slow() ? 10 * quick : quick;
}

/**
 * Case: an algorithm, and who serves it
 *
 * @row: what tells the results; of any provider
 */
typedef struct Case {
    const CryptoRoutes *routes;
    const CryptoRow *row;
} Case;

/* Single operations */

static void set_params(OpCase *c, const Message *m,
                       const CryptoRow *row, bool encrypt)
{
    bool cipher = !cryptodev_row_digests(row);

    c->params = (CryptoDevSessionParams) {
        .service = m->info->service,
        .opcode = !cipher ? CRYPTODEV_DIGEST :
                encrypt ? CRYPTODEV_ENCRYPT : CRYPTODEV_DECRYPT,
        .digest_len = m->tag_len,
    };
    if (cipher) {
        c->params.cipher = row->algo;
        c->params.cipher_key = m->key;
        c->params.cipher_key_len = m->key_len;
    } else {
        c->params.hash = row->algo;
        c->params.auth_key = m->key;
        c->params.auth_key_len = m->key_len;
    }
}

/* The operation that turns the input of @m into the result @r. */
static void set_message(OpCase *c, const Message *m, const Result *r,
                        const CryptoRow *row, bool encrypt)
{
    bool cipher = !cryptodev_row_digests(row);
    size_t nonce_len = m->info->nonce_len;

    *c = (OpCase) { };
    set_params(c, m, row, encrypt);
    /* the nonce of a MAC is the head of its input */
    memcpy(c->src, m->iv, nonce_len);
    memcpy(c->src + nonce_len, m->in, m->in_len);
    c->src_len = nonce_len + m->in_len;
    memcpy(c->aad, m->aad, m->aad_len);
    c->aad_len = m->aad_len;
    memcpy(c->digest, r->tag, m->tag_len);
    c->digest_len = m->tag_len;
    if (cipher) {
        memcpy(c->iv, m->iv, m->iv_len);
        c->iv_len = m->iv_len;
        memcpy(c->out, r->out, m->in_len);
        c->out_len = m->in_len;
        c->dst_len = m->in_len + (g_test_rand_bit() ? 7 : 0);
    }
    c->written = c->out_len + (op_case_verifies(c) ? 0 : c->digest_len);
}

/* Run a message and its operation; false if the key is refused. */
static bool run_message(OpCase *c, const Message *m, const Case *k,
                        bool encrypt)
{
    const CryptoRow *row = k->row;
    void *ctx = message_ctx_new(m, row, encrypt);
    bool ok;

    if (!ctx) {
        return false;
    }
    ok = message_run(m, row, ctx, (Handover) { }, &res_a);
    g_assert_true(ok);
    row->ops->ctx_free(ctx);
    set_message(c, m, &res_a, row, encrypt);
    c->status = ok ? CRYPTODEV_OK : CRYPTODEV_ERR;
    g_assert_true(op_case_start(c, k->routes));
    for (int shape = 0; shape < OP_SHAPE__MAX; shape++) {
        op_case_run(c, shape);
    }
    return true;
}

static void run_known(const Case *k, const CryptoDevVector *v, bool encrypt)
{
    CryptoDevVectorData d;
    OpCase c;

    cryptodev_vector_load(v, &d);
    message_from_vector(&msg_a, v, encrypt);
    if (!run_message(&c, &msg_a, k, encrypt)) {
        return;
    }
    g_assert_cmpmem(c.digest, c.digest_len, d.tag.data, d.tag.len);
    if (!cryptodev_row_digests(k->row)) {
        const CryptoDevBytes *out = encrypt ? &d.out : &d.in;

        g_assert_cmpmem(c.out, c.out_len, out->data, out->len);
    }
    op_case_end(&c);
}

static void test_known(const void *opaque)
{
    const Case *k = opaque;

    for (const CryptoDevVector *v = cryptodev_vectors; v->algo; v++) {
        for (int encrypt = 0; encrypt < 2; encrypt++) {
            if (v->algo == k->row->algo && row_goes(k->row, encrypt)) {
                run_known(k, v, encrypt);
            }
        }
    }
}

static void test_shapes(const void *opaque)
{
    const Case *k = opaque;
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(k->row->algo);

    for (unsigned n = count(24); n; n--) {
        OpCase c;

        message_random(&msg_a, info, TEXT_MAX);
        if (n % 6 == 1) {
            message_set_lens(&msg_a, info, msg_a.key_len, msg_a.iv_len,
                             n % 4 ? 0 : msg_a.aad_len, 0, msg_a.tag_len);
        }
        if (!run_message(&c, &msg_a, k, true)) {
            continue;
        }
        if (!cryptodev_row_digests(k->row)) {
            OpCase back;

            message_copy(&msg_b, &msg_a, c.out);
            g_assert_true(run_message(&back, &msg_b, k, false));
            g_assert_cmpmem(back.out, back.out_len, c.src, c.src_len);
            g_assert_cmpmem(back.digest, back.digest_len, c.digest,
                            c.digest_len);
            op_case_end(&back);
        }
        op_case_end(&c);
    }
}

static void flip_bit(uint8_t *bytes, size_t len)
{
    bytes[g_test_rand_int_range(0, len)] ^= 1 << g_test_rand_int_range(0, 8);
}

/* One wrong bit, and nothing is left of the text. */
static void run_badmsg(const OpCase *good, int part)
{
    OpCase c = *good;

    c.status = CRYPTODEV_BADMSG;
    memset(c.out, 0, c.out_len);
    if (part == 0) {
        flip_bit(c.digest, c.digest_len);
    } else if (part == 1 && c.src_len) {
        flip_bit(c.src, c.src_len);
    } else if (c.aad_len) {
        flip_bit(c.aad, c.aad_len);
    } else {
        return;
    }
    for (int shape = 0; shape < OP_SHAPE__MAX; shape++) {
        op_case_run(&c, shape);
    }
}

static void test_badmsg(const void *opaque)
{
    const Case *k = opaque;
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(k->row->algo);

    for (unsigned n = count(20); n; n--) {
        OpCase c;

        message_random(&msg_a, info, TEXT_MAX);
        if (!run_message(&c, &msg_a, k, true)) {
            continue;
        }
        message_copy(&msg_b, &msg_a, c.out);
        op_case_end(&c);
        g_assert_true(run_message(&c, &msg_b, k, false));
        for (int part = 0; part < 3; part++) {
            run_badmsg(&c, part);
        }
        op_case_end(&c);
    }
}

/* Algorithm chains */

typedef struct ChainPair {
    const CryptoRow *cipher, *hash;
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
static bool run_alone(const Message *m, const CryptoRow *row, bool encrypt)
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
static bool chain_cipher(OpCase *c, const ChainPair *pair, Message *m)
{
    const CryptoDevRange *w = &c->cipher_window;

    message_set_lens(m, m->info, m->key_len, m->iv_len, 0, w->len, 0);
    memcpy(m->key, c->params.cipher_key, m->key_len);
    memcpy(m->iv, c->iv, m->iv_len);
    memcpy(m->in, c->src + w->offset, w->len);
    if (!run_alone(m, pair->cipher, c->params.opcode == CRYPTODEV_ENCRYPT)) {
        return false;
    }
    c->out_len = MIN(c->src_len, c->dst_len);
    memcpy(c->out, c->src, c->out_len);
    memcpy(c->out + w->offset, res_b.out, w->len);
    return true;
}

/* Second step: AAD and window of source or image, the nonce at its head. */
static bool chain_hash(OpCase *c, const ChainPair *pair, Message *m)
{
    const CryptoDevRange *w = &c->hash_window;
    const CryptoDevAlgoInfo *info = m->info;
    bool first = c->params.chain == CRYPTODEV_CHAIN_HASH_THEN_CIPHER;
    size_t len = c->aad_len + w->len;
    uint8_t all[2 * OP_CASE_MAX];

    memcpy(all, c->aad, c->aad_len);
    memcpy(all + c->aad_len, (first ? c->src : c->out) + w->offset,
           w->len);
    message_set_lens(m, info, m->key_len, info->nonce_len, 0,
                     len - info->nonce_len, m->tag_len);
    memcpy(m->key, c->params.auth_key, m->key_len);
    memcpy(m->iv, all, info->nonce_len);
    memcpy(m->in, all + info->nonce_len, m->in_len);
    if (!run_alone(m, pair->hash, true)) {
        return false;
    }
    c->digest_len = m->tag_len;
    memcpy(c->digest, res_b.tag, m->tag_len);
    return true;
}

static void random_chain(OpCase *c, const ChainPair *pair)
{
    const CryptoDevAlgoInfo *cipher = cryptodev_algo_info(pair->cipher->algo);
    const CryptoDevAlgoInfo *hash = cryptodev_algo_info(pair->hash->algo);
    size_t image;

    message_random(&msg_a, cipher, TEXT_MAX);
    message_random(&msg_b, hash, TEXT_MAX);
    c->src_len = g_test_rand_int_range(0, 300);
    c->dst_len = c->src_len;
    if (g_test_rand_int_range(0, 4) == 0) {
        c->dst_len = g_test_rand_int_range(0, 300);
    }
    image = MIN(c->src_len, c->dst_len);
    for (size_t i = 0; i < c->src_len; i++) {
        c->src[i] = g_test_rand_int();
    }
    c->cipher_window = random_window(cipher, image, 0);
    /* so little AAD that the nonce may lie on both sides of its end */
    do {
        c->aad_len = g_test_rand_int_range(0, 40);
        c->hash_window = random_window(hash, image, c->aad_len);
    } while (!hash_len_ok(hash, c->aad_len + c->hash_window.len));
    for (size_t i = 0; i < c->aad_len; i++) {
        c->aad[i] = g_test_rand_int();
    }
    memcpy(c->iv, msg_a.iv, msg_a.iv_len);
    c->iv_len = msg_a.iv_len;
}

static void run_chain(const Case *k, const ChainPair *pair,
                      CryptoDevChain order, CryptoDevOpcode opcode)
{
    uint8_t cipher_key[CRYPTODEV_CIPHER_KEY_MAX];
    uint8_t auth_key[CRYPTODEV_AUTH_KEY_MAX];
    OpCase c = { };

    random_chain(&c, pair);
    memcpy(cipher_key, msg_a.key, msg_a.key_len);
    memcpy(auth_key, msg_b.key, msg_b.key_len);
    c.params = (CryptoDevSessionParams) {
        .service = CRYPTODEV_SERVICE_CIPHER, .opcode = opcode, .chain = order,
        .cipher = pair->cipher->algo, .hash = pair->hash->algo,
        .cipher_key = cipher_key, .cipher_key_len = msg_a.key_len,
        .auth_key = auth_key, .auth_key_len = msg_b.key_len,
        .digest_len = msg_b.tag_len,
    };
    if (!chain_cipher(&c, pair, &msg_a) || !chain_hash(&c, pair, &msg_b)) {
        return;
    }
    c.written = c.out_len + c.digest_len;
    g_assert_true(op_case_start(&c, k->routes));
    for (int shape = 0; shape < OP_SHAPE__MAX; shape++) {
        op_case_run(&c, shape);
    }
    op_case_end(&c);
}

/* A cipher with every hash and MAC that the routes serve */
static void test_chain(const void *opaque)
{
    const Case *k = opaque;
    ChainPair pair = { .cipher = k->row };

    for (CryptoDevAlgo algo = CRYPTODEV_ALGO_NONE + 1;
         algo < CRYPTODEV_ALGO__MAX; algo++) {
        unsigned i = 0;

        pair.hash = cryptodev_routes_offer(k->routes, algo) ?
                    next_row(&i, algo) : NULL;
        if (!pair.hash || !cryptodev_row_digests(pair.hash)) {
            continue;
        }
        for (unsigned n = 0; n < count(4); n++) {
            run_chain(k, &pair, n & 1 ? CRYPTODEV_CHAIN_CIPHER_THEN_HASH :
                      CRYPTODEV_CHAIN_HASH_THEN_CIPHER,
                      n & 2 ? CRYPTODEV_ENCRYPT : CRYPTODEV_DECRYPT);
        }
    }
}

/* Scratch memory of a large batch is not kept. */
static void test_large(void)
{
    size_t len = 128 * 1024;
    g_autofree uint8_t *buf = g_malloc0(CRYPTO_SCRATCH_KEEP);
    CryptoScratch s = { };

    cryptodev_scratch_reserve(&s, len);
    g_assert_cmpuint(s.size, ==, CRYPTO_SCRATCH_KEEP);
    memset(s.buf, 0x5a, s.size);
    s.used = len;
    cryptodev_scratch_reset(&s);
    g_assert_cmpuint(s.size, ==, CRYPTO_SCRATCH_KEEP);
    g_assert_cmpmem(s.buf, len, buf, len);
    cryptodev_scratch_reserve(&s, CRYPTO_SCRATCH_KEEP + 1);
    g_assert_cmpuint(s.size, ==, CRYPTO_SCRATCH_KEEP + 1);
    cryptodev_scratch_reset(&s);
    g_assert_null(s.buf);
}

static void add_case(const char *name, const Case *k)
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
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(k->row->algo);

    for (int i = 0; i < ARRAY_SIZE(tests); i++) {
        g_autofree char *path = g_strdup_printf("/cryptodev/message/%s/%s/%s",
                                                name, info->name,
                                                tests[i].name);

        if (info->service >= tests[i].first &&
            info->service <= tests[i].last) {
            g_test_add_data_func_full(path, g_memdup2(k, sizeof(*k)),
                                      tests[i].func, g_free);
        }
    }
}

/*
 * Everything that is served with provider=NAME, or without.  Returns: the
 * routes, NULL if there are none; the tests need them
 */
static CryptoRoutes *add_routes(const char *provider)
{
    CryptoRoutes *routes = cryptodev_routes_new(provider);

    for (CryptoDevAlgo algo = CRYPTODEV_ALGO_NONE + 1;
         routes && algo < CRYPTODEV_ALGO__MAX; algo++) {
        unsigned i = 0;
        Case k = { routes, next_row(&i, algo) };

        if (k.row && cryptodev_routes_offer(routes, algo)) {
            add_case(provider ?: "auto", &k);
        }
    }
    return routes;
}

int main(int argc, char **argv)
{
    CryptoRoutes *routes[CRYPTODEV_PROVIDERS_MAX + 1] = { };
    int ret;

    g_test_init(&argc, &argv, NULL);
    message_init(&msg_a);
    message_init(&msg_b);
    result_init(&res_a);
    result_init(&res_b);
    routes[0] = add_routes(NULL);
    for (int i = 0; cryptodev_providers[i]; i++) {
        routes[i + 1] = add_routes(cryptodev_providers[i]->name);
    }
    g_test_add_func("/cryptodev/message/large", test_large);
    ret = g_test_run();
    for (int i = 0; i < ARRAY_SIZE(routes); i++) {
        cryptodev_routes_free(routes[i]);
    }
    op_case_cleanup();
    result_cleanup(&res_b);
    result_cleanup(&res_a);
    message_cleanup(&msg_b);
    message_cleanup(&msg_a);
    return ret;
}
