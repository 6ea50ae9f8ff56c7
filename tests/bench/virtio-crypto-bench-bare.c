/*
 * virtio-crypto benchmark: the same operations without a device
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <gcrypt.h>
#include "qemu/memalign.h"
#include "qemu/timer.h"
#include "virtio-crypto-bench-bare.h"
#include "virtio-crypto-bench-device.h"
#include "virtio-crypto-bench-rsa.h"
#include "virtio-crypto-bench-stat.h"

struct BenchRef {
    const BenchAlgo *algo;
    bool decrypt;
    gcry_cipher_hd_t cipher;
    gcry_mac_hd_t mac;
    gcry_md_hd_t md;
};

static void check(gcry_error_t e)
{
    if (e) {
        bench_fail("libgcrypt: %s", gcry_strerror(e));
    }
}

BenchRef *bench_ref_new(const BenchAlgo *algo, bool decrypt)
{
    BenchRef *ref = g_new0(BenchRef, 1);

    ref->algo = algo;
    ref->decrypt = decrypt;
    if (algo->gcry_cipher) {
        check(gcry_cipher_open(&ref->cipher, algo->gcry_cipher,
                               algo->gcry_mode, 0));
    }
    if (algo->gcry_mac) {
        check(gcry_mac_open(&ref->mac, algo->gcry_mac, 0, NULL));
    }
    if (algo->gcry_md) {
        check(gcry_md_open(&ref->md, algo->gcry_md, 0));
    }
    return ref;
}

void bench_ref_free(BenchRef *ref)
{
    gcry_cipher_close(ref->cipher);
    gcry_mac_close(ref->mac);
    gcry_md_close(ref->md);
    g_free(ref);
}

void bench_ref_set_keys(BenchRef *ref, const uint8_t *keys)
{
    const BenchAlgo *algo = ref->algo;
    bool chain = ref->cipher && ref->mac;

    if (ref->cipher) {
        check(gcry_cipher_setkey(ref->cipher, keys, algo->key_len));
    }
    if (ref->mac) {
        check(gcry_mac_setkey(ref->mac, keys + (chain ? algo->key_len : 0),
                              chain ? algo->auth_key_len : algo->key_len));
    }
}

static void run_cipher(BenchRef *ref, const BenchMsg *msg)
{
    const BenchAlgo *algo = ref->algo;

    if (algo->gcry_mode == GCRY_CIPHER_MODE_CTR) {
        check(gcry_cipher_setctr(ref->cipher, msg->iv, algo->iv_len));
    } else if (algo->iv_len) {
        check(gcry_cipher_setiv(ref->cipher, msg->iv, algo->iv_len));
    }
    if (algo->aad_len) {
        check(gcry_cipher_authenticate(ref->cipher, msg->aad, algo->aad_len));
    }
    check((ref->decrypt ? gcry_cipher_decrypt : gcry_cipher_encrypt)(
              ref->cipher, msg->out, msg->size, msg->src, msg->size));
    if (algo->service == VC_SERVICE_AEAD) {
        check(gcry_cipher_gettag(ref->cipher, msg->out + msg->size,
                                 algo->digest_len));
    }
}

static void run_mac(BenchRef *ref, const uint8_t *src, size_t size,
                    uint8_t *digest)
{
    size_t len = ref->algo->digest_len;

    check(gcry_mac_reset(ref->mac));
    check(gcry_mac_write(ref->mac, src, size));
    check(gcry_mac_read(ref->mac, digest, &len));
}

void bench_ref_run(BenchRef *ref, const BenchMsg *msg)
{
    if (ref->md) {
        gcry_md_reset(ref->md);
        gcry_md_write(ref->md, msg->src, msg->size);
        memcpy(msg->out, gcry_md_read(ref->md, 0), ref->algo->digest_len);
    } else if (ref->cipher && ref->mac) {
        run_cipher(ref, msg);
        run_mac(ref, msg->out, msg->size, msg->out + msg->size);
    } else if (ref->cipher) {
        run_cipher(ref, msg);
    } else if (ref->mac) {
        run_mac(ref, msg->src, msg->size, msg->out);
    } else {
        bench_rsa_private(msg->src, msg->out);
    }
}

void bench_fill(uint8_t *buf, size_t len, uint32_t seed)
{
    uint32_t x = seed * 2654435761u + 1;

    for (size_t i = 0; i < len; i++) {
        x = x * 1664525 + 1013904223;
        buf[i] = x >> 24;
    }
}

BenchMsg *bench_msgs_new(const BenchAlgo *algo, size_t size, unsigned jobs)
{
    BenchMsg *msgs = g_new0(BenchMsg, jobs);

    for (unsigned i = 0; i < jobs; i++) {
        size_t in = ROUND_UP(BENCH_IV_MAX + BENCH_AAD_MAX + size, 64);
        uint8_t *buf = qemu_memalign(64, in + bench_output_len(algo, size));

        bench_fill(buf, in, i);
        msgs[i] = (BenchMsg) {
            .iv = buf,
            .aad = buf + BENCH_IV_MAX,
            .src = buf + BENCH_IV_MAX + BENCH_AAD_MAX,
            .size = size,
            .out = buf + in,
        };
        if (algo->service == VC_SERVICE_AKCIPHER) {
            *(uint8_t *)msgs[i].src = 0;        /* less than the modulus */
        }
    }
    return msgs;
}

void bench_msgs_free(BenchMsg *msgs, unsigned jobs)
{
    for (unsigned i = 0; i < jobs; i++) {
        qemu_vfree((void *)msgs[i].iv);
    }
    g_free(msgs);
}

double bench_bare_single(const BenchBare *b)
{
    BenchMsg *msgs = bench_msgs_new(b->algo, b->size, b->jobs);
    BenchRef *ref = bench_ref_new(b->algo, b->decrypt);
    uint8_t keys[BENCH_KEY_MAX];
    int64_t start, now;
    uint64_t n = 0;

    bench_keys(b->algo, 0, keys);
    bench_ref_set_keys(ref, keys);
    start = bench_cpu_ns();
    do {
        for (unsigned i = 0; i < BENCH_BARE_BATCH; i++, n++) {
            if (b->rekey) {
                bench_ref_set_keys(ref, keys);
            }
            bench_ref_run(ref, &msgs[n % b->jobs]);
        }
        now = bench_cpu_ns();
    } while (now - start < b->seconds * NANOSECONDS_PER_SECOND);
    bench_ref_free(ref);
    bench_msgs_free(msgs, b->jobs);
    return (double)(now - start) / n;
}
