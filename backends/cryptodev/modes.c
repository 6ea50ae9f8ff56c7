/*
 * Modes of operation that crypto libraries lack
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "modes.h"
#include "system/cryptodev-util.h"

static void xor_bytes(uint8_t *dst, const uint8_t *a, const uint8_t *b,
                      size_t len)
{
    for (size_t i = 0; i < len; i++) {
        dst[i] = a[i] ^ b[i];
    }
}

void crypto_f8_masked_key(uint8_t *masked, const uint8_t *key, size_t key_len)
{
    xor_bytes(masked, key, key + key_len / 2, key_len / 2);
}

bool crypto_f8_start(CryptoF8 *f8, CryptoBlockFn *encrypt, void *opaque,
                     const uint8_t *iv)
{
    memset(f8->stream, 0, sizeof(f8->stream));
    f8->block = 0;
    f8->used = sizeof(f8->stream);
    return encrypt(opaque, f8->iv, iv, sizeof(f8->iv));
}

/* S(j) = E(IV' + j + S(j - 1)) */
static bool f8_next_block(CryptoF8 *f8, CryptoBlockFn *encrypt, void *opaque)
{
    uint8_t j[CRYPTO_BLOCK_MAX] = { };

    stq_be_p(j + 8, f8->block++);
    xor_bytes(f8->stream, f8->stream, f8->iv, sizeof(f8->stream));
    xor_bytes(f8->stream, f8->stream, j, sizeof(f8->stream));
    f8->used = 0;
    return encrypt(opaque, f8->stream, f8->stream, sizeof(f8->stream));
}

bool crypto_f8_crypt(CryptoF8 *f8, CryptoBlockFn *encrypt, void *opaque,
                     uint8_t *dst, const uint8_t *src, size_t len)
{
    while (len) {
        size_t n;

        if (f8->used == sizeof(f8->stream) &&
            !f8_next_block(f8, encrypt, opaque)) {
            return false;
        }
        n = MIN(len, sizeof(f8->stream) - f8->used);
        xor_bytes(dst, src, f8->stream + f8->used, n);
        f8->used += n;
        dst += n;
        src += n;
        len -= n;
    }
    return true;
}

bool crypto_xcbc_init(CryptoMaskMac *mac, CryptoBlockFn *encrypt,
                      void *opaque, uint8_t *cbc_key)
{
    uint8_t *const keys[] = { cbc_key, mac->masks[0], mac->masks[1] };

    mac->block_len = 16;
    for (int i = 0; i < ARRAY_SIZE(keys); i++) {
        memset(keys[i], i + 1, 16);
        if (!encrypt(opaque, keys[i], keys[i], 16)) {
            return false;
        }
    }
    return true;
}

bool crypto_cmac64_init(CryptoMaskMac *mac, CryptoBlockFn *encrypt,
                        void *opaque)
{
    uint8_t zero[8] = { }, block[8];
    uint64_t l;

    if (!encrypt(opaque, block, zero, sizeof(block))) {
        return false;
    }
    mac->block_len = 8;
    l = ldq_be_p(block);
    for (int i = 0; i < 2; i++) {
        /* times x, modulo x^64 + x^4 + x^3 + x + 1 */
        l = l << 1 ^ (-(l >> 63) & 0x1b);
        stq_be_p(mac->masks[i], l);
    }
    cryptodev_wipe(block, sizeof(block));
    cryptodev_wipe(&l, sizeof(l));
    return true;
}

bool crypto_mask_mac_auth(CryptoMaskMac *mac, CryptoCbcFn *cbc, void *opaque,
                          const uint8_t *src, size_t len)
{
    while (len) {
        size_t n = MIN(len, mac->block_len - mac->tail_len);

        if (!n) {
            /* more follows, so this was not the last block */
            if (!cbc(opaque, mac->tail, mac->block_len)) {
                return false;
            }
            mac->tail_len = 0;
        } else if (!mac->tail_len && len > mac->block_len) {
            n = QEMU_ALIGN_DOWN(len - 1, mac->block_len);
            if (!cbc(opaque, src, n)) {
                return false;
            }
        } else {
            memcpy(mac->tail + mac->tail_len, src, n);
            mac->tail_len += n;
        }
        src += n;
        len -= n;
    }
    return true;
}

bool crypto_mask_mac_final(CryptoMaskMac *mac, CryptoCbcFn *cbc, void *opaque)
{
    bool padded = mac->tail_len < mac->block_len;

    if (padded) {
        memset(mac->tail + mac->tail_len, 0, mac->block_len - mac->tail_len);
        mac->tail[mac->tail_len] = 0x80;
    }
    xor_bytes(mac->tail, mac->tail, mac->masks[padded], mac->block_len);
    mac->tail_len = 0;
    return cbc(opaque, mac->tail, mac->block_len);
}

/* A block has one byte of flags, the nonce, and the length. */
bool crypto_ccm_len_ok(size_t nonce_len, uint64_t len)
{
    size_t bits = 8 * (15 - nonce_len);

    return bits >= 64 || len >> bits == 0;
}

/*
 * One bit at a time, with no branch and no index that depends on the operands:
 * the time does not depend on H.  Used only for requests that give J0, so it
 * need not be fast.
 */
static CryptoGf128 gf128_mul(CryptoGf128 x, CryptoGf128 y)
{
    CryptoGf128 z = { };

    for (int i = 0; i < 128; i++) {
        uint64_t take = -(x.hi >> 63);
        uint64_t reduce = -(y.lo & 1);

        z.hi ^= y.hi & take;
        z.lo ^= y.lo & take;
        x.hi = x.hi << 1 | x.lo >> 63;
        x.lo <<= 1;
        y.lo = y.lo >> 1 | y.hi << 63;
        /* bits are reflected: x^7 + x^2 + x + 1 */
        y.hi = y.hi >> 1 ^ (reduce & 0xe1ULL << 56);
    }
    return z;
}

/* x^(2^128 - 2), squared: there are 2^128 - 1 elements besides 0 */
static CryptoGf128 gf128_inverse_square(CryptoGf128 x)
{
    CryptoGf128 r = { .hi = 1ULL << 63 };

    for (int i = 1; i < 128; i++) {
        x = gf128_mul(x, x);
        r = gf128_mul(r, x);
    }
    return gf128_mul(r, r);
}

void crypto_gcm_iv_init(CryptoGcmIv *g, const uint8_t *h)
{
    const CryptoGf128 l = { .lo = 128 };    /* bits in an IV of 16 bytes */

    g->h.hi = ldq_be_p(h);
    g->h.lo = ldq_be_p(h + 8);
    g->lh = gf128_mul(l, g->h);
    g->h_inv2 = (CryptoGf128) { };
}

void crypto_gcm_iv_from_j0(CryptoGcmIv *g, uint8_t *iv, const uint8_t *j0)
{
    CryptoGf128 x = {
        .hi = ldq_be_p(j0) ^ g->lh.hi,
        .lo = ldq_be_p(j0 + 8) ^ g->lh.lo,
    };

    /* 255 multiplications: only once a request gives J0 */
    if (!g->h_inv2.hi && !g->h_inv2.lo) {
        g->h_inv2 = gf128_inverse_square(g->h);
    }
    x = gf128_mul(x, g->h_inv2);
    stq_be_p(iv, x.hi);
    stq_be_p(iv + 8, x.lo);
}
