/*
 * Tests of the virtio-crypto request formats: the memo of the last request
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <math.h>
#include "hw/virtio/crypto/memo.h"
#include "virtio-crypto-format-fixture.h"

/**
 * MemoTest: requests in turn in two places
 *
 * @at: where the request at hand is
 * @memo: of all of them
 * @hits, @misses: how often the memo knew a request
 */
typedef struct MemoTest {
    FormatTest *place[2];
    FormatTest *at;
    VirtIOCryptoMemo memo;
    unsigned hits, misses;
} MemoTest;

static void memo_test_init(MemoTest *m, const FormatForm *form)
{
    memset(m, 0, sizeof(*m));
    m->place[0] = format_test_new(form);
    m->place[1] = format_test_new(form);
    m->at = m->place[0];
    virtio_crypto_memo_reset(&m->memo);
}

static void memo_test_cleanup(MemoTest *m)
{
    format_test_free(m->place[0]);
    format_test_free(m->place[1]);
}

/* Go on in the other place, with the same bytes, cut in the same way. */
static FormatTest *move_on(MemoTest *m)
{
    FormatTest *from = m->at, *to = m->place[from == m->place[0]];

    memcpy(to->out.bytes, from->out.bytes, sizeof(to->out.bytes));
    to->out.len = from->out.len;
    to->in.len = from->in.len;
    to->out.cut = from->out.cut;
    to->in.cut = from->in.cut;
    to->caps = from->caps;
    to->stateless = from->stateless;
    to->session.params = from->session.params;
    to->piece = from->piece;
    to->ctrl = from->ctrl;
    m->at = to;
    return to;
}

static VirtIOCryptoBuffer buffer_of(const FormatTest *t)
{
    return (VirtIOCryptoBuffer) {
        .format = *t->form->format,
        .out = { t->out.iov, t->out.num },
        .in = { t->in.iov, t->in.num },
    };
}

static void expect_span(const CryptoDevSpan *a, const CryptoDevSpan *b)
{
    g_assert_cmpuint(a->len, ==, b->len);
    if (a->len) {
        g_assert(a->iov == b->iov);
        g_assert_cmpuint(a->niov, ==, b->niov);
        g_assert_cmpuint(a->offset, ==, b->offset);
    }
}

/* What the memo made out is what the parser does, but for the session's copy */
static void expect_op(const CryptoDevOp *op, const FormatTest *t)
{
    const CryptoDevOp *parsed = &t->op;

    g_assert_cmpint(op->session->params.service, ==,
                    parsed->session->params.service);
    g_assert_cmpint(op->session->params.cipher, ==,
                    parsed->session->params.cipher);
    g_assert_cmpint(op->opcode, ==, parsed->opcode);
    expect_span(&op->src, &parsed->src);
    expect_span(&op->dst, &parsed->dst);
    expect_span(&op->aad, &parsed->aad);
    expect_span(&op->digest, &parsed->digest);
    if (op->session->params.chain) {
        g_assert_cmpmem(&op->cipher_window, sizeof(op->cipher_window),
                        &parsed->cipher_window, sizeof(op->cipher_window));
        g_assert_cmpmem(&op->hash_window, sizeof(op->hash_window),
                        &parsed->hash_window, sizeof(op->hash_window));
    }
    g_assert_cmpmem(op->iv, op->iv_len, parsed->iv, parsed->iv_len);
}

/*
 * A request as the device takes it: known, or parsed and then remembered.
 * Either way it is parsed, to see that the memo is right.
 */
static bool take(MemoTest *m)
{
    FormatTest *t = m->at;
    VirtIOCryptoReply reply;
    VirtIOCryptoBuffer buf;
    CryptoDevOp op;
    bool known;

    format_test_lay(t);
    buf = buffer_of(t);
    known = virtio_crypto_memo_match(&m->memo, &buf, &op, &reply);
    format_test_parse(t);
    if (known) {
        m->hits++;
        g_assert_cmpint(t->status, ==, CRYPTODEV_OK);
        expect_op(&op, t);
        g_assert_cmpuint(op.cost, ==, (uint32_t)t->data.session_id);
        g_assert_cmpmem(&reply, sizeof(reply), &t->reply, sizeof(reply));
        return true;
    }
    m->misses++;
    if (t->status == CRYPTODEV_OK) {
        /* as the backend would set it */
        t->op.cost = t->data.session_id;
        virtio_crypto_memo_store(&m->memo, &buf, &t->data, &t->op);
    }
    return false;
}

/* A data request, in a session of its own. */
static void load(MemoTest *m, const FormatCase *c)
{
    const FormatForm *form = m->at->form;

    format_test_load(m->at, c);
    if (!form->draft && form != &format_stateless) {
        format_test_set(m->at, &(FormatField) { 8, 8, c - form->cases });
    }
}

