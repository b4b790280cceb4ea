"""Regression with checkpoints."""

import argparse

import torch
from torch import nn

import checkpoint


def batches(x, y, size, generator):
    for rows in torch.randperm(len(x), generator=generator).split(size):
        yield x[rows], y[rows]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=4, help="epochs to add")
    parser.add_argument("--checkpoint", default="last.pt")
    args = parser.parse_args()
    torch.manual_seed(0)
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(200, 3)
    y = (x * torch.tensor([1.0, -2.0, 0.5])).sum(1, keepdim=True)
    model = nn.Sequential(nn.Linear(3, 12), nn.ReLU(), nn.Linear(12, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    start = checkpoint.resume(args.checkpoint, model, optimizer)
    for epoch in range(start, start + args.epochs):
        for bx, by in batches(x, y, 25, generator):
            loss = nn.functional.mse_loss(model(bx), by)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch}: loss {loss.item():.7f}")
        checkpoint.save(args.checkpoint, model, optimizer, epoch)


if __name__ == "__main__":
    main()
