"""Dictionaries keep the order of insertion."""

import json
from collections import OrderedDict, defaultdict

ROWS = [("red", "apple"), ("yellow", "banana"), ("green", "apple"), ("red", "cherry"), ("yellow", "lemon")]


class Encoder:
    def __init__(self):
        self.index = {}

    def code(self, word):
        return self.index.setdefault(word, len(self.index))


def group(rows):
    groups = defaultdict(list)
    for colour, fruit in rows:
        groups[colour].append(fruit)
    return groups


def main():
    encoder = Encoder()
    print("codes", [(encoder.code(colour), encoder.code(fruit)) for colour, fruit in ROWS])
    print("groups", json.dumps(group(ROWS)))
    print("unique", list(OrderedDict.fromkeys(fruit for _, fruit in ROWS)))
    print("inverse", {code: word for word, code in encoder.index.items()})


if __name__ == "__main__":
    main()
