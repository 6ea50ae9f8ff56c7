# DPDK's test programs in a guest: their image, and what their output says
#
# The programs come from a suite of Debian, whichever the machine itself runs,
# and are unpacked with the libraries they need below build/guest. Remove the
# directory build/guest/dpdk-SUITE to get the suite's newest version.
#
# SPDX-License-Identifier: GPL-2.0-or-later

import fcntl
import hashlib
import hmac
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from image import CACHE, HERE, Cpio, Image, ImageError, only, output

PROGRAMS = ["dpdk-test", "dpdk-test-crypto-perf"]
# Loaded at run time, so that no program names them: {package: library}
PLUGINS = {"librte-crypto-virtio": "librte_crypto_virtio.so.*",
           "librte-mempool-ring": "librte_mempool_ring.so.*",
           "libgcc-s1": "libgcc_s.so.1"}
LIBDIR = "usr/lib/dpdk"         # in the guest
PCI = "0000:00:10.0"
HUGEPAGES = 192                 # of 2 MiB
MEMORY = 1024                   # MiB of the guest, with these
DIGEST = "sha1-hmac"            # name of a section of vectors()


class DpdkImage:
    """As Image, with the DPDK of a Debian suite; version: of its package."""

    def __init__(self, suite):
        image = Image()
        self.kernel = image.kernel
        with open(CACHE / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            tree = unpacked(suite)
            self.version = (tree / "version").read_text()
            self.initrd = initramfs(tree, Path(image.initrd))


def unpacked(suite):
    """The directory with the files of all packages."""
    tree = CACHE / f"dpdk-{suite}"
    if tree.exists():
        return tree
    work = CACHE / "dpdk.new"
    shutil.rmtree(work, ignore_errors=True)
    apt = work / "apt"
    apt.mkdir(parents=True)

    def run(*command, cwd=work, **env):
        try:
            return subprocess.run(command, cwd=cwd, check=True, text=True,
                                  env={**os.environ, "LC_ALL": "C", **env},
                                  stdin=subprocess.DEVNULL, timeout=600,
                                  stdout=subprocess.PIPE).stdout
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as e:
            raise ImageError(f"suite {suite}: {e}")

    run(str(HERE.parent.parent / "scripts/private-apt"), str(apt), "deb",
        suite)
    conf = str(apt / "apt.conf")
    names = run("apt-cache", "pkgnames", APT_CONFIG=conf).split()
    roots = ["dpdk-dev"] + [
        only(n for n in names if re.fullmatch(re.escape(p) + r"[-\d]*", n))
        for p in PLUGINS]
    packages = libraries(roots, run("apt-cache", "depends", "--recurse",
                                    "--important", *roots, APT_CONFIG=conf))
    print(f"Fetching dpdk-dev of {suite} and {len(packages) - 1} libraries",
          file=sys.stderr, flush=True)
    (work / "deb").mkdir()
    run("apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root",
        *packages, cwd=work / "deb", APT_CONFIG=conf)
    for deb in (work / "deb").glob("*.deb"):
        run("dpkg-deb", "-x", str(deb), str(work / "tree"))
    deb = only((work / "deb").glob("dpdk-dev_*.deb"))
    (work / "tree/version").write_text(
        run("dpkg-deb", "-f", str(deb), "Version").strip())
    (work / "tree").rename(tree)
    shutil.rmtree(work)
    return tree


def libraries(roots, depends):
    """@roots and the shared libraries among all that they depend on."""
    graph = {}
    for line in depends.splitlines():
        words = line.split()
        if not line.startswith(" "):
            needs = graph.setdefault(line, [])
        elif words[0] in ("Depends:", "|Depends:", "PreDepends:"):
            needs.append(words[1])
    found = set()
    todo = list(roots)
    while todo:
        name = todo.pop()
        if name in found or name not in graph:
            continue            # not in graph: <virtual>
        if name in roots or (re.match("lib|zlib1g", name) and
                             not name.endswith("-dev")):
            found.add(name)
            todo += graph[name]
    return sorted(found)


def needed(tree):
    """Libraries to load: {soname: path}, and the loader itself."""
    libdirs = [d for d in [tree / "usr/lib/x86_64-linux-gnu",
                           tree / "lib/x86_64-linux-gnu"] if d.exists()]
    found = {}
    for pattern in PLUGINS.values():
        path = next(p for d in libdirs for p in sorted(d.glob(pattern)))
        found[path.name] = path
    loader = next(d / "ld-linux-x86-64.so.2" for d in libdirs
                  if (d / "ld-linux-x86-64.so.2").exists())
    for path in [*found.values(), *(tree / "usr/bin" / p for p in PROGRAMS)]:
        text = output(str(loader), "--inhibit-cache", "--library-path",
                      ":".join(map(str, libdirs)), "--list", str(path))
        for soname, where in re.findall(r"^\s*(\S+) => (.*?)(?: \(.*)?$", text,
                                        re.M):
            if not Path(where).is_relative_to(tree):
                raise ImageError(f"{path}: no package has {soname}")
            found[soname] = Path(where)
    return found, loader


def initramfs(tree, base):
    """@base and the programs; made if one of them is newer."""
    version = (tree / "version").read_text()
    key = hashlib.sha256(f"{base.name} {version}".encode() +
                         (HERE / "dpdk.py").read_bytes())
    path = CACHE / f"{tree.name}-{key.hexdigest()[:16]}.cpio"
    if path.exists():
        return path
    libs, loader = needed(tree)
    cpio = Cpio()
    cpio.file("lib64/ld-linux-x86-64.so.2", loader.read_bytes(), 0o755)
    for name in PROGRAMS:
        cpio.file(f"usr/bin/{name}", (tree / "usr/bin" / name).read_bytes(),
                  0o755)
    for soname, where in libs.items():
        cpio.file(f"{LIBDIR}/{soname}", where.read_bytes(), 0o755)
    for old in CACHE.glob(f"{tree.name}-*.cpio"):
        old.unlink()
    new = path.with_suffix(".new")
    # The kernel unpacks one archive after the other
    new.write_bytes(base.read_bytes() + cpio.bytes())
    new.rename(path)
    return path


def guest_arguments(packed):
    """For Guest(): what the device and DPDK need."""
    return {
        "args": ["-object", "cryptodev-backend-builtin,id=cryptodev0",
                 "-device", "virtio-crypto-pci,id=crypto0,cryptodev=cryptodev0,"
                            f"packed={'on' if packed else 'off'},"
                            f"addr={PCI.split(':')[-1].removesuffix('.0')}"],
        "append": f"hugepages={HUGEPAGES}", "memory": MEMORY}


def prepare(guest):
    """Hand the device over to DPDK."""
    device = f"/sys/bus/pci/devices/{PCI}"
    # / belongs to everybody at first, and DPDK loads no plugins from there
    guest.sh("chmod 755 / && mkdir -p /var/run /dev/hugepages && "
             "mount -t hugetlbfs huge /dev/hugepages && "
             "modprobe uio_pci_generic && "
             f"echo uio_pci_generic > {device}/driver_override && "
             f"echo {PCI} > {device}/driver/unbind && "     # from virtio-pci
             f"echo {PCI} > /sys/bus/pci/drivers_probe && test -e /dev/uio0")


def program(guest, name, arguments, environment="", timeout=120):
    """Run one of PROGRAMS; returns (exit status, output without hex dumps).

    The output goes to a terminal, the serial port, as all of it counts when the
    program crashes.
    """
    status, text = guest.try_sh(
        f"plugins=$(echo /{LIBDIR}/librte_crypto_virtio.* "
        f"/{LIBDIR}/librte_mempool_ring.* | sed 's/[^ ]*so[^ ]*/-d &/g'); "
        f"LD_LIBRARY_PATH=/{LIBDIR} {environment} timeout -s KILL {timeout} "
        # Huge pages in the order of their addresses: DPDK 25.11 needs 4 MiB
        # in one piece
        f"{name} --legacy-mem -l 0,1 -a {PCI} $plugins {arguments}",
        timeout + 30)
    return status, "\n".join(line for line in text.splitlines()
                             if not re.match(r"[\dA-F]{8}: ", line))


@dataclass
class Results:
    """What dpdk-test printed."""
    passed: Counter = field(default_factory=Counter)    # {suite: cases}
    skipped: int = 0
    failed: list = field(default_factory=list)          # names of cases
    unfinished: str = ""        # the suite in which the program ended

    def __str__(self):
        text = [f"{count} passed in {suite}"
                for suite, count in self.passed.items()]
        return "; ".join([*text, f"{self.skipped} skipped",
                          f"failed: {', '.join(self.failed) or 'none'}"])


def parse(text):
    results = Results()
    suites = []
    suite = ""
    for line in text.splitlines():
        if m := re.match(r" \+ Test Suite : (.*)", line):
            suite = m.group(1)
            suites.append(suite)
        elif m := re.match(r" \+ Test Suite Summary : (.*)", line):
            if m.group(1) in suites:
                suites.remove(m.group(1))
        elif m := re.match(r" \+ TestCase \[ *\d+\] : (.*) (\w+)$", line):
            name, outcome = m.groups()
            if outcome == "succeeded":
                results.passed[suite] += 1
            elif outcome == "skipped":
                results.skipped += 1
            else:
                results.failed.append(name)
    results.unfinished = suites[-1] if suites else ""
    return results


def vectors(aes_cbc, size):
    """A file for the test "verify" of dpdk-test-crypto-perf.

    aes_cbc(key, iv, plaintext) is the implementation to compare with.
    """
    def octets(label, count):
        data = b""
        while len(data) < count:
            data += hashlib.sha256(f"{label} {len(data)}".encode()).digest()
        return data[:count]

    entries = {"plaintext": octets("plaintext", size),
               "cipher_key": octets("cipher_key", 16),
               "cipher_iv": octets("cipher_iv", 16),
               "auth_key": octets("auth_key", 64)}
    entries["ciphertext"] = aes_cbc(entries["cipher_key"],
                                    entries["cipher_iv"], entries["plaintext"])
    digest = hmac.digest(entries["auth_key"], entries["ciphertext"], "sha1")
    # In a section, which --test-name names: the tool insists
    entries[f"[{DIGEST}]\ndigest"] = digest
    return "".join(
        f"{name} =\n" + ", ".join(f"0x{b:02x}" for b in data) + "\n\n"
        for name, data in entries.items()).encode()
