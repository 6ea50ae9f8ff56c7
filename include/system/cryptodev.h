/*
 * Cryptodev backends: sessions, operations and the backend interface
 *
 * A backend turns CryptoDevOps into results.  It knows neither virtqueues nor
 * request formats; its clients (virtio-crypto) know no crypto library.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef SYSTEM_CRYPTODEV_H
#define SYSTEM_CRYPTODEV_H

#include "qemu/iov.h"
#include "qemu/notify.h"
#include "qemu/rcu.h"
#include "qemu/thread.h"
#include "qemu/throttle.h"
#include "qom/object.h"
#include "qapi/qapi-types-cryptodev.h"
#include "system/cryptodev-algos.h"
#include "system/cryptodev-util.h"

#define TYPE_CRYPTODEV_BACKEND "cryptodev-backend"
OBJECT_DECLARE_TYPE(CryptoDevBackend, CryptoDevBackendClass, CRYPTODEV_BACKEND)

/*
 * Outcome of a session or data operation, numbered as the status codes of
 * the virtio specification.  CRYPTODEV_PENDING never reaches a guest.
 */
typedef enum CryptoDevStatus {
    CRYPTODEV_OK,
    CRYPTODEV_ERR,
    CRYPTODEV_BADMSG,
    CRYPTODEV_NOTSUPP,
    CRYPTODEV_INVSESS,
    CRYPTODEV_NOSPC,
    CRYPTODEV_KEY_REJECTED,
    CRYPTODEV_PENDING = 0x100,
} CryptoDevStatus;

typedef enum CryptoDevKind {
    CRYPTODEV_ENCRYPT,
    CRYPTODEV_DECRYPT,
    CRYPTODEV_DIGEST,           /* hash or MAC */
    CRYPTODEV_SIGN,
    CRYPTODEV_VERIFY,
    CRYPTODEV_KIND__MAX,
} CryptoDevKind;

/* Order of the two steps of algorithm chaining. */
typedef enum CryptoDevChain {
    CRYPTODEV_CHAIN_NONE,
    CRYPTODEV_CHAIN_HASH_THEN_CIPHER,
    CRYPTODEV_CHAIN_CIPHER_THEN_HASH,
} CryptoDevChain;

typedef enum CryptoDevRsaPadding {
    CRYPTODEV_RSA_RAW,
    CRYPTODEV_RSA_PKCS1,        /* v1.5 */
} CryptoDevRsaPadding;

/* Elliptic curves, numbered as in the virtio specification. */
typedef enum CryptoDevCurve {
    CRYPTODEV_CURVE_UNKNOWN,
    CRYPTODEV_CURVE_P192,
    CRYPTODEV_CURVE_P224,
    CRYPTODEV_CURVE_P256,
    CRYPTODEV_CURVE_P384,
    CRYPTODEV_CURVE_P521,
} CryptoDevCurve;

/**
 * CryptoDevSessionParams: what a session does, whichever request format
 * described it.
 *
 * @service: service of the request; algorithm chains are CIPHER
 * @kind: the only kind of operation the session serves; CRYPTODEV_DIGEST for
 *     HASH and MAC; unused for AKCIPHER, see cryptodev_session_check_kind()
 * @chain: order of the steps, CRYPTODEV_CHAIN_NONE unless chaining
 * @cipher: cipher, AEAD or public-key algorithm, CRYPTODEV_ALGO_NONE for HASH
 *     and MAC
 * @hash: hash or MAC algorithm, CRYPTODEV_ALGO_NONE unless HASH, MAC or
 *     chaining; for AKCIPHER the hash that RSA signatures name, or
 *     CRYPTODEV_ALGO_NONE
 * @cipher_key, @cipher_key_len: key of @cipher, in bytes
 * @auth_key, @auth_key_len: key of @hash where it is a MAC, in bytes
 * @digest_len: bytes of digest or tag; 0 means the full digest
 * @aad_len: bytes of additional authenticated data announced for each
 *     request; 0 where the request says
 * @is_private: AKCIPHER only: kind of the key.  Keys are encoded as the
 *     virtio specification says: RSA in DER as RSAPublicKey or RSAPrivateKey
 *     (PKCS#1), ECDSA as a point (SEC 1) or in DER as ECPrivateKey (RFC 5915)
 * @padding: RSA only
 * @curve: ECDSA only
 *
 * Keys belong to the owner of the struct.
 */
