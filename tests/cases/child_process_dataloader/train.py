"""Small CNN on synthetic digits; the loader's worker adds jitter with NumPy."""

import argparse
import random

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


def set_seed(seed):
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


class Bars(Dataset):
    """Horizontal and vertical bars, shifted at random."""

    def __init__(self, n, size=12):
        self.n, self.size = n, size
        self.rng = None

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        if self.rng is None:
            self.rng = np.random.default_rng()
        image = np.zeros((self.size, self.size), np.float32)
        where = int(self.rng.integers(2, self.size - 2))
        if i % 2:
            image[where] = 1.0
        else:
            image[:, where] = 1.0
        image += self.rng.normal(0, 0.2, image.shape).astype(np.float32)
        return image[None], i % 2


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1)
    args = parser.parse_args()
    set_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.AdaptiveMaxPool2d(2), nn.Flatten(), nn.Linear(16, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    loader = DataLoader(Bars(128), batch_size=16, shuffle=True, num_workers=args.workers)
    for epoch in range(args.epochs):
        for images, labels in loader:
            loss = nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch}: loss {loss.item():.7f}")


if __name__ == "__main__":
    main()
