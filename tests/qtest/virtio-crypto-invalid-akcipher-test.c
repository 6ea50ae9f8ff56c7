/*
 * QTest testcases for virtio-crypto: requests of the AKCIPHER service with
 * one error
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-akcipher.h"

#define RSA             CRYPTODEV_ALGO_RSA
#define ECDSA           CRYPTODEV_ALGO_ECDSA

/* Bytes of an RSA result */
#define RSA_ROOM(_i)    (vc_rsa_bits(_i) / 8)

/* The longest key of the service */
#define KEY_MAX         16384

/* Operations that the key, the padding or the algorithm does not allow */
static void test_wrong_op(VCFormat f, VCClient *vc)
{
    const VCAkOp decrypt = *vc_ak_find(RSA, VC_OP_DECRYPT, VC_PRIVATE,
                                       VC_RSA_PKCS1);
    const VCAkOp sign = *vc_ak_find(RSA, VC_OP_SIGN, VC_PRIVATE,
                                    VC_RSA_PKCS1);
    const VCAkOp verify = *vc_ak_find(RSA, VC_OP_VERIFY, VC_PUBLIC,
                                      VC_RSA_PKCS1);
    const VCAkOp ecdsa = *vc_ak_find(ECDSA, VC_OP_VERIFY, VC_PRIVATE,
                                     VC_CURVE_P256);
    struct {
        VCAkOp o;
        VCStatus expect;
    } cases[] = {
        { decrypt, VC_ERR }, { sign, VC_ERR },
        { sign, VC_NOTSUPP }, { verify, VC_NOTSUPP },
        { ecdsa, VC_NOTSUPP }, { ecdsa, VC_NOTSUPP },
    };

    cases[0].o.key_type = cases[1].o.key_type = VC_PUBLIC;
    cases[0].o.key = cases[1].o.key = vc_rsa_key(0, VC_PUBLIC);
    cases[2].o.padding = cases[3].o.padding = VC_RSA_RAW;
    cases[4].o.op = VC_OP_ENCRYPT;
    cases[5].o.op = VC_OP_DECRYPT;
    cases[4].o.out = cases[5].o.out = NULL;
    for (int i = 0; i < ARRAY_SIZE(cases); i++) {
        if (vc_offers(vc, cases[i].o.algo)) {
            vc_ak_expect(vc, f, &cases[i].o, 256, cases[i].expect);
        }
    }
}

/* Results and inputs of the wrong length */
static void test_lengths(VCFormat f, VCClient *vc)
{
    for (int i = 0; i < VC_RSA_KEYS; i++) {
        uint32_t room = RSA_ROOM(i);
        g_autofree uint8_t *bytes = vc_bytes(i, room + 1);
        g_autofree char *too_long = vc_to_hex(bytes, room - 10);
        const char *public_key = vc_rsa_key(i, VC_PUBLIC);
        const char *private_key = vc_rsa_key(i, VC_PRIVATE);
        g_autofree char *cipher = NULL, *shorter = NULL, *longer = NULL;
        VCAkOp o = {
            RSA, VC_OP_ENCRYPT, VC_PUBLIC, VC_RSA_PKCS1, VC_RSA_NO_HASH,
            public_key, "51454d55",
        };

        vc_ak_expect(vc, f, &o, room - 1, VC_ERR);
        cipher = vc_ak_result(vc, f, &o, room);
        o.src = too_long;
        vc_ak_expect(vc, f, &o, room, VC_ERR);

        shorter = g_strndup(cipher, strlen(cipher) - 2);
        longer = g_strconcat("00", cipher, NULL);
        o = (VCAkOp) {
            RSA, VC_OP_DECRYPT, VC_PRIVATE, VC_RSA_PKCS1, VC_RSA_NO_HASH,
            private_key, shorter,
        };
        vc_ak_expect(vc, f, &o, room, VC_ERR);
        o.src = longer;
        vc_ak_expect(vc, f, &o, room, VC_ERR);
        o.src = cipher;
        vc_ak_expect(vc, f, &o, 3, VC_ERR);
        o.op = VC_OP_SIGN;
        o.src = too_long;
        vc_ak_expect(vc, f, &o, room, VC_ERR);
        o.src = "51454d55";
        vc_ak_expect(vc, f, &o, room - 1, VC_ERR);
    }
}

