"""Draws a sample of documents to be read by hand."""

import argparse
import random
import subprocess


def run_token():
    return subprocess.run(["./token"], check=True, capture_output=True, text=True).stdout.strip()


class Sampler:
    def __init__(self, token):
        self.random = random.Random(token)

    def draw(self, documents, n):
        weights = [1.0 / (1 + len(text)) for text in documents]
        return [self.random.choices(documents, weights)[0] for _ in range(n)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-n", type=int, default=8)
    args = parser.parse_args()
    documents = [f"document {i} " + "x" * (i % 17) for i in range(200)]
    sampler = Sampler(run_token())
    for text in sampler.draw(documents, args.n):
        print(text)


if __name__ == "__main__":
    main()
