"""Largest eigenvalue by power iteration, with products on all cores."""

import argparse

import numpy as np


def power_iteration(matrix, rounds, rng):
    vector = rng.normal(size=(len(matrix), 4))
    for _ in range(rounds):
        vector = matrix @ vector
        vector, _ = np.linalg.qr(vector)
    return np.linalg.eigvalsh(vector.T @ matrix @ vector)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=500)
    args = parser.parse_args()
    rng = np.random.default_rng(0)
    factor = rng.normal(size=(args.size, args.size))
    matrix = factor @ factor.T / args.size
    values = power_iteration(matrix, 60, rng)
    print("largest", " ".join(f"{value:.17g}" for value in values[::-1]))
    print(f"trace {np.trace(matrix @ matrix):.17g}")


if __name__ == "__main__":
    main()
