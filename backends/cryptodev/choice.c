/*
 * Algorithms that a user names
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "choice.h"

/*
 * Algorithms that all supported versions of libgcrypt and nettle have, with the
 * same key lengths.  Hosts rely on this set: it must not change.
 */
static const CryptoDevAlgo portable[] = {
    CRYPTODEV_ALGO_AES_ECB, CRYPTODEV_ALGO_AES_CBC, CRYPTODEV_ALGO_AES_CTR,
    CRYPTODEV_ALGO_DES_ECB, CRYPTODEV_ALGO_DES_CBC,
    CRYPTODEV_ALGO_3DES_ECB, CRYPTODEV_ALGO_3DES_CBC, CRYPTODEV_ALGO_3DES_CTR,
    CRYPTODEV_ALGO_AES_F8, CRYPTODEV_ALGO_AES_XTS,
    CRYPTODEV_ALGO_MD5, CRYPTODEV_ALGO_SHA1,
    CRYPTODEV_ALGO_SHA_224, CRYPTODEV_ALGO_SHA_256,
    CRYPTODEV_ALGO_SHA_384, CRYPTODEV_ALGO_SHA_512,
    CRYPTODEV_ALGO_SHA3_224, CRYPTODEV_ALGO_SHA3_256,
    CRYPTODEV_ALGO_SHA3_384, CRYPTODEV_ALGO_SHA3_512,
    CRYPTODEV_ALGO_SHAKE256,
    CRYPTODEV_ALGO_HMAC_MD5, CRYPTODEV_ALGO_HMAC_SHA1,
    CRYPTODEV_ALGO_HMAC_SHA_224, CRYPTODEV_ALGO_HMAC_SHA_256,
    CRYPTODEV_ALGO_HMAC_SHA_384, CRYPTODEV_ALGO_HMAC_SHA_512,
    CRYPTODEV_ALGO_CMAC_3DES, CRYPTODEV_ALGO_CMAC_AES,
    CRYPTODEV_ALGO_GMAC_AES, CRYPTODEV_ALGO_CBCMAC_AES,
    CRYPTODEV_ALGO_XCBC_AES,
    CRYPTODEV_ALGO_AES_GCM, CRYPTODEV_ALGO_AES_CCM,
    CRYPTODEV_ALGO_CHACHA20_POLY1305,
};

static bool choose(const char *name, CryptoChoice *choice)
{
    if (!strcmp(name, "portable")) {
        for (unsigned i = 0; i < ARRAY_SIZE(portable); i++) {
            choice->has[portable[i]] = true;
        }
        return true;
    }
    for (int i = CRYPTODEV_ALGO_NONE + 1; i < CRYPTODEV_ALGO__MAX; i++) {
        if (!strcmp(name, cryptodev_algo_name(i))) {
            choice->has[i] = true;
            return true;
        }
    }
    return false;
}

bool crypto_choice_parse(const char *text, CryptoChoice *choice, Error **errp)
{
    g_auto(GStrv) names = g_strsplit(text, ",", -1);
    g_autofree char *known = NULL;

    *choice = (CryptoChoice) { };
    for (unsigned i = 0; !i || names[i]; i++) {
        const char *name = names[i] ?: "";

        if (!choose(name, choice)) {
            CryptoChoice all;

            memset(all.has, true, sizeof(all.has));
            known = crypto_choice_names(&all);
            error_setg(errp, "there is no algorithm '%s'; there are portable, "
                       "%s", name, known);
            return false;
        }
    }
    return true;
}

char *crypto_choice_names(const CryptoChoice *choice)
{
    GString *names = g_string_new(NULL);

    for (int i = CRYPTODEV_ALGO_NONE + 1; i < CRYPTODEV_ALGO__MAX; i++) {
        if (choice->has[i]) {
            g_string_append_printf(names, "%s%s", names->len ? ", " : "",
                                   cryptodev_algo_name(i));
        }
    }
    return g_string_free(names, false);
}
