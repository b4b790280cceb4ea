"""tensorflow_more.py - writes tests/vectors/tensorflow_more.txt: python tests/gen/tensorflow_more.py > FILE, with TensorFlow installed

SPDX-License-Identifier: MIT
"""

import os
import platform
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path = [path for path in sys.path if os.path.abspath(path or ".") != HERE]  # the folder has a file tensorflow.py
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

HEAD = """# TensorFlow's distributions with rejection, generators and datasets. Made by tests/gen/tensorflow_more.py (TensorFlow %s,
# Python %s, NumPy %s, %s); all numbers hexadecimal, values and parameters as bits (parameters of doubles), DTYPE the index of
# oneseed_tensorflow_dtype. A B: the seed pair of a stateless operation.
# gamma A B DTYPE ALPHA,... BETA,... N VALUES   poisson A B DTYPE RATE,... N VALUES
# binomial A B DTYPE_OF_PARAMETERS COUNT,... PROB,... DTYPE N VALUES
# categorical A B LOGITS ROWS N THREADS VALUES
# seed SIGN WORDS STATE   list VALUES STATE   skip STATE DELTA STATE   keys STATE N KEYS STATE
# generator_binomial STATE DTYPE_OF_PARAMETERS COUNT,... PROB,... DTYPE N VALUES STATE
# order SEED SEED2 RESHUFFLED SLOTS N ELEMENTS of three iterators   random SEED SEED2 RERANDOMIZED N ELEMENTS of two iterators
""" % (
    tf.__version__,
    platform.python_version(),
    np.__version__,
    "glibc " + platform.libc_ver()[1] + ", " + platform.machine(),
)
DTYPES = ("bfloat16", "float16", "float32", "float64", "int32", "int64", "uint32", "uint64")
THREADS = 2
choose = random.Random(11)
tf.config.threading.set_intra_op_parallelism_threads(THREADS)


def hexes(values):
    """Bits of an array's values, or of int64 numbers."""
    array = np.ascontiguousarray(values)
    size, raw = array.dtype.itemsize, array.tobytes()
    return ",".join("%x" % int.from_bytes(raw[k : k + size], "little") for k in range(0, len(raw), size)) or "-"


def line(*fields):
    print(" ".join(field if isinstance(field, str) else "%x" % field for field in fields))


def doubles(array):
    return hexes(np.asarray(array, np.float64))


def seed_pair():
    return [choose.getrandbits(choose.choice((8, 32, 63))) for _ in range(2)]


def parameters(dtype, low, high, n):
    return np.asarray([choose.choice((1.0, 0.5, 10.0 ** choose.uniform(low, high))) for _ in range(n)], dtype)


def samples():
    for dtype in DTYPES[1:4]:
        for n_sets in (1, 3):
            seed, alpha, beta = seed_pair(), parameters(dtype, -2, 3, n_sets), parameters(dtype, -1, 2, n_sets)
            want = tf.random.stateless_gamma((20, n_sets), seed, tf.constant(alpha), tf.constant(beta), dtype)
            line("gamma", *seed, DTYPES.index(dtype), doubles(alpha), doubles(beta), 20, hexes(want.numpy()))
    for dtype in DTYPES[1:6]:
        for n_sets in (1, 3):
            seed, rates = seed_pair(), parameters("float32", -1, 4, n_sets)
            want = tf.random.stateless_poisson((20, n_sets), seed, tf.constant(rates), dtype)
            line("poisson", *seed, DTYPES.index(dtype), doubles(rates), 20, hexes(want.numpy()))
            seed, kind = seed_pair(), choose.choice(DTYPES[1:4])
            counts, probs = np.floor(parameters(kind, 0, 4, n_sets)), parameters(kind, -3, 0, n_sets)
            given = tf.constant(counts.astype(kind)), tf.constant(probs)
            want = tf.random.stateless_binomial((20, n_sets), seed, *given, dtype)
            both = doubles(counts), doubles(probs)
            line("binomial", *seed, DTYPES.index(kind), *both, DTYPES.index(dtype), 20, hexes(want.numpy()))
            made = tf.random.Generator.from_seed(choose.getrandbits(190))
            state = made.state.numpy()
            want = made.binomial((7, n_sets), *given, tf.as_dtype(dtype))
            fields = hexes(state), DTYPES.index(kind), *both, DTYPES.index(dtype), 7, hexes(want.numpy())
            line("generator_binomial", *fields, hexes(made.state.numpy()))
    for n_rows, n_classes, n in ((1, 1, 3), (1, 10, 33), (3, 5, 7), (100, 100, 5)):
        seed = seed_pair()
        logits = (
            np.zeros((n_rows, n_classes))
            if n_rows == 100
            else np.random.default_rng(n).normal(size=(n_rows, n_classes))
        )
        want = tf.random.stateless_categorical(tf.constant(logits), n, seed)
        line("categorical", *seed, doubles(logits), n_rows, n, THREADS, hexes(want.numpy()))


def states():
    for seed in (0, 1, -1, 1234, 2**63 - 1, -(2**63), 2**63, 2**64, -(2**64), 3**50, -(3**50), 7**70, -(7**70), 5**100):
        words = [abs(seed) >> 32 * k & 0xFFFFFFFF for k in range((abs(seed).bit_length() + 31) // 32)]
        line(
            "seed",
            int(seed < 0),
            hexes(np.array(words, np.uint32)),
            hexes(tf.random.create_rng_state(seed, "philox").numpy()),
        )
    for n in (1, 2, 3, 5):
        seeds = np.array([choose.getrandbits(63) for _ in range(n)], np.int64)
        line("list", hexes(seeds), hexes(tf.random.create_rng_state(seeds, "philox").numpy()))
    for delta in (0, 1, 3, 2**40, 2**61, -1, -3, -(2**33)):
        for state in ([0, 0, 0], [2002, 1, 5], [-1, -1, 9], [2**31 - 1, -1, 9], [-200, 5, 2]):
            made = tf.random.Generator.from_state(state, "philox")
            made.skip(delta)
            fields = hexes(np.array(state, np.int64)), hexes(np.array([delta], np.int64)), hexes(made.state.numpy())
            line("skip", *fields)
    for n in (1, 2, 5):
        made = tf.random.Generator.from_seed(choose.getrandbits(150))
        state = made.state.numpy()
        line("keys", hexes(state), n, hexes(made.make_seeds(n).numpy()[0]), hexes(made.state.numpy()))


def elements(dataset, n_times):
    return np.array([int(x) for _ in range(n_times) for x in dataset.as_numpy_iterator()], np.int64)


def datasets():
    for n_slots in (1, 2, 3, 10, 64, 100):
        for again in (0, 1):
            for n in (1, 10, 66):
                seeds = [choose.getrandbits(30) for _ in range(2)]
                tf.random.set_seed(seeds[0])
                dataset = tf.data.Dataset.range(n).shuffle(n_slots, seeds[1], reshuffle_each_iteration=bool(again))
                line("order", *seeds, again, n_slots, n, hexes(elements(dataset, 3)))
    for again in (0, 1):
        seeds = [choose.getrandbits(30) for _ in range(2)]
        tf.random.set_seed(seeds[0])
        dataset = tf.data.Dataset.random(seeds[1], rerandomize_each_iteration=bool(again)).take(9)
        line("random", *seeds, again, 9, hexes(elements(dataset, 2)))


print(HEAD, end="")
samples()
states()
datasets()
