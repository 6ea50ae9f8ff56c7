/*
 * virtio-crypto: a request, from the ring and back
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/iov.h"
#include "qemu/log.h"
#include "trace.h"
#include "virtio-crypto-internal.h"

/* The most spare requests; more are freed. */
#define VIRTIO_CRYPTO_SPARE_MAX (2 * VIRTIO_CRYPTO_BATCH)

void virtio_crypto_request_measure(VirtIOCryptoQueue *q)
{
    VirtIOCryptoBuffer *buf = &q->buf;

    buf->out.len = iov_size(buf->out.iov, buf->out.num);
    buf->in.len = iov_size(buf->in.iov, buf->in.num);
}

/*
 * The format of a buffer, NULL if it cannot be a request.  A driver that
 * negotiates VIRTIO_CRYPTO_F_REVISION_1 does not use the draft.
 */
static const VirtIOCryptoFormat *request_format(const VirtIOCryptoRequest *req)
{
    const VirtIOCryptoQueue *q = req->q;

    if (!req->elem.in_num) {
        return NULL;
    }
    if (q->revision_1) {
        return req->elem.out_num ? virtio_crypto_format_revision_1 : NULL;
    }
    if (req->elem.out_num) {
        return virtio_crypto_format_std;
    }
    return q->draft_v11 ? virtio_crypto_format_v11 : NULL;
}

/* Set up q->buf for the parser.  Returns: false if it cannot be a request */
static bool request_load(VirtIOCryptoRequest *req)
{
    VirtIOCryptoBuffer *buf = &req->q->buf;

    buf->format = request_format(req);
    if (!buf->format) {
        return false;
    }
    buf->out.iov = req->elem.out_sg;
    buf->out.num = req->elem.out_num;
    buf->in.iov = req->elem.in_sg;
    buf->in.num = req->elem.in_num;
    buf->map = &req->map;
    return true;
}

/* Refuse buffers that are not requests, or not in RAM. */

static void request_refuse(VirtIOCryptoRequest *req, VirtIOCryptoReply reply,
                           const char *why)
{
    qemu_log_mask(LOG_GUEST_ERROR, "virtio-crypto: queue %u: %s\n",
                  req->q->index, why);
    req->reply = reply;
    req->op.status = CRYPTODEV_ERR;
}

/* Where the outcome goes if the readable half is empty */
static VirtIOCryptoReply request_default_reply(VirtIOCryptoQueue *q)
{
    q->buf.out.num = 0;
    virtio_crypto_request_measure(q);
    if (virtio_crypto_is_control(q)) {
        q->buf.format->parse_ctrl(&q->buf, q->ctrl);
        return q->ctrl->reply;
    }
    q->buf.format->parse_head(&q->buf, &q->data);
    return q->data.reply;
}

/*
 * Not all of a buffer is in RAM.  Write the outcome if its place is in RAM: the
 * start of the writable half for a control request, its last byte for a data
 * request.  A request of the draft has only one half, so it gets no outcome.
 */
static void request_refuse_unreachable(VirtIOCryptoRequest *req)
{
    VirtQueueElement *elem = &req->elem;
    VirtIOCryptoReply reply = { .kind = VIRTIO_CRYPTO_REPLY_NONE };
    unsigned lost = 0;                  /* pieces up to the last not in RAM */

    for (unsigned i = 0; i < elem->in_num; i++) {
        if (!elem->in_sg[i].iov_base) {
            lost = i + 1;
        }
    }
    elem->in_sg += lost;
    elem->in_addr += lost;
    elem->in_num -= lost;
    if (elem->out_num && !(lost && virtio_crypto_is_control(req->q)) &&
        request_load(req)) {
        reply = request_default_reply(req->q);
    }
    request_refuse(req, reply, "a buffer is not in memory");
}

/* From the ring */

static VirtIOCryptoRequest *request_get(VirtIOCryptoQueue *q)
{
    VirtIOCryptoRequest *req = QLIST_FIRST(&q->spare);

    if (req) {
        QLIST_REMOVE(req, next);
        q->num_spare--;
    } else {
        req = g_new(VirtIOCryptoRequest, 1);
        req->q = q;
    }
    req->map = (VirtIOCryptoMap) { };
    req->op.session = NULL;
    req->op.status = CRYPTODEV_PENDING;
    req->op.written = 0;
    req->op.cost = 0;
    req->owns_session = false;
    req->hold = NULL;
    req->long_iov = NULL;
    req->long_addr = NULL;
    return req;
}

/* Buffers that the source of a migration has taken come first. */
static VirtQueueResult request_take(VirtIOCryptoRequest *req,
                                    struct iovec *iov, hwaddr *addr,
                                    unsigned max)
{
    VirtIOCryptoQueue *q = req->q;

    return q->num_taken ?
           virtqueue_batch_pop_again(&q->batch, q->taken[q->num_taken - 1],
                                     &req->elem, iov, addr, max) :
           virtqueue_batch_pop(&q->batch, &req->elem, iov, addr, max);
}

static void forget_last_taken(VirtIOCryptoQueue *q)
{
    g_free(q->taken[--q->num_taken]);
    if (!q->num_taken) {
        g_clear_pointer(&q->taken, g_free);
    }
}

