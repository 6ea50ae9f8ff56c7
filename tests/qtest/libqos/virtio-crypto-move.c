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

QTestState *vc_incoming_start(const char *options, const char *path)
{
    g_autofree char *all = g_strdup_printf("%s -incoming defer", options);
    g_autofree char *uri = g_strdup_printf("file:%s", path);
    QTestState *qts = qtest_init(all);

    qtest_qmp_assert_success(qts, "{ 'execute': 'migrate-incoming',"
                             " 'arguments': { 'uri': %s,"
                             "   'exit-on-error': false } }", uri);
    return qts;
}

void vc_machine_adopt(VCMachine *m, VCClient *vc, QTestState *qts)
{
    qtest_quit(m->qts);
    m->qts = global_qtest = m->bus->qts = vc->qts = qts;
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
