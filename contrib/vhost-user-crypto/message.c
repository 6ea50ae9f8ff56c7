/*
 * vhost-user-crypto: messages
 *
 * libvhost-user trusts its front end in places.  So each message is read and
 * checked here first: whether it was offered, its size, its file descriptors,
 * and its values for memory and rings.  A front end that breaks the rules loses
 * the connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <poll.h>
#include "qemu/timer.h"
#include "qemu/units.h"
#include "vhost-user-crypto.h"

/* The rest of a message follows, and an answer is read, within so long. */
#define VU_CRYPTO_STALL_NS      (5 * NANOSECONDS_PER_SECOND)

/* Numbers and features that libvhost-user has no names for */
#define VHOST_USER_RESET_DEVICE             34
#define VHOST_USER_PROTOCOL_F_RESET_DEVICE  13

#define PROTOCOL_FEATURES                                               \
    (BIT_ULL(VHOST_USER_PROTOCOL_F_MQ) |                                \
     BIT_ULL(VHOST_USER_PROTOCOL_F_LOG_SHMFD) |                         \
     BIT_ULL(VHOST_USER_PROTOCOL_F_REPLY_ACK) |                         \
     BIT_ULL(VHOST_USER_PROTOCOL_F_CRYPTO_SESSION) |                    \
     BIT_ULL(VHOST_USER_PROTOCOL_F_CONFIG) |                            \
     BIT_ULL(VHOST_USER_PROTOCOL_F_RESET_DEVICE) |                      \
     BIT_ULL(VHOST_USER_PROTOCOL_F_CONFIGURE_MEM_SLOTS))

#define PAYLOAD(_member)    sizeof_field(VhostUserMsg, payload._member)

typedef bool MessageFn(VuCrypto *s, VhostUserMsg *msg);

/**
 * MessageRule: what a message must look like
 *
 * @known: whether there is such a message
 * @min, @max: size of the payload, in bytes
 * @min_fds, @max_fds: how many file descriptors come with it
 * @pauses: whether memory or rings can change, so that nothing may be in flight
 * @check: checks the payload, NULL if not needed
 * @answer: handles the message and fills in the reply; NULL if libvhost-user
 *     handles it
 *
 * Both return false after vu_crypto_fail().
 */
typedef struct MessageRule {
    bool known;
    uint16_t min, max;
    uint8_t min_fds, max_fds;
    bool pauses;
    MessageFn *check;
    MessageFn *answer;
} MessageRule;

/* Replies */

static bool reply(VhostUserMsg *msg, uint32_t size)
{
    msg->flags = 0;
    msg->size = size;
    msg->fd_num = 0;
    return true;
}

static bool reply_u64(VhostUserMsg *msg, uint64_t value)
{
    msg->payload.u64 = value;
    return reply(msg, sizeof(value));
}

/* Features */

static bool get_features(VuCrypto *s, VhostUserMsg *msg)
{
    return reply_u64(msg, s->features_offered);
}

static bool check_features(VuCrypto *s, VhostUserMsg *msg)
{
    uint64_t features = msg->payload.u64;

    if (features & ~s->features_offered ||
        !virtio_crypto_features_agree(features)) {
        vu_crypto_fail(s, "features 0x%" PRIx64 " are not those offered",
                       features);
        return false;
    }
    vu_crypto_features_set(s, features);
    /* all drivers that get here are of virtio 1 */
    msg->payload.u64 |= BIT_ULL(VIRTIO_F_VERSION_1);
    return true;
}

static bool get_protocol_features(VuCrypto *s, VhostUserMsg *msg)
{
    return reply_u64(msg, PROTOCOL_FEATURES);
}

static bool check_protocol_features(VuCrypto *s, VhostUserMsg *msg)
{
    if (msg->payload.u64 & ~PROTOCOL_FEATURES) {
        vu_crypto_fail(s, "protocol features 0x%" PRIx64 " are not those "
                       "offered", msg->payload.u64);
        return false;
    }
    return true;
}

/* Memory */

static bool check_region(VuCrypto *s, const VhostUserMemoryRegion *region,
                         int fd)
{
    if (!vu_crypto_region_ok(region, fd)) {
        vu_crypto_fail(s, "a memory region of 0x%" PRIx64 " bytes at 0x%" PRIx64
                       " is not whole pages of the file that came with it",
                       region->memory_size, region->guest_phys_addr);
        return false;
    }
    vu_crypto_memory_changed(s);
    return true;
}

