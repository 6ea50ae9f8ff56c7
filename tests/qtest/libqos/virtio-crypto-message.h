/*
 * virtio-crypto client: messages, their memory and descriptors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_LIBQOS_VIRTIO_CRYPTO_MESSAGE_H
#define TESTS_LIBQOS_VIRTIO_CRYPTO_MESSAGE_H

#include "virtio-crypto-driver.h"

typedef struct VCDesc {
    uint64_t addr;
    uint32_t len;
    bool write;
} VCDesc;

/**
 * VCMessage: a message that is being made or in flight
 *
 * @image: content of its guest memory: parts, and gaps with a pattern between
 *     them.  At the end, guest memory must equal the image, updated with the
 *     expected output.
 * @parts: named parts of the image
 * @descs: buffers, in the order of the descriptor chain
 * @moved: addresses changed by vc_desc_scatter()
 * @head: its index or id in the used ring
 * @ndescs: its descriptors in the ring
 * @expect: expected end of the message
 */
typedef struct VCMessage {
    VCClient *vc;
    uint64_t base;
    GByteArray *image;
    GArray *parts;
    GArray *descs;
    GArray *moved;

    unsigned queue;
    uint32_t head;
    unsigned ndescs;
    bool done;
    uint32_t used_len;
    struct VCExpect *expect;
} VCMessage;

/* Only one message can be made at a time. */
VCMessage *vc_message_new(VCClient *vc);
void vc_message_free(VCMessage *m);

/**
 * vc_put: append a gap, and then a part.
 *
 * @data: its bytes; NULL to fill it with the pattern
 *
 * Returns: the guest address
 */
uint64_t vc_put(VCMessage *m, const char *name, const void *data, size_t len);

/* Guest address of a part, which must exist. */
uint64_t vc_part(const VCMessage *m, const char *name);

/* Change the image: bytes, or a little-endian integer. */
void vc_store(VCMessage *m, uint64_t addr, const void *data, size_t len);
void vc_set(VCMessage *m, uint64_t addr, size_t size, uint64_t value);

/* Read guest memory as it is now: bytes, or a little-endian integer. */
void vc_load(VCMessage *m, uint64_t addr, void *data, size_t len);
uint64_t vc_get(VCMessage *m, uint64_t addr, size_t size);

/* Append a buffer to the descriptor chain, unless it is empty. */
void vc_desc(VCMessage *m, uint64_t addr, uint32_t len, bool write);

/* Bytes of the chain that the device can read, or write. */
uint32_t vc_desc_total(const VCMessage *m, bool write);

/* Keep only @len bytes from @skip on, in the buffers of one direction. */
void vc_desc_trim(VCMessage *m, bool write, uint32_t skip, uint32_t len);

/**
 * vc_desc_gather: replace the buffers of one direction by others with the same
 * bytes.
 *
 * @lens: bytes of each but the last one, ended by UINT32_MAX
 *
 * As with vc_desc_scatter(); no byte may be in the chain twice.
 */
void vc_desc_gather(VCMessage *m, bool write, const uint32_t *lens);

/**
 * vc_desc_scatter: cut all buffers into pieces of at most @max bytes, each
 * moved to a place of its own.
 *
 * vc_store() and vc_load() still take the old addresses.  Bytes remain there:
 * a device that does not follow the pieces finds them, and fails the test.
 */
void vc_desc_scatter(VCMessage *m, uint32_t max);

/* Send the message; @indirect puts its descriptors into an indirect table. */
void vc_send(VCMessage *m, unsigned queue, bool indirect);

/*
 * PCI only: reset a queue, and start it again.  As with vc_stop(), its messages
 * in flight will not be answered.
 */
void vc_stop_queue(VCClient *vc, unsigned queue);
void vc_start_queue(VCClient *vc, unsigned queue);

/* Wait until it is used, with an interrupt, or fail after a while. */
void vc_wait(VCMessage *m);

/**
 * vc_wait_any: wait for the next used buffer of a queue.
 *
 * Returns: its message
 */
VCMessage *vc_wait_any(VCClient *vc, unsigned queue);

/* Check that memory equals the image. */
void vc_check_image(VCMessage *m);

/* Set the image to the current content of memory. */
void vc_take_image(VCMessage *m);

#endif
