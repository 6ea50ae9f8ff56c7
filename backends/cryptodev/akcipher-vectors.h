/*
 * Known answers of the public-key algorithms
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_AKCIPHER_VECTORS_H
#define BACKENDS_CRYPTODEV_AKCIPHER_VECTORS_H

#include "system/cryptodev.h"

/**
 * CryptoDevAkcipherVector: a signature, all bytes in hexadecimal
 *
 * @source: the document that it is printed in
 * @private_key, @public_key: as in a session, NULL = not used
 * @data: the digest that is signed
 * @is_deterministic: signing always gives this signature
 */
typedef struct CryptoDevAkcipherVector {
    CryptoDevAlgo algo;
    const char *source;
    CryptoDevRsaPadding padding;
    CryptoDevAlgo hash;
    CryptoDevCurve curve;
    const char *private_key;
    const char *public_key;
    const char *data;
    const char *signature;
    bool is_deterministic;
} CryptoDevAkcipherVector;

static const CryptoDevAkcipherVector cryptodev_akcipher_vectors[] = {
    { CRYPTODEV_ALGO_RSA,
      "RFC 7515 appendix A.2",
      .padding = CRYPTODEV_RSA_PKCS1,
      .hash = CRYPTODEV_ALGO_SHA_256,
      .private_key =
          "308204a30201000282010100a1f8160ae2e3c9b465ce8d2d656263362b927dbe29"
          "e1f02477fc1625cc90a136e38bd93497c5b6ea63dd7711e67c7429f956b0fb8a8f"
          "089adc4b69893cc1333f53edd019b87784252fec914fe4857769594bea4280d32c"
          "0f55bf62944f130396bc6e9bdf6ebdd2bda3678eeca0c668f701b38dbffb38c834"
          "2ce2fe6d27fade4a5a4874979dd4b9cf9adec4c75b05852c2c0f5ef8a5c1750392"
          "f944e8ed64c110c6b647609aa4783aeb9c6c9ad755313050638b83665c6f6f7a82"
          "a396702a1f641b82d3ebf2392219491fb686872c5716f50af8358d9a8b9d17c340"
          "728f7f87d89a18d8fcab67ad84590c2ecf759339363c07034d6f606f9e21e05456"
          "cae5e9a102030100010282010012ae71a469cd0a2bc37e526c4500571f1d61751d"
          "64e949707b62590f9d0ba57c963c401e3fcf2f2cd3bdec88e503bfc6439b0b28c8"
          "2f7d3797671f5213eed8c15a25d8d5cea0025ee3ab2e8b7f79216fc63bea562753"
          "b40644c6a15127d9b2954540a0bbe1a30556982d4e9fde5f6425f14d4b713441b5"
          "5dc73b9b4aedcc92ace3927e37f57d0cfd5e7581fa512c8f4961a9eb0b80f8a807"
          "46728a55ff46471f3425063b9d53642f5ede1e84d613081afa5c22d051285bd63b"
          "943b565d898a05685413e53c3c6c6525ff1fe34e3ddc70f0d56450fda48ba12e10"
          "4e9deb9fb81881e1c4bdf25d9247f450c865927968e77334f4414f75a750e13954"
          "6e3a8a739d02818100e01cc410eb48a6655d54464d0aa4bb6da0b872b774a6a9d1"
          "1ffe480778f0ddb7311a7e902ef9c4b5f75476262ba8176cb35979f014372a1a28"
          "29e4136bd001d07c3f3f2e4f25d4c934f63c7109fba2e67628a0dc9a73c6058e6d"
          "ef22dcd50950e711ddc16d5586f2a7fa75ea8494c18083e0b65742f8a0d5e73fb2"
          "d970f0194702818100b903c47e0995b632f4532cb1f3c199145d5f3ae9c7dfeedc"
          "7a92a6b47e29c61b42a07aa95a64fc600999c5a7b01e01c08cb62ca756527bbcc5"
          "6078fb0baba5ed38de2d07990ff6300faeadeb6c039a97bf1e507e4e7040fa78db"
          "8257c8b112ed5e59c3cd092fe5d4e5b51275d41281072a5e785ebaf3dae3709203"
          "133f5159d702818007029f577024ab9fcc1590c56429d6fb0ce5f820a8f375a866"
          "f9cb430093783bfcbb396e4529e6ef52374022dd86ba84d9ef58931beec5d05fa5"
          "3fcf23b633f8538a9eed51e87b097830a39f5d92937be6024b55db36f7e0c09dcb"
          "b72975387f615afbb6cb36bbabe7793c2b03ceab66dbb931baf50b55ec9af9311d"
          "001d628d0281810087ff7afa62b547fee0961b2e9bcd5d6718d39d8ca73db6691f"
          "38998de78771762c5da68cc243a5383b166bb23dc570e84706ca801ef5f6bae623"
          "6a0aafa3770e8f54d1a8da1c5f8d2899f082331ddb0f5c8f3dfffa4c8d97102bda"
          "fe082a118da6633988880e4b55599ce67af26ebfa5b2c14a9de7b2c4dd96abddd2"
          "d2224c7502818021877b0c73a1ad6bf19303d0b11336b4e82b8db72b7efb50262a"
          "5df8395cc7256eb8cf6c40b7608d5936a32dba174126a527062ead8ca305fb7e17"
          "7f409437c9dcb9718ed82018bcef0f7720a2c475f9db26da0e3cb516d084eb2517"
          "8e828d5cabd49bb3161ac0181fa7f821e80e7ad37936f9943054ad092921ee2c59"
          "2e4375",
      .public_key =
          "3082010a0282010100a1f8160ae2e3c9b465ce8d2d656263362b927dbe29e1f024"
          "77fc1625cc90a136e38bd93497c5b6ea63dd7711e67c7429f956b0fb8a8f089adc"
          "4b69893cc1333f53edd019b87784252fec914fe4857769594bea4280d32c0f55bf"
          "62944f130396bc6e9bdf6ebdd2bda3678eeca0c668f701b38dbffb38c8342ce2fe"
          "6d27fade4a5a4874979dd4b9cf9adec4c75b05852c2c0f5ef8a5c1750392f944e8"
          "ed64c110c6b647609aa4783aeb9c6c9ad755313050638b83665c6f6f7a82a39670"
          "2a1f641b82d3ebf2392219491fb686872c5716f50af8358d9a8b9d17c340728f7f"
          "87d89a18d8fcab67ad84590c2ecf759339363c07034d6f606f9e21e05456cae5e9"
          "a10203010001",
      .data =
          "c88a34847b4ffb12a9326e540f144b3dcc4d5515f18701e7d6e0ee7866c9c705",
      .signature =
          "702e218943e88fd11eb5d82dbf7845f34106ae1b81fff7731116add1717d83656d"
          "420afd3c96eedd73a2663e5166687b000b87226e0187ed1073f945e582adfcef16"
          "d85a798ee8c66ddb3db8975b17d09402beedd5d9d97007108db28160d5f8040ca7"
          "445762b81fbe7ff9d92e0ae76f24f25b33bbe6f44ae61eb1040acb20044d3ef912"
          "8ed40130795bd4bd3b41eecad066ab651981fde48df77f372dc38b9fafdd3befb1"
          "8b5da3cc3c2eb02f9e3a41d612caad15911273a05f23b9e838faaf849d698429ef"
          "5a1e88798236c3d40e604522a544c8f27a7a2db80663d16cf7caea56de405cb221"
          "5a45b2c25566b55ac1a748a070dfc8a32a469543d019eefb47",
      .is_deterministic = true,
    },
    { CRYPTODEV_ALGO_ECDSA,
      "RFC 6979 appendix A.2.3, SHA-256, \"sample\"",
      .curve = CRYPTODEV_CURVE_P192,
      .public_key =
          "04ac2c77f529f91689fea0ea5efec7f210d8eea0b9e047ed563bc723e57670bd48"
          "87ebc732c523063d0a7c957bc97c1c43",
      .data =
          "af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf",
      .signature =
          "303502184b0b8ce98a92866a2820e20aa6b75b56382e0f9bfd5ecb55021900ccdb"
          "006926ea9565cbadc840829d8c384e06de1f1e381b85",
    },
    { CRYPTODEV_ALGO_ECDSA,
      "RFC 6979 appendix A.2.4, SHA-256, \"sample\"",
      .curve = CRYPTODEV_CURVE_P224,
      .public_key =
          "0400cf08da5ad719e42707fa431292dea11244d64fc51610d94b130d6ceeab6f3d"
          "ebe455e3dbf85416f7030cbd94f34f2d6f232c69f3c1385a",
      .data =
          "af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf",
      .signature =
          "303d021c61aa3da010e8e8406c656bc477a7a7189895e7e840cdfe8ff42307ba02"
          "1d00bc814050dab5d23770879494f9e0a680dc1af7161991bde692b10101",
    },
    { CRYPTODEV_ALGO_ECDSA,
      "RFC 6979 appendix A.2.5, SHA-256, \"sample\"",
      .curve = CRYPTODEV_CURVE_P256,
      .private_key =
          "30250201010420c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a"
          "622b120f6721",
      .public_key =
          "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
          "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
      .data =
          "af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf",
      .signature =
          "3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea8"
          "4eaf3716022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4"
          "ab2f843acda8",
    },
    { CRYPTODEV_ALGO_ECDSA,
      "RFC 6979 appendix A.2.6, SHA-256, \"sample\"",
      .curve = CRYPTODEV_CURVE_P384,
      .public_key =
          "04ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64"
          "def8f0ea9055866064a254515480bc138015d9b72d7d57244ea8ef9ac0c6218967"
          "08a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720",
      .data =
          "af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf",
      .signature =
          "3065023021b13d1e013c7fa1392d03c5f99af8b30c570c6f98d4ea8e354b63a21d"
          "3daa33bde1e888e63355d92fa2b3c36d8fb2cd023100f3aa443fb107745bf4bd77"
          "cb3891674632068a10ca67e3d45db2266fa7d1feebefdc63eccd1ac42ec0cb8668"
          "a4fa0ab0",
    },
    { CRYPTODEV_ALGO_ECDSA,
      "RFC 6979 appendix A.2.7, SHA-256, \"sample\"",
      .curve = CRYPTODEV_CURVE_P521,
      .public_key =
          "0401894550d0785932e00eaa23b694f213f8c3121f86dc97a04e5a7167db4e5bcd"
          "371123d46e45db6b5d5370a7f20fb633155d38ffa16d2bd761dcac474b9a2f5023"
          "a400493101c962cd4d2fddf782285e64584139c2f91b47f87ff82354d6630f746a"
          "28a0db25741b5b34a828008b22acc23f924faafbd4d33f81ea66956dfeaa2bfdfc"
          "f5",
      .data =
          "af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf",
      .signature =
          "308187024201511bb4d675114fe266fc4372b87682baecc01d3cc62cf2303c92b3"
          "526012659d16876e25c7c1e57648f23b73564d67f61c6f14d527d54972810421e7"
          "d87589e1a702414a171143a83163d6df460aaf61522695f207a58b95c0644d87e5"
          "2aa1a347916e4f7a72930b1bc06dbe22ce3f58264afd23704cbb63b29b931f7de6"
          "c9d949a7ecfc",
    },
};

#endif /* BACKENDS_CRYPTODEV_AKCIPHER_VECTORS_H */
