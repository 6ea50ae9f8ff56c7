# A Linux guest in QEMU that runs one command at a time
#
# with Guest("build/qemu-system-x86_64", Image(), args=[...]) as guest:
#     print(guest.sh("uname -r"))
#     guest.qmp("query-status")
#
# Nothing here waits without a limit. QEMU is started as a child, talks over
# socket pairs (no names in the file system), and does not survive its parent.
#
# SPDX-License-Identifier: GPL-2.0-or-later

import fcntl
import json
import os
import socket
import subprocess
import tarfile
import tempfile
import time
from pathlib import Path

MIB = 1024 * 1024
# In emulation, on a busy machine; only what hangs takes longer
BOOT_SECONDS = 300
KVM_BOOT_SECONDS = 60
COMMAND_SECONDS = 120
KVM_CREATE_VM = 0xae01
# A QEMU that runs from its build directory does not look here by itself
FIRMWARE = ["/usr/share/seabios", "/usr/share/qemu"]


class GuestError(Exception):
    """A command in the guest or in the monitor failed."""


class GuestLost(GuestError):
    """QEMU ended, or the guest does not answer any more."""


def check_kvm():
    """Raise GuestError, with the reason, unless KVM can make a machine."""
    try:
        kvm = os.open("/dev/kvm", os.O_RDWR | os.O_CLOEXEC)
        try:
            os.close(fcntl.ioctl(kvm, KVM_CREATE_VM, 0))
        finally:
            os.close(kvm)
    except OSError as e:
        raise GuestError(f"KVM is not usable here: /dev/kvm: {e.strerror}")


def in_guest(command):
    """A command for messages, which no one reads if they are long."""
    return "in the guest: " + (command if len(command) < 200 else
                               command[:200] + "...")


class Channel:
    """One end of a socket pair whose other end QEMU holds."""

    def __init__(self):
        self.sock, self.peer = socket.socketpair()
        self.buffer = b""

    def send(self, text):
        self.sock.settimeout(10)
        self.sock.sendall(text.encode())

    def line(self, deadline):
        """The next line; TimeoutError, or EOFError when QEMU is gone."""
        while b"\n" not in self.buffer:
            self.sock.settimeout(max(deadline - time.monotonic(), 0.001))
            data = self.sock.recv(65536)
            if not data:
                raise EOFError
            self.buffer += data
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line.decode(errors="replace")


