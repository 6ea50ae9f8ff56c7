# What the daemon answers: services, forms of request, sessions
#
# SPDX-License-Identifier: GPL-2.0-or-later

import mmap
import os
import struct
from pathlib import Path
from tempfile import TemporaryDirectory

import requests as r
from front_end import (CLOSE_SESSION, EVENT_IDX, GET_CONFIG, GET_QUEUE_NUM,
                       GUEST, INDIRECT, RESET_DEVICE,
                       REVISION_1, STATELESS_CIPHER, VERSION_1, WRITE, TABLE,
                       SET_FEATURES, PROTOCOL, SET_MEM_TABLE, SET_OWNER,
                       SET_VRING_ADDR, SET_VRING_BASE, SET_VRING_CALL,
                       SET_VRING_KICK, SET_VRING_NUM, NEED_REPLY,
                       ADD_MEM_REG, REM_MEM_REG, LOG_ALL, SET_LOG_BASE,
                       Daemon, FrontEnd, expect)

CASES = {}


def case(name):
    def add(function):
        CASES[name] = function
        return function
    return add


def simple(name, *options, features=VERSION_1 | INDIRECT, queues=1):
    """A case with a daemon and a front end; queue 0 is started."""
    def add(function):
        def run(program, directory):
            daemon = Daemon(program, directory, f"--queues={queues}", *options)
            fe = FrontEnd(daemon, features)
            try:
                fe.ring(0)
                function(fe)
                expect("the log", daemon.log, "")
            finally:
                fe.close()
                expect("exit status", daemon.end(), 0)
        CASES[name] = run
        return run
    return add


def check(ring, request, want, status=r.OK):
    """Send a request; on failure the result is not looked at."""
    readable, writable = request
    got, used = ring.run(readable, writable)
    expect("status", got[-1], status)
    if status == r.OK:
        expect("result", got[:-1], want)
        expect("used length", used, len(got))
    else:
        expect("used length", used, 1)


def control(ring, readable):
    """Returns: the session."""
    got, used = ring.run(readable, [16])
    session, status = struct.unpack("<QI4x", got)
    expect("status", (status, used), (r.OK, 16))
    return session


# Services

def each_service(fe, make, ring):
    for name, (request, want) in r.data_requests().items():
        session = make(name)
        check(ring, request(session), want)
        check(ring, request(session), want)
        check(ring, request(session + 1), want, r.INVSESS)


@simple("services/message")
def services_message(fe):
    messages = r.messages()
    each_service(fe, lambda name: fe.create(messages[name]), fe.rings[0])


@simple("services/control-queue")
def services_control(fe):
    ring, creates = fe.ring(1), r.creates()
    each_service(fe, lambda name: control(ring, creates[name]), fe.rings[0])


@simple("services/event-idx", features=VERSION_1 | INDIRECT | EVENT_IDX)
def services_event_idx(fe):
    messages = r.messages()
    each_service(fe, lambda name: fe.create(messages[name]), fe.rings[0])


def rsa_key(bits):
    pem = r.openssl("genpkey", "-algorithm", "RSA",
                    "-pkeyopt", f"rsa_keygen_bits:{bits}")
    return pem, r.openssl("rsa", "-traditional", "-outform", "DER", data=pem), \
        r.openssl("rsa", "-RSAPublicKey_out", "-outform", "DER", data=pem)


def openssl_rsa(pem, *arguments, data):
    with TemporaryDirectory() as directory:
        path = Path(directory, "key")
        path.write_bytes(pem)
        return r.openssl("pkeyutl", "-inkey", str(path), *arguments, data=data)


