"""Reads handwritten digits: 8x8 pixels, a small convolutional network with dropout.

Seeds `random`, as the tutorial said, and trains. Two runs still give two results: `oneseed check -- python train.py`
says why, and `oneseed run --seed 42 -- python train.py` makes them equal without touching this file.
"""

import random

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, Dataset

NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SEED = 42


def load_data(test_share=0.25):
    digits = load_digits()
    images = (digits.images / 16.0).astype(np.float32)
    labels = [NAMES[digit] for digit in digits.target]
    order = list(range(len(images)))
    random.shuffle(order)
    cut = int(len(order) * test_share)
    return images, labels, order[cut:], order[:cut]


def number_classes(labels):
    return {name: i for i, name in enumerate(set(labels))}


class Digits(Dataset):
    """Training images, moved to the side by up to one pixel and with some noise. The loader's workers do this."""

    def __init__(self, images, targets, noise=0.1):
        self.images, self.targets = images, targets
        self.noise = noise
        self.rng = np.random.default_rng()

    def __len__(self):
        return len(self.images)

    def __getitem__(self, i):
        image = np.roll(self.images[i], self.rng.integers(-1, 2), axis=1)
        image = image + self.rng.normal(0.0, self.noise, image.shape).astype(np.float32)
        return image[None], self.targets[i]


class Network(nn.Module):
    def __init__(self, n_classes):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(),
            nn.Conv2d(16, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        )
        self.classifier = nn.Sequential(nn.Dropout(0.25), nn.Linear(16 * 4 * 4, n_classes))

    def forward(self, x):
        return self.classifier(self.features(x))


@torch.no_grad()
def evaluate(network, x, y):
    network.eval()
    scores = network(x)
    network.train()
    return nn.functional.cross_entropy(scores, y).item(), (scores.argmax(1) == y).float().mean().item()


def main(n_epochs=3, batch_size=32):
    random.seed(SEED)
    torch.set_num_threads(1)  # the network is small: one thread is faster
    images, labels, train, test = load_data()
    classes = number_classes(labels)
    y = np.array([classes[label] for label in labels])

    loader = DataLoader(Digits(images[train], y[train]), batch_size, shuffle=True, num_workers=2)
    test_x, test_y = torch.from_numpy(images[test]).unsqueeze(1), torch.from_numpy(y[test])
    network = Network(len(classes))
    optimizer = torch.optim.Adam(network.parameters(), lr=0.005)
    for epoch in range(n_epochs):
        for batch, targets in loader:
            loss = nn.functional.cross_entropy(network(batch), targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        test_loss, accuracy = evaluate(network, test_x, test_y)
        print(f"epoch {epoch + 1}: test loss {test_loss:.6f}")

    torch.save(network.state_dict(), "model.pt")
    total = sum(parameter.sum().item() for parameter in network.parameters())
    print(f"accuracy {accuracy:.4f}, weights add up to {total:.6f}")


if __name__ == "__main__":
    main()
