# numpy_classes.py - microseconds a call of oneseed.numpy's classes and of NumPy's.
# SPDX-License-Identifier: MIT
#
#   python bench/numpy_classes.py [--rounds N]
#
# An array of so many values in one call; 1 is a scalar. Of the rounds, in turns, the quickest counts, in processor time.
import argparse
import os
import sys
import time

import numpy as np

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "build", "lib"))
import oneseed.numpy as ours  # noqa: E402

CALLS = [
    ("RandomState", "random_sample", ()),
    ("RandomState", "standard_normal", ()),
    ("RandomState", "randint", (0, 1000)),
    ("Generator", "random", ()),
    ("Generator", "standard_normal", ()),
    ("Generator", "standard_exponential", ()),
    ("Generator", "integers", (0, 1000)),
    ("Generator", "normal", (1.0, 2.0)),
    ("Generator", "gamma", (2.5, 1.0)),
    ("Generator", "permutation", None),
]


def call_of(module, api, name, arguments, n):
    method = getattr(module.RandomState(1) if api == "RandomState" else module.default_rng(1), name)
    if arguments is None:
        return lambda: method(n)
    return (lambda: method(*arguments)) if n == 1 else lambda: method(*arguments, size=n)


def quickest(calls, n_rounds, n_times):
    best = [float("inf")] * len(calls)
    for _ in range(n_rounds):
        for k, call in enumerate(calls):
            begun = time.process_time()
            for _ in range(n_times):
                call()
            best[k] = min(best[k], (time.process_time() - begun) / n_times)
    return best


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    print("| method | values | oneseed | NumPy %s | times as fast |\n|---|---|---|---|---|" % np.__version__)
    for api, name, arguments in CALLS:
        for n in (1, 1000, 100000, 1000000):
            calls = [call_of(module, api, name, arguments, n) for module in (ours, np.random)]
            mine, theirs = quickest(calls, options.rounds, max(1, 20000 // n))
            print("| %s.%s | %d | %.4g | %.4g | %.2f |" % (api, name, n, 1e6 * mine, 1e6 * theirs, theirs / mine))


if __name__ == "__main__":
    main()
