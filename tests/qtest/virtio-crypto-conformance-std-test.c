/*
 * QTest testcases for virtio-crypto: the requirements that the virtio
 * standard alone has, one by one
 *
 * Each is tested in all forms that it applies to: sessions, sessions with
 * VIRTIO_CRYPTO_F_REVISION_1, and stateless requests.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-akcipher.h"
#include "libqos/virtio-crypto-registry.h"

#define CONFIG_SERVICES             8
#define CONFIG_MAX_CIPHER_KEY_LEN   36
#define CONFIG_MAX_AUTH_KEY_LEN     40
#define CONFIG_MAX_SIZE             48

/* The format of requests with sessions that a driver of @f can make */
static VCFormat with_sessions(VCFormat f)
{
    return f == VC_STATELESS ? VC_REV1 : f;
}

/* Call @check with a sample of each service. */
static void each_service(VCFormat f, VCClient *vc, void (*check)(VCCall *c))
{
    for (VCService service = 0; service < VC_SERVICES; service++) {
        g_autoptr(VCCall) c = vc_call_sample(vc, f, service);

        if (c) {
            check(c);
        }
    }
}

/* Configuration */

static void dn_06(VCFormat f, VCClient *vc)
{
    static const struct {
        uint32_t offset, defined;
    } masks[] = {
        { CONFIG_SERVICES, 0x1f },
        { 12, 0x7ffe },                             /* CIPHER */
        { 16, 0 },
        { 20, 0x1ffe },                             /* HASH */
        { 24, 0x1e00007e },                         /* MAC: 1 to 6, 25 to 28 */
        { 28, 1u << (41 - 32) | 1u << (42 - 32) | 1u << (49 - 32) |
              1u << (50 - 32) | 1u << (53 - 32) | 1u << (54 - 32) },
        { 32, 0xe },                                /* AEAD */
    };
    /* number 2 of AKCIPHER means DSA to drivers without REVISION_1 */
    uint32_t akcipher = f == VC_STD ? 0x2 : 0x6;

    for (int i = 0; i < ARRAY_SIZE(masks); i++) {
        g_assert_cmphex(qvirtio_config_readl(vc->vdev, masks[i].offset) &
                        ~masks[i].defined, ==, 0);
    }
    g_assert_cmphex(qvirtio_config_readl(vc->vdev, 44) & ~akcipher, ==, 0);
}

/* All parts of variable length count. */
static void dn_07(VCFormat f, VCClient *vc)
{
    uint64_t max = qvirtio_config_readq(vc->vdev, CONFIG_MAX_SIZE);
    g_autoptr(VCCall) hash = vc_call_random(vc, f, CRYPTODEV_ALGO_MD5,
                                            max - 16, 0, VC_OP_ENCRYPT);
    uint32_t extra = 16 + (f == VC_STATELESS ? 16 : 0);
    g_autoptr(VCCall) cipher = vc_call_random(vc, f, CRYPTODEV_ALGO_AES_CTR,
                                              (max - extra) / 2, 0,
                                              VC_OP_ENCRYPT);
    g_autofree uint8_t *longer = vc_bytes(0, max - 15);

    g_assert_cmpuint(max, >=, 64 * KiB);
    vc_call_open(hash);
    vc_call_send(hash, VC_OK);
    hash->request.src_len--;
    vc_call_send(hash, VC_OK);
    hash->request.src = longer;
    hash->request.src_len += 2;
    vc_call_send(hash, VC_ERR);
    hash->request.src_len--;
    vc_call_send(hash, VC_OK);

    vc_call_open(cipher);
    vc_call_send(cipher, VC_OK);
    cipher->request.dst_len = cipher->request.src_len + 1;
    vc_call_send(cipher, VC_ERR);
    cipher->request.dst_len = 0;
    vc_call_send(cipher, VC_OK);
}

