/*
 * QTest testcases for virtio-crypto: the HASH, MAC and AEAD services
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-calls.h"
#include "libqos/virtio-crypto-registry.h"

/* The longest digest that the device gives, of SHAKE */
#define XOF_MAX     1024

static bool is_xof(CryptoDevAlgo algo)
{
    return algo == CRYPTODEV_ALGO_SHAKE128 || algo == CRYPTODEV_ALGO_SHAKE256;
}

/* Digests */

/* The length is that of the request, of the session, or the full one. */
static void check_digest_lens(VCCall *c, uint32_t full)
{
    static const uint32_t lens[] = { 0, 1, 3, 12 };
    VCCall cut = *c;

    for (int i = 0; i < ARRAY_SIZE(lens); i++) {
        if (lens[i] > full) {
            break;
        }
        cut.session.digest_len = lens[i];
        vc_call_open(&cut);
        for (int j = 0; j < ARRAY_SIZE(lens) && lens[j] <= full; j++) {
            cut.request.digest_of_session = !lens[j];
            cut.request.digest_len = lens[j] ?: lens[i] ?: full;
            if (c->session.format == VC_STATELESS && !lens[j]) {
                /* it has no field for the session's */
                cut.request.digest_len = full;
            }
            vc_call_send(&cut, VC_OK);
        }
        vc_call_close(&cut);
    }
}

static void check_digest_too_long(VCCall *c, uint32_t max)
{
    VCCall cut = *c;

    cut.request.digest_len = max + 1;
    cut.request.digest = NULL;
    vc_call_once(&cut, VC_ERR);
    if (c->session.format != VC_STATELESS) {
        cut.session.digest_len = max + 1;
        cut.request.digest_of_session = true;
        vc_call_refused(&cut, VC_ERR);
    }
}

/* Outputs of any length begin with the known bytes. */
static void check_xof(VCCall *c, uint32_t known, uint32_t usual)
{
    static const uint32_t lens[] = { 1, 32, 167, 168, 169, 1000, XOF_MAX };
    VCCall asked = *c;
    uint8_t result[XOF_MAX];

    asked.request.digest = NULL;
    asked.request.digest_result = result;
    vc_call_open(&asked);
    for (int i = 0; i < ARRAY_SIZE(lens); i++) {
        uint32_t n = MIN(lens[i], known);

        asked.request.digest_len = lens[i];
        vc_call_send(&asked, VC_OK);
        g_assert_cmpmem(result, n, c->request.digest, n);
    }
    asked.request.digest_of_session = true;
    asked.request.digest_len = usual;
    vc_call_send(&asked, VC_OK);
    g_assert_cmpmem(result, MIN(usual, known), c->request.digest,
                    MIN(usual, known));
    vc_call_close(&asked);
}

/* libgcrypt has no Twofish with 192 bits. */
static bool takes_key(const VCTest *t, CryptoDevAlgo algo, uint32_t len)
{
    return algo != CRYPTODEV_ALGO_GMAC_TWOFISH || len != 24 ||
           g_strcmp0(t->provider, "gcrypt");
}

static void check_known_digest(const VCTest *t, VCClient *vc,
                               CryptoDevAlgo algo, int i)
{
    g_autoptr(VCCall) c = vc_call_known(vc, t->format, algo, i, VC_OP_ENCRYPT);
    const VCAlgo *a = &vc_algos[algo];

    if (!takes_key(t, algo, c->session.key_len)) {
        vc_call_refused(c, VC_ERR);
        return;
    }
    vc_call_open(c);
    vc_call_send(c, VC_OK);
    vc_call_shapes(c);
    vc_call_close(c);
    if (is_xof(algo)) {
        check_xof(c, c->request.digest_len, a->digest_len);
        check_digest_too_long(c, XOF_MAX);
    } else {
        /* a known answer may be truncated itself */
        check_digest_lens(c, MIN(c->request.digest_len, a->digest_len));
        check_digest_too_long(c, a->digest_len);
    }
}

/* Whether this device serves messages of a length */
static bool has_answer(CryptoDevAlgo algo, uint32_t len)
{
    return len % vc_algos[algo].block == 0 &&
           (algo != CRYPTODEV_ALGO_ZUC_EIA3 || len <= 8188);
}

