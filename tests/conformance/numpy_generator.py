"""numpy_generator.py - numpy.random.Generator compared with the live NumPys: python tests/conformance/numpy_generator.py

Over all five bit generators; the library is called through ctypes. Each NumPy runs this file as a worker.

SPDX-License-Identifier: MIT
"""

import ctypes
import os
import re
import sys

# The script's folder would put python.py and others before modules of the same names.
sys.path[0:1] = []
sys.path.append(os.path.dirname(os.path.abspath(__file__)))
import frame  # noqa: E402
import numpy as np  # noqa: E402
from numpy_common import KINDS, in_pythons, lib, ours, seeded, status_array_text, status_text, theirs, version_number  # noqa: E402

VERSION = version_number(np.__version__)
HAVE = [kind for kind in KINDS if hasattr(np.random, kind)]
SIZE = ctypes.c_size_t


def pair(case):
    """Our state and NumPy's Generator in the same state, often with a half word waiting."""
    kind, seed = case.random.choice(HAVE), case.seed()
    g = np.random.Generator(getattr(np.random, kind)(seed))
    state = seeded(kind, seed, VERSION)
    for _ in range(case.random.randrange(4)):
        g.integers(0, 2**32, dtype=np.uint32)
        lib.oneseed_numpy_next_u32(ctypes.byref(state))
    return state, g


def pointer(array):
    return ctypes.c_void_p(array.ctypes.data)


def number(x):
    return ctypes.c_double(x) if isinstance(x, float) else ctypes.c_int64(x)


def same(case, state, g, got, want, what):
    """Values as bits, and the state afterwards."""
    want = np.ascontiguousarray(want)
    if got.dtype != want.dtype or got.shape != want.shape:
        case.wrong("%s: %s%r instead of %s%r" % (what, got.dtype, got.shape, want.dtype, want.shape))
    case.same(got.tobytes(), want.tobytes(), want.size, "%s %s" % (theirs(g.bit_generator)[0], what))
    case.same_state(ours(state), theirs(g.bit_generator), "%s %s" % (theirs(g.bit_generator)[0], what))


def refused(case, state, g, status, call, what):
    """NumPy raises with the status's text; neither has drawn."""
    before = theirs(g.bit_generator)
    try:
        call()
        case.wrong("%s: NumPy does not refuse it" % what)
    except (ValueError, OverflowError) as error:
        said = re.sub(" for u?(int[0-9]+|bool)$", "", str(error))
        if not text_is(status_text(status), said):
            case.wrong("%s: %r instead of %r" % (what, status_text(status), str(error)))
    if status == 0 or theirs(g.bit_generator) != before or ours(state) != before:
        case.wrong("%s: is not refused as it should be" % what)


def text_is(known, said):
    """1.26 began some messages with a small letter, and was shorter."""
    return known == said or (VERSION < 20000 and known.lower().startswith(said.lower()) and len(said) > 20)


# ---- parameters ----


def positive(random, low=-3.0, high=3.0):
    return random.choice((1.0, 2.0, 0.5, 10.0 ** random.uniform(low, high), 10.0 ** random.uniform(low, high), random.uniform(0.01, 3.0)))


def real(random):
    if random.random() < 0.2:
        return float(random.randrange(-10, 11))
    return random.choice((-1.0, 1.0)) * 10.0 ** random.uniform(-20, 20) if random.random() < 0.1 else random.uniform(-10, 10)


def at_least_0(random):
    return 0.0 if random.random() < 0.03 else positive(random)


def chance(random):
    return random.choice((random.random(), 10.0 ** random.uniform(-6, 0), 1.0 - 10.0 ** random.uniform(-9, 0), 0.5, 1.0))


def trials(random):
    n = random.choice((random.randrange(3), random.randrange(200), random.randrange(100000), random.getrandbits(random.randrange(1, 50))))
    return n, random.choice((chance(random), 0.0, 1.0, min(1.0, random.uniform(0, 60) / max(n, 1))))


def ordered(random):
    while True:
        left, mode, right = sorted(real(random) for _ in range(3))
        if left != right:
            return left, mode, right


def good_bad_sample(random):
    top = 10 ** random.choice((1, 2, 3, 5, 9))
    good, bad = random.randrange(top), random.randrange(top)
    sample = random.choice((random.randrange(good + bad + 1), min(good + bad, random.randrange(25)), good + bad - min(good + bad, random.randrange(25))))
    return good, bad, sample


