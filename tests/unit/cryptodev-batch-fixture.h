/*
 * Operations that are run twice: in a batch, and one by one
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_UNIT_CRYPTODEV_BATCH_FIXTURE_H
#define TESTS_UNIT_CRYPTODEV_BATCH_FIXTURE_H

#include "backends/cryptodev/batch.h"

/* Longest source */
#define TWIN_LEN_MAX    65520

/* Where an operation lies; @TWIN_ALONE is done by another library. */
enum { TWIN_BATCH, TWIN_ALONE, TWIN_BOTH };

/* How source and destination lie to each other */
typedef enum Shape {
    SHAPE_PLAIN,
    SHAPE_IN_PLACE,
    SHAPE_SCATTERED,
    SHAPE_SAME_PIECES,
    SHAPE_OVERLAP,
    SHAPE__MAX,
} Shape;

#define PLACE_PIECES_MAX 20

/* A span, at the same place of both memories */
typedef struct Place {
    struct iovec iov[TWIN_BOTH][PLACE_PIECES_MAX];
    unsigned niov;
    size_t len;
} Place;

/**
 * Twin: an operation that is done twice
 *
 * @row: of the algorithm that this is about; for a chain, of the cipher
 */
typedef struct Twin {
    const CryptoRow *row;
    CryptoDevSessionParams params;
    CryptoRoute *route[TWIN_BOTH];
    uint8_t cipher_key[CRYPTODEV_CIPHER_KEY_MAX];
    uint8_t auth_key[CRYPTODEV_AUTH_KEY_MAX];
    Shape shape;
    Place src, dst, aad, digest;
    CryptoDevOp op[TWIN_BOTH];
} Twin;

extern Twin twins[CRYPTO_BATCH_MAX];

/* What the operations lie in, and its bytes that are in use */
extern uint8_t *twin_memory[TWIN_BOTH];
extern size_t twin_memory_used;

/* Routes for each; those for batches use them even for one operation. */
extern CryptoRoutes *twin_routes[TWIN_BOTH];

/* The provider with batches, or NULL */
extern const CryptoProvider *twin_provider;

/* What shall go wrong with one of several messages that a batch row runs */
typedef enum Spoil {
    SPOIL_NOTHING,
    SPOIL_TEXT,
    SPOIL_TAG,
    SPOIL_STATUS,
} Spoil;

extern Spoil twin_spoil;

/* How many runs are spoilt before that is over */
extern unsigned twin_spoil_runs;

/* How often the last twins_run() called batch rows */
extern unsigned twin_num_runs;

/* Returns: false without a provider that has batches */
bool twins_init(void);
void twins_cleanup(void);

unsigned twin_count(unsigned quick);
size_t twin_upto(size_t max);
void twin_fill(uint8_t *buf, size_t len);
size_t twin_random_len(size_t max);

/* Begin with empty memories. */
void twins_begin(void);

/**
 * twin_init: an operation with random keys and lengths
 *
 * @opcode: one that @row serves
 * @len: bytes of the source
 */
void twin_init(Twin *t, const CryptoRow *row, CryptoDevOpcode opcode,
               size_t len, Shape shape);

/* The same for a chain of @row, of a cipher, and @hash */
void twin_init_chain(Twin *t, const CryptoRow *row, CryptoDevOpcode opcode,
                     CryptoDevChain order, CryptoDevAlgo hash, size_t len,
                     Shape shape);

/* One that is done in a batch, unless its length forbids */
void twin_init_qualified(Twin *t, const CryptoRow *row, size_t len,
                         Shape shape);

/* The row for batches of @algo, one that serves @opcode if it is a cipher's */
const CryptoRow *twin_find_row(CryptoDevAlgo algo, CryptoDevOpcode opcode);

/* An opcode that @row serves */
CryptoDevOpcode twin_random_opcode(const CryptoRow *row);

/* Put bytes into both memories, and the right tag into every other one. */
void twins_fill(unsigned n);

/* Run one alone. */
void twin_run_alone(Twin *t, int a);

/**
 * twins_run: run the first @n both ways.
 *
 * Memory, status and bytes written must be the same.
 *
 * Returns: the number of steps that a batch row did
 */
unsigned twins_run(unsigned n);

/* Free what an operation has, or each of the first @n. */
void twin_end(Twin *t);
void twins_end(unsigned n);

/* Move the text of @t, in place, to the next page. */
void twin_align(Twin *t);

/* Keep the last 32 bits of a counter far from an overflow. */
void twin_set_counter(Twin *t, uint32_t counter);

#endif /* TESTS_UNIT_CRYPTODEV_BATCH_FIXTURE_H */
