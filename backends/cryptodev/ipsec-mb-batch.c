/*
 * Crypto provider libipsec-mb: several messages at a time
 *
 * A context is a template: a job with all fields that depend on algorithm,
 * direction and key.  It is constant and serves any number of threads.
 *
 * The guest chooses lengths, so only functions that check them are used.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "ipsec-mb-internal.h"
#include "system/cryptodev-util.h"

#define AES_ROUND_KEYS  15
#define HMAC_BLOCK_MAX  128
#define HMAC_STATE_MAX  64

/**
 * IpsecMbKey: context of all rows in this file
 *
 * The library requires keys aligned to 16 bytes; g_malloc aligns to 16 bytes.
 *
 * @job: template of the jobs
 * @cipher_unit, @hash_unit: unit of the lengths of a job: bytes or bits
 */
typedef struct IpsecMbKey {
    IMB_JOB job;
    uint8_t cipher_unit;
    uint8_t hash_unit;
    union {
        struct {
            uint8_t enc[AES_ROUND_KEYS][16];
            uint8_t dec[AES_ROUND_KEYS][16];
        } aes;
        struct {
            uint8_t ipad[HMAC_STATE_MAX];
            uint8_t opad[HMAC_STATE_MAX];
        } hmac;
        struct {
            uint8_t k1[AES_ROUND_KEYS][16];
            uint8_t k2[16];
            uint8_t k3[16];
        } xcbc;
        snow3g_key_schedule_t snow3g;
        uint8_t zuc[16];
    } QEMU_ALIGNED(16);
} IpsecMbKey;

/* Contexts */

static void key_free(void *ctx)
{
    cryptodev_wipe(ctx, sizeof(IpsecMbKey));
    g_free(ctx);
}

/* CCM authenticates the plaintext. */
static IMB_CHAIN_ORDER order_of(const CryptoRow *row, bool encrypt)
{
    return row->lib_mode == IMB_CIPHER_NULL ||
           (row->lib_mode == IMB_CIPHER_CCM && encrypt) ?
           IMB_ORDER_HASH_CIPHER : IMB_ORDER_CIPHER_HASH;
}

static IpsecMbKey *key_new(const CryptoRow *row, size_t key_len, bool encrypt)
{
    IpsecMbKey *k = g_new0(IpsecMbKey, 1);

    k->cipher_unit = row->lib_mode == IMB_CIPHER_SNOW3G_UEA2_BITLEN ? 8 : 1;
    k->hash_unit = row->lib_algo == IMB_AUTH_SNOW3G_UIA2_BITLEN ||
                   row->lib_algo == IMB_AUTH_ZUC_EIA3_BITLEN ? 8 : 1;
    k->job = (IMB_JOB) {
        .enc_keys = &k->aes,
        .dec_keys = &k->aes,
        .key_len_in_bytes = key_len,
        .cipher_mode = row->lib_mode,
        .cipher_direction = encrypt ? IMB_DIR_ENCRYPT : IMB_DIR_DECRYPT,
        .hash_alg = row->lib_algo,
        .chain_order = order_of(row, encrypt),
        .auth_tag_output_len_in_bytes = row->digest_len,
    };
    return k;
}

static void *aes_new(const CryptoRow *row, const uint8_t *key, size_t key_len,
                     bool encrypt)
{
    IMB_MGR *mgr = cryptodev_ipsec_mb_thread()->mgr;
    IpsecMbKey *k = key_new(row, key_len, encrypt);

    if (key_len == 16) {
        IMB_AES_KEYEXP_128(mgr, key, k->aes.enc, k->aes.dec);
    } else if (key_len == 24) {
        IMB_AES_KEYEXP_192(mgr, key, k->aes.enc, k->aes.dec);
    } else {
        IMB_AES_KEYEXP_256(mgr, key, k->aes.enc, k->aes.dec);
    }
    if (row->lib_mode == IMB_CIPHER_CBC || row->lib_mode == IMB_CIPHER_ECB) {
        k->job.dec_keys = k->aes.dec;
    }
    return k;
}

