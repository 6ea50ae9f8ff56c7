/*
 * Print the result of a virtio-crypto request parser as text
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "virtio-crypto-format-fixture.h"

static const char *const status_names[] = {
    "OK", "ERR", "BADMSG", "NOTSUPP", "INVSESS", "NOSPC", "KEY_REJECTED",
};
static const char *const reply_names[] = { "none", "byte", "le32", "session" };
static const char *const service_names[] = {
    "cipher", "hash", "mac", "aead", "akcipher",
};
static const char *const opcode_names[] = {
    "encrypt", "decrypt", "digest", "sign", "verify",
};
static const char *const chain_names[] = { "", " hash+cipher", " cipher+hash" };

static char *head_text(const char *status, const VirtIOCryptoReply *r)
{
    return r->kind == VIRTIO_CRYPTO_REPLY_NONE ?
           g_strdup_printf("%s none/%zu", status, r->used) :
           g_strdup_printf("%s %s@%zu/%zu%s", status, reply_names[r->kind],
                           r->offset, r->used, r->counts_result ? "+" : "");
}

char *format_test_head(const FormatTest *t)
{
    return head_text(status_names[t->status], &t->reply);
}

char *format_test_head_of(const FormatForm *form, const FormatCase *c,
                          const char *status, size_t in_len)
{
    VirtIOCryptoReply r = {
        .kind = c->kind, .offset = c->outcome, .used = in_len,
    };

    if (!form->draft) {
        r.offset = c->ctrl ? 0 : in_len - 1;
        r.used = r.kind == VIRTIO_CRYPTO_REPLY_SESSION ? 16 : 1;
        r.counts_result = !c->ctrl;
    }
    return head_text(status, &r);
}

/* Where private bytes were copied from; the filling makes that unique. */
static void print_copy(FormatTest *t, GString *s, const char *name,
                       const uint8_t *data, size_t len)
{
    bool draft = t->form->draft;
    const uint8_t *all = draft ? t->ram : t->out.bytes;
    size_t size = draft ? sizeof(t->ram) : t->out.len;
    const uint8_t *at = len ? memmem(all, size, data, len) : NULL;

    if (at) {
        g_string_append_printf(s, draft ? " %s=%zx+%zu" : " %s=%zu+%zu", name,
                               (size_t)(at - all), len);
    } else if (len) {
        g_string_append_printf(s, " %s=?+%zu", name, len);
    }
}

/* Offset of a byte in its half; where one starts and none ends, the former. */
static bool find_in_half(const FormatHalf *half, const uint8_t *p, size_t *at)
{
    *at = 0;
    for (unsigned i = 0; i < half->num; i++) {
        uint8_t *base = half->iov[i].iov_base;

        if (p >= base && p < base + half->iov[i].iov_len) {
            *at += p - base;
            return true;
        }
        *at += half->iov[i].iov_len;
    }
    return false;
}

/* r: readable, w: writable; o: in the readable half, i: in the writable. */
static char find(FormatTest *t, const struct iovec *iov, const uint8_t *p,
                 size_t *at)
{
    if (!t->form->draft) {
        return find_in_half(&t->out, p, at) ? 'o' :
               find_in_half(&t->in, p, at) ? 'i' : '?';
    }
    *at = p - t->ram;
    g_assert(p >= t->ram && *at < sizeof(t->ram));
    return iov - t->map.iov < t->map.num_readable ? 'r' : 'w';
}

/* The ranges of a span, those that follow each other as one. */
static void print_span(FormatTest *t, GString *s, const char *name,
                       const CryptoDevSpan *span)
{
    bool draft = t->form->draft;
    size_t skip = span->offset, left = span->len, start = 0, next = 0;
    const struct iovec *iov = span->iov;
    char opcode = 0, sep = '=';

    if (!left) {
        return;
    }
    g_string_append_printf(s, " %s", name);
    for (; left; iov++) {
        size_t n = iov->iov_len <= skip ? 0 : MIN(left, iov->iov_len - skip);
        size_t at;

        if (n) {
            char k = find(t, iov, (uint8_t *)iov->iov_base + skip, &at);

            if (k != opcode || at != next) {
                if (opcode) {
                    g_string_append_printf(s, "+%zu", next - start);
                }
                g_string_append_printf(s, draft ? "%c%c%zx" : "%c%c%zu", sep, k,
                                       at);
                start = at;
                sep = ',';
            }
            opcode = k;
            next = at + n;
            left -= n;
        }
        skip -= MIN(skip, iov->iov_len);
    }
    g_string_append_printf(s, "+%zu", next - start);
}

