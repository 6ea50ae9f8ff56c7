/*
 * Messages to a vhost-user crypto server
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "standard-headers/linux/virtio_crypto.h"
#include "cryptodev-vhost-message.h"

static bool write_all(CharBackend *chr, const void *bytes, uint32_t size)
{
    return !size || qemu_chr_fe_write_all(chr, bytes, size) == size;
}

/* @more: the rest of the payload, of @more_size bytes */
static bool send_message_and_more(CharBackend *chr, uint32_t request,
                                  const void *payload, uint32_t size,
                                  const void *more, uint32_t more_size)
{
    CryptoDevVhostHeader header = {
        .request = request,
        .flags = CRYPTODEV_VHOST_VERSION,
        .size = size + more_size,
    };

    return write_all(chr, &header, sizeof(header)) &&
           write_all(chr, payload, size) && write_all(chr, more, more_size);
}

static bool send_message(CharBackend *chr, uint32_t request,
                         const void *payload, uint32_t size)
{
    return send_message_and_more(chr, request, payload, size, NULL, 0);
}

static bool header_ok(const CryptoDevVhostHeader *header, uint32_t request,
                      uint32_t size)
{
    return header->request == request && header->size == size &&
           header->flags == (CRYPTODEV_VHOST_VERSION | CRYPTODEV_VHOST_REPLY);
}

static bool receive_reply(CharBackend *chr, uint32_t request, void *payload,
                          uint32_t size)
{
    CryptoDevVhostHeader header;

    return qemu_chr_fe_read_all(chr, (uint8_t *)&header,
                                sizeof(header)) == sizeof(header) &&
           header_ok(&header, request, size) &&
           qemu_chr_fe_read_all(chr, payload, size) == size;
}

/* Numbers */

bool cryptodev_vhost_ask_u64(CharBackend *chr, uint32_t request)
{
    return send_message(chr, request, NULL, 0);
}

bool cryptodev_vhost_take_u64(const uint8_t *bytes, uint32_t request,
                              uint64_t *value)
{
    CryptoDevVhostHeader header;

    memcpy(&header, bytes, sizeof(header));
    memcpy(value, bytes + sizeof(header), sizeof(*value));
    return header_ok(&header, request, sizeof(*value));
}

bool cryptodev_vhost_get_u64(CharBackend *chr, uint32_t request,
                             uint64_t *value)
{
    return cryptodev_vhost_ask_u64(chr, request) &&
           receive_reply(chr, request, value, sizeof(*value));
}

/* Sessions */

bool cryptodev_vhost_session_fits(const CryptoDevSessionParams *params,
                                  bool long_keys)
{
    if (params->service == CRYPTODEV_SERVICE_AKCIPHER) {
        return long_keys ||
               params->cipher_key_len <= CRYPTODEV_VHOST_ASYM_KEY_MAX;
    }
    return params->cipher_key_len <= CRYPTODEV_VHOST_CIPHER_KEY_MAX &&
           params->auth_key_len <= CRYPTODEV_VHOST_AUTH_KEY_MAX;
}

static uint32_t algo_number(CryptoDevAlgo algo)
{
    return algo == CRYPTODEV_ALGO_NONE ? 0 : cryptodev_algo_info(algo)->number;
}

static uint32_t digest_len(const CryptoDevSessionParams *p)
{
    CryptoDevAlgo algo =
        p->service == CRYPTODEV_SERVICE_AEAD ? p->cipher : p->hash;

    return algo == CRYPTODEV_ALGO_NONE ? 0 :
           p->digest_len ?: cryptodev_algo_info(algo)->digest_len;
}

static void copy_key(uint8_t *field, const uint8_t *key, uint32_t len)
{
    if (len) {
        memcpy(field, key, len);
    }
}

