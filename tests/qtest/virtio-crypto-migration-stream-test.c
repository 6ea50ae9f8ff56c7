/*
 * QTest testcases for virtio-crypto: migration streams that are refused
 *
 * QEMU says why it refuses a stream, and continues to run.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-akcipher.h"
#include "libqos/virtio-crypto-move.h"
#include "libqos/virtio-crypto-samples.h"

#define MACHINE     VC_TRIP_MACHINE
#define BACKEND     VC_TRIP_BACKEND
#define DEVICE      VC_TRIP_DEVICE
#define CRYPTO      VC_TRIP_DEVFN

/* Streams that are not what they should be */

typedef enum Anchor { STATE, SESSIONS, REQUESTS, END } Anchor;

#define STATE_LEN       69
#define NAME(_what)     "virtio-crypto-device/" _what
#define SLOW            24

/**
 * Stream: a snapshot in an image, of a device where requests have been taken
 *
 * @data: the image
 * @at: where parts of the state of the device begin in it
 */
typedef struct Stream {
    VCMachine m;
    VCClient *vc;
    VCCall *call;
    uint64_t session;
    VCMessage *messages[SLOW];
    const char *path;
    uint8_t *data;
    size_t len;
    size_t at[END + 1];
} Stream;

static void take_snapshot(Stream *s)
{
    g_autofree char *said = NULL;

    qtest_qmp_assert_success(s->m.qts, "{ 'execute': 'stop' }");
    said = qtest_hmp(s->m.qts, "savevm s0");
    g_assert_cmpstr(said, ==, "");
    g_assert_true(g_file_get_contents(s->path, (char **)&s->data, &s->len,
                                      NULL));
}

/* Behind the header of a subsection */
static size_t find_subsection(const Stream *s, const char *name)
{
    size_t name_len = strlen(name);
    uint8_t *p = memmem(s->data, s->len, name, name_len);

    g_assert_nonnull(p);
    g_assert_cmpuint(p[-2], ==, 5);
    g_assert_cmpuint(p[-1], ==, name_len);
    g_assert_cmpuint(ldl_be_p(p + name_len), ==, 1);
    return p + name_len + 4 - s->data;
}

static size_t header_len(const char *name)
{
    return 1 + 1 + strlen(name) + 4;
}

static void find_parts(Stream *s)
{
    uint8_t *next;

    s->at[SESSIONS] = find_subsection(s, NAME("sessions"));
    s->at[REQUESTS] = find_subsection(s, NAME("requests"));
    s->at[STATE] = s->at[SESSIONS] - header_len(NAME("sessions")) - STATE_LEN;
    /* a subsection of the core comes next */
    next = memmem(s->data + s->at[REQUESTS], s->len - s->at[REQUESTS],
                  "virtio/", 7);
    g_assert_nonnull(next);
    s->at[END] = next - 2 - s->data;
}

static bool stream_open(Stream *s, const char *device)
{
    g_autofree char *options = NULL;

    s->path = vc_snapshot_image();
    options = g_strdup_printf(MACHINE BACKEND DEVICE "%s"
                              " -drive if=none,id=d0,file=%s", device,
                              s->path);
    vc_machine_start(&s->m, options);
    s->vc = vc_machine_open(&s->m, CRYPTO);
    s->session = vc_sample_session(s->vc, VC_STD);
    if (!vc_require_akcipher(s->vc)) {
        return false;
    }
    s->call = vc_call_rsa(s->vc, VC_STD, VC_RSA_KEYS - 1);
    vc_call_learn(s->call);
    vc_call_open(s->call);
    for (int i = 0; i < SLOW; i++) {
        s->messages[i] = vc_request_start(&s->call->request);
    }
    take_snapshot(s);
    find_parts(s);
    return true;
}

/*
 * Load the snapshot, with @len bytes of the image changed at @offset.
 *
 * Returns: what QEMU says, nothing if it was good
 */
static char *load(Stream *s, size_t offset, const void *bytes, size_t len)
{
    int fd = open(s->path, O_WRONLY);
    char *said;

    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(pwrite(fd, bytes, len, offset), ==, len);
    said = qtest_hmp(s->m.qts, "loadvm s0");
    g_assert_cmpint(pwrite(fd, s->data + offset, len, offset), ==, len);
    close(fd);
    return said;
}

/* The stream as it was is good, and all goes on. */
static void stream_close(Stream *s, bool opened)
{
    if (opened) {
        g_autofree char *said = load(s, s->at[STATE], s->data + s->at[STATE],
                                     1);

        g_assert_cmpstr(said, ==, "");
        qtest_qmp_assert_success(s->m.qts, "{ 'execute': 'cont' }");
        for (int i = 0; i < SLOW; i++) {
            vc_finish(s->messages[i]);
        }
        vc_sample_request(s->vc, VC_STD, s->session, VC_OK);
        vc_call_close(s->call);
        vc_call_free(s->call);
        g_free(s->data);
    }
    vc_check_alive(s->vc, VC_STD);
    vc_machine_close(s->vc);
    vc_machine_end(&s->m);
}