VirtIOCryptoRequest *virtio_crypto_request_pop(VirtIOCryptoQueue *q)
{
    VirtIOCryptoRequest *req = request_get(q);
    VirtQueueResult result = request_take(req, req->iov, req->addr,
                                          ARRAY_SIZE(req->iov));

    if (result == VIRTQUEUE_TOO_LONG) {
        req->long_iov = g_new(struct iovec, VIRTQUEUE_MAX_SIZE);
        req->long_addr = g_new(hwaddr, VIRTQUEUE_MAX_SIZE);
        result = request_take(req, req->long_iov, req->long_addr,
                              VIRTQUEUE_MAX_SIZE);
    }
    if (q->num_taken && (result == VIRTQUEUE_READY ||
                         result == VIRTQUEUE_UNREACHABLE)) {
        forget_last_taken(q);
    }
    switch (result) {
    case VIRTQUEUE_READY:
        if (!request_load(req)) {
            request_refuse(req, (VirtIOCryptoReply) { },
                           "a buffer without room for a request");
        }
        return req;
    case VIRTQUEUE_UNREACHABLE:
        request_refuse_unreachable(req);
        return req;
    default:
        virtio_crypto_request_free(req);
        return NULL;
    }
}

/* Requests that stay pending after a batch */

static void hold_iov(RAMHold *hold, const struct iovec *iov, unsigned num)
{
    for (unsigned i = 0; i < num; i++) {
        ram_hold_add(hold, iov[i].iov_base);
    }
}

uint64_t virtio_crypto_request_copied(const VirtIOCryptoRequest *req)
{
    /* the destination may be input, too */
    return cryptodev_op_bytes(&req->op) + req->op.dst.len;
}

void virtio_crypto_request_keep(VirtIOCryptoRequest *req)
{
    VirtIOCryptoQueue *q = req->q;

    if (!req->owns_session) {
        cryptodev_session_get(req->op.session);
        req->owns_session = true;
    }
    req->hold = ram_hold_new();
    hold_iov(req->hold, req->elem.out_sg, req->elem.out_num);
    hold_iov(req->hold, req->elem.in_sg, req->elem.in_num);
    hold_iov(req->hold, req->map.iov, req->map.num);
    QLIST_INSERT_HEAD(&q->kept, req, next);
    q->num_kept++;
    q->kept_bytes += virtio_crypto_request_copied(req);
}

/* Back to the ring */

static void mark_written(VirtIOCryptoRequest *req, const struct iovec *iov,
                         unsigned num)
{
    for (unsigned i = 0; i < num; i++) {
        ram_window_written(&req->q->batch.window, iov[i].iov_base,
                           iov[i].iov_len);
    }
}

void virtio_crypto_request_finish(VirtIOCryptoRequest *req,
                                  uint64_t session_id)
{
    VirtIOCryptoQueue *q = req->q;
    const VirtIOCryptoMap *map = &req->map;
    size_t used;

    assert(req->op.status != CRYPTODEV_PENDING);
    trace_virtio_crypto_request_finish(q->vcrypto, q->index, req,
                                       req->op.status, req->op.written);
    used = virtio_crypto_write_reply(req, session_id);
    /* the batch marks the pieces of the buffer */
    mark_written(req, map->iov + map->num_readable,
                 map->num - map->num_readable);
    if (req->hold) {
        mark_written(req, req->elem.in_sg, req->elem.in_num);
    }
    virtqueue_batch_fill(&q->batch, &req->elem, used);
}

void virtio_crypto_request_free(VirtIOCryptoRequest *req)
{
    VirtIOCryptoQueue *q = req->q;

    if (req->owns_session) {
        cryptodev_session_put(req->op.session);
    }
    if (req->hold) {
        QLIST_REMOVE(req, next);
        q->num_kept--;
        q->kept_bytes -= virtio_crypto_request_copied(req);
        ram_hold_free(req->hold);
    }
    g_free(req->map.iov);
    g_free(req->long_iov);
    g_free(req->long_addr);
    if (q->num_spare == VIRTIO_CRYPTO_SPARE_MAX) {
        g_free(req);
        return;
    }
    QLIST_INSERT_HEAD(&q->spare, req, next);
    q->num_spare++;
}

void virtio_crypto_requests_forget(VirtIOCryptoQueue *q)
{
    while (q->num_taken) {
        forget_last_taken(q);
    }
    g_clear_pointer(&q->taken, g_free);
    g_clear_pointer(&q->order, g_free);
    q->num_order = 0;
}

void virtio_crypto_requests_drop(VirtIOCryptoQueue *q)
{
    VirtIOCryptoRequest *req, *next;

    for (unsigned i = 0; i < q->num_taken; i++) {
        virtqueue_batch_detach(&q->batch, q->taken[i]->ndescs);
    }
    virtio_crypto_requests_forget(q);
    QLIST_FOREACH_SAFE(req, &q->kept, next, next) {
        virtqueue_batch_detach(&q->batch, req->elem.ndescs);
        virtio_crypto_request_free(req);
    }
}

void virtio_crypto_requests_cleanup(VirtIOCryptoQueue *q)
{
    VirtIOCryptoRequest *req, *next;

    assert(!q->num_kept);
    QLIST_FOREACH_SAFE(req, &q->spare, next, next) {
        g_free(req);
    }
}
