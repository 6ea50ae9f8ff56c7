/*
 * Rings in the hands of a vhost-user crypto server
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/virtio/virtio-bus.h"
#include "standard-headers/linux/vhost_types.h"
#include "cryptodev-vhost.h"

/* Life of a connection */

bool cryptodev_vhost_init(CryptoDevVhost *v, CharBackend *chr,
                          unsigned num_queues, const CryptoDevVhostHooks *hooks,
                          Error **errp)
{
    v->hooks = hooks;
    v->num_queues = num_queues;
    v->vqs = g_new0(struct vhost_virtqueue, num_queues);
    v->inflight.fd = -1;
    return vhost_user_init(&v->user, chr, errp);
}

void cryptodev_vhost_cleanup(CryptoDevVhost *v)
{
    vhost_dev_free_inflight(&v->inflight);
    vhost_user_cleanup(&v->user);
    g_free(v->vqs);
}

bool cryptodev_vhost_open(CryptoDevVhost *v, bool config,
                          const VhostDevConfigOps *config_ops, Error **errp)
{
    v->user.supports_config = config;
    memset(v->vqs, 0, v->num_queues * sizeof(*v->vqs));
    v->dev = (struct vhost_dev) {
        .vqs = v->vqs,
        .nvqs = v->num_queues,
        .num_queues = v->num_queues,
        .vq_index_end = v->num_queues,
    };
    if (config) {
        vhost_dev_set_config_notifier(&v->dev, config_ops);
    }
    v->lost = false;
    v->open = vhost_dev_init(&v->dev, &v->user, VHOST_BACKEND_TYPE_USER, 0,
                             errp) >= 0;
    if (v->open) {
        cryptodev_vhost_limit(v);
    }
    return v->open;
}

void cryptodev_vhost_close(CryptoDevVhost *v)
{
    if (v->open) {
        v->open = false;
        vhost_dev_cleanup(&v->dev);
    }
}

/* Rings */

static VirtioBusClass *bus_of(VirtIODevice *vdev, DeviceState **transport)
{
    BusState *bus = qdev_get_parent_bus(DEVICE(vdev));

    *transport = bus->parent;
    return VIRTIO_BUS_GET_CLASS(bus);
}

static int set_guest_notifiers(CryptoDevVhost *v, VirtIODevice *vdev,
                               bool assign)
{
    DeviceState *transport;
    VirtioBusClass *bus = bus_of(vdev, &transport);

    return bus->set_guest_notifiers ?
           bus->set_guest_notifiers(transport, v->num_queues, assign) :
           -ENOSYS;
}

/* With it, a server that comes back knows what the last one had begun. */
static int exchange_inflight(CryptoDevVhost *v, VirtIODevice *vdev)
{
    int ret;

    if (!virtio_has_feature(v->dev.protocol_features,
                            VHOST_USER_PROTOCOL_F_INFLIGHT_SHMFD)) {
        return 0;
    }
    ret = vhost_dev_prepare_inflight(&v->dev, vdev);
    if (!ret && !v->inflight.addr) {
        ret = vhost_dev_get_inflight(&v->dev, virtio_queue_get_max_num(vdev, 0),
                                     &v->inflight);
    }
    return ret ?: vhost_dev_set_inflight(&v->dev, &v->inflight);
}

/* Requests may be waiting, and their kicks have been seen by nobody. */
static void kick(VirtIODevice *vdev, unsigned queue)
{
    if (virtio_queue_get_desc_addr(vdev, queue)) {
        event_notifier_set(virtio_queue_get_host_notifier(
                               virtio_get_queue(vdev, queue)));
    }
}

int cryptodev_vhost_start(CryptoDevVhost *v, VirtIODevice *vdev, Error **errp)
{
    int ret = vhost_dev_enable_notifiers(&v->dev, vdev);

    if (ret < 0) {
        error_setg_errno(errp, -ret, "the transport has no host notifiers");
        return ret;
    }
    ret = set_guest_notifiers(v, vdev, true);
    if (ret < 0) {
        error_setg_errno(errp, -ret, "the transport has no guest notifiers");
        vhost_dev_disable_notifiers(&v->dev, vdev);
        return ret;
    }
    v->dev.acked_features = vdev->guest_features & v->dev.features;
    ret = exchange_inflight(v, vdev) ?:
          vhost_dev_start(&v->dev, vdev, true);
    if (ret < 0) {
        error_setg_errno(errp, -ret, "the server does not take the rings");
        set_guest_notifiers(v, vdev, false);
        vhost_dev_disable_notifiers(&v->dev, vdev);
        return ret;
    }
    v->vdev = vdev;
    for (unsigned i = 0; i < v->num_queues; i++) {
        kick(vdev, i);
    }
    return 0;
}

void cryptodev_vhost_stop(CryptoDevVhost *v)
{
    VirtIODevice *vdev = g_steal_pointer(&v->vdev);

    if (vdev) {
        vhost_dev_stop(&v->dev, vdev, true);
        set_guest_notifiers(v, vdev, false);
        vhost_dev_disable_notifiers(&v->dev, vdev);
    }
}

void cryptodev_vhost_stop_queue(CryptoDevVhost *v, unsigned queue)
{
    vhost_virtqueue_stop(&v->dev, v->vdev, &v->vqs[queue], queue);
}

bool cryptodev_vhost_start_queue(CryptoDevVhost *v, unsigned queue)
{
    const VhostOps *ops;

    if (vhost_virtqueue_start(&v->dev, v->vdev, &v->vqs[queue], queue) < 0) {
        return false;
    }
    ops = v->dev.vhost_ops;
    if (ops->vhost_set_vring_enable &&
        ops->vhost_set_vring_enable(&v->dev, 1) < 0) {
        return false;
    }
    kick(v->vdev, queue);
    return true;
}
