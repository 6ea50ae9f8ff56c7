/*
 * Tests of the standard request format
 *
 * Offsets are those of the standard without VIRTIO_CRYPTO_F_REVISION_1.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "virtio-crypto-format-fixture.h"

#define CREATE(_name, _keys)        STD_CREATE(_name, 72, _keys)
#define DESTROY(_service, _opcode)  STD_DESTROY(_service, 72, _opcode)
#define DATA(_name, _out, _in)      STD_DATA(_name, 72, _out, _in)
#define SYM_FIELDS(opcode, iv, src, dst, ...) \
    .fields = { { 0, 4, opcode }, { 8, 8, ID }, { 24, 4, iv }, \
                { 28, 4, src }, { 32, 4, dst }, __VA_ARGS__ }
#define AEAD_FIELDS(opcode, iv, aad, src, dst) \
    .fields = { { 0, 4, opcode }, { 8, 8, ID }, { 24, 4, iv }, \
                { 28, 4, aad }, { 32, 4, src }, { 36, 4, dst } }

static const FormatCase std_cases[] = {
    { CREATE("cipher/create", 16),
      .fields = { { 0, 4, 0x0002 }, { 16, 4, 3 }, { 20, 4, 16 }, { 24, 4, 1 },
                  { 64, 4, 1 } },
      .expect = "cipher encrypt aes-cbc key=72+16 digest=0 aad=0" },
    { CREATE("cipher/create-xts", 64),
      .fields = { { 0, 4, 0x0002 }, { 16, 4, 13 }, { 20, 4, 64 }, { 24, 4, 2 },
                  { 64, 4, 1 } },
      .expect = "cipher decrypt aes-xts key=72+64 digest=0 aad=0" },
    { CREATE("chain/create-mac", 52),
      .fields = { { 0, 4, 0x0002 }, { 16, 4, 2 }, { 20, 4, 2 }, { 24, 4, 4 },
                  { 28, 4, 32 }, { 32, 4, 1 }, { 40, 4, 4 }, { 44, 4, 12 },
                  { 48, 4, 20 }, { 56, 4, 7 }, { 64, 4, 2 } },
      .expect = "cipher cipher+hash encrypt aes-ctr key=72+32 hmac-sha256 "
                "auth_key=104+20 digest=12 aad=7" },
    { CREATE("chain/create-hash", 24),
      .fields = { { 0, 4, 0x0002 }, { 16, 4, 1 }, { 20, 4, 1 }, { 24, 4, 3 },
                  { 28, 4, 24 }, { 32, 4, 2 }, { 40, 4, 7 }, { 44, 4, 0 },
                  { 56, 4, 0 }, { 64, 4, 2 } },
      .expect = "cipher hash+cipher decrypt aes-cbc key=72+24 sha3-224 "
                "digest=0 aad=0" },
    { CREATE("hash/create", 0),
      .fields = { { 0, 4, 0x0102 }, { 16, 4, 12 }, { 20, 4, 200 } },
      .expect = "hash digest shake256 digest=200 aad=0" },
    { CREATE("mac/create", 16),
      .fields = { { 0, 4, 0x0202 }, { 16, 4, 54 }, { 20, 4, 4 },
                  { 24, 4, 16 } },
      .expect = "mac digest zuc-eia3 auth_key=72+16 digest=4 aad=0" },
    { CREATE("mac/create-no-key", 0),
      .fields = { { 0, 4, 0x0202 }, { 16, 4, 2 }, { 20, 4, 0 }, { 24, 4, 0 } },
      .expect = "mac digest hmac-sha1 digest=0 aad=0" },
    { CREATE("aead/create", 24),
      .fields = { { 0, 4, 0x0302 }, { 16, 4, 2 }, { 20, 4, 24 }, { 24, 4, 8 },
                  { 28, 4, 33 }, { 32, 4, 2 } },
      .expect = "aead decrypt aes-ccm key=72+24 digest=8 aad=33" },
    { CREATE("akcipher/create-rsa", 100),
      .fields = { { 0, 4, 0x0404 }, { 16, 4, 1 }, { 20, 4, 2 }, { 24, 4, 100 },
                  { 28, 4, 1 }, { 32, 4, 5 } },
      .expect = "akcipher private padding=1 curve=0 rsa key=72+100 sha1 "
                "digest=0 aad=0" },
    { CREATE("akcipher/create-raw", 30),
      .fields = { { 0, 4, 0x0404 }, { 16, 4, 1 }, { 20, 4, 1 }, { 24, 4, 30 },
                  { 28, 4, 0 }, { 32, 4, 77 } },
      .expect = "akcipher public padding=0 curve=0 rsa key=72+30 digest=0 "
                "aad=0" },
    { CREATE("akcipher/create-ecdsa", 65),
      .fields = { { 0, 4, 0x0404 }, { 16, 4, 2 }, { 20, 4, 1 }, { 24, 4, 65 },
                  { 28, 4, 3 }, { 32, 4, 77 } },
      .expect = "akcipher public padding=0 curve=3 ecdsa key=72+65 digest=0 "
                "aad=0" },
    DESTROY("cipher", 0x0003),
    DESTROY("hash", 0x0103),
    DESTROY("mac", 0x0203),
    DESTROY("aead", 0x0303),
    DESTROY("akcipher", 0x0405),

    { DATA("cipher/encrypt", 64, 48), SESSION(CIPHER, ENCRYPT, CIPHER(AES_CBC)),
      SYM_FIELDS(0x0000, 16, 48, 48,
                 { 64, 4, 1 }),
      .expect = "cipher encrypt 1122334455667788 iv=72+16 src=o88+48 "
                "dst=i0+48" },
    /* an IV for an algorithm without one is skipped */
    { DATA("cipher/decrypt-ecb", 24, 20), SESSION(CIPHER, DECRYPT,
                                                  CIPHER(DES_ECB)),
      SYM_FIELDS(0x0001, 8, 16, 20,
                 { 64, 4, 1 }),
      .expect = "cipher decrypt 1122334455667788 src=o80+16 dst=i0+20" },
    { DATA("cipher/empty", 16, 0), SESSION(CIPHER, ENCRYPT, CIPHER(AES_CTR)),
      SYM_FIELDS(0x0000, 16, 0, 0,
                 { 64, 4, 1 }),
      .expect = "cipher encrypt 1122334455667788 iv=72+16" },
    /* source, then AAD; the windows are as the request says */
    { DATA("chain/encrypt", 84, 68),
      SESSION(CIPHER, ENCRYPT, CIPHER(AES_CBC), HASH(HMAC_SHA1),
              .chain = CRYPTODEV_CHAIN_CIPHER_THEN_HASH, .digest_len = 20,
              .aad_len = 7),
      SYM_FIELDS(0x0000, 16, 48, 48,
                 { 36, 4, 16 }, { 40, 4, 32 }, { 44, 4, 8 }, { 48, 4, 40 },
                 { 52, 4, 20 }, { 56, 4, 0 }, { 64, 4, 2 }),
      .expect = "cipher encrypt 1122334455667788 iv=72+16 src=o88+48 "
                "aad=o136+20 dst=i0+48 digest=i48+20 windows=16+32,8+40" },
    { DATA("chain/decrypt", 28, 30),
      SESSION(CIPHER, DECRYPT, CIPHER(3DES_CTR), HASH(SHA_256),
              .chain = CRYPTODEV_CHAIN_HASH_THEN_CIPHER, .digest_len = 20),
      SYM_FIELDS(0x0001, 8, 20, 20,
                 { 36, 4, 0 }, { 40, 4, 20 }, { 44, 4, 0 }, { 48, 4, 20 },
                 { 52, 4, 0 }, { 56, 4, 10 }, { 64, 4, 2 }),
      .expect = "cipher decrypt 1122334455667788 iv=72+8 src=o80+20 dst=i0+20 "
                "digest=i20+10 windows=0+20,0+20" },
    { DATA("hash/digest", 100, 16), SESSION(HASH, DIGEST, HASH(SHA_256),
                                            .digest_len = 32),
      .fields = { { 0, 4, 0x0100 }, { 8, 8, ID }, { 24, 4, 100 },
                  { 28, 4, 16 } },
      .expect = "hash digest 1122334455667788 src=o72+100 digest=i0+16" },
    { DATA("mac/digest", 50, 16), SESSION(MAC, DIGEST, HASH(CMAC_AES),
                                          .digest_len = 16),
      .fields = { { 0, 4, 0x0200 }, { 8, 8, ID }, { 24, 4, 50 },
                  { 28, 4, 0 } },
      .expect = "mac digest 1122334455667788 src=o72+50 digest=i0+16" },
    { DATA("akcipher/sign", 20, 128),
      SESSION(AKCIPHER, SIGN, CIPHER(RSA)),
      .fields = { { 0, 4, 0x0402 }, { 8, 8, ID }, { 24, 4, 20 },
                  { 28, 4, 128 } },
      .expect = "akcipher sign 1122334455667788 src=o72+20 dst=i0+128" },
    /* signature, then what is signed; only the status is written */
    { DATA("akcipher/verify", 148, 0),
      SESSION(AKCIPHER, VERIFY, CIPHER(RSA)),
      .fields = { { 0, 4, 0x0403 }, { 8, 8, ID }, { 24, 4, 128 },
                  { 28, 4, 20 } },
      .expect = "akcipher verify 1122334455667788 src=o72+128 dst=o200+20" },
    { DATA("aead/encrypt", 65, 49),
      SESSION(AEAD, ENCRYPT, CIPHER(AES_GCM), .digest_len = 16),
      AEAD_FIELDS(0x0300, 12, 20, 33, 49),
      .expect = "aead encrypt 1122334455667788 iv=72+12 src=o84+33 "
                "aad=o117+20 dst=i0+33 digest=i33+16" },
    { DATA("aead/encrypt-ccm", 64, 45),
      SESSION(AEAD, ENCRYPT, CIPHER(AES_CCM), .digest_len = 8),
      AEAD_FIELDS(0x0300, 13, 20, 31, 45),
      .expect = "aead encrypt 1122334455667788 iv=72+13 src=o85+31 "
                "aad=o116+20 dst=i0+31 digest=i31+8" },
    { DATA("aead/decrypt", 85, 33),
      SESSION(AEAD, DECRYPT, CIPHER(AES_GCM), .digest_len = 16),
      AEAD_FIELDS(0x0301, 16, 20, 49, 33),
      .expect = "aead decrypt 1122334455667788 iv=72+16 src=o88+33 "
                "aad=o137+20 dst=i0+33 digest=o121+16" },
    { DATA("aead/empty", 12, 16),
      SESSION(AEAD, ENCRYPT, CIPHER(AES_GCM), .digest_len = 16),
      AEAD_FIELDS(0x0300, 12, 0, 0, 16),
      .expect = "aead encrypt 1122334455667788 iv=72+12 digest=i0+16" },
    { }
};

