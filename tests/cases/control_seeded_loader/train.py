"""CNN on synthetic bars. The loader's workers draw from generators that belong to the worker."""

import argparse
import random

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, get_worker_info


class Bars(Dataset):
    def __init__(self, n, size=12):
        self.n, self.size = n, size
        self.rng = np.random.default_rng(0)

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        image = np.zeros((self.size, self.size), np.float32)
        where = int(self.rng.integers(2, self.size - 2))
        image[where if i % 2 else slice(None), slice(None) if i % 2 else where] = 1.0
        image += self.rng.normal(0, 0.2, image.shape).astype(np.float32)
        return image[None], i % 2


def seed_worker(_):
    info = get_worker_info()
    info.dataset.rng = np.random.default_rng(info.seed)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    random.seed(args.seed)
    np.random.seed(args.seed)
    torch.manual_seed(args.seed)
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.AdaptiveMaxPool2d(2), nn.Flatten(), nn.Linear(16, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    order = torch.Generator().manual_seed(args.seed)
    loader = DataLoader(Bars(128), 16, shuffle=True, num_workers=2, worker_init_fn=seed_worker, generator=order)
    for epoch in range(2):
        for images, labels in loader:
            loss = nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch}: loss {loss.item():.7f}")


if __name__ == "__main__":
    main()
