/*
 * virtio-crypto: requests that were taken, in a migration stream
 *
 * A request is saved as its virtqueue buffer.  When the queue starts, the
 * destination maps the buffer and parses it again.  If the driver has destroyed
 * the session, the request then fails.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "migration/qemu-file-types.h"
#include "virtio-crypto-migration.h"

/* Queues, each with its requests, then the order of its ring */

enum { QUEUE_INDEX, QUEUE_TAKEN, QUEUE_ORDER, QUEUE_FIELDS };

static const VirtIOCryptoStreamField queue_fields[QUEUE_FIELDS] = {
    [QUEUE_INDEX] = { "queue", 4, 0, CRYPTODEV_MAX_QUEUES },
    [QUEUE_TAKEN] = { "number of requests", 4, 0, VIRTIO_CRYPTO_TAKEN_MAX },
    [QUEUE_ORDER] = { "length of the order", 4, 0, VIRTQUEUE_MAX_SIZE },
};

static const VirtIOCryptoStreamField count_field = {
    "number of queues", 4, 1, CRYPTODEV_MAX_QUEUES + 1
};

enum { INDEX, NDESCS, OUT_NUM, IN_NUM, TAKEN_FIELDS };

static const VirtIOCryptoStreamField taken_fields[TAKEN_FIELDS] = {
    [INDEX] = { "index of a buffer", 4, 0, UINT16_MAX },
    [NDESCS] = { "number of descriptors", 4, 1, VIRTQUEUE_MAX_SIZE },
    [OUT_NUM] = { "number of readable pieces", 4, 0, VIRTQUEUE_MAX_SIZE },
    [IN_NUM] = { "number of writable pieces", 4, 0, VIRTQUEUE_MAX_SIZE },
};

enum { ADDR, LEN, PIECE_FIELDS };

static const VirtIOCryptoStreamField piece_fields[PIECE_FIELDS] = {
    [ADDR] = { "address of a piece", 8, 0, UINT64_MAX },
    [LEN] = { "length of a piece", 4, 1, UINT32_MAX },
};

enum { ORDER_LEN = NDESCS + 1, ORDER_FILLED, ORDER_FIELDS };

static const VirtIOCryptoStreamField order_fields[ORDER_FIELDS] = {
    [INDEX] = { "index of a buffer", 4, 0, UINT16_MAX },
    [NDESCS] = { "number of descriptors", 4, 1, VIRTQUEUE_MAX_SIZE },
    [ORDER_LEN] = { "used length", 4, 0, UINT32_MAX },
    [ORDER_FILLED] = { "state of a buffer", 1, 0, 1 },
};

/* Out */

static void put_taken(QEMUFile *f, const VirtQueueTaken *taken)
{
    uint64_t v[TAKEN_FIELDS] = {
        [INDEX] = taken->index,
        [NDESCS] = taken->ndescs,
        [OUT_NUM] = taken->out_num,
        [IN_NUM] = taken->in_num,
    };

    virtio_crypto_stream_put(f, taken_fields, TAKEN_FIELDS, v);
    for (uint32_t i = 0; i < taken->out_num + taken->in_num; i++) {
        uint64_t piece[PIECE_FIELDS] = {
            [ADDR] = taken->piece[i].addr,
            [LEN] = taken->piece[i].len,
        };

        virtio_crypto_stream_put(f, piece_fields, PIECE_FIELDS, piece);
    }
}

static void put_order(QEMUFile *f, const VirtQueueOrder *order, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        uint64_t v[ORDER_FIELDS] = {
            [INDEX] = order[i].index,
            [NDESCS] = order[i].ndescs,
            [ORDER_LEN] = order[i].len,
            [ORDER_FILLED] = order[i].filled,
        };

        virtio_crypto_stream_put(f, order_fields, ORDER_FIELDS, v);
    }
}

/* Whether the stream must have an entry for this queue. */
static bool queue_needed(VirtIOCryptoQueue *q)
{
    return q->num_kept || q->num_taken ||
           virtqueue_batch_get_order(&q->batch, NULL);
}

