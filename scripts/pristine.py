# SPDX-License-Identifier: GPL-2.0-or-later
"""QEMU's source as it was before the graft, for the tests of scripts/series."""
import os
import re
import shutil
import subprocess
import tomllib

from check_source import REPO

COMMITS = REPO / 'scripts/series.d/commits.toml'


def said(*command, **more):
    """The output of a command; an exception when it fails."""
    return subprocess.run(command, check=True, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          stdin=subprocess.DEVNULL, **more).stdout


def git(tree, *arguments):
    return said('git', '-C', tree, *arguments)


def missing_includes(tree, commit, added):
    """What files that a commit has @added include of later commits."""
    here = set(git(tree, 'ls-tree', '-r', '--name-only', commit).split())
    for path in added:
        text = git(tree, 'show', f'{commit}:{path}')
        for name in re.findall(r'^#include "(.*)"', text, re.M):
            for place in (f'include/{name}', name,
                          os.path.normpath(f'{path}/../{name}')):
                if (tree / place).exists() and place not in here:
                    yield f'{commit[:12]}: {path} includes {place}'


class Pristine:
    """Of a tree that is grafted, and stays as it is."""

    def __init__(self, grafted):
        self.grafted = grafted

    def kept(self):
        """The files that the graft has edited or taken out."""
        top = self.grafted / '.graft'
        return [str(p.relative_to(top)) for p in top.rglob('*') if p.is_file()
                and p.suffix != '.grafted' and p != top / 'links']

    def copy_edited(self, tree):
        """Of all files only what scripts/series looks at."""
        shutil.rmtree(tree.parent, ignore_errors=True)
        commits = tomllib.loads(COMMITS.read_text())['commit']
        paths = {'VERSION', *(e['file'] for c in commits
                              for e in c.get('edit', ()))}
        paths |= {str(p.relative_to(self.grafted)) for p in
                  self.grafted.glob('[a-z]*/**/meson.build')
                  if not p.is_symlink()}
        self.copy(paths, self.grafted, tree)
        self.copy(self.kept(), self.grafted / '.graft', tree)

    def copy_all(self, tree):
        shutil.rmtree(tree, ignore_errors=True)
        shutil.copytree(self.grafted, tree, symlinks=True)
        for path in (tree / '.graft/links').read_text().split():
            (tree / path).unlink()
        self.copy(self.kept(), tree / '.graft', tree)
        shutil.rmtree(tree / '.graft')

    @staticmethod
    def copy(paths, source, tree):
        for path in paths:
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / path, tree / path)
