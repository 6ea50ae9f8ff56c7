/*
 * Fuzzing of the request parsers: a request, a run of its parser, and the same
 * request in the other forms
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_FUZZ_REQUESTS_H
#define TESTS_FUZZ_REQUESTS_H

#include "fuzz.h"
#include "hw/virtio/crypto/format.h"
#include "tests/qtest/libqos/virtio-crypto-wire.h"

/* Where guest memory begins, as for the requests of the unit tests */
#define FUZZ_RAM_BASE   0x40000000ull
#define FUZZ_PIECES_MAX 128

/* Bits of RequestInput.flags */
#define REQUEST_CTRL            1
#define REQUEST_CHAIN_AAD_FIRST 2
#define REQUEST_AEAD_AAD_FIRST  4
#define REQUEST_STATELESS       8
#define REQUEST_FEW_ALGOS       16

/**
 * RequestInput: how an input of the target begins; the request follows
 *
 * The request is the readable half, or, of a draft, the writable half and then
 * guest memory.
 *
 * @form: VC_STD, VC_V11 or VC_REV1
 * @service to @aad_len: of the session
 * @in_len: of the writable half
 * @cut: where the second run has its pieces
 * @change_at, @change: a byte that a second request has different
 * @piece: bytes of guest memory that are mapped in one piece, 0: all
 */
typedef struct QEMU_PACKED RequestInput {
    uint8_t form, flags;
    uint8_t service, kind, chain, cipher, hash, is_private;
    uint32_t aad_len;
    uint16_t digest_len;
    uint16_t in_len;
    uint32_t max_size;
    uint32_t cut;
    uint16_t change_at;
    uint8_t change;
    uint8_t piece;
} RequestInput;

/* A request in plain memory; @ram is of a draft only. */
typedef struct Request {
    VCFormat form;
    uint8_t flags;
    const uint8_t *out, *in, *ram;
    size_t out_len, in_len, ram_len;
    uint64_t max_size;
} Request;

/* One half of a buffer: pieces, and where in the half each begins */
typedef struct RequestHalf {
    struct iovec iov[FUZZ_PIECES_MAX];
    size_t start[FUZZ_PIECES_MAX];
    unsigned num;
    size_t len;
    bool unreadable;
} RequestHalf;

/**
 * RequestRun: a run of a parser
 *
 * Every piece that may be read is memory of its own.  A writable half of the
 * standard cannot be touched at all.
 */
typedef struct RequestRun {
    VirtIOCryptoDma dma;
    const Request *request;
    const uint8_t *ram;
    size_t piece;
    RequestHalf out, in;
    CryptoDevCaps caps;
    CryptoDevSession session;
    VirtIOCryptoMap map;
    VirtIOCryptoBuffer buf;

    /* results */
    CryptoDevStatus status;
    VirtIOCryptoReply reply;
    VirtIOCryptoCtrl ctrl;
    VirtIOCryptoData data;
    VirtIOCryptoSessionSpec spec;
    CryptoDevOp op;
} RequestRun;

/* The session of data requests, as @in describes it */
void request_session(const RequestInput *in, CryptoDevSessionParams *params);

/**
 * request_run: lay a request out, and run its parser as the device does.
 *
 * @params: of its session, unless it is stateless or of the control queue
 * @cut: where the pieces end; 0: each half is one
 *
 * What is to be read once is overwritten then, if @cut is not 0.
 */
void request_run(RequestRun *run, const Request *request,
                 const CryptoDevSessionParams *params, uint32_t cut,
                 size_t piece);

/* The same in steps; the halves stay as they are until they are freed. */
void request_lay(RequestRun *run, const Request *request, uint32_t cut,
                 size_t piece);
void request_parse(RequestRun *run, const CryptoDevSessionParams *params,
                   bool overwrite);
void request_free(RequestRun *run);

/* Two runs of one request must come to the same. */
void request_expect_same(const RequestRun *a, const RequestRun *b);
void request_expect_same_op(const RequestRun *a, const CryptoDevOp *a_op,
                            const RequestRun *b);

void request_expect_same_params(const CryptoDevSessionParams *a,
                                const CryptoDevSessionParams *b);

/* What @run came to must come of it in each form that can say it. */
void request_expect_forms(const RequestRun *run);

#endif
