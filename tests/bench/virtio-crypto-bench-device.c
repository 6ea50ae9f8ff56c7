/*
 * virtio-crypto benchmark: the device under test
 *
 * This program acts as the guest.  Guest memory is a file that QEMU and this
 * program map; all other accesses use qtest.  No vCPU runs.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include "qemu/timer.h"
#include "qemu/units.h"
#include "libqtest-single.h"
#include "libqos/malloc-pc.h"
#include "libqos/pci-pc.h"
#include "libqos/virtio-pci.h"
#include "virtio-crypto-bench-device.h"

#define RAM_SIZE    (512 * MiB)
#define ARENA_SIZE  (448 * MiB)

#define FIRMWARE_SIZE   (64 * KiB)

void bench_fail(const char *fmt, ...)
{
    g_autofree char *text = NULL;
    g_autofree char *escaped = NULL;
    va_list ap;

    va_start(ap, fmt);
    text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    escaped = g_strescape(text, NULL);
    printf("{\"error\": \"%s\"}\n", escaped);
    fflush(stdout);
    if (global_qtest) {
        kill(qtest_pid(global_qtest), SIGKILL); /* it may well hang */
    }
    exit(1);
}

/* A file without a name, which QEMU inherits */
static int memory_file(size_t size)
{
    int fd = memfd_create("virtio-crypto-bench", 0);

    if (fd < 0 || ftruncate(fd, size)) {
        bench_fail("guest memory: %s", strerror(errno));
    }
    return fd;
}

/*
 * No firmware is going to run, but the machine wants one.  Where there is a
 * CPU it halts at once, with interrupts off.
 */
static int firmware_file(void)
{
    static const uint8_t code[] = { 0xfa, 0xf4, 0xeb, 0xfd };
    int fd = memory_file(FIRMWARE_SIZE);

    if (pwrite(fd, code, sizeof(code), FIRMWARE_SIZE - 16) != sizeof(code)) {
        bench_fail("firmware: %s", strerror(errno));
    }
    return fd;
}

static QTestState *start_qemu(BenchDevice *dev, const char *args)
{
    int ram = memory_file(RAM_SIZE);
    int firmware = firmware_file();
    g_autofree char *all = NULL;
    QTestState *qts;
    int ping[2];

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ping)) {
        bench_fail("monitor: %s", strerror(errno));
    }
    dev->ram = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED,
                    ram, 0);
    if (dev->ram == MAP_FAILED) {
        bench_fail("guest memory: %s", strerror(errno));
    }
    all = g_strdup_printf(
        "-nodefaults -machine pc,memory-backend=ram -m %" PRIu64 "M "
        "-bios /proc/self/fd/%d -global apic.vapic=off "
        "-object memory-backend-file,id=ram,size=%" PRIu64 "M,share=on,"
        "mem-path=/proc/self/fd/%d "
        "-chardev socket,id=ping,fd=%d -mon chardev=ping,mode=control %s",
        (uint64_t)RAM_SIZE / MiB, firmware, (uint64_t)RAM_SIZE / MiB, ram,
        ping[1], args);
    qts = qtest_start(all);
    close(ping[1]);
    close(ram);
    close(firmware);
    dev->ping = ping[0];
    return qts;
}

/* The numbers of the eventfds that a process has open */
static GArray *eventfds_of(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/fd", pid);
    GArray *fds = g_array_new(false, false, sizeof(int));
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        g_autofree char *target = g_file_read_link(file, NULL);
        int fd = atoi(name);

        if (!g_strcmp0(target, "anon_inode:[eventfd]")) {
            g_array_append_val(fds, fd);
        }
    }
    return fds;
}

static bool has_fd(const GArray *fds, int fd)
{
    for (int i = 0; i < fds->len; i++) {
        if (g_array_index(fds, int, i) == fd) {
            return true;
        }
    }
    return false;
}

static gint compare_fds(gconstpointer a, gconstpointer b)
{
    return *(const int *)a - *(const int *)b;
}

static void kick_eventfd(BenchRing *ring)
{
    uint64_t one = 1;

    if (write(ring->kick_fd, &one, sizeof(one)) != sizeof(one)) {
        bench_fail("kick: %s", strerror(errno));
    }
}

static void kick_qtest(BenchRing *ring)
{
    VCClient *vc = ring->opaque;

    vc->vdev->bus->virtqueue_kick(vc->vdev, vc->vq[ring->index]);
}

/*
 * A kick under KVM is a write to an eventfd, one per queue, that QEMU opens
 * at DRIVER_OK in the order of the queues.  Borrow these, where the system
 * lets us; a kick through qtest would cost a round trip to the main loop.
 *
 * Where a server has the data queues, QEMU opens more: first those, but none
 * for the control queue.
 */
