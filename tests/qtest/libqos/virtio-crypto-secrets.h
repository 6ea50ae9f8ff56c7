/*
 * virtio-crypto client: search a process for secrets
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_LIBQOS_VIRTIO_CRYPTO_SECRETS_H
#define TESTS_LIBQOS_VIRTIO_CRYPTO_SECRETS_H

/* The least that counts as found, in bytes; a secret must be as long. */
#define VC_SECRET_MIN   16

/**
 * VCSecret: a secret, and what a search found
 *
 * @len: of the secret, in bytes
 * @found: the most bytes of it in a row, 0 if there were none
 * @where: the mapping with these, as in /proc/PID/maps
 */
typedef struct VCSecret {
    char *name;
    size_t len;
    size_t found;
    char *where;
} VCSecret;

/**
 * VCSecrets: what to look for
 *
 * A secret is found wherever VC_SECRET_MIN bytes of it stand in a row: in
 * either byte order, and shifted by any number of bits, as libraries keep
 * numbers in limbs.
 */
typedef struct VCSecrets VCSecrets;

VCSecrets *vc_secrets_new(void);
void vc_secrets_free(VCSecrets *s);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(VCSecrets, vc_secrets_free)

/* Look for a copy of @bytes, too. */
void vc_secrets_add(VCSecrets *s, const char *name, const uint8_t *bytes,
                    size_t len);

/**
 * vc_secrets_look: search @len bytes; adds to what was found before.
 *
 * @where: the name of this memory
 */
void vc_secrets_look(VCSecrets *s, const char *where, const uint8_t *mem,
                     size_t len);

/**
 * vc_secrets_search: search all memory that a process can write to, its heaps
 * and stacks included, and nothing found before counts.
 *
 * @except: leave out mappings of files whose name contains this
 *
 * Returns: the bytes searched
 */
size_t vc_secrets_search(VCSecrets *s, pid_t pid, const char *except);

/* Secret number @i, NULL behind the last */
const VCSecret *vc_secrets_get(const VCSecrets *s, unsigned i);

#endif
