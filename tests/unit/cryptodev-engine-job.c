/*
 * Operations for the cryptodev engine, laid out in memory in all ways
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/cutils.h"
#include "cryptodev-engine-job.h"

#define PIECES_MAX      48
#define ARENA           0x4000

/* All pieces of a job, what must become of them, and the next free byte. */
static uint8_t arena[ARENA], wanted[ARENA];
static size_t arena_next;

static CryptoEngineBounce bounce;

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

static void lay_out(Layout *l, const Job *job, JobShape shape)
{
    bool whole = shape == JOB_PLAIN;
    /* room for what lies next to, before or behind each other */
    size_t most = MAX(job->src_len, job->dst_len) + job->aad_len +
                  job->digest_len;
    uint8_t *base = arena_take(most + 400) + 200;

    if (shape == JOB_SCATTERED || shape == JOB_SAME_PIECES) {
        place_scattered(&l->src, job->src_len);
        place_scattered(&l->aad, job->aad_len);
        place_scattered(&l->digest, job->digest_len);
        place_scattered(&l->dst, job->dst_len);
        if (shape == JOB_SAME_PIECES && job->dst_len <= job->src_len) {
            l->dst.span = l->src.span;
            l->dst.span.len = job->dst_len;
            memcpy(l->dst.iov, l->src.iov, sizeof(l->dst.iov));
            l->dst.span.iov = l->dst.iov;
        }
        return;
    }
    place(&l->dst, base, job->dst_len, whole);
    place(&l->src, shape == JOB_IN_PLACE ? base :
          shape == JOB_OVERLAP ? base + random_upto(160) - 80 :
          arena_take(job->src_len), job->src_len, whole);
    place(&l->aad, shape == JOB_AAD_OVERLAP ? base + random_upto(160) - 80 :
          arena_take(job->aad_len), job->aad_len, whole);
    place(&l->digest, shape == JOB_IN_PLACE ?
          base + MAX(job->src_len, job->dst_len) :
          arena_take(job->digest_len), job->digest_len, whole);
}

bool job_verifies(const Job *job)
{
    return job->params.service == CRYPTODEV_SERVICE_AEAD &&
           job->params.kind == CRYPTODEV_DECRYPT;
}

/* Nothing of an operation stays in the memory that the next one gets. */
static void check_gone(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; bounce.buf && i + 16 <= len; i += 16) {
        g_assert_true(buffer_is_zero(bytes + i, 16) ||
                      !memmem(bounce.buf, bounce.size, bytes + i, 16));
    }
}

void job_run(const Job *job, JobShape shape)
{
    static Layout l;
    CryptoDevOp op = {
        .kind = job->params.kind, .iv_len = job->iv_len,
        .cipher_window = job->cipher_window, .hash_window = job->hash_window,
    };
    size_t written = SIZE_MAX;
    CryptoDevStatus status;

    memcpy(op.iv, job->iv, sizeof(op.iv));
    memset(arena, 0xc5, sizeof(arena));
    arena_next = 16;
    lay_out(&l, job, shape);
    put(&l.src, job->src, job->src_len, false);
    put(&l.aad, job->aad, job->aad_len, false);
    if (job_verifies(job)) {
        put(&l.digest, job->digest, job->digest_len, false);
    }
    memcpy(wanted, arena, sizeof(arena));
    put(&l.dst, job->out, job->out_len, true);
    if (!job_verifies(job) && job->status == CRYPTODEV_OK) {
        put(&l.digest, job->digest, job->digest_len, true);
    }
    op.src = l.src.span;
    op.dst = l.dst.span;
    op.aad = l.aad.span;
    op.digest = l.digest.span;
    status = crypto_engine_run(&op, &job->params, &job->rows, &job->ctx,
                               &bounce, &written);
    g_assert_cmpint(status, ==, job->status);
    if (status == CRYPTODEV_OK) {
        g_assert_cmpuint(written, ==, job->written);
    }
    g_assert_cmpmem(arena, sizeof(arena), wanted, sizeof(wanted));
    g_assert_cmpuint(bounce.used, ==, 0);
    check_gone(job->src, job->src_len);
    check_gone(job->aad, job->aad_len);
    check_gone(job->out, job->out_len);
}

void job_cleanup(void)
{
    crypto_engine_bounce_cleanup(&bounce);
}
