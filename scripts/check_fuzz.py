# SPDX-License-Identifier: GPL-2.0-or-later
"""scripts/check --fuzz: run the targets of tests/fuzz with libFuzzer.

The commands that build a target with gcc are those of QEMU's ninja; the same
objects are compiled once more, with clang, below BUILD_DIR/fuzz.  What the
fuzzer learns is kept there from one run to the next.
"""
import json
import os
import re
import shlex
import shutil
import subprocess
import sys

from check_source import REPO

SANITIZE = '-fsanitize=address,undefined -fno-sanitize-recover=undefined'
CFLAGS = f'-w -g -O1 {SANITIZE} -fsanitize=fuzzer-no-link'
DROPPED = re.compile(r'-M[DQF]|-W(?!l,).*|-O.|-g|-fzero-call-used-regs=.*'
                     r'|-ftrivial-auto-var-init=.*|-fstack-protector.*')
RULES = '''builddir = ../fuzz
rule cc
  command = {clang} -MD -MF $out.d $args {cflags} -o $out -c $in
  depfile = $out.d
  deps = gcc
rule link
  command = {clang} -o $out $in $args {sanitize} -fsanitize=fuzzer
'''
TARGETS = sorted(p.stem for p in (REPO / 'tests/fuzz').glob('fuzz-*.c')
                 if 'int LLVMFuzzerTestOneInput' in p.read_text())


def find_clang():
    for name in 'clang', *(f'clang-{n}' for n in range(22, 13, -1)):
        if shutil.which(name):
            return name
    sys.exit('check: --fuzz needs clang and its libclang-rt-*-dev: '
             'scripts/setup --fuzz')


def words(command):
    """The arguments of a command without compiler, output and what it makes."""
    args = iter(shlex.split(command)[1:])
    for word in args:
        if word in ('-o', '-c', '-MQ', '-MF'):
            next(args)
        elif not DROPPED.fullmatch(word):
            yield word


def ninja_file(qemu, names, clang):
    """What builds targets with clang; paths are relative to @qemu."""
    compile_with = {c['output']: c for c in json.loads(
        (qemu / 'compile_commands.json').read_text())}
    text, done = RULES.format(clang=clang, cflags=CFLAGS, sanitize=SANITIZE), set()
    for name in names:
        link = subprocess.run(
            ['ninja', '-C', qemu, '-t', 'commands', '-s', f'tests/fuzz/{name}'],
            check=True, text=True, stdout=subprocess.PIPE).stdout
        link = link.split('\n')[-2] if link.endswith('\n') else link
        objects = [w for w in words(link) if w.endswith('.o')]
        ours = [f'../fuzz/{o}' for o in objects if 'replay.c' not in o]
        rest = [w for w in words(link) if not w.endswith('.o')]
        for o in objects:
            if o not in done and 'replay.c' not in o:
                c = compile_with[o]
                args = [w for w in words(c['command']) if w != c['file']]
                text += (f'build ../fuzz/{o}: cc {c["file"]}\n'
                         f'  args = {shlex.join(args)}\n')
                done.add(o)
        text += (f'build ../fuzz/{name}: link {" ".join(ours)}\n'
                 f'  args = {shlex.join(rest)}\n')
    return text


def build(build_dir, names):
    qemu, out = build_dir / 'qemu', build_dir / 'fuzz'
    subprocess.run(['ninja', '--quiet', '-C', qemu,
                    *(f'tests/fuzz/{n}' for n in names)], check=True)
    out.mkdir(exist_ok=True)
    (out / 'build.ninja').write_text(ninja_file(qemu, names, find_clang()))
    subprocess.run(['ninja', '--quiet', '-C', qemu, '-f', '../fuzz/build.ninja'],
                   check=True)


def run(build_dir, name, seconds):
    """Returns whether nothing was found."""
    out = build_dir / 'fuzz'
    corpus, seeds, found = (out / f'{name}.{d}' for d in ('corpus', 'seeds', 'found'))
    for d in corpus, seeds, found:
        d.mkdir(exist_ok=True)
    subprocess.run([build_dir / 'qemu/tests/fuzz' / name, '--seeds', seeds],
                   check=True)
    known = REPO / 'tests/fuzz/corpus' / name.removeprefix('fuzz-')
    done = subprocess.run(
        [out / name, f'-max_total_time={seconds}', '-max_len=4096',
         '-timeout=20', '-rss_limit_mb=3000',
         '-print_final_stats=1', f'-artifact_prefix={found}/',
         corpus, seeds, *([known] if known.is_dir() else [])],
        text=True, errors='replace', stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**os.environ, 'UBSAN_OPTIONS': 'print_stacktrace=1',
             'ASAN_OPTIONS': 'malloc_context_size=8'})
    executed = re.search(r'number_of_executed_units: *(\d+)', done.stdout)
    print(f'fuzz/{name.removeprefix("fuzz-")}: '
          f'{executed[1] if executed else "?"} executions in {seconds} s, '
          + ('nothing found' if not done.returncode else
             f'FAILED, the input is in {found}'), flush=True)
    if done.returncode:
        print('    ' + '\n    '.join(done.stdout.splitlines()[-60:]), flush=True)
    return not done.returncode


def fuzz(build_dir, seconds, chosen):
    names = [t for t in TARGETS if not chosen
             or any(t == f'fuzz-{c}' for c in chosen)]
    if not names:
        sys.exit(f'check: no such target; there are: '
                 f'{" ".join(t.removeprefix("fuzz-") for t in TARGETS)}')
    build(build_dir, names)
    results = [run(build_dir, n, seconds) for n in names]
    print(f'{results.count(True)} passed, {results.count(False)} failed')
    return 0 if all(results) else 1
