/*
 * QTest testcases for virtio-crypto: algorithm chaining
 *
 * The expected result of a chain comes from requests to its two services, which
 * have tests of their own.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-calls.h"
#include "libqos/virtio-crypto-registry.h"

/* Whole blocks of every algorithm, and room for every nonce */
#define TEXT_LEN    64
#define AAD_LEN     32

static void *copy(VCCall *c, const void *data, size_t len)
{
    uint8_t *bytes = g_malloc0(len + 1);

    memcpy(bytes, data, len);
    return vc_call_own(c, bytes);
}

/* What to combine; the windows are all of the text unless @window. */
typedef struct Chain {
    CryptoDevAlgo cipher, hash;
    uint32_t order, op;
    const uint32_t *window;
} Chain;

/* Cipher the window of the chain's source. */
static void make_text(const VCTest *t, VCClient *vc, const Chain *chain,
                      VCCall *c)
{
    static const uint32_t all[] = { 0, TEXT_LEN };
    const uint32_t *w = chain->window ?: all;
    g_autoptr(VCCall) text = vc_call_random(vc, t->format, chain->cipher, w[1],
                                            0, chain->op);
    uint8_t *out = copy(c, c->request.src, TEXT_LEN);

    text->request.src = c->request.src + w[0];
    vc_call_learn(text);
    memcpy(out + w[0], text->request.out, w[1]);
    c->request.out = out;
    c->session.algo = text->session.algo;
    c->session.key_len = text->session.key_len;
    c->session.key = copy(c, text->session.key, text->session.key_len);
    c->request.iv_len = text->request.iv_len;
    c->request.iv = copy(c, text->request.iv, text->request.iv_len);
}

/* Hash the AAD, and the window of what the order makes the input. */
static void make_digest(const VCTest *t, VCClient *vc, const Chain *chain,
                        VCCall *c)
{
    static const uint32_t all[] = { 0, 0, 0, TEXT_LEN };
    const uint32_t *w = chain->window ?: all;
    g_autoptr(VCCall) digest = vc_call_random(vc, t->format, chain->hash,
                                              AAD_LEN + w[3], 0,
                                              VC_OP_ENCRYPT);
    const uint8_t *image = chain->order == VC_HASH_THEN_CIPHER ?
                           c->request.src : c->request.out;
    uint8_t *input = copy(c, digest->request.src, AAD_LEN + w[3]);

    memcpy(input + AAD_LEN, image + w[2], w[3]);
    digest->request.src = input;
    vc_call_learn(digest);
    c->session.hash_algo = digest->session.algo;
    c->session.hash_mode = vc_algos[chain->hash].service == VC_SERVICE_HASH ?
                           VC_HASH_PLAIN : VC_HASH_AUTH;
    c->session.auth_key_len = digest->session.key_len;
    c->session.auth_key = copy(c, digest->session.key,
                               digest->session.key_len);
    c->request.aad = input;
    c->request.aad_len = AAD_LEN;
    c->request.digest_len = digest->request.digest_len;
    c->request.digest = copy(c, digest->request.digest,
                             digest->request.digest_len);
}

static VCCall *make_chain(const VCTest *t, VCClient *vc, const Chain *chain)
{
    VCCall *c = vc_call_new(vc, t->format, VC_SERVICE_CHAIN, chain->op);

    c->session.order = chain->order;
    c->request.src = vc_call_own(c, vc_bytes(chain->order, TEXT_LEN));
    c->request.src_len = TEXT_LEN;
    c->request.window = chain->window;
    make_text(t, vc, chain, c);
    make_digest(t, vc, chain, c);
    return c;
}

/* Combinations */

static void check_chain(const VCTest *t, VCClient *vc, CryptoDevAlgo cipher,
                        CryptoDevAlgo hash)
{
    Chain chain = { .cipher = cipher, .hash = hash };

    if (!vc_offers(vc, cipher) || !vc_offers(vc, hash)) {
        return;
    }
    for (chain.order = 1; chain.order <= 2; chain.order++) {
        for (chain.op = 1; chain.op <= 2; chain.op++) {
            g_autoptr(VCCall) c = make_chain(t, vc, &chain);

            vc_call_open(c);
            vc_call_send(c, VC_OK);
            vc_call_shapes(c);
            vc_call_close(c);
        }
    }
}

static void test_ciphers(const VCTest *t, VCClient *vc)
{
    for (int algo = 1; algo < CRYPTODEV_ALGO__MAX; algo++) {
        if (vc_algos[algo].name &&
            vc_algos[algo].service == VC_SERVICE_CIPHER) {
            vc->context = vc_algos[algo].name;
            check_chain(t, vc, algo, CRYPTODEV_ALGO_SHA_256);
            check_chain(t, vc, algo, CRYPTODEV_ALGO_HMAC_SHA1);
        }
    }
}