static void check_input_len(const VCTest *t, VCClient *vc, CryptoDevAlgo algo,
                            uint32_t len, bool good)
{
    g_autoptr(VCCall) c = vc_call_random(vc, t->format, algo, len, 0,
                                         VC_OP_ENCRYPT);

    if (!good) {
        vc_call_once(c, VC_ERR);
        return;
    }
    vc_call_learn(c);
    c->request.src_split = vc_call_split(c, len);
    vc_call_once(c, VC_OK);
}

/* Nothing, lengths around blocks, and not enough for the nonce */
static void check_input_lens(const VCTest *t, VCClient *vc,
                             CryptoDevAlgo algo)
{
    static const uint32_t lens[] = {
        0, 1, 8, 15, 16, 63, 64, 65, 1000, 8188, 8189, 70000,
    };
    uint32_t nonce = vc_algos[algo].nonce_len;

    for (int i = 0; i < ARRAY_SIZE(lens); i++) {
        check_input_len(t, vc, algo, nonce + lens[i],
                        has_answer(algo, lens[i]));
    }
    for (uint32_t len = 0; len < nonce; len += MAX(1, nonce - 1 - len)) {
        check_input_len(t, vc, algo, len, false);
    }
}

static void check_digest_algo(const VCTest *t, VCClient *vc,
                              CryptoDevAlgo algo)
{
    int n = vc_known_answers(algo);

    g_assert_cmpint(n, >, 0);
    for (int i = 0; i < n; i++) {
        check_known_digest(t, vc, algo, i);
    }
    check_input_lens(t, vc, algo);
}

/* AEAD */

/* A wrong bit anywhere: BADMSG, and zeroes instead of plaintext */
static void check_wrong_bits(VCCall *c)
{
    const struct {
        const char *part;
        uint32_t offset, len;
    } parts[] = {
        { "src-0", 0, c->request.src_len },
        { "aad-0", 0, c->request.aad_len },
        { "digest", 0, c->request.digest_len },
        { "iv", c->request.iv_skip, c->request.iv_len },
    };
    const uint8_t *bytes[] = {
        c->request.src, c->request.aad, c->request.digest, c->request.iv,
    };

    for (int i = 0; i < ARRAY_SIZE(parts); i++) {
        /* first, last and in between */
        for (uint32_t at = 0; at < parts[i].len;
             at += MAX(1, (parts[i].len - 1) / 2)) {
            VCPoke poke[] = {
                { .size = 1, .part = parts[i].part,
                  .offset = parts[i].offset + at,
                  .value = bytes[i][at] ^ 1 << at % 8 },
                { },
            };

            c->request.shape.poke = poke;
            vc_call_send(c, VC_BADMSG);
            c->request.dst_split = vc_call_split(c, c->request.src_len);
            vc_call_send(c, VC_BADMSG);
            c->request.dst_split = NULL;
            c->request.in_place = true;
            vc_call_send(c, VC_BADMSG);
            c->request.in_place = false;
        }
    }
    c->request.shape.poke = NULL;
    vc_call_send(c, VC_OK);
}

/* In both directions, in all buffers, and with wrong bits */
static void check_aead(VCCall *c)
{
    g_autoptr(VCCall) back = vc_call_reverse(c);

    c->session.digest_len = back->session.digest_len = c->request.digest_len;
    vc_call_open(c);
    vc_call_send(c, VC_OK);
    vc_call_shapes(c);
    vc_call_close(c);

    vc_call_open(back);
    vc_call_send(back, VC_OK);
    vc_call_shapes(back);
    check_wrong_bits(back);
    if (c->session.format == VC_V11) {
        back->request.tag_in_src = true;
        vc_call_send(back, VC_OK);
        check_wrong_bits(back);
    }
    vc_call_close(back);
}

/* What a request with this length of nonce, tag and text should give */
static void check_aead_len(const VCTest *t, VCClient *vc, CryptoDevAlgo algo,
                           uint32_t iv_len, uint32_t tag_len, uint32_t len,
                           bool good)
{
    g_autoptr(VCCall) c = vc_call_random(vc, t->format, algo, len, 19,
                                         VC_OP_ENCRYPT);
    VCRequest *r = &c->request;

    r->iv = vc_call_own(c, vc_bytes(iv_len, iv_len));
    r->iv_len = iv_len;
    r->digest_len = c->session.digest_len = tag_len;
    if (good) {
        g_autoptr(VCCall) back = NULL;

        vc_call_learn(c);
        back = vc_call_reverse(c);
        vc_call_once(back, VC_OK);
    } else if (t->format != VC_STATELESS && iv_len == vc_algos[algo].iv_len) {
        /* the session has that tag length as well */
        vc_call_refused(c, VC_ERR);
    } else {
        vc_call_once(c, VC_ERR);
    }
}

