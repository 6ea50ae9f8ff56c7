/*
 * cryptodev-vhost-user: the connection to a server
 *
 * The main thread waits for answers of a server, but not long.  It does not
 * wait for the first answer on a new connection: a server that hangs is not
 * even noticed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/error-report.h"
#include "qemu/main-loop.h"
#include "chardev/char-socket.h"
#include "hw/virtio/virtio-crypto.h"
#include "cryptodev-vhost-user.h"
#include "trace.h"

/* So many lines at once, and one more in each such time, in milliseconds */
#define REPORTS     10
#define REPORT_MS   (10 * 1000)

/* Trouble */

/* Servers can come and go as often as they like. */
static bool may_report(CryptoDevVhostUser *vu)
{
    int64_t now = qemu_clock_get_ms(QEMU_CLOCK_REALTIME);
    int64_t paid = MAX(vu->reports_paid, now) + REPORT_MS;
    bool ok = paid <= now + REPORTS * REPORT_MS;

    if (ok) {
        vu->reports_paid = paid;
    }
    return ok;
}

static void report(CryptoDevVhostUser *vu, const char *text)
{
    if (g_strcmp0(text, vu->last_error) && may_report(vu)) {
        error_report("cryptodev '%s': %s",
                     cryptodev_backend_id(CRYPTODEV_BACKEND(vu)), text);
        g_free(vu->last_error);
        vu->last_error = g_strdup(text);
    }
}

void cryptodev_vhost_user_fail(CryptoDevVhostUser *vu, const char *fmt, ...)
{
    g_autofree char *text = NULL;
    va_list ap;

    /* what ends in the middle of a message has been told already */
    if (vu->state == CRYPTODEV_VHOST_LOST) {
        return;
    }
    va_start(ap, fmt);
    text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    report(vu, text);
    qemu_chr_fe_disconnect(&vu->chr);
}

void cryptodev_vhost_user_fail_err(CryptoDevVhostUser *vu, Error *err)
{
    cryptodev_vhost_user_fail(vu, "%s", error_get_pretty(err));
    error_free(err);
}

void cryptodev_vhost_user_begin(CryptoDevVhostUser *vu)
{
    SocketChardev *s = SOCKET_CHARDEV(qemu_chr_fe_get_driver(&vu->chr));

    cryptodev_deadline_begin(vu->deadline, QIO_CHANNEL(s->sioc),
                             vu->timeout_ms);
}

void cryptodev_vhost_user_end(CryptoDevVhostUser *vu)
{
    if (cryptodev_deadline_end(vu->deadline)) {
        g_autofree char *text =
            g_strdup_printf("the server did not answer within %u ms",
                            vu->timeout_ms);

        report(vu, text);
    }
}

static void vhost_user_begin(CryptoDevVhost *v)
{
    cryptodev_vhost_user_begin(container_of(v, CryptoDevVhostUser, vhost));
}

static void vhost_user_end(CryptoDevVhost *v, int ret)
{
    CryptoDevVhostUser *vu = container_of(v, CryptoDevVhostUser, vhost);

    if (ret < 0) {
        cryptodev_vhost_user_fail(vu, "the server does not do what it is told");
    }
    cryptodev_vhost_user_end(vu);
}

const CryptoDevVhostHooks cryptodev_vhost_user_hooks = {
    .begin = vhost_user_begin,
    .end = vhost_user_end,
};

/* Connection */

static bool check_server(uint64_t features, uint64_t protocol, Error **errp)
{
    if (!virtio_has_feature(features, VIRTIO_F_VERSION_1)) {
        error_setg(errp, "the server is none of virtio 1 (VERSION_1)");
        return false;
    }
    if (!virtio_has_feature(protocol, CRYPTODEV_VHOST_PROTOCOL_F_SESSION)) {
        error_setg(errp, "the server is none for crypto: it lacks the protocol "
                   "feature CRYPTO_SESSION");
        return false;
    }
    return true;
}

/* The server has answered the first question. */
static bool open_server(CryptoDevVhostUser *vu, uint64_t features, bool *ready,
                        Error **errp)
{
    uint64_t protocol = 0;
    bool config;

    if (virtio_has_feature(features, CRYPTODEV_VHOST_F_PROTOCOL_FEATURES) &&
        !cryptodev_vhost_get_u64(&vu->chr,
                                 CRYPTODEV_VHOST_GET_PROTOCOL_FEATURES,
                                 &protocol)) {
        error_setg(errp, "the server does not tell its protocol features");
        return false;
    }
    if (!check_server(features, protocol, errp)) {
        return false;
    }
    config = virtio_has_feature(protocol, CRYPTODEV_VHOST_PROTOCOL_F_CONFIG);
    /* others have the message, but no crypto device behind it */
    vu->has_config = config &&
                     virtio_has_feature(features, VIRTIO_CRYPTO_F_REVISION_1);
    if (!cryptodev_vhost_open(&vu->vhost, config, errp)) {
        return false;
    }
    vu->features = vu->vhost.dev.features;
    return cryptodev_vhost_user_read_config(vu, ready, errp);
}

static void use_server(CryptoDevVhostUser *vu, uint64_t features)
{
    Error *err = NULL;
    bool ready = false;

    vu->state = CRYPTODEV_VHOST_OPEN;
    vu->keeps_ids = false;
    cryptodev_vhost_user_begin(vu);
    if (open_server(vu, features, &ready, &err)) {
        /* no matter where the vhost code blocks migration */
        if (!vu->vhost.dev.migration_blocker) {
            cryptodev_vhost_sessions_try_ids(vu);
        }
        cryptodev_vhost_sessions_replay(vu);
        cryptodev_vhost_user_start_rings(vu);
    } else {
        cryptodev_vhost_user_fail_err(vu, err);
    }
    cryptodev_vhost_user_end(vu);
    trace_cryptodev_vhost_open(vu, vu->state == CRYPTODEV_VHOST_OPEN,
                               vu->features);
    if (vu->state == CRYPTODEV_VHOST_OPEN) {
        g_clear_pointer(&vu->last_error, g_free);
        cryptodev_backend_set_available(CRYPTODEV_BACKEND(vu), ready);
    }
}

