/*
 * An operation on private memory
 *
 * What threads of a backend compute must not touch guest memory, which belongs
 * to the thread of the queue: they work on a copy.
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
 * @op: the operation, with a reference to the session of its own; whoever runs
 *     it sets its status and, where that is CRYPTODEV_OK, what was written
 * @origin: the client's operation; not touched by who runs the copy
 * @buf, @size: memory behind the spans of @op
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
 * cryptodev_op_copy_new: copy a validated operation with all that it reads.
 *
 * Context: where guest memory may be read.  Paired with cryptodev_op_copy_free
 */
CryptoDevOpCopy *cryptodev_op_copy_new(CryptoDevOp *op);

/**
 * cryptodev_op_copy_finish: bring the outcome of @copy to the operation that it
 * is a copy of.
 *
 * Context: where guest memory may be written
 */
void cryptodev_op_copy_finish(CryptoDevOpCopy *copy);

/* Wipe and free.  Context: any thread */
void cryptodev_op_copy_free(CryptoDevOpCopy *copy);

#endif /* BACKENDS_CRYPTODEV_OP_COPY_H */