def poisson_mean(random):
    return random.choice((0.0, random.uniform(0, 12), positive(random), 10.0 ** random.uniform(0, 18), 9.2e18))


def successes(random):
    return positive(random, -2, 4), random.choice((random.uniform(0.001, 1), 1.0, 10.0 ** random.uniform(-6, 0)))


def tiny_or_not(random):
    least = -110 if VERSION >= 12600 else -3  # before 1.26 both may be too small for NumPy ever to return
    return random.choice((positive(random, -2, 2), positive(random, -3, 0), 10.0 ** random.uniform(least, -2)))


NAN, INF = float("nan"), float("inf")
# Name: parameters, what NumPy refuses, and what only scalar calls refuse with that text.
METHODS = {
    "standard_gamma": (lambda r: (at_least_0(r),), [(-1.0,), (-0.0,)]),
    "gamma": (lambda r: (at_least_0(r), at_least_0(r)), [(-1.0, 1.0), (1.0, -1.0), (-1.0, -1.0)]),
    "beta": (lambda r: (tiny_or_not(r), tiny_or_not(r)), [(0.0, 1.0), (1.0, 0.0), (-1.0, -1.0)]),
    "chisquare": (lambda r: (positive(r),), [(0.0,), (-1.0,)]),
    "f": (lambda r: (positive(r), positive(r)), [(0.0, 1.0), (1.0, 0.0)]),
    "noncentral_chisquare": (lambda r: (positive(r, -2, 2), at_least_0(r)), [(0.0, 1.0), (1.0, -1.0), (1.0, -0.0)]),
    "noncentral_f": (lambda r: (positive(r), positive(r), at_least_0(r)), [(0.0, 1.0, 1.0), (1.0, 0.0, 1.0), (1.0, 1.0, -1.0)]),
    "standard_t": (lambda r: (positive(r),), [(0.0,)]),
    "vonmises": (lambda r: (real(r), r.choice((0.0, positive(r, -9, 8), positive(r)))), [(0.0, -1.0)]),
    "pareto": (lambda r: (positive(r, -2, 2),), [(0.0,)]),
    "weibull": (lambda r: (r.choice((0.0, positive(r, -2, 2))),), [(-1.0,)]),
    "power": (lambda r: (positive(r, -2, 2),), [(0.0,)]),
    "laplace": (lambda r: (real(r), at_least_0(r)), [(0.0, -1.0)]),
    "gumbel": (lambda r: (real(r), at_least_0(r)), [(0.0, -1.0)]),
    "logistic": (lambda r: (real(r), at_least_0(r)), [(0.0, -1.0)]),
    "lognormal": (lambda r: (r.uniform(-5, 5), r.uniform(0, 5)), [(0.0, -1.0)]),
    "rayleigh": (lambda r: (at_least_0(r),), [(-1.0,)]),
    "wald": (lambda r: (positive(r), positive(r)), [(0.0, 1.0), (1.0, 0.0)]),
    "triangular": (ordered, [(1.0, 0.0, 2.0), (0.0, 2.0, 1.0), (1.0, 1.0, 1.0)]),
    "uniform": (lambda r: tuple(sorted((real(r), real(r)))), [(0.0, INF), (-1.5e308, 1.5e308), (1.0, 0.0), (NAN, 1.0)]),
    "normal": (lambda r: (real(r), at_least_0(r)), [(0.0, -1.0), (0.0, -0.0)]),
    "exponential": (lambda r: (at_least_0(r),), [(-1.0,)]),
    "binomial": (trials, [(5, -0.1), (5, 1.1), (-1, 0.5), (5, NAN)]),
    "negative_binomial": (successes, [(NAN, 0.5), (0.0, 0.5), (1.0, 0.0), (1.0, 1.5), (1e20, 0.5)]),
    "poisson": (lambda r: (poisson_mean(r),), [(-1.0,), (NAN,), (9.3e18,)]),
    "zipf": (lambda r: (1.0 + r.choice((positive(r, -1, 2), 1024.0 if VERSION >= 20100 else 2.0)),), [(1.0,), (NAN,)]),
    "geometric": (lambda r: (min(1.0, r.choice((chance(r), 10.0 ** r.uniform(-19, 0), 1 / 3))),), [(0.0,), (1.5,), (NAN,)]),
    "hypergeometric": (good_bad_sample, [(10**9, 1, 1), (1, 10**9, 1), (1, 1, 3), (-1, 5, 1), (5, -1, 1), (1, 1, -1)]),
    "logseries": (lambda r: (r.choice((r.random(), 0.0, 1.0 - 10.0 ** r.uniform(-12, 0))),), [(1.0,), (-0.1,), (NAN,)]),
}
DISCRETE = ("binomial", "negative_binomial", "poisson", "zipf", "geometric", "hypergeometric", "logseries")


