/*
 * Tests of the standard request format with VIRTIO_CRYPTO_F_REVISION_1
 *
 * A fixed part ends after the fields of its service, and the flag of a data
 * request says that it has a session.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "virtio-crypto-format-fixture.h"

#define DATA_FIELDS(_opcode, ...) \
    .fields = { { 0, 4, _opcode }, { 8, 8, ID }, { 16, 4, 1 }, __VA_ARGS__ }
#define AEAD_FIELDS(_opcode, _iv, _aad, _src, _dst, _tag) \
    DATA_FIELDS(_opcode, { 24, 4, _iv }, { 28, 4, _aad }, { 32, 4, _src }, \
                { 36, 4, _dst }, { 40, 4, _tag })

static const FormatCase rev1_cases[] = {
    { STD_CREATE("cipher/create", 72, 16),
      .fields = { { 0, 4, 0x0002 }, { 16, 4, 3 }, { 20, 4, 16 }, { 24, 4, 1 },
                  { 64, 4, 1 } },
      .expect = "cipher encrypt aes-cbc key=72+16 digest=0 aad=0" },
    { STD_CREATE("chain/create", 72, 52),
      .fields = { { 0, 4, 0x0002 }, { 16, 4, 1 }, { 20, 4, 2 }, { 24, 4, 4 },
                  { 28, 4, 32 }, { 32, 4, 2 }, { 40, 4, 2 }, { 44, 4, 20 },
                  { 48, 4, 20 }, { 56, 4, 9 }, { 64, 4, 2 } },
      .expect = "cipher hash+cipher decrypt aes-ctr key=72+32 hmac-sha1 "
                "auth_key=104+20 digest=20 aad=9" },
    { STD_CREATE("hash/create", 24, 0),
      .fields = { { 0, 4, 0x0102 }, { 16, 4, 4 }, { 20, 4, 0 } },
      .expect = "hash digest sha256 digest=0 aad=0" },
    { STD_CREATE("mac/create", 32, 16),
      .fields = { { 0, 4, 0x0202 }, { 16, 4, 26 }, { 20, 4, 12 },
                  { 24, 4, 16 } },
      .expect = "mac digest cmac-aes auth_key=32+16 digest=12 aad=0" },
    { STD_CREATE("mac/create-no-key", 32, 0),
      .fields = { { 0, 4, 0x0202 }, { 16, 4, 6 }, { 20, 4, 0 }, { 24, 4, 0 } },
      .expect = "mac digest hmac-sha512 digest=0 aad=0" },
    { STD_CREATE("aead/create", 40, 32),
      .fields = { { 0, 4, 0x0302 }, { 16, 4, 3 }, { 20, 4, 32 }, { 24, 4, 16 },
                  { 28, 4, 5 }, { 32, 4, 1 } },
      .expect = "aead encrypt chacha20-poly1305 key=40+32 digest=16 aad=5" },
    { STD_CREATE("akcipher/create-rsa", 72, 100),
      .fields = { { 0, 4, 0x0404 }, { 16, 4, 1 }, { 20, 4, 2 }, { 24, 4, 100 },
                  { 28, 4, 1 }, { 32, 4, 6 } },
      .expect = "akcipher private padding=1 curve=0 rsa key=72+100 sha256 "
                "digest=0 aad=0" },
    { STD_CREATE("akcipher/create-ecdsa", 72, 65),
      .fields = { { 0, 4, 0x0404 }, { 16, 4, 2 }, { 20, 4, 1 }, { 24, 4, 65 },
                  { 28, 4, 3 } },
      .expect = "akcipher public padding=0 curve=3 ecdsa key=72+65 digest=0 "
                "aad=0" },
    STD_DESTROY("cipher", 24, 0x0003),
    STD_DESTROY("hash", 24, 0x0103),
    STD_DESTROY("mac", 24, 0x0203),
    STD_DESTROY("aead", 24, 0x0303),
    STD_DESTROY("akcipher", 24, 0x0405),

    { STD_DATA("cipher/encrypt", 72, 64, 48),
      SESSION(CIPHER, ENCRYPT, CIPHER(AES_CBC)),
      DATA_FIELDS(0x0000, { 24, 4, 16 }, { 28, 4, 48 }, { 32, 4, 48 },
                  { 64, 4, 1 }),
      .expect = "cipher encrypt 1122334455667788 iv=72+16 src=o88+48 "
                "dst=i0+48" },
    { STD_DATA("chain/decrypt", 72, 84, 68),
      SESSION(CIPHER, DECRYPT, CIPHER(AES_CBC), HASH(HMAC_SHA1),
              .chain = CRYPTODEV_CHAIN_HASH_THEN_CIPHER, .digest_len = 20),
      DATA_FIELDS(0x0001, { 24, 4, 16 }, { 28, 4, 48 }, { 32, 4, 48 },
                  { 36, 4, 0 }, { 40, 4, 48 }, { 44, 4, 1 }, { 48, 4, 47 },
                  { 52, 4, 20 }, { 56, 4, 20 }, { 64, 4, 2 }),
      .expect = "cipher decrypt 1122334455667788 iv=72+16 src=o88+48 "
                "aad=o136+20 dst=i0+48 digest=i48+20 windows=0+48,1+47" },
    { STD_DATA("hash/digest", 32, 100, 16),
      SESSION(HASH, DIGEST, HASH(SHA_256), .digest_len = 32),
      DATA_FIELDS(0x0100, { 24, 4, 100 }, { 28, 4, 16 }),
      .expect = "hash digest 1122334455667788 src=o32+100 digest=i0+16" },
    { STD_DATA("hash/empty", 32, 0, 32),
      SESSION(HASH, DIGEST, HASH(SHA_256), .digest_len = 32),
      DATA_FIELDS(0x0100, { 24, 4, 0 }, { 28, 4, 0 }),
      .expect = "hash digest 1122334455667788 digest=i0+32" },
    { STD_DATA("mac/digest", 32, 50, 16),
      SESSION(MAC, DIGEST, HASH(CMAC_AES), .digest_len = 16),
      DATA_FIELDS(0x0200, { 24, 4, 50 }, { 28, 4, 0 }),
      .expect = "mac digest 1122334455667788 src=o32+50 digest=i0+16" },
    { STD_DATA("aead/encrypt", 48, 65, 49),
      SESSION(AEAD, ENCRYPT, CIPHER(AES_GCM), .digest_len = 16),
      AEAD_FIELDS(0x0300, 12, 20, 33, 49, 16),
      .expect = "aead encrypt 1122334455667788 iv=48+12 src=o60+33 "
                "aad=o93+20 dst=i0+33 digest=i33+16" },
    { STD_DATA("aead/encrypt-ccm", 48, 64, 39),
      SESSION(AEAD, ENCRYPT, CIPHER(AES_CCM), .digest_len = 8),
      AEAD_FIELDS(0x0300, 13, 20, 31, 39, 0),
      .expect = "aead encrypt 1122334455667788 iv=48+13 src=o61+31 "
                "aad=o92+20 dst=i0+31 digest=i31+8" },
    { STD_DATA("aead/decrypt", 48, 85, 33),
      SESSION(AEAD, DECRYPT, CIPHER(AES_GCM), .digest_len = 16),
      AEAD_FIELDS(0x0301, 16, 20, 49, 33, 16),
      .expect = "aead decrypt 1122334455667788 iv=48+16 src=o64+33 "
                "aad=o113+20 dst=i0+33 digest=o97+16" },
    { STD_DATA("akcipher/sign", 32, 20, 128),
      SESSION(AKCIPHER, SIGN, CIPHER(RSA)),
      DATA_FIELDS(0x0402, { 24, 4, 20 }, { 28, 4, 128 }),
      .expect = "akcipher sign 1122334455667788 src=o32+20 dst=i0+128" },
    { STD_DATA("akcipher/verify", 32, 148, 0),
      SESSION(AKCIPHER, VERIFY, CIPHER(RSA)),
      DATA_FIELDS(0x0403, { 24, 4, 128 }, { 28, 4, 20 }),
      .expect = "akcipher verify 1122334455667788 src=o32+128 dst=o160+20" },
    { }
};

static const FormatBroken rev1_broken[] = {
    { "cipher/create", { 64, 4, 0 }, "NOTSUPP session@0/16" },
    { "chain/create", { 20, 4, 3 }, "NOTSUPP session@0/16" },
    { "hash/create", { 0, 4, 0x0104 }, "NOTSUPP session@0/16" },
    { "hash/create", { 16, 4, 13 }, "NOTSUPP session@0/16" },
    { "mac/create", { 24, 4, 15 }, "OK session@0/16" },
    { "mac/create", { 24, 4, 17 }, "ERR session@0/16" },
    { "mac/create", { 24, 4, U32_MAX - 31 }, "ERR session@0/16" },
    { "mac/create-no-key", { 24, 4, 1 }, "ERR session@0/16" },
    { "aead/create", { 20, 4, 31 }, "OK session@0/16" },
    { "aead/create", { 20, 4, 33 }, "ERR session@0/16" },
    { "aead/create", { 20, 4, U32_MAX - 39 }, "ERR session@0/16" },
    { "akcipher/create-rsa", { 20, 4, 3 }, "ERR session@0/16" },
    { "akcipher/create-ecdsa", { 28, 4, 6 }, "NOTSUPP session@0/16" },
    { "cipher/destroy", { 0, 4, 0x0004 }, "NOTSUPP byte@0/1" },
    { "hash/destroy", { 0, 4, 0x0104 }, "NOTSUPP byte@0/1" },
    { "mac/destroy", { 0, 4, 0x0204 }, "NOTSUPP byte@0/1" },
    { "aead/destroy", { 0, 4, 0x0304 }, "NOTSUPP byte@0/1" },
    { "akcipher/destroy", { 0, 4, 0x0403 }, "NOTSUPP byte@0/1" },

    /* all bits of the flag but one mean nothing; without it, no session */
    { "cipher/encrypt", { 16, 4, U32_MAX }, "OK byte@48/1+" },
    { "cipher/encrypt", { 16, 4, 0 }, "NOTSUPP byte@48/1+" },
    { "cipher/encrypt", { 28, 4, 49 }, "ERR byte@48/1+" },
    { "chain/decrypt", { 52, 4, 21 }, "ERR byte@68/1+" },
    { "chain/decrypt", { 64, 4, 1 }, "ERR byte@68/1+" },
    { "hash/digest", { 16, 4, U32_MAX }, "OK byte@16/1+" },
    { "hash/digest", { 16, 4, U32_MAX - 1 }, "NOTSUPP byte@16/1+" },
    { "hash/digest", { 24, 4, 101 }, "ERR byte@16/1+" },
    { "hash/digest", { 28, 4, 17 }, "ERR byte@16/1+" },
    { "hash/empty", { 24, 4, 1 }, "ERR byte@32/1+" },
    { "mac/digest", { 24, 4, 51 }, "ERR byte@16/1+" },
    { "mac/digest", { 28, 4, 17 }, "ERR byte@16/1+" },
    /* the tag length is that of the session, or not told */
    { "aead/encrypt", { 40, 4, 0 }, "OK byte@49/1+" },
    { "aead/encrypt", { 40, 4, 15 }, "ERR byte@49/1+" },
    { "aead/encrypt", { 40, 4, 17 }, "ERR byte@49/1+" },
    { "aead/encrypt", { 40, 4, U32_MAX }, "ERR byte@49/1+" },
    { "aead/encrypt", { 44, 4, U32_MAX }, "OK byte@49/1+" },
    { "aead/encrypt", { 28, 4, 21 }, "ERR byte@49/1+" },
    { "aead/encrypt-ccm", { 40, 4, 8 }, "OK byte@39/1+" },
    { "aead/encrypt-ccm", { 40, 4, 16 }, "ERR byte@39/1+" },
    { "aead/decrypt", { 40, 4, 12 }, "ERR byte@33/1+" },
    { "aead/decrypt", { 32, 4, 15 }, "ERR byte@33/1+" },
    { "akcipher/sign", { 24, 4, 21 }, "ERR byte@128/1+" },
    { "akcipher/verify", { 28, 4, 21 }, "ERR byte@0/1+" },
    { }
};

const FormatForm format_rev1 = {
    .name = "rev1",
    .format = &virtio_crypto_format_revision_1,
    .cases = rev1_cases,
    .broken = rev1_broken,
};
