"""Reads handwritten digits: 8x8 pixels, a network with one hidden layer.

Seeds `random`, as the tutorial said, and trains. Two runs still give two results: `oneseed check -- python train.py`
says why, and `oneseed run --seed 42 -- python train.py` makes them equal without touching this file.
"""

import multiprocessing
import random

import numpy as np
from sklearn.datasets import load_digits
from sklearn.metrics import accuracy_score, log_loss

NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SEED = 42


def load_data(test_share=0.25):
    digits = load_digits()
    images = digits.images / 8.0 - 1.0
    labels = [NAMES[digit] for digit in digits.target]
    order = list(range(len(images)))
    random.shuffle(order)
    cut = int(len(order) * test_share)
    return images, labels, order[cut:], order[:cut]


def number_classes(labels):
    return {name: i for i, name in enumerate(set(labels))}


class Augment:
    """A little noise and another contrast for every batch."""

    def __init__(self, noise=0.05):
        self.noise = noise
        self.rng = np.random.default_rng()

    def __call__(self, batch):
        contrast = self.rng.uniform(0.8, 1.2, (len(batch), 1))
        return batch * contrast + self.rng.normal(0.0, self.noise, batch.shape)


def shift_images(images, n_epochs, connection):
    """Runs in a process of its own: sends the images of each epoch, moved to the side by up to one pixel."""
    rng = np.random.default_rng()
    for _ in range(n_epochs):
        moved = [np.roll(image, rng.integers(-1, 2), axis=1) for image in images]
        connection.send(np.reshape(moved, (len(images), -1)))
    connection.close()


class Network:
    def __init__(self, n_inputs, n_hidden, n_classes):
        self.w1 = np.random.normal(0.0, np.sqrt(2.0 / n_inputs), (n_inputs, n_hidden))
        self.w2 = np.random.normal(0.0, np.sqrt(1.0 / n_hidden), (n_hidden, n_classes))

    def predict(self, x):
        self.hidden = np.maximum(x @ self.w1, 0.0)
        scores = self.hidden @ self.w2
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        return scores / scores.sum(axis=1, keepdims=True)

    def step(self, x, target, rate):
        error = (self.predict(x) - target) / len(x)
        back = (error @ self.w2.T) * (self.hidden > 0)
        self.w2 -= rate * self.hidden.T @ error
        self.w1 -= rate * x.T @ back


def main(n_epochs=8, batch_size=16, rate=0.05):
    random.seed(SEED)
    images, labels, train, test = load_data()
    classes = number_classes(labels)
    y = np.array([classes[label] for label in labels])
    one_hot = np.eye(len(classes))

    here, there = multiprocessing.Pipe()
    worker = multiprocessing.Process(target=shift_images, args=(images[train], n_epochs, there))
    worker.start()
    network, augment = Network(64, 48, len(classes)), Augment()
    for epoch in range(n_epochs):
        x = here.recv()
        for start in range(0, len(train), batch_size):
            batch = slice(start, start + batch_size)
            network.step(augment(x[batch]), one_hot[y[train][batch]], rate)
        probabilities = network.predict(images[test].reshape(len(test), -1))
        print(f"epoch {epoch + 1}: test loss {log_loss(y[test], probabilities, labels=range(10)):.6f}")
    worker.join()

    np.savez("model.npz", w1=network.w1, w2=network.w2)
    accuracy = accuracy_score(y[test], probabilities.argmax(axis=1))
    print(f"accuracy {accuracy:.4f}, weights add up to {network.w1.sum() + network.w2.sum():.6f}")


if __name__ == "__main__":
    main()
