# Guests that libvirt runs, in daemons of their own
#
# libvirt comes from packages that are unpacked below build/libvirt and laid over
# /usr for its processes only: nothing is installed.  Each daemon is an
# unprivileged one ("session"), with its files in a directory of the test, in
# namespaces: another host name, because libvirt does not migrate to the host that
# it is on, and processes of its own, so that none outlives it.  Root of the
# machine is nobody in there.
#
# SPDX-License-Identifier: GPL-2.0-or-later

import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import textwrap
import time
import uuid
from pathlib import Path
from xml.sax.saxutils import escape

from guest import BOOT_SECONDS, Channel, Guest, GuestError, GuestLost

REPO = Path(__file__).resolve().parents[2]
MANUAL = REPO / "docs/virtio-crypto.rst"
CACHE = REPO / "build/libvirt"
PACKAGES = ["libvirt0", "libvirt-clients", "libvirt-common", "libvirt-daemon",
            "libvirt-daemon-common", "libvirt-daemon-driver-qemu",
            "libvirt-daemon-log"]
# Where the suite's own is older than the device, which came with 9.1
NEWER = {"bookworm": "bookworm-backports"}
START_SECONDS = 60
VIRSH_SECONDS = 300     # only what hangs takes longer
NAMESPACES = ["unshare", "--user", "--map-root-user", "--mount"]
OWN_HOST = ["--uts", "--pid", "--fork", "--kill-child", "--mount-proc"]
OVERLAY = 'mount -t overlay overlay -o "lowerdir=$0/usr:/usr" /usr && '
AS_NOBODY = ('exec unshare --user --map-user=65534 --map-group=65534 '
             '/usr/sbin/libvirtd')
DOMAIN = """\
<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>{name}</name>
  <uuid>{uuid}</uuid>
  <memory unit='MiB'>512</memory>
  <vcpu>2</vcpu>
  {iothreads}
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <kernel>{kernel}</kernel>
    <initrd>{initrd}</initrd>
    <cmdline>console=ttyS0 quiet panic=-1 nokaslr mitigations=off</cmdline>
  </os>
  <features><acpi/></features>
  <cpu mode='maximum'/>
  <devices>
    <emulator>{emulator}</emulator>
    <disk type='file' device='disk'>
      <driver name='qemu' type='raw'/>
      <source file='{dir}/in.tar'/>
      <target dev='vda' bus='virtio'/>
      <readonly/>
    </disk>
    <disk type='file' device='disk'>
      <driver name='qemu' type='raw' cache='none'/>
      <source file='{dir}/out.tar'/>
      <target dev='vdb' bus='virtio'/>
    </disk>
    <serial type='file'><source path='{dir}/console.log' append='on'/></serial>
    <serial type='unix'><source mode='bind' path='{agent}'/></serial>
    <controller type='usb' model='none'/>
    <memballoon model='none'/>
    {crypto}
  </devices>
  {override}
</domain>
"""


class Unavailable(Exception):
    """libvirt cannot be run here, which is no fault of the device."""


def manual(about):
    """The XML that the manual shows behind the comment "libvirt: ABOUT"."""
    found = re.search(rf"^\.\. libvirt: {about}\n\n\.\. code-block:: xml\n\n"
                      r"((?:   .*\n|\n)+)", MANUAL.read_text(), re.M)
    if not found:
        raise GuestError(f"{MANUAL.name} does not show {about}")
    return textwrap.dedent(found[1]).strip()


