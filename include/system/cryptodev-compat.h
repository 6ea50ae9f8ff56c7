/*
 * Differences between the versions of QEMU that virtio-crypto builds in
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef SYSTEM_CRYPTODEV_COMPAT_H
#define SYSTEM_CRYPTODEV_COMPAT_H

#include "qom/object.h"

/* What 11.0 has elsewhere, and names that it needs no more */
#if __has_include("qemu/aio.h")
# include "qemu/atomic.h"
# define COMPAT_AIO_H "qemu/aio.h"
# define COMPAT_QDEV_PROPERTIES_H "hw/core/qdev-properties.h"
# define COMPAT_QDEV_PROPERTIES_SYSTEM_H "hw/core/qdev-properties-system.h"
# define qatomic_read_u64 qatomic_read
# define qatomic_set_u64 qatomic_set
#else
# define COMPAT_AIO_H "block/aio.h"
# define COMPAT_QDEV_PROPERTIES_H "hw/qdev-properties.h"
# define COMPAT_QDEV_PROPERTIES_SYSTEM_H "hw/qdev-properties-system.h"
#endif

#define QEMU_VERSION_AT_LEAST(major, minor)                             \
    (QEMU_VERSION_MAJOR > (major) ||                                    \
     (QEMU_VERSION_MAJOR == (major) && QEMU_VERSION_MINOR >= (minor)))

/* Class data and interface lists became const in 10.1. */
#if QEMU_VERSION_AT_LEAST(10, 1)
typedef const void *CompatClassData;
typedef const InterfaceInfo CompatInterfaceInfo;
#else
typedef void *CompatClassData;
typedef InterfaceInfo CompatInterfaceInfo;
#endif

/* VirtioDeviceClass.set_status reports failure since 10.1. */
#if QEMU_VERSION_AT_LEAST(10, 1)
typedef int CompatSetStatusResult;
#define COMPAT_SET_STATUS_OK 0
#else
typedef void CompatSetStatusResult;
#define COMPAT_SET_STATUS_OK
#endif

/* virtio_notify() can be called from any thread since 10.2. */
#if QEMU_VERSION_AT_LEAST(10, 2)
#define compat_virtio_notify virtio_notify
#else
#define compat_virtio_notify(vdev, vq)                                  \
    (qemu_in_iothread() ? virtio_notify_irqfd(vdev, vq) :               \
                          virtio_notify(vdev, vq))
#endif

/*
 * The QEMU build clears all variables on the stack.  This excludes a large one
 * that needs no clearing.  10.1 has the macro in compiler.h.
 */
#ifndef QEMU_UNINITIALIZED
# if __has_attribute(uninitialized)
#  define QEMU_UNINITIALIZED __attribute__((uninitialized))
# else
#  define QEMU_UNINITIALIZED
# endif
#endif

#endif /* SYSTEM_CRYPTODEV_COMPAT_H */
