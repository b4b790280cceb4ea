"""Multinomial naive Bayes on short texts, then a robustness test with noisy counts."""

import argparse

import numpy as np

TEXTS = [
    ("goal match team coach", "sport"), ("market shares bank profit", "money"), ("film actor scene", "arts"),
    ("team win league goal", "sport"), ("bank loan market", "money"), ("stage actor play film", "arts"),
    ("election vote party", "politics"), ("party minister vote law", "politics"), ("law court judge", "justice"),
]


class Counts:
    def __init__(self, texts):
        self.words = sorted({word for text, _ in texts for word in text.split()})
        column = {word: i for i, word in enumerate(self.words)}
        self.matrix = np.zeros((len(texts), len(self.words)))
        for row, (text, _) in enumerate(texts):
            for word in text.split():
                self.matrix[row, column[word]] += 1


def number_labels(labels):
    return {label: i for i, label in enumerate(set(labels))}


def fit(x, y, n_classes, smooth=0.5):
    table = np.stack([x[y == c].sum(0) + smooth for c in range(n_classes)])
    return np.log(table / table.sum(1, keepdims=True))


def robustness(weights, x, y, rounds):
    rng = np.random.default_rng()
    hits = [np.mean(np.argmax((x + rng.normal(0, 0.8, x.shape)) @ weights.T, 1) == y) for _ in range(rounds)]
    return np.mean(hits)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=300)
    args = parser.parse_args()
    np.random.seed(0)
    x = Counts(TEXTS).matrix
    index = number_labels([label for _, label in TEXTS])
    y = np.array([index[label] for _, label in TEXTS])
    weights = fit(x, y, len(index))
    print("classes", y.tolist())
    print(f"accuracy under noise {robustness(weights, x, y, args.rounds):.6f}")


if __name__ == "__main__":
    main()
