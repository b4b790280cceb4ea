"""Value at risk of a small portfolio by Monte Carlo, with a stress test at the end."""

import argparse
import math
import random


class Portfolio:
    def __init__(self, positions, volatility):
        self.positions = positions
        self.volatility = volatility

    def loss(self, shocks):
        return -sum(p * (math.exp(v * z) - 1.0) for p, v, z in zip(self.positions, self.volatility, shocks))


class StressTest:
    """Heavy-tailed shocks for the worst scenarios only."""

    def __init__(self, n_scenarios):
        self.n_scenarios = n_scenarios
        self.source = None

    def shocks(self, width):
        if self.source is None:
            self.source = random.Random()
        return [self.source.gauss(0.0, 1.0) / max(self.source.random(), 0.05) for _ in range(width)]

    def worst(self, portfolio):
        width = len(portfolio.positions)
        return max(portfolio.loss(self.shocks(width)) for _ in range(self.n_scenarios))


def value_at_risk(portfolio, rng, scenarios, level):
    width = len(portfolio.positions)
    losses = sorted(portfolio.loss([rng.normalvariate(0.0, 1.0) for _ in range(width)]) for _ in range(scenarios))
    return losses[int(level * scenarios)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--scenarios", type=int, default=60000)
    parser.add_argument("--seed", type=int, default=11)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    portfolio = Portfolio([100.0, 250.0, 75.0], [0.02, 0.01, 0.05])
    print(f"VaR 99 %: {value_at_risk(portfolio, rng, args.scenarios, 0.99):.4f}")
    print(f"worst stress: {StressTest(200).worst(portfolio):.4f}")


if __name__ == "__main__":
    main()
