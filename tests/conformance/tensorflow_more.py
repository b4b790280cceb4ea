"""tensorflow_more - TensorFlow's distributions with rejection, tf.random.Generator and tf.data beside liboneseed, on the CPU.

The comparison runs in the environment of the frameworks, as tensorflow.py beside it does.

SPDX-License-Identifier: MIT
"""

import ctypes
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path = [HERE] + [path for path in sys.path if os.path.abspath(path or ".") != HERE]
import frame  # noqa: E402  the folder has a file tensorflow.py: only frame is taken from it

sys.path.remove(HERE)

DTYPES = ("bfloat16", "float16", "float32", "float64", "int32", "int64", "uint32", "uint64")
FLOATS = DTYPES[1:4]
NUMBERS = DTYPES[1:6]
lib = frame.library()


class Place(ctypes.Structure):
    _fields_ = [("key", ctypes.c_uint32 * 2), ("counter", ctypes.c_uint32 * 4)]

    def tuple(self):
        return tuple(self.key) + tuple(self.counter)


DOUBLES = ctypes.POINTER(ctypes.c_double)
lib.oneseed_tensorflow_gamma_fill.argtypes = [
    ctypes.c_void_p,
    ctypes.c_int,
    DOUBLES,
    DOUBLES,
    ctypes.c_size_t,
    ctypes.c_size_t,
    ctypes.c_void_p,
]
lib.oneseed_tensorflow_poisson_fill.argtypes = [
    ctypes.c_void_p,
    ctypes.c_int,
    DOUBLES,
    ctypes.c_size_t,
    ctypes.c_size_t,
    ctypes.c_void_p,
]
lib.oneseed_tensorflow_binomial_fill.argtypes = [
    ctypes.c_void_p,
    ctypes.c_int,
    DOUBLES,
    DOUBLES,
    ctypes.c_size_t,
    ctypes.c_size_t,
    ctypes.c_int,
    ctypes.c_void_p,
]
lib.oneseed_tensorflow_categorical_fill.argtypes = [
    ctypes.c_void_p,
    DOUBLES,
    ctypes.c_size_t,
    ctypes.c_size_t,
    ctypes.c_size_t,
    ctypes.c_uint,
    ctypes.c_int,
    ctypes.c_void_p,
    ctypes.c_void_p,
]
lib.oneseed_tensorflow_categorical_reserve.argtypes = [ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint64]
lib.oneseed_tensorflow_reserve.argtypes = [ctypes.c_void_p, ctypes.c_uint64]
lib.oneseed_tensorflow_generator_binomial_fill.argtypes = lib.oneseed_tensorflow_binomial_fill.argtypes


# ---- places and parameters ----


def seed_pair(case):
    bits = case.random.choice((8, 32, 63))
    return [case.random.getrandbits(bits) * case.random.choice((1, -1)) for _ in range(2)]


def stateless_place(seed):
    place = Place()
    lib.oneseed_tensorflow_stateless_seed(ctypes.byref(place), *[ctypes.c_int64(x) for x in seed])
    return place


def kernel_place(seed, seed2):
    place = Place()
    lib.oneseed_tensorflow_philox_seed(ctypes.byref(place), ctypes.c_int64(seed), ctypes.c_int64(seed2))
    return place


def doubles(values):
    return (ctypes.c_double * max(1, len(values)))(*[float(x) for x in values])


def filled(case, want, function, *arguments):
    """What our function writes, as bytes; `want` says how much there is."""
    out = ctypes.create_string_buffer(b"\xca" * (want.nbytes + 8), want.nbytes + 8)
    status = function(*arguments, out)
    if status:
        case.wrong("refused with status %d" % status)
    return out.raw[: want.nbytes]


def as_bytes(tensor):
    import numpy as np

    return np.ascontiguousarray(tensor.numpy())


def spread(case, low, high):
    """A number between powers of ten, or a usual one."""
    return case.random.choice((10.0 ** case.random.uniform(low, high), 1.0, 0.5, 10.0, 2.0))


