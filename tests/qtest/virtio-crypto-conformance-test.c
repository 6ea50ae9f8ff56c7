/*
 * QTest testcases for virtio-crypto: the requirements that the v11 draft and
 * the virtio standard share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "qobject/qdict.h"
#include "libqos/virtio-crypto-akcipher.h"
#include "libqos/virtio-crypto-registry.h"

#define CONFIG_STATUS           0
#define CONFIG_SERVICES         8

/* Configuration */

static void max_dataqueues(VCFormat f, VCClient *vc)
{
    QVirtioPCIDevice *pci = vc->pci;

    g_assert_cmpuint(vc->n_queues, ==, 3);
    /* num_queues of the common configuration */
    g_assert_cmpuint(qpci_io_readw(pci->pdev, pci->bar,
                                   pci->common_cfg_offset + 18), ==, 4);
    for (int queues = 0; queues <= 1024; queues += 1024) {
        QDict *response = qtest_qmp(vc->qts, "{ 'execute': 'object-add',"
                                    " 'arguments': { 'id': 'b', 'qom-type':"
                                    " 'cryptodev-backend-builtin',"
                                    " 'queues': %i } }", queues);

        g_assert_true(qdict_haskey(response, "error"));
        qobject_unref(response);
    }
}

static void status(VCFormat f, VCClient *vc)
{
    for (int ready = 1; ready >= 0; ready--) {
        vc_set_ready(vc, ready);
        g_assert_cmpuint(qvirtio_config_readl(vc->vdev, CONFIG_STATUS), ==,
                         ready);
        if (!ready) {
            qvirtio_wait_config_isr(vc->vdev, 10 * G_USEC_PER_SEC);
        }
    }
    vc_set_ready(vc, true);
    g_assert_cmpuint(qvirtio_config_readl(vc->vdev, CONFIG_STATUS), ==, 1);
    vc_check_alive(vc, f);
    g_assert_cmpuint(qvirtio_config_readl(vc->vdev, CONFIG_STATUS), ==, 1);
}

/* The first request is the one right after DRIVER_OK. */
static void hw_ready(VCFormat f, VCClient *vc)
{
    g_assert_cmpuint(qvirtio_config_readl(vc->vdev, CONFIG_STATUS), ==, 1);
    vc_check_alive(vc, f);
}

/* Make a session of any number, with a good key if the tests know one. */
static VCCall *call_of_number(VCClient *vc, VCFormat f, VCService service,
                              uint32_t number)
{
    VCCall *c = vc_call_new(vc, f, service, VC_OP_ENCRYPT);
    VCSession *s = &c->session;

    s->algo = number;
    s->key_len = 16;
    for (int i = 1; i < CRYPTODEV_ALGO__MAX; i++) {
        if (vc_algos[i].service == service && vc_algos[i].number == number) {
            s->key_len = vc_algos[i].key_len;
        }
    }
    if (service == VC_SERVICE_AKCIPHER) {
        const char *key = number == 1 ? vc_rsa_key(0, VC_PUBLIC) :
                                        vc_ec_key(VC_CURVE_P256, VC_PUBLIC);

        s->key = vc_call_own(c, vc_hex(key, &s->key_len));
        s->padding = number == 1 ? VC_RSA_RAW : VC_CURVE_P256;
        return c;
    }
    s->key = vc_call_own(c, vc_bytes(number, s->key_len));
    return c;
}

static uint64_t algo_mask(VCClient *vc, VCService service)
{
    static const uint32_t masks[] = { 12, 20, 24, 32, 44 };
    uint64_t mask = qvirtio_config_readl(vc->vdev, masks[service]);

    if (service == VC_SERVICE_CIPHER || service == VC_SERVICE_MAC) {
        mask |= (uint64_t)qvirtio_config_readl(vc->vdev, masks[service] + 4)
                << 32;
    }
    return mask;
}

/*
 * Numbers that are offered make a session; others are NOTSUPP.  This does not
 * send a stateless request of a number that is offered: it has no input.
 */