static void put_queue(QEMUFile *f, VirtIOCryptoQueue *q)
{
    g_autofree VirtQueueOrder *order = g_new(VirtQueueOrder,
                                             VIRTQUEUE_MAX_SIZE);
    uint64_t v[QUEUE_FIELDS] = {
        [QUEUE_INDEX] = q->index,
        [QUEUE_TAKEN] = q->num_kept + q->num_taken,
        [QUEUE_ORDER] = virtqueue_batch_get_order(&q->batch, order),
    };
    VirtIOCryptoRequest *req;

    virtio_crypto_stream_put(f, queue_fields, QUEUE_FIELDS, v);
    QLIST_FOREACH(req, &q->kept, next) {
        g_autofree VirtQueueTaken *taken = virtqueue_batch_taken(&req->elem);

        put_taken(f, taken);
    }
    for (unsigned i = 0; i < q->num_taken; i++) {
        put_taken(f, q->taken[i]);
    }
    put_order(f, order, v[QUEUE_ORDER]);
}

static uint64_t count_queues(VirtIOCrypto *vcrypto)
{
    uint64_t n = 0;

    for (uint32_t i = 0; i <= vcrypto->num_queues; i++) {
        n += queue_needed(&vcrypto->queues[i]);
    }
    return n;
}

static int put_requests(QEMUFile *f, void *opaque, size_t size,
                        const VMStateField *field, JSONWriter *vmdesc)
{
    VirtIOCrypto *vcrypto = opaque;
    uint64_t count = count_queues(vcrypto);

    virtio_crypto_stream_put(f, &count_field, 1, &count);
    for (uint32_t i = 0; i <= vcrypto->num_queues; i++) {
        if (queue_needed(&vcrypto->queues[i])) {
            put_queue(f, &vcrypto->queues[i]);
        }
    }
    return 0;
}

/* In */

static int get_taken(QEMUFile *f, VirtQueueTaken **result)
{
    g_autofree VirtQueueTaken *taken = NULL;
    uint64_t v[TAKEN_FIELDS], n;
    int ret = virtio_crypto_stream_get(f, taken_fields, TAKEN_FIELDS, v);

    if (ret) {
        return ret;
    }
    n = v[OUT_NUM] + v[IN_NUM];
    if (!n || n > VIRTQUEUE_MAX_SIZE) {
        return virtio_crypto_stream_corrupt("a request of %" PRIu64 " pieces",
                                            n);
    }
    taken = g_malloc(sizeof(*taken) + n * sizeof(taken->piece[0]));
    taken->index = v[INDEX];
    taken->ndescs = v[NDESCS];
    taken->out_num = v[OUT_NUM];
    taken->in_num = v[IN_NUM];
    for (uint64_t i = 0; i < n; i++) {
        uint64_t piece[PIECE_FIELDS];

        ret = virtio_crypto_stream_get(f, piece_fields, PIECE_FIELDS, piece);
        if (ret) {
            return ret;
        }
        taken->piece[i].addr = piece[ADDR];
        taken->piece[i].len = piece[LEN];
    }
    *result = g_steal_pointer(&taken);
    return 0;
}

static int get_all_taken(QEMUFile *f, VirtIOCryptoQueue *q, unsigned n)
{
    int ret = 0;

    q->taken = n ? g_new(VirtQueueTaken *, n) : NULL;
    while (!ret && q->num_taken < n) {
        ret = get_taken(f, &q->taken[q->num_taken]);
        q->num_taken += !ret;
    }
    return ret;
}

static int get_order(QEMUFile *f, VirtIOCryptoQueue *q, unsigned n)
{
    q->order = g_new(VirtQueueOrder, n);
    while (q->num_order < n) {
        uint64_t v[ORDER_FIELDS];
        int ret = virtio_crypto_stream_get(f, order_fields, ORDER_FIELDS, v);

        if (ret) {
            return ret;
        }
        q->order[q->num_order++] = (VirtQueueOrder) {
            .index = v[INDEX],
            .ndescs = v[NDESCS],
            .len = v[ORDER_LEN],
            .filled = v[ORDER_FILLED],
        };
    }
    return 0;
}

