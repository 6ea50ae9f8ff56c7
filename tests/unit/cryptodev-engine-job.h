/*
 * Operations for the cryptodev engine, laid out in memory in all ways
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_UNIT_CRYPTODEV_ENGINE_JOB_H
#define TESTS_UNIT_CRYPTODEV_ENGINE_JOB_H

#include "backends/cryptodev/engine.h"

/* The longest source, AAD or digest of a job. */
#define JOB_MAX 1400

/* How source, AAD, destination and digest lie to each other. */
typedef enum JobShape {
    JOB_PLAIN,                  /* each in one piece */
    JOB_SCATTERED,              /* each in many pieces, in any order */
    JOB_IN_PLACE,               /* the digest right behind the destination */
    JOB_SAME_PIECES,            /* scattered, source and destination the same */
    JOB_OVERLAP,                /* source and destination, partially */
    JOB_AAD_OVERLAP,            /* AAD and destination */
    JOB_SHAPE__MAX,
} JobShape;

/**
 * Job: an operation and what must come of it
 *
 * @tag: compared with, for AEAD decryption; not written then
 * @out, @out_len: bytes that the destination must begin with
 * @digest: bytes that must be written there
 */
typedef struct Job {
    CryptoEngineRows rows;
    CryptoDevSessionParams params;
    CryptoEngineCtx ctx;
    CryptoDevRange cipher_window, hash_window;
    uint8_t iv[CRYPTODEV_IV_MAX];
    uint8_t src[JOB_MAX], aad[JOB_MAX];
    size_t iv_len, src_len, aad_len, dst_len, digest_len;

    CryptoDevStatus status;
    size_t written, out_len;
    uint8_t out[JOB_MAX], digest[JOB_MAX];
} Job;

/* Whether the digest of @job is input. */
bool job_verifies(const Job *job);

/*
 * Lay out @job, run it, and compare: all memory around and between its pieces
 * must be as it was.
 */
void job_run(const Job *job, JobShape shape);

/* Free the bounce memory that the jobs share. */
void job_cleanup(void);

#endif
