"""jax - JAX's random streams of liboneseed beside jax.random.

The comparison runs in the environment of the frameworks (scripts/setup oracles makes it), or in the interpreters that
ONESEED_JAX_PYTHONS names, with `:` between them. Shapes come from a short list: jax compiles a function once for each.

SPDX-License-Identifier: MIT
"""

import ctypes
import itertools
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path = [HERE] + [path for path in sys.path if os.path.abspath(path or ".") != HERE]
import frame  # noqa: E402  the folder has a file jax.py: only frame is taken from it

sys.path.remove(HERE)

SIZES = (1, 2, 3, 5, 17, 257, 1000, 5003)
SIZES_OF_ARRAYS = (1, 257, 2041)  # of what takes jax's compiler longer
FEW_SIZES = (257,)  # of a short run, in which nearly all time is jax's compiler's
IMPLS = ("threefry2x32", "rbg", "unsafe_rbg", "philox2x32", "philox4x32", "threefry4x32")
N_WORDS = (2, 4, 4, 1, 2, 4)
DTYPES = ("bfloat16", "float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
lib = frame.library()


class Key(ctypes.Structure):
    _fields_ = [
        ("words", ctypes.c_uint32 * 4), ("impl", ctypes.c_uint32), ("is_original", ctypes.c_uint32), ("has_x64", ctypes.c_uint32),
        ("version", ctypes.c_uint32), ("cpu", ctypes.c_uint32),
    ]

    def data(self):
        return list(self.words)[: N_WORDS[self.impl]]


lib.oneseed_jax_uniform_fill.argtypes = [
    ctypes.c_void_p, ctypes.c_int, ctypes.c_double, ctypes.c_double, ctypes.c_void_p, ctypes.c_size_t,
]
lib.oneseed_jax_bernoulli_fill.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_double, ctypes.c_void_p, ctypes.c_size_t]
lib.oneseed_jax_randint_fill.argtypes = [
    ctypes.c_void_p, ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p, ctypes.c_size_t,
]
lib.oneseed_jax_normal_fill.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t]
lib.oneseed_jax_bits_fill.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_void_p, ctypes.c_size_t]
lib.oneseed_jax_permutation.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t]
lib.oneseed_jax_permutation_space.argtypes = [ctypes.c_size_t]
lib.oneseed_jax_permutation_space.restype = ctypes.c_size_t


def jax_version():
    """0.4.35 is 435."""
    import jax

    parts = [int(x) for x in jax.__version__.split(".")[:3]]
    return parts[0] * 10000 + parts[1] * 100 + parts[2]


def keys(case, x64=None):
    """The same key twice: ours and jax's. Sets jax's flags."""
    import jax

    impls = (0, 0, 0, 1, 2, 3, 4, 5) if jax_version() >= 1000 else (0, 0, 1, 2)
    mine = Key(impl=case.random.choice(impls), version=jax_version())
    mine.is_original = case.random.randrange(2) if mine.impl < 3 else 0  # the others know one mode
    mine.has_x64 = case.random.randrange(2) if x64 is None else x64
    jax.config.update("jax_enable_x64", bool(mine.has_x64))
    jax.config.update("jax_threefry_partitionable", not mine.is_original)
    seed = case.random.getrandbits(case.random.randrange(64)) * case.random.choice((1, -1))
    lib.oneseed_jax_key_seed(ctypes.byref(mine), ctypes.c_int64(seed))
    return mine, jax.random.key(seed, impl=IMPLS[mine.impl])


def data(key):
    import jax
    import numpy as np

    return np.asarray(jax.random.key_data(key)).tolist()


def size(case, all_sizes=SIZES):
    """A size of the list, a large one in two cases of three."""
    sizes = FEW_SIZES if case.row.options.short else all_sizes
    return case.random.choice(sizes[-2:] if case.number % 3 else sizes)


