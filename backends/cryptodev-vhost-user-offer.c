/*
 * cryptodev-vhost-user: what a server offers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/bswap.h"
#include "standard-headers/linux/virtio_crypto.h"
#include "cryptodev-vhost-user.h"

/* MACs that every server has in chains; of HMAC-MD5 to HMAC-SHA-512 */
#define COMMON_MACS             MAKE_64BIT_MASK(VIRTIO_CRYPTO_MAC_HMAC_MD5, 6)

/* No message tells: what all servers of sessions by message have. */
void cryptodev_vhost_user_common_caps(CryptoDevBackend *b)
{
    b->caps = (CryptoDevCaps) {
        .algos = {
            [CRYPTODEV_SERVICE_CIPHER] = BIT_ULL(VIRTIO_CRYPTO_CIPHER_AES_CBC),
            [CRYPTODEV_SERVICE_MAC] = COMMON_MACS,
        },
        .chain_only = BIT(CRYPTODEV_SERVICE_MAC),
        .max_cipher_key_len = CRYPTODEV_VHOST_CIPHER_KEY_MAX,
        .max_auth_key_len = CRYPTODEV_VHOST_AUTH_KEY_MAX,
        .max_size = UINT64_MAX,
    };
}

static uint64_t two_words(uint32_t low, uint32_t high)
{
    return le32_to_cpu(low) | (uint64_t)le32_to_cpu(high) << 32;
}

/* Algorithms that QEMU knows nothing of cannot be asked for by message. */
static uint64_t known_algos(CryptoDevService service, uint64_t algos)
{
    for (unsigned number = 0; number < 64; number++) {
        if (cryptodev_algo_find(service, number) == CRYPTODEV_ALGO_NONE) {
            algos &= ~BIT_ULL(number);
        }
    }
    return algos;
}

static void set_config_caps(CryptoDevBackend *b,
                            const struct virtio_crypto_config *c)
{
    uint32_t services = le32_to_cpu(c->crypto_services);
    CryptoDevCaps caps = {
        .algos = {
            [CRYPTODEV_SERVICE_CIPHER] =
                two_words(c->cipher_algo_l, c->cipher_algo_h),
            [CRYPTODEV_SERVICE_HASH] = le32_to_cpu(c->hash_algo),
            [CRYPTODEV_SERVICE_MAC] = two_words(c->mac_algo_l, c->mac_algo_h),
            [CRYPTODEV_SERVICE_AEAD] = le32_to_cpu(c->aead_algo),
            [CRYPTODEV_SERVICE_AKCIPHER] = le32_to_cpu(c->akcipher_algo),
        },
        .max_cipher_key_len = MIN(le32_to_cpu(c->max_cipher_key_len),
                                  CRYPTODEV_VHOST_CIPHER_KEY_MAX),
        .max_auth_key_len = MIN(le32_to_cpu(c->max_auth_key_len),
                                CRYPTODEV_VHOST_AUTH_KEY_MAX),
        .max_size = le64_to_cpu(c->max_size),
    };

    for (int i = 0; i < CRYPTODEV_SERVICE__MAX; i++) {
        caps.algos[i] = services & BIT(i) ? known_algos(i, caps.algos[i]) : 0;
    }
    b->caps = caps;
}

bool cryptodev_vhost_user_read_config(CryptoDevVhostUser *vu, bool *ready,
                                      Error **errp)
{
    CryptoDevBackend *b = CRYPTODEV_BACKEND(vu);
    struct virtio_crypto_config c;

    if (!vu->has_config) {
        cryptodev_vhost_user_common_caps(b);
        *ready = true;
        return true;
    }
    if (vhost_dev_get_config(&vu->vhost.dev, (uint8_t *)&c, sizeof(c),
                             errp) < 0) {
        return false;
    }
    if (le32_to_cpu(c.max_dataqueues) < b->queues) {
        error_setg(errp, "the server has %u data queues, fewer than queues=%u",
                   le32_to_cpu(c.max_dataqueues), b->queues);
        return false;
    }
    set_config_caps(b, &c);
    *ready = le32_to_cpu(c.status) & VIRTIO_CRYPTO_S_HW_READY;
    return true;
}