static void *ccm_new(const CryptoRow *row, const uint8_t *key, size_t key_len,
                     bool encrypt)
{
    return key_len == 24 ? NULL : aes_new(row, key, key_len, encrypt);
}

static void *snow3g_new(const CryptoRow *row, const uint8_t *key,
                        size_t key_len, bool encrypt)
{
    IpsecMbKey *k = key_new(row, key_len, true);

    IMB_SNOW3G_INIT_KEY_SCHED(cryptodev_ipsec_mb_thread()->mgr, key,
                              &k->snow3g);
    k->job.u.SNOW3G_UIA2._key = &k->snow3g;
    return k;
}

static void *zuc_new(const CryptoRow *row, const uint8_t *key, size_t key_len,
                     bool encrypt)
{
    IpsecMbKey *k = key_new(row, key_len, true);

    memcpy(k->zuc, key, sizeof(k->zuc));
    k->job.u.ZUC_EIA3._key = k->zuc;
    return k;
}

static void *xcbc_new(const CryptoRow *row, const uint8_t *key,
                      size_t key_len, bool encrypt)
{
    IpsecMbKey *k = key_new(row, 0, true);

    IMB_AES_XCBC_KEYEXP(cryptodev_ipsec_mb_thread()->mgr, key, k->xcbc.k1,
                        k->xcbc.k2, k->xcbc.k3);
    k->job.u.XCBC._k1_expanded = (const uint32_t *)k->xcbc.k1;
    k->job.u.XCBC._k2 = k->xcbc.k2;
    k->job.u.XCBC._k3 = k->xcbc.k3;
    return k;
}

static void *hash_new(const CryptoRow *row, const uint8_t *key,
                      size_t key_len, bool encrypt)
{
    return key_new(row, 0, true);
}

/**
 * Hash: a hash function, as offsets into the manager
 *
 * @whole: 0: there is no such function
 */
typedef struct Hash {
    size_t one_block;
    size_t whole;
    uint8_t block_len;
} Hash;

#define FN(_name) offsetof(IMB_MGR, _name)

static const Hash hashes[] = {
    [IMB_AUTH_MD5] = { FN(md5_one_block), 0, 64 },
    [IMB_AUTH_HMAC_SHA_1] = { FN(sha1_one_block), FN(sha1), 64 },
    [IMB_AUTH_HMAC_SHA_224] = { FN(sha224_one_block), FN(sha224), 64 },
    [IMB_AUTH_HMAC_SHA_256] = { FN(sha256_one_block), FN(sha256), 64 },
    [IMB_AUTH_HMAC_SHA_384] = { FN(sha384_one_block), FN(sha384), 128 },
    [IMB_AUTH_HMAC_SHA_512] = { FN(sha512_one_block), FN(sha512), 128 },
};

static void *manager_fn(IMB_MGR *mgr, size_t offset)
{
    return *(void **)((char *)mgr + offset);
}

/* The state of a hash after the key, each byte of which is XORed with @pad */
static void hmac_pad(IMB_MGR *mgr, const Hash *h, uint8_t *state,
                     const uint8_t *key, uint8_t pad)
{
    hash_one_block_t one_block = manager_fn(mgr, h->one_block);
    uint8_t block[HMAC_BLOCK_MAX];

    for (unsigned i = 0; i < h->block_len; i++) {
        block[i] = key[i] ^ pad;
    }
    one_block(block, state);
    cryptodev_wipe(block, h->block_len);
}

