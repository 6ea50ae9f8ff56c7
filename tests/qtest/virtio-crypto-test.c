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
    CONFIG_STATUS = 0,
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

/* Algorithms that the standard defines, and those that have to be there. */
static const struct {
    unsigned service;
    uint32_t offset;
    uint32_t defined, required;
} masks[] = {
    { 0, CONFIG_CIPHER_L, 0x7ffe, 0x23fe },
    { 0, CONFIG_CIPHER_H, 0, 0 },
    { 1, CONFIG_HASH, 0x1ffe, 0 },
    { 2, CONFIG_MAC_L, 0x1e00007e, 0 },
    { 2, CONFIG_MAC_H, 0x660600, 0 },
    { 3, CONFIG_AEAD, 0xe, 0 },
    { 4, CONFIG_AKCIPHER, 0x6, 0 },
};

static void test_config_masks(const VCTest *t, VCClient *vc)
{
    uint32_t services = qvirtio_config_readl(vc->vdev, CONFIG_SERVICES);
    uint32_t used = 0;

    g_assert_cmphex(services & 1, ==, 1);
    for (int i = 0; i < ARRAY_SIZE(masks); i++) {
        uint32_t mask = qvirtio_config_readl(vc->vdev, masks[i].offset);

        g_assert_cmphex(mask & ~masks[i].defined, ==, 0);
        g_assert_cmphex(mask & masks[i].required, ==, masks[i].required);
        used |= mask ? 1u << masks[i].service : 0;
    }
    g_assert_cmphex(services, ==, used);
}

static void test_config_limits(const VCTest *t, VCClient *vc)
{
    QVirtioDevice *d = vc->vdev;

    g_assert_cmphex(qvirtio_config_readl(d, CONFIG_STATUS), ==, 1);
    g_assert_cmpuint(qvirtio_config_readl(d, CONFIG_MAX_CIPHER_KEY_LEN), >=,
                     64);
    g_assert_cmpuint(qvirtio_config_readl(d, CONFIG_MAX_AUTH_KEY_LEN), >=,
                     128);
    g_assert_cmpuint(qvirtio_config_readq(d, CONFIG_MAX_SIZE), >=, 1 * MiB);
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

/* One byte less is served, one byte more is an error; the device lives on. */
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

    g_assert_cmpuint(max, <=, 8 * MiB);
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

static void check_new_id(GHashTable *seen, uint64_t id)
{
    g_assert_true(g_hash_table_add(seen, g_memdup2(&id, sizeof(id))));
}

static void test_ids(const VCTest *t, VCClient *vc)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash,
                                                       g_int64_equal,
                                                       g_free, NULL);
    uint64_t older = vc_sample_session(vc, t->format), id;

    check_new_id(seen, older);
    for (int i = 0; i < 100; i++) {
        id = vc_sample_session(vc, t->format);
        check_new_id(seen, id);
        destroy(vc, t->format, older, VC_OK);
        older = id;
    }
    vc_sample_request(vc, t->format, older, VC_OK);
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

static void test_destroyed(const VCTest *t, VCClient *vc)
{
    uint64_t session = vc_sample_session(vc, t->format);

    destroy(vc, t->format, session, VC_OK);
    vc_sample_request(vc, t->format, session, VC_INVSESS);
    destroy(vc, t->format, session, VC_ERR);
    vc_check_alive(vc, t->format);
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
    { VC_FOR_SESSIONS, "max-size", { test_max_size } },
    { VC_FOR_BOTH, "ring-wraps", { test_ring_wraps } },
    { VC_FOR_SESSIONS, "session/ids", { test_ids } },
    { VC_FOR_BOTH, "session/other-format", { test_other_format } },
    { VC_FOR_SESSIONS, "session/destroyed", { test_destroyed } },
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
