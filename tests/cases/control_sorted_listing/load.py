"""Reads all samples of a folder and chains them."""

import os
from pathlib import Path


def paths(folder):
    return sorted(Path(folder).glob("*.txt"))


def newest_suffixes(folder):
    return {os.path.splitext(entry.name)[1] for entry in os.scandir(folder)}


def chain(folder):
    state = 1
    for path in paths(folder):
        for word in path.read_text().split():
            state = (state * 31 + int(word)) % 1_000_003
    return state


def main():
    folder = "samples"
    print("files", len(os.listdir(folder)), "kinds", len(newest_suffixes(folder)))
    print("chained", chain(folder))


if __name__ == "__main__":
    main()
