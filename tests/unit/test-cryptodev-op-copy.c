/*
 * Tests of operations on private memory: which bytes are read and written, and
 * when
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/iov.h"
#include "backends/cryptodev-op-copy.h"
#include "backends/cryptodev/provider.h"

#define LEN_MAX     64
#define UNTOUCHED   0xee
#define PIECES      3

/* References to the session; the real ones want a backend. */
static unsigned references;

void cryptodev_session_get(CryptoDevSession *session)
{
    references++;
}

void cryptodev_session_put(CryptoDevSession *session)
{
    references--;
}

/* Memory of the guest behind a span: in pieces, with bytes before and after */
typedef struct Guest {
    uint8_t before[7];
    uint8_t data[LEN_MAX];
    uint8_t after[9];
    struct iovec iov[PIECES];
    CryptoDevSpan span;
} Guest;

static void guest_init(Guest *g, uint8_t fill, size_t len)
{
    memset(g->before, UNTOUCHED, sizeof(g->before));
    memset(g->data, UNTOUCHED, sizeof(g->data));
    memset(g->after, UNTOUCHED, sizeof(g->after));
    memset(g->data, fill, len);
    QEMU_BUILD_BUG_ON(offsetof(Guest, data) != sizeof(g->before));
    g->iov[0] = (struct iovec) { g->before, sizeof(g->before) + 3 };
    g->iov[1] = (struct iovec) { g->data + 3, 2 };
    g->iov[2] = (struct iovec) { g->data + 5, LEN_MAX - 5 };
    g->span = (CryptoDevSpan) { g->iov, PIECES, sizeof(g->before), len };
}

/* The first @len bytes are @fill, all others as they were. */
static void assert_guest(const Guest *g, uint8_t fill, size_t len)
{
    for (size_t i = 0; i < LEN_MAX; i++) {
        g_assert_cmphex(g->data[i], ==, i < len ? fill : UNTOUCHED);
    }
    for (size_t i = 0; i < sizeof(g->before); i++) {
        g_assert_cmphex(g->before[i], ==, UNTOUCHED);
    }
    for (size_t i = 0; i < sizeof(g->after); i++) {
        g_assert_cmphex(g->after[i], ==, UNTOUCHED);
    }
}

/**
 * Case: the lengths of the spans, and the outcome of the copy
 *
 * @written: as whoever runs the copy says
 * @dst_wanted, @digest_wanted: bytes that must be written
 * @dst_fill: what they are
 */
typedef struct Case {
    const char *name;
    CryptoDevSessionParams params;
    CryptoDevOpcode opcode;
    size_t src, dst, aad, digest;
    CryptoDevStatus status;
    size_t written;
    size_t dst_wanted, digest_wanted;
    uint8_t dst_fill;
} Case;

#define CIPHER      { .service = CRYPTODEV_SERVICE_CIPHER }
#define CHAIN       { .service = CRYPTODEV_SERVICE_CIPHER,              \
                      .chain = CRYPTODEV_CHAIN_HASH_THEN_CIPHER }
#define HASH        { .service = CRYPTODEV_SERVICE_HASH }
#define AEAD        { .service = CRYPTODEV_SERVICE_AEAD }
#define AKCIPHER    { .service = CRYPTODEV_SERVICE_AKCIPHER }

/* What stands in the spans, and what the run makes of it */
#define SRC_FILL        1
#define AAD_FILL        2
#define DST_FILL        3
#define DIGEST_FILL     4
#define RESULT_FILL     5
#define TAG_FILL        6

