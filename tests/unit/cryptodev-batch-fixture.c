/*
 * Operations that are run twice: their memory
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/memalign.h"
#include "qemu/units.h"
#include "cryptodev-batch-fixture.h"

#define MEMORY_SIZE  (16 * MiB)

Twin twins[CRYPTO_BATCH_MAX];
CryptoRoutes *twin_routes[TWIN_BOTH];
const CryptoProvider *twin_provider;
uint8_t *twin_memory[TWIN_BOTH];
size_t twin_memory_used;

unsigned twin_count(unsigned quick)
{
    return g_test_slow() ? 20 * quick : quick;
}

size_t twin_upto(size_t max)
{
    return g_test_rand_int_range(0, max + 1);
}

void twin_fill(uint8_t *buf, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        buf[i] = g_test_rand_int();
    }
}

/* Memory */

static size_t take(size_t len)
{
    size_t at = twin_memory_used + twin_upto(40);

    twin_memory_used = at + len;
    g_assert_cmpuint(twin_memory_used, <, MEMORY_SIZE);
    return at;
}

static void place_piece(Place *p, size_t at, size_t len)
{
    for (int a = 0; a < TWIN_BOTH; a++) {
        p->iov[a][p->niov] = (struct iovec) { twin_memory[a] + at, len };
    }
    p->niov++;
}

static void place_at(Place *p, size_t at, size_t len)
{
    *p = (Place) { .len = len };
    place_piece(p, at, len);
}

static void place(Place *p, size_t len, bool scattered)
{
    *p = (Place) { .len = len };
    for (size_t left = len; left || !p->niov;) {
        size_t n = left;

        if (scattered && p->niov < PLACE_PIECES_MAX - 1) {
            n = twin_upto(MIN(left, twin_upto(3) ? left / 4 + 20 : 3));
        }
        place_piece(p, take(n), n);
        left -= n;
    }
}

static CryptoDevSpan span(const Place *p, int a)
{
    return (CryptoDevSpan) { p->iov[a], p->niov, 0, p->len };
}

static size_t place_offset(const Place *p)
{
    return (uint8_t *)p->iov[0][0].iov_base - twin_memory[0];
}

static void place_dst(Twin *t, size_t len)
{
    switch (t->shape) {
    case SHAPE_IN_PLACE:
        place_at(&t->dst, place_offset(&t->src), len);
        break;
    case SHAPE_SAME_PIECES:
        t->dst = t->src;
        t->dst.len = len;
        break;
    case SHAPE_OVERLAP:
        place_at(&t->dst, place_offset(&t->src) - twin_upto(30), len);
        break;
    default:
        place(&t->dst, len, t->shape == SHAPE_SCATTERED);
    }
}

void twin_align(Twin *t)
{
    size_t at = QEMU_ALIGN_UP(place_offset(&t->src), 4096);

    for (int a = 0; a < TWIN_BOTH; a++) {
        t->src.iov[a][0].iov_base = twin_memory[a] + at;
        t->dst.iov[a][0].iov_base = twin_memory[a] + at;
    }
    take(4096);
}

void twins_begin(void)
{
    twin_memory_used = 64;
}

/* Operations */

size_t twin_random_len(size_t max)
{
    static const size_t limits[] = { 80, 600, 1518, 9000, TWIN_LEN_MAX };
    size_t i = twin_upto(9);

    return twin_upto(MIN(max, limits[i < 4 ? 0 : i < 7 ? 1 : i < 8 ? 2 :
                                     i < 9 ? 3 : 4]));
}

static size_t random_key_len(const CryptoDevAlgoInfo *info)
{
    size_t most = info->key_max - info->key_min, len;

    do {
        len = info->key_min + twin_upto(twin_upto(2) ? MIN(most, 70) : most);
    } while (!cryptodev_algo_key_len_ok(info, len));
    return len;
}

static size_t random_digest_len(const CryptoDevAlgoInfo *info)
{
    size_t len = info->digest_len;

    while (!cryptodev_algo_digest_len_ok(info, len) || !twin_upto(2)) {
        len = 1 + twin_upto(info->digest_len - 1);
    }
    return len;
}

