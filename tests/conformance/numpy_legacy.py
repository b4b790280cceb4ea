"""numpy_legacy.py - RandomState compared with NumPy's, this one and 1.26: python tests/conformance/numpy_legacy.py

The library is called through ctypes. Parameters are valid and, now and then, to be refused: then the messages are compared.

SPDX-License-Identifier: MIT
"""

import ctypes
import os
import struct
import sys
import warnings

import numpy as np

import frame
from numpy_common import KINDS, State, in_pythons, lib, ours, seeded, status_text, theirs, version_number

VERSION = version_number(np.__version__)
HAVE = [kind for kind in KINDS if hasattr(np.random, kind)]

def many(row, times=2):
    """More cases than asked for, and `times` the values, as some cases are refusals and some are small."""
    return row.cases(1.5, times * row.options.values)


# ---- states ----


def state_of(state):
    return ours(state), state.has_gauss, struct.pack("d", state.gauss)


def upstream_state_of(rs):
    st = rs.get_state(legacy=False)
    return theirs(rs._bit_generator), st["has_gauss"], struct.pack("d", st["gauss"])


def address(array):
    return ctypes.c_void_p(array.ctypes.data)


def legacy_seed(case):
    """Our state and NumPy's RandomState, seeded alike in one of the ways that there are."""
    random = case.random
    way = random.randrange(6)
    state = State()
    if way < 2:
        seed = random.getrandbits(random.randrange(33))
        lib.oneseed_numpy_legacy_seed(ctypes.byref(state), ctypes.c_uint32(seed))
        rs = np.random.RandomState(seed)
    elif way == 2:
        seeds = [random.getrandbits(32) for _ in range(random.choice((1, 2, 5, 623, 624, 700)))]
        lib.oneseed_numpy_legacy_seed_array(ctypes.byref(state), (ctypes.c_uint32 * len(seeds))(*seeds), ctypes.c_size_t(len(seeds)))
        rs = np.random.RandomState(seeds)
    else:
        kind, seed = random.choice(HAVE), random.getrandbits(random.randrange(200))
        state = seeded(kind, seed, VERSION)
        rs = np.random.RandomState(getattr(np.random, kind)(seed))
    state.version = VERSION
    return state, rs


def pair(case):
    """The same two, moved on: somewhere in a block, with or without a cached normal and a saved half word."""
    state, rs = legacy_seed(case)
    for _ in range(case.random.choice((0, 1, 2, case.random.randrange(700)))):
        lib.oneseed_numpy_next_u32(ctypes.byref(state))
        rs.randint(0, 2**32, dtype=np.uint32)
    for _ in range(case.random.randrange(3)):
        lib.oneseed_numpy_legacy_standard_normal(ctypes.byref(state))
        rs.standard_normal()
    return state, rs


def check_state(case, state, rs, what):
    case.same_state(state_of(state), upstream_state_of(rs), what)


# ---- refusals ----

ENDLESS = "NumPy never returns for these parameters"


def check_refusal(case, state, status, draw, what):
    """NumPy refuses with our message, and nothing was drawn."""
    before = state_of(state)
    text = status_text(status)
    if text == ENDLESS:
        return
    try:
        draw()
    except (ValueError, OverflowError) as error:
        if str(error) != text:
            case.wrong("%s: %r instead of %r" % (what, text, str(error)))
    else:
        case.wrong("%s: refused with %r, accepted by NumPy" % (what, text))
    case.same_state(state_of(state), before, what)


# ---- parameters ----


def positive(random, low=-3, high=3):
    if random.random() < 0.01:
        return random.choice((0.0, -0.0, -1.0, float("inf"), 5e-324, 1e300))
    return random.choice((1.0, 2.0, 0.5, 10.0 ** random.uniform(low, high), random.uniform(0.01, 3.0)))


def real(random):
    if random.random() < 0.02:
        return random.choice((0.0, -0.0, float("inf"), float("nan"), 1e308, -1e308))
    return random.choice((0.0, random.uniform(-10, 10), random.choice((-1, 1)) * 10.0 ** random.uniform(-30, 30)))


def shape(random):
    return random.choice((0.0, 1.0, random.random(), positive(random)))


def probability(random):
    if random.random() < 0.02:
        return random.choice((-1e-300, 1.0000000000000002, float("nan"), 2.0))
    return random.choice((0.0, 1.0, 0.5, 1 / 3, random.random(), 10.0 ** random.uniform(-20, 0), 1.0 - 10.0 ** random.uniform(-16, 0)))