def compare_keys(row):
    """key, split and fold_in, one after the other."""
    import jax

    for case in row.cases(values=20000 if row.options.short else 1000000):
        mine, theirs = keys(case)
        while row.values < (case.number + 1) * case.n:
            case.same_state(mine.data(), data(theirs), "seed, split or fold_in")
            row.values += len(mine.data())
            if case.random.randrange(2):
                n = case.random.choice((1, 2, 3, 10))
                mine_n = (Key * n)()
                lib.oneseed_jax_split(ctypes.byref(mine), mine_n, ctypes.c_size_t(n))
                theirs_n = jax.random.split(theirs, n)
                case.same_state([key.data() for key in mine_n], data(theirs_n), "split(%d)" % n)
                row.values += sum(len(key.data()) for key in mine_n)
                k = case.random.randrange(n)
                mine, theirs = Key.from_buffer_copy(mine_n[k]), theirs_n[k]
            else:
                folded = case.random.getrandbits(32)
                lib.oneseed_jax_fold_in(ctypes.byref(mine), ctypes.c_uint32(folded), ctypes.byref(mine))
                theirs = jax.random.fold_in(theirs, folded)


def repeated(row, x64, compare, sizes=SIZES):
    import jax

    jax.clear_caches()  # compiled functions of the row before: gigabytes in all
    for case in row.cases(factor=0.1 if row.options.short else 1.0):
        mine, theirs = keys(case, x64)
        for turn in itertools.count():
            n = size(case, sizes)
            compare(case, mine, theirs, n)
            # Large sizes make up for what the small ones leave.
            if row.values >= (case.number + 1) * case.n or (n < 100 and turn >= 20 and case.number % 3 == 0):
                break
            folded = case.random.getrandbits(32)
            lib.oneseed_jax_fold_in(ctypes.byref(mine), ctypes.c_uint32(folded), ctypes.byref(mine))
            theirs = jax.random.fold_in(theirs, folded)


def filled(case, want, function, *arguments):
    """What our function writes, as bytes, and jax's."""
    out = ctypes.create_string_buffer(want.nbytes + 8)
    status = function(*arguments, out, ctypes.c_size_t(want.size))
    if status:
        case.wrong("refused with status %d" % status)
    return out.raw[: want.nbytes]


def compare_bits(width):
    def compare(row):
        def one(case, mine, theirs, n):
            import jax
            import numpy as np

            want = np.asarray(jax.random.bits(theirs, (n,), "uint%d" % width))
            case.same(filled(case, want, lib.oneseed_jax_bits_fill, ctypes.byref(mine), width), want.tobytes(), n, "n=%d" % n)

        repeated(row, 1 if width == 64 else None, one)

    return compare


def compare_uniform(dtype):
    def compare(row):
        def one(case, mine, theirs, n):
            import jax
            import numpy as np

            low, high = 0.0, 1.0
            if case.random.randrange(2):
                low = case.random.uniform(-10, 10) * 10.0 ** case.random.randrange(-3, 3)
                high = low + case.random.uniform(0, 10) * 10.0 ** case.random.randrange(-3, 3)
            want = np.asarray(jax.random.uniform(theirs, (n,), dtype, low, high))
            got = filled(case, want, lib.oneseed_jax_uniform_fill, ctypes.byref(mine), DTYPES.index(dtype), low, high)
            case.same(got, want.tobytes(), n, "minval=%r, maxval=%r, n=%d" % (low, high, n))

        repeated(row, 1 if dtype == "float64" else None, one)

    return compare


def compare_normal(dtype):
    def compare(row):
        def one(case, mine, theirs, n):
            import jax
            import numpy as np

            want = np.asarray(jax.random.normal(theirs, (n,), dtype))
            got = filled(case, want, lib.oneseed_jax_normal_fill, ctypes.byref(mine), DTYPES.index(dtype))
            case.same(got, want.tobytes(), n, "n=%d" % n)

        repeated(row, 1 if dtype == "float64" else None, one)

    return compare


def parameter(case, low, high):
    """A number of the range, often a whole one; jax rounds it to the dtype."""
    x = case.random.uniform(low, high)
    return case.random.choice((x, round(x), 1.0 if low > 0 else 0.0))


PARAMETERS = {
    "exponential": lambda case: (),
    "gumbel": lambda case: (),
    "laplace": lambda case: (),
    "logistic": lambda case: (),
    "cauchy": lambda case: (),
    "rayleigh": lambda case: (parameter(case, 0.5, 20),),
    "weibull_min": lambda case: (parameter(case, 0.5, 20), parameter(case, 0.6, 9)),
    "pareto": lambda case: (parameter(case, 0.6, 9),),
    "lognormal": lambda case: (parameter(case, -2, 6),),
    "truncated_normal": lambda case: (parameter(case, -5, 0), 0.25 + parameter(case, 0, 5)),
}


