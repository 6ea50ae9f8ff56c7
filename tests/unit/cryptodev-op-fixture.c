/*
 * Operations laid out in memory in all ways
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/cutils.h"
#include "cryptodev-op-fixture.h"

#define PIECES_MAX      48
#define ARENA           0x4000

/* All pieces of an operation, what must become of them, the next free byte */
static uint8_t arena[ARENA], wanted[ARENA];
static size_t arena_next;

static CryptoScratch scratch;

/* A span and its vector. */
typedef struct Place {
    struct iovec iov[PIECES_MAX + 1];
    CryptoDevSpan span;
} Place;

typedef struct Layout {
    Place src, dst, aad, digest;
} Layout;

static size_t random_upto(size_t max)
{
    return g_test_rand_int_range(0, max + 1);
}

/* Memory with a few bytes before it that nobody may touch. */
static uint8_t *arena_take(size_t len)
{
    uint8_t *p = arena + arena_next + random_upto(6);

    arena_next = p + len - arena;
    g_assert_cmpuint(arena_next, <, ARENA - 128);
    return p;
}

static size_t piece_len(const Place *p, size_t left, bool whole)
{
    if (whole || p->span.niov >= PIECES_MAX) {
        return left;
    }
    switch (random_upto(5)) {
    case 0:
        return 0;
    case 1:
        return MIN(left, 1);
    case 2:
        return left;
    default:
        return MIN(left, random_upto(70));
    }
}

/* @len bytes at @base, or scattered; the vector begins before the span. */
static void place(Place *p, uint8_t *base, size_t len, bool whole)
{
    size_t done = 0;

    p->span = (CryptoDevSpan) { .iov = p->iov, .len = len };
    while (done < len || (!len && p->span.niov < random_upto(2))) {
        size_t n = piece_len(p, len - done, whole);
        size_t skip = p->span.niov ? 0 : random_upto(4);
        uint8_t *at = base ? base + done : arena_take(n + skip) + skip;

        p->iov[p->span.niov++] = (struct iovec) { at - skip, n + skip };
        p->span.offset += skip;
        done += n;
    }
    /* more bytes than the span has, and pieces that it does not need */
    if (p->span.niov && random_upto(1)) {
        p->iov[p->span.niov - 1].iov_len += random_upto(3);
    }
}

/* Some pieces in the opposite order of their addresses. */
static void place_scattered(Place *p, size_t len)
{
    place(p, NULL, len, false);
    for (unsigned i = 1; i + 2 < p->span.niov; i += 2) {
        if (p->iov[i].iov_len == p->iov[i + 1].iov_len) {
            struct iovec iov = p->iov[i];

            p->iov[i] = p->iov[i + 1];
            p->iov[i + 1] = iov;
        }
    }
}

/* Write to a span, or to the same place in the image of what is wanted. */
static void put(const Place *p, const uint8_t *bytes, size_t len, bool image)
{
    size_t skip = p->span.offset, done = 0;

    g_assert_cmpuint(len, <=, p->span.len);
    for (unsigned i = 0; done < len; i++) {
        size_t room = p->iov[i].iov_len - MIN(skip, p->iov[i].iov_len);
        size_t n = MIN(room, len - done);
        uint8_t *at = (uint8_t *)p->iov[i].iov_base + skip;

        g_assert_cmpuint(i, <, p->span.niov);
        if (n) {
            memcpy(image ? wanted + (at - arena) : at, bytes + done, n);
        }
        skip -= MIN(skip, p->iov[i].iov_len);
        done += n;
    }
}

