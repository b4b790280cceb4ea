"""Nearest-centroid classifier over folders of tiny grey images, one folder per class."""

import argparse
import os

import numpy as np


def read_pgm(path):
    with open(path) as file:
        words = [word for line in file for word in line.split("#")[0].split()]
    width, height, top = (int(word) for word in words[1:4])
    return np.array(words[4:], dtype=float).reshape(height, width) / top


class ImageFolder:
    def __init__(self, root):
        self.root = root
        self.classes = [name for name in os.listdir(root) if os.path.isdir(os.path.join(root, name))]
        self.samples = [
            (os.path.join(root, name, file), index)
            for index, name in enumerate(self.classes)
            for file in sorted(os.listdir(os.path.join(root, name)))
        ]

    def load(self):
        images = np.stack([read_pgm(path) for path, _ in self.samples])
        return images.reshape(len(images), -1), np.array([label for _, label in self.samples])


def sgd(x, y, n_classes, rng, epochs, rate=0.5):
    weights = rng.normal(0, 0.1, (x.shape[1], n_classes))
    for epoch in range(epochs):
        z = x @ weights
        p = np.exp(z - z.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        weights -= rate * x.T @ (p - np.eye(n_classes)[y]) / len(x)
        print(f"epoch {epoch}: loss {-np.log(p[np.arange(len(y)), y]).mean():.6f}")
    return weights


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", default="images")
    parser.add_argument("--epochs", type=int, default=5)
    args = parser.parse_args()
    folder = ImageFolder(args.root)
    x, y = folder.load()
    weights = sgd(x, y, len(folder.classes), np.random.default_rng(0), args.epochs)
    np.save("weights.npy", weights)


if __name__ == "__main__":
    main()
