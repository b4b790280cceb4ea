"""Runs the simulator for several loads and fits a line through the logarithms."""

import argparse
import math
import random
import subprocess
import sys


def run_simulator(rate, customers):
    output = subprocess.run(
        [sys.executable, "simulate.py", str(rate), str(customers)], check=True, capture_output=True, text=True
    ).stdout
    return float(output)


def fit_line(points):
    n = len(points)
    sx, sy = sum(x for x, _ in points), sum(y for _, y in points)
    sxx, sxy = sum(x * x for x, _ in points), sum(x * y for x, y in points)
    slope = (n * sxy - sx * sy) / (n * sxx - sx * sx)
    return slope, (sy - slope * sx) / n


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=10)
    parser.add_argument("--customers", type=int, default=2000)
    args = parser.parse_args()
    random.seed(args.seed)
    rates = [round(random.uniform(0.2, 0.8), 3) for _ in range(4)]
    points = [(math.log(1 - rate), math.log(run_simulator(rate, args.customers))) for rate in rates]
    slope, offset = fit_line(points)
    print(f"loads {rates}")
    print(f"slope {slope:.6f}, offset {offset:.6f}")


if __name__ == "__main__":
    main()