static bool can_be_known(const FormatForm *form, const FormatCase *c)
{
    return !form->draft && form != &format_stateless &&
           c->session.cipher != CRYPTODEV_ALGO_AES_CCM;
}

/* The second of two that are alike is known, if such requests are at all. */
static void test_alike(const void *opaque)
{
    const FormatForm *form = opaque;
    MemoTest m;

    memo_test_init(&m, form);
    for (const FormatCase *c = form->cases; c->name; c++) {
        if (c->ctrl) {
            continue;
        }
        g_test_message("%s", c->name);
        load(&m, c);
        g_assert_false(take(&m));
        g_assert_cmpint(m.at->status, ==, CRYPTODEV_OK);
        move_on(&m);
        /* other data, and another IV; what follows the fixed part of AEAD */
        for (size_t i = c->needed; i < c->out_len; i++) {
            m.at->out.bytes[i] ^= 0x5a;
        }
        if (!can_be_known(form, c)) {
            g_assert_false(take(&m));
            continue;
        }
        g_assert_true(take(&m));
        move_on(&m);
        virtio_crypto_memo_reset(&m.memo);
        g_assert_false(take(&m));
    }
    memo_test_cleanup(&m);
}

/* Nothing that differs is known: a byte of the fixed part, a length. */
static void test_different(const void *opaque)
{
    const FormatForm *form = opaque;
    unsigned count = 0;
    MemoTest m;

    memo_test_init(&m, form);
    for (const FormatCase *c = form->cases; c->name; c++) {
        if (c->ctrl || !can_be_known(form, c)) {
            continue;
        }
        for (size_t i = 0; i < c->needed; i++) {
            load(&m, c);
            take(&m);
            move_on(&m)->out.bytes[i] ^= 1 << i % 8;
            g_assert_false(take(&m));
        }
        for (int i = 0; i < 4; i++) {
            FormatTest *t;

            load(&m, c);
            take(&m);
            t = move_on(&m);
            t->out.len += i == 0;
            t->in.len += i == 1;
            t->out.cut = i == 2 ? c->needed : FORMAT_TEST_WHOLE;
            t->in.cut = i == 3 ? 0 : FORMAT_TEST_WHOLE;
            g_assert_false(take(&m));
        }
        count++;
    }
    g_assert_cmpuint(count, >, 0);
    memo_test_cleanup(&m);
}

/* A request that is refused is not remembered, nor is what came before it. */
static void test_refused(const void *opaque)
{
    const FormatForm *form = opaque;
    const FormatCase *c = format_test_case(form, "cipher/encrypt");
    MemoTest m;

    memo_test_init(&m, form);
    load(&m, c);
    g_assert_false(take(&m));
    move_on(&m);
    g_assert_true(take(&m));
    format_test_set(move_on(&m), &(FormatField) { 24, 4, 15 });
    g_assert_false(take(&m));
    g_assert_cmpint(m.at->status, ==, CRYPTODEV_ERR);
    move_on(&m);
    g_assert_false(take(&m));
    load(&m, c);
    g_assert_false(take(&m));
    move_on(&m);
    g_assert_true(take(&m));
    memo_test_cleanup(&m);
}

/* The fixed part or the IV in pieces, and more pieces than are remembered */
static void test_pieces(const void *opaque)
{
    const FormatForm *form = opaque;
    const FormatCase *c = format_test_case(form, "cipher/encrypt");
    MemoTest m;

    memo_test_init(&m, form);
    for (size_t cut = 0; cut <= c->out_len; cut++) {
        bool whole = cut >= c->needed &&
                     (cut <= c->needed || cut >= c->needed + 16);

        load(&m, c);
        m.at->out.cut = cut;
        g_assert_false(take(&m));
        move_on(&m);
        g_assert_cmpint(take(&m), ==, whole);
    }
    load(&m, c);
    m.at->in.cut = FORMAT_TEST_BYTES;
    g_assert_false(take(&m));
    move_on(&m);
    g_assert_false(take(&m));
    memo_test_cleanup(&m);
}

