/*
 * virtio-crypto client: many requests in flight
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "qemu/units.h"
#include "../libqtest.h"
#include "virtio-crypto-inflight.h"
#include "virtio-crypto-samples.h"

#define HELD_PER_SECOND     10

#define LARGE_LEN           (256 * KiB)
#define LARGE_COUNT         12

void vc_set_backend(VCClient *vc, const char *id, const char *name,
                    int64_t value)
{
    g_autofree char *path = g_strdup_printf("/objects/%s", id);

    qtest_qmp_assert_success(vc->qts, "{ 'execute': 'qom-set', 'arguments': {"
                             " 'path': %s, 'property': %s, 'value': %"
                             PRId64 " } }", path, name, value);
}

static void prepare_held(VCInflight *b, VCFormat format)
{
    b->num = VC_INFLIGHT_MAX;
    b->request = (VCRequest) {
        .vc = b->vc, .format = format, VC_SAMPLE_ENCRYPT,
        .session = vc_sample_session(b->vc, format),
    };
}

static void prepare_large(VCInflight *b, VCFormat format)
{
    b->data = vc_bytes(2, LARGE_LEN);
    b->out = g_malloc(LARGE_LEN);
    b->num = LARGE_COUNT;
    b->request = (VCRequest) {
        .vc = b->vc, .format = format, .iv = vc_sample_iv, .iv_len = 8,
        .src = b->data, .src_len = LARGE_LEN, .result = b->out,
    };
    b->request.session = vc_create_session(&(VCSession) {
        .vc = b->vc, .format = format, .algo = VC_3DES_CBC,
        .key = vc_sample_in, .key_len = 24,
    });
    vc_request(&b->request);
    b->request.out = b->out;
    b->request.result = NULL;
}

void vc_inflight_lift(VCInflight *b)
{
    vc_set_backend(b->vc, b->backend, "throttle-ops", 0);
    qtest_clock_step(b->vc->qts, NANOSECONDS_PER_SECOND);
}

/* Make a round trip on the control queue: no limit holds it back. */
static void use_control_queue(VCClient *vc, VCFormat format)
{
    vc_destroy_session(&(VCDestroy) {
        .vc = vc, .format = format, .session = vc_sample_session(vc, format),
    });
}

void vc_inflight_start(VCInflight *b, VCClient *vc, VCFormat format,
                       VCInflightKind kind, const char *backend)
{
    *b = (VCInflight) { .vc = vc, .kind = kind, .backend = backend };
    if (kind == VC_HELD) {
        prepare_held(b, format);
    } else {
        prepare_large(b, format);
    }
    /* with the limit on, all are sent before the first one starts */
    vc_set_backend(vc, backend, "throttle-ops", HELD_PER_SECOND);
    for (unsigned i = 0; i < b->num; i++) {
        b->messages[i] = vc_request_start(&b->request);
    }
    if (kind == VC_LARGE) {
        vc_inflight_lift(b);
        return;
    }
    use_control_queue(vc, format);
    vc_check_image(b->messages[b->num - 1]);
}

void vc_inflight_destroy_session(VCInflight *b)
{
    vc_destroy_session(&(VCDestroy) {
        .vc = b->vc, .format = b->request.format,
        .session = b->request.session,
    });
    for (unsigned i = 0; i < b->num; i++) {
        b->messages[i]->expect->may_be_invsess = true;
    }
}

static void cleanup(VCInflight *b)
{
    g_free(b->data);
    g_free(b->out);
}

void vc_inflight_finish(VCInflight *b)
{
    vc_inflight_lift(b);
    for (unsigned i = 0; i < b->num; i++) {
        vc_finish(b->messages[i]);
    }
    cleanup(b);
}

static uint64_t get_status(VCMessage *m)
{
    return vc_get(m, m->expect->status_addr, m->expect->status_size);
}

void vc_inflight_settle(VCInflight *b)
{
    /* first, as reading the images takes long */
    for (unsigned i = 0; i < b->num; i++) {
        b->status[i] = get_status(b->messages[i]);
    }
    if (b->kind == VC_HELD) {
        vc_check_image(b->messages[b->num - 1]);
    }
    for (unsigned i = 0; i < b->num; i++) {
        vc_take_image(b->messages[i]);
    }
}

void vc_inflight_forget(VCInflight *b)
{
    for (unsigned i = 0; i < b->num; i++) {
        g_assert_cmphex(get_status(b->messages[i]), ==, b->status[i]);
        vc_check_image(b->messages[i]);
        vc_forget(b->messages[i]);
    }
    cleanup(b);
}
