/*
 * Modes of operation block by block, as in their standards
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "cryptodev-message-fixture.h"
#include "cryptodev-reference.h"
#include "backends/cryptodev/stream.h"

RefCipher ref_cipher(CryptoDevAlgo ecb, const uint8_t *key, size_t key_len)
{
    unsigned i = 0;
    RefCipher c = {
        .row = next_row(&i, ecb),
        .len = cryptodev_algo_info(ecb)->block_len,
    };

    g_assert_nonnull(c.row);
    c.ctx = c.row->ops->ctx_new(c.row, key, key_len, true);
    g_assert_nonnull(c.ctx);
    return c;
}

void ref_cipher_cleanup(RefCipher *c)
{
    c->row->ops->ctx_free(c->ctx);
}

void ref_encrypt(const RefCipher *c, uint8_t *dst, const uint8_t *src)
{
    CryptoMessage msg = { .len = c->len };

    g_assert_true(c->row->ops->start(c->ctx, &msg));
    g_assert_true(c->row->ops->crypt(c->ctx, dst, src, c->len));
}

static void add(uint8_t *dst, const uint8_t *src, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        dst[i] ^= src[i];
    }
}

static void increment(uint8_t *ctr, size_t len, size_t width)
{
    for (size_t i = len; i-- > len - width && ++ctr[i] == 0;) {
        /* carry */
    }
}

void ref_ctr(const RefCipher *c, const uint8_t *ctr, size_t width,
             uint8_t *dst, const uint8_t *src, size_t len)
{
    uint8_t block[16], stream[16];

    memcpy(block, ctr, c->len);
    for (size_t done = 0; done < len; done += c->len) {
        size_t n = MIN(c->len, len - done);

        ref_encrypt(c, stream, block);
        memcpy(dst + done, src + done, n);
        add(dst + done, stream, n);
        increment(block, c->len, width);
    }
}

static void xts_block(const RefCipher *c, const uint8_t *t,
                      uint8_t *dst, const uint8_t *src)
{
    uint8_t block[16];

    memcpy(block, src, 16);
    add(block, t, 16);
    ref_encrypt(c, block, block);
    add(block, t, 16);
    memcpy(dst, block, 16);
}

/* times alpha, least significant byte first */
static void xts_next(uint8_t *t)
{
    uint8_t carry = 0;

    for (int i = 0; i < 16; i++) {
        uint8_t next = t[i] >> 7;

        t[i] = t[i] << 1 | carry;
        carry = next;
    }
    t[0] ^= carry ? 0x87 : 0;
}

void ref_xts(const RefCipher *c, const RefCipher *t, const uint8_t *tweak,
             uint8_t *dst, const uint8_t *src, size_t len)
{
    size_t tail = len % 16, done;
    uint8_t mask[16], last[16];

    ref_encrypt(t, mask, tweak);
    for (done = 0; done + 16 <= len; done += 16) {
        xts_block(c, mask, dst + done, src + done);
        xts_next(mask);
    }
    if (tail) {
        /* the last block takes the end of the one before it */
        memcpy(last, src + done, tail);
        memcpy(last + tail, dst + done - 16 + tail, 16 - tail);
        memcpy(dst + done, dst + done - 16, tail);
        xts_block(c, mask, dst + done - 16, last);
    }
}

static bool bit(const uint8_t *block, unsigned i)
{
    return block[i / 8] >> (7 - i % 8) & 1;
}

/* x = x * h, bit 0 leftmost */
static void gf_mul(uint8_t *x, const uint8_t *h)
{
    uint8_t z[16] = { }, v[16];

    memcpy(v, h, 16);
    for (unsigned i = 0; i < 128; i++) {
        bool lsb = v[15] & 1;

        if (bit(x, i)) {
            add(z, v, 16);
        }
        for (int j = 15; j > 0; j--) {
            v[j] = v[j] >> 1 | v[j - 1] << 7;
        }
        v[0] = v[0] >> 1 ^ (lsb ? 0xe1 : 0);
    }
    memcpy(x, z, 16);
}

static void ghash(uint8_t *y, const uint8_t *h, const uint8_t *src, size_t len)
{
    for (size_t done = 0; done < len; done += 16) {
        add(y, src + done, MIN(16, len - done));
        gf_mul(y, h);
    }
}

void ref_gcm(const RefCipher *c, const uint8_t *j0,
             const uint8_t *aad, size_t aad_len,
             uint8_t *dst, const uint8_t *src, size_t len, uint8_t *tag)
{
    uint8_t h[16] = { }, ctr[16], lens[16];

    ref_encrypt(c, h, h);
    memcpy(ctr, j0, 16);
    increment(ctr, 16, 4);
    ref_ctr(c, ctr, 4, dst, src, len);

    stq_be_p(lens, aad_len * 8);
    stq_be_p(lens + 8, len * 8);
    memset(tag, 0, 16);
    ghash(tag, h, aad, aad_len);
    ghash(tag, h, dst, len);
    ghash(tag, h, lens, 16);
    ref_encrypt(c, ctr, j0);
    add(tag, ctr, 16);
}

