/*
 * Known answers of the algorithms that crypto providers serve
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "vectors.h"

static void unhex(CryptoDevBytes *bytes, const char *hex)
{
    bytes->len = 0;
    for (; hex && *hex; hex += 2) {
        assert(bytes->len < sizeof(bytes->data));
        bytes->data[bytes->len++] =
            g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]);
    }
}

void cryptodev_vector_load(const CryptoDevVector *v, CryptoDevVectorData *d)
{
    unhex(&d->key, v->key);
    unhex(&d->iv, v->iv);
    unhex(&d->aad, v->aad);
    unhex(&d->in, v->in);
    unhex(&d->out, v->out);
    unhex(&d->tag, v->tag);
}

const CryptoDevVector cryptodev_vectors[] = {
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
    { CRYPTODEV_ALGO_KASUMI_F8,
      "3GPP TS 35.203 f8 test set 2, whole bytes",
      .key = "2bd6459f82c5b300952c49104881ff48",
      .iv = "72a4f20f64000000",
      .in = "7ec61272743bf1614726446a6c38ced166f6ca76eb5430044286346cef130f92"
            "922b03450d3a9975e5bd2ea0eb55ad8e1b199e3ec4316020e9a1b285e7627953"
            "59b7bdfd39bef4b2484583d5afe082aee638bf5fd5a606193901a08f4ab41aab"
            "9b1348",
      .out = "d1e2de70eef86c6964fb542bc2d460aabfaa10a4a093262b7d199e706fc2d489"
             "1553296910f3a973012682e41c4e2b02be2017b7253bbf9309de5819cb42e819"
             "56f4c99bc9765caf53b1d0bb8279826adbbc5522e915c120a618a5a7f5e89708"
             "933965",
    },
    { CRYPTODEV_ALGO_KASUMI_F8,
      "3GPP TS 35.203 f8 test set 3",
      .key = "5acb1d644c0d51204ea5f1451010d852",
      .iv = "fa556b261c000000",
      .in = "ad9c441f890b38c457a49d421407e8",
      .out = "9bc92ca803c67b28a11a4bee5a0c25",
    },
    { CRYPTODEV_ALGO_SNOW3G_UEA2,
      "3GPP TS 35.217 UEA2 test set 1, whole bytes",
      .key = "d3c5d592327fb11c4035c6680af8c6d1",
      .iv = "398a59b4ac000000398a59b4ac000000",
      .in = "981ba6824c1bfb1ab485472029b71d808ce33e2cc3c0b5fc1f3de8a6dc66b1",
      .out = "5d5bfe75eb04f68ce0a12377ea00b37d47c6a0ba06309155086a859c4341b3",
    },
    { CRYPTODEV_ALGO_SNOW3G_UEA2,
      "3GPP TS 35.217 UEA2 test set 2, whole bytes",
      .key = "2bd6459f82c5b300952c49104881ff48",
      .iv = "72a4f20f6400000072a4f20f64000000",
      .in = "7ec61272743bf1614726446a6c38ced166f6ca76eb5430044286346cef130f92"
            "922b03450d3a9975e5bd2ea0eb55ad8e1b199e3ec4316020e9a1b285e7627953"
            "59b7bdfd39bef4b2484583d5afe082aee638bf5fd5a606193901a08f4ab41aab"
            "9b1348",
      .out = "8ceba62943dced3a0990b06ea1b0a2c4fb3cedc71b369f42ba64c1eb6665e72a"
             "a1c9bb0deaa20fe86058b8baee2c2e7f0becce48b52932a53c9d5f931a3a7c53"
             "2259af4325e2a65e3084ad5f6a513b7bddc1b65f0aa0d97a053db55a88c4c4f9"
             "605e41",
    },
    { CRYPTODEV_ALGO_SNOW3G_UEA2,
      "3GPP TS 35.217 UEA2 test set 3",
      .key = "5acb1d644c0d51204ea5f1451010d852",
      .iv = "fa556b261c000000fa556b261c000000",
      .in = "ad9c441f890b38c457a49d421407e8",
      .out = "ba0f31300334c56b52a7497cbac046",
    },
    { CRYPTODEV_ALGO_AES_F8,
      "RFC 3711 B.2",
      .key = "234829008467be186c3de14aae72d62c32f2870d555555555555555555555555",
      .iv = "006e5cba50681de55c621599d462564a",
      .in = "70736575646f72616e646f6d6e65737320697320746865206e65787420626573"
            "74207468696e67",
      .out = "019ce7a26e7854014a6366aa95d4eefd1ad4172a14f9faf455b7f1d4b62bd08f"
             "562c0eef7c4802",
    },
    { CRYPTODEV_ALGO_AES_F8,
      "RFC 3711 4.1.2 over the ECB of OpenSSL, AES-192",
      .key = "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b32f2870d55555555"
             "55555555555555555555555555555555",
      .iv = "006e5cba50681de55c621599d462564a",
      .in = "70736575646f72616e646f6d6e65737320697320746865206e65787420626573"
            "74207468696e67",
      .out = "203f2ae01c1ab7dc43b0afaaa3ed15774cfaa87edb0d5a7f8637cadc4a8d920e"
             "38a741ddf69dca",
    },
    { CRYPTODEV_ALGO_AES_F8,
      "RFC 3711 4.1.2 over the ECB of OpenSSL, AES-256",
      .key = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"
             "32f2870d55555555555555555555555555555555555555555555555555555555",
      .iv = "006e5cba50681de55c621599d462564a",
      .in = "70736575646f72616e646f6d6e65737320697320746865206e65787420626573"
            "74207468696e67",
      .out = "7341312a84d94287869117bac0de145f8706278ff976e15fd6a9c89003eebc4d"
             "fcfe87e415b44d",
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
    { CRYPTODEV_ALGO_ZUC_EEA3,
      "3GPP TS 35.223 EEA3 test set 2",
      .key = "e5bd3ea0eb55ade866c6ac58bd54302a",
      .iv = "00056823c400000000056823c4000000",
      .in = "14a8ef693d678507bbe7270a7f67ff5006c3525b9807e467c4e56000ba338f5d"
            "429559036751822246c80d3b38f07f4be2d8ff5805f5132229bde93bbbdcaf38"
            "2bf1ee972fbf9977bada8945847a2a6c9ad34a667554e04d1f7fa2c33241bd8f"
            "01ba220d",
      .out = "131d43e0dea1be5c5a1bfd971d852cbf712d7b4f57961fea3208afa8bca433f4"
             "56ad09c7417e58bc69cf8866d1353f74865e80781d202dfb3ecff7fcbc3b190f"
             "e82a204ed0e350fc0f6f2613b2f2bca6df5a473a57a4a00d985ebad880d6f238"
             "64a07b01",
    },
    { CRYPTODEV_ALGO_ZUC_EEA3,
      "3GPP TS 35.223 ZUC test set 3 as key stream",
      .key = "3d4c4be96a82fdaeb58f641db17b455b",
      .iv = "84319aa8de6915ca1f6bda6bfbd8c766",
      .in = "0000000000000000",
      .out = "14f1c2723279c419",
    },
    { CRYPTODEV_ALGO_MD5,
      "RFC 1321 A.5, message 1",
      .tag = "d41d8cd98f00b204e9800998ecf8427e",
    },
    { CRYPTODEV_ALGO_MD5,
      "RFC 1321 A.5, message 3",
      .in = "616263",
      .tag = "900150983cd24fb0d6963f7d28e17f72",
    },
    { CRYPTODEV_ALGO_MD5,
      "RFC 1321 A.5, message 7",
      .in = "3132333435363738393031323334353637383930313233343536373839303132"
            "3334353637383930313233343536373839303132333435363738393031323334"
            "35363738393031323334353637383930",
      .tag = "57edf4a22be3c955ac49da2e2107b67a",
    },
    { CRYPTODEV_ALGO_SHA1,
      "FIPS 180-2 A.1",
      .in = "616263",
      .tag = "a9993e364706816aba3e25717850c26c9cd0d89d",
    },
    { CRYPTODEV_ALGO_SHA1,
      "FIPS 180-2 A.2",
      .in = "6162636462636465636465666465666765666768666768696768696a68696a6b"
            "696a6b6c6a6b6c6d6b6c6d6e6c6d6e6f6d6e6f706e6f7071",
      .tag = "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
    },
    { CRYPTODEV_ALGO_SHA_224,
      "RFC 3874 section 3, test 1",
      .in = "616263",
      .tag = "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
    },
    { CRYPTODEV_ALGO_SHA_224,
      "RFC 3874 section 3, test 2",
      .in = "6162636462636465636465666465666765666768666768696768696a68696a6b"
            "696a6b6c6a6b6c6d6b6c6d6e6c6d6e6f6d6e6f706e6f7071",
      .tag = "75388b16512776cc5dba5da1fd890150b0c6455cb4f58b1952522525",
    },
    { CRYPTODEV_ALGO_SHA_256,
      "FIPS 180-2 B.1",
      .in = "616263",
      .tag = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    },
    { CRYPTODEV_ALGO_SHA_256,
      "FIPS 180-2 B.2",
      .in = "6162636462636465636465666465666765666768666768696768696a68696a6b"
            "696a6b6c6a6b6c6d6b6c6d6e6c6d6e6f6d6e6f706e6f7071",
      .tag = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    },
    { CRYPTODEV_ALGO_SHA_384,
      "FIPS 180-2 D.1",
      .in = "616263",
      .tag = "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
             "8086072ba1e7cc2358baeca134c825a7",
    },
    { CRYPTODEV_ALGO_SHA_384,
      "FIPS 180-2 D.2",
      .in = "61626364656667686263646566676869636465666768696a6465666768696a6b"
            "65666768696a6b6c666768696a6b6c6d6768696a6b6c6d6e68696a6b6c6d6e6f"
            "696a6b6c6d6e6f706a6b6c6d6e6f70716b6c6d6e6f7071726c6d6e6f70717273"
            "6d6e6f70717273746e6f707172737475",
      .tag = "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712"
             "fcc7c71a557e2db966c3e9fa91746039",
    },
    { CRYPTODEV_ALGO_SHA_512,
      "FIPS 180-2 C.1",
      .in = "616263",
      .tag = "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
             "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    },
    { CRYPTODEV_ALGO_SHA_512,
      "FIPS 180-2 C.2",
      .in = "61626364656667686263646566676869636465666768696a6465666768696a6b"
            "65666768696a6b6c666768696a6b6c6d6768696a6b6c6d6e68696a6b6c6d6e6f"
            "696a6b6c6d6e6f706a6b6c6d6e6f70716b6c6d6e6f7071726c6d6e6f70717273"
            "6d6e6f70717273746e6f707172737475",
      .tag = "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018"
             "501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909",
    },
    { CRYPTODEV_ALGO_SHA3_224,
      "NIST example SHA3-224, 0 bits",
      .tag = "6b4e03423667dbb73b6e15454f0eb1abd4597f9a1b078e3f5b5a6bc7",
    },
    { CRYPTODEV_ALGO_SHA3_224,
      "NIST example SHA3-224, 1600 bits",
      .in = "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3",
      .tag = "9376816aba503f72f96ce7eb65ac095deee3be4bf9bbc2a1cb7e11e0",
    },
    { CRYPTODEV_ALGO_SHA3_256,
      "NIST example SHA3-256, 0 bits",
      .tag = "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a",
    },
    { CRYPTODEV_ALGO_SHA3_256,
      "NIST example SHA3-256, 1600 bits",
      .in = "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3",
      .tag = "79f38adec5c20307a98ef76e8324afbfd46cfd81b22e3973c65fa1bd9de31787",
    },
    { CRYPTODEV_ALGO_SHA3_384,
      "NIST example SHA3-384, 0 bits",
      .tag = "0c63a75b845e4f7d01107d852e4c2485c51a50aaaa94fc61995e71bbee983a2a"
             "c3713831264adb47fb6bd1e058d5f004",
    },
    { CRYPTODEV_ALGO_SHA3_384,
      "NIST example SHA3-384, 1600 bits",
      .in = "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3",
      .tag = "1881de2ca7e41ef95dc4732b8f5f002b189cc1e42b74168ed1732649ce1dbcdd"
             "76197a31fd55ee989f2d7050dd473e8f",
    },
    { CRYPTODEV_ALGO_SHA3_512,
      "NIST example SHA3-512, 0 bits",
      .tag = "a69f73cca23a9ac5c8b567dc185a756e97c982164fe25859e0d1dcc1475c80a6"
             "15b2123af1f5f94c11e3e9402c3ac558f500199d95b6d3e301758586281dcd26",
    },
    { CRYPTODEV_ALGO_SHA3_512,
      "NIST example SHA3-512, 1600 bits",
      .in = "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3",
      .tag = "e76dfad22084a8b1467fcf2ffa58361bec7628edf5f3fdc0e4805dc48caeeca8"
             "1b7c13c30adf52a3659584739a2df46be589c51ca1a4a8416df6545a1ce8ba00",
    },
    { CRYPTODEV_ALGO_SHAKE128,
      "NIST CAVP SHAKE128VariableOut 1116",
      .in = "a8ded9816defca8327c194a48a88ae4e",
      .tag = "ed7397b2215c6c412bf444b1b96fc55c531aef025c6dd13fb4ab53fcc20c9191"
             "7d82c8d6710a8d7b4c24d18b54150490e98ee01b4a4b9790d1878810a8392d3f"
             "a203b066327c0c67cace3a08c57d0d30b62ba43121d8d715637884f055c55ad6"
             "689692249885dce01c96979f1a2b309943e14abb0ba8e227bceb381667579e10"
             "694bd442b99064aa88501431",
    },
    { CRYPTODEV_ALGO_SHAKE128,
      "NIST example SHAKE128, 1600 bits, head of the output",
      .in = "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3",
      .tag = "131ab8d2b594946b9c81333f9bb6e0ce75c3b93104fa3469d3917457385da037"
             "cf232ef7164a6d1eb448c8908186ad852d3f85a5cf28da1ab6fe343817197846"
             "7f1c05d58c7ef38c284c41f6c2221a76f12ab1c04082660250802294fb871802"
             "13fdef5b0ecb7df50ca1f8555be14d32e10f6edcde892c09424b29f597afc270"
             "c904556bfcb47a7d40778d390923642b3cbd0579e60908d5a000c1d08b98ef93"
             "3f806445bf87f8b009ba9e94f7266122ed7ac24e5e266c42a82fa1bbefb7b8db"
             "0066e16a85e0493f07df4809aec084a593748ac3dde5a6d7aae1e8b6e5352b2d"
             "71efbb47d4caeed5e6d633805d2d323e6fd81b4684b93a2677d45e7421c2c6ae",
    },
    { CRYPTODEV_ALGO_SHAKE256,
      "NIST CAVP SHAKE256VariableOut 690",
      .in = "dc886df3f69c49513de3627e9481db5871e8ee88eb9f99611541930a8bc885e0",
      .tag = "00648afbc5e651649db1fd82936b00dbbc122fb4c877860d385c4950d56de7e0"
             "96d613d7a3f27ed8f26334b0ccc1407b41dccb23dfaa529818d1125cd5348092"
             "524366b85fabb97c6cd1e6066f459bcc566da87ec9b7ba36792d118ac39a4cce"
             "f6192bbf3a54af18e57b0c146101f6aeaa822bc4b4c9708b09f0b3bab41bcce9"
             "64d999d1107bd7c27af989eb",
    },
    { CRYPTODEV_ALGO_SHAKE256,
      "NIST example SHAKE256, 1600 bits, head of the output",
      .in = "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3"
            "a3a3a3a3a3a3a3a3",
      .tag = "cd8a920ed141aa0407a22d59288652e9d9f1a7ee0c1e7c1ca699424da84a904d"
             "2d700caae7396ece96604440577da4f3aa22aeb8857f961c4cd8e06f0ae6610b"
             "1048a7f64e1074cd629e85ad7566048efc4fb500b486a3309a8f26724c0ed628"
             "001a1099422468de726f1061d99eb9e93604d5aa7467d4b1bd6484582a384317"
             "d7f47d750b8f5499512bb85a226c4243556e696f6bd072c5aa2d9b69730244b5"
             "6853d16970ad817e213e470618178001c9fb56c54fefa5fee67d2da524bb3b0b"
             "61ef0e9114a92cdbb6cccb98615cfe76e3510dd88d1cc28ff99287512f24bfaf"
             "a1a76877b6f37198e3a641c68a7c42d45fa7acc10dae5f3cefb7b735f12d4e58",
    },
    { CRYPTODEV_ALGO_HMAC_MD5,
      "RFC 2202 section 2, test 2",
      .key = "4a656665",
      .in = "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
      .tag = "750c783e6ab0b503eaa86e310a5db738",
    },
    { CRYPTODEV_ALGO_HMAC_MD5,
      "RFC 2202 section 2, test 7",
      .key = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      .in = "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a"
            "65204b657920616e64204c6172676572205468616e204f6e6520426c6f636b2d"
            "53697a652044617461",
      .tag = "6f630fad67cda0ee1fb1f562db3aa53e",
    },
    { CRYPTODEV_ALGO_HMAC_SHA1,
      "RFC 2202 section 3, test 2",
      .key = "4a656665",
      .in = "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
      .tag = "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
    },
    { CRYPTODEV_ALGO_HMAC_SHA1,
      "RFC 2202 section 3, test 7",
      .key = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      .in = "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a"
            "65204b657920616e64204c6172676572205468616e204f6e6520426c6f636b2d"
            "53697a652044617461",
      .tag = "e8e99d0f45237d786d6bbaa7965c7808bbff1a91",
    },
    { CRYPTODEV_ALGO_HMAC_SHA_224,
      "RFC 4231 test case 2",
      .key = "4a656665",
      .in = "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
      .tag = "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44",
    },
    { CRYPTODEV_ALGO_HMAC_SHA_224,
      "RFC 4231 test case 7",
      .key = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
             "aaaaaa",
      .in = "5468697320697320612074657374207573696e672061206c6172676572207468"
            "616e20626c6f636b2d73697a65206b657920616e642061206c61726765722074"
            "68616e20626c6f636b2d73697a6520646174612e20546865206b6579206e6565"
            "647320746f20626520686173686564206265666f7265206265696e6720757365"
            "642062792074686520484d414320616c676f726974686d2e",
      .tag = "3a854166ac5d9f023f54d517d0b39dbd946770db9c2b95c9f6f565d1",
    },
    { CRYPTODEV_ALGO_HMAC_SHA_256,
      "RFC 4231 test case 2",
      .key = "4a656665",
      .in = "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
      .tag = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    },
    { CRYPTODEV_ALGO_HMAC_SHA_256,
      "RFC 4231 test case 7",
      .key = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
             "aaaaaa",
      .in = "5468697320697320612074657374207573696e672061206c6172676572207468"
            "616e20626c6f636b2d73697a65206b657920616e642061206c61726765722074"
            "68616e20626c6f636b2d73697a6520646174612e20546865206b6579206e6565"
            "647320746f20626520686173686564206265666f7265206265696e6720757365"
            "642062792074686520484d414320616c676f726974686d2e",
      .tag = "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
    },
    { CRYPTODEV_ALGO_HMAC_SHA_384,
      "RFC 4231 test case 2",
      .key = "4a656665",
      .in = "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
      .tag = "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
             "8e2240ca5e69e2c78b3239ecfab21649",
    },
    { CRYPTODEV_ALGO_HMAC_SHA_384,
      "RFC 4231 test case 7",
      .key = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
             "aaaaaa",
      .in = "5468697320697320612074657374207573696e672061206c6172676572207468"
            "616e20626c6f636b2d73697a65206b657920616e642061206c61726765722074"
            "68616e20626c6f636b2d73697a6520646174612e20546865206b6579206e6565"
            "647320746f20626520686173686564206265666f7265206265696e6720757365"
            "642062792074686520484d414320616c676f726974686d2e",
      .tag = "6617178e941f020d351e2f254e8fd32c602420feb0b8fb9adccebb82461e99c5"
             "a678cc31e799176d3860e6110c46523e",
    },
    { CRYPTODEV_ALGO_HMAC_SHA_512,
      "RFC 4231 test case 2",
      .key = "4a656665",
      .in = "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
      .tag = "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
             "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
    },
    { CRYPTODEV_ALGO_HMAC_SHA_512,
      "RFC 4231 test case 7",
      .key = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
             "aaaaaa",
      .in = "5468697320697320612074657374207573696e672061206c6172676572207468"
            "616e20626c6f636b2d73697a65206b657920616e642061206c61726765722074"
            "68616e20626c6f636b2d73697a6520646174612e20546865206b6579206e6565"
            "647320746f20626520686173686564206265666f7265206265696e6720757365"
            "642062792074686520484d414320616c676f726974686d2e",
      .tag = "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944"
             "b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58",
    },
    { CRYPTODEV_ALGO_CMAC_3DES,
      "NIST SP 800-38B, three-key TDEA, 0 bytes",
      .key = "8aa83bf8cbda10620bc1bf19fbb6cd58bc313d4a371ca8b5",
      .tag = "b7a688e122ffaf95",
    },
    { CRYPTODEV_ALGO_CMAC_3DES,
      "NIST SP 800-38B, three-key TDEA, 8 bytes",
      .key = "8aa83bf8cbda10620bc1bf19fbb6cd58bc313d4a371ca8b5",
      .in = "6bc1bee22e409f96",
      .tag = "8e8f293136283797",
    },
    { CRYPTODEV_ALGO_CMAC_3DES,
      "NIST SP 800-38B, three-key TDEA, 20 bytes",
      .key = "8aa83bf8cbda10620bc1bf19fbb6cd58bc313d4a371ca8b5",
      .in = "6bc1bee22e409f96e93d7e117393172aae2d8a57",
      .tag = "743ddbe0ce2dc2ed",
    },
    { CRYPTODEV_ALGO_CMAC_3DES,
      "NIST SP 800-38B, three-key TDEA, 32 bytes",
      .key = "8aa83bf8cbda10620bc1bf19fbb6cd58bc313d4a371ca8b5",
      .in = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51",
      .tag = "33e6b1092400eae5",
    },
    { CRYPTODEV_ALGO_CMAC_AES,
      "NIST SP 800-38B, AES-128, 0 bytes",
      .key = "2b7e151628aed2a6abf7158809cf4f3c",
      .tag = "bb1d6929e95937287fa37d129b756746",
    },
    { CRYPTODEV_ALGO_CMAC_AES,
      "NIST SP 800-38B, AES-128, 40 bytes",
      .key = "2b7e151628aed2a6abf7158809cf4f3c",
      .in = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
            "30c81c46a35ce411",
      .tag = "dfa66747de9ae63030ca32611497c827",
    },
    { CRYPTODEV_ALGO_CMAC_AES,
      "NIST SP 800-38B, AES-128, 64 bytes",
      .key = "2b7e151628aed2a6abf7158809cf4f3c",
      .in = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
            "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
      .tag = "51f0bebf7e3b9d92fc49741779363cfe",
    },
    { CRYPTODEV_ALGO_CMAC_AES,
      "NIST SP 800-38B, AES-192, 0 bytes",
      .key = "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
      .tag = "d17ddf46adaacde531cac483de7a9367",
    },
    { CRYPTODEV_ALGO_CMAC_AES,
      "NIST SP 800-38B, AES-192, 40 bytes",
      .key = "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
      .in = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
            "30c81c46a35ce411",
      .tag = "8a1de5be2eb31aad089a82e6ee908b0e",
    },
    { CRYPTODEV_ALGO_CMAC_AES,
      "NIST SP 800-38B, AES-256, 0 bytes",
      .key = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
      .tag = "028962f61b7bf89efc6b551f4667d983",
    },
    { CRYPTODEV_ALGO_CMAC_AES,
      "NIST SP 800-38B, AES-256, 40 bytes",
      .key = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
      .in = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
            "30c81c46a35ce411",
      .tag = "aaf3d8f1de5640c232f5b169b9c911e6",
    },
    { CRYPTODEV_ALGO_KASUMI_F9,
      "3GPP TS 35.203 f9 test set 1",
      .key = "2bd6459f82c5b300952c49104881ff48",
      .in = "38a6f05605d2ec496b227737296f393c8079353edc87e2e805d2ec49a4f2d8e2",
      .tag = "f63bd72c",
    },
    { CRYPTODEV_ALGO_KASUMI_F9,
      "3GPP TS 35.203 f9 test set 4",
      .key = "c736c6aab22bfff91e2698d2e22ad57e",
      .in = "14793e410397e8fdd0a7d463df9fb2b278833fa02e235aa172bd970c1473e129"
            "07fb648b6599aaa0b24a038665422b20a499276a50427009c000000000000000",
      .tag = "dd7dfadd",
    },
    { CRYPTODEV_ALGO_SNOW3G_UIA2,
      "3GPP TS 35.217 UIA2 test set 4",
      .key = "c736c6aab22bfff91e2698d2e22ad57e",
      .iv = "14793e410397e8fd94793e41039768fd",
      .in = "d0a7d463df9fb2b278833fa02e235aa172bd970c1473e12907fb648b6599aaa0"
            "b24a038665422b20a499276a50427009",
      .tag = "38b554c0",
    },
    { CRYPTODEV_ALGO_SNOW3G_UIA2,
      "3GPP TS 35.217 UIA2 test set 5",
      .key = "f4ebec69e73eaf2eb2cf6af4b3120ffd",
      .iv = "296f393c6b227737a96f393c6b22f737",
      .in = "10bfff839e0c71658dbb2d1707e145724f41c16f48bf403c3b18e38fd5d1663b"
            "6f6d900193e3cea8bb4f1b4f5be822032232a78d7d75238d5e6daecd3b4322cf"
            "59bc7ea84ab18811b5bfb7bc553f4fe44478ce287a14879990d18d12ca79d2c8"
            "55149021cd5ce8ca0371ca04fcce143e3d7cfee94585b5885cac46068b",
      .tag = "061745ae",
    },
    { CRYPTODEV_ALGO_GMAC_AES,
      "NIST CAVP gcmEncryptExtIV128, AAD of 160 bits, 0",
      .key = "2fb45e5b8f993a2bfebc4b15b533e0b4",
      .iv = "5b05755f984d2b90f94b8027",
      .in = "e85491b2202caf1d7dce03b97e09331c32473941",
      .tag = "c75b7832b2a2d9bd827412b6ef5769db",
    },
    { CRYPTODEV_ALGO_GMAC_AES,
      "NIST CAVP gcmEncryptExtIV192, AAD of 160 bits, 0",
      .key = "093ef7551ebbff8eb0c0a8a4a62b198f0c2e838de10eeeee",
      .iv = "e656e93930ed5210ba3f0322",
      .in = "3da22dacfd11b21b0a713157f60aec0cd22f1add",
      .tag = "1b2d2764573e20ae640bf29d48e5fe05",
    },
    { CRYPTODEV_ALGO_GMAC_AES,
      "NIST CAVP gcmEncryptExtIV256, AAD of 160 bits, 0",
      .key = "886cff5f3e6b8d0e1ad0a38fcdb26de97e8acbe79f6bed66959a598fa5047d65",
      .iv = "3a8efa1cd74bbab5448f9945",
      .in = "519fee519d25c7a304d6c6aa1897ee1eb8c59655",
      .tag = "f6d47505ec96c98a42dc3ae719877b87",
    },
    { CRYPTODEV_ALGO_GMAC_TWOFISH,
      "SP 800-38D over the Twofish of libtomcrypt, 128-bit key",
      .key = "000102030405060708090a0b0c0d0e0f",
      .iv = "202122232425262728292a2b",
      .in = "404142434445464748494a4b4c4d4e4f50515253",
      .tag = "deac7147d71e9696162d39aac2622a46",
    },
    { CRYPTODEV_ALGO_GMAC_TWOFISH,
      "SP 800-38D over the Twofish of libtomcrypt, 192-bit key",
      .key = "000102030405060708090a0b0c0d0e0f1011121314151617",
      .iv = "202122232425262728292a2b",
      .in = "404142434445464748494a4b4c4d4e4f50515253",
      .tag = "4b2e792f0a10b209ac20b67e1b6bb5e9",
    },
    { CRYPTODEV_ALGO_GMAC_TWOFISH,
      "SP 800-38D over the Twofish of libtomcrypt, 256-bit key",
      .key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
      .iv = "202122232425262728292a2b",
      .in = "404142434445464748494a4b4c4d4e4f50515253",
      .tag = "41231d1a2c3fd7ff479ca11e8c707e1c",
    },
    { CRYPTODEV_ALGO_CBCMAC_AES,
      "NIST SP 800-38A F.2.1, IV added to the first block",
      .key = "2b7e151628aed2a6abf7158809cf4f3c",
      .in = "6bc0bce12a459991e134741a7f9e1925ae2d8a571e03ac9c9eb76fac45af8e51"
            "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
      .tag = "3ff1caa1681fac09120eca307586e1a7",
    },
    { CRYPTODEV_ALGO_CBCMAC_AES,
      "NIST SP 800-38A F.2.3, IV added to the first block",
      .key = "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
      .in = "6bc0bce12a459991e134741a7f9e1925ae2d8a571e03ac9c9eb76fac45af8e51"
            "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
      .tag = "08b0e27988598881d920a9e64f5615cd",
    },
    { CRYPTODEV_ALGO_CBCMAC_AES,
      "NIST SP 800-38A F.2.5, IV added to the first block",
      .key = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
      .in = "6bc0bce12a459991e134741a7f9e1925ae2d8a571e03ac9c9eb76fac45af8e51"
            "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
      .tag = "b2eb05e2c39be9fcda6c19078c6a9d1b",
    },
    { CRYPTODEV_ALGO_CBCMAC_KASUMI_F9,
      "3GPP TS 35.203 f9 test set 1",
      .key = "2bd6459f82c5b300952c49104881ff48",
      .in = "38a6f05605d2ec496b227737296f393c8079353edc87e2e805d2ec49a4f2d8e2",
      .tag = "f63bd72c",
    },
    { CRYPTODEV_ALGO_CBCMAC_KASUMI_F9,
      "3GPP TS 35.203 f9 test set 4",
      .key = "c736c6aab22bfff91e2698d2e22ad57e",
      .in = "14793e410397e8fdd0a7d463df9fb2b278833fa02e235aa172bd970c1473e129"
            "07fb648b6599aaa0b24a038665422b20a499276a50427009c000000000000000",
      .tag = "dd7dfadd",
    },
    { CRYPTODEV_ALGO_XCBC_AES,
      "RFC 3566 section 4.6, test case 1",
      .key = "000102030405060708090a0b0c0d0e0f",
      .tag = "75f0251d528ac01c4573dfd584d79f29",
    },
    { CRYPTODEV_ALGO_XCBC_AES,
      "RFC 3566 section 4.6, test case 2",
      .key = "000102030405060708090a0b0c0d0e0f",
      .in = "000102",
      .tag = "5b376580ae2f19afe7219ceef172756f",
    },
    { CRYPTODEV_ALGO_XCBC_AES,
      "RFC 3566 section 4.6, test case 3",
      .key = "000102030405060708090a0b0c0d0e0f",
      .in = "000102030405060708090a0b0c0d0e0f",
      .tag = "d2a246fa349b68a79998a4394ff7a263",
    },
    { CRYPTODEV_ALGO_XCBC_AES,
      "RFC 3566 section 4.6, test case 4",
      .key = "000102030405060708090a0b0c0d0e0f",
      .in = "000102030405060708090a0b0c0d0e0f10111213",
      .tag = "47f51b4564966215b8985c63055ed308",
    },
    { CRYPTODEV_ALGO_XCBC_AES,
      "RFC 3566 section 4.6, test case 5",
      .key = "000102030405060708090a0b0c0d0e0f",
      .in = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
      .tag = "f54f0ec8d2b9f3d36807734bd5283fd4",
    },
    { CRYPTODEV_ALGO_XCBC_AES,
      "RFC 3566 section 4.6, test case 6",
      .key = "000102030405060708090a0b0c0d0e0f",
      .in = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
            "2021",
      .tag = "becbb3bccdb518a30677d5481fb6b4d8",
    },
    { CRYPTODEV_ALGO_ZUC_EIA3,
      "3GPP TS 35.223 EIA3 test set 2 with 96 bits",
      .key = "47054125561eb2dda94059da05097850",
      .iv = "561eb2dda0000000561eb2dda0000000",
      .in = "000000000000000000000000",
      .tag = "89a58b47",
    },
    { CRYPTODEV_ALGO_ZUC_EIA3,
      "3GPP TS 35.223 EIA3 test set 3 with 584 bits",
      .key = "c9e6cec4607c72db000aefa88385ab0a",
      .iv = "a94059da50000000294059da50008000",
      .in = "983b41d47d780c9e1ad11d7eb70391b1de0b35da2dc62f83e7b78d6306ca0ea0"
            "7e941b7be91348f9fcb170e2217fecd97f9f68adb16e5d7d21e569d280ed775c"
            "ebde3f4093c5388100",
      .tag = "24a842b3",
    },
    { CRYPTODEV_ALGO_AES_GCM,
      "McGrew and Viega, GCM, test case 4",
      .key = "feffe9928665731c6d6a8f9467308308",
      .iv = "cafebabefacedbaddecaf888",
      .aad = "feedfacedeadbeeffeedfacedeadbeefabaddad2",
      .in = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
            "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
      .out = "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
             "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
      .tag = "5bc94fbc3221a5db94fae95ae7121a47",
    },
    { CRYPTODEV_ALGO_AES_GCM,
      "McGrew and Viega, GCM, test case 10",
      .key = "feffe9928665731c6d6a8f9467308308feffe9928665731c",
      .iv = "cafebabefacedbaddecaf888",
      .aad = "feedfacedeadbeeffeedfacedeadbeefabaddad2",
      .in = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
            "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
      .out = "3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c"
             "7d773d00c144c525ac619d18c84a3f4718e2448b2fe324d9ccda2710",
      .tag = "2519498e80f1478f37ba55bd6d27618c",
    },
    { CRYPTODEV_ALGO_AES_GCM,
      "McGrew and Viega, GCM, test case 16",
      .key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
      .iv = "cafebabefacedbaddecaf888",
      .aad = "feedfacedeadbeeffeedfacedeadbeefabaddad2",
      .in = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
            "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
      .out = "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
             "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
      .tag = "76fc6ece0f4e1768cddf8853bb2d551b",
    },
    { CRYPTODEV_ALGO_AES_GCM,
      "McGrew and Viega, GCM, test case 6 from Y0 on",
      .key = "feffe9928665731c6d6a8f9467308308",
      .iv = "3bab75780a31c059f83d2a44752f9864",
      .aad = "feedfacedeadbeeffeedfacedeadbeefabaddad2",
      .in = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
            "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
      .out = "8ce24998625615b603a033aca13fb894be9112a5c3a211a8ba262a3cca7e2ca7"
             "01e4a9a4fba43c90ccdcb281d48c7c6fd62875d2aca417034c34aee5",
      .tag = "619cc5aefffe0bfa462af43c1699d050",
    },
    { CRYPTODEV_ALGO_AES_GCM,
      "McGrew and Viega, GCM, test case 12 from Y0 on",
      .key = "feffe9928665731c6d6a8f9467308308feffe9928665731c",
      .iv = "4505cdc367a054c5002820e96aebef27",
      .aad = "feedfacedeadbeeffeedfacedeadbeefabaddad2",
      .in = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
            "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
      .out = "d27e88681ce3243c4830165a8fdcf9ff1de9a1d8e6b447ef6ef7b79828666e45"
             "81e79012af34ddd9e2f037589b292db3e67c036745fa22e7e9b7373b",
      .tag = "dcf566ff291c25bbb8568fc3d376a6d9",
    },
    { CRYPTODEV_ALGO_AES_GCM,
      "McGrew and Viega, GCM, test case 18 from Y0 on",
      .key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
      .iv = "0cd953e2140a5976079f8e2406bc8eb4",
      .aad = "feedfacedeadbeeffeedfacedeadbeefabaddad2",
      .in = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
            "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
      .out = "5a8def2f0c9e53f1f75d7853659e2a20eeb2b22aafde6419a058ab4f6f746bf4"
             "0fc0c3b780f244452da3ebf1c5d82cdea2418997200ef82e44ae7e3f",
      .tag = "a44a8266ee1c8eb0c8b5d4cf5ae9f19a",
    },
    { CRYPTODEV_ALGO_AES_GCM,
      "McGrew and Viega, GCM, test case 1",
      .key = "00000000000000000000000000000000",
      .iv = "000000000000000000000000",
      .tag = "58e2fccefa7e3061367f1d57a4e7455a",
    },
    { CRYPTODEV_ALGO_AES_GCM,
      "NIST CAVP gcmEncryptExtIV128, tag of 96 bits, 0",
      .key = "71ab626ec43877507b8839d0459b9617",
      .iv = "3c510743b4d0eac01b11d277",
      .aad = "dd81936292cdd2fbe0dfad9df6a8ab3ae604b1b4",
      .in = "0a70bf6813a8a93c2a020fdb6b",
      .out = "b157ddb284c349e4e7210ba988",
      .tag = "ff3e52ce299484f4aa3981a4",
    },
    { CRYPTODEV_ALGO_AES_GCM,
      "SP 800-38D over the ECB of OpenSSL: the counter wraps",
      .key = "feffe9928665731c6d6a8f9467308308",
      .iv = "cafebabefacedbaddecaf888fffffffe",
      .aad = "feedfacedeadbeeffeedfacedeadbeefabaddad2",
      .in = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
            "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
      .out = "77ffd1ba63b141bafb2efb329c9c25ee99e5e06e603dd5c68efe1cb2cefc0677"
             "2e7b14dea92760f76273dc0cce1d013d2ad8c11273fe94965448534b",
      .tag = "e4787cb089fdd01f1ce6ab0e7a4eeaa6",
    },
    { CRYPTODEV_ALGO_AES_CCM,
      "NIST SP 800-38C example 1",
      .key = "404142434445464748494a4b4c4d4e4f",
      .iv = "10111213141516",
      .aad = "0001020304050607",
      .in = "20212223",
      .out = "7162015b",
      .tag = "4dac255d",
    },
    { CRYPTODEV_ALGO_AES_CCM,
      "NIST SP 800-38C example 2",
      .key = "404142434445464748494a4b4c4d4e4f",
      .iv = "1011121314151617",
      .aad = "000102030405060708090a0b0c0d0e0f",
      .in = "202122232425262728292a2b2c2d2e2f",
      .out = "d2a1f0e051ea5f62081a7792073d593d",
      .tag = "1fc64fbfaccd",
    },
    { CRYPTODEV_ALGO_AES_CCM,
      "NIST SP 800-38C example 3",
      .key = "404142434445464748494a4b4c4d4e4f",
      .iv = "101112131415161718191a1b",
      .aad = "000102030405060708090a0b0c0d0e0f10111213",
      .in = "202122232425262728292a2b2c2d2e2f3031323334353637",
      .out = "e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5",
      .tag = "484392fbc1b09951",
    },
    { CRYPTODEV_ALGO_AES_CCM,
      "NIST CAVP VNT192 60",
      .key = "36ad1e3fb630d1b1fbccfd685f44edd8984427b78deae7a9",
      .iv = "3af625df8be9d7685a842f260e",
      .aad = "308443033ecd4a814475672b814b7c6d813d0ec2a0caeecbcaba18a2840cdb6c",
      .in = "8b9db1c8f9b4892a5654c85467bcffa2e15e28392c938952",
      .out = "6bc6890fee299c712fb8d9df9c141f24ee1572b8f15112c2",
      .tag = "f8c99ccf2d82788cf613a61d60dae458",
    },
    { CRYPTODEV_ALGO_AES_CCM,
      "NIST CAVP VNT256 60",
      .key = "4a75ff2f66dae2935403cce27e829ad8be98185c73f8bc61d3ce950a83007e11",
      .iv = "46eb390b175e75da6193d7edb6",
      .aad = "282f05f734f249c0535ee396282218b7c4913c39b59ad2a03ffaf5b0e9b0f780",
      .in = "205f2a664a8512e18321a91c13ec13b9e6b633228c57cc1e",
      .out = "58f1584f761983bef4d0060746b5d5ee610ecfda31101a7f",
      .tag = "5460e9b7856d60a5ad9803c0762f8176",
    },
    { CRYPTODEV_ALGO_CHACHA20_POLY1305,
      "RFC 8439 section 2.8.2",
      .key = "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
      .iv = "070000004041424344454647",
      .aad = "50515253c0c1c2c3c4c5c6c7",
      .in = "4c616469657320616e642047656e746c656d656e206f662074686520636c6173"
            "73206f66202739393a204966204920636f756c64206f6666657220796f75206f"
            "6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73"
            "637265656e20776f756c642062652069742e",
      .out = "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
             "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
             "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
             "3ff4def08e4b7a9de576d26586cec64b6116",
      .tag = "1ae10b594f09e26a7e902ecbd0600691",
    },
    { },
};