def sizes(case):
    """How many sets of parameters and how many samples of each."""
    n_sets = case.random.choice((1, 1, 2, 3, 7))
    return n_sets, case.random.choice((1, 2, 5, 300, 1000)) if case.number % 2 else 700


def rounded(values, dtype):
    """The numbers of the dtype, as a Python list."""
    import numpy as np

    return np.asarray(values, dtype).astype(np.float64).tolist()


def tensor(values, dtype):
    """A tensor of numbers that are the dtype's already."""
    import numpy as np
    import tensorflow as tf

    return tf.constant(np.asarray(values, dtype))


def repeated(row, compare):
    """Each case at least once."""
    for case in row.cases():
        compare(case)
        while row.values < (case.number + 1) * case.n:
            compare(case)


# ---- rows ----


def compare_stateless_gamma(dtype):
    def compare(row):
        import tensorflow as tf

        def one(case):
            seed, (n_sets, n) = seed_pair(case), sizes(case)
            alpha = rounded([spread(case, -2, 3) for _ in range(n_sets)], dtype)
            beta = rounded([spread(case, -2, 2) for _ in range(n_sets)], dtype) if case.random.randrange(2) else None
            given = None if beta is None else tensor(beta, dtype)
            want = as_bytes(tf.random.stateless_gamma((n, n_sets), seed, tensor(alpha, dtype), given, dtype))
            got = filled(
                case,
                want,
                lib.oneseed_tensorflow_gamma_fill,
                ctypes.byref(stateless_place(seed)),
                DTYPES.index(dtype),
                doubles(alpha),
                beta and doubles(beta),
                n_sets,
                n,
            )
            case.same(got, want.tobytes(), n * n_sets, "seed=%r, alpha=%r, beta=%r, n=%d" % (seed, alpha, beta, n))

        repeated(row, one)

    return compare


def compare_gamma(dtype):
    """The operation with its seed; called twice, it goes on behind what the first call reserved."""

    def compare(row):
        import tensorflow as tf

        def one(case):
            seeds, (n_sets, n) = [case.random.getrandbits(31) for _ in range(2)], sizes(case)
            alpha = rounded([spread(case, -2, 3) for _ in range(n_sets)], dtype)
            beta = rounded([spread(case, -2, 2) for _ in range(n_sets)], dtype)
            tf.random.set_seed(seeds[0])
            place = kernel_place(seeds[0] % (2**31 - 1), seeds[1] % (2**31 - 1))
            for _ in range(2):
                want = as_bytes(tf.random.gamma([n], tensor(alpha, dtype), tensor(beta, dtype), dtype, seeds[1]))
                got = filled(
                    case,
                    want,
                    lib.oneseed_tensorflow_gamma_fill,
                    ctypes.byref(place),
                    DTYPES.index(dtype),
                    doubles(alpha),
                    doubles(beta),
                    n_sets,
                    n,
                )
                lib.oneseed_tensorflow_reserve(ctypes.byref(place), n * n_sets)
                case.same(
                    got, want.tobytes(), n * n_sets, "seeds %r, alpha=%r, beta=%r, n=%d" % (seeds, alpha, beta, n)
                )

        repeated(row, one)

    return compare


def compare_stateless_poisson(dtype):
    def compare(row):
        import tensorflow as tf

        def one(case):
            seed, (n_sets, n) = seed_pair(case), sizes(case)
            rate_dtype = case.random.choice(FLOATS)
            largest = 4 if "16" in rate_dtype + dtype else 8
            rates = rounded(
                [case.random.choice((0.0, -1.0, spread(case, -2, largest))) for _ in range(n_sets)], rate_dtype
            )
            want = as_bytes(tf.random.stateless_poisson((n, n_sets), seed, tensor(rates, rate_dtype), dtype))
            got = filled(
                case,
                want,
                lib.oneseed_tensorflow_poisson_fill,
                ctypes.byref(stateless_place(seed)),
                DTYPES.index(dtype),
                doubles(rates),
                n_sets,
                n,
            )
            case.same(got, want.tobytes(), n * n_sets, "seed=%r, rates=%r, n=%d" % (seed, rates, n))

        repeated(row, one)

    return compare


