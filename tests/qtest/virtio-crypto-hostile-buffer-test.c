/*
 * QTest testcases for virtio-crypto: buffers that are not in RAM
 *
 * Only a request whose buffer is not in RAM is affected: it ends with ERR if
 * the place of its status is in RAM, else with used length 0.  No register is
 * read or written.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "libqtest.h"
#include "standard-headers/linux/virtio_ring.h"
#include "libqos/virtio-crypto-hostile.h"

/* Where a buffer can be besides memory */
typedef enum PlaceKind {
    OWN,            /* registers of the device itself */
    OTHER,          /* registers of another crypto device */
    NOWHERE,
} PlaceKind;

/* On registers a buffer begins with the device status. */
static const struct {
    const char *name;
    PlaceKind kind;
    uint64_t addr;
    bool readable;
} places[] = {
    { "a hole", NOWHERE, VC_HOLE },
    { "a hole far above", NOWHERE, VC_FAR_HOLE },
    { "beyond the end of memory", NOWHERE, VC_RAM_END },
    { "across the end of memory", NOWHERE, VC_RAM_END - 8 },
    { "the last bytes there are", NOWHERE, UINT64_MAX - 3 },
    { "read-only memory", NOWHERE, VC_ROM, .readable = true },
    { "registers of another device", OTHER },
    { "own registers", OWN },
};

#define ACROSS_THE_END  3

/* Parts of a request, which are buffers of their own */
typedef struct Part {
    const char *name;
    bool writable;
    bool is_status;         /* or holds it */
} Part;

static const Part readable_parts[] = {
    { "src-0" }, { "iv" }, { "header" }, { }
};

static const Part writable_parts[] = {
    { "dst-0", true }, { "status", true, true }, { }
};

static const Part create_parts[] = {
    { "key" }, { "header" }, { "outcome", true, true }, { }
};

static const Part destroy_parts[] = {
    { "header" }, { "status", true, true }, { }
};

/* In the draft all of a request is one buffer. */
static const Part draft_parts[] = { { "header", true, true }, { } };

typedef struct Buffers {
    VCFormat format;
    VCClient *vc, *other;
    QVirtioPCIDevice *other_dev;
    uint64_t session;
    VCRegisters own, others;
} Buffers;

static void open_buffers(Buffers *b, const VCTest *t, VCClient *vc)
{
    b->format = t->format;
    b->vc = vc;
    b->other = vc_open_pci(vc->pci->pdev->bus, QPCI_DEVFN(VC_OTHER_SLOT, 0),
                           vc->alloc);
    b->other_dev = b->other->pci;
    if (t->format != VC_STATELESS) {
        b->session = vc_sample_session(vc, t->format);
    }
}

static void close_buffers(Buffers *b)
{
    vc_check_alive(b->other, VC_STD);
    vc_close(b->other);
    qos_object_destroy(&b->other_dev->obj);
    vc_check_alive(b->vc, b->format);
}

static uint64_t place_address(const Buffers *b, int i)
{
    QVirtioPCIDevice *const devices[] = {
        [OWN] = b->vc->pci, [OTHER] = b->other->pci,
    };

    return places[i].kind == NOWHERE ? places[i].addr :
           VC_REGISTER(devices[places[i].kind], device_status);
}

/* A request with a part elsewhere; all others are good. */
typedef void SendFunc(Buffers *b, const VCMove *move, VCStatus expect);

static void send_data(Buffers *b, const VCMove *move, VCStatus expect)
{
    const VCSession params = { .vc = b->vc, VC_SAMPLE_SESSION };

    vc_request(&(VCRequest) {
        .vc = b->vc, .format = b->format, .session = b->session,
        .params = b->format == VC_STATELESS ? &params : NULL,
        VC_SAMPLE_ENCRYPT, .shape.move = move, .expect = expect,
    });
}

static void send_create(Buffers *b, const VCMove *move, VCStatus expect)
{
    vc_create_session(&(VCSession) {
        .vc = b->vc, .format = b->format, VC_SAMPLE_SESSION,
        .shape.move = move, .expect = expect,
    });
}

static void send_destroy(Buffers *b, const VCMove *move, VCStatus expect)
{
    vc_destroy_session(&(VCDestroy) {
        .vc = b->vc, .format = b->format,
        .session = vc_sample_session(b->vc, b->format),
        .shape.move = move, .expect = expect,
    });
}

