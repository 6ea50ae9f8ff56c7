/*
 * The only place that decides which library computes a request
 *
 *  request                                   | goes to
 * -------------------------------------------+--------------------------------
 *  of an algorithm with a row for batches,   | that row, together with the
 *  with as many others at the same time as   | others
 *  route-table.c says for the processor and  |
 *  its length, and such that the row takes   |
 *  it: see takes()                           |
 * -------------------------------------------+--------------------------------
 *  any other                                 | the first provider in the order
 *                                            | of cryptodev_providers, but for
 *                                            | exceptions in route-table.c,
 *                                            | that has the algorithm, has
 *                                            | passed its self-test, and takes
 *                                            | the key of the session
 *
 * A chain has two steps, its cipher and its hash; each has its own route.
 * Nothing is measured: on one machine and build the same requests always take
 * the same route.
 *
 * A library with a policy, as in FIPS mode, decides about all algorithms that
 * it has.  If it refuses an algorithm or a key, no other library serves it.
 * This does not apply to a provider that the user chooses with provider=NAME.
 *
 * Such a provider serves all algorithms that it can, even if it is slower; it
 * makes a batch of a single request.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/atomic.h"
#include "qemu/bswap.h"
#include "qemu/error-report.h"
#include "qemu/units.h"
#include "route.h"
#include "selftest.h"
#include "backends/trace.h"

/* The longest text in a batch if the library takes it in several rounds */
#define ROUNDS_MAX  (128 * KiB)

/* A row and its provider */
typedef struct Candidate {
    const CryptoProvider *provider;
    const CryptoRow *row;
} Candidate;

/**
 * CryptoRoutes:
 *
 * @alone: rows that serve one request at a time, in the order of preference,
 *     NULL at the end
 * @batch: one row for all operations, or one each to encrypt and to decrypt
 * @wanted: the provider that the user has chosen, or NULL
 * @policy: provider that decides about the algorithm, or NULL
 */
struct CryptoRoutes {
    Candidate alone[CRYPTODEV_ALGO__MAX][CRYPTODEV_PROVIDERS_MAX + 1];
    CryptoBatchRow batch[CRYPTODEV_ALGO__MAX][2];
    const CryptoProvider *batch_provider[CRYPTODEV_ALGO__MAX];
    const CryptoProvider *akcipher_provider[CRYPTODEV_ALGO__MAX];
    const CryptoProviderAkcipher *akcipher[CRYPTODEV_ALGO__MAX];
    const char *wanted;
    const CryptoProvider *policy[CRYPTODEV_ALGO__MAX];
};

/* Policies */

static void find_policies(CryptoRoutes *r)
{
    for (const CryptoProvider *const *p = cryptodev_providers; *p; p++) {
        if (!(*p)->has_policy || !(*p)->init() || !(*p)->has_policy()) {
            continue;
        }
        for (const CryptoRow *row = (*p)->rows; row->algo; row++) {
            r->policy[row->algo] = r->policy[row->algo] ?: *p;
        }
    }
}

static bool may_serve(const CryptoRoutes *r, const CryptoProvider *provider,
                      CryptoDevAlgo algo)
{
    return !r->policy[algo] || r->policy[algo] == provider ||
           !g_strcmp0(r->wanted, provider->name);
}

/* Rows that serve one request at a time */

/* @refused: appends algorithms that the policy of @provider refuses; or NULL */
static void add_alone(CryptoRoutes *r, const CryptoProvider *provider,
                      const CryptoRow *row, GString *refused)
{
    Candidate *rows = r->alone[row->algo];
    unsigned at = 0, end = 0;
    CryptoVerdict verdict;

    if (row->ops->is_batch || !may_serve(r, provider, row->algo)) {
        return;
    }
    verdict = cryptodev_row_verdict(provider, row, NULL);
    if (verdict == CRYPTO_VERDICT_REFUSED && refused) {
        g_string_append_printf(refused, "%s%s", refused->len ? ", " : "",
                               cryptodev_algo_name(row->algo));
    }
    if (verdict != CRYPTO_VERDICT_PASSED) {
        return;
    }
    while (rows[end].row) {
        end++;
    }
    if (!cryptodev_route_comes_first(provider, row->algo)) {
        at = end;
    }
    memmove(&rows[at + 1], &rows[at], (end - at) * sizeof(*rows));
    rows[at] = (Candidate) { provider, row };
}

