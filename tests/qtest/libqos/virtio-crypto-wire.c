/*
 * virtio-crypto client: location of the fields of requests
 *
 * Offsets are those of the specifications, as plain numbers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "virtio-crypto-wire.h"

const char *const vc_format_names[VC_FORMATS] = {
    [VC_STD] = "std",
    [VC_V11] = "v11",
    [VC_REV1] = "rev1",
    [VC_STATELESS] = "stateless",
};

/* Creation of sessions */

const VCParamFields vc_create_fields[VC_SERVICES] = {
    [VC_SERVICE_CIPHER] = { .algo = 16, .key_len = 20, .op = 24 },
    [VC_SERVICE_HASH] = { .algo = 16, .digest_len = 20 },
    [VC_SERVICE_MAC] = { .algo = 16, .digest_len = 20, .key_len = 24 },
    [VC_SERVICE_AEAD] = {
        .algo = 16, .key_len = 20, .digest_len = 24, .aad_len = 28, .op = 32 },
    [VC_SERVICE_CHAIN] = {
        .order = 16, .hash_mode = 20, .algo = 24, .key_len = 28, .op = 32,
        .hash_algo = 40, .digest_len = 44, .auth_key_len = 48, .aad_len = 56 },
    [VC_SERVICE_AKCIPHER] = {
        .algo = 16, .key_type = 20, .key_len = 24, .padding = 28,
        .rsa_hash = 32 },
};

#define CREATE_REVISION_1 {                                             \
    [VC_SERVICE_CIPHER] = { .size = 72, .op_type = 64 },                \
    [VC_SERVICE_HASH] = { .size = 24 },                                 \
    [VC_SERVICE_MAC] = { .size = 32 },                                  \
    [VC_SERVICE_AEAD] = { .size = 40 },                                 \
    [VC_SERVICE_CHAIN] = { .size = 72, .op_type = 64 },                 \
    [VC_SERVICE_AKCIPHER] = { .size = 72 },                             \
}

const VCCreateLayout vc_create_layouts[VC_FORMATS][VC_SERVICES] = {
    [VC_STD] = {
        [VC_SERVICE_CIPHER] = { .size = 72, .op_type = 64 },
        [VC_SERVICE_HASH] = { .size = 72 },
        [VC_SERVICE_MAC] = { .size = 72 },
        [VC_SERVICE_AEAD] = { .size = 72 },
        [VC_SERVICE_CHAIN] = { .size = 72, .op_type = 64 },
        [VC_SERVICE_AKCIPHER] = { .size = 72 },
    },
    [VC_V11] = {
        [VC_SERVICE_CIPHER] = {
            .size = 104, .op_type = 96, .key_addr = 32, .outcome = 40 },
        [VC_SERVICE_HASH] = { .size = 104, .outcome = 24 },
        [VC_SERVICE_MAC] = { .size = 104, .key_addr = 32, .outcome = 40 },
        [VC_SERVICE_AEAD] = { .size = 104, .key_addr = 40, .outcome = 48 },
        [VC_SERVICE_CHAIN] = {
            .size = 104, .op_type = 96, .key_addr = 64, .auth_key_addr = 72,
            .outcome = 80 },
    },
    [VC_REV1] = CREATE_REVISION_1,
    [VC_STATELESS] = CREATE_REVISION_1,
};

const uint8_t vc_destroy_sizes[VC_FORMATS] = {
    [VC_STD] = 72,
    [VC_V11] = 104,
    [VC_REV1] = 24,
    [VC_STATELESS] = 24,
};

/* Data requests */

/* What does not depend on REVISION_1 */
#define DATA_CIPHER                                                     \
    { .size = 72, .op_type = 64, .iv_len = 24, .src_len = 28, .dst_len = 32 }
#define DATA_CHAIN {                                                    \
    .size = 72, .op_type = 64, .iv_len = 24, .src_len = 28,             \
    .dst_len = 32, .window = 36, .aad_len = 52, .digest_len = 56,       \
}
#define DATA_AEAD                                                       \
    .iv_len = 24, .aad_len = 28, .src_len = 32, .dst_len = 36