def compare_distribution(name, dtype):
    def compare(row):
        ours = getattr(lib, "oneseed_jax_%s_fill" % name)

        def one(case, mine, theirs, n):
            import jax
            import numpy as np

            given = PARAMETERS[name](case)
            want = np.asarray(getattr(jax.random, name)(theirs, *given, shape=(n,), dtype=dtype))
            arguments = [ctypes.byref(mine), DTYPES.index(dtype)] + [ctypes.c_double(x) for x in given]
            case.same(filled(case, want, ours, *arguments), want.tobytes(), n, "%r, n=%d" % (given, n))

        repeated(row, 1 if dtype == "float64" else None, one)

    return compare


def bound(case, dtype, x64):
    """A number that jax takes as a bound: with x64 off it makes int32 of it."""
    import numpy as np

    info = np.iinfo(dtype)
    low, high = (-(2**63), 2**63 - 1) if x64 else (-(2**31), 2**31 - 1)
    near = case.random.choice((0, 0, info.min, info.max, case.random.randint(int(info.min), int(info.max))))
    return min(max(int(near) + case.random.randint(-300, 300), low), high)


def compare_randint(dtype):
    def compare(row):
        def one(case, mine, theirs, n):
            import jax
            import numpy as np

            low, high = bound(case, dtype, mine.has_x64), bound(case, dtype, mine.has_x64)
            if case.random.randrange(4):
                low, high = min(low, high), max(low, high)
            want = np.asarray(jax.random.randint(theirs, (n,), low, high, dtype))
            got = filled(case, want, lib.oneseed_jax_randint_fill, ctypes.byref(mine), DTYPES.index(dtype), low, high)
            case.same(got, want.tobytes(), n, "minval=%d, maxval=%d, x64=%d, n=%d" % (low, high, mine.has_x64, n))

        repeated(row, 1 if dtype.endswith("64") else None, one)

    return compare


def compare_permutation(row):
    def one(case, mine, theirs, n):
        import jax
        import numpy as np

        want = np.asarray(jax.random.permutation(theirs, n)).astype(np.uint32)
        space = (ctypes.c_uint64 * lib.oneseed_jax_permutation_space(n))()
        out = (ctypes.c_uint32 * n)()
        if lib.oneseed_jax_permutation(ctypes.byref(mine), space, out, n):
            case.wrong("refused")
        case.same(out, want.tobytes(), n, "n=%d" % n)

    repeated(row, None, one)


def compare_bernoulli(row):
    def one(case, mine, theirs, n):
        import jax
        import numpy as np

        p = case.random.choice((0.0, 1.0, 0.5, case.random.random()))
        want = np.asarray(jax.random.bernoulli(theirs, p, (n,))).astype(np.uint8)
        dtype = DTYPES.index("float64" if mine.has_x64 else "float32")
        case.same(filled(case, want, lib.oneseed_jax_bernoulli_fill, ctypes.byref(mine), dtype, p), want.tobytes(), n, "p=%r" % p)

    repeated(row, None, one)


def compare_rademacher(row):
    def one(case, mine, theirs, n):
        import jax
        import numpy as np

        want = np.asarray(jax.random.rademacher(theirs, (n,), "int8"))
        dtype = DTYPES.index("float64" if mine.has_x64 else "float32")
        got = filled(case, want, lib.oneseed_jax_bernoulli_fill, ctypes.byref(mine), dtype, 0.5)
        case.same(bytes((2 * x - 1) & 255 for x in got), want.tobytes(), n, "n=%d" % n)

    repeated(row, None, one)


# ---- arrays of parameters ----


def array_of(case, n, dtype, low, high):
    """A parameter: one value or one for each, and as doubles what the dtype makes of it."""
    import jax.numpy as jnp
    import numpy as np

    values = [case.random.uniform(low, high) for _ in range(n if case.random.randrange(4) else 1)]
    theirs = jnp.asarray(values, dtype)
    return theirs, np.asarray(theirs).astype(np.float64)


def as_arguments(*arrays):
    import numpy as np

    found = []
    for array in arrays:
        array = np.ascontiguousarray(array)
        found += [array.ctypes.data_as(ctypes.c_void_p), ctypes.c_size_t(array.size)]
    return found


RANGES = {
    "uniform": ((-5, 5), (5, 9)),
    "truncated_normal": ((-5, 0), (0.25, 5)),
    "rayleigh": ((0.5, 20),),
    "weibull_min": ((0.5, 20), (0.6, 9)),
    "pareto": ((0.6, 9),),
    "lognormal": ((-2, 6),),
    "double_sided_maxwell": ((-5, 5), (0.5, 4)),
}


