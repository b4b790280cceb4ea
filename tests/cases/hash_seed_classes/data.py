"""Flower measurements with text labels."""

import numpy as np

NAMES = ("setosa", "versicolor", "virginica", "sylvestris", "pratensis", "alpina")


def load(n_per_class, seed):
    rng = np.random.default_rng(seed)
    rows, labels = [], []
    for i, name in enumerate(NAMES):
        rows.append(rng.normal(loc=i * 0.8, scale=0.7, size=(n_per_class, 4)))
        labels += [name] * n_per_class
    return np.concatenate(rows), labels


def number_classes(labels):
    names = set(labels)
    return {name: i for i, name in enumerate(names)}


def encode(labels):
    index = number_classes(labels)
    return np.array([index[label] for label in labels]), index
