/*
 * virtio-crypto client: a vhost-user server to connect a device to
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include "qemu/bswap.h"
#include "qemu/memfd.h"
#include "virtio-crypto-server.h"
#include "virtio-crypto-server-ring.h"

#define TIMEOUT_US      (30 * G_USEC_PER_SEC)
#define PAYLOAD_MAX     2048
#define FDS_MAX         8
#define INFLIGHT_SIZE   4096

typedef struct Header {
    uint32_t request, flags, size;
} Header;

#define FLAGS_REPLY     5
#define FLAG_NEED_REPLY 8

typedef struct Message {
    Header header;
    uint8_t payload[PAYLOAD_MAX];
    int fds[FDS_MAX];
    unsigned num_fds;
} Message;

/**
 * VCServer:
 *
 * @thread: does all that follows @lock and is not under it
 * @lock: protects what the test and the thread share:
 * @last, @count: of each number, a copy of the last message, and how many
 * @quit, @drop, @listening, @connect: what the test wants
 */
struct VCServer {
    char *dir, *path;
    GThread *thread;
    int wake;

    GMutex lock;
    GCond cond;
    VCServerOptions options;
    GBytes *last[VC_VHOST_MESSAGES];
    unsigned count[VC_VHOST_MESSAGES];
    unsigned connections;
    unsigned served;
    bool quit, drop, listening, connect;

    int listener;
    int fd;
    VCServerOptions now;
    unsigned answered, received;
    int64_t next_id;
    VCServerRings rings;
};

/* What the test does */

static void tell(VCServer *s)
{
    g_assert_cmpint(eventfd_write(s->wake, 1), ==, 0);
}

static VCServerOptions with_defaults(const VCServerOptions *options)
{
    VCServerOptions o = *options;

    o.features = o.features ?: VC_VHOST_USUAL;
    o.protocol = o.protocol ?: VC_VHOST_P_MQ | VC_VHOST_P_SESSION;
    o.queues = o.queues ?: 1;
    o.first_id = o.first_id ?: 1;
    return o;
}

void vc_server_change(VCServer *s, const VCServerOptions *options)
{
    g_mutex_lock(&s->lock);
    s->options = with_defaults(options);
    g_mutex_unlock(&s->lock);
}

void vc_server_drop(VCServer *s)
{
    g_mutex_lock(&s->lock);
    s->drop = true;
    tell(s);
    while (s->drop) {
        g_cond_wait(&s->cond, &s->lock);
    }
    g_mutex_unlock(&s->lock);
}

void vc_server_listen(VCServer *s, bool listen)
{
    g_mutex_lock(&s->lock);
    s->listening = listen;
    tell(s);
    while ((s->listener >= 0) != listen) {
        g_cond_wait(&s->cond, &s->lock);
    }
    g_mutex_unlock(&s->lock);
}

void vc_server_connect(VCServer *s)
{
    g_mutex_lock(&s->lock);
    s->connect = true;
    tell(s);
    g_mutex_unlock(&s->lock);
}

unsigned vc_server_wait(VCServer *s, unsigned request, unsigned n)
{
    gint64 end = g_get_monotonic_time() + TIMEOUT_US;
    unsigned count;

    g_mutex_lock(&s->lock);
    while (s->count[request] < n) {
        if (!g_cond_wait_until(&s->cond, &s->lock, end)) {
            g_error("timeout: %u of %u messages of number %u",
                    s->count[request], n, request);
        }
    }
    count = s->count[request];
    g_mutex_unlock(&s->lock);
    return count;
}

unsigned vc_server_count(VCServer *s, unsigned request)
{
    return vc_server_wait(s, request, 0);
}

unsigned vc_server_connections(VCServer *s)
{
    unsigned n;

    g_mutex_lock(&s->lock);
    n = s->connections;
    g_mutex_unlock(&s->lock);
    return n;
}

unsigned vc_server_served(VCServer *s)
{
    unsigned n;

    g_mutex_lock(&s->lock);
    n = s->served;
    g_mutex_unlock(&s->lock);
    return n;
}

uint8_t *vc_server_last(VCServer *s, unsigned request, uint32_t *size)
{
    GBytes *bytes;
    gsize len = 0;

    g_mutex_lock(&s->lock);
    bytes = s->last[request] ? g_bytes_ref(s->last[request]) : NULL;
    g_mutex_unlock(&s->lock);
    if (!bytes) {
        return NULL;
    }
    *size = g_bytes_get_size(bytes);
    return g_bytes_unref_to_data(bytes, &len);
}

const char *vc_server_path(const VCServer *s)
{
    return s->path;
}

/* Answers.  Context: the thread */

static bool write_all(int fd, const void *bytes, size_t len)
{
    return send(fd, bytes, len, MSG_NOSIGNAL) == len;
}

