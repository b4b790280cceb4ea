"""keras - Keras's random streams of liboneseed beside keras.random, on each backend.

The backends numpy, jax and tensorflow are compared in the environment of the frameworks, torch in the one that has PyTorch
(scripts/setup oracles makes both). ONESEED_KERAS_PYTHONS names other interpreters, with `:` between them: each is asked for
the backends that it has.

SPDX-License-Identifier: MIT
"""

import ctypes
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path = [HERE] + [path for path in sys.path if os.path.abspath(path or ".") != HERE]
import frame  # noqa: E402  the folder has a file keras.py: only frame is taken from it

sys.path.remove(HERE)

BACKENDS = {"tensorflow": "tensorflow", "jax": "jax", "torch": "torch", "numpy": "numpy"}  # and their packages
FLOATS = ("bfloat16", "float16", "float32", "float64")
INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
DTYPES = FLOATS + INTEGERS
SIZES = (1, 2, 3, 5, 17, 257, 1000, 2041)  # of jax, which compiles a function once for each
TORCH_CPUS = {"default": 1, "avx2": 2, "avx512": 3}
lib = frame.library()


class Keras(ctypes.Structure):
    """oneseed_keras"""

    _fields_ = [(name, ctypes.c_uint32) for name in ("backend", "version", "backend_version", "is_original", "has_x64", "cpu", "n_threads", "has_fp16")]


Pair = ctypes.c_int64 * 2
U64, I64, F64 = ctypes.c_uint64, ctypes.c_int64, ctypes.c_double


def number(text):
    words = [int(word) for word in text.split("+")[0].split(".")[:3]]
    return words[0] * 10000 + words[1] * 100 + (words[2] if len(words) > 2 else 0)


class Live:
    """The imported Keras and our description of it."""

    def __init__(self, backend):
        import keras

        self.backend = backend
        self.package = __import__(BACKENDS[backend])
        self.version = number(keras.__version__)
        self.ours = Keras(list(BACKENDS).index(backend), self.version)
        if backend == "torch":
            self.ours.cpu = TORCH_CPUS[self.package.backends.cpu.get_cpu_capability().lower()]
        if backend in ("torch", "numpy"):
            self.ours.backend_version = number(self.package.__version__)
        if backend == "jax":
            with open("/proc/cpuinfo") as file:
                self.ours.has_fp16 = "avx512_fp16" in file.read().split()
        if backend == "tensorflow":
            self.package.config.threading.set_intra_op_parallelism_threads(3)
            self.ours.n_threads = 3
        self.is_old = self.version < 30500

    def set_flags(self, case):
        """JAX's flags decide what a pair gives."""
        if self.backend == "jax":
            self.ours.is_original, self.ours.has_x64 = case.random.randrange(2), case.random.randrange(2)
            self.package.config.update("jax_enable_x64", bool(self.ours.has_x64))
            self.package.config.update("jax_threefry_partitionable", not self.ours.is_original)

    def seed(self, case):
        """A pair, ours and as the argument `seed`."""
        import keras

        low, high = {"tensorflow": (-(2**63), 2**63 - 1), "torch": (-(2**31), 2**31 - 1)}.get(self.backend, (0, 2**32 - 1))
        if self.is_old:
            low, high = 0, 2**32 - 1
        bits = case.random.randrange(64 if high > 2**32 else 32)
        number = max(low, case.random.choice((1, -1) if low else (1,)) * case.random.getrandbits(bits))
        if case.random.randrange(2):
            return Pair(number, 0), number
        generator = keras.random.SeedGenerator(number)
        counter = case.random.randrange(min(high, 2**40))
        generator.state.assign([number, counter])
        return Pair(number, counter), generator

    def size(self, case):
        if self.backend == "jax":
            sizes = SIZES[-3:-2] if case.row.options.short else SIZES
            return case.random.choice(sizes[-2:] if case.number % 3 else sizes)
        return case.random.choice((case.random.randrange(1, 40), case.random.randrange(1, 4 * case.n)))

    def result(self, dtype):
        return DTYPES[lib.oneseed_keras_result_dtype(ctypes.byref(self.ours), DTYPES.index(dtype))]


def array(tensor):
    import keras

    return keras.ops.convert_to_numpy(tensor)


def bytes_of(tensor):
    values = array(tensor)
    return values.tobytes(), values


