/*
 * virtio-crypto client: algorithms, and calls whose answer is known
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../libqtest.h"
#include "virtio-crypto-akcipher.h"
#include "backends/cryptodev/vectors.h"

#define CONFIG_SERVICES     8

#define CIPHER(_name, _number, _key, _iv, _block)                       \
    { _name, VC_SERVICE_CIPHER, _number, _key, _iv, .block = _block }
#define HASH(_name, _number, _digest)                                   \
    { _name, VC_SERVICE_HASH, _number, .digest_len = _digest, .block = 1 }
#define MAC(_name, _number, _key, _digest, _nonce, _block)              \
    { _name, VC_SERVICE_MAC, _number, _key, 0, _digest, _nonce, _block }
#define AEAD(_name, _number, _key, _iv)                                 \
    { _name, VC_SERVICE_AEAD, _number, _key, _iv, 16, 0, 1 }
#define AKCIPHER(_name, _number)    { _name, VC_SERVICE_AKCIPHER, _number }

const VCAlgo vc_algos[CRYPTODEV_ALGO__MAX] = {
    [CRYPTODEV_ALGO_ARC4] = CIPHER("arc4", 1, 16, 0, 1),
    [CRYPTODEV_ALGO_AES_ECB] = CIPHER("aes-ecb", 2, 16, 0, 16),
    [CRYPTODEV_ALGO_AES_CBC] = CIPHER("aes-cbc", 3, 16, 16, 16),
    [CRYPTODEV_ALGO_AES_CTR] = CIPHER("aes-ctr", 4, 16, 16, 1),
    [CRYPTODEV_ALGO_DES_ECB] = CIPHER("des-ecb", 5, 8, 0, 8),
    [CRYPTODEV_ALGO_DES_CBC] = CIPHER("des-cbc", 6, 8, 8, 8),
    [CRYPTODEV_ALGO_3DES_ECB] = CIPHER("3des-ecb", 7, 24, 0, 8),
    [CRYPTODEV_ALGO_3DES_CBC] = CIPHER("3des-cbc", 8, 24, 8, 8),
    [CRYPTODEV_ALGO_3DES_CTR] = CIPHER("3des-ctr", 9, 24, 8, 1),
    [CRYPTODEV_ALGO_KASUMI_F8] = CIPHER("kasumi-f8", 10, 16, 8, 1),
    [CRYPTODEV_ALGO_SNOW3G_UEA2] = CIPHER("snow3g-uea2", 11, 16, 16, 1),
    [CRYPTODEV_ALGO_AES_F8] = CIPHER("aes-f8", 12, 32, 16, 1),
    [CRYPTODEV_ALGO_AES_XTS] = CIPHER("aes-xts", 13, 32, 16, 1),
    [CRYPTODEV_ALGO_ZUC_EEA3] = CIPHER("zuc-eea3", 14, 16, 16, 1),

    [CRYPTODEV_ALGO_MD5] = HASH("md5", 1, 16),
    [CRYPTODEV_ALGO_SHA1] = HASH("sha1", 2, 20),
    [CRYPTODEV_ALGO_SHA_224] = HASH("sha224", 3, 28),
    [CRYPTODEV_ALGO_SHA_256] = HASH("sha256", 4, 32),
    [CRYPTODEV_ALGO_SHA_384] = HASH("sha384", 5, 48),
    [CRYPTODEV_ALGO_SHA_512] = HASH("sha512", 6, 64),
    [CRYPTODEV_ALGO_SHA3_224] = HASH("sha3-224", 7, 28),
    [CRYPTODEV_ALGO_SHA3_256] = HASH("sha3-256", 8, 32),
    [CRYPTODEV_ALGO_SHA3_384] = HASH("sha3-384", 9, 48),
    [CRYPTODEV_ALGO_SHA3_512] = HASH("sha3-512", 10, 64),
    [CRYPTODEV_ALGO_SHAKE128] = HASH("shake128", 11, 32),
    [CRYPTODEV_ALGO_SHAKE256] = HASH("shake256", 12, 64),

    [CRYPTODEV_ALGO_HMAC_MD5] = MAC("hmac-md5", 1, 20, 16, 0, 1),
    [CRYPTODEV_ALGO_HMAC_SHA1] = MAC("hmac-sha1", 2, 20, 20, 0, 1),
    [CRYPTODEV_ALGO_HMAC_SHA_224] = MAC("hmac-sha224", 3, 20, 28, 0, 1),
    [CRYPTODEV_ALGO_HMAC_SHA_256] = MAC("hmac-sha256", 4, 20, 32, 0, 1),
    [CRYPTODEV_ALGO_HMAC_SHA_384] = MAC("hmac-sha384", 5, 20, 48, 0, 1),
    [CRYPTODEV_ALGO_HMAC_SHA_512] = MAC("hmac-sha512", 6, 20, 64, 0, 1),
    [CRYPTODEV_ALGO_CMAC_3DES] = MAC("cmac-3des", 25, 24, 8, 0, 1),
    [CRYPTODEV_ALGO_CMAC_AES] = MAC("cmac-aes", 26, 16, 16, 0, 1),
    [CRYPTODEV_ALGO_KASUMI_F9] = MAC("kasumi-f9", 27, 16, 4, 0, 8),
    [CRYPTODEV_ALGO_SNOW3G_UIA2] = MAC("snow3g-uia2", 28, 16, 4, 16, 1),
    [CRYPTODEV_ALGO_GMAC_AES] = MAC("gmac-aes", 41, 16, 16, 12, 1),
    [CRYPTODEV_ALGO_GMAC_TWOFISH] = MAC("gmac-twofish", 42, 16, 16, 12, 1),
    [CRYPTODEV_ALGO_CBCMAC_AES] = MAC("cbcmac-aes", 49, 16, 16, 0, 16),
    [CRYPTODEV_ALGO_CBCMAC_KASUMI_F9] =
        MAC("cbcmac-kasumi-f9", 50, 16, 4, 0, 8),
    [CRYPTODEV_ALGO_XCBC_AES] = MAC("xcbc-aes", 53, 16, 16, 0, 1),
    [CRYPTODEV_ALGO_ZUC_EIA3] = MAC("zuc-eia3", 54, 16, 4, 16, 1),

    [CRYPTODEV_ALGO_AES_GCM] = AEAD("aes-gcm", 1, 16, 12),
    [CRYPTODEV_ALGO_AES_CCM] = AEAD("aes-ccm", 2, 16, 12),
    [CRYPTODEV_ALGO_CHACHA20_POLY1305] = AEAD("chacha20-poly1305", 3, 32, 12),

    [CRYPTODEV_ALGO_RSA] = AKCIPHER("rsa", 1),
    [CRYPTODEV_ALGO_ECDSA] = AKCIPHER("ecdsa", 2),
};

bool vc_has_service(VCFormat format, VCService service)
{
    return format != VC_V11 || service != VC_SERVICE_AKCIPHER;
}

VCFormat vc_session_format(VCFormat format)
{
    return format == VC_STATELESS ? VC_REV1 : format;
}

bool vc_offers(VCClient *vc, CryptoDevAlgo algo)
{
    /* in the configuration space */
    static const uint32_t masks[] = {
        [VC_SERVICE_CIPHER] = 12,
        [VC_SERVICE_HASH] = 20,
        [VC_SERVICE_MAC] = 24,
        [VC_SERVICE_AEAD] = 32,
        [VC_SERVICE_AKCIPHER] = 44,
    };
    const VCAlgo *a = &vc_algos[algo];
    uint32_t mask = qvirtio_config_readl(vc->vdev, masks[a->service] +
                                         a->number / 32 * 4);

    return mask & 1u << a->number % 32;
}

