/*
 * Tests of the window on guest RAM, with a memory map of their own
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/rcu.h"
#include "system/ram-window.h"

/* The memory map: what system/memory.c and physmem.c would answer */

#define PAGE        0x1000
#define RAM_PAGES   16

typedef struct TestRange {
    hwaddr base, size;
    MemoryRegion *mr;
    hwaddr offset;
} TestRange;

typedef struct TestMap {
    FlatView view;
    TestRange range[16];
    unsigned num;
} TestMap;

static uint8_t ram[RAM_PAGES * PAGE];
static MemoryRegion low, high, rom, registers, iommu;
static TestMap map_a, map_b;
static AddressSpace as;
static MemoryListener *listener;
static unsigned scans, translations, refs;
static uint8_t log_mask;
static void *marked;
static hwaddr marked_len;

AddressSpace address_space_memory;

void memory_listener_register(MemoryListener *l, AddressSpace *where)
{
    l->address_space = where;
    listener = l;
}

void flatview_for_each_range(FlatView *fv, flatview_cb cb, void *opaque)
{
    TestMap *map = container_of(fv, TestMap, view);

    scans++;
    for (unsigned i = 0; i < map->num; i++) {
        const TestRange *r = &map->range[i];

        if (cb(int128_make64(r->base), int128_make64(r->size), r->mr,
               r->offset, opaque)) {
            break;
        }
    }
}

bool memory_region_is_ram_device(MemoryRegion *mr)
{
    return false;
}

/* Each region of the test is a part of @ram. */
void *memory_region_get_ram_ptr(MemoryRegion *mr)
{
    return mr == &low ? ram : mr == &high ? ram + 8 * PAGE : ram + 12 * PAGE;
}

/* Behind the IOMMU page N of it is page 7 - N of the low RAM. */
MemoryRegion *flatview_translate(FlatView *fv, hwaddr addr, hwaddr *xlat,
                                 hwaddr *plen, bool is_write, MemTxAttrs attrs)
{
    hwaddr offset = addr % PAGE;

    translations++;
    if (addr / PAGE % 16 > 7) {
        return &registers;
    }
    *xlat = (7 - addr / PAGE % 8) * PAGE + offset;
    *plen = MIN(*plen, PAGE - offset);
    return &low;
}

MemoryRegion *memory_region_from_host(void *ptr, ram_addr_t *offset)
{
    size_t at = (uint8_t *)ptr - ram;

    if (at >= sizeof(ram)) {
        return NULL;
    }
    *offset = at;
    return at < 8 * PAGE ? &low : at < 12 * PAGE ? &high : &rom;
}

uint8_t memory_region_get_dirty_log_mask(MemoryRegion *mr)
{
    return log_mask;
}

void memory_region_ref(MemoryRegion *mr)
{
    refs++;
}

void memory_region_unref(MemoryRegion *mr)
{
    refs--;
}

void address_space_unmap(AddressSpace *where, void *buffer, hwaddr len,
                         bool is_write, hwaddr access_len)
{
    g_assert_true(where == &as && is_write && access_len == len);
    marked = buffer;
    marked_len = len;
    refs--;
}

static void add(TestMap *map, hwaddr base, hwaddr size, MemoryRegion *mr,
                hwaddr offset)
{
    map->range[map->num++] = (TestRange) { base, size, mr, offset };
}

#define HIGH        (4ull << 30)
#define BEYOND_IT   (HIGH + 4 * PAGE)
#define ROM         (8 * PAGE)
#define REGISTERS   (9 * PAGE)
#define IOMMU       (16 * PAGE)
#define SPLIT       (HIGH + 64 * PAGE)

static void set_map(TestMap *map)
{
    qatomic_rcu_set(&as.current_map, &map->view);
    listener->commit(listener);
}