/* A number in the stream that is changed, and what is said of it; or nothing */
typedef struct Patch {
    Anchor anchor;
    int offset;
    unsigned size;
    uint64_t value;
    const char *message;
} Patch;

/* Offsets into a session, and where the first two are */
#define FIRST       4
#define SECOND      (FIRST + 39 + 16)

static const Patch patches[] = {
    { STATE, 0, 4, 2, "the source has queues=2, cryptodev 'c0' here has "
      "queues=1; give both the same" },
    { STATE, 0, 4, -1u, "the source has queues=4294967295, cryptodev" },
    { STATE, 4, 8, 0, "session 0x100000 is not made yet" },
    { STATE, 4, 8, -1ull, "generation is 0xffffffffffffffff" },
    { STATE, 12, 1, 2, "ready is 0x2" },
    { STATE, 13, 8, 1, "the source offered algorithm 0 of service 0" },
    { STATE, 13, 8, 1ull << 63,
      "the source offered algorithm 63 of service 0" },
    { STATE, 13 + 32, 8, -1ull, "the source offered algorithm 0 of service 4" },
    { STATE, 53, 4, 257, "the source offered a max_cipher_key_len of 257, "
      "cryptodev 'c0' here has 256" },
    { STATE, 57, 4, -1u, "max_auth_key_len" },
    { STATE, 61, 8, -1ull, "max_size" },

    { SESSIONS, 0, 4, 0, "number of sessions is 0x0" },
    { SESSIONS, 0, 4, 16385, "max-sessions=16384 is too small, the source has "
      "16385 sessions" },
    { SESSIONS, 0, 4, -1u, "number of sessions is 0xffffffff" },
    { SESSIONS, FIRST, 8, 0, "session id is 0x0" },
    { SESSIONS, FIRST, 8, 0xfffff, "session id is 0xfffff" },
    { SESSIONS, FIRST, 8, 0x104000, "max-sessions=16384 is too small for "
      "session 0x104000, the source has at least 16385" },
    { SESSIONS, FIRST, 8, 1ull << 63, "is not made yet" },
    { SESSIONS, SECOND, 8, 0x100000, "session 0x100000 is in the place of "
      "0x100000" },
    { SESSIONS, SECOND, 8, 0x200000, "session 0x200000 is in the place of "
      "0x100000" },
    { SESSIONS, FIRST + 8, 1, 5, "service is 0x5" },
    { SESSIONS, FIRST + 8, 1, 1, "session 0x100000 is none of any service" },
    { SESSIONS, FIRST + 8, 1, 4, "session 0x100000 is none of any service" },
    { SESSIONS, FIRST + 9, 1, 3, "direction is 0x3" },
    { SESSIONS, FIRST + 9, 1, 2, "session 0x100000 is none of any service" },
    { SESSIONS, FIRST + 10, 1, 3, "chain order is 0x3" },
    { SESSIONS, FIRST + 10, 1, 1, "session 0x100000 is none of any service" },
    { SESSIONS, FIRST + 11, 4, 0, "session 0x100000 is none of any service" },
    { SESSIONS, FIRST + 11, 4, 63, "session 0x100000 is none of any service" },
    { SESSIONS, FIRST + 11, 4, -1u, "cipher is 0xffffffff" },
    { SESSIONS, FIRST + 15, 1, 1, "session 0x100000 is none of any service" },
    { SESSIONS, FIRST + 16, 4, 1, "session 0x100000 is none of any service" },
    { SESSIONS, FIRST + 20, 4, -1u, "digest length is 0xffffffff" },
    { SESSIONS, FIRST + 28, 1, 1, "session 0x100000 is none of any service" },
    { SESSIONS, FIRST + 29, 1, 2, "padding is 0x2" },
    { SESSIONS, FIRST + 30, 1, 6, "curve is 0x6" },
    { SESSIONS, FIRST + 31, 4, -1u, "key length is 0xffffffff" },
    { SESSIONS, FIRST + 31, 4, 17, "the aes-cbc key of 17 bytes" },
    { SESSIONS, FIRST + 31, 4, 257, "session 0x100000 is none of any" },
    { SESSIONS, FIRST + 35, 4, 513, "length of the authentication key" },
    { SESSIONS, FIRST + 35, 4, 1, "session 0x100000 is none of any service" },

    { REQUESTS, 0, 4, 0, "number of queues is 0x0" },
    { REQUESTS, 0, 4, 1025, "number of queues is 0x401" },
    { REQUESTS, 4, 4, 2, "requests of queue 2" },
    { REQUESTS, 4, 4, -1u, "queue is 0xffffffff" },
    { REQUESTS, 8, 4, 81, "number of requests is 0x51" },
    { REQUESTS, 8, 4, -1u, "number of requests is 0xffffffff" },
    { REQUESTS, 12, 4, 1025, "length of the order is 0x401" },
    { REQUESTS, 16, 4, 0x10000, "index of a buffer is 0x10000" },
    { REQUESTS, 20, 4, 0, "number of descriptors is 0x0" },
    { REQUESTS, 20, 4, 1024, "buffers of several descriptors in a split" },
    { REQUESTS, 24, 4, 1025, "number of readable pieces is 0x401" },
    { REQUESTS, 28, 4, -1u, "number of writable pieces is 0xffffffff" },
    { REQUESTS, 28, 4, 1024, "a request of 1026 pieces" },
    { REQUESTS, 20, 4, 2, "buffers of several descriptors in a split ring" },
    { REQUESTS, 32, 8, -1ull },
    { REQUESTS, 32 + 8, 4, 0, "length of a piece is 0x0" },
    { REQUESTS, 32 + 8, 4, -1u },
    { }
};

