# SPDX-License-Identifier: GPL-2.0-or-later
"""The suites of scripts/check, and the test programs that they are made of."""
import os

from check_fuzz import TARGETS
from check_series import Series
from check_source import REPO, docs_tests, style_tests
from check_tap import NO_LEAKS, Tap

OTHER = 'VIRTIO_CRYPTO_OTHER_QEMU'       # see scripts/check --other


def unit_tests(build_dir):
    for source in sorted((REPO / 'tests/unit').glob('test-*.c')):
        yield Tap([build_dir / 'qemu/tests/unit' / source.stem],
                  G_TEST_SRCDIR=str(source.parent), **NO_LEAKS)


def fuzz_tests(build_dir):
    for name in TARGETS:
        yield Tap([build_dir / 'qemu/tests/fuzz' / name],
                  G_TEST_SRCDIR=str(REPO / 'tests/fuzz'), **NO_LEAKS)


def qtest_tests(build_dir, binary=None, **more):
    qemu = build_dir / 'qemu'
    binary = binary or (REPO / 'tests/qtest/virtio-crypto-versions-system-x86_64'
                        if OTHER in os.environ else './qemu-system-x86_64')
    yield Tap([qemu / 'tests/qtest/qos-test'], only='virtio-crypto', cwd=qemu,
              QTEST_QEMU_BINARY=binary,
              VIRTIO_CRYPTO_QEMU='./qemu-system-x86_64', **more)


def iothread_tests(build_dir):
    """A vhost-user server has threads of its own."""
    return qtest_tests(build_dir, REPO /
                       'tests/qtest/virtio-crypto-iothreads-system-x86_64',
                       without='/vhost-user')


def guest_tests(build_dir):
    """With the kernel of the machine's Debian, of Debian 13, and the newest."""
    other = ['--other', os.environ[OTHER]] if OTHER in os.environ else []
    for command in (['run', *other], ['run', '--suite', 'trixie'],
                    ['run', '--suite', 'sid'], ['dpdk-run']):
        yield Tap([REPO / 'tests/guest' / command[0], *command[1:],
                   '--qemu', build_dir / 'qemu-system-x86_64'],
                  glib=False, limit=900, long_option='--long')


def package_tests(build_dir):
    yield Tap([REPO / 'tests/guest/package-run'], glib=False, limit=4 * 3600,
              long_option='--long')


# Tests of the device that are not for a server
NOT_SERVED = '|'.join((
    'iothread', 'throttle', 'ready', 'monitor', 'config/limits',
    'DN-08', 'DN-10',           # these are QEMU's business
    'in-flight', 'ring/reset-', 'ring/in-order', 'many-done',   # held in QEMU
    'ring-packed',              # its rings are split
    'draft-v11',                # it serves the draft in any case
    'invalid-buffers/order',    # QEMU does not know that a ring is broken
))


def vhost_user_tests(build_dir):
    qemu = build_dir / 'qemu'
    server = qemu / 'contrib/vhost-user-crypto/vhost-user-crypto'
    yield Tap([REPO / 'tests/vhost-user/run', '--program', server], glib=False)
    yield Tap([qemu / 'tests/qtest/qos-test'], only='/virtio-crypto-tests/',
              without=NOT_SERVED, cwd=qemu,
              QTEST_QEMU_BINARY=str(
                  REPO / 'tests/qtest/virtio-crypto-vhost-user-system-x86_64'),
              VIRTIO_CRYPTO_QEMU='./qemu-system-x86_64',
              VIRTIO_CRYPTO_SERVER=str(server))


def libvirt_tests(build_dir):
    yield Tap([REPO / 'tests/guest/libvirt-run', '--qemu',
               build_dir / 'qemu-system-x86_64'], glib=False, limit=900)


def bench_tests(build_dir):
    yield Tap([REPO / 'scripts/bench', '--smoke', '--build-dir', build_dir],
              glib=False)


PROGRAMS = {
    'style': lambda build_dir: [style_tests(build_dir)],
    'docs': lambda build_dir: [docs_tests()],
    'unit': unit_tests,
    'fuzz': fuzz_tests,
    'qtest': qtest_tests,
    'iothread': iothread_tests,
    'vhost-user': vhost_user_tests,
    'guest': guest_tests,
    'libvirt': libvirt_tests,
    'package': package_tests,
    'bench': bench_tests,
    'series': lambda build_dir: [Series(build_dir)],
}
SUITES = (*PROGRAMS, 'asan')


def programs(suite, build_dir):
    """The objects of @suite: each has names() and run(names, long)."""
    return PROGRAMS[suite](build_dir)
