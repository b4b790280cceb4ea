"""Softmax regression. Everything is seeded."""

import random

import numpy as np

import data


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def train(x, y, n_classes, epochs, rng, rate=0.1):
    w = rng.normal(0.0, 0.1, (x.shape[1], n_classes))
    target = np.eye(n_classes)[y]
    for epoch in range(epochs):
        p = softmax(x @ w)
        w -= rate * x.T @ (p - target) / len(x)
        if epoch % 50 == 49:
            print(f"epoch {epoch + 1}: loss {-np.mean(np.log(p[np.arange(len(y)), y])):.6f}")
    return w


def main():
    random.seed(0)
    np.random.seed(0)
    x, labels = data.load(60, seed=0)
    y, index = data.encode(labels)
    w = train(x, y, len(index), 150, np.random.default_rng(0))
    np.savez("model.npz", w=w)


if __name__ == "__main__":
    main()
