/*
 * Interface of the crypto providers of cryptodev-backend-builtin
 *
 * A provider wraps one library: a table of rows, each of which serves one
 * algorithm.  It knows neither QOM nor virtio nor iovecs: message.c makes
 * flat messages of operations, and stream.c passes on in pieces what is
 * scattered in the guest's memory.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_PROVIDER_H
#define BACKENDS_CRYPTODEV_PROVIDER_H

#include "system/cryptodev.h"

/**
 * CryptoMessage: input and output of one algorithm, in flat memory.  Lengths
 * are bytes.
 *
 * @ctx: from ctx_new of the row that runs the message
 * @src, @len: text of a cipher or AEAD; input of a hash or MAC without its
 *     nonce.  Never NULL
 * @dst: output text; equals @src or does not overlap it
 * @aad, @aad_len: additional authenticated data of an AEAD
 * @digest: output digest or tag; for a decryption the computed tag, which the
 *     caller compares.  Has room for the digest_len of the row
 * @digest_len: length of the truncated digest, or of the tag
 * @iv, @iv_len: IV, counter or tweak of a cipher, nonce of an AEAD or MAC
 * @ok: set by the function that runs the message
 */
typedef struct CryptoMessage {
    void *ctx;
    const uint8_t *src;
    uint8_t *dst;
    size_t len;
    const uint8_t *aad;
    size_t aad_len;
    uint8_t *digest;
    size_t digest_len;
    uint8_t iv[CRYPTODEV_IV_MAX] QEMU_ALIGNED(16);
    uint8_t iv_len;
    bool ok;
} CryptoMessage;

/* The most messages of one call of run */
#define CRYPTO_RUN_MAX 64

typedef struct CryptoRow CryptoRow;

/**
 * CryptoRowOps: functions of a kind of row
 *
 * A row takes messages in pieces (start, auth*, crypt*, final), whole ones
 * (run), or both.  None of the functions but ctx_new and ctx_free allocates,
 * locks or logs.
 *
 * @ctx_new: required.  Make a context from a key whose length the algorithm
 *     table allows.  @encrypt is the direction of ciphers and AEAD.  Returns
 *     NULL if the library refuses this key; the caller then tries another row
 * @ctx_free: required.  Wipes the key schedule; any thread
 * @start: begin a message; drops an earlier one that was not finished.  Uses
 *     only the lengths and IV of @m.  NULL: does not take pieces
 * @auth: bytes that are authenticated only: AAD, or the input of a hash or
 *     MAC.  NULL for a cipher
 * @crypt: text; @dst equals @src or does not overlap it.  NULL for a hash or
 *     MAC
 * @final: write @len bytes of digest or tag.  NULL for a cipher
 * @run: run @n messages, at most CRYPTO_RUN_MAX, and set their ok; one that
 *     fails does not affect the others.  NULL: start to final for each
 * @is_batch: fast with many messages at a time, whose keys all have the same
 *     length; a context serves any number of threads at a time.  The contexts
 *     of other rows serve one thread and one message at a time
 *
 * start, auth, crypt and final return false if the library failed.
 */
typedef struct CryptoRowOps {
    void *(*ctx_new)(const CryptoRow *row, const uint8_t *key, size_t key_len,
                     bool encrypt);
    void (*ctx_free)(void *ctx);
    bool (*start)(void *ctx, const CryptoMessage *m);
    bool (*auth)(void *ctx, const uint8_t *src, size_t len);
    bool (*crypt)(void *ctx, uint8_t *dst, const uint8_t *src, size_t len);
    bool (*final)(void *ctx, uint8_t *digest, size_t len);
    void (*run)(const CryptoRow *row, CryptoMessage *const *m, unsigned n);
    bool is_batch;
} CryptoRowOps;

/* Values of auth_split and crypt_split besides a number of bytes. */
#define CRYPTO_SPLIT_NONE   0
#define CRYPTO_SPLIT_ANY    1
/* The largest such number */
#define CRYPTO_SPLIT_MAX    64

/**
 * CryptoChaining: how to continue a text that is longer than a row's max_len
 *
 * @CRYPTO_CHAINING_NONE: not possible
 * @CRYPTO_CHAINING_RESTART: with the same IV, if any
 * @CRYPTO_CHAINING_CBC: with the last block of ciphertext as the IV
 * @CRYPTO_CHAINING_CTR32: the last 32 bits of the IV count blocks, and must
 *     not overflow
 */
typedef enum CryptoChaining {
    CRYPTO_CHAINING_NONE,
    CRYPTO_CHAINING_RESTART,
    CRYPTO_CHAINING_CBC,
    CRYPTO_CHAINING_CTR32,
} CryptoChaining;

/**
 * CryptoRow: how a provider serves one algorithm
 *
 * @opcodes: a bit for each CryptoDevOpcode that the row is for, 0: all
 * @lib_algo, @lib_mode: numbers of the library; the provider defines them
 * @auth_split, @crypt_split: how auth and crypt take a message in pieces: all
 *     pieces but the last are a multiple of this many bytes, or
 *     CRYPTO_SPLIT_NONE: a single call takes all of it, even if it is empty
 * @max_len: longest message in bytes, 0 = no limit
 *
 * For rows with is_batch:
 *
 * @chaining: how to continue a text after max_len bytes, which are whole blocks
 * @max_aad: longest AAD in bytes
 * @digest_len: bytes that run writes, which an operation can truncate; 0 for
 *     ciphers and AEAD
 * @long_len: longest message if cryptodev_selftest_long() passes, more than
 *     the library documents; 0 to use max_len
 * @gather: copy scattered text to make it contiguous; pays for this algorithm
 * @lanes: the library goes through many texts in parallel, a block of each at
 *     a time; only with @chaining
 * @takes_empty: takes messages without text as well
 */
