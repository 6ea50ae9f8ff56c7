/*
 * QTest testcases for virtio-crypto: addresses and chains of iovecs, which only
 * the v11 draft has
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-registry.h"
#include "libqos/virtio-crypto-samples.h"

/* Offsets in a CIPHER data request */
enum {
    DATA_IV = 40,
    DATA_SRC = 48,
    DATA_DST = 72,
};

/* Offsets in an iovec */
enum {
    IOV_LEN = 8,
    IOV_FLAGS = 12,
    IOV_NEXT = 16,
};

#define SESSION_KEY     32

static void request_changed(VCRequest r, const VCPoke *poke, VCStatus expect)
{
    r.shape.poke = poke;
    r.expect = expect;
    vc_request_and_sample(&r);
}

/* Each address in turn */

static void check_address(const VCRequest *r, uint64_t addr)
{
    static const uint32_t fields[] = { DATA_IV, DATA_SRC, DATA_DST };
    static const uint32_t chains[] = { DATA_SRC, DATA_DST };
    VCPoke poke[4] = { };

    vc_create_session(&(VCSession) {
        .vc = r->vc, .format = VC_V11, VC_SAMPLE_SESSION, .expect = VC_ERR,
        .shape.poke = (VCPoke []) {
            { .size = 8, .offset = SESSION_KEY, .value = addr }, { },
        },
    });
    for (int i = 0; i < ARRAY_SIZE(fields); i++) {
        poke[0] = (VCPoke) {
            .size = 8, .offset = fields[i], .value = addr,
        };
        request_changed(*r, poke, VC_ERR);
    }
    for (int i = 0; i < ARRAY_SIZE(chains); i++) {
        poke[0] = (VCPoke) {
            .size = 4, .offset = chains[i] + IOV_LEN, .value = 16,
        };
        poke[1] = (VCPoke) {
            .size = 4, .offset = chains[i] + IOV_FLAGS, .value = 1,
        };
        poke[2] = (VCPoke) {
            .size = 8, .offset = chains[i] + IOV_NEXT, .value = addr,
        };
        request_changed(*r, poke, VC_ERR);
    }
}

static void test_addresses(const VCTest *t, VCClient *vc)
{
    const struct {
        const char *name;
        uint64_t addr;
    } addresses[] = {
        { "nothing there", 0x7f0000000000 },
        { "above what a machine has", 0x8000000000000000 },
        { "wraps", UINT64_MAX - 7 },
        { "last byte", UINT64_MAX },
        { "registers of the device", vc->pci->bar.addr },
        { "from RAM to nowhere", 128 * MiB - 8 },
        { "registers of the interrupt controller", 0xfec00000 },
    };
    VCRequest r = vc_sample_in_session(vc, VC_V11);

    for (int i = 0; i < ARRAY_SIZE(addresses); i++) {
        vc->context = addresses[i].name;
        check_address(&r, addresses[i].addr);
    }
}

/* The BIOS can be read, but not written. */
static void test_rom(const VCTest *t, VCClient *vc)
{
    static const uint64_t rom = 4 * GiB - 64 * KiB;
    VCRequest r = vc_sample_in_session(vc, VC_V11);
    uint8_t before[VC_SAMPLE_LEN], after[VC_SAMPLE_LEN];

    qtest_memread(vc->qts, rom, before, sizeof(before));
    request_changed(r, (VCPoke []) {
        { .size = 8, .offset = DATA_DST, .value = rom }, { },
    }, VC_ERR);
    qtest_memread(vc->qts, rom, after, sizeof(after));
    g_assert_cmpmem(before, sizeof(before), after, sizeof(after));
}

/* Chains */

#define ENTRIES_MAX     1024

/* @n entries, all of them empty but the last */
static uint32_t *empty_entries(unsigned n)
{
    uint32_t *split = g_new0(uint32_t, n);

    split[n - 1] = VC_END;
    return split;
}

static void test_chain_limit(const VCTest *t, VCClient *vc)
{
    g_autofree uint32_t *most = empty_entries(ENTRIES_MAX);
    g_autofree uint32_t *too_many = empty_entries(ENTRIES_MAX + 1);
    VCRequest r = vc_sample_in_session(vc, VC_V11);

    r.src_split = most;
    vc_request(&r);
    r.dst_split = most;
    vc_request(&r);
    r.src_split = too_many;
    request_changed(r, NULL, VC_ERR);
    r.src_split = NULL;
    r.dst_split = too_many;
    request_changed(r, NULL, VC_ERR);
}

