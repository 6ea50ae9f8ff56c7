/*
 * Tests of batches: against the engine, which runs one operation at a time
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <sys/mman.h>
#include "qemu/bswap.h"
#include "qemu/memalign.h"
#include "qemu/units.h"
#include "backends/cryptodev/batch.h"
#include "backends/cryptodev/engine.h"
#include "cryptodev-message.h"

#define PIECES_MAX  20
#define LEN_MAX     65520
#define ARENA_SIZE  (16 * MiB)

enum { BATCH, ALONE, BOTH };

/* All operations, once for the batch and once for the engine */
static uint8_t *arena[BOTH];
static size_t arena_next;

static const CryptoProviderAlgo *single[CRYPTODEV_ALGO__MAX];
static CryptoBatchRow *rows;
static unsigned num_rows;
static CryptoBatch *batch;
static CryptoEngineBounce bounce;

typedef enum Shape {
    SHAPE_PLAIN,
    SHAPE_IN_PLACE,
    SHAPE_SCATTERED,
    SHAPE_SAME_PIECES,
    SHAPE_OVERLAP,
    SHAPE__MAX,
} Shape;

/* A span in both arenas */
typedef struct Place {
    struct iovec iov[BOTH][PIECES_MAX];
    unsigned niov;
    size_t len;
} Place;

typedef struct TestOp {
    CryptoDevSession session;
    CryptoEngineRows engine_rows;
    CryptoEngineCtx ctx;
    CryptoBatchKey key;
    bool split;                         /* of a chain, only the cipher */
    uint8_t cipher_key[CRYPTODEV_CIPHER_KEY_MAX];
    uint8_t auth_key[CRYPTODEV_AUTH_KEY_MAX];
    Shape shape;
    Place src, dst, aad, digest;
    CryptoDevOp op[BOTH];
} TestOp;

static TestOp test_ops[CRYPTO_BATCH_MAX];

static unsigned count(unsigned quick)
{
    return g_test_slow() ? 20 * quick : quick;
}

static size_t upto(size_t max)
{
    return g_test_rand_int_range(0, max + 1);
}

static void fill(uint8_t *buf, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        buf[i] = g_test_rand_int();
    }
}

/* Memory */

static size_t take(size_t len)
{
    size_t at = arena_next + upto(40);

    arena_next = at + len;
    g_assert_cmpuint(arena_next, <, ARENA_SIZE);
    return at;
}

static void place_piece(Place *p, size_t at, size_t len)
{
    for (int a = 0; a < BOTH; a++) {
        p->iov[a][p->niov] = (struct iovec) { arena[a] + at, len };
    }
    p->niov++;
}

static void place_at(Place *p, size_t at, size_t len)
{
    *p = (Place) { .len = len };
    place_piece(p, at, len);
}

static void place(Place *p, size_t len, bool scattered)
{
    *p = (Place) { .len = len };
    for (size_t left = len; left || !p->niov;) {
        size_t n = left;

        if (scattered && p->niov < PIECES_MAX - 1) {
            n = upto(MIN(left, upto(3) ? left / 4 + 20 : 3));
        }
        place_piece(p, take(n), n);
        left -= n;
    }
}

static CryptoDevSpan span(const Place *p, int a)
{
    return (CryptoDevSpan) { p->iov[a], p->niov, 0, p->len };
}

/* Operations */

static size_t random_len(size_t max)
{
    static const size_t limits[] = { 80, 600, 1518, 9000, LEN_MAX };
    size_t i = upto(9);

    return upto(MIN(max, limits[i < 4 ? 0 : i < 7 ? 1 : i < 8 ? 2 :
                                i < 9 ? 3 : 4]));
}

static size_t random_key_len(const CryptoDevAlgoInfo *info)
{
    size_t len;

    do {
        len = info->key_min + upto(upto(2) ? MIN(info->key_max - info->key_min,
                                                 70) :
                                             info->key_max - info->key_min);
    } while (!cryptodev_algo_key_len_ok(info, len));
    return len;
}

static size_t round_len(const CryptoDevAlgoInfo *info, size_t len)
{
    return QEMU_ALIGN_DOWN(len, info->block_len);
}

static CryptoDevService service_of(const CryptoProviderBatch *row)
{
    return cryptodev_algo_info(row->cipher ?: row->hash)->service;
}