struct CryptoRow {
    CryptoDevAlgo algo;
    uint8_t opcodes;
    int lib_algo;
    int lib_mode;
    uint8_t auth_split;
    uint8_t crypt_split;
    size_t max_len;
    size_t long_len;
    CryptoChaining chaining;
    uint8_t max_aad;
    uint8_t digest_len;
    bool gather;
    bool lanes;
    bool takes_empty;
    const CryptoRowOps *ops;
};

/* Whether @row serves operations of @opcode. */
static inline bool cryptodev_row_serves(const CryptoRow *row,
                                        CryptoDevOpcode opcode)
{
    return !row->opcodes || row->opcodes & BIT(opcode);
}

/* Whether @row is one of a hash or MAC, not of a cipher or AEAD. */
static inline bool cryptodev_row_digests(const CryptoRow *row)
{
    CryptoDevService service = cryptodev_algo_info(row->algo)->service;

    return service == CRYPTODEV_SERVICE_HASH ||
           service == CRYPTODEV_SERVICE_MAC;
}

/* Longest result of a public-key operation: as long as the longest modulus. */
#define CRYPTO_AKCIPHER_RESULT_MAX 1024

/**
 * CryptoProviderAkcipherRun: a public-key operation
 *
 * @src: data to encrypt, decrypt or sign; for VERIFY the signature.  Not NULL
 * @data: VERIFY only: the signed data.  Not NULL
 * @dst: all but VERIFY: CRYPTO_AKCIPHER_RESULT_MAX bytes; can be overwritten
 *     even if the operation fails
 * @dst_len: set to the length of the result
 */
typedef struct CryptoProviderAkcipherRun {
    CryptoDevOpcode opcode;
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
 * @key_new: decode and check the key of @params; keeps no pointer to it.
 *     Returns CRYPTODEV_OK and a key; CRYPTODEV_NOTSUPP for a hash or curve
 *     that is not supported; CRYPTODEV_ERR for an invalid key, all copies of
 *     which are wiped.  Can take as long as an operation
 * @key_free: wipes the key
 * @run: one operation that the session serves, see
 *     cryptodev_session_check_opcode().  Many threads can use a key at a time.
 *     The time of a private operation does not depend on the key's value.
 *     Returns CRYPTODEV_OK; CRYPTODEV_KEY_REJECTED for a signature that does
 *     not match; CRYPTODEV_ERR for bad lengths and values
 *
 * Context: any number of threads at a time.  None of the functions logs.
 */
typedef struct CryptoProviderAkcipher {
    CryptoDevAlgo algo;
    CryptoDevStatus (*key_new)(const CryptoDevSessionParams *params,
                               void **key);
    void (*key_free)(void *key);
    CryptoDevStatus (*run)(const void *key, CryptoProviderAkcipherRun *run);
} CryptoProviderAkcipher;

/**
 * CryptoCpu: kinds of processors, by the instructions that matter for batches
 *
 * All have AES instructions; there are no batches without them.
 */
typedef enum CryptoCpu {
    CRYPTO_CPU_SSE,             /* or AVX, which makes no difference here */
    CRYPTO_CPU_SSE_SHA,
    CRYPTO_CPU_AVX2,
    CRYPTO_CPU_AVX2_SHA,
    CRYPTO_CPU_AVX512,
    CRYPTO_CPU_AVX512_VAES,     /* and SHA */
    CRYPTO_CPU__MAX,
} CryptoCpu;

/**
 * CryptoProvider: one library
 *
 * @name: required.  Value of the provider property, prefix of test names
 * @rows: required.  Ended by one of CRYPTODEV_ALGO_NONE
 * @akciphers: public-key algorithms, ended by NULL; NULL if there are none
 * @init: required.  Prepare the library; can be called again.  Returns false
 *     if the library cannot be used.  Context: BQL
 * @has_policy: whether the library refuses what the host's policy forbids, as
 *     in FIPS mode; NULL if it never does.  Called after init.
 * @cpu: the processor, as the library uses it; NULL without rows with is_batch
 */
typedef struct CryptoProvider {
    const char *name;
    const CryptoRow *rows;
    const CryptoProviderAkcipher *const *akciphers;
    bool (*init)(void);
    bool (*has_policy)(void);
    CryptoCpu (*cpu)(void);
} CryptoProvider;

extern const CryptoProvider cryptodev_provider_gcrypt;
extern const CryptoProvider cryptodev_provider_nettle;
extern const CryptoProvider cryptodev_provider_ipsec_mb;
extern const CryptoProvider cryptodev_provider_tomcrypt;

/* The most providers of a build */
#define CRYPTODEV_PROVIDERS_MAX 4

/* The providers of this build in the order of preference, ended by NULL. */
extern const CryptoProvider *const cryptodev_providers[];

#endif /* BACKENDS_CRYPTODEV_PROVIDER_H */
