/*
 * QTest testcases for virtio-crypto: secrets are wiped
 *
 * The tests search QEMU's memory for the numbers of private keys, for nonces
 * and plaintexts: while a session exists, to show that the search finds them,
 * and after its end.  Guest memory is shared with the test, because QEMU's test
 * server would keep copies.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-akcipher.h"
#include "libqos/virtio-crypto-machine.h"
#include "libqos/virtio-crypto-nonce.h"
#include "libqos/virtio-crypto-registry.h"
#include "libqos/virtio-crypto-secrets.h"

#define RSA             CRYPTODEV_ALGO_RSA
#define ECDSA           CRYPTODEV_ALGO_ECDSA

/* Requests in flight at the same time, in several threads of the pool */
#define PARALLEL        4

#define EC_ROOM         144

/**
 * Hunt: a machine, and what must not be left in it
 *
 * @kept: the numbers of the key that is in use
 * @gone: numbers of all keys and operations so far
 * @scalar: the private number of an ECDSA key
 * @bad: how many were found that should not have been, or the other way round
 */
typedef struct Hunt {
    VCMachine machine;
    VCClient *vc;
    VCFormat format;
    VCSecrets *kept;
    VCSecrets *gone;
    uint8_t scalar[VC_NONCE_MAX];
    unsigned bad;
} Hunt;

static const uint64_t features[VC_FORMATS] = {
    [VC_REV1] = VC_F_REVISION_1,
    [VC_STATELESS] = VC_F_REVISION_1 | VC_F_STATELESS_ALL,
};

static void hunt_start(Hunt *h, VCFormat format, const char *provider)
{
    g_autofree char *options = g_strdup_printf(
        "-machine q35 -nodefaults -object cryptodev-backend-builtin,id=c0,"
        "provider=%s -device virtio-crypto-pci,cryptodev=c0,addr=04.0,"
        "revision-1=on,stateless-cipher=on,stateless-hash=on,stateless-mac=on,"
        "stateless-aead=on,stateless-akcipher=on", provider);

    vc_machine_start_shared(&h->machine, options);
    h->format = format;
    h->vc = vc_machine_open(&h->machine, QPCI_DEVFN(4, 0));
    h->vc->features = features[format];
    vc_restart(h->vc);
    h->kept = vc_secrets_new();
    h->gone = vc_secrets_new();
}

static void hunt_end(Hunt *h)
{
    vc_secrets_free(h->kept);
    vc_secrets_free(h->gone);
    vc_machine_close(h->vc);
    vc_machine_end(&h->machine);
    g_assert_cmpuint(h->bad, ==, 0);
}

/* Look for @secrets: all of each is to be found, or nothing. */
static void check_found(Hunt *h, VCSecrets *secrets, bool all,
                        const char *when)
{
    size_t searched = vc_secrets_search(secrets, qtest_pid(h->machine.qts),
                                        VC_SHARED_RAM);
    const VCSecret *secret;
    unsigned n, bad = 0;

    for (n = 0; (secret = vc_secrets_get(secrets, n)); n++) {
        if (secret->found != (all ? secret->len : 0)) {
            g_test_message("%s: %zu bytes of %zu of %s in %s", when,
                           secret->found, secret->len, secret->name,
                           secret->where ?: "no place");
            bad++;
        }
    }
    g_test_message("%s: %u secrets, %u %s in %zu KiB", when, n, bad,
                   all ? "not found" : "found", searched / 1024);
    g_assert_cmpuint(searched, >, 1 * MiB);
    h->bad += bad;
}

/* Keys */

typedef struct Key {
    CryptoDevAlgo algo;
    uint32_t number;            /* of an RSA key, or the curve of ECDSA */
} Key;

static const Key keys[] = {
    { RSA, VC_RSA_2048 }, { RSA, VC_RSA_3000 }, { RSA, VC_RSA_4096 },
    { RSA, VC_RSA_8192 },
    { ECDSA, VC_CURVE_P256 }, { ECDSA, VC_CURVE_P521 },
};

static const char *key_text(const Key *key, uint32_t type)
{
    return key->algo == RSA ? vc_rsa_key(key->number, type) :
                              vc_ec_key(key->number, type);
}

/* The content of a DER element; *@der is moved behind it. */
static const uint8_t *take_element(const uint8_t **der, size_t *len)
{
    const uint8_t *at = *der + 2;
    size_t n = (*der)[1];

    if (n >= 0x80) {
        size_t octets = n - 0x80;

        for (n = 0; octets; octets--) {
            n = n << 8 | *at++;
        }
    }
    *der = at + n;
    *len = n;
    return at;
}

/* What a session keeps must be found as long as it lives, later it must not. */
static void add_kept(Hunt *h, const Key *key, const char *what,
                     const uint8_t *bytes, size_t len)
{
    g_autofree char *name = key->algo == RSA ?
        g_strdup_printf("rsa-%u %s", vc_rsa_bits(key->number), what) :
        g_strdup_printf("curve %u %s", key->number, what);

    /* the octet of its sign */
    if (key->algo == RSA && !bytes[0]) {
        bytes++;
        len--;
    }
    vc_secrets_add(h->kept, name, bytes, len);
    vc_secrets_add(h->gone, name, bytes, len);
}