def run(*command, **more):
    try:
        subprocess.run(command, stdin=subprocess.DEVNULL, check=True, text=True,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
    except FileNotFoundError as e:
        raise Unavailable(f"{e.filename} is missing: run scripts/setup")
    except subprocess.CalledProcessError as e:
        raise Unavailable(f"libvirt's packages cannot be had: {command[0]}: "
                          f"{e.stderr.strip().splitlines()[-1]}")


def unpacked():
    """The directory with libvirt; fetches its packages the first time."""
    suite = platform.freedesktop_os_release().get("VERSION_CODENAME", "")
    suite = NEWER.get(suite, suite)
    tree = CACHE / suite
    if tree.exists():
        return tree
    print(f"Fetching libvirt of {suite}", file=sys.stderr, flush=True)
    work = CACHE / "unpack"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    run(REPO / "scripts/private-apt", work / "apt", "deb", suite)
    run("apt-get", "download", "-o", "APT::Sandbox::User=root", *PACKAGES,
        cwd=work, env={**os.environ, "APT_CONFIG": str(work / "apt/apt.conf")})
    for deb in work.glob("*.deb"):
        run("dpkg-deb", "-x", deb, work / "tree")
    (work / "tree").rename(tree)
    shutil.rmtree(work)
    return tree


class Daemon:
    """One on a host of its own, says its name.

    What another one, @like, has found out about QEMU it does not find out anew:
    that takes longer than all the rest.
    """

    def __init__(self, top, name, like=None):
        self.dir = Path(top) / name
        known = "cache/libvirt/qemu/cache/capabilities"
        if like:
            shutil.copytree(like.dir / known, self.dir / known)
        config = self.dir / "config/libvirt"
        config.mkdir(parents=True)
        (config / "libvirtd.conf").write_text(f'host_uuid = "{uuid.uuid4()}"\n')
        socket_path = self.dir / "run/libvirt/libvirt-sock"
        self.uri = f"qemu+unix:///session?socket={socket_path}"
        env = {**os.environ, "HOME": str(self.dir),
               "LIBVIRT_DRIVER_DIR": str(next(unpacked().glob(
                   "usr/lib/*/libvirt/connection-driver"))),
               "XDG_RUNTIME_DIR": f"{self.dir}/run",
               "XDG_CONFIG_HOME": f"{self.dir}/config",
               "XDG_CACHE_HOME": f"{self.dir}/cache"}
        with open(self.dir / "log", "wb") as log:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "--", *NAMESPACES, *OWN_HOST,
                 "sh", "-c", f'{OVERLAY} hostname {name} && {AS_NOBODY}',
                 unpacked()], env=env, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, cwd=self.dir)
        deadline = time.monotonic() + START_SECONDS
        while not socket_path.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                said = (self.dir / "log").read_text().strip()
                self.stop()
                raise Unavailable("libvirtd does not run here, in namespaces "
                                  f"of an unprivileged user: {said}")
            time.sleep(0.05)

    def virsh(self, *command, timeout=VIRSH_SECONDS):
        """What virsh prints; GuestError, with its words, when it fails."""
        try:
            done = subprocess.run(
                [*NAMESPACES, "sh", "-c", f'{OVERLAY} exec virsh "$@"',
                 unpacked(), "--quiet", "--connect", self.uri,
                 *map(str, command)],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, text=True, timeout=timeout)
        except subprocess.TimeoutExpired:
            raise GuestLost(f"virsh {command[0]}: no answer within the time "
                            "limit")
        if done.returncode:
            raise GuestError(f"virsh {command[0]}: {done.stderr.strip()}")
        return done.stdout.strip()

    def log(self, name):
        """The command line and what QEMU has printed."""
        return (self.dir / f"cache/libvirt/qemu/log/{name}.log").read_text()

    def stop(self):
        """QEMU goes with it: unshare kills what it has started."""
        self.process.kill()
        self.process.wait()


class Socket(Channel):
    """As a channel, of the serial port of a guest in libvirt."""

    def __init__(self, path):
        self.buffer = b""
        self.sock = self.peer = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(path))


class LibvirtGuest(Guest):
    """crypto, iothreads, override: XML of the domain."""

    def __init__(self, daemon, name, qemu, image, crypto, iothreads="",
                 override="", **more):
        super().__init__(qemu, image, **more)
        self.daemon, self.name, self.uuid = daemon, name, uuid.uuid4()
        self.parts = {"crypto": crypto, "iothreads": iothreads,
                      "override": override}

    def xml(self):
        """A file with the domain; each has a socket that no other one had."""
        self.moves += 1
        self.socket = self._path(f"agent{self.moves}")
        words = {"name": self.name, "uuid": self.uuid, "dir": self.dir.name,
                 "kernel": self.image.kernel, "initrd": self.image.initrd,
                 "agent": self.socket, "emulator": Path(self.qemu).resolve()}
        path = self._path("domain.xml")
        path.write_text(DOMAIN.format(
            **{k: escape(str(v)) for k, v in words.items()}, **self.parts))
        return path

    def _launch(self):
        self.agent = self.monitor = None
        self.daemon.virsh("create", self.xml(), "--paused")
        self._go_on()

    def _go_on(self):
        """What the guest says while nobody listens is lost."""
        self.agent = Socket(self.socket)
        self.daemon.virsh("resume", self.name)

    def _wait_ready(self):
        self._read_until("@@ready", BOOT_SECONDS, "boot")

    def _line(self, channel, deadline, what):
        try:
            return channel.line(deadline)
        except (TimeoutError, EOFError, ConnectionError) as e:
            raise GuestLost(f"{what}: {type(e).__name__}\n{self.log()[-2000:]}")

    def qmp(self, command, timeout=VIRSH_SECONDS, **arguments):
        message = {"execute": command}
        if arguments:
            message["arguments"] = arguments
        answer = json.loads(self.daemon.virsh(
            "qemu-monitor-command", self.name, json.dumps(message),
            timeout=timeout))
        if "error" in answer:
            raise GuestError(f"{command}: {answer['error']['desc']}")
        return answer["return"]

    def log(self):
        return self.daemon.log(self.name)

    def save_and_restore(self):
        """Through a file; in between there is no QEMU."""
        path = self._path("saved")
        self.daemon.virsh("save", self.name, path)
        gone = self.name not in self.daemon.virsh("list", "--all", "--name")
        self.agent.sock.close()
        self.daemon.virsh("restore", path, "--paused", "--xml", self.xml())
        self._go_on()
        return gone

    def migrate_to(self, daemon):
        """Live, to another daemon."""
        self.daemon.virsh(
            "migrate", "--live", "--unsafe", self.name, daemon.uri, "--xml", self.xml(),
            "--migrateuri", f"unix://{self._path('migration')}")
        self.daemon = daemon
        self.agent.sock.close()
        self.agent = Socket(self.socket)

    def _stop(self):
        try:
            self.daemon.virsh("destroy", self.name)
        except GuestError:
            pass            # it is gone, or its daemon is
        if self.agent:
            self.agent.sock.close()
        self.dir.cleanup()
