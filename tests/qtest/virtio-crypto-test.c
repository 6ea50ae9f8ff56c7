/*
 * QTest testcases for virtio-crypto: configuration, sessions, queues, reset
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-registry.h"
#include "libqos/virtio-crypto-samples.h"

/* Offsets in the config space */
enum {
    CONFIG_MAX_DATAQUEUES = 4,
    CONFIG_SERVICES = 8,
    CONFIG_CIPHER_L = 12,
    CONFIG_CIPHER_H = 16,
    CONFIG_HASH = 20,
    CONFIG_MAC_L = 24,
    CONFIG_MAC_H = 28,
    CONFIG_AEAD = 32,
    CONFIG_MAX_CIPHER_KEY_LEN = 36,
    CONFIG_MAX_AUTH_KEY_LEN = 40,
    CONFIG_AKCIPHER = 44,
    CONFIG_MAX_SIZE = 48,
};

/* Ciphers that gcrypt and nettle both have: all but those of 3GPP */
#define COMMON_CIPHERS  0x23fe

/* The masks say what the library has, whichever it is. */
static void test_config_masks(const VCTest *t, VCClient *vc)
{
    static const struct {
        unsigned service;
        uint32_t offset;
    } masks[] = {
        { 0, CONFIG_CIPHER_L }, { 0, CONFIG_CIPHER_H }, { 1, CONFIG_HASH },
        { 2, CONFIG_MAC_L }, { 2, CONFIG_MAC_H }, { 3, CONFIG_AEAD },
        { 4, CONFIG_AKCIPHER },
    };
    uint32_t services = 0;

    for (int i = 0; i < ARRAY_SIZE(masks); i++) {
        if (qvirtio_config_readl(vc->vdev, masks[i].offset)) {
            services |= 1u << masks[i].service;
        }
    }
    g_assert_cmphex(services, ==,
                    qvirtio_config_readl(vc->vdev, CONFIG_SERVICES));
    g_assert_cmphex(qvirtio_config_readl(vc->vdev, CONFIG_CIPHER_L) &
                    COMMON_CIPHERS, ==, COMMON_CIPHERS);
}

/* The manual names these limits. */
static void test_config_limits(const VCTest *t, VCClient *vc)
{
    QVirtioDevice *d = vc->vdev;

    g_assert_cmpuint(qvirtio_config_readl(d, CONFIG_MAX_CIPHER_KEY_LEN), ==,
                     256);
    g_assert_cmpuint(qvirtio_config_readl(d, CONFIG_MAX_AUTH_KEY_LEN), ==,
                     512);
    g_assert_cmpuint(qvirtio_config_readq(d, CONFIG_MAX_SIZE), ==, 1 * MiB);
}

static void test_config_queues(const VCTest *t, VCClient *vc)
{
    unsigned n = atoi(t->arg);

    g_assert_cmpuint(qvirtio_config_readl(vc->vdev, CONFIG_MAX_DATAQUEUES),
                     ==, n);
    for (int i = 0; i <= n + 1; i++) {
        vc->vdev->bus->queue_select(vc->vdev, i);
        g_assert_cmpuint(vc->vdev->bus->get_queue_size(vc->vdev), ==,
                         i <= n ? 1024 : 0);
    }
}

/*
 * The limit of the standard's configuration is one of the draft, too.  One
 * byte less is served, one byte more is an error; the device lives on.
 */
static void test_max_size(const VCTest *t, VCClient *vc)
{
    uint64_t max = qvirtio_config_readq(vc->vdev, CONFIG_MAX_SIZE);
    uint32_t len = (max - sizeof(vc_sample_iv)) / 2;
    g_autofree uint8_t *data = vc_bytes(1, len + 1);
    uint64_t session = vc_create_session(&(VCSession) {
        .vc = vc, .format = t->format, .algo = VC_AES_CTR,
        .key = vc_sample_key, .key_len = sizeof(vc_sample_key),
    });
    VCRequest r = {
        .vc = vc, .format = t->format, .session = session,
        .iv = vc_sample_iv, .iv_len = sizeof(vc_sample_iv),
        .src = data, .src_len = len,
    };

    vc_request(&r);
    r.dst_len = len + 1 + max % 2;
    r.expect = VC_ERR;
    vc_request(&r);
    r.dst_len = r.src_len = len + 1;
    vc_request(&r);
    vc_check_alive(vc, t->format);
}

/* Sessions */

static void destroy(VCClient *vc, VCFormat format, uint64_t session,
                    VCStatus expect)
{
    vc_destroy_session(&(VCDestroy) {
        .vc = vc, .format = format, .session = session, .expect = expect,
    });
}

