/*
 * Interface of the crypto providers of cryptodev-backend-builtin
 *
 * A provider wraps one library: a table of algorithms, each with functions to
 * make, run and free a context.  It knows neither QOM nor virtio nor iovecs:
 * the engine (engine.c) walks the guest's buffers and hands over
 * plain pieces, cut as the row asks.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_PROVIDER_H
#define BACKENDS_CRYPTODEV_PROVIDER_H

#include "system/cryptodev.h"

/**
 * CryptoProviderMsg: what a context must know before the first byte
 *
 * @iv, @iv_len: IV, counter, tweak or nonce (also the nonce of a MAC)
 * @aad_len: bytes of additional authenticated data to come (AEAD)
 * @text_len: bytes of text to come; for a MAC or hash the bytes of its input
 *     behind the nonce
 * @tag_len: bytes of tag that final will be asked for, or CCM is to verify
 */
typedef struct CryptoProviderMsg {
    const uint8_t *iv;
    size_t iv_len;
    size_t aad_len;
    size_t text_len;
    size_t tag_len;
} CryptoProviderMsg;

typedef struct CryptoProviderAlgo CryptoProviderAlgo;

/**
 * CryptoProviderOps: functions of a kind of context
 *
 * A message is start, auth*, crypt*, final.  A context serves one message at
 * a time, in one thread at a time, and starts the next one afresh.  None of
 * the functions but ctx_new and ctx_free allocates, locks or logs.
 *
 * @ctx_new: make a context from a key whose length the algorithm table
 *     allows.  @encrypt tells the direction of ciphers and AEAD.  NULL: the
 *     library refuses this key, the next provider is asked.
 * @ctx_free: wipes the key schedule
 * @start: begin a message
 * @auth: bytes that are authenticated only: AAD, or the input of a hash or MAC
 * @crypt: text; @dst equals @src or does not overlap it
 * @final: write @len bytes of digest or tag; the tag of a decryption is
 *     written too, the engine compares
 *
 * start, auth, crypt and final return false if the library failed.
 * Functions that make no sense for a kind (auth of a cipher, crypt of a hash,
 * final of a cipher) are NULL.
 */
typedef struct CryptoProviderOps {
    void *(*ctx_new)(const CryptoProviderAlgo *row, const uint8_t *key,
                     size_t key_len, bool encrypt);
    void (*ctx_free)(void *ctx);
    bool (*start)(void *ctx, const CryptoProviderMsg *msg);
    bool (*auth)(void *ctx, const uint8_t *src, size_t len);
    bool (*crypt)(void *ctx, uint8_t *dst, const uint8_t *src, size_t len);
    bool (*final)(void *ctx, uint8_t *digest, size_t len);
} CryptoProviderOps;

/* Values of auth_split and crypt_split besides a number of bytes. */
#define CRYPTO_SPLIT_ANY    1
#define CRYPTO_SPLIT_NONE   0

/**
 * CryptoProviderAlgo: one algorithm of a provider
 *
 * @lib_algo, @lib_mode: the library's own numbers; meaning up to the provider
 * @auth_split, @crypt_split: how auth and crypt take a message in pieces: all
 *     pieces but the last are a multiple of this many bytes, or
 *     CRYPTO_SPLIT_NONE: one call gets it all (and there is one call even
 *     for an empty message)
 * @max_len: longest message in bytes, 0 = no limit of its own
 * @contends: may be faster than the rows of other providers: on this machine
 *     the faster one serves; otherwise the order of providers decides
 */
struct CryptoProviderAlgo {
    CryptoDevAlgo algo;
    int lib_algo;
    int lib_mode;
    uint8_t auth_split;
    uint8_t crypt_split;
    bool contends;
    size_t max_len;
    const CryptoProviderOps *ops;
};

/**
 * CryptoProviderJob: a message of a batch
 *
 * @key: from key_new of the batch row
 * @src, @dst, @len: text of a cipher; @dst equals @src or does not overlap it
 * @msg, @msg_len: what a hash or MAC digests; in a chain it may lie in @src,
 *     or in @dst where it is hashed after the cipher wrote it
 * @aad, @aad_len: additional authenticated data (AEAD)
 * @digest: room for @digest_len bytes, the digest_len of the row or, for
 *     AEAD, the length of the tag; the tag of a decryption is written too
 * @iv, @iv_len: IV of a cipher, nonce of an AEAD or MAC
 * @ok: set by run
 */
