# RSA through a guest's virtio_crypto driver, checked against openssl
#
# SPDX-License-Identifier: GPL-2.0-or-later

import hashlib
import subprocess
import tempfile
from pathlib import Path

import aes

BITS = 2048
# Of messages to encrypt, up to the most that the padding leaves room for
LENGTHS = [1, 32, BITS // 8 - 11]


def openssl(*arguments, data=b""):
    return subprocess.run(["openssl", *arguments], input=data, check=True,
                          stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout


class Rsa:
    """A new key and what to do with it; files: for the guest {name: bytes}."""

    def __init__(self):
        self.pem = openssl("genpkey", "-algorithm", "RSA",
                           "-pkeyopt", f"rsa_keygen_bits:{BITS}")
        self.files = {"rsa.key": openssl("pkcs8", "-topk8", "-nocrypt",
                                         "-outform", "DER", data=self.pem)}
        self.messages = {}
        for length in LENGTHS:
            name = f"rsa{length}"
            message = hashlib.shake_256(name.encode()).digest(length)
            self.messages[name] = self.files[name] = message
            self.files[f"{name}.host"] = self._pkeyutl(message, "-encrypt")

    def _pkeyutl(self, data, *arguments):
        with tempfile.TemporaryDirectory(prefix="virtio-crypto-rsa-") as work:
            key = Path(work, "key")
            key.write_bytes(self.pem)
            return openssl("pkeyutl", "-inkey", str(key), *arguments,
                           data=data)

    def load(self):
        """A command for the guest, which says a line if the result is right."""
        name = f"rsa{LENGTHS[-1]}"
        return (f"rsa-key rsa.key decrypt {name}.host load.dec && "
                f"cmp load.dec {name} && echo {name}")

    def check(self, guest):
        """Raises aes.Mismatch unless both directions give what they must."""
        guest.sh("modprobe pkcs8_key_parser")
        before = aes.counters(guest)
        for name in self.messages:
            guest.sh(f"rsa-key rsa.key encrypt {name} {name}.enc && "
                     f"rsa-key rsa.key decrypt {name}.host {name}.dec")
        after = aes.counters(guest)
        self._check_results(guest)
        for name in ["asym-encrypt-ops", "asym-decrypt-ops"]:
            if after[name] - before[name] < len(self.messages):
                raise aes.Mismatch(f"{name}: {len(self.messages)} in the "
                                   "guest, but the device counted "
                                   f"{after[name] - before[name]}")

    def _check_results(self, guest):
        for name, message in self.messages.items():
            encrypted, decrypted = guest.fetch(f"{name}.enc", f"{name}.dec")
            if decrypted != message:
                raise aes.Mismatch(f"{name}: decrypted to something else")
            if self._pkeyutl(encrypted, "-decrypt") != message:
                raise aes.Mismatch(f"{name}: openssl decrypts what the guest "
                                   "encrypted to something else")
