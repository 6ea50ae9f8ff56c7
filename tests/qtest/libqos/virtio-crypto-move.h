/*
 * virtio-crypto client: migration from one QEMU to another
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_LIBQOS_VIRTIO_CRYPTO_MOVE_H
#define TESTS_LIBQOS_VIRTIO_CRYPTO_MOVE_H

#include "virtio-crypto-machine.h"

/* A file name in a directory of the test program, removed at exit */
const char *vc_move_path(const char *name);

/* Save a machine into a file; it is stopped then. */
void vc_machine_save(VCMachine *m, const char *path);

/**
 * vc_incoming_start: start QEMU to load a machine from a file.
 *
 * Returns: to be ended with qtest_quit()
 */
QTestState *vc_incoming_start(const char *options, const char *path);

/* Wait until a migration has this status. */
void vc_wait_migration(QTestState *qts, const char *status);

/* Wait until a machine runs. */
void vc_wait_running(QTestState *qts);

/* Continue with the machine and its device in @qts; ends the old QEMU. */
void vc_machine_adopt(VCMachine *m, VCClient *vc, QTestState *qts);

/* Move a machine: all of the above. */
void vc_machine_move(VCMachine *m, VCClient *vc, const char *options);

/* How often a file has these bytes. */
unsigned vc_count_in_file(const char *path, const char *bytes);

#endif
