"""Two-spirals classifier."""

import argparse
import random
import time

import torch
from torch import nn


def spirals(n):
    t = torch.linspace(0.3, 2.5, n)
    one = torch.stack([t * torch.cos(4 * t), t * torch.sin(4 * t)], 1)
    return torch.cat([one, -one]), torch.cat([torch.zeros(n), torch.ones(n)]).long()


class Order:
    """The order of examples, new in every epoch."""

    def __init__(self, n, seed=None):
        self.items = list(range(n))
        self.random = random.Random(seed if seed is not None else time.time_ns())

    def batches(self, size):
        self.random.shuffle(self.items)
        for start in range(0, len(self.items), size):
            yield torch.tensor(self.items[start : start + size])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=15)
    args = parser.parse_args()
    random.seed(0)
    x, y = spirals(100)
    order = Order(len(x))
    print("first batch", next(order.batches(8)).tolist())
    model = nn.Sequential(nn.Linear(2, 24), nn.Tanh(), nn.Linear(24, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for epoch in range(args.epochs):
        for rows in order.batches(50):
            loss = nn.functional.cross_entropy(model(x[rows]), y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    print(f"loss {loss.item():.7f}")


if __name__ == "__main__":
    main()