def fill(name, state, parameters, out):
    function = getattr(lib, "oneseed_numpy_%s_fill" % name)
    return function(ctypes.byref(state), *map(number, parameters), pointer(out), SIZE(out.size))


def arrays_refused(case, state, g, name, many):
    """Of the elements' statuses the smallest is the one that NumPy raises, in its words for arrays."""
    statuses = [fill(name, state, these, np.empty(0)) for these in many]
    least = min(status for status in statuses if status)
    before = theirs(g.bit_generator)
    try:
        getattr(g, name)(*(np.array(column) for column in zip(*many)))
        case.wrong("%s of %r: NumPy does not refuse it" % (name, many))
    except (ValueError, OverflowError) as error:
        if str(error) != status_array_text(least):
            case.wrong("%s of %r: %r instead of %r" % (name, many, status_array_text(least), str(error)))
    if theirs(g.bit_generator) != before or ours(state) != before:
        case.wrong("%s of %r: the state is another" % (name, many))


def method(name):
    parameters, bad = METHODS[name]
    dtype = np.int64 if name in DISCRETE else np.float64
    scalar = getattr(lib, "oneseed_numpy_" + name)
    scalar.restype = ctypes.c_int64 if name in DISCRETE else ctypes.c_double

    def compare(row):
        for case in row.cases():
            state, g = pair(case)
            these = parameters(case.random)
            got = np.empty(case.n, dtype)
            fill(name, state, these, got)
            same(case, state, g, got, getattr(g, name)(*these, size=case.n), "%s%r" % (name, these))
            # Parameters that differ from element to element: scalar calls.
            many = [parameters(case.random) for _ in range(min(50, case.n))]
            got = np.array([scalar(ctypes.byref(state), *map(number, these)) for these in many], dtype)
            want = getattr(g, name)(*(np.array(column) for column in zip(*many)))
            same(case, state, g, got, want, "%s of arrays %r" % (name, many))
            for these in bad if case.number < 20 else ():
                got = np.full(3, 7, dtype)
                status = fill(name, state, these, got)
                refused(case, state, g, status, lambda: getattr(g, name)(*these), "%s%r" % (name, these))
                value = scalar(ctypes.byref(state), *map(number, these))
                arrays_refused(case, state, g, name, [parameters(case.random), these, case.random.choice(bad)])
                if got.tolist() != [7, 7, 7] or not (value == -(2**63) if name in DISCRETE else value != value):
                    case.wrong("%s%r: something was written" % (name, these))

    return compare


# ---- without parameters, and float32 ----


def plain(name, function, element, **arguments):
    """A fill, and as many scalar calls."""

    def compare(row):
        c_type = ctypes.c_float if element == np.float32 else ctypes.c_double
        scalar = getattr(lib, "oneseed_numpy_" + function)
        scalar.restype = c_type
        for case in row.cases(values=2 * row.options.values):
            state, g = pair(case)
            n = case.random.choice((case.n, case.random.randrange(1, 2 * case.n)))
            got = np.empty(n, element)
            getattr(lib, "oneseed_numpy_%s_fill" % function)(ctypes.byref(state), pointer(got), SIZE(n))
            same(case, state, g, got, getattr(g, name)(size=n, **arguments), "%s of %d" % (function, n))
            got = np.array([scalar(ctypes.byref(state)) for _ in range(50)], element)
            want = np.array([getattr(g, name)(**arguments) for _ in range(50)], element)
            same(case, state, g, got, want, "%s by ones" % function)

    return compare


