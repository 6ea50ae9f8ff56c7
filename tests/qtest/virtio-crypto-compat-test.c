/*
 * QTest testcases for virtio-crypto: compatibility with the stock device
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-inflight.h"
#include "libqos/virtio-crypto-machine.h"
#include "libqos/virtio-crypto-samples.h"

#ifdef CONFIG_SECCOMP
/*
 * What libvirt 11.3.0 (Debian 13) makes of a domain with
 *
 *   <crypto model='virtio' type='qemu'>
 *     <backend model='builtin' queues='1'/>
 *   </crypto>
 *
 * given by "virsh domxml-to-native qemu-argv", but for -accel, which is the
 * test's.  The first two %s are libvirt's directory of the domain, the others
 * an IOThread and its use.
 */
static const char libvirt_options[] =
    "-name guest=crypto,debug-threads=on -S"
    " -object '{\"qom-type\":\"secret\",\"id\":\"masterKey0\","
    "\"format\":\"raw\",\"file\":\"%s/master-key.aes\"}'"
    " -machine pc-q35-10.0,usb=off,dump-guest-core=off,"
    "memory-backend=pc.ram,acpi=on"
    " -cpu qemu64 -m size=262144k"
    " -object '{\"qom-type\":\"memory-backend-ram\",\"id\":\"pc.ram\","
    "\"size\":268435456}'"
    " -overcommit mem-lock=off -smp 1,sockets=1,cores=1,threads=1"
    " -uuid 6f8f4e0c-6a4d-4a4f-9a55-0e6f7f5f2b11 -display none"
    " -no-user-config -nodefaults"
    " -chardev socket,id=charmonitor,path=%s/monitor.sock,server=on,wait=off"
    " -mon chardev=charmonitor,id=monitor,mode=control"
    " -rtc base=utc -no-shutdown -boot strict=on"
    " -device '{\"driver\":\"pcie-root-port\",\"port\":8,\"chassis\":1,"
    "\"id\":\"pci.1\",\"bus\":\"pcie.0\",\"multifunction\":true,"
    "\"addr\":\"0x1\"}'"
    " -device '{\"driver\":\"pcie-pci-bridge\",\"id\":\"pci.2\","
    "\"bus\":\"pci.1\",\"addr\":\"0x0\"}'"
    " -device '{\"driver\":\"pcie-root-port\",\"port\":9,\"chassis\":3,"
    "\"id\":\"pci.3\",\"bus\":\"pcie.0\",\"addr\":\"0x1.0x1\"}'"
    " -audiodev '{\"id\":\"audio1\",\"driver\":\"none\"}'"
    " -global ICH9-LPC.noreboot=off -watchdog-action reset"
    " -sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,"
    "resourcecontrol=deny"
    " -object '{\"qom-type\":\"cryptodev-backend-builtin\","
    "\"id\":\"objcrypto0\",\"queues\":1}'%s"
    " -device '{\"driver\":\"virtio-crypto-pci\","
    "\"cryptodev\":\"objcrypto0\",\"id\":\"crypto0\",\"bus\":\"pci.2\","
    "\"addr\":\"0x1\"%s}'"
    " -msg timestamp=on";

#define ROOT_PORT   QPCI_DEVFN(1, 0)
#define BRIDGE      VC_BUS_DEVFN(1, 0, 0)
#define CRYPTO      VC_BUS_DEVFN(2, 1, 0)

/* A directory with the key that libvirt keeps there */
static char *make_domain_dir(void)
{
    char *dir = g_dir_make_tmp("virtio-crypto-XXXXXX", NULL);
    g_autofree char *key = NULL;

    g_assert_nonnull(dir);
    key = g_build_filename(dir, "master-key.aes", NULL);
    g_assert_true(g_file_set_contents(key, "0123456789abcdef0123456789abcdef",
                                      32, NULL));
    return dir;
}

static void remove_domain_dir(const char *dir)
{
    static const char *const names[] = { "master-key.aes", "monitor.sock" };

    for (int i = 0; i < ARRAY_SIZE(names); i++) {
        g_autofree char *path = g_build_filename(dir, names[i], NULL);

        unlink(path);
    }
    g_assert_cmpint(rmdir(dir), ==, 0);
}

/* Whether a thread is one of the backend; each has to be in the sandbox. */
static bool check_thread(const char *task)
{
    g_autofree char *status = g_build_filename(task, "status", NULL);
    g_autofree char *text = NULL;

    g_assert_true(g_file_get_contents(status, &text, NULL, NULL));
    g_assert_nonnull(strstr(text, "\nSeccomp:\t2\n"));
    return g_str_has_prefix(text, "Name:\tcryptodev\n");
}

