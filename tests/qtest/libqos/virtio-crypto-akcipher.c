/*
 * virtio-crypto client: public-key operations whose answer is known
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../libqtest.h"
#include "virtio-crypto-akcipher.h"
#include "virtio-crypto-registry.h"
#include "../../unit/cryptodev-akcipher-keys.h"
#include "backends/cryptodev/akcipher-vectors.h"

/* The fixtures sign with SHA-256; DigestInfo is that of RFC 8017, 9.2. */
#define MESSAGE         "51454d55"
#define DIGEST_INFO     "3031300d060960864801650304020105000420"

static const uint32_t rsa_hashes[CRYPTODEV_ALGO__MAX] = {
    [CRYPTODEV_ALGO_MD5] = VC_RSA_MD5,
    [CRYPTODEV_ALGO_SHA1] = VC_RSA_SHA1,
    [CRYPTODEV_ALGO_SHA_224] = VC_RSA_SHA224,
    [CRYPTODEV_ALGO_SHA_256] = VC_RSA_SHA256,
    [CRYPTODEV_ALGO_SHA_384] = VC_RSA_SHA384,
    [CRYPTODEV_ALGO_SHA_512] = VC_RSA_SHA512,
};

unsigned vc_rsa_bits(int i)
{
    return rsa_fixtures[i].bits;
}

const char *vc_rsa_key(int i, uint32_t key_type)
{
    return key_type == VC_PRIVATE ? rsa_fixtures[i].private_key :
                                    rsa_fixtures[i].public_key;
}

const char *vc_ec_key(uint32_t curve, uint32_t key_type)
{
    const EcFixture *ec = &ec_fixtures[curve - CRYPTODEV_CURVE_P192];

    QEMU_BUILD_BUG_ON(ARRAY_SIZE(rsa_fixtures) != VC_RSA_KEYS);
    QEMU_BUILD_BUG_ON(ARRAY_SIZE(ec_fixtures) != VC_CURVES);
    g_assert_cmpint(ec->curve, ==, curve);
    return key_type == VC_PRIVATE ? ec->private_key : ec->public_key;
}

/* The list of known answers */

static const char *sha256_digest(void)
{
    for (int i = 0; i < ARRAY_SIZE(rsa_signatures); i++) {
        if (rsa_signatures[i].hash == CRYPTODEV_ALGO_SHA_256) {
            return rsa_signatures[i].digest;
        }
    }
    g_assert_not_reached();
}

/* The number that a private operation turns into a PKCS#1 v1.5 signature */
static const char *padded_digest(unsigned bits)
{
    GString *em = g_string_new("0001");
    size_t tail = strlen("00" DIGEST_INFO) + strlen(sha256_digest());

    while (em->len + tail < bits / 4) {
        g_string_append(em, "ff");
    }
    g_string_append_printf(em, "00" DIGEST_INFO "%s", sha256_digest());
    return g_string_free(em, FALSE);
}

/* Signing, and verification with either key */
static void add_signature(GArray *list, VCAkOp o, const char *public_key,
                          const char *private_key, bool sign)
{
    o.key_type = VC_PUBLIC;
    o.key = public_key;
    o.op = VC_OP_VERIFY;
    g_array_append_val(list, o);
    if (!private_key) {
        return;
    }
    o.key_type = VC_PRIVATE;
    o.key = private_key;
    g_array_append_val(list, o);
    if (sign) {
        const char *signature = o.src;

        o.op = VC_OP_SIGN;
        o.src = o.out;
        o.out = signature;
        g_array_append_val(list, o);
    }
}

