/*
 * Fuzzing of the request parsers: a run
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "requests.h"

/* Addresses that cannot be touched, for the longest half */
#define NOWHERE_LEN     (2 * 65536)

static uint8_t *nowhere(void)
{
    static uint8_t *addr;

    if (!addr) {
        addr = mmap(NULL, NOWHERE_LEN, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
                    -1, 0);
        g_assert(addr != MAP_FAILED);
    }
    return addr;
}

/* Guest memory */

static bool in_ram(const RequestRun *run, uint64_t addr, size_t len)
{
    return addr >= FUZZ_RAM_BASE && len <= run->request->ram_len &&
           addr - FUZZ_RAM_BASE <= run->request->ram_len - len;
}

static bool dma_read(VirtIOCryptoDma *dma, uint64_t addr, void *buf,
                     size_t len)
{
    RequestRun *run = container_of(dma, RequestRun, dma);

    g_assert_cmpuint(len, >, 0);
    if (!in_ram(run, addr, len)) {
        return false;
    }
    memcpy(buf, run->ram + (addr - FUZZ_RAM_BASE), len);
    return true;
}

static bool dma_map(VirtIOCryptoDma *dma, VirtIOCryptoMap *map, uint64_t addr,
                    size_t len, bool writable)
{
    RequestRun *run = container_of(dma, RequestRun, dma);

    g_assert_cmpuint(len, >, 0);
    if (!in_ram(run, addr, len)) {
        return false;
    }
    for (size_t n, done = 0; done < len; done += n) {
        n = MIN(run->piece ?: len, len - done);
        g_assert(writable || map->num == map->num_readable);
        if (map->num == map->alloc) {
            map->alloc = map->alloc * 2 + 16;
            map->iov = g_renew(struct iovec, map->iov, map->alloc);
        }
        map->iov[map->num++] = (struct iovec) {
            (uint8_t *)run->ram + (addr - FUZZ_RAM_BASE) + done, n
        };
        map->num_readable += !writable;
    }
    return true;
}

/* Laying out */

static void add_piece(RequestHalf *half, const uint8_t *data, size_t start,
                      size_t len)
{
    uint8_t *base = half->unreadable ? nowhere() + start + half->num :
                                       g_malloc(len);

    if (!half->unreadable) {
        memcpy(base, data + start, len);
    }
    half->start[half->num] = start;
    half->iov[half->num++] = (struct iovec) { base, len };
}

static void lay_half(RequestHalf *half, const uint8_t *data, size_t len,
                     bool unreadable, uint32_t cut)
{
    static const uint16_t limits[] = { 1, 2, 7, 20, 80, 300, 1000, 5000 };
    uint32_t limit = cut ? limits[cut % ARRAY_SIZE(limits)] : len;
    uint32_t state = cut;

    *half = (RequestHalf) { .len = len, .unreadable = unreadable };
    for (size_t n, done = 0; done < len; done += n) {
        n = cut ? 1 + fuzz_random(&state) % limit : len;
        if (half->num == FUZZ_PIECES_MAX - 1 || n > len - done) {
            n = len - done;
        }
        add_piece(half, data, done, n);
    }
}

static void free_half(RequestHalf *half)
{
    for (unsigned i = 0; i < half->num && !half->unreadable; i++) {
        g_free(half->iov[i].iov_base);
    }
    half->num = 0;
}

static const VirtIOCryptoFormat *format_of(VCFormat form)
{
    return form == VC_V11 ? virtio_crypto_format_v11 :
           form == VC_STD ? virtio_crypto_format_std :
                            virtio_crypto_format_revision_1;
}

void request_lay(RequestRun *run, const Request *request, uint32_t cut,
                 size_t piece)
{
    bool few = request->flags & REQUEST_FEW_ALGOS;

    run->dma = (VirtIOCryptoDma) { dma_read, dma_map };
    run->request = request;
    run->ram = request->ram;
    run->piece = piece;
    lay_half(&run->out, request->out, request->out_len, false, cut);
    lay_half(&run->in, request->in, request->in_len, !request->in,
             cut ? cut ^ 0x5a5a : 0);
    run->caps = (CryptoDevCaps) {
        .max_cipher_key_len = CRYPTODEV_CIPHER_KEY_MAX,
        .max_auth_key_len = CRYPTODEV_AUTH_KEY_MAX,
        .max_size = request->max_size,
    };
    memset(run->caps.algos, few ? 0x55 : 0xff, sizeof(run->caps.algos));
    run->map.num = run->map.num_readable = 0;
    run->buf = (VirtIOCryptoBuffer) {
        .format = format_of(request->form),
        .out = { run->out.iov, run->out.num, run->out.len },
        .in = { run->in.iov, run->in.num, run->in.len },
        .map = &run->map, .dma = &run->dma, .caps = &run->caps,
        .stateless = request->flags & REQUEST_STATELESS ? UINT32_MAX : 0,
        .chain_aad_first = request->flags & REQUEST_CHAIN_AAD_FIRST,
        .aead_aad_first = request->flags & REQUEST_AEAD_AAD_FIRST,
    };
}

