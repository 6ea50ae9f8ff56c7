/*
 * virtio-crypto client: a vhost-user server to connect a device to
 *
 * It runs in a thread of the test program, keeps a copy of each message, makes
 * sessions of whatever it is asked for, and answers data requests with OK and
 * without computing anything.  It lies on demand.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_LIBQOS_VIRTIO_CRYPTO_SERVER_H
#define TESTS_LIBQOS_VIRTIO_CRYPTO_SERVER_H

#include <glib.h>

/* Numbers of messages */
enum {
    VC_VHOST_GET_FEATURES = 1,
    VC_VHOST_SET_FEATURES = 2,
    VC_VHOST_SET_MEM_TABLE = 5,
    VC_VHOST_SET_LOG_BASE = 6,
    VC_VHOST_SET_VRING_NUM = 8,
    VC_VHOST_SET_VRING_ADDR = 9,
    VC_VHOST_SET_VRING_BASE = 10,
    VC_VHOST_GET_VRING_BASE = 11,
    VC_VHOST_SET_VRING_KICK = 12,
    VC_VHOST_SET_VRING_CALL = 13,
    VC_VHOST_SET_VRING_ERR = 14,
    VC_VHOST_GET_PROTOCOL_FEATURES = 15,
    VC_VHOST_SET_PROTOCOL_FEATURES = 16,
    VC_VHOST_GET_QUEUE_NUM = 17,
    VC_VHOST_SET_VRING_ENABLE = 18,
    VC_VHOST_SET_BACKEND_REQ_FD = 21,
    VC_VHOST_GET_CONFIG = 24,
    VC_VHOST_CREATE_SESSION = 26,
    VC_VHOST_CLOSE_SESSION = 27,
    VC_VHOST_GET_INFLIGHT_FD = 31,
    VC_VHOST_SET_INFLIGHT_FD = 32,
    VC_VHOST_MESSAGES = 64,
};

/* Bits of GET_FEATURES, and of GET_PROTOCOL_FEATURES */
#define VC_VHOST_INDIRECT       (1ull << 28)
#define VC_VHOST_EVENT_IDX      (1ull << 29)
#define VC_VHOST_PROTOCOL       (1ull << 30)
#define VC_VHOST_VERSION_1      (1ull << 32)
#define VC_VHOST_LOG_ALL        (1ull << 26)
#define VC_VHOST_RING_RESET     (1ull << 40)
#define VC_VHOST_USUAL          (VC_VHOST_INDIRECT | VC_VHOST_EVENT_IDX | \
                                 VC_VHOST_PROTOCOL | VC_VHOST_VERSION_1)
#define VC_VHOST_P_MQ           (1ull << 0)
#define VC_VHOST_P_LOG_SHMFD    (1ull << 1)
#define VC_VHOST_P_BACKEND_REQ  (1ull << 5)
#define VC_VHOST_P_SESSION      (1ull << 7)
#define VC_VHOST_P_PAGEFAULT    (1ull << 8)
#define VC_VHOST_P_CONFIG       (1ull << 9)
#define VC_VHOST_P_SEND_FD      (1ull << 10)
#define VC_VHOST_P_HOST_NOTIFIER (1ull << 11)
#define VC_VHOST_P_INFLIGHT     (1ull << 12)
#define VC_VHOST_P_SHARED_OBJECT (1ull << 18)

#define VC_VHOST_CREATE_SIZE    1072

/* What is wrong with the answer to a message */
typedef enum VCLie {
    VC_LIE_NONE,
    VC_LIE_CLOSE,               /* there is none: the connection ends */
    VC_LIE_MUTE,                /* there is none, ever */
    VC_LIE_SHORT,               /* 4 bytes less than there should be */
    VC_LIE_LONG,                /* 4 bytes more */
    VC_LIE_HUGE,                /* says that it has 4 GiB */
    VC_LIE_FLAGS,               /* is not marked as a reply */
    VC_LIE_REQUEST,             /* to another message */
    VC_LIE_CUT,                 /* ends in the middle, and the connection too */
} VCLie;

/**
 * VCServerOptions: what a server does; zero is the default
 *
 * @connect: socket of QEMU to connect to; default: QEMU connects
 * @features: default: VC_VHOST_USUAL
 * @protocol: default: MQ and SESSION
 * @queues: default: 1
 * @config: 56 bytes for GET_CONFIG, default: zeroes
 * @keeps_ids: make sessions under the id that is wanted
 * @first_id: id of the first session, default: 1
 * @same_id: give all sessions the same id
 * @refusal: if negative, the answer to CREATE
 * @lie, @lie_at, @lie_after: the lie, in answer to a message with the number
 *     @lie_at; so many of them are answered before
 * @close_after: end the connection after so many messages; 0 = do not
 * @lazy: do not serve the rings
 * @slow_at, @slow_us: take so long for each message with the number @slow_at
 */
typedef struct VCServerOptions {
    const char *connect;
    uint64_t features, protocol;
    unsigned queues;
    const uint8_t *config;
    bool keeps_ids;
    int64_t first_id;
    bool same_id;
    int64_t refusal;
    VCLie lie;
    unsigned lie_at, lie_after;
    unsigned close_after;
    bool lazy;
    unsigned slow_at, slow_us;
} VCServerOptions;

typedef struct VCServer VCServer;

/* Start a server.  Paired with vc_server_free(). */
VCServer *vc_server_new(const VCServerOptions *options);
void vc_server_free(VCServer *s);

/* Where QEMU connects to, or the place for a socket of QEMU's */
const char *vc_server_path(const VCServer *s);

/* What to do from the next connection on */
void vc_server_change(VCServer *s, const VCServerOptions *options);

/* End the connection; QEMU may connect again. */
void vc_server_drop(VCServer *s);

/* Let QEMU connect, or do not; new servers listen. */
void vc_server_listen(VCServer *s, bool listen);

/* Connect to QEMU's socket, which must exist soon. */
void vc_server_connect(VCServer *s);

/* Wait until there were @n messages of number @request.  Returns: how many */
unsigned vc_server_wait(VCServer *s, unsigned request, unsigned n);

/* Count the messages of a number, and the connections, so far. */
unsigned vc_server_count(VCServer *s, unsigned request);
unsigned vc_server_connections(VCServer *s);

/* Payload of the last message of a number, or NULL; the caller frees it */
uint8_t *vc_server_last(VCServer *s, unsigned request, uint32_t *size);

/* Count the data requests that were served. */
unsigned vc_server_served(VCServer *s);

#endif