CryptoDevOpcode twin_random_opcode(const CryptoRow *row)
{
    CryptoDevOpcode opcode = CRYPTODEV_DIGEST;

    while (!cryptodev_row_digests(row) &&
           (opcode == CRYPTODEV_DIGEST || !cryptodev_row_serves(row, opcode))) {
        opcode = twin_upto(1) ? CRYPTODEV_ENCRYPT : CRYPTODEV_DECRYPT;
    }
    return opcode;
}

static void init_routes(Twin *t)
{
    CryptoDevSessionParams *p = &t->params;

    twin_fill(t->cipher_key, sizeof(t->cipher_key));
    twin_fill(t->auth_key, sizeof(t->auth_key));
    p->cipher_key = t->cipher_key;
    p->auth_key = t->auth_key;
    if (p->cipher) {
        p->cipher_key_len = random_key_len(cryptodev_algo_info(p->cipher));
    }
    if (p->hash) {
        p->auth_key_len = random_key_len(cryptodev_algo_info(p->hash));
    }
    for (int a = 0; a < TWIN_BOTH; a++) {
        t->route[a] = cryptodev_route_new(twin_routes[a], p);
        if (!t->route[a] && a == TWIN_ALONE) {
            /* nobody else has the algorithm, or takes the key */
            t->route[a] = cryptodev_route_new(twin_routes[TWIN_BATCH], p);
        }
        g_assert_nonnull(t->route[a]);
    }
}

static void init_op(Twin *t, size_t len, bool has_aad)
{
    const CryptoDevSessionParams *p = &t->params;
    bool scattered = t->shape == SHAPE_SCATTERED ||
                     t->shape == SHAPE_SAME_PIECES;
    const CryptoDevAlgoInfo *cipher = p->cipher ?
                                      cryptodev_algo_info(p->cipher) : NULL;
    const CryptoDevAlgoInfo *digest =
        p->hash ? cryptodev_algo_info(p->hash) :
        p->service == CRYPTODEV_SERVICE_AEAD ? cipher : NULL;
    CryptoDevOp *op = &t->op[TWIN_BATCH];

    init_routes(t);
    take(40);
    place(&t->src, len, scattered);
    place_dst(t, p->cipher ? len : 0);
    take(40);
    place(&t->aad, has_aad && twin_upto(1) ? twin_upto(60) : 0, scattered);
    place(&t->digest, digest ? random_digest_len(digest) : 0, scattered);
    op->opcode = p->opcode;
    if (cipher) {
        op->iv_len = cipher->iv_min + twin_upto(cipher->iv_max -
                                                cipher->iv_min);
        op->iv_len -= (op->iv_len - cipher->iv_min) % (cipher->iv_step ?: 1);
    }
    twin_fill(op->iv, op->iv_len);
    t->op[TWIN_ALONE] = *op;
    for (int a = 0; a < TWIN_BOTH; a++) {
        t->op[a].src = span(&t->src, a);
        t->op[a].dst = span(&t->dst, a);
        t->op[a].aad = span(&t->aad, a);
        t->op[a].digest = span(&t->digest, a);
    }
}

void twin_init(Twin *t, const CryptoRow *row, CryptoDevOpcode opcode,
               size_t len, Shape shape)
{
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(row->algo);
    bool hash = cryptodev_row_digests(row);

    *t = (Twin) {
        .row = row, .shape = shape,
        .params = {
            .service = info->service, .opcode = opcode,
            .cipher = hash ? CRYPTODEV_ALGO_NONE : row->algo,
            .hash = hash ? row->algo : CRYPTODEV_ALGO_NONE,
        },
    };
    init_op(t, QEMU_ALIGN_DOWN(len, info->block_len) + info->nonce_len,
            info->service == CRYPTODEV_SERVICE_AEAD);
}

