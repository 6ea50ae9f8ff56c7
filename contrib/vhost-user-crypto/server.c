/*
 * vhost-user-crypto: the connection
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <sys/mman.h>
#include <sys/time.h>
#include "qapi/error.h"
#include "qemu/error-report.h"
#include "qemu/main-loop.h"
#include "qemu/timer.h"
#include "standard-headers/linux/virtio_config.h"
#include "vhost-user-crypto.h"

/* Bits that are about rings, and are understood */
#define RING_FEATURES                                                   \
    (BIT_ULL(VIRTIO_F_NOTIFY_ON_EMPTY) |                                \
     BIT_ULL(VIRTIO_RING_F_INDIRECT_DESC) |                             \
     BIT_ULL(VIRTIO_RING_F_EVENT_IDX) |                                 \
     BIT_ULL(VIRTIO_F_VERSION_1) |                                      \
     BIT_ULL(VIRTIO_F_IN_ORDER) |                                       \
     BIT_ULL(VIRTIO_F_RING_RESET))

/* Bits of the device type: all but what nobody computes */
#define OWN_FEATURES                                                    \
    MAKE_64BIT_MASK(VIRTIO_CRYPTO_F_REVISION_1,                         \
                    VIRTIO_CRYPTO_F_STATELESS_MODE(CRYPTODEV_SERVICE__MAX))

/* So many lines are said at once, and then one in so long */
#define VU_CRYPTO_LINES     10
#define VU_CRYPTO_QUIET_NS  (10 * NANOSECONDS_PER_SECOND)

bool vu_crypto_may_tell(VuCrypto *s)
{
    int64_t now = get_clock();

    if (s->told == VU_CRYPTO_LINES && now - s->told_at < VU_CRYPTO_QUIET_NS) {
        return false;
    }
    s->told = MIN(s->told + 1, VU_CRYPTO_LINES);
    s->told_at = now;
    return true;
}

void vu_crypto_fail(VuCrypto *s, const char *fmt, ...)
{
    g_autofree char *why = NULL;
    va_list ap;

    if (s->failed) {
        return;
    }
    va_start(ap, fmt);
    why = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    if (vu_crypto_may_tell(s)) {
        error_report("%s; the connection is closed", why);
    }
    s->failed = true;
}

/* What libvhost-user has found wrong */
static void panic(VuDev *vu, const char *why)
{
    g_autofree char *line = g_strchomp(g_strdup(why ?: "no memory"));

    vu_crypto_fail(vu_crypto_of(vu), "%s", line);
}

/*
 * Buffers are given back in order, whether that was negotiated or not: so the
 * used index tells the next process where to go on.
 */
void vu_crypto_features_set(VuCrypto *s, uint64_t features)
{
    s->stock = !virtio_has_feature(features, VIRTIO_F_VERSION_1);
    s->vdev.guest_features = features | BIT_ULL(VIRTIO_F_VERSION_1) |
                             BIT_ULL(VIRTIO_F_IN_ORDER);
    s->caps = virtio_crypto_driver_caps(&s->offered, features);
}

/* Kicks and calls */

/*
 * The front end has set notifiers to make nobody wait, and can set them back.
 * So while it is connected an alarm ends each wait for one.
 */
static void alarm_rings(int signum)
{
}

static void alarm_init(void)
{
    struct sigaction action = { .sa_handler = alarm_rings };
    sigset_t alarms;

    sigaction(SIGALRM, &action, NULL);
    /* the main loop has blocked it */
    sigemptyset(&alarms);
    sigaddset(&alarms, SIGALRM);
    pthread_sigmask(SIG_UNBLOCK, &alarms, NULL);
}

static void alarm_set(bool on)
{
    struct itimerval each = { { .tv_sec = on }, { .tv_sec = on } };

    setitimer(ITIMER_REAL, &each, NULL);
}

void vu_crypto_signal(VuCrypto *s, int fd)
{
    uint64_t one = 1;

    /* one that is full is seen anyway, and one that has gone is not missed */
    if (fd != -1 && !s->failed && write(fd, &one, sizeof(one)) < 0 &&
        errno == EINTR) {
        vu_crypto_fail(s, "a notifier makes us wait");
    }
}

static void kicked(void *opaque)
{
    VirtIOCryptoQueue *q = opaque;
    VuCrypto *s = container_of(q->sessions, VuCrypto, sessions);
    int fd = s->vu.vq[q->index].kick_fd;
    uint64_t count;
    ssize_t n = read(fd, &count, sizeof(count));

    if (n > 0) {
        vu_crypto_queue_schedule(s, q->index);
    } else if (n == 0 || errno != EAGAIN) {
        vu_crypto_fail(s, "the kicks of queue %u cannot be read", q->index);
        qemu_bh_schedule(s->bh);
    }
}

static void set_watch(VuDev *vu, int fd, int condition, vu_watch_cb cb,
                      void *index)
{
    VuCrypto *s = vu_crypto_of(vu);

    qemu_set_fd_handler(fd, kicked, NULL, &s->queues[(uintptr_t)index]);
}

static void remove_watch(VuDev *vu, int fd)
{
    qemu_set_fd_handler(fd, NULL, NULL, NULL);
}

