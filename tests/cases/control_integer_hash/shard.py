"""Sharding by hash() of numbers, and sets of numbers."""

import random


class Router:
    def __init__(self, n):
        self.n = n

    def shard(self, key):
        return hash(key) % self.n


def main():
    rng = random.Random(9)
    router = Router(7)
    sizes = [0] * 7
    for _ in range(2000):
        sizes[router.shard((rng.randrange(10**9), rng.random()))] += 1
    distinct = {rng.randrange(5000) for _ in range(1000)}
    state = 0
    for number in distinct:
        state = (state * 17 + number) % 999_983
    print("sizes", sizes)
    print(f"{len(distinct)} distinct, chained {state}")


if __name__ == "__main__":
    main()
