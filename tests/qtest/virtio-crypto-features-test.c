/*
 * QTest testcases for virtio-crypto: VIRTIO_CRYPTO_F_REVISION_1, and requests
 * of all services that are wrong in one place
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-calls.h"
#include "libqos/virtio-crypto-registry.h"
#include "standard-headers/linux/virtio_config.h"

/* Negotiation */

static bool features_ok(VCClient *vc, uint64_t crypto)
{
    uint64_t features = qvirtio_get_features(vc->vdev);
    uint8_t status;

    features &= ~(QVIRTIO_F_BAD_FEATURE | 0x3f);
    qvirtio_start_device(vc->vdev);
    vc->vdev->bus->set_features(vc->vdev, features | crypto);
    status = vc->vdev->bus->get_status(vc->vdev);
    vc->vdev->bus->set_status(vc->vdev,
                              status | VIRTIO_CONFIG_S_FEATURES_OK);
    return vc->vdev->bus->get_status(vc->vdev) & VIRTIO_CONFIG_S_FEATURES_OK;
}

static void test_features(const VCTest *t, VCClient *vc)
{
    uint64_t offered = qvirtio_get_features(vc->vdev);

    g_assert_cmphex(offered & 0x1f, ==, 0x1f);
    g_assert_true(features_ok(vc, 0));
    g_assert_true(features_ok(vc, VC_F_REVISION_1));
    for (int service = 0; service <= VC_SERVICE_AKCIPHER; service++) {
        if (offered & VC_F_STATELESS(service)) {
            g_assert_false(features_ok(vc, VC_F_STATELESS(service)));
            g_assert_true(features_ok(vc, VC_F_REVISION_1 |
                                          VC_F_STATELESS(service)));
        }
    }
}

/* The bit of AKCIPHER depends on the libraries. */
static void test_offered(const VCTest *t, VCClient *vc)
{
    g_assert_cmphex(qvirtio_get_features(vc->vdev) & 0x3f & ~0x20, ==,
                    GPOINTER_TO_UINT(t->arg));
}

static void check_served(VCCall *c)
{
    vc_call_once(c, VC_OK);
}

/* Requests of each service in the forms that need no feature */
static void check_plain(VCClient *vc)
{
    vc_each_service(vc, VC_STD, check_served);
    vc_each_service(vc, VC_V11, check_served);
}

/*
 * Some drivers accept every feature that is offered, and know nothing of
 * REVISION_1: by default they are served.
 */
static void test_accept_all(const VCTest *t, VCClient *vc)
{
    vc->features = qvirtio_get_features(vc->vdev) & 0x3f;
    g_assert_cmphex(vc->features, ==, 0);
    vc_restart(vc);
    check_plain(vc);
}

/* What is offered has no effect before a driver accepts it. */
static void test_accept_none(const VCTest *t, VCClient *vc)
{
    g_assert_cmphex(qvirtio_get_features(vc->vdev) & 0x1f, ==, 0x1f);
    check_plain(vc);
}

/* A buffer without a readable part is no request, on any queue. */
static void test_draft(const VCTest *t, VCClient *vc)
{
    vc_create_session(&(VCSession) {
        .vc = vc, .format = VC_V11, VC_SAMPLE_SESSION, .expect = VC_UNANSWERED,
    });
    vc_check_alive(vc, t->format);
    vc_request(&(VCRequest) {
        .vc = vc, .format = VC_V11, VC_SAMPLE_ENCRYPT, .expect = VC_UNANSWERED,
    });
    vc_check_alive(vc, t->format);
}

/* Bad requests of any service */

