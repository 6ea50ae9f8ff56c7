/*
 * virtio-crypto: sessions in a migration stream
 *
 * A session is saved as its parameters and keys, as the driver gave them; the
 * destination creates it again.  Algorithms have the numbers of the virtio
 * specification.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "migration/qemu-file-types.h"
#include "virtio-crypto-migration.h"

/* The numbers of a session; its keys follow them. */
enum {
    ID,
    SERVICE,
    OPCODE,                     /* 0 for AKCIPHER */
    CHAIN,
    CIPHER,                     /* number in SERVICE, 0: none */
    HASH_SERVICE,
    HASH,                       /* number in HASH_SERVICE, 0: none */
    DIGEST_LEN,
    AAD_LEN,
    IS_PRIVATE,
    PADDING,
    CURVE,
    CIPHER_KEY_LEN,
    AUTH_KEY_LEN,
    FIELDS,
};

static const VirtIOCryptoStreamField session_fields[FIELDS] = {
    [ID] = { "session id", 8, 0, UINT64_MAX },
    [SERVICE] = { "service", 1, 0, CRYPTODEV_SERVICE__MAX - 1 },
    [OPCODE] = { "direction", 1, 0, CRYPTODEV_DIGEST },
    [CHAIN] = { "chain order", 1, 0, CRYPTODEV_CHAIN_CIPHER_THEN_HASH },
    [CIPHER] = { "cipher", 4, 0, 63 },
    [HASH_SERVICE] = { "service of the hash", 1, 0, CRYPTODEV_SERVICE_MAC },
    [HASH] = { "hash", 4, 0, 63 },
    [DIGEST_LEN] = { "digest length", 4, 0, CRYPTODEV_DIGEST_MAX },
    [AAD_LEN] = { "length of additional data", 4, 0, UINT32_MAX },
    [IS_PRIVATE] = { "key type", 1, 0, 1 },
    [PADDING] = { "padding", 1, 0, CRYPTODEV_RSA_PKCS1 },
    [CURVE] = { "curve", 1, 0, CRYPTODEV_CURVE_P521 },
    [CIPHER_KEY_LEN] = { "key length", 4, 0, CRYPTODEV_AKCIPHER_KEY_MAX },
    [AUTH_KEY_LEN] = { "length of the authentication key", 4, 0,
                       CRYPTODEV_AUTH_KEY_MAX },
};

static const VirtIOCryptoStreamField count_field = {
    "number of sessions", 4, 1, VIRTIO_CRYPTO_SESSIONS_MAX
};

/* Out */

static uint32_t algo_number(CryptoDevAlgo algo)
{
    return algo == CRYPTODEV_ALGO_NONE ? 0 : cryptodev_algo_info(algo)->number;
}

static void put_session(QEMUFile *f, const CryptoDevSession *session)
{
    const CryptoDevSessionParams *p = &session->params;
    bool ak = p->service == CRYPTODEV_SERVICE_AKCIPHER;
    uint64_t v[FIELDS] = {
        [ID] = session->id,
        [SERVICE] = p->service,
        [OPCODE] = ak ? 0 : p->opcode,
        [CHAIN] = p->chain,
        [CIPHER] = algo_number(p->cipher),
        [HASH_SERVICE] = p->hash == CRYPTODEV_ALGO_NONE ? 0 :
                         cryptodev_algo_info(p->hash)->service,
        [HASH] = algo_number(p->hash),
        [DIGEST_LEN] = p->digest_len,
        [AAD_LEN] = p->aad_len,
        [IS_PRIVATE] = p->is_private,
        [PADDING] = p->padding,
        [CURVE] = p->curve,
        [CIPHER_KEY_LEN] = p->cipher_key_len,
        [AUTH_KEY_LEN] = p->auth_key_len,
    };

    virtio_crypto_stream_put(f, session_fields, FIELDS, v);
    qemu_put_buffer(f, p->cipher_key, p->cipher_key_len);
    qemu_put_buffer(f, p->auth_key, p->auth_key_len);
}

static int put_sessions(QEMUFile *f, void *opaque, size_t size,
                        const VMStateField *field, JSONWriter *vmdesc)
{
    const VirtIOCryptoSessions *t = ((VirtIOCrypto *)opaque)->sessions;
    uint64_t count = t->max - t->num_free;

    virtio_crypto_stream_put(f, &count_field, 1, &count);
    for (uint32_t slot = 0; slot < t->max; slot++) {
        if (t->slots[slot]) {
            put_session(f, t->slots[slot]);
        }
    }
    return 0;
}

