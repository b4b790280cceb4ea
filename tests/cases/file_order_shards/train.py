"""Linear model by stochastic gradient descent; the last rows are held out."""

import argparse

import numpy as np

from data import Shards


def train(rows, rng, epochs, rate=0.02):
    weights = np.zeros(rows.shape[1] - 1)
    for _ in range(epochs):
        for i in rng.permutation(len(rows)):
            error = rows[i, :-1] @ weights - rows[i, -1]
            weights -= rate * error * rows[i, :-1]
    return weights


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", default="shards")
    parser.add_argument("--epochs", type=int, default=3)
    args = parser.parse_args()
    train_rows, test_rows = Shards(args.folder).split(held_out=20)
    weights = train(train_rows, np.random.default_rng(7), args.epochs)
    error = test_rows[:, :-1] @ weights - test_rows[:, -1]
    print("weights", np.round(weights, 6).tolist())
    print(f"test error {np.mean(error**2):.6f}")


if __name__ == "__main__":
    main()