bool vc_offers_service(VCClient *vc, VCService service)
{
    uint32_t services = qvirtio_config_readl(vc->vdev, CONFIG_SERVICES);

    if (service == VC_SERVICE_CHAIN) {
        service = VC_SERVICE_CIPHER;
    }
    return services & 1u << service;
}

uint32_t vc_create_opcode(VCService service)
{
    switch (service) {
    case VC_SERVICE_CHAIN:
        return VC_CIPHER_CREATE;
    case VC_SERVICE_AKCIPHER:
        return VC_AKCIPHER_CREATE;
    default:
        return service << 8 | VC_CIPHER_CREATE;
    }
}

uint32_t vc_data_opcode(VCService service, uint32_t op)
{
    if (service == VC_SERVICE_HASH || service == VC_SERVICE_MAC) {
        op = VC_OP_ENCRYPT;
    }
    if (service == VC_SERVICE_CHAIN) {
        service = VC_SERVICE_CIPHER;
    }
    return service << 8 | (op - VC_OP_ENCRYPT);
}

void *vc_call_own(VCCall *c, void *memory)
{
    g_ptr_array_add(c->owned, memory);
    return memory;
}

VCCall *vc_call_new(VCClient *vc, VCFormat format, VCService service,
                    uint32_t op)
{
    VCCall *c = g_new0(VCCall, 1);

    c->session = (VCSession) {
        .vc = vc, .format = format, .opcode = vc_create_opcode(service),
        .op = op,
    };
    c->request = (VCRequest) {
        .vc = vc, .format = format, .opcode = vc_data_opcode(service, op),
        .chain = service == VC_SERVICE_CHAIN,
    };
    c->owned = g_ptr_array_new_with_free_func(g_free);
    return c;
}

