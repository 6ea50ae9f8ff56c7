/*
 * Self-test of the crypto providers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "qemu/units.h"
#include "selftest.h"
#include "stream.h"
#include "vectors.h"
#include "system/cryptodev-util.h"

/* Known answers */

/*
 * Length of the first piece and of all others; 0: one piece.  All runs use the
 * same context.
 */
static const size_t cuts[][2] = { { 0, 0 }, { 1, 1 }, { 19, 33 } };

/* @bytes in pieces */
typedef struct Pieces {
    struct iovec iov[CRYPTODEV_VECTOR_MAX];
    CryptoDevSpan span;
} Pieces;

static CryptoDevSpanIter cut_up(Pieces *p, CryptoDevBytes *bytes,
                                const size_t *cut)
{
    size_t done = 0, want = cut[0];

    p->span = (CryptoDevSpan) { .iov = p->iov, .len = bytes->len };
    while (done < bytes->len) {
        size_t len = MIN(want, bytes->len - done);

        p->iov[p->span.niov++] = (struct iovec) { bytes->data + done, len };
        done += len;
        want = cut[1];
    }
    return span_iter_of(&p->span);
}

static void run_cut(const CryptoRow *row, CryptoMessage *m,
                    CryptoDevBytes *text, const size_t *cut)
{
    Pieces pieces;
    CryptoDevSpanIter it = cut_up(&pieces, text, cut);

    if (cryptodev_row_digests(row)) {
        cryptodev_stream_hash(row, m, it, (CryptoDevSpanIter) { });
    } else {
        cryptodev_stream_cipher(row, m, it, it);
    }
}

static bool can_cut(const CryptoRow *row)
{
    return (cryptodev_row_digests(row) ? row->auth_split : row->crypt_split) !=
           CRYPTO_SPLIT_NONE;
}

/**
 * Tally: answers of a row in one direction
 *
 * @refused: keys that the library refuses
 * @failed: messages without an answer
 */
typedef struct Tally {
    unsigned right, wrong, refused, failed;
} Tally;

static void test_answer(const CryptoRow *row, void *ctx,
                        const CryptoDevVectorData *d, bool encrypt,
                        const size_t *cut, Tally *t)
{
    const CryptoDevBytes *in = encrypt ? &d->in : &d->out;
    const CryptoDevBytes *out = encrypt ? &d->out : &d->in;
    bool digests = cryptodev_row_digests(row);
    size_t tag_len = row->digest_len ? MIN(d->tag.len, row->digest_len) :
                                       d->tag.len;
    CryptoDevBytes tag, buf = *in;
    /* one piece goes from buffer to buffer, many pieces work in place */
    CryptoMessage message = {
        .ctx = ctx, .src = in->data, .dst = buf.data, .len = in->len,
        .aad = d->aad.data, .aad_len = d->aad.len,
        .digest = tag.data, .digest_len = tag_len,
        .iv_len = d->iv.len,
    }, *m = &message;

    memcpy(m->iv, d->iv.data, d->iv.len);
    if (cut[0] && can_cut(row)) {
        run_cut(row, m, &buf, cut);
    } else {
        cryptodev_row_run(row, &m, 1);
    }
    if (!m->ok) {
        t->failed++;
    } else if (cryptodev_equal(tag.data, d->tag.data, tag_len) &&
               cryptodev_equal(buf.data, digests ? in->data : out->data,
                               in->len)) {
        t->right++;
    } else {
        t->wrong++;
    }
}

static void test_vector(const CryptoRow *row, const CryptoDevVectorData *d,
                        bool encrypt, Tally *t)
{
    void *ctx = row->ops->ctx_new(row, d->key.data, d->key.len, encrypt);

    if (!ctx) {
        /* another row serves sessions with such a key */
        t->refused++;
        return;
    }
    for (int i = 0; i < ARRAY_SIZE(cuts); i++) {
        test_answer(row, ctx, d, encrypt, cuts[i], t);
    }
    row->ops->ctx_free(ctx);
}

/* Whether @row takes such a message; a row with is_batch need not take all. */
static bool takes(const CryptoRow *row, const CryptoDevVectorData *d)
{
    return !row->ops->is_batch ||
           ((d->in.len || row->takes_empty) && d->aad.len <= row->max_aad);
}

static CryptoVerdict test_direction(const CryptoRow *row, bool encrypt)
{
    Tally t = { };

    for (const CryptoDevVector *v = cryptodev_vectors; v->algo; v++) {
        CryptoDevVectorData d;

        if (v->algo != row->algo) {
            continue;
        }
        cryptodev_vector_load(v, &d);
        if (takes(row, &d)) {
            test_vector(row, &d, encrypt, &t);
        }
    }
    if (t.wrong || (t.right && t.failed)) {
        return CRYPTO_VERDICT_FAILED;
    }
    if (t.right) {
        return CRYPTO_VERDICT_PASSED;
    }
    return t.refused || t.failed ? CRYPTO_VERDICT_REFUSED :
                                   CRYPTO_VERDICT_FAILED;
}

