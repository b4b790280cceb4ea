"""Hogwild: threads update one model without waiting for each other."""

import argparse
import threading

import torch
from torch import nn


class Worker(threading.Thread):
    def __init__(self, model, data, seed, steps, rate):
        super().__init__()
        self.model, self.data = model, data
        self.generator = torch.Generator().manual_seed(seed)
        self.steps, self.rate = steps, rate

    def run(self):
        x, y = self.data
        parameters = list(self.model.parameters())
        for _ in range(self.steps):
            rows = torch.randint(0, len(x), (64,), generator=self.generator)
            loss = nn.functional.mse_loss(self.model(x[rows]), y[rows])
            gradients = torch.autograd.grad(loss, parameters)
            with torch.no_grad():
                for parameter, gradient in zip(parameters, gradients):
                    parameter.sub_(self.rate * gradient)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=150)
    args = parser.parse_args()
    torch.manual_seed(0)
    x = torch.randn(1000, 6)
    y = (x[:, :3].prod(1, keepdim=True) + x[:, 3:].sum(1, keepdim=True)).tanh()
    model = nn.Sequential(nn.Linear(6, 24), nn.ReLU(), nn.Linear(24, 1))
    workers = [Worker(model, (x, y), seed, args.steps, 0.05) for seed in range(args.threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with torch.no_grad():
        print(f"loss {nn.functional.mse_loss(model(x), y).item():.9f}")


if __name__ == "__main__":
    main()
