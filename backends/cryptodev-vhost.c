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

/*
 * What is accepted.  A server must not send requests of its own (BACKEND_REQ):
 * the vhost code waits for the rest of one, and to answer it, without limit.
 */
#define PROTOCOL_FEATURES                                               \
    (BIT_ULL(VHOST_USER_PROTOCOL_F_MQ) |                                \
     BIT_ULL(VHOST_USER_PROTOCOL_F_LOG_SHMFD) |                         \
     BIT_ULL(VHOST_USER_PROTOCOL_F_REPLY_ACK) |                         \
     BIT_ULL(VHOST_USER_PROTOCOL_F_CRYPTO_SESSION) |                    \
     BIT_ULL(VHOST_USER_PROTOCOL_F_CONFIG) |                            \
     BIT_ULL(VHOST_USER_PROTOCOL_F_INFLIGHT_SHMFD) |                    \
     BIT_ULL(VHOST_USER_PROTOCOL_F_CONFIGURE_MEM_SLOTS) |               \
     BIT_ULL(VHOST_USER_PROTOCOL_F_STATUS))

/* Life of a connection */

bool cryptodev_vhost_init(CryptoDevVhost *v, CharBackend *chr,
                          unsigned num_queues, const CryptoDevVhostHooks *hooks,
                          Error **errp)
{
    v->hooks = hooks;
    v->num_queues = num_queues;
    v->vqs = g_new0(struct vhost_virtqueue, num_queues);
    v->mapped = g_new0(bool, num_queues);
    v->inflight.fd = -1;
    return vhost_user_init(&v->user, chr, errp);
}

void cryptodev_vhost_cleanup(CryptoDevVhost *v)
{
    vhost_dev_free_inflight(&v->inflight);
    vhost_user_cleanup(&v->user);
    g_free(v->mapped);
    g_free(v->vqs);
}

bool cryptodev_vhost_open(CryptoDevVhost *v, bool config, Error **errp)
{
    v->user.supports_config = config;
    v->user.protocol_features = PROTOCOL_FEATURES;
    memset(v->vqs, 0, v->num_queues * sizeof(*v->vqs));
    v->dev = (struct vhost_dev) {
        .vqs = v->vqs,
        .nvqs = v->num_queues,
        .num_queues = v->num_queues,
        .vq_index_end = v->num_queues,
    };
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

static bool in_ram(VirtIODevice *vdev, hwaddr addr, hwaddr len)
{
    MemoryRegionSection s = memory_region_find(vdev->dma_as->root, addr, len);
    bool ok = s.mr && memory_region_is_ram(s.mr) && !s.readonly &&
              int128_ge(s.size, int128_make64(len));

    if (s.mr) {
        memory_region_unref(s.mr);
    }
    return ok;
}

/* Elsewhere the vhost code would map copies, of which the server has none. */
static bool ring_in_ram(VirtIODevice *vdev, unsigned queue)
{
    hwaddr desc = virtio_queue_get_desc_addr(vdev, queue);

    return !desc ||
           (in_ram(vdev, desc, virtio_queue_get_desc_size(vdev, queue)) &&
            in_ram(vdev, virtio_queue_get_avail_addr(vdev, queue),
                   virtio_queue_get_avail_size(vdev, queue)) &&
            in_ram(vdev, virtio_queue_get_used_addr(vdev, queue),
                   virtio_queue_get_used_size(vdev, queue)));
}

static bool rings_in_ram(CryptoDevVhost *v, VirtIODevice *vdev)
{
    for (unsigned i = 0; i < v->num_queues; i++) {
        if (!ring_in_ram(vdev, i)) {
            return false;
        }
    }
    return true;
}

int cryptodev_vhost_start(CryptoDevVhost *v, VirtIODevice *vdev, Error **errp)
{
    int ret;

    if (!rings_in_ram(v, vdev)) {
        error_setg(errp, "a ring is not in RAM");
        return -ENOMEM;
    }
    ret = vhost_dev_enable_notifiers(&v->dev, vdev);
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
        /* what vhost_dev_stop() does, and a failed start does not */
        event_notifier_cleanup(&v->vqs[0].masked_config_notifier);
        v->dev.vdev = NULL;
        set_guest_notifiers(v, vdev, false);
        vhost_dev_disable_notifiers(&v->dev, vdev);
        return ret;
    }
    v->vdev = vdev;
    for (unsigned i = 0; i < v->num_queues; i++) {
        v->mapped[i] = virtio_queue_get_desc_addr(vdev, i);
        kick(vdev, i);
    }
    return 0;
}

