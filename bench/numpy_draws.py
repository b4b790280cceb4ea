# numpy_draws.py - nanoseconds a value of NumPy's methods, from liboneseed and from NumPy.
# SPDX-License-Identifier: MIT
#
#   python bench/numpy_draws.py [--values N] [--rounds N] [--json]
#
# One call of N values into an array each; of the rounds the quickest counts, in processor time. RandomState is seeded with an int
# (MT19937), Generator is default_rng (PCG64).
import argparse
import ctypes
import json
import os
import sys
import time

import numpy as np

sys.path.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tests", "conformance"))
from numpy_common import State, lib, seeded, version_number

VERSION = version_number(np.__version__)
METHODS = {
    "standard_normal": (),
    "normal": (1.0, 2.0),
    "uniform": (-1.0, 1.0),
    "standard_exponential": (),
    "standard_gamma": (2.5,),
    "gamma": (0.5, 2.0),
    "beta": (2.0, 3.0),
    "chisquare": (3.0,),
    "f": (2.0, 3.0),
    "standard_t": (3.0,),
    "laplace": (0.0, 1.0),
    "logistic": (0.0, 1.0),
    "gumbel": (0.0, 1.0),
    "lognormal": (0.0, 1.0),
    "rayleigh": (1.0,),
    "weibull": (2.0,),
    "pareto": (2.0,),
    "power": (2.0,),
    "wald": (1.0, 1.0),
    "vonmises": (0.0, 4.0),
    "triangular": (0.0, 1.0, 2.0),
    "poisson": (3.0,),
    "binomial": (10, 0.3),
    "negative_binomial": (5.0, 0.5),
    "geometric": (0.1,),
    "hypergeometric": (1000, 2000, 500),
    "zipf": (2.0,),
    "logseries": (0.5,),
}
INTEGERS = {"poisson", "binomial", "negative_binomial", "geometric", "hypergeometric", "zipf", "logseries"}


def argument(value):
    return ctypes.c_double(value) if isinstance(value, float) else ctypes.c_int64(value)


def quickest(n_rounds, call):
    best = float("inf")
    for _ in range(n_rounds):
        begun = time.process_time()
        call()
        best = min(best, time.process_time() - begun)
    return best


def ours(state, prefix, name, arguments, out):
    function = getattr(lib, "oneseed_numpy_%s%s_fill" % (prefix, name))
    arguments = [argument(value) for value in arguments]
    return lambda: function(ctypes.byref(state), *arguments, ctypes.c_void_p(out.ctypes.data), ctypes.c_size_t(len(out)))


def cases(n):
    """API, what is called, ours, NumPy's."""
    legacy = State()
    lib.oneseed_numpy_legacy_seed(ctypes.byref(legacy), 1)
    legacy.version = VERSION
    generator = seeded("PCG64", 1, VERSION)
    apis = (("RandomState", "legacy_", legacy, np.random.RandomState(1)), ("Generator", "", generator, np.random.default_rng(1)))
    for api, prefix, state, upstream in apis:
        first = "random_sample" if prefix else "random"
        for name, arguments in {first: (), **METHODS}.items():
            out = np.empty(n, np.int64 if name in INTEGERS else np.float64)
            what = "%s(%s)" % (name, ", ".join(map(repr, arguments)))
            yield api, what, ours(state, prefix, name, arguments, out), call_upstream(upstream, name, arguments, n)
        name = "randint" if prefix else "integers"
        for high in (100, 2**40):
            out = np.empty(n, np.int64)
            yield api, "%s(0, %d)" % (name, high), ours(state, prefix, name, (0, high), out), call_upstream(upstream, name, (0, high), n)
        out = np.empty(n, np.int64)
        yield api, "permutation(%d)" % n, ours(state, prefix, "permutation", (), out), call_upstream(upstream, "permutation", (n,), None)


def call_upstream(upstream, name, arguments, n):
    method = getattr(upstream, name)
    return (lambda: method(*arguments)) if n is None else (lambda: method(*arguments, size=n))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--values", type=int, default=1000000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    found = parser.parse_args()
    rows = []
    for api, what, our_call, upstream_call in cases(found.values):
        seconds = [quickest(found.rounds, call) for call in (our_call, upstream_call)]
        rows.append({"api": api, "call": what, "ns": [round(s * 1e9 / found.values, 2) for s in seconds]})
    if found.json:
        print(json.dumps({"format": "oneseed-bench/1", "bench": "numpy_draws", "numpy": np.__version__, "rows": rows}, indent=1))
        return
    print(f"{'API':12} {'call':32} {'oneseed/ns':>11} {'NumPy/ns':>9} {'ratio':>6}")
    for row in rows:
        a, b = row["ns"]
        print(f"{row['api']:12} {row['call']:32} {a:11.2f} {b:9.2f} {b / a if a else 0:6.2f}")


if __name__ == "__main__":
    main()
