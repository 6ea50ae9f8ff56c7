/*
 * virtio-crypto: a data request, from the ring to an operation and back
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "trace.h"
#include "virtio-crypto-internal.h"

void virtio_crypto_req_forget_session(VirtIOCryptoQueue *q)
{
    if (q->stateless) {
        cryptodev_session_put(q->stateless);
        q->stateless = NULL;
    }
}

/*
 * The session of a stateless request.  Requests with the same key tend to
 * come in a row: the queue keeps the last session, and with it the key
 * schedule.
 */
static CryptoDevStatus
virtio_crypto_stateless_session(VirtIOCryptoReq *req,
                                const VirtIOCryptoBuffer *buf,
                                VirtIOCryptoData *data)
{
    VirtIOCryptoQueue *q = req->q;
    CryptoDevBackend *b = q->vcrypto->conf.cryptodev;
    CryptoDevStatus status;

    if (!q->spec) {
        q->spec = g_new(VirtIOCryptoSessionSpec, 1);
    }
    status = buf->format->parse_params(buf, data, q->spec);
    if (status == CRYPTODEV_OK &&
        !(q->stateless &&
          cryptodev_session_serves(q->stateless, &q->spec->params))) {
        virtio_crypto_req_forget_session(q);
        status = cryptodev_session_new(b, &q->spec->params, &q->stateless);
    }
    virtio_crypto_spec_wipe(q->spec);
    if (status == CRYPTODEV_OK) {
        cryptodev_session_get(q->stateless);
        req->op.session = q->stateless;
        req->owns_session = true;
    }
    return status;
}

/*
 * A session counts its references for all queues: requests of a batch that
 * come in a row with the same one share what the first of them took.
 */
static CryptoDevStatus virtio_crypto_find_session(VirtIOCryptoReq *req,
                                                  const VirtIOCryptoData *data)
{
    VirtIOCryptoQueue *q = req->q;
    CryptoDevSession *last = q->last_session;

    if (!last || last->id != data->session_id ||
        last->params.service != data->service) {
        last = virtio_crypto_sessions_get(&q->vcrypto->sessions,
                                          data->session_id, data->service);
        if (!last) {
            return CRYPTODEV_INVSESS;
        }
        q->last_session = last;
        req->owns_session = true;
    }
    req->op.session = last;
    return CRYPTODEV_OK;
}

static CryptoDevStatus
virtio_crypto_req_parse_op(VirtIOCryptoReq *req,
                           const VirtIOCryptoBuffer *buf,
                           VirtIOCryptoData *data)
{
    VirtIOCryptoQueue *q = req->q;
    CryptoDevBackend *b = q->vcrypto->conf.cryptodev;
    CryptoDevOp *op = &req->op;
    CryptoDevStatus status;

    if (!q->vcrypto->caps.algos[data->service]) {
        return CRYPTODEV_NOTSUPP;
    }
    if (!cryptodev_backend_ready(b)) {
        return CRYPTODEV_ERR;
    }
    status = data->stateless ?
             virtio_crypto_stateless_session(req, buf, data) :
             virtio_crypto_find_session(req, data);
    if (status != CRYPTODEV_OK) {
        return status;
    }
    op->kind = data->kind;
    status = cryptodev_session_check_kind(&op->session->params, op->kind);
    if (status != CRYPTODEV_OK) {
        return status;
    }
    status = buf->format->parse_body(buf, data, op);
    return status == CRYPTODEV_OK ? cryptodev_op_validate(op) : status;
}

/* Turn a popped buffer into an operation to submit, or a refused request. */
static void virtio_crypto_req_parse(VirtIOCryptoReq *req,
                                    const VirtIOCryptoFormat *format)
{
    VirtIOCryptoQueue *q = req->q;
    VirtIOCryptoBuffer buf = virtio_crypto_buffer(q->vcrypto, &req->elem,
                                                  format);
    VirtIOCryptoData data;
    CryptoDevStatus status;

    buf.map = &req->map;
    buf.dma = &q->space.dma;
    status = format->parse_head(&buf, &data);
    req->reply = data.reply;
    if (status == CRYPTODEV_OK) {
        status = virtio_crypto_req_parse_op(req, &buf, &data);
    }
    trace_virtio_crypto_req_parse(q->vcrypto, q->index, req, format->name,
                                  data.service, data.kind, data.session_id,
                                  status);
    if (status == CRYPTODEV_OK) {
        req->op.status = CRYPTODEV_PENDING;
        return;
    }
    req->op.status = status;
    qemu_log_mask(LOG_GUEST_ERROR, "virtio-crypto: %s request refused with "
                  "status %d\n", format->name, status);
    if (data.service < CRYPTODEV_SERVICE__MAX) {
        cryptodev_backend_count_error(q->vcrypto->conf.cryptodev, q->index,
                                      data.service, data.kind);
    }
}

VirtIOCryptoReq *virtio_crypto_req_pop(VirtIOCryptoQueue *q)
{
    VirtIOCryptoReq *req = virtio_crypto_pop(q->vq, sizeof(*req));
    const VirtIOCryptoFormat *format;

    if (!req) {
        return NULL;
    }
    format = virtio_crypto_format_of(q->vcrypto, &req->elem);
    if (!format || !virtio_crypto_in_ram(&q->space, &req->elem)) {
        virtio_crypto_bad_element(VIRTIO_DEVICE(q->vcrypto), q->vq,
                                  &req->elem);
        return NULL;
    }
    req->q = q;
    req->map = (VirtIOCryptoMap) { };
    req->op = (CryptoDevOp) { };
    req->owns_session = false;
    virtio_crypto_req_parse(req, format);
    return req;
}

void virtio_crypto_req_keep(VirtIOCryptoReq *req)
{
    if (!req->owns_session) {
        cryptodev_session_get(req->op.session);
        req->owns_session = true;
    }
}

void virtio_crypto_req_finish(VirtIOCryptoReq *req, unsigned idx)
{
    VirtIOCryptoQueue *q = req->q;
    CryptoDevOp *op = &req->op;
    size_t used;

    assert(op->status != CRYPTODEV_PENDING);
    trace_virtio_crypto_req_finish(q->vcrypto, q->index, req, op->status,
                                   op->written);
    virtio_crypto_unmap(&q->space, &req->map, op->status == CRYPTODEV_OK);
    used = virtio_crypto_write_reply(VIRTIO_DEVICE(q->vcrypto), &req->elem,
                                     &req->reply, op->status, 0, op->written);
    if (req->owns_session) {
        cryptodev_session_put(op->session);
    }
    virtqueue_fill(q->vq, &req->elem, used, idx);
    g_free(req);
}
