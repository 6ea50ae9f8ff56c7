/*
 * QTest testcases for virtio-crypto: with an IOMMU
 *
 * The addresses of rings and buffers go through the IOMMU, and so do those
 * inside the requests of the draft.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "libqtest.h"
#include "hw/i386/intel_iommu_internal.h"
#include "standard-headers/linux/virtio_config.h"
#include "libqos/virtio-crypto-hostile.h"
#include "libqos/virtio-crypto-machine.h"

#define CRYPTO          QPCI_DEVFN(4, 0)
#define PAGE            VTD_PAGE_SIZE

/*
 * What the device sees: of each GiB that is listed the first 2 MiB, and
 * then some, are the guest's memory from 0 on.  What the client library makes
 * without being told otherwise is in the first one.
 */
#define WINDOW          (4 * GiB)
#define READ_ONLY       (6 * GiB)
#define WRITE_ONLY      (7 * GiB)
#define SWAPPED         (8 * GiB)   /* pages 0 and 1 of swapped_page() */
#define HALF            (9 * GiB)   /* page 0 of swapped_page(), 1 is missing */
#define UNMAPPED        (10 * GiB)
#define ONE_PAGE        (11 * GiB)  /* where map_page() says */

/* Bits of page table entries */
#define READABLE        (1ull << 0)
#define WRITABLE        (1ull << 1)
#define RW              (READABLE | WRITABLE)
#define LARGE           (1ull << 7)

/* Of a context entry: a table of four levels, for domain 1 */
#define CONTEXT_HIGH    (1 << 8 | 2)

typedef struct Iommu {
    VCMachine m;
    VCClient *vc;
    uint64_t pages;             /* two of memory, one after the other */
    uint64_t one_page;          /* the table of that window */
} Iommu;

static uint64_t make_table(Iommu *u)
{
    uint64_t table = guest_alloc(&u->m.alloc, PAGE);

    g_assert_cmphex(table % PAGE, ==, 0);
    qtest_memset(u->m.qts, table, 0, PAGE);
    return table;
}

static void set_entry(Iommu *u, uint64_t table, unsigned index, uint64_t value)
{
    qtest_writeq(u->m.qts, table + 8 * index, value);
}

/* A table with one entry, for what is at index 0. */
static uint64_t wrap_table(Iommu *u, uint64_t table)
{
    uint64_t outer = make_table(u);

    set_entry(u, outer, 0, table | RW);
    return outer;
}

/* Where the two pages of SWAPPED and HALF lead to. */
static uint64_t swapped_page(const Iommu *u, unsigned i)
{
    return u->pages + (i ? 0 : PAGE);
}

static uint64_t make_page_tables(Iommu *u)
{
    uint64_t gigabytes = make_table(u);
    uint64_t swapped = make_table(u), half = make_table(u);

    u->one_page = make_table(u);
    for (int i = 0; i < 2; i++) {
        set_entry(u, swapped, i, swapped_page(u, i) | RW);
    }
    set_entry(u, half, 0, swapped_page(u, 0) | RW);
    set_entry(u, gigabytes, 0, LARGE | RW);
    set_entry(u, gigabytes, WINDOW / GiB, LARGE | RW);
    set_entry(u, gigabytes, READ_ONLY / GiB, LARGE | READABLE);
    set_entry(u, gigabytes, WRITE_ONLY / GiB, LARGE | WRITABLE);
    set_entry(u, gigabytes, SWAPPED / GiB, wrap_table(u, swapped) | RW);
    set_entry(u, gigabytes, HALF / GiB, wrap_table(u, half) | RW);
    set_entry(u, gigabytes, ONE_PAGE / GiB, wrap_table(u, u->one_page) | RW);
    return wrap_table(u, gigabytes);
}

