/*
 * A limit of time for what blocks on a socket
 *
 * Messages of vhost-user are waited for in the main thread.  When a deadline
 * passes, a thread of its own shuts the socket down, and whoever waits sees the
 * connection end.
 *
 * What waits often waits no longer: all that the main loop does in one turn
 * has one limit.  Then everybody else has a chance, the monitor for example.
 *
 * Context: BQL held, main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_DEADLINE_H
#define BACKENDS_CRYPTODEV_DEADLINE_H

#include "io/channel.h"

typedef struct CryptoDevDeadline CryptoDevDeadline;

/* Paired with cryptodev_deadline_free, when there is no deadline. */
CryptoDevDeadline *cryptodev_deadline_new(void);
void cryptodev_deadline_free(CryptoDevDeadline *d);

/**
 * cryptodev_deadline_begin: end the connection of @ioc unless
 * cryptodev_deadline_end() comes in time.
 *
 * @ms: how long all sections may take in one turn of the main loop, in
 *     milliseconds
 *
 * Sections may nest: the outermost one counts.
 */
void cryptodev_deadline_begin(CryptoDevDeadline *d, QIOChannel *ioc,
                              unsigned ms);

/* Returns: whether the deadline of the outermost section has passed */
bool cryptodev_deadline_end(CryptoDevDeadline *d);

#endif /* BACKENDS_CRYPTODEV_DEADLINE_H */