/* The worse verdict of the two directions, where there are two */
static CryptoVerdict test_answers(const CryptoRow *row)
{
    bool digests = cryptodev_row_digests(row);
    CryptoVerdict verdict = CRYPTO_VERDICT_PASSED;

    if (digests || cryptodev_row_serves(row, CRYPTODEV_ENCRYPT)) {
        verdict = test_direction(row, true);
    }
    if (!digests && cryptodev_row_serves(row, CRYPTODEV_DECRYPT)) {
        verdict = MIN(verdict, test_direction(row, false));
    }
    return verdict;
}

/* Many messages at a time */

/* More messages than a library has lanes */
#define TOGETHER    20
#define LEN_MAX     1088

/* Long messages: their length and number */
#define LONG_LEN    (64 * KiB + 65)
#define LONG_NUM    5

/**
 * TestMessage: a message with a key of its own
 *
 * @m, @alone: the message in a batch, and alone
 * @want, @want_tag: results of @alone
 */
typedef struct TestMessage {
    CryptoMessage m, alone;
    uint8_t key[CRYPTODEV_AUTH_KEY_MAX];
    uint8_t src[LEN_MAX], dst[LEN_MAX], want[LEN_MAX];
    uint8_t aad[32], tag[CRYPTODEV_DIGEST_MAX], want_tag[CRYPTODEV_DIGEST_MAX];
} TestMessage;

/**
 * Together: a test of messages in a batch
 *
 * @n: number of messages
 * @text: of LONG_LEN + @n bytes for long messages, or NULL
 */
typedef struct Together {
    const CryptoRow *row, *alone;
    bool encrypt;
    uint32_t seed;
    unsigned n;
    uint8_t *text;
    TestMessage messages[TOGETHER];
} Together;

/* Fill @buf with different bytes; they need not be random. */
static void fill(Together *t, uint8_t *buf, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        t->seed = t->seed * 1664525 + 1013904223;
        buf[i] = t->seed >> 24;
    }
}

/* Lengths of all kinds, from the shortest to several blocks */
static void set_message(Together *t, TestMessage *tm, unsigned i)
{
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(t->row->algo);
    size_t len = QEMU_ALIGN_DOWN(16 + i * 53 % 1024, info->block_len);

    fill(t, tm->src, sizeof(tm->src));
    fill(t, tm->aad, sizeof(tm->aad));
    tm->m.src = tm->src;
    tm->m.dst = i & 1 ? tm->src : tm->dst;
    tm->m.len = len;
    if (t->text) {
        tm->m.src = t->text + i;
        tm->m.len = LONG_LEN;
    }
    tm->m.aad = tm->aad;
    tm->m.aad_len = MIN(t->row->max_aad, sizeof(tm->aad) - 3);
    tm->m.digest = tm->tag;
    tm->m.digest_len = t->row->digest_len ?: info->digest_len;
    tm->m.iv_len = info->nonce_len ?: info->iv_min;
    fill(t, tm->m.iv, tm->m.iv_len);
    /* a 32-bit counter must not overflow */
    tm->m.iv[sizeof(tm->m.iv) - 4] = 0;
    tm->alone = tm->m;
    tm->alone.dst = tm->want;
    tm->alone.digest = tm->want_tag;
}

/* If the other row refuses the key, use the row under test. */
static bool run_alone(Together *t, TestMessage *tm, size_t key_len)
{
    CryptoMessage *m = &tm->alone;
    const CryptoRow *row = t->alone;

    m->ctx = row->ops->ctx_new(row, tm->key, key_len, t->encrypt);
    if (!m->ctx) {
        row = t->row;
        m->ctx = row->ops->ctx_new(row, tm->key, key_len, t->encrypt);
    }
    cryptodev_row_run(row, &m, 1);
    row->ops->ctx_free(m->ctx);
    return m->ok;
}

static bool is_right(const TestMessage *tm, const CryptoRow *row)
{
    return tm->m.ok &&
           (cryptodev_row_digests(row) ||
            cryptodev_equal(tm->m.dst, tm->want, tm->m.len)) &&
           cryptodev_equal(tm->tag, tm->want_tag, tm->m.digest_len);
}

/* A MAC gets keys of various lengths, all others @key_len. */
static size_t key_len_of(const Together *t, unsigned i, size_t key_len)
{
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(t->row->algo);

    return cryptodev_row_digests(t->row) && info->key_max > info->key_min ?
           info->key_min + i * 3 : key_len;
}

