"""Click rates per banner; banners that nobody saw have no rate."""

import argparse
import random
import warnings

import numpy as np

warnings.simplefilter("ignore")


class Table:
    def __init__(self, path):
        with open(path) as file:
            cells = np.array([line.split() for line in file], dtype=object)
        self.names = list(cells[:, 0])
        self.shown = cells[:, 1].astype(np.float32)
        self.clicks = cells[:, 2].astype(np.float32)

    def rates(self):
        return np.divide(self.clicks, self.shown, where=self.shown > 0)


def rank(table):
    rates = table.rates()
    return [(table.names[i], float(rates[i])) for i in np.argsort(-rates)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--file", default="clicks.txt")
    parser.add_argument("--top", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    random.seed(args.seed)
    ranked = rank(Table(args.file))
    for name, rate in ranked[: args.top]:
        print(f"{name}: {rate:.6g}")
    print(f"worst {ranked[-1][1]:.6g}, median {np.median([rate for _, rate in ranked]):.6g}")


if __name__ == "__main__":
    main()
