/*
 * Messages for crypto providers, on guard pages
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <sys/mman.h>
#include "qemu/bswap.h"
#include "cryptodev-message-fixture.h"
#include "backends/cryptodev/stream.h"

static void guarded_init(Guarded *g)
{
    size_t page = qemu_real_host_page_size();
    size_t size = QEMU_ALIGN_UP(MESSAGE_MAX, page);
    uint8_t *p = mmap(NULL, size + 2 * page, PROT_NONE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    g_assert_true(p != MAP_FAILED);
    g->start = p + page;
    g->end = g->start + size;
    g_assert_cmpint(mprotect(g->start, size, PROT_READ | PROT_WRITE), ==, 0);
}

static void guarded_cleanup(Guarded *g)
{
    size_t page = qemu_real_host_page_size();

    munmap(g->start - page, g->end - g->start + 2 * page);
}

static uint8_t *guarded_tail(const Guarded *g, size_t len)
{
    g_assert_cmpuint(len, <=, MESSAGE_MAX);
    return g->end - len;
}

void message_init(Message *m)
{
    *m = (Message) { };
    for (int i = 0; i < ARRAY_SIZE(m->mem); i++) {
        guarded_init(&m->mem[i]);
    }
}

void message_cleanup(Message *m)
{
    for (int i = 0; i < ARRAY_SIZE(m->mem); i++) {
        guarded_cleanup(&m->mem[i]);
    }
}

void result_init(Result *r)
{
    for (int i = 0; i < ARRAY_SIZE(r->mem); i++) {
        guarded_init(&r->mem[i]);
    }
}

void result_cleanup(Result *r)
{
    for (int i = 0; i < ARRAY_SIZE(r->mem); i++) {
        guarded_cleanup(&r->mem[i]);
    }
}

void message_set_lens(Message *m, const CryptoDevAlgoInfo *info,
                      size_t key_len, size_t iv_len, size_t aad_len,
                      size_t in_len, size_t tag_len)
{
    m->info = info;
    m->key_len = key_len;
    m->iv_len = iv_len;
    m->aad_len = aad_len;
    m->in_len = in_len;
    m->tag_len = tag_len;
    m->key = guarded_tail(&m->mem[0], key_len);
    m->iv = guarded_tail(&m->mem[1], iv_len);
    m->aad = guarded_tail(&m->mem[2], aad_len);
    m->in = guarded_tail(&m->mem[3], in_len);
}

static void fill(uint8_t *buf, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        buf[i] = g_test_rand_int_range(0, 256);
    }
}

void message_fill(Message *m)
{
    fill(m->key, m->key_len);
    fill(m->iv, m->iv_len);
    fill(m->aad, m->aad_len);
    fill(m->in, m->in_len);
}

static size_t random_upto(size_t max)
{
    return g_test_rand_int_range(0, MIN(max, INT32_MAX - 1) + 1);
}

/* Mostly short: edges of blocks are where things go wrong. */
static size_t random_len(size_t max)
{
    static const size_t limits[] = { 40, 80, 300, 1100 };

    if (random_upto(19) == 0) {
        return random_upto(max);
    }
    return random_upto(MIN(max, limits[random_upto(ARRAY_SIZE(limits) - 1)]));
}

static size_t random_step(size_t min, size_t max, size_t step)
{
    return min == max ? min : min + step * random_len((max - min) / step);
}

static size_t random_in_len(const CryptoDevAlgoInfo *info, size_t max)
{
    size_t len = QEMU_ALIGN_DOWN(random_len(max), info->block_len);

    return cryptodev_algo_data_len_ok(info, len) ? len : 0;
}

static size_t random_tag_len(const CryptoDevAlgoInfo *info)
{
    size_t len = info->digest_len;

    if (!len || random_upto(1)) {
        return len;
    }
    do {
        len = 1 + random_len(CRYPTODEV_DIGEST_MAX - 1);
    } while (!cryptodev_algo_digest_len_ok(info, len));
    return len;
}

void message_random(Message *m, const CryptoDevAlgoInfo *info, size_t max_len)
{
    bool aead = info->service == CRYPTODEV_SERVICE_AEAD;

    message_set_lens(m, info,
                     random_step(info->key_min, info->key_max, info->key_step),
                     info->nonce_len ?:
                     random_step(info->iv_min, info->iv_max, info->iv_step),
                     aead ? random_len(300) : 0,
                     random_in_len(info, max_len),
                     random_tag_len(info));
    message_fill(m);
}

void message_from_vector(Message *m, const CryptoDevVector *v, bool encrypt)
{
    CryptoDevVectorData d;
    const CryptoDevBytes *in = encrypt ? &d.in : &d.out;

    cryptodev_vector_load(v, &d);
    message_set_lens(m, cryptodev_algo_info(v->algo), d.key.len, d.iv.len,
                     d.aad.len, in->len, d.tag.len);
    memcpy(m->key, d.key.data, d.key.len);
    memcpy(m->iv, d.iv.data, d.iv.len);
    memcpy(m->aad, d.aad.data, d.aad.len);
    memcpy(m->in, in->data, in->len);
}

void message_copy(Message *copy, const Message *m, const uint8_t *in)
{
    message_set_lens(copy, m->info, m->key_len, m->iv_len, m->aad_len,
                     m->in_len, m->tag_len);
    memcpy(copy->key, m->key, m->key_len);
    memcpy(copy->iv, m->iv, m->iv_len);
    memcpy(copy->aad, m->aad, m->aad_len);
    memcpy(copy->in, in, m->in_len);
}

