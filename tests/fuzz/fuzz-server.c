/*
 * Fuzzing of vhost-user-crypto: messages, rings and requests
 *
 * An input is a list of steps of a front end and its guest.  Afterwards the
 * server must serve a valid front end.  The server shares the code for requests
 * with the device, so this fuzzes the device's code as well.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <sys/eventfd.h>
#include <sys/socket.h>
#include "qapi/error.h"
#include "qemu/main-loop.h"
#include "qemu/memfd.h"
#include "qemu/module.h"
#include "qom/object_interfaces.h"
#include "standard-headers/linux/virtio_ring.h"
#include "contrib/vhost-user-crypto/vhost-user-crypto.h"
#include "fuzz.h"
#include "server-input.h"

#define GUEST_BASE      0x100000ull     /* guest address */
#define USER_BASE       0x7f0000000000ull
#define MEMORY          (256 * 1024)

/* Data queues; the control queue has this number. */
#define QUEUES          2
#define RING            16
#define QUEUE_MEMORY    0x4000
#define AT_AVAIL        0x1000
#define AT_USED         0x2000
#define AT_BUFFERS      0x10000
#define BUFFER          4096

/* The longest message that is sent whole */
#define MESSAGE_MAX     1200

typedef struct Server {
    VuCrypto vu;
    FuzzInput in;
    int socket;
    int memory_fd;
    uint8_t *memory;
    int kick[QUEUES + 1];
    uint16_t avail[QUEUES + 1];
    unsigned buffer;
    uint64_t session_at;
} Server;

static Server server;

static void run_server(void)
{
    uint8_t reply[2048];

    for (int i = 0; i < 3; i++) {
        main_loop_wait(true);
    }
    while (recv(server.socket, reply, sizeof(reply), MSG_DONTWAIT) > 0) {
        /* nobody wants to know */
    }
}

/* Messages */

static void send_raw(const void *data, size_t len, int fd, unsigned num_fds)
{
    char control[CMSG_SPACE(8 * sizeof(int))] QEMU_ALIGNED(8) = { };
    struct iovec iov = { (void *)data, len };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

    num_fds = MIN(num_fds, 8);
    if (fd >= 0 && num_fds) {
        struct cmsghdr *c;

        msg.msg_control = control;
        msg.msg_controllen = CMSG_SPACE(num_fds * sizeof(int));
        c = CMSG_FIRSTHDR(&msg);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(num_fds * sizeof(int));
        for (unsigned i = 0; i < num_fds; i++) {
            memcpy(CMSG_DATA(c) + i * sizeof(int), &fd, sizeof(int));
        }
    }
    /* a server that has closed the connection is what is wanted, often */
    if (sendmsg(server.socket, &msg, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
        return;
    }
}

static void send_message(uint32_t request, uint32_t flags, uint32_t size,
                         const void *payload, int fd, unsigned num_fds)
{
    uint8_t data[VHOST_USER_HDR_SIZE + MESSAGE_MAX] = { };
    size_t len = size <= MESSAGE_MAX ? size : 0;

    stl_he_p(data, request);
    stl_he_p(data + 4, flags);
    stl_he_p(data + 8, size);
    if (payload) {
        memcpy(data + VHOST_USER_HDR_SIZE, payload, len);
    }
    send_raw(data, VHOST_USER_HDR_SIZE + len, fd, num_fds);
    run_server();
}

static void send_u64(uint32_t request, uint64_t value, int fd)
{
    send_message(request, CRYPTODEV_VHOST_VERSION, sizeof(value), &value, fd,
                 1);
}

static void send_state(uint32_t request, unsigned index, unsigned num)
{
    struct vhost_vring_state state = { index, num };

    send_message(request, CRYPTODEV_VHOST_VERSION, sizeof(state), &state, -1,
                 0);
}

/* A connection */

static void connect_server(void)
{
    int pair[2];

    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), ==, 0);
    server.socket = pair[1];
    vu_crypto_connect(&server.vu, pair[0]);
    memset(server.memory, 0, MEMORY);
    memset(server.avail, 0, sizeof(server.avail));
    server.buffer = 0;
    server.session_at = AT_BUFFERS;
}

static void disconnect_server(void)
{
    close(server.socket);
    vu_crypto_disconnect(&server.vu);
    /* what had to wait */
    main_loop_wait(true);
}

static void set_up_ring(unsigned i)
{
    struct vhost_vring_addr addr = {
        .index = i,
        .desc_user_addr = USER_BASE + i * QUEUE_MEMORY,
        .avail_user_addr = USER_BASE + i * QUEUE_MEMORY + AT_AVAIL,
        .used_user_addr = USER_BASE + i * QUEUE_MEMORY + AT_USED,
    };

    server.avail[i] = 0;
    memset(server.memory + i * QUEUE_MEMORY, 0, QUEUE_MEMORY);
    send_state(VHOST_USER_SET_VRING_NUM, i, RING);
    send_state(VHOST_USER_SET_VRING_BASE, i, 0);
    send_message(VHOST_USER_SET_VRING_ADDR, CRYPTODEV_VHOST_VERSION,
                 sizeof(addr), &addr, -1, 0);
    send_u64(VHOST_USER_SET_VRING_KICK, i, server.kick[i]);
    send_state(VHOST_USER_SET_VRING_ENABLE, i, 1);
}

