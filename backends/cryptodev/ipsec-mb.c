/*
 * Crypto provider: libipsec-mb
 *
 * The library works on several messages at a time, in the lanes of vector
 * registers; that is in ipsec-mb-batch.c.  AES-GCM, which is fast alone, is in
 * ipsec-mb-gcm.c.
 *
 * Left out on purpose, because versions that are in use get them wrong:
 * DES and 3DES (2.0 writes the output of one job to another's buffer), CMAC
 * (reads past the end of the input), ZUC with the one-buffer functions
 * (wrong key stream for rare states of the shift register, before 2.0),
 * ChaCha20-Poly1305 (reads out of bounds in the SSE code, before 2.0.2).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "ipsec-mb-internal.h"

static void thread_free(gpointer opaque)
{
    IpsecMbThread *t = opaque;

    free_mb_mgr(t->mgr);
    g_free(t);
}

static GPrivate this_thread = G_PRIVATE_INIT(thread_free);

static IpsecMbThread *thread_new(void)
{
    IMB_MGR *mgr = alloc_mb_mgr(0);
    IpsecMbThread *t;

    if (!mgr) {
        return NULL;
    }
    init_mb_mgr_auto(mgr, NULL);
    if (imb_get_errno(mgr)) {
        free_mb_mgr(mgr);
        return NULL;
    }
    t = g_new0(IpsecMbThread, 1);
    t->mgr = mgr;
    return t;
}

/* It worked in the first thread, so it can fail only for lack of memory. */
IpsecMbThread *cryptodev_ipsec_mb_thread(void)
{
    IpsecMbThread *t = g_private_get(&this_thread);

    if (!t) {
        t = thread_new();
        if (!t) {
            g_error("cryptodev: no memory for libipsec-mb");
        }
        g_private_set(&this_thread, t);
    }
    return t;
}

/* Only one job is in flight, so flush returns this job. */
bool cryptodev_ipsec_mb_run_job(const IMB_JOB *template)
{
    IMB_MGR *mgr = cryptodev_ipsec_mb_thread()->mgr;
    IMB_JOB *job = IMB_GET_NEXT_JOB(mgr);

    *job = *template;
    job = IMB_SUBMIT_JOB(mgr);
    if (!job) {
        job = IMB_FLUSH_JOB(mgr);
    }
    return job && job->status == IMB_STATUS_COMPLETED;
}

/* The longest text of most algorithms: lengths in lanes have 16 bits. */
#define MAX_LEN         65520
/*
 * Lanes of most hashes count blocks, not bytes, and so can take longer messages
 * than the library's checks allow.  Lanes of SHA-384 and SHA-512 cannot.
 */
#define LONG_LEN        (128 * KiB)
/* SNOW 3G counts bits in 32 bits, ZUC takes 65504 bits. */
#define SNOW3G_MAX_LEN  (UINT32_MAX / 8)
#define ZUC_MAX_LEN     (65504 / 8)
/* Two blocks, less the two bytes of its length */
#define CCM_MAX_AAD     (48 - 2)