/* The longest key, and one that is a byte longer */
static void check_max_key(VCFormat f, VCClient *vc, CryptoDevAlgo algo,
                          uint32_t max)
{
    g_autofree uint8_t *key = vc_bytes(0, max + 1);

    g_assert_cmpuint(max, >=, 64);
    for (uint32_t over = 0; over <= 1; over++) {
        g_autoptr(VCCall) c = vc_call_random(vc, f, algo, 100, 0,
                                             VC_OP_ENCRYPT);

        c->session.key = key;
        c->session.key_len = max + over;
        if (over) {
            vc_call_refused(c, VC_ERR);
        } else {
            vc_call_once(c, VC_OK);
        }
    }
    vc_check_alive(vc, f);
}

static void dn_08(VCFormat f, VCClient *vc)
{
    check_max_key(f, vc, CRYPTODEV_ALGO_ARC4,
                  qvirtio_config_readl(vc->vdev, CONFIG_MAX_CIPHER_KEY_LEN));
}

static void dn_09(VCFormat f, VCClient *vc)
{
    check_max_key(f, vc, CRYPTODEV_ALGO_HMAC_SHA1,
                  qvirtio_config_readl(vc->vdev, CONFIG_MAX_AUTH_KEY_LEN));
}

/* Control requests */

/* A header of rubbish, of which only the opcode makes sense, if any. */
static void send_rubbish(VCClient *vc, unsigned queue, uint32_t opcode,
                         uint32_t len, uint32_t room, uint32_t status_offset,
                         VCStatus expect)
{
    VCMessage *m = vc_message_expecting(vc, expect);
    uint64_t header = vc_put(m, "header", NULL, len);
    uint64_t in = vc_put(m, "in", NULL, room);

    vc_set(m, header, 4, opcode);
    vc_desc(m, header, len, false);
    vc_desc(m, in, room, true);
    m->expect->status_addr = in + status_offset;
    m->expect->status_size = 1;
    m->expect->used_failed = 1;
    if (queue == vc->n_queues && room == 16) {
        m->expect->status_size = 4;
        m->expect->used_failed = 16;
        m->expect->id_addr = in;
        m->expect->pad_addr = in + 12;
        m->expect->pad_len = 4;
    } else if (queue < vc->n_queues && len >= 72) {
        /* no session, but its mode, and a known op_type */
        vc_set(m, header + 8, 8, UINT64_MAX);
        vc_set(m, header + 16, 4, 1);
        vc_set(m, header + 64, 4, VC_SYM_CIPHER);
    }
    vc_send(m, queue, false);
    vc_finish(m);
}

/* Whatever is asked for, there is an answer. */
static void dn_10(VCFormat f, VCClient *vc)
{
    for (uint32_t service = 0; service <= 6; service++) {
        for (uint32_t op = 0; op <= 6; op++) {
            uint32_t opcode = service << 8 | op;
            uint32_t create = service == 4 ? 4 : 2;
            bool data = service == 4 ? op < 4 : op < (service % 3 ? 1 : 2);
            bool known = service <= 3 || vc_offers_service(vc, service);

            known = service <= 4 && known;
            if (op != create + 1) {
                send_rubbish(vc, vc->n_queues, opcode, 200, 16, 8,
                             VC_NOTSUPP);
            }
            if (op == create + 1 && service <= 4) {
                send_rubbish(vc, vc->n_queues, opcode, 200, 5, 0, VC_ERR);
            }
            send_rubbish(vc, 0, opcode, 200, 5, 4,
                         data && known ? VC_INVSESS : VC_NOTSUPP);
            send_rubbish(vc, 0, opcode, 23, 5, 4, VC_ERR);
        }
    }
    send_rubbish(vc, vc->n_queues, UINT32_MAX, 16, 3, 0, VC_NOTSUPP);
    send_rubbish(vc, vc->n_queues, 0, 15, 16, 8, VC_ERR);
    vc_check_alive(vc, f);
}

