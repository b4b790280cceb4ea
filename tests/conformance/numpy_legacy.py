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

lib.oneseed_status_array_text.restype = ctypes.c_char_p
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


def argument(value):
    """As C takes it: an array is a pointer; integers are 64 bits wide."""
    if isinstance(value, np.ndarray):
        return ctypes.c_void_p(value.ctypes.data)
    return ctypes.c_double(value) if isinstance(value, float) else ctypes.c_uint64(int(value) & (2**64 - 1))


def call(name, state, *arguments):
    """oneseed_numpy_legacy_NAME(state, …), which gives a status or nothing."""
    function = getattr(lib, "oneseed_numpy_legacy_" + name)
    return function(ctypes.byref(state), *map(argument, arguments))


def legacy_seed(case):
    """Our state and NumPy's RandomState, seeded alike in one of the ways that there are."""
    random = case.random
    way = random.randrange(6)
    state = State()
    if way < 2:
        seed = random.getrandbits(random.randrange(33))
        call("seed", state, seed)
        rs = np.random.RandomState(seed)
    elif way == 2:
        seeds = [random.getrandbits(32) for _ in range(random.choice((1, 2, 5, 623, 624, 700)))]
        call("seed_array", state, np.array(seeds, np.uint32), len(seeds))
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
        call("standard_normal", state)
        rs.standard_normal()
    return state, rs


def check_state(case, state, rs, what):
    case.same_state(state_of(state), upstream_state_of(rs), what)


# ---- refusals ----

ENDLESS = "NumPy never returns for these parameters"


def check_refusal(case, state, status, what, draw, *args, **kwargs):
    """NumPy refuses with our message, and nothing was drawn."""
    before = state_of(state)
    text = status_text(status)
    if text == ENDLESS:
        return
    try:
        draw(*args, **kwargs)
    except (ValueError, OverflowError) as error:
        if str(error) != text:
            case.wrong("%s: %r instead of %r" % (what, text, str(error)))
    else:
        case.wrong("%s: refused with %r, accepted by NumPy" % (what, text))
    case.same_state(state_of(state), before, what)


# ---- parameters ----


def positive(random, low=-3, high=3):
    if random.random() < 0.02:
        return random.choice((0.0, -0.0, -1.0, float("inf"), float("nan"), 5e-324, 1e300))
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
    few = random.choice((random.randrange(-1, 3), random.randrange(100), random.randrange(100000)))
    many_trials = random.getrandbits(random.randrange(1, 63)) + 1
    if random.random() < 0.1:  # beyond 2^53, with a mean that BTPE takes
        return many_trials, min(1.0, random.uniform(31, 500) / many_trials)
    return random.choice((few, few, few, many_trials)), probability(random)


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
    sizes = [lambda: random.randrange(-1, 3), lambda: random.randrange(100), lambda: random.getrandbits(random.randrange(1, 40))]
    good, bad = random.choice(sizes)(), random.choice(sizes)()
    most = max(0, good + bad)
    whole = min(most, 10**6)  # the whole of a large urn takes NumPy minutes
    return good, bad, random.choice((random.randrange(12), whole, random.randrange(most + 2), min(most, 10), min(most, 11)))


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


def fill(name, state, parameters, out):
    status = call(name + "_fill", state, *parameters, out, len(out))
    return status if parameters else 0


def method(name, upstream_name=None):
    """Values, state, and what is refused. rand and randn take their size as arguments."""

    def compare(row):
        for case in many(row):
            state, rs = pair(case)
            parameters = METHODS[name](case.random)
            what = "%s%r" % (name, parameters)
            upstream = getattr(rs, upstream_name or name)
            out = np.empty(case.n, np.int64 if name in INTEGER_VALUES else np.float64)
            status = fill(name, state, parameters, out)
            if status:
                check_refusal(case, state, status, what, upstream, *parameters, size=case.n)
                continue
            try:
                want = upstream(case.n) if upstream_name in ("rand", "randn") else upstream(*parameters, size=case.n)
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


def broken(random, parameters):
    """The same with some of them made worse."""
    worse = [lambda x: -x, lambda x: -x - 1, lambda x: type(x)(0), lambda x: x + 2, lambda x: x if isinstance(x, int) else float("nan")]
    return tuple(random.choice(worse)(x) if random.random() < 0.4 else x for x in parameters)


