# SPDX-License-Identifier: GPL-2.0-or-later
"""What a QEMU tree holds after each commit of scripts/series.

A commit of scripts/series.d/commits.toml names files of ours, and edits of
QEMU's own.  An edit holds from the commit on that names it; as long as files
are not there yet, what names them in a meson.build, in trace-events or in
MAINTAINERS is left out.
"""
import importlib.machinery
import importlib.util
import re
import tomllib
from fnmatch import fnmatchcase
from pathlib import PurePath

from check_source import REPO
from series_filter import without

LOADER = importlib.machinery.SourceFileLoader('graft', f'{REPO}/scripts/graft')
graft = importlib.util.module_from_spec(
    importlib.util.spec_from_loader('graft', LOADER))
LOADER.exec_module(graft)

# What the names of the compat header mean before a version, and from it on
COMPAT = (
    ((10, 1), r'\bCompatClassData (?=\w)', 'void *', 'const void *'),
    ((10, 1), r'\bCompatInterfaceInfo\b', 'InterfaceInfo',
     'const InterfaceInfo'),
    ((10, 1), r'\bCompatSetStatusResult (\w+\(.*,)\n +', r'void \1 ',
     r'int \1 '),
    ((10, 1), r'\n *return COMPAT_SET_STATUS_OK;', '', '\n    return 0;'),
    ((11, 0), r'COMPAT_AIO_H', '"block/aio.h"', '"qemu/aio.h"'),
    ((11, 0), r'COMPAT_QDEV_PROPERTIES_H', '"hw/qdev-properties.h"',
     '"hw/core/qdev-properties.h"'),
    ((11, 0), r'COMPAT_QDEV_PROPERTIES_SYSTEM_H',
     '"hw/qdev-properties-system.h"', '"hw/core/qdev-properties-system.h"'),
    ((11, 0), r'\b(qatomic_read|qatomic_set)_u64\b', r'\1_u64', r'\1'),
    ((0, 0), r'#include "system/cryptodev-compat\.h"\n', '', ''),
)


class SeriesError(Exception):
    pass


class Steps:
    """tree: the directory with QEMU's sources, which stay as they are;
    author: "NAME <ADDRESS>", for MAINTAINERS.
    """
    def __init__(self, tree, author):
        self.tree = tree
        self.data = tomllib.loads(
            (REPO / 'scripts/series.d/commits.toml').read_text())
        version = (tree / 'VERSION').read_text().split('.')
        major, minor, micro = (int(n) for n in version[:3])
        self.since = f'{major}.{minor + 1}' if minor < 2 else f'{major + 1}.0'
        # in development, and nearly what comes next
        self.version = tuple(int(n) for n in self.since.split('.')) \
            if micro >= 50 else (major, minor)
        self.author = author
        self.ours = {self.place(p): REPO / p
                     for p in map(str, graft.our_files())
                     if not any(fnmatchcase(p, x) for x in self.data['left-out'])}
        self.stock = {str(p.relative_to(tree)) for glob in graft.STOCK
                      for p in tree.glob(glob)}

    def place(self, path):
        return self.data['places'].get(path, path)

    def adapted(self, text):
        """Our text as it is in the tree: no word of what stays here."""
        for version, pattern, before, after in COMPAT:
            text = re.sub(pattern, before if self.version < version else after,
                          text)
        if left := re.search(r'\bCompat[A-Z]\w+|\bCOMPAT_[A-Z_]+|cryptodev-compat', text):
            raise SeriesError(f'{left[0]} is not in series_steps.py')
        for old, new in [*self.data['places'].items(), *self.data['words']]:
            text = text.replace(old, new)
        return re.sub(r'(?<=[ (])((?:S|s)ince:? )[\d.]+', rf'\g<1>{self.since}',
                      text)

    def edited(self, file, edits):
        text = (self.tree / file).read_text()
        for edit in edits:
            if re.search(edit.get('unless', '(?!)'), text):
                continue
            if 'text-file' in edit:
                edit['text'] = (graft.DATA / edit['text-file']).read_text()
            new = self.adapted(edit.get('text', '')).replace('@author@', self.author)
            text = graft.apply_edit(file, text, {**edit, 'text': new})
        return text

    def edits_of(self, commit):
        """(file, edits) that a commit names, or brings along."""
        for name in commit.get('edits', ()):
            data = tomllib.loads((graft.DATA / f'{name}.toml').read_text())
            for edit in data['edit']:
                yield data['file'], {'unless': data.get('unless', '(?!)'), **edit}
        for edit in commit.get('edit', ()):
            yield edit['file'], edit

    def __iter__(self):
        """(message, {path: its text, or None where it is deleted})."""
        here, edits, stock = set(), {}, dict.fromkeys(self.stock)
        before = {}
        folders = {str(PurePath(p).parent) for p in {*self.ours, *self.stock}}
        mesons = {f'{f}/meson.build' for f in folders
                  if (self.tree / f / 'meson.build').is_file()}
        for commit in self.data['commit']:
            here |= {p for p in self.ours for glob in commit.get('files', ())
                     if fnmatchcase(p, glob)}
            if commit.get('without-stock'):
                stock = {}
            for file, edit in self.edits_of(commit):
                edits.setdefault(file, []).append(edit)
            there = here | set(stock)
            gone = {*self.ours, *self.stock} - there
            now = {p: without(p, self.adapted(self.ours[p].read_text()),
                                   there, gone) for p in here}
            now |= {p: None for p in self.stock & gone}
            for file in mesons - set(self.ours) | set(edits):
                text = self.edited(file, edits.get(file, ()))
                now[file] = without(file, text, there, gone)
            changes = {p: text for p, text in now.items()
                       if text != before.get(p, self.text(p))}
            before = now
            if changes:
                yield commit['message'].strip(), changes
        if left := sorted(set(self.ours) - here):
            raise SeriesError(f'{left[0]} is in no commit of '
                              'scripts/series.d/commits.toml')

    def text(self, path):
        """What is in the tree; the sources of the device count as ours."""
        place = self.tree / path
        return place.read_text() if place.is_file() else None
