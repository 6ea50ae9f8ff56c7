/*
 * virtio-crypto: data queues that a server has
 *
 * With a backend that serves the data queues itself the device keeps the
 * control queue, the configuration space, and the features.
 *
 * Context: BQL held, main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "system/cryptodev-rings.h"
#include "virtio-crypto-internal.h"

static const CryptoDevRings *rings_of(VirtIOCrypto *vcrypto)
{
    return CRYPTODEV_BACKEND_GET_CLASS(vcrypto->conf.cryptodev)->rings;
}

bool virtio_crypto_rings_check(VirtIOCrypto *vcrypto, Error **errp)
{
    const VirtIOCryptoConf *conf = &vcrypto->conf;
    const char *option = conf->iothread ? "iothread" :
                         conf->iothread_vq_mapping_list ?
                             "iothread-vq-mapping" :
                         conf->draft_v11 == ON_OFF_AUTO_ON ? "draft-v11" :
                                                             NULL;

    if (rings_of(vcrypto) && option) {
        error_setg(errp, "'%s' is not for cryptodev '%s', whose server has the "
                   "data queues: leave it out", option,
                   cryptodev_backend_id(conf->cryptodev));
        return false;
    }
    return true;
}

void virtio_crypto_rings_init(VirtIOCrypto *vcrypto)
{
    if (rings_of(vcrypto)) {
        vcrypto->first_queue = vcrypto->num_queues;
        virtio_crypto_sessions_use_names(vcrypto->sessions);
        /* interrupts of the server are not masked one by one */
        VIRTIO_DEVICE(vcrypto)->use_guest_notifier_mask = false;
    }
}

uint64_t virtio_crypto_rings_features(VirtIOCrypto *vcrypto, uint64_t features)
{
    const CryptoDevRings *rings = rings_of(vcrypto);

    return rings ? rings->features(vcrypto->conf.cryptodev, features) :
                   features;
}

void virtio_crypto_rings_start(VirtIOCrypto *vcrypto)
{
    if (rings_of(vcrypto)) {
        rings_of(vcrypto)->start(vcrypto->conf.cryptodev,
                                 VIRTIO_DEVICE(vcrypto));
    }
}

void virtio_crypto_rings_stop(VirtIOCrypto *vcrypto)
{
    if (rings_of(vcrypto)) {
        rings_of(vcrypto)->stop(vcrypto->conf.cryptodev);
    }
}

void virtio_crypto_rings_reset(VirtIOCrypto *vcrypto)
{
    if (rings_of(vcrypto)) {
        rings_of(vcrypto)->reset(vcrypto->conf.cryptodev);
    }
}

bool virtio_crypto_rings_queue_reset(VirtIOCrypto *vcrypto, unsigned queue)
{
    if (queue >= vcrypto->first_queue) {
        return false;
    }
    rings_of(vcrypto)->queue_stop(vcrypto->conf.cryptodev, queue);
    return true;
}

bool virtio_crypto_rings_queue_start(VirtIOCrypto *vcrypto, unsigned queue)
{
    if (queue >= vcrypto->first_queue) {
        return false;
    }
    rings_of(vcrypto)->queue_start(vcrypto->conf.cryptodev, queue);
    return true;
}

struct vhost_dev *virtio_crypto_rings_vhost_dev(VirtIODevice *vdev)
{
    VirtIOCrypto *vcrypto = VIRTIO_CRYPTO(vdev);
    const CryptoDevRings *rings = rings_of(vcrypto);

    return rings ? rings->vhost_dev(vcrypto->conf.cryptodev) : NULL;
}