static void lay_out(Layout *l, const OpCase *c, OpShape shape)
{
    bool whole = shape == OP_PLAIN;
    /* room for what lies next to, before or behind each other */
    size_t most = MAX(c->src_len, c->dst_len) + c->aad_len +
                  c->digest_len;
    uint8_t *base = arena_take(most + 400) + 200;

    if (shape == OP_SCATTERED || shape == OP_SAME_PIECES) {
        place_scattered(&l->src, c->src_len);
        place_scattered(&l->aad, c->aad_len);
        place_scattered(&l->digest, c->digest_len);
        place_scattered(&l->dst, c->dst_len);
        if (shape == OP_SAME_PIECES && c->dst_len <= c->src_len) {
            l->dst.span = l->src.span;
            l->dst.span.len = c->dst_len;
            memcpy(l->dst.iov, l->src.iov, sizeof(l->dst.iov));
            l->dst.span.iov = l->dst.iov;
        }
        return;
    }
    place(&l->dst, base, c->dst_len, whole);
    place(&l->src, shape == OP_IN_PLACE ? base :
          shape == OP_OVERLAP ? base + random_upto(160) - 80 :
          arena_take(c->src_len), c->src_len, whole);
    place(&l->aad, shape == OP_AAD_OVERLAP ? base + random_upto(160) - 80 :
          arena_take(c->aad_len), c->aad_len, whole);
    place(&l->digest, shape == OP_IN_PLACE ?
          base + MAX(c->src_len, c->dst_len) :
          arena_take(c->digest_len), c->digest_len, whole);
}

bool op_case_verifies(const OpCase *c)
{
    return c->params.service == CRYPTODEV_SERVICE_AEAD &&
           c->params.opcode == CRYPTODEV_DECRYPT;
}

/* Nothing of an operation stays in the memory that the next one gets. */
static void check_gone(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; scratch.buf && i + 16 <= len; i += 16) {
        g_assert_true(buffer_is_zero(bytes + i, 16) ||
                      !memmem(scratch.buf, scratch.size, bytes + i, 16));
    }
}

bool op_case_start(OpCase *c, const CryptoRoutes *routes)
{
    c->route = cryptodev_route_new(routes, &c->params);
    return c->route;
}

void op_case_end(OpCase *c)
{
    cryptodev_route_free(c->route);
}

/* Each step alone, with no more scratch memory than was announced */
static void run_steps(CryptoRoute *route, CryptoDevOp *op)
{
    CryptoContexts *contexts = cryptodev_route_contexts(route);
    CryptoContext *context = cryptodev_contexts_acquire(contexts, 0);
    CryptoWork work;

    g_assert_nonnull(context);
    cryptodev_scratch_cleanup(&scratch);
    scratch.size = cryptodev_work_init(&work, op, contexts->params);
    scratch.buf = g_malloc(scratch.size);
    cryptodev_work_load(&work, &scratch);
    for (unsigned i = 0; i < 2; i++) {
        if (work.steps[i] && !work.failed) {
            cryptodev_route_run(route, &work, &scratch, context,
                                work.steps[i] == CRYPTO_STEP_HASH);
        }
    }
    cryptodev_work_finish(&work);
    cryptodev_contexts_release(contexts, context, 0);
    cryptodev_scratch_reset(&scratch);
}

void op_case_run(const OpCase *c, OpShape shape)
{
    static Layout l;
    CryptoDevOp op = {
        .opcode = c->params.opcode, .iv_len = c->iv_len,
        .cipher_window = c->cipher_window, .hash_window = c->hash_window,
    };

    memcpy(op.iv, c->iv, sizeof(op.iv));
    memset(arena, 0xc5, sizeof(arena));
    arena_next = 16;
    lay_out(&l, c, shape);
    put(&l.src, c->src, c->src_len, false);
    put(&l.aad, c->aad, c->aad_len, false);
    if (op_case_verifies(c)) {
        put(&l.digest, c->digest, c->digest_len, false);
    }
    memcpy(wanted, arena, sizeof(arena));
    put(&l.dst, c->out, c->out_len, true);
    if (!op_case_verifies(c) && c->status == CRYPTODEV_OK) {
        put(&l.digest, c->digest, c->digest_len, true);
    }
    op.src = l.src.span;
    op.dst = l.dst.span;
    op.aad = l.aad.span;
    op.digest = l.digest.span;
    run_steps(c->route, &op);
    g_assert_cmpint(op.status, ==, c->status);
    g_assert_cmpuint(op.written, ==,
                     c->status == CRYPTODEV_OK ? c->written : 0);
    g_assert_cmpmem(arena, sizeof(arena), wanted, sizeof(wanted));
    g_assert_cmpuint(scratch.used, ==, 0);
    check_gone(c->src, c->src_len);
    check_gone(c->aad, c->aad_len);
    check_gone(c->out, c->out_len);
}

void op_case_cleanup(void)
{
    cryptodev_scratch_cleanup(&scratch);
}
