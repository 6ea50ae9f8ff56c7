/*
 * Fuzzing of the migration stream: stubs for the device's own code
 *
 * A stream in memory, a backend whose sessions have only parameters, and rings
 * that accept any values.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "migration/blocker.h"
#include "migration/qemu-file-types.h"
#include "qemu/error-report.h"
#include "migration-fake.h"

/* The stream */

int qemu_file_get_error(QEMUFile *f)
{
    return f->error;
}

static uint64_t get_number(QEMUFile *f, unsigned size)
{
    uint64_t value = 0;

    while (size--) {
        value = value << 8 | qemu_get_byte(f);
    }
    return value;
}

int qemu_get_byte(QEMUFile *f)
{
    if (f->at == f->len) {
        f->error = -EIO;
        return 0;
    }
    return f->data[f->at++];
}

unsigned int qemu_get_be32(QEMUFile *f)
{
    return get_number(f, 4);
}

uint64_t qemu_get_be64(QEMUFile *f)
{
    return get_number(f, 8);
}

size_t qemu_get_buffer(QEMUFile *f, uint8_t *buf, size_t size)
{
    size_t n = MIN(size, f->len - f->at);

    if (n) {
        memcpy(buf, f->data + f->at, n);
    }
    f->at += n;
    f->error = n < size ? -EIO : f->error;
    return n;
}

static void put_number(QEMUFile *f, uint64_t value, unsigned size)
{
    while (size--) {
        qemu_put_byte(f, value >> (8 * size));
    }
}

void qemu_put_byte(QEMUFile *f, int v)
{
    uint8_t byte = v;

    g_byte_array_append(f->out, &byte, 1);
}

void qemu_put_be32(QEMUFile *f, unsigned int v)
{
    put_number(f, v, 4);
}

void qemu_put_be64(QEMUFile *f, uint64_t v)
{
    put_number(f, v, 8);
}

void qemu_put_buffer(QEMUFile *f, const uint8_t *buf, size_t size)
{
    g_byte_array_append(f->out, buf, size);
}

/* Errors */

void __wrap_error_report(const char *fmt, ...) G_GNUC_PRINTF(1, 2);

static unsigned errors;

void __wrap_error_report(const char *fmt, ...)
{
    g_autofree char *text = NULL;
    va_list ap;

    va_start(ap, fmt);
    text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    g_assert(g_str_has_prefix(text, "virtio-crypto: "));
    g_assert(!strchr(text, '\n'));
    errors++;
}

unsigned fake_errors(void)
{
    return errors;
}

/* The backend */

typedef struct FakeSession {
    CryptoDevSession base;
    uint8_t keys[];
} FakeSession;

static bool key_ok(CryptoDevAlgo algo, size_t len)
{
    return algo == CRYPTODEV_ALGO_NONE ||
           cryptodev_algo_key_len_ok(cryptodev_algo_info(algo), len);
}

CryptoDevStatus cryptodev_session_renew(CryptoDevBackend *b,
                                        const CryptoDevSessionParams *p,
                                        uint64_t id,
                                        CryptoDevSession **session)
{
    bool mac = p->hash != CRYPTODEV_ALGO_NONE &&
               p->service != CRYPTODEV_SERVICE_AKCIPHER;
    FakeSession *s;

    if (!key_ok(p->cipher, p->cipher_key_len) ||
        (mac && !key_ok(p->hash, p->auth_key_len))) {
        return CRYPTODEV_ERR;
    }
    s = g_malloc0(sizeof(*s) + p->cipher_key_len + p->auth_key_len);
    memcpy(s->keys, p->cipher_key, p->cipher_key_len);
    memcpy(s->keys + p->cipher_key_len, p->auth_key, p->auth_key_len);
    s->base.params = *p;
    s->base.params.cipher_key = s->keys;
    s->base.params.auth_key = s->keys + p->cipher_key_len;
    *session = &s->base;
    return CRYPTODEV_OK;
}

