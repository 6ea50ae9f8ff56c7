/*
 * virtio-crypto: the variable part of the virtio standard's data requests
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "std.h"

bool virtio_crypto_cursor_take(VirtIOCryptoCursor *c, uint64_t len,
                               CryptoDevSpan *span)
{
    if (len > c->end - c->offset) {
        return false;
    }
    *span = (CryptoDevSpan) {
        .iov = c->sg->iov, .niov = c->sg->num, .offset = c->offset, .len = len,
    };
    c->offset += len;
    return true;
}

bool virtio_crypto_cursor_copy(VirtIOCryptoCursor *c, uint64_t len, void *buf)
{
    CryptoDevSpan span;

    if (!virtio_crypto_cursor_take(c, len, &span)) {
        return false;
    }
    iov_to_buf(span.iov, span.niov, span.offset, buf, len);
    return true;
}

static bool take_iv(VirtIOCryptoCursor *c, uint32_t len, CryptoDevAlgo algo,
                    CryptoDevOp *op)
{
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(algo);
    CryptoDevSpan skipped;

    /* some drivers give an IV to algorithms that have none */
    if (!info->iv_max) {
        return virtio_crypto_cursor_take(c, len, &skipped);
    }
    if (!cryptodev_algo_iv_len_ok(info, len)) {
        return false;
    }
    op->iv_len = len;
    return virtio_crypto_cursor_copy(c, len, op->iv);
}

static bool body_cipher(const VirtIOCryptoParts *parts,
                        const CryptoDevSessionParams *params,
                        VirtIOCryptoCursor *out, VirtIOCryptoCursor *in,
                        CryptoDevOp *op)
{
    return take_iv(out, parts->iv_len, params->cipher, op) &&
           virtio_crypto_cursor_take(out, parts->src_len, &op->src) &&
           virtio_crypto_cursor_take(in, parts->dst_len, &op->dst);
}

static bool body_chain(const VirtIOCryptoParts *parts,
                       const CryptoDevSessionParams *params,
                       VirtIOCryptoCursor *out, VirtIOCryptoCursor *in,
                       CryptoDevOp *op)
{
    op->cipher_window = parts->cipher_window;
    op->hash_window = parts->hash_window;
    return take_iv(out, parts->iv_len, params->cipher, op) &&
           (!parts->aad_first ||
            virtio_crypto_cursor_take(out, parts->aad_len, &op->aad)) &&
           virtio_crypto_cursor_take(out, parts->src_len, &op->src) &&
           (parts->aad_first ||
            virtio_crypto_cursor_take(out, parts->aad_len, &op->aad)) &&
           virtio_crypto_cursor_take(in, parts->dst_len, &op->dst) &&
           virtio_crypto_cursor_take(in, parts->digest_len, &op->digest);
}

static bool body_digest(const VirtIOCryptoParts *parts,
                        const CryptoDevSessionParams *params,
                        VirtIOCryptoCursor *out, VirtIOCryptoCursor *in,
                        CryptoDevOp *op)
{
    return virtio_crypto_cursor_take(out, parts->src_len, &op->src) &&
           virtio_crypto_cursor_take(in, parts->digest_len, &op->digest);
}

/*
 * The nonce of AEAD stands alone, or in a field of 16 bytes; CCM may leave
 * the byte before it for flags.  The lengths of the rest tell which.
 */
static bool take_nonce(VirtIOCryptoCursor *c, uint32_t len, uint64_t rest,
                       CryptoDevAlgo algo, CryptoDevOp *op)
{
    uint64_t room = c->end - c->offset;
    uint64_t field = room < rest ? 0 : room - rest;
    bool flags_byte = algo == CRYPTODEV_ALGO_AES_CCM && field > len;
    uint8_t buf[CRYPTODEV_IV_MAX];

    if (!cryptodev_algo_iv_len_ok(cryptodev_algo_info(algo), len) ||
        (field != len && field != sizeof(buf) &&
         !(flags_byte && field == len + 1)) ||
        !virtio_crypto_cursor_copy(c, field, buf)) {
        return false;
    }
    op->iv_len = len;
    memcpy(op->iv, buf + flags_byte, len);
    return true;
}

/* The tag stands right behind the text, in either direction. */
static bool body_aead(const VirtIOCryptoParts *parts,
                      const CryptoDevSessionParams *params,
                      VirtIOCryptoCursor *out, VirtIOCryptoCursor *in,
                      CryptoDevOp *op)
{
    bool encrypt = op->kind == CRYPTODEV_ENCRYPT;
    uint32_t tag_len = parts->digest_len;
    uint32_t text_len = parts->src_len - (encrypt ? 0 : tag_len);
    uint64_t result_len = (uint64_t)text_len + (encrypt ? tag_len : 0);
    CryptoDevSpan slack;

    if ((!encrypt && parts->src_len < tag_len) ||
        parts->dst_len < result_len ||
        !take_nonce(out, parts->iv_len,
                    (uint64_t)parts->src_len + parts->aad_len,
                    params->cipher, op) ||
        !virtio_crypto_cursor_take(out, text_len, &op->src) ||
        (!encrypt &&
         !virtio_crypto_cursor_take(out, tag_len, &op->digest)) ||
        !virtio_crypto_cursor_take(out, parts->aad_len, &op->aad) ||
        !virtio_crypto_cursor_take(in, text_len, &op->dst) ||
        (encrypt && !virtio_crypto_cursor_take(in, tag_len, &op->digest))) {
        return false;
    }
    return virtio_crypto_cursor_take(in, parts->dst_len - result_len, &slack);
}

/* What a signature is verified for stands behind it, readable as well. */
static bool body_akcipher(const VirtIOCryptoParts *parts,
                          VirtIOCryptoCursor *out, VirtIOCryptoCursor *in,
                          CryptoDevOp *op)
{
    VirtIOCryptoCursor *dst = op->kind == CRYPTODEV_VERIFY ? out : in;

    return virtio_crypto_cursor_take(out, parts->src_len, &op->src) &&
           virtio_crypto_cursor_take(dst, parts->dst_len, &op->dst);
}

bool virtio_crypto_std_body(const VirtIOCryptoParts *parts,
                            const CryptoDevSessionParams *params,
                            VirtIOCryptoCursor *out, VirtIOCryptoCursor *in,
                            CryptoDevOp *op)
{
    VirtIOCryptoParts p = *parts;

    p.digest_len = virtio_crypto_digest_len(p.digest_len, params);
    op->src = op->dst = op->aad = op->digest = (CryptoDevSpan) { };
    op->iv_len = 0;
    switch (params->service) {
    case CRYPTODEV_SERVICE_CIPHER:
        return params->chain == CRYPTODEV_CHAIN_NONE ?
               body_cipher(&p, params, out, in, op) :
               body_chain(&p, params, out, in, op);
    case CRYPTODEV_SERVICE_HASH:
    case CRYPTODEV_SERVICE_MAC:
        return body_digest(&p, params, out, in, op);
    case CRYPTODEV_SERVICE_AEAD:
        return body_aead(&p, params, out, in, op);
    case CRYPTODEV_SERVICE_AKCIPHER:
        return body_akcipher(&p, out, in, op);
    default:
        return false;
    }
}