static void init_maps(void)
{
    low.ram = high.ram = rom.ram = true;
    rom.readonly = true;
    iommu.is_iommu = true;
    add(&map_a, 0, 8 * PAGE, &low, 0);
    add(&map_a, ROM, PAGE, &rom, 0);
    add(&map_a, REGISTERS, PAGE, &registers, 0);
    add(&map_a, IOMMU, 16 * PAGE, &iommu, 0);
    add(&map_a, HIGH, 4 * PAGE, &high, 0);
    for (unsigned i = 0; i < RAM_WINDOW_RANGES; i++) {
        add(&map_a, SPLIT + i * PAGE, PAGE, &high, i * PAGE);
    }
    /* the same, but page 0 is where page 1 was */
    add(&map_b, 0, PAGE, &registers, 0);
    add(&map_b, PAGE, 7 * PAGE, &low, 0);
    ram_window_start();
    set_map(&map_a);
}

static RAMWindow window;

static void *look(hwaddr addr, hwaddr len, bool is_write, hwaddr *found)
{
    void *p;

    *found = len;
    p = ram_window_lookup(&window, addr, found, is_write);
    return p;
}

static void check(hwaddr addr, hwaddr len, bool is_write, void *p,
                  hwaddr expected)
{
    hwaddr found;

    g_assert_true(look(addr, len, is_write, &found) == p);
    if (p) {
        g_assert_cmpuint(found, ==, expected);
    }
}

static void begin(void)
{
    rcu_read_lock();
    ram_window_enter(&window, &as);
}

/* Each kind of memory, first and last bytes, across ends */
static void test_lookup(void)
{
    begin();
    for (int i = 0; i < 2; i++) {
        check(0, 1, true, ram, 1);
        check(0, 8 * PAGE, true, ram, 8 * PAGE);
        check(8 * PAGE - 1, 1, true, ram + 8 * PAGE - 1, 1);
        check(8 * PAGE - 1, 2, true, ram + 8 * PAGE - 1, 1);
        check(5, UINT64_MAX, false, ram + 5, 8 * PAGE - 5);
        check(ROM, 16, false, ram + 12 * PAGE, 16);
        check(ROM, 16, true, NULL, 0);
        check(REGISTERS, 1, false, NULL, 0);
        check(REGISTERS, 1, true, NULL, 0);
        check(10 * PAGE, 1, false, NULL, 0);
        check(HIGH - 1, 2, false, NULL, 0);
        check(HIGH, 4 * PAGE, true, ram + 8 * PAGE, 4 * PAGE);
        check(BEYOND_IT - 1, 2, true, ram + 12 * PAGE - 1, 1);
        check(BEYOND_IT, 1, false, NULL, 0);
        check(UINT64_MAX, 1, false, NULL, 0);
    }
    rcu_read_unlock();
}

/* What was found is found again without a look at the memory map. */
static void test_remember(void)
{
    unsigned before;

    begin();
    check(0, 1, true, ram, 1);
    check(HIGH, 1, true, ram + 8 * PAGE, 1);
    check(ROM, 1, false, ram + 12 * PAGE, 1);
    before = scans;
    for (unsigned i = 0; i < 100; i++) {
        check(i, 1, true, ram + i, 1);
        check(HIGH + i, 1, true, ram + 8 * PAGE + i, 1);
        check(ROM + i, 1, false, ram + 12 * PAGE + i, 1);
    }
    rcu_read_unlock();
    begin();
    check(7, 1, true, ram + 7, 1);
    rcu_read_unlock();
    g_assert_cmpuint(scans, ==, before);
}

/* RAM has moved, or gone: the next section sees it. */
static void test_change(void)
{
    begin();
    check(0, 1, true, ram, 1);
    rcu_read_unlock();
    set_map(&map_b);
    begin();
    check(0, 1, true, NULL, 0);
    check(PAGE, 1, true, ram, 1);
    check(HIGH, 1, true, NULL, 0);
    rcu_read_unlock();
    set_map(&map_a);
}

/* Another map may come at the address of one that was freed. */
static void test_same_address(void)
{
    TestMap saved = map_a;

    begin();
    check(0, 1, true, ram, 1);
    rcu_read_unlock();
    set_map(&map_b);
    memcpy(map_a.range, map_b.range, sizeof(map_a.range));
    map_a.num = map_b.num;
    set_map(&map_a);
    begin();
    check(0, 1, true, NULL, 0);
    check(PAGE, 1, true, ram, 1);
    rcu_read_unlock();
    map_a = saved;
    set_map(&map_a);
}