void cryptodev_session_put(CryptoDevSession *session)
{
    g_free(session);
}

bool cryptodev_session_tryget(CryptoDevSession *session)
{
    g_assert_not_reached();
}

const char *cryptodev_backend_id(const CryptoDevBackend *b)
{
    return "fuzz";
}

const char *cryptodev_backend_migration_blocker(CryptoDevBackend *b)
{
    return NULL;
}

int migrate_add_blocker_normal(Error **reasonp, Error **errp)
{
    g_assert_not_reached();
}

void migrate_del_blocker(Error **reasonp)
{
}

Object *__wrap_object_dynamic_cast_assert(Object *obj, const char *name,
                                          const char *file, int line,
                                          const char *func);

Object *__wrap_object_dynamic_cast_assert(Object *obj, const char *name,
                                          const char *file, int line,
                                          const char *func)
{
    return obj;
}

/* Rings */

static VirtQueueOrder orders[FAKE_QUEUES + 1][VIRTQUEUE_MAX_SIZE];
static unsigned num_order[FAKE_QUEUES + 1];

static unsigned ring_of(VirtQueueBatch *batch)
{
    return container_of(batch, VirtIOCryptoQueue, batch)->index;
}

const char *virtqueue_batch_set_taken(VirtQueueBatch *batch, unsigned ndescs,
                                      const VirtQueueOrder *order,
                                      unsigned n)
{
    unsigned ring = ring_of(batch);

    if (ndescs > VIRTQUEUE_MAX_SIZE) {
        return "too many";
    }
    for (unsigned i = 0; i < n; i++) {
        orders[ring][i] = order[i];
    }
    num_order[ring] = n;
    return NULL;
}

unsigned virtqueue_batch_get_order(VirtQueueBatch *batch,
                                   VirtQueueOrder *order)
{
    unsigned ring = ring_of(batch);

    for (unsigned i = 0; order && i < num_order[ring]; i++) {
        order[i] = orders[ring][i];
    }
    return num_order[ring];
}

VirtQueueTaken *virtqueue_batch_taken(const VirtQueueElement *elem)
{
    g_assert_not_reached();
}

/* The device */

void virtio_crypto_requests_forget(VirtIOCryptoQueue *q)
{
    while (q->num_taken) {
        g_free(q->taken[--q->num_taken]);
    }
    g_clear_pointer(&q->taken, g_free);
    g_clear_pointer(&q->order, g_free);
    q->num_order = 0;
}

void virtio_crypto_queue_reset(VirtIOCryptoQueue *q)
{
    virtio_crypto_requests_forget(q);
    num_order[q->index] = 0;
}

void fake_device_clear(VirtIOCrypto *vcrypto)
{
    virtio_crypto_sessions_clear(vcrypto->sessions);
    for (int i = 0; i <= FAKE_QUEUES; i++) {
        virtio_crypto_queue_reset(&vcrypto->queues[i]);
    }
}

VirtIOCrypto *fake_device(bool in_order)
{
    static VirtIOCrypto device;
    static VirtIOCryptoQueue queues[FAKE_QUEUES + 1];
    static VirtIOCryptoSessions sessions;
    static CryptoDevBackend backend;

    errors = 0;
    backend.caps = (CryptoDevCaps) {
        .max_cipher_key_len = 1000, .max_auth_key_len = 1000,
        .max_size = 1000000,
    };
    memset(backend.caps.algos, 0xff, sizeof(backend.caps.algos));
    if (!sessions.slots) {
        virtio_crypto_sessions_init(&sessions, FAKE_SESSIONS);
    }
    device.conf.cryptodev = &backend;
    device.sessions = &sessions;
    device.queues = queues;
    device.num_queues = FAKE_QUEUES;
    device.parent_obj.guest_features =
        in_order ? 1ull << VIRTIO_F_IN_ORDER : 0;
    for (int i = 0; i <= FAKE_QUEUES; i++) {
        queues[i].vcrypto = &device;
        queues[i].index = i;
    }
    return &device;
}
