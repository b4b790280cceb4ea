"""keras.py - writes tests/vectors/keras_<backend>.txt: what Keras draws on one backend.

    KERAS_BACKEND=numpy python tests/gen/keras.py > tests/vectors/keras_numpy.txt    (and jax, tensorflow, torch)

Needs Keras and the backend. SPDX-License-Identifier: MIT
"""

import os
import platform
import random
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path = [path for path in sys.path if os.path.abspath(path or ".") != HERE]  # which has a file keras.py
os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", JAX_PLATFORMS="cpu")

import keras  # noqa: E402
import numpy as np  # noqa: E402

BACKEND = keras.backend.backend()
FLOATS = ("bfloat16", "float16", "float32", "float64")
INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
DTYPES = FLOATS + INTEGERS
HEAD = """# Keras %s on %s %s, %s %s: keras.random, initializers, default seeds and layers.
# Made by: KERAS_BACKEND=%s python tests/gen/keras.py
# function, dtype (as in oneseed_keras_dtype), the pair of the seed, the processor (of torch: oneseed_torch_cpu), parameters
# (the bits of doubles; randint: integers; shuffle, dropout, layers: sizes), how many values, the bits of the values"""


def number_of_cpu():
    if BACKEND != "torch":
        return 0
    import torch

    return {"DEFAULT": 1, "AVX2": 2, "AVX512": 3}[torch.backends.cpu.get_cpu_capability()]


def bits(x):
    if isinstance(x, int):
        return "%x" % (x & 0xFFFFFFFFFFFFFFFF)
    return "%x" % struct.unpack("<Q", struct.pack("<d", x))[0]


def words(values):
    values = np.ascontiguousarray(values)
    size = values.dtype.itemsize
    raw = values.tobytes()
    return ",".join("%x" % int.from_bytes(raw[k : k + size], "little") for k in range(0, len(raw), size))


def line(name, dtype, pair, parameters, values):
    values = np.asarray(keras.ops.convert_to_numpy(values))
    print(
        name, DTYPES.index(dtype), *("%x" % (x & 0xFFFFFFFFFFFFFFFF) for x in pair), number_of_cpu(),
        ",".join(map(bits, parameters)) or "-", values.size, words(values),
    )


def pair_of(r):
    """A pair, and the seed that has it."""
    number = r.getrandbits(r.choice((4, 16, 31)))
    if r.randrange(2):
        return (number, 0), number
    generator, counter = keras.random.SeedGenerator(number), r.randrange(1000)
    generator.state.assign([number, counter])
    return (number, counter), generator


def draws(r):
    for dtype in FLOATS:
        if BACKEND == "jax" and dtype in ("float16", "float64"):
            continue  # which ask for settings
        for n in (3, 17):
            pair, seed = pair_of(r)
            low, high = r.uniform(-3, 0), r.uniform(0, 3)
            line("uniform", dtype, pair, (low, high), keras.random.uniform((n,), low, high, dtype=dtype, seed=seed))
            for name in ("normal", "truncated_normal"):
                pair, seed = pair_of(r)
                mean, stddev = r.choice((0.0, r.uniform(-2, 2))), r.choice((1.0, r.uniform(0, 3)))
                line(name, dtype, pair, (mean, stddev), getattr(keras.random, name)((n,), mean, stddev, dtype=dtype, seed=seed))
            pair, seed = pair_of(r)
            a, b = r.uniform(0.1, 9), r.uniform(0.1, 9)
            line("gamma", dtype, pair, (a,), keras.random.gamma((n,), a, dtype=dtype, seed=seed))
            pair, seed = pair_of(r)
            line("beta", dtype, pair, (a, b), keras.random.beta((n,), a, b, dtype=dtype, seed=seed))
            pair, seed = pair_of(r)
            count, p = r.randrange(1, 50), r.random()
            line("binomial", dtype, pair, (float(count), p), keras.random.binomial((n,), count, p, dtype=dtype, seed=seed))
            pair, seed = pair_of(r)
            rate = r.uniform(0.1, 0.9)
            ones = keras.ops.ones((n,), dtype)
            line("dropout", dtype, pair, (rate,), keras.random.dropout(ones, rate, seed=seed))


def integers(r):
    for dtype in INTEGERS:
        if dtype.endswith("64") and BACKEND == "jax" or (BACKEND, dtype) in (("torch", "uint64"), ("torch", "uint32"), ("torch", "uint16")):
            continue
        for n in (3, 17):
            pair, seed = pair_of(r)
            high = r.randrange(1, 120)
            line("randint", dtype, pair, (0, high), keras.random.randint((n,), 0, high, dtype=dtype, seed=seed))


def orders(r):
    for shape, axis in (((9,), 0), ((40,), 0), ((5, 3), 0), ((2, 6), 1), ((2, 5, 3), 1)):
        pair, seed = pair_of(r)
        sizes = (int(np.prod(shape[:axis])), shape[axis], int(np.prod(shape[axis + 1 :])))
        places = np.arange(shape[axis]).reshape([-1] + [1] * (len(shape) - axis - 1))
        x = np.ascontiguousarray(np.broadcast_to(places, shape)).astype("int32")
        line("shuffle", "int32", pair, sizes, keras.random.shuffle(x, axis=axis, seed=seed))


def initializers(r):
    names = ("RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling", "GlorotUniform", "GlorotNormal", "HeUniform",
             "HeNormal", "LecunUniform", "LecunNormal")
    for kind, name in enumerate(names, 3):
        for shape in ((4, 3), (2, 2, 3, 4)):
            pair, seed = pair_of(r)
            if not isinstance(seed, int):
                pair, seed = (pair[0], 0), pair[0]
            line("initializer", "float32", pair, (kind, *shape), getattr(keras.initializers, name)(seed=seed)(shape))


def models(r):
    """set_random_seed, then a Dense, a Conv2D, an Embedding and an LSTM: their first weights."""
    for seed in (1, 42, r.getrandbits(31)):
        keras.utils.set_random_seed(seed)
        layers = [keras.layers.Dense(3), keras.layers.Conv2D(2, 2), keras.layers.Embedding(3, 4), keras.layers.LSTM(2)]
        shapes = ((None, 4), (None, 5, 5, 2), (None, 3), (None, 3, 2))
        for layer, shape in zip(layers, shapes):
            layer.build(shape)
        for k, layer in enumerate(layers):
            line("model", "float32", (seed, 0), (k,), layer.weights[0])


def main():
    package = __import__(BACKEND)
    print(HEAD % (keras.__version__, BACKEND, package.__version__, platform.system(), platform.machine(), BACKEND))
    r = random.Random("keras")
    for part in (draws, integers, orders, initializers, models):
        part(r)


main()
