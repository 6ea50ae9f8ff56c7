/*
 * Engine of cryptodev-backend-builtin
 *
 * Guest memory may change while an operation runs, so nothing is decided on
 * it: lengths, IV and windows are private, and the tag of a decryption is
 * copied before it is compared.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "cursor.h"
#include "engine.h"

/* Larger bounce memory is not kept for the next operation. */
#define BOUNCE_KEEP_MAX (256 * KiB)

/*
 * Bounce memory of one operation.  The most that one needs is a copy of the
 * source and the AAD against aliasing, the gathered text, and the gathered
 * message of the hash; reserved at once, so that nothing moves.
 */
static uint8_t *bounce_get(CryptoEngineBounce *bounce, const CryptoDevOp *op,
                           size_t len)
{
    size_t most = 3 * op->src.len + 2 * op->aad.len;
    uint8_t *p;

    if (bounce->size < most) {
        assert(!bounce->used);
        g_free(bounce->buf);
        bounce->buf = g_malloc(most);
        bounce->size = most;
    }
    p = bounce->buf + bounce->used;
    bounce->used += len;
    assert(bounce->used <= bounce->size);
    return p;
}

void crypto_engine_bounce_cleanup(CryptoEngineBounce *bounce)
{
    g_free(bounce->buf);
    *bounce = (CryptoEngineBounce) { };
}

static void bounce_reset(CryptoEngineBounce *bounce)
{
    if (bounce->used) {
        cryptodev_wipe(bounce->buf, bounce->used);
        bounce->used = 0;
    }
    if (bounce->size > BOUNCE_KEEP_MAX) {
        crypto_engine_bounce_cleanup(bounce);
    }
}

/* Aliasing */

typedef struct Hull {
    uintptr_t start, end;
} Hull;

static Hull span_hull(const CryptoDevSpan *span)
{
    Hull hull = { UINTPTR_MAX, 0 };

    for (Cursor c = cursor_of(span); c.left; cursor_skip(&c, cursor_run(&c))) {
        uintptr_t start = (uintptr_t)cursor_ptr(&c);

        hull.start = MIN(hull.start, start);
        hull.end = MAX(hull.end, start + cursor_run(&c));
    }
    return hull;
}

/* Whether each byte of @a stands at the place of its counterpart in @b. */
static bool spans_in_place(const CryptoDevSpan *a, const CryptoDevSpan *b)
{
    Cursor ca = cursor_of(a), cb = cursor_of(b);

    while (ca.left && cb.left) {
        size_t run = MIN(cursor_run(&ca), cursor_run(&cb));

        if (cursor_ptr(&ca) != cursor_ptr(&cb)) {
            return false;
        }
        cursor_skip(&ca, run);
        cursor_skip(&cb, run);
    }
    return true;
}

/* Pairs of pieces that are worth to compare before a copy is cheaper. */
#define OVERLAP_PAIRS_MAX 4096

/* May say true for long interleaved lists that do not overlap. */
static bool pieces_overlap(const CryptoDevSpan *a, const CryptoDevSpan *b)
{
    Hull ha = span_hull(a), hb = span_hull(b);
    unsigned pairs = 0;

    if (ha.end <= hb.start || hb.end <= ha.start) {
        return false;
    }
    for (Cursor ca = cursor_of(a); ca.left; cursor_skip(&ca, cursor_run(&ca))) {
        for (Cursor cb = cursor_of(b); cb.left;
             cursor_skip(&cb, cursor_run(&cb))) {
            if (bytes_overlap(cursor_ptr(&ca), cursor_run(&ca),
                              cursor_ptr(&cb), cursor_run(&cb))) {
                return true;
            }
            if (++pairs == OVERLAP_PAIRS_MAX) {
                return true;
            }
        }
    }
    return false;
}

static bool spans_overlap(const CryptoDevSpan *a, const CryptoDevSpan *b)
{
    Cursor ca = cursor_of(a), cb = cursor_of(b);
    const uint8_t *pa = cursor_flat(&ca), *pb = cursor_flat(&cb);

    if (pa && pb) {
        return bytes_overlap(pa, a->len, pb, b->len);
    }
    return pieces_overlap(a, b);
}

