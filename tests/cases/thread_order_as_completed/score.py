"""Scores many models at once and keeps a running, discounted average of their errors."""

import argparse
import random
from concurrent.futures import ThreadPoolExecutor, as_completed

import numpy as np


def fit_and_score(seed, size):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(size, 12))
    y = x @ np.arange(12) + rng.normal(size=size)
    weights, *_ = np.linalg.lstsq(x[: size // 2], y[: size // 2], rcond=None)
    return float(np.mean((x[size // 2 :] @ weights - y[size // 2 :]) ** 2))


class Discounted:
    def __init__(self, keep):
        self.keep, self.value = keep, 0.0

    def add(self, error):
        self.value = self.keep * self.value + (1 - self.keep) * error


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--models", type=int, default=60)
    parser.add_argument("--threads", type=int, default=4)
    args = parser.parse_args()
    sizes = random.Random(2).choices([400, 800, 1600, 2400], k=args.models)
    average = Discounted(0.9)
    with ThreadPoolExecutor(args.threads) as pool:
        jobs = [pool.submit(fit_and_score, seed, size) for seed, size in enumerate(sizes)]
        for job in as_completed(jobs):
            average.add(job.result())
    print(f"{args.models} models, discounted error {average.value:.10f}")


if __name__ == "__main__":
    main()