static void test_hashes(const VCTest *t, VCClient *vc)
{
    for (int algo = 1; algo < CRYPTODEV_ALGO__MAX; algo++) {
        if (vc_algos[algo].service == VC_SERVICE_HASH ||
            vc_algos[algo].service == VC_SERVICE_MAC) {
            vc->context = vc_algos[algo].name;
            check_chain(t, vc, CRYPTODEV_ALGO_AES_CBC, algo);
        }
    }
}

/* Of the sample; number @i of eight */
static VCCall *sample_chain(const VCTest *t, VCClient *vc, int i)
{
    return vc_call_chain(vc, t->format, (i >> 1 & 1) + 1, (i >> 2 & 1) + 1,
                         i & 1);
}

static void test_known(const VCTest *t, VCClient *vc)
{
    for (int i = 0; i < 8; i++) {
        g_autoptr(VCCall) c = sample_chain(t, vc, i);

        vc_call_once(c, VC_OK);
        /* cut, as the session says and as the request says */
        c->session.digest_len = 12;
        c->request.digest_of_session = t->format != VC_STATELESS;
        c->request.digest_len = 12;
        vc_call_once(c, VC_OK);
        c->request.digest_of_session = false;
        c->request.digest_len = 7;
        vc_call_once(c, VC_OK);
    }
}

/* In the order that other implementations use */
static void test_aad_first(const VCTest *t, VCClient *vc)
{
    for (int i = 0; i < 8; i++) {
        g_autoptr(VCCall) c = sample_chain(t, vc, i);

        c->request.aad_first = true;
        vc_call_once(c, VC_OK);
    }
}

/* Draft: the session's length of AAD counts, else that of the entries. */
static void test_aad_len(const VCTest *t, VCClient *vc)
{
    g_autoptr(VCCall) c = sample_chain(t, vc, 1);

    c->request.aad = (const uint8_t *)"abcdef";
    c->request.aad_len = 6;
    c->request.aad_split = VC_SPLIT(1, 0, 3);
    c->session.aad_len = 3;
    vc_call_once(c, VC_OK);
    c->session.aad_len = 7;
    vc_call_once(c, VC_ERR);
    c->session.aad_len = 0;
    c->request.aad_len = 3;
    c->request.aad_split = VC_SPLIT(1, 0, 1);
    vc_call_once(c, VC_OK);
}

/* Windows */

static const struct {
    uint32_t window[4];
    uint32_t dst_len;
} good_windows[] = {
    { { 0, TEXT_LEN, 0, TEXT_LEN }, TEXT_LEN },
    { { 16, 32, 0, TEXT_LEN }, TEXT_LEN },
    { { 3, 16, 7, 50 }, TEXT_LEN },
    { { 48, 16, 16, 16 }, TEXT_LEN },
    { { TEXT_LEN, 0, TEXT_LEN, 0 }, TEXT_LEN },
    { { 0, 0, 0, 0 }, TEXT_LEN },
    { { 1, 48, 0, 64 }, TEXT_LEN + 17 },
    { { 1, 48, 5, 40 }, 49 },
};

static const struct {
    uint32_t window[4];
    uint32_t dst_len;
} bad_windows[] = {
    { { 0, TEXT_LEN + 16, 0, TEXT_LEN }, TEXT_LEN },
    { { 16, TEXT_LEN, 0, TEXT_LEN }, TEXT_LEN },
    { { 0, TEXT_LEN, 0, TEXT_LEN + 1 }, TEXT_LEN },
    { { 0, TEXT_LEN, 1, TEXT_LEN }, TEXT_LEN },
    { { TEXT_LEN + 1, 0, 0, 0 }, TEXT_LEN },
    { { 0, 0, TEXT_LEN + 1, 0 }, TEXT_LEN },
    { { UINT32_MAX - 15, 16, 0, 16 }, TEXT_LEN },
    { { UINT32_MAX - 15, 32, 0, 16 }, TEXT_LEN },
    { { 0, 16, UINT32_MAX, 1 }, TEXT_LEN },
    { { 0, 16, UINT32_MAX, 2 }, TEXT_LEN },
    { { 0, 17, 0, 16 }, TEXT_LEN },
    { { 0, TEXT_LEN, 0, 16 }, TEXT_LEN - 1 },
};