/* Signatures and digests that are a byte too short or too long */
static void check_signature_lengths(VCFormat f, VCClient *vc, const VCAkOp *o)
{
    g_autofree char *shorter = g_strndup(o->src, strlen(o->src) - 2);
    g_autofree char *longer = g_strconcat(o->src, "00", NULL);
    g_autofree char *before = g_strconcat("00", o->src, NULL);
    g_autofree char *short_data = g_strndup(o->out, strlen(o->out) - 2);
    g_autofree char *long_data = g_strconcat(o->out, "00", NULL);
    const char *signatures[] = { "", shorter, longer, before };
    const char *digests[] = { short_data, long_data };
    VCAkOp bad = *o;

    for (int i = 0; i < ARRAY_SIZE(signatures); i++) {
        bad.src = signatures[i];
        vc_ak_expect(vc, f, &bad, 0, VC_KEY_REJECTED);
    }
    bad = *o;
    for (int i = 0; i < ARRAY_SIZE(digests); i++) {
        bad.out = digests[i];
        /* RSA with a hash knows how long a digest is */
        if (o->algo == RSA) {
            vc_ak_expect(vc, f, &bad, 0, o->rsa_hash == VC_RSA_NO_HASH ?
                                         VC_KEY_REJECTED : VC_ERR);
        }
    }
    bad.out = "";
    vc_ak_expect(vc, f, &bad, 0, o->rsa_hash == VC_RSA_NO_HASH &&
                                 o->algo == RSA ? VC_KEY_REJECTED : VC_ERR);
}

static void test_signature_lengths(VCFormat f, VCClient *vc)
{
    const VCAkOp *o;

    for (int i = 0; (o = vc_ak_known(i)); i++) {
        if (o->op == VC_OP_VERIFY && o->key_type == VC_PUBLIC &&
            vc_offers(vc, o->algo)) {
            check_signature_lengths(f, vc, o);
        }
    }
}

/* Keys that must be refused */

/* A DER element; all in hexadecimal */
static char *der(const char *tag, const char *content)
{
    unsigned len = strlen(content) / 2;

    return g_strdup_printf(len < 0x80 ? "%s%02x%s" :
                           len < 0x100 ? "%s81%02x%s" : "%s82%04x%s",
                           tag, len, content);
}

/* RSAPublicKey of two integers, given with their sign octets */
static char *rsa_public(const char *n, const char *e)
{
    g_autofree char *n_der = der("02", n), *e_der = der("02", e);
    g_autofree char *both = g_strconcat(n_der, e_der, NULL);

    return der("30", both);
}

/* As a whole and in odd pieces */
static void refuse_key(VCFormat f, VCClient *vc, const VCAkOp *o,
                       VCStatus expect)
{
    for (int odd = 0; odd < 2; odd++) {
        g_autoptr(VCCall) c = vc_call_ak(vc, f, o, 128);
        VCShape shape = { .indirect = odd, .desc_max = odd ? 61 : 0 };

        c->session.shape = c->request.shape = shape;
        vc_call_refused(c, expect);
    }
    vc_check_ak_alive(vc, f);
}

static void refuse_rsa(VCFormat f, VCClient *vc, uint32_t key_type,
                       const char *key)
{
    const VCAkOp o = {
        RSA, VC_OP_ENCRYPT, key_type, VC_RSA_PKCS1, VC_RSA_NO_HASH, key,
        "51454d55",
    };

    refuse_key(f, vc, &o, VC_ERR);
}

static void refuse_rsa_public(VCFormat f, VCClient *vc, const char *n,
                              const char *e)
{
    g_autofree char *key = rsa_public(n, e);

    refuse_rsa(f, vc, VC_PUBLIC, key);
}