static const Case cases[] = {
    { "cipher", CIPHER, CRYPTODEV_ENCRYPT, 32, 48, 0, 0,
      CRYPTODEV_OK, 32, 32, 0, RESULT_FILL },
    { "cipher/empty", CIPHER, CRYPTODEV_DECRYPT, 0, 0, 0, 0,
      CRYPTODEV_OK, 0, 0, 0, RESULT_FILL },
    { "cipher/fails", CIPHER, CRYPTODEV_ENCRYPT, 32, 48, 0, 0,
      CRYPTODEV_ERR, 32, 0, 0, 0 },
    { "chain", CHAIN, CRYPTODEV_DECRYPT, 40, 48, 8, 20,
      CRYPTODEV_OK, 60, 40, 20, RESULT_FILL },
    { "chain/source-longer", CHAIN, CRYPTODEV_ENCRYPT, 48, 32, 8, 20,
      CRYPTODEV_OK, 52, 32, 20, RESULT_FILL },
    { "hash", HASH, CRYPTODEV_DIGEST, 48, 0, 0, 20,
      CRYPTODEV_OK, 20, 0, 20, 0 },
    { "hash/fails", HASH, CRYPTODEV_DIGEST, 48, 0, 0, 20,
      CRYPTODEV_ERR, 20, 0, 0, 0 },
    { "aead/encrypt", AEAD, CRYPTODEV_ENCRYPT, 32, 33, 5, 16,
      CRYPTODEV_OK, 48, 32, 16, RESULT_FILL },
    { "aead/decrypt", AEAD, CRYPTODEV_DECRYPT, 32, 33, 5, 16,
      CRYPTODEV_OK, 32, 32, 0, RESULT_FILL },
    { "aead/bad-tag", AEAD, CRYPTODEV_DECRYPT, 32, 33, 5, 16,
      CRYPTODEV_BADMSG, 32, 32, 0, 0 },
    { "aead/bad-tag-empty", AEAD, CRYPTODEV_DECRYPT, 0, 0, 5, 16,
      CRYPTODEV_BADMSG, 0, 0, 0, 0 },
    { "akcipher/sign", AKCIPHER, CRYPTODEV_SIGN, 20, 64, 0, 0,
      CRYPTODEV_OK, 60, 60, 0, RESULT_FILL },
    { "akcipher/fails", AKCIPHER, CRYPTODEV_SIGN, 20, 64, 0, 0,
      CRYPTODEV_ERR, 0, 0, 0, 0 },
    { "akcipher/verify", AKCIPHER, CRYPTODEV_VERIFY, 60, 32, 0, 0,
      CRYPTODEV_OK, 0, 0, 0, 0 },
    { "akcipher/rejected", AKCIPHER, CRYPTODEV_VERIFY, 60, 32, 0, 0,
      CRYPTODEV_KEY_REJECTED, 0, 0, 0, 0 },
    { "akcipher/import", AKCIPHER, CRYPTODEV_IMPORT, 0, 0, 0, 0,
      CRYPTODEV_OK, 0, 0, 0, 0 },
};

static void assert_private(const CryptoDevSpan *span, size_t len, uint8_t fill)
{
    const uint8_t *p = span->iov->iov_base;

    g_assert_cmpuint(span->len, ==, len);
    g_assert_cmpuint(span->niov, ==, 1);
    g_assert_cmpuint(span->offset, ==, 0);
    for (size_t i = 0; i < len; i++) {
        g_assert_cmphex(p[i], ==, fill);
    }
}

static void fill_private(const CryptoDevSpan *span, uint8_t fill)
{
    if (span->len) {
        memset(span->iov->iov_base, fill, span->len);
    }
}

/* What a thread does: it sees all input, and writes its results. */
static void run_copy(const Case *c, CryptoDevOp *op)
{
    bool verify = op->opcode == CRYPTODEV_VERIFY;

    assert_private(&op->src, c->src, SRC_FILL);
    assert_private(&op->aad, c->aad, AAD_FILL);
    if (verify) {
        assert_private(&op->dst, c->dst, DST_FILL);
    }
    if (c->params.service == CRYPTODEV_SERVICE_AEAD &&
        op->opcode == CRYPTODEV_DECRYPT) {
        assert_private(&op->digest, c->digest, DIGEST_FILL);
    }
    if (!verify && op->opcode != CRYPTODEV_DIGEST) {
        fill_private(&op->dst, RESULT_FILL);
    }
    fill_private(&op->digest, TAG_FILL);
    op->status = c->status;
    op->written = c->written;
}

