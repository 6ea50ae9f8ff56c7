/*
 * virtio-crypto client: many requests in flight
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_LIBQOS_VIRTIO_CRYPTO_INFLIGHT_H
#define TESTS_LIBQOS_VIRTIO_CRYPTO_INFLIGHT_H

#include "virtio-crypto-client.h"

/*
 * Two ways to be in flight: held back in the ring, for as long as a test
 * wants, or so large that the backend is busy with them.  Limits count
 * virtual time under qtest, which stops unless the test moves it.
 */
typedef enum VCInflightKind {
    VC_HELD,
    VC_LARGE,
} VCInflightKind;

#define VC_INFLIGHT_MAX    20

/**
 * VCInflight: requests of one session on queue 0
 *
 * @request: one of them, to be sent once more; all have its session
 * @status: bytes where the statuses go, as vc_inflight_settle() found them
 */
typedef struct VCInflight {
    VCClient *vc;
    VCInflightKind kind;
    const char *backend;
    VCRequest request;
    unsigned num;
    VCMessage *messages[VC_INFLIGHT_MAX];
    uint64_t status[VC_INFLIGHT_MAX];
    uint8_t *data, *out;
} VCInflight;

/* Set a property of a backend, such as a limit. */
void vc_set_backend(VCClient *vc, const char *id, const char *name,
                    int64_t value);

/**
 * vc_inflight_start: send the requests.
 *
 * @backend: id of the device's backend
 */
void vc_inflight_start(VCInflight *b, VCClient *vc, VCFormat format,
                       VCInflightKind kind, const char *backend);

/* Destroy the session.  From now on requests may end with INVSESS. */
void vc_inflight_destroy_session(VCInflight *b);

/* Let the requests end, and check them. */
void vc_inflight_finish(VCInflight *b);

/* From now on the device must not touch the memory of the requests. */
void vc_inflight_settle(VCInflight *b);

/* Lift the limit, and let time pass for what waits for it. */
void vc_inflight_lift(VCInflight *b);

/* Check that nothing happened since vc_inflight_settle(), and forget them. */
void vc_inflight_forget(VCInflight *b);

#endif
