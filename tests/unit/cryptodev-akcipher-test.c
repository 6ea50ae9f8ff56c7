/*
 * Public-key operations for tests: buffers and keys
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "cryptodev-akcipher-test.h"
#include "backends/cryptodev/der.h"

Bytes bytes_new(const void *data, size_t len)
{
    Bytes b = { g_malloc(len ? len : 1), len };

    if (len) {
        memcpy(b.data, data, len);
    }
    return b;
}

Bytes bytes_unhex(const char *hex)
{
    size_t len = strlen(hex) / 2;
    Bytes b = { g_malloc(len ? len : 1), len };

    for (size_t i = 0; i < len; i++) {
        b.data[i] = g_ascii_xdigit_value(hex[2 * i]) << 4 |
                    g_ascii_xdigit_value(hex[2 * i + 1]);
    }
    return b;
}

Bytes bytes_random(size_t len)
{
    Bytes b = { g_malloc(len ? len : 1), len };

    for (size_t i = 0; i < len; i++) {
        b.data[i] = g_test_rand_int();
    }
    return b;
}

void bytes_free(Bytes *b)
{
    g_free(b->data);
    *b = (Bytes) { };
}

const CryptoProviderAkcipher *find_akcipher(CryptoDevAlgo algo)
{
    const CryptoProviderAkcipher *const *row =
        cryptodev_provider_nettle.akciphers;

    while ((*row)->algo != algo) {
        row++;
    }
    return *row;
}

CryptoDevSessionParams rsa_params(CryptoDevRsaPadding padding,
                                  CryptoDevAlgo hash, bool is_private)
{
    return (CryptoDevSessionParams) {
        .service = CRYPTODEV_SERVICE_AKCIPHER,
        .cipher = CRYPTODEV_ALGO_RSA,
        .hash = hash,
        .padding = padding,
        .is_private = is_private,
    };
}

CryptoDevSessionParams ec_params(CryptoDevCurve curve, bool is_private)
{
    return (CryptoDevSessionParams) {
        .service = CRYPTODEV_SERVICE_AKCIPHER,
        .cipher = CRYPTODEV_ALGO_ECDSA,
        .curve = curve,
        .is_private = is_private,
    };
}

CryptoDevStatus key_new(CryptoDevSessionParams params, const Bytes *encoded,
                        void **key)
{
    const CryptoProviderAkcipher *akcipher = find_akcipher(params.cipher);
    g_auto(Bytes) copy = bytes_new(encoded->data, encoded->len);
    CryptoDevStatus status;
    void *own = NULL;

    params.cipher_key = copy.data;
    params.cipher_key_len = copy.len;
    status = akcipher->key_new(&params, &own);
    if (key) {
        *key = own;
    } else if (status == CRYPTODEV_OK) {
        akcipher->key_free(own);
    }
    return status;
}

void *key_good(CryptoDevSessionParams params, const Bytes *encoded)
{
    void *key;

    g_assert_cmpint(key_new(params, encoded, &key), ==, CRYPTODEV_OK);
    return key;
}

CryptoDevStatus run_op(CryptoDevAlgo algo, const void *key,
                       CryptoDevOpcode opcode, const Bytes *src,
                       const Bytes *data, Bytes *result)
{
    g_auto(Bytes) src_copy = bytes_new(src->data, src->len);
    g_auto(Bytes) data_copy = bytes_new(data ? data->data : NULL,
                                        data ? data->len : 0);
    g_autofree uint8_t *dst = g_malloc(CRYPTO_AKCIPHER_RESULT_MAX);
    CryptoProviderAkcipherRun run = {
        .opcode = opcode,
        .src = src_copy.data, .src_len = src_copy.len,
        .data = data_copy.data, .data_len = data_copy.len,
        .dst = opcode == CRYPTODEV_VERIFY ? NULL : dst,
    };
    CryptoDevStatus status = find_akcipher(algo)->run(key, &run);

    g_assert_cmpmem(src_copy.data, src_copy.len, src->data, src->len);
    if (result) {
        *result = bytes_new(dst,
                            status == CRYPTODEV_OK ? run.dst_len : 0);
    }
    return status;
}

void for_each_mutation(const Bytes *good,
                       void (*check)(const Bytes *bad, void *opaque),
                       void *opaque)
{
    static const uint8_t flips[] = { 0x01, 0x80, 0xff };
    g_auto(Bytes) bad = bytes_new(good->data, good->len);
    g_auto(Bytes) longer = bytes_random(good->len + 1);

    for (size_t len = 0; len < good->len; len++) {
        g_auto(Bytes) cut = bytes_new(good->data, len);

        check(&cut, opaque);
        for (int i = 0; i < ARRAY_SIZE(flips); i++) {
            bad.data[len] ^= flips[i];
            check(&bad, opaque);
            bad.data[len] ^= flips[i];
        }
    }
    memcpy(longer.data, good->data, good->len);
    check(&longer, opaque);
}

void rsa_numbers_free(RsaNumbers *n)
{
    for (int i = 0; i < RSA_NUMBERS; i++) {
        bytes_free(&n->v[i]);
    }
}

static void put_element(GByteArray *out, uint8_t tag, bool sign_octet,
                        const uint8_t *data, size_t data_len)
{
    size_t len = data_len + sign_octet, n = 0;
    uint8_t head[5];

    head[n++] = tag;
    if (len >= 0x80) {
        head[n++] = len < 0x100 ? 0x81 : 0x82;
    }
    if (len >= 0x100) {
        head[n++] = len >> 8;
    }
    head[n++] = len;
    if (sign_octet) {
        head[n++] = 0;
    }
    g_byte_array_append(out, head, n);
    g_byte_array_append(out, data, data_len);
}

Bytes rsa_encode(const RsaNumbers *n, int first, int last, bool sign_octets)
{
    g_autoptr(GByteArray) body = g_byte_array_new(), out = g_byte_array_new();

    for (int i = first; i <= last; i++) {
        const Bytes *v = &n->v[i];

        put_element(body, CRYPTO_DER_INTEGER,
                    !v->len || (sign_octets && v->data[0] >= 0x80),
                    v->data, v->len);
    }
    put_element(out, CRYPTO_DER_SEQUENCE, false, body->data, body->len);
    return bytes_new(out->data, out->len);
}