typedef struct CryptoDevSessionParams {
    CryptoDevService service;
    CryptoDevKind kind;
    CryptoDevChain chain;
    CryptoDevAlgo cipher;
    CryptoDevAlgo hash;
    const uint8_t *cipher_key;
    const uint8_t *auth_key;
    uint32_t cipher_key_len;
    uint32_t auth_key_len;
    uint32_t digest_len;
    uint32_t aad_len;
    bool is_private;
    CryptoDevRsaPadding padding;
    CryptoDevCurve curve;
} CryptoDevSessionParams;

/**
 * CryptoDevSession: base, and first member, of the backends' sessions.
 * Reference-counted; the last reference may be dropped in any thread.  The
 * memory stays readable for RCU readers until the grace period ends.
 *
 * @id: the client's own, 0 until it sets one
 * @params: as created, with digest_len resolved to the effective length.
 *     Keys are the backend's private copies.
 */
typedef struct CryptoDevSession {
    struct rcu_head rcu;
    CryptoDevBackend *backend;
    unsigned refcount;
    uint64_t id;
    CryptoDevSessionParams params;
} CryptoDevSession;

/**
 * CryptoDevSpan: a run of mapped guest bytes
 *
 * @iov, @niov: the vector, constant while the operation lasts
 * @offset: bytes to skip at the head of the vector
 * @len: bytes; 0 = empty, then nothing else counts
 *
 * The vector holds at least @offset + @len bytes.  The guest may change the
 * bytes at any time: never decide on them twice.
 */
typedef struct CryptoDevSpan {
    const struct iovec *iov;
    unsigned niov;
    size_t offset;
    size_t len;
} CryptoDevSpan;

/* A window of the source of a chaining operation, in bytes. */
typedef struct CryptoDevRange {
    uint32_t offset;
    uint32_t len;
} CryptoDevRange;

typedef struct CryptoDevOp CryptoDevOp;

/* Completion of an operation that submit left pending; see submit. */
typedef void CryptoDevOpDone(CryptoDevOp *op);

/**
 * CryptoDevOp: one data operation
 *
 * The client owns the memory and fills in the request part; the backend owns
 * the operation from submit until its status is final.
 *
 * @session: one reference, the client's
 * @kind: what to do; one that the session serves
 * @src: input; ciphertext or plaintext, the message of a digest, the
 *     signature to verify
 * @dst: output; the bytes produced for @src go to its head.  For VERIFY the
 *     signed data (a digest), which is only read
 * @aad: additional authenticated data of AEAD and chaining
 * @digest: where a digest or tag is written; for AEAD decryption the tag
 *     to compare with, which is only read.  Its length is the length of
 *     the (truncated) digest
 * @cipher_window, @hash_window: chaining only, parts of @src; source bytes
 *     outside the cipher window are copied to @dst unchanged
 * @iv, @iv_len: private copy; never written back
 * @done: called once iff submit left the status CRYPTODEV_PENDING
 * @status: CRYPTODEV_PENDING from submit until final
 * @written: bytes that count in @dst and @digest; 0 unless CRYPTODEV_OK
 */
struct CryptoDevOp {
    CryptoDevSession *session;
    CryptoDevKind kind;
    CryptoDevSpan src, dst, aad, digest;
    CryptoDevRange cipher_window, hash_window;
    uint8_t iv[CRYPTODEV_IV_MAX];
    uint8_t iv_len;
    CryptoDevOpDone *done;

