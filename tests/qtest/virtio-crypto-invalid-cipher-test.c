/*
 * QTest testcases for virtio-crypto: requests of the CIPHER service with one
 * error
 *
 * Each gets its status and changes nothing else; the device serves the next
 * request.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-calls.h"
#include "libqos/virtio-crypto-registry.h"

#define STD     (VC_FOR_STD | VC_FOR_REV1)
#define V11     VC_FOR_V11
#define BOTH    (STD | V11)
#define STATELESS   VC_FOR_STATELESS
#define UNFLAGGED   VC_FOR_BOTH     /* formats without a session flag */

/* A change of the header */
#define H32(_offset, _value) { .size = 4, .offset = _offset, .value = _value }
#define H64(_offset, _value) { .size = 8, .offset = _offset, .value = _value }

/**
 * Bad: a bad request, which is a good one changed in up to three places
 *
 * @akcipher: of the service AKCIPHER: NOTSUPP where the build has none
 */
typedef struct Bad {
    const char *name;
    unsigned formats;
    VCPoke poke[4];
    VCStatus expect;
    bool akcipher;
} Bad;

/* Sessions */

static const Bad bad_creates[] = {
    { "algorithm 0", BOTH, { H32(16, 0) }, VC_NOTSUPP },
    { "algorithm 15", BOTH, { H32(16, 15) }, VC_NOTSUPP },
    { "algorithm 31", BOTH, { H32(16, 31) }, VC_NOTSUPP },
    { "algorithm 32", BOTH, { H32(16, 32) }, VC_NOTSUPP },
    { "algorithm 35", BOTH, { H32(16, 35) }, VC_NOTSUPP },
    { "algorithm 64", BOTH, { H32(16, 64) }, VC_NOTSUPP },
    { "algorithm 67", BOTH, { H32(16, 67) }, VC_NOTSUPP },
    { "algorithm max", BOTH, { H32(16, UINT32_MAX) }, VC_NOTSUPP },
    { "algorithm 3 + 2^31", BOTH, { H32(16, 3u | 1u << 31) }, VC_NOTSUPP },
    { "key of 0 bytes", BOTH, { H32(20, 0) }, VC_ERR },
    { "key of 1 byte", BOTH, { H32(20, 1) }, VC_ERR },
    { "key of 15 bytes", BOTH, { H32(20, 15) }, VC_ERR },
    { "key of 17 bytes", BOTH, { H32(20, 17) }, VC_ERR },
    { "key of 33 bytes", BOTH, { H32(20, 33) }, VC_ERR },
    { "key of 64 bytes", BOTH, { H32(20, 64) }, VC_ERR },
    { "key of 2^16 + 16", BOTH, { H32(20, 0x10010) }, VC_ERR },
    { "key of 2^31 bytes", BOTH, { H32(20, 1u << 31) }, VC_ERR },
    { "key of 2^32 - 1", BOTH, { H32(20, UINT32_MAX) }, VC_ERR },
    { "key of 2^32 - 72", BOTH, { H32(20, UINT32_MAX - 71) }, VC_ERR },
    { "direction 0", BOTH, { H32(24, 0) }, VC_ERR },
    { "direction 3", BOTH, { H32(24, 3) }, VC_ERR },
    { "direction 257", BOTH, { H32(24, 0x101) }, VC_ERR },
    { "direction max", BOTH, { H32(24, UINT32_MAX) }, VC_ERR },
    { "op_type 0", STD, { H32(64, 0) }, VC_NOTSUPP },
    { "op_type 3", STD, { H32(64, 3) }, VC_NOTSUPP },
    { "op_type 257", STD, { H32(64, 0x101) }, VC_NOTSUPP },
    { "op_type 0", V11, { H32(96, 0) }, VC_NOTSUPP },
    { "op_type 3", V11, { H32(96, 3) }, VC_NOTSUPP },
    { "opcode encrypt", STD, { H32(0, VC_CIPHER_ENCRYPT) }, VC_NOTSUPP },
    { "opcode 4", STD, { H32(0, 4) }, VC_NOTSUPP },
    { "service IPSEC", STD, { H32(0, 0x502) }, VC_NOTSUPP },
    { "service 6", STD, { H32(0, 0x602) }, VC_NOTSUPP },
    { "opcode 2 + 2^16", STD, { H32(0, 0x10002) }, VC_NOTSUPP },
    { "opcode max", STD, { H32(0, UINT32_MAX) }, VC_NOTSUPP },
    { "opcode encrypt", V11, { H32(0, VC_CIPHER_ENCRYPT) }, VC_UNANSWERED },
    { "opcode 4", V11, { H32(0, 4) }, VC_UNANSWERED },
    { "service AKCIPHER", V11, { H32(0, 0x404) }, VC_UNANSWERED },
    { "service 6", V11, { H32(0, 0x602) }, VC_UNANSWERED },
    { "opcode 2 + 2^16", V11, { H32(0, 0x10002) }, VC_UNANSWERED },
    { "opcode max", V11, { H32(0, UINT32_MAX) }, VC_UNANSWERED },
};

