/*
 * Fuzzing of sessions: results of a provider against those of another one
 *
 * An input is a program: create, use and destroy sessions of any algorithm.
 * One provider runs the operations in a batch, scattered in memory; another one
 * runs them one by one, with each part in one piece.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "backends/cryptodev/batch.h"
#include "system/cryptodev.h"
#include "fuzz.h"

#define SESSIONS    8
#define OPS_MAX     (CRYPTO_BATCH_MAX + 8)
#define ARENA_LEN   (256 * 1024)
#define PIECES_MAX  6

enum { BATCH, ALONE, BOTH };

/* Steps of a program */
enum { CREATE, DESTROY, RESET, RUN, STEPS = 8 };

/**
 * Session: the same keys with both providers
 *
 * @route: of each; the last one makes tags for @params to compare with, and
 *     is NULL where there are none
 */
typedef struct Session {
    CryptoDevSession base[BOTH + 1];
    CryptoRoute *route[BOTH + 1];
    uint8_t cipher_key[CRYPTODEV_CIPHER_KEY_MAX];
    uint8_t auth_key[CRYPTODEV_AUTH_KEY_MAX];
} Session;

/* A part of an operation; @iov is of the batch */
typedef struct Part {
    struct iovec iov[PIECES_MAX];
    struct iovec flat;
    CryptoDevSpan span[BOTH];
} Part;

/* An operation; the lengths of its parts are the same for both. */
typedef struct Pair {
    Session *session;
    CryptoDevOp op[BOTH];
    Part src, dst, aad, digest;
} Pair;

typedef struct Fuzz {
    FuzzInput in;
    uint32_t random;
    CryptoRoutes *routes[BOTH];
    CryptoBatch *batch;
    Session *sessions[SESSIONS];
    Pair pairs[OPS_MAX];
    unsigned num_pairs;
    uint8_t arena[BOTH][ARENA_LEN];
    size_t used[BOTH];
} Fuzz;

static Fuzz fuzz;

/* Providers, each with all of its algorithms */

static CryptoRoutes *all_routes[CRYPTODEV_PROVIDERS_MAX + 1];
static unsigned num_routes;

static void init_routes(void)
{
    if (num_routes) {
        return;
    }
    all_routes[num_routes++] = cryptodev_routes_new(NULL);
    g_assert_nonnull(all_routes[0]);
    for (int i = 0; cryptodev_providers[i]; i++) {
        CryptoRoutes *r = cryptodev_routes_new(cryptodev_providers[i]->name);

        if (r) {
            all_routes[num_routes++] = r;
        }
    }
    fuzz.batch = cryptodev_batch_new();
}

static bool offers(const CryptoRoutes *routes, const CryptoDevSessionParams *p)
{
    return (!p->cipher || cryptodev_routes_offer(routes, p->cipher)) &&
           (!p->hash || cryptodev_routes_offer(routes, p->hash));
}

/* Sessions */

static void destroy(Session **place)
{
    Session *s = *place;

    for (int i = 0; s && i < ARRAY_SIZE(s->route); i++) {
        if (s->route[i]) {
            cryptodev_route_free(s->route[i]);
        }
    }
    g_free(s);
    *place = NULL;
}

static size_t pick(size_t min, size_t max, size_t step)
{
    return max == min ? min :
           min + step * (fuzz_take(&fuzz.in, 1) % ((max - min) / step + 1));
}

static size_t pick_key_len(CryptoDevAlgo algo)
{
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(algo);

    return pick(info->key_min, info->key_max, info->key_step);
}

