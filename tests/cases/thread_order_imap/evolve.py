"""Evolution strategy; candidates are judged by a pool of processes."""

import argparse
import multiprocessing

import numpy as np


def fitness(candidate):
    """A bumpy landscape; a candidate far out takes longer to judge."""
    rounds = 200 + int(400 * abs(candidate[0]))
    value = 0.0
    for i in range(rounds):
        value += np.cos(candidate * (1 + i % 7)).sum() / rounds
    return candidate, value - 0.05 * float(candidate @ candidate)


def move(mean, scored, rate=0.3):
    """Walks towards each good candidate as it comes in."""
    best = -np.inf
    for candidate, value in scored:
        if value > best - 0.5:
            mean = mean + rate * (candidate - mean)
            best = max(best, value)
    return mean, best


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--generations", type=int, default=6)
    parser.add_argument("--population", type=int, default=40)
    args = parser.parse_args()
    rng = np.random.default_rng(13)
    mean = np.full(4, 1.5)
    with multiprocessing.get_context("fork").Pool(2) as pool:
        for generation in range(args.generations):
            population = mean + 0.5 * rng.normal(size=(args.population, 4))
            mean, best = move(mean, pool.imap_unordered(fitness, population))
            print(f"generation {generation}: best {best:.6f}, mean {np.round(mean, 5).tolist()}")


if __name__ == "__main__":
    main()
