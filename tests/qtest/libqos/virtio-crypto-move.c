/*
 * virtio-crypto client: migration from one QEMU to another
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <glib/gstdio.h>
#include "qobject/qdict.h"
#include "../libqtest-single.h"
#include "virtio-crypto-move.h"

#define TIMEOUT_US      (120 * G_USEC_PER_SEC)

static char *move_dir;

static void remove_dir(void)
{
    GDir *dir = g_dir_open(move_dir, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(move_dir, name, NULL);

        g_unlink(path);
    }
    g_clear_pointer(&dir, g_dir_close);
    g_rmdir(move_dir);
    g_free(move_dir);
}

const char *vc_move_path(const char *name)
{
    static GHashTable *paths;
    char *path;

    if (!move_dir) {
        move_dir = g_dir_make_tmp("virtio-crypto-move-XXXXXX", NULL);
        g_assert_nonnull(move_dir);
        atexit(remove_dir);
        paths = g_hash_table_new(g_str_hash, g_str_equal);
    }
    path = g_hash_table_lookup(paths, name);
    if (!path) {
        path = g_build_filename(move_dir, name, NULL);
        g_hash_table_insert(paths, g_strdup(name), path);
    }
    return path;
}

static char *query_string(QTestState *qts, const char *command,
                          const char *member)
{
    QDict *response = qtest_qmp_assert_success_ref(qts, "{ 'execute': %s }",
                                                   command);
    char *s = g_strdup(qdict_get_try_str(response, member));

    qobject_unref(response);
    return s;
}

static void wait_for(QTestState *qts, const char *command, const char *wanted,
                     const char *other)
{
    gint64 start = g_get_monotonic_time();

    while (true) {
        g_autofree char *status = query_string(qts, command, "status");

        if (!g_strcmp0(status, wanted)) {
            return;
        }
        if (!g_strcmp0(status, other) ||
            g_get_monotonic_time() - start > TIMEOUT_US) {
            g_error("%s: status is '%s', not '%s'", command, status, wanted);
        }
        g_usleep(1000);
    }
}

void vc_wait_migration(QTestState *qts, const char *status)
{
    wait_for(qts, "query-migrate", status,
             g_str_equal(status, "failed") ? "completed" : "failed");
}

void vc_wait_running(QTestState *qts)
{
    wait_for(qts, "query-status", "running", NULL);
}

void vc_machine_save(VCMachine *m, const char *path)
{
    g_autofree char *uri = g_strdup_printf("file:%s", path);

    qtest_qmp_assert_success(m->qts, "{ 'execute': 'migrate',"
                             " 'arguments': { 'uri': %s } }", uri);
    vc_wait_migration(m->qts, "completed");
}

QTestState *vc_destination_start(const char *options)
{
    g_autofree char *all = g_strdup_printf("%s -incoming defer", options);

    return qtest_init(all);
}

void vc_migrate_incoming(QTestState *qts, const char *uri)
{
    qtest_qmp_assert_success(qts, "{ 'execute': 'migrate-incoming',"
                             " 'arguments': { 'uri': %s,"
                             "   'exit-on-error': false } }", uri);
}

QTestState *vc_incoming_start(const char *options, const char *path)
{
    g_autofree char *uri = g_strdup_printf("file:%s", path);
    QTestState *qts = vc_destination_start(options);

    vc_migrate_incoming(qts, uri);
    return qts;
}

QTestState *vc_machine_switch(VCMachine *m, VCClient *vc, QTestState *qts)
{
    QTestState *old = m->qts;

    m->qts = global_qtest = m->bus->qts = vc->qts = qts;
    return old;
}

void vc_machine_adopt(VCMachine *m, VCClient *vc, QTestState *qts)
{
    qtest_quit(vc_machine_switch(m, vc, qts));
}

void vc_machine_move(VCMachine *m, VCClient *vc, const char *options)
{
    const char *path = vc_move_path("state");
    QTestState *qts;

    vc_machine_save(m, path);
    qts = vc_incoming_start(options, path);
    vc_wait_migration(qts, "completed");
    vc_machine_adopt(m, vc, qts);
}

/* A machine with one device */

void vc_trip_start(VCTrip *t, const char *options, uint64_t features)
{
    QVirtioPCIDevice *dev;
    QVirtioCrypto crypto;

    vc_machine_start(&t->m, options);
    dev = virtio_pci_new(t->m.bus, &(QPCIAddress) { .devfn = VC_TRIP_DEVFN });
    crypto = (QVirtioCrypto) { &dev->vdev, dev };
    qos_object_start_hw(&dev->obj);
    t->vc = vc_open(&crypto, &t->m.alloc, &(VCOpen) { .features = features });
}

void vc_trip_move(VCTrip *t, const char *options)
{
    vc_machine_move(&t->m, t->vc, options);
    vc_wait_running(t->m.qts);
}

void vc_trip_stop(VCTrip *t)
{
    qtest_qmp_assert_success(t->m.qts, "{ 'execute': 'stop' }");
}

void vc_trip_cont(VCTrip *t)
{
    qtest_qmp_assert_success(t->m.qts, "{ 'execute': 'cont' }");
}

void vc_trip_end(VCTrip *t)
{
    vc_machine_close(t->vc);
    vc_machine_end(&t->m);
}

/* Files */

const char *vc_snapshot_image(void)
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

void vc_check_printed(const char *text, const char *message)
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

unsigned vc_count_in_file(const char *path, const char *bytes)
{
    g_autofree char *data = NULL;
    size_t len, bytes_len = strlen(bytes);
    unsigned n = 0;

    g_assert_true(g_file_get_contents(path, &data, &len, NULL));
    for (size_t i = 0; i + bytes_len <= len; i++) {
        n += !memcmp(data + i, bytes, bytes_len);
    }
    return n;
}