static void init_session(TestOp *t, const CryptoBatchRow *row)
{
    const CryptoProviderBatch *b = row->row;
    CryptoDevSessionParams *p = &t->session.params;

    fill(t->cipher_key, sizeof(t->cipher_key));
    fill(t->auth_key, sizeof(t->auth_key));
    *p = (CryptoDevSessionParams) {
        .service = service_of(b), .kind = b->kind, .chain = b->chain,
        .cipher = b->cipher, .hash = b->hash,
        .cipher_key = t->cipher_key, .auth_key = t->auth_key,
    };
    if (b->cipher) {
        p->cipher_key_len = random_key_len(cryptodev_algo_info(b->cipher));
    }
    if (b->hash) {
        p->auth_key_len = random_key_len(cryptodev_algo_info(b->hash));
    }
    t->engine_rows = (CryptoEngineRows) { single[b->cipher], single[b->hash] };
    g_assert_true(crypto_engine_ctx_init(&t->ctx, &t->engine_rows, p));
    if (row >= rows && row < rows + num_rows) {
        crypto_batch_key_init(&t->key, rows, num_rows, p);
    } else {
        /* it is decided already */
        crypto_batch_key_init(&t->key, (CryptoBatchRow *)row, 1, p);
    }
    g_assert_true(t->key.row == row);
}

static void cleanup_op(TestOp *t)
{
    crypto_engine_ctx_cleanup(&t->ctx, &t->engine_rows);
    crypto_batch_key_cleanup(&t->key);
}

static size_t random_digest_len(const CryptoProviderBatch *row)
{
    const CryptoDevAlgoInfo *info =
        cryptodev_algo_info(row->hash ?: row->cipher);
    size_t len = info->digest_len;

    while (!cryptodev_algo_digest_len_ok(info, len) || !upto(2)) {
        len = 1 + upto(info->digest_len - 1);
    }
    return len;
}

static void place_dst(TestOp *t, size_t len)
{
    size_t at;

    switch (t->shape) {
    case SHAPE_IN_PLACE:
        place_at(&t->dst, (uint8_t *)t->src.iov[0][0].iov_base - arena[0],
                 len);
        break;
    case SHAPE_SAME_PIECES:
        t->dst = t->src;
        t->dst.len = len;
        break;
    case SHAPE_OVERLAP:
        at = (uint8_t *)t->src.iov[0][0].iov_base - arena[0];
        place_at(&t->dst, at - upto(30), len);
        break;
    default:
        place(&t->dst, len, t->shape == SHAPE_SCATTERED);
    }
}

static void set_chain(CryptoDevOp *op, const CryptoProviderBatch *row)
{
    const CryptoDevAlgoInfo *cipher = cryptodev_algo_info(row->cipher);
    size_t len = op->src.len;
    CryptoDevRange *c = &op->cipher_window, *h = &op->hash_window;

    c->offset = upto(2) ? MIN(upto(40), len) : upto(len);
    c->len = round_len(cipher, upto(2) ? len - c->offset :
                                         upto(len - c->offset));
    h->offset = upto(1) ? 0 : upto(len);
    h->len = upto(2) ? len - h->offset : upto(len - h->offset);
}

static void init_op(TestOp *t, const CryptoBatchRow *row, size_t len,
                    Shape shape)
{
    const CryptoProviderBatch *b = row->row;
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(b->cipher ?: b->hash);
    bool scattered = shape == SHAPE_SCATTERED || shape == SHAPE_SAME_PIECES;
    CryptoDevOp *op = &t->op[BATCH];

    *t = (TestOp) { .shape = shape };
    init_session(t, row);
    if (!b->chain) {
        len = round_len(info, len) + info->nonce_len;
    }
    take(40);
    place(&t->src, len, scattered);
    place_dst(t, b->cipher ? len : 0);
    take(40);
    place(&t->aad, info->service == CRYPTODEV_SERVICE_AEAD || b->chain ?
          upto(1) ? 0 : upto(60) : 0, scattered);
    place(&t->digest, b->hash || info->service == CRYPTODEV_SERVICE_AEAD ?
          random_digest_len(b) : 0, scattered);
    op->session = &t->session;
    op->kind = b->kind;
    op->iv_len = info->iv_min + upto(info->iv_max - info->iv_min);
    fill(op->iv, op->iv_len);
    op->src.len = len;
    if (b->chain) {
        set_chain(op, b);
    }
    t->op[ALONE] = *op;
    for (int a = 0; a < BOTH; a++) {
        t->op[a].src = span(&t->src, a);
        t->op[a].dst = span(&t->dst, a);
        t->op[a].aad = span(&t->aad, a);
        t->op[a].digest = span(&t->digest, a);
    }
}

/* Every other tag that is to be compared is the right one. */
static void forge_tag(TestOp *t)
{
    const CryptoProviderAlgo *row = t->engine_rows.cipher;
    CryptoDevOp *op = &t->op[BATCH];
    g_autofree uint8_t *in = g_malloc(op->src.len + 1);
    g_autofree uint8_t *aad = g_malloc(op->aad.len + 1);
    uint8_t tag[CRYPTODEV_IV_MAX];
    CryptoProviderRun run = {
        .iv = op->iv, .iv_len = op->iv_len, .aad = aad,
        .aad_len = op->aad.len, .in = in, .out = in, .in_len = op->src.len,
        .tag = tag, .tag_len = op->digest.len,
    };

    if (t->session.params.service != CRYPTODEV_SERVICE_AEAD ||
        op->kind != CRYPTODEV_DECRYPT || upto(1)) {
        return;
    }
    iov_to_buf(op->src.iov, op->src.niov, 0, in, op->src.len);
    iov_to_buf(op->aad.iov, op->aad.niov, 0, aad, op->aad.len);
    g_assert_true(cryptodev_provider_run(row, t->ctx.cipher, &run));
    iov_from_buf(op->digest.iov, op->digest.niov, 0, tag, op->digest.len);
}