static void check_service(VCFormat f, VCClient *vc, VCService service)
{
    uint64_t mask = algo_mask(vc, service);

    g_assert_cmpint(!mask, ==, !vc_offers_service(vc, service));
    g_assert_cmphex(mask & 1, ==, 0);
    for (int number = 0; number < 64; number++) {
        g_autoptr(VCCall) c = call_of_number(vc, f, service, number);

        if (!(mask >> number & 1)) {
            vc_call_refused(c, VC_NOTSUPP);
        } else if (f != VC_STATELESS) {
            vc_call_open(c);
            vc_call_close(c);
        }
    }
}

static void check_services(VCFormat f, VCClient *vc, uint32_t expected)
{
    g_assert_cmphex(qvirtio_config_readl(vc->vdev, CONFIG_SERVICES) & 0xf, ==,
                    expected);
    for (VCService service = 0; service <= VC_SERVICE_AEAD; service++) {
        check_service(f, vc, service);
    }
    if (f != VC_V11) {
        check_service(f, vc, VC_SERVICE_AKCIPHER);
    }
}

static void services(VCFormat f, VCClient *vc)
{
    check_services(f, vc, 0xf);
}

/* tomcrypt has ciphers and MACs only. */
static void few_services(VCFormat f, VCClient *vc)
{
    check_services(f, vc, 0x5);
}

/* Results */

static void hash_results(VCFormat f, VCClient *vc)
{
    vc_check_known(vc, f, VC_SERVICE_HASH, VC_OP_ENCRYPT);
}

static void mac_results(VCFormat f, VCClient *vc)
{
    static const uint32_t lens[] = { 1, 63, 64, 65, 200 };

    vc_check_known(vc, f, VC_SERVICE_MAC, VC_OP_ENCRYPT);
    for (int i = 0; i < ARRAY_SIZE(lens); i++) {
        g_autoptr(VCCall) c = vc_call_random(vc, f, CRYPTODEV_ALGO_HMAC_SHA1,
                                             50, 0, VC_OP_ENCRYPT);
        g_autofree uint8_t *key = vc_bytes(i, lens[i]);
        g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA1, key, lens[i]);

        g_hmac_update(hmac, c->request.src, 50);
        c->session.key = key;
        c->session.key_len = lens[i];
        c->request.digest = vc_call_own(c, vc_hex(g_hmac_get_string(hmac),
                                                  &c->request.digest_len));
        vc_call_once(c, VC_OK);
    }
}

static void cipher_results(VCFormat f, VCClient *vc)
{
    g_autoptr(VCCall) c = vc_call_sample(vc, f, VC_SERVICE_CIPHER);

    vc_check_known(vc, f, VC_SERVICE_CIPHER, VC_OP_ENCRYPT);
    vc_check_known(vc, f, VC_SERVICE_CIPHER, VC_OP_DECRYPT);
    vc_call_open(c);
    vc_call_send(c, VC_OK);
    c->request.in_place = true;
    vc_call_send(c, VC_OK);
}

/* Both orders and directions, plain and keyed, the result and the digest */
static void chain_results(VCFormat f, VCClient *vc)
{
    for (int i = 0; i < 8; i++) {
        g_autoptr(VCCall) c = vc_call_chain(vc, f, (i >> 1 & 1) + 1,
                                            (i >> 2) + 1, i & 1);

        vc_call_once(c, VC_OK);
    }
}

static void sym_results(VCFormat f, VCClient *vc)
{
    cipher_results(f, vc);
    chain_results(f, vc);
}

static void aead_results(VCFormat f, VCClient *vc)
{
    vc_check_known(vc, f, VC_SERVICE_AEAD, VC_OP_ENCRYPT);
    vc_check_known(vc, f, VC_SERVICE_AEAD, VC_OP_DECRYPT);
}

