# SPDX-License-Identifier: GPL-2.0-or-later
"""A picture of the benchmark: how much faster, by size."""
import math
from html import escape

COLOURS = ('#1b6ca8', '#c8553d', '#2e8b57', '#8e5ea2', '#b8860b', '#555555')
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 760, 440, 60, 60, 150, 50


def series(results):
    """Curves of (size, median, least, greatest) for names NAME/SIZE.

    Under full load: with few requests in flight it is latency that counts.
    """
    curves = {}
    for r in results:
        name, _, size = r.cell.name.rpartition('/')
        ratio = r.ratio('ops')
        if ratio and size.isdigit() and r.cell.words['depth'] > 32:
            curves.setdefault(name, []).append((int(size), *ratio))
    return {n: sorted(points) for n, points in curves.items() if len(points) > 1}


def svg(results, title, below):
    curves = series(results)
    every = [p for points in curves.values() for p in points]
    if not every:
        return None
    sizes = sorted({p[0] for p in every})
    top = 2 ** math.ceil(math.log2(max(2, *(p[3] for p in every))))
    low = 2 ** math.floor(math.log2(min(0.5, *(p[2] for p in every))))

    def x(size):
        span = math.log2(sizes[-1] / sizes[0]) or 1
        return LEFT + math.log2(size / sizes[0]) / span * (WIDTH - LEFT - RIGHT)

    def y(ratio):
        part = math.log2(ratio / low) / math.log2(top / low)
        return HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM)

    def text(px, py, what, anchor='middle', colour='#222'):
        return (f'<text x="{px:.1f}" y="{py:.1f}" text-anchor="{anchor}" '
                f'fill="{colour}">{escape(what)}</text>')

    def line(points, colour, width=1.0):
        path = ' '.join(f'{px:.1f},{py:.1f}' for px, py in points)
        return (f'<polyline points="{path}" fill="none" stroke="{colour}" '
                f'stroke-width="{width}"/>')

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" '
           f'height="{HEIGHT}" font-family="sans-serif" font-size="12">',
           '<rect width="100%" height="100%" fill="white"/>',
           text(LEFT, 22, title, 'start'),
           text(LEFT, 40, below, 'start', '#777')]
    right = WIDTH - RIGHT
    for power in range(int(math.log2(low)), int(math.log2(top)) + 1):
        ratio = 2.0 ** power
        out.append(line([(LEFT, y(ratio)), (right, y(ratio))],
                        '#222' if power == 0 else '#ddd'))
        out.append(text(LEFT - 8, y(ratio) + 4, f'{ratio:g}x', 'end'))
    for size in sizes:
        out.append(text(x(size), HEIGHT - BOTTOM + 18,
                        str(size) if size < 1024 else f'{size // 1024}K'))
    out.append(text((LEFT + right) / 2, HEIGHT - 10, 'bytes per request'))
    for i, (name, points) in enumerate(curves.items()):
        colour = COLOURS[i % len(COLOURS)]
        out.append(line([(x(p[0]), y(p[1])) for p in points], colour, 2))
        for size, mid, least, most in points:
            out.append(line([(x(size), y(least)), (x(size), y(most))], colour))
            out.append(f'<circle cx="{x(size):.1f}" cy="{y(mid):.1f}" r="3" '
                       f'fill="{colour}"/>')
        out.append(text(right + 12, TOP + 18 * i + 10, name, 'start', colour))
    return '\n'.join([*out, '</svg>', ''])
