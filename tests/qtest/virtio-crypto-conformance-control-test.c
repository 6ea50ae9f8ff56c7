/*
 * QTest testcases for virtio-crypto: the requirements of the virtio standard
 * on the configuration and on control requests
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-calls.h"
#include "libqos/virtio-crypto-registry.h"

#define CONFIG_SERVICES             8
#define CONFIG_MAX_CIPHER_KEY_LEN   36
#define CONFIG_MAX_AUTH_KEY_LEN     40
#define CONFIG_MAX_SIZE             48

/* Configuration */

static void defined_algorithms(VCFormat f, VCClient *vc)
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
static void max_size(VCFormat f, VCClient *vc)
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

static void max_cipher_key_len(VCFormat f, VCClient *vc)
{
    check_max_key(f, vc, CRYPTODEV_ALGO_ARC4,
                  qvirtio_config_readl(vc->vdev, CONFIG_MAX_CIPHER_KEY_LEN));
}

static void max_auth_key_len(VCFormat f, VCClient *vc)
{
    check_max_key(f, vc, CRYPTODEV_ALGO_HMAC_SHA1,
                  qvirtio_config_readl(vc->vdev, CONFIG_MAX_AUTH_KEY_LEN));
}

/* Control requests */

/* Send a header of rubbish, in which at most the opcode makes sense. */
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

/* Every opcode, known or not, is answered. */
static void check_opcodes(VCFormat f, VCClient *vc)
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

static void every_status(VCFormat f, VCClient *vc)
{
    check_opcodes(f, vc);
    vc_each_service(vc, f, check_not_ready);
}

/* The header of a creation must not be a byte shorter than its structure. */
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

static void create_structures(VCFormat f, VCClient *vc)
{
    vc_each_service(vc, vc_session_format(f), check_create);
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

static void create_parameters(VCFormat f, VCClient *vc)
{
    vc_each_service(vc, vc_session_format(f), check_create_splits);
}

static void create_statuses(VCFormat f, VCClient *vc)
{
    VCSession s = {
        .vc = vc, .format = vc_session_format(f), VC_SAMPLE_SESSION,
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

/* No id is used again, not even that of a session that was destroyed. */
static void session_ids(VCFormat f, VCClient *vc)
{
    VCSession s = {
        .vc = vc, .format = vc_session_format(f), VC_SAMPLE_SESSION,
        .expect = VC_ERR,
    };

    num_ids = 0;
    vc_each_service(vc, s.format, collect_ids);
    /* the id of a session that was refused reads 0 */
    s.key_len = 15;
    vc_create_session(&s);
}

/* One byte, whatever the room */
static void destroy_statuses(VCFormat f, VCClient *vc)
{
    VCDestroy d = {
        .vc = vc, .format = vc_session_format(f), .slack = 15,
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

/* The device does not offer IPsec, so its requirements do not apply. */
static void no_ipsec(VCFormat f, VCClient *vc)
{
    g_assert_cmphex(qvirtio_config_readl(vc->vdev, CONFIG_SERVICES) & 0x20,
                    ==, 0);
    for (uint32_t op = 0; op <= 0xff; op += op < 8 ? 1 : 0x77) {
        send_rubbish(vc, vc->n_queues, 0x500 | op, 72, 16, 8, VC_NOTSUPP);
        send_rubbish(vc, 0, 0x500 | op, 72, 5, 4, VC_NOTSUPP);
    }
    vc_check_alive(vc, f);
}

static const VCRequirement requirements[] = {
    { "DN-06", "no algorithm is announced that the standard does not define",
      VC_VIRTIO("5.9.5.1"), VC_FOR_STANDARD, defined_algorithms },
    { "DN-07", "max_size is the largest sum of a request's parts of variable "
      "length that is served",
      VC_VIRTIO("5.9.5.1"), VC_FOR_STANDARD, max_size },
    { "DN-08", "max_cipher_key_len is the length of the longest cipher key",
      VC_VIRTIO("5.9.5.1"), VC_FOR_STANDARD, max_cipher_key_len },
    { "DN-09", "max_auth_key_len is the length of the longest MAC key",
      VC_VIRTIO("5.9.5.1"), VC_FOR_STANDARD, max_auth_key_len },
    { "DN-10", "each request ends with a status",
      VC_VIRTIO("5.9.7.1"), VC_FOR_STANDARD, every_status },
    { "DN-11", "the opcode chooses the structure of a creation",
      VC_VIRTIO("5.9.7.2.1.7"), VC_FOR_STANDARD, create_structures },
    { "DN-12", "the parameters of a creation are taken as its structure says, "
      "however they are put into buffers",
      VC_VIRTIO("5.9.7.2.1.7"), VC_FOR_STANDARD, create_parameters },
    { "DN-13", "a creation ends with OK, NOTSUPP, NOSPC (with REVISION_1 only) "
      "or ERR, by cause",
      VC_VIRTIO("5.9.7.2.1.7"), VC_FOR_STANDARD, create_statuses,
      { .device = "max-sessions=2" } },
    { "DN-14", "the id of a session is unique, and is set only if the session "
      "was made",
      VC_VIRTIO("5.9.7.2.1.7"), VC_FOR_STANDARD, session_ids },
    { "DN-15", "a destruction ends with OK or ERR, by cause",
      VC_VIRTIO("5.9.7.2.1.9"), VC_FOR_STANDARD, destroy_statuses },
    { "DN-42", "a device without the service IPSEC offers nothing of it; DN-43 "
      "to DN-53 are for those that have it",
      VC_VIRTIO_14("5.9.9.9.4"), VC_FOR_STANDARD, no_ipsec },
    { }
};

static void register_virtio_crypto_conformance_control_test(void)
{
    vc_add_requirements("conformance", requirements);
}

libqos_init(register_virtio_crypto_conformance_control_test);
