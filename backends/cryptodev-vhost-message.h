/*
 * Messages to a vhost-user crypto server
 *
 * QEMU's vhost-user code speaks of rings and memory.  What it does not say, or
 * not as a crypto device needs it, is here: the first question to a server, and
 * its sessions.
 *
 * Context: BQL held, main thread, within a deadline
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_VHOST_MESSAGE_H
#define BACKENDS_CRYPTODEV_VHOST_MESSAGE_H

#include "chardev/char-fe.h"
#include "system/cryptodev-vhost-user-wire.h"
#include "system/cryptodev.h"

/* Longest reply to a message that has a number as its answer */
#define CRYPTODEV_VHOST_U64_REPLY   (sizeof(CryptoDevVhostHeader) + 8)

/* Ask for a number.  Returns: false if the connection is broken */
bool cryptodev_vhost_ask_u64(CharBackend *chr, uint32_t request);

/**
 * cryptodev_vhost_take_u64: the answer, which is in @bytes.
 *
 * Returns: false if it is none to @request
 */
bool cryptodev_vhost_take_u64(const uint8_t *bytes, uint32_t request,
                              uint64_t *value);

/* Ask for a number, and wait for it.  Returns: false if it did not come */
bool cryptodev_vhost_get_u64(CharBackend *chr, uint32_t request,
                             uint64_t *value);

/**
 * cryptodev_vhost_session_fits: whether a message has room for the keys of a
 * session.
 *
 * @long_keys: whether the server takes keys that are longer than their field
 */
bool cryptodev_vhost_session_fits(const CryptoDevSessionParams *params,
                                  bool long_keys);

/**
 * cryptodev_vhost_create_session: have the server make a session.
 *
 * @wanted: the id that it should have, 0 for any
 * @id: what the server says: the id, or a negative number if it refuses
 *
 * Returns: false if there was no answer, or a wrong one
 */
bool cryptodev_vhost_create_session(CharBackend *chr,
                                    const CryptoDevSessionParams *params,
                                    uint64_t wanted, int64_t *id);

/* Returns: false if the connection is broken */
bool cryptodev_vhost_close_session(CharBackend *chr, uint64_t id);

#endif /* BACKENDS_CRYPTODEV_VHOST_MESSAGE_H */
