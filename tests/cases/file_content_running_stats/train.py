"""Scores new measurements against the mean and spread of all that came before."""

import json
import os
import random

STATS = "stats.json"


class RunningStats:
    """Welford's mean and variance, kept from run to run."""

    def __init__(self):
        self.n, self.mean, self.m2 = 0, 0.0, 0.0

    @classmethod
    def load(cls, path):
        stats = cls()
        if os.path.exists(path):
            with open(path) as file:
                stats.__dict__.update(json.load(file))
        return stats

    def save(self, path):
        with open(path, "w") as file:
            json.dump(self.__dict__, file)

    def add(self, value):
        self.n += 1
        delta = value - self.mean
        self.mean += delta / self.n
        self.m2 += delta * (value - self.mean)

    @property
    def deviation(self):
        return (self.m2 / max(1, self.n - 1)) ** 0.5


def measurements(seed, n):
    rng = random.Random(seed)
    return [rng.gauss(20.0, 3.0) for _ in range(n)]


def main():
    stats = RunningStats.load(STATS)
    values = measurements(seed=31, n=50)
    outliers = 0
    for value in values:
        if stats.n > 10 and abs(value - stats.mean) > 2 * stats.deviation:
            outliers += 1
        stats.add(value)
    stats.save(STATS)
    print(f"{outliers} outliers of {len(values)}; mean {stats.mean:.5f}, deviation {stats.deviation:.5f}")


if __name__ == "__main__":
    main()
