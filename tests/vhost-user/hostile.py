# A front end that lies, and a guest that means harm
#
# SPDX-License-Identifier: GPL-2.0-or-later

import os
import random
import select
import signal
import socket
import struct
from unittest import SkipTest

import requests as r
from front_end import (ADD_MEM_REG, CLOSE_SESSION, CREATE_SESSION, GET_CONFIG,
                       GET_FEATURES, GET_VRING_BASE, GUEST,
                       MEMORY, NEED_REPLY, NEXT, REM_MEM_REG, SECONDS,
                       SET_CONFIG, SET_FEATURES, SET_LOG_BASE, SET_MEM_TABLE,
                       SET_PROTOCOL_FEATURES, SET_VRING_ADDR,
                       SET_VRING_CALL, SET_VRING_ENABLE, SET_VRING_KICK,
                       SET_VRING_NUM, TABLE, USER, VERSION_1, WRITE,
                       Closed, Daemon, FrontEnd, Wrong, expect)
from serve import check

CASES = {}


def works(daemon):
    """A new front end is served."""
    fe = FrontEnd(daemon)
    check(fe.ring(0), r.cipher(fe.create(r.messages()["cipher"])), r.SECRET)
    fe.close()


def table(*regions):
    return struct.pack("=II", len(regions), 0) + b"".join(regions)


def u64(value):
    return struct.pack("=Q", value)


def state(index, num):
    return struct.pack("=II", index, num)


# Each lie: name: function(fe) that tells it