/* Any algorithm that is no public-key one, or a chain of two */
static void pick_params(Session *s, CryptoDevSessionParams *p)
{
    uint8_t flags = fuzz_take(&fuzz.in, 1);
    CryptoDevAlgo algo = 1 + fuzz_take(&fuzz.in, 1) % (CRYPTODEV_ALGO_RSA - 1);
    CryptoDevAlgo hash = CRYPTODEV_ALGO_MD5 + fuzz_take(&fuzz.in, 1) %
                         (CRYPTODEV_ALGO_AES_GCM - CRYPTODEV_ALGO_MD5);
    CryptoDevService service = cryptodev_algo_info(algo)->service;
    bool digest = service == CRYPTODEV_SERVICE_HASH ||
                  service == CRYPTODEV_SERVICE_MAC;

    *p = (CryptoDevSessionParams) {
        .service = service,
        .opcode = digest ? CRYPTODEV_DIGEST :
                  flags & 1 ? CRYPTODEV_DECRYPT : CRYPTODEV_ENCRYPT,
        .cipher = digest ? CRYPTODEV_ALGO_NONE : algo,
        .hash = digest ? algo : CRYPTODEV_ALGO_NONE,
    };
    if (service == CRYPTODEV_SERVICE_CIPHER && flags & 6) {
        p->chain = flags & 2 ? CRYPTODEV_CHAIN_HASH_THEN_CIPHER :
                               CRYPTODEV_CHAIN_CIPHER_THEN_HASH;
        p->hash = hash;
    }
    p->cipher_key = s->cipher_key;
    p->auth_key = s->auth_key;
    p->cipher_key_len = p->cipher ? pick_key_len(p->cipher) : 0;
    p->auth_key_len = p->hash ? pick_key_len(p->hash) : 0;
    fuzz_fill(s->cipher_key, p->cipher_key_len, &fuzz.random);
    fuzz_fill(s->auth_key, p->auth_key_len, &fuzz.random);
}

/* A session that not both have, or take the key of, is none. */
static void create(Session **place)
{
    Session *s = g_new0(Session, 1);
    CryptoDevSessionParams *p = &s->base[0].params;

    destroy(place);
    pick_params(s, p);
    if (!offers(fuzz.routes[BATCH], p) || !offers(fuzz.routes[ALONE], p)) {
        g_free(s);
        return;
    }
    for (int i = 0; i <= BOTH; i++) {
        const CryptoRoutes *routes = fuzz.routes[i == BATCH ? BATCH : ALONE];

        s->base[i].params = *p;
        if (i == BOTH) {
            if (p->service != CRYPTODEV_SERVICE_AEAD) {
                break;
            }
            s->base[i].params.opcode = CRYPTODEV_ENCRYPT;
        }
        s->route[i] = cryptodev_route_new(routes, &s->base[i].params);
        if (!s->route[i]) {
            destroy(&s);
            return;
        }
    }
    *place = s;
}

/* Operations */

static void *take_memory(int side, size_t len)
{
    void *p = &fuzz.arena[side][fuzz.used[side]];

    fuzz.used[side] += len;
    g_assert_cmpuint(fuzz.used[side], <=, ARENA_LEN);
    return p;
}

/* Bytes of any length: in one piece, and cut and apart from each other */
static void place_part(Part *part, size_t len, unsigned pieces)
{
    size_t done = 0, skip = fuzz_random(&fuzz.random) % 17;
    unsigned n = 0;

    part->flat = (struct iovec) { take_memory(ALONE, len), len };
    take_memory(BATCH, skip);
    while (done < len) {
        size_t rest = len - done;
        size_t piece = n + 1 < pieces ? 1 + fuzz_random(&fuzz.random) % rest :
                                        rest;

        part->iov[n++] = (struct iovec) { take_memory(BATCH, piece), piece };
        take_memory(BATCH, fuzz_random(&fuzz.random) % 3);
        done += piece;
    }
    part->span[BATCH] = (CryptoDevSpan) { part->iov, n, 0, len };
    part->span[ALONE] = (CryptoDevSpan) { &part->flat, 1, 0, len };
}

/* The same bytes on both sides */
static void copy_part(const Part *part)
{
    const CryptoDevSpan *s = &part->span[BATCH];

    if (s->len) {
        iov_from_buf(s->iov, s->niov, 0, part->flat.iov_base, s->len);
    }
}

static void fill_part(const Part *part)
{
    fuzz_fill(part->flat.iov_base, part->span[BATCH].len, &fuzz.random);
    copy_part(part);
}

static void expect_same_part(const Part *part)
{
    const CryptoDevSpan *s = &part->span[BATCH];
    g_autofree uint8_t *buf = g_malloc(s->len + 1);

    if (s->len) {
        iov_to_buf(s->iov, s->niov, 0, buf, s->len);
        g_assert(!memcmp(buf, part->flat.iov_base, s->len));
    }
}