static void random_windows(CryptoDevRange *c, CryptoDevRange *h, size_t len,
                           const CryptoDevAlgoInfo *cipher)
{
    c->offset = twin_upto(2) ? MIN(twin_upto(40), len) : twin_upto(len);
    c->len = QEMU_ALIGN_DOWN(twin_upto(2) ? len - c->offset :
                             twin_upto(len - c->offset), cipher->block_len);
    h->offset = twin_upto(1) ? 0 : twin_upto(len);
    h->len = twin_upto(2) ? len - h->offset : twin_upto(len - h->offset);
}

void twin_init_chain(Twin *t, const CryptoRow *row, CryptoDevOpcode opcode,
                     CryptoDevChain order, CryptoDevAlgo hash, size_t len,
                     Shape shape)
{
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(row->algo);
    const CryptoDevAlgoInfo *mac = cryptodev_algo_info(hash);
    CryptoDevRange c, h;

    *t = (Twin) {
        .row = row, .shape = shape,
        .params = {
            .service = CRYPTODEV_SERVICE_CIPHER, .opcode = opcode,
            .chain = order,
            .cipher = row->algo, .hash = hash,
        },
    };
    init_op(t, len, true);
    do {
        random_windows(&c, &h, len, info);
    } while ((t->aad.len + h.len) % mac->block_len ||
             (len && t->aad.len + h.len < mac->nonce_len));
    for (int a = 0; a < TWIN_BOTH; a++) {
        t->op[a].cipher_window = c;
        t->op[a].hash_window = h;
    }
}

/* What a batch row does not take, whatever its length */
static bool qualifies(const Twin *t)
{
    const CryptoRow *row = t->row;
    const CryptoDevOp *op = &t->op[TWIN_BATCH];

    return (!row->digest_len || op->digest.len <= row->digest_len) &&
           op->aad.len <= row->max_aad &&
           !(row->algo == CRYPTODEV_ALGO_AES_CCM &&
             t->params.cipher_key_len == 24) &&
           !(row->algo == CRYPTODEV_ALGO_HMAC_MD5 &&
             t->params.auth_key_len > 64);
}

void twin_init_qualified(Twin *t, const CryptoRow *row, size_t len,
                         Shape shape)
{
    twin_init(t, row, twin_random_opcode(row), len, shape);
    while (!qualifies(t)) {
        twin_end(t);
        twin_init(t, row, twin_random_opcode(row), len, shape);
    }
    if (row->chaining == CRYPTO_CHAINING_CTR32) {
        twin_set_counter(t, 0x1234);
    }
}

void twin_set_counter(Twin *t, uint32_t counter)
{
    stl_be_p(t->op[TWIN_BATCH].iv + 12, counter);
    stl_be_p(t->op[TWIN_ALONE].iv + 12, counter);
}

void twin_end(Twin *t)
{
    for (int a = 0; a < TWIN_BOTH; a++) {
        cryptodev_route_free(t->route[a]);
    }
}

void twins_end(unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        twin_end(&twins[i]);
    }
}

const CryptoRow *twin_find_row(CryptoDevAlgo algo, CryptoDevOpcode opcode)
{
    const CryptoRow *row = twin_provider->rows;

    while (row->algo && (row->algo != algo || !row->ops->is_batch ||
                         !cryptodev_row_serves(row, opcode))) {
        row++;
    }
    g_assert_cmpint(row->algo, ==, algo);
    return row;
}

bool twins_init(void)
{
    for (int i = 0; cryptodev_providers[i]; i++) {
        const CryptoProvider *p = cryptodev_providers[i];

        if (p->cpu && p->init()) {
            twin_provider = p;
        }
    }
    if (!twin_provider) {
        return false;
    }
    twin_routes[TWIN_BATCH] = cryptodev_routes_new(twin_provider->name);
    twin_routes[TWIN_ALONE] = cryptodev_routes_new("gcrypt") ?:
                              cryptodev_routes_new("nettle");
    for (int a = 0; a < TWIN_BOTH; a++) {
        g_assert_nonnull(twin_routes[a]);
        twin_memory[a] = qemu_memalign(4096, MEMORY_SIZE);
    }
    return true;
}

void twins_cleanup(void)
{
    for (int a = 0; a < TWIN_BOTH; a++) {
        qemu_vfree(twin_memory[a]);
        cryptodev_routes_free(twin_routes[a]);
    }
}