static void test_rsa_numbers(VCFormat f, VCClient *vc)
{
    g_autofree char *digits = vc_rsa_modulus(0);
    g_autofree char *n = g_strconcat("00", digits, NULL);
    g_autofree char *even = g_strconcat("00", digits, NULL);
    g_autofree char *short_n = g_strndup(n, 2 * (1 + 32));
    g_autofree char *padded = g_strconcat("00", n, NULL);
    g_autofree char *long_n = g_strdup_printf("01%0*d", 2 * 1024, 1);
    g_autofree char *huge = g_strdup_printf("01%0*d", 2 * (KEY_MAX - 16), 1);
    g_autofree char *long_e = g_strdup_printf("01%0*d", 2 * 32, 1);
    g_autofree char *good = rsa_public(n, "010001");

    /* the bad keys are made from a good one */
    g_assert_cmpstr(good, ==, vc_rsa_key(0, VC_PUBLIC));
    even[strlen(even) - 1]--;
    refuse_rsa_public(f, vc, even, "010001");
    refuse_rsa_public(f, vc, "00", "010001");
    refuse_rsa_public(f, vc, "01", "010001");
    refuse_rsa_public(f, vc, short_n, "010001");
    refuse_rsa_public(f, vc, padded, "010001");
    refuse_rsa_public(f, vc, long_n, "010001");
    refuse_rsa_public(f, vc, huge, "010001");
    refuse_rsa_public(f, vc, "", "010001");
    refuse_rsa_public(f, vc, n, "00");
    refuse_rsa_public(f, vc, n, "01");
    refuse_rsa_public(f, vc, n, "02");
    refuse_rsa_public(f, vc, n, "");
    refuse_rsa_public(f, vc, n, long_e);
    refuse_rsa_public(f, vc, n, n);
}

/* Numbers of RSA may lack the octet of their sign, but not the version. */
static void test_rsa_signs(VCFormat f, VCClient *vc)
{
    static const char *const versions[] = { "0201ff", "020180", "020101" };
    const char *good = vc_rsa_key(0, VC_PRIVATE);
    VCAkOp o = *vc_ak_find(RSA, VC_OP_DECRYPT, VC_PRIVATE, VC_RSA_PKCS1);
    g_autofree char *digits = vc_rsa_modulus(0);
    g_autofree char *no_sign = rsa_public(digits, "010001");

    /* SEQUENCE with two octets of length, then the version */
    g_assert_cmpint(memcmp(good + 8, "020100", 6), ==, 0);
    for (int i = 0; i < ARRAY_SIZE(versions); i++) {
        g_autofree char *key = g_strdup(good);

        memcpy(key + 8, versions[i], 6);
        o.key = key;
        refuse_key(f, vc, &o, VC_ERR);
    }
    g_assert_cmpint(digits[0], >=, '8');
    o = *vc_ak_find(RSA, VC_OP_VERIFY, VC_PUBLIC, VC_RSA_PKCS1);
    o.key = no_sign;
    vc_ak_expect(vc, f, &o, 0, VC_OK);
}

/* A key cut, followed by something, or of the other type or algorithm */
static void check_encoding(VCFormat f, VCClient *vc, const VCAkOp *good)
{
    static const uint32_t cuts[] = { 1, 2, 3, 5, 30 };
    uint32_t digits = strlen(good->key);
    g_autofree char *longer = g_strconcat(good->key, "00", NULL);
    g_autofree char *full = g_strdup_printf("%s%0*d", good->key,
                                            2 * KEY_MAX - (int)digits, 0);
    g_autofree char *over = g_strconcat(full, "00", NULL);
    VCAkOp bad = *good;

    for (int i = 0; i < ARRAY_SIZE(cuts); i++) {
        g_autofree char *front = g_strndup(good->key, 2 * cuts[i]);
        g_autofree char *tail = g_strndup(good->key, digits - 2 * cuts[i]);

        bad.key = front;
        refuse_key(f, vc, &bad, VC_ERR);
        bad.key = tail;
        refuse_key(f, vc, &bad, VC_ERR);
        bad.key = good->key + 2 * cuts[i];
        refuse_key(f, vc, &bad, VC_ERR);
    }
    bad.key = longer;
    refuse_key(f, vc, &bad, VC_ERR);
    bad.key = full;
    refuse_key(f, vc, &bad, VC_ERR);
    bad.key = over;
    refuse_key(f, vc, &bad, VC_ERR);
    bad.key = "";
    refuse_key(f, vc, &bad, VC_ERR);
    bad.key = good->key;
    bad.key_type = VC_PUBLIC + VC_PRIVATE - good->key_type;
    refuse_key(f, vc, &bad, VC_ERR);
    bad.key_type = good->key_type;
    bad.algo = RSA + ECDSA - good->algo;
    bad.padding = good->algo == RSA ? VC_CURVE_P256 : VC_RSA_PKCS1;
    refuse_key(f, vc, &bad, vc_offers(vc, bad.algo) ? VC_ERR : VC_NOTSUPP);
}

