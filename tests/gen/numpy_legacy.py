"""numpy_legacy.py - writes tests/vectors/numpy_legacy_VERSION.txt: python tests/gen/numpy_legacy.py [OPERATION…] > FILE

Only the named operations, else all.

SPDX-License-Identifier: MIT
"""

import itertools
import platform
import struct
import sys

import numpy as np

INF = float("inf")
NAN = float("nan")

# Parameters for each branch of each method.
METHODS = {
    "random_sample": [()],
    "standard_normal": [()],
    "standard_exponential": [()],
    "standard_cauchy": [()],
    "standard_gamma": [(0.0,), (5e-324,), (0.01,), (0.5,), (0.999,), (1.0,), (1.5,), (17.25,), (1e9,), (INF,)],
    "standard_t": [(0.25,), (1.0,), (2.0,), (3.5,), (1e6,), (INF,)],
    "chisquare": [(0.1,), (1.0,), (2.0,), (5.0,), (1e5,)],
    "exponential": [(0.0,), (1.0,), (3.7,), (NAN,)],
    "pareto": [(0.1,), (1.0,), (7.5,), (1e6,), (1e-3,)],
    "weibull": [(0.0,), (0.3,), (1.0,), (8.0,), (1e-3,)],
    "power": [(0.2,), (1.0,), (1e-3,), (40.0,)],
    "rayleigh": [(0.0,), (1.0,), (0.3,), (1e300,)],
    "uniform": [(0.0, 1.0), (-3.0, 5.5), (2.0, 2.0), (5.0, -1.0), (-1e308, 7e307), (0.0, 5e-324)],
    "normal": [(0.0, 1.0), (-7.5, 0.001), (1e10, 1e3), (0.0, 0.0), (NAN, 1.0), (INF, NAN)],
    "lognormal": [(0.0, 1.0), (3.0, 0.25), (-1.0, 100.0)],
    "laplace": [(0.0, 1.0), (2.5, 0.7), (1.0, 0.0)],
    "gumbel": [(0.0, 1.0), (-2.0, 3.0)],
    "logistic": [(0.0, 1.0), (10.0, 0.1)],
    "gamma": [(0.0, 2.0), (0.3, 2.0), (1.0, 0.5), (4.5, 10.0), (2.0, 0.0), (2.0, INF)],
    "beta": [(1.0, 1.0), (0.5, 0.5), (1e-3, 2e-3), (1e-300, 1e-310), (2.0, 5.0), (0.5, 3.0), (100.0, 0.1), (INF, 2.0)],
    "f": [(1.0, 1.0), (2.0, 7.0), (0.5, 30.0), (1e4, 2.0)],
    "noncentral_chisquare": [
        (3.0, 0.0), (3.0, 2.0), (0.5, 2.0), (1.0, 30.0), (1.0001, 1e4), (0.7, NAN), (3.0, NAN), (0.5, INF),
    ],
    "noncentral_f": [(3.0, 20.0, 0.0), (3.0, 20.0, 3.0), (0.5, 2.0, 10.0), (1e3, 0.25, 1e3)],
    "wald": [(1.0, 1.0), (0.1, 20.0), (30.0, 0.5), (1e8, 1e-3)],
    "vonmises": [
        (0.0, 0.0), (1.0, 1e-9), (0.5, 1e-8), (0.5, 5e-6), (-3.0, 1e-5), (3.0, 4.0), (100.0, 2.0), (0.0, 1e5), (1.0, 1e8), (0.0, NAN),
    ],
    "triangular": [(0.0, 1.0, 2.0), (-3.0, -3.0, 5.0), (-1.0, 4.0, 4.0), (0.0, 1e-9, 1e9)],
    "binomial": [
        (0, 0.5), (7, 0.0), (7, 1.0), (10, 0.3), (10, 0.9), (60, 0.5), (61, 0.5), (100, 0.4), (100, 0.75), (1000, 0.03), (1000, 0.031),
        (10**6, 0.2), (10**9, 0.999), (2**40, 0.5), (2**62, 0.3), (10**15, 1e-15), (5000, 0.5),
    ],
    "negative_binomial": [
        (1.0, 0.5), (0.4, 0.1), (20.0, 0.9), (1000.5, 1e-3), (3.0, 1.0), (3.0, 0.0), (INF, 0.5), (1e18, 0.01),
    ],
    "poisson": [(0.0,), (0.01,), (1.0,), (9.999,), (10.0,), (33.3,), (1e3,), (1e9,), (1e15,), (9.2e18,)],
    "zipf": [(1.05,), (1.5,), (2.0,), (4.0,), (30.0,), (1024.0,)],
    "geometric": [(1.0,), (0.5,), (0.3333333333333333,), (0.33333333333333337,), (0.3,), (0.01,), (1e-9,), (1e-17,), (5e-324,)],
    "logseries": [(0.0,), (1e-17,), (0.3,), (0.9,), (0.999999,), (0.9999999999999999,)],
    "hypergeometric": [
        (5, 5, 1), (3, 7, 10), (7, 3, 10), (0, 5, 3), (5, 0, 3), (0, 30, 20), (15, 15, 15), (10, 100, 11), (100, 10, 90),
        (1000, 500, 1400), (10**6, 10**7, 10**5), (10**9, 10**9, 2 * 10**9), (2**40, 2**41, 2**30), (20, 3, 11),
    ],
}
DTYPES = {
    "bool": [(0, 1), (0, 0), (1, 1)],
    "int8": [(-128, 127), (-5, 5), (0, 100), (3, 3)],
    "uint8": [(0, 255), (250, 255), (0, 128)],
    "int16": [(-32768, 32767), (-1000, 1000), (0, 256)],
    "uint16": [(0, 65535), (1, 40000)],
    "int32": [(-(2**31), 2**31 - 1), (-7, 1000000), (0, 1)],
    "uint32": [(0, 2**32 - 1), (17, 2**31 + 17)],
    "int64": [(-(2**63), 2**63 - 1), (-5, 2**32 - 6), (0, 2**32), (-(2**62), 2**61), (0, 5)],
    "uint64": [(0, 2**64 - 1), (2**63, 2**64 - 2), (0, 2**32 - 1), (3, 3)],
}
PVALS = [
    [1.0], [0.0, 1.0], [0.2, 0.3, 0.5], [0.25] * 4, [0.0, 0.0, 0.5, 0.0, 0.5], [1 / 6] * 6, [0.9, 0.05, 0.05], [1.0, 0.0, 0.0],
    [0.5, 0.5, 5e-13],
]
ALPHAS = [[1.0], [0.5, 0.5], [3.0, 1.0, 0.2, 17.0], [1e-3, 1e-3, 1e-3], [10.0] * 6]
PROBABILITIES = [
    [1.0], [0.5, 0.5], [0.1, 0.0, 0.2, 0.3, 0.4], [0.125] * 8, [0.97, 0.01, 0.01, 0.005, 0.005], [0.333333333] * 3, [0.0, 1e-9, 1 - 1e-9],
]
# s: RandomState(int), a: RandomState(list), others: RandomState(BitGenerator(int)).
SEEDS = ["s0", "s17", "s4294967295", "a5", "a1,2,3,4294967295", "MT19937:9", "PCG64:17", "PCG64DXSM:3", "Philox:12345", "SFC64:99"]
if not hasattr(np.random, "PCG64DXSM"):  # before 1.21
    SEEDS.remove("PCG64DXSM:3")