void vc_call_free(VCCall *c)
{
    g_ptr_array_free(c->owned, true);
    g_free(c);
}

static const CryptoDevVector *find_known(CryptoDevAlgo algo, int skip)
{
    for (const CryptoDevVector *v = cryptodev_vectors; v->algo; v++) {
        if (v->algo == algo && skip-- == 0) {
            return v;
        }
    }
    return NULL;
}

int vc_known_answers(CryptoDevAlgo algo)
{
    int n = 0;

    while (find_known(algo, n)) {
        n++;
    }
    return n;
}

/* In the draft a byte comes before the nonce of CCM. */
static VCCall *new_call(VCClient *vc, VCFormat format, CryptoDevAlgo algo,
                        uint32_t op)
{
    VCCall *c = vc_call_new(vc, format, vc_algos[algo].service, op);

    c->session.algo = vc_algos[algo].number;
    if (algo == CRYPTODEV_ALGO_AES_CCM && format == VC_V11) {
        c->request.iv_skip = 1;
    }
    return c;
}

VCCall *vc_call_known(VCClient *vc, VCFormat format, CryptoDevAlgo algo,
                      int i, uint32_t op)
{
    const CryptoDevVector *v = find_known(algo, i);
    VCCall *c = new_call(vc, format, algo, op);
    VCSession *s = &c->session;
    VCRequest *r = &c->request;
    /* the nonce of a MAC is the head of its input */
    bool mac = vc_algos[algo].service == VC_SERVICE_MAC;
    g_autofree char *in = g_strconcat(mac && v->iv ? v->iv : "",
                                      v->in ?: "", NULL);

    s->key = vc_call_own(c, vc_hex(v->key, &s->key_len));
    r->iv = vc_call_own(c, vc_hex(mac ? NULL : v->iv, &r->iv_len));
    r->src = vc_call_own(c, vc_hex(in, &r->src_len));
    r->aad = vc_call_own(c, vc_hex(v->aad, &r->aad_len));
    r->digest = vc_call_own(c, vc_hex(v->tag, &r->digest_len));
    if (vc_algos[algo].service == VC_SERVICE_AEAD) {
        /* not all requests have a field for it */
        s->digest_len = r->digest_len;
    }
    if (v->out) {
        uint32_t len;

        r->out = vc_call_own(c, vc_hex(v->out, &len));
        g_assert_cmpuint(len, ==, r->src_len);
    }
    if (op == VC_OP_DECRYPT) {
        const uint8_t *text = r->src;

        r->src = r->out;
        r->out = text;
    }
    return c;
}

VCCall *vc_call_random(VCClient *vc, VCFormat format, CryptoDevAlgo algo,
                       uint32_t len, uint32_t aad_len, uint32_t op)
{
    const VCAlgo *a = &vc_algos[algo];
    VCCall *c = new_call(vc, format, algo, op);
    VCSession *s = &c->session;
    VCRequest *r = &c->request;

    s->key = vc_call_own(c, vc_bytes(algo, a->key_len));
    s->key_len = a->key_len;
    r->iv = vc_call_own(c, vc_bytes(algo + 100, a->iv_len));
    r->iv_len = a->iv_len;
    r->src = vc_call_own(c, vc_bytes(algo + 200, len));
    r->src_len = len;
    r->aad = vc_call_own(c, vc_bytes(algo + 300, aad_len));
    r->aad_len = aad_len;
    r->digest_len = a->digest_len;
    return c;
}

