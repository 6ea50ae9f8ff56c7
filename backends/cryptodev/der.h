/*
 * DER: the part that keys and signatures need
 *
 * Strict: lengths must be definite, and lengths and integers must have their
 * shortest form.  For anything else a function returns false and takes
 * nothing.  No function reads past the end.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_DER_H
#define BACKENDS_CRYPTODEV_DER_H

#define CRYPTO_DER_INTEGER          0x02
#define CRYPTO_DER_BIT_STRING       0x03
#define CRYPTO_DER_OCTET_STRING     0x04
#define CRYPTO_DER_OID              0x06
#define CRYPTO_DER_SEQUENCE         0x30
/* [n] with explicit tagging */
#define CRYPTO_DER_EXPLICIT(n)      (0xa0 + (n))

/* Bytes still to be read, or the content of an element. */
typedef struct CryptoDer {
    const uint8_t *data;
    size_t len;
} CryptoDer;

/* Take the next element, which must have the tag @tag. */
bool crypto_der_take(CryptoDer *der, uint8_t tag, CryptoDer *content);

/* Whether the next element has the tag @tag. */
bool crypto_der_next_is(const CryptoDer *der, uint8_t tag);

/**
 * crypto_der_take_uint: take an INTEGER that is not negative.
 *
 * @value: its bytes, most significant first, without leading zeros; none
 *     for 0
 */
bool crypto_der_take_uint(CryptoDer *der, CryptoDer *value);

/**
 * crypto_der_take_rsa_number: the same, but accept an INTEGER whose leading
 * zero octet is missing, so that it looks negative.  The self-tests of Linux
 * encode the modulus of a public key like this, and DPDK's driver encodes all
 * numbers of a key like this.
 */
bool crypto_der_take_rsa_number(CryptoDer *der, CryptoDer *value);

/**
 * crypto_der_put_uint: write an INTEGER.
 *
 * @out: has room for @len + 4 bytes
 * @value: @len bytes, less than 128, most significant first
 *
 * Returns: the bytes written
 */
size_t crypto_der_put_uint(uint8_t *out, const uint8_t *value, size_t len);

/**
 * crypto_der_put_header: write tag and length of an element.
 *
 * @out: has room for 3 bytes
 * @len: bytes of its content, less than 256
 *
 * Returns: the bytes written
 */
size_t crypto_der_put_header(uint8_t *out, uint8_t tag, size_t len);

#endif /* BACKENDS_CRYPTODEV_DER_H */