static void check_not_ready(VCCall *c)
{
    VCClient *vc = c->session.vc;

    vc_call_open(c);
    vc_set_ready(vc, false);
    vc_call_send(c, VC_ERR);
    vc_call_refused(c, VC_ERR);
    vc_set_ready(vc, true);
    vc_call_send(c, VC_OK);
    vc_call_close(c);
}

static void dn_10_not_ready(VCFormat f, VCClient *vc)
{
    each_service(f, vc, check_not_ready);
}

/* The header of a creation may not be a byte shorter than its structure. */
static void check_create(VCCall *c)
{
    VCService service = c->session.opcode >> 8;
    VCSession s = c->session;
    uint32_t key_len = s.key_len + s.auth_key_len;
    uint32_t len = vc_create_layouts[s.format][service].size + key_len;

    vc_call_once(c, VC_OK);
    s.expect = VC_ERR;
    for (uint32_t cut = 1; cut < len; cut += cut > key_len ? 1 : key_len / 4) {
        s.shape.readable_cut = cut;
        vc_create_session(&s);
    }
    vc_call_once(c, VC_OK);
}

static void dn_11(VCFormat f, VCClient *vc)
{
    each_service(with_sessions(f), vc, check_create);
}

/* Header and key in one descriptor, and cut in two at each byte */
static void check_create_splits(VCCall *c)
{
    VCService service = c->session.order ? VC_SERVICE_CHAIN :
                                           c->session.opcode >> 8;
    uint32_t header = vc_create_layouts[c->session.format][service].size;
    uint32_t len = header + c->session.key_len + c->session.auth_key_len;
    const uint32_t one[] = { VC_END };

    c->session.shape.readable = one;
    vc_call_once(c, VC_OK);
    for (uint32_t at = 1; at < len; at += at < header + 40 ? 1 : 97) {
        const uint32_t two[] = { at, VC_END };

        c->session.shape.readable = two;
        c->session.shape.writable = VC_SPLIT(at % 15 + 1);
        c->session.shape.indirect = at & 1;
        vc_call_once(c, VC_OK);
    }
    c->session.shape = (VCShape) {
        .desc_max = len > 400 ? 3 : 1, .indirect = true,
    };
    vc_call_once(c, VC_OK);
}

static void dn_12(VCFormat f, VCClient *vc)
{
    each_service(with_sessions(f), vc, check_create_splits);
}

static void dn_13(VCFormat f, VCClient *vc)
{
    VCSession s = {
        .vc = vc, .format = with_sessions(f), VC_SAMPLE_SESSION,
    };
    uint64_t session;

    s.key_len = 15;
    s.expect = VC_ERR;
    vc_create_session(&s);
    s.key_len = 16;
    s.algo = 15;
    s.expect = VC_NOTSUPP;
    vc_create_session(&s);
    s.algo = VC_AES_CBC;
    s.expect = VC_OK;
    vc_create_session(&s);
    session = vc_create_session(&s);
    s.expect = f == VC_STD ? VC_ERR : VC_NOSPC;
    vc_create_session(&s);
    vc_destroy_session(&(VCDestroy) {
        .vc = vc, .format = s.format, .session = session,
    });
    s.expect = VC_OK;
    s.slack = 9;
    vc_create_session(&s);
}

#define MANY    40

static uint64_t all_ids[MANY * VC_SERVICES];
static int num_ids;

static void collect_ids(VCCall *c)
{
    for (int i = 0; i < MANY; i++) {
        vc_call_open(c);
        if (i & 1) {
            vc_call_close(c);
        }
        for (int j = 0; j < num_ids; j++) {
            g_assert_cmphex(c->request.session, !=, all_ids[j]);
        }
        all_ids[num_ids++] = c->request.session;
    }
}

