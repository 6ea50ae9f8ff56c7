/*
 * crypt-file: encrypt or decrypt a file with one named driver of the kernel
 *
 * Usage: crypt-file DRIVER enc|dec KEYHEX IVHEX CHUNK IN OUT
 *
 * Goes through AF_ALG and asks for the driver by its own name, so that no
 * other implementation of the same cipher can serve instead. Every request is
 * CHUNK bytes long, the last one may be shorter. The data is chained and padded
 * (PKCS#7) such that the result equals "openssl enc -aes-N-cbc -K -iv".
 *
 * Prints "BYTES REQUESTS MICROSECONDS": what went through the driver, and the
 * time spent in it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <errno.h>
#include <linux/if_alg.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BLOCK 16
#define KEY_MAX 32
/*
 * virtio_crypto lays a request of n pages out in n * (n + 1) descriptors (Linux
 * 6.1, 6.12), and QEMU takes 1024 in one request: 31 pages. More would cost the
 * guest its device.
 */
#define CHUNK_MAX (64 * 1024)
#define PAGE 4096

static void __attribute__((noreturn, format(printf, 1, 2)))
die(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    fprintf(stderr, "crypt-file: ");
    vfprintf(stderr, fmt, ap);
    fprintf(stderr, "\n");
    va_end(ap);
    exit(1);
}

/* Returns the number of bytes that @hex stands for; @what is for messages. */
static size_t parse_hex(const char *what, const char *hex,
                        uint8_t *out, size_t max)
{
    size_t len = strlen(hex);

    if (len % 2 || len / 2 > max ||
        strspn(hex, "0123456789abcdefABCDEF") != len) {
        die("%s: not hexadecimal, or longer than %zu bytes", what, max);
    }
    for (size_t i = 0; i < len / 2; i++) {
        char digits[] = { hex[2 * i], hex[2 * i + 1], '\0' };

        out[i] = strtoul(digits, NULL, 16);
    }
    return len / 2;
}

/* Returns a socket that takes requests for @driver under @key. */
static int open_cipher(const char *driver, const uint8_t *key, size_t keylen)
{
    struct sockaddr_alg addr = {
        .salg_family = AF_ALG,
        .salg_type = "skcipher",
    };
    int tfm, op;

    if (strlen(driver) >= sizeof(addr.salg_name)) {
        die("%s: name too long", driver);
    }
    strcpy((char *)addr.salg_name, driver);

    tfm = socket(AF_ALG, SOCK_SEQPACKET, 0);
    if (tfm < 0) {
        die("AF_ALG socket: %s", strerror(errno));
    }
    if (bind(tfm, (struct sockaddr *)&addr, sizeof(addr)) < 0) {
        die("%s: bind: %s", driver, strerror(errno));
    }
    if (setsockopt(tfm, SOL_ALG, ALG_SET_KEY, key, keylen) < 0) {
        die("%s: set key of %zu bytes: %s", driver, keylen, strerror(errno));
    }
    op = accept(tfm, NULL, 0);
    if (op < 0) {
        die("%s: accept: %s", driver, strerror(errno));
    }
    close(tfm);
    return op;
}

/*
 * One request: @len bytes of @buf, at least a block, are replaced by the
 * result, and @iv by the one that continues the chain.
 */
static void crypt_chunk(int op, bool encrypt, uint8_t *iv,
                        uint8_t *buf, size_t len)
{
    uint8_t *tail = buf + len - BLOCK;
    uint8_t cipher_tail[BLOCK];
    union {
        struct cmsghdr align;
        char buf[CMSG_SPACE(sizeof(uint32_t)) +
                 CMSG_SPACE(sizeof(struct af_alg_iv) + BLOCK)];
    } control = { 0 };
    struct iovec iov = { .iov_base = buf, .iov_len = len };
    struct msghdr msg = {
        .msg_iov = &iov,
        .msg_iovlen = 1,
        .msg_control = control.buf,
        .msg_controllen = sizeof(control.buf),
    };
    struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
    struct af_alg_iv *alg_iv;
    ssize_t n;

    cmsg->cmsg_level = SOL_ALG;
    cmsg->cmsg_type = ALG_SET_OP;
    cmsg->cmsg_len = CMSG_LEN(sizeof(uint32_t));
    *(uint32_t *)CMSG_DATA(cmsg) = encrypt ? ALG_OP_ENCRYPT : ALG_OP_DECRYPT;

    cmsg = CMSG_NXTHDR(&msg, cmsg);
    cmsg->cmsg_level = SOL_ALG;
    cmsg->cmsg_type = ALG_SET_IV;
    cmsg->cmsg_len = CMSG_LEN(sizeof(*alg_iv) + BLOCK);
    alg_iv = (struct af_alg_iv *)CMSG_DATA(cmsg);
    alg_iv->ivlen = BLOCK;
    memcpy(alg_iv->iv, iv, BLOCK);

    memcpy(cipher_tail, tail, BLOCK);
    n = sendmsg(op, &msg, 0);
    if (n != (ssize_t)len) {
        die("send %zu bytes: %s", len, n < 0 ? strerror(errno) : "short");
    }
    n = read(op, buf, len);
    if (n != (ssize_t)len) {
        die("receive %zu bytes: %s", len, n < 0 ? strerror(errno) : "short");
    }
    memcpy(iv, encrypt ? tail : cipher_tail, BLOCK);
}

