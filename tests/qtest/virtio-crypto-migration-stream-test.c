/*
 * QTest testcases for virtio-crypto: migration streams that are refused
 *
 * QEMU says why it refuses a stream, and continues to run.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qobject/qdict.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-akcipher.h"
#include "libqos/virtio-crypto-move.h"
#include "libqos/virtio-crypto-samples.h"

#define MACHINE     "-machine q35 -nodefaults -m 128"
#define BACKEND     " -object cryptodev-backend-builtin,id=c0"
#define DEVICE      " -device virtio-crypto-pci,cryptodev=c0,addr=04.0"
#define CRYPTO      QPCI_DEVFN(4, 0)

/* Of the lines that QEMU prints one is about the device, with this in it. */
static void check_printed(const char *text, const char *message)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    unsigned found = 0;

    for (char **line = lines; *line; line++) {
        if (strstr(*line, "virtio-crypto: ")) {
            found++;
            if (!strstr(*line, message)) {
                g_error("'%s' is not in '%s'", message, *line);
            }
        }
    }
    if (found != 1) {
        g_error("%u lines, not 1, of '%s'", found, text);
    }
}

/* Command lines that do not fit each other */

#define SESSIONS_MAX    3

typedef struct Misfit {
    const char *name;
    const char *source, *destination;
    unsigned sessions, destroyed;       /* so many, the first ones */
    const char *message;
} Misfit;

static const Misfit misfits[] = {
    { "fewer-queues",
      MACHINE BACKEND ",queues=2" DEVICE ",vectors=4",
      MACHINE BACKEND ",queues=1" DEVICE ",vectors=4", 0, 0,
      "the source has queues=2, cryptodev 'c0' here has queues=1;" },
    { "more-queues",
      MACHINE BACKEND ",queues=2" DEVICE ",vectors=4",
      MACHINE BACKEND ",queues=3" DEVICE ",vectors=4", 0, 0,
      "the source has queues=2, cryptodev 'c0' here has queues=3;" },
    { "max-sessions",
      MACHINE BACKEND DEVICE, MACHINE BACKEND DEVICE ",max-sessions=2", 3, 0,
      "max-sessions=2 is too small, the source has 3 sessions" },
    { "max-sessions-slot",
      MACHINE BACKEND DEVICE, MACHINE BACKEND DEVICE ",max-sessions=2", 3, 2,
      "max-sessions=2 is too small for session 0x300002, the source has at "
      "least 3" },
    { "algorithms",
      MACHINE BACKEND DEVICE, MACHINE BACKEND ",algos=portable" DEVICE, 0, 0,
      "which cryptodev 'c0' here does not have; give both sides the same "
      "crypto libraries, or limit both with 'algos='" },
    { "algorithm",
      MACHINE BACKEND ",algos=portable" DEVICE,
      MACHINE BACKEND ",algos=aes-cbc,,aes-ecb" DEVICE, 0, 0,
      "the source offered aes-ctr and 32 more, which cryptodev 'c0' here" },
    { "one-algorithm",
      MACHINE BACKEND ",algos=aes-cbc,,aes-ecb" DEVICE,
      MACHINE BACKEND ",algos=aes-cbc" DEVICE, 0, 0,
      "the source offered aes-ecb, which cryptodev 'c0' here" },
};

static void test_misfit(const void *data)
{
    const Misfit *misfit = data;
    const char *path = vc_move_path("state");
    const char *stderr_path = vc_move_path("stderr");
    g_autofree char *options = g_strdup_printf("%s 2>%s", misfit->destination,
                                               stderr_path);
    g_autofree char *printed = NULL;
    uint64_t sessions[SESSIONS_MAX];
    QTestState *qts;
    VCMachine m;
    VCClient *vc;

    vc_machine_start(&m, misfit->source);
    vc = vc_machine_open(&m, CRYPTO);
    for (unsigned i = 0; i < misfit->sessions; i++) {
        sessions[i] = vc_sample_session(vc, VC_STD);
    }
    for (unsigned i = 0; i < misfit->destroyed; i++) {
        vc_destroy_session(&(VCDestroy) { .vc = vc, .session = sessions[i] });
    }
    vc_machine_save(&m, path);
    qts = vc_incoming_start(options, path);
    vc_wait_migration(qts, "failed");
    g_assert_true(g_file_get_contents(stderr_path, &printed, NULL, NULL));
    check_printed(printed, misfit->message);
    qtest_quit(qts);

    qtest_qmp_assert_success(m.qts, "{ 'execute': 'cont' }");
    vc_check_alive(vc, VC_STD);
    vc_machine_close(vc);
    vc_machine_end(&m);
}

