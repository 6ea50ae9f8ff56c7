# SPDX-License-Identifier: GPL-2.0-or-later
"""The goals of the benchmark, and whether they are reached."""
import operator

from report import short, starved, table


def added_us(result, _):
    bare, ns = result.bare_ns(), result.get('ours', 'cpu-ns')
    return (ns - bare) / 1000 if bare and ns else None


def of_bare(result, _):
    bare, ns = result.bare_ns(), result.get('ours', 'cpu-ns')
    return bare / ns if bare and ns else None


def monitor_ms(result, _):
    us = result.get('ours', 'ping-p99')
    return us and us / 1000


def against(what):
    """Of this cell, as a multiple of that of another one."""
    def value(result, other):
        mine = result.get('ours', what)
        theirs = other and other.get('ours', what)
        return mine / theirs if mine and theirs else None
    return value


def by_cpu(result):
    """A speedup, if CPU time were all that there is."""
    ratio = result.speed('cpu-ns')
    return 1 / ratio if ratio else None


BARS = {                        # name: (value, whether it reaches the limit)
    'speedup': (lambda r, _: r.speed('ops'), operator.ge),
    'latency': (lambda r, _: r.speed('p50'), operator.le),
    'p50-us': (lambda r, _: r.get('ours', 'p50'), operator.le),
    'added-us': (added_us, operator.le),
    'of-bare': (of_bare, operator.ge),
    'per-second': (lambda r, _: r.get('ours', 'ops'), operator.ge),
    'monitor-ms': (monitor_ms, operator.le),
    'cpu-of': (against('cpu-gb'), operator.le),
}


def judge(result, results, what, limit, other=None):
    """A row of the table."""
    value_of, reaches = BARS[what]
    value = value_of(result, results.get(other))
    verdict = 'not measured' if value is None else \
        '' if limit is None else 'PASS' if reaches(value, limit) else 'MISS'
    if starved([result]) and verdict in ('PASS', 'MISS'):
        verdict += '?'
    return [result.cell.name, f'{what} {other or ""}'.strip(), short(limit),
            short(value), short(by_cpu(result) if what == 'speedup' else None),
            verdict]


def bars_table(results):
    by_name = {r.cell.name: r for r in results}
    return table(['cell', 'bar', 'goal', 'is', 'by CPU time', ''],
                 [judge(r, by_name, *bar) for r in results
                  for bar in r.cell.bars])
