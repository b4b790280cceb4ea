"""Regression with a scaled layer."""

import argparse
import json

import torch
from torch import nn

from model import ScaledLinear

SETTINGS = '{"rate": 0.05, "widths": [3, 10, 1], "names": ["alpha", "beta", "gamma", "delta"]}'


def build(widths):
    layers = []
    for n_in, n_out in zip(widths, widths[1:]):
        layers += [ScaledLinear(n_in, n_out), nn.Tanh()]
    return nn.Sequential(*layers[:-1])


def describe(model):
    return [f"{value:.8g}" for value in model[0].scale.tolist()]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=40)
    args = parser.parse_args()
    settings = json.loads(SETTINGS)
    torch.manual_seed(2)
    x = torch.randn(64, 3)
    y = x.sum(1, keepdim=True)
    model = build(settings["widths"])
    optimizer = torch.optim.SGD(model.parameters(), lr=settings["rate"])
    for _ in range(args.steps):
        loss = nn.functional.mse_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(f"loss {loss.item():.8f}")
    print("scale", *describe(model))


if __name__ == "__main__":
    main()