static void create_bad(VCClient *vc, VCFormat format, const Bad *b)
{
    vc->context = b->name;
    vc_create_session(&(VCSession) {
        .vc = vc, .format = format, VC_SAMPLE_SESSION, .shape.poke = b->poke,
        .expect = b->expect,
    });
    vc_check_alive(vc, format);
}

static void test_create(const VCTest *t, VCClient *vc)
{
    for (int i = 0; i < ARRAY_SIZE(bad_creates); i++) {
        if (bad_creates[i].formats & 1u << t->format) {
            create_bad(vc, t->format, &bad_creates[i]);
        }
    }
}

/* Keys that are longer than announced, and complete */
static void test_long_key(const VCTest *t, VCClient *vc)
{
    static const uint32_t lens[] = { 65, 257, 512, 4096, 65536 };

    for (int i = 0; i < ARRAY_SIZE(lens); i++) {
        g_autofree uint8_t *key = vc_bytes(i, lens[i]);

        vc_create_session(&(VCSession) {
            .vc = vc, .format = t->format, .algo = VC_AES_CBC, .key = key,
            .key_len = lens[i], .expect = VC_ERR,
        });
        vc_check_alive(vc, t->format);
    }
}

static void test_destroy(const VCTest *t, VCClient *vc)
{
    static const uint32_t others[] = { 0x103, 0x203, 0x303 };
    static const uint64_t flips[] = { 1, 1ull << 31, 1ull << 32, 1ull << 63 };
    uint64_t session = vc_sample_session(vc, t->format);
    VCDestroy d = {
        .vc = vc, .format = t->format, .session = session, .expect = VC_ERR,
    };

    for (int i = 0; i < ARRAY_SIZE(others); i++) {
        d.opcode = others[i];
        vc_destroy_session(&d);
    }
    d.opcode = VC_CIPHER_DESTROY;
    for (int i = 0; i < ARRAY_SIZE(flips); i++) {
        d.session = session ^ flips[i];
        vc_destroy_session(&d);
    }
    d.session = UINT64_MAX;
    vc_destroy_session(&d);
    vc_sample_request(vc, t->format, session, VC_OK);
}

/* Data requests; the good one has an IV of 16 bytes and 64 bytes of text. */

