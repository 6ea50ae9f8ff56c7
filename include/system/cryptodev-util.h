/*
 * Handling of secrets in the cryptodev backends and their providers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef SYSTEM_CRYPTODEV_UTIL_H
#define SYSTEM_CRYPTODEV_UTIL_H

/* Overwrite @len bytes at @buf in a way that the compiler must not drop. */
void cryptodev_wipe(void *buf, size_t len);

/* Compare @len secret bytes in a time that depends on @len only. */
bool cryptodev_equal(const void *a, const void *b, size_t len);

/* Fill @buf with random bytes fit for keys.  Context: any thread. */
void cryptodev_random(void *buf, size_t len);

#endif /* SYSTEM_CRYPTODEV_UTIL_H */
