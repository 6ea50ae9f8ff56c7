/*
 * Batches of virtqueue buffers, in guest RAM only
 *
 * For devices that take many buffers at a time, in any thread.  Where
 * virtqueue_pop() maps whatever the driver names, this knows nothing but RAM
 * (see system/ram-window.h): rings and buffers never are a register of some
 * device, whatever the guest does to its memory map meanwhile.  A batch is one
 * RCU read section; it takes no references and allocates nothing.
 *
 *     if (virtqueue_batch_begin(&batch) == VIRTQUEUE_READY) {
 *         while (virtqueue_batch_pop(&batch, elem, iov, max) == ...) {
 *             ... read and write the buffer ...
 *             virtqueue_batch_fill(&batch, elem, len);
 *         }
 *         notify = virtqueue_batch_flush(&batch);
 *         virtqueue_batch_end(&batch);
 *     }
 *     if (notify) {
 *         virtqueue_batch_notify(&batch);
 *     }
 *
 * A queue is used either through this or through virtqueue_pop() and the
 * functions around it, not both at a time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_VIRTIO_VIRTQUEUE_BATCH_H
#define HW_VIRTIO_VIRTQUEUE_BATCH_H

#include "hw/virtio/virtio.h"
#include "system/ram-window.h"

/* Buffers that may be filled before they are flushed. */
#define VIRTQUEUE_BATCH_MAX 64

/**
 * VirtQueueResult: what became of a look at a virtqueue
 *
 * @VIRTQUEUE_EMPTY: there is no buffer, or the queue is not in use
 * @VIRTQUEUE_READY: success
 * @VIRTQUEUE_TOO_LONG: the buffer has more pieces than there is room for;
 *     it stays in the ring.  One with VIRTQUEUE_MAX_SIZE pieces always fits.
 * @VIRTQUEUE_UNREACHABLE: the buffer was taken, but not all of it is in RAM:
 *     the base of other pieces is NULL
 * @VIRTQUEUE_BROKEN: the ring makes no sense; batch->error says why.  Buffers
 *     that were taken can still be filled.  virtio_error() is for the caller
 *     to call, with the BQL held.
 */
typedef enum VirtQueueResult {
    VIRTQUEUE_EMPTY,
    VIRTQUEUE_READY,
    VIRTQUEUE_TOO_LONG,
    VIRTQUEUE_UNREACHABLE,
    VIRTQUEUE_BROKEN,
} VirtQueueResult;

/**
 * VirtQueueArea: one of the three areas of a ring
 *
 * @addr, @size: as the driver has set them up
 * @host: where it is in host memory if it is there in one piece, else NULL;
 *     during a batch only
 */
typedef struct VirtQueueArea {
    hwaddr addr, size;
    uint8_t *host;
} VirtQueueArea;

/**
 * VirtQueueBatch: one for each queue, used by one thread at a time
 *
 * @vq: the queue
 * @error: why the ring is broken, a constant string
 * @window: where the buffers are; during a batch
 * The rest is private.
 */
typedef struct VirtQueueBatch {
    VirtQueue *vq;
    const char *error;
    RAMWindow window;

    VirtQueueArea desc, avail, used;
    unsigned num, mask;
    bool packed, event_idx, in_order;
    unsigned num_filled;
    VirtQueueElement *filled[VIRTQUEUE_BATCH_MAX];
} VirtQueueBatch;

/* Paired with nothing.  Context: BQL held. */
void virtqueue_batch_init(VirtQueueBatch *batch, VirtQueue *vq);

/**
 * virtqueue_batch_begin: begin a batch, which is an RCU read section.
 *
 * Returns: VIRTQUEUE_READY, then it must be ended; VIRTQUEUE_EMPTY if the
 * queue is not in use; VIRTQUEUE_BROKEN if the ring is not in RAM
 */
VirtQueueResult virtqueue_batch_begin(VirtQueueBatch *batch);
void virtqueue_batch_end(VirtQueueBatch *batch);

/**
 * virtqueue_batch_pop: take the next buffer.
 *
 * @elem: filled in; its pieces are in @iov and @addr
 * @iov, @addr: room for @max pieces in host memory, and for their DMA
 *     addresses; must stay as long as @elem is in use
 *
 * Returns: READY or UNREACHABLE, then the buffer must be filled, or
 * detached; EMPTY, TOO_LONG, BROKEN
 */
