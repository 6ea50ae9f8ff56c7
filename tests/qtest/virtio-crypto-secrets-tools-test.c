/*
 * QTest testcases for virtio-crypto: the functions that search for secrets
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-akcipher.h"
#include "libqos/virtio-crypto-nonce.h"
#include "libqos/virtio-crypto-secrets.h"

/* Pieces of a number */

#define NUMBER_LEN  64

/*
 * @len bytes of a number from @at on, shifted, in either byte order, between
 * bytes that are not the next ones
 */
static size_t look_for_piece(const uint8_t *number, unsigned at, unsigned len,
                             unsigned shift, bool reversed)
{
    g_autoptr(VCSecrets) s = vc_secrets_new();
    uint8_t mem[60] = { };

    for (unsigned i = 0; i < len + 2; i++) {
        uint8_t byte = number[at + i] << shift |
                       number[at + i + 1] >> (8 - shift);

        mem[20 + at % 8 + (reversed ? len + 1 - i : i)] =
            i == 0 || i == len + 1 ? ~byte : byte;
    }
    vc_secrets_add(s, "number", number, NUMBER_LEN);
    vc_secrets_look(s, "memory", mem, sizeof(mem));
    return vc_secrets_get(s, 0)->found;
}

static void test_search(void)
{
    g_autofree uint8_t *number = vc_bytes(1, NUMBER_LEN);

    for (unsigned at = 0; at + VC_SECRET_MIN + 2 < NUMBER_LEN; at++) {
        for (unsigned form = 0; form < 16; form++) {
            g_assert_cmpuint(look_for_piece(number, at, VC_SECRET_MIN,
                                            form / 2, form % 2), ==,
                             VC_SECRET_MIN);
            g_assert_cmpuint(look_for_piece(number, at, VC_SECRET_MIN - 1,
                                            form / 2, form % 2), ==, 0);
        }
    }
}

/* RFC 6979, appendix A.2.5 and A.2.7: SHA-256 of "sample" */
static const struct {
    uint32_t curve;
    const char *key, *signature, *nonce;
} nonces[] = {
    { VC_CURVE_P256,
      "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
      "3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf"
      "3716022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843a"
      "cda8",
      "a6e3c57dd01abe90086538398355dd4c3b17aa873382b0f24d6129493d8aad60" },
    { VC_CURVE_P521,
      "00fad06daa62ba3b25d2fb40133da757205de67f5bb0018fee8c86e1b68c7e75caa896"
      "eb32f1f47c70855836a6d16fcc1466f6d8fbec67db89ec0c08b0e996b83538",
      "308187024201511bb4d675114fe266fc4372b87682baecc01d3cc62cf2303c92b35260"
      "12659d16876e25c7c1e57648f23b73564d67f61c6f14d527d54972810421e7d87589e1"
      "a702414a171143a83163d6df460aaf61522695f207a58b95c0644d87e52aa1a347916e"
      "4f7a72930b1bc06dbe22ce3f58264afd23704cbb63b29b931f7de6c9d949a7ecfc",
      "00edf38afcaaecab4383358b34d67c9f2216c8382aaea44a3dad5fdc9c325757617"
      "93fef24eb0fc276dfc4f6e3ec476752f043cf01415387470bcbd8678ed2c7e1a0" },
};

static void test_nonce(void)
{
    uint32_t len;
    g_autofree uint8_t *sample =
        vc_hex("af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add"
               "1bf", &len);

    for (int i = 0; i < ARRAY_SIZE(nonces); i++) {
        g_autofree uint8_t *key = vc_hex(nonces[i].key, &len);
        g_autofree uint8_t *signature = vc_hex(nonces[i].signature, &len);
        g_autofree uint8_t *wanted = vc_hex(nonces[i].nonce, &len);
        uint8_t nonce[VC_NONCE_MAX], inverse[VC_NONCE_MAX];
        size_t size = vc_nonce(nonces[i].curve, key, sample, signature, nonce,
                               inverse);

        g_assert_cmpmem(nonce, size, wanted, len);
    }
}

static void register_virtio_crypto_secrets_tools_test(void)
{
    qtest_add_func("virtio-crypto/secrets/search", test_search);
    qtest_add_func("virtio-crypto/secrets/nonce", test_nonce);
}

libqos_init(register_virtio_crypto_secrets_tools_test);