static void test_other_service(const VCTest *t, VCClient *vc)
{
    static const CryptoDevAlgo algos[] = {
        CRYPTODEV_ALGO_AES_CBC, CRYPTODEV_ALGO_MD5, CRYPTODEV_ALGO_HMAC_MD5,
        CRYPTODEV_ALGO_AES_GCM,
    };

    for (int i = 0; i < ARRAY_SIZE(algos) * ARRAY_SIZE(algos); i++) {
        g_autoptr(VCCall) a = vc_call_known(vc, t->format, algos[i / 4], 0,
                                            VC_OP_ENCRYPT);
        g_autoptr(VCCall) b = vc_call_known(vc, t->format, algos[i % 4], 0,
                                            VC_OP_ENCRYPT);
        uint64_t session;

        vc_call_open(a);
        vc_call_open(b);
        session = b->request.session;
        b->request.session = a->request.session;
        vc_call_send(b, i / 4 == i % 4 ? VC_OK : VC_INVSESS);
        b->request.session = session;
        vc_call_close(a);
        vc_call_close(b);
    }
}

/* Lengths that the buffers do not hold, and the wrong direction */
static void test_aead_lengths(const VCTest *t, VCClient *vc)
{
    static const char *const names[] = { "iv", "src", "aad", "dst" };
    g_autoptr(VCCall) c = vc_call_known(vc, t->format, CRYPTODEV_ALGO_AES_GCM,
                                        0, VC_OP_ENCRYPT);
    const VCDataLayout *at = &vc_data_layouts[t->format][VC_SERVICE_AEAD];
    const uint8_t fields[] = {
        at->iv_len, at->src_len, at->aad_len, at->dst_len,
    };

    vc_call_open(c);
    for (int i = 0; i < ARRAY_SIZE(fields); i++) {
        const VCPoke poke[] = {
            { .size = 4, .offset = fields[i],
              .value = g_str_equal(names[i], "dst") ? 5 : UINT32_MAX - 3 },
            { },
        };

        vc->context = names[i];
        c->request.shape.poke = poke;
        vc_call_send(c, VC_ERR);
    }
    vc->context = NULL;
    c->request.shape.poke = NULL;
    c->request.opcode = VC_AEAD_DECRYPT;
    vc_call_send(c, VC_ERR);
    c->request.opcode = VC_AEAD_ENCRYPT;
    vc_call_send(c, VC_OK);
    vc_call_close(c);
}

#define TEST(_formats, _name, _run, ...)                                \
    { _formats, _name, { .run = _run, .group = "services", __VA_ARGS__ } }
#define ARG(_value) .arg = GUINT_TO_POINTER(_value)
#define ALL (VC_F_REVISION_1 | VC_F_STATELESS_ALL)

static void register_virtio_crypto_features_test(void)
{
    const VCTestEntry tests[] = {
        TEST(VC_FOR_STD, "features/accept-all", test_accept_all),
        TEST(VC_FOR_STD, "features/accept-none", test_accept_none,
             .offered = ALL),
        TEST(VC_FOR_STD, "features/refused", test_features,
             .offered = ALL, .no_driver_ok = true),
        TEST(VC_FOR_STD, "features/default", test_offered, ARG(0)),
        TEST(VC_FOR_STD, "features/revision-1", test_offered, ARG(1),
             .offered = VC_F_REVISION_1),
        TEST(VC_FOR_STD, "features/stateless-only", test_offered, ARG(0),
             .offered = VC_F_STATELESS_ALL),
        TEST(VC_FOR_STD, "features/draft-v11=on", test_offered, ARG(0),
             .offered = ALL, .device = "draft-v11=on"),
        TEST(VC_FOR_STD, "features/stateless-mac", test_offered,
             ARG(VC_F_REVISION_1 | VC_F_STATELESS(VC_SERVICE_MAC)),
             .offered = VC_F_REVISION_1 | VC_F_STATELESS(VC_SERVICE_MAC)),
        TEST(VC_FOR_REV1 | VC_FOR_STATELESS, "draft", test_draft),
        TEST(VC_FOR_SESSIONS, "bad/other-service", test_other_service),
        TEST(VC_FOR_ALL, "bad/aead-lengths", test_aead_lengths),
        { }
    };

    vc_add_tests(tests);
}

libqos_init(register_virtio_crypto_features_test);
