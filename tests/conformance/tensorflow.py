"""tensorflow - TensorFlow's streams of liboneseed beside tf.random and tf.nn.dropout, on the CPU.

The comparison runs in the environment of the frameworks (scripts/setup oracles makes it), or in the interpreters that
ONESEED_TENSORFLOW_PYTHONS names, with `:` between them.

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
FLOATS, INTEGERS = DTYPES[:4], DTYPES[4:]
lib = frame.library()


class Place(ctypes.Structure):
    _fields_ = [("key", ctypes.c_uint32 * 2), ("counter", ctypes.c_uint32 * 4)]


class Context(ctypes.Structure):
    """oneseed_tensorflow_context; the generator's size is not asked for, only not exceeded."""

    _fields_ = [("generator", ctypes.c_uint64 * 512)]


VALUES = [ctypes.c_void_p, ctypes.c_size_t]
lib.oneseed_tensorflow_uniform_fill.argtypes = [ctypes.c_void_p, ctypes.c_int] + VALUES
lib.oneseed_tensorflow_uniform_full_int_fill.argtypes = [ctypes.c_void_p, ctypes.c_int] + VALUES
lib.oneseed_tensorflow_uniform_int_fill.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int64, ctypes.c_int64] + VALUES
for name in ("uniform_range", "normal", "truncated_normal", "xla_uniform", "xla_normal", "xla_truncated_normal"):
    function = getattr(lib, "oneseed_tensorflow_%s_fill" % name)
    function.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_double, ctypes.c_double] + VALUES
lib.oneseed_tensorflow_keep_fill.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_double] + VALUES
lib.oneseed_tensorflow_dropout_fill.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_double, ctypes.c_void_p] + VALUES
lib.oneseed_tensorflow_shuffle.argtypes = [ctypes.c_void_p] + VALUES
lib.oneseed_tensorflow_reserve.argtypes = [ctypes.c_void_p, ctypes.c_uint64]
lib.oneseed_tensorflow_reserve_shuffle.argtypes = [ctypes.c_void_p, ctypes.c_uint64]
lib.oneseed_tensorflow_seed_words.restype = ctypes.c_int64
lib.oneseed_tensorflow_seed_f64.argtypes = [ctypes.c_double]
lib.oneseed_tensorflow_seed_f64.restype = ctypes.c_int64
lib.oneseed_tensorflow_set_seed_f64.argtypes = [ctypes.c_void_p, ctypes.c_double]


# ---- seeds ----