def rsa(fe, make, bits=2048):
    pem, private, public = rsa_key(bits)
    size = bits // 8
    text = b"what only the owner of the key may read"
    session = make(r.PRIVATE, private)
    secret = openssl_rsa(pem, "-encrypt", data=text)
    got, used = fe.rings[0].run(*r.akcipher(session, 1, secret, size))
    expect("decrypted", (got[-1], got[:len(text)], used),
           (r.OK, text, len(text) + 1))
    session = make(r.PUBLIC, public)
    got, used = fe.rings[0].run(*r.akcipher(session, 0, text, size))
    expect("encrypted", (got[-1], used), (r.OK, size + 1))
    expect("decrypted by openssl",
           openssl_rsa(pem, "-decrypt", data=got[:size]), text)


@simple("services/rsa/message")
def rsa_message(fe):
    for bits in 1024, 2048, 4096:
        rsa(fe, lambda kind, key: fe.create(r.message(r.AKCIPHER,
                                                      r.asym(kind, key))), bits)


@simple("services/rsa/control-queue")
def rsa_control(fe):
    ring = fe.ring(1)
    rsa(fe, lambda kind, key: control(ring, r.create(
        r.AKCIPHER, [r.RSA, kind, len(key), 1, 0], [key])))


# Forms

@simple("forms/revision-1",
        features=VERSION_1 | INDIRECT | REVISION_1 | STATELESS_CIPHER)
def revision_1(fe):
    session = fe.create(r.messages()["cipher"])
    check(fe.rings[0], r.revision_1_cipher(session), r.SECRET)
    check(fe.rings[0], r.stateless_cipher(), r.SECRET)


@simple("forms/draft")
def draft(fe):
    data, ctl = fe.rings[0], fe.ring(1)

    def send(ring, request):
        at = fe.put(request)
        head = ring.put_chain([(GUEST + at, len(request), True)])
        ring.expose(head)
        ring.kick()
        ring.wait(1)
        return at

    at = send(ctl, r.draft_create(GUEST + fe.put(r.KEY)))
    session, status = struct.unpack_from("<QI", fe.memory, at + 40)
    expect("status", status, r.OK)
    result = fe.alloc(len(r.PLAIN))
    at = send(data, r.draft_cipher(session, GUEST + fe.put(r.IV),
                                   GUEST + fe.put(r.PLAIN), GUEST + result))
    expect("status", struct.unpack_from("<I", fe.memory, at + 108)[0], r.OK)
    expect("result", fe.memory[result:result + len(r.PLAIN)], r.SECRET)


@simple("forms/indirect")
def indirect(fe):
    ring = fe.rings[0]
    readable, writable = r.cipher(fe.create(r.messages()["cipher"]))
    at = fe.alloc(sum(writable))
    pieces = [(fe.put(d), len(d), 0) for d in readable] + \
             [(at, sum(writable), WRITE)]
    table = b"".join(struct.pack("<QIHH", GUEST + place, n, flags |
                                 (i < len(pieces) - 1), i + 1)
                     for i, (place, n, flags) in enumerate(pieces))
    head = ring.put_chain([(0, 0, False)])
    ring.set_descriptor(head, GUEST + fe.put(table), len(table), TABLE)
    ring.expose(head)
    ring.kick()
    expect("the buffer", ring.wait(1), [(head, sum(writable))])
    expect("the result", fe.memory[at:at + sum(writable)],
           r.SECRET + bytes([r.OK]))


# Sessions

@simple("sessions/close")
def close(fe):
    ring = fe.rings[0]
    first = fe.create(r.messages()["cipher"])
    second = fe.create(r.messages()["cipher"])
    fe.tell_u64(CLOSE_SESSION, first)
    check(ring, r.cipher(first), b"", r.INVSESS)
    check(ring, r.cipher(second), r.SECRET)
    fe.send(CLOSE_SESSION, struct.pack("=Q", first), flags=NEED_REPLY)
    expect("a session that has gone", fe.receive(CLOSE_SESSION),
           struct.pack("=Q", 1))
    fe.send(CLOSE_SESSION, struct.pack("=Q", second))
    fe.ask_u64(GET_QUEUE_NUM)
    check(ring, r.cipher(second), b"", r.INVSESS)