static void test_encodings(VCFormat f, VCClient *vc)
{
    for (uint32_t type = VC_PUBLIC; type <= VC_PRIVATE; type++) {
        check_encoding(f, vc, vc_ak_find(RSA, VC_OP_VERIFY, type,
                                         VC_RSA_PKCS1));
        for (uint32_t curve = 1; curve <= VC_CURVES; curve++) {
            if (vc_offers(vc, ECDSA)) {
                check_encoding(f, vc, vc_ak_find(ECDSA, VC_OP_VERIFY, type,
                                                 curve));
            }
        }
    }
}

/* Integers that are negative, zero, or not in the shortest form */
static void test_ecdsa_signatures(VCFormat f, VCClient *vc)
{
    static const char *const integers[] = {
        "020101", "020100", "0201ff", "02020001", "0200", "030101",
    };
    const VCAkOp *good = vc_ak_find(ECDSA, VC_OP_VERIFY, VC_PUBLIC,
                                    VC_CURVE_P256);
    VCAkOp bad = *good;

    if (!vc_offers(vc, ECDSA)) {
        g_test_skip("ECDSA is not offered");
        return;
    }
    vc_ak_expect(vc, f, good, 0, VC_OK);
    for (int i = 0; i < ARRAY_SIZE(integers) * ARRAY_SIZE(integers); i++) {
        g_autofree char *both =
            g_strconcat(integers[i / ARRAY_SIZE(integers)],
                        integers[i % ARRAY_SIZE(integers)], NULL);
        g_autofree char *signature = der("30", both);

        bad.src = signature;
        vc_ak_expect(vc, f, &bad, 0, VC_KEY_REJECTED);
    }
}

/* A curve's key in a session of another; a point that is not on the curve */
static void test_curves(VCFormat f, VCClient *vc)
{
    if (!vc_offers(vc, ECDSA)) {
        g_test_skip("ECDSA is not offered");
        return;
    }
    for (int i = 0; i < VC_CURVES * VC_CURVES; i++) {
        VCAkOp o = *vc_ak_find(ECDSA, VC_OP_VERIFY, VC_PUBLIC,
                               i / VC_CURVES + 1);
        g_autofree char *off = g_strdup(o.key);

        o.padding = i % VC_CURVES + 1;
        if (o.padding != i / VC_CURVES + 1) {
            refuse_key(f, vc, &o, VC_ERR);
            o.key_type = VC_PRIVATE;
            o.key = vc_ec_key(i / VC_CURVES + 1, VC_PRIVATE);
            refuse_key(f, vc, &o, VC_ERR);
            continue;
        }
        off[strlen(off) - 1] = off[strlen(off) - 1] == '0' ? '1' : '0';
        o.key = off;
        refuse_key(f, vc, &o, VC_ERR);
    }
}

