/*
 * Cryptodev backends: sessions, operations and the backend interface
 *
 * A backend turns CryptoDevOps into results.  It knows neither virtqueues nor
 * request formats; its client (virtio-crypto) knows no crypto library.
 *
 * The client submits the operations of a queue.  Most are final when submit
 * returns.  A long one stays CRYPTODEV_PENDING.  When it is final, the backend
 * wakes the queue, and the client gets the operation back from poll.
 *
 * Nothing blocks on a pending operation.  If a queue stops, the backend keeps
 * its results until the next poll.  If a queue is reset, the client cancels
 * its operations.
 *
 * A backend accesses memory of the client and of the guest only within submit
 * and poll, in the thread that calls them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef SYSTEM_CRYPTODEV_H
#define SYSTEM_CRYPTODEV_H

#include "qemu/iov.h"
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

typedef enum CryptoDevOpcode {
    CRYPTODEV_ENCRYPT,
    CRYPTODEV_DECRYPT,
    CRYPTODEV_DIGEST,           /* hash or MAC */
    CRYPTODEV_SIGN,
    CRYPTODEV_VERIFY,
    CRYPTODEV_IMPORT,           /* check and expand the key of the session */
    CRYPTODEV_OPCODE__MAX,
} CryptoDevOpcode;

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
 * CryptoDevSessionParams: what a session does, in any request format
 *
 * @service: service of the request; algorithm chains are CIPHER
 * @opcode: the only operation that the session serves; CRYPTODEV_DIGEST for
 *     HASH and MAC; unused for AKCIPHER, see cryptodev_session_check_opcode()
 * @chain: order of the steps, CRYPTODEV_CHAIN_NONE unless chaining
 * @cipher: cipher, AEAD or public-key algorithm, CRYPTODEV_ALGO_NONE for HASH
 *     and MAC
 * @hash: hash or MAC algorithm, CRYPTODEV_ALGO_NONE unless HASH, MAC or
 *     chaining; for AKCIPHER the hash that RSA signatures name, or
 *     CRYPTODEV_ALGO_NONE
 * @cipher_key, @cipher_key_len: key of @cipher, in bytes
 * @auth_key, @auth_key_len: key of @hash if it is a MAC, in bytes
 * @digest_len: bytes of digest or tag; 0 means the full digest
 * @aad_len: bytes of additional authenticated data of each request; 0 if the
 *     request has the length
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
    CryptoDevOpcode opcode;
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
 * @id: set by the client, 0 until then; by the backend if that has
 *     CryptoDevBackendClass.rings
 * @needs_import: see cryptodev_session_needs_import(); set by the backend
 *     in session_new, cleared by it later; atomic
 * @inline_ns: set by the backend: an operation with a higher cost does not run
 *     in the thread that submits it, but stays pending; 0: all stay pending
 * @lanes: set by the backend: how many operations of one submit run at the
 *     same time; 0 means 1
 * @params: as created, with digest_len resolved to the effective length.
 *     Keys are the backend's private copies.
 */
typedef struct CryptoDevSession {
    struct rcu_head rcu;
    CryptoDevBackend *backend;
    unsigned refcount;
    uint64_t id;
    bool needs_import;
    uint8_t lanes;
    uint32_t inline_ns;
    CryptoDevSessionParams params;
} CryptoDevSession;

/**
 * CryptoDevSpan: a run of mapped guest bytes
 *
 * @iov, @niov: the vector, constant while the operation lasts
 * @offset: bytes to skip at the head of the vector
 * @len: bytes; if 0, ignore the other members
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

/**
 * CryptoDevOp: one operation
 *
 * The client owns the memory and fills in the request part.  From submit until
 * the operation is final or cancelled, the client must not access it, and must
 * keep the memory of the spans.
 *
 * @session: the client holds a reference
 * @opcode: one that the session serves, or CRYPTODEV_IMPORT, which ignores the
 *     rest of the request
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
 * @cost: rough nanoseconds that the operation takes alone; set by
 *     cryptodev_op_validate(), at most UINT32_MAX
 * @status: CRYPTODEV_PENDING until final
 * @written: bytes that count in @dst and @digest; 0 unless CRYPTODEV_OK
 */