/* The threads that work on long operations were started in the sandbox. */
static void check_sandbox(QTestState *qts)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/task", qtest_pid(qts));
    g_autoptr(GDir) tasks = g_dir_open(path, 0, NULL);
    const char *name;
    unsigned num = 0;

    g_assert_nonnull(tasks);
    while ((name = g_dir_read_name(tasks))) {
        g_autofree char *task = g_build_filename(path, name, NULL);

        num += check_thread(task);
    }
    g_assert_cmpuint(num, >, 0);
}

/* Each batch keeps these threads busy. */
static void use_threads(VCClient *vc)
{
    VCInflight b;

    vc_inflight_start(&b, vc, VC_STD, VC_LARGE, "objcrypto0");
    vc_inflight_finish(&b);
    check_sandbox(vc->qts);
}

static void run_libvirt(const char *iothread, const char *property)
{
    g_autofree char *dir = make_domain_dir();
    g_autofree char *options = g_strdup_printf(libvirt_options, dir, dir,
                                               iothread, property);
    VCMachine m;
    VCClient *vc;

    vc_machine_start(&m, options);
    qtest_qmp_assert_success(m.qts, "{ 'execute': 'cont' }");
    vc_machine_bridge(&m, ROOT_PORT, 1, 2);
    vc_machine_bridge(&m, BRIDGE, 2, 2);
    vc = vc_machine_open(&m, CRYPTO);
    vc_check_alive(vc, VC_STD);
    vc_check_alive(vc, VC_V11);
    use_threads(vc);
    vc_check_alive(vc, VC_STD);
    vc_machine_close(vc);
    vc_machine_end(&m);
    remove_domain_dir(dir);
}

static void test_libvirt(void)
{
    run_libvirt("", "");
}

/* libvirt gives IOThreads to other devices like this, to this one not yet. */
static void test_libvirt_iothread(void)
{
    run_libvirt(" -object '{\"qom-type\":\"iothread\","
                "\"id\":\"iothread1\"}'",
                ",\"iothread\":\"iothread1\"");
}
#endif /* CONFIG_SECCOMP */

/* Command lines of stock QEMU, completed with the rest of ids and addresses */

typedef struct Accepted {
    const char *name;
    const char *machine;
    const char *backend;
    const char *device;
} Accepted;

static const Accepted accepted[] = {
    { "q35", .machine = "q35" },
    { "pc", .machine = "pc" },
    { "pc-q35-7.2", .machine = "pc-q35-7.2" },
    { "pc-q35-4.2", .machine = "pc-q35-4.2" },
    { "pc-q35-2.12", .machine = "pc-q35-2.12" },
    { "pc-i440fx-7.2", .machine = "pc-i440fx-7.2" },
    { "pc-i440fx-2.12", .machine = "pc-i440fx-2.12" },
    { "queues", .backend = ",queues=1" },
    { "throttle", .backend = ",throttle-bps=1000000000,throttle-ops=1000000" },
    { "no-vectors", .device = ",vectors=0" },
    { "two-vectors", .device = ",vectors=2" },
    { "no-ioeventfd", .device = ",ioeventfd=off" },
    { "modern", .device = ",disable-legacy=on,disable-modern=off" },
    { "page-per-vq", .device = ",page-per-vq=on" },
    { "rings", .device = ",event_idx=off,indirect_desc=off,queue_reset=off,"
                         "notify_on_empty=off,any_layout=off" },
    { "iommu", .device = ",iommu_platform=on,ats=on" },
};

static void test_accepted(const void *data)
{
    const Accepted *a = data;
    const char *machine = a->machine ?: "q35";
    g_autofree char *options = g_strdup_printf(
        "-machine %s -nodefaults -object cryptodev-backend-builtin,id=c0%s"
        " -device virtio-crypto-pci,cryptodev=c0,id=crypto0,addr=04.0%s",
        machine, a->backend ?: "", a->device ?: "");
    VCMachine m;
    VCClient *vc;

    if (!qtest_has_machine(machine)) {
        g_test_skip("this QEMU lacks the machine");
        return;
    }
    vc_machine_start(&m, options);
    vc = vc_machine_open(&m, QPCI_DEVFN(4, 0));
    vc_check_alive(vc, VC_STD);
    vc_machine_close(vc);
    vc_machine_end(&m);
}

static void register_virtio_crypto_compat_test(void)
{
    for (int i = 0; i < ARRAY_SIZE(accepted); i++) {
        g_autofree char *path = g_strdup_printf("virtio-crypto/compat/%s",
                                                accepted[i].name);

        qtest_add_data_func(path, &accepted[i], test_accepted);
    }
#ifdef CONFIG_SECCOMP
    qtest_add_func("virtio-crypto/compat/libvirt", test_libvirt);
    qtest_add_func("virtio-crypto/compat/libvirt-iothread",
                   test_libvirt_iothread);
#endif
}

libqos_init(register_virtio_crypto_compat_test);