static int get_queue(QEMUFile *f, VirtIOCrypto *vcrypto)
{
    VirtIOCryptoQueue *q;
    uint64_t v[QUEUE_FIELDS];
    int ret = virtio_crypto_stream_get(f, queue_fields, QUEUE_FIELDS, v);

    if (ret) {
        return ret;
    }
    if (v[QUEUE_INDEX] > vcrypto->num_queues) {
        return virtio_crypto_stream_corrupt("requests of queue %" PRIu64,
                                            v[QUEUE_INDEX]);
    }
    q = &vcrypto->queues[v[QUEUE_INDEX]];
    if (q->taken || q->order) {
        return virtio_crypto_stream_corrupt("requests of queue %u, again",
                                            q->index);
    }
    return get_all_taken(f, q, v[QUEUE_TAKEN]) ?:
           get_order(f, q, v[QUEUE_ORDER]);
}

static int get_requests(QEMUFile *f, void *opaque, size_t size,
                        const VMStateField *field)
{
    VirtIOCrypto *vcrypto = opaque;
    uint64_t count;
    int ret = virtio_crypto_stream_get(f, &count_field, 1, &count);

    while (!ret && count--) {
        ret = get_queue(f, vcrypto);
    }
    for (uint32_t i = 0; ret && i <= vcrypto->num_queues; i++) {
        virtio_crypto_requests_forget(&vcrypto->queues[i]);
    }
    return ret;
}

/*
 * Find the place of @taken in the order of its ring.  Returns: false if there
 * is none
 */
static bool take_place(VirtIOCryptoQueue *q, const VirtQueueTaken *taken,
                       bool *has)
{
    for (unsigned i = 0; i < q->num_order; i++) {
        if (!q->order[i].filled && !has[i] &&
            q->order[i].index == taken->index &&
            q->order[i].ndescs == taken->ndescs) {
            has[i] = true;
            return true;
        }
    }
    return false;
}

/* With IN_ORDER, whether the unfilled buffers are those that were taken. */
static bool order_fits(VirtIOCryptoQueue *q)
{
    g_autofree bool *has = g_new0(bool, q->num_order);
    unsigned waiting = 0;

    for (unsigned i = 0; i < q->num_order; i++) {
        waiting += !q->order[i].filled;
    }
    for (unsigned i = 0; i < q->num_taken; i++) {
        if (!take_place(q, q->taken[i], has)) {
            return false;
        }
    }
    return waiting == q->num_taken;
}

/* A split ring counts buffers, a packed one descriptors. */
static bool counts_fit(const VirtIOCryptoQueue *q)
{
    bool fit = true;

    if (virtio_vdev_has_feature(VIRTIO_DEVICE(q->vcrypto),
                                VIRTIO_F_RING_PACKED)) {
        return true;
    }
    for (unsigned i = 0; i < q->num_taken; i++) {
        fit &= q->taken[i]->ndescs == 1;
    }
    for (unsigned i = 0; i < q->num_order; i++) {
        fit &= q->order[i].ndescs == 1;
    }
    return fit;
}

/* Returns: what is wrong with what was loaded, else NULL */
static const char *check_loaded(VirtIOCryptoQueue *q)
{
    if (!counts_fit(q)) {
        return "buffers of several descriptors in a split ring";
    }
    if (virtio_vdev_has_feature(VIRTIO_DEVICE(q->vcrypto),
                                VIRTIO_F_IN_ORDER) && !order_fits(q)) {
        return "an order of other requests than those that were taken";
    }
    return NULL;
}

int virtio_crypto_requests_loaded(VirtIOCryptoQueue *q)
{
    const char *error = check_loaded(q);
    unsigned ndescs = 0;

    for (unsigned i = 0; i < q->num_taken; i++) {
        ndescs += q->taken[i]->ndescs;
    }
    error = error ?: virtqueue_batch_set_taken(&q->batch, ndescs, q->order,
                                               q->num_order);
    g_clear_pointer(&q->order, g_free);
    q->num_order = 0;
    if (error) {
        virtio_crypto_requests_forget(q);
        return virtio_crypto_stream_corrupt("queue %u: %s", q->index, error);
    }
    return 0;
}

static bool requests_needed(void *opaque)
{
    return count_queues(opaque);
}

static const VMStateInfo requests_info = {
    .name = "virtio-crypto requests",
    .get = get_requests,
    .put = put_requests,
};

const VMStateDescription virtio_crypto_vmstate_requests = {
    VIRTIO_CRYPTO_VMSTATE("virtio-crypto-device/requests", requests_info),
    .needed = requests_needed,
};