typedef struct CryptoDevOp {
    CryptoDevSession *session;
    CryptoDevOpcode opcode;
    CryptoDevSpan src, dst, aad, digest;
    CryptoDevRange cipher_window, hash_window;
    uint8_t iv[CRYPTODEV_IV_MAX];
    uint8_t iv_len;

    uint32_t cost;
    CryptoDevStatus status;
    size_t written;
} CryptoDevOp;

/**
 * CryptoDevCaps: what a backend offers, constant after complete unless another
 * server can offer something else
 *
 * @algos: per service, a bit for each algorithm number offered; bit 0 is
 *     clear.  A service with an empty mask is not offered.
 * @chain_only: services whose algorithms serve as a step of chains only, a bit
 *     for each; they are not offered by themselves
 * @max_cipher_key_len, @max_auth_key_len: longest keys, in bytes
 * @max_size: longest request, in bytes: the sum of its variable-length parts
 */
typedef struct CryptoDevCaps {
    uint64_t algos[CRYPTODEV_SERVICE__MAX];
    uint32_t chain_only;
    uint32_t max_cipher_key_len;
    uint32_t max_auth_key_len;
    uint64_t max_size;
} CryptoDevCaps;

typedef struct CryptoDevClient CryptoDevClient;

/* See system/cryptodev-rings.h */
typedef struct CryptoDevRings CryptoDevRings;

/**
 * CryptoDevClient: the device that uses a backend
 *
 * @changed: cryptodev_backend_ready(), or a limit that cryptodev_throttled()
 *     obeys, has changed.  Context: BQL held
 * @wake: an operation of queue @queue is final: schedule a poll in the queue's
 *     own context.  Called once for each operation, even if the queue is
 *     stopped, but not for a cancelled one.  Context: any thread, with a lock
 *     of the backend held: must not call the backend
 * @forget_sessions: the backend has lost all sessions.  Context: BQL held,
 *     main thread
 * @has_driver: whether a driver in the guest uses the device.  Context: BQL
 *     held
 * @device: the device that the user has created
 */
struct CryptoDevClient {
    void (*changed)(CryptoDevClient *client);
    void (*wake)(CryptoDevClient *client, unsigned queue);
    void (*forget_sessions)(CryptoDevClient *client);
    bool (*has_driver)(CryptoDevClient *client);
    Object *device;
};

/* CryptoDevCounter: @bytes counts the input: source and AAD. */
typedef struct CryptoDevCounter {
    uint64_t ops;
    uint64_t bytes;
    uint64_t errors;
} CryptoDevCounter;

/**
 * CryptoDevQueue: counters of one queue, written by its thread only
 *
 * @refused: requests that never became an operation, and failed control
 *     requests; if the service is known, errors in @stats includes them as well
 */
typedef struct CryptoDevQueue {
    CryptoDevCounter stats[CRYPTODEV_SERVICE__MAX][CRYPTODEV_OPCODE__MAX];
    uint64_t refused;
} CryptoDevQueue;

/**
 * CryptoDevBackend: base of all backends
 *
 * @caps: set by the complete method of the subclass
 * @queues: number of data queues, constant after complete.  Their numbers are
 *     0 to @queues - 1; the control queue, which only imports keys, has number
 *     @queues
 *
 * The rest is private to cryptodev*.c of this interface:
 *
 * @ready: whether the user wants requests to be accepted
 * @available: whether the backend can accept any
 * @complete: whether the user's options can no longer be changed
 * @client: the device that uses the backend, NULL if none does; BQL
 * @queue: counters of each queue, the control queue's last
 * @num_sessions: sessions that exist; atomic
 * @throttle_lock: protects @throttle
 * @throttle_config: the limits; BQL
 * @throttle_enabled: whether there are any limits; atomic
 */
