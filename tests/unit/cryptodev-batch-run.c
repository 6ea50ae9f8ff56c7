/*
 * Operations that are run twice: a record of the messages run together
 *
 * The linker redirects the calls of cryptodev_row_run() to this file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "cryptodev-batch-fixture.h"
#include "cryptodev-wrap-run.h"

Spoil twin_spoil;
unsigned twin_spoil_runs = UINT_MAX;
unsigned twin_num_runs;

/* What was run together */

/* A step of an operation */
typedef struct Seen {
    const CryptoDevOp *op;
    const CryptoRow *row;
} Seen;

static GArray *seen;

/* A message that goes in rounds is one. */
static void see(const CryptoRow *row, const CryptoMessage *m)
{
    Seen new = { container_of(m, CryptoWork, m)->op, row };

    for (unsigned i = 0; i < seen->len; i++) {
        const Seen *s = &g_array_index(seen, Seen, i);

        if (s->op == new.op && s->row == row) {
            return;
        }
    }
    g_array_append_val(seen, new);
}

static void spoil_one(const CryptoRow *row, CryptoMessage *const *m, unsigned n)
{
    CryptoMessage *one = m[n / 2];

    if (n == 1 || twin_spoil == SPOIL_NOTHING || !twin_spoil_runs) {
        return;
    }
    twin_spoil_runs--;
    if (twin_spoil == SPOIL_TEXT) {
        one->dst[one->len - 1] ^= 1;
    } else if (twin_spoil == SPOIL_TAG) {
        one->digest[(row->digest_len ?: one->digest_len) - 1] ^= 1;
    } else if (twin_spoil == SPOIL_STATUS) {
        one->ok = false;
    }
}

/* Threads of a test do not use @seen, which is NULL then. */
void __wrap_cryptodev_row_run(const CryptoRow *row, CryptoMessage *const *m,
                              unsigned n)
{
    __real_cryptodev_row_run(row, m, n);
    for (unsigned i = 0; seen && row->ops->is_batch && i < n; i++) {
        g_assert_cmpuint(m[i]->len, <=, MAX(row->max_len, row->long_len));
        see(row, m[i]);
    }
    if (row->ops->is_batch) {
        if (seen) {
            twin_num_runs++;
        }
        spoil_one(row, m, n);
    }
}

/* Both ways */

/* Every other tag that is to be compared is the right one. */
static void forge_tag(Twin *t)
{
    CryptoDevOp *op = &t->op[TWIN_BATCH];
    g_autofree uint8_t *text = g_malloc(op->src.len + 1);
    uint8_t tag[CRYPTODEV_IV_MAX];
    struct iovec out = { text, op->src.len }, digest = { tag, sizeof(tag) };
    CryptoDevSpan flat = { &out, 1, 0, op->src.len };
    CryptoDevSessionParams params = t->params;
    CryptoDevOp forged = *op;
    CryptoRoute *route;

    if (t->params.service != CRYPTODEV_SERVICE_AEAD ||
        op->opcode != CRYPTODEV_DECRYPT || twin_upto(1)) {
        return;
    }
    /* CTR mode is its own inverse: decrypt first, and encrypt the result */
    params.opcode = forged.opcode = CRYPTODEV_ENCRYPT;
    forged.dst = flat;
    forged.digest = (CryptoDevSpan) { &digest, 1, 0, op->digest.len };
    route = cryptodev_route_new(twin_routes[TWIN_ALONE], &params);
    for (int i = 0; i < 2; i++) {
        cryptodev_batch_run_one(route, &forged);
        g_assert_cmpint(forged.status, ==, CRYPTODEV_OK);
        forged.src = flat;
    }
    cryptodev_route_free(route);
    iov_from_buf(op->digest.iov, op->digest.niov, 0, tag, op->digest.len);
}

void twins_fill(unsigned n)
{
    size_t used = twin_memory_used + 64;

    /* fast, and different everywhere */
    for (size_t i = 0; i < used; i += 8) {
        stq_le_p(twin_memory[TWIN_BATCH] + i, (i + n) * 0x9e3779b97f4a7c15);
    }
    for (unsigned i = 0; i < n; i++) {
        forge_tag(&twins[i]);
    }
    memcpy(twin_memory[TWIN_ALONE], twin_memory[TWIN_BATCH], used);
}

void twin_run_alone(Twin *t, int a)
{
    cryptodev_batch_run_one(t->route[a], &t->op[a]);
}

unsigned twins_run(unsigned n)
{
    CryptoBatch *batch = cryptodev_batch_new();
    unsigned together;

    twins_fill(n);
    for (unsigned i = 0; i < n; i++) {
        twin_run_alone(&twins[i], TWIN_ALONE);
        twins[i].op[TWIN_BATCH].status = CRYPTODEV_PENDING;
    }
    seen = g_array_new(false, false, sizeof(Seen));
    twin_num_runs = 0;
    for (unsigned i = 0; i < n; i++) {
        cryptodev_batch_add(batch, twins[i].route[TWIN_BATCH],
                            &twins[i].op[TWIN_BATCH]);
    }
    cryptodev_batch_run(batch);
    cryptodev_batch_free(batch);
    together = seen->len;
    g_array_unref(g_steal_pointer(&seen));
    for (unsigned i = 0; i < n; i++) {
        const CryptoDevOp *op = twins[i].op;

        g_assert_cmpint(op[TWIN_BATCH].status, ==, op[TWIN_ALONE].status);
        g_assert_cmpuint(op[TWIN_BATCH].written, ==, op[TWIN_ALONE].written);
    }
    g_assert_true(!memcmp(twin_memory[TWIN_BATCH], twin_memory[TWIN_ALONE],
                          twin_memory_used + 64));
    return together;
}
