/*
 * Padding of PKCS#1 v1.5 (RFC 8017)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "pkcs1.h"
#include "system/cryptodev-util.h"

#define PAD_MIN 8

/* The bytes before the digest in a DigestInfo, section 9.2 note 1 */
static const struct {
    CryptoDevAlgo hash;
    uint8_t len;
    uint8_t prefix[19];
} digest_infos[] = {
    { CRYPTODEV_ALGO_NONE },
    { CRYPTODEV_ALGO_MD5, 18,
      { 0x30, 0x20, 0x30, 0x0c, 0x06, 0x08, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
        0x02, 0x05, 0x05, 0x00, 0x04, 0x10 } },
    { CRYPTODEV_ALGO_SHA1, 15,
      { 0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05,
        0x00, 0x04, 0x14 } },
    { CRYPTODEV_ALGO_SHA_224, 19,
      { 0x30, 0x2d, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03,
        0x04, 0x02, 0x04, 0x05, 0x00, 0x04, 0x1c } },
    { CRYPTODEV_ALGO_SHA_256, 19,
      { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03,
        0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20 } },
    { CRYPTODEV_ALGO_SHA_384, 19,
      { 0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03,
        0x04, 0x02, 0x02, 0x05, 0x00, 0x04, 0x30 } },
    { CRYPTODEV_ALGO_SHA_512, 19,
      { 0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03,
        0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40 } },
};

static int find_digest_info(CryptoDevAlgo hash)
{
    for (int i = 0; i < ARRAY_SIZE(digest_infos); i++) {
        if (digest_infos[i].hash == hash) {
            return i;
        }
    }
    return -1;
}

bool crypto_pkcs1_hash_ok(CryptoDevAlgo hash)
{
    return find_digest_info(hash) >= 0;
}

bool crypto_pkcs1_pad_signature(uint8_t *em, size_t em_len, CryptoDevAlgo hash,
                                const uint8_t *data, size_t len)
{
    int i = find_digest_info(hash);
    size_t prefix_len, pad_len;

    if (i < 0 || (hash != CRYPTODEV_ALGO_NONE &&
                  len != cryptodev_algo_info(hash)->digest_len)) {
        return false;
    }
    prefix_len = digest_infos[i].len;
    if (em_len < CRYPTO_PKCS1_OVERHEAD + prefix_len ||
        len > em_len - CRYPTO_PKCS1_OVERHEAD - prefix_len) {
        return false;
    }
    pad_len = em_len - 3 - prefix_len - len;
    em[0] = 0;
    em[1] = 1;
    memset(em + 2, 0xff, pad_len);
    em[2 + pad_len] = 0;
    memcpy(em + 3 + pad_len, digest_infos[i].prefix, prefix_len);
    memcpy(em + em_len - len, data, len);
    return true;
}

/* Fill @buf with random bytes that are not 0. */
static void random_nonzero(uint8_t *buf, size_t len)
{
    cryptodev_random(buf, len);
    for (size_t i = 0; i < len; i++) {
        while (!buf[i]) {
            cryptodev_random(&buf[i], 1);
        }
    }
}

bool crypto_pkcs1_pad_encryption(uint8_t *em, size_t em_len,
                                 const uint8_t *data, size_t len)
{
    size_t pad_len;

    if (em_len < CRYPTO_PKCS1_OVERHEAD ||
        len > em_len - CRYPTO_PKCS1_OVERHEAD) {
        return false;
    }
    pad_len = em_len - 3 - len;
    em[0] = 0;
    em[1] = 2;
    random_nonzero(em + 2, pad_len);
    em[2 + pad_len] = 0;
    memcpy(em + 3 + pad_len, data, len);
    return true;
}

/*
 * Masks: all bits set for true.  The barrier hides from the compiler that a
 * mask has only two values, so it cannot make a branch of it.
 */
static size_t mask_of(size_t is_one)
{
    size_t mask = -is_one;

    asm volatile("" : "+r"(mask));
    return mask;
}

/* For x, y < SIZE_MAX / 2 */
static size_t mask_less(size_t x, size_t y)
{
    return mask_of((x - y) >> (sizeof(size_t) * 8 - 1));
}

static size_t mask_equal(size_t x, size_t y)
{
    return mask_less(x ^ y, 1);
}

/* Move @buf left by @shift <= @len bytes, one bit of @shift at a time. */
static void shift_left(uint8_t *buf, size_t len, size_t shift)
{
    for (size_t step = 1; step < len; step <<= 1) {
        uint8_t mask = ~mask_equal(shift & step, 0);

        for (size_t i = 0; i + step < len; i++) {
            buf[i] = (buf[i] & ~mask) | (buf[i + step] & mask);
        }
    }
}

bool crypto_pkcs1_unpad_encryption(uint8_t *em, size_t em_len, size_t *len)
{
    size_t looking = mask_of(1), end = 0, good;

    if (em_len < CRYPTO_PKCS1_OVERHEAD) {
        return false;
    }
    for (size_t i = 2; i < em_len; i++) {
        size_t here = looking & mask_equal(em[i], 0);

        end |= here & i;
        looking &= ~here;
    }
    good = mask_equal(em[0], 0) & mask_equal(em[1], 2) & ~looking &
           ~mask_less(end, 2 + PAD_MIN);
    shift_left(em, em_len, end + 1);
    *len = (em_len - 1 - end) & good;
    return good & 1;
}
