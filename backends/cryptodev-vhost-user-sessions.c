/*
 * cryptodev-vhost-user: sessions
 *
 * A session is made by a message, and lives in the server.  Its parameters and
 * keys are kept here as well, so that another server can make it again.  The
 * driver names sessions in its requests, which only the server sees: so the
 * ids are the server's, and a session that is made again must have its old one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "cryptodev-vhost-user.h"
#include "trace.h"

/* Large, so that few servers give it to a session of their own accord */
#define TRIAL_ID    (1ULL << 40)

/**
 * VhostSession:
 *
 * @in_server: whether the server at the other end knows it
 */
typedef struct VhostSession {
    CryptoDevSession base;
    bool in_server;
} VhostSession;

static gint compare_ids(gconstpointer a, gconstpointer b, gpointer opaque)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

void cryptodev_vhost_sessions_init(CryptoDevVhostUser *vu)
{
    vu->sessions = g_tree_new_full(compare_ids, NULL, NULL, NULL);
}

void cryptodev_vhost_sessions_cleanup(CryptoDevVhostUser *vu)
{
    g_clear_pointer(&vu->sessions, g_tree_unref);
}

/* Returns: false if the connection is of no use any more */
static bool create(CryptoDevVhostUser *vu, const CryptoDevSessionParams *params,
                   uint64_t wanted, int64_t *id)
{
    bool ok;

    cryptodev_vhost_user_begin(vu);
    ok = cryptodev_vhost_create_session(&vu->chr, params, wanted, id);
    if (!ok) {
        cryptodev_vhost_user_fail(vu, "the server has no right answer to a "
                                  "request for a session");
    }
    cryptodev_vhost_user_end(vu);
    trace_cryptodev_vhost_create(wanted, ok, *id);
    return ok;
}

static void close_session(CryptoDevVhostUser *vu, uint64_t id)
{
    cryptodev_vhost_user_begin(vu);
    if (!cryptodev_vhost_close_session(&vu->chr, id)) {
        cryptodev_vhost_user_fail(vu, "the server takes no more messages");
    }
    cryptodev_vhost_user_end(vu);
    trace_cryptodev_vhost_close(id);
}

/* What a server says that refuses a session: negated numbers of virtio. */
static CryptoDevStatus refusal(int64_t id)
{
    return id == -CRYPTODEV_BADMSG || id == -CRYPTODEV_NOTSUPP ||
           id == -CRYPTODEV_NOSPC || id == -CRYPTODEV_KEY_REJECTED ?
           (CryptoDevStatus)-id : CRYPTODEV_ERR;
}

/* Returns: whether the server has made a session, with that id */
static bool create_as(CryptoDevVhostUser *vu,
                      const CryptoDevSessionParams *params, uint64_t wanted)
{
    int64_t id;

    if (!create(vu, params, wanted, &id)) {
        return false;
    }
    if (id >= 0 && id != wanted) {
        close_session(vu, id);
    }
    return id >= 0 && id == wanted;
}

static CryptoDevSession *add_session(CryptoDevVhostUser *vu,
                                     const CryptoDevSessionParams *params,
                                     uint64_t id, bool in_server)
{
    VhostSession *s = g_new0(VhostSession, 1);

    cryptodev_session_take_params(&s->base, params);
    s->base.id = id;
    s->in_server = in_server;
    g_tree_insert(vu->sessions, &s->base.id, s);
    return &s->base;
}

CryptoDevStatus
cryptodev_vhost_session_new(CryptoDevBackend *b,
                            const CryptoDevSessionParams *params,
                            CryptoDevSession **session)
{
    CryptoDevVhostUser *vu = CRYPTODEV_VHOST_USER(b);
    int64_t id;

    if (!cryptodev_vhost_session_fits(params, vu->has_config)) {
        return CRYPTODEV_NOTSUPP;
    }
    if (vu->state != CRYPTODEV_VHOST_OPEN || !create(vu, params, 0, &id)) {
        return CRYPTODEV_ERR;
    }
    if (id < 0) {
        return refusal(id);
    }
    if (g_tree_lookup(vu->sessions, &id)) {
        cryptodev_vhost_user_fail(vu, "the server gave the id %" PRId64
                                  " to two sessions", id);
        return CRYPTODEV_ERR;
    }
    *session = add_session(vu, params, id, true);
    return CRYPTODEV_OK;
}

