/*
 * Tests of the virtio-crypto request formats
 *
 * Each valid request is taken apart, cut at every length, cut into pieces at
 * every byte, and broken in one field at a time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "virtio-crypto-format-fixture.h"

static const FormatForm *const forms[] = {
    &format_v11, &format_std, &format_rev1, &format_stateless,
};

/* A case as the argument of a test. */
typedef struct CaseRef {
    const FormatForm *form;
    const FormatCase *c;
} CaseRef;

static FormatTest *case_start(const CaseRef *ref)
{
    FormatTest *t = format_test_new(ref->form);

    format_test_load(t, ref->c);
    return t;
}

static void expect_valid(FormatTest *t, const CaseRef *ref)
{
    g_autofree char *head = format_test_head_of(ref->form, ref->c, "OK",
                                                t->in.len);

    format_test_expect(t, head, ref->c->expect);
}

static void test_valid(const void *opaque)
{
    const CaseRef *ref = opaque;
    FormatTest *t = case_start(ref);

    expect_valid(t, ref);
    if (t->map.num) {
        /* guest memory that is mapped in small pieces */
        format_test_load(t, ref->c);
        t->piece = 7;
        expect_valid(t, ref);
        g_assert_cmpuint(t->map.num, >, 2);
    }
    format_test_free(t);
}

/* All pieces of a request in any iovecs are the same request. */
static void test_split(const void *opaque)
{
    const CaseRef *ref = opaque;
    FormatTest *t = case_start(ref);

    for (size_t cut = 0; cut <= ref->c->out_len; cut++) {
        t->out.cut = cut;
        expect_valid(t, ref);
    }
    format_test_load(t, ref->c);
    for (size_t cut = 0; cut <= ref->c->in_len; cut++) {
        t->in.cut = cut;
        expect_valid(t, ref);
    }
    t->out.cut = FORMAT_TEST_BYTES;
    t->in.cut = FORMAT_TEST_BYTES;
    expect_valid(t, ref);
    format_test_free(t);
}

/* What becomes of a draft request of which @len bytes are there. */
static char *v11_cut_head(const CaseRef *ref, size_t len)
{
    FormatCase c = *ref->c;
    size_t op_type = c.ctrl ? 96 : 136;
    /* the padding may be missing */
    size_t size = c.kind == VIRTIO_CRYPTO_REPLY_SESSION ? 12 : 4;

    if (len < (c.ctrl ? 16 : 24)) {
        return g_strdup("NOTSUPP none/0");
    }
    if (c.needed == op_type + 8 && len <= op_type) {
        /* not told to be algorithm chaining */
        c.outcome = c.ctrl ? 40 : 108;
    }
    if (len < c.outcome + size) {
        return g_strdup(len < c.needed ? "ERR none/0" : "?");
    }
    return format_test_head_of(ref->form, &c, len < c.needed ? "ERR" : "OK",
                               len);
}

static char *std_cut_out_head(const CaseRef *ref, size_t len)
{
    FormatCase c = *ref->c;

    if (c.ctrl && len < 16) {
        /* nobody knows yet what is asked for */
        c.kind = c.in_len >= 16 ? VIRTIO_CRYPTO_REPLY_SESSION :
                                  VIRTIO_CRYPTO_REPLY_BYTE;
    }
    return format_test_head_of(ref->form, &c, "ERR", c.in_len);
}

static char *std_cut_in_head(const CaseRef *ref, size_t len)
{
    FormatCase c = *ref->c;

    if (!len) {
        return g_strdup("ERR none/0");
    }
    c.kind = VIRTIO_CRYPTO_REPLY_BYTE;
    return format_test_head_of(ref->form, &c, "ERR", len);
}

static void cut_half(const CaseRef *ref, bool out,
                     char *(*head_of)(const CaseRef *ref, size_t len))
{
    FormatTest *t = case_start(ref);
    FormatHalf *half = out ? &t->out : &t->in;
    size_t whole = half->len;

    for (size_t len = 0; len < whole; len++) {
        g_autofree char *head = head_of(ref, len);

        half->len = len;
        format_test_expect(t, head, ref->c->expect);
    }
    format_test_free(t);
}

