# AES-CBC through a guest's virtio_crypto driver, checked against openssl
#
# SPDX-License-Identifier: GPL-2.0-or-later

import hashlib
import re
import subprocess
import time
from dataclasses import dataclass

DRIVER = "virtio_crypto_aes_cbc"
# Numbers of the feature bits
RING_FEATURES = {"indirect": 28, "event-idx": 29, "iommu": 33, "packed": 34,
                 "in-order": 35, "notification-data": 38, "ring-reset": 40}
# Far below what emulation reaches; only a hang takes longer
BYTES_PER_SECOND = 100 * 1024
REQUESTS_PER_SECOND = 100
SELFTEST_SECONDS = 120


class Mismatch(Exception):
    """The guest ran, but a result is not what it must be."""


def device_args(queues=1, options="packed=off"):
    return ["-object", "cryptodev-backend-builtin,id=cryptodev0,"
                       f"queues={queues}",
            "-device", "virtio-crypto-pci,id=crypto0,cryptodev=cryptodev0,"
                       f"{options}"]


def load_driver(guest):
    """Load the driver; returns algorithms()."""
    guest.sh("modprobe -a virtio_crypto algif_skcipher")
    return algorithms(guest)


def algorithms(guest):
    """What virtio_crypto has in /proc/crypto, {driver: {field: value}}.

    DRIVER is among it, and all self-tests have passed. Linux runs these in the
    background, and while it does shows one more entry of the same driver name, a
    "larval" one with its self-test passed.
    """
    deadline = time.monotonic() + SELFTEST_SECONDS
    while True:
        entries = [dict(re.findall(r"^(\S.*?) *: (.*)$", entry, re.M))
                   for entry in guest.sh("cat /proc/crypto").split("\n\n")]
        found = {e["driver"]: e for e in entries
                 if e["module"] == "virtio_crypto" and e["type"] != "larval"}
        open_ones = [driver for driver, entry in found.items()
                     if entry["selftest"] != "passed"]
        if DRIVER in found and not open_ones:
            return found
        if time.monotonic() > deadline:
            raise Mismatch(
                (f"self-test not passed: {', '.join(open_ones)}\n" if open_ones
                 else f"/proc/crypto does not list {DRIVER}\n") +
                guest.sh("dmesg | tail -20"))
        time.sleep(0.1)


def ring_features(guest):
    """What the driver negotiated, of RING_FEATURES."""
    bits = guest.sh("cat /sys/bus/virtio/drivers/virtio_crypto/virtio*"
                    "/features")
    return {name for name, bit in RING_FEATURES.items() if bits[bit] == "1"}


def counters(guest):
    """The device's own counters, {name: value}, added up over backends."""
    total = {}
    for backend in guest.qmp("query-stats", target="cryptodev"):
        for stat in backend["stats"]:
            if isinstance(stat["value"], int):      # not a histogram
                total[stat["name"]] = (total.get(stat["name"], 0) +
                                       stat["value"])
    return total


def check_counters(before, after, results):
    """The device must have counted at least what the guest says it did."""
    for name, claimed in [
            ("sym-encrypt-ops", sum(r.requests for r in results)),
            ("sym-encrypt-bytes", sum(r.bytes for r in results)),
            ("sym-decrypt-ops", sum(r.requests for r in results)),
            ("sym-decrypt-bytes", sum(r.bytes for r in results))]:
        counted = after[name] - before[name]
        if counted < claimed:
            raise Mismatch(f"{name}: the guest claims {claimed}, "
                           f"the device counted {counted}")


@dataclass
class Job:
    """The first @size bytes of a file, there and back."""
    name: str               # also makes the key and the IV
    bits: int               # of the key
    chunk: int              # bytes in a request
    size: int

    @property
    def key(self):
        return hashlib.sha256(f"key {self.name}".encode()).digest()[
            :self.bits // 8]

    @property
    def iv(self):
        return hashlib.sha256(f"iv {self.name}".encode()).digest()[:16]


@dataclass
class Result:
    """Of one job: bytes and requests in each direction; seconds in them."""
    job: Job
    bytes: int
    requests: int
    encrypt_seconds: float
    decrypt_seconds: float


def openssl(job, plain):
    return subprocess.run(
        ["openssl", "enc", f"-aes-{job.bits}-cbc",
         "-K", job.key.hex(), "-iv", job.iv.hex()],
        input=plain, stdout=subprocess.PIPE, check=True).stdout


def command(file, job):
    return (f"round-trip {DRIVER} {job.name} {job.key.hex()} {job.iv.hex()} "
            f"{job.chunk} {job.size} {file}")


def start_load(guest, commands):
    """Run each of {name: command} over and over, in a process of its own.

    A command says a line each time, and fails if something is wrong.
    """
    guest.sh("rm -f stop bad *.ended; touch bad")
    for name, text in commands.items():
        guest.sh(f"{{ while [ ! -e stop ]; do {{ {text}; }} >> {name}.said "
                 f"2>> bad || echo {name} >> bad; done; touch {name}.ended; }} "
                 "> /dev/null 2>&1 &")


def stop_load(guest, names):
    """Returns how often each of them has been run, {name: number}."""
    running = " || ".join(f"[ ! -e {name}.ended ]" for name in names)
    guest.sh(f"touch stop; while {running}; do sleep 1; done")
    bad = guest.sh("cat bad")
    if bad:
        raise Mismatch(bad)
    return {name: int(guest.sh(f"wc -l < {name}.said")) for name in names}


def check_ciphertexts(guest, plain, jobs):
    """What each job has encrypted last must be what openssl makes."""
    ciphertexts = guest.fetch(*(f"{job.name}.enc" for job in jobs))
    for job, ciphertext in zip(jobs, ciphertexts):
        if ciphertext != openssl(job, plain[:job.size]):
            raise Mismatch(f"{job}: the ciphertext is not openssl's")


def round_trips(guest, file, plain, jobs):
    """Run @jobs on the guest's @file at the same time; returns their results.

    The guest compares what it decrypts; the ciphertext comes to the host and
    must equal what openssl makes of @plain, the file's contents.
    """
    start = " ".join(f"{command(file, job)} & pids=\"$pids $!\";"
                     for job in jobs)
    wait = "s=0; for p in $pids; do wait $p || s=1; done; exit $s"
    size = sum(job.size for job in jobs)
    requests = sum(job.size // job.chunk for job in jobs)
    text = guest.sh(f"pids=; {start} {wait}",
                    timeout=(30 + 2 * size / BYTES_PER_SECOND +
                             2 * requests / REQUESTS_PER_SECOND))
    said = {line.split()[0]: [int(n) for n in line.split()[1:]]
            for line in text.splitlines()}

    results = []
    ciphertexts = guest.fetch(*(f"{job.name}.enc" for job in jobs))
    guest.sh("rm " + " ".join(f"{job.name}.enc" for job in jobs))
    for job, ciphertext in zip(jobs, ciphertexts):
        if ciphertext != openssl(job, plain[:job.size]):
            raise Mismatch(f"{job}: the ciphertext is not openssl's")
        bytes_, requests, enc_us, dec_bytes, dec_requests, dec_us = \
            said[job.name]
        if not bytes_ == dec_bytes == len(ciphertext):
            raise Mismatch(f"{job}: {len(ciphertext)} bytes of ciphertext, "
                           f"but the guest says {said[job.name]}")
        results.append(Result(job, bytes_, min(requests, dec_requests),
                              enc_us / 1e6, dec_us / 1e6))
    return results
