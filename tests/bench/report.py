# SPDX-License-Identifier: GPL-2.0-or-later
"""Results of the benchmark: numbers from raw answers, bars, tables."""
from statistics import median

MEASURES = {                    # of one answer of the client
    'ops': lambda cell, a: a['ops'] / a['seconds'],
    'mb': lambda cell, a: a['ops'] / a['seconds'] * cell.size / 1e6,
    'ns': lambda cell, a: a['seconds'] / max(a['ops'], 1) * 1e9,
    'cpu-us': lambda cell, a: a['cpu_seconds'] / max(a['ops'], 1) * 1e6,
    'cpu-gb': lambda cell, a: (a['cpu_seconds'] / max(a['ops'], 1)
                               / cell.size * 1e9) if cell.size else None,
    'p50': lambda cell, a: a.get('latency', {}).get('p50'),
    'p99': lambda cell, a: a.get('latency', {}).get('p99'),
    'ping-p99': lambda cell, a: a.get('ping', {}).get('p99'),
}


class Result:
    """The answers to one cell, a list per side with one entry per round."""

    def __init__(self, cell):
        self.cell = cell
        self.answers = {'stock': [], 'ours': [], 'bare': []}
        self.skipped = None

    def measures(self, side, what):
        return [MEASURES[what](self.cell, a) for a in self.answers[side]]

    def get(self, side, what):
        values = [v for v in self.measures(side, what) if v is not None]
        return median(values) if values else None

    def ratio(self, what):
        """Median, least and greatest of ours/stock, round by round."""
        pairs = [(o, s) for o, s in zip(self.measures('ours', what),
                                        self.measures('stock', what))
                 if o and s]
        ratios = sorted(o / s for o, s in pairs)
        return (median(ratios), ratios[0], ratios[-1]) if ratios else None

    def bare_ns(self):
        """The fastest way without a device."""
        answers = self.answers['bare']
        both = [median(a[k] for a in answers) for k in ('single_ns', 'multi_ns')
                if answers]
        return min((ns for ns in both if ns), default=None)


def judge(result, results, what, limit):
    """One bar: (value or None, whether it is reached)."""
    ours = result.get
    if what == 'speedup':
        value = (result.ratio('ops') or [None])[0]
        return value, value is not None and value >= limit
    if what == 'latency':
        value = (result.ratio('p50') or [None])[0]
    elif what == 'added-us':
        bare, ns = result.bare_ns(), ours('ours', 'ns')
        value = (ns - bare) / 1000 if bare and ns else None
    elif what == 'of-bare':
        bare, ns = result.bare_ns(), ours('ours', 'ns')
        value = bare / ns if bare and ns else None
        return value, value is not None and value >= limit
    elif what == 'per-second':
        value = ours('ours', 'ops')
        return value, value is not None and value >= limit
    elif what == 'monitor-ms':
        us = ours('ours', 'ping-p99')
        value = us / 1000 if us is not None else None
    else:
        kind, other = what.split()
        assert kind == 'cpu-of'
        base = results.get(other)
        mine, theirs = ours('ours', 'cpu-gb'), base and base.get('ours', 'cpu-gb')
        value = mine / theirs if mine and theirs else None
    return value, value is not None and value <= limit


def fixed(value, digits=1):
    return '-' if value is None else f'{value:,.{digits}f}'


def short(value):
    """Three digits and a prefix."""
    if value is None:
        return '-'
    for prefix in ('', 'k', 'M'):
        if value < 999.5 or prefix == 'M':
            return f'{value:.3g}{prefix}'
        value /= 1000


def spread(ratio):
    return '-' if ratio is None else \
        f'{ratio[0]:.2f} ({ratio[1]:.2f}..{ratio[2]:.2f})'


def table(head, rows):
    rows = [head, *rows]
    widths = [max(len(r[i]) for r in rows) for i in range(len(head))]
    return '\n'.join('  '.join(
        c.ljust(w) if i == 0 else c.rjust(w)
        for i, (c, w) in enumerate(zip(r, widths))).rstrip() for r in rows)


def throughput_row(r):
    bare, ns = r.bare_ns(), r.get('ours', 'ns')
    return [r.cell.name,
            short(r.get('stock', 'ops')), short(r.get('ours', 'ops')),
            spread(r.ratio('ops')), spread(r.ratio('cpu-us')),
            short(r.get('ours', 'mb')) if r.cell.size else '-',
            fixed(r.get('stock', 'cpu-gb'), 2), fixed(r.get('ours', 'cpu-gb'), 2),
            short(bare), short(ns - bare) if bare and ns else '-',
            fixed(bare / ns, 2) if bare and ns else '-']


def latency_row(r):
    return [r.cell.name] + [short(r.get(side, what))
                            for what in ('p50', 'p99')
                            for side in ('stock', 'ours')] \
        + [spread(r.ratio('p50'))]


def tables(results):
    done = [r for r in results if r.answers['ours'] or r.answers['stock']]
    yield table(['cell', 'stock op/s', 'ours op/s', 'ours/stock (min..max)',
                 'CPU per op, ours/stock', 'ours MB/s', 'stock CPU s/GB',
                 'ours CPU s/GB', 'bare ns', 'added ns', 'of bare'],
                [throughput_row(r) for r in done])
    waits = [r for r in done if r.cell.words.get('depth', 99) <= 32
             and r.cell.verb == 'load']
    if waits:
        yield table(['latency, us', 'stock p50', 'ours p50', 'stock p99',
                     'ours p99', 'p50, ours/stock'],
                    [latency_row(r) for r in waits])
    pinged = [r for r in done if r.get('ours', 'ping-p99') is not None]
    if pinged:
        yield table(['monitor under load, us', 'stock p99', 'ours p99'],
                    [[r.cell.name, short(r.get('stock', 'ping-p99')),
                      short(r.get('ours', 'ping-p99'))] for r in pinged])


def bars_table(results):
    by_name = {r.cell.name: r for r in results}
    rows = []
    for r in results:
        for what, limit in r.cell.bars:
            value, reached = judge(r, by_name, what, limit)
            rows.append([r.cell.name, what, f'{limit:g}', short(value),
                         'skipped' if value is None else
                         'PASS' if reached else 'MISS'])
    return table(['cell', 'bar', 'wanted', 'is', ''], rows)