static const FormatBroken std_broken[] = {
    { "cipher/create", { 0, 4, 0x0004 }, "NOTSUPP session@0/16" },
    { "cipher/create", { 0, 4, 0x0000 }, "NOTSUPP session@0/16" },
    { "cipher/create", { 0, 4, 0x0402 }, "NOTSUPP session@0/16" },
    { "cipher/create", { 0, 4, 0x0404 }, "NOTSUPP session@0/16" },
    { "cipher/create", { 0, 4, U32_MAX }, "NOTSUPP session@0/16" },
    { "cipher/create", { 16, 4, 0 }, "NOTSUPP session@0/16" },
    { "cipher/create", { 16, 4, 15 }, "NOTSUPP session@0/16" },
    { "cipher/create", { 16, 4, 0x103 }, "NOTSUPP session@0/16" },
    { "cipher/create", { 20, 4, 17 }, "ERR session@0/16" },
    { "cipher/create", { 20, 4, 15 }, "OK session@0/16" },
    { "cipher/create", { 20, 4, U32_MAX }, "ERR session@0/16" },
    { "cipher/create", { 24, 4, 0 }, "ERR session@0/16" },
    { "cipher/create", { 24, 4, 3 }, "ERR session@0/16" },
    { "cipher/create", { 64, 4, 0 }, "NOTSUPP session@0/16" },
    { "cipher/create", { 64, 4, 3 }, "NOTSUPP session@0/16" },
    { "cipher/create-xts", { 20, 4, 65 }, "ERR session@0/16" },
    { "chain/create-mac", { 16, 4, 0 }, "ERR session@0/16" },
    { "chain/create-mac", { 16, 4, 3 }, "ERR session@0/16" },
    { "chain/create-mac", { 20, 4, 0 }, "NOTSUPP session@0/16" },
    { "chain/create-mac", { 20, 4, 3 }, "NOTSUPP session@0/16" },
    { "chain/create-mac", { 24, 4, 0 }, "NOTSUPP session@0/16" },
    { "chain/create-mac", { 28, 4, 33 }, "ERR session@0/16" },
    { "chain/create-mac", { 28, 4, U32_MAX - 15 }, "ERR session@0/16" },
    { "chain/create-mac", { 32, 4, 0 }, "ERR session@0/16" },
    { "chain/create-mac", { 40, 4, 7 }, "NOTSUPP session@0/16" },
    { "chain/create-mac", { 48, 4, 21 }, "ERR session@0/16" },
    { "chain/create-mac", { 48, 4, U32_MAX - 31 }, "ERR session@0/16" },
    { "chain/create-hash", { 40, 4, 13 }, "NOTSUPP session@0/16" },
    { "hash/create", { 16, 4, 0 }, "NOTSUPP session@0/16" },
    { "hash/create", { 16, 4, 13 }, "NOTSUPP session@0/16" },
    { "mac/create", { 16, 4, 55 }, "NOTSUPP session@0/16" },
    { "mac/create", { 24, 4, 17 }, "ERR session@0/16" },
    { "mac/create", { 24, 4, U32_MAX }, "ERR session@0/16" },
    { "aead/create", { 16, 4, 4 }, "NOTSUPP session@0/16" },
    { "aead/create", { 20, 4, 25 }, "ERR session@0/16" },
    { "aead/create", { 32, 4, 0 }, "ERR session@0/16" },
    { "mac/create-no-key", { 24, 4, 1 }, "ERR session@0/16" },
    { "cipher/destroy", { 0, 4, 0x0004 }, "NOTSUPP byte@0/1" },
    { "hash/destroy", { 0, 4, 0x0104 }, "NOTSUPP byte@0/1" },
    { "mac/destroy", { 0, 4, 0x0204 }, "NOTSUPP byte@0/1" },
    { "aead/destroy", { 0, 4, 0x0304 }, "NOTSUPP byte@0/1" },
    { "akcipher/destroy", { 0, 4, 0x0403 }, "NOTSUPP byte@0/1" },

    { "cipher/encrypt", { 0, 4, 0x0002 }, "NOTSUPP byte@48/1+" },
    { "cipher/encrypt", { 0, 4, 0x0500 }, "NOTSUPP byte@48/1+" },
    { "cipher/encrypt", { 0, 4, U32_MAX }, "NOTSUPP byte@48/1+" },
    { "cipher/encrypt", { 24, 4, 0 }, "ERR byte@48/1+" },
    { "cipher/encrypt", { 24, 4, 15 }, "ERR byte@48/1+" },
    { "cipher/encrypt", { 24, 4, 17 }, "ERR byte@48/1+" },
    { "cipher/encrypt", { 24, 4, U32_MAX }, "ERR byte@48/1+" },
    { "cipher/encrypt", { 28, 4, 49 }, "ERR byte@48/1+" },
    { "cipher/encrypt", { 28, 4, 47 }, "OK byte@48/1+" },
    { "cipher/encrypt", { 28, 4, U32_MAX }, "ERR byte@48/1+" },
    { "cipher/encrypt", { 28, 4, U32_MAX - 15 }, "ERR byte@48/1+" },
    { "cipher/encrypt", { 32, 4, 49 }, "ERR byte@48/1+" },
    { "cipher/encrypt", { 32, 4, U32_MAX }, "ERR byte@48/1+" },
    /* the type is that of the session */
    { "cipher/encrypt", { 64, 4, 0 }, "OK byte@48/1+" },
    { "cipher/encrypt", { 64, 4, 2 }, "ERR byte@48/1+" },
    { "cipher/encrypt", { 64, 4, 3 }, "NOTSUPP byte@48/1+" },
    { "cipher/decrypt-ecb", { 24, 4, 9 }, "ERR byte@20/1+" },
    { "cipher/decrypt-ecb", { 24, 4, U32_MAX }, "ERR byte@20/1+" },
    { "cipher/empty", { 28, 4, 1 }, "ERR byte@0/1+" },
    { "cipher/empty", { 32, 4, 1 }, "ERR byte@0/1+" },
    { "chain/encrypt", { 24, 4, 8 }, "ERR byte@68/1+" },
    { "chain/encrypt", { 28, 4, 49 }, "ERR byte@68/1+" },
    { "chain/encrypt", { 28, 4, U32_MAX }, "ERR byte@68/1+" },
    { "chain/encrypt", { 32, 4, 49 }, "ERR byte@68/1+" },
    { "chain/encrypt", { 32, 4, U32_MAX - 19 }, "ERR byte@68/1+" },
    { "chain/encrypt", { 52, 4, 21 }, "ERR byte@68/1+" },
    { "chain/encrypt", { 52, 4, U32_MAX - 63 }, "ERR byte@68/1+" },
    { "chain/encrypt", { 56, 4, 21 }, "ERR byte@68/1+" },
    { "chain/encrypt", { 56, 4, U32_MAX - 47 }, "ERR byte@68/1+" },
    { "chain/encrypt", { 64, 4, 1 }, "ERR byte@68/1+" },
    { "chain/encrypt", { 64, 4, 0 }, "OK byte@68/1+" },
    { "chain/encrypt", { 64, 4, 3 }, "NOTSUPP byte@68/1+" },
    { "chain/decrypt", { 56, 4, 11 }, "ERR byte@30/1+" },
    { "chain/decrypt", { 56, 4, 0 }, "ERR byte@30/1+" },
    { "hash/digest", { 24, 4, 101 }, "ERR byte@16/1+" },
    { "hash/digest", { 24, 4, 0 }, "OK byte@16/1+" },
    { "hash/digest", { 24, 4, U32_MAX }, "ERR byte@16/1+" },
    { "hash/digest", { 28, 4, 17 }, "ERR byte@16/1+" },
    { "hash/digest", { 28, 4, 0 }, "ERR byte@16/1+" },
    { "hash/digest", { 28, 4, U32_MAX }, "ERR byte@16/1+" },
    { "mac/digest", { 28, 4, 17 }, "ERR byte@16/1+" },
    { "akcipher/create-rsa", { 16, 4, 0 }, "NOTSUPP session@0/16" },
    { "akcipher/create-rsa", { 16, 4, 3 }, "NOTSUPP session@0/16" },
    { "akcipher/create-rsa", { 20, 4, 0 }, "ERR session@0/16" },
    { "akcipher/create-rsa", { 20, 4, 3 }, "ERR session@0/16" },
    { "akcipher/create-rsa", { 24, 4, 101 }, "ERR session@0/16" },
    { "akcipher/create-rsa", { 24, 4, U32_MAX }, "ERR session@0/16" },
    { "akcipher/create-rsa", { 28, 4, 2 }, "NOTSUPP session@0/16" },
    { "akcipher/create-rsa", { 32, 4, 1 }, "NOTSUPP session@0/16" },
    { "akcipher/create-rsa", { 32, 4, 3 }, "NOTSUPP session@0/16" },
    { "akcipher/create-rsa", { 32, 4, 10 }, "NOTSUPP session@0/16" },
    { "akcipher/create-raw", { 28, 4, 1 }, "NOTSUPP session@0/16" },
    { "akcipher/create-raw", { 32, 4, 5 }, "OK session@0/16" },
    { "akcipher/create-ecdsa", { 28, 4, 0 }, "NOTSUPP session@0/16" },
    { "akcipher/create-ecdsa", { 28, 4, 6 }, "NOTSUPP session@0/16" },
    { "akcipher/sign", { 24, 4, 21 }, "ERR byte@128/1+" },
    { "akcipher/sign", { 28, 4, 129 }, "ERR byte@128/1+" },
    { "akcipher/verify", { 24, 4, 129 }, "ERR byte@0/1+" },
    { "akcipher/verify", { 28, 4, 21 }, "ERR byte@0/1+" },
    { "akcipher/verify", { 28, 4, U32_MAX }, "ERR byte@0/1+" },
    { "aead/encrypt", { 24, 4, 11 }, "ERR byte@49/1+" },
    { "aead/encrypt", { 24, 4, 16 }, "ERR byte@49/1+" },
    { "aead/encrypt", { 24, 4, U32_MAX }, "ERR byte@49/1+" },
    { "aead/encrypt", { 28, 4, 21 }, "ERR byte@49/1+" },
    { "aead/encrypt", { 28, 4, U32_MAX }, "ERR byte@49/1+" },
    { "aead/encrypt", { 32, 4, 34 }, "ERR byte@49/1+" },
    { "aead/encrypt", { 32, 4, U32_MAX }, "ERR byte@49/1+" },
    { "aead/encrypt", { 36, 4, 48 }, "ERR byte@49/1+" },
    { "aead/encrypt", { 36, 4, 50 }, "ERR byte@49/1+" },
    { "aead/encrypt", { 36, 4, U32_MAX }, "ERR byte@49/1+" },
    { "aead/encrypt-ccm", { 24, 4, 6 }, "ERR byte@45/1+" },
    { "aead/encrypt-ccm", { 24, 4, 14 }, "ERR byte@45/1+" },
    { "aead/empty", { 32, 4, 1 }, "ERR byte@16/1+" },
    { "aead/empty", { 36, 4, 15 }, "ERR byte@16/1+" },
    { "aead/decrypt", { 32, 4, 15 }, "ERR byte@33/1+" },
    { "aead/decrypt", { 32, 4, 0 }, "ERR byte@33/1+" },
    { "aead/decrypt", { 32, 4, 50 }, "ERR byte@33/1+" },
    { "aead/decrypt", { 36, 4, 32 }, "ERR byte@33/1+" },
    { "aead/decrypt", { 36, 4, U32_MAX }, "ERR byte@33/1+" },
    { }
};