/* Without a server it is made when there is one. */
CryptoDevStatus
cryptodev_vhost_session_renew(CryptoDevBackend *b,
                              const CryptoDevSessionParams *params,
                              uint64_t id, CryptoDevSession **session)
{
    CryptoDevVhostUser *vu = CRYPTODEV_VHOST_USER(b);
    bool in_server = vu->state == CRYPTODEV_VHOST_OPEN;

    if (!cryptodev_vhost_session_fits(params, vu->has_config) ||
        id > INT64_MAX || g_tree_lookup(vu->sessions, &id) ||
        (in_server && !create_as(vu, params, id))) {
        return CRYPTODEV_ERR;
    }
    *session = add_session(vu, params, id, in_server);
    return CRYPTODEV_OK;
}

void cryptodev_vhost_session_free(CryptoDevSession *session)
{
    VhostSession *s = container_of(session, VhostSession, base);
    CryptoDevVhostUser *vu = CRYPTODEV_VHOST_USER(session->backend);

    g_tree_remove(vu->sessions, &session->id);
    if (s->in_server && vu->state == CRYPTODEV_VHOST_OPEN) {
        close_session(vu, session->id);
    }
    cryptodev_session_wipe_params(session);
}

/* A new connection */

static gboolean lose_session(gpointer id, gpointer value, gpointer opaque)
{
    VhostSession *s = value;

    s->in_server = false;
    return FALSE;
}

void cryptodev_vhost_sessions_lost(CryptoDevVhostUser *vu)
{
    g_tree_foreach(vu->sessions, lose_session, NULL);
}

/* Returns: true to stop, at the first session that cannot be had again */
static gboolean replay_session(gpointer key, gpointer value, gpointer opaque)
{
    CryptoDevVhostUser *vu = opaque;
    VhostSession *s = value;

    s->in_server = create_as(vu, &s->base.params, s->base.id);
    return !s->in_server;
}

static gboolean session_is_missing(gpointer key, gpointer value,
                                   gpointer opaque)
{
    VhostSession *s = value;
    bool *missing = opaque;

    *missing |= !s->in_server;
    return *missing;
}

/* A session that every server can make; nobody uses it. */
void cryptodev_vhost_sessions_try_ids(CryptoDevVhostUser *vu)
{
    static const uint8_t key[16];
    const CryptoDevSessionParams params = {
        .service = CRYPTODEV_SERVICE_CIPHER,
        .opcode = CRYPTODEV_ENCRYPT,
        .cipher = CRYPTODEV_ALGO_AES_CBC,
        .cipher_key = key,
        .cipher_key_len = sizeof(key),
    };
    uint64_t id = TRIAL_ID;

    while (g_tree_lookup(vu->sessions, &id)) {
        id++;
    }
    vu->keeps_ids = create_as(vu, &params, id);
    if (vu->keeps_ids) {
        close_session(vu, id);
    }
}

void cryptodev_vhost_sessions_replay(CryptoDevVhostUser *vu)
{
    CryptoDevBackend *b = CRYPTODEV_BACKEND(vu);
    guint count = g_tree_nnodes(vu->sessions);
    bool missing = false;

    g_tree_foreach(vu->sessions, replay_session, vu);
    g_tree_foreach(vu->sessions, session_is_missing, &missing);
    if (!missing || vu->state != CRYPTODEV_VHOST_OPEN) {
        return;
    }
    warn_report("cryptodev '%s': the new server cannot make sessions under "
                "their old ids: the %u sessions of the guest are gone",
                cryptodev_backend_id(b), count);
    cryptodev_backend_forget_sessions(b);
}
