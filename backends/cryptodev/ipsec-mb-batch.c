/*
 * Crypto provider libipsec-mb: batches
 *
 * The library works on up to 16 messages at a time, in the lanes of vector
 * registers.  Expanded keys are constant and serve all threads.
 *
 * Lengths that the guest chose go in, so only functions that check are used.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "ipsec-mb-internal.h"
#include "system/cryptodev-util.h"

/* The longest text and message: lengths in lanes have 16 bits. */
#define IMB_MAX_LEN     65520
/* Two blocks, less the two bytes of its length */
#define CCM_MAX_AAD     (48 - 2)
/* A lane of SNOW 3G that runs alone is slow. */
#define SNOW3G_BATCH_MAX_LEN 4096

#define AES_ROUND_KEYS  15
#define HMAC_BLOCK_MAX  128
#define HMAC_STATE_MAX  64

/* The library wants keys aligned, which g_malloc does. */
typedef struct ImbKey {
    union {
        struct {
            uint8_t enc[AES_ROUND_KEYS][16];
            uint8_t dec[AES_ROUND_KEYS][16];
        } aes;
        snow3g_key_schedule_t snow3g;
        uint8_t zuc[16];
    } cipher QEMU_ALIGNED(16);
    union {
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
    } auth QEMU_ALIGNED(16);
    const void *dec;                    /* schedule for decryption */
    uint32_t cipher_len;
} ImbKey;

/* Keys */

/* Hash functions by their places in the manager */
#define FN(_name) offsetof(IMB_MGR, _name)

typedef struct ImbHmac {
    size_t one_block;
    size_t whole;                       /* 0: there is no such function */
    uint8_t block_len;
    uint8_t digest_len;
} ImbHmac;

static const ImbHmac imb_hmacs[] = {
    [IMB_AUTH_MD5] = { FN(md5_one_block), 0, 64, 16 },
    [IMB_AUTH_HMAC_SHA_1] = { FN(sha1_one_block), FN(sha1), 64, 20 },
    [IMB_AUTH_HMAC_SHA_224] = { FN(sha224_one_block), FN(sha224), 64, 28 },
    [IMB_AUTH_HMAC_SHA_256] = { FN(sha256_one_block), FN(sha256), 64, 32 },
    [IMB_AUTH_HMAC_SHA_384] = { FN(sha384_one_block), FN(sha384), 128, 48 },
    [IMB_AUTH_HMAC_SHA_512] = { FN(sha512_one_block), FN(sha512), 128, 64 },
};

static void *manager_fn(IMB_MGR *mgr, size_t offset)
{
    return *(void **)((char *)mgr + offset);
}

