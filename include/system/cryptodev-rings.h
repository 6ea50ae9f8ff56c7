/*
 * Cryptodev backends that serve the data queues of a device themselves
 *
 * Such a backend hands the rings to a server.  The device keeps the control
 * queue, and asks the backend for sessions as it asks any other; it sees no
 * data request.
 *
 * Context of all members: BQL held, main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef SYSTEM_CRYPTODEV_RINGS_H
#define SYSTEM_CRYPTODEV_RINGS_H

#include "hw/virtio/virtio.h"
#include "system/cryptodev.h"

struct vhost_dev;

/**
 * CryptoDevRings: what such a backend implements
 *
 * @features: of the @offered features of a device, those that the server has
 *     as well.  While there never was a server: those that any server has.
 * @start: the driver is up and the VM runs: have the rings of @vdev served, at
 *     once or as soon as there is a server.  Does nothing if it is started.
 * @stop: take the rings back: nothing is in flight then, and the indices of
 *     @vdev are where the server stopped.  Does nothing if it is not started.
 * @reset: the driver is gone: forget what a server has left in flight.  The
 *     rings are not started.
 * @queue_stop, @queue_start: the same for one ring, which the driver resets;
 *     the others go on.  Do nothing unless a server has the rings.
 * @vhost_dev: who has the rings now; NULL if nobody has
 */
struct CryptoDevRings {
    uint64_t (*features)(CryptoDevBackend *b, uint64_t offered);
    void (*start)(CryptoDevBackend *b, VirtIODevice *vdev);
    void (*stop)(CryptoDevBackend *b);
    void (*reset)(CryptoDevBackend *b);
    void (*queue_stop)(CryptoDevBackend *b, unsigned queue);
    void (*queue_start)(CryptoDevBackend *b, unsigned queue);
    struct vhost_dev *(*vhost_dev)(CryptoDevBackend *b);
};

#endif /* SYSTEM_CRYPTODEV_RINGS_H */
