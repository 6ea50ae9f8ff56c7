# SPDX-License-Identifier: GPL-2.0-or-later
"""The native client of the benchmark, each with a QEMU of its own."""
import json
import os
import select
import shlex
import signal
import subprocess
import time
from contextlib import contextmanager


class BenchError(Exception):
    pass


def has_property(qemu, name):
    out = subprocess.run([qemu, '-device', 'virtio-crypto-pci,help'],
                         text=True, stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL)
    return f' {name}=' in out.stdout


def qemu_arguments(config):
    device = {'driver': 'virtio-crypto-pci', 'cryptodev': 'cryptodev0',
              'addr': '04.0'}
    args = ['-object', 'cryptodev-backend-builtin,id=cryptodev0,'
                       f'queues={config.queues}']
    for i in range(config.iothreads):
        args += ['-object', f'iothread,id=io{i},poll-max-ns={config.poll_ns}']
    if config.tcg:
        args += ['-accel', 'tcg']
    if config.packed:
        device['packed'] = True
    if config.revision_1:
        for name in 'revision-1', 'stateless-cipher':
            device[name] = True
    if config.iothreads:
        device['iothread-vq-mapping'] = [{'iothread': f'io{i}'}
                                         for i in range(config.iothreads)]
    return shlex.join([*args, '-device', json.dumps(device)])


class Client:
    """Runs commands; see virtio-crypto-bench.c."""

    def __init__(self, program, qemu, config, cpus):
        mine, qemus = cpus
        args = ['--qemu-args', qemu_arguments(config)]
        if config.revision_1:
            args.append('--revision-1')
        if config.packed:
            args.append('--packed')
        if mine is not None:
            args += ['--cpu', str(mine)]
        self.process = subprocess.Popen(
            [program, *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**os.environ, 'QTEST_QEMU_BINARY': str(qemu)},
            preexec_fn=lambda: os.sched_setaffinity(0, qemus))
        self.pending = b''
        self.cpu = mine
        try:
            self.hello = self.answer(60)
        except BaseException:
            self.close()
            raise
        self.qemu_pid = self.hello['pid']

    def answer(self, seconds):
        """The next line of JSON."""
        give_up = time.monotonic() + seconds
        out = self.process.stdout.fileno()
        while True:
            line, newline, rest = self.pending.partition(b'\n')
            if newline:
                self.pending = rest
                if line.startswith(b'{'):
                    return self.checked(json.loads(line))
                continue
            left = give_up - time.monotonic()
            if left <= 0 or not select.select([out], [], [], left)[0]:
                raise BenchError(f'no answer for {seconds:.0f} s')
            data = os.read(out, 65536)
            if not data:
                raise BenchError('the client has ended')
            self.pending += data

    def checked(self, answer):
        if 'error' in answer:
            raise BenchError(answer['error'])
        return answer

    @contextmanager
    def monitor_first(self):
        """The monitor's own thread takes the client's CPU when it wants to.

        It would not wait for the device, which has the other one, but for the
        scheduler's slice to end.
        """
        if self.cpu is None:
            yield
            return
        for task in os.listdir(f'/proc/{self.qemu_pid}/task'):
            if int(task) != self.qemu_pid:
                os.sched_setaffinity(int(task), {self.cpu})
        nobody = os.sched_param(0)
        os.sched_setscheduler(self.process.pid, os.SCHED_IDLE, nobody)
        yield
        os.sched_setscheduler(self.process.pid, os.SCHED_OTHER, nobody)

    def run(self, verb, words, seconds):
        if 'ping' in words:
            with self.monitor_first():
                return self.ask(verb, words, seconds)
        return self.ask(verb, words, seconds)

    def ask(self, verb, words, seconds):
        words = {**words, 'seconds': seconds}
        line = ' '.join([verb, *(f'{k}={v}' for k, v in words.items())])
        try:
            self.process.stdin.write(line.encode() + b'\n')
            self.process.stdin.flush()
        except BrokenPipeError:
            raise BenchError('the client has ended') from None
        return self.answer(3 * seconds + 60)

    def close(self):
        """Quietly if it is well, and QEMU never outlives its client."""
        self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
