# The life of the process: signals, sandbox, connections one after the other
#
# SPDX-License-Identifier: GPL-2.0-or-later

import json
import os
import signal
import socket
import subprocess

import requests as r
from front_end import GET_QUEUE_NUM, GUEST, Daemon, FrontEnd, expect
from serve import check

CASES = {}
KILLS = 50


def case(name):
    def add(function):
        CASES[name] = function
        return function
    return add


def run(program, *arguments):
    done = subprocess.run([program, *arguments], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=20)
    return done.returncode, done.stdout, done.stderr


@case("command-line")
def command_line(program, directory):
    expect("capabilities",
           json.loads(run(program, "--bogus", "--print-capabilities")[1]),
           {"type": "crypto"})
    for option in "--help", "--version":
        status, out, err = run(program, option)
        expect(option, (status, out != "", err), (0, True, ""))
    for wrong, said in (
            ([], "--socket-path or --fd"),
            (["--socket-path=a", "--fd=3"], "--socket-path or --fd"),
            (["--fd=99"], "not a socket"), (["--fd=x"], "--fd must be"),
            (["--fd=3", "--queues=0"], "queues"),
            (["--fd=3", "--queues=255"], "--queues must be between 1 and 254"),
            (["--fd=3", "--provider=abacus"], "abacus"),
            (["--fd=3", "--algos=rot13"], "rot13"),
            (["--fd=3", "--max-sessions=0"], "--max-sessions"),
            (["--fd=3", "--max-size=0"], "--max-size"),
            (["--fd=3", "word"], "not an option"),
            ([f"--socket-path={directory}/no/such/place"], "no/such/place")):
        status, out, err = run(program, *wrong)
        expect(wrong, (status, out, said in err, err.count("\n")),
               (1, "", True, 1))


@case("signals")
def signals(program, directory):
    for signum in signal.SIGTERM, signal.SIGINT:
        daemon = Daemon(program, directory)
        fe = FrontEnd(daemon)
        fe.ring(0)
        expect("exit status", daemon.end(signum), 0)
        fe.close()


@case("sandbox")
def sandbox(program, directory):
    daemon = Daemon(program, directory)
    # it listens before it is in the sandbox, and answers in there
    FrontEnd(daemon).close()
    with open(f"/proc/{daemon.process.pid}/status") as status:
        fields = dict(line.split(":\t", 1) for line in status)
    expect("seccomp", fields["Seccomp"].strip(), "2")
    with open(f"/proc/{daemon.process.pid}/limits") as limits:
        [core] = [line for line in limits if "core file" in line]
    expect("core files", core.split()[4:6], ["0", "0"])
    expect("owner of /proc/PID/mem",
           os.stat(f"/proc/{daemon.process.pid}/mem").st_uid, 0)
    expect("exit status", daemon.end(), 0)
    daemon = Daemon(program, directory, "--no-sandbox")
    with open(f"/proc/{daemon.process.pid}/status") as status:
        fields = dict(line.split(":\t", 1) for line in status)
    expect("no seccomp", fields["Seccomp"].strip(), "0")
    expect("exit status", daemon.end(), 0)


@case("fd/connection")
def fd_connection(program, directory):
    """Given a connection, it ends with it."""
    ours, theirs = socket.socketpair()
    process = subprocess.Popen([program, f"--fd={theirs.fileno()}"],
                               pass_fds=[theirs.fileno()])
    theirs.close()

    class Given:
        def connect(self):
            return ours
    fe = FrontEnd(Given())
    check(fe.ring(0), r.cipher(fe.create(r.messages()["cipher"])), r.SECRET)
    fe.close()
    expect("exit status", process.wait(20), 0)


@case("fd/listening")
def fd_listening(program, directory):
    path = os.path.join(directory, "mine")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    process = subprocess.Popen([program, f"--fd={listener.fileno()}"],
                               pass_fds=[listener.fileno()])
    listener.close()

    class Listening:
        def connect(self):
            s = socket.socket(socket.AF_UNIX)
            s.connect(path)
            return s
    for _ in range(2):
        fe = FrontEnd(Listening())
        check(fe.ring(0), r.cipher(fe.create(r.messages()["cipher"])),
              r.SECRET)
        fe.close()
    process.terminate()
    expect("exit status", process.wait(20), 0)


@case("connections")
def connections(program, directory):
    """Sessions end with their connection; a second front end waits."""
    daemon = Daemon(program, directory)
    first = FrontEnd(daemon)
    session = first.create(r.messages()["cipher"])
    waiting = FrontEnd(daemon, setup=False)
    check(first.ring(0), r.cipher(session), r.SECRET)
    first.close()
    waiting.negotiate()
    waiting.share()
    check(waiting.ring(0), r.cipher(session), b"", r.INVSESS)
    again = waiting.create(r.messages()["cipher"])
    expect("an id that was not used", again != session, True)
    waiting.close()
    expect("exit status", daemon.end(), 0)


@case("descriptors")
def descriptors(program, directory):
    """Connections leave no file descriptor behind."""
    daemon = Daemon(program, directory)

    def count():
        fe = FrontEnd(daemon)
        fe.ask_u64(GET_QUEUE_NUM)
        n = len(os.listdir(f"/proc/{daemon.process.pid}/fd"))
        fe.ring(0)
        fe.close()
        return n
    first = count()
    for _ in range(20):
        count()
    expect("file descriptors", count(), first)
    expect("exit status", daemon.end(), 0)


def submit(fe, ring, session, data):
    readable, writable = r.cipher(session, data)
    places = [fe.alloc(n) for n in writable]
    head = ring.put_chain(
        [(GUEST + fe.put(d), len(d), False) for d in readable] +
        [(GUEST + at, n, True) for at, n in zip(places, writable)])
    ring.expose(head)
    return head, places, data


@case("kill")
def kill(program, directory):
    """Killed under load and started again: each request is answered once."""
    daemon = Daemon(program, directory)
    fe = FrontEnd(daemon)
    ring = fe.ring(0)
    session = fe.create(r.messages()["cipher"])
    data = [bytes([i]) * n for i, n in enumerate([16, 1 << 17, 4096, 64])]
    want = {d: r.aes_cbc(d) for d in data}
    start = fe.next
    for _ in range(KILLS):
        fe.next = start
        sent = [submit(fe, ring, session, d) for d in data * 3]
        ring.kick()
        daemon.end(signal.SIGKILL)
        done = ring.take()
        daemon.start()
        fe.socket.close()
        fe.socket = daemon.connect()
        fe.negotiate()
        fe.share()
        body = r.sym(r.AES_CBC, r.KEY, op_type=1, direction=r.ENCRYPT)
        expect("session", fe.create(r.message(r.CIPHER, body, session)),
               session)
        ring.start(base=ring.used_idx)
        done += ring.wait(len(sent) - len(done))
        expect("answers", [head for head, _ in done],
               [head for head, _, _ in sent])
        for _, (at, status), text in sent:
            expect("status", fe.memory[status], r.OK)
            expect("result", fe.memory[at:at + len(text)], want[text])
        expect("nothing more", ring.take(), [])
    fe.close()
    expect("exit status", daemon.end(), 0)