static const FormatCase *case_of(const char *name)
{
    return format_test_case(&format_std, name);
}

/* The nonce alone, in 16 bytes, and after the flags byte of CCM. */
static void test_nonce(const void *opaque)
{
    static const struct {
        CryptoDevAlgo algo;
        unsigned iv_len, field, nonce_at;
        bool ok;
    } nonces[] = {
        { CRYPTODEV_ALGO_AES_GCM, 12, 12, 0, true },
        { CRYPTODEV_ALGO_AES_GCM, 12, 16, 0, true },
        { CRYPTODEV_ALGO_AES_GCM, 16, 16, 0, true },
        { CRYPTODEV_ALGO_AES_GCM, 16, 15, 0, false },
        { CRYPTODEV_ALGO_CHACHA20_POLY1305, 12, 16, 0, true },
        { CRYPTODEV_ALGO_AES_CCM, 13, 13, 0, true },
        { CRYPTODEV_ALGO_AES_CCM, 13, 14, 1, true },
        { CRYPTODEV_ALGO_AES_CCM, 13, 16, 1, true },
        { CRYPTODEV_ALGO_AES_CCM, 7, 7, 0, true },
        { CRYPTODEV_ALGO_AES_CCM, 7, 8, 1, true },
        { CRYPTODEV_ALGO_AES_CCM, 7, 16, 1, true },
        { CRYPTODEV_ALGO_AES_CCM, 13, 12, 0, false },
    };
    FormatTest *t = format_test_new(&format_std);

    for (int i = 0; i < ARRAY_SIZE(nonces); i++) {
        unsigned at = 72 + nonces[i].field;
        g_autofree char *dump = g_strdup_printf(
            "aead encrypt 1122334455667788 iv=%u+%u src=o%u+33 aad=o%u+20 "
            "dst=i0+33 digest=i33+16", 72 + nonces[i].nonce_at,
            nonces[i].iv_len, at, at + 33);

        format_test_load(t, case_of("aead/encrypt"));
        t->session.params.cipher = nonces[i].algo;
        t->out.len = at + 53;
        format_test_set(t, &(FormatField) { 24, 4, nonces[i].iv_len });
        format_test_expect(t, nonces[i].ok ? "OK byte@49/1+" :
                                             "ERR byte@49/1+", dump);
    }
    format_test_free(t);
}

