/*
 * virtio-crypto benchmark: many messages at once, without a device
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/memalign.h"
#include "qemu/timer.h"
#include "virtio-crypto-bench-bare.h"
#include "virtio-crypto-bench-device.h"
#include "virtio-crypto-bench-stat.h"

#ifdef CONFIG_CRYPTODEV_IPSEC_MB
#include <intel-ipsec-mb.h>

/* No job of CBC or a hash may be longer. */
#define JOB_MAX     65472

/* @cipher, @hash: those of ipsec-mb; the digest of @hash is what HMAC needs */
typedef struct MbAlgo {
    const char *name;
    IMB_CIPHER_MODE cipher;
    IMB_HASH_ALG hash;
} MbAlgo;

static const MbAlgo mb_algos[] = {
    { "aes-128-cbc", IMB_CIPHER_CBC, IMB_AUTH_NULL },
    { "aes-128-ctr", IMB_CIPHER_CNTR, IMB_AUTH_NULL },
    { "aes-128-gcm", IMB_CIPHER_GCM, IMB_AUTH_AES_GMAC },
    { "sha-256", IMB_CIPHER_NULL, IMB_AUTH_SHA_256 },
    { "hmac-sha-256", IMB_CIPHER_NULL, IMB_AUTH_HMAC_SHA_256 },
    { "aes-128-cbc-hmac-sha-1", IMB_CIPHER_CBC, IMB_AUTH_HMAC_SHA_1 },
};

typedef struct MbKeys {
    uint8_t enc[16 * 11] QEMU_ALIGNED(16);
    uint8_t dec[16 * 11] QEMU_ALIGNED(16);
    uint8_t ipad[64] QEMU_ALIGNED(16);
    uint8_t opad[64] QEMU_ALIGNED(16);
    struct gcm_key_data gcm QEMU_ALIGNED(64);
} MbKeys;

static void set_hmac_key(IMB_MGR *mgr, const MbAlgo *a, const uint8_t *key,
                         size_t len, MbKeys *keys)
{
    uint8_t block[2][IMB_SHA1_BLOCK_SIZE];

    memset(block[0], 0x36, sizeof(block[0]));
    memset(block[1], 0x5c, sizeof(block[1]));
    for (size_t i = 0; i < len; i++) {
        block[0][i] ^= key[i];
        block[1][i] ^= key[i];
    }
    if (a->hash == IMB_AUTH_HMAC_SHA_1) {
        IMB_SHA1_ONE_BLOCK(mgr, block[0], keys->ipad);
        IMB_SHA1_ONE_BLOCK(mgr, block[1], keys->opad);
    } else if (a->hash == IMB_AUTH_HMAC_SHA_256) {
        IMB_SHA256_ONE_BLOCK(mgr, block[0], keys->ipad);
        IMB_SHA256_ONE_BLOCK(mgr, block[1], keys->opad);
    }
}

static void set_keys(IMB_MGR *mgr, const BenchAlgo *algo, const MbAlgo *a,
                     MbKeys *keys)
{
    uint8_t raw[BENCH_KEY_MAX];

    bench_keys(algo, 0, raw);
    if (a->cipher == IMB_CIPHER_GCM) {
        IMB_AES128_GCM_PRE(mgr, raw, &keys->gcm);
    } else if (a->cipher != IMB_CIPHER_NULL) {
        IMB_AES_KEYEXP_128(mgr, raw, keys->enc, keys->dec);
        set_hmac_key(mgr, a, raw + algo->key_len, algo->auth_key_len, keys);
    } else {
        set_hmac_key(mgr, a, raw, algo->key_len, keys);
    }
}

static IMB_JOB template(const BenchBare *b, const MbAlgo *a,
                        const MbKeys *keys)
{
    bool encrypt = !b->decrypt;
    bool gcm = a->cipher == IMB_CIPHER_GCM;
    size_t size = MIN(b->size, JOB_MAX);
    IMB_JOB job = {
        .enc_keys = gcm ? (const void *)&keys->gcm : keys->enc,
        .dec_keys = gcm ? (const void *)&keys->gcm : keys->dec,
        .key_len_in_bytes = IMB_KEY_128_BYTES,
        .msg_len_to_cipher_in_bytes = a->cipher == IMB_CIPHER_NULL ? 0 : size,
        .msg_len_to_hash_in_bytes = size,
        .iv_len_in_bytes = b->algo->iv_len,
        .auth_tag_output_len_in_bytes = b->algo->digest_len,
        .cipher_mode = a->cipher,
        .hash_alg = gcm ? IMB_AUTH_AES_GMAC : a->hash,
        .cipher_direction = encrypt ? IMB_DIR_ENCRYPT : IMB_DIR_DECRYPT,
        .chain_order = encrypt ? IMB_ORDER_CIPHER_HASH : IMB_ORDER_HASH_CIPHER,
    };

    if (gcm) {
        job.u.GCM.aad_len_in_bytes = b->algo->aad_len;
    } else {
        job.u.HMAC._hashed_auth_key_xor_ipad = keys->ipad;
        job.u.HMAC._hashed_auth_key_xor_opad = keys->opad;
    }
    return job;
}