static void check_part(Buffers *b, SendFunc *send, const Part *part, int i)
{
    const VCMove move[] = {
        { .part = part->name, .addr = place_address(b, i) }, { },
    };
    g_autofree char *context = g_strdup_printf("%s in %s", part->name,
                                               places[i].name);
    uint8_t before[8], after[8];

    b->vc->context = context;
    qtest_memread(b->vc->qts, VC_RAM_END - 8, before, sizeof(before));
    vc_registers_save(&b->own, b->vc->pci);
    vc_registers_save(&b->others, b->other->pci);
    send(b, move, part->is_status ? VC_UNANSWERED : VC_ERR);
    vc_registers_check(&b->own);
    vc_registers_check(&b->others);
    qtest_memread(b->vc->qts, VC_RAM_END - 8, after, sizeof(after));
    g_assert_cmpmem(after, sizeof(after), before, sizeof(before));
    send_data(b, NULL, VC_OK);
    b->vc->context = NULL;
}

static void check_parts(Buffers *b, SendFunc *send, const Part *parts)
{
    for (const Part *p = parts; p->name; p++) {
        bool byte = g_str_equal(p->name, "status");

        for (int i = 0; i < ARRAY_SIZE(places); i++) {
            /* a single byte is not across anything */
            if (!(byte && i == ACROSS_THE_END) &&
                (p->writable || !places[i].readable)) {
                check_part(b, send, p, i);
            }
        }
    }
}

/*
 * One buffer of a request after the other is where there is no memory, or no
 * memory to write to.  The next request is served: the device needs no reset.
 */
static void test_data(const VCTest *t, VCClient *vc)
{
    Buffers b;

    open_buffers(&b, t, vc);
    check_parts(&b, send_data, t->arg);
    close_buffers(&b);
}

static void test_control(const VCTest *t, VCClient *vc)
{
    bool draft = t->format == VC_V11;
    Buffers b;

    open_buffers(&b, t, vc);
    check_parts(&b, send_create, draft ? draft_parts : create_parts);
    check_parts(&b, send_destroy, draft ? draft_parts : destroy_parts);
    close_buffers(&b);
}

/* Addresses inside of requests of the draft, which are no buffers */

static void create_at(VCClient *vc, uint64_t addr)
{
    const VCPoke poke[] = {
        { 8, .offset = vc_create_layouts[VC_V11][VC_SERVICE_CIPHER].key_addr,
          .value = addr }, { },
    };

    vc_create_session(&(VCSession) {
        .vc = vc, .format = VC_V11, VC_SAMPLE_SESSION, .shape.poke = poke,
        .expect = VC_ERR,
    });
}

/* @part: "header", or an entry of a list of iovecs */
static void request_at(Buffers *b, const char *part, uint8_t offset,
                       uint64_t addr)
{
    const VCPoke poke[] = {
        { 8, .part = part, .offset = offset, .value = addr }, { },
    };

    vc_request(&(VCRequest) {
        .vc = b->vc, .format = VC_V11, .session = b->session,
        VC_SAMPLE_ENCRYPT, .src_split = VC_SPLIT(20, 20),
        .dst_split = VC_SPLIT(20, 20), .shape.poke = poke, .expect = VC_ERR,
    });
}

static void check_address(Buffers *b, uint64_t addr, bool readable)
{
    const VCDataLayout *layout = &vc_data_layouts[VC_V11][VC_SERVICE_CIPHER];
    const struct {
        const char *part;
        uint8_t offset;
        bool writable;
    } fields[] = {
        { "header", layout->iv_addr },
        { "header", layout->src },
        { "header", layout->src + 16 },         /* of the next entry */
        { "header", layout->dst, true },
        { "header", layout->dst + 16 },
        { "src-iov-1", 0 },
        { "dst-iov-2", 0, true },
    };

    for (int i = 0; i < ARRAY_SIZE(fields); i++) {
        if (fields[i].writable || !readable) {
            request_at(b, fields[i].part, fields[i].offset, addr);
        }
    }
    if (!readable) {
        create_at(b->vc, addr);
    }
}

static void test_addresses(const VCTest *t, VCClient *vc)
{
    Buffers b;

    open_buffers(&b, t, vc);
    for (int i = 0; i < ARRAY_SIZE(places); i++) {
        vc_registers_save(&b.own, b.vc->pci);
        vc_registers_save(&b.others, b.other->pci);
        vc->context = places[i].name;
        check_address(&b, place_address(&b, i), places[i].readable);
        vc->context = NULL;
        vc_registers_check(&b.own);
        vc_registers_check(&b.others);
    }
    close_buffers(&b);
}

/*
 * A full ring of requests whose IVs, or whose descriptors, are registers of
 * another device.  To read these takes the lock of the main loop, which
 * meanwhile resets the device, and must not wait for the queue with that lock
 * held.
 */

#define ROUNDS          20
#define ROUND_REQUESTS  60

