/*
 * QTest testcases for virtio-crypto: valid requests in buffers that are too
 * short, or that the rules of virtqueues forbid
 *
 * Each gets its status, if there is a place for it, and changes nothing else;
 * the device serves the next request.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-calls.h"
#include "libqos/virtio-crypto-registry.h"

#define STD     (VC_FOR_STD | VC_FOR_REV1)
#define V11     VC_FOR_V11

#define STD_CREATE_LEN  (72 + sizeof(vc_sample_key))
#define STD_DATA_LEN    (72 + sizeof(vc_sample_iv) + VC_SAMPLE_LEN)

static void create_short(VCClient *vc, VCFormat format, uint32_t readable_cut,
                         uint32_t writable_cut, VCStatus expect)
{
    vc_create_session(&(VCSession) {
        .vc = vc, .format = format, VC_SAMPLE_SESSION, .expect = expect,
        .shape.readable_cut = readable_cut, .shape.writable_cut = writable_cut,
    });
    vc_check_alive(vc, format);
}

static void destroy_short(VCClient *vc, VCFormat format, uint32_t readable_cut,
                          uint32_t writable_cut, VCStatus expect)
{
    uint64_t session = vc_sample_session(vc, format);

    vc_destroy_session(&(VCDestroy) {
        .vc = vc, .format = format, .session = session, .expect = expect,
        .shape.readable_cut = readable_cut, .shape.writable_cut = writable_cut,
    });
    vc_sample_request(vc, format, session, VC_OK);
}

static void test_std_short_create(const VCTest *t, VCClient *vc)
{
    uint32_t destroy_len = t->format == VC_REV1 ? 24 : 72;

    for (uint32_t len = 1; len < STD_CREATE_LEN; len++) {
        create_short(vc, t->format, STD_CREATE_LEN - len, 0, VC_ERR);
    }
    for (uint32_t len = 1; len < 16; len++) {
        create_short(vc, t->format, 0, 16 - len, VC_ERR);
    }
    for (uint32_t len = 1; len < destroy_len; len++) {
        destroy_short(vc, t->format, destroy_len - len, 0, VC_ERR);
    }
}

static void test_std_short_data(const VCTest *t, VCClient *vc)
{
    VCRequest r = vc_sample_in_session(vc, t->format);

    r.expect = VC_ERR;
    for (uint32_t len = 1; len < STD_DATA_LEN; len++) {
        r.shape.readable_cut = STD_DATA_LEN - len;
        vc_request_and_sample(&r);
    }
    r.shape.readable_cut = 0;
    for (uint32_t skip = 1; skip <= VC_SAMPLE_LEN; skip++) {
        r.shape.writable_skip = skip;
        vc_request_and_sample(&r);
    }
}

/* If there is no place for the status, there is no answer. */
static void test_v11_short_create(const VCTest *t, VCClient *vc)
{
    for (uint32_t len = 1; len < 104; len++) {
        create_short(vc, VC_V11, 0, 104 - len,
                     len < 52 ? VC_UNANSWERED : VC_ERR);
    }
    for (uint32_t len = 1; len < 32; len++) {
        destroy_short(vc, VC_V11, 0, 104 - len,
                      len < 28 ? VC_UNANSWERED : VC_ERR);
    }
}

/* The other services need fewer bytes, and have the status elsewhere. */
static void test_v11_short_services(const VCTest *t, VCClient *vc)
{
    static const struct {
        VCService service;
        uint32_t status_end, needed;
    } services[] = {
        { VC_SERVICE_HASH, 36, 40 },
        { VC_SERVICE_MAC, 52, 56 },
        { VC_SERVICE_AEAD, 60, 64 },
    };

    for (int i = 0; i < ARRAY_SIZE(services); i++) {
        for (uint32_t len = 1; len <= services[i].needed; len++) {
            g_autoptr(VCCall) c = vc_call_sample(vc, VC_V11,
                                                 services[i].service);

            c->session.shape.writable_cut = 104 - len;
            if (len < services[i].needed) {
                vc_call_refused(c, len < services[i].status_end ?
                                   VC_UNANSWERED : VC_ERR);
            } else {
                vc_call_once(c, VC_OK);
            }
        }
    }
    vc_check_alive(vc, VC_V11);
}

static void test_v11_short_data(const VCTest *t, VCClient *vc)
{
    VCRequest r = vc_sample_in_session(vc, VC_V11);

    for (uint32_t len = 1; len < 144; len++) {
        r.shape.writable_cut = 144 - len;
        r.expect = len < 112 ? VC_UNANSWERED : VC_ERR;
        vc_request_and_sample(&r);
    }
    /* a destruction needs 32 bytes only */
    vc_destroy_session(&(VCDestroy) {
        .vc = vc, .format = VC_V11, .session = r.session,
        .shape.writable_cut = 104 - 32,
    });
}

/* Nowhere to write: the buffer comes back unused, and nothing has happened. */
static void test_no_writable(const VCTest *t, VCClient *vc)
{
    VCRequest r = vc_sample_in_session(vc, t->format);

    create_short(vc, t->format, 0, 16, VC_UNANSWERED);
    vc_destroy_session(&(VCDestroy) {
        .vc = vc, .format = t->format, .session = r.session,
        .shape.writable_cut = 1,
        .expect = VC_UNANSWERED,
    });
    vc_check_alive(vc, t->format);
    r.shape.writable_cut = VC_SAMPLE_LEN + 1;
    r.expect = VC_UNANSWERED;
    vc_request(&r);
    vc_sample_request(vc, t->format, r.session, VC_OK);
    vc_check_alive(vc, t->format);
}

/* Writable before readable is against the rules of virtqueues. */
static void test_order(const VCTest *t, VCClient *vc)
{
    for (unsigned queue = 0; queue <= vc->n_queues; queue++) {
        VCMessage *m = vc_message_expecting(vc, VC_BROKEN);

        vc_desc(m, vc_put(m, "result", NULL, 100), 100, true);
        vc_desc(m, vc_put(m, "header", NULL, 72), 72, false);
        vc_send(m, queue, false);
        vc_finish(m);
        vc_check_alive(vc, t->format);
    }
}

static const VCTestEntry tests[] = {
    { STD, "invalid-buffers/short-create", { test_std_short_create } },
    { STD, "invalid-buffers/short-data", { test_std_short_data } },
    { STD, "invalid-buffers/no-writable", { test_no_writable } },
    { STD, "invalid-buffers/order", { test_order } },
    { V11, "invalid-buffers/short-create", { test_v11_short_create } },
    { V11, "invalid-buffers/short-services", { test_v11_short_services } },
    { V11, "invalid-buffers/short-data", { test_v11_short_data } },
    { }
};

static void register_virtio_crypto_invalid_buffers_test(void)
{
    vc_add_tests(tests);
}

libqos_init(register_virtio_crypto_invalid_buffers_test);