static size_t pick_len(void)
{
    static const uint16_t limits[] = { 1, 17, 65, 130, 300, 1100, 1600, 2500 };
    uint16_t n = fuzz_take(&fuzz.in, 2);

    return (n >> 3) % limits[n & 7];
}

static CryptoDevRange pick_window(size_t len, size_t block)
{
    uint32_t offset = MIN(len, fuzz_take(&fuzz.in, 1));
    uint32_t less = fuzz_take(&fuzz.in, 1);

    len -= offset;
    len -= MIN(len, less);
    return (CryptoDevRange) { offset, QEMU_ALIGN_DOWN(len, block) };
}

static void pick_lengths(Pair *pair, const CryptoDevSessionParams *p,
                         uint8_t how)
{
    const CryptoDevAlgoInfo *cipher = p->cipher ?
                                      cryptodev_algo_info(p->cipher) : NULL;
    bool aead = p->service == CRYPTODEV_SERVICE_AEAD;
    const CryptoDevAlgoInfo *digest = p->hash ? cryptodev_algo_info(p->hash) :
                                      aead ? cipher : NULL;
    size_t len = pick_len();
    unsigned pieces = how & 1 ? 1 : 1 + fuzz_take(&fuzz.in, 1) % PIECES_MAX;

    if (!p->chain) {
        len = QEMU_ALIGN_DOWN(len, (cipher ?: digest)->block_len) +
              (cipher ? 0 : digest->nonce_len);
    }
    place_part(&pair->src, len, pieces);
    place_part(&pair->aad, aead || p->chain ? pick_len() % 300 : 0, pieces);
    place_part(&pair->dst, p->cipher ? len + how / 64 : 0, pieces);
    place_part(&pair->digest, !digest ? 0 : digest->is_xof ?
               1 + pick_len() % CRYPTODEV_DIGEST_MAX :
               how & 32 ? digest->digest_len :
               1 + fuzz_take(&fuzz.in, 1) % digest->digest_len, 1);
    if (how & 2 && p->cipher) {         /* in place */
        memcpy(pair->dst.iov, pair->src.iov, sizeof(pair->src.iov));
        pair->dst.span[BATCH] = pair->src.span[BATCH];
        pair->dst.span[BATCH].iov = pair->dst.iov;
        pair->dst.span[ALONE].len = len;
    }
}

static void describe(Pair *pair, int side, const CryptoDevOp *op)
{
    pair->op[side] = *op;
    pair->op[side].session = &pair->session->base[side];
    pair->op[side].src = pair->src.span[side];
    pair->op[side].dst = pair->dst.span[side];
    pair->op[side].aad = pair->aad.span[side];
    pair->op[side].digest = pair->digest.span[side];
}

/* Put the right text and tag where a decryption finds them. */
static void make_tag(Pair *pair)
{
    CryptoDevOp op = pair->op[ALONE];
    g_autofree uint8_t *text = g_malloc0(op.src.len + 1);
    struct iovec iov = { text, op.src.len };

    op.session = &pair->session->base[BOTH];
    op.opcode = CRYPTODEV_ENCRYPT;
    op.dst = (CryptoDevSpan) { &iov, 1, 0, op.src.len };
    cryptodev_batch_run_one(pair->session->route[BOTH], &op);
    memcpy(pair->src.flat.iov_base, text, op.src.len);
    copy_part(&pair->src);
    copy_part(&pair->digest);
}

static void add_operation(Session *s)
{
    Pair *pair = &fuzz.pairs[fuzz.num_pairs];
    const CryptoDevSessionParams *p = &s->base[0].params;
    const CryptoDevAlgoInfo *info = p->cipher ?
                                    cryptodev_algo_info(p->cipher) : NULL;
    uint8_t how = fuzz_take(&fuzz.in, 1);
    CryptoDevOp op = { .opcode = p->opcode };

    pair->session = s;
    pick_lengths(pair, p, how);
    op.iv_len = info ? pick(info->iv_min, info->iv_max, info->iv_step) : 0;
    fuzz_fill(op.iv, op.iv_len, &fuzz.random);
    if (how & 16 && op.iv_len) {        /* a counter about to overflow */
        memset(op.iv + op.iv_len / 2, 0xff, op.iv_len - op.iv_len / 2);
    }
    if (p->chain) {
        size_t len = pair->src.span[BATCH].len;

        op.cipher_window = pick_window(len, info->block_len);
        op.hash_window = pick_window(len, 1);
    }
    fill_part(&pair->dst);
    fill_part(&pair->digest);
    fill_part(&pair->src);
    fill_part(&pair->aad);
    describe(pair, BATCH, &op);
    describe(pair, ALONE, &op);
    if (cryptodev_op_validate(&pair->op[BATCH]) != CRYPTODEV_OK) {
        return;
    }
    g_assert_cmpint(cryptodev_op_validate(&pair->op[ALONE]), ==, CRYPTODEV_OK);
    if (s->route[BOTH] && p->opcode == CRYPTODEV_DECRYPT && how & 4) {
        make_tag(pair);
    }
    fuzz.num_pairs++;
}

