/*
 * virtio-crypto client: what a message should come to
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_LIBQOS_VIRTIO_CRYPTO_WANT_H
#define TESTS_LIBQOS_VIRTIO_CRYPTO_WANT_H

#include "virtio-crypto-msg.h"

/* Status codes of the virtio specification, and two fates without one. */
typedef enum VCStatus {
    VC_OK,
    VC_ERR,
    VC_BADMSG,
    VC_NOTSUPP,
    VC_INVSESS,
    VC_NOSPC,
    VC_KEY_REJECTED,
    VC_UNANSWERED,      /* the buffer comes back with used length 0 */
    VC_BROKEN,          /* the device asks for a reset */
} VCStatus;

/**
 * VCWant: how a message should end
 *
 * @status, @also: accepted
 * @status_addr, @status_size: where the device writes it
 * @id_addr: session id, 0 = none
 * @pad_addr: four bytes of padding that become 0 or stay, 0 = none
 * @dst: pieces of the destination
 * @out_len, @out: result, @out may be NULL
 * @result: where to leave the result, may be NULL
 * @used_ok, @used_failed: used lengths
 */
typedef struct VCWant {
    VCStatus status, also;
    uint64_t status_addr;
    uint32_t status_size;
    uint64_t id_addr;
    uint64_t pad_addr;
    uint64_t id;
    GArray *dst;
    uint32_t out_len;
    uint8_t *out;
    uint8_t *result;
    uint32_t used_ok, used_failed;
} VCWant;

/* A message that should end with @expect. */
VCMsg *vc_msg_expecting(VCClient *vc, VCStatus expect);

/* Wait for a message and check all of it, but leave it.  Returns the status. */
VCStatus vc_check(VCMsg *m);

/* As vc_check(), and free it. */
VCStatus vc_finish(VCMsg *m);

/* Free a message that will never be answered, because of a reset. */
void vc_forget(VCMsg *m);

#endif