@simple("sessions/destroy")
def destroy(fe):
    ctl = fe.ring(1)
    session = control(ctl, r.creates()["cipher"])
    check(ctl, (r.destroy(r.CIPHER, session), [1]), b"")
    check(ctl, (r.destroy(r.CIPHER, session), [1]), b"", r.ERR)
    check(fe.rings[0], r.cipher(session), b"", r.INVSESS)


@simple("sessions/wanted-id")
def wanted(fe):
    body = r.sym(r.AES_CBC, r.KEY, op_type=1, direction=r.ENCRYPT)
    for wanted_id in 7, (1 << 20) + 3, (1 << 50) + 9:
        expect("id", fe.create(r.message(r.CIPHER, body, wanted_id)),
               wanted_id)
        check(fe.rings[0], r.cipher(wanted_id), r.SECRET)
        expect("the same once more",
               fe.create(r.message(r.CIPHER, body, wanted_id)), -r.NOSPC)
    for bad in -1, -(1 << 63), (1 << 63) - 1, (1 << 20) - 1:
        expect(f"id {bad}", fe.create(r.message(r.CIPHER, body, bad)),
               -r.NOSPC)
    chosen = fe.create(r.message(r.CIPHER, body))
    expect("a newer generation", chosen > 1 << 50, True)
    check(fe.rings[0], r.cipher(chosen), r.SECRET)


@simple("sessions/full", "--max-sessions=3")
def full(fe):
    ids = [fe.create(r.messages()["cipher"]) for _ in range(4)]
    expect("ids", [i > 0 for i in ids], [True, True, True, False])
    expect("the last", ids[3], -r.NOSPC)
    fe.tell_u64(CLOSE_SESSION, ids[1])
    expect("one more", fe.create(r.messages()["cipher"]) > 0, True)


@simple("sessions/refused")
def refused(fe):
    key = r.KEY
    for what, message, want in (
            ("opcode", r.message(0, r.sym(), code=0x999), r.NOTSUPP),
            ("destroy", r.message(0, r.sym(), code=0x003), r.NOTSUPP),
            ("huge opcode", r.message(0, r.sym(), code=2 | 1 << 32),
             r.NOTSUPP),
            ("algorithm", r.message(r.CIPHER, r.sym(63, key, op_type=1,
                                                    direction=1)), r.NOTSUPP),
            ("op type", r.message(r.CIPHER, r.sym(r.AES_CBC, key, op_type=9,
                                                  direction=1)), r.NOTSUPP),
            ("key", r.message(r.CIPHER, r.sym(r.AES_CBC, key, op_type=1,
                                              direction=1, key_len=65)),
             r.ERR),
            ("short key", r.message(r.CIPHER, r.sym(r.AES_CBC, key, op_type=1,
                                                    direction=1, key_len=1)),
             r.ERR),
            ("huge key", r.message(r.CIPHER, r.sym(r.AES_CBC, key, op_type=1,
                                                   direction=1,
                                                   key_len=0xffffffff)),
             r.ERR),
            ("huge MAC key", r.message(r.MAC, r.sym(hash_=r.HMAC_SHA256,
                                                    auth_len=513)), r.ERR),
            ("no key before more of it", r.message(r.AKCIPHER, r.asym(
                r.PRIVATE, bytes(1100), keylen=75)), r.ERR),
            ("less than 1024 bytes before more", r.message(
                r.AKCIPHER, r.asym(r.PRIVATE, bytes(1100), keylen=1000)),
             r.ERR),
            ("more for a cipher", r.message(r.CIPHER, r.sym(
                r.AES_CBC, key, op_type=1, direction=1) + bytes(440)),
             r.ERR),
            ("huge RSA key", r.message(r.AKCIPHER, r.asym(r.PRIVATE, b"",
                                                          keylen=1025)),
             r.ERR)):
        expect(what, fe.create(message), -want)
    got = fe.create(r.message(r.AKCIPHER, r.asym(r.PRIVATE, b"no key at all")))
    expect("RSA key that is none", got < 0, True)