static void *hmac_new(const CryptoRow *row, const uint8_t *key,
                      size_t key_len, bool encrypt)
{
    IMB_MGR *mgr = cryptodev_ipsec_mb_thread()->mgr;
    const Hash *h = &hashes[row->lib_algo];
    uint8_t padded[HMAC_BLOCK_MAX] = { };
    IpsecMbKey *k;

    if (key_len <= h->block_len) {
        memcpy(padded, key, key_len);
    } else if (h->whole) {
        hash_fn_t whole = manager_fn(mgr, h->whole);

        whole(key, key_len, padded);
    } else {
        return NULL;
    }
    k = key_new(row, 0, true);
    hmac_pad(mgr, h, k->hmac.ipad, padded, 0x36);
    hmac_pad(mgr, h, k->hmac.opad, padded, 0x5c);
    cryptodev_wipe(padded, sizeof(padded));
    k->job.u.HMAC._hashed_auth_key_xor_ipad = k->hmac.ipad;
    k->job.u.HMAC._hashed_auth_key_xor_opad = k->hmac.opad;
    return k;
}

/* Jobs */

static void job_fill(IMB_JOB *j, const CryptoMessage *m)
{
    const IpsecMbKey *k = m->ctx;

    *j = k->job;
    j->src = m->src;
    j->dst = m->dst;
    j->msg_len_to_cipher_in_bytes = m->len * k->cipher_unit;
    j->msg_len_to_hash_in_bytes = m->len * k->hash_unit;
    j->iv = m->iv;
    j->iv_len_in_bytes = m->iv_len;
    j->auth_tag_output = m->digest;
}

/* Fields that only some algorithms have */
static void job_fill_more(IMB_JOB *j, const CryptoMessage *m)
{
    switch (j->hash_alg) {
    case IMB_AUTH_AES_CCM:
        j->u.CCM.aad = m->aad;
        j->u.CCM.aad_len_in_bytes = m->aad_len;
        j->auth_tag_output_len_in_bytes = m->digest_len;
        break;
    case IMB_AUTH_SNOW3G_UIA2_BITLEN:
        j->u.SNOW3G_UIA2._iv = m->iv;
        break;
    case IMB_AUTH_ZUC_EIA3_BITLEN:
        j->u.ZUC_EIA3._iv = m->iv;
        break;
    default:
        break;
    }
}

/* The library's own checks would refuse messages longer than max_len. */
static IMB_JOB *job_submit(IMB_MGR *mgr, const CryptoRow *row, size_t len)
{
    return len > row->max_len ? IMB_SUBMIT_JOB_NOCHECK(mgr) :
                                IMB_SUBMIT_JOB(mgr);
}

/* Jobs complete in the order in which they were submitted. */
static void jobs_reap(IMB_MGR *mgr, IMB_JOB *j)
{
    for (; j; j = IMB_GET_COMPLETED_JOB(mgr)) {
        CryptoMessage *m = j->user_data;

        m->ok = j->status == IMB_STATUS_COMPLETED;
    }
}

static void jobs_run(const CryptoRow *row, CryptoMessage *const *m, unsigned n)
{
    IMB_MGR *mgr = cryptodev_ipsec_mb_thread()->mgr;
    IMB_JOB *j;

    for (unsigned i = 0; i < n; i++) {
        m[i]->ok = false;
        j = IMB_GET_NEXT_JOB(mgr);
        job_fill(j, m[i]);
        job_fill_more(j, m[i]);
        j->user_data = m[i];
        jobs_reap(mgr, job_submit(mgr, row, m[i]->len));
    }
    while ((j = IMB_FLUSH_JOB(mgr))) {
        jobs_reap(mgr, j);
    }
}

/*
 * Bursts have less overhead for each message: all have the same algorithm, and
 * no job is started unless all are valid.
 */
