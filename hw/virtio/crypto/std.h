/*
 * virtio-crypto: what the parsers of the virtio standard's formats share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_VIRTIO_CRYPTO_STD_H
#define HW_VIRTIO_CRYPTO_STD_H

#include "format.h"

/* A position in the variable part of a request, or in its result. */
typedef struct VirtIOCryptoCursor {
    const VirtIOCryptoSg *sg;
    uint64_t offset;
    uint64_t end;
} VirtIOCryptoCursor;

/* Take @len bytes as a span; false if there are not so many. */
bool virtio_crypto_cursor_take(VirtIOCryptoCursor *c, uint64_t len,
                               CryptoDevSpan *span);

/* Take @len bytes as a copy; the caller knows that @buf holds them. */
bool virtio_crypto_cursor_copy(VirtIOCryptoCursor *c, uint64_t len, void *buf);

/**
 * VirtIOCryptoParts: lengths of the parts of a data request, in bytes, in
 * host order, whichever structure told them
 *
 * @digest_len: what the request asks for, 0 if it leaves it to the session
 * @aad_first: whether a chain's additional data stand before its source
 */
typedef struct VirtIOCryptoParts {
    uint32_t iv_len, src_len, dst_len, aad_len, digest_len;
    CryptoDevRange cipher_window, hash_window;
    bool aad_first;
} VirtIOCryptoParts;

/**
 * virtio_crypto_std_body: lay @parts over the buffer.
 *
 * @out, @in: behind the fixed part and the keys; without the status byte
 * @op: its kind is set
 *
 * Returns: false if a part does not fit
 */
bool virtio_crypto_std_body(const VirtIOCryptoParts *parts,
                            const CryptoDevSessionParams *params,
                            VirtIOCryptoCursor *out, VirtIOCryptoCursor *in,
                            CryptoDevOp *op);

/**
 * virtio_crypto_std_cipher, virtio_crypto_std_hash: fill in one half of a
 * session from fields in host order, and take its key.
 *
 * @service: of the number @algo
 * @c: position of the key
 * @spec: where parameters and key go
 *
 * Returns: CRYPTODEV_OK or the status that the request ends with
 */
CryptoDevStatus virtio_crypto_std_cipher(VirtIOCryptoCursor *c,
                                         const CryptoDevCaps *caps,
                                         CryptoDevService service,
                                         uint32_t algo, uint32_t key_len,
                                         uint32_t direction,
                                         VirtIOCryptoSessionSpec *spec);
CryptoDevStatus virtio_crypto_std_hash(VirtIOCryptoCursor *c,
                                       const CryptoDevCaps *caps,
                                       CryptoDevService service,
                                       uint32_t algo, uint32_t key_len,
                                       uint32_t digest_len,
                                       VirtIOCryptoSessionSpec *spec);

/* The same for a session of AKCIPHER; @para is as on the wire. */
struct virtio_crypto_akcipher_session_para;
CryptoDevStatus virtio_crypto_std_akcipher(
    VirtIOCryptoCursor *c, const CryptoDevCaps *caps,
    const struct virtio_crypto_akcipher_session_para *para,
    VirtIOCryptoSessionSpec *spec);

/*
 * The stateless form of a data request, see VirtIOCryptoFormat: the fixed
 * part has these lengths, by service, in bytes.
 */
extern const uint8_t virtio_crypto_stateless_len[CRYPTODEV_SERVICE__MAX];

CryptoDevStatus virtio_crypto_stateless_params(const VirtIOCryptoBuffer *buf,
                                               VirtIOCryptoData *data,
                                               VirtIOCryptoSessionSpec *spec);
bool virtio_crypto_stateless_parts(const VirtIOCryptoData *data,
                                   const CryptoDevSessionParams *params,
                                   VirtIOCryptoParts *parts);

#endif /* HW_VIRTIO_CRYPTO_STD_H */
