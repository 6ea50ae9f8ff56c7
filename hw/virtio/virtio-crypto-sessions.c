/*
 * virtio-crypto: the session table
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/rcu.h"
#include "virtio-crypto-sessions.h"

void virtio_crypto_sessions_init(VirtIOCryptoSessions *t, uint32_t max)
{
    assert(max <= VIRTIO_CRYPTO_SESSIONS_MAX);
    t->slots = g_new0(CryptoDevSession *, max);
    t->free = g_new(uint32_t, max);
    t->max = max;
    virtio_crypto_sessions_index(t);
}

void virtio_crypto_sessions_use_names(VirtIOCryptoSessions *t)
{
    t->slot_of = g_hash_table_new(g_int64_hash, g_int64_equal);
}

void virtio_crypto_sessions_index(VirtIOCryptoSessions *t)
{
    t->num_free = 0;
    for (uint32_t slot = t->max; slot--; ) {
        if (!t->slots[slot]) {
            t->free[t->num_free++] = slot;
        }
    }
}

void virtio_crypto_sessions_cleanup(VirtIOCryptoSessions *t)
{
    virtio_crypto_sessions_clear(t);
    g_clear_pointer(&t->slots, g_free);
    g_clear_pointer(&t->free, g_free);
    g_clear_pointer(&t->slot_of, g_hash_table_unref);
}

bool virtio_crypto_sessions_add(VirtIOCryptoSessions *t,
                                CryptoDevSession *session)
{
    uint32_t slot;

    if (!t->num_free) {
        return false;
    }
    slot = t->free[--t->num_free];
    if (t->slot_of) {
        g_hash_table_insert(t->slot_of, &session->id, GUINT_TO_POINTER(slot));
    } else {
        session->id = ++t->generation * VIRTIO_CRYPTO_SESSIONS_MAX + slot;
    }
    qatomic_rcu_set(&t->slots[slot], session);
    return true;
}

bool virtio_crypto_sessions_add_at(VirtIOCryptoSessions *t,
                                   CryptoDevSession *session, uint64_t id)
{
    uint32_t slot = virtio_crypto_session_slot(id);

    if (t->slot_of) {
        return virtio_crypto_sessions_add(t, session);
    }
    if (slot >= t->max || t->slots[slot]) {
        return false;
    }
    session->id = id;
    qatomic_rcu_set(&t->slots[slot], session);
    return true;
}

/* Returns: the slot that @id names, t->max if it names none */
static uint32_t find_slot(const VirtIOCryptoSessions *t, uint64_t id)
{
    gpointer slot;

    if (!t->slot_of) {
        return virtio_crypto_session_slot(id);
    }
    return g_hash_table_lookup_extended(t->slot_of, &id, NULL, &slot) ?
           GPOINTER_TO_UINT(slot) : t->max;
}

/* Context: BQL held; or RCU read lock held, where the table gives the ids */
static CryptoDevSession *lookup(const VirtIOCryptoSessions *t, uint64_t id,
                                CryptoDevService service)
{
    uint32_t slot = find_slot(t, id);
    CryptoDevSession *s =
        slot < t->max ? qatomic_rcu_read(&t->slots[slot]) : NULL;

    return s && s->id == id && s->params.service == service ? s : NULL;
}

static void forget_slot(VirtIOCryptoSessions *t, uint32_t slot)
{
    CryptoDevSession *s = t->slots[slot];

    if (t->slot_of) {
        g_hash_table_remove(t->slot_of, &s->id);
    }
    qatomic_rcu_set(&t->slots[slot], NULL);
    t->free[t->num_free++] = slot;
    cryptodev_session_put(s);
}

bool virtio_crypto_sessions_remove(VirtIOCryptoSessions *t, uint64_t id,
                                   CryptoDevService service)
{
    if (!lookup(t, id, service)) {
        return false;
    }
    forget_slot(t, find_slot(t, id));
    return true;
}

void virtio_crypto_sessions_clear(VirtIOCryptoSessions *t)
{
    for (uint32_t slot = 0; t->num_free < t->max && slot < t->max; slot++) {
        if (t->slots[slot]) {
            forget_slot(t, slot);
        }
    }
}

CryptoDevSession *virtio_crypto_sessions_get(const VirtIOCryptoSessions *t,
                                             uint64_t id,
                                             CryptoDevService service)
{
    CryptoDevSession *s;

    RCU_READ_LOCK_GUARD();
    s = lookup(t, id, service);
    return s && cryptodev_session_tryget(s) ? s : NULL;
}
