/*
 * virtio-crypto benchmark: the client, which is driven by scripts/bench
 *
 * Starts one QEMU, then reads commands from the standard input, each a line
 * with a verb and words NAME=VALUE, and answers each with a line of JSON.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <gcrypt.h>
#include <sys/prctl.h>
#include "virtio-crypto-bench-bare.h"
#include "virtio-crypto-bench-load.h"
#include "virtio-crypto-bench-stat.h"

static int cpu = -1;
static gboolean revision_1, packed;
static char *qemu_args;

static const GOptionEntry options[] = {
    { "cpu", 0, 0, G_OPTION_ARG_INT, &cpu,
      "Run on this CPU; QEMU runs where it may by inheritance", "N" },
    { "revision-1", 0, 0, G_OPTION_ARG_NONE, &revision_1,
      "Accept VIRTIO_CRYPTO_F_REVISION_1 and stateless ciphers", NULL },
    { "packed", 0, 0, G_OPTION_ARG_NONE, &packed,
      "Use packed rings", NULL },
    { "qemu-args", 0, 0, G_OPTION_ARG_STRING, &qemu_args,
      "Options of QEMU that make backend and device", "ARGS" },
    { }
};

/* The words of a command */
static const char *word(GHashTable *words, const char *name,
                        const char *otherwise)
{
    const char *value = g_hash_table_lookup(words, name);

    return value ?: otherwise;
}

static uint64_t number(GHashTable *words, const char *name, uint64_t otherwise)
{
    const char *value = g_hash_table_lookup(words, name);

    return value ? g_ascii_strtoull(value, NULL, 10) : otherwise;
}

static double seconds(GHashTable *words)
{
    return g_ascii_strtod(word(words, "seconds", "0.3"), NULL);
}

static const BenchAlgo *algo(GHashTable *words)
{
    const char *name = word(words, "algo", "aes-128-cbc");
    const BenchAlgo *a = bench_algo(name);

    if (!a) {
        bench_fail("no algorithm %s", name);
    }
    return a;
}

static bool decrypt(GHashTable *words)
{
    return g_str_equal(word(words, "op", "encrypt"), "decrypt");
}

static void print_window(const BenchWindow *w)
{
    printf("\"ops\": %" PRIu64 ", \"seconds\": %.6f, \"cpu_seconds\": %.6f, "
           "\"kicks\": %" PRIu64, w->ops, w->seconds, w->cpu_seconds,
           w->kicks);
}

static void print_percentiles(const char *name, GArray *latencies)
{
    printf(", \"%s\": {\"n\": %u, \"p50\": %.3f, \"p99\": %.3f, "
           "\"max\": %.3f}", name, latencies->len,
           bench_percentile(latencies, 0.5),
           bench_percentile(latencies, 0.99),
           bench_percentile(latencies, 1));
}

static void do_load(BenchDevice *dev, GHashTable *words)
{
    static BenchPing *ping;
    BenchLoad load = {
        .algo = algo(words),
        .decrypt = decrypt(words),
        .size = number(words, "size", 4096),
        .depth = number(words, "depth", 128),
        .queues = number(words, "queues", 1),
        .sessions = number(words, "sessions", 1),
        .rekey = number(words, "rekey", 0),
        .direct = number(words, "direct", 0),
        .unaligned = number(words, "unaligned", 0),
        .rewrite = number(words, "rewrite", 0),
        .migrating = number(words, "migrating", 0),
        .pause_ns = number(words, "pause_us", 0) * 1000,
        .seconds = seconds(words),
    };
    g_autoptr(GArray) latencies = NULL;
    BenchWindow w;

    if (number(words, "ping", 0)) {
        ping = ping ?: bench_ping_new(dev->ping);
        load.ping = ping;
    }
    if (!bench_load(dev, &load, &w, &latencies)) {
        printf("{\"skip\": \"the device refuses it\"}\n");
        return;
    }
    printf("{");
    print_window(&w);
    print_percentiles("latency", latencies);
    if (load.ping) {
        bench_ping_stop(ping);
        print_percentiles("ping", ping->latencies);
        g_array_set_size(ping->latencies, 0);
    }
    printf("}\n");
}

static void do_control(BenchDevice *dev, GHashTable *words)
{
    BenchWindow w = bench_control(dev, algo(words),
                                  number(words, "depth", 32), seconds(words));

    printf("{");
    print_window(&w);
    printf("}\n");
}

static void do_bare(BenchDevice *dev, GHashTable *words)
{
    BenchBare b = {
        .algo = algo(words),
        .decrypt = decrypt(words),
        .size = number(words, "size", 4096),
        .jobs = number(words, "depth", 32),
        .rekey = number(words, "rekey", 0),
        .seconds = seconds(words),
    };

    printf("{\"single_ns\": %.1f, ", bench_bare_single(&b));
    printf("\"multi_ns\": %.1f}\n", bench_bare_multi(&b));
}

static const struct {
    const char *verb;
    void (*run)(BenchDevice *dev, GHashTable *words);
} commands[] = {
    { "load", do_load },
    { "control", do_control },
    { "bare", do_bare },
};

static void run_command(BenchDevice *dev, const char *line)
{
    g_auto(GStrv) parts = g_strsplit(line, " ", -1);
    g_autoptr(GHashTable) words = g_hash_table_new(g_str_hash, g_str_equal);

    for (int i = 1; parts[0] && parts[i]; i++) {
        char *value = strchr(parts[i], '=');

        if (!value) {
            bench_fail("no value: %s", parts[i]);
        }
        *value = '\0';
        g_hash_table_insert(words, parts[i], value + 1);
    }
    for (int i = 0; i < ARRAY_SIZE(commands); i++) {
        if (!g_strcmp0(commands[i].verb, parts[0])) {
            commands[i].run(dev, words);
            fflush(stdout);
            return;
        }
    }
    bench_fail("no command %s", parts[0]);
}

static void pin(int n)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET(MAX(n, 0), &set);
    if (n >= 0 && sched_setaffinity(0, sizeof(set), &set)) {
        bench_fail("CPU %d: %s", n, strerror(errno));
    }
}

int main(int argc, char **argv)
{
    g_autoptr(GOptionContext) context = g_option_context_new(
        "- drive virtio-crypto; QTEST_QEMU_BINARY says which QEMU");
    g_autofree char *line = NULL;
    g_autoptr(GError) err = NULL;
    BenchDevice *dev;
    size_t size = 0;

    g_option_context_add_main_entries(context, options, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &err)) {
        bench_fail("%s", err->message);
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);   /* as QEMU will end with this */
    gcry_check_version(NULL);
    gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
    gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);

    dev = bench_device_open(qemu_args,
                            (revision_1 ? VC_F_REVISION_1 | VC_F_STATELESS(0) :
                                          0) |
                            (packed ? VC_F_PACKED : 0));
    pin(cpu);
    printf("{\"pid\": %d, \"queues\": %u, \"queue_size\": %u, "
           "\"kick\": \"%s\"}\n", (int)qtest_pid(dev->vc->qts),
           dev->n_queues, dev->rings[0].size,
           dev->eventfd ? "eventfd" : "qtest");
    fflush(stdout);
    while (getline(&line, &size, stdin) > 0) {
        run_command(dev, g_strchomp(line));
    }
    bench_device_close(dev);
    return 0;
}