def compare_arrays(name, dtype):
    def compare(row):
        import jax
        import jax.numpy as jnp
        import numpy as np

        ours = getattr(lib, "oneseed_jax_%s%s_fill" % (name, "" if name == "double_sided_maxwell" else "_each"))

        def one(case, mine, theirs, n):
            pairs = [array_of(case, n, dtype, *ends) for ends in RANGES[name]]
            if n > 1 and all(len(pair[0]) == 1 for pair in pairs):
                pairs[0] = [jnp.full((n,), pairs[0][0][0], dtype), np.repeat(pairs[0][1], n)]
            given = [pair[0] for pair in pairs]
            if name == "uniform":
                want = jax.random.uniform(theirs, (n,), dtype, *given)
            elif name == "double_sided_maxwell":
                want = jax.random.double_sided_maxwell(theirs, *given, (1,), dtype)
            else:
                want = getattr(jax.random, name)(theirs, *given, shape=(n,), dtype=dtype)
            want = np.asarray(want)
            arguments = [ctypes.byref(mine), DTYPES.index(dtype)] + as_arguments(*[pair[1] for pair in pairs])
            shapes = [len(x) for x in given]
            case.same(filled(case, want, ours, *arguments), want.tobytes(), n, "%r, n=%d" % (shapes, n))

        repeated(row, 1 if dtype == "float64" else None, one, SIZES_OF_ARRAYS)

    return compare


def compare_randint_arrays(dtype):
    def compare(row):
        import jax
        import jax.numpy as jnp
        import numpy as np

        def one(case, mine, theirs, n):
            wide = "int64" if mine.has_x64 else "int32"
            low, high = ([bound(case, dtype, mine.has_x64) for _ in range(n)] for _ in range(2))
            want = np.asarray(jax.random.randint(theirs, (n,), jnp.asarray(low, wide), jnp.asarray(high, wide), dtype))
            arguments = as_arguments(np.array(low, np.int64), np.array(high, np.int64))
            got = filled(case, want, lib.oneseed_jax_randint_each_fill, ctypes.byref(mine), DTYPES.index(dtype), *arguments)
            case.same(got, want.tobytes(), n, "x64=%d, n=%d" % (mine.has_x64, n))

        repeated(row, 1 if dtype.endswith("64") else None, one, SIZES_OF_ARRAYS)

    return compare


def compare_bernoulli_arrays(mode):
    def compare(row):
        import jax
        import numpy as np

        def one(case, mine, theirs, n):
            dtype = case.random.choice(DTYPES[: 4 if mine.has_x64 else 3])
            p, p_doubles = array_of(case, n, dtype, 0, 1)
            more = {"mode": mode} if mode else {}
            want = np.asarray(jax.random.bernoulli(theirs, p, (n,), **more)).astype(np.uint8)
            arguments = [ctypes.byref(mine), DTYPES.index(dtype), MODES.index(mode or "low")] + as_arguments(p_doubles)
            got = filled(case, want, lib.oneseed_jax_bernoulli_each_fill, *arguments)
            case.same(got, want.tobytes(), n, "%s, n=%d" % (dtype, n))

        repeated(row, None, one, SIZES_OF_ARRAYS)

    return compare


# ---- gumbel's modes, maxwell, and what chooses ----

MODES = ("low", "high", "highest")


def compare_gumbel(mode, dtype):
    def compare(row):
        import jax
        import numpy as np

        def one(case, mine, theirs, n):
            want = np.asarray(jax.random.gumbel(theirs, (n,), dtype, mode=mode))
            arguments = [ctypes.byref(mine), DTYPES.index(dtype), MODES.index(mode)]
            case.same(filled(case, want, lib.oneseed_jax_gumbel_mode_fill, *arguments), want.tobytes(), n, "n=%d" % n)

        repeated(row, 1 if dtype == "float64" else None, one, SIZES_OF_ARRAYS)

    return compare


def compare_maxwell(dtype):
    def compare(row):
        import jax
        import numpy as np

        def one(case, mine, theirs, n):
            want = np.asarray(jax.random.maxwell(theirs, (n,), dtype))
            got = filled(case, want, lib.oneseed_jax_maxwell_fill, ctypes.byref(mine), DTYPES.index(dtype))
            case.same(got, want.tobytes(), n, "n=%d" % n)

        repeated(row, 1 if dtype == "float64" else None, one, SIZES_OF_ARRAYS)

    return compare