/* The stream of a ring in order ends with a buffer that is not filled */
static const Patch order_patches[] = {
    { END, -13, 4, 0x10000, "index of a buffer is 0x10000" },
    { END, -13, 4, 0xffff, "an order of other requests than those that were" },
    { END, -13 - 13, 4, 0xffff, "an order of other requests" },
    { END, -9, 4, 0, "number of descriptors is 0x0" },
    { END, -9, 4, 1025, "number of descriptors is 0x401" },
    { END, -9, 4, 2, "buffers of several descriptors in a split ring" },
    { END, -5, 4, -1u },
    { END, -1, 1, 2, "state of a buffer is 0x2" },
    { END, -1, 1, 1, "an order of other requests than those that were" },
    { }
};

static void check_patches(const char *device, const Patch *p)
{
    Stream s = { };
    bool opened = stream_open(&s, device);

    for (; opened && p->size; p++) {
        uint64_t value = cpu_to_be64(p->value << (64 - 8 * p->size));
        g_autofree char *said = load(&s, s.at[p->anchor] + p->offset, &value,
                                     p->size);

        if (p->message) {
            vc_check_printed(said, p->message);
        } else {
            g_assert_cmpstr(said, ==, "");
        }
    }
    stream_close(&s, opened);
}

static void test_patched(void)
{
    check_patches("", patches);
}

static void test_order_patched(void)
{
    check_patches(",in_order=on", order_patches);
}

/* Some of them are good; the device must be fit for another one. */
static void test_random(void)
{
    Stream s = { };
    bool opened = stream_open(&s, ",in_order=on");
    unsigned rounds = g_test_slow() ? 10000 : 200;

    for (unsigned i = 0; opened && i < rounds; i++) {
        size_t at = g_test_rand_int_range(s.at[STATE], s.at[END]);
        uint32_t bytes = g_test_rand_int();

        g_free(load(&s, at, &bytes, g_test_rand_int_range(1, 4)));
    }
    stream_close(&s, opened);
}

/* The source is killed at some byte. */

#define CUT_SLOW        3

/* From @from on to @to, without the long key of a session in between */
static void load_cut(const char *data, size_t from, size_t to)
{
    const char *cut = vc_move_path("cut");
    unsigned step = g_test_slow() ? 1 : 29;

    for (size_t at = from; at < to; at += step) {
        QTestState *qts;

        g_assert_true(g_file_set_contents(cut, data, at, NULL));
        qts = vc_incoming_start(MACHINE BACKEND DEVICE, cut);
        vc_wait_migration(qts, "failed");
        qtest_quit(qts);
    }
}

/* Taken by the device, as what QEMU says behind it shows */
static void take_some(Stream *s)
{
    for (int i = 0; i < CUT_SLOW; i++) {
        s->messages[i] = vc_request_start(&s->call->request);
    }
    vc_sample_session(s->vc, VC_STD);
    qtest_qmp_assert_success(s->m.qts, "{ 'execute': 'stop' }");
}