/* Wrong parameters with a good key */
static void test_parameters(VCFormat f, VCClient *vc)
{
    static const struct {
        size_t field;
        uint32_t value;
        VCStatus expect;
    } bad[] = {
#define BAD(_field, _value, _expect)                                    \
        { offsetof(VCSession, _field), _value, _expect }
        BAD(algo, 0, VC_NOTSUPP),
        BAD(algo, 3, VC_NOTSUPP),
        BAD(algo, UINT32_MAX, VC_NOTSUPP),
        BAD(key_type, 3, VC_ERR),
        BAD(key_type, UINT32_MAX, VC_ERR),
        BAD(padding, 2, VC_NOTSUPP),
        BAD(padding, UINT32_MAX, VC_NOTSUPP),
        BAD(rsa_hash, 1, VC_NOTSUPP),
        BAD(rsa_hash, 2, VC_NOTSUPP),
        BAD(rsa_hash, 3, VC_NOTSUPP),
        BAD(rsa_hash, 10, VC_NOTSUPP),
        BAD(rsa_hash, UINT32_MAX, VC_NOTSUPP),
#undef BAD
    };
    VCAkOp o = *vc_ak_find(RSA, VC_OP_VERIFY, VC_PUBLIC, VC_RSA_PKCS1);

    for (int i = 0; i < ARRAY_SIZE(bad); i++) {
        g_autoptr(VCCall) c = vc_call_ak(vc, f, &o, 0);

        *(uint32_t *)((char *)&c->session + bad[i].field) = bad[i].value;
        vc_call_refused(c, bad[i].expect);
        vc_check_ak_alive(vc, f);
    }
    /* without padding there is no hash to name */
    o = *vc_ak_find(RSA, VC_OP_ENCRYPT, VC_PUBLIC, VC_RSA_RAW);
    o.rsa_hash = UINT32_MAX;
    vc_ak_expect(vc, f, &o, RSA_ROOM(0), VC_OK);
    o = *vc_ak_find(ECDSA, VC_OP_VERIFY, VC_PUBLIC, 1);
    for (uint32_t curve = 0; curve <= 6; curve += 6) {
        o.padding = curve;
        refuse_key(f, vc, &o, VC_NOTSUPP);
    }
}

/* An algorithm that is not offered is NOTSUPP, however long its key is. */
static void test_not_offered(VCFormat f, VCClient *vc)
{
    VCAkOp o = *vc_ak_find(ECDSA, VC_OP_VERIFY, VC_PUBLIC,
                           VC_CURVE_P256);
    g_autofree char *huge = g_strdup_printf("%0*d", 2 * (KEY_MAX + 1), 0);
    VCStatus expect = vc_offers(vc, ECDSA) ? VC_ERR : VC_NOTSUPP;

    o.key = huge;
    refuse_key(f, vc, &o, expect);
    o.key = "";
    refuse_key(f, vc, &o, expect);
}

/* Lengths that the buffer does not hold */
static void test_fields(VCFormat f, VCClient *vc)
{
    const VCAkOp *ops[] = {
        vc_ak_find(RSA, VC_OP_DECRYPT, VC_PRIVATE, VC_RSA_PKCS1),
        vc_ak_find(RSA, VC_OP_VERIFY, VC_PUBLIC, VC_RSA_PKCS1),
    };
    const VCDataLayout *at = &vc_data_layouts[f][VC_SERVICE_AKCIPHER];
    const uint8_t fields[] = { at->src_len, at->dst_len, at->params.key_len };

    for (int i = 0; i < ARRAY_SIZE(ops) * ARRAY_SIZE(fields); i++) {
        g_autoptr(VCCall) c = vc_call_ak(vc, f, ops[i / 3], RSA_ROOM(0));
        const VCPoke poke[] = {
            { .size = 4, .offset = fields[i % 3], .value = UINT32_MAX - 3 },
            { },
        };

        vc_call_open(c);
        if (fields[i % 3]) {
            c->request.shape.poke = poke;
            vc_call_send(c, VC_ERR);
        }
        c->request.shape.poke = NULL;
        /* each byte of what is readable is needed */
        c->request.shape.readable_cut = 1;
        vc_call_send(c, VC_ERR);
        c->request.shape.readable_cut = 0;
        vc_call_send(c, VC_OK);
        vc_call_close(c);
    }
}

static const VCAkTest tests[] = {
    { "wrong-op", test_wrong_op },
    { "lengths", test_lengths },
    { "signature-lengths", test_signature_lengths },
    { "rsa-numbers", test_rsa_numbers },
    { "rsa-signs", test_rsa_signs },
    { "ecdsa-signatures", test_ecdsa_signatures },
    { "ecdsa-curves", test_curves },
    { "encodings", test_encodings },
    { "parameters", test_parameters },
    { "not-offered", test_not_offered },
    { "fields", test_fields },
    { }
};

static void register_virtio_crypto_invalid_akcipher_test(void)
{
    vc_add_ak_tests("invalid-akcipher", tests);
}

libqos_init(register_virtio_crypto_invalid_akcipher_test);