def lies():
    big = 1 << 63

    def says(request, payload=b"", files=0, flags=0, size=None):
        return lambda fe: fe.send(request, payload, [fe.fd] * files, flags,
                                  size)

    def memory(**region):
        return lambda fe: fe.send(SET_MEM_TABLE, table(fe.region(**region)),
                                  [fe.fd])

    def address(**areas):
        return lambda fe: fe.send(SET_VRING_ADDR,
                                  fe.ring(1, start=False).addresses(**areas))

    def ring(fe, num=64, **areas):
        q = fe.ring(1, start=False)
        fe.send(SET_VRING_NUM, state(1, num))
        fe.send(SET_VRING_ADDR, q.addresses(**areas))
        fe.send(SET_VRING_KICK, u64(1), [q.kick_fd])
        fe.send(SET_VRING_ENABLE, state(1, 1))

    def hang_up(fe):
        kick, other = os.pipe()
        os.close(other)
        fe.send(SET_VRING_KICK, u64(1), [kick])
        os.close(kick)

    def call_waits(fe):
        ring = fe.rings[0]
        os.eventfd_read(ring.call_fd)
        os.eventfd_write(ring.call_fd, (1 << 64) - 2)
        os.set_blocking(ring.call_fd, True)
        ring.expose(ring.put_chain([(GUEST + fe.alloc(1), 1, True)]))
        ring.kick()

    found = {
        "message/none": says(0),
        "message/unknown": says(99),
        "message/huge-number": says(0xffffffff),
        "message/inflight": says(31, bytes(24)),
        "message/postcopy": says(28),
        "message/set-config": says(SET_CONFIG, bytes(12)),
        "message/wrong-version": says(GET_FEATURES, flags=2),
        "message/is-reply": says(GET_FEATURES, flags=4),
        "message/too-long": says(GET_FEATURES, bytes(8)),
        "message/too-short": says(SET_FEATURES, bytes(4)),
        "message/huge": says(SET_FEATURES, size=0xffffffff),
        "message/file": says(GET_FEATURES, files=1),
        "message/many-files": says(SET_MEM_TABLE, bytes(40), files=9),
        "features": says(SET_FEATURES, u64(VERSION_1 | 1 << 34)),
        "features/stateless-alone": says(SET_FEATURES, u64(VERSION_1 | 2)),
        "features/protocol": says(SET_PROTOCOL_FEATURES, u64(1 << 12)),
        "memory/no-file": says(SET_MEM_TABLE, table(bytes(32))),
        "memory/count": says(SET_MEM_TABLE, state(9, 0) + bytes(8 * 32),
                             files=8),
        "memory/count-and-size": says(SET_MEM_TABLE, state(2, 0) + bytes(32),
                                      files=1),
        "memory/empty": memory(size=0),
        "memory/beyond-file": memory(size=MEMORY + 1),
        "memory/offset": memory(offset=4096),
        "memory/offset-wraps": memory(offset=1 << 64 - 1),
        "memory/odd-offset": memory(size=4096, offset=1),
        "memory/odd-guest": memory(guest=GUEST + 16),
        "memory/odd-user": memory(user=USER + 1),
        "memory/guest-wraps": memory(guest=(1 << 64) - 4096),
        "memory/user-wraps": memory(user=(1 << 64) - 4096),
        "memory/huge": memory(size=(1 << 64) - 1),
        "memory/overlap": lambda fe: fe.send(
            SET_MEM_TABLE, table(fe.region(), fe.region(guest=GUEST + 4096)),
            [fe.fd] * 2),
        "memory/add-overlap": lambda fe: fe.send(
            ADD_MEM_REG, bytes(8) + fe.region(size=4096, guest=GUEST + 8192),
            [fe.fd]),
        "memory/add-no-file": says(ADD_MEM_REG, bytes(40)),
        "memory/remove-none": says(REM_MEM_REG, bytes(40)),
        "memory/not-a-file": lambda fe: fe.send(
            SET_MEM_TABLE, table(fe.region()), [fe.rings[0].kick_fd]),
        "log/no-file": says(SET_LOG_BASE, bytes(16)),
        "log/empty": says(SET_LOG_BASE, bytes(16), files=1),
        "log/beyond-file": says(SET_LOG_BASE, struct.pack("=QQ", big, 0),
                                files=1),
        "log/wraps": says(SET_LOG_BASE, struct.pack("=QQ", big, big), files=1),
        "ring/number": says(SET_VRING_NUM, state(77, 64)),
        "ring/no-entries": says(SET_VRING_NUM, state(0, 0)),
        "ring/odd-entries": says(SET_VRING_NUM, state(0, 63)),
        "ring/too-many-entries": says(SET_VRING_NUM, state(0, 2048)),
        "ring/base-number": says(GET_VRING_BASE, state(2, 0)),
        "ring/enable-number": says(SET_VRING_ENABLE, state(1 << 31, 1)),
        "ring/kick-number": lambda fe: fe.send(
            SET_VRING_KICK, u64(200), [fe.rings[0].kick_fd]),
        "ring/kick-no-file": says(SET_VRING_KICK, u64(0)),
        "ring/call-no-file": says(SET_VRING_CALL, u64(0)),
        "ring/kick-is-file": says(SET_VRING_KICK, u64(1), files=1),
        "ring/kick-hangs-up": hang_up,
        "ring/call-is-file": says(SET_VRING_CALL, u64(1), files=1),
        "ring/call-waits": call_waits,
        "ring/used-outside": address(used=MEMORY),
        "ring/used-odd": address(used=4098),
        "ring/avail-odd": address(avail=4097),
        "ring/desc-odd": address(desc=4104),
        "ring/used-at-end": lambda fe: ring(fe, used=MEMORY - 4),
        "ring/desc-outside": address(desc=MEMORY + 4096),
        "ring/desc-at-end": lambda fe: ring(fe, desc=MEMORY - 16),
        "ring/avail-at-end": lambda fe: ring(fe, avail=MEMORY - 32),
        "ring/used-too-long": lambda fe: ring(fe, used=MEMORY - 64),
        "ring/grows-out": lambda fe: ring(fe, num=1024, desc=MEMORY - 1024),
        "session/632-bytes": says(CREATE_SESSION, bytes(632)),
        "session/too-long": says(CREATE_SESSION, bytes(1072 + 15361)),
        "session/close-short": says(CLOSE_SESSION, bytes(4)),
    }
    return found


