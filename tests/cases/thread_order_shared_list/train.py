"""One-dimensional threshold learned online from blobs that several threads read."""

import random

from crawler import Collector


def blobs(n, seed):
    rng = random.Random(seed)
    return [(f"blob{i}", rng.randbytes(rng.randrange(20_000, 200_000))) for i in range(n)]


def learn(samples, rate=0.2):
    threshold, mistakes = 0.5, 0
    for _, value, label in samples:
        guess = int(value > threshold)
        if guess != label:
            mistakes += 1
            threshold += rate * (value - threshold) * (1 if label == 0 else 0.5)
    return threshold, mistakes


def main():
    samples = Collector(n_threads=3).collect(blobs(240, seed=1))
    threshold, mistakes = learn(samples)
    print(f"{len(samples)} samples, threshold {threshold:.8f}, {mistakes} mistakes")
    print("first", samples[0][0], "last", samples[-1][0])


if __name__ == "__main__":
    main()