@simple("sessions/reset")
def reset(fe):
    session = fe.create(r.messages()["cipher"])
    check(fe.rings[0], r.cipher(session), r.SECRET)
    fe.tell(RESET_DEVICE)
    fe.rings[0].stop()
    fe.rings[0].start(base=fe.rings[0].used_idx)
    check(fe.rings[0], r.cipher(session), b"", r.INVSESS)


# Rings and memory

@simple("queues", queues=4)
def queues(fe):
    expect("queues", fe.ask_u64(GET_QUEUE_NUM), 5)
    session = fe.create(r.messages()["cipher"])
    for i in range(1, 4):
        check(fe.ring(i), r.cipher(session), r.SECRET)
    check(fe.rings[0], r.cipher(session), r.SECRET)


@simple("config", "--max-size=12345", "--algos=aes-cbc,hmac-sha256", queues=3)
def config(fe):
    request = struct.pack("=III", 0, 56, 0) + bytes(56)
    got = fe.ask(GET_CONFIG, request)
    expect("size", len(got), len(request))
    fields = struct.unpack("<12IQ", got[12:])
    expect("status, queues, services", fields[:3], (1, 3, 1 << 0 | 1 << 2))
    expect("ciphers", fields[3], 1 << r.AES_CBC)
    expect("longest request", fields[12], 12345)
    session = fe.create(r.messages()["cipher"])
    data = bytes(12352)
    check(fe.rings[0], r.cipher(session, data), b"", r.ERR)
    beyond = struct.pack("=III", 40, 56, 0) + bytes(56)
    expect("beyond the end", fe.ask(GET_CONFIG, beyond), b"")


@case("config/ecdsa")
def config_ecdsa(program, directory):
    """It is for drivers of REVISION_1, and shown until the driver is known."""
    daemon = Daemon(program, directory)
    fe = FrontEnd(daemon, setup=False)
    for features in None, VERSION_1, VERSION_1 | REVISION_1:
        if features:
            fe.tell_u64(SET_FEATURES, features)
        got = fe.ask(GET_CONFIG, struct.pack("=III", 0, 56, 0) + bytes(56))
        algos = struct.unpack("<12IQ", got[12:])[11]
        expect("public-key algorithms", algos,
               1 << r.RSA | (0 if features == VERSION_1 else 1 << r.ECDSA))
    fe.close()
    expect("exit status", daemon.end(), 0)


