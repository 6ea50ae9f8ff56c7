/*
 * virtio-crypto client: bytes, and a sample request that every device serves
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../libqtest.h"
#include "virtio-crypto-samples.h"

/* Bytes */

uint8_t *vc_hex(const char *digits, uint32_t *len)
{
    size_t n = digits ? strlen(digits) / 2 : 0;
    uint8_t *bytes = g_malloc(n + 1);

    for (size_t i = 0; i < n; i++) {
        bytes[i] = g_ascii_xdigit_value(digits[2 * i]) << 4 |
                   g_ascii_xdigit_value(digits[2 * i + 1]);
    }
    *len = n;
    return bytes;
}

char *vc_to_hex(const uint8_t *bytes, uint32_t len)
{
    GString *hex = g_string_new(NULL);

    for (uint32_t i = 0; i < len; i++) {
        g_string_append_printf(hex, "%02x", bytes[i]);
    }
    return g_string_free(hex, FALSE);
}

uint8_t *vc_bytes(uint32_t seed, size_t len)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    uint8_t *bytes = g_malloc(len + 1);

    for (size_t i = 0; i < len; i++) {
        bytes[i] = g_rand_int(rand);
    }
    return bytes;
}

void vc_set_ready(VCClient *vc, bool ready)
{
    qtest_qom_set_bool(vc->qts, "/objects/cryptodev0", "ready", ready);
}

/* The sample */

const uint8_t vc_sample_key[16] = {
    0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6,
    0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c,
};

const uint8_t vc_sample_iv[16] = {
    0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,
    0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f,
};

const uint8_t vc_sample_in[VC_SAMPLE_LEN] = {
    0x6b, 0xc1, 0xbe, 0xe2, 0x2e, 0x40, 0x9f, 0x96,
    0xe9, 0x3d, 0x7e, 0x11, 0x73, 0x93, 0x17, 0x2a,
    0xae, 0x2d, 0x8a, 0x57, 0x1e, 0x03, 0xac, 0x9c,
    0x9e, 0xb7, 0x6f, 0xac, 0x45, 0xaf, 0x8e, 0x51,
    0x30, 0xc8, 0x1c, 0x46, 0xa3, 0x5c, 0xe4, 0x11,
    0xe5, 0xfb, 0xc1, 0x19, 0x1a, 0x0a, 0x52, 0xef,
    0xf6, 0x9f, 0x24, 0x45, 0xdf, 0x4f, 0x9b, 0x17,
    0xad, 0x2b, 0x41, 0x7b, 0xe6, 0x6c, 0x37, 0x10,
};

const uint8_t vc_sample_out[VC_SAMPLE_LEN] = {
    0x76, 0x49, 0xab, 0xac, 0x81, 0x19, 0xb2, 0x46,
    0xce, 0xe9, 0x8e, 0x9b, 0x12, 0xe9, 0x19, 0x7d,
    0x50, 0x86, 0xcb, 0x9b, 0x50, 0x72, 0x19, 0xee,
    0x95, 0xdb, 0x11, 0x3a, 0x91, 0x76, 0x78, 0xb2,
    0x73, 0xbe, 0xd6, 0xb8, 0xe3, 0xc1, 0x74, 0x3b,
    0x71, 0x16, 0xe6, 0x9e, 0x22, 0x22, 0x95, 0x16,
    0x3f, 0xf1, 0xca, 0xa1, 0x68, 0x1f, 0xac, 0x09,
    0x12, 0x0e, 0xca, 0x30, 0x75, 0x86, 0xe1, 0xa7,
};

uint64_t vc_sample_session(VCClient *vc, VCFormat format)
{
    return vc_create_session(&(VCSession) {
        .vc = vc, .format = format, VC_SAMPLE_SESSION,
    });
}

VCStatus vc_sample_request(VCClient *vc, VCFormat format, uint64_t session,
                           VCStatus expect)
{
    return vc_request(&(VCRequest) {
        .vc = vc, .format = format, .session = session, VC_SAMPLE_ENCRYPT,
        .expect = expect,
    });
}

VCRequest vc_sample_in_session(VCClient *vc, VCFormat format)
{
    return (VCRequest) {
        .vc = vc, .format = format, VC_SAMPLE_ENCRYPT,
        .session = vc_sample_session(vc, format),
    };
}

void vc_request_and_sample(const VCRequest *r)
{
    vc_request(r);
    vc_sample_request(r->vc, r->format, r->session, VC_OK);
}

static void check_alive_stateless(VCClient *vc)
{
    const VCSession params = { .vc = vc, VC_SAMPLE_SESSION };

    vc_request(&(VCRequest) {
        .vc = vc, .format = VC_STATELESS, .params = &params, VC_SAMPLE_ENCRYPT,
    });
}

void vc_check_alive(VCClient *vc, VCFormat format)
{
    uint64_t session;

    if (format == VC_STATELESS) {
        check_alive_stateless(vc);
        return;
    }
    session = vc_sample_session(vc, format);
    vc_sample_request(vc, format, session, VC_OK);
    vc_destroy_session(&(VCDestroy) {
        .vc = vc, .format = format, .session = session,
    });
}
