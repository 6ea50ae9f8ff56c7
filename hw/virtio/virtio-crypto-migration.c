/*
 * virtio-crypto: migration
 *
 * When the VM stops, the device waits for nothing.  The stream has the sessions
 * and the requests that were taken and not answered; the destination starts
 * these again.  An unanswered request has not changed guest memory, so the
 * guest cannot notice.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/error-report.h"
#include "migration/blocker.h"
#include "migration/qemu-file-types.h"
#include "virtio-crypto-migration.h"

/* Numbers */

void virtio_crypto_stream_put(QEMUFile *f,
                              const VirtIOCryptoStreamField *fields,
                              unsigned n, const uint64_t *values)
{
    for (unsigned i = 0; i < n; i++) {
        switch (fields[i].size) {
        case 1:
            qemu_put_byte(f, values[i]);
            break;
        case 4:
            qemu_put_be32(f, values[i]);
            break;
        default:
            qemu_put_be64(f, values[i]);
        }
    }
}

int virtio_crypto_stream_corrupt(const char *fmt, ...)
{
    g_autofree char *text = NULL;
    va_list ap;

    va_start(ap, fmt);
    text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    error_report("virtio-crypto: corrupt stream: %s", text);
    return -EINVAL;
}

int virtio_crypto_stream_get(QEMUFile *f,
                             const VirtIOCryptoStreamField *fields,
                             unsigned n, uint64_t *values)
{
    for (unsigned i = 0; i < n; i++) {
        const VirtIOCryptoStreamField *field = &fields[i];
        uint64_t value = field->size == 1 ? qemu_get_byte(f) & 0xff :
                         field->size == 4 ? qemu_get_be32(f) :
                                            qemu_get_be64(f);
        int ret = qemu_file_get_error(f);

        if (ret) {
            error_report("virtio-crypto: the stream ends at '%s'",
                         field->name);
            return ret;
        }
        if (value < field->min || value > field->max) {
            return virtio_crypto_stream_corrupt("%s is 0x%" PRIx64,
                                                field->name, value);
        }
        values[i] = value;
    }
    return 0;
}

/* What the device has offered to the driver */

enum {
    STATE_QUEUES,
    STATE_GENERATION,
    STATE_READY,
    STATE_ALGOS,                /* for each service */
    STATE_CIPHER_KEY = STATE_ALGOS + CRYPTODEV_SERVICE__MAX,
    STATE_AUTH_KEY,
    STATE_SIZE,
    STATE__MAX,
};

/* Leaves as many again for new sessions, so ids never exceed 64 bits. */
#define GENERATION_MAX  (UINT64_MAX / VIRTIO_CRYPTO_SESSIONS_MAX / 2)

static const VirtIOCryptoStreamField state_fields[STATE__MAX] = {
    [STATE_QUEUES] = { "queues", 4, 0, UINT32_MAX },
    [STATE_GENERATION] = { "generation", 8, 0, GENERATION_MAX },
    [STATE_READY] = { "ready", 1, 0, 1 },
    [STATE_ALGOS ... STATE_CIPHER_KEY - 1] = { "algorithms", 8, 0, UINT64_MAX },
    [STATE_CIPHER_KEY] = { "max_cipher_key_len", 4, 0, UINT32_MAX },
    [STATE_AUTH_KEY] = { "max_auth_key_len", 4, 0, UINT32_MAX },
    [STATE_SIZE] = { "max_size", 8, 0, UINT64_MAX },
};

static int put_state(QEMUFile *f, void *opaque, size_t size,
                     const VMStateField *field, JSONWriter *vmdesc)
{
    VirtIOCrypto *vcrypto = opaque;
    /* features may still be negotiated on the other side */
    const CryptoDevCaps *caps = &vcrypto->offered;
    uint64_t v[STATE__MAX] = {
        [STATE_QUEUES] = vcrypto->num_queues,
        [STATE_GENERATION] = vcrypto->sessions->generation,
        [STATE_READY] = vcrypto->ready,
        [STATE_CIPHER_KEY] = caps->max_cipher_key_len,
        [STATE_AUTH_KEY] = caps->max_auth_key_len,
        [STATE_SIZE] = caps->max_size,
    };

    memcpy(&v[STATE_ALGOS], caps->algos, sizeof(caps->algos));
    virtio_crypto_stream_put(f, state_fields, STATE__MAX, v);
    return 0;
}

/* The virtio core accepts rings of queues that do not exist. */
static bool check_queues(VirtIOCrypto *vcrypto, uint64_t queues)
{
    if (queues != vcrypto->num_queues) {
        error_report("virtio-crypto: the source has queues=%" PRIu64
                     ", cryptodev '%s' here has queues=%u; give both the "
                     "same", queues,
                     cryptodev_backend_id(vcrypto->conf.cryptodev),
                     vcrypto->num_queues);
        return false;
    }
    return true;
}

/* Count the algorithms in @masks; set @name to that of the first one. */
static unsigned count_algos(const uint64_t *masks, char **name)
{
    unsigned n = 0;

    for (int service = 0; service < CRYPTODEV_SERVICE__MAX; service++) {
        for (uint64_t left = masks[service]; left; left &= left - 1) {
            unsigned number = ctz64(left);
            CryptoDevAlgo algo = cryptodev_algo_find(service, number);

            if (!n++) {
                *name = algo != CRYPTODEV_ALGO_NONE ?
                        g_strdup(cryptodev_algo_name(algo)) :
                        g_strdup_printf("algorithm %u of service %d", number,
                                        service);
            }
        }
    }
    return n;
}

