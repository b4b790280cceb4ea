"""Trains one model per configuration; each gets a seed that belongs to its configuration."""

import zlib

import torch
from torch import nn


class Schedule:
    def __init__(self, kind, warm):
        self.kind = kind
        self.warm = warm

    def factor(self, step):
        return min(1.0, (step + 1) / self.warm) * (0.99**step if self.kind == "decay" else 1.0)


class Config:
    def __init__(self, rate, width, schedule):
        self.rate = rate
        self.width = width
        self.schedule = schedule

    def __repr__(self):
        return f"Config(rate={self.rate}, width={self.width}, schedule={self.schedule})"


def seed_of(config):
    return zlib.crc32(repr(config).encode())


def train(config, steps=60):
    torch.manual_seed(seed_of(config))
    x = torch.linspace(-2, 2, 128).unsqueeze(1)
    y = x**3 - x
    model = nn.Sequential(nn.Linear(1, config.width), nn.Tanh(), nn.Linear(config.width, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=config.rate)
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = config.rate * config.schedule.factor(step)
        loss = nn.functional.mse_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()


def main():
    for config in (Config(0.05, 16, Schedule("constant", 5)), Config(0.1, 8, Schedule("decay", 10))):
        print(f"rate {config.rate}, width {config.width}: loss {train(config):.7f}")


if __name__ == "__main__":
    main()