static void test_cut(const void *opaque)
{
    const CaseRef *ref = opaque;

    if (ref->form->draft) {
        cut_half(ref, false, v11_cut_head);
    } else {
        cut_half(ref, true, std_cut_out_head);
        cut_half(ref, false, std_cut_in_head);
    }
}

/* What a request asks for may be as much as the backend takes, no byte more */
static void test_max_size(const void *opaque)
{
    const CaseRef *ref = opaque;
    FormatTest *t = case_start(ref);

    t->caps.max_size = ref->c->size;
    expect_valid(t, ref);
    if (ref->c->size) {
        g_autofree char *head = format_test_head_of(ref->form, ref->c, "ERR",
                                                    t->in.len);

        format_test_load(t, ref->c);
        t->caps.max_size = ref->c->size - 1;
        format_test_expect(t, head, NULL);
    }
    format_test_free(t);
}

static void test_broken(const void *opaque)
{
    const CaseRef *ref = opaque;
    FormatTest *t = case_start(ref);
    unsigned count = 0;

    for (const FormatBroken *b = ref->form->broken; b->name; b++) {
        if (strcmp(b->name, ref->c->name)) {
            continue;
        }
        g_test_message("offset %u = 0x%" PRIx64, b->field.offset,
                       b->field.value);
        format_test_load(t, ref->c);
        format_test_set(t, &b->field);
        format_test_expect(t, b->head, NULL);
        count++;
    }
    g_assert_cmpuint(count, >, 0);
    format_test_free(t);
}

/*
 * Readable bytes after the last parameter count for nothing, and the status
 * is the very last writable byte, wherever the result ends.
 */
static void test_slack(const void *opaque)
{
    const CaseRef *ref = opaque;
    const FormatCase *c = ref->c;
    FormatTest *t = format_test_new(ref->form);
    /* with AEAD it would be room for the nonce */
    bool nonce = !c->ctrl && g_str_has_prefix(c->name, "aead/");

    for (int extra = 1; extra < 40; extra += 19) {
        g_autofree char *head = format_test_head_of(ref->form, c, "OK",
                                                    c->in_len + extra);

        format_test_load(t, c);
        t->out.len += nonce ? 0 : extra;
        t->in.len += extra;
        format_test_expect(t, head, c->expect);
    }
    format_test_free(t);
}

/*
 * What is not supported is never anything else than that, however short the
 * request is: a service that is not offered, a mode that was not negotiated.
 */
static void test_notsupp(const void *opaque)
{
    const CaseRef *ref = opaque;
    bool stateless = ref->form == &format_stateless;
    g_autofree char *head = format_test_head_of(ref->form, ref->c, "NOTSUPP",
                                                ref->c->in_len);
    FormatTest *t = case_start(ref);
    size_t whole = t->out.len;

    for (size_t len = ref->form->draft ? whole : 24; len <= whole; len++) {
        format_test_load(t, ref->c);
        t->out.len = len;
        t->stateless = 0;
        if (stateless) {
            format_test_expect(t, head, NULL);
            t->stateless = UINT32_MAX;
        }
        memset(t->caps.algos, 0, sizeof(t->caps.algos));
        format_test_expect(t, head, NULL);
    }
    format_test_free(t);
}

static const struct {
    const char *name;
    GTestDataFunc func;
    bool not_draft, not_ctrl;
} case_tests[] = {
    { "valid", test_valid },
    { "split", test_split },
    { "cut", test_cut },
    { "max-size", test_max_size },
    { "broken", test_broken },
    { "slack", test_slack, .not_draft = true },
    { "notsupp", test_notsupp, .not_ctrl = true },
};

