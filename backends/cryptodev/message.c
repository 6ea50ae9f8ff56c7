/*
 * Operations as flat messages
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "message.h"
#include "stream.h"

/* Scratch memory */

#define SCRATCH_ALIGN 64

void cryptodev_scratch_reserve(CryptoScratch *s, size_t len)
{
    assert(!s->used);
    if (len > s->size) {
        g_free(s->buf);
        s->size = MAX(len, CRYPTO_SCRATCH_KEEP);
        s->buf = g_malloc(s->size);
    }
}

static uint8_t *scratch_get(CryptoScratch *s, size_t len)
{
    uint8_t *p = s->buf + s->used;

    s->used += QEMU_ALIGN_UP(len, SCRATCH_ALIGN);
    assert(s->used <= s->size);
    return p;
}

void cryptodev_scratch_cleanup(CryptoScratch *s)
{
    g_free(s->buf);
    *s = (CryptoScratch) { };
}

void cryptodev_scratch_reset(CryptoScratch *s)
{
    if (s->used) {
        cryptodev_wipe(s->buf, s->used);
        s->used = 0;
    }
    if (s->size > CRYPTO_SCRATCH_KEEP) {
        cryptodev_scratch_cleanup(s);
    }
}

/* Bytes that scratch_get() takes for @len */
static size_t scratch_cost(size_t len)
{
    return QEMU_ALIGN_UP(len, SCRATCH_ALIGN);
}

/* What overlaps */

typedef struct Hull {
    uintptr_t start, end;
} Hull;

static Hull hull_of(CryptoDevSpanIter it)
{
    Hull hull = { UINTPTR_MAX, 0 };

    for (; it.left; span_iter_skip(&it, span_iter_run(&it))) {
        uintptr_t start = (uintptr_t)span_iter_ptr(&it);

        hull.start = MIN(hull.start, start);
        hull.end = MAX(hull.end, start + span_iter_run(&it));
    }
    return hull;
}

/* Whether each byte of @a has the same address as its counterpart in @b. */
static bool in_place(CryptoDevSpanIter a, CryptoDevSpanIter b)
{
    while (a.left && b.left) {
        size_t run = MIN(span_iter_run(&a), span_iter_run(&b));

        if (span_iter_ptr(&a) != span_iter_ptr(&b)) {
            return false;
        }
        span_iter_skip(&a, run);
        span_iter_skip(&b, run);
    }
    return true;
}

/* Comparing more pairs of pieces would take longer than a copy. */
#define OVERLAP_PAIRS_MAX 4096

/* Can be true for long interleaved lists that do not overlap. */
static bool pieces_overlap(CryptoDevSpanIter a, const CryptoDevSpanIter *b)
{
    Hull ha = hull_of(a), hb = hull_of(*b);
    unsigned pairs = 0;

    if (ha.end <= hb.start || hb.end <= ha.start) {
        return false;
    }
    for (; a.left; span_iter_skip(&a, span_iter_run(&a))) {
        for (CryptoDevSpanIter c = *b; c.left;
             span_iter_skip(&c, span_iter_run(&c))) {
            if (bytes_overlap(span_iter_ptr(&a), span_iter_run(&a),
                              span_iter_ptr(&c), span_iter_run(&c)) ||
                ++pairs == OVERLAP_PAIRS_MAX) {
                return true;
            }
        }
    }
    return false;
}

/* Whether writing the destination would overwrite source not yet read. */
static bool must_copy_src(const CryptoWork *w)
{
    CryptoDevSpanIter src = span_iter_of(&w->op->src);
    CryptoDevSpanIter dst = span_iter_at(&w->op->dst, 0, w->image);

    return pieces_overlap(src, &dst) && !in_place(src, dst);
}

/* Input */

static bool is_chain(const CryptoWork *w)
{
    return w->params->chain != CRYPTODEV_CHAIN_NONE;
}

static bool is_aead(const CryptoWork *w)
{
    return w->params->service == CRYPTODEV_SERVICE_AEAD;
}

static bool verifies(const CryptoWork *w)
{
    return is_aead(w) && w->op->opcode == CRYPTODEV_DECRYPT;
}

static void set_steps(CryptoWork *w, const CryptoDevSessionParams *p)
{
    CryptoStep first = p->hash == CRYPTODEV_ALGO_NONE ||
                       p->chain == CRYPTODEV_CHAIN_CIPHER_THEN_HASH ?
                       CRYPTO_STEP_CIPHER : CRYPTO_STEP_HASH;

    w->steps[0] = first;
    w->steps[1] = is_chain(w) ? CRYPTO_STEP_CIPHER + CRYPTO_STEP_HASH - first :
                                CRYPTO_STEP_NONE;
}

/* Upper limit of the scratch memory, if something must be copied */
static size_t most_scratch(const CryptoWork *w)
{
    const CryptoDevOp *op = w->op;
    size_t most = 0;

    if (!cryptodev_work_is_flat(w)) {
        most += scratch_cost(op->src.len) + scratch_cost(op->hash_window.len);
    }
    if (op->aad.len) {
        /* alone, and followed by the hash window of a chain */
        most += scratch_cost(op->aad.len) +
                scratch_cost(op->aad.len + op->hash_window.len);
    }
    if (op->digest.len > sizeof(w->digest_buf)) {
        most += scratch_cost(op->digest.len);
    }
    return most;
}