static void add_akciphers(CryptoRoutes *r, const CryptoProvider *provider)
{
    for (const CryptoProviderAkcipher *const *akcipher = provider->akciphers;
         akcipher && *akcipher; akcipher++) {
        CryptoDevAlgo algo = (*akcipher)->algo;

        if (!r->akcipher[algo] &&
            cryptodev_akcipher_verdict(provider, *akcipher) ==
            CRYPTO_VERDICT_PASSED) {
            r->akcipher[algo] = *akcipher;
            r->akcipher_provider[algo] = provider;
        }
    }
}

static void add_provider(CryptoRoutes *r, const CryptoProvider *provider)
{
    g_autoptr(GString) refused = g_string_new("");

    for (const CryptoRow *row = provider->rows; row->algo; row++) {
        add_alone(r, provider, row, refused);
    }
    add_akciphers(r, provider);
    if (refused->len) {
        info_report("cryptodev: the policy of %s (FIPS mode) refuses %s: not "
                    "offered", provider->name, refused->str);
    }
}

/*
 * If a provider has an algorithm only in batches, another provider serves
 * single requests.
 */
static void add_substitutes(CryptoRoutes *r, CryptoDevAlgo algo)
{
    for (const CryptoProvider *const *p = cryptodev_providers; *p; p++) {
        for (const CryptoRow *row = (*p)->rows; row->algo; row++) {
            if (row->algo == algo && (*p)->init()) {
                add_alone(r, *p, row, NULL);
            }
        }
    }
}

/* Rows that serve several together */

static void set_counts(CryptoBatchRow *batch, CryptoCpu cpu, bool always)
{
    const uint8_t *count = cryptodev_route_counts(batch->row, cpu);

    for (unsigned i = 0; i < CRYPTO_ROUTE_LENS; i++) {
        batch->count[i] = always ? 1 : count[i];
        if (batch->count[i] &&
            (!batch->least || batch->count[i] < batch->least)) {
            batch->least = batch->count[i];
        }
    }
}

QEMU_BUILD_BUG_ON(2 * CRYPTODEV_ALGO__MAX > UINT8_MAX);

/* The longest message that @row takes in a batch */
static uint32_t longest(const CryptoRow *row, const CryptoRow *alone)
{
    if (row->chaining) {
        return ROUNDS_MAX;
    }
    return row->long_len && !alone->ops->is_batch &&
           cryptodev_row_does_long(row, alone) ? row->long_len : row->max_len;
}

/* @always: one request is enough for a batch */
static void add_batch(CryptoRoutes *r, const CryptoProvider *provider,
                      const CryptoRow *row, bool always)
{
    Candidate *alone = r->alone[row->algo];
    unsigned i = !cryptodev_row_serves(row, CRYPTODEV_ENCRYPT);
    CryptoBatchRow *batch = &r->batch[row->algo][i];

    if (!row->ops->is_batch || batch->row) {
        return;
    }
    if (!alone[0].row) {
        add_substitutes(r, row->algo);
    }
    if ((!alone[0].row && !may_serve(r, provider, row->algo)) ||
        cryptodev_row_verdict(provider, row, alone[0].row) !=
        CRYPTO_VERDICT_PASSED) {
        return;
    }
    if (!alone[0].row) {
        alone[0] = (Candidate) { provider, row };
        always = true;
    }
    *batch = (CryptoBatchRow) {
        .row = row, .group = 2 * row->algo + i,
        .max_len = longest(row, alone[0].row),
        .stagger = row->lanes && provider->cpu() != CRYPTO_CPU_AVX512_VAES,
    };
    set_counts(batch, provider->cpu(), always);
    r->batch_provider[row->algo] = provider;
}

/* Set-up */

static bool is_wanted(const CryptoProvider *provider, const char *wanted)
{
    return (!wanted || !strcmp(wanted, provider->name)) && provider->init();
}

