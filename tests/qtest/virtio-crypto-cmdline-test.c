/*
 * QTest testcases for virtio-crypto: command lines, and what QEMU prints
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include "libqtest.h"
#include "libqos/virtio-crypto-registry.h"

#define BACKEND " -object cryptodev-backend-builtin,id=c0"
#define DEVICE  " -device virtio-crypto-pci"
#define THREAD  " -object iothread,id=t0"
#define JSON_DEVICE(more) " -device '{\"driver\": \"virtio-crypto-pci\", " \
                          "\"cryptodev\": \"c0\"" more "}'"
#define MAPPING(more) \
    "\"iothread-vq-mapping\": [{\"iothread\": \"t0\"" more "}]"

/* Of the shell that runs QEMU; nobody connects, and no file is left behind. */
#define SOCKET \
    " -chardev socket,id=ch0,path=virtio-crypto-$$,abstract=on,"    \
    "server=on,wait=off"
#define SERVED  SOCKET " -object cryptodev-vhost-user,id=c0,chardev=ch0"

/* @message: a part of the one line that QEMU prints */
typedef struct Refused {
    const char *name;
    const char *options;
    const char *message;
} Refused;

static const Refused refused[] = {
    { "no-backend", DEVICE, "'cryptodev'" },
    { "unknown-backend", DEVICE ",cryptodev=nothing", "nothing" },
    { "backend-twice", BACKEND DEVICE ",cryptodev=c0" DEVICE ",cryptodev=c0",
      "'c0'" },
    { "no-queues", BACKEND ",queues=0", "queues" },
    { "too-many-queues", BACKEND ",queues=1024", "queues" },
    { "negative-queues", BACKEND ",queues=-1", "queues" },
    { "no-sessions", BACKEND DEVICE ",cryptodev=c0,max-sessions=0",
      "max-sessions" },
    { "too-many-sessions",
      BACKEND DEVICE ",cryptodev=c0,max-sessions=4294967295", "max-sessions" },
    { "unknown-provider", BACKEND ",provider=nothing", "nothing" },
    { "unknown-algo", BACKEND ",algos=aes-cbc,,nothing", "'nothing'" },
    { "no-algo", BACKEND ",algos=", "there are portable, arc4" },
    { "missing-algo", BACKEND ",provider=gcrypt,algos=portable,,rsa",
      "'algos' wants rsa, " },
    { "two-iothreads",
      THREAD BACKEND JSON_DEVICE(", \"iothread\": \"t0\", " MAPPING("")),
      "exclude" },
    { "unknown-iothread", BACKEND DEVICE ",cryptodev=c0,iothread=nothing",
      "nothing" },
    { "unmapped-queue", THREAD BACKEND ",queues=2"
      JSON_DEVICE("," MAPPING(", \"vqs\": [1]")), "missing vq 0" },
    { "iothread-without-ioeventfd",
      THREAD BACKEND DEVICE ",cryptodev=c0,iothread=t0,ioeventfd=off",
      "ioeventfd=on" },
    { "notification-data-with-ioeventfd",
      BACKEND DEVICE ",cryptodev=c0,notification_data=on", "ioeventfd=off" },
    { "unknown-draft", BACKEND DEVICE ",cryptodev=c0,draft-v11=perhaps",
      "perhaps" },
    { "vhost-user-alone", " -object cryptodev-vhost-user,id=c0", "'chardev'" },
    { "vhost-user-unknown", " -object cryptodev-vhost-user,id=c0,chardev=ch0",
      "no chardev 'ch0'" },
    { "vhost-user-null", " -chardev null,id=ch0"
      " -object cryptodev-vhost-user,id=c0,chardev=ch0",
      "'ch0' is not a Unix domain socket" },
    { "vhost-user-tcp",
      " -chardev socket,id=ch0,host=127.0.0.1,port=0,server=on,wait=off"
      " -object cryptodev-vhost-user,id=c0,chardev=ch0",
      "'ch0' is not a Unix domain socket" },
    { "vhost-user-twice", SERVED
      " -object cryptodev-vhost-user,id=c1,chardev=ch0", "already in use" },
    { "vhost-user-queues", SERVED ",queues=257", "between 1 and 256" },
    { "vhost-user-patience", SERVED ",timeout-ms=0", "'timeout-ms'" },
    { "vhost-user-throttle", SERVED ",throttle-ops=1", "limit the server" },
    { "vhost-user-iothread",
      THREAD SERVED DEVICE ",cryptodev=c0,iothread=t0", "'iothread'" },
    { "vhost-user-draft", SERVED DEVICE ",cryptodev=c0,draft-v11=on",
      "'draft-v11'" },
};

/*
 * Start QEMU; if that works, it is told to quit.
 *
 * @setup: called in the child process, may be NULL
 *
 * Returns: what it printed as errors
 */
static char *run_qemu(const char *options, GSpawnChildSetupFunc setup,
                      int expected)
{
    g_autofree char *script = g_strdup_printf(
        "echo '{ \"execute\": \"qmp_capabilities\" } { \"execute\": \"quit\" }'"
        " | %s -accel qtest -display none -nodefaults -qmp stdio%s",
        getenv("QTEST_QEMU_BINARY"), options);
    const char *const argv[] = { "/bin/sh", "-c", script, NULL };
    g_autofree char *out = NULL;
    char *err = NULL;
    int status;

    g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, 0, setup, NULL, &out,
                               &err, &status, NULL));
    vc_drop_sanitizer_remark(err);
    g_test_message("%s", err);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, expected);
    return err;
}

static void test_refused(const void *data)
{
    const Refused *r = data;
    g_autofree char *err = run_qemu(r->options, NULL, 1);
    char *newline;

    g_assert_nonnull(strstr(err, r->message));
    newline = strchr(err, '\n');
    g_assert_nonnull(newline);
    g_assert_cmpstr(newline, ==, "\n");
}

static void forbid_locked_memory(gpointer opaque)
{
    const struct rlimit none = { };

    setrlimit(RLIMIT_MEMLOCK, &none);
    /* fails without privileges, when there is no such capability to drop */
    prctl(PR_CAPBSET_DROP, CAP_IPC_LOCK);
}

static void test_no_locked_memory(void)
{
    g_autofree char *err = run_qemu(BACKEND, forbid_locked_memory, 0);

    g_assert_cmpstr(err, ==, "");
}

static void register_virtio_crypto_cmdline_test(void)
{
    qtest_add_func("virtio-crypto/cmdline/no-locked-memory",
                   test_no_locked_memory);
    for (int i = 0; i < ARRAY_SIZE(refused); i++) {
        g_autofree char *path = g_strdup_printf("virtio-crypto/cmdline/%s",
                                                refused[i].name);

        qtest_add_data_func(path, &refused[i], test_refused);
    }
}

libqos_init(register_virtio_crypto_cmdline_test);
