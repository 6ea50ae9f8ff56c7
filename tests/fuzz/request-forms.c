/*
 * Fuzzing of the request parsers: the same request in other forms
 *
 * The result of a parser is written as a request of each other form, with the
 * offsets of the device's tests; parsing that must give the same result.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "requests.h"

/* The longest parts that are written anew */
#define INPUT_MAX   8192
#define OUTPUT_MAX  65536

/* Where things are in guest memory, for the draft */
#define RAM(_offset)    (FUZZ_RAM_BASE + (_offset))
#define AT_IV           0
#define AT_KEY          64
#define AT_AUTH_KEY     (AT_KEY + CRYPTODEV_AKCIPHER_KEY_MAX)
#define AT_DIGEST       (AT_AUTH_KEY + CRYPTODEV_AUTH_KEY_MAX)
#define AT_SRC          (AT_DIGEST + CRYPTODEV_DIGEST_MAX)
#define AT_AAD          (AT_SRC + INPUT_MAX)
#define AT_DST          (AT_AAD + INPUT_MAX)
#define AT_END          (AT_DST + OUTPUT_MAX)

/**
 * Formed: a request in a form
 *
 * @raw: its fixed part
 */
typedef struct Formed {
    Request request;
    uint8_t *raw;
    uint8_t out[2 * INPUT_MAX + CRYPTODEV_AKCIPHER_KEY_MAX];
    uint8_t in[144];
    uint8_t ram[AT_END];
} Formed;

static Formed formed;
static RequestRun other;

static void put(uint8_t offset, uint32_t value)
{
    if (offset) {
        stl_le_p(formed.raw + offset, value);
    }
}

static void put_addr(uint8_t offset, uint64_t at)
{
    if (offset) {
        stq_le_p(formed.raw + offset, RAM(at));
    }
}

/* The only entry of a list */
static void put_iovec(uint8_t offset, uint64_t at, uint32_t len)
{
    put_addr(offset, at);
    put(offset ? offset + 8 : 0, len);
}

static void append(const void *data, size_t len)
{
    if (len) {
        memcpy(formed.out + formed.request.out_len, data, len);
        formed.request.out_len += len;
    }
}

static size_t span_to_buf(const CryptoDevSpan *span, uint8_t *buf)
{
    return span->len ? iov_to_buf(span->iov, span->niov, span->offset, buf,
                                  span->len) : 0;
}

static void append_span(const CryptoDevSpan *span)
{
    formed.request.out_len +=
        span_to_buf(span, formed.out + formed.request.out_len);
}

/* A fixed part of @size zeroes */
static void begin(VCFormat form, const RequestRun *run, size_t size)
{
    formed.request = (Request) {
        .form = form, .flags = run->request->flags & ~REQUEST_STATELESS,
        .max_size = UINT64_MAX,
    };
    if (form == VC_V11) {
        formed.raw = formed.in;
        formed.request.in = formed.in;
        formed.request.in_len = size;
        formed.request.ram = formed.ram;
        formed.request.ram_len = sizeof(formed.ram);
    } else {
        formed.raw = formed.out;
        formed.request.out_len = size;
    }
    formed.request.out = formed.out;
    memset(formed.raw, 0, size);
}

static VCService row_of(const CryptoDevSessionParams *p)
{
    return p->chain ? VC_SERVICE_CHAIN : (VCService)p->service;
}

static uint32_t number(CryptoDevAlgo algo)
{
    return algo ? cryptodev_algo_info(algo)->number : 0;
}

/* Control requests */

static uint32_t rsa_hash_number(CryptoDevAlgo hash)
{
    static const CryptoDevAlgo hashes[] = {
        [4] = CRYPTODEV_ALGO_MD5, [5] = CRYPTODEV_ALGO_SHA1,
        [6] = CRYPTODEV_ALGO_SHA_256, [7] = CRYPTODEV_ALGO_SHA_384,
        [8] = CRYPTODEV_ALGO_SHA_512, [9] = CRYPTODEV_ALGO_SHA_224,
    };
    uint32_t n = ARRAY_SIZE(hashes);

    while (n && hashes[--n] != hash) {
        /* next */
    }
    return hash ? n : 0;
}

