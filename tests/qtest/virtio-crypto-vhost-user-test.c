/*
 * QTest testcases for virtio-crypto: data queues that a vhost-user server has
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "libqtest.h"
#include "libqos/virtio-crypto-calls.h"
#include "libqos/virtio-crypto-served.h"
#include "qobject/qdict.h"
#include "qobject/qlist.h"

#define CONFIG_SERVICES     8
#define CONFIG_LEN          56

#define RING_RESET          40
#define IN_ORDER            35

static void destroy(VCServed *d, uint64_t session, VCStatus expect)
{
    vc_destroy_session(&(VCDestroy) {
        .vc = d->vc, .session = session, .expect = expect,
    });
}

/* Messages */

/* Whether the last message that asks for a session is just that */
static void check_create(VCServed *d, const uint8_t *expected)
{
    uint32_t size;
    g_autofree uint8_t *m = vc_server_last(d->server, VC_VHOST_CREATE_SESSION,
                                           &size);

    g_assert_nonnull(m);
    g_assert_cmpmem(m, size, expected, VC_VHOST_CREATE_SIZE);
}

static uint64_t last_u64(VCServed *d, unsigned request)
{
    uint32_t size;
    g_autofree uint8_t *m = vc_server_last(d->server, request, &size);

    g_assert_nonnull(m);
    g_assert_cmpuint(size, ==, sizeof(uint64_t));
    return ldq_he_p(m);
}

static void test_life(void)
{
    uint8_t create[VC_VHOST_CREATE_SIZE] = { };
    uint64_t session, features;
    VCServed d;

    vc_served_start(&d, &(VCServedOptions) { });
    g_assert_true(vc_served_ready(&d));
    vc_server_wait(d.server, VC_VHOST_SET_VRING_ENABLE, 1);
    features = last_u64(&d, VC_VHOST_SET_FEATURES);
    g_assert_cmphex(features, ==, VC_VHOST_VERSION_1 | VC_VHOST_INDIRECT |
                                  VC_VHOST_PROTOCOL);
    session = vc_sample_session(d.vc, VC_STD);
    g_assert_cmpuint(session, ==, 1);
    stq_he_p(create, VC_CIPHER_CREATE);
    stl_he_p(create + 8, VC_AES_CBC);
    stl_he_p(create + 12, sizeof(vc_sample_key));
    create[32] = VC_SYM_CIPHER;
    create[33] = VC_OP_ENCRYPT;
    memcpy(create + 56, vc_sample_key, sizeof(vc_sample_key));
    check_create(&d, create);

    vc_served_request(&d, 0, session);
    vc_served_request(&d, 0, session);
    g_assert_cmpuint(vc_server_served(d.server), ==, 2);
    destroy(&d, session, VC_OK);
    vc_server_wait(d.server, VC_VHOST_CLOSE_SESSION, 1);
    g_assert_cmpuint(last_u64(&d, VC_VHOST_CLOSE_SESSION), ==, session);
    /* what nobody knows is no matter for the server */
    destroy(&d, session, VC_ERR);
    vc_served_check_alive(&d);
    vc_server_wait(d.server, VC_VHOST_CLOSE_SESSION, 2);
    g_assert_cmpuint(vc_server_connections(d.server), ==, 1);
    vc_served_end(&d);
}

static void test_reset(void)
{
    VCServed d;

    vc_served_start(&d, &(VCServedOptions) { });
    for (int i = 0; i < 3; i++) {
        vc_sample_session(d.vc, VC_STD);
    }
    vc_restart(d.vc);
    vc_server_wait(d.server, VC_VHOST_CLOSE_SESSION, 3);
    destroy(&d, 1, VC_ERR);
    vc_served_check_alive(&d);
    vc_served_end(&d);
}