VirtQueueResult virtqueue_batch_pop(VirtQueueBatch *batch,
                                    VirtQueueElement *elem,
                                    struct iovec *iov, hwaddr *addr,
                                    unsigned max);

/**
 * virtqueue_batch_fill: give a buffer back with @len bytes used, at the next
 * flush.  At most VIRTQUEUE_BATCH_MAX times between flushes.  @elem and its
 * pieces must stay until then.
 */
void virtqueue_batch_fill(VirtQueueBatch *batch, VirtQueueElement *elem,
                          uint32_t len);

/**
 * virtqueue_batch_flush: show the driver the buffers that were filled, and
 * mark their writable pieces as written.
 *
 * Returns: whether the driver wants to be notified, see
 * virtqueue_batch_notify()
 */
bool virtqueue_batch_flush(VirtQueueBatch *batch);

/**
 * virtqueue_batch_notify: notify the driver.  In the main loop that may be a
 * write to any register of the machine, so let it be the last thing to do.
 * Context: any; no batch at hand.
 */
void virtqueue_batch_notify(VirtQueueBatch *batch);

/**
 * virtqueue_batch_detach: forget a buffer of @ndescs descriptors that was
 * taken; the driver does not get it back before it resets the queue.
 */
void virtqueue_batch_detach(VirtQueueBatch *batch, unsigned ndescs);

/* A buffer whose device has moved to another process */

/**
 * VirtQueueTaken: a buffer that was taken and is not filled yet, without
 * pointers into this process
 *
 * @index, @ndescs: as in VirtQueueElement
 * @out_num, @in_num: pieces; the readable ones come first
 */
typedef struct VirtQueueTaken {
    uint32_t index, ndescs;
    uint32_t out_num, in_num;
    struct {
        uint64_t addr;
        uint32_t len;
    } piece[];
} VirtQueueTaken;

/**
 * virtqueue_batch_taken: describe a buffer that was taken.  Context: any.
 *
 * Returns: to be freed with g_free()
 */
VirtQueueTaken *virtqueue_batch_taken(const VirtQueueElement *elem);

/**
 * virtqueue_batch_pop_again: as virtqueue_batch_pop(), for a buffer that was
 * taken on the other side of a migration.  The ring stays as it is.
 */
VirtQueueResult virtqueue_batch_pop_again(VirtQueueBatch *batch,
                                          const VirtQueueTaken *taken,
                                          VirtQueueElement *elem,
                                          struct iovec *iov, hwaddr *addr,
                                          unsigned max);

/**
 * VirtQueueOrder: a buffer that was taken from a ring that is used in order,
 * and that the driver has not got back
 *
 * @filled: whether it was filled, with @len bytes used, and waits for another
 */
typedef struct VirtQueueOrder {
    uint32_t index, ndescs, len;
    bool filled;
} VirtQueueOrder;

/**
 * virtqueue_batch_get_order: tell the order of a ring.  Context: BQL held, no
 * batch at hand.
 *
 * @order: room for VIRTQUEUE_MAX_SIZE buffers, or NULL to have them counted
 *
 * Returns: the number of buffers, 0 if the ring is not used in order
 */
unsigned virtqueue_batch_get_order(VirtQueueBatch *batch,
                                   VirtQueueOrder *order);

/**
 * virtqueue_batch_set_taken: after virtio_load() has set up the ring, tell it
 * which buffers were taken: @num_order in @order if it is used in order, else
 * those of @ndescs descriptors.  Context: BQL held, no batch at hand.
 *
 * Returns: NULL, or what does not fit the ring, a constant string
 */
const char *virtqueue_batch_set_taken(VirtQueueBatch *batch, unsigned ndescs,
                                      const VirtQueueOrder *order,
                                      unsigned num_order);

/* Whether there is no buffer in the ring.  Not during a batch. */
bool virtqueue_batch_empty(VirtQueueBatch *batch);

/**
 * virtqueue_batch_set_notification: ask the driver to kick the queue, or not
 * to.  After asking for it, look again whether the ring is empty.  Not during
 * a batch.
 */
void virtqueue_batch_set_notification(VirtQueueBatch *batch, bool enable);

/**
 * virtqueue_host_notifier_device: whose notifier @n is, for handlers that a
 * device registers itself.
 *
 * @index: set to the index of the queue
 */
VirtIODevice *virtqueue_host_notifier_device(EventNotifier *n,
                                             unsigned *index);

#endif /* HW_VIRTIO_VIRTQUEUE_BATCH_H */
