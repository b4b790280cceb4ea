"""A queue of tiles, processes that take them as they can, an image that is put together by position."""

import argparse
import multiprocessing
import os


def escape(c, limit):
    z, n = 0j, 0
    while abs(z) <= 2 and n < limit:
        z, n = z * z + c, n + 1
    return n


def tile(task):
    row, width, limit = task
    return row, [escape(complex(-2 + 3 * column / width, -1.2 + 2.4 * row / width), limit) for column in range(width)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=48)
    args = parser.parse_args()
    image = [None] * args.size
    workers = min(2, os.cpu_count() or 1)
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        for row, values in pool.imap_unordered(tile, [(row, args.size, 60) for row in range(args.size)]):
            image[row] = values
    for row in image[::8]:
        print("".join(" .:-=+*#%@"[min(9, value // 6)] for value in row))
    print("sum", sum(map(sum, image)))


if __name__ == "__main__":
    main()
