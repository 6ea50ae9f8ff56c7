/*
 * An operation on private memory
 *
 * Only the thread of the queue may access guest memory.  Other threads of a
 * backend work on a copy of the operation.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_OP_COPY_H
#define BACKENDS_CRYPTODEV_OP_COPY_H

#include "system/cryptodev.h"
#include "cryptodev-pool.h"

/**
 * CryptoDevOpCopy:
 *
 * @job: for the pool
 * @op: the operation, with its own reference to the session; the thread that
 *     runs it sets the status and, if that is CRYPTODEV_OK, @written
 * @origin: the client's operation; must not be accessed by that thread
 * @buf, @size: memory of the spans of @op
 * @iov: of the spans of @op
 */
typedef struct CryptoDevOpCopy {
    CryptoDevJob job;
    CryptoDevOp op;
    CryptoDevOp *origin;
    uint8_t *buf;
    size_t size;
    struct iovec iov[4];
} CryptoDevOpCopy;

/**
 * cryptodev_op_copy_new: copy a validated operation and its input.
 *
 * Context: where guest memory may be read.  Paired with cryptodev_op_copy_free
 */
CryptoDevOpCopy *cryptodev_op_copy_new(CryptoDevOp *op);

/**
 * cryptodev_op_copy_finish: copy status and output of @copy to its origin.
 *
 * Context: where guest memory may be written
 */
void cryptodev_op_copy_finish(CryptoDevOpCopy *copy);

/* Wipe and free.  Context: any thread */
void cryptodev_op_copy_free(CryptoDevOpCopy *copy);

#endif /* BACKENDS_CRYPTODEV_OP_COPY_H */