static void run_alone(TestOp *t, int a)
{
    CryptoDevOp *op = &t->op[a];

    op->written = 0;
    op->status = crypto_engine_run(op, &t->session.params, &t->engine_rows,
                                   &t->ctx, &bounce, &op->written);
    if (op->status != CRYPTODEV_OK) {
        op->written = 0;
    }
}

static TestOp *owner(const CryptoDevOp *op)
{
    return container_of(op, TestOp, op[BATCH]);
}

static bool add(TestOp *t)
{
    CryptoDevOp *op = &t->op[BATCH];

    return t->split ?
        crypto_batch_add_cipher(batch, op, &t->key, t->engine_rows.hash,
                                t->ctx.hash) :
        crypto_batch_add(batch, op, &t->key);
}

/*
 * Run the first @n operations both ways; memory, status and bytes written
 * must be the same.  Returns: how many did not go into a batch
 */
static unsigned run_ops(unsigned n)
{
    CryptoDevOp *rest[CRYPTO_BATCH_MAX];
    unsigned num_rest = 0, refused = 0;
    size_t used = arena_next + 64;

    /* fast, and different everywhere */
    for (size_t i = 0; i < used; i += 8) {
        stq_le_p(arena[BATCH] + i, (i + n) * 0x9e3779b97f4a7c15);
    }
    for (unsigned i = 0; i < n; i++) {
        forge_tag(&test_ops[i]);
    }
    memcpy(arena[ALONE], arena[BATCH], used);
    for (unsigned i = 0; i < n; i++) {
        TestOp *t = &test_ops[i];

        run_alone(t, ALONE);
        t->op[BATCH].status = CRYPTODEV_PENDING;
        if (!add(t)) {
            run_alone(t, BATCH);
            refused++;
        }
    }
    num_rest = crypto_batch_run(batch, rest);
    for (unsigned i = 0; i < num_rest; i++) {
        g_assert_cmpint(rest[i]->status, ==, CRYPTODEV_PENDING);
        run_alone(owner(rest[i]), BATCH);
    }
    for (unsigned i = 0; i < n; i++) {
        const CryptoDevOp *op = test_ops[i].op;

        g_assert_cmpint(op[BATCH].status, ==, op[ALONE].status);
        g_assert_cmpuint(op[BATCH].written, ==, op[ALONE].written);
    }
    g_assert_true(!memcmp(arena[BATCH], arena[ALONE], used));
    return num_rest + refused;
}

static void begin(void)
{
    arena_next = 64;
}

static void end(unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        cleanup_op(&test_ops[i]);
    }
}

/* Tests of a row */

/* Batches of one algorithm: keys, lengths and places are all different. */
static void test_row(const void *opaque)
{
    const CryptoBatchRow *row = opaque;
    size_t max = MIN(row->row->max_len + 100, LEN_MAX);
    unsigned batched = 0;

    for (unsigned i = 0; i < count(12); i++) {
        unsigned n = 1 + upto(i % 3 ? 40 : CRYPTO_BATCH_MAX - 1);

        begin();
        for (unsigned j = 0; j < n; j++) {
            init_op(&test_ops[j], row, random_len(max), upto(SHAPE__MAX - 1));
        }
        batched += n - run_ops(n);
        end(n);
    }
    g_assert_cmpuint(batched, >, 0);
}