/*
 * A hash reads the source of its job, which in a chain is the cipher's: the
 * output is in place of the input, as the offset into the source can only be
 * the one of the destination then.
 */
static void fill_job(IMB_JOB *job, const IMB_JOB *from, const BenchMsg *msg,
                     size_t output)
{
    bool chain = from->cipher_mode == IMB_CIPHER_CBC &&
                 from->hash_alg != IMB_AUTH_NULL;

    *job = *from;
    job->src = msg->src;
    job->dst = msg->out;
    if (chain) {
        job->hash_start_src_offset_in_bytes = msg->out - msg->src;
    }
    job->iv = msg->iv;
    if (from->cipher_mode == IMB_CIPHER_GCM) {
        job->u.GCM.aad = msg->aad;
    }
    job->auth_tag_output = msg->out + output;
}

static unsigned count(const IMB_JOB *job)
{
    if (job && job->status != IMB_STATUS_COMPLETED) {
        bench_fail("ipsec-mb: job status %d", job->status);
    }
    return job != NULL;
}

static void run_jobs(IMB_MGR *mgr, const IMB_JOB *from, const BenchMsg *msgs,
                     unsigned jobs, size_t output)
{
    unsigned done = 0;
    IMB_JOB *job;

    for (unsigned i = 0; i < jobs; i++) {
        fill_job(IMB_GET_NEXT_JOB(mgr), from, &msgs[i], output);
        done += count(IMB_SUBMIT_JOB(mgr));
        while ((job = IMB_GET_COMPLETED_JOB(mgr))) {
            done += count(job);
        }
    }
    while ((job = IMB_FLUSH_JOB(mgr))) {
        done += count(job);
    }
    if (done != jobs) {
        bench_fail("ipsec-mb: %u jobs of %u, error %d", done, jobs,
                   imb_get_errno(mgr));
    }
}

/* What was measured must also be right. */
static void check_msg(const BenchBare *b, const BenchMsg *msg)
{
    BenchRef *ref = bench_ref_new(b->algo, b->decrypt);
    size_t len = bench_output_len(b->algo, msg->size);
    g_autofree uint8_t *out = g_malloc(len);
    BenchMsg expected = *msg;
    uint8_t keys[BENCH_KEY_MAX];

    bench_keys(b->algo, 0, keys);
    bench_ref_set_keys(ref, keys);
    expected.out = out;
    bench_ref_run(ref, &expected);
    bench_ref_free(ref);
    if (memcmp(out, msg->out, len)) {
        bench_fail("ipsec-mb and libgcrypt differ on %s", b->algo->name);
    }
}

static double measure(IMB_MGR *mgr, const BenchBare *b, const MbAlgo *a)
{
    size_t size = MIN(b->size, JOB_MAX);
    size_t output = bench_output_len(b->algo, size) - b->algo->digest_len;
    BenchMsg *msgs = bench_msgs_new(b->algo, size, b->jobs);
    MbKeys *keys = qemu_memalign(64, sizeof(*keys));
    int64_t start, now;
    uint64_t n = 0;
    IMB_JOB job;

    set_keys(mgr, b->algo, a, keys);
    job = template(b, a, keys);
    run_jobs(mgr, &job, msgs, b->jobs, output);
    check_msg(b, &msgs[b->jobs - 1]);
    start = bench_cpu_ns();
    do {
        for (unsigned i = 0; i < BENCH_BARE_BATCH; i += b->jobs) {
            run_jobs(mgr, &job, msgs, b->jobs, output);
            n += b->jobs;
        }
        now = bench_cpu_ns();
    } while (now - start < b->seconds * NANOSECONDS_PER_SECOND);
    qemu_vfree(keys);
    bench_msgs_free(msgs, b->jobs);
    return (double)(now - start) / n * b->size / size;
}

double bench_bare_multi(const BenchBare *b)
{
    double ns = 0;

    for (int i = 0; i < ARRAY_SIZE(mb_algos) && !b->rekey; i++) {
        if (g_str_equal(mb_algos[i].name, b->algo->name)) {
            IMB_MGR *mgr = alloc_mb_mgr(0);

            if (!mgr) {
                bench_fail("ipsec-mb: no memory");
            }
            init_mb_mgr_auto(mgr, NULL);
            ns = measure(mgr, b, &mb_algos[i]);
            free_mb_mgr(mgr);
        }
    }
    return ns;
}

#else

double bench_bare_multi(const BenchBare *b)
{
    return 0;
}

#endif
