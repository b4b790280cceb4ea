"""numpy_generator.py - writes FOLDER/numpy_generator_<version>.txt from the NumPy that runs it: python numpy_generator.py FOLDER [SETS]

SPDX-License-Identifier: MIT
"""
import hashlib
import pathlib
import platform
import random
import struct
import sys

import numpy as np

KINDS = ["MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"]
N = 400
chance = random.Random(5)


def u(low, high):
    return chance.uniform(low, high)


def e(low, high):
    return 10.0 ** chance.uniform(low, high)


# Sets of parameters on each side of every branch, then random ones.
METHODS = {
    "random": [()], "standard_normal": [()], "standard_exponential": [()], "standard_cauchy": [()],
    "standard_gamma": [(1.0,), (0.0,), (0.3,), (2.5,), lambda: (e(-3, 3),)],
    "standard_t": [(0.5,), (7.0,), lambda: (e(-2, 3),)],
    "uniform": [(0.0, 1.0), lambda: (u(-9, 0), u(0, 9))],
    "normal": [(0.0, 1.0), lambda: (u(-9, 9), e(-3, 3))],
    "exponential": [(1.0,), (0.0,), lambda: (e(-3, 3),)],
    "gamma": [(0.5, 2.0), lambda: (e(-2, 2), e(-2, 2))],
    "beta": [(0.5, 0.5), (2.0, 3.0), (1e-3, 1e-3), (1e-200, 2e-200), (0.01, 0.002), lambda: (e(-2, 2), e(-2, 2))],
    "chisquare": [(1.0,), lambda: (e(-2, 2),)],
    "f": [(1.0, 2.0), lambda: (e(-1, 2), e(-1, 2))],
    "noncentral_chisquare": [(3.0, 0.0), (3.0, 2.0), (0.5, 3.0), (1.0, 50.0), lambda: (e(-1, 2), e(-1, 2))],
    "noncentral_f": [(3.0, 4.0, 2.0), lambda: (e(-1, 2), e(-1, 2), e(-1, 2))],
    "vonmises": [(0.5, 0.0), (0.5, 1e-6), (3.0, 2.0), (-3.0, 1e7), lambda: (u(-3, 3), e(-2, 3))],
    "pareto": [(3.0,), lambda: (e(-1, 2),)],
    "weibull": [(0.0,), (2.0,), lambda: (e(-1, 2),)],
    "power": [(0.5,), lambda: (e(-1, 2),)],
    "laplace": [(0.0, 1.0), lambda: (u(-9, 9), e(-2, 2))],
    "gumbel": [(0.0, 1.0), lambda: (u(-9, 9), e(-2, 2))],
    "logistic": [(0.0, 1.0), lambda: (u(-9, 9), e(-2, 2))],
    "lognormal": [(0.0, 1.0), lambda: (u(-3, 3), e(-2, 0))],
    "rayleigh": [(1.0,), lambda: (e(-2, 2),)],
    "wald": [(1.0, 1.0), lambda: (e(-2, 2), e(-2, 2))],
    "triangular": [(0.0, 0.0, 1.0), (0.0, 1.0, 1.0), lambda: tuple(sorted((u(-9, 9), u(-9, 9), u(-9, 9))))],
    "binomial": [(0, 0.5), (10, 0.0), (10, 1.0), (20, 0.3), (100, 0.9), (1000, 0.4), (10**6, 0.7), (10**12, 0.01), lambda: (chance.randrange(10**5), u(0, 1))],
    "negative_binomial": [(5.0, 0.5), (0.1, 1.0), lambda: (e(-1, 3), u(0.01, 1))],
    "poisson": [(0.0,), (3.0,), (10.0,), (1e17,), lambda: (e(0, 9),)],
    "zipf": [(1.2,), (2.0,), (60.0,), lambda: (1 + e(-1, 1),)],
    "geometric": [(0.5,), (0.01,), (1e-18,), (1.0,), lambda: (e(-6, 0),)],
    "hypergeometric": [(10, 10, 5), (10, 10, 15), (0, 100, 50), (1000, 2000, 1500), (10**8, 10**8, 10**5), (700, 50, 40), lambda: (chance.randrange(10**4), chance.randrange(10**4), 20)],
    "logseries": [(0.0,), (0.5,), (0.999999,), lambda: (u(0, 1),)],
}
FLOATS = {
    "random_f32": lambda g: g.random(N, np.float32),
    "standard_normal_f32": lambda g: g.standard_normal(N, np.float32),
    "standard_exponential_f32": lambda g: g.standard_exponential(N, np.float32),
    "standard_exponential_inv": lambda g: g.standard_exponential(N, method="inv"),
    "standard_exponential_inv_f32": lambda g: g.standard_exponential(N, np.float32, method="inv"),
}
DTYPES = ["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"]


def hexadecimal(values):
    return ",".join("%x" % value for value in values) or "-"


def parameter_bits(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0] if isinstance(x, float) else x % 2**64


