"""jax_more - JAX's gamma family and discrete distributions of liboneseed beside jax.random.

Runs as jax.py does. Parameters are scalars or arrays of the shape; jax compiles a function once for each shape.

SPDX-License-Identifier: MIT
"""

import ctypes
import importlib.util
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
spec = importlib.util.spec_from_file_location("jax_rows", os.path.join(HERE, "jax.py"))
rows = importlib.util.module_from_spec(spec)
spec.loader.exec_module(rows)
frame, lib, DTYPES = rows.frame, rows.lib, rows.DTYPES

FLOATS = ("float32", "float64", "bfloat16", "float16")
# XLA gives the sums of larger arrays to YNNPACK, whose exponentials and logarithms are other ones.
MOST_SUMMED = 4095


class Variant:
    """What jax compiles for: the size, whether parameters are arrays, the kind of key, the flags. A row has four."""

    def __init__(self, case, x64):
        self.n = 257 if case.row.options.short else 2041
        self.has_arrays = bool(case.number % 2)
        self.impl, self.is_original, self.has_x64 = 0, 0, x64 or 0
        if not case.row.options.short and case.number % 50 == 10:
            self.n, self.impl = 1, 1 + case.number // 50 % 2
        elif not case.row.options.short and case.number % 50 == 11:
            self.n, self.is_original, self.has_x64 = 17, 1, 1 if x64 is None else x64


def keys(case, variant):
    """The same key twice: ours and jax's. Sets jax's flags."""
    import jax

    mine = rows.Key(impl=variant.impl, is_original=variant.is_original, has_x64=variant.has_x64, cpu=CPU)
    jax.config.update("jax_enable_x64", bool(mine.has_x64))
    jax.config.update("jax_threefry_partitionable", not mine.is_original)
    seed = case.random.getrandbits(case.random.randrange(32))
    lib.oneseed_jax_key_seed(ctypes.byref(mine), ctypes.c_int64(seed))
    return mine, jax.random.key(seed, impl=rows.IMPLS[mine.impl])


def drawn(case, n, low, high, dtype="float32"):
    """A parameter, a number or n of them, whole ones, too: Python's number or an array of the dtype; doubles."""
    import ml_dtypes
    import numpy as np

    generator = np.random.default_rng(case.random.getrandbits(64))
    values = np.exp(generator.uniform(np.log(low), np.log(high), n))
    values = np.where(generator.random(n) < 0.2, np.clip(np.round(values), low, high), values).astype(np.float32)
    if case.number % 2:
        values = values.astype(ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype)
        return values, values.astype(np.float64)
    return float(values[0]), values[:1].astype(np.float64)


def array(values):
    """A parameter for the library: its doubles and how many they are."""
    return values.ctypes.data_as(ctypes.c_void_p), ctypes.c_size_t(values.size)


def compare_floats(name, dtype, ranges):
    """A function of parameters in these ranges, one value of each."""

    def compare(row):
        ours = getattr(lib, "oneseed_jax_%s_fill" % name)

        def one(case, mine, theirs, n):
            import jax
            import numpy as np

            given = [drawn(case, n, low, high, dtype) for low, high in ranges]
            want = np.asarray(getattr(jax.random, name)(theirs, *(x for x, _ in given), shape=(n,), dtype=dtype))
            arguments = [ctypes.byref(mine), DTYPES.index(dtype)] + [part for _, x in given for part in array(x)]
            what = "%s, n=%d" % (["%r" % x if isinstance(x, float) else "array" for x, _ in given], n)
            case.same(rows.filled(case, want, ours, *arguments), want.tobytes(), n, what)

        repeated(row, 1 if dtype == "float64" else None, one)

    return compare


def compare_poisson(dtype):
    def compare(row):
        def one(case, mine, theirs, n):
            import jax
            import numpy as np

            if mine.impl:
                return  # refused by both
            low, high = case.random.choice(((0.01, 9.9), (10, 1000), (1, 100), (5, 1e6)))
            lam, doubles = drawn(case, n, low, high)
            want = np.asarray(jax.random.poisson(theirs, lam, (n,), dtype))
            arguments = [ctypes.byref(mine), DTYPES.index(dtype), *array(doubles)]
            what = "%r, n=%d" % (lam if isinstance(lam, float) else (low, high), n)
            case.same(rows.filled(case, want, lib.oneseed_jax_poisson_fill, *arguments), want.tobytes(), n, what)

        repeated(row, 1 if dtype == "int64" else None, one)

    return compare