/* Nothing is remembered of an IOMMU, and no register is behind it. */
static void test_iommu(void)
{
    unsigned before;

    begin();
    check(IOMMU, PAGE, true, ram + 7 * PAGE, PAGE);
    before = translations;
    check(IOMMU, PAGE, true, ram + 7 * PAGE, PAGE);
    g_assert_cmpuint(translations, ==, before + 1);
    check(IOMMU + PAGE - 4, 8, true, ram + 8 * PAGE - 4, 4);
    check(IOMMU + 8 * PAGE, 1, true, NULL, 0);
    rcu_read_unlock();
}

/* Bytes that are not in one piece of host memory; none beyond RAM */
static void test_copy(void)
{
    uint8_t in[2 * PAGE], out[2 * PAGE];

    for (unsigned i = 0; i < sizeof(in); i++) {
        in[i] = i * 7 + i / PAGE;
    }
    memset(ram, 0, sizeof(ram));
    begin();
    g_assert_true(ram_window_write(&window, IOMMU + 9, in, sizeof(in)));
    g_assert_true(ram_window_read(&window, IOMMU + 9, out, sizeof(out)));
    g_assert_cmpmem(in, sizeof(in), out, sizeof(out));
    g_assert_cmpmem(ram + 7 * PAGE + 9, PAGE - 9, in, PAGE - 9);
    g_assert_cmpmem(ram + 5 * PAGE, 9, in + 2 * PAGE - 9, 9);
    g_assert_cmpuint(ram[7 * PAGE + 8], ==, 0);
    g_assert_cmpuint(ram[5 * PAGE + 9], ==, 0);
    g_assert_false(ram_window_read(&window, BEYOND_IT - 1, out, 2));
    g_assert_false(ram_window_write(&window, ROM, in, 1));
    g_assert_false(ram_window_write(&window, BEYOND_IT, in, 1));
    rcu_read_unlock();
}

/* Who logs is told; each reference is given back. */
static void test_written(void)
{
    begin();
    marked = NULL;
    ram_window_written(&window, ram + 3, 5);
    g_assert_null(marked);
    log_mask = 1;
    ram_window_written(&window, ram + 3, 0);
    g_assert_null(marked);
    ram_window_written(&window, ram + 3, 5);
    g_assert_true(marked == ram + 3);
    g_assert_cmpuint(marked_len, ==, 5);
    g_assert_true(ram_window_write(&window, 100, "x", 1));
    g_assert_true(marked == ram + 100);
    rcu_read_unlock();
    log_mask = 0;
    g_assert_cmpuint(refs, ==, 0);
}

/* Whether anything has to be told: of what is remembered, or in doubt */
static void test_is_logged(void)
{
    hwaddr found;

    begin();
    look(0, 1, true, &found);
    g_assert_false(ram_window_is_logged(&window));
    log_mask = 1;
    g_assert_true(ram_window_is_logged(&window));
    log_mask = 0;
    look(IOMMU, 1, true, &found);
    g_assert_true(ram_window_is_logged(&window));
    rcu_read_unlock();
    window = (RAMWindow) { };
    begin();
    look(0, 1, true, &found);
    g_assert_false(ram_window_is_logged(&window));
    for (unsigned i = 0; i < RAM_WINDOW_RANGES; i++) {
        look(SPLIT + i * PAGE, 1, true, &found);
        g_assert_cmpint(ram_window_is_logged(&window), ==,
                        i == RAM_WINDOW_RANGES - 1);
    }
    rcu_read_unlock();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    init_maps();
    g_test_add_func("/ram-window/lookup", test_lookup);
    g_test_add_func("/ram-window/remember", test_remember);
    g_test_add_func("/ram-window/change", test_change);
    g_test_add_func("/ram-window/same-address", test_same_address);
    g_test_add_func("/ram-window/iommu", test_iommu);
    g_test_add_func("/ram-window/copy", test_copy);
    g_test_add_func("/ram-window/written", test_written);
    g_test_add_func("/ram-window/is-logged", test_is_logged);
    return g_test_run();
}
