"""A small network on scikit-learn's digits, as people write it: nothing in it knows about seeds or scans.

    oneseed scan -o digits.db --seeds 0:1000 --jobs 2 --metric 'test acc' -- python digits_cnn.py
"""
# SPDX-License-Identifier: MIT
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.set_num_threads(1)
images, labels = load_digits(return_X_y=True)
images = torch.tensor(images, dtype=torch.float32).view(-1, 1, 8, 8) / 16
labels = torch.tensor(labels)
train, test = train_test_split(range(len(labels)), test_size=0.25)

network = nn.Sequential(
    nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Dropout(0.2), nn.Linear(8 * 4 * 4, 10),
)  # fmt: skip
optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
loader = DataLoader(TensorDataset(images[train], labels[train]), batch_size=64, shuffle=True)

for epoch in range(3):
    network.train()
    for x, y in loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(network(x), y)
        loss.backward()
        optimizer.step()
    network.eval()
    with torch.no_grad():
        accuracy = (network(images[test]).argmax(1) == labels[test]).float().mean().item()
    print(f"epoch {epoch} loss: {loss.item():.4f} test acc: {100 * accuracy:.2f}", flush=True)