static void test_truncated(void)
{
    const char *path = vc_move_path("state");
    Stream s = { };

    vc_machine_start(&s.m, MACHINE BACKEND DEVICE);
    s.vc = vc_machine_open(&s.m, CRYPTO);
    vc_sample_session(s.vc, VC_STD);
    if (vc_require_akcipher(s.vc)) {
        g_autofree char *data = NULL;

        s.call = vc_call_rsa(s.vc, VC_STD, VC_RSA_KEYS - 1);
        vc_call_learn(s.call);
        vc_call_open(s.call);
        take_some(&s);
        vc_machine_save(&s.m, path);
        g_assert_true(g_file_get_contents(path, &data, &s.len, NULL));
        s.data = (uint8_t *)data;
        find_parts(&s);
        load_cut(data, s.at[STATE], s.at[SESSIONS] + SECOND);
        load_cut(data, s.at[REQUESTS] - header_len(NAME("requests")),
                 s.at[END]);
        qtest_qmp_assert_success(s.m.qts, "{ 'execute': 'cont' }");
        for (int i = 0; i < CUT_SLOW; i++) {
            vc_finish(s.messages[i]);
        }
        vc_call_free(s.call);
    }
    vc_machine_close(s.vc);
    vc_machine_end(&s.m);
}

/*
 * The stream of a device with a session of each kind, as the first version
 * wrote it.  Whoever changes it makes a machine that was saved then useless.
 */

#define RECORDED_ALGOS  ",algos=aes-cbc,,sha256,,hmac-sha256,,aes-gcm"

static const char recorded_state[] =
    "0000000100000000000000050100000000000000080000000000000010000000"
    "0000000010000000000000000200000000000000000000010000000200000000"
    "0000100000051d76697274696f2d63727970746f2d6465766963652f73657373"
    "696f6e7300000001000000050000000000100000000000000000030000000000"
    "000000000000000000000000000010000000002b7e151628aed2a6abf7158809"
    "cf4f3c0000000000200001010200000000000100000004000000200000000000"
    "0000000000000000000000000000003000020202000000000002000000040000"
    "00200000000000000000000000000000146bc1bee22e409f96e93d7e11739317"
    "2aae2d8a57000000000040000303010000000001000000000000000010000000"
    "1400000000000020000000006bc1bee22e409f96e93d7e117393172aae2d8a57"
    "1e03ac9c9eb76fac45af8e510000000000500004000101000000030200000004"
    "000000200000000c00000000000010000000182b7e151628aed2a6abf7158809"
    "cf4f3c6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c";

static void make_recorded(VCClient *vc)
{
    vc_sample_session(vc, VC_STD);
    vc_create_session(&(VCSession) {
        .vc = vc, .opcode = VC_HASH_CREATE, .algo = 4, .digest_len = 32,
    });
    vc_create_session(&(VCSession) {
        .vc = vc, .opcode = VC_MAC_CREATE, .algo = 4, .digest_len = 32,
        .key = vc_sample_in, .key_len = 20,
    });
    vc_create_session(&(VCSession) {
        .vc = vc, .opcode = VC_AEAD_CREATE, .algo = 1, .op = VC_OP_DECRYPT,
        .key = vc_sample_in, .key_len = 32, .digest_len = 16, .aad_len = 20,
    });
    vc_create_session(&(VCSession) {
        .vc = vc, VC_SAMPLE_SESSION, .op = VC_OP_DECRYPT,
        .order = VC_HASH_THEN_CIPHER, .hash_mode = VC_HASH_AUTH,
        .hash_algo = 4, .auth_key = vc_sample_in, .auth_key_len = 24,
        .digest_len = 32, .aad_len = 12,
    });
}

static void test_recorded(void)
{
    const char *path = vc_move_path("state");
    g_autofree char *data = NULL, *hex = NULL;
    Stream s = { };
    size_t end;

    vc_machine_start(&s.m, MACHINE BACKEND RECORDED_ALGOS DEVICE);
    s.vc = vc_machine_open(&s.m, CRYPTO);
    make_recorded(s.vc);
    vc_machine_save(&s.m, path);
    g_assert_true(g_file_get_contents(path, &data, &s.len, NULL));
    s.data = (uint8_t *)data;
    s.at[SESSIONS] = find_subsection(&s, NAME("sessions"));
    s.at[STATE] = s.at[SESSIONS] - header_len(NAME("sessions")) - STATE_LEN;
    end = s.at[SESSIONS] + 4 + 5 * 39 + 16 + 20 + 32 + 16 + 24;
    hex = vc_to_hex(s.data + s.at[STATE], end - s.at[STATE]);
    g_assert_cmpstr(hex, ==, recorded_state);
    vc_machine_close(s.vc);
    vc_machine_end(&s.m);
}

static void register_virtio_crypto_migration_stream_test(void)
{
    qtest_add_func("virtio-crypto/migration/stream/patched", test_patched);
    qtest_add_func("virtio-crypto/migration/stream/order-patched",
                   test_order_patched);
    qtest_add_func("virtio-crypto/migration/stream/recorded", test_recorded);
    qtest_add_func("virtio-crypto/migration/stream/truncated", test_truncated);
    qtest_add_func("virtio-crypto/migration/stream/random", test_random);
}

libqos_init(register_virtio_crypto_migration_stream_test);
