/*
 * Tests of the v11 request format: lists of iovecs in guest memory
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "virtio-crypto-format-fixture.h"

/* Where things are in guest memory. */
#define B           FORMAT_TEST_BASE
#define SRC         (B + 0x400)
#define AAD         (B + 0x500)
#define DST         (B + 0x600)
#define LIST        (B + 0x2000)
#define END         (B + FORMAT_TEST_RAM)

static const FormatCase *case_of(const char *name)
{
    return format_test_case(&format_v11, name);
}

static void put_entry(FormatTest *t, uint64_t at, uint64_t addr, uint32_t len,
                      uint32_t flags, uint64_t next)
{
    format_test_poke(t, at, 8, addr);
    format_test_poke(t, at + 8, 4, len);
    format_test_poke(t, at + 12, 4, flags);
    format_test_poke(t, at + 16, 8, next);
}

/* The entry inside the request itself. */
static void put_head(FormatTest *t, unsigned offset, uint64_t addr,
                     uint32_t len, uint32_t flags, uint64_t next)
{
    format_test_set(t, &(FormatField) { offset, 8, addr });
    format_test_set(t, &(FormatField) { offset + 8, 4, len });
    format_test_set(t, &(FormatField) { offset + 12, 4, flags });
    format_test_set(t, &(FormatField) { offset + 16, 8, next });
}

/* A list of @n entries of @len bytes each; the last goes on to @next. */
static void put_list(FormatTest *t, unsigned offset, uint64_t addr, unsigned n,
                     uint32_t len, uint64_t next)
{
    uint32_t last = next ? U32_MAX : U32_MAX - 1;

    put_head(t, offset, addr, len, n > 1 ? U32_MAX : last, n > 1 ? LIST : next);
    for (unsigned i = 1; i < n; i++) {
        uint64_t at = LIST + (i - 1) * 24;

        put_entry(t, at, addr + i * len, len, i + 1 < n ? U32_MAX : last,
                  i + 1 < n ? at + 24 : next);
    }
}

/* Each list of each request in three entries, one empty, with more behind. */
static void test_list_each(const void *opaque)
{
    static const struct {
        const char *name;
        unsigned offset;
        uint64_t addr;
        unsigned len;
    } lists[] = {
        { "cipher/encrypt", 48, SRC, 48 }, { "cipher/encrypt", 72, DST, 48 },
        { "chain/encrypt", 48, SRC, 48 }, { "chain/encrypt", 72, AAD, 24 },
        { "chain/encrypt", 96, DST, 48 }, { "aead/encrypt", 48, SRC, 33 },
        { "aead/encrypt", 72, AAD, 20 }, { "aead/encrypt", 96, DST, 33 },
        { "aead/decrypt", 48, SRC, 33 }, { "aead/decrypt", 96, DST, 33 },
        { "aead/decrypt-tag-in-src", 48, SRC, 49 },
    };
    FormatTest *t = format_test_new(&format_v11);

    for (int i = 0; i < ARRAY_SIZE(lists); i++) {
        const FormatCase *c = case_of(lists[i].name);
        g_autofree char *ok = format_test_head_of(&format_v11, c, "OK", 144);
        g_autofree char *err = format_test_head_of(&format_v11, c, "ERR",
                                                    144);
        g_autofree char *dump = g_strdup_printf("%s,2000+48", c->expect);

        for (unsigned first = 0; first < lists[i].len; first++) {
            format_test_load(t, c);
            put_head(t, lists[i].offset, lists[i].addr, first, 1, LIST);
            put_entry(t, LIST, 0, 0, U32_MAX, LIST + 24);
            put_entry(t, LIST + 24, lists[i].addr + first,
                      lists[i].len - first, 1, LIST + 48);
            format_test_expect(t, ok, dump);
        }
        /* an entry that is missing a byte, or cannot be read */
        put_entry(t, LIST + 24, lists[i].addr, 0, 0, LIST + 48);
        format_test_expect(t, err, NULL);
        put_entry(t, LIST, 0, 0, 1, END - 23);
        format_test_expect(t, err, NULL);
    }
    format_test_free(t);
}

