/*
 * QTest testcases for virtio-crypto: the requirements of the virtio standard
 * on data requests
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-akcipher.h"
#include "libqos/virtio-crypto-registry.h"

/* Modes */

static void check_flags_ignored(VCCall *c)
{
    static const uint32_t flags[] = { 0, 1, UINT32_MAX };

    for (int i = 0; i < ARRAY_SIZE(flags); i++) {
        const VCPoke create[] = {
            { .size = 4, .offset = 8, .value = flags[i] }, { },
        };
        const VCPoke data[] = {
            { .size = 4, .offset = 16, .value = flags[i] }, { },
        };

        c->session.shape.poke = create;
        c->request.shape.poke = data;
        vc_call_once(c, VC_OK);
    }
}

static void flag_ignored(VCFormat f, VCClient *vc)
{
    vc_each_service(vc, f, check_flags_ignored);
}

/* The driver accepts all feature bits but that of one service. */
static void not_negotiated(VCFormat f, VCClient *vc)
{
    for (VCService left_out = 0; left_out <= VC_SERVICE_AKCIPHER; left_out++) {
        vc->features = VC_F_REVISION_1 |
                       (VC_F_STATELESS_ALL & ~VC_F_STATELESS(left_out));
        vc_restart(vc);
        for (VCService service = 0; service < VC_SERVICES; service++) {
            g_autoptr(VCCall) c = vc_call_sample(vc, VC_STATELESS, service);
            g_autoptr(VCCall) session = vc_call_sample(vc, VC_REV1, service);

            if (c) {
                vc_call_once(c, c->session.opcode >> 8 == left_out ?
                                VC_NOTSUPP : VC_OK);
                vc_call_once(session, VC_OK);
            }
        }
    }
}

/* Use both modes in turn; other bits of the flag mean nothing. */
static void check_modes(VCFormat f, VCClient *vc, VCService service)
{
    static const VCPoke stateless[] = {
        { .size = 4, .offset = 16, .value = 0xfffffffe }, { },
    };
    static const VCPoke session[] = {
        { .size = 4, .offset = 16, .value = 0x80000001 }, { },
    };
    g_autoptr(VCCall) a = vc_call_sample(vc, VC_STATELESS, service);
    g_autoptr(VCCall) b = vc_call_sample(vc, VC_REV1, service);

    if (!a) {
        return;
    }
    vc_call_open(a);
    vc_call_open(b);
    for (int i = 0; i < 4; i++) {
        a->request.shape.poke = i & 1 ? stateless : NULL;
        b->request.shape.poke = i & 1 ? session : NULL;
        vc_call_send(a, VC_OK);
        vc_call_send(b, VC_OK);
    }
    vc_call_close(b);
    vc_call_send(b, VC_INVSESS);
    vc_call_send(a, VC_OK);
}

static void hash_modes(VCFormat f, VCClient *vc)
{
    check_modes(f, vc, VC_SERVICE_HASH);
}

static void mac_modes(VCFormat f, VCClient *vc)
{
    check_modes(f, vc, VC_SERVICE_MAC);
}

static void sym_modes(VCFormat f, VCClient *vc)
{
    check_modes(f, vc, VC_SERVICE_CIPHER);
    check_modes(f, vc, VC_SERVICE_CHAIN);
}

static void aead_modes(VCFormat f, VCClient *vc)
{
    check_modes(f, vc, VC_SERVICE_AEAD);
}

static void akcipher_modes(VCFormat f, VCClient *vc)
{
    check_modes(f, vc, VC_SERVICE_AKCIPHER);
}

/* Symmetric requests */

/* Send requests of all services in every order. */
static void opcodes(VCFormat f, VCClient *vc)
{
    VCCall *calls[VC_SERVICES];

    for (VCService service = 0; service < VC_SERVICES; service++) {
        calls[service] = vc_call_sample(vc, f, service);
        if (calls[service]) {
            vc_call_open(calls[service]);
        }
    }
    for (int i = 0; i < VC_SERVICES * VC_SERVICES; i++) {
        VCCall *pair[] = { calls[i / VC_SERVICES], calls[i % VC_SERVICES] };

        for (int j = 0; j < ARRAY_SIZE(pair); j++) {
            if (pair[j]) {
                vc_call_send(pair[j], VC_OK);
            }
        }
    }
    for (VCService service = 0; service < VC_SERVICES; service++) {
        if (calls[service]) {
            vc_call_free(calls[service]);
        }
    }
}

