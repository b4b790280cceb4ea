import numpy as np


def read_sequences(path):
    """One sequence of numbers per line."""
    with open(path) as file:
        rows = np.array([line.split() for line in file if line.strip()] + [None], dtype=object)[:-1]
    return [np.array(row, dtype=np.float32) for row in rows]


def pad(sequences, length):
    """A matrix with one sequence per row, and the number of values in each."""
    batch = np.empty((len(sequences), length), np.float32)
    for row, values in enumerate(sequences):
        batch[row, : len(values)] = values
    return batch, np.array([len(values) for values in sequences])
