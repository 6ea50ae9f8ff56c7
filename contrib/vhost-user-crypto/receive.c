/*
 * vhost-user-crypto: bytes and file descriptors from the socket
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <poll.h>
#include <sys/socket.h>
#include "qemu/timer.h"
#include "vhost-user-crypto.h"

bool vu_crypto_wait_for(int sock, short events, int64_t deadline)
{
    struct pollfd p = { .fd = sock, .events = events };
    int64_t left;
    int ret;

    do {
        left = deadline - get_clock();
        ret = left <= 0 ? 0 : poll(&p, 1, left / SCALE_MS + 1);
    } while (ret < 0 && errno == EINTR);
    return ret > 0;
}

/* Take the file descriptors that came along.  Returns: false if too many */
static bool take_fds(VhostUserMsg *msg, struct msghdr *header)
{
    bool ok = !(header->msg_flags & MSG_CTRUNC);
    struct cmsghdr *c;

    for (c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c)) {
        const int *fds = (const int *)CMSG_DATA(c);
        unsigned n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) {
            continue;
        }
        for (unsigned i = 0; i < n; i++) {
            if (msg->fd_num < ARRAY_SIZE(msg->fds)) {
                msg->fds[msg->fd_num++] = fds[i];
            } else {
                close(fds[i]);
                ok = false;
            }
        }
    }
    return ok;
}

ssize_t vu_crypto_receive(int sock, VhostUserMsg *msg, void *buf, size_t len,
                          int64_t deadline)
{
    size_t done = 0;

    while (done < len) {
        char control[CMSG_SPACE(VHOST_MEMORY_BASELINE_NREGIONS *
                                sizeof(int))] QEMU_ALIGNED(8);
        struct iovec iov = { (uint8_t *)buf + done, len - done };
        struct msghdr header = {
            .msg_iov = &iov, .msg_iovlen = 1,
            .msg_control = control, .msg_controllen = sizeof(control),
        };
        ssize_t n = recvmsg(sock, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

        if (n > 0) {
            if (!take_fds(msg, &header)) {
                return -1;
            }
            done += n;
        } else if (n == 0 || (errno != EAGAIN && errno != EINTR) ||
                   !vu_crypto_wait_for(sock, POLLIN, deadline)) {
            break;
        }
    }
    return done;
}