/* State of one operation. */
typedef struct Run {
    const CryptoDevOp *op;
    const CryptoEngineRows *rows;
    const CryptoEngineCtx *ctx;
    CryptoEngineBounce *bounce;
    CryptoDevSpan src, aad;             /* op's, or private copies */
    struct iovec src_copy, aad_copy;
} Run;

/* Replace @span by a private copy. */
static void run_copy_span(Run *run, CryptoDevSpan *span, struct iovec *iov)
{
    Cursor c = cursor_of(span);

    iov->iov_base = bounce_get(run->bounce, run->op, span->len);
    iov->iov_len = span->len;
    cursor_read(&c, iov->iov_base, span->len);
    *span = (CryptoDevSpan) { .iov = iov, .niov = 1, .len = span->len };
}

/*
 * Results are as if all input had been read before the first byte is written:
 * input that the output would overwrite too early is copied.
 */
static void run_resolve_aliases(Run *run)
{
    const CryptoDevSpan *dst = &run->op->dst;

    if (!dst->len) {
        return;
    }
    if (run->src.len && spans_overlap(&run->src, dst) &&
        !spans_in_place(&run->src, dst)) {
        run_copy_span(run, &run->src, &run->src_copy);
    }
    if (run->aad.len && spans_overlap(&run->aad, dst)) {
        run_copy_span(run, &run->aad, &run->aad_copy);
    }
}

/* The largest piece of @run bytes that a row takes with @left bytes to go. */
static size_t cut(size_t run, size_t left, uint8_t split)
{
    if (run == left) {
        return run;
    }
    return split == CRYPTO_SPLIT_NONE ? 0 : run - run % split;
}

/*
 * Gathering is rare.  It stays out of the functions that every operation goes
 * through, because QEMU has all variables cleared and that costs time here.
 */
typedef struct Gathered {
    uint8_t *buf;
    size_t len;
    uint8_t block[UINT8_MAX];
} Gathered;

/* Room for what a row takes at a time of @left scattered bytes */
static void gathered_init(Gathered *g, Run *run, size_t left, uint8_t split)
{
    if (split == CRYPTO_SPLIT_NONE) {
        g->buf = bounce_get(run->bounce, run->op, left);
        g->len = left;
    } else {
        g->buf = g->block;
        g->len = MIN(left, split);
    }
}

static void gathered_wipe(Gathered *g)
{
    if (g->buf == g->block) {
        cryptodev_wipe(g->block, g->len);
    }
}

/* Returns: the number of bytes taken, 0 if the library failed */
static G_GNUC_NO_INLINE size_t gather_auth(Run *run, const CryptoProviderAlgo *row,
                                      void *ctx, Cursor *a, Cursor *b)
{
    Gathered g;
    size_t head;
    bool ok;

    gathered_init(&g, run, a->left + b->left, row->auth_split);
    head = MIN(g.len, a->left);
    cursor_read(a, g.buf, head);
    cursor_read(b, g.buf + head, g.len - head);
    ok = row->ops->auth(ctx, g.buf, g.len);
    gathered_wipe(&g);
    return ok ? g.len : 0;
}

static G_GNUC_NO_INLINE size_t gather_crypt(Run *run, Cursor *dst, Cursor *src)
{
    const CryptoProviderAlgo *row = run->rows->cipher;
    Gathered g;
    bool ok;

    gathered_init(&g, run, src->left, row->crypt_split);
    cursor_read(src, g.buf, g.len);
    ok = row->ops->crypt(run->ctx->cipher, g.buf, g.buf, g.len);
    if (ok) {
        cursor_write(dst, g.buf, g.len);
    }
    gathered_wipe(&g);
    return ok ? g.len : 0;
}