    CryptoDevStatus status;
    size_t written;
};

/**
 * CryptoDevCaps: what a backend offers, constant once it is complete
 *
 * @algos: per service, a bit for each algorithm number offered; bit 0 is
 *     clear.  A service with an empty mask is not offered.
 * @max_cipher_key_len, @max_auth_key_len: longest keys, in bytes
 * @max_size: longest request, in bytes: the sum of its variable-length parts
 */
typedef struct CryptoDevCaps {
    uint64_t algos[CRYPTODEV_SERVICE__MAX];
    uint32_t max_cipher_key_len;
    uint32_t max_auth_key_len;
    uint64_t max_size;
} CryptoDevCaps;

/* Counters of one queue, written by its thread only. */
typedef struct CryptoDevCounter {
    uint64_t ops;
    uint64_t bytes;
    uint64_t errors;
} CryptoDevCounter;

typedef struct CryptoDevQueue {
    CryptoDevCounter stats[CRYPTODEV_SERVICE__MAX][CRYPTODEV_KIND__MAX];
} CryptoDevQueue;

/**
 * CryptoDevBackend: base of all backends
 *
 * @caps: set by the subclass while it completes
 * @queues: number of data queues, constant once complete
 * @ready: whether requests are accepted; see cryptodev_backend_ready()
 * @client: notifier of the device that uses the backend, NULL if none does
 */
struct CryptoDevBackend {
    Object parent_obj;

    CryptoDevCaps caps;
    uint32_t queues;
    bool ready;
    bool complete;
    Notifier *client;
    CryptoDevQueue *queue;              /* an array of queues entries */

    QemuMutex throttle_lock;            /* protects throttle */
    ThrottleState throttle;
    ThrottleConfig throttle_config;     /* BQL */
    bool throttle_enabled;              /* atomic */
};

/**
 * CryptoDevBackendClass: what a backend implements
 *
 * @type: as shown by query-cryptodev
 * @complete: finish set-up and fill in the caps.  Context: BQL held.
 * @session_new: make a session from validated parameters.  Returns
 *     CRYPTODEV_OK and a session with one reference, or a final status.
 *     Context: BQL held, or a queue's AioContext.
 * @session_free: the last reference is gone: wipe all keys and free what
 *     @session points to.  The caller frees @session itself.  Context: any
 *     thread.
 * @submit: run @n validated operations of queue @queue.  On return each is
 *     final or CRYPTODEV_PENDING; for the latter op->done is called later in
 *     the same AioContext, never from within submit.  Context: AioContext of
 *     the queue.
 */
struct CryptoDevBackendClass {
    ObjectClass parent_class;

    QCryptodevBackendType type;
    bool (*complete)(CryptoDevBackend *b, Error **errp);
    CryptoDevStatus (*session_new)(CryptoDevBackend *b,
                                   const CryptoDevSessionParams *params,
                                   CryptoDevSession **session);
    void (*session_free)(CryptoDevSession *session);
    void (*submit)(CryptoDevBackend *b, unsigned queue,
                   CryptoDevOp *const *ops, unsigned n);
};

/* The most data queues a backend may have: one virtqueue is for control. */
#define CRYPTODEV_MAX_QUEUES 1023

/**
 * cryptodev_backend_attach: claim @b for one device.
 *
 * @changed: called, BQL held, when cryptodev_backend_ready() or a limit that
 *     cryptodev_throttled() obeys changes
 *
 * Returns: false with @errp set if another device uses @b.  Paired with
 * cryptodev_backend_detach.
 */
bool cryptodev_backend_attach(CryptoDevBackend *b, Notifier *changed,
                              Error **errp);
void cryptodev_backend_detach(CryptoDevBackend *b, Notifier *changed);

/**
 * cryptodev_backend_ready: whether the backend accepts requests now (the
 * HW_READY bit of the device status).
 */
bool cryptodev_backend_ready(const CryptoDevBackend *b);

