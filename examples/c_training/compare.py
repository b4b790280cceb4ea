"""Compares two loss curves, step by step, and draws them.

python compare.py losses_c.csv losses_torch.csv [curves.svg]

Prints a table of the epochs as docs/c_training.md shows it. Ends with 1 when a step differs by more than 1e-4 of itself.
"""

import pathlib
import sys

STEPS_PER_EPOCH = 29
WIDTH, HEIGHT, LEFT, BOTTOM = 720, 320, 48, 32


def read(path):
    return [float(line) for line in pathlib.Path(path).read_text().split()]


def apart(ours, theirs):
    return max(abs(a - b) / b for a, b in zip(ours, theirs))


def table(ours, theirs):
    lines = [
        "| epoch | C, first step | C, last step | PyTorch, first step | PyTorch, last step | largest difference |",
        "|---|---|---|---|---|---|",
    ]
    for begin in range(0, len(ours), STEPS_PER_EPOCH):
        a, b = ours[begin : begin + STEPS_PER_EPOCH], theirs[begin : begin + STEPS_PER_EPOCH]
        cells = [
            "%d" % (begin // STEPS_PER_EPOCH + 1),
            *("%.6f" % x for x in (a[0], a[-1], b[0], b[-1])),
            "%.1e" % apart(a, b),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def curves(ours, theirs):
    """PyTorch's curve as a broad line, the C program's as a narrow one on top of it."""
    top = max(ours + theirs)

    def place(step, loss):
        return LEFT + (WIDTH - LEFT - 8) * step / (len(ours) - 1), HEIGHT - BOTTOM - (HEIGHT - BOTTOM - 8) * loss / top

    def line(losses, width, color):
        points = " ".join("%.1f,%.1f" % place(*point) for point in enumerate(losses))
        return f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="{width}"/>'

    def text(x, y, words, anchor="middle"):
        return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{words}</text>'

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"'
        ' font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    for k in range(5):
        y = place(0, top * k / 4)[1]
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - 8}" stroke="#ddd"/>')
        parts.append(text(LEFT - 6, y + 4, "%.1f" % (top * k / 4), "end"))
    for epoch in range(len(ours) // STEPS_PER_EPOCH):
        parts.append(text(place(epoch * STEPS_PER_EPOCH, 0)[0], HEIGHT - 12, f"epoch {epoch + 1}", "start"))
    parts += [line(theirs, 6, "#f0b090"), line(ours, 1.2, "#203080")]
    parts += [
        f'<path d="M{WIDTH - 190} 24h30" stroke="#f0b090" stroke-width="6"/>',
        text(WIDTH - 152, 28, "train.py, PyTorch", "start"),
        f'<path d="M{WIDTH - 190} 44h30" stroke="#203080" stroke-width="1.2"/>',
        text(WIDTH - 152, 48, "train.c, liboneseed", "start"),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def main(ours, theirs, svg=None):
    ours, theirs = read(ours), read(theirs)
    print(table(ours, theirs))
    if svg:
        pathlib.Path(svg).write_text(curves(ours, theirs))
    largest = apart(ours, theirs)
    print(f"\n{len(ours)} steps, the losses differ by {largest:.1e} of themselves at most")
    return 0 if len(ours) == len(theirs) and largest < 1e-4 else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