size_t cryptodev_work_init(CryptoWork *w, CryptoDevOp *op,
                           const CryptoDevSessionParams *params)
{
    w->op = op;
    w->params = params;
    w->out = NULL;
    w->aad = w->aad_buf;
    w->digest = NULL;
    w->failed = false;
    set_steps(w, params);
    w->image = params->cipher == CRYPTODEV_ALGO_NONE ? 0 :
               is_chain(w) ? MIN(op->src.len, op->dst.len) : op->src.len;
    w->src = span_flat(&op->src, op->src.len);
    w->dst = span_flat(&op->dst, w->image);
    return cryptodev_work_is_flat(w) && !op->aad.len &&
           op->digest.len <= sizeof(w->digest_buf) ? 0 : most_scratch(w);
}

/* Copy additional data that the cipher could overwrite; it is short. */
static void load_aad(CryptoWork *w, CryptoScratch *s)
{
    const CryptoDevSpan *aad = &w->op->aad;
    const uint8_t *flat = span_flat(aad, aad->len);
    uint8_t *buf = w->aad_buf;

    if (flat && w->dst && !bytes_overlap(flat, aad->len, w->dst, w->image)) {
        w->aad = flat;
        return;
    }
    if (aad->len > sizeof(w->aad_buf)) {
        buf = scratch_get(s, aad->len);
    }
    span_read(aad, buf, aad->len);
    w->aad = buf;
}

void cryptodev_work_load(CryptoWork *w, CryptoScratch *s)
{
    if (w->op->aad.len) {
        load_aad(w, s);
    }
    if (verifies(w)) {
        span_read(&w->op->digest, w->expected, w->op->digest.len);
    }
}

/* Ciphers */

static void copy_src(CryptoWork *w, CryptoScratch *s)
{
    uint8_t *p = scratch_get(s, w->op->src.len);

    span_read(&w->op->src, p, w->op->src.len);
    w->src = p;
}

/* Make source and destination contiguous, with scratch memory if needed. */
static void gather(CryptoWork *w, CryptoScratch *s)
{
    bool copied = !w->src || w->dst;

    if (copied) {
        copy_src(w, s);
    }
    if (!w->dst) {
        w->dst = copied ? (uint8_t *)w->src : scratch_get(s, w->image);
        w->out = w->dst;
    }
}

static CryptoDevSpanIter flat_iter(struct iovec *iov, const uint8_t *p,
                                   size_t len)
{
    *iov = (struct iovec) { (uint8_t *)p, len };
    return (CryptoDevSpanIter) { iov, 0, len };
}

/* @len bytes of the source from offset @at on */
static CryptoDevSpanIter src_iter(CryptoWork *w, size_t at, size_t len)
{
    return w->src ? flat_iter(&w->iov[0], w->src + at, len) :
                    span_iter_at(&w->op->src, at, len);
}

static CryptoDevSpanIter dst_iter(CryptoWork *w, size_t at, size_t len)
{
    return w->dst ? flat_iter(&w->iov[1], w->dst + at, len) :
                    span_iter_at(&w->op->dst, at, len);
}

static void copy_part(CryptoWork *w, size_t at, size_t len)
{
    span_iter_copy(dst_iter(w, at, len), src_iter(w, at, len));
}

/* Copy the parts of a chain's source that are outside the cipher window. */
static void copy_through(CryptoWork *w)
{
    const CryptoDevRange *r = &w->op->cipher_window;
    size_t end = (size_t)r->offset + r->len;

    if (!w->src || w->src != w->dst) {
        copy_part(w, 0, r->offset);
        copy_part(w, end, w->image - end);
    }
}

static void set_aead(CryptoWork *w)
{
    w->digest = w->digest_buf;
    w->m.aad = w->aad;
    w->m.aad_len = w->op->aad.len;
    w->m.digest = w->digest;
    w->m.digest_len = w->op->digest.len;
}

/* Make the text flat if @row cannot take it in pieces. */
static void flatten(CryptoWork *w, CryptoScratch *s, const CryptoRow *row)
{
    if (row->crypt_split == CRYPTO_SPLIT_NONE) {
        gather(w, s);
    } else if (must_copy_src(w)) {
        copy_src(w, s);
    }
}

static bool place_cipher(CryptoWork *w, CryptoScratch *s,
                         const CryptoRow *row)
{
    const CryptoDevOp *op = w->op;
    CryptoMessage *m = &w->m;
    size_t offset = 0;

    memcpy(m->iv, op->iv, sizeof(m->iv));
    m->iv_len = op->iv_len;
    m->len = op->src.len;
    m->aad_len = 0;
    if (!cryptodev_work_is_flat(w)) {
        flatten(w, s, row);
    }
    if (is_aead(w)) {
        set_aead(w);
    } else if (is_chain(w)) {
        copy_through(w);
        offset = op->cipher_window.offset;
        m->len = op->cipher_window.len;
    }
    if (w->src && w->dst) {
        m->src = w->src + offset;
        m->dst = w->dst + offset;
        return true;
    }
    w->part[0] = dst_iter(w, offset, m->len);
    w->part[1] = src_iter(w, offset, m->len);
    return false;
}