#define CIPHER(_algo, _mode, _max_len, _ops, ...)                       \
    { .algo = CRYPTODEV_ALGO_##_algo, .lib_mode = IMB_CIPHER_##_mode,   \
      .lib_algo = IMB_AUTH_NULL, .max_len = _max_len,                   \
      .ops = &cryptodev_ipsec_mb_##_ops, __VA_ARGS__ }
#define DIGEST(_algo, _alg, _digest_len, _max_len, _ops, ...)           \
    { .algo = CRYPTODEV_ALGO_##_algo, .lib_mode = IMB_CIPHER_NULL,      \
      .lib_algo = IMB_AUTH_##_alg, .digest_len = _digest_len,           \
      .max_len = _max_len, .gather = true,                              \
      .ops = &cryptodev_ipsec_mb_##_ops, __VA_ARGS__ }
#define LONG_DIGEST(...)    DIGEST(__VA_ARGS__, .long_len = LONG_LEN)

static const CryptoRow provider_rows[] = {
    CIPHER(AES_CBC, CBC, MAX_LEN, cipher_burst_ops,
           .opcodes = BIT(CRYPTODEV_ENCRYPT), .gather = true, .lanes = true,
           .chaining = CRYPTO_CHAINING_CBC),
    CIPHER(AES_CBC, CBC, MAX_LEN, cipher_burst_ops,
           .opcodes = BIT(CRYPTODEV_DECRYPT), .chaining = CRYPTO_CHAINING_CBC),
    CIPHER(AES_CTR, CNTR, MAX_LEN, cipher_burst_ops,
           .chaining = CRYPTO_CHAINING_CTR32),
    CIPHER(AES_ECB, ECB, MAX_LEN, cipher_ops,
           .chaining = CRYPTO_CHAINING_RESTART),
    CIPHER(SNOW3G_UEA2, SNOW3G_UEA2_BITLEN, SNOW3G_MAX_LEN, snow3g_ops,
           .gather = true, .takes_empty = true),
    CIPHER(ZUC_EEA3, ZUC_EEA3, ZUC_MAX_LEN, zuc_ops,
           .gather = true, .takes_empty = true),
    CIPHER(AES_CCM, CCM, MAX_LEN, ccm_ops, .lib_algo = IMB_AUTH_AES_CCM,
           .max_aad = CCM_MAX_AAD, .gather = true),

    LONG_DIGEST(SHA1, SHA_1, 20, MAX_LEN, hash_ops),
    LONG_DIGEST(SHA_224, SHA_224, 28, MAX_LEN, hash_ops),
    LONG_DIGEST(SHA_256, SHA_256, 32, MAX_LEN, hash_ops),
    DIGEST(SHA_384, SHA_384, 48, MAX_LEN, hash_ops),
    DIGEST(SHA_512, SHA_512, 64, MAX_LEN, hash_ops),
    LONG_DIGEST(HMAC_MD5, MD5, 16, MAX_LEN, hmac_ops),
    LONG_DIGEST(HMAC_SHA1, HMAC_SHA_1, 20, MAX_LEN, hmac_burst_ops),
    LONG_DIGEST(HMAC_SHA_224, HMAC_SHA_224, 28, MAX_LEN, hmac_burst_ops),
    LONG_DIGEST(HMAC_SHA_256, HMAC_SHA_256, 32, MAX_LEN, hmac_burst_ops),
    LONG_DIGEST(HMAC_SHA_384, HMAC_SHA_384, 48, MAX_LEN, hmac_burst_ops),
    LONG_DIGEST(HMAC_SHA_512, HMAC_SHA_512, 64, MAX_LEN, hmac_burst_ops),
    /* the library returns 12 of the 16 bytes */
    DIGEST(XCBC_AES, AES_XCBC, 12, MAX_LEN, xcbc_ops),
    DIGEST(SNOW3G_UIA2, SNOW3G_UIA2_BITLEN, 4, SNOW3G_MAX_LEN, snow3g_ops,
           .takes_empty = true),
    DIGEST(ZUC_EIA3, ZUC_EIA3_BITLEN, 4, ZUC_MAX_LEN, zuc_ops,
           .takes_empty = true),

    { .algo = CRYPTODEV_ALGO_GMAC_AES, .auth_split = CRYPTO_SPLIT_ANY,
      .ops = &cryptodev_ipsec_mb_gmac_ops },
    { .algo = CRYPTODEV_ALGO_AES_GCM, .crypt_split = CRYPTO_SPLIT_ANY,
      .ops = &cryptodev_ipsec_mb_gcm_ops },
    { },
};

static bool provider_init(void)
{
    if (!g_private_get(&this_thread)) {
        g_private_set(&this_thread, thread_new());
    }
    return g_private_get(&this_thread);
}

static CryptoCpu provider_cpu(void)
{
    const IMB_MGR *mgr = cryptodev_ipsec_mb_thread()->mgr;
    bool sha = mgr->features & IMB_FEATURE_SHANI;
    /* the library uses wide AES instructions only with all of these */
    bool wide = (mgr->features & IMB_CPUFLAGS_AVX512_T2) ==
                IMB_CPUFLAGS_AVX512_T2;

    switch (mgr->used_arch) {
    case IMB_ARCH_AVX512:
        return wide ? CRYPTO_CPU_AVX512_VAES : CRYPTO_CPU_AVX512;
    case IMB_ARCH_AVX2:
        return sha ? CRYPTO_CPU_AVX2_SHA : CRYPTO_CPU_AVX2;
    default:
        return sha ? CRYPTO_CPU_SSE_SHA : CRYPTO_CPU_SSE;
    }
}

const CryptoProvider cryptodev_provider_ipsec_mb = {
    .name = "ipsec-mb",
    .rows = provider_rows,
    .init = provider_init,
    .cpu = provider_cpu,
};
