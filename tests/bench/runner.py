# SPDX-License-Identifier: GPL-2.0-or-later
"""Run cells: the work of scripts/bench."""
import datetime
import fnmatch
import functools
import json
import os
import platform
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import latency
import plot
from bars import bars_table
from cells import Config, all_cells
from client import BenchError, Client, has_property
from report import Result, starved, tables

REPO = Path(__file__).resolve().parent.parent.parent
CLIENT = 'tests/qtest/virtio-crypto-bench'


def matches(name, pattern, names):
    if pattern in names:
        return name == pattern
    if re.search(r'[*?[]', pattern):
        return fnmatch.fnmatch(name, f'*{pattern}*')
    return pattern in name


def smoke_loads(args):
    return [load for load in latency.LOADS
            if not args.cells or any(p in f'latency/{load[0]}'
                                     for p in args.cells)]


def chosen_cells(args, others=()):
    cells = [c for c in all_cells() if c.smoke or not args.smoke]
    names = [c.name for c in cells]
    if args.cells:
        cells = [c for c in cells
                 if any(matches(c.name, p, names) for p in args.cells)]
    elif args.quick:
        cells = [c for c in cells if c.quick]
    if args.ours_only or args.smoke:
        cells = [replace(c, stock=False) for c in cells]
    if not cells and not others:
        raise BenchError('no such cell; see --list')
    return cells


def call(*command):
    if subprocess.run(command, stdout=sys.stderr).returncode:
        raise BenchError(f'{command[0]} failed')


def build_client(build_dir, client=CLIENT):
    if not (build_dir / 'qemu/build.ninja').exists():
        raise BenchError(f'{build_dir} is not built; see README.md')
    call('ninja', '--quiet', '-C', build_dir / 'qemu', client)
    return build_dir / 'qemu' / client


def build_stock(build_dir, peer):
    """With our source and our arguments of configure, once."""
    _, _, version = peer.partition('-')
    source = (build_dir / 'qemu-src.from').read_text().strip()
    arguments = (build_dir / 'qemu.args').read_text().split()
    (build_dir / peer).mkdir(exist_ok=True)
    call(REPO / 'scripts/build', f'--stock={version}' if version else '--stock',
         f'--source={source}', build_dir / peer, '--', *arguments)
    return build_dir / peer / 'qemu-system-x86_64'


def choose_cpus(text):
    """The client's CPU and the set of QEMU's."""
    if text:
        mine, _, others = text.partition(':')
        first, _, last = others.partition('-')
        return int(mine), set(range(int(first), int(last or first) + 1))
    cpus = sorted(os.sched_getaffinity(0))
    return (cpus[0], set(cpus[1:])) if len(cpus) > 1 else (None, set(cpus))


class Bench:
    def __init__(self, args):
        build_dir = args.build_dir.resolve()
        self.args = args
        self.program = build_client(build_dir)
        self.qemus = {'ours': args.qemu or build_dir / 'qemu-system-x86_64'}
        self.build_dir = build_dir
        self.cpus = choose_cpus(args.cpus)
        self.clients = {}
        self.iothreads = has_property(self.qemus['ours'],
                                      'iothread-vq-mapping')

    def need_stock(self, peers):
        for peer in peers:
            self.qemus[peer] = self.args.stock or build_stock(self.build_dir,
                                                              peer)

    def config_of(self, side, cell):
        if side == 'stock':
            return Config()
        if self.args.iothreads and not cell.config.iothreads:
            return replace(cell.config, iothreads=self.args.iothreads,
                           poll_ns=self.args.poll_ns)
        return cell.config

    def client(self, side, cell):
        """Of each side one is alive, with the set-up of the last cell."""
        config = self.config_of(side, cell)
        qemu = self.qemus[cell.peer if side == 'stock' else side]
        old = self.clients.pop(side, None)
        if old and old[:2] != (config, qemu):
            old[2].close()
            old = None
        self.clients[side] = old or (config, qemu, Client(
            self.program, qemu, config, self.cpus))
        return self.clients[side][2]

    def run(self, cell):
        result = Result(cell)
        if self.config_of('ours', cell).iothreads and not self.iothreads:
            result.skipped = 'the device has no property iothread-vq-mapping'
            return result
        sides = ['stock', 'ours'] if cell.stock else ['ours']
        seconds = self.args.seconds * cell.longer
        for _ in range(self.args.rounds):
            for side in sides:
                answer = self.client(side, cell).run(cell.verb, cell.words,
                                                     seconds)
                if 'skip' not in answer:
                    result.answers[side].append(answer)
                elif side == 'ours':
                    result.refused = result.skipped = answer['skip']
                    return result
            if cell.verb == 'load':
                result.answers['bare'].append(
                    self.client('ours', cell).run('bare', cell.words,
                                                  seconds / 3))
        return result

    def close(self):
        for *_, client in self.clients.values():
            client.close()
        self.clients = {}


