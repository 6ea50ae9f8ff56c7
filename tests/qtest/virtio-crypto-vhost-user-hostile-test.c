/*
 * QTest testcases for virtio-crypto: what guests and vhost-user servers do to
 * harm QEMU
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-hostile.h"
#include "libqos/virtio-crypto-served.h"

/* A driver that resets rings, and a server that keeps sessions */
#define RESETS                                                          \
    .features = VC_VHOST_USUAL | VC_VHOST_RING_RESET, .keeps_ids = true

static void start(VCServed *d, const VCServerOptions *server)
{
    vc_served_start(d, &(VCServedOptions) {
        .server = *server, .chardev = VC_RECONNECT,
    });
    vc_served_wait(d, true);
}

static void wait_connections(VCServed *d, unsigned n)
{
    gint64 start = g_get_monotonic_time();

    while (vc_server_connections(d->server) < n) {
        vc_give_up(d->vc, start, "QEMU does not connect again");
        vc_served_ready(d);
    }
    vc_served_wait(d, true);
}

/* Rings */

static void reset_ring(VCServed *d)
{
    vc_stop_queue(d->vc, 0);
    vc_start_queue(d->vc, 0);
}

static void misplace(QVirtQueue *vq, void *opaque)
{
    *vc_ring_part(vq, *(VCRingPart *)opaque) = VC_FAR_HOLE;
}

static void start_misplaced(VCServed *d, VCRingPart part)
{
    d->vc->place = misplace;
    d->vc->place_opaque = &part;
    vc_start_queue(d->vc, 0);
    d->vc->place = NULL;
}

/* A ring is reset, and comes back where no memory is: it rests. */
static void test_bad_ring(void)
{
    VCServed d;

    start(&d, &(VCServerOptions) { RESETS });
    for (VCRingPart part = 0; part < VC_RING_PARTS; part++) {
        vc_stop_queue(d.vc, 0);
        start_misplaced(&d, part);
        reset_ring(&d);
        vc_served_check_alive(&d);
    }
    g_assert_cmpuint(vc_server_connections(d.server), ==, 1);
    vc_served_end(&d);
}

/* The same, and then all rings are taken back: by a stop, or a lost server. */
static void test_bad_ring_ends(void)
{
    for (VCRingPart part = 0; part < VC_RING_PARTS; part++) {
        VCServed d;

        start(&d, &(VCServerOptions) { RESETS });
        vc_stop_queue(d.vc, 0);
        start_misplaced(&d, part);
        if (part == VC_RING_USED) {
            vc_server_drop(d.server);
            wait_connections(&d, 2);
        } else {
            qtest_qmp_assert_success(d.vc->qts, "{ 'execute': 'stop' }");
            qtest_qmp_assert_success(d.vc->qts, "{ 'execute': 'cont' }");
        }
        vc_restart(d.vc);
        vc_served_check_alive(&d);
        vc_served_end(&d);
    }
}

/* What is enabled already stays as it is. */
static void test_enable_again(void)
{
    unsigned before;
    VCServed d;

    start(&d, &(VCServerOptions) { RESETS });
    vc_served_check_alive(&d);
    before = vc_server_count(d.server, VC_VHOST_SET_VRING_NUM);
    d.vc->vdev->bus->queue_select(d.vc->vdev, 0);
    for (int i = 0; i < 3; i++) {
        qtest_writew(d.vc->qts, VC_REGISTER(d.vc->pci, queue_enable), 1);
    }
    vc_served_check_alive(&d);
    g_assert_cmpuint(vc_server_count(d.server, VC_VHOST_SET_VRING_NUM), ==,
                     before);
    reset_ring(&d);
    vc_served_check_alive(&d);
    g_assert_cmpuint(vc_server_count(d.server, VC_VHOST_SET_VRING_NUM), ==,
                     before + 1);
    vc_served_end(&d);
}

/* How many messages there were, with the @last of the number @request */
static unsigned count_all(VCServed *d, unsigned request, unsigned last)
{
    unsigned n = 0;

    vc_server_wait(d->server, request, last);
    for (unsigned i = 0; i < VC_VHOST_MESSAGES; i++) {
        n += vc_server_count(d->server, i);
    }
    return n;
}

static void check_ring_gone(unsigned close_after)
{
    VCServed d;

    start(&d, &(VCServerOptions) { RESETS, .close_after = close_after });
    vc_served_check_alive(&d);
    vc_server_change(d.server, &(VCServerOptions) { RESETS });
    reset_ring(&d);
    wait_connections(&d, 2);
    vc_served_check_alive(&d);
    vc_served_end(&d);
}

