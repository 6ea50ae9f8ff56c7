/*
 * Fuzzing of the migration stream: the state of the device, its sessions and
 * the requests that were taken
 *
 * A stream is refused with one message, or loaded.  The loaded state is saved
 * again; loading that must give the same state.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "migration-fake.h"
#include "fuzz.h"

/* Bits of the first byte */
#define IN_ORDER    1
#define SESSIONS    2
#define REQUESTS    4

static const VMStateField *field_of(int section)
{
    const VMStateDescription *const sections[] = {
        &virtio_crypto_vmstate, &virtio_crypto_vmstate_sessions,
        &virtio_crypto_vmstate_requests,
    };

    return &sections[section]->fields[0];
}

/* A section that is there, or needed; the first one always is. */
static bool has_section(VirtIOCrypto *vcrypto, int section)
{
    static const VMStateDescription *const sections[] = {
        NULL, &virtio_crypto_vmstate_sessions, &virtio_crypto_vmstate_requests,
    };

    return !section || sections[section]->needed(vcrypto);
}

static int read_stream(VirtIOCrypto *vcrypto, QEMUFile *f, uint8_t flags)
{
    int ret = 0;

    for (int i = 0; !ret && i < 3; i++) {
        if (!i || flags & (SESSIONS << (i - 1))) {
            ret = field_of(i)->info->get(f, vcrypto, 0, NULL);
        }
    }
    return ret ?: virtio_crypto_post_load(&vcrypto->parent_obj);
}

/* Returns: what is written, and in *@flags what of it is there */
static GByteArray *write_stream(VirtIOCrypto *vcrypto, uint8_t *flags)
{
    QEMUFile f = { .out = g_byte_array_new() };

    *flags &= IN_ORDER;
    vcrypto->caps = vcrypto->offered;
    for (int i = 0; i < 3; i++) {
        if (has_section(vcrypto, i)) {
            *flags |= i ? SESSIONS << (i - 1) : 0;
            field_of(i)->info->put(&f, vcrypto, 0, NULL, NULL);
        }
    }
    return f.out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    FuzzInput in = { data, MIN(len, FUZZ_INPUT_MAX) };
    uint8_t flags = fuzz_take(&in, 1);
    VirtIOCrypto *vcrypto = fake_device(flags & IN_ORDER);
    QEMUFile f = { .data = in.data, .len = in.len };
    int ret = read_stream(vcrypto, &f, flags);

    g_assert_cmpuint(fake_errors(), ==, ret ? 1 : 0);
    if (!ret) {
        g_autoptr(GByteArray) once = write_stream(vcrypto, &flags);
        g_autoptr(GByteArray) twice = NULL;
        QEMUFile again = { .data = once->data, .len = once->len };

        g_assert_cmpint(read_stream(vcrypto, &again, flags), ==, 0);
        g_assert_cmpuint(again.at, ==, once->len);
        twice = write_stream(vcrypto, &flags);
        g_assert_cmpuint(twice->len, ==, once->len);
        g_assert(!memcmp(twice->data, once->data, once->len));
    }
    fake_device_clear(vcrypto);
    return 0;
}

/* Seeds: numbers as the stream has them */

static void put(GByteArray *a, unsigned size, uint64_t value)
{
    while (size--) {
        uint8_t byte = value >> (8 * size);

        g_byte_array_append(a, &byte, 1);
    }
}

static GByteArray *begin(uint8_t flags)
{
    GByteArray *a = g_byte_array_new();

    put(a, 1, flags);
    put(a, 4, FAKE_QUEUES);
    put(a, 8, 9);                       /* generation */
    put(a, 1, 1);
    for (int i = 0; i < CRYPTODEV_SERVICE__MAX; i++) {
        put(a, 8, 0x1e);
    }
    put(a, 4, 64);
    put(a, 4, 64);
    put(a, 8, 65536);
    return a;
}

/* Numbers of a session, in the order of the stream, and its keys */
static void put_session(GByteArray *a, uint64_t id, const uint32_t v[11],
                        uint32_t cipher_key, uint32_t auth_key)
{
    static const uint8_t sizes[11] = { 1, 1, 1, 4, 1, 4, 4, 4, 1, 1, 1 };

    put(a, 8, id);
    for (int i = 0; i < ARRAY_SIZE(sizes); i++) {
        put(a, sizes[i], v[i]);
    }
    put(a, 4, cipher_key);
    put(a, 4, auth_key);
    for (uint32_t i = 0; i < cipher_key + auth_key; i++) {
        put(a, 1, i);
    }
}

static void put_sessions(GByteArray *a)
{
    /* service, opcode, chain, cipher, hash, digest, AAD, private, ... */
    static const uint32_t aes_cbc[11] = { 0, 1, 0, 3 };
    static const uint32_t chain[11] = { 0, 0, 2, 4, 2, 2, 20, 7 };
    static const uint32_t gcm[11] = { 3, 1, 0, 1, 0, 0, 16 };
    static const uint32_t rsa[11] = { 4, 0, 0, 1, 1, 4, 0, 0, 1, 1, 0 };

    put(a, 4, 4);
    put_session(a, 1 << 20, aes_cbc, 16, 0);
    put_session(a, (2 << 20) + 1, chain, 32, 20);
    put_session(a, (3 << 20) + 2, gcm, 16, 0);
    put_session(a, (9 << 20) + 3, rsa, 30, 0);
}

static void put_requests(GByteArray *a, bool in_order)
{
    put(a, 4, 2);
    for (int queue = 0; queue < 2; queue++) {
        put(a, 4, 2 * queue);
        put(a, 4, 2);
        put(a, 4, in_order ? 2 : 0);
        for (int i = 0; i < 2; i++) {
            put(a, 4, i);
            put(a, 4, 2);
            put(a, 4, 1);
            put(a, 4, 1);
            put(a, 8, 0x1000);
            put(a, 4, 100);
            put(a, 8, 0x2000);
            put(a, 4, 16);
        }
        for (int i = 0; in_order && i < 2; i++) {
            put(a, 4, i);
            put(a, 4, 2);
            put(a, 4, 0);
            put(a, 1, 0);
        }
    }
}

void fuzz_seeds(FuzzSeedFn *fn, void *opaque)
{
    for (uint8_t flags = 0; flags < 8; flags++) {
        g_autoptr(GByteArray) a = begin(flags);

        if (flags & SESSIONS) {
            put_sessions(a);
        }
        if (flags & REQUESTS) {
            put_requests(a, flags & IN_ORDER);
        }
        fn(a->data, a->len, opaque);
    }
}