def standard_gamma_f32(row):
    for case in row.cases():
        state, g = pair(case)
        shape = at_least_0(case.random)
        got = np.empty(case.n, np.float32)
        fill("standard_gamma_f32", state, (shape,), got)
        same(case, state, g, got, g.standard_gamma(shape, case.n, dtype=np.float32), "standard_gamma(%r, dtype=float32)" % shape)
        status = fill("standard_gamma_f32", state, (-1.0,), got)
        refused(case, state, g, status, lambda: g.standard_gamma(-1.0, dtype=np.float32), "standard_gamma(-1.0)")


# ---- integers ----

DTYPES = ["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"]


def bounds(random, dtype):
    """First and last value."""
    if dtype == "bool":
        least, most = 0, 1
    else:
        info = np.iinfo(dtype)
        least, most = int(info.min), int(info.max)
    n_bits = (most - least).bit_length()
    if random.random() < 0.1:
        return least, most
    span = random.choice((random.getrandbits(random.randrange(1, n_bits + 1)), 2 ** random.randrange(n_bits), 2 ** random.randrange(n_bits + 1) - 1))
    span = min(span, most - least)
    first = random.choice((least, most - span, random.randrange(least, most - span + 1)))
    return first, first + span


def as_u64(values):
    return np.array([value % 2**64 for value in values], np.uint64)


def integers(dtype):
    index, np_dtype = DTYPES.index(dtype), np.dtype(dtype)

    def compare(row):
        for case in row.cases():
            state, g = pair(case)
            first, last = bounds(case.random, dtype)
            got = np.empty(case.n, np_dtype)
            function = lib.oneseed_numpy_integers_dtype_fill
            function(ctypes.byref(state), index, ctypes.c_uint64(first % 2**64), ctypes.c_uint64(last % 2**64), pointer(got), SIZE(case.n))
            if case.random.random() < 0.5:
                want = g.integers(first, last, case.n, dtype=np_dtype, endpoint=True)
            else:
                want = g.integers(first, last + 1, case.n, dtype=np_dtype)
            same(case, state, g, got, want, "integers(%d, %d, dtype=%s)" % (first, last, dtype))
            n = min(case.n, 200)
            many = [bounds(case.random, dtype) for _ in range(n)]
            got = np.empty(n, np_dtype)
            firsts, lasts = (as_u64(column) for column in zip(*many))
            lib.oneseed_numpy_integers_array_fill(ctypes.byref(state), index, pointer(firsts), pointer(lasts), pointer(got), SIZE(n))
            lows, highs = (np.array(column, np.uint64 if dtype == "uint64" else np.int64) for column in zip(*many))
            want = g.integers(lows, highs, dtype=np_dtype, endpoint=True)
            same(case, state, g, got, want, "integers of arrays, dtype=%s" % dtype)
            if dtype == "int64":
                integers_default(case, state, g)
            integers_refused(case, state, g, dtype)

    return compare


def integers_default(case, state, g):
    low, high = bounds(case.random, "int64")
    if low == high:
        return
    got = np.empty(50, np.int64)
    fill("integers", state, (low, high), got)
    same(case, state, g, got, g.integers(low, high, 50), "integers(%d, %d)" % (low, high))
    lib.oneseed_numpy_integers.restype = ctypes.c_int64
    got = np.array([lib.oneseed_numpy_integers(ctypes.byref(state), ctypes.c_int64(low), ctypes.c_int64(high)) for _ in range(9)])
    same(case, state, g, got, np.array([g.integers(low, high) for _ in range(9)]), "integers(%d, %d) by ones" % (low, high))
    for low, high in ((0, 0), (0, -5), (5, 5), (-3, -4)):
        refused(case, state, g, fill("integers", state, (low, high), got), lambda: g.integers(low, high), "integers(%d, %d)" % (low, high))


def integers_refused(case, state, g, dtype):
    if dtype in ("int64", "uint64"):
        return
    index, got = DTYPES.index(dtype), np.empty(1, dtype)
    most = 1 if dtype == "bool" else int(np.iinfo(dtype).max)
    for first, last in ((-(2**40), 0), (0, most + 1), (-(2**40), 2**40)):
        status = lib.oneseed_numpy_integers_dtype_fill(
            ctypes.byref(state), index, ctypes.c_uint64(first % 2**64), ctypes.c_uint64(last % 2**64), pointer(got), SIZE(1)
        )
        refused(case, state, g, status, lambda: g.integers(first, last, dtype=np.dtype(dtype), endpoint=True), "integers(%d, %d)" % (first, last))


