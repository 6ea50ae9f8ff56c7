/*
 * DER (ITU-T X.690): the part that keys and signatures need
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "der.h"

/* Content of more than 64 KiB is refused: no key is that long. */
#define DER_LENGTH_OCTETS_MAX 2

static uint8_t der_byte(CryptoDer *der)
{
    der->len--;
    return *der->data++;
}

/* Take the length of an element, in the shortest form. */
static bool der_take_length(CryptoDer *der, size_t *len)
{
    unsigned octets;

    if (!der->len) {
        return false;
    }
    *len = der_byte(der);
    if (*len < 0x80) {
        return true;
    }
    octets = *len - 0x80;
    if (!octets || octets > DER_LENGTH_OCTETS_MAX || octets > der->len) {
        return false;
    }
    *len = 0;
    for (unsigned i = 0; i < octets; i++) {
        *len = *len << 8 | der_byte(der);
    }
    return *len >= (octets == 1 ? 0x80 : 0x100);
}

bool crypto_der_take(CryptoDer *der, uint8_t tag, CryptoDer *content)
{
    CryptoDer rest = *der;
    size_t len;

    if (!rest.len || der_byte(&rest) != tag || !der_take_length(&rest, &len) ||
        len > rest.len) {
        return false;
    }
    *content = (CryptoDer) { rest.data, len };
    *der = (CryptoDer) { rest.data + len, rest.len - len };
    return true;
}

bool crypto_der_next_is(const CryptoDer *der, uint8_t tag)
{
    return der->len && der->data[0] == tag;
}

static bool der_take_integer(CryptoDer *der, uint8_t first_max,
                             CryptoDer *value)
{
    CryptoDer rest = *der, content;

    if (!crypto_der_take(&rest, CRYPTO_DER_INTEGER, &content) ||
        !content.len || content.data[0] > first_max) {
        return false;
    }
    if (!content.data[0]) {
        der_byte(&content);
        if (content.len && content.data[0] < 0x80) {
            return false;               /* not the shortest form */
        }
    }
    *der = rest;
    *value = content;
    return true;
}

bool crypto_der_take_uint(CryptoDer *der, CryptoDer *value)
{
    return der_take_integer(der, 0x7f, value);
}

bool crypto_der_take_rsa_number(CryptoDer *der, CryptoDer *value)
{
    return der_take_integer(der, 0xff, value);
}

size_t crypto_der_put_header(uint8_t *out, uint8_t tag, size_t len)
{
    size_t n = 0;

    assert(len < 0x100);
    out[n++] = tag;
    if (len >= 0x80) {
        out[n++] = 0x81;
    }
    out[n++] = len;
    return n;
}

size_t crypto_der_put_uint(uint8_t *out, const uint8_t *value, size_t len)
{
    bool sign_octet;
    size_t n;

    while (len && !value[0]) {
        value++;
        len--;
    }
    sign_octet = !len || value[0] >= 0x80;
    n = crypto_der_put_header(out, CRYPTO_DER_INTEGER, len + sign_octet);
    if (sign_octet) {
        out[n++] = 0;
    }
    memcpy(out + n, value, len);
    return n + len;
}
