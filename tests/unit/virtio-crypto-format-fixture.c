/*
 * Test bench for the virtio-crypto request formats
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/memfd.h"
#include "qapi/error.h"
#include "virtio-crypto-format-fixture.h"

#define RUBBISH     0xa5
#define VIEW_LEN    4096

/* Guest memory */

static bool fake_range(uint64_t addr, size_t len)
{
    return addr >= FORMAT_TEST_BASE && len <= FORMAT_TEST_RAM &&
           addr - FORMAT_TEST_BASE <= FORMAT_TEST_RAM - len;
}

static bool fake_read(VirtIOCryptoDma *dma, uint64_t addr, void *buf,
                      size_t len)
{
    FormatTest *t = container_of(dma, FormatTest, dma);

    g_assert_cmpuint(len, >, 0);
    if (!fake_range(addr, len)) {
        return false;
    }
    addr -= FORMAT_TEST_BASE;
    memcpy(buf, t->ram + addr, len);
    for (size_t i = 0; i < len; i++) {
        t->reads[addr + i] += t->reads[addr + i] < UINT8_MAX;
    }
    return true;
}

static void map_add(VirtIOCryptoMap *map, void *base, size_t len,
                    bool writable)
{
    g_assert(writable || map->num == map->num_readable);
    map->iov = g_renew(struct iovec, map->iov, map->num + 1);
    map->iov[map->num++] = (struct iovec) { base, len };
    map->num_readable += !writable;
}

static bool fake_map(VirtIOCryptoDma *dma, VirtIOCryptoMap *map, uint64_t addr,
                     size_t len, bool writable)
{
    FormatTest *t = container_of(dma, FormatTest, dma);

    g_assert_cmpuint(len, >, 0);
    if (!fake_range(addr, len)) {
        return false;
    }
    for (size_t done = 0; done < len; done += t->piece) {
        map_add(map, t->ram + (addr - FORMAT_TEST_BASE) + done,
                MIN(t->piece, len - done), writable);
    }
    return true;
}

/* Buffers */