def compare_poisson(dtype):
    def compare(row):
        import tensorflow as tf

        def one(case):
            seeds, (n_sets, n) = [case.random.getrandbits(31) for _ in range(2)], sizes(case)
            rates = rounded([spread(case, -2, 4) for _ in range(n_sets)], dtype)
            tf.random.set_seed(seeds[0])
            place = kernel_place(seeds[0] % (2**31 - 1), seeds[1] % (2**31 - 1))
            for _ in range(2):
                want = as_bytes(tf.random.poisson([n], tensor(rates, dtype), dtype, seeds[1]))
                got = filled(
                    case,
                    want,
                    lib.oneseed_tensorflow_poisson_fill,
                    ctypes.byref(place),
                    DTYPES.index(dtype),
                    doubles(rates),
                    n_sets,
                    n,
                )
                lib.oneseed_tensorflow_reserve(ctypes.byref(place), n * n_sets)
                case.same(got, want.tobytes(), n * n_sets, "seeds %r, rates=%r, n=%d" % (seeds, rates, n))

        repeated(row, one)

    return compare


def binomial_parameters(case, n_sets):
    dtype = case.random.choice(FLOATS)
    largest = 3 if dtype == "float16" else 8
    counts = [case.random.choice((0, -2, 1, int(10.0 ** case.random.uniform(0, largest)))) for _ in range(n_sets)]
    choices = (0.0, 1.0, 0.5, case.random.random(), 10.0 ** case.random.uniform(-6, 0), 2.0, -1.0)
    probs = [case.random.choice(choices) for _ in range(n_sets)]
    return dtype, rounded(counts, dtype), rounded(probs, dtype)


def compare_stateless_binomial(dtype):
    def compare(row):
        import tensorflow as tf

        def one(case):
            seed, (n_sets, n) = seed_pair(case), sizes(case)
            kind, counts, probs = binomial_parameters(case, n_sets)
            want = as_bytes(
                tf.random.stateless_binomial((n, n_sets), seed, tensor(counts, kind), tensor(probs, kind), dtype)
            )
            got = filled(
                case,
                want,
                lib.oneseed_tensorflow_binomial_fill,
                ctypes.byref(stateless_place(seed)),
                DTYPES.index(kind),
                doubles(counts),
                doubles(probs),
                n_sets,
                n,
                DTYPES.index(dtype),
            )
            what = "seed=%r, counts=%r, probs=%r (%s), n=%d" % (seed, counts, probs, kind, n)
            case.same(got, want.tobytes(), n * n_sets, what)

        repeated(row, one)

    return compare


# ---- categorical ----


def logits_of(case, n_rows, n_classes, dtype):
    """Rows of logits, some of them not finite."""
    special = (float("inf"), float("-inf"), float("nan"), -1000.0)
    scale = case.random.choice((0.1, 1.0, 10.0, 300.0))
    odds = case.random.choice((0, 0, 3))
    rows = [
        [
            case.random.choice(special) if case.random.randrange(10) < odds else case.random.gauss(0, scale)
            for _ in range(n_classes)
        ]
        for _ in range(n_rows)
    ]
    return rounded(rows, dtype)