/* What qualifies is in the batch, each length from the shortest on. */
static void test_lengths(const void *opaque)
{
    const CryptoBatchRow *row = opaque;
    const CryptoProviderBatch *b = row->row;
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(b->cipher ?: b->hash);

    for (unsigned first = 1; first < count(200); first += CRYPTO_BATCH_MAX) {
        begin();
        for (unsigned j = 0; j < CRYPTO_BATCH_MAX; j++) {
            TestOp *t = &test_ops[j];
            unsigned len = MAX(round_len(info, first + j), info->block_len);

            do {
                g_clear_pointer(&t->ctx.hash, t->engine_rows.hash ?
                                t->engine_rows.hash->ops->ctx_free : g_free);
                g_clear_pointer(&t->ctx.cipher, t->engine_rows.cipher ?
                                t->engine_rows.cipher->ops->ctx_free : g_free);
                init_op(t, row, b->chain ? len + 16 : len,
                        j & 1 ? SHAPE_PLAIN : SHAPE_IN_PLACE);
            } while (t->op[BATCH].digest.len > MAX(b->digest_len, 16) ||
                     (b->digest_len == 12 && t->op[BATCH].digest.len > 12) ||
                     (b->max_aad && t->op[BATCH].aad.len > b->max_aad) ||
                     (b->cipher == CRYPTODEV_ALGO_AES_CCM &&
                      t->session.params.cipher_key_len == 24) ||
                     (b->hash == CRYPTODEV_ALGO_HMAC_MD5 &&
                      t->session.params.auth_key_len > 64) ||
                     (b->chain && !(t->op[BATCH].cipher_window.len &&
                                    t->op[BATCH].hash_window.len &&
                                    !t->op[BATCH].aad.len)));
            if (b->carry == CRYPTO_CARRY_COUNTER) {
                t->op[BATCH].iv[12] = t->op[ALONE].iv[12] = 0;
            }
        }
        g_assert_cmpuint(run_ops(CRYPTO_BATCH_MAX), ==, 0);
        end(CRYPTO_BATCH_MAX);
        memset(test_ops, 0, sizeof(test_ops));
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

static void place_guarded(Place *p, unsigned i)
{
    uint8_t *at = guarded_end(i) - p->len;

    memcpy(at, p->iov[BATCH][0].iov_base, p->len);
    p->iov[BATCH][0].iov_base = at;
}

/* The library reads and writes nothing behind the end. */
static void run_guarded(const CryptoBatchRow *row, unsigned n)
{
    CryptoDevOp *rest[CRYPTO_BATCH_MAX];
    unsigned num_rest;

    begin();
    memset(arena[ALONE], 0x36, GUARDED_OPS * 2 * GUARDED_MAX);
    memset(arena[BATCH], 0x36, GUARDED_OPS * 2 * GUARDED_MAX);
    for (unsigned i = 0; i < n; i++) {
        TestOp *t = &test_ops[i];

        init_op(t, row, 1 + upto(i % 4 ? 150 : 4096), SHAPE_PLAIN);
        place_guarded(&t->src, 2 * i);
        place_guarded(&t->dst, 2 * i + 1);
        run_alone(t, ALONE);
        if (!crypto_batch_add(batch, &t->op[BATCH], &t->key)) {
            run_alone(t, BATCH);
        }
    }
    num_rest = crypto_batch_run(batch, rest);
    for (unsigned i = 0; i < num_rest; i++) {
        run_alone(owner(rest[i]), BATCH);
    }
    for (unsigned i = 0; i < n; i++) {
        const TestOp *t = &test_ops[i];

        g_assert_cmpint(t->op[BATCH].status, ==, t->op[ALONE].status);
        g_assert_true(!memcmp(t->dst.iov[BATCH][0].iov_base,
                              t->dst.iov[ALONE][0].iov_base, t->dst.len));
        g_assert_true(!memcmp(t->digest.iov[BATCH][0].iov_base,
                              t->digest.iov[ALONE][0].iov_base,
                              t->digest.len));
    }
    end(n);
}

static void test_guard(const void *opaque)
{
    for (unsigned i = 0; i < count(60); i++) {
        run_guarded(opaque, i & 1 ? GUARDED_OPS : 1 + upto(3));
    }
}

/* Tests across rows */

static void test_mixed(void)
{
    for (unsigned i = 0; i < count(20); i++) {
        unsigned n = 1 + upto(CRYPTO_BATCH_MAX - 1);

        begin();
        for (unsigned j = 0; j < n; j++) {
            init_op(&test_ops[j], &rows[upto(num_rows - 1)],
                    random_len(2000), upto(SHAPE__MAX - 1));
        }
        run_ops(n);
        end(n);
    }
}

static const CryptoBatchRow *find_row(CryptoDevAlgo cipher, CryptoDevAlgo hash,
                                      CryptoDevKind kind)
{
    for (unsigned i = 0; i < num_rows; i++) {
        if (rows[i].row->cipher == cipher && rows[i].row->hash == hash &&
            rows[i].row->kind == kind) {
            return &rows[i];
        }
    }
    g_assert_not_reached();
}

/* More scattered bytes than are brought together at a time */
static void test_large(void)
{
    const CryptoBatchRow *row = find_row(CRYPTODEV_ALGO_AES_CBC,
                                         CRYPTODEV_ALGO_NONE,
                                         CRYPTODEV_ENCRYPT);

    begin();
    for (unsigned j = 0; j < CRYPTO_BATCH_MAX; j++) {
        init_op(&test_ops[j], row, LEN_MAX, SHAPE_SCATTERED);
    }
    g_assert_cmpuint(run_ops(CRYPTO_BATCH_MAX), ==, 0);
    end(CRYPTO_BATCH_MAX);
}

/* A counter that carries out of 32 bits is not for the batch. */
static void test_counter(void)
{
    const CryptoBatchRow *row = find_row(CRYPTODEV_ALGO_AES_CTR,
                                         CRYPTODEV_ALGO_NONE,
                                         CRYPTODEV_ENCRYPT);
    unsigned carries = 0;

    begin();
    for (unsigned j = 0; j < CRYPTO_BATCH_MAX; j++) {
        TestOp *t = &test_ops[j];
        uint32_t counter = -1 - j % 8;

        init_op(t, row, 1 + j, SHAPE_PLAIN);
        stl_be_p(t->op[BATCH].iv + 12, counter);
        stl_be_p(t->op[ALONE].iv + 12, counter);
        carries += DIV_ROUND_UP(1 + j, 16) > 1 + j % 8;
    }
    g_assert_cmpuint(run_ops(CRYPTO_BATCH_MAX), ==, carries);
    end(CRYPTO_BATCH_MAX);
}

/* Texts that go in rounds */

static const size_t long_lens[] = {
    65504, 65520, 65536, 65552, 131024, 131040, 131056, 131072
};

static void clear_counter(TestOp *t)
{
    stl_be_p(t->op[BATCH].iv + 12, 0x1234);
    stl_be_p(t->op[ALONE].iv + 12, 0x1234);
}

/* Move a text in place to the next page, for which there is room. */
static void align_op(TestOp *t)
{
    for (int a = 0; a < BOTH; a++) {
        size_t at = (uint8_t *)t->src.iov[a][0].iov_base - arena[a];
        uint8_t *p = arena[a] + QEMU_ALIGN_UP(at, 4096);

        t->src.iov[a][0].iov_base = t->dst.iov[a][0].iov_base = p;
    }
    take(4096);
}

/* The longer ones have others next to them, or are among themselves. */
static void test_rounds(const void *opaque)
{
    const CryptoBatchRow *row = opaque;
    unsigned n = 19;

    for (unsigned i = 0; i < count(4); i++) {
        begin();
        for (unsigned j = 0; j < n; j++) {
            size_t len = upto(i) ? long_lens[upto(ARRAY_SIZE(long_lens) - 1)] :
                                   16 + upto(2000);

            init_op(&test_ops[j], row, len,
                    row->row->gather ? upto(SHAPE__MAX - 1) : j & 1);
            clear_counter(&test_ops[j]);
        }
        g_assert_cmpuint(run_ops(n), ==, 0);
        end(n);
    }
}

/* Texts at the same place of a page, of which the library goes through many */
static void test_aligned(const void *opaque)
{
    const CryptoBatchRow *row = opaque;

    for (unsigned i = 0; i < count(12); i++) {
        unsigned n = 2 + upto(18);

        begin();
        for (unsigned j = 0; j < n; j++) {
            size_t len = i & 1 ? 65536 : j < i ? 1000 + upto(2000) : upto(500);

            init_op(&test_ops[j], row, MAX(len, 16), SHAPE_IN_PLACE);
            clear_counter(&test_ops[j]);
            align_op(&test_ops[j]);
        }
        g_assert_cmpuint(run_ops(n), ==, 0);
        end(n);
    }
}

static void test_too_long(const void *opaque)
{
    const CryptoBatchRow *row = opaque;

    begin();
    for (unsigned j = 0; j < 4; j++) {
        init_op(&test_ops[j], row, 131072 + 16 * (j & 1), SHAPE_PLAIN);
        clear_counter(&test_ops[j]);
    }
    g_assert_cmpuint(run_ops(4), ==, 2);
    end(4);
}

/* Chains of which the hash is done alone */

static void init_split(TestOp *t, const CryptoBatchRow *row,
                       CryptoDevChain order, CryptoDevAlgo hash, size_t len,
                       Shape shape)
{
    CryptoProviderBatch lib = *row->row;
    CryptoBatchRow chain = {
        .row = &lib, .decided = true, .min_count = { 1 },
    };
    CryptoDevSessionParams cipher;

    lib.chain = order;
    lib.hash = hash;
    init_op(t, &chain, len, shape);
    cipher = t->session.params;
    cipher.chain = CRYPTODEV_CHAIN_NONE;
    cipher.hash = CRYPTODEV_ALGO_NONE;
    crypto_batch_key_init(&t->key, rows, num_rows, &cipher);
    g_assert_true(t->key.row == row);
    t->split = true;
}

static void init_random_split(TestOp *t, const CryptoBatchRow *row)
{
    static const CryptoDevAlgo hashes[] = {
        CRYPTODEV_ALGO_HMAC_SHA1, CRYPTODEV_ALGO_HMAC_SHA_512,
        CRYPTODEV_ALGO_SHA_256, CRYPTODEV_ALGO_CMAC_AES,
    };

    init_split(t, row, upto(1) ? CRYPTODEV_CHAIN_HASH_THEN_CIPHER :
                                 CRYPTODEV_CHAIN_CIPHER_THEN_HASH,
               hashes[upto(ARRAY_SIZE(hashes) - 1)],
               upto(2) ? random_len(2000) :
                         long_lens[upto(ARRAY_SIZE(long_lens) - 1)],
               upto(SHAPE__MAX - 1));
}

static void test_split(const void *opaque)
{
    unsigned batched = 0;

    for (unsigned i = 0; i < count(10); i++) {
        unsigned n = 1 + upto(20);

        begin();
        for (unsigned j = 0; j < n; j++) {
            if (upto(3)) {
                init_random_split(&test_ops[j], opaque);
            } else {
                init_op(&test_ops[j], opaque, random_len(2000), SHAPE_PLAIN);
            }
        }
        batched += n - run_ops(n);
        end(n);
    }
    g_assert_cmpuint(batched, >, 0);
}

/* A chain that is longer than the library takes, in place or not */
static void test_split_long(const void *opaque)
{
    unsigned n = 2 * ARRAY_SIZE(long_lens);

    for (CryptoDevChain order = CRYPTODEV_CHAIN_HASH_THEN_CIPHER;
         order <= CRYPTODEV_CHAIN_CIPHER_THEN_HASH; order++) {
        begin();
        for (unsigned j = 0; j < n; j++) {
            TestOp *t = &test_ops[j];
            size_t len = long_lens[j / 2];

            init_split(t, opaque, order, CRYPTODEV_ALGO_HMAC_SHA1, len,
                       j & 1 ? SHAPE_PLAIN : SHAPE_IN_PLACE);
            clear_counter(t);
            for (int a = 0; a < BOTH; a++) {
                t->op[a].aad.len = 0;
                t->op[a].cipher_window = (CryptoDevRange) { 0, len };
                t->op[a].hash_window = (CryptoDevRange) { 0, len };
            }
        }
        g_assert_cmpuint(run_ops(n), ==, 0);
        end(n);
    }
}

/* Thresholds */

static unsigned run_counts(const uint8_t *counts, const size_t *lens,
                           unsigned n)
{
    CryptoBatchRow row = *find_row(CRYPTODEV_ALGO_AES_CBC, CRYPTODEV_ALGO_NONE,
                                   CRYPTODEV_ENCRYPT);
    unsigned rest;

    memcpy(row.min_count, counts, sizeof(row.min_count));
    row.decided = true;
    begin();
    for (unsigned i = 0; i < n; i++) {
        init_op(&test_ops[i], &row, lens[i], SHAPE_PLAIN);
        /* one key length is one group */
        cleanup_op(&test_ops[i]);
        test_ops[i].session.params.cipher_key_len = 16;
        g_assert_true(crypto_engine_ctx_init(&test_ops[i].ctx,
                                             &test_ops[i].engine_rows,
                                             &test_ops[i].session.params));
        crypto_batch_key_init(&test_ops[i].key, &row, 1,
                              &test_ops[i].session.params);
    }
    rest = run_ops(n);
    end(n);
    return rest;
}

static void test_thresholds(void)
{
    static const uint8_t long_ones[CRYPTO_BATCH_CLASSES] = { 0, 0, 0, 0, 1 };
    static const uint8_t four[CRYPTO_BATCH_CLASSES] = { 4, 4, 4, 4, 4 };
    static const uint8_t mixed[CRYPTO_BATCH_CLASSES] = { 0, 3, 0, 0, 2 };
    static const size_t equal[] = { 64, 64, 64, 64 };
    static const size_t one_long[] = { 4096, 64, 64, 64, 64, 64 };
    static const size_t one_short[] = { 64, 64, 64, 16, 4096 };
    static const size_t two_long[] = { 4096, 4096, 256, 16 };

    g_assert_cmpuint(run_counts(long_ones, equal, 4), ==, 4);
    g_assert_cmpuint(run_counts(four, equal, 3), ==, 3);
    g_assert_cmpuint(run_counts(four, equal, 4), ==, 0);
    /* a lane that goes on alone is no gain */
    g_assert_cmpuint(run_counts(four, one_long, 6), ==, 1);
    /* nor is what never pays, next to others or not */
    g_assert_cmpuint(run_counts(mixed, one_short, 5), ==, 2);
    g_assert_cmpuint(run_counts(mixed, two_long, 4), ==, 2);
    g_assert_cmpuint(run_counts(mixed, two_long + 2, 2), ==, 2);
}

/* Rows that are not as they should be */

static const CryptoProviderBatchOps *good;
static enum { SPOIL_TEXT, SPOIL_TAG, SPOIL_STATUS, SPOIL_NOTHING } spoil;

static void spoilt_run(const CryptoProviderBatch *row, CryptoProviderJob *jobs,
                       unsigned n)
{
    CryptoProviderJob *job = &jobs[n / 2];

    good->run(row, jobs, n);
    if (spoil == SPOIL_TEXT) {
        job->dst[job->len - 1] ^= 1;
    } else if (spoil == SPOIL_TAG) {
        job->digest[job->digest_len - 1] ^= 1;
    } else if (spoil == SPOIL_STATUS) {
        job->ok = false;
    }
}

static CryptoProviderBatchOps spoilt_ops(const CryptoProviderBatch *row)
{
    CryptoProviderBatchOps ops = *row->ops;

    good = row->ops;
    ops.run = spoilt_run;
    return ops;
}

static void test_selftest(void)
{
    static CryptoProviderBatch batches[SPOIL_NOTHING + 1][2];
    CryptoProviderBatch row = *find_row(CRYPTODEV_ALGO_AES_CBC,
                                        CRYPTODEV_ALGO_HMAC_SHA1,
                                        CRYPTODEV_ENCRYPT)->row;
    CryptoProviderBatchOps ops = spoilt_ops(&row);
    CryptoDevSessionParams params = {
        .kind = row.kind, .chain = row.chain, .cipher = row.cipher,
        .hash = row.hash, .cipher_key_len = 16,
    };

    row.ops = &ops;
    for (spoil = SPOIL_TEXT; spoil <= SPOIL_NOTHING; spoil++) {
        CryptoProvider provider = { .name = "spoilt" };
        g_autofree CryptoBatchRow *left = NULL;
        CryptoBatchKey key;
        unsigned n;

        batches[spoil][0] = row;
        provider.batches = batches[spoil];
        left = crypto_batch_rows(&provider, single, true, &n);
        g_assert_cmpuint(n, ==, 1);
        crypto_batch_key_init(&key, left, n, &params);
        g_assert_true(key.row == (spoil == SPOIL_NOTHING ? left : NULL));
    }
}

/* One that fails ends with an error, the others as if nothing had been. */
static void test_failure(void)
{
    CryptoProviderBatch lib = *find_row(CRYPTODEV_ALGO_AES_CCM,
                                        CRYPTODEV_ALGO_NONE,
                                        CRYPTODEV_ENCRYPT)->row;
    CryptoProviderBatchOps ops = spoilt_ops(&lib);
    CryptoBatchRow row = { .row = &lib, .decided = true };
    CryptoDevOp *rest[CRYPTO_BATCH_MAX];
    unsigned n = 9, failed = 0;

    lib.ops = &ops;
    memset(row.min_count, 1, sizeof(row.min_count));
    spoil = SPOIL_STATUS;
    begin();
    memset(arena[BATCH], 0x5a, 64 * KiB);
    for (unsigned i = 0; i < n; i++) {
        TestOp *t = &test_ops[i];

        do {
            init_op(t, &row, 100, SHAPE_SCATTERED);
        } while (t->session.params.cipher_key_len != 16 &&
                 (cleanup_op(t), true));
        t->op[BATCH].aad.len = 0;
        g_assert_true(crypto_batch_add(batch, &t->op[BATCH], &t->key));
    }
    memcpy(arena[ALONE], arena[BATCH], 64 * KiB);
    g_assert_cmpuint(crypto_batch_run(batch, rest), ==, 0);
    for (unsigned i = 0; i < n; i++) {
        TestOp *t = &test_ops[i];

        t->op[ALONE].aad.len = 0;
        run_alone(t, ALONE);
        if (t->op[BATCH].status == CRYPTODEV_ERR) {
            failed++;
            g_assert_cmpuint(t->op[BATCH].written, ==, 0);
            iov_memset(t->op[ALONE].dst.iov, t->op[ALONE].dst.niov, 0, 0, 100);
            iov_memset(t->op[ALONE].digest.iov, t->op[ALONE].digest.niov, 0,
                       0x5a, t->op[ALONE].digest.len);
        } else {
            g_assert_cmpint(t->op[BATCH].status, ==, CRYPTODEV_OK);
        }
    }
    g_assert_cmpuint(failed, ==, 1);
    g_assert_true(!memcmp(arena[BATCH], arena[ALONE], 64 * KiB));
    end(n);
}

/* Threads */

#define N_THREADS 3

typedef struct Worker {
    TestOp *t;
    uint8_t mac[CRYPTO_BATCH_MAX][20];
} Worker;

static int ready;

/* Each thread has a batch, all have the session. */
static gpointer run_worker(gpointer opaque)
{
    Worker *w = opaque;
    CryptoBatch *own = crypto_batch_new();
    CryptoDevOp *rest[CRYPTO_BATCH_MAX];
    CryptoDevOp ops[CRYPTO_BATCH_MAX];
    struct iovec digest[CRYPTO_BATCH_MAX];

    g_atomic_int_inc(&ready);
    while (g_atomic_int_get(&ready) < N_THREADS) {
        g_thread_yield();
    }
    for (unsigned i = 0; i < CRYPTO_BATCH_MAX; i++) {
        digest[i] = (struct iovec) { w->mac[i], sizeof(w->mac[i]) };
        ops[i] = w->t->op[BATCH];
        ops[i].digest = (CryptoDevSpan) { &digest[i], 1, 0, 20 };
        g_assert_true(crypto_batch_add(own, &ops[i], &w->t->key));
    }
    g_assert_cmpuint(crypto_batch_run(own, rest), ==, 0);
    crypto_batch_free(own);
    return NULL;
}

static void test_threads(void)
{
    const CryptoBatchRow *row = find_row(CRYPTODEV_ALGO_NONE,
                                         CRYPTODEV_ALGO_HMAC_SHA1,
                                         CRYPTODEV_DIGEST);
    TestOp *t = &test_ops[0];

    for (unsigned i = 0; i < count(10); i++) {
        g_autofree Worker *w = g_new0(Worker, N_THREADS);
        GThread *threads[N_THREADS];

        begin();
        init_op(t, row, 300, SHAPE_PLAIN);
        fill(arena[BATCH], arena_next);
        ready = 0;
        for (unsigned j = 0; j < N_THREADS; j++) {
            w[j].t = t;
            threads[j] = g_thread_new(NULL, run_worker, &w[j]);
        }
        for (unsigned j = 0; j < N_THREADS; j++) {
            g_thread_join(threads[j]);
        }
        t->op[BATCH].digest.len = MIN(t->op[BATCH].digest.len, 20);
        run_alone(t, BATCH);
        for (unsigned j = 0; j < N_THREADS * CRYPTO_BATCH_MAX; j++) {
            g_assert_cmpmem(w[j / CRYPTO_BATCH_MAX].mac[j % CRYPTO_BATCH_MAX],
                            t->op[BATCH].digest.len,
                            t->digest.iov[BATCH][0].iov_base,
                            t->op[BATCH].digest.len);
        }
        cleanup_op(t);
    }
}

static const char *kind_name(const CryptoProviderBatch *row)
{
    return row->kind == CRYPTODEV_ENCRYPT ? "encrypt" :
           row->kind == CRYPTODEV_DECRYPT ? "decrypt" : "digest";
}

static void add_carry(const CryptoBatchRow *row, const char *name)
{
    g_autofree char *rounds = g_strdup_printf("%s/rounds", name);
    g_autofree char *aligned = g_strdup_printf("%s/aligned", name);
    g_autofree char *too_long = g_strdup_printf("%s/too-long", name);
    g_autofree char *split = g_strdup_printf("%s/split", name);
    g_autofree char *split_long = g_strdup_printf("%s/split-long", name);

    g_test_add_data_func(rounds, row, test_rounds);
    g_test_add_data_func(aligned, row, test_aligned);
    g_test_add_data_func(too_long, row, test_too_long);
    g_test_add_data_func(split, row, test_split);
    g_test_add_data_func(split_long, row, test_split_long);
}

static void add_row(const CryptoBatchRow *row)
{
    static const char *const chains[] = { "", "-hash-first", "-cipher-first" };
    g_autofree char *name = g_strdup_printf(
        "/cryptodev/batch/%s/%s/%s%s", cryptodev_algo_name(row->row->cipher),
        cryptodev_algo_name(row->row->hash), kind_name(row->row),
        chains[row->row->chain]);
    g_autofree char *random = g_strdup_printf("%s/random", name);
    g_autofree char *lengths = g_strdup_printf("%s/lengths", name);
    g_autofree char *guard = g_strdup_printf("%s/guard", name);

    if (row->row->carry) {
        add_carry(row, name);
    }
    g_test_add_data_func(guard, row, test_guard);
    g_test_add_data_func(random, row, test_row);
    g_test_add_data_func(lengths, row, test_lengths);
}

static void init_rows(void)
{
    const CryptoProvider *provider;

    for (unsigned i = 0; (provider = next_provider(&i));) {
        for (const CryptoProviderAlgo *row = provider->algos; row->algo;
             row++) {
            single[row->algo] = single[row->algo] ?: row;
        }
    }
    for (unsigned i = 0; !rows && (provider = next_provider(&i));) {
        if (provider->batches) {
            rows = crypto_batch_rows(provider, single, true, &num_rows);
            for (unsigned n = 0; provider->batches[n].ops; n++) {
                g_assert_cmpuint(num_rows, >, n);
            }
        }
    }
}

int main(int argc, char **argv)
{
    int ret;

    g_test_init(&argc, &argv, NULL);
    init_rows();
    for (unsigned i = 0; i < num_rows; i++) {
        add_row(&rows[i]);
    }
    if (num_rows) {
        g_test_add_func("/cryptodev/batch/mixed", test_mixed);
        g_test_add_func("/cryptodev/batch/large", test_large);
        g_test_add_func("/cryptodev/batch/counter", test_counter);
        g_test_add_func("/cryptodev/batch/thresholds", test_thresholds);
        g_test_add_func("/cryptodev/batch/selftest", test_selftest);
        g_test_add_func("/cryptodev/batch/failure", test_failure);
        g_test_add_func("/cryptodev/batch/threads", test_threads);
    }
    for (int a = 0; a < BOTH; a++) {
        arena[a] = qemu_memalign(4096, ARENA_SIZE);
    }
    batch = crypto_batch_new();
    ret = g_test_run();
    crypto_batch_free(batch);
    crypto_engine_bounce_cleanup(&bounce);
    for (int a = 0; a < BOTH; a++) {
        qemu_vfree(arena[a]);
    }
    g_free(rows);
    return ret;
}
