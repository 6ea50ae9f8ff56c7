# Sessions and requests of virtio-crypto, as bytes; known answers
#
# SPDX-License-Identifier: GPL-2.0-or-later

import hashlib
import hmac
import struct
import subprocess

CIPHER, HASH, MAC, AEAD, AKCIPHER = range(5)
SERVICES = {"cipher": CIPHER, "hash": HASH, "mac": MAC, "aead": AEAD,
            "chain": CIPHER, "rsa": AKCIPHER}
OK, ERR, BADMSG, NOTSUPP, INVSESS, NOSPC = range(6)

AES_CBC, SHA256, HMAC_SHA256, GCM, RSA, ECDSA = 3, 4, 4, 1, 1, 2
ENCRYPT, DECRYPT = 1, 2
PUBLIC, PRIVATE = 1, 2

# NIST SP 800-38A, F.2.1
KEY = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
IV = bytes(range(16))
PLAIN = bytes.fromhex("6bc1bee22e409f96e93d7e117393172a"
                      "ae2d8a571e03ac9c9eb76fac45af8e51")
SECRET = bytes.fromhex("7649abac8119b246cee98e9b12e9197d"
                       "5086cb9b507219ee95db113a917678b2")
# The GCM specification, test case 2
GCM_KEY, GCM_IV, GCM_PLAIN = bytes(16), bytes(12), bytes(16)
GCM_SECRET = bytes.fromhex("0388dace60b6a392f328c2b971b2fe78")
GCM_TAG = bytes.fromhex("ab6e47d42cec13bdf53a67b21257bddf")

MAC_KEY = b"a key of no certain length"


def opcode(service, number):
    return service << 8 | number


