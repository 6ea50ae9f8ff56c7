/*
 * Tests of the v11 request format: requests
 *
 * Offsets are those of the draft specification's structures on x86-64.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "virtio-crypto-format-fixture.h"

/* Where things are in guest memory. */
#define B           FORMAT_TEST_BASE
#define KEY         (B + 0x100)
#define AUTH_KEY    (B + 0x200)
#define IV          (B + 0x300)
#define SRC         (B + 0x400)
#define AAD         (B + 0x500)
#define DST         (B + 0x600)
#define DIGEST      (B + 0x700)
#define END         (B + FORMAT_TEST_RAM)

#define CREATE(_name, _needed, _outcome) \
    .name = _name, .ctrl = true, .in_len = 104, .needed = _needed, \
    .outcome = _outcome, .kind = VIRTIO_CRYPTO_REPLY_SESSION
#define DESTROY(_service, _opcode) { \
    .name = _service "/destroy", .ctrl = true, .in_len = 104, .needed = 32, \
    .outcome = 24, .kind = VIRTIO_CRYPTO_REPLY_LE32, \
    .fields = { { 0, 4, _opcode }, { 16, 8, ID } }, \
    .expect = _service " destroy 1122334455667788" }
#define DATA(_name, _needed, _outcome, _size) \
    .name = _name, .in_len = 144, .needed = _needed, .outcome = _outcome, \
    .kind = VIRTIO_CRYPTO_REPLY_LE32, .size = _size
#define SYM_FIELDS(opcode, iv, src, dst, ...) \
    .fields = { { 0, 4, opcode }, { 8, 8, ID }, { 24, 4, iv }, \
                { 28, 4, src }, { 32, 4, dst }, { 40, 8, IV }, \
                { 48, 24, SRC, 100 }, __VA_ARGS__ }
#define AEAD_FIELDS(opcode, iv, aad, src, dst, ...) \
    .fields = { { 0, 4, opcode }, { 8, 8, ID }, { 24, 4, iv }, \
                { 28, 4, aad }, { 32, 4, src }, { 36, 4, dst }, \
                { 40, 8, IV }, { 48, 24, SRC, src }, \
                { 72, 24, AAD, aad + 5 }, { 96, 24, DST, dst }, \
                { 120, 8, DIGEST }, __VA_ARGS__ }

