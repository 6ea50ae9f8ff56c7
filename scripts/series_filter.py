# SPDX-License-Identifier: GPL-2.0-or-later
"""Files of QEMU that name others, without what is not there yet.

For scripts/series.  @gone: the paths that a file must not name any more.
"""
import re
from fnmatch import fnmatchcase
from pathlib import PurePath

ENTRY = re.compile(r"^\s+'")


def balanced(text):
    return all(text.count(a) <= text.count(b) for a, b in ('()', '[]', '{}'))


def names(text, folder):
    """The paths that the quoted words of a meson.build may stand for."""
    for word, key in re.findall(r"'([\w./-]+)'(: )?", text):
        parts = []
        for part in PurePath(folder, word + ('.c' if key else '')).parts:
            parts = parts[:-1] if part == '..' else [*parts, part]
        yield '/'.join(parts)


def meson_without(text, gone, folder):
    """Leave out entries and statements that name what is not there."""
    kept, lines, keys = [], text.splitlines(True), []
    while lines:
        part = lines.pop(0)
        while ENTRY.match(part) and not balanced(part) and lines:
            part += lines.pop(0)
        whole = ENTRY.match(part) or balanced(part)
        if whole and gone & set(names(part, folder)):
            keys += re.findall(r"^\s+'([\w-]+)': ", part)
        elif gone & {f'{folder}/{d}/meson.build' for d in
                     re.findall(r"^subdir\('([\w-]+)'\)", part)}:
            pass
        else:
            kept.append(part)
    text = re.sub(r'^\S+\.add\(.*files\(\n\)\)\n', '', ''.join(kept), flags=re.M)
    for key in keys:            # a condition on what was left out
        text = re.sub(rf"^if .*'{key}' .*\n(?: .*\n)*endif\n", '', text, flags=re.M)
    for name in re.findall(r'^(\w+) = declare_dependency\(link_args', text, re.M):
        if text.count(name) == 1:
            text = re.sub(rf'^{name} = .*\n\n', '', text, flags=re.M)
    return text


def trace_without(text, gone, folder):
    return re.sub(r'\n# ([\w./-]+)\n(?:.+\n)*',
                  lambda m: '' if f'{folder}/{m[1]}' in gone else m[0], text)


def listed(path, text):
    """Whether MAINTAINERS has a pattern for a file."""
    return any(path.startswith(p) if p.endswith('/') else fnmatchcase(path, p)
               for p in re.findall(r'^F: (\S+)$', text, re.M))


def maintainers_without(text, there):
    """Leave out patterns in our sections that match nothing yet."""
    def section(m):
        return re.sub(r'^F: .*\n', lambda f: f[0] if any(
            listed(p, f[0]) for p in there) else '', m[0], flags=re.M)
    return re.sub(r'^(?:virtio-crypto|Cryptodev Backends)\n(?:.+\n)*', section,
                  text, flags=re.M)


def without(file, text, there, gone):
    """What @file holds as long as @gone is not in the tree, but @there is."""
    folder = str(PurePath(file).parent)
    if file.endswith('meson.build'):
        return meson_without(text, gone, folder)
    if file.endswith('trace-events'):
        return trace_without(text, gone, folder)
    if file == 'MAINTAINERS':
        return maintainers_without(text, there | {'qapi/cryptodev.json'})
    return text
