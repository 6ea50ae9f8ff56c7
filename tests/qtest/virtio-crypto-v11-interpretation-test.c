/*
 * QTest testcases for virtio-crypto: interpretation of the v11 draft where it
 * is silent or contradicts itself
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-calls.h"
#include "libqos/virtio-crypto-registry.h"

/* One writable buffer; the status where op_type says */
static void one_buffer(VCFormat f, VCClient *vc)
{
    for (int op = VC_OP_ENCRYPT; op <= VC_OP_DECRYPT; op++) {
        g_autoptr(VCCall) c = vc_call_chain(vc, f, 1, op, true);

        vc_call_once(c, VC_OK);
        vc_check_alive(vc, f);
    }
}

/* Four bytes without a name precede the outcome of a hash. */
static void hash_layout(VCFormat f, VCClient *vc)
{
    g_autoptr(VCCall) c = vc_call_known(vc, f, CRYPTODEV_ALGO_MD5, 1,
                                        VC_OP_ENCRYPT);

    vc_call_open(c);
    /* the structure may end with what the service uses */
    c->request.shape.writable_cut = 144 - 96;
    vc_call_send(c, VC_OK);
    c->request.shape.writable_cut = 144 - 92;
    vc_call_send(c, VC_UNANSWERED);
}

/* queue_id means nothing, and neither do flags and repeated algorithms. */
static void ignored_fields(VCFormat f, VCClient *vc)
{
    static const uint32_t values[] = { 0, 1, 2, UINT32_MAX };

    for (int i = 0; i < ARRAY_SIZE(values); i++) {
        const VCPoke create[] = {
            { .size = 4, .offset = 4, .value = values[i] },
            { .size = 4, .offset = 8, .value = values[i] },
            { .size = 4, .offset = 12, .value = values[i] },
            { },
        };
        const VCPoke data[] = {
            { .size = 4, .offset = 4, .value = values[i] },
            { .size = 8, .offset = 16, .value = values[i] },
            { },
        };
        uint64_t session = vc_create_session(&(VCSession) {
            .vc = vc, .format = f, VC_SAMPLE_SESSION, .shape.poke = create,
        });

        for (unsigned q = 0; q < vc->n_queues; q++) {
            vc_request(&(VCRequest) {
                .vc = vc, .format = f, VC_SAMPLE_ENCRYPT, .queue = q,
                .session = session, .shape.poke = data,
            });
        }
    }
}

/* Failure writes the status at its place, and nowhere else. */
static void failure(VCFormat f, VCClient *vc)
{
    VCRequest r = vc_sample_in_session(vc, f);

    r.iv_len = 15;
    r.expect = VC_ERR;
    vc_request(&r);
}

static void digest_length(VCFormat f, VCClient *vc)
{
    g_autoptr(VCCall) c = vc_call_known(vc, f, CRYPTODEV_ALGO_SHA1, 0,
                                        VC_OP_ENCRYPT);

    c->session.digest_len = 12;
    vc_call_open(c);
    vc_call_send(c, VC_OK);
    c->request.digest_len = 12;
    c->request.digest_of_session = true;
    vc_call_send(c, VC_OK);
    c->request.digest_of_session = false;
    c->request.digest_len = 5;
    vc_call_send(c, VC_OK);
    c->request.digest_len = 21;
    c->request.digest = NULL;
    vc_call_send(c, VC_ERR);
}

static void no_s_started(VCFormat f, VCClient *vc)
{
    g_assert_cmpuint(qvirtio_config_readl(vc->vdev, 0), ==, 1);
    vc_driver_ok(vc);
    g_assert_cmpuint(qvirtio_config_readl(vc->vdev, 0), ==, 1);
}

/* A list loops before it has given the bytes that are needed. */
static void loop(VCFormat f, VCClient *vc)
{
    static const char *const entries[] = { "src-iov-1", "dst-iov-1" };
    VCRequest r = vc_sample_in_session(vc, f);

    r.src_split = r.dst_split = VC_SPLIT(16);
    r.expect = VC_ERR;
    for (int i = 0; i < ARRAY_SIZE(entries); i++) {
        const VCPoke poke[] = {
            { .size = 4, .part = entries[i], .offset = 8, .value = 0 },
            { .size = 4, .part = entries[i], .offset = 12, .value = 1 },
            { .size = 8, .part = entries[i], .offset = 16,
              .value_part = entries[i] },
            { },
        };

        r.shape.poke = poke;
        vc_request(&r);
    }
}