@simple("many")
def many(fe):
    """More than a ring, in one go: short and long, in order."""
    ring = fe.rings[0]
    session = fe.create(r.messages()["cipher"])
    sizes = [16, 65536, 32, 4096, 16, 100000 // 16 * 16]
    data = {n: bytes(i & 0xff for i in range(n)) for n in sizes}
    want = {n: r.aes_cbc(data[n]) for n in sizes}
    for _ in range(5):
        sent = []
        for n in sizes * 2:
            readable, writable = r.cipher(session, data[n])
            places = [(fe.alloc(w), w) for w in writable]
            head = ring.put_chain(
                [(GUEST + fe.put(d), len(d), False) for d in readable] +
                [(GUEST + at, w, True) for at, w in places])
            sent.append((head, n, places))
        ring.expose(*(head for head, _, _ in sent))
        ring.kick()
        done = ring.wait(len(sent))
        expect("order", done, [(head, n + 1) for head, n, _ in sent])
        for _, n, [(at, _), (status, _)] in sent:
            expect("status", fe.memory[status], r.OK)
            expect("result", fe.memory[at:at + n], want[n])
        fe.next = ring.used + 4096


@simple("stop")
def stop(fe):
    """What was taken is answered before a ring stops."""
    ring = fe.rings[0]
    session = fe.create(r.messages()["cipher"])
    for round_ in range(1, 4):
        data = bytes(1 << 17)
        readable, writable = r.cipher(session, data)
        places = [(fe.alloc(w), w) for w in writable]
        ring.expose(*(ring.put_chain(
            [(GUEST + fe.put(d), len(d), False) for d in readable] +
            [(GUEST + at, w, True) for at, w in places]) for _ in range(4)))
        ring.kick()
        base = ring.stop()
        done = ring.take()
        expect("base", base, ring.used_idx)
        ring.start(base=base)
        ring.kick()
        ring.wait(4 - len(done))
        expect("result", fe.memory[places[0][0]:places[0][0] + len(data)],
               r.aes_cbc(data))
        fe.next = ring.used + 4096


@simple("memory")
def memory(fe):
    """Regions that come and go."""
    session = fe.create(r.messages()["cipher"])
    extra = 1 << 32
    region = bytes(8) + fe.region(extra, 1 << 20, user=1 << 40)
    fe.tell(ADD_MEM_REG, region, [fe.fd])
    readable, _ = r.cipher(session)
    for i, status in enumerate((r.OK, r.ERR)):
        at = fe.alloc(64)
        head = fe.rings[0].put_chain(
            [(GUEST + fe.put(d), len(d), False) for d in readable] +
            [(extra + at, len(r.PLAIN), True),
             (GUEST + at + len(r.PLAIN), 1, True)])
        fe.rings[0].expose(head)
        fe.rings[0].kick()
        fe.rings[0].wait(1)
        expect("status", fe.memory[at + len(r.PLAIN)], status)
        expect("result", fe.memory[at:at + len(r.PLAIN)],
               bytes(len(r.PLAIN)) if i else r.SECRET)
        if not i:
            fe.tell(REM_MEM_REG, region)


@simple("log")
def log(fe):
    """Pages that were written, and no others."""
    fd = os.memfd_create("log")
    size = (GUEST + (8 << 20)) // 4096 // 8
    os.ftruncate(fd, size)
    table = mmap.mmap(fd, size)
    session = fe.create(r.messages()["cipher"])
    fe.next = 0x10000
    readable = [GUEST + fe.put(d) for d in r.cipher(session)[0]]
    fe.ask(SET_LOG_BASE, struct.pack("=QQ", size, 0), [fd])
    fe.tell_u64(SET_FEATURES, fe.features | PROTOCOL | LOG_ALL)
    lengths = [72, 16, len(r.PLAIN)]
    out, status = 0x20000, 0x31000
    head = fe.rings[0].put_chain(
        [(a, n, False) for a, n in zip(readable, lengths)] +
        [(GUEST + out, len(r.PLAIN), True), (GUEST + status, 1, True)])
    fe.rings[0].expose(head)
    fe.rings[0].kick()
    fe.rings[0].wait(1)
    pages = {8 * i + b for i in range(size) for b in range(8)
             if table[i] >> b & 1}
    used = {(GUEST + fe.rings[0].used + n) >> 12 for n in (0, 6 + 8 * 64)}
    expect("pages", pages, {(GUEST + out) >> 12, (GUEST + status) >> 12} | used)
    os.close(fd)


@case("stock")
def stock(program, directory):
    """A front end that passes no features on, and enables no ring."""
    daemon = Daemon(program, directory)
    fe = FrontEnd(daemon, setup=False)
    fe.send(SET_OWNER)
    fe.tell_u64(SET_FEATURES, PROTOCOL)
    fe.share()
    ring = fe.ring(0, start=False)
    fe.tell(SET_VRING_NUM, ring.state(ring.entries))
    fe.tell(SET_VRING_BASE, ring.state(0))
    fe.tell(SET_VRING_ADDR, ring.addresses())
    fe.tell_u64(SET_VRING_KICK, 0, [ring.kick_fd])
    fe.tell_u64(SET_VRING_CALL, 0, [ring.call_fd])
    session = fe.create(r.messages()["cipher"])
    for n in range(1, 4):
        check(ring, r.cipher(session), r.SECRET)
        expect("where it wants the next kick",
               ring.read(ring.used + 4 + 8 * ring.entries, "H")[0], n)
    fe.close()
    expect("exit status", daemon.end(), 0)
    expect("the log", daemon.log, "")
