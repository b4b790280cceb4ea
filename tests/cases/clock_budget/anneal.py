"""Simulated annealing of a tour through 25 towns, as long as time allows."""

import argparse
import math
import random
import time


def towns(n, rng):
    return [(rng.random(), rng.random()) for _ in range(n)]


def length(tour, places):
    return sum(math.dist(places[a], places[b]) for a, b in zip(tour, tour[1:] + tour[:1]))


def propose(tour, rng):
    i, j = sorted(rng.sample(range(len(tour)), 2))
    return tour[:i] + tour[i : j + 1][::-1] + tour[j + 1 :]


def anneal(places, rng, seconds):
    tour = list(range(len(places)))
    current, tried = length(tour, places), 0
    deadline = time.monotonic() + seconds
    temperature = 0.5
    while time.monotonic() < deadline:
        other = propose(tour, rng)
        new = length(other, places)
        if new < current or rng.random() < math.exp((current - new) / temperature):
            tour, current = other, new
        temperature = max(0.001, temperature * 0.9995)
        tried += 1
    return tour, current, tried


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=0.25)
    parser.add_argument("--towns", type=int, default=25)
    args = parser.parse_args()
    rng = random.Random(42)
    tour, total, tried = anneal(towns(args.towns, rng), rng, args.seconds)
    print(f"{tried} moves tried, length {total:.6f}")
    print("tour", " ".join(map(str, tour)))


if __name__ == "__main__":
    main()
