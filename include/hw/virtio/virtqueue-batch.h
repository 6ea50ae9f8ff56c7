/*
 * Batches of virtqueue buffers, in guest RAM only
 *
 * For devices that take many buffers at a time, in any thread.
 * virtqueue_pop() maps any address that the driver gives.  These functions
 * access RAM only (see system/ram-window.h), and never a device register, even
 * if the guest changes its memory map.  A batch is one RCU read section; it
 * takes no references and allocates nothing.
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
 * Do not mix these functions with virtqueue_pop(), virtqueue_push() and their
 * like on one queue.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_VIRTIO_VIRTQUEUE_BATCH_H
#define HW_VIRTIO_VIRTQUEUE_BATCH_H

#include "hw/virtio/virtio.h"
#include "system/ram-window.h"

/* The most buffers between two flushes */
#define VIRTQUEUE_BATCH_MAX 64

/**
 * VirtQueueResult: outcome of an access to a virtqueue
 *
 * @VIRTQUEUE_EMPTY: there is no buffer, or the queue is not in use
 * @VIRTQUEUE_READY: success
 * @VIRTQUEUE_TOO_LONG: the buffer has more pieces than the caller has room
 *     for; it stays in the ring.  Room for VIRTQUEUE_MAX_SIZE is always enough.
 * @VIRTQUEUE_UNREACHABLE: the buffer was taken, but not all of it is in RAM:
 *     iov_base of the other pieces is NULL
 * @VIRTQUEUE_BROKEN: the ring is invalid; batch->error says why.  Buffers that
 *     were taken can still be filled.  The caller should call virtio_error(),
 *     with the BQL held.
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
 * @addr, @size: as set by the driver
 * @host: host address if the area is contiguous there, else NULL; valid during
 *     a batch only
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
 * @window: finds the buffers in RAM; valid during a batch only
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

/* Needs no clean-up.  Context: BQL held. */
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
 *     addresses; must live as long as @elem
 *
 * Returns: READY or UNREACHABLE, then the buffer must be filled, or
 * detached; EMPTY, TOO_LONG, BROKEN
 */
VirtQueueResult virtqueue_batch_pop(VirtQueueBatch *batch,
                                    VirtQueueElement *elem,
                                    struct iovec *iov, hwaddr *addr,
                                    unsigned max);

/**
 * virtqueue_batch_fill: return a buffer with @len bytes used at the next
 * flush.  At most VIRTQUEUE_BATCH_MAX times between flushes.  @elem and its
 * pieces must live until the flush.
 */
void virtqueue_batch_fill(VirtQueueBatch *batch, VirtQueueElement *elem,
                          uint32_t len);

/**
 * virtqueue_batch_flush: return the filled buffers to the driver, and mark
 * their writable pieces as written.
 *
 * Returns: whether the driver wants to be notified, see
 * virtqueue_batch_notify()
 */
bool virtqueue_batch_flush(VirtQueueBatch *batch);

/**
 * virtqueue_batch_notify: notify the driver.  In the main loop this can write
 * to any device register (MSI), so call it last.  Context: any; not during a
 * batch.
 */
void virtqueue_batch_notify(VirtQueueBatch *batch);

/**
 * virtqueue_batch_detach: forget a buffer of @ndescs descriptors that was
 * taken; the driver does not get it back until it resets the queue.
 */
void virtqueue_batch_detach(VirtQueueBatch *batch, unsigned ndescs);

/* Migration of buffers that were taken */

/**
 * VirtQueueTaken: a buffer that was taken and is not filled yet, as migrated
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
 * virtqueue_batch_pop_again: as virtqueue_batch_pop(), for a buffer that the
 * source of a migration has taken.  Does not change the ring.
 */
VirtQueueResult virtqueue_batch_pop_again(VirtQueueBatch *batch,
                                          const VirtQueueTaken *taken,
                                          VirtQueueElement *elem,
                                          struct iovec *iov, hwaddr *addr,
                                          unsigned max);

/**
 * VirtQueueOrder: with VIRTIO_F_IN_ORDER, a buffer that was taken and that the
 * driver has not got back
 *
 * @filled: whether it was filled, with @len bytes used, and waits for an
 *     earlier one
 */
typedef struct VirtQueueOrder {
    uint32_t index, ndescs, len;
    bool filled;
} VirtQueueOrder;

/**
 * virtqueue_batch_get_order: list the buffers that were taken, in order.
 * Context: BQL held, not during a batch.
 *
 * @order: room for VIRTQUEUE_MAX_SIZE buffers, or NULL to count them
 *
 * Returns: the number of buffers, 0 without VIRTIO_F_IN_ORDER
 */
unsigned virtqueue_batch_get_order(VirtQueueBatch *batch,
                                   VirtQueueOrder *order);

/**
 * virtqueue_batch_set_taken: set which buffers are taken, after virtio_load():
 * the @num_order buffers of @order with VIRTIO_F_IN_ORDER, else any buffers of
 * @ndescs descriptors.  Context: BQL held, not during a batch.
 *
 * Returns: NULL, or why this does not fit the ring, a constant string
 */
const char *virtqueue_batch_set_taken(VirtQueueBatch *batch, unsigned ndescs,
                                      const VirtQueueOrder *order,
                                      unsigned num_order);

/* Whether the ring has no buffer to take.  Not during a batch. */
bool virtqueue_batch_empty(VirtQueueBatch *batch);

/**
 * virtqueue_batch_set_notification: ask the driver to kick the queue, or not
 * to.  After enabling, check again whether the ring is empty.  Not during a
 * batch.
 */
void virtqueue_batch_set_notification(VirtQueueBatch *batch, bool enable);

/**
 * virtqueue_host_notifier_device: the device that owns notifier @n, for
 * handlers that a device registers itself.
 *
 * @index: set to the index of the queue
 */
VirtIODevice *virtqueue_host_notifier_device(EventNotifier *n,
                                             unsigned *index);

#endif /* HW_VIRTIO_VIRTQUEUE_BATCH_H */
