# SPDX-License-Identifier: GPL-2.0-or-later
"""How long the monitor takes to answer while a guest means harm.

Each load has a QEMU of its own; see virtio-crypto-latency.c for what it does.
"""
import json
import os
import re
import subprocess

from client import BenchError
from report import table

CLIENT = 'tests/qtest/virtio-crypto-latency'
GOAL_MS = 50                    # 99 of 100 answers
LOADS = (                       # name, load, data queues
    ('plain/1', 'plain', 1),
    ('pieces/1', 'pieces', 1),
    ('pieces/64', 'pieces', 64),
    ('lists/1', 'lists', 1),
    ('lists/64', 'lists', 64),
    ('stateless-keys/1', 'stateless-keys', 1),
    ('stateless-keys/16', 'stateless-keys', 16),
    ('imports', 'imports', 1),
    ('rsa-4096-reset/1', 'rsa-4096-reset', 1),
    ('rsa-4096-reset/16', 'rsa-4096-reset', 16),
    ('rsa-8192-reset/1', 'rsa-8192-reset', 1),
    ('rsa-slow-reset/1', 'rsa-slow-reset', 1),
)


def chosen(patterns):
    loads = [load for load in LOADS
             if not patterns or any(p in load[0] for p in patterns)]
    if not loads:
        raise BenchError('no such load; see --latency --list')
    return loads


def why(text):
    """What a client said that has no answer; what a device does not want."""
    said = [line for line in text.splitlines() if line.strip()] or ['nothing']
    reason = re.sub(r'.*ERROR \*\*: [\d:.]+ ', '', said[-1])
    return {'refused' if reason.startswith('status is') else 'failed': reason}


def run(program, qemu, load, args):
    """The answer of the client, or why there is none."""
    _, name, queues = load
    command = [program, '--load', name, '--queues', str(queues),
               '--seconds', str(args.seconds)]
    if args.iothreads:
        command += ['--iothread', 'io0']
    try:
        done = subprocess.run(
            command, env={**os.environ, 'QTEST_QEMU_BINARY': str(qemu)},
            text=True, errors='replace', stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            timeout=60 + 10 * args.seconds)
    except subprocess.TimeoutExpired:
        return {'failed': 'it takes too long'}
    answers = [line for line in done.stdout.splitlines()
               if line.startswith('{')]
    if done.returncode or not answers:
        return why(done.stderr)
    return json.loads(answers[-1])


def row(name, answer):
    for verdict in 'failed', 'refused':
        if verdict in answer:
            return [name, *'-----', f'{verdict}: {answer[verdict]}']
    good = answer['p99'] <= GOAL_MS
    return [name, f'{answer["done"]:.0f}', str(answer['n']),
            *(f'{answer[k]:.2f}' for k in ('median', 'p99', 'max')),
            'PASS' if good else 'MISS']


def main(args, build_client):
    loads = chosen(args.cells)
    if args.list:
        print(*(load[0] for load in loads), sep='\n')
        return 0
    build_dir = args.build_dir.resolve()
    program = build_client(build_dir)
    qemu = args.qemu or build_dir / 'qemu-system-x86_64'
    answers = {load[0]: run(program, qemu, load, args) for load in loads}
    print(table(['load', 'per s', 'asked', 'median ms', 'p99 ms', 'max ms',
                 f'goal: {GOAL_MS}'],
                [row(*answer) for answer in answers.items()]))
    if args.json:
        args.json.write_text(json.dumps(answers, indent=1) + '\n')
    return 0