/* Lists that never end */
static const struct {
    const char *name;
    VCPoke poke[4];
} loops[] = {
    { "source entry, itself", {
        { .size = 4, .part = "src-iov-1", .offset = IOV_LEN, .value = 0 },
        { .size = 4, .part = "src-iov-1", .offset = IOV_FLAGS, .value = 1 },
        { .size = 8, .part = "src-iov-1", .offset = IOV_NEXT,
          .value_part = "src-iov-1" } } },
    { "destination entry, itself", {
        { .size = 4, .part = "dst-iov-1", .offset = IOV_LEN, .value = 0 },
        { .size = 4, .part = "dst-iov-1", .offset = IOV_FLAGS, .value = 1 },
        { .size = 8, .part = "dst-iov-1", .offset = IOV_NEXT,
          .value_part = "dst-iov-1" } } },
    { "source, the first entry", {
        { .size = 4, .offset = DATA_SRC + IOV_LEN, .value = 0 },
        { .size = 4, .offset = DATA_SRC + IOV_FLAGS, .value = 1 },
        { .size = 8, .offset = DATA_SRC + IOV_NEXT,
          .value_part = "header", .value = DATA_SRC } } },
    { "destination, the first entry", {
        { .size = 4, .offset = DATA_DST + IOV_LEN, .value = 0 },
        { .size = 4, .offset = DATA_DST + IOV_FLAGS, .value = 1 },
        { .size = 8, .offset = DATA_DST + IOV_NEXT,
          .value_part = "header", .value = DATA_DST } } },
};

static void test_chain_loops(const VCTest *t, VCClient *vc)
{
    VCRequest r = vc_sample_in_session(vc, VC_V11);

    r.src_split = r.dst_split = VC_SPLIT(16);
    for (int i = 0; i < ARRAY_SIZE(loops); i++) {
        vc->context = loops[i].name;
        request_changed(r, loops[i].poke, VC_ERR);
    }
}

/* Chains that end too early */
static void test_chain_short(const VCTest *t, VCClient *vc)
{
    static const char *const last[] = { "src-iov-2", "dst-iov-2" };
    VCRequest r = vc_sample_in_session(vc, VC_V11);

    r.src_split = r.dst_split = VC_SPLIT(16, 20);
    for (int i = 0; i < ARRAY_SIZE(last); i++) {
        vc->context = last[i];
        request_changed(r, (VCPoke []) {
            { .size = 4, .part = last[i], .offset = IOV_LEN, .value = 27 }, { },
        }, VC_ERR);
    }
}

/* The length of an entry may be larger than needed, and than RAM. */
static void test_chain_long(const VCTest *t, VCClient *vc)
{
    VCRequest r = vc_sample_in_session(vc, VC_V11);

    r.src_split = r.dst_split = VC_SPLIT(16);
    request_changed(r, (VCPoke []) {
        { .size = 4, .part = "src-iov-1", .offset = IOV_LEN,
          .value = UINT32_MAX },
        { .size = 4, .part = "dst-iov-1", .offset = IOV_LEN,
          .value = UINT32_MAX },
        { },
    }, VC_OK);
}

/* The result overwrites the request: it is read first, the status is last. */
static void test_dst_is_header(const VCTest *t, VCClient *vc)
{
    VCRequest r = vc_sample_in_session(vc, VC_V11);
    VCMessage *m;
    uint8_t result[VC_SAMPLE_LEN];

    r.shape.poke = (VCPoke []) {
        { .size = 8, .offset = DATA_DST, .value_part = "header" }, { },
    };
    m = vc_request_start(&r);
    vc_wait(m);
    g_assert_cmpuint(m->used_len, ==, 144);
    g_assert_cmpuint(vc_get(m, vc_part(m, "header") + 108, 4), ==, VC_OK);
    vc_load(m, vc_part(m, "header"), result, sizeof(result));
    g_assert_cmpmem(result, sizeof(result), vc_sample_out, VC_SAMPLE_LEN);
    vc_forget(m);
    vc_check_alive(vc, VC_V11);
}

/* The property draft-v11 */

static void test_both_formats(const VCTest *t, VCClient *vc)
{
    vc_check_alive(vc, VC_V11);
    vc_check_alive(vc, VC_STD);
}

static void test_off(const VCTest *t, VCClient *vc)
{
    uint64_t session;

    vc_check_alive(vc, VC_STD);
    vc_create_session(&(VCSession) {
        .vc = vc, .format = VC_V11, VC_SAMPLE_SESSION, .expect = VC_UNANSWERED,
    });
    vc_check_alive(vc, VC_STD);
    session = vc_sample_session(vc, VC_STD);
    vc_sample_request(vc, VC_V11, session, VC_UNANSWERED);
    vc_sample_request(vc, VC_STD, session, VC_OK);
    vc_check_alive(vc, VC_STD);
}

static const VCTestEntry tests[] = {
    { VC_FOR_V11, "chain-long", { test_chain_long } },
    { VC_FOR_V11, "dst-is-header", { test_dst_is_header } },
    { VC_FOR_V11, "invalid/chain-limit", { test_chain_limit } },
    { VC_FOR_V11, "invalid/chain-loops", { test_chain_loops } },
    { VC_FOR_V11, "invalid/chain-short", { test_chain_short } },
    { VC_FOR_V11, "invalid/addresses", { test_addresses, .pci = true } },
    { VC_FOR_V11, "invalid/rom", { test_rom, .pci = true } },
    { 0, "draft-v11/auto", { test_both_formats, .device = "draft-v11=auto" } },
    { 0, "draft-v11/on", { test_both_formats, .device = "draft-v11=on" } },
    { 0, "draft-v11/off", { test_off, .device = "draft-v11=off" } },
    { }
};

static void register_virtio_crypto_v11_test(void)
{
    vc_add_tests(tests);
}

libqos_init(register_virtio_crypto_v11_test);