static size_t add_padding(uint8_t *buf, size_t len)
{
    size_t pad = BLOCK - len % BLOCK;

    memset(buf + len, pad, pad);
    return len + pad;
}

static size_t strip_padding(const uint8_t *buf, size_t len)
{
    uint8_t pad = len ? buf[len - 1] : 0;

    if (pad < 1 || pad > BLOCK || pad > len) {
        die("the decrypted data does not end in padding");
    }
    for (size_t i = len - pad; i < len; i++) {
        if (buf[i] != pad) {
            die("the decrypted data does not end in padding");
        }
    }
    return len - pad;
}

static bool at_end(FILE *f)
{
    int c = getc(f);

    ungetc(c, f);
    return c == EOF;
}

static uint64_t now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000ULL + t.tv_nsec / 1000;
}

int main(int argc, char **argv)
{
    uint8_t key[KEY_MAX], iv[BLOCK];
    uint64_t bytes = 0, requests = 0, us = 0;
    bool encrypt, last = false;
    size_t keylen, chunk;
    FILE *in, *out;
    uint8_t *buf;
    int op;

    if (argc != 8 || (strcmp(argv[2], "enc") && strcmp(argv[2], "dec"))) {
        die("usage: crypt-file DRIVER enc|dec KEYHEX IVHEX CHUNK IN OUT");
    }
    encrypt = !strcmp(argv[2], "enc");
    keylen = parse_hex("key", argv[3], key, sizeof(key));
    if (parse_hex("IV", argv[4], iv, sizeof(iv)) != BLOCK) {
        die("the IV must have %d bytes", BLOCK);
    }
    chunk = strtoul(argv[5], NULL, 10);
    if (!chunk || chunk % BLOCK || chunk > CHUNK_MAX) {
        die("chunk must be a multiple of %d up to %d", BLOCK, CHUNK_MAX);
    }
    in = fopen(argv[6], "rb");
    if (!in) {
        die("%s: %s", argv[6], strerror(errno));
    }
    out = fopen(argv[7], "wb");
    if (!out) {
        die("%s: %s", argv[7], strerror(errno));
    }
    /* Page-aligned: the kernel then needs no second scatter list for a chunk */
    buf = aligned_alloc(PAGE, (chunk + PAGE - 1) / PAGE * PAGE);
    if (!buf) {
        die("no memory");
    }
    op = open_cipher(argv[1], key, keylen);

    while (!last) {
        size_t len = fread(buf, 1, chunk, in);
        uint64_t start;

        if (ferror(in)) {
            die("%s: %s", argv[6], strerror(errno));
        }
        if (encrypt) {
            last = len < chunk;
            if (last) {
                len = add_padding(buf, len);
            }
        } else {
            last = at_end(in);
            if (!len || len % BLOCK) {
                die("%s: not a whole number of blocks", argv[6]);
            }
        }

        start = now_us();
        crypt_chunk(op, encrypt, iv, buf, len);
        us += now_us() - start;
        bytes += len;
        requests++;

        if (!encrypt && last) {
            len = strip_padding(buf, len);
        }
        if (fwrite(buf, 1, len, out) != len) {
            die("%s: %s", argv[7], strerror(errno));
        }
    }
    if (fclose(out)) {
        die("%s: %s", argv[7], strerror(errno));
    }

    printf("%llu %llu %llu\n", (unsigned long long)bytes,
           (unsigned long long)requests, (unsigned long long)us);
    free(buf);
    fclose(in);
    close(op);
    return 0;
}