/* Returns: false if the connection is to end */
static bool answer_lying(VCServer *s, Header header, const void *payload)
{
    g_autofree uint8_t *bytes = g_malloc0(sizeof(header) + header.size + 4);
    uint32_t size = sizeof(header) + header.size;

    memcpy(bytes + sizeof(header), payload, header.size);
    switch (s->now.lie) {
    case VC_LIE_CLOSE:
        return false;
    case VC_LIE_MUTE:
        return true;
    case VC_LIE_SHORT:
        header.size -= 4;
        size -= 4;
        break;
    case VC_LIE_LONG:
        header.size += 4;
        size += 4;
        break;
    case VC_LIE_HUGE:
        header.size = UINT32_MAX;
        break;
    case VC_LIE_FLAGS:
        header.flags = 1;
        break;
    case VC_LIE_REQUEST:
        header.request++;
        break;
    default:
        break;
    }
    memcpy(bytes, &header, sizeof(header));
    if (s->now.lie == VC_LIE_CUT) {
        write_all(s->fd, bytes, size - 4);
        return false;
    }
    return write_all(s->fd, bytes, size);
}

static bool answer(VCServer *s, const Message *m, const void *payload,
                   uint32_t size)
{
    Header header = { m->header.request, FLAGS_REPLY, size };
    g_autofree uint8_t *bytes = NULL;

    if (s->now.lie && s->now.lie_at == header.request &&
        s->answered++ == s->now.lie_after) {
        return answer_lying(s, header, payload);
    }
    bytes = g_malloc(sizeof(header) + size);
    memcpy(bytes, &header, sizeof(header));
    memcpy(bytes + sizeof(header), payload, size);
    return write_all(s->fd, bytes, sizeof(header) + size);
}

static bool answer_u64(VCServer *s, const Message *m, uint64_t value)
{
    return answer(s, m, &value, sizeof(value));
}

static bool do_create(VCServer *s, Message *m)
{
    uint8_t *field = m->payload + VC_VHOST_CREATE_SIZE - sizeof(int64_t);
    int64_t wanted = ldq_he_p(field);
    int64_t id = s->now.refusal ? s->now.refusal :
                 s->now.keeps_ids && wanted ? wanted :
                 s->now.same_id ? s->now.first_id : s->next_id++;

    s->next_id = MAX(s->next_id, wanted + 1);
    stq_he_p(field, id);
    return answer(s, m, m->payload, VC_VHOST_CREATE_SIZE);
}

static bool do_get_config(VCServer *s, Message *m)
{
    if (s->now.config) {
        memcpy(m->payload + 12, s->now.config, 56);
    }
    return answer(s, m, m->payload, m->header.size);
}

/* mmap_size, mmap_offset, and the file */
static bool do_get_inflight(VCServer *s, Message *m)
{
    struct {
        Header header;
        uint64_t size, offset;
        uint16_t queues, queue_size;
    } QEMU_PACKED reply = {
        { m->header.request, FLAGS_REPLY, m->header.size }, INFLIGHT_SIZE
    };
    char padded[sizeof(Header) + 24] = { };
    struct iovec iov = { padded, sizeof(Header) + m->header.size };
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control = {
        .header = { CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS },
    };
    struct msghdr msg = {
        .msg_iov = &iov, .msg_iovlen = 1,
        .msg_control = &control, .msg_controllen = sizeof(control),
    };
    int fd = qemu_memfd_create("inflight", INFLIGHT_SIZE, false, 0, 0, NULL);
    ssize_t sent;

    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(ftruncate(fd, INFLIGHT_SIZE), ==, 0);
    memcpy(padded, &reply, sizeof(reply));
    memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
    sent = sendmsg(s->fd, &msg, MSG_NOSIGNAL);
    close(fd);
    return sent == iov.iov_len;
}

/* Take fds[0] of a message that names a ring with its first byte. */
static int take_fd(Message *m)
{
    int fd = m->num_fds ? m->fds[0] : -1;

    if (m->num_fds) {
        m->fds[0] = -1;
    }
    return fd;
}

static bool do_ring_message(VCServer *s, Message *m)
{
    unsigned index = m->payload[0];
    uint32_t value = ldl_he_p(m->payload + 4);
    uint64_t state;

    g_assert_cmpuint(index, <, VC_SERVER_RINGS_MAX);
    switch (m->header.request) {
    case VC_VHOST_SET_VRING_NUM:
        s->rings.ring[index].num = value;
        return true;
    case VC_VHOST_SET_VRING_BASE:
        s->rings.ring[index].next = value;
        return true;
    case VC_VHOST_SET_VRING_ADDR:
        vc_server_ring_place(&s->rings, index, m->payload);
        return true;
    case VC_VHOST_SET_VRING_KICK:
        vc_server_ring_fd(&s->rings.ring[index].kick, take_fd(m));
        return true;
    case VC_VHOST_SET_VRING_CALL:
        vc_server_ring_fd(&s->rings.ring[index].call, take_fd(m));
        return true;
    case VC_VHOST_SET_VRING_ENABLE:
        s->rings.ring[index].enabled = value;
        return true;
    default:
        state = index | (uint64_t)s->rings.ring[index].next << 32;
        vc_server_ring_fd(&s->rings.ring[index].kick, -1);
        return answer_u64(s, m, state);
    }
}

