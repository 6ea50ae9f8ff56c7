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
 * vc_destination_start: start QEMU, to be told by vc_migrate_incoming() where
 * a machine comes from.  It survives a stream that it refuses.
 *
 * Returns: to be ended with qtest_quit()
 */
QTestState *vc_destination_start(const char *options);
void vc_migrate_incoming(QTestState *qts, const char *uri);

/* Both, to load a machine from a file. */
QTestState *vc_incoming_start(const char *options, const char *path);

/* Wait until a migration has this status. */
void vc_wait_migration(QTestState *qts, const char *status);

/* Wait until a machine runs. */
void vc_wait_running(QTestState *qts);

/*
 * Continue with the machine and its device in @qts; returns the old QEMU, or
 * ends it.
 */
QTestState *vc_machine_switch(VCMachine *m, VCClient *vc, QTestState *qts);
void vc_machine_adopt(VCMachine *m, VCClient *vc, QTestState *qts);

/* Move a machine: all of the above. */
void vc_machine_move(VCMachine *m, VCClient *vc, const char *options);

/* Command lines of machines that move, with one device */
#define VC_TRIP_MACHINE "-machine q35 -nodefaults -m 128"
#define VC_TRIP_BACKEND " -object cryptodev-backend-builtin,id=c0"
#define VC_TRIP_DEVICE  " -device virtio-crypto-pci,cryptodev=c0,addr=04.0"
#define VC_TRIP_DEVFN   QPCI_DEVFN(4, 0)

/* Four data queues in two IOThreads, and the same in the main loop */
#define VC_TRIP_THREADS(_more)                                          \
    VC_TRIP_MACHINE " -object iothread,id=t0 -object iothread,id=t1"    \
    VC_TRIP_BACKEND ",queues=4 -device '{ \"driver\":"                  \
    " \"virtio-crypto-pci\", \"cryptodev\": \"c0\", \"addr\": \"04.0\","  \
    " \"iothread-vq-mapping\": [ { \"iothread\": \"t0\" },"             \
    " { \"iothread\": \"t1\" } ]" _more " }'"
#define VC_TRIP_NO_THREADS                                              \
    VC_TRIP_MACHINE VC_TRIP_BACKEND ",queues=4" VC_TRIP_DEVICE

/* A machine with a device, which takes the client with it */
typedef struct VCTrip {
    VCMachine m;
    VCClient *vc;
} VCTrip;

/* Paired with vc_trip_end().  @features: see VCOpen */
void vc_trip_start(VCTrip *t, const char *options, uint64_t features);
void vc_trip_end(VCTrip *t);

/* Move through a file, and wait until the machine runs. */
void vc_trip_move(VCTrip *t, const char *options);

/* Monitor commands */
void vc_trip_stop(VCTrip *t);
void vc_trip_cont(VCTrip *t);

/* Make an image for snapshots, which has no size itself.  Returns its name */
const char *vc_snapshot_image(void);

/* Of what QEMU has printed, one line is about the device: with @message. */
void vc_check_printed(const char *text, const char *message);

/* How often a file has these bytes. */
unsigned vc_count_in_file(const char *path, const char *bytes);

#endif
