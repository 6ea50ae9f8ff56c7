/*
 * virtio-crypto client: common code of sessions and data requests
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_LIBQOS_VIRTIO_CRYPTO_CLIENT_INTERNAL_H
#define TESTS_LIBQOS_VIRTIO_CRYPTO_CLIENT_INTERNAL_H

#include "virtio-crypto-client.h"

VCService vc_service_of(uint32_t opcode, bool chain);

/* Set a field of 32 bits, if @offset is not 0. */
void vc_set_field(VCMessage *m, uint64_t header, uint8_t offset,
                  uint32_t value);

void vc_set_params(VCMessage *m, uint64_t header, const VCParamFields *at,
                   const VCSession *s);

/* Change a complete message as described by @shape, except @indirect. */
void vc_shape_message(VCMessage *m, const VCShape *shape);

#endif