/* Some change to the request at hand, or none */
static void change(MemoTest *m, GRand *rand)
{
    FormatTest *t = m->at;

    switch (g_rand_int_range(rand, 0, 12)) {
    case 0:
        t->out.bytes[g_rand_int_range(rand, 0, 72)] ^=
            1 << g_rand_int_range(rand, 0, 8);
        break;
    case 1:
        t->out.len += g_rand_int_range(rand, -1, 2);
        break;
    case 2:
        t->in.len += t->in.len > 1 ? g_rand_int_range(rand, -1, 2) : 1;
        break;
    case 3:
        t->out.cut = g_rand_int_range(rand, 0, t->out.len + 1);
        break;
    case 4:
        t->in.cut = g_rand_int_range(rand, 0, t->in.len + 1);
        break;
    default:
        for (size_t i = t->data.raw_len; i < t->out.len; i++) {
            t->out.bytes[i] = g_rand_int(rand);
        }
    }
    if (t->out.cut > t->out.len) {
        t->out.cut = FORMAT_TEST_WHOLE;
    }
    if (t->in.cut > t->in.len) {
        t->in.cut = FORMAT_TEST_WHOLE;
    }
}

static void test_random(const void *opaque)
{
    const FormatForm *form = opaque;
    unsigned first = 0, count, rounds = g_test_slow() ? 1000000 : 100000;
    GRand *rand = g_rand_new_with_seed(12);
    MemoTest m;

    while (form->cases[first].ctrl) {
        first++;
    }
    for (count = first; form->cases[count].name; count++) {
        g_assert_false(form->cases[count].ctrl);
    }
    memo_test_init(&m, form);
    for (unsigned i = 0; i < rounds; i++) {
        if (!i || g_rand_int_range(rand, 0, 10) == 0) {
            load(&m, &form->cases[g_rand_int_range(rand, first, count)]);
        } else {
            move_on(&m);
            change(&m, rand);
        }
        take(&m);
    }
    g_test_message("%u of %u known", m.hits, rounds);
    g_assert_cmpuint(m.misses, >, rounds / 10);
    g_assert_cmpuint(m.hits, >, rounds / 10);
    g_rand_free(rand);
    memo_test_cleanup(&m);
}

/* How long it takes: processor time, the best of some rounds */

#define PERF_ROUNDS 20
#define PERF_COUNT  100000

static double now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

static double time_parser(FormatTest *t, const VirtIOCryptoBuffer *buf)
{
    double start = now_ns();

    for (unsigned i = 0; i < PERF_COUNT; i++) {
        g_assert(buf->format->parse_head(buf, &t->data) == CRYPTODEV_OK);
        t->op.opcode = t->data.opcode;
        g_assert(buf->format->parse_body(buf, &t->data, &t->op) ==
                 CRYPTODEV_OK);
    }
    return (now_ns() - start) / PERF_COUNT;
}

static double time_memo(FormatTest *t, const VirtIOCryptoBuffer *buf)
{
    VirtIOCryptoReply reply;
    VirtIOCryptoMemo memo;
    double start;

    virtio_crypto_memo_store(&memo, buf, &t->data, &t->op);
    start = now_ns();
    for (unsigned i = 0; i < PERF_COUNT; i++) {
        g_assert(virtio_crypto_memo_match(&memo, buf, &t->op, &reply));
    }
    return (now_ns() - start) / PERF_COUNT;
}

static void measure(const FormatForm *form, const char *name, size_t cut)
{
    FormatTest *t = format_test_new(form);
    VirtIOCryptoBuffer buf;
    double parser = INFINITY, memo = INFINITY;

    format_test_load(t, format_test_case(form, name));
    t->out.cut = cut;
    format_test_lay(t);
    buf = buffer_of(t);
    buf.out.len = t->out.len;
    buf.in.len = t->in.len;
    buf.caps = &t->caps;
    t->op.session = &t->session;
    for (int i = 0; i < PERF_ROUNDS; i++) {
        parser = MIN(parser, time_parser(t, &buf));
        memo = MIN(memo, time_memo(t, &buf));
    }
    g_test_minimized_result(parser, "%s %s, parser: %.1f ns", form->name, name,
                            parser);
    g_test_minimized_result(memo, "%s %s, memo: %.1f ns", form->name, name,
                            memo);
    format_test_free(t);
}

static void test_perf(const void *opaque)
{
    const FormatForm *form = opaque;

    measure(form, "cipher/encrypt", 72);
    measure(form, "hash/digest", FORMAT_TEST_WHOLE);
    measure(form, "aead/decrypt", FORMAT_TEST_WHOLE);
    measure(form, "chain/decrypt", 72);
}

void format_memo_test_add(const FormatForm *form)
{
    format_test_add(form->name, "memo", "alike", form, test_alike);
    if (form->draft || form == &format_stateless) {
        return;
    }
    format_test_add(form->name, "memo", "random", form, test_random);
    format_test_add(form->name, "memo", "different", form, test_different);
    format_test_add(form->name, "memo", "refused", form, test_refused);
    format_test_add(form->name, "memo", "pieces", form, test_pieces);
    if (g_test_perf()) {
        format_test_add(form->name, "memo", "perf", form, test_perf);
    }
}
