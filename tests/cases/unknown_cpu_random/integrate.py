"""Volume of a ball in d dimensions by Monte Carlo."""

import argparse

from noise import Noise


def volume(dimensions, samples, noise):
    inside = 0
    for _ in range(samples):
        inside += sum((2 * noise.uniform() - 1) ** 2 for _ in range(dimensions)) <= 1
    return 2**dimensions * inside / samples


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--samples", type=int, default=20000)
    args = parser.parse_args()
    noise = Noise()
    for dimensions in (2, 3, 4):
        print(f"d = {dimensions}: {volume(dimensions, args.samples, noise):.6f}")


if __name__ == "__main__":
    main()