static void add_cases(const FormatForm *form)
{
    static CaseRef refs[256];
    static unsigned num_refs;

    for (const FormatBroken *b = form->broken; b->name; b++) {
        if (!format_find_case(form, b->name)) {
            g_error("%s has no case %s", form->name, b->name);
        }
    }
    for (const FormatCase *c = form->cases; c->name; c++) {
        CaseRef *ref = &refs[num_refs++];

        g_assert_cmpuint(num_refs, <=, ARRAY_SIZE(refs));
        *ref = (CaseRef) { form, c };
        for (int i = 0; i < ARRAY_SIZE(case_tests); i++) {
            if ((form->draft && case_tests[i].not_draft) ||
                (c->ctrl && case_tests[i].not_ctrl)) {
                continue;
            }
            format_test_add(form->name, c->name, case_tests[i].name, ref,
                            case_tests[i].func);
        }
    }
}

/* Mutation */

static const uint32_t odd_numbers[] = {
    0, 1, 2, 3, 4, 7, 12, 13, 16, 17, 32, 64, 256, 0x0102, 0x0300, 1024, 4096,
    0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff,
};

static void mutate(FormatTest *t, GRand *rand)
{
    FormatHalf *fixed = format_test_fixed(t);
    FormatHalf *half = g_rand_boolean(rand) ? &t->out : &t->in;

    switch (g_rand_int_range(rand, 0, 8)) {
    case 0:
        half->bytes[g_rand_int_range(rand, 0, MAX(half->len, 1))] =
            g_rand_int(rand);
        break;
    case 1:
        half->len = g_rand_int_range(rand, half->len ? 1 : 0, half->len + 2);
        break;
    case 2:
        t->session.params.digest_len = g_rand_int_range(rand, 0, 1200);
        break;
    case 3:
        t->session.params.aad_len = g_rand_int(rand);
        break;
    case 4:
        t->piece = g_rand_int_range(rand, 1, 100);
        break;
    case 5:
        t->caps.max_size = g_rand_int_range(rand, 0, 1000);
        break;
    default:
        if (fixed->len > 4) {
            size_t at = g_rand_int_range(rand, 0, fixed->len - 3) & ~3;
            int n = g_rand_int_range(rand, 0, ARRAY_SIZE(odd_numbers));

            format_test_set(t, &(FormatField) { at, 4, odd_numbers[n] });
        }
    }
}

static void mutate_cut(FormatHalf *half, GRand *rand)
{
    half->cut = g_rand_int_range(rand, 0, half->len + 2);
    if (half->cut > half->len) {
        half->cut = FORMAT_TEST_BYTES;
    }
}

static void test_mutation(const void *opaque)
{
    const FormatForm *form = opaque;
    unsigned count = 0, ok = 0, rounds = g_test_slow() ? 1000000 : 200000;
    FormatTest *t = format_test_new(form);
    GRand *rand = g_rand_new_with_seed(11);

    while (form->cases[count].name) {
        count++;
    }
    for (unsigned i = 0; i < rounds; i++) {
        format_test_load(t, &form->cases[g_rand_int_range(rand, 0, count)]);
        for (int n = g_rand_int_range(rand, 1, 5); n; n--) {
            mutate(t, rand);
        }
        mutate_cut(&t->out, rand);
        mutate_cut(&t->in, rand);
        format_test_run(t);
        ok += t->status == CRYPTODEV_OK;
    }
    g_test_message("%u of %u still valid", ok, rounds);
    g_assert_cmpuint(ok, >, rounds / 100);
    g_assert_cmpuint(ok, <, rounds);
    g_rand_free(rand);
    format_test_free(t);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (int i = 0; i < ARRAY_SIZE(forms); i++) {
        add_cases(forms[i]);
        format_test_add(forms[i]->name, "any", "mutation", forms[i],
                        test_mutation);
        format_stack_test_add(forms[i]);
        format_memo_test_add(forms[i]);
    }
    format_v11_list_test_add();
    format_std_test_add();
    return g_test_run();
}
