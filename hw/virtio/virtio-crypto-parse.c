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
 * The session of a stateless request.  Requests with the same key tend to
 * come in a row: the queue keeps the last session, and with it the key
 * schedule.
 */
static CryptoDevStatus stateless_session(VirtIOCryptoRequest *req,
                                         const VirtIOCryptoFormat *format,
                                         const VirtIOCryptoSg *out,
                                         VirtIOCryptoData *data)
{
    VirtIOCryptoQueue *q = req->q;
    VirtIOCrypto *vcrypto = q->vcrypto;
    CryptoDevStatus status;

    if (!virtio_vdev_has_feature(&vcrypto->parent_obj,
                                 VIRTIO_CRYPTO_F_STATELESS_MODE(
                                     data->service))) {
        return CRYPTODEV_NOTSUPP;
    }
    if (!q->ctrl) {
        q->ctrl = g_new(VirtIOCryptoCtrl, 1);
    }
    status = format->parse_params(out, &vcrypto->caps, data, q->ctrl);
    if (status == CRYPTODEV_OK &&
        !(q->stateless &&
          cryptodev_session_serves(q->stateless, &q->ctrl->params))) {
        virtio_crypto_data_forget_session(q);
        status = cryptodev_session_new(vcrypto->conf.cryptodev,
                                       &q->ctrl->params, &q->stateless);
    }
    virtio_crypto_ctrl_wipe(q->ctrl);
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
static CryptoDevStatus find_session(VirtIOCryptoRequest *req,
                                    const VirtIOCryptoData *data)
{
    VirtIOCryptoQueue *q = req->q;
    CryptoDevSession *last = q->last_session;

    if (!last || last->id != data->session_id ||
        last->params.service != data->service) {
        last = virtio_crypto_sessions_get(q->vcrypto->sessions,
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

static CryptoDevStatus parse_op(VirtIOCryptoRequest *req,
                                const VirtIOCryptoFormat *format,
                                const VirtIOCryptoSg *out,
                                const VirtIOCryptoSg *in,
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
    status = data->stateless ? stateless_session(req, format, out, data) :
                               find_session(req, data);
    if (status != CRYPTODEV_OK) {
        return status;
    }
    op->kind = data->kind;
    status = cryptodev_session_check_kind(&op->session->params, op->kind);
    if (status != CRYPTODEV_OK) {
        return status;
    }
    status = format->parse_body(format, out, in, &q->ram.dma,
                                &q->vcrypto->caps, &op->session->params,
                                data, &req->map, op);
    return status == CRYPTODEV_OK ? cryptodev_op_validate(op) : status;
}

void virtio_crypto_data_parse(VirtIOCryptoRequest *req)
{
    VirtIOCryptoQueue *q = req->q;
    const VirtIOCryptoFormat *format = virtio_crypto_request_format(req);
    VirtIOCryptoSg out = virtio_crypto_request_out(req);
    VirtIOCryptoSg in = virtio_crypto_request_in(req);
    VirtIOCryptoData data = {
        .service = CRYPTODEV_SERVICE__MAX,
        .chain_aad_first = q->vcrypto->conf.chain_aad_first,
    };
    CryptoDevStatus status;

    req->op = (CryptoDevOp) { };
    status = format->parse_head(format, &out, &in, &data);
    req->reply = data.reply;
    if (status == CRYPTODEV_OK) {
        status = parse_op(req, format, &out, &in, &data);
    }
    trace_virtio_crypto_data_parse(q->vcrypto, q->index, req, format->name,
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
