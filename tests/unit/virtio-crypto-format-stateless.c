/*
 * Tests of the standard request format: stateless requests
 *
 * Data requests that include their session: its parameters in the fixed part,
 * the keys after it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "virtio-crypto-format-fixture.h"

/* All bits of the flag but that for a session */
#define FIELDS(_opcode, ...) \
    .fields = { { 0, 4, _opcode }, { 16, 4, 0xfffffffe }, __VA_ARGS__ }
#define CIPHER_FIELDS(_opcode, _algo, _key, _op, _iv, _src, _dst) \
    FIELDS(_opcode, { 24, 4, _algo }, { 28, 4, _key }, { 32, 4, _op }, \
           { 36, 4, _iv }, { 40, 4, _src }, { 44, 4, _dst }, { 96, 4, 1 })
#define AEAD_FIELDS(_opcode, _algo, _key, _op, _iv, _tag, _aad, _src, _dst) \
    FIELDS(_opcode, { 24, 4, _algo }, { 28, 4, _key }, { 32, 4, _op }, \
           { 36, 4, _iv }, { 40, 4, _tag }, { 44, 4, _aad }, \
           { 48, 4, _src }, { 52, 4, _dst })

static const FormatCase stateless_cases[] = {
    { STD_DATA("cipher/encrypt", 100, 80, 48),
      CIPHER_FIELDS(0x0000, 3, 16, 1, 16, 48, 48),
      .expect = "cipher encrypt aes-cbc key=100+16 digest=0 aad=0 | encrypt "
                "iv=116+16 src=o132+48 dst=i0+48" },
    /* an IV for an algorithm without one is skipped */
    { STD_DATA("cipher/decrypt-ecb", 100, 32, 20),
      CIPHER_FIELDS(0x0001, 5, 8, 2, 8, 16, 20),
      .expect = "cipher decrypt des-ecb key=100+8 digest=0 aad=0 | decrypt "
                "src=o116+16 dst=i0+20" },
    { STD_DATA("cipher/empty", 100, 48, 0),
      CIPHER_FIELDS(0x0000, 4, 32, 1, 16, 0, 0),
      .expect = "cipher encrypt aes-ctr key=100+32 digest=0 aad=0 | encrypt "
                "iv=132+16" },
    /* keys, IV, and then the AAD before the source */
    { STD_DATA("chain/encrypt", 100, 120, 68),
      FIELDS(0x0000, { 24, 4, 2 }, { 28, 4, 20 }, { 32, 4, 3 }, { 36, 4, 16 },
             { 40, 4, 1 }, { 44, 4, 2 }, { 48, 4, 20 }, { 52, 4, 2 },
             { 56, 4, 16 }, { 60, 4, 48 }, { 64, 4, 48 }, { 68, 4, 16 },
             { 72, 4, 32 }, { 76, 4, 8 }, { 80, 4, 40 }, { 84, 4, 20 },
             { 88, 4, 0 }, { 96, 4, 2 }),
      .expect = "cipher cipher+hash encrypt aes-cbc key=100+16 hmac-sha1 "
                "auth_key=116+20 digest=0 aad=0 | encrypt iv=136+16 "
                "src=o172+48 aad=o152+20 dst=i0+48 digest=i48+20 "
                "windows=16+32,8+40" },
    /* a hash has no key, whatever the length says */
    { STD_DATA("chain/decrypt-hash", 100, 56, 30),
      FIELDS(0x0001, { 24, 4, 1 }, { 28, 4, 4 }, { 32, 4, 9 }, { 36, 4, 24 },
             { 40, 4, 2 }, { 44, 4, 4 }, { 48, 4, 77 }, { 52, 4, 1 },
             { 56, 4, 8 }, { 60, 4, 20 }, { 64, 4, 20 }, { 68, 4, 0 },
             { 72, 4, 20 }, { 76, 4, 0 }, { 80, 4, 20 }, { 84, 4, 4 },
             { 88, 4, 10 }, { 96, 4, 2 }),
      .expect = "cipher hash+cipher decrypt 3des-ctr key=100+24 sha256 "
                "digest=0 aad=0 | decrypt iv=124+8 src=o136+20 aad=o132+4 "
                "dst=i0+20 digest=i20+10 windows=0+20,0+20" },
    { STD_DATA("hash/digest", 40, 100, 16),
      FIELDS(0x0100, { 24, 4, 4 }, { 28, 4, 100 }, { 32, 4, 16 }),
      .expect = "hash digest sha256 digest=0 aad=0 | digest src=o40+100 "
                "digest=i0+16" },
    { STD_DATA("hash/empty", 40, 0, 20),
      FIELDS(0x0100, { 24, 4, 2 }, { 28, 4, 0 }, { 32, 4, 0 }),
      .expect = "hash digest sha1 digest=0 aad=0 | digest digest=i0+20" },
    { STD_DATA("mac/digest", 40, 66, 16),
      FIELDS(0x0200, { 24, 4, 26 }, { 28, 4, 16 }, { 32, 4, 50 },
             { 36, 4, 0 }),
      .expect = "mac digest cmac-aes auth_key=40+16 digest=0 aad=0 | digest "
                "src=o56+50 digest=i0+16" },
    { STD_DATA("mac/no-key", 40, 50, 12),
      FIELDS(0x0200, { 24, 4, 2 }, { 28, 4, 0 }, { 32, 4, 50 },
             { 36, 4, 12 }),
      .expect = "mac digest hmac-sha1 digest=0 aad=0 | digest src=o40+50 "
                "digest=i0+12" },
    { STD_DATA("aead/encrypt", 56, 81, 49),
      AEAD_FIELDS(0x0300, 1, 16, 1, 12, 0, 20, 33, 49),
      .expect = "aead encrypt aes-gcm key=56+16 digest=0 aad=0 | encrypt "
                "iv=72+12 src=o84+33 aad=o117+20 dst=i0+33 digest=i33+16" },
    { STD_DATA("aead/encrypt-ccm", 56, 80, 39),
      AEAD_FIELDS(0x0300, 2, 16, 1, 13, 8, 20, 31, 39),
      .expect = "aead encrypt aes-ccm key=56+16 digest=0 aad=0 | encrypt "
                "iv=72+13 src=o85+31 aad=o116+20 dst=i0+31 digest=i31+8" },
    { STD_DATA("aead/decrypt", 56, 109, 33),
      AEAD_FIELDS(0x0301, 1, 24, 2, 16, 16, 20, 49, 33),
      .expect = "aead decrypt aes-gcm key=56+24 digest=0 aad=0 | decrypt "
                "iv=80+16 src=o96+33 aad=o145+20 dst=i0+33 digest=o129+16" },
    { STD_DATA("akcipher/sign", 52, 120, 128),
      FIELDS(0x0402, { 24, 4, 1 }, { 28, 4, 2 }, { 32, 4, 100 }, { 36, 4, 1 },
             { 40, 4, 5 }, { 44, 4, 20 }, { 48, 4, 128 }),
      .expect = "akcipher private padding=1 curve=0 rsa key=52+100 sha1 "
                "digest=0 aad=0 | sign src=o152+20 dst=i0+128" },
    { STD_DATA("akcipher/encrypt-raw", 52, 50, 64),
      FIELDS(0x0400, { 24, 4, 1 }, { 28, 4, 1 }, { 32, 4, 30 }, { 36, 4, 0 },
             { 40, 4, 77 }, { 44, 4, 20 }, { 48, 4, 64 }),
      .expect = "akcipher public padding=0 curve=0 rsa key=52+30 digest=0 "
                "aad=0 | encrypt src=o82+20 dst=i0+64" },
    /* key, signature, and what is signed; only the status is written */
    { STD_DATA("akcipher/verify", 52, 165, 0),
      FIELDS(0x0403, { 24, 4, 2 }, { 28, 4, 1 }, { 32, 4, 65 }, { 36, 4, 3 },
             { 44, 4, 68 }, { 48, 4, 32 }),
      .expect = "akcipher public padding=0 curve=3 ecdsa key=52+65 digest=0 "
                "aad=0 | verify src=o117+68 dst=o185+32" },
    { }
};