void vc_check_known(VCClient *vc, VCFormat format, VCService service,
                    uint32_t op)
{
    const char *context = vc->context;
    int num = 0;

    for (int algo = 1; algo < CRYPTODEV_ALGO__MAX; algo++) {
        if (!vc_algos[algo].name || vc_algos[algo].service != service ||
            !vc_offers(vc, algo)) {
            continue;
        }
        num++;
        vc->context = vc_algos[algo].name;
        for (int i = 0; i < vc_known_answers(algo); i++) {
            g_autoptr(VCCall) c = vc_call_known(vc, format, algo, i, op);

            vc_call_once(c, VC_OK);
        }
    }
    g_assert_cmpint(num, >, 0);
    vc->context = context;
}

static void bring_session(VCCall *c)
{
    c->request.params = &c->session;
    c->request.session = 0;
}

void vc_call_open(VCCall *c)
{
    if (c->session.format == VC_STATELESS) {
        bring_session(c);
    } else {
        c->request.session = vc_create_session(&c->session);
    }
}

VCStatus vc_call_send(VCCall *c, VCStatus expect)
{
    c->request.expect = expect;
    return vc_request(&c->request);
}

void vc_call_close(VCCall *c)
{
    if (!c->request.params) {
        vc_destroy_session(&(VCDestroy) {
            .vc = c->session.vc, .format = c->session.format,
            .opcode = c->session.opcode + 1, .session = c->request.session,
        });
    }
}

void vc_call_once(VCCall *c, VCStatus expect)
{
    vc_call_open(c);
    vc_call_send(c, expect);
    vc_call_close(c);
}

void vc_call_refused(VCCall *c, VCStatus expect)
{
    if (c->session.format == VC_STATELESS) {
        bring_session(c);
        vc_call_send(c, expect);
    } else {
        VCSession s = c->session;

        s.expect = expect;
        vc_create_session(&s);
    }
}

void vc_call_learn(VCCall *c)
{
    VCRequest *r = &c->request;

    r->out = r->digest = NULL;
    r->result = vc_call_own(c, g_malloc0(r->src_len + 1));
    r->digest_result = vc_call_own(c, g_malloc0(r->digest_len + 1));
    vc_call_once(c, VC_OK);
    r->out = r->result;
    r->digest = r->digest_result;
    r->result = r->digest_result = NULL;
}

VCCall *vc_call_reverse(const VCCall *c)
{
    VCCall *back = g_memdup2(c, sizeof(*c));

    back->owned = g_ptr_array_new_with_free_func(g_free);
    back->session.op = VC_OP_DECRYPT;
    back->request.opcode = c->request.opcode + 1;
    back->request.src = c->request.out;
    back->request.out = c->request.src;
    back->request.session = 0;
    back->request.params = NULL;
    return back;
}

const uint32_t *vc_call_split(VCCall *c, uint32_t len)
{
    static const uint32_t pieces[] = { 1, 5, 7 };
    uint32_t *list = vc_call_own(c, g_new0(uint32_t, 4));
    int n = 0;

    for (; n < ARRAY_SIZE(pieces) && len >= pieces[n]; n++) {
        list[n] = pieces[n];
        len -= pieces[n];
    }
    list[n] = VC_END;
    return list;
}

void vc_call_shapes(VCCall *c)
{
    VCRequest r = c->request;
    bool digest = !r.out;

    c->request.src_split = vc_call_split(c, r.src_len);
    vc_call_send(c, VC_OK);
    c->request.aad_split = vc_call_split(c, r.aad_len);
    c->request.dst_split = vc_call_split(c, r.src_len);
    c->request.shape.indirect = true;
    vc_call_send(c, VC_OK);
    c->request.src_split = c->request.dst_split = NULL;
    c->request.shape.desc_max = 7;
    vc_call_send(c, VC_OK);
    c->request = r;
    c->request.slack = 3;
    if (!digest) {
        c->request.dst_len = r.src_len + 20;
        vc_call_send(c, VC_OK);
        c->request.dst_len = 0;
        c->request.in_place = true;
    }
    vc_call_send(c, VC_OK);
    c->request = r;
}