def line(kind, seed, half, name, parameters, draw):
    g = np.random.Generator(getattr(np.random, kind)(seed))
    for _ in range(half):
        g.integers(0, 2**32, dtype=np.uint32)
    out = np.ascontiguousarray(draw(g))
    out = out.astype(out.dtype.newbyteorder("<"))
    digest = int.from_bytes(hashlib.sha512(out.tobytes()).digest()[:8], "big")
    first = out.view("<u%d" % out.itemsize).ravel()[:3]
    after = [int(g.integers(0, 2**32, dtype=np.uint32)), int(g.integers(0, 2**64 - 1, dtype=np.uint64, endpoint=True))]
    print(kind, "%x" % seed, half, name, hexadecimal(map(parameter_bits, parameters)), out.itemsize, out.size, hexadecimal(map(int, first)), "%x" % digest, hexadecimal(after), file=file)


def some(name, parameters, draw):
    """One line for each bit generator."""
    for kind in KINDS:
        line(kind, chance.getrandbits(chance.choice((8, 32, 64, 100))), chance.randrange(3), name, parameters, draw)


def bounds(dtype):
    least, most = (0, 1) if dtype == "bool" else (int(np.iinfo(dtype).min), int(np.iinfo(dtype).max))
    yield least, most
    yield least, least
    yield most - (most - least) // 3, most
    if dtype not in ("bool", "int8", "uint8"):
        yield least, least + 9
    if dtype in ("int64", "uint64"):
        yield 5, 5 + 2**32 - 1
        yield 5, 5 + 2**32
        yield 5, 5 + 3 * 2**30


def write(sets):
    for name, kinds in METHODS.items():
        for these in kinds[-sets:] if sets < 9 else kinds:
            these = these() if callable(these) else these
            some(name, these, lambda g: getattr(g, name)(*these, size=N))
    for name, draw in FLOATS.items():
        some(name, (), draw)
    for shape in (1.0, 0.4, 7.5)[:sets]:
        some("standard_gamma_f32", (shape,), lambda g: g.standard_gamma(shape, N, dtype=np.float32))
    for dtype in DTYPES:
        for first, last in list(bounds(dtype))[:sets]:
            some("integers_" + dtype, (first, last), lambda g: g.integers(first, last, N, dtype, endpoint=True))
    for n in (0, 1, 4, 7, 1000)[-sets:]:
        some("bytes", (n,), lambda g: np.frombuffer(g.bytes(n), np.uint8))
    for n in (0, 1, 2, 100, 2000)[-sets:]:
        some("permutation", (n,), lambda g: g.permutation(n))
    for shape in ((2, 30, 3), (5, 1, 2), (1, 7, 50))[-sets:]:
        x = np.arange(np.prod(shape)).reshape(shape)

        def shuffled(g):
            y = x.copy()
            g.shuffle(y, axis=1)
            return y

        some("shuffle_axis", shape, shuffled)
        some("permuted", shape, lambda g: g.permuted(x, axis=1))
    for n in (1, 10, 2**40)[-sets:]:
        some("choice", (n, N), lambda g: g.choice(n, N))
    for n, k, is_shuffled in ((5, 5, 1), (1000, 10, 0), (10001, 201, 1), (10001, 200, 1), (10001, 501, 0), (10001, 500, 0), (2**50, 300, 1))[-sets:]:
        some("choice_distinct", (n, k, is_shuffled), lambda g: g.choice(n, k, replace=False, shuffle=bool(is_shuffled)))
    for p in ([1.0], [0.25, 0.0, 0.5, 0.25], [1 / 60] * 60)[-sets:]:
        some("choice_weighted", p, lambda g: g.choice(len(p), N, p=p))
        some("choice_weighted_distinct", p, lambda g: g.choice(len(p), sum(x > 0 for x in p), replace=False, p=p))
    for n, p in ((10, [1.0]), (50, [0.2, 0.0, 0.3, 0.5]), (10**6, [0.1] * 10))[-sets:]:
        some("multinomial", (n, *p), lambda g: g.multinomial(n, p, 20))
    for n, colors in ((3, [5, 0, 7]), (900, [500, 400, 300]), (0, [1, 2]), (30, [10, 20, 30, 5]))[-sets:]:
        some("multivariate_hypergeometric", (n, *colors), lambda g: g.multivariate_hypergeometric(colors, n, 20))
        some("multivariate_hypergeometric_count", (n, *colors), lambda g: g.multivariate_hypergeometric(colors, n, 20, "count"))
    for alpha in ([1.0], [0.05, 0.01, 0.0], [0.5, 3.0, 0.0, 10.0])[-sets:]:
        some("dirichlet", alpha, lambda g: g.dirichlet(alpha, 20))


version = np.__version__
short = ".".join(version.split(".")[:2])
with open(pathlib.Path(sys.argv[1]) / ("numpy_generator_%s.txt" % short), "w") as file:
    print("# numpy.random.Generator of NumPy %s (%s): values, and words drawn afterwards." % (version, platform.machine()), file=file)
    print("# Made by tests/gen/numpy_generator.py. Columns: bit generator, seed, 32-bit words drawn before, method, parameters (bits of", file=file)
    print("# doubles, integers in two's complement), bytes of a value, how many values, the first ones, 64 bits of SHA-512 of all their", file=file)
    print("# little-endian bytes, the next 32-bit and 64-bit words. Hexadecimal, but for the counts.", file=file)
    write(int(sys.argv[2]) if len(sys.argv) > 2 else 9)
