/*
 * virtio-crypto client: a device whose requests a vhost-user server serves
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_LIBQOS_VIRTIO_CRYPTO_SERVED_H
#define TESTS_LIBQOS_VIRTIO_CRYPTO_SERVED_H

#include "virtio-crypto-machine.h"
#include "virtio-crypto-samples.h"
#include "virtio-crypto-server.h"

/* Options of a chardev that connects again at once */
#define VC_RECONNECT    ",reconnect-ms=10"

typedef struct VCServed {
    VCServer *server;
    VCMachine m;
    VCClient *vc;
} VCServed;

/**
 * VCServedOptions: zero is the default
 *
 * @server: what the server does
 * @chardev, @backend, @device: more options, with leading commas
 * @absent: the server does not listen
 */
typedef struct VCServedOptions {
    VCServerOptions server;
    const char *chardev, *backend, *device;
    bool absent;
} VCServedOptions;

/* Start a server, QEMU, and the device.  Paired with vc_served_end(). */
void vc_served_start(VCServed *d, const VCServedOptions *options);
void vc_served_end(VCServed *d);

/* Whether the device says that it is ready; wait until it is, or is not */
bool vc_served_ready(VCServed *d);
void vc_served_wait(VCServed *d, bool ready);

/* Send the sample to a queue, and wait until it is answered. */
void vc_served_request(VCServed *d, unsigned queue, uint64_t session);

/* Only send it; see vc_finish(). */
VCMessage *vc_served_request_start(VCServed *d, unsigned queue,
                                   uint64_t session);

/* Check that sessions and requests are served. */
void vc_served_check_alive(VCServed *d);

#endif
