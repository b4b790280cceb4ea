# single_draws.py - nanoseconds of one scalar draw and of seeding, from oneseed's Python modules and from the frameworks, in turns.
# SPDX-License-Identifier: MIT
#
#   python bench/single_draws.py [--rounds N]
#
# Calls as people write them, 2,000 of each in a round; medians over the rounds, ratios too.
import argparse
import os
import random
import statistics
import sys

os.environ.setdefault("OMP_NUM_THREADS", "1")
import numpy as np
import rounds
import torch

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "build", "lib"))
import oneseed.numpy  # noqa: E402
import oneseed.python  # noqa: E402
import oneseed.torch  # noqa: E402

N_CALLS = 2000


def cases():
    """What is called, the two modules, a maker of the call from one of them."""
    python, numpy, pytorch = (oneseed.python, random), (oneseed.numpy, np.random), (oneseed.torch, torch)
    for seed in (17, 2**70):
        yield f"random.seed({seed})", python, lambda m, s=seed: (lambda g: lambda: g.seed(s))(m.Random())
    yield "random.random()", python, lambda m: m.Random(17).random
    yield "random.gauss(0, 1)", python, lambda m: (lambda g: lambda: g.gauss(0, 1))(m.Random(17))
    yield "random.randint(1, 6)", python, lambda m: (lambda g: lambda: g.randint(1, 6))(m.Random(17))
    yield "random.choice(list)", python, lambda m: (lambda g, x: lambda: g.choice(x))(m.Random(17), [1, 2, 3])
    yield "numpy.random.RandomState(17)", numpy, lambda m: lambda: m.RandomState(17)
    yield "RandomState.seed(17)", numpy, lambda m: (lambda g: lambda: g.seed(17))(m.RandomState())
    yield "RandomState.rand()", numpy, lambda m: m.RandomState(17).rand
    yield "RandomState.randn()", numpy, lambda m: m.RandomState(17).randn
    yield "RandomState.randint(6)", numpy, lambda m: (lambda g: lambda: g.randint(6))(m.RandomState(17))
    yield "numpy.random.default_rng(17)", numpy, lambda m: lambda: m.default_rng(17)
    yield "Generator.random()", numpy, lambda m: m.default_rng(17).random
    yield "Generator.normal()", numpy, lambda m: m.default_rng(17).normal
    yield "Generator.integers(6)", numpy, lambda m: (lambda g: lambda: g.integers(6))(m.default_rng(17))
    yield "torch.manual_seed(17)", pytorch, lambda m: lambda: m.manual_seed(17)
    yield "torch.rand(())", pytorch, lambda m: lambda: m.rand(())
    yield "torch.randn(1)", pytorch, lambda m: lambda: m.randn(1)
    yield "torch.randint(6, (1,))", pytorch, lambda m: lambda: m.randint(6, (1,))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    print("| called | oneseed ns | framework ns | times as fast |\n|---|---|---|---|")
    for what, modules, make in cases():
        times = rounds.measure([make(module) for module in modules], N_CALLS, options.rounds)
        mine, other = (1e9 * statistics.median(column) for column in zip(*times))
        print(f"| {what} | {mine:.4g} | {other:.4g} | {statistics.median(b / a for a, b in times):.2f} |", flush=True)


if __name__ == "__main__":
    main()
