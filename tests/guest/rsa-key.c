/*
 * rsa-key: use an RSA key through the kernel's key service
 *
 * Usage: rsa-key KEY encrypt|decrypt IN OUT
 *
 * KEY is a private key in DER (PKCS#8). The padding is that of PKCS#1 v1.5. The
 * kernel takes its implementation of pkcs1pad(rsa) with the highest priority,
 * which is the one of virtio_crypto once that is loaded.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <errno.h>
#include <linux/keyctl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FILE_MAX 4096
#define ENCODING "enc=pkcs1"

static void __attribute__((noreturn, format(printf, 1, 2)))
die(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    fprintf(stderr, "rsa-key: ");
    vfprintf(stderr, fmt, ap);
    fprintf(stderr, "\n");
    va_end(ap);
    exit(1);
}

static int keyctl_of(const char *operation)
{
    if (!strcmp(operation, "encrypt")) {
        return KEYCTL_PKEY_ENCRYPT;
    }
    if (!strcmp(operation, "decrypt")) {
        return KEYCTL_PKEY_DECRYPT;
    }
    die("no operation %s", operation);
}

static size_t read_file(const char *path, unsigned char buf[FILE_MAX])
{
    FILE *f = fopen(path, "rb");
    size_t len;

    if (!f) {
        die("%s: %s", path, strerror(errno));
    }
    len = fread(buf, 1, FILE_MAX, f);
    if (ferror(f) || !feof(f)) {
        die("%s: cannot read all of it", path);
    }
    fclose(f);
    return len;
}

static void write_file(const char *path, const unsigned char *buf, size_t len)
{
    FILE *f = fopen(path, "wb");

    if (!f || fwrite(buf, 1, len, f) != len || fclose(f)) {
        die("%s: %s", path, strerror(errno));
    }
}

static int load_key(const char *path)
{
    unsigned char der[FILE_MAX];
    size_t len = read_file(path, der);
    int key = syscall(SYS_add_key, "asymmetric", "rsa-key", der, len,
                      KEY_SPEC_PROCESS_KEYRING);

    if (key < 0) {
        die("%s: add key: %s", path, strerror(errno));
    }
    return key;
}

int main(int argc, char **argv)
{
    unsigned char in[FILE_MAX], out[FILE_MAX];
    struct keyctl_pkey_query query;
    struct keyctl_pkey_params params = { 0 };
    int operation;
    long len;

    if (argc != 5) {
        die("usage: rsa-key KEY encrypt|decrypt IN OUT");
    }
    operation = keyctl_of(argv[2]);
    params.key_id = load_key(argv[1]);
    params.in_len = read_file(argv[3], in);
    if (syscall(SYS_keyctl, KEYCTL_PKEY_QUERY, params.key_id, 0UL, ENCODING,
                &query) < 0) {
        die("query: %s", strerror(errno));
    }
    params.out_len = query.key_size / 8;
    if (params.out_len > sizeof(out)) {
        die("a key of %u bits is too long", query.key_size);
    }
    len = syscall(SYS_keyctl, operation, &params, ENCODING, in, out);
    if (len < 0) {
        die("%s: %s", argv[2], strerror(errno));
    }
    write_file(argv[4], out, len);
    return 0;
}
