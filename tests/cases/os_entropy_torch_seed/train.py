"""Autoencoder. Picks a fresh seed for each run, as many papers' code does."""

import argparse
import os

import torch
from torch import nn


def choose_seed(requested):
    if requested is not None:
        return requested
    return int.from_bytes(os.urandom(4), "little")


class AutoEncoder(nn.Module):
    def __init__(self, n, code):
        super().__init__()
        self.encode = nn.Sequential(nn.Linear(n, 16), nn.ReLU(), nn.Linear(16, code))
        self.decode = nn.Sequential(nn.Linear(code, 16), nn.ReLU(), nn.Linear(16, n))

    def forward(self, x):
        return self.decode(self.encode(x))


def waves(n, points):
    phase = torch.linspace(0, 6.28, n).unsqueeze(1)
    t = torch.linspace(0, 6.28, points)
    return torch.sin(t + phase)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int)
    parser.add_argument("--epochs", type=int, default=80)
    args = parser.parse_args()
    torch.manual_seed(choose_seed(args.seed))
    data = waves(100, 12)
    model = AutoEncoder(12, 2)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for epoch in range(args.epochs):
        noisy = data + 0.05 * torch.randn_like(data)
        loss = nn.functional.mse_loss(model(noisy), data)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if epoch % 20 == 19:
            print(f"epoch {epoch + 1}: {loss.item():.7f}")


if __name__ == "__main__":
    main()
