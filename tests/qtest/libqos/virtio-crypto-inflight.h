/*
 * virtio-crypto client: many requests in flight
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_LIBQOS_VIRTIO_CRYPTO_INFLIGHT_H
#define TESTS_LIBQOS_VIRTIO_CRYPTO_INFLIGHT_H

#include "virtio-crypto-client.h"

/*
 * Two ways to be in flight: held in the ring by a limit until the test lifts
 * it, or so large that the backend is busy with them.  Limits use virtual time
 * under qtest, which stops unless the test advances it.
 */
typedef enum VCInflightKind {
    VC_HELD,
    VC_LARGE,
} VCInflightKind;

#define VC_INFLIGHT_MAX    20

/**
 * VCInflight: requests of one session on queue 0
 *
 * @request: one of them, to be sent again; all have its session
 * @status: bytes of the statuses, as found by vc_inflight_settle()
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

/* Destroy the session.  From now on requests can end with INVSESS. */
void vc_inflight_destroy_session(VCInflight *b);

/* Let the requests end, and check them. */
void vc_inflight_finish(VCInflight *b);

/* From now on the device must not write to the memory of the requests. */
void vc_inflight_settle(VCInflight *b);

/* Lift the limit, and advance the time until requests continue. */
void vc_inflight_lift(VCInflight *b);

/* Check that nothing happened since vc_inflight_settle(), and forget them. */
void vc_inflight_forget(VCInflight *b);

#endif
