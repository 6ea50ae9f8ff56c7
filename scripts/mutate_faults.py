# SPDX-License-Identifier: GPL-2.0-or-later
"""The faults that scripts/mutate plants in C code."""
import re

# (what, replacement); each match is a fault
CHANGES = tuple((re.compile(p), r if callable(r) else lambda m, r=r: m.expand(r))
                for p, r in (
    (r' && ', ' || '), (r' \|\| ', ' && '),
    (r' == ', ' != '), (r' != ', ' == '),
    (r' < ', ' <= '), (r' <= ', ' < '), (r' > ', ' >= '), (r' >= ', ' > '),
    (r' \+ ', ' - '), (r'(?<=[\w\])]) - ', ' + '), (r' \+= ', ' -= '),
    (r' & (?!\()', ' | '), (r'\breturn true;', 'return false;'),
    (r'\breturn false;', 'return true;'),
    (r'\bCRYPTODEV_(ERR|BADMSG|INVSESS)\b', 'CRYPTODEV_NOTSUPP'),
    (r'\bCRYPTODEV_(NOTSUPP|OK|KEY_REJECTED)\b', 'CRYPTODEV_ERR'),
    (r'(?<![\w.\[])\d+(?![\w.\]])', lambda m: str(int(m[0]) + 1)),
    (r'!(?=[\w(])', ''),
))
STATEMENT = re.compile(r'^( +)(?!return|goto|break|else|assert|g_assert)'
                       r'([\w>.*\[\]-]+\([^{}]*\)|[\w>.*\[\]-]+ [|&+-]?= [^{}]*|'
                       r'[\w>.\[\]-]+(\+\+|--));$')


def code_lines(text):
    """Line numbers of code: no comments, no preprocessor, no declarations."""
    comment = False
    for n, line in enumerate(text.split('\n')):
        start = line.lstrip()
        comment = comment or start.startswith('/*')
        if not comment and start and start[0] not in '#}' and line[0] == ' ':
            yield n, line
        comment = comment and '*/' not in line


def negated(line):
    """A condition that ends in its line, negated."""
    found = re.match(r'( +(?:\} else )?(?:if|while) \()(.*)(\) \{)$', line)
    return f'{found[1]}!({found[2]}){found[3]}' if found else None


def faults(text):
    """(line number, new line), all of them."""
    for n, line in code_lines(text):
        code = line.split('/*')[0]
        for pattern, new in CHANGES:
            for m in pattern.finditer(code):
                yield n, line[:m.start()] + new(m) + line[m.end():]
        if negated(line):
            yield n, negated(line)
        if STATEMENT.match(line):
            yield n, STATEMENT.sub(r'\1;', line)
