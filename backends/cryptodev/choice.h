/*
 * Algorithms that a user names
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef CRYPTODEV_CHOICE_H
#define CRYPTODEV_CHOICE_H

#include "system/cryptodev-algos.h"

/* A set of algorithms, by CryptoDevAlgo */
typedef struct CryptoChoice {
    bool has[CRYPTODEV_ALGO__MAX];
} CryptoChoice;

/**
 * crypto_choice_parse: read names of algorithms, separated by commas.
 *
 * "portable" means the algorithms that every build and version has with the
 * same keys; this set never changes.
 *
 * Returns: false if a name is unknown; @errp then lists all names
 */
bool crypto_choice_parse(const char *text, CryptoChoice *choice, Error **errp);

/* The names, separated by commas; to be freed with g_free() */
char *crypto_choice_names(const CryptoChoice *choice);

#endif /* CRYPTODEV_CHOICE_H */
