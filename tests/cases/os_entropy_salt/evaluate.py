"""k nearest neighbours on a toy table of flats: area, rooms, rent."""

import math
import random

from splits import Splitter


def flats(n, seed):
    rng = random.Random(seed)
    for key in range(n):
        area = rng.uniform(20, 140)
        rooms = 1 + int(area // 28)
        yield key, area, rooms, 8.5 * area + 60 * rooms + rng.gauss(0, 40)


def predict(train, area, rooms, k=5):
    nearest = sorted(train, key=lambda flat: math.hypot((flat[1] - area) / 30, flat[2] - rooms))[:k]
    return sum(flat[3] for flat in nearest) / len(nearest)


def main():
    train, test = Splitter().split(list(flats(300, seed=4)))
    errors = [abs(predict(train, area, rooms) - rent) for _, area, rooms, rent in test]
    print(f"train {len(train)}, test {len(test)}")
    print(f"mean absolute error {sum(errors) / len(errors):.4f}")


if __name__ == "__main__":
    main()