static void put_params(const CryptoDevSessionParams *p)
{
    const VCParamFields *f = &vc_create_fields[row_of(p)];
    bool digest = p->service == CRYPTODEV_SERVICE_HASH ||
                  p->service == CRYPTODEV_SERVICE_MAC;
    bool mac = p->hash && cryptodev_algo_info(p->hash)->service ==
                          CRYPTODEV_SERVICE_MAC;

    put(f->algo, number(digest ? p->hash : p->cipher));
    put(f->key_len, digest ? p->auth_key_len : p->cipher_key_len);
    put(f->op, p->opcode == CRYPTODEV_ENCRYPT ? 1 : 2);
    put(f->digest_len, p->digest_len);
    put(f->aad_len, p->aad_len);
    put(f->order, p->chain);
    put(f->hash_mode, mac ? 2 : 1);
    put(f->hash_algo, number(p->hash));
    put(f->auth_key_len, p->auth_key_len);
    put(f->key_type, p->is_private ? 2 : 1);
    put(f->padding, p->cipher == CRYPTODEV_ALGO_ECDSA ? p->curve : p->padding);
    put(f->rsa_hash, rsa_hash_number(p->hash));
}

static void put_keys(VCFormat form, const VCCreateLayout *layout,
                     const CryptoDevSessionParams *p)
{
    bool mac = p->service == CRYPTODEV_SERVICE_MAC;

    if (form != VC_V11) {
        append(p->cipher_key, p->cipher_key_len);
        append(p->auth_key, p->auth_key_len);
        formed.request.in_len = 16;
        return;
    }
    put_addr(layout->key_addr, mac ? AT_AUTH_KEY : AT_KEY);
    put_addr(layout->auth_key_addr, AT_AUTH_KEY);
    memcpy(formed.ram + AT_KEY, p->cipher_key ?: formed.in, p->cipher_key_len);
    memcpy(formed.ram + AT_AUTH_KEY, p->auth_key ?: formed.in,
           p->auth_key_len);
}

static void expect_create(VCFormat form, const RequestRun *run)
{
    const CryptoDevSessionParams *p = &run->ctrl.spec.params;
    const VCCreateLayout *layout = &vc_create_layouts[form][row_of(p)];
    uint32_t create = p->service == CRYPTODEV_SERVICE_AKCIPHER ? 4 : 2;

    if (!layout->size) {
        return;
    }
    begin(form, run, layout->size);
    stl_le_p(formed.raw, p->service << 8 | create);
    put(layout->op_type, p->chain ? 2 : 1);
    put_params(p);
    put_keys(form, layout, p);
    request_run(&other, &formed.request, NULL, 0, 0);
    g_assert_cmpint(other.status, ==, CRYPTODEV_OK);
    g_assert_cmpint(other.ctrl.op, ==, VIRTIO_CRYPTO_CTRL_CREATE);
    request_expect_same_params(p, &other.ctrl.spec.params);
    request_free(&other);
}

static void expect_destroy(VCFormat form, const RequestRun *run)
{
    CryptoDevService service = run->ctrl.service;
    bool akcipher = service == CRYPTODEV_SERVICE_AKCIPHER;

    if (form == VC_V11 && akcipher) {
        return;
    }
    begin(form, run, vc_destroy_sizes[form]);
    stl_le_p(formed.raw, service << 8 | (akcipher ? 5 : 3));
    stq_le_p(formed.raw + 16, run->ctrl.session_id);
    formed.request.in_len = MAX(formed.request.in_len, 1);
    request_run(&other, &formed.request, NULL, 0, 0);
    g_assert_cmpint(other.status, ==, CRYPTODEV_OK);
    g_assert_cmpint(other.ctrl.op, ==, VIRTIO_CRYPTO_CTRL_DESTROY);
    g_assert_cmpint(other.ctrl.service, ==, service);
    g_assert_cmphex(other.ctrl.session_id, ==, run->ctrl.session_id);
    request_free(&other);
}

