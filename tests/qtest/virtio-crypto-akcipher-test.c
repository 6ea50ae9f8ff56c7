/*
 * QTest testcases for virtio-crypto: results of the AKCIPHER service
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-akcipher.h"

#define RSA             CRYPTODEV_ALGO_RSA
#define ECDSA           CRYPTODEV_ALGO_ECDSA

/* Bytes of an RSA result; more than any ECDSA signature */
#define RSA_ROOM(_i)    (vc_rsa_bits(_i) / 8)
#define EC_ROOM         144

/* Known answers */

static uint32_t room_of(const VCAkOp *o)
{
    return o->algo == RSA ? strlen(o->op == VC_OP_SIGN ? o->out : o->src) / 2 :
                            EC_ROOM;
}

/* In other buffers, and with more room */
static void check_shapes(VCCall *c)
{
    VCRequest r = c->request;

    c->request.src_split = vc_call_split(c, r.src_len);
    c->request.dst_split = vc_call_split(c, r.dst_len);
    vc_call_send(c, VC_OK);
    c->request.shape.indirect = true;
    c->request.shape.desc_max = 61;
    vc_call_send(c, VC_OK);
    c->request = r;
    c->request.slack = 5;
    vc_call_send(c, VC_OK);
    if (r.dst_len) {
        c->request.dst_len += 19;
        vc_call_send(c, VC_OK);
    }
    c->request = r;
}

/* A wrong bit in the signature, or in what was signed */
static void check_rejected(VCCall *c)
{
    const struct {
        const char *part;
        const uint8_t *bytes;
        uint32_t len;
    } parts[] = {
        { "src-0", c->request.src, c->request.src_len },
        { "digest", c->request.digest, c->request.digest_len },
    };

    for (int i = 0; i < ARRAY_SIZE(parts); i++) {
        for (uint32_t at = 0; at < parts[i].len;
             at += MAX(1, parts[i].len / 2)) {
            const VCPoke poke[] = {
                { .size = 1, .part = parts[i].part, .offset = at,
                  .value = parts[i].bytes[at] ^ 1 << at % 7 },
                { },
            };

            c->request.shape.poke = poke;
            vc_call_send(c, VC_KEY_REJECTED);
        }
    }
    c->request.shape.poke = NULL;
    vc_call_send(c, VC_OK);
}

static void test_known(VCFormat f, VCClient *vc)
{
    const VCAkOp *o;

    for (int i = 0; (o = vc_ak_known(i)); i++) {
        g_autoptr(VCCall) c = vc_call_ak(vc, f, o, room_of(o));
        g_autofree char *context = g_strdup_printf("known answer %d", i);

        vc->context = context;
        if (vc_offers(vc, o->algo)) {
            vc_call_open(c);
            vc_call_send(c, VC_OK);
            check_shapes(c);
            if (o->op == VC_OP_VERIFY) {
                check_rejected(c);
            }
            vc_call_close(c);
        } else {
            vc_call_refused(c, VC_NOTSUPP);
        }
        vc->context = NULL;
    }
}

/* Encrypt and decrypt, sign and verify */

static void test_rsa_pkcs1(VCFormat f, VCClient *vc)
{
    for (int i = 0; i < VC_RSA_KEYS; i++) {
        uint32_t most = RSA_ROOM(i) - 11;
        g_autofree uint8_t *message = vc_bytes(i, most + 1);

        for (uint32_t len = 0; len <= most; len += most / 2) {
            g_autofree char *text = vc_to_hex(message, len);
            VCAkOp o = {
                RSA, VC_OP_ENCRYPT, VC_PUBLIC, VC_RSA_PKCS1, VC_RSA_NO_HASH,
                vc_rsa_key(i, VC_PUBLIC), text,
            };
            g_autofree char *cipher = vc_ak_result(vc, f, &o, RSA_ROOM(i) + 3);
            g_autofree char *other = vc_ak_result(vc, f, &o, RSA_ROOM(i));

            g_assert_cmpuint(strlen(cipher), ==, 2 * RSA_ROOM(i));
            g_assert_cmpuint(strlen(other), ==, 2 * RSA_ROOM(i));
            g_assert_cmpstr(cipher, !=, other);
            o = (VCAkOp) {
                RSA, VC_OP_DECRYPT, VC_PRIVATE, VC_RSA_PKCS1, VC_RSA_NO_HASH,
                vc_rsa_key(i, VC_PRIVATE), cipher, text,
            };
            vc_ak_expect(vc, f, &o, RSA_ROOM(i), VC_OK);
            o.op = VC_OP_SIGN;
            o.src = text;
            o.out = NULL;
            g_free(cipher);
            cipher = vc_ak_result(vc, f, &o, RSA_ROOM(i));
            o = (VCAkOp) {
                RSA, VC_OP_VERIFY, VC_PUBLIC, VC_RSA_PKCS1, VC_RSA_NO_HASH,
                vc_rsa_key(i, VC_PUBLIC), cipher, text,
            };
            vc_ak_expect(vc, f, &o, 0, VC_OK);
        }
    }
}