def compare_triangular(dtype):
    def compare(row):
        def one(case, mine, theirs, n):
            import jax
            import numpy as np

            left, lefts = drawn(case, n, 0.1, 10, dtype)
            rise, rises = drawn(case, n, 0.1, 10, dtype)
            fall, falls = drawn(case, n, 0.1, 10, dtype)
            mode, right = left + rise, left + rise + fall
            modes, rights = lefts + rises, lefts + rises + falls
            if case.number % 2:  # arrays: sums of the dtype
                modes, rights = mode.astype(np.float64), right.astype(np.float64)
            want = np.asarray(jax.random.triangular(theirs, left, mode, right, (n,), dtype))
            arguments = [ctypes.byref(mine), DTYPES.index(dtype), *array(lefts), *array(modes), *array(rights)]
            got = rows.filled(case, want, lib.oneseed_jax_triangular_fill, *arguments)
            case.same(got, want.tobytes(), n, "%r to %r, n=%d" % (lefts[0], rights[0], n))

        repeated(row, 1 if dtype == "float64" else None, one)

    return compare


def compare_geometric(dtype, p_dtype):
    def compare(row):
        def one(case, mine, theirs, n):
            import jax
            import numpy as np

            generator = np.random.default_rng(case.random.getrandbits(64))
            ps = generator.choice((generator.random(n), generator.random(n) ** 4, np.full(n, 0.5))).astype(p_dtype)
            ps = ps if case.number % 2 else ps[:1]
            doubles = ps.astype(np.float64)
            p = ps if case.number % 2 else float(ps[0])
            want = np.asarray(jax.random.geometric(theirs, p, (n,), dtype))
            arguments = [ctypes.byref(mine), DTYPES.index(dtype), DTYPES.index(p_dtype), *array(doubles)]
            got = rows.filled(case, want, lib.oneseed_jax_geometric_fill, *arguments)
            case.same(got, want.tobytes(), n, "%s, n=%d" % (p if isinstance(p, float) else "array", n))

        repeated(row, p_dtype == "float64", one)

    return compare


def compare_binomial(dtype):
    """Of p's in this dtype, and values, too."""

    def compare(row):
        def one(case, mine, theirs, n):
            import jax
            import numpy as np

            count, counts = drawn(case, n, 1, case.random.choice((10, 100, 100000)))
            generator = np.random.default_rng(case.random.getrandbits(64))
            ps = generator.choice((generator.random(n), generator.random(n) ** 4, np.full(n, 0.5))).astype(dtype)
            ps = ps if case.number % 2 else ps[:1]
            p = ps if case.number % 2 else float(ps[0])
            want = np.asarray(jax.random.binomial(theirs, count, p, (n,), dtype))
            index, doubles = DTYPES.index(dtype), ps.astype(np.float64)
            arguments = [ctypes.byref(mine), index, index, *array(counts), *array(doubles)]
            what = "%s, n=%d" % (["%r" % x if isinstance(x, float) else "array" for x in (count, p)], n)
            case.same(rows.filled(case, want, lib.oneseed_jax_binomial_fill, *arguments), want.tobytes(), n, what)

        repeated(row, dtype == "float64", one)

    return compare


def compare_dirichlet(dtype):
    def compare(row):
        def one(case, mine, theirs, n):
            import jax
            import numpy as np

            n, width = (n, 3) if n < 257 else ((1365, 3), (257, 13))[case.number % 2]
            alpha = drawn(case, width, 0.05, 50)[1]
            alpha = np.resize(alpha, width)
            want = np.asarray(jax.random.dirichlet(theirs, alpha.astype(np.float32), (n,), dtype))
            arguments = [ctypes.byref(mine), DTYPES.index(dtype), *array(alpha)]
            out = ctypes.create_string_buffer(want.nbytes + 8)
            if lib.oneseed_jax_dirichlet_fill(*arguments, out, ctypes.c_size_t(n)):
                case.wrong("refused")
            case.same(out.raw[: want.nbytes], want.tobytes(), want.size, "width %d, n=%d" % (width, n))

        row.condition = "up to %d numbers" % MOST_SUMMED
        repeated(row, 1 if dtype == "float64" else None, one)

    return compare


def compare_generalized_normal(dtype):
    def compare(row):
        def one(case, mine, theirs, n):
            import jax
            import numpy as np

            p = case.random.choice((1.0, 2.0, 0.5, case.random.uniform(0.3, 9)))
            want = np.asarray(jax.random.generalized_normal(theirs, p, (n,), dtype))
            arguments = (ctypes.byref(mine), DTYPES.index(dtype), ctypes.c_double(p))
            got = rows.filled(case, want, lib.oneseed_jax_generalized_normal_fill, *arguments)
            case.same(got, want.tobytes(), n, "p=%r, n=%d" % (p, n))

        repeated(row, 1 if dtype == "float64" else None, one)

    return compare


