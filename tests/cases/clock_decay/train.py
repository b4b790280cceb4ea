"""Online logistic regression: old examples count less, by their age in seconds."""

import math
import random
import time


class Example:
    def __init__(self, features, label):
        self.features = features
        self.label = label
        self.arrived = time.time()


class Stream:
    def __init__(self, n, seed):
        self.rng = random.Random(seed)
        self.n = n

    def __iter__(self):
        for _ in range(self.n):
            x = [1.0, self.rng.gauss(0, 1), self.rng.gauss(0, 1)]
            yield Example(x, 1 if 2 * x[1] - x[2] + self.rng.gauss(0, 0.5) > 0 else 0)


class Online:
    def __init__(self, width, half_life):
        self.weights = [0.0] * width
        self.half_life = half_life
        self.window = []

    def learn(self, example, rate=0.1):
        self.window = self.window[-19:] + [example]
        newest = example.arrived
        for old in self.window:
            importance = 0.5 ** ((newest - old.arrived) / self.half_life)
            z = sum(w * x for w, x in zip(self.weights, old.features))
            error = old.label - 1.0 / (1.0 + math.exp(-z))
            self.weights = [w + rate * importance * error * x for w, x in zip(self.weights, old.features)]


def main():
    model = Online(3, half_life=0.001)
    for example in Stream(2000, seed=6):
        model.learn(example)
    print("weights", " ".join(f"{w:.6f}" for w in model.weights))


if __name__ == "__main__":
    main()