def refused_arrays(row):
    """Of the statuses of an array's elements the smallest is NumPy's."""
    for case in row.cases(10, 100 * row.options.cases):
        state, rs = pair(case)
        name = case.random.choice(sorted(name for name in METHODS if METHODS[name](case.random)))
        elements = [broken(case.random, METHODS[name](case.random)) for _ in range(3)]
        before = state_of(state)
        statuses = [fill(name, State.from_buffer_copy(state), element, np.empty(1)) for element in elements]
        refused = sorted(status for status in statuses if status)
        if not refused or status_text(refused[0]) == ENDLESS:
            continue
        want = lib.oneseed_status_array_text(refused[0]).decode()
        try:
            getattr(rs, name)(*(np.array(values) for values in zip(*elements)))
        except (ValueError, OverflowError) as error:
            case.same(want.encode(), str(error).encode(), 1, "%s%r: %r instead of %r" % (name, elements, want, str(error)))
        else:
            case.wrong("%s%r is not refused" % (name, elements))
        case.same_state(state_of(state), before, name)


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
        if call("set_state", state, key, position, has_gauss, gauss):
            case.wrong("set_state is refused")
        check_state(case, state, rs, "set_state")
        out = np.empty(case.n)
        fill("standard_normal", state, (), out)
        case.same(out, rs.standard_normal(case.n), case.n, "after set_state")


def mixed(row):
    """Methods one after the other on one state, so that each meets what the others left. Then what they refuse in arrays."""
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
    refused_arrays(row)


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
            call("randint_dtype_fill", state, DTYPES.index(dtype), first, last, out, case.n)
            case.same(out, rs.randint(first, last + 1, size=case.n, dtype=dtype), case.n, what)
            check_state(case, state, rs, what)
            check_scalar_randint(case, state, rs, dtype, first, last)

    return compare


def check_scalar_randint(case, state, rs, dtype, first, last):
    out = np.empty(1, dtype)
    call("randint_dtype_fill", state, DTYPES.index(dtype), first, last, out, 1)
    want = np.array([rs.randint(first, last + 1, dtype=dtype)], dtype)
    case.same(out, want, 1, "one randint(%d, %d, dtype=%s)" % (first, last + 1, dtype))


def randint_arrays(row):
    for case in many(row):
        state, rs = pair(case)
        dtype = case.random.choice(DTYPES)
        few = [bounds(case.random, dtype) for _ in range(20)]
        pairs = [case.random.choice(few) for _ in range(case.n)]
        first, last = zip(*pairs)
        firsts, lasts, out = words64(first), words64(last), np.empty(case.n, dtype)
        call("randint_array_fill", state, DTYPES.index(dtype), firsts, lasts, out, case.n)
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
        status = call("randint_fill", state, low, high, out, case.n)
        what = "randint(%d, %d)" % (low, high)
        if status:
            check_refusal(case, state, status, what, rs.randint, low, high, case.n)
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
        call("randint_dtype_fill", state, DTYPES.index("int64"), first, last, out, case.n)
        case.same(out, rs.random_integers(first, last, case.n), case.n, "random_integers(%d, %d)" % (first, last))
        check_state(case, state, rs, "random_integers(%d, %d)" % (first, last))


def tomaxint(row):
    for case in many(row):
        state, rs = pair(case)
        out = np.empty(case.n, np.int64)
        call("tomaxint_fill", state, out, case.n)
        case.same(out, rs.tomaxint(case.n), case.n, "tomaxint")
        check_state(case, state, rs, "tomaxint")


def random_bytes(row):
    for case in many(row):
        state, rs = pair(case)
        n = case.random.choice((0, 1, 3, 4, 5, 2 * case.n, 2 * case.n + 1))
        out = np.empty(n, np.uint8)
        call("bytes_fill", state, out, n)
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
        call("permutation_fill", state, out, n)
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
        call("shuffle", state, got, n, width)
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
        status = call("choice_fill", state, population, out, case.n)
        what = "choice(%d)" % population
        if status:
            check_refusal(case, state, status, what, rs.choice, population, case.n)
            continue
        case.same(out, rs.choice(population, case.n), case.n, what)
        check_state(case, state, rs, what)


