# SPDX-License-Identifier: GPL-2.0-or-later
"""Test programs that speak TAP, for scripts/check.

names() lists the tests of one; run(names, long) runs them and yields
(name, 'passed' | 'failed' | 'skipped', lines of output).
"""
import os
import re
import signal
import subprocess
import threading

from check_source import REPO

RESULT = re.compile(r'(not )?ok \d+ (?:- )?(.*?)(?: # (SKIP|TODO)\b.*)?$')
EXIT_OK = ('exit status 0', 'exit status 77')    # 77: all skipped
SANITIZERS = {
    # QEMU and libqos leave memory behind on exit: see NO_LEAKS
    'ASAN_OPTIONS': 'detect_leaks=0:abort_on_error=1',
    'UBSAN_OPTIONS': 'halt_on_error=1:abort_on_error=1:print_stacktrace=1',
    # a test program starts threads and processes as it likes
    'TSAN_OPTIONS': f'suppressions={REPO}/tests/qtest/virtio-crypto.tsan:'
                    'die_after_fork=0:report_signal_unsafe=0',
}

# For programs in which a leak is ours
NO_LEAKS = {'ASAN_OPTIONS': 'detect_leaks=1:abort_on_error=1'}


class Tap:
    """A test program; a GLib one unless told otherwise."""
    def __init__(self, command, only='', glib=True, limit=300, cwd=None,
                 long_option=None, without='(?!)', **env):
        self.command, self.only, self.glib = command, only, glib
        self.limit, self.cwd = limit, cwd       # seconds between results
        self.long_option = long_option          # GLib's programs have theirs
        self.without = without                  # names that do not count
        self.env = {**os.environ, **SANITIZERS, **env}
        self.parallel = glib

    def names(self):
        out = subprocess.run(
            [*self.command, '-l' if self.glib else '--list'], check=True,
            cwd=self.cwd, env=self.env, text=True, stdout=subprocess.PIPE).stdout
        return [n for n in out.splitlines()
                if self.only in n and not re.search(self.without, n)
                and (n.startswith('/') or not self.glib)]

    def arguments(self, names, long):
        if not self.glib:
            return [self.long_option, *names] if long and self.long_option \
                else names
        chosen = [a for n in names for a in ('-p', n)]
        return ['--tap', '-k', '-m', 'slow' if long else 'quick', *chosen]

    def run(self, names, long):
        """A program that dies or hangs fails one test and runs the others."""
        left = list(names)
        while left:
            output = []
            failed = False
            for name, result, lines in self.run_once(left, long, output):
                if name in left:
                    left.remove(name)
                    failed |= result == 'failed'
                    yield name, result, lines
            if not left and not failed and output[-1] not in EXIT_OK:
                yield 'the end of ' + names[-1], 'failed', output
            if left:
                yield left.pop(0), 'failed', output

    def run_once(self, names, long, output):
        limit = self.limit * (6 if long else 1)
        process = subprocess.Popen(
            [*self.command, *self.arguments(names, long)], cwd=self.cwd,
            env=self.env, text=True, errors='replace', start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        while True:
            watchdog = threading.Timer(limit, self.kill,
                                       (process, output, limit))
            watchdog.start()
            found = None
            for line in process.stdout:
                found = RESULT.match(line)
                if found:
                    break
                if not re.match('# (Start|End) of |# random seed|1\\.\\.', line):
                    output.append(line.rstrip())
            watchdog.cancel()
            if not found:
                break
            failed, name, skipped = found.groups()
            yield (name, 'skipped' if skipped else
                   'failed' if failed else 'passed', list(output))
            output.clear()
        output.append(f'exit status {process.wait()}')

    def kill(self, process, output, limit):
        output.append(f'no result for {limit} s, killed')
        os.killpg(process.pid, signal.SIGKILL)
