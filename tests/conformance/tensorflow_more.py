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
    ctypes.c_void_p, ctypes.c_int, DOUBLES, DOUBLES, ctypes.c_size_t, ctypes.c_size_t, ctypes.c_void_p,
]
lib.oneseed_tensorflow_poisson_fill.argtypes = [
    ctypes.c_void_p, ctypes.c_int, DOUBLES, ctypes.c_size_t, ctypes.c_size_t, ctypes.c_void_p,
]
lib.oneseed_tensorflow_binomial_fill.argtypes = [
    ctypes.c_void_p, ctypes.c_int, DOUBLES, DOUBLES, ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int, ctypes.c_void_p,
]
lib.oneseed_tensorflow_reserve.argtypes = [ctypes.c_void_p, ctypes.c_uint64]
lib.oneseed_tensorflow_binomial_reserve.argtypes = [ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint64]


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
                case, want, lib.oneseed_tensorflow_gamma_fill, ctypes.byref(stateless_place(seed)), DTYPES.index(dtype),
                doubles(alpha), beta and doubles(beta), n_sets, n,
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
                    case, want, lib.oneseed_tensorflow_gamma_fill, ctypes.byref(place), DTYPES.index(dtype),
                    doubles(alpha), doubles(beta), n_sets, n,
                )
                lib.oneseed_tensorflow_reserve(ctypes.byref(place), n * n_sets)
                case.same(got, want.tobytes(), n * n_sets, "seeds %r, alpha=%r, beta=%r, n=%d" % (seeds, alpha, beta, n))

        repeated(row, one)

    return compare


def compare_stateless_poisson(dtype):
    def compare(row):
        import tensorflow as tf

        def one(case):
            seed, (n_sets, n) = seed_pair(case), sizes(case)
            rate_dtype = case.random.choice(FLOATS)
            largest = 4 if "16" in rate_dtype + dtype else 8
            rates = rounded([case.random.choice((0.0, -1.0, spread(case, -2, largest))) for _ in range(n_sets)], rate_dtype)
            want = as_bytes(tf.random.stateless_poisson((n, n_sets), seed, tensor(rates, rate_dtype), dtype))
            got = filled(
                case, want, lib.oneseed_tensorflow_poisson_fill, ctypes.byref(stateless_place(seed)), DTYPES.index(dtype),
                doubles(rates), n_sets, n,
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
                    case, want, lib.oneseed_tensorflow_poisson_fill, ctypes.byref(place), DTYPES.index(dtype),
                    doubles(rates), n_sets, n,
                )
                lib.oneseed_tensorflow_reserve(ctypes.byref(place), n * n_sets)
                case.same(got, want.tobytes(), n * n_sets, "seeds %r, rates=%r, n=%d" % (seeds, rates, n))

        repeated(row, one)

    return compare


def binomial_parameters(case, n_sets):
    dtype = case.random.choice(NUMBERS[:3] if case.random.randrange(8) else NUMBERS[3:])
    largest = 3 if dtype == "float16" else 8
    counts = [case.random.choice((0, -2, 1, int(10.0 ** case.random.uniform(0, largest)))) for _ in range(n_sets)]
    choices = (0.0, 1.0) if "int" in dtype else (0.0, 1.0, 0.5, case.random.random(), 10.0 ** case.random.uniform(-6, 0), 2.0, -1.0)
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
                case, want, lib.oneseed_tensorflow_binomial_fill, ctypes.byref(stateless_place(seed)), DTYPES.index(kind),
                doubles(counts), doubles(probs), n_sets, n, DTYPES.index(dtype),
            )
            what = "seed=%r, counts=%r, probs=%r (%s), n=%d" % (seed, counts, probs, kind, n)
            case.same(got, want.tobytes(), n * n_sets, what)

        repeated(row, one)

    return compare


FUNCTIONS = {
    **{"gamma (%s)" % dtype: compare_gamma(dtype) for dtype in FLOATS},
    **{"stateless_gamma (%s)" % dtype: compare_stateless_gamma(dtype) for dtype in FLOATS},
    **{"poisson (%s)" % dtype: compare_poisson(dtype) for dtype in NUMBERS},
    **{"stateless_poisson (%s)" % dtype: compare_stateless_poisson(dtype) for dtype in NUMBERS},
    **{"stateless_binomial (%s)" % dtype: compare_stateless_binomial(dtype) for dtype in NUMBERS},
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
    import tensorflow as tf

    sys.exit(1 if frame.compare("tensorflow", FUNCTIONS, {"TensorFlow": tf.__version__}, found) else 0)


if __name__ == "__main__":
    main()