def filled(case, function, want, *arguments):
    out = ctypes.create_string_buffer(want.nbytes + 8)
    status = function(*arguments, out, ctypes.c_size_t(want.size))
    if status:
        case.wrong("refused with status %d" % status)
    return out.raw[: want.nbytes]


def few(live, row):
    """JAX compiles for most of a short run."""
    return 0.1 if row.options.short and live.backend == "jax" else 1.0


def repeated(live, row, compare):
    for case in row.cases(factor=few(live, row)):
        live.set_flags(case)
        while True:
            compare(case, *live.seed(case))
            if row.values >= (case.number + 1) * case.n:
                break


def call(live, case, name, pair, seed, dtype, parameters, keywords, ctype=F64):
    """One function of keras.random with scalars."""
    import keras

    n = live.size(case)
    want = array(getattr(keras.random, name)((n,), **keywords, dtype=dtype, seed=seed))
    if str(want.dtype) != live.result(dtype):
        case.wrong("the dtype is %s" % want.dtype)
    ours = getattr(lib, "oneseed_keras_%s_fill" % name)
    got = filled(case, ours, want, ctypes.byref(live.ours), pair, DTYPES.index(dtype), *map(ctype, parameters))
    case.same(got, want.tobytes(), n, "%s, %r, n=%d" % (list(pair), keywords, n))


def compare_seeds(live):
    """default seeds, SeedGenerator in both orders, the global one after set_random_seed."""

    def compare(row):
        import random

        import keras

        python = ctypes.create_string_buffer(4096)
        lib.oneseed_keras_default_seed.restype = I64
        for case in row.cases(values=8000 if row.options.short else 1000000):
            start = case.random.getrandbits(31)
            keras.utils.set_random_seed(start)
            lib.oneseed_python_seed_i64(python, I64(start))
            global_state = Pair()
            is_new = live.version >= 31300 or case.number == 0  # else the global one goes on
            while row.values < (case.number + 1) * case.n:
                what = case.random.choice(("default", "ordered", "unordered", "global"))
                if what == "global" and is_new:
                    if lib.oneseed_keras_seed_generator(
                        ctypes.byref(live.ours), I64(lib.oneseed_keras_default_seed(python)), global_state
                    ):
                        case.wrong("a default seed is refused")
                    is_new = False
                    pair, state = Pair(), global_state
                    lib.oneseed_keras_seed_next(ctypes.byref(live.ours), state, 0, pair)
                    want = array(keras.src.random.seed_generator.draw_seed(None)).tolist()
                    case.same(pair, Pair(*want), 2, "global")
                elif what == "global":
                    if live.version < 31300:
                        continue
                    pair = Pair()
                    lib.oneseed_keras_seed_next(ctypes.byref(live.ours), global_state, 0, pair)
                    want = array(keras.src.random.seed_generator.draw_seed(None)).tolist()
                    case.same(pair, Pair(*want), 2, "global")
                elif what == "default":
                    want = [keras.src.random.seed_generator.make_default_seed() for _ in range(case.n)]
                    got = [lib.oneseed_keras_default_seed(python) for _ in range(case.n)]
                    case.same(repr(got).encode(), repr(want).encode(), case.n, "make_default_seed()")
                else:
                    pair, seed = live.seed(case)
                    generator = seed if not isinstance(seed, int) else keras.random.SeedGenerator(seed)
                    for _ in range(10):
                        want, got = array(generator.next(ordered=what == "ordered")).tolist(), Pair()
                        lib.oneseed_keras_seed_next(ctypes.byref(live.ours), pair, int(what == "ordered"), got)
                        case.same(got, Pair(*want), 2, what)
            if random.getstate()[1][-1] != int.from_bytes(python.raw[2496:2500], "little"):
                case.same_state(1, 0, "the global generator")

    return compare


def compare_uniform(live, dtype):
    def compare(row):
        def one(case, pair, seed):
            low = case.random.choice((0.0, -0.05, case.random.uniform(-10, 10)))
            high = low + case.random.choice((1.0, 0.1, case.random.uniform(0, 10) * 10.0 ** case.random.randrange(-3, 3)))
            keywords = {"minval": low, "maxval": high}
            call(live, case, "uniform", pair, seed, dtype, (low, high), keywords)

        repeated(live, row, one)

    return compare