# Logits and what shape has in front: few, since jax compiles each.
LOGITS = (((7,), 0, (2000,)), ((3, 5, 40), 1, (20,)), ((3000, 9), -1, ()))
FEW_LOGITS = (((3, 5, 40), 1, (4,)),)


def compare_categorical(dtype, replace):
    def compare(row):
        import jax
        import jax.numpy as jnp
        import numpy as np

        def one(case, mine, theirs, n):
            shape, axis, front = case.random.choice(FEW_LOGITS if row.options.short else LOGITS)
            draws, has_mode = int(np.prod(front)), jax_version() >= MODES_SINCE
            if not replace and draws > shape[axis]:
                draws, front = shape[axis], (shape[axis],)
            mode = case.random.choice(MODES if has_mode else MODES[:1])
            logits = jnp.asarray(np.random.RandomState(case.random.getrandbits(32)).standard_normal(shape) * 3, dtype)
            batch = tuple(np.delete(shape, axis))
            more = {"mode": mode} if has_mode else {}
            more.update({} if replace else {"replace": False})
            want = np.asarray(jax.random.categorical(theirs, logits, axis, front + batch, **more)).astype(np.uint32)
            outer, classes, inner = split_at(shape, axis)
            doubles = np.asarray(logits).astype(np.float64)
            space = (ctypes.c_uint64 * (2 * classes))()
            out = np.zeros(want.size, np.uint32)
            status = (lib.oneseed_jax_categorical_fill if replace else lib.oneseed_jax_categorical_choose)(
                ctypes.byref(mine), DTYPES.index(dtype), MODES.index(mode), as_arguments(doubles)[0],
                *[ctypes.c_size_t(x) for x in (outer, classes, inner)], *([] if replace else [space]),
                out.ctypes.data_as(ctypes.c_void_p), ctypes.c_size_t(draws),
            )  # fmt: skip
            if status:
                case.wrong("refused with status %d" % status)
            case.same(out, want.tobytes(), out.size, "%r, axis %d, front %r, %s" % (shape, axis, front, mode))

        repeated(row, 1 if dtype == "float64" else None, one, SIZES_OF_ARRAYS)

    return compare


def split_at(shape, axis):
    """Elements before the axis, along it and behind it."""
    axis %= len(shape)
    before = behind = 1
    for length in shape[:axis]:
        before *= length
    for length in shape[axis + 1 :]:
        behind *= length
    return before, shape[axis], behind


CLASSES = (5, 300, 2000)
FEW_CLASSES = (300,)


def compare_choice(dtype, replace):
    def compare(row):
        import jax
        import jax.numpy as jnp
        import numpy as np

        def one(case, mine, theirs, n):
            n_classes = case.random.choice(FEW_CLASSES if row.options.short else CLASSES)
            n = n if replace else n_classes
            has_mode = not replace and jax_version() >= MODES_SINCE
            mode = case.random.choice(MODES) if has_mode else "low"
            p = np.random.RandomState(case.random.getrandbits(32)).dirichlet([0.5] * n_classes)
            p[p < 0.2 / n_classes] = 0  # some have none
            p = jnp.asarray(p if p.any() else p + 1, dtype)
            more = {"mode": mode} if has_mode else {}
            want = jax.random.choice(theirs, n_classes, (n,), replace=replace, p=p, **more)
            want = np.asarray(want).astype(np.uint32)
            doubles = np.asarray(p).astype(np.float64)
            space = (ctypes.c_uint64 * (2 * n_classes))()
            ours = lib.oneseed_jax_choice_fill if replace else lib.oneseed_jax_choice_choose
            arguments = [ctypes.byref(mine), DTYPES.index(dtype)] + ([] if replace else [MODES.index(mode)])
            arguments += as_arguments(doubles) + [space]
            case.same(filled(case, want, ours, *arguments), want.tobytes(), n, "%d classes, n=%d, %s" % (n_classes, n, mode))

        repeated(row, 1 if dtype == "float64" else None, one, SIZES_OF_ARRAYS)

    return compare


LINES = (((30, 50), 0), ((30, 50), 1), ((2, 700, 3), 1), ((2000, 2), 0))


