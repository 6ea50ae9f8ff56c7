# SPDX-License-Identifier: GPL-2.0-or-later
"""The suite series of scripts/check: scripts/series on QEMU's source.

The source is that of the build, as it was before the graft.
"""
import os
import re
import subprocess

from check_source import REPO
from pristine import Pristine, git, missing_includes, said
from series_filter import listed

SERIES = REPO / 'scripts/series'
# What checkpatch.pl asks about files that MAINTAINERS does list, and takes for
# what it is not
ALLOWED = re.compile(r'does MAINTAINERS need updating|'
                     r"json\.in' need 'SPDX|"
                     r':\+#if __has_attribute|:\+ +printf\("/\*')
# Only the graft has the benchmark and these pages at the top
BENCH = re.compile(r'\n\n# The client of scripts/bench(?s:.*)')
ELSEWHERE = ('docs/system/device-emulation.rst',)


def make(tree, *options):
    """Make the series, as somebody."""
    who = dict(GIT_CONFIG_COUNT='2', GIT_CONFIG_KEY_0='user.name',
               GIT_CONFIG_VALUE_0='A Tester', GIT_CONFIG_KEY_1='user.email',
               GIT_CONFIG_VALUE_1='tester@example.org')
    return said(SERIES, *options, tree, env={**os.environ, **who})


class Series:
    """Tests of which each returns complaints."""
    parallel = False

    def __init__(self, build_dir):
        self.build, self.grafted = build_dir, build_dir / 'qemu-src'
        self.source = Pristine(self.grafted)
        self.tree = build_dir / 'series/qemu'
        self.tests = {'commits': self.commits, 'checkpatch': self.checkpatch,
                      'equal': self.equal, 'refused': self.refused,
                      'compiled': self.compiled}

    def names(self):
        return list(self.tests)

    def run(self, names, long):
        made = False
        for name in names:
            if name == 'compiled' and not long:
                yield name, 'skipped', ['it takes long: --long']
                continue
            try:
                if name != 'compiled' and not made:
                    self.source.copy_edited(self.tree)
                    make(self.tree)
                    made = True
                complaints = self.tests[name]()
            except subprocess.CalledProcessError as e:
                complaints = [f'{e.cmd[0]}: status {e.returncode}',
                              *((e.stdout or '') + e.stderr).splitlines()]
            yield name, 'failed' if complaints else 'passed', complaints

    def commits(self):
        """Messages, MAINTAINERS, and the order of the files."""
        bad = []
        for commit in git(self.tree, 'rev-list', 'qemu..').split():
            subject, _, body = git(self.tree, 'log', '-1', '--format=%B',
                                   commit).partition('\n\n')
            if len(subject) > 72 or len(body.split('Signed-off-by: ')[0]) < 60:
                bad.append(f'{subject}: too long, or does not say why')
            lists = git(self.tree, 'show', f'{commit}:MAINTAINERS')
            added = git(self.tree, 'diff', '--name-only', '--diff-filter=A',
                        f'{commit}~', commit)
            bad += [f'{subject}: {path} is not in MAINTAINERS'
                    for path in added.split() if not listed(path, lists)]
            bad += missing_includes(self.tree, commit, added.split())
        found = subprocess.run(
            ['git', '-C', self.tree, 'grep', '-nE', 'AT_LEAST|odev-compat|[^/]'
             'scripts/(check|graft|series|bench|conformance)\\b', 'HEAD', '--',
             'backends', 'docs', 'hw', 'include', 'tests/qtest', 'tests/unit'],
            text=True, stdout=subprocess.PIPE).stdout
        return bad + [line for line in found.splitlines() if 'rypto' in line]

    def checkpatch(self):
        patches = self.tree.parent / 'patches'
        git(self.tree, 'format-patch', '--quiet', '-o', patches, 'qemu..')
        bad = []
        for patch in sorted(patches.iterdir()):
            done = subprocess.run(
                ['perl', self.grafted / 'scripts/checkpatch.pl', '--no-tree',
                 '--no-summary', patch], text=True, stdout=subprocess.PIPE)
            bad += [f'{patch.name}: {what}' for what in re.split(
                        '\n\n+', done.stdout)
                    if re.match('ERROR|WARN', what) and not
                    ALLOWED.search(what.replace('\n', ''))]
        return bad

    def equal(self):
        """QEMU's files in the end are those of the graft."""
        def text(path):
            return re.sub(r'(?i)(since:? )[\d.]+', r'\1X', path.read_text())
        return [f'{path} is not as grafted' for path in self.source.kept()
                if (self.grafted / '.graft' / f'{path}.grafted').exists()
                and path not in ELSEWHERE and text(self.tree / path) !=
                BENCH.sub('', text(self.grafted / path))]

    def refused(self):
        """A grafted tree, one with changes, and one that has the series."""
        def complains(tree, about, *options):
            done = subprocess.run([SERIES, *options, tree], text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            right = done.returncode == 1 and done.stderr.count('\n') == 1 and \
                about in done.stderr and not done.stdout
            return [] if right else [f'{tree}: {done.stdout}{done.stderr}']

        bad = complains(self.tree, 'has these files already')
        git(self.tree, 'checkout', '--quiet', 'qemu')
        bad += complains(self.tree, 'has a branch virtio-crypto')
        (self.tree / 'VERSION').write_text('1.2.3\n')
        bad += complains(self.tree, 'has changes', '--branch', 'other')
        git(self.tree, 'checkout', '--quiet', '--force', 'virtio-crypto')
        return bad + complains(self.grafted, 'is grafted') + \
            complains(self.tree / 'docs', 'is not a QEMU source tree')

    def compiled(self):
        """The whole tree with the series, and its unit tests."""
        top = self.build / 'series/compiled'
        tree = top / 'qemu-src'
        self.source.copy_all(tree)
        make(tree)
        (top / 'qemu').mkdir(exist_ok=True)
        said('../qemu-src/configure',
             *(self.build / 'qemu.args').read_text().split(), cwd=top / 'qemu')
        tests = [f'tests/unit/{p.stem}' for p in
                 (REPO / 'tests/unit').glob('test-*.c')]
        said('ninja', '-C', top / 'qemu', 'qemu-system-x86_64',
             'tests/qtest/qos-test', *tests)
        for test in tests:
            said(top / 'qemu' / test, cwd=top / 'qemu',
                 env={**os.environ, 'G_TEST_SRCDIR': str(tree / 'tests/unit')})
        return []