static void enable(Iommu *u)
{
    const uint64_t registers = Q35_HOST_BRIDGE_IOMMU_ADDR;
    uint64_t root = make_table(u), contexts = make_table(u);

    set_entry(u, root, 0, contexts | VTD_ROOT_ENTRY_P);
    set_entry(u, contexts, 2 * CRYPTO,
              make_page_tables(u) | VTD_CONTEXT_ENTRY_P);
    set_entry(u, contexts, 2 * CRYPTO + 1, CONTEXT_HIGH);
    qtest_writeq(u->m.qts, registers + DMAR_RTADDR_REG, root);
    qtest_writel(u->m.qts, registers + DMAR_GCMD_REG, VTD_GCMD_SRTP);
    qtest_writel(u->m.qts, registers + DMAR_GCMD_REG, VTD_GCMD_TE);
    g_assert_true(qtest_readl(u->m.qts, registers + DMAR_GSTS_REG) &
                  VTD_GSTS_TES);
}

static void start_with(Iommu *u, const char *options)
{
    g_autofree char *all = g_strdup_printf(
        "-machine q35 -nodefaults"
        " -device intel-iommu,intremap=off,aw-bits=48"
        " -object cryptodev-backend-builtin,id=c0"
        " -device virtio-crypto-pci,cryptodev=c0,addr=04.0,iommu_platform=on"
        "%s", options);

    vc_machine_start(&u->m, all);
    u->pages = guest_alloc(&u->m.alloc, 2 * PAGE);
    enable(u);
    u->vc = vc_machine_open(&u->m, CRYPTO);
    g_assert_true(u->vc->vdev->features & 1ull << VIRTIO_F_ACCESS_PLATFORM);
}

static void start(Iommu *u)
{
    start_with(u, "");
}

static void end(Iommu *u)
{
    vc_machine_close(u->vc);
    vc_machine_end(&u->m);
}

/* Sessions, whose key is at an address */

static void create(Iommu *u, uint64_t window, VCStatus expect)
{
    const VCPoke poke[] = {
        { 8, .offset = vc_create_layouts[VC_V11][VC_SERVICE_CIPHER].key_addr,
          .value = window, .value_part = "key" }, { },
    };
    uint64_t session = vc_create_session(&(VCSession) {
        .vc = u->vc, .format = VC_V11, VC_SAMPLE_SESSION,
        .shape.poke = poke, .expect = expect,
    });

    if (expect == VC_OK) {
        vc_sample_request(u->vc, VC_V11, session, VC_OK);
    }
}

static void test_keys(void)
{
    Iommu u;

    start(&u);
    create(&u, WINDOW, VC_OK);
    create(&u, READ_ONLY, VC_OK);
    create(&u, WRITE_ONLY, VC_ERR);
    create(&u, UNMAPPED, VC_ERR);
    vc_check_alive(u.vc, VC_V11);
    vc_check_alive(u.vc, VC_STD);
    end(&u);
}

/* Requests: addresses of IV, source and destination */

static const VCDataLayout *layout(void)
{
    return &vc_data_layouts[VC_V11][VC_SERVICE_CIPHER];
}

static void request(Iommu *u, uint64_t session, uint64_t iv, uint64_t src,
                    uint64_t dst, VCStatus expect)
{
    const VCPoke poke[] = {
        { 8, .offset = layout()->iv_addr, .value = iv, .value_part = "iv" },
        { 8, .offset = layout()->src, .value = src, .value_part = "src-0" },
        { 8, .offset = layout()->dst, .value = dst, .value_part = "dst-0" },
        { },
    };

    vc_request(&(VCRequest) {
        .vc = u->vc, .format = VC_V11, .session = session, VC_SAMPLE_ENCRYPT,
        .shape.poke = poke, .expect = expect,
    });
}

