/*
 * virtio-crypto client: bytes, and a sample request that every device serves
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_LIBQOS_VIRTIO_CRYPTO_SAMPLES_H
#define TESTS_LIBQOS_VIRTIO_CRYPTO_SAMPLES_H

#include "virtio-crypto-client.h"

/* Make bytes from hexadecimal digits; NULL gives none. */
uint8_t *vc_hex(const char *digits, uint32_t *len);

/* Make hexadecimal digits from bytes. */
char *vc_to_hex(const uint8_t *bytes, uint32_t len);

/* Make random bytes; the same seed gives the same ones. */
uint8_t *vc_bytes(uint32_t seed, size_t len);

/* Wire numbers of ciphers */
enum {
    VC_ARC4 = 1,
    VC_AES_ECB,
    VC_AES_CBC,
    VC_AES_CTR,
    VC_DES_ECB,
    VC_DES_CBC,
    VC_3DES_ECB,
    VC_3DES_CBC,
    VC_3DES_CTR,
    VC_KASUMI_F8,
    VC_SNOW3G_UEA2,
    VC_AES_F8,
    VC_AES_XTS,
    VC_ZUC_EEA3,
    VC_CIPHERS,
};

/* A valid AES-CBC request: NIST SP 800-38A, F.2.1 */
#define VC_SAMPLE_LEN   64

extern const uint8_t vc_sample_key[16];
extern const uint8_t vc_sample_iv[16];
extern const uint8_t vc_sample_in[VC_SAMPLE_LEN];
extern const uint8_t vc_sample_out[VC_SAMPLE_LEN];

/* Initialisers for VCSession and VCRequest. */
#define VC_SAMPLE_SESSION                                               \
    .algo = VC_AES_CBC, .key = vc_sample_key,                           \
    .key_len = sizeof(vc_sample_key)
#define VC_SAMPLE_ENCRYPT                                               \
    .iv = vc_sample_iv, .iv_len = sizeof(vc_sample_iv),                 \
    .src = vc_sample_in, .src_len = VC_SAMPLE_LEN, .out = vc_sample_out

/* Change whether the backend accepts requests. */
void vc_set_ready(VCClient *vc, bool ready);

uint64_t vc_sample_session(VCClient *vc, VCFormat format);

/* Encrypt the sample in a session of vc_sample_session(). */
VCStatus vc_sample_request(VCClient *vc, VCFormat format, uint64_t session,
                           VCStatus expect);

/* Get a request that encrypts the sample, in a new session. */
VCRequest vc_sample_in_session(VCClient *vc, VCFormat format);

/* Send a request that fails, and then the sample in the same session. */
void vc_request_and_sample(const VCRequest *r);

/*
 * Check that the device serves a new session, from creation to destruction, or
 * a stateless request.
 */
void vc_check_alive(VCClient *vc, VCFormat format);

#endif