/* The destination of AEAD may have room left after the tag. */
static void test_aead_room(const void *opaque)
{
    const FormatCase *c = case_of("aead/decrypt");
    FormatTest *t = format_test_new(&format_std);

    format_test_load(t, c);
    t->in.len = 50;
    format_test_set(t, &(FormatField) { 36, 4, 49 });
    format_test_expect(t, "OK byte@49/1+", c->expect);
    t->caps.max_size = c->size + 16;
    format_test_expect(t, "OK byte@49/1+", c->expect);
    t->caps.max_size--;
    format_test_expect(t, "ERR byte@49/1+", NULL);
    format_test_free(t);
}

/* Additional data before the source: of chains, of AEAD, or of both */
static void test_aad_first(const void *opaque)
{
    static const struct {
        const FormatForm *form;
        const char *name, *aead, *chain;
    } requests[] = {
        { &format_std, "chain/encrypt",
          .chain = "cipher encrypt 1122334455667788 iv=72+16 src=o108+48 "
                   "aad=o88+20 dst=i0+48 digest=i48+20 windows=16+32,8+40" },
        { &format_std, "aead/encrypt",
          .aead = "aead encrypt 1122334455667788 iv=72+12 src=o104+33 "
                  "aad=o84+20 dst=i0+33 digest=i33+16" },
        { &format_std, "aead/decrypt",
          .aead = "aead decrypt 1122334455667788 iv=72+16 src=o108+33 "
                  "aad=o88+20 dst=i0+33 digest=o141+16" },
        { &format_rev1, "aead/decrypt",
          .aead = "aead decrypt 1122334455667788 iv=48+16 src=o84+33 "
                  "aad=o64+20 dst=i0+33 digest=o117+16" },
        { &format_stateless, "chain/encrypt" },
        { &format_stateless, "aead/encrypt",
          .aead = "aead encrypt aes-gcm key=56+16 digest=0 aad=0 | encrypt "
                  "iv=72+12 src=o104+33 aad=o84+20 dst=i0+33 "
                  "digest=i33+16" },
    };

    for (int i = 0; i < ARRAY_SIZE(requests) * 4; i++) {
        const FormatForm *form = requests[i / 4].form;
        const FormatCase *c = format_test_case(form, requests[i / 4].name);
        g_autofree char *head = format_test_head_of(form, c, "OK", c->in_len);
        const char *dump = c->expect;
        FormatTest *t = format_test_new(form);

        format_test_load(t, c);
        t->chain_aad_first = i & 1;
        t->aead_aad_first = i & 2;
        if (t->chain_aad_first && requests[i / 4].chain) {
            dump = requests[i / 4].chain;
        }
        if (t->aead_aad_first && requests[i / 4].aead) {
            dump = requests[i / 4].aead;
        }
        format_test_expect(t, head, dump);
        format_test_free(t);
    }
}