static void test_queues(void)
{
    uint64_t session;
    VCServed d;

    vc_served_start(&d, &(VCServedOptions) {
        .server.queues = 3, .backend = ",queues=3",
    });
    g_assert_cmpuint(d.vc->n_queues, ==, 3);
    session = vc_sample_session(d.vc, VC_STD);
    for (unsigned queue = 0; queue < 3; queue++) {
        vc_served_request(&d, queue, session);
    }
    g_assert_cmpuint(vc_server_served(d.server), ==, 3);
    g_assert_cmpuint(vc_server_count(d.server, VC_VHOST_SET_VRING_NUM), ==, 3);
    destroy(&d, session, VC_OK);
    vc_served_end(&d);
}

/* A driver may ask for a session for any queue. */
static void test_queue_id(void)
{
    static const VCPoke queue_id[] = { { 4, NULL, 12, UINT32_MAX }, { } };
    uint64_t session;
    VCServed d;

    vc_served_start(&d, &(VCServedOptions) { });
    session = vc_create_session(&(VCSession) {
        .vc = d.vc, VC_SAMPLE_SESSION, .shape.poke = queue_id,
    });
    vc_served_request(&d, 0, session);
    destroy(&d, session, VC_OK);
    vc_served_end(&d);
}

static void test_chain(void)
{
    uint8_t create[VC_VHOST_CREATE_SIZE] = { };
    VCServed d;

    vc_served_start(&d, &(VCServedOptions) { });
    vc_create_session(&(VCSession) {
        .vc = d.vc, VC_SAMPLE_SESSION, .op = VC_OP_DECRYPT,
        .order = VC_HASH_THEN_CIPHER, .hash_mode = VC_HASH_AUTH,
        .hash_algo = 2, .auth_key = vc_sample_in, .auth_key_len = 20,
        .digest_len = 12, .aad_len = 8,
    });
    stq_he_p(create, VC_CIPHER_CREATE);
    stl_he_p(create + 8, VC_AES_CBC);
    stl_he_p(create + 12, sizeof(vc_sample_key));
    stl_he_p(create + 16, 2);
    stl_he_p(create + 20, 12);
    stl_he_p(create + 24, 20);
    stl_he_p(create + 28, 8);
    create[32] = VC_SYM_CHAINING;
    create[33] = VC_OP_DECRYPT;
    create[34] = VC_HASH_AUTH;
    create[35] = VC_HASH_THEN_CIPHER;
    memcpy(create + 56, vc_sample_key, sizeof(vc_sample_key));
    memcpy(create + 120, vc_sample_in, 20);
    check_create(&d, create);
    vc_served_end(&d);
}

/* Without a config space of the server ciphers and chains are offered. */
static void test_services(void)
{
    VCServed d;

    vc_served_start(&d, &(VCServedOptions) { });
    g_assert_cmphex(qvirtio_config_readl(d.vc->vdev, CONFIG_SERVICES), ==,
                    1u << VC_SERVICE_CIPHER);
    vc_create_session(&(VCSession) {
        .vc = d.vc, .opcode = VC_MAC_CREATE, .algo = 2, .digest_len = 20,
        .key = vc_sample_key, .key_len = 16, .expect = VC_NOTSUPP,
    });
    vc_create_session(&(VCSession) {
        .vc = d.vc, .opcode = VC_HASH_CREATE, .algo = 2, .digest_len = 20,
        .expect = VC_NOTSUPP,
    });
    vc_create_session(&(VCSession) {
        .vc = d.vc, VC_SAMPLE_SESSION, .algo = VC_AES_CTR,
        .expect = VC_NOTSUPP,
    });
    g_assert_cmpuint(vc_server_count(d.server, VC_VHOST_CREATE_SESSION), ==,
                     0);
    vc_served_end(&d);
}

/* What a server with a config space offers: ready, two queues, and RSA */
static void make_config(uint8_t *config)
{
    memset(config, 0, CONFIG_LEN);
    stl_le_p(config, 1);
    stl_le_p(config + 4, 2);
    stl_le_p(config + 8, 0x1f);         /* services */
    stl_le_p(config + 12, 1 << VC_AES_CTR);
    stl_le_p(config + 20, 1 << 2);      /* hash: SHA-1 */
    stl_le_p(config + 24, 1 << 2);      /* MAC: HMAC-SHA1 */
    stl_le_p(config + 32, 1 << 1);      /* AEAD: GCM */
    stl_le_p(config + 36, 64);
    stl_le_p(config + 40, 512);
    stl_le_p(config + 44, 1 << 1);      /* AKCIPHER: RSA */
    stq_le_p(config + 48, 65536);
}

