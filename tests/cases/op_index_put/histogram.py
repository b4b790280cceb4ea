"""Expected hits per detector cell from weighted tracks."""

import argparse

import torch


class Detector:
    def __init__(self, cells):
        self.cells = cells
        self.hits = torch.zeros(cells, cells)

    def locate(self, points):
        scaled = (points.clamp(-3, 3) + 3) / 6 * (self.cells - 1)
        return scaled.round().long().unbind(1)

    def record(self, points, weights):
        row, column = self.locate(points)
        self.hits.index_put_((row, column), weights, accumulate=True)

    def profile(self):
        return self.hits.sum(0) / self.hits.sum()


def tracks(n, generator):
    points = torch.randn(n, 2, generator=generator)
    weights = torch.rand(n, generator=generator) ** 3
    return points, weights


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tracks", type=int, default=2_000_000)
    parser.add_argument("--batches", type=int, default=4)
    args = parser.parse_args()
    generator = torch.Generator().manual_seed(12)
    detector = Detector(9)
    for _ in range(args.batches):
        detector.record(*tracks(args.tracks, generator))
    print(f"all hits {detector.hits.double().sum().item():.10f}")
    print("profile", [f"{value:.9f}" for value in detector.profile().tolist()])


if __name__ == "__main__":
    main()
