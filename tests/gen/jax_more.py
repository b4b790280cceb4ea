#!/usr/bin/env python3
"""jax_more - writes tests/vectors/jax_more.txt: python tests/gen/jax_more.py > tests/vectors/jax_more.txt

Runs in an environment with JAX (tests/requirements-frameworks.txt), on x86-64 with AVX512-FP16.

SPDX-License-Identifier: MIT
"""

import os

os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import ml_dtypes  # noqa: F401  numpy.dtype("bfloat16")
import numpy as np

N = 6
PARAMETERS = {
    "gamma": [(2.5,), (0.25,)],
    "loggamma": [(0.125,)],
    "beta": [(0.5, 3)],
    "chisquare": [(3,)],
    "wald": [(1.5,)],
    "t": [(2.5,)],
    "f": [(3, 7)],
    "triangular": [(-1, 0.5, 2)],
    "generalized_normal": [(1.5,)],
    "ball": [(3, 1.5)],
    "dirichlet": [(0.5, 1, 4)],
    "poisson": [(3.5,), (70,)],
    "binomial": [(20, 0.25), (300, 0.75)],
    "geometric": [(0.125,)],
}
HALVES = ("gamma", "beta", "dirichlet")
INTEGERS = ("poisson", "geometric")


def words(values):
    values = np.asarray(values)
    return ",".join("%x" % x for x in values.ravel().view("u%d" % values.dtype.itemsize))


def case(name, dtype, given, is_array, impl="threefry2x32", is_original=0):
    jax.config.update("jax_enable_x64", dtype in ("float64", "int64"))
    jax.config.update("jax_threefry_partitionable", not is_original)
    key = jax.random.key(17, impl=impl)
    arguments, shape = given, (N,)
    if is_array:
        arguments = [np.arange(x, x + N, dtype="float64").astype("float32") for x in given]
    if name == "ball":
        arguments, shape = given, (2,)
    elif name == "dirichlet":
        arguments, shape = [np.array(given, "float32")], (2,)
    out = getattr(jax.random, name)(key, *arguments, shape=shape, dtype=dtype)
    kind = ("threefry2x32", "rbg", "unsafe_rbg").index(impl)
    print(name, dtype, kind, is_original, int(is_array), ",".join("%r" % x for x in given), words(out))


def main():
    print("# jax.random's gamma family and discrete distributions: name, dtype, kind of key (0 threefry2x32, 1 rbg,")
    print("# 2 unsafe_rbg), mode (1 original), arrays (1: parameter x is x, x + 1, …), parameters, bits of the values;")
    print("# seed 17, x64 with 64-bit dtypes.")
    print("# %d values, two rows of ball and dirichlet." % N)
    print("# upstream: JAX %s; platform: x86-64 with AVX512-FP16, glibc 2.36" % jax.__version__)
    print("# command: python tests/gen/jax_more.py")
    for name, sets in PARAMETERS.items():
        for given in sets:
            dtypes = ("int32", "int64") if name in INTEGERS else ("float32", "float64")
            for dtype in dtypes + (("bfloat16", "float16") if name in HALVES else ()):
                case(name, dtype, given, False)
            if name not in ("ball", "dirichlet", "generalized_normal", "binomial", "geometric"):
                case(name, dtypes[0], given, True)
    for name in ("gamma", "binomial"):
        case(name, "float32", PARAMETERS[name][0], False, "rbg")
        case(name, "float32", PARAMETERS[name][0], False, "unsafe_rbg")
        case(name, "float32", PARAMETERS[name][0], False, is_original=1)


if __name__ == "__main__":
    main()
