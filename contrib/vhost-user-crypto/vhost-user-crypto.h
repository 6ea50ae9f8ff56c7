/*
 * vhost-user-crypto: what its files share
 *
 * A front end (a VMM) connects, shares the memory of its guest, and sends the
 * addresses of the rings.  Requests are then handled as in the device: this
 * program links the files hw/virtio/virtio-crypto-*.c that take a request from
 * the ring to the backend and back.
 *
 * There is one connection at a time.  All of this runs in the main thread but
 * for the backend's threads.
 *
 * Nothing that comes through the socket is trusted: what libvhost-user does not
 * check is checked before it sees the message (message.c).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VHOST_USER_CRYPTO_H
#define VHOST_USER_CRYPTO_H

#include "hw/virtio/virtio-crypto-internal.h"
#include "libvhost-user.h"
#include "system/cryptodev-vhost-user-wire.h"

/* Longest part of a key that stands behind a CryptoDevVhostSession */
#define VU_CRYPTO_MORE_KEY_MAX  (CRYPTODEV_AKCIPHER_KEY_MAX -           \
                                 CRYPTODEV_VHOST_ASYM_KEY_MAX)

/**
 * VuCryptoSession: payload of CREATE_SESSION
 *
 * @more_key, @more_len: what asym.key has no room for, and its length in bytes
 */
typedef struct VuCryptoSession {
    CryptoDevVhostSession base;
    uint8_t more_key[VU_CRYPTO_MORE_KEY_MAX];
    uint32_t more_len;
} VuCryptoSession;

/* A message names a queue by 8 bits. */
#define VU_CRYPTO_QUEUES_MAX    255

/**
 * VuCryptoConf: what the command line says of requests
 *
 * @max_sessions: sessions of a connection
 * @max_size: longest request, in bytes; 0: the backend's limit
 * @chain_aad_first, @aead_aad_first: see VirtIOCryptoBuffer
 */
typedef struct VuCryptoConf {
    uint32_t max_sessions;
    uint64_t max_size;
    bool chain_aad_first;
    bool aead_aad_first;
} VuCryptoConf;

/**
 * VuCrypto: the server
 *
 * @conf: the command line
 * @backend, @client: who computes, and how it wakes a queue
 * @num_queues: data queues; the control queue has the number @num_queues
 * @queues: @num_queues + 1 of them
 * @sessions: of this connection, however they were made
 * @offered: what the backend offers, within the limits of the command line
 * @features_offered: bits of GET_FEATURES
 * @bh: runs the queues
 * @next: the queue whose turn is first
 * @woken: something that was pending is final
 * @told, @told_at: lines so far, and the time of the last; see
 *     vu_crypto_may_tell()
 *
 * The rest is of the connection:
 *
 * @vu: messages, and what they said of memory and rings
 * @connected: whether there is one
 * @failed: whether it is to be closed; the user has been told why
 * @vdev: the rings' view of the device, features and memory: no object, and
 *     nothing else of it counts
 * @as: in place of an address space: what @vu says of memory
 * @memory_generation: how often that has changed
 * @caps: what this front end's driver is offered
 * @stock: whether the front end does not pass on the features of its driver,
 *     and does not enable rings
 * @session: payload of the CREATE_SESSION at hand
 */
typedef struct VuCrypto {
    VuCryptoConf conf;
    CryptoDevBackend *backend;
    CryptoDevClient client;
    uint32_t num_queues;
    VirtIOCryptoQueue *queues;
    VirtIOCryptoSessions sessions;
    CryptoDevCaps offered;
    uint64_t features_offered;
    QEMUBH *bh;
    unsigned next;
    QemuEvent woken;
    unsigned told;
    int64_t told_at;

    VuDev vu;
    bool connected;
    bool failed;
    VirtIODevice vdev;
    AddressSpace as;
    unsigned memory_generation;
    CryptoDevCaps caps;
    bool stock;
    VuCryptoSession session;
} VuCrypto;

static inline VuCrypto *vu_crypto_of(VuDev *vu)
{
    return container_of(vu, VuCrypto, vu);
}

/* server.c */

/**
 * vu_crypto_may_tell: whether a line may be said of what a front end or a guest
 * has done.  They can do it without end, so few of the lines are said.
 */
bool vu_crypto_may_tell(VuCrypto *s);

/**
 * vu_crypto_fail: close the connection when the message or the turn at hand is
 * done, and tell the user why, in one line for each connection if it may be
 * said.
 */
void vu_crypto_fail(VuCrypto *s, const char *fmt, ...) G_GNUC_PRINTF(2, 3);

/**
 * vu_crypto_init: prepare to serve.
 *
 * @backend: complete; its options are those of the command line
 *
 * Paired with vu_crypto_cleanup.
 */
void vu_crypto_init(VuCrypto *s, CryptoDevBackend *backend,
                    const VuCryptoConf *conf);
void vu_crypto_cleanup(VuCrypto *s);

/* Serve the front end at the other end of the socket @fd, which is ours now. */
void vu_crypto_connect(VuCrypto *s, int fd);
void vu_crypto_disconnect(VuCrypto *s);

/**
 * vu_crypto_features_set: what was negotiated.
 *
 * @features: of SET_FEATURES, see vu_crypto_repair_features()
 */