def lie_case(name, tell):
    def run(program, directory):
        daemon = Daemon(program, directory)
        fe = FrontEnd(daemon)
        fe.ring(0)
        try:
            tell(fe)
        except Closed:
            pass
        expect("closed", fe.is_closed(), True)
        fe.close()
        works(daemon)
        expect("lines in the log", daemon.log.count("\n"), 1)
        expect("what it says", "the connection is closed" in daemon.log, True)
        expect("exit status", daemon.end(), 0)
    CASES["lie/" + name] = run


for _name, _tell in lies().items():
    lie_case(_name, _tell)


def case(name, *options):
    def add(function):
        def run(program, directory):
            daemon = Daemon(program, directory, *options)
            try:
                function(daemon)
                works(daemon)
            finally:
                expect("exit status", daemon.end(), 0)
        CASES[name] = run
        return run
    return add


@case("config/odd-sizes")
def config_sizes(daemon):
    """They are refused, not fatal."""
    fe = FrontEnd(daemon)
    for offset, size, room in ((0, 57, 57), (56, 1, 1), (0xffffffff, 1, 1),
                               (0, 0xffffffff, 56), (0, 56, 60)):
        expect("reply", fe.ask(GET_CONFIG, struct.pack("=III", offset, size, 0)
                               + bytes(room)), b"")
    fe.close()


@case("shrinks/and-stays")
def shrinks(daemon):
    """The file of the memory gets shorter behind the daemon's back."""
    fe = FrontEnd(daemon)
    ring = fe.ring(0)
    session = fe.create(r.messages()["cipher"])
    fe.next = 4 << 20
    readable, writable = r.cipher(session)
    ring.expose(ring.put_chain(
        [(GUEST + fe.put(d), len(d), False) for d in readable] +
        [(GUEST + fe.alloc(n), n, True) for n in writable]))
    os.ftruncate(fe.fd, 2 << 20)
    ring.kick()
    expect("closed", fe.is_closed(), True)
    expect("log", "has become shorter" in daemon.log, True)
    fe.close()


def share_huge_pages(fe, size=MEMORY):
    """Returns: the file.  The host needs no such pages free."""
    try:
        fd = os.memfd_create("huge", os.MFD_HUGETLB)
    except OSError as e:
        raise SkipTest(str(e)) from None
    os.ftruncate(fd, MEMORY)
    fe.send(SET_MEM_TABLE, table(fe.region(size=size)), [fd])
    return fd


@case("part-of-huge-page")
def part_of_huge_page(daemon):
    fe = FrontEnd(daemon)
    os.close(share_huge_pages(fe, MEMORY - 4096))
    expect("closed", fe.is_closed(), True)
    fe.close()


@case("shrinks/huge-pages")
def shrinks_huge_pages(daemon):
    fe = FrontEnd(daemon)
    ring = fe.ring(0, start=False)
    fd = share_huge_pages(fe)
    fe.ask_u64(GET_FEATURES)
    os.ftruncate(fd, 0)
    fe.send(SET_VRING_ADDR, ring.addresses())
    expect("closed", fe.is_closed(), True)
    expect("log", "has become shorter" in daemon.log, True)
    os.close(fd)
    fe.close()


@case("shrinks/and-goes")
def shrinks_and_goes(daemon):
    """A front end breaks its memory and is gone; the next one is served."""
    fe = FrontEnd(daemon)
    ring = fe.ring(0, start=False)
    daemon.process.send_signal(signal.SIGSTOP)
    os.ftruncate(fe.fd, 0)
    fe.send(SET_VRING_ADDR, ring.addresses(), flags=NEED_REPLY)
    fe.socket.close()
    daemon.process.send_signal(signal.SIGCONT)
    works(daemon)
    fe.close()