static void add_rsa_fixture(GArray *list, const RsaFixture *rsa)
{
    const char *padded = padded_digest(rsa->bits);
    const VCAkOp ops[] = {
        { CRYPTODEV_ALGO_RSA, VC_OP_DECRYPT, VC_PRIVATE, VC_RSA_PKCS1,
          VC_RSA_NO_HASH, rsa->private_key, rsa->ciphertext, MESSAGE },
        { CRYPTODEV_ALGO_RSA, VC_OP_ENCRYPT, VC_PUBLIC, VC_RSA_RAW,
          VC_RSA_NO_HASH, rsa->public_key, rsa->signature, padded },
        { CRYPTODEV_ALGO_RSA, VC_OP_ENCRYPT, VC_PRIVATE, VC_RSA_RAW,
          VC_RSA_NO_HASH, rsa->private_key, rsa->signature, padded },
        { CRYPTODEV_ALGO_RSA, VC_OP_DECRYPT, VC_PRIVATE, VC_RSA_RAW,
          VC_RSA_NO_HASH, rsa->private_key, padded, rsa->signature },
    };

    g_array_append_vals(list, ops, ARRAY_SIZE(ops));
    add_signature(list, (VCAkOp) {
        .algo = CRYPTODEV_ALGO_RSA, .padding = VC_RSA_PKCS1,
        .rsa_hash = VC_RSA_SHA256,
        .src = rsa->signature, .out = sha256_digest(),
    }, rsa->public_key, rsa->private_key, true);
}

static void add_rsa_hashes(GArray *list)
{
    for (int i = 0; i < ARRAY_SIZE(rsa_signatures); i++) {
        add_signature(list, (VCAkOp) {
            .algo = CRYPTODEV_ALGO_RSA, .padding = VC_RSA_PKCS1,
            .rsa_hash = rsa_hashes[rsa_signatures[i].hash],
            .src = rsa_signatures[i].signature,
            .out = rsa_signatures[i].digest,
        }, rsa_fixtures[0].public_key, rsa_fixtures[0].private_key, true);
    }
}

static void add_ec_fixtures(GArray *list)
{
    for (int i = 0; i < ARRAY_SIZE(ec_fixtures); i++) {
        add_signature(list, (VCAkOp) {
            .algo = CRYPTODEV_ALGO_ECDSA, .padding = ec_fixtures[i].curve,
            .src = ec_fixtures[i].signature, .out = sha256_digest(),
        }, ec_fixtures[i].public_key, ec_fixtures[i].private_key, false);
    }
}

static void add_vectors(GArray *list)
{
    for (int i = 0; i < ARRAY_SIZE(cryptodev_akcipher_vectors); i++) {
        const CryptoDevAkcipherVector *v = &cryptodev_akcipher_vectors[i];
        bool rsa = v->algo == CRYPTODEV_ALGO_RSA;

        add_signature(list, (VCAkOp) {
            .algo = v->algo, .padding = rsa ? VC_RSA_PKCS1 : v->curve,
            .rsa_hash = rsa_hashes[v->hash],
            .src = v->signature, .out = v->data,
        }, v->public_key, v->private_key, v->is_deterministic);
    }
}

static GArray *known_list(void)
{
    static GArray *list;

    if (!list) {
        list = g_array_new(false, false, sizeof(VCAkOp));
        for (int i = 0; i < ARRAY_SIZE(rsa_fixtures); i++) {
            add_rsa_fixture(list, &rsa_fixtures[i]);
        }
        add_rsa_hashes(list);
        add_ec_fixtures(list);
        add_vectors(list);
    }
    return list;
}

const VCAkOp *vc_ak_known(int i)
{
    GArray *list = known_list();

    return i < list->len ? &g_array_index(list, VCAkOp, i) : NULL;
}

const VCAkOp *vc_ak_find(CryptoDevAlgo algo, uint32_t op, uint32_t key_type,
                         uint32_t padding)
{
    const VCAkOp *o;

    for (int i = 0; (o = vc_ak_known(i)); i++) {
        if (o->algo == algo && o->op == op && o->key_type == key_type &&
            o->padding == padding) {
            return o;
        }
    }
    g_assert_not_reached();
}

/* Calls */

bool vc_require_akcipher(VCClient *vc)
{
    bool has = vc_offers_service(vc, VC_SERVICE_AKCIPHER);

    if (!has) {
        g_test_skip("this QEMU has no public-key algorithms");
    }
    return has;
}