static void test_case(const void *opaque)
{
    const Case *c = opaque;
    CryptoDevSession session = { .params = c->params };
    CryptoDevOp op = { .session = &session, .opcode = c->opcode,
                       .status = CRYPTODEV_PENDING };
    uint8_t dst_fill = c->opcode == CRYPTODEV_VERIFY ? DST_FILL : UNTOUCHED;
    bool reads_tag = c->params.service == CRYPTODEV_SERVICE_AEAD &&
                     c->opcode == CRYPTODEV_DECRYPT;
    Guest src, dst, aad, digest;
    CryptoDevOpCopy *copy;

    guest_init(&src, SRC_FILL, c->src);
    guest_init(&aad, AAD_FILL, c->aad);
    guest_init(&dst, dst_fill, c->dst);
    guest_init(&digest, reads_tag ? DIGEST_FILL : UNTOUCHED, c->digest);
    op.src = src.span;
    op.aad = aad.span;
    op.dst = dst.span;
    op.digest = digest.span;

    copy = cryptodev_op_copy_new(&op);
    g_assert_cmpuint(references, ==, 1);
    /* the guest may change what it likes now, and the thread does not see it */
    guest_init(&src, 0x77, c->src);
    guest_init(&aad, 0x77, c->aad);
    run_copy(c, &copy->op);
    assert_guest(&src, 0x77, c->src);
    assert_guest(&dst, dst_fill, c->dst);
    assert_guest(&digest, reads_tag ? DIGEST_FILL : UNTOUCHED, c->digest);
    g_assert_cmpint(op.status, ==, CRYPTODEV_PENDING);

    cryptodev_op_copy_finish(copy);
    assert_guest(&src, 0x77, c->src);
    assert_guest(&aad, 0x77, c->aad);
    if (c->opcode == CRYPTODEV_VERIFY) {
        assert_guest(&dst, DST_FILL, c->dst);
    } else {
        assert_guest(&dst, c->dst_fill, c->dst_wanted);
    }
    if (reads_tag) {
        assert_guest(&digest, DIGEST_FILL, c->digest);
    } else {
        assert_guest(&digest, TAG_FILL, c->digest_wanted);
    }
    g_assert_cmpint(op.status, ==, c->status);
    g_assert_cmpuint(op.written, ==,
                     c->status == CRYPTODEV_OK ? c->written : 0);
    cryptodev_op_copy_free(copy);
    g_assert_cmpuint(references, ==, 0);
}

/* Nobody asks for a result that is longer than the longest there is. */
static void test_long_room(void)
{
    CryptoDevSession session = { .params = AKCIPHER };
    g_autofree uint8_t *room = g_malloc0(1 << 20);
    struct iovec iov = { room, 1 << 20 };
    CryptoDevOp op = {
        .session = &session, .opcode = CRYPTODEV_SIGN,
        .dst = { &iov, 1, 0, 1 << 20 },
    };
    CryptoDevOpCopy *copy = cryptodev_op_copy_new(&op);

    g_assert_cmpuint(copy->op.dst.len, ==, CRYPTO_AKCIPHER_RESULT_MAX);
    g_assert_cmpuint(copy->size, ==, CRYPTO_AKCIPHER_RESULT_MAX);
    cryptodev_op_copy_free(copy);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (int i = 0; i < ARRAY_SIZE(cases); i++) {
        g_autofree char *path = g_strdup_printf("/cryptodev/op-copy/%s",
                                                cases[i].name);

        g_test_add_data_func(path, &cases[i], test_case);
    }
    g_test_add_func("/cryptodev/op-copy/long-room", test_long_room);
    return g_test_run();
}