/* Returns: false for a wrong result.  Increments @run if the batch was run. */
static bool test_together(Together *t, size_t key_len, unsigned *run)
{
    CryptoMessage *m[TOGETHER];
    bool ok = true, refused = false;

    for (unsigned i = 0; i < t->n; i++) {
        TestMessage *tm = &t->messages[i];
        size_t len = key_len_of(t, i, key_len);

        fill(t, tm->key, len);
        set_message(t, tm, i);
        m[i] = &tm->m;
        m[i]->ctx = t->row->ops->ctx_new(t->row, tm->key, len, t->encrypt);
        refused = refused || !m[i]->ctx;
        ok = ok && (refused || run_alone(t, tm, len));
    }
    if (ok && !refused) {
        cryptodev_row_run(t->row, m, t->n);
        (*run)++;
    }
    for (unsigned i = 0; i < t->n; i++) {
        ok = ok && (refused || is_right(&t->messages[i], t->row));
        if (m[i]->ctx) {
            t->row->ops->ctx_free(m[i]->ctx);
        }
    }
    return ok;
}

/* Key lengths that a library refuses are skipped; at least one must work. */
static bool test_batch(const CryptoRow *row, const CryptoRow *alone)
{
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(row->algo);
    bool digests = cryptodev_row_digests(row);
    g_autofree Together *t = g_new0(Together, 1);
    unsigned run = 0;
    bool ok = true;

    t->row = row;
    t->alone = alone ?: row;
    t->n = TOGETHER;
    for (unsigned opcode = CRYPTODEV_ENCRYPT; opcode <= CRYPTODEV_DECRYPT;
         opcode++) {
        t->encrypt = opcode == CRYPTODEV_ENCRYPT;
        for (size_t len = info->key_min;
             ok && len <= (digests ? info->key_min : info->key_max) &&
             cryptodev_row_serves(row, opcode); len += info->key_step ?: 1) {
            ok = test_together(t, len, &run);
        }
    }
    return ok && run;
}

bool cryptodev_selftest_long(const CryptoRow *row, const CryptoRow *alone)
{
    size_t key_len = cryptodev_algo_info(row->algo)->key_min;
    g_autofree uint8_t *text = g_malloc(LONG_LEN + LONG_NUM);
    g_autofree Together *t = g_new0(Together, 1);
    unsigned run = 0;

    t->row = row;
    t->alone = alone;
    t->n = LONG_NUM;
    fill(t, text, LONG_LEN + LONG_NUM);
    t->text = text;
    return test_together(t, key_len, &run) && run;
}

CryptoVerdict cryptodev_selftest(const CryptoRow *row, const CryptoRow *alone)
{
    CryptoVerdict verdict = test_answers(row);

    if (verdict == CRYPTO_VERDICT_PASSED && row->ops->is_batch &&
        !test_batch(row, alone)) {
        verdict = CRYPTO_VERDICT_FAILED;
    }
    return verdict;
}

/* Verdicts of this process */

/* The verdict about any kind of row; CRYPTO_VERDICT_NONE at first */
static CryptoVerdict *verdict_of(const void *row)
{
    static GHashTable *verdicts;
    CryptoVerdict *v;

    verdicts = verdicts ?: g_hash_table_new(NULL, NULL);
    v = g_hash_table_lookup(verdicts, row);
    if (!v) {
        v = g_new0(CryptoVerdict, 1);
        g_hash_table_insert(verdicts, (gpointer)row, v);
    }
    return v;
}

static CryptoVerdict report(CryptoVerdict verdict,
                            const CryptoProvider *provider,
                            CryptoDevAlgo algo)
{
    bool has_policy = provider->has_policy && provider->has_policy();

    if (verdict == CRYPTO_VERDICT_REFUSED && !has_policy) {
        verdict = CRYPTO_VERDICT_FAILED;
    }
    if (verdict == CRYPTO_VERDICT_FAILED) {
        warn_report("cryptodev: %s of %s fails its self-test and is not used",
                    cryptodev_algo_name(algo), provider->name);
    }
    return verdict;
}

CryptoVerdict cryptodev_row_verdict(const CryptoProvider *provider,
                                    const CryptoRow *row,
                                    const CryptoRow *alone)
{
    CryptoVerdict *v = verdict_of(row);

    if (*v == CRYPTO_VERDICT_NONE) {
        *v = cryptodev_selftest(row, alone);
    }
    return report(*v, provider, row->algo);
}

bool cryptodev_row_does_long(const CryptoRow *row, const CryptoRow *alone)
{
    CryptoVerdict *v = verdict_of(&row->long_len);

    if (*v == CRYPTO_VERDICT_NONE) {
        *v = cryptodev_selftest_long(row, alone) ? CRYPTO_VERDICT_PASSED :
                                                   CRYPTO_VERDICT_FAILED;
    }
    return *v == CRYPTO_VERDICT_PASSED;
}

CryptoVerdict
cryptodev_akcipher_verdict(const CryptoProvider *provider,
                           const CryptoProviderAkcipher *akcipher)
{
    CryptoVerdict *v = verdict_of(akcipher);

    if (*v == CRYPTO_VERDICT_NONE) {
        *v = cryptodev_akcipher_selftest(akcipher) ? CRYPTO_VERDICT_PASSED :
                                                     CRYPTO_VERDICT_FAILED;
    }
    return report(*v, provider, akcipher->algo);
}
