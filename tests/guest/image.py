# A Debian kernel and a small initramfs for test guests
#
# The kernel and busybox come from the machine's own Debian suite, or from another
# one: fetched with apt-get, which checks them, and unpacked below build/guest;
# nothing is installed. The initramfs holds busybox, the modules named in MODULES with what
# they depend on, and the programs of this directory.
#
# SPDX-License-Identifier: GPL-2.0-or-later

import fcntl
import hashlib
import lzma
import os
import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPO = HERE.parent.parent
CACHE = REPO / "build" / "guest"

MODULES = ["virtio_pci", "virtio_blk", "virtio_crypto", "algif_skcipher",
           "pkcs8_key_parser", "uio_pci_generic"]
SCRIPTS = ["round-trip"]
PROGRAMS = ["crypt-file", "rsa-key"]    # each has a source of that name


class ImageError(Exception):
    """The kernel or the initramfs cannot be made."""


class Image:
    """kernel and initrd: paths, to boot; version: of the Debian package;
    file: path of a real file of some MiB, to work with.

    suite: of Debian; the machine's own if it is empty.
    """

    def __init__(self, suite=""):
        cache = CACHE / suite
        cache.mkdir(parents=True, exist_ok=True)
        with open(cache / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            env = apt_of(suite, cache / "apt") if suite else {}
            package, version, busybox_version = candidates(env)
            self.version = f"{package} {version}"
            kernel_tree = unpacked(cache, env, version, "linux-image-*_*",
                                   package, *parts(env, package))
            busybox_tree = unpacked(cache, env, busybox_version,
                                    "busybox-static_*", "busybox-static")
            self.file = only([*kernel_tree.glob("boot/vmlinuz-*"),
                              *kernel_tree.glob("usr/lib/modules/*/vmlinuz")])
            self.kernel = bootable(self.file, kernel_tree / "vmlinux")
            self.initrd = initramfs(cache, kernel_tree, busybox_tree)


def apt_of(suite, directory):
    """The environment in which apt sees that suite only."""
    if not (directory / "apt.conf").exists():
        output(str(REPO / "scripts/private-apt"), str(directory), "deb", suite)
    return {"APT_CONFIG": str(directory / "apt.conf")}


def output(*command, env=None):
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, check=True,
                              stdout=subprocess.PIPE, text=True,
                              env={**os.environ, "LC_ALL": "C",
                                   **(env or {})}).stdout
    except FileNotFoundError:
        raise ImageError(f"{command[0]}: no such program; this needs Debian")
    except subprocess.CalledProcessError as e:
        raise ImageError(f"{' '.join(command)}: exit status {e.returncode}")


def only(paths):
    paths = list(paths)
    if len(paths) != 1:
        raise ImageError(f"expected one file, found {paths}")
    return paths[0]


def candidates(env):
    """The suite's kernel package, its version, and busybox-static's version."""
    text = output("apt-cache", "show", "--no-all-versions",
                  "linux-image-amd64", "busybox-static", env=env)
    kernel = re.search(r"^Depends: (?:.*, )?(linux-image-\S+-amd64) \(= (\S+)\)",
                       text, re.M)
    busybox = re.search(r"^Package: busybox-static\n(?:.+\n)*?Version: (\S+)",
                        text, re.M)
    if not kernel or not busybox:
        raise ImageError("apt does not know linux-image-amd64 or "
                         "busybox-static; run scripts/setup or apt-get update")
    return *kernel.groups(), busybox.group(1)


def parts(env, package):
    """What a kernel's package is divided into, since Debian 14."""
    return re.findall(r"linux-(?:base|binary|modules)-\d[^ ,]+", re.search(
        r"^Depends: .*|\Z", output("apt-cache", "show", "--no-all-versions",
                                   package, env=env), re.M)[0])


def unpacked(cache, env, version, old_ones, *packages):
    """The directory with the files of packages; replaces @old_ones."""
    tree = cache / f"{packages[0]}_{version}"
    if tree.exists():
        return tree
    print(f"Fetching {packages[0]} {version}", file=sys.stderr, flush=True)
    work = cache / "unpack"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    # root needs no sandbox user here, who could not write to this directory
    status = subprocess.run(
        ["apt-get", "download", "-o", "APT::Sandbox::User=root",
         *(f"{package}={version}" for package in packages)],
        cwd=work, stdin=subprocess.DEVNULL, stdout=sys.stderr,
        env={**os.environ, **env}).returncode
    if status:
        raise ImageError(f"apt-get download {packages[0]} failed; "
                         "run scripts/setup or apt-get update")
    for deb in work.glob("*.deb"):
        output("dpkg-deb", "-x", str(deb), str(work / "tree"))
    for old in cache.glob(old_ones):
        shutil.rmtree(old)
    (work / "tree").rename(tree)
    shutil.rmtree(work)
    return tree


