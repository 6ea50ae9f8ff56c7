/*
 * Operations as flat messages
 *
 * The only place that defines what an operation means: which parts of the
 * guest's memory are text, message, additional data and tag; the order of a
 * chain; what happens if source and destination overlap; what is zeroed.
 *
 * The guest can change its memory while an operation runs, so no decision
 * depends on it: lengths, IV and windows are private copies, and the tag of a
 * decryption is copied before it is compared.  Results are as if all input
 * were read before the first byte of output is written.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_MESSAGE_H
#define BACKENDS_CRYPTODEV_MESSAGE_H

#include "provider.h"
#include "span.h"

/* Digests up to this length need no scratch memory. */
#define CRYPTO_WORK_DIGEST  64
/* The same for additional authenticated data */
#define CRYPTO_WORK_AAD     64

/**
 * CryptoScratch: memory for copies.  All zero = empty.
 *
 * Memory that was taken does not move; cryptodev_scratch_reset() wipes it.
 */
typedef struct CryptoScratch {
    uint8_t *buf;
    size_t size;
    size_t used;
} CryptoScratch;

/* Bytes that are kept from one batch to the next */
#define CRYPTO_SCRATCH_KEEP (1024 * 1024)

/* Make room for @len bytes.  Context: nothing is taken */
void cryptodev_scratch_reserve(CryptoScratch *s, size_t len);

/* Wipe and give back all memory that was taken. */
void cryptodev_scratch_reset(CryptoScratch *s);

void cryptodev_scratch_cleanup(CryptoScratch *s);

/* A cipher or AEAD, or a hash or MAC; bits, so that they can form a set */
typedef enum CryptoStep {
    CRYPTO_STEP_NONE = 0,
    CRYPTO_STEP_CIPHER = 1,
    CRYPTO_STEP_HASH = 2,
} CryptoStep;

/**
 * CryptoWork: an operation while it is computed
 *
 * It has one step, or, if it is a chain, two: its cipher and its hash.
 *
 * @m: message of the current step
 * @src: the source, or NULL if it is scattered
 * @dst: the first @image bytes of the destination, or NULL if scattered; or
 *     scratch memory for them, then equal to @out
 * @image: bytes that are written to the destination
 * @steps: the steps, in order
 * @aad: all additional authenticated data
 * @out: bytes to copy to the destination at the end, NULL if they are there
 * @digest: computed digest or tag
 * @expected: tag to compare with
 * @iov: vectors of @src, @dst and @aad for iterators
 * @part: input and output of a step that is not flat; see
 *     cryptodev_work_place()
 * @failed: a step failed
 */
typedef struct CryptoWork {
    CryptoMessage m;
    CryptoDevOp *op;
    const CryptoDevSessionParams *params;
    const uint8_t *src;
    uint8_t *dst;
    size_t image;
    CryptoStep steps[2];
    const uint8_t *aad;
    const uint8_t *out;
    uint8_t *digest;
    bool failed;
    struct iovec iov[3];
    CryptoDevSpanIter part[2];
    uint8_t expected[CRYPTODEV_IV_MAX];
    uint8_t aad_buf[CRYPTO_WORK_AAD];
    uint8_t digest_buf[CRYPTO_WORK_DIGEST];
} CryptoWork;

/**
 * cryptodev_work_init: begin to work on a validated operation.
 *
 * @params: of its session
 *
 * Returns: the most scratch memory that the work will take
 */
size_t cryptodev_work_init(CryptoWork *w, CryptoDevOp *op,
                           const CryptoDevSessionParams *params);

/* Copy the input that must be private, before anything is written. */
void cryptodev_work_load(CryptoWork *w, CryptoScratch *scratch);

/* Length of the cipher text, or of the digested input without its nonce */
static inline size_t cryptodev_work_len(const CryptoWork *w, bool hash)
{
    const CryptoDevOp *op = w->op;
    bool chain = w->params->chain != CRYPTODEV_CHAIN_NONE;

    if (!hash) {
        return chain ? op->cipher_window.len : op->src.len;
    }
    return (chain ? op->aad.len + op->hash_window.len : op->src.len) -
           cryptodev_algo_info(w->params->hash)->nonce_len;
}

/* Whether source and destination can be used without a copy */
static inline bool cryptodev_work_is_flat(const CryptoWork *w)
{
    return w->src && w->dst &&
           (w->src == w->dst || !bytes_overlap(w->src, w->op->src.len,
                                               w->dst, w->image));
}

/**
 * cryptodev_work_place: make the message of the cipher or hash.
 *
 * Copies input that @row cannot use where it is.
 *
 * Returns: false if the text is scattered and @row can take it in pieces:
 * then w->part has the destination and the source of a cipher, or the two
 * parts of the input of a hash
 */
bool cryptodev_work_place(CryptoWork *w, CryptoScratch *scratch,
                          const CryptoRow *row, bool hash);

/* Place and run the cipher or hash of one operation with @row and @ctx. */
void cryptodev_work_run(CryptoWork *w, CryptoScratch *scratch,
                        const CryptoRow *row, void *ctx, bool hash);

/**
 * cryptodev_work_finish: set status and bytes written after the last step.
 *
 * The status is CRYPTODEV_OK; CRYPTODEV_BADMSG if a tag does not match;
 * CRYPTODEV_ERR if a library failed.  Zeroes the text of an AEAD that fails.
 */
void cryptodev_work_finish(CryptoWork *w);

#endif /* BACKENDS_CRYPTODEV_MESSAGE_H */