def trials(random):
    n = random.choice((random.randrange(-1, 3), random.randrange(100), random.randrange(100000), random.getrandbits(random.randrange(1, 63))))
    return n, probability(random)


def near_one(random):
    """Neither so small that BTPE's sums or a search take minutes."""
    p = probability(random)
    return p if not 0 < p < 1e-3 else random.uniform(0.001, 1)


def rate(random):
    if random.random() < 0.02:
        return random.choice((-1.0, float("nan"), 9.3e18, 9.223372006484771e18, 9.223372006484773e18))
    return random.choice((0.0, random.uniform(0, 12), random.uniform(9.5, 10.5), 10.0 ** random.uniform(0, 18.9)))


def exponent(random):
    return random.choice((1.0, float("nan"), 2.0, 1.02 + random.random(), 1 + 10.0 ** random.uniform(-1, 3)))


def corners(random):
    values = [real(random) for _ in range(3)]
    return values if random.random() < 0.1 else sorted(values)


def urn(random):
    good, bad = (random.choice((random.randrange(-1, 3), random.randrange(100), random.getrandbits(random.randrange(1, 40)))) for _ in range(2))
    most = max(0, good + bad)
    return good, bad, random.choice((random.randrange(12), most, random.randrange(most + 2), min(most, 10), min(most, 11)))


def wald(random):
    return positive(random), positive(random)


METHODS = {
    "random_sample": lambda random: (), "standard_normal": lambda random: (), "standard_exponential": lambda random: (),
    "standard_cauchy": lambda random: (),
    "standard_gamma": lambda random: (shape(random),), "standard_t": lambda random: (positive(random),),
    "chisquare": lambda random: (positive(random),), "exponential": lambda random: (positive(random, -30, 30),),
    "pareto": lambda random: (positive(random),), "weibull": lambda random: (shape(random),), "power": lambda random: (positive(random),),
    "rayleigh": lambda random: (positive(random, -30, 30),), "uniform": lambda random: (real(random), real(random)),
    "normal": lambda random: (real(random), positive(random)), "lognormal": lambda random: (real(random), positive(random)),
    "laplace": lambda random: (real(random), positive(random)), "gumbel": lambda random: (real(random), positive(random)),
    "logistic": lambda random: (real(random), positive(random)), "gamma": lambda random: (shape(random), positive(random)),
    "beta": lambda random: (positive(random), positive(random)), "f": lambda random: (positive(random), positive(random)),
    "noncentral_chisquare": lambda random: (positive(random), random.choice((0.0, float("nan"), positive(random)))),
    "noncentral_f": lambda random: (positive(random), positive(random), random.choice((0.0, positive(random)))), "wald": wald,
    "vonmises": lambda random: (real(random), random.choice((0.0, float("nan"), 10.0 ** random.uniform(-10, 15), positive(random)))),
    "triangular": corners,
    "binomial": trials, "negative_binomial": lambda random: (positive(random), near_one(random)), "poisson": lambda random: (rate(random),),
    "zipf": lambda random: (exponent(random),), "geometric": lambda random: (probability(random),),
    "logseries": lambda random: (probability(random),), "hypergeometric": urn,
}
INTEGER_VALUES = {"binomial", "negative_binomial", "poisson", "zipf", "geometric", "logseries", "hypergeometric"}
INTEGER_ARGUMENTS = {"binomial": (True, False), "hypergeometric": (True, True, True)}


def argument(value, is_integer):
    return ctypes.c_int64(value) if is_integer else ctypes.c_double(value)


def fill(name, state, parameters, out):
    kinds = INTEGER_ARGUMENTS.get(name, (False,) * len(parameters))
    function = getattr(lib, "oneseed_numpy_legacy_%s_fill" % name)
    function.restype = ctypes.c_int if parameters else None
    return function(ctypes.byref(state), *map(argument, parameters, kinds), address(out), ctypes.c_size_t(len(out))) or 0