/* All that a good front end does first */
static void set_up(uint64_t features)
{
    VhostUserMemory memory = {
        .nregions = 1,
        .regions[0] = { GUEST_BASE, MEMORY, USER_BASE, 0 },
    };

    send_u64(VHOST_USER_SET_FEATURES, features |
             BIT_ULL(VHOST_USER_F_PROTOCOL_FEATURES) |
             BIT_ULL(VIRTIO_RING_F_INDIRECT_DESC) |
             BIT_ULL(VIRTIO_F_VERSION_1), -1);
    send_u64(VHOST_USER_SET_PROTOCOL_FEATURES,
             BIT_ULL(VHOST_USER_PROTOCOL_F_CONFIG) |
             BIT_ULL(VHOST_USER_PROTOCOL_F_CRYPTO_SESSION), -1);
    send_message(VHOST_USER_SET_MEM_TABLE, CRYPTODEV_VHOST_VERSION,
                 offsetof(VhostUserMemory, regions) +
                 sizeof(memory.regions[0]), &memory, server.memory_fd, 1);
    for (unsigned i = 0; i <= QUEUES; i++) {
        set_up_ring(i);
    }
}

/* The guest */

static void put_desc(uint8_t *p, uint64_t at, uint32_t len, uint16_t flags,
                     uint16_t next)
{
    stq_le_p(p, GUEST_BASE + at);
    stl_le_p(p + 8, len);
    stw_le_p(p + 12, flags);
    stw_le_p(p + 14, next);
}

/* @out: in the buffer at @at; the writable half follows it */
static void put_buffer(unsigned queue, uint64_t at, size_t out_len,
                       size_t in_len, bool split)
{
    uint8_t *ring = server.memory + queue * QUEUE_MEMORY;
    uint64_t table = at + BUFFER - 64;
    uint8_t *desc = server.memory + table;
    size_t cut = split ? out_len / 2 : out_len;
    unsigned n = 0, head = server.avail[queue] % RING;

    if (cut) {
        put_desc(desc, at, cut, VRING_DESC_F_NEXT, ++n);
    }
    if (out_len > cut) {
        put_desc(desc + 16 * n, at + cut, out_len - cut, VRING_DESC_F_NEXT,
                 n + 1);
        n++;
    }
    put_desc(desc + 16 * n, at + out_len, in_len, VRING_DESC_F_WRITE, 0);
    put_desc(ring + 16 * head, table, 16 * (n + 1), VRING_DESC_F_INDIRECT, 0);
    stw_le_p(ring + AT_AVAIL + 4 + 2 * head, head);
    stw_le_p(ring + AT_AVAIL + 2, ++server.avail[queue]);
}

static uint64_t next_buffer(void)
{
    unsigned n = (MEMORY - AT_BUFFERS) / BUFFER;

    return AT_BUFFERS + server.buffer++ % n * BUFFER;
}

/* Returns: where the outcome of the request is */
static uint64_t add_request(unsigned queue, const void *out, size_t out_len,
                            size_t in_len, bool split)
{
    uint64_t at = next_buffer();

    memcpy(server.memory + at, out, out_len);
    put_buffer(queue, at, out_len, in_len, split);
    return at + out_len;
}

static void kick(unsigned queue)
{
    uint64_t one = 1;

    if (write(server.kick[queue], &one, sizeof(one)) < 0) {
        g_assert_cmpint(errno, ==, EAGAIN);
    }
    run_server();
}

/* Steps of an input */

static int any_fd(unsigned what, int *own)
{
    switch (what % 5) {
    case 0:
        return -1;
    case 1:
        return server.memory_fd;
    case 2:
        return server.kick[0];
    case 3:
        *own = eventfd(0, EFD_NONBLOCK);
        return *own;
    default:
        *own = open("/dev/null", O_RDONLY);
        return *own;
    }
}

static void step_message(void)
{
    uint8_t request = fuzz_take(&server.in, 1), how = fuzz_take(&server.in, 1);
    uint32_t flags = how & 0x80 ? fuzz_take(&server.in, 1) :
                                  CRYPTODEV_VHOST_VERSION | (how & 8);
    uint32_t size = fuzz_take(&server.in, how & 0x40 ? 4 : 2);
    uint8_t payload[MESSAGE_MAX] = { };
    int own = -1, fd = any_fd(how & 7, &own);

    for (size_t i = 0; i < MIN(size, sizeof(payload)); i++) {
        payload[i] = fuzz_take(&server.in, 1);
    }
    send_message(request, flags, size, payload, fd, 1 + (how >> 4 & 3));
    if (own >= 0) {
        close(own);
    }
}