/* A queue with a handler is watched; we handle kicks ourselves. */
static void handler(VuDev *vu, int index)
{
}

/* Messages and turns */

static bool processed_in_order(VuDev *vu, int index)
{
    return true;
}

static const VuDevIface iface = {
    .process_msg = vu_crypto_process_message,
    .queue_is_processed_in_order = processed_in_order,
};

static bool connection_is_good(VuCrypto *s)
{
    if (vu_crypto_memory_lost()) {
        vu_crypto_fail(s, "the file of a memory region has become shorter, or "
                       "the host has no page for it");
    }
    if (s->vu.log_table == MAP_FAILED) {
        s->vu.log_table = NULL;
        vu_crypto_fail(s, "the log cannot be mapped");
    }
    return !s->failed;
}

static void message_ready(void *opaque)
{
    VuCrypto *s = opaque;
    bool more = vu_dispatch(&s->vu) && connection_is_good(s);

    for (uint32_t i = 0; more && i <= s->num_queues; i++) {
        vu_crypto_queue_update(s, &s->queues[i]);
    }
    if (!more || !connection_is_good(s)) {
        vu_crypto_disconnect(s);
    }
}

static void run_queues(void *opaque)
{
    VuCrypto *s = opaque;

    if (!s->connected) {
        return;
    }
    vu_crypto_queues_run(s);
    if (!connection_is_good(s)) {
        vu_crypto_disconnect(s);
    }
}

/* Context: any thread, with a lock of the backend held */
static void wake(CryptoDevClient *client, unsigned queue)
{
    VuCrypto *s = container_of(client, VuCrypto, client);

    vu_crypto_queue_schedule(s, queue);
    qemu_event_set(&s->woken);
}

static void changed(CryptoDevClient *client)
{
}

static bool has_driver(CryptoDevClient *client)
{
    return container_of(client, VuCrypto, client)->connected;
}

/* Life */

void vu_crypto_init(VuCrypto *s, CryptoDevBackend *backend,
                    const VuCryptoConf *conf)
{
    uint64_t own = virtio_crypto_possible_features(OWN_FEATURES,
                                                   &backend->caps);

    s->conf = *conf;
    s->backend = backend;
    s->num_queues = backend->queues;
    s->offered = backend->caps;
    if (conf->max_size) {
        s->offered.max_size = MIN(conf->max_size, s->offered.max_size);
    }
    s->features_offered = own | RING_FEATURES | BIT_ULL(VHOST_F_LOG_ALL) |
                          BIT_ULL(VHOST_USER_F_PROTOCOL_FEATURES);
    s->client = (CryptoDevClient) {
        .changed = changed, .wake = wake, .has_driver = has_driver,
    };
    cryptodev_backend_attach(backend, &s->client, &error_abort);
    virtio_crypto_sessions_init(&s->sessions, conf->max_sessions);
    qemu_event_init(&s->woken, false);
    s->bh = qemu_bh_new(run_queues, s);
    s->vdev.dma_as = &s->as;
    s->queues = g_new0(VirtIOCryptoQueue, s->num_queues + 1);
    for (uint32_t i = 0; i <= s->num_queues; i++) {
        vu_crypto_queue_init(s, i);
    }
    vu_crypto_memory_guard(s);
    alarm_init();
}

void vu_crypto_cleanup(VuCrypto *s)
{
    vu_crypto_disconnect(s);
    for (uint32_t i = 0; i <= s->num_queues; i++) {
        vu_crypto_queue_cleanup(&s->queues[i]);
    }
    g_free(s->queues);
    qemu_bh_delete(s->bh);
    qemu_event_destroy(&s->woken);
    virtio_crypto_sessions_cleanup(&s->sessions);
    cryptodev_backend_detach(s->backend, &s->client);
}

void vu_crypto_connect(VuCrypto *s, int fd)
{
    s->failed = false;
    /* what the front end before this one has lost is not its fault */
    vu_crypto_memory_lost();
    vu_crypto_features_set(s, 0);
    /* a front end asks before it knows what its driver accepts */
    s->caps = s->offered;
    if (!vu_init(&s->vu, s->num_queues + 1, fd, panic, vu_crypto_read_message,
                 set_watch, remove_watch, &iface)) {
        error_report("no memory for a connection");
        close(fd);
        return;
    }
    s->vu.inflight_info.fd = -1;
    s->connected = true;
    alarm_set(true);
    vu_crypto_memory_changed(s);
    for (uint32_t i = 0; i <= s->num_queues; i++) {
        vu_set_queue_handler(&s->vu, vu_get_queue(&s->vu, i), handler);
    }
    qemu_set_fd_handler(fd, message_ready, NULL, s);
}

void vu_crypto_disconnect(VuCrypto *s)
{
    if (!s->connected) {
        return;
    }
    qemu_set_fd_handler(s->vu.sock, NULL, NULL, NULL);
    for (uint32_t i = 0; i <= s->num_queues; i++) {
        vu_crypto_queue_drop(s, &s->queues[i]);
    }
    virtio_crypto_sessions_clear(&s->sessions);
    /* of a message that has not come to its end */
    cryptodev_wipe(&s->session, sizeof(s->session));
    s->connected = false;
    alarm_set(false);
    vu_deinit(&s->vu);
}
