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
 * "portable" stands for what every build has, in every version, with the same
 * keys; that never changes.
 *
 * Returns: false with @errp set, all names in it, if one of them is unknown
 */
bool crypto_choice_parse(const char *text, CryptoChoice *choice, Error **errp);

/* The names, separated by commas; to be freed with g_free() */
char *crypto_choice_names(const CryptoChoice *choice);

#endif /* CRYPTODEV_CHOICE_H */
