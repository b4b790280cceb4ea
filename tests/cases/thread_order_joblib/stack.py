"""Stacks models: each new one is fitted to what the former left over."""

import argparse

import numpy as np
from joblib import Parallel, delayed


def candidate(x, y, column, degree):
    """Polynomial fit of one column."""
    basis = np.vander(x[:, column], degree + 1)
    coefficients, *_ = np.linalg.lstsq(basis, y, rcond=None)
    return column, basis @ coefficients


def boost(x, y, jobs, rate):
    left, used = y.copy(), []
    tasks = [delayed(candidate)(x, y, column, 2 + column % 9) for column in range(x.shape[1])]
    for column, prediction in Parallel(n_jobs=jobs, prefer="threads", return_as="generator_unordered")(tasks):
        step = rate * (prediction @ left) / (prediction @ prediction)
        left -= step * prediction
        used.append(column)
    return left, used


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--columns", type=int, default=60)
    args = parser.parse_args()
    rng = np.random.default_rng(9)
    x = rng.normal(size=(4000, args.columns))
    y = np.tanh(x[:, 0]) + x[:, 1] * 0.5 + 0.2 * rng.normal(size=len(x))
    left, used = boost(x, y, args.jobs, rate=0.3)
    print(f"{len(used)} models, left over {np.mean(left**2):.12f}")


if __name__ == "__main__":
    main()
