/*
 * virtio-crypto client: requests that take seconds
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_LIBQOS_VIRTIO_CRYPTO_SLOW_H
#define TESTS_LIBQOS_VIRTIO_CRYPTO_SLOW_H

#include "virtio-crypto-calls.h"

#define VC_SLOW     48

/**
 * VCSlow: operations with the longest key, on all data queues: so many take
 * seconds, and whenever the machine stops some of each queue have been taken
 * and are not answered.
 *
 * @call: one of them
 * @quick: every other request: it overtakes them unless the ring is in order
 */
typedef struct VCSlow {
    VCCall *call;
    VCRequest quick;
    VCMessage *messages[VC_SLOW];
} VCSlow;

/**
 * vc_slow_start: send the requests.
 *
 * Returns: false if the device has no such operation, and the test is skipped
 */
bool vc_slow_start(VCSlow *slow, VCClient *vc);

/* Wait for all of them and check them; their session works on. */
void vc_slow_finish(VCSlow *slow);

/* They are not coming back. */
void vc_slow_forget(VCSlow *slow);

/* Paired with vc_slow_start(), when nothing is in flight any more. */
void vc_slow_end(VCSlow *slow);

#endif
