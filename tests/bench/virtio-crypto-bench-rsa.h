/*
 * virtio-crypto benchmark: a key, and RSA without a device
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_BENCH_VIRTIO_CRYPTO_BENCH_RSA_H
#define TESTS_BENCH_VIRTIO_CRYPTO_BENCH_RSA_H

#define BENCH_RSA_LEN       256
#define BENCH_RSA_KEY_LEN   1193

/* The private key, as RSAPrivateKey of PKCS#1 */
void bench_rsa_key(uint8_t *der);

/* The private operation on numbers of BENCH_RSA_LEN bytes */
void bench_rsa_private(const uint8_t *src, uint8_t *dst);

#endif
