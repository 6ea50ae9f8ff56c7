/*
 * cryptodev-vhost-user: what its files share
 *
 * Context of all: BQL held, main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_VHOST_USER_H
#define BACKENDS_CRYPTODEV_VHOST_USER_H

#include "cryptodev-deadline.h"
#include "cryptodev-vhost-message.h"
#include "cryptodev-vhost.h"

#define TYPE_CRYPTODEV_VHOST_USER "cryptodev-vhost-user"
OBJECT_DECLARE_SIMPLE_TYPE(CryptoDevVhostUser, CRYPTODEV_VHOST_USER)

/**
 * CryptoDevVhostState: where the connection is
 *
 * @CLOSED: there is none
 * @GREETED: the server was asked the first question, and nobody waits
 * @OPEN: the server has answered, and is used
 * @LOST: it has ended, which @closed_bh will find
 */
typedef enum CryptoDevVhostState {
    CRYPTODEV_VHOST_CLOSED,
    CRYPTODEV_VHOST_GREETED,
    CRYPTODEV_VHOST_OPEN,
    CRYPTODEV_VHOST_LOST,
} CryptoDevVhostState;

/**
 * CryptoDevVhostUser:
 *
 * @chardev: its name, as the user gave it
 * @timeout_ms: how long a server may take to answer
 * @chr: the socket
 * @deadline: of what is waited for
 * @closed_bh: cleans up after a connection, in the main loop
 * @hello_timer: how long the first answer may take
 * @hello, @hello_len: as much of it as is there
 * @features: those of the last server, 0 if there never was one
 * @keeps_ids: whether the last server made a session under the id that it was
 *     told
 * @has_config: whether the server has a configuration space
 * @vdev: the device whose rings are to be served; NULL while its driver is not
 *     up, or the VM is stopped
 * @sessions: those that are alive, by id
 * @last_error: what the user was told last, NULL once a server is fit
 * @reports_paid: when what the user was told is no burden any more, in
 *     milliseconds of QEMU_CLOCK_REALTIME
 */
struct CryptoDevVhostUser {
    CryptoDevBackend parent_obj;

    char *chardev;
    uint32_t timeout_ms;
    CharBackend chr;
    CryptoDevVhostState state;
    CryptoDevDeadline *deadline;
    QEMUBH *closed_bh;
    QEMUTimer *hello_timer;
    uint8_t hello[CRYPTODEV_VHOST_U64_REPLY];
    unsigned hello_len;
    CryptoDevVhost vhost;
    uint64_t features;
    bool keeps_ids;
    bool has_config;
    VirtIODevice *vdev;
    GTree *sessions;
    char *last_error;
    int64_t reports_paid;
};

/* cryptodev-vhost-user-connection.c */

/* Be ready for servers.  Paired with cryptodev_vhost_user_disconnect. */
void cryptodev_vhost_user_connect(CryptoDevVhostUser *vu);
void cryptodev_vhost_user_disconnect(CryptoDevVhostUser *vu);

extern const CryptoDevVhostHooks cryptodev_vhost_user_hooks;

/* What is between these may block no longer than the user permits. */
void cryptodev_vhost_user_begin(CryptoDevVhostUser *vu);
void cryptodev_vhost_user_end(CryptoDevVhostUser *vu);

/* The server is of no use: tell the user, and end the connection. */
void G_GNUC_PRINTF(2, 3) cryptodev_vhost_user_fail(CryptoDevVhostUser *vu,
                                                   const char *fmt, ...);

/* The same; frees @err. */
void cryptodev_vhost_user_fail_err(CryptoDevVhostUser *vu, Error *err);

/* cryptodev-vhost-user-rings.c */

extern const CryptoDevRings cryptodev_vhost_user_rings;

/* Give the rings to the server, if there is one, and a driver. */
void cryptodev_vhost_user_start_rings(CryptoDevVhostUser *vu);

/* cryptodev-vhost-user-offer.c */

/* Offer what all servers have that serve sessions by message. */
void cryptodev_vhost_user_common_caps(CryptoDevBackend *b);

/**
 * cryptodev_vhost_user_read_config: offer what the server says that it has.
 *
 * @ready: whether it can serve requests now
 *
 * Returns: false with @errp set if there is no answer, or too few queues
 */
bool cryptodev_vhost_user_read_config(CryptoDevVhostUser *vu, bool *ready,
                                      Error **errp);

/* cryptodev-vhost-user-sessions.c */

void cryptodev_vhost_sessions_init(CryptoDevVhostUser *vu);
void cryptodev_vhost_sessions_cleanup(CryptoDevVhostUser *vu);

/* CryptoDevBackendClass.session_new, session_renew and session_free */
CryptoDevStatus
cryptodev_vhost_session_new(CryptoDevBackend *b,
                            const CryptoDevSessionParams *params,
                            CryptoDevSession **session);
CryptoDevStatus
cryptodev_vhost_session_renew(CryptoDevBackend *b,
                              const CryptoDevSessionParams *params,
                              uint64_t id, CryptoDevSession **session);
void cryptodev_vhost_session_free(CryptoDevSession *session);

/* The server is gone, and knows no session any more. */
void cryptodev_vhost_sessions_lost(CryptoDevVhostUser *vu);

/**
 * cryptodev_vhost_sessions_replay: have a new server make all sessions again,
 * under their ids.  If it does not, the driver loses them.
 */
void cryptodev_vhost_sessions_replay(CryptoDevVhostUser *vu);

/* Find out what vu->keeps_ids is. */
void cryptodev_vhost_sessions_try_ids(CryptoDevVhostUser *vu);

#endif /* BACKENDS_CRYPTODEV_VHOST_USER_H */