def compare_permutation_lines(row):
    import jax
    import jax.numpy as jnp
    import numpy as np

    def one(case, mine, theirs, n):
        shape, axis = case.random.choice(LINES[:1] if row.options.short else LINES)
        outer, length, inner = split_at(shape, axis)
        places = np.arange(length).reshape([-1] + [1] * (len(shape) - 1 - axis))
        x = jnp.asarray(np.broadcast_to(places, shape), jnp.int32)
        want = np.asarray(jax.random.permutation(theirs, x, axis, independent=True)).astype(np.uint32)
        space = (ctypes.c_uint64 * lib.oneseed_jax_permutation_space(want.size))()
        out = (ctypes.c_uint32 * want.size)()
        sizes = [ctypes.c_size_t(k) for k in (outer, length, inner)]
        if lib.oneseed_jax_permutation_lines(ctypes.byref(mine), *sizes, space, out):
            case.wrong("refused")
        case.same(out, want.tobytes(), want.size, "%r, axis %d" % (shape, axis))

    repeated(row, None, one)


FUNCTIONS = {
    "key, split, fold_in": compare_keys,
    **{"bits (uint%d)" % width: compare_bits(width) for width in (8, 16, 32, 64)},
    **{"uniform (%s)" % dtype: compare_uniform(dtype) for dtype in DTYPES[:4]},
    **{"randint (%s)" % dtype: compare_randint(dtype) for dtype in DTYPES[4:]},
    **{"normal (%s)" % dtype: compare_normal(dtype) for dtype in DTYPES[:4]},
    **{"%s (%s)" % (name, dtype): compare_distribution(name, dtype) for name in PARAMETERS for dtype in DTYPES[:4]},
    "permutation": compare_permutation,
    "bernoulli": compare_bernoulli,
    "rademacher": compare_rademacher,
    **{"%s of arrays (%s)" % (name, dtype): compare_arrays(name, dtype) for name in RANGES for dtype in DTYPES[:4]},
    **{"randint of arrays (%s)" % dtype: compare_randint_arrays(dtype) for dtype in DTYPES[4:]},
    "bernoulli of arrays": compare_bernoulli_arrays(None),
    **{"maxwell (%s)" % dtype: compare_maxwell(dtype) for dtype in DTYPES[:4]},
    **{"categorical (%s)" % dtype: compare_categorical(dtype, True) for dtype in DTYPES[:4]},
    **{"choice with p (%s)" % dtype: compare_choice(dtype, True) for dtype in DTYPES[:4]},
    **{"choice with p, no replacement (%s)" % dtype: compare_choice(dtype, False) for dtype in DTYPES[:4]},
    "permutation, independent": compare_permutation_lines,
}
# What later versions added.
MODES_SINCE = 601
LATER = {
    500: {"categorical, no replacement (%s)" % dtype: compare_categorical(dtype, False) for dtype in DTYPES[:4]},
    MODES_SINCE: {
        **{"gumbel, %s (%s)" % (mode, dtype): compare_gumbel(mode, dtype) for mode in MODES[1:] for dtype in DTYPES[:4]},
        "bernoulli of arrays, high": compare_bernoulli_arrays("high"),
    },
}


def pythons():
    given = os.environ.get("ONESEED_JAX_PYTHONS")
    return given.split(os.pathsep) if given else [os.path.join(frame.ROOT, ".venv-frameworks", "bin", "python")]


def has_fp16():
    """The library's float16 is that of processors which compute it themselves."""
    with open("/proc/cpuinfo") as file:
        return "avx512_fp16" in file.read().split()


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
    os.environ["JAX_PLATFORMS"] = "cpu"
    import jax

    functions = dict(FUNCTIONS)
    for version, added in LATER.items():
        functions.update(added if jax_version() >= version else {})
    if found.short and not found.only:  # nearly all its time is jax's compiler's: arrays are compared in float32 and int8
        functions = {name: one for name, one in functions.items() if "of arrays (" not in name or "float32" in name or "(int8" in name}
    if not has_fp16():
        print("oneseed: no AVX512-FP16 here: XLA rounds float16 otherwise, its rows are left out but for uniform", file=sys.stderr)
        functions = {name: one for name, one in functions.items() if "float16)" not in name or "bfloat16)" in name or "uniform" in name}
    sys.exit(1 if frame.compare("jax", functions, {"JAX": jax.__version__}, found) else 0)


if __name__ == "__main__":
    main()