static void test_ecdsa_sign(VCFormat f, VCClient *vc)
{
    static const uint32_t lens[] = { 1, 20, 32, 64, 129 };

    if (!vc_offers(vc, ECDSA)) {
        g_test_skip("ECDSA is not offered");
        return;
    }
    for (int i = 0; i < VC_CURVES * ARRAY_SIZE(lens); i++) {
        uint32_t curve = i % VC_CURVES + 1;
        g_autofree uint8_t *digest = vc_bytes(i, lens[i / VC_CURVES]);
        g_autofree char *signed_data = vc_to_hex(digest, lens[i / VC_CURVES]);
        VCAkOp o = {
            ECDSA, VC_OP_SIGN, VC_PRIVATE, curve, 0,
            vc_ec_key(curve, VC_PRIVATE), signed_data,
        };
        g_autofree char *signature = vc_ak_result(vc, f, &o, EC_ROOM);

        o = (VCAkOp) {
            ECDSA, VC_OP_VERIFY, VC_PUBLIC, curve, 0,
            vc_ec_key(curve, VC_PUBLIC), signature, signed_data,
        };
        vc_ak_expect(vc, f, &o, 0, VC_OK);
        signed_data[0] ^= 1;
        vc_ak_expect(vc, f, &o, 0, VC_KEY_REJECTED);
    }
}

/* Input of RSA without padding */

/* Numbers whose power is the number itself, in both directions */
static void check_raw(VCFormat f, VCClient *vc, int i, const char *src,
                      const char *out, VCStatus expect)
{
    for (uint32_t op = VC_OP_ENCRYPT; op <= VC_OP_DECRYPT; op++) {
        const VCAkOp o = {
            RSA, op, VC_PRIVATE, VC_RSA_RAW, VC_RSA_NO_HASH,
            vc_rsa_key(i, VC_PRIVATE), src, out,
        };

        vc_ak_expect(vc, f, &o, RSA_ROOM(i), expect);
    }
}

static void test_rsa_raw(VCFormat f, VCClient *vc)
{
    for (int i = 0; i < VC_RSA_KEYS; i++) {
        int digits = vc_rsa_bits(i) / 4;
        g_autofree char *n = vc_rsa_modulus(i), *minus_one = vc_rsa_modulus(i);
        g_autofree char *plus_one = vc_rsa_modulus(i);
        g_autofree char *zero = g_strdup_printf("%0*d", digits, 0);
        g_autofree char *one = g_strdup_printf("%0*d", digits, 1);
        g_autofree char *zeroes_first = NULL, *longer = NULL;

        /* it is odd, and no modulus here ends with the digit f */
        g_assert_cmpint(n[digits - 1], !=, 'f');
        minus_one[digits - 1]--;
        plus_one[digits - 1] = n[digits - 1] == '9' ? 'a' : n[digits - 1] + 1;
        zeroes_first = g_strconcat("000000", minus_one, NULL);
        longer = g_strconcat("01", minus_one, NULL);
        check_raw(f, vc, i, "", zero, VC_OK);
        check_raw(f, vc, i, "01", one, VC_OK);
        check_raw(f, vc, i, one, one, VC_OK);
        check_raw(f, vc, i, minus_one, minus_one, VC_OK);
        check_raw(f, vc, i, zeroes_first, minus_one, VC_OK);
        check_raw(f, vc, i, n, NULL, VC_ERR);
        check_raw(f, vc, i, plus_one, NULL, VC_ERR);
        check_raw(f, vc, i, longer, NULL, VC_ERR);
    }
}

static const VCAkTest tests[] = {
    { "known", test_known },
    { "rsa-pkcs1", test_rsa_pkcs1 },
    { "rsa-raw", test_rsa_raw },
    { "ecdsa-sign", test_ecdsa_sign },
    { }
};

static void register_virtio_crypto_akcipher_test(void)
{
    vc_add_ak_tests("akcipher", tests);
}

libqos_init(register_virtio_crypto_akcipher_test);