static void test_requests(void)
{
    static const struct {
        uint64_t iv, src, dst;
        VCStatus expect;
    } cases[] = {
        { WINDOW, WINDOW, WINDOW, VC_OK },
        { READ_ONLY, READ_ONLY, WRITE_ONLY, VC_OK },
        { WRITE_ONLY, 0, 0, VC_ERR },
        { 0, WRITE_ONLY, 0, VC_ERR },
        { 0, 0, READ_ONLY, VC_ERR },
        { UNMAPPED, 0, 0, VC_ERR },
        { 0, UNMAPPED, 0, VC_ERR },
        { 0, 0, UNMAPPED, VC_ERR },
    };
    uint64_t session;
    Iommu u;

    start(&u);
    session = vc_sample_session(u.vc, VC_V11);
    for (int i = 0; i < ARRAY_SIZE(cases); i++) {
        g_autofree char *context = g_strdup_printf("case %d", i);

        u.vc->context = context;
        request(&u, session, cases[i].iv, cases[i].src, cases[i].dst,
                cases[i].expect);
        u.vc->context = NULL;
    }
    vc_check_alive(u.vc, VC_V11);
    end(&u);
}

/*
 * The source, or the destination, in the middle of the two pages: what is
 * one piece for the device is in two places of memory.
 */

#define CUT             (VC_SAMPLE_LEN / 2)
#define FIRST(u)        (swapped_page(u, 0) + PAGE - CUT)
#define SECOND(u)       swapped_page(u, 1)

static void write_pages(Iommu *u, const uint8_t bytes[VC_SAMPLE_LEN])
{
    qtest_memset(u->m.qts, u->pages, 0x5a, 2 * PAGE);
    qtest_memwrite(u->m.qts, FIRST(u), bytes, CUT);
    qtest_memwrite(u->m.qts, SECOND(u), bytes + CUT, CUT);
}

/* The rest of the pages must be as write_pages() left it. */
static void check_pages(Iommu *u, const uint8_t bytes[VC_SAMPLE_LEN])
{
    g_autofree uint8_t *is = g_malloc(2 * PAGE);
    g_autofree uint8_t *want = g_malloc(2 * PAGE);

    memset(want, 0x5a, 2 * PAGE);
    memcpy(want + (FIRST(u) - u->pages), bytes, CUT);
    memcpy(want + (SECOND(u) - u->pages), bytes + CUT, CUT);
    qtest_memread(u->m.qts, u->pages, is, 2 * PAGE);
    g_assert_cmpmem(is, 2 * PAGE, want, 2 * PAGE);
}

static void request_pages(Iommu *u, uint64_t session, uint8_t field,
                          uint64_t window, VCStatus expect)
{
    const VCPoke poke[] = {
        { 8, .offset = field, .value = window + PAGE - CUT }, { },
    };

    vc_request(&(VCRequest) {
        .vc = u->vc, .format = VC_V11, .session = session,
        .iv = vc_sample_iv, .iv_len = sizeof(vc_sample_iv),
        .src = vc_sample_in, .src_len = VC_SAMPLE_LEN,
        .out = field == layout()->dst ? vc_sample_in : vc_sample_out,
        .in_place = field == layout()->dst,
        .shape.poke = poke, .expect = expect,
    });
}

static void test_pages(void)
{
    static const uint8_t zero[VC_SAMPLE_LEN];
    uint64_t session;
    Iommu u;

    start(&u);
    session = vc_sample_session(u.vc, VC_V11);

    write_pages(&u, vc_sample_in);
    request_pages(&u, session, layout()->src, SWAPPED, VC_OK);
    request_pages(&u, session, layout()->src, HALF, VC_ERR);
    check_pages(&u, vc_sample_in);

    write_pages(&u, zero);
    request_pages(&u, session, layout()->dst, HALF, VC_ERR);
    check_pages(&u, zero);
    request_pages(&u, session, layout()->dst, SWAPPED, VC_OK);
    check_pages(&u, vc_sample_out);

    vc_check_alive(u.vc, VC_V11);
    end(&u);
}