@case("stalls")
def stalls(daemon):
    """Half a message, and then nothing."""
    fe = FrontEnd(daemon)
    fe.send(SET_FEATURES, bytes(4), size=8)
    expect("closed", fe.is_closed(), True)
    fe.close()
    fe = FrontEnd(daemon, setup=False)
    fe.socket.send(b"\1")
    expect("closed", fe.is_closed(), True)
    fe.close()


def holds(daemon, secret):
    """Whether the bytes are anywhere in the memory of the daemon."""
    path = f"/proc/{daemon.process.pid}/"
    with open(path + "maps") as maps, open(path + "mem", "rb", 0) as memory:
        for line in maps:
            place, mode, *_ = line.split()
            if mode.startswith("rw"):
                start, end = (int(word, 16) for word in place.split("-"))
                memory.seek(start)
                if secret in memory.read(end - start):
                    return True
    return False


@case("half-a-key", "--no-sandbox")
def half_a_key(daemon):
    """A session is not described to the end: no byte of its key stays."""
    key = os.urandom(64)
    message = r.message(r.CIPHER, r.sym(r.AES_CBC, key, op_type=1))
    fe = FrontEnd(daemon)
    fe.send(CREATE_SESSION, message[:-8], size=len(message))
    fe.socket.shutdown(socket.SHUT_WR)
    expect("closed", fe.is_closed(), True)
    expect("the key is there", holds(daemon, key), False)
    fe.close()


@case("deaf")
def deaf(daemon):
    """Many questions, and no answer is read."""
    fe = FrontEnd(daemon)
    try:
        for _ in range(1 << 16):
            fe.send(GET_FEATURES)
    except (Closed, TimeoutError):
        pass
    expect("closed", fe.is_closed(), True)
    fe.close()


# A guest: it gets a status, or its ring rests, and the rest goes on

def guest_case(name, *, rests=None):
    """rests: what the log says of the ring; the function ruins ring 0."""
    def add(function):
        @case("guest/" + name)
        def run(daemon):
            fe = FrontEnd(daemon)
            ring, other = fe.ring(0), fe.ring(1)
            session = fe.create(r.messages()["cipher"])
            check(ring, r.cipher(session), r.SECRET)
            function(fe, ring, session)
            if rests:
                ring.kick()
                wait_error(ring)
                expect("log", rests in daemon.log, True)
                expect("base", ring.stop(), ring.used_idx)
                ring.avail_idx = ring.used_idx
                ring.write(ring.avail + 2, "H", ring.used_idx)
                ring.free, ring.chains = list(range(ring.entries)), {}
                ring.start(base=ring.used_idx)
            check(ring, r.cipher(session), r.SECRET)
            got, _ = other.run(r.destroy(r.CIPHER, session), [1])
            expect("destroyed", got, b"\0")
            fe.close()
        return run
    return add


def wait_error(ring):
    if not select.select([ring.err_fd], [], [], SECONDS)[0]:
        raise Wrong("no error was signalled")
    os.eventfd_read(ring.err_fd)


def send(fe, ring, pieces):
    head = ring.put_chain(pieces)
    ring.expose(head)
    ring.kick()
    return ring.wait(1)


@guest_case("unreachable")
def unreachable(fe, ring, session):
    """Data where there is no memory: refused, in the status."""
    readable, _ = r.cipher(session)
    for bad in 0, GUEST + MEMORY, (1 << 64) - 16, GUEST - 8:
        at = fe.alloc(64)
        fe.memory[at] = 0xff
        send(fe, ring, [(GUEST + fe.put(readable[0]), 72, False),
                        (GUEST + fe.put(r.IV), 16, False),
                        (bad, len(r.PLAIN), False),
                        (GUEST + at + 16, len(r.PLAIN), True),
                        (GUEST + at, 1, True)])
        expect("status", fe.memory[at], r.ERR)