/* The list itself is the length: all of it counts. */
static void test_list_length(const void *opaque)
{
    static const unsigned lengths[] = { 1, 2, 3, 64, 1023, 1024 };
    FormatTest *t = format_test_new(&format_v11);

    for (int i = 0; i < ARRAY_SIZE(lengths); i++) {
        unsigned n = lengths[i];
        g_autofree char *reads = n == 1 ? g_strdup("") :
            g_strdup_printf(" | 2000+%u", (n - 1) * 24);
        g_autofree char *dump = g_strdup_printf(
            "hash digest 1122334455667788 src=r400+%u digest=w700+16%s",
            3 * n, reads);

        format_test_load(t, case_of("hash/digest"));
        put_list(t, 24, SRC, n, 3, 0);
        format_test_expect(t, "OK le32@92/144", dump);
    }
    format_test_load(t, case_of("hash/digest"));
    put_list(t, 24, SRC, 1025, 3, 0);
    format_test_expect(t, "ERR le32@92/144", NULL);
    g_assert_cmpuint(t->reads[LIST + 1023 * 24 - B], ==, 0);
    format_test_free(t);
}

static void test_list_loop(const void *opaque)
{
    static const struct {
        unsigned n;
        uint32_t len;
        uint64_t next;
        const char *hash, *cipher;
    } loops[] = {
        { 2, 0, LIST, "ERR le32@92/144", "ERR le32@108/144" },
        { 2, 1, LIST, "ERR le32@92/144", "OK le32@108/144" },
        { 20, 2, LIST + 24, "ERR le32@92/144", "OK le32@108/144" },
        { 5, 4096, LIST, "ERR le32@92/144", "OK le32@108/144" },
        { 2, 1, END, "ERR le32@92/144", "ERR le32@108/144" },
        { 2, 24, END, "ERR le32@92/144", "OK le32@108/144" },
        { 2, 24, U64_MAX, "ERR le32@92/144", "OK le32@108/144" },
        { 2, 23, U64_MAX, "ERR le32@92/144", "ERR le32@108/144" },
    };
    FormatTest *t = format_test_new(&format_v11);

    for (int i = 0; i < ARRAY_SIZE(loops); i++) {
        format_test_load(t, case_of("hash/digest"));
        put_list(t, 24, SRC, loops[i].n, loops[i].len, loops[i].next);
        format_test_expect(t, loops[i].hash, NULL);
        format_test_load(t, case_of("cipher/encrypt"));
        put_list(t, 48, SRC, loops[i].n, loops[i].len, loops[i].next);
        format_test_expect(t, loops[i].cipher, NULL);
    }
    format_test_free(t);
}

/* The last of 1024 entries may still be the one that completes the data. */
static void test_list_last(const void *opaque)
{
    FormatTest *t = format_test_new(&format_v11);

    for (int extra = 0; extra < 2; extra++) {
        format_test_load(t, case_of("cipher/encrypt"));
        put_list(t, 48, SRC, 1024 + extra, 0, 0);
        put_entry(t, LIST + (1022 + extra) * 24, SRC, 48, 0, 0);
        format_test_expect(t, extra ? "ERR le32@108/144" : "OK le32@108/144",
                           NULL);
    }
    format_test_free(t);
}

/* Both lengths so large that their sum has 33 bits. */
static void test_overflow(const void *opaque)
{
    static const char *const names[] = { "cipher/encrypt", "chain/encrypt" };
    FormatTest *t = format_test_new(&format_v11);

    for (int i = 0; i < ARRAY_SIZE(names); i++) {
        const FormatCase *c = case_of(names[i]);
        g_autofree char *head = format_test_head_of(&format_v11, c, "ERR",
                                                    144);

        format_test_load(t, c);
        format_test_set(t, &(FormatField) { 28, 8, U64_MAX });
        put_head(t, 48, SRC, U32_MAX, 0, 0);
        format_test_expect(t, head, NULL);
    }
    format_test_free(t);
}

void format_v11_list_test_add(void)
{
    format_test_add("v11", "list", "each", NULL, test_list_each);
    format_test_add("v11", "list", "length", NULL, test_list_length);
    format_test_add("v11", "list", "loop", NULL, test_list_loop);
    format_test_add("v11", "list", "last", NULL, test_list_last);
    format_test_add("v11", "any", "overflow", NULL, test_overflow);
}
