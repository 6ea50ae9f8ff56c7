/*
 * Messages for crypto providers, on guard pages
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <sys/mman.h>
#include "cryptodev-message.h"

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

bool message_run(const Message *m, const CryptoProviderAlgo *row, void *ctx,
                 Handover how, Result *r)
{
    CryptoProviderRun run = {
        .iv = m->iv, .iv_len = m->iv_len,
        .aad = m->aad, .aad_len = m->aad_len,
        .in = m->in, .in_len = m->in_len,
        .tag_len = m->tag_len,
        .first = how.first, .rest = how.rest,
    };

    run.out = r->out = guarded_tail(&r->mem[0], m->in_len);
    run.tag = r->tag = guarded_tail(&r->mem[1], m->tag_len);
    if (row->ops->crypt && how.in_place) {
        memcpy(r->out, m->in, m->in_len);
        run.in = r->out;
    } else {
        memset(r->out, 0xaa, m->in_len);
    }
    memset(r->tag, 0xaa, m->tag_len);
    return cryptodev_provider_run(row, ctx, &run);
}

void *message_ctx_new(const Message *m, const CryptoProviderAlgo *row,
                      bool encrypt)
{
    return row->ops->ctx_new(row, m->key, m->key_len, encrypt);
}

void message_assert_equal(const Message *m, const CryptoProviderAlgo *row,
                          const uint8_t *out, const uint8_t *tag,
                          const Result *r)
{
    if ((row->ops->crypt && memcmp(out, r->out, m->in_len)) ||
        memcmp(tag, r->tag, m->tag_len)) {
        g_test_message("%s: key %zu, iv %zu, aad %zu, in %zu, tag %zu bytes",
                       m->info->name, m->key_len, m->iv_len, m->aad_len,
                       m->in_len, m->tag_len);
    }
    if (row->ops->crypt) {
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

const CryptoProviderAlgo *provider_row(const CryptoProvider *provider,
                                       CryptoDevAlgo algo)
{
    for (const CryptoProviderAlgo *row = provider->algos; row->algo; row++) {
        if (row->algo == algo) {
            return row;
        }
    }
    return NULL;
}

const CryptoProviderAlgo *next_row(unsigned *i, CryptoDevAlgo algo)
{
    const CryptoProviderAlgo *row = NULL;

    while (cryptodev_providers[*i] && !row) {
        row = provider_row(cryptodev_providers[(*i)++], algo);
    }
    return row;
}

size_t row_max_len(const CryptoProviderAlgo *row)
{
    return row->max_len ? MIN(row->max_len, 9000) : 9000;
}