static void print_params(FormatTest *t, GString *s)
{
    const CryptoDevSessionParams *p = t->ctrl ? &t->c.spec.params :
                                                &t->spec.params;

    g_assert_cmpint(p->service, ==,
                    t->ctrl ? t->c.service : t->data.service);
    g_string_append_printf(s, "%s%s %s", service_names[p->service],
                           chain_names[p->chain],
                           p->service == CRYPTODEV_SERVICE_AKCIPHER ? "" :
                           opcode_names[p->opcode]);
    if (p->service == CRYPTODEV_SERVICE_AKCIPHER) {
        g_string_append_printf(s, "%s padding=%d curve=%d",
                               p->is_private ? "private" : "public",
                               p->padding, p->curve);
    }
    if (p->cipher) {
        g_string_append_printf(s, " %s", cryptodev_algo_name(p->cipher));
        print_copy(t, s, "key", p->cipher_key, p->cipher_key_len);
    }
    if (p->hash) {
        g_string_append_printf(s, " %s", cryptodev_algo_name(p->hash));
        print_copy(t, s, "auth_key", p->auth_key, p->auth_key_len);
    }
    g_string_append_printf(s, " digest=%u aad=%u", p->digest_len, p->aad_len);
}

static void print_op(FormatTest *t, GString *s)
{
    const CryptoDevOp *op = &t->op;

    if (t->data.stateless) {
        print_params(t, s);
        g_string_append_printf(s, " | %s", opcode_names[t->data.opcode]);
    } else {
        g_string_append_printf(s, "%s %s %" PRIx64,
                               service_names[t->data.service],
                               opcode_names[t->data.opcode],
                               t->data.session_id);
    }
    print_copy(t, s, "iv", op->iv, op->iv_len);
    print_span(t, s, "src", &op->src);
    print_span(t, s, "aad", &op->aad);
    print_span(t, s, "dst", &op->dst);
    print_span(t, s, "digest", &op->digest);
    if (t->session.params.chain) {
        g_string_append_printf(s, " windows=%u+%u,%u+%u",
                               op->cipher_window.offset, op->cipher_window.len,
                               op->hash_window.offset, op->hash_window.len);
    }
}

/* Guest memory that was read; none of it may have been read twice. */
static void print_reads(FormatTest *t, GString *s)
{
    const char *sep = " | ";

    for (size_t i = 0; i < sizeof(t->ram); i++) {
        size_t from = i;

        for (; i < sizeof(t->ram) && t->reads[i]; i++) {
            g_assert_cmpuint(t->reads[i], ==, 1);
        }
        if (i > from) {
            g_string_append_printf(s, "%s%zx+%zu", sep, from, i - from);
            sep = ",";
        }
    }
}

char *format_test_dump(FormatTest *t)
{
    GString *s = g_string_new(NULL);
    size_t mapped = 0;

    if (t->ctrl && t->c.op == VIRTIO_CRYPTO_CTRL_DESTROY) {
        g_string_append_printf(s, "%s destroy %" PRIx64,
                               service_names[t->c.service], t->c.session_id);
    } else if (t->ctrl) {
        print_params(t, s);
    } else {
        print_op(t, s);
    }
    print_reads(t, s);
    for (unsigned i = 0; i < t->map.num; i++) {
        mapped += t->map.iov[i].iov_len;
    }
    if (mapped) {
        g_assert_cmpuint(mapped, ==, t->op.src.len + t->op.aad.len +
                         t->op.dst.len + t->op.digest.len);
    }
    return g_string_free(s, false);
}

void format_test_expect(FormatTest *t, const char *head, const char *dump)
{
    g_autofree char *real_head = NULL;

    format_test_run(t);
    real_head = format_test_head(t);
    g_assert_cmpstr(real_head, ==, head);
    if (dump && t->status == CRYPTODEV_OK) {
        g_autofree char *real_dump = format_test_dump(t);

        g_assert_cmpstr(real_dump, ==, dump);
    }
}