/* What is offered stays as it was on the source until the next reset. */

static uint64_t aes_cbc_only(VCClient *vc)
{
    return qvirtio_config_readl(vc->vdev, 12) == 1 << VC_AES_CBC;
}

static void test_offer_stays(void)
{
    VCMachine m;
    VCClient *vc;

    vc_machine_start(&m, MACHINE BACKEND ",algos=aes-cbc" DEVICE);
    vc = vc_machine_open(&m, CRYPTO);
    g_assert_true(aes_cbc_only(vc));
    vc_machine_move(&m, vc, MACHINE BACKEND DEVICE);
    vc_wait_running(m.qts);
    g_assert_true(aes_cbc_only(vc));
    vc_create_session(&(VCSession) {
        .vc = vc, .algo = VC_AES_ECB, .key = vc_sample_key, .key_len = 16,
        .expect = VC_NOTSUPP,
    });
    vc_check_alive(vc, VC_STD);
    vc_restart(vc);
    g_assert_false(aes_cbc_only(vc));
    vc_create_session(&(VCSession) {
        .vc = vc, .algo = VC_AES_ECB, .key = vc_sample_key, .key_len = 16,
    });
    vc_machine_close(vc);
    vc_machine_end(&m);
}

/* The driver is told when the backend on the other side is not ready. */
static void test_ready(void)
{
    VCMachine m;
    VCClient *vc;
    uint64_t session;

    vc_machine_start(&m, MACHINE BACKEND DEVICE);
    vc = vc_machine_open(&m, CRYPTO);
    session = vc_sample_session(vc, VC_STD);
    vc_machine_move(&m, vc, MACHINE BACKEND ",ready=off" DEVICE);
    vc_wait_running(m.qts);
    qvirtio_wait_config_isr(vc->vdev, 30 * G_USEC_PER_SEC);
    vc_sample_request(vc, VC_STD, session, VC_ERR);
    qtest_qmp_assert_success(m.qts, "{ 'execute': 'qom-set', 'arguments': {"
                             " 'path': '/objects/c0', 'property': 'ready',"
                             " 'value': true } }");
    vc_sample_request(vc, VC_STD, session, VC_OK);
    vc_machine_close(vc);
    vc_machine_end(&m);
}

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

/* An image of no size: snapshots need none. */
static const char *make_image(void)
{
    static const uint8_t cluster[4][65536] = {
        /* magic, version 2, clusters of 64 KiB; tables are at 1 to 3 */
        [0] = {
            'Q', 'F', 'I', 0xfb, [7] = 2, [23] = 16,
            [45] = 3, [53] = 1, [59] = 1,
        },
        [1] = { [5] = 2 },
        [2] = { [1] = 1, [3] = 1, [5] = 1, [7] = 1 },
    };
    const char *path = vc_move_path("image");

    g_assert_true(g_file_set_contents(path, (const char *)cluster,
                                      sizeof(cluster), NULL));
    return path;
}

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
    uint8_t *end;

    s->at[SESSIONS] = find_subsection(s, NAME("sessions"));
    s->at[REQUESTS] = find_subsection(s, NAME("requests"));
    s->at[STATE] = s->at[SESSIONS] - header_len(NAME("sessions")) - STATE_LEN;
    end = memmem(s->data + s->at[REQUESTS], s->len - s->at[REQUESTS],
                 "\5\x17virtio/modern_queue", 8);
    s->at[END] = end ? end - s->data : 0;
}

