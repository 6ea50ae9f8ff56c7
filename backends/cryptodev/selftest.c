/*
 * Known-answer tests of the crypto providers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "provider.h"
#include "vectors.h"
#include "system/cryptodev-util.h"

static void unhex(CryptoDevBytes *bytes, const char *hex)
{
    bytes->len = 0;
    for (; hex && *hex; hex += 2) {
        assert(bytes->len < sizeof(bytes->data));
        bytes->data[bytes->len++] =
            g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]);
    }
}

void cryptodev_vector_load(const CryptoDevVector *v, CryptoDevVectorData *d)
{
    unhex(&d->key, v->key);
    unhex(&d->iv, v->iv);
    unhex(&d->aad, v->aad);
    unhex(&d->in, v->in);
    unhex(&d->out, v->out);
    unhex(&d->tag, v->tag);
}

static size_t piece_len(unsigned split, size_t want, size_t left)
{
    if (split == CRYPTO_SPLIT_NONE || !want) {
        return left;
    }
    return MIN(MAX(QEMU_ALIGN_DOWN(want, split), split), left);
}

static bool feed_auth(const CryptoProviderAlgo *row, void *ctx,
                      const CryptoProviderRun *run,
                      const uint8_t *src, size_t left)
{
    size_t want = run->first;

    do {
        size_t len = piece_len(row->auth_split, want, left);

        if (!row->ops->auth(ctx, src, len)) {
            return false;
        }
        src += len;
        left -= len;
        want = run->rest;
    } while (left);
    return true;
}

static bool feed_crypt(const CryptoProviderAlgo *row, void *ctx,
                       const CryptoProviderRun *run)
{
    size_t want = run->first;
    size_t done = 0;

    do {
        size_t len = piece_len(row->crypt_split, want, run->in_len - done);

        if (!row->ops->crypt(ctx, run->out + done, run->in + done, len)) {
            return false;
        }
        done += len;
        want = run->rest;
    } while (done < run->in_len);
    return true;
}

bool cryptodev_provider_run(const CryptoProviderAlgo *row, void *ctx,
                            const CryptoProviderRun *run)
{
    const CryptoProviderOps *ops = row->ops;
    bool digest = !ops->crypt;
    CryptoProviderMsg msg = {
        .iv = run->iv,
        .iv_len = run->iv_len,
        .aad_len = run->aad_len,
        .text_len = run->in_len,
        .tag_len = run->tag_len,
    };

    if (!ops->start(ctx, &msg)) {
        return false;
    }
    if (ops->auth && !feed_auth(row, ctx, run, digest ? run->in : run->aad,
                                digest ? run->in_len : run->aad_len)) {
        return false;
    }
    if (ops->crypt && !feed_crypt(row, ctx, run)) {
        return false;
    }
    return !ops->final || ops->final(ctx, run->tag, run->tag_len);
}

static bool test_vector(const CryptoProviderAlgo *row, void *ctx,
                        const CryptoDevVectorData *d, bool encrypt,
                        size_t first, size_t rest)
{
    const CryptoDevBytes *in = encrypt ? &d->in : &d->out;
    const CryptoDevBytes *out = encrypt ? &d->out : &d->in;
    CryptoDevBytes tag;
    CryptoDevBytes buf = *in;
    CryptoProviderRun run = {
        .iv = d->iv.data, .iv_len = d->iv.len,
        .aad = d->aad.data, .aad_len = d->aad.len,
        /* in one piece from buffer to buffer, in several in place */
        .in = first ? buf.data : in->data, .in_len = in->len,
        .out = buf.data,
        .tag = tag.data, .tag_len = d->tag.len,
        .first = first, .rest = rest,
    };

    if (!cryptodev_provider_run(row, ctx, &run)) {
        return false;
    }
    return cryptodev_equal(tag.data, d->tag.data, d->tag.len) &&
           cryptodev_equal(buf.data, row->ops->crypt ? out->data : in->data,
                           in->len);
}

/* Returns false for a wrong answer; counts in @run if there was one. */
static bool test_direction(const CryptoProviderAlgo *row,
                           const CryptoDevVectorData *d, bool encrypt,
                           unsigned *run)
{
    /* whole, byte by byte, and a mix: then the context has been reused, too */
    static const size_t pieces[][2] = { { 0, 0 }, { 1, 1 }, { 19, 33 } };
    void *ctx = row->ops->ctx_new(row, d->key.data, d->key.len, encrypt);
    bool ok = true;

    if (!ctx) {
        /* sessions with such a key go to the next provider */
        return true;
    }
    for (int i = 0; ok && i < ARRAY_SIZE(pieces); i++) {
        ok = test_vector(row, ctx, d, encrypt, pieces[i][0], pieces[i][1]);
    }
    row->ops->ctx_free(ctx);
    (*run)++;
    return ok;
}

bool cryptodev_selftest(const CryptoProviderAlgo *row)
{
    unsigned run = 0;

    for (int i = 0; i < ARRAY_SIZE(cryptodev_vectors); i++) {
        CryptoDevVectorData d;

        if (cryptodev_vectors[i].algo != row->algo) {
            continue;
        }
        cryptodev_vector_load(&cryptodev_vectors[i], &d);
        if (!test_direction(row, &d, true, &run) ||
            (row->ops->crypt && !test_direction(row, &d, false, &run))) {
            return false;
        }
    }
    return run;
}