/* The state of a hash that has taken the key, each byte with @pad. */
static void hmac_pad(IMB_MGR *mgr, const ImbHmac *h, uint8_t *state,
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

static bool hmac_key(IMB_MGR *mgr, ImbKey *k, int alg, const uint8_t *key,
                     size_t key_len)
{
    const ImbHmac *h = &imb_hmacs[alg];
    uint8_t padded[HMAC_BLOCK_MAX] = { };

    if (key_len <= h->block_len) {
        memcpy(padded, key, key_len);
    } else if (h->whole) {
        hash_fn_t whole = manager_fn(mgr, h->whole);

        whole(key, key_len, padded);
    } else {
        return false;
    }
    hmac_pad(mgr, h, k->auth.hmac.ipad, padded, 0x36);
    hmac_pad(mgr, h, k->auth.hmac.opad, padded, 0x5c);
    cryptodev_wipe(padded, sizeof(padded));
    return true;
}

static void aes_key(IMB_MGR *mgr, ImbKey *k, const uint8_t *key,
                    size_t key_len)
{
    if (key_len == 16) {
        IMB_AES_KEYEXP_128(mgr, key, k->cipher.aes.enc, k->cipher.aes.dec);
    } else if (key_len == 24) {
        IMB_AES_KEYEXP_192(mgr, key, k->cipher.aes.enc, k->cipher.aes.dec);
    } else {
        IMB_AES_KEYEXP_256(mgr, key, k->cipher.aes.enc, k->cipher.aes.dec);
    }
}

static bool cipher_key(IMB_MGR *mgr, ImbKey *k, int mode, const uint8_t *key,
                       size_t key_len)
{
    k->cipher_len = key_len;
    k->dec = &k->cipher;
    switch (mode) {
    case IMB_CIPHER_SNOW3G_UEA2_BITLEN:
        IMB_SNOW3G_INIT_KEY_SCHED(mgr, key, &k->cipher.snow3g);
        return true;
    case IMB_CIPHER_ZUC_EEA3:
        memcpy(k->cipher.zuc, key, sizeof(k->cipher.zuc));
        return true;
    case IMB_CIPHER_CCM:
        aes_key(mgr, k, key, key_len);
        return key_len != 24;
    case IMB_CIPHER_CBC:
    case IMB_CIPHER_ECB:
        k->dec = k->cipher.aes.dec;
        /* fall through */
    default:
        aes_key(mgr, k, key, key_len);
        return true;
    }
}

static bool auth_key(IMB_MGR *mgr, ImbKey *k, int alg, const uint8_t *key,
                     size_t key_len)
{
    switch (alg) {
    case IMB_AUTH_SNOW3G_UIA2_BITLEN:
        IMB_SNOW3G_INIT_KEY_SCHED(mgr, key, &k->auth.snow3g);
        return true;
    case IMB_AUTH_ZUC_EIA3_BITLEN:
        memcpy(k->auth.zuc, key, sizeof(k->auth.zuc));
        return true;
    case IMB_AUTH_AES_XCBC:
        IMB_AES_XCBC_KEYEXP(mgr, key, k->auth.xcbc.k1, k->auth.xcbc.k2,
                            k->auth.xcbc.k3);
        return true;
    default:
        return hmac_key(mgr, k, alg, key, key_len);
    }
}

static bool has_auth_key(const CryptoProviderBatch *row)
{
    return row->hash != CRYPTODEV_ALGO_NONE &&
           cryptodev_algo_info(row->hash)->service == CRYPTODEV_SERVICE_MAC;
}

static void free_key(void *key)
{
    cryptodev_wipe(key, sizeof(ImbKey));
    g_free(key);
}

static void *new_key(const CryptoProviderBatch *row,
                     const CryptoDevSessionParams *params)
{
    ImbThread *t = imb_thread();
    ImbKey *k;

    if (!t) {
        return NULL;
    }
    k = g_new(ImbKey, 1);
    k->cipher_len = 0;
    if ((row->cipher != CRYPTODEV_ALGO_NONE &&
         !cipher_key(t->mgr, k, row->lib_cipher, params->cipher_key,
                     params->cipher_key_len)) ||
        (has_auth_key(row) &&
         !auth_key(t->mgr, k, row->lib_hash, params->auth_key,
                   params->auth_key_len))) {
        free_key(k);
        return NULL;
    }
    return k;
}

/* Jobs */

static void fill_auth(IMB_JOB *j, const CryptoProviderBatch *row,
                      const CryptoProviderJob *job)
{
    const ImbKey *k = job->key;

    j->msg_len_to_hash_in_bytes = job->msg_len;
    switch (row->lib_hash) {
    case IMB_AUTH_AES_CCM:
        j->msg_len_to_hash_in_bytes = job->len;
        j->u.CCM.aad = job->aad;
        j->u.CCM.aad_len_in_bytes = job->aad_len;
        break;
    case IMB_AUTH_SNOW3G_UIA2_BITLEN:
        j->msg_len_to_hash_in_bits = job->msg_len * 8;
        j->u.SNOW3G_UIA2._key = &k->auth.snow3g;
        j->u.SNOW3G_UIA2._iv = job->iv;
        break;
    case IMB_AUTH_ZUC_EIA3_BITLEN:
        j->msg_len_to_hash_in_bits = job->msg_len * 8;
        j->u.ZUC_EIA3._key = k->auth.zuc;
        j->u.ZUC_EIA3._iv = job->iv;
        j->u.ZUC_EIA3._iv23 = NULL;
        break;
    case IMB_AUTH_AES_XCBC:
        j->u.XCBC._k1_expanded = (const uint32_t *)k->auth.xcbc.k1;
        j->u.XCBC._k2 = k->auth.xcbc.k2;
        j->u.XCBC._k3 = k->auth.xcbc.k3;
        break;
    default:
        j->u.HMAC._hashed_auth_key_xor_ipad = k->auth.hmac.ipad;
        j->u.HMAC._hashed_auth_key_xor_opad = k->auth.hmac.opad;
    }
}

static void fill_job(IMB_JOB *j, const CryptoProviderBatch *row,
                     const CryptoProviderJob *job)
{
    const ImbKey *k = job->key;

    j->enc_keys = &k->cipher;
    j->dec_keys = k->dec;
    j->key_len_in_bytes = k->cipher_len;
    j->src = job->src ?: job->msg;
    j->dst = job->dst;
    j->cipher_start_src_offset_in_bytes = 0;
    j->msg_len_to_cipher_in_bytes = job->len;
    if (row->lib_cipher == IMB_CIPHER_SNOW3G_UEA2_BITLEN) {
        j->msg_len_to_cipher_in_bits = job->len * 8;
    }
    j->iv = job->iv;
    j->iv_len_in_bytes = job->iv_len;
    /* the message may lie anywhere: the sum of both wraps around to it */
    j->hash_start_src_offset_in_bytes =
        job->msg ? (uintptr_t)job->msg - (uintptr_t)j->src : 0;
    j->auth_tag_output = job->digest;
    j->auth_tag_output_len_in_bytes = job->digest_len;
    if (row->lib_hash != IMB_AUTH_NULL) {
        fill_auth(j, row, job);
    }
    j->cipher_mode = row->lib_cipher;
    j->cipher_direction = row->kind == CRYPTODEV_DECRYPT ? IMB_DIR_DECRYPT :
                                                           IMB_DIR_ENCRYPT;
    j->hash_alg = row->lib_hash;
    /* CCM authenticates the plaintext */
    j->chain_order = row->chain == CRYPTODEV_CHAIN_HASH_THEN_CIPHER ||
                     row->lib_cipher == IMB_CIPHER_NULL ||
                     (row->lib_cipher == IMB_CIPHER_CCM &&
                      row->kind == CRYPTODEV_ENCRYPT) ?
                     IMB_ORDER_HASH_CIPHER : IMB_ORDER_CIPHER_HASH;
    j->status = IMB_STATUS_BEING_PROCESSED;
    j->user_data = NULL;
}

/* Jobs come back in the order in which they went in. */
static void reap(IMB_MGR *mgr, IMB_JOB *j)
{
    for (; j; j = IMB_GET_COMPLETED_JOB(mgr)) {
        CryptoProviderJob *job = j->user_data;

        job->ok = j->status == IMB_STATUS_COMPLETED;
    }
}

/* Any algorithms */
static void run_jobs(const CryptoProviderBatch *row, CryptoProviderJob *jobs,
                     unsigned n)
{
    ImbThread *t = imb_thread();
    IMB_JOB *j;

    for (unsigned i = 0; i < n; i++) {
        jobs[i].ok = false;
        if (t) {
            j = IMB_GET_NEXT_JOB(t->mgr);
            fill_job(j, row, &jobs[i]);
            j->user_data = &jobs[i];
            reap(t->mgr, IMB_SUBMIT_JOB(t->mgr));
        }
    }
    while (t && (j = IMB_FLUSH_JOB(t->mgr))) {
        reap(t->mgr, j);
    }
}

/*
 * Bursts, which have less to do for each message: one algorithm, and no job
 * is begun unless all are good.
 */
static void run_burst(const CryptoProviderBatch *row, CryptoProviderJob *jobs,
                      unsigned n)
{
    ImbThread *t = imb_thread();
    unsigned done = 0;

    for (unsigned i = 0; t && i < n; i++) {
        fill_job(&t->burst[i], row, &jobs[i]);
    }
    if (t && row->lib_cipher == IMB_CIPHER_NULL) {
        done = IMB_SUBMIT_HASH_BURST(t->mgr, t->burst, n, row->lib_hash);
    } else if (t) {
        done = IMB_SUBMIT_CIPHER_BURST(t->mgr, t->burst, n, row->lib_cipher,
                                       t->burst[0].cipher_direction,
                                       t->burst[0].key_len_in_bytes);
    }
    if (!done) {
        /* the bad ones must not take the good ones with them */
        run_jobs(row, jobs, n);
        return;
    }
    for (unsigned i = 0; i < n; i++) {
        jobs[i].ok = t->burst[i].status == IMB_STATUS_COMPLETED;
    }
}

static const CryptoProviderBatchOps burst_ops = {
    .key_new = new_key,
    .key_free = free_key,
    .run = run_burst,
};

static const CryptoProviderBatchOps job_ops = {
    .key_new = new_key,
    .key_free = free_key,
    .run = run_jobs,
};

#define CIPHER(_algo, _kind, _mode, _max_len, _ops, ...)                \
    { .cipher = CRYPTODEV_ALGO_##_algo, .kind = CRYPTODEV_##_kind,      \
      .lib_cipher = IMB_CIPHER_##_mode, .lib_hash = IMB_AUTH_NULL,      \
      .max_len = _max_len, .ops = &_ops, __VA_ARGS__ }
#define DIGEST(_algo, _alg, _digest_len, _max_len, _ops)                \
    { .hash = CRYPTODEV_ALGO_##_algo, .kind = CRYPTODEV_DIGEST,         \
      .lib_cipher = IMB_CIPHER_NULL, .lib_hash = IMB_AUTH_##_alg,       \
      .digest_len = _digest_len, .max_len = _max_len, .gather = true,   \
      .ops = &_ops }
#define CCM(_kind)                                                      \
    { .cipher = CRYPTODEV_ALGO_AES_CCM, .kind = CRYPTODEV_##_kind,      \
      .lib_cipher = IMB_CIPHER_CCM, .lib_hash = IMB_AUTH_AES_CCM,       \
      .max_len = IMB_MAX_LEN, .max_aad = CCM_MAX_AAD, .gather = true,   \
      .ops = &job_ops }
#define CHAIN(_order, _kind, _hash, _alg, _digest_len)                  \
    { .cipher = CRYPTODEV_ALGO_AES_CBC, .kind = CRYPTODEV_##_kind,      \
      .hash = CRYPTODEV_ALGO_##_hash,                                   \
      .chain = CRYPTODEV_CHAIN_##_order,                                \
      .lib_cipher = IMB_CIPHER_CBC, .lib_hash = IMB_AUTH_##_alg,        \
      .digest_len = _digest_len, .max_len = IMB_MAX_LEN,                \
      .gather = true, .ops = &job_ops }

const CryptoProviderBatch imb_batches[] = {
    CIPHER(AES_CBC, ENCRYPT, CBC, IMB_MAX_LEN, burst_ops, .gather = true,
           .lanes = true, .carry = CRYPTO_CARRY_BLOCK),
    CIPHER(AES_CBC, DECRYPT, CBC, IMB_MAX_LEN, burst_ops,
           .carry = CRYPTO_CARRY_BLOCK),
    CIPHER(AES_CTR, ENCRYPT, CNTR, IMB_MAX_LEN, burst_ops,
           .carry = CRYPTO_CARRY_COUNTER),
    CIPHER(AES_CTR, DECRYPT, CNTR, IMB_MAX_LEN, burst_ops,
           .carry = CRYPTO_CARRY_COUNTER),
    CIPHER(AES_ECB, ENCRYPT, ECB, IMB_MAX_LEN, job_ops,
           .carry = CRYPTO_CARRY_NOTHING),
    CIPHER(AES_ECB, DECRYPT, ECB, IMB_MAX_LEN, job_ops,
           .carry = CRYPTO_CARRY_NOTHING),
    CIPHER(SNOW3G_UEA2, ENCRYPT, SNOW3G_UEA2_BITLEN, SNOW3G_BATCH_MAX_LEN,
           job_ops, .gather = true),
    CIPHER(SNOW3G_UEA2, DECRYPT, SNOW3G_UEA2_BITLEN, SNOW3G_BATCH_MAX_LEN,
           job_ops, .gather = true),
    CIPHER(ZUC_EEA3, ENCRYPT, ZUC_EEA3, ZUC_MAX_LEN, job_ops, .gather = true),
    CIPHER(ZUC_EEA3, DECRYPT, ZUC_EEA3, ZUC_MAX_LEN, job_ops, .gather = true),

    DIGEST(SHA1, SHA_1, 20, IMB_MAX_LEN, job_ops),
    DIGEST(SHA_224, SHA_224, 28, IMB_MAX_LEN, job_ops),
    DIGEST(SHA_256, SHA_256, 32, IMB_MAX_LEN, job_ops),
    DIGEST(SHA_384, SHA_384, 48, IMB_MAX_LEN, job_ops),
    DIGEST(SHA_512, SHA_512, 64, IMB_MAX_LEN, job_ops),
    DIGEST(HMAC_MD5, MD5, 16, IMB_MAX_LEN, job_ops),
    DIGEST(HMAC_SHA1, HMAC_SHA_1, 20, IMB_MAX_LEN, burst_ops),
    DIGEST(HMAC_SHA_224, HMAC_SHA_224, 28, IMB_MAX_LEN, burst_ops),
    DIGEST(HMAC_SHA_256, HMAC_SHA_256, 32, IMB_MAX_LEN, burst_ops),
    DIGEST(HMAC_SHA_384, HMAC_SHA_384, 48, IMB_MAX_LEN, burst_ops),
    DIGEST(HMAC_SHA_512, HMAC_SHA_512, 64, IMB_MAX_LEN, burst_ops),
    /* of the 16 bytes the library gives 12 */
    DIGEST(XCBC_AES, AES_XCBC, 12, IMB_MAX_LEN, job_ops),
    DIGEST(SNOW3G_UIA2, SNOW3G_UIA2_BITLEN, 4, SNOW3G_BATCH_MAX_LEN, job_ops),
    DIGEST(ZUC_EIA3, ZUC_EIA3_BITLEN, 4, ZUC_MAX_LEN, job_ops),

    CCM(ENCRYPT),
    CCM(DECRYPT),

    CHAIN(CIPHER_THEN_HASH, ENCRYPT, HMAC_MD5, MD5, 16),
    CHAIN(HASH_THEN_CIPHER, ENCRYPT, HMAC_MD5, MD5, 16),
    CHAIN(CIPHER_THEN_HASH, DECRYPT, HMAC_MD5, MD5, 16),
    CHAIN(HASH_THEN_CIPHER, DECRYPT, HMAC_MD5, MD5, 16),
    CHAIN(CIPHER_THEN_HASH, ENCRYPT, HMAC_SHA1, HMAC_SHA_1, 20),
    CHAIN(HASH_THEN_CIPHER, ENCRYPT, HMAC_SHA1, HMAC_SHA_1, 20),
    CHAIN(CIPHER_THEN_HASH, DECRYPT, HMAC_SHA1, HMAC_SHA_1, 20),
    CHAIN(HASH_THEN_CIPHER, DECRYPT, HMAC_SHA1, HMAC_SHA_1, 20),
    CHAIN(CIPHER_THEN_HASH, ENCRYPT, HMAC_SHA_224, HMAC_SHA_224, 28),
    CHAIN(HASH_THEN_CIPHER, ENCRYPT, HMAC_SHA_224, HMAC_SHA_224, 28),
    CHAIN(CIPHER_THEN_HASH, DECRYPT, HMAC_SHA_224, HMAC_SHA_224, 28),
    CHAIN(HASH_THEN_CIPHER, DECRYPT, HMAC_SHA_224, HMAC_SHA_224, 28),
    CHAIN(CIPHER_THEN_HASH, ENCRYPT, HMAC_SHA_256, HMAC_SHA_256, 32),
    CHAIN(HASH_THEN_CIPHER, ENCRYPT, HMAC_SHA_256, HMAC_SHA_256, 32),
    CHAIN(CIPHER_THEN_HASH, DECRYPT, HMAC_SHA_256, HMAC_SHA_256, 32),
    CHAIN(HASH_THEN_CIPHER, DECRYPT, HMAC_SHA_256, HMAC_SHA_256, 32),
    CHAIN(CIPHER_THEN_HASH, ENCRYPT, HMAC_SHA_384, HMAC_SHA_384, 48),
    CHAIN(HASH_THEN_CIPHER, ENCRYPT, HMAC_SHA_384, HMAC_SHA_384, 48),
    CHAIN(CIPHER_THEN_HASH, DECRYPT, HMAC_SHA_384, HMAC_SHA_384, 48),
    CHAIN(HASH_THEN_CIPHER, DECRYPT, HMAC_SHA_384, HMAC_SHA_384, 48),
    CHAIN(CIPHER_THEN_HASH, ENCRYPT, HMAC_SHA_512, HMAC_SHA_512, 64),
    CHAIN(HASH_THEN_CIPHER, ENCRYPT, HMAC_SHA_512, HMAC_SHA_512, 64),
    CHAIN(CIPHER_THEN_HASH, DECRYPT, HMAC_SHA_512, HMAC_SHA_512, 64),
    CHAIN(HASH_THEN_CIPHER, DECRYPT, HMAC_SHA_512, HMAC_SHA_512, 64),
    { },
};
