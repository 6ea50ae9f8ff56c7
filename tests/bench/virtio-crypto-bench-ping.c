/*
 * virtio-crypto benchmark: how long the monitor takes to answer
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <poll.h>
#include <sys/socket.h>
#include "qemu/timer.h"
#include "virtio-crypto-bench-device.h"
#include "virtio-crypto-bench-ping.h"
#include "virtio-crypto-bench-stat.h"

#define INTERVAL_NS     (1 * SCALE_MS)
#define TIMEOUT_MS      20000

static void say(BenchPing *ping, const char *command)
{
    g_autofree char *line = g_strdup_printf("{\"execute\": \"%s\"}\n",
                                            command);
    size_t len = strlen(line);

    if (send(ping->fd, line, len, MSG_NOSIGNAL) != len) {
        bench_fail("monitor: %s", strerror(errno));
    }
}

/* An answer is one line, which QEMU writes in one piece. */
static bool answer(BenchPing *ping)
{
    char buf[4096];
    ssize_t n = recv(ping->fd, buf, sizeof(buf), MSG_DONTWAIT);

    if (n == 0 || (n < 0 && errno != EAGAIN)) {
        bench_fail("the monitor has gone");
    }
    return n > 0 && memchr(buf, '\n', n);
}

static void wait_for_answer(BenchPing *ping)
{
    struct pollfd fd = { .fd = ping->fd, .events = POLLIN };

    do {
        if (poll(&fd, 1, TIMEOUT_MS) <= 0) {
            bench_fail("the monitor does not answer");
        }
    } while (!answer(ping));
}

BenchPing *bench_ping_new(int fd)
{
    BenchPing *ping = g_new0(BenchPing, 1);

    ping->fd = fd;
    ping->latencies = g_array_new(false, false, sizeof(int64_t));
    wait_for_answer(ping);              /* the greeting */
    say(ping, "qmp_capabilities");
    wait_for_answer(ping);
    return ping;
}

static void answered(BenchPing *ping, int64_t now)
{
    int64_t latency = now - ping->asked;

    g_array_append_val(ping->latencies, latency);
    ping->open = false;
}

void bench_ping_poll(BenchPing *ping, int64_t now)
{
    if (ping->open) {
        if (answer(ping)) {
            answered(ping, get_clock());
        }
    } else if (now - ping->asked > INTERVAL_NS) {
        say(ping, "query-status");
        ping->asked = now;
        ping->open = true;
    }
}

void bench_ping_stop(BenchPing *ping)
{
    if (ping->open) {
        wait_for_answer(ping);
        answered(ping, get_clock());
    }
    bench_sort_latencies(ping->latencies);
}
