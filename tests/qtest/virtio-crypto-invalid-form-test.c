/*
 * QTest testcases for virtio-crypto: valid requests in the wrong form
 *
 * A driver accepts REVISION_1 and sends requests of the other form, or the
 * reverse, or confuses the two modes.  The device parses the bytes in the form
 * that was negotiated.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-calls.h"
#include "libqos/virtio-crypto-registry.h"

#define ODD { .indirect = true, .desc_max = 11 }

/* Put bytes where the negotiated form has its key or source. */
static VCPoke poke_bytes(uint32_t offset, const uint8_t *bytes, uint8_t len)
{
    VCPoke poke = { .size = len, .offset = offset };

    for (int i = len; i-- > 0;) {
        poke.value = poke.value << 8 | bytes[i];
    }
    return poke;
}

/*
 * The driver accepted REVISION_1, but pads headers to 72 bytes.  The device
 * takes the padding for the key or the source.
 */
static void test_padded(const VCTest *t, VCClient *vc)
{
    g_autoptr(VCCall) hash = vc_call_known(vc, VC_STD, CRYPTODEV_ALGO_SHA_256,
                                           0, VC_OP_ENCRYPT);
    g_autoptr(VCCall) mac = vc_call_sample(vc, VC_STD, VC_SERVICE_MAC);
    g_autoptr(VCCall) aead = vc_call_sample(vc, VC_STD, VC_SERVICE_AEAD);
    const VCPoke session = { .size = 4, .offset = 16, .value = 1 };
    const VCPoke hash_src[] = {
        session, poke_bytes(32, hash->request.src, 3), { },
    };
    const VCPoke mac_key[] = { poke_bytes(32, mac->session.key, 4), { } };
    const VCPoke aead_key[] = {
        poke_bytes(40, aead->session.key, 8),
        poke_bytes(48, aead->session.key + 8, 8), { },
    };
    const VCPoke flag[] = { session, { } };

    /* the session of a hash ends before the padding */
    vc_call_open(hash);
    hash->request.src = (const uint8_t *)"xyz";
    hash->request.shape.poke = hash_src;
    vc_call_send(hash, VC_OK);
    vc_call_close(hash);

    mac->session.key = (const uint8_t *)"????";
    mac->session.shape.poke = mac_key;
    vc_call_open(mac);
    mac->request.format = VC_REV1;
    vc_call_send(mac, VC_OK);
    vc_call_close(mac);

    aead->session.key = vc_call_own(aead, vc_bytes(1, 16));
    aead->session.shape.poke = aead_key;
    vc_call_open(aead);
    aead->request.shape.poke = flag;
    vc_call_send(aead, VC_ERR);
    aead->request.format = VC_REV1;
    aead->request.shape.poke = NULL;
    vc_call_send(aead, VC_OK);
    vc_call_close(aead);
    vc_check_alive(vc, VC_REV1);
}

/* A driver without REVISION_1 that sends headers of the other form */
static void test_not_padded(const VCTest *t, VCClient *vc)
{
    static const VCService services[] = {
        VC_SERVICE_HASH, VC_SERVICE_MAC, VC_SERVICE_AEAD, VC_SERVICE_AKCIPHER,
    };

    for (int i = 0; i < ARRAY_SIZE(services); i++) {
        g_autoptr(VCCall) good = vc_call_sample(vc, VC_STD, services[i]);
        g_autoptr(VCCall) bad = vc_call_sample(vc, VC_REV1, services[i]);

        if (!good) {
            continue;
        }
        if (services[i] != VC_SERVICE_AKCIPHER) {
            vc_call_refused(bad, VC_ERR);
        }
        vc_call_open(good);
        bad->request.session = good->request.session;
        vc_call_send(bad, VC_ERR);
        bad->request.shape = (VCShape) ODD;
        vc_call_send(bad, VC_ERR);
        vc_call_send(good, VC_OK);
        vc_destroy_session(&(VCDestroy) {
            .vc = vc, .format = VC_REV1, .opcode = good->session.opcode + 1,
            .session = good->request.session, .expect = VC_ERR,
        });
        vc_call_send(good, VC_OK);
        vc_call_close(good);
    }
}

/*
 * The status of a request with a session that is read as a stateless one.  Its
 * first length is taken for the number of an algorithm, and only the 28 of the
 * MAC sample is one.
 */
static VCStatus misread_status(VCClient *vc, VCService service)
{
    return service == VC_SERVICE_MAC &&
           vc_offers(vc, CRYPTODEV_ALGO_SNOW3G_UIA2) ? VC_ERR : VC_NOTSUPP;
}

/* A request with the flag of the other mode */
static void test_wrong_mode(const VCTest *t, VCClient *vc)
{
    for (VCService service = 0; service < VC_SERVICES; service++) {
        g_autoptr(VCCall) a = vc_call_sample(vc, VC_STATELESS, service);
        g_autoptr(VCCall) b = vc_call_sample(vc, VC_REV1, service);
        bool sym = service == VC_SERVICE_CIPHER || service == VC_SERVICE_CHAIN;
        const VCPoke no_session[] = {
            { .size = 4, .offset = 16, .value = 1 },
            { .size = 8, .offset = 8, .value = UINT64_MAX }, { },
            { },
        };
        const VCPoke op_type[] = {
            no_session[0], no_session[1],
            { .size = sym ? 4 : 0, .offset = 64, .value = VC_SYM_CIPHER },
            { },
        };
        const VCPoke stateless[] = { { .size = 4, .offset = 16 }, { } };

        if (!a) {
            continue;
        }
        vc->context = sym ? "symmetric" : "other service";
        vc_call_open(a);
        vc_call_open(b);
        a->request.shape.poke = op_type;
        vc_call_send(a, VC_INVSESS);
        b->request.shape.poke = stateless;
        vc_call_send(b, misread_status(vc, service));
        a->request.shape.poke = b->request.shape.poke = NULL;
        vc_call_send(a, VC_OK);
        vc_call_send(b, VC_OK);
        vc_call_close(b);
        vc->context = NULL;
    }
}

#define INVALID(_formats, _name, _run)                                  \
    { _formats, "invalid-form/" _name, { .run = _run } }

static const VCTestEntry tests[] = {
    INVALID(VC_FOR_REV1, "padded", test_padded),
    INVALID(VC_FOR_STD, "not-padded", test_not_padded),
    INVALID(VC_FOR_STATELESS, "wrong-mode", test_wrong_mode),
    { }
};

static void register_virtio_crypto_invalid_form_test(void)
{
    vc_add_tests(tests);
}

libqos_init(register_virtio_crypto_invalid_form_test);
