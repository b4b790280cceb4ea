"""Perceptron spam filter over hashed words."""

import argparse

import numpy as np

from features import HashedFeatures

MESSAGES = [
    ("win money now", 1), ("meeting at noon", 0), ("cheap pills online now", 1), ("lunch tomorrow", 0),
    ("you win a prize", 1), ("notes of the meeting", 0), ("money for nothing", 1), ("see you at lunch", 0),
]


def fit(x, y, epochs):
    w, b = np.zeros(x.shape[1]), 0.0
    for epoch in range(epochs):
        mistakes = 0
        for row, label in zip(x, y):
            guess = 1 if row @ w + b > 0 else -1
            if guess != label:
                w, b, mistakes = w + label * row, b + label, mistakes + 1
        print(f"epoch {epoch}: {mistakes} mistakes")
    return w, b


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--buckets", type=int, default=16)
    parser.add_argument("--epochs", type=int, default=6)
    args = parser.parse_args()
    x = HashedFeatures(args.buckets).transform([text for text, _ in MESSAGES])
    y = np.array([1 if spam else -1 for _, spam in MESSAGES])
    w, b = fit(x, y, args.epochs)
    print("weights", w.astype(int).tolist(), "bias", int(b))


if __name__ == "__main__":
    main()
