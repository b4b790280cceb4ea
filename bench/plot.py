# plot.py - an SVG of a table of draws: how many times as fast each is, on a logarithmic axis.
# SPDX-License-Identifier: MIT
import math
from xml.sax.saxutils import escape

WIDTH, LEFT, ROW, TOP = 760, 270, 18, 40


def rows_of(table, n_values):
    """(name, ratio) of a table's lines of so many values."""
    cells = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in table.splitlines() if line.startswith("| ")]
    heading = cells[0] if cells else ()
    if not heading:
        return []
    name, values, ratio = (heading.index(word) for word in ("drawn", "values", "times as fast"))
    return [(row[name], float(row[ratio])) for row in cells[1:] if row[values] == str(n_values)]


def bars(rows, title):
    """Bars from 1, to the right what is faster than the framework, to the left what is slower."""
    rows = sorted(rows, key=lambda row: -row[1])
    least = min(0.5, *(ratio for _, ratio in rows))
    greatest = max(2.0, *(ratio for _, ratio in rows)) * 1.15

    def x(ratio):
        return LEFT + (WIDTH - LEFT - 50) * math.log(ratio / least) / math.log(greatest / least)

    height = TOP + ROW * len(rows) + 24
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        f'<text x="8" y="18" font-size="14">{escape(title)}</text>',
    ]
    for tick in (0.25, 0.5, 1, 2, 5, 10, 20, 50, 100):
        if least <= tick <= greatest:
            shade = "#888" if tick == 1 else "#ddd"
            lines.append(f'<path d="M{x(tick):.1f} {TOP - 8}V{height - 20}" stroke="{shade}"/>')
            lines.append(f'<text x="{x(tick):.1f}" y="{height - 6}" text-anchor="middle">{tick:g}x</text>')
    for k, (name, ratio) in enumerate(rows):
        y = TOP + ROW * k
        begin, end = sorted((x(1), x(ratio)))
        colour = "#2f6f4f" if ratio >= 1 else "#b05030"
        lines.append(f'<text x="{LEFT - 8}" y="{y + 11}" text-anchor="end">{escape(name)}</text>')
        lines.append(f'<rect x="{begin:.1f}" y="{y}" width="{max(1.0, end - begin):.1f}" height="{ROW - 5}" fill="{colour}"/>')
        lines.append(f'<text x="{x(max(ratio, 1)) + 5:.1f}" y="{y + 11}">{ratio:.3g}</text>')
    return "\n".join([*lines, "</svg>", ""])