static void trace_route(const CryptoRouteInfo *info, void *opaque)
{
    const char *algo = cryptodev_algo_name(info->algo);
    const uint8_t *n = info->batch_count;

    if (info->opcode != CRYPTODEV_DECRYPT) {
        trace_cryptodev_route_alone(algo, info->provider);
    }
    if (info->batch_provider) {
        trace_cryptodev_route_batch(algo, info->opcode, info->batch_provider,
                                    n[0], n[1], n[2], n[3], n[4]);
    }
}

CryptoRoutes *cryptodev_routes_new(const char *wanted)
{
    CryptoRoutes *r = g_new0(CryptoRoutes, 1);
    bool any = false;

    r->wanted = wanted;
    find_policies(r);
    for (const CryptoProvider *const *p = cryptodev_providers; *p; p++) {
        if (is_wanted(*p, wanted)) {
            add_provider(r, *p);
            any = true;
        }
    }
    if (!any) {
        cryptodev_routes_free(r);
        return NULL;
    }
    for (const CryptoProvider *const *p = cryptodev_providers; *p; p++) {
        for (const CryptoRow *row = (*p)->rows; row->algo; row++) {
            if (is_wanted(*p, wanted)) {
                add_batch(r, *p, row, wanted);
            }
        }
    }
    cryptodev_routes_list(r, trace_route, NULL);
    return r;
}

void cryptodev_routes_free(CryptoRoutes *r)
{
    g_free(r);
}

bool cryptodev_routes_offer(const CryptoRoutes *r, CryptoDevAlgo algo)
{
    return r->alone[algo][0].row || r->akcipher[algo];
}

const CryptoProviderAkcipher *
cryptodev_routes_akcipher(const CryptoRoutes *r, CryptoDevAlgo algo)
{
    return r->akcipher[algo];
}

static void list_batch(const CryptoRoutes *r, CryptoRouteInfo *info,
                       const CryptoBatchRow *batch)
{
    info->batch_provider = NULL;
    if (batch->least) {
        info->batch_provider = r->batch_provider[info->algo]->name;
        memcpy(info->batch_count, batch->count, sizeof(batch->count));
    }
}

static CryptoDevOpcode first_opcode(CryptoDevAlgo algo)
{
    CryptoDevService service = cryptodev_algo_info(algo)->service;

    return service == CRYPTODEV_SERVICE_HASH ||
           service == CRYPTODEV_SERVICE_MAC ? CRYPTODEV_DIGEST :
                                              CRYPTODEV_ENCRYPT;
}

void cryptodev_routes_list(const CryptoRoutes *r, CryptoRouteListFn *fn,
                           void *opaque)
{
    for (CryptoDevAlgo algo = CRYPTODEV_ALGO_NONE + 1;
         algo < CRYPTODEV_ALGO__MAX; algo++) {
        const CryptoProvider *provider = r->alone[algo][0].provider ?:
                                         r->akcipher_provider[algo];
        CryptoRouteInfo info = { .algo = algo, .opcode = first_opcode(algo) };

        if (!provider) {
            continue;
        }
        info.provider = provider->name;
        list_batch(r, &info, &r->batch[algo][0]);
        fn(&info, opaque);
        if (r->batch[algo][1].row) {
            info.opcode = CRYPTODEV_DECRYPT;
            list_batch(r, &info, &r->batch[algo][1]);
            fn(&info, opaque);
        }
    }
}

/* Sessions */

/* @row, @batch: for the cipher [0] and the hash [1]; NULL if there is none */
struct CryptoRoute {
    const CryptoRow *row[2];
    const CryptoBatchRow *batch[2];
    CryptoContexts contexts;
};

static const CryptoBatchRow *find_batch(const CryptoRoutes *r,
                                        CryptoDevAlgo algo,
                                        CryptoDevOpcode opcode)
{
    const CryptoBatchRow *batch = r->batch[algo];

    for (unsigned i = 0; i < ARRAY_SIZE(r->batch[algo]); i++) {
        if (batch[i].least && (opcode == CRYPTODEV_DIGEST ||
                               cryptodev_row_serves(batch[i].row, opcode))) {
            return &batch[i];
        }
    }
    return NULL;
}

/*
 * Choose the first row that takes the key.  If its context is for one thread,
 * store it in @context.  Returns: false if there is no such row
 */
