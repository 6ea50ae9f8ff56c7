/*
 * virtio-crypto client: search a process for secrets
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_LIBQOS_VIRTIO_CRYPTO_SECRETS_H
#define TESTS_LIBQOS_VIRTIO_CRYPTO_SECRETS_H

/* The shortest match, and the shortest secret, in bytes */
#define VC_SECRET_MIN   16

/**
 * VCSecret: a secret, and what a search found
 *
 * @len: of the secret, in bytes
 * @found: length of the longest match, 0 if there is none
 * @where: the mapping with that match, as in /proc/PID/maps
 */
typedef struct VCSecret {
    char *name;
    size_t len;
    size_t found;
    char *where;
} VCSecret;

/**
 * VCSecrets: the secrets to look for
 *
 * A match is VC_SECRET_MIN consecutive bytes of a secret or more, in either
 * byte order, and shifted by any number of bits, because libraries store
 * numbers in limbs.
 */
typedef struct VCSecrets VCSecrets;

VCSecrets *vc_secrets_new(void);
void vc_secrets_free(VCSecrets *s);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(VCSecrets, vc_secrets_free)

/* Add a copy of @bytes to the secrets. */
void vc_secrets_add(VCSecrets *s, const char *name, const uint8_t *bytes,
                    size_t len);

/**
 * vc_secrets_look: search @len bytes; adds to earlier results.
 *
 * @where: the name of this memory
 */
void vc_secrets_look(VCSecrets *s, const char *where, const uint8_t *mem,
                     size_t len);

/**
 * vc_secrets_search: search all memory that a process can write to, with its
 * heaps and stacks.  Drops earlier results.
 *
 * @except: leave out mappings of files whose name contains this
 *
 * Returns: the bytes searched
 */
size_t vc_secrets_search(VCSecrets *s, pid_t pid, const char *except);

/* Secret number @i, NULL after the last one */
const VCSecret *vc_secrets_get(const VCSecrets *s, unsigned i);

#endif
