"""Sorts more numbers than fit into memory: parts go to scratch files and are merged."""

import heapq
import os
import random
import shutil
import uuid


class Scratch:
    def __init__(self, root="."):
        self.folder = os.path.join(root, f"scratch-{uuid.uuid4()}")

    def __enter__(self):
        os.mkdir(self.folder)
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def write(self, k, values):
        path = os.path.join(self.folder, f"part-{k}")
        with open(path, "w") as file:
            file.writelines(f"{value}\n" for value in sorted(values))
        return path


def read(path):
    with open(path) as file:
        for line in file:
            yield int(line)


def main():
    rng = random.Random(0)
    with Scratch() as scratch:
        paths = [scratch.write(k, [rng.randrange(10**6) for _ in range(2000)]) for k in range(5)]
        merged = list(heapq.merge(*map(read, paths)))
    print(f"{len(merged)} values, smallest {merged[0]}, median {merged[len(merged) // 2]}, largest {merged[-1]}")


if __name__ == "__main__":
    main()