/* Feed what is authenticated only: the bytes of @a, then those of @b. */
static bool feed_auth(Run *run, const CryptoProviderAlgo *row, void *ctx,
                      Cursor a, Cursor b)
{
    size_t left = a.left + b.left;
    uint8_t split = row->auth_split;

    if (!left) {
        return split != CRYPTO_SPLIT_NONE || row->ops->auth(ctx, NULL, 0);
    }
    while (left) {
        Cursor *c = a.left ? &a : &b;
        size_t n = cut(cursor_run(c), left, split);

        if (!n) {
            n = gather_auth(run, row, ctx, &a, &b);
        } else if (row->ops->auth(ctx, cursor_ptr(c), n)) {
            cursor_skip(c, n);
        } else {
            n = 0;
        }
        if (!n) {
            return false;
        }
        left -= n;
    }
    return true;
}

static bool feed_crypt(Run *run, Cursor dst, Cursor src)
{
    const CryptoProviderAlgo *row = run->rows->cipher;
    void *ctx = run->ctx->cipher;
    uint8_t split = row->crypt_split;

    if (!src.left) {
        return split != CRYPTO_SPLIT_NONE ||
               row->ops->crypt(ctx, NULL, NULL, 0);
    }
    while (src.left) {
        size_t n = cut(MIN(cursor_run(&src), cursor_run(&dst)), src.left,
                       split);

        if (!n) {
            n = gather_crypt(run, &dst, &src);
        } else if (row->ops->crypt(ctx, cursor_ptr(&dst), cursor_ptr(&src),
                                   n)) {
            cursor_skip(&src, n);
            cursor_skip(&dst, n);
        } else {
            n = 0;
        }
        if (!n) {
            return false;
        }
    }
    return true;
}

static bool fits(const CryptoProviderAlgo *row, size_t len)
{
    return !row->max_len || len <= row->max_len;
}

static bool start_cipher(Run *run, size_t text_len)
{
    CryptoProviderMsg msg = {
        .iv = run->op->iv,
        .iv_len = run->op->iv_len,
        .aad_len = run->aad.len,
        .text_len = text_len,
        .tag_len = run->op->digest.len,
    };

    return fits(run->rows->cipher, text_len) &&
           run->rows->cipher->ops->start(run->ctx->cipher, &msg);
}

/* Start a hash or MAC; its nonce, if any, is the head of the input. */
static bool start_hash(Run *run, Cursor *a, Cursor *b)
{
    const CryptoProviderAlgo *row = run->rows->hash;
    size_t nonce_len = cryptodev_algo_info(row->algo)->nonce_len;
    size_t head = MIN(nonce_len, a->left);
    uint8_t nonce[CRYPTODEV_IV_MAX];
    CryptoProviderMsg msg = {
        .iv = nonce,
        .iv_len = nonce_len,
        .text_len = a->left + b->left - nonce_len,
        .tag_len = run->op->digest.len,
    };

    cursor_read(a, nonce, head);
    cursor_read(b, nonce + head, nonce_len - head);
    return fits(row, msg.text_len) && row->ops->start(run->ctx->hash, &msg);
}

static G_GNUC_NO_INLINE bool scatter_digest(const CryptoProviderAlgo *row,
                                       void *ctx, Cursor digest)
{
    size_t len = digest.left;
    uint8_t buf[CRYPTODEV_DIGEST_MAX];

    if (!row->ops->final(ctx, buf, len)) {
        return false;
    }
    cursor_write(&digest, buf, len);
    return true;
}

static bool final_digest(Run *run, const CryptoProviderAlgo *row, void *ctx)
{
    Cursor digest = cursor_of(&run->op->digest);
    uint8_t *flat = cursor_flat(&digest);

    return flat ? row->ops->final(ctx, flat, digest.left) :
                  scatter_digest(row, ctx, digest);
}

static CryptoDevStatus run_cipher(Run *run)
{
    if (!start_cipher(run, run->src.len) ||
        !feed_crypt(run, cursor_of(&run->op->dst), cursor_of(&run->src))) {
        return CRYPTODEV_ERR;
    }
    return CRYPTODEV_OK;
}

