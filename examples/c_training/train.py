"""Trains a small network with dropout on the digits; train.c does the same without PyTorch.

python train.py digits.bin [losses.csv]
"""

import sys

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

N_TRAIN, N_EPOCHS, BATCH_SIZE = 1437, 5, 50


def load(path):
    rows = torch.from_numpy(np.fromfile(path, np.uint8).reshape(-1, 65))
    return rows[:, :64].float() / 16, rows[:, 64].long()


def main(path, losses_path=None):
    torch.manual_seed(0)
    torch.set_num_threads(1)
    images, labels = load(path)
    network = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Dropout(0.25), nn.Linear(128, 10))
    loader = DataLoader(TensorDataset(images[:N_TRAIN], labels[:N_TRAIN]), BATCH_SIZE, shuffle=True)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9)

    losses = []
    for epoch in range(N_EPOCHS):
        network.train()
        total = 0.0
        for x, y in loader:
            loss = nn.functional.cross_entropy(network(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            total += loss.item() * len(x)
        network.eval()
        correct = (network(images[N_TRAIN:]).argmax(1) == labels[N_TRAIN:]).sum().item()
        print(f"epoch {epoch + 1}: loss {total / N_TRAIN:.6f}, {correct} of {len(images) - N_TRAIN} test images right")
    if losses_path:
        with open(losses_path, "w") as file:
            file.writelines(f"{loss:.9g}\n" for loss in losses)


if __name__ == "__main__":
    main(*sys.argv[1:])