static const Bad bad_data[] = {
    { "IV of 0 bytes", BOTH, { H32(24, 0) }, VC_ERR },
    { "IV of 8 bytes", BOTH, { H32(24, 8) }, VC_ERR },
    { "IV of 15 bytes", BOTH, { H32(24, 15) }, VC_ERR },
    { "IV of 17 bytes", BOTH, { H32(24, 17) }, VC_ERR },
    { "IV of 2^32 - 1 bytes", BOTH, { H32(24, UINT32_MAX) }, VC_ERR },
    { "IV of 2^32 - 72 bytes", BOTH, { H32(24, UINT32_MAX - 71) }, VC_ERR },
    { "source of 63 bytes", BOTH, { H32(28, 63) }, VC_ERR },
    { "source of 1 byte", BOTH, { H32(28, 1) }, VC_ERR },
    { "source of 65 bytes", BOTH, { H32(28, 65), H32(32, 65) }, VC_ERR },
    { "source longer than its buffer", BOTH, { H32(28, 80), H32(32, 80) },
      VC_ERR },
    { "source longer than destination", BOTH, { H32(32, 48) }, VC_ERR },
    { "destination of 63 bytes", BOTH, { H32(32, 63) }, VC_ERR },
    { "no destination", BOTH, { H32(32, 0) }, VC_ERR },
    { "destination longer than its buffer", STD, { H32(32, 65) }, VC_ERR },
    { "source of 2^32 - 16", BOTH, { H32(28, UINT32_MAX - 15) }, VC_ERR },
    { "destination of 2^32 - 1", BOTH, { H32(32, UINT32_MAX) }, VC_ERR },
    { "destination of 2^32 - 64", BOTH, { H32(32, UINT32_MAX - 63) }, VC_ERR },
    { "both of 2^32 - 16", BOTH, { H32(28, UINT32_MAX - 15),
                                   H32(32, UINT32_MAX - 15) }, VC_ERR },
    { "both of 2^31", BOTH, { H32(28, 1u << 31), H32(32, 1u << 31) }, VC_ERR },
    { "all of 2^32 - 1", BOTH, { H32(24, UINT32_MAX), H32(28, UINT32_MAX),
                                 H32(32, UINT32_MAX) }, VC_ERR },
    { "session 0", BOTH, { H64(8, 0) }, VC_INVSESS },
    { "session max", BOTH, { H64(8, UINT64_MAX) }, VC_INVSESS },
    { "session random", BOTH, { H64(8, 0x7a3c5e1200ff0001ull) }, VC_INVSESS },
    { "wrong direction", BOTH, { H32(0, VC_CIPHER_DECRYPT) }, VC_ERR },
    { "op_type chaining", STD, { H32(64, VC_SYM_CHAINING) }, VC_ERR },
    { "op_type 3", STD, { H32(64, 3) }, VC_NOTSUPP },
    { "op_type 257", STD, { H32(64, 0x101) }, VC_NOTSUPP },
    { "op_type max", STD, { H32(64, UINT32_MAX) }, VC_NOTSUPP },
    { "op_type 0", V11, { H32(136, 0) }, VC_NOTSUPP },
    { "op_type 3", V11, { H32(136, 3) }, VC_NOTSUPP },
    { "op_type 257", V11, { H32(136, 0x101) }, VC_NOTSUPP },
    { "op_type max", V11, { H32(136, UINT32_MAX) }, VC_NOTSUPP },
    { "op_type 3, session 0", STD, { H32(64, 3), H64(8, 0) }, VC_NOTSUPP },
    { "op_type 3, session 0", V11, { H32(136, 3), H64(8, 0) }, VC_NOTSUPP },
    { "opcode create", STD, { H32(0, VC_CIPHER_CREATE) }, VC_NOTSUPP },
    { "opcode 4", STD, { H32(0, 4) }, VC_NOTSUPP },
    { "service IPSEC", STD, { H32(0, 0x500) }, VC_NOTSUPP },
    { "service 6", STD, { H32(0, 0x600) }, VC_NOTSUPP },
    { "opcode 2^16", STD, { H32(0, 0x10000) }, VC_NOTSUPP },
    { "opcode max", STD, { H32(0, UINT32_MAX) }, VC_NOTSUPP },
    { "service HASH", STD, { H32(0, 0x100) }, VC_INVSESS },
    { "service AEAD", STD, { H32(0, 0x300) }, VC_INVSESS },
    { "service AKCIPHER", STD, { H32(0, 0x400) }, VC_INVSESS, true },
    { "opcode create", V11, { H32(0, VC_CIPHER_CREATE) }, VC_UNANSWERED },
    { "service AKCIPHER", V11, { H32(0, 0x400) }, VC_UNANSWERED },
    { "service 6", V11, { H32(0, 0x600) }, VC_UNANSWERED },
    { "opcode max", V11, { H32(0, UINT32_MAX) }, VC_UNANSWERED },
    { "no session mode", VC_FOR_REV1, { H32(16, 0) }, VC_NOTSUPP },
    { "no session mode, but rubbish", VC_FOR_REV1, { H32(16, 0xfffffffe) },
      VC_NOTSUPP },
    /* not wrong */
    { "destination of 65 bytes", V11, { H32(32, 65) }, VC_OK },
    { "flag 0", UNFLAGGED, { H32(16, 0) }, VC_OK },
    { "flag 1", UNFLAGGED, { H32(16, 1) }, VC_OK },
    { "flag max", UNFLAGGED, { H32(16, UINT32_MAX) }, VC_OK },
    { "flag with unknown bits", VC_FOR_REV1, { H32(16, 0x80000001) }, VC_OK },
    { "next entry after the last needed byte", V11,
      { H32(60, 1), H64(64, 0x7fff00000000), H32(84, UINT32_MAX) }, VC_OK },
    { "digest address and length", V11,
      { H64(96, 0x7fff00000000), H32(104, UINT32_MAX) }, VC_OK },
};

