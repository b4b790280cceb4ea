import argparse

import numpy as np

from network import Network


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = np.random.default_rng(args.seed)
    x = rng.normal(size=(200, 5))
    y = np.abs(x[:, :1]) + 0.5 * x[:, 1:2] ** 2
    network = Network([5, 16, 1])
    for step in range(args.steps):
        loss = network.step(x, y, 0.05)
        if step % 25 == 24:
            print(f"step {step + 1}: loss {loss:.7f}")


if __name__ == "__main__":
    main()