#define DATA_V11_HASH {                                                 \
    .size = 144, .src = 24, .digest_addr = 80, .digest_len = 88,        \
    .status = 92,                                                       \
}

const VCDataLayout vc_data_layouts[VC_FORMATS][VC_SERVICES] = {
    [VC_STD] = {
        [VC_SERVICE_CIPHER] = DATA_CIPHER,
        [VC_SERVICE_HASH] = { .size = 72, .src_len = 24, .digest_len = 28 },
        [VC_SERVICE_MAC] = { .size = 72, .src_len = 24, .digest_len = 28 },
        [VC_SERVICE_AEAD] = { .size = 72, DATA_AEAD },
        [VC_SERVICE_CHAIN] = DATA_CHAIN,
        [VC_SERVICE_AKCIPHER] = { .size = 72, .src_len = 24, .dst_len = 28 },
    },
    [VC_V11] = {
        [VC_SERVICE_CIPHER] = {
            .size = 144, .op_type = 136, .iv_len = 24, .src_len = 28,
            .dst_len = 32, .iv_addr = 40, .src = 48, .dst = 72,
            .status = 108 },
        [VC_SERVICE_HASH] = DATA_V11_HASH,
        [VC_SERVICE_MAC] = DATA_V11_HASH,
        [VC_SERVICE_AEAD] = {
            .size = 144, DATA_AEAD, .iv_addr = 40, .src = 48, .aad = 72,
            .dst = 96, .digest_addr = 120, .digest_len = 128, .status = 132 },
        [VC_SERVICE_CHAIN] = {
            .size = 144, .op_type = 136, .iv_len = 24, .src_len = 28,
            .dst_len = 32, .iv_addr = 40, .src = 48, .aad = 72, .dst = 96,
            .digest_addr = 120, .digest_len = 128, .status = 132 },
    },
    [VC_REV1] = {
        [VC_SERVICE_CIPHER] = DATA_CIPHER,
        [VC_SERVICE_HASH] = { .size = 32, .src_len = 24, .digest_len = 28 },
        [VC_SERVICE_MAC] = { .size = 32, .src_len = 24, .digest_len = 28 },
        [VC_SERVICE_AEAD] = { .size = 48, DATA_AEAD, .digest_len = 40 },
        [VC_SERVICE_CHAIN] = DATA_CHAIN,
        [VC_SERVICE_AKCIPHER] = { .size = 32, .src_len = 24, .dst_len = 28 },
    },
    [VC_STATELESS] = {
        [VC_SERVICE_CIPHER] = {
            .size = 100, .op_type = 96, .iv_len = 36, .src_len = 40,
            .dst_len = 44,
            .params = { .algo = 24, .key_len = 28, .op = 32 } },
        [VC_SERVICE_HASH] = {
            .size = 40, .src_len = 28, .digest_len = 32,
            .params = { .algo = 24 } },
        [VC_SERVICE_MAC] = {
            .size = 40, .src_len = 32, .digest_len = 36,
            .params = { .algo = 24, .key_len = 28 } },
        [VC_SERVICE_AEAD] = {
            .size = 56, .iv_len = 36, .digest_len = 40, .aad_len = 44,
            .src_len = 48, .dst_len = 52,
            .params = { .algo = 24, .key_len = 28, .op = 32 } },
        [VC_SERVICE_CHAIN] = {
            .size = 100, .op_type = 96, .iv_len = 56, .src_len = 60,
            .dst_len = 64, .window = 68, .aad_len = 84, .digest_len = 88,
            .params = {
                .order = 24, .aad_len = 28, .algo = 32, .key_len = 36,
                .op = 40, .hash_algo = 44, .auth_key_len = 48,
                .hash_mode = 52 } },
        [VC_SERVICE_AKCIPHER] = {
            .size = 52, .src_len = 44, .dst_len = 48,
            .params = {
                .algo = 24, .key_type = 28, .key_len = 32, .padding = 36,
                .rsa_hash = 40 } },
    },
};
