/*
 * virtio-crypto client: a device whose requests a vhost-user server serves
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../libqtest-single.h"
#include "virtio-crypto-served.h"

#define CONFIG_STATUS   0

void vc_served_start(VCServed *d, const VCServedOptions *options)
{
    g_autofree char *command = NULL;

    d->server = vc_server_new(&options->server);
    if (options->absent) {
        vc_server_listen(d->server, false);
    }
    command = g_strdup_printf(
        "-machine q35 -nodefaults -chardev socket,id=ch0,path=%s%s"
        " -object cryptodev-vhost-user,id=cryptodev0,chardev=ch0%s"
        " -device virtio-crypto-pci,cryptodev=cryptodev0,addr=04.0%s",
        vc_server_path(d->server), options->chardev ?: "",
        options->backend ?: "", options->device ?: "");
    vc_machine_start_shared(&d->m, command);
    d->vc = vc_machine_open(&d->m, QPCI_DEVFN(4, 0));
}

void vc_served_end(VCServed *d)
{
    vc_machine_close(d->vc);
    vc_machine_end(&d->m);
    vc_server_free(d->server);
}

bool vc_served_ready(VCServed *d)
{
    return qvirtio_config_readl(d->vc->vdev, CONFIG_STATUS);
}

void vc_served_wait(VCServed *d, bool ready)
{
    gint64 start = g_get_monotonic_time();

    while (vc_served_ready(d) != ready) {
        vc_give_up(d->vc, start, ready ? "the device is not ready" :
                                         "the device is still ready");
    }
}

/* Nobody computes the result. */
VCMessage *vc_served_request_start(VCServed *d, unsigned queue,
                                   uint64_t session)
{
    return vc_request_start(&(VCRequest) {
        .vc = d->vc, .queue = queue, .session = session,
        .iv = vc_sample_iv, .iv_len = sizeof(vc_sample_iv),
        .src = vc_sample_in, .src_len = VC_SAMPLE_LEN,
    });
}

void vc_served_request(VCServed *d, unsigned queue, uint64_t session)
{
    vc_finish(vc_served_request_start(d, queue, session));
}

void vc_served_check_alive(VCServed *d)
{
    uint64_t session = vc_sample_session(d->vc, VC_STD);

    vc_served_request(d, 0, session);
    vc_destroy_session(&(VCDestroy) { .vc = d->vc, .session = session });
}
