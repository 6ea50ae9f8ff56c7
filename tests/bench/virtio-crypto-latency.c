/*
 * virtio-crypto benchmark: response time of the monitor with a hostile guest
 *
 * Keeps a device busy with one load and asks the monitor in another thread.
 * latency.py runs this for each load; the answer is a line of JSON.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <sys/mman.h>
#include <sys/socket.h>
#include "qemu/bswap.h"
#include "qemu/thread.h"
#include "qemu/timer.h"
#include "libqtest.h"
#include "standard-headers/linux/virtio_ring.h"
#include "libqos/virtio-crypto-akcipher.h"
#include "libqos/virtio-crypto-hostile.h"
#include "libqos/virtio-crypto-machine.h"
#include "libqos/virtio-crypto-slow-key.h"

#define RAM_SIZE        (256 * MiB)
#define QUEUES_MAX      64
#define REST_US         200

static char *load_name, *thread;
static int num_queues = 1;
static double seconds = 2;

static const GOptionEntry options[] = {
    { "load", 0, 0, G_OPTION_ARG_STRING, &load_name, "What to do", "NAME" },
    { "queues", 0, 0, G_OPTION_ARG_INT, &num_queues, "Data queues", "N" },
    { "iothread", 0, 0, G_OPTION_ARG_STRING, &thread,
      "Process them in an IOThread of this name", "ID" },
    { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &seconds, "How long", "S" },
    { }
};

/* The monitor */

typedef struct Monitor {
    QemuThread thread;
    int fd;
    GArray *latencies;          /* int64_t, in ns */
    bool stop;
} Monitor;

