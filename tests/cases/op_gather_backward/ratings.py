"""Bias model of ratings: score = user bias + item bias."""

import argparse

import torch
from torch import nn


class Biases(nn.Module):
    def __init__(self, users, items):
        super().__init__()
        self.user = nn.Parameter(torch.zeros(users))
        self.item = nn.Parameter(torch.zeros(items))

    def forward(self, user, item):
        return self.user[user] + self.item[item]


def make_ratings(n, users, items):
    user = torch.randint(0, users, (n,))
    item = torch.randint(0, items, (n,))
    taste, fame = torch.randn(users), torch.randn(items)
    return user, item, taste[user] + fame[item] + 0.5 * torch.randn(n)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--ratings", type=int, default=400_000)
    parser.add_argument("--steps", type=int, default=8)
    args = parser.parse_args()
    torch.manual_seed(5)
    user, item, score = make_ratings(args.ratings, 40, 25)
    model = Biases(40, 25)
    optimizer = torch.optim.SGD(model.parameters(), lr=5.0)
    for step in range(args.steps):
        loss = nn.functional.mse_loss(model(user, item), score)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        print(f"step {step}: loss {loss.item():.9f}")
    print("user biases", " ".join(f"{value:.9f}" for value in model.user[:8].tolist()))


if __name__ == "__main__":
    main()
