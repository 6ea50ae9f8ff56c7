/*
 * virtio-crypto client: the expected end of a message
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_LIBQOS_VIRTIO_CRYPTO_EXPECT_H
#define TESTS_LIBQOS_VIRTIO_CRYPTO_EXPECT_H

#include "virtio-crypto-message.h"

/* Status codes of the virtio specification, and two ends without a status */
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
 * VCOutput: what the device writes
 *
 * @pieces: memory for the output, NULL = none; can be longer
 * @len: bytes of output
 * @bytes: expected output, may be NULL
 * @result: receives the output, may be NULL
 */
typedef struct VCOutput {
    GArray *pieces;
    uint32_t len;
    uint8_t *bytes;
    uint8_t *result;
} VCOutput;

/**
 * VCExpect: how a message should end
 *
 * @status: how the message ends
 * @may_be_invsess: also accept INVSESS, if the session can be destroyed by then
 * @status_addr, @status_size: where the device writes it
 * @id_addr: session id, 0 = none
 * @pad_addr, @pad_len: padding, of up to four bytes, that becomes 0 or stays
 * @data, @digest: results; a BADMSG leaves zeroes for @data
 * @data_len_result: if not NULL, the device decides on the length of @data
 * @used_ok, @used_failed: used lengths
 */
typedef struct VCExpect {
    VCStatus status;
    bool may_be_invsess;
    uint64_t status_addr;
    uint32_t status_size;
    uint64_t id_addr;
    uint64_t pad_addr;
    uint32_t pad_len;
    uint64_t id;
    VCOutput data, digest;
    uint32_t *data_len_result;
    uint32_t used_ok, used_failed;
} VCExpect;

/* Begin a message that should end with @expect. */
VCMessage *vc_message_expecting(VCClient *vc, VCStatus expect);

/* Wait for a message and check all of it; does not free it.  Returns: status */
VCStatus vc_check(VCMessage *m);

/* As vc_check(), and free it. */
VCStatus vc_finish(VCMessage *m);

/* Free a message that will never be answered, because of a reset. */
void vc_forget(VCMessage *m);

#endif