static void aead_verifies(VCFormat f, VCClient *vc)
{
    static const char *const parts[] = { "src-0", "aad-0", "digest", "iv" };
    g_autoptr(VCCall) c = vc_call_known(vc, f, CRYPTODEV_ALGO_AES_GCM, 0,
                                        VC_OP_DECRYPT);
    const uint8_t *bytes[] = {
        c->request.src, c->request.aad, c->request.digest, c->request.iv,
    };

    vc_call_open(c);
    for (int i = 0; i < ARRAY_SIZE(parts); i++) {
        VCPoke poke[] = {
            { .size = 1, .part = parts[i], .value = bytes[i][0] ^ 1 }, { },
        };

        c->request.shape.poke = poke;
        vc_call_send(c, VC_BADMSG);
    }
    c->request.shape.poke = NULL;
    vc_call_send(c, VC_OK);
}

/* Statuses */

/* An id that no session has, and one of another service */
static void check_lost(VCFormat f, VCClient *vc, CryptoDevAlgo algo)
{
    VCFormat sessions = vc_session_format(f);
    VCService another = vc_algos[algo].service == VC_SERVICE_CIPHER ?
                        VC_SERVICE_HASH : VC_SERVICE_CIPHER;
    g_autoptr(VCCall) c = vc_call_known(vc, sessions, algo, 0, VC_OP_ENCRYPT);
    g_autoptr(VCCall) other = vc_call_sample(vc, sessions, another);

    vc_call_open(c);
    c->request.session ^= 1ull << 40;
    vc_call_send(c, VC_INVSESS);
    c->request.session ^= 1ull << 40;
    vc_call_close(c);
    vc_call_send(c, VC_INVSESS);
    vc_call_open(other);
    c->request.session = other->request.session;
    vc_call_send(c, VC_INVSESS);
    vc_call_send(other, VC_OK);
}

/* Each status of a service, at its place */
static void check_statuses(VCFormat f, VCClient *vc, CryptoDevAlgo algo)
{
    g_autoptr(VCCall) c = vc_call_known(vc, f, algo, 0, VC_OP_ENCRYPT);
    g_autoptr(VCCall) unknown = call_of_number(vc, f, vc_algos[algo].service,
                                               24);

    vc_call_refused(unknown, VC_NOTSUPP);
    vc_call_open(c);
    vc_call_send(c, VC_OK);
    if (c->request.iv_len) {
        c->request.iv_len--;
    } else {
        c->request.digest_len = 65;
        c->request.digest = NULL;
    }
    vc_call_send(c, VC_ERR);
    check_lost(f, vc, algo);
}

static void hash_statuses(VCFormat f, VCClient *vc)
{
    check_statuses(f, vc, CRYPTODEV_ALGO_MD5);
}

static void mac_statuses(VCFormat f, VCClient *vc)
{
    check_statuses(f, vc, CRYPTODEV_ALGO_HMAC_MD5);
}

static void aead_statuses(VCFormat f, VCClient *vc)
{
    check_statuses(f, vc, CRYPTODEV_ALGO_AES_GCM);
    aead_verifies(f, vc);
}

static void sym_statuses(VCFormat f, VCClient *vc)
{
    const VCDataLayout *at = &vc_data_layouts[f][VC_SERVICE_CIPHER];
    const VCPoke poke[] = {
        { .size = 4, .offset = at->op_type, .value = 3 }, { },
    };
    g_autoptr(VCCall) cipher = vc_call_sample(vc, f, VC_SERVICE_CIPHER);
    g_autoptr(VCCall) chain = vc_call_sample(vc, f, VC_SERVICE_CHAIN);

    check_statuses(f, vc, CRYPTODEV_ALGO_AES_CBC);
    vc_call_open(cipher);
    cipher->request.shape.poke = poke;
    vc_call_send(cipher, VC_NOTSUPP);
    vc_call_open(chain);
    vc_call_send(chain, VC_OK);
    chain->request.iv_len--;
    vc_call_send(chain, VC_ERR);
}