struct CryptoDevBackend {
    Object parent_obj;

    CryptoDevCaps caps;
    uint32_t queues;

    bool ready;
    bool available;
    bool complete;
    CryptoDevClient *client;
    CryptoDevQueue *queue;
    uint32_t num_sessions;
    QemuMutex throttle_lock;
    ThrottleState throttle;
    ThrottleConfig throttle_config;
    bool throttle_enabled;
};

/**
 * CryptoDevBackendClass: what a backend implements
 *
 * @type: as shown by query-cryptodev.  Required.
 * @complete: finish set-up and fill in the caps.  Required.  Context: BQL held.
 * @session_new: make a session from validated parameters.  Must return within
 *     microseconds.  If it has to check a key or to ask a server, it sets
 *     needs_import and leaves the rest to a CRYPTODEV_IMPORT operation, which
 *     can stay pending.  Returns CRYPTODEV_OK and a session, or a final
 *     status.  Required.  Context: BQL held, or a queue's AioContext.
 * @session_renew: the same, for a session that had @id in another process.
 *     Required iff @rings is set and there may be no migration_blocker.
 *     Context: BQL held, main thread
 * @session_free: the last reference is gone: wipe all keys and free what
 *     @session points to.  The caller frees @session itself.  Required.
 *     Context: any thread.
 * @submit: run @n validated operations of queue @queue.  On return each is
 *     final, or CRYPTODEV_PENDING.  Required unless @rings is set.  Context:
 *     AioContext of the queue.
 * @poll: return up to @max operations of @queue that were pending and are
 *     final now.  Quick if there is none.  Required iff submit leaves any
 *     pending.  Context: AioContext of the queue.
 * @cancel: forget the pending operations of @queue, without waiting.  One that
 *     cannot be stopped continues in private memory, with its own references
 *     to the session and the backend.  Required iff submit leaves any pending.
 *     Context: as cryptodev_backend_cancel().
 * @query: add to @info how many operations wait and run, and which library
 *     serves each algorithm.  Optional.  Context: BQL held.
 * @migration_blocker: why another process cannot create the sessions of the
 *     backend again from their parameters; the backend owns the string.  NULL
 *     if it can.  The client is told of changes.  Optional: as if NULL.
 *     Context: BQL held.
 * @rings: for backends that serve the data queues themselves, else NULL.
 *     Sessions of such a backend have ids when they are made, and are made and
 *     freed with the BQL held, in the main thread; none needs an import.
 */
struct CryptoDevBackendClass {
    ObjectClass parent_class;

    QCryptodevBackendType type;
    bool (*complete)(CryptoDevBackend *b, Error **errp);
    CryptoDevStatus (*session_new)(CryptoDevBackend *b,
                                   const CryptoDevSessionParams *params,
                                   CryptoDevSession **session);
    CryptoDevStatus (*session_renew)(CryptoDevBackend *b,
                                     const CryptoDevSessionParams *params,
                                     uint64_t id, CryptoDevSession **session);
    void (*session_free)(CryptoDevSession *session);
    void (*submit)(CryptoDevBackend *b, unsigned queue,
                   CryptoDevOp *const *ops, unsigned n);
    unsigned (*poll)(CryptoDevBackend *b, unsigned queue, CryptoDevOp **ops,
                     unsigned max);
    void (*cancel)(CryptoDevBackend *b, unsigned queue);
    void (*query)(CryptoDevBackend *b, QCryptodevInfo *info);
    const char *(*migration_blocker)(CryptoDevBackend *b);
    const CryptoDevRings *rings;
};

/* The most data queues of a backend: one more virtqueue is for control. */
#define CRYPTODEV_MAX_QUEUES 1023

/*
 * A client should collect up to this many operations before it submits them.
 * A backend accepts any number, but computes no more than this together.
 */
#define CRYPTODEV_BATCH_MAX 64

/**
 * cryptodev_backend_attach: claim @b for one device.
 *
 * Context: BQL held.  Returns: false with @errp set if another device uses @b.
 * Paired with cryptodev_backend_detach.
 */
