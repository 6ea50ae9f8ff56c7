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
 * virtual time under qtest, which stands still unless the test moves it.
 */
typedef enum VCBurstKind {
    VC_HELD,
    VC_LARGE,
} VCBurstKind;

#define VC_BURST_MAX    20

/**
 * VCBurst: requests of one session on queue 0
 *
 * @request: one of them, to be sent once more; its session is the burst's
 * @status: what stood at the places of the statuses at vc_burst_settle()
 */
typedef struct VCBurst {
    VCClient *vc;
    VCBurstKind kind;
    const char *backend;
    VCRequest request;
    unsigned num;
    VCMsg *messages[VC_BURST_MAX];
    uint64_t status[VC_BURST_MAX];
    uint8_t *data, *out;
} VCBurst;

/* Set a property of a backend, such as a limit. */
void vc_set_backend(VCClient *vc, const char *id, const char *name,
                    int64_t value);

/**
 * vc_burst_start: send the requests.
 *
 * @backend: id of the device's backend
 */
void vc_burst_start(VCBurst *b, VCClient *vc, VCFormat format,
                    VCBurstKind kind, const char *backend);

/* Let the rest happen; each must end with OK or INVSESS. */
void vc_burst_finish(VCBurst *b);

/* As of now the device must not touch the memory of the requests any more. */
void vc_burst_settle(VCBurst *b);

/* Lift the limit, and let time pass for what waits for it. */
void vc_burst_lift(VCBurst *b);

/* Check that after vc_burst_settle() nothing happened, and forget them. */
void vc_burst_forget(VCBurst *b);

#endif