def start(seed):
    if seed[0] == "s":
        return np.random.RandomState(int(seed[1:]))
    if seed[0] == "a":
        return np.random.RandomState([int(part) for part in seed[1:].split(",")])
    name, number = seed.split(":")
    return np.random.RandomState(getattr(np.random, name)(int(number)))


def bits(value):
    return struct.pack(">d", value).hex()


def text(values):
    return " ".join(bits(value) if isinstance(value, float) else str(int(value)) for value in values)


def after(rs):
    """The next word, the cached normal and the saved half word."""
    state = rs.get_state(legacy=False)
    return f"{rs.tomaxint()} {state['has_gauss']} {bits(state['gauss'])} {state.get('has_uint32', 0)} {state.get('uinteger', 0)}"


seeds = itertools.cycle(SEEDS)


def case(operation, arguments, draw, *args, **kwargs):
    """One line: what is drawn, the seed, the arguments, the values, the state. `draw` is a method's name, or takes the RandomState."""
    if operation not in (sys.argv[1:] or [operation]):
        return
    rs = start(seed := next(seeds))
    with np.errstate(all="ignore"):
        values = draw(rs, *args) if callable(draw) else getattr(rs, draw)(*args, **kwargs)
    print(operation, seed, text(arguments), "=", text(np.asarray(values).ravel().tolist()), "@", after(rs))