/* Lengths that are right modulo 2^32. */
static void test_overflow(const void *opaque)
{
    FormatTest *t = format_test_new(&format_std);

    format_test_load(t, case_of("chain/encrypt"));
    format_test_set(t, &(FormatField) { 28, 4, 0x80000030 });
    format_test_set(t, &(FormatField) { 52, 4, 0x80000014 });
    format_test_expect(t, "ERR byte@68/1+", NULL);
    format_test_load(t, case_of("aead/encrypt"));
    format_test_set(t, &(FormatField) { 28, 4, 0x80000014 });
    format_test_set(t, &(FormatField) { 32, 4, 0x80000021 });
    format_test_set(t, &(FormatField) { 36, 4, 0x80000031 });
    format_test_expect(t, "ERR byte@49/1+", NULL);
    format_test_free(t);
}

const FormatForm format_std = {
    .name = "std",
    .format = &virtio_crypto_format_std,
    .cases = std_cases,
    .broken = std_broken,
};

void format_std_test_add(void)
{
    format_test_add("std", "aead", "nonce", NULL, test_nonce);
    format_test_add("std", "aead", "room", NULL, test_aead_room);
    format_test_add("std", "any", "aad-first", NULL, test_aad_first);
    format_test_add("std", "any", "overflow", NULL, test_overflow);
}