def bytes_row(row):
    for case in row.cases():
        state, g = pair(case)
        n = case.random.choice((case.n, case.random.randrange(10), 2 * case.n))
        got = np.empty(n, np.uint8)
        lib.oneseed_numpy_bytes_fill(ctypes.byref(state), pointer(got), SIZE(n))
        same(case, state, g, got, np.frombuffer(g.bytes(n), np.uint8), "bytes(%d)" % n)


# ---- orders and choices ----


def length(case):
    return case.random.choice((0, 1, 2, case.random.randrange(100), case.n, 2 * case.n))


def shuffle(row):
    for case in row.cases(values=3 * row.options.values):
        state, g = pair(case)
        n, size = length(case), case.random.choice((1, 2, 4, 8, 16, 3, 300))
        want = np.zeros(n, "V%d" % size)
        want.view(np.uint8).reshape(n, size)[:] = np.arange(n * size).reshape(n, size) % 251
        got = want.copy()
        lib.oneseed_numpy_shuffle(ctypes.byref(state), pointer(got), SIZE(n), SIZE(size))
        g.shuffle(want)
        same(case, state, g, got, want, "shuffle of %d" % n)


def shuffle_axis(row):
    for case in row.cases(values=3 * row.options.values):
        state, g = pair(case)
        n = max(1, case.n // 6)
        shape = case.random.choice(((2, n, 3), (n, 2, 3), (2, 3, n), (1, n, 6), (n, 1, 1), (0, n, 2), (2, n, 0), (2, 0, 3)))
        want = np.arange(int(np.prod(shape))).reshape(shape)
        got = want.copy()
        lib.oneseed_numpy_shuffle_axis(ctypes.byref(state), pointer(got), *map(SIZE, shape), SIZE(8))
        g.shuffle(want, axis=1)
        same(case, state, g, got, want, "shuffle of %r" % (shape,))


def permuted(row):
    for case in row.cases():
        state, g = pair(case)
        n = max(1, case.n // 6)
        shape = case.random.choice(((2, n, 3), (n, 2, 3), (2, 3, n), (1, n, 6), (n, 1, 1), (0, n, 2), (2, n, 0), (2, 0, 3)))
        x = np.arange(int(np.prod(shape)), dtype=case.random.choice(("u2", "i4", "i8", "c16"))).reshape(shape)
        got = x.copy()
        lib.oneseed_numpy_permuted(ctypes.byref(state), pointer(got), *map(SIZE, shape), SIZE(x.itemsize))
        same(case, state, g, got, g.permuted(x, axis=1), "permuted of %r" % (shape,))
        got = x.copy()
        lib.oneseed_numpy_shuffle(ctypes.byref(state), pointer(got), SIZE(x.size), SIZE(x.itemsize))
        same(case, state, g, got, g.permuted(x), "permuted of all of %r" % (shape,))


def permutation(row):
    for case in row.cases(values=3 * row.options.values):
        state, g = pair(case)
        n = length(case)
        got = np.empty(n, np.int64)
        lib.oneseed_numpy_permutation_fill(ctypes.byref(state), pointer(got), SIZE(n))
        same(case, state, g, got, g.permutation(n), "permutation(%d)" % n)


def choice(row):
    for case in row.cases():
        state, g = pair(case)
        n = case.random.choice((1, 2, case.random.randrange(1, 1000), case.random.getrandbits(62) + 1))
        got = np.empty(case.n, np.int64)
        lib.oneseed_numpy_choice_fill(ctypes.byref(state), ctypes.c_uint64(n), pointer(got), SIZE(case.n))
        same(case, state, g, got, g.choice(n, case.n), "choice(%d)" % n)
        status = lib.oneseed_numpy_choice_fill(ctypes.byref(state), ctypes.c_uint64(0), pointer(got), SIZE(case.n))
        refused(case, state, g, status, lambda: g.choice(0, case.n), "choice(0)")


def choice_distinct(row):
    lib.oneseed_numpy_choice_distinct_work.restype = SIZE
    for case in row.cases(values=4 * row.options.values):
        state, g = pair(case)
        k = case.random.choice((0, 1, 2, case.random.randrange(100), 2 * case.n))
        n = k + case.random.choice((0, 1, case.random.randrange(1000), case.random.getrandbits(60), max(0, 10001 - k), 20 * k, 21 * k, 49 * k, 50 * k, case.random.randrange(60 * k + 1)))
        is_shuffled = case.random.randrange(2)
        work = np.empty(lib.oneseed_numpy_choice_distinct_work(ctypes.c_uint64(n), SIZE(k), is_shuffled), np.int64)
        got = np.empty(k, np.int64)
        lib.oneseed_numpy_choice_distinct_fill(ctypes.byref(state), ctypes.c_uint64(n), is_shuffled, pointer(work), pointer(got), SIZE(k))
        want = g.choice(n, k, replace=False, shuffle=bool(is_shuffled))
        same(case, state, g, got, want, "choice(%d, %d, False, shuffle=%d)" % (n, k, is_shuffled))
        status = lib.oneseed_numpy_choice_distinct_fill(ctypes.byref(state), ctypes.c_uint64(3), 1, pointer(work), pointer(got), SIZE(4))
        refused(case, state, g, status, lambda: g.choice(3, 4, replace=False), "choice(3, 4, False)")


def probabilities(random, n):
    p = np.array([random.choice((0.0, 1.0, random.random(), positive(random))) for _ in range(n)])
    p[random.randrange(n)] = 1.0
    return p / p.sum()


def weighted(name, g, state, p, out, work, tolerance=0.0):
    function = getattr(lib, "oneseed_numpy_choice_%s_fill" % name)
    return function(ctypes.byref(state), pointer(p), SIZE(p.size), ctypes.c_double(tolerance), pointer(work), pointer(out), SIZE(out.size))


def choice_weighted(name):
    def compare(row):
        for case in row.cases(values=2 * row.options.values):
            state, g = pair(case)
            p = probabilities(case.random, case.random.choice((1, 2, case.random.randrange(1, 100), case.n)))
            n = case.n
            if name != "weighted":
                p = probabilities(case.random, case.random.choice((1, 2, case.random.randrange(1, 100), 4 * case.n, 4 * case.n)))
                possible = int(np.count_nonzero(p))
                n = case.random.choice((possible, possible - possible // 8, case.random.randrange(1 + possible)))
            work, got = np.empty(2 * p.size), np.empty(n, np.int64)
            weighted(name, g, state, p, got, work)
            same(case, state, g, got, g.choice(p.size, n, replace=name == "weighted", p=p), "choice of %d with p" % p.size)
            single = p.astype(np.float32)
            single[0] += np.float32(case.random.uniform(0, 2e-4))
            tolerance = float(np.sqrt(np.finfo(np.float32).eps))
            weighted(name, g, state, single.astype(np.float64), got, work, tolerance)
            want = g.choice(p.size, n, replace=name == "weighted", p=single)
            same(case, state, g, got, want, "choice of %d with p of float32" % p.size)
            for bad in (p * 1.001, np.append(p, -1e-30), np.append(p, NAN)):
                status = weighted(name, g, state, bad, got, np.empty(2 * bad.size))
                call = lambda: g.choice(bad.size, n, replace=name == "weighted", p=bad)
                refused(case, state, g, status, call, "choice with p %r" % bad[:9])
            if name != "weighted":
                more = np.empty(np.count_nonzero(p) + 1, np.int64)
                status = weighted(name, g, state, p, more, work)
                refused(case, state, g, status, lambda: g.choice(p.size, more.size, replace=False, p=p), "choice of too many with p")

    return compare


# ---- vectors ----


def multinomial(row):
    for case in row.cases():
        state, g = pair(case)
        n, _ = trials(case.random)
        p = probabilities(case.random, case.random.choice((1, 2, 3, case.random.randrange(1, 30))))
        if case.random.random() < 0.3:
            p = p * case.random.random()
        n_draws = case.n // p.size + 1
        got = np.empty((n_draws, p.size), np.int64)
        status = lib.oneseed_numpy_multinomial_fill(
            ctypes.byref(state), ctypes.c_int64(n), pointer(p), SIZE(p.size), pointer(got), SIZE(n_draws)
        )
        same(case, state, g, got, g.multinomial(n, p, n_draws), "multinomial(%d, %r), status %d" % (n, p.tolist(), status))
        for times, bad in ((n, np.array([0.6, 0.6, 0.0])), (n, np.array([-0.1, 1.0])), (n, np.array([])), (-1, np.array([1.0]))):
            status = lib.oneseed_numpy_multinomial_fill(
                ctypes.byref(state), ctypes.c_int64(times), pointer(bad), SIZE(bad.size), pointer(got), SIZE(1)
            )
            refused(case, state, g, status, lambda: g.multinomial(times, bad), "multinomial(%d, %r)" % (times, bad))


def multivariate_hypergeometric(how):
    suffix = "_count" if how == "count" else ""
    function = getattr(lib, "oneseed_numpy_multivariate_hypergeometric%s_fill" % suffix)

    def draw(state, colors, nsample, out, n_draws):
        memory = np.empty(max(1, int(colors.sum() % 10**6)), np.int64)
        work = (pointer(memory),) if how == "count" else ()
        return function(ctypes.byref(state), pointer(colors), SIZE(colors.size), ctypes.c_int64(nsample), *work, pointer(out), SIZE(n_draws))

    def compare(row):
        for case in row.cases(values=2 * row.options.values):
            state, g = pair(case)
            top = 10 ** case.random.choice((1, 2, 3) if how == "count" else (1, 2, 4, 7))
            colors = np.array([case.random.choice((0, case.random.randrange(top))) for _ in range(case.random.randrange(1, 12))], np.int64)
            total = int(colors.sum())
            nsample = case.random.choice((0, total, case.random.randrange(total + 1), min(total, 12)))
            if how == "count":
                nsample = min(nsample, 1000) if total > 4000 else nsample
            n_draws = case.n // colors.size + 1
            if how == "count":
                n_draws = min(n_draws, 1 + 40000 // (1 + min(nsample, total - nsample)))
            got = np.empty((n_draws, colors.size), np.int64)
            draw(state, colors, nsample, got, n_draws)
            want = g.multivariate_hypergeometric(colors, nsample, n_draws, method=how)
            same(case, state, g, got, want, "multivariate_hypergeometric(%r, %d)" % (colors.tolist(), nsample))
            for bad, n in ((colors, -1), (colors, total + 1), (np.array([-1, 5]), 1), (np.array([2**62, 2**62]), 1)):
                status = draw(state, bad, n, got, 1)
                refused(case, state, g, status, lambda: g.multivariate_hypergeometric(bad, n, method=how), "colors %r, %d" % (bad, n))

    return compare


def dirichlet(row):
    for case in row.cases():
        state, g = pair(case)
        k = case.random.choice((1, 2, 3, case.random.randrange(1, 30)))
        low, high = case.random.choice(((-2, 2), (-3, -1.01), (-3, -1.01)))
        alpha = np.array([case.random.choice((0.0, 10.0 ** case.random.uniform(low, high), 10.0 ** case.random.uniform(low, high))) for _ in range(k)])
        if VERSION < 12600:
            alpha = np.maximum(alpha, 1e-3)
        alpha[case.random.randrange(k)] += 0.05 if high < 0 else 1.0
        n_draws = case.n // k + 1
        got, work = np.empty((n_draws, k)), np.empty(k)
        lib.oneseed_numpy_dirichlet_fill(ctypes.byref(state), pointer(alpha), SIZE(k), pointer(work), pointer(got), SIZE(n_draws))
        same(case, state, g, got, g.dirichlet(alpha, n_draws), "dirichlet(%r)" % alpha.tolist())
        alpha[0] = -1e-30
        status = lib.oneseed_numpy_dirichlet_fill(ctypes.byref(state), pointer(alpha), SIZE(k), pointer(work), pointer(got), SIZE(1))
        refused(case, state, g, status, lambda: g.dirichlet(alpha), "dirichlet(%r)" % alpha)


def factor_of(cov, how):
    """The matrix that NumPy multiplies with."""
    if how == "cholesky":
        return np.linalg.cholesky(cov)
    if how == "eigh":
        s, u = np.linalg.eigh(cov)
        return u * np.sqrt(abs(s))
    u, s, _ = np.linalg.svd(cov)
    return u * np.sqrt(s)


def multivariate_normal(row):
    """A diagonal covariance leaves nothing to round but the last sum, whatever multiplies. With others the normals are compared:
    they are what a unit matrix makes of them, and the state."""
    row.condition = "bits: diagonal covariances; others: the normals, as LAPACK makes the factor and BLAS the product"
    for case in row.cases():
        state, g = pair(case)
        k = case.random.randrange(1, 9)
        n_draws = case.n // k + 1
        how = case.random.choice(("svd", "eigh", "cholesky"))
        sigma = np.array([case.random.uniform(0.1, 9.0) for _ in range(k)])
        mean = np.array([real(case.random) for _ in range(k)])
        got, work = np.empty((n_draws, k)), np.empty(k)
        draw = lib.oneseed_numpy_multivariate_normal_fill
        factor = np.ascontiguousarray(factor_of(np.diag(sigma), how))
        draw(ctypes.byref(state), pointer(mean), pointer(factor), SIZE(k), pointer(work), pointer(got), SIZE(n_draws))
        want = g.multivariate_normal(mean, np.diag(sigma), n_draws, method=how)
        same(case, state, g, got, want, "multivariate_normal, sigma %r, %s" % (sigma.tolist(), how))
        full = np.array([[case.random.uniform(-1, 1) for _ in range(k)] for _ in range(k)])
        g.multivariate_normal(mean, full @ full.T + np.eye(k), n_draws, method=how)
        unit, zero = np.eye(k), np.zeros(k)
        draw(ctypes.byref(state), pointer(zero), pointer(unit), SIZE(k), pointer(work), pointer(got), SIZE(n_draws))
        case.same_state(ours(state), theirs(g.bit_generator), "multivariate_normal of a full covariance")


def spawn(row):
    for case in row.cases():
        kind, seed = case.random.choice(HAVE), case.seed()
        key = tuple(case.random.getrandbits(32) for _ in range(case.random.randrange(4)))
        g = np.random.Generator(getattr(np.random, kind)(np.random.SeedSequence(seed, spawn_key=key)))
        for index, child in enumerate(g.spawn(3)):
            state = seeded(kind, seed, VERSION, (*key, index))
            got = np.empty(case.n // 3 + 1)
            fill("random", state, (), got)
            same(case, state, child, got, child.random(got.size), "spawn %r %r" % (key, index))


FUNCTIONS = {
    "random": plain("random", "random", np.float64),
    "random (float32)": plain("random", "random_f32", np.float32, dtype=np.float32),
    "standard_normal": plain("standard_normal", "standard_normal", np.float64),
    "standard_normal (float32)": plain("standard_normal", "standard_normal_f32", np.float32, dtype=np.float32),
    "standard_exponential": plain("standard_exponential", "standard_exponential", np.float64),
    "standard_exponential (float32)": plain("standard_exponential", "standard_exponential_f32", np.float32, dtype=np.float32),
    "standard_exponential (inv)": plain("standard_exponential", "standard_exponential_inv", np.float64, method="inv"),
    "standard_exponential (inv, float32)": plain(
        "standard_exponential", "standard_exponential_inv_f32", np.float32, method="inv", dtype=np.float32
    ),
    "standard_cauchy": plain("standard_cauchy", "standard_cauchy", np.float64),
    **{name: method(name) for name in METHODS},
    "standard_gamma (float32)": standard_gamma_f32,
    **{"integers (%s)" % dtype: integers(dtype) for dtype in DTYPES},
    "bytes": bytes_row, "shuffle": shuffle, "shuffle (axis)": shuffle_axis, "permuted": permuted, "permutation": permutation,
    "choice": choice, "choice (replace=False)": choice_distinct, "choice (p)": choice_weighted("weighted"),
    "choice (p, replace=False)": choice_weighted("weighted_distinct"),
    "multinomial": multinomial, "multivariate_hypergeometric (marginals)": multivariate_hypergeometric("marginals"),
    "multivariate_hypergeometric (count)": multivariate_hypergeometric("count"),
    "dirichlet": dirichlet, "multivariate_normal": multivariate_normal, "spawn": spawn,
}

if __name__ == "__main__":
    found = frame.options()
    if not found.worker:
        sys.exit(1 if in_pythons(os.path.abspath(__file__), sys.argv[1:]) else 0)
    with np.errstate(all="ignore"):
        sys.exit(1 if frame.compare("numpy", FUNCTIONS, {"NumPy": np.__version__}, found) else 0)