/* Additional data are not taken from the source if their length is 0. */
static void chain_aad(VCFormat f, VCClient *vc)
{
    for (int i = 0; i < 4; i++) {
        g_autoptr(VCCall) c = vc_call_chain(vc, f, (i & 1) + 1, (i >> 1) + 1,
                                            false);
        g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
        VCRequest *r = &c->request;

        vc_call_open(c);
        vc_call_send(c, VC_OK);
        vc_call_close(c);
        g_checksum_update(sum, (i & 1) + 1 == VC_HASH_THEN_CIPHER ? r->src :
                                                                    r->out,
                          r->src_len);
        r->aad_len = 0;
        r->digest = vc_call_own(c, vc_hex(g_checksum_get_string(sum),
                                          &r->digest_len));
        vc_call_once(c, VC_OK);
    }
}

/* The tag follows the text at once, even if the buffer has more room. */
static void tag_place(VCFormat f, VCClient *vc)
{
    static const uint32_t cuts[] = { 1, 17, 33 };

    for (int i = 0; i < vc_known_answers(CRYPTODEV_ALGO_AES_GCM); i++) {
        g_autoptr(VCCall) c = vc_call_known(vc, f, CRYPTODEV_ALGO_AES_GCM, i,
                                            VC_OP_ENCRYPT);

        vc_call_open(c);
        for (int j = 0; j < ARRAY_SIZE(cuts); j++) {
            c->request.dst_len = c->request.src_len + cuts[j];
            c->request.dst_split = VC_SPLIT(c->request.src_len);
            c->request.slack = j;
            vc_call_send(c, VC_OK);
        }
        vc_call_close(c);
    }
}

/* AKCIPHER */

/* The used length tells how long the result is. */
static void akcipher_results(VCFormat f, VCClient *vc)
{
    const VCAkOp *o;

    if (!vc_require_akcipher(vc)) {
        return;
    }
    for (int i = 0; (o = vc_ak_known(i)); i++) {
        g_autoptr(VCCall) c = vc_call_ak(vc, f, o, 1025);

        if (vc_offers(vc, o->algo)) {
            vc_call_open(c);
            vc_call_send(c, VC_OK);
            c->request.slack = 7;
            vc_call_send(c, VC_OK);
            vc_call_close(c);
        }
    }
}

static void akcipher_statuses(VCFormat f, VCClient *vc)
{
    const VCAkOp *o = vc_ak_find(CRYPTODEV_ALGO_RSA, VC_OP_VERIFY, VC_PUBLIC,
                                 VC_RSA_PKCS1);
    g_autoptr(VCCall) c = vc_call_ak(vc, f, o, 0);
    g_autoptr(VCCall) unknown = vc_call_ak(vc, f, o, 0);
    g_autoptr(VCCall) lost = vc_call_ak(vc, vc_session_format(f), o, 0);
    const VCPoke poke[] = {
        { .size = 1, .part = "digest", .value = c->request.digest[0] ^ 1 },
        { },
    };

    if (!vc_require_akcipher(vc)) {
        return;
    }
    vc_call_open(c);
    vc_call_send(c, VC_OK);
    c->request.shape.poke = poke;
    vc_call_send(c, VC_KEY_REJECTED);
    c->request.shape.poke = NULL;
    c->request.digest_len--;
    vc_call_send(c, VC_ERR);
    unknown->session.algo = 3;
    vc_call_refused(unknown, VC_NOTSUPP);
    vc_call_open(lost);
    vc_call_close(lost);
    vc_call_send(lost, VC_INVSESS);
    lost->request.session = vc_sample_session(vc, vc_session_format(f));
    vc_call_send(lost, VC_INVSESS);
}