static void fill_sym(CryptoDevVhostSym *sym, const CryptoDevSessionParams *p)
{
    bool chain = p->chain != CRYPTODEV_CHAIN_NONE;

    sym->cipher_alg = algo_number(p->cipher);
    sym->key_len = p->cipher_key_len;
    sym->hash_alg = algo_number(p->hash);
    sym->hash_result_len = digest_len(p);
    sym->auth_key_len = p->auth_key_len;
    sym->aad_len = p->aad_len;
    if (p->service == CRYPTODEV_SERVICE_CIPHER) {
        sym->op_type = chain ? VIRTIO_CRYPTO_SYM_OP_ALGORITHM_CHAINING :
                               VIRTIO_CRYPTO_SYM_OP_CIPHER;
    }
    if (p->opcode != CRYPTODEV_DIGEST) {
        sym->direction = p->opcode == CRYPTODEV_ENCRYPT ?
                         VIRTIO_CRYPTO_OP_ENCRYPT : VIRTIO_CRYPTO_OP_DECRYPT;
    }
    if (chain) {
        sym->hash_mode = cryptodev_algo_info(p->hash)->service ==
                         CRYPTODEV_SERVICE_MAC ?
                         VIRTIO_CRYPTO_SYM_HASH_MODE_AUTH :
                         VIRTIO_CRYPTO_SYM_HASH_MODE_PLAIN;
        sym->chain_order = p->chain == CRYPTODEV_CHAIN_HASH_THEN_CIPHER ?
                           VIRTIO_CRYPTO_SYM_ALG_CHAIN_ORDER_HASH_THEN_CIPHER :
                           VIRTIO_CRYPTO_SYM_ALG_CHAIN_ORDER_CIPHER_THEN_HASH;
    }
    copy_key(sym->key, p->cipher_key, p->cipher_key_len);
    copy_key(sym->auth_key, p->auth_key, p->auth_key_len);
}

static void fill_asym(CryptoDevVhostAsym *asym,
                      const CryptoDevSessionParams *p)
{
    asym->algo = algo_number(p->cipher);
    asym->keytype = p->is_private ? VIRTIO_CRYPTO_AKCIPHER_KEY_TYPE_PRIVATE :
                                    VIRTIO_CRYPTO_AKCIPHER_KEY_TYPE_PUBLIC;
    asym->keylen = p->cipher_key_len;
    if (p->cipher == CRYPTODEV_ALGO_ECDSA) {
        asym->padding = p->curve;
    } else {
        asym->padding = p->padding == CRYPTODEV_RSA_PKCS1 ?
                        VIRTIO_CRYPTO_RSA_PKCS1_PADDING :
                        VIRTIO_CRYPTO_RSA_RAW_PADDING;
        asym->hash = cryptodev_rsa_hash_number(p->hash);
    }
    copy_key(asym->key, p->cipher_key,
             MIN(p->cipher_key_len, sizeof(asym->key)));
}

static void fill_session(CryptoDevVhostSession *session,
                         const CryptoDevSessionParams *p, uint64_t wanted)
{
    static const uint32_t create[CRYPTODEV_SERVICE__MAX] = {
        [CRYPTODEV_SERVICE_CIPHER] = VIRTIO_CRYPTO_CIPHER_CREATE_SESSION,
        [CRYPTODEV_SERVICE_HASH] = VIRTIO_CRYPTO_HASH_CREATE_SESSION,
        [CRYPTODEV_SERVICE_MAC] = VIRTIO_CRYPTO_MAC_CREATE_SESSION,
        [CRYPTODEV_SERVICE_AEAD] = VIRTIO_CRYPTO_AEAD_CREATE_SESSION,
        [CRYPTODEV_SERVICE_AKCIPHER] = VIRTIO_CRYPTO_AKCIPHER_CREATE_SESSION,
    };

    memset(session, 0, sizeof(*session));
    session->op_code = create[p->service];
    session->session_id = wanted;
    if (p->service == CRYPTODEV_SERVICE_AKCIPHER) {
        fill_asym(&session->u.asym, p);
    } else {
        fill_sym(&session->u.sym, p);
    }
}

bool cryptodev_vhost_create_session(CharBackend *chr,
                                    const CryptoDevSessionParams *params,
                                    uint64_t wanted, int64_t *id)
{
    bool long_key = params->service == CRYPTODEV_SERVICE_AKCIPHER &&
                    params->cipher_key_len > CRYPTODEV_VHOST_ASYM_KEY_MAX;
    uint32_t sent = long_key ? CRYPTODEV_VHOST_ASYM_KEY_MAX :
                               params->cipher_key_len;
    CryptoDevVhostSession session;
    bool ok;

    fill_session(&session, params, wanted);
    ok = send_message_and_more(chr, CRYPTODEV_VHOST_CREATE_SESSION, &session,
                               sizeof(session), params->cipher_key + sent,
                               params->cipher_key_len - sent) &&
         receive_reply(chr, CRYPTODEV_VHOST_CREATE_SESSION, &session,
                       sizeof(session));
    *id = ok ? session.session_id : -1;
    /* the reply has the keys as well */
    cryptodev_wipe(&session, sizeof(session));
    return ok;
}

bool cryptodev_vhost_close_session(CharBackend *chr, uint64_t id)
{
    return send_message(chr, CRYPTODEV_VHOST_CLOSE_SESSION, &id, sizeof(id));
}
