"""Word counts without stop words and without duplicates."""

from collections import Counter

STOP = {"the", "a", "of", "and", "to", "in", "is", "on", "with", "for"}
LINES = [
    "the price of the loaf is on the shelf", "a loaf of bread and a jug of wine",
    "bread is in the oven", "wine for the table and bread to share", "a loaf of bread and a jug of wine",
]


class Seen:
    def __init__(self):
        self.items = set()

    def first_time(self, item):
        if item in self.items:
            return False
        self.items.add(item)
        return True


def main():
    seen, counts = Seen(), Counter()
    for line in LINES:
        if seen.first_time(line):
            counts.update(word for word in line.split() if word not in STOP)
    known = {word for word in counts} & {"bread", "wine", "cheese"}
    print(len(seen.items), "lines,", len(known), "known words")
    for word, count in counts.most_common(5):
        print(word, count)
    print("letters", sum(len(word) for word in known))


if __name__ == "__main__":
    main()