static bool check_mem_table(VuCrypto *s, VhostUserMsg *msg)
{
    VhostUserMemory memory = msg->payload.memory;
    uint32_t n = memory.nregions;

    if (n > ARRAY_SIZE(memory.regions) || msg->fd_num != n ||
        msg->size != offsetof(VhostUserMemory, regions) +
                     n * sizeof(memory.regions[0])) {
        vu_crypto_fail(s, "a memory table of %u regions has %u bytes and %d "
                       "files", n, msg->size, msg->fd_num);
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        if (!check_region(s, &memory.regions[i], msg->fds[i])) {
            return false;
        }
    }
    vu_crypto_memory_changed(s);
    return true;
}

static bool check_add_region(VuCrypto *s, VhostUserMsg *msg)
{
    VhostUserMemoryRegion region = msg->payload.memreg.region;

    return check_region(s, &region, msg->fds[0]);
}

static bool check_rem_region(VuCrypto *s, VhostUserMsg *msg)
{
    vu_crypto_memory_changed(s);
    return true;
}

static bool check_log(VuCrypto *s, VhostUserMsg *msg)
{
    if (!vu_crypto_memory_fits(msg->fds[0], msg->payload.log.mmap_offset,
                               msg->payload.log.mmap_size) ||
        msg->payload.log.mmap_offset % qemu_real_host_page_size()) {
        vu_crypto_fail(s, "the log is not in the file that came with it");
        return false;
    }
    return true;
}

/* Rings */

static bool check_vring_num(VuCrypto *s, VhostUserMsg *msg)
{
    unsigned num = msg->payload.state.num;

    if (!is_power_of_2(num) || num > VIRTIO_CRYPTO_QUEUE_SIZE) {
        vu_crypto_fail(s, "a ring of %u entries", num);
        return false;
    }
    return true;
}

/* libvhost-user reads the index of the used ring at once. */
static bool check_vring_addr(VuCrypto *s, VhostUserMsg *msg)
{
    struct vhost_vring_addr addr = msg->payload.addr;
    hwaddr guest;

    if (addr.desc_user_addr % VRING_DESC_ALIGN_SIZE ||
        addr.avail_user_addr % VRING_AVAIL_ALIGN_SIZE ||
        addr.used_user_addr % VRING_USED_ALIGN_SIZE) {
        vu_crypto_fail(s, "a ring is not aligned");
    } else if (!vu_crypto_user_to_guest(s, addr.used_user_addr,
                                        sizeof(struct vring_used), &guest)) {
        vu_crypto_fail(s, "a used ring is not in shared memory");
    }
    return !s->failed;
}

/* An eventfd, which has no file type, or a pipe: a signal ends a wait there. */
static bool is_notifier(int fd)
{
    struct stat st;

    return !fstat(fd, &st) &&
           (!(st.st_mode & S_IFMT) || S_ISFIFO(st.st_mode));
}

static bool check_vring_fd(VuCrypto *s, VhostUserMsg *msg)
{
    for (int i = 0; i < msg->fd_num; i++) {
        if (!is_notifier(msg->fds[i]) ||
            !g_unix_set_fd_nonblocking(msg->fds[i], true, NULL)) {
            vu_crypto_fail(s, "a notifier that does not work");
            return false;
        }
    }
    return true;
}

/* The configuration space */

static bool get_config(VuCrypto *s, VhostUserMsg *msg)
{
    uint32_t offset = msg->payload.config.offset;
    uint32_t size = msg->payload.config.size;
    struct virtio_crypto_config config;

    if (size != msg->size - VHOST_USER_CONFIG_HDR_SIZE ||
        offset > sizeof(config) || size > sizeof(config) - offset) {
        return reply(msg, 0);
    }
    virtio_crypto_fill_config(&config, &s->caps, s->num_queues,
                              cryptodev_backend_ready(s->backend));
    memcpy(msg->payload.config.region, (uint8_t *)&config + offset, size);
    return reply(msg, msg->size);
}

/* Sessions */

static bool create_session(VuCrypto *s, VhostUserMsg *msg)
{
    CryptoDevVhostSession *answer = calloc(1, sizeof(*answer));

    /* it is libvhost-user that frees it */
    msg->data = (uint8_t *)answer;
    if (!answer) {
        vu_crypto_fail(s, "no memory for a session");
        return false;
    }
    answer->op_code = s->session.base.op_code;
    answer->session_id = vu_crypto_create_session(s);
    cryptodev_wipe(&s->session, sizeof(s->session));
    return reply(msg, sizeof(*answer));
}