static void step_set_up(void)
{
    uint8_t features = fuzz_take(&server.in, 1);

    set_up((features & 0x3f) |
           (features & 0x40 ? BIT_ULL(VIRTIO_RING_F_EVENT_IDX) : 0));
}

static void step_request(void)
{
    uint8_t how = fuzz_take(&server.in, 1);
    size_t out_len = fuzz_take(&server.in, 2) % 1500;
    size_t in_len = fuzz_take(&server.in, 2) % 1500 + 1;
    unsigned queue = (how & 3) % (QUEUES + 1);
    uint8_t out[1500] = { };
    uint64_t outcome;

    for (size_t i = 0; i < out_len; i++) {
        out[i] = fuzz_take(&server.in, 1);
    }
    if (how & SERVER_LAST_SESSION) {
        memcpy(out + (queue == QUEUES ? 16 : 8),
               server.memory + server.session_at, 8);
    }
    outcome = add_request(queue, out, out_len, in_len, how & 32);
    if (queue == QUEUES && how & SERVER_NEW_SESSION) {
        server.session_at = outcome;
    }
    if (!(how & SERVER_NO_KICK)) {
        kick(queue);
    }
}

static void step_write(void)
{
    uint32_t at = fuzz_take(&server.in, 2) % (QUEUES * QUEUE_MEMORY + 0x3000);
    uint8_t len = fuzz_take(&server.in, 1) & 15;

    for (unsigned i = 0; i < len; i++) {
        server.memory[at + i] = fuzz_take(&server.in, 1);
    }
}

static void step(void)
{
    uint8_t what = fuzz_take(&server.in, 1);

    switch (what % SERVER_STEPS) {
    case SERVER_MESSAGE:
        step_message();
        break;
    case SERVER_SET_UP:
        step_set_up();
        break;
    case SERVER_REQUEST:
        step_request();
        break;
    case SERVER_WRITE:
        step_write();
        break;
    case SERVER_KICK:
        kick(what / SERVER_STEPS % (QUEUES + 1));
        break;
    default:
        disconnect_server();
        connect_server();
    }
}

/* A session is made and used. */
static void check_alive(void)
{
    uint8_t create[72] = { }, data[72 + 3] = { };
    uint64_t at;

    set_up(0);
    stl_le_p(create, VIRTIO_CRYPTO_HASH_CREATE_SESSION);
    stl_le_p(create + 16, VIRTIO_CRYPTO_HASH_SHA_256);
    at = add_request(QUEUES, create, sizeof(create), 16, false);
    kick(QUEUES);
    g_assert_cmpuint(ldl_le_p(server.memory + at + 8), ==, VIRTIO_CRYPTO_OK);
    stl_le_p(data, VIRTIO_CRYPTO_HASH);
    memcpy(data + 8, server.memory + at, 8);
    stl_le_p(data + 24, 3);
    at = add_request(0, data, sizeof(data), 33, false);
    server.memory[at + 32] = 0xff;
    kick(0);
    g_assert_cmpuint(server.memory[at + 32], ==, VIRTIO_CRYPTO_OK);
}

static void init_server(void)
{
    Object *obj;

    if (server.memory) {
        return;
    }
    signal(SIGPIPE, SIG_IGN);
    module_call_init(MODULE_INIT_QOM);
    qemu_init_main_loop(&error_abort);
    obj = object_new("cryptodev-backend-builtin");
    object_property_set_uint(obj, "queues", QUEUES, &error_abort);
    object_property_add_child(object_get_objects_root(), "crypto", obj);
    user_creatable_complete(USER_CREATABLE(obj), &error_abort);
    vu_crypto_init(&server.vu, CRYPTODEV_BACKEND(obj),
                   &(VuCryptoConf) { .max_sessions = 8 });
    server.memory = qemu_memfd_alloc("fuzz", MEMORY, 0, &server.memory_fd,
                                     &error_abort);
    for (int i = 0; i <= QUEUES; i++) {
        server.kick[i] = eventfd(0, EFD_NONBLOCK);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    init_server();
    server.in = (FuzzInput) { data, MIN(len, FUZZ_INPUT_MAX) };
    connect_server();
    while (server.in.len) {
        step();
    }
    disconnect_server();
    connect_server();
    check_alive();
    disconnect_server();
    return 0;
}

/* What the user is told of bad front ends */
void __wrap_error_report(const char *fmt, ...) G_GNUC_PRINTF(1, 2);
void __wrap_warn_report(const char *fmt, ...) G_GNUC_PRINTF(1, 2);

void __wrap_error_report(const char *fmt, ...)
{
}

void __wrap_warn_report(const char *fmt, ...)
{
}
