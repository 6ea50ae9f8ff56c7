/*
 * Handling of secrets in the cryptodev backends and their providers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef SYSTEM_CRYPTODEV_UTIL_H
#define SYSTEM_CRYPTODEV_UTIL_H

/* Overwrite @len bytes at @buf; the compiler cannot optimise this away. */
void cryptodev_wipe(void *buf, size_t len);

/* Compare @len secret bytes; the time depends on @len only. */
bool cryptodev_equal(const void *a, const void *b, size_t len);

/* Fill @buf with random bytes that are good for keys.  Context: any thread. */
void cryptodev_random(void *buf, size_t len);

#endif /* SYSTEM_CRYPTODEV_UTIL_H */