static const FormatBroken stateless_broken[] = {
    { "cipher/encrypt", { 0, 4, 0x0002 }, "NOTSUPP byte@48/1+" },
    { "cipher/encrypt", { 0, 4, U32_MAX }, "NOTSUPP byte@48/1+" },
    /* the opcode is not that of its parameters */
    { "cipher/encrypt", { 0, 4, 0x0001 }, "ERR byte@48/1+" },
    { "cipher/encrypt", { 32, 4, 2 }, "ERR byte@48/1+" },
    { "cipher/encrypt", { 32, 4, 0 }, "ERR byte@48/1+" },
    { "cipher/encrypt", { 32, 4, 3 }, "ERR byte@48/1+" },
    { "cipher/encrypt", { 24, 4, 0 }, "NOTSUPP byte@48/1+" },
    { "cipher/encrypt", { 24, 4, 15 }, "NOTSUPP byte@48/1+" },
    { "cipher/encrypt", { 24, 4, U32_MAX }, "NOTSUPP byte@48/1+" },
    { "cipher/encrypt", { 28, 4, 15 }, "OK byte@48/1+" },
    { "cipher/encrypt", { 28, 4, 17 }, "ERR byte@48/1+" },
    { "cipher/encrypt", { 28, 4, 65 }, "ERR byte@48/1+" },
    { "cipher/encrypt", { 28, 4, U32_MAX }, "ERR byte@48/1+" },
    { "cipher/encrypt", { 28, 4, U32_MAX - 99 }, "ERR byte@48/1+" },
    { "cipher/encrypt", { 36, 4, 15 }, "ERR byte@48/1+" },
    { "cipher/encrypt", { 36, 4, U32_MAX }, "ERR byte@48/1+" },
    { "cipher/encrypt", { 40, 4, 49 }, "ERR byte@48/1+" },
    { "cipher/encrypt", { 40, 4, U32_MAX - 31 }, "ERR byte@48/1+" },
    { "cipher/encrypt", { 44, 4, 49 }, "ERR byte@48/1+" },
    { "cipher/encrypt", { 96, 4, 0 }, "NOTSUPP byte@48/1+" },
    { "cipher/encrypt", { 96, 4, 3 }, "NOTSUPP byte@48/1+" },
    /* a session, whose op_type is elsewhere */
    { "cipher/encrypt", { 16, 4, 1 }, "NOTSUPP byte@48/1+" },
    { "cipher/decrypt-ecb", { 36, 4, 9 }, "ERR byte@20/1+" },
    { "cipher/decrypt-ecb", { 36, 4, U32_MAX - 7 }, "ERR byte@20/1+" },
    { "cipher/empty", { 40, 4, 1 }, "ERR byte@0/1+" },
    { "chain/encrypt", { 24, 4, 0 }, "ERR byte@68/1+" },
    { "chain/encrypt", { 24, 4, 3 }, "ERR byte@68/1+" },
    /* the two lengths of AAD differ */
    { "chain/encrypt", { 28, 4, 19 }, "ERR byte@68/1+" },
    { "chain/encrypt", { 84, 4, 19 }, "ERR byte@68/1+" },
    { "chain/encrypt", { 32, 4, 15 }, "NOTSUPP byte@68/1+" },
    { "chain/encrypt", { 36, 4, 17 }, "ERR byte@68/1+" },
    { "chain/encrypt", { 36, 4, U32_MAX - 15 }, "ERR byte@68/1+" },
    { "chain/encrypt", { 40, 4, 2 }, "ERR byte@68/1+" },
    { "chain/encrypt", { 44, 4, 7 }, "NOTSUPP byte@68/1+" },
    { "chain/encrypt", { 48, 4, 21 }, "ERR byte@68/1+" },
    { "chain/encrypt", { 48, 4, U32_MAX - 19 }, "ERR byte@68/1+" },
    { "chain/encrypt", { 52, 4, 0 }, "NOTSUPP byte@68/1+" },
    { "chain/encrypt", { 52, 4, 3 }, "NOTSUPP byte@68/1+" },
    { "chain/encrypt", { 60, 4, 49 }, "ERR byte@68/1+" },
    { "chain/encrypt", { 64, 4, 49 }, "ERR byte@68/1+" },
    { "chain/encrypt", { 88, 4, 21 }, "ERR byte@68/1+" },
    { "chain/encrypt", { 88, 4, U32_MAX }, "ERR byte@68/1+" },
    { "chain/encrypt", { 96, 4, 0 }, "NOTSUPP byte@68/1+" },
    { "chain/decrypt-hash", { 44, 4, 13 }, "NOTSUPP byte@30/1+" },
    { "chain/decrypt-hash", { 48, 4, U32_MAX }, "OK byte@30/1+" },
    { "chain/decrypt-hash", { 88, 4, 11 }, "ERR byte@30/1+" },
    { "hash/digest", { 16, 4, 1 }, "INVSESS byte@16/1+" },
    { "hash/digest", { 24, 4, 0 }, "NOTSUPP byte@16/1+" },
    { "hash/digest", { 24, 4, 13 }, "NOTSUPP byte@16/1+" },
    { "hash/digest", { 28, 4, 101 }, "ERR byte@16/1+" },
    { "hash/digest", { 28, 4, U32_MAX }, "ERR byte@16/1+" },
    { "hash/digest", { 32, 4, 0 }, "ERR byte@16/1+" },
    { "hash/digest", { 32, 4, 17 }, "ERR byte@16/1+" },
    { "hash/empty", { 28, 4, 1 }, "ERR byte@20/1+" },
    { "mac/digest", { 24, 4, 55 }, "NOTSUPP byte@16/1+" },
    { "mac/digest", { 28, 4, 17 }, "ERR byte@16/1+" },
    { "mac/digest", { 28, 4, 129 }, "ERR byte@16/1+" },
    { "mac/digest", { 28, 4, U32_MAX - 39 }, "ERR byte@16/1+" },
    { "mac/digest", { 32, 4, 51 }, "ERR byte@16/1+" },
    { "mac/digest", { 36, 4, 17 }, "ERR byte@16/1+" },
    { "mac/no-key", { 28, 4, 1 }, "ERR byte@12/1+" },
    { "mac/no-key", { 36, 4, 0 }, "ERR byte@12/1+" },
    { "aead/encrypt", { 24, 4, 4 }, "NOTSUPP byte@49/1+" },
    { "aead/encrypt", { 28, 4, 17 }, "ERR byte@49/1+" },
    { "aead/encrypt", { 32, 4, 2 }, "ERR byte@49/1+" },
    { "aead/encrypt", { 36, 4, 11 }, "ERR byte@49/1+" },
    { "aead/encrypt", { 40, 4, 16 }, "OK byte@49/1+" },
    { "aead/encrypt", { 40, 4, 12 }, "OK byte@49/1+" },
    { "aead/encrypt", { 40, 4, 17 }, "ERR byte@49/1+" },
    { "aead/encrypt", { 44, 4, 21 }, "ERR byte@49/1+" },
    { "aead/encrypt", { 44, 4, U32_MAX }, "ERR byte@49/1+" },
    { "aead/encrypt", { 48, 4, U32_MAX }, "ERR byte@49/1+" },
    { "aead/encrypt", { 52, 4, 48 }, "ERR byte@49/1+" },
    { "aead/encrypt", { 52, 4, 50 }, "ERR byte@49/1+" },
    { "aead/encrypt-ccm", { 36, 4, 14 }, "ERR byte@39/1+" },
    { "aead/encrypt-ccm", { 40, 4, 10 }, "ERR byte@39/1+" },
    { "aead/decrypt", { 40, 4, 50 }, "ERR byte@33/1+" },
    { "aead/decrypt", { 40, 4, U32_MAX }, "ERR byte@33/1+" },
    { "aead/decrypt", { 48, 4, 15 }, "ERR byte@33/1+" },
    { "akcipher/sign", { 24, 4, 3 }, "NOTSUPP byte@128/1+" },
    { "akcipher/sign", { 28, 4, 0 }, "ERR byte@128/1+" },
    { "akcipher/sign", { 32, 4, 101 }, "ERR byte@128/1+" },
    { "akcipher/sign", { 32, 4, U32_MAX - 51 }, "ERR byte@128/1+" },
    { "akcipher/sign", { 36, 4, 2 }, "NOTSUPP byte@128/1+" },
    { "akcipher/sign", { 40, 4, 1 }, "NOTSUPP byte@128/1+" },
    { "akcipher/sign", { 44, 4, 21 }, "ERR byte@128/1+" },
    { "akcipher/sign", { 48, 4, 129 }, "ERR byte@128/1+" },
    { "akcipher/encrypt-raw", { 32, 4, 31 }, "ERR byte@64/1+" },
    { "akcipher/verify", { 36, 4, 0 }, "NOTSUPP byte@0/1+" },
    { "akcipher/verify", { 36, 4, 6 }, "NOTSUPP byte@0/1+" },
    { "akcipher/verify", { 48, 4, 33 }, "ERR byte@0/1+" },
    { "akcipher/verify", { 48, 4, U32_MAX }, "ERR byte@0/1+" },
    { }
};

const FormatForm format_stateless = {
    .name = "stateless",
    .format = &virtio_crypto_format_revision_1,
    .cases = stateless_cases,
    .broken = stateless_broken,
};