/* Digests of "abc" and the sample, by Python's hashlib and hmac */
static const struct {
    const char *sha256, *hmac_sha1;
} chain_digests[] = {
    { "cbd959f45be61b8a922f8e5733808a24a4df7690b149e7e7d2ad382e8f60983b",
      "4c5ebf8be62e42659af4e569f5b94893300decf7" },
    { "ad8595810314093791f94a7396c610a13587addcea15d2ba586393e2e4fd866c",
      "5ec60e8ea65bc4fe8ad2771d84462b76120f70c5" },
};

VCCall *vc_call_chain(VCClient *vc, VCFormat format, uint32_t order,
                      uint32_t op, bool auth)
{
    VCCall *c = vc_call_new(vc, format, VC_SERVICE_CHAIN, op);
    bool encrypt = op == VC_OP_ENCRYPT;
    bool of_out = encrypt == (order == VC_CIPHER_THEN_HASH);
    VCSession *s = &c->session;
    VCRequest *r = &c->request;

    s->algo = VC_AES_CBC;
    s->key = vc_sample_key;
    s->key_len = sizeof(vc_sample_key);
    s->order = order;
    s->hash_algo = vc_algos[auth ? CRYPTODEV_ALGO_HMAC_SHA1 :
                                   CRYPTODEV_ALGO_SHA_256].number;
    s->hash_mode = auth ? VC_HASH_AUTH : VC_HASH_PLAIN;
    if (auth) {
        s->auth_key = vc_sample_key;
        s->auth_key_len = sizeof(vc_sample_key);
    }
    r->iv = vc_sample_iv;
    r->iv_len = sizeof(vc_sample_iv);
    r->aad = (const uint8_t *)"abc";
    r->aad_len = 3;
    r->src = encrypt ? vc_sample_in : vc_sample_out;
    r->out = encrypt ? vc_sample_out : vc_sample_in;
    r->src_len = VC_SAMPLE_LEN;
    r->digest = vc_call_own(c, vc_hex(auth ? chain_digests[of_out].hmac_sha1 :
                                             chain_digests[of_out].sha256,
                                      &r->digest_len));
    return c;
}

VCCall *vc_call_sample(VCClient *vc, VCFormat format, VCService service)
{
    static const struct {
        CryptoDevAlgo algo;
        int known;
    } samples[] = {
        [VC_SERVICE_CIPHER] = { CRYPTODEV_ALGO_AES_CBC, 0 },
        [VC_SERVICE_HASH] = { CRYPTODEV_ALGO_SHA_256, 1 },
        [VC_SERVICE_MAC] = { CRYPTODEV_ALGO_HMAC_SHA_256, 0 },
        [VC_SERVICE_AEAD] = { CRYPTODEV_ALGO_AES_GCM, 0 },
    };

    g_assert_true(vc_has_service(format, service));
    g_assert_true(service == VC_SERVICE_AKCIPHER ||
                  vc_offers_service(vc, service));
    switch (service) {
    case VC_SERVICE_CHAIN:
        return vc_call_chain(vc, format, VC_CIPHER_THEN_HASH, VC_OP_ENCRYPT,
                             true);
    case VC_SERVICE_AKCIPHER:
        if (!vc_require_akcipher(vc)) {
            return NULL;
        }
        return vc_call_ak(vc, format,
                          vc_ak_find(CRYPTODEV_ALGO_RSA, VC_OP_DECRYPT,
                                     VC_PRIVATE, VC_RSA_PKCS1),
                          vc_rsa_bits(0) / 8);
    default:
        return vc_call_known(vc, format, samples[service].algo,
                             samples[service].known, VC_OP_ENCRYPT);
    }
}

void vc_each_service(VCClient *vc, VCFormat format, void (*check)(VCCall *c))
{
    for (VCService service = 0; service < VC_SERVICES; service++) {
        g_autoptr(VCCall) c = NULL;

        if (vc_has_service(format, service)) {
            c = vc_call_sample(vc, format, service);
        }
        if (c) {
            check(c);
        }
    }
}
