"""Threads count words into shared counters: additions of integers do not care about their order."""

import random
import threading
from collections import Counter


class Counting(threading.Thread):
    def __init__(self, words, total, lock):
        super().__init__()
        self.words, self.total, self.lock = words, total, lock

    def run(self):
        for start in range(0, len(self.words), 50):
            part = Counter(self.words[start : start + 50])
            with self.lock:
                self.total.update(part)


def main():
    rng = random.Random(21)
    words = [rng.choice("alpha beta gamma delta epsilon".split()) for _ in range(20000)]
    total, lock = Counter(), threading.Lock()
    threads = [Counting(words[k::4], total, lock) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for word in sorted(total):
        print(word, total[word])


if __name__ == "__main__":
    main()
