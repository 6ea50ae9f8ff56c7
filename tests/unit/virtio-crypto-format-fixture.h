/*
 * Test bench for the virtio-crypto request formats: plain buffers that end at
 * inaccessible pages, and a small guest memory that records each access
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_UNIT_VIRTIO_CRYPTO_FORMAT_FIXTURE_H
#define TESTS_UNIT_VIRTIO_CRYPTO_FORMAT_FIXTURE_H

#include "hw/virtio/crypto/format.h"

/* Guest memory: FORMAT_TEST_RAM bytes from FORMAT_TEST_BASE on. */
#define FORMAT_TEST_BASE    0x40000000ull
#define FORMAT_TEST_RAM     0x8000
#define FORMAT_TEST_MAX     1024

/* A little-endian number of @size bytes, or an iovec of 24 for @len bytes. */
typedef struct FormatField {
    uint16_t offset;
    uint8_t size;
    uint64_t value;
    uint32_t len;
} FormatField;

/**
 * FormatCase: a valid request
 *
 * @name: within its form
 * @ctrl: of the control queue
 * @fields: ended by an entry of size 0; all other bytes are rubbish
 * @out_len, @in_len: bytes of the readable and of the writable half
 * @needed: bytes without which the request cannot be understood: its fixed
 *     part, or in a draft request as much as its opcode uses
 * @kind, @outcome: kind and place of the reply
 * @size: sum of the variable-length parts
 * @session: of a data request, unless that is stateless
 * @expect: what format_test_dump() says
 */
typedef struct FormatCase {
    const char *name;
    bool ctrl;
    uint16_t out_len, in_len, needed, outcome;
    VirtIOCryptoReplyKind kind;
    uint32_t size;
    CryptoDevSessionParams session;
    FormatField fields[40];
    const char *expect;
} FormatCase;

/* A request with one field changed, and how it ends. */
typedef struct FormatBroken {
    const char *name;
    FormatField field;
    const char *head;
} FormatBroken;

/**
 * FormatForm: a form of requests, with its tests
 *
 * @name: in names of tests
 * @format: the parser; REVISION_1 and stateless requests share one
 * @draft: whether the fixed part is in the writable half
 * @cases, @broken: each ends with a NULL name; every case is broken in some way
 */
typedef struct FormatForm {
    const char *name;
    const VirtIOCryptoFormat *const *format;
    bool draft;
    const FormatCase *cases;
    const FormatBroken *broken;
} FormatForm;

extern const FormatForm format_v11, format_std, format_rev1, format_stateless;

/* To write cases with */

#define ID          0x1122334455667788
#define U32_MAX     UINT32_MAX
#define U64_MAX     UINT64_MAX

#define SESSION(_service, _kind, ...) \
    .session = { .service = CRYPTODEV_SERVICE_ ## _service, \
                 .opcode = CRYPTODEV_ ## _kind, __VA_ARGS__ }
#define CIPHER(_algo) .cipher = CRYPTODEV_ALGO_ ## _algo
#define HASH(_algo) .hash = CRYPTODEV_ALGO_ ## _algo

/* Of the standard: a fixed part, then @_keys or @_out bytes; @_in of result */
#define STD_CREATE(_name, _fixed, _keys) \
    .name = _name, .ctrl = true, .needed = _fixed, .out_len = _fixed + _keys, \
    .in_len = 16, .kind = VIRTIO_CRYPTO_REPLY_SESSION
#define STD_DESTROY(_service, _fixed, _opcode) { \
    .name = _service "/destroy", .ctrl = true, .needed = _fixed, \
    .out_len = _fixed, .in_len = 1, .kind = VIRTIO_CRYPTO_REPLY_BYTE, \
    .fields = { { 0, 4, _opcode }, { 16, 8, ID } }, \
    .expect = _service " destroy 1122334455667788" }
#define STD_DATA(_name, _fixed, _out, _in) \
    .name = _name, .needed = _fixed, .out_len = _fixed + _out, \
    .in_len = _in + 1, .kind = VIRTIO_CRYPTO_REPLY_BYTE, .size = _out + _in

/* Ways to cut a half into pieces besides the length of the first of two. */
#define FORMAT_TEST_WHOLE   SIZE_MAX
#define FORMAT_TEST_BYTES   (SIZE_MAX - 1)

/**
 * FormatHalf: half of a request
 *
 * @bytes, @len: what format_test_run() lays out
 * @cut: in which pieces; the end of each is that of a page that crashes the
 *     reader
 * @iov, @num: what the parser gets
 * @rw: the same bytes where they can be written
 */
typedef struct FormatHalf {
    uint8_t bytes[FORMAT_TEST_MAX];
    size_t len;
    size_t cut;
    uint8_t *view[2], *rw_view[2];
    struct iovec iov[FORMAT_TEST_MAX], rw[FORMAT_TEST_MAX];
    unsigned num;
} FormatHalf;

typedef struct FormatTest {
    VirtIOCryptoDma dma;
    const FormatForm *form;
    uint8_t ram[FORMAT_TEST_RAM];
    uint8_t reads[FORMAT_TEST_RAM];     /* how often each byte was read */
    size_t piece;                       /* map at most so many at a time */
    bool ctrl;
    CryptoDevCaps caps;
    uint32_t stateless;
    bool chain_aad_first, aead_aad_first;
    CryptoDevSession session;
    FormatHalf out, in;

    /* results of format_test_run */
    CryptoDevStatus status;
    VirtIOCryptoReply reply;
    VirtIOCryptoCtrl c;
    VirtIOCryptoSessionSpec spec;
    VirtIOCryptoData data;
    VirtIOCryptoMap map;
    CryptoDevOp op;
} FormatTest;

FormatTest *format_test_new(const FormatForm *form);
void format_test_free(FormatTest *t);

/* Load a valid request, in one piece, and reset limits and guest memory. */
void format_test_load(FormatTest *t, const FormatCase *c);

/* The half that holds the fixed part. */
FormatHalf *format_test_fixed(FormatTest *t);

/* Change a number in the fixed part, or in guest memory at @at. */
void format_test_set(FormatTest *t, const FormatField *field);
void format_test_poke(FormatTest *t, uint64_t at, unsigned size,
                      uint64_t value);

/*
 * Lay out the request, run the parser as the device does, and check what
 * holds for any request; the first two steps alone.
 */
void format_test_run(FormatTest *t);
void format_test_lay(FormatTest *t);
void format_test_parse(FormatTest *t);

/* Status and reply; the rest of what the parser made out.  Freed by caller. */
char *format_test_head(const FormatTest *t);
char *format_test_dump(FormatTest *t);

/* Run, and compare with what is expected; @dump NULL is not compared. */
void format_test_expect(FormatTest *t, const char *head, const char *dump);

/* What format_test_head() says when @c ends with @status in @in_len bytes. */
char *format_test_head_of(const FormatForm *form, const FormatCase *c,
                          const char *status, size_t in_len);

/* The case of that name, or NULL; the same where there must be one. */
const FormatCase *format_find_case(const FormatForm *form, const char *name);
const FormatCase *format_test_case(const FormatForm *form, const char *name);

void format_test_add(const char *form, const char *name, const char *what,
                     const void *data, GTestDataFunc func);

/* Tests that a form has beyond those that all cases get. */
void format_v11_list_test_add(void);
void format_std_test_add(void);

/* Of each form: that no key stays on the stack; the memo of a request. */
void format_stack_test_add(const FormatForm *form);
void format_memo_test_add(const FormatForm *form);

#endif