/**
 * cryptodev_session_new: check @params against what @b offers and make a
 * session.
 *
 * Returns: CRYPTODEV_OK and *@session with one reference; CRYPTODEV_NOTSUPP
 * for an algorithm or mode that is not offered; CRYPTODEV_ERR for bad
 * lengths or a refused key.
 */
CryptoDevStatus cryptodev_session_new(CryptoDevBackend *b,
                                      const CryptoDevSessionParams *params,
                                      CryptoDevSession **session);

/**
 * cryptodev_session_serves: whether @session is what @params describe: the
 * same algorithms, mode and keys.  Compares keys in constant time.
 */
bool cryptodev_session_serves(const CryptoDevSession *session,
                              const CryptoDevSessionParams *params);

/* Take a reference, of somebody who has one.  Context: any thread. */
void cryptodev_session_get(CryptoDevSession *session);

/**
 * cryptodev_session_tryget: take a reference unless the last one is already
 * gone.  Context: any thread, RCU read lock held.
 */
bool cryptodev_session_tryget(CryptoDevSession *session);

/* Drop a reference; the last one wipes and frees.  Context: any thread. */
void cryptodev_session_put(CryptoDevSession *session);

/**
 * cryptodev_session_check_kind: whether a session serves operations of @kind.
 *
 * The key of an AKCIPHER session decides: a private one serves all, a public
 * one encrypts and verifies.
 *
 * Returns: CRYPTODEV_OK; CRYPTODEV_NOTSUPP if the algorithm or padding knows
 * no such operation; CRYPTODEV_ERR if the session is for others
 */
CryptoDevStatus
cryptodev_session_check_kind(const CryptoDevSessionParams *params,
                             CryptoDevKind kind);

/**
 * cryptodev_op_validate: check what does not depend on the request format:
 * kind against session, IV, data, window and digest lengths.
 *
 * Returns: CRYPTODEV_OK, or the status that the request ends with.
 */
CryptoDevStatus cryptodev_op_validate(const CryptoDevOp *op);

/**
 * cryptodev_op_cost: about how long a symmetric operation takes alone, in
 * nanoseconds.
 */
uint64_t cryptodev_op_cost(const CryptoDevOp *op);

/**
 * cryptodev_backend_submit: run validated operations, see
 * CryptoDevBackendClass.submit, and count them.
 */
void cryptodev_backend_submit(CryptoDevBackend *b, unsigned queue,
                              CryptoDevOp *const *ops, unsigned n);

/**
 * cryptodev_backend_count_error: count a request that was refused before it
 * became an operation.  Context: AioContext of the queue.
 */
void cryptodev_backend_count_error(CryptoDevBackend *b, unsigned queue,
                                   CryptoDevService service,
                                   CryptoDevKind kind);

/**
 * cryptodev_op_complete: set the outcome of an operation that submit left
 * pending, count it, and call op->done.  For backends; Context: AioContext
 * of the queue.
 */
void cryptodev_op_complete(CryptoDevOp *op, unsigned queue,
                           CryptoDevStatus status, size_t written);

/**
 * cryptodev_throttle_timers_init: prepare the timers that a queue waits with.
 *
 * @resume: called in @ctx when it is worth to ask cryptodev_throttled() again
 *
 * Paired with throttle_timers_destroy.
 */
void cryptodev_throttle_timers_init(ThrottleTimers *timers, AioContext *ctx,
                                    QEMUTimerCB *resume, void *opaque);

/**
 * cryptodev_throttled: whether the limits throttle-bps and throttle-ops
 * forbid to start another operation now.  If so, a timer of @timers is armed.
 */
bool cryptodev_throttled(CryptoDevBackend *b, ThrottleTimers *timers);

/* Account an operation of @bytes bytes that is about to start. */
void cryptodev_throttle_account(CryptoDevBackend *b, uint64_t bytes);

#endif /* SYSTEM_CRYPTODEV_H */