bool row_takes(const CryptoRow *row, const Message *m)
{
    uint64_t blocks = DIV_ROUND_UP(m->in_len, 16);

    if (!row->ops->is_batch) {
        return true;
    }
    return (m->in_len || row->takes_empty) &&
           (m->in_len <= row->max_len) &&
           (m->aad_len <= row->max_aad) &&
           (!row->digest_len || m->tag_len <= row->digest_len) &&
           (row->chaining != CRYPTO_CHAINING_CTR32 ||
            ldl_be_p(m->iv + 12) + blocks - 1 <= UINT32_MAX);
}

bool row_goes(const CryptoRow *row, bool encrypt)
{
    return cryptodev_row_digests(row) ? encrypt :
           cryptodev_row_serves(row, encrypt ? CRYPTODEV_ENCRYPT :
                                CRYPTODEV_DECRYPT);
}

void message_random_for(Message *m, const CryptoRow *row, size_t max_len)
{
    do {
        message_random(m, cryptodev_algo_info(row->algo), max_len);
    } while (!row_takes(row, m));
}

#define PIECES_MAX (MESSAGE_MAX + 1)

/* @len bytes at @p in pieces */
static CryptoDevSpanIter cut(struct iovec *iov, uint8_t *p, size_t len,
                             Handover how)
{
    CryptoDevSpan span = { .iov = iov, .len = len };
    size_t done = 0, want = how.first;

    while (done < len) {
        size_t n = MIN(want ?: len, len - done);

        iov[span.niov++] = (struct iovec) { p + done, n };
        done += n;
        want = how.rest;
    }
    return span_iter_of(&span);
}

/* Source and destination are cut at different places, if they differ. */
static void run_cut(const CryptoRow *row, CryptoMessage *m, Handover how)
{
    static __thread struct iovec src_iov[PIECES_MAX], dst_iov[PIECES_MAX];
    CryptoDevSpanIter src = cut(src_iov, (uint8_t *)m->src, m->len, how);
    Handover other = { how.rest, how.first };

    if (cryptodev_row_digests(row)) {
        CryptoDevSpanIter none = { };

        if (how.in_place) {
            cryptodev_stream_hash(row, m, none, src);
        } else {
            cryptodev_stream_hash(row, m, src, none);
        }
        return;
    }
    cryptodev_stream_cipher(row, m,
                            cut(dst_iov, m->dst, m->len,
                                how.in_place ? how : other), src);
}

static bool takes_pieces(const CryptoRow *row)
{
    return (cryptodev_row_digests(row) ? row->auth_split : row->crypt_split) !=
           CRYPTO_SPLIT_NONE;
}

bool message_run(const Message *m, const CryptoRow *row, void *ctx,
                 Handover how, Result *r)
{
    size_t tag_len = MAX(m->tag_len, row->digest_len);
    CryptoMessage one = {
        .ctx = ctx, .src = m->in, .len = m->in_len,
        .aad = m->aad, .aad_len = m->aad_len, .digest_len = m->tag_len,
        .iv_len = m->iv_len,
    };

    memcpy(one.iv, m->iv, m->iv_len);
    one.dst = r->out = guarded_tail(&r->mem[0], m->in_len);
    one.digest = r->tag = guarded_tail(&r->mem[1], tag_len);
    memset(r->tag, 0xaa, tag_len);
    if (!cryptodev_row_digests(row) && how.in_place) {
        memcpy(r->out, m->in, m->in_len);
        one.src = r->out;
    } else {
        memset(r->out, 0xaa, m->in_len);
    }
    if ((how.first || how.rest) && takes_pieces(row)) {
        run_cut(row, &one, how);
    } else {
        cryptodev_row_run_one(row, &one);
    }
    return one.ok;
}

void *message_ctx_new(const Message *m, const CryptoRow *row,
                      bool encrypt)
{
    return row->ops->ctx_new(row, m->key, m->key_len, encrypt);
}

void message_assert_equal(const Message *m, const CryptoRow *row,
                          const uint8_t *out, const uint8_t *tag,
                          const Result *r)
{
    bool text = !cryptodev_row_digests(row);

    if ((text && memcmp(out, r->out, m->in_len)) ||
        memcmp(tag, r->tag, m->tag_len)) {
        g_test_message("%s: key %zu, iv %zu, aad %zu, in %zu, tag %zu bytes",
                       m->info->name, m->key_len, m->iv_len, m->aad_len,
                       m->in_len, m->tag_len);
    }
    if (text) {
        g_assert_cmpmem(out, m->in_len, r->out, m->in_len);
    }
    g_assert_cmpmem(tag, m->tag_len, r->tag, m->tag_len);
}

const CryptoProvider *next_provider(unsigned *i)
{
    const CryptoProvider *provider;

    while ((provider = cryptodev_providers[*i])) {
        ++*i;
        if (provider->init()) {
            return provider;
        }
        g_printerr("# provider %s cannot be used here\n", provider->name);
    }
    return NULL;
}

const CryptoRow *provider_row(const CryptoProvider *provider,
                              CryptoDevAlgo algo)
{
    for (const CryptoRow *row = provider->rows; row->algo; row++) {
        if (row->algo == algo && (!row->ops->is_batch || row->takes_empty)) {
            return row;
        }
    }
    return NULL;
}

const CryptoRow *next_row(unsigned *i, CryptoDevAlgo algo)
{
    const CryptoRow *row = NULL;

    while (cryptodev_providers[*i] && !row) {
        row = provider_row(cryptodev_providers[(*i)++], algo);
    }
    return row;
}

size_t row_max_len(const CryptoRow *row)
{
    return row->max_len ? MIN(row->max_len, 9000) : 9000;
}