static bool choose(CryptoRoute *route, const CryptoRoutes *r,
                   CryptoDevAlgo algo, bool hash, CryptoContext *context)
{
    CryptoContexts *contexts = &route->contexts;
    const CryptoDevSessionParams *params = contexts->params;

    route->batch[hash] = find_batch(r, algo, params->opcode);
    if (route->batch[hash]) {
        contexts->shared_row[hash] = route->batch[hash]->row;
    }
    for (const Candidate *c = r->alone[algo]; c->row; c++) {
        route->row[hash] = c->row;
        if (c->row->ops->is_batch) {
            return cryptodev_contexts_shared(contexts, hash);
        }
        context->ctx[hash] = cryptodev_context_new(c->row, params, hash);
        if (context->ctx[hash]) {
            contexts->own_row[hash] = c->row;
            return true;
        }
    }
    return false;
}

CryptoRoute *cryptodev_route_new(const CryptoRoutes *r,
                                 const CryptoDevSessionParams *params)
{
    const CryptoDevAlgo algos[] = { params->cipher, params->hash };
    CryptoRoute *route = g_new0(CryptoRoute, 1);
    CryptoContext *context = g_new0(CryptoContext, 1);

    route->contexts.params = params;
    route->contexts.slot[0] = context;
    for (unsigned i = 0; i < ARRAY_SIZE(algos); i++) {
        if (algos[i] != CRYPTODEV_ALGO_NONE &&
            !choose(route, r, algos[i], i, context)) {
            cryptodev_route_free(route);
            return NULL;
        }
    }
    return route;
}

void cryptodev_route_free(CryptoRoute *route)
{
    cryptodev_contexts_cleanup(&route->contexts);
    g_free(route);
}

bool cryptodev_route_has_batches(const CryptoRoute *route)
{
    for (unsigned i = 0; i < ARRAY_SIZE(route->row); i++) {
        if (route->row[i] && !route->batch[i]) {
            return false;
        }
    }
    return true;
}

CryptoContexts *cryptodev_route_contexts(CryptoRoute *route)
{
    return &route->contexts;
}

void cryptodev_route_run(CryptoRoute *route, CryptoWork *w,
                         CryptoScratch *scratch, CryptoContext *context,
                         bool hash)
{
    const CryptoRow *row = route->row[hash];
    void *ctx = row->ops->is_batch ? route->contexts.shared[hash] :
                                     context->ctx[hash];

    cryptodev_work_run(w, scratch, row, ctx, hash);
}

/* Batches */

static bool counter_overflows(const uint8_t *iv, size_t len)
{
    uint64_t blocks = DIV_ROUND_UP(len, 16);

    return (uint32_t)ldl_be_p(iv + 12) + blocks - 1 > UINT32_MAX;
}

/* Whether @row can serve the cipher or hash of @w, apart from its length */
static bool takes(const CryptoRow *row, const CryptoWork *w, bool hash,
                  size_t len)
{
    const CryptoDevOp *op = w->op;

    if (hash) {
        return op->digest.len <= row->digest_len;
    }
    return (row->gather || cryptodev_work_is_flat(w)) &&
           (row->chaining != CRYPTO_CHAINING_CTR32 ||
            !counter_overflows(op->iv, len)) &&
           (w->params->service != CRYPTODEV_SERVICE_AEAD ||
            op->aad.len <= row->max_aad);
}

static const CryptoBatchRow *find_together(CryptoRoute *route,
                                           const CryptoWork *w, bool hash,
                                           size_t len, void **ctx)
{
    const CryptoBatchRow *batch = route->batch[hash];

    if (len > batch->max_len || (!len && !batch->row->takes_empty) ||
        !batch->count[cryptodev_route_class(len)] ||
        !takes(batch->row, w, hash, len)) {
        return NULL;
    }
    *ctx = qatomic_load_acquire(&route->contexts.shared[hash]) ?:
           cryptodev_contexts_shared(&route->contexts, hash);
    return *ctx ? batch : NULL;
}

const CryptoBatchRow *cryptodev_route_batch(CryptoRoute *route,
                                            const CryptoWork *w, bool hash,
                                            size_t len, unsigned n, void **ctx)
{
    const CryptoBatchRow *batch = route->batch[hash];

    return batch && n >= batch->least ?
           find_together(route, w, hash, len, ctx) : NULL;
}
