"""jax_draws - vectors of jax.random: python tests/gen/jax_draws.py > tests/vectors/jax_VERSION.txt, in an environment with that JAX.

One case per line: function, kind of key, original mode, x64, seed, dtype, parameters, values as bits.

SPDX-License-Identifier: MIT
"""

import os
import platform

os.environ["JAX_PLATFORMS"] = "cpu"
import jax
import numpy as np

R = jax.random
N = 5
VERSION = tuple(int(part) for part in jax.__version__.split(".")[:3])
IMPLS = ("threefry2x32", "rbg", "unsafe_rbg") + (("philox2x32", "philox4x32", "threefry4x32") if VERSION >= (0, 10) else ())
PLAIN = ("normal", "exponential", "gumbel", "laplace", "logistic", "cauchy", "maxwell")
WITH_PARAMETERS = {
    "rayleigh": (1.7,), "weibull_min": (1.7, 2.3), "pareto": (2.3,), "lognormal": (1.3,), "truncated_normal": (-1.3, 2.1),
}  # fmt: skip
INEXACT = {("exponential", "float16"), ("laplace", "float16"), ("weibull_min", "float16"), ("pareto", "float16")}


def key_of(impl, original, x64, seed):
    jax.config.update("jax_enable_x64", bool(x64))
    jax.config.update("jax_threefry_partitionable", not original)
    return R.key(seed, impl=impl)


def put(name, where, dtype, parameters, values):
    values = np.ascontiguousarray(np.asarray(values)).ravel()
    bits = values.view("u%d" % values.dtype.itemsize) if values.dtype != bool else values.astype("u1")
    text = ",".join("%x" % int(word) for word in bits)
    print(name, *where, dtype, ",".join(repr(x) for x in parameters) or "-", text)


def of_keys(where):
    key = key_of(*where)
    put("key", where, "uint32", (), R.key_data(key))
    put("split", where, "uint32", (3,), R.key_data(R.split(key, 3)))
    put("fold_in", where, "uint32", (77,), R.key_data(R.fold_in(key, 77)))
    for width in (8, 16, 32) + ((64,) if where[2] else ()):
        put("bits", where, "uint%d" % width, (), R.bits(key, (N,), "uint%d" % width))


def of_integers(where):
    key = key_of(*where)
    for dtype in ("int64", "uint64") if where[2] else ("int8", "int16", "int32", "uint8", "uint16", "uint32"):
        put("randint", where, dtype, (3, 100), R.randint(key, (N,), 3, 100, dtype))
    put("permutation", where, "uint32", (7,), np.asarray(R.permutation(key, 7)).astype("u4"))
    put("bernoulli", where, "float64" if where[2] else "float32", (0.3,), R.bernoulli(key, 0.3, (N,)))


def of_reals(where, dtype):
    key = key_of(*where)
    old = VERSION < (0, 6)
    for low, high in ((0.0, 1.0), (-1.7, 3.3)):
        put("uniform", where, dtype, (low, high), R.uniform(key, (N,), dtype, low, high))
    for name in PLAIN:
        if not (old and ((name, dtype) in INEXACT or name == "maxwell")):
            put(name, where, dtype, (), getattr(R, name)(key, (N,), dtype))
    for name, parameters in WITH_PARAMETERS.items():
        if not (old and (name, dtype) in INEXACT):
            put(name, where, dtype, parameters, getattr(R, name)(key, *parameters, shape=(N,), dtype=dtype))


def of_choices(where, dtype):
    key = key_of(*where)
    logits = (0.25, -1.5, 2.0, 0.0, 1.0)
    p = (0.125, 0.5, 0.0, 0.25, 0.125)
    put("categorical", where, dtype, logits, np.asarray(R.categorical(key, np.asarray(logits, dtype), shape=(N,))).astype("u4"))
    p_array = jax.numpy.asarray(p, dtype)
    put("choice", where, dtype, p, np.asarray(R.choice(key, 5, (N,), p=p_array)).astype("u4"))
    put("choice_without", where, dtype, p, np.asarray(R.choice(key, 5, (4,), replace=False, p=p_array)).astype("u4"))


def main():
    print("# jax.random: function, kind of key, original mode, x64, seed, dtype, parameters, values as bits.")
    print("# JAX %s, %s, %s; python tests/gen/jax_draws.py" % (jax.__version__, platform.machine(), "CPU with AVX2 and FMA"))
    keys = ((42, 0, 0), (-7, 1, 0), (2**40 + 5, 0, 1), (11, 1, 2), (5, 0, 3), (6, 0, 4), (7, 0, 5))
    for seed, original, impl in keys[:4] if len(IMPLS) == 3 else keys:
        for x64 in (0, 1):
            of_keys((IMPLS[impl], original, x64, seed if x64 else seed % 2**31))
    for dtype in ("float32", "float64"):
        of_choices((IMPLS[0], 0, int(dtype == "float64"), 3), dtype)
    for seed, original, impl in keys[:3]:
        for x64 in (0, 1):
            of_integers((IMPLS[impl], original, x64, seed if x64 else seed % 2**31))
    for original in (0, 1):
        for dtype in ("float32", "bfloat16", "float16", "float64"):
            of_reals((IMPLS[0], original, int(dtype == "float64"), 42), dtype)


main()