/* Hashes and MACs */

static size_t nonce_len(const CryptoWork *w)
{
    return cryptodev_algo_info(w->params->hash)->nonce_len;
}

/* The hash window of a chain, in its source or in the output of its cipher */
static CryptoDevSpanIter window_iter(CryptoWork *w)
{
    const CryptoDevRange *r = &w->op->hash_window;

    return w->params->chain == CRYPTODEV_CHAIN_CIPHER_THEN_HASH ?
           dst_iter(w, r->offset, r->len) : src_iter(w, r->offset, r->len);
}

static void set_digest(CryptoWork *w, CryptoScratch *s)
{
    size_t len = w->op->digest.len;

    w->digest = len <= sizeof(w->digest_buf) ? w->digest_buf :
                                               scratch_get(s, len);
    w->m.digest = w->digest;
    w->m.digest_len = len;
}

/* Copy @a and @b, which are not contiguous, to scratch memory. */
static uint8_t *gather_hash(CryptoScratch *s, CryptoDevSpanIter *a,
                            CryptoDevSpanIter *b)
{
    size_t head = a->left, tail = b->left;
    uint8_t *p = scratch_get(s, head + tail);

    span_iter_read(a, p, head);
    span_iter_read(b, p + head, tail);
    return p;
}

/* The input is additional data, then text; it begins with the nonce. */
static bool place_hash(CryptoWork *w, CryptoScratch *s, const CryptoRow *row)
{
    CryptoMessage *m = &w->m;
    size_t nonce = nonce_len(w);
    CryptoDevSpanIter a = { }, b;
    size_t head;

    set_digest(w, s);
    if (is_chain(w)) {
        a = flat_iter(&w->iov[2], w->aad, w->op->aad.len);
        b = window_iter(w);
    } else {
        b = src_iter(w, 0, w->op->src.len);
    }
    head = MIN(nonce, a.left);
    span_iter_read(&a, m->iv, head);
    span_iter_read(&b, m->iv + head, nonce - head);
    m->iv_len = nonce;
    m->len = a.left + b.left;
    m->aad_len = 0;
    if (!m->len) {
        m->src = w->aad_buf;
    } else if (!a.left && span_iter_run(&b) == b.left) {
        m->src = span_iter_ptr(&b);
    } else if (!b.left) {
        m->src = span_iter_ptr(&a);
    } else if (row->auth_split == CRYPTO_SPLIT_NONE) {
        m->src = gather_hash(s, &a, &b);
    } else {
        w->part[0] = a;
        w->part[1] = b;
        return false;
    }
    return true;
}

/* Steps */

bool cryptodev_work_place(CryptoWork *w, CryptoScratch *s,
                          const CryptoRow *row, bool hash)
{
    return hash ? place_hash(w, s, row) : place_cipher(w, s, row);
}

void cryptodev_work_run(CryptoWork *w, CryptoScratch *s, const CryptoRow *row,
                        void *ctx, bool hash)
{
    CryptoMessage *m = &w->m;

    m->ctx = ctx;
    if (row->max_len && cryptodev_work_len(w, hash) > row->max_len) {
        m->ok = false;
    } else if (cryptodev_work_place(w, s, row, hash)) {
        cryptodev_row_run_one(row, m);
    } else if (hash) {
        cryptodev_stream_hash(row, m, w->part[0], w->part[1]);
    } else {
        cryptodev_stream_cipher(row, m, w->part[0], w->part[1]);
    }
    w->failed |= !m->ok;
}

/* Results */

static CryptoDevStatus status_of(const CryptoWork *w)
{
    return w->failed ? CRYPTODEV_ERR :
           verifies(w) && !cryptodev_equal(w->digest, w->expected,
                                           w->op->digest.len) ?
           CRYPTODEV_BADMSG : CRYPTODEV_OK;
}

static void finish(CryptoWork *w)
{
    CryptoDevOp *op = w->op;

    op->status = status_of(w);
    op->written = 0;
    if (op->status != CRYPTODEV_OK) {
        if (is_aead(w)) {
            span_iter_zero(span_iter_at(&op->dst, 0, w->image));
        }
        return;
    }
    op->written = w->image;
    if (w->out) {
        span_write(&op->dst, w->out, w->image);
    }
    /* the tag of a decryption is input */
    if (w->digest && !verifies(w)) {
        op->written += op->digest.len;
        span_write(&op->digest, w->digest, op->digest.len);
    }
}

void cryptodev_work_finish(CryptoWork *w)
{
    if (w->failed || w->out || w->digest) {
        finish(w);
    } else {
        w->op->status = CRYPTODEV_OK;
        w->op->written = w->image;
    }
}
