"""python.py - the dialect `python` compared with the `random` of every CPython that is found: python tests/conformance/python.py

Each interpreter runs this file as a worker; the library is called through ctypes.

SPDX-License-Identifier: MIT
"""

import array
import ctypes
import os
import random
import sys

# The script's folder would put this file before the standard library's modules of the same names.
sys.path[0:1] = []
sys.path.append(os.path.dirname(os.path.abspath(__file__)))
import frame  # noqa: E402

VERSION = sys.version_info[0] * 100 + sys.version_info[1]
lib = frame.library()


class State(ctypes.Structure):
    _fields_ = [
        ("words", ctypes.c_uint32 * 625),
        ("version", ctypes.c_uint32),
        ("has_gauss", ctypes.c_uint32),
        ("gauss_next", ctypes.c_double),
    ]


def double_bits(x):
    return None if x is None else array.array("d", [x]).tobytes()


def state_of(state):
    return tuple(state.words), double_bits(state.gauss_next) if state.has_gauss else None


def upstream_state_of(r):
    _, words, gauss = r.getstate()
    return words, double_bits(gauss)


def words_of(n):
    n = abs(n)
    count = max(1, (n.bit_length() + 31) // 32)
    return (ctypes.c_uint32 * count).from_buffer_copy(n.to_bytes(4 * count, "little")), count


def pair(case):
    """Our generator and Python's in the same state, somewhere in a block."""
    seed = case.seed()
    r = random.Random(seed)
    state = State(version=VERSION)
    words, n = words_of(seed)
    lib.oneseed_python_seed(ctypes.byref(state), words, ctypes.c_size_t(n))
    for _ in range(case.random.randrange(700)):
        r.getrandbits(32)
        lib.oneseed_mt19937_next_u32(ctypes.byref(state))
    return state, r


def c_argument(x):
    return ctypes.c_double(x) if isinstance(x, float) else ctypes.c_int64(x)


def fill(name, state, parameters, out):
    """Fills an array; the status."""
    address, n = out.buffer_info()
    function = getattr(lib, "oneseed_python_%s_fill" % name)
    return function(ctypes.byref(state), *map(c_argument, parameters), ctypes.c_void_p(address), ctypes.c_size_t(n))


def status_text(status):
    lib.oneseed_status_text.restype = ctypes.c_char_p
    return lib.oneseed_status_text(status).decode()


# ---- distributions and ranges: a method, the kind of its values, its parameters and those that it refuses ----


def real(random, low=-10.0, high=10.0):
    """A number of any size around 1, sometimes a round one."""
    if random.random() < 0.2:
        return float(random.randrange(int(low), int(high) + 1))
    if random.random() < 0.1:
        return random.choice((-1.0, 1.0)) * 10.0 ** random.uniform(-30, 30)
    return random.uniform(low, high)


def positive(random, low=-3, high=3):
    return random.choice((1.0, 2.0, 0.5, 10.0 ** random.uniform(low, high), random.uniform(0.01, 3.0)))


def non_zero(random):
    return random.choice((-1.0, 1.0)) * positive(random)


def ordered(random):
    low, mode, high = sorted(real(random) for _ in range(3))
    return low, high, mode


def small(random):
    return random.uniform(-5, 5), random.uniform(0, 5)


def integer(random, n_bits=62):
    return random.choice((-1, 1)) * random.getrandbits(random.randrange(n_bits + 1))


def trials(random):
    n = random.choice(
        (
            random.randrange(3),
            random.randrange(100),
            random.randrange(100000),
            random.getrandbits(random.randrange(1, 50)),
        )
    )
    p = random.choice(
        (random.random(), 10.0 ** random.uniform(-9, 0), 1.0 - 10.0 ** random.uniform(-9, 0), 0.5, 0.0, 1.0)
    )
    return n, p


def range_2(random):
    start, stop = sorted((integer(random), integer(random)))
    return start, stop + 1, 1


def range_3(random):
    start, stop, step = integer(random), integer(random), integer(random, random.randrange(40))
    if step == 0 or start == stop:
        return range_3(random)
    return start, stop, abs(step) if start < stop else -abs(step)


def low_high(random):
    if random.random() < 0.02:
        return -(2**63), 2**63 - 1
    low, high = sorted((integer(random, 63), integer(random, 63)))
    return max(low, -(2**63)), min(high, 2**63 - 1)


METHODS = {
    "random": ("d", lambda random: (), []),
    "uniform": ("d", lambda random: (real(random), real(random)), []),
    "triangular": ("d", ordered, []),
    "normalvariate": ("d", lambda random: (real(random), real(random)), []),
    "gauss": ("d", lambda random: (real(random), real(random)), []),
    "lognormvariate": ("d", small, []),
    "expovariate": ("d", lambda random: (non_zero(random),), [(0.0,)]),
    "vonmisesvariate": ("d", lambda random: (real(random), random.choice((0.0, 1e-7, positive(random, -6, 6)))), []),
    "gammavariate": ("d", lambda random: (positive(random), positive(random)), [(0.0, 1.0), (1.0, 0.0), (-1.0, 1.0)]),
    "betavariate": ("d", lambda random: (positive(random, -2), positive(random, -2)), [(0.0, 1.0), (1.0, -1.0)]),
    "paretovariate": ("d", lambda random: (random.choice((-1.0, 1.0)) * max(0.1, positive(random)),), [(0.0,)]),
    "weibullvariate": (
        "d",
        lambda random: (real(random), random.choice((-1.0, 1.0)) * max(0.1, positive(random))),
        [(1.0, 0.0)],
    ),
    "binomialvariate": ("q", trials, [(-1, 0.5), (5, -0.1), (5, 1.5)]),
    "randrange": (
        "q",
        lambda random: random.choice((range_2, range_3))(random),
        [(5, 5, 1), (5, 3, 1), (0, 5, 0), (0, 5, -1), (5, 0, 2)],
    ),
    "randint": ("q", low_high, [(5, 4)]),
    "getrandbits": ("Q", lambda random: (random.randrange(65),), []),
}


def method(name):
    kind, parameters, refused = METHODS[name]

    def compare(row):
        for case in row.cases():
            state, r = pair(case)
            upstream = getattr(r, name)
            these = parameters(case.random)
            want = array.array(kind, [upstream(*these) for _ in range(case.n)])
            got = array.array(kind, bytes(want.itemsize * case.n))
            status = fill(name, state, these, got)
            case.same(got, want, case.n, "%s%r, status %d" % (name, these, status))
            case.same_state(state_of(state), upstream_state_of(r), "%s%r" % (name, these))
            for these in refused if case.number < 20 else ():
                refuse(case, name, these)

    return compare


def refuse(case, name, these):
    """Python raises; so do we, with nothing drawn and nothing written."""
    state, r = pair(case)
    before = state_of(state)
    got = array.array("q", [-3735928559])
    status = fill(name, state, these, got)
    try:
        getattr(r, name)(*these)
        case.wrong("%s%r: Python does not refuse it" % (name, these))
    except (ValueError, ZeroDivisionError) as error:
        # Messages with values in them are the binding's; "float" left the text of the division in 3.14.
        known = status_text(status)
        if known.split(" ")[0] not in ("empty", "float") and str(error) != known:
            case.wrong("%s%r: %r instead of %r" % (name, these, known, str(error)))
    if status == 0 or state_of(state) != before or got[0] != -3735928559:
        case.wrong("%s%r: is not refused as it should be" % (name, these))


# ---- what takes or gives something else ----


def seed_int(row):
    for case in row.cases():
        n = case.random.choice((-1, 1)) * case.random.getrandbits(
            case.random.choice((8, 31, 32, 33, 64, 65, 200, 20000, 40000))
        )
        r, state = random.Random(n), State(version=VERSION)
        if -(2**63) <= n < 2**63:
            lib.oneseed_python_seed_i64(ctypes.byref(state), ctypes.c_int64(n))
            same_start(case, state, r, "seed(%d)" % n)
            r = random.Random(n)
        words, count = words_of(n)
        lib.oneseed_python_seed(ctypes.byref(state), words, ctypes.c_size_t(count))
        same_start(case, state, r, "seed of %d bits" % n.bit_length())


def same_start(case, state, r, what):
    """All 624 words and the position, and some doubles."""
    want = array.array("I", r.getstate()[1])
    case.same(bytes(state.words), want, 625, what)
    want = array.array("d", [r.random() for _ in range(max(1, case.n - 625))])
    got = array.array("d", bytes(8 * len(want)))
    fill("random", state, (), got)
    case.same(got, want, len(want), what)


def seed_float(row):
    for case in row.cases():
        x = case.random.choice(
            (real(case.random), 0.0, -0.0, float("inf"), -float("inf"), 5e-324, 1.7e308, case.random.uniform(0, 1e20))
        )
        r, state = random.Random(x), State(version=VERSION)
        lib.oneseed_python_seed_f64(ctypes.byref(state), ctypes.c_double(x))
        same_start(case, state, r, "seed(%r)" % x)


def text(random, surrogates=False):
    alphabet = random.choice(("ab01_", "aé\0ÿ", "aéλ€", "aλ𝄞\U0010ffff") + (("a\ud800\udfff",) if surrogates else ()))
    length = random.choice((random.randrange(10), random.randrange(100), random.randrange(5000)))
    return "".join(random.choice(alphabet) for _ in range(length))


def seed_str(row):
    for case in row.cases():
        version = case.random.choice((1, 2))
        s = text(case.random, surrogates=version == 1)
        r, state = random.Random(), State(version=VERSION)
        r.seed(s, version)
        utf8 = s.encode("utf-8", "surrogatepass")
        status = lib.oneseed_python_seed_str(ctypes.byref(state), utf8, ctypes.c_size_t(len(utf8)), version)
        same_start(case, state, r, "seed(str of %d, %d), status %d" % (len(s), version, status))


def seed_bytes(row):
    for case in row.cases():
        version = case.random.choice((1, 2))
        n = case.random.choice((case.random.randrange(10), case.random.randrange(300), case.random.randrange(5000)))
        s = bytes(n // 2) * case.random.randrange(2) + case.random.getrandbits(8 * n).to_bytes(n, "little")
        r, state = random.Random(), State(version=VERSION)
        r.seed(bytearray(s) if version == 2 and n % 2 else s, version)
        lib.oneseed_python_seed_bytes(ctypes.byref(state), s, ctypes.c_size_t(len(s)), version)
        same_start(case, state, r, "seed(bytes of %d, %d)" % (len(s), version))


def setstate(row):
    for case in row.cases():
        _, r = pair(case)
        state = State(version=VERSION)
        words = (ctypes.c_uint32 * 625)(*r.getstate()[1])
        lib.oneseed_python_setstate(ctypes.byref(state), words)
        same_start(case, state, r, "setstate")
        words[624] = 625
        before = state_of(state)
        if lib.oneseed_python_setstate(ctypes.byref(state), words) == 0 or state_of(state) != before:
            case.wrong("a state with position 625 is not refused")


def getrandbits_words(row):
    for case in row.cases():
        state, r = pair(case)
        k = case.random.choice((case.random.randrange(1, 200), case.random.randrange(1, 32 * case.n)))
        count = (k + 31) // 32
        got = (ctypes.c_uint32 * count)()
        lib.oneseed_python_getrandbits_words(ctypes.byref(state), ctypes.c_uint64(k), got)
        case.same(got, r.getrandbits(k).to_bytes(4 * count, "little"), count, "getrandbits(%d)" % k)
        case.same_state(state_of(state), upstream_state_of(r), "getrandbits(%d)" % k)


def randbytes(row):
    for case in row.cases():
        state, r = pair(case)
        n = case.random.choice((case.random.randrange(50), case.n))
        got = ctypes.create_string_buffer(n + 1)
        lib.oneseed_python_randbytes(ctypes.byref(state), got, ctypes.c_size_t(n))
        case.same(got.raw[:n], r.randbytes(n), n, "randbytes(%d)" % n)
        case.same_state(state_of(state), upstream_state_of(r), "randbytes(%d)" % n)


def randint_words(row):
    for case in row.cases():
        state, r = pair(case)
        n_words = case.random.randrange(1, 12)
        half = 2 ** (32 * n_words - 1)
        low, high = sorted(max(-half, min(half - 1, integer(case.random, 32 * n_words))) for _ in range(2))
        if case.random.random() < 0.1:
            low, high = -half, half - 1
        for _ in range(max(1, case.n // n_words)):
            got, a, b = ((ctypes.c_uint32 * n_words)() for _ in range(3))
            for to, n in ((a, low), (b, high)):
                ctypes.memmove(to, (n % 2 ** (32 * n_words)).to_bytes(4 * n_words, "little"), 4 * n_words)
            lib.oneseed_python_randint_words(ctypes.byref(state), a, b, ctypes.c_size_t(n_words), got)
            want = r.randint(low, high)
            case.same(
                got,
                (want % 2 ** (32 * n_words)).to_bytes(4 * n_words, "little"),
                n_words,
                "randint(%d, %d)" % (low, high),
            )
        case.same_state(state_of(state), upstream_state_of(r), "randint(%d, %d)" % (low, high))
        if (
            low < high
            and lib.oneseed_python_randint_words(ctypes.byref(state), b, a, ctypes.c_size_t(n_words), got) == 0
        ):
            case.wrong("randint(%d, %d) is not refused" % (high, low))


def randbelow_words(row):
    for case in row.cases():
        state, r = pair(case)
        below = 1 + case.random.getrandbits(case.random.randrange(1, 300))
        n, n_words = words_of(below)
        for _ in range(max(1, case.n // n_words)):
            got = (ctypes.c_uint32 * n_words)()
            lib.oneseed_python_randbelow_words(ctypes.byref(state), n, ctypes.c_size_t(n_words), got)
            case.same(got, r.randrange(below).to_bytes(4 * n_words, "little"), n_words, "randrange(%d)" % below)
        case.same_state(state_of(state), upstream_state_of(r), "randrange(%d)" % below)


def choice(row):
    for case in row.cases():
        state, r = pair(case)
        n = case.random.choice((1, 2, case.random.randrange(1, 1000), case.random.getrandbits(40) + 1))
        want = array.array("q", [r.choice(range(n)) for _ in range(case.n)])
        got = array.array("q", bytes(8 * case.n))
        fill("choice", state, (n,), got)
        case.same(got, want, case.n, "choice of %d" % n)
        case.same_state(state_of(state), upstream_state_of(r), "choice of %d" % n)


def shuffle(row):
    for case in row.cases():
        n = case.random.choice((0, 1, 2, case.random.randrange(100), 2 * case.n, 3 * case.n))
        for kind in "BIQ":
            state, r = pair(case)
            want = [k % 256 for k in range(n)]
            got = array.array(kind, want)
            r.shuffle(want)
            lib.oneseed_python_shuffle(
                ctypes.byref(state),
                ctypes.c_void_p(got.buffer_info()[0]),
                ctypes.c_size_t(n),
                ctypes.c_size_t(got.itemsize),
            )
            case.same(got, array.array(kind, want), n, "shuffle of %d" % n)
            case.same_state(state_of(state), upstream_state_of(r), "shuffle of %d" % n)


def shuffle_random(row):
    for case in row.cases():
        state, r = pair(case)
        n = case.random.choice((0, 1, 2, case.random.randrange(100), 2 * case.n, 3 * case.n))
        want = list(range(n))
        got = array.array("Q", want)
        r.shuffle(want, r.random)
        lib.oneseed_python_shuffle_random(
            ctypes.byref(state), ctypes.c_void_p(got.buffer_info()[0]), ctypes.c_size_t(n), ctypes.c_size_t(8)
        )
        case.same(got, array.array("Q", want), n, "shuffle of %d" % n)
        case.same_state(state_of(state), upstream_state_of(r), "shuffle of %d" % n)


def space_for(n_items, k, more=0):
    lib.oneseed_python_sample_space.restype = ctypes.c_size_t
    return (
        ctypes.c_uint64 * (1 + more + lib.oneseed_python_sample_space(ctypes.c_uint64(n_items), ctypes.c_uint64(k)))
    )()


def sample(row):
    for case in row.cases():
        state, r = pair(case)
        k = case.random.choice((0, 1, 5, 6, case.random.randrange(100), 2 * case.n))
        n = k + case.random.choice((0, 1, case.random.randrange(1000), case.random.getrandbits(40)))
        want = array.array("Q", r.sample(range(n), k))
        got = (ctypes.c_uint64 * k)()
        lib.oneseed_python_sample(ctypes.byref(state), ctypes.c_uint64(n), ctypes.c_uint64(k), space_for(n, k), got)
        case.same(got, want, k, "sample(range(%d), %d)" % (n, k))
        case.same_state(state_of(state), upstream_state_of(r), "sample(range(%d), %d)" % (n, k))
        if (
            lib.oneseed_python_sample(
                ctypes.byref(state), ctypes.c_uint64(k), ctypes.c_uint64(k + 1), space_for(k, k), got
            )
            == 0
        ):
            case.wrong("sample(range(%d), %d) is not refused" % (k, k + 1))


def sample_counts(row):
    for case in row.cases():
        state, r = pair(case)
        n = case.random.randrange(1, 50)
        counts = [
            case.random.choice((0, 1, case.random.randrange(20), case.random.getrandbits(30))) for _ in range(n)
        ] + [1]
        k = min(sum(counts), case.random.choice((0, 1, 2 * case.n, case.random.randrange(1, 50))))
        want = array.array("Q", r.sample(range(n + 1), k, counts=counts))
        got = (ctypes.c_uint64 * k)()
        space = space_for(sum(counts), k, n + 1)
        lib.oneseed_python_sample_counts(
            ctypes.byref(state),
            (ctypes.c_uint64 * (n + 1))(*counts),
            ctypes.c_size_t(n + 1),
            ctypes.c_uint64(k),
            space,
            got,
        )
        case.same(got, want, k, "sample with counts %r, %d" % (counts, k))
        case.same_state(state_of(state), upstream_state_of(r), "sample with counts")


def choices(row):
    for case in row.cases():
        state, r = pair(case)
        n = case.random.choice((1, 2, case.random.randrange(1, 1000), case.random.getrandbits(52) + 1))
        want = array.array("q", r.choices(range(n), k=case.n))
        got = array.array("q", bytes(8 * case.n))
        fill("choices", state, (n,), got)
        case.same(got, want, case.n, "choices of %d" % n)
        case.same_state(state_of(state), upstream_state_of(r), "choices of %d" % n)


def choices_weights(row):
    for case in row.cases():
        state, r = pair(case)
        n = case.random.choice((1, 2, case.random.randrange(1, 300)))
        weights = [case.random.choice((0.0, 1.0, case.random.random(), positive(case.random))) for _ in range(n)]
        weights[case.random.randrange(n)] = 1.5
        want = array.array("q", r.choices(range(n), weights, k=case.n))
        got = array.array("q", bytes(8 * case.n))
        sums = (ctypes.c_double * n)()
        lib.oneseed_python_accumulate((ctypes.c_double * n)(*weights), ctypes.c_size_t(n), sums)
        lib.oneseed_python_choices_cum_weights_fill(
            ctypes.byref(state),
            sums,
            ctypes.c_size_t(n),
            ctypes.c_void_p(got.buffer_info()[0]),
            ctypes.c_size_t(case.n),
        )
        case.same(got, want, case.n, "choices with weights %r" % weights)
        case.same_state(state_of(state), upstream_state_of(r), "choices with weights")


FUNCTIONS = {
    "seed(int)": seed_int,
    "seed(float)": seed_float,
    "seed(str)": seed_str,
    "seed(bytes)": seed_bytes,
    "setstate": setstate,
    **{name: method(name) for name in METHODS if hasattr(random.Random, name)},
    "getrandbits (beyond 64)": getrandbits_words,
    "randbytes": randbytes,
    "randrange (beyond 64 bits)": randbelow_words,
    "randint (beyond 64 bits)": randint_words,
    "choice": choice,
    "shuffle": shuffle,
    "sample": sample,
    "sample(counts)": sample_counts,
    "choices": choices,
    "choices(weights)": choices_weights,
}
if VERSION <= 310:
    FUNCTIONS["shuffle(random)"] = shuffle_random

if __name__ == "__main__":
    found = frame.options()
    if found.worker:
        import warnings

        warnings.simplefilter("ignore", DeprecationWarning)  # shuffle(x, random)
        version = "%d.%d.%d" % sys.version_info[:3]
        sys.exit(1 if frame.compare("python", FUNCTIONS, {"CPython": version}, found) else 0)
    sys.exit(1 if frame.in_interpreters(os.path.abspath(__file__), found, sys.argv[1:]) else 0)
