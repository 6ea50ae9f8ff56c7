/*
 * Rings in the hands of a vhost-user crypto server
 *
 * One connection to a server, as QEMU's vhost code sees it: from the first
 * messages to the end, with the rings of a device while it runs.
 *
 * Context: BQL held, main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_VHOST_H
#define BACKENDS_CRYPTODEV_VHOST_H

#include "hw/virtio/vhost.h"
#include "hw/virtio/vhost-user.h"

typedef struct CryptoDevVhost CryptoDevVhost;

/**
 * CryptoDevVhostHooks: around each message, or several
 *
 * @begin: what follows may wait for the server
 * @end: until here; @ret is negative if the connection is of no use any more
 */
typedef struct CryptoDevVhostHooks {
    void (*begin)(CryptoDevVhost *v);
    void (*end)(CryptoDevVhost *v, int ret);
} CryptoDevVhostHooks;

/**
 * CryptoDevVhost:
 *
 * @user: state that outlives a connection
 * @dev: the connection, while @open
 * @vqs: of @dev, @num_queues of them
 * @mapped: which of them the vhost code has mapped
 * @ops: of @dev: those of vhost-user, with the hooks
 * @lost: nothing is sent any more
 * @vdev: the device whose rings the server has; NULL if it has none
 * @inflight: what the server had not answered when the connection was lost
 */
struct CryptoDevVhost {
    const CryptoDevVhostHooks *hooks;
    VhostUserState user;
    struct vhost_dev dev;
    struct vhost_virtqueue *vqs;
    bool *mapped;
    unsigned num_queues;
    VhostOps ops;
    bool open;
    bool lost;
    VirtIODevice *vdev;
    struct vhost_inflight inflight;
};

/* cryptodev-vhost-ops.c: have the hooks called around each message. */
void cryptodev_vhost_limit(CryptoDevVhost *v);

/* Paired with cryptodev_vhost_cleanup, when closed. */
bool cryptodev_vhost_init(CryptoDevVhost *v, CharBackend *chr,
                          unsigned num_queues, const CryptoDevVhostHooks *hooks,
                          Error **errp);
void cryptodev_vhost_cleanup(CryptoDevVhost *v);

/**
 * cryptodev_vhost_open: greet the server at the other end.
 *
 * @config: whether to use the server's configuration space, which it must
 *     have then
 *
 * Returns: false with @errp set if the server is not fit, or went away.  Paired
 * with cryptodev_vhost_close, after cryptodev_vhost_stop.
 */
bool cryptodev_vhost_open(CryptoDevVhost *v, bool config, Error **errp);
void cryptodev_vhost_close(CryptoDevVhost *v);

/**
 * cryptodev_vhost_start: give the data rings of @vdev to the server.
 *
 * Returns: 0; -ENOMEM with @errp set if it is the driver's fault, whose rings
 * are not in RAM; else a negative errno with @errp set: then the connection is
 * no good.
 */
int cryptodev_vhost_start(CryptoDevVhost *v, VirtIODevice *vdev, Error **errp);

/* Take the rings back.  Does nothing if the server has none. */
void cryptodev_vhost_stop(CryptoDevVhost *v);

/*
 * Take one ring back, and give it again.  The server must have the rings.  What
 * runs already is left alone.
 *
 * Returns: as cryptodev_vhost_start()
 */
void cryptodev_vhost_stop_queue(CryptoDevVhost *v, unsigned queue);
int cryptodev_vhost_start_queue(CryptoDevVhost *v, unsigned queue);

#endif /* BACKENDS_CRYPTODEV_VHOST_H */