class Guest:
    """args: for QEMU, such as the device under test; append: for the kernel;
    files: {name: bytes} to find in the guest's working directory;
    memory and results (what fetch() can carry) are in MiB.
    """

    def __init__(self, qemu, image, args=(), append="", files=None,
                 memory=512, results=64, cpus=2, kvm=False):
        self.qemu, self.image, self.args = qemu, image, list(args)
        self.append, self.files = append, files or {}
        self.memory, self.results, self.cpus = memory, results, cpus
        self.kvm = kvm
        self.process = None
        self.moves = 0
        self.boot_seconds = None

    def __enter__(self):
        if self.kvm:
            check_kvm()
        self.dir = tempfile.TemporaryDirectory(prefix="virtio-crypto-guest-")
        try:
            self._start()
            self._wait_ready()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_):
        self._stop()

    def sh(self, command, timeout=COMMAND_SECONDS):
        """Run a line of shell in the guest and return what it prints.

        GuestError when its exit status is not 0.
        """
        status, text = self.try_sh(command, timeout)
        if status:
            raise GuestError(f"{in_guest(command)}: exit status {status}\n"
                             f"{text}".rstrip())
        return text

    def try_sh(self, command, timeout=COMMAND_SECONDS):
        """As sh(), but returns (exit status, text)."""
        assert "\n" not in command and len(command) < 4000  # tty's buffer
        self.agent.send(command + "\n")
        lines = self._read_until("@@exit", timeout, in_guest(command))
        text = "\n".join(lines[:-1])
        # The marker's own line break follows the command's, if that had one
        return int(lines[-1].split()[1]), text.removesuffix("\n")

    def qmp(self, command, timeout=COMMAND_SECONDS, **arguments):
        """Run a monitor command; returns its result."""
        message = {"execute": command}
        if arguments:
            message["arguments"] = arguments
        self.monitor.send(json.dumps(message) + "\n")
        deadline = time.monotonic() + timeout
        while True:
            answer = json.loads(self._line(self.monitor, deadline,
                                           f"monitor: {command}"))
            if "error" in answer:
                raise GuestError(f"monitor: {command}: "
                                 f"{answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]

    def fetch(self, *names):
        """The contents of files in the guest, in the order of @names."""
        self.sh(f"tar -cf /dev/vdb {' '.join(names)} && sync")
        with tarfile.open(self._path("out.tar"), "r:") as tar:
            return [tar.extractfile(name).read() for name in names]

    def log(self):
        """What QEMU has printed, its traces among it."""
        return self._path("qemu.log").read_text(errors="replace")

    def _path(self, name):
        return Path(self.dir.name) / name

    def migrate(self, farewell, qemu=None, timeout=COMMAND_SECONDS):
        """Move to another QEMU, while no command runs.

        Returns what farewell(self) says while the monitor is the old one's.
        """
        source, agent, monitor = self.process, self.agent, self.monitor
        self.moves += 1
        uri = f"unix:{self._path('migration')}{self.moves}"
        self.qemu = qemu or self.qemu
        self._launch("-incoming", uri)
        destination = self.process, self.agent, self.monitor
        try:
            self._greet()
            self.process, self.agent, self.monitor = source, agent, monitor
            self.qmp("migrate", uri=uri)
            self._wait_for("query-migrate", "completed", timeout)
            said = farewell(self)
        except BaseException:
            self._stop_one(*destination)
            self.process, self.agent, self.monitor = source, agent, monitor
            raise
        self.process, self.agent, self.monitor = destination
        self._stop_one(source, agent, monitor)
        self._wait_for("query-status", "running", timeout)
        return said

    def _wait_for(self, command, wanted, timeout):
        deadline = time.monotonic() + timeout
        status = None
        while status != wanted:
            answer = self.qmp(command)
            status = answer.get("status")
            if status == "failed" or time.monotonic() > deadline:
                raise GuestLost(f"{command}: {answer}\n{self._logs()}")
            time.sleep(0.01)

    def _start(self):
        with tarfile.open(self._path("in.tar"), "w") as tar:
            for name, data in self.files.items():
                path = self._path("member")
                path.write_bytes(data)
                tar.add(path, arcname=name)
                path.unlink()
        with open(self._path("out.tar"), "wb") as f:
            f.truncate(self.results * MIB)
        self._launch()

    def _launch(self, *incoming):
        self.agent, self.monitor = Channel(), Channel()
        accel = ["-accel", "kvm", "-cpu", "host"] if self.kvm else \
                ["-accel", "tcg,thread=multi", "-cpu", "max"]
        command = [
            # QEMU must not go on when this process is killed
            "setpriv", "--pdeathsig", "KILL", "--",
            self.qemu, "-nodefaults", "-no-user-config", "-display", "none",
            "-machine", "q35", *accel, "-no-reboot",
            "-smp", str(self.cpus), "-m", str(self.memory),
            "-kernel", self.image.kernel, "-initrd", self.image.initrd,
            "-append", "console=ttyS0 quiet panic=-1 nokaslr "
                       f"mitigations=off {self.append}",
            "-chardev", "file,id=console,append=on,"
                        f"path={self._path('console.log')}",
            "-serial", "chardev:console",
            "-chardev", f"socket,id=agent,fd={self.agent.peer.fileno()}",
            "-serial", "chardev:agent",
            "-chardev", f"socket,id=qmp,fd={self.monitor.peer.fileno()}",
            "-mon", "chardev=qmp,mode=control",
            "-drive", "if=virtio,format=raw,readonly=on,"
                      f"file={self._path('in.tar')}",
            "-drive", f"if=virtio,format=raw,file={self._path('out.tar')}",
            *self.args, *incoming]
        for path in FIRMWARE:
            command += ["-L", path]
        peers = [self.agent.peer, self.monitor.peer]
        with open(self._path("qemu.log"), "ab") as log:
            try:
                self.process = subprocess.Popen(
                    [str(c) for c in command], stdin=subprocess.DEVNULL,
                    stdout=log, stderr=log,
                    pass_fds=[p.fileno() for p in peers])
            except OSError as e:
                raise GuestError(f"cannot start QEMU: {e}")
        for peer in peers:
            peer.close()

    def _greet(self):
        self._line(self.monitor, time.monotonic() + COMMAND_SECONDS,
                   "monitor's greeting")
        self.qmp("qmp_capabilities")

    def _wait_ready(self):
        start = time.monotonic()
        self._greet()
        self._read_until("@@ready",
                         KVM_BOOT_SECONDS if self.kvm else BOOT_SECONDS, "boot")
        self.boot_seconds = time.monotonic() - start

    def _read_until(self, marker, timeout, what):
        deadline = time.monotonic() + timeout
        lines = []
        while not lines or not lines[-1].startswith(marker):
            lines.append(self._line(self.agent, deadline, what))
        return lines

    def _line(self, channel, deadline, what):
        try:
            return channel.line(deadline)
        except TimeoutError:
            raise GuestLost(f"{what}: no answer within the time limit\n" +
                             self._logs())
        except (EOFError, ConnectionError):
            try:
                status = self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                status = "unknown"
            raise GuestLost(f"{what}: QEMU ended, exit status {status}\n" +
                             self._logs())

    def _logs(self):
        text = ""
        for name in ["qemu.log", "console.log"]:
            if self._path(name).exists():
                lines = self._path(name).read_text(errors="replace")
                text += f"{name}, last lines:\n"
                text += "".join(f"  {line}\n"
                                for line in lines.splitlines()[-25:])
        return text.rstrip()

    def _stop_one(self, process, *channels):
        if process and process.poll() is None:
            process.kill()
        if process:
            process.wait()
        for channel in channels:
            channel.sock.close()
            channel.peer.close()

    def _stop(self):
        self._stop_one(self.process, self.agent, self.monitor)
        self.dir.cleanup()
