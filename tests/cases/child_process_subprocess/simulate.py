"""Simulates one queue and prints its mean length."""

import random
import sys


def arrivals(rate):
    return random.expovariate(rate)


def mean_length(rate, customers):
    clock = area = 0.0
    queue, done = [], 0
    while done < customers:
        clock += arrivals(rate)
        queue = [end for end in queue if end > clock]
        begin = queue[-1] if queue else clock
        queue.append(begin + random.expovariate(1.0))
        area += len(queue)
        done += 1
    return area / customers


if __name__ == "__main__":
    print(repr(mean_length(float(sys.argv[1]), int(sys.argv[2]))))
