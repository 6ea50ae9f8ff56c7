/*
 * cryptodev-vhost-user: crypto in a process of its own
 *
 * A server takes the data queues of the device over the vhost-user protocol.
 * It may come late, go and come back at any time.  While there is none the
 * backend is not ready, and requests wait in the rings.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "qemu/module.h"
#include "chardev/char-socket.h"
#include "system/cryptodev-compat.h"
#include "system/cryptodev-rings.h"
#include "cryptodev-vhost-user.h"

/* A message names a ring with one byte. */
#define VHOST_USER_QUEUES_MAX       256

/* How long a server may take, in milliseconds: by default, and at most */
#define VHOST_USER_TIMEOUT_MS       5000
#define VHOST_USER_TIMEOUT_MAX_MS   (60 * 1000)

static Chardev *find_socket(CryptoDevVhostUser *vu, Error **errp)
{
    Chardev *chr;

    if (!vu->chardev) {
        error_setg(errp, "'chardev' must name a Unix domain socket, for "
                   "example one made with -chardev socket,id=ID,path=PATH");
        return NULL;
    }
    chr = qemu_chr_find(vu->chardev);
    if (!chr) {
        error_setg(errp, "there is no chardev '%s'", vu->chardev);
        return NULL;
    }
    if (!object_dynamic_cast(OBJECT(chr), TYPE_CHARDEV_SOCKET) ||
        !qemu_chr_has_feature(chr, QEMU_CHAR_FEATURE_FD_PASS)) {
        error_setg(errp, "chardev '%s' is not a Unix domain socket, make it "
                   "with -chardev socket,id=%s,path=PATH", vu->chardev,
                   vu->chardev);
        return NULL;
    }
    return chr;
}

static bool vhost_user_complete(CryptoDevBackend *b, Error **errp)
{
    CryptoDevVhostUser *vu = CRYPTODEV_VHOST_USER(b);
    Chardev *chr;

    if (b->queues > VHOST_USER_QUEUES_MAX) {
        error_setg(errp, "'queues' must be between 1 and %d for "
                   TYPE_CRYPTODEV_VHOST_USER, VHOST_USER_QUEUES_MAX);
        return false;
    }
    chr = find_socket(vu, errp);
    if (!chr || !qemu_chr_fe_init(&vu->chr, chr, errp) ||
        !cryptodev_vhost_init(&vu->vhost, &vu->chr, b->queues,
                              &cryptodev_vhost_user_hooks, errp)) {
        return false;
    }
    cryptodev_vhost_user_common_caps(b);
    cryptodev_backend_set_available(b, false);
    cryptodev_vhost_user_connect(vu);
    return true;
}

static void vhost_user_query(CryptoDevBackend *b, QCryptodevInfo *info)
{
    info->has_connected = true;
    info->connected =
        CRYPTODEV_VHOST_USER(b)->state == CRYPTODEV_VHOST_OPEN;
}

static const char *vhost_user_migration_blocker(CryptoDevBackend *b)
{
    return CRYPTODEV_VHOST_USER(b)->keeps_ids ? NULL :
           "it has had no server that logs what it writes and makes sessions "
           "under the ids that they have";
}

static char *vhost_user_get_chardev(Object *obj, Error **errp)
{
    return g_strdup(CRYPTODEV_VHOST_USER(obj)->chardev ?: "");
}

static void vhost_user_set_chardev(Object *obj, const char *name, Error **errp)
{
    CryptoDevVhostUser *vu = CRYPTODEV_VHOST_USER(obj);

    if (CRYPTODEV_BACKEND(obj)->complete) {
        error_setg(errp, "'chardev' cannot be changed after creation");
        return;
    }
    g_free(vu->chardev);
    vu->chardev = g_strdup(name);
}

static void vhost_user_get_timeout(Object *obj, Visitor *v, const char *name,
                                   void *opaque, Error **errp)
{
    visit_type_uint32(v, name, &CRYPTODEV_VHOST_USER(obj)->timeout_ms, errp);
}

static void vhost_user_set_timeout(Object *obj, Visitor *v, const char *name,
                                   void *opaque, Error **errp)
{
    uint32_t ms;

    if (!visit_type_uint32(v, name, &ms, errp)) {
        return;
    }
    if (ms < 1 || ms > VHOST_USER_TIMEOUT_MAX_MS) {
        error_setg(errp, "'%s' must be between 1 and %d milliseconds", name,
                   VHOST_USER_TIMEOUT_MAX_MS);
        return;
    }
    CRYPTODEV_VHOST_USER(obj)->timeout_ms = ms;
}

static void vhost_user_instance_init(Object *obj)
{
    CryptoDevVhostUser *vu = CRYPTODEV_VHOST_USER(obj);

    vu->timeout_ms = VHOST_USER_TIMEOUT_MS;
    cryptodev_vhost_sessions_init(vu);
}

/* No device uses the backend any more. */
static void vhost_user_finalize(Object *obj)
{
    CryptoDevVhostUser *vu = CRYPTODEV_VHOST_USER(obj);

    cryptodev_vhost_user_disconnect(vu);
    cryptodev_vhost_cleanup(&vu->vhost);
    qemu_chr_fe_deinit(&vu->chr, false);
    cryptodev_vhost_sessions_cleanup(vu);
    g_free(vu->last_error);
    g_free(vu->chardev);
}

static void vhost_user_class_init(ObjectClass *oc, CompatClassData data)
{
    CryptoDevBackendClass *bc = CRYPTODEV_BACKEND_CLASS(oc);

    bc->type = QCRYPTODEV_BACKEND_TYPE_VHOST_USER;
    bc->complete = vhost_user_complete;
    bc->session_new = cryptodev_vhost_session_new;
    bc->session_renew = cryptodev_vhost_session_renew;
    bc->session_free = cryptodev_vhost_session_free;
    bc->query = vhost_user_query;
    bc->migration_blocker = vhost_user_migration_blocker;
    bc->rings = &cryptodev_vhost_user_rings;

    object_class_property_add_str(oc, "chardev", vhost_user_get_chardev,
                                  vhost_user_set_chardev);
    object_class_property_set_description(oc, "chardev",
        "Unix domain socket of the server");
    object_class_property_add(oc, "timeout-ms", "uint32",
                              vhost_user_get_timeout, vhost_user_set_timeout,
                              NULL, NULL);
    object_class_property_set_description(oc, "timeout-ms",
        "How long the server may take to answer, in milliseconds");
}

static const TypeInfo vhost_user_info = {
    .name = TYPE_CRYPTODEV_VHOST_USER,
    .parent = TYPE_CRYPTODEV_BACKEND,
    .instance_size = sizeof(CryptoDevVhostUser),
    .instance_init = vhost_user_instance_init,
    .instance_finalize = vhost_user_finalize,
    .class_init = vhost_user_class_init,
};

static void vhost_user_register_types(void)
{
    type_register_static(&vhost_user_info);
}

type_init(vhost_user_register_types);