static void add_key(Hunt *h, const Key *key)
{
    static const char *const rsa_numbers[] = { "d", "p", "q", "dp", "dq",
                                               "qinv" };
    uint32_t size;
    g_autofree uint8_t *der = vc_hex(key_text(key, VC_PRIVATE), &size);
    const uint8_t *at = der, *bytes;
    size_t len;

    at = take_element(&at, &len);
    take_element(&at, &len);            /* version */
    if (key->algo == ECDSA) {
        bytes = take_element(&at, &len);
        g_assert_cmpuint(len, <=, sizeof(h->scalar));
        memcpy(h->scalar, bytes, len);
        add_kept(h, key, "d", bytes, len);
        return;
    }
    take_element(&at, &len);            /* modulus */
    take_element(&at, &len);            /* public exponent */
    for (int i = 0; i < ARRAY_SIZE(rsa_numbers); i++) {
        bytes = take_element(&at, &len);
        add_kept(h, key, rsa_numbers[i], bytes, len);
    }
}

/* Operations */

static const uint8_t digest[32] = "any bytes will do as a digest...";

static void add_nonce(Hunt *h, uint32_t curve, const uint8_t *signature)
{
    uint8_t nonce[VC_NONCE_MAX], inverse[VC_NONCE_MAX];
    size_t len = vc_nonce(curve, h->scalar, digest, signature, nonce, inverse);

    vc_secrets_add(h->gone, "nonce", nonce, len);
    vc_secrets_add(h->gone, "inverse of a nonce", inverse, len);
}

/* Send it some times at once. */
static void run_parallel(Hunt *h, const Key *key, const VCCall *c)
{
    VCMessage *messages[PARALLEL];
    g_autofree uint8_t *results = g_malloc0(PARALLEL * c->request.dst_len);
    uint32_t lens[PARALLEL];

    for (int i = 0; i < PARALLEL; i++) {
        VCRequest r = c->request;

        r.result = results + i * r.dst_len;
        r.out_len_result = &lens[i];
        messages[i] = vc_request_start(&r);
    }
    for (int i = 0; i < PARALLEL; i++) {
        vc_finish(messages[i]);
        if (key->algo == ECDSA) {
            add_nonce(h, key->number, results + i * c->request.dst_len);
        }
    }
}

/* The decryption of a message that the device encrypted */
static VCCall *rsa_call(Hunt *h, const Key *key)
{
    uint32_t room = vc_rsa_bits(key->number) / 8, len = room - 11;
    g_autofree uint8_t *message = vc_bytes(room, len);
    g_autofree char *text = vc_to_hex(message, len), *cipher = NULL;
    VCAkOp o = {
        RSA, VC_OP_ENCRYPT, VC_PUBLIC, VC_RSA_PKCS1, VC_RSA_NO_HASH,
        key_text(key, VC_PUBLIC), text,
    };
    g_autoptr(VCCall) c = vc_call_ak(h->vc, h->format, &o, room);

    vc_secrets_add(h->gone, "plaintext", message, len);
    vc_call_once(c, VC_OK);
    cipher = vc_to_hex(c->request.result, *c->request.out_len_result);
    o = (VCAkOp) {
        RSA, VC_OP_DECRYPT, VC_PRIVATE, VC_RSA_PKCS1, VC_RSA_NO_HASH,
        key_text(key, VC_PRIVATE), cipher,
    };
    return vc_call_ak(h->vc, h->format, &o, room);
}

static VCCall *ecdsa_call(Hunt *h, const Key *key)
{
    g_autofree char *text = vc_to_hex(digest, sizeof(digest));
    const VCAkOp o = {
        ECDSA, VC_OP_SIGN, VC_PRIVATE, key->number, 0,
        key_text(key, VC_PRIVATE), text,
    };

    return vc_call_ak(h->vc, h->format, &o, EC_ROOM);
}

/* Ways for a key to go */

/* A data queue keeps the key of its last stateless request. */
static void forget_stateless(Hunt *h)
{
    if (h->format == VC_STATELESS) {
        vc_check_alive(h->vc, h->format);
    }
}

static void end_destroy(Hunt *h, VCCall *c)
{
    vc_call_close(c);
    forget_stateless(h);
}

static void end_reset(Hunt *h, VCCall *c)
{
    vc_restart(h->vc);
}

static void hunt_key(Hunt *h, const Key *key,
                     void (*end)(Hunt *h, VCCall *c))
{
    g_autoptr(VCCall) c = NULL;

    g_clear_pointer(&h->kept, vc_secrets_free);
    h->kept = vc_secrets_new();
    add_key(h, key);
    c = key->algo == RSA ? rsa_call(h, key) : ecdsa_call(h, key);
    vc_call_open(c);
    run_parallel(h, key, c);
    check_found(h, h->kept, true, "while in use");
    end(h, c);
    check_found(h, h->gone, false, "after the end");
}

