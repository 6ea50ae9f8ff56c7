/*
 * QTest testcases for virtio-crypto: sides of a migration that differ
 *
 * A destination that does not fit says why, and one that has more than the
 * source shows it later.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "qobject/qdict.h"
#include "libqos/virtio-crypto-move.h"
#include "libqos/virtio-crypto-samples.h"

#define MACHINE     VC_TRIP_MACHINE
#define BACKEND     VC_TRIP_BACKEND
#define DEVICE      VC_TRIP_DEVICE
#define CRYPTO      VC_TRIP_DEVFN

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
    vc_check_printed(printed, misfit->message);
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

static void register_virtio_crypto_migration_misfit_test(void)
{
    for (int i = 0; i < ARRAY_SIZE(misfits); i++) {
        g_autofree char *path = g_strdup_printf(
            "virtio-crypto/migration/misfit/%s", misfits[i].name);

        qtest_add_data_func(path, &misfits[i], test_misfit);
    }
    qtest_add_func("virtio-crypto/migration/offer-stays", test_offer_stays);
    qtest_add_func("virtio-crypto/migration/ready", test_ready);
}

libqos_init(register_virtio_crypto_migration_misfit_test);