bool cryptodev_backend_attach(CryptoDevBackend *b, CryptoDevClient *client,
                              Error **errp);

/* Nothing must be pending: cancel the operations of the queues first. */
void cryptodev_backend_detach(CryptoDevBackend *b, CryptoDevClient *client);

/**
 * cryptodev_backend_ready: whether the backend accepts requests now (the
 * HW_READY bit of the device status).
 */
bool cryptodev_backend_ready(const CryptoDevBackend *b);

/**
 * cryptodev_backend_set_available: whether the backend can accept requests,
 * which it can from the start unless it says something else.  For backends.
 * The last thing to do: the driver is told, which may have any consequence.
 *
 * Context: BQL held, main thread
 */
void cryptodev_backend_set_available(CryptoDevBackend *b, bool available);

/**
 * cryptodev_backend_forget_sessions: have the client forget all sessions.  For
 * backends.  Context: BQL held, main thread
 */
void cryptodev_backend_forget_sessions(CryptoDevBackend *b);

/* The id of the backend, as the user has set it. */
const char *cryptodev_backend_id(const CryptoDevBackend *b);

/**
 * cryptodev_backend_migration_blocker: why a device with this backend cannot
 * be migrated, NULL if it can.  Context: BQL held.
 */
const char *cryptodev_backend_migration_blocker(CryptoDevBackend *b);

/**
 * cryptodev_session_new: check @params against what @b offers and make a
 * session.  Always quick; see cryptodev_session_needs_import().
 *
 * Context: BQL held, or a queue's AioContext.  Returns: CRYPTODEV_OK and
 * *@session with one reference; CRYPTODEV_NOTSUPP for an algorithm or mode
 * that is not offered; CRYPTODEV_ERR for bad lengths or a refused key.
 */
CryptoDevStatus cryptodev_session_new(CryptoDevBackend *b,
                                      const CryptoDevSessionParams *params,
                                      CryptoDevSession **session);

/**
 * cryptodev_session_renew: as cryptodev_session_new(), a session that another
 * process had, whose backend gave it @id.  For a backend that gives no ids it
 * is the same.
 *
 * Context: BQL held, main thread
 */
CryptoDevStatus cryptodev_session_renew(CryptoDevBackend *b,
                                        const CryptoDevSessionParams *params,
                                        uint64_t id,
                                        CryptoDevSession **session);

/**
 * cryptodev_session_serves: whether @session has the algorithms, mode and keys
 * of @params.  Compares keys in constant time.
 */
bool cryptodev_session_serves(const CryptoDevSession *session,
                              const CryptoDevSessionParams *params);

/**
 * cryptodev_session_needs_import: whether @session is not complete yet, because
 * the check of its key takes long.
 *
 * The client submits an operation with opcode CRYPTODEV_IMPORT.  It tells the
 * driver that the session exists only if that ends with CRYPTODEV_OK.  If
 * another operation is submitted earlier, it does the import first, and ends
 * with the status of the import if that fails.
 */
bool cryptodev_session_needs_import(const CryptoDevSession *session);

/*
 * Take a reference.  The caller must already hold one.  Context: any thread.
 */
void cryptodev_session_get(CryptoDevSession *session);

/**
 * cryptodev_session_tryget: take a reference unless the last one is already
 * gone.  Context: any thread, RCU read lock held.
 */
bool cryptodev_session_tryget(CryptoDevSession *session);

/* Drop a reference; the last one wipes and frees.  Context: any thread. */
void cryptodev_session_put(CryptoDevSession *session);

/**
 * cryptodev_session_take_params: copy @params, and the keys, into a session.
 * For backends.  Paired with cryptodev_session_wipe_params.
 */
void cryptodev_session_take_params(CryptoDevSession *session,
                                   const CryptoDevSessionParams *params);

/* Wipe the keys, and free them. */
void cryptodev_session_wipe_params(CryptoDevSession *session);