static bool close_session(VuCrypto *s, VhostUserMsg *msg)
{
    bool need_reply = msg->flags & VHOST_USER_NEED_REPLY_MASK;
    bool found = vu_crypto_close_session(s, msg->payload.u64);

    return need_reply ? reply_u64(msg, !found) : true;
}

static bool reset_device(VuCrypto *s, VhostUserMsg *msg)
{
    bool need_reply = msg->flags & VHOST_USER_NEED_REPLY_MASK;

    for (uint32_t i = 0; i <= s->num_queues; i++) {
        s->vu.vq[i].enable = 0;
        s->queues[i].error = NULL;
    }
    virtio_crypto_sessions_clear(&s->sessions);
    return need_reply ? reply_u64(msg, 0) : true;
}

static bool check_get_base(VuCrypto *s, VhostUserMsg *msg)
{
    unsigned index = msg->payload.state.index;

    if (index <= s->num_queues) {
        s->queues[index].error = NULL;
    }
    return true;
}

/* The rules */

#define EMPTY(...) \
    { .known = true, __VA_ARGS__ }
#define SIZED(_size, ...) \
    { .known = true, .min = (_size), .max = (_size), __VA_ARGS__ }

static const MessageRule rules[] = {
    [VHOST_USER_GET_FEATURES] = EMPTY(.answer = get_features),
    [VHOST_USER_SET_FEATURES] =
        SIZED(PAYLOAD(u64), .pauses = true, .check = check_features),
    [VHOST_USER_SET_OWNER] = EMPTY(),
    [VHOST_USER_RESET_OWNER] = EMPTY(.pauses = true),
    [VHOST_USER_SET_MEM_TABLE] = {
        .known = true, .min = offsetof(VhostUserMemory, regions),
        .max = PAYLOAD(memory), .max_fds = VHOST_MEMORY_BASELINE_NREGIONS,
        .pauses = true, .check = check_mem_table,
    },
    [VHOST_USER_SET_LOG_BASE] =
        SIZED(PAYLOAD(log), .min_fds = 1, .max_fds = 1, .pauses = true,
              .check = check_log),
    [VHOST_USER_SET_VRING_NUM] =
        SIZED(PAYLOAD(state), .pauses = true, .check = check_vring_num),
    [VHOST_USER_SET_VRING_ADDR] =
        SIZED(PAYLOAD(addr), .pauses = true, .check = check_vring_addr),
    [VHOST_USER_SET_VRING_BASE] = SIZED(PAYLOAD(state), .pauses = true),
    [VHOST_USER_GET_VRING_BASE] =
        SIZED(PAYLOAD(state), .pauses = true, .check = check_get_base),
    [VHOST_USER_SET_VRING_KICK] =
        SIZED(PAYLOAD(u64), .min_fds = 1, .max_fds = 1, .pauses = true,
              .check = check_vring_fd),
    [VHOST_USER_SET_VRING_CALL] =
        SIZED(PAYLOAD(u64), .max_fds = 1, .check = check_vring_fd),
    [VHOST_USER_SET_VRING_ERR] =
        SIZED(PAYLOAD(u64), .max_fds = 1, .check = check_vring_fd),
    [VHOST_USER_GET_PROTOCOL_FEATURES] =
        EMPTY(.answer = get_protocol_features),
    [VHOST_USER_SET_PROTOCOL_FEATURES] =
        SIZED(PAYLOAD(u64), .check = check_protocol_features),
    [VHOST_USER_GET_QUEUE_NUM] = EMPTY(),
    [VHOST_USER_SET_VRING_ENABLE] = SIZED(PAYLOAD(state), .pauses = true),
    [VHOST_USER_GET_CONFIG] = {
        .known = true, .min = VHOST_USER_CONFIG_HDR_SIZE,
        .max = PAYLOAD(config), .answer = get_config,
    },
    [VHOST_USER_CREATE_CRYPTO_SESSION] = {
        .known = true, .min = sizeof(CryptoDevVhostSession),
        .max = sizeof(CryptoDevVhostSession) + VU_CRYPTO_MORE_KEY_MAX,
        .answer = create_session,
    },
    [VHOST_USER_CLOSE_CRYPTO_SESSION] =
        SIZED(PAYLOAD(u64), .answer = close_session),
    [VHOST_USER_RESET_DEVICE] = EMPTY(.pauses = true, .answer = reset_device),
    [VHOST_USER_GET_MAX_MEM_SLOTS] = EMPTY(),
    [VHOST_USER_ADD_MEM_REG] =
        SIZED(PAYLOAD(memreg), .min_fds = 1, .max_fds = 1, .pauses = true,
              .check = check_add_region),
    [VHOST_USER_REM_MEM_REG] =
        SIZED(PAYLOAD(memreg), .max_fds = 1, .pauses = true,
              .check = check_rem_region),
};