static void test_data(const VCTest *t, VCClient *vc)
{
    const VCRequest good = vc_sample_in_session(vc, t->format);
    bool akcipher = vc_offers_service(vc, VC_SERVICE_AKCIPHER);

    for (const Bad *b = bad_data; b < bad_data + ARRAY_SIZE(bad_data); b++) {
        VCRequest r = good;

        if (b->formats & 1u << t->format) {
            vc->context = b->name;
            r.shape.poke = b->poke;
            r.expect = b->akcipher && !akcipher ? VC_NOTSUPP : b->expect;
            vc_request_and_sample(&r);
        }
    }
}

/* Stateless requests contain the key, and have a longer header. */
static const Bad bad_stateless[] = {
    { "algorithm 0", STATELESS, { H32(24, 0) }, VC_NOTSUPP },
    { "algorithm 15", STATELESS, { H32(24, 15) }, VC_NOTSUPP },
    { "no key", STATELESS, { H32(28, 0) }, VC_ERR },
    { "key of 17 bytes", STATELESS, { H32(28, 17) }, VC_ERR },
    { "key of 24 bytes", STATELESS, { H32(28, 24) }, VC_ERR },
    { "key of 2^32 - 1", STATELESS, { H32(28, UINT32_MAX) }, VC_ERR },
    { "direction differs", STATELESS, { H32(32, VC_OP_DECRYPT) }, VC_ERR },
    { "direction 0", STATELESS, { H32(32, 0) }, VC_ERR },
    { "op_type 0", STATELESS, { H32(96, 0) }, VC_NOTSUPP },
    { "op_type 3", STATELESS, { H32(96, 3) }, VC_NOTSUPP },
    { "op_type max", STATELESS, { H32(96, UINT32_MAX) }, VC_NOTSUPP },
    { "IV of 15 bytes", STATELESS, { H32(36, 15) }, VC_ERR },
    { "IV of 2^32 - 1", STATELESS, { H32(36, UINT32_MAX) }, VC_ERR },
    { "source of 63 bytes", STATELESS, { H32(40, 63) }, VC_ERR },
    { "source of 80 bytes", STATELESS, { H32(40, 80), H32(44, 80) }, VC_ERR },
    { "source of 2^32 - 16", STATELESS, { H32(40, UINT32_MAX - 15) }, VC_ERR },
    { "destination of 48 bytes", STATELESS, { H32(44, 48) }, VC_ERR },
    { "destination of 65 bytes", STATELESS, { H32(44, 65) }, VC_ERR },
    { "all of 2^32 - 1", STATELESS,
      { H32(36, UINT32_MAX), H32(40, UINT32_MAX), H32(44, UINT32_MAX) },
      VC_ERR },
    { "session mode, no session", STATELESS, { H32(16, 1), H32(64, 1) },
      VC_INVSESS },
    { "session mode, op_type 3", STATELESS, { H32(16, 1), H32(64, 3) },
      VC_NOTSUPP },
    { "rubbish flag", STATELESS, { H32(16, 0xfffffffe) }, VC_OK },
};