/* Flags but for bit 0, lists of both sides, empty entries, more room */
static void lists(VCFormat f, VCClient *vc)
{
    VCRequest r = vc_sample_in_session(vc, f);

    r.iov_flags = 0xfffffffe;
    vc_request(&r);
    r.src_split = VC_SPLIT(0, 16, 0, 7);
    r.dst_split = VC_SPLIT(1, 0, 0);
    vc_request(&r);
    r.dst_len = 100;
    vc_request(&r);
    r.dst_len = 63;
    r.dst_split = NULL;
    r.expect = VC_ERR;
    vc_request(&r);
}

/* The request's length counts, not that of the entries. */
static void lengths(VCFormat f, VCClient *vc)
{
    const VCPoke longer[] = {
        { .size = 4, .offset = 56, .value = 200 },
        { .size = 4, .offset = 80, .value = 200 },
        { },
    };
    const VCPoke shorter[] = {
        { .size = 4, .offset = 56, .value = 63 }, { },
    };
    VCRequest r = vc_sample_in_session(vc, f);

    r.shape.poke = longer;
    vc_request(&r);
    r.shape.poke = shorter;
    r.expect = VC_ERR;
    vc_request(&r);
}

static void chain_aad(VCFormat f, VCClient *vc)
{
    g_autoptr(VCCall) c = vc_call_chain(vc, f, 1, 1, true);

    vc_call_once(c, VC_OK);
    c->request.aad = (const uint8_t *)"abcdef";
    c->request.aad_len = 6;
    c->session.aad_len = 3;
    vc_call_once(c, VC_OK);
    c->session.aad_len = 7;
    vc_call_once(c, VC_ERR);
}

/* No more of an IV is read than is needed: it may end where RAM ends. */
static void iv_at_end(VCFormat f, VCClient *vc)
{
    const uint64_t end = 128 * MiB;
    const VCPoke poke[] = {
        { .size = 8, .offset = 40, .value = end - sizeof(vc_sample_iv) }, { },
    };
    VCRequest r = vc_sample_in_session(vc, f);
    uint8_t now[sizeof(vc_sample_iv)];

    r.shape.poke = poke;
    qtest_memwrite(vc->qts, end - sizeof(now), vc_sample_iv, sizeof(now));
    vc_request(&r);
    qtest_memread(vc->qts, end - sizeof(now), now, sizeof(now));
    g_assert_cmpmem(now, sizeof(now), vc_sample_iv, sizeof(vc_sample_iv));
}

/* All known answers of an AEAD: J0, and the first byte of CCM's field */
static void check_nonces(VCFormat f, VCClient *vc, CryptoDevAlgo algo)
{
    for (int i = 0; i < vc_known_answers(algo); i++) {
        g_autoptr(VCCall) c = vc_call_known(vc, f, algo, i, VC_OP_ENCRYPT);
        const VCPoke poke[] = {
            { .size = 1, .part = c->request.iv_skip ? "iv" : "src-0",
              .value = c->request.iv_skip ? 0xff :
                       c->request.src_len ? c->request.src[0] : 0 },
            { },
        };

        c->request.shape.poke = poke;
        vc_call_once(c, VC_OK);
    }
}

static void gcm_nonces(VCFormat f, VCClient *vc)
{
    check_nonces(f, vc, CRYPTODEV_ALGO_AES_GCM);
}

static void ccm_nonces(VCFormat f, VCClient *vc)
{
    check_nonces(f, vc, CRYPTODEV_ALGO_AES_CCM);
}

/* The tag is at its address, or at the end of a decryption's source. */
static void aead_tag(VCFormat f, VCClient *vc)
{
    g_autoptr(VCCall) c = vc_call_known(vc, f, CRYPTODEV_ALGO_AES_GCM, 0,
                                        VC_OP_ENCRYPT);
    g_autoptr(VCCall) back = vc_call_reverse(c);

    c->request.dst_len = c->request.src_len + 16;
    vc_call_once(c, VC_OK);
    vc_call_open(back);
    vc_call_send(back, VC_OK);
    back->request.tag_in_src = true;
    vc_call_send(back, VC_OK);
    back->request.src_split = VC_SPLIT(3, 20);
    vc_call_send(back, VC_OK);
}

static void chain_hashed(VCFormat f, VCClient *vc)
{
    for (int i = 0; i < 8; i++) {
        g_autoptr(VCCall) c = vc_call_chain(vc, f, (i >> 1 & 1) + 1,
                                            (i >> 2) + 1, i & 1);

        /* twice: the digest that is there already is not compared */
        vc_call_open(c);
        vc_call_send(c, VC_OK);
        vc_call_send(c, VC_OK);
    }
}

static void nested(VCFormat f, VCClient *vc)
{
    g_autoptr(VCCall) c = vc_call_chain(vc, f, 1, 1, true);

    c->session.hash_mode = VC_HASH_NESTED;
    vc_call_refused(c, VC_NOTSUPP);
}

