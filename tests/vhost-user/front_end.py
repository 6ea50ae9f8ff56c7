# A vhost-user front end for tests: messages, shared memory and split rings
#
# SPDX-License-Identifier: GPL-2.0-or-later

import array
import mmap
import os
import select
import signal
import socket
import struct
import subprocess
import time

# Requests
GET_FEATURES, SET_FEATURES, SET_OWNER = 1, 2, 3
SET_MEM_TABLE, SET_LOG_BASE = 5, 6
SET_VRING_NUM, SET_VRING_ADDR, SET_VRING_BASE, GET_VRING_BASE = 8, 9, 10, 11
SET_VRING_KICK, SET_VRING_CALL, SET_VRING_ERR = 12, 13, 14
GET_PROTOCOL_FEATURES, SET_PROTOCOL_FEATURES, GET_QUEUE_NUM = 15, 16, 17
SET_VRING_ENABLE, GET_CONFIG, SET_CONFIG = 18, 24, 25
CREATE_SESSION, CLOSE_SESSION, RESET_DEVICE = 26, 27, 34
ADD_MEM_REG, REM_MEM_REG = 37, 38

VERSION, REPLY, NEED_REPLY = 1, 4, 8

# Features
REVISION_1, LOG_ALL, EVENT_IDX = 1 << 0, 1 << 26, 1 << 29
INDIRECT, PROTOCOL, VERSION_1 = 1 << 28, 1 << 30, 1 << 32
STATELESS_CIPHER = 1 << 1
PROTOCOL_FEATURES = 1 << 3 | 1 << 7 | 1 << 9 | 1 << 1 | 1 << 13 | 1 << 15

NEXT, WRITE, TABLE = 1, 2, 4                # flags of descriptors

GUEST, USER = 0x100000, 0x7f1200000000      # where memory is
MEMORY = 8 << 20
ENTRIES = 64
SECONDS = 20                                # far more than anything takes


class Closed(Exception):
    """The daemon has closed the connection."""


class Wrong(Exception):
    """An answer is not what it must be."""


def expect(what, got, want):
    if got != want:
        raise Wrong(f"{what}: {got!r} instead of {want!r}")


class Daemon:
    """The program under test; log: what it has said."""

    def __init__(self, program, directory, *options):
        self.path = os.path.join(directory, "socket")
        self.log_path = os.path.join(directory, "log")
        self.command = [program, f"--socket-path={self.path}", *options]
        self.process = None
        self.start()

    def start(self):
        with open(self.log_path, "w") as log:
            self.process = subprocess.Popen(self.command, stdout=log,
                                            stderr=log)
        self.connect().close()

    @property
    def log(self):
        with open(self.log_path) as log:
            return log.read()

    def connect(self):
        end = time.monotonic() + SECONDS
        while True:
            s = socket.socket(socket.AF_UNIX)
            try:
                s.connect(self.path)
                return s
            except (FileNotFoundError, ConnectionRefusedError):
                s.close()
                if self.process.poll() is not None or time.monotonic() > end:
                    raise Wrong("does not start: " + self.log) from None
                time.sleep(0.01)

    def alive(self):
        return self.process.poll() is None

    def end(self, signum=signal.SIGTERM):
        """Returns: the exit status."""
        self.process.send_signal(signum)
        return self.process.wait(SECONDS)


class FrontEnd:
    """A connection, and memory that is shared through it."""

    def __init__(self, daemon, features=VERSION_1 | INDIRECT, setup=True):
        self.socket = daemon.connect()
        self.socket.settimeout(SECONDS)
        self.features = features
        self.fd = os.memfd_create("guest")
        os.ftruncate(self.fd, MEMORY)
        self.memory = mmap.mmap(self.fd, MEMORY)
        self.next = 0
        self.rings = {}
        if setup:
            self.negotiate()
            self.share()

    def close(self):
        self.socket.close()
        self.memory.close()
        os.close(self.fd)
        for ring in self.rings.values():
            ring.close()

    # Messages

    def send(self, request, payload=b"", fds=(), flags=0, size=None):
        size = len(payload) if size is None else size
        message = struct.pack("=III", request, VERSION | flags, size) + payload
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS,
                   array.array("i", fds))] if fds else []
        try:
            self.socket.sendmsg([message], rights)
        except (BrokenPipeError, ConnectionResetError):
            raise Closed() from None

    def receive_bytes(self, n):
        data = b""
        while len(data) < n:
            try:
                part = self.socket.recv(n - len(data))
            except ConnectionResetError:
                part = b""
            if not part:
                raise Closed()
            data += part
        return data

    def receive(self, request):
        got, flags, size = struct.unpack("=III", self.receive_bytes(12))
        expect("a reply", (got, flags), (request, VERSION | REPLY))
        return self.receive_bytes(size)

    def ask(self, request, payload=b"", fds=()):
        self.send(request, payload, fds)
        return self.receive(request)

    def ask_u64(self, request):
        return struct.unpack("=Q", self.ask(request))[0]

    def tell(self, request, payload=b"", fds=()):
        """Send a message that has no reply, and wait until it is done."""
        self.send(request, payload, fds, NEED_REPLY)
        expect(f"reply to {request}", self.receive(request), bytes(8))

    def tell_u64(self, request, value, fds=()):
        self.tell(request, struct.pack("=Q", value), fds)

    def is_closed(self):
        """Wait until the daemon closes the connection."""
        try:
            while True:
                self.receive_bytes(1)
        except Closed:
            return True
        except TimeoutError:
            return False

    def negotiate(self):
        offered = self.ask_u64(GET_FEATURES)
        expect("features that are missing", self.features & ~offered, 0)
        self.ask_u64(GET_PROTOCOL_FEATURES)
        self.send(SET_PROTOCOL_FEATURES, struct.pack("=Q", PROTOCOL_FEATURES))
        self.send(SET_OWNER)
        self.tell_u64(SET_FEATURES, self.features | PROTOCOL)

    def region(self, guest=GUEST, size=MEMORY, user=USER, offset=0):
        return struct.pack("=QQQQ", guest, size, user, offset)

    def share(self):
        self.tell(SET_MEM_TABLE, struct.pack("=II", 1, 0) + self.region(),
                  [self.fd])

    # Memory

    def alloc(self, size, align=16):
        self.next = (self.next + align - 1) // align * align
        at = self.next
        self.next += size
        assert self.next <= MEMORY
        return at

    def put(self, data):
        at = self.alloc(len(data))
        self.memory[at:at + len(data)] = data
        return at

    def ring(self, index, **options):
        self.rings[index] = Ring(self, index, **options)
        return self.rings[index]

    # Sessions by message

    def create(self, payload):
        reply = self.ask(CREATE_SESSION, payload)
        expect("size of the reply", len(reply), 1072)
        return struct.unpack("=q", reply[1064:])[0]


