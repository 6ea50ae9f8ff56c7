/*
 * Public-key operations of cryptodev-backend-builtin, and their self-test
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "akcipher.h"
#include "akcipher-vectors.h"
#include "selftest.h"
#include "wiped.h"
#include "system/cryptodev-util.h"

/* A private copy, which is not NULL even if it is empty. */
static uint8_t *copy_span(const CryptoDevSpan *span)
{
    uint8_t *buf = g_malloc(span->len + 1);

    iov_to_buf(span->iov, span->niov, span->offset, buf, span->len);
    return buf;
}

static void free_copy(uint8_t *buf, const CryptoDevSpan *span)
{
    cryptodev_wipe(buf, span->len);
    g_free(buf);
}

CryptoDevStatus crypto_akcipher_run(const CryptoDevOp *op,
                                    const CryptoProviderAkcipher *akcipher,
                                    const void *key, size_t *written)
{
    uint8_t result[CRYPTO_AKCIPHER_RESULT_MAX];
    bool verify = op->opcode == CRYPTODEV_VERIFY;
    uint8_t *src = copy_span(&op->src);
    uint8_t *data = verify ? copy_span(&op->dst) : NULL;
    CryptoProviderAkcipherRun run = {
        .opcode = op->opcode,
        .src = src, .src_len = op->src.len,
        .data = data, .data_len = verify ? op->dst.len : 0,
        .dst = result,
    };
    CryptoDevStatus status = akcipher->run(key, &run);

    if (status == CRYPTODEV_OK && !verify) {
        if (run.dst_len > op->dst.len) {
            status = CRYPTODEV_ERR;
        } else {
            iov_from_buf(op->dst.iov, op->dst.niov, op->dst.offset, result,
                         run.dst_len);
        }
    }
    *written = status == CRYPTODEV_OK ? run.dst_len : 0;
    cryptodev_wipe(result, sizeof(result));
    free_copy(src, &op->src);
    if (verify) {
        free_copy(data, &op->dst);
    }
    return status;
}

typedef struct KeyNewCall {
    CryptoKeyNewFn *fn;
    const CryptoDevSessionParams *params;
    void **key;
    CryptoDevStatus status;
} KeyNewCall;

static void do_key_new(void *opaque)
{
    KeyNewCall *c = opaque;

    c->status = c->fn(c->params, c->key);
}

CryptoDevStatus crypto_wiped_key_new(CryptoKeyNewFn *fn,
                                     const CryptoDevSessionParams *params,
                                     void **key)
{
    KeyNewCall c = { fn, params, key };

    crypto_wiped_call(do_key_new, &c);
    return c.status;
}

typedef struct RunCall {
    CryptoAkcipherFn *fn;
    const void *key;
    CryptoProviderAkcipherRun *run;
    CryptoDevStatus status;
} RunCall;

static void do_run(void *opaque)
{
    RunCall *c = opaque;

    c->status = c->fn(c->key, c->run);
}

CryptoDevStatus crypto_wiped_run(CryptoAkcipherFn *fn, const void *key,
                                 CryptoProviderAkcipherRun *run)
{
    RunCall c = { fn, key, run };

    crypto_wiped_call(do_run, &c);
    return c.status;
}

/* Self-test */

typedef struct TestBytes {
    uint8_t data[2048];
    size_t len;
} TestBytes;

static TestBytes unhex(const char *hex)
{
    TestBytes bytes = { };

    for (; *hex; hex += 2) {
        assert(bytes.len < sizeof(bytes.data));
        bytes.data[bytes.len++] =
            g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]);
    }
    return bytes;
}

static void *test_key(const CryptoProviderAkcipher *akcipher,
                      const CryptoDevAkcipherVector *v, const char *hex,
                      bool is_private)
{
    TestBytes bytes = unhex(hex);
    CryptoDevSessionParams params = {
        .service = CRYPTODEV_SERVICE_AKCIPHER,
        .cipher = v->algo,
        .hash = v->hash,
        .padding = v->padding,
        .curve = v->curve,
        .is_private = is_private,
        .cipher_key = bytes.data,
        .cipher_key_len = bytes.len,
    };
    void *key;

    return akcipher->key_new(&params, &key) == CRYPTODEV_OK ? key : NULL;
}

static CryptoDevStatus test_verify(const CryptoProviderAkcipher *akcipher,
                                   const void *key, const TestBytes *data,
                                   const TestBytes *signature)
{
    CryptoProviderAkcipherRun run = {
        .opcode = CRYPTODEV_VERIFY,
        .src = signature->data, .src_len = signature->len,
        .data = data->data, .data_len = data->len,
    };

    return akcipher->run(key, &run);
}

/*
 * The private key must make the known signature, or, if signing is random, one
 * that verifies.  A modified signature must not verify.
 */
static bool test_sign(const CryptoProviderAkcipher *akcipher,
                      const CryptoDevAkcipherVector *v, const void *key,
                      const TestBytes *data, const TestBytes *signature)
{
    TestBytes sig = { };
    CryptoProviderAkcipherRun run = {
        .opcode = CRYPTODEV_SIGN,
        .src = data->data, .src_len = data->len,
        .dst = sig.data,
    };

    QEMU_BUILD_BUG_ON(sizeof(sig.data) < CRYPTO_AKCIPHER_RESULT_MAX);
    if (akcipher->run(key, &run) != CRYPTODEV_OK) {
        return false;
    }
    sig.len = run.dst_len;
    if (v->is_deterministic &&
        (sig.len != signature->len ||
         !cryptodev_equal(sig.data, signature->data, sig.len))) {
        return false;
    }
    if (test_verify(akcipher, key, data, &sig) != CRYPTODEV_OK) {
        return false;
    }
    sig.data[sig.len - 1] ^= 1;
    return test_verify(akcipher, key, data, &sig) == CRYPTODEV_KEY_REJECTED;
}

static bool test_vector(const CryptoProviderAkcipher *akcipher,
                        const CryptoDevAkcipherVector *v)
{
    TestBytes data = unhex(v->data), signature = unhex(v->signature);
    void *key = test_key(akcipher, v, v->public_key, false);
    bool ok = key && test_verify(akcipher, key, &data, &signature) ==
                     CRYPTODEV_OK;

    if (key) {
        akcipher->key_free(key);
    }
    if (!ok || !v->private_key) {
        return ok;
    }
    key = test_key(akcipher, v, v->private_key, true);
    ok = key && test_sign(akcipher, v, key, &data, &signature);
    if (key) {
        akcipher->key_free(key);
    }
    return ok;
}

bool cryptodev_akcipher_selftest(const CryptoProviderAkcipher *akcipher)
{
    bool any = false;

    for (int i = 0; i < ARRAY_SIZE(cryptodev_akcipher_vectors); i++) {
        const CryptoDevAkcipherVector *v = &cryptodev_akcipher_vectors[i];

        if (v->algo != akcipher->algo) {
            continue;
        }
        if (!test_vector(akcipher, v)) {
            return false;
        }
        any = true;
    }
    return any;
}
