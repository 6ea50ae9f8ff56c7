/*
 * Messages for crypto providers, on guard pages
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_UNIT_CRYPTODEV_MESSAGE_FIXTURE_H
#define TESTS_UNIT_CRYPTODEV_MESSAGE_FIXTURE_H

#include "backends/cryptodev/provider.h"
#include "backends/cryptodev/vectors.h"

/* Memory between two pages that cannot be touched */
typedef struct Guarded {
    uint8_t *start;
    uint8_t *end;
} Guarded;

/**
 * Message: all that goes into a provider
 *
 * Each part ends where a guard page begins: a read behind it crashes.
 */
typedef struct Message {
    const CryptoDevAlgoInfo *info;
    Guarded mem[4];
    uint8_t *key, *iv, *aad, *in;
    size_t key_len, iv_len, aad_len, in_len, tag_len;
} Message;

/* What comes out, on guard pages as well */
typedef struct Result {
    Guarded mem[2];
    uint8_t *out, *tag;
} Result;

/**
 * Handover: how a message is handed over
 *
 * @first, @rest: bytes in the first and in each further piece; 0: everything
 *     in one piece, as rows do that take no pieces
 */
typedef struct Handover {
    size_t first, rest;
    bool in_place;
} Handover;

#define MESSAGE_MAX (70 * 1024)

void message_init(Message *m);
void message_cleanup(Message *m);
void result_init(Result *r);
void result_cleanup(Result *r);

/* Give a part of @m its length; the bytes are anything. */
void message_set_lens(Message *m, const CryptoDevAlgoInfo *info,
                      size_t key_len, size_t iv_len, size_t aad_len,
                      size_t in_len, size_t tag_len);

/* Fill all parts with random bytes. */
void message_fill(Message *m);

/* A message of @info with random lengths, at most @max_len bytes of input */
void message_random(Message *m, const CryptoDevAlgoInfo *info, size_t max_len);

/* A random message that @row can take, at most @max_len bytes of input */
void message_random_for(Message *m, const CryptoRow *row, size_t max_len);

/* Input and output of a vector change places for decryption. */
void message_from_vector(Message *m, const CryptoDevVector *v, bool encrypt);

/* A copy of @m whose input is @in. */
void message_copy(Message *copy, const Message *m, const uint8_t *in);

bool message_run(const Message *m, const CryptoRow *row, void *ctx,
                 Handover how, Result *r);

/* Make a context for @m, or NULL if the provider refuses the key. */
void *message_ctx_new(const Message *m, const CryptoRow *row,
                      bool encrypt);

/* Fails the test, with the lengths printed, unless both results are equal. */
void message_assert_equal(const Message *m, const CryptoRow *row,
                          const uint8_t *out, const uint8_t *tag,
                          const Result *r);

/* Whether @row takes messages like @m; one with is_batch may not. */
bool row_takes(const CryptoRow *row, const Message *m);

/* Whether @row encrypts, or decrypts; a hash or MAC only does the former. */
bool row_goes(const CryptoRow *row, bool encrypt);

/* The next provider that works here, from *@i on; NULL after the last. */
const CryptoProvider *next_provider(unsigned *i);

/* The row of @algo in @provider that takes any message, or NULL */
const CryptoRow *provider_row(const CryptoProvider *provider,
                              CryptoDevAlgo algo);

/* The next provider of cryptodev_providers that has @algo, from *@i on. */
const CryptoRow *next_row(unsigned *i, CryptoDevAlgo algo);

/* The longest input that a test gives to @row. */
size_t row_max_len(const CryptoRow *row);

#endif /* TESTS_UNIT_CRYPTODEV_MESSAGE_FIXTURE_H */