def compare_normal(live, name, dtype):
    def compare(row):
        def one(case, pair, seed):
            mean = case.random.choice((0.0, case.random.uniform(-10, 10)))
            stddev = case.random.choice((1.0, 0.05, case.random.uniform(0, 10)))
            keywords = {"mean": mean, "stddev": stddev}
            call(live, case, name, pair, seed, dtype, (mean, stddev), keywords)

        repeated(live, row, one)

    return compare


def compare_randint(live, dtype):
    def compare(row):
        def one(case, pair, seed):
            bits = 31 if live.backend == "jax" and not live.ours.has_x64 else 63
            low, high = 0, 1 << (8 * int(dtype.lstrip("uint")) // 8)
            if not dtype.startswith("u"):
                low, high = -high // 2, high // 2
            low, high = max(low, -(1 << bits)), min(high - 1, (1 << bits) - 1)
            ends = [min(high, max(low, case.random.choice((0, 1, 10, 100, case.random.randint(low, high))))) for _ in range(2)]
            ends = [min(ends), max(ends)]
            if ends[0] == ends[1]:
                ends = [ends[0] - 1, ends[1]] if ends[0] > low else [ends[0], ends[1] + 1]
            keywords = {"minval": ends[0], "maxval": ends[1]}
            call(live, case, "randint", pair, seed, dtype, ends, keywords, I64)

        repeated(live, row, one)

    return compare


def parameters(case, n, low, high):
    """A number, or an array of n; as keras gets them and as the C function does."""
    import numpy as np

    if case.random.randrange(2) or n == 1:  # one value is a number for the C function
        value = case.random.choice((case.random.uniform(low, high), 1.0 if low < 1 <= high else low))
        return value, (F64 * 1)(value)
    values = np.array([case.random.uniform(low, high) for _ in range(n)], np.float32)
    return values, (F64 * n)(*map(float, values))


def compare_parameters(live, name, dtype):
    """gamma, beta and binomial: numbers and arrays."""
    ranges = {"gamma": [(0.05, 20)], "beta": [(0.05, 20), (0.05, 20)], "binomial": [(0, 60), (0.01, 0.99)]}[name]

    def compare(row):
        import keras

        def one(case, pair, seed):
            n = live.size(case)
            given, ours = [], []
            for k, (low, high) in enumerate(ranges):
                value, mine = parameters(case, n, low, high)
                if name == "binomial" and k == 0:
                    mine = (F64 * len(mine))(*[float(int(x)) for x in mine])
                    value = int(value) if isinstance(value, float) else value.astype("int32")
                given.append(value)
                ours += [mine, ctypes.c_size_t(len(mine))]
            want = array(getattr(keras.random, name)((n,), *given, dtype=dtype, seed=seed))
            function = getattr(lib, "oneseed_keras_%s_fill" % name)
            got = filled(case, function, want, ctypes.byref(live.ours), pair, DTYPES.index(dtype), *ours)
            shown = [x if isinstance(x, (int, float)) else "an array" for x in given]
            case.same(got, want.tobytes(), n, "%s, %r, n=%d" % (list(pair), shown, n))

        repeated(live, row, one)

    return compare


def compare_dropout(live, dtype):
    def compare(row):
        import keras
        import numpy as np

        def one(case, pair, seed):
            n = live.size(case)
            rates = (0.1, 0.5, 0.0, case.random.random()) + ((1.0,) if live.version >= 31400 else ())
            rate = case.random.choice(rates)
            values = keras.ops.convert_to_tensor(np.random.default_rng(case.number).normal(size=n), dtype)
            x = array(values)
            want = array(keras.random.dropout(values, rate, seed=seed))
            out = ctypes.create_string_buffer(want.nbytes + 8)
            at = DTYPES.index(str(x.dtype))
            status = lib.oneseed_keras_dropout_fill(ctypes.byref(live.ours), pair, at, F64(rate), x.tobytes(), out, ctypes.c_size_t(n))
            if status:
                case.wrong("refused with status %d" % status)
            case.same(out.raw[: want.nbytes], want.tobytes(), n, "%s, rate=%r, n=%d" % (list(pair), rate, n))
            if not 0 < rate < 1:
                return
            wide = keras.ops.ones((n, 3), dtype)  # a noise_shape
            want = (array(keras.random.dropout(wide, rate, noise_shape=(n, 1), seed=seed if isinstance(seed, int) else pair[0])) != 0)
            if not isinstance(seed, int):
                pair = Pair(pair[0], 0)
            lib.oneseed_keras_keep_fill(ctypes.byref(live.ours), pair, at, F64(rate), out, ctypes.c_size_t(n))
            case.same(out.raw[:n], want[:, 2].tobytes(), n, "%s, rate=%r, noise_shape=(%d, 1)" % (list(pair), rate, n))

        repeated(live, row, one)

    return compare


def compare_shuffle(live):
    def compare(row):
        import keras
        import numpy as np

        def one(case, pair, seed):
            n = live.size(case)
            shape = case.random.choice(((n,), (n, 1), (n, 3), (2, n), (2, n, 3), (3, n)))
            axis = shape.index(n)
            outer, inner = int(np.prod(shape[:axis])), int(np.prod(shape[axis + 1 :]))
            places = np.ascontiguousarray(np.broadcast_to(np.arange(n).reshape([-1] + [1] * (len(shape) - axis - 1)), shape))
            want = array(keras.random.shuffle(places.astype("int32"), axis=axis, seed=seed)).astype(np.uint32)
            sizes = [ctypes.c_size_t(size) for size in (outer, n, inner)]
            lib.oneseed_keras_shuffle_space.restype = ctypes.c_size_t
            space = (U64 * (lib.oneseed_keras_shuffle_space(ctypes.byref(live.ours), *sizes) + 1))()
            out = (ctypes.c_uint32 * want.size)()
            if lib.oneseed_keras_shuffle(ctypes.byref(live.ours), pair, *sizes, space, out):
                case.wrong("refused")
            case.same(out, want.tobytes(), want.size, "%s, shape=%s, axis=%d" % (list(pair), shape, axis))

        repeated(live, row, one)

    return compare


def compare_categorical(live, dtype):
    def compare(row):
        import keras
        import numpy as np

        def one(case, pair, seed):
            n_rows, n_classes = case.random.choice(((1, 2), (3, 5), (2, 17), (4, 200)))
            n = live.size(case) if live.backend == "jax" else 1 + live.size(case) // n_rows
            logits = np.random.default_rng(case.number).normal(size=(n_rows, n_classes)).astype(dtype) * case.random.choice((1, 5))
            tensor = logits if live.backend == "numpy" else keras.ops.convert_to_tensor(logits, dtype)
            logits = np.asarray(array(tensor))
            want = array(keras.random.categorical(tensor, n, dtype="int32", seed=seed)).astype(np.int64)
            sizes = [ctypes.c_size_t(size) for size in (n_rows, n_classes)]
            lib.oneseed_keras_categorical_space.restype = ctypes.c_size_t
            space = (U64 * (lib.oneseed_keras_categorical_space(ctypes.byref(live.ours), *sizes, ctypes.c_size_t(n)) + 1))()
            out = (I64 * want.size)()
            at = DTYPES.index(str(logits.dtype))
            if lib.oneseed_keras_categorical_fill(
                ctypes.byref(live.ours), pair, at, logits.tobytes(), *sizes, space, out, ctypes.c_size_t(n)
            ):
                case.wrong("refused")
            case.same(out, want.tobytes(), want.size, "%s, %d rows of %d, n=%d" % (list(pair), n_rows, n_classes, n))

        repeated(live, row, one)

    return compare


class Initializer(ctypes.Structure):
    """oneseed_keras_initializer"""

    _fields_ = [(name, ctypes.c_int) for name in ("kind", "mode", "distribution")] + [
        (name, F64) for name in ("mean", "stddev", "minval", "maxval", "scale", "gain")
    ] + [("fan_in", I64), ("fan_out", I64)]


class Layer(ctypes.Structure):
    """oneseed_keras_layer"""

    _fields_ = (
        [(name, ctypes.c_int) for name in ("kind", "use_bias", "is_bidirectional", "reset_after", "has_dropout")]
        + [(name, I64) for name in ("input_dim", "units")]
        + [("kernel_size", I64 * 3)]
        + [(name, I64) for name in ("channels", "filters", "groups", "depth_multiplier", "num_heads", "key_dim", "value_dim")]
    )


class Weight(ctypes.Structure):
    """oneseed_keras_weight"""

    _fields_ = [
        ("name", ctypes.c_char * 48), ("n_dims", ctypes.c_int), ("shape", I64 * 5), ("n", ctypes.c_size_t),
        ("initializer", Initializer), ("seed", ctypes.c_int),
    ]


INITIALIZERS = (
    "Zeros", "Ones", "forget", "RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling", "GlorotUniform",
    "GlorotNormal", "HeUniform", "HeNormal", "LecunUniform", "LecunNormal", "OrthogonalInitializer",
)
SHAPES = ((), (7,), (30, 20), (3, 5, 8), (3, 3, 4, 16), (2, 3, 3, 2, 5), (4, 80), (257, 3))
lib.oneseed_keras_initializer_work.restype = ctypes.c_size_t


def initial(case, live, initializer, pair, dtype, want):
    """What our initializer gives for the shape of `want`."""
    out = ctypes.create_string_buffer(want.nbytes + 8)
    shape = (I64 * 5)(*want.shape)
    n_dims = len(want.shape)
    work = (F64 * (lib.oneseed_keras_initializer_work(ctypes.byref(initializer), shape, n_dims) + 1))()
    status = lib.oneseed_keras_initializer_fill(
        ctypes.byref(live.ours), ctypes.byref(initializer), pair, DTYPES.index(dtype), shape, n_dims, work, out
    )
    if status:
        case.wrong("refused with status %d" % status)
    return out.raw[: want.nbytes]


def settings(case, initializer, name):
    """Arguments of a constructor at random, which our initializer gets, too."""
    given = {}
    for word in {
        "RandomNormal": ("mean", "stddev"), "TruncatedNormal": ("mean", "stddev"), "RandomUniform": ("minval", "maxval"),
        "VarianceScaling": ("scale",), "OrthogonalInitializer": ("gain",),
    }.get(name, ()):
        if case.random.randrange(2):
            given[word] = case.random.uniform(0.01, 3) * (-1 if word == "minval" else 1)
            setattr(initializer, word, given[word])
    if name == "VarianceScaling":
        initializer.mode, initializer.distribution = case.random.randrange(3), case.random.randrange(3)
        given["mode"] = ("fan_in", "fan_out", "fan_avg")[initializer.mode]
        given["distribution"] = ("truncated_normal", "untruncated_normal", "uniform")[initializer.distribution]
    return given


def compare_initializer(live, name):
    def compare(row):
        import keras

        def one(case, pair, seed):
            dtype = case.random.choice(FLOATS[2:] if case.random.randrange(4) else FLOATS)
            initializer = Initializer()
            lib.oneseed_keras_initializer_defaults(ctypes.byref(initializer), INITIALIZERS.index(name))
            given = settings(case, initializer, name)
            shape = case.random.choice(SHAPES[dtype == "bfloat16" :])  # of which Keras cannot take a single one to NumPy
            want = array(getattr(keras.initializers, name)(**given, seed=seed)(shape, dtype=dtype))
            got = initial(case, live, initializer, pair, dtype, want)
            case.same(got, want.tobytes(), max(1, want.size), "%s, %r, %s, %s" % (list(pair), given, shape, dtype))

        repeated(live, row, one)

    return compare


ORTHOGONAL_BOUND = {"float32": 2e-6, "float64": 1e-14}


def compare_orthogonal(live):
    """QR is LAPACK's or Eigen's: a bound."""

    def compare(row):
        import keras
        import numpy as np

        worst = {"float32": 0.0, "float64": 0.0}

        def one(case, pair, seed):
            dtype = "float32" if live.backend == "jax" and not live.ours.has_x64 else case.random.choice(FLOATS[2:])
            initializer = Initializer()
            lib.oneseed_keras_initializer_defaults(ctypes.byref(initializer), INITIALIZERS.index("OrthogonalInitializer"))
            given = settings(case, initializer, "OrthogonalInitializer")
            shape = case.random.choice(SHAPES[2:])
            want = array(keras.initializers.OrthogonalInitializer(**given, seed=seed)(shape, dtype=dtype))
            dtype = str(want.dtype)  # numpy's backend gives float32 whatever it was asked for
            got = np.frombuffer(initial(case, live, initializer, pair, dtype, want), dtype).reshape(shape)
            far = float(np.abs(got - want).max()) / initializer.gain
            worst[dtype] = max(worst[dtype], far)
            row.values += want.size
            if far > ORTHOGONAL_BOUND[dtype]:
                case.wrong("%s, %s, %s: %g away" % (list(pair), shape, dtype, far))

        repeated(live, row, one)
        row.condition = "not exact: a QR decomposition; at most %.1g (float32), %.1g (float64) away for gain 1" % (
            ORTHOGONAL_BOUND["float32"], ORTHOGONAL_BOUND["float64"],
        )

    return compare


def random_layer(case):
    """Our description of a layer, and a function that makes and builds Keras's."""
    import keras

    layers, r = keras.layers, case.random
    kinds = (
        "Dense", "Embedding", "Conv1D", "Conv2D", "Conv3D", "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose",
        "DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D", "SimpleRNN", "GRU", "LSTM", "ConvLSTM1D",
        "ConvLSTM2D", "ConvLSTM3D", "MultiHeadAttention", "BatchNormalization", "LayerNormalization", "PReLU", "Dropout", "Flatten",
    )
    kind = r.randrange(len(kinds))
    name, mine = kinds[kind], Layer()
    lib.oneseed_keras_layer_defaults(ctypes.byref(mine), kind)
    mine.input_dim, mine.units = r.choice((1, 3, 8, 16)), r.choice((1, 4, 10))
    bias = r.randrange(2)
    made = getattr(layers, name)
    if name in ("Dense", "SimpleRNN", "GRU", "LSTM"):
        mine.use_bias = bias
        recurrent = name != "Dense"
        shape = (None, 5, mine.input_dim) if recurrent else (None, mine.input_dim)
        keywords = {"use_bias": bool(bias)}
        if name == "GRU":
            mine.reset_after = r.randrange(2)
            keywords["reset_after"] = bool(mine.reset_after)
        mine.is_bidirectional = int(recurrent and r.randrange(3) == 0)
        around = layers.Bidirectional if mine.is_bidirectional else lambda layer: layer
        return mine, lambda: around(made(mine.units, **keywords)), [shape]
    if name == "Embedding":
        return mine, lambda: made(mine.input_dim, mine.units), [(None, 5)]
    if "Conv" in name:
        dims = int(next(letter for letter in name if letter in "123"))
        sizes = [r.choice((1, 2, 3)) for _ in range(dims)]
        mine.kernel_size = (I64 * 3)(*sizes, *[1] * (3 - dims))
        mine.channels, mine.filters, mine.use_bias = r.choice((2, 4)), r.choice((2, 6)), bias
        keywords = {"use_bias": bool(bias)}
        if name.startswith(("Depthwise", "Separable")):
            mine.depth_multiplier = r.choice((1, 2))
            keywords["depth_multiplier"] = mine.depth_multiplier
        elif name in ("Conv1D", "Conv2D", "Conv3D"):
            mine.groups = r.choice((1, 2))
            keywords["groups"] = mine.groups
        shape = (None,) + ((3,) if "LSTM" in name else ()) + (8,) * dims + (mine.channels,)
        arguments = ((mine.filters,) if not name.startswith("Depthwise") else ()) + (tuple(sizes),)
        return mine, lambda: made(*arguments, **keywords), [shape]
    if name == "MultiHeadAttention":
        mine.num_heads, mine.key_dim, mine.value_dim = r.choice((1, 2)), r.choice((3, 4)), r.choice((0, 5))
        mine.has_dropout, mine.use_bias = r.randrange(2), bias
        keywords = {"dropout": 0.1 * mine.has_dropout, "use_bias": bool(bias), "value_dim": mine.value_dim or None}
        return mine, lambda: made(mine.num_heads, mine.key_dim, **keywords), [(None, 5, mine.input_dim)] * 2
    if name == "Dropout":
        mine.has_dropout = r.randrange(2)
        made = getattr(layers, r.choice(("Dropout", "SpatialDropout1D", "GaussianDropout", "GaussianNoise", "AlphaDropout")))
        return mine, lambda: made(0.3 * mine.has_dropout), [(None, 5, mine.input_dim)]
    return mine, lambda: made(), [(None, mine.input_dim)]


def compare_layers(live):
    """Stacks of layers under set_random_seed: seeds and weights, and Python's generator afterwards."""

    def compare(row):
        import random

        import keras
        import numpy as np

        far = 0.0
        for case in row.cases(factor=0.2 if live.backend == "jax" else 1.0):
            python = ctypes.create_string_buffer(4096)
            start = case.random.getrandbits(31)
            keras.utils.set_random_seed(start)
            lib.oneseed_python_seed_i64(python, I64(start))
            stack = [random_layer(case) for _ in range(case.random.randrange(1, 5))]
            layers = [make() for _, make, _ in stack]
            sizes, seeds = [], []
            for mine, _, _ in stack:
                size = (ctypes.c_size_t * 3)()
                at = [ctypes.byref(size, 8 * k) for k in range(3)]
                if lib.oneseed_keras_layer_size(ctypes.byref(mine), *at):
                    case.wrong("a layer is refused")
                sizes.append(list(size))
                seeds.append([lib.oneseed_keras_default_seed(python) for _ in range(size[0])])
            for (mine, _, shapes), layer, size, mine_seeds in zip(stack, layers, sizes, seeds):
                layer.build(*shapes)
                mine_seeds += [lib.oneseed_keras_default_seed(python) for _ in range(size[1])]
                weights = [weight for weight in layer.weights if "seed_generator" not in weight.path]
                if len(weights) != size[2]:
                    case.wrong("%s has %d weights" % (type(layer).__name__, len(weights)))
                for k, theirs in enumerate(weights):
                    weight, want = Weight(), array(theirs)
                    lib.oneseed_keras_layer_weight(ctypes.byref(live.ours), ctypes.byref(mine), ctypes.c_size_t(k), ctypes.byref(weight))
                    what = "%s %s" % (type(layer).__name__, weight.name.decode())
                    if tuple(weight.shape)[: weight.n_dims] != want.shape or not theirs.path.endswith(weight.name.decode().split("/")[-1]):
                        case.wrong("%s: another shape or name: %s %s" % (what, theirs.path, want.shape))
                        continue
                    pair = Pair(mine_seeds[weight.seed] if weight.seed >= 0 else 0, 0)
                    got = initial(case, live, weight.initializer, pair, str(want.dtype), want)
                    if INITIALIZERS[weight.initializer.kind] == "OrthogonalInitializer":
                        far = max(far, float(np.abs(np.frombuffer(got, want.dtype).reshape(want.shape) - want).max()))
                    else:
                        case.same(got, want.tobytes(), want.size, what)
            case.same_state(int.from_bytes(python.raw[2496:2500], "little"), random.getstate()[1][-1], "Python's generator")
            if far > ORTHOGONAL_BOUND["float32"]:
                case.wrong("a recurrent kernel is %g away" % far)
        row.condition = "but orthogonal kernels, which are as near as Orthogonal is"

    return compare


class Place(ctypes.Structure):
    """oneseed_tensorflow_philox"""

    _fields_ = [("key", ctypes.c_uint32 * 2), ("counter", ctypes.c_uint32 * 4)]


def compare_order(live):
    """The order of the samples in each epoch of fit(), by the adapter of arrays."""

    def expected(case, start, n, batch, is_batch, n_epochs):
        """The backend's own functions, put together as docs/keras.md says."""
        order, legacy = [], ctypes.create_string_buffer(4096)
        lib.oneseed_numpy_legacy_seed(legacy, ctypes.c_uint32(start))
        for _ in range(n_epochs):
            place = Place()
            lib.oneseed_tensorflow_philox_seed(ctypes.byref(place), I64(start), I64(0))
            for begin in range(0, n, batch if is_batch else n):
                n_now = min(batch, n - begin) if is_batch else n
                if live.backend == "tensorflow":
                    out = (ctypes.c_uint32 * n_now)(0)
                    lib.oneseed_tensorflow_shuffle(ctypes.byref(place), out, ctypes.c_size_t(n_now))
                    lib.oneseed_tensorflow_reserve_shuffle(ctypes.byref(place), U64(n_now))
                else:
                    out = (I64 * n_now)()
                    lib.oneseed_numpy_legacy_permutation_fill(legacy, out, ctypes.c_size_t(n_now))
                order += [begin + k for k in out]
        return order

    def compare(row):
        import keras
        import numpy as np
        from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter

        for case in row.cases(factor=0.1 if row.options.short else 1.0):
            start = case.random.getrandbits(31)
            n, batch, is_batch = max(2, case.n // 2), case.random.choice((1, 7, 32, 1000)), case.random.randrange(2)
            keras.utils.set_random_seed(start)
            x = np.arange(n, dtype="float64").reshape(n, 1)
            adapter = ArrayDataAdapter(x, x, batch_size=batch, shuffle="batch" if is_batch else True)
            got = []
            for _ in range(2):
                batches = adapter.get_tf_dataset() if live.backend == "tensorflow" else adapter.get_numpy_iterator()
                got += [int(value) for each in batches for value in np.asarray(each[0]).ravel()]
            want = expected(case, start, n, batch, is_batch, 2)
            what = "seed %d, %d samples, batches of %d, %s" % (start, n, batch, is_batch)
            case.same((I64 * len(want))(*want), (I64 * len(got))(*got), len(got), what)

    return compare


def functions(live):
    named = {"seeds": compare_seeds(live)}
    for dtype in FLOATS:
        named["uniform", dtype] = compare_uniform(live, dtype)
        named["normal", dtype] = compare_normal(live, "normal", dtype)
        named["truncated_normal", dtype] = compare_normal(live, "truncated_normal", dtype)
        named["dropout", dtype] = compare_dropout(live, dtype)
        for name in ("gamma", "beta", "binomial"):
            if not (live.backend == "jax" and name == "beta" and dtype in FLOATS[:2]):  # JAX casts no float32 array to a half type
                named[name, dtype] = compare_parameters(live, name, dtype)
    named["shuffle"] = compare_shuffle(live)
    for dtype in FLOATS[2:]:
        named["categorical", dtype] = compare_categorical(live, dtype)
    for dtype in INTEGERS:
        if not (live.backend == "torch" and dtype == "uint64"):  # which PyTorch's backend refuses
            named["randint", dtype] = compare_randint(live, dtype)
    for name in INITIALIZERS[3:-1]:
        named[name] = compare_initializer(live, name)
    named["Orthogonal"] = compare_orthogonal(live)
    named["layers"] = compare_layers(live)
    if live.backend != "torch":
        named["order of fit"] = compare_order(live)
    return {
        "%s (%s)" % (name if isinstance(name, str) else name[0], live.backend + ("" if isinstance(name, str) else ", " + name[1])): function
        for name, function in named.items()
    }


# ---- interpreters and backends ----


def work(backend, found):
    os.environ.update(KERAS_BACKEND=backend, TF_CPP_MIN_LOG_LEVEL="3", JAX_PLATFORMS="cpu", CUDA_VISIBLE_DEVICES="")
    import warnings

    warnings.simplefilter("ignore")
    import keras

    live = Live(backend)
    upstream = {"Keras": keras.__version__}
    return frame.compare("keras", functions(live), upstream, found)


def pythons():
    given = os.environ.get("ONESEED_KERAS_PYTHONS")
    return given.split(os.pathsep) if given else [os.path.join(frame.ROOT, ".venv-frameworks", "bin", "python"), sys.executable]


def backends_of(path):
    """The backends that an interpreter has."""
    code = "from importlib.util import find_spec; print(*[name for name in %r if find_spec(name) and find_spec('keras')])"
    packages = subprocess.run([path, "-P", "-c", code % list(BACKENDS.values())], capture_output=True, text=True, cwd="/")
    return [name for name, package in BACKENDS.items() if package in packages.stdout.split()]


def main():
    backend = os.environ.get("ONESEED_KERAS_WORKER")
    found = frame.options()
    if found.worker:
        sys.exit(1 if work(backend, found) else 0)
    n_wrong, done = 0, set()
    is_given = "ONESEED_KERAS_PYTHONS" in os.environ
    for path in pythons():
        try:
            backends = [name for name in backends_of(path) if is_given or name not in done]
        except OSError as error:
            print("oneseed: %s: %s: make it with scripts/setup" % (path, error.strerror), file=sys.stderr)
            backends = []
        for name in backends:
            environment = {**os.environ, "ONESEED_KERAS_WORKER": name}
            command = [path, os.path.abspath(__file__), "--worker", *sys.argv[1:]]
            n_wrong += subprocess.run(command, env=environment).returncode != 0
            done.add(name)
    missing = sorted(set(BACKENDS) - done)
    if missing and not is_given:
        print("oneseed: no interpreter has Keras with %s: scripts/setup oracles" % ", ".join(missing), file=sys.stderr)
        n_wrong += 1
    sys.exit(1 if n_wrong else 0)


if __name__ == "__main__":
    main()