/* Buffers of the standard format, one of which is in another window */
static void test_buffers(void)
{
    static const struct {
        const char *part;
        uint64_t window;
        VCStatus expect;
    } cases[] = {
        { "src-0", WINDOW, VC_OK },
        { "src-0", READ_ONLY, VC_OK },
        { "src-0", WRITE_ONLY, VC_ERR },
        { "src-0", UNMAPPED, VC_ERR },
        { "iv", UNMAPPED, VC_ERR },
        { "header", UNMAPPED, VC_ERR },
        { "dst-0", WRITE_ONLY, VC_OK },
        { "dst-0", READ_ONLY, VC_ERR },
        { "dst-0", UNMAPPED, VC_ERR },
        { "status", READ_ONLY, VC_UNANSWERED },
        { "status", UNMAPPED, VC_UNANSWERED },
    };
    uint64_t session;
    Iommu u;

    start(&u);
    session = vc_sample_session(u.vc, VC_STD);
    for (int i = 0; i < ARRAY_SIZE(cases); i++) {
        const VCMove move[] = {
            { cases[i].part, cases[i].window, .relative = true }, { },
        };
        g_autofree char *context = g_strdup_printf("case %d", i);

        u.vc->context = context;
        vc_request(&(VCRequest) {
            .vc = u.vc, .format = VC_STD, .session = session,
            VC_SAMPLE_ENCRYPT, .shape.move = move, .expect = cases[i].expect,
        });
        vc_sample_request(u.vc, VC_STD, session, VC_OK);
        u.vc->context = NULL;
    }
    end(&u);
}

/*
 * A used ring in a page that becomes the registers of another device: there
 * it would write over the device status.
 */

#define RING_SIZE       16
#define OTHER           QPCI_DEVFN(VC_OTHER_SLOT, 0)

static void map_page(Iommu *u, uint64_t to)
{
    set_entry(u, u->one_page, 0, to | RW);
    qtest_writeq(u->m.qts, Q35_HOST_BRIDGE_IOMMU_ADDR + DMAR_IOTLB_REG,
                 VTD_TLB_IVT | VTD_TLB_GLOBAL_FLUSH);
}

/* @moved: after a request that was served */
static void check_ring(Iommu *u, VCClient *other, bool moved)
{
    uint64_t offset = vc_ring_offset(VC_RING_USED, moved);
    VCClient *vc = u->vc;
    uint64_t home = vc_register(other->pci, 0);
    VCRegisters others;
    VCMessage *m;

    map_page(u, moved ? u->pages : home);
    qtest_memset(u->m.qts, u->pages, 0, PAGE);
    vc_registers_save(&others, other->pci);
    vc_restart_misplaced(vc, 0, VC_RING_USED, ONE_PAGE + offset);
    vc_try_driver_ok(vc);
    if (moved) {
        vc->vq[0]->used = u->pages + offset;
        vc_check_alive(vc, VC_STD);
        map_page(u, home);
    }
    m = vc_send_rubbish(vc, 0);
    vc_wait_broken(vc);
    vc_registers_check(&others);
    vc_restart(vc);
    vc_forget(m);
    vc_check_alive(vc, VC_STD);
}

static void test_ring(void)
{
    VCClient *other;
    Iommu u;

    start_with(&u, VC_OTHER_CRYPTO);
    other = vc_machine_open(&u.m, OTHER);
    g_assert_cmphex(vc_register(other->pci, 0) % PAGE, ==, 0);
    u.vc->ring_size = RING_SIZE;
    check_ring(&u, other, false);
    check_ring(&u, other, true);
    vc_check_alive(other, VC_STD);
    vc_machine_close(other);
    end(&u);
}

static void register_virtio_crypto_iommu_test(void)
{
    qtest_add_func("virtio-crypto/iommu/keys", test_keys);
    qtest_add_func("virtio-crypto/iommu/requests", test_requests);
    qtest_add_func("virtio-crypto/iommu/pages", test_pages);
    qtest_add_func("virtio-crypto/iommu/buffers", test_buffers);
    qtest_add_func("virtio-crypto/iommu/ring", test_ring);
}

libqos_init(register_virtio_crypto_iommu_test);
