/*
 * QTest testcases for virtio-crypto: offered features, and the effect of
 * accepting them
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

#define TEST(_formats, _name, _run, ...)                                \
    { _formats, _name, { .run = _run, __VA_ARGS__ } }
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
        { }
    };

    vc_add_tests(tests);
}

libqos_init(register_virtio_crypto_features_test);