/* Ids are those of no other session, not even of one that was destroyed. */
static void dn_14(VCFormat f, VCClient *vc)
{
    VCSession s = {
        .vc = vc, .format = with_sessions(f), VC_SAMPLE_SESSION,
        .expect = VC_ERR,
    };

    num_ids = 0;
    each_service(s.format, vc, collect_ids);
    /* the id of a session that was refused reads 0 */
    s.key_len = 15;
    vc_create_session(&s);
}

/* One byte, whatever the room */
static void dn_15(VCFormat f, VCClient *vc)
{
    VCDestroy d = {
        .vc = vc, .format = with_sessions(f), .slack = 15,
    };

    d.session = vc_sample_session(vc, d.format);
    vc_destroy_session(&d);
    d.expect = VC_ERR;
    vc_destroy_session(&d);
    d.session = vc_sample_session(vc, d.format);
    for (d.opcode = VC_HASH_DESTROY; d.opcode <= VC_AEAD_DESTROY;
         d.opcode += 0x100) {
        vc_destroy_session(&d);
    }
    d.opcode = VC_AKCIPHER_DESTROY;
    vc_destroy_session(&d);
    vc_sample_request(vc, d.format, d.session, VC_OK);
    d.opcode = VC_CIPHER_DESTROY;
    d.slack = 0;
    d.expect = VC_OK;
    vc_destroy_session(&d);
    vc_sample_request(vc, d.format, d.session, VC_INVSESS);
}

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

static void dn_16(VCFormat f, VCClient *vc)
{
    each_service(f, vc, check_flags_ignored);
}

/* The feature bit of one service is not accepted. */
static void dn_17(VCFormat f, VCClient *vc)
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

/* Both modes in turn; bits of the flag that have no name mean nothing. */
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
        g_test_skip("the service is not offered");
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

static void dn_19(VCFormat f, VCClient *vc)
{
    check_modes(f, vc, VC_SERVICE_HASH);
}

static void dn_22(VCFormat f, VCClient *vc)
{
    check_modes(f, vc, VC_SERVICE_MAC);
}

static void dn_25(VCFormat f, VCClient *vc)
{
    check_modes(f, vc, VC_SERVICE_CIPHER);
    check_modes(f, vc, VC_SERVICE_CHAIN);
}

static void dn_33(VCFormat f, VCClient *vc)
{
    check_modes(f, vc, VC_SERVICE_AEAD);
}

static void dn_38(VCFormat f, VCClient *vc)
{
    check_modes(f, vc, VC_SERVICE_AKCIPHER);
}

/* Symmetric requests */

/* Structures are chosen by opcode: hash, MAC and all others in turn */
static void dn_18(VCFormat f, VCClient *vc)
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

/* Without additional data, and with, which is not what follows the source */
static void dn_30(VCFormat f, VCClient *vc)
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

/* The tag follows the text at once, in a buffer with more room as well. */
static void dn_35(VCFormat f, VCClient *vc)
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

static void skip_akcipher(VCFormat f, VCClient *vc,
                          void (*run)(VCFormat f, VCClient *vc))
{
    if (vc_offers_service(vc, VC_SERVICE_AKCIPHER)) {
        run(f, vc);
    } else {
        g_test_skip("the service is not offered");
    }
}

/* The used length tells that of the result. */
static void akcipher_results(VCFormat f, VCClient *vc)
{
    const VCAkOp *o;

    for (int i = 0; (o = vc_ak_known(i)); i++) {
        g_autoptr(VCCall) c = vc_call_ak(vc, f, o, 513);

        if (vc_offers(vc, o->algo)) {
            vc_call_open(c);
            vc_call_send(c, VC_OK);
            c->request.slack = 7;
            vc_call_send(c, VC_OK);
            vc_call_close(c);
        }
    }
}

static void dn_39(VCFormat f, VCClient *vc)
{
    skip_akcipher(f, vc, akcipher_results);
}

