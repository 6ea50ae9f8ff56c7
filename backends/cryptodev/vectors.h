/*
 * Known answers of the algorithms that crypto providers serve
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_VECTORS_H
#define BACKENDS_CRYPTODEV_VECTORS_H

#include "system/cryptodev-algos.h"

/**
 * CryptoDevVector: one known answer, all bytes in hexadecimal, NULL = none
 *
 * @source: the document that it is printed in
 * @in: plaintext, or what a hash or MAC digests
 * @out: ciphertext
 * @tag: digest or tag; its length is the length asked for
 */
typedef struct CryptoDevVector {
    CryptoDevAlgo algo;
    const char *source;
    const char *key;
    const char *iv;
    const char *aad;
    const char *in;
    const char *out;
    const char *tag;
} CryptoDevVector;

/* The longest string of the table, in bytes. */
#define CRYPTODEV_VECTOR_MAX 256

typedef struct CryptoDevBytes {
    uint8_t data[CRYPTODEV_VECTOR_MAX];
    size_t len;
} CryptoDevBytes;

typedef struct CryptoDevVectorData {
    CryptoDevBytes key, iv, aad, in, out, tag;
} CryptoDevVectorData;

/* Decode the strings of a vector. */
void cryptodev_vector_load(const CryptoDevVector *v, CryptoDevVectorData *d);

/* Ended by an entry of CRYPTODEV_ALGO_NONE */
extern const CryptoDevVector cryptodev_vectors[];

#endif /* BACKENDS_CRYPTODEV_VECTORS_H */