#define WITH_CONFIG(_config)                                            \
    .server.config = _config, .server.queues = 2,                       \
    .server.features = VC_VHOST_USUAL | VC_F_REVISION_1,                \
    .server.protocol = VC_VHOST_P_MQ | VC_VHOST_P_SESSION | VC_VHOST_P_CONFIG

static void test_config(void)
{
    uint8_t create[VC_VHOST_CREATE_SIZE] = { };
    uint8_t config[CONFIG_LEN];
    VCServed d;

    make_config(config);
    vc_served_start(&d, &(VCServedOptions) {
        WITH_CONFIG(config), .backend = ",queues=2",
    });
    g_assert_true(vc_served_ready(&d));
    g_assert_cmphex(qvirtio_config_readl(d.vc->vdev, CONFIG_SERVICES), ==,
                    0x1f);
    vc_create_session(&(VCSession) {
        .vc = d.vc, .opcode = VC_AKCIPHER_CREATE, .algo = 1,
        .key = vc_sample_in, .key_len = 40, .key_type = VC_PRIVATE,
        .padding = VC_RSA_PKCS1, .rsa_hash = 6,
    });
    stq_he_p(create, VC_AKCIPHER_CREATE);
    stl_he_p(create + 8, 1);
    stl_he_p(create + 12, VC_PRIVATE);
    stl_he_p(create + 16, 40);
    stl_he_p(create + 32, VC_RSA_PKCS1);
    stl_he_p(create + 36, 6);
    memcpy(create + 40, vc_sample_in, 40);
    check_create(&d, create);

    vc_create_session(&(VCSession) {
        .vc = d.vc, .opcode = VC_HASH_CREATE, .algo = 2, .digest_len = 20,
    });
    memset(create, 0, sizeof(create));
    stq_he_p(create, VC_HASH_CREATE);
    stl_he_p(create + 16, 2);
    stl_he_p(create + 20, 20);
    check_create(&d, create);

    vc_create_session(&(VCSession) {
        .vc = d.vc, .opcode = VC_MAC_CREATE, .algo = 2, .digest_len = 16,
        .key = vc_sample_key, .key_len = 16,
    });
    stq_he_p(create, VC_MAC_CREATE);
    stl_he_p(create + 20, 16);
    stl_he_p(create + 24, 16);
    memcpy(create + 120, vc_sample_key, 16);
    check_create(&d, create);

    vc_create_session(&(VCSession) {
        .vc = d.vc, .opcode = VC_AEAD_CREATE, .algo = 1, .digest_len = 16,
        .key = vc_sample_key, .key_len = 16, .aad_len = 12,
    });
    memset(create, 0, sizeof(create));
    stq_he_p(create, VC_AEAD_CREATE);
    stl_he_p(create + 8, 1);
    stl_he_p(create + 12, 16);
    stl_he_p(create + 20, 16);
    stl_he_p(create + 28, 12);
    create[33] = VC_OP_ENCRYPT;
    memcpy(create + 56, vc_sample_key, 16);
    check_create(&d, create);
    vc_served_end(&d);
}

/* What its field has no room for comes behind the message. */
static void test_long_key(void)
{
    g_autofree uint8_t *key = vc_bytes(1, 1025);
    uint8_t config[CONFIG_LEN];
    VCServed d;

    make_config(config);
    vc_served_start(&d, &(VCServedOptions) { WITH_CONFIG(config) });
    for (int excess = 0; excess < 2; excess++) {
        g_autofree uint8_t *m = NULL;
        uint32_t size;

        vc_create_session(&(VCSession) {
            .vc = d.vc, .opcode = VC_AKCIPHER_CREATE, .algo = 1,
            .key = key, .key_len = 1024 + excess, .key_type = VC_PRIVATE,
            .padding = VC_RSA_RAW, .expect = VC_OK,
        });
        m = vc_server_last(d.server, VC_VHOST_CREATE_SESSION, &size);
        g_assert_cmpuint(size, ==, VC_VHOST_CREATE_SIZE + excess);
        g_assert_cmpmem(m + 40, 1024, key, 1024);
        g_assert_cmpmem(m + VC_VHOST_CREATE_SIZE, excess, key + 1024, excess);
    }
    vc_served_end(&d);
}

