"""Synthetic two-class images and a data set that augments them."""

import numpy as np


def make_images(n_images, size, rng):
    labels = rng.integers(0, 2, n_images)
    images = rng.normal(0.0, 0.6, (n_images, size, size))
    images[labels == 1, size // 4 : -size // 4, size // 4 : -size // 4] += 1.0
    return images, labels


class AugmentedDataset:
    """Shifts each image by up to one pixel and adds a little noise, anew in each epoch."""

    def __init__(self, images, labels, noise=0.1):
        self.images = images
        self.labels = labels
        self.noise = noise
        self.rng = np.random.default_rng()

    def __len__(self):
        return len(self.images)

    def batches(self, batch_size):
        order = np.random.permutation(len(self))
        for start in range(0, len(self), batch_size):
            chosen = order[start : start + batch_size]
            yield self.augment(self.images[chosen]), self.labels[chosen]

    def augment(self, batch):
        shift = tuple(self.rng.integers(-1, 2, 2))
        moved = np.roll(batch, shift, axis=(1, 2))
        return moved + self.rng.normal(0.0, self.noise, moved.shape)