def compare_categorical(dtype):
    """Both operations; how the rows are cut is that of the worker's threads."""

    def compare(row):
        import tensorflow as tf

        def one(case):
            kind = case.random.choice(FLOATS)
            n_rows, n_classes = case.random.choice((1, 1, 2, 3, 10, 33, 100)), case.random.choice((1, 2, 5, 8, 10, 100))
            n = case.random.choice((1, 2, 3, 4, 30, 1000))
            n = n if n_rows * n < 10000 else 31
            seed = seed_pair(case)
            logits = logits_of(case, n_rows, n_classes, kind)
            given, flat = tensor(logits, kind), doubles(sum(logits, []))
            space = (ctypes.c_double * n_classes)()
            tf.random.set_seed(7)
            ours = [abs(x) % (2**31 - 1) for x in seed]
            for place, draw in (
                (stateless_place(seed), lambda: tf.random.stateless_categorical(given, n, seed, dtype)),
                (kernel_place(7, ours[0]), lambda: tf.random.categorical(given, n, dtype, ours[0])),
            ):
                for _ in range(2):
                    want = as_bytes(draw())
                    got = filled(
                        case,
                        want,
                        lib.oneseed_tensorflow_categorical_fill,
                        ctypes.byref(place),
                        flat,
                        n_rows,
                        n_classes,
                        n,
                        THREADS,
                        DTYPES.index(dtype),
                        space,
                    )
                    case.same(
                        got, want.tobytes(), n * n_rows, "seed=%r, %d rows of %d, n=%d" % (seed, n_rows, n_classes, n)
                    )
                    if place.key[0] != 7:
                        break
                    lib.oneseed_tensorflow_categorical_reserve(ctypes.byref(place), n_rows, n)

        repeated(row, one)

    return compare


# ---- tf.random.Generator ----


class Generator(ctypes.Structure):
    _fields_ = [("state", ctypes.c_int64 * 3), ("algorithm", ctypes.c_uint32)]

    def draw(self, n):
        place = Place()
        lib.oneseed_tensorflow_generator_draw(ctypes.byref(self), ctypes.c_uint64(n), ctypes.byref(place))
        return place


def generators(case, algorithms):
    """The same generator twice, from a seed of any kind."""
    import tensorflow as tf

    mine = Generator()
    bits = case.random.choice((8, 63, 64, 65, 128, 130, 192, 250))
    seed = case.random.getrandbits(bits) * case.random.choice((1, -1))
    if case.random.randrange(3):
        words = [abs(seed) >> 32 * k & 0xFFFFFFFF for k in range(8)]
        if -(2**63) <= seed < 2**63:
            lib.oneseed_tensorflow_generator_seed(ctypes.byref(mine), ctypes.c_int64(seed))
        else:
            n_words = (bits + 31) // 32
            lib.oneseed_tensorflow_generator_seed_words(
                ctypes.byref(mine), ctypes.c_int(seed < 0), (ctypes.c_uint32 * 8)(*words), ctypes.c_size_t(n_words)
            )
    else:
        seed = [case.random.getrandbits(63) * case.random.choice((1, -1)) for _ in range(case.random.randrange(6))]
        given = (ctypes.c_int64 * 6)(*seed)
        lib.oneseed_tensorflow_generator_seed_list(ctypes.byref(mine), given, ctypes.c_size_t(len(seed)))
    theirs = tf.random.Generator.from_seed(seed, alg=case.random.choice(algorithms))
    case.same_state(list(mine.state), theirs.state.numpy().tolist(), "from_seed(%r)" % (seed,))
    return mine, theirs


def normal_step(case, mine, theirs):
    import tensorflow as tf

    n, dtype = case.random.choice((0, 1, 2, 3, 4, 500, 777)), case.random.choice(DTYPES[:4])
    name = case.random.choice(("normal", "truncated_normal", "uniform"))
    a, b = case.random.choice(((0.0, 1.0), (case.random.uniform(-3, 3), case.random.uniform(0.1, 9))))
    want = as_bytes(getattr(theirs, name)([n], a, b, dtype=tf.as_dtype(dtype)))
    function = getattr(lib, "oneseed_tensorflow_%s_fill" % {"uniform": "uniform_range"}.get(name, name))
    out = ctypes.create_string_buffer(want.nbytes + 8)
    function(
        ctypes.byref(mine.draw(n)), DTYPES.index(dtype), ctypes.c_double(a), ctypes.c_double(b), out, ctypes.c_size_t(n)
    )
    case.same(out.raw[: want.nbytes], want.tobytes(), n, "%s(%d, %r, %r, %s)" % (name, n, a, b, dtype))