def openssl(*arguments, data=b""):
    return subprocess.run(["openssl", *arguments], input=data, check=True,
                          stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout


def aes_cbc(data, key=KEY, iv=IV):
    return openssl("enc", f"-aes-{8 * len(key)}-cbc", "-nopad", "-K", key.hex(),
                   "-iv", iv.hex(), data=data)


def hmac_sha256(data):
    return hmac.new(MAC_KEY, data, hashlib.sha256).digest()


def put(data, at, fmt, *values):
    data[at:at + struct.calcsize("<" + fmt)] = struct.pack("<" + fmt, *values)


# Sessions, in the control queue and in messages

def sym(cipher=0, key=b"", hash_=0, digest=0, auth=b"", aad=0, op_type=0,
        direction=0, mode=0, order=0, key_len=None, auth_len=None):
    return struct.pack("=IIIIIIBBBBIQQ64s512s", cipher,
                       len(key) if key_len is None else key_len, hash_, digest,
                       len(auth) if auth_len is None else auth_len, aad,
                       op_type, direction, mode, order, 0, 0, 0, key, auth)


def asym(keytype, key, padding=1, hash_=0, keylen=None):
    return struct.pack("=IIIIQII1024s", RSA, keytype,
                       len(key) if keylen is None else keylen, 0, 0, padding,
                       hash_, key) + key[1024:]


def message(service, body, wanted=0, code=None):
    code = opcode(service, 4 if service == AKCIPHER else 2) \
        if code is None else code
    return struct.pack("=Q1056sq", code, body, wanted) + body[1056:]


def messages():
    """{name: a message that makes a session}."""
    chain = sym(AES_CBC, KEY, HMAC_SHA256, 32, MAC_KEY, 0, 2, ENCRYPT, 2, 2)
    return {
        "cipher": message(CIPHER, sym(AES_CBC, KEY, op_type=1,
                                      direction=ENCRYPT)),
        "chain": message(CIPHER, chain),
        "hash": message(HASH, sym(hash_=SHA256, digest=32)),
        "mac": message(MAC, sym(hash_=HMAC_SHA256, digest=32, auth=MAC_KEY)),
        "aead": message(AEAD, sym(GCM, GCM_KEY, digest=16, direction=ENCRYPT)),
    }


def create(service, fields, keys, op_type=0):
    """A control request; fields: 32-bit numbers from offset 16 on."""
    request = bytearray(72)
    put(request, 0, "I", opcode(service, 4 if service == AKCIPHER else 2))
    put(request, 16, f"{len(fields)}I", *fields)
    if op_type:
        put(request, 64, "I", op_type)
    return [bytes(request), *(k for k in keys if k)]


def creates():
    """{name: the readable half of a control request}."""
    return {
        "cipher": create(CIPHER, [AES_CBC, len(KEY), ENCRYPT], [KEY], 1),
        "chain": create(CIPHER, [2, 2, AES_CBC, len(KEY), ENCRYPT, 0,
                                 HMAC_SHA256, 32, len(MAC_KEY)],
                        [KEY, MAC_KEY], 2),
        "hash": create(HASH, [SHA256, 32], []),
        "mac": create(MAC, [HMAC_SHA256, 32, len(MAC_KEY)], [MAC_KEY]),
        "aead": create(AEAD, [GCM, len(GCM_KEY), 16, 0, ENCRYPT], [GCM_KEY]),
    }


def destroy(service, session):
    request = bytearray(72)
    put(request, 0, "I", opcode(service, 5 if service == AKCIPHER else 3))
    put(request, 16, "Q", session)
    return [bytes(request)]


# Data requests: (readable pieces, lengths of writable pieces)

def header(size, code, session, fields, op_type=0):
    request = bytearray(size)
    put(request, 0, "I", code)
    put(request, 8, "Q", session)
    put(request, 24, f"{len(fields)}I", *fields)
    if op_type:
        put(request, 64, "I", op_type)
    return bytes(request)


def cipher(session, data=PLAIN, iv=IV, decrypt=False):
    return [header(72, opcode(CIPHER, decrypt), session,
                   [len(iv), len(data), len(data)], 1), iv, data], \
           [len(data), 1]


def chain(session, data=PLAIN):
    n = len(data)
    return [header(72, opcode(CIPHER, 0), session,
                   [len(IV), n, n, 0, n, 0, n, 0, 32], 2), IV, data], \
           [n, 32, 1]


def digest(service, session, data=PLAIN):
    return [header(72, opcode(service, 0), session, [len(data), 32]), data], \
           [32, 1]


def aead(session):
    n = len(GCM_PLAIN)
    return [header(72, opcode(AEAD, 0), session, [len(GCM_IV), 0, n, n + 16]),
            GCM_IV, GCM_PLAIN], [n, 16, 1]


def akcipher(session, number, data, length):
    return [header(72, opcode(AKCIPHER, number), session,
                   [len(data), length]), data], [length, 1]


def data_requests():
    """{name: (a function of the session, the result)}."""
    return {
        "cipher": (cipher, SECRET),
        "chain": (chain, SECRET + hmac_sha256(SECRET)),
        "hash": (lambda s: digest(HASH, s), hashlib.sha256(PLAIN).digest()),
        "mac": (lambda s: digest(MAC, s), hmac_sha256(PLAIN)),
        "aead": (aead, GCM_SECRET + GCM_TAG),
    }


def stateless_cipher(data=PLAIN):
    """With REVISION_1: the key is in the request."""
    request = bytearray(100)
    put(request, 0, "I", opcode(CIPHER, 0))
    put(request, 24, "III", AES_CBC, len(KEY), ENCRYPT)
    put(request, 36, "III", len(IV), len(data), len(data))
    put(request, 96, "I", 1)
    return [bytes(request), KEY, IV, data], [len(data), 1]


def revision_1_cipher(session, data=PLAIN):
    readable, writable = cipher(session, data)
    request = bytearray(readable[0])
    put(request, 16, "I", 1)                    # with a session
    return [bytes(request), *readable[1:]], writable


# The draft: one writable piece, all else by address

def draft_create(key_address):
    request = bytearray(104)
    put(request, 0, "I", opcode(CIPHER, 2))
    put(request, 16, "III", AES_CBC, len(KEY), ENCRYPT)
    put(request, 32, "Q", key_address)
    put(request, 96, "I", 1)
    return bytes(request)


def draft_cipher(session, iv, source, result, length=len(PLAIN)):
    request = bytearray(144)
    put(request, 0, "I", opcode(CIPHER, 0))
    put(request, 8, "Q", session)
    put(request, 24, "III", len(IV), length, length)
    put(request, 40, "Q", iv)
    put(request, 48, "QI", source, length)
    put(request, 72, "QI", result, length)
    put(request, 136, "I", 1)
    return bytes(request)
