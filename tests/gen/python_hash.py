"""python_hash.py - writes tests/vectors/python_hash.txt from CPython's hash() and sets: python python_hash.py PYTHON... > FILE

Each PYTHON is an interpreter of another version; equal lines of several versions become one.

SPDX-License-Identifier: MIT
"""

import os
import platform
import random
import struct
import subprocess
import sys
import tempfile

HASH_SEEDS = (0, 42, 2**32 - 1)
TEXTS = [
    "",
    "a",
    "ab",
    "\0",
    "seven..",
    "eight...",
    "nine.....",
    "é",
    "ÿa",
    "λ",
    "aλ",
    "\U00010000",
    "aé\U0001f600",
    "\udfff",
    "x" * 70,
    "λ" * 33,
]
INTS = [0, 1, -1, -2, 2**61 - 1, 2**61, -(2**61), 2**63, 3**200, -(5**90)]
FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, 3.141592653589793, -1e300, 5e-324, float("inf"), float("-inf"), 2.0**61 - 1, 1e-10]
LISTS = [[], [0], [1, 2, 3], [-1, -2], [2**60, 5, 2**60], list(range(30))]


def lists_of_texts():
    r = random.Random(2)
    for size in (0, 1, 2, 3, 4, 5, 6, 12, 19, 20, 60, 90):
        yield ["".join(r.choice("abcdef_") for _ in range(r.randrange(5, 9))) for _ in range(size)]
        yield [r.choice("abλ") + str(k % 40) for k in range(size)]


def hexadecimal(text):
    return text.encode("utf-8", "surrogatepass").hex() or "-"


def lines():
    seed = os.environ["PYTHONHASHSEED"]
    if seed == "0":
        for n in INTS:
            yield "int - %s%x %d" % ("-" if n < 0 else "", abs(n), hash(n))
        for x in FLOATS:
            yield "float - %s %d" % (struct.pack(">d", x).hex(), hash(x))
        for items in LISTS:
            text = ",".join(map(str, items)) or "-"
            yield "tuple - %s %d" % (text, hash(tuple(items)))
            yield "frozenset - %s %d" % (",".join(map(str, sorted(set(items)))) or "-", hash(frozenset(items)))
    for text in TEXTS:
        yield "str %s %s %d" % (seed, hexadecimal(text), hash(text))
    for texts in lists_of_texts():
        order = ",".join(str(texts.index(text)) for text in set(texts)) or "-"
        yield "added %s %s %s" % (seed, ",".join(map(hexadecimal, texts)) or "-", order)
    with tempfile.TemporaryDirectory() as folder:
        sys.path.insert(0, folder)
        yield from literals(seed, folder)


def literals(seed, folder):
    """Names that nobody has met, and with a known one; compiled here, and by a process before."""
    r = random.Random(3)
    for k, size in enumerate((2, 3, 4, 5, 12, 30, 100)):
        for kind in ("literal", "literal-known", "compiled", "compiled-known"):
            name = "module_%d_%s" % (k, kind.replace("-", "_"))
            texts = ["q%s_%x" % (name, r.getrandbits(r.choice((9, 30)))) for _ in range(size)]
            texts += ["self", "name"] if kind.endswith("known") else []
            with open(os.path.join(folder, name + ".py"), "w") as file:
                file.write("made = {%s}\n" % ", ".join(map(repr, texts)))
            sys.dont_write_bytecode = True
            if kind.startswith("compiled"):
                environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
                subprocess.run(
                    [
                        sys.executable,
                        "-c",
                        "import sys; sys.path.insert(0, sys.argv[1]); __import__(sys.argv[2])",
                        folder,
                        name,
                    ],
                    check=True,
                    env=environment,
                )
            made = __import__(name).made
            yield "%s %s %s %s" % (
                kind,
                seed,
                ",".join(map(hexadecimal, texts)),
                ",".join(str(texts.index(text)) for text in made),
            )


def main():
    versions, found = [], {}
    for path in sys.argv[1:]:
        for seed in HASH_SEEDS:
            out = subprocess.run(
                [path, __file__, "--lines"],
                capture_output=True,
                text=True,
                check=True,
                env={**os.environ, "PYTHONHASHSEED": str(seed)},
            ).stdout.splitlines()
            for line in sorted(set(out[1:])):
                found.setdefault(line, []).append(out[0])
        versions.append(out[0])
    print("# CPython's hash() and the order of sets under PYTHONHASHSEED; 64-bit builds.")
    print(
        "# Made by tests/gen/python_hash.py with CPython %s on %s %s."
        % (", ".join(versions), platform.system(), platform.machine())
    )
    print("# Columns: versions, what, PYTHONHASHSEED, value or texts as the bytes of UTF-8, hash or order.")
    for line in sorted(found, key=lambda line: (line.split()[:2], found[line])):
        print(",".join("%d%02d" % tuple(map(int, version.split(".")[:2])) for version in found[line]), line)


if __name__ == "__main__":
    if sys.argv[1:] == ["--lines"]:
        sys.path[0:1] = []
        print(platform.python_version())
        for line in lines():
            print(line)
    else:
        main()