static const FormatCase v11_cases[] = {
    { CREATE("cipher/create", 104, 40),
      .fields = { { 0, 4, 0x0002 }, { 16, 4, 3 }, { 20, 4, 16 }, { 24, 4, 1 },
                  { 32, 8, KEY }, { 96, 4, 1 } },
      .expect = "cipher encrypt aes-cbc key=100+16 digest=0 aad=0 | 100+16" },
    { CREATE("cipher/create-xts", 104, 40),
      .fields = { { 0, 4, 0x0002 }, { 16, 4, 13 }, { 20, 4, 64 }, { 24, 4, 2 },
                  { 32, 8, KEY }, { 96, 4, 1 } },
      .expect = "cipher decrypt aes-xts key=100+64 digest=0 aad=0 | 100+64" },
    { CREATE("chain/create-mac", 104, 80),
      .fields = { { 0, 4, 0x0002 }, { 16, 4, 2 }, { 20, 4, 2 }, { 24, 4, 4 },
                  { 28, 4, 32 }, { 32, 4, 1 }, { 40, 4, 4 }, { 44, 4, 12 },
                  { 48, 4, 20 }, { 56, 4, 7 }, { 64, 8, KEY },
                  { 72, 8, AUTH_KEY }, { 96, 4, 2 } },
      .expect = "cipher cipher+hash encrypt aes-ctr key=100+32 hmac-sha256 "
                "auth_key=200+20 digest=12 aad=7 | 100+32,200+20" },
    { CREATE("chain/create-hash", 104, 80),
      .fields = { { 0, 4, 0x0002 }, { 16, 4, 1 }, { 20, 4, 1 }, { 24, 4, 3 },
                  { 28, 4, 24 }, { 32, 4, 2 }, { 40, 4, 7 }, { 44, 4, 0 },
                  { 56, 4, 0 }, { 64, 8, KEY }, { 96, 4, 2 } },
      .expect = "cipher hash+cipher decrypt aes-cbc key=100+24 sha3-224 "
                "digest=0 aad=0 | 100+24" },
    { CREATE("hash/create", 40, 24),
      .fields = { { 0, 4, 0x0102 }, { 16, 4, 12 }, { 20, 4, 200 } },
      .expect = "hash digest shake256 digest=200 aad=0" },
    { CREATE("mac/create", 56, 40),
      .fields = { { 0, 4, 0x0202 }, { 16, 4, 54 }, { 20, 4, 4 }, { 24, 4, 16 },
                  { 32, 8, AUTH_KEY } },
      .expect = "mac digest zuc-eia3 auth_key=200+16 digest=4 aad=0 | 200+16" },
    { CREATE("mac/create-no-key", 56, 40),
      .fields = { { 0, 4, 0x0202 }, { 16, 4, 2 }, { 20, 4, 0 }, { 24, 4, 0 } },
      .expect = "mac digest hmac-sha1 digest=0 aad=0" },
    { CREATE("aead/create", 64, 48),
      .fields = { { 0, 4, 0x0302 }, { 16, 4, 2 }, { 20, 4, 24 }, { 24, 4, 8 },
                  { 28, 4, 33 }, { 32, 4, 2 }, { 40, 8, KEY } },
      .expect = "aead decrypt aes-ccm key=100+24 digest=8 aad=33 | 100+24" },
    DESTROY("cipher", 0x0003),
    DESTROY("hash", 0x0103),
    DESTROY("mac", 0x0203),
    DESTROY("aead", 0x0303),

    { DATA("cipher/encrypt", 144, 108, 128), SESSION(CIPHER, ENCRYPT,
                                                     CIPHER(AES_CBC)),
      SYM_FIELDS(0x0000, 16, 48, 64,
                 { 72, 24, DST, 48 }, { 136, 4, 1 }),
      .expect = "cipher encrypt 1122334455667788 iv=300+16 src=r400+48 "
                "dst=w600+48 | 300+16" },
    /* an IV for an algorithm without one is not looked at */
    { DATA("cipher/decrypt-ecb", 144, 108, 40), SESSION(CIPHER, DECRYPT,
                                                        CIPHER(DES_ECB)),
      SYM_FIELDS(0x0001, 8, 16, 16,
                 { 40, 8, 1 }, { 72, 24, DST, 16 }, { 136, 4, 1 }),
      .expect = "cipher decrypt 1122334455667788 src=r400+16 dst=w600+16" },
    { DATA("cipher/empty", 144, 108, 16), SESSION(CIPHER, ENCRYPT,
                                                  CIPHER(AES_CTR)),
      SYM_FIELDS(0x0000, 16, 0, 0,
                 { 136, 4, 1 }),
      .expect = "cipher encrypt 1122334455667788 iv=300+16 | 300+16" },
    { DATA("chain/encrypt", 144, 132, 156),
      SESSION(CIPHER, ENCRYPT, CIPHER(AES_CBC), HASH(HMAC_SHA1),
              .chain = CRYPTODEV_CHAIN_CIPHER_THEN_HASH, .digest_len = 20,
              .aad_len = 24),
      SYM_FIELDS(0x0000, 16, 48, 48,
                 { 72, 24, AAD, 30 }, { 96, 24, DST, 48 }, { 120, 8, DIGEST },
                 { 128, 4, 0 }, { 136, 4, 2 }),
      .expect = "cipher encrypt 1122334455667788 iv=300+16 src=r400+48 "
                "aad=r500+24 dst=w600+48 digest=w700+20 windows=0+48,0+48 | "
                "300+16" },
    { DATA("chain/decrypt", 144, 132, 90),
      SESSION(CIPHER, DECRYPT, CIPHER(3DES_CTR), HASH(SHA_256),
              .chain = CRYPTODEV_CHAIN_HASH_THEN_CIPHER, .digest_len = 20),
      SYM_FIELDS(0x0001, 8, 20, 22,
                 { 72, 24, AAD, 30 }, { 96, 24, DST, 22 }, { 120, 8, DIGEST },
                 { 128, 4, 10 }, { 136, 4, 2 }),
      .expect = "cipher decrypt 1122334455667788 iv=300+8 src=r400+20 "
                "aad=r500+30 dst=w600+20 digest=w700+10 windows=0+20,0+20 | "
                "300+8" },
    { DATA("hash/digest", 96, 92, 116), SESSION(HASH, DIGEST, HASH(SHA_256),
                                                .digest_len = 32),
      .fields = { { 0, 4, 0x0100 }, { 8, 8, ID }, { 24, 24, SRC, 100 },
                  { 80, 8, DIGEST }, { 88, 4, 16 } },
      .expect = "hash digest 1122334455667788 src=r400+100 digest=w700+16" },
    { DATA("mac/digest", 96, 92, 66), SESSION(MAC, DIGEST, HASH(CMAC_AES),
                                              .digest_len = 16),
      .fields = { { 0, 4, 0x0200 }, { 8, 8, ID }, { 24, 24, SRC, 50 },
                  { 80, 8, DIGEST }, { 88, 4, 0 } },
      .expect = "mac digest 1122334455667788 src=r400+50 digest=w700+16" },
    { DATA("aead/encrypt", 136, 132, 116),
      SESSION(AEAD, ENCRYPT, CIPHER(AES_GCM), .digest_len = 16),
      AEAD_FIELDS(0x0300, 12, 20, 33, 35, { 128, 4, 16 }),
      .expect = "aead encrypt 1122334455667788 iv=300+12 src=r400+33 "
                "aad=r500+20 dst=w600+33 digest=w700+16 | 300+12" },
    /* the first byte of the buffer is not the nonce's */
    { DATA("aead/encrypt-ccm", 136, 132, 103),
      SESSION(AEAD, ENCRYPT, CIPHER(AES_CCM), .digest_len = 16),
      AEAD_FIELDS(0x0300, 13, 20, 31, 31, { 128, 4, 8 }),
      .expect = "aead encrypt 1122334455667788 iv=301+13 src=r400+31 "
                "aad=r500+20 dst=w600+31 digest=w700+8 | 301+13" },
    { DATA("aead/decrypt", 136, 132, 118),
      SESSION(AEAD, DECRYPT, CIPHER(AES_GCM), .digest_len = 16),
      AEAD_FIELDS(0x0301, 16, 20, 33, 33, { 128, 4, 0 }),
      .expect = "aead decrypt 1122334455667788 iv=300+16 src=r400+33 "
                "aad=r500+20 dst=w600+33 digest=r700+16 | 300+16" },
    { DATA("aead/decrypt-tag-in-src", 136, 132, 114),
      SESSION(AEAD, DECRYPT, CIPHER(CHACHA20_POLY1305), .digest_len = 16),
      AEAD_FIELDS(0x0301, 12, 20, 49, 33, { 120, 8, 1 }, { 128, 4, 16 }),
      .expect = "aead decrypt 1122334455667788 iv=300+12 src=r400+33 "
                "aad=r500+20 dst=w600+33 digest=r421+16 | 300+12" },
    { DATA("aead/empty", 136, 132, 28),
      SESSION(AEAD, ENCRYPT, CIPHER(AES_GCM), .digest_len = 16),
      AEAD_FIELDS(0x0300, 12, 0, 0, 0, { 128, 4, 16 }),
      .expect = "aead encrypt 1122334455667788 iv=300+12 digest=w700+16 | "
                "300+12" },
    { }
};

