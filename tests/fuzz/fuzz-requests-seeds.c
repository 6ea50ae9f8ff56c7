/*
 * Fuzzing of the request parsers: the requests of the unit tests
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "requests.h"
#include "tests/unit/virtio-crypto-format-fixture.h"

/* So much of guest memory has all that a request names. */
#define SEED_RAM 0x800

static uint8_t find_number(RequestInput *in, uint8_t *field,
                           const CryptoDevSessionParams *wanted)
{
    CryptoDevSessionParams p;

    for (*field = 0; *field < CRYPTODEV_ALGO__MAX; (*field)++) {
        request_session(in, &p);
        if (field == &in->cipher ? p.cipher == wanted->cipher :
                                   p.hash == wanted->hash) {
            break;
        }
    }
    return *field;
}

static void describe_session(RequestInput *in, const CryptoDevSessionParams *p)
{
    bool mac = p->hash && cryptodev_algo_info(p->hash)->service ==
                          CRYPTODEV_SERVICE_MAC;

    in->service = p->service;
    in->kind = p->opcode == CRYPTODEV_DECRYPT;
    in->chain = p->chain;
    while (p->chain && (in->chain % 3 != p->chain || !(in->chain & 4) == mac)) {
        in->chain++;
    }
    in->is_private = 3;
    in->digest_len = p->digest_len;
    in->aad_len = p->aad_len;
    in->cipher = find_number(in, &in->cipher, p);
    in->hash = find_number(in, &in->hash, p);
}

static void add_half(GByteArray *a, const FormatHalf *half)
{
    g_byte_array_append(a, half->bytes, half->len);
}

static void add_seed(FuzzSeedFn *fn, void *opaque, FormatTest *t,
                     const FormatCase *c, VCFormat form)
{
    g_autoptr(GByteArray) a = g_byte_array_new();
    RequestInput in = {
        .form = form,
        .flags = (c->ctrl ? REQUEST_CTRL : 0) | REQUEST_STATELESS,
        .in_len = t->in.len,
        .max_size = 1024 * 1024,
        .cut = 0x2003,
        .piece = 7,
    };

    if (t->form == &format_rev1) {
        in.flags &= ~REQUEST_STATELESS;
    }
    describe_session(&in, &c->session);
    g_byte_array_append(a, (uint8_t *)&in, sizeof(in));
    if (form == VC_V11) {
        add_half(a, &t->in);
        g_byte_array_append(a, t->ram, SEED_RAM);
    } else {
        add_half(a, &t->out);
    }
    fn(a->data, a->len, opaque);
}

/* A source that goes on in guest memory */
static void add_list(FuzzSeedFn *fn, void *opaque, FormatTest *t,
                     const FormatCase *c)
{
    const uint64_t src = FORMAT_TEST_BASE + 0x400;
    const uint64_t next = FORMAT_TEST_BASE + 0x7c0;

    format_test_load(t, c);
    format_test_set(t, &(FormatField) { 48, 24, src, 20 });
    format_test_set(t, &(FormatField) { 60, 4, 1 });
    format_test_set(t, &(FormatField) { 64, 8, next });
    format_test_poke(t, next, 8, src + 20);
    format_test_poke(t, next + 8, 4, 28);
    format_test_poke(t, next + 12, 4, 0);
    add_seed(fn, opaque, t, c, VC_V11);
}

void fuzz_seeds(FuzzSeedFn *fn, void *opaque)
{
    static const struct {
        const FormatForm *form;
        VCFormat wire;
    } forms[] = {
        { &format_v11, VC_V11 }, { &format_std, VC_STD },
        { &format_rev1, VC_REV1 }, { &format_stateless, VC_REV1 },
    };

    for (int i = 0; i < ARRAY_SIZE(forms); i++) {
        const FormatForm *form = forms[i].form;
        FormatTest *t = format_test_new(form);

        for (const FormatCase *c = form->cases; c->name; c++) {
            format_test_load(t, c);
            add_seed(fn, opaque, t, c, forms[i].wire);
            if (form->draft && !strcmp(c->name, "cipher/encrypt")) {
                add_list(fn, opaque, t, c);
            }
        }
        format_test_free(t);
    }
}
