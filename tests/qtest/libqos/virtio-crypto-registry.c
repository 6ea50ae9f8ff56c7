/*
 * virtio-crypto tests: registration
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../libqtest.h"
#include "qobject/qdict.h"
#include "virtio-crypto-registry.h"

/* The command line */

bool vc_has_provider(const char *name)
{
    static GHashTable *known;
    QTestState *qts;
    QDict *response;
    bool has;

    if (!known) {
        known = g_hash_table_new(g_str_hash, g_str_equal);
    }
    if (g_hash_table_contains(known, name)) {
        return g_hash_table_lookup(known, name);
    }
    qts = qtest_init("-machine none");
    response = qtest_qmp(qts, "{ 'execute': 'object-add', 'arguments': {"
                         " 'qom-type': 'cryptodev-backend-builtin',"
                         " 'id': 'probe', 'provider': %s } }", name);
    has = !qdict_haskey(response, "error");
    g_hash_table_insert(known, (char *)name, GINT_TO_POINTER(has));
    qobject_unref(response);
    qtest_quit(qts);
    return has;
}

static void *add_backend(GString *cmd_line, void *arg)
{
    const VCTest *t = arg;

    /* no other devices: their ROMs may be missing, and it starts faster */
    g_string_append_printf(cmd_line, " -nodefaults"
                           " -object cryptodev-backend-builtin,id=cryptodev0%s",
                           t->backend ?: "");
    if (t->provider && vc_has_provider(t->provider)) {
        g_string_append_printf(cmd_line, ",provider=%s", t->provider);
    }
    return arg;
}

static uint64_t features_of(VCFormat format)
{
    return (format == VC_REV1 || format == VC_STATELESS ?
            VC_F_REVISION_1 : 0) |
           (format == VC_STATELESS ? VC_F_STATELESS_ALL : 0);
}

static uint64_t accepted(const VCTest *t)
{
    return t->features ?: features_of(t->format);
}

/* What the device is to offer, and what else the test wants; may be NULL */
static char *device_options(const VCTest *t)
{
    static const char *const properties[] = {
        "revision-1", "stateless-cipher", "stateless-hash", "stateless-mac",
        "stateless-aead", "stateless-akcipher",
    };
    uint64_t features = accepted(t) | t->offered;
    GString *options = g_string_new(NULL);

    for (int i = 0; i < ARRAY_SIZE(properties); i++) {
        if (features & 1ull << i) {
            g_string_append_printf(options, "%s=on,", properties[i]);
        }
    }
    g_string_append(options, t->device ?: "");
    if (!t->device && options->len) {
        g_string_truncate(options, options->len - 1);
    }
    return g_string_free(options, !options->len);
}

/* QEMU is killed when its parent dies: it may not heed anything else. */
static void out_of_time(int signal)
{
    static const char text[] = "The test takes too long: does QEMU hang?\n";
    ssize_t ignored G_GNUC_UNUSED = write(STDERR_FILENO, text,
                                          sizeof(text) - 1);

    _exit(1);
}

static void run_test(void *obj, void *arg, QGuestAllocator *alloc)
{
    const VCTest *t = arg;
    VCClient *vc;

    if (t->provider && !vc_has_provider(t->provider)) {
        g_test_skip("this QEMU lacks the crypto provider");
        return;
    }
    sigaction(SIGALRM, &(struct sigaction) { .sa_handler = out_of_time },
              NULL);
    alarm(t->seconds);
    vc = vc_open(obj, alloc, &(VCOpen) {
        .no_driver_ok = t->no_driver_ok, .msix = t->msix,
        .features = accepted(t),
    });
    t->run(t, vc);
    vc_close(vc);
    alarm(0);
}

void vc_add_test(const char *name, const VCTest *test)
{
    g_autofree char *device = device_options(test);
    QOSGraphTestOptions opts = {
        .before = add_backend,
        .arg = g_memdup2(test, sizeof(*test)),
        .edge.extra_device_opts = device,
    };

    qos_add_test(name, test->pci ? "virtio-crypto-only-pci" : "virtio-crypto",
                 run_test, &opts);
}

void vc_add_test_format(VCFormat format, const char *name, const VCTest *test)
{
    g_autofree char *path = g_strdup_printf("%s/%s", vc_format_names[format],
                                            name);
    VCTest copy = *test;

    copy.format = format;
    vc_add_test(path, &copy);
}

void vc_add_test_formats(const char *name, const VCTest *test)
{
    vc_add_test_format(VC_STD, name, test);
    vc_add_test_format(VC_V11, name, test);
}

void vc_add_tests(const VCTestEntry *entries)
{
    for (const VCTestEntry *e = entries; e->name; e++) {
        if (!e->formats) {
            vc_add_test(e->name, &e->test);
        }
        for (VCFormat i = 0; i < VC_FORMATS; i++) {
            if (e->formats & 1u << i) {
                vc_add_test_format(i, e->name, &e->test);
            }
        }
    }
}

static void run_requirement(const VCTest *t, VCClient *vc)
{
    const VCRequirement *r = t->arg;
    bool first = true;

    g_test_message("%s: %s (%s)", r->id, r->text, r->clause);
    for (VCFormat f = 0; f < VC_FORMATS; f++) {
        if (r->formats & 1u << f) {
            vc->context = vc_format_names[f];
            if (!first || vc->features != features_of(f)) {
                vc->features = features_of(f);
                vc_restart(vc);
            }
            first = false;
            r->run(f, vc);
        }
    }
}

static void add_requirement(VCRequirement r, unsigned formats,
                            const char *prefix, uint64_t offered)
{
    g_autofree char *path = g_strconcat(prefix, "/", r.id, NULL);
    VCTest test = r.test;

    r.formats &= formats;
    if (r.formats) {
        test.run = run_requirement;
        test.offered = offered;
        test.arg = g_memdup2(&r, sizeof(r));
        vc_add_test(path, &test);
    }
}

void vc_add_requirements(const char *prefix, const VCRequirement *table)
{
    g_autofree char *with_features = g_strconcat(prefix, "/revision-1", NULL);

    for (; table->id; table++) {
        add_requirement(*table, VC_FOR_BOTH, prefix, 0);
        add_requirement(*table, VC_FOR_REV1 | VC_FOR_STATELESS, with_features,
                        VC_F_REVISION_1 | VC_F_STATELESS_ALL);
    }
}

/* Output of QEMU */

void vc_drop_sanitizer_remark(char *text)
{
    char *remark = strstr(text, "WARNING: ASan doesn't fully support");
    char *end;

    if (!remark) {
        return;
    }
    while (remark > text && remark[-1] != '\n') {
        remark--;
    }
    end = strchr(remark, '\n');
    memmove(remark, end ? end + 1 : "", end ? strlen(end) : 1);
}
