/*
 * virtio-crypto: from the bytes of a data request to an operation
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "trace.h"
#include "virtio-crypto-internal.h"

void virtio_crypto_data_forget_session(VirtIOCryptoQueue *q)
{
    if (q->stateless) {
        cryptodev_session_put(q->stateless);
        q->stateless = NULL;
    }
}

/*
 * The session of a stateless request.  Consecutive requests often have the
 * same key, so the queue keeps the last session with its key schedule.
 */
static CryptoDevStatus stateless_session(VirtIOCryptoRequest *req)
{
    VirtIOCryptoQueue *q = req->q;
    CryptoDevStatus status;

    if (!q->spec) {
        q->spec = g_new(VirtIOCryptoSessionSpec, 1);
    }
    status = q->buf.format->parse_params(&q->buf, &q->data, q->spec);
    if (status == CRYPTODEV_OK &&
        !(q->stateless &&
          cryptodev_session_serves(q->stateless, &q->spec->params))) {
        virtio_crypto_data_forget_session(q);
        status = cryptodev_session_new(q->cryptodev, &q->spec->params,
                                       &q->stateless);
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
 * All queues update the reference count of a session, so this is slow.
 * Consecutive requests of a batch with the same session share one reference.
 */
static CryptoDevStatus find_session(VirtIOCryptoRequest *req)
{
    VirtIOCryptoQueue *q = req->q;
    const VirtIOCryptoData *data = &q->data;
    CryptoDevSession *last = q->last_session;

    if (!last || last->id != data->session_id ||
        last->params.service != data->service) {
        last = virtio_crypto_sessions_get(q->sessions, data->session_id,
                                          data->service);
        if (!last) {
            return CRYPTODEV_INVSESS;
        }
        q->last_session = last;
        req->owns_session = true;
    }
    req->op.session = last;
    return CRYPTODEV_OK;
}

static CryptoDevStatus parse_op(VirtIOCryptoRequest *req)
{
    VirtIOCryptoQueue *q = req->q;
    const VirtIOCryptoData *data = &q->data;
    CryptoDevOp *op = &req->op;
    CryptoDevStatus status;

    if (!cryptodev_backend_ready(q->cryptodev)) {
        return CRYPTODEV_ERR;
    }
    status = data->stateless ? stateless_session(req) : find_session(req);
    if (status != CRYPTODEV_OK) {
        return status;
    }
    op->opcode = data->opcode;
    status = cryptodev_session_check_opcode(&op->session->params, op->opcode);
    if (status != CRYPTODEV_OK) {
        return status;
    }
    status = q->buf.format->parse_body(&q->buf, data, op);
    return status == CRYPTODEV_OK ? cryptodev_op_validate(op) : status;
}

/* Do not parse a request again that is like the last one of the batch. */
static bool parse_by_memo(VirtIOCryptoRequest *req)
{
    VirtIOCryptoQueue *q = req->q;

    if (!virtio_crypto_memo_match(&q->memo, &q->buf, &req->op, &req->reply)) {
        return false;
    }
    trace_virtio_crypto_data_parse(q->vcrypto, q->index, req,
                                   q->buf.format->name,
                                   req->op.session->params.service,
                                   req->op.opcode, req->op.session->id,
                                   CRYPTODEV_OK);
    return true;
}

void virtio_crypto_data_parse(VirtIOCryptoRequest *req)
{
    VirtIOCryptoQueue *q = req->q;
    const VirtIOCryptoFormat *format = q->buf.format;
    CryptoDevStatus status;

    if (parse_by_memo(req)) {
        return;
    }
    virtio_crypto_request_measure(q);
    status = format->parse_head(&q->buf, &q->data);
    req->reply = q->data.reply;
    if (status == CRYPTODEV_OK) {
        status = parse_op(req);
    }
    trace_virtio_crypto_data_parse(q->vcrypto, q->index, req, format->name,
                                   q->data.service, q->data.opcode,
                                   q->data.session_id, status);
    if (status == CRYPTODEV_OK) {
        virtio_crypto_memo_store(&q->memo, &q->buf, &q->data, &req->op);
        return;
    }
    req->op.status = status;
    qemu_log_mask(LOG_GUEST_ERROR, "virtio-crypto: %s request refused with "
                  "status %d\n", format->name, status);
    cryptodev_backend_count_error(q->cryptodev, q->index,
                                  q->data.service, q->data.opcode);
}