def shuffled(rs, items):
    rs.shuffle(items)
    return items


print("# numpy.random.RandomState: operation, seed, arguments = values @ tomaxint() afterwards, has_gauss, gauss, has_uint32, uinteger.")
print(f"# Made by tests/gen/numpy_legacy.py with NumPy {np.__version__}, {platform.machine()}, {' '.join(platform.libc_ver())}.")
print("# Doubles are the bits of their 8 bytes. Bounds of randint are inclusive. Seeds: s: int, a: list, else a bit generator's.")
for name, sets in METHODS.items():
    for k, parameters in enumerate(sets):
        n = 7 + k % 6 if len(sets) > 1 else 40
        for _ in range(2 if len(sets) > 1 else len(SEEDS)):
            case(name, (n, *parameters), name, *parameters, size=n)
for name, ranges in DTYPES.items():
    for first, last in ranges:
        for n in (1, 19):
            case(f"randint_{name}", (n, first, last), "randint", first, last + 1, size=n, dtype=name)
    pairs = ranges * 5
    low = np.array([pair[0] for pair in pairs], dtype=object if name == "uint64" else None)
    high = np.array([pair[1] + 1 for pair in pairs], dtype=object)
    case(f"randints_{name}", (len(pairs), *[bound for pair in pairs for bound in pair]), "randint", low, high, dtype=name)
for n in (0, 1, 4, 7, 40):
    case("bytes", (n,), lambda rs, n: list(rs.bytes(n)), n)
case("tomaxint", (9,), "tomaxint", 9)
for n in (0, 1, 2, 10, 33):
    case("permutation", (n,), "permutation", n)
for n, n_bytes in ((5, 1), (9, 3), (20, 4), (6, 8), (4, 300)):
    items = np.arange(n * n_bytes, dtype=np.int64).astype(np.uint8).reshape(n, n_bytes)
    case("shuffle", (n, n_bytes), shuffled, items)
for population, n in ((1, 3), (10, 12), (1000, 5), (2**33, 4)):
    case("choice", (population, n), "choice", population, n)
for population, n in ((1, 1), (10, 10), (50, 7), (5, 0)):
    case("choice_distinct", (population, n), "choice", population, n, replace=False)
for p in PROBABILITIES:
    size, n = len(p), int(np.count_nonzero(p))
    case("choice_weighted", (size, 15, *p), "choice", size, 15, p=p)
    case("choice_weighted_distinct", (size, n, *p), "choice", size, n, replace=False, p=p)
for n_trials in (0, 1, 20, 1000, 10**12):
    for p in PVALS:
        case("multinomial", (n_trials, len(p), 3, *p), "multinomial", n_trials, p, 3)
for alpha in ALPHAS:
    case("dirichlet", (len(alpha), 4, *alpha), "dirichlet", alpha, 4)