void request_free(RequestRun *run)
{
    free_half(&run->out);
    free_half(&run->in);
}

/* Running */

static CryptoDevAlgo digest_algo(const CryptoDevSessionParams *p)
{
    return p->service == CRYPTODEV_SERVICE_AEAD ? p->cipher :
           p->service == CRYPTODEV_SERVICE_AKCIPHER ? CRYPTODEV_ALGO_NONE :
                                                      p->hash;
}

/* What backends check of a session */
static CryptoDevStatus check_session(CryptoDevSessionParams *p)
{
    CryptoDevAlgo digest = digest_algo(p);
    CryptoDevAlgo mac = p->service == CRYPTODEV_SERVICE_AKCIPHER ?
                        CRYPTODEV_ALGO_NONE : p->hash;

    if ((p->cipher && !cryptodev_algo_key_len_ok(
             cryptodev_algo_info(p->cipher), p->cipher_key_len)) ||
        (mac && !cryptodev_algo_key_len_ok(cryptodev_algo_info(mac),
                                           p->auth_key_len))) {
        return CRYPTODEV_ERR;
    }
    if (digest && !p->digest_len) {
        p->digest_len = cryptodev_algo_info(digest)->digest_len;
    }
    return !digest || cryptodev_algo_digest_len_ok(cryptodev_algo_info(digest),
                                                   p->digest_len) ?
           CRYPTODEV_OK : CRYPTODEV_ERR;
}

static CryptoDevStatus find_session(RequestRun *run,
                                    const CryptoDevSessionParams *params)
{
    CryptoDevSessionParams *p = &run->session.params;
    CryptoDevStatus status;

    if (!run->data.stateless) {
        *p = *params;
        return run->data.service == p->service ? CRYPTODEV_OK :
                                                 CRYPTODEV_INVSESS;
    }
    status = run->buf.format->parse_params(&run->buf, &run->data, &run->spec);
    *p = run->spec.params;
    return status == CRYPTODEV_OK ? check_session(p) : status;
}

/* What was read once must not be read again. */
static void overwrite_fixed(RequestRun *run, size_t len)
{
    RequestHalf *half = run->request->form == VC_V11 ? &run->in : &run->out;

    iov_memset(half->iov, half->num, 0, 0xee, MIN(len, half->len));
}

static CryptoDevStatus parse_data(RequestRun *run,
                                  const CryptoDevSessionParams *params,
                                  bool overwrite)
{
    const VirtIOCryptoFormat *format = run->buf.format;
    CryptoDevStatus status = format->parse_head(&run->buf, &run->data);

    run->reply = run->data.reply;
    run->op = (CryptoDevOp) {
        .session = &run->session, .opcode = run->data.opcode,
    };
    if (status != CRYPTODEV_OK) {
        return status;
    }
    if (overwrite) {
        overwrite_fixed(run, run->data.raw_len);
    }
    status = find_session(run, params);
    if (status == CRYPTODEV_OK) {
        status = cryptodev_session_check_opcode(&run->session.params,
                                              run->op.opcode);
    }
    if (status != CRYPTODEV_OK) {
        return status;
    }
    if (overwrite) {
        overwrite_fixed(run, run->data.raw_len + run->data.keys_len);
    }
    status = format->parse_body(&run->buf, &run->data, &run->op);
    return status == CRYPTODEV_OK ? cryptodev_op_validate(&run->op) : status;
}

void request_parse(RequestRun *run, const CryptoDevSessionParams *params,
                   bool overwrite)
{
    if (run->request->flags & REQUEST_CTRL) {
        run->status = run->buf.format->parse_ctrl(&run->buf, &run->ctrl);
        run->reply = run->ctrl.reply;
    } else {
        run->status = parse_data(run, params, overwrite);
    }
    if (overwrite) {
        overwrite_fixed(run, SIZE_MAX);
    }
}

void request_run(RequestRun *run, const Request *request,
                 const CryptoDevSessionParams *params, uint32_t cut,
                 size_t piece)
{
    request_lay(run, request, cut, piece);
    request_parse(run, params, cut);
}

/* Comparing */

static void expect_same_bytes(const uint8_t *a, size_t a_len,
                              const uint8_t *b, size_t b_len)
{
    g_assert_cmpuint(a_len, ==, b_len);
    g_assert(!a_len || !memcmp(a, b, a_len));
}

