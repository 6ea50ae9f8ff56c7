/*
 * Fuzzing of the request parsers, all forms, control and data
 *
 * A request must have the same result in any pieces and in each form, and the
 * parser must read no other bytes.  A match of the memo must give the result of
 * the parser.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/virtio/crypto/memo.h"
#include "requests.h"

/* Sessions */

static CryptoDevAlgo pick_algo(CryptoDevService service, uint8_t n)
{
    static CryptoDevAlgo algos[CRYPTODEV_SERVICE__MAX][CRYPTODEV_ALGO__MAX];
    static unsigned count[CRYPTODEV_SERVICE__MAX];

    if (!count[service]) {
        for (int i = 1; i < CRYPTODEV_ALGO__MAX; i++) {
            if (cryptodev_algo_info(i)->service == service) {
                algos[service][count[service]++] = i;
            }
        }
    }
    return algos[service][n % count[service]];
}

void request_session(const RequestInput *in, CryptoDevSessionParams *p)
{
    bool digest, aead;
    CryptoDevAlgo algo;

    *p = (CryptoDevSessionParams) {
        .service = in->service % CRYPTODEV_SERVICE__MAX,
        .opcode = in->kind & 1 ? CRYPTODEV_DECRYPT : CRYPTODEV_ENCRYPT,
        .aad_len = in->aad_len,
        .is_private = in->is_private & 1,
        .padding = in->is_private & 2 ? CRYPTODEV_RSA_PKCS1 : CRYPTODEV_RSA_RAW,
    };
    digest = p->service == CRYPTODEV_SERVICE_HASH ||
             p->service == CRYPTODEV_SERVICE_MAC;
    aead = p->service == CRYPTODEV_SERVICE_AEAD;
    if (digest) {
        p->opcode = CRYPTODEV_DIGEST;
        p->hash = pick_algo(p->service, in->hash);
    } else {
        p->cipher = pick_algo(p->service, in->cipher);
    }
    if (p->service == CRYPTODEV_SERVICE_CIPHER && in->chain % 3) {
        p->chain = in->chain % 3;
        p->hash = pick_algo(in->chain & 4 ? CRYPTODEV_SERVICE_MAC :
                                            CRYPTODEV_SERVICE_HASH, in->hash);
    }
    algo = aead ? p->cipher : p->hash;
    if (algo) {
        const CryptoDevAlgoInfo *info = cryptodev_algo_info(algo);

        p->digest_len = cryptodev_algo_digest_len_ok(info, in->digest_len) ?
                        in->digest_len : info->digest_len;
    }
}

/* The memo */

/*
 * A second request, of which a byte may be different, in the same pieces.  If
 * the memo knows it, the parser agrees.
 */
static void check_memo(const RequestInput *in, const Request *request,
                       const CryptoDevSessionParams *params,
                       const RequestRun *first)
{
    static RequestRun parsed;
    static uint8_t out[FUZZ_INPUT_MAX];
    static RequestRun second;
    Request changed = *request;
    VirtIOCryptoReply reply;
    VirtIOCryptoMemo memo;
    CryptoDevOp op;

    virtio_crypto_memo_store(&memo, &first->buf, &first->data, &first->op);
    changed.out = out;
    if (request->out_len) {
        memcpy(out, request->out, request->out_len);
        out[in->change_at % request->out_len] ^= in->change;
    }
    request_lay(&second, &changed, in->cut | 1, in->piece);
    if (virtio_crypto_memo_match(&memo, &second.buf, &op, &reply)) {
        request_run(&parsed, &changed, params, 0, 0);
        second.status = CRYPTODEV_OK;
        second.reply = reply;
        second.data = parsed.data;
        second.session.params = first->session.params;
        second.op = op;
        request_expect_same(&second, &parsed);
        request_free(&parsed);
    }
    request_free(&second);
}

/* Inputs */

static void split_request(const RequestInput *in, const uint8_t *data,
                          size_t len, Request *r)
{
    *r = (Request) {
        .form = in->form % (VC_REV1 + 1),
        .flags = in->flags,
        .in_len = in->in_len,
        .max_size = in->max_size,
    };
    if (r->form == VC_V11) {
        r->in = data;
        r->in_len = MIN(in->in_len, len);
        r->ram = data + r->in_len;
        r->ram_len = len - r->in_len;
    } else {
        r->out = data;
        r->out_len = len;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static RequestRun whole, pieces;
    CryptoDevSessionParams params;
    RequestInput in;
    Request request;

    if (len < sizeof(in) || len > FUZZ_INPUT_MAX) {
        return 0;
    }
    memcpy(&in, data, sizeof(in));
    split_request(&in, data + sizeof(in), len - sizeof(in), &request);
    request_session(&in, &params);
    request_run(&whole, &request, &params, 0, 0);
    request_run(&pieces, &request, &params, in.cut | 1, in.piece);
    request_expect_same(&whole, &pieces);
    if (whole.status == CRYPTODEV_OK) {
        request_expect_forms(&whole);
        if (!(request.flags & REQUEST_CTRL)) {
            check_memo(&in, &request, &params, &pieces);
        }
    }
    request_free(&whole);
    request_free(&pieces);
    return 0;
}
