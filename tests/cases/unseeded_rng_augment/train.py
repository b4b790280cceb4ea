"""Logistic regression on small images."""

import argparse
import random

import numpy as np

from data import AugmentedDataset, make_images


def seed_everything(seed):
    random.seed(seed)
    np.random.seed(seed)


def train(dataset, size, epochs, rate):
    weights = np.random.normal(0.0, 0.01, size * size)
    for epoch in range(epochs):
        losses = []
        for images, labels in dataset.batches(32):
            flat = images.reshape(len(images), -1)
            p = 1.0 / (1.0 + np.exp(-flat @ weights))
            weights -= rate * flat.T @ (p - labels) / len(labels)
            losses.append(-np.mean(np.log(np.where(labels == 1, p, 1 - p) + 1e-9)))
        print(f"epoch {epoch}: loss {np.mean(losses):.6f}")
    return weights


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--epochs", type=int, default=4)
    args = parser.parse_args()
    seed_everything(args.seed)
    images, labels = make_images(400, 12, np.random.default_rng(args.seed))
    weights = train(AugmentedDataset(images, labels), 12, args.epochs, 0.1)
    np.savez("model.npz", weights=weights)


if __name__ == "__main__":
    main()