/*
 * What is unmapped is as long as the virtio core says.  A driver can make that
 * say something else while the server has the ring.
 */
static void put_ring_back(CryptoDevVhost *v, unsigned queue)
{
    struct vhost_virtqueue *vq = &v->vqs[queue];

    if (virtio_queue_get_num(v->vdev, queue) != vq->num ||
        virtio_queue_get_desc_addr(v->vdev, queue) != vq->desc_phys ||
        virtio_queue_get_avail_addr(v->vdev, queue) != vq->avail_phys ||
        virtio_queue_get_used_addr(v->vdev, queue) != vq->used_phys) {
        virtio_queue_set_num(v->vdev, queue, vq->num);
        virtio_queue_set_rings(v->vdev, queue, vq->desc_phys, vq->avail_phys,
                               vq->used_phys);
    }
}

static void set_desc(VirtIODevice *vdev, unsigned queue, hwaddr desc)
{
    virtio_queue_set_rings(vdev, queue, desc,
                           virtio_queue_get_avail_addr(vdev, queue),
                           virtio_queue_get_used_addr(vdev, queue));
}

/*
 * The vhost code unmaps every ring that has an address: take it from those that
 * are not mapped.
 *
 * Returns: the addresses
 */
static hwaddr *hide_rings(CryptoDevVhost *v)
{
    hwaddr *hidden = g_new0(hwaddr, v->num_queues);

    for (unsigned i = 0; i < v->num_queues; i++) {
        if (v->mapped[i]) {
            put_ring_back(v, i);
            v->mapped[i] = false;
        } else if (virtio_queue_get_desc_addr(v->vdev, i)) {
            hidden[i] = virtio_queue_get_desc_addr(v->vdev, i);
            set_desc(v->vdev, i, 0);
        }
    }
    return hidden;
}

void cryptodev_vhost_stop(CryptoDevVhost *v)
{
    g_autofree hwaddr *hidden = NULL;
    VirtIODevice *vdev;

    if (!v->vdev) {
        return;
    }
    hidden = hide_rings(v);
    vdev = g_steal_pointer(&v->vdev);
    vhost_dev_stop(&v->dev, vdev, true);
    set_guest_notifiers(v, vdev, false);
    vhost_dev_disable_notifiers(&v->dev, vdev);
    for (unsigned i = 0; i < v->num_queues; i++) {
        if (hidden[i]) {
            set_desc(vdev, i, hidden[i]);
        }
    }
}

void cryptodev_vhost_stop_queue(CryptoDevVhost *v, unsigned queue)
{
    if (v->mapped[queue]) {
        put_ring_back(v, queue);
        vhost_virtqueue_stop(&v->dev, v->vdev, &v->vqs[queue], queue);
        v->mapped[queue] = false;
    }
}

int cryptodev_vhost_start_queue(CryptoDevVhost *v, unsigned queue)
{
    int ret;

    if (v->mapped[queue]) {
        return 0;
    }
    if (!ring_in_ram(v->vdev, queue)) {
        return -ENOMEM;
    }
    ret = vhost_virtqueue_start(&v->dev, v->vdev, &v->vqs[queue], queue);
    if (ret < 0) {
        return ret;
    }
    v->mapped[queue] = virtio_queue_get_desc_addr(v->vdev, queue);
    ret = v->dev.vhost_ops->vhost_set_vring_enable(&v->dev, 1);
    if (ret == 0) {
        kick(v->vdev, queue);
    }
    return ret;
}
