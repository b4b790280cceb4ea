"""Character model: predicts the next letter of a word list."""

import torch
from torch import nn

WORDS = "anna bob clara dora emil fritz greta hans ida jan klara lena max nora otto paul rosa tim ute".split()
ALPHABET = "." + "".join(sorted(set("".join(WORDS))))
INDEX = {letter: i for i, letter in enumerate(ALPHABET)}


class CharModel(nn.Module):
    def __init__(self, letters, width=16):
        super().__init__()
        self.embed = nn.Embedding(letters, width)
        self.head = nn.Linear(width, letters)

    def forward(self, x):
        return self.head(torch.relu(self.embed(x)))


def pairs():
    text = "." + ".".join(WORDS) + "."
    codes = torch.tensor([INDEX[letter] for letter in text])
    return codes[:-1], codes[1:]


def train(model, seed, steps):
    torch.manual_seed(seed)
    x, y = pairs()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    for step in range(steps):
        batch = torch.randint(0, len(x), (64,))
        loss = nn.functional.cross_entropy(model(x[batch]), y[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 25 == 24:
            print(f"step {step + 1}: loss {loss.item():.6f}")


def main():
    model = CharModel(len(ALPHABET))
    train(model, seed=0, steps=100)


if __name__ == "__main__":
    main()