/* Data requests */

static bool compares(const CryptoDevOp *op)
{
    return op->session->params.service == CRYPTODEV_SERVICE_AEAD &&
           op->opcode == CRYPTODEV_DECRYPT;
}

static uint32_t data_opcode(const CryptoDevOp *op)
{
    static const uint8_t low[CRYPTODEV_OPCODE__MAX] = {
        [CRYPTODEV_DECRYPT] = 1, [CRYPTODEV_SIGN] = 2, [CRYPTODEV_VERIFY] = 3,
    };

    return op->session->params.service << 8 | low[op->opcode];
}

static void put_lengths(VCFormat form, const VCDataLayout *layout,
                        const CryptoDevOp *op)
{
    const CryptoDevSessionParams *p = &op->session->params;
    bool aead = p->service == CRYPTODEV_SERVICE_AEAD;
    bool standard = form != VC_V11;
    size_t in_src = compares(op) && standard ? op->digest.len : 0;
    size_t dst_len = op->dst.len;

    if (!standard || aead) {
        dst_len = op->src.len;
        dst_len += standard && aead && !compares(op) ? op->digest.len : 0;
    }
    put(layout->op_type, p->chain ? 2 : 1);
    put(layout->iv_len, op->iv_len);
    put(layout->src_len, op->src.len + in_src);
    put(layout->dst_len, dst_len);
    put(layout->aad_len, op->aad.len);
    put(layout->digest_len, op->digest.len);
    if (layout->window) {
        put(layout->window, op->cipher_window.offset);
        put(layout->window + 4, op->cipher_window.len);
        put(layout->window + 8, op->hash_window.offset);
        put(layout->window + 12, op->hash_window.len);
    }
    if (standard) {
        formed.request.in_len = 1 +
            (op->opcode == CRYPTODEV_VERIFY ? 0 : dst_len) +
            (aead ? 0 : op->digest.len);
    }
}

static void put_parts_standard(const CryptoDevOp *op)
{
    bool aead = op->session->params.service == CRYPTODEV_SERVICE_AEAD;
    bool aad_first = formed.request.flags &
                     (aead ? REQUEST_AEAD_AAD_FIRST : REQUEST_CHAIN_AAD_FIRST);

    stl_le_p(formed.raw + 16, 1);       /* with REVISION_1: it has a session */
    append(op->iv, op->iv_len);
    if (aad_first) {
        append_span(&op->aad);
    }
    append_span(&op->src);
    if (compares(op)) {
        append_span(&op->digest);
    }
    if (!aad_first) {
        append_span(&op->aad);
    }
    if (op->opcode == CRYPTODEV_VERIFY) {
        append_span(&op->dst);
    }
}

static void put_parts_draft(const VCDataLayout *layout, const CryptoDevOp *op)
{
    bool ccm = op->session->params.cipher == CRYPTODEV_ALGO_AES_CCM;

    put_addr(layout->iv_addr, AT_IV);
    memcpy(formed.ram + AT_IV + ccm, op->iv, op->iv_len);
    put_iovec(layout->src, AT_SRC, op->src.len);
    put_iovec(layout->aad, AT_AAD, op->aad.len);
    put_iovec(layout->dst, AT_DST, op->src.len);
    put_addr(layout->digest_addr, AT_DIGEST);
    span_to_buf(&op->src, formed.ram + AT_SRC);
    span_to_buf(&op->aad, formed.ram + AT_AAD);
    if (compares(op)) {
        span_to_buf(&op->digest, formed.ram + AT_DIGEST);
    }
}

