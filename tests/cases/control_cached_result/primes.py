"""Counts primes; keeps the sieve for the next time."""

import os
import pickle

CACHE = "sieve.pickle"


def sieve(limit):
    flags = bytearray([1]) * (limit + 1)
    flags[:2] = b"\0\0"
    for n in range(2, int(limit**0.5) + 1):
        if flags[n]:
            flags[n * n :: n] = bytes(len(flags[n * n :: n]))
    return flags


def cached(limit):
    if os.path.exists(CACHE):
        with open(CACHE, "rb") as file:
            known, flags = pickle.load(file)
            if known == limit:
                return flags
    flags = sieve(limit)
    with open(CACHE, "wb") as file:
        pickle.dump((limit, flags), file)
    return flags


def main():
    flags = cached(300_000)
    twins = sum(1 for n in range(3, len(flags) - 2, 2) if flags[n] and flags[n + 2])
    print(f"{sum(flags)} primes, {twins} twins")


if __name__ == "__main__":
    main()
