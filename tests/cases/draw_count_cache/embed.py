"""Random projection of documents; the projection matrix is kept for the next time."""

import os

import numpy as np

CACHE = "projection.npy"
DOCUMENTS = [
    "the cat sat on the mat", "a dog chased the cat", "stocks fell on monday",
    "the market rose again", "cats and dogs are pets", "investors sold their stocks",
]


def vocabulary(documents):
    return {word: i for i, word in enumerate(sorted({word for text in documents for word in text.split()}))}


def count_matrix(documents, index):
    counts = np.zeros((len(documents), len(index)))
    for row, text in enumerate(documents):
        for word in text.split():
            counts[row, index[word]] += 1
    return counts


def projection(n_words, width):
    if os.path.exists(CACHE):
        return np.load(CACHE)
    matrix = np.random.standard_normal((n_words, width)) / np.sqrt(width)
    np.save(CACHE, matrix)
    return matrix


def k_means(points, k, rounds=10):
    centres = points[np.random.choice(len(points), k, replace=False)] + 0.01 * np.random.standard_normal((k, points.shape[1]))
    for _ in range(rounds):
        nearest = np.argmin(((points[:, None] - centres) ** 2).sum(-1), axis=1)
        for c in range(k):
            if (nearest == c).any():
                centres[c] = points[nearest == c].mean(0) + 0.001 * np.random.standard_normal(points.shape[1])
    return nearest, centres


def main():
    np.random.seed(21)
    index = vocabulary(DOCUMENTS)
    points = count_matrix(DOCUMENTS, index) @ projection(len(index), 4)
    nearest, centres = k_means(points, 2)
    print("clusters", nearest.tolist())
    print("centres", np.round(centres, 6).tolist())


if __name__ == "__main__":
    main()
