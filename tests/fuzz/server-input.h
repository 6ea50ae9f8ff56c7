/*
 * Fuzzing of vhost-user-crypto: steps of an input
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_FUZZ_SERVER_INPUT_H
#define TESTS_FUZZ_SERVER_INPUT_H

/* What a step is: its first byte, modulo SERVER_STEPS */
enum {
    SERVER_MESSAGE,
    SERVER_SET_UP,
    SERVER_REQUEST,
    SERVER_WRITE,
    SERVER_KICK,
    SERVER_RECONNECT,
    SERVER_STEPS = 8,
};

/* Bits of the second byte of SERVER_REQUEST; the first two are the queue */
#define SERVER_LAST_SESSION 4
#define SERVER_NEW_SESSION  8
#define SERVER_NO_KICK      16

#endif