/**
 * cryptodev_session_check_opcode: whether a session serves @opcode.
 *
 * An AKCIPHER session with a private key serves all opcodes; one with a public
 * key encrypts, verifies and imports.
 *
 * Returns: CRYPTODEV_OK; CRYPTODEV_NOTSUPP if the algorithm or padding has no
 * such operation; CRYPTODEV_ERR if the session is for other operations
 */
CryptoDevStatus
cryptodev_session_check_opcode(const CryptoDevSessionParams *params,
                               CryptoDevOpcode opcode);

/**
 * cryptodev_op_validate: check everything that does not depend on the request
 * format: the opcode against the session, and the lengths of IV, data, windows
 * and digest.  Sets the cost.
 *
 * Returns: CRYPTODEV_OK, or the status that the request ends with.
 */
CryptoDevStatus cryptodev_op_validate(CryptoDevOp *op);

/**
 * cryptodev_op_is_long: whether a validated operation stays pending, instead of
 * running in the thread that submits it.
 */
bool cryptodev_op_is_long(const CryptoDevOp *op);

/* Bytes of input; limits and statistics count these. */
uint64_t cryptodev_op_bytes(const CryptoDevOp *op);

/**
 * cryptodev_backend_submit: run @n validated operations of @queue, and count
 * those that are final on return.  Those that are CRYPTODEV_PENDING come back
 * from poll.
 *
 * Context: AioContext of the queue, where guest memory may be accessed
 */
void cryptodev_backend_submit(CryptoDevBackend *b, unsigned queue,
                              CryptoDevOp *const *ops, unsigned n);

/**
 * cryptodev_backend_poll: get back up to @max operations of @queue that were
 * pending and are final now.  Writes their results and counts them.  Cheap if
 * there is none.
 *
 * @ops: set to the operations, in no particular order
 *
 * Context: as cryptodev_backend_submit().  Returns: their number; there may be
 * more if it is @max
 */
unsigned cryptodev_backend_poll(CryptoDevBackend *b, unsigned queue,
                                CryptoDevOp **ops, unsigned max);

/**
 * cryptodev_backend_cancel: forget the pending operations of @queue, without
 * waiting.  On return the client owns them again: they do not come back from
 * poll, the backend does not access them or their spans, and it does not wake
 * the queue for them.
 *
 * Context: BQL held and the queue does not run, or AioContext of the queue
 */
void cryptodev_backend_cancel(CryptoDevBackend *b, unsigned queue);

/**
 * cryptodev_backend_count_error: count a request that was refused before it
 * became an operation, or a control request that failed.
 *
 * @service: CRYPTODEV_SERVICE__MAX if it is not known, and for a control
 *     request; then @opcode is ignored
 *
 * Context: AioContext of the queue
 */
void cryptodev_backend_count_error(CryptoDevBackend *b, unsigned queue,
                                   CryptoDevService service,
                                   CryptoDevOpcode opcode);

/**
 * cryptodev_backend_wake: have the client poll @queue soon.  For backends.
 *
 * Context: any thread, while an operation of @queue is pending
 */
void cryptodev_backend_wake(CryptoDevBackend *b, unsigned queue);

/**
 * cryptodev_throttle_timers_init: initialise the timers of a queue.
 *
 * @resume: called in @ctx when the queue should call cryptodev_throttled()
 *     again
 *
 * Paired with throttle_timers_destroy.
 */
void cryptodev_throttle_timers_init(ThrottleTimers *timers, AioContext *ctx,
                                    QEMUTimerCB *resume, void *opaque);

/**
 * cryptodev_throttled: whether the limits throttle-bps and throttle-ops
 * forbid another operation now.  If so, a timer of @timers is armed.
 */
bool cryptodev_throttled(CryptoDevBackend *b, ThrottleTimers *timers);

/* Account an operation of @bytes bytes, see cryptodev_op_bytes(). */
void cryptodev_throttle_account(CryptoDevBackend *b, uint64_t bytes);

#endif /* SYSTEM_CRYPTODEV_H */
