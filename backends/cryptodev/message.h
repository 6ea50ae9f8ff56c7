/*
 * Operations as flat messages
 *
 * The only home of what an operation means: which parts of the guest's memory
 * are text, message, additional data and tag; in which order a chain goes;
 * what happens where source and destination overlap; what is zeroed.
 *
 * Guest memory may change while an operation runs, so nothing is decided on
 * it: lengths, IV and windows are private, and the tag of a decryption is
 * copied before it is compared.  Results are as if all input had been read
 * before the first byte is written.
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
 * CryptoScratch: memory for what must be copied.  All zero = empty.
 *
 * What is taken does not move, and is wiped when all is given back.
 */
typedef struct CryptoScratch {
    uint8_t *buf;
    size_t size;
    size_t used;
} CryptoScratch;

/* Memory that is kept from one batch to the next */
#define CRYPTO_SCRATCH_KEEP (1024 * 1024)

/* See to it that @len bytes can be taken.  Context: nothing is taken */
void cryptodev_scratch_reserve(CryptoScratch *s, size_t len);

/* Give all back. */
void cryptodev_scratch_reset(CryptoScratch *s);

void cryptodev_scratch_cleanup(CryptoScratch *s);

/* A cipher or AEAD, or a hash or MAC; bits, so that there are sets of them */
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
 * @m: message of the step at hand
 * @src: all of the source, or NULL where it is scattered
 * @dst: the first @image bytes of the destination, likewise; or memory for
 *     them, then @out is the same
 * @image: bytes that are written to the destination
 * @steps: what is to be done, in this order
 * @aad: all additional authenticated data
 * @out: what goes to the destination at the end, NULL if it is there
 * @digest: digest or tag that was made
 * @expected: tag to compare with
 * @iov: vectors of @src, @dst and @aad for iterators
 * @part: what a step that is not flat works on; see cryptodev_work_place()
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

/* Take the input that must be private, before anything is written. */
void cryptodev_work_load(CryptoWork *w, CryptoScratch *scratch);

/* Bytes of text of the cipher, or of what is digested, without its nonce */
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

/* Whether source and destination can be used as they lie */
static inline bool cryptodev_work_is_flat(const CryptoWork *w)
{
    return w->src && w->dst &&
           (w->src == w->dst || !bytes_overlap(w->src, w->op->src.len,
                                               w->dst, w->image));
}

/**
 * cryptodev_work_place: make the message of the cipher or hash.
 *
 * Copies what lies so that @row cannot take it.
 *
 * Returns: false if the text is scattered and @row can take it in pieces:
 * then w->part has the destination and the source of a cipher, or the two
 * parts of what is digested
 */
bool cryptodev_work_place(CryptoWork *w, CryptoScratch *scratch,
                          const CryptoRow *row, bool hash);

/* Place and run the cipher or hash with @row and @ctx, which takes one. */
void cryptodev_work_run(CryptoWork *w, CryptoScratch *scratch,
                        const CryptoRow *row, void *ctx, bool hash);

/**
 * cryptodev_work_finish: all steps are done: set status and bytes written.
 *
 * CRYPTODEV_OK; CRYPTODEV_BADMSG if a tag does not match, CRYPTODEV_ERR if a
 * library failed.  The text of an AEAD that fails is zeroed.
 */
void cryptodev_work_finish(CryptoWork *w);

#endif /* BACKENDS_CRYPTODEV_MESSAGE_H */
