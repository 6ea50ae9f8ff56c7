/*
 * Fuzzing: interface of a target
 *
 * A target is run by libFuzzer, and by replay.c as a test.  It ends the process
 * on a failure.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

/* Longer inputs are cut. */
#define FUZZ_INPUT_MAX 4096

/* Run the target.  Returns: 0 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

typedef void FuzzSeedFn(const uint8_t *data, size_t len, void *opaque);

/* Call @fn for each input to begin with. */
void fuzz_seeds(FuzzSeedFn *fn, void *opaque);

/* What is left of an input; it never ends, but with zeroes. */
typedef struct FuzzInput {
    const uint8_t *data;
    size_t len;
} FuzzInput;

/* Take @size <= 4 bytes as a little-endian number. */
static inline uint32_t fuzz_take(FuzzInput *in, unsigned size)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < size && in->len; i++) {
        value |= (uint32_t)*in->data++ << (8 * i);
        in->len--;
    }
    return value;
}

/* Pseudo-random numbers, which the input begins. */
static inline uint32_t fuzz_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

static inline void fuzz_fill(uint8_t *buf, size_t len, uint32_t *state)
{
    for (size_t i = 0; i < len; i++) {
        buf[i] = fuzz_random(state);
    }
}

#endif
