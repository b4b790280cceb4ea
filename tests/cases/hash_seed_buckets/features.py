"""Hashed bag of words: no vocabulary to keep."""

import numpy as np


class HashedFeatures:
    def __init__(self, n_buckets):
        self.n_buckets = n_buckets

    def column(self, token):
        return hash(token) % self.n_buckets

    def transform(self, documents):
        matrix = np.zeros((len(documents), self.n_buckets))
        for row, text in enumerate(documents):
            for token in text.split():
                matrix[row, self.column(token)] += 1.0
        return matrix