static const struct {
    CryptoDevAlgo algo;
    uint32_t ivs, tags;                 /* bit n: n bytes are good */
} aead_lens[] = {
    { CRYPTODEV_ALGO_AES_GCM, 1u << 12 | 1u << 16, 0x1f110 },
    { CRYPTODEV_ALGO_AES_CCM, 0x3f80, 0x15550 },
    { CRYPTODEV_ALGO_CHACHA20_POLY1305, 1u << 12, 1u << 16 },
};

static void check_aead_algo(const VCTest *t, VCClient *vc, CryptoDevAlgo algo)
{
    static const uint32_t lens[] = { 0, 1, 15, 16, 17, 64, 4099 };
    const VCAlgo *a = &vc_algos[algo];

    for (int i = 0; i < vc_known_answers(algo); i++) {
        g_autoptr(VCCall) c = vc_call_known(vc, t->format, algo, i,
                                            VC_OP_ENCRYPT);

        check_aead(c);
    }
    for (int i = 0; i < ARRAY_SIZE(lens); i++) {
        check_aead_len(t, vc, algo, a->iv_len, 16, lens[i], true);
    }
    for (int i = 0; i < ARRAY_SIZE(aead_lens); i++) {
        for (int n = 0; aead_lens[i].algo == algo && n <= 20; n++) {
            check_aead_len(t, vc, algo, n, 16, 33,
                           aead_lens[i].ivs & 1u << n);
            /* no tag at all means the usual one */
            if (n) {
                check_aead_len(t, vc, algo, a->iv_len, n, 33,
                               aead_lens[i].tags & 1u << n);
            }
        }
    }
}

/* All of a service, or all services */

static bool check_service(const VCTest *t, VCClient *vc, VCService service)
{
    bool any = false;

    for (int algo = 1; algo < CRYPTODEV_ALGO__MAX; algo++) {
        if (vc_algos[algo].service != service || !vc_offers(vc, algo)) {
            continue;
        }
        any = true;
        vc->context = vc_algos[algo].name;
        if (service == VC_SERVICE_AEAD) {
            check_aead_algo(t, vc, algo);
        } else {
            check_digest_algo(t, vc, algo);
        }
        g_test_message("%s", vc->context);
    }
    vc->context = NULL;
    return any;
}

static void test_service(const VCTest *t, VCClient *vc)
{
    if (!check_service(t, vc, GPOINTER_TO_UINT(t->arg))) {
        g_test_skip("no algorithm of the service is offered");
    }
}

static void add_service(VCFormat format, const char *name, VCService service,
                        const char *provider)
{
    g_autofree char *path = provider ?
        g_strconcat(provider, "/", name, NULL) : g_strdup(name);

    vc_add_test_format(format, path, &(VCTest) {
        .run = test_service, .provider = provider,
        .arg = GUINT_TO_POINTER(service),
    });
}

static void register_virtio_crypto_digest_aead_test(void)
{
    static const struct {
        const char *name;
        VCService service;
    } services[] = {
        { "hash", VC_SERVICE_HASH }, { "mac", VC_SERVICE_MAC },
        { "aead", VC_SERVICE_AEAD },
    };

    static const char *const providers[] = {
        NULL, "gcrypt", "nettle", "ipsec-mb", "tomcrypt",
    };

    for (VCFormat f = 0; f < VC_FORMATS; f++) {
        /* what providers do does not depend on REVISION_1 */
        bool all = f == VC_STD || f == VC_V11;

        for (int p = 0; p < (all ? ARRAY_SIZE(providers) : 1); p++) {
            for (int i = 0; i < ARRAY_SIZE(services); i++) {
                add_service(f, services[i].name, services[i].service,
                            providers[p]);
            }
        }
    }
}

libqos_init(register_virtio_crypto_digest_aead_test);
