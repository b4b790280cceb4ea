"""Tells rising from falling series by features that a pool of processes computes."""

import argparse
import multiprocessing
import random

import numpy as np

import augment


def make_series(n, length, rng):
    labels = rng.integers(0, 2, n)
    slope = np.where(labels == 1, 1.0, -1.0)
    t = np.linspace(-1, 1, length)
    return slope[:, None] * t + rng.normal(0, 0.5, (n, length)) + 0.3 * slope[:, None], labels


def fit(x, y, steps=200, rate=0.1):
    weights = np.zeros(x.shape[1])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-x @ weights))
        weights -= rate * x.T @ (p - y) / len(y)
    return weights


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    random.seed(args.seed)
    np.random.seed(args.seed)
    series, labels = make_series(120, 50, np.random.default_rng(args.seed))
    context = multiprocessing.get_context("fork")
    with context.Pool(1, augment.start_worker, (0.2,)) as pool:
        x = np.array(pool.map(augment.features, series, chunksize=10))
    weights = fit((x - x.mean(0)) / x.std(0), labels)
    print("weights", np.round(weights, 6).tolist())


if __name__ == "__main__":
    main()
