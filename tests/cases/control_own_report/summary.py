"""Compares today's table with the report of the last run, and writes the report."""

import json
import os
import random

REPORT = "report.json"


def table(seed):
    rng = random.Random(seed)
    return {f"region-{k}": round(rng.uniform(10, 90), 3) for k in range(6)}


def previous(path, default):
    if not os.path.exists(path):
        return default
    with open(path) as file:
        return json.load(file)


def main():
    now = table(seed=8)
    before = previous(REPORT, now)
    changed = [name for name in now if now[name] != before[name]]
    with open(REPORT, "w") as file:
        json.dump(now, file, indent=1)
    print(f"{len(changed)} regions changed")
    for name, value in now.items():
        print(f"{name}: {value:.3f}")


if __name__ == "__main__":
    main()
