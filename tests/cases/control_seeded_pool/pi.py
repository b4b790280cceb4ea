"""Pi with a pool of processes; every task has its own seed sequence."""

import argparse
import multiprocessing

import numpy as np


def inside(task):
    sequence, n = task
    rng = np.random.default_rng(sequence)
    return int((rng.random((n, 2)) ** 2).sum(1).__lt__(1.0).sum())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tasks", type=int, default=8)
    parser.add_argument("--samples", type=int, default=20000)
    args = parser.parse_args()
    sequences = np.random.SeedSequence(2023).spawn(args.tasks)
    with multiprocessing.get_context("fork").Pool(2) as pool:
        hits = pool.map(inside, [(sequence, args.samples) for sequence in sequences], chunksize=1)
    print("hits", hits)
    print(f"pi {4 * sum(hits) / args.tasks / args.samples:.6f}")


if __name__ == "__main__":
    main()
