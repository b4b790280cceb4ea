"""Mean first-passage time of a random walk on a ring."""

import argparse
import time

import numpy as np


def make_seed():
    return time.time_ns() % 2**32


def first_passage(rng, ring, target):
    position, steps = 0, 0
    while position != target:
        position = (position + (1 if rng.random() < 0.5 else -1)) % ring
        steps += 1
    return steps


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--walkers", type=int, default=150)
    parser.add_argument("--ring", type=int, default=24)
    parser.add_argument("--seed", type=int)
    args = parser.parse_args()
    seed = args.seed if args.seed is not None else make_seed()
    np.random.seed(seed)
    rng = np.random.mtrand._rand
    passages = [first_passage(rng, args.ring, args.ring // 2) for _ in range(args.walkers)]
    print(f"mean {np.mean(passages):.3f}, median {np.median(passages):.1f}, longest {max(passages)}")


if __name__ == "__main__":
    main()