/* One wrong field, or one that is right but at its limit. */
static const FormatBroken v11_broken[] = {
    { "cipher/create", { 0, 4, 0x0004 }, "NOTSUPP none/0" },
    { "cipher/create", { 0, 4, 0x0404 }, "NOTSUPP none/0" },
    { "cipher/create", { 0, 4, 0x0405 }, "NOTSUPP none/0" },
    { "cipher/create", { 0, 4, 0x10002 }, "NOTSUPP none/0" },
    { "cipher/create", { 0, 4, U32_MAX }, "NOTSUPP none/0" },
    { "cipher/create", { 16, 4, 0 }, "NOTSUPP session@40/104" },
    { "cipher/create", { 16, 4, 15 }, "NOTSUPP session@40/104" },
    { "cipher/create", { 16, 4, 0x103 }, "NOTSUPP session@40/104" },
    { "cipher/create", { 16, 4, U32_MAX }, "NOTSUPP session@40/104" },
    { "cipher/create", { 20, 4, 64 }, "OK session@40/104" },
    { "cipher/create", { 20, 4, 65 }, "ERR session@40/104" },
    { "cipher/create", { 20, 4, U32_MAX }, "ERR session@40/104" },
    { "cipher/create", { 24, 4, 0 }, "ERR session@40/104" },
    { "cipher/create", { 24, 4, 3 }, "ERR session@40/104" },
    { "cipher/create", { 24, 4, 0x101 }, "ERR session@40/104" },
    { "cipher/create", { 32, 8, B - 1 }, "ERR session@40/104" },
    { "cipher/create", { 32, 8, END - 16 }, "OK session@40/104" },
    { "cipher/create", { 32, 8, END - 15 }, "ERR session@40/104" },
    { "cipher/create", { 32, 8, U64_MAX }, "ERR session@40/104" },
    { "cipher/create", { 96, 4, 0 }, "NOTSUPP session@40/104" },
    { "cipher/create", { 96, 4, 3 }, "NOTSUPP session@40/104" },
    { "cipher/create", { 96, 4, 0x102 }, "NOTSUPP session@40/104" },
    { "cipher/create", { 96, 4, 2 }, "NOTSUPP session@80/104" },
    { "chain/create-mac", { 16, 4, 0 }, "ERR session@80/104" },
    { "chain/create-mac", { 16, 4, 3 }, "ERR session@80/104" },
    { "chain/create-mac", { 20, 4, 0 }, "NOTSUPP session@80/104" },
    { "chain/create-mac", { 20, 4, 3 }, "NOTSUPP session@80/104" },
    { "chain/create-mac", { 20, 4, 4 }, "NOTSUPP session@80/104" },
    { "chain/create-mac", { 24, 4, 0 }, "NOTSUPP session@80/104" },
    { "chain/create-mac", { 28, 4, 65 }, "ERR session@80/104" },
    { "chain/create-mac", { 32, 4, 0 }, "ERR session@80/104" },
    { "chain/create-mac", { 40, 4, 7 }, "NOTSUPP session@80/104" },
    { "chain/create-mac", { 48, 4, 128 }, "OK session@80/104" },
    { "chain/create-mac", { 48, 4, 129 }, "ERR session@80/104" },
    { "chain/create-mac", { 48, 4, U32_MAX }, "ERR session@80/104" },
    { "chain/create-mac", { 64, 8, END }, "ERR session@80/104" },
    { "chain/create-mac", { 72, 8, END - 19 }, "ERR session@80/104" },
    { "chain/create-mac", { 96, 4, 0 }, "NOTSUPP session@40/104" },
    { "chain/create-hash", { 40, 4, 13 }, "NOTSUPP session@80/104" },
    { "hash/create", { 16, 4, 0 }, "NOTSUPP session@24/104" },
    { "hash/create", { 16, 4, 13 }, "NOTSUPP session@24/104" },
    { "mac/create", { 16, 4, 0 }, "NOTSUPP session@40/104" },
    { "mac/create", { 16, 4, 55 }, "NOTSUPP session@40/104" },
    { "mac/create", { 24, 4, 129 }, "ERR session@40/104" },
    { "mac/create", { 32, 8, B - 16 }, "ERR session@40/104" },
    { "aead/create", { 16, 4, 0 }, "NOTSUPP session@48/104" },
    { "aead/create", { 16, 4, 4 }, "NOTSUPP session@48/104" },
    { "aead/create", { 20, 4, 65 }, "ERR session@48/104" },
    { "aead/create", { 32, 4, 0 }, "ERR session@48/104" },
    { "aead/create", { 40, 8, 0 }, "ERR session@48/104" },

    { "cipher/create-xts", { 20, 4, 63 }, "OK session@40/104" },
    { "cipher/create-xts", { 32, 8, END - 63 }, "ERR session@40/104" },
    { "mac/create-no-key", { 24, 4, 1 }, "ERR session@40/104" },
    { "cipher/destroy", { 0, 4, 0x0004 }, "NOTSUPP none/0" },
    { "hash/destroy", { 0, 4, 0x0104 }, "NOTSUPP none/0" },
    { "mac/destroy", { 0, 4, 0x0204 }, "NOTSUPP none/0" },
    { "aead/destroy", { 0, 4, 0x0403 }, "NOTSUPP none/0" },

    { "cipher/encrypt", { 0, 4, 0x0002 }, "NOTSUPP none/0" },
    { "cipher/encrypt", { 0, 4, 0x0400 }, "NOTSUPP none/0" },
    { "cipher/encrypt", { 0, 4, 0x0500 }, "NOTSUPP none/0" },
    { "cipher/encrypt", { 0, 4, U32_MAX }, "NOTSUPP none/0" },
    { "cipher/encrypt", { 24, 4, 0 }, "ERR le32@108/144" },
    { "cipher/encrypt", { 24, 4, 15 }, "ERR le32@108/144" },
    { "cipher/encrypt", { 24, 4, 17 }, "ERR le32@108/144" },
    { "cipher/encrypt", { 24, 4, U32_MAX }, "ERR le32@108/144" },
    { "cipher/encrypt", { 28, 4, 49 }, "ERR le32@108/144" },
    { "cipher/encrypt", { 28, 4, 65 }, "ERR le32@108/144" },
    { "cipher/encrypt", { 28, 4, U32_MAX }, "ERR le32@108/144" },
    { "cipher/encrypt", { 32, 4, 48 }, "OK le32@108/144" },
    { "cipher/encrypt", { 32, 4, 47 }, "ERR le32@108/144" },
    { "cipher/encrypt", { 32, 4, 4096 - 64 }, "OK le32@108/144" },
    { "cipher/encrypt", { 32, 4, 4096 - 63 }, "ERR le32@108/144" },
    { "cipher/encrypt", { 32, 4, U32_MAX }, "ERR le32@108/144" },
    { "cipher/encrypt", { 40, 8, END - 15 }, "ERR le32@108/144" },
    { "cipher/encrypt", { 40, 8, U64_MAX - 7 }, "ERR le32@108/144" },
    { "cipher/encrypt", { 48, 8, END - 48 }, "OK le32@108/144" },
    { "cipher/encrypt", { 48, 8, END - 47 }, "ERR le32@108/144" },
    { "cipher/encrypt", { 48, 8, U64_MAX - 47 }, "ERR le32@108/144" },
    { "cipher/encrypt", { 56, 4, 48 }, "OK le32@108/144" },
    { "cipher/encrypt", { 56, 4, 47 }, "ERR le32@108/144" },
    { "cipher/encrypt", { 56, 4, U32_MAX }, "OK le32@108/144" },
    { "cipher/encrypt", { 72, 8, B - 1 }, "ERR le32@108/144" },
    { "cipher/encrypt", { 80, 4, 47 }, "ERR le32@108/144" },
    { "cipher/encrypt", { 136, 4, 0 }, "NOTSUPP le32@108/144" },
    { "cipher/encrypt", { 136, 4, 3 }, "NOTSUPP le32@108/144" },
    { "cipher/encrypt", { 136, 4, 2 }, "ERR le32@132/144" },
    { "cipher/decrypt-ecb", { 24, 4, U32_MAX }, "ERR le32@108/144" },
    { "cipher/empty", { 24, 4, 0 }, "ERR le32@108/144" },
    { "chain/encrypt", { 24, 4, 8 }, "ERR le32@132/144" },
    { "chain/encrypt", { 28, 4, U32_MAX }, "ERR le32@132/144" },
    { "chain/encrypt", { 32, 4, 47 }, "ERR le32@132/144" },
    { "chain/encrypt", { 32, 4, U32_MAX }, "ERR le32@132/144" },
    { "chain/encrypt", { 72, 8, END - 23 }, "ERR le32@132/144" },
    { "chain/encrypt", { 80, 4, 23 }, "ERR le32@132/144" },
    { "chain/encrypt", { 80, 4, 24 }, "OK le32@132/144" },
    { "chain/encrypt", { 104, 4, 47 }, "ERR le32@132/144" },
    { "chain/encrypt", { 120, 8, END - 19 }, "ERR le32@132/144" },
    { "chain/encrypt", { 128, 4, 1024 }, "OK le32@132/144" },
    { "chain/encrypt", { 128, 4, 1025 }, "ERR le32@132/144" },
    { "chain/encrypt", { 128, 4, U32_MAX }, "ERR le32@132/144" },
    { "chain/encrypt", { 136, 4, 1 }, "ERR le32@108/144" },
    { "chain/encrypt", { 136, 4, 0 }, "NOTSUPP le32@108/144" },
    { "chain/decrypt", { 80, 4, 0 }, "OK le32@132/144" },
    { "chain/decrypt", { 80, 4, 4096 - 60 }, "OK le32@132/144" },
    { "chain/decrypt", { 80, 4, 4096 - 59 }, "ERR le32@132/144" },
    { "chain/decrypt", { 80, 4, U32_MAX }, "ERR le32@132/144" },
    { "hash/digest", { 0, 4, 0x0101 }, "NOTSUPP none/0" },
    { "hash/digest", { 24, 8, END - 99 }, "ERR le32@92/144" },
    { "hash/digest", { 32, 4, 0 }, "OK le32@92/144" },
    { "hash/digest", { 32, 4, 4081 }, "ERR le32@92/144" },
    { "hash/digest", { 32, 4, U32_MAX }, "ERR le32@92/144" },
    { "hash/digest", { 80, 8, END - 15 }, "ERR le32@92/144" },
    { "hash/digest", { 80, 8, U64_MAX }, "ERR le32@92/144" },
    { "hash/digest", { 88, 4, 1024 }, "OK le32@92/144" },
    { "hash/digest", { 88, 4, 1025 }, "ERR le32@92/144" },
    { "hash/digest", { 88, 4, U32_MAX }, "ERR le32@92/144" },
    { "mac/digest", { 88, 4, 1025 }, "ERR le32@92/144" },
    { "aead/encrypt", { 0, 4, 0x0302 }, "NOTSUPP none/0" },
    { "aead/encrypt", { 24, 4, 11 }, "ERR le32@132/144" },
    { "aead/encrypt", { 24, 4, 14 }, "ERR le32@132/144" },
    { "aead/encrypt", { 24, 4, 17 }, "ERR le32@132/144" },
    { "aead/encrypt", { 28, 4, 25 }, "OK le32@132/144" },
    { "aead/encrypt", { 28, 4, 26 }, "ERR le32@132/144" },
    { "aead/encrypt", { 28, 4, U32_MAX }, "ERR le32@132/144" },
    { "aead/encrypt", { 32, 4, 36 }, "ERR le32@132/144" },
    { "aead/encrypt", { 32, 4, U32_MAX }, "ERR le32@132/144" },
    { "aead/encrypt", { 36, 4, 32 }, "ERR le32@132/144" },
    { "aead/encrypt", { 36, 4, U32_MAX }, "ERR le32@132/144" },
    { "aead/encrypt", { 40, 8, END - 11 }, "ERR le32@132/144" },
    { "aead/encrypt", { 120, 8, END - 15 }, "ERR le32@132/144" },
    { "aead/encrypt", { 128, 4, 1025 }, "ERR le32@132/144" },
    { "aead/empty", { 32, 4, 1 }, "ERR le32@132/144" },
    { "aead/empty", { 120, 8, END - 15 }, "ERR le32@132/144" },
    { "aead/encrypt-ccm", { 24, 4, 6 }, "ERR le32@132/144" },
    { "aead/encrypt-ccm", { 24, 4, 14 }, "ERR le32@132/144" },
    { "aead/encrypt-ccm", { 40, 8, END - 14 }, "OK le32@132/144" },
    { "aead/encrypt-ccm", { 40, 8, END - 13 }, "ERR le32@132/144" },
    { "aead/encrypt-ccm", { 40, 8, U64_MAX }, "ERR le32@132/144" },
    { "aead/decrypt", { 36, 4, 32 }, "ERR le32@132/144" },
    { "aead/decrypt", { 120, 8, END - 15 }, "ERR le32@132/144" },
    { "aead/decrypt", { 128, 4, U32_MAX }, "ERR le32@132/144" },
    { "aead/decrypt-tag-in-src", { 36, 4, 32 }, "ERR le32@132/144" },
    { "aead/decrypt-tag-in-src", { 36, 4, 34 }, "ERR le32@132/144" },
    { "aead/decrypt-tag-in-src", { 56, 4, 48 }, "ERR le32@132/144" },
    { "aead/decrypt-tag-in-src", { 128, 4, 15 }, "ERR le32@132/144" },
    { }
};

const FormatForm format_v11 = {
    .name = "v11",
    .format = &virtio_crypto_format_v11,
    .draft = true,
    .cases = v11_cases,
    .broken = v11_broken,
};