def method(name, upstream_name=None):
    """Values, state, and what is refused. rand and randn take their size as arguments."""

    def compare(row):
        for case in many(row):
            state, rs = pair(case)
            parameters = METHODS[name](case.random)
            what = "%s%r" % (name, parameters)
            upstream = getattr(rs, upstream_name or name)
            out = np.empty(case.n, np.int64 if name in INTEGER_VALUES else np.float64)
            draw = (lambda: upstream(case.n)) if upstream_name in ("rand", "randn") else (lambda: upstream(*parameters, size=case.n))
            status = fill(name, state, parameters, out)
            if status:
                check_refusal(case, state, status, draw, what)
                continue
            try:
                want = draw()
            except (ValueError, OverflowError) as error:
                case.wrong("%s: accepted, refused by NumPy: %s" % (what, error))
                continue
            case.same(same_nans(out), same_nans(want), case.n, what)
            check_state(case, state, rs, what)

    return compare


def same_nans(values):
    """NaN has many bits, of which the processor chooses: the sign is no part of the promise."""
    values = np.array(values)
    if values.dtype == np.float64:
        values[np.isnan(values)] = np.nan
    return values


# ---- seeding, state ----


def seed(row):
    for case in many(row):
        state, rs = legacy_seed(case)
        out = np.empty(case.n)
        fill("random_sample", state, (), out)
        case.same(out, rs.random_sample(case.n), case.n, "after seeding")
        check_state(case, state, rs, "after seeding")


def set_state(row):
    for case in many(row):
        rs = np.random.RandomState(case.random.getrandbits(32))
        rs.standard_normal(case.random.randrange(400))
        name, key, position, has_gauss, gauss = rs.get_state()
        state = State(version=VERSION)
        key = np.ascontiguousarray(key, dtype=np.uint32)
        if lib.oneseed_numpy_legacy_set_state(ctypes.byref(state), address(key), ctypes.c_uint32(position), has_gauss, ctypes.c_double(gauss)):
            case.wrong("set_state is refused")
        check_state(case, state, rs, "set_state")
        out = np.empty(case.n)
        fill("standard_normal", state, (), out)
        case.same(out, rs.standard_normal(case.n), case.n, "after set_state")


