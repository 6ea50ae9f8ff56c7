/*
 * Check that the code agrees with the table of algorithms in
 * docs/virtio-crypto.rst
 *
 * With --print the program prints the table instead, for the document.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "backends/cryptodev/provider.h"

static const char *const service_names[CRYPTODEV_SERVICE__MAX] = {
    "CIPHER", "HASH", "MAC", "AEAD", "AKCIPHER",
};

static void append_lengths(GString *s, unsigned min, unsigned max,
                           unsigned step)
{
    if (!max) {
        g_string_append(s, "none");
    } else if (min == max) {
        g_string_append_printf(s, "%u", min);
    } else if (step == 1) {
        g_string_append_printf(s, "%u to %u", min, max);
    } else {
        for (unsigned len = min; len <= max; len += step) {
            g_string_append_printf(s, "%s%u", len > min ? ", " : "", len);
        }
    }
}

static void append_digest(GString *s, const CryptoDevAlgoInfo *info)
{
    const char *sep = "";

    if (info->service == CRYPTODEV_SERVICE_AEAD) {
        for (unsigned len = 0; len <= info->digest_len; len++) {
            if (info->tag_lens & (1u << len)) {
                g_string_append_printf(s, "%s%u", sep, len);
                sep = ", ";
            }
        }
    } else if (info->is_xof) {
        g_string_append_printf(s, "1 to %u, %u if not asked for",
                               CRYPTODEV_DIGEST_MAX, info->digest_len);
    } else {
        append_lengths(s, info->digest_len, info->digest_len, 1);
    }
}

/* All cells of a row but the last, which lists the providers. */
static char *row_head(CryptoDevAlgo algo)
{
    const CryptoDevAlgoInfo *info = cryptodev_algo_info(algo);
    GString *s = g_string_new(NULL);

    g_string_append_printf(s, "   * - %s %u\n     - ``%s``\n     - ",
                           service_names[info->service], info->number,
                           info->name);
    append_lengths(s, info->key_min, info->key_max, info->key_step);
    g_string_append(s, "\n     - ");
    if (info->nonce_len) {
        g_string_append_printf(s, "%u, before the data", info->nonce_len);
    } else {
        append_lengths(s, info->iv_min, info->iv_max, info->iv_step);
    }
    g_string_append(s, "\n     - ");
    append_digest(s, info);
    g_string_append(s, "\n     - ");
    return g_string_free(s, FALSE);
}

static bool offers(const CryptoProvider *provider, CryptoDevAlgo algo)
{
    const CryptoProviderAkcipher *const *akcipher = provider->akciphers;
    const CryptoRow *row = provider->rows;

    for (; akcipher && *akcipher; akcipher++) {
        if ((*akcipher)->algo == algo) {
            return true;
        }
    }
    while (row->algo != CRYPTODEV_ALGO_NONE && row->algo != algo) {
        row++;
    }
    return row->algo == algo;
}

static char *row_providers(CryptoDevAlgo algo)
{
    GString *s = g_string_new(NULL);

    for (const CryptoProvider *const *p = cryptodev_providers; *p; p++) {
        if (offers(*p, algo)) {
            g_string_append_printf(s, "%s%s", s->len ? ", " : "", (*p)->name);
        }
    }
    return g_string_free(s, FALSE);
}

static void print_table(void)
{
    for (CryptoDevAlgo a = CRYPTODEV_ALGO_NONE + 1; a < CRYPTODEV_ALGO__MAX;
         a++) {
        g_autofree char *head = row_head(a);
        g_autofree char *providers = row_providers(a);

        printf("%s%s\n", head, providers);
    }
}

static GString *read_document(void)
{
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "..", "..",
                                                  "docs", "virtio-crypto.rst",
                                                  NULL);
    g_autofree char *text = NULL;

    g_file_get_contents(path, &text, NULL, NULL);
    g_assert_nonnull(text);
    return g_string_new(text);
}

/*
 * A provider of this build must be named where it serves, and nowhere else;
 * "nettle (3.10)" is allowed to be missing from the build.
 */
static void check_providers(CryptoDevAlgo algo, const char *cell)
{
    g_auto(GStrv) named = g_strsplit(cell, ", ", -1);

    for (const CryptoProvider *const *p = cryptodev_providers; *p; p++) {
        g_autofree char *since = g_strdup_printf("%s (", (*p)->name);
        bool is_named = g_strv_contains((const char *const *)named,
                                        (*p)->name);

        if (!is_named && strstr(cell, since)) {
            continue;
        }
        if (is_named != offers(*p, algo)) {
            g_test_message("%s: the document %s %s",
                           cryptodev_algo_name(algo),
                           is_named ? "names" : "lacks", (*p)->name);
            g_test_fail();
        }
    }
}

static void check_row(const char *text, CryptoDevAlgo algo)
{
    g_autofree char *head = row_head(algo);
    const char *row = strstr(text, head);

    if (row) {
        const char *last = row + strlen(head);
        g_autofree char *cell = g_strndup(last, strcspn(last, "\n"));

        check_providers(algo, cell);
    } else {
        g_test_message("not in the document: %s", head);
        g_test_fail();
    }
}

static void test_table(void)
{
    g_autoptr(GString) text = read_document();

    for (CryptoDevAlgo a = CRYPTODEV_ALGO_NONE + 1; a < CRYPTODEV_ALGO__MAX;
         a++) {
        check_row(text->str, a);
    }
}

int main(int argc, char **argv)
{
    if (argc == 2 && !strcmp(argv[1], "--print")) {
        print_table();
        return 0;
    }
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cryptodev/docs/algorithms", test_table);
    return g_test_run();
}