static void fail(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

/* Read lines up to one that is no event. */
static void read_answer(FILE *file)
{
    g_autofree char *line = NULL;
    size_t size = 0;

    do {
        if (getline(&line, &size, file) <= 0) {
            fail("the monitor does not answer");
        }
    } while (strstr(line, "\"event\""));
}

static void ask(Monitor *m, FILE *file, const char *command)
{
    g_autofree char *line = g_strdup_printf("{\"execute\": \"%s\"}\n",
                                            command);

    if (write(m->fd, line, strlen(line)) != strlen(line)) {
        fail("the monitor has gone");
    }
    read_answer(file);
}

static void *monitor_run(void *opaque)
{
    Monitor *m = opaque;
    FILE *file = fdopen(m->fd, "r");

    read_answer(file);                  /* the greeting */
    ask(m, file, "qmp_capabilities");
    while (!qatomic_read(&m->stop)) {
        int64_t latency, start = get_clock();

        ask(m, file, "query-status");
        latency = get_clock() - start;
        g_array_append_val(m->latencies, latency);
        g_usleep(1000);
    }
    fclose(file);
    return NULL;
}

static gint compare(gconstpointer a, gconstpointer b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

static double percentile_ms(const GArray *sorted, double p)
{
    return g_array_index(sorted, int64_t, (int)((sorted->len - 1) * p)) / 1e6;
}

/* The device */

/**
 * Run: a load, which goes on
 *
 * @calls: what to send, of which there are one or two
 * @messages: where it is, one for each call
 * @first, @num: the queues that are loaded
 * @avail: how many buffers they were given
 * @done: how many came back, or how many resets there were
 */
typedef struct Run {
    const struct Load *load;
    VCMachine machine;
    VCClient *vc;
    uint8_t *ram;
    VCCall *calls[2];
    GPtrArray *messages;
    unsigned first, num;
    uint16_t avail[QUEUES_MAX], used[QUEUES_MAX];
    uint64_t done;
} Run;

/**
 * Load: what a guest does
 *
 * @make: the first call, or the second; NULL if there is none
 * @control: sessions are made, no requests sent
 * @depth: buffers in the ring of each queue
 * @reset: resets follow each other, each with a full ring
 */
typedef struct Load {
    const char *name;
    VCCall *(*make)(VCClient *vc, int i);
    uint16_t depth;
    VCFormat format;
    bool control, reset;
} Load;

static uint16_t *field(const Run *r, uint64_t ring, size_t offset)
{
    return (uint16_t *)(r->ram + ring + offset);
}

/* Give back what the device has used, and kick it if it sleeps. */
static void top_up(Run *r, unsigned i)
{
    const QVirtQueue *vq = r->vc->vq[r->first + i];
    uint16_t used = le16_to_cpu(qatomic_read(
        field(r, vq->used, offsetof(struct vring_used, idx))));
    uint16_t avail = used + r->load->depth;

    r->done += r->load->reset ? 0 : (uint16_t)(used - r->used[i]);
    r->used[i] = used;
    if (avail == r->avail[i]) {
        return;
    }
    r->avail[i] = avail;
    qatomic_set(field(r, vq->avail, offsetof(struct vring_avail, idx)),
                cpu_to_le16(avail));
    smp_mb();                           /* the index before the question */
    if (!(le16_to_cpu(qatomic_read(
              field(r, vq->used, offsetof(struct vring_used, flags)))) &
          VRING_USED_F_NO_NOTIFY)) {
        vc_kick(r->vc, r->first + i);
    }
}

/* All calls, in memory that the queues share; none is kicked yet. */
static void put_requests(Run *r)
{
    VCMessage *m[ARRAY_SIZE(r->calls)];
    unsigned n = 0;

    vc_hold_kicks(r->vc, true);
    for (; n < ARRAY_SIZE(m) && r->calls[n]; n++) {
        m[n] = vc_request_start(&r->calls[n]->request);
        g_ptr_array_add(r->messages, m[n]);
    }
    vc_hold_kicks(r->vc, false);
    for (unsigned q = 0; q < r->num; q++) {
        vc_fill_ring(m, n, q);
        if (q) {
            vc_share_messages(r->vc, 0, q);
        }
    }
}

static void forget_requests(Run *r)
{
    for (unsigned i = 0; i < r->messages->len; i++) {
        vc_forget(g_ptr_array_index(r->messages, i));
    }
    g_ptr_array_set_size(r->messages, 0);
}

static void begin(Run *r)
{
    memset(r->avail, 0, sizeof(r->avail));
    memset(r->used, 0, sizeof(r->used));
    if (r->load->control) {
        vc_create_session(&r->calls[0]->session);
        vc_send_again(r->vc, r->first, 1);
        return;
    }
    for (int i = 0; i < ARRAY_SIZE(r->calls) && r->calls[i]; i++) {
        vc_call_open(r->calls[i]);
    }
    put_requests(r);
}

static void restart(Run *r)
{
    vc_restart(r->vc);
    forget_requests(r);
    begin(r);
}

/* More sessions than this are too many for the device. */
#define SESSIONS_MAX    15000

static void turn(Run *r)
{
    for (unsigned i = 0; i < r->num; i++) {
        top_up(r, i);
    }
    if (r->load->reset || (r->load->control && r->used[0] > SESSIONS_MAX)) {
        restart(r);
        r->done += r->load->reset;
    } else {
        g_usleep(REST_US);
    }
}

/* Calls */

static const uint32_t *single_bytes(VCCall *c, uint32_t len)
{
    uint32_t *lens = vc_call_own(c, g_new(uint32_t, len));

    for (uint32_t i = 0; i < len - 1; i++) {
        lens[i] = 1;
    }
    lens[len - 1] = VC_END;
    return lens;
}

static VCCall *make_plain(VCClient *vc, int i)
{
    return i ? NULL : vc_call_random(vc, VC_STD, CRYPTODEV_ALGO_AES_CBC,
                                     4096, 0, VC_OP_ENCRYPT);
}

static VCCall *make_pieces(VCClient *vc, int i)
{
    VCCall *c = i ? NULL : vc_call_random(vc, VC_STD, CRYPTODEV_ALGO_AES_CBC,
                                          448, 0, VC_OP_ENCRYPT);

    if (c) {
        c->request.shape.indirect = true;
        c->request.shape.desc_max = 1;
    }
    return c;
}

static VCCall *make_lists(VCClient *vc, int i)
{
    uint32_t len = 1023;                /* of each of three lists */
    VCCall *c = i ? NULL : vc_call_random(vc, VC_V11, CRYPTODEV_ALGO_AES_GCM,
                                          len, len, VC_OP_ENCRYPT);

    if (c) {
        c->request.src_split = single_bytes(c, len);
        c->request.aad_split = single_bytes(c, len);
        c->request.dst_split = single_bytes(c, len);
    }
    return c;
}

static VCCall *make_keys(VCClient *vc, int i)
{
    const VCAkOp op = {
        CRYPTODEV_ALGO_ECDSA, VC_OP_SIGN, VC_PRIVATE, VC_CURVE_P521,
        VC_RSA_NO_HASH, i ? vc_slow_ec_key : vc_ec_key(VC_CURVE_P521,
                                                       VC_PRIVATE),
        "51454d55",
    };

    return vc_call_ak(vc, VC_STATELESS, &op, 144);
}

static VCCall *make_rsa(VCClient *vc, int i)
{
    return i ? NULL : vc_call_rsa(vc, VC_STD, VC_RSA_4096);
}

static VCCall *make_long_rsa(VCClient *vc, int i)
{
    return i ? NULL : vc_call_rsa(vc, VC_STD, VC_RSA_8192);
}

static VCCall *make_slow_rsa(VCClient *vc, int i)
{
    const VCAkOp op = {
        CRYPTODEV_ALGO_RSA, VC_OP_DECRYPT, VC_PRIVATE, VC_RSA_RAW,
        VC_RSA_NO_HASH, vc_slow_rsa_key, "01",
    };

    return i ? NULL : vc_call_ak(vc, VC_STD, &op, 512);
}

static const Load loads[] = {
    { "plain", make_plain, 1024 },
    { "pieces", make_pieces, 512 },
    { "lists", make_lists, 512, VC_V11 },
    { "stateless-keys", make_keys, 64, VC_STATELESS },
    { "imports", make_rsa, 64, .control = true },
    { "rsa-4096-reset", make_rsa, 64, .reset = true },
    { "rsa-8192-reset", make_long_rsa, 64, .reset = true },
    { "rsa-slow-reset", make_slow_rsa, 64, .reset = true },
};

static const Load *find_load(void)
{
    for (int i = 0; i < ARRAY_SIZE(loads); i++) {
        if (!g_strcmp0(loads[i].name, load_name)) {
            return &loads[i];
        }
    }
    fprintf(stderr, "no load of this name\n");
    exit(1);
}

/* QEMU, with memory that is shared */

static void start(Run *r, int monitor)
{
    int ram = memfd_create("virtio-crypto-latency", 0);
    g_autofree char *all = NULL;
    g_autofree char *in_thread =
        thread ? g_strdup_printf(",iothread=%s", thread) : g_strdup("");
    g_autofree char *object =
        thread ? g_strdup_printf(" -object iothread,id=%s", thread) :
                 g_strdup("");

    if (ram < 0 || ftruncate(ram, RAM_SIZE)) {
        fail("guest memory");
    }
    r->ram = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, ram, 0);
    if (r->ram == MAP_FAILED) {
        fail("guest memory");
    }
    all = g_strdup_printf(
        "-nodefaults -machine pc,memory-backend=ram -m %" PRIu64 "M"
        " -object memory-backend-file,id=ram,size=%" PRIu64 "M,share=on,"
        "mem-path=/proc/self/fd/%d"
        " -chardev socket,id=ask,fd=%d -mon chardev=ask,mode=control%s"
        " -object cryptodev-backend-builtin,id=c0,queues=%d"
        " -device virtio-crypto-pci,cryptodev=c0,addr=04.0%s%s",
        (uint64_t)RAM_SIZE / MiB, (uint64_t)RAM_SIZE / MiB, ram, monitor,
        object, num_queues, in_thread, r->load->format == VC_STATELESS ?
        ",revision-1=on,stateless-akcipher=on" : "");
    vc_machine_start(&r->machine, all);
    close(ram);
    r->vc = vc_machine_open(&r->machine, QPCI_DEVFN(4, 0));
    r->vc->ram = r->ram;
    r->first = r->load->control ? r->vc->n_queues : 0;
    r->num = r->load->control ? 1 : r->vc->n_queues;
    if (r->load->format == VC_STATELESS) {
        r->vc->features = VC_F_REVISION_1 | VC_F_STATELESS_AKCIPHER;
    }
}

static void report(const Run *r, Monitor *m, double length)
{
    g_array_sort(m->latencies, compare);
    printf("{\"n\": %u, \"median\": %.3f, \"p99\": %.3f, \"max\": %.3f, "
           "\"done\": %.0f}\n", m->latencies->len,
           percentile_ms(m->latencies, 0.5), percentile_ms(m->latencies, 0.99),
           percentile_ms(m->latencies, 1), r->done / length);
}

int main(int argc, char **argv)
{
    g_autoptr(GOptionContext) context = g_option_context_new(
        "- load virtio-crypto; QTEST_QEMU_BINARY says which QEMU");
    g_autoptr(GError) err = NULL;
    Monitor m = { .latencies = g_array_new(false, false, sizeof(int64_t)) };
    Run r = { .messages = g_ptr_array_new() };
    int64_t started;
    int fds[2];

    g_option_context_add_main_entries(context, options, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &err)) {
        fprintf(stderr, "%s\n", err->message);
        return 1;
    }
    r.load = find_load();
    num_queues = MIN(num_queues, QUEUES_MAX);
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds)) {
        fail("monitor");
    }
    start(&r, fds[1]);
    close(fds[1]);
    for (int i = 0; i < ARRAY_SIZE(r.calls); i++) {
        r.calls[i] = r.load->make(r.vc, i);
    }
    restart(&r);
    m.fd = fds[0];
    started = get_clock();
    qemu_thread_create(&m.thread, "monitor", monitor_run, &m,
                       QEMU_THREAD_JOINABLE);
    while (get_clock() - started < seconds * NANOSECONDS_PER_SECOND ||
           !qatomic_read(&m.latencies->len)) {
        turn(&r);
    }
    qatomic_set(&m.stop, true);
    qemu_thread_join(&m.thread);
    report(&r, &m, (get_clock() - started) / 1e9);
    fflush(stdout);
    kill(qtest_pid(r.vc->qts), SIGKILL);
    return 0;
}