static CryptoDevStatus run_digest(Run *run)
{
    const CryptoProviderAlgo *row = run->rows->hash;
    Cursor src = cursor_of(&run->src), none = { };

    if (!start_hash(run, &src, &none) ||
        !feed_auth(run, row, run->ctx->hash, src, none) ||
        !final_digest(run, row, run->ctx->hash)) {
        return CRYPTODEV_ERR;
    }
    return CRYPTODEV_OK;
}

static CryptoDevStatus run_aead(Run *run)
{
    const CryptoProviderAlgo *row = run->rows->cipher;
    const CryptoDevOp *op = run->op;
    Cursor digest = cursor_of(&op->digest), none = { };
    Cursor dst = cursor_at(&op->dst, 0, op->src.len);
    uint8_t expected[CRYPTODEV_IV_MAX], tag[CRYPTODEV_IV_MAX];

    if (op->kind == CRYPTODEV_DECRYPT) {
        cursor_read(&digest, expected, op->digest.len);
    }
    if (!start_cipher(run, run->src.len) ||
        !feed_auth(run, row, run->ctx->cipher, cursor_of(&run->aad), none) ||
        !feed_crypt(run, dst, cursor_of(&run->src))) {
        goto fail;
    }
    if (op->kind == CRYPTODEV_ENCRYPT) {
        return final_digest(run, row, run->ctx->cipher) ? CRYPTODEV_OK :
                                                          CRYPTODEV_ERR;
    }
    if (!row->ops->final(run->ctx->cipher, tag, op->digest.len)) {
        goto fail;
    }
    if (!cryptodev_equal(tag, expected, op->digest.len)) {
        cursor_zero(dst);
        return CRYPTODEV_BADMSG;
    }
    return CRYPTODEV_OK;

fail:
    cursor_zero(dst);
    return CRYPTODEV_ERR;
}

/* The source outside the cipher window goes to the destination unchanged. */
static void chain_copy_through(Run *run)
{
    const CryptoDevSpan *dst = &run->op->dst;
    const CryptoDevRange *w = &run->op->cipher_window;
    size_t end = (size_t)w->offset + w->len;
    size_t tail = MIN(run->src.len, dst->len) - end;

    cursor_copy(cursor_at(dst, 0, w->offset),
                cursor_at(&run->src, 0, w->offset), w->offset);
    cursor_copy(cursor_at(dst, end, tail), cursor_at(&run->src, end, tail),
                tail);
}

static bool chain_crypt(Run *run)
{
    const CryptoDevRange *w = &run->op->cipher_window;

    chain_copy_through(run);
    return start_cipher(run, w->len) &&
           feed_crypt(run, cursor_at(&run->op->dst, w->offset, w->len),
                      cursor_at(&run->src, w->offset, w->len));
}

static bool chain_hash(Run *run, const CryptoDevSpan *image)
{
    const CryptoDevRange *w = &run->op->hash_window;
    Cursor aad = cursor_of(&run->aad);
    Cursor text = cursor_at(image, w->offset, w->len);

    return start_hash(run, &aad, &text) &&
           feed_auth(run, run->rows->hash, run->ctx->hash, aad, text);
}

static CryptoDevStatus run_chain(Run *run, CryptoDevChain order)
{
    bool ok = order == CRYPTODEV_CHAIN_HASH_THEN_CIPHER ?
              chain_hash(run, &run->src) && chain_crypt(run) :
              chain_crypt(run) && chain_hash(run, &run->op->dst);

    if (!ok || !final_digest(run, run->rows->hash, run->ctx->hash)) {
        return CRYPTODEV_ERR;
    }
    return CRYPTODEV_OK;
}

/*
 * Most operations: a cipher from one piece of memory to another, or in place.
 * Returns: false if @op is anything else
 */
static bool run_flat_cipher(const CryptoDevOp *op,
                            const CryptoProviderAlgo *row, void *ctx,
                            CryptoDevStatus *status)
{
    size_t len = op->src.len;
    Cursor src = cursor_of(&op->src), dst = cursor_at(&op->dst, 0, len);
    const uint8_t *s = cursor_flat(&src);
    uint8_t *d = cursor_flat(&dst);
    CryptoProviderMsg msg = {
        .iv = op->iv, .iv_len = op->iv_len, .text_len = len,
    };

    if (!s || !d || (s != d && bytes_overlap(s, len, d, len))) {
        return false;
    }
    *status = fits(row, len) && row->ops->start(ctx, &msg) &&
              row->ops->crypt(ctx, d, s, len) ? CRYPTODEV_OK : CRYPTODEV_ERR;
    return true;
}

