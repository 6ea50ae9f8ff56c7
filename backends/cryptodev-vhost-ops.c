/*
 * Messages of QEMU's vhost-user code, within limits
 *
 * Whatever makes the vhost code talk to a server, may it be a change of the
 * guest's memory or the dirty log of a migration, waits no longer than the user
 * permits.  Once the connection is lost, what stops and frees still works, and
 * nothing is sent.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "standard-headers/linux/vhost_types.h"
#include "cryptodev-vhost.h"

static bool enter(CryptoDevVhost *v)
{
    if (v->lost) {
        return false;
    }
    v->hooks->begin(v);
    return true;
}

static int leave(CryptoDevVhost *v, int ret)
{
    v->hooks->end(v, ret);
    return ret;
}

#define DEFINE_OP(_op, _params, ...)                                    \
    static int limited_##_op _params                                    \
    {                                                                   \
        CryptoDevVhost *v = container_of(dev, CryptoDevVhost, dev);     \
                                                                        \
        return enter(v) ? leave(v, user_ops._op(__VA_ARGS__)) :         \
                          -ENOTCONN;                                    \
    }

DEFINE_OP(vhost_set_log_base,
          (struct vhost_dev *dev, uint64_t base, struct vhost_log *log),
          dev, base, log)
DEFINE_OP(vhost_set_mem_table,
          (struct vhost_dev *dev, struct vhost_memory *mem), dev, mem)
DEFINE_OP(vhost_set_vring_addr,
          (struct vhost_dev *dev, struct vhost_vring_addr *addr), dev, addr)
DEFINE_OP(vhost_set_vring_num,
          (struct vhost_dev *dev, struct vhost_vring_state *state), dev, state)
DEFINE_OP(vhost_set_vring_base,
          (struct vhost_dev *dev, struct vhost_vring_state *state), dev, state)
DEFINE_OP(vhost_set_vring_kick,
          (struct vhost_dev *dev, struct vhost_vring_file *file), dev, file)
DEFINE_OP(vhost_set_vring_call,
          (struct vhost_dev *dev, struct vhost_vring_file *file), dev, file)
DEFINE_OP(vhost_set_vring_err,
          (struct vhost_dev *dev, struct vhost_vring_file *file), dev, file)
DEFINE_OP(vhost_set_features,
          (struct vhost_dev *dev, uint64_t features), dev, features)
DEFINE_OP(vhost_set_vring_enable,
          (struct vhost_dev *dev, int enable), dev, enable)
DEFINE_OP(vhost_send_device_iotlb_msg,
          (struct vhost_dev *dev, struct vhost_iotlb_msg *msg), dev, msg)
DEFINE_OP(vhost_get_config,
          (struct vhost_dev *dev, uint8_t *config, uint32_t len, Error **errp),
          dev, config, len, errp)
DEFINE_OP(vhost_get_inflight_fd,
          (struct vhost_dev *dev, uint16_t queue_size,
           struct vhost_inflight *inflight), dev, queue_size, inflight)
DEFINE_OP(vhost_set_inflight_fd,
          (struct vhost_dev *dev, struct vhost_inflight *inflight),
          dev, inflight)
DEFINE_OP(vhost_dev_start,
          (struct vhost_dev *dev, bool started), dev, started)

/*
 * Who does not give a ring back has taken nothing: what is not answered is
 * there to be taken again.
 */
static int limited_vhost_get_vring_base(struct vhost_dev *dev,
                                        struct vhost_vring_state *state)
{
    CryptoDevVhost *v = container_of(dev, CryptoDevVhost, dev);

    if (!enter(v) ||
        leave(v, user_ops.vhost_get_vring_base(dev, state)) < 0) {
        virtio_queue_restore_last_avail_idx(dev->vdev, state->index);
        state->num = virtio_queue_get_last_avail_idx(dev->vdev, state->index);
    }
    return 0;
}

static void limited_vhost_reset_status(struct vhost_dev *dev)
{
    CryptoDevVhost *v = container_of(dev, CryptoDevVhost, dev);

    if (enter(v)) {
        user_ops.vhost_reset_status(dev);
        leave(v, 0);
    }
}

void cryptodev_vhost_limit(CryptoDevVhost *v)
{
    v->ops = user_ops;
    v->ops.vhost_set_log_base = limited_vhost_set_log_base;
    v->ops.vhost_set_mem_table = limited_vhost_set_mem_table;
    v->ops.vhost_set_vring_addr = limited_vhost_set_vring_addr;
    v->ops.vhost_set_vring_num = limited_vhost_set_vring_num;
    v->ops.vhost_set_vring_base = limited_vhost_set_vring_base;
    v->ops.vhost_get_vring_base = limited_vhost_get_vring_base;
    v->ops.vhost_set_vring_kick = limited_vhost_set_vring_kick;
    v->ops.vhost_set_vring_call = limited_vhost_set_vring_call;
    v->ops.vhost_set_vring_err = limited_vhost_set_vring_err;
    v->ops.vhost_set_features = limited_vhost_set_features;
    v->ops.vhost_set_vring_enable = limited_vhost_set_vring_enable;
    v->ops.vhost_send_device_iotlb_msg = limited_vhost_send_device_iotlb_msg;
    v->ops.vhost_get_config = limited_vhost_get_config;
    v->ops.vhost_get_inflight_fd = limited_vhost_get_inflight_fd;
    v->ops.vhost_set_inflight_fd = limited_vhost_set_inflight_fd;
    v->ops.vhost_dev_start = limited_vhost_dev_start;
    v->ops.vhost_reset_status = limited_vhost_reset_status;
    v->dev.vhost_ops = &v->ops;
}