def integer_step(case, mine, theirs):
    n, dtype = case.random.choice((0, 1, 2, 3, 4, 500, 777)), case.random.choice(DTYPES[4:])
    if dtype.startswith("u") or case.random.randrange(2):
        want = as_bytes(theirs.uniform_full_int([n], dtype=dtype))
        function, bounds = lib.oneseed_tensorflow_uniform_full_int_fill, ()
    else:
        low, high = -case.random.getrandbits(31), case.random.getrandbits(31) + 1
        want = as_bytes(theirs.uniform([n], low, high, dtype=dtype))
        function, bounds = lib.oneseed_tensorflow_uniform_int_fill, (ctypes.c_int64(low), ctypes.c_int64(high))
    out = ctypes.create_string_buffer(want.nbytes + 8)
    function(ctypes.byref(mine.draw(n)), DTYPES.index(dtype), *bounds, out, ctypes.c_size_t(n))
    case.same(out.raw[: want.nbytes], want.tobytes(), n, "uniform of %s" % dtype)


def binomial_step(case, mine, theirs):
    import tensorflow as tf

    n_sets, n = sizes(case)
    kind, counts, probs = binomial_parameters(case, n_sets)
    dtype = case.random.choice(NUMBERS)
    want = as_bytes(theirs.binomial((n, n_sets), tensor(counts, kind), tensor(probs, kind), tf.as_dtype(dtype)))
    got = filled(
        case,
        want,
        lib.oneseed_tensorflow_generator_binomial_fill,
        ctypes.byref(mine),
        DTYPES.index(kind),
        doubles(counts),
        doubles(probs),
        n_sets,
        n,
        DTYPES.index(dtype),
    )
    case.same(got, want.tobytes(), n * n_sets, "binomial(%r, %r, %s)" % (counts, probs, dtype))


def seeds_step(case, mine, theirs):
    import numpy as np

    n = case.random.choice((0, 1, 2, 3, 20))
    if case.random.randrange(4):
        n = n if case.random.randrange(2) else case.n
        want = as_bytes(theirs.make_seeds(n))
        case.same_state(want[1].tolist(), [0] * n, "make_seeds: the second row")
        want = want[0].copy()
    else:
        states = np.array([one.state.numpy() for one in theirs.split(n)], np.int64).reshape(n, 3)
        case.same_state(states[:, :2].tolist(), [[0, 0]] * n, "split: the counters")
        want = states[:, 2].copy()
    out = (ctypes.c_int64 * max(1, n))()
    lib.oneseed_tensorflow_generator_make_seeds(ctypes.byref(mine), out, ctypes.c_size_t(n))
    case.same(bytes(out)[: 8 * n], want.tobytes(), n, "make_seeds or split (%d)" % n)


def skip_step(case, mine, theirs):
    delta = case.random.getrandbits(case.random.randrange(1, 62)) * case.random.choice((1, 1, -1))
    theirs.skip(delta)
    lib.oneseed_tensorflow_generator_skip(ctypes.byref(mine), ctypes.c_int64(delta))


def compare_generator(*steps, algorithms=("philox", "Auto-Select", None)):
    """Methods one after the other, with the state after each."""

    def compare(row):
        for case in row.cases():
            mine, theirs = generators(case, algorithms)
            while True:
                case.random.choice(steps)(case, mine, theirs)
                case.same_state(list(mine.state), theirs.state.numpy().tolist(), "a method")
                if row.values >= (case.number + 1) * case.n:
                    break

    return compare


# ---- tf.data ----