def mixed(row):
    """Methods one after the other on one state, so that each meets what the others left."""
    for case in many(row):
        state, rs = pair(case)
        for _ in range(max(1, case.n // 10)):
            name = case.random.choice(sorted(METHODS))
            parameters = METHODS[name](case.random)
            n = case.random.randrange(20)
            out = np.empty(n, np.int64 if name in INTEGER_VALUES else np.float64)
            if fill(name, state, parameters, out) == 0:
                case.same(same_nans(out), same_nans(getattr(rs, name)(*parameters, size=n)), n, "%s%r" % (name, parameters))
        check_state(case, state, rs, "after several methods")


# ---- whole numbers ----

DTYPES = ["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"]


def type_bounds(dtype):
    return (0, 1) if dtype == "bool" else (int(np.iinfo(dtype).min), int(np.iinfo(dtype).max))


def bounds(random, dtype):
    """An inclusive range of a type, of all widths."""
    low, high = type_bounds(dtype)
    if random.random() < 0.15:
        return low, high
    width = min(high - low, random.choice((0, 2**8 - 1, 2**16 - 1, 2**32 - 1, 2**32, random.getrandbits(random.randrange(1, 65)))))
    first = random.choice((low, 0, high - width, random.randint(low, high - width)))
    return min(max(first, low), high - width), min(max(first, low), high - width) + width


def words64(values):
    return np.array([value & (2**64 - 1) for value in values], dtype=np.uint64)


def randint(dtype):
    def compare(row):
        for case in many(row):
            state, rs = pair(case)
            first, last = bounds(case.random, dtype)
            what = "randint(%d, %d, dtype=%s)" % (first, last + 1, dtype)
            out = np.empty(case.n, dtype)
            two = words64((first, last))
            lib.oneseed_numpy_legacy_randint_dtype_fill(
                ctypes.byref(state), DTYPES.index(dtype), ctypes.c_uint64(int(two[0])), ctypes.c_uint64(int(two[1])), address(out), ctypes.c_size_t(case.n)
            )
            case.same(out, rs.randint(first, last + 1, size=case.n, dtype=dtype), case.n, what)
            check_state(case, state, rs, what)
            check_scalar_randint(case, state, rs, dtype, first, last)

    return compare


def check_scalar_randint(case, state, rs, dtype, first, last):
    out = np.empty(1, dtype)
    two = words64((first, last))
    lib.oneseed_numpy_legacy_randint_dtype_fill(
        ctypes.byref(state), DTYPES.index(dtype), ctypes.c_uint64(int(two[0])), ctypes.c_uint64(int(two[1])), address(out), ctypes.c_size_t(1)
    )
    case.same(out, np.array([rs.randint(first, last + 1, dtype=dtype)], dtype), 1, "one randint(%d, %d, dtype=%s)" % (first, last + 1, dtype))


def randint_arrays(row):
    for case in many(row):
        state, rs = pair(case)
        dtype = case.random.choice(DTYPES)
        few = [bounds(case.random, dtype) for _ in range(20)]
        pairs = [case.random.choice(few) for _ in range(case.n)]
        first, last = zip(*pairs)
        firsts, lasts, out = words64(first), words64(last), np.empty(case.n, dtype)
        lib.oneseed_numpy_legacy_randint_array_fill(
            ctypes.byref(state), DTYPES.index(dtype), address(firsts), address(lasts), address(out), ctypes.c_size_t(case.n)
        )
        low = np.array(first, dtype=object)
        high = np.array([bound + 1 for bound in last], dtype=object)
        case.same(out, rs.randint(low, high, dtype=dtype), case.n, "randint of arrays, %s" % dtype)
        check_state(case, state, rs, "randint of arrays, %s" % dtype)


def randint_default(row):
    """randint(low, high) of the default type, with ranges that are refused."""
    for case in many(row):
        state, rs = pair(case)
        low, high = bounds(case.random, "int64")
        low, high = random_order(case.random, low, high)
        out = np.empty(case.n, np.int64)
        status = lib.oneseed_numpy_legacy_randint_fill(ctypes.byref(state), ctypes.c_int64(low), ctypes.c_int64(high), address(out), ctypes.c_size_t(case.n))
        what = "randint(%d, %d)" % (low, high)
        if status:
            check_refusal(case, state, status, lambda: rs.randint(low, high, case.n), what)
            continue
        case.same(out, rs.randint(low, high, case.n), case.n, what)
        check_state(case, state, rs, what)


def random_order(random, low, high):
    if random.random() < 0.05:
        return random.choice(((high, low), (0, 0), (0, -1), (low, low)))
    return low, high


def random_integers(row):
    for case in many(row):
        state, rs = pair(case)
        first, last = bounds(case.random, "int64")
        last = max(first, min(last, 2**63 - 2))
        out = np.empty(case.n, np.int64)
        two = words64((first, last))
        lib.oneseed_numpy_legacy_randint_dtype_fill(
            ctypes.byref(state), DTYPES.index("int64"), ctypes.c_uint64(int(two[0])), ctypes.c_uint64(int(two[1])), address(out), ctypes.c_size_t(case.n)
        )
        case.same(out, rs.random_integers(first, last, case.n), case.n, "random_integers(%d, %d)" % (first, last))
        check_state(case, state, rs, "random_integers(%d, %d)" % (first, last))


def tomaxint(row):
    for case in many(row):
        state, rs = pair(case)
        out = np.empty(case.n, np.int64)
        lib.oneseed_numpy_legacy_tomaxint_fill(ctypes.byref(state), address(out), ctypes.c_size_t(case.n))
        case.same(out, rs.tomaxint(case.n), case.n, "tomaxint")
        check_state(case, state, rs, "tomaxint")


def random_bytes(row):
    for case in many(row):
        state, rs = pair(case)
        n = case.random.choice((0, 1, 3, 4, 5, 2 * case.n, 2 * case.n + 1))
        out = np.empty(n, np.uint8)
        lib.oneseed_numpy_legacy_bytes_fill(ctypes.byref(state), address(out), ctypes.c_size_t(n))
        case.same(out, rs.bytes(n), n, "bytes(%d)" % n)
        check_state(case, state, rs, "bytes(%d)" % n)


# ---- orders and choices ----


def length(case):
    return case.random.choice((0, 1, 2, case.random.randrange(100), 2 * case.n))


def permutation(row):
    for case in many(row, 4):
        state, rs = pair(case)
        n = length(case)
        out = np.empty(n, np.int64)
        lib.oneseed_numpy_legacy_permutation_fill(ctypes.byref(state), address(out), ctypes.c_size_t(n))
        case.same(out, rs.permutation(n), n, "permutation(%d)" % n)
        check_state(case, state, rs, "permutation(%d)" % n)


def shuffle(row):
    """Items of any size: of one dimension, rows of two, lists."""
    for case in many(row, 4):
        state, rs = pair(case)
        n, width = length(case), case.random.choice((1, 2, 3, 4, 8, 16, 70))
        n = n // width if n > 100 else n
        got = np.arange(n * width, dtype=np.uint32).astype(np.uint8).reshape(n, width)
        want = got.copy()
        if case.random.random() < 0.3:
            rows = [bytes(item) for item in want]
            rs.shuffle(rows)
            want = np.frombuffer(b"".join(rows), np.uint8)
        elif case.random.random() < 0.5:
            rs.shuffle(want.view("V%d" % width).reshape(n))
        else:
            rs.shuffle(want)
        lib.oneseed_numpy_legacy_shuffle(ctypes.byref(state), address(got), ctypes.c_size_t(n), ctypes.c_size_t(width))
        case.same(got, want, n * width, "shuffle of %d items of %d bytes" % (n, width))
        if n * width:  # an array of two dimensions and no items draws nothing, and neither do we
            check_state(case, state, rs, "shuffle of %d items of %d bytes" % (n, width))


def weights(random, n):
    p = np.array([random.choice((0.0, 1.0, random.random(), 10.0 ** random.uniform(-20, 0))) for _ in range(n)])
    p[random.randrange(n)] = 1.0
    p = p / p.sum()
    if random.random() < 0.03:
        p[random.randrange(n)] = random.choice((float("nan"), -0.1, 0.7))
    return p


def choice(row):
    for case in many(row):
        state, rs = pair(case)
        population = case.random.choice((0, 1, 2, case.random.randrange(1, 1000), case.random.getrandbits(62) + 1))
        out = np.empty(case.n, np.int64)
        status = lib.oneseed_numpy_legacy_choice_fill(ctypes.byref(state), ctypes.c_size_t(population), address(out), ctypes.c_size_t(case.n))
        what = "choice(%d)" % population
        if status:
            check_refusal(case, state, status, lambda: rs.choice(population, case.n), what)
            continue
        case.same(out, rs.choice(population, case.n), case.n, what)
        check_state(case, state, rs, what)


def choice_weighted(row):
    for case in many(row):
        state, rs = pair(case)
        p = weights(case.random, case.random.choice((1, 2, 10, case.random.randrange(1, 1000))))
        n = len(p)
        out, work = np.empty(case.n, np.int64), np.empty(n)
        status = lib.oneseed_numpy_legacy_choice_weighted_fill(
            ctypes.byref(state), address(p), ctypes.c_size_t(n), ctypes.c_double(0), address(work), address(out), ctypes.c_size_t(case.n)
        )
        what = "choice of %d with p" % n
        if status:
            check_refusal(case, state, status, lambda: rs.choice(n, case.n, p=p), what)
            continue
        case.same(out, rs.choice(n, case.n, p=p), case.n, what)
        check_state(case, state, rs, what)


def choice_distinct(row):
    for case in many(row, 4):
        state, rs = pair(case)
        n = length(case)
        population = n + case.random.choice((-1, 0, 1, case.random.randrange(1000)))
        if population < 0:
            continue
        out, work = np.empty(n, np.int64), np.empty(population, np.int64)
        status = lib.oneseed_numpy_legacy_choice_distinct_fill(ctypes.byref(state), ctypes.c_size_t(population), address(work), address(out), ctypes.c_size_t(n))
        what = "choice(%d, %d, replace=False)" % (population, n)
        if status:
            check_refusal(case, state, status, lambda: rs.choice(population, n, replace=False), what)
            continue
        case.same(out, rs.choice(population, n, replace=False), n, what)
        check_state(case, state, rs, what)


def choice_weighted_distinct(row):
    for case in many(row, 16):
        state, rs = pair(case)
        p = weights(case.random, case.random.choice((1, 2, 10, case.random.randrange(1, 2 * case.n))))
        population, possible = len(p), int(np.count_nonzero(p > 0))
        n = case.random.choice((0, 1, possible, possible, case.random.randrange(possible + 2), population + 1))
        out, work = np.empty(n, np.int64), np.empty(2 * population)
        status = lib.oneseed_numpy_legacy_choice_weighted_distinct_fill(
            ctypes.byref(state), address(p), ctypes.c_size_t(population), ctypes.c_double(0), address(work), address(out), ctypes.c_size_t(n)
        )
        what = "choice(%d, %d, replace=False) with p" % (population, n)
        if status:
            check_refusal(case, state, status, lambda: rs.choice(population, n, replace=False, p=p), what)
            continue
        case.same(out, rs.choice(population, n, replace=False, p=p), n, what)
        check_state(case, state, rs, what)


# ---- several variables ----


def multinomial(row):
    for case in many(row):
        state, rs = pair(case)
        p = weights(case.random, case.random.randrange(1, 40))
        n_trials = case.random.choice((-1, 0, 1, case.random.randrange(1000), case.random.getrandbits(40)))
        n = max(1, case.n // len(p))
        out = np.empty((n, len(p)), np.int64)
        status = lib.oneseed_numpy_legacy_multinomial_fill(
            ctypes.byref(state), ctypes.c_int64(n_trials), address(p), ctypes.c_size_t(len(p)), address(out), ctypes.c_size_t(n)
        )
        what = "multinomial(%d, %r)" % (n_trials, p)
        if status:
            check_refusal(case, state, status, lambda: rs.multinomial(n_trials, p, n), what)
            continue
        case.same(out, rs.multinomial(n_trials, p, n), out.size, what)
        check_state(case, state, rs, what)


def dirichlet(row):
    for case in many(row):
        state, rs = pair(case)
        alpha = np.array([positive(case.random) for _ in range(case.random.randrange(1, 20))])
        n = max(1, case.n // len(alpha))
        out = np.empty((n, len(alpha)))
        status = lib.oneseed_numpy_legacy_dirichlet_fill(ctypes.byref(state), address(alpha), ctypes.c_size_t(len(alpha)), address(out), ctypes.c_size_t(n))
        what = "dirichlet(%r)" % alpha
        if status:
            check_refusal(case, state, status, lambda: rs.dirichlet(alpha, n), what)
            continue
        case.same(same_nans(out), same_nans(rs.dirichlet(alpha, n)), out.size, what)
        check_state(case, state, rs, what)


def multivariate_normal(row):
    """Covariances that are diagonal with powers of 4: then the sums are exact, in whichever order BLAS adds."""
    row.condition = "the normals; the factor and the product are LAPACK's and BLAS's"
    for case in many(row):
        state, rs = pair(case)
        d = case.random.randrange(1, 8)
        mean = np.array([case.random.uniform(-5, 5) for _ in range(d)])
        covariance = np.diag([4.0 ** case.random.randrange(-3, 4) for _ in range(d)])
        _, s, v = np.linalg.svd(covariance)
        factor, work = np.ascontiguousarray(np.sqrt(s)[:, None] * v), np.empty(d)
        n = max(1, case.n // d)
        out = np.empty((n, d))
        lib.oneseed_numpy_legacy_multivariate_normal_fill(
            ctypes.byref(state), address(mean), address(factor), ctypes.c_size_t(d), address(work), address(out), ctypes.c_size_t(n)
        )
        what = "multivariate_normal, %r" % covariance.diagonal()
        case.same(out, rs.multivariate_normal(mean, covariance, n), out.size, what)
        check_state(case, state, rs, what)


FUNCTIONS = {
    "RandomState": seed, "set_state, get_state": set_state, "methods mixed": mixed,
    **{name: method(name) for name in METHODS},
    "random": method("random_sample", "random"), "rand": method("random_sample", "rand"), "randn": method("standard_normal", "randn"),
    "randint": randint_default, **{"randint(dtype=%s)" % dtype: randint(dtype) for dtype in DTYPES}, "randint of arrays": randint_arrays,
    "random_integers": random_integers, "tomaxint": tomaxint, "bytes": random_bytes, "permutation": permutation, "shuffle": shuffle,
    "choice": choice, "choice(p)": choice_weighted, "choice(replace=False)": choice_distinct, "choice(replace=False, p)": choice_weighted_distinct,
    "multinomial": multinomial, "dirichlet": dirichlet, "multivariate_normal": multivariate_normal,
}

if __name__ == "__main__":
    found = frame.options()
    if not found.worker:
        sys.exit(1 if in_pythons(os.path.abspath(__file__), sys.argv[1:]) else 0)
    warnings.simplefilter("ignore", DeprecationWarning)  # random_integers
    with np.errstate(all="ignore"):
        sys.exit(1 if frame.compare("numpy_legacy", FUNCTIONS, {"NumPy": np.__version__}, found) else 0)
