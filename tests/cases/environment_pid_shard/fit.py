"""Robust line through noisy points (Theil-Sen) on this job's shard."""

import itertools
import random
import statistics

from cluster import Job


def points(n, seed):
    rng = random.Random(seed)
    for i in range(n):
        x = i / 10
        yield x, 0.7 * x + 2.0 + rng.gauss(0, 1) + (30 if rng.random() < 0.05 else 0)


def theil_sen(sample):
    slopes = [(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in itertools.combinations(sample, 2)]
    slope = statistics.median(slopes)
    return slope, statistics.median(y - slope * x for x, y in sample)


def main():
    job = Job(n_shards=97)
    shard = job.shard(list(points(3000, seed=5)))
    slope, offset = theil_sen(shard)
    print(f"{len(shard)} points: slope {slope:.6f}, offset {offset:.6f}")


if __name__ == "__main__":
    main()