static bool stream_open(Stream *s)
{
    g_autofree char *options = NULL;

    s->path = make_image();
    options = g_strdup_printf(MACHINE BACKEND DEVICE
                              " -drive if=none,id=d0,file=%s", s->path);
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

/* A number in the stream that is changed, and what is said of it */
typedef struct Patch {
    Anchor anchor;
    unsigned offset, size;
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
    { REQUESTS, 20, 4, 1024, "more buffers than the ring has room for" },
    { REQUESTS, 24, 4, 1025, "number of readable pieces is 0x401" },
    { REQUESTS, 28, 4, -1u, "number of writable pieces is 0xffffffff" },
    { REQUESTS, 28, 4, 1024, "a request of 1026 pieces" },
    { REQUESTS, 32 + 8, 4, 0, "length of a piece is 0x0" },
};

static void test_patched(void)
{
    Stream s = { };
    bool opened = stream_open(&s);

    for (int i = 0; opened && i < ARRAY_SIZE(patches); i++) {
        const Patch *p = &patches[i];
        uint64_t value = cpu_to_be64(p->value << (64 - 8 * p->size));

        g_autofree char *said = load(&s, s.at[p->anchor] + p->offset, &value,
                                     p->size);

        check_printed(said, p->message);
    }
    stream_close(&s, opened);
}

/* Some of them are good; the device must be fit for another one. */
static void test_random(void)
{
    Stream s = { };
    bool opened = stream_open(&s);
    unsigned rounds = g_test_slow() ? 10000 : 200;

    for (unsigned i = 0; opened && i < rounds; i++) {
        size_t at = g_test_rand_int_range(s.at[STATE], s.at[END]);
        uint32_t bytes = g_test_rand_int();

        g_free(load(&s, at, &bytes, g_test_rand_int_range(1, 4)));
    }
    stream_close(&s, opened);
}

/* The source is killed at some byte. */
static void test_truncated(void)
{
    const char *path = vc_move_path("state"), *cut = vc_move_path("cut");
    unsigned step = g_test_slow() ? 1 : 13;
    g_autofree char *data = NULL;
    size_t len, end;
    Stream s = { };
    VCMachine m;
    VCClient *vc;

    vc_machine_start(&m, MACHINE BACKEND DEVICE);
    vc = vc_machine_open(&m, CRYPTO);
    vc_sample_session(vc, VC_STD);
    vc_machine_save(&m, path);
    g_assert_true(g_file_get_contents(path, &data, &len, NULL));
    s.data = (uint8_t *)data;
    s.len = len;
    s.at[SESSIONS] = find_subsection(&s, NAME("sessions"));
    end = s.at[SESSIONS] + FIRST + 39 + 16;
    for (size_t at = s.at[SESSIONS] - header_len(NAME("sessions")) - STATE_LEN;
         at < end; at += step) {
        QTestState *qts;

        g_assert_true(g_file_set_contents(cut, data, at, NULL));
        qts = vc_incoming_start(MACHINE BACKEND DEVICE, cut);
        vc_wait_migration(qts, "failed");
        qtest_quit(qts);
    }
    vc_machine_close(vc);
    vc_machine_end(&m);
}

static void register_virtio_crypto_migration_stream_test(void)
{
    for (int i = 0; i < ARRAY_SIZE(misfits); i++) {
        g_autofree char *path = g_strdup_printf(
            "virtio-crypto/migration/misfit/%s", misfits[i].name);

        qtest_add_data_func(path, &misfits[i], test_misfit);
    }
    qtest_add_func("virtio-crypto/migration/offer-stays", test_offer_stays);
    qtest_add_func("virtio-crypto/migration/ready", test_ready);
    qtest_add_func("virtio-crypto/migration/stream/patched", test_patched);
    qtest_add_func("virtio-crypto/migration/stream/truncated", test_truncated);
    qtest_add_func("virtio-crypto/migration/stream/random", test_random);
}

libqos_init(register_virtio_crypto_migration_stream_test);