static void burst_run(const CryptoRow *row, CryptoMessage *const *m,
                      unsigned n)
{
    IpsecMbThread *t = cryptodev_ipsec_mb_thread();
    IMB_JOB *jobs = t->burst;
    unsigned done;

    for (unsigned i = 0; i < n; i++) {
        job_fill(&jobs[i], m[i]);
    }
    done = row->lib_mode == IMB_CIPHER_NULL ?
           IMB_SUBMIT_HASH_BURST(t->mgr, jobs, n, row->lib_algo) :
           IMB_SUBMIT_CIPHER_BURST(t->mgr, jobs, n, row->lib_mode,
                                   jobs[0].cipher_direction,
                                   jobs[0].key_len_in_bytes);
    if (!done) {
        /* a job is too long, or invalid, which must not affect the others */
        jobs_run(row, m, n);
        return;
    }
    for (unsigned i = 0; i < n; i++) {
        m[i]->ok = jobs[i].status == IMB_STATUS_COMPLETED;
    }
}

/*
 * The library refuses empty messages, and no other provider has SNOW 3G and
 * ZUC, so compute their results here.  UIA2 of an empty message is the fifth
 * word of the key stream (TS 35.215); EIA3 is the sum of the first two (TS
 * 35.221).
 */
static bool empty_run(const CryptoRow *row, CryptoMessage *m)
{
    const IpsecMbKey *k = m->ctx;
    bool zuc = row->lib_algo == IMB_AUTH_ZUC_EIA3_BITLEN;
    IMB_JOB job = k->job;
    uint32_t stream[5] = { };
    uint32_t mac;

    if (row->lib_algo == IMB_AUTH_NULL) {
        return true;
    }
    job.cipher_mode = zuc ? IMB_CIPHER_ZUC_EEA3 :
                            IMB_CIPHER_SNOW3G_UEA2_BITLEN;
    job.hash_alg = IMB_AUTH_NULL;
    job.chain_order = IMB_ORDER_CIPHER_HASH;
    job.iv = m->iv;
    job.iv_len_in_bytes = m->iv_len;
    job.src = job.dst = (uint8_t *)stream;
    job.msg_len_to_cipher_in_bytes = sizeof(stream) * (zuc ? 1 : 8);
    if (!cryptodev_ipsec_mb_run_job(&job)) {
        return false;
    }
    mac = zuc ? stream[0] ^ stream[1] : stream[4];
    memcpy(m->digest, &mac, sizeof(mac));
    cryptodev_wipe(stream, sizeof(stream));
    return true;
}

static void stream_cipher_run(const CryptoRow *row, CryptoMessage *const *m,
                              unsigned n)
{
    CryptoMessage *rest[CRYPTO_RUN_MAX];
    unsigned num_rest = 0;

    for (unsigned i = 0; i < n; i++) {
        if (m[i]->len) {
            rest[num_rest++] = m[i];
        } else {
            m[i]->ok = empty_run(row, m[i]);
        }
    }
    jobs_run(row, rest, num_rest);
}

#define BATCH_OPS(_new, _run)                                           \
    { .ctx_new = _new, .ctx_free = key_free, .run = _run, .is_batch = true }

const CryptoRowOps cryptodev_ipsec_mb_cipher_ops =
    BATCH_OPS(aes_new, jobs_run);
const CryptoRowOps cryptodev_ipsec_mb_cipher_burst_ops =
    BATCH_OPS(aes_new, burst_run);
const CryptoRowOps cryptodev_ipsec_mb_hash_ops =
    BATCH_OPS(hash_new, jobs_run);
const CryptoRowOps cryptodev_ipsec_mb_hmac_ops =
    BATCH_OPS(hmac_new, jobs_run);
const CryptoRowOps cryptodev_ipsec_mb_hmac_burst_ops =
    BATCH_OPS(hmac_new, burst_run);
const CryptoRowOps cryptodev_ipsec_mb_xcbc_ops =
    BATCH_OPS(xcbc_new, jobs_run);
const CryptoRowOps cryptodev_ipsec_mb_ccm_ops =
    BATCH_OPS(ccm_new, jobs_run);
const CryptoRowOps cryptodev_ipsec_mb_snow3g_ops =
    BATCH_OPS(snow3g_new, stream_cipher_run);
const CryptoRowOps cryptodev_ipsec_mb_zuc_ops =
    BATCH_OPS(zuc_new, stream_cipher_run);