static void fill_ring(Buffers *b, uint64_t addr, GPtrArray *messages)
{
    VCClient *vc = b->vc;
    const VCMove move[] = { { .part = "iv", .addr = addr }, { } };

    vc_hold_kicks(vc, true);
    for (int i = 0; i < ROUND_REQUESTS; i++) {
        g_ptr_array_add(messages, vc_request_start(&(VCRequest) {
            .vc = vc, .format = VC_STD, .session = b->session,
            VC_SAMPLE_ENCRYPT, .shape.move = move,
        }));
    }
    vc_hold_kicks(vc, false);
}

/* Let the descriptors of the ring be indirect tables at @addr. */
static void make_indirect(VCClient *vc, uint64_t addr, unsigned entries)
{
    const struct vring_desc table = {
        .addr = cpu_to_le64(addr),
        .len = cpu_to_le32(entries * sizeof(struct vring_desc)),
        .flags = cpu_to_le16(VRING_DESC_F_INDIRECT),
    };
    QVirtQueue *vq = vc->vq[0];

    for (int i = 0; i < vq->free_head; i++) {
        qtest_memwrite(vc->qts, vq->desc + i * sizeof(table), &table,
                       sizeof(table));
    }
}

static void test_reset(const VCTest *t, VCClient *vc)
{
    uint64_t addr;
    Buffers b;

    open_buffers(&b, t, vc);
    addr = vc_register(b.other->pci, 0);
    for (int i = 0; i < ROUNDS; i++) {
        g_autoptr(GPtrArray) messages = g_ptr_array_new();

        fill_ring(&b, addr, messages);
        if (t->arg) {
            make_indirect(vc, addr, 4);
        }
        vc_kick(vc, 0);
        vc_restart(vc);
        g_ptr_array_foreach(messages, (GFunc)vc_forget, NULL);
        b.session = vc_sample_session(vc, VC_STD);
    }
    close_buffers(&b);
}

/*
 * An indirect table that is no memory: without it there is no request to
 * answer, and the device asks for a reset.
 */
static void check_indirect(Buffers *b, uint64_t addr)
{
    VCClient *vc = b->vc;
    VCMessage *m = vc_message_expecting(vc, VC_BROKEN);

    vc_desc(m, vc_put(m, "unused", NULL, 1), 1, true);
    vc_hold_kicks(vc, true);
    vc_send(m, 0, false);
    vc_hold_kicks(vc, false);
    make_indirect(vc, addr, 1);
    vc_registers_save(&b->others, b->other->pci);
    vc_kick(vc, 0);
    vc_finish(m);
    vc_registers_check(&b->others);
    vc_check_alive(vc, VC_STD);
}

/*
 * Addresses of a queue that the other device does not have make a good
 * descriptor of a buffer at @buffer.
 */
static uint64_t table_in_registers(Buffers *b, uint64_t buffer)
{
    const QVirtioBus *bus = b->other->vdev->bus;
    QVirtQueue table = {
        .desc = buffer, .avail = 144 | (uint64_t)VRING_DESC_F_WRITE << 32,
    };

    bus->queue_select(b->other->vdev, 1000);
    bus->set_queue_address(b->other->vdev, &table);
    return VC_REGISTER(b->other->pci, queue_desc_lo);
}

static void test_indirect(const VCTest *t, VCClient *vc)
{
    Buffers b;

    open_buffers(&b, t, vc);
    vc->context = "a good table in registers";
    check_indirect(&b, table_in_registers(&b, vc->mem + VC_MEM_SIZE / 2));
    for (int i = 0; i < ARRAY_SIZE(places); i++) {
        if (!places[i].readable) {
            vc->context = places[i].name;
            check_indirect(&b, place_address(&b, i));
        }
    }
    vc->context = NULL;
    close_buffers(&b);
}

#define NEIGHBOUR   .backend = VC_OTHER_CRYPTO

static const VCTestEntry tests[] = {
    { VC_FOR_STANDARD, "readable",
      { test_data, NEIGHBOUR, .arg = readable_parts } },
    { VC_FOR_STANDARD, "writable",
      { test_data, NEIGHBOUR, .arg = writable_parts } },
    { VC_FOR_V11, "data", { test_data, NEIGHBOUR, .arg = draft_parts } },
    { VC_FOR_SESSIONS, "control", { test_control, NEIGHBOUR } },
    { VC_FOR_V11, "addresses", { test_addresses, NEIGHBOUR } },
    { VC_FOR_STD, "reset", { test_reset, NEIGHBOUR } },
    { VC_FOR_STD, "reset-indirect",
      { test_reset, NEIGHBOUR, .arg = "indirect" } },
    { VC_FOR_STD, "indirect", { test_indirect, NEIGHBOUR } },
    { }
};

static void register_virtio_crypto_hostile_buffer_test(void)
{
    vc_add_hostile_tests("buffer", tests, VC_IN_BOTH);
}

libqos_init(register_virtio_crypto_hostile_buffer_test);