/* In */

/* Find an algorithm, which must be 0 unless @wanted. */
static bool find_algo(uint64_t service, uint64_t number, bool wanted,
                      CryptoDevAlgo *algo)
{
    *algo = number ? cryptodev_algo_find(service, number) :
                     CRYPTODEV_ALGO_NONE;
    return wanted ? *algo != CRYPTODEV_ALGO_NONE : !number;
}

/* False for parameters that no parser would make from a request */
static bool params_make_sense(const CryptoDevSessionParams *p,
                              const uint64_t *v)
{
    bool digest = p->service == CRYPTODEV_SERVICE_HASH ||
                  p->service == CRYPTODEV_SERVICE_MAC;
    bool ak = p->service == CRYPTODEV_SERVICE_AKCIPHER;

    return (p->opcode == CRYPTODEV_DIGEST) == digest && !(ak && p->opcode) &&
           (p->chain == CRYPTODEV_CHAIN_NONE ||
            p->service == CRYPTODEV_SERVICE_CIPHER) &&
           (!digest || v[HASH_SERVICE] == v[SERVICE]) &&
           (!ak || v[HASH_SERVICE] != CRYPTODEV_SERVICE_MAC) &&
           (ak || !(p->is_private || p->padding || p->curve)) &&
           (ak || p->cipher_key_len <= CRYPTODEV_CIPHER_KEY_MAX) &&
           !(digest && p->cipher_key_len) &&
           !(p->hash == CRYPTODEV_ALGO_NONE && p->auth_key_len) &&
           !(ak && p->auth_key_len);
}

static int params_from_stream(const uint64_t *v, VirtIOCryptoSessionSpec *spec)
{
    CryptoDevSessionParams *p = &spec->params;
    bool digest = v[SERVICE] == CRYPTODEV_SERVICE_HASH ||
                  v[SERVICE] == CRYPTODEV_SERVICE_MAC;
    bool ak = v[SERVICE] == CRYPTODEV_SERVICE_AKCIPHER;

    *p = (CryptoDevSessionParams) {
        .service = v[SERVICE],
        .opcode = v[OPCODE],
        .chain = v[CHAIN],
        .cipher_key = spec->keys,
        .auth_key = spec->keys + CRYPTODEV_CIPHER_KEY_MAX,
        .cipher_key_len = v[CIPHER_KEY_LEN],
        .auth_key_len = v[AUTH_KEY_LEN],
        .digest_len = v[DIGEST_LEN],
        .aad_len = v[AAD_LEN],
        .is_private = v[IS_PRIVATE],
        .padding = v[PADDING],
        .curve = v[CURVE],
    };
    if (!find_algo(v[SERVICE], v[CIPHER], !digest, &p->cipher) ||
        !find_algo(v[HASH_SERVICE], v[HASH],
                   digest || v[CHAIN] || (ak && v[HASH]), &p->hash) ||
        (v[HASH] ? !v[HASH_SERVICE] : v[HASH_SERVICE]) ||
        !params_make_sense(p, v)) {
        return virtio_crypto_stream_corrupt("session 0x%" PRIx64 " is none of "
                                            "any service", v[ID]);
    }
    return 0;
}

static int get_keys(QEMUFile *f, VirtIOCryptoSessionSpec *spec)
{
    const CryptoDevSessionParams *p = &spec->params;
    int ret;

    qemu_get_buffer(f, (uint8_t *)p->cipher_key, p->cipher_key_len);
    qemu_get_buffer(f, (uint8_t *)p->auth_key, p->auth_key_len);
    ret = qemu_file_get_error(f);
    if (ret) {
        error_report("virtio-crypto: the stream ends in a key");
    }
    return ret;
}

static int check_id(const VirtIOCrypto *vcrypto, uint64_t id)
{
    const VirtIOCryptoSessions *t = vcrypto->sessions;
    uint32_t slot = virtio_crypto_session_slot(id);

    if (t->slot_of) {
        /* the backend's, which knows better */
        return 0;
    }
    if (!virtio_crypto_session_generation(id)) {
        return virtio_crypto_stream_corrupt("%s is 0x%" PRIx64,
                                            session_fields[ID].name, id);
    }
    if (virtio_crypto_session_generation(id) > t->generation) {
        return virtio_crypto_stream_corrupt("session 0x%" PRIx64 " is not "
                                            "made yet", id);
    }
    if (slot >= t->max) {
        error_report("virtio-crypto: max-sessions=%u is too small for session "
                     "0x%" PRIx64 ", the source has at least %u", t->max, id,
                     slot + 1);
        return -EINVAL;
    }
    if (t->slots[slot]) {
        return virtio_crypto_stream_corrupt("session 0x%" PRIx64 " is in the "
                                            "place of 0x%" PRIx64, id,
                                            t->slots[slot]->id);
    }
    return 0;
}

