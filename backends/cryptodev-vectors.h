/*
 * Known answers of the algorithms that crypto providers serve
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_VECTORS_H
#define BACKENDS_CRYPTODEV_VECTORS_H

#include "cryptodev-provider.h"

/**
 * CryptoDevVector: one known answer, all bytes in hexadecimal, NULL = none
 *
 * @source: the document that it is printed in
 * @in: plaintext, or what a hash or MAC digests
 * @out: ciphertext
 * @tag: digest or tag; its length is the length asked for
 */
typedef struct CryptoDevVector {
    CryptoDevAlgo algo;
    const char *source;
    const char *key;
    const char *iv;
    const char *aad;
    const char *in;
    const char *out;
    const char *tag;
} CryptoDevVector;

/* The longest string of the table, in bytes. */
#define CRYPTODEV_VECTOR_MAX 256

typedef struct CryptoDevBytes {
    uint8_t data[CRYPTODEV_VECTOR_MAX];
    size_t len;
} CryptoDevBytes;

typedef struct CryptoDevVectorData {
    CryptoDevBytes key, iv, aad, in, out, tag;
} CryptoDevVectorData;

/* Decode the strings of a vector. */
void cryptodev_vector_load(const CryptoDevVector *v, CryptoDevVectorData *d);

/**
 * cryptodev_vector_check: run @d in a context made for its key and @encrypt,
 * in place if @first is not 0
 *
 * @first, @rest: as in CryptoProviderRun
 */
bool cryptodev_vector_check(const CryptoProviderAlgo *row, void *ctx,
                            const CryptoDevVectorData *d, bool encrypt,
                            size_t first, size_t rest);

