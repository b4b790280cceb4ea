"""Word numbers and co-occurrence vectors of a small corpus."""

import argparse
from pathlib import Path

import torch


class Corpus:
    def __init__(self, folder):
        self.folder = Path(folder)

    def documents(self):
        for path in self.folder.iterdir():
            if path.suffix == ".txt":
                yield path.read_text().split()


def number_words(documents):
    index = {}
    for words in documents:
        for word in words:
            index.setdefault(word, len(index))
    return index


def cooccurrence(documents, index, window):
    matrix = torch.zeros(len(index), len(index))
    for words in documents:
        for i, word in enumerate(words):
            for other in words[max(0, i - window) : i]:
                matrix[index[word], index[other]] += 1
                matrix[index[other], index[word]] += 1
    return matrix


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", default="corpus")
    parser.add_argument("--width", type=int, default=4)
    args = parser.parse_args()
    corpus = Corpus(args.folder)
    documents = list(corpus.documents())
    index = number_words(documents)
    torch.manual_seed(0)
    projection = torch.randn(len(index), args.width)
    vectors = cooccurrence(documents, index, window=3) @ projection
    for word in ("bank", "milk", "the"):
        print(word, [round(value, 5) for value in vectors[index[word]].tolist()])


if __name__ == "__main__":
    main()