static void akcipher_statuses(VCFormat f, VCClient *vc)
{
    const VCAkOp *o = vc_ak_find(CRYPTODEV_ALGO_RSA, VC_OP_VERIFY, VC_PUBLIC,
                                 VC_RSA_PKCS1);
    g_autoptr(VCCall) c = vc_call_ak(vc, f, o, 0);
    g_autoptr(VCCall) unknown = vc_call_ak(vc, f, o, 0);
    g_autoptr(VCCall) lost = vc_call_ak(vc, with_sessions(f), o, 0);
    const VCPoke poke[] = {
        { .size = 1, .part = "digest", .value = c->request.digest[0] ^ 1 },
        { },
    };

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
    lost->request.session = vc_sample_session(vc, with_sessions(f));
    vc_call_send(lost, VC_INVSESS);
}

static void dn_40(VCFormat f, VCClient *vc)
{
    skip_akcipher(f, vc, akcipher_statuses);
}

/* Without padding: no signatures, and zeroes before a short text */
static void akcipher_raw(VCFormat f, VCClient *vc)
{
    VCAkOp o = *vc_ak_find(CRYPTODEV_ALGO_RSA, VC_OP_DECRYPT, VC_PRIVATE,
                           VC_RSA_RAW);
    uint32_t len = vc_rsa_bits(0) / 8;
    g_autofree char *zeroes_first = g_strdup_printf("%0*d", 2 * len, 51454);
    g_autofree char *cipher = NULL;
    g_autoptr(VCCall) c = NULL;

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

static void dn_41(VCFormat f, VCClient *vc)
{
    skip_akcipher(f, vc, akcipher_raw);
}

/* IPsec is not offered: what it would have to do need not be done. */
static void dn_42(VCFormat f, VCClient *vc)
{
    g_assert_cmphex(qvirtio_config_readl(vc->vdev, CONFIG_SERVICES) & 0x20,
                    ==, 0);
    for (uint32_t op = 0; op <= 0xff; op += op < 8 ? 1 : 0x77) {
        send_rubbish(vc, vc->n_queues, 0x500 | op, 72, 16, 8, VC_NOTSUPP);
        send_rubbish(vc, 0, 0x500 | op, 72, 5, 4, VC_NOTSUPP);
    }
    vc_check_alive(vc, f);
}

#define DN(_name, _run, ...)                                            \
    { "DN-" _name, VC_FOR_STANDARD, _run, { __VA_ARGS__ } }
#define DN_IN(_formats, _name, _run) { "DN-" _name, _formats, _run }

/* Those that the draft has, too: virtio-crypto-conformance-test.c */
static void register_virtio_crypto_conformance_std_test(void)
{
    static const VCRequirement requirements[] = {
        DN("06", dn_06), DN("07", dn_07), DN("08", dn_08), DN("09", dn_09),
        DN("10", dn_10), DN("10-not-ready", dn_10_not_ready),
        DN("11", dn_11), DN("12", dn_12),
        DN("13", dn_13, .device = "max-sessions=2"),
        DN("14", dn_14), DN("15", dn_15),
        DN_IN(VC_FOR_STD, "16", dn_16), DN_IN(VC_FOR_REV1, "17", dn_17),
        DN("18", dn_18), DN_IN(VC_FOR_STATELESS, "19", dn_19),
        DN_IN(VC_FOR_STATELESS, "22", dn_22),
        DN_IN(VC_FOR_STATELESS, "25", dn_25), DN("30", dn_30),
        DN_IN(VC_FOR_STATELESS, "33", dn_33), DN("35", dn_35),
        DN_IN(VC_FOR_STATELESS, "38", dn_38), DN("39", dn_39),
        DN("40", dn_40), DN("41", dn_41), DN("42", dn_42),
    };

    for (int i = 0; i < ARRAY_SIZE(requirements); i++) {
        vc_add_requirement(&requirements[i]);
    }
}

libqos_init(register_virtio_crypto_conformance_std_test);
