# SPDX-License-Identifier: GPL-2.0-or-later
"""The suites style and docs of scripts/check: tests that read the source.

They have names() and run(), like the programs of check_tap.py.
"""
import os
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree

REPO = Path(__file__).resolve().parent.parent


class Checks:
    """Named functions that return complaints."""
    parallel = True

    def __init__(self, checks):
        self.checks = checks

    def names(self):
        return list(self.checks)

    def run(self, names, _long):
        for name in names:
            complaints = self.checks[name]()
            yield name, 'failed' if complaints else 'passed', complaints


def sources():
    tops = ('backends', 'contrib', 'docs', 'hw', 'include', 'qapi', 'scripts',
            'system', 'tests')
    return [p for top in tops for p in sorted((REPO / top).rglob('*'))
            if p.is_file() and '__pycache__' not in p.parts
            and not p.name.endswith(('~', '.orig', '.rej'))]


# (files, pattern, why not)
RULES = (
    (r'(backends|hw)/.*(?<!selftest)\.[ch]', r'\bmemcmp\(',
     'tags and keys are compared with cryptodev_equal()'),
    (r'(hw|include)/.*|backends/cryptodev(-builtin|-hmp-cmds)?\.c',
     r'\bCONFIG_CRYPTODEV_', 'not defined here (backends/cryptodev/meson.build)'),
    (r'.*', r'[ \t]+$', 'white space at the end of the line'),
)


def rules(path):
    name = str(path.relative_to(REPO))
    text = path.read_text(errors='replace')
    said = []
    if (re.search(r'\.([ch]|py|sh)$', name) or text.startswith('#!')) \
            and 'SPDX-License-Identifier: ' not in text[:2000]:
        said.append(f'{name}: no SPDX-License-Identifier')
    if path.parent.name == 'scripts' and text.count('\n') > 150:
        said.append(f'{name}: a script has at most 150 lines')
    for files, pattern, why in RULES:
        if re.fullmatch(files, name):
            said += [f'{name}:{n}: {why}' for n, line in
                     enumerate(text.splitlines(), 1) if re.search(pattern, line)]
    return said


def checkpatch(tool, path):
    done = subprocess.run(['perl', tool, '--no-tree', '--terse', '--no-summary',
                           '-f', path.relative_to(REPO)],
                          cwd=REPO, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    return done.stdout.splitlines() if done.returncode else []


def style_tests(build_dir):
    tool = build_dir / 'qemu-src/scripts/checkpatch.pl'
    checks = {}
    for p in sources():
        name = p.relative_to(REPO)
        checks[f'rules/{name}'] = lambda p=p: rules(p)
        if p.suffix in ('.c', '.h') and 'guest' not in p.parts:    # QEMU's C
            checks[f'checkpatch/{name}'] = lambda p=p: checkpatch(tool, p)
    return Checks(checks)


def script_help(path):
    done = subprocess.run([path, '--help'], text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    good = done.returncode == 0 and f'Usage: scripts/{path.name}' in done.stdout
    return [] if good else [f'{path.name} --help: status {done.returncode}',
                            *done.stdout.splitlines()]


def anchors(text):
    """Complaints about links to headings that a page does not have."""
    there = {re.sub(r'[^\w-]', '', h.lower().replace(' ', '-'))
             for h in re.findall(r'^#+ (.*)$', text, re.M)}
    return [f'no heading {a}' for a in re.findall(r'\]\(#([^)]+)\)', text)
            if a not in there]


def picture(path):
    """An SVG that browsers show."""
    try:
        top = ElementTree.parse(path).getroot()
    except ElementTree.ParseError as e:
        return [f'{path.name}: {e}']
    return [] if top.tag.endswith('}svg') else [f'{path.name}: no SVG']


def links(path):
    found = re.findall(r'\]\(([^)#:]+)\)|`([\w./-]+/[\w.-]+)`', path.read_text())
    return anchors(path.read_text()) + [
        f'{path.name}: no {target}' for target in map(''.join, found)
        if not target.startswith(('build/', '/'))
        and not (path.parent / target).exists() and not (REPO / target).exists()]


def conformance():
    done = subprocess.run([REPO / 'scripts/conformance', '--check'], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout.splitlines() if done.returncode else []


def docs_tests():
    checks = {f'help/{p.name}': lambda p=p: script_help(p)
              for p in sorted((REPO / 'scripts').iterdir())
              if p.is_file() and os.access(p, os.X_OK)}
    checks['conformance'] = conformance
    for p in [REPO / 'README.md', *(REPO / 'docs').rglob('*.rst')]:
        checks[f'links/{p.name}'] = lambda p=p: links(p)
    for p in (REPO / 'docs').glob('*.svg'):
        checks[f'picture/{p.name}'] = lambda p=p: picture(p)
    return Checks(checks)