static void test_not_ready(void)
{
    uint8_t config[CONFIG_LEN];
    VCServed d;

    make_config(config);
    stl_le_p(config, 0);
    vc_served_start(&d, &(VCServedOptions) { WITH_CONFIG(config) });
    g_assert_false(vc_served_ready(&d));
    vc_served_end(&d);
}

/* The driver is offered what the server has as well. */
static void test_features(void)
{
    for (int has = 0; has < 2; has++) {
        uint64_t more = has ? VC_VHOST_RING_RESET | 1ull << IN_ORDER : 0;
        uint64_t offered;
        VCServed d;

        vc_served_start(&d, &(VCServedOptions) {
            .server.features = (VC_VHOST_USUAL & ~VC_VHOST_EVENT_IDX) | more,
            .device = ",in_order=on",
        });
        offered = qvirtio_get_features(d.vc->vdev);
        g_assert_cmpint(!!(offered & VC_VHOST_RING_RESET), ==, has);
        g_assert_cmpint(!!(offered & 1ull << IN_ORDER), ==, has);
        g_assert_cmpint(!!(offered & VC_VHOST_EVENT_IDX), ==, 0);
        g_assert_cmpint(!!(offered & VC_VHOST_PROTOCOL), ==, 0);
        vc_served_check_alive(&d);
        vc_served_end(&d);
    }
}

/* The rings come back when the VM stops. */
static void test_stop(void)
{
    uint64_t session;
    VCServed d;

    vc_served_start(&d, &(VCServedOptions) { });
    session = vc_sample_session(d.vc, VC_STD);
    vc_served_request(&d, 0, session);
    qtest_qmp_assert_success(d.vc->qts, "{ 'execute': 'stop' }");
    g_assert_cmpuint(vc_server_count(d.server, VC_VHOST_GET_VRING_BASE), ==,
                     1);
    qtest_qmp_assert_success(d.vc->qts, "{ 'execute': 'cont' }");
    vc_served_request(&d, 0, session);
    g_assert_cmpuint(vc_server_served(d.server), ==, 2);
    destroy(&d, session, VC_OK);
    vc_served_end(&d);
}

/* Monitor */

static void check_monitor(VCServed *d, bool connected)
{
    QDict *info = vc_query_backend(d->vc);
    QDict *client = qobject_to(QDict,
                               qlist_peek(qdict_get_qlist(info, "client")));

    g_assert_cmpint(qdict_get_bool(info, "connected"), ==, connected);
    g_assert_cmpint(qdict_get_bool(info, "ready"), ==, connected);
    g_assert_cmpstr(qdict_get_str(client, "type"), ==, "vhost-user");
    qobject_unref(info);
}

static void test_query(void)
{
    VCServed d;

    vc_served_start(&d, &(VCServedOptions) { });
    check_monitor(&d, true);
    vc_server_drop(d.server);
    vc_served_wait(&d, false);
    check_monitor(&d, false);
    vc_served_end(&d);
}

static void register_virtio_crypto_vhost_user_test(void)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } tests[] = {
        { "life", test_life },
        { "reset", test_reset },
        { "queues", test_queues },
        { "queue-id", test_queue_id },
        { "chain", test_chain },
        { "services", test_services },
        { "config", test_config },
        { "long-key", test_long_key },
        { "not-ready", test_not_ready },
        { "features", test_features },
        { "stop", test_stop },
        { "query", test_query },
    };

    for (int i = 0; i < ARRAY_SIZE(tests); i++) {
        g_autofree char *path = g_strdup_printf("virtio-crypto/vhost-user/%s",
                                                tests[i].name);

        qtest_add_func(path, tests[i].run);
    }
}

libqos_init(register_virtio_crypto_vhost_user_test);