static const CryptoDevVector cryptodev_vectors[] = {
    { CRYPTODEV_ALGO_ARC4,
      "RFC 6229 section 2, 40-bit key",
      .key = "0102030405",
      .in = "0000000000000000000000000000000000000000000000000000000000000000",
      .out = "b2396305f03dc027ccc3524a0a1118a86982944f18fc82d589c403a47a0d0919",
    },
    { CRYPTODEV_ALGO_ARC4,
      "RFC 6229 section 2, 128-bit key",
      .key = "0102030405060708090a0b0c0d0e0f10",
      .in = "0000000000000000000000000000000000000000000000000000000000000000",
      .out = "9ac7cc9a609d1ef7b2932899cde41b975248c4959014126a6e8a84f11d1a9e1c",
    },
    { CRYPTODEV_ALGO_ARC4,
      "RFC 6229 section 2, 256-bit key",
      .key = "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20",
      .in = "0000000000000000000000000000000000000000000000000000000000000000",
      .out = "eaa6bd25880bf93d3f5d1e4ca2611d91cfa45c9f7e714b54bdfa80027cb14380",
    },
    { CRYPTODEV_ALGO_AES_ECB,
      "NIST SP 800-38A F.1.1",
      .key = "2b7e151628aed2a6abf7158809cf4f3c",
      .in = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
            "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
      .out = "3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf"
             "43b1cd7f598ece23881b00e3ed0306887b0c785e27e8ad3f8223207104725dd4",
    },
    { CRYPTODEV_ALGO_AES_ECB,
      "NIST SP 800-38A F.1.3",
      .key = "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
      .in = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
            "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
      .out = "bd334f1d6e45f25ff712a214571fa5cc974104846d0ad3ad7734ecb3ecee4eef"
             "ef7afd2270e2e60adce0ba2face6444e9a4b41ba738d6c72fb16691603c18e0e",
    },
    { CRYPTODEV_ALGO_AES_ECB,
      "NIST SP 800-38A F.1.5",
      .key = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
      .in = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
            "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
      .out = "f3eed1bdb5d2a03c064b5a7e3db181f8591ccb10d410ed26dc5ba74a31362870"
             "b6ed21b99ca6f4f9f153e7b1beafed1d23304b7a39f9f3ff067d8d8f9e24ecc7",
    },
    { CRYPTODEV_ALGO_AES_CBC,
      "NIST SP 800-38A F.2.1",
      .key = "2b7e151628aed2a6abf7158809cf4f3c",
      .iv = "000102030405060708090a0b0c0d0e0f",
      .in = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
            "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
      .out = "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
             "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7",
    },
    { CRYPTODEV_ALGO_AES_CBC,
      "NIST SP 800-38A F.2.3",
      .key = "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
      .iv = "000102030405060708090a0b0c0d0e0f",
      .in = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
            "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
      .out = "4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a"
             "571b242012fb7ae07fa9baac3df102e008b0e27988598881d920a9e64f5615cd",
    },
    { CRYPTODEV_ALGO_AES_CBC,
      "NIST SP 800-38A F.2.5",
      .key = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
      .iv = "000102030405060708090a0b0c0d0e0f",
      .in = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
            "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
      .out = "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"
             "39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b",
    },
    { CRYPTODEV_ALGO_AES_CTR,
      "NIST SP 800-38A F.5.1",
      .key = "2b7e151628aed2a6abf7158809cf4f3c",
      .iv = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
      .in = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
            "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
      .out = "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
             "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee",
    },
    { CRYPTODEV_ALGO_AES_CTR,
      "NIST SP 800-38A F.5.3",
      .key = "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
      .iv = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
      .in = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
            "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
      .out = "1abc932417521ca24f2b0459fe7e6e0b090339ec0aa6faefd5ccc2c6f4ce8e94"
             "1e36b26bd1ebc670d1bd1d665620abf74f78a7f6d29809585a97daec58c6b050",
    },
    { CRYPTODEV_ALGO_AES_CTR,
      "NIST SP 800-38A F.5.5",
      .key = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
      .iv = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
      .in = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
            "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
      .out = "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
             "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6",
    },
    { CRYPTODEV_ALGO_DES_ECB,
      "FIPS 81 table B1",
      .key = "0123456789abcdef",
      .in = "4e6f77206973207468652074696d6520666f7220616c6c20",
      .out = "3fa40e8a984d48156a271787ab8883f9893d51ec4b563b53",
    },
    { CRYPTODEV_ALGO_DES_ECB,
      "NIST SP 800-17 table A.1 (a weak key)",
      .key = "0101010101010101",
      .in = "8000000000000000",
      .out = "95f8a5e5dd31d900",
    },
    { CRYPTODEV_ALGO_DES_CBC,
      "FIPS 81 table C1",
      .key = "0123456789abcdef",
      .iv = "1234567890abcdef",
      .in = "4e6f77206973207468652074696d6520666f7220616c6c20",
      .out = "e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6",
    },
    { CRYPTODEV_ALGO_3DES_ECB,
      "NIST SP 800-67 B.1",
      .key = "0123456789abcdef23456789abcdef01456789abcdef0123",
      .in = "54686520717566636b2062726f776e20666f78206a756d70",
      .out = "a826fd8ce53b855fcce21c8112256fe668d5c05dd9b6b900",
    },
    { CRYPTODEV_ALGO_3DES_ECB,
      "NIST CAVP TECBvartext 63 (weak keys)",
      .key = "010101010101010101010101010101010101010101010101",
      .in = "0000000000000001",
      .out = "166b40b44aba4bd6",
    },
    { CRYPTODEV_ALGO_3DES_CBC,
      "NIST CAVP TCBCMMT3 encrypt 3",
      .key = "d98aadc76d4a3716158c32866efbb9ce834af2297379a49d",
      .iv = "3c5220327c502b44",
      .in = "6174079dda53ca723ebf00a66837f8d5ce648c08acaa5ee45ffe62210ef79d3e",
      .out = "f5bd4d600bed77bec78409e3530ebda1d815506ed53103015b87e371ae000958",
    },
    { CRYPTODEV_ALGO_3DES_CTR,
      "NIST CAVP TECBvartext 63 and 62 as key stream",
      .key = "010101010101010101010101010101010101010101010101",
      .iv = "0000000000000001",
      .in = "00000000000000000000000000000000",
      .out = "166b40b44aba4bd606e7ea22ce92708f",
    },
    { CRYPTODEV_ALGO_AES_XTS,
      "IEEE 1619-2007 B vector 2",
      .key = "1111111111111111111111111111111122222222222222222222222222222222",
      .iv = "33333333330000000000000000000000",
      .in = "4444444444444444444444444444444444444444444444444444444444444444",
      .out = "c454185e6a16936e39334038acef838bfb186fff7480adc4289382ecd6d394f0",
    },
    { CRYPTODEV_ALGO_AES_XTS,
      "IEEE 1619-2007 B vector 15",
      .key = "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0bfbebdbcbbbab9b8b7b6b5b4b3b2b1b0",
      .iv = "9a785634120000000000000000000000",
      .in = "000102030405060708090a0b0c0d0e0f10",
      .out = "6c1625db4671522d3d7599601de7ca09ed",
    },
    { CRYPTODEV_ALGO_AES_XTS,
      "IEEE 1619-2007 B vector 18",
      .key = "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0bfbebdbcbbbab9b8b7b6b5b4b3b2b1b0",
      .iv = "9a785634120000000000000000000000",
      .in = "000102030405060708090a0b0c0d0e0f10111213",
      .out = "9d84c813f719aa2c7be3f66171c7c5c2edbf9dac",
    },
    { CRYPTODEV_ALGO_AES_XTS,
      "NIST CAVP XTSGenAES256 encrypt 1",
      .key = "1ea661c58d943a0e4801e42f4b0947149e7f9f8e3e68d0c7505210bd311a0e7c"
             "d6e13ffdf2418d8d1911c004cda58da3d619b7e2b9141e58318eea392cf41b08",
      .iv = "adf8d92627464ad2f0428e84a9f87564",
      .in = "2eedea52cd8215e1acc647e810bbc3642e87287f8d2e57e36c0a24fbc12a202e",
      .out = "cbaad0e2f6cea3f50b37f934d46a9b130b9d54f07e34f36af793e86f73c6d7db",
    },
    { CRYPTODEV_ALGO_AES_XTS,
      "NIST CAVP XTSGenAES256 encrypt 101",
      .key = "266c336b3b01489f3267f52835fd92f674374b88b4e1ebd2d36a5f457581d9d0"
             "42c3eef7b0b7e5137b086496b4d9e6ac658d7196a23f23f036172fdb8faee527",
      .iv = "06b209a7a22f486ecbfadb0f3137ba42",
      .in = "ca7d65ef8d3dfad345b61ccddca1ad81de830b9e86c7b426d76cb7db766852d9"
            "81c6b21409399d78f42cc0b33a7bbb06",
      .out = "c73256870cc2f4dd57acc74b5456dbd776912a128bc1f77d72cdebbf270044b7"
             "a43ceed29025e1e8be211fa3c3ed002d",
    },
};

#endif /* BACKENDS_CRYPTODEV_VECTORS_H */
