"""Pools ragged sequences into one vector each and ranks them."""

import argparse

import numpy as np

import batch


def normalise(matrix):
    """Logarithms, so that a few large values do not decide everything."""
    return np.sign(matrix) * np.log1p(np.abs(matrix))


def pooled(matrix, decay):
    weights = decay ** np.arange(matrix.shape[1])
    return normalise(matrix) @ weights


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--length", type=int, default=12)
    parser.add_argument("--file", default="sequences.txt")
    args = parser.parse_args()
    matrix, lengths = batch.pad(batch.read_sequences(args.file), args.length)
    values = pooled(matrix, 0.95)
    order = np.argsort(-values)
    print("lengths", np.bincount(lengths).tolist())
    print("best", order[:8].tolist())
    print("mean", repr(float(values.mean())))
    print("values", np.round(values[:20], 6).tolist())


if __name__ == "__main__":
    main()
