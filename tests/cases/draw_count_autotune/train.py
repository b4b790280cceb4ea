"""Chooses the fastest batch layout by a short benchmark, then trains a classifier."""

import argparse
import time

import torch
from torch import nn


class Classifier(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(features, 32), nn.ReLU(), nn.Dropout(0.2), nn.Linear(32, classes))

    def forward(self, x):
        return self.body(x)


def throughput(model, batch_size, features, budget):
    """Images per second at one batch size."""
    model.eval()
    start, images = time.perf_counter(), 0
    while time.perf_counter() - start < budget:
        sample = torch.randn(batch_size, features)
        with torch.no_grad():
            model(sample)
        images += batch_size
    return images / (time.perf_counter() - start)


def train(model, x, y, steps, batch_size):
    model.train()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for step in range(steps):
        rows = torch.randint(0, len(x), (batch_size,))
        loss = nn.functional.cross_entropy(model(x[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 20 == 19:
            print(f"step {step + 1}: loss {loss.item():.7f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--budget", type=float, default=0.05)
    args = parser.parse_args()
    torch.manual_seed(17)
    x = torch.randn(512, 10)
    y = (x[:, 0] * x[:, 1] > 0).long()
    model = Classifier(10, 2)
    speeds = {size: throughput(model, size, 10, args.budget) for size in (16, 64)}
    assert all(speed > 0 for speed in speeds.values())
    train(model, x, y, steps=80, batch_size=64)


if __name__ == "__main__":
    main()