/* Returns: false if the connection is to end */
static bool handle(VCServer *s, Message *m)
{
    switch (m->header.request) {
    case VC_VHOST_GET_FEATURES:
        return answer_u64(s, m, s->now.features);
    case VC_VHOST_GET_PROTOCOL_FEATURES:
        return answer_u64(s, m, s->now.protocol);
    case VC_VHOST_GET_QUEUE_NUM:
        return answer_u64(s, m, s->now.queues);
    case VC_VHOST_CREATE_SESSION:
        return do_create(s, m);
    case VC_VHOST_GET_CONFIG:
        return do_get_config(s, m);
    case VC_VHOST_GET_INFLIGHT_FD:
        return do_get_inflight(s, m);
    case VC_VHOST_SET_LOG_BASE:
        return answer_u64(s, m, 0);
    case VC_VHOST_SET_MEM_TABLE:
        vc_server_map(&s->rings, m->payload, m->fds, m->num_fds);
        return true;
    case VC_VHOST_SET_VRING_NUM:
    case VC_VHOST_SET_VRING_BASE:
    case VC_VHOST_SET_VRING_ADDR:
    case VC_VHOST_SET_VRING_KICK:
    case VC_VHOST_SET_VRING_CALL:
    case VC_VHOST_SET_VRING_ENABLE:
    case VC_VHOST_GET_VRING_BASE:
        return do_ring_message(s, m);
    default:
        return !(m->header.flags & FLAG_NEED_REPLY) || answer_u64(s, m, 0);
    }
}

/* Life of a connection.  Context: the thread */

static void take_fds(Message *m, struct msghdr *msg)
{
    struct cmsghdr *c = CMSG_FIRSTHDR(msg);

    if (c && c->cmsg_type == SCM_RIGHTS) {
        m->num_fds = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        memcpy(m->fds, CMSG_DATA(c), m->num_fds * sizeof(int));
    }
}

static bool receive(VCServer *s, Message *m)
{
    struct iovec iov = { &m->header, sizeof(m->header) };
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(FDS_MAX * sizeof(int))];
    } control;
    struct msghdr msg = {
        .msg_iov = &iov, .msg_iovlen = 1,
        .msg_control = &control, .msg_controllen = sizeof(control),
    };

    if (recvmsg(s->fd, &msg, MSG_WAITALL) != sizeof(m->header)) {
        return false;
    }
    take_fds(m, &msg);
    g_assert_cmpuint(m->header.size, <=, PAYLOAD_MAX);
    return !m->header.size ||
           recv(s->fd, m->payload, m->header.size, MSG_WAITALL) ==
           m->header.size;
}

static void record(VCServer *s, const Message *m)
{
    unsigned request = m->header.request;

    g_assert_cmpuint(request, <, VC_VHOST_MESSAGES);
    g_mutex_lock(&s->lock);
    g_clear_pointer(&s->last[request], g_bytes_unref);
    s->last[request] = g_bytes_new(m->payload, m->header.size);
    g_mutex_unlock(&s->lock);
}

/* A test that has waited for a message may rely on what it does. */
static void count_message(VCServer *s, unsigned request)
{
    g_mutex_lock(&s->lock);
    s->count[request]++;
    g_cond_broadcast(&s->cond);
    g_mutex_unlock(&s->lock);
}

static void hang_up(VCServer *s)
{
    if (s->fd >= 0) {
        close(s->fd);
        s->fd = -1;
    }
    vc_server_rings_clear(&s->rings);
}

static void serve_message(VCServer *s)
{
    Message m = { };

    if (!receive(s, &m)) {
        hang_up(s);
        return;
    }
    record(s, &m);
    if (s->now.slow_us && s->now.slow_at == m.header.request) {
        g_usleep(s->now.slow_us);
    }
    if (++s->received == s->now.close_after || !handle(s, &m)) {
        hang_up(s);
    }
    for (unsigned i = 0; i < m.num_fds; i++) {
        if (m.fds[i] >= 0) {
            close(m.fds[i]);
        }
    }
    count_message(s, m.header.request);
}