static bool borrow_eventfds(BenchDevice *dev, pid_t pid, const GArray *before)
{
    g_autoptr(GArray) after = eventfds_of(pid);
    int pidfd = syscall(SYS_pidfd_open, pid, 0);
    unsigned n = 0, opened = 0;

    g_array_sort(after, compare_fds);
    for (int i = 0; pidfd >= 0 && i < after->len; i++) {
        int fd = g_array_index(after, int, i);

        opened += !has_fd(before, fd);
        if (!has_fd(before, fd) && n <= dev->n_queues) {
            int mine = syscall(SYS_pidfd_getfd, pidfd, fd, 0);

            if (mine >= 0) {
                dev->rings[n++].kick_fd = mine;
            }
        }
    }
    if (pidfd >= 0) {
        close(pidfd);
    }
    dev->served = opened > dev->n_queues + 1;
    return n == dev->n_queues + 1;
}

static void set_up_ring(BenchDevice *dev, unsigned index)
{
    const QVirtQueue *vq = dev->vc->vq[index];
    BenchRing *ring = &dev->rings[index];

    *ring = (BenchRing) {
        .size = vq->size,
        .event_idx = dev->vc->features & 1ull << VIRTIO_RING_F_EVENT_IDX,
        .index = index,
        .opaque = dev->vc,
    };
    if (dev->vc->features & VC_F_PACKED) {
        ring->desc = g_new0(struct vring_desc, vq->size);
        ring->packed = (void *)(dev->ram + vq->desc);
        ring->driver_event = (void *)(dev->ram + vq->avail);
        ring->device_event = (void *)(dev->ram + vq->used);
        ring->avail_wrap = ring->used_wrap = true;
    } else {
        ring->desc = (void *)(dev->ram + vq->desc);
        ring->avail = (void *)(dev->ram + vq->avail);
        ring->used = (void *)(dev->ram + vq->used);
    }
}

static void start_driver(BenchDevice *dev, QTestState *qts, uint64_t features)
{
    static QGuestAllocator alloc;
    static QVirtioCrypto crypto;
    QPCIAddress addr = { .devfn = QPCI_DEVFN(4, 0) };
    g_autoptr(GArray) before = NULL;

    pc_alloc_init(&alloc, qts, 0);
    crypto.pci = virtio_pci_new(qpci_new_pc(qts, &alloc), &addr);
    if (!crypto.pci) {
        bench_fail("no device at PCI address 04.0");
    }
    crypto.vdev = &crypto.pci->vdev;
    qvirtio_pci_device_enable(crypto.pci);
    qvirtio_start_device(crypto.vdev);
    dev->vc = vc_open(&crypto, &alloc, &(VCOpen) {
        .no_driver_ok = true,
        .features = features | 1ull << VIRTIO_RING_F_EVENT_IDX,
    });
    dev->n_queues = dev->vc->n_queues;
    dev->rings = g_new0(BenchRing, dev->n_queues + 1);
    for (int i = 0; i <= dev->n_queues; i++) {
        set_up_ring(dev, i);
    }
    dev->arena = guest_alloc(&alloc, ARENA_SIZE);

    before = eventfds_of(qtest_pid(qts));
    vc_driver_ok(dev->vc);
    dev->eventfd = borrow_eventfds(dev, qtest_pid(qts), before);
    for (int i = 0; i <= dev->n_queues; i++) {
        bool eventfd = dev->eventfd && (i < dev->n_queues || !dev->served);

        dev->rings[i].kick = eventfd ? kick_eventfd : kick_qtest;
    }
}

BenchDevice *bench_device_open(const char *args, uint64_t features)
{
    BenchDevice *dev = g_new0(BenchDevice, 1);
    QTestState *qts = start_qemu(dev, args);

    dev->format = features & VC_F_REVISION_1 ? VC_REV1 : VC_STD;
    start_driver(dev, qts, features);
    return dev;
}

void bench_device_close(BenchDevice *dev)
{
    qtest_end();
    munmap(dev->ram, RAM_SIZE);
    close(dev->ping);
    g_free(dev->rings);
    g_free(dev);
}

int64_t bench_device_cpu_ns(BenchDevice *dev)
{
    struct timespec now;
    clockid_t clock;

    if (clock_getcpuclockid(qtest_pid(dev->vc->qts), &clock) ||
        clock_gettime(clock, &now)) {
        bench_fail("QEMU has gone");
    }
    return now.tv_sec * NANOSECONDS_PER_SECOND + now.tv_nsec;
}

void *bench_alloc(BenchDevice *dev, size_t size, size_t align)
{
    uint64_t used = ROUND_UP(dev->arena_used, align);

    if (size > ARENA_SIZE - used) {
        bench_fail("the guest's memory is too small for this");
    }
    dev->arena_used = used + size;
    return dev->ram + dev->arena + used;
}

void bench_free_all(BenchDevice *dev)
{
    dev->arena_used = 0;
}

uint64_t bench_addr(const BenchDevice *dev, const void *ptr)
{
    return (const uint8_t *)ptr - dev->ram;
}