static void other_sessions(VCFormat f, VCClient *vc)
{
    g_autoptr(VCCall) c = vc_call_chain(vc, f, 1, 1, true);
    VCRequest r = vc_sample_in_session(vc, f);

    vc_call_open(c);
    vc_sample_request(vc, f, c->request.session, VC_ERR);
    r.opcode = VC_CIPHER_DECRYPT;
    r.expect = VC_ERR;
    vc_request(&r);
    r.opcode = VC_HASH;
    r.expect = VC_INVSESS;
    vc_request(&r);
}

static void unknown_opcodes(VCFormat f, VCClient *vc)
{
    static const uint32_t opcodes[] = { 4, 0x404, 0x602, 0x10002, UINT32_MAX };
    VCRequest r = vc_sample_in_session(vc, f);

    r.expect = VC_UNANSWERED;
    for (int i = 0; i < ARRAY_SIZE(opcodes); i++) {
        const VCPoke poke[] = { { .size = 4, .value = opcodes[i] }, { } };

        vc_create_session(&(VCSession) {
            .vc = vc, .format = f, VC_SAMPLE_SESSION, .shape.poke = poke,
            .expect = VC_UNANSWERED,
        });
        r.shape.poke = poke;
        vc_request(&r);
    }
}

static void nothing(VCFormat f, VCClient *vc)
{
    g_autoptr(VCCall) hash = vc_call_known(vc, f, CRYPTODEV_ALGO_MD5, 0,
                                           VC_OP_ENCRYPT);
    g_autoptr(VCCall) mac = vc_call_known(vc, f, CRYPTODEV_ALGO_CMAC_AES, 0,
                                          VC_OP_ENCRYPT);
    g_autoptr(VCCall) aead = vc_call_known(vc, f, CRYPTODEV_ALGO_AES_GCM, 6,
                                           VC_OP_ENCRYPT);
    VCCall *calls[] = { hash, mac, aead };
    VCRequest r = vc_sample_in_session(vc, f);

    r.src_len = 0;
    vc_request(&r);
    for (int i = 0; i < ARRAY_SIZE(calls); i++) {
        g_assert_cmpuint(calls[i]->request.src_len, ==, 0);
        vc_call_once(calls[i], VC_OK);
    }
}

static void key_limits(VCFormat f, VCClient *vc)
{
    uint32_t max_cipher = qvirtio_config_readl(vc->vdev, 36);
    uint32_t max_auth = qvirtio_config_readl(vc->vdev, 40);
    g_autofree uint8_t *key = vc_bytes(0, MAX(max_cipher, max_auth) + 1);
    VCSession s = {
        .vc = vc, .format = f, .algo = VC_ARC4, .key = key,
        .key_len = max_cipher,
    };

    vc_create_session(&s);
    s.key_len++;
    s.expect = VC_ERR;
    vc_create_session(&s);
    s.opcode = VC_MAC_CREATE;
    s.algo = vc_algos[CRYPTODEV_ALGO_HMAC_SHA1].number;
    s.key_len = max_auth + 1;
    vc_create_session(&s);
    s.key_len--;
    s.expect = VC_OK;
    vc_create_session(&s);
}

static void not_ready(VCFormat f, VCClient *vc)
{
    vc_create_session(&(VCSession) {
        .vc = vc, .format = f, VC_SAMPLE_SESSION, .expect = VC_ERR,
    });
    vc_sample_request(vc, f, 1, VC_ERR);
}

/*
 * Four readings cannot be seen from outside: A11 and A25 (old names in the
 * text), A32 (always little endian), A35 (a request is copied once).
 */
