"""Gradient descent with a progress line and timings."""

import sys
import time

import numpy as np


class Timer:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        self.start = time.perf_counter()
        return self

    def __exit__(self, *_):
        print(f"{self.name}: {time.perf_counter() - self.start:.6f} s", file=sys.stderr)


def train(x, y, epochs):
    weights = np.zeros(x.shape[1])
    started = time.time()
    for epoch in range(epochs):
        weights -= 0.1 * x.T @ (x @ weights - y) / len(y)
        if epoch % 10 == 9:
            print(f"epoch {epoch + 1}: loss {np.mean((x @ weights - y) ** 2):.8f}")
            print(f"{(epoch + 1) / (time.time() - started):.1f} epochs/s", file=sys.stderr)
    return weights


def main():
    rng = np.random.default_rng(0)
    with Timer("data"):
        x = rng.normal(size=(500, 6))
        y = x @ np.arange(6)
    with Timer("training"):
        weights = train(x, y, 50)
    print("weights", np.round(weights, 6).tolist())


if __name__ == "__main__":
    main()
