"""Trains an image classifier: synthetic shapes, augmentation in the loader's workers, a checkpoint per epoch.

SPDX-License-Identifier: MIT

    python image_classifier.py [--epochs 2] [--workers 2] [--out runs/shapes]
"""

import argparse
import csv
import os
import random

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, Subset

SHAPES = ("disc", "ring", "square", "cross", "stripes")


def seed_everything(seed):
    os.environ["PYTHONHASHSEED"] = str(seed)
    random.seed(seed)
    np.random.seed(seed)


def draw_shape(name, size, rng):
    """A grey image of one shape, at a random place and of a random size."""
    rows, columns = np.mgrid[:size, :size]
    centre = rng.uniform(size * 0.35, size * 0.65, 2)
    radius = rng.uniform(size * 0.2, size * 0.32)
    dy, dx = rows - centre[0], columns - centre[1]
    distance = np.hypot(dy, dx)
    if name == "disc":
        mask = distance < radius
    elif name == "ring":
        mask = abs(distance - radius) < 1.6
    elif name == "square":
        mask = np.maximum(abs(dy), abs(dx)) < radius * 0.85
    elif name == "cross":
        mask = (np.minimum(abs(dy), abs(dx)) < 1.6) & (distance < radius * 1.2)
    else:
        mask = ((rows + columns) // 2 % 2 == 0) & (distance < radius * 1.2)
    return mask.astype(np.float32)


class Shapes(Dataset):
    def __init__(self, n, size, seed, transform=None):
        rng = np.random.default_rng(seed)
        names = [SHAPES[i % len(SHAPES)] for i in range(n)]
        self.images = np.stack([draw_shape(name, size, rng) for name in names])
        self.classes = list(set(names))
        self.targets = [self.classes.index(name) for name in names]
        self.transform = transform

    def __len__(self):
        return len(self.images)

    def __getitem__(self, i):
        image = self.images[i]
        if self.transform:
            image = self.transform(image)
        return torch.from_numpy(np.ascontiguousarray(image)).unsqueeze(0), self.targets[i]


class Augment:
    """Flips, shifts and noise."""

    def __init__(self, shift=2, noise=0.15):
        self.shift = shift
        self.noise = noise
        self.rng = np.random.default_rng()

    def __call__(self, image):
        if random.random() < 0.5:
            image = image[:, ::-1]
        image = np.roll(image, self.rng.integers(-self.shift, self.shift + 1, 2), axis=(0, 1))
        return image + self.rng.normal(0.0, self.noise, image.shape).astype(np.float32)


class Block(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(n_in, n_out, 3, padding=1, bias=False), nn.BatchNorm2d(n_out), nn.ReLU(),
            nn.Conv2d(n_out, n_out, 3, padding=1, bias=False), nn.BatchNorm2d(n_out),
        )
        self.shortcut = nn.Conv2d(n_in, n_out, 1) if n_in != n_out else nn.Identity()

    def forward(self, x):
        return torch.relu(self.body(x) + self.shortcut(x))


class SmallResNet(nn.Module):
    def __init__(self, n_classes, width=8):
        super().__init__()
        self.layers = nn.Sequential(
            Block(1, width), nn.MaxPool2d(2), Block(width, 2 * width), nn.AdaptiveAvgPool2d(2), nn.Flatten()
        )
        self.head = nn.Sequential(nn.Dropout(0.2), nn.Linear(8 * width, n_classes))

    def forward(self, x):
        return self.head(self.layers(x))


def train_epoch(model, loader, optimizer, schedule):
    model.train()
    total = seen = 0
    for images, targets in loader:
        loss = nn.functional.cross_entropy(model(images), targets, label_smoothing=0.05)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        schedule.step()
        total += loss.item() * len(targets)
        seen += len(targets)
    return total / seen


@torch.no_grad()
def evaluate(model, loader):
    model.eval()
    loss = right = seen = 0
    for images, targets in loader:
        scores = model(images)
        loss += nn.functional.cross_entropy(scores, targets, reduction="sum").item()
        right += (scores.argmax(1) == targets).sum().item()
        seen += len(targets)
    return loss / seen, right / seen


def save_checkpoint(path, model, optimizer, epoch):
    temporary = path + ".tmp"
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch}, temporary)
    os.replace(temporary, path)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--images", type=int, default=300)
    parser.add_argument("--size", type=int, default=16)
    parser.add_argument("--batch-size", type=int, default=25)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1337)
    parser.add_argument("--out", default="runs/shapes")
    args = parser.parse_args()
    seed_everything(args.seed)
    os.makedirs(args.out, exist_ok=True)

    train_set = Shapes(args.images, args.size, args.seed, Augment())
    test_set = Shapes(args.images // 4, args.size, args.seed + 1)
    keep = random.sample(range(len(train_set)), int(0.9 * len(train_set)))
    loader = DataLoader(Subset(train_set, keep), args.batch_size, shuffle=True, num_workers=args.workers,
                        drop_last=True, persistent_workers=args.workers > 0)
    test_loader = DataLoader(test_set, 100)
    model = SmallResNet(len(train_set.classes))
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.004, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.01, total_steps=args.epochs * len(loader))

    with open(os.path.join(args.out, "log.csv"), "w", newline="") as file:
        log = csv.writer(file)
        log.writerow(["epoch", "train_loss", "test_loss", "test_accuracy"])
        best = 0.0
        for epoch in range(args.epochs):
            train_loss = train_epoch(model, loader, optimizer, schedule)
            test_loss, accuracy = evaluate(model, test_loader)
            log.writerow([epoch, f"{train_loss:.8f}", f"{test_loss:.8f}", f"{accuracy:.6f}"])
            print(f"epoch {epoch}: train {train_loss:.6f}, test {test_loss:.6f}, accuracy {accuracy:.4f}", flush=True)
            save_checkpoint(os.path.join(args.out, "last.pt"), model, optimizer, epoch)
            if accuracy >= best:
                best = accuracy
                save_checkpoint(os.path.join(args.out, "best.pt"), model, optimizer, epoch)
    print(f"best accuracy {best:.4f}")


if __name__ == "__main__":
    main()