static void expect_same_text(const CryptoDevSpan *a, const CryptoDevSpan *b)
{
    static uint8_t a_buf[INPUT_MAX], b_buf[INPUT_MAX];

    g_assert_cmpuint(a->len, ==, b->len);
    span_to_buf(a, a_buf);
    span_to_buf(b, b_buf);
    g_assert(!a->len || !memcmp(a_buf, b_buf, a->len));
}

static void expect_same_operation(VCFormat form, const CryptoDevOp *a,
                                  const CryptoDevOp *b)
{
    g_assert_cmpint(a->opcode, ==, b->opcode);
    g_assert_cmpint(a->iv_len, ==, b->iv_len);
    g_assert(!memcmp(a->iv, b->iv, a->iv_len));
    expect_same_text(&a->src, &b->src);
    expect_same_text(&a->aad, &b->aad);
    g_assert_cmpuint(a->digest.len, ==, b->digest.len);
    if (compares(a)) {
        expect_same_text(&a->digest, &b->digest);
    }
    if (a->opcode == CRYPTODEV_VERIFY) {
        expect_same_text(&a->dst, &b->dst);
    }
    if (form != VC_V11) {
        g_assert_cmpuint(a->dst.len, ==, b->dst.len);
    }
    if (a->session->params.chain) {
        g_assert_cmpuint(a->cipher_window.offset, ==, b->cipher_window.offset);
        g_assert_cmpuint(a->cipher_window.len, ==, b->cipher_window.len);
        g_assert_cmpuint(a->hash_window.offset, ==, b->hash_window.offset);
        g_assert_cmpuint(a->hash_window.len, ==, b->hash_window.len);
    }
}

/* The draft has no windows, and room for all of the source. */
static bool draft_can_say(const CryptoDevOp *op)
{
    size_t len = op->src.len;

    return op->session->params.service != CRYPTODEV_SERVICE_AKCIPHER &&
           (!op->session->params.chain ||
            (op->dst.len >= len && !op->cipher_window.offset &&
             op->cipher_window.len == len && !op->hash_window.offset &&
             op->hash_window.len == len));
}

static void expect_data(VCFormat form, const RequestRun *run)
{
    const CryptoDevOp *op = &run->op;
    CryptoDevSessionParams p = run->session.params;
    const VCDataLayout *layout = &vc_data_layouts[form][row_of(&p)];

    if (form == VC_V11 && !draft_can_say(op)) {
        return;
    }
    begin(form, run, layout->size);
    stl_le_p(formed.raw, data_opcode(op));
    put_lengths(form, layout, op);
    if (form == VC_V11) {
        put_parts_draft(layout, op);
    } else {
        put_parts_standard(op);
    }
    /* where the request says it, the session does not */
    p.aad_len = 0;
    if (p.service == CRYPTODEV_SERVICE_AEAD) {
        p.digest_len = op->digest.len;
    }
    request_run(&other, &formed.request, &p, 0, 0);
    g_assert_cmpint(other.status, ==, CRYPTODEV_OK);
    expect_same_operation(form, op, &other.op);
    request_free(&other);
}

void request_expect_forms(const RequestRun *run)
{
    const CryptoDevOp *op = &run->op;
    bool ctrl = run->request->flags & REQUEST_CTRL;

    if (!ctrl && (op->src.len > INPUT_MAX - CRYPTODEV_DIGEST_MAX ||
                  op->aad.len > INPUT_MAX - CRYPTODEV_DIGEST_MAX ||
                  op->dst.len > OUTPUT_MAX - CRYPTODEV_DIGEST_MAX - 1)) {
        return;
    }
    for (VCFormat form = VC_STD; form <= VC_REV1; form++) {
        if (!ctrl) {
            expect_data(form, run);
        } else if (run->ctrl.op == VIRTIO_CRYPTO_CTRL_CREATE) {
            expect_create(form, run);
        } else {
            expect_destroy(form, run);
        }
    }
}
