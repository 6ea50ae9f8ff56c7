/*
 * Operations laid out in memory in all ways
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_UNIT_CRYPTODEV_OP_FIXTURE_H
#define TESTS_UNIT_CRYPTODEV_OP_FIXTURE_H

#include "backends/cryptodev/route.h"

/* The longest source, AAD or digest of an operation */
#define OP_CASE_MAX 1400

/* How source, AAD, destination and digest lie to each other. */
typedef enum OpShape {
    OP_PLAIN,                  /* each in one piece */
    OP_SCATTERED,              /* each in many pieces, in any order */
    OP_IN_PLACE,               /* the digest right behind the destination */
    OP_SAME_PIECES,            /* scattered, source and destination the same */
    OP_OVERLAP,                /* source and destination, partially */
    OP_AAD_OVERLAP,            /* AAD and destination */
    OP_SHAPE__MAX,
} OpShape;

/**
 * OpCase: an operation and what must come of it
 *
 * @route: made by op_case_start()
 * @status, @written: wanted
 * @out, @out_len: bytes that the destination must begin with
 * @digest: bytes that must be written there, or that are compared with
 */
typedef struct OpCase {
    CryptoRoute *route;
    CryptoDevSessionParams params;
    CryptoDevRange cipher_window, hash_window;
    uint8_t iv[CRYPTODEV_IV_MAX];
    uint8_t src[OP_CASE_MAX], aad[OP_CASE_MAX];
    size_t iv_len, src_len, aad_len, dst_len, digest_len;

    CryptoDevStatus status;
    size_t written, out_len;
    uint8_t out[OP_CASE_MAX], digest[OP_CASE_MAX];
} OpCase;

/* Make the route; false if no library takes the keys. */
bool op_case_start(OpCase *c, const CryptoRoutes *routes);
void op_case_end(OpCase *c);

/* Whether the digest of @c is input. */
bool op_case_verifies(const OpCase *c);

/*
 * Lay out @c, run it, and compare: all memory around and between its pieces
 * must be as it was, and of what was copied nothing must be left.
 */
void op_case_run(const OpCase *c, OpShape shape);

/* Free the scratch memory that the operations share. */
void op_case_cleanup(void);

#endif