/* A key whose last number does not fit the others is refused at the end. */
static void hunt_refused(Hunt *h, const Key *key,
                         void (*end)(Hunt *h, VCCall *c))
{
    g_autoptr(VCCall) c = key->algo == RSA ? rsa_call(h, key) :
                                             ecdsa_call(h, key);
    g_autofree uint8_t *bad = g_memdup2(c->session.key, c->session.key_len);

    add_key(h, key);
    bad[c->session.key_len - 1] ^= 2;
    c->session.key = bad;
    vc_call_refused(c, VC_ERR);
    forget_stateless(h);
    check_found(h, h->gone, false, "after a refusal");
}

/* Tests */

typedef struct SecretsTest {
    const char *name;
    void (*hunt)(Hunt *h, const Key *key, void (*end)(Hunt *h, VCCall *c));
    void (*end)(Hunt *h, VCCall *c);
    VCFormat format;
    const char *provider;
} SecretsTest;

static const SecretsTest tests[] = {
    { "destroy", hunt_key, end_destroy },
    { "reset", hunt_key, end_reset },
    { "refused", hunt_refused },
};

static void test_akcipher(const void *data)
{
    const SecretsTest *t = data;
    Hunt h = { };
    bool any = false;

    hunt_start(&h, t->format, t->provider);
    for (int i = 0; i < ARRAY_SIZE(keys); i++) {
        if (vc_offers(h.vc, keys[i].algo)) {
            t->hunt(&h, &keys[i], t->end);
            any = true;
        }
    }
    hunt_end(&h);
    if (!any) {
        g_test_skip("no provider of public-key algorithms");
    }
}

/* The other services: keys that are long enough, and what is encrypted */

#define TEXT_LEN        64
/* Requests that are sent at once, which libraries may work on at once */
#define BATCH           16

static VCCall *service_call(Hunt *h, CryptoDevAlgo algo)
{
    const VCAlgo *a = &vc_algos[algo];
    VCCall *c = vc_call_random(h->vc, h->format, algo, TEXT_LEN, 0,
                               VC_OP_ENCRYPT);
    const VCRequest *r = &c->request;
    VCMessage *messages[BATCH];

    vc_secrets_add(h->kept, a->name, c->session.key, a->key_len);
    vc_secrets_add(h->gone, a->name, c->session.key, a->key_len);
    /* a nonce is none */
    vc_secrets_add(h->gone, "text", r->src + a->nonce_len,
                   r->src_len - a->nonce_len);
    vc_call_open(c);
    vc_call_send(c, VC_OK);
    vc_call_shapes(c);
    c->request.src_split = vc_call_split(c, r->src_len);
    for (int i = 0; i < BATCH; i++) {
        messages[i] = vc_request_start(r);
    }
    for (int i = 0; i < BATCH; i++) {
        vc_finish(messages[i]);
    }
    return c;
}

static void test_services(const void *data)
{
    const SecretsTest *t = data;
    g_autoptr(GPtrArray) calls =
        g_ptr_array_new_with_free_func((GDestroyNotify)vc_call_free);
    Hunt h = { };

    if (strcmp(t->provider, "auto") && !vc_has_provider(t->provider)) {
        g_test_skip("this QEMU lacks the crypto provider");
        return;
    }
    hunt_start(&h, t->format, t->provider);
    for (int algo = 1; algo < CRYPTODEV_ALGO__MAX; algo++) {
        if (vc_algos[algo].key_len >= VC_SECRET_MIN &&
            vc_offers(h.vc, algo)) {
            g_ptr_array_add(calls, service_call(&h, algo));
        }
    }
    g_assert_cmpuint(calls->len, >, 0);
    /* of stateless requests only the last one has a session still */
    if (t->format != VC_STATELESS) {
        check_found(&h, h.kept, true, "while in use");
    }
    for (int i = 0; i < calls->len; i++) {
        t->end(&h, g_ptr_array_index(calls, i));
    }
    check_found(&h, h.gone, false, "after the end");
    hunt_end(&h);
}

/* Registration */

static void add_test(const char *group, const SecretsTest *test,
                     VCFormat format, const char *provider,
                     void (*run)(const void *data))
{
    SecretsTest *t = g_memdup2(test, sizeof(*t));
    g_autofree char *path = g_strdup_printf("virtio-crypto/secrets/%s/%s/%s",
                                            group, t->name,
                                            vc_format_names[format]);

    t->format = format;
    t->provider = provider;
    qtest_add_data_func_full(path, t, run, g_free);
}

static void register_virtio_crypto_secrets_test(void)
{
    static const char *const providers[] = {
        "gcrypt", "nettle", "ipsec-mb", "tomcrypt",
    };

    for (VCFormat format = 0; format < VC_FORMATS; format++) {
        for (int i = 0; i < ARRAY_SIZE(tests); i++) {
            if (format != VC_V11) {
                add_test("akcipher", &tests[i], format, "auto", test_akcipher);
            }
            if (tests[i].end) {
                add_test("services", &tests[i], format, "auto",
                         test_services);
            }
        }
    }
    for (int i = 0; i < ARRAY_SIZE(providers); i++) {
        add_test(providers[i], &tests[0], VC_STD, providers[i],
                 test_services);
    }
}

libqos_init(register_virtio_crypto_secrets_test);
