"""Rejection sampling: the number of draws per sample varies, but not from run to run."""

import argparse
import math
import random


def density(x):
    return math.exp(-x * x / 2) * (1 + math.sin(3 * x)) / 2


def sample(rng):
    tries = 0
    while True:
        tries += 1
        x = rng.uniform(-4, 4)
        if rng.random() < density(x):
            return x, tries


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-n", type=int, default=5000)
    args = parser.parse_args()
    random.seed(15)
    rng = random.Random(random.getrandbits(64))
    pairs = [sample(rng) for _ in range(args.n)]
    print(f"mean {sum(x for x, _ in pairs) / args.n:.8f}, tries {sum(t for _, t in pairs)}")


if __name__ == "__main__":
    main()
