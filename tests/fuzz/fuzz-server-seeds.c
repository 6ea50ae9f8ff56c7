/*
 * Fuzzing of vhost-user-crypto: each request of the unit tests, in a session
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "fuzz.h"
#include "server-input.h"
#include "tests/unit/virtio-crypto-format-fixture.h"

static void put(GByteArray *a, unsigned size, uint32_t value)
{
    for (unsigned i = 0; i < size; i++) {
        uint8_t byte = value >> (8 * i);

        g_byte_array_append(a, &byte, 1);
    }
}

static void add_request(GByteArray *a, FormatTest *t, const FormatCase *c,
                        uint8_t how)
{
    format_test_load(t, c);
    put(a, 1, SERVER_REQUEST);
    put(a, 1, how | (c->ctrl ? 2 : 0));
    put(a, 2, t->out.len);
    put(a, 2, t->in.len - 1);
    g_byte_array_append(a, t->out.bytes, t->out.len);
}

/* The creation of a session for @c, which is of the same service */
static const FormatCase *find_create(const FormatForm *form,
                                     const FormatCase *c)
{
    g_auto(GStrv) parts = g_strsplit(c->name, "/", 2);

    for (const FormatCase *k = form->cases; k->name; k++) {
        if (k->ctrl && g_str_has_prefix(k->name, parts[0]) &&
            strstr(k->name, "/create")) {
            return k;
        }
    }
    return NULL;
}

void fuzz_seeds(FuzzSeedFn *fn, void *opaque)
{
    static const struct {
        const FormatForm *form;
        uint8_t features;
    } forms[] = {
        { &format_std, 0 }, { &format_rev1, 0x01 }, { &format_stateless, 0x3f },
    };

    for (int i = 0; i < ARRAY_SIZE(forms); i++) {
        const FormatForm *form = forms[i].form;
        FormatTest *t = format_test_new(form);

        for (const FormatCase *c = form->cases; c->name; c++) {
            const FormatCase *create = find_create(form, c);
            g_autoptr(GByteArray) a = g_byte_array_new();

            put(a, 1, SERVER_SET_UP);
            put(a, 1, forms[i].features);
            if (create) {
                add_request(a, t, create, SERVER_NEW_SESSION);
            }
            add_request(a, t, c, form == &format_stateless ? 0 :
                                 SERVER_LAST_SESSION);
            put(a, 1, SERVER_KICK);
            fn(a->data, a->len, opaque);
        }
        format_test_free(t);
    }
}
