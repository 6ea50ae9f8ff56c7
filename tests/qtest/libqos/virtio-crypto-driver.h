/*
 * virtio-crypto client: the driver's view of a device
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_LIBQOS_VIRTIO_CRYPTO_DRIVER_H
#define TESTS_LIBQOS_VIRTIO_CRYPTO_DRIVER_H

#include "qemu/units.h"
#include "qobject/qdict.h"
#include "virtio-crypto.h"

/* Feature bits of the crypto device */
#define VC_F_REVISION_1             1ull
#define VC_F_STATELESS(service)     (2ull << (service))
#define VC_F_STATELESS_AKCIPHER     VC_F_STATELESS(4)
#define VC_F_STATELESS_ALL          0x3eull

/* Guest memory for messages; machines have at least 128 MiB. */
#define VC_MEM_SIZE     (32 * MiB)

/**
 * VCRing: the driver's side of a ring, besides QVirtQueue
 *
 * @used: descriptors of all used buffers so far
 * @wanted: value of @used at the next interrupt that was asked for
 * @next_id: packed: id of the next buffer, unless it is still in use
 * @avail_wrap, @used_wrap: packed: the wrap counters
 */
typedef struct VCRing {
    uint32_t used, wanted;
    uint16_t next_id;
    bool avail_wrap, used_wrap;
} VCRing;

/**
 * VCClient: a started device
 *
 * @pci: NULL on other transports
 * @msix: whether each queue has an MSI-X vector
 * @features: bits to accept besides those that libqos knows
 * @n_queues: number of data queues; the control queue has this index
 * @vq, @rings: of each queue
 * @in_flight: messages sent and not yet finished
 * @step_ns: virtual time that passes with each check for a used buffer, so that
 *     limits do not stop the device; 0 by default
 * @context: what the test is doing, for vc_fail(); may be NULL
 * @ram: guest memory from address 0 on, if the test shares it with QEMU.  By
 *     default messages go through QEMU's test server, which copies them
 * @no_features_ok: do not set FEATURES_OK
 * @ring_size: entries of each ring, 0 = as many as the device has; PCI only
 * @place: can change the addresses of a ring that the device gets; the client
 *     still uses the original ones.  PCI only, may be NULL.
 * @place_opaque: for @place
 *
 * All messages live in one region of guest memory, which is used from its
 * beginning again whenever nothing is in flight.
 */
typedef struct VCClient VCClient;
struct VCClient {
    QTestState *qts;
    QVirtioDevice *vdev;
    QGuestAllocator *alloc;
    QVirtioPCIDevice *pci;
    bool msix;
    uint64_t features;
    unsigned n_queues;
    QVirtQueue **vq;
    VCRing *rings;
    uint64_t mem;
    size_t mem_used;
    unsigned in_flight;
    GPtrArray *sent;
    uint8_t salt;
    int64_t step_ns;
    const char *context;
    uint8_t *ram;
    bool no_features_ok;
    uint16_t ring_size;
    void (*place)(QVirtQueue *vq, void *opaque);
    void *place_opaque;
};

/* End the test program with a message. */
G_NORETURN void vc_fail(const VCClient *vc, const char *fmt, ...)
    G_GNUC_PRINTF(2, 3);

/* Fail with @what if too much time has passed since @start. */
void vc_give_up(const VCClient *vc, gint64 start, const char *what);

/* How vc_open() starts the device; zero is the default. */
typedef struct VCOpen {
    /* optional: leave DRIVER_OK to vc_driver_ok() */
    bool no_driver_ok;
    /*
     * optional: to accept, the device has to offer them: VC_F_*, also those
     * of rings
     */
    uint64_t features;
    /* optional, PCI only: give config changes and queues a vector each */
    bool msix;
} VCOpen;

VCClient *vc_open(QVirtioCrypto *crypto, QGuestAllocator *alloc,
                  const VCOpen *how);
void vc_driver_ok(VCClient *vc);

/*
 * Open the virtio-crypto-pci at @devfn, which has no node in libqos.
 * Its vc->pci->obj is left to qos_object_destroy().
 */
VCClient *vc_open_pci(QPCIBus *bus, int devfn, QGuestAllocator *alloc);

/* As qvirtqueue_setup(). */
QVirtQueue *vc_queue_setup(VCClient *vc, unsigned index);
void vc_close(VCClient *vc);

/* As vc_close(), for a device that was unplugged. */
void vc_abandon(VCClient *vc);

/*
 * Reset the device, and start it again.  Messages in flight will not be
 * answered: use vc_forget() for them.
 */
void vc_stop(VCClient *vc);
void vc_start(VCClient *vc);
void vc_restart(VCClient *vc);

/* As vc_start(), but leave DRIVER_OK to the test. */
void vc_prepare(VCClient *vc);

/* Wait until the device asks for a reset; vc_expect_broken() then does it. */
void vc_wait_broken(VCClient *vc);
void vc_expect_broken(VCClient *vc);

/* What query-cryptodev tells of the only backend; free with qobject_unref(). */
QDict *vc_query_backend(VCClient *vc);

#endif