class Ring:
    """A split ring, and the driver's side of it."""

    def __init__(self, front_end, index, start=True, entries=ENTRIES):
        self.fe, self.index, self.entries = front_end, index, entries
        self.desc = front_end.alloc(16 * entries)
        self.avail = front_end.alloc(6 + 2 * entries)
        self.used = front_end.alloc(6 + 8 * entries)
        self.kick_fd = os.eventfd(0, os.EFD_NONBLOCK)
        self.call_fd = os.eventfd(0, os.EFD_NONBLOCK)
        self.err_fd = os.eventfd(0, os.EFD_NONBLOCK)
        self.avail_idx = self.used_idx = 0
        self.free = list(range(entries))
        self.chains = {}
        if start:
            self.start()

    def close(self):
        for fd in self.kick_fd, self.call_fd, self.err_fd:
            os.close(fd)

    def state(self, num):
        return struct.pack("=II", self.index, num)

    def start(self, fe=None, base=0):
        fe = fe or self.fe
        fe.tell(SET_VRING_NUM, self.state(self.entries))
        fe.tell(SET_VRING_BASE, self.state(base))
        fe.tell(SET_VRING_ADDR, self.addresses())
        fe.tell_u64(SET_VRING_ERR, self.index, [self.err_fd])
        fe.tell_u64(SET_VRING_CALL, self.index, [self.call_fd])
        fe.tell_u64(SET_VRING_KICK, self.index, [self.kick_fd])
        fe.tell(SET_VRING_ENABLE, self.state(1))

    def addresses(self, desc=None, avail=None, used=None):
        def user(address, place):
            return USER + (place if address is None else address)
        return struct.pack("=IIQQQQ", self.index, 0, user(desc, self.desc),
                           user(used, self.used), user(avail, self.avail), 0)

    def stop(self):
        """Returns: the base."""
        reply = self.fe.ask(GET_VRING_BASE, self.state(0))
        return struct.unpack("=II", reply)[1]

    def write(self, at, fmt, *values):
        struct.pack_into("<" + fmt, self.fe.memory, at, *values)

    def read(self, at, fmt):
        return struct.unpack_from("<" + fmt, self.fe.memory, at)

    def set_descriptor(self, i, guest, length, flags, following=0):
        self.write(self.desc + 16 * i, "QIHH", guest, length, flags, following)

    def put_chain(self, pieces):
        """pieces: (guest address, length, writable).  Returns: the head."""
        heads = [self.free.pop() for _ in pieces]
        for n, (guest, length, writable) in enumerate(pieces):
            last = n == len(pieces) - 1
            self.set_descriptor(heads[n], guest, length,
                                (0 if last else NEXT) |
                                (WRITE if writable else 0),
                                0 if last else heads[n + 1])
        self.chains[heads[0]] = heads
        return heads[0]

    def expose(self, *heads):
        for head in heads:
            slot = self.avail_idx % self.entries
            self.write(self.avail + 4 + 2 * slot, "H", head)
            self.avail_idx = (self.avail_idx + 1) & 0xffff
        self.write(self.avail + 2, "H", self.avail_idx)

    def kick(self):
        os.eventfd_write(self.kick_fd, 1)

    def take(self):
        """Returns: (head, length) of the buffers that came back."""
        done = []
        while self.used_idx != self.read(self.used + 2, "H")[0]:
            at = self.used + 4 + 8 * (self.used_idx % self.entries)
            head, length = self.read(at, "II")
            self.free += self.chains.pop(head)
            self.used_idx = (self.used_idx + 1) & 0xffff
            done.append((head, length))
        return done

    def wait(self, n):
        """Wait for n buffers."""
        end = time.monotonic() + SECONDS
        done = []
        while True:
            # with EVENT_IDX: a call for the next one
            self.write(self.avail + 4 + 2 * self.entries, "H", self.used_idx)
            done += self.take()
            if len(done) >= n:
                return done
            if not select.select([self.call_fd], [], [],
                                 end - time.monotonic())[0]:
                raise Wrong(f"{len(done)} of {n} buffers came back")
            os.eventfd_read(self.call_fd)

    def run(self, readable, writable):
        """Send one buffer; returns the writable half, and the used length."""
        pieces = [(GUEST + self.fe.put(d), len(d), False) for d in readable]
        places = [(self.fe.alloc(n), n) for n in writable]
        pieces += [(GUEST + at, n, True) for at, n in places]
        head = self.put_chain(pieces)
        self.expose(head)
        self.kick()
        [(got, length)] = self.wait(1)
        expect("the buffer that came back", got, head)
        return b"".join(self.fe.memory[at:at + n] for at, n in places), length