void vu_crypto_features_set(VuCrypto *s, uint64_t features);

/**
 * vu_crypto_signal: signal the front end with an eventfd, which may be -1.
 *
 * One that makes us wait, a second at most, costs the connection.
 */
void vu_crypto_signal(VuCrypto *s, int fd);

/* queue.c */

/* Paired with vu_crypto_queue_cleanup. */
void vu_crypto_queue_init(VuCrypto *s, unsigned index);
void vu_crypto_queue_cleanup(VirtIOCryptoQueue *q);

/**
 * vu_crypto_queue_update: process a queue, if the front end has set it up and
 * enabled it.  Does nothing if it is processed already.
 */
void vu_crypto_queue_update(VuCrypto *s, VirtIOCryptoQueue *q);

/**
 * vu_crypto_queue_settle: wait until the backend has nothing of a queue: all
 * that was taken from the ring is answered.  Takes as long as the operations.
 */
void vu_crypto_queue_settle(VuCrypto *s, VirtIOCryptoQueue *q);

/**
 * vu_crypto_queue_pause: settle a queue, and stop to process it until it is
 * updated.
 */
void vu_crypto_queue_pause(VuCrypto *s, VirtIOCryptoQueue *q);

/* Stop to process a queue, and forget what is in flight or wrong with it. */
void vu_crypto_queue_drop(VuCrypto *s, VirtIOCryptoQueue *q);

/* Look at a queue soon.  Context: any thread */
void vu_crypto_queue_schedule(VuCrypto *s, unsigned index);

/* Process the queues that are scheduled, within a budget of time. */
void vu_crypto_queues_run(VuCrypto *s);

/* rings.c */

/* A ring that is not in use.  Paired with vu_crypto_ring_free. */
VirtQueue *vu_crypto_ring_new(VuCrypto *s, unsigned index);
void vu_crypto_ring_free(VirtQueue *vq);

/**
 * vu_crypto_ring_start: use the ring that the front end has set up, starting at
 * its used index.  Buffers are returned in order, so no buffer after that index
 * has been answered, by this process or by an earlier one.
 *
 * Returns: false if it is not all in memory
 */
bool vu_crypto_ring_start(VirtQueue *vq);

/* Stop using the ring, and tell libvhost-user its index. */
void vu_crypto_ring_stop(VirtQueue *vq);

/* Ask for a kick as with VIRTIO_RING_F_EVENT_IDX, whatever was negotiated. */
void vu_crypto_ring_want_kick(VirtQueueBatch *b);

/* memory.c: guest memory, as system/ram-window.h has it */

/**
 * vu_crypto_memory_fits: whether the file @fd holds bytes [@offset, @offset +
 * @size), so that they can be mapped and looked at; of huge pages the last one
 * must be whole.
 */
bool vu_crypto_memory_fits(int fd, uint64_t offset, uint64_t size);

/* Whether a region that a front end shares, in the file @fd, makes sense. */
bool vu_crypto_region_ok(const VhostUserMemoryRegion *region, int fd);

/* Regions were added or have gone. */
void vu_crypto_memory_changed(VuCrypto *s);

/**
 * vu_crypto_user_to_guest: the guest address of @len bytes which the front end
 * has at @user in its own memory.
 *
 * Returns: false if they are not all in one region
 */
bool vu_crypto_user_to_guest(const VuCrypto *s, uint64_t user, uint64_t len,
                             hwaddr *guest);

/**
 * vu_crypto_memory_guard: memory may go while we look at it, where a front end
 * makes a file shorter.  Then the connection fails, and the process goes on.
 */
void vu_crypto_memory_guard(VuCrypto *s);

/* Whether that has happened since the last call. */
bool vu_crypto_memory_lost(void);

/* receive.c */

/* Wait for the front end, until @deadline.  Returns: false if it was in vain */
bool vu_crypto_wait_for(int sock, short events, int64_t deadline);

/**
 * vu_crypto_receive: read @len bytes, and the file descriptors of @msg, whose
 * fd_num counts them.
 *
 * Returns: how many bytes came before the connection was closed, or @deadline;
 * -1 if there were too many file descriptors
 */
ssize_t vu_crypto_receive(int sock, VhostUserMsg *msg, void *buf, size_t len,
                          int64_t deadline);

/* message.c */

/* VuDev.read_msg and VuDevIface.process_msg */
bool vu_crypto_read_message(VuDev *vu, int sock, VhostUserMsg *msg);
int vu_crypto_process_message(VuDev *vu, VhostUserMsg *msg, int *reply);

/* session.c */

/**
 * vu_crypto_create_session: make the session that s->session describes.
 *
 * Returns: its id, or a negative number
 */
int64_t vu_crypto_create_session(VuCrypto *s);

/* Returns: false if there is no such session */
bool vu_crypto_close_session(VuCrypto *s, uint64_t id);

/* sandbox.c */

/* No core dumps, and nobody who attaches: there are keys in the memory. */
void vu_crypto_keep_secrets(void);

/**
 * vu_crypto_enter_sandbox: from here on no files, no programs, no sockets but
 * those that are open.
 *
 * Returns: false with @errp set if the host cannot do that
 */
bool vu_crypto_enter_sandbox(Error **errp);

#endif /* VHOST_USER_CRYPTO_H */