@guest_case("lengths")
def lengths(fe, ring, session):
    """Fields that promise more than there is."""
    for at in 24, 28, 32:
        for value in 0xffffffff, 0x80000000, 1 << 20, 17:
            readable, writable = r.cipher(session)
            header = bytearray(readable[0])
            struct.pack_into("<I", header, at, value)
            got, used = ring.run([bytes(header), *readable[1:]], writable)
            expect("status", (got[-1], used), (r.ERR, 1))


@guest_case("random")
def random_requests(fe, ring, session):
    """Requests of random bytes, and of random changes to a good one."""
    rng = random.Random(12)
    place = fe.next
    for _ in range(2000):
        fe.next = place
        readable, writable = r.cipher(session)
        header = bytearray(readable[0])
        for _ in range(rng.randrange(8)):
            header[rng.randrange(72)] = rng.randrange(256)
        got, _ = ring.run([bytes(header[:rng.randrange(1, 73)]),
                           *readable[rng.randrange(1, 3):]],
                          writable[rng.randrange(2):])
        expect("status", got[-1] < 7, True)


@guest_case("loop", rests="loop")
def loop(fe, ring, session):
    ring.set_descriptor(5, GUEST, 1, NEXT, 5)
    ring.expose(5)


@guest_case("beyond-table", rests="descriptor beyond")
def beyond_table(fe, ring, session):
    ring.set_descriptor(5, GUEST, 1, NEXT, 64)
    ring.expose(5)


@guest_case("beyond-ring", rests="index beyond")
def beyond_ring(fe, ring, session):
    ring.expose(64)


@guest_case("jump", rests="index beyond")
def jump(fe, ring, session):
    ring.write(ring.avail + 2, "H", ring.avail_idx + 65 & 0xffff)


@guest_case("empty-piece", rests="no bytes")
def empty_piece(fe, ring, session):
    ring.set_descriptor(5, GUEST, 0, WRITE)
    ring.expose(5)


@guest_case("bad-table", rests="indirect table")
def bad_table(fe, ring, session):
    ring.set_descriptor(5, GUEST, 17, TABLE)
    ring.expose(5)


@guest_case("table-outside", rests="indirect table")
def table_outside(fe, ring, session):
    ring.set_descriptor(5, GUEST + MEMORY, 32, TABLE)
    ring.expose(5)


@case("few-lines")
def few_lines(daemon):
    """The log does not grow with each lie, nor with each broken ring."""
    for _ in range(20):
        fe = FrontEnd(daemon, setup=False)
        fe.send(SET_FEATURES, bytes(4))
        expect("closed", fe.is_closed(), True)
        fe.close()
    fe = FrontEnd(daemon)
    ring = fe.ring(0, start=False)
    for _ in range(20):
        ring.avail_idx = 0
        ring.start()
        ring.expose(ring.entries)
        ring.kick()
        wait_error(ring)
        ring.stop()
        ring.write(ring.avail + 2, "H", 0)
    fe.close()
    expect("lines", 10 <= daemon.log.count("\n") < 20, True)


@case("fuzz")
def fuzz(daemon):
    """Random messages; many connections."""
    rng = random.Random(7)
    numbers = [*range(1, 40), CREATE_SESSION]
    for _ in range(300):
        fe = FrontEnd(daemon, setup=rng.random() < 0.7)
        try:
            for _ in range(20):
                size = rng.choice([0, 8, 16, 40, 24, 68, 1072, 12])
                words = [rng.choice([0, 1, 2, 64, USER, GUEST, 1 << 32,
                                     rng.getrandbits(64)])
                         for _ in range(size // 8 + 1)]
                payload = struct.pack(f"={len(words)}Q", *words)[:size]
                fds = [fe.fd] * rng.choice([0, 0, 0, 1, 1, 2])
                fe.send(rng.choice(numbers), payload, fds,
                        rng.choice([0, 0, NEED_REPLY]))
        except Closed:
            pass
        fe.close()
    expect("alive", daemon.alive(), True)
