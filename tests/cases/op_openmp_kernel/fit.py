"""Shrinks a cloud of points to a wanted spread by gradient-free search."""

import argparse

import numpy as np

from kernel import spread


def cloud(n, seed):
    rng = np.random.default_rng(seed)
    return 3 * rng.random(n, np.float32) - 1, 2 * rng.random(n, np.float32)


def shrink(x, y, wanted, rounds):
    factor = 1.0
    for i in range(rounds):
        now = spread(np.float32(factor) * x, np.float32(factor) * y)
        factor *= (wanted / now) ** 0.6
        print(f"round {i}: spread {now:.9f}")
    return factor


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--points", type=int, default=2_000_000)
    parser.add_argument("--wanted", type=float, default=1.0)
    args = parser.parse_args()
    x, y = cloud(args.points, seed=3)
    factor = shrink(x, y, args.wanted, rounds=8)
    print(f"factor {factor:.12f}")


if __name__ == "__main__":
    main()
