/*
 * Crypto provider: libipsec-mb
 *
 * SNOW 3G and ZUC, one message at a time, are here, because nobody else has
 * them; AES-GCM is in a file of its own, and so are batches, which are what the
 * library is made for.
 *
 * Left out on purpose, because versions that are in use get them wrong:
 * DES and 3DES (2.0 writes the output of one job to another's buffer), CMAC
 * (reads behind the end of the input), ZUC with the one-buffer functions
 * (wrong key stream for rare states of the shift register, before 2.0).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "ipsec-mb-internal.h"
#include "system/cryptodev-util.h"

static void free_thread(gpointer opaque)
{
    ImbThread *t = opaque;

    free_mb_mgr(t->mgr);
    g_free(t);
}

static GPrivate this_thread = G_PRIVATE_INIT(free_thread);

static ImbThread *new_thread(void)
{
    IMB_MGR *mgr = alloc_mb_mgr(0);
    ImbThread *t;

    if (!mgr) {
        return NULL;
    }
    init_mb_mgr_auto(mgr, NULL);
    if (imb_get_errno(mgr)) {
        free_mb_mgr(mgr);
        return NULL;
    }
    t = g_new0(ImbThread, 1);
    t->mgr = mgr;
    return t;
}

ImbThread *imb_thread(void)
{
    ImbThread *t = g_private_get(&this_thread);

    if (!t) {
        t = new_thread();
        g_private_set(&this_thread, t);
    }
    return t;
}

/* With a single job in flight, what flush returns is this job. */
bool imb_run_job(const IMB_JOB *template)
{
    ImbThread *t = imb_thread();
    IMB_JOB *job;

    if (!t) {
        return false;
    }
    job = IMB_GET_NEXT_JOB(t->mgr);
    *job = *template;
    job = IMB_SUBMIT_JOB(t->mgr);
    if (!job) {
        job = IMB_FLUSH_JOB(t->mgr);
    }
    return job && job->status == IMB_STATUS_COMPLETED;
}

/* The library wants the key and the IV aligned, which g_malloc does. */
typedef struct ImbCtx {
    IMB_JOB job;                        /* all but buffers and lengths */
    union {
        uint8_t zuc[16];
        snow3g_key_schedule_t snow3g;
    } key QEMU_ALIGNED(16);
    uint8_t iv[16] QEMU_ALIGNED(16);
    uint8_t mac[4];
    bool ended;
} ImbCtx;

/* A job that adds key stream, in either direction */
static IMB_JOB cipher_job(const ImbCtx *c, IMB_CIPHER_MODE mode)
{
    return (IMB_JOB) {
        .cipher_mode = mode,
        .hash_alg = IMB_AUTH_NULL,
        .chain_order = IMB_ORDER_CIPHER_HASH,
        .cipher_direction = IMB_DIR_ENCRYPT,
        .enc_keys = &c->key,
        .dec_keys = &c->key,
        .key_len_in_bytes = sizeof(c->key.zuc),
        .iv = c->iv,
        .iv_len_in_bytes = sizeof(c->iv),
    };
}

static void mac_job(ImbCtx *c, const CryptoProviderAlgo *row)
{
    c->job.cipher_mode = IMB_CIPHER_NULL;
    c->job.hash_alg = row->lib_mode;
    c->job.chain_order = IMB_ORDER_HASH_CIPHER;
    c->job.cipher_direction = IMB_DIR_ENCRYPT;
    c->job.auth_tag_output = c->mac;
    c->job.auth_tag_output_len_in_bytes = sizeof(c->mac);
    if (row->lib_mode == IMB_AUTH_ZUC_EIA3_BITLEN) {
        c->job.u.ZUC_EIA3._key = c->key.zuc;
        c->job.u.ZUC_EIA3._iv = c->iv;
    } else {
        c->job.u.SNOW3G_UIA2._key = &c->key;
        c->job.u.SNOW3G_UIA2._iv = c->iv;
    }
}

static ImbCtx *new_ctx(const uint8_t *key, bool snow3g)
{
    ImbThread *t = imb_thread();
    ImbCtx *c;

    if (!t) {
        return NULL;
    }
    c = g_new0(ImbCtx, 1);
    if (snow3g) {
        IMB_SNOW3G_INIT_KEY_SCHED(t->mgr, key, &c->key.snow3g);
    } else {
        memcpy(c->key.zuc, key, sizeof(c->key.zuc));
    }
    return c;
}

static void *new_cipher(const CryptoProviderAlgo *row, const uint8_t *key,
                        size_t key_len, bool encrypt)
{
    ImbCtx *c = new_ctx(key, row->lib_mode == IMB_CIPHER_SNOW3G_UEA2_BITLEN);

    if (c) {
        c->job = cipher_job(c, row->lib_mode);
    }
    return c;
}

static void *new_mac(const CryptoProviderAlgo *row, const uint8_t *key,
                     size_t key_len, bool encrypt)
{
    ImbCtx *c = new_ctx(key, row->lib_mode == IMB_AUTH_SNOW3G_UIA2_BITLEN);

    if (c) {
        mac_job(c, row);
    }
    return c;
}