/* A session serves requests of either format. */
static void test_other_format(const VCTest *t, VCClient *vc)
{
    VCFormat other = VC_STD + VC_V11 - t->format;
    uint64_t session = vc_sample_session(vc, t->format);

    vc_sample_request(vc, other, session, VC_OK);
    vc_sample_request(vc, t->format, session, VC_OK);
    destroy(vc, other, session, VC_OK);
    vc_sample_request(vc, t->format, session, VC_INVSESS);
}

#define TABLE_SIZE  4

static void test_table_full(const VCTest *t, VCClient *vc)
{
    uint64_t ids[TABLE_SIZE], id;
    VCSession one_more = {
        .vc = vc, .format = t->format, VC_SAMPLE_SESSION, .expect = VC_ERR,
    };

    for (int i = 0; i < TABLE_SIZE; i++) {
        ids[i] = vc_sample_session(vc, t->format);
    }
    vc_create_session(&one_more);
    vc_create_session(&one_more);
    for (int i = 0; i < TABLE_SIZE; i++) {
        vc_sample_request(vc, t->format, ids[i], VC_OK);
    }
    destroy(vc, t->format, ids[1], VC_OK);
    id = vc_sample_session(vc, t->format);
    g_assert_cmphex(id, !=, ids[1]);
    vc_sample_request(vc, t->format, id, VC_OK);
    vc_sample_request(vc, t->format, ids[1], VC_INVSESS);
    vc_create_session(&one_more);
}

/* Queues */

#define MANY_QUEUES     4
#define ROUNDS          4

/* Requests on all queues at once; each comes back on its own queue. */
static void test_queues(const VCTest *t, VCClient *vc)
{
    VCMessage *messages[ROUNDS][MANY_QUEUES];
    uint64_t sessions[MANY_QUEUES];

    g_assert_cmpuint(vc->n_queues, ==, MANY_QUEUES);
    for (int q = 0; q < MANY_QUEUES; q++) {
        sessions[q] = vc_sample_session(vc, t->format);
    }
    for (int i = 0; i < ROUNDS; i++) {
        for (int q = 0; q < MANY_QUEUES; q++) {
            messages[i][q] = vc_request_start(&(VCRequest) {
                .vc = vc, .format = t->format, .queue = q,
                .session = sessions[(i + q) % MANY_QUEUES],
                VC_SAMPLE_ENCRYPT,
            });
        }
    }
    for (int q = MANY_QUEUES - 1; q >= 0; q--) {
        for (int i = 0; i < ROUNDS; i++) {
            vc_finish(messages[i][q]);
        }
    }
}

/* More requests than there are descriptors, one after the other and at once */
static void test_ring_wraps(const VCTest *t, VCClient *vc)
{
    uint64_t session = vc_sample_session(vc, t->format);
    VCMessage *messages[100];

    for (int round = 0; round < 12; round++) {
        for (int i = 0; i < ARRAY_SIZE(messages); i++) {
            messages[i] = vc_request_start(&(VCRequest) {
                .vc = vc, .format = t->format, .session = session,
                VC_SAMPLE_ENCRYPT, .shape.indirect = i % 2,
            });
        }
        for (int i = 0; i < ARRAY_SIZE(messages); i++) {
            vc_finish(messages[i]);
        }
    }
}

static void test_alive(const VCTest *t, VCClient *vc)
{
    for (int i = 0; i < 3; i++) {
        vc_check_alive(vc, t->format);
        vc_restart(vc);
    }
}

static const VCTestEntry tests[] = {
    { 0, "config/masks", { test_config_masks } },
    { 0, "config/masks-gcrypt", { test_config_masks, .provider = "gcrypt" } },
    { 0, "config/masks-nettle", { test_config_masks, .provider = "nettle" } },
    { 0, "config/limits", { test_config_limits } },
    { 0, "config/queues-1", { test_config_queues, .arg = "1" } },
    { 0, "config/queues-2",
      { test_config_queues, .backend = ",queues=2", .arg = "2" } },
    { 0, "config/queues-8",
      { test_config_queues, .backend = ",queues=8", .arg = "8" } },
    { VC_FOR_V11, "max-size", { test_max_size } },
    { VC_FOR_BOTH, "ring-wraps", { test_ring_wraps } },
    { VC_FOR_BOTH, "session/other-format", { test_other_format } },
    { VC_FOR_BOTH, "session/table-full",
      { test_table_full, .device = "max-sessions=" stringify(TABLE_SIZE) } },
    { VC_FOR_BOTH, "queues",
      { test_queues, .backend = ",queues=" stringify(MANY_QUEUES) } },
    { VC_FOR_BOTH, "msix",
      { test_alive, .device = "vectors=3", .pci = true, .msix = true } },
    { }
};

static void register_virtio_crypto_test(void)
{
    vc_add_tests(tests);
}

libqos_init(register_virtio_crypto_test);
