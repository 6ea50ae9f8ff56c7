/*
 * QTest testcases for virtio-crypto: one algorithm, four forms of request
 *
 * The answer is the same in the draft, and in the standard with sessions, with
 * sessions and REVISION_1, and without sessions.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-akcipher.h"
#include "libqos/virtio-crypto-registry.h"

/**
 * Answers: what the first form gave, to compare the others with
 *
 * @bytes: GBytes, in the order of the requests
 * @next: index of the next one; -1 while the first form is in use
 */
typedef struct Answers {
    GPtrArray *bytes;
    int next;
} Answers;

/* Send a call, whose result and digest are those of the first form. */
static void compare(VCCall *c, Answers *a)
{
    VCRequest *r = &c->request;
    uint32_t data_len = MAX(r->src_len, r->out_len);
    uint8_t *all = g_malloc0(data_len + r->digest_len + 1);
    GBytes *answer;

    r->result = all;
    r->digest_result = all + data_len;
    vc_call_once(c, VC_OK);
    r->result = r->digest_result = NULL;
    answer = g_bytes_new_take(all, data_len + r->digest_len);
    if (a->next < 0) {
        g_ptr_array_add(a->bytes, answer);
        return;
    }
    g_assert_cmpint(a->next, <, a->bytes->len);
    g_assert_true(g_bytes_equal(answer, a->bytes->pdata[a->next++]));
    g_bytes_unref(answer);
}

/* Known answers, in both directions where there are two */
static void compare_known(VCClient *vc, VCFormat f, CryptoDevAlgo algo,
                          Answers *a)
{
    VCService service = vc_algos[algo].service;
    bool both = service == VC_SERVICE_CIPHER || service == VC_SERVICE_AEAD;

    for (int i = 0; i < vc_known_answers(algo); i++) {
        for (uint32_t op = VC_OP_ENCRYPT; op <= VC_OP_ENCRYPT + both; op++) {
            g_autoptr(VCCall) c = vc_call_known(vc, f, algo, i, op);

            compare(c, a);
        }
    }
}

/* Inputs of other lengths; what was encrypted is decrypted as well. */
static void compare_random(VCClient *vc, VCFormat f, CryptoDevAlgo algo,
                           Answers *a)
{
    static const uint32_t lens[] = { 0, 1, 16, 33, 64, 1000, 4096, 7777 };
    const VCAlgo *info = &vc_algos[algo];

    for (int i = 0; i < ARRAY_SIZE(lens); i++) {
        g_autoptr(VCCall) c = NULL, back = NULL;

        if (lens[i] % info->block ||
            (algo == CRYPTODEV_ALGO_AES_XTS && lens[i] == 1)) {
            continue;
        }
        c = vc_call_random(vc, f, algo, info->nonce_len + lens[i],
                           info->service == VC_SERVICE_AEAD ? 21 : 0,
                           VC_OP_ENCRYPT);
        compare(c, a);
        if (info->service == VC_SERVICE_CIPHER ||
            info->service == VC_SERVICE_AEAD) {
            vc_call_learn(c);
            back = vc_call_reverse(c);
            compare(back, a);
        }
    }
}

static void compare_chains(VCClient *vc, VCFormat f, Answers *a)
{
    for (int i = 0; i < 8; i++) {
        g_autoptr(VCCall) c = vc_call_chain(vc, f, (i >> 1 & 1) + 1,
                                            (i >> 2) + 1, i & 1);

        compare(c, a);
    }
}

/* RSA: the draft has no AKCIPHER, and ECDSA needs REVISION_1 */
static void compare_rsa(VCClient *vc, VCFormat f, Answers *a)
{
    const VCAkOp *o;

    for (int i = 0; (o = vc_ak_known(i)); i++) {
        g_autoptr(VCCall) c = vc_call_ak(vc, f, o, VC_RSA_ROOM_MAX);

        if (o->algo == CRYPTODEV_ALGO_RSA) {
            compare(c, a);
        }
    }
}

static void compare_service(VCClient *vc, VCFormat f, VCService service,
                            Answers *a)
{
    if (service == VC_SERVICE_CHAIN) {
        compare_chains(vc, f, a);
        return;
    }
    if (service == VC_SERVICE_AKCIPHER) {
        compare_rsa(vc, f, a);
        return;
    }
    for (int algo = 1; algo < CRYPTODEV_ALGO__MAX; algo++) {
        if (vc_algos[algo].name && vc_algos[algo].service == service &&
            vc_offers(vc, algo)) {
            vc->context = vc_algos[algo].name;
            compare_known(vc, f, algo, a);
            compare_random(vc, f, algo, a);
        }
    }
}

static void test_service(const VCTest *t, VCClient *vc)
{
    static const struct {
        VCFormat format;
        uint64_t features;
    } forms[] = {
        { VC_STD, 0 },
        { VC_V11, 0 },
        { VC_REV1, VC_F_REVISION_1 | VC_F_STATELESS_ALL },
        { VC_STATELESS, VC_F_REVISION_1 | VC_F_STATELESS_ALL },
    };
    VCService service = GPOINTER_TO_UINT(t->arg);
    Answers a = {
        .bytes = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref),
    };

    if (service == VC_SERVICE_AKCIPHER && !vc_require_akcipher(vc)) {
        g_ptr_array_free(a.bytes, true);
        return;
    }
    for (int i = 0; i < ARRAY_SIZE(forms); i++) {
        if (!vc_has_service(forms[i].format, service)) {
            continue;
        }
        a.next = i ? 0 : -1;
        vc->features = forms[i].features;
        vc_restart(vc);
        compare_service(vc, forms[i].format, service, &a);
        g_assert_cmpint(a.bytes->len, >, 0);
        g_assert_true(!i || a.next == a.bytes->len);
    }
    vc->context = NULL;
    g_ptr_array_free(a.bytes, true);
}

static void register_virtio_crypto_equivalence_test(void)
{
    static const char *const services[VC_SERVICES] = {
        [VC_SERVICE_CIPHER] = "cipher", [VC_SERVICE_HASH] = "hash",
        [VC_SERVICE_MAC] = "mac", [VC_SERVICE_AEAD] = "aead",
        [VC_SERVICE_AKCIPHER] = "akcipher", [VC_SERVICE_CHAIN] = "chain",
    };

    for (VCService service = 0; service < VC_SERVICES; service++) {
        g_autofree char *name = g_strconcat("equivalence/", services[service],
                                            NULL);

        vc_add_test(name, &(VCTest) {
            .run = test_service,
            .arg = GUINT_TO_POINTER(service),
            .offered = VC_F_REVISION_1 | VC_F_STATELESS_ALL,
        });
    }
}

libqos_init(register_virtio_crypto_equivalence_test);
