"""Median filter and scratch arrays made by np.empty."""

import argparse

import numpy as np


def median_filter(image, radius):
    height, width = image.shape
    out = np.empty_like(image)
    window = np.empty((2 * radius + 1) ** 2)
    padded = np.pad(image, radius, mode="edge")
    for row in range(height):
        for column in range(width):
            window[:] = padded[row : row + 2 * radius + 1, column : column + 2 * radius + 1].ravel()
            out[row, column] = np.median(window)
    return out


def gradient(image):
    result = np.empty((2,) + image.shape)
    np.subtract(np.roll(image, -1, 0), image, out=result[0])
    np.subtract(np.roll(image, -1, 1), image, out=result[1])
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=24)
    args = parser.parse_args()
    rng = np.random.default_rng(8)
    image = rng.normal(size=(args.size, args.size)).cumsum(0).cumsum(1)
    smooth = median_filter(image, 1)
    print(f"energy {np.square(gradient(smooth)).sum():.10f} of {np.square(gradient(image)).sum():.10f}")


if __name__ == "__main__":
    main()