static int report_refusal(const VirtIOCrypto *vcrypto, uint64_t id,
                          const CryptoDevSessionParams *p,
                          CryptoDevStatus status)
{
    const char *backend = cryptodev_backend_id(vcrypto->conf.cryptodev);
    CryptoDevAlgo algo = p->cipher != CRYPTODEV_ALGO_NONE ? p->cipher : p->hash;
    bool both = algo != p->hash && p->hash != CRYPTODEV_ALGO_NONE;
    g_autofree char *name =
        g_strdup_printf("%s%s%s", cryptodev_algo_name(algo),
                        both ? " with " : "",
                        both ? cryptodev_algo_name(p->hash) : "");

    if (status == CRYPTODEV_NOTSUPP) {
        error_report("virtio-crypto: session 0x%" PRIx64 " uses %s, which "
                     "cryptodev '%s' here does not have; give both sides the "
                     "same crypto libraries, or limit both with 'algos='", id,
                     name, backend);
    } else {
        error_report("virtio-crypto: session 0x%" PRIx64 ": cryptodev '%s' "
                     "here refuses the %s key of %u bytes", id, backend, name,
                     p->cipher_key_len + p->auth_key_len);
    }
    return -EINVAL;
}

/*
 * A key whose check takes long is checked at its first use.  The source has
 * checked it already, so it can fail here only if the libraries differ;
 * requests then end with the status of the check.
 */
static int get_session(QEMUFile *f, VirtIOCrypto *vcrypto,
                       VirtIOCryptoSessionSpec *spec)
{
    uint64_t v[FIELDS];
    CryptoDevSession *session;
    CryptoDevStatus status;
    int ret = virtio_crypto_stream_get(f, session_fields, FIELDS, v);

    ret = ret ?: check_id(vcrypto, v[ID]) ?: params_from_stream(v, spec);
    if (ret) {
        return ret;
    }
    ret = get_keys(f, spec);
    if (!ret) {
        status = cryptodev_session_renew(vcrypto->conf.cryptodev,
                                         &spec->params, v[ID], &session);
        if (status == CRYPTODEV_OK) {
            virtio_crypto_sessions_add_at(vcrypto->sessions, session, v[ID]);
        } else {
            ret = report_refusal(vcrypto, v[ID], &spec->params, status);
        }
    }
    virtio_crypto_spec_wipe(spec);
    return ret;
}

static int get_sessions(QEMUFile *f, void *opaque, size_t size,
                        const VMStateField *field)
{
    VirtIOCrypto *vcrypto = opaque;
    VirtIOCryptoSessions *t = vcrypto->sessions;
    g_autofree VirtIOCryptoSessionSpec *spec = NULL;
    uint64_t count;
    int ret = virtio_crypto_stream_get(f, &count_field, 1, &count);

    if (ret) {
        return ret;
    }
    if (count > t->max) {
        error_report("virtio-crypto: max-sessions=%u is too small, the source "
                     "has %" PRIu64 " sessions", t->max, count);
        return -EINVAL;
    }
    spec = g_new(VirtIOCryptoSessionSpec, 1);
    while (!ret && count--) {
        ret = get_session(f, vcrypto, spec);
    }
    virtio_crypto_sessions_index(t);
    if (ret) {
        virtio_crypto_sessions_clear(t);
    }
    return ret;
}

static bool sessions_needed(void *opaque)
{
    const VirtIOCryptoSessions *t = ((VirtIOCrypto *)opaque)->sessions;

    return t->num_free < t->max;
}

static const VMStateInfo sessions_info = {
    .name = "virtio-crypto sessions",
    .get = get_sessions,
    .put = put_sessions,
};

const VMStateDescription virtio_crypto_vmstate_sessions = {
    VIRTIO_CRYPTO_VMSTATE("virtio-crypto-device/sessions", sessions_info),
    .needed = sessions_needed,
};
