/*
 * virtio-crypto client: requests that take seconds
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "standard-headers/linux/virtio_config.h"
#include "virtio-crypto-akcipher.h"
#include "virtio-crypto-samples.h"
#include "virtio-crypto-slow.h"

/* In turns a slow and a quick one for each queue */
static unsigned queue_of(const VCClient *vc, unsigned i)
{
    return i / 2 % vc->n_queues;
}

bool vc_slow_start(VCSlow *slow, VCClient *vc)
{
    VCCall *c;

    if (!vc_require_akcipher(vc)) {
        return false;
    }
    c = vc_call_rsa(vc, VC_STD, VC_RSA_KEYS - 1);
    vc_call_learn(c);
    vc_call_open(c);
    *slow = (VCSlow) {
        .call = c,
        .quick = {
            .vc = vc, VC_SAMPLE_ENCRYPT, .shape.indirect = true,
            .session = vc_sample_session(vc, VC_STD),
        },
    };
    c->request.shape.indirect = true;
    for (unsigned i = 0; i < VC_SLOW; i++) {
        VCRequest *r = i % 2 ? &slow->quick : &c->request;

        r->queue = queue_of(vc, i);
        slow->messages[i] = vc_request_start(r);
    }
    return true;
}

/* The buffers of each queue come back as they were sent. */
static void check_order(const VCSlow *slow, VCClient *vc)
{
    for (unsigned i = 0; i < VC_SLOW; i++) {
        g_assert_true(slow->messages[i]->done ||
                      vc_wait_any(vc, queue_of(vc, i)) == slow->messages[i]);
    }
}

void vc_slow_finish(VCSlow *slow)
{
    VCClient *vc = slow->quick.vc;

    if (vc->vdev->features & 1ull << VIRTIO_F_IN_ORDER) {
        check_order(slow, vc);
    }
    for (unsigned i = 0; i < VC_SLOW; i++) {
        vc_finish(slow->messages[i]);
    }
    vc_call_send(slow->call, VC_OK);
}

void vc_slow_forget(VCSlow *slow)
{
    for (unsigned i = 0; i < VC_SLOW; i++) {
        vc_forget(slow->messages[i]);
    }
}

void vc_slow_end(VCSlow *slow)
{
    vc_destroy_session(&(VCDestroy) {
        .vc = slow->quick.vc, .session = slow->quick.session,
    });
    vc_call_close(slow->call);
    vc_call_free(slow->call);
}