def compare_ball(dtype):
    def compare(row):
        def one(case, mine, theirs, n):
            import jax
            import numpy as np

            n, d = (n, 2) if n < 257 else ((1365, 3), (2041, 1))[case.number % 2]
            p = case.random.choice((1.0, 2.0, 0.5, case.random.uniform(0.3, 9)))
            want = np.asarray(jax.random.ball(theirs, d, p, (n,), dtype))
            arguments = (ctypes.byref(mine), DTYPES.index(dtype), ctypes.c_size_t(d), ctypes.c_double(p))
            out = ctypes.create_string_buffer(want.nbytes + 8)
            if lib.oneseed_jax_ball_fill(*arguments, out, ctypes.c_size_t(n)):
                case.wrong("refused")
            case.same(out.raw[: want.nbytes], want.tobytes(), want.size, "d=%d, p=%r, n=%d" % (d, p, n))

        row.condition = "up to %d numbers" % MOST_SUMMED
        repeated(row, 1 if dtype == "float64" else None, one)

    return compare


def repeated(row, x64, compare):
    few = 0.025 if "float16" in row.function else 0.05  # of a short run, in which nearly all time is jax's compiler's
    for case in row.cases(factor=few if row.options.short else 1.0):
        variant = Variant(case, x64)
        while row.values < (case.number + 1) * case.n or not row.values:
            compare(case, *keys(case, variant), variant.n)
            if variant.n < 257:
                break


FUNCTIONS = {
    **{
        "%s (%s)" % (name, dtype): compare_floats(name, dtype, ranges)
        for dtype in FLOATS
        for name, ranges in {
            "gamma": [(0.01, 100)],
            "loggamma": [(0.01, 100)],
            "beta": [(0.02, 60), (0.02, 60)],
            "chisquare": [(0.05, 100)],
            "wald": [(0.05, 20)],
            "t": [(0.1, 60)],
            "f": [(0.2, 60), (0.2, 60)],
        }.items()
    },
    **{"triangular (%s)" % dtype: compare_triangular(dtype) for dtype in FLOATS},
    "geometric (int32)": compare_geometric("int32", "float32"),
    "geometric (int64)": compare_geometric("int64", "float64"),
    **{"poisson (%s)" % dtype: compare_poisson(dtype) for dtype in ("int32", "int64")},
    **{"binomial (%s)" % dtype: compare_binomial(dtype) for dtype in FLOATS[:2]},
    **{"dirichlet (%s)" % dtype: compare_dirichlet(dtype) for dtype in FLOATS},
    **{"generalized_normal (%s)" % dtype: compare_generalized_normal(dtype) for dtype in FLOATS},
    **{"ball (%s)" % dtype: compare_ball(dtype) for dtype in FLOATS},
}


def features():
    """What /proc/cpuinfo says of the processor."""
    with open("/proc/cpuinfo") as file:
        return next((line.split() for line in file if line.startswith("flags")), [])


def main():
    found = frame.options()
    if not found.worker:
        n_wrong = 0
        for path in rows.pythons():
            try:
                n_wrong += subprocess.run([path, os.path.abspath(__file__), "--worker", *sys.argv[1:]]).returncode != 0
            except OSError as error:
                n_wrong += 1
                print("oneseed: %s: %s: make it with scripts/setup" % (path, error.strerror), file=sys.stderr)
        sys.exit(1 if n_wrong else 0)
    os.environ["JAX_PLATFORMS"] = "cpu"
    functions = FUNCTIONS
    if CPU:
        os.environ["XLA_FLAGS"] = os.environ.get("XLA_FLAGS", "") + " --xla_cpu_max_isa=AVX2"
    if "avx512_fp16" not in features() or CPU:
        print("jax_more: without AVX512-FP16: rows of float16 are left out", file=sys.stderr)
        functions = {name: function for name, function in FUNCTIONS.items() if "(float16)" not in name}
    import jax

    jax.config.update("jax_compilation_cache_dir", os.path.join(frame.ROOT, "build", "jax_cache", str(CPU)))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
    sys.exit(1 if frame.compare("jax", functions, {"JAX": jax.__version__}, found) else 0)


# 1: what XLA compiles for AVX2, which a processor with AVX-512 does, too, when ONESEED_JAX_CPU says so.
CPU = int(os.environ.get("ONESEED_JAX_CPU", "avx512f" not in features()))

if __name__ == "__main__":
    main()