size_t crypto_engine_written(const CryptoDevOp *op,
                             const CryptoDevSessionParams *params)
{
    if (params->chain != CRYPTODEV_CHAIN_NONE) {
        return MIN(op->src.len, op->dst.len) + op->digest.len;
    }
    switch (op->kind) {
    case CRYPTODEV_DIGEST:
        return op->digest.len;
    case CRYPTODEV_ENCRYPT:
        return op->src.len + op->digest.len;
    default:
        /* the tag of a decryption is input */
        return op->src.len;
    }
}

static CryptoDevStatus run_any(Run *run, const CryptoDevSessionParams *params)
{
    run_resolve_aliases(run);
    if (params->chain != CRYPTODEV_CHAIN_NONE) {
        return run_chain(run, params->chain);
    }
    if (params->service == CRYPTODEV_SERVICE_AEAD) {
        return run_aead(run);
    }
    return params->hash != CRYPTODEV_ALGO_NONE ? run_digest(run) :
                                                 run_cipher(run);
}

static G_GNUC_NO_INLINE CryptoDevStatus
run_bounced(const CryptoDevOp *op, const CryptoDevSessionParams *params,
            const CryptoEngineRows *rows, const CryptoEngineCtx *ctx,
            CryptoEngineBounce *bounce)
{
    Run run = {
        .op = op, .rows = rows, .ctx = ctx, .bounce = bounce,
        .src = op->src, .aad = op->aad,
    };
    CryptoDevStatus status = run_any(&run, params);

    bounce_reset(bounce);
    return status;
}

CryptoDevStatus crypto_engine_run(const CryptoDevOp *op,
                                  const CryptoDevSessionParams *params,
                                  const CryptoEngineRows *rows,
                                  const CryptoEngineCtx *ctx,
                                  CryptoEngineBounce *bounce,
                                  size_t *written)
{
    bool cipher_only = params->service == CRYPTODEV_SERVICE_CIPHER &&
                       params->chain == CRYPTODEV_CHAIN_NONE;
    CryptoDevStatus status;

    *written = crypto_engine_written(op, params);
    if (cipher_only && run_flat_cipher(op, rows->cipher, ctx->cipher,
                                       &status)) {
        return status;
    }
    return run_bounced(op, params, rows, ctx, bounce);
}

static void *ctx_new(const CryptoProviderAlgo *row, const uint8_t *key,
                     size_t key_len, const CryptoDevSessionParams *params)
{
    return row->ops->ctx_new(row, key, key_len,
                             params->kind == CRYPTODEV_ENCRYPT);
}

bool crypto_engine_ctx_init(CryptoEngineCtx *ctx,
                            const CryptoEngineRows *rows,
                            const CryptoDevSessionParams *params)
{
    *ctx = (CryptoEngineCtx) { };
    if (rows->cipher) {
        ctx->cipher = ctx_new(rows->cipher, params->cipher_key,
                              params->cipher_key_len, params);
    }
    if (rows->hash) {
        ctx->hash = ctx_new(rows->hash, params->auth_key,
                            params->auth_key_len, params);
    }
    if (!ctx->cipher == !rows->cipher && !ctx->hash == !rows->hash) {
        return true;
    }
    crypto_engine_ctx_cleanup(ctx, rows);
    return false;
}

void crypto_engine_ctx_cleanup(CryptoEngineCtx *ctx,
                               const CryptoEngineRows *rows)
{
    if (ctx->cipher) {
        rows->cipher->ops->ctx_free(ctx->cipher);
    }
    if (ctx->hash) {
        rows->hash->ops->ctx_free(ctx->hash);
    }
    *ctx = (CryptoEngineCtx) { };
}
