/*
 * virtio-crypto: the threads of the data queues
 *
 * While ioeventfds are in use, a data queue runs in the IOThread that the user
 * has chosen for it.  Otherwise it runs in the main loop, as the control queue
 * always does.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/error-report.h"
#include "hw/virtio/iothread-vq-mapping.h"
#include "hw/virtio/virtio-bus.h"
#include "system/dma.h"
#include "trace.h"
#include "virtio-crypto-internal.h"

static bool wants_iothreads(const VirtIOCrypto *vcrypto)
{
    return vcrypto->conf.iothread || vcrypto->conf.iothread_vq_mapping_list;
}

static bool check_transport(VirtIOCrypto *vcrypto, Error **errp)
{
    BusState *bus = qdev_get_parent_bus(DEVICE(vcrypto));
    VirtioBusClass *k = VIRTIO_BUS_GET_CLASS(bus);

    if (!k->set_guest_notifiers || !k->ioeventfd_assign ||
        !virtio_device_ioeventfd_enabled(VIRTIO_DEVICE(vcrypto))) {
        error_setg(errp, "'iothread' and 'iothread-vq-mapping' need a "
                   "transport with ioeventfd=on");
        return false;
    }
    return true;
}

static bool find_contexts(const VirtIOCryptoConf *conf, AioContext **contexts,
                          uint32_t num, Error **errp)
{
    AioContext *ctx;

    if (conf->iothread_vq_mapping_list) {
        return iothread_vq_mapping_apply(conf->iothread_vq_mapping_list,
                                         contexts, num, errp);
    }
    if (conf->iothread) {
        object_ref(OBJECT(conf->iothread));
    }
    ctx = conf->iothread ? iothread_get_aio_context(conf->iothread) :
                           qemu_get_aio_context();
    for (uint32_t i = 0; i < num; i++) {
        contexts[i] = ctx;
    }
    return true;
}

/* Find the worker of @ctx, or make one. */
static VirtIOCryptoWorker *find_worker(VirtIOCrypto *vcrypto, AioContext *ctx)
{
    uint32_t i = 0;

    while (i < vcrypto->num_workers && vcrypto->workers[i].ctx != ctx) {
        i++;
    }
    if (i == vcrypto->num_workers) {
        virtio_crypto_worker_init(&vcrypto->workers[i], vcrypto, ctx);
        vcrypto->num_workers++;
    }
    return &vcrypto->workers[i];
}

bool virtio_crypto_iothreads_init(VirtIOCrypto *vcrypto, Error **errp)
{
    const VirtIOCryptoConf *conf = &vcrypto->conf;
    uint32_t num = vcrypto->num_queues;
    g_autofree AioContext **contexts = g_new(AioContext *, num);
    VirtIOCryptoWorker *main_loop;

    if (conf->iothread && conf->iothread_vq_mapping_list) {
        error_setg(errp, "'iothread' and 'iothread-vq-mapping' exclude each "
                   "other, give one of them");
        return false;
    }
    if ((wants_iothreads(vcrypto) && !check_transport(vcrypto, errp)) ||
        !find_contexts(conf, contexts, num, errp)) {
        return false;
    }
    vcrypto->workers = g_new0(VirtIOCryptoWorker, num + 1);
    vcrypto->num_workers = 0;
    main_loop = find_worker(vcrypto, qemu_get_aio_context());
    for (uint32_t i = 0; i < num; i++) {
        vcrypto->queues[i].home = find_worker(vcrypto, contexts[i]);
    }
    vcrypto->queues[num].home = main_loop;
    return true;
}

void virtio_crypto_iothreads_cleanup(VirtIOCrypto *vcrypto)
{
    const VirtIOCryptoConf *conf = &vcrypto->conf;

    for (uint32_t i = 0; i < vcrypto->num_workers; i++) {
        virtio_crypto_worker_cleanup(&vcrypto->workers[i]);
    }
    g_free(vcrypto->workers);
    if (conf->iothread_vq_mapping_list) {
        iothread_vq_mapping_cleanup(conf->iothread_vq_mapping_list);
    } else if (conf->iothread) {
        object_unref(OBJECT(conf->iothread));
    }
}

static const VirtioDeviceClass *virtio_device_base_class(void)
{
    return VIRTIO_DEVICE_CLASS(object_class_by_name(TYPE_VIRTIO_DEVICE));
}

static int set_guest_notifiers(VirtIOCrypto *vcrypto, bool assign)
{
    BusState *bus = qdev_get_parent_bus(DEVICE(vcrypto));

    return VIRTIO_BUS_GET_CLASS(bus)->set_guest_notifiers(
        bus->parent, vcrypto->num_queues + 1, assign);
}

/* With an IOMMU a lookup can need the BQL, which only the main loop has. */
static bool may_use_iothreads(VirtIOCrypto *vcrypto)
{
    return wants_iothreads(vcrypto) &&
           VIRTIO_DEVICE(vcrypto)->dma_as == &address_space_memory;
}

static void move_home(VirtIOCryptoQueue *q)
{
    virtio_crypto_queue_stop(q);
    /* the main loop must not take the kicks any more */
    event_notifier_set_handler(virtio_queue_get_host_notifier(q->batch.vq),
                               NULL);
    virtio_crypto_queue_move(q, q->home);
    virtio_crypto_queue_start(q);
}

int virtio_crypto_start_ioeventfd(VirtIODevice *vdev)
{
    VirtIOCrypto *vcrypto = VIRTIO_CRYPTO(vdev);
    int ret = virtio_device_base_class()->start_ioeventfd(vdev);

    if (ret < 0 || !may_use_iothreads(vcrypto) ||
        !virtio_crypto_can_run(vcrypto, vdev->status)) {
        return ret;
    }
    ret = set_guest_notifiers(vcrypto, true);
    if (ret < 0) {
        /* once: a driver can get here any number of times */
        warn_report_once("virtio-crypto: no guest notifiers (%s), the queues "
                         "stay in the main loop", strerror(-ret));
        return 0;
    }
    vcrypto->in_iothreads = true;
    for (uint32_t i = 0; i < vcrypto->num_queues; i++) {
        move_home(&vcrypto->queues[i]);
    }
    trace_virtio_crypto_iothreads(vcrypto, true);
    return 0;
}

void virtio_crypto_stop_ioeventfd(VirtIODevice *vdev)
{
    VirtIOCrypto *vcrypto = VIRTIO_CRYPTO(vdev);

    if (vcrypto->in_iothreads) {
        for (uint32_t i = 0; i < vcrypto->num_queues; i++) {
            virtio_crypto_queue_stop(&vcrypto->queues[i]);
            virtio_crypto_queue_move(&vcrypto->queues[i],
                                     &vcrypto->workers[0]);
        }
        set_guest_notifiers(vcrypto, false);
        vcrypto->in_iothreads = false;
        trace_virtio_crypto_iothreads(vcrypto, false);
    }
    virtio_device_base_class()->stop_ioeventfd(vdev);
}