/* Programs */

static void run_batch(void)
{
    for (unsigned i = 0; i < fuzz.num_pairs; i++) {
        Pair *pair = &fuzz.pairs[i];

        cryptodev_batch_add(fuzz.batch, pair->session->route[BATCH],
                            &pair->op[BATCH]);
    }
    cryptodev_batch_run(fuzz.batch);
    for (unsigned i = 0; i < fuzz.num_pairs; i++) {
        Pair *pair = &fuzz.pairs[i];

        cryptodev_batch_run_one(pair->session->route[ALONE],
                                &pair->op[ALONE]);
        g_assert_cmpint(pair->op[BATCH].status, ==, pair->op[ALONE].status);
        g_assert_cmpuint(pair->op[BATCH].written, ==,
                         pair->op[ALONE].written);
        expect_same_part(&pair->dst);
        expect_same_part(&pair->digest);
    }
    fuzz.num_pairs = 0;
    fuzz.used[BATCH] = fuzz.used[ALONE] = 0;
}

static void destroy_all(void)
{
    for (int i = 0; i < SESSIONS; i++) {
        destroy(&fuzz.sessions[i]);
    }
}

static void step(void)
{
    uint8_t what = fuzz_take(&fuzz.in, 1);
    Session **place = &fuzz.sessions[what / STEPS % SESSIONS];

    switch (what % STEPS) {
    case CREATE:
        run_batch();
        create(place);
        break;
    case DESTROY:
        run_batch();
        destroy(place);
        break;
    case RESET:
        run_batch();
        destroy_all();
        break;
    case RUN:
        run_batch();
        break;
    default:
        if (*place) {
            add_operation(*place);
        }
        if (fuzz.num_pairs == OPS_MAX ||
            fuzz.used[BATCH] > ARENA_LEN - 16 * 1024) {
            run_batch();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    uint8_t a, b;

    init_routes();
    fuzz.in = (FuzzInput) { data, MIN(len, FUZZ_INPUT_MAX) };
    fuzz.random = fuzz_take(&fuzz.in, 2);
    a = fuzz_take(&fuzz.in, 1) % num_routes;
    b = fuzz_take(&fuzz.in, 1) % num_routes;
    fuzz.routes[BATCH] = all_routes[a];
    fuzz.routes[ALONE] = all_routes[b];
    while (fuzz.in.len) {
        step();
    }
    run_batch();
    destroy_all();
    return 0;
}

/* Some operations in a session of each algorithm, and chains */
void fuzz_seeds(FuzzSeedFn *fn, void *opaque)
{
    static const uint8_t uses[] = {
        4, 0, 0x0c, 0x02, 1, 4, 1, 0x2d, 0x05, 4, 2, 0x3e, 0x21, 2,
        4, 4, 0x1b, 0x30, 3, 4, 0x27, 0x7f, 0x1e, 0, 4, 0x10, 4, 9, 1, RUN,
    };

    for (int algo = 1; algo < CRYPTODEV_ALGO_RSA; algo++) {
        for (int flags = 0; flags < 6; flags++) {
            const uint8_t head[] = {
                algo, flags, 0, 1 + algo % 4, CREATE, flags, algo - 1,
                (algo * 7 + flags) % 28, flags, flags,
            };
            uint8_t seed[sizeof(head) + sizeof(uses)];

            memcpy(seed, head, sizeof(head));
            memcpy(seed + sizeof(head), uses, sizeof(uses));
            fn(seed, sizeof(seed), opaque);
        }
    }
}