static void test_windows(const VCTest *t, VCClient *vc)
{
    Chain chain = {
        .cipher = CRYPTODEV_ALGO_AES_CBC, .hash = CRYPTODEV_ALGO_HMAC_SHA1,
        .op = VC_OP_ENCRYPT,
    };

    for (chain.order = 1; chain.order <= 2; chain.order++) {
        g_autoptr(VCCall) bad = NULL;

        for (int i = 0; i < ARRAY_SIZE(good_windows); i++) {
            g_autoptr(VCCall) c = NULL;

            chain.window = good_windows[i].window;
            c = make_chain(t, vc, &chain);
            c->request.dst_len = good_windows[i].dst_len;
            vc_call_once(c, VC_OK);
        }
        chain.window = NULL;
        bad = make_chain(t, vc, &chain);
        vc_call_open(bad);
        for (int i = 0; i < ARRAY_SIZE(bad_windows); i++) {
            bad->request.window = bad_windows[i].window;
            bad->request.dst_len = bad_windows[i].dst_len;
            vc_call_send(bad, VC_ERR);
        }
        vc_call_close(bad);
    }
}

/* Sessions that are wrong in one place */
static void test_bad_sessions(const VCTest *t, VCClient *vc)
{
    static const struct {
        const char *name;
        size_t field;
        uint32_t value;
        VCStatus expect;
    } bad[] = {
#define BAD(_name, _value, _expect)                                     \
        { #_name, offsetof(VCSession, _name), _value, _expect }
        BAD(order, 3, VC_ERR),
        BAD(order, UINT32_MAX, VC_ERR),
        BAD(hash_mode, 0, VC_NOTSUPP),
        BAD(hash_mode, VC_HASH_NESTED, VC_NOTSUPP),
        BAD(hash_mode, 4, VC_NOTSUPP),
        BAD(algo, 0, VC_NOTSUPP),
        BAD(algo, 15, VC_NOTSUPP),
        BAD(hash_algo, 0, VC_NOTSUPP),
        BAD(hash_algo, 7, VC_NOTSUPP),
        BAD(hash_algo, 64, VC_NOTSUPP),
        BAD(key_len, 15, VC_ERR),
        BAD(op, 3, VC_ERR),
        BAD(digest_len, 21, VC_ERR),
#undef BAD
    };

    for (int i = 0; i < ARRAY_SIZE(bad); i++) {
        g_autoptr(VCCall) c = sample_chain(t, vc, 1);

        if (t->format == VC_STATELESS && g_str_equal(bad[i].name,
                                                     "digest_len")) {
            continue;
        }
        vc->context = bad[i].name;
        *(uint32_t *)((char *)&c->session + bad[i].field) = bad[i].value;
        vc_call_refused(c, bad[i].expect);
    }
    vc->context = NULL;
}

/* Requests of the wrong service, and with lengths that are too long */
static void test_bad_requests(const VCTest *t, VCClient *vc)
{
    g_autoptr(VCCall) c = sample_chain(t, vc, 1);

    vc_call_open(c);
    if (t->format != VC_STATELESS) {
        vc_sample_request(vc, t->format, c->request.session, VC_ERR);
    }
    c->request.opcode = VC_CIPHER_DECRYPT;
    vc_call_send(c, VC_ERR);
    c->request.opcode = VC_CIPHER_ENCRYPT;
    c->request.digest_len = 21;
    vc_call_send(c, VC_ERR);
    c->request.digest_len = 20;
    c->request.src_len = 63;
    vc_call_send(c, VC_ERR);
    c->request.src_len = 64;
    vc_call_send(c, VC_OK);
    vc_call_close(c);
}

#define CHAIN(_formats, _name, _run, ...)                               \
    { _formats, "chain/" _name,                                         \
      { .run = _run, __VA_ARGS__ } }

static const VCTestEntry tests[] = {
    CHAIN(VC_FOR_ALL, "known", test_known),
    CHAIN(VC_FOR_ALL, "ciphers", test_ciphers),
    CHAIN(VC_FOR_ALL, "hashes", test_hashes),
    CHAIN(VC_FOR_ALL & ~VC_FOR_V11, "windows", test_windows),
    CHAIN(VC_FOR_ALL, "invalid-sessions", test_bad_sessions),
    CHAIN(VC_FOR_ALL, "invalid-requests", test_bad_requests),
    CHAIN(VC_FOR_V11, "aad-len", test_aad_len),
    CHAIN(VC_FOR_STD | VC_FOR_REV1, "aad-first", test_aad_first,
          .device = "chain-aad-first=on"),
    { }
};

static void register_virtio_crypto_chain_test(void)
{
    vc_add_tests(tests);
}

libqos_init(register_virtio_crypto_chain_test);