typedef struct CryptoProviderJob {
    const void *key;
    const uint8_t *src;
    uint8_t *dst;
    size_t len;
    const uint8_t *msg;
    size_t msg_len;
    const uint8_t *aad;
    size_t aad_len;
    uint8_t *digest;
    size_t digest_len;
    uint8_t iv[CRYPTODEV_IV_MAX] QEMU_ALIGNED(16);
    uint8_t iv_len;
    bool ok;
} CryptoProviderJob;

/* The most jobs of a run. */
#define CRYPTO_BATCH_MAX 64

typedef struct CryptoProviderBatch CryptoProviderBatch;

/**
 * CryptoProviderBatchOps: functions of a kind of batch
 *
 * @key_new: expand the keys of a session.  Any number of threads may use the
 *     result at a time.  NULL: the library has no batches with such keys
 * @key_free: wipes the keys; any thread
 * @run: run @n jobs, at most CRYPTO_BATCH_MAX, whose cipher keys have the same
 *     length.  A job that fails is no harm to the others.  Does not allocate,
 *     lock or log
 */
typedef struct CryptoProviderBatchOps {
    void *(*key_new)(const CryptoProviderBatch *row,
                     const CryptoDevSessionParams *params);
    void (*key_free)(void *key);
    void (*run)(const CryptoProviderBatch *row, CryptoProviderJob *jobs,
                unsigned n);
} CryptoProviderBatchOps;

/**
 * CryptoBatchCarry: how a text that is too long for a library goes on
 *
 * @CRYPTO_CARRY_NEVER: it does not
 * @CRYPTO_CARRY_NOTHING: as it began
 * @CRYPTO_CARRY_BLOCK: with the last block of ciphertext for an IV
 * @CRYPTO_CARRY_COUNTER: the last 32 bits of the IV count blocks; they must
 *     not overflow
 */
typedef enum CryptoBatchCarry {
    CRYPTO_CARRY_NEVER,
    CRYPTO_CARRY_NOTHING,
    CRYPTO_CARRY_BLOCK,
    CRYPTO_CARRY_COUNTER,
} CryptoBatchCarry;

/**
 * CryptoProviderBatch: what a provider can do for many messages at a time
 *
 * @cipher, @hash, @chain, @kind: the sessions that it serves; the kind of a
 *     hash or MAC is CRYPTODEV_DIGEST
 * @lib_cipher, @lib_hash: the library's own numbers
 * @max_len, @max_aad: longest text and message, longest AAD; there are no
 *     batches of empty texts and messages
 * @carry: how a text behind max_len, then whole blocks, goes on
 * @digest_len: what run writes, of which an operation wants a part; 0 for
 *     ciphers and AEAD
 * @gather: what is scattered in memory is worth to be brought together for a
 *     batch
 * @lanes: goes through many texts side by side; only with @carry
 */
struct CryptoProviderBatch {
    CryptoDevAlgo cipher;
    CryptoDevAlgo hash;
    CryptoDevChain chain;
    CryptoDevKind kind;
    int lib_cipher;
    int lib_hash;
    uint32_t max_len;
    uint8_t max_aad;
    uint8_t digest_len;
    bool gather;
    bool lanes;
    CryptoBatchCarry carry;
    const CryptoProviderBatchOps *ops;
};

/* Longest result of a public-key operation: as long as the longest modulus. */
#define CRYPTO_AKCIPHER_RESULT_MAX 1024

/**
 * CryptoProviderAkcipherRun: a public-key operation
 *
 * @src: what to encrypt, decrypt or sign; for VERIFY the signature.  Not NULL
 * @data: VERIFY only: the signed data.  Not NULL
 * @dst: all but VERIFY: CRYPTO_AKCIPHER_RESULT_MAX bytes; may be scribbled on
 *     even if the operation fails
 * @dst_len: set to the length of the result
 */
