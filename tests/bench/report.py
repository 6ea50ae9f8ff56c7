# SPDX-License-Identifier: GPL-2.0-or-later
"""Results of the benchmark: numbers from raw answers, tables."""
from statistics import median

MEASURES = {                    # of one answer of the client
    'ops': lambda cell, a: a['ops'] / a['seconds'],
    'mb': lambda cell, a: a['ops'] / a['seconds'] * cell.size / 1e6,
    'cpu-ns': lambda cell, a: a['cpu_seconds'] / max(a['ops'], 1) * 1e9,
    'cpu-gb': lambda cell, a: (a['cpu_seconds'] / max(a['ops'], 1)
                               / cell.size * 1e9) if cell.size else None,
    'busy': lambda cell, a: a['cpu_seconds'] / a['seconds'],
    'p50': lambda cell, a: a.get('latency', {}).get('p50'),
    'p99': lambda cell, a: a.get('latency', {}).get('p99'),
    'ping-p99': lambda cell, a: a.get('ping', {}).get('p99'),
    'ping-max': lambda cell, a: a.get('ping', {}).get('max'),
}


class Result:
    """The answers to one cell, a list per side with one entry per round."""

    def __init__(self, cell):
        self.cell = cell
        self.answers = {'stock': [], 'ours': [], 'bare': []}
        self.skipped = None             # why
        self.refused = None             # by the device: then why

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

    def speed(self, what):
        """The median of ratio()."""
        return (self.ratio(what) or [None])[0]

    def bare_ns(self):
        """The fastest way without a device."""
        answers = self.answers['bare']
        both = [median(a[k] for a in answers) for k in ('single_ns', 'multi_ns')
                if answers]
        return min((ns for ns in both if ns), default=None)


def fixed(value, digits=1):
    return '-' if value is None else f'{value:,.{digits}f}'


def short(value):
    """Three digits and a prefix."""
    if value is None:
        return '-'
    for prefix in ('', 'k', 'M'):
        if abs(value) < 999.5 or prefix == 'M':
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
    bare, ns = r.bare_ns(), r.get('ours', 'cpu-ns')
    return [r.cell.name,
            short(r.get('stock', 'ops')), short(r.get('ours', 'ops')),
            spread(r.ratio('ops')), short(ns - bare) if bare and ns else '-',
            spread(r.ratio('cpu-ns')),
            short(r.get('ours', 'mb')) if r.cell.size else '-',
            fixed(r.get('stock', 'busy'), 2), fixed(r.get('ours', 'busy'), 2),
            fixed(r.get('stock', 'cpu-gb'), 2), fixed(r.get('ours', 'cpu-gb'), 2),
            short(bare), fixed(bare / ns, 2) if bare and ns else '-']


def latency_row(r):
    return [r.cell.name] + [short(r.get(side, what))
                            for what in ('p50', 'p99')
                            for side in ('stock', 'ours')] \
        + [spread(r.ratio('p50'))]


def starved(results):
    """Cells that should have kept QEMU busy, but did not."""
    return [r.cell.name for r in results
            if r.cell.verb == 'load' and r.cell.words['depth'] > 32
            and min(r.get(side, 'busy') or 1 for side in ('stock', 'ours')) < 0.8]


def tables(results):
    done = [r for r in results if r.answers['ours'] or r.answers['stock']]
    yield table(['cell', 'stock op/s', 'ours op/s', 'ours/stock (min..max)',
                 'added ns', 'CPU per op, ours/stock', 'ours MB/s', 'CPUs, stock', 'ours',
                 'CPU s/GB, stock', 'ours', 'bare ns', 'of bare'],
                [throughput_row(r) for r in done])
    waits = [r for r in done if r.cell.words['depth'] <= 32
             and r.cell.verb == 'load']
    if waits:
        yield table(['latency, us', 'stock p50', 'ours p50', 'stock p99',
                     'ours p99', 'p50, ours/stock'],
                    [latency_row(r) for r in waits])
    pinged = [r for r in done if r.get('ours', 'ping-p99') is not None]
    if pinged:
        yield table(['monitor under load, us', 'stock p99', 'ours p99',
                     'stock max', 'ours max'],
                    [[r.cell.name] + [short(r.get(side, what))
                                      for what in ('ping-p99', 'ping-max')
                                      for side in ('stock', 'ours')]
                     for r in pinged])