static const VCRequirement requirements[] = {
    { "A1", "a request is one device-writable buffer with the whole structure",
      VC_DRAFT("Data Virtqueue"), VC_FOR_V11, one_buffer },
    { "A2", "op_type is read first, although it is behind the outcome: it "
      "tells where that is",
      VC_DRAFT("Symmetric algorithms Operation"), VC_FOR_V11, one_buffer },
    { "A3", "structures are aligned to 8 bytes: the outcome of a HASH or MAC "
      "request comes after four bytes without a name",
      VC_DRAFT("HASH Service Operation"), VC_FOR_V11, hash_layout },
    { "A4", "a data header has no queue_id: its data queue is the one that it "
      "came from",
      VC_DRAFT("Data Virtqueue"), VC_FOR_V11, ignored_fields,
      { .backend = ",queues=2" } },
    { "A5", "the queue_id of a creation is ignored: a session may be used on "
      "each data queue",
      VC_DRAFT("Session operation: create session"), VC_FOR_V11, ignored_fields,
      { .backend = ",queues=2" } },
    { "A6", "the status is written where the structures of the text have it, "
      "and nowhere else",
      VC_DRAFT("Symmetric algorithms Operation"), VC_FOR_V11, failure },
    { "A7", "a digest has the length of the request if that is not 0, else "
      "that of the session, else its full length; a longer one is an error",
      VC_DRAFT("HASH Service Operation"), VC_FOR_V11, digest_length },
    { "A8", "the flag S_STARTED is never set",
      VC_DRAFT("Device configuration layout"), VC_FOR_V11, no_s_started,
      { .no_driver_ok = true } },
    { "A9", "a list of iovecs without end is an error",
      VC_DRAFT("Scatter-Gather Support"), VC_FOR_V11, loop },
    { "A10", "of the flags of an iovec only NEXT counts",
      VC_DRAFT("Scatter-Gather Support"), VC_FOR_V11, lists },
    { "A12", "the destination may be a list, cut in other pieces than the "
      "source",
      VC_DRAFT("Scatter-Gather Support"), VC_FOR_V11, lists },
    { "A13", "src_data_len and dst_data_len count; iovecs may have more bytes, "
      "but not less",
      VC_DRAFT("Symmetric algorithms Operation"), VC_FOR_V11, lengths },
    { "A14", "dst_data_len may be larger than the result, but not smaller",
      VC_DRAFT("Symmetric algorithms Operation"), VC_FOR_V11, lists },
    { "A15", "the additional data of a chain have the length of the session, "
      "or that of their iovecs if it is 0",
      VC_DRAFT("Symmetric algorithms Operation"), VC_FOR_V11, chain_aad },
    { "A16", "the IV is never written back",
      VC_DRAFT("Symmetric algorithms Operation"), VC_FOR_V11, iv_at_end },
    { "A17", "a GCM nonce of 16 bytes is the counter block J0",
      VC_DRAFT("AEAD Service Operation"), VC_FOR_V11, gcm_nonces },
    { "A18", "the nonce of CCM begins at the second byte of its field",
      VC_DRAFT("AEAD Service Operation"), VC_FOR_V11, ccm_nonces },
    { "A19", "no more of the IV's field is read than the algorithm needs",
      VC_DRAFT("Symmetric algorithms Operation"), VC_FOR_V11, iv_at_end },
    { "A20", "an AEAD decryption finds the tag at digest_result_addr, or at "
      "the end of a source that is longer than the destination by it",
      VC_DRAFT("AEAD Service Operation"), VC_FOR_V11, aead_tag },
    { "A21", "an AEAD encryption does not write the tag behind the text",
      VC_DRAFT("AEAD Service Operation"), VC_FOR_V11, aead_tag },
    { "A22", "a chain hashes the additional data, and then all of what its "
      "order makes the input",
      VC_DRAFT("Symmetric algorithms Operation"), VC_FOR_V11, chain_hashed },
    { "A23", "a chain makes the digest in either direction, and compares none",
      VC_DRAFT("Symmetric algorithms Operation"), VC_FOR_V11, chain_hashed },
    { "A24", "the nested hash mode is not supported: no field describes it",
      VC_DRAFT("Session operation"), VC_FOR_V11, nested },
    { "A26", "service, op_type and direction of a request have to be those of "
      "its session",
      VC_DRAFT("Data Virtqueue"), VC_FOR_V11, other_sessions },
    { "A27", "the algorithm in headers is ignored",
      VC_DRAFT("Data Virtqueue"), VC_FOR_V11, ignored_fields,
      { .backend = ",queues=2" } },
    { "A28", "a control request of an unknown opcode has no place for a "
      "status: its used length is 0",
      VC_DRAFT("Control Virtqueue"), VC_FOR_V11, unknown_opcodes },
    { "A29", "a data request of an unknown opcode has no place for a status: "
      "its used length is 0",
      VC_DRAFT("Data Virtqueue"), VC_FOR_V11, unknown_opcodes },
    { "A30", "requests without input are served",
      VC_DRAFT("Data Virtqueue"), VC_FOR_V11, nothing },
    { "A31", "iovecs without bytes are skipped",
      VC_DRAFT("Scatter-Gather Support"), VC_FOR_V11, lists },
    { "A33", "a key longer than the limits of the standard's configuration is "
      "an error",
      VC_DRAFT("Session operation: create session"), VC_FOR_V11, key_limits },
    { "A34", "a request before the device is ready ends with ERR",
      VC_DRAFT("Device configuration layout"), VC_FOR_V11, not_ready,
      { .backend = ",ready=off" } },
    { }
};

static void register_virtio_crypto_v11_interpretation_test(void)
{
    vc_add_requirements("v11-interpretation", requirements);
}

libqos_init(register_virtio_crypto_v11_interpretation_test);