/* An opcode of another direction is ERR, one of another service INVSESS. */
static void check_opcode(VCFormat f, VCClient *vc, VCService service)
{
    g_autoptr(VCCall) c = vc_call_sample(vc, f, service);
    VCRequest r = c->request;

    vc_call_open(c);
    vc_call_send(c, VC_OK);
    c->request.opcode++;
    vc_call_send(c, VC_ERR);
    if (f != VC_STATELESS) {
        c->request.chain = false;
        c->request.opcode = VC_HASH;
        c->request.digest = NULL;
        c->request.digest_len = 16;
        vc_call_send(c, VC_INVSESS);
    }
    c->request = r;
    vc_call_once(c, VC_OK);
}

static void sym_opcodes(VCFormat f, VCClient *vc)
{
    check_opcode(f, vc, VC_SERVICE_CIPHER);
    check_opcode(f, vc, VC_SERVICE_CHAIN);
}

static void aead_opcodes(VCFormat f, VCClient *vc)
{
    check_opcode(f, vc, VC_SERVICE_AEAD);
}

static const VCRequirement requirements[] = {
    { "DN-01", "max_dataqueues is the number of data queues, from 1 to 65535",
      VC_VIRTIO("5.9.5.1"), VC_FOR_STANDARD, max_dataqueues,
      { .pci = true, .backend = ",queues=3" } },
    { "DN-02", "status says whether the device is ready, and has no other flag",
      VC_VIRTIO("5.9.5.1"), VC_FOR_STANDARD, status },
    { "DN-03", "a device that says it is ready serves requests",
      VC_VIRTIO("5.9.5.1"), VC_FOR_STANDARD, hw_ready },
    { "DN-04", "crypto_services names the services that are offered",
      VC_VIRTIO("5.9.5.1"), VC_FOR_STANDARD, services },
    { "DN-05", "each offered service has a mask of its algorithms",
      VC_VIRTIO("5.9.5.1"), VC_FOR_STANDARD, services },
    { "DN-20", "the digest of a HASH request goes to hash_result",
      VC_VIRTIO("5.9.7.4.2"), VC_FOR_STANDARD, hash_results },
    { "DN-21", "a HASH request ends with OK, NOTSUPP, INVSESS or ERR, by cause",
      VC_VIRTIO("5.9.7.4.2"), VC_FOR_STANDARD, hash_statuses },
    { "DN-23", "the digest of a MAC request goes to hash_result",
      VC_VIRTIO("5.9.7.5.2"), VC_FOR_STANDARD, mac_results },
    { "DN-24", "a MAC request ends with OK, NOTSUPP, INVSESS or ERR, by cause",
      VC_VIRTIO("5.9.7.5.2"), VC_FOR_STANDARD, mac_statuses },
    { "DN-26", "the opcode tells service and direction of a symmetric request",
      VC_VIRTIO("5.9.7.6.2"), VC_FOR_STANDARD, sym_opcodes },
    { "DN-27", "with the op_type of ciphers, a request has the structures of a "
      "cipher",
      VC_VIRTIO("5.9.7.6.2"), VC_FOR_STANDARD, cipher_results },
    { "DN-28", "with the op_type of chains, a request has the structures of a "
      "chain",
      VC_VIRTIO("5.9.7.6.2"), VC_FOR_STANDARD, chain_results },
    { "DN-29", "the result of a cipher goes to dst_data, in a chain as well",
      VC_VIRTIO("5.9.7.6.2"), VC_FOR_STANDARD, sym_results },
    { "DN-31", "the digest of a chain goes to hash_result",
      VC_VIRTIO("5.9.7.6.2"), VC_FOR_STANDARD, chain_results },
    { "DN-32", "a symmetric request ends with OK, NOTSUPP, INVSESS or ERR, by "
      "cause",
      VC_VIRTIO("5.9.7.6.2"), VC_FOR_STANDARD, sym_statuses },
    { "DN-34", "the result of an AEAD request goes to dst_data",
      VC_VIRTIO("5.9.7.7.2"), VC_FOR_STANDARD, aead_results },
    { "DN-36", "an AEAD request ends with OK, NOTSUPP, BADMSG, INVSESS or ERR, "
      "by cause",
      VC_VIRTIO("5.9.7.7.2"), VC_FOR_STANDARD, aead_statuses },
    { "DN-37", "an AEAD decryption verifies the tag, and ends with BADMSG if "
      "it is wrong",
      VC_VIRTIO("5.9.7.7.2"), VC_FOR_STANDARD, aead_verifies },
    { "D11-01", "max_dataqueues is the number of data queues, from 1 to 65535",
      VC_DRAFT("Device configuration layout"), VC_FOR_V11, max_dataqueues,
      { .pci = true, .backend = ",queues=3" } },
    { "D11-02", "status says whether the backend is ready",
      VC_DRAFT("Device configuration layout"), VC_FOR_V11, status },
    { "D11-03", "a device that says it is ready serves requests",
      VC_DRAFT("Device configuration layout"), VC_FOR_V11, hw_ready },
    { "D11-04", "crypto_services names the services that are offered",
      VC_DRAFT("Device configuration layout"), VC_FOR_V11, services },
    { "D11-05", "the masks of algorithms go with crypto_services",
      VC_DRAFT("Device configuration layout"), VC_FOR_V11, services },
    { "D11-07", "crypto_services says what the backend can do",
      VC_DRAFT("Device Initialization"), VC_FOR_V11, few_services,
      { .provider = "tomcrypt" } },
    { "D11-12", "the digest of a HASH request goes to digest_result_addr",
      VC_DRAFT("HASH Service Operation"), VC_FOR_V11, hash_results },
    { "D11-13", "a HASH request ends with OK, NOTSUPP, INVSESS or ERR, by "
      "cause",
      VC_DRAFT("HASH Service Operation"), VC_FOR_V11, hash_statuses },
    { "D11-14", "the digest of a MAC request goes to digest_result_addr",
      VC_DRAFT("MAC Service Operation"), VC_FOR_V11, mac_results },
    { "D11-15", "a MAC request ends with OK, NOTSUPP, INVSESS or ERR, by cause",
      VC_DRAFT("MAC Service Operation"), VC_FOR_V11, mac_statuses },
    { "D11-16", "the opcode tells service and direction of a symmetric request",
      VC_DRAFT("Symmetric algorithms Operation"), VC_FOR_V11, sym_opcodes },
    { "D11-18", "a request of a keyed chain has the parts of the cipher and of "
      "the MAC",
      VC_DRAFT("Symmetric algorithms Operation"), VC_FOR_V11, chain_results },
    { "D11-19", "the result of a cipher goes to dst_data",
      VC_DRAFT("Symmetric algorithms Operation"), VC_FOR_V11, cipher_results },
    { "D11-20", "the digest of a chain goes to digest_result_addr",
      VC_DRAFT("Symmetric algorithms Operation"), VC_FOR_V11, chain_results },
    { "D11-21", "a symmetric request ends with OK, NOTSUPP, INVSESS or ERR, by "
      "cause",
      VC_DRAFT("Symmetric algorithms Operation"), VC_FOR_V11, sym_statuses },
    { "D11-22", "the opcode tells the direction of an AEAD request",
      VC_DRAFT("AEAD Service Operation"), VC_FOR_V11, aead_opcodes },
    { "D11-23", "the result of an AEAD request goes to dst_data",
      VC_DRAFT("AEAD Service Operation"), VC_FOR_V11, aead_results },
    { "D11-24", "the tag of an AEAD request goes to digest_result_addr",
      VC_DRAFT("AEAD Service Operation"), VC_FOR_V11, aead_results },
    { "D11-25", "an AEAD request ends with OK, NOTSUPP, BADMSG, INVSESS or "
      "ERR, by cause",
      VC_DRAFT("AEAD Service Operation"), VC_FOR_V11, aead_statuses },
    { "D11-26", "an AEAD decryption verifies the tag, and ends with BADMSG if "
      "it is wrong",
      VC_DRAFT("AEAD Service Operation"), VC_FOR_V11, aead_verifies },
    { }
};

static void register_virtio_crypto_conformance_test(void)
{
    vc_add_requirements("conformance", requirements);
}

libqos_init(register_virtio_crypto_conformance_test);
