/*
 * virtio-crypto: the session table
 *
 * Changed by the control queue under the BQL, read by the data queues without
 * a lock.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_VIRTIO_CRYPTO_SESSIONS_H
#define HW_VIRTIO_CRYPTO_SESSIONS_H

#include "hw/virtio/virtio-crypto.h"

/* The most slots; an id is a slot number and a generation. */
#define VIRTIO_CRYPTO_SESSIONS_MAX  (1 << 20)

/**
 * VirtIOCryptoSessions:
 *
 * @slots: @max sessions, NULL if free; RCU-protected
 * @free: the numbers of the free slots, a stack of @num_free entries
 * @slot_of: the slot of each id, if the backend sets the ids; else NULL, and
 *     ids tell their slots
 * @generation: generation of the last new id; never reset, so that an id from
 *     before a device reset stays invalid after it
 */
struct VirtIOCryptoSessions {
    CryptoDevSession **slots;
    uint32_t *free;
    uint32_t max, num_free;
    GHashTable *slot_of;
    uint64_t generation;
};

void virtio_crypto_sessions_init(VirtIOCryptoSessions *t, uint32_t max);

/* The backend gives the ids, which may be any; the table is empty. */
void virtio_crypto_sessions_use_names(VirtIOCryptoSessions *t);

/* Destroys all sessions. */
void virtio_crypto_sessions_cleanup(VirtIOCryptoSessions *t);

/**
 * virtio_crypto_sessions_add: add @session, with the caller's reference, and
 * set its id, unless the backend has set it.  Context: BQL held.
 *
 * Returns: false if the table is full
 */
bool virtio_crypto_sessions_add(VirtIOCryptoSessions *t,
                                CryptoDevSession *session);

/**
 * virtio_crypto_sessions_add_at: add a session of an incoming migration, with
 * the caller's reference, under its @id, which is set already if the backend
 * sets the ids.  Call virtio_crypto_sessions_index() after the last one.
 * Context: BQL held.
 *
 * Returns: false if there is no such slot, or if it has another session
 */
bool virtio_crypto_sessions_add_at(VirtIOCryptoSessions *t,
                                   CryptoDevSession *session, uint64_t id);

/* Rebuild the stack of free slots.  Context: BQL held. */
void virtio_crypto_sessions_index(VirtIOCryptoSessions *t);

/* Slot and generation of an id */
static inline uint32_t virtio_crypto_session_slot(uint64_t id)
{
    return id % VIRTIO_CRYPTO_SESSIONS_MAX;
}

static inline uint64_t virtio_crypto_session_generation(uint64_t id)
{
    return id / VIRTIO_CRYPTO_SESSIONS_MAX;
}

/**
 * virtio_crypto_sessions_remove: remove a session; requests in flight keep it
 * alive.  Context: BQL held.
 *
 * Returns: false if no session of @service has that id
 */
bool virtio_crypto_sessions_remove(VirtIOCryptoSessions *t, uint64_t id,
                                   CryptoDevService service);

/* Remove all sessions.  Context: BQL held. */
void virtio_crypto_sessions_clear(VirtIOCryptoSessions *t);

/**
 * virtio_crypto_sessions_get: find a session, whose id the table has given.
 * Context: any thread.
 *
 * Returns: the session with a reference for the caller, or NULL if no session
 * of @service has that id
 */
CryptoDevSession *virtio_crypto_sessions_get(const VirtIOCryptoSessions *t,
                                             uint64_t id,
                                             CryptoDevService service);

#endif /* HW_VIRTIO_CRYPTO_SESSIONS_H */