/* CBC-MAC of @src, padded with zeros */
static void cbc_mac(const RefCipher *c, uint8_t *mac, const uint8_t *src,
                    size_t len)
{
    for (size_t done = 0; done < len; done += 16) {
        add(mac, src + done, MIN(16, len - done));
        ref_encrypt(c, mac, mac);
    }
}

void ref_ccm(const RefCipher *c, const uint8_t *nonce, size_t nonce_len,
             const uint8_t *aad, size_t aad_len,
             uint8_t *dst, const uint8_t *src, size_t len,
             uint8_t *tag, size_t tag_len)
{
    size_t q = 15 - nonce_len;
    uint8_t b0[16] = { }, ctr[16] = { }, mac[16] = { };
    g_autofree uint8_t *a = g_malloc(aad_len + 2);

    b0[0] = (aad_len ? 0x40 : 0) | (tag_len - 2) / 2 << 3 | (q - 1);
    memcpy(b0 + 1, nonce, nonce_len);
    for (size_t i = 0, rest = len; i < q; i++, rest >>= 8) {
        b0[15 - i] = rest;
    }
    cbc_mac(c, mac, b0, 16);
    if (aad_len) {
        stw_be_p(a, aad_len);
        memcpy(a + 2, aad, aad_len);
        cbc_mac(c, mac, a, aad_len + 2);
    }
    cbc_mac(c, mac, src, len);

    ctr[0] = q - 1;
    memcpy(ctr + 1, nonce, nonce_len);
    ref_encrypt(c, b0, ctr);
    add(mac, b0, 16);
    memcpy(tag, mac, tag_len);
    increment(ctr, 16, q);
    ref_ctr(c, ctr, q, dst, src, len);
}

/* @len bytes of key stream */
static uint8_t *ref_stream(CryptoDevAlgo algo, const uint8_t *key,
                           const uint8_t *iv, size_t len)
{
    unsigned i = 0;
    const CryptoRow *row = next_row(&i, algo);
    uint8_t *stream = g_malloc0(len);
    CryptoMessage m = {
        .src = stream, .dst = stream, .len = len, .iv_len = 16,
    };

    g_assert_nonnull(row);
    memcpy(m.iv, iv, sizeof(m.iv));
    m.ctx = row->ops->ctx_new(row, key, 16, true);
    cryptodev_row_run_one(row, &m);
    g_assert_true(m.ok);
    row->ops->ctx_free(m.ctx);
    return stream;
}

/* In GF(2^64) with x^64 + x^4 + x^3 + x + 1 */
static uint64_t mul64(uint64_t a, uint64_t b)
{
    uint64_t product = 0;

    for (int i = 63; i >= 0; i--) {
        product = (product << 1) ^ (product >> 63 ? 0x1b : 0);
        product ^= b >> i & 1 ? a : 0;
    }
    return product;
}

void ref_uia2(const uint8_t *key, const uint8_t *iv, const uint8_t *src,
              size_t len, uint8_t *mac)
{
    g_autofree uint8_t *z = ref_stream(CRYPTODEV_ALGO_SNOW3G_UEA2, key, iv,
                                       20);
    uint64_t p = ldq_be_p(z), q = ldq_be_p(z + 8), eval = 0;

    for (size_t done = 0; done < len; done += 8) {
        uint8_t block[8] = { };

        memcpy(block, src + done, MIN(8, len - done));
        eval = mul64(eval ^ ldq_be_p(block), p);
    }
    eval = mul64(eval ^ len * 8, q);
    stl_be_p(mac, (eval >> 32) ^ ldl_be_p(z + 16));
}

/* 32 bits from bit @i on */
static uint32_t word_at(const uint8_t *stream, size_t i)
{
    uint64_t bits = ldq_be_p(stream + i / 32 * 4);

    return bits >> (32 - i % 32);
}

void ref_eia3(const uint8_t *key, const uint8_t *iv, const uint8_t *src,
              size_t len, uint8_t *mac)
{
    size_t bits = len * 8, words = DIV_ROUND_UP(bits, 32) + 2;
    g_autofree uint8_t *z = ref_stream(CRYPTODEV_ALGO_ZUC_EEA3, key, iv,
                                       words * 4 + 4);
    uint32_t t = 0;

    for (size_t i = 0; i < bits; i++) {
        t ^= src[i / 8] & (0x80 >> i % 8) ? word_at(z, i) : 0;
    }
    t ^= word_at(z, bits) ^ word_at(z, 32 * (words - 1));
    stl_be_p(mac, t);
}