static void test_stateless(const VCTest *t, VCClient *vc)
{
    const VCSession params = { .vc = vc, VC_SAMPLE_SESSION };

    for (int i = 0; i < ARRAY_SIZE(bad_stateless); i++) {
        VCRequest r = {
            .vc = vc, .format = VC_STATELESS, .params = &params,
            VC_SAMPLE_ENCRYPT,
        };

        vc->context = bad_stateless[i].name;
        vc_request(&r);
        r.shape.poke = bad_stateless[i].poke;
        r.expect = bad_stateless[i].expect;
        vc_request(&r);
    }
}

/* In the draft the status of a chain has a place of its own. */
static void test_chaining(const VCTest *t, VCClient *vc)
{
    static const VCPoke poke[] = { H32(136, VC_SYM_CHAINING), { } };
    VCRequest r = vc_sample_in_session(vc, VC_V11);

    r.shape.poke = poke;
    r.status_offset = 132;
    r.expect = VC_ERR;
    vc_request_and_sample(&r);
}

/* Ids that differ in one bit from one that was issued */
static void test_session_ids(const VCTest *t, VCClient *vc)
{
    uint64_t session = vc_sample_session(vc, t->format);

    for (int bit = 0; bit < 64; bit++) {
        vc_sample_request(vc, t->format, session ^ 1ull << bit, VC_INVSESS);
    }
    vc_sample_request(vc, t->format, session, VC_OK);
}

/*
 * Errors of the guest are logged with -d guest_errors only.  Standard error
 * goes to a file, which must stay empty.
 */
static void test_quiet(const VCTest *t, VCClient *vc)
{
    const char *path = t->arg;
    g_autofree char *text = NULL;
    gsize len;

    for (int i = 0; i < 3; i++) {
        test_data(t, vc);
        test_create(t, vc);
        test_long_key(t, vc);
    }
    g_assert_true(g_file_get_contents(path, &text, &len, NULL));
    unlink(path);
    vc_drop_sanitizer_remark(text);
    g_assert_cmpstr(text, ==, "");
}

static void add_quiet_test(void)
{
    char *path = g_strdup_printf("%s/qtest-virtio-crypto-%d.err",
                                 g_get_tmp_dir(), getpid());

    vc_add_test_formats("invalid-cipher/quiet", &(VCTest) {
        .run = test_quiet, .arg = path,
        .backend = g_strdup_printf(" 2>%s", path),
    });
}

static const VCTestEntry tests[] = {
    { BOTH, "invalid-cipher/create", { test_create } },
    { BOTH, "invalid-cipher/long-key", { test_long_key } },
    { BOTH, "invalid-cipher/destroy", { test_destroy } },
    { BOTH, "invalid-cipher/data", { test_data } },
    { BOTH, "invalid-cipher/session-ids", { test_session_ids } },
    { V11, "invalid-cipher/chaining", { test_chaining } },
    { STATELESS, "invalid-cipher/data", { test_stateless } },
    { }
};

static void register_virtio_crypto_invalid_cipher_test(void)
{
    vc_add_tests(tests);
    add_quiet_test();
}

libqos_init(register_virtio_crypto_invalid_cipher_test);
