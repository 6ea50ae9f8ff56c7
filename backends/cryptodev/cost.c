/*
 * How long an operation takes, roughly
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "cost.h"
#include "der.h"

/* Overhead of each message, and of each of its pieces of memory */
#define MESSAGE_NS  300
#define PIECE_NS    30

static uint64_t bytes_cost(CryptoDevAlgo algo, uint64_t len)
{
    return algo == CRYPTODEV_ALGO_NONE ? 0 :
           len * cryptodev_algo_info(algo)->cost;
}

/* Upper limit of the number of pieces: counts those after the span as well. */
static uint64_t pieces(const CryptoDevSpan *span)
{
    return MIN(span->niov, span->len);
}

static uint64_t symmetric_cost(const CryptoDevOp *op)
{
    const CryptoDevSessionParams *p = &op->session->params;
    bool chain = p->chain != CRYPTODEV_CHAIN_NONE;
    uint64_t text = chain ? op->cipher_window.len : op->src.len;
    uint64_t msg = chain ? op->hash_window.len : op->src.len;

    return MESSAGE_NS +
           PIECE_NS * (pieces(&op->src) + pieces(&op->dst) + pieces(&op->aad)) +
           bytes_cost(p->cipher, text + (chain ? 0 : op->aad.len)) +
           bytes_cost(p->hash, msg + op->aad.len);
}

/**
 * RsaCost: cost of RSA up to a length of the modulus.  Measured with nettle on
 * a server processor of 2023, and rounded.
 *
 * @bits: length of the modulus
 * @private_us: a private operation with a short public exponent
 * @bit_ns: each bit of the exponent in a public operation
 */
typedef struct RsaCost {
    unsigned bits;
    unsigned private_us;
    unsigned bit_ns;
} RsaCost;

static const RsaCost rsa_costs[] = {
    {  512,    80,   150 },
    { 1024,   320,   350 },
    { 2048,  1600,  1300 },
    { 3072,  4500,  2900 },
    { 4096,  9000,  5000 },
    { 8192, 65000, 13000 },
};

/* A private operation also uses the public exponent, in constant time. */
#define RSA_BLINDING    10

/* Time to decode and check a key */
#define RSA_IMPORT_US   30

/* The properties of a key that determine the cost */
typedef struct RsaSize {
    size_t modulus_bits;
    size_t exponent_bits;
} RsaSize;

/* For an invalid key, which will be refused, the result can be anything. */
static RsaSize rsa_size(const CryptoDevSessionParams *p)
{
    CryptoDer der = { p->cipher_key, p->cipher_key_len };
    CryptoDer seq = { }, version, n = { }, e = { };

    if (crypto_der_take(&der, CRYPTO_DER_SEQUENCE, &seq) &&
        (!p->is_private || crypto_der_take_uint(&seq, &version)) &&
        crypto_der_take_rsa_number(&seq, &n)) {
        crypto_der_take_rsa_number(&seq, &e);
    }
    return (RsaSize) { 8 * n.len, 8 * e.len };
}

static uint64_t rsa_cost(const CryptoDevSessionParams *p,
                         CryptoDevOpcode opcode)
{
    RsaSize size = rsa_size(p);
    const RsaCost *c = rsa_costs;
    bool private = opcode == CRYPTODEV_SIGN || opcode == CRYPTODEV_DECRYPT;

    while (c < rsa_costs + ARRAY_SIZE(rsa_costs) - 1 &&
           c->bits < size.modulus_bits) {
        c++;
    }
    if (opcode == CRYPTODEV_IMPORT) {
        return RSA_IMPORT_US * SCALE_US;
    }
    return (private ? (uint64_t)c->private_us * SCALE_US : 0) +
           (private ? RSA_BLINDING : 1) * size.exponent_bits * c->bit_ns;
}

/* Microseconds, measured the same way; ECDSA does not encrypt or decrypt. */
static const unsigned ecdsa_us[][CRYPTODEV_OPCODE__MAX] = {
    [CRYPTODEV_CURVE_P192] = {
        [CRYPTODEV_IMPORT] = 20, [CRYPTODEV_SIGN] = 30,
        [CRYPTODEV_VERIFY] = 100,
    },
    [CRYPTODEV_CURVE_P224] = {
        [CRYPTODEV_IMPORT] = 40, [CRYPTODEV_SIGN] = 50,
        [CRYPTODEV_VERIFY] = 140,
    },
    [CRYPTODEV_CURVE_P256] = {
        [CRYPTODEV_IMPORT] = 40, [CRYPTODEV_SIGN] = 50,
        [CRYPTODEV_VERIFY] = 140,
    },
    [CRYPTODEV_CURVE_P384] = {
        [CRYPTODEV_IMPORT] = 90, [CRYPTODEV_SIGN] = 120,
        [CRYPTODEV_VERIFY] = 360,
    },
    [CRYPTODEV_CURVE_P521] = {
        [CRYPTODEV_IMPORT] = 170, [CRYPTODEV_SIGN] = 230,
        [CRYPTODEV_VERIFY] = 700,
    },
};

static uint64_t akcipher_cost(const CryptoDevSessionParams *p,
                              CryptoDevOpcode opcode)
{
    return p->cipher == CRYPTODEV_ALGO_ECDSA ?
           (uint64_t)ecdsa_us[p->curve][opcode] * SCALE_US :
           rsa_cost(p, opcode);
}

uint64_t crypto_op_cost(const CryptoDevOp *op)
{
    const CryptoDevSession *s = op->session;
    uint64_t cost;

    if (s->params.service != CRYPTODEV_SERVICE_AKCIPHER) {
        return symmetric_cost(op);
    }
    cost = akcipher_cost(&s->params, op->opcode);
    if (op->opcode != CRYPTODEV_IMPORT && s->needs_import) {
        cost += akcipher_cost(&s->params, CRYPTODEV_IMPORT);
    }
    return cost;
}
