/*
 * Measure from how many requests on batches pay
 *
 * Prints the lines of backends/cryptodev/route-table.c for the
 * processor that it runs on: for each algorithm with batches, and each length
 * of that table, the number of requests from which on a batch takes at most
 * seven eighths of the time that the requests take alone.
 *
 * With -v, the nanoseconds of a request, alone and in batches.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/memalign.h"
#include "qemu/timer.h"
#include "backends/cryptodev/batch.h"

#define SESSIONS    4
#define BUF_LEN     (20 * 1024)
/* short, so that there are some that nothing disturbs */
#define ROUND_NS    (200 * SCALE_US)
#define ROUNDS      40

static CryptoRoutes *alone, *together;
static CryptoBatch *batch;
static uint8_t *buf[CRYPTO_BATCH_MAX];
static bool verbose;

/* Sessions, and an operation for each of @n requests, in place */
typedef struct Load {
    CryptoDevSessionParams params;
    CryptoRoute *route[SESSIONS];
    CryptoDevOp op[CRYPTO_BATCH_MAX];
    struct iovec text[CRYPTO_BATCH_MAX], digest[CRYPTO_BATCH_MAX];
    uint8_t tag[CRYPTO_BATCH_MAX][CRYPTODEV_DIGEST_MAX];
} Load;

static void load_init(Load *l, const CryptoRoutes *routes, CryptoDevAlgo algo,
                      CryptoDevOpcode opcode)
{
    static uint8_t key[CRYPTODEV_AUTH_KEY_MAX];
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(algo);
    bool cipher = info->service == CRYPTODEV_SERVICE_CIPHER ||
                  info->service == CRYPTODEV_SERVICE_AEAD;
    size_t key_len = MIN(info->key_max, MAX(info->key_min, 20));

    l->params = (CryptoDevSessionParams) {
        .service = info->service, .opcode = cipher ? opcode : CRYPTODEV_DIGEST,
        .cipher = cipher ? algo : CRYPTODEV_ALGO_NONE,
        .hash = cipher ? CRYPTODEV_ALGO_NONE : algo,
        .cipher_key = key, .auth_key = key,
        .cipher_key_len = cipher ? info->key_min : 0,
        .auth_key_len = cipher ? 0 : key_len,
    };
    for (int i = 0; i < SESSIONS; i++) {
        l->route[i] = cryptodev_route_new(routes, &l->params);
    }
    for (int i = 0; i < CRYPTO_BATCH_MAX; i++) {
        l->text[i] = (struct iovec) { buf[i], BUF_LEN };
        l->digest[i] = (struct iovec) { l->tag[i], sizeof(l->tag[i]) };
        l->op[i] = (CryptoDevOp) {
            .opcode = l->params.opcode, .iv_len = info->iv_min,
            .src = { &l->text[i], 1 }, .dst = { &l->text[i], 1 },
            .digest = { &l->digest[i], 1, 0, info->digest_len },
        };
        if (algo == CRYPTODEV_ALGO_XCBC_AES) {
            l->op[i].digest.len = 12;
        }
    }
}

static void load_cleanup(Load *l)
{
    for (int i = 0; i < SESSIONS; i++) {
        cryptodev_route_free(l->route[i]);
    }
}

static void load_run(Load *l, unsigned n, size_t len)
{
    for (unsigned i = 0; i < n; i++) {
        l->op[i].src.len = l->op[i].dst.len = len;
        cryptodev_batch_add(batch, l->route[i % SESSIONS], &l->op[i]);
    }
    cryptodev_batch_run(batch);
}

/* Nanoseconds for one of @n requests of @len bytes: the best of some rounds */
static double measure(Load *l, unsigned n, size_t len)
{
    double best = 1e9;

    for (int i = 0; i < ROUNDS; i++) {
        int64_t start = get_clock(), end;
        unsigned runs = 0;

        do {
            load_run(l, n, len);
            end = get_clock();
            runs++;
        } while (end - start < ROUND_NS);
        best = MIN(best, (double)(end - start) / runs / n);
    }
    return best;
}

/* Few requests at a time count as alone: their contexts are in the cache. */
static unsigned count_of(Load *one, Load *many, size_t len)
{
    static const unsigned numbers[] = {
        64, 48, 32, 24, 16, 12, 10, 8, 6, 5, 4, 3, 2, 1
    };
    double limit = measure(one, 16, len);
    unsigned count = 0;

    if (verbose) {
        printf("/* %6zu bytes: alone %7.0f;", len, limit);
    }
    for (unsigned i = 0; i < ARRAY_SIZE(numbers); i++) {
        double ns = measure(many, numbers[i], len);

        if (verbose) {
            printf(" %u: %.0f", numbers[i], ns);
        }
        if (ns > limit * 7 / 8) {
            break;
        }
        count = numbers[i];
    }
    if (verbose) {
        printf(" */\n");
    }
    return count;
}

static void print_counts(const CryptoRouteInfo *info, void *opaque)
{
    static Load one, many;
    const char *sep = "";

    if (!info->batch_provider || !strcmp(info->provider, "ipsec-mb")) {
        return;
    }
    load_init(&one, alone, info->algo, info->opcode);
    load_init(&many, together, info->algo, info->opcode);
    printf("%s %s {", cryptodev_algo_name(info->algo),
           info->opcode == CRYPTODEV_DECRYPT ? "decrypt" : "");
    for (unsigned i = 0; i < CRYPTO_ROUTE_LENS; i++) {
        printf("%s %u", sep, count_of(&one, &many,
                                      cryptodev_route_len[i] ?: 16));
        sep = ",";
    }
    printf(" }\n");
    fflush(stdout);
    load_cleanup(&one);
    load_cleanup(&many);
}

int main(int argc, char **argv)
{
    verbose = argc > 1 && !strcmp(argv[1], "-v");
    alone = cryptodev_routes_new("gcrypt");
    together = cryptodev_routes_new("ipsec-mb");
    if (!alone || !together) {
        fprintf(stderr, "needs libgcrypt and libipsec-mb\n");
        return 1;
    }
    batch = cryptodev_batch_new();
    for (int i = 0; i < CRYPTO_BATCH_MAX; i++) {
        /* not at the same place of a page */
        buf[i] = (uint8_t *)qemu_memalign(4096, BUF_LEN + 4096) + 64 * i;
    }
    cryptodev_routes_list(together, print_counts, NULL);
    return 0;
}