typedef struct CryptoProviderAkcipherRun {
    CryptoDevKind kind;
    const uint8_t *src;
    const uint8_t *data;
    uint8_t *dst;
    size_t src_len;
    size_t data_len;
    size_t dst_len;
} CryptoProviderAkcipherRun;

/**
 * CryptoProviderAkcipher: a public-key algorithm of a provider
 *
 * @key_new: decode and check the key of @params, which it does not keep.
 *     Returns CRYPTODEV_OK and a key; CRYPTODEV_NOTSUPP for a hash or curve
 *     that is not supported; CRYPTODEV_ERR for a key that is not valid, of
 *     which nothing is left then.  May take as long as an operation
 * @key_free: wipes the key
 * @run: one operation of a kind that the session serves, see
 *     cryptodev_session_check_kind().  A key may be used by many threads at a
 *     time.  Private operations take no time that depends on the key.
 *     Returns CRYPTODEV_OK; CRYPTODEV_KEY_REJECTED for a signature that does
 *     not match; CRYPTODEV_ERR for bad lengths and values
 *
 * Context: any thread, and any number of threads at a time.  None of them
 * logs.
 */
typedef struct CryptoProviderAkcipher {
    CryptoDevAlgo algo;
    CryptoDevStatus (*key_new)(const CryptoDevSessionParams *params,
                               void **key);
    void (*key_free)(void *key);
    CryptoDevStatus (*run)(const void *key, CryptoProviderAkcipherRun *run);
} CryptoProviderAkcipher;

/**
 * CryptoProvider: one library
 *
 * @name: value of the provider property, prefix in traces and test names
 * @algos: rows, ended by an entry with CRYPTODEV_ALGO_NONE
 * @batches: batch rows, ended by one without algorithms; NULL if there are none
 * @akciphers: public-key algorithms, ended by NULL; NULL if there are none
 * @init: prepare the library, once, BQL held; false: it cannot be used
 */
typedef struct CryptoProvider {
    const char *name;
    const CryptoProviderAlgo *algos;
    const CryptoProviderBatch *batches;
    const CryptoProviderAkcipher *const *akciphers;
    bool (*init)(void);
} CryptoProvider;

extern const CryptoProvider cryptodev_provider_gcrypt;
extern const CryptoProvider cryptodev_provider_nettle;
extern const CryptoProvider cryptodev_provider_ipsec_mb;
extern const CryptoProvider cryptodev_provider_tomcrypt;

/**
 * CryptoProviderRun: a whole message, as the self-test and the unit tests
 * hand it to a provider
 *
 * @iv: IV of a cipher, nonce of an AEAD or MAC
 * @in: text, or what a hash or MAC digests
 * @out: as long as @in, may be @in; unused for a hash or MAC
 * @tag: digest or tag, written; unused for a cipher
 * @first, @rest: bytes in the first and in each further piece, rounded to
 *     what the row allows; 0: everything in one piece
 */
typedef struct CryptoProviderRun {
    const uint8_t *iv;
    const uint8_t *aad;
    const uint8_t *in;
    uint8_t *out;
    uint8_t *tag;
    size_t iv_len;
    size_t aad_len;
    size_t in_len;
    size_t tag_len;
    size_t first;
    size_t rest;
} CryptoProviderRun;

/**
 * cryptodev_provider_run: take a message through start, auth, crypt and final
 *
 * Returns: false if any of them failed
 */
bool cryptodev_provider_run(const CryptoProviderAlgo *row, void *ctx,
                            const CryptoProviderRun *run);

/* The providers that a build may have. */
#define CRYPTODEV_PROVIDERS_MAX 4

/* Those of this build in the order of preference, ended by NULL. */
extern const CryptoProvider *const cryptodev_providers[];

/**
 * cryptodev_selftest: run the known-answer tests of a provider's algorithm,
 * in both directions where there are two.
 *
 * Returns: whether all passed; an algorithm without a test fails
 */
bool cryptodev_selftest(const CryptoProviderAlgo *row);

/* The same for public-key algorithms. */
bool cryptodev_akcipher_selftest(const CryptoProviderAkcipher *akcipher);

#endif /* BACKENDS_CRYPTODEV_PROVIDER_H */
