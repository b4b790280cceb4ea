"""Successive halving over a few settings. Remembers earlier trials in a table."""

import argparse
import csv

import numpy as np

HISTORY = "history.csv"


def objective(rate, depth, rng):
    return (np.log10(rate) + 2.2) ** 2 + 0.1 * (depth - 5) ** 2 + 0.05 * rng.normal()


def past_trials(path):
    with open(path, newline="") as file:
        return [(float(row["rate"]), int(row["depth"]), float(row["loss"])) for row in csv.DictReader(file)]


def remember(path, trials):
    with open(path, "a", newline="") as file:
        writer = csv.writer(file)
        for rate, depth, loss in trials:
            writer.writerow([f"{rate:.8f}", depth, f"{loss:.8f}"])


def propose(trials, n, rng):
    """New settings around the three best so far."""
    best = sorted(trials, key=lambda trial: trial[2])[:3]
    for _ in range(n):
        rate, depth, _ = best[rng.integers(len(best))]
        yield rate * 10 ** rng.normal(0, 0.2), max(1, int(depth + rng.integers(-1, 2)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--trials", type=int, default=12)
    args = parser.parse_args()
    rng = np.random.default_rng(77)
    trials = past_trials(HISTORY)
    new = [(rate, depth, objective(rate, depth, rng)) for rate, depth in propose(trials, args.trials, rng)]
    remember(HISTORY, new)
    rate, depth, loss = min(trials + new, key=lambda trial: trial[2])
    print(f"best of {len(trials) + len(new)}: rate {rate:.6f}, depth {depth}, loss {loss:.6f}")


if __name__ == "__main__":
    main()
