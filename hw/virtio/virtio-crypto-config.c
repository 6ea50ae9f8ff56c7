/*
 * virtio-crypto: what a device offers to its driver
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "virtio-crypto-internal.h"

/*
 * AKCIPHER number 2 is ECDSA in the standard, but DSA in Linux's header.  So
 * it is offered only with a feature bit that Linux does not know.
 */
CryptoDevCaps virtio_crypto_driver_caps(const CryptoDevCaps *offered,
                                        uint64_t features)
{
    CryptoDevCaps caps = *offered;

    if (!virtio_has_feature(features, VIRTIO_CRYPTO_F_REVISION_1)) {
        caps.algos[CRYPTODEV_SERVICE_AKCIPHER] &=
            ~BIT_ULL(cryptodev_algo_info(CRYPTODEV_ALGO_ECDSA)->number);
    }
    return caps;
}

void virtio_crypto_fill_config(struct virtio_crypto_config *config,
                               const CryptoDevCaps *caps, uint32_t queues,
                               bool ready)
{
    uint64_t algos[CRYPTODEV_SERVICE__MAX];
    uint32_t services = 0;

    for (int i = 0; i < CRYPTODEV_SERVICE__MAX; i++) {
        algos[i] = caps->chain_only & BIT(i) ? 0 : caps->algos[i];
        services |= algos[i] ? 1u << i : 0;
    }
    *config = (struct virtio_crypto_config) {
        .status = cpu_to_le32(ready ? VIRTIO_CRYPTO_S_HW_READY : 0),
        .max_dataqueues = cpu_to_le32(queues),
        .crypto_services = cpu_to_le32(services),
        .cipher_algo_l = cpu_to_le32(algos[CRYPTODEV_SERVICE_CIPHER]),
        .cipher_algo_h = cpu_to_le32(algos[CRYPTODEV_SERVICE_CIPHER] >> 32),
        .hash_algo = cpu_to_le32(algos[CRYPTODEV_SERVICE_HASH]),
        .mac_algo_l = cpu_to_le32(algos[CRYPTODEV_SERVICE_MAC]),
        .mac_algo_h = cpu_to_le32(algos[CRYPTODEV_SERVICE_MAC] >> 32),
        .aead_algo = cpu_to_le32(algos[CRYPTODEV_SERVICE_AEAD]),
        .max_cipher_key_len = cpu_to_le32(caps->max_cipher_key_len),
        .max_auth_key_len = cpu_to_le32(caps->max_auth_key_len),
        .akcipher_algo = cpu_to_le32(algos[CRYPTODEV_SERVICE_AKCIPHER]),
        .max_size = cpu_to_le64(caps->max_size),
    };
}

/* Requests without a session need VIRTIO_CRYPTO_F_REVISION_1. */
uint64_t virtio_crypto_possible_features(uint64_t features,
                                         const CryptoDevCaps *caps)
{
    if (!virtio_has_feature(features, VIRTIO_CRYPTO_F_REVISION_1)) {
        return 0;
    }
    for (int i = 0; i < CRYPTODEV_SERVICE__MAX; i++) {
        if (!caps->algos[i]) {
            virtio_clear_feature(&features, VIRTIO_CRYPTO_F_STATELESS_MODE(i));
        }
    }
    return features;
}

bool virtio_crypto_features_agree(uint64_t features)
{
    if (virtio_has_feature(features, VIRTIO_CRYPTO_F_REVISION_1)) {
        return true;
    }
    for (int i = 0; i < CRYPTODEV_SERVICE__MAX; i++) {
        if (virtio_has_feature(features, VIRTIO_CRYPTO_F_STATELESS_MODE(i))) {
            return false;
        }
    }
    return true;
}