/* The first answer */

/* @ok: whether there was one, with @features */
static void greeted(CryptoDevVhostUser *vu, bool ok, uint64_t features)
{
    if (ok) {
        use_server(vu, features);
    } else {
        cryptodev_vhost_user_fail(vu, "what is at the other end speaks no "
                                  "vhost-user");
    }
}

static void take_hello(CryptoDevVhostUser *vu)
{
    uint64_t features;
    bool ok = cryptodev_vhost_take_u64(vu->hello, CRYPTODEV_VHOST_GET_FEATURES,
                                       &features);

    timer_del(vu->hello_timer);
    greeted(vu, ok, features);
}

static int vhost_user_can_read(void *opaque)
{
    CryptoDevVhostUser *vu = opaque;

    return vu->state == CRYPTODEV_VHOST_GREETED ?
           sizeof(vu->hello) - vu->hello_len : 0;
}

static void vhost_user_read(void *opaque, const uint8_t *buf, int size)
{
    CryptoDevVhostUser *vu = opaque;

    memcpy(vu->hello + vu->hello_len, buf, size);
    vu->hello_len += size;
    if (vu->hello_len == sizeof(vu->hello)) {
        take_hello(vu);
    }
}

static void hello_timeout(void *opaque)
{
    CryptoDevVhostUser *vu = opaque;

    cryptodev_vhost_user_fail(vu, "the server did not answer within %u ms",
                              vu->timeout_ms);
}

static void greet(CryptoDevVhostUser *vu)
{
    vu->state = CRYPTODEV_VHOST_GREETED;
    vu->hello_len = 0;
    timer_mod(vu->hello_timer,
              qemu_clock_get_ms(QEMU_CLOCK_REALTIME) + vu->timeout_ms);
    if (!cryptodev_vhost_ask_u64(&vu->chr, CRYPTODEV_VHOST_GET_FEATURES)) {
        cryptodev_vhost_user_fail(vu, "the server takes no messages");
    }
}

/* Before the machine starts there is nobody whom it hurts to wait. */
static void greet_and_wait(CryptoDevVhostUser *vu)
{
    uint64_t features = 0;
    bool ok;

    vu->state = CRYPTODEV_VHOST_OPEN;
    cryptodev_vhost_user_begin(vu);
    ok = cryptodev_vhost_get_u64(&vu->chr, CRYPTODEV_VHOST_GET_FEATURES,
                                 &features);
    cryptodev_vhost_user_end(vu);
    greeted(vu, ok, features);
}

static void vhost_user_event(void *opaque, QEMUChrEvent event)
{
    CryptoDevVhostUser *vu = opaque;

    if (event == CHR_EVENT_OPENED && vu->state == CRYPTODEV_VHOST_CLOSED) {
        if (CRYPTODEV_BACKEND(vu)->complete) {
            greet(vu);
        } else {
            greet_and_wait(vu);
        }
    } else if (event == CHR_EVENT_CLOSED &&
               vu->state != CRYPTODEV_VHOST_CLOSED &&
               vu->state != CRYPTODEV_VHOST_LOST) {
        /* it may come in the middle of a message: clean up later */
        timer_del(vu->hello_timer);
        vu->vhost.lost = true;
        vu->state = CRYPTODEV_VHOST_LOST;
        qemu_chr_fe_set_handlers(&vu->chr, NULL, NULL, NULL, NULL, NULL, NULL,
                                 false);
        qemu_bh_schedule(vu->closed_bh);
    }
}

static void set_handlers(CryptoDevVhostUser *vu)
{
    qemu_chr_fe_set_handlers(&vu->chr, vhost_user_can_read, vhost_user_read,
                             vhost_user_event, NULL, vu, NULL, true);
}

static void vhost_user_closed_bh(void *opaque)
{
    CryptoDevVhostUser *vu = opaque;

    trace_cryptodev_vhost_closed(vu);
    if (vu->vhost.open && !vu->last_error) {
        report(vu, "the server has gone");
    }
    cryptodev_vhost_stop(&vu->vhost);
    cryptodev_vhost_close(&vu->vhost);
    cryptodev_vhost_sessions_lost(vu);
    vu->state = CRYPTODEV_VHOST_CLOSED;
    /* maybe the next one is there already */
    set_handlers(vu);
    /* the last thing: the driver is told */
    cryptodev_backend_set_available(CRYPTODEV_BACKEND(vu), false);
}

/* Life */

void cryptodev_vhost_user_connect(CryptoDevVhostUser *vu)
{
    vu->deadline = cryptodev_deadline_new();
    vu->closed_bh = qemu_bh_new(vhost_user_closed_bh, vu);
    vu->hello_timer = timer_new_ms(QEMU_CLOCK_REALTIME, hello_timeout, vu);
    set_handlers(vu);
}

void cryptodev_vhost_user_disconnect(CryptoDevVhostUser *vu)
{
    if (!vu->deadline) {
        return;
    }
    qemu_chr_fe_set_handlers(&vu->chr, NULL, NULL, NULL, NULL, NULL, NULL,
                             false);
    qemu_chr_fe_disconnect(&vu->chr);
    vu->vhost.lost = true;
    cryptodev_vhost_close(&vu->vhost);
    qemu_bh_delete(vu->closed_bh);
    timer_free(vu->hello_timer);
    cryptodev_deadline_free(vu->deadline);
}