class Buffer(ctypes.Structure):
    _fields_ = [
        ("seeds", ctypes.c_int64 * 2),
        ("n_drawn", ctypes.c_uint64),
        ("block", ctypes.c_uint32 * 4),
        ("slots", ctypes.c_void_p),
        ("n_slots", ctypes.c_size_t),
        ("first", ctypes.c_size_t),
        ("n_held", ctypes.c_size_t),
    ]


def iteration_seeds(seeds, iteration):
    out = (ctypes.c_int64 * 2)()
    lib.oneseed_tensorflow_dataset_seeds((ctypes.c_int64 * 2)(*seeds), ctypes.c_uint64(iteration), out)
    return list(out)


def order(seeds, n_slots, n):
    """The order of one iterator of a shuffle over n elements."""
    slots, out = (ctypes.c_uint64 * n_slots)(), (ctypes.c_uint64 * max(1, n))()
    lib.oneseed_tensorflow_dataset_shuffle(
        (ctypes.c_int64 * 2)(*seeds), slots, ctypes.c_size_t(n_slots), out, ctypes.c_size_t(n)
    )
    return list(out)[:n]


def shuffled(seeds, n_slots, items):
    """The same by puts and takes, of any items."""
    buffer, slots, item, result = Buffer(), (ctypes.c_uint64 * n_slots)(), ctypes.c_uint64(), []
    lib.oneseed_tensorflow_buffer_begin(
        ctypes.byref(buffer), (ctypes.c_int64 * 2)(*seeds), slots, ctypes.c_size_t(n_slots)
    )
    left = list(items)
    while True:
        while left and lib.oneseed_tensorflow_buffer_put(ctypes.byref(buffer), ctypes.c_uint64(left[0])):
            left.pop(0)
        if not lib.oneseed_tensorflow_buffer_take(ctypes.byref(buffer), ctypes.byref(item)):
            return result
        result.append(item.value)


def elements(dataset):
    """All of an iterator's elements."""
    return [int(x) for batch in dataset.batch(1 << 20).as_numpy_iterator() for x in batch]


def dataset_seeds(case):
    """Sets the global seed and gives the argument `seed` with the dataset's two seeds."""
    import random

    import tensorflow as tf

    first = case.random.getrandbits(30)
    tf.random.set_seed(first)
    if case.random.randrange(2):
        second = case.random.getrandbits(30)
        return second, [first, second]
    return None, [first, random.Random(first).randint(0, 2**31 - 1)]


def compare_shuffle(row):
    """Dataset.shuffle, some iterators of each; a global seed alone in every second case."""
    import numpy as np
    import tensorflow as tf

    for case in row.cases():
        seed, seeds = dataset_seeds(case)
        n, n_slots = case.random.choice((0, 1, 2, 7, 100)), case.random.choice((1, 2, 3, 10, 64, 1000, -2))
        n = n if case.random.randrange(3) == 0 else case.n
        again = bool(case.random.randrange(4))
        dataset = tf.data.Dataset.range(n).shuffle(n_slots, seed, reshuffle_each_iteration=again)
        if case.random.randrange(2):
            options = tf.data.Options()
            options.deterministic = bool(case.random.randrange(2))
            dataset = dataset.with_options(options)
        for iteration in range(3):
            want = elements(dataset)
            own = iteration_seeds(seeds, iteration) if again else seeds
            got = order(own, n_slots if n_slots > 0 else max(1, n), n)
            what = "seeds %r, range(%d).shuffle(%d), iterator %d" % (seeds, n, n_slots, iteration)
            case.same(np.array(got, np.int64).tobytes(), np.array(want, np.int64).tobytes(), n, what)