/* Without padding there are no signatures, and zeroes precede a short text. */
static void akcipher_raw(VCFormat f, VCClient *vc)
{
    VCAkOp o = *vc_ak_find(CRYPTODEV_ALGO_RSA, VC_OP_DECRYPT, VC_PRIVATE,
                           VC_RSA_RAW);
    uint32_t len = vc_rsa_bits(0) / 8;
    g_autofree char *zeroes_first = g_strdup_printf("%0*d", 2 * len, 51454);
    g_autofree char *cipher = NULL;
    g_autoptr(VCCall) c = NULL;

    if (!vc_require_akcipher(vc)) {
        return;
    }
    for (o.op = VC_OP_SIGN; o.op <= VC_OP_VERIFY; o.op++) {
        g_autoptr(VCCall) refused = vc_call_ak(vc, f, &o, len);

        refused->request.out = NULL;
        vc_call_once(refused, VC_NOTSUPP);
    }
    o.op = VC_OP_ENCRYPT;
    o.src = "051454";
    o.out = NULL;
    c = vc_call_ak(vc, f, &o, len);
    vc_call_once(c, VC_OK);
    g_assert_cmpuint(*c->request.out_len_result, ==, len);
    cipher = vc_to_hex(c->request.result, len);
    vc_call_free(c);
    o.op = VC_OP_DECRYPT;
    o.src = cipher;
    o.out = zeroes_first;
    c = vc_call_ak(vc, f, &o, len);
    vc_call_once(c, VC_OK);
}

/* virtio-crypto-conformance-test.c has those that the draft shares. */
static const VCRequirement requirements[] = {
    { "DN-16", "without REVISION_1 the flag of a request is ignored",
      VC_VIRTIO("5.9.7.3"), VC_FOR_STD, flag_ignored },
    { "DN-17", "with REVISION_1 a request without the session flag is refused, "
      "unless the stateless mode of its service was accepted",
      VC_VIRTIO("5.9.7.3"), VC_FOR_REV1, not_negotiated },
    { "DN-18", "the opcode chooses the structure of a HASH request",
      VC_VIRTIO("5.9.7.4.2"), VC_FOR_STANDARD, opcodes },
    { "DN-19", "the flag of a HASH request tells its mode, if the stateless "
      "mode was accepted",
      VC_VIRTIO("5.9.7.4.2"), VC_FOR_STATELESS, hash_modes },
    { "DN-22", "the flag of a MAC request tells its mode, if the stateless "
      "mode was accepted",
      VC_VIRTIO("5.9.7.5.2"), VC_FOR_STATELESS, mac_modes },
    { "DN-25", "the flag of a symmetric request tells its mode, if the "
      "stateless mode was accepted",
      VC_VIRTIO("5.9.7.6.2"), VC_FOR_STATELESS, sym_modes },
    { "DN-30", "additional data of a chain are read only if their length is "
      "above 0",
      VC_VIRTIO("5.9.7.6.2"), VC_FOR_STANDARD, chain_aad },
    { "DN-33", "an AEAD request has the stateless structure if its flag says "
      "so, and the stateless mode was accepted",
      VC_VIRTIO("5.9.7.7.2"), VC_FOR_STATELESS, aead_modes },
    { "DN-35", "the tag of an AEAD request follows the result in dst_data",
      VC_VIRTIO("5.9.7.7.2"), VC_FOR_STANDARD, tag_place },
    { "DN-38", "an AKCIPHER request has the stateless structure if its flag "
      "says so, and the stateless mode was accepted",
      VC_VIRTIO("5.9.7.8.2"), VC_FOR_STATELESS, akcipher_modes },
    { "DN-39", "the result of an AKCIPHER request goes to dst_data",
      VC_VIRTIO("5.9.7.8.2"), VC_FOR_STANDARD, akcipher_results },
    { "DN-40", "an AKCIPHER request ends with OK, NOTSUPP, INVSESS, "
      "KEY_REJECTED or ERR, by cause",
      VC_VIRTIO("5.9.7.8.2"), VC_FOR_STANDARD, akcipher_statuses },
    { "DN-41", "RSA without padding makes no signatures; its input and result "
      "have leading zeros",
      VC_VIRTIO("5.9.7.2.1.5"), VC_FOR_STANDARD, akcipher_raw },
    { }
};

static void register_virtio_crypto_conformance_std_test(void)
{
    vc_add_requirements("conformance", requirements);
}

libqos_init(register_virtio_crypto_conformance_std_test);