def words(n):
    """An integer as the library takes one of any length."""
    count = max(1, (abs(n).bit_length() + 31) // 32)
    return n < 0, (ctypes.c_uint32 * count)(*[abs(n) >> 32 * k & 0xFFFFFFFF for k in range(count)]), ctypes.c_size_t(count)


def operation_seed(seed):
    """The argument `seed` of an operation, as an int64 to point to."""
    if seed is None:
        return None
    if isinstance(seed, float):
        return ctypes.byref(ctypes.c_int64(lib.oneseed_tensorflow_seed_f64(seed)))
    if -(2**63) <= seed < 2**63:
        return ctypes.byref(ctypes.c_int64(seed))
    return ctypes.byref(ctypes.c_int64(lib.oneseed_tensorflow_seed_words(*words(seed))))


class Ours:
    """The eager context with the kernels that it keeps, as docs/tensorflow.md describes them."""

    def __init__(self):
        self.context = Context()
        self.kernels = {}

    def set_seed(self, seed):
        self.kernels = {}
        if isinstance(seed, float):
            if lib.oneseed_tensorflow_set_seed_f64(ctypes.byref(self.context), seed):
                raise ValueError("refused")
        elif -(2**63) <= seed < 2**63:
            lib.oneseed_tensorflow_set_seed(ctypes.byref(self.context), ctypes.c_int64(seed))
        else:
            lib.oneseed_tensorflow_set_seed_words(ctypes.byref(self.context), *words(seed))

    def place(self, kernel, seed):
        """The place of a kernel (its operation and attributes) that is called with seed."""
        out = (ctypes.c_int64 * 2)()
        if not lib.oneseed_tensorflow_operation_seed(ctypes.byref(self.context), operation_seed(seed), out):
            raise ValueError("no seed")
        key = (kernel, out[0], out[1])
        if key not in self.kernels:
            self.kernels[key] = Place()
            lib.oneseed_tensorflow_philox_seed(ctypes.byref(self.kernels[key]), ctypes.c_int64(out[0]), ctypes.c_int64(out[1]))
        return self.kernels[key]


def global_seed(case):
    """Integers of 0 to 100 bits with either sign, seldom a float."""
    if case.random.randrange(8) == 0:
        return case.random.choice((1, -1)) * (1 + case.random.random()) * 10.0 ** case.random.randrange(20)
    return case.random.getrandbits(case.random.randrange(101)) * case.random.choice((1, -1))


def some_seed(case):
    return case.random.choice((None, None, global_seed(case), case.random.randrange(3)))


def count(case):
    """How many values: around the sizes of blocks and pieces, or many."""
    return case.random.choice((1, 2, 3, 4, 5, 7, 255, 256, 257, 1000 + case.random.randrange(3000)))


def filled(case, want, function, *arguments):
    out = ctypes.create_string_buffer(want.nbytes + 8)
    status = function(*arguments, out, want.size)
    if status:
        case.wrong("refused with status %d" % status)
    return out.raw[: want.nbytes]


def array(tensor):
    import numpy as np

    return np.ascontiguousarray(tensor.numpy())


# ---- rows ----


def stateful(row, draw):
    """Calls draw(case, mine, seed, n) in eager contexts of many seeds."""
    import tensorflow as tf

    for case in row.cases():
        mine, seed = Ours(), global_seed(case)
        tf.random.set_seed(seed)
        mine.set_seed(seed)
        seeds = [some_seed(case) for _ in range(3)]
        while row.values < (case.number + 1) * case.n:
            draw(case, mine, case.random.choice(seeds), count(case))


def stateless(row, draw):
    """Calls draw(case, place, seed, n) with the place of a seed pair."""
    for case in row.cases():
        while row.values < (case.number + 1) * case.n:
            bits = case.random.choice((8, 32, 63))
            seed = [case.random.getrandbits(bits) - case.random.choice((0, 2 ** (bits - 1))) for _ in range(2)]
            place = Place()
            lib.oneseed_tensorflow_stateless_seed(ctypes.byref(place), ctypes.c_int64(seed[0]), ctypes.c_int64(seed[1]))
            draw(case, place, seed, count(case))


def compare_seeds(row):
    """tf.random.set_seed and operations' seeds of any kind, in eager mode: the first words of each operation."""
    import tensorflow as tf

    for case in row.cases():
        mine = Ours()
        if case.random.randrange(10):
            seed = global_seed(case)
            tf.random.set_seed(seed)
            mine.set_seed(seed)
            seeds = [None] + [some_seed(case) for _ in range(4)]
        else:
            tf.random.set_seed(None)  # only operations' seeds
            seed, seeds = None, [global_seed(case) for _ in range(4)]
        while row.values < (case.number + 1) * case.n:
            chosen = case.random.choice(seeds)
            n = case.random.choice((1, 4, 100))
            want = array(tf.random.uniform((n,), seed=chosen))
            place = mine.place("float32", chosen)
            got = filled(case, want, lib.oneseed_tensorflow_uniform_fill, ctypes.byref(place), 2)
            lib.oneseed_tensorflow_reserve(ctypes.byref(place), n)
            case.same(got, want.tobytes(), n, "set_seed(%r), seed=%r" % (seed, chosen))


def compare_function(row):
    """Operations in a tf.function: the graph's seed is the global one of its trace, operations without a seed are counted."""
    import tensorflow as tf

    for case in row.cases(factor=0.1 if row.options.short else 1.0):
        seed = global_seed(case) if case.random.randrange(8) else None
        chosen = [some_seed(case) if seed is not None else global_seed(case) for _ in range(case.random.choice((1, 2, 5)))]
        n = max(4, case.n // (4 * len(chosen)))

        @tf.function
        def several(chosen=tuple(chosen), n=n):
            return [tf.random.uniform((n,), seed=one) for one in chosen]

        tf.random.set_seed(seed)
        with_seed = None if seed is None else operation_seed(seed)
        n_unseeded, places = ctypes.c_uint64(), []
        for one in chosen:
            out, place = (ctypes.c_int64 * 2)(), Place()
            lib.oneseed_tensorflow_graph_seed(with_seed, ctypes.byref(n_unseeded), operation_seed(one), out)
            lib.oneseed_tensorflow_philox_seed(ctypes.byref(place), ctypes.c_int64(out[0]), ctypes.c_int64(out[1]))
            places.append(place)
        for turn in range(4):
            for place, tensor in zip(places, several()):
                want = array(tensor)
                got = filled(case, want, lib.oneseed_tensorflow_uniform_fill, ctypes.byref(place), 2)
                lib.oneseed_tensorflow_reserve(ctypes.byref(place), n)
                case.same(got, want.tobytes(), n, "set_seed(%r), seeds %r, call %d" % (seed, chosen, turn))


def bounds(case):
    low = case.random.uniform(-10, 10) * 10.0 ** case.random.randrange(-3, 3)
    high = low + case.random.uniform(-1, 10) * 10.0 ** case.random.randrange(-3, 3)
    low, high = case.random.choice(((low, high), (0, high), (round(low), round(high)), (0.0, -1.0), (0, -1)))
    return tiny(case, low), tiny(case, high)


def compare_uniform(dtype):
    def compare(row):
        import tensorflow as tf

        def draw(case, mine, seed, n):
            place = mine.place("uniform", seed)
            if case.random.randrange(2):
                want = array(tf.random.uniform((n,), dtype=dtype, seed=seed))
                got = filled(case, want, lib.oneseed_tensorflow_uniform_fill, ctypes.byref(place), DTYPES.index(dtype))
            else:
                low, high = bounds(case)
                want = array(tf.random.uniform((n,), low, high, dtype, seed=seed))
                given = -0.0 if isinstance(low, int) and low == 0 else low
                got = filled(
                    case, want, lib.oneseed_tensorflow_uniform_range_fill, ctypes.byref(place), DTYPES.index(dtype), given, high
                )
            lib.oneseed_tensorflow_reserve(ctypes.byref(place), n)
            case.same(got, want.tobytes(), n, "seed=%r, n=%d" % (seed, n))

        stateful(row, draw)

    return compare


def compare_stateless_uniform(dtype):
    def compare(row):
        import tensorflow as tf

        def draw(case, place, seed, n):
            low, high = case.random.choice(((0, 1), bounds(case)))
            want = array(tf.random.stateless_uniform((n,), seed, low, high, dtype))
            got = filled(case, want, lib.oneseed_tensorflow_uniform_range_fill, ctypes.byref(place), DTYPES.index(dtype), low, high)
            case.same(got, want.tobytes(), n, "seed=%r, minval=%r, maxval=%r, n=%d" % (seed, low, high, n))

        stateless(row, draw)

    return compare


def integer_bounds(case, dtype):
    least, largest = (-(2**31), 2**31 - 1) if dtype == "int32" else (-(2**63), 2**63 - 1)
    a, b = (case.random.choice((case.random.randint(least, largest), case.random.randint(-100, 100), least, largest)) for _ in "ab")
    return (min(a, b), max(a, b)) if a != b else (0, 1 + abs(a) % 1000)


def compare_integers(dtype):
    def compare(row):
        import tensorflow as tf

        def draw(case, mine, seed, n):
            low, high = integer_bounds(case, dtype)
            place = mine.place("int", seed)
            want = array(tf.random.uniform((n,), low, high, dtype, seed=seed))
            got = filled(case, want, lib.oneseed_tensorflow_uniform_int_fill, ctypes.byref(place), DTYPES.index(dtype), low, high)
            lib.oneseed_tensorflow_reserve(ctypes.byref(place), n)
            case.same(got, want.tobytes(), n, "minval=%d, maxval=%d, seed=%r, n=%d" % (low, high, seed, n))

        stateful(row, draw)

    return compare


def compare_stateless_integers(dtype):
    def compare(row):
        import tensorflow as tf

        def draw(case, place, seed, n):
            if dtype.startswith("u") or case.random.randrange(2):
                want = array(tf.random.stateless_uniform((n,), seed, None, None, dtype))
                got = filled(case, want, lib.oneseed_tensorflow_uniform_full_int_fill, ctypes.byref(place), DTYPES.index(dtype))
            else:
                low, high = integer_bounds(case, dtype)
                want = array(tf.random.stateless_uniform((n,), seed, low, high, dtype))
                got = filled(case, want, lib.oneseed_tensorflow_uniform_int_fill, ctypes.byref(place), DTYPES.index(dtype), low, high)
            case.same(got, want.tobytes(), n, "seed=%r, n=%d" % (seed, n))

        stateless(row, draw)

    return compare


def deviations(case):
    """mean and stddev, in one case of three the default."""
    if case.random.randrange(3) == 0:
        return 0.0, 1.0
    mean, stddev = case.random.uniform(-5, 5) * 10.0 ** case.random.randrange(-3, 3), case.random.uniform(-0.5, 3)
    return (0.0, tiny(case, stddev)) if case.random.randrange(9) == 0 else (tiny(case, mean), tiny(case, stddev))


def compare_normal(name, dtype):
    def compare(row):
        import tensorflow as tf

        theirs, ours = getattr(tf.random, name), getattr(lib, "oneseed_tensorflow_%s_fill" % name)

        def draw(case, mine, seed, n):
            mean, stddev = deviations(case)
            place = mine.place(name, seed)
            want = array(theirs((n,), mean, stddev, dtype, seed=seed))
            got = filled(case, want, ours, ctypes.byref(place), DTYPES.index(dtype), mean, stddev)
            lib.oneseed_tensorflow_reserve(ctypes.byref(place), n)
            case.same(got, want.tobytes(), n, "mean=%r, stddev=%r, seed=%r, n=%d" % (mean, stddev, seed, n))

        stateful(row, draw)

    return compare


def compare_stateless_normal(name, dtype):
    def compare(row):
        import tensorflow as tf

        theirs, ours = getattr(tf.random, "stateless_" + name), getattr(lib, "oneseed_tensorflow_%s_fill" % name)

        def draw(case, place, seed, n):
            mean, stddev = deviations(case)
            want = array(theirs((n,), seed, mean, stddev, dtype))
            got = filled(case, want, ours, ctypes.byref(place), DTYPES.index(dtype), mean, stddev)
            case.same(got, want.tobytes(), n, "seed=%r, mean=%r, stddev=%r, n=%d" % (seed, mean, stddev, n))

        stateless(row, draw)

    return compare


def shuffled(place, n):
    out = (ctypes.c_uint32 * n)()
    lib.oneseed_tensorflow_shuffle(ctypes.byref(place), out, n)
    return bytes(out)


def compare_shuffle(row):
    import numpy as np
    import tensorflow as tf

    def draw(case, mine, seed, n):
        place = mine.place("shuffle", seed)
        n_columns = case.random.choice((0, 0, 1, 2, 3))  # 0: of one dimension
        rows = np.arange(n, dtype=np.uint32)
        if n_columns:
            rows = np.stack([rows + 7 * k for k in range(n_columns)], axis=1)
        want = array(tf.random.shuffle(tf.constant(rows), seed=seed))
        want = want[:, 0].copy() if n_columns else want
        got = shuffled(place, n)
        if n > 1:
            lib.oneseed_tensorflow_reserve_shuffle(ctypes.byref(place), n)
        case.same(got, want.tobytes(), n, "n=%d, seed=%r" % (n, seed))

    stateful(row, draw)


def compare_long_shuffle(row):
    import numpy as np
    import tensorflow as tf

    for case in row.cases(factor=0.01, values=20000 if row.options.short else 20000000):
        seed, n = case.random.getrandbits(31), case.n
        tf.random.set_seed(seed)
        mine = Ours()
        mine.set_seed(seed)
        for _ in range(2):
            place = mine.place("shuffle", 1)
            want = array(tf.random.shuffle(tf.range(n, dtype="int64"), seed=1)).astype(np.uint32)
            case.same(shuffled(place, n), want.tobytes(), n, "n=%d" % n)
            lib.oneseed_tensorflow_reserve_shuffle(ctypes.byref(place), n)


def compare_stateless_shuffle(row):
    import numpy as np
    import tensorflow as tf

    def draw(case, place, seed, n):
        want = array(tf.random.experimental.stateless_shuffle(tf.range(n), seed)).astype(np.uint32)
        case.same(shuffled(place, n), want.tobytes(), n, "seed=%r, n=%d" % (seed, n))

    stateless(row, draw)


def tiny(case, x):
    """The number, seldom so small that it is denormal: TensorFlow flushes those."""
    return x * 10.0 ** case.random.choice((-38, -39, -45, -307, -310)) if case.random.randrange(50) == 0 else x


def compare_index_shuffle(row):
    import numpy as np
    import tensorflow as tf

    for case in row.cases():
        dtype, bits = case.random.choice((("int32", 31), ("uint32", 32), ("int64", 63), ("uint64", 64)))
        while row.values < (case.number + 1) * case.n:
            most = case.random.getrandbits(case.random.randrange(1, bits + 1))
            most = case.random.choice((most, most, 1 << case.random.randrange(bits - 1)))
            n = case.random.choice((1, 5, 1000))
            drawn = np.random.default_rng(case.random.getrandbits(32)).integers(0, most, n, np.uint64, endpoint=True)
            given = case.random.choice((drawn, np.minimum(np.arange(n, dtype=np.uint64), np.uint64(most))))
            seed = [case.random.getrandbits(31) * case.random.choice((1, -1)) for _ in range(2)]
            want = tf.random.experimental.index_shuffle(given.astype(dtype), seed, np.full(n, most, dtype))
            out, indices = (ctypes.c_uint64 * n)(), given.ctypes.data_as(ctypes.c_void_p)
            pair = [ctypes.c_int64(x) for x in seed]
            if lib.oneseed_tensorflow_index_shuffle(*pair, ctypes.c_uint64(most), indices, out, ctypes.c_size_t(n)):
                case.wrong("refused")
            case.same(out, array(want).astype(np.uint64).tobytes(), n, "max_index=%d, seed=%r, n=%d" % (most, seed, n))


def has_where():
    """Since 2.11 what is dropped is 0; before, it was the value times 0: -0.0 of a negative one."""
    import tensorflow as tf

    return tuple(int(x) for x in tf.__version__.split(".")[:2]) >= (2, 11)


def compare_dropout(dtype):
    def compare(row):
        import tensorflow as tf

        def draw(case, mine, seed, n):
            rate = case.random.choice((0, 0.5, case.random.random(), 0.1))
            x = tf.constant([tiny(case, case.random.uniform(-3 if has_where() else 0, 3)) for _ in range(n)], dtype)
            kind = case.random.randrange(3)
            place = mine.place("uniform", seed)
            if kind == 0:  # another shape of the mask, and a rate that is a tensor
                want = tf.nn.dropout(tf.ones((n, 2), dtype), tf.constant(rate, dtype), (n, 1), seed=seed)
                want = array(tf.cast(want[:, 1] != 0, "uint8"))
                got = filled(case, want, lib.oneseed_tensorflow_keep_fill, ctypes.byref(place), DTYPES.index(dtype), rate)
            else:
                want = array(tf.nn.dropout(x, rate, seed=seed))
                given = ctypes.create_string_buffer(array(x).tobytes())
                got = filled(
                    case, want, lib.oneseed_tensorflow_dropout_fill, ctypes.byref(place), DTYPES.index(dtype), rate, given
                )
            if kind == 0 or rate:
                lib.oneseed_tensorflow_reserve(ctypes.byref(place), n)
            case.same(got, want.tobytes(), n, "rate=%r, seed=%r, n=%d" % (rate, seed, n))

        stateful(row, draw)

    return compare


def compare_stateless_dropout(dtype):
    def compare(row):
        import tensorflow as tf

        def draw(case, place, seed, n):
            rate = case.random.choice((0, 0.5, case.random.random(), 0.1))
            x = tf.constant([tiny(case, case.random.uniform(-3 if has_where() else 0, 3)) for _ in range(n)], dtype)
            given = ctypes.create_string_buffer(array(x).tobytes())
            want = array(tf.nn.experimental.stateless_dropout(x, rate, seed))
            got = filled(case, want, lib.oneseed_tensorflow_dropout_fill, ctypes.byref(place), DTYPES.index(dtype), rate, given)
            case.same(got, want.tobytes(), n, "rate=%r, seed=%r, n=%d" % (rate, seed, n))

        stateless(row, draw)

    return compare


def compare_many(row):
    """Calls large enough that TensorFlow divides them among its threads (main() asks for 16)."""
    import tensorflow as tf

    for case in row.cases(factor=0.05, values=1 << 18 if row.options.short else 1 << 27):
        n = case.n // 2
        for name in ("uniform", "normal", "truncated_normal"):
            dtype = case.random.choice(FLOATS)
            seed = [case.random.getrandbits(31), case.random.getrandbits(31)]
            place = Place()
            lib.oneseed_tensorflow_stateless_seed(ctypes.byref(place), ctypes.c_int64(seed[0]), ctypes.c_int64(seed[1]))
            want = array(getattr(tf.random, "stateless_" + name)((n,), seed, dtype=dtype))
            ours = getattr(lib, "oneseed_tensorflow_%s_fill" % name.replace("uniform", "uniform_range"))
            got = filled(case, want, ours, ctypes.byref(place), DTYPES.index(dtype), 0.0, 1.0)
            case.same(got, want.tobytes(), n, "%s, %s, seed=%r, n=%d" % (name, dtype, seed, n))


def compare_compiled(name, dtype):
    """Stateless operations in a tf.function with jit_compile=True. What is a constant there is compiled once for each case,
    so that is one case of twenty; otherwise the parameters are tensors, and no 0."""

    def compare(row):
        import tensorflow as tf

        theirs = getattr(tf.random, "stateless_" + name)
        ours = getattr(lib, "oneseed_tensorflow_xla_%s_fill" % name)
        n = 1001
        general = tf.function(lambda seed, a, b: theirs((n,), seed, a, b, dtype), jit_compile=True)
        for case in row.cases():
            first, second = case.random.uniform(-3, 3) or 1.0, case.random.uniform(0.1, 3) * 10.0 ** case.random.randrange(-3, 3)
            is_constant = case.number % 20 == 0
            if is_constant:
                first, second = case.random.choice(((0.0, 1.0), (0.0, second), (first, second)))
                constant = tf.function(lambda seed: theirs((n,), seed, first, second, dtype), jit_compile=True)
            while row.values < (case.number + 1) * case.n:
                seed = [case.random.getrandbits(31) for _ in range(2)]
                place = Place()
                lib.oneseed_tensorflow_stateless_seed(ctypes.byref(place), ctypes.c_int64(seed[0]), ctypes.c_int64(seed[1]))
                given = tf.constant(seed)
                parameters = tf.constant(first, dtype), tf.constant(second, dtype)
                want = array(constant(given) if is_constant else general(given, *parameters))
                got = filled(case, want, ours, ctypes.byref(place), DTYPES.index(dtype), first, second)
                case.same(got, want.tobytes(), n, "seed=%r, parameters %r and %r" % (seed, first, second))
        row.condition = "x86-64 with FMA"

    return compare


def compare_split(row):
    import numpy as np
    import tensorflow as tf

    for case in row.cases():
        while row.values < (case.number + 1) * case.n:
            dtype, bits = case.random.choice((("int32", 31), ("int64", 63)))
            seed = [case.random.getrandbits(bits) * case.random.choice((1, -1)) for _ in range(2)]
            n = case.random.choice((1, 2, 3, 1000))
            want = array(tf.random.experimental.stateless_split(tf.constant(seed, dtype), n)).astype(np.int64)
            out = (ctypes.c_int64 * (2 * n))()
            pair = [ctypes.c_int64(x) for x in seed]
            lib.oneseed_tensorflow_split(*pair, DTYPES.index(dtype), out, ctypes.c_size_t(n))
            case.same(out, want.tobytes(), 2 * n, "split(%r, %d)" % (seed, n))
            data = case.random.getrandbits(31)
            want = array(tf.random.experimental.stateless_fold_in(tf.constant(seed, dtype), tf.constant(data, dtype)))
            lib.oneseed_tensorflow_split(*pair, DTYPES.index(dtype), out, ctypes.c_size_t(1))
            case.same_state([out[0], data], want.tolist(), "fold_in")


FUNCTIONS = {
    "set_seed, seeds of operations": compare_seeds,
    "seeds in tf.function": compare_function,
    **{"uniform (%s)" % dtype: compare_uniform(dtype) for dtype in FLOATS},
    **{"uniform (%s)" % dtype: compare_integers(dtype) for dtype in INTEGERS[:2]},
    **{"stateless_uniform (%s)" % dtype: compare_stateless_uniform(dtype) for dtype in FLOATS},
    **{"stateless_uniform (%s)" % dtype: compare_stateless_integers(dtype) for dtype in INTEGERS},
    **{"%s (%s)" % (name, dtype): compare_normal(name, dtype) for name in ("normal", "truncated_normal") for dtype in FLOATS},
    **{
        "stateless_%s (%s)" % (name, dtype): compare_stateless_normal(name, dtype)
        for name in ("normal", "truncated_normal")
        for dtype in FLOATS
    },
    "shuffle": compare_shuffle,
    "shuffle (many rows)": compare_long_shuffle,
    "stateless_shuffle": compare_stateless_shuffle,
    "index_shuffle": compare_index_shuffle,
    **{"nn.dropout (%s)" % dtype: compare_dropout(dtype) for dtype in FLOATS},
    **{"nn.stateless_dropout (%s)" % dtype: compare_stateless_dropout(dtype) for dtype in FLOATS},
    "stateless_split, stateless_fold_in": compare_split,
    "long calls on 16 threads": compare_many,
    **{
        "XLA: stateless_%s (%s)" % (name, dtype): compare_compiled(name, dtype)
        for name in ("uniform", "normal", "truncated_normal")
        for dtype in FLOATS
    },
}


def pythons():
    given = os.environ.get("ONESEED_TENSORFLOW_PYTHONS")
    return given.split(os.pathsep) if given else [os.path.join(frame.ROOT, ".venv-frameworks", "bin", "python")]


def main():
    found = frame.options()
    if not found.worker:
        n_wrong = 0
        for path in pythons():
            try:
                n_wrong += subprocess.run([path, os.path.abspath(__file__), "--worker", *sys.argv[1:]]).returncode != 0
            except OSError as error:
                n_wrong += 1
                print("oneseed: %s: %s: make it with scripts/setup" % (path, error.strerror), file=sys.stderr)
        sys.exit(1 if n_wrong else 0)
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["XLA_FLAGS"] = "--xla_cpu_max_isa=AVX2"  # float16 differs with AVX512-FP16
    import tensorflow as tf

    if not hasattr(tf.random.experimental, "stateless_shuffle"):  # since 2.9
        del FUNCTIONS["stateless_shuffle"], FUNCTIONS["index_shuffle"]
    tf.config.threading.set_intra_op_parallelism_threads(16)
    sys.exit(1 if frame.compare("tensorflow", FUNCTIONS, {"TensorFlow": tf.__version__}, found) else 0)


if __name__ == "__main__":
    main()
