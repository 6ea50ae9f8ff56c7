/*
 * The crypto providers of this build
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "provider.h"

const CryptoProvider *const cryptodev_providers[] = {
#ifdef CONFIG_CRYPTODEV_GCRYPT
    &cryptodev_provider_gcrypt,
#endif
#ifdef CONFIG_CRYPTODEV_NETTLE
    &cryptodev_provider_nettle,
#endif
#ifdef CONFIG_CRYPTODEV_IPSEC_MB
    &cryptodev_provider_ipsec_mb,
#endif
#ifdef CONFIG_CRYPTODEV_TOMCRYPT
    &cryptodev_provider_tomcrypt,
#endif
    NULL
};

QEMU_BUILD_BUG_ON(ARRAY_SIZE(cryptodev_providers) >
                  CRYPTODEV_PROVIDERS_MAX + 1);
