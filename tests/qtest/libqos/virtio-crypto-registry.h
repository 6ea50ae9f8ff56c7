/*
 * virtio-crypto tests: registration
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_LIBQOS_VIRTIO_CRYPTO_REGISTRY_H
#define TESTS_LIBQOS_VIRTIO_CRYPTO_REGISTRY_H

#include "virtio-crypto-driver.h"
#include "virtio-crypto-wire.h"

/**
 * VCTest: a test of a device, with a command line
 *
 * @run: gets the started device
 * @format: set when the test is registered
 * @features: features to accept, by default those that the format needs
 * @offered: VC_F_*; features that are off by default and must be offered
 * @provider: of the backend; the test is skipped if it does not exist
 * @backend: more properties of the backend object, with leading comma
 * @device: more properties of the device, with commas between them
 * @no_driver_ok: leave DRIVER_OK to the test
 * @pci: run on PCI only
 * @msix: use MSI-X, needs @pci
 * @seconds: end the test program, and QEMU, after this time: for a test in
 *     which QEMU could hang.  0 = no limit
 * @arg: for use by the test
 *
 * Tests that have the same command line run in the same QEMU, with a reset
 * of the machine in between.
 */
typedef struct VCTest VCTest;
struct VCTest {
    void (*run)(const VCTest *t, VCClient *vc);
    VCFormat format;
    uint64_t features;
    uint64_t offered;
    const char *provider;
    const char *backend;
    const char *device;
    bool no_driver_ok;
    bool pci;
    bool msix;
    unsigned seconds;
    const void *arg;
};

/* Whether QEMU was built with a provider, and it works on this host. */
bool vc_has_provider(const char *name);

/*
 * Register a copy of @test: without a format; for one format, whose name is a
 * prefix of the test's name; or for each format without REVISION_1.
 */
void vc_add_test(const char *name, const VCTest *test);
void vc_add_test_format(VCFormat format, const char *name, const VCTest *test);
void vc_add_test_formats(const char *name, const VCTest *test);

/* Sets of formats */
#define VC_FOR_STD      (1u << VC_STD)
#define VC_FOR_V11      (1u << VC_V11)
#define VC_FOR_BOTH     (VC_FOR_STD | VC_FOR_V11)
#define VC_FOR_REV1     (1u << VC_REV1)
#define VC_FOR_STATELESS (1u << VC_STATELESS)
#define VC_FOR_SESSIONS (VC_FOR_BOTH | VC_FOR_REV1)
#define VC_FOR_ALL      (VC_FOR_SESSIONS | VC_FOR_STATELESS)

#define VC_FOR_STANDARD (VC_FOR_STD | VC_FOR_REV1 | VC_FOR_STATELESS)

/* An entry of a table of tests, which ends with one that has no name. */
typedef struct VCTestEntry {
    unsigned formats;           /* VC_FOR_*; 0 for a test without a format */
    const char *name;
    VCTest test;
} VCTestEntry;

void vc_add_tests(const VCTestEntry *entries);

/* Clauses: a section of VIRTIO, or a heading of the draft */
#define VC_VIRTIO(_section)     "VIRTIO 1.3, " _section
#define VC_VIRTIO_14(_section)  "VIRTIO 1.4, " _section
#define VC_DRAFT(_heading)      "v11 draft, " _heading

/**
 * VCRequirement: a requirement of a specification, with its test
 *
 * @id: its number in docs/virtio-crypto-conformance.rst, which lists the
 *     tables: scripts/conformance generates it
 * @text: what the device has to do, in our words
 * @clause: VC_VIRTIO() or VC_DRAFT(): section of the specification
 * @formats: those that the requirement applies to
 * @run: called for each of @formats, on a device with the features that the
 *     format needs
 * @test: other members of the test; not @run, @format, @features, @offered and
 *     @arg
 *
 * The test prints @id, @text and @clause before it runs.
 */
typedef struct VCRequirement {
    const char *id;
    const char *text;
    const char *clause;
    unsigned formats;
    void (*run)(VCFormat f, VCClient *vc);
    VCTest test;
} VCRequirement;

/**
 * vc_add_requirements: register copies of a table, which ends without @id.
 *
 * @prefix: goes in front of the names of tests
 *
 * Formats that need features are a test of their own, "revision-1" in front
 * of its name: the device of the others does not offer them.
 */
void vc_add_requirements(const char *prefix, const VCRequirement *table);

/*
 * Remove AddressSanitizer's remark about coroutines from QEMU's output.  Its
 * errors need no handling here: they end QEMU, so the test fails.
 */
void vc_drop_sanitizer_remark(char *text);

#endif
