"""python_random.py - writes tests/vectors/python_random.txt from CPython's random: python python_random.py PYTHON... > FILE

Each PYTHON is an interpreter of another version; equal lines of several versions become one.

SPDX-License-Identifier: MIT
"""

import platform
import struct
import subprocess
import sys

SEEDS = [0, 1, 42, 2**32 - 1, 2**32, 2**64 - 1]
# method: the kinds of its parameters (f: float, i: int) and sets of them
METHODS = {
    "random": ("", [()]),
    "uniform": ("ff", [(0.0, 1.0), (-5.5, 17.25), (3.0, 3.0), (1e300, -1e300)]),
    "triangular": ("fff", [(0.0, 1.0, 0.5), (-2.0, 7.0, -2.0), (1.0, 2.0, 2.0), (3.0, 3.0, 3.0)]),
    "normalvariate": ("ff", [(0.0, 1.0), (-3.5, 0.25), (1e10, 1e-10)]),
    "gauss": ("ff", [(0.0, 1.0), (-3.5, 0.25), (5.0, 0.0)]),
    "lognormvariate": ("ff", [(0.0, 1.0), (-1.0, 3.0)]),
    "expovariate": ("f", [(1.0,), (0.001,), (-7.0,)]),
    "vonmisesvariate": ("ff", [(0.0, 0.0), (1.0, 1e-7), (0.5, 4.0), (-9.0, 0.01), (3.0, 1e6)]),
    "gammavariate": ("ff", [(1.0, 1.0), (0.01, 2.0), (0.9, 1.0), (1.1, 3.0), (200.0, 0.5)]),
    "betavariate": ("ff", [(1.0, 1.0), (0.5, 0.5), (5.0, 0.1), (20.0, 30.0)]),
    "paretovariate": ("f", [(1.0,), (3.0,), (0.3,), (-2.0,)]),
    "weibullvariate": ("ff", [(1.0, 1.0), (2.0, 0.3), (1.0, 7.0)]),
    "binomialvariate": (
        "if",
        [
            (1, 0.3),
            (10, 0.5),
            (100, 0.01),
            (100, 0.75),
            (100000, 0.3),
            (10**15, 1e-12),
            (10**15, 0.4),
            (7, 0.0),
            (7, 1.0),
            (0, 0.5),
        ],
    ),
    "randrange": (
        "iii",
        [(0, 1, 1), (0, 10, 1), (-5, 6, 1), (0, 100, 7), (10, -10, -3), (-(2**62), 2**62, 1), (0, 2**32, 1)],
    ),
    "randint": ("ii", [(0, 10), (1, 6), (-(2**63), 2**63 - 1), (5, 5)]),
    "getrandbits": ("i", [(0,), (1,), (31,), (32,), (33,), (64,)]),
    "choice": ("i", [(1,), (2,), (10,), (1000,)]),
    "choices": ("i", [(1,), (3,), (1000,)]),
    "shuffle": ("i", [(2,), (10,), (40,)]),
    "sample": ("ii", [(10, 3), (10, 10), (21, 5), (22, 5), (300, 8), (100000, 20)]),
    "randbytes": ("i", [(1,), (7,), (16,)]),
}
TEXTS = ["", "a", "seed", "é", "λx", "\U00010000", "\0\0", "a longer text, of more than one block of the hash: " * 6]
INTS = [0, 1, -1, 2**31, 2**32, -(2**64), 2**64 + 1, 3**500]
FLOATS = [0.0, 1.0, -1.5, 1e-300, 1e300, float("inf"), float("-inf"), 3.141592653589793]


def bits(x):
    return "0x" + struct.pack(">d", x).hex() if isinstance(x, float) else str(x)


def drawn(method, r, parameters):
    """Some results of the method: floats, or ints."""
    if method in ("choice", "choices"):
        (n,) = parameters
        return [r.choice(range(n)) for _ in range(6)] if method == "choice" else r.choices(range(n), k=6)
    if method == "shuffle":
        items = list(range(*parameters))
        r.shuffle(items)
        return items
    if method == "sample":
        return r.sample(range(parameters[0]), parameters[1])
    if method == "randbytes":
        return list(r.randbytes(*parameters))
    return [getattr(r, method)(*parameters) for _ in range(6)]


def lines():
    import random

    for method, (_, sets) in METHODS.items():
        if not hasattr(random.Random, method):
            continue
        for k, parameters in enumerate(sets):
            for seed in (SEEDS[k % 6], SEEDS[(k + 3) % 6]):
                r = random.Random(seed)
                values = drawn(method, r, parameters)
                after = "%08x" % r.getrandbits(32)
                yield " ".join(
                    (
                        "draw",
                        method,
                        str(seed),
                        ",".join(map(bits, parameters)) or "-",
                        ",".join(map(bits, values)),
                        after,
                    )
                )
    for kind, version, seeds in (
        [("str", v, TEXTS) for v in (1, 2)]
        + [("bytes", v, TEXTS) for v in (1, 2)]
        + [("int", 2, INTS), ("float", 2, FLOATS)]
    ):
        for seed in seeds:
            r = random.Random()
            r.seed(seed.encode() if kind == "bytes" else seed, version)
            text = (
                seed.encode().hex()
                if isinstance(seed, str)
                else bits(seed)
                if kind == "float"
                else "%s%x" % ("-" if seed < 0 else "", abs(seed))
            )
            yield " ".join(
                ("seed", kind, str(version), text or "-", ",".join("%08x" % r.getrandbits(32) for _ in range(5)))
            )


def main():
    versions, found = [], {}
    for path in sys.argv[1:]:
        out = subprocess.run(
            [path, __file__, "--lines"], capture_output=True, text=True, check=True
        ).stdout.splitlines()
        versions.append(out[0])
        for line in out[1:]:
            found.setdefault(line, []).append(out[0])
    print(
        "# CPython's random: results after seed(SEED), as bits, and the next 32-bit word; the first words after other seeds."
    )
    print(
        "# Made by tests/gen/python_random.py with CPython %s on %s %s, %s."
        % (", ".join(versions), platform.system(), platform.machine(), " ".join(platform.libc_ver()))
    )
    print(
        "# Columns: versions, draw, method, seed, parameters, results, word; or versions, seed, type, version, seed, words."
    )
    for line in sorted(found, key=lambda line: (line.split()[:2], found[line])):
        print(",".join("%d%02d" % tuple(map(int, version.split(".")[:2])) for version in found[line]), line)


if __name__ == "__main__":
    if sys.argv[1:] == ["--lines"]:
        print(platform.python_version())
        for line in lines():
            print(line)
    else:
        main()
