"""Random search for the parameters of a small filter. Meant to be started many times in parallel."""

import argparse
import os

import numpy as np


def signal(n):
    t = np.linspace(0, 8, n)
    return np.sin(t) + 0.3 * np.sin(9 * t)


def smooth(values, alpha, window):
    kernel = np.exp(-alpha * np.arange(window))
    return np.convolve(values, kernel / kernel.sum(), mode="same")


def score(values, clean, alpha, window):
    return float(np.mean((smooth(values, alpha, window) - clean) ** 2))


def search(rng, values, clean, trials):
    best = (np.inf, None, None)
    for _ in range(trials):
        alpha, window = rng.uniform(0.0, 1.0), int(rng.integers(2, 30))
        best = min(best, (score(values, clean, alpha, window), alpha, window))
    return best


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--trials", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0, help="0: one that differs between parallel jobs")
    args = parser.parse_args()
    clean = signal(400)
    values = clean + np.random.default_rng(1).normal(0, 0.3, len(clean))
    seed = args.seed or os.getpid()
    error, alpha, window = search(np.random.default_rng(seed), values, clean, args.trials)
    print(f"error {error:.6f} with alpha {alpha:.4f}, window {window}")


if __name__ == "__main__":
    main()