static bool check_algos(VirtIOCrypto *vcrypto, const uint64_t *algos)
{
    CryptoDevBackend *b = vcrypto->conf.cryptodev;
    uint64_t missing[CRYPTODEV_SERVICE__MAX];
    g_autofree char *name = NULL;
    g_autofree char *more = NULL;
    unsigned n;

    for (int i = 0; i < CRYPTODEV_SERVICE__MAX; i++) {
        missing[i] = algos[i] & ~b->caps.algos[i];
    }
    n = count_algos(missing, &name);
    if (!n) {
        return true;
    }
    more = n > 1 ? g_strdup_printf(" and %u more", n - 1) : g_strdup("");
    error_report("virtio-crypto: the source offered %s%s, which cryptodev "
                 "'%s' here does not have; give both sides the same crypto "
                 "libraries, or limit both with 'algos='", name, more,
                 cryptodev_backend_id(b));
    return false;
}

static bool check_limit(VirtIOCrypto *vcrypto, unsigned i, const uint64_t *v,
                        uint64_t here)
{
    if (v[i] <= here) {
        return true;
    }
    error_report("virtio-crypto: the source offered a %s of %" PRIu64
                 ", cryptodev '%s' here has %" PRIu64, state_fields[i].name,
                 v[i], cryptodev_backend_id(vcrypto->conf.cryptodev), here);
    return false;
}

static bool check_state(VirtIOCrypto *vcrypto, const uint64_t *v)
{
    const CryptoDevCaps *here = &vcrypto->conf.cryptodev->caps;

    return check_queues(vcrypto, v[STATE_QUEUES]) &&
           check_algos(vcrypto, &v[STATE_ALGOS]) &&
           check_limit(vcrypto, STATE_CIPHER_KEY, v,
                       here->max_cipher_key_len) &&
           check_limit(vcrypto, STATE_AUTH_KEY, v, here->max_auth_key_len) &&
           check_limit(vcrypto, STATE_SIZE, v, here->max_size);
}

static int get_state(QEMUFile *f, void *opaque, size_t size,
                     const VMStateField *field)
{
    VirtIOCrypto *vcrypto = opaque;
    CryptoDevCaps *offered = &vcrypto->offered;
    uint64_t v[STATE__MAX];
    int ret = virtio_crypto_stream_get(f, state_fields, STATE__MAX, v);

    if (ret) {
        return ret;
    }
    if (!check_state(vcrypto, v)) {
        return -EINVAL;
    }
    /* state can be loaded several times without a reset in between */
    virtio_crypto_sessions_clear(vcrypto->sessions);
    for (uint32_t i = 0; i <= vcrypto->num_queues; i++) {
        virtio_crypto_queue_reset(&vcrypto->queues[i]);
    }
    vcrypto->sessions->generation = v[STATE_GENERATION];
    vcrypto->ready = v[STATE_READY];
    memcpy(offered->algos, &v[STATE_ALGOS], sizeof(offered->algos));
    offered->max_cipher_key_len = v[STATE_CIPHER_KEY];
    offered->max_auth_key_len = v[STATE_AUTH_KEY];
    offered->max_size = v[STATE_SIZE];
    return 0;
}

static const VMStateInfo state_info = {
    .name = "virtio-crypto state",
    .get = get_state,
    .put = put_state,
};

/* New state: add a subsection.  Changed layout: increment its version. */
const VMStateDescription virtio_crypto_vmstate = {
    VIRTIO_CRYPTO_VMSTATE("virtio-crypto-device", state_info),
    .subsections = (const VMStateDescription * const []) {
        &virtio_crypto_vmstate_sessions,
        &virtio_crypto_vmstate_requests,
        NULL
    },
};

int virtio_crypto_post_load(VirtIODevice *vdev)
{
    VirtIOCrypto *vcrypto = VIRTIO_CRYPTO(vdev);

    for (uint32_t i = 0; i <= vcrypto->num_queues; i++) {
        int ret = virtio_crypto_requests_loaded(&vcrypto->queues[i]);

        if (ret) {
            return ret;
        }
    }
    return 0;
}

/* Backends that cannot move */

bool virtio_crypto_migration_init(VirtIOCrypto *vcrypto, Error **errp)
{
    CryptoDevBackend *b = vcrypto->conf.cryptodev;
    const char *why = cryptodev_backend_migration_blocker(b);

    if (!why) {
        return true;
    }
    error_setg(&vcrypto->migration_blocker, "cryptodev '%s': %s",
               cryptodev_backend_id(b), why);
    return migrate_add_blocker_normal(&vcrypto->migration_blocker, errp) >= 0;
}

void virtio_crypto_migration_changed(VirtIOCrypto *vcrypto)
{
    Error *err = NULL;

    if (!cryptodev_backend_migration_blocker(vcrypto->conf.cryptodev)) {
        migrate_del_blocker(&vcrypto->migration_blocker);
    } else if (!vcrypto->migration_blocker &&
               !virtio_crypto_migration_init(vcrypto, &err)) {
        /* a migration is under way, and its other side will refuse */
        error_report_err(err);
    }
}

void virtio_crypto_migration_cleanup(VirtIOCrypto *vcrypto)
{
    migrate_del_blocker(&vcrypto->migration_blocker);
}