static void connected(VCServer *s, int fd)
{
    g_mutex_lock(&s->lock);
    s->fd = fd;
    s->now = s->options;
    s->answered = s->received = 0;
    s->next_id = s->now.first_id;
    s->connections++;
    g_cond_broadcast(&s->cond);
    g_mutex_unlock(&s->lock);
}

static struct sockaddr_un address(const char *path)
{
    struct sockaddr_un un = { .sun_family = AF_UNIX };

    g_strlcpy(un.sun_path, path, sizeof(un.sun_path));
    return un;
}

static void start_listening(VCServer *s)
{
    struct sockaddr_un un = address(s->path);

    s->listener = socket(AF_UNIX, SOCK_STREAM, 0);
    g_assert_cmpint(s->listener, >=, 0);
    g_assert_cmpint(bind(s->listener, (struct sockaddr *)&un, sizeof(un)), ==,
                    0);
    g_assert_cmpint(listen(s->listener, 1), ==, 0);
}

static void stop_listening(VCServer *s)
{
    unlink(s->path);
    close(s->listener);
    s->listener = -1;
}

static void connect_to_qemu(VCServer *s)
{
    struct sockaddr_un un = address(s->path);
    gint64 end = g_get_monotonic_time() + TIMEOUT_US;
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    while (connect(fd, (struct sockaddr *)&un, sizeof(un)) < 0) {
        g_assert_cmpint(g_get_monotonic_time(), <, end);
        g_usleep(1000);
    }
    connected(s, fd);
}

/* Returns: false when it is time to end */
static bool do_wishes(VCServer *s)
{
    bool quit, drop, listening, connect;

    g_mutex_lock(&s->lock);
    quit = s->quit;
    drop = s->drop;
    listening = s->listening;
    connect = s->connect;
    s->connect = false;
    g_mutex_unlock(&s->lock);
    if (drop) {
        hang_up(s);
    }
    if (connect) {
        connect_to_qemu(s);
    }
    g_mutex_lock(&s->lock);
    if (listening && s->listener < 0) {
        start_listening(s);
    } else if (!listening && s->listener >= 0) {
        stop_listening(s);
    }
    s->drop &= !drop;
    g_cond_broadcast(&s->cond);
    g_mutex_unlock(&s->lock);
    return !quit;
}

static void serve_rings(VCServer *s)
{
    unsigned n = s->now.lazy ? 0 : vc_server_rings_serve(&s->rings);

    if (n) {
        g_mutex_lock(&s->lock);
        s->served += n;
        g_mutex_unlock(&s->lock);
    }
}

static gpointer server_thread(gpointer opaque)
{
    VCServer *s = opaque;

    while (do_wishes(s)) {
        struct pollfd p[3 + VC_SERVER_RINGS_MAX] = {
            { s->wake, POLLIN }, { s->fd, POLLIN },
            /* one connection at a time */
            { s->fd < 0 ? s->listener : -1, POLLIN },
        };
        eventfd_t value;

        for (unsigned i = 0; i < VC_SERVER_RINGS_MAX; i++) {
            p[3 + i] = (struct pollfd) {
                s->now.lazy ? -1 : s->rings.ring[i].kick, POLLIN
            };
        }
        poll(p, G_N_ELEMENTS(p), -1);
        if (p[0].revents) {
            eventfd_read(s->wake, &value);
        }
        if (p[2].revents) {
            connected(s, accept(s->listener, NULL, NULL));
        } else if (p[1].revents) {
            serve_message(s);
        }
        serve_rings(s);
    }
    return NULL;
}

VCServer *vc_server_new(const VCServerOptions *options)
{
    VCServer *s = g_new0(VCServer, 1);

    s->dir = g_dir_make_tmp("virtio-crypto-XXXXXX", NULL);
    g_assert_nonnull(s->dir);
    s->path = g_strdup_printf("%s/socket", s->dir);
    s->wake = eventfd(0, EFD_NONBLOCK);
    s->listener = s->fd = -1;
    s->options = s->now = with_defaults(options);
    g_mutex_init(&s->lock);
    g_cond_init(&s->cond);
    vc_server_rings_init(&s->rings);
    s->thread = g_thread_new("server", server_thread, s);
    if (!options->connect) {
        vc_server_listen(s, true);
    }
    return s;
}

void vc_server_free(VCServer *s)
{
    g_mutex_lock(&s->lock);
    s->quit = true;
    s->listening = false;
    g_mutex_unlock(&s->lock);
    tell(s);
    g_thread_join(s->thread);
    hang_up(s);
    for (int i = 0; i < VC_VHOST_MESSAGES; i++) {
        g_clear_pointer(&s->last[i], g_bytes_unref);
    }
    close(s->wake);
    unlink(s->path);
    rmdir(s->dir);
    g_mutex_clear(&s->lock);
    g_cond_clear(&s->cond);
    g_free(s->path);
    g_free(s->dir);
    g_free(s);
}
