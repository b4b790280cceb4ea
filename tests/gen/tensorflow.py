"""tensorflow.py - writes tests/vectors/tensorflow.txt: python tests/gen/tensorflow.py > FILE, with TensorFlow installed

SPDX-License-Identifier: MIT
"""
import os
import platform
import random
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path = [path for path in sys.path if os.path.abspath(path or ".") != HERE]  # this file's name is the package's
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from tensorflow.python.framework import random_seed  # noqa: E402  get_seed, which every operation asks

HEAD = """# TensorFlow's streams. Made by tests/gen/tensorflow.py (TensorFlow %s, Python %s, NumPy %s, %s); numbers hexadecimal but for
# seed pairs and integers' bounds. A value is its bits, a bound or a deviation those of a double; DTYPE is the index of oneseed_tensorflow_dtype.
# seeds GLOBAL OPERATION,... SEED,SEED2,...   set_seed(GLOBAL), then get_seed() for each; none is None, i an integer, d a double
# uniform, range, int, full, normal, truncated: KIND A B DTYPE FIRST SECOND VALUES: KIND stateful has A, B as seed and seed2 and
#   gives two calls of one kernel, one after the other; stateless has them as the seed pair. FIRST, SECOND: bounds, or mean and stddev.
# shuffle KIND A B INDICES   dropout KIND A B DTYPE RATE IN OUT
""" % (
    tf.__version__,
    platform.python_version(),
    np.__version__,
    "glibc " + platform.libc_ver()[1] + ", " + platform.machine(),
)
DTYPES = ("bfloat16", "float16", "float32", "float64", "int32", "int64", "uint32", "uint64")
SIZES = (1, 2, 3, 5, 66)
choose = random.Random(9)


def line(*fields):
    print(" ".join(str(field) for field in fields))


def hexes(array):
    array = np.ascontiguousarray(array)
    size = array.dtype.itemsize
    raw = array.tobytes()
    return ",".join("%x" % int.from_bytes(raw[k : k + size], "little") for k in range(0, len(raw), size)) or "-"


def double(x):
    return "%x" % struct.unpack("<Q", struct.pack("<d", x))


def seed_text(seed):
    return "none" if seed is None else "d" + double(seed) if isinstance(seed, float) else "i%x" % seed


def seeds():
    whole = [0, 1, -1, 5, 42, 1234, 2**31 - 2, 2**31 - 1, 2**31, -(2**31), 2**32, 2**63 - 1, -(2**63), 2**63, 2**64 + 5, -(3**70)]
    for seed in whole + [1.0, -2.5, 1e30, -1e-20, 2147483646.75, 0.0]:
        tf.random.set_seed(seed)
        asked = [None, 0, None, -1, 2**31 - 1, 10**30, 3.5, None, choose.getrandbits(62), None]
        found = [int(x) for one in asked for x in random_seed.get_seed(one)]
        line("seeds", seed_text(seed), ",".join(map(seed_text, asked)), ",".join("%x" % x for x in found))
    tf.random.set_seed(None)
    asked = [0, 7, -7, 2**40, 1.5]
    found = [int(x) for one in asked for x in random_seed.get_seed(one)]
    line("seeds", "none", ",".join(map(seed_text, asked)), ",".join("%x" % x for x in found))


def pairs():
    """Attributes of kernels and seed pairs; (0, 0) is for stateless ones only."""
    wide = (choose.randint(-(2**63), 2**63 - 1), choose.randint(-(2**63), 2**63 - 1))
    return [("stateful", (87654321, 1)), ("stateful", wide), ("stateless", (0, 0)), ("stateless", (1, 2)), ("stateless", wide)]


def sampled(name, kind, pair, n, dtype, first, second):
    """The values: of a stateful kernel those of two calls, with parameters as tf.random applies them."""
    a, b = pair
    if kind == "stateless":
        if name in ("uniform", "range", "int"):
            return tf.random.stateless_uniform((n,), pair, first, second, dtype).numpy()
        if name == "full":
            return tf.random.stateless_uniform((n,), pair, None, None, dtype).numpy()
        function = tf.random.stateless_normal if name == "normal" else tf.random.stateless_truncated_normal
        return function((n,), pair, first, second, dtype).numpy()
    tf.random.set_seed(0)  # forgets the kernels
    if name == "int":
        lo, hi = tf.constant(first, dtype), tf.constant(second, dtype)
        calls = [tf.raw_ops.RandomUniformInt(shape=(n,), minval=lo, maxval=hi, seed=a, seed2=b) for _ in range(2)]
        return np.concatenate([call.numpy() for call in calls])
    operation = {
        "uniform": tf.raw_ops.RandomUniform,
        "range": tf.raw_ops.RandomUniform,
        "normal": tf.raw_ops.RandomStandardNormal,
        "truncated": tf.raw_ops.TruncatedNormal,
    }[name]
    calls = [operation(shape=(n,), dtype=dtype, seed=a, seed2=b) for _ in range(2)]
    if name == "range":
        calls = [call * (tf.constant(second, dtype) - tf.constant(first, dtype)) + tf.constant(first, dtype) for call in calls]
    elif name != "uniform":
        calls = [call * tf.constant(second, dtype) + tf.constant(first, dtype) for call in calls]
    return np.concatenate([call.numpy() for call in calls])


def samples():
    for name in ("uniform", "range", "normal", "truncated"):
        for dtype in DTYPES[:4]:
            for kind, pair in pairs():
                for n in SIZES:
                    first, second = {"uniform": (0.0, 1.0), "range": (-1.1, 3.3)}.get(name, choose.choice(((0.0, 1.0), (0.7, 1.3))))
                    values = sampled(name, kind, pair, n, dtype, first, second)
                    line(name, kind, *pair, DTYPES.index(dtype), double(first), double(second), hexes(values))
    for dtype, bits in (("int32", 31), ("int64", 63)):
        for kind, pair in pairs():
            for low, high in ((0, 10), (-(2**bits), 2**bits - 1), (-7, 5), (0, 2 ** (bits - 1) + 1)):
                line("int", kind, *pair, DTYPES.index(dtype), low, high, hexes(sampled("int", kind, pair, 21, dtype, low, high)))
    for dtype in DTYPES[4:]:
        for kind, pair in pairs():
            if kind == "stateless":
                line("full", kind, *pair, DTYPES.index(dtype), 0, 0, hexes(sampled("full", kind, pair, 21, dtype, 0, 0)))


def orders():
    for kind, pair in pairs():
        for n in (2, 3, 4, 5, 6, 9, 10, 200):
            tf.random.set_seed(0)
            value = tf.range(n)
            if kind == "stateful":
                calls = [tf.raw_ops.RandomShuffle(value=value, seed=pair[0], seed2=pair[1]).numpy() for _ in range(2)]
                line("shuffle", kind, *pair, hexes(np.concatenate(calls)))
            else:
                line("shuffle", kind, *pair, hexes(tf.random.experimental.stateless_shuffle(value, pair).numpy()))


def dropouts():
    for dtype in DTYPES[:4]:
        for rate in (0.0, 0.1, 0.5, 0.83):
            pair = (choose.getrandbits(31), choose.getrandbits(31))
            x = tf.constant([choose.uniform(-3, 3) for _ in range(37)], dtype)
            out = tf.nn.experimental.stateless_dropout(x, rate, pair)
            line("dropout", "stateless", *pair, DTYPES.index(dtype), double(rate), hexes(x.numpy()), hexes(out.numpy()))


print(HEAD, end="")
seeds()
samples()
orders()
dropouts()