def machine(bench):
    model = re.search(r'model name\s*: (.*)', Path('/proc/cpuinfo').read_text())
    libs = []
    for lib in 'libgcrypt', 'nettle', 'libipsec-mb-dev':
        found = subprocess.run(
            ['dpkg-query', '-W', '-f', '${Version}', lib]
            if lib.startswith('libipsec') else
            ['pkg-config', '--modversion', lib], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.strip()
        libs.append(f'{lib} {found or "unknown"}')
    kick = {c.hello['kick'] for *_, c in bench.clients.values()}
    return (f'{model[1] if model else platform.machine()}, '
            f'{os.cpu_count()} CPUs (client on {bench.cpus[0]}, QEMU on '
            f'{",".join(map(str, sorted(bench.cpus[1])))}), '
            + ', '.join(libs) + f', kicks by {"/".join(sorted(kick))}')


def hold(bench, cell, seconds):
    client = bench.client('ours', cell)
    print(f'{cell.name}: QEMU is process {client.qemu_pid}', flush=True)
    print(client.run(cell.verb, cell.words, seconds))


def smoke_steps(bench, cells, loads):
    """Names, and functions that return why it was skipped, if it was."""
    program = functools.cache(lambda: build_client(bench.build_dir,
                                                   latency.CLIENT))

    def run_cell(cell):
        result = bench.run(cell)
        if result.refused:
            raise BenchError(result.refused)
        return result.skipped

    def run_load(load):
        answer = latency.run(program(), bench.qemus['ours'], load, bench.args)
        if 'failed' in answer:
            raise BenchError(answer['failed'])
        return answer.get('refused')

    return [(c.name, run_cell, c) for c in cells] + \
           [(f'latency/{n[0]}', run_load, n) for n in loads]


def smoke(bench, cells, loads):
    """Does it work?  Prints TAP."""
    steps = smoke_steps(bench, cells, loads)
    print(f'1..{len(steps)}', flush=True)
    failed = 0
    for n, (name, run, what) in enumerate(steps, 1):
        try:
            reason = run(what)
            skip = f' # SKIP {reason}' if reason else ''
            print(f'ok {n} {name}{skip}', flush=True)
        except BenchError as e:
            failed += 1
            bench.close()
            print(f'# {e}\nnot ok {n} {name}', flush=True)
    return 1 if failed else 0


def measure(bench, cells):
    results = []
    for cell in cells:
        if sys.stderr.isatty():
            print(f'\r\033[K{cell.name} ', end='', file=sys.stderr, flush=True)
        results.append(bench.run(cell))
    if sys.stderr.isatty():
        print('\r\033[K', end='', file=sys.stderr, flush=True)
    return results


def write_json(path, text, results):
    path.write_text(json.dumps({'machine': text, 'cells': {
        r.cell.name: {'words': r.cell.words, 'skipped': r.skipped, **r.answers}
        for r in results}}, indent=1) + '\n')


def report(args, text, results):
    print(text)
    for t in tables(results):
        print(f'\n{t}')
    for r in results:
        if r.skipped:
            print(f'\nskipped {r.cell.name}: {r.skipped}')
    if starved(results):
        print(f'\nThe machine is busy: in {len(starved(results))} cells QEMU had '
              'less than 0.8 of a CPU under full load.  Goals have a "?" there.')
    if args.bars:
        print(f'\n{bars_table(results)}')
    if args.json:
        write_json(args.json, text, results)
    picture = args.plot and plot.svg(
        results, 'virtio-crypto: operations per second, ours / stock',
        f'{datetime.date.today():%d %B %Y}, {text.split(" (client")[0]}')
    if picture:
        args.plot.write_text(picture)


def main(args):
    if args.latency:
        return latency.main(args, lambda build_dir: build_client(
            build_dir, latency.CLIENT))
    loads = smoke_loads(args) if args.smoke else []
    cells = chosen_cells(args, loads)
    if args.list:
        print(*(c.name for c in cells),
              *(f'latency/{n[0]}' for n in loads), sep='\n')
        return 0
    bench = Bench(args)
    try:
        if args.smoke:
            return smoke(bench, cells, loads)
        if args.hold:
            return hold(bench, cells[0], args.hold)
        bench.need_stock({c.peer for c in cells if c.stock})
        results = measure(bench, cells)
        report(args, machine(bench), results)
    finally:
        bench.close()
    return 0
