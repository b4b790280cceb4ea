"""Bootstrap confidence interval of a correlation, in parallel with joblib."""

import argparse

import numpy as np
from joblib import Parallel, delayed


def correlated(n, rho, rng):
    x = rng.normal(size=n)
    return x, rho * x + np.sqrt(1 - rho**2) * rng.normal(size=n)


def resample(x, y):
    rows = np.random.randint(0, len(x), len(x))
    return np.corrcoef(x[rows], y[rows])[0, 1]


def resample_many(x, y, rounds):
    return [resample(x, y) for _ in range(rounds)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    np.random.seed(args.seed)
    x, y = correlated(80, 0.6, np.random.default_rng(args.seed))
    share = args.rounds // args.jobs
    parts = Parallel(n_jobs=args.jobs)(delayed(resample_many)(x, y, share) for _ in range(args.jobs))
    values = np.sort(np.concatenate(parts))
    low, high = values[int(0.025 * len(values))], values[int(0.975 * len(values))]
    print(f"correlation {np.corrcoef(x, y)[0, 1]:.6f}")
    print(f"95 % interval {low:.6f} .. {high:.6f}")


if __name__ == "__main__":
    main()