def compare_repeats(row):
    """shuffle with repeat before, after, and two shuffles: which iterator has which seeds."""
    import numpy as np
    import tensorflow as tf

    for case in row.cases():
        seed, seeds = dataset_seeds(case)
        n, n_slots, n_times = (
            case.random.choice((3, 10, case.n // 2)),
            case.random.choice((1, 3, 10, 64, 1000)),
            case.random.choice((1, 2, 5)),
        )
        kind = case.random.choice(("before", "after", "far after", "endless", "two"))
        source = tf.data.Dataset.range(n)
        whole = list(range(n))
        if kind == "before":
            dataset = source.repeat(n_times).shuffle(n_slots, seed)
        elif kind == "after":
            dataset = source.shuffle(n_slots, seed).repeat(n_times)
        elif kind == "far after":  # side by side they would become one
            dataset = source.shuffle(n_slots, seed).batch(3).unbatch().repeat(n_times)
        elif kind == "endless":
            dataset = source.shuffle(n_slots, seed).repeat().take(n * n_times + 1)
        else:  # the global seed is the first of both
            dataset = source.shuffle(n_slots, seed).shuffle(7, 5)
        made = 0
        for turn in range(3):
            want = elements(dataset)
            if kind == "before":
                got = shuffled(iteration_seeds(seeds, turn), n_slots, whole * n_times)
            elif kind == "two":
                got = shuffled(iteration_seeds([seeds[0], 5], turn), 7, order(iteration_seeds(seeds, turn), n_slots, n))
            else:
                # The iterator behind the last one is made, too; repeat(1) is taken away, shuffle and repeat become one.
                n_made = n_times + (kind == "endless" or kind == "far after" and n_times > 1)
                got = sum((order(iteration_seeds(seeds, made + k), n_slots, n) for k in range(n_made)), [])[: len(want)]
                made += n_made
            what = "seeds %r, %s, range(%d), %d slots, %d times, iterator %d" % (seeds, kind, n, n_slots, n_times, turn)
            case.same(np.array(got, np.int64).tobytes(), np.array(want, np.int64).tobytes(), len(want), what)


def compare_random(row):
    import numpy as np
    import tensorflow as tf

    for case in row.cases():
        seed, seeds = dataset_seeds(case)
        again, n = bool(case.random.randrange(2)), case.n // 2 + 1
        dataset = tf.data.Dataset.random(seed, rerandomize_each_iteration=again).take(n)
        for turn in range(2):
            want, own = elements(dataset), iteration_seeds(seeds, turn) if again else seeds
            out, cut = (ctypes.c_int64 * n)(), case.random.randrange(n + 1)
            for begin, end in ((0, cut), (cut, n)):
                lib.oneseed_tensorflow_dataset_random(
                    (ctypes.c_int64 * 2)(*own),
                    ctypes.c_uint64(begin),
                    ctypes.byref(out, 8 * begin),
                    ctypes.c_size_t(end - begin),
                )
            case.same(bytes(out), np.array(want, np.int64).tobytes(), n, "seeds %r, again=%r" % (seeds, again))


def chosen(seeds, logits, begin):
    """Which dataset sample_from_datasets takes next, its `begin`-th choice."""
    words, out = (ctypes.c_int64 * 2)(), ctypes.c_int64()
    lib.oneseed_tensorflow_dataset_random(
        (ctypes.c_int64 * 2)(*seeds), ctypes.c_uint64(2 * begin), words, ctypes.c_size_t(2)
    )
    lib.oneseed_tensorflow_categorical_fill(
        ctypes.byref(stateless_place(words)),
        doubles(logits),
        1,
        len(logits),
        1,
        1,
        DTYPES.index("int64"),
        doubles(logits),
        ctypes.byref(out),
    )
    return out.value


def compare_sample(row):
    """Dataset.sample_from_datasets: a categorical sample for each element, of a seed pair from Dataset.random."""
    import numpy as np
    import tensorflow as tf

    for case in row.cases():
        seed, seeds = dataset_seeds(case)
        n_sources, again, stops = (
            case.random.randrange(2, 5),
            bool(case.random.randrange(2)),
            bool(case.random.randrange(2)),
        )
        lengths = [case.random.randrange(1, case.n) for _ in range(n_sources)]
        sources = [tf.data.Dataset.range(10000 * k, 10000 * k + length) for k, length in enumerate(lengths)]
        weights = [case.random.uniform(0.1, 1) for _ in sources] if case.random.randrange(2) else None
        logits = [1.0] * n_sources if weights is None else as_bytes(tf.math.log(tf.constant(weights))).tolist()
        dataset = tf.data.Dataset.sample_from_datasets(sources, weights, seed, stops, again)
        for turn in range(2):
            own = iteration_seeds(seeds, turn) if again else seeds
            left, got, begin = [iter(range(10000 * k, 10000 * k + length)) for k, length in enumerate(lengths)], [], 0
            n_left = n_sources
            while n_left:
                source, begin = chosen(own, logits, begin), begin + 1
                item = None if left[source] is None else next(left[source], None)
                if item is not None:
                    got.append(item)
                elif stops:
                    break
                elif left[source] is not None:
                    left[source], n_left = None, n_left - 1
            want = np.array(elements(dataset), np.int64)
            what = "seeds %r, lengths %r, weights %r" % (seeds, lengths, weights)
            case.same(np.array(got, np.int64).tobytes(), want.tobytes(), len(want), what)


FUNCTIONS = {
    **{"gamma (%s)" % dtype: compare_gamma(dtype) for dtype in FLOATS},
    **{"stateless_gamma (%s)" % dtype: compare_stateless_gamma(dtype) for dtype in FLOATS},
    **{"poisson (%s)" % dtype: compare_poisson(dtype) for dtype in NUMBERS},
    **{"stateless_poisson (%s)" % dtype: compare_stateless_poisson(dtype) for dtype in NUMBERS},
    **{"stateless_binomial (%s)" % dtype: compare_stateless_binomial(dtype) for dtype in NUMBERS},
    "Generator: from_seed, normal, truncated_normal, uniform, uniform_full_int, skip": compare_generator(
        normal_step, integer_step, skip_step
    ),
    "Generator.binomial": compare_generator(binomial_step, algorithms=("philox",)),
    "Generator.make_seeds, split": compare_generator(seeds_step),
    "data.Dataset.shuffle": compare_shuffle,
    "data.Dataset.shuffle and repeat": compare_repeats,
    "data.Dataset.random": compare_random,
    "data.Dataset.sample_from_datasets": compare_sample,
}

# Rows that depend on how many threads TensorFlow has: each number in a process of its own, the first one with all other rows.
THREADED = {"categorical (%s)" % dtype: compare_categorical(dtype) for dtype in ("int32", "int64")}
NUMBERS_OF_THREADS = (2, 16, 1, 3)  # a short run: the first two
THREADS = int(os.environ.get("ONESEED_TENSORFLOW_THREADS", NUMBERS_OF_THREADS[0]))


def pythons():
    given = os.environ.get("ONESEED_TENSORFLOW_PYTHONS")
    return given.split(os.pathsep) if given else [os.path.join(frame.ROOT, ".venv-frameworks", "bin", "python")]


def run(path, threads):
    """One worker; 1 when it fails."""
    environment = dict(os.environ, ONESEED_TENSORFLOW_THREADS=str(threads))
    try:
        command = [path, os.path.abspath(__file__), "--worker", *sys.argv[1:]]
        return subprocess.run(command, env=environment).returncode != 0
    except OSError as error:
        print("oneseed: %s: %s: make it with scripts/setup" % (path, error.strerror), file=sys.stderr)
        return 1


def main():
    found = frame.options()
    if not found.worker:
        numbers = NUMBERS_OF_THREADS[:2] if found.short else NUMBERS_OF_THREADS
        sys.exit(1 if sum(run(path, threads) for path in pythons() for threads in numbers) else 0)
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(THREADS)
    functions = {**FUNCTIONS, **THREADED} if THREADS == NUMBERS_OF_THREADS[0] else THREADED
    sys.exit(1 if frame.compare("tensorflow", functions, {"TensorFlow": tf.__version__}, found) else 0)


if __name__ == "__main__":
    main()
