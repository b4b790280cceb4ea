"""A small regression network. Seeds what the author knew of."""

import argparse
import random

import numpy as np
import torch
from torch import nn


def set_seed(seed):
    random.seed(seed)
    np.random.seed(seed)


def make_data(n):
    x = np.random.uniform(-3, 3, (n, 1)).astype(np.float32)
    y = (np.sin(x) + 0.1 * np.random.normal(size=x.shape)).astype(np.float32)
    return torch.from_numpy(x), torch.from_numpy(y)


class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.hidden = nn.Linear(1, width)
        self.out = nn.Linear(width, 1)

    def forward(self, x):
        return self.out(torch.tanh(self.hidden(x)))


def fit(model, x, y, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for epoch in range(epochs):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        if epoch % 20 == 19:
            print(f"epoch {epoch + 1}: mse {loss.item():.7f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--width", type=int, default=24)
    args = parser.parse_args()
    set_seed(1234)
    x, y = make_data(256)
    model = Net(args.width)
    fit(model, x, y, args.epochs)
    torch.save(model.state_dict(), "model.pt")


if __name__ == "__main__":
    main()