def narrowed(case, p):
    """Sometimes p in a smaller type: its sum may then be further from 1. What NumPy gets, what we get, the tolerance."""
    if case.random.random() < 0.7:
        return p, p, 0.0
    narrow = p.astype(case.random.choice((np.float32, np.float16)))
    return narrow, narrow.astype(np.float64), float(np.sqrt(np.finfo(narrow.dtype).eps))


def choice_weighted(row):
    for case in many(row):
        state, rs = pair(case)
        given, p, tolerance = narrowed(case, weights(case.random, case.random.choice((1, 2, 10, case.random.randrange(1, 1000)))))
        n = len(p)
        out, work = np.empty(case.n, np.int64), np.empty(n)
        status = call("choice_weighted_fill", state, p, n, tolerance, work, out, case.n)
        what = "choice of %d with p of %s" % (n, given.dtype)
        if status:
            check_refusal(case, state, status, what, rs.choice, n, case.n, p=given)
            continue
        case.same(out, rs.choice(n, case.n, p=given), case.n, what)
        check_state(case, state, rs, what)


def choice_distinct(row):
    for case in many(row, 4):
        state, rs = pair(case)
        n = length(case)
        population = n + case.random.choice((-1, 0, 1, case.random.randrange(1000)))
        if population < 0:
            continue
        out, work = np.empty(n, np.int64), np.empty(population, np.int64)
        status = call("choice_distinct_fill", state, population, work, out, n)
        what = "choice(%d, %d, replace=False)" % (population, n)
        if status:
            check_refusal(case, state, status, what, rs.choice, population, n, replace=False)
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
        status = call("choice_weighted_distinct_fill", state, p, population, 0.0, work, out, n)
        what = "choice(%d, %d, replace=False) with p" % (population, n)
        if status:
            check_refusal(case, state, status, what, rs.choice, population, n, replace=False, p=p)
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
        status = call("multinomial_fill", state, n_trials, p, len(p), out, n)
        what = "multinomial(%d, %r)" % (n_trials, p)
        if status:
            check_refusal(case, state, status, what, rs.multinomial, n_trials, p, n)
            continue
        case.same(out, rs.multinomial(n_trials, p, n), out.size, what)
        check_state(case, state, rs, what)


def dirichlet(row):
    for case in many(row):
        state, rs = pair(case)
        alpha = np.array([positive(case.random) for _ in range(case.random.randrange(1, 20))])
        n = max(1, case.n // len(alpha))
        out = np.empty((n, len(alpha)))
        status = call("dirichlet_fill", state, alpha, len(alpha), out, n)
        what = "dirichlet(%r)" % alpha
        if status:
            check_refusal(case, state, status, what, rs.dirichlet, alpha, n)
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
        call("multivariate_normal_fill", state, mean, factor, d, work, out, n)
        what = "multivariate_normal, %r" % covariance.diagonal()
        case.same(out, rs.multivariate_normal(mean, covariance, n), out.size, what)
        check_state(case, state, rs, what)


FUNCTIONS = {
    "RandomState": seed, "set_state, get_state": set_state, "methods mixed": mixed,
    **{name: method(name) for name in METHODS},
    "random": method("random_sample", "random"), "rand": method("random_sample", "rand"), "randn": method("standard_normal", "randn"),
    "randint": randint_default, **{"randint(dtype=%s)" % dtype: randint(dtype) for dtype in DTYPES}, "randint of arrays": randint_arrays,
    "random_integers": random_integers, "tomaxint": tomaxint, "bytes": random_bytes, "permutation": permutation, "shuffle": shuffle,
    "choice": choice, "choice(p)": choice_weighted,
    "choice(replace=False)": choice_distinct, "choice(replace=False, p)": choice_weighted_distinct,
    "multinomial": multinomial, "dirichlet": dirichlet, "multivariate_normal": multivariate_normal,
}

if __name__ == "__main__":
    found = frame.options()
    if not found.worker:
        sys.exit(1 if in_pythons(os.path.abspath(__file__), sys.argv[1:]) else 0)
    warnings.simplefilter("ignore", DeprecationWarning)  # random_integers
    with np.errstate(all="ignore"):
        sys.exit(1 if frame.compare("numpy_legacy", FUNCTIONS, {"NumPy": np.__version__}, found) else 0)