/* The server goes after any message that resets a ring, and starts it again. */
static void test_ring_gone(void)
{
    unsigned started, end;
    VCServed d;

    start(&d, &(VCServerOptions) { RESETS });
    vc_served_check_alive(&d);
    started = count_all(&d, VC_VHOST_CLOSE_SESSION, 1);
    reset_ring(&d);
    end = count_all(&d, VC_VHOST_SET_VRING_ENABLE, 2);
    vc_served_end(&d);
    g_assert_cmpuint(end, >, started + 4);
    for (unsigned n = started + 1; n <= end; n++) {
        check_ring_gone(n);
    }
}

/* Requests of a server's own */

/* What would let a server send them is not accepted. */
static void test_backend_requests(void)
{
    g_autofree uint8_t *accepted = NULL;
    uint32_t size;
    VCServed d;

    start(&d, &(VCServerOptions) {
        .protocol = VC_VHOST_P_MQ | VC_VHOST_P_BACKEND_REQ |
                    VC_VHOST_P_PAGEFAULT | VC_VHOST_P_SESSION |
                    VC_VHOST_P_SEND_FD | VC_VHOST_P_HOST_NOTIFIER |
                    VC_VHOST_P_SHARED_OBJECT,
    });
    accepted = vc_server_last(d.server, VC_VHOST_SET_PROTOCOL_FEATURES, &size);
    g_assert_cmpuint(size, ==, sizeof(uint64_t));
    g_assert_cmphex(ldq_he_p(accepted), ==,
                    VC_VHOST_P_MQ | VC_VHOST_P_SESSION);
    g_assert_cmpuint(vc_server_count(d.server, VC_VHOST_SET_BACKEND_REQ_FD),
                     ==, 0);
    vc_served_check_alive(&d);
    vc_served_end(&d);
}

/* Slow servers */

/* More than fit into a socket */
#define MANY_SESSIONS   900

/*
 * A server takes its time to close each session, but never so long that one
 * message is late.  All together are.
 */
static void test_slow_close(void)
{
    VCServed d;

    vc_served_start(&d, &(VCServedOptions) {
        .server.slow_at = VC_VHOST_CLOSE_SESSION, .server.slow_us = 4000,
        .chardev = VC_RECONNECT, .backend = ",timeout-ms=800",
    });
    vc_served_wait(&d, true);
    for (int i = 0; i < MANY_SESSIONS; i++) {
        vc_sample_session(d.vc, VC_STD);
    }
    vc_server_change(d.server, &(VCServerOptions) { });
    vc_restart(d.vc);
    wait_connections(&d, 2);
    g_assert_cmpuint(vc_server_count(d.server, VC_VHOST_CLOSE_SESSION), <,
                     MANY_SESSIONS);
    vc_served_check_alive(&d);
    vc_served_end(&d);
}

/* Servers that come and go */

#define LOST_SERVERS    30

static unsigned count_lines(const char *path, const char *what)
{
    g_autofree char *text = NULL;
    unsigned n = 0;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    for (char *line = text; (line = strstr(line, what)); line++) {
        n++;
    }
    return n;
}

/* There are ten lines at once, and then one in ten seconds. */
static void test_reports(void)
{
    gint64 began = g_get_monotonic_time();
    g_autofree char *path = NULL, *redirect = NULL;
    unsigned lines;
    VCServed d;
    int fd = g_file_open_tmp("virtio-crypto-log-XXXXXX", &path, NULL);

    g_assert_cmpint(fd, >=, 0);
    close(fd);
    redirect = g_strdup_printf(" 2>%s", path);
    vc_served_start(&d, &(VCServedOptions) {
        .chardev = VC_RECONNECT, .device = redirect,
    });
    vc_served_wait(&d, true);
    for (unsigned i = 0; i < LOST_SERVERS; i++) {
        vc_server_drop(d.server);
        wait_connections(&d, i + 2);
    }
    vc_served_check_alive(&d);
    vc_served_end(&d);
    lines = count_lines(path, "cryptodev 'cryptodev0': ");
    g_assert_cmpuint(lines, >=, 10);
    g_assert_cmpuint(lines, <=, 10 + (g_get_monotonic_time() - began) /
                                     (10 * G_USEC_PER_SEC));
    unlink(path);
}

static void register_virtio_crypto_vhost_user_hostile_test(void)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } tests[] = {
        { "bad-ring", test_bad_ring },
        { "ring-ends", test_bad_ring_ends },
        { "enable-again", test_enable_again },
        { "ring-gone", test_ring_gone },
        { "backend-requests", test_backend_requests },
        { "slow-close", test_slow_close },
        { "reports", test_reports },
    };

    for (int i = 0; i < ARRAY_SIZE(tests); i++) {
        g_autofree char *path =
            g_strdup_printf("virtio-crypto/vhost-user-hostile/%s",
                            tests[i].name);

        qtest_add_func(path, tests[i].run);
    }
}

libqos_init(register_virtio_crypto_vhost_user_hostile_test);