/* Two views of one page; an inaccessible page follows that of the reader. */
static void half_init(FormatHalf *half, int prot)
{
    for (int i = 0; i < 2; i++) {
        int fd = qemu_memfd_create("format-test", VIEW_LEN, false, 0, 0,
                                   &error_abort);

        half->rw_view[i] = mmap(NULL, VIEW_LEN, PROT_READ | PROT_WRITE,
                                MAP_SHARED, fd, 0);
        half->view[i] = mmap(NULL, 2 * VIEW_LEN, PROT_NONE,
                             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        g_assert(half->rw_view[i] != MAP_FAILED);
        g_assert(half->view[i] != MAP_FAILED);
        g_assert(mmap(half->view[i], VIEW_LEN, prot, MAP_SHARED | MAP_FIXED,
                      fd, 0) == half->view[i]);
        close(fd);
    }
}

static void half_cleanup(FormatHalf *half)
{
    for (int i = 0; i < 2; i++) {
        munmap(half->view[i], 2 * VIEW_LEN);
        munmap(half->rw_view[i], VIEW_LEN);
    }
}

FormatTest *format_test_new(const FormatForm *form)
{
    FormatTest *t = g_new0(FormatTest, 1);

    t->dma.read = fake_read;
    t->dma.map = fake_map;
    t->form = form;
    half_init(&t->out, PROT_READ);
    /* whatever the form, nothing is written, and the standard reads none */
    half_init(&t->in, form->draft ? PROT_READ : PROT_NONE);
    return t;
}

void format_test_free(FormatTest *t)
{
    half_cleanup(&t->out);
    half_cleanup(&t->in);
    g_free(t->map.iov);
    g_free(t);
}

FormatHalf *format_test_fixed(FormatTest *t)
{
    return t->form->draft ? &t->in : &t->out;
}

static void put_number(uint8_t *p, unsigned size, uint64_t value)
{
    for (unsigned i = 0; i < size; i++) {
        p[i] = value >> (8 * i);
    }
}

void format_test_set(FormatTest *t, const FormatField *field)
{
    FormatHalf *half = format_test_fixed(t);

    g_assert(field->offset + field->size <= half->len);
    put_number(half->bytes + field->offset, MIN(field->size, 8), field->value);
    if (field->size == 24) {
        /* all bits of the flags but the one that says that there is more */
        put_number(half->bytes + field->offset + 8, 8,
                   field->len | 0xfffffffeull << 32);
    }
}

void format_test_poke(FormatTest *t, uint64_t at, unsigned size,
                      uint64_t value)
{
    g_assert(fake_range(at, size));
    put_number(t->ram + (at - FORMAT_TEST_BASE), size, value);
}

/* Bytes of which any few in a row tell where they stand. */
static void fill(uint8_t *p, size_t len, uint32_t seed)
{
    for (size_t i = 0; i < len; i++) {
        seed = seed * 1664525 + 1013904223;
        p[i] = seed >> 24;
    }
}

static uint8_t rubbish_ram[FORMAT_TEST_RAM];

void format_test_load(FormatTest *t, const FormatCase *c)
{
    bool draft = t->form->draft;

    if (!rubbish_ram[0]) {
        fill(rubbish_ram, sizeof(rubbish_ram), 1);
    }
    memcpy(t->ram, rubbish_ram, sizeof(t->ram));
    fill(t->out.bytes, sizeof(t->out.bytes), 2);
    memset(format_test_fixed(t)->bytes, RUBBISH,
           draft ? sizeof(t->in.bytes) : c->needed);
    t->out.len = c->out_len;
    t->in.len = c->in_len;
    for (const FormatField *f = c->fields; f->size; f++) {
        format_test_set(t, f);
    }
    t->piece = FORMAT_TEST_RAM;
    t->ctrl = c->ctrl;
    t->session.params = c->session;
    t->caps = (CryptoDevCaps) {
        .max_cipher_key_len = 64, .max_auth_key_len = 128, .max_size = 4096,
    };
    memset(t->caps.algos, 0xff, sizeof(t->caps.algos));
    t->stateless = UINT32_MAX;
    t->chain_aad_first = t->aead_aad_first = false;
    t->out.cut = FORMAT_TEST_WHOLE;
    t->in.cut = FORMAT_TEST_WHOLE;
}

static void half_piece(FormatHalf *half, int view, size_t end, size_t from,
                       size_t len)
{
    half->iov[half->num] = (struct iovec) { half->view[view] + end - len, len };
    half->rw[half->num] =
        (struct iovec) { half->rw_view[view] + end - len, len };
    memcpy(half->rw[half->num].iov_base, half->bytes + from, len);
    half->num++;
}

static void half_lay(FormatHalf *half)
{
    size_t cut = half->cut;

    half->num = 0;
    if (cut == FORMAT_TEST_BYTES) {
        for (size_t i = 0; i < half->len; i++) {
            half_piece(half, 0, VIEW_LEN - 2 * (half->len - 1 - i), i, 1);
        }
    } else if (cut == FORMAT_TEST_WHOLE) {
        half_piece(half, 0, VIEW_LEN, 0, half->len);
    } else {
        half_piece(half, 0, VIEW_LEN, 0, cut);
        half_piece(half, 1, VIEW_LEN, cut, half->len - cut);
    }
}

/* Running */

static void scribble(FormatHalf *half, size_t len)
{
    iov_memset(half->rw, half->num, 0, 0xee, len);
}

/*
 * Know the session: of the request itself, as the device makes it, or the one
 * that the case has.
 */
static CryptoDevStatus find_session(FormatTest *t,
                                    const VirtIOCryptoBuffer *buf)
{
    CryptoDevSessionParams *p = &t->session.params;
    CryptoDevAlgo digest;
    CryptoDevStatus status;

    if (!t->data.stateless) {
        return t->data.service == p->service && t->data.opcode == p->opcode &&
               (p->cipher || p->hash) ? CRYPTODEV_OK : CRYPTODEV_INVSESS;
    }
    memset(&t->spec.params, 0xcc, sizeof(t->spec.params));
    status = buf->format->parse_params(buf, &t->data, &t->spec);
    if (status != CRYPTODEV_OK) {
        return status;
    }
    *p = t->spec.params;
    digest = p->hash ? p->hash : p->cipher;
    if (!p->digest_len) {
        p->digest_len = cryptodev_algo_info(digest)->digest_len;
    }
    return p->service == CRYPTODEV_SERVICE_AKCIPHER ||
           p->opcode == t->data.opcode ? CRYPTODEV_OK : CRYPTODEV_ERR;
}

static void run_data(FormatTest *t, const VirtIOCryptoBuffer *buf)
{
    FormatHalf *fixed = format_test_fixed(t);

    memset(&t->data, 0xcc, sizeof(t->data));
    t->status = buf->format->parse_head(buf, &t->data);
    t->reply = t->data.reply;
    memset(&t->op, 0xcc, sizeof(t->op));
    t->op.session = &t->session;
    t->op.opcode = t->data.opcode;
    if (t->status != CRYPTODEV_OK) {
        return;
    }
    /* what was read once is not read again */
    scribble(fixed, MIN(fixed->len, t->data.raw_len));
    t->status = find_session(t, buf);
    if (t->status != CRYPTODEV_OK) {
        return;
    }
    if (t->data.stateless) {
        scribble(fixed, t->data.raw_len + t->data.keys_len);
    }
    t->status = buf->format->parse_body(buf, &t->data, &t->op);
}

static bool span_within(const CryptoDevSpan *span, const struct iovec *iov,
                        unsigned num)
{
    return span->iov >= iov && span->iov + span->niov <= iov + num;
}

static void check_span(const FormatTest *t, const CryptoDevSpan *span)
{
    size_t room = 0;

    if (!span->len) {
        return;
    }
    for (unsigned i = 0; i < span->niov; i++) {
        room += span->iov[i].iov_len;
    }
    g_assert_cmpuint(span->offset, <, span->iov->iov_len);
    g_assert_cmpuint(span->len, <=, room - span->offset);
    if (t->form->draft) {
        g_assert(span_within(span, t->map.iov, t->map.num));
    } else {
        g_assert(span_within(span, t->out.iov, t->out.num) ||
                 span_within(span, t->in.iov, t->in.num));
    }
}

static void check_result(const FormatTest *t)
{
    /* a session's outcome needs no padding */
    static const size_t sizes[] = { 0, 1, 4, 12 };
    const CryptoDevOp *op = &t->op;

    g_assert_cmpuint(t->reply.kind, <, ARRAY_SIZE(sizes));
    g_assert_cmpuint(t->reply.offset + sizes[t->reply.kind], <=, t->in.len);
    g_assert_cmpuint(t->reply.used, <=, t->in.len);
    if (t->ctrl || t->status != CRYPTODEV_OK) {
        return;
    }
    check_span(t, &op->src);
    check_span(t, &op->dst);
    check_span(t, &op->aad);
    check_span(t, &op->digest);
    g_assert_cmpuint(op->src.len + op->dst.len + op->aad.len + op->digest.len +
                     op->iv_len, <=, t->caps.max_size);
}

void format_test_lay(FormatTest *t)
{
    half_lay(&t->out);
    half_lay(&t->in);
    memset(t->reads, 0, sizeof(t->reads));
    g_free(t->map.iov);
    t->map = (VirtIOCryptoMap) { };
}

void format_test_parse(FormatTest *t)
{
    VirtIOCryptoBuffer buf = {
        .format = *t->form->format,
        .out = { t->out.iov, t->out.num, t->out.len },
        .in = { t->in.iov, t->in.num, t->in.len },
        .map = &t->map, .dma = &t->dma, .caps = &t->caps,
        .stateless = t->stateless,
        .chain_aad_first = t->chain_aad_first,
        .aead_aad_first = t->aead_aad_first,
    };

    if (t->ctrl) {
        memset(&t->c, 0xcc, sizeof(t->c));
        t->status = buf.format->parse_ctrl(&buf, &t->c);
        t->reply = t->c.reply;
    } else {
        run_data(t, &buf);
    }
}

void format_test_run(FormatTest *t)
{
    format_test_lay(t);
    format_test_parse(t);
    scribble(&t->out, t->out.len);
    check_result(t);
}

/* Names */

void format_test_add(const char *form, const char *name, const char *what,
                     const void *data, GTestDataFunc func)
{
    g_autofree char *path = g_strdup_printf("/virtio-crypto/%s/%s/%s", form,
                                            name, what);

    g_test_add_data_func(path, data, func);
}

const FormatCase *format_find_case(const FormatForm *form, const char *name)
{
    for (const FormatCase *c = form->cases; c->name; c++) {
        if (!strcmp(c->name, name)) {
            return c;
        }
    }
    return NULL;
}

const FormatCase *format_test_case(const FormatForm *form, const char *name)
{
    const FormatCase *c = format_find_case(form, name);

    g_assert_nonnull(c);
    return c;
}
