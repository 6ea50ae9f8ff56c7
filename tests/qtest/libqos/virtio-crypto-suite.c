/*
 * What the virtio-crypto test programs share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../libqtest.h"
#include "qobject/qdict.h"
#include "virtio-crypto-suite.h"

/* Registration */

/* Whether QEMU was built with a provider, and it works on this host. */
static bool has_provider(const char *name)
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
    if (t->provider && has_provider(t->provider)) {
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

static void run_test(void *obj, void *arg, QGuestAllocator *alloc)
{
    const VCTest *t = arg;
    VCClient *vc;

    if (t->provider && !has_provider(t->provider)) {
        g_test_skip("this QEMU lacks the crypto provider");
        return;
    }
    vc = vc_open(obj, alloc, &(VCOpen) {
        .no_driver_ok = t->no_driver_ok, .msix = t->msix,
        .features = accepted(t),
    });
    t->run(t, vc);
    vc_close(vc);
}

static void add_test(const char *name, const char *interface,
                     const VCTest *test)
{
    g_autofree char *device = device_options(test);
    QOSGraphTestOptions opts = {
        .before = add_backend,
        .arg = g_memdup2(test, sizeof(*test)),
        .edge.extra_device_opts = device,
    };

    qos_add_test(name, test->pci ? "virtio-crypto-only-pci" : interface,
                 run_test, &opts);
}

static char *interface_of(const char *format, const char *group)
{
    return g_strconcat("virtio-crypto", format ? "-" : "", format ?: "",
                       group ? "-" : "", group, NULL);
}

void vc_add_test(const char *name, const VCTest *test)
{
    g_autofree char *interface = interface_of(NULL, test->group);
    g_autofree char *path = test->group ?
        g_strdup_printf("%s/%s", test->group, name) : g_strdup(name);

    add_test(path, interface, test);
}

void vc_add_test_format(VCFormat format, const char *name, const VCTest *test)
{
    const char *prefix = vc_format_names[format];
    g_autofree char *path = g_strdup_printf("%s/%s", prefix, name);
    g_autofree char *interface = interface_of(prefix, test->group);
    VCTest copy = *test;

    copy.format = format;
    add_test(path, interface, &copy);
}

void vc_add_test_shared(VCFormat format, const char *name, const VCTest *test)
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

    for (VCFormat f = 0; f < VC_FORMATS; f++) {
        if (r->formats & 1u << f) {
            vc->context = vc_format_names[f];
            vc->features = features_of(f);
            vc_restart(vc);
            r->run(f, vc);
        }
    }
}

static void add_requirement(VCRequirement r, unsigned formats,
                            const char *prefix, const char *interface,
                            uint64_t offered)
{
    g_autofree char *path = g_strconcat(prefix, r.name, NULL);
    VCTest test = r.test;

    r.formats &= formats;
    if (r.formats) {
        test.run = run_requirement;
        test.offered = offered;
        test.arg = g_memdup2(&r, sizeof(r));
        add_test(path, interface, &test);
    }
}

void vc_add_requirement(const VCRequirement *requirement)
{
    add_requirement(*requirement, VC_FOR_BOTH, "req/", "virtio-crypto-req", 0);
    add_requirement(*requirement, VC_FOR_REV1 | VC_FOR_STATELESS,
                    "req/revision-1/", "virtio-crypto-rev1",
                    VC_F_REVISION_1 | VC_F_STATELESS_ALL);
}

/* Bytes */

uint8_t *vc_hex(const char *digits, uint32_t *len)
{
    size_t n = digits ? strlen(digits) / 2 : 0;
    uint8_t *bytes = g_malloc(n + 1);

    for (size_t i = 0; i < n; i++) {
        bytes[i] = g_ascii_xdigit_value(digits[2 * i]) << 4 |
                   g_ascii_xdigit_value(digits[2 * i + 1]);
    }
    *len = n;
    return bytes;
}

