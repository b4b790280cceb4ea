"""A/B test by simulation. Each run is kept under an id of its own."""

import argparse
import json
import uuid

import numpy as np


class Run:
    def __init__(self, name):
        self.id = uuid.uuid4()
        self.name = name
        self.metrics = {}

    @property
    def seed(self):
        return self.id.int % 2**32

    def save(self, path):
        with open(path, "w") as file:
            json.dump({"name": self.name, **self.metrics}, file, indent=1)


def simulate(rng, visitors, rate):
    return int((rng.random(visitors) < rate).sum())


def p_value(rng, a, b, visitors, rounds=300):
    pooled = (a + b) / (2 * visitors)
    difference = abs(a - b)
    extreme = 0
    for _ in range(rounds):
        extreme += abs(simulate(rng, visitors, pooled) - simulate(rng, visitors, pooled)) >= difference
    return extreme / rounds


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--visitors", type=int, default=5000)
    args = parser.parse_args()
    run = Run("button colour")
    rng = np.random.default_rng(run.seed)
    a, b = simulate(rng, args.visitors, 0.051), simulate(rng, args.visitors, 0.054)
    run.metrics = {"a": a, "b": b, "p": p_value(rng, a, b, args.visitors)}
    run.save("result.json")
    print(f"{run.name}: a {a}, b {b}, p {run.metrics['p']:.3f}")


if __name__ == "__main__":
    main()