void request_expect_same_params(const CryptoDevSessionParams *a,
                                const CryptoDevSessionParams *b)
{
    g_assert_cmpint(a->service, ==, b->service);
    g_assert_cmpint(a->opcode, ==, b->opcode);
    g_assert_cmpint(a->chain, ==, b->chain);
    g_assert_cmpint(a->cipher, ==, b->cipher);
    g_assert_cmpint(a->hash, ==, b->hash);
    g_assert_cmpint(a->digest_len, ==, b->digest_len);
    g_assert_cmpint(a->aad_len, ==, b->aad_len);
    g_assert_cmpint(a->is_private, ==, b->is_private);
    g_assert_cmpint(a->padding, ==, b->padding);
    g_assert_cmpint(a->curve, ==, b->curve);
    expect_same_bytes(a->cipher_key, a->cipher_key_len,
                      b->cipher_key, b->cipher_key_len);
    expect_same_bytes(a->auth_key, a->auth_key_len,
                      b->auth_key, b->auth_key_len);
}

/* Where byte @done of a span is, whatever the pieces; and how many follow it */
static uint64_t place_of(const RequestRun *run, const CryptoDevSpan *span,
                         size_t *piece, size_t *offset, size_t *n)
{
    const RequestHalf *half = &run->out;
    const struct iovec *iov;

    while (*offset >= span->iov[*piece].iov_len) {
        *offset -= span->iov[(*piece)++].iov_len;
        g_assert_cmpuint(*piece, <, span->niov);
    }
    iov = &span->iov[*piece];
    *n = iov->iov_len - *offset;
    if (run->request->form == VC_V11) {
        return (uint8_t *)iov->iov_base + *offset - run->ram;
    }
    if (iov < half->iov || iov >= half->iov + half->num) {
        half = &run->in;
        g_assert(iov >= half->iov && iov < half->iov + half->num);
    }
    return half->start[iov - half->iov] + *offset +
           (half == &run->in ? 1ull << 32 : 0);
}

static void expect_same_span(const RequestRun *run_a, const CryptoDevSpan *a,
                             const RequestRun *run_b, const CryptoDevSpan *b)
{
    size_t piece_a = 0, piece_b = 0, offset_a = a->offset, offset_b = b->offset;

    g_assert_cmpuint(a->len, ==, b->len);
    for (size_t n, m, done = 0; done < a->len; done += n) {
        uint64_t at_a = place_of(run_a, a, &piece_a, &offset_a, &n);
        uint64_t at_b = place_of(run_b, b, &piece_b, &offset_b, &m);

        g_assert_cmphex(at_a, ==, at_b);
        n = MIN(n, m);
        offset_a += n;
        offset_b += n;
    }
}

void request_expect_same_op(const RequestRun *a, const CryptoDevOp *op,
                            const RequestRun *b)
{
    g_assert_cmpint(op->opcode, ==, b->op.opcode);
    expect_same_bytes(op->iv, op->iv_len, b->op.iv, b->op.iv_len);
    expect_same_span(a, &op->src, b, &b->op.src);
    expect_same_span(a, &op->dst, b, &b->op.dst);
    expect_same_span(a, &op->aad, b, &b->op.aad);
    expect_same_span(a, &op->digest, b, &b->op.digest);
    if (b->session.params.chain) {
        g_assert(!memcmp(&op->cipher_window, &b->op.cipher_window,
                         sizeof(CryptoDevRange)));
        g_assert(!memcmp(&op->hash_window, &b->op.hash_window,
                         sizeof(CryptoDevRange)));
    }
}

static void expect_same_reply(const RequestRun *a, const RequestRun *b)
{
    static const size_t sizes[] = { 0, 1, 4, 12 };

    g_assert_cmpint(a->reply.kind, ==, b->reply.kind);
    g_assert_cmpuint(a->reply.offset, ==, b->reply.offset);
    g_assert_cmpuint(a->reply.used, ==, b->reply.used);
    g_assert_cmpint(a->reply.counts_result, ==, b->reply.counts_result);
    g_assert_cmpuint(a->reply.offset + sizes[a->reply.kind], <=, a->in.len);
    g_assert_cmpuint(a->reply.used, <=, a->in.len);
}

void request_expect_same(const RequestRun *a, const RequestRun *b)
{
    g_assert_cmpint(a->status, ==, b->status);
    expect_same_reply(a, b);
    if (a->request->flags & REQUEST_CTRL) {
        g_assert_cmpint(a->ctrl.op, ==, b->ctrl.op);
        g_assert_cmpint(a->ctrl.service, ==, b->ctrl.service);
        g_assert_cmphex(a->ctrl.session_id, ==, b->ctrl.session_id);
        if (a->status == CRYPTODEV_OK) {
            request_expect_same_params(&a->ctrl.spec.params,
                                       &b->ctrl.spec.params);
        }
        return;
    }
    g_assert_cmpint(a->data.service, ==, b->data.service);
    g_assert_cmpint(a->data.opcode, ==, b->data.opcode);
    g_assert_cmpint(a->data.stateless, ==, b->data.stateless);
    g_assert_cmphex(a->data.session_id, ==, b->data.session_id);
    if (a->status == CRYPTODEV_OK) {
        request_expect_same_params(&a->session.params, &b->session.params);
        request_expect_same_op(a, &a->op, b);
    }
}