char *vc_to_hex(const uint8_t *bytes, uint32_t len)
{
    GString *hex = g_string_new(NULL);

    for (uint32_t i = 0; i < len; i++) {
        g_string_append_printf(hex, "%02x", bytes[i]);
    }
    return g_string_free(hex, FALSE);
}

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

uint8_t *vc_bytes(uint32_t seed, size_t len)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    uint8_t *bytes = g_malloc(len + 1);

    for (size_t i = 0; i < len; i++) {
        bytes[i] = g_rand_int(rand);
    }
    return bytes;
}

void vc_set_ready(VCClient *vc, bool ready)
{
    qtest_qom_set_bool(vc->qts, "/objects/cryptodev0", "ready", ready);
}

/* The sample */

const uint8_t vc_sample_key[16] = {
    0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6,
    0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c,
};

const uint8_t vc_sample_iv[16] = {
    0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,
    0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f,
};

const uint8_t vc_sample_in[VC_SAMPLE_LEN] = {
    0x6b, 0xc1, 0xbe, 0xe2, 0x2e, 0x40, 0x9f, 0x96,
    0xe9, 0x3d, 0x7e, 0x11, 0x73, 0x93, 0x17, 0x2a,
    0xae, 0x2d, 0x8a, 0x57, 0x1e, 0x03, 0xac, 0x9c,
    0x9e, 0xb7, 0x6f, 0xac, 0x45, 0xaf, 0x8e, 0x51,
    0x30, 0xc8, 0x1c, 0x46, 0xa3, 0x5c, 0xe4, 0x11,
    0xe5, 0xfb, 0xc1, 0x19, 0x1a, 0x0a, 0x52, 0xef,
    0xf6, 0x9f, 0x24, 0x45, 0xdf, 0x4f, 0x9b, 0x17,
    0xad, 0x2b, 0x41, 0x7b, 0xe6, 0x6c, 0x37, 0x10,
};

const uint8_t vc_sample_out[VC_SAMPLE_LEN] = {
    0x76, 0x49, 0xab, 0xac, 0x81, 0x19, 0xb2, 0x46,
    0xce, 0xe9, 0x8e, 0x9b, 0x12, 0xe9, 0x19, 0x7d,
    0x50, 0x86, 0xcb, 0x9b, 0x50, 0x72, 0x19, 0xee,
    0x95, 0xdb, 0x11, 0x3a, 0x91, 0x76, 0x78, 0xb2,
    0x73, 0xbe, 0xd6, 0xb8, 0xe3, 0xc1, 0x74, 0x3b,
    0x71, 0x16, 0xe6, 0x9e, 0x22, 0x22, 0x95, 0x16,
    0x3f, 0xf1, 0xca, 0xa1, 0x68, 0x1f, 0xac, 0x09,
    0x12, 0x0e, 0xca, 0x30, 0x75, 0x86, 0xe1, 0xa7,
};

uint64_t vc_sample_session(VCClient *vc, VCFormat format)
{
    return vc_create_session(&(VCSession) {
        .vc = vc, .format = format, VC_SAMPLE_SESSION,
    });
}

VCStatus vc_sample_request(VCClient *vc, VCFormat format, uint64_t session,
                           VCStatus expect)
{
    return vc_request(&(VCRequest) {
        .vc = vc, .format = format, .session = session, VC_SAMPLE_ENCRYPT,
        .expect = expect,
    });
}

static void check_alive_stateless(VCClient *vc)
{
    const VCSession params = { .vc = vc, VC_SAMPLE_SESSION };

    vc_request(&(VCRequest) {
        .vc = vc, .format = VC_STATELESS, .params = &params, VC_SAMPLE_ENCRYPT,
    });
}

void vc_check_alive(VCClient *vc, VCFormat format)
{
    uint64_t session;

    if (format == VC_STATELESS) {
        check_alive_stateless(vc);
        return;
    }
    session = vc_sample_session(vc, format);
    vc_sample_request(vc, format, session, VC_OK);
    vc_destroy_session(&(VCDestroy) {
        .vc = vc, .format = format, .session = session,
    });
}