QEMU_BUILD_BUG_ON(VHOST_USER_CREATE_CRYPTO_SESSION !=
                  CRYPTODEV_VHOST_CREATE_SESSION);
QEMU_BUILD_BUG_ON(VHOST_USER_CLOSE_CRYPTO_SESSION !=
                  CRYPTODEV_VHOST_CLOSE_SESSION);

/* NULL if there is no such message */
static const MessageRule *rule_of(const VhostUserMsg *msg)
{
    unsigned request = msg->request;

    return request < ARRAY_SIZE(rules) && rules[request].known ?
           &rules[request] : NULL;
}

static void close_fds(VhostUserMsg *msg)
{
    while (msg->fd_num) {
        close(msg->fds[--msg->fd_num]);
    }
}

/*
 * Returns: 0 to go on with libvhost-user, 1 if all is done.  @*need is whether
 * there is a reply then.
 */
int vu_crypto_process_message(VuDev *vu, VhostUserMsg *msg, int *need)
{
    VuCrypto *s = vu_crypto_of(vu);
    const MessageRule *rule = rule_of(msg);
    bool ok;

    for (uint32_t i = 0; rule->pauses && i <= s->num_queues; i++) {
        vu_crypto_queue_pause(s, &s->queues[i]);
    }
    ok = !rule->check || rule->check(s, msg);
    if (ok && !rule->answer) {
        return 0;
    }
    ok = ok && rule->answer(s, msg);
    if (ok) {
        /* replies have no flags yet */
        *need = !msg->flags;
        return 1;
    }
    close_fds(msg);
    *need = !!(msg->flags & VHOST_USER_NEED_REPLY_MASK);
    reply_u64(msg, 1);
    return 1;
}

/* From the socket */

static bool check_header(VuCrypto *s, const VhostUserMsg *msg)
{
    const MessageRule *rule = rule_of(msg);

    if (!rule) {
        vu_crypto_fail(s, "message %d was not offered", msg->request);
    } else if ((msg->flags & VHOST_USER_VERSION_MASK) != 1 ||
               msg->flags & VHOST_USER_REPLY_MASK) {
        vu_crypto_fail(s, "message %d with flags 0x%x", msg->request,
                       msg->flags);
    } else if (msg->size < rule->min || msg->size > rule->max) {
        vu_crypto_fail(s, "message %d of %u bytes", msg->request, msg->size);
    }
    return !s->failed;
}

static bool check_fds(VuCrypto *s, const VhostUserMsg *msg)
{
    const MessageRule *rule = rule_of(msg);

    if (msg->fd_num < rule->min_fds || msg->fd_num > rule->max_fds) {
        vu_crypto_fail(s, "message %d with %d files", msg->request,
                       msg->fd_num);
    }
    return !s->failed;
}

static bool read_payload(VuCrypto *s, int sock, VhostUserMsg *msg,
                         int64_t deadline)
{
    void *payload = &msg->payload;

    if (msg->request == VHOST_USER_CREATE_CRYPTO_SESSION) {
        payload = &s->session;
        s->session.more_len = msg->size - sizeof(s->session.base);
    }
    if (vu_crypto_receive(sock, msg, payload, msg->size, deadline) !=
        msg->size) {
        vu_crypto_fail(s, "message %d is not complete", msg->request);
    }
    return !s->failed;
}

bool vu_crypto_read_message(VuDev *vu, int sock, VhostUserMsg *msg)
{
    VuCrypto *s = vu_crypto_of(vu);
    int64_t deadline = get_clock() + VU_CRYPTO_STALL_NS;
    ssize_t n;

    msg->fd_num = 0;
    n = vu_crypto_receive(sock, msg, msg, VHOST_USER_HDR_SIZE, deadline);
    if (n != VHOST_USER_HDR_SIZE) {
        /* between messages a front end may go */
        if (n) {
            vu_crypto_fail(s, "a header is not complete");
        }
    } else if (check_header(s, msg) && read_payload(s, sock, msg, deadline) &&
               check_fds(s, msg)) {
        /* there is room for the reply: then libvhost-user does not wait */
        if (vu_crypto_wait_for(sock, POLLOUT, deadline)) {
            return true;
        }
        vu_crypto_fail(s, "the front end does not read its replies");
    }
    close_fds(msg);
    return false;
}