def bootable(bzimage, vmlinux):
    """Path of what boots fastest.

    In emulation the kernel needs as long to decompress itself as for all the
    rest of its boot, so do that here, once, and let QEMU start the ELF file.
    """
    if vmlinux.exists():
        return vmlinux
    data = bzimage.read_bytes()
    # Linux's Documentation/arch/x86/boot.rst: setup_sects, payload_offset,
    # payload_length; the payload ends in the decompressed size
    start, = struct.unpack_from("<I", data, 0x248)
    length, = struct.unpack_from("<I", data, 0x24c)
    start += (data[0x1f1] + 1) * 512
    try:
        elf = lzma.LZMADecompressor(lzma.FORMAT_XZ).decompress(
            data[start:start + length])
    except lzma.LZMAError:
        return bzimage          # another format
    new = vmlinux.with_suffix(".new")
    new.write_bytes(elf)
    new.rename(vmlinux)
    return vmlinux


def module_name(path):
    return path.name.split(".ko")[0].replace("-", "_")


def module_data(path):
    data = path.read_bytes()
    return lzma.decompress(data) if path.suffix == ".xz" else data


def modules(moddir):
    """MODULES with all dependencies: {name: (data, [direct dependencies])}.

    The package holds no modules.dep, so the names are read from the modules.
    """
    paths = {module_name(p): p for p in moddir.glob("kernel/**/*.ko*")}
    builtin = {module_name(Path(line)) for line in
               (moddir / "modules.builtin").read_text().split()}
    found = {}
    todo = list(MODULES)
    while todo:
        name = todo.pop()
        if name in found or name in builtin:
            continue
        if name not in paths:
            raise ImageError(f"{moddir.name} has no module {name}")
        data = module_data(paths[name])
        depends = re.search(rb"\0depends=([^\0]*)\0", data)
        needs = [n.replace("-", "_")
                 for n in depends.group(1).decode().split(",") if n]
        found[name] = (data, needs)
        todo += needs
    return found


def all_needs(found, name):
    """What @name depends on, in the order of modules.dep: nearest first."""
    order = []
    todo = list(found[name][1])
    while todo:
        need = todo.pop(0)
        if need in found:
            if need in order:
                order.remove(need)
            order.append(need)
            todo += found[need][1]
    return order


class Cpio:
    """An archive in the format that the kernel unpacks as its root."""

    def __init__(self):
        self.parts = []
        self.dirs = set()

    def entry(self, name, mode, data=b"", rdev=(0, 0)):
        fields = [len(self.parts) + 1, mode, 0, 0, 1, 0, len(data), 0, 0,
                  *rdev, len(name) + 1, 0]
        head = b"070701" + b"".join(b"%08X" % f for f in fields)
        head += name.encode() + b"\0"
        self.parts.append(head + b"\0" * (-len(head) % 4) +
                          data + b"\0" * (-len(data) % 4))

    def file(self, name, data, mode=0o644):
        for parent in reversed(Path(name).parents[:-1]):
            if parent not in self.dirs:
                self.dirs.add(parent)
                self.entry(str(parent), 0o040755)
        self.entry(name, 0o100000 | mode, data)

    def bytes(self):
        self.entry("TRAILER!!!", 0)
        return b"".join(self.parts)


def initramfs(cache, kernel_tree, busybox_tree):
    """Make the archive if one of its ingredients is newer; returns its path."""
    sources = [HERE / name for name in
               ["image.py", "init", *SCRIPTS, *(f"{p}.c" for p in PROGRAMS)]]
    key = hashlib.sha256()
    for part in [kernel_tree.name.encode(), busybox_tree.name.encode(),
                 *(path.read_bytes() for path in sources)]:
        key.update(hashlib.sha256(part).digest())
    path = cache / f"initramfs-{key.hexdigest()[:16]}.cpio"
    if path.exists():
        return path

    moddir = only([*kernel_tree.glob("lib/modules/*"),
                   *kernel_tree.glob("usr/lib/modules/*")])
    cpio = Cpio()
    cpio.entry("dev", 0o040755)
    cpio.entry("dev/console", 0o020600, rdev=(5, 1))
    cpio.file("init", (HERE / "init").read_bytes(), 0o755)
    busybox = only([*busybox_tree.glob("bin/busybox"),
                    *busybox_tree.glob("usr/bin/busybox")])
    cpio.file("bin/busybox", busybox.read_bytes(), 0o755)
    for script in SCRIPTS:
        cpio.file(f"bin/{script}", (HERE / script).read_bytes(), 0o755)
    for program in PROGRAMS:
        binary = cache / program
        output("gcc", "-static", "-O2", "-Wall", "-Werror",
               str(HERE / f"{program}.c"), "-o", str(binary))
        cpio.file(f"bin/{program}", binary.read_bytes(), 0o755)

    found = modules(moddir)
    target = f"lib/modules/{moddir.name}"
    for name, (data, _) in found.items():
        cpio.file(f"{target}/{name}.ko", data)
    dep = "".join(
        f"{name}.ko: {' '.join(n + '.ko' for n in all_needs(found, name))}\n"
        for name in found)
    cpio.file(f"{target}/modules.dep", dep.encode())

    for old in cache.glob("initramfs-*"):
        old.unlink()
    new = cache / "initramfs.new"
    new.write_bytes(cpio.bytes())
    new.rename(path)
    return path
