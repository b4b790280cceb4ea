"""Ridge regression by gradient descent, with a short warm-up so that timings are steady."""

import argparse
import time

import numpy as np


def make_data(rng, n, d):
    x = rng.normal(size=(n, d))
    y = x @ rng.normal(size=d) + 0.3 * rng.normal(size=n)
    return x, y


def warm_up(rng, seconds):
    """Fills caches and wakes the clock of the CPU; the products are thrown away."""
    end = time.perf_counter() + seconds
    rounds = 0
    while time.perf_counter() < end:
        a = rng.normal(size=(16, 16))
        a @ a.T
        rounds += 1
    return rounds


def train(rng, x, y, epochs, batch_size, rate=0.02, decay=1e-3):
    weights = np.zeros(x.shape[1])
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            error = x[rows] @ weights - y[rows]
            weights -= rate * (x[rows].T @ error / len(rows) + decay * weights)
        print(f"epoch {epoch}: mse {np.mean((x @ weights - y) ** 2):.8f}")
    return weights


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--warm-up", type=float, default=0.15)
    args = parser.parse_args()
    rng = np.random.default_rng(args.seed)
    x, y = make_data(rng, 500, 8)
    warm_up(rng, args.warm_up)
    weights = train(rng, x, y, epochs=5, batch_size=25)
    np.save("weights.npy", weights)


if __name__ == "__main__":
    main()
