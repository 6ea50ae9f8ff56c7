/*
 * Run messages with the functions of a row: whole, or in the pieces of the
 * guest's memory
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_STREAM_H
#define BACKENDS_CRYPTODEV_STREAM_H

#include "provider.h"
#include "span.h"

/**
 * cryptodev_row_run: run @n messages, at most CRYPTO_RUN_MAX, of @row.
 *
 * Sets ok of each.  If @row has is_batch, their keys have the same length.
 */
void cryptodev_row_run(const CryptoRow *row, CryptoMessage *const *m,
                       unsigned n);

void cryptodev_row_run_one(const CryptoRow *row, CryptoMessage *m);

/**
 * cryptodev_stream_cipher: run a cipher or AEAD on scattered text.
 *
 * @row: with a crypt_split
 * @m: all but src and dst; sets ok
 * @dst, @src: m->len bytes; each byte of @dst has the address of its
 *     counterpart in @src, or does not overlap @src
 */
void cryptodev_stream_cipher(const CryptoRow *row, CryptoMessage *m,
                             CryptoDevSpanIter dst, CryptoDevSpanIter src);

/**
 * cryptodev_stream_hash: digest the bytes of @a, then those of @b.
 *
 * @row: with an auth_split
 * @m: all but src; sets ok
 */
void cryptodev_stream_hash(const CryptoRow *row, CryptoMessage *m,
                           CryptoDevSpanIter a, CryptoDevSpanIter b);

#endif /* BACKENDS_CRYPTODEV_STREAM_H */
