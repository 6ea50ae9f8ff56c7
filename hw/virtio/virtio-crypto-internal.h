/*
 * virtio-crypto: what the files of the device share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_VIRTIO_CRYPTO_INT_H
#define HW_VIRTIO_CRYPTO_INT_H

#include "hw/virtio/virtio-crypto.h"
#include "crypto/format.h"

/* virtio-crypto-reply.c: what both kinds of queue do with a buffer */

/* What a parser of @format gets to see of @elem. */
VirtIOCryptoBuffer virtio_crypto_buffer(VirtIOCrypto *vcrypto,
                                        const VirtQueueElement *elem,
                                        const VirtIOCryptoFormat *format);

/**
 * virtio_crypto_format_of: the format of a buffer, NULL if it has room for no
 * request of any.
 */
const VirtIOCryptoFormat *virtio_crypto_format_of(VirtIOCrypto *vcrypto,
                                                  const VirtQueueElement *elem);

/* As virtqueue_pop(), quicker if there is nothing. */
void *virtio_crypto_pop(VirtQueue *vq, size_t size);

/**
 * virtio_crypto_bad_element: give up on a buffer without a place for a status,
 * and free it; the driver must reset the device.
 */
void virtio_crypto_bad_element(VirtIODevice *vdev, VirtQueue *vq,
                               VirtQueueElement *elem);

/**
 * virtio_crypto_write_reply: write the outcome of a request.
 *
 * @session_id: of a session that was made, else 0
 * @result: bytes of result in the buffer
 *
 * Returns: the used length
 */
size_t virtio_crypto_write_reply(VirtIODevice *vdev,
                                 const VirtQueueElement *elem,
                                 const VirtIOCryptoReply *reply,
                                 CryptoDevStatus status, uint64_t session_id,
                                 size_t result);

/* Hand @n buffers that were filled back to the driver, if there are any. */
void virtio_crypto_flush(VirtIODevice *vdev, VirtQueue *vq, unsigned n);

/* Whether queues may be processed: the driver is up and the VM runs. */
bool virtio_crypto_can_run(VirtIOCrypto *vcrypto);

/* virtio-crypto-req.c: data requests.  Context: the queue's AioContext */

/**
 * VirtIOCryptoReq: a data request, from the ring and back
 *
 * @elem: allocated by virtqueue_pop
 * @op: its session is NULL if the request was refused before it was found
 * @owns_session: whether the reference to the session is the request's.  One
 *     request of a batch has it for all with the same session.
 */
struct VirtIOCryptoReq {
    VirtQueueElement elem;
    VirtIOCryptoQueue *q;
    VirtIOCryptoReply reply;
    VirtIOCryptoMap map;
    CryptoDevOp op;
    bool owns_session;
};

/**
 * virtio_crypto_req_pop: take a buffer from the ring and turn it into an
 * operation: one to submit, with the status CRYPTODEV_PENDING, or a refused
 * one that has its status.
 *
 * Returns: NULL if there is no buffer
 */
VirtIOCryptoReq *virtio_crypto_req_pop(VirtIOCryptoQueue *q);

/* See to it that the session lives as long as the request. */
void virtio_crypto_req_keep(VirtIOCryptoReq *req);

/* Answer a request as number @idx of a batch, and free it. */
void virtio_crypto_req_finish(VirtIOCryptoReq *req, unsigned idx);

/* Forget the session of the last stateless request. */
void virtio_crypto_req_forget_session(VirtIOCryptoQueue *q);

/* virtio-crypto-dataq.c: the data queues */

/**
 * virtio_crypto_dataq_init: add data queue @index to the device.  Paired with
 * virtio_crypto_dataq_cleanup.
 */
void virtio_crypto_dataq_init(VirtIOCrypto *vcrypto, unsigned index);
void virtio_crypto_dataq_cleanup(VirtIOCryptoQueue *q);

/**
 * virtio_crypto_dataq_start: begin to process a queue, in its q->ctx.  Does
 * nothing if it is processed already, or if the driver has not set it up.
 * Context: BQL held.
 */
void virtio_crypto_dataq_start(VirtIOCryptoQueue *q);

/**
 * virtio_crypto_dataq_stop: stop to process a queue, wait until nothing of it
 * is in flight, and forget what it remembers of its requests.  Context: BQL
 * held, main AioContext.
 */
void virtio_crypto_dataq_stop(VirtIOCryptoQueue *q);

/**
 * virtio_crypto_dataq_move: process a queue, which is stopped, in @ctx from
 * now on.  Context: BQL held.
 */
void virtio_crypto_dataq_move(VirtIOCryptoQueue *q, AioContext *ctx);

/* Look at a queue soon, unless it is stopped.  Context: BQL held, or q->ctx. */
void virtio_crypto_dataq_kick(VirtIOCryptoQueue *q);

/* virtio-crypto-iothread.c: the threads of the data queues */

/**
 * virtio_crypto_iothreads_init: find the home of each data queue.
 *
 * Returns: false with @errp set if the properties or the transport do not
 * permit it.  Paired with virtio_crypto_iothreads_cleanup.
 */
bool virtio_crypto_iothreads_init(VirtIOCrypto *vcrypto, Error **errp);
void virtio_crypto_iothreads_cleanup(VirtIOCrypto *vcrypto);

/* VirtioDeviceClass.start_ioeventfd and stop_ioeventfd.  Context: BQL held. */
int virtio_crypto_start_ioeventfd(VirtIODevice *vdev);
void virtio_crypto_stop_ioeventfd(VirtIODevice *vdev);

/* virtio-crypto-ctrlq.c: the control queue */

void virtio_crypto_ctrlq_init(VirtIOCrypto *vcrypto);
void virtio_crypto_ctrlq_cleanup(VirtIOCrypto *vcrypto);

#endif /* HW_VIRTIO_CRYPTO_INT_H */