static void free_ctx(void *ctx)
{
    cryptodev_wipe(ctx, sizeof(ImbCtx));
    g_free(ctx);
}

static bool start_ctx(void *ctx, const CryptoProviderMsg *msg)
{
    ImbCtx *c = ctx;

    memcpy(c->iv, msg->iv, sizeof(c->iv));
    c->ended = false;
    return true;
}

/* Lengths of SNOW 3G are in bits, those of ZUC as a cipher in bytes. */
static bool run_cipher_job(IMB_JOB *job, uint8_t *dst, const uint8_t *src,
                           size_t len)
{
    job->src = src;
    job->dst = dst;
    if (job->cipher_mode == IMB_CIPHER_SNOW3G_UEA2_BITLEN) {
        job->msg_len_to_cipher_in_bits = len * 8;
    } else {
        job->msg_len_to_cipher_in_bytes = len;
    }
    return imb_run_job(job);
}

static bool crypt_text(void *ctx, uint8_t *dst, const uint8_t *src, size_t len)
{
    ImbCtx *c = ctx;

    if (!len) {
        return true;
    }
    if (c->ended) {
        return false;
    }
    c->ended = true;
    return run_cipher_job(&c->job, dst, src, len);
}

/*
 * The library refuses to authenticate nothing.  Without a message all that is
 * left of UIA2 is the fifth word of the key stream (TS 35.215), and of EIA3
 * the sum of the first two (TS 35.221).
 */
static bool auth_nothing(ImbCtx *c)
{
    bool zuc = c->job.hash_alg == IMB_AUTH_ZUC_EIA3_BITLEN;
    IMB_JOB job = cipher_job(c, zuc ? IMB_CIPHER_ZUC_EEA3 :
                                      IMB_CIPHER_SNOW3G_UEA2_BITLEN);
    uint32_t stream[5] = { };
    uint32_t mac;

    if (!run_cipher_job(&job, (uint8_t *)stream, (uint8_t *)stream,
                        sizeof(stream))) {
        return false;
    }
    mac = zuc ? stream[0] ^ stream[1] : stream[4];
    memcpy(c->mac, &mac, sizeof(c->mac));
    cryptodev_wipe(stream, sizeof(stream));
    return true;
}

static bool auth_text(void *ctx, const uint8_t *src, size_t len)
{
    ImbCtx *c = ctx;

    if (c->ended) {
        return false;
    }
    c->ended = true;
    if (!len) {
        return auth_nothing(c);
    }
    c->job.src = src;
    c->job.msg_len_to_hash_in_bits = len * 8;
    return imb_run_job(&c->job);
}

static bool final_mac(void *ctx, uint8_t *digest, size_t len)
{
    ImbCtx *c = ctx;

    memcpy(digest, c->mac, len);
    return true;
}

static const CryptoProviderOps cipher_ops = {
    .ctx_new = new_cipher,
    .ctx_free = free_ctx,
    .start = start_ctx,
    .crypt = crypt_text,
};

static const CryptoProviderOps mac_ops = {
    .ctx_new = new_mac,
    .ctx_free = free_ctx,
    .start = start_ctx,
    .auth = auth_text,
    .final = final_mac,
};

#define ROW(_algo, _mode, _max_len, _ops)                               \
    { .algo = CRYPTODEV_ALGO_##_algo, .lib_mode = IMB_##_mode,          \
      .auth_split = CRYPTO_SPLIT_NONE, .crypt_split = CRYPTO_SPLIT_NONE, \
      .max_len = _max_len, .ops = &_ops }

static const CryptoProviderAlgo imb_algos[] = {
    ROW(SNOW3G_UEA2, CIPHER_SNOW3G_UEA2_BITLEN, SNOW3G_MAX_LEN, cipher_ops),
    ROW(ZUC_EEA3, CIPHER_ZUC_EEA3, ZUC_MAX_LEN, cipher_ops),
    ROW(SNOW3G_UIA2, AUTH_SNOW3G_UIA2_BITLEN, SNOW3G_MAX_LEN, mac_ops),
    ROW(ZUC_EIA3, AUTH_ZUC_EIA3_BITLEN, ZUC_MAX_LEN, mac_ops),
    { .algo = CRYPTODEV_ALGO_GMAC_AES, .auth_split = CRYPTO_SPLIT_ANY,
      .contends = true, .ops = &imb_gmac_ops },
    /* all of the AAD is needed to begin */
    { .algo = CRYPTODEV_ALGO_AES_GCM, .auth_split = CRYPTO_SPLIT_NONE,
      .crypt_split = CRYPTO_SPLIT_ANY, .contends = true, .ops = &imb_gcm_ops },
    { },
};

static bool imb_init(void)
{
    return imb_thread();
}

const CryptoProvider cryptodev_provider_ipsec_mb = {
    .name = "ipsec-mb",
    .algos = imb_algos,
    .batches = imb_batches,
    .init = imb_init,
};