VCCall *vc_call_ak(VCClient *vc, VCFormat format, const VCAkOp *o,
                   uint32_t room)
{
    VCCall *c = vc_call_new(vc, format, VC_SERVICE_AKCIPHER, o->op);
    VCSession *s = &c->session;
    VCRequest *r = &c->request;

    s->algo = vc_algos[o->algo].number;
    s->key = vc_call_own(c, vc_hex(o->key, &s->key_len));
    s->key_type = o->key_type;
    s->padding = o->padding;
    s->rsa_hash = o->rsa_hash;
    r->src = vc_call_own(c, vc_hex(o->src, &r->src_len));
    if (o->op == VC_OP_VERIFY) {
        r->digest = vc_call_own(c, vc_hex(o->out, &r->digest_len));
        return c;
    }
    r->dst_len = room;
    if (o->out) {
        r->out = vc_call_own(c, vc_hex(o->out, &r->out_len));
    } else {
        r->result = vc_call_own(c, g_malloc0(room + 1));
        r->out_len_result = vc_call_own(c, g_new0(uint32_t, 1));
    }
    return c;
}

VCCall *vc_call_rsa(VCClient *vc, VCFormat format, int i)
{
    uint32_t len = vc_rsa_bits(i) / 8;
    g_autofree uint8_t *number = vc_bytes(i, len);
    g_autofree char *src = NULL;
    VCAkOp op = {
        CRYPTODEV_ALGO_RSA, VC_OP_DECRYPT, VC_PRIVATE, VC_RSA_RAW,
        VC_RSA_NO_HASH, vc_rsa_key(i, VC_PRIVATE),
    };

    number[0] = 0;                      /* less than the modulus */
    op.src = src = vc_to_hex(number, len);
    return vc_call_ak(vc, format, &op, len);
}

char *vc_rsa_modulus(int i)
{
    const char *key = vc_rsa_key(i, VC_PUBLIC);
    size_t digits = vc_rsa_bits(i) / 4;

    return g_strndup(key + strlen(key) - strlen("0203010001") - digits,
                     digits);
}

void vc_check_ak_alive(VCClient *vc, VCFormat format)
{
    g_autoptr(VCCall) c = vc_call_ak(vc, format, vc_ak_known(0),
                                     vc_rsa_bits(0) / 8);

    vc_call_once(c, VC_OK);
}

char *vc_ak_result(VCClient *vc, VCFormat format, const VCAkOp *o,
                   uint32_t room)
{
    g_autoptr(VCCall) c = vc_call_ak(vc, format, o, room);

    vc_call_once(c, VC_OK);
    return vc_to_hex(c->request.result, *c->request.out_len_result);
}

void vc_ak_expect(VCClient *vc, VCFormat format, const VCAkOp *o,
                  uint32_t room, VCStatus expect)
{
    g_autoptr(VCCall) c = vc_call_ak(vc, format, o, room);

    vc_call_once(c, expect);
    vc_check_ak_alive(vc, format);
}

/* Registration */

static void run_ak_test(const VCTest *t, VCClient *vc)
{
    const VCAkTest *test = t->arg;

    if (vc_require_akcipher(vc)) {
        test->run(t->format, vc);
    }
}

/* With REVISION_1 all of them; in the other formats the first will do. */
static void run_ak_tests(const VCTest *t, VCClient *vc)
{
    const VCAkTest *test = t->arg;

    do {
        test->run(t->format, vc);
        test++;
    } while (t->format == VC_REV1 && test->name);
}

void vc_add_ak_tests(const char *prefix, const VCAkTest *tests)
{
    static const VCFormat formats[] = { VC_STD, VC_REV1, VC_STATELESS };
    g_autofree char *nettle = g_strconcat(prefix, "/nettle", NULL);

    for (int i = 0; i < ARRAY_SIZE(formats); i++) {
        for (const VCAkTest *test = tests; test->name; test++) {
            g_autofree char *name = g_strconcat(prefix, "/", test->name, NULL);

            vc_add_test_format(formats[i], name, &(VCTest) {
                .run = run_ak_test, .arg = test,
            });
        }
        vc_add_test_format(formats[i], nettle, &(VCTest) {
            .run = run_ak_tests, .provider = "nettle",
            .arg = tests,
        });
    }
}
