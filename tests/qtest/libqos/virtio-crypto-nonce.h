/*
 * virtio-crypto client: the nonce of an ECDSA signature
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_LIBQOS_VIRTIO_CRYPTO_NONCE_H
#define TESTS_LIBQOS_VIRTIO_CRYPTO_NONCE_H

/* The longest number, of curve P-521 */
#define VC_NONCE_MAX    66

/**
 * vc_nonce: compute the nonce from a signature and its private key.  In the
 * same way, the nonce reveals the key, so it must be secret.
 *
 * @curve: number of the curve, P-256 or P-521; nonce and key are as long as
 *     its order
 * @key: the private number
 * @digest: of 32 bytes
 * @signature: in DER
 * @nonce: written, most significant byte first
 * @inverse: its inverse, which reveals the key as well
 *
 * Returns: the length of the numbers
 */
size_t vc_nonce(uint32_t curve, const uint8_t *key, const uint8_t *digest,
                const uint8_t *signature, uint8_t *nonce, uint8_t *inverse);

#endif
